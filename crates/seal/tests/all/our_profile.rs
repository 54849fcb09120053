//! The permit's profile, byte by byte and rule by rule.

use jiff::civil::{Date, date};
use propusk_seal::date::PartialDate;
use propusk_seal::{
    Feature, LeadMrz, MrzFormat, PermitSeal, ProfileError, Seal, SealError, SignerId, Status, ZoneMask,
    name_digest, parse, sign, to_text, verify,
};

use crate::fixtures::{ISSUED, NUMBER, desk_key, hex, permit, sealed, signer_id, td1, td2, td3, traveller};

/// The whole seal of two travellers; this test is the format's document. The bytes were made by another
/// implementation (Python, with the deterministic ECDSA of OpenSSL).
#[test]
fn every_byte_of_a_permits_seal() {
    let expected = hex("
        dc 03                   // magic, header version
        9948                    // issuing country KGZ
        9930b5e7                // signer KGBP, the reference has 02 characters
        2171                    // certificate reference 1A
        5bbc7a 5bbc7a           // issued and signed on 06012026
        01 b0                   // feature definition reference, document type category
        01 0a 4979a89d98028455fe43  // permit number 7Q4MZ0K8TH2WB
        02 05 01 02 04 01 01    // version 1, copy 2 of 4, sheet 1 of 1
        03 03 5bbc7a            // valid from 06012026
        04 03 60294a            // valid to 06302026
        05 01 06                // zones: issyk-kul, naryn
        06 01 02                // a group of two
        08 3c                   // the lead traveller's MRZ, TD3
           b5dbd2b3c549cd1da93c5bd458135c6f57fc133c133c133c133c133c1352
           4d1551e76523d9c546054bcf287e262920b6f6964c472720133c133efe31
        09 06 61518713fe4c      // issuing office BISHKEK
        0b 0e                   // the other traveller:
           ed0d19a519a6         //   document number XX0000001
           d9c5                 //   nationality UTO
           1e8c3c               //   born on 02XX1980
           761d97               //   name digest
        ff 40                   // signature: r, s
           320b01a3a712a20ca4d1f547f8fc69c50ade5f8d52ab31b0673239c2730e84f4
           e4ee9fbe4ae1fc347133aeaffa9531f14f486cb55a7c984e6f1ab1b22fd7352b
    ");
    assert_eq!(sealed(&permit(2)), expected);
    let seal = parse(&expected).expect("a seal");
    assert_eq!(PermitSeal::from_seal(&seal), Ok(permit(2)));
    assert_eq!(seal.signed_bytes().len() + 66, expected.len());
}

#[test]
fn signing_again_gives_the_same_bytes() {
    assert_eq!(sealed(&permit(10)), sealed(&permit(10)));
}

/// `SEAL.md` expects about 185, 229 and 313 bytes; the office has seven characters here.
#[test]
fn sizes_for_one_four_and_ten_people() {
    let sizes = [1, 4, 10].map(|people| {
        let bytes = sealed(&permit(people));
        (bytes.len(), to_text(&bytes).len())
    });
    assert_eq!(sizes, [(189, 307), (233, 377), (317, 512)]);
}

#[test]
fn the_name_digest_is_of_the_number_and_the_name_field() {
    assert_eq!(name_digest("", "abc"), [0xBA, 0x78, 0x16], "FIPS 180-2 B.1");
    assert_eq!(name_digest("a", "bc"), [0xBA, 0x78, 0x16]);
    assert_ne!(name_digest(NUMBER, "SPECIMEN<<ADA<<"), name_digest(NUMBER, "SPECIMEN<<ADE<<"));
}

#[test]
fn every_mrz_format_comes_back() {
    for (mrz, format, tag, bytes) in
        [(td1(), MrzFormat::Td1, 7, 60), (td2(), MrzFormat::Td2, 10, 48), (td3(), MrzFormat::Td3, 8, 60)]
    {
        let written = PermitSeal { lead_mrz: mrz.clone(), ..permit(1) };
        let seal = parse(&sealed(&written)).expect("a seal");
        assert_eq!(seal.feature(tag).expect("an MRZ").value.len(), bytes);
        let read = PermitSeal::from_seal(&seal).expect("a permit");
        assert_eq!((read.lead_mrz.format(), read.lead_mrz.lines()), (format, mrz.lines()));
        let rendered = seal.rendered();
        let text =
            rendered.iter().find(|feature| feature.tag == tag).and_then(|feature| feature.text.clone());
        assert_eq!(text, Some(mrz.lines().concat()));
    }
}

#[test]
fn an_mrz_has_the_shape_and_the_characters_of_one() {
    assert_eq!(LeadMrz::new(&["A", "B"]), Err(ProfileError::MrzShape { lengths: vec![1, 1] }));
    let lower = ["P<UTOERIKSSOn<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"; 2];
    assert_eq!(LeadMrz::new(&lower), Err(ProfileError::MrzCharacter { line: 1, column: 13 }));
    assert!(LeadMrz::new::<&str>(&[]).is_err());
}

#[test]
fn what_a_permit_says_can_be_shown() {
    let seal = parse(&sealed(&permit(2))).expect("a seal");
    let texts: Vec<_> = seal.rendered().into_iter().map(|f| (f.tag, f.text.unwrap_or_default())).collect();
    assert_eq!(texts[0], (1, NUMBER.to_owned()));
    assert_eq!(texts[1], (2, "1 2 4 1 1".to_owned()));
    assert_eq!(texts[2], (3, "2026-06-01".to_owned()));
    assert_eq!(texts[4], (5, "6".to_owned()));
    assert_eq!(texts[7], (9, "BISHKEK".to_owned()));
    assert_eq!(texts[8], (11, String::new()));
}

#[test]
fn debug_shows_no_personal_data() {
    let seal = parse(&sealed(&permit(3))).expect("a seal");
    let shown = format!("{seal:?} {:?}", PermitSeal::from_seal(&seal));
    for personal in ["ERIKSSON", "L898902C", "XX0000001", "1980"] {
        assert!(!shown.contains(personal), "{personal} in {shown}");
    }
}

fn refused(change: impl FnOnce(&mut PermitSeal)) -> ProfileError {
    let mut permit = permit(4);
    change(&mut permit);
    permit.sign(&signer_id(), ISSUED, ISSUED, &desk_key()).expect_err("a permit that breaks a rule")
}

#[test]
fn the_writer_refuses_what_the_reader_would_reject() {
    use ProfileError as E;
    assert_eq!(refused(|p| p.permit_number = "7Q4M-Z0K8-TH2W-B".to_owned()), E::PermitNumber);
    assert_eq!(refused(|p| p.permit_number.make_ascii_lowercase()), E::PermitNumber);
    assert_eq!(refused(|p| p.version = 0), E::Version);
    assert_eq!(refused(|p| p.copy = 5), E::Copy { copy: 5, copies: 4 });
    assert_eq!(refused(|p| p.sheet = 0), E::Sheet { sheet: 0, sheets: 1 });
    assert_eq!(refused(|p| p.sheet = 2), E::Sheet { sheet: 2, sheets: 1 });
    assert_eq!(refused(|p| p.zones = ZoneMask(0)), E::Zones);
    assert_eq!(refused(|p| p.group_size = 0), E::GroupSize { size: 0 });
    assert_eq!(refused(|p| p.group_size = 51), E::GroupSize { size: 51 });
    let others = |others, group_size| E::Others { others, sheet: 1, sheets: 1, group_size };
    assert_eq!(refused(|p| p.group_size = 3), others(3, 3));
    assert_eq!(refused(|p| p.group_size = 5), others(3, 5));
    assert_eq!(refused(|p| (p.group_size, p.others) = (14, vec![traveller(1); 13])), others(13, 14));
    for office in ["", " KARAKOL", "KARAKOL ", "A<B", "Ош", "Osh", "A VERY LONG NAME OF AN OFFICE"] {
        assert_eq!(refused(|p| p.issuing_office = office.to_owned()), E::Office, "{office:?}");
    }
    let (from, to) = (ISSUED, date(2026, 5, 31));
    assert_eq!(refused(|p| p.valid_to = to), E::Dates { from, to });
    assert!(matches!(refused(|p| p.valid_from = Date::MIN), E::Date { tag: 3, .. }));
    assert_eq!(
        refused(|p| p.others[0].document_number = "AB12345678".to_owned()),
        E::TravellerField { field: "document number", chars: 9 }
    );
    assert_eq!(
        refused(|p| p.others[0].nationality = "D<<".to_owned()),
        E::TravellerField { field: "nationality", chars: 3 }
    );
}

#[test]
fn the_writer_refuses_signers_that_are_not_ours() {
    for (signer, reference) in
        [("KGB", "1A"), ("UTTS", "1A"), ("KGBP", ""), ("KGBP", "1a"), ("KGBP", "01"), ("KGBP", "1234567890")]
    {
        assert!(
            matches!(SignerId::new(signer, reference), Err(ProfileError::Signer { .. })),
            "{signer}{reference}"
        );
        let id = SignerId { signer: signer.to_owned(), certificate_reference: reference.to_owned() };
        assert!(permit(1).sign(&id, ISSUED, ISSUED, &desk_key()).is_err());
    }
    let far = permit(1).sign(&signer_id(), Date::MIN, ISSUED, &desk_key());
    assert!(
        matches!(far, Err(ProfileError::Seal(SealError::Unwritable { field: "issue date", .. }))),
        "{far:?}"
    );
}

fn with_features(change: impl FnOnce(&mut Vec<Feature>)) -> Seal {
    let seal = parse(&sealed(&permit(4))).expect("a seal");
    let mut features = seal.features.clone();
    change(&mut features);
    parse(&sign(&seal.header, &features, &desk_key()).expect("a seal")).expect("a seal")
}

fn with_value(tag: u8, value: &str) -> Result<PermitSeal, ProfileError> {
    let seal = with_features(|features| {
        features
            .iter_mut()
            .filter(|feature| feature.tag == tag)
            .for_each(|feature| feature.value = hex(value));
    });
    PermitSeal::from_seal(&seal)
}

#[test]
fn the_reader_refuses_values_that_break_a_rule() {
    use ProfileError as E;
    assert_eq!(with_value(1, "de515826"), Err(E::PermitNumber));
    assert!(matches!(with_value(1, "00"), Err(E::C40 { tag: 1, .. })));
    assert_eq!(with_value(2, "01020401"), Err(E::ValueLength { tag: 2, expected: 5, found: 4 }));
    assert_eq!(with_value(2, "0105040101"), Err(E::Copy { copy: 5, copies: 4 }));
    assert!(matches!(with_value(3, "ffffff"), Err(E::Date { tag: 3, .. })));
    for zones in ["", "00", "0001", "0000000001"] {
        assert_eq!(with_value(5, zones), Err(E::Zones), "{zones}");
    }
    assert_eq!(with_value(6, "33"), Err(E::GroupSize { size: 51 }));
    assert_eq!(with_value(8, "de515826"), Err(E::ValueLength { tag: 8, expected: 60, found: 4 }));
    assert_eq!(with_value(0x0B, ""), Err(E::ValueLength { tag: 0x0B, expected: 14, found: 0 }));
    assert_eq!(with_value(0x0B, "ed0d"), Err(E::ValueLength { tag: 0x0B, expected: 14, found: 2 }));
    // A document number of fillers alone; a birth date in a thirteenth month.
    let blank = "133c133c133c d9c5 1e8c3c 761d97";
    assert_eq!(with_value(0x0B, blank), Err(E::TravellerField { field: "document number", chars: 9 }));
    assert!(matches!(with_value(0x0B, "ed0d19a519a6 d9c5 c65d40 761d97"), Err(E::Date { tag: 0x0B, .. })));
}

#[test]
fn the_reader_refuses_features_missing_repeated_or_in_excess() {
    use ProfileError as E;
    for tag in [1, 2, 3, 4, 5, 6, 9] {
        let without = with_features(|features| features.retain(|feature| feature.tag != tag));
        assert_eq!(PermitSeal::from_seal(&without), Err(E::Missing { tag }));
    }
    for tag in [1, 2, 3, 4, 5, 6, 8, 9, 11] {
        let twice = with_features(|features| {
            let again = features.iter().find(|feature| feature.tag == tag).expect("the feature").clone();
            features.push(again);
        });
        assert_eq!(PermitSeal::from_seal(&twice), Err(E::Repeated { tag }));
    }
    let without = with_features(|features| features.retain(|feature| feature.tag != 8));
    assert_eq!(PermitSeal::from_seal(&without), Err(E::MrzCount { count: 0 }));
    let both = with_features(|features| features.push(Feature { tag: 7, value: vec![0; 60] }));
    assert_eq!(PermitSeal::from_seal(&both), Err(E::MrzCount { count: 2 }));
}

#[test]
fn features_may_stand_in_any_order_beside_unknown_ones() {
    let seal = with_features(|features| {
        features.reverse();
        features.insert(3, Feature { tag: 0x77, value: vec![1, 2, 3] });
    });
    assert_eq!(PermitSeal::from_seal(&seal), Ok(permit(4)));
}

#[test]
fn several_sheets_each_seal_their_own_rows() {
    let mut sheet = permit(4);
    (sheet.group_size, sheet.sheet, sheet.sheets) = (30, 3, 3);
    assert_eq!(PermitSeal::from_seal(&parse(&sealed(&sheet)).expect("a seal")), Ok(sheet));
}

#[test]
fn a_foreign_seal_is_not_a_permit() {
    let vector = parse(&hex(crate::vectors::V1)).expect("a seal");
    let (country, document_type) = ("UTO".to_owned(), "5E03".to_owned());
    assert_eq!(PermitSeal::from_seal(&vector), Err(ProfileError::NotAPermit { country, document_type }));
    // Another country's national type of the same number is not ours.
    let ours = parse(&sealed(&permit(1))).expect("a seal");
    let header = propusk_seal::Header { country: "UTO".to_owned(), ..ours.header.clone() };
    let theirs = parse(&sign(&header, &ours.features, &desk_key()).expect("a seal")).expect("a seal");
    assert!(matches!(PermitSeal::from_seal(&theirs), Err(ProfileError::NotAPermit { .. })));
}

#[test]
fn a_birth_date_of_unknown_parts_comes_back() {
    let mut written = permit(2);
    written.others[0].birth_date = PartialDate::new(None, None, None).expect("a date");
    assert_eq!(PermitSeal::from_seal(&parse(&sealed(&written)).expect("a seal")), Ok(written));
}

#[test]
fn a_permit_with_any_byte_changed_is_never_valid() {
    let good = sealed(&permit(2));
    let pinned = vec![propusk_seal::PinnedSigner { id: signer_id(), public_key: desk_key().public_key() }];
    assert_eq!(verify(&good, &pinned, ISSUED).status, Status::Valid);
    for index in 0..good.len() {
        for change in [0x01, 0x20, 0x80] {
            let mut bad = good.clone();
            bad[index] ^= change;
            assert_ne!(verify(&bad, &pinned, ISSUED).status, Status::Valid, "byte {index} xor {change:02x}");
        }
    }
}
