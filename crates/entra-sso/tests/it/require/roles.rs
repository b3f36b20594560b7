//! Roles and groups from Microsoft to a guard (F-49), and from whom they count.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, extract::State, routing::get};
use entra_emulator::{Browser, Emulator, Endpoint, ErrorAnswer, Fault, Group, seed};
use entra_sso::{EntraSso, Settings, SignedIn, require};
use serde_json::json;

use crate::{
    app::{App, tables},
    openid_provider::OpenIdProvider,
};

fn application(sso: &EntraSso) -> Router {
    let page =
        |guard: require::Require, path: &str| Router::new().route(path, get(|| async { "in" })).route_layer(guard);
    Router::new()
        .route("/private", get(shown))
        .merge(page(require::role(seed::ROLE), "/editor"))
        .merge(page(require::role(&format!("{}/{}", seed::CONTOSO, seed::ROLE)), "/editor-of-contoso"))
        .merge(page(require::group(seed::ENGINEERING), "/engineering"))
        .merge(page(require::staff(), "/staff"))
        .merge(page(require::superuser(), "/superuser"))
        .merge(sso.routes())
        .layer(sso.layer())
}

/// What the session knows, sorted.
async fn shown(user: SignedIn) -> String {
    let roles = user.roles();
    let mut names: Vec<String> = roles.roles().chain(roles.groups()).collect();
    names.sort();
    let rest = if roles.is_complete() { "" } else { ", and more" };
    format!("{} has {}{rest}", user.username(), names.join(" "))
}

async fn start(change: impl FnOnce(&mut Settings)) -> App {
    App::serving(application, Emulator::env, "", |settings, _| {
        settings.scopes = Some(vec!["User.Read".to_owned()]);
        change(settings);
    })
    .await
}

/// An application for accounts of Contoso and Fabrikam.
async fn of_many(change: impl FnOnce(&mut Settings)) -> App {
    let vars = |emulator: &Emulator| emulator.env_for("organizations", seed::APP_ID);
    App::serving(application, vars, "", |settings, _| {
        settings.allowed_tenants = vec![seed::CONTOSO.to_owned(), seed::FABRIKAM.to_owned()];
        change(settings);
    })
    .await
}

fn map(entries: &[(&str, &str)]) -> Vec<(String, String)> {
    entries.iter().map(|(name, gives)| ((*name).to_owned(), (*gives).to_owned())).collect()
}

/// The status of a page, without following anything.
async fn status(app: &App, browser: &Browser, path: &str) -> u16 {
    browser.get_once(app.at(path)).await.unwrap().status
}

async fn statuses(app: &App, browser: &Browser, paths: [&str; 3]) -> [u16; 3] {
    let [one, two, three] = paths;
    [status(app, browser, one).await, status(app, browser, two).await, status(app, browser, three).await]
}

#[tokio::test]
async fn f49_roles_and_groups_of_the_token_count_in_the_pinned_tenant() {
    let app = start(|_| {}).await;
    let browser = app.browser();
    let page = app.sign_in(&browser, seed::ADELE).await;
    let expected = format!("adele@contoso.example has {} {} {}", seed::ENGINEERING, seed::ALL_STAFF, seed::ROLE);
    assert_eq!(page.body, expected);
    assert_eq!(statuses(&app, &browser, ["/editor", "/editor-of-contoso", "/engineering"]).await, [200; 3]);
    assert_eq!(app.asked(Endpoint::MemberObjects), 0, "they are in the token");
    let alex = app.browser();
    assert_eq!(app.sign_in(&alex, seed::ALEX).await.body, "alex@contoso.example has ");
    assert_eq!(statuses(&app, &alex, ["/editor", "/engineering", "/staff"]).await, [403; 3]);
}

#[tokio::test]
async fn i7_more_groups_than_a_token_holds_are_asked_for_at_graph() {
    let app = start(|settings| settings.role_map = map(&[(seed::ENGINEERING, "staff")])).await;
    app.emulator.faults().once(Fault::GroupOverage);
    let browser = app.browser();
    let page = app.sign_in(&browser, seed::ADELE).await;
    assert!(page.body.contains(seed::ENGINEERING) && !page.body.ends_with("more"), "{}", page.body);
    assert_eq!(statuses(&app, &browser, ["/editor", "/engineering", "/staff"]).await, [200; 3]);
    assert_eq!(app.asked(Endpoint::MemberObjects), 1, "once for a sign-in");
}

