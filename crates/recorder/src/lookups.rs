//! An entry for every look-up of a permit's story: who, when, which permit. Noted before anything is shown: what can't be
//! noted is not shown. The entries are chained, so that nobody takes one out unseen.

use propusk_permit::PermitNumber;
use propusk_proto::NumberTag;
use propusk_store::{Journal, JournalEntry, Store};
use serde::{Deserialize, Serialize};

use crate::questions::time;
use crate::values::parse;

const JOURNAL: Journal = Journal::new(b"k");
/// Whoever holds the recorder's token.
pub(crate) const OPERATOR: &str = "operator";
/// Newest entries of one answer.
const MOST: usize = 1000;

#[derive(Serialize, Deserialize)]
struct LookUp {
    at_ms: i64,
    who: String,
    permit: NumberTag,
}

/// One look-up, as `lookups` prints it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LookUpRow {
    pub index: u64,
    pub at: String,
    pub who: String,
    /// The tag of the permit's number, in hex: whoever has the number finds its look-ups.
    pub permit: String,
}

/// The journal, read and checked.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LookUps {
    pub entries: u64,
    /// The newest hash; noted elsewhere, it proves that nobody wrote the journal anew.
    pub head: String,
    /// The first entry at which the chain does not hold.
    pub broken_at: Option<u64>,
    /// The newest ones, newest first.
    pub look_ups: Vec<LookUpRow>,
}

/// Notes that a permit's story is about to be shown to somebody. When this returns, it is on disk.
pub(crate) fn note(store: &Store, who: &str, number: &PermitNumber, at_ms: i64) -> anyhow::Result<()> {
    let entry = LookUp { at_ms, who: who.to_owned(), permit: NumberTag::of(number) };
    let entry = postcard::to_allocvec(&entry)?;
    store.write(|draft| Ok::<_, anyhow::Error>(JOURNAL.append(draft, &entry).map(drop)?))
}

/// The newest look-ups, of one permit or of all, and whether the chain holds.
pub(crate) fn list(store: &Store, number: Option<&PermitNumber>) -> anyhow::Result<LookUps> {
    let (check, wanted) = (JOURNAL.check(store)?, number.map(NumberTag::of));
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    let mut look_ups = Vec::new();
    for entry in JOURNAL.entries_back(store) {
        let JournalEntry { index, entry, .. } = entry?;
        let LookUp { at_ms, who, permit } = parse(&entry)?;
        if wanted.is_none_or(|wanted| wanted == permit) {
            look_ups.push(LookUpRow { index, at: time(at_ms), who, permit: hex(&permit.0) });
        }
        if look_ups.len() == MOST {
            break;
        }
    }
    Ok(LookUps { entries: check.entries, head: hex(&check.head), broken_at: check.broken_at, look_ups })
}
