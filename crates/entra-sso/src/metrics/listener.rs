//! `metrics_listen`: a listener that answers `GET /metrics` and nothing else.

use std::{io, net::SocketAddr, time::Duration};

use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};
use tokio::{
    net::TcpListener,
    sync::oneshot,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use super::prometheus::Prometheus;

/// How often measurements are added up that nobody asks for.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Serves the metrics of this process until it is stopped or dropped. Made by
/// [`EntraSso::serve_metrics`](crate::EntraSso::serve_metrics).
#[derive(Debug)]
#[must_use = "nothing is served any more once it is dropped"]
pub struct MetricsListener {
    address: SocketAddr,
    /// Dropping it stops the listener, too.
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl MetricsListener {
    /// # Errors
    /// The address cannot be listened on.
    pub(crate) async fn bind(address: SocketAddr, prometheus: Prometheus) -> io::Result<MetricsListener> {
        let socket = TcpListener::bind(address).await?;
        let address = socket.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(socket, prometheus, stopped));
        Ok(MetricsListener { address, stop, task })
    }

    /// Where it listens; with a port of its own where `metrics_listen` has port 0.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers what was asked already, and ends.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        // It cannot fail but by a panic, which has been told by then.
        let _ = self.task.await;
    }
}

async fn serve(socket: TcpListener, prometheus: Prometheus, stopped: oneshot::Receiver<()>) {
    let app = Router::new().route("/metrics", get(show)).with_state(prometheus.clone());
    let served = axum::serve(socket, app).with_graceful_shutdown(async {
        let _ = stopped.await;
    });
    tokio::select! {
        ended = async { served.await } => {
            if let Err(error) = ended {
                tracing::error!("the listener for metrics ended: {error}");
            }
        }
        () = keep_up(&prometheus) => {}
    }
}

/// Without a scraper, measurements would pile up.
async fn keep_up(prometheus: &Prometheus) {
    let mut ticks = interval(UPKEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        prometheus.upkeep();
    }
}

async fn show(State(prometheus): State<Prometheus>) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, prometheus.render())
}
