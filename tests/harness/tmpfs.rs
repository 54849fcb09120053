//! A small volume of its own for one folder, so that a disk can be full.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A mounted tmpfs; dropping it takes it away with all that is on it.
pub struct Tmpfs {
    folder: PathBuf,
}

impl Tmpfs {
    /// Mounts a volume of so many MiB at `folder`, which is made. `None`, and a word on stderr, where this user may not
    /// mount: the tests run as root in the CI.
    #[must_use]
    pub fn mount(folder: &Path, mib: u32) -> Option<Self> {
        fs::create_dir_all(folder).unwrap();
        let size = format!("size={mib}m,mode=700");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self { folder: folder.to_owned() }),
            other => {
                eprintln!("SKIPPED: a full disk needs root, to mount a tmpfs ({other:?})");
                None
            }
        }
    }

    /// Fills the volume to its last byte.
    pub fn fill(&self) {
        let mut size = 1 << 20;
        let mut ballast = fs::File::create(self.ballast()).unwrap();
        while size > 0 {
            if std::io::Write::write_all(&mut ballast, &vec![1; size]).is_err() {
                size /= 2;
            }
        }
    }

    /// Makes room again.
    pub fn empty(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
    }
}
