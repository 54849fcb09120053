//! Whatever can be written comes back, and verifies.

use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::prelude::*;
use propusk_seal::{
    Extent, Feature, Header, PermitSeal, PinnedSigner, SignerId, Status, Version, ZoneMask, c40, extent,
    from_text, parse, sign, to_text, verify,
};

use crate::fixtures::{desk_key, permit, sealed, signer_id, traveller};

fn a_date() -> impl Strategy<Value = Date> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn a_header() -> impl Strategy<Value = Header> {
    let names = prop_oneof![
        ("[0-9A-F]{5}").prop_map(|reference| (Version::V2, reference)),
        ("[0-9A-F]{1,40}").prop_map(|reference| (Version::V3, reference)),
    ];
    ("[A-Z0-9]{1,3}", "[A-Z]{2}[A-Z0-9]{2}", names, a_date(), a_date(), any::<u8>(), any::<u8>()).prop_map(
        |(
            country,
            signer,
            (version, certificate_reference),
            issue_date,
            signature_date,
            definition,
            category,
        )| Header {
            version,
            country,
            signer,
            certificate_reference,
            issue_date,
            signature_date,
            feature_definition_reference: definition,
            document_type_category: category,
        },
    )
}

/// Up to 300 bytes in version 03, so that every form of a DER length is met; 255 in version 02.
fn a_seal() -> impl Strategy<Value = (Header, Vec<Feature>)> {
    a_header().prop_flat_map(|header| {
        let most = if header.version == Version::V2 { 255 } else { 300 };
        let feature =
            (0_u8..=254, vec(any::<u8>(), 0..=most)).prop_map(|(tag, value)| Feature { tag, value });
        (Just(header), vec(feature, 0..8))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_seal((header, features) in a_seal()) {
        let bytes = sign(&header, &features, &desk_key()).expect("a seal that can be written");
        let seal = parse(&bytes).expect("a seal");
        prop_assert_eq!(&seal.header, &header);
        prop_assert_eq!(&seal.features, &features);
        prop_assert_eq!(seal.rendered().len(), features.len());
        let id = SignerId { signer: header.signer, certificate_reference: header.certificate_reference };
        let pinned = vec![PinnedSigner { id, public_key: desk_key().public_key() }];
        prop_assert_eq!(verify(&bytes, &pinned, date(2026, 6, 1)).status, Status::Valid);
    }

    #[test]
    fn any_permit(
        number in "[0-9A-Z]{13}",
        office in "[A-Z0-9]([A-Z0-9 ]{0,22}[A-Z0-9])?",
        (version, copy, spare, sheet, more) in (1_u8.., 0_u8..100, 0_u8..100, 1_u8..100, 1_u8..100),
        (from, to) in (a_date(), a_date()),
        (zones, others) in (1_u32.., 0_u8..=12),
    ) {
        let written = PermitSeal {
            permit_number: number,
            version,
            copy,
            copies: copy + spare,
            sheet,
            sheets: sheet + more,
            valid_from: from.min(to),
            valid_to: from.max(to),
            zones: ZoneMask(zones),
            group_size: 50,
            issuing_office: office,
            others: (0..others).map(traveller).collect(),
            ..permit(1)
        };
        let bytes = written.sign(&signer_id(), from, to, &desk_key()).expect("a permit that can be sealed");
        prop_assert_eq!(PermitSeal::from_seal(&parse(&bytes).expect("a seal")), Ok(written));
    }

    #[test]
    fn any_c40_text(text in "[A-Z0-9 <]{0,100}") {
        let bytes = c40::encode(&text).expect("its alphabet");
        prop_assert_eq!(bytes.len(), c40::encoded_len(text.len()));
        prop_assert_eq!(c40::decode(&bytes), Ok(text.replace('<', " ")));
    }

    #[test]
    fn any_bytes_as_text(bytes in vec(any::<u8>(), 0..400)) {
        let text = to_text(&bytes);
        prop_assert_eq!(from_text(&text), Ok(bytes.clone()));
        prop_assert_eq!(from_text(&text.to_lowercase()), Ok(bytes));
    }
}

#[test]
fn a_text_tells_where_its_seal_ends() {
    for people in [1, 4, 13] {
        let text = to_text(&sealed(&permit(people)));
        assert_eq!(extent(&text), Some(Extent::Whole));
        assert_eq!(extent(&text.to_lowercase()), Some(Extent::Whole));
        for cut in 4..text.len() {
            assert_eq!(extent(&text[..cut]), Some(Extent::Short), "cut after {cut} of {}", text.len());
        }
        for more in ["A", "<", "KGBZ", text.as_str(), "P<UTOERIKSSON<<ANNA<MARIA", "П"] {
            assert_eq!(
                extent(&format!("{text}{more}")),
                Some(Extent::Long(text.len())),
                "followed by {more}"
            );
        }
    }
    assert_eq!(extent("https://example.org"), None);
    assert_eq!(extent("KGBZ2222222222222222"), Some(Extent::Broken));
    let text = to_text(&sealed(&permit(1)));
    assert_eq!(extent(&text.replace('A', "0")), Some(Extent::Broken), "0 is in no seal");
}
