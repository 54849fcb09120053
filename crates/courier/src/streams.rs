//! The streams' definitions (`config/streams.toml`), and bringing the broker's into line with them.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Duration;

use async_nats::jetstream::stream::{Config, DiscardPolicy, Info, RetentionPolicy, StorageType};
use serde::{Deserialize, Serialize};

use crate::connect::check_token;
use crate::{Courier, CourierError};

/// JetStream's code for a stream that isn't there (nats-server `errors.json`, JSStreamNotFoundErr).
pub(crate) const STREAM_NOT_FOUND: u64 = 10059;
/// 2.9 refuses anything below it (server/stream.go, `checkStreamCfg`); 0 would mean two minutes.
const MIN_DUPLICATE_WINDOW_MS: u64 = 100;
const SECONDS_PER_DAY: u64 = 24 * 60 * 60;
/// From here on `sync_interval: always` exists; on 2.9 replicas were seen to diverge (NATS.md).
const FIRST_SAFE_FOR_REPLICAS: (i64, i64, i64) = (2, 12, 0);

/// Every stream of a deployment, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Streams {
    specs: Vec<StreamSpec>,
}

/// One stream's definition. Storage is always files, retention by limits, and the oldest message gives way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamSpec {
    /// Its name, in capitals.
    pub name: String,
    /// The subjects it takes, `*` and `>` allowed.
    pub subjects: Vec<String>,
    /// How long it keeps a message, in days; `None` is for ever.
    pub retention_days: Option<u32>,
    /// How large it may become, in bytes.
    pub max_bytes: u64,
    /// How many messages of one subject it keeps; `None` is all.
    pub max_messages_per_subject: Option<u32>,
    /// The duplicate window, in milliseconds.
    pub duplicate_window_ms: u64,
    /// On how many servers it is kept.
    pub replicas: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    subjects: Vec<String>,
    retention_days: u32,
    max_bytes: u64,
    max_messages_per_subject: u32,
    duplicate_window_ms: u64,
    replicas: u32,
}

/// What is wrong with a streams file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamsError {
    /// Not TOML, or a field is missing, unknown or of the wrong type.
    #[error("streams file: {0}")]
    Toml(String),
    /// A name with something else than capitals, digits and `-`.
    #[error("streams file: [{0}] is no name for a stream: use capitals, for example [PERMITS]")]
    Name(String),
    /// No subjects, or an empty one.
    #[error("streams file: [{0}] subjects: name at least one, none of them empty")]
    Subjects(String),
    /// `max_bytes` is nought: the streams together must fit the server's `max_file`.
    #[error("streams file: [{0}] max_bytes: a limit is needed, in bytes")]
    MaxBytes(String),
    /// The window is below what servers take.
    #[error(
        "streams file: [{name}] duplicate_window_ms: {found} is below {MIN_DUPLICATE_WINDOW_MS}, the least that servers take"
    )]
    DuplicateWindow {
        /// The stream.
        name: String,
        /// The value found.
        found: u64,
    },
    /// JetStream allows 1 to 5.
    #[error("streams file: [{name}] replicas: {found} is not within 1 to 5")]
    Replicas {
        /// The stream.
        name: String,
        /// The value found.
        found: u32,
    },
}

/// The streams file that is compiled into the program.
const SHIPPED: &str = include_str!("../../../config/streams.toml");

impl Streams {
    /// The shipped definitions.
    ///
    /// # Errors
    /// None, as the tests see to.
    pub fn shipped() -> Result<Self, StreamsError> {
        Self::parse(SHIPPED)
    }

    /// Reads a streams file; see the one shipped as `config/streams.toml` for every field.
    ///
    /// # Errors
    /// [`StreamsError`], naming the section and the field.
    pub fn parse(toml: &str) -> Result<Self, StreamsError> {
        let sections: BTreeMap<String, Section> =
            toml::from_str(toml).map_err(|error| StreamsError::Toml(error.to_string()))?;
        let specs = sections.into_iter().map(|(name, section)| section.into_spec(name));
        Ok(Self { specs: specs.collect::<Result<_, _>>()? })
    }

