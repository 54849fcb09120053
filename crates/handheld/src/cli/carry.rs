//! `propusk handheld export` and `import`: a driver's pocket instead of a signal.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use propusk_boot::{ExitStatus, Setting, private, random};
use propusk_proto::codec::Message;
use propusk_proto::{Bundle, decode, encode};

use super::{OfPost, open};
use crate::device::Device;
use crate::sync::is_revocation;
use crate::{HandheldError, carry, folder};

/// Arguments of `handheld export`.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    of: OfPost,
    /// The file to write: for the recorder, or for a neighbouring post.
    file: PathBuf,
}

/// Arguments of `handheld import`.
#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    of: OfPost,
    /// A file from the recorder, or from a neighbouring post.
    file: PathBuf,
}

pub(super) fn export(args: &Export, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let device = match open(args.of.post.as_deref(), setting) {
        // What a wiped device has kept can still be carried away.
        Err(error) => match error.downcast_ref() {
            Some(HandheldError::Wiped { bundle, .. }) => {
                std::fs::copy(bundle, &args.file).with_context(|| cant_write(&args.file))?;
                eprintln!("{error}");
                return Ok(ExitStatus::Yes);
            }
            _ => return Err(error),
        },
        Ok(device) => device,
    };
    let random = u32::from_be_bytes(random::bytes()?);
    let bundle = carry::export(&device, setting.clock.now().as_millisecond(), random)?;
    private::write(&args.file, &encode(&bundle)?).with_context(|| cant_write(&args.file))?;
    let (waiting, file) = (device.queue.waiting_count()?, args.file.display().to_string());
    let done = serde_json::json!({ "hand_ins": waiting, "pieces": bundle.pieces.len(), "file": file });
    let args =
        [("waiting", waiting.to_string()), ("pieces", bundle.pieces.len().to_string()), ("file", file)];
    setting.print(&done, || setting.say("bundle-exported", &args))?;
    Ok(ExitStatus::Yes)
}

pub(super) fn import(args: &Import, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let device = open(args.of.post.as_deref(), setting)?;
    let done = match carry::import(&device, &read(&args.file)?) {
        Err(error) if is_revocation(&error) => return wipe(device, args.of.post.as_deref(), setting),
        done => done?,
    };
    setting.print(&done, || {
        let numbers = [
            ("settled", done.settled.to_string()),
            ("permits", done.permits_learnt.to_string()),
            ("parcels", done.parcels.to_string()),
            ("copies", done.copies_elsewhere.to_string()),
        ];
        let refused = done.refused.iter().map(|why| format!("- {why}"));
        [setting.say("bundle-imported", &numbers)].into_iter().chain(refused).collect::<Vec<_>>().join("\n")
    })?;
    Ok(ExitStatus::from_answer(done.refused.is_empty()))
}

/// Wipes a device that the recorder has revoked.
pub(super) fn wipe(device: Device, post: Option<&str>, setting: &Setting) -> anyhow::Result<ExitStatus> {
    let dir = folder::find(&setting.data, post)?;
    let random = u32::from_be_bytes(random::bytes()?);
    let bundle = carry::export(&device, setting.clock.now().as_millisecond(), random)?;
    let hand_ins = device.queue.waiting_count()?;
    let wiped = folder::wipe(&dir, device, &bundle, hand_ins)?;
    let HandheldError::Wiped { bundle, .. } = &wiped else { return Err(wiped.into()) };
    let kept = bundle.display().to_string();
    let done = serde_json::json!({ "revoked": true, "hand_ins": hand_ins, "kept": kept });
    let args = [("waiting", hand_ins.to_string()), ("file", kept)];
    setting.print(&done, || setting.say("revoked-wiped", &args))?;
    Ok(ExitStatus::No)
}

fn read(file: &PathBuf) -> anyhow::Result<Bundle> {
    let cant_read = || format!("{} can't be read", file.display());
    let length = std::fs::metadata(file).with_context(cant_read)?.len();
    let longest = Bundle::MAX_BYTES as u64;
    anyhow::ensure!(
        length <= longest,
        "{} has {length} bytes; a bundle has at most {longest}",
        file.display()
    );
    let bytes = std::fs::read(file).with_context(cant_read)?;
    decode(&bytes).with_context(|| format!("{} is no bundle", file.display()))
}

fn cant_write(file: &Path) -> String {
    format!("{} can't be written", file.display())
}
