//! The whole journey.

use crate::{
    browser::{
        chromium::Chromium,
        picker::{ADELE, ALEX, account, sign_in},
    },
    process::demo,
};

#[tokio::test]
async fn through_the_picker_to_a_profile_and_out_again() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    chromium.open(demo.url()).await;
    assert!(chromium.text().await.contains("This is not Microsoft"));

    chromium.click(".entra-sso-button").await;
    chromium.find(&account(ADELE)).await;
    assert!(chromium.url().await.starts_with(demo.emulator_url()), "{}", chromium.url().await);
    chromium.click(&account(ADELE)).await;

    chromium.find(".visitor form").await;
    assert_eq!(chromium.url().await.trim_end_matches(['#', '/']), demo.url());
    assert!(chromium.text().await.contains("Hello, Adele Vance"), "{}", chromium.text().await);

    chromium.open(format!("{}/profile", demo.url())).await;
    let profile = chromium.text().await;
    for expected in ["Adele Vance", ADELE, "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f", "preferred_username", "Editor"] {
        assert!(profile.contains(expected), "{expected}: {profile}");
    }
    let drawn = chromium.run("return document.querySelector('img.portrait.large').naturalWidth").await;
    assert!(drawn.as_u64() > Some(0), "the picture is not shown: {drawn}");

    chromium.open(format!("{}/private", demo.url())).await;
    assert!(chromium.text().await.contains("OK user=adele@contoso.example"));

    chromium.click(".visitor form button").await;
    chromium.find(".entra-sso-button").await;
    assert!(!chromium.text().await.contains("Adele"), "{}", chromium.text().await);
}

#[tokio::test]
async fn a_protected_page_is_where_one_comes_back_to() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    chromium.open(format!("{}/profile?from=a%20link", demo.url())).await;
    chromium.click(&account(ALEX)).await;
    chromium.find(".portrait.large.initials").await;
    let came_back_to = chromium.url().await;
    assert_eq!(came_back_to.trim_end_matches('#'), format!("{}/profile?from=a%20link", demo.url()));
    assert!(chromium.text().await.contains(ALEX));
}

#[tokio::test]
async fn another_account_can_be_chosen() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    sign_in(&chromium, &demo, ADELE).await;
    chromium.click("a.card[href*='prompt=select_account']").await;
    chromium.click(&account(ALEX)).await;
    chromium.find(".visitor form").await;
    assert!(chromium.text().await.contains("Hello, Alex Wilber"), "{}", chromium.text().await);
}

/// S19: the request comes to 127.0.0.1, the callback is on localhost.
#[tokio::test]
async fn s19_another_callback_host_moves_the_sign_in_there_first() {
    let chromium = Chromium::start().await;
    let port = free_port();
    let listen = format!("localhost:{port}");
    let demo = crate::process::entra_sso(["demo", "--listen", &listen, "--emulator-listen", "127.0.0.1:0"])
        .env("MICROSOFT_SSO_CALLBACK_DOMAIN", &listen)
        .env("MICROSOFT_SSO_ALLOWED_HOSTS", format!("localhost:{port},127.0.0.1:{port}"))
        .start()
        .await;
    chromium.open(format!("http://127.0.0.1:{port}/private")).await;
    chromium.click(&account(ADELE)).await;
    chromium.find("pre.sample").await;
    assert_eq!(chromium.url().await.trim_end_matches('#'), format!("{}/private", demo.url()));
    assert!(chromium.text().await.contains("OK user=adele@contoso.example"));
}

/// Free a moment ago, and nobody else is told.
fn free_port() -> u16 {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    socket.local_addr().expect("bound").port()
}
