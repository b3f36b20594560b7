//! Serves the application on every socket until the process is asked to end.

use std::{future::IntoFuture, net::SocketAddr, time::Duration};

use axum::Router;
use tokio::{task::JoinSet, time::timeout};

use crate::{failure::Failure, listen::Listeners, stop::Stop};

/// How long requests that are under way may still take once the end was asked for.
const GRACE: Duration = Duration::from_secs(5);

pub(super) async fn run(application: Router, listeners: Listeners, stop: Stop) -> Result<(), Failure> {
    let mut servers = JoinSet::new();
    for socket in listeners.sockets {
        let service = application.clone().into_make_service_with_connect_info::<SocketAddr>();
        servers.spawn(axum::serve(socket, service).with_graceful_shutdown(stop.clone().requested()).into_future());
    }
    stop.requested().await;
    // A browser may hold a connection open without a request on it: after the grace it is closed like any other.
    match timeout(GRACE, servers.join_all()).await {
        Ok(ended) => ended.into_iter().collect::<Result<(), _>>().map_err(Failure::new),
        Err(_) => Ok(()),
    }
}
