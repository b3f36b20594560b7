//! What the user sees when it does not work.

use crate::{
    browser::{chromium::Chromium, picker::account},
    process::demo,
};

#[tokio::test]
async fn a_cancelled_sign_in_says_so() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    chromium.open(demo.url()).await;
    chromium.click(".entra-sso-button").await;
    chromium.click("button[value=\"cancel\"]").await;
    let message = chromium.find(".message").await.text().await.expect("text");
    assert!(chromium.url().await.starts_with(demo.url()), "{}", chromium.url().await);
    assert!(message.to_lowercase().contains("cancel"), "{message}");
    chromium.find(".entra-sso-button").await;

    chromium.driver.refresh().await.expect("the page loads again");
    assert!(!chromium.text().await.to_lowercase().contains("cancel"), "a message is shown once");
}

#[tokio::test]
async fn a_malformed_answer_is_a_page_with_a_reference() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    let hostile = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    chromium.open(format!("{}/microsoft_sso/callback/?code={hostile}&state={hostile}&state=x", demo.url())).await;
    let page = chromium.text().await;
    assert!(page.contains("Reference"), "{page}");
    assert!(!page.contains("script"), "what came is not shown: {page}");
    chromium.click("main a.quiet").await;
    chromium.find(".entra-sso-button").await;
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_leads_to_the_login_page() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    chromium.open(format!("{}/microsoft_sso/callback/?code=x&state=y", demo.url())).await;
    assert_eq!(chromium.url().await.trim_end_matches('#'), format!("{}/microsoft_sso/", demo.url()));
    assert!(chromium.text().await.contains("Reference"), "{}", chromium.text().await);
    chromium.find(".entra-sso-button").await;
}

#[tokio::test]
async fn a_user_who_may_not_enter_is_told_who_can_help() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    chromium.open(demo.url()).await;
    chromium.click(".entra-sso-button").await;
    chromium.click(&account("lee@contoso.example")).await;
    chromium.find("main").await;
    let page = chromium.text().await;
    assert!(!page.contains("Hello"), "{page}");
    chromium.open(demo.url()).await;
    chromium.find(".entra-sso-button").await;
}

#[tokio::test]
async fn a_missing_page_is_one_of_ours() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    chromium.open(format!("{}/no/such/page", demo.url())).await;
    assert!(chromium.text().await.contains("There is no such page"));
}
