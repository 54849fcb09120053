//! Bytes that are no seal: refused with the place, never a panic.

use jiff::civil::date;
use proptest::collection::vec;
use proptest::prelude::*;
use propusk_seal::date::PartialDate;
use propusk_seal::{
    Feature, Header, MAX_SEAL_BYTES, PermitSeal, SealError, Status, Version, c40, from_text, open_trust_list,
    parse, read_scan, sign, to_text, verify, verify_scan,
};

use crate::fixtures::{ISSUED, desk_key, hex, permit, sealed};
use crate::vectors::{V1, V2, V3, icao_and_bsi};

/// V1 up to its document type: 18 bytes.
const HEADER: &str = "dc03 d9c5 d9cac8a7 3a99 5d913a 7d9c57 5e03";

fn refusal(bytes: &str) -> SealError {
    parse(&hex(bytes)).expect_err(bytes)
}

#[test]
fn an_error_says_where_and_what_was_expected() {
    use SealError as E;
    let cut = |offset, expected, needed, left| E::Cut { offset, expected, needed, left };
    assert_eq!(refusal(""), cut(0, "the magic byte", 1, 0));
    assert_eq!(refusal("dd03"), E::Magic { found: 0xDD });
    assert_eq!(refusal("dc04"), E::Version { found: 4 });
    assert_eq!(refusal("dc03d9"), cut(2, "issuing country", 2, 1));
    assert!(matches!(refusal("dc030000"), E::C40 { offset: 2, field: "issuing country", .. }));
    // KGBPZZ: the reference would have ZZ characters; KGBP00: none.
    assert_eq!(refusal("dc03 9948 9930 bb80 2171"), E::ReferenceLength { offset: 4 });
    assert_eq!(refusal("dc03 9948 9930 b5e5 2171"), E::ReferenceLength { offset: 4 });
    assert!(matches!(
        refusal("dc03d9c5d9cac8a73a99 ffffff"),
        E::Date { offset: 10, field: "issue date", .. }
    ));
    assert_eq!(refusal(HEADER), E::NoSignature { offset: 18 });
    assert_eq!(refusal(&format!("{HEADER} 02")), cut(19, "the length of a feature", 1, 0));
    assert_eq!(refusal(&format!("{HEADER} 02 05 aabb")), cut(20, "the value of a feature", 5, 2));
    assert_eq!(refusal(&format!("{HEADER} 02 01 aa")), E::NoSignature { offset: 21 });
    assert_eq!(refusal(&format!("{HEADER} ff 00")), E::SignatureLength { offset: 20, len: 0 });
    assert_eq!(refusal(&format!("{HEADER} ff 03 aabbcc")), E::SignatureLength { offset: 20, len: 3 });
    assert_eq!(refusal(&format!("{HEADER} ff 02 aabb cc")), E::Trailing { offset: 22, count: 1 });
}

/// A length that could be shorter would give one seal several forms, also outside the signature.
#[test]
fn only_the_shortest_der_length_is_read() {
    for (length, found) in [("80", 0x80), ("817f", 0x81), ("8200ff", 0x82), ("83010000", 0x83), ("ff", 0xFF)]
    {
        let error = SealError::Length { offset: 19, found };
        assert_eq!(refusal(&format!("{HEADER} 02 {length}")), error, "{length}");
        assert_eq!(refusal(&format!("{HEADER} ff {length}")), error, "{length}");
    }
    let long = |length: &str, bytes: usize| format!("{HEADER} 02 {length} {} ff 02 aabb", "00".repeat(bytes));
    for (length, bytes) in [("7f", 127), ("8180", 128), ("81ff", 255), ("820100", 256)] {
        let seal = parse(&hex(&long(length, bytes))).expect(length);
        assert_eq!(seal.features[0].value.len(), bytes);
    }
}

#[test]
fn version_02_has_lengths_of_one_byte() {
    let header = "dc02 6abc 6d32c8a519fc 0f7134 1145f4 fd02";
    let seal = parse(&hex(&format!("{header} 02 80 {} ff 02 aabb", "00".repeat(128)))).expect("a seal");
    assert_eq!(seal.features[0].value.len(), 128);
}

#[test]
fn a_reference_padded_with_a_space_is_read_to_its_length() {
    // 5B and a space instead of 5B and c = 0.
    let seal = parse(&hex("dc03d9c5d9cac8a73a9c5d913a7d9c575e03 ff 02 aabb")).expect("a seal");
    assert_eq!(seal.header.certificate_reference, "5B");
    // 5BC where the header says two characters.
    let error = SealError::Characters { offset: 8, field: "certificate reference", expected: 2, found: 3 };
    assert_eq!(refusal("dc03d9c5d9cac8a73aa95d913a7d9c575e03 ff 02 aabb"), error);
}

