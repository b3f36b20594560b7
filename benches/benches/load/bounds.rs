//! What has to be reached.

use entra_benches::store::Store;

use crate::{logins::LoginFigures, requests::RequestFigures};

/// The most CPU time of the application for one login, in microseconds.
const MOST_FOR_A_LOGIN: f64 = 1500.0;

/// The least part of the bare handler's requests in a second that a store has to leave.
fn least(store: Store) -> Option<f64> {
    match store {
        Store::Memory => Some(0.9),
        Store::Redis => Some(0.5),
        Store::Sqlite | Store::Postgres => None,
    }
}

/// The bounds that are not met.
pub(crate) fn missed(requests: &RequestFigures, logins: &[LoginFigures]) -> Vec<String> {
    let slow = requests.stores.iter().filter_map(|figures| {
        let least = least(figures.store)?;
        let (name, part) = (figures.store.name(), figures.part_of_bare);
        (part < least).then(|| format!("{name}: {part:.3} of the bare handler's requests is below {least}"))
    });
    let dear = logins.iter().filter(|figures| figures.micros > MOST_FOR_A_LOGIN).map(|figures| {
        let (name, micros) = (figures.store.name(), figures.micros);
        format!("{name}: {micros:.0} µs of CPU for a login are above {MOST_FOR_A_LOGIN} µs")
    });
    slow.chain(dear).collect()
}
