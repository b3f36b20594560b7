//! SIGTERM and Ctrl-C.

use std::{future::IntoFuture as _, io, pin::pin, time::Duration};

use axum::Router;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::timeout,
};

/// Says to everyone who waits that the process has been asked to end.
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// From now on the signals are ours.
    pub(crate) fn on_signals() -> io::Result<Self> {
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            sender.send_replace(true);
        });
        Ok(Self(receiver))
    }

    /// Serves until a signal comes, then lets nobody in any more and finishes what is under way; what takes longer than `grace`
    /// is cut off.
    pub(crate) async fn serve(self, listener: TcpListener, app: Router, grace: Duration) -> io::Result<()> {
        let server = axum::serve(listener, app).with_graceful_shutdown(requested(self.0.clone()));
        let mut server = pin!(server.into_future());
        tokio::select! {
            ended = &mut server => return ended,
            () = requested(self.0) => tracing::info!("stopping"),
        }
        timeout(grace, server).await.unwrap_or_else(|_| {
            tracing::warn!("requests that took longer than {} s were cut off", grace.as_secs());
            Ok(())
        })
    }
}

async fn requested(mut stop: watch::Receiver<bool>) {
    // An error is the runtime's end: then, too, it is time to stop.
    let _ = stop.wait_for(|stop| *stop).await;
}