#[tokio::test]
async fn i7_groups_that_cannot_be_read_are_groups_that_nobody_is_in() {
    for fault in [
        Fault::Status(Endpoint::MemberObjects, 500),
        Fault::Status(Endpoint::MemberObjects, 403),
        Fault::Html(Endpoint::MemberObjects),
        Fault::Truncated(Endpoint::MemberObjects),
        Fault::Oversized(Endpoint::MemberObjects, 3 << 20),
        Fault::Throttled(Endpoint::MemberObjects, None),
        Fault::Redirect(Endpoint::MemberObjects, "https://evil.test/".to_owned()),
        Fault::Member(Endpoint::MemberObjects, "value".to_owned(), None),
        Fault::Member(Endpoint::MemberObjects, "value".to_owned(), Some(json!([seed::ENGINEERING, "Engineering"]))),
        Fault::Member(Endpoint::MemberObjects, "@odata.nextLink".to_owned(), Some(json!("https://evil.test/v1.0/x"))),
    ] {
        let app = start(|settings| settings.role_map = map(&[(seed::ENGINEERING, "superuser")])).await;
        let browser = app.browser();
        app.sign_in(&browser, seed::ADELE).await;
        assert_eq!(status(&app, &browser, "/superuser").await, 200);
        app.emulator.faults().together([Fault::GroupOverage]);
        app.emulator.faults().always(fault.clone());
        let browser = app.browser();
        let page = app.sign_in(&browser, seed::ADELE).await;
        assert!(page.body.ends_with(&format!("{}, and more", seed::ROLE)), "{fault:?}: {}", page.body);
        let found = statuses(&app, &browser, ["/engineering", "/superuser", "/editor"]).await;
        assert_eq!(found, [403, 403, 200], "{fault:?}: denied, withdrawn, and the role stays");
    }
}

#[tokio::test]
async fn i7_a_note_of_many_groups_is_believed_in_every_form() {
    for (name, value) in [
        ("hasgroups", json!(true)),
        ("hasgroups", json!("true")),
        ("_claim_names", json!({ "groups": "src1" })),
        ("_claim_names", json!("groups")),
    ] {
        let app = start(|_| {}).await;
        let gone = Fault::Status(Endpoint::MemberObjects, 503);
        app.emulator
            .faults()
            .together([Fault::Claim(name.to_owned(), value.clone()), Fault::NoClaim("groups".to_owned())]);
        app.emulator.faults().always(gone);
        let browser = app.browser();
        assert!(app.sign_in(&browser, seed::ADELE).await.body.ends_with("and more"), "{name} {value}");
        assert_eq!(status(&app, &browser, "/engineering").await, 403, "{name} {value}");
    }
}

#[tokio::test]
async fn i7_the_default_scope_does_not_show_groups() {
    let app = start(|settings| settings.scopes = None).await;
    app.emulator.faults().once(Fault::GroupOverage);
    let browser = app.browser();
    assert!(app.sign_in(&browser, seed::ADELE).await.body.ends_with("and more"), "the check W096 says so");
    assert_eq!(status(&app, &browser, "/engineering").await, 403);
}

/// Where a token says that its groups are.
async fn count(State(asked): State<Arc<AtomicUsize>>) -> String {
    asked.fetch_add(1, Ordering::SeqCst);
    json!({ "value": [seed::ENGINEERING] }).to_string()
}

#[tokio::test]
async fn i7_the_address_in_the_token_is_never_asked() {
    let asked = Arc::new(AtomicUsize::new(0));
    let elsewhere = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/getMemberObjects", elsewhere.local_addr().unwrap());
    let trap = Router::new().fallback(count).with_state(asked.clone());
    let trap = tokio::spawn(async move { axum::serve(elsewhere, trap).await });
    let app = start(|_| {}).await;
    app.emulator.faults().together([
        Fault::GroupOverage,
        Fault::Claim("_claim_sources".to_owned(), json!({ "src1": { "endpoint": url } })),
    ]);
    app.sign_in(&app.browser(), seed::ADELE).await;
    assert_eq!((asked.load(Ordering::SeqCst), app.asked(Endpoint::MemberObjects)), (0, 1));
    trap.abort();
}

/// Puts Adele into this many further groups.
fn many_groups(app: &App, count: usize) {
    let change = app.emulator.directory().change(|directory| {
        let group =
            |n: usize| Group::new(&format!("cccccccc-0000-4000-8000-{n:012x}"), seed::CONTOSO, &format!("Group {n}"));
        directory.groups.extend((0..count).map(|n| group(n).member(seed::ADELE_ID)));
        Ok(())
    });
    change.unwrap();
}

#[tokio::test]
async fn a_session_holds_hundreds_of_groups_and_not_thousands() {
    for (count, names, more) in [(198, 201, false), (199, 202, false), (998, 1001, false), (3000, 1001, true)] {
        let app = start(|_| {}).await;
        many_groups(&app, count);
        let browser = app.browser();
        let page = app.sign_in(&browser, seed::ADELE).await;
        let listed = page.body.split(" has ").nth(1).unwrap().trim_end_matches(", and more");
        assert_eq!((listed.split(' ').count(), page.body.ends_with("more")), (names, more), "{count} groups");
        assert_eq!(app.asked(Endpoint::MemberObjects), usize::from(count > 198), "{count} groups");
        assert_eq!(status(&app, &browser, "/editor").await, 200);
    }
}

