//! The keyboard of `handheld run`: key by key on a terminal, so that a scanner needs no Enter; text as it comes otherwise.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::sync::mpsc;

/// Columns where the terminal does not tell.
const WIDTH: usize = 80;
/// Longest line that is typed unseen, in bytes.
const MAX_LINE: u64 = 1024;

/// A terminal that delivers every key; it is put back as it was when this is dropped.
pub(crate) struct Keyboard {
    before: Option<Termios>,
}

impl Keyboard {
    /// Takes the terminal on standard input, where there is one.
    pub(crate) fn open() -> Self {
        let input = io::stdin();
        if !input.is_terminal() || !io::stdout().is_terminal() {
            return Self { before: None };
        }
        let before = tcgetattr(&input).ok().filter(|before| {
            let mut raw = before.clone();
            raw.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
            tcsetattr(&input, OptionalActions::Now, &raw).is_ok()
        });
        Self { before }
    }

    /// Whether every key comes at once.
    pub(crate) fn is_raw(&self) -> bool {
        self.before.is_some()
    }

    /// Columns of the terminal.
    pub(crate) fn width(&self) -> usize {
        let size = self.before.as_ref().and_then(|_| tcgetwinsize(io::stdout()).ok());
        size.map_or(WIDTH, |size| usize::from(size.ws_col)).max(20)
    }

    /// Shows what stands in the line, in place of what stood there.
    pub(crate) fn show(&self, typed: &str) {
        let mut out = io::stdout().lock();
        let _ = write!(out, "\r\x1b[K{typed}").and_then(|()| out.flush());
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// Reads one line that nobody else should see: without echo on a terminal, after `question`.
pub(crate) fn hidden_line(question: &str) -> io::Result<String> {
    let input = io::stdin();
    let before = if input.is_terminal() { tcgetattr(&input).ok() } else { None };
    if let Some(before) = &before {
        eprint!("{question} ");
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&input, OptionalActions::Now, &hidden)?;
    }
    let mut line = String::new();
    let read = input.lock().take(MAX_LINE).read_line(&mut line);
    if let Some(before) = &before {
        tcsetattr(&input, OptionalActions::Now, before)?;
        eprintln!();
    }
    read?;
    Ok(line.trim().to_owned())
}

/// Standard input as it comes, read by a thread of its own: terminals can't be polled.
pub(crate) fn keys() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(16);
    std::thread::spawn(move || {
        let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
        let mut input = io::stdin().lock();
        while let Ok(count @ 1..) = input.read(&mut buffer) {
            bytes.extend_from_slice(buffer.get(..count).unwrap_or_default());
            // A character may be cut between two reads; bytes that are none at all are passed over.
            let whole = match std::str::from_utf8(&bytes) {
                Err(error) if error.error_len().is_none() => error.valid_up_to(),
                _ => bytes.len(),
            };
            let text = String::from_utf8_lossy(bytes.get(..whole).unwrap_or_default()).into_owned();
            bytes.drain(..whole);
            if sender.blocking_send(text).is_err() {
                break;
            }
        }
    });
    receiver
}
