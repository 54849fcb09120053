//! Why `propusk up` can't do its work.

use std::net::IpAddr;
use std::path::PathBuf;

/// What went wrong, where, and how to mend it. Every one ends with exit status 2.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpError {
    #[error(
        "no {program} on the path: install it (Debian: apt-get install nats-server; macOS: brew install nats-server; else https://github.com/nats-io/nats-server/releases, 2.9.10 or later), or set `nats.server` in the configuration to its full path"
    )]
    NoNatsServer { program: String },
    #[error(
        "the broker's port {port} is in use by another program; stop that program, or set `nats.port` in the configuration to another port (0: any free one)"
    )]
    ConfiguredPortInUse { port: u16 },
    #[error(
        "the broker's port {port}, which {} keeps because enrolled handhelds know it, is in use by another program; stop that program, or remove this file and enrol the handhelds again", kept.display()
    )]
    KeptPortInUse { port: u16, kept: PathBuf },
    #[error("{} holds no port number; remove it, and a free port is chosen anew", kept.display())]
    Port { kept: PathBuf },
    #[error("no free port on {listen}: {source}; `nats.listen` has to be an address of this machine")]
    NoPort { listen: IpAddr, source: std::io::Error },
    #[error(
        "`nats.listen` is {listen:?}, which is no address; write 127.0.0.1 for this machine only, or an address of this machine such as 10.1.0.5 (0.0.0.0: all of them), without a port"
    )]
    ListenAddress { listen: String },
    #[error(
        "`nats.listen` is {listen}, which nobody can connect to by that name; set `nats.host` to the name or address by which handhelds reach this machine, such as nats.example.kg"
    )]
    NoHost { listen: IpAddr },
    #[error("`nats.host` is {host:?}; write a name such as nats.example.kg, or an address, without a port")]
    Host { host: String },
    #[error("{which} belong together: set both or none")]
    HalfACertificate { which: &'static str },
    #[error("{} can't be used: {why}; put the right file back from a backup", path.display())]
    BadKey { path: PathBuf, why: String },
    #[error(
        "{} is not the public half of {}: one of them comes from another data folder; put the right one back", public.display(), private.display()
    )]
    RootKeys { public: PathBuf, private: PathBuf },
    #[error(
        "there is no trust list at {} and no root key at {} to sign one; put either back from the operator's safe", list.display(), root.display()
    )]
    NoRootKey { list: PathBuf, root: PathBuf },
    #[error(
        "the trust list knows signer {signer} {reference} by another key than {}; put the right key back, or give this desk another `desk.certificate_reference`", key.display()
    )]
    OtherKey { signer: String, reference: String, key: PathBuf },
    #[error("{child} does not start: {why} (more in {})", log.display())]
    DoesNotStart { child: &'static str, why: String, log: PathBuf },
    #[error("not ready after {seconds} s: {waiting}; see the logs in {}", logs.display())]
    NotReady { seconds: u64, waiting: String, logs: PathBuf },
    #[error(
        "the demo stops and starts the private broker, so it can't be played with `nats.url` set in the configuration"
    )]
    DemoNeedsPrivateBroker,
    #[error("{} can't be {action}: {source}", path.display())]
    File { path: PathBuf, action: &'static str, source: std::io::Error },
}
