//! Deliberate faults, one at a time, to prove that the simulation can fail.
//!
//! Only the feature `sabotage`, which nothing but the simulation asks for, compiles the switch in. Without it
//! [`flipped`] is a constant `false`, and the shipped program has no fault to flip.

/// What the recorder does wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A repeat is recorded again.
    NoDedup,
    /// A repeat is recognised by its event id alone, not by its number.
    DedupByIdOnly,
    /// The chain hash covers the record, not the one before it.
    ChainOverIndexOnly,
    /// A hand-in that was undone counts as handed in.
    UndoForgotten,
    /// A repeat of a copy's second hand-in raises its alert again.
    AlertOnRepeat,
    /// Refused messages are told to the device and not kept.
    QuarantineWithoutWrite,
    /// A hand-in whose number is taken is receipted as if it were the one recorded.
    ReceiptByNumberAlone,
}

#[cfg(not(feature = "sabotage"))]
pub(crate) const fn flipped(_: Fault) -> bool {
    false
}

#[cfg(feature = "sabotage")]
thread_local! {
    static FLIPPED: std::cell::Cell<Option<Fault>> = const { std::cell::Cell::new(None) };
}

#[cfg(feature = "sabotage")]
pub(crate) fn flipped(fault: Fault) -> bool {
    FLIPPED.get() == Some(fault)
}

/// Flips one fault on for this thread, or all of them off.
#[cfg(feature = "sabotage")]
pub fn flip(fault: Option<Fault>) {
    FLIPPED.set(fault);
}
