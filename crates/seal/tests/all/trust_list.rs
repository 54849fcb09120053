//! The signed list of signers.

use jiff::civil::date;
use propusk_seal::{
    MAX_TRUST_LIST_BYTES, PublicKey, Signer, SignerId, SigningKey, TrustError, TrustList, TrustSource,
    ZoneMask, open_trust_list, sign_trust_list,
};

use crate::fixtures::{desk_key, hex, other_key};

const LABEL: &[u8] = b"propusk trust list\n";

fn root() -> SigningKey {
    SigningKey::from_bytes(&[9; 32]).expect("a key")
}

fn signer(reference: &str) -> Signer {
    Signer {
        id: SignerId::new("KGBP", reference).expect("a signer"),
        valid_from: date(2026, 1, 1),
        valid_to: date(2027, 1, 31),
        public_key: desk_key().public_key(),
        zones: ZoneMask(0b110),
        max_days: 31,
        revoked_at: None,
    }
}

fn list() -> TrustList {
    let revoked = Signer { revoked_at: Some(1_780_000_123), ..signer("1B") };
    TrustList { issued_at: 1_780_000_000, next_update: 1_780_600_000, signers: vec![signer("1A"), revoked] }
}

fn resigned(signed: &[u8]) -> Vec<u8> {
    [signed, &root().sign(&[LABEL, signed].concat())].concat()
}

#[test]
fn a_list_comes_back() {
    let bytes = sign_trust_list(&list(), &root()).expect("a list");
    assert_eq!(open_trust_list(&bytes, &root().public_key()), Ok(list()));
    assert_eq!(sign_trust_list(&list(), &root()), Ok(bytes), "the same list gives the same bytes");
}

