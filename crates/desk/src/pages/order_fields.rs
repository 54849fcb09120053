//! An order as fields of a form, and back.

use crate::order::{OrderFile, TravellerEntry};
use propusk_boot::pages::Fields;

/// The most travellers that a form is read for; the check says how many a permit takes.
const MOST_ROWS: usize = 200;

/// The columns of a traveller's row, in their order; the sentence of each is `column-<name>`.
pub(crate) const COLUMNS: [&str; 8] =
    ["surname", "given_names", "document_number", "nationality", "birth_date", "sex", "expiry_date", "role"];

/// Reads the order of a form. Rows in which nothing is typed are left out.
pub(crate) fn read(fields: &Fields) -> OrderFile {
    let rows = (0..MOST_ROWS).map(|row| traveller(fields, row));
    OrderFile {
        zones: fields.all("zone"),
        route: lines(fields.get("route")),
        valid_from: fields.said("valid_from"),
        months: fields.get("months").parse().ok(),
        copies: fields.get("copies").parse().ok(),
        authority_reference: fields.said("authority_reference"),
        purpose: fields.said("purpose"),
        vehicle: fields.said("vehicle"),
        travellers: rows.filter(|entry| !is_empty(entry)).collect(),
    }
}

fn lines(text: &str) -> Vec<String> {
    text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn traveller(fields: &Fields, row: usize) -> TravellerEntry {
    let get = |name: &str| fields.get(&format!("t{row}.{name}")).to_owned();
    let mrz = lines(&get("mrz"));
    TravellerEntry {
        mrz: Some(mrz).filter(|lines| !lines.is_empty()),
        surname: get("surname"),
        given_names: get("given_names"),
        document_number: get("document_number"),
        nationality: get("nationality"),
        birth_date: get("birth_date"),
        sex: get("sex"),
        expiry_date: get("expiry_date"),
        issuing_state: get("issuing_state"),
        visual_name: get("visual_name"),
        role: get("role"),
    }
}

fn is_empty(entry: &TravellerEntry) -> bool {
    entry.mrz.is_none() && COLUMNS.iter().all(|column| value(entry, column).is_empty())
}

/// What stands in a column.
pub(crate) fn value<'a>(entry: &'a TravellerEntry, column: &str) -> &'a str {
    if column == "role" { &entry.role } else { entry.typed(column).unwrap_or_default() }
}

/// The travellers of pasted MRZ lines: two or three lines each, as a reader or a copy from a mail gives them. Lines that
/// are none are passed over.
pub(crate) fn pasted(text: &str) -> Vec<TravellerEntry> {
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.split_whitespace().collect::<String>().to_uppercase())
        .filter(|line| line.contains('<') || line.chars().count() >= 28)
        .collect();
    let mut rest = lines.as_slice();
    let mut travellers = Vec::new();
    while let Some(first) = rest.first() {
        // TD1 has three lines of 30 characters, every other format two.
        let count = if first.chars().count() <= 32 { 3 } else { 2 }.min(rest.len());
        let (document, others) = rest.split_at(count);
        travellers.push(TravellerEntry { mrz: Some(document.to_vec()), ..TravellerEntry::default() });
        rest = others;
    }
    travellers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_gives_the_order_that_was_typed() {
        let pairs = [
            ("zone", "naryn"),
            ("zone", "issyk-kul"),
            ("route", "torugart\r\nkol-suu, \n"),
            ("months", ""),
            ("t0.surname", ""),
            ("t3.surname", " ERIKSSON "),
            ("t3.mrz", "P<UTO\nL898"),
        ];
        let fields = Fields(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        let order = read(&fields);
        assert_eq!(order.zones, ["naryn", "issyk-kul"]);
        assert_eq!(order.route, ["torugart", "kol-suu"]);
        assert_eq!((order.months, order.valid_from), (None, None));
        assert_eq!(order.travellers.len(), 1);
        assert_eq!(order.travellers[0].surname, "ERIKSSON");
        assert_eq!(order.travellers[0].mrz.as_deref(), Some(&["P<UTO".to_owned(), "L898".to_owned()][..]));
    }

    #[test]
    fn pasted_documents_are_told_apart() {
        let td3 =
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
        let td1 =
            "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<";
        let all = pasted(&format!("Dear colleague,\n{td3}\n\n{td1}\n{td3}"));
        let lines: Vec<usize> = all.iter().map(|one| one.mrz.as_ref().unwrap().len()).collect();
        assert_eq!(lines, [2, 3, 2]);
    }
}
