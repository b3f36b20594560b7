//! Everything with the keyboard alone.

use serde_json::Value;
use thirtyfour::Key;

use crate::{
    browser::{chromium::Chromium, picker::ADELE},
    process::demo,
};

/// Presses Tab until `is_there` says so of the focused element; every stop on the way must be visible.
pub(crate) async fn tab_to(chromium: &Chromium, is_there: &str) {
    for _ in 0..40 {
        press(chromium, Key::Tab).await;
        let stop = chromium
            .run(&format!(
                "const at = document.activeElement; const style = getComputedStyle(at); const box = at.getBoundingClientRect(); \
                 return {{ there: !!({is_there}), seen: at === document.body || (box.width > 0 && (style.outlineStyle !== 'none' || style.boxShadow !== 'none')), \
                 name: at.outerHTML.slice(0, 120) }}"
            ))
            .await;
        assert_eq!(stop["seen"], Value::Bool(true), "the focus cannot be seen: {stop}");
        if stop["there"] == Value::Bool(true) {
            return;
        }
    }
    panic!("no Tab leads to {is_there} on {}", chromium.url().await);
}

pub(crate) async fn press(chromium: &Chromium, key: Key) {
    chromium.driver.action_chain().send_keys(key).perform().await.expect("a key");
}

#[tokio::test]
async fn a_sign_in_and_out_without_a_mouse() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    chromium.open(demo.url()).await;
    tab_to(&chromium, "at.classList.contains('skip')").await;
    tab_to(&chromium, "at.classList.contains('entra-sso-button')").await;
    press(&chromium, Key::Enter).await;

    chromium.find(&crate::browser::picker::account(ADELE)).await;
    tab_to(&chromium, &format!("at.value === '{ADELE}'")).await;
    press(&chromium, Key::Enter).await;

    chromium.find(".visitor form").await;
    assert!(chromium.text().await.contains("Hello, Adele Vance"));
    tab_to(&chromium, "at.closest('.visitor form')").await;
    press(&chromium, Key::Enter).await;
    chromium.find(".entra-sso-button").await;
}

#[tokio::test]
async fn the_skip_link_leads_to_the_content() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    chromium.open(demo.url()).await;
    tab_to(&chromium, "at.classList.contains('skip')").await;
    press(&chromium, Key::Enter).await;
    assert_eq!(chromium.run("return document.activeElement.id").await, "main");
    tab_to(&chromium, "at.closest('main')").await;
}
