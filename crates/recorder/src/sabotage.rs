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
    use crate::log::{self, Entry};
    use crate::values::{Record, write};
    use propusk_proto::chain::{GENESIS, Head, link};

    let rows: Vec<crate::ledger::LogRow> = ledger.log().collect::<anyhow::Result<_>>()?;
    let Some(changed) = rows.get(nth % rows.len().max(1)) else { return Ok(vec![]) };
    let shard = changed.shard;
    let mut draft = ledger.store.begin();
    let mut blocks = std::collections::BTreeMap::<u64, Vec<Record>>::new();
    let mut previous = GENESIS;
    for entry in log::of_shard(&ledger.store, shard) {
        let Entry { index, record, .. } = entry?;
        let received_at_ms = record.received_at_ms + i64::from(index == changed.index);
        previous = link(&previous, shard, index, received_at_ms, &record.digest());
        let record = Record { received_at_ms, hash: previous, ..record };
        blocks.entry(log::place(index).0).or_default().push(record);
        write(&mut draft, crate::keys::head(shard), &Head { shard, index, hash: previous })?;
    }
    for (block, records) in blocks {
        write(&mut draft, crate::keys::block(shard, block), &records)?;
    }
    ledger.store.commit(draft)?;
    let is_replaced = |row: &crate::ledger::LogRow| row.shard == shard && row.index >= changed.index;
    Ok(rows.iter().filter(|row| is_replaced(row)).cloned().collect())
}
