//! `/private` for a program.

use crate::{plain_client::PlainClient, process::demo};

#[tokio::test]
async fn a_plain_client_signs_in_and_reads_one_line() {
    let demo = demo(["--auto-sign-in", "adele@contoso.example"]).start().await;
    let mut client = PlainClient::new();

    let private = format!("{}/private", demo.url());
    let stranger = client.get(&private).await;
    assert_eq!(stranger.status, 401, "{}", stranger.body);
    assert!(stranger.content_type.starts_with("application/json"), "{}", stranger.content_type);

    let answer = client.get(&format!("{}/microsoft_sso/login/?next=/private", demo.url())).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.url.as_str(), format!("{private}#"), "it comes back to where it wanted to be");
    assert_eq!(answer.body, "OK user=adele@contoso.example");
    assert!(answer.content_type.starts_with("text/plain"), "{}", answer.content_type);

    let again = client.get(&private).await;
    assert_eq!((again.status.as_u16(), again.body.as_str()), (200, "OK user=adele@contoso.example"));
}
