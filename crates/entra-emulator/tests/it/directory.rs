//! The directory: TOML, references, changes.

mod customers;

use entra_emulator::{
    App, Audience, Browser, Directory, DirectoryError, Emulator, Group, Photo, Tenant, User, UserKind, seed,
};

use crate::flow::TokenAsk;
use crate::signer::Signer;

const TOML: &str = r#"
[[tenant]]
id = "aaaaaaaa-0000-4000-8000-000000000001"
name = "Tailspin"
domains = ["tailspin.example", "tailspin.onmicrosoft.example"]
region = "NA"

[[user]]
id = "bbbbbbbb-0000-4000-8000-000000000001"
tenant = "tailspin.example"
upn = "nia@tailspin.example"
name = "Nia Ray"
mail = "nia@tailspin.example"
language = "cy"
photo = true

[[user]]
id = "bbbbbbbb-0000-4000-8000-000000000002"
tenant = "tailspin.example"
upn = "zoe_home.example#EXT#@tailspin.example"
name = "Zoe"
guest = "zoe@home.example"
enabled = false

[[user]]
id = "00000000-0000-0000-1111-222233334444"
upn = "pim@outlook.example"
name = "Pim"
personal = true

[[group]]
id = "cccccccc-0000-4000-8000-000000000001"
tenant = "tailspin.example"
name = "Pilots"
members = ["nia@tailspin.example", "zoe@home.example"]

[[app]]
id = "dddddddd-0000-4000-8000-000000000001"
tenant = "tailspin.example"
name = "Tower"
audience = "multi_tenant"
redirect_uris = ["http://localhost/callback/"]
secrets = [{ value = "s3cret", expires = 1900000000 }]
optional_claims = ["email"]
roles = [{ value = "Controller", name = "Controllers" }]
role_assignments = [{ role = "Controller", to = "Pilots" }]
assignment_required = true
own_signing_key = true
"#;

/// Changes a text, one place at a time: each must be refused with these words.
fn mistakes(text: &str, rows: &[(&str, &str, &str)]) {
    for (from, to, expected) in rows {
        let wrong = text.replacen(from, to, 1);
        assert_ne!(wrong, text, "{from}");
        let error = Directory::from_toml(&wrong).expect_err("a mistake").to_string();
        assert!(error.contains(expected), "{from} -> {to}: {error}");
    }
}

#[tokio::test]
async fn a_written_directory_works() {
    let directory = Directory::from_toml(TOML).expect("a directory");
    let app = directory.app("dddddddd-0000-4000-8000-000000000001").expect("the app");
    assert_eq!((app.audience, app.secrets[0].expires), (Audience::MultiTenant, Some(1_900_000_000)));
    assert!(app.own_signing_key && app.assignment_required);
    let nia = directory.user("NIA@tailspin.example").expect("Nia");
    assert_eq!((nia.given_name.as_deref(), nia.photo.as_ref()), (Some("Nia"), Some(&Photo::Drawn)));
    let zoe = directory.user("zoe@home.example").expect("Zoe");
    assert!(matches!(&zoe.kind, UserKind::Guest { signs_in_as } if signs_in_as == "zoe@home.example"));
    assert!(!zoe.enabled);
    assert!(directory.user("pim@outlook.example").expect("Pim").is_personal());

    let emulator = Emulator::builder().directory(directory).start().await.expect("a start");
    let url = format!(
        "{}tailspin.example/oauth2/v2.0/authorize?client_id=dddddddd-0000-4000-8000-000000000001&response_type=code\
         &scope=openid&redirect_uri=http://localhost/callback/",
        emulator.url()
    );
    let browser = Browser::new();
    let visit = browser.start_at(url).stop_at("http://localhost/callback/");
    let page = visit.signing_in_as("nia@tailspin.example").await.expect("an answer");
    assert!(page.location().expect("a redirect").query().is_some_and(|query| query.starts_with("code=")));
}

