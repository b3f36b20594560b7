//! A process that has just started, and everybody signs in.

use entra_emulator::Endpoint;
use futures_util::{StreamExt as _, stream};

use super::{figure, stand::Stand, timed};

const LOGINS: usize = 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_sign_ins_at_once_fetch_metadata_and_keys_once() {
    let stand = Stand::start(|_| {}).await;
    let logins = stream::iter(0..LOGINS).map(|_| stand.sign_in()).buffer_unordered(LOGINS).count();
    let (count, took) = timed(logins).await;
    let journal = stand.emulator.journal();
    let fetched = (journal.count(Endpoint::Discovery), journal.count(Endpoint::Keys));
    assert_eq!((count, fetched), (LOGINS, (1, 1)));
    assert_eq!(
        (stand.calls.of("openid-configuration"), stand.calls.of("keys"), stand.calls.of("token")),
        (1, 1, LOGINS)
    );
    figure(format!("{LOGINS} cold concurrent sign-ins: 1 metadata fetch, 1 key fetch, 0 failed, {took:.1?}"));
}
