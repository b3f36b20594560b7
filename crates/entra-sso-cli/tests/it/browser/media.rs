//! Browsers that replace colours, want no motion, or show everything larger.

use serde_json::{Value, json};
use thirtyfour::Key;

use crate::browser::{
    chromium::Chromium,
    error_pages::{ERRORS, explaining, open_error, with_providers},
    keyboard::press,
};

/// As this media feature has it.
async fn emulate(chromium: &Chromium, feature: &str, value: &str) {
    let features = json!({ "features": [{ "name": feature, "value": value }] });
    chromium.devtools("Emulation.setEmulatedMedia", features).await;
    let matches = chromium.run(&format!("return matchMedia('({feature}: {value})').matches")).await;
    assert_eq!(matches, Value::Bool(true), "{feature}: {value} can be emulated");
}

/// Everything that can be clicked has an edge, a text in another colour than its ground, and shows the focus.
async fn assert_clear(chromium: &Chromium, page: &str) {
    let unclear = "return [...document.querySelectorAll('.entra-sso-button, .button')].filter(one => { \
        const style = getComputedStyle(one); const box = one.getBoundingClientRect(); \
        return box.width < 24 || box.height < 24 || style.borderTopStyle === 'none' || parseFloat(style.borderTopWidth) < 1 \
            || (matchMedia('(forced-colors: active)').matches && style.borderTopColor === style.backgroundColor) || style.color === style.backgroundColor; \
        }).map(one => one.outerHTML)";
    assert_eq!(chromium.run(unclear).await, json!([]), "{page}");
    let stops = chromium.run("return document.querySelectorAll('a[href], button').length").await;
    for _ in 0..stops.as_u64().expect("a number") {
        press(chromium, Key::Tab).await;
        let seen = chromium
            .run(
                "const style = getComputedStyle(document.activeElement); \
                  return [document.activeElement.tagName, style.outlineStyle, parseFloat(style.outlineWidth)]",
            )
            .await;
        assert_ne!(seen[0], "BODY", "{page}: the focus is on something");
        assert!(seen[1] != "none" && seen[2].as_f64() >= Some(2.0), "{page}: the focus cannot be seen: {seen}");
    }
}

#[tokio::test]
async fn f62_buttons_and_focus_stay_with_forced_colours_and_without_motion() {
    let (demo, chromium) = (with_providers("en").start().await, Chromium::start().await);
    for (feature, value) in
        [("forced-colors", "active"), ("prefers-reduced-motion", "reduce"), ("prefers-contrast", "more")]
    {
        for path in ["/microsoft_sso/", "/microsoft_sso/callback/?code=x&state=y&state=z", "/microsoft_sso/logout/"] {
            chromium.open(format!("{}{path}", demo.url())).await;
            emulate(&chromium, feature, value).await;
            assert_clear(&chromium, &format!("{path}, {feature}")).await;
            let moving = "return document.getAnimations().length + [...document.querySelectorAll('*')].filter(one => \
                          parseFloat(getComputedStyle(one).transitionDuration) > 0).length";
            assert_eq!(chromium.run(moving).await, 0, "{path}: nothing moves");
        }
    }
}

/// 1280 pixels at 200 % and at 400 % (WCAG 1.4.10).
#[tokio::test]
async fn f62_nothing_is_wider_than_an_enlarged_window() {
    let (demo, chromium) = (explaining("de").start().await, Chromium::start().await);
    for (name, answer) in ERRORS {
        open_error(&chromium, &demo, answer).await;
        assert_fits(&chromium, name).await;
    }
    let demo = with_providers("de").start().await;
    for path in ["/microsoft_sso/", "/microsoft_sso/logout/"] {
        chromium.open(format!("{}{path}", demo.url())).await;
        assert_fits(&chromium, path).await;
    }
}

async fn assert_fits(chromium: &Chromium, page: &str) {
    for (width, factor) in [(640, 2), (320, 4)] {
        let metrics = json!({ "width": width, "height": 512, "deviceScaleFactor": factor, "mobile": false });
        chromium.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(chromium.run(wide).await, 0, "{page} at {factor}00 %");
    }
    chromium.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
}
