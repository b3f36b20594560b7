//! Nobody locks himself out without being asked.

use entra_sso::testing::TestUser;

use super::Stand;

#[tokio::test]
async fn what_locks_oneself_out_is_asked_first() {
    for (action, self_text) in [
        ("deactivate", "This is you"),
        ("take_staff", "This is you"),
        ("take_superuser", "This is you"),
        ("delete", "This is you"),
    ] {
        let stand = Stand::new();
        let root = stand.sign_in(TestUser::new("root@contoso.example").staff().superuser()).await;
        let _other = stand.sign_in(TestUser::new("other@contoso.example").superuser()).await;
        let before = stand.user("root@contoso.example").await;
        let path = format!("/admin/users/{}/{action}", before.id);
        let asked = stand.post(&path, &root, "").await;
        assert_eq!((asked.status, asked.location()), (303, path.as_str()), "{action}");
        assert_eq!(stand.by_id(&before.id).await.as_ref(), Some(&before), "{action}: nothing has happened yet");
        let question = stand.get(asked.location(), &root).await;
        assert!(question.body.contains(self_text), "{action}: {}", question.body);
        let done = stand.post(&path, &root, "confirmed=yes").await;
        assert_eq!(done.status, 303, "{action}");
        assert_ne!(stand.by_id(&before.id).await.as_ref(), Some(&before), "{action}");
    }
}

#[tokio::test]
async fn a_deletion_is_always_asked_first() {
    let stand = Stand::new();
    let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    let adele_session = stand.sign_in(TestUser::new("adele@contoso.example").named("Adele", "Vance")).await;
    let adele = stand.user("adele@contoso.example").await;
    let path = format!("/admin/users/{}/delete", adele.id);
    let asked = stand.post(&path, &root, "").await;
    assert_eq!((asked.status, asked.location()), (303, path.as_str()));
    let question = stand.get(&path, &root).await;
    assert!(
        question.body.contains("Delete Adele Vance?") && !question.body.contains("This is you"),
        "{}",
        question.body
    );
    let done = stand.post(&path, &root, "confirmed=yes").await;
    assert_eq!(done.location(), "/admin/");
    assert!(stand.told(&done, &root).await.contains("Adele Vance was deleted."));
    assert_eq!(stand.by_id(&adele.id).await, None);
    assert_eq!(stand.get("/", &adele_session).await.body, "nobody");
    assert_eq!(stand.post(&path, &root, "confirmed=yes").await.status, 404, "twice");
}

#[tokio::test]
async fn what_a_list_gives_is_said_to_stay() {
    use entra_sso::users::{Grant, GrantChange, Grants, UserStore as _, UserUpdate};

    let stand = Stand::new();
    let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    let _adele = stand.sign_in(TestUser::new("adele@contoso.example")).await;
    let adele = stand.user("adele@contoso.example").await;
    let mut update = UserUpdate::of(adele.id.clone());
    update.staff = GrantChange::set(Grant::List, true);
    update.superuser = GrantChange::set(Grant::Role, true).and(Grant::Admin, true).and(Grant::First, true);
    let _updated = stand.users.update(update).await.unwrap();
    let page = stand.get(&format!("/admin/users/{}/", adele.id), &root).await.body;
    for text in [
        "by the setting staff_list",
        "by an app role or group in role_map",
        "given here, or with the command",
        "was the first to sign in",
        "as every superuser",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let done = stand.post(&format!("/admin/users/{}/take_superuser", adele.id), &root, "").await;
    let message = stand.told(&done, &root).await;
    assert!(message.contains("is still a superuser") && message.contains("role_map"), "{message}");
    let adele = stand.by_id(&adele.id).await.unwrap();
    assert_eq!(adele.superuser, Grants::of(Grant::Role), "the admin's and the first's are gone");
    assert_eq!(adele.staff, Grants::of(Grant::List), "nothing else was touched");
}
