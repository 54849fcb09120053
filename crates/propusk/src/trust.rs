//! The trust list, signed with the root key: which desks' seals are good.

use std::fs;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use propusk_boot::{Setting, private};
use propusk_region::Region;
use propusk_seal::{Signer, SignerId, SigningKey, TrustList, ZoneMask, open_trust_list, sign_trust_list};
use serde::Deserialize;

use crate::error::UpError;
use crate::first_start::{read_public_key, read_signing_key};
use crate::layout::Layout;

/// How long a desk's certificate lives. The key is to sign for one year; the second year is for the permits that it
/// signed last (SEAL.md, "Trust, offline").
const CERTIFICATE_YEARS: i16 = 2;
/// When the next list is due at the latest.
const NEXT_UPDATE_DAYS: i64 = 30;
/// A list older than this is signed again where the root key is at hand.
const RENEW_AFTER: i64 = DAY;
/// The most days of one permit are at least these: two months, and room.
const LEAST_MAX_DAYS: u16 = 93;
const DAYS_OF_A_MONTH: u16 = 31;
/// In seconds.
const DAY: i64 = 24 * 60 * 60;

/// Who this machine's desk is to the trust list.
#[derive(Debug, Clone)]
pub(crate) struct DeskSigner {
    pub id: SignerId,
    pub zones: ZoneMask,
    pub max_days: u16,
}

/// What became of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refreshed {
    /// It was signed anew.
    Signed,
    /// It is young enough.
    Kept,
    /// It should be signed anew, but the root key is elsewhere.
    Old {
        /// Its age.
        days: i64,
        /// Whether it names this desk's signer.
        names_us: bool,
    },
}

#[derive(Deserialize)]
struct DeskSection {
    signer: String,
    certificate_reference: String,
    max_total_months: u8,
}

impl DeskSigner {
    /// From the `[desk]` section and the region's zones.
    pub(crate) fn configured(setting: &Setting) -> anyhow::Result<Self> {
        let section: DeskSection = setting.config.section("desk")?;
        let id = SignerId::new(&section.signer, &section.certificate_reference)
            .map_err(|error| setting.config.invalid("desk", "certificate_reference", error.to_string()))?;
        let region = match setting.region_file()? {
            Some((text, name)) => Region::from_toml(&text, &name)?,
            None => Region::default_region()?,
        };
        let zones = ZoneMask::from_bits(region.zones().iter().map(|zone| zone.bit)).unwrap_or_default();
        let max_days = (DAYS_OF_A_MONTH * u16::from(section.max_total_months)).max(LEAST_MAX_DAYS);
        Ok(Self { id, zones, max_days })
    }
}

/// Signs the list anew where it is missing, a day old, or does not name this desk, and the root key is at hand.
pub(crate) fn refresh(
    layout: &Layout,
    desk: &DeskSigner,
    now: Timestamp,
    today: Date,
) -> anyhow::Result<Refreshed> {
    let key = read_signing_key(&layout.signer_key())?
        .ok_or_else(|| UpError::BadKey { path: layout.signer_key(), why: "it is missing".to_owned() })?;
    let old = read(layout)?;
    let names_us = old.as_ref().map_or(Ok(false), |list| names(list, desk, &key, layout))?;
    let due = old.as_ref().is_none_or(|list| list.age(now.as_second()) >= RENEW_AFTER);
    if names_us && !due {
        return Ok(Refreshed::Kept);
    }
    match (read_signing_key(&layout.root_key())?, old) {
        (Some(root), old) => {
            let list = renewed(old, (!names_us).then(|| desk.entry(&key, today)).transpose()?, now);
            private::write(&layout.trust_list(), &sign_trust_list(&list, &root)?)?;
            Ok(Refreshed::Signed)
        }
        (None, Some(old)) => Ok(Refreshed::Old { days: old.age(now.as_second()) / DAY, names_us }),
        (None, None) => Err(UpError::NoRootKey { list: layout.trust_list(), root: layout.root_key() }.into()),
    }
}

/// The list at hand, its signature checked.
pub(crate) fn read(layout: &Layout) -> anyhow::Result<Option<TrustList>> {
    let path = layout.trust_list();
    if !path.exists() {
        return Ok(None);
    }
    let root = read_public_key(&layout.root_public())?;
    let bad = |why: String| UpError::BadKey { path: path.clone(), why };
    let bytes = fs::read(&path).map_err(|error| bad(error.to_string()))?;
    Ok(Some(open_trust_list(&bytes, &root).map_err(|error| bad(error.to_string()))?))
}

/// Whether the list names this desk by its key; by another key is an error, not an update.
fn names(list: &TrustList, desk: &DeskSigner, key: &SigningKey, layout: &Layout) -> Result<bool, UpError> {
    let known = list.signers.iter().find(|signer| signer.id == desk.id);
    match known {
        Some(signer) if signer.public_key != key.public_key() => Err(UpError::OtherKey {
            signer: desk.id.signer.clone(),
            reference: desk.id.certificate_reference.clone(),
            key: layout.signer_key(),
        }),
        known => Ok(known.is_some()),
    }
}

