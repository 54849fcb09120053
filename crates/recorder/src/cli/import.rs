//! `propusk recorder import`: a driver's bundle, parcel by parcel.

use std::path::Path;

use anyhow::Context;
use data_encoding::BASE64;
use propusk_boot::client::Client;
use propusk_boot::skeleton::Setting;
use propusk_boot::{ExitStatus, private};
use propusk_proto::codec::Message;
use propusk_proto::{Bundle, Piece, decode, encode};
use serde::Serialize;

use crate::api::{ParcelReply, ParcelRequest};

/// What `recorder import --json` prints.
#[derive(Debug, Default, Serialize)]
struct Done {
    parcels: usize,
    hand_ins: usize,
    /// Parcels that were not taken, each with the reason.
    refused: Vec<String>,
}

pub(super) fn run(
    file: &Path,
    out: &Path,
    recorder: &Client,
    setting: &Setting,
) -> anyhow::Result<ExitStatus> {
    let bundle = read(file)?;
    let (mut done, mut back) = (Done::default(), Bundle::default());
    for piece in bundle.pieces {
        // A return is on its way to its device, and nothing for the record.
        let Piece::Parcel(framed) = piece else { continue };
        let request = ParcelRequest { parcel: BASE64.encode(&framed) };
        match recorder.post::<_, ParcelReply>("/v1/parcels", &request) {
            Ok(reply) => {
                done.parcels += 1;
                done.hand_ins += reply.hand_ins;
                let framed =
                    BASE64.decode(reply.back.as_bytes()).context("the recorder's return is not Base64")?;
                back.pieces.push(Piece::Return(framed));
            }
            Err(propusk_boot::client::ClientError::Refused { code, message, .. }) if code == "parcel" => {
                done.refused.push(message);
            }
            Err(error) => return Err(error.into()),
        }
        // After each, so that what is recorded is receipted whatever happens to the next.
        private::write(out, &encode(&back)?)
            .with_context(|| format!("{} can't be written", out.display()))?;
    }
    setting.print(&done, || {
        let args = [
            ("parcels", done.parcels.to_string()),
            ("events", done.hand_ins.to_string()),
            ("file", out.display().to_string()),
        ];
        let refused = done.refused.iter().map(|why| format!("- {why}"));
        [setting.say("bundle-taken", &args)].into_iter().chain(refused).collect::<Vec<_>>().join("\n")
    })?;
    Ok(ExitStatus::from_answer(done.refused.is_empty()))
}

fn read(file: &Path) -> anyhow::Result<Bundle> {
    let cant_read = || format!("{} can't be read", file.display());
    let length = std::fs::metadata(file).with_context(cant_read)?.len();
    let longest = Bundle::MAX_BYTES as u64;
    anyhow::ensure!(
        length <= longest,
        "{} has {length} bytes; a bundle has at most {longest}",
        file.display()
    );
    decode(&std::fs::read(file).with_context(cant_read)?)
        .with_context(|| format!("{} is no bundle", file.display()))
}
