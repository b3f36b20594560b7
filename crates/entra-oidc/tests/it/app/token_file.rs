use std::{
    fs,
    os::unix::{fs::PermissionsExt as _, net::UnixListener},
    path::{Path, PathBuf},
};

use entra_oidc::{ConfigErrorKind, Credential, SignInErrorKind, TokenFile};

use crate::app::{refused, world};

/// A directory that goes when the test ends.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("entra-oidc-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join("token");
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn the_file_is_read_again_for_every_exchange() {
    let place = Place::new("rotation");
    let path = place.file("first.jwt.x\n");
    let world = world(Credential::token_file(&path));
    assert_eq!(world.assertion().await, "first.jwt.x", "trimmed");
    fs::write(&path, "\n second.jwt.x ").unwrap();
    assert_eq!(world.assertion().await, "second.jwt.x");
    assert_eq!(world.client.registration().credential().expires_at(), None);

    // As Kubernetes does it: a link that changes.
    let rotated = place.0.join("rotated");
    fs::write(&rotated, "third.jwt.x").unwrap();
    fs::rename(&rotated, &path).unwrap();
    assert_eq!(world.assertion().await, "third.jwt.x");

    fs::remove_file(&path).unwrap();
    let error = world.exchange().await.unwrap_err();
    assert_eq!(error.kind(), SignInErrorKind::CredentialUnavailable);
    assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    place.file("fourth.jwt.x");
    assert_eq!(world.assertion().await, "fourth.jwt.x", "back again");
}

#[tokio::test]
async fn two_refreshes_send_what_stands_in_the_file_at_their_time() {
    use entra_oidc::{ExposedTokens, Timestamp};

    let place = Place::new("refresh");
    let path = place.file("first.jwt.x");
    let world = world(Credential::token_file(&path));
    let mut tokens = ExposedTokens::new("at", Timestamp::from_unix(0));
    tokens.refresh_token = Some("rt".to_owned());
    let tokens = tokens.conceal();
    for assertion in ["first.jwt.x", "second.jwt.x"] {
        fs::write(&path, assertion).unwrap();
        world.client.refresh(&tokens).await.unwrap();
        let form = world.microsoft.last_form();
        assert_eq!((&*form["grant_type"], &*form["client_assertion"]), ("refresh_token", assertion));
    }
}

#[tokio::test]
async fn another_type_of_assertion_can_be_said() {
    let place = Place::new("type");
    let file =
        TokenFile::new(place.file("a.b.c")).assertion_type("urn:ietf:params:oauth:client-assertion-type:saml2-bearer");
    let form = world(file.clone()).exchange().await.unwrap();
    assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:saml2-bearer");
    assert_eq!(refused(file.assertion_type("jwt")).kind(), ConfigErrorKind::ClientAssertion);
}

#[test]
fn z1_a_file_that_is_none_is_refused_by_its_path_and_not_its_content() {
    let place = Place::new("refused");
    let check = |name: &str, path: &Path| {
        let error = refused(Credential::token_file(path));
        assert_eq!(error.kind(), ConfigErrorKind::CredentialSource, "{name}: {error}");
        let text = error.to_string();
        assert!(text.contains(&path.display().to_string()), "{name}: {text}");
        assert!(!text.contains("canary"), "{name}: {text}");
    };
    check("missing", &place.0.join("nothing"));
    let missing = refused(Credential::token_file(place.0.join("nothing")));
    assert!(missing.detail().ends_with("there is no such file"), "{missing}");
    check("a directory", &place.0);
    let socket = place.0.join("socket");
    let _listener = UnixListener::bind(&socket).unwrap();
    check("a socket", &socket);
    for (name, content) in [
        ("empty", Vec::new()),
        ("blank", b" \n\t".to_vec()),
        ("two lines", b"canary\ncanary".to_vec()),
        ("not text", b"canary\xff".to_vec()),
        ("other letters", "canaryé".into()),
        ("over 64 KiB", b"canary".repeat(11_000)),
    ] {
        check(name, &place.file(content));
    }
    // Reading it from its start fails for everybody.
    check("not to be read", Path::new("/proc/self/mem"));
    let path = place.file("canary");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser reads everything.
    if fs::read(&path).is_err() {
        check("unreadable", &path);
    }
    let exactly = place.0.join("exactly");
    fs::write(&exactly, "a".repeat(64 * 1024)).unwrap();
    assert!(Credential::token_file(exactly).check(super::START).is_ok());
}
