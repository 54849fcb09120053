//! Hand-ins as handhelds make them: numbered without gaps, signed, of permits that exist.
//!
//! A permit is handed in on the way in and out of two zones, four hand-ins; the newest thousand groups are still inside
//! the first one.

use std::collections::BTreeMap;

use jiff::civil::Date;
use propusk_courier::Credentials;
use propusk_courier::server::DeviceUser;
use propusk_permit::PermitNumber;
use propusk_proto::{
    Change, DeviceId, HandIn, Kind, NumberTag, PermitEvent, PermitStatus, Presented, PresentedPermit,
    SealedDetails, SignedPermitEvent, Verdict, encode, frame, shard, subject,
};
use propusk_recorder::intake::Incoming;
use propusk_recorder::ledger::Ledger;
use propusk_recorder::zones::Zones;
use propusk_region::Region;
use propusk_seal::{Signer, SignerId, SigningKey, TrustList, ZoneMask};
use propusk_store::{Options, Store};
use uuid::Uuid;

pub(crate) const SHARDS: u16 = 64;
pub(crate) const DEVICES: usize = 50;
/// Hand-ins of each permit.
const STEPS: usize = 4;
/// 2026-07-01, noon in Bishkek.
pub(crate) const NOON_MS: i64 = 1_782_885_600_000;
const POSTS: [&str; 2] = ["karasay", "torugart"];

struct Handheld {
    id: DeviceId,
    post: &'static str,
    credentials: Credentials,
    sequences: BTreeMap<u16, u64>,
}

/// The handhelds of all posts, and the permits that reach them.
pub(crate) struct Fleet {
    handhelds: Vec<Handheld>,
    made: usize,
}

impl Fleet {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let handheld = |at: usize| {
            let credentials = Credentials::generate([at as u8 + 1; 32])?;
            let (id, post) = (DeviceId::of_public_key(&credentials.public_key()), POSTS[at % POSTS.len()]);
            Ok(Handheld { id, post, credentials, sequences: BTreeMap::new() })
        };
        Ok(Self { handhelds: (0..DEVICES).map(handheld).collect::<anyhow::Result<_>>()?, made: 0 })
    }

    pub(crate) fn enrol(&self, ledger: &Ledger) -> anyhow::Result<()> {
        for handheld in &self.handhelds {
            ledger.enrol(&handheld.credentials.public_key(), handheld.post, NOON_MS)?;
        }
        Ok(())
    }

    pub(crate) fn users(&self) -> Vec<DeviceUser> {
        let user = |handheld: &Handheld| DeviceUser {
            device: handheld.id.to_string(),
            post: handheld.post.to_owned(),
            public_key: handheld.credentials.public_key(),
            shut_out: false,
        };
        self.handhelds.iter().map(user).collect()
    }

    pub(crate) fn credentials(&self, at: usize) -> &Credentials {
        &self.handhelds[at].credentials
    }

    /// The next hand-ins, in the order in which they come.
    pub(crate) fn take(&mut self, count: usize) -> anyhow::Result<Vec<Incoming>> {
        (0..count).map(|_| self.next()).collect()
    }

    fn next(&mut self) -> anyhow::Result<Incoming> {
        // A thousand groups are under way at a time: each is seen again after the others.
        let (at, under_way) = (self.made, 1000);
        let (round, within) = (at / (under_way * STEPS), at % (under_way * STEPS));
        let (permit, step) = (round * under_way + within % under_way, within / under_way);
        self.made += 1;
        let number = number(permit)?;
        let post = POSTS[step / 2];
        let of_post = (permit / 2 % (DEVICES / POSTS.len())) * POSTS.len() + step / 2;
        let handheld = &mut self.handhelds[of_post];
        let shard = shard::for_event(Some(&number), &handheld.id, SHARDS);
        let sequence = handheld.sequences.entry(shard).or_insert(0);
        *sequence += 1;
        let event = HandIn {
            id: Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0000 + at as u128),
            device: handheld.id.clone(),
            epoch: 7,
            shard,
            sequence: *sequence,
            kind: if step % 2 == 0 { Kind::Entry } else { Kind::Exit },
            presented: Presented::Seal { sha256: [step as u8; 32] },
            permit: Some(PresentedPermit { number, version: Some(1), copy: Some(1 + (step / 2) as u8) }),
            present: 0,
            post: post.to_owned(),
            soldier: "41".to_owned(),
            // Half an hour between two posts.
            scanned_at_ms: NOON_MS + step as i64 * 1_800_000,
            monotonic_ms: at as u64,
            verdict: Verdict::Accept,
            reasons: vec![],
            witnessed: None,
        };
        let bytes = encode(&event)?;
        let payload = frame::join(&bytes, &handheld.credentials.sign(&bytes)?);
        Ok(Incoming { subject: subject::hand_in(shard, post, &event.device), payload })
    }
}

