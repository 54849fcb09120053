//! Specimen data that several files use.

use data_encoding::HEXLOWER_PERMISSIVE;
use jiff::civil::{Date, date};
use propusk_seal::date::PartialDate;
use propusk_seal::{LeadMrz, PermitSeal, SealedTraveller, SignerId, SigningKey, ZoneMask, name_digest};

pub(crate) const NUMBER: &str = "7Q4MZ0K8TH2WB";
pub(crate) const ISSUED: Date = date(2026, 6, 1);

pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: String = text.lines().map(|line| line.split("//").next().unwrap_or("")).collect();
    let digits: String = digits.split_whitespace().collect();
    HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).expect("a test's own hexadecimal")
}

/// The private key of RFC 6979 A.2.5, so that its vectors and ours share one key.
pub(crate) fn desk_key() -> SigningKey {
    let bytes = hex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
    SigningKey::from_bytes(&bytes.try_into().expect("32 bytes")).expect("a key")
}

pub(crate) fn other_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32]).expect("a key")
}

pub(crate) fn signer_id() -> SignerId {
    SignerId::new("KGBP", "1A").expect("a signer")
}

pub(crate) fn td3() -> LeadMrz {
    LeadMrz::new(&[
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ])
    .expect("the specimen of Doc 9303-4")
}

pub(crate) fn td1() -> LeadMrz {
    LeadMrz::new(&[
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    ])
    .expect("the specimen of Doc 9303-5")
}

pub(crate) fn td2() -> LeadMrz {
    LeadMrz::new(&["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"])
        .expect("the specimen of Doc 9303-6")
}

pub(crate) fn traveller(index: u8) -> SealedTraveller {
    SealedTraveller {
        document_number: format!("XX{index:07}"),
        nationality: "UTO".to_owned(),
        birth_date: PartialDate::new(Some(1980), Some(2), None).expect("a date"),
        name_digest: name_digest(NUMBER, "SPECIMEN<<ADA<<<<<<<<<<<<<<<<<<<<<<<<<<"),
    }
}

/// A permit for a group of `people`, all on one sheet.
pub(crate) fn permit(people: u8) -> PermitSeal {
    PermitSeal {
        permit_number: NUMBER.to_owned(),
        version: 1,
        copy: 2,
        copies: 4,
        sheet: 1,
        sheets: 1,
        valid_from: ISSUED,
        valid_to: date(2026, 6, 30),
        zones: ZoneMask::from_bits([1, 2]).expect("zones"),
        group_size: people,
        lead_mrz: td3(),
        issuing_office: "BISHKEK".to_owned(),
        others: (1..people).map(traveller).collect(),
    }
}

pub(crate) fn sealed(permit: &PermitSeal) -> Vec<u8> {
    permit.sign(&signer_id(), ISSUED, ISSUED, &desk_key()).expect("a permit that can be sealed")
}
