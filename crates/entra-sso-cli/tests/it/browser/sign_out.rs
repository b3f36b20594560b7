//! Sign-out that goes on to Microsoft, and requests for one from another site.

use crate::{
    browser::{
        chromium::Chromium,
        picker::{ADELE, account, sign_in},
    },
    process::demo_of_two_sites,
};

/// A browser holds a form's redirects to the page's `form-action`, too: our page has to let this one through, and so has the
/// application's, whose form is in the header of each page.
#[tokio::test]
async fn the_sign_out_form_leads_on_to_microsoft_and_home() {
    let demo = demo_of_two_sites().env("MICROSOFT_SSO_SLO_ENABLED", "true").start().await;
    let chromium = Chromium::start().await;
    for (page, button) in [("/microsoft_sso/logout/", "main form button"), ("/", ".visitor form button")] {
        sign_in(&chromium, &demo, ADELE).await;
        chromium.open(format!("{}{page}", demo.url())).await;
        chromium.click(button).await;
        chromium.find(".entra-sso-button").await;
        assert!(chromium.url().await.starts_with(demo.url()), "home again: {}", chromium.url().await);

        chromium.open(format!("{}/private", demo.url())).await;
        chromium.find(&account(ADELE)).await;
        assert!(
            chromium.url().await.starts_with(demo.emulator_url()),
            "signed out here and there: {}",
            chromium.url().await
        );
    }
}

/// L2, as a browser does it: a form and a picture of another site end nothing, and its frame shows nothing to click on.
#[tokio::test]
async fn l2_another_site_signs_nobody_out() {
    let (demo, chromium) = (demo_of_two_sites().start().await, Chromium::start().await);
    sign_in(&chromium, &demo, ADELE).await;
    let logout = format!("{}/microsoft_sso/logout/", demo.url());
    let form = format!(
        "data:text/html,<form method=post action={logout}><input name=everywhere value=1><button>Win</button></form>"
    );
    chromium.open(form).await;
    chromium.click("button").await;
    chromium.find("body:not(:has(form))").await;
    assert!(chromium.text().await.contains("E322"), "{}", chromium.text().await);

    chromium.open(format!("data:text/html,<body><img src={logout}?everywhere=1><iframe src={logout}></iframe>")).await;
    let frame = chromium.find("iframe").await;
    frame.enter_frame().await.expect("there is a frame");
    let shown = chromium.run("return document.querySelectorAll('form').length").await;
    assert_eq!(shown, 0, "our page shows itself in no frame");
    chromium.driver.enter_default_frame().await.expect("the page around it");

    chromium.open(demo.url()).await;
    chromium.find(".visitor form").await;
}
