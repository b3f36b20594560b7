//! `--authority`: each kind of authority, a whole sign-in through the command.

use crate::{plain_client::PlainClient, process::demo};

/// The kind, who comes first in its directory, and what its tokens come from.
const KINDS: &[(&str, &str, &str)] = &[
    ("v2", "adele@contoso.example", "https://login.microsoftonline.com/8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f/v2.0"),
    ("v1", "adele@contoso.example", "https://sts.windows.net/8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f/"),
    ("b2c", "robin@mail.example", "https://contosob2c.b2clogin.com/"),
    // External ID gives its users a principal name of their object id.
    ("external", "1a2b3c4d-000a-4000-8000-0000000005a3@contosocustomers.onmicrosoft.com", ".ciamlogin.com/"),
    ("personal", "pat@outlook.example", "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"),
    (
        "government",
        "adele@contoso.example",
        "https://login.microsoftonline.us/8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f/v2.0",
    ),
];

#[tokio::test]
async fn the_first_account_of_each_kind_signs_in() {
    for (kind, user, issuer) in KINDS {
        let demo = demo(["--authority", kind, "--auto-sign-in", "first"]).start().await;
        let mut client = PlainClient::new();
        let private = client.get(&format!("{}/private", demo.url())).await;
        assert_eq!(private.status, 200, "{kind}: {}", private.body);
        assert_eq!(private.body, format!("OK user={user}"), "{kind}");
        let profile = client.asking_for("text/html").get(&format!("{}/profile", demo.url())).await;
        let profile = profile.body.replace("&#x2f;", "/");
        assert!(profile.contains(issuer), "{kind}: {profile}");
        let edits = profile.contains("/microsoft_sso/edit_profile/?next=%2Fprofile");
        assert_eq!(edits, *kind == "b2c", "{kind}: only user flows edit profiles");
    }
}

#[tokio::test]
async fn an_authority_is_chosen_for_the_local_microsoft_only() {
    let mut demo = demo(["--authority", "b2c"]);
    for name in ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"] {
        demo = demo.env(name, "given");
    }
    let finished = demo.finish().await;
    assert!(finished.refusal().contains("--authority"), "{finished:?}");
}
