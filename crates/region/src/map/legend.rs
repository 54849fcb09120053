//! Below the map: the signs, this trip's crossings, what has no position, and where the lines come from.

use super::crossings::Look;
use super::{Drawing, MARGIN, NORTH, SOUTH, TOP, distinct_stops, labels, scale};
use crate::trip::Gate;

/// Height of a line of the legend.
const LINE: f64 = 20.0;
/// The most letters of a line of the legend of size 1.
const LINE_LETTERS: f64 = 1650.0;

impl Drawing<'_> {
    /// The signs, this trip's crossings with their status, and what has no position. Gives the drawing's height.
    pub(super) fn legend(&mut self) -> f64 {
        let words = self.words;
        let mut y = TOP + (NORTH - SOUTH) * scale() + 24.0;
        let mut x = MARGIN + 8.0;
        let looks: &[Look] = match self.journey.passings.is_empty() {
            true => &[Look::Other],
            false => &[Look::Open, Look::Warned, Look::Blocked, Look::Other],
        };
        for look in looks.iter().copied() {
            self.diamond(x, y - 4.0, look);
            self.sheet.text(x + 14.0, y, 13.0, "#1d1b16", look.word(words));
            x += 40.0 + labels::width(look.word(words), 13.0);
        }
        self.sheet
            .put(format_args!("<circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"5.5\" fill=\"#1f4e9c\"/>", y - 4.0));
        self.sheet.text(x + 14.0, y, 13.0, "#1d1b16", &words.place);
        y += LINE + 4.0;
        for passing in &self.journey.passings {
            let Gate::Crossing(id) = &passing.gate else { continue };
            let Some(crossing) = self.region.crossing_by_id(id) else { continue };
            let look = self.look(id);
            self.diamond(MARGIN + 8.0, y - 4.0, look);
            let arrow = if passing.enters() { "→" } else { "←" };
            let text = format!(
                "{}  {arrow} KG  {}: {}",
                passing.date,
                crossing.label(&words.lang),
                look.word(words)
            );
            self.sheet.text(MARGIN + 22.0, y, 13.0, "#1d1b16", &text);
            y += LINE;
        }
        let lost = self.without_position();
        if !lost.is_empty() {
            let text = format!("{} {}", words.no_position, lost.join(", "));
            y = self.lines(y + 4.0, 12.0, "#4a463d", &text);
        }
        y = self.lines(y + 4.0, 11.0, "#6b665c", &words.schematic);
        y
    }

    fn lines(&mut self, mut y: f64, size: f64, colour: &str, text: &str) -> f64 {
        for line in wrapped(text, (LINE_LETTERS / size) as usize) {
            self.sheet.text(MARGIN, y, size, colour, &line);
            y += LINE - 3.0;
        }
        y
    }

    /// The names of the trip's places and crossings that no source gives a position for.
    fn without_position(&self) -> Vec<String> {
        let lang = &self.words.lang;
        let stops = distinct_stops(self.journey).into_iter().filter(|stop| self.point_of(stop).is_none());
        let stops =
            stops.filter_map(|stop| self.region.names_of(&stop).map(|names| names.get(lang).to_owned()));
        let gates = self.journey.passings.iter().filter_map(|passing| {
            let Gate::Crossing(id) = &passing.gate else { return None };
            self.region.crossing_by_id(id).filter(|crossing| crossing.position.is_empty())
        });
        let mut names: Vec<String> = stops.chain(gates.map(|crossing| crossing.label(lang))).collect();
        let mut seen: Vec<String> = Vec::new();
        names.retain(|name| {
            !seen.contains(name) && {
                seen.push(name.clone());
                true
            }
        });
        names
    }
}

/// A text in lines of at most `letters`, broken between words.
fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
