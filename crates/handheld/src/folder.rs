//! A device's files: found, made, opened. The only part of a handheld that knows folders.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use propusk_boot::{private, random};
use propusk_courier::Credentials;
use propusk_proto::{Bundle, encode};
use propusk_store::{Options, Store};
use sha2::{Digest, Sha256};

use crate::HandheldError;
use crate::device::{Device, Profile};

const PROFILE: &str = "device.json";
const KEY: &str = "device.nk";
const STORE: &str = "store";
/// There once the device was revoked and is to be wiped: how many hand-ins have no receipt.
const REVOKED: &str = "revoked";
/// What has no receipt, of a wiped device.
const KEPT: &str = "kept.bundle";
const MARK: &str = "device.mark";
/// Where trainings are, beside the real handhelds: nothing that sends looks here.
const TRAINING: &str = "training";
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

/// Wipes a revoked device: key, permits, trust list, soldiers. What has no receipt is written beside first, as a bundle
/// signed with the key that goes. Broken off, it goes on when the device is opened next.
pub(crate) fn wipe(
    dir: &Path,
    device: Device,
    bundle: &Bundle,
    hand_ins: usize,
) -> anyhow::Result<HandheldError> {
    private::write(&dir.join(KEPT), &encode(bundle)?)?;
    // From here on it is wiped, whatever happens.
    private::write(&dir.join(REVOKED), hand_ins.to_string().as_bytes())?;
    drop(device);
    finish_wiping(dir)
}

fn finish_wiping(dir: &Path) -> anyhow::Result<HandheldError> {
    for file in [KEY, MARK, BROKER_CA] {
        match fs::remove_file(dir.join(file)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{file} can't be removed from {}", dir.display()));
            }
            _ => {}
        }
    }
    remove_folder(&dir.join(STORE))?;
    let hand_ins = fs::read_to_string(dir.join(REVOKED)).ok().and_then(|text| text.trim().parse().ok());
    Ok(HandheldError::Wiped { hand_ins: hand_ins.unwrap_or(0), bundle: dir.join(KEPT) })
}

/// Opens the device in `dir`. `now_ms` names the boot epoch where a new one has to begin.
pub(crate) fn open(dir: &Path, now_ms: i64) -> anyhow::Result<Device> {
    let profile = profile(dir)?.ok_or_else(|| HandheldError::NotEnrolled { dir: dir.to_owned() })?;
    if dir.join(REVOKED).exists() {
        return Err(finish_wiping(dir)?.into());
    }
    let seed = private::read_secret(&dir.join(KEY))?;
    let credentials = Credentials::from_seed(seed.trim())?;
    let store = Store::open(&dir.join(STORE), Options { cache_bytes: CACHE_BYTES, ..Options::default() })
        .with_context(|| format!("the handheld of post {} can't be opened", profile.post))?;
    let random = u32::from_be_bytes(random::bytes()?);
    let device = Device::open(store, profile, credentials, mark(dir)?, now_ms, random)?;
    let broker_ca = Some(dir.join(BROKER_CA)).filter(|path| path.exists());
    Ok(Device { broker_ca, ..device })
}

/// An empty folder for a training; whatever an earlier one has left is removed.
pub(crate) fn training(data: &Path) -> anyhow::Result<PathBuf> {
    let dir = data.join(TRAINING);
    if dir.join(STORE).exists() {
        // Refused while another training is under way.
        drop(Store::open(&dir.join(STORE), Options { cache_bytes: CACHE_BYTES, ..Options::default() })?);
    }
    remove_folder(&dir)?;
    private::folder(&dir)?;
    Ok(dir)
}

/// Removes a folder with everything in it, where it is there.
pub(crate) fn remove_folder(dir: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} can't be removed", dir.display()))
        }
        _ => Ok(()),
    }
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