    /// The definitions, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &StreamSpec> {
        self.specs.iter()
    }

    /// Only the named ones: a room may create no others (see [`crate::server`]).
    #[must_use]
    pub fn only(&self, names: &[&str]) -> Self {
        let specs = self.specs.iter().filter(|spec| names.contains(&spec.name.as_str()));
        Self { specs: specs.cloned().collect() }
    }

    /// All streams' `max_bytes` together; has to stay below the server's `max_file`.
    pub fn total_bytes(&self) -> u64 {
        self.specs.iter().fold(0, |sum, spec| sum.saturating_add(spec.max_bytes))
    }
}

impl Section {
    fn into_spec(self, name: String) -> Result<StreamSpec, StreamsError> {
        let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || !name.chars().all(capital) {
            return Err(StreamsError::Name(name));
        }
        if self.subjects.is_empty() || self.subjects.iter().any(|subject| subject.trim().is_empty()) {
            return Err(StreamsError::Subjects(name));
        }
        if self.max_bytes == 0 || i64::try_from(self.max_bytes).is_err() {
            return Err(StreamsError::MaxBytes(name));
        }
        if self.duplicate_window_ms < MIN_DUPLICATE_WINDOW_MS {
            return Err(StreamsError::DuplicateWindow { name, found: self.duplicate_window_ms });
        }
        if !(1..=5).contains(&self.replicas) {
            return Err(StreamsError::Replicas { name, found: self.replicas });
        }
        Ok(StreamSpec {
            name,
            subjects: self.subjects,
            retention_days: Some(self.retention_days).filter(|days| *days > 0),
            max_bytes: self.max_bytes,
            max_messages_per_subject: Some(self.max_messages_per_subject).filter(|count| *count > 0),
            duplicate_window_ms: self.duplicate_window_ms,
            replicas: self.replicas,
        })
    }
}

impl StreamSpec {
    fn config(&self) -> Config {
        let days = u64::from(self.retention_days.unwrap_or(0));
        Config {
            name: self.name.clone(),
            subjects: self.subjects.clone(),
            max_age: Duration::from_secs(days * SECONDS_PER_DAY),
            max_bytes: i64::try_from(self.max_bytes).unwrap_or(i64::MAX),
            max_messages: -1,
            max_messages_per_subject: self.max_messages_per_subject.map_or(-1, i64::from),
            max_consumers: -1,
            max_message_size: -1,
            duplicate_window: Duration::from_millis(self.duplicate_window_ms),
            num_replicas: self.replicas as usize,
            storage: StorageType::File,
            retention: RetentionPolicy::Limits,
            discard: DiscardPolicy::Old,
            ..Config::default()
        }
    }
}

/// What [`Courier::ensure_streams`] did about one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamReport {
    /// The stream's name.
    pub name: String,
    /// What was done.
    pub outcome: Outcome,
    /// Fields in which the broker's stream still differs from what was asked for, with both values: servers
    /// drop fields that they don't know without a word.
    pub differs: Vec<String>,
    /// Replicas on a server that is known to let them diverge.
    pub unsafe_replicas: bool,
}

/// See [`StreamReport`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was as it should be.
    Unchanged,
    /// It was not there.
    Created,
    /// It was otherwise.
    Updated,
}

impl Courier {
    /// Creates the streams that are not there and updates those that differ. Idempotent. The definitions are
    /// kept, so that a stream that is lost later can be made anew.
    ///
    /// # Errors
    /// [`CourierError`] for the first stream with which it did not work: no connection, no permission, subjects
    /// that overlap with another stream, no room.
    pub async fn ensure_streams(&self, streams: &Streams) -> Result<Vec<StreamReport>, CourierError> {
        {
            let mut specs = self.specs.write().unwrap_or_else(PoisonError::into_inner);
            specs.retain(|known| streams.iter().all(|spec| spec.name != known.name));
            specs.extend(streams.iter().cloned());
        }
        let mut reports = Vec::new();
        for spec in streams.iter() {
            reports.push(self.ensure_stream(spec).await?);
        }
        Ok(reports)
    }

