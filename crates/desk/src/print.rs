//! From a permit version to its paper: which copies, what stands on them, and the file.

use jiff::Timestamp;
use propusk_boot::clock::date_in_bishkek;
use propusk_boot::{Language, Locales};
use propusk_passport::{PartialDate, Sex};
use propusk_permit::Permit;
use propusk_permit::order::{Role, Traveller};
use propusk_proto::PermitDetails;
use propusk_region::{Names, Region, Stop, ZoneId};

use crate::DeskError;
use crate::issue::post_of;
use crate::office::Office;
use crate::paper::{
    self, Booklet, Change, Copy, Labels, Languages, Mark, Named, RouteStop, Sheet, TravellerRow, Zone,
};
use crate::register::{Entry, HistoryEntry};
use crate::seals::{SealedSheet, seal_copy};

/// So many known places stand for a zone that the route does not touch.
const MOST_KNOWN_PLACES: usize = 4;
/// So many changes have room on a sheet; the register keeps all.
const MOST_CHANGES: usize = 4;
/// The longest reason of a change on paper, in characters.
const LONGEST_REASON: usize = 160;

/// Reads `0`, `3`, `1,4`, `3-5` or `3-` (to the last); an empty text means the original and every copy.
pub(crate) fn parse_copies(typed: &str, of: u8) -> Result<Vec<u8>, DeskError> {
    let wrong = || DeskError::Copies { typed: typed.to_owned(), of };
    if typed.trim().is_empty() {
        return Ok((0..=of).collect());
    }
    let mut copies = Vec::new();
    for part in typed.split(',') {
        let number = |text: &str| text.trim().parse::<u8>().ok().filter(|copy| *copy <= of).ok_or_else(wrong);
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let last = if last.trim().is_empty() { of } else { number(last)? };
        let first = number(first)?;
        if last < first {
            return Err(wrong());
        }
        copies.extend(first..=last);
    }
    copies.sort_unstable();
    copies.dedup();
    Ok(copies)
}

/// The seals of these copies, each with its sheets.
pub(crate) fn seals(
    entry: &Entry,
    copies: &[u8],
    office: &Office,
) -> anyhow::Result<Vec<(u8, Vec<SealedSheet>)>> {
    let permit = entry.permit()?;
    let seal = |copy: &u8| Ok((*copy, seal_copy(&permit, *copy, entry.count_for(*copy), office)?));
    copies.iter().map(seal).collect()
}

/// The PDF of these copies in the office's languages. See [`pdf_in`].
pub(crate) fn pdf(
    entry: &Entry,
    older: Option<&PermitDetails>,
    copies: &[u8],
    office: &Office,
) -> anyhow::Result<Vec<u8>> {
    pdf_in(office.paper.languages, entry, older, copies, office)
}

/// The PDF of these copies: the same permit version, state, copies and languages always give the same bytes. `older`
/// prints an older version, marked as superseded.
pub(crate) fn pdf_in(
    languages: Languages,
    entry: &Entry,
    older: Option<&PermitDetails>,
    copies: &[u8],
    office: &Office,
) -> anyhow::Result<Vec<u8>> {
    let newest = entry.permit()?;
    let permit = older.map(PermitDetails::permit).transpose()?.unwrap_or_else(|| newest.clone());
    let mark = match &newest.state {
        propusk_permit::State::Revoked { .. } => Mark::Revoked,
        propusk_permit::State::Issued if permit.version < newest.version => Mark::Superseded,
        propusk_permit::State::Issued => Mark::None,
    };
    let count = |copy: u8| if older.is_some() { permit.copies } else { entry.count_for(copy) };
    let mut drawn = Vec::new();
    for copy in copies {
        let sheets = seal_copy(&permit, *copy, count(*copy), office)?;
        drawn.push(draw_copy(&permit, *copy, count(*copy), sheets, office));
    }
    let history = changes(&entry.history, &permit);
    let booklet = booklet(&permit, &entry.details.agency, mark, (drawn, history), office);
    let lookup = |id: &str, lang: paper::Language| {
        let lang: Language = lang.code().parse().unwrap_or(Language::En);
        Locales::embedded().text(lang, id, &[])
    };
    let labels = Labels::new(languages.primary, languages.secondary, lookup);
    Ok(paper::draw_in(&office.paper.style, &booklet, &labels)?)
}

