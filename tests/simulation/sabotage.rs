//! The deliberate faults: each is flipped on alone, and the simulation has to catch it by the invariant it breaks.

use propusk_handheld::sabotage::{self as handheld, Fault as Handheld};
use propusk_recorder::sabotage::{self as recorder, Fault as Recorder};

use crate::check::Invariant;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sabotage {
    Recorder(Recorder),
    Handheld(Handheld),
    /// Receipts go out before the batch is written.
    ReceiptBeforeCommit,
    /// The broker may forget before the batch is written.
    AckBeforeCommit,
    /// The recorder takes a write for a sync.
    RecorderWithoutSync,
    /// A device takes a write for a sync.
    HandheldWithoutSync,
}

/// Every deliberate fault, with the invariants of which one has to catch it.
pub(crate) const ALL: [(Sabotage, &[Invariant]); 19] = {
    use Invariant::{
        AckedIsKept, AlertedOnce, ChainHolds, DeviceKeeps, EndsSomewhere, ReceiptedIsStored,
        RecordedIsStored, StatesAreTrue, StoredOnce,
    };
    [
        (Sabotage::ReceiptBeforeCommit, &[ReceiptedIsStored]),
        (Sabotage::AckBeforeCommit, &[AckedIsKept]),
        (Sabotage::RecorderWithoutSync, &[ReceiptedIsStored]),
        (Sabotage::HandheldWithoutSync, &[DeviceKeeps]),
        (Sabotage::Recorder(Recorder::NoDedup), &[StoredOnce]),
        (Sabotage::Recorder(Recorder::DedupByIdOnly), &[ChainHolds]),
        (Sabotage::Recorder(Recorder::ChainOverIndexOnly), &[ChainHolds]),
        (Sabotage::Recorder(Recorder::UndoForgotten), &[AlertedOnce]),
        (Sabotage::Recorder(Recorder::AlertOnRepeat), &[AlertedOnce]),
        (Sabotage::Recorder(Recorder::QuarantineWithoutWrite), &[AckedIsKept]),
        (Sabotage::Recorder(Recorder::ReceiptByNumberAlone), &[AckedIsKept, RecordedIsStored]),
        (Sabotage::Handheld(Handheld::ForgetOnBrokerAck), &[RecordedIsStored]),
        (Sabotage::Handheld(Handheld::AcceptUnsigned), &[RecordedIsStored]),
        (Sabotage::Handheld(Handheld::AcceptOthers), &[RecordedIsStored]),
        (Sabotage::Handheld(Handheld::IgnoreEpoch), &[RecordedIsStored]),
        (Sabotage::Handheld(Handheld::KeepEpoch), &[RecordedIsStored]),
        (Sabotage::Handheld(Handheld::IgnoreRecordLost), &[RecordedIsStored, EndsSomewhere, StatesAreTrue]),
        (Sabotage::Handheld(Handheld::ShowBeforeWrite), &[DeviceKeeps]),
        (Sabotage::Handheld(Handheld::ForgetAtOnce), &[DeviceKeeps]),
    ]
};

/// Flips a fault on in the code under test, or all of them off. Those of the order of steps and of the disks are the
/// world's own.
pub(crate) fn flip(sabotage: Option<Sabotage>) {
    recorder::flip(match sabotage {
        Some(Sabotage::Recorder(fault)) => Some(fault),
        _ => None,
    });
    handheld::flip(match sabotage {
        Some(Sabotage::Handheld(fault)) => Some(fault),
        _ => None,
    });
}
