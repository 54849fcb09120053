//! Verdicts over real seals: what each reason needs, and that the worst decides.

use jiff::civil::date;
use propusk_passport::{PartialDate, Person, Sex, td3_lines};
use propusk_permit::PermitNumber;
use propusk_proto::NumberTag;
use propusk_seal::date::PartialDate as SealedDate;
use propusk_seal::{
    LeadMrz, SealedTraveller, Signer, SignerId, SigningKey, TrustList, ZoneMask, name_digest, to_text,
};
use uuid::Uuid;

use crate::{identify, read_seal, typed_number};

use super::*;

const TODAY: Date = date(2026, 6, 10);

fn person(surname: &str, number: &str) -> Person {
    Person {
        surname: Some(surname.to_owned()),
        given_names: Some("ANNA MARIA".to_owned()),
        document_number: Some(number.to_owned()),
        nationality: Some("UTO".to_owned()),
        birth_date: PartialDate::new(1974, 8, 12).ok(),
        sex: Some(Sex::Female),
        expiry_date: PartialDate::new(2030, 4, 15).ok(),
        ..Person::default()
    }
}

fn mrz(person: &Person) -> Vec<String> {
    td3_lines(person, "UTO").unwrap().to_vec()
}

fn number() -> PermitNumber {
    PermitNumber::draw(|| [1; 8])
}

/// A seal of a group of two: ERIKSSON leads, BERG follows.
fn permit() -> PermitSeal {
    let lead = mrz(&person("ERIKSSON", "L898902C3"));
    let other = mrz(&person("BERG", "D23145890"));
    let listed = SealedTraveller {
        document_number: "D23145890".to_owned(),
        nationality: "UTO".to_owned(),
        birth_date: SealedDate::new(Some(1974), Some(8), Some(12)).unwrap(),
        name_digest: name_digest(number().compact(), &other[0][5..]),
    };
    PermitSeal {
        permit_number: number().compact().to_owned(),
        version: 1,
        copy: 1,
        copies: 3,
        sheet: 1,
        sheets: 1,
        valid_from: date(2026, 6, 1),
        valid_to: date(2026, 6, 30),
        zones: ZoneMask(0b10),
        group_size: 2,
        lead_mrz: LeadMrz::new(&lead).unwrap(),
        issuing_office: "BISHKEK".to_owned(),
        others: vec![listed],
    }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32]).unwrap()
}

fn signer() -> SignerId {
    SignerId::new("KGBP", "1").unwrap()
}

fn trust(revoked_at: Option<i64>) -> TrustList {
    let signer = Signer {
        id: signer(),
        valid_from: date(2026, 1, 1),
        valid_to: date(2027, 12, 31),
        public_key: key().public_key(),
        zones: ZoneMask(0b11111),
        max_days: 93,
        revoked_at,
    };
    TrustList { issued_at: 0, next_update: i64::MAX, signers: vec![signer] }
}

fn read(permit: &PermitSeal, trust: &TrustList) -> Reading {
    let bytes = permit.sign(&signer(), date(2026, 5, 20), date(2026, 5, 20), &key()).unwrap();
    read_seal(&to_text(&bytes), trust, TODAY)
}

fn known(permit: &PermitSeal) -> KnownPermit {
    let status = PermitStatus {
        tag: NumberTag::of(&number()),
        version: permit.version,
        valid_from: permit.valid_from.into(),
        valid_to: permit.valid_to.into(),
        zones: permit.zones.0,
        posts: vec!["karasay".to_owned()],
        copies: 3,
        travellers: permit.group_size,
    };
    KnownPermit { id: Uuid::nil(), status, recorded_at_ms: 1_000_000, revoked_at_ms: None }
}

fn situation(known: &[KnownPermit]) -> Situation<'_> {
    Situation {
        post: "karasay",
        zone_bit: 1,
        today: TODAY,
        known,
        scope: None,
        handed_in_before: false,
        today_at_least: false,
        hands_in: true,
        trust_stale: false,
        clock_suspect: false,
    }
}

/// Verdict and reasons of a seal at karasay on 10 June, with what the device knows and a passport.
fn verdict(
    permit: &PermitSeal,
    known: &[KnownPermit],
    passport: Option<&[String]>,
) -> (Verdict, Vec<Reason>) {
    let reading = read(permit, &trust(None));
    let holders = passport.map(|lines| identify(reading.seal.as_ref(), lines, TODAY));
    let judgement = judge(&reading, holders, &situation(known));
    (judgement.verdict, judgement.reasons)
}

