//! What a pull changes, in memory: rows are read once, changed as often as its events ask, and written once.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use propusk_permit::PermitNumber;
use propusk_proto::chain::GENESIS;
use propusk_proto::{DeviceId, HandIn, Head};
use propusk_store::{Draft, Store};

use crate::block::Block;
use crate::hours::Hours;
use crate::inside;
use crate::keys;
use crate::log;
use crate::numbers::{self, Number, Stretch};
use crate::permit_cache::{ByNumber, PermitCache};
use crate::permits;
use crate::posts::{self, Place};
use crate::rules::Limits;
use crate::story::{Fact, Story};
use crate::values::{Record, StoredPermit, bytes_of, parse, read, write};
use crate::zones::Zones;

/// What a row holds while it is open. No row is the same as an empty one.
trait Value: Default {
    fn read(bytes: Vec<u8>) -> anyhow::Result<Self>;
    fn into_bytes(self) -> anyhow::Result<Vec<u8>>;
}

impl Value for Block {
    fn read(bytes: Vec<u8>) -> anyhow::Result<Self> {
        Ok(Self::of(bytes))
    }

    fn into_bytes(self) -> anyhow::Result<Vec<u8>> {
        Ok(self.into_bytes())
    }
}

impl Value for Stretch {
    fn read(bytes: Vec<u8>) -> anyhow::Result<Self> {
        parse(&bytes)
    }

    fn into_bytes(self) -> anyhow::Result<Vec<u8>> {
        bytes_of(&self)
    }
}

/// Rows of one kind that are open.
struct Open<V>(HashMap<Vec<u8>, Opened<V>>);

struct Opened<V> {
    value: V,
    changed: bool,
}

impl<V: Value> Open<V> {
    fn row(&mut self, store: &Store, key: Vec<u8>) -> anyhow::Result<&mut Opened<V>> {
        Ok(match self.0.entry(key) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(vacant) => {
                let value = store.get(vacant.key())?.map(V::read).transpose()?.unwrap_or_default();
                vacant.insert(Opened { value, changed: false })
            }
        })
    }

    fn read(&mut self, store: &Store, key: Vec<u8>) -> anyhow::Result<&mut V> {
        Ok(&mut self.row(store, key)?.value)
    }

    fn change(&mut self, store: &Store, key: Vec<u8>) -> anyhow::Result<&mut V> {
        let row = self.row(store, key)?;
        row.changed = true;
        Ok(&mut row.value)
    }

    fn write(self, draft: &mut Draft) -> anyhow::Result<()> {
        for (key, row) in self.0.into_iter().filter(|(_, row)| row.changed) {
            draft.put(key, row.value.into_bytes()?);
        }
        Ok(())
    }
}

/// The log and its indexes as a pull leaves them. Reads see what the batch itself has changed.
pub(crate) struct Batch {
    store: Store,
    pub zones: Zones,
    pub limits: Arc<Limits>,
    /// For every row that is not one of the below.
    pub draft: Draft,
    heads: BTreeMap<u16, Head>,
    blocks: Open<Block>,
    numbers: Open<Stretch>,
    /// By shard and number.
    stories: HashMap<Vec<u8>, Story>,
    posts: BTreeMap<String, Vec<Place>>,
    hours: Hours,
    /// Whether any row is there of those that hardly any record has: asked once for a pull, not for each of its events.
    conflicts: Option<bool>,
    restored: Option<bool>,
    permits: PermitCache,
    /// Permits that were looked for and found.
    found: ByNumber,
}

impl Batch {
    pub(crate) fn begin(store: &Store, zones: &Zones, limits: &Arc<Limits>) -> Self {
        Self {
            store: store.clone(),
            zones: zones.clone(),
            limits: limits.clone(),
            draft: store.begin(),
            heads: BTreeMap::new(),
            blocks: Open(HashMap::new()),
            numbers: Open(HashMap::new()),
            stories: HashMap::new(),
            posts: BTreeMap::new(),
            hours: Hours::default(),
            conflicts: None,
            restored: None,
            permits: PermitCache::default(),
            found: ByNumber::new(),
        }
    }

    /// The same with what is known of permits without looking.
    pub(crate) fn with_permits(self, permits: &PermitCache) -> Self {
        Self { permits: permits.clone(), ..self }
    }

    /// The permit with this number (see [`permits::by_number`]).
    pub(crate) fn permit(&mut self, number: &str) -> anyhow::Result<Option<Arc<StoredPermit>>> {
        if let Some(known) = self.found.get(number).cloned().or_else(|| self.permits.of(number)) {
            return Ok(Some(known));
        }
        let Ok(parsed) = number.parse::<PermitNumber>() else { return Ok(None) };
        let Some(stored) = permits::by_number(&self.store, &parsed)? else { return Ok(None) };
        let stored = Arc::new(stored);
        self.found.insert(number.to_owned(), stored.clone());
        Ok(Some(stored))
    }

