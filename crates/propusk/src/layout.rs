//! Where everything lies in the data folder.

use std::path::{Path, PathBuf};

use propusk_boot::BROKER_CA;
use propusk_boot::instance::Instance;
use propusk_boot::private::{self, PrivateError};

/// Who has a key of their own on the broker.
pub(crate) const KEY_HOLDERS: [&str; 4] = ["desk", "recorder", "verify", "operator"];

/// The folders of an instance, all of them for their owner only (mode 0700).
const FOLDERS: [&str; 6] = ["keys", "root", "trust", "nats", "nats/jetstream", "log"];

/// The paths of one data folder.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    data: PathBuf,
}

impl Layout {
    pub(crate) fn of(instance: &Instance) -> Self {
        Self { data: instance.data().to_owned() }
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Makes the folders that are missing and closes them to others.
    pub(crate) fn make_folders(&self) -> Result<(), PrivateError> {
        FOLDERS.iter().try_for_each(|folder| private::folder(&self.data.join(folder)))
    }

    /// The nkey seed with which `holder` connects to the broker.
    pub(crate) fn key(&self, holder: &str) -> PathBuf {
        self.data.join("keys").join(format!("{holder}.nk"))
    }

    /// The private key with which the desk signs its seals.
    pub(crate) fn signer_key(&self) -> PathBuf {
        self.data.join("keys/signer.pem")
    }

    /// The root's private key. Only `up` reads it, and only to sign a trust list; it can be kept elsewhere.
    pub(crate) fn root_key(&self) -> PathBuf {
        self.data.join("root/root.pem")
    }

    /// The root's public key, with which everybody verifies the trust list.
    pub(crate) fn root_public(&self) -> PathBuf {
        self.data.join("trust/root.pem")
    }

    /// The signed trust list.
    pub(crate) fn trust_list(&self) -> PathBuf {
        self.data.join("trust/trust.list")
    }

    pub(crate) fn nats(&self) -> PathBuf {
        self.data.join("nats")
    }

    /// The port that devices were told: chosen once.
    pub(crate) fn nats_port(&self) -> PathBuf {
        self.data.join("nats/port")
    }

    /// The key of the private broker's own certification authority, …
    pub(crate) fn authority_key(&self) -> PathBuf {
        self.data.join("keys/broker-authority-key.pem")
    }

    /// … and its certificate.
    pub(crate) fn authority(&self) -> PathBuf {
        self.data.join("keys/broker-authority.pem")
    }

    /// The certificates of those who vouch for the private broker, for its clients.
    pub(crate) fn broker_ca(&self) -> PathBuf {
        self.data.join(BROKER_CA)
    }

    pub(crate) fn broker_certificate(&self) -> PathBuf {
        self.data.join("nats/server.pem")
    }

    pub(crate) fn broker_key(&self) -> PathBuf {
        self.data.join("nats/server-key.pem")
    }

    pub(crate) fn jetstream(&self) -> PathBuf {
        self.data.join("nats/jetstream")
    }

    /// What a child writes to stdout and stderr.
    pub(crate) fn log(&self, child: &str) -> PathBuf {
        match child {
            nats @ "nats" => self.data.join("nats").join(format!("{nats}.log")),
            room => self.data.join("log").join(format!("{room}.log")),
        }
    }

    pub(crate) fn demo(&self) -> PathBuf {
        self.data.join("demo")
    }
}
