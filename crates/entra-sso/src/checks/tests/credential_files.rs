//! F-03 to F-07: what is wrong with a credential is said by its setting, without any of its content.

use entra_oidc::{Clock, Secret, Timestamp};

use super::{super::*, TENANT, files, ids, with};
use crate::settings::{CredentialSettings, Sources};

/// 2027-01-15
const NOW: Timestamp = Timestamp::from_unix(1_799_971_200);

fn found(settings: &Settings) -> Vec<Finding> {
    let stores = Stores { users_in_memory: false, sessions: Kept::Shared, used_states: Kept::Shared };
    check_with_stores(settings, &stores, Vec::new(), NOW)
}

/// Sound settings with this credential in place of the secret.
fn proven_by(toml: &str) -> Settings {
    let mut settings = with(toml);
    settings.client_secret = None;
    settings
}

#[test]
fn a_token_file_that_cannot_be_used_is_named_with_its_setting() {
    let (good, empty) = (files::token("token"), files::file("empty-token", b" \n"));
    let folder = std::env::temp_dir().to_str().unwrap().to_owned();
    let missing = format!("{folder}/not-there/token");
    let long = files::file("long-token", "canary.".repeat(20_000).as_bytes());
    let binary = files::file("binary-token", b"canary\xff");
    for (path, is_good) in
        [(&good, true), (&empty, false), (&folder, false), (&missing, false), (&long, false), (&binary, false)]
    {
        let own = proven_by(&format!("federated_token_file = '{path}'"));
        let vars = [("AZURE_FEDERATED_TOKEN_FILE", path.as_str())];
        let platform = Sources::new().toml("tenant_id = 'contoso.example'").vars(vars).load();
        let listed = proven_by(&format!("[[credential]]\nfederated_token_file = '{path}'"));
        for (settings, name) in [
            (own, "`federated_token_file`"),
            (platform, "`AZURE_FEDERATED_TOKEN_FILE`"),
            (listed, "`[[credential]]` number 1"),
        ] {
            let findings: Vec<Finding> = found(&settings).into_iter().filter(|it| it.id == "sso.E025").collect();
            assert_eq!(findings.is_empty(), is_good, "{path} {name}");
            for finding in findings {
                let text = finding.to_string();
                assert!(text.contains(name) && text.contains(path.as_str()) && !text.contains("canary"), "{text}");
            }
        }
    }
}

#[test]
fn a_certificate_that_cannot_be_used_is_named_with_its_setting() {
    let (certificate, key) = files::certificate_until((2100, 1));
    let (other, _) = files::certificate_until((2099, 1));
    let folder = std::env::temp_dir().to_str().unwrap().to_owned();
    let both = files::file("both.pem", format!("{certificate}{key}").as_bytes());
    let pfx_answer = if cfg!(feature = "pfx") { "sso.E026" } else { "sso.E029" };
    for (name, path, expected) in [
        ("both", both.clone(), None),
        ("the key first", files::file("key-first.pem", format!("{key}{certificate}").as_bytes()), None),
        ("a certificate without its key", files::file("no-key.pem", certificate.as_bytes()), Some("sso.E026")),
        ("a key without its certificate", files::file("no-certificate.pem", key.as_bytes()), Some("sso.E026")),
        (
            "a broken certificate",
            files::file("broken.pem", format!("{}{key}", &other[..200]).as_bytes()),
            Some("sso.E026"),
        ),
        ("no file", format!("{folder}/not-there.pem"), Some("sso.E026")),
        ("a folder", folder, Some("sso.E026")),
        ("nothing in it", files::file("empty.pem", b""), Some("sso.E026")),
        ("white space in it", files::file("blank.pem", b" \n"), Some("sso.E026")),
        ("no PEM", files::file("not-a.pfx", b"canary"), Some(pfx_answer)),
        (
            "too long",
            files::file("long.pem", format!("{certificate}{key}{}", " ".repeat(70_000)).as_bytes()),
            Some("sso.E026"),
        ),
    ] {
        let findings = found(&proven_by(&format!("client_certificate_path = '{path}'")));
        assert_eq!(ids(&findings), expected.as_slice(), "{name} {findings:#?}");
        for finding in findings {
            let text = finding.to_string();
            assert!(text.contains("`client_certificate_path`") && text.contains(&path), "{text}");
            assert!(!text.contains("canary") && !text.contains("MII"), "Z1: {text}");
            assert_eq!(text.contains("is empty"), name.ends_with("in it"), "{name}: {text}");
        }
    }
    let password = proven_by(&format!("client_certificate_path = '{both}'\nclient_certificate_password = 'canary'"));
    let findings = found(&password);
    assert_eq!(ids(&findings), ["sso.E026"]);
    assert!(findings[0].remedy.contains("`client_certificate_password`"), "{}", findings[0]);
    assert!(!findings[0].to_string().contains("canary"), "Z1: {}", findings[0]);
}

