//! The emulator, as the commands start it.

use entra_emulator::{AppSecret, Directory, Emulator, EmulatorError, Stand};

use crate::{command_line::LocalAuthority, failure::Failure, listen::Address, unguessable::unguessable};

/// How to start one.
pub(crate) struct Wanted<'a> {
    pub(crate) listen: &'a Address,
    /// What the caller typed for `listen`, for the error.
    pub(crate) listen_flag: &'a str,
    /// Absent: the seeded directory, with client secrets of this run.
    pub(crate) directory: Option<Directory>,
    pub(crate) auto_sign_in: Option<String>,
    /// It decides the cloud to speak for.
    pub(crate) stand: Stand,
    pub(crate) https: bool,
}

impl From<LocalAuthority> for Stand {
    fn from(authority: LocalAuthority) -> Stand {
        match authority {
            LocalAuthority::V2 => Stand::V2,
            LocalAuthority::V1 => Stand::V1,
            LocalAuthority::B2c => Stand::B2c,
            LocalAuthority::External => Stand::External,
            LocalAuthority::Personal => Stand::Personal,
            LocalAuthority::Government => Stand::Government,
        }
    }
}

/// Loopback only, keys and secret of this run.
pub(crate) async fn start(wanted: Wanted<'_>) -> Result<Emulator, Failure> {
    let Wanted { listen, listen_flag, directory, auto_sign_in, stand, https } = wanted;
    let directory = directory.unwrap_or_else(seeded_directory);
    let mut builder = Emulator::builder().listen(listen.to_string()).directory(directory).cloud(stand.cloud());
    if https {
        builder = builder.https();
    }
    if let Some(upn) = auto_sign_in {
        builder = builder.auto_sign_in(upn);
    }
    builder.start().await.map_err(|error| not_started(&error, listen, listen_flag))
}

/// The seed with client secrets of this run.
fn seeded_directory() -> Directory {
    let mut directory = Directory::default();
    for app in &mut directory.apps {
        app.secrets = vec![AppSecret::new(&unguessable())];
    }
    directory
}

fn not_started(error: &EmulatorError, listen: &Address, flag: &str) -> Failure {
    match error {
        EmulatorError::Bind { source, .. } => listen.not_bound(flag, source),
        EmulatorError::Address { .. } => Failure::new(format_args!("{flag}: {error}")),
        EmulatorError::NotLoopback { .. } => Failure::new(format_args!("{flag}: {error}; use localhost:PORT")),
        EmulatorError::UnknownUser(upn) => Failure::new(format_args!(
            "--auto-sign-in {upn}: nobody in the directory signs in with this name; for example adele@contoso.example"
        )),
        EmulatorError::Directory(error) => Failure::new(format_args!("--directory: {error}; correct the file")),
        error => Failure::new(error),
    }
}
