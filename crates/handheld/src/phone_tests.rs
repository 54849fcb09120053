use data_encoding::HEXLOWER;
use jiff::civil::date;
use propusk_courier::{Credentials, UserKey, verify};
use propusk_proto::receipt::Range;
use propusk_proto::{
    Bundle, Cursor, Day, Frame, HandIn, Kind, KnownPermit, Message, NumberTag, Parcel, PermitStatus, Piece,
    Receipt, Return, Revocation, Scope, SyncReply, decode, encode, frame,
};
use propusk_seal::{TrustList, sign_trust_list};
use uuid::Uuid;

use super::*;
use crate::device::fixtures::{recorder, root};
use crate::specimen::fixtures::{number, press, sealed};

/// 10 June 2026, within the specimen's days.
const NOW: i64 = 1_781_070_000_000;

/// A browser: its database, its key, and the module over both.
struct Browser {
    rows: std::collections::BTreeMap<Vec<u8>, Vec<u8>>,
    key: Credentials,
    profile: Value,
    phone: Phone,
    asked: u64,
    uptime_ms: u64,
}

fn signed<M: Message>(message: &M, key: &Credentials) -> Vec<u8> {
    let message = encode(message).unwrap();
    frame::join(&message, &key.sign(&message).unwrap())
}

fn opening(profile: &Value, key: &Credentials, mark: u8) -> String {
    let random = HEXLOWER.encode(&[mark; 28]);
    json!({ "profile": profile, "public_key": key.public_key(), "now_ms": NOW, "random": random }).to_string()
}

impl Browser {
    /// A phone of a post in the zone of bit 1, which was just enrolled.
    fn enrolled() -> Self {
        let key = Credentials::generate([21; 32]).unwrap();
        let signers = press().signer(date(2026, 6, 1)).into_iter().collect();
        let issued_at = NOW / 1000 - 60;
        let list = TrustList { issued_at, next_update: issued_at + 86_400, signers };
        let reply = json!({
            "device": propusk_proto::DeviceId::of_public_key(&key.public_key()).as_str(),
            "post": "karasay", "nats_url": "nats://127.0.0.1:1", "shards": 64,
            "recorder_key": recorder().public_key(),
            "root_key": HEXLOWER.encode(&root().public_key().to_sec1()),
            "trust_list": BASE64.encode(&sign_trust_list(&list, &root()).unwrap()), "time_ms": NOW,
        });
        let made = enrolled(&reply.to_string(), &opening(&Value::Null, &key, 1)).unwrap();
        let made: Value = serde_json::from_str(&made).unwrap();
        let mut rows = std::collections::BTreeMap::new();
        write(&mut rows, &made["rows"]);
        let profile = made["profile"].clone();
        let phone = Phone::open(rows.clone().into_iter().collect(), &opening(&profile, &key, 2)).unwrap();
        Self { rows, key, profile, phone, asked: 0, uptime_ms: 0 }
    }

    /// The same after the recorder has told what it knows.
    fn ready() -> Self {
        let mut browser = Self::enrolled();
        browser.ask(json!({ "do": "send" }));
        let back = browser.back(vec![], vec![signed(&browser.news(), &recorder())]);
        assert_eq!(browser.ask(json!({ "do": "returned", "back": back }))["permits"], 1);
        browser
    }

    /// A question as the page completes it.
    fn question(&mut self, mut what: Value) -> Value {
        self.asked += 1;
        let random = HEXLOWER.encode(&[[0, 0].as_slice(), &self.asked.to_be_bytes()].concat());
        let (uptime, soldier) = (json!(self.uptime_ms), json!("41"));
        for (name, value) in
            [("now_ms", json!(NOW)), ("random", json!(random)), ("soldier", soldier), ("uptime_ms", uptime)]
        {
            what.as_object_mut().unwrap().insert(name.to_owned(), value);
        }
        what
    }

