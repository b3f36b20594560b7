//! The figures as a table of `BENCHMARKS.md`.

use crate::{
    logins::LoginFigures,
    requests::{RequestFigures, StoreFigures},
};

const HEAD: &str = "\
| sessions in | requests/s | of bare | CPU a request | logins/s | CPU a login |
|---|---|---|---|---|---|
";

/// All figures of one run.
pub(crate) fn of(requests: &RequestFigures, logins: &[LoginFigures]) -> String {
    let (rate, micros) = (requests.bare.rate, requests.bare.micros);
    let bare = format!("| none: the bare handler | {rate:.0} | 1 | {micros:.1} µs | | |\n");
    let stores = requests.stores.iter().zip(logins).map(|(requests, logins)| row(requests, logins));
    HEAD.to_owned() + &bare + &stores.collect::<String>()
}

fn row(requests: &StoreFigures, logins: &LoginFigures) -> String {
    format!(
        "| {} | {:.0} | {:.3} | {:.1} µs | {:.0} | {:.2} ms |\n",
        requests.store.title(),
        requests.figures.rate,
        requests.part_of_bare,
        requests.figures.micros,
        logins.rate,
        logins.micros / 1000.0,
    )
}
