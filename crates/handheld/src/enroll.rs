//! Joining: a one-time code from the operator turns into an identity, a post, a trust list and what is known so far.

use std::path::Path;

use anyhow::Context;
use data_encoding::BASE64;
use propusk_boot::{Client, random};
use propusk_courier::Credentials;
use propusk_proto::DeviceId;
use propusk_proto::enrolment::{EnrolmentReply, EnrolmentRequest};
use propusk_seal::{PublicKey, open_trust_list};

use crate::HandheldError;
use crate::device::Profile;
use crate::folder;
use crate::knowledge;

/// Enrols this device at `recorder` and returns its profile.
pub(crate) fn enroll(data: &Path, recorder: &Client, code: &str, now_ms: i64) -> anyhow::Result<Profile> {
    let credentials = Credentials::generate(random::bytes()?)?;
    let public_key = credentials.public_key();
    let request = EnrolmentRequest { code: code.trim().to_owned(), public_key: public_key.clone() };
    let reply: EnrolmentReply = recorder.post("/v1/enrolments", &request)?;
    let expected = DeviceId::of_public_key(&public_key);
    if reply.device != expected.as_str() {
        let why = format!("the recorder named device {}, this key is device {expected}", reply.device);
        return Err(HandheldError::Damaged { what: "the recorder's answer", why }.into());
    }
    propusk_proto::device::check_token(&reply.post)?;
    let root = PublicKey::from_sec1_hex(&reply.root_key)?;
    let trust_list =
        BASE64.decode(reply.trust_list.as_bytes()).context("the recorder's trust list is not Base64")?;
    open_trust_list(&trust_list, &root).context("the recorder's trust list does not verify")?;
    let dir = folder::folder(data, &reply.post);
    if let Some(known) = folder::profile(&dir)? {
        let device = known.device.to_string();
        return Err(HandheldError::AlreadyEnrolled { post: reply.post, device, dir }.into());
    }
    let profile = Profile {
        device: expected,
        post: reply.post,
        nats_url: reply.nats_url,
        shards: reply.shards,
        recorder_key: reply.recorder_key,
        root_key: reply.root_key,
    };
    folder::create(&dir, &profile, &credentials, reply.broker_ca.as_deref())?;
    let device = folder::open(&dir, now_ms)?;
    knowledge::keep_trust_list(&device, &trust_list)?;
    Ok(profile)
}
