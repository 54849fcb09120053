//! Training: a handheld that belongs to no post, with specimen permits to scan.
//!
//! Nothing of it can reach the record: its key is drawn anew each time and enrolled nowhere, its trust list is its own,
//! its folder is not one where `sync` looks, and nothing in `handheld train` connects to anybody. A phone's training is
//! kept in memory alone.

#[cfg(feature = "device")]
use std::path::Path;

use jiff::civil::Date;
use jiff::{Span, Timestamp};
#[cfg(feature = "device")]
use propusk_courier::Credentials;
use propusk_courier::user_key;
use propusk_passport::Person;
use propusk_permit::PermitNumber;
use propusk_proto::{Cursor, DeviceId, KnownPermit, NumberTag, PermitStatus, Scope, SyncReply};
use propusk_seal::{PublicKey, SigningKey, TrustList, ZoneMask, sign_trust_list};
#[cfg(feature = "device")]
use propusk_store::Options;
use propusk_store::Store;
use uuid::Uuid;

use crate::clock::day_at_the_post;
use crate::device::{Device, Profile};
use crate::knowledge;
use crate::signer::Signer;
use crate::specimen::{Press, Wanted, mrz, person};

#[cfg(feature = "device")]
const CACHE_BYTES: u64 = 4 * 1024 * 1024;
const SHARDS: u16 = 64;
const DAY_S: i64 = 86_400;

/// A handheld for training.
pub struct Training {
    /// The device; it is enrolled nowhere.
    pub device: Device,
    /// Bit of the zone in which the specimens hold.
    pub(crate) zone_bit: u8,
    lessons: Vec<Lesson>,
}

/// Something to scan: `=` and its key stand for the texts that a scanner would type.
struct Lesson {
    key: &'static str,
    sentence: &'static str,
    texts: Vec<String>,
}

/// Days, travellers and press of the specimens.
struct Workshop {
    press: Press,
    forger: Press,
    post: String,
    here: ZoneMask,
    elsewhere: ZoneMask,
    today: Date,
    permits: Vec<KnownPermit>,
}

impl Training {
    /// Makes the device and its permits anew in the empty folder `dir`, for a post in the zone of `zone_bit`. `draw` gives
    /// random bytes.
    ///
    /// # Errors
    /// When there are no random bytes, or the store can't be written.
    #[cfg(feature = "device")]
    pub fn begin(
        dir: &Path,
        post: &str,
        zone_bit: u8,
        now: Timestamp,
        mut draw: impl FnMut() -> anyhow::Result<[u8; 32]>,
    ) -> anyhow::Result<Self> {
        let credentials = Credentials::generate(draw()?)?;
        let store =
            Store::open(&dir.join("store"), Options { cache_bytes: CACHE_BYTES, ..Options::default() })?;
        Self::over(store, credentials.into(), post, zone_bit, now, draw)
    }

    /// The same over an empty store, with a key that is enrolled nowhere.
    pub(crate) fn over(
        store: Store,
        signer: Signer,
        post: &str,
        zone_bit: u8,
        now: Timestamp,
        mut draw: impl FnMut() -> anyhow::Result<[u8; 32]>,
    ) -> anyhow::Result<Self> {
        let root = drawn(&mut draw, |bytes| SigningKey::from_bytes(bytes).ok())?;
        let profile = profile(&signer, post, &root.public_key(), &draw()?);
        let device = Device::open(store, profile, signer, [0; 24], now.as_millisecond(), 0)?;
        let today = day_at_the_post(now);
        let press = drawn(&mut draw, Press::new)?;
        let signers = press.signer(today).into_iter().collect();
        let issued_at = now.as_second();
        let list = TrustList { issued_at, next_update: issued_at + DAY_S, signers };
        knowledge::keep_trust_list(&device, &sign_trust_list(&list, &root)?)?;
        let mut workshop = Workshop {
            press,
            forger: drawn(&mut draw, Press::new)?,
            post: post.to_owned(),
            here: ZoneMask(1 << zone_bit),
            elsewhere: ZoneMask(1 << ((zone_bit + 1) % 31)),
            today,
            permits: vec![],
        };
        let lessons = workshop.lessons(|| Ok(draw()?.first_chunk().copied().unwrap_or_default()))?;
        knowledge::keep_permits(&device.store, &reply(&device, workshop.permits, now), &[], Some(now))?;
        Ok(Self { device, zone_bit, lessons })
    }

    /// Keys and their Fluent sentences.
    pub fn lessons(&self) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        self.lessons.iter().map(|lesson| (lesson.key, lesson.sentence))
    }

    /// The texts that `=KEY` stands for.
    #[must_use]
    pub fn lesson(&self, typed: &str) -> Option<&[String]> {
        let key = typed.trim().strip_prefix('=')?;
        self.lessons.iter().find(|lesson| lesson.key == key).map(|lesson| lesson.texts.as_slice())
    }
}