impl DeskSigner {
    fn entry(&self, key: &SigningKey, today: Date) -> anyhow::Result<Signer> {
        Ok(Signer {
            id: self.id.clone(),
            valid_from: today,
            valid_to: today.checked_add(CERTIFICATE_YEARS.years())?,
            public_key: key.public_key(),
            zones: self.zones,
            max_days: self.max_days,
            revoked_at: None,
        })
    }
}

/// The old list's signers, revoked ones too, with a new one where given. It supersedes the old list even when the
/// clock has gone back.
fn renewed(old: Option<TrustList>, new: Option<Signer>, now: Timestamp) -> TrustList {
    let (mut signers, before) = old.map_or((vec![], i64::MIN), |old| (old.signers, old.issued_at));
    signers.extend(new);
    let issued_at = now.as_second().max(before.saturating_add(1));
    TrustList { issued_at, next_update: issued_at + NEXT_UPDATE_DAYS * DAY, signers }
}

#[cfg(test)]
mod tests {
    use super::*;
    use propusk_boot::instance::Instance;

    fn desk() -> DeskSigner {
        DeskSigner { id: SignerId::new("KGBP", "1").unwrap(), zones: ZoneMask(31), max_days: 93 }
    }

    fn at(text: &str) -> (Timestamp, Date) {
        let now: Timestamp = text.parse().unwrap();
        (now, propusk_boot::clock::date_in_bishkek(now))
    }

    fn layout(dir: &std::path::Path) -> Layout {
        let layout = Layout::of(&Instance::open(dir).unwrap());
        crate::first_start::complete(&layout).unwrap();
        layout
    }

    #[test]
    fn the_list_is_signed_once_a_day_and_keeps_its_signers() {
        let dir = tempfile::tempdir().unwrap();
        let layout = layout(dir.path());
        let (now, today) = at("2026-06-01T06:00:00Z");
        assert_eq!(refresh(&layout, &desk(), now, today).unwrap(), Refreshed::Signed);
        let first = read(&layout).unwrap().unwrap();
        let signer = &first.signers[0];
        assert_eq!((signer.valid_from, signer.valid_to), (today, jiff::civil::date(2028, 6, 1)));
        assert_eq!((signer.zones, signer.max_days), (ZoneMask(31), 93));
        assert_eq!(first.next_update - first.issued_at, 30 * DAY);
        let (later, day) = at("2026-06-01T18:00:00Z");
        assert_eq!(refresh(&layout, &desk(), later, day).unwrap(), Refreshed::Kept);
        let (later, day) = at("2026-06-03T06:00:00Z");
        assert_eq!(refresh(&layout, &desk(), later, day).unwrap(), Refreshed::Signed);
        let second = read(&layout).unwrap().unwrap();
        assert!(second.supersedes(&first));
        assert_eq!(second.signers, first.signers);
    }

    #[test]
    fn without_the_root_key_the_old_list_stays() {
        let dir = tempfile::tempdir().unwrap();
        let layout = layout(dir.path());
        let (now, today) = at("2026-06-01T06:00:00Z");
        refresh(&layout, &desk(), now, today).unwrap();
        fs::remove_file(layout.root_key()).unwrap();
        let before = fs::read(layout.trust_list()).unwrap();
        let (later, day) = at("2026-06-11T06:00:00Z");
        assert_eq!(
            refresh(&layout, &desk(), later, day).unwrap(),
            Refreshed::Old { days: 10, names_us: true }
        );
        let other = DeskSigner { id: SignerId::new("KGBP", "2").unwrap(), ..desk() };
        assert_eq!(
            refresh(&layout, &other, now, today).unwrap(),
            Refreshed::Old { days: 0, names_us: false }
        );
        assert_eq!(fs::read(layout.trust_list()).unwrap(), before);
        fs::remove_file(layout.trust_list()).unwrap();
        assert!(refresh(&layout, &desk(), now, today).unwrap_err().to_string().contains("no root key"));
    }

    #[test]
    fn a_second_desk_joins_and_another_key_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let layout = layout(dir.path());
        let (now, today) = at("2026-06-01T06:00:00Z");
        refresh(&layout, &desk(), now, today).unwrap();
        let other = DeskSigner { id: SignerId::new("KGBP", "2").unwrap(), ..desk() };
        assert_eq!(refresh(&layout, &other, now, today).unwrap(), Refreshed::Signed);
        assert_eq!(read(&layout).unwrap().unwrap().signers.len(), 2);
        let new = SigningKey::from_bytes(&[9; 32]).unwrap();
        private::write(&layout.signer_key(), new.to_pem().unwrap().as_bytes()).unwrap();
        let message = refresh(&layout, &desk(), now, today).unwrap_err().to_string();
        assert!(message.contains("another key"), "{message}");
    }
}
