//! A link between a handheld and the broker, byte for byte, that can be cut, stalled, spoilt and counted.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How often a pump looks at the link's state.
const LOOK: Duration = Duration::from_millis(20);
/// What no counter comes down from.
const NEVER: i64 = i64::MAX / 2;

/// A listener on this machine that passes everything on to `target`, as long as the link is up.
pub struct Link {
    port: u16,
    state: Arc<State>,
}

struct State {
    target: SocketAddr,
    cut: AtomicBool,
    stalled: AtomicBool,
    ended: AtomicBool,
    /// So many bytes from the target may still pass before the link is cut.
    left_down: AtomicI64,
    /// So many bytes from the target pass before one of them is spoilt, once.
    spoil_in: AtomicI64,
    up: AtomicU64,
    down: AtomicU64,
    open: Mutex<Vec<TcpStream>>,
}

/// Which way bytes go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    ToTarget,
    FromTarget,
}

impl Link {
    /// A link to a port of this machine, up.
    #[must_use]
    pub fn to(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let state = Arc::new(State {
            target: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            cut: AtomicBool::new(false),
            stalled: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            left_down: AtomicI64::new(NEVER),
            spoil_in: AtomicI64::new(NEVER),
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            open: Mutex::default(),
        });
        let link = Self { port: listener.local_addr().unwrap().port(), state: Arc::clone(&state) };
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                if state.ended.load(Ordering::SeqCst) {
                    return;
                }
                // A connection that a cut link takes is closed at once, which is what a handheld sees of a dead one.
                if let Ok(near) = connection
                    && !state.cut.load(Ordering::SeqCst)
                    && let Ok(far) = TcpStream::connect(state.target)
                {
                    state.join(&near, &far);
                }
            }
        });
        link
    }

    /// The port on this machine's loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Cuts the link: connections break, new ones are closed at once.
    pub fn cut(&self) {
        self.state.cut();
    }

    /// The link is up again.
    pub fn mend(&self) {
        self.state.left_down.store(NEVER, Ordering::SeqCst);
        self.state.cut.store(false, Ordering::SeqCst);
        self.state.stalled.store(false, Ordering::SeqCst);
    }

    /// Connections stay open and carry nothing any more.
    pub fn stall(&self) {
        self.state.stalled.store(true, Ordering::SeqCst);
    }

    /// Cuts the link once so many more bytes have come from the target.
    pub fn cut_after(&self, bytes: i64) {
        self.state.left_down.store(bytes, Ordering::SeqCst);
    }

    /// Flips a bit in the byte that comes from the target after so many others.
    pub fn spoil_after(&self, bytes: i64) {
        self.state.spoil_in.store(bytes, Ordering::SeqCst);
    }

    /// Whether the link is cut.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.state.cut.load(Ordering::SeqCst)
    }

    /// Bytes that went to the target and came from it since the last time this was asked.
    #[must_use]
    pub fn carried(&self) -> (u64, u64) {
        (self.state.up.swap(0, Ordering::SeqCst), self.state.down.swap(0, Ordering::SeqCst))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        self.cut();
        // Wakes the listener up.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

impl State {
    fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn join(self: &Arc<Self>, near: &TcpStream, far: &TcpStream) {
        let ends = [(near, far, Way::ToTarget), (far, near, Way::FromTarget)];
        for (from, to, way) in ends {
            let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
            from.set_read_timeout(Some(LOOK)).unwrap();
            self.open.lock().unwrap().push(from.try_clone().unwrap());
            let state = Arc::clone(self);
            std::thread::spawn(move || state.pump(from, to, way));
        }
    }

    fn pump(&self, mut from: TcpStream, mut to: TcpStream, way: Way) {
        let mut buffer = [0; 4096];
        while !self.cut.load(Ordering::SeqCst) {
            if self.stalled.load(Ordering::SeqCst) {
                std::thread::sleep(LOOK);
                continue;
            }
            let count = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => continue,
                Err(_) => break,
            };
            let Some(bytes) = buffer.get_mut(..count) else { break };
            let passed = self.pass(bytes, way);
            if to.write_all(bytes.get(..passed).unwrap_or_default()).is_err() {
                break;
            }
            if passed < count {
                self.cut();
            }
        }
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    }

    /// Counts bytes, spoils the one that is due, and says how many may pass.
    fn pass(&self, bytes: &mut [u8], way: Way) -> usize {
        let count = i64::try_from(bytes.len()).unwrap();
        let counter = if way == Way::ToTarget { &self.up } else { &self.down };
        counter.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        if way == Way::ToTarget {
            return bytes.len();
        }
        let before = self.spoil_in.fetch_sub(count, Ordering::SeqCst);
        if (0..count).contains(&before) {
            bytes[usize::try_from(before).unwrap()] ^= 0x10;
            self.spoil_in.store(NEVER, Ordering::SeqCst);
        }
        let left = self.left_down.fetch_sub(count, Ordering::SeqCst);
        usize::try_from(left.clamp(0, count)).unwrap()
    }
}