/// Draws until the bytes are a key: nearly all are.
fn drawn<T>(
    draw: &mut impl FnMut() -> anyhow::Result<[u8; 32]>,
    key: impl Fn(&[u8; 32]) -> Option<T>,
) -> anyhow::Result<T> {
    loop {
        if let Some(key) = key(&draw()?) {
            return Ok(key);
        }
    }
}

/// `nobody` is the key of a recorder that there is not.
fn profile(signer: &Signer, post: &str, root: &PublicKey, nobody: &[u8; 32]) -> Profile {
    Profile {
        device: DeviceId::of_public_key(&signer.public_key()),
        post: post.to_owned(),
        nats_url: String::new(),
        shards: SHARDS,
        recorder_key: user_key(nobody),
        root_key: data_encoding::HEXLOWER.encode(&root.to_sec1()),
    }
}

fn reply(device: &Device, permits: Vec<KnownPermit>, now: Timestamp) -> SyncReply {
    SyncReply {
        device: device.profile.device.clone(),
        time_ms: now.as_millisecond(),
        trust_list: None,
        permits,
        cursor: Cursor::default(),
        more: false,
        record_lost: false,
        scope: Scope::ALL,
    }
}

impl Workshop {
    fn lessons(
        &mut self,
        mut random: impl FnMut() -> anyhow::Result<[u8; 8]>,
    ) -> anyhow::Result<Vec<Lesson>> {
        let until = self.days(5 * 365);
        let anna = person("ERIKSSON", "L898902C3", until);
        let other = person("ERIKSSON", "L898902C8", until);
        let group = [anna.clone(), person("BERG", "D23145890", until), person("LIND", "D23145891", until)];
        let alone = std::slice::from_ref(&anna);
        let mut number = || PermitNumber::try_draw(&mut random);
        let (month, past) = ((self.days(-3), self.days(20)), (self.days(-40), self.days(-11)));
        let good = self.permit(number()?, 1, month, self.here, alone, false);
        let with_passport = |seal: &Option<String>, holder: &Person| {
            seal.iter().cloned().chain(mrz(holder)).collect::<Vec<_>>()
        };
        let differs = self.permit(number()?, 2, month, self.here, alone, false);
        let sealed = |seal: Option<String>| seal.into_iter().collect::<Vec<_>>();
        let texts = [
            ("1", "lesson-good", with_passport(&good, &anna)),
            ("2", "lesson-group", sealed(self.permit(number()?, 1, month, self.here, &group, false))),
            ("3", "lesson-expired", sealed(self.permit(number()?, 1, past, self.here, alone, false))),
            ("4", "lesson-zone", sealed(self.permit(number()?, 1, month, self.elsewhere, alone, false))),
            ("5", "lesson-revoked", sealed(self.permit(number()?, 1, month, self.here, alone, true))),
            ("6", "lesson-forged", sealed(self.forged(number()?, month, alone))),
            ("7", "lesson-passport", with_passport(&differs, &other)),
            ("8", "lesson-foreign", vec!["https://example.org/not-a-permit".to_owned()]),
        ];
        Ok(texts.into_iter().map(|(key, sentence, texts)| Lesson { key, sentence, texts }).collect())
    }

    fn days(&self, days: i64) -> Date {
        self.today.saturating_add(Span::new().days(days))
    }

    /// A permit that the device knows of; its seal's text.
    fn permit(
        &mut self,
        number: PermitNumber,
        copy: u8,
        dates: (Date, Date),
        zones: ZoneMask,
        travellers: &[Person],
        revoked: bool,
    ) -> Option<String> {
        let status = PermitStatus {
            tag: NumberTag::of(&number),
            version: 1,
            valid_from: dates.0.into(),
            valid_to: dates.1.into(),
            zones: zones.0,
            posts: vec![self.post.clone()],
            copies: 3,
            travellers: u8::try_from(travellers.len()).unwrap_or(u8::MAX),
        };
        let id = Uuid::from_u128(self.permits.len() as u128 + 1);
        let recorded_at_ms = 0;
        self.permits.push(KnownPermit { id, status, recorded_at_ms, revoked_at_ms: revoked.then_some(1) });
        self.press.seal(&Wanted { number, copy, copies: 3, dates, zones, travellers })
    }

    /// A seal in the name of the specimens' signer, with another key.
    fn forged(&self, number: PermitNumber, dates: (Date, Date), travellers: &[Person]) -> Option<String> {
        let zones = self.here;
        self.forger.seal(&Wanted { number, copy: 1, copies: 3, dates, zones, travellers })
    }
}

#[cfg(test)]
pub(crate) mod fixtures {
    //! A training whose keys are always the same.

    use super::*;

    pub(crate) fn training(dir: &Path, post: &str, zone_bit: u8, now: Timestamp) -> Training {
        let mut drawn = 0_u8;
        Training::begin(dir, post, zone_bit, now, || {
            drawn += 1;
            Ok([drawn; 32])
        })
        .unwrap()
    }
}

#[cfg(test)]
#[path = "training_tests.rs"]
mod tests;