#[test]
fn photos_can_be_drawn_written_or_of_a_size() {
    let svg = r#"{ type = "image/svg+xml", text = "<svg/>" }"#;
    for (written, expected) in [
        ("false", None),
        ("true", Some(Photo::Drawn)),
        (svg, Some(Photo::file("image/svg+xml", &b"<svg/>"[..]))),
        ("{ size = 4194304 }", Some(Photo::jpeg_of(4_194_304))),
    ] {
        let directory = Directory::from_toml(&TOML.replace("photo = true", &format!("photo = {written}")));
        let directory = directory.unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(directory.user("nia@tailspin.example").expect("Nia").photo, expected, "{written}");
    }
    let Photo::File { bytes, .. } = Photo::jpeg_of(4_194_304) else { panic!("a file") };
    assert_eq!((bytes.len(), &bytes[..3]), (4_194_304, &[0xFF, 0xD8, 0xFF][..]));
}

#[test]
fn mistakes_are_named_with_their_line() {
    let rows = [
        ("name = \"Tailspin\"", "nome = \"Tailspin\"", "line 4: unknown field `nome`"),
        ("name = \"Tailspin\"\n", "", "line 2: missing field `name`"),
        ("region = \"NA\"", "region = 7", "line 6: invalid type: integer `7`"),
        ("photo = true", "photo = \"yes\"", "line 15: photo: expected true, { type, text } or { size }"),
        ("[[group]]", "[[grupp]]", "unknown field `grupp`"),
        ("tenant = \"tailspin.example\"", "tenant = \"tailspin\"", "line 10: tenant: no tenant \"tailspin\""),
        ("personal = true", "enabled = true", "line 27: tenant: is missing (or say `personal = true`)"),
        ("\"zoe@home.example\"]", "\"zac\"]", "line 35: members: no user \"zac\" in this tenant"),
        ("to = \"Pilots\"", "to = \"Cooks\"", "line 46: role_assignments: no user or group \"Cooks\""),
        ("http://localhost/", "http://tower.example/", "line 42: redirect_uris: redirect URI"),
        ("audience = \"multi_tenant\"", "audience = \"all\"", "line 41: unknown variant `all`"),
        ("bbbbbbbb-0000-4000-8000-000000000001", "B", "user nia@tailspin.example, id: \"b\" is not a GUID"),
        ("role = \"Controller\"", "role = \"Pilot\"", "app Tower, role_assignments: no role \"Pilot\""),
        ("[[tenant]]", "[[tenant]", "line 2: "),
    ];
    mistakes(TOML, &rows);
    let twice =
        format!("{TOML}\n[[tenant]]\nid = \"aaaaaaaa-0000-4000-8000-000000000001\"\nname = \"T\"\ndomains = []\n");
    assert!(Directory::from_toml(&twice).expect_err("twice").to_string().contains("is taken"));
}

#[tokio::test]
async fn changes_are_checked_as_a_whole() {
    let emulator = Emulator::start().await.expect("a start");
    let directory = emulator.directory();
    let before = directory.snapshot();
    let unknown = "11111111-2222-4333-8444-555555555555";
    let refused: Vec<Result<(), DirectoryError>> = vec![
        directory.add_tenant(Tenant::new(seed::CONTOSO, "Again", "again.example")),
        directory.add_tenant(Tenant::new(unknown, "Again", "Contoso.Example")),
        directory.add_tenant(Tenant::new("no guid", "Again", "again.example")),
        directory.add_user(User::member(unknown, unknown, "x@contoso.example", "X")),
        directory.add_user(User::member(unknown, seed::CONTOSO, "ADELE@contoso.example", "X")),
        directory.add_user(User::member(seed::ADELE_ID, seed::CONTOSO, "x@contoso.example", "X")),
        directory.add_app(App::new(seed::APP_ID, seed::CONTOSO, "Again")),
        directory.add_group(Group::new(unknown, seed::CONTOSO, "G").member(unknown)),
        directory.add_redirect_uri(unknown, "http://localhost/"),
        directory.add_redirect_uri(seed::APP_ID, "http://evil.example/"),
        directory.change_app(seed::APP_ID, |app| app.tenant = unknown.to_owned()),
        directory.change_app(seed::APP_ID, |app| app.logout_url = Some("http://evil.example/".to_owned())),
        directory.change_user("nobody", |user| user.enabled = false),
        directory.remove_user("nobody"),
    ];
    for (index, result) in refused.iter().enumerate() {
        assert!(result.is_err(), "change {index}");
    }
    assert_eq!(directory.snapshot(), before, "nothing was changed");
    let uris = || directory.app(seed::APP_ID).expect("the app").redirect_uris.len();
    directory.add_redirect_uri(seed::APP_ID, "http://127.0.0.1:8000/x").expect("allowed");
    directory.add_redirect_uri(seed::APP_ID, "http://127.0.0.1:8000/x").expect("allowed");
    assert_eq!(uris(), 2);
    directory.remove_user(seed::ADELE).expect("removed, with her memberships");
    assert!(directory.snapshot().groups.iter().all(|group| group.members.is_empty()));
}

