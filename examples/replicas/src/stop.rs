//! SIGTERM, in three steps: a balancer is told, nobody is let in any more, what is under way is finished.

use std::{future::IntoFuture as _, io, net::SocketAddr, time::Duration};

use axum::Router;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// Says whether the process has been asked to end.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

/// How long the steps take.
#[derive(Copy, Clone)]
pub(crate) struct Patience {
    /// Requests are still let in, until the balancer has seen that this replica is not ready.
    pub(crate) drain: Duration,
    /// Then what is under way may take so long.
    pub(crate) grace: Duration,
}

impl Stop {
    /// From now on SIGTERM is ours. Ctrl-C ends the process at once, as ever.
    pub(crate) fn on_sigterm() -> io::Result<Self> {
        let mut sigterm = signal(SignalKind::terminate())?;
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            sigterm.recv().await;
            sender.send_replace(true);
        });
        Ok(Self(receiver))
    }

    pub(crate) fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Serves until the last step is done; what then is not finished is cut off.
    pub(crate) async fn serve(self, listener: TcpListener, app: Router, patience: Patience) -> io::Result<()> {
        let stop = self.clone();
        let closing = async move {
            stop.requested().await;
            tracing::info!("not ready any more");
            pause(patience.drain).await;
            tracing::info!("stopping");
        };
        let too_late = async {
            self.requested().await;
            pause(patience.drain + patience.grace).await;
        };
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        tokio::select! {
            ended = axum::serve(listener, app).with_graceful_shutdown(closing).into_future() => ended,
            () = too_late => {
                tracing::warn!("requests that took longer than {} s were cut off", patience.grace.as_secs());
                Ok(())
            }
        }
    }

    async fn requested(&self) {
        // An error is the runtime's end: then, too, it is time to stop.
        let _ = self.0.clone().wait_for(|requested| *requested).await;
    }
}

#[expect(clippy::disallowed_methods, reason = "a balancer needs time to see it")]
async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