    /// What the page does with a question.
    fn ask(&mut self, what: Value) -> Value {
        let question = self.question(what);
        loop {
            let said: Value = serde_json::from_str(&self.phone.ask(&question.to_string())).unwrap();
            write(&mut self.rows, &said["rows"]);
            let Some(wanted) = said["sign"].as_array() else {
                assert!(said["error"].is_null(), "{said}");
                return said["answer"].clone();
            };
            for bytes in wanted.iter().map(|it| it.as_str().unwrap()) {
                assert!(!self.phone.signed(bytes, &[1; 64]), "not this key's");
                let signature = self.key.sign(&BASE64.decode(bytes.as_bytes()).unwrap()).unwrap();
                assert!(self.phone.signed(bytes, &signature));
            }
        }
    }

    /// A name and a PIN, to unlock.
    fn unlock(&mut self, name: &str, pin: &str) -> Value {
        let tried = self.ask(json!({ "do": "try", "name": name, "pin": pin }));
        if tried["tried"] == true { self.ask(json!({ "do": "unlock" })) } else { tried }
    }

    /// Events that wait.
    fn events(&self) -> Vec<HandIn> {
        self.phone.device.events()
    }

    /// The tab is killed, and the page opened again.
    fn killed(&mut self) {
        let rows = self.rows.clone().into_iter().collect();
        self.uptime_ms = 0;
        self.phone = Phone::open(rows, &opening(&self.profile, &self.key, 3)).unwrap();
    }

    fn back(&self, receipts: Vec<Vec<u8>>, answers: Vec<Vec<u8>>) -> String {
        let back = Return {
            device: self.phone.device.profile.device.clone(),
            from: knowledge::cursor(&self.phone.device.store).unwrap(),
            receipts: receipts.into_iter().map(Into::into).collect(),
            answers: answers.into_iter().map(Into::into).collect(),
        };
        BASE64.encode(&signed(&back, &recorder()))
    }

    fn news(&self) -> SyncReply {
        let status = PermitStatus {
            tag: NumberTag::of(&number()),
            version: 1,
            valid_from: Day(20_260_601),
            valid_to: Day(20_260_630),
            zones: 0b10,
            posts: vec![],
            copies: 3,
            travellers: 2,
        };
        let permit = KnownPermit { id: Uuid::from_u128(1), status, recorded_at_ms: 1, revoked_at_ms: None };
        SyncReply {
            device: self.phone.device.profile.device.clone(),
            time_ms: NOW,
            trust_list: None,
            permits: vec![permit],
            cursor: Cursor { generation: 7, position: 1 },
            more: false,
            record_lost: false,
            scope: Scope::around(date(2026, 6, 10), 0b10),
        }
    }

    fn queued(&self) -> usize {
        self.rows.keys().filter(|key| key.starts_with(b"q")).count()
    }
}

fn write(rows: &mut std::collections::BTreeMap<Vec<u8>, Vec<u8>>, changed: &Value) {
    let bytes = |value: &Value| BASE64.decode(value.as_str().unwrap().as_bytes()).unwrap();
    for row in changed.as_array().unwrap() {
        match &row[1] {
            Value::Null => rows.remove(&bytes(&row[0])),
            value => rows.insert(bytes(&row[0]), bytes(value)),
        };
    }
}

#[test]
fn a_group_s_people_are_ticked_off_and_the_hand_in_is_kept_before_its_verdict() {
    let mut browser = Browser::ready();
    let lying = browser.ask(json!({ "do": "take", "text": sealed(2) }));
    assert_eq!((&lying["complete"], &lying["table"]["people"]), (&json!(0), &json!(2)), "{lying}");
    assert_eq!(lying["table"]["party"][0]["name"], "ERIKSSON ANNA MARIA");
    let whole = browser.ask(json!({ "do": "take", "text": "*" }));
    assert_eq!((&whole["complete"], &whole["table"]), (&json!(1), &Value::Null), "{whole}");
    assert_eq!(browser.queued(), 0);
    let verdict = browser.ask(json!({ "do": "judge" }));
    assert_eq!((&verdict["verdict"], browser.queued()), (&json!("accept"), 1), "{verdict}");
    assert_eq!(verdict["party"][1]["present"], true);

    browser.killed();
    browser.ask(json!({ "do": "take", "text": sealed(2) }));
    browser.ask(json!({ "do": "close" }));
    let again = browser.ask(json!({ "do": "judge" }));
    assert_eq!(again["reasons"][0]["code"], "copy-already-handed-in", "{again}");
    let last = browser.ask(json!({ "do": "last" }))["last"].clone();
    assert_eq!((&last["kind"], &last["permit_number"]), (&json!("entry"), &json!(number().to_string())));
    let another = browser.ask(json!({ "do": "undo", "of": Uuid::from_u128(1) }));
    assert_eq!(another["say"][0], "correction-nothing", "only what was asked about is taken back");
    assert_eq!(browser.ask(json!({ "do": "undo", "of": last["id"] }))["say"][0], "undo-done");
    assert_eq!(browser.ask(json!({ "do": "last" }))["say"][0], "correction-mended");
    assert_eq!(browser.queued(), 3);
}