fn draw_copy(permit: &Permit, number: u8, of: u8, sheets: Vec<SealedSheet>, office: &Office) -> Copy {
    let post = post_of(permit, number).and_then(|id| office.region.checkpoint_by_id(&id));
    let sheet = |sealed: SealedSheet| Sheet {
        number: sealed.sheet.number,
        of: sealed.sheet.of,
        rows: sealed.sheet.rows,
        seal_text: sealed.text,
    };
    Copy {
        number,
        of,
        post: post.map(|post| named(&post.name)),
        sheets: sheets.into_iter().map(sheet).collect(),
    }
}

fn booklet(
    permit: &Permit,
    agency: &str,
    mark: Mark,
    (copies, history): (Vec<Copy>, Vec<Change>),
    office: &Office,
) -> Booklet {
    let contents = &permit.contents;
    let lead = contents.travellers.first();
    Booklet {
        permit_number: permit.number.to_string(),
        version: permit.version,
        mark,
        valid_from: contents.valid_from,
        valid_to: contents.valid_to,
        issued_on: permit.issued_on,
        zones: contents
            .zones
            .iter()
            .filter_map(|id| office.region.zone_by_id(id))
            .map(|zone| Zone { name: named(&zone.name), places: places(&zone.id, permit, &office.region) })
            .collect(),
        route: contents.route.iter().map(|stop| route_stop(permit, stop, office)).collect(),
        travellers: contents.travellers.iter().map(traveller_row).collect(),
        agency: agency.to_owned(),
        issuing_office: office.config.issuing_office.clone(),
        authority_reference: contents.authority_reference.clone(),
        purpose: contents.purpose.clone(),
        vehicle: contents.vehicle.clone(),
        lead_mrz: lead.map(|lead| lead.mrz.clone()).unwrap_or_default(),
        lead_mrz_generated: lead.is_some_and(|lead| lead.mrz_generated),
        history,
        copies,
    }
}

fn route_stop(permit: &Permit, stop: &Stop, office: &Office) -> RouteStop {
    let name = office.region.names_of(stop).map_or_else(|| plain(stop.as_str()), named);
    let copy = match stop {
        Stop::Checkpoint(id) => (1..=permit.copies).find(|copy| post_of(permit, *copy).as_ref() == Some(id)),
        Stop::Place(_) => None,
    };
    RouteStop { name, is_post: matches!(stop, Stop::Checkpoint(_)), copy }
}

fn traveller_row(traveller: &Traveller) -> TravellerRow {
    let person = &traveller.person;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let date = |date: Option<PartialDate>| date.map(day_month_year).unwrap_or_default();
    let printed = [text(&person.surname), text(&person.given_names)].join(" ");
    let words = |name: &str| name.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    TravellerRow {
        surname: text(&person.surname),
        given_names: text(&person.given_names),
        visual_name: traveller.visual_name.clone().filter(|name| words(name) != words(&printed)),
        nationality: text(&person.nationality),
        birth_date: date(person.birth_date),
        sex: person.sex.map_or("X", Sex::code).to_owned(),
        document_number: text(&person.document_number),
        expiry_date: date(person.expiry_date),
        role: traveller.role.map(role_name),
    }
}

/// `12.08.1974`, as the sheet's other dates; `XX` stands for what a passport leaves open (Doc 9303-3, 4.8).
fn day_month_year(date: PartialDate) -> String {
    let two = |part: Option<u8>| part.map_or_else(|| "XX".to_owned(), |part| format!("{part:02}"));
    let year = date.year.map_or_else(|| "XXXX".to_owned(), |year| format!("{year:04}"));
    format!("{}.{}.{year}", two(date.day), two(date.month))
}