    pub(crate) async fn ensure_stream(&self, spec: &StreamSpec) -> Result<StreamReport, CourierError> {
        let wanted = spec.config();
        let (outcome, info) = match self.stream_info(&spec.name).await? {
            None => (Outcome::Created, self.put_stream("CREATE", &wanted).await?),
            Some(info) if differences(&wanted, &info.config).is_empty() => (Outcome::Unchanged, info),
            Some(_) => (Outcome::Updated, self.put_stream("UPDATE", &wanted).await?),
        };
        let differs = differences(&wanted, &info.config);
        if !differs.is_empty() {
            tracing::warn!(
                stream = spec.name,
                ?differs,
                "the broker keeps the stream otherwise than asked for"
            );
        }
        let (major, minor, patch) = FIRST_SAFE_FOR_REPLICAS;
        let unsafe_replicas = spec.replicas > 1 && !self.client.is_server_compatible(major, minor, patch);
        if unsafe_replicas {
            tracing::warn!(
                stream = spec.name,
                replicas = spec.replicas,
                "replicas were seen to diverge on servers before 2.12: use 2.12 or later with sync_interval: always"
            );
        }
        Ok(StreamReport { name: spec.name.clone(), outcome, differs, unsafe_replicas })
    }

    async fn put_stream(&self, verb: &str, config: &Config) -> Result<Info, CourierError> {
        let doing = format!("{} the stream {}", verb.to_lowercase(), config.name);
        let answer = self.ask(&doing, format!("STREAM.{verb}.{}", config.name), config, &[]).await?;
        answer.ok_or(CourierError::NoStream { stream: config.name.clone() })
    }

    /// `None` when the stream isn't there.
    pub(crate) async fn stream_info(&self, stream: &str) -> Result<Option<Info>, CourierError> {
        check_token("a stream's name", stream)?;
        let doing = format!("look at the stream {stream}");
        self.ask(&doing, format!("STREAM.INFO.{stream}"), &(), &[STREAM_NOT_FOUND]).await
    }

    /// The stream's state; makes it anew from its definition when it isn't there.
    pub(crate) async fn stream_info_or_create(&self, stream: &str) -> Result<Info, CourierError> {
        if let Some(info) = self.stream_info(stream).await? {
            return Ok(info);
        }
        let missing = || CourierError::NoStream { stream: stream.to_owned() };
        self.ensure_stream(&self.spec(stream).ok_or_else(missing)?).await?;
        self.stream_info(stream).await?.ok_or_else(missing)
    }

    /// The last message on `subject` in `stream`, or `None`: for subjects whose last message is what holds
    /// (TRUST). Always asks the broker.
    ///
    /// # Errors
    /// [`CourierError`]; a stream that isn't there is an error, not `None`.
    pub async fn last(&self, stream: &str, subject: &str) -> Result<Option<Vec<u8>>, CourierError> {
        #[derive(Serialize)]
        struct Ask<'a> {
            last_by_subj: &'a str,
        }
        check_token("a stream's name", stream)?;
        let ask = Ask { last_by_subj: subject };
        Ok(self.stored_message(stream, &ask).await?.map(|message| message.payload))
    }

    /// `None` when there is no such message.
    pub(crate) async fn stored_message(
        &self,
        stream: &str,
        which: &(impl Serialize + Sync),
    ) -> Result<Option<StoredMessage>, CourierError> {
        #[derive(Deserialize)]
        struct Answer {
            message: RawMessage,
        }
        #[derive(Deserialize)]
        struct RawMessage {
            #[serde(default)]
            data: String,
            seq: u64,
            time: String,
        }
        const NO_MESSAGE_FOUND: u64 = 10037;
        let doing = format!("get a message of {stream}");
        let subject = format!("STREAM.MSG.GET.{stream}");
        let answer: Option<Answer> = self.ask(&doing, subject, which, &[NO_MESSAGE_FOUND]).await?;
        let Some(Answer { message }) = answer else { return Ok(None) };
        let failed = |why: String| CourierError::Other { doing, why };
        let payload = match data_encoding::BASE64.decode(message.data.as_bytes()) {
            Ok(payload) => payload,
            Err(error) => return Err(failed(error.to_string())),
        };
        let time =
            async_nats::datetime::parse_rfc3339(&message.time).map_err(|error| failed(error.to_string()))?;
        Ok(Some(StoredMessage { payload, sequence: message.seq, time: time.unix_timestamp_nanos() }))
    }
}

