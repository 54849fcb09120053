//! Deliberate faults, one at a time, to prove that the simulation can fail.
//!
//! Only the feature `sabotage`, which nothing but the simulation asks for, compiles the switch in. Without it
//! `flipped` is a constant `false`, and the shipped program has no fault to flip.

/// What the device does wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A hand-in is done with once a broker took it.
    ForgetOnBrokerAck,
    /// The signature of a receipt is not looked at.
    AcceptUnsigned,
    /// The device that a receipt names is not looked at.
    AcceptOthers,
    /// A receipt settles a number whatever its epoch.
    IgnoreEpoch,
    /// A restored device goes on in its old epoch.
    KeepEpoch,
    /// What the recorder has lost is not sent again.
    IgnoreRecordLost,
    /// The verdict is shown before the hand-in is on disk.
    ShowBeforeWrite,
    /// Receipted hand-ins are forgotten at once.
    ForgetAtOnce,
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
