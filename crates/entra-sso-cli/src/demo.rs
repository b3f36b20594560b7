//! `entra-sso demo`: a local Microsoft, a small application and its users, in one process.
//!
//! [`which_microsoft`] decides first, from the environment alone, and everything else follows from that: the
//! [`database`] must carry the right mark, the sockets the right addresses, the pages the right banner. The
//! [`application`] is made with the public API of `entra-sso` only.

mod application;
mod banner;
mod claim_meanings;
mod database;
mod greeting;
mod headers;
mod live_checks;
mod pages;
mod server;
mod which_microsoft;

use std::process::ExitCode;

use entra_emulator::{Emulator, Stand};
use entra_sso::{EntraSso, checks::RegisteredUrls, settings::Settings};

use crate::{
    command_line::DemoArguments,
    demo::{application::Application, database::Database, greeting::Greeting, which_microsoft::Microsoft},
    environment::Environment,
    failure::Failure,
    local_microsoft::{self, Wanted},
    logging,
    stop::Stop,
    stores,
};

pub(crate) async fn run(arguments: DemoArguments, environment: &Environment) -> Result<ExitCode, Failure> {
    let stop = Stop::on_signals()?;
    logging::start(environment)?;
    match which_microsoft::decide(environment)? {
        Microsoft::Emulator => with_emulator(arguments, environment, stop).await?,
        Microsoft::Real => with_real_microsoft(arguments, environment, stop).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Everything on loopback, everything new in this run.
async fn with_emulator(arguments: DemoArguments, environment: &Environment, stop: Stop) -> Result<(), Failure> {
    let DemoArguments { listen, emulator_listen, database, auto_sign_in, authority } = arguments;
    let stand = authority.map_or(Stand::V2, Stand::from);
    which_microsoft::may_serve_emulator(&listen)?;
    let listeners = listen.bind("--listen").await?;
    let database = Database::for_emulator(database, environment).await?;
    let wanted = Wanted {
        listen: &emulator_listen,
        listen_flag: "--emulator-listen",
        directory: None,
        auto_sign_in,
        stand,
        https: false,
    };
    let emulator = local_microsoft::start(wanted).await?;
    let variables = emulator.env_of(stand).into_iter().map(|(name, value)| (name.to_owned(), value));
    let mut settings = Settings::from_vars(environment.with(variables).vars())?;
    which_microsoft::may_name_emulator(&settings)?;
    settings.auto_create_first_superuser |= has_first_superuser(&settings, stand, environment);
    let sso = assemble(settings, &database).await?;
    let urls = RegisteredUrls::new(sso.settings(), &listeners.url());
    register(&emulator, stand, sso.settings(), &listeners.url())?;
    let microsoft = format!("a local emulator at {}", emulator.url().as_str().trim_end_matches('/'));
    let greeting = Greeting {
        microsoft: &microsoft,
        emulator: Some((&emulator, stand)),
        database: &database,
        urls: &urls,
        checks: Some(&sso.check_live().await),
        here: &listeners.url(),
    };
    println!("{}", greeting.text());
    server::run(Application::new(sso, Microsoft::Emulator, microsoft).router(), listeners, stop).await?;
    emulator.stop().await;
    Ok(())
}

/// Users in the file. Sessions and keys end with this process, and are meant to, unless the settings name stores.
async fn assemble(mut settings: Settings, database: &Database) -> Result<EntraSso, Failure> {
    const MEANT: [&str; 2] = ["sso.W060", "sso.W062"];
    settings.silenced_checks.extend(MEANT.map(str::to_owned));
    let (redis, sessions) = stores::open(&settings).await?;
    let mut builder = EntraSso::builder(settings).managed_users(database.users().await?);
    if let Some(redis) = redis {
        builder = builder.redis(redis);
    }
    if let Some(sessions) = sessions {
        builder = builder.database(sessions);
    }
    Ok(builder.build()?)
}

/// Whether the first to sign in becomes superuser: where an administrator makes the accounts, unless the environment says it.
fn has_first_superuser(settings: &Settings, stand: Stand, environment: &Environment) -> bool {
    let self_made = matches!(stand, Stand::B2c | Stand::External | Stand::Personal);
    let is_said = environment.vars().any(|(name, _)| name == "MICROSOFT_SSO_AUTO_CREATE_FIRST_SUPERUSER");
    !self_made && !settings.allow_any_tenant && !is_said
}

/// As an administrator would in Microsoft's portal; under both names that a browser on this machine may use.
fn register(emulator: &Emulator, stand: Stand, settings: &Settings, here: &str) -> Result<(), Failure> {
    let directory = emulator.directory();
    for here in [here.to_owned(), here.replacen("//localhost", "//127.0.0.1", 1)] {
        let urls = RegisteredUrls::new(settings, &here);
        let addresses = [Some(&urls.callback), Some(&urls.post_logout).filter(|_| settings.slo_enabled)];
        for uri in addresses.into_iter().flatten() {
            directory.add_redirect_uri(stand.app(), uri).map_err(Failure::new)?;
        }
    }
    let told = RegisteredUrls::new(settings, here).front_channel_logout;
    directory.change_app(stand.app(), |app| app.logout_url = Some(told)).map_err(Failure::new)
}

/// Microsoft itself, or whatever the environment names in its place.
async fn with_real_microsoft(arguments: DemoArguments, environment: &Environment, stop: Stop) -> Result<(), Failure> {
    let DemoArguments { listen, database, auto_sign_in, authority, .. } = arguments;
    if authority.is_some() {
        return Err(Failure::new(
            "--authority: it says what the local Microsoft is, and the environment names another one; leave the flag out",
        ));
    }
    if let Some(upn) = auto_sign_in {
        return Err(Failure::new(format_args!(
            "--auto-sign-in {upn}: only the local Microsoft signs anyone in without asking, and the environment names \
             another one; leave the flag out"
        )));
    }
    let settings = Settings::from_vars(environment.vars())?;
    which_microsoft::may_serve_real(&settings, &listen)?;
    let listeners = listen.bind("--listen").await?;
    let database = Database::for_real_microsoft(database, environment).await?;
    let sso = assemble(settings, &database).await?;
    let urls = RegisteredUrls::new(sso.settings(), &listeners.url());
    let microsoft = which_microsoft::description(&sso);
    let greeting = Greeting {
        microsoft: &microsoft,
        emulator: None,
        database: &database,
        urls: &urls,
        checks: None,
        here: &listeners.url(),
    };
    println!("{}", greeting.text());
    let checks = live_checks::told_later(&sso);
    let served = server::run(Application::new(sso, Microsoft::Real, microsoft).router(), listeners, stop).await;
    checks.abort();
    served
}
