//! Orders that are being typed: kept as they are typed, so that neither a session's end nor a restart loses a letter.
//!
//! Rows of the desk's store of work: `D` + id → [`Draft`], `K` + id → [`KeptForm`]; both as JSON, since forms grow fields,
//! closed with a key of its own each, which is destroyed with it: the engine keeps old bytes for as long as it likes.

use std::path::Path;
use std::sync::Arc;

use propusk_boot::random;
use propusk_proto::PermitKey;
use propusk_store::{Form, KeyRing, Options, Secret, Store};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::DeskError;
use crate::order::OrderFile;
use crate::register::permit_key;

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

/// The folder of the data folder that holds drafts, kept forms, users and sessions.
const FOLDER: &str = "desk-work";
/// The file with the keys of drafts and kept forms.
const KEY_RING: &str = "personal-keys/desk-work.ring";
/// The present form; the first had no mark, and drafts in clear.
const FORM: Form = Form { row: b"mformat", mark: b"2" };

/// All drafts and kept forms.
pub(crate) struct Drafts {
    store: Store,
    ring: Arc<KeyRing>,
}

impl Drafts {
    /// Opens them in a data folder; those that were written in clear are closed first.
    pub(crate) fn open(data: &Path) -> anyhow::Result<Self> {
        let ring = Arc::new(KeyRing::open(&data.join(KEY_RING))?);
        let (store, _) = FORM.open(&data.join(FOLDER), Options::default(), |old, new| {
            let mut rows = new.begin();
            for row in old.scan(b"") {
                let (key, bytes) = row?;
                let is_personal = matches!(key.first(), Some(b'D' | b'K' | b'O'));
                let bytes = if is_personal { close(&ring, &key, &bytes)? } else { bytes };
                rows.put(key, bytes);
            }
            anyhow::Ok(new.commit(rows)?)
        })?;
        Ok(Self { store, ring })
    }

    /// The store, in which users and sessions lie too.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// The keys of rows that hold personal data.
    pub(crate) fn ring(&self) -> &Arc<KeyRing> {
        &self.ring
    }

    /// The drafts, the newest change first.
    pub(crate) fn all(&self) -> anyhow::Result<Vec<Draft>> {
        let mut drafts: Vec<Draft> = self.scan("draft", b"D")?;
        drafts.sort_by_key(|draft| std::cmp::Reverse(draft.changed_ms));
        Ok(drafts)
    }

    pub(crate) fn find(&self, id: Uuid) -> anyhow::Result<Option<Draft>> {
        self.get("draft", &key(b'D', id))
    }

    /// Saves a new draft.
    pub(crate) fn begin(&self, draft: &Draft) -> anyhow::Result<()> {
        let is_old =
            |old: &Draft| !old.is_online() && draft.changed_ms.saturating_sub(old.changed_ms) > DRAFT_MS;
        for old in self.all()?.into_iter().filter(is_old) {
            self.remove(old.id)?;
        }
        self.put(key(b'D', draft.id), draft)
    }

    /// Saves a draft's next revision; `seen` is the one that the form was made of.
    pub(crate) fn change(&self, id: Uuid, seen: u32, now_ms: i64, order: OrderFile) -> anyhow::Result<Draft> {
        self.store.write(|rows| {
            let draft = self.find(id)?.filter(|draft| draft.revision == seen).ok_or(Overtaken)?;
            let changed = Draft { revision: seen.wrapping_add(1), changed_ms: now_ms, order, ..draft };
            let row = key(b'D', id);
            let closed = close(&self.ring, &row, &serde_json::to_vec(&changed)?)?;
            rows.put(row, closed);
            Ok(changed)
        })
    }

    /// Forgets a draft.
    pub(crate) fn remove(&self, id: Uuid) -> anyhow::Result<()> {
        self.forget(b'D', id)
    }

