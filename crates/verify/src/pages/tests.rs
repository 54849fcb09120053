use crate::specimen::{LINES, Room, number, room, unknown};
use crate::trip_names::Names;
use axum::body::Body;
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{Request, StatusCode};
use propusk_boot::Language;
use propusk_permit::PermitNumber;
use propusk_region::{Region, Trip};
use propusk_seal::{LeadMrz, PermitSeal, SignerId, SigningKey, ZoneMask, to_text};
use tower::ServiceExt;

/// A form's answer: its status and its page.
async fn send(room: &Room, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let quoted = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", quoted(value)));
    let body = pairs.collect::<Vec<_>>().join("&");
    let (status, page, _) = room.send(path, "application/x-www-form-urlencoded", body).await;
    (status, page)
}

fn mrz() -> String {
    LINES.join("\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_holder_sees_both_papers_beside_each_other() {
    let room = room("");
    room.take(2, "L8989O2C3", None);
    let number = number().to_string();
    let typed = [("permit_number", number.as_str()), ("mrz", &mrz())];
    let (status, page) = send(&room, "/check", &typed).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("L8989<mark>O</mark>2C3") && page.contains("L8989<mark>0</mark>2C3"), "{page}");
    assert!(page.contains("ERIKSSON") && page.contains("2026-06-30") && page.contains("Specimen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_value_is_never_on_the_page_of_somebody_who_does_not_have_it() {
    let room = room("");
    let number = number().to_string();
    let typed = [
        ("permit_number", number.as_str()),
        ("surname", "Eriksson"),
        ("given_names", "Petra"),
        ("document_number", "X00000000"),
        ("birth_date", "1990-01-01"),
    ];
    let (status, page) = send(&room, "/check", &typed).await;
    assert_eq!(status, StatusCode::OK);
    for secret in ["ANNA", "MARIA", "L8989", "1974"] {
        assert!(!page.contains(secret), "{secret}");
    }
    assert_eq!(page.matches("not shown").count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_and_an_unknown_number_see_the_same_page() {
    let room = room("");
    let (known, unknown) = (number().to_string(), unknown().to_string());
    let ask =
        async |number: &str| send(&room, "/check", &[("permit_number", number), ("surname", "Smith")]).await;
    let (of_known, of_unknown) = (ask(&known).await, ask(&unknown).await);
    assert_eq!(of_known.0, StatusCode::NOT_FOUND);
    assert_eq!(of_known.1.replace(&known, "…"), of_unknown.1.replace(&unknown, "…"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_programs_share_the_attempts() {
    let room = room("[verify]\nattempts_per_number_per_hour = 1\n");
    let number = unknown().to_string();
    let typed = [("permit_number", number.as_str()), ("surname", "X")];
    assert_eq!(send(&room, "/check", &typed).await.0, StatusCode::NOT_FOUND);
    let body = format!("permit_number={number}&surname=X");
    let (status, _, response) = room.send("/check", "application/x-www-form-urlencoded", body).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(response.headers().contains_key(RETRY_AFTER));
    let body = format!(r#"{{"permit_number":"{number}","surname":"X"}}"#);
    let (status, ..) = room.send("/v1/permit-checks", "application/json", body).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays() {
    let room = room("");
    let number = number().to_string();
    let (status, page) = send(&room, "/check", &[("permit_number", "ABCD"), ("surname", "Łuk&<b>")]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("id=\"permit_number-wrong\"") && page.contains("Łuk&#38;&#60;b&#62;"), "{page}");
    for (field, value) in [("birth_date", "31.02.1990"), ("mrz", "P<UTO"), ("version", "seven")] {
        let typed = [("permit_number", number.as_str()), ("surname", "Eriksson"), (field, value)];
        let (status, page) = send(&room, "/check", &typed).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{field}");
        assert!(page.contains(&format!("id=\"{field}-wrong\"")), "{field}: {page}");
    }
    let (status, page) = send(&room, "/check", &[("permit_number", &number)]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("role=\"alert\""), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn any_paper_is_compared_without_a_record() {
    let room = room("");
    let typed = [
        ("surname", "ERIKSON"),
        ("birth_date", "12.08.1974"),
        ("document_number", "D23145890"),
        ("valid_to", "2026-06-30"),
        ("mrz", &mrz()),
    ];
    let (status, page) = send(&room, "/check/paper", &typed).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("ERIKS<mark>–</mark>ON") && page.contains("ERIKS<mark>S</mark>ON"), "{page}");
    // The paper's own words are the asker's: they are shown whole, however far they are from the passport.
    assert!(page.contains("<mark>D23145890</mark>"), "{page}");
    let mrz = mrz();
    for (more, field) in [
        (vec![], "mrz"),
        (vec![("mrz", "x")], "mrz"),
        (vec![("mrz", mrz.as_str()), ("valid_to", "June")], "valid_to"),
        (vec![("mrz", &mrz), ("valid_from", "2026-06-02"), ("valid_to", "2026-06-01")], "valid_to"),
    ] {
        let typed = [vec![("surname", "ERIKSSON")], more].concat();
        let (status, page) = send(&room, "/check/paper", &typed).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(page.contains(&format!("id=\"{field}-wrong\"")), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_of_a_passport_are_read() {
    let room = room("");
    let (status, page) = send(&room, "/check/passport", &[("mrz", &mrz().to_lowercase())]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("notice good") && page.contains("ANNA MARIA"), "{page}");
    let (_, page) = send(&room, "/check/passport", &[("mrz", &mrz().replace("C36", "C37"))]).await;
    assert!(page.contains("notice error") && page.contains("finding error"), "{page}");
    assert_eq!(send(&room, "/check/passport", &[]).await.0, StatusCode::BAD_REQUEST);
    let long = "<".repeat(201);
    assert_eq!(send(&room, "/check/passport", &[("mrz", &long)]).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_by_an_address() {
    let room = room("");
    let number = number();
    let path = format!("/check?permit_number={number}&surname=ERIKSSON");
    let answer = room.router.clone().oneshot(Request::get(&path).body(Body::empty()).unwrap()).await.unwrap();
    let page = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let page = String::from_utf8(page.into()).unwrap();
    assert!(!page.contains("2026-06-30") && !page.contains("Specimen"), "{page}");
    let start = Request::get("/").body(Body::empty()).unwrap();
    let start = room.router.clone().oneshot(start).await.unwrap();
    assert_eq!(start.headers()[LOCATION], "/check");
}

/// A French traveller who flies in and out, and goes to a place near the border; rows 1 and 3 of the places are blank.
const TRIP: [(&str, &str); 9] = [
    ("nationality", "FR"),
    ("crossing[1].at", "Manas airport"),
    ("crossing[1].direction", "entering"),
    ("crossing[1].date", "2026-07-01"),
    ("crossing[2].at", "Manas airport"),
    ("crossing[2].direction", "leaving"),
    ("crossing[2].date", "2026-07-15"),
    ("stop[2].places", "Kel-Suu"),
    ("stop[2].date", "2026-07-10"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_trip_is_answered_with_its_map_and_its_calendar() {
    let room = room("");
    let (status, page) = send(&room, "/check/trip", &TRIP).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("A border permit for the zone Naryn is needed") && page.contains("<svg"), "{page}");
    let (status, text) = send(&room, "/check/trip/calendar", &TRIP).await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.contains("BEGIN:VEVENT"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_a_trip_is_told_at_the_field_that_has_it() {
    let room = room("");
    for (field, value) in [
        ("nationality", "Narnia"),
        ("crossing[2].direction", "entering"),
        ("crossing[2].date", "15 July"),
        ("crossing[2].date", "2026-06-30"),
        ("crossing[2].time", "noon"),
        ("crossing[1].at", "Manas aerport 7"),
        ("stop[2].places", "Kel-Suu, Nowhere"),
        ("stop[2].places", ", "),
        ("stop[2].date", ""),
        ("stop[2].until", "2026-07-09"),
        ("passport_expiry", "never"),
        ("organised_group", "many"),
    ] {
        let mut typed = TRIP.to_vec();
        typed.retain(|(name, _)| *name != field);
        typed.push((field, value));
        let (status, page) = send(&room, "/check/trip", &typed).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{field}");
        assert!(page.contains(&format!("id=\"{field}-wrong\"")), "{field} {value}: {page}");
    }
    let empty = send(&room, "/check/trip", &[]).await;
    assert_eq!(empty.0, StatusCode::BAD_REQUEST);
}

#[test]
fn every_name_that_is_offered_is_understood() {
    let region = Region::default_region().unwrap();
    for language in Language::ALL {
        let [(_, places), (_, crossings), (_, zones)] =
            super::trip::known(Names { region: &region, language });
        for place in places {
            assert!(region.resolve_route(&[&place]).is_ok(), "{language}: {place}");
        }
        for zone in zones {
            assert!(region.zone(&zone).is_ok(), "{language}: {zone}");
        }
        for at in crossings {
            let trip = format!(
                "nationality = 'FR'\n[[crossing]]\nat = \"{at}\"\ndirection = 'entering'\ndate = '2026-07-01'"
            );
            let trip = Trip::from_toml(&trip).unwrap();
            assert!(region.understand(&trip).is_ok(), "{language}: {at}");
        }
    }
}

/// The code of a sheet of version 1, signed by nobody whom the room trusts.
fn sheet(number: PermitNumber) -> String {
    let (from, to) = (jiff::civil::date(2026, 6, 1), jiff::civil::date(2026, 6, 30));
    let permit = PermitSeal {
        permit_number: number.compact().to_owned(),
        version: 1,
        copy: 1,
        copies: 3,
        sheet: 1,
        sheets: 1,
        valid_from: from,
        valid_to: to,
        zones: ZoneMask(0b100),
        group_size: 1,
        lead_mrz: LeadMrz::new(&LINES.map(str::to_owned)).unwrap(),
        issuing_office: "NOBODY".to_owned(),
        others: vec![],
    };
    let (signer, key) = (SignerId::new("KGBP", "1").unwrap(), SigningKey::from_bytes(&[7; 32]).unwrap());
    to_text(&permit.sign(&signer, from, from, &key).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_sheet_opens_the_record_to_nobody_but_its_people() {
    let room = room("");
    room.take(2, "L898902C3", None);
    let (known, unknown) = (number(), unknown());
    let stranger =
        "P<UTOSMITH<<JOHN<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nX123456785UTO9001011M3104150<<<<<<<<<<<<<<06";
    let ask = async |number: PermitNumber, mrz: &str| {
        let (status, page) = send(&room, "/check/seal", &[("seal", &sheet(number)), ("mrz", mrz)]).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        page.replace(&sheet(number), "…").replace(&number.to_string(), "…")
    };
    let own = ask(known, &mrz()).await;
    assert!(own.contains("newer version") && own.contains("data-rehearsal"), "{own}");
    let strange = ask(known, stranger).await;
    assert!(!strange.contains("newer version"), "{strange}");
    assert_eq!(strange, ask(unknown, stranger).await);
    assert_eq!(ask(unknown, &mrz()).await.matches("newer version").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn rehearsals_are_attempts_and_a_code_alone_is_none() {
    let room = room("[verify]\nattempts_per_number_per_hour = 1\n");
    let code = sheet(number());
    let rehearse = async |mrz: &str| send(&room, "/check/seal", &[("seal", &code), ("mrz", mrz)]).await;
    for _ in 0..3 {
        assert_eq!(rehearse("").await.0, StatusCode::OK);
    }
    assert_eq!(rehearse(&mrz()).await.0, StatusCode::OK);
    let (status, page) = rehearse(&mrz()).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.contains("role=\"alert\""), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_a_sheet_stands_for_its_number() {
    let room = room("");
    room.take(2, "L898902C3", None);
    let (code, number) = (sheet(number()), number().to_string());
    let (status, page) = send(&room, "/check", &[("permit_number", &code)]).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(
        page.contains(&format!("value=\"{number}\"")) && page.contains(&format!("value=\"{code}\"")),
        "{page}"
    );
    let typed = [("permit_number", number.as_str()), ("code", &code), ("version", "1"), ("mrz", &mrz())];
    let (_, page) = send(&room, "/check", &typed).await;
    assert!(page.contains("newer version") && page.contains("action=\"/check/seal\""), "{page}");
    let other = unknown().to_string();
    let (_, page) =
        send(&room, "/check", &[("permit_number", &other), ("code", &code), ("surname", "X")]).await;
    assert!(!page.contains(&code), "the code goes with its own number only: {page}");
}