#[test]
fn what_has_expired_or_soon_will_is_told() {
    for (until, expected) in
        [((2027, 1), Some("sso.E027")), ((2026, 6), Some("sso.E027")), ((2027, 2), Some("sso.W021")), ((2027, 3), None)]
    {
        let (certificate, key) = files::certificate_until(until);
        let path = files::file(&format!("until-{}-{}.pem", until.0, until.1), format!("{certificate}{key}").as_bytes());
        let findings = found(&proven_by(&format!("client_certificate_path = '{path}'")));
        assert_eq!(ids(&findings), expected.as_slice(), "{until:?} {findings:#?}");
        assert!(findings.iter().all(|finding| finding.cause.contains("`client_certificate_path`")), "{findings:?}");
        let is_refused = crate::EntraSso::builder(proven_by(&format!("client_certificate_path = '{path}'")))
            .clock(Clock::from_fn(|| NOW))
            .build()
            .is_err();
        assert_eq!(is_refused, expected == Some("sso.E027"), "{until:?}");
        // In a list it is told, and does no harm while another one is left.
        let list =
            format!("[[credential]]\nclient_certificate_path = '{path}'\n[[credential]]\nclient_secret = 'x8Q~other'");
        let in_a_list = expected.map(|id| if id == "sso.E027" { "sso.W023" } else { id });
        assert_eq!(ids(&found(&proven_by(&list))), in_a_list.as_slice(), "{until:?}");
        let list = format!(
            "[[credential]]\nclient_certificate_path = '{path}'\n[[credential]]\nclient_certificate_path = '{path}'"
        );
        let twice: Vec<&str> = expected.into_iter().chain(expected).collect();
        assert_eq!(ids(&found(&proven_by(&list))), twice, "{until:?}");
    }
    // `{"exp":1}`, and one that ends in 2033.
    for (payload, expected) in [("eyJleHAiOjF9", Some("sso.E027")), ("eyJleHAiOjIwMDAwMDAwMDB9", None)] {
        let findings = found(&proven_by(&format!("client_assertion = 'eyJhbGciOiJSUzI1NiJ9.{payload}.c2ln'")));
        assert_eq!(ids(&findings), expected.as_slice(), "{payload} {findings:#?}");
        assert!(findings.iter().all(|finding| !finding.to_string().contains(payload)), "Z1: {findings:?}");
    }
    for (date, expected) in [
        ("2026-12-31", Some("sso.W023")),
        ("2027-01-15", Some("sso.W023")),
        ("2027-01-16", Some("sso.W021")),
        ("2027-02-14", Some("sso.W021")),
        ("2027-02-15", None),
    ] {
        let findings = found(&with(&format!("client_secret_expires = {date}")));
        assert_eq!(ids(&findings), expected.as_slice(), "{date} {findings:#?}");
    }
}

#[test]
fn f06_managed_identities_are_user_assigned_and_built_in() {
    let expected = if cfg!(feature = "managed-identity") { None } else { Some("sso.E029") };
    let findings = found(&proven_by(&format!("managed_identity_client_id = '{TENANT}'")));
    assert_eq!(ids(&findings), expected.as_slice());
    assert!(findings.iter().all(|finding| finding.remedy.contains("cargo feature `managed-identity`")));
    for wrong in ["system", "99999999888877776666555555555555"] {
        let findings = found(&proven_by(&format!("managed_identity_client_id = '{wrong}'")));
        assert_eq!(ids(&findings), ["sso.E024"], "{wrong}");
        assert_eq!(findings[0].setting, Some("managed_identity_client_id"));
    }
}

