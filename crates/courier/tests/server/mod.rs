//! A nats-server child with a folder of its own, ended with its handle.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use propusk_courier::Credentials;
use propusk_courier::server::{
    DEFAULT_MAX_FILE, DEFAULT_MAX_PAYLOAD, SERVER_FILE, ServerConfig, ServerTls, USERS_FILE, User,
    write_config, write_users,
};

/// Credentials of a test user, the same for the same number.
pub(crate) fn credentials(number: u8) -> Credentials {
    Credentials::generate([number; 32]).unwrap()
}

pub(crate) struct NatsServer {
    dir: tempfile::TempDir,
    child: Option<Child>,
    port: u16,
}

impl NatsServer {
    /// Starts a server on a free port and keeps the port for restarts.
    pub(crate) fn start(users: &[User]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        write_config(dir.path(), &config(dir.path(), None), users).unwrap();
        let child = spawn(dir.path());
        let port = port_of(dir.path(), child.id());
        let fixed = config(dir.path(), Some(port)).render().unwrap();
        fs::write(dir.path().join(SERVER_FILE), fixed).unwrap();
        Self { dir, child: Some(child), port }
    }

    /// Starts a server that encrypts; `more` goes into its tls block.
    pub(crate) fn start_encrypted(users: &[User], tls: ServerTls, more: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = ServerConfig { tls: Some(tls), ..config(dir.path(), None) };
        write_config(dir.path(), &config, users).unwrap();
        let text = config.render().unwrap().replace("tls {\n", &format!("tls {{\n  {more}"));
        fs::write(dir.path().join(SERVER_FILE), text).unwrap();
        let child = spawn(dir.path());
        let port = port_of(dir.path(), child.id());
        Self { dir, child: Some(child), port }
    }

    pub(crate) fn url_of(&self, scheme: &str, host: &str) -> String {
        format!("{scheme}://{host}:{}", self.port)
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub(crate) fn restart(&mut self) {
        assert!(self.child.is_none());
        let child = spawn(self.dir.path());
        port_of(self.dir.path(), child.id());
        self.child = Some(child);
    }

    /// The broker's disk is new.
    pub(crate) fn wipe(&self) {
        fs::remove_dir_all(self.store()).unwrap();
    }

    pub(crate) fn copy_store(&self) -> PathBuf {
        let copy = self.dir.path().join("earlier");
        copy_dir(&self.store(), &copy);
        copy
    }

    pub(crate) fn put_store_back(&self, copy: &Path) {
        self.wipe();
        copy_dir(copy, &self.store());
    }

    /// Writes the users anew and tells the server by SIGHUP.
    pub(crate) fn reload(&self, users: &[User]) {
        write_users(self.dir.path(), users).unwrap();
        self.signal("-HUP");
    }

    /// SIGSTOP: connections stay open, and nobody reads from them.
    pub(crate) fn pause(&self) {
        self.signal("-STOP");
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Whether any file of the server's store holds these bytes.
    pub(crate) fn holds(&self, text: &str) -> bool {
        fn in_folder(folder: &Path, needle: &[u8]) -> bool {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            entries.map(|entry| entry.path()).any(|path| {
                if path.is_dir() {
                    return in_folder(&path, needle);
                }
                let bytes = fs::read(&path).unwrap_or_default();
                bytes.windows(needle.len()).any(|window| window == needle)
            })
        }
        in_folder(&self.store(), text.as_bytes())
    }

    fn store(&self) -> PathBuf {
        self.dir.path().join("store")
    }
}

/// Lets the server check its configuration with these users.
pub(crate) fn assert_valid(dir: &Path, users: &str) {
    fs::write(dir.join(SERVER_FILE), config(dir, None).render().unwrap()).unwrap();
    fs::write(dir.join(USERS_FILE), users).unwrap();
    let checked =
        Command::new("nats-server").arg("-t").arg("-c").arg(dir.join(SERVER_FILE)).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            eprintln!("{}", fs::read_to_string(self.dir.path().join("log")).unwrap_or_default());
        }
    }
}

fn config(dir: &Path, port: Option<u16>) -> ServerConfig {
    ServerConfig {
        listen: Ipv4Addr::LOCALHOST.into(),
        port,
        tls: None,
        ports_dir: Some(dir.to_owned()),
        store_dir: dir.join("store"),
        max_payload: DEFAULT_MAX_PAYLOAD,
        max_file: DEFAULT_MAX_FILE,
    }
}

fn spawn(dir: &Path) -> Child {
    let log = fs::OpenOptions::new().create(true).append(true).open(dir.join("log")).unwrap();
    Command::new("nats-server")
        .arg("-c")
        .arg(dir.join(SERVER_FILE))
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("nats-server is installed")
}

/// Waits for the ports file, which the server writes once it listens.
fn port_of(dir: &Path, pid: u32) -> u16 {
    let file = dir.join(format!("nats-server_{pid}.ports"));
    let started = Instant::now();
    loop {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let port = text.split("://127.0.0.1:").nth(1).and_then(|rest| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        });
        if let Some(port) = port {
            return port;
        }
        let log = || fs::read_to_string(dir.join("log")).unwrap_or_default();
        assert!(started.elapsed() < Duration::from_secs(60), "nats-server did not start: {}", log());
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}
