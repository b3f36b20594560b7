//! Sign-out that goes on to Microsoft.

use crate::{
    browser::{
        chromium::Chromium,
        picker::{ADELE, account, sign_in},
    },
    process::demo_of_two_sites,
};

/// A browser holds a form's redirects to the page's `form-action`, too: our page has to let this one through.
#[tokio::test]
async fn the_sign_out_form_leads_on_to_microsoft() {
    let demo = demo_of_two_sites().env("MICROSOFT_SSO_SLO_ENABLED", "true").start().await;
    let chromium = Chromium::start().await;
    sign_in(&chromium, &demo, ADELE).await;
    chromium.open(format!("{}/microsoft_sso/logout/", demo.url())).await;
    chromium.click("main form button").await;
    chromium.find("body[data-emulator-page='signed-out']").await;
    assert!(chromium.url().await.starts_with(demo.emulator_url()), "{}", chromium.url().await);

    chromium.open(format!("{}/private", demo.url())).await;
    chromium.find(&account(ADELE)).await;
    assert!(
        chromium.url().await.starts_with(demo.emulator_url()),
        "signed out here and there: {}",
        chromium.url().await
    );
}
