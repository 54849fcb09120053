//! A device's files: found, made, opened. The only part of a handheld that knows folders.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use propusk_boot::{private, random};
use propusk_courier::Credentials;
use propusk_store::{Options, Store};
use sha2::{Digest, Sha256};

use crate::HandheldError;
use crate::device::{Device, Profile};

const PROFILE: &str = "device.json";
const KEY: &str = "device.nk";
const MARK: &str = "device.mark";
/// Who may vouch for the broker, where it encrypts and the system's list does not say.
const BROKER_CA: &str = "broker-ca.pem";
/// A handheld keeps weeks of hand-ins and a season's permits in this much memory.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;

/// The folder of the handheld of `post` below the data folder.
pub(crate) fn folder(data: &Path, post: &str) -> PathBuf {
    data.join("handheld").join(post)
}

/// Finds the folder: that of `post`, or the only one there is.
pub(crate) fn find(data: &Path, post: Option<&str>) -> Result<PathBuf, HandheldError> {
    let all = data.join("handheld");
    if let Some(post) = post {
        let dir = folder(data, post);
        return if dir.join(PROFILE).exists() { Ok(dir) } else { Err(HandheldError::NotEnrolled { dir }) };
    }
    let mut posts: Vec<String> = fs::read_dir(&all)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().join(PROFILE).exists())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    posts.sort();
    match posts.as_slice() {
        [] => Err(HandheldError::NotEnrolled { dir: all }),
        [post] => Ok(folder(data, post)),
        _ => Err(HandheldError::WhichPost { posts: posts.join(", ") }),
    }
}

/// Reads the profile in `dir`, where there is one.
pub(crate) fn profile(dir: &Path) -> anyhow::Result<Option<Profile>> {
    let path = dir.join(PROFILE);
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
    Ok(Some(serde_json::from_str(&text).with_context(|| format!("{} is damaged", path.display()))?))
}

/// Writes a new device's files: key first, profile last, so that a half-made device is none.
pub(crate) fn create(
    dir: &Path,
    profile: &Profile,
    credentials: &Credentials,
    broker_ca: Option<&str>,
) -> anyhow::Result<()> {
    if let Some(all) = dir.parent() {
        private::folder(all)?;
    }
    private::folder(dir)?;
    private::write(&dir.join(KEY), credentials.seed().as_bytes())?;
    private::write(&dir.join(MARK), b"Do not copy: a copied mark tells that this device was restored.\n")?;
    if let Some(certificates) = broker_ca {
        private::write(&dir.join(BROKER_CA), certificates.as_bytes())?;
    }
    private::write(&dir.join(PROFILE), serde_json::to_string_pretty(profile)?.as_bytes())
        .context("the device's profile can't be written")
}

/// Opens the device in `dir`. `now_ms` names the boot epoch where a new one has to begin.
pub(crate) fn open(dir: &Path, now_ms: i64) -> anyhow::Result<Device> {
    let profile = profile(dir)?.ok_or_else(|| HandheldError::NotEnrolled { dir: dir.to_owned() })?;
    let seed = private::read_secret(&dir.join(KEY))?;
    let credentials = Credentials::from_seed(seed.trim())?;
    let store = Store::open(&dir.join("store"), Options { cache_bytes: CACHE_BYTES })
        .with_context(|| format!("the handheld of post {} can't be opened", profile.post))?;
    let random = u32::from_be_bytes(random::bytes()?);
    let device = Device::open(store, profile, credentials, mark(dir)?, now_ms, random)?;
    let broker_ca = Some(dir.join(BROKER_CA)).filter(|path| path.exists());
    Ok(Device { broker_ca, ..device })
}

/// What changes when the folder is copied or restored, and when the machine starts: inode and change time of the mark
/// file, and the kernel's boot id. An image of the whole disk brings the file back as it was, but not without a start.
fn mark(dir: &Path) -> anyhow::Result<[u8; 24]> {
    let path = dir.join(MARK);
    let meta = fs::metadata(&path).with_context(|| format!("{} is missing", path.display()))?;
    let boot_id = fs::read("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let digest = Sha256::new()
        .chain_update(meta.ino().to_be_bytes())
        .chain_update(meta.ctime().to_be_bytes())
        .chain_update(meta.ctime_nsec().to_be_bytes())
        .chain_update(boot_id)
        .finalize();
    Ok(digest.first_chunk().copied().unwrap_or_default())
}