fn role_name(role: Role) -> Named {
    sentence(&format!("role-{}", role.as_str()), &[])
}

/// A sentence in every language.
fn sentence(id: &str, arguments: &[(&str, String)]) -> Named {
    let say = |lang| Locales::embedded().tell(lang, id, arguments);
    Named { en: say(Language::En), ru: say(Language::Ru), ky: say(Language::Ky) }
}

/// The places of a zone that the route touches; of a zone that it does not, the first few known ones.
fn places(zone: &ZoneId, permit: &Permit, region: &Region) -> Vec<Named> {
    let mut places: Vec<Named> = Vec::new();
    for stop in permit.contents.route.iter().filter(|stop| region.zone_of(stop) == Some(zone)) {
        let name = region.names_of(stop).map_or_else(|| plain(stop.as_str()), named);
        if !places.contains(&name) {
            places.push(name);
        }
    }
    if places.is_empty() {
        let mut known = region.places().iter().filter(|place| place.zone == *zone);
        places.extend(known.by_ref().take(MOST_KNOWN_PLACES).map(|place| named(&place.name)));
        if known.next().is_some() {
            places.push(sentence("sheet-and-others", &[]));
        }
    }
    places
}

/// What corrections, extensions and a revocation did up to this version, the newest ones, oldest first.
fn changes(history: &[HistoryEntry], permit: &Permit) -> Vec<Change> {
    let mut changes: Vec<_> = history.iter().filter_map(|entry| change(entry, permit)).collect();
    changes.drain(..changes.len().saturating_sub(MOST_CHANGES));
    changes
}

fn change(entry: &HistoryEntry, permit: &Permit) -> Option<Change> {
    let known = ["corrected", "extended", "revoked"].contains(&entry.what.as_str());
    if !known || entry.version > permit.version {
        return None;
    }
    let is_newest = entry.version == permit.version;
    // Of an older extension only the register's older versions know the last day.
    let id = match entry.what.as_str() {
        "extended" if is_newest => "sheet-history-extended-to".to_owned(),
        what => format!("sheet-history-{what}"),
    };
    let on = Timestamp::from_millisecond(entry.at_ms).map(date_in_bishkek).unwrap_or(permit.issued_on);
    let what = sentence(
        &id,
        &[
            ("version", entry.version.to_string()),
            ("date", on.strftime("%d.%m.%Y").to_string()),
            ("valid_to", permit.contents.valid_to.strftime("%d.%m.%Y").to_string()),
        ],
    );
    Some(Change { what, reason: entry.note.as_deref().map(shortened) })
}

/// A reason in at most [`LONGEST_REASON`] characters on one line.
fn shortened(reason: &str) -> String {
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    match reason.char_indices().nth(LONGEST_REASON) {
        Some((end, _)) => {
            reason.get(..end).map_or_else(String::new, |start| format!("{}…", start.trim_end()))
        }
        None => reason,
    }
}

fn named(names: &Names) -> Named {
    Named { en: names.get("en").to_owned(), ru: names.get("ru").to_owned(), ky: names.get("ky").to_owned() }
}

