//! Staff, superusers, roles and groups.

use axum::{Router, routing::get};
use entra_sso::{
    EntraSso,
    require::{self, Require},
    testing::TestUser,
};
use serde_json::json;

use super::{FETCH, PAGE, ask, cookie, sso};

const GROUP: &str = "2b3c4d5e-0001-4000-8000-0000000000e1";
const OTHER_GROUP: &str = "2b3c4d5e-0002-4000-8000-0000000000e2";
/// The tenant of test users.
const TENANT: &str = "11111111-1111-4111-8111-111111111111";
const ABROAD: &str = "22222222-2222-4222-8222-222222222222";

fn guarded(sso: &EntraSso, guard: Require) -> Router {
    let methods = get(|| async { "in" }).post(|| async { "in" });
    Router::new().route("/x", methods).route_layer(guard).merge(sso.routes()).layer(sso.layer())
}

fn adele() -> TestUser {
    TestUser::new("adele@contoso.example")
}

#[tokio::test]
async fn f49_who_has_what_a_guard_asks_for_passes_and_nobody_else() {
    let group_abroad = format!("{ABROAD}/{GROUP}");
    let group_here = format!("{TENANT}/{GROUP}");
    let role_here = format!("{TENANT}/Editor");
    let role_abroad = format!("{ABROAD}/Editor");
    let cases: [(&str, Require, TestUser, bool); 25] = [
        ("signed in", require::signed_in(), adele(), true),
        ("staff", require::staff(), adele().staff(), true),
        ("staff: a superuser", require::staff(), adele().superuser(), true),
        ("staff: nobody", require::staff(), adele(), false),
        ("I8: staff: a role called so", require::staff(), adele().role("staff"), false),
        ("superuser", require::superuser(), adele().superuser(), true),
        ("superuser: staff", require::superuser(), adele().staff(), false),
        ("I8: superuser: a role called so", require::superuser(), adele().role("superuser"), false),
        ("role", require::role("Editor"), adele().role("Reader").role("Editor"), true),
        ("role: another", require::role("Editor"), adele().role("Reader"), false),
        ("role: none", require::role("Editor"), adele(), false),
        ("role: a superuser has no roles for it", require::role("Editor"), adele().superuser(), false),
        ("role: a group called so", require::role(GROUP), adele().group(GROUP), false),
        ("role: in another case", require::role("editor"), adele().role("Editor"), false),
        ("role: here", require::role(&role_here), adele().role("Editor"), true),
        ("I10: role: abroad", require::role(&role_abroad), adele().role("Editor"), false),
        ("group", require::group(GROUP), adele().group(GROUP), true),
        ("group: another", require::group(GROUP), adele().group(OTHER_GROUP), false),
        ("group: here", require::group(&group_here), adele().group(GROUP), true),
        ("I10: group: abroad", require::group(&group_abroad), adele().group(GROUP), false),
        ("I8: one text", require::role("Editor"), adele().claim("roles", json!("Editors Editor")), false),
        ("I8: an object", require::role("Editor"), adele().claim("roles", json!({ "Editor": true })), false),
        ("I7: overage", require::group(GROUP), adele().claim("_claim_names", json!({ "groups": "src1" })), false),
        ("no role", require::role(""), adele().role("Editor"), false),
        ("no group", require::group("Engineering"), adele().claim("groups", json!(["Engineering"])), false),
    ];
    for (name, guard, user, passes) in cases {
        let sso = sso();
        let router = guarded(&sso, guard);
        let cookie = cookie(&sso, user).await;
        let answer = ask(&router, "GET", "/x", &[("cookie", &cookie), PAGE]).await;
        assert_eq!(answer.status, if passes { 200 } else { 403 }, "{name}: {}", answer.body);
        assert_eq!(answer.header("location"), "", "{name}: nobody is sent around");
        assert_eq!(answer.header("cache-control"), "no-store", "{name}");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_sign_in_whatever_the_guard() {
    for guard in [require::signed_in(), require::staff(), require::role("Editor"), require::acrs("c1")] {
        let router = guarded(&sso(), guard);
        let page = ask(&router, "GET", "/x", &[PAGE]).await;
        assert_eq!((page.status, page.header("location")), (303, "/microsoft_sso/login/?next=%2Fx#"));
        let fetch = ask(&router, "GET", "/x", &[FETCH]).await;
        assert_eq!((fetch.status, fetch.code().as_str()), (401, "E330"));
    }
}

#[tokio::test]
async fn a_denial_is_told_in_the_form_that_was_asked_for() {
    let sso = sso();
    let cookie = cookie(&sso, adele()).await;
    let cookie = ("cookie", cookie.as_str());
    let router = guarded(&sso, require::staff());
    for (method, headers) in
        [("GET", [cookie, FETCH]), ("POST", [cookie, PAGE]), ("GET", [cookie, ("hx-request", "true")])]
    {
        let answer = ask(&router, method, "/x", &headers).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "E350"), "{method} {headers:?}");
        assert_eq!(answer.header("hx-redirect"), "");
        assert!(answer.json().get("login_url").is_none());
    }
    let page = ask(&router, "GET", "/x", &[cookie, PAGE]).await;
    assert!(page.body.contains("not meant for you") && page.body.contains("E350-"), "{}", page.body);
    assert!(!page.body.contains("cannot sign in"), "{}", page.body);

    let always_json = guarded(&sso, require::staff().or_json());
    assert_eq!(ask(&always_json, "GET", "/x", &[cookie, PAGE]).await.code(), "E350");
    let always_page = guarded(&sso, require::staff().or_page());
    assert!(ask(&always_page, "POST", "/x", &[cookie, FETCH]).await.header("content-type").starts_with("text/html"));
    assert_eq!(ask(&always_page, "POST", "/x", &[FETCH]).await.status, 303);
}

#[tokio::test]
async fn guards_on_one_route_are_all_asked() {
    let sso = sso();
    let router = Router::new()
        .route("/x", get(|| async { "in" }))
        .route_layer(require::role("Editor"))
        .route_layer(require::staff())
        .layer(sso.layer());
    for (user, status) in [
        (TestUser::new("a@contoso.example").staff(), 403),
        (TestUser::new("b@contoso.example").role("Editor"), 403),
        (TestUser::new("c@contoso.example").role("Editor").staff(), 200),
    ] {
        let cookie = cookie(&sso, user).await;
        assert_eq!(ask(&router, "GET", "/x", &[("cookie", &cookie)]).await.status, status);
    }
}