#[test]
fn what_is_not_signed_yet_has_changed_nothing() {
    let mut browser = Browser::ready();
    browser.ask(json!({ "do": "take", "text": number().to_string() }));
    let question = json!({ "do": "judge", "now_ms": NOW, "random": "00112233445566778899" }).to_string();
    for _ in 0..2 {
        let said: Value = serde_json::from_str(&browser.phone.ask(&question)).unwrap();
        assert_eq!((said["sign"].as_array().unwrap().len(), &said["rows"]), (1, &json!([])));
    }
    assert_eq!(browser.ask(json!({ "do": "judge" }))["verdict"], "accept");
    assert_eq!(browser.ask(json!({ "do": "judge" })), Value::Null);
}

#[test]
fn a_parcel_is_a_handheld_s_and_only_a_receipt_settles_it() {
    let mut browser = Browser::ready();
    browser.ask(json!({ "do": "take", "text": number().to_string() }));
    browser.ask(json!({ "do": "judge" }));
    let sent = browser.ask(json!({ "do": "send" }));
    let framed = BASE64.decode(sent["parcel"].as_str().unwrap().as_bytes()).unwrap();
    let parts = Frame::split(&framed).unwrap();
    let parcel: Parcel = parts.decode().unwrap();
    assert!(verify(&browser.key.public_key(), parts.message, parts.signature));
    let parts = Frame::split(parcel.hand_ins.first().unwrap()).unwrap();
    assert!(UserKey::parse(&parcel.public_key).unwrap().verifies(parts.message, parts.signature));
    let event: HandIn = parts.decode().unwrap();
    assert_eq!((event.soldier.as_str(), event.monotonic_ms), ("41", 0));

    let nothing = browser.back(vec![], vec![]);
    assert_eq!(browser.ask(json!({ "do": "returned", "back": nothing }))["waiting"], 1);
    let range = Range { epoch: event.epoch, shard: event.shard, first: 1, last: 1 };
    let receipt = Receipt {
        device: event.device,
        issued_at_ms: NOW,
        recorded: vec![range],
        refused: vec![],
        heads: vec![],
    };
    let back = browser.back(vec![signed(&receipt, &recorder())], vec![]);
    let done = browser.ask(json!({ "do": "returned", "back": back }));
    assert_eq!((&done["settled"], &done["waiting"], browser.queued()), (&json!(1), &json!(0), 0));
}

#[test]
fn a_revoked_phone_hears_it_and_keeps_what_has_no_receipt() {
    let mut browser = Browser::ready();
    browser.ask(json!({ "do": "take", "text": number().to_string() }));
    browser.ask(json!({ "do": "judge" }));
    let device = browser.phone.device.profile.device.clone();
    let revocation = Revocation { device, revoked_at_ms: NOW, time_ms: NOW };
    let back = browser.back(vec![], vec![signed(&revocation, &recorder())]);
    assert_eq!(browser.ask(json!({ "do": "returned", "back": back }))["revoked"], true);
    let kept = browser.ask(json!({ "do": "export" }));
    let bundle = BASE64.decode(kept["bundle"].as_str().unwrap().as_bytes()).unwrap();
    let bundle: Bundle = decode(&bundle).unwrap();
    assert_eq!((bundle.pieces.len(), &kept["hand_ins"]), (1, &json!(1)));
}

