//! Sessions of others: seen without their secrets, ended one by one or all.

use entra_sso::testing::TestUser;
use http::HeaderValue;

use super::Stand;

/// The handles on a user's page, and how often "this one" stands there.
fn handles(body: &str) -> (Vec<String>, usize) {
    let handles = body.split("name=\"session\" value=\"").skip(1);
    let handles = handles.map(|rest| rest.split('"').next().expect("a value").to_owned()).collect();
    (handles, body.matches("this one").count())
}

fn secret(cookie: &HeaderValue) -> &str {
    cookie.to_str().expect("ASCII").split('=').nth(1).expect("a value")
}

#[tokio::test]
async fn f69_one_session_ends_and_the_others_go_on() {
    let stand = Stand::new();
    let staff = stand.sign_in(TestUser::new("staff@contoso.example").staff()).await;
    let adele = TestUser::new("adele@contoso.example");
    let cookies = [stand.sign_in(adele.clone()).await, stand.sign_in(adele.clone()).await, stand.sign_in(adele).await];
    let path = format!("/admin/users/{}/", stand.user("adele@contoso.example").await.id);
    let page = stand.get(&path, &staff).await;
    let (before, current) = handles(&page.body);
    assert_eq!((before.len(), current), (3, 0));
    for cookie in &cookies {
        assert!(!page.body.contains(secret(cookie)), "a session id on a page");
    }
    let ended = stand.post(&format!("{path}end_session"), &staff, &format!("session={}", before[0])).await;
    assert!(stand.told(&ended, &staff).await.contains("The session has ended."));
    let (after, _) = handles(&stand.get(&path, &staff).await.body);
    assert_eq!(after.len(), 2);
    assert!(!after.contains(&before[0]));
    let again = stand.post(&format!("{path}end_session"), &staff, &format!("session={}", before[0])).await;
    assert!(stand.told(&again, &staff).await.contains("had ended already"));
    let all = stand.post(&format!("{path}end_sessions"), &staff, "").await;
    assert!(stand.told(&all, &staff).await.contains("have ended: 2"));
    for cookie in &cookies {
        assert_eq!(stand.get("/", cookie).await.body, "nobody");
    }
    assert!(stand.get(&path, &staff).await.body.contains("Not signed in anywhere."));
}

#[tokio::test]
async fn f69_a_session_of_another_user_does_not_end_through_this_one() {
    let stand = Stand::new();
    let staff = stand.sign_in(TestUser::new("staff@contoso.example").staff()).await;
    let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    let _adele = stand.sign_in(TestUser::new("adele@contoso.example")).await;
    let root_page = format!("/admin/users/{}/", stand.user("root@contoso.example").await.id);
    let (of_root, current) = handles(&stand.get(&root_page, &root).await.body);
    assert_eq!((of_root.len(), current), (1, 1), "one's own is marked");
    let adele = stand.user("adele@contoso.example").await.id;
    for handle in [of_root[0].as_str(), "", "00", "%"] {
        let answer =
            stand.post(&format!("/admin/users/{adele}/end_session"), &staff, &format!("session={handle}")).await;
        assert!(stand.told(&answer, &staff).await.contains("had ended already"), "{handle}");
    }
    assert!(stand.get("/", &root).await.body.starts_with("root@"));
    let page = stand.get(&root_page, &staff).await;
    assert!(handles(&page.body).0.is_empty() && page.body.contains("Only superusers end the sessions of a superuser."));
}
