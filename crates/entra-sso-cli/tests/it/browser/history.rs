//! The back button.

use crate::{
    browser::{
        chromium::Chromium,
        picker::{ADELE, account, sign_in},
    },
    process::demo,
};

/// F-37: the picker is still in the history; choosing again there does not end in an error.
#[tokio::test]
async fn back_to_the_picker_after_a_sign_in_and_once_more() {
    let (demo, chromium) = (demo(["--emulator-listen", "127.0.0.1:0"]).start().await, Chromium::start().await);
    sign_in(&chromium, &demo, ADELE).await;
    chromium.driver.back().await.expect("back");
    chromium.click(&account(ADELE)).await;
    chromium.find(".visitor form").await;
    assert!(chromium.text().await.contains("Hello, Adele Vance"), "{}", chromium.text().await);
}

/// The used answer itself, opened again: with a session it leads on, without one it begins anew.
#[tokio::test]
async fn f37_a_used_answer_opened_again() {
    let (demo, chromium) = (demo(["--emulator-listen", "127.0.0.1:0"]).start().await, Chromium::start().await);
    sign_in(&chromium, &demo, ADELE).await;
    // What the browser asked for at the callback stands in its list of resources no more; the picker can repeat it.
    chromium.driver.back().await.expect("back");
    chromium.driver.forward().await.expect("forward");
    chromium.find(".visitor form").await;

    chromium.click(".visitor form button").await;
    chromium.find(".entra-sso-button").await;
    chromium.driver.back().await.expect("back");
    // The page of the signed-in user is `no-store`: it is asked for again, and nobody is signed in.
    chromium.find(".entra-sso-button").await;
    assert!(!chromium.text().await.contains("Adele"), "{}", chromium.text().await);
}
