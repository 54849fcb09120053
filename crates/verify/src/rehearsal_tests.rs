//! Rehearsals over real seals: each thing that can be wrong is shown where and when it will be.

use jiff::civil::date;
use propusk_passport::{PartialDate, Person, Sex, td3_lines};
use propusk_permit::PermitNumber;
use propusk_seal::{LeadMrz, Signer, SignerId, SigningKey, TrustList, ZoneMask, to_text};

use super::*;

const TODAY: Date = date(2026, 5, 20);
const JUNE: (Date, Date) = (date(2026, 6, 1), date(2026, 6, 30));
/// Bits of Issyk-Kul, with Karasay, and of Naryn, with Torugart.
const BOTH: ZoneMask = ZoneMask(0b110);

/// What it is, the sheet, the record, the passport, and what is shown at Karasay.
type Case<'a> = (&'a str, &'a PermitSeal, Record, &'a [String], Verdict, &'a [Reason]);

fn number() -> PermitNumber {
    PermitNumber::draw(|| [1; 8])
}

/// The lines of somebody's passport with this number, which is good until `until`.
fn lines(surname: &str, document_number: &str, birth_date: (u16, u8, u8), until: Date) -> Vec<String> {
    let (year, month, day) = birth_date;
    let person = Person {
        surname: Some(surname.to_owned()),
        given_names: Some("ANNA MARIA".to_owned()),
        document_number: Some(document_number.to_owned()),
        nationality: Some("UTO".to_owned()),
        birth_date: PartialDate::new(year, month, day).ok(),
        sex: Some(Sex::Female),
        expiry_date: Some(until.into()),
        ..Person::default()
    };
    td3_lines(&person, "UTO").unwrap().to_vec()
}

fn passport(document_number: &str, until: Date) -> Vec<String> {
    lines("ERIKSSON", document_number, (1974, 8, 12), until)
}

fn anna() -> Vec<String> {
    passport("L898902C3", date(2031, 4, 15))
}

fn permit() -> PermitSeal {
    PermitSeal {
        permit_number: number().compact().to_owned(),
        version: 1,
        copy: 1,
        copies: 3,
        sheet: 1,
        sheets: 1,
        valid_from: JUNE.0,
        valid_to: JUNE.1,
        zones: BOTH,
        group_size: 1,
        lead_mrz: LeadMrz::new(&anna()).unwrap(),
        issuing_office: "BISHKEK".to_owned(),
        others: vec![],
    }
}

fn known(permit: &PermitSeal) -> KnownPermit {
    let status = PermitStatus {
        tag: NumberTag::of(&number()),
        version: permit.version,
        valid_from: permit.valid_from.into(),
        valid_to: permit.valid_to.into(),
        zones: permit.zones.0,
        posts: vec!["torugart".to_owned(), "karasay".to_owned()],
        copies: 3,
        travellers: permit.group_size,
    };
    KnownPermit { id: Uuid::nil(), status, recorded_at_ms: 1_000_000, revoked_at_ms: None }
}

fn recorded(known: KnownPermit) -> Record {
    Record::Known(Box::new(known))
}

fn signer() -> SignerId {
    SignerId::new("KGBP", "1").unwrap()
}

fn trust() -> TrustList {
    let signer = Signer {
        id: signer(),
        valid_from: date(2026, 1, 1),
        valid_to: date(2027, 12, 31),
        public_key: key(7).public_key(),
        zones: ZoneMask(0b11111),
        max_days: 93,
        revoked_at: None,
    };
    TrustList { issued_at: 0, next_update: i64::MAX, signers: vec![signer] }
}

fn key(byte: u8) -> SigningKey {
    SigningKey::from_bytes(&[byte; 32]).unwrap()
}

fn code(permit: &PermitSeal, key: &SigningKey) -> String {
    to_text(&permit.sign(&signer(), date(2026, 5, 19), date(2026, 5, 19), key).unwrap())
}

fn rehearse_on(today: Date, permit: &PermitSeal, record: &Record, mrz: &[String]) -> Rehearsal {
    let (region, trust) = (Region::default_region().unwrap(), trust());
    let code = code(permit, &key(7));
    Sheet { code: &code, mrz, record, trust: &trust, region: &region, today }.rehearse().unwrap()
}

fn rehearse(permit: &PermitSeal, record: &Record, mrz: &[String]) -> Rehearsal {
    rehearse_on(TODAY, permit, record, mrz)
}

fn at<'a>(rehearsal: &'a Rehearsal, post: &str) -> &'a AtPost {
    let all = rehearsal.posts.iter().chain(&rehearsal.others);
    all.into_iter().find(|at| at.post.as_str() == post).unwrap()
}

/// What is shown at a checkpoint on the valid days, where it is the same on all of them.
fn within(rehearsal: &Rehearsal, post: &str) -> (Verdict, Vec<Reason>) {
    let spans: Vec<&Span> =
        at(rehearsal, post).spans.iter().filter(|span| span.when == When::Within).collect();
    assert_eq!(spans.len(), 1, "{spans:?}");
    (spans[0].verdict, spans[0].reasons.clone())
}

