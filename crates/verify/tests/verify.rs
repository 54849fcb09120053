//! The offline commands through the functions they are made of.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::civil::{Date, date};
use propusk_boot::Language;
use propusk_region::Region;
use propusk_seal::{LeadMrz, PermitSeal, PinnedSigner, SealedTraveller, Signer, SignerId, SigningKey};
use propusk_seal::{TrustList, ZoneMask, name_digest, to_text};
use propusk_verify::paper::parse_permit;
use propusk_verify::passports::PassportReport;
use propusk_verify::permits::{PermitReport, check_paper, check_sealed};
use propusk_verify::seals::{SealReport, check_bytes, check_scan, read, read_hex};
use propusk_verify::trust::Trust;
use serde_json::Value;

const LINES: [&str; 2] =
    ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3104150ZE184226B<<<<<16"];
const OTHER: [&str; 2] = ["I<UTOMUSTERMANN<<ERIKA<<<<<<<<<<<<<<", "C01X0006H1UTO6408125F3110315<<<<<<<6"];

fn today() -> Date {
    date(2026, 6, 2)
}

fn lines(lines: [&str; 2]) -> Vec<String> {
    lines.map(str::to_owned).to_vec()
}

#[test]
fn every_parse_case_has_the_json_of_the_contract() {
    let cases = include_str!("../../passport/tests/data/cases.jsonl").lines();
    let cases: Vec<Value> = cases.map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut seen = 0;
    for case in cases.iter().filter(|case| case["kind"] == "parse") {
        let given: Vec<String> = serde_json::from_value(case["lines"].clone()).unwrap();
        let report = PassportReport::of(&given, None, date(2026, 11, 22), Language::En);
        let json: Value = serde_json::to_value(&report).unwrap();
        let id = &case["id"];
        assert_eq!(json["valid"], case["valid"], "{id}");
        for (ours, theirs) in [
            ("document_code", "document_code"),
            ("issuing_state", "issuer"),
            ("surname", "surname"),
            ("given_names", "given_names"),
            ("document_number", "document_number"),
            ("nationality", "nationality"),
            ("sex", "sex"),
            ("optional_data", "optional1"),
        ] {
            assert_eq!(json["fields"][ours], case["expect"][theirs], "{id}: {ours}");
        }
        let impossible = !matches!(case["expect"]["dob_state"].as_str(), Some("calendar" | "unknown"));
        let shown = &json["fields"]["birth_date"];
        assert!(
            shown.is_null() == impossible || shown.as_str().is_some_and(|date| date.contains('X')),
            "{id}: {shown}"
        );
        for finding in json["findings"].as_array().unwrap() {
            let message = finding["message"].as_str().unwrap();
            let complete = !message.is_empty() && !message.contains("{$") && !message.contains("none");
            assert!(complete, "{id}: {message}");
        }
        seen += 1;
    }
    assert!(seen > 50);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let json = serde_json::to_value(PassportReport::of(&lines(LINES), None, today(), Language::Ky)).unwrap();
    assert_eq!(keys(&json), ["fields", "findings", "format", "valid"]);
    assert_eq!(keys(&json["findings"][0]), ["code", "field", "message", "severity", "suggestion"]);
    assert_eq!(keys(&json["fields"]).len(), 12);
}

/// Public vectors of SEAL.md: facts from ICAO Doc 9303-8 appendix B and BSI TR-03137 annexes C and D.
const UTTS5B: &str = "UTTS5B=0408132a7243b3ccc29c271097081c96a729eefb8eb93630e536498e9b7ce1ced25d68a789d93bef39c04715c5ad3915d281c0754ecc08508bf66687efc630df88";
const DETS27: &str = "DETS27=048a4a6c721161e1eefe05e9b6b7ed9a0a227c96990a426875114dcd792b14d10896b5181ee317df3738d795a0a4171adb4f713378a329d08a3ee521b136579956";
const V1: &str = "dc03d9c5d9cac8a73a995d913a7d9c575e030230bab3d2b3c549cd1da93c5bd458135c6f57fc133c133c133c6b38208a4d0d4a32b0c11ae6268427153f7c453c133c1345ff4039034e85da183c1cc0d3ac16732d7ee2c20d7aef7b381c0ae509f10a97890d511c3c47b94807a4d0f67ce9083a7f206f04fb35afdb8ab9658a93327a4e0ee6ed";
const V2: &str = "dc026abc6d32c8a519fc0f71341145f4fd020230a5621353d9a275735bd4134bc549133c133c133c133c133ca32519a519a4344a5e681ae7204b20d532cf4b7c133c133f030820d5201019a51aeaff404a1f218ca4392647ecff6c8abf9e796a78eebe0b1ac8cc25c4ee17eed961d1189091358d7d616f1a517abc747f6c4490ff159d4dcf50248b00b1e32e9e7805e7";
const V3: &str = "dc026abc6d32c8a519fc0f7134116d04fc0401083fee456d2de019a8020b506572736368776569c39f03054f7363617204134ac3a2636f62c3a96e69646963747572697573ff40582ed05cb05049b4fe49744d5e70a1982f8b7afb1e90259ce47ba9907efcf59483f0a0b421ec760d6fd2284bbac37e136f1e3be6e14a6f6bc012110cff919d0f";

