//! Training on a phone: the same phone over rows that nobody keeps, with a key that was never enrolled.

use anyhow::Context;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Phone;
use super::ask::{Ask, TrainingOpening};
use super::rows::Rows;
use crate::signer::{Elsewhere, Signer};
use crate::training::Training;

impl Phone {
    /// A phone for training at the same post. `opening` is JSON: a public key made for it, the clock and random bytes.
    /// Whatever it changes is to be thrown away.
    ///
    /// # Errors
    /// In words, when the opening is damaged.
    pub fn train(&self, opening: &str) -> Result<Self, String> {
        self.try_train(opening).map_err(|error| format!("{error:#}"))
    }

    fn try_train(&self, opening: &str) -> anyhow::Result<Self> {
        let opening: TrainingOpening = serde_json::from_str(opening).context("the opening of a training")?;
        let now = opening.now()?;
        let seed = HEXLOWER.decode(opening.random.as_bytes())?;
        anyhow::ensure!(seed.len() >= 16, "{} random bytes; a training needs 16", seed.len());
        let mut drawn = 0_u32;
        let draw = || {
            drawn += 1;
            Ok(Sha256::new().chain_update(&seed).chain_update(drawn.to_be_bytes()).finalize().into())
        };
        // Specimens are made for whichever zone it is.
        let zone_bit = self.told_zone().unwrap_or(0);
        let (rows, key) = (Rows::of([]), Elsewhere::new(opening.public_key));
        let (signer, post) = (Signer::Elsewhere(key.clone()), &self.device.profile.post);
        let training = Training::over(rows.store(), signer, post, zone_bit, now, draw)?;
        let phone = Self::over(training.device.clone(), key, rows)?;
        Ok(Self { training: Some(training), ..phone })
    }

    /// What there is to scan: `{"lessons": [{"key", "sentence"}]}`.
    pub(super) fn lessons(&self) -> Value {
        let lessons = self.training.iter().flat_map(Training::lessons);
        lessons.map(|(key, sentence)| json!({ "key": key, "sentence": sentence })).collect()
    }

    /// Scans a specimen: the passport first, since a phone gives its verdict as soon as it has a single traveller's permit.
    pub(super) fn lesson(&mut self, key: &str, ask: &Ask) -> anyhow::Result<Value> {
        let training = self.training.as_ref().context("this is no training")?;
        let texts = training.lesson(&format!("={key}")).context("there is no such lesson")?;
        let (permit, passport) = texts.split_first().context("an empty lesson")?;
        let (permit, passport) = (permit.clone(), passport.join("\n"));
        if !passport.is_empty() {
            self.take(&passport, ask)?;
        }
        self.take(&permit, ask)
    }
}
