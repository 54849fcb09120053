//! How a command answers: JSON lines for programs, sentences for people; and the files a setting names.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::{Service, Setting};
use crate::instance::Instance;
use crate::locales::{Locales, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionSection {
    file: String,
}

#[derive(Deserialize)]
struct NatsSection {
    url: String,
    ca_file: PathBuf,
    client_certificate_file: PathBuf,
    client_key_file: PathBuf,
}

/// The certificates of those who vouch for the private broker, within the data folder; only there where the broker
/// encrypts.
pub const BROKER_CA: &str = "nats/ca.pem";

/// Where the broker is, and how its clients know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokerAddress {
    /// `nats://…` or `tls://…`.
    pub url: String,
    /// PEM file with the certificates of those who may vouch for it; `None` leaves it to the system's list.
    pub ca_file: Option<PathBuf>,
    /// PEM files with the certificate and the key that this machine shows to a broker that asks for them.
    pub certificate: Option<(PathBuf, PathBuf)>,
}

impl Setting {
    /// The sentence `id` in the language of this command.
    #[must_use]
    pub fn say<K: AsRef<str>>(&self, id: &str, arguments: &[(K, String)]) -> String {
        let arguments: Vec<(&str, Value<'_>)> =
            arguments.iter().map(|(name, value)| (name.as_ref(), Value::from(value.as_str()))).collect();
        Locales::embedded().text(self.language, id, &arguments)
    }

    /// Prints one answer: a JSON object on a line of its own with `--json`, else what `text` makes of it.
    ///
    /// # Errors
    /// Standard output can't be written.
    pub fn print<T: Serialize>(&self, answer: &T, text: impl FnOnce() -> String) -> anyhow::Result<()> {
        let line = if self.json { serde_json::to_string(answer)? } else { text() };
        let mut out = io::stdout().lock();
        match writeln!(out, "{line}").and_then(|()| out.flush()) {
            // Whoever reads us has seen enough (`| head`).
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result.context("standard output can't be written"),
        }
    }

    /// Prints many answers, each on its line.
    ///
    /// # Errors
    /// Standard output can't be written.
    pub fn print_each<T: Serialize>(&self, answers: &[T], text: impl Fn(&T) -> String) -> anyhow::Result<()> {
        answers.iter().try_for_each(|answer| self.print(answer, || text(answer)))
    }

    /// The operator's own region file and its name, or `None` where the shipped one holds.
    ///
    /// # Errors
    /// The file that the configuration names can't be read.
    pub fn region_file(&self) -> anyhow::Result<Option<(String, String)>> {
        let section: RegionSection = self.config.section("region")?;
        if section.file.is_empty() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(Path::new(&section.file))
            .with_context(|| format!("the region file {} can't be read", section.file))?;
        Ok(Some((text, section.file)))
    }
}

impl Service {
    /// Where the broker is: as configured, or the private one of this data folder.
    ///
    /// # Errors
    /// None is configured and no private one is announced.
    pub fn broker(&self) -> anyhow::Result<BrokerAddress> {
        self.setting.broker(&self.instance)
    }
}

impl Setting {
    /// Where the broker is: as configured, or the private one of `instance`.
    ///
    /// # Errors
    /// None is configured and no private one is announced.
    pub fn broker(&self, instance: &Instance) -> anyhow::Result<BrokerAddress> {
        let section: NatsSection = self.config.section("nats")?;
        let named = |file: PathBuf| Some(file).filter(|file| !file.as_os_str().is_empty());
        if section.url.is_empty() {
            let (url, ca) = (instance.find("nats")?.url, instance.data().join(BROKER_CA));
            return Ok(BrokerAddress { url, ca_file: Some(ca).filter(|ca| ca.exists()), certificate: None });
        }
        let certificate = named(section.client_certificate_file).zip(named(section.client_key_file));
        Ok(BrokerAddress { url: section.url, ca_file: named(section.ca_file), certificate })
    }
}
