//! C40, dates, the text form, keys and RFC 6979.

use jiff::civil::{Date, date};
use propusk_seal::date::{DateError, PartialDate};
use propusk_seal::{
    Curve, KeyError, MAX_SEAL_BYTES, PinnedSigner, PinnedSignerError, PublicKey, SealError, SigningKey,
    ZoneMask, c40, from_text, read_scan, to_text,
};

use crate::fixtures::{desk_key, hex};

#[test]
fn c40_writes_the_examples_of_the_standard() {
    for (text, bytes) in
        [("VISA01", "de515826"), ("XK<CD", "eb0466a9"), ("XKCD", "eb11fe45"), ("BSI01", "62d719c9"), ("", "")]
    {
        assert_eq!(c40::encode(text), Ok(hex(bytes)), "{text}");
        assert_eq!(c40::decode(&hex(bytes)), Ok(text.replace('<', " ")), "{text}");
        assert_eq!(c40::encoded_len(text.len()), hex(bytes).len());
    }
}

#[test]
fn c40_names_the_character_it_cannot_carry() {
    let error = c40::encode("VISa").expect_err("lower case");
    assert_eq!(error, c40::C40Error::Character { position: 3, character: 'a' });
}

#[test]
fn c40_refuses_bytes_that_nothing_is_written_as() {
    // Odd; zero; a shift code; beyond ZZZ; a left-over pair or a pair of two that is not the last; FE 00.
    for bytes in ["de", "0000", "0001", "fffe", "fe45eb04", "66a9eb04", "fe00", "fe24", "fe62"] {
        assert!(c40::decode(&hex(bytes)).is_err(), "{bytes}");
    }
}

#[test]
fn dates_are_mmddyyyy_in_three_bytes() {
    assert_eq!(propusk_seal::date::encode(date(1957, 3, 25)).map(Vec::from), Ok(hex("319ef5")));
    assert_eq!(propusk_seal::date::decode([0x31, 0x9e, 0xf5]), Ok(date(1957, 3, 25)));
    for day in [date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29)] {
        assert_eq!(propusk_seal::date::encode(day).and_then(propusk_seal::date::decode), Ok(day));
    }
    assert_eq!(propusk_seal::date::encode(Date::MIN), Err(DateError::Year { year: -9999 }));
    for number in [0_u32, 2_302_026, 2_292_023, 13_012_026, 1_010_000, 0xFF_FFFF] {
        let [_, bytes @ ..] = number.to_be_bytes();
        assert_eq!(propusk_seal::date::decode(bytes), Err(DateError::NotADate { number }));
    }
}

#[test]
fn unknown_parts_of_a_birth_date_are_zeros() {
    let day_unknown = PartialDate::new(Some(1974), Some(8), None).expect("a date");
    assert_eq!(day_unknown.to_string(), "1974-08-XX");
    let [_, bytes @ ..] = 8_001_974_u32.to_be_bytes();
    assert_eq!(day_unknown.encode(), Ok(bytes));
    assert_eq!(PartialDate::decode(bytes), Ok(day_unknown));
    let nothing = PartialDate::new(None, None, None).expect("a date");
    assert_eq!((nothing.encode(), nothing.to_string().as_str()), (Ok([0; 3]), "XXXX-XX-XX"));
    assert_eq!(PartialDate::new(Some(2023), Some(2), Some(29)), Err(DateError::Impossible));
    assert!(PartialDate::new(None, Some(2), Some(29)).is_ok());
    assert_eq!(PartialDate::new(Some(0), None, None), Err(DateError::Year { year: 0 }));
}

#[test]
fn the_text_form_tolerates_white_space_and_case_and_nothing_else() {
    let text = to_text(&[0xDC, 0x03, 0x12]);
    assert_eq!(text, "KGBZ3QBRE");
    assert_eq!(from_text("\t kgbz3qbre\r\n"), Ok(vec![0xDC, 0x03, 0x12]));
    assert_eq!(from_text("KGBZ3QB0E"), Err(SealError::Character { position: 7, character: '0' }));
    assert_eq!(from_text("KGBZ3QB E"), Err(SealError::Character { position: 7, character: ' ' }));
    assert_eq!(from_text("KGBZ3Я"), Err(SealError::Character { position: 5, character: 'Я' }));
    assert_eq!(from_text("KGBZ3QBRE="), Err(SealError::Character { position: 9, character: '=' }));
    assert_eq!(from_text("KGBZ3QB"), Err(SealError::TextLength { len: 3 }));
    assert_eq!(from_text("KGBZ3QBRF"), Err(SealError::TrailingBits { position: 8 }));
    for foreign in ["", "KGB", "HC1:NCF", "КГБЗ3QBRE", "https://example.org"] {
        assert_eq!(from_text(foreign), Err(SealError::Prefix), "{foreign}");
    }
}

