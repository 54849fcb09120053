//! Telling a scanner's burst from a person's typing, and where a burst ends. Pure: time is a parameter.
//!
//! A wedge scanner types a code in one go, a few milliseconds a character, and perhaps presses Enter behind it. A person
//! needs a tenth of a second a key. So a text is complete at Enter, or, where it came in a burst, after a short silence.

/// A burst has at least so many characters.
const BURST: usize = 16;
/// A scanner needs less for a character, on average, in milliseconds.
const PER_CHARACTER_MS: u64 = 35;
/// So long a silence ends a burst, in milliseconds.
pub const SILENCE_MS: u64 = 120;
/// An Enter that comes so soon after a burst belongs to it, in milliseconds.
const LATE_ENTER_MS: u64 = 400;
/// Longest text that is kept: beyond the longest seal and an MRZ glued to it.
const MAX_TEXT: usize = 6000;

/// What was typed since the last complete text.
#[derive(Clone, Debug, Default)]
pub struct Wedge {
    text: String,
    begun_ms: u64,
    last_ms: u64,
    ended_ms: Option<u64>,
    after_return: bool,
}

impl Wedge {
    /// Takes one character. Returns the text that it completes: Enter does; an Enter on its own completes an empty one.
    pub fn take(&mut self, c: char, now_ms: u64) -> Option<String> {
        let after_return = std::mem::replace(&mut self.after_return, c == '\r');
        match c {
            '\n' if after_return => None,
            '\r' | '\n' => self.enter(now_ms),
            '\u{8}' | '\u{7f}' => {
                self.text.pop();
                None
            }
            // Tabs separate the lines of some MRZ readers; other control characters mean nothing here.
            '\t' => self.enter(now_ms),
            c if c.is_control() => None,
            c => {
                if self.text.is_empty() {
                    self.begun_ms = now_ms;
                }
                if self.text.len() < MAX_TEXT {
                    self.text.push(c);
                }
                self.last_ms = now_ms;
                None
            }
        }
    }

    /// Takes note that nothing came until now. Returns the text of a burst that has ended without Enter.
    pub fn silence(&mut self, now_ms: u64) -> Option<String> {
        if !self.is_burst() || now_ms.saturating_sub(self.last_ms) < SILENCE_MS {
            return None;
        }
        self.ended_ms = Some(now_ms);
        Some(std::mem::take(&mut self.text))
    }

    /// What stands in the line while a person types; a burst is not shown.
    #[must_use]
    pub fn typed(&self) -> &str {
        if self.is_burst() { "" } else { &self.text }
    }

    /// Forgets what was typed.
    pub fn clear(&mut self) {
        self.text.clear();
    }

    fn enter(&mut self, now_ms: u64) -> Option<String> {
        let late = self.ended_ms.take().is_some_and(|ended| now_ms.saturating_sub(ended) < LATE_ENTER_MS);
        if self.text.is_empty() && late { None } else { Some(std::mem::take(&mut self.text)) }
    }

    fn is_burst(&self) -> bool {
        let characters = self.text.chars().count();
        let took = self.last_ms.saturating_sub(self.begun_ms);
        characters >= BURST && took <= characters as u64 * PER_CHARACTER_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types `text` from `at_ms` on, so many milliseconds a character; returns what was completed and when it ended.
    fn types(wedge: &mut Wedge, text: &str, at_ms: u64, each_ms: u64) -> (Vec<String>, u64) {
        let mut now = at_ms;
        let mut completed = vec![];
        for c in text.chars() {
            completed.extend(wedge.silence(now));
            completed.extend(wedge.take(c, now));
            now += each_ms;
        }
        (completed, now)
    }

    const CODE: &str = "KGBZ3QBS7LTA7QWERTYUIOP";

    #[test]
    fn a_scanner_that_presses_enter_completes_at_once() {
        for end in ["\r", "\n", "\r\n", "\t"] {
            let mut wedge = Wedge::default();
            let (completed, now) = types(&mut wedge, &format!("{CODE}{end}"), 0, 3);
            assert_eq!(completed, [CODE], "{end:?} gives one text and no empty one");
            assert_eq!(wedge.silence(now + 1000), None);
        }
    }

    #[test]
    fn a_scanner_without_enter_completes_by_silence() {
        let mut wedge = Wedge::default();
        let (completed, now) = types(&mut wedge, CODE, 0, 3);
        assert!(completed.is_empty());
        assert_eq!(wedge.silence(now + SILENCE_MS - 10), None, "it may go on");
        assert_eq!(wedge.silence(now + SILENCE_MS).as_deref(), Some(CODE));
        assert_eq!(wedge.take('\r', now + 300), None, "its Enter was slow; it closes nothing");
        assert_eq!(wedge.take('\r', now + 3000).as_deref(), Some(""), "this one is the soldier's");
    }

    #[test]
    fn a_person_completes_with_enter_only() {
        let mut wedge = Wedge::default();
        let (completed, now) = types(&mut wedge, "7XK3-M9QW-2RTP-5", 0, 150);
        assert!(completed.is_empty());
        assert_eq!(wedge.typed(), "7XK3-M9QW-2RTP-5");
        assert_eq!(wedge.silence(now + 60_000), None);
        wedge.take('\u{7f}', now);
        assert_eq!(wedge.take('\n', now).as_deref(), Some("7XK3-M9QW-2RTP-"));
    }

    #[test]
    fn no_length_of_noise_fills_the_memory() {
        let mut wedge = Wedge::default();
        types(&mut wedge, &"X".repeat(100_000), 0, 0);
        assert_eq!(wedge.silence(1000).map(|text| text.len()), Some(MAX_TEXT));
    }
}
