//! The chain heads that this device has seen: it witnesses the record, and notices when some of it is lost.
//!
//! Keys: `h` + shard → the newest head; `a` + shard + index + hash → a head that a newer one has replaced and that the
//! recorder has still to be asked about; `mwitnessed` → the head that came last.

use propusk_proto::Head;
use propusk_store::Draft;

use crate::queue::{Queue, parse, read, write};

const WITNESSED: &[u8] = b"mwitnessed";

impl Queue {
    /// Takes the heads of a receipt.
    pub(crate) fn witness(&self, draft: &mut Draft, heads: &[Head]) -> anyhow::Result<()> {
        for head in heads {
            let key = head_key(head.shard);
            let known: Option<Head> = read(&self.store, &key)?;
            if known.is_none_or(|known| known.index < head.index) {
                // The head that is replaced may be the only witness of a lost or rewritten record.
                if let Some(known) = known {
                    write(draft, doubtful_key(&known), &known)?;
                }
                write(draft, key, head)?;
                write(draft, WITNESSED, head)?;
            }
        }
        Ok(())
    }

    /// The newest chain head that a receipt brought.
    pub(crate) fn witnessed(&self) -> anyhow::Result<Option<Head>> {
        read(&self.store, WITNESSED)
    }

    /// A chain head to ask the recorder about: first those that newer ones have replaced, then any.
    pub(crate) fn head_to_ask(&self, random: u32) -> anyhow::Result<Option<Head>> {
        for prefix in [b"a", b"h"] {
            let heads: Vec<Head> =
                self.store.scan(prefix).map(|row| parse(&row?.1)).collect::<anyhow::Result<_>>()?;
            if let Some(head) = heads.get(random as usize % heads.len().max(1)) {
                return Ok(Some(*head));
            }
        }
        Ok(None)
    }

    /// The recorder has this head: where a newer one has replaced it, it is needed no longer.
    pub(crate) fn head_is_there(&self, head: &Head) -> anyhow::Result<()> {
        let key = doubtful_key(head);
        if self.store.get(&key)?.is_some() {
            let mut draft = self.store.begin();
            draft.delete(key);
            self.store.commit(draft)?;
        }
        Ok(())
    }

    /// True while a replaced head waits to be asked about.
    pub(crate) fn has_doubtful_heads(&self) -> anyhow::Result<bool> {
        Ok(self.store.scan(b"a").next().transpose()?.is_some())
    }

    /// Forgets every head: they are of a life of the record that is over.
    pub(crate) fn forget_heads(&self, draft: &mut Draft) -> anyhow::Result<()> {
        for row in self.store.scan(b"h").chain(self.store.scan(b"a")) {
            draft.delete(row?.0);
        }
        draft.delete(WITNESSED);
        Ok(())
    }
}

fn head_key(shard: u16) -> Vec<u8> {
    [b"h".as_slice(), &shard.to_be_bytes()].concat()
}

fn doubtful_key(head: &Head) -> Vec<u8> {
    [b"a".as_slice(), &head.shard.to_be_bytes(), &head.index.to_be_bytes(), &head.hash].concat()
}
