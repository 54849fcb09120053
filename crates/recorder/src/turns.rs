//! Whose turn it is to decide and commit: the broker's hand-ins, a driver's, what desks say of permits, and the watch over
//! all of it must not grow one chain at the same time.
//!
//! A decision costs as much as its commit, and a commit mostly waits for the disk. So the next decision may be made while
//! the last commit, if it is not a small one, is being synced: by then its rows are there to be read. It counts only if
//! nobody else had a turn in between; else it is made again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Clones share the turns.
#[derive(Clone, Default)]
pub(crate) struct Turns(Arc<Inner>);

#[derive(Default)]
struct Inner {
    held: Mutex<()>,
    /// Grows when a turn begins and again when its rows are written: odd while rows may yet change.
    count: AtomicU64,
}

/// The rows as some turn left them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settled(u64);

/// A turn that somebody has.
pub(crate) struct Turn<'a> {
    inner: &'a Inner,
    before: Settled,
}

impl Turns {
    /// Waits for its turn, and works. Rows may be read ahead of the sync once the work has called [`Turn::written`].
    pub(crate) fn take<T>(&self, work: impl FnOnce(&Turn<'_>) -> T) -> T {
        let _held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        // Odd after a turn that panicked: whatever it did, rows may have changed.
        let before = Settled(self.0.count.load(Ordering::SeqCst).next_multiple_of(2));
        self.0.count.store(before.0 + 1, Ordering::SeqCst);
        let turn = Turn { inner: &self.0, before };
        let done = work(&turn);
        turn.written();
        done
    }

    /// The rows as they are now; `None` while somebody changes them.
    pub(crate) fn settled(&self) -> Option<Settled> {
        Some(self.0.count.load(Ordering::SeqCst)).filter(|count| count % 2 == 0).map(Settled)
    }
}

impl Turn<'_> {
    /// Whether nobody has changed rows since they were found settled.
    pub(crate) fn follows(&self, settled: Settled) -> bool {
        self.before == settled
    }

    /// What this turn writes is written, and will not change again.
    pub(crate) fn written(&self) {
        self.inner.count.store(self.before.0 + 2, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_counts_only_where_nobody_had_a_turn_since() {
        let turns = Turns::default();
        let first = turns.settled().unwrap();
        let written = turns.take(|turn| {
            assert!(turn.follows(first));
            assert_eq!(turns.settled(), None);
            turn.written();
            turns.settled()
        });
        // Its end changes nothing any more.
        assert_eq!(turns.settled(), written);
        turns.take(|_| ());
        assert!(!turns.take(|turn| turn.follows(written.unwrap())));
    }

    #[test]
    fn a_turn_that_panics_leaves_nothing_settled_but_does_not_end_the_others() {
        let turns = Turns::default();
        let before = turns.settled().unwrap();
        let panicked = std::panic::catch_unwind(|| turns.take(|_| panic!("on purpose")));
        assert!(panicked.is_err());
        assert_eq!(turns.settled(), None);
        assert!(!turns.take(|turn| turn.follows(before)));
        assert!(turns.settled().is_some());
    }
}