fn pinned() -> Trust {
    Trust { list: None, pinned: [UTTS5B, DETS27].map(|text| PinnedSigner::parse(text).unwrap()).to_vec() }
}

fn json(report: &SealReport) -> Value {
    serde_json::to_value(report).unwrap()
}

#[test]
fn the_public_vectors_are_valid_and_none_with_a_byte_changed() {
    for (hex, country, signer, reference, kind) in
        [(V1, "UTO", "UTTS", "5B", "5E03"), (V2, "D", "DETS", "27", "FD02"), (V3, "D", "DETS", "27", "FC04")]
    {
        let bytes = read_hex(&hex.to_uppercase()).unwrap();
        let report = json(&check_bytes(&bytes, &pinned(), today()));
        assert_eq!(report["status"], "VALID", "{report}");
        assert_eq!(
            (&report["country"], &report["signer"], &report["type"]),
            (&country.into(), &signer.into(), &kind.into())
        );
        assert!(
            report["certificate_reference"].as_str().unwrap().trim_start_matches('0').eq(reference),
            "{report}"
        );
        assert_eq!(check_scan(to_text(&bytes).as_bytes(), &pinned(), today()).status, "VALID");
        assert_eq!(check_bytes(&bytes, &Trust::default(), today()).status, "UNKNOWN_CERTIFICATE");
        for at in (0..bytes.len()).step_by(7) {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(!check_bytes(&changed, &pinned(), today()).is_valid(), "{kind}: byte {at}");
        }
    }
    let v3 = json(&check_bytes(&read_hex(V3).unwrap(), &pinned(), today()));
    let texts: Vec<&str> =
        v3["features"].as_array().unwrap().iter().filter_map(|one| one["text"].as_str()).collect();
    assert_eq!(texts, ["65170839J003", "Perschweiß", "Oscar", "Jâcobénidicturius"]);
    assert_eq!(v3["features"][0]["tag"], 1);
}

#[test]
fn what_is_no_seal_says_why_quickly() {
    let malformed = read_hex("dc03d9cac8a73a99105b99105b99fb06").unwrap();
    let report = json(&check_bytes(&malformed, &pinned(), today()));
    assert_eq!(report["status"], "WRONG_FORMAT");
    assert!(report["message"].as_str().is_some() && report.get("country").is_none(), "{report}");
    let long = check_scan(&vec![b'A'; 10_000_000], &pinned(), today());
    assert_eq!(long.status, "READ_ERROR");
    assert!(long.message.unwrap().contains("10000000"));
    assert!(!check_scan(&vec![0xDC; 10_000_000], &pinned(), today()).is_valid());
    let cut = to_text(&read_hex(V1).unwrap());
    assert!(!check_scan(&cut.as_bytes()[..cut.len() - 9], &pinned(), today()).is_valid());
    assert_eq!(read("kgbzaaaa").unwrap(), [b"kgbzaaaa"]);
    assert!(read("/no/such/file").is_err_and(|error| error.to_string().contains("/no/such/file")));
    assert!(read_hex("xyz").is_err() && read_hex("dc0").is_err() && read_hex(" ").is_err());
}

fn paper(document_number: &str, birth_date: &str) -> PermitReport {
    let text = format!(
        "surname = \"Eriksson\"\ngiven_names = \"Anna Maria\"\ndocument_number = \"{document_number}\"\n\
         nationality = \"UTO\"\nbirth_date = {birth_date}\nsex = \"F\"\nexpiry_date = 2031-04-15\n\
         valid_from = 2026-06-01\nvalid_to = \"30.06.2026\"\nzones = [\"naryn\"]\n"
    );
    let region = Region::default_region().unwrap();
    let permit = parse_permit("paper.toml", &text, &region, today()).unwrap();
    check_paper(&permit, &lines(LINES), today(), Language::En)
}

