//! Devices: one-time codes, enrolment, and the list of who the broker lets in.

use std::path::Path;

use data_encoding::BASE32_NOPAD;
use propusk_boot::random;
use propusk_courier::rooms::write_rooms_and_devices;
use propusk_courier::server::DeviceUser;
use propusk_proto::{DeviceId, device::check_token};
use propusk_store::Store;
use sha2::{Digest, Sha256};

use crate::keys;
use crate::values::{DeviceRecord, EnrolmentCode, parse, read_draft, write};

/// Makes a one-time code for a device of `post`. Only its hash is stored.
pub(crate) fn make_code(store: &Store, post: &str, minutes: u32, now_ms: i64) -> anyhow::Result<String> {
    check_token(post)?;
    // 80 random bits in four groups: it can be read out over a radio, and not be guessed in its short life.
    let text = BASE32_NOPAD.encode(&random::bytes::<10>()?);
    let groups: Vec<&str> =
        text.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    let code = groups.join("-");
    let expires_at_ms = now_ms + i64::from(minutes) * 60_000;
    let mut draft = store.begin();
    for row in store.scan(b"x") {
        let (key, value) = row?;
        if parse::<EnrolmentCode>(&value)?.expires_at_ms < now_ms {
            draft.delete(key);
        }
    }
    write(
        &mut draft,
        keys::code(&code_digest(&code)),
        &EnrolmentCode { post: post.to_owned(), expires_at_ms },
    )?;
    store.commit(draft)?;
    Ok(code)
}

/// Takes a code and enrols the device with this public key. A code is good once: its use and the enrolment are one
/// batch. `None` means that the code is unknown, used or too old; which of these is nobody's business.
pub(crate) fn enrol(
    store: &Store,
    code: &str,
    public_key: &str,
    now_ms: i64,
) -> anyhow::Result<Option<(DeviceId, String)>> {
    let key = keys::code(&code_digest(code));
    let device = DeviceId::of_public_key(public_key);
    store.write(|draft| {
        let known: Option<EnrolmentCode> = read_draft(draft, &key)?;
        let Some(code) = known.filter(|code| now_ms <= code.expires_at_ms) else { return Ok(None) };
        // A key that is known, perhaps revoked, does not come in again.
        if draft.contains(keys::device(&device))? {
            return Ok(None);
        }
        let record = DeviceRecord {
            public_key: public_key.to_owned(),
            post: code.post.clone(),
            enrolled_at_ms: now_ms,
            revoked_at_ms: None,
        };
        draft.delete(key.clone());
        write(draft, keys::device(&device), &record)?;
        Ok(Some((device.clone(), code.post)))
    })
}

/// Shuts a device out. What it has handed in before stays recorded; `None` for a device that was never enrolled.
pub(crate) fn revoke(store: &Store, device: &DeviceId, now_ms: i64) -> anyhow::Result<Option<DeviceRecord>> {
    store.write(|draft| {
        let known: Option<DeviceRecord> = read_draft(draft, &keys::device(device))?;
        let Some(mut record) = known else { return Ok(None) };
        record.revoked_at_ms.get_or_insert(now_ms);
        write(draft, keys::device(device), &record)?;
        Ok(Some(record))
    })
}

/// Every enrolled device.
pub(crate) fn all(store: &Store) -> anyhow::Result<Vec<(DeviceId, DeviceRecord)>> {
    let rows = store.scan(b"v").map(|row| {
        let (key, value) = row?;
        let id = DeviceId::parse(&String::from_utf8_lossy(key.get(1..).unwrap_or_default()))?;
        Ok((id, parse(&value)?))
    });
    rows.collect()
}

/// Writes the list of devices that the broker lets in, the revoked ones only to hear that they are; whoever runs the broker
/// reloads it when it changes.
pub(crate) fn write_devices(store: &Store, nats_dir: &Path) -> anyhow::Result<()> {
    let users: Vec<DeviceUser> = all(store)?
        .into_iter()
        .map(|(id, record)| DeviceUser {
            device: id.to_string(),
            post: record.post,
            public_key: record.public_key,
            shut_out: record.revoked_at_ms.is_some(),
        })
        .collect();
    Ok(write_rooms_and_devices(nats_dir, &users)?)
}

fn code_digest(code: &str) -> [u8; 32] {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(plain.to_ascii_uppercase().as_bytes()).into()
}