#[test]
fn a_scan_is_raw_bytes_or_text() {
    assert_eq!(read_scan(&[0xDC, 0x03]), Ok(vec![0xDC, 0x03]));
    assert_eq!(read_scan(b"KGBZ3QBRE\n"), Ok(vec![0xDC, 0x03, 0x12]));
    assert_eq!(read_scan(&[0xFF, 0xFE]), Err(SealError::Prefix));
    let longest = vec![0xDC; MAX_SEAL_BYTES];
    assert_eq!(from_text(&to_text(&longest)), Ok(longest));
    let beyond = vec![0xDC; MAX_SEAL_BYTES + 1];
    assert!(matches!(from_text(&to_text(&beyond)), Err(SealError::TooLong { .. })));
}

/// RFC 6979 A.2.5, P-256 with SHA-256.
#[test]
fn signatures_are_those_of_rfc_6979() {
    let sample = "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716
                  F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8";
    let test = "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367
                019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083";
    for (message, signature) in [("sample", sample), ("test", test)] {
        assert_eq!(desk_key().sign(message.as_bytes()).to_vec(), hex(signature));
        assert!(desk_key().public_key().verifies(message.as_bytes(), &hex(signature)));
        assert!(!desk_key().public_key().verifies(b"other", &hex(signature)));
        assert!(!desk_key().public_key().verifies(message.as_bytes(), &hex(signature)[..63]));
    }
}

#[test]
fn a_private_key_survives_pem_and_is_never_shown() {
    let key = desk_key();
    let pem = key.to_pem().expect("PEM");
    assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    assert_eq!(SigningKey::from_pem(&pem).map(|key| key.public_key()), Ok(key.public_key()));
    assert_eq!(format!("{key:?}"), "SigningKey(hidden)");
    assert_eq!(SigningKey::from_pem("nonsense").map(|_| ()), Err(KeyError::NotAPrivateKeyPem));
    assert_eq!(SigningKey::from_bytes(&[0; 32]).map(|_| ()), Err(KeyError::NotAPrivateKey));
    assert_eq!(SigningKey::from_bytes(&[0xFF; 32]).map(|_| ()), Err(KeyError::NotAPrivateKey));
}

#[test]
fn a_public_key_is_read_on_the_curve_it_lies_on() {
    let brainpool = crate::vectors::icao_and_bsi()[0].public_key;
    for (key, curve) in [(desk_key().public_key(), Curve::P256), (brainpool, Curve::BrainpoolP256r1)] {
        assert_eq!(key.curve(), curve);
        assert_eq!(PublicKey::from_sec1(&key.to_sec1()), Ok(key));
        let pem = key.to_pem().expect("PEM");
        assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
        assert_eq!(PublicKey::from_pem(&pem), Ok(key));
    }
    assert_eq!(PublicKey::from_sec1_hex("04zz"), Err(KeyError::Hex));
    assert_eq!(PublicKey::from_sec1_hex("04"), Err(KeyError::NotUncompressed { len: 1 }));
    assert_eq!(PublicKey::from_sec1(&[4; 65]), Err(KeyError::NotOnACurve));
}

#[test]
fn a_pinned_signer_is_a_name_and_a_point() {
    assert_eq!(PinnedSigner::parse("UTTS=04"), Err(PinnedSignerError::Name));
    assert_eq!(PinnedSigner::parse("UTTS5B"), Err(PinnedSignerError::Name));
    assert_eq!(PinnedSigner::parse("ÜTTS5B=04"), Err(PinnedSignerError::Name));
    assert_eq!(PinnedSigner::parse("UTTS5B=x"), Err(PinnedSignerError::Key(KeyError::Hex)));
}

#[test]
fn zones_are_bits() {
    let zones = ZoneMask::from_bits([0, 4]).expect("zones");
    assert_eq!(zones, ZoneMask(0b1_0001));
    assert_eq!(zones.bits().collect::<Vec<_>>(), [0, 4]);
    assert!(zones.contains(4) && !zones.contains(3) && !zones.contains(200));
    assert!(ZoneMask(1).is_within(zones) && !ZoneMask(2).is_within(zones));
    assert_eq!(ZoneMask::from_bits([32]), None);
}
