//! What a data folder needs before anything can run: keys, the root, the broker's list of rooms.
//!
//! Everything that is missing is made; nothing that is there is written over. Each file appears whole or not at all,
//! so a first start that was cut off is completed by the next one.

use std::fs;
use std::path::Path;

use propusk_boot::{private, random};
use propusk_courier::Credentials;
use propusk_courier::rooms::{ROOMS_FILE, Role, RoomUser, write_rooms, write_rooms_and_devices};
use propusk_courier::server::USERS_FILE;
use propusk_seal::{PublicKey, SigningKey};

use crate::error::UpError;
use crate::layout::{KEY_HOLDERS, Layout};

/// Makes whatever is missing.
pub(crate) fn complete(layout: &Layout) -> anyhow::Result<()> {
    layout.make_folders()?;
    for holder in KEY_HOLDERS {
        nkey(&layout.key(holder))?;
    }
    signing_key(&layout.signer_key())?;
    root(layout)?;
    rooms(layout)
}

/// The key with which `holder` connects.
pub(crate) fn credentials(layout: &Layout, holder: &str) -> anyhow::Result<Credentials> {
    let path = layout.key(holder);
    let seed = private::read_secret(&path)?;
    Ok(Credentials::from_seed(&seed).map_err(|error| bad(&path, &error))?)
}

/// The desk's or the root's private key, where there is one.
pub(crate) fn read_signing_key(path: &Path) -> anyhow::Result<Option<SigningKey>> {
    match private::read_secret(path) {
        Ok(pem) => Ok(Some(SigningKey::from_pem(&pem).map_err(|error| bad(path, &error))?)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The root's public key.
pub(crate) fn read_public_key(path: &Path) -> anyhow::Result<PublicKey> {
    let pem = fs::read_to_string(path).map_err(|error| bad(path, &error))?;
    Ok(PublicKey::from_pem(&pem).map_err(|error| bad(path, &error))?)
}

fn bad(path: &Path, error: &dyn std::error::Error) -> UpError {
    UpError::BadKey { path: path.to_owned(), why: error.to_string() }
}

fn nkey(path: &Path) -> anyhow::Result<()> {
    if !path.exists() {
        let credentials = Credentials::generate(random::bytes()?)?;
        private::write(path, format!("{}\n", credentials.seed()).as_bytes())?;
    }
    Ok(())
}

fn signing_key(path: &Path) -> anyhow::Result<SigningKey> {
    if let Some(key) = read_signing_key(path)? {
        return Ok(key);
    }
    // One draw in 2³² is no key of the curve; a second draw settles it.
    let draws: [[u8; 32]; 2] = [random::bytes()?, random::bytes()?];
    let key = SigningKey::from_bytes(&draws[0]).or_else(|_| SigningKey::from_bytes(&draws[1]))?;
    private::write(path, key.to_pem()?.as_bytes())?;
    Ok(key)
}

/// The root's pair. A public half without a private one is no half-made start: the operator keeps the private one
/// elsewhere.
fn root(layout: &Layout) -> anyhow::Result<()> {
    let (private_path, public_path) = (layout.root_key(), layout.root_public());
    if !public_path.exists() {
        let key = signing_key(&private_path)?;
        private::write(&public_path, key.public_key().to_pem()?.as_bytes())?;
        return Ok(());
    }
    let public = read_public_key(&public_path)?;
    match read_signing_key(&private_path)? {
        Some(key) if key.public_key() != public => {
            Err(UpError::RootKeys { public: public_path, private: private_path }.into())
        }
        _ => Ok(()),
    }
}

/// The broker's list of rooms, and of users where there is none yet: the recorder writes it anew with its devices.
fn rooms(layout: &Layout) -> anyhow::Result<()> {
    let user = |name: &str, role| -> anyhow::Result<RoomUser> {
        Ok(RoomUser { name: name.to_owned(), role, public_key: credentials(layout, name)?.public_key() })
    };
    let users = [
        user("desk", Role::Desk)?,
        user("recorder", Role::Recorder)?,
        user("verify", Role::Verify)?,
        user("operator", Role::Operator)?,
    ];
    let dir = layout.nats();
    let known = fs::read(dir.join(ROOMS_FILE))
        .ok()
        .and_then(|json| serde_json::from_slice::<Vec<RoomUser>>(&json).ok());
    let current = known.is_some_and(|known| known == users);
    if !current {
        write_rooms(&dir, &users)?;
    }
    if !current || !dir.join(USERS_FILE).exists() {
        write_rooms_and_devices(&dir, &[])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use propusk_boot::instance::Instance;
    use std::os::unix::fs::PermissionsExt as _;

    fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        for folder in ["keys", "root", "trust", "nats"] {
            for entry in fs::read_dir(dir.join(folder)).unwrap().map(Result::unwrap) {
                if entry.path().is_file() {
                    let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
                    assert_eq!(mode, 0o600, "{}", entry.path().display());
                    found.push((entry.path().display().to_string(), fs::read(entry.path()).unwrap()));
                }
            }
        }
        found.sort();
        found
    }

    #[test]
    fn a_first_start_makes_everything_and_a_second_one_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::of(&Instance::open(dir.path()).unwrap());
        complete(&layout).unwrap();
        let first = files(dir.path());
        assert_eq!(first.len(), 4 + 1 + 1 + 1 + 2, "{first:?}");
        complete(&layout).unwrap();
        assert_eq!(files(dir.path()), first);
    }

    #[test]
    fn a_start_that_was_cut_off_is_completed() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::of(&Instance::open(dir.path()).unwrap());
        complete(&layout).unwrap();
        let whole = files(dir.path());
        fs::remove_file(layout.root_public()).unwrap();
        fs::remove_file(layout.nats().join(USERS_FILE)).unwrap();
        complete(&layout).unwrap();
        assert_eq!(files(dir.path()), whole, "what can be derived comes back as it was");
    }

    #[test]
    fn a_root_key_that_is_kept_elsewhere_is_not_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::of(&Instance::open(dir.path()).unwrap());
        complete(&layout).unwrap();
        fs::remove_file(layout.root_key()).unwrap();
        complete(&layout).unwrap();
        assert!(!layout.root_key().exists());
        let other = SigningKey::from_bytes(&[5; 32]).unwrap();
        private::write(&layout.root_key(), other.to_pem().unwrap().as_bytes()).unwrap();
        let message = complete(&layout).unwrap_err().to_string();
        assert!(message.contains("is not the public half"), "{message}");
    }

    #[test]
    fn a_damaged_key_is_named_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::of(&Instance::open(dir.path()).unwrap());
        complete(&layout).unwrap();
        private::write(&layout.key("recorder"), b"SUnot").unwrap();
        let message = complete(&layout).unwrap_err().to_string();
        assert!(message.contains("recorder.nk"), "{message}");
        assert_eq!(fs::read(layout.key("recorder")).unwrap(), b"SUnot");
    }
}
