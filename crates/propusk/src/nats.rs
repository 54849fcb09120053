//! The private nats-server: where its program is, on which port it listens, what its configuration says.

mod place;

use std::ffi::OsStr;
use std::fs;
use std::net::{IpAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::civil::Date;
use propusk_boot::private;
use propusk_courier::server::{SERVER_FILE, ServerConfig, ServerTls};
use serde::Deserialize;

pub(crate) use place::Place;
use place::is_named;

use crate::certificates;
use crate::error::UpError;
use crate::layout::Layout;

/// Where servers are too, beside PATH: Debian puts nats-server into /usr/sbin.
const SERVER_FOLDERS: [&str; 2] = ["/usr/sbin", "/usr/local/sbin"];

/// The section `[nats]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Section {
    /// An operator's own broker; empty for the private one.
    pub url: String,
    pub ca_file: PathBuf,
    pub client_certificate_file: PathBuf,
    pub client_key_file: PathBuf,
    pub server: String,
    pub listen: String,
    pub encrypt: bool,
    pub port: u16,
    pub host: String,
    pub server_certificate_file: PathBuf,
    pub server_key_file: PathBuf,
    pub max_payload_bytes: u32,
    pub max_file_bytes: u64,
}

/// Arguments of the hidden command with which a child of `up` becomes the broker.
#[derive(Debug, clap::Args)]
pub(crate) struct Become {
    /// The nats-server program.
    program: PathBuf,
    /// Its configuration.
    configuration: PathBuf,
}

impl Become {
    /// Replaces this process, whose life is tied to its supervisor's, by the broker. Returns only to say why not.
    pub(crate) fn start(&self) -> UpError {
        let source = Command::new(&self.program).arg("-c").arg(&self.configuration).exec();
        UpError::File { path: self.program.clone(), action: "started", source }
    }
}

/// Finds `program`: a path as it is, a name on `path` (the variable's text) and where servers are.
pub(crate) fn find_program(program: &str, path: Option<&OsStr>) -> Result<PathBuf, UpError> {
    let missing = || UpError::NoNatsServer { program: program.to_owned() };
    if program.contains('/') {
        let path = std::path::absolute(program).map_err(|_| missing())?;
        return if is_program(&path) { Ok(path) } else { Err(missing()) };
    }
    let on_path = path.map(|path| std::env::split_paths(path).collect::<Vec<_>>()).unwrap_or_default();
    let folders = on_path.into_iter().chain(SERVER_FOLDERS.map(PathBuf::from));
    folders.map(|folder| folder.join(program)).find(|path| is_program(path)).ok_or_else(missing)
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

/// The broker's port: the configured one, else the one that was chosen at the first start, so that what devices were
/// told stays right. It is free at this moment.
pub(crate) fn choose_port(layout: &Layout, listen: IpAddr, configured: u16) -> anyhow::Result<u16> {
    if configured != 0 {
        check_port(listen, configured)?;
        return Ok(configured);
    }
    let kept = layout.nats_port();
    if !kept.exists() {
        let port = free_port(listen).map_err(|source| UpError::NoPort { listen, source })?;
        private::write(&kept, format!("{port}\n").as_bytes())?;
        return Ok(port);
    }
    let text = fs::read_to_string(&kept).unwrap_or_default();
    match text.trim().parse().ok().filter(|port| *port != 0) {
        None => Err(UpError::Port { kept }.into()),
        Some(port) if is_free(listen, port) => Ok(port),
        Some(port) => Err(UpError::KeptPortInUse { port, kept }.into()),
    }
}

/// Refuses a configured port that is taken.
pub(crate) fn check_port(listen: IpAddr, configured: u16) -> Result<(), UpError> {
    if configured == 0 || is_free(listen, configured) {
        return Ok(());
    }
    Err(UpError::ConfiguredPortInUse { port: configured })
}

fn is_free(listen: IpAddr, port: u16) -> bool {
    TcpListener::bind((listen, port)).is_ok()
}

fn free_port(listen: IpAddr) -> std::io::Result<u16> {
    Ok(TcpListener::bind((listen, 0))?.local_addr()?.port())
}

/// Writes the server's configuration, which follows ours and the folder's place, and returns its path. Certificates are
/// made where the operator names none.
pub(crate) fn write_configuration(
    layout: &Layout,
    section: &Section,
    place: &Place,
    port: u16,
    today: Date,
) -> anyhow::Result<PathBuf> {
    let config = ServerConfig {
        listen: place.listen,
        port: Some(port),
        tls: server_tls(layout, section, place, today)?,
        ports_dir: None,
        store_dir: layout.jetstream(),
        max_payload: section.max_payload_bytes,
        max_file: section.max_file_bytes,
    };
    let path = layout.nats().join(SERVER_FILE);
    let text = config.render()?;
    if fs::read_to_string(&path).is_ok_and(|known| known == text) {
        return Ok(path);
    }
    private::write(&path, text.as_bytes())?;
    Ok(path)
}

/// With what the private server proves itself, and what its clients know it by: `DIR/nats/ca.pem`.
fn server_tls(
    layout: &Layout,
    section: &Section,
    place: &Place,
    today: Date,
) -> anyhow::Result<Option<ServerTls>> {
    let ca = layout.broker_ca();
    if place.own_authority {
        return certificates::make(layout, &place.host, today).map(Some);
    }
    if place.encrypted && is_named(&section.ca_file) {
        let text = fs::read(&section.ca_file).map_err(|source| UpError::File {
            path: section.ca_file.clone(),
            action: "read",
            source,
        })?;
        private::write(&ca, &text)?;
    } else if ca.exists() {
        // The system's list vouches for the operator's certificate, or nothing is encrypted.
        fs::remove_file(&ca)?;
    }
    let (certificate, key) = (&section.server_certificate_file, &section.server_key_file);
    Ok(place
        .encrypted
        .then(|| ServerTls { certificate_file: absolute(certificate), key_file: absolute(key) }))
}

/// nats-server takes relative paths from its own folder.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use propusk_boot::instance::Instance;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn a_program_is_found_by_name_and_by_path() {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("some-broker");
        fs::write(&program, "").unwrap();
        let found = || find_program("some-broker", Some(dir.path().as_os_str()));
        assert!(matches!(found(), Err(UpError::NoNatsServer { .. })), "it can't be executed");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(found().unwrap(), program);
        assert_eq!(find_program(&program.to_string_lossy(), None).unwrap(), program);
        let message = find_program("no-such-broker", None).unwrap_err().to_string();
        assert!(
            message.contains("no no-such-broker on the path") && message.contains("apt-get"),
            "{message}"
        );
    }

    #[test]
    fn the_port_is_chosen_once_and_a_taken_one_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::of(&Instance::open(dir.path()).unwrap());
        layout.make_folders().unwrap();
        let port = choose_port(&layout, HERE, 0).unwrap();
        assert_eq!(choose_port(&layout, HERE, 0).unwrap(), port);
        let _other = TcpListener::bind((HERE, port)).unwrap();
        let kept = choose_port(&layout, HERE, 0).unwrap_err().to_string();
        assert!(kept.contains("handhelds know it"), "{kept}");
        let configured = choose_port(&layout, HERE, port).unwrap_err().to_string();
        assert!(configured.contains("nats.port"), "{configured}");
        fs::write(layout.nats_port(), "nonsense").unwrap();
        assert!(choose_port(&layout, HERE, 0).unwrap_err().to_string().contains("holds no port number"));
    }
}