    /// Keeps a form; old ones are forgotten.
    pub(crate) fn keep(&self, id: Uuid, form: &KeptForm) -> anyhow::Result<()> {
        for row in self.store.scan(b"K") {
            let (row, _) = row?;
            let old: Option<KeptForm> = self.get("form", &row)?;
            if old.is_none_or(|old| form.at_ms - old.at_ms > KEPT_MS) {
                self.forget(b'K', Uuid::from_bytes(id_of(&row)))?;
            }
        }
        self.put(key(b'K', id), form)
    }

    /// A kept form.
    pub(crate) fn kept(&self, id: Uuid) -> anyhow::Result<Option<KeptForm>> {
        self.get("form", &key(b'K', id))
    }

    /// Forgets a kept form.
    pub(crate) fn drop_kept(&self, id: Uuid) -> anyhow::Result<()> {
        self.forget(b'K', id)
    }

    /// First the key: a crash in between leaves a row that nobody can read, not a key that opens old bytes.
    fn forget(&self, prefix: u8, id: Uuid) -> anyhow::Result<()> {
        self.ring.destroy(&[*id.as_bytes()])?;
        let mut rows = self.store.begin();
        rows.delete(key(prefix, id));
        Ok(self.store.commit(rows)?)
    }

    fn put<T: Serialize>(&self, row: Vec<u8>, value: &T) -> anyhow::Result<()> {
        let closed = close(&self.ring, &row, &serde_json::to_vec(value)?)?;
        let mut rows = self.store.begin();
        rows.put(row, closed);
        Ok(self.store.commit(rows)?)
    }

    fn get<T: DeserializeOwned>(&self, what: &'static str, row: &[u8]) -> anyhow::Result<Option<T>> {
        read(&self.store, &self.ring, what, row)
    }

    fn scan<T: DeserializeOwned>(&self, what: &'static str, prefix: &[u8]) -> anyhow::Result<Vec<T>> {
        let rows = self.store.scan(prefix).map(|row| self.get(what, &row?.0));
        rows.filter_map(anyhow::Result::transpose).collect()
    }
}

/// A row's value, opened with its key; `None` where there is none, or its key was destroyed.
pub(crate) fn read<T: DeserializeOwned>(
    store: &Store,
    ring: &KeyRing,
    what: &'static str,
    row: &[u8],
) -> anyhow::Result<Option<T>> {
    let Some(closed) = store.get(row)? else { return Ok(None) };
    let Secret::Kept(secret) = ring.get(&id_of(row))? else { return Ok(None) };
    let bytes = permit_key(&secret)?.open(row, &closed)?;
    parse(what, &bytes).map(Some)
}

/// Closes a row's value with its key, which is drawn where there is none yet and on disk before anything else.
pub(crate) fn close(ring: &KeyRing, row: &[u8], plain: &[u8]) -> anyhow::Result<Vec<u8>> {
    let id = id_of(row);
    let key = match ring.get(&id)? {
        Secret::Kept(secret) => permit_key(&secret)?,
        Secret::Unknown => {
            let key = PermitKey(random::bytes()?);
            ring.keep([(id, key.0.as_slice())])?;
            key
        }
        Secret::Destroyed => {
            let why = "it was discarded, and its key destroyed".to_owned();
            return Err(DeskError::Damaged { what: "draft", why }.into());
        }
    };
    Ok(key.close(row, &random::bytes()?, plain)?)
}

/// The name of a row's key. A draft has that of its id; what was said about an online order outlives its draft, and has
/// another.
pub(crate) fn id_of(row: &[u8]) -> [u8; 16] {
    if row.first() == Some(&b'O') {
        return Sha256::digest(row).first_chunk().copied().unwrap_or_default();
    }
    row.last_chunk().copied().unwrap_or_default()
}

fn parse<T: DeserializeOwned>(what: &'static str, bytes: &[u8]) -> anyhow::Result<T> {
    Ok(serde_json::from_slice(bytes).map_err(|error| DeskError::Damaged { what, why: error.to_string() })?)
}

