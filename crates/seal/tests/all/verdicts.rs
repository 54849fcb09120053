//! Which status comes of what: the order of the policy, limits, dates, revocation.

use jiff::civil::{Date, date};
use propusk_seal::{
    Fault, Feature, Header, Overreach, PermitSeal, PinnedSigner, ProfileError, Remark, Signer, Status,
    TrustList, TrustSource, Verification, ZoneMask, parse, sign, verify, verify_scan,
};

use crate::fixtures::{ISSUED, desk_key, hex, other_key, permit, sealed, signer_id};

const REVOKED: i64 = 1_780_500_000;

fn signer() -> Signer {
    Signer {
        id: signer_id(),
        valid_from: date(2026, 1, 1),
        valid_to: date(2027, 1, 31),
        public_key: desk_key().public_key(),
        zones: ZoneMask(0b1_1111),
        max_days: 30,
        revoked_at: None,
    }
}

fn trusting(signer: Signer) -> TrustList {
    TrustList { issued_at: 1_780_000_000, next_update: 1_781_000_000, signers: vec![signer] }
}

fn checked(bytes: &[u8], change: impl FnOnce(&mut Signer)) -> Verification {
    let mut signer = signer();
    change(&mut signer);
    verify(bytes, &trusting(signer), date(2026, 6, 2))
}

#[test]
fn a_permit_within_its_signers_limits_is_valid() {
    let verification = checked(&sealed(&permit(4)), |_| {});
    assert_eq!((verification.status, verification.fault), (Status::Valid, None));
    assert_eq!(verification.remarks, []);
    assert_eq!(signer().check(&permit(4), ISSUED), Ok(()));
}

#[test]
fn limits_of_the_signer() {
    let bytes = sealed(&permit(4));
    let untrusted = |change: fn(&mut Signer)| {
        let verification = checked(&bytes, change);
        assert_eq!(verification.status, Status::UntrustedCertificate);
        verification.fault
    };
    let zones = Overreach::Zones { zones: ZoneMask(0b100) };
    assert_eq!(untrusted(|signer| signer.zones = ZoneMask(0b11)), Some(Fault::Overreach(zones)));
    let days = Overreach::Days { days: 30, max: 29 };
    assert_eq!(untrusted(|signer| signer.max_days = 29), Some(Fault::Overreach(days)));
}

#[test]
fn a_desk_learns_beforehand_what_a_reader_would_refuse() {
    let mut signer = signer();
    (signer.valid_from, signer.valid_to) = (date(2026, 6, 2), date(2026, 6, 15));
    assert!(matches!(signer.check(&permit(1), ISSUED), Err(Overreach::SignatureDate { .. })));
    assert!(matches!(signer.check(&permit(1), date(2026, 6, 3)), Err(Overreach::Outlives { .. })));
}

#[test]
fn dates_of_the_signer() {
    let bytes = sealed(&permit(1));
    let status = |from: Date, to: Date| {
        checked(&bytes, |signer| (signer.valid_from, signer.valid_to) = (from, to)).status
    };
    assert_eq!(status(ISSUED, date(2026, 6, 2)), Status::Valid);
    assert_eq!(
        status(date(2026, 6, 2), date(2027, 1, 1)),
        Status::ExpiredCertificate,
        "signed before it began"
    );
    assert_eq!(
        status(date(2026, 1, 1), date(2026, 6, 1)),
        Status::ExpiredCertificate,
        "over since yesterday"
    );
    assert_eq!(
        status(date(2025, 1, 1), date(2026, 5, 31)),
        Status::ExpiredCertificate,
        "signed after it ended"
    );
}

#[test]
fn a_revocation_leaves_what_was_recorded_before_it() {
    let bytes = sealed(&permit(1));
    let verification = checked(&bytes, |signer| signer.revoked_at = Some(REVOKED));
    assert_eq!((verification.status, verification.revoked_at), (Status::RevokedCertificate, Some(REVOKED)));
    assert_eq!(verification.status_if_recorded_at(REVOKED - 1), Status::Valid);
    assert_eq!(verification.status_if_recorded_at(REVOKED), Status::RevokedCertificate);

    let beyond = checked(&bytes, |signer| (signer.revoked_at, signer.max_days) = (Some(REVOKED), 1));
    assert_eq!(beyond.status, Status::RevokedCertificate);
    assert_eq!(
        beyond.status_if_recorded_at(REVOKED - 1),
        Status::UntrustedCertificate,
        "other faults remain"
    );

    let forged = checked(&bytes, |signer| {
        (signer.revoked_at, signer.public_key) = (Some(REVOKED), other_key().public_key());
    });
    assert_eq!((forged.status, forged.revoked_at), (Status::InvalidSignature, None));
    assert_eq!(forged.status_if_recorded_at(0), Status::InvalidSignature);
}

#[test]
fn an_unknown_signer_and_a_wrong_key() {
    let bytes = sealed(&permit(1));
    let unknown = checked(&bytes, |signer| signer.id.certificate_reference = "1B".to_owned());
    assert_eq!(unknown.status, Status::UnknownCertificate);
    assert_eq!(unknown.seal.expect("well-formed").header.certificate_reference, "1A");
    let wrong = checked(&bytes, |signer| signer.public_key = other_key().public_key());
    assert_eq!(wrong.status, Status::InvalidSignature);
}

