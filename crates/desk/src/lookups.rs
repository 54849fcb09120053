//! An entry for every look-up of personal data: who, when, which permits, by which way; never the data themselves.
//!
//! Noted before anything is shown: what can't be noted is not shown. The entries are chained, so that nobody takes one
//! out unseen; they stay when a permit's people are forgotten.

use jiff::Timestamp;
use propusk_permit::PermitNumber;
use propusk_proto::NumberTag;
use propusk_store::{Draft, Journal, JournalEntry};
use serde::{Deserialize, Serialize};

use crate::DeskError;
use crate::catalogue::Card;
use crate::online::OnlineOrder;
use crate::register::{Entry, Register};
use crate::service::Desk;

const JOURNAL: Journal = Journal::new(b"k");
/// Whoever holds the desk's token.
pub(crate) const OPERATOR: &str = "operator";

/// One look-up, as it is stored.
#[derive(Serialize, Deserialize)]
struct LookUp {
    at_ms: i64,
    who: String,
    what: String,
    permits: Vec<NumberTag>,
    why: Option<String>,
}

/// What somebody did with personal data.
#[derive(Clone, Copy)]
pub(crate) struct Act<'a> {
    /// Who, by the role of the token or by name.
    pub who: &'a str,
    /// `show`, `list`, `search`, `export`, `sheets`, `print`, `correct`, `order-again`, `issued-before`, `inbox`,
    /// `online-order` or `purge`.
    pub what: &'a str,
    /// Why, where somebody said so.
    pub why: Option<&'a str>,
    pub at_ms: i64,
}

/// One look-up, as `lookups` prints it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LookUpRow {
    pub index: u64,
    pub at: String,
    pub who: String,
    pub what: String,
    /// The tags of the permits' numbers, in hex: whoever has the number finds its look-ups.
    pub permits: Vec<String>,
    pub why: Option<String>,
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

impl Desk {
    /// Notes that these permits are about to be shown to somebody. When this returns, it is on disk.
    pub(crate) fn note<'a>(
        &self,
        what: &str,
        who: &str,
        entries: impl IntoIterator<Item = &'a Entry>,
    ) -> anyhow::Result<()> {
        let known = entries.into_iter().filter(|entry| entry.key.is_some());
        self.note_numbers(what, who, known.map(|entry| entry.details.number.as_str()))
    }

    /// The same of lines of the list or of a search; who is forgotten can't be looked up.
    pub(crate) fn note_cards(&self, what: &str, who: &str, cards: &[Card]) -> anyhow::Result<()> {
        let known = cards.iter().filter(|card| !card.lead.is_empty());
        self.note_numbers(what, who, known.map(|card| card.number.as_str()))
    }

    /// The same of orders that came online and have no permit yet; they are named by their numbers.
    pub(crate) fn note_online<'a>(
        &self,
        what: &str,
        who: &str,
        orders: impl IntoIterator<Item = &'a OnlineOrder>,
    ) -> anyhow::Result<()> {
        let numbers: Vec<&str> = orders.into_iter().map(|order| order.number.as_str()).collect();
        if numbers.is_empty() {
            return Ok(());
        }
        let why = numbers.join(" ");
        let act = Act { who, what, why: Some(&why), at_ms: self.now_ms() };
        self.register.store().write(|draft| append(draft, act, vec![]))
    }

    fn note_numbers<'a>(
        &self,
        what: &str,
        who: &str,
        numbers: impl Iterator<Item = &'a str>,
    ) -> anyhow::Result<()> {
        let permits: Vec<NumberTag> = numbers.filter_map(tag).collect();
        if permits.is_empty() {
            return Ok(());
        }
        let act = Act { who, what, why: None, at_ms: self.now_ms() };
        self.register.store().write(|draft| append(draft, act, permits))
    }
}

/// Notes a purge in the batch that makes it.
pub(crate) fn note_purge(draft: &mut Draft, act: Act<'_>, number: &PermitNumber) -> anyhow::Result<()> {
    append(draft, act, vec![NumberTag::of(number)])
}

fn append(draft: &mut Draft, act: Act<'_>, permits: Vec<NumberTag>) -> anyhow::Result<()> {
    let Act { who, what, why, at_ms } = act;
    let (who, what) = (who.to_owned(), what.to_owned());
    let entry = LookUp { at_ms, who, what, permits, why: why.map(str::to_owned) };
    JOURNAL.append(draft, &postcard::to_allocvec(&entry)?)?;
    Ok(())
}

/// The newest look-ups, of one permit or of all, and whether the chain holds.
pub(crate) fn list(
    register: &Register,
    number: Option<&PermitNumber>,
    limit: usize,
) -> anyhow::Result<LookUps> {
    let store = register.store();
    let check = JOURNAL.check(store)?;
    let tag = number.map(NumberTag::of);
    let mut look_ups = Vec::new();
    for entry in JOURNAL.entries_back(store) {
        if look_ups.len() == limit {
            break;
        }
        let JournalEntry { index, hash, entry } = entry?;
        let damaged = |error: postcard::Error| DeskError::Damaged { what: "look-up", why: error.to_string() };
        let look_up: LookUp = postcard::from_bytes(&entry).map_err(damaged)?;
        if tag.is_none_or(|tag| look_up.permits.contains(&tag)) {
            look_ups.push(row(index, &hash, look_up));
        }
    }
    let head = data_encoding::HEXLOWER.encode(&check.head);
    Ok(LookUps { entries: check.entries, head, broken_at: check.broken_at, look_ups })
}

fn row(index: u64, hash: &[u8], look_up: LookUp) -> LookUpRow {
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    LookUpRow {
        index,
        at: Timestamp::from_millisecond(look_up.at_ms).map(|at| at.to_string()).unwrap_or_default(),
        who: look_up.who,
        what: look_up.what,
        permits: look_up.permits.iter().map(|tag| hex(&tag.0)).collect(),
        why: look_up.why,
        hash: hex(hash),
    }
}

fn tag(number: &str) -> Option<NumberTag> {
    number.parse().ok().map(|number| NumberTag::of(&number))
}