/// The row of a draft (`D`) or a kept form (`K`).
pub(crate) fn key(prefix: u8, id: Uuid) -> Vec<u8> {
    [[prefix].as_slice(), id.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000_000;

    fn draft(id: u128, reference: &str, changed_ms: i64) -> Draft {
        let order = OrderFile { purpose: Some(reference.to_owned()), ..OrderFile::default() };
        let owner = "Aida".to_owned();
        Draft { id: Uuid::from_u128(id), owner, revision: 0, changed_ms, corrects: None, order }
    }

    fn holds(folder: &Path, needle: &str) -> bool {
        std::fs::read_dir(folder).unwrap().any(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                return holds(&path, needle);
            }
            std::fs::read(path).unwrap().windows(needle.len()).any(|window| window == needle.as_bytes())
        })
    }

    #[test]
    fn a_draft_comes_back_and_no_file_shows_what_was_typed() {
        let data = tempfile::tempdir().unwrap();
        let drafts = Drafts::open(data.path()).unwrap();
        let first = draft(1, "visits Frau Eriksson", NOW);
        drafts.begin(&first).unwrap();
        let order = OrderFile { vehicle: Some("01KG777ABC".to_owned()), ..first.order };
        drafts.change(first.id, 0, NOW + 1, order).unwrap();
        let form = KeptForm {
            user: "Aida".to_owned(),
            path: "/".to_owned(),
            fields: vec![("surname".to_owned(), "ERIKSSON".to_owned())],
            at_ms: NOW,
        };
        drafts.keep(Uuid::from_u128(2), &form).unwrap();
        drop(drafts);
        for text in ["Frau Eriksson", "01KG777ABC", "ERIKSSON"] {
            assert!(!holds(data.path(), text), "{text}");
        }
        let drafts = Drafts::open(data.path()).unwrap();
        assert_eq!(drafts.find(first.id).unwrap().unwrap().order.vehicle.as_deref(), Some("01KG777ABC"));
        assert!(drafts.change(first.id, 0, NOW, OrderFile::default()).is_err(), "overtaken");
        assert_eq!(drafts.kept(Uuid::from_u128(2)).unwrap().unwrap().fields, form.fields);
        drafts.remove(first.id).unwrap();
        assert!(drafts.all().unwrap().is_empty());
        assert!(matches!(drafts.ring.get(first.id.as_bytes()).unwrap(), Secret::Destroyed));
        drafts.begin(&draft(3, "", NOW)).unwrap();
        drafts.begin(&draft(4, "", NOW + DRAFT_MS + 1)).unwrap();
        assert_eq!(drafts.all().unwrap().len(), 1, "a draft that nobody touched is forgotten");
        drafts.keep(Uuid::from_u128(5), &KeptForm { at_ms: NOW + KEPT_MS + 1, ..form }).unwrap();
        assert!(drafts.kept(Uuid::from_u128(2)).unwrap().is_none());
    }

    #[test]
    fn drafts_in_clear_are_closed_at_the_next_opening() {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(&data.path().join(FOLDER), Options::default()).unwrap();
        let mut rows = store.begin();
        let old = draft(1, "visits Frau Eriksson", NOW);
        rows.put(key(b'D', old.id), serde_json::to_vec(&old).unwrap());
        rows.put(b"Uaida".as_slice(), b"a user".as_slice());
        store.commit(rows).unwrap();
        drop(store);
        assert!(holds(data.path(), "Frau Eriksson"), "the test's own net holds");
        let drafts = Drafts::open(data.path()).unwrap();
        assert_eq!(drafts.find(old.id).unwrap().unwrap().order.purpose, old.order.purpose);
        assert_eq!(drafts.store().get(b"Uaida").unwrap().as_deref(), Some(b"a user".as_slice()));
        assert!(!holds(data.path(), "Frau Eriksson"));
    }
}