#[test]
fn a_paper_permit_names_the_character_that_differs() {
    let right = paper("L898902C3", "1974-08-12");
    let codes: Vec<_> = right.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert!(right.is_good(), "{codes:?}");
    assert_eq!((right.status.as_str(), right.zones.as_slice()), ("valid", ["naryn".to_owned()].as_slice()));
    let wrong = paper("L898902B3", "1974-12-08");
    assert!(!wrong.is_good());
    let of = |code: &str| wrong.findings.iter().find(|finding| finding.code == code).unwrap();
    let number = of("number-mismatch");
    assert!(number.message.contains("Character 8") && number.message.contains("“B”"), "{}", number.message);
    assert_eq!(number.suggestion.as_deref(), Some("L898902C3"));
    assert!(of("birth-date-day-month-swap").message.contains("1974-08-12"));
}

/// A permit for two, and the list that trusts its signer.
fn sealed() -> (Vec<u8>, Trust) {
    let key = SigningKey::from_bytes(&[7; 32]).unwrap();
    let id = SignerId::new("KGBP", "1").unwrap();
    let number = propusk_permit::PermitNumber::draw(|| [1; 8]).compact().to_owned();
    let zones = ZoneMask::from_bits([2]).unwrap();
    let other = SealedTraveller {
        document_number: "C01X0006H".into(),
        nationality: "UTO".into(),
        birth_date: date(1964, 8, 12).into(),
        name_digest: name_digest(&number, &OTHER[0][5..]),
    };
    let permit = PermitSeal {
        permit_number: number,
        version: 1,
        copy: 1,
        copies: 4,
        sheet: 1,
        sheets: 1,
        valid_from: date(2026, 6, 1),
        valid_to: date(2026, 6, 30),
        zones,
        group_size: 2,
        lead_mrz: LeadMrz::new(&LINES).unwrap(),
        issuing_office: "SPECIMEN OFFICE".into(),
        others: vec![other],
    };
    let seal = permit.sign(&id, date(2026, 5, 20), date(2026, 5, 20), &key).unwrap();
    let signer = Signer {
        id,
        valid_from: date(2026, 1, 1),
        valid_to: date(2027, 6, 1),
        public_key: key.public_key(),
        zones,
        max_days: 62,
        revoked_at: None,
    };
    let list = TrustList { issued_at: 1_767_225_600, next_update: 1_798_761_600, signers: vec![signer] };
    (to_text(&seal).into_bytes(), Trust { list: Some(list), pinned: Vec::new() })
}

#[test]
fn a_seal_is_held_against_the_passports_of_its_group() {
    let (seal, trust) = sealed();
    let region = Region::default_region().unwrap();
    let check = |trust: &Trust, mrz: [&str; 2], today: Date| {
        check_sealed(&seal, trust, &lines(mrz), &region, today, Language::En)
    };
    let codes =
        |report: &PermitReport| report.findings.iter().map(|one| one.code.clone()).collect::<Vec<_>>();
    let lead = check(&trust, LINES, today());
    assert!(lead.is_good(), "{:?}", codes(&lead));
    assert_eq!((lead.status.as_str(), lead.seal.as_deref()), ("valid", Some("VALID")));
    assert_eq!(lead.zones, ["naryn"]);
    let other = check(&trust, OTHER, today());
    assert!(
        !codes(&other).iter().any(|code| ["not-in-group", "name-unlike-seal"].contains(&code.as_str())),
        "{:?}",
        codes(&other)
    );
    let renamed = ["I<UTOMUSTERMANN<<MONIKA<<<<<<<<<<<<<", OTHER[1]];
    assert!(codes(&check(&trust, renamed, today())).contains(&"name-unlike-seal".to_owned()));
    let stranger =
        ["P<UTOSMITH<<JOHN<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "X123456785UTO9001011M3101012<<<<<<<<<<<<<<<6"];
    assert!(codes(&check(&trust, stranger, today())).contains(&"not-in-group".to_owned()));
    assert!(codes(&check(&Trust::default(), LINES, today())).contains(&"seal-not-valid".to_owned()));
    let late = check(&trust, LINES, date(2026, 7, 1));
    assert!(!late.is_good() && late.status == "expired");
    let early = check(&trust, LINES, date(2026, 5, 31));
    assert!(early.is_good() && early.status == "not-yet-valid", "{:?}", codes(&early));
}
