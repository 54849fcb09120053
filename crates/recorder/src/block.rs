//! A block of the log while a pull is decided: the bytes that are stored, and new records behind them. What is recorded already
//! is read only where somebody asks for it: that it is right, the engine's checksums say, and the audit.

use crate::log::BLOCK_RECORDS;
use crate::values::{Record, parse};

// So the first byte of a stored block is how many records it has.
const _: () = assert!(BLOCK_RECORDS < 128, "postcard writes a longer count as two bytes");

/// Records as they are stored.
#[derive(Default)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    /// The same, once somebody has asked.
    records: Option<Vec<Record>>,
}

impl Block {
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        Self { bytes, records: None }
    }

    /// How many records it has.
    pub(crate) fn len(&self) -> usize {
        self.bytes.first().copied().unwrap_or_default().into()
    }

    /// The record at a place, from 0.
    pub(crate) fn record(&mut self, at: usize) -> anyhow::Result<Option<&Record>> {
        let records = match self.records.take() {
            Some(records) => records,
            None if self.bytes.is_empty() => vec![],
            None => parse(&self.bytes)?,
        };
        Ok(self.records.insert(records).get(at))
    }

    /// Puts a record behind the others.
    pub(crate) fn push(&mut self, record: Record) -> anyhow::Result<()> {
        match self.bytes.first_mut() {
            Some(count) => *count = count.saturating_add(1),
            None => self.bytes.push(1),
        }
        self.bytes = postcard::to_extend(&record, std::mem::take(&mut self.bytes))?;
        if let Some(records) = &mut self.records {
            records.push(record);
        }
        Ok(())
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Content, bytes_of};

    #[test]
    fn records_are_put_behind_those_that_are_stored() {
        let record = |at: u8| {
            let content = Content::Frame(vec![at; usize::from(at) * 20]);
            Record { received_at_ms: i64::from(at) - 7, hash: [at; 32], content }
        };
        let written = |records: &[Record]| bytes_of(&records).unwrap();
        for stored in 0..=15_u8 {
            let records: Vec<Record> = (0..=stored).map(record).collect();
            let mut block = match &records[..usize::from(stored)] {
                [] => Block::default(),
                before => Block::of(written(before)),
            };
            assert_eq!(block.len(), usize::from(stored));
            let is_asked_before = stored % 2 == 0;
            if is_asked_before {
                assert!(block.record(usize::from(stored)).unwrap().is_none());
            }
            block.push(record(stored)).unwrap();
            assert_eq!(block.record(usize::from(stored)).unwrap().map(|it| it.hash), Some([stored; 32]));
            assert_eq!(block.record(0).unwrap().map(|it| it.hash), Some([0; 32]));
            assert_eq!(block.into_bytes(), written(&records));
        }
    }
}
