//! An entry for every answer that tells somebody about a permit's people: when, and of which permit; never what was told.
//!
//! It is noted before it is told: what can't be noted is not told. The entries are chained, so that nobody takes one out
//! unseen.

use jiff::Timestamp;
use propusk_permit::PermitNumber;
use propusk_proto::NumberTag;
use propusk_store::{Journal, Store};
use serde::{Deserialize, Serialize};
use tokio::task::block_in_place;

use crate::VerifyError;
use crate::service::Verify;

const JOURNAL: Journal = Journal::new(b"k");
/// Most rows of one list.
const MAX_ROWS: usize = 1000;

/// One answer, as it is stored.
#[derive(Serialize, Deserialize)]
struct LookUp {
    at_ms: i64,
    permit: NumberTag,
}

/// One answer, as `look-ups` prints it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LookUpRow {
    pub index: u64,
    pub at: String,
    /// The tag of the permit's number, in hex: whoever has the number finds its look-ups.
    pub permit: String,
    pub hash: String,
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

/// Notes an answer about a permit. When this returns, it is on disk.
pub(crate) fn note(verify: &Verify, number: &PermitNumber) -> anyhow::Result<()> {
    let at_ms = verify.service.setting.clock.now().as_millisecond();
    let entry = postcard::to_allocvec(&LookUp { at_ms, permit: NumberTag::of(number) })?;
    block_in_place(|| verify.shelf.store().write(|draft| Ok(JOURNAL.append(draft, &entry).map(drop)?)))
}

/// The newest look-ups, of one permit or of all, and whether the chain holds.
pub(crate) fn list(store: &Store, number: Option<&PermitNumber>, limit: usize) -> anyhow::Result<LookUps> {
    let check = JOURNAL.check(store)?;
    let tag = number.map(NumberTag::of);
    let mut look_ups = Vec::new();
    for entry in JOURNAL.entries_back(store) {
        let entry = entry?;
        let look_up: LookUp =
            postcard::from_bytes(&entry.entry).map_err(|error| VerifyError::Damaged(error.to_string()))?;
        if tag.is_some_and(|tag| tag != look_up.permit) {
            continue;
        }
        if look_ups.len() == limit.min(MAX_ROWS) {
            break;
        }
        look_ups.push(LookUpRow {
            index: entry.index,
            at: Timestamp::from_millisecond(look_up.at_ms).map(|at| at.to_string()).unwrap_or_default(),
            permit: hex(&look_up.permit.0),
            hash: hex(&entry.hash),
        });
    }
    let (entries, head, broken_at) = (check.entries, hex(&check.head), check.broken_at);
    Ok(LookUps { entries, head, broken_at, look_ups })
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
