//! Who may connect to the broker, and what they may do there.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{ConfigError, quoted};
use crate::connect::check_token;
use crate::user_key::is_user_key;

/// Somebody who may connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name, for the comment in the file and the inbox prefix.
    pub name: String,
    /// The public nkey: `U…`.
    pub public_key: String,
    /// Subjects to which the user may publish.
    pub publish_allow: Vec<String>,
    /// Subjects on which the user may listen.
    pub subscribe_allow: Vec<String>,
}

/// A handheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceUser {
    /// The device's id: letters, digits, `-` and `_`.
    pub device: String,
    /// The post's id, likewise.
    pub post: String,
    /// The device's public nkey: `U…`.
    pub public_key: String,
    /// It was revoked: all that it may do is ask, and be told so.
    pub shut_out: bool,
}

/// The first part of the subjects on which the answers for the room `name` come back.
pub fn inbox_prefix(name: &str) -> String {
    format!("_INBOX_{name}")
}

/// The first part of the subjects on which a device's answers come back: unlike a room's, of two tokens, so that the
/// recorder can be allowed to answer devices and nobody else.
pub fn device_inbox_prefix(device: &str) -> String {
    format!("_INBOX.{device}")
}

/// Every device's inbox. The server's own `allow_responses` would do as well, but it keeps a note of each message that
/// reaches the user with a reply subject, as every delivery of a consumer does, and looks at all of them for the next:
/// of a minute's hand-ins it then delivered 2,000 a second, and fewer the more there were.
const DEVICE_INBOXES: &str = "_INBOX.*.>";

impl User {
    /// A desk: publishes permits, hears who misses some, keeps the PERMITS stream in being, which it can refill, and
    /// erases from it what it may not keep.
    pub fn desk(name: &str, public_key: &str) -> Self {
        let mut publish = vec!["permit.>".to_owned(), "$JS.API.STREAM.MSG.DELETE.PERMITS".to_owned()];
        publish.extend(keep_stream("PERMITS"));
        Self::new(name, public_key, publish, vec!["again.*".to_owned()])
    }

    /// A recorder: consumes hand-ins, permits and the trust list, publishes receipts and alerts, answers
    /// devices on `sync.<device>`, asks desks on `again.<permit>`. Its durable consumers bear `name`.
    pub fn recorder(name: &str, public_key: &str) -> Self {
        let mut publish = ["receipt.*", "alert.>", "again.*", DEVICE_INBOXES].map(str::to_owned).to_vec();
        for stream in ["HANDINS", "RECEIPTS", "ALERTS"] {
            publish.extend(keep_stream(stream));
        }
        for stream in ["PERMITS", "TRUST"] {
            publish.extend(look_at_stream(stream));
        }
        for stream in ["HANDINS", "PERMITS", "TRUST"] {
            publish.extend(consume(stream, name));
        }
        Self::new(name, public_key, publish, vec!["sync.*".to_owned()])
    }

    /// A verify room: consumes permits and the trust list, and publishes nothing. Its durable consumers bear
    /// `name`.
    pub fn verify(name: &str, public_key: &str) -> Self {
        let mut publish = Vec::new();
        for stream in ["PERMITS", "TRUST"] {
            publish.extend(look_at_stream(stream));
            publish.extend(consume(stream, name));
        }
        Self::new(name, public_key, publish, Vec::new())
    }

    /// The operator: everything.
    pub fn operator(name: &str, public_key: &str) -> Self {
        let user = Self::new(name, public_key, vec![">".to_owned()], Vec::new());
        Self { subscribe_allow: vec![">".to_owned()], ..user }
    }

    /// A handheld: hands in as itself at its post, asks for what it missed, reads its own receipts. A revoked one asks, and
    /// hears that it is revoked.
    pub fn device(device: &DeviceUser) -> Self {
        let DeviceUser { device, post, public_key, shut_out } = device;
        let (name, public_key) = (device.clone(), public_key.clone());
        let mut publish_allow = vec![format!("sync.{device}")];
        let mut subscribe_allow = vec![format!("{}.>", device_inbox_prefix(device))];
        if !shut_out {
            publish_allow.insert(0, format!("handin.*.{post}.{device}"));
            subscribe_allow.push(format!("receipt.{device}"));
        }
        Self { name, public_key, publish_allow, subscribe_allow }
    }

    fn new(name: &str, public_key: &str, publish_allow: Vec<String>, mut listen: Vec<String>) -> Self {
        listen.insert(0, format!("{}.>", inbox_prefix(name)));
        let (name, public_key) = (name.to_owned(), public_key.to_owned());
        Self { name, public_key, publish_allow, subscribe_allow: listen }
    }
}

/// Looking at a stream and at single messages of it, and creating it if it is missing.
fn look_at_stream(stream: &str) -> [String; 3] {
    ["STREAM.INFO", "STREAM.CREATE", "STREAM.MSG.GET"].map(|api| format!("$JS.API.{api}.{stream}"))
}

fn keep_stream(stream: &str) -> Vec<String> {
    let update = format!("$JS.API.STREAM.UPDATE.{stream}");
    look_at_stream(stream).into_iter().chain([update]).collect()
}

