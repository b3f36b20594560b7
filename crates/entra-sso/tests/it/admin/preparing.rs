//! Users who have not come yet.

use entra_emulator::seed;
use entra_sso::{oidc::AccountKind, testing::TestUser};

use super::Stand;

const TENANT: &str = "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f";
const OBJECT: &str = "6C1D5A90-2E4B-4D8F-B3A6-7E5F4D3C2B1A";

#[tokio::test]
async fn f44_a_user_is_prepared_by_account() {
    let stand = Stand::new();
    let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    let form = format!(
        "tenant={TENANT}&object_id={OBJECT}&upn=&first_name=+Robin+&last_name=Doe&email=Robin%40Contoso.Example"
    );
    let answer = stand.post("/admin/prepare/", &root, &form).await;
    assert!(stand.told(&answer, &root).await.contains("Robin Doe is prepared."));
    let user = stand.user("robin@contoso.example").await;
    assert_eq!(answer.location(), format!("/admin/users/{}/", user.id));
    let key = user.account.as_ref().expect("an account").key.clone();
    assert_eq!((key.kind(), key.tenant(), key.subject()), (AccountKind::Entra, TENANT, OBJECT.to_lowercase().as_str()));
    assert_eq!((user.first_name.as_str(), user.last_name.as_str()), ("Robin", "Doe"));
    assert!(user.is_active && !user.is_staff() && user.last_login.is_none());
    let again = stand.post("/admin/prepare/", &root, &form).await;
    assert_eq!(again.location(), answer.location(), "the account has its user");
    assert!(stand.told(&again, &root).await.contains("This account has a user already: Robin Doe."));
}

#[tokio::test]
async fn f44_a_user_is_prepared_by_the_name_to_sign_in_with() {
    let stand = Stand::new();
    let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    // The tenant stands in the form already.
    let answer = stand.post("/admin/prepare/", &root, &format!("tenant={TENANT}&upn=Robin%40Contoso.Example")).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let user = stand.user("robin@contoso.example").await;
    assert_eq!((user.invitation.as_deref(), user.account.as_ref()), (Some("robin@contoso.example"), None));
    let page = stand.get(answer.location(), &root).await;
    assert!(page.body.contains("Who signs in as robin@contoso.example"), "{}", page.body);
    let again = stand.post("/admin/prepare/", &root, "upn=robin%40contoso.example").await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains("Another user is waiting for this name."), "{}", again.body);
    assert!(stand.get("/admin/?q=robin", &root).await.body.contains("1 in all"), "and none is left over");
}

#[tokio::test]
async fn f44_what_is_wrong_is_said_at_its_field_and_what_was_given_stays() {
    let stand = Stand::new();
    let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    let long = format!("{}@contoso.example", "a".repeat(64));
    let longer = format!("{}@contoso.example", "a".repeat(65));
    for (form, status, at) in [
        (String::new(), 422, "upn"),
        ("first_name=Robin".to_owned(), 422, "upn"),
        (format!("tenant={TENANT}"), 422, "upn"),
        (format!("tenant={TENANT}&object_id=robin"), 422, "object_id"),
        (format!("tenant=contoso.example&object_id={OBJECT}"), 422, "tenant"),
        (format!("object_id={OBJECT}"), 422, "tenant"),
        (format!("tenant={TENANT}&object_id={OBJECT}&upn=robin%40contoso.example"), 422, "upn"),
        (format!("tenant={TENANT}&object_id={{{OBJECT}}}"), 422, "object_id"),
        ("upn=robin".to_owned(), 422, "upn"),
        ("upn=robin%40contoso.example%40evil.example".to_owned(), 422, "upn"),
        ("upn=r%C3%B6bin%40contoso.example".to_owned(), 422, "upn"),
        ("upn=robin%40contoso.example&email=robin".to_owned(), 422, "email"),
        (format!("upn={longer}"), 422, "upn"),
        (format!("upn={long}"), 303, ""),
        (format!("tenant={TENANT}&object_id={OBJECT}"), 303, ""),
    ] {
        let answer = stand.post("/admin/prepare/", &root, &form).await;
        assert_eq!(answer.status, status, "{form}");
        if status == 422 {
            assert!(answer.body.contains(&format!("id=\"{at}-fault\"")), "{form}: {}", answer.body);
            assert_eq!(answer.body.matches("-fault\">").count(), 1, "{form}");
        }
    }
    let kept = stand.post("/admin/prepare/", &root, "first_name=Robin&upn=robin").await;
    assert!(kept.body.contains("value=\"Robin\"") && kept.body.contains("value=\"robin\""), "{}", kept.body);
    for odd in ["upn=a%00b", "first_name=a%0Ab", &format!("first_name={}", "a".repeat(321))] {
        assert_eq!(stand.post("/admin/prepare/", &root, odd).await.status, 403, "{odd}");
    }
    let large = format!("first_name=x&last_name={}", "a".repeat(17 * 1024));
    assert_eq!(stand.post("/admin/prepare/", &root, &large).await.status, 413);
}

#[tokio::test]
async fn the_tenant_of_the_application_stands_in_the_form() {
    let stand = Stand::new();
    let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    assert!(stand.get("/admin/prepare/", &root).await.body.contains(&format!("value=\"{}\"", seed::CONTOSO)));
}
