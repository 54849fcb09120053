//! A child of `propusk up` must not outlive it, not even when `up` is killed with SIGKILL and can stop nobody.
//!
//! The supervisor passes its process number in [`SUPERVISOR`]. A child that finds it asks the kernel for SIGKILL at
//! its parent's death (Linux and FreeBSD). The request outlives `exec`, so it holds for the broker too, which the
//! hidden command `propusk broker` becomes. SIGKILL and not SIGTERM: rooms and broker lose nothing by it (DESIGN.md
//! §5), and a broker with a full disk ignores SIGTERM (NATS.md).
//!
//! The kernel means the parent's *thread*: the supervisor starts its children from its main thread. Elsewhere (macOS)
//! a thread of the room looks after its parent instead; there a broker can outlive a killed supervisor, and the next
//! `up` says that its port is in use.

use std::process;

use rustix::process::getppid;

/// The variable that tells a child the process number of its supervisor.
pub(crate) const SUPERVISOR: &str = "PROPUSK_SUPERVISOR_PID";

/// Ties this process's life to its supervisor's, if it has one.
pub(crate) fn hold() -> std::io::Result<()> {
    let named = std::env::var(SUPERVISOR).ok().and_then(|text| text.parse::<i32>().ok());
    let Some(supervisor) = named else { return Ok(()) };
    if !is_parent(supervisor) {
        // A program that a room starts inherits the variable; this one is no child of the supervisor. If it is
        // one whose supervisor died before we asked, nobody waits for it either.
        return Ok(());
    }
    bind(supervisor)
}

fn is_parent(pid: i32) -> bool {
    getppid().is_some_and(|parent| parent.as_raw_nonzero().get() == pid)
}

#[cfg(any(target_os = "linux", target_os = "freebsd"))]
fn bind(supervisor: i32) -> std::io::Result<()> {
    use rustix::process::{Signal, set_parent_process_death_signal};
    set_parent_process_death_signal(Some(Signal::KILL))?;
    if !is_parent(supervisor) {
        process::exit(1); // It died between the two calls, and no signal will come.
    }
    Ok(())
}

#[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
fn bind(supervisor: i32) -> std::io::Result<()> {
    const LOOK: std::time::Duration = std::time::Duration::from_millis(500);
    std::thread::Builder::new().name("lifeline".to_owned()).spawn(move || {
        while is_parent(supervisor) {
            std::thread::sleep(LOOK);
        }
        process::exit(1);
    })?;
    Ok(())
}