#[test]
fn a_permits_signer_signs_nothing_else() {
    let seal = parse(&sealed(&permit(1))).expect("a seal");
    let visa =
        Header { feature_definition_reference: 0x5D, document_type_category: 1, ..seal.header.clone() };
    let bytes = sign(&visa, &seal.features, &desk_key()).expect("a seal");
    let verification = checked(&bytes, |_| {});
    assert_eq!(verification.status, Status::InvalidDocumentType);
    assert!(matches!(verification.fault, Some(Fault::Profile(ProfileError::NotAPermit { .. }))));

    let bytes = sign(&seal.header, &[], &desk_key()).expect("a seal");
    let verification = checked(&bytes, |_| {});
    assert_eq!(verification.status, Status::WrongFormat);
    assert_eq!(verification.fault, Some(Fault::Profile(ProfileError::Missing { tag: 2 })));
}

#[test]
fn an_unknown_feature_is_a_remark() {
    let seal = parse(&sealed(&permit(1))).expect("a seal");
    let mut features = seal.features.clone();
    features.insert(0, Feature { tag: 0xFE, value: b"any".to_vec() });
    let verification = checked(&sign(&seal.header, &features, &desk_key()).expect("a seal"), |_| {});
    assert_eq!(verification.status, Status::Valid);
    assert_eq!(verification.remarks, [Remark::UnknownFeature { tag: 0xFE }]);
    assert_eq!(verification.remarks[0].as_str(), "UNKNOWN_FEATURE");
}

#[test]
fn a_seal_signed_after_today_is_a_remark() {
    let verification = verify(&sealed(&permit(1)), &trusting(signer()), date(2026, 5, 31));
    assert_eq!((verification.status, verification.remarks), (Status::Valid, vec![Remark::SignedAfterToday]));
}

#[test]
fn a_text_that_cannot_be_read_is_a_read_error() {
    for text in ["", "KGBZ3Q!", "hello"] {
        let verification = verify_scan(text.as_bytes(), &trusting(signer()), ISSUED);
        assert_eq!((verification.status, verification.seal), (Status::ReadError, None), "{text}");
    }
    assert_eq!(verify_scan(b"KGBZAAAA", &trusting(signer()), ISSUED).status, Status::WrongFormat);
}

/// A document type that nobody defined: texts are guessed by the rule of `Seal::rendered`.
#[test]
fn features_of_an_unknown_type_are_still_shown() {
    let mut header = parse(&sealed(&permit(1))).expect("a seal").header;
    (header.feature_definition_reference, header.document_type_category) = (0xEE, 0xEE);
    let mrz = crate::fixtures::td2().lines().concat();
    let c40 = |text: &str| propusk_seal::c40::encode(text).expect("C40");
    let cases = [
        (b"Anna".to_vec(), Some("Anna".to_owned())),
        ("Нарын".as_bytes().to_vec(), Some("Нарын".to_owned())),
        (c40("BSI01"), Some("BSI01".to_owned())),
        (c40("KARA BALTA<<<"), Some("KARA BALTA".to_owned())),
        (c40(&mrz), Some(mrz)),
        (b"a@b".to_vec(), Some("a@b".to_owned())),
        (vec![0, 1, 2], None),
        (vec![0xC3, 0x28, 0xFF], None),
        (Vec::new(), None),
    ];
    let features: Vec<Feature> =
        cases.iter().zip(1..).map(|((value, _), tag)| Feature { tag, value: value.clone() }).collect();
    let bytes = sign(&header, &features, &desk_key()).expect("a seal");
    let pinned = vec![PinnedSigner { id: signer_id(), public_key: desk_key().public_key() }];
    let verification = verify(&bytes, &pinned, ISSUED);
    assert_eq!((verification.status, verification.remarks.len()), (Status::Valid, cases.len()));
    let rendered = verification.seal.expect("a seal").rendered();
    let texts: Vec<_> = rendered.into_iter().map(|feature| feature.text).collect();
    assert_eq!(texts, cases.map(|(_, text)| text));
}

#[test]
fn several_sources_are_asked_in_turn() {
    let (ours, vectors) = (trusting(signer()), crate::vectors::icao_and_bsi());
    let both: [&dyn TrustSource; 2] = [&ours, &vectors];
    assert_eq!(verify(&sealed(&permit(1)), both.as_slice(), date(2026, 6, 2)).status, Status::Valid);
    assert_eq!(verify(&hex(crate::vectors::V2), both.as_slice(), date(2026, 6, 2)).status, Status::Valid);
    let nobody: [&dyn TrustSource; 0] = [];
    assert_eq!(verify(&sealed(&permit(1)), nobody.as_slice(), ISSUED).status, Status::UnknownCertificate);
}

#[test]
fn a_pinned_key_has_no_limits() {
    let pinned = vec![PinnedSigner { id: signer_id(), public_key: desk_key().public_key() }];
    let long = PermitSeal { valid_to: date(2036, 1, 1), zones: ZoneMask(u32::MAX), ..permit(1) };
    assert_eq!(verify(&sealed(&long), &pinned, date(2099, 1, 1)).status, Status::Valid);
}

#[test]
fn the_words_are_those_of_the_documents() {
    let words = [
        (Status::Valid, "VALID"),
        (Status::ReadError, "READ_ERROR"),
        (Status::WrongFormat, "WRONG_FORMAT"),
        (Status::UnknownCertificate, "UNKNOWN_CERTIFICATE"),
        (Status::UntrustedCertificate, "UNTRUSTED_CERTIFICATE"),
        (Status::ExpiredCertificate, "EXPIRED_CERTIFICATE"),
        (Status::RevokedCertificate, "REVOKED_CERTIFICATE"),
        (Status::InvalidDocumentType, "INVALID_DOCUMENTTYPE"),
        (Status::InvalidSignature, "INVALID_SIGNATURE"),
        (Status::InvalidPassportMrz, "INVALID_PASSPORT_MRZ"),
        (Status::SealPassportMismatch, "SEAL_PASSPORT_MISMATCH"),
    ];
    for (status, word) in words {
        assert_eq!(status.to_string(), word);
    }
}
