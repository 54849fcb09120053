//! What can go wrong between a room and the bus.

use std::path::PathBuf;

/// Why a publish was not acked. The message may have been taken all the same, except where it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// There is no connection; nothing was sent.
    #[error("not sent to {subject}: there is no connection to the bus{}", because(why.as_deref()))]
    NotConnected {
        /// The subject.
        subject: String,
        /// Why not, if the server or the system said so.
        why: Option<String>,
    },
    /// No ack came in time.
    #[error("no ack for {subject} within {seconds} s: the broker may have it or not")]
    TimedOut {
        /// The subject.
        subject: String,
        /// How long was waited.
        seconds: u64,
    },
    /// The server does not permit this user to publish there; nothing was taken.
    #[error("the bus does not permit publishing to {subject}: {why}")]
    Denied {
        /// The subject.
        subject: String,
        /// The server's words.
        why: String,
    },
    /// No stream takes this subject; nothing was taken.
    #[error(
        "no stream takes {subject}: the streams are not there yet, or config/streams.toml lacks the subject"
    )]
    NoStream {
        /// The subject.
        subject: String,
    },
    /// The payload is larger than the server allows; nothing was sent.
    #[error("{bytes} bytes for {subject} are more than the server's max_payload of {limit}")]
    TooLarge {
        /// The subject.
        subject: String,
        /// The payload's length.
        bytes: usize,
        /// The server's limit.
        limit: usize,
    },
    /// The broker refused to store it, for example because its disk or the stream is full.
    #[error("the broker refused to store a message for {subject}: {why}")]
    Refused {
        /// The subject.
        subject: String,
        /// The broker's words.
        why: String,
    },
    /// Anything else.
    #[error("publishing to {subject} failed: {why}")]
    Other {
        /// The subject.
        subject: String,
        /// The client's words.
        why: String,
    },
}

/// Why something other than a publish did not work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CourierError {
    /// Clear text to another machine would show everything to everybody on the way.
    #[error(
        "{url}: clear text is for this machine only (nats://127.0.0.1:…); write tls://… instead, with `nats.ca_file` in the configuration where a private CA has signed the broker's certificate"
    )]
    PlainTcp {
        /// The URL.
        url: String,
    },
    /// Not a URL of a NATS server.
    #[error(
        "{url:?} is not the address of a NATS server: write nats://127.0.0.1:4222 or tls://nats.example.kg:4222"
    )]
    BadUrl {
        /// The text.
        url: String,
    },
    /// A file with a certificate or a key that can't be used.
    #[error("{} can't be used for TLS: {why}; it has to be a PEM file", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// An inbox prefix, name or subject with blanks, wildcards or empty parts.
    #[error("{text:?} can't be used as {what}")]
    BadName {
        /// What it was to be.
        what: &'static str,
        /// The text.
        text: String,
    },
    /// There is no connection.
    #[error("there is no connection to the bus{}", because(why.as_deref()))]
    NotConnected {
        /// Why not, if the server or the system said so.
        why: Option<String>,
    },
    /// Nobody serves the subject.
    #[error("nobody answers on {subject}")]
    NobodyAnswers {
        /// The subject.
        subject: String,
    },
    /// No answer came in time.
    #[error("no answer on {subject} in time{}", because(why.as_deref()))]
    TimedOut {
        /// The subject.
        subject: String,
        /// The server's words, if it denied something meanwhile.
        why: Option<String>,
    },
    /// A stream is not there, and its definition is not known to this courier.
    #[error("the stream {stream} is not there, and this process has no definition of it (ensure_streams)")]
    NoStream {
        /// The stream's name.
        stream: String,
    },
    /// JetStream refused something.
    #[error("could not {doing}: {why} (JetStream error {code})")]
    JetStream {
        /// What was asked for.
        doing: String,
        /// The server's error code.
        code: u64,
        /// The server's words.
        why: String,
    },
    /// Anything else.
    #[error("could not {doing}: {why}")]
    Other {
        /// What was asked for.
        doing: String,
        /// The client's words.
        why: String,
    },
}

fn because(why: Option<&str>) -> String {
    why.map(|why| format!(" ({why})")).unwrap_or_default()
}
