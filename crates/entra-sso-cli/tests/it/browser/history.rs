//! The back button.

use crate::{
    browser::{
        chromium::Chromium,
        picker::{ADELE, sign_in},
    },
    process::demo_of_two_sites,
};

/// F-37: Microsoft knows the user now, so going back there answers once more, with a state that was used.
#[tokio::test]
async fn f37_back_to_microsoft_after_a_sign_in_leads_on() {
    let (demo, chromium) = (demo_of_two_sites().start().await, Chromium::start().await);
    sign_in(&chromium, &demo, ADELE).await;
    chromium.driver.back().await.expect("back");
    chromium.find(".visitor form").await;
    assert_eq!(chromium.url().await.trim_end_matches(['#', '/']), demo.url());
    assert!(chromium.text().await.contains("Hello, Adele Vance"), "{}", chromium.text().await);
}

/// What a signed-in user saw is `no-store`: it is asked for again, and nobody is signed in.
#[tokio::test]
async fn back_after_a_sign_out_shows_nothing_of_the_user() {
    let (demo, chromium) = (demo_of_two_sites().start().await, Chromium::start().await);
    sign_in(&chromium, &demo, ADELE).await;
    // A page that is there for strangers too, so that going back does not begin a sign-in.
    let page = format!("{}/no/such/page", demo.url());
    chromium.open(&page).await;
    assert!(chromium.text().await.contains("Adele Vance"), "{}", chromium.text().await);
    chromium.click(".visitor form button").await;
    chromium.find(".entra-sso-button").await;

    chromium.driver.back().await.expect("back");
    chromium.find(".visitor a.button").await;
    assert_eq!(chromium.url().await, page);
    assert!(!chromium.text().await.contains("Adele"), "{}", chromium.text().await);
}
