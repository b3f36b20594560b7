//! The admin of the demo, as staff use it.

use thirtyfour::Key;

use crate::{
    browser::{
        axe::assert_accessible,
        chromium::Chromium,
        keyboard::{press, tab_to},
        picker::{ADELE, ALEX, sign_in},
        screenshots::take,
    },
    process::{Running, demo},
};

/// The demo with Adele, who came first and so is superuser, and Alex, each in a browser.
async fn two_people() -> (Running, Chromium, Chromium) {
    let demo = demo([]).start().await;
    let (adele, alex) = (Chromium::start().await, Chromium::start().await);
    sign_in(&adele, &demo, ADELE).await;
    sign_in(&alex, &demo, ALEX).await;
    (demo, adele, alex)
}

/// From the demo's home page to the list, and from there to the user with this name.
async fn open_user(chromium: &Chromium, demo: &Running, search: &str) {
    chromium.open(format!("{}/", demo.url())).await;
    chromium.click("a.card[href='/admin/']").await;
    chromium.find("#q").await.send_keys(search).await.expect("it can be typed into");
    chromium.click(".search button").await;
    chromium.find(".filters").await;
    chromium.click(".users tbody a").await;
    chromium.find(".person").await;
}

#[tokio::test]
async fn f69_a_deactivated_user_is_out_at_the_next_click() {
    let (demo, adele, alex) = two_people().await;
    open_user(&adele, &demo, "alex").await;
    let page = adele.text().await;
    for expected in
        ["Alex Wilber", ALEX, "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f", "1a2b3c4d-0002-4000-8000-0000000a1e70"]
    {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    adele.click("form[action$='/deactivate'] button").await;
    adele.find(".message.success").await;
    assert!(adele.text().await.contains("Alex Wilber is not active any more"), "{}", adele.text().await);

    alex.click("nav a[href='/profile']").await;
    // Sent to sign in, where Microsoft knows him and we do not let him in.
    alex.find(".message.error").await;
    assert!(alex.text().await.contains("You cannot sign in here with this account."), "{}", alex.text().await);

    adele.click("form[action$='/activate'] button").await;
    adele.find("form[action$='/deactivate']").await;
    assert!(adele.text().await.contains("Alex Wilber is active."));
    alex.click(".entra-sso-button").await;
    alex.find(".portrait.large").await;
    assert!(alex.url().await.starts_with(&format!("{}/profile", demo.url())), "back to where he was going");
}

#[tokio::test]
async fn f69_staff_sees_the_admin_and_changes_nothing() {
    let (demo, adele, alex) = two_people().await;
    alex.open(format!("{}/admin/", demo.url())).await;
    assert!(alex.text().await.contains("You may not open this page."), "{}", alex.text().await);
    open_user(&adele, &demo, "alex").await;
    adele.click("form[action$='/give_staff'] button").await;
    adele.find(".message.success").await;

    // At once, and without another sign-in.
    open_user(&alex, &demo, "adele").await;
    let forms = alex.run("return [...document.querySelectorAll('main form')].map(form => form.action)").await;
    assert_eq!(forms.as_array().map(Vec::len), Some(0), "{forms}");
    assert!(alex.text().await.contains("Only superusers end the sessions of a superuser."));
    let drawn = alex.run("return document.querySelector('img.portrait').naturalWidth").await;
    assert!(drawn.as_u64() > Some(0), "the picture is not shown: {drawn}");
    alex.open(format!("{}/admin/prepare/", demo.url())).await;
    assert!(alex.text().await.contains("Only superusers may do this."), "{}", alex.text().await);
}

#[tokio::test]
async fn k15_the_last_superuser_is_told_that_he_stays() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    sign_in(&chromium, &demo, ADELE).await;
    open_user(&chromium, &demo, "adele").await;
    chromium.click("form[action$='/take_superuser'] button").await;
    chromium.find(".question").await;
    assert!(chromium.text().await.contains("This is you"), "{}", chromium.text().await);
    chromium.click(".question button").await;
    chromium.find(".message.error").await;
    assert!(chromium.text().await.contains("last active superuser"), "{}", chromium.text().await);
}

