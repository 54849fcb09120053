//! The machines of a world: one recorder, some handhelds, each with a disk, a clock, and a process that can die.

use std::collections::BTreeMap;

use jiff::Timestamp;
use propusk_courier::Credentials;
use propusk_handheld::device::{Device, Profile};
use propusk_handheld::exchange::{Exchange, Pace};
use propusk_proto::PresentedPermit;
use propusk_recorder::ledger::Ledger;
use propusk_recorder::zones::Zones;
use propusk_seal::PublicKey;
use uuid::Uuid;

use crate::disk::{Disk, Rows};
use crate::random::Random;

/// The generator of P-256: a root key that nothing is verified with here.
const ROOT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
pub(crate) const SHARDS: u16 = 4;
pub(crate) const DAY_MS: i64 = 86_400_000;
const PACE: Pace = Pace { first_ms: 1000, max_ms: 60_000, keep_ms: 30 * DAY_MS };

pub(crate) struct Recorder {
    pub disk: Disk,
    pub key: Credentials,
    pub root: PublicKey,
    pub running: Option<Ledger>,
    pub backup: Option<Rows>,
    pub offset_ms: i64,
    /// Changes when the record is copied or restored.
    pub mark: u64,
}

pub(crate) struct Handheld {
    /// Machines with the same identity are copies of one device.
    pub identity: usize,
    pub profile: Profile,
    pub credentials: Credentials,
    pub disk: Disk,
    pub running: Option<(Device, Exchange)>,
    pub backup: Option<Rows>,
    /// Changes when the folder is copied or restored.
    pub mark: u64,
    random: Random,
    pub link: bool,
    pub offset_ms: i64,
    /// Every hand-in whose verdict was shown here, and when its receipt came, if it did.
    pub shown: BTreeMap<Uuid, Option<i64>>,
    /// The newest hand-in, and what was handed in: the soldier may have been wrong.
    pub last: Option<(Uuid, PresentedPermit)>,
    /// The disk's version when it was last checked.
    pub checked: u64,
}

impl Recorder {
    pub(crate) fn new() -> Self {
        let (key, root) = (credentials(0), PublicKey::from_sec1_hex(ROOT).unwrap());
        Self { disk: Disk::default(), key, root, running: None, backup: None, offset_ms: 0, mark: 0 }
    }

    pub(crate) fn open(&mut self, random: u64) -> anyhow::Result<Ledger> {
        if let Some(ledger) = &self.running {
            return Ok(ledger.clone());
        }
        let (store, key) = (self.disk.store(), self.key.clone());
        let ledger = Ledger::open(store, key, self.root, SHARDS, mark(self.mark), random)?;
        let ledger = ledger.with_zones(zones())?;
        self.running = Some(ledger.clone());
        Ok(ledger)
    }
}

impl Handheld {
    pub(crate) fn new(identity: usize, recorder: &Recorder) -> Self {
        let credentials = credentials(1 + identity as u8);
        let profile = Profile {
            device: propusk_proto::DeviceId::of_public_key(&credentials.public_key()),
            post: format!("post{identity}"),
            nats_url: String::new(),
            shards: SHARDS,
            recorder_key: recorder.key.public_key(),
            root_key: ROOT.to_owned(),
        };
        Self {
            identity,
            profile,
            credentials,
            disk: Disk::default(),
            running: None,
            backup: None,
            mark: 0,
            random: Random::new(identity as u64),
            link: true,
            offset_ms: 0,
            shown: BTreeMap::new(),
            last: None,
            checked: u64::MAX,
        }
    }

    /// A second machine from a copy of this one's folder.
    pub(crate) fn copied(&self, recorder: &Recorder, mark: u64) -> Self {
        let mut fresh = Self::new(self.identity, recorder);
        fresh.random = Random::new(1000 + mark);
        let disk = Disk::holding(self.disk.durable());
        Self { disk, mark, shown: self.shown.clone(), ..fresh }
    }

    pub(crate) fn now(&self, true_ms: i64) -> Timestamp {
        Timestamp::from_millisecond(true_ms + self.offset_ms).unwrap()
    }

    /// Starts the device where it is not running.
    pub(crate) fn open(&mut self, true_ms: i64) -> anyhow::Result<&mut (Device, Exchange)> {
        if self.running.is_none() {
            let now = self.now(true_ms);
            let random = self.draw();
            let (profile, credentials) = (self.profile.clone(), self.credentials.clone());
            let device = Device::open(
                self.disk.store(),
                profile,
                credentials,
                mark(self.mark),
                now.as_millisecond(),
                random,
            )?;
            let exchange = Exchange::begin(device.clone(), PACE, now, random)?;
            self.running = Some((device, exchange));
        }
        self.running.as_mut().ok_or_else(|| anyhow::anyhow!("not running"))
    }

    pub(crate) fn draw(&mut self) -> u32 {
        self.random.next() as u32
    }

    pub(crate) fn end_exchange(&mut self, true_ms: i64) -> anyhow::Result<()> {
        let now = self.now(true_ms);
        let random = self.draw();
        let (device, exchange) = self.open(true_ms)?;
        exchange.end()?;
        *exchange = Exchange::begin(device.clone(), PACE, now, random)?;
        Ok(())
    }
}

/// Posts in two zones; every device is told of all permits.
pub(crate) fn zones() -> Zones {
    Zones::new((0..8).map(|n| (format!("post{n}"), format!("zone{}", n % 2), u32::MAX)))
}

fn mark(number: u64) -> [u8; 24] {
    let mut mark = [0; 24];
    mark[..8].copy_from_slice(&number.to_be_bytes());
    mark
}

pub(crate) fn credentials(number: u8) -> Credentials {
    Credentials::generate([number; 32]).unwrap()
}