#[test]
fn a_good_copy_is_accepted_with_any_of_its_passports() {
    let permit = permit();
    let known = [known(&permit)];
    assert_eq!(verdict(&permit, &known, None), (Verdict::Accept, vec![]));
    let (lead, other) = (mrz(&person("ERIKSSON", "L898902C3")), mrz(&person("BERG", "D23145890")));
    assert_eq!(verdict(&permit, &known, Some(&other)), (Verdict::Accept, vec![]));
    let reading = read(&permit, &trust(None));
    let both = [lead, other].concat();
    let holders = identify(reading.seal.as_ref(), &both, TODAY);
    assert_eq!((holders.rows, holders.reasons), (vec![0, 1], vec![]), "several passports in one go");
}

#[test]
fn dates_zones_posts_and_the_record_each_have_their_reason() {
    let permit = permit();
    let known_good = known(&permit);
    let one = |permit: &PermitSeal, known: &[KnownPermit]| verdict(permit, known, None).1;
    let later = PermitSeal { valid_from: date(2026, 6, 11), ..permit.clone() };
    assert_eq!(one(&later, &[known(&later)]), [Reason::NotYetValid]);
    let earlier = PermitSeal { valid_to: date(2026, 6, 9), ..permit.clone() };
    assert_eq!(one(&earlier, &[known(&earlier)]), [Reason::Expired]);
    let elsewhere = PermitSeal { zones: ZoneMask(0b1), ..permit.clone() };
    assert_eq!(one(&elsewhere, &[known(&elsewhere)]), [Reason::WrongZone]);
    assert_eq!(verdict(&permit, &[], None), (Verdict::Attention, vec![Reason::UnknownPermit]));
    let revoked = KnownPermit { revoked_at_ms: Some(1), ..known_good.clone() };
    assert_eq!(one(&permit, &[revoked]), [Reason::Revoked]);
    let mut newer = known_good.clone();
    newer.status.version = 2;
    assert_eq!(verdict(&permit, &[newer.clone()], None), (Verdict::Attention, vec![Reason::Superseded]));
    assert_eq!(
        verdict(&earlier, &[newer], None),
        (Verdict::Refuse, vec![Reason::Expired, Reason::Superseded])
    );
    let mut other_route = known_good;
    other_route.status.posts = vec!["torugart".to_owned()];
    assert_eq!(verdict(&permit, &[other_route], None), (Verdict::Attention, vec![Reason::WrongPost]));
}

#[test]
fn a_seal_that_contradicts_the_record_of_its_version_is_refused() {
    let permit = permit();
    let forged = PermitSeal { zones: ZoneMask(0b11111), ..permit.clone() };
    assert_eq!(verdict(&forged, &[known(&permit)], None), (Verdict::Refuse, vec![Reason::BadSignature]));
}

#[test]
fn a_revoked_signer_is_forgiven_only_for_what_was_recorded_before() {
    let permit = permit();
    let of = |revoked_at, known: &[KnownPermit]| {
        judge(&read(&permit, &trust(Some(revoked_at))), None, &situation(known)).reasons
    };
    let known = [known(&permit)];
    assert_eq!(of(1001, &known), []);
    assert_eq!(of(999, &known), [Reason::SignerRevoked]);
    assert_eq!(of(1001, &[]), [Reason::SignerRevoked]);
}

#[test]
fn a_passport_that_differs_is_named_and_a_stranger_is_refused() {
    let permit = permit();
    let known = [known(&permit)];
    let reading = read(&permit, &trust(None));
    let slip = identify(reading.seal.as_ref(), &mrz(&person("ERIKSSON", "L898903C3")), TODAY);
    assert_eq!(slip.reasons, [Reason::PassportMismatch]);
    assert!(
        slip.findings.iter().any(|f| f.position == Some(6)),
        "the seventh character: {:?}",
        slip.findings
    );
    let other_name = mrz(&person("BERGMANN", "D23145890"));
    assert_eq!(verdict(&permit, &known, Some(&other_name)).1, [Reason::PassportMismatch]);
    let stranger = Person { birth_date: PartialDate::new(1990, 1, 1).ok(), ..person("OTHER", "ZZ1111111") };
    assert_eq!(verdict(&permit, &known, Some(&mrz(&stranger))), (Verdict::Refuse, vec![Reason::NotInGroup]));
    let expired =
        Person { expiry_date: PartialDate::new(2026, 6, 9).ok(), ..person("ERIKSSON", "L898902C3") };
    assert!(verdict(&permit, &known, Some(&mrz(&expired))).1.contains(&Reason::PassportExpired));
}

