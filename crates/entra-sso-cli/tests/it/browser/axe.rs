//! What a page is for who does not see it, or sees it badly: the rules of `axe-core`, which npm installs.

mod installation;

use std::{fmt::Write as _, fs};

use serde_json::{Value, json};

use self::installation::installed;
use crate::browser::{
    chromium::Chromium,
    look::{LOOKS, Look},
};

/// WCAG 2.0, 2.1 and 2.2 at levels A and AA, and what `axe-core` calls best practice.
const TAGS: [&str; 7] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/// Nothing is found in the open page, in any look; nor is there anything that could not be judged.
pub(crate) async fn assert_accessible(chromium: &Chromium, page: &str) {
    for look in LOOKS {
        look.apply(chromium).await;
        let found = findings(chromium).await;
        assert!(found.is_empty(), "{page}, {}, {}:\n{found}", look.name, chromium.url().await);
    }
    Look::leave(chromium).await;
}

/// What is found in the open page as it is looked at now, a line for each element.
///
/// `WebDriver` runs scripts whatever the page's content security policy says: it is the browser that runs them.
pub(crate) async fn findings(chromium: &Chromium) -> String {
    if chromium.run("return typeof window.axe").await == "undefined" {
        let rules = fs::read_to_string(installed().join("axe.min.js")).expect("the rules can be read");
        // The rules are a script that looks for a module around it first.
        chromium.run(&format!("const module = undefined; const define = undefined; {rules}\nwindow.axe = axe;")).await;
        chromium.run(include_str!("axe/plain.js")).await;
    }
    let mut found = String::new();
    for colour in 0.. {
        let gradients = chromium.run(&format!("return window.plain({colour})")).await == true;
        if !gradients && colour > 0 {
            break;
        }
        found += &judge(chromium).await;
    }
    chromium.run("window.plain(-1)").await;
    found
}

async fn judge(chromium: &Chromium) -> String {
    let wanted = json!({
        "runOnly": { "type": "tag", "values": TAGS },
        // It is of WCAG 2.2 and off unless asked for.
        "rules": { "target-size": { "enabled": true } },
        "resultTypes": ["violations", "incomplete"],
    });
    let script = "const [wanted, done] = arguments; \
                  window.axe.run(document, wanted).then(done, fault => done({ fault: String(fault) }));";
    let answer = chromium.driver.execute_async(script, vec![wanted]).await.expect("the rules run").json().clone();
    assert!(answer["passes"].as_array().is_some_and(|passes| passes.len() > 5), "hardly a rule was applied: {answer}");
    ["violations", "incomplete"].map(|kind| described(&answer, kind)).concat()
}

fn described(answer: &Value, kind: &str) -> String {
    let mut lines = String::new();
    for rule in answer[kind].as_array().expect("a list") {
        for node in rule["nodes"].as_array().expect("a list") {
            let summary = node["failureSummary"].as_str().unwrap_or_default().replace('\n', " ");
            // An arrow or a bullet is no text.
            if summary.contains("only non-text characters") {
                continue;
            }
            writeln!(lines, "{kind}: {} {}: {summary}", rule["id"], node["html"]).expect("a string takes all");
        }
    }
    lines
}

/// The rules find what is wrong, on a page that forbids scripts.
#[tokio::test]
async fn what_is_wrong_is_found() {
    let chromium = Chromium::start().await;
    let policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">";
    let page = format!(
        "<!doctype html><html><head>{policy}<title>x</title></head><body><main><h1>Heading</h1><img src=x>\
         <p style='color:%23999;background:%23fff'>Hardly to be read</p></main></body></html>"
    );
    chromium.open(format!("data:text/html,{page}")).await;
    let found = findings(&chromium).await;
    for rule in ["\"html-has-lang\"", "\"image-alt\"", "\"color-contrast\""] {
        assert!(found.contains(rule), "{rule} is not in:\n{found}");
    }
}
