//! The deadlines of a trip as an iCalendar file (RFC 5545).

use jiff::ToSpan;
use jiff::civil::Date;
use propusk_boot::{Language, Locales};
use propusk_region::{Deadline, DeadlineCode};

use crate::trip::TripReport;
use crate::trip_names::Names;

/// RFC 5545, section 3.1: a line has at most 75 octets, its end not counted.
const LINE_OCTETS: usize = 75;
/// Who wrote the file, as section 3.7.3 asks for.
const PRODUCT: &str = "-//propusk//trip check//EN";

/// The calendar. The same trip asked on the same day gives the same bytes.
#[must_use]
pub fn calendar(report: &TripReport<'_>, language: Language) -> String {
    let name = match &report.about {
        Some(about) => about.clone(),
        None => Locales::embedded().text(language, "trip-calendar-name", &[]),
    };
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        format!("PRODID:{PRODUCT}"),
        "CALSCALE:GREGORIAN".to_owned(),
        format!("X-WR-CALNAME:{}", escaped(&name)),
    ];
    for deadline in &report.assessment.deadlines {
        lines.extend(event(deadline, report, language));
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

fn event(deadline: &Deadline, report: &TripReport<'_>, language: Language) -> Vec<String> {
    let names = Names { region: report.region, language };
    let args: Vec<(&str, String)> =
        deadline.args.iter().map(|(name, value)| (*name, names.readable(name, value))).collect();
    let summary = Locales::embedded().tell(language, &format!("deadline-{}", deadline.code.as_str()), &args);
    let source = [
        ("source", report.region.source_title(&deadline.source).to_owned()),
        ("as_of", deadline.as_of.to_string()),
    ];
    let source = Locales::embedded().tell(language, "trip-source", &source);
    // The end of a whole-day event is the first day after it (section 3.6.1).
    let end = deadline.last_day.unwrap_or(deadline.day).saturating_add(1.day());
    let mut lines = vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", uid(deadline)),
        format!("DTSTAMP:{}T000000Z", basic(report.asked_on)),
        format!("DTSTART;VALUE=DATE:{}", basic(deadline.day)),
        format!("DTEND;VALUE=DATE:{}", basic(end)),
        format!("SUMMARY:{}", escaped(&summary)),
        format!("DESCRIPTION:{}", escaped(&source)),
        "TRANSP:TRANSPARENT".to_owned(),
    ];
    if let Some(days) = warned_days_before(deadline.code) {
        lines.extend([
            "BEGIN:VALARM".to_owned(),
            "ACTION:DISPLAY".to_owned(),
            format!("DESCRIPTION:{}", escaped(&summary)),
            format!("TRIGGER:-P{days}D"),
            "END:VALARM".to_owned(),
        ]);
    }
    lines.push("END:VEVENT".to_owned());
    lines
}

/// How many days before its day a deadline is worth a reminder.
fn warned_days_before(code: DeadlineCode) -> Option<u8> {
    match code {
        DeadlineCode::ApplyBySafe | DeadlineCode::ExtensionUntil => Some(7),
        DeadlineCode::ApplyByLast | DeadlineCode::LatestExit | DeadlineCode::VisaEnds => Some(3),
        DeadlineCode::TipShortest | DeadlineCode::TipEnds | DeadlineCode::PassportExpires => Some(14),
        _ => None,
    }
}

/// The same deadline of the same trip has the same id, so that importing again adds nothing twice.
fn uid(deadline: &Deadline) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let subject: String = deadline.subject.chars().map(plain).collect();
    format!("{}-{subject}-{}@propusk", deadline.code.as_str(), basic(deadline.day))
}

fn basic(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// Section 3.3.11: backslash, semicolon, comma and line break are escaped; other control characters are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Section 3.1: long lines go on in the next one after a space; no character is broken.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > LINE_OCTETS {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters_and_unfold_to_themselves() {
        let line = format!("SUMMARY:{}", "Өткөөлдөн чыгуу, ".repeat(12));
        let out = folded(&line);
        assert!(out.split("\r\n").all(|line| line.len() <= LINE_OCTETS), "{out}");
        assert_eq!(out.replace("\r\n ", "").trim_end_matches("\r\n"), line);
        assert_eq!(folded("END:VEVENT"), "END:VEVENT\r\n");
        assert_eq!(folded(&"a".repeat(75)).matches("\r\n").count(), 1);
        assert_eq!(folded(&"a".repeat(76)).matches("\r\n").count(), 2);
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escaped("a,b;c\\d\ne\u{7}\r"), "a\\,b\\;c\\\\d\\ne");
    }
}