#[test]
fn behind_the_lock_nobody_works_and_a_guess_counts_before_it_is_compared() {
    let mut browser = Browser::ready();
    let (salt, typed) = ("0f".repeat(16), json!({ "do": "take", "text": number().to_string() }));
    let add = |name: &str, pin: &str| json!({ "do": "add-soldier", "name": name, "pin": pin, "senior": false, "salt": salt });
    assert_eq!(browser.ask(add("7", "123456"))["say"][0], "pin-guessable");
    assert_eq!(browser.ask(add("7", "270418"))["changed"], "7");
    browser.ask(typed.clone());
    browser.ask(json!({ "do": "judge" }));
    assert_eq!(browser.events()[0].soldier, "7", "and not who the page names");
    // Another one only by a senior soldier who says their PIN again.
    browser.ask(json!({ "do": "try", "name": "7", "pin": "918273" }));
    assert_eq!(browser.ask(add("8", "918273"))["say"][0], "lock-wrong");
    browser.ask(json!({ "do": "try", "name": "7", "pin": "270418" }));
    assert_eq!(browser.ask(add("8", "918273"))["changed"], "8");

    browser.ask(typed.clone());
    assert_eq!(browser.ask(json!({ "do": "lock" }))["locked"], true);
    for what in [typed.clone(), json!({ "do": "judge" }), json!({ "do": "last" }), add("9", "555123")] {
        assert_eq!(browser.ask(what.clone())["locked"], true, "{what}");
    }
    assert_eq!(browser.ask(json!({ "do": "send" }))["hand_ins"], 1, "what waits is sent all the same");
    assert_eq!(browser.unlock("8", "918273")["on_duty"], "8");
    assert_eq!(browser.ask(json!({ "do": "judge" })), Value::Null, "the table was cleared");
    browser.ask(json!({ "do": "try", "name": "8", "pin": "918273" }));
    let removed = browser.ask(json!({ "do": "remove-soldier", "name": "7" }));
    assert_eq!(removed["say"][0], "soldier-not-senior");

    browser.killed();
    assert_eq!(browser.ask(json!({ "do": "state" }))["watch"], "locked");
    // Of a phone whose disk is full no row comes through: then nothing was tried, right or wrong.
    let question = browser.question(json!({ "do": "try", "name": "7", "pin": "270418" }));
    assert!(browser.phone.ask(&question.to_string()).contains("tried"));
    browser.killed();
    let question = browser.question(json!({ "do": "unlock" }));
    assert!(browser.phone.ask(&question.to_string()).contains("no PIN was tried"));
    for _ in 0..crate::pin::FREE {
        assert_eq!(browser.unlock("7", "918273")["say"][0], "lock-wrong");
    }
    browser.uptime_ms = 29_500;
    assert_eq!(browser.unlock("7", "270418")["paused"], 1);
    browser.killed();
    assert_eq!(browser.unlock("7", "270418")["paused"], 30, "opening the page anew shortens nothing");
    browser.uptime_ms = 30_000;
    assert_eq!(browser.unlock("7", "270418")["on_duty"], "7");
}

#[test]
fn a_line_of_the_paper_list_is_entered_with_its_time() {
    let mut browser = Browser::ready();
    let wall = browser.ask(json!({ "do": "state" }))["wall"].clone();
    assert_eq!(wall, "2026-06-10T11:40");
    for line in ["", "7XK3 2 10:30", &format!("{} 2 2026-06-11T10:30", number())] {
        assert_eq!(browser.ask(json!({ "do": "late", "line": line }))["say"][0], "paper-how", "{line}");
    }
    let entered = browser.ask(json!({ "do": "late", "line": format!("{} 2 2026-06-09T21:30", number()) }));
    assert_eq!(entered["written"], "2026-06-09 21:30");
    assert_eq!((&entered["verdict"]["verdict"], &entered["verdict"]["copy"]), (&json!("accept"), &json!(2)));
    let written_at_ms = NOW - 14 * 3_600_000 - 10 * 60_000;
    assert_eq!(browser.events()[0].kind, Kind::LateEntry { written_at_ms });
}

