//! Role, method and path: who may what.

use entra_sso::testing::TestUser;

use super::{OWN, Stand, ask};

/// Method, path (`{nobody}` and `{other}` are users' ids), form; then the status for nobody, a user, staff, a superuser.
type Row = (&'static str, &'static str, &'static str, [u16; 4]);

const ROWS: &[Row] = &[
    ("GET", "/admin", "", [303, 403, 200, 200]),
    ("GET", "/admin/", "", [303, 403, 200, 200]),
    ("GET", "/admin/?q=a&only=staff&after=b", "", [303, 403, 200, 200]),
    ("GET", "/admin/users/{nobody}/", "", [303, 403, 200, 200]),
    ("GET", "/admin/users/{nobody}", "", [303, 403, 200, 200]),
    ("GET", "/admin/users/{other}/", "", [303, 403, 200, 200]),
    ("GET", "/admin/users/none/", "", [303, 403, 404, 404]),
    ("GET", "/admin/users/%00/", "", [303, 403, 404, 404]),
    ("GET", "/admin/users/{nobody}/picture", "", [303, 403, 404, 404]),
    ("GET", "/admin/users/{nobody}/no_such_action", "", [303, 403, 404, 404]),
    ("GET", "/admin/findings/", "", [303, 403, 200, 200]),
    ("GET", "/admin/prepare/", "", [303, 403, 403, 200]),
    // A GET asks and changes nothing.
    ("GET", "/admin/users/{nobody}/end_session", "", [303, 403, 303, 303]),
    ("GET", "/admin/users/{nobody}/end_sessions", "", [303, 403, 200, 200]),
    ("GET", "/admin/users/{other}/end_sessions", "", [303, 403, 403, 200]),
    ("GET", "/admin/users/{nobody}/activate", "", [303, 403, 403, 200]),
    ("GET", "/admin/users/{nobody}/deactivate", "", [303, 403, 403, 200]),
    ("GET", "/admin/users/{nobody}/give_staff", "", [303, 403, 403, 200]),
    ("GET", "/admin/users/{nobody}/take_staff", "", [303, 403, 403, 200]),
    ("GET", "/admin/users/{nobody}/give_superuser", "", [303, 403, 403, 200]),
    ("GET", "/admin/users/{nobody}/take_superuser", "", [303, 403, 403, 200]),
    ("GET", "/admin/users/{nobody}/delete", "", [303, 403, 403, 200]),
    ("POST", "/admin/", "", [405, 405, 405, 405]),
    ("POST", "/admin/users/{nobody}/", "superuser=1", [405, 405, 405, 405]),
    ("POST", "/admin/users/{nobody}/picture", "", [405, 405, 405, 405]),
    ("POST", "/admin/users/{nobody}/no_such_action", "", [303, 403, 404, 404]),
    ("POST", "/admin/users/{nobody}/end_session", "session=00", [303, 403, 303, 303]),
    ("POST", "/admin/users/{nobody}/end_sessions", "", [303, 403, 303, 303]),
    ("POST", "/admin/users/{other}/end_session", "session=00", [303, 403, 403, 303]),
    ("POST", "/admin/users/{other}/end_sessions", "", [303, 403, 403, 303]),
    ("POST", "/admin/users/{nobody}/activate", "", [303, 403, 403, 303]),
    ("POST", "/admin/users/{nobody}/deactivate", "", [303, 403, 403, 303]),
    ("POST", "/admin/users/{nobody}/give_staff", "", [303, 403, 403, 303]),
    ("POST", "/admin/users/{nobody}/take_staff", "", [303, 403, 403, 303]),
    ("POST", "/admin/users/{nobody}/give_superuser", "", [303, 403, 403, 303]),
    ("POST", "/admin/users/{nobody}/take_superuser", "", [303, 403, 403, 303]),
    ("POST", "/admin/users/{nobody}/delete", "confirmed=yes", [303, 403, 403, 303]),
    ("POST", "/admin/users/none/delete", "confirmed=yes", [303, 403, 404, 404]),
    ("POST", "/admin/prepare/", "upn=new@contoso.example", [303, 403, 403, 303]),
    ("POST", "/admin/prepare/", "upn=no", [303, 403, 403, 422]),
    // Everything that asks for more than the page offers, beside what it may.
    ("POST", "/admin/users/{nobody}/end_sessions", "superuser=1", [303, 403, 403, 403]),
    ("POST", "/admin/users/{nobody}/end_sessions", "confirmed=yes&is_superuser=true", [303, 403, 403, 403]),
    ("POST", "/admin/prepare/", "upn=new@contoso.example&superuser=1", [303, 403, 403, 403]),
    ("POST", "/admin/users/{nobody}/end_sessions", "confirmed=yes&confirmed=no", [303, 403, 403, 403]),
    ("PUT", "/admin/users/{nobody}/delete", "", [405, 405, 405, 405]),
    ("DELETE", "/admin/users/{nobody}/", "", [405, 405, 405, 405]),
];

#[tokio::test]
async fn k15_f69_role_by_method_and_path() {
    for (method, path, form, expected) in ROWS {
        let stand = Stand::new();
        let nobody = stand.sign_in(TestUser::new("nobody@contoso.example")).await;
        let staff = stand.sign_in(TestUser::new("staff@contoso.example").staff()).await;
        let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
        let _other = stand.sign_in(TestUser::new("other@contoso.example").superuser()).await;
        let ids = [stand.user("nobody@contoso.example").await.id, stand.user("other@contoso.example").await.id];
        let path = path.replace("{nobody}", ids[0].as_str()).replace("{other}", ids[1].as_str());
        // The superuser comes last: what he does may take the target away.
        let callers =
            [("a stranger", None), ("a user", Some(&nobody)), ("staff", Some(&staff)), ("a superuser", Some(&root))];
        for ((who, cookie), expected) in callers.into_iter().zip(expected) {
            let answer = ask(&stand.router, method, &path, cookie, form, &OWN).await;
            assert_eq!(answer.status, *expected, "{who}: {method} {path} {form}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn k15_what_staff_posts_changes_no_permission() {
    let stand = Stand::new();
    let staff = stand.sign_in(TestUser::new("staff@contoso.example").staff()).await;
    let _root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    let before = [stand.user("staff@contoso.example").await, stand.user("root@contoso.example").await];
    for user in &before {
        for action in
            ["activate", "deactivate", "give_staff", "take_staff", "give_superuser", "take_superuser", "delete"]
        {
            for form in ["", "confirmed=yes", "superuser=1", "confirmed=yes&superuser=1"] {
                let answer = stand.post(&format!("/admin/users/{}/{action}", user.id), &staff, form).await;
                assert_eq!(answer.status, 403, "{action} {form}");
            }
        }
        assert_eq!(stand.by_id(&user.id).await.as_ref(), Some(user));
    }
}

#[tokio::test]
async fn s3_l2_no_get_changes_anything() {
    let stand = Stand::new();
    let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    let adele = stand.sign_in(TestUser::new("adele@contoso.example")).await;
    let before = stand.user("adele@contoso.example").await;
    for action in [
        "activate",
        "deactivate",
        "give_staff",
        "take_staff",
        "give_superuser",
        "take_superuser",
        "delete",
        "end_session",
        "end_sessions",
    ] {
        for method in ["GET", "HEAD"] {
            for query in ["", "?confirmed=yes", "?superuser=1"] {
                let path = format!("/admin/users/{}/{action}{query}", before.id);
                let answer = ask(&stand.router, method, &path, Some(&root), "", &OWN).await;
                assert!(matches!(answer.status, 200 | 303), "{method} {path}: {}", answer.status);
            }
        }
    }
    assert_eq!(stand.by_id(&before.id).await, Some(before));
    assert!(stand.get("/", &adele).await.body.starts_with("adele@"), "the session goes on");
}

#[tokio::test]
async fn a_permission_is_judged_by_the_store_and_not_by_the_session() {
    use entra_sso::users::{GrantChange, UserStore as _, UserUpdate};

    let stand = Stand::new();
    let cookie = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    let root = stand.user("root@contoso.example").await;
    assert_eq!(stand.get("/admin/prepare/", &cookie).await.status, 200);
    // Behind the admin's back: no session is told.
    let mut update = UserUpdate::of(root.id.clone());
    update.superuser = GrantChange::take_all();
    let _updated = stand.users.update(update).await.unwrap();
    assert!(stand.get("/", &cookie).await.body.ends_with("true"), "the session still believes it");
    assert_eq!(stand.get("/admin/", &cookie).await.status, 403);
    assert_eq!(stand.post(&format!("/admin/users/{}/give_superuser", root.id), &cookie, "").await.status, 403);
    let mut update = UserUpdate::of(root.id.clone());
    update.is_active = Some(false);
    let _updated = stand.users.update(update).await.unwrap();
    let answer = stand.get("/admin/", &cookie).await;
    assert_eq!((answer.status, answer.location()), (303, "/microsoft_sso/login/?next=%2Fadmin%2F"));
    assert_eq!(stand.get("/", &cookie).await.body, "nobody", "and the way to sign in is no circle");
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_page_and_not_to_the_change() {
    let stand = Stand::new();
    let sent = ask(&stand.router, "POST", "/admin/users/1/delete", None, "confirmed=yes", &OWN).await;
    assert_eq!((sent.status, sent.location()), (303, "/microsoft_sso/login/?next=%2Fadmin%2Fusers%2F1%2Fdelete"));
    let program = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")];
    let told = ask(&stand.router, "POST", "/admin/users/1/delete", None, "confirmed=yes", &program).await;
    assert_eq!(told.status, 401);
    assert!(told.body.contains("login_url"), "{}", told.body);
}