#[tokio::test]
async fn i10_where_many_tenants_sign_in_a_role_counts_with_its_tenant_only() {
    let contoso = format!("{}/{}", seed::CONTOSO, seed::ROLE);
    let app = of_many(|settings| settings.role_map = map(&[(&contoso, "superuser")])).await;
    // Fabrikam's administrator gives Diego the role, and a group with the id of Contoso's.
    let given = app.emulator.directory().change_app(seed::APP_ID, |portal| {
        *portal = portal.clone().role_for(seed::ROLE, seed::DIEGO_ID);
    });
    given.unwrap();
    app.emulator.faults().once(Fault::Claim("groups".to_owned(), json!([seed::ENGINEERING])));
    let diego = app.browser();
    let page = app.sign_in(&diego, seed::DIEGO).await;
    let [group, role] = [seed::ENGINEERING, seed::ROLE].map(|name| format!("{}/{name}", seed::FABRIKAM));
    assert_eq!(page.body, format!("diego@fabrikam.example has {group} {role}"), "with whose they are");
    assert_eq!(statuses(&app, &diego, ["/editor", "/editor-of-contoso", "/engineering"]).await, [403; 3]);
    assert_eq!(statuses(&app, &diego, ["/staff", "/superuser", "/editor"]).await, [403; 3], "a plain user");
    let user = app.user(seed::FABRIKAM, seed::DIEGO_ID).await.unwrap();
    assert!(!user.is_staff() && !user.is_superuser());

    let adele = app.browser();
    app.sign_in(&adele, seed::ADELE).await;
    assert_eq!(statuses(&app, &adele, ["/editor", "/editor-of-contoso", "/superuser"]).await, [403, 200, 200]);
}

#[tokio::test]
async fn i8_a_role_called_like_a_permission_or_of_another_type_gives_nothing() {
    for roles in [json!(["superuser", "staff", "Superuser", "admin"]), json!("superuser"), json!([])] {
        let app = start(|settings| settings.role_map = map(&[(seed::ROLE, "superuser")])).await;
        app.emulator.faults().once(Fault::Claim("roles".to_owned(), roles.clone()));
        let browser = app.browser();
        app.sign_in(&browser, seed::ADELE).await;
        assert_eq!(statuses(&app, &browser, ["/staff", "/superuser", "/editor"]).await, [403; 3], "{roles}");
    }
    for roles in [json!({ "Editor": true }), json!(["Editor", 1]), json!(1), json!(null), json!([["Editor"]])] {
        let app = start(|_| {}).await;
        app.emulator.faults().once(Fault::Claim("roles".to_owned(), roles.clone()));
        let browser = app.browser();
        app.sign_in(&browser, seed::ADELE).await;
        assert_ne!(status(&app, &browser, "/editor").await, 200, "{roles}");
    }
}

#[tokio::test]
async fn k9_what_microsoft_takes_away_is_gone_at_the_next_sign_in() {
    let app = start(|settings| {
        settings.role_map = map(&[(seed::ROLE, "superuser"), (seed::ALL_STAFF, "staff")]);
    })
    .await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(statuses(&app, &browser, ["/editor", "/superuser", "/engineering"]).await, [200; 3]);
    app.emulator.directory().change_app(seed::APP_ID, |app| app.role_assignments.clear()).unwrap();
    let leave = app.emulator.directory().change(|directory| {
        directory.groups.retain(|group| group.id != seed::ENGINEERING);
        Ok(())
    });
    leave.unwrap();
    let again = app.at("/microsoft_sso/login/?next=/private&prompt=select_account");
    browser.start_at(again).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!(statuses(&app, &browser, ["/editor", "/superuser", "/engineering"]).await, [403; 3]);
    assert_eq!(status(&app, &browser, "/staff").await, 200, "the other group still gives it");
}

#[tokio::test]
async fn f49_b2c_and_standard_providers_give_no_roles() {
    let claims =
        || [("roles", json!([seed::ROLE])), ("groups", json!([seed::ENGINEERING])), ("tid", json!(seed::CONTOSO))];
    let provider = OpenIdProvider::start().await;
    for (name, value) in claims() {
        provider.says().claims[name] = value;
    }
    let app = App::serving(application, Emulator::env, &tables(&[("partner", &provider)]), |_, _| {}).await;
    let browser = app.browser();
    let page = browser.get(app.at("/microsoft_sso/partner/login/?next=/private")).await.unwrap();
    assert_eq!(page.body, "adele.v has ");
    assert_eq!(statuses(&app, &browser, ["/editor", "/engineering", "/editor-of-contoso"]).await, [403; 3]);

    let app = App::serving(application, crate::app::b2c, "", |_, _| {}).await;
    let [role, group, _] = claims().map(|(name, value)| Fault::Claim(name.to_owned(), value));
    app.emulator.faults().together([role, group]);
    let browser = app.browser();
    let page = app.sign_in(&browser, seed::ROBIN).await;
    assert!(page.body.ends_with(" has "), "{}", page.body);
    assert_eq!(statuses(&app, &browser, ["/editor", "/engineering", "/editor-of-contoso"]).await, [403; 3]);
}

#[tokio::test]
async fn a_refused_sign_in_asks_nobody_for_groups() {
    let app = start(|_| {}).await;
    app.emulator.faults().once(Fault::TokenError(ErrorAnswer::new("invalid_grant", 70008, "expired")));
    app.sign_in(&app.browser(), seed::ADELE).await;
    assert_eq!(app.asked(Endpoint::MemberObjects), 0);
}