#[test]
fn every_byte_of_a_list_of_one() {
    let one = TrustList { issued_at: 1, next_update: 64, signers: vec![signer("1A")] };
    let bytes = sign_trust_list(&one, &root()).expect("a list");
    let (signed, signature) = bytes.split_at(bytes.len() - 64);
    let mut expected = hex("
        01              // version of the list
        02              // issued at 1 (zigzag)
        8001            // next update at 64 (zigzag varint)
        01              // one signer:
        04 4b474250     //   KGBP
        02 3141         //   1A
        d41f 01 01      //   valid from 2026-01-01 (the year a zigzag varint)
        d61f 01 1f      //   valid to 2027-01-31
        41              //   65 bytes of the public key
    ");
    expected.extend(desk_key().public_key().to_sec1());
    expected.extend(hex("
        06              //   zones
        1f              //   31 days
        00              //   not revoked
    "));
    assert_eq!(signed, expected);
    assert!(root().public_key().verifies(&[LABEL, signed].concat(), signature));
}

#[test]
fn any_byte_changed_or_cut_is_refused() {
    let good = sign_trust_list(&list(), &root()).expect("a list");
    for index in 0..good.len() {
        let mut bad = good.clone();
        bad[index] ^= 1;
        assert_eq!(open_trust_list(&bad, &root().public_key()), Err(TrustError::Signature), "byte {index}");
    }
    for length in 0..good.len() {
        assert!(open_trust_list(&good[..length], &root().public_key()).is_err(), "cut to {length}");
    }
}

#[test]
fn only_the_root_signs_lists() {
    let bytes = sign_trust_list(&list(), &other_key()).expect("a list");
    assert_eq!(open_trust_list(&bytes, &root().public_key()), Err(TrustError::Signature));
    // A signature by the root over the same bytes without the label is one over something else.
    let (signed, _) = bytes.split_at(bytes.len() - 64);
    let unlabelled = [signed, &root().sign(signed)].concat();
    assert_eq!(open_trust_list(&unlabelled, &root().public_key()), Err(TrustError::Signature));
}

#[test]
fn signed_bytes_must_still_be_a_list() {
    let open = |signed: &[u8]| open_trust_list(&resigned(signed), &root().public_key());
    let bytes = sign_trust_list(&list(), &root()).expect("a list");
    let signed = &bytes[..bytes.len() - 64];
    assert_eq!(open(signed), Ok(list()));
    assert_eq!(open(&[signed, &[0, 0]].concat()), Err(TrustError::Leftover { count: 2 }));
    assert_eq!(open(&[&[2], &signed[1..]].concat()), Err(TrustError::Version { found: 2 }));
    assert_eq!(open(&signed[..signed.len() - 1]), Err(TrustError::Body));
    assert_eq!(open(&[]), Err(TrustError::Cut { len: 64 }));
    // A count of signers that is far beyond the bytes reserves no memory for them.
    assert_eq!(open(&hex("01 02 04 ffffffff0f")), Err(TrustError::Body));
    // The day of the first signer's valid_from, after version, times, count, name, reference, year, month.
    let position = 1 + 5 + 5 + 1 + 5 + 3 + 2 + 1;
    assert_eq!(signed[position], 1);
    let mut bad = signed.to_vec();
    bad[position] = 2 * 32;
    assert_eq!(open(&bad), Err(TrustError::Dates { reference: "1A".to_owned() }));
    let mut bad = signed.to_vec();
    bad[position + 6] = 4;
    bad[position + 7] ^= 1;
    assert_eq!(open(&bad), Err(TrustError::Key { reference: "1A".to_owned() }));
}

#[test]
fn the_writer_refuses_what_the_reader_would_reject() {
    let refused = |change: fn(&mut TrustList)| {
        let mut list = list();
        change(&mut list);
        sign_trust_list(&list, &root()).expect_err("a list that breaks a rule")
    };
    let reference = "1A".to_owned();
    assert_eq!(
        refused(|list| list.signers[1] = signer("1A")),
        TrustError::Twice { reference: reference.clone() }
    );
    assert_eq!(refused(|list| list.signers[0].valid_to = date(2025, 1, 1)), TrustError::Dates { reference });
    assert!(matches!(refused(|list| list.next_update = 0), TrustError::NextUpdate { .. }));
    assert!(matches!(refused(|list| list.signers[0].id.signer = "UTTS".to_owned()), TrustError::Signer(_)));
    assert_eq!(
        refused(|list| list.signers = vec![signer("1A"); 4097]),
        TrustError::TooManySigners { count: 4097 }
    );
}

#[test]
fn the_fullest_list_is_within_the_limit() {
    let signers = (1..=4096).map(|serial| signer(&format!("F{serial:08X}"))).collect();
    let full = TrustList { signers, ..list() };
    let bytes = sign_trust_list(&full, &root()).expect("a list");
    assert!(bytes.len() < MAX_TRUST_LIST_BYTES / 2, "{}", bytes.len());
    assert_eq!(open_trust_list(&bytes, &root().public_key()), Ok(full));
    let beyond = vec![1; MAX_TRUST_LIST_BYTES + 1];
    let len = beyond.len();
    assert_eq!(open_trust_list(&beyond, &root().public_key()), Err(TrustError::TooLong { len }));
}

#[test]
fn age_and_staleness() {
    let (list, day) = (list(), 86_400);
    assert_eq!(list.age(1_780_000_060), 60);
    assert_eq!(list.age(1_779_999_990), -10, "the reader's clock is behind");
    assert!(!list.is_stale(1_780_000_000 + day, day));
    assert!(list.is_stale(1_780_000_001 + day, day), "older than the limit");
    assert!(!list.is_stale(1_780_600_000, 30 * day));
    assert!(list.is_stale(1_780_600_001, 30 * day), "the next list is overdue");
    assert_eq!(list.age(i64::MIN), i64::MIN);
    let newer = TrustList { issued_at: list.issued_at + 1, ..list.clone() };
    assert!(newer.supersedes(&list) && !list.supersedes(&newer) && !list.supersedes(&list));
}

#[test]
fn a_signer_is_found_by_name_and_number() {
    let list = list();
    assert!(list.find("KGBP", "1A").is_some_and(|signer| signer.revoked_at.is_none()));
    assert!(list.find("KGBP", "0001b").is_some_and(|signer| signer.revoked_at == Some(1_780_000_123)));
    assert!(list.find("KGBP", "A1").is_none() && list.find("KGBQ", "1A").is_none());
    assert!(list.find("KGBP", "").is_none());
    assert_eq!(
        list.find("KGBP", "1A").map(|s| s.public_key),
        PublicKey::from_sec1(&desk_key().public_key().to_sec1()).ok()
    );
}
