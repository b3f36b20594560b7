//! X8: what goes wrong leaves no connection behind.

use std::time::Duration;

use futures_util::future::join_all;

use super::{
    figure,
    stand::{Return, Stand},
};

const ROUNDS: usize = 12;
const AT_A_TIME: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn x8_connections_that_break_or_hang_are_given_up() {
    let stand = Stand::start(|settings| settings.http_timeout = Duration::from_secs(1)).await;
    // Many enough for all rounds: while the network is bad, nobody gets to Microsoft.
    let mut returns = Vec::new();
    for _ in 0..ROUNDS {
        returns.push(join_all((0..AT_A_TIME).map(|_| stand.at_microsoft())).await);
    }
    let mut most = 0;
    for (round, returns) in returns.iter().enumerate() {
        match round % 3 {
            0 => stand.proxy.reset(),
            1 => stand.proxy.swallow(),
            _ => stand.proxy.refuse(),
        }
        let told = join_all(returns.iter().map(|from: &Return| stand.come_back(from))).await;
        assert!(told.iter().all(|answer| answer.status == 502), "{round}: {}", told[0].status);
        stand.proxy.forward();
        stand.sign_in().await;
        most = most.max(stand.proxy.open());
    }
    let (open, ever) = (stand.proxy.open(), stand.proxy.connections());
    assert!(most <= 2 * AT_A_TIME as u64, "{most} connections were open after a round, of {ever}");
    figure(format!(
        "X8: {ROUNDS} rounds of broken, hanging and refused calls, {ever} connections: never more than {most} open after a \
         round, {open} at the end"
    ));
}
