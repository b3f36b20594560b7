//! Users are the same at every site, and a site's tenant may be somebody else's: what its administrator writes of his people
//! counts at his site only (I10).

use entra_emulator::{Emulator, User, seed};
use entra_sso::{
    Settings,
    settings::{AuthoritySettings, SiteTable},
};

use crate::app::App;

const BOSS: &str = "boss@contoso.example";

/// Contoso's application at `localhost`, and at 127.0.0.1 a site of Fabrikam, where Diego has our boss's address and name.
async fn with_fabrikams_site(change: impl FnOnce(&mut Settings, &mut SiteTable)) -> App {
    let app = App::of(Emulator::env, "", |settings, _| {
        let mut authority = AuthoritySettings::default();
        authority.tenant_id = Some(seed::FABRIKAM.to_owned());
        authority.authority_host.clone_from(&settings.authority_host);
        authority.graph_url.clone_from(&settings.graph_url);
        let mut site = SiteTable::new("127.0.0.1".parse().expect("a host"));
        site.authority = Some(authority);
        change(settings, &mut site);
        settings.site.push(site);
    })
    .await;
    app.emulator.directory().add_redirect_uri(seed::APP_ID, &there(&app, "/microsoft_sso/callback/")).unwrap();
    app.emulator
        .directory()
        .change_user(seed::DIEGO_ID, |diego: &mut User| diego.mail = Some(BOSS.to_owned()))
        .unwrap();
    app.emulator.faults().always(entra_emulator::Fault::NoClaim("xms_edov".to_owned()));
    app
}

fn there(app: &App, path: &str) -> String {
    app.at(path).replacen("localhost", "127.0.0.1", 1)
}

/// Signs Diego in at Fabrikam's site: what he may do there, or `nobody`.
async fn rights_of_diego(app: &App) -> String {
    let browser = app.browser();
    browser.start_at(there(app, "/private")).signing_in_as(seed::DIEGO).await.unwrap();
    browser.get(there(app, "/rights")).await.unwrap().body
}

#[tokio::test]
async fn i10_an_address_of_its_tenant_is_on_no_list_of_the_application() {
    let app = with_fabrikams_site(|settings, _| {
        settings.superuser_list = vec![BOSS.to_owned()];
        settings.staff_list = vec![BOSS.to_owned()];
    })
    .await;
    assert_eq!(rights_of_diego(&app).await, "staff=false superuser=false backend=none");
    let diego = app.user(seed::FABRIKAM, seed::DIEGO_ID).await.unwrap();
    assert!(diego.staff.is_empty() && diego.superuser.is_empty());

    let app = with_fabrikams_site(|settings, site| {
        settings.superuser_list = vec![BOSS.to_owned()];
        site.staff_list = vec![BOSS.to_owned()];
    })
    .await;
    assert_eq!(rights_of_diego(&app).await, "staff=true superuser=false backend=none", "its own list, its own word");
    assert!(app.user(seed::FABRIKAM, seed::DIEGO_ID).await.unwrap().staff.is_empty(), "in that session alone");
}

#[tokio::test]
async fn i4_an_address_of_its_tenant_links_nobody() {
    let app = with_fabrikams_site(|settings, _| settings.unique_email = true).await;
    let boss = app.prepare("boss", |user| user.email = Some(BOSS.to_owned())).await;
    assert_eq!(rights_of_diego(&app).await, "nobody");
    let users = app.everybody().await;
    assert_eq!(users.len(), 1);
    assert!(users[0].id == boss.id && users[0].account.is_none());
}

#[tokio::test]
async fn f47_its_first_member_is_no_superuser_of_the_application() {
    let app = with_fabrikams_site(|settings, _| settings.auto_create_first_superuser = true).await;
    assert_eq!(rights_of_diego(&app).await, "staff=false superuser=false backend=none");
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.rights(&browser).await, "staff=true superuser=true backend=none", "the latch is still open");
}