#[test]
fn a_good_sheet_is_let_through_on_its_days_and_on_no_other() {
    let permit = permit();
    let rehearsal = rehearse(&permit, &recorded(known(&permit)), &anna());
    let posts: Vec<_> = rehearsal.posts.iter().map(|post| (post.post.as_str(), post.copy)).collect();
    assert_eq!(posts, [("torugart", Some(1)), ("karasay", Some(2))], "the route's order and its copies");
    for post in &rehearsal.posts {
        let spans: Vec<_> =
            post.spans.iter().map(|span| (span.when, span.first, span.last, span.verdict)).collect();
        let (before, after) = (date(2026, 5, 31), date(2026, 7, 1));
        assert_eq!(
            spans,
            [
                (When::Before, before, before, Verdict::Refuse),
                (When::Within, JUNE.0, JUNE.1, Verdict::Accept),
                (When::After, after, after, Verdict::Refuse),
            ]
        );
        assert_eq!(post.spans[0].reasons, [Reason::NotYetValid]);
        assert_eq!(post.spans[2].reasons, [Reason::Expired]);
    }
    assert_eq!(rehearsal.worst(), Some(Verdict::Accept));
    assert_eq!(rehearsal.others.len(), 6);
    assert!(rehearsal.reasons().iter().all(|(_, matters)| !matters), "{:?}", rehearsal.reasons());
}

#[test]
fn each_thing_that_is_wrong_is_shown() {
    let permit = permit();
    let good = known(&permit);
    let mut newer = good.clone();
    newer.status.version = 2;
    let mut elsewhere = good.clone();
    elsewhere.status.posts = vec!["torugart".to_owned()];
    let revoked = KnownPermit { revoked_at_ms: Some(1), ..good.clone() };
    let only_naryn = PermitSeal { zones: ZoneMask(0b100), ..permit.clone() };
    let narrow = KnownPermit { status: PermitStatus { zones: 0b100, ..good.status.clone() }, ..good.clone() };
    let (anna, slip) = (anna(), passport("L898903C3", date(2031, 4, 15)));
    let stranger = lines("SMITH", "X12345678", (1990, 1, 1), date(2031, 4, 15));
    let good = recorded(good);
    let table: [Case<'_>; 8] = [
        ("good", &permit, good.clone(), &anna, Verdict::Accept, &[]),
        ("superseded", &permit, recorded(newer), &anna, Verdict::Attention, &[Reason::Superseded]),
        ("revoked", &permit, recorded(revoked), &anna, Verdict::Refuse, &[Reason::Revoked]),
        ("nobody issued it", &permit, Record::Unknown, &anna, Verdict::Attention, &[Reason::UnknownPermit]),
        ("another route", &permit, recorded(elsewhere), &anna, Verdict::Attention, &[Reason::WrongPost]),
        ("another zone", &only_naryn, recorded(narrow), &anna, Verdict::Refuse, &[Reason::WrongZone]),
        ("a digit of the passport", &permit, good, &slip, Verdict::Refuse, &[Reason::PassportMismatch]),
        (
            "a stranger hears no record",
            &permit,
            Record::Withheld,
            &stranger,
            Verdict::Refuse,
            &[Reason::NotInGroup],
        ),
    ];
    for (what, permit, record, mrz, verdict, reasons) in table {
        assert_eq!(within(&rehearse(permit, &record, mrz), "karasay"), (verdict, reasons.to_vec()), "{what}");
    }
}

#[test]
fn a_passport_that_ends_on_the_way_is_shown_from_that_day_on() {
    let permit =
        PermitSeal { lead_mrz: LeadMrz::new(&passport("L898902C3", date(2026, 6, 14))).unwrap(), ..permit() };
    let rehearsal = rehearse(&permit, &recorded(known(&permit)), &passport("L898902C3", date(2026, 6, 14)));
    let spans = &at(&rehearsal, "torugart").spans;
    let days: Vec<_> = spans.iter().map(|span| (span.first, span.verdict)).collect();
    assert_eq!(days[1], (JUNE.0, Verdict::Accept), "{spans:?}");
    assert_eq!(days[2], (date(2026, 6, 15), Verdict::Refuse));
    assert!(spans[2].reasons.contains(&Reason::PassportExpired), "{spans:?}");
    assert_eq!(rehearsal.worst(), Some(Verdict::Refuse));
}

#[test]
fn only_days_to_come_are_rehearsed() {
    let permit = permit();
    let record = recorded(known(&permit));
    let first = |today| rehearse_on(today, &permit, &record, &anna()).posts[0].spans[0].clone();
    let middle = first(date(2026, 6, 10));
    assert_eq!((middle.first, middle.last, middle.when), (date(2026, 6, 10), JUNE.1, When::Within));
    let over = rehearse_on(date(2026, 8, 1), &permit, &record, &anna());
    assert_eq!(over.posts[0].spans.len(), 1);
    assert_eq!((over.posts[0].spans[0].when, over.worst()), (When::After, None));
}

#[test]
fn the_sheet_alone_shows_every_checkpoint_of_its_zones() {
    let rehearsal = rehearse(&permit(), &Record::Withheld, &anna());
    let posts: Vec<_> = rehearsal.posts.iter().map(|post| (post.post.as_str(), post.copy)).collect();
    assert_eq!(posts.len(), 5, "{posts:?}");
    assert!(!rehearsal.knows_route && posts.iter().all(|(_, copy)| copy.is_none()));
    assert_eq!(within(&rehearsal, "karasay"), (Verdict::Accept, vec![]), "nothing is called unknown");
}

#[test]
fn a_code_that_nobody_signed_costs_no_more_than_a_long_permit() {
    let forged = PermitSeal { valid_to: date(2190, 1, 1), ..permit() };
    let (region, trust) = (Region::default_region().unwrap(), trust());
    let code = code(&forged, &key(8));
    let mrz = anna();
    let sheet = Sheet {
        code: &code,
        mrz: &mrz,
        record: &Record::Unknown,
        trust: &trust,
        region: &region,
        today: TODAY,
    };
    let rehearsal = sheet.rehearse().unwrap();
    let spans = &at(&rehearsal, "karasay").spans;
    assert_eq!(spans.last().unwrap().reasons, [Reason::BadSignature]);
    assert!(spans.last().unwrap().last < date(2026, 9, 10), "{spans:?}");
    assert!(Sheet { code: "https://example.org", ..sheet }.rehearse().is_none());
}