#[test]
fn the_writer_refuses_what_the_reader_would_reject() {
    let good = parse(&sealed(&permit(1))).expect("a seal").header;
    let refused = |change: fn(&mut Header)| {
        let mut header = good.clone();
        change(&mut header);
        matches!(sign(&header, &[], &desk_key()), Err(SealError::Unwritable { .. }))
    };
    assert!(refused(|h| h.country.clear()));
    assert!(refused(|h| h.country = "KGZZ".to_owned()));
    assert!(refused(|h| h.country = "D ".to_owned()));
    assert!(refused(|h| h.country = "kgz".to_owned()));
    assert!(refused(|h| h.signer = "KGB".to_owned()));
    assert!(refused(|h| h.signer = "KGBö".to_owned()));
    assert!(refused(|h| h.certificate_reference.clear()));
    assert!(refused(|h| h.certificate_reference = "A".repeat(256)));
    assert!(refused(|h| h.version = Version::V2));
    assert!(refused(|h| h.signature_date = date(0, 1, 1)));
    let feature = |tag, length| [Feature { tag, value: vec![0; length] }];
    assert!(matches!(sign(&good, &feature(0xFF, 1), &desk_key()), Err(SealError::Unwritable { .. })));
    assert!(matches!(sign(&good, &feature(1, 70_000), &desk_key()), Err(SealError::Unwritable { .. })));
    assert!(matches!(sign(&good, &feature(1, MAX_SEAL_BYTES), &desk_key()), Err(SealError::TooLong { .. })));
}

#[test]
fn ten_megabytes_are_refused_unread() {
    let len = 10_000_000;
    let mut seal = sealed(&permit(1));
    seal.resize(len, 0);
    assert_eq!(parse(&seal), Err(SealError::TooLong { len, max: MAX_SEAL_BYTES }));
    assert_eq!(verify(&seal, &icao_and_bsi(), ISSUED).status, Status::WrongFormat);
    assert_eq!(verify_scan(&seal, &icao_and_bsi(), ISSUED).status, Status::ReadError);
    for text in ["A".repeat(len), " ".repeat(len), format!("KGBZ{}", "A".repeat(len))] {
        assert!(matches!(from_text(&text), Err(SealError::TextTooLong { .. })));
        assert!(matches!(read_scan(text.as_bytes()), Err(SealError::TextTooLong { .. })));
    }
    assert!(open_trust_list(&vec![1; len], &desk_key().public_key()).is_err());
}

/// Everything that takes bytes from outside, at once.
fn read_everything(bytes: &[u8]) {
    if let Ok(seal) = parse(bytes) {
        let _ = (seal.rendered(), PermitSeal::from_seal(&seal));
    }
    let _ = (read_scan(bytes), c40::decode(bytes), open_trust_list(bytes, &desk_key().public_key()));
    let _ = verify_scan(bytes, &icao_and_bsi(), ISSUED);
    if let Some(&date) = bytes.first_chunk::<3>() {
        let _ = (propusk_seal::date::decode(date), PartialDate::decode(date).map(|date| date.to_string()));
    }
}

fn seals() -> Vec<Vec<u8>> {
    vec![hex(V1), hex(V2), hex(V3), sealed(&permit(1)), sealed(&permit(10))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_panic(bytes in vec(any::<u8>(), 0..600)) {
        read_everything(&bytes);
    }

    #[test]
    fn no_bytes_after_a_header_panic(rest in vec(any::<u8>(), 0..300), version in 2_u8..=3) {
        let mut bytes = if version == 2 { hex(V2) } else { hex(V1) };
        bytes.truncate(18);
        bytes.extend(rest);
        read_everything(&bytes);
    }

    #[test]
    fn no_mutated_seal_panics_or_verifies(
        which in 0_usize..5,
        changes in vec((any::<prop::sample::Index>(), 1_u8..), 1..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let good = seals().swap_remove(which);
        let mut bad = good.clone();
        for (index, change) in changes {
            let index = index.index(bad.len());
            bad[index] ^= change;
        }
        if let Some(cut) = cut {
            bad.truncate(cut.index(bad.len()));
        }
        read_everything(&bad);
        prop_assume!(bad != good);
        prop_assert_ne!(verify(&bad, &icao_and_bsi(), ISSUED).status, Status::Valid);
    }

    #[test]
    fn no_text_panics(text in "(KGBZ)?\\PC{0,40}") {
        let _ = from_text(&text);
        let _ = c40::encode(&text);
        read_everything(text.as_bytes());
    }

    #[test]
    fn a_seal_has_one_text(bytes in vec(any::<u8>(), 0..60), tail in "[A-Z2-7]{1,2}") {
        // No other text than its own (but for case and white space) gives the same bytes.
        let text = to_text(&bytes) + &tail;
        prop_assert_ne!(from_text(&text), Ok(bytes));
    }
}
