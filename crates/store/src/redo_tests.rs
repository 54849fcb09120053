use super::*;
use crate::disk::Disk;

/// An engine whose log is never synced, and its file of small batches.
struct Folder {
    dir: tempfile::TempDir,
    db: sled::Db,
    rows: sled::Tree,
}

impl Folder {
    fn new(counted: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = sled::open(dir.path()).unwrap();
        let rows = db.open_tree("rows").unwrap();
        Count::write(&db, counted).unwrap();
        Self { dir, db, rows }
    }

    fn disk(&self) -> Disk {
        Disk::open(self.dir.path(), Box::new(File::sync_data)).unwrap()
    }

    fn redo(&self) -> Redo {
        let redo = Redo::open(self.dir.path()).unwrap();
        assert!(redo.is_begun(), "nobody knows yet");
        redo
    }

    /// Keeps batches in one run, without sled's knowing of them.
    fn keep(&self, numbers: std::ops::RangeInclusive<u64>) {
        let (mut redo, disk) = (self.redo(), self.disk());
        redo.empty(&disk).unwrap();
        for number in numbers {
            assert!(redo.keep(number, &batch(number), &disk).unwrap());
        }
    }

    /// What sled counts, its rows, and the last batch after a loss.
    fn replayed(&self) -> (u64, Vec<(String, String)>, Option<u64>) {
        let lost = self.redo().replay(self.dir.path(), &self.db, &self.rows).unwrap();
        let text = |bytes: sled::IVec| String::from_utf8(bytes.to_vec()).unwrap();
        let rows = self.rows.iter().map(|row| row.map(|(key, value)| (text(key), text(value))).unwrap());
        (Count::read(&self.db).unwrap(), rows.collect(), lost)
    }

    fn change(&self, change: impl FnOnce(&mut Vec<u8>)) {
        let path = self.dir.path().join(REDO_FILE);
        let mut bytes = std::fs::read(&path).unwrap();
        change(&mut bytes);
        std::fs::write(&path, bytes).unwrap();
    }
}

/// Each writes its number under a key of all and under one of its own, and takes away that of the one before.
fn batch(number: u64) -> Writes {
    let own = |number: u64| format!("own/{number}").into_bytes();
    let text = number.to_string().into_bytes();
    [
        (b"all".to_vec(), Some(text)),
        (b"empty".to_vec(), Some(Vec::new())),
        (own(number), Some(b"here".to_vec())),
        (own(number - 1), None),
    ]
    .into()
}

fn rows_after(number: u64) -> Vec<(String, String)> {
    let row = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    vec![row("all", &number.to_string()), row("empty", ""), row(&format!("own/{number}"), "here")]
}

#[test]
fn batches_are_written_again_in_their_order_whatever_sled_has_of_them() {
    for counted in 5..=12 {
        let folder = Folder::new(counted);
        folder.keep(6..=12);
        folder.rows.insert("own/5", "here").unwrap();
        folder.rows.insert("all", "8").unwrap();
        for _ in 0..2 {
            assert_eq!(folder.replayed(), (12, rows_after(12), None), "counted {counted}");
        }
    }
}

#[test]
fn what_is_older_than_anything_in_sled_is_not_written() {
    let folder = Folder::new(13);
    folder.keep(6..=12);
    folder.rows.insert("all", "13").unwrap();
    assert_eq!(folder.replayed(), (13, vec![("all".to_owned(), "13".to_owned())], None));
}

#[test]
fn a_run_ends_where_a_byte_is_wrong_or_missing() {
    let (mut end, mut before) = (0, 0);
    let ends = [1, 2, 3].map(|number| {
        let (bytes, checksum) = encoded(number, &batch(number), before);
        end += bytes.len();
        before = checksum;
        end
    });
    let folder = Folder::new(0);
    for at in 0..end {
        for changed in [0xff, 0x01] {
            folder.keep(1..=3);
            folder.change(|bytes| {
                bytes[at] ^= changed;
                bytes[at + 1..].fill(0);
            });
            folder.rows.clear().unwrap();
            Count::write(&folder.db, 0).unwrap();
            let (counted, rows, _) = folder.replayed();
            assert_eq!(counted, ends.iter().filter(|end| **end <= at).count() as u64, "byte {at}");
            assert_eq!(rows, if counted == 0 { Vec::new() } else { rows_after(counted) });
        }
    }
}

#[test]
fn batches_after_a_loss_are_told_and_put_aside() {
    let folder = Folder::new(3);
    folder.keep(5..=9);
    let file = || std::fs::read(folder.dir.path().join(REDO_FILE)).unwrap();
    let lost = file();
    assert_eq!(folder.replayed(), (3, Vec::new(), Some(9)));
    let mut redo = folder.redo();
    redo.let_go(&folder.disk()).unwrap();
    redo.let_go(&folder.disk()).unwrap();
    assert_eq!(std::fs::read(folder.dir.path().join("redo.1")).unwrap(), lost);
    assert!(!folder.dir.path().join("redo.2").exists(), "there was nothing left");
    assert_ne!(file(), lost);
    Count::write(&folder.db, 4).unwrap();
    assert_eq!(folder.replayed(), (4, Vec::new(), None));
}

/// The rest of an earlier run is no part of the next, even if it is as long, and numbered as if it followed.
#[test]
fn a_batch_follows_only_the_one_that_it_followed() {
    let folder = Folder::new(0);
    folder.keep(1..=3);
    let (mut redo, disk) = (folder.redo(), folder.disk());
    redo.empty(&disk).unwrap();
    let other = |(key, value): (Vec<u8>, Option<Vec<u8>>)| (key, value.map(|value| vec![b'x'; value.len()]));
    let other: Writes = batch(1).into_iter().map(other).collect();
    assert!(redo.keep(1, &other, &disk).unwrap());
    assert_eq!(folder.replayed().0, 1);
}

#[test]
fn what_is_large_or_has_no_room_goes_into_sleds_log() {
    let folder = Folder::new(0);
    let (mut redo, disk) = (folder.redo(), folder.disk());
    redo.empty(&disk).unwrap();
    let large = |bytes| Writes::from([(b"key".to_vec(), Some(vec![1; bytes]))]);
    assert!(!redo.keep(1, &large(SMALL_BYTES), &disk).unwrap());
    let most = large(SMALL_BYTES - 3);
    let mut kept = 0;
    while redo.keep(kept + 1, &most, &disk).unwrap() {
        kept += 1;
    }
    assert_eq!(kept as usize, FILE_BYTES / encoded(1, &most, 0).0.len());
    redo.empty(&disk).unwrap();
    assert!(!redo.is_begun());
    assert!(redo.keep(kept + 1, &most, &disk).unwrap());
    assert_eq!(std::fs::metadata(folder.dir.path().join(REDO_FILE)).unwrap().len(), FILE_BYTES as u64);
}