/// The directory with every kind of credential, by the key of `signer`.
fn with_credentials(signer: &Signer) -> String {
    let jwks = signer.jwks("the-key");
    let credentials = format!(
        r#"
certificates = ["""
{pem}"""]
certificate_subjects = [{{ name = "tower", authority = """
{pem}""" }}]
federated_credentials = [
    {{ name = "actions", issuer = "https://actions.example", subject = "repo:one", audience = "exchange", jwks = '{jwks}' }},
    {{ name = "cluster", issuer = "http://localhost:8400/_workload", subject = "system:serviceaccount:a:b", audience = "exchange" }},
]

[[managed_identity]]
client_id = "eeeeeeee-0000-4000-8000-000000000001"
id = "eeeeeeee-0000-4000-8000-000000000002"
tenant = "tailspin.example"
name = "tower"
"#,
        pem = signer.pem
    );
    format!("{TOML}{credentials}")
}

#[tokio::test]
async fn written_credentials_work() {
    let signer = Signer::new(0, "tower");
    let directory = Directory::from_toml(&with_credentials(&signer)).expect("a directory");
    let app = &directory.apps[0];
    assert_eq!((app.certificates.len(), app.certificate_subjects.len(), app.federated_credentials.len()), (1, 1, 2));
    assert_eq!(directory.managed_identities[0].tenant, "aaaaaaaa-0000-4000-8000-000000000001");
    let emulator = Emulator::builder().directory(directory).start().await.expect("a start");
    let claims = serde_json::json!({
        "iss": "https://actions.example", "sub": "repo:one", "aud": "exchange", "exp": emulator.clock().now() + 300,
    });
    let assertion = signer.sign(&serde_json::json!({ "alg": "RS256", "kid": "the-key" }), &claims);
    let ask = TokenAsk::app(&emulator, "https://graph.microsoft.com/.default")
        .at(&emulator, "tailspin.example")
        .set("client_id", "dddddddd-0000-4000-8000-000000000001")
        .without("client_secret")
        .set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .set("client_assertion", &assertion);
    assert_eq!(ask.send().await.summary(), "200 - null");
}

#[test]
fn mistakes_in_credentials_are_named() {
    let text = with_credentials(&Signer::new(0, "tower"));
    let rows = [
        ("-----BEGIN CERTIFICATE-----", "-----BEGIN-----", "line 50: certificate: "),
        ("'{\"keys\"", "'{\"kees\"", "federated credential actions, jwks: has no list `keys`"),
        ("name = \"actions\"", "name = \"a\"", "a name has 3 to 120 letters"),
        ("issuer = \"https://actions", "issuer = \"http://actions", "is neither https nor http on loopback"),
        ("client_id = \"eeeeeeee", "client_id = \"eeee", "managed identity tower, client_id"),
    ];
    mistakes(&text, &rows);
}

#[test]
fn the_directory_of_the_readme_loads() {
    let readme = include_str!("../../README.md");
    let start = readme.find("```toml\n").expect("a TOML block") + "```toml\n".len();
    let end = readme[start..].find("```").expect("its end") + start;
    let directory = Directory::from_toml(&readme[start..end]).expect("a directory");
    assert_eq!((directory.users.len(), directory.apps.len()), (1, 1));
}
