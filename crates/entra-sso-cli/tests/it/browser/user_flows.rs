//! B2C's user flows: a forgotten password, the profile, and turning back from each. None of them signs anybody in.

use crate::{
    browser::{
        chromium::Chromium,
        picker::{account, sign_in},
    },
    process::{Running, demo},
};

const ROBIN: &str = "robin@mail.example";
const CANCEL: &str = "button[name=\"decision\"][value=\"cancel\"]";

async fn b2c() -> (Running, Chromium) {
    (demo(["--authority", "b2c"]).start().await, Chromium::start().await)
}

/// Whether the demo knows this browser; a page that asks for a sign-in leads to Microsoft.
async fn is_signed_in(chromium: &Chromium, demo: &Running) -> bool {
    chromium.open(demo.url()).await;
    !chromium.text().await.contains("Three lines, and you know who is there")
}

#[tokio::test]
async fn f16_a_forgotten_password_leads_back_into_the_sign_in() {
    let (demo, chromium) = b2c().await;
    chromium.open(format!("{}/profile", demo.url())).await;
    chromium.click("button[value=\"forgot\"]").await;
    chromium.find("form#reset-password").await;
    assert!(chromium.url().await.starts_with(demo.emulator_url()), "{}", chromium.url().await);
    chromium.click("button[value=\"reset\"]").await;
    // The local Microsoft knows the browser by now, so that the sign-in asks nothing.
    chromium.find(".portrait.large").await;
    assert_eq!(chromium.url().await.trim_end_matches('#'), format!("{}/profile", demo.url()));
    assert!(chromium.text().await.contains("Robin"), "{}", chromium.text().await);
}

#[tokio::test]
async fn f16_who_turns_back_from_the_reset_is_asked_to_sign_in_again() {
    let (demo, chromium) = b2c().await;
    chromium.open(format!("{}/private", demo.url())).await;
    chromium.click("button[value=\"forgot\"]").await;
    chromium.find("form#reset-password").await;
    chromium.click(CANCEL).await;
    chromium.find(&account(ROBIN)).await;
    assert!(!is_signed_in(&chromium, &demo).await, "a reset that was cancelled has signed somebody in");
}

#[tokio::test]
async fn f16_a_profile_is_edited_where_it_is_kept() {
    let (demo, chromium) = b2c().await;
    sign_in(&chromium, &demo, ROBIN).await;
    chromium.open(format!("{}/profile", demo.url())).await;
    chromium.click("a[href*='/edit_profile/']").await;
    chromium.find("form#edit-profile").await;

    // Turning back changes nothing and leaves the session as it is.
    chromium.click(CANCEL).await;
    chromium.find(".portrait.large").await;
    assert_eq!(chromium.url().await.trim_end_matches('#'), format!("{}/profile", demo.url()));

    chromium.click("a[href*='/edit_profile/']").await;
    chromium.find("form#edit-profile").await;
    chromium.run("document.querySelector('#surname').value = 'Redbreast'").await;
    chromium.click("button[value=\"edit\"]").await;
    chromium.find(".portrait.large").await;
    assert_eq!(chromium.url().await.trim_end_matches('#'), format!("{}/profile", demo.url()));
    let profile = chromium.text().await;
    assert!(profile.contains("Robin Redbreast"), "the sign-in that follows brings the new name: {profile}");
}

#[tokio::test]
async fn f16_who_cancels_the_sign_in_is_told_so_and_is_nobody() {
    let (demo, chromium) = b2c().await;
    chromium.open(format!("{}/private", demo.url())).await;
    chromium.find(&account(ROBIN)).await;
    chromium.click(CANCEL).await;
    chromium.find(".entra-sso-button").await;
    assert!(chromium.text().await.contains("cancelled"), "{}", chromium.text().await);
    assert!(!is_signed_in(&chromium, &demo).await);
}