#[test]
fn a_training_has_every_verdict_and_nobody_to_send_to() {
    let mut browser = Browser::enrolled();
    let key = Credentials::generate([77; 32]).unwrap();
    let opening = json!({ "public_key": key.public_key(), "now_ms": NOW, "random": "5a".repeat(32) });
    let training = browser.phone.train(&opening.to_string()).unwrap();
    let phone = std::mem::replace(&mut browser.phone, training);
    let (rows, key) = (browser.rows.clone(), std::mem::replace(&mut browser.key, key));
    let mut verdict = |lesson: Value| {
        let scanned = browser.ask(json!({ "do": "lesson", "key": lesson["key"] }));
        if scanned["complete"] == 0 {
            browser.ask(json!({ "do": "take", "text": "*" }));
        }
        browser.ask(json!({ "do": "judge" }))["verdict"].clone()
    };
    let verdicts: Vec<Value> = (1..=8).map(|at| verdict(json!({ "key": at.to_string() }))).collect();
    let refuse = json!("refuse");
    assert_eq!(verdicts[..2], [json!("accept"), json!("accept")]);
    assert!(verdicts[2..].iter().all(|verdict| *verdict == refuse), "{verdicts:?}");
    assert_eq!(verdict(json!({ "key": "1" })), "attention", "the copy was there before");
    assert_eq!(browser.ask(json!({ "do": "lessons" })).as_array().unwrap().len(), 8);
    for what in ["send", "export", "lock", "soldiers"] {
        let question = browser.question(json!({ "do": what }));
        assert!(browser.phone.ask(&question.to_string()).contains("a training can't do this"), "{what}");
    }
    // Its rows are thrown away, and the real phone has nothing of it.
    (browser.phone, browser.key, browser.rows) = (phone, key, rows);
    assert!(browser.events().is_empty() && browser.queued() == 0);
    assert_eq!(browser.ask(json!({ "do": "lessons" })), json!([]));
}

#[test]
fn a_driver_s_file_brings_receipts_and_what_is_no_file_of_ours_is_said() {
    let mut browser = Browser::ready();
    browser.ask(json!({ "do": "take", "text": number().to_string() }));
    browser.ask(json!({ "do": "judge" }));
    let event = browser.events().remove(0);
    let range = Range { epoch: event.epoch, shard: event.shard, first: 1, last: 1 };
    let device = event.device;
    let receipt =
        Receipt { device, issued_at_ms: NOW, recorded: vec![range], refused: vec![], heads: vec![] };
    let back = browser.back(vec![signed(&receipt, &recorder())], vec![]);
    let piece = Piece::Return(BASE64.decode(back.as_bytes()).unwrap());
    let file = BASE64.encode(&encode(&Bundle { pieces: vec![piece] }).unwrap());
    let done = browser.ask(json!({ "do": "import", "bundle": file }));
    assert_eq!((&done["settled"], browser.queued()), (&json!(1), 0), "{done}");
    for other in ["", "%", "QUJD"] {
        assert_eq!(browser.ask(json!({ "do": "import", "bundle": other }))["say"][0], "phone-no-bundle");
    }
}

#[test]
fn before_the_recorder_has_told_the_zone_nothing_is_judged() {
    let mut browser = Browser::enrolled();
    browser.ask(json!({ "do": "take", "text": number().to_string() }));
    let question = json!({ "do": "judge", "now_ms": NOW, "random": "00112233445566778899" }).to_string();
    let said: Value = serde_json::from_str(&browser.phone.ask(&question)).unwrap();
    assert!(said["error"].as_str().unwrap().contains("zone"), "{said}");
}

#[test]
fn no_text_of_a_page_breaks_the_phone() {
    let mut browser = Browser::enrolled();
    for text in [
        "",
        "{",
        "[]",
        "{\"do\":\"judge\"}",
        "{\"do\":\"send\",\"now_ms\":9223372036854775807,\"random\":\"\"}",
    ] {
        let said: Value = serde_json::from_str(&browser.phone.ask(text)).unwrap();
        assert!(said["error"].is_string(), "{said}");
    }
    assert!(
        public_key(&[1; 31]).is_err() && Phone::open(vec![], "{}").is_err() && enrolled("{}", "[]").is_err()
    );
    assert_eq!(public_key(&[0; 32]).unwrap().len(), 56);
}
