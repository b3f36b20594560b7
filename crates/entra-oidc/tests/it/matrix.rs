//! Every kind of authority with every kind of credential: a whole sign-in with the emulator on the other side, or a
//! refusal when the client is built.

mod column;
mod exchange;
mod row;
mod wire;

use entra_emulator::{Browser, Emulator, seed};
use entra_oidc::{
    AllowedTenants, Authority, AuthorizationResponse, ClientId, ConfigError, ConfigErrorKind, Credential, EntraClient,
    Identity, ManualClock, OpenIdProvider, Registration, Timestamp, TokenSet,
};

use crate::{
    client::scene::options,
    matrix::{column::Column, row::Row, wire::Wire},
};

#[tokio::test]
async fn every_pair_signs_in_or_is_refused_at_the_start() {
    let mut pairs = 0;
    for row in Row::all() {
        let emulator = Emulator::builder().cloud(row.scene.cloud).start().await.unwrap();
        let clock = ManualClock::at(Timestamp::from_unix(emulator.clock().now()));
        for column in Column::ALL {
            let pair = format!("{} with {column:?}", row.scene.name);
            let wire = Wire::to(&emulator);
            let credential = column.credential(&emulator, &row);
            match (client(&row, credential, &emulator, &clock, &wire), row.takes(column)) {
                (Ok(client), true) => {
                    let (identity, tokens) = sign_in(&client, &clock, row.scene.user).await;
                    row.check_identity(&identity, &pair);
                    row.check_key(&wire, &pair);
                    column.check_form(&wire, &pair);
                    row.check_form(&wire, &pair);
                    check_graph(&client, &row, &identity, &tokens, &pair).await;
                    pairs += 1;
                }
                (Err(error), false) => assert_eq!(error.kind(), ConfigErrorKind::CredentialNotAccepted, "{pair}"),
                (Ok(_), false) => panic!("{pair}: not refused"),
                (Err(error), true) => panic!("{pair}: {error}"),
            }
        }
    }
    assert_eq!(pairs, 11 * 8 - (4 + 1 + 6 + 1), "eleven rows, eight columns, less what does not exist");
}

#[test]
fn a_standard_provider_takes_secrets_and_certificates() {
    let authority = Authority::openid(OpenIdProvider::new("https://login.contoso.example").unwrap());
    for column in Column::ALL {
        let taken = matches!(
            column,
            Column::SecretPost | Column::SecretBasic | Column::CertificatePs256 | Column::CertificateRs256
        );
        assert_eq!(authority.accepts(column.kind()).is_ok(), taken, "{column:?}");
    }
}

fn client(
    row: &Row,
    credential: Credential,
    emulator: &Emulator,
    clock: &ManualClock,
    wire: &Wire,
) -> Result<EntraClient, ConfigError> {
    let authority = row.scene.authority.clone().with_host(emulator.url()).unwrap();
    let allowed = if authority.is_multi_tenant() { AllowedTenants::Any } else { AllowedTenants::Pinned };
    let app = ClientId::parse(row.scene.app.0).unwrap();
    let mut builder = EntraClient::builder(authority, Registration::new(app, credential))
        .http_client(wire.clone())
        .clock(clock.clock())
        .allowed_tenants(allowed);
    if row.configures_graph {
        builder = builder.graph_url(emulator.url().join("graph").unwrap());
    }
    if let Some(scope) = row.scope {
        builder = builder.scopes(vec![scope.to_owned()]);
    }
    builder.build()
}

async fn sign_in(client: &EntraClient, clock: &ManualClock, user: &str) -> (Identity, TokenSet) {
    let (url, pending) = client.begin(options(clock)).await.unwrap();
    let page = Browser::new().start_at(&url).stop_at(seed::REDIRECT_URI).signing_in_as(user).await.unwrap();
    let response = AuthorizationResponse::from_query(page.location().unwrap().query().unwrap()).unwrap();
    client.complete(pending, response).await.unwrap()
}

/// Where Graph would be; and, with an address of its own, that it knows the user by these tokens.
async fn check_graph(client: &EntraClient, row: &Row, identity: &Identity, tokens: &TokenSet, pair: &str) {
    let host = row.scene.authority.graph_url().and_then(|url| url.host_str().map(str::to_owned));
    assert_eq!(host.as_deref(), row.graph, "{pair}");
    match client.graph() {
        None => assert!(!row.asks_graph, "{pair}"),
        Some(graph) => {
            assert!(row.asks_graph, "{pair}");
            assert!(graph.me(tokens).await.is_ok_and(|me| me.belongs_to(identity)), "{pair}");
        }
    }
}