/// A message as the stream keeps it.
pub(crate) struct StoredMessage {
    pub(crate) payload: Vec<u8>,
    /// Its place in the stream.
    pub(crate) sequence: u64,
    /// When the broker stored it, in nanoseconds since 1970.
    pub(crate) time: i128,
}

fn differences(wanted: &Config, found: &Config) -> Vec<String> {
    let mut differs = Vec::new();
    let mut compare = |field: &str, wanted: String, found: String| {
        if wanted != found {
            differs.push(format!("{field}: wanted {wanted}, found {found}"));
        }
    };
    compare("subjects", format!("{:?}", wanted.subjects), format!("{:?}", found.subjects));
    compare("max_age", format!("{:?}", wanted.max_age), format!("{:?}", found.max_age));
    compare("max_bytes", wanted.max_bytes.to_string(), found.max_bytes.to_string());
    compare("max_messages", wanted.max_messages.to_string(), found.max_messages.to_string());
    compare(
        "max_messages_per_subject",
        wanted.max_messages_per_subject.to_string(),
        found.max_messages_per_subject.to_string(),
    );
    compare(
        "duplicate_window",
        format!("{:?}", wanted.duplicate_window),
        format!("{:?}", found.duplicate_window),
    );
    compare("replicas", wanted.num_replicas.to_string(), found.num_replicas.to_string());
    compare("storage", format!("{:?}", wanted.storage), format!("{:?}", found.storage));
    compare("retention", format!("{:?}", wanted.retention), format!("{:?}", found.retention));
    compare("discard", format!("{:?}", wanted.discard), format!("{:?}", found.discard));
    differs
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../config/streams.toml");

    #[test]
    fn the_shipped_file_defines_the_five_streams() {
        let streams = Streams::parse(SHIPPED).unwrap();
        let subjects: Vec<_> = streams.iter().map(|s| (s.name.as_str(), s.subjects.join(" "))).collect();
        let expected = [
            ("ALERTS", "alert.>"),
            ("HANDINS", "handin.>"),
            ("PERMITS", "permit.>"),
            ("RECEIPTS", "receipt.*"),
            ("TRUST", "trust.>"),
        ];
        assert_eq!(subjects, expected.map(|(name, subject)| (name, subject.to_owned())));
        for spec in streams.iter() {
            assert_eq!((spec.duplicate_window_ms, spec.replicas), (100, 1), "{}", spec.name);
        }
        assert!(streams.total_bytes() < crate::server::DEFAULT_MAX_FILE);
        assert_eq!(streams.only(&["TRUST", "NONE"]).iter().count(), 1);
    }

    #[test]
    fn each_rule_names_its_section() {
        let good = "[A]\nsubjects = [\"a\"]\nretention_days = 0\nmax_bytes = 1\nmax_messages_per_subject = 0\nduplicate_window_ms = 100\nreplicas = 1\n";
        Streams::parse(good).unwrap();
        let broken = |from: &str, to: &str| Streams::parse(&good.replace(from, to)).unwrap_err();
        assert_eq!(broken("[A]", "[a]"), StreamsError::Name("a".to_owned()));
        assert_eq!(broken("[\"a\"]", "[]"), StreamsError::Subjects("A".to_owned()));
        assert_eq!(broken("max_bytes = 1", "max_bytes = 0"), StreamsError::MaxBytes("A".to_owned()));
        assert!(matches!(broken("= 100", "= 99"), StreamsError::DuplicateWindow { found: 99, .. }));
        assert!(matches!(broken("replicas = 1", "replicas = 6"), StreamsError::Replicas { found: 6, .. }));
        assert!(matches!(broken("replicas", "replica"), StreamsError::Toml(_)));
        assert!(matches!(broken("retention_days = 0\n", ""), StreamsError::Toml(_)));
    }
}