#[test]
fn somebody_who_may_be_on_another_sheet_is_looked_for_there() {
    let permit = PermitSeal { sheets: 2, group_size: 14, ..permit() };
    let stranger = Person { birth_date: PartialDate::new(1990, 1, 1).ok(), ..person("OTHER", "ZZ1111111") };
    let (verdict, reasons) = verdict(&permit, &[known(&permit)], Some(&mrz(&stranger)));
    assert_eq!((verdict, reasons), (Verdict::Attention, vec![Reason::NotInGroup]));
}

#[test]
fn codes_that_are_no_permits_say_so() {
    let trust = trust(None);
    let of = |text: &str| judge(&read_seal(text, &trust, TODAY), None, &situation(&[])).reasons;
    assert_eq!(of("https://example.org/ticket"), [Reason::NotAPermit]);
    assert_eq!(of("KGBZ3QB5"), [Reason::SealUnreadable]);
    let text =
        to_text(&permit().sign(&signer(), TODAY, TODAY, &SigningKey::from_bytes(&[8; 32]).unwrap()).unwrap());
    assert_eq!(of(&text), [Reason::BadSignature]);
    let nobody = SignerId::new("KGBP", "2").unwrap();
    let text = to_text(&permit().sign(&nobody, TODAY, TODAY, &key()).unwrap());
    assert_eq!(of(&text), [Reason::UnknownSigner]);
}

#[test]
fn a_typed_number_is_judged_by_the_record_and_its_passport_still_looked_at() {
    let permit = permit();
    let reading = typed_number(&number());
    let known = [known(&permit)];
    assert_eq!(judge(&reading, None, &situation(&known)).reasons, []);
    let late = Situation { today: date(2026, 7, 1), ..situation(&known) };
    assert_eq!(judge(&reading, None, &late).reasons, [Reason::Expired]);
    let holders = identify(None, &["P<UTO".to_owned(), "L8".to_owned()], TODAY);
    assert_eq!(judge(&reading, Some(holders), &situation(&known)).reasons, [Reason::PassportMismatch]);
}

#[test]
fn a_permit_that_the_device_is_not_told_of_is_not_called_unknown() {
    let scope = Some(Scope::around(TODAY, 0b10));
    let reasons = |permit: &PermitSeal, scope| {
        let reading = read(permit, &trust(None));
        judge(&reading, None, &Situation { scope, ..situation(&[]) }).reasons
    };
    let here = permit();
    assert_eq!(reasons(&here, scope), [Reason::UnknownPermit]);
    let elsewhere = PermitSeal { zones: ZoneMask(0b100), ..permit() };
    assert_eq!(reasons(&elsewhere, scope), [Reason::WrongZone]);
    assert_eq!(
        reasons(&elsewhere, None),
        [Reason::WrongZone, Reason::UnknownPermit],
        "it was never told anything"
    );
}

#[test]
fn a_dead_clock_refuses_nothing_as_too_early_and_still_sees_what_is_over() {
    let known = [];
    let reading = read(&permit(), &trust(None));
    let early = Situation { today: date(2026, 5, 20), clock_suspect: true, ..situation(&known) };
    assert!(judge(&reading, None, &early).reasons.contains(&Reason::NotYetValid));
    let at_least = Situation { today_at_least: true, ..early };
    let judged = judge(&reading, None, &at_least);
    assert!(!judged.reasons.contains(&Reason::NotYetValid));
    assert!(judged.verdict != Verdict::Refuse && judged.reasons.contains(&Reason::ClockSuspect));
    let over = Situation { today: date(2026, 7, 1), today_at_least: true, ..situation(&known) };
    assert!(judge(&reading, None, &over).reasons.contains(&Reason::Expired));
}
