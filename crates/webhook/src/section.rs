//! The section `[webhooks]` of the configuration.

use std::collections::BTreeSet;

use propusk_boot::Setting;
use propusk_boot::client::Receiver;
use propusk_boot::instance::Instance;
use propusk_boot::private;
use serde::Deserialize;

use crate::Secret;

const SECTION: &str = "webhooks";
const DAY_MS: i64 = 24 * 3_600_000;

/// Everything that can be told, by its `type`.
pub const EVENTS: [&str; 7] = [
    "permit.issued",
    "permit.corrected",
    "permit.extended",
    "permit.revoked",
    "permit.printed",
    "copy.handed-in",
    "alert.raised",
];

/// What keeps webhooks from being sent at all.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The secret is none.
    #[error(
        "the secret of the webhooks is `whsec_` and Base64 of 24 to 64 bytes, such as: echo whsec_$(openssl rand -base64 32)"
    )]
    Secret,
    /// A row of the outbox can't be read.
    #[error(
        "the outbox of the webhooks holds a damaged message ({0}); restore the room's folder from a backup"
    )]
    Damaged(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    url: String,
    secret_file: String,
    events: Vec<String>,
    give_up_days: u32,
}

/// The section, checked.
#[derive(Clone, Debug)]
pub(crate) struct Wishes {
    pub receiver: Receiver,
    pub secret: Secret,
    pub events: BTreeSet<String>,
    /// A message that waits for longer is given up.
    pub give_up_ms: i64,
}

impl Wishes {
    /// The section of a configuration; `None` where no address is named.
    pub(crate) fn read(setting: &Setting, instance: &Instance) -> anyhow::Result<Option<Self>> {
        let section: Section = setting.config.section(SECTION)?;
        let invalid = |key: &str, why: String| setting.config.invalid(SECTION, key, why);
        if section.url.is_empty() {
            return Ok(None);
        }
        let receiver = Receiver::new(&section.url).map_err(|error| invalid("url", error.to_string()))?;
        let file = instance.data().join(&section.secret_file);
        let secret =
            private::read_secret(&file).map_err(|error| invalid("secret_file", error.to_string()))?;
        let secret = Secret::parse(&secret).map_err(|error| invalid("secret_file", error.to_string()))?;
        if let Some(unknown) = section.events.iter().find(|event| !EVENTS.contains(&event.as_str())) {
            let why = format!("“{unknown}” is no event; there are {}", EVENTS.join(", "));
            return Err(invalid("events", why).into());
        }
        let (events, give_up_ms) =
            (section.events.into_iter().collect(), i64::from(section.give_up_days.max(1)) * DAY_MS);
        Ok(Some(Self { receiver, secret, events, give_up_ms }))
    }
}