    /// Whether this record has ever seen two events under one number.
    pub(crate) fn has_conflicts(&mut self) -> anyhow::Result<bool> {
        if let Some(known) = self.conflicts {
            return Ok(known);
        }
        let any = self.store.scan(keys::AGAIN).next().transpose()?.is_some();
        Ok(*self.conflicts.insert(any))
    }

    /// What was noted of a conflict under the key of [`keys::again`].
    pub(crate) fn note_again(&mut self, key: Vec<u8>, index: Option<u64>) -> anyhow::Result<()> {
        self.conflicts = Some(true);
        write(&mut self.draft, key, &index)
    }

    /// Whether this record was restored from a backup, which lacks notes of conflicts that came after it.
    pub(crate) fn is_restored(&mut self) -> anyhow::Result<bool> {
        if let Some(known) = self.restored {
            return Ok(known);
        }
        Ok(*self.restored.insert(self.store.get(keys::RESTORED)?.is_some()))
    }

    /// One record of the log.
    pub(crate) fn record(&mut self, shard: u16, index: u64) -> anyhow::Result<Option<&Record>> {
        let (block, at) = log::place(index);
        let block = self.blocks.read(&self.store, keys::block(shard, block))?;
        Ok(block.record(at)?.filter(|_| index > 0))
    }

    /// Where a shard's log ends.
    pub(crate) fn head(&mut self, shard: u16) -> anyhow::Result<Head> {
        if let Some(head) = self.heads.get(&shard) {
            return Ok(*head);
        }
        let stored = read(&self.store, &keys::head(shard))?;
        Ok(stored.unwrap_or(Head { shard, index: 0, hash: GENESIS }))
    }

    /// Puts a record at the end of its shard's log, which is then `head`.
    pub(crate) fn append(&mut self, head: Head, record: Record) -> anyhow::Result<()> {
        let Head { shard, index, .. } = head;
        let (block, at) = log::place(index);
        let block = self.blocks.change(&self.store, keys::block(shard, block))?;
        anyhow::ensure!(
            block.len() == at,
            crate::RecorderError::Damaged {
                what: "the log",
                why: format!("shard {shard} does not end where its head says, before record {index}"),
            }
        );
        block.push(record)?;
        self.heads.insert(shard, head);
        Ok(())
    }

    /// The record that came under this number.
    pub(crate) fn find(&mut self, number: &Number) -> anyhow::Result<Option<u64>> {
        Ok(numbers::find(self.numbers.read(&self.store, number.row())?, number.slot()))
    }

    /// Every record of a device in one shard.
    pub(crate) fn indexes_of(&mut self, device: &DeviceId, shard: u16) -> anyhow::Result<Vec<u64>> {
        let prefix = keys::numbers_of(device);
        for row in self.store.scan(&prefix) {
            self.numbers.row(&self.store, row?.0)?;
        }
        let below = self.numbers.0.iter().filter(|(key, _)| key.starts_with(&prefix));
        let numbers = below.flat_map(|(key, row)| numbers::in_row(key, &row.value));
        Ok(numbers.filter(|(number, _)| number.shard == shard).map(|(_, index)| index).collect())
    }

    /// Gives a number to a record.
    pub(crate) fn number(&mut self, number: &Number, index: u64) -> anyhow::Result<()> {
        numbers::put(self.numbers.change(&self.store, number.row())?, number.slot(), index);
        Ok(())
    }

    /// Everything that is recorded of a permit.
    pub(crate) fn story(&mut self, shard: u16, number: &str) -> anyhow::Result<&mut Story> {
        Ok(match self.stories.entry([&shard.to_be_bytes(), number.as_bytes()].concat()) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(Story::load(&self.store, shard, number)?),
        })
    }

    /// Adds to a permit's story.
    pub(crate) fn tell(&mut self, shard: u16, number: &str, fact: Fact) -> anyhow::Result<()> {
        self.story(shard, number)?.push(fact);
        Ok(())
    }

    /// Adds a record to those of its post, and of its hour.
    pub(crate) fn post(&mut self, event: &HandIn, place: Place) {
        self.posts.entry(event.post.clone()).or_default().push(place);
        self.hours.count(event);
    }

    /// All of it as one draft, and the permits that were looked for and found, to be remembered once it is committed.
    pub(crate) fn finish(self) -> anyhow::Result<(Draft, ByNumber)> {
        let Self { store, zones, mut draft, .. } = self;
        let changed = self.stories.values().filter(|story| story.is_changed());
        for story in changed.clone() {
            story.write(&mut draft)?;
        }
        inside::keep(&store, &mut draft, &zones, changed)?;
        for (post, mut places) in self.posts {
            places.sort_unstable();
            posts::append(&store, &mut draft, &post, &places)?;
        }
        self.hours.add(&store, &mut draft)?;
        for (shard, head) in &self.heads {
            write(&mut draft, keys::head(*shard), head)?;
        }
        self.numbers.write(&mut draft)?;
        self.blocks.write(&mut draft)?;
        Ok((draft, self.found))
    }
}
