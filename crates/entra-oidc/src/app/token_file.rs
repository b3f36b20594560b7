use std::{
    fs::{self, File},
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{
    app::{
        client_assertion::{JWT_BEARER, LIMIT, check_assertion, check_type},
        client_proof::ClientProof,
    },
    error::{ConfigError, ConfigErrorKind, SignInError, SignInErrorKind},
    secret::Secret,
};

/// A file with a client assertion in it that somebody renews, such as Kubernetes' projected service account token
/// (<https://azure.github.io/azure-workload-identity/>). It is read again for every exchange, for it is rotated.
#[derive(Clone, Debug)]
pub struct TokenFile {
    path: PathBuf,
    of_type: String,
}

impl TokenFile {
    /// The file at this path.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), of_type: JWT_BEARER.to_owned() }
    }

    /// Another `client_assertion_type`. Default `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    #[must_use]
    pub fn assertion_type(mut self, uri: impl Into<String>) -> Self {
        self.of_type = uri.into();
        self
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        check_type(&self.of_type)?;
        self.read().map(|_| ()).map_err(|detail| ConfigError::new(ConfigErrorKind::CredentialSource, detail))
    }

    pub(super) fn prove(&self) -> Result<ClientProof, SignInError> {
        let assertion =
            self.read().map_err(|detail| SignInError::new(SignInErrorKind::CredentialUnavailable, detail))?;
        Ok(ClientProof::Assertion { of_type: self.of_type.clone(), assertion })
    }

    /// The assertion as it stands there now. The error names the path, never the content.
    fn read(&self) -> Result<Secret, String> {
        let refuse = |why: &str| format!("the token file {}: {why}", self.path.display());
        let failed = |error: std::io::Error| refuse(&reason(error.kind()));
        // Asked before it is opened: opening a pipe would wait for whoever writes into it.
        let about = fs::metadata(&self.path).map_err(failed)?;
        if !about.is_file() {
            return Err(refuse("not a file"));
        }
        let mut content = Zeroizing::new(Vec::with_capacity(LIMIT + 1));
        let mut file = File::open(&self.path).map_err(failed)?.take(LIMIT as u64 + 1);
        file.read_to_end(&mut content).map_err(failed)?;
        if content.len() > LIMIT {
            return Err(refuse("over 64 KiB"));
        }
        let assertion = std::str::from_utf8(&content).map_err(|_| refuse("not text"))?.trim();
        check_assertion(assertion).map_err(refuse)?;
        Ok(Secret::new(assertion))
    }
}

/// The standard library says "entity not found".
fn reason(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "this process may not read it".to_owned(),
        other => other.to_string(),
    }
}
