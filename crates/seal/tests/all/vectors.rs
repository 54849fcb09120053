//! The public vectors of ICAO and BSI (`SEAL.md`, "Public vectors").

use jiff::civil::{Date, date};
use propusk_seal::{
    Curve, Fault, Header, PinnedSigner, SealError, Status, Verification, Version, parse, to_text, verify,
    verify_scan,
};

use crate::fixtures::hex;

const TODAY: Date = date(2026, 7, 1);

/// Doc 9303-8 appendix B: emergency travel document.
pub(crate) const V1: &str = "dc03d9c5d9cac8a73a995d913a7d9c575e030230bab3d2b3c549cd1da93c5bd458135c6f57fc133c133c133c6b38208a4d0d4a32b0c11ae6268427153f7c453c133c1345ff4039034e85da183c1cc0d3ac16732d7ee2c20d7aef7b381c0ae509f10a97890d511c3c47b94807a4d0f67ce9083a7f206f04fb35afdb8ab9658a93327a4e0ee6ed";
/// BSI TR-03137 annex C: arrival attestation, header version 02.
pub(crate) const V2: &str = "dc026abc6d32c8a519fc0f71341145f4fd020230a5621353d9a275735bd4134bc549133c133c133c133c133ca32519a519a4344a5e681ae7204b20d532cf4b7c133c133f030820d5201019a51aeaff404a1f218ca4392647ecff6c8abf9e796a78eebe0b1ac8cc25c4ee17eed961d1189091358d7d616f1a517abc747f6c4490ff159d4dcf50248b00b1e32e9e7805e7";
/// BSI TR-03137 annex D: social insurance card, header version 02.
pub(crate) const V3: &str = "dc026abc6d32c8a519fc0f7134116d04fc0401083fee456d2de019a8020b506572736368776569c39f03054f7363617204134ac3a2636f62c3a96e69646963747572697573ff40582ed05cb05049b4fe49744d5e70a1982f8b7afb1e90259ce47ba9907efcf59483f0a0b421ec760d6fd2284bbac37e136f1e3be6e14a6f6bc012110cff919d0f";

pub(crate) fn icao_and_bsi() -> Vec<PinnedSigner> {
    [
        "UTTS5B=0408132a7243b3ccc29c271097081c96a729eefb8eb93630e536498e9b7ce1ced25d68a789d93bef39c04715c5ad3915d281c0754ecc08508bf66687efc630df88",
        "DETS27=048a4a6c721161e1eefe05e9b6b7ed9a0a227c96990a426875114dcd792b14d10896b5181ee317df3738d795a0a4171adb4f713378a329d08a3ee521b136579956",
    ]
    .iter()
    .map(|text| PinnedSigner::parse(text).expect("a signer of the vectors"))
    .collect()
}

fn valid(vector: &str) -> Verification {
    let checked = verify(&hex(vector), &icao_and_bsi(), TODAY);
    assert_eq!((checked.status, &checked.fault), (Status::Valid, &None));
    assert_eq!(checked.remarks, []);
    checked
}

fn texts(checked: &Verification) -> Vec<(u8, String)> {
    let seal = checked.seal.as_ref().expect("a seal");
    seal.rendered().into_iter().map(|feature| (feature.tag, feature.text.expect("a text"))).collect()
}

fn header(checked: &Verification) -> Header {
    checked.seal.as_ref().expect("a seal").header.clone()
}

#[test]
fn the_keys_are_found_to_be_brainpool() {
    for signer in icao_and_bsi() {
        assert_eq!(signer.public_key.curve(), Curve::BrainpoolP256r1);
    }
}

#[test]
fn v1_emergency_travel_document() {
    let checked = valid(V1);
    let expected = Header {
        version: Version::V3,
        country: "UTO".to_owned(),
        signer: "UTTS".to_owned(),
        certificate_reference: "5B".to_owned(),
        issue_date: date(2026, 6, 13),
        signature_date: date(2023, 8, 23),
        feature_definition_reference: 0x5E,
        document_type_category: 0x03,
    };
    assert_eq!(header(&checked), expected);
    assert_eq!(expected.document_type_hex(), "5E03");
    let mrz = "PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F2606277<<<<<<<8";
    assert_eq!(texts(&checked), [(2, mrz.to_owned())]);
}

