//! Ctrl-C and SIGTERM: the first asks everything to stop in order, the second ends the process at once.

use std::io;
use std::process;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The number that a shell adds to a signal's to form the exit status of a process that died of it.
const DIED_OF_SIGNAL: i32 = 128;

/// A token that is cancelled by the first SIGINT or SIGTERM; a second one ends the process with status 130 or
/// 143. Has to be called inside a tokio runtime.
///
/// # Errors
/// The system does not let signals be handled.
pub fn on_signals() -> io::Result<CancellationToken> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let shutdown = CancellationToken::new();
    let stop = shutdown.clone();
    tokio::spawn(async move {
        let first = next(&mut interrupt, &mut terminate).await;
        tracing::info!(signal = first.as_raw_value(), "Stopping in order; a second signal stops at once.");
        stop.cancel();
        let second = next(&mut interrupt, &mut terminate).await;
        tracing::warn!(signal = second.as_raw_value(), "Stopped at once by a second signal.");
        process::exit(DIED_OF_SIGNAL + second.as_raw_value());
    });
    Ok(shutdown)
}

async fn next(interrupt: &mut Signal, terminate: &mut Signal) -> SignalKind {
    tokio::select! {
        _ = interrupt.recv() => SignalKind::interrupt(),
        _ = terminate.recv() => SignalKind::terminate(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::{Signal as Number, getpid, kill_process};

    #[tokio::test]
    async fn the_first_signal_cancels() {
        let shutdown = on_signals().unwrap();
        assert!(!shutdown.is_cancelled());
        kill_process(getpid(), Number::TERM).unwrap();
        shutdown.cancelled().await;
    }
}