/// The number of the n-th permit.
pub(crate) fn number(permit: usize) -> anyhow::Result<String> {
    let mut draws = (permit as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let draw = || {
        draws = draws.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (draws ^ (draws >> 31)).to_be_bytes()
    };
    Ok(PermitNumber::draw(draw).compact().to_owned())
}

/// A desk that issues the permits of the fleet.
pub(crate) struct Desk {
    key: SigningKey,
    trust: TrustList,
}

impl Desk {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let key = SigningKey::from_bytes(&[9; 32])?;
        let signer = Signer {
            id: SignerId::new("KGBP", "1")?,
            valid_from: Date::constant(2026, 1, 1),
            valid_to: Date::constant(2027, 12, 31),
            public_key: key.public_key(),
            zones: ZoneMask(u32::MAX),
            max_days: 180,
            revoked_at: None,
        };
        let trust = TrustList {
            issued_at: NOON_MS / 1000 - 86_400,
            next_update: NOON_MS / 1000 + 30 * 86_400,
            signers: vec![signer],
        };
        Ok(Self { key, trust })
    }

    /// Makes the permits known, from the first to the one before the last.
    pub(crate) fn issue(&self, ledger: &Ledger, permits: std::ops::Range<usize>) -> anyhow::Result<()> {
        let all: Vec<usize> = permits.collect();
        for some in all.chunks(256) {
            let messages: Vec<(String, Vec<u8>)> =
                some.iter().map(|permit| self.issued(*permit)).collect::<anyhow::Result<_>>()?;
            let parts = messages.iter().map(|(subject, bytes)| (subject.as_str(), bytes.as_slice()));
            anyhow::ensure!(
                ledger.take_permits(parts, &self.trust, NOON_MS)?.is_empty(),
                "a permit was not taken"
            );
        }
        Ok(())
    }

    fn issued(&self, permit: usize) -> anyhow::Result<(String, Vec<u8>)> {
        let permit_id = Uuid::from_u128(1 + permit as u128);
        let status = PermitStatus {
            tag: NumberTag::of(&number(permit)?.parse()?),
            version: 1,
            valid_from: Date::constant(2026, 6, 15).into(),
            valid_to: Date::constant(2026, 7, 14).into(),
            zones: u32::MAX,
            posts: POSTS.map(str::to_owned).to_vec(),
            copies: 4,
            travellers: 4,
        };
        let details = SealedDetails { lookup: [0; 32], wrapped_key: vec![0; 72], ciphertext: vec![0; 700] };
        let change = Change::Issued { status, details };
        let event = encode(&PermitEvent {
            permit_id,
            sequence: 1,
            at_ms: NOON_MS - 86_400_000,
            office: "BISHKEK".to_owned(),
            change,
        })?;
        let signature = self.key.sign(&SignedPermitEvent::signed_bytes(&event)).to_vec();
        let (signer, certificate_reference) = ("KGBP".to_owned(), "1".to_owned());
        let signed = SignedPermitEvent { signer, certificate_reference, event, signature };
        Ok((subject::permit(permit_id, "issued"), encode(&signed)?))
    }
}

/// How many permits so many hand-ins are of, those included that are still under way.
pub(crate) fn permits_of(hand_ins: usize) -> usize {
    hand_ins.div_ceil(STEPS * 1000) * 1000
}

/// How the recorder opens its store, with the cache of the shipped configuration.
pub(crate) fn options() -> Options {
    Options::busy(128 << 20)
}

/// A record over `store`, with the shipped region and limits.
pub(crate) fn ledger(store: Store) -> anyhow::Result<Ledger> {
    let root = SigningKey::from_bytes(&[8; 32])?.public_key();
    let zones = Zones::of(&Region::own_or_shipped(None)?);
    Ledger::open(store, recorder()?, root, SHARDS, [1; 24], 5)?.with_zones(zones)
}

pub(crate) fn recorder() -> anyhow::Result<Credentials> {
    Ok(Credentials::generate([200; 32])?)
}