#[test]
fn v2_arrival_attestation() {
    let checked = valid(V2);
    let expected = Header {
        version: Version::V2,
        country: "D".to_owned(),
        signer: "DETS".to_owned(),
        certificate_reference: "00027".to_owned(),
        issue_date: date(2020, 1, 1),
        signature_date: date(2020, 1, 13),
        feature_definition_reference: 0xFD,
        document_type_category: 0x02,
    };
    assert_eq!(header(&checked), expected);
    let mrz = "MED<<MUSTERMANN<<ERIK<<<<<<<<<<<<<<<M0000000<4ALB0308212M1604128<<<<<<<2";
    assert_eq!(texts(&checked), [(2, mrz.to_owned()), (3, "160113000085".to_owned())]);
}

#[test]
fn v3_social_insurance_card() {
    let checked = valid(V3);
    assert_eq!(header(&checked).version, Version::V2);
    let expected = [(1, "65170839J003"), (2, "Perschweiß"), (3, "Oscar"), (4, "Jâcobénidicturius")];
    assert_eq!(texts(&checked), expected.map(|(tag, text)| (tag, text.to_owned())));
}

#[test]
fn the_text_form_of_a_vector_verifies() {
    let text = format!(" {}\r\n", to_text(&hex(V1)).to_lowercase());
    assert_eq!(verify_scan(text.as_bytes(), &icao_and_bsi(), TODAY).status, Status::Valid);
    assert_eq!(verify_scan(&hex(V1), &icao_and_bsi(), TODAY).status, Status::Valid);
}

#[test]
fn the_malformed_vector_is_refused_and_says_where() {
    let bytes = hex("dc03d9cac8a73a99105b99105b99fb06");
    let error = parse(&bytes).expect_err("ICAO's malformed seal");
    let sentence = "the signer and length of the reference at byte 4 has 5 characters, expected 6";
    assert_eq!(error.to_string(), sentence);
    let checked = verify(&bytes, &icao_and_bsi(), TODAY);
    assert_eq!(checked.status, Status::WrongFormat);
    assert_eq!(checked.fault, Some(Fault::Seal(error)));
}

#[test]
fn a_vector_with_any_byte_changed_is_never_valid() {
    let signers = icao_and_bsi();
    for vector in [V1, V2, V3] {
        let good = hex(vector);
        for index in 0..good.len() {
            for change in [0x01, 0xFF] {
                let mut bad = good.clone();
                bad[index] ^= change;
                let status = verify(&bad, &signers, TODAY).status;
                assert_ne!(status, Status::Valid, "byte {index} xor {change:02x}");
            }
        }
    }
}

#[test]
fn a_vector_cut_anywhere_or_followed_by_anything_is_refused() {
    for vector in [V1, V2, V3] {
        let mut bytes = hex(vector);
        for length in 0..bytes.len() {
            assert!(parse(&bytes[..length]).is_err(), "cut to {length}");
        }
        let offset = bytes.len();
        bytes.push(0);
        assert_eq!(parse(&bytes), Err(SealError::Trailing { offset, count: 1 }));
    }
}

#[test]
fn another_signers_key_does_not_verify_a_vector() {
    let mut signers = icao_and_bsi();
    let (utts, dets) = (signers[0].public_key, signers[1].public_key);
    signers[0].public_key = dets;
    signers[1].public_key = utts;
    for vector in [V1, V2, V3] {
        assert_eq!(verify(&hex(vector), &signers, TODAY).status, Status::InvalidSignature);
        assert_eq!(
            verify(&hex(vector), &Vec::<PinnedSigner>::new(), TODAY).status,
            Status::UnknownCertificate
        );
    }
}
