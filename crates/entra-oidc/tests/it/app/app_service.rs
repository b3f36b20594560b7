//! App Service says by its environment that it has identities, so its part is played by a child process: this same
//! test, with the emulator's address in its environment.

use std::{
    env,
    process::{Command, Output},
    time::Duration,
};

use entra_emulator::{Browser, Emulator, Endpoint, seed};
use entra_oidc::{
    Authority, AuthorizationResponse, Cloud, Credential, EntraClient, Guid, ManagedIdentity, ManualClock, Registration,
    ReqwestClient, ReqwestSettings, SignInOptions, Tenant, Timestamp,
};
use url::Url;

const NAME: &str = "app::app_service::somebody_signs_in_where_app_service_gives_the_identity";

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the test looks at what its own parent process has set")]
async fn somebody_signs_in_where_app_service_gives_the_identity() {
    if let Ok(address) = env::var("ENTRA_OIDC_TEST_EMULATOR") {
        let (url, now) = address.split_once(' ').unwrap();
        let account = sign_in(Url::parse(url).unwrap(), Timestamp::from_unix(now.parse().unwrap())).await;
        println!("signed in: {account}");
        return;
    }
    let emulator = Emulator::start().await.unwrap();
    let output = in_child_process(&emulator).await;
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(&format!("signed in: entra:{}/{}", seed::CONTOSO, seed::ADELE_ID)), "{said}");
    assert_eq!(emulator.journal().count(Endpoint::Token), 1);
}

async fn in_child_process(emulator: &Emulator) -> Output {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", NAME, "--nocapture"])
        .envs(emulator.app_service_env())
        .env("ENTRA_OIDC_TEST_EMULATOR", format!("{} {}", emulator.url(), emulator.clock().now()));
    tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap()
}

async fn sign_in(emulator: Url, now: Timestamp) -> String {
    let authority = Authority::entra(Cloud::Public, Tenant::parse(seed::CONTOSO).unwrap()).with_host(emulator).unwrap();
    let identity = ManagedIdentity::user_assigned(Guid::parse(seed::MANAGED_IDENTITY_CLIENT_ID).unwrap());
    let registration = Registration::new(Guid::parse(seed::APP_ID).unwrap(), Credential::from(identity));
    let client = EntraClient::builder(authority, registration)
        .http_client(ReqwestClient::new(&ReqwestSettings::new()).unwrap())
        .clock(ManualClock::at(now).clock())
        .build()
        .unwrap();
    let options = SignInOptions::new(Url::parse(seed::REDIRECT_URI).unwrap(), now.plus(Duration::from_mins(10)));
    let (url, pending) = client.begin(options).await.unwrap();
    let page = Browser::new().start_at(&url).stop_at(seed::REDIRECT_URI).signing_in_as(seed::ADELE).await.unwrap();
    let response = AuthorizationResponse::from_query(page.location().unwrap().query().unwrap()).unwrap();
    let (identity, _) = client.complete(pending, response).await.unwrap();
    identity.account().to_string()
}