#[test]
fn f07_a_list_stands_alone_and_each_table_has_one_kind() {
    let token = files::token("list-token");
    for (toml, expected) in [
        (format!("[[credential]]\nclient_secret = 'x8Q~a'\n[[credential]]\nfederated_token_file = '{token}'"), None),
        (
            "[[credential]]\nclient_secret = 'x8Q~a'\nsecret_in_header = true\nclient_secret_expires = 2099-01-01"
                .to_owned(),
            None,
        ),
        ("[[credential]]\nsend_certificate_chain = true".to_owned(), Some("sso.E024")),
        ("[[credential]]\nclient_secret = 'a'\nclient_assertion = 'b.c.d'".to_owned(), Some("sso.E024")),
        ("[[credential]]\nclient_secret = 'a'\nclient_certificate_password = 'b'".to_owned(), Some("sso.E024")),
        (
            format!("[[credential]]\nfederated_token_file = '{token}'\nclient_secret_expires = 2099-01-01"),
            Some("sso.E024"),
        ),
        ("client_assertion = 'a.b.c'\n[[credential]]\nclient_secret = 'b'".to_owned(), Some("sso.E023")),
        (format!("managed_identity_client_id = '{TENANT}'\n[[credential]]\nclient_secret = 'b'"), Some("sso.E023")),
        ("client_secret_expires = 2099-01-01\n[[credential]]\nclient_secret = 'b'".to_owned(), Some("sso.E023")),
        ("send_certificate_chain = true\n[[credential]]\nclient_secret = 'b'".to_owned(), Some("sso.E023")),
    ] {
        let findings = found(&proven_by(&toml));
        assert_eq!(ids(&findings), expected.as_slice(), "{toml} {findings:#?}");
    }
    let settings = with("[[credential]]\nclient_secret = 'x8Q~a'");
    assert_eq!(ids(&found(&settings)), ["sso.E023"], "`client_secret` stands beside it");
    let listed = proven_by("[[credential]]\nclient_secret = 'x8Q~a'\n[[credential]]\nclient_secret = 'x8Q~b'");
    assert_eq!(listed.registration().unwrap().credentials().len(), 2, "F-07: tried in this order");
}

#[test]
fn f03_what_is_not_used_is_told_and_never_tried() {
    let token = files::token("unused-token");
    for (toml, unused) in [
        (format!("federated_token_file = '{token}'"), "`federated_token_file`"),
        ("client_assertion = 'a.b.c'".to_owned(), "`client_assertion`"),
        ("client_certificate_path = '/not/there.pem'".to_owned(), "`client_certificate_path`"),
        ("client_certificate_password = 'x'".to_owned(), "`client_certificate_password`"),
        ("client_assertion_type = 'urn:x'".to_owned(), "`client_assertion_type`"),
        (format!("managed_identity_client_id = '{TENANT}'"), "`managed_identity_client_id`"),
    ] {
        let settings = with(&toml);
        let findings = found(&settings);
        assert_eq!(ids(&findings), ["sso.W022"], "{toml} {findings:#?}");
        assert!(findings[0].cause.contains(unused) && findings[0].cause.contains("`client_secret` comes before"));
        assert_eq!(settings.registration().unwrap().credentials().len(), 1, "{toml}");
    }
}

#[test]
fn z1_a_credential_that_cannot_be_sent_is_not_shown() {
    let mut settings = with("");
    settings.client_secret = Some(Secret::new("canary\ncanary"));
    let mut listed = proven_by("");
    listed.credential =
        vec![CredentialSettings { client_secret: Some(Secret::new("canary\u{7}")), ..Default::default() }];
    let assertion = proven_by("client_assertion = 'canary canary'");
    for settings in [settings, listed, assertion] {
        let findings = found(&settings);
        assert_eq!(ids(&findings), ["sso.E024"], "{findings:#?}");
        assert!(!format!("{findings:?}").contains("canary"), "{findings:#?}");
    }
}

/// Pairs that Microsoft does not offer are refused at the start.
#[test]
fn an_authority_that_does_not_take_the_credential_refuses_it() {
    let (token, certificate) = (files::token("pairs-token"), files::sound_certificate("pairs.pem"));
    let b2c = format!("b2c_tenant_name = 'contosob2c'\nb2c_policy = 'B2C_1_susi'\ntenant_id = '{TENANT}'");
    let external = "authority = 'https://contosocustomers.ciamlogin.com'".to_owned();
    let consumers = "tenant_id = 'consumers'\nallowable_domains = ['*']".to_owned();
    let v1 = "endpoint_version = 'v1'".to_owned();
    let work = "tenant_id = 'contoso.example'".to_owned();
    let assertion = "client_assertion = 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln'".to_owned();
    let file = format!("federated_token_file = '{token}'");
    let pem = format!("client_certificate_path = '{certificate}'");
    for (authority, credential, is_offered) in [
        (&work, &assertion, true),
        (&work, &file, true),
        (&work, &pem, true),
        (&v1, &assertion, true),
        (&v1, &file, true),
        (&v1, &pem, true),
        (&external, &file, true),
        (&external, &pem, true),
        (&b2c, &assertion, false),
        (&b2c, &file, false),
        (&b2c, &pem, false),
        (&consumers, &pem, true),
        (&consumers, &assertion, false),
        (&consumers, &file, false),
    ] {
        let findings = found(&proven_by(&format!("{authority}\n{credential}")));
        let expected: &[&str] = if is_offered { &[] } else { &["sso.E028"] };
        assert_eq!(ids(&findings), expected, "{authority} {credential} {findings:#?}");
    }
    for authority in [&work, &v1, &external, &b2c, &consumers] {
        assert_eq!(ids(&found(&with(authority))), [""; 0], "every authority takes a secret: {authority}");
    }
}