#[tokio::test]
async fn f69_a_user_is_prepared_and_deleted_without_a_mouse() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    sign_in(&chromium, &demo, ADELE).await;
    chromium.open(format!("{}/admin/", demo.url())).await;
    tab_to(&chromium, "at.classList.contains('skip')").await;
    tab_to(&chromium, "at.href && at.href.endsWith('/admin/prepare/')").await;
    press(&chromium, Key::Enter).await;
    chromium.find("#upn").await;
    tab_to(&chromium, "at.id === 'upn'").await;
    write(&chromium, "lee@contoso").await;
    press(&chromium, Key::Enter).await;
    chromium.find("#upn-fault").await;
    assert_eq!(
        chromium.run("return document.querySelector('#upn').value").await,
        "lee@contoso",
        "what was typed stays"
    );
    tab_to(&chromium, "at.id === 'upn'").await;
    write(&chromium, "lee@contoso.example").await;
    press(&chromium, Key::Enter).await;
    chromium.find(".message.success").await;
    assert!(chromium.text().await.contains("lee@contoso.example is prepared."), "{}", chromium.text().await);

    tab_to(&chromium, "at.href && at.href.endsWith('/delete')").await;
    press(&chromium, Key::Enter).await;
    chromium.find(".question").await;
    tab_to(&chromium, "at.type === 'submit'").await;
    press(&chromium, Key::Enter).await;
    chromium.find(".users").await;
    assert!(chromium.text().await.contains("lee@contoso.example was deleted."), "{}", chromium.text().await);
}

/// In place of what the focused field holds.
async fn write(chromium: &Chromium, text: &str) {
    chromium.run("document.activeElement.select()").await;
    chromium.driver.action_chain().send_keys(text).perform().await.expect("keys");
}

#[tokio::test]
async fn every_page_of_the_admin_fits_and_nothing_is_found_in_it() {
    let (demo, adele, _alex) = two_people().await;
    open_user(&adele, &demo, "alex").await;
    judge(&adele, "admin-user").await;
    let alex = adele.url().await;
    for (path, page) in [("delete", "admin-question"), ("end_sessions", "admin-end-sessions")] {
        adele.open(format!("{}{path}", alex.trim_end_matches('#'))).await;
        judge(&adele, page).await;
    }
    adele.open(&alex).await;
    adele.click("form[action$='/end_sessions'] button").await;
    adele.find(".message").await;
    judge(&adele, "admin-user-message").await;
    open_user(&adele, &demo, "adele").await;
    judge(&adele, "admin-user-superuser").await;
    adele.open(format!("{}/admin/prepare/", demo.url())).await;
    judge(&adele, "admin-prepare").await;
    adele.find("#upn").await.send_keys("lee").await.expect("it can be typed into");
    adele.click(".fields button").await;
    adele.find(".fault").await;
    judge(&adele, "admin-prepare-fault").await;
    adele.run("document.querySelector('#upn').value = 'lee@contoso.example'").await;
    adele.click(".fields button").await;
    adele.find(".person").await;
    judge(&adele, "admin-user-prepared").await;
    for (path, page) in [
        ("", "admin-list"),
        ("?q=nobody-at-all", "admin-list-empty"),
        ("findings/", "admin-findings"),
        ("users/none/", "admin-missing"),
    ] {
        adele.open(format!("{}/admin/{path}", demo.url())).await;
        judge(&adele, page).await;
    }
    adele.open(format!("{}/admin/findings/", demo.url())).await;
    adele.click("form.actions button").await;
    adele.find("section[aria-labelledby='live'] .findings").await;
    judge(&adele, "admin-findings-live").await;
}

async fn judge(chromium: &Chromium, page: &str) {
    take(chromium, page).await;
    assert_accessible(chromium, page).await;
}