fn consume(stream: &str, durable: &str) -> Vec<String> {
    let api = |what: &str| format!("$JS.API.CONSUMER.{what}.{stream}.{durable}");
    let mut allowed = ["CREATE", "INFO", "DELETE", "MSG.NEXT"].map(api).to_vec();
    // A consumer with a filter is created on a subject that ends with the filter.
    allowed.push(format!("{}.>", api("CREATE")));
    allowed.push(format!("$JS.ACK.{stream}.{durable}.>"));
    allowed
}

/// The text of [`USERS_FILE`](super::USERS_FILE).
///
/// # Errors
/// [`ConfigError`] for a name, key or subject that can't stand there, and for one that stands twice.
pub fn render_users(users: &[User]) -> Result<String, ConfigError> {
    let mut text = String::from(
        "# Everybody who may connect. Written by propusk; changes by hand are lost.\n\
         # The form is explained in config/nats/users.conf.example.\nusers: [\n",
    );
    let (mut names, mut keys) = (BTreeSet::new(), BTreeSet::new());
    for user in users {
        check_name(&user.name)?;
        if !is_user_key(&user.public_key) {
            return Err(ConfigError::Key { name: user.name.clone(), key: user.public_key.clone() });
        }
        if !names.insert(&user.name) {
            return Err(ConfigError::NameTwice(user.name.clone()));
        }
        if !keys.insert(&user.public_key) {
            return Err(ConfigError::KeyTwice { name: user.name.clone() });
        }
        text.push_str(&render_user(user)?);
    }
    text.push_str("]\n");
    Ok(text)
}

/// The users of devices, each checked: names that could widen a permission (`*`, `>`, `a.b`) are refused.
///
/// # Errors
/// [`ConfigError::Name`] for a device or post with other characters than letters, digits, `-` and `_`.
pub fn device_users(devices: &[DeviceUser]) -> Result<Vec<User>, ConfigError> {
    let user = |device: &DeviceUser| {
        check_name(&device.device)?;
        check_name(&device.post)?;
        Ok(User::device(device))
    };
    devices.iter().map(user).collect()
}

fn render_user(user: &User) -> Result<String, ConfigError> {
    let list = |subjects: &[String]| -> Result<String, ConfigError> {
        if subjects.is_empty() {
            // An empty list of what is allowed would allow everything.
            return Ok("deny: [\">\"]".to_owned());
        }
        let quoted = subjects.iter().map(|subject| quoted(subject)).collect::<Result<Vec<_>, _>>()?;
        Ok(format!("allow: [{}]", quoted.join(", ")))
    };
    let mut text = String::new();
    // Writing into a String can't fail.
    let _ = writeln!(text, "  # {}", user.name);
    let _ = writeln!(text, "  {{\n    nkey: {}\n    permissions {{", quoted(&user.public_key)?);
    let _ = writeln!(text, "      publish {{ {} }}", list(&user.publish_allow)?);
    let _ = writeln!(text, "      subscribe {{ {} }}", list(&user.subscribe_allow)?);
    text.push_str("    }\n  }\n");
    Ok(text)
}

fn check_name(name: &str) -> Result<(), ConfigError> {
    check_token("a name", name).map_err(|_| ConfigError::Name(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Credentials;

    fn key(seed: u8) -> String {
        Credentials::generate([seed; 32]).unwrap().public_key()
    }

    fn device(device: &str, post: &str) -> DeviceUser {
        DeviceUser { device: device.to_owned(), post: post.to_owned(), public_key: key(1), shut_out: false }
    }

    #[test]
    fn a_device_may_do_four_things() {
        let user = User::device(&device("dev42", "p7"));
        assert_eq!(user.publish_allow, ["handin.*.p7.dev42", "sync.dev42"]);
        assert_eq!(user.subscribe_allow, ["_INBOX.dev42.>", "receipt.dev42"]);
    }

    #[test]
    fn a_revoked_device_may_only_ask() {
        let user = User::device(&DeviceUser { shut_out: true, ..device("dev42", "p7") });
        assert_eq!(user.publish_allow, ["sync.dev42"]);
        assert_eq!(user.subscribe_allow, ["_INBOX.dev42.>"]);
    }

    #[test]
    fn names_that_would_widen_a_permission_are_refused() {
        for name in ["", "*", ">", "a.b", "a b", "a\"", "ё"] {
            assert!(matches!(device_users(&[device(name, "p7")]), Err(ConfigError::Name(_))), "{name:?}");
            assert!(matches!(device_users(&[device("dev", name)]), Err(ConfigError::Name(_))), "{name:?}");
        }
    }

    #[test]
    fn users_have_one_name_and_one_key_each() {
        let (one, two) = (User::desk("a", &key(1)), User::desk("b", &key(1)));
        assert!(matches!(render_users(&[one.clone(), two]), Err(ConfigError::KeyTwice { .. })));
        let two = User::desk("a", &key(2));
        assert!(matches!(render_users(&[one, two]), Err(ConfigError::NameTwice(_))));
        assert!(matches!(render_users(&[User::desk("a", "Uabc")]), Err(ConfigError::Key { .. })));
        assert!(render_users(&[]).unwrap().contains("users: [\n]"));
    }
}
