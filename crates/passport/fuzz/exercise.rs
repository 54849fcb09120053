//! What the fuzz target and the replay of its corpus do with any bytes: nothing here may panic.

use propusk_passport::{
    Date, PartialDate, Person, Row, Rules, check_group, compare, merge, name, read_mrz, repairs,
    split_documents, td3_lines, translit,
};

/// Reads the bytes as documents, compares each with the one before and with its own words taken for a permit.
pub(crate) fn exercise(data: &[u8]) {
    let today = Date::constant(2026, 6, 1);
    let rules = Rules { today: Some(today), valid_through: Some(today) };
    let text = String::from_utf8_lossy(data);
    let mut rows: Vec<Row> = Vec::new();
    let mut before = Person::default();
    for lines in split_documents(&text) {
        let document = read_mrz(&lines, today);
        assert!(!document.findings.is_empty(), "the unproven nationality is always shown");
        assert!(!document.valid() || document.checks.all_right(), "a valid document has no wrong digit");
        for repair in repairs(&lines) {
            let mended = read_mrz(&repair.lines, today);
            assert!(
                mended.checks.failed().count() <= document.checks.failed().count(),
                "a repair does no harm"
            );
        }
        let found = merge(&document.findings, compare(&before, &document, &rules));
        assert!(found.windows(2).all(|pair| pair[0].severity >= pair[1].severity), "most severe first");
        let this = document.person();
        assert!(
            compare(&this, &document, &Rules::default()).is_empty(),
            "a document does not differ from itself"
        );
        let _ = td3_lines(&this, &document.issuing_state);
        rows.push(Row { permit: core::mem::replace(&mut before, this), passport: Some(document) });
    }
    let _ = check_group(&rows, &rules);
    for word in text.split(['\n', ' ']) {
        let _ = PartialDate::parse(word);
        let folded = name::fold(word);
        let _ = name::can_be(&folded, word, word);
        if translit::variants(word).len() > 1 {
            assert!(translit::can_be(&folded, word), "the first choice is a spelling");
        }
    }
}
