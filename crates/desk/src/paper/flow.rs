//! Breaking texts into lines, and finding the size at which they fit.

use std::borrow::Cow;

use super::canvas::{PT_PER_MM, width};
use super::error::Field;
use super::fonts::{Face, Fonts};

/// A text in one face; a paragraph is made of several.
pub(super) struct Span<'t> {
    pub(super) face: Face,
    pub(super) text: Cow<'t, str>,
    pub(super) field: Field,
}

impl<'t> Span<'t> {
    pub(super) fn new(face: Face, text: impl Into<Cow<'t, str>>, field: Field) -> Self {
        Self { face, text: text.into(), field }
    }
}

/// A part of a line in one face, `x` millimetres from the line's start.
pub(super) struct Piece {
    pub(super) x: f32,
    pub(super) face: Face,
    pub(super) text: String,
    pub(super) field: Field,
}

/// A text broken into lines.
pub(super) struct Paragraph {
    pub(super) lines: Vec<Vec<Piece>>,
    /// In points.
    pub(super) size: f32,
    /// A word was longer than a line and had to be broken.
    pub(super) broke_a_word: bool,
}

impl Paragraph {
    /// From one baseline to the next, in millimetres.
    pub(super) fn pitch(&self) -> f32 {
        self.size * 1.22 / PT_PER_MM
    }

    /// From the top to the first baseline: capitals with a diacritic still fit below the top.
    pub(super) fn first_baseline(&self) -> f32 {
        self.size * 0.95 / PT_PER_MM
    }

    /// The height of all lines.
    pub(super) fn height(&self) -> f32 {
        self.lines.iter().map(|_| self.pitch()).sum()
    }
}

