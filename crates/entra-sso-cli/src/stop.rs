//! Ctrl-C and SIGTERM.

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::failure::Failure;

/// Resolves for everyone who waits once the process has been asked to end.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// From now on the signals are ours.
    pub(crate) fn on_signals() -> Result<Stop, Failure> {
        let broken = |error| Failure::new(format_args!("cannot listen for signals: {error}"));
        let mut interrupt = signal(SignalKind::interrupt()).map_err(broken)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(broken)?;
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            sender.send_replace(true);
        });
        Ok(Stop(receiver))
    }

    /// Waits for the first signal.
    pub(crate) async fn requested(mut self) {
        // The sender only goes away together with the runtime: then, too, it is time to stop.
        let _ended = self.0.wait_for(|stop| *stop).await;
    }
}
