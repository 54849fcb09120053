//! Joining: a one-time code from the operator turns into an identity, a post, a trust list and what is known so far.

use std::path::Path;

use propusk_boot::{Client, random};
use propusk_courier::Credentials;
use propusk_proto::enrolment::{EnrolmentReply, EnrolmentRequest};

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
    let broker_ca = reply.broker_ca.clone();
    let (profile, trust_list) = Profile::of_reply(reply, &public_key)?;
    let dir = folder::folder(data, &profile.post);
    if let Some(known) = folder::profile(&dir)? {
        let device = known.device.to_string();
        return Err(HandheldError::AlreadyEnrolled { post: profile.post, device, dir }.into());
    }
    folder::create(&dir, &profile, &credentials, broker_ca.as_deref())?;
    let device = folder::open(&dir, now_ms)?;
    knowledge::keep_trust_list(&device, &trust_list)?;
    Ok(profile)
}
