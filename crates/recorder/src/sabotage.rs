//! Deliberate faults, one at a time, to prove that the simulation can fail.
//!
//! Only the feature `sabotage`, which nothing but the simulation asks for, compiles the switch in. Without it
//! `flipped` is a constant `false`, and the shipped program has no fault to flip.

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

/// What somebody with access to the recorder's disk could do: changes the receive time of the `nth` record (counted
/// round) and makes every later hash of its shard and the head fit again. Returns what was replaced, as it was.
///
/// # Errors
/// The store's.
#[cfg(feature = "sabotage")]
pub fn rewrite(ledger: &crate::ledger::Ledger, nth: usize) -> anyhow::Result<Vec<crate::ledger::LogRow>> {
    use crate::values::{Record, write};
    use propusk_proto::chain::{GENESIS, Head, link};

    let rows: Vec<crate::ledger::LogRow> = ledger.log().collect::<anyhow::Result<_>>()?;
    let Some(changed) = rows.get(nth % rows.len().max(1)) else { return Ok(vec![]) };
    let mut draft = ledger.store.begin();
    let mut previous = GENESIS;
    for row in rows.iter().filter(|row| row.shard == changed.shard) {
        let (shard, index, frame) = (row.shard, row.index, row.frame.clone());
        let received_at_ms = row.received_at_ms + i64::from(index == changed.index);
        let digest = propusk_proto::frame::digest(&frame);
        let hash = link(&previous, shard, index, received_at_ms, &digest);
        write(&mut draft, crate::keys::record(shard, index), &Record { received_at_ms, hash, frame })?;
        write(&mut draft, crate::keys::head(shard), &Head { shard, index, hash })?;
        let event = crate::record::event_of(&crate::values::Record {
            received_at_ms,
            hash,
            frame: row.frame.clone(),
        })?;
        for key in crate::record::projections(&event, index, row.received_at_ms) {
            draft.delete(key);
        }
        for key in crate::record::projections(&event, index, received_at_ms) {
            draft.put(key, b"".as_slice());
        }
        previous = hash;
    }
    ledger.store.commit(draft)?;
    let is_replaced = |row: &crate::ledger::LogRow| row.shard == changed.shard && row.index >= changed.index;
    Ok(rows.iter().filter(|row| is_replaced(row)).cloned().collect())
}
