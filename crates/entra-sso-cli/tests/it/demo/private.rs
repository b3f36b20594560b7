//! `/private` for a program.

use crate::{plain_client::PlainClient, process::demo};

#[tokio::test]
async fn a_plain_client_signs_in_and_reads_one_line() {
    let demo = demo(["--auto-sign-in", "adele@contoso.example"]).start().await;
    let mut client = PlainClient::new();
    let private = format!("{}/private", demo.url());
    for round in ["led through the sign-in", "already signed in"] {
        let answer = client.get(&private).await;
        assert_eq!(answer.status, 200, "{round}: {}", answer.body);
        assert_eq!(answer.url.as_str().trim_end_matches('#'), private, "{round}");
        assert_eq!(answer.body, "OK user=adele@contoso.example", "{round}");
        assert!(answer.content_type.starts_with("text/plain"), "{round}: {}", answer.content_type);
    }
}

#[tokio::test]
async fn the_address_works_as_well_as_the_name() {
    let demo = demo(["--auto-sign-in", "alex@contoso.example"]).start().await;
    let private = format!("{}/private", demo.url().replace("localhost", "127.0.0.1"));
    let answer = PlainClient::new().get(&private).await;
    assert_eq!(answer.body, "OK user=alex@contoso.example", "{}", answer.url);
}

#[tokio::test]
async fn a_program_that_asks_for_json_is_told_where_to_sign_in() {
    let demo = demo([]).start().await;
    let answer = PlainClient::new().asking_for("application/json").get(&format!("{}/private", demo.url())).await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    assert!(answer.content_type.starts_with("application/json"), "{}", answer.content_type);
    assert!(answer.body.contains("/microsoft_sso/login/"), "{}", answer.body);
}
