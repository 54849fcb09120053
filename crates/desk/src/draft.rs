//! Orders that are being typed: kept as they are typed, so that neither a session's end nor a restart loses a letter.
//!
//! Rows of the desk's store of work: `D` + id → [`Draft`], `K` + id → [`KeptForm`]; both as JSON, since forms grow fields.

use propusk_store::Store;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::DeskError;
use crate::order::OrderFile;

/// A form of a session that was over is offered for a day.
const KEPT_MS: i64 = 24 * 3_600_000;
/// A draft that nobody touches is forgotten after 30 days.
const DRAFT_MS: i64 = 30 * KEPT_MS;

/// An order that is being typed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub id: Uuid,
    /// Who began it; nobody's name for an order that came online.
    pub owner: String,
    /// Counts every change; a form that saw another one overwrites nothing.
    pub revision: u32,
    pub changed_ms: i64,
    /// The permit that it corrects, and the version on which that was decided.
    pub corrects: Option<(String, u8)>,
    pub order: OrderFile,
}

impl Draft {
    /// Whether it is what a traveller ordered online: that lives as long as its [`OnlineOrder`](crate::online::OnlineOrder).
    pub(crate) fn is_online(&self) -> bool {
        self.owner.is_empty()
    }
}

/// A form that was sent after its session had ended.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptForm {
    pub user: String,
    pub path: String,
    pub fields: Vec<(String, String)>,
    pub at_ms: i64,
}

/// Why a draft was not changed.
#[derive(Debug, thiserror::Error)]
#[error("somebody else changed this order after you opened it; nothing was overwritten")]
pub(crate) struct Overtaken;

/// All drafts and kept forms.
pub(crate) struct Drafts {
    store: Store,
}

impl Drafts {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// The drafts, the newest change first.
    pub(crate) fn all(&self) -> anyhow::Result<Vec<Draft>> {
        let mut drafts: Vec<Draft> =
            self.store.scan(b"D").map(|row| parse("draft", &row?.1)).collect::<anyhow::Result<_>>()?;
        drafts.sort_by_key(|draft| std::cmp::Reverse(draft.changed_ms));
        Ok(drafts)
    }

    pub(crate) fn find(&self, id: Uuid) -> anyhow::Result<Option<Draft>> {
        self.store.get(key(b'D', id))?.map(|bytes| parse("draft", &bytes)).transpose()
    }

    /// Saves a new draft.
    pub(crate) fn begin(&self, draft: &Draft) -> anyhow::Result<()> {
        self.store.write(|rows| {
            for row in self.store.scan(b"D") {
                let (key, bytes) = row?;
                let old = parse::<Draft>("draft", &bytes)?;
                if !old.is_online() && draft.changed_ms - old.changed_ms > DRAFT_MS {
                    rows.delete(key);
                }
            }
            rows.put(key(b'D', draft.id), serde_json::to_vec(draft)?);
            Ok(())
        })
    }

    /// Saves a draft's next revision; `seen` is the one that the form was made of.
    pub(crate) fn change(&self, id: Uuid, seen: u32, now_ms: i64, order: OrderFile) -> anyhow::Result<Draft> {
        self.store.write(|rows| {
            let draft = self.find(id)?.filter(|draft| draft.revision == seen).ok_or(Overtaken)?;
            let changed = Draft { revision: seen.wrapping_add(1), changed_ms: now_ms, order, ..draft };
            rows.put(key(b'D', id), serde_json::to_vec(&changed)?);
            Ok(changed)
        })
    }

    /// Forgets a draft.
    pub(crate) fn remove(&self, id: Uuid) -> anyhow::Result<()> {
        self.delete(b'D', id)
    }

    /// Keeps a form; old ones are forgotten.
    pub(crate) fn keep(&self, id: Uuid, form: &KeptForm) -> anyhow::Result<()> {
        self.store.write(|rows| {
            for row in self.store.scan(b"K") {
                let (key, bytes) = row?;
                if form.at_ms - parse::<KeptForm>("form", &bytes)?.at_ms > KEPT_MS {
                    rows.delete(key);
                }
            }
            rows.put(key(b'K', id), serde_json::to_vec(form)?);
            Ok(())
        })
    }

    /// A kept form.
    pub(crate) fn kept(&self, id: Uuid) -> anyhow::Result<Option<KeptForm>> {
        self.store.get(key(b'K', id))?.map(|bytes| parse("form", &bytes)).transpose()
    }

    /// Forgets a kept form.
    pub(crate) fn drop_kept(&self, id: Uuid) -> anyhow::Result<()> {
        self.delete(b'K', id)
    }

    fn delete(&self, prefix: u8, id: Uuid) -> anyhow::Result<()> {
        let mut rows = self.store.begin();
        rows.delete(key(prefix, id));
        Ok(self.store.commit(rows)?)
    }
}

fn parse<T: DeserializeOwned>(what: &'static str, bytes: &[u8]) -> anyhow::Result<T> {
    Ok(serde_json::from_slice(bytes).map_err(|error| DeskError::Damaged { what, why: error.to_string() })?)
}

/// The row of a draft (`D`) or a kept form (`K`).
pub(crate) fn key(prefix: u8, id: Uuid) -> Vec<u8> {
    [[prefix].as_slice(), id.as_bytes()].concat()
}