fn plain(text: &str) -> Named {
    Named { en: text.to_owned(), ru: text.to_owned(), ky: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(version: u8, what: &str, note: Option<&str>) -> HistoryEntry {
        // 2026-06-02, 19:00 in Greenwich: the 3rd in Bishkek.
        HistoryEntry { at_ms: 1_780_426_800_000, version, what: what.into(), note: note.map(Into::into) }
    }

    fn permit(version: u8) -> Permit {
        let mut drawn = 0_u8;
        let number = propusk_permit::PermitNumber::try_draw(|| {
            drawn += 1;
            Ok::<_, ()>([drawn; 8])
        })
        .unwrap();
        let contents = propusk_permit::order::Contents {
            zones: vec![ZoneId::new("naryn")],
            route: vec![],
            valid_from: jiff::civil::date(2026, 6, 1),
            valid_to: jiff::civil::date(2026, 7, 30),
            authority_reference: None,
            purpose: None,
            vehicle: None,
            travellers: vec![],
        };
        let issued_on = jiff::civil::date(2026, 6, 3);
        let permit = Permit::issue(uuid::Uuid::nil(), number, contents, 2, issued_on);
        Permit { version, ..permit }
    }

    #[test]
    fn changes_are_told_in_words_up_to_the_printed_version() {
        let history = [
            noted(1, "issued", None),
            noted(1, "printed", Some("0, 1")),
            noted(2, "corrected", Some("номер  паспорта\nпункт 3")),
            noted(3, "extended", None),
            noted(4, "corrected", Some("later")),
        ];
        let said = |version| {
            let changes = changes(&history, &permit(version));
            changes.into_iter().map(|change| (change.what.en, change.reason)).collect::<Vec<_>>()
        };
        let corrected =
            ("Version 2 of 03.06.2026, corrected".to_owned(), Some("номер паспорта пункт 3".to_owned()));
        assert_eq!(said(1), []);
        assert_eq!(said(2), std::slice::from_ref(&corrected));
        let extended = "Version 3 of 03.06.2026, validity extended to 30.07.2026".to_owned();
        assert_eq!(said(3), [corrected.clone(), (extended, None)]);
        assert_eq!(said(4)[1].0, "Version 3 of 03.06.2026, validity extended");
        let russian = changes(&history, &permit(3)).remove(1).what.ru;
        assert_eq!(russian, "Версия 3 от 03.06.2026, срок продлён до 30.07.2026");
    }

    #[test]
    fn only_the_newest_changes_and_a_shortened_reason_are_printed() {
        let long = "причина ".repeat(60);
        let history: Vec<_> = (2..=9).map(|version| noted(version, "corrected", Some(&long))).collect();
        let changes = changes(&history, &permit(9));
        assert_eq!(changes.len(), MOST_CHANGES);
        assert!(changes[0].what.en.starts_with("Version 6 "));
        let reason = changes[0].reason.clone().unwrap();
        assert!(reason.ends_with('…') && reason.chars().count() <= LONGEST_REASON + 1, "{reason}");
    }

    #[test]
    fn a_zone_shows_the_places_of_the_route_or_some_it_is_known_for() {
        let region = Region::default_region().unwrap();
        let mut permit = permit(1);
        let naryn = ZoneId::new("naryn");
        let known = places(&naryn, &permit, &region);
        assert!((1..=MOST_KNOWN_PLACES + 1).contains(&known.len()));
        assert_eq!(known.last().map(|place| place.en.as_str()), Some("and others"));
        permit.contents.route = region.resolve_route(&["torugart", "kol-suu", "torugart"]).unwrap();
        let named: Vec<_> = places(&naryn, &permit, &region).into_iter().map(|place| place.en).collect();
        assert_eq!(named.len(), 2, "{named:?}");
        assert!(named[0].contains("Torugart"), "{named:?}");
    }

    #[test]
    fn dates_of_travellers_look_like_all_others() {
        let date = |year, month, day| day_month_year(PartialDate { year, month, day });
        assert_eq!(date(Some(1974), Some(8), Some(2)), "02.08.1974");
        assert_eq!(date(Some(1974), None, None), "XX.XX.1974");
        assert_eq!(date(None, None, None), "XX.XX.XXXX");
    }

    #[test]
    fn copies_are_read_as_clerks_write_them() {
        assert_eq!(parse_copies("", 2).unwrap(), [0, 1, 2]);
        assert_eq!(parse_copies("3-5, 1", 5).unwrap(), [1, 3, 4, 5]);
        assert_eq!(parse_copies("4-", 5).unwrap(), [4, 5]);
        for wrong in ["6-", "-", "6", "5-3", "x", "1,,2", "-1"] {
            assert!(matches!(parse_copies(wrong, 5), Err(DeskError::Copies { .. })), "{wrong}");
        }
    }
}
