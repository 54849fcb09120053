//! What a batch has done so far, one JSON line for each order: a batch that was interrupted goes on from here.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The ledger's name in the folder of the PDFs.
const FILE: &str = "batch.jsonl";

/// The ledger's first line.
#[derive(Serialize, Deserialize)]
struct Title {
    batch: Uuid,
}

/// An order that was issued.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Done {
    /// The order's file, without its folder.
    pub file: String,
    /// SHA-256 of what was ordered, in hexadecimal.
    pub digest: String,
    pub permit_number: String,
    pub version: u8,
}

/// The ledger of one folder of PDFs.
pub(super) struct Ledger {
    batch: Uuid,
    path: PathBuf,
    file: File,
    done: HashMap<String, Done>,
}

impl Ledger {
    /// Opens the ledger of `folder`, or begins one named `batch`. A last line that was torn is dropped: its order is
    /// sent again under the same name and answered with the permit that it has.
    ///
    /// # Errors
    /// It can't be read or written, or another line is no line of a ledger.
    pub(super) fn open(folder: &Path, batch: Uuid) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            read => read.with_context(|| format!("{} can't be read", path.display()))?,
        };
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let mut lines = text.get(..whole).unwrap_or_default().lines().enumerate();
        let wrong = |line: usize| format!("{}: line {} is none of a batch's", path.display(), line + 1);
        let title = lines.next().map(|(line, text)| serde_json::from_str(text).with_context(|| wrong(line)));
        let title: Option<Title> = title.transpose()?;
        let mut done = HashMap::new();
        for (line, text) in lines {
            let entry: Done = serde_json::from_str(text).with_context(|| wrong(line))?;
            done.insert(entry.file.clone(), entry);
        }
        let opened = OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
        let file = opened.with_context(|| format!("{} can't be written", path.display()))?;
        file.set_len(u64::try_from(whole)?)?;
        let known = title.as_ref().map(|title| title.batch);
        let mut ledger = Self { batch: known.unwrap_or(batch), path, file, done };
        if known.is_none() {
            ledger.append(&Title { batch })?;
        }
        Ok(ledger)
    }

    /// What was noted of a file.
    pub(super) fn find(&self, file: &str) -> Option<&Done> {
        self.done.get(file)
    }

    /// The name under which a file's order is sent, now and at every repetition of this batch.
    pub(super) fn order_id(&self, file: &str) -> anyhow::Result<Uuid> {
        let digest = Sha256::new().chain_update(self.batch.as_bytes()).chain_update(file).finalize();
        let (first, _) = digest.split_first_chunk::<16>().context("a digest is shorter than a name")?;
        Ok(uuid::Builder::from_custom_bytes(*first).into_uuid())
    }

    /// Notes an order. When this returns, the note is on disk.
    pub(super) fn note(&mut self, done: &Done) -> anyhow::Result<()> {
        self.append(done)
    }

    fn append(&mut self, line: &impl Serialize) -> anyhow::Result<()> {
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data());
        written.with_context(|| format!("{} can't be written", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(file: &str) -> Done {
        let number = "7K4D-9QXM-2RTA-C".to_owned();
        Done { file: file.to_owned(), digest: "00".to_owned(), permit_number: number, version: 1 }
    }

    #[test]
    fn a_ledger_goes_on_after_a_torn_line() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = Ledger::open(folder.path(), Uuid::from_bytes([1; 16])).unwrap();
        let name = first.order_id("a.toml").unwrap();
        first.note(&done("a.toml")).unwrap();
        first.file.write_all(b"{\"file\":\"b.toml\",\"dig").unwrap();
        let mut second = Ledger::open(folder.path(), Uuid::from_bytes([2; 16])).unwrap();
        assert_eq!(second.order_id("a.toml").unwrap(), name, "a batch keeps its orders' names");
        assert_ne!(second.order_id("b.toml").unwrap(), name);
        assert!(second.find("a.toml").is_some() && second.find("b.toml").is_none());
        second.note(&done("b.toml")).unwrap();
        let third = Ledger::open(folder.path(), Uuid::from_bytes([3; 16])).unwrap();
        assert!(third.find("a.toml").is_some() && third.find("b.toml").is_some());
    }

    #[test]
    fn a_file_that_is_no_ledger_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "somebody's notes\n").unwrap();
        let error = Ledger::open(folder.path(), Uuid::from_bytes([1; 16])).err().unwrap();
        assert!(error.to_string().contains("batch.jsonl: line 1"), "{error}");
        assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), "somebody's notes\n");
    }
}