/// The largest size from `largest` down to `smallest` points at which the text takes at most `lines` lines with no word
/// broken. Where there is none, the text is set at `smallest` in as many lines as it takes.
pub(super) fn fit(
    fonts: &Fonts,
    spans: &[Span<'_>],
    line_width: f32,
    (largest, smallest): (f32, f32),
    lines: usize,
) -> Paragraph {
    let mut size = largest;
    loop {
        let paragraph = flow(fonts, spans, line_width, size);
        if size <= smallest || (paragraph.lines.len() <= lines && !paragraph.broke_a_word) {
            return paragraph;
        }
        size = (size - 0.5).max(smallest);
    }
}

/// Breaks a text into lines of at most `line_width` millimetres: after spaces; where a word is longer than a line, after
/// its hyphens; and anywhere only where even that is not enough.
pub(super) fn flow(fonts: &Fonts, spans: &[Span<'_>], line_width: f32, size: f32) -> Paragraph {
    let mut breaker = Breaker {
        fonts,
        line_width,
        size,
        lines: Vec::new(),
        line: Vec::new(),
        end: 0.0,
        broke_a_word: false,
    };
    for word in words(spans) {
        breaker.word(&word);
    }
    breaker.finish()
}

/// What a line can't break within without need: texts of one or more faces.
type Word<'s> = Vec<(&'s Span<'s>, &'s str)>;

/// Words with the space and the separators that follow them: a line never begins with a slash or a dot. A word may reach
/// from one span into the next.
fn words<'s>(spans: &'s [Span<'s>]) -> Vec<Word<'s>> {
    let mut words = Vec::new();
    let mut word: Word<'s> = Vec::new();
    let mut last = '\0';
    for span in spans {
        let mut start = 0;
        for (index, character) in span.text.char_indices() {
            if last == ' ' && !matches!(character, ' ' | '/' | '·') {
                let (_, rest) = span.text.split_at(start);
                let (part, _) = rest.split_at(index - start);
                word.extend((!part.is_empty()).then_some((span, part)));
                words.push(std::mem::take(&mut word));
                start = index;
            }
            last = character;
        }
        let (_, rest) = span.text.split_at(start);
        word.extend((!rest.is_empty()).then_some((span, rest)));
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

struct Breaker<'f> {
    fonts: &'f Fonts,
    line_width: f32,
    size: f32,
    lines: Vec<Vec<Piece>>,
    line: Vec<Piece>,
    end: f32,
    broke_a_word: bool,
}

impl Breaker<'_> {
    fn word(&mut self, word: &Word<'_>) {
        let inked = self.inked(word);
        if self.end + inked > self.line_width && !self.line.is_empty() {
            self.end_line();
        }
        for (span, part) in word {
            if inked <= self.line_width {
                self.append(span, part);
            } else {
                self.long_part(span, part);
            }
        }
    }

    /// The width of a word without the space after it.
    fn inked(&self, word: &Word<'_>) -> f32 {
        let parts = word.iter().enumerate().map(|(index, (span, part))| {
            let part = if index + 1 == word.len() { part.trim_end() } else { part };
            width(self.fonts, span.face, self.size, part)
        });
        parts.sum()
    }

    /// A part of a word that is longer than a line, broken after its hyphens or wherever it must be.
    fn long_part(&mut self, span: &Span<'_>, part: &str) {
        for piece in part.split_inclusive('-') {
            let inked = width(self.fonts, span.face, self.size, piece.trim_end());
            if self.end + inked > self.line_width && !self.line.is_empty() {
                self.end_line();
            }
            let mut rest = piece;
            while width(self.fonts, span.face, self.size, rest.trim_end()) > self.line_width {
                self.broke_a_word = true;
                let (head, tail) = rest.split_at(self.prefix_that_fits(span.face, rest));
                self.append(span, head);
                self.end_line();
                rest = tail;
            }
            self.append(span, rest);
        }
    }

    /// The length in bytes of the longest beginning that fits an empty line; at least one character.
    fn prefix_that_fits(&self, face: Face, text: &str) -> usize {
        let mut used = 0.0;
        for (index, character) in text.char_indices() {
            used += self.fonts.advance(face, character) * self.size / PT_PER_MM;
            if used > self.line_width && index > 0 {
                return index;
            }
        }
        text.len()
    }

    fn append(&mut self, span: &Span<'_>, word: &str) {
        if word.is_empty() {
            return;
        }
        let advance = width(self.fonts, span.face, self.size, word);
        match self.line.last_mut() {
            Some(piece) if piece.face == span.face && piece.field == span.field => piece.text.push_str(word),
            _ => self.line.push(Piece {
                x: self.end,
                face: span.face,
                text: word.to_owned(),
                field: span.field,
            }),
        }
        self.end += advance;
    }

    fn end_line(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
        self.end = 0.0;
    }

    fn finish(mut self) -> Paragraph {
        if !self.line.is_empty() {
            self.end_line();
        }
        Paragraph { lines: self.lines, size: self.size, broke_a_word: self.broke_a_word }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fonts::loaded;
    use super::*;

    fn lines(text: &str, line_width: f32) -> Vec<String> {
        let fonts = loaded().unwrap();
        let spans = [Span::new(Face::Regular, text, Field::of("test"))];
        let paragraph = flow(fonts, &spans, line_width, 10.0);
        paragraph.lines.iter().map(|line| line.iter().map(|piece| piece.text.as_str()).collect()).collect()
    }

    #[test]
    fn nothing_is_lost_however_narrow_the_line_is() {
        let text = "Ат-Баши, Торугарт / Torugart АБВГДЕЖЗИКЛМНОПРСТ";
        for line_width in [0.5, 3.0, 11.0, 40.0, 400.0] {
            assert_eq!(lines(text, line_width).concat(), text, "at {line_width} mm");
        }
    }

    #[test]
    fn lines_break_between_words_first() {
        assert_eq!(lines("Naryn Osh", 12.0), ["Naryn ", "Osh"]);
        assert_eq!(lines("Ош / Osh", 10.0), ["Ош / ", "Osh"]);
        assert_eq!(lines("Issyk-Kul x", 12.0), ["Issyk-", "Kul x"]);
        assert_eq!(lines("at Issyk-Kul", 18.0), ["at ", "Issyk-Kul"]);
        assert_eq!(lines("", 12.0), Vec::<String>::new());
    }

    #[test]
    fn a_slash_stays_with_the_word_before_it() {
        let fonts = loaded().unwrap();
        let span = |face, text| Span::new(face, text, Field::of("test"));
        let spans = [span(Face::Bold, "Нарын"), span(Face::Regular, " / "), span(Face::Regular, "Naryn")];
        let texts = |line: &Vec<Piece>| line.iter().map(|piece| piece.text.clone()).collect::<Vec<_>>();
        let lines =
            |line_width| flow(fonts, &spans, line_width, 10.0).lines.iter().map(texts).collect::<Vec<_>>();
        assert_eq!(lines(100.0), [["Нарын", " / Naryn"]]);
        assert_eq!(lines(16.0), [vec!["Нарын", " / "], vec!["Naryn"]]);
    }

    #[test]
    fn fit_shrinks_before_it_wraps() {
        let fonts = loaded().unwrap();
        let spans = [Span::new(Face::Bold, "ABDYKADYROVA AIGUL", Field::of("test"))];
        let shrunk = fit(fonts, &spans, 40.0, (10.0, 6.0), 1);
        assert_eq!(shrunk.lines.len(), 1);
        assert!(shrunk.size < 10.0);
        let wrapped = fit(fonts, &spans, 20.0, (10.0, 8.0), 1);
        assert!(wrapped.lines.len() > 1);
        assert!((wrapped.size - 8.0).abs() < f32::EPSILON);
    }
}
