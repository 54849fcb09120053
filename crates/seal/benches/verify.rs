//! What checking one seal costs beside the bare ECDSA verification in it, in the same run.

#![allow(clippy::expect_used, reason = "a bench's own specimens")]
#![allow(missing_docs, reason = "criterion_group! makes a public function without a comment")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::civil::date;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use propusk_seal::date::PartialDate;
use propusk_seal::{
    LeadMrz, PermitSeal, SealedTraveller, Signer, SignerId, SigningKey, Status, TrustList, ZoneMask,
    name_digest, parse, verify,
};

const SECRET: [u8; 32] = [7; 32];
const NUMBER: &str = "7Q4MZ0K8TH2WB";

fn seal_of_four() -> (Vec<u8>, TrustList) {
    let (from, to) = (date(2026, 6, 1), date(2026, 6, 30));
    let traveller = SealedTraveller {
        document_number: "XX0000001".to_owned(),
        nationality: "UTO".to_owned(),
        birth_date: PartialDate::from(date(1980, 2, 3)),
        name_digest: name_digest(NUMBER, "SPECIMEN<<ADA<<<<<<<<<<<<<<<<<<<<<<<<<<"),
    };
    let permit = PermitSeal {
        permit_number: NUMBER.to_owned(),
        version: 1,
        copy: 2,
        copies: 4,
        sheet: 1,
        sheets: 1,
        valid_from: from,
        valid_to: to,
        zones: ZoneMask(0b110),
        group_size: 4,
        lead_mrz: LeadMrz::new(&[
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
            "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
        ])
        .expect("a specimen"),
        issuing_office: "BISHKEK".to_owned(),
        others: vec![traveller; 3],
    };
    let key = SigningKey::from_bytes(&SECRET).expect("a key");
    let id = SignerId::new("KGBP", "1A").expect("a signer");
    let bytes = permit.sign(&id, from, from, &key).expect("a seal");
    let signer = Signer {
        id,
        valid_from: date(2026, 1, 1),
        valid_to: date(2027, 2, 1),
        public_key: key.public_key(),
        zones: ZoneMask(0b1_1111),
        max_days: 31,
        revoked_at: None,
    };
    (bytes, TrustList { issued_at: 0, next_update: i64::MAX, signers: vec![signer] })
}

fn benches(criterion: &mut Criterion) {
    let (bytes, trust) = seal_of_four();
    let today = date(2026, 6, 2);
    assert_eq!(verify(&bytes, &trust, today).status, Status::Valid);
    let secret = p256::ecdsa::SigningKey::from_slice(&SECRET).expect("a key");
    let signature: p256::ecdsa::Signature = secret.sign(&bytes);

    let mut group = criterion.benchmark_group("seal of four travellers");
    group.bench_function("bare P-256 verification", |bench| {
        bench.iter(|| secret.verifying_key().verify(black_box(&bytes), &signature).is_ok());
    });
    group.bench_function("verify", |bench| bench.iter(|| verify(black_box(&bytes), &trust, today)));
    group.bench_function("parse", |bench| bench.iter(|| parse(black_box(&bytes))));
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
