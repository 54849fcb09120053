//! What this desk signs with, and for whom: its key, its place on the trust list, its name on the paper.

use std::fs;

use anyhow::Context;
use propusk_boot::instance::Instance;
use propusk_boot::{Setting, private};
use propusk_region::Region;
use propusk_seal::{PublicKey, Signer, SignerId, SigningKey, open_trust_list};

use crate::config::{DeskConfig, PaperSettings, paper_settings};

/// The desk's configuration, rules and key.
pub(crate) struct Office {
    pub config: DeskConfig,
    pub paper: PaperSettings,
    pub region: Region,
    pub signer: SignerId,
    pub key: SigningKey,
    /// The desk's own entry on the trust list: what readers will accept from it.
    pub entry: Signer,
}

impl Office {
    /// Opens the office of a data folder.
    pub(crate) fn open(instance: &Instance, setting: &Setting) -> anyhow::Result<Self> {
        let config: DeskConfig = setting.config.section("desk")?;
        let paper = paper_settings(&setting.config)?;
        let signer = SignerId::new(&config.signer, &config.certificate_reference)?;
        let data = instance.data();
        let key = SigningKey::from_pem(&private::read_secret(&data.join("keys/signer.pem"))?)?;
        let read = |name: &str| fs::read(data.join(name)).with_context(|| format!("{name} can't be read"));
        let root = PublicKey::from_pem(&String::from_utf8_lossy(&read("trust/root.pem")?))?;
        let list = open_trust_list(&read("trust/trust.list")?, &root)?;
        let entry =
            list.signers.into_iter().find(|entry| entry.id == signer && entry.public_key == key.public_key());
        let entry = entry.with_context(|| {
            format!(
                "the trust list does not name signer {} {} with this desk's key: no checkpoint would accept its seals; sign a new trust list",
                config.signer, config.certificate_reference
            )
        })?;
        Ok(Self {
            region: Region::own_or_shipped(setting.region_file()?)?,
            config,
            paper,
            signer,
            key,
            entry,
        })
    }
}
