//! The admin shows the users of all sites: a session opens it at its own site, and staff of one site alone does not enter.

use entra_emulator::seed;
use entra_sso::testing::TestUser;
use http::header;

use super::{ask, at_shop, get, public, with_shop};

#[tokio::test]
async fn k13_a_session_of_one_site_opens_no_admin_at_another() {
    let sso = public();
    for (made_at, site) in [("app.example", None), ("shop.example", Some("shop.example"))] {
        let root = TestUser::new(seed::ADELE).superuser();
        let root = site.map_or(root.clone(), |site| root.at_site(site));
        let cookie = root.cookie(&sso).await.unwrap();
        for host in ["app.example", "shop.example", "club.example:8443"] {
            for path in ["/admin/", "/admin/prepare/", "/admin/findings/"] {
                let status = ask(&sso, get(host, path).header(header::COOKIE, &cookie)).await.status().as_u16();
                assert_eq!(status, if host == made_at { 200 } else { 303 }, "made at {made_at}: {host}{path}");
            }
            for path in ["//admin/", "/%61dmin/", "/admin//", "/./admin/"] {
                let status = ask(&sso, get(host, path).header(header::COOKIE, &cookie)).await.status().as_u16();
                assert_ne!(status, 200, "made at {made_at}: {host}{path}");
            }
        }
    }
}

#[tokio::test]
async fn f65_staff_of_one_site_does_not_see_the_users_of_all() {
    let app = with_shop(|shop| shop.staff_list = vec![seed::ADELE.to_owned()]).await;
    let browser = app.browser();
    let page = browser.start_at(at_shop(&app, "/admin/")).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!(page.status, 403, "{}", page.body);
    assert!(page.body.contains("E375-"), "{}", page.body);
}
