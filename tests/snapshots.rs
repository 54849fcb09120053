//! What a handheld is told of: its zone's permits, now and soon, page by page over a link that breaks, in few bytes.

use std::time::Duration;

use jiff::Span;
use propusk_courier::{ConnectOptions, Courier, Credentials, Message};
use propusk_permit::Date;
use propusk_proto::{
    Change, Day, NumberTag, PermitEvent, PermitStatus, SealedDetails, SignedPermitEvent, encode, subject,
};
use propusk_region::Region;
use propusk_seal::SigningKey;
use scenarios::Instance;
use scenarios::instance::wait_for;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::links::link;

/// A zone's mask.
pub(crate) fn mask(zone: &str) -> u32 {
    let region = Region::own_or_shipped(None).unwrap();
    1 << region.zone(zone).unwrap().bit
}

/// The zone of a post.
pub(crate) fn zone_of(post: &str) -> String {
    let region = Region::own_or_shipped(None).unwrap();
    region.post(post).unwrap().zone.to_string()
}

/// The issuing event of the permit of this number among the test's.
pub(crate) fn issued(number: u32, zones: u32, first: Date) -> Message {
    let permit_id = Uuid::from_u128(u128::from(number));
    let status = PermitStatus {
        tag: NumberTag([
            0,
            number.to_be_bytes()[0],
            number.to_be_bytes()[1],
            number.to_be_bytes()[2],
            number.to_be_bytes()[3],
        ]),
        version: 1,
        valid_from: first.into(),
        valid_to: first.saturating_add(Span::new().days(29)).into(),
        zones,
        posts: vec!["karasay".to_owned(), "echkili-tash".to_owned()],
        copies: 4,
        travellers: 4,
    };
    let details = SealedDetails { lookup: [0; 32], wrapped_key: vec![0; 72], ciphertext: vec![0; 700] };
    let change = Change::Issued { status, details };
    let event = PermitEvent { permit_id, sequence: 1, at_ms: 0, office: "BISHKEK".to_owned(), change };
    Message { subject: subject::permit(permit_id, "issued"), payload: encode(&event).unwrap() }
}

/// Signs as the desk does.
pub(crate) fn signed(instance: &Instance, message: Message) -> Message {
    let pem = std::fs::read_to_string(instance.data().join("keys/signer.pem")).unwrap();
    let key = SigningKey::from_pem(&pem).unwrap();
    let signature = key.sign(&SignedPermitEvent::signed_bytes(&message.payload)).to_vec();
    let (signer, certificate_reference) = ("KGBP".to_owned(), "1".to_owned());
    let signed = SignedPermitEvent { signer, certificate_reference, event: message.payload, signature };
    Message { subject: message.subject, payload: encode(&signed).unwrap() }
}

/// Signs and publishes as the desk does.
fn issue(instance: &Instance, messages: Vec<Message>) {
    publish(instance, messages.into_iter().map(|message| signed(instance, message)).collect());
}

/// Connects to the broker with the key of a room, or of the operator, which its owner has too.
pub(crate) async fn connect(instance: &Instance, whose: &'static str) -> Courier {
    let seed = std::fs::read_to_string(instance.data().join(format!("keys/{whose}.nk"))).unwrap();
    let announced = std::fs::read(instance.data().join("run/nats.json")).unwrap();
    let announced: serde_json::Value = serde_json::from_slice(&announced).unwrap();
    let credentials = Credentials::from_seed(seed.trim()).unwrap();
    let options = ConnectOptions::new(announced["url"].as_str().unwrap(), credentials, whose);
    let courier = Courier::connect(options, CancellationToken::new()).await.unwrap();
    assert!(courier.wait_until_connected(Duration::from_secs(30)).await);
    courier
}

/// Publishes as the desk.
pub(crate) fn publish(instance: &Instance, messages: Vec<Message>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for result in connect(instance, "desk").await.publish_many(messages).await {
            result.unwrap();
        }
    });
}

fn known(instance: &Instance, post: &str) -> u64 {
    instance.json(&["handheld", "status", "--post", post])["permits_known"].as_u64().unwrap()
}

#[test]
fn a_handheld_is_told_of_its_zone_page_by_page_in_few_bytes() {
    let instance = Instance::new();
    // A slow machine would have it send again, and pay twice.
    instance.configure("[handheld]\nresend_first_ms = 60000\n");
    let running = instance.up();
    instance.enroll("karasay");
    let link = link(&instance);
    let today = propusk_boot::Clock::system().today();
    let (here, osh) = (mask(&zone_of("karasay")), mask("osh"));
    assert_eq!(here & osh, 0);
    let far = today.saturating_add(Span::new().days(60));
    let past = today.saturating_sub(Span::new().days(50));
    // Of these, 1,200 concern Karasay: those of its zone, and those of both zones.
    let mut season: Vec<Message> = (0..1100).map(|number| issued(number, here, today)).collect();
    season.extend((1100..1200).map(|number| issued(number, here | osh, today)));
    season.extend((1200..2200).map(|number| issued(number, osh, today)));
    season.extend((2200..2300).map(|number| issued(number, here, far)));
    season.extend((2300..2400).map(|number| issued(number, here, past)));
    issue(&instance, season);

    // The link breaks in the middle of pages; each sync goes on where the last one ended.
    let mut steps = vec![];
    wait_for("all permits of the zone", || {
        link.mend();
        link.cut_after(60_000);
        let _ = instance.run(&["handheld", "sync", "--post", "karasay", "--wait", "2", "--json"]);
        steps.push(known(&instance, "karasay"));
        steps.last() == Some(&1200)
    });
    assert!(steps.iter().any(|count| (1..1200).contains(count)), "it was cut between pages: {steps:?}");
    link.mend();
    instance.sync("karasay");
    assert_eq!(known(&instance, "karasay"), 1200);

    // A day's news: 100 permits of its zone, and as many of another.
    let _ = link.carried();
    instance.sync("karasay");
    let (up, down) = link.carried();
    let nothing = up + down;
    issue(&instance, (3000..3100).map(|number| issued(number, here, today)).collect());
    issue(&instance, (3100..3200).map(|number| issued(number, osh, today)).collect());
    wait_for("the day's news", || {
        let _ = link.carried();
        instance.sync("karasay");
        known(&instance, "karasay") == 1300
    });
    let (up, down) = link.carried();
    let news = up + down;
    println!("an exchange without news: {nothing} bytes; with 100 new permits: {news} bytes");
    assert!(news < 20_000, "{news}");

    // One hand-in, and twenty, over the same link: everything that travels because of them.
    let mut spent = vec![];
    for count in [1, 20] {
        for _ in 0..count {
            instance.scan_foreign_code();
        }
        let _ = link.carried();
        instance.sync("karasay");
        let (up, down) = link.carried();
        spent.push(((up + down).saturating_sub(nothing), count));
    }
    for (bytes, count) in spent {
        println!("{count} hand-ins with their receipts: {bytes} bytes, {} each", bytes / count);
        assert!(bytes / count < 450, "a metered link: {bytes} bytes for {count}");
    }
    running.stop();
}

#[test]
fn what_is_over_is_forgotten_and_what_begins_soon_is_told() {
    let instance = Instance::new();
    let today = propusk_boot::Clock::system().today();
    let here = mask(&zone_of("karasay"));
    let running = instance.up();
    instance.enroll("karasay");
    let far = today.saturating_add(Span::new().days(60));
    issue(&instance, (0..10).map(|number| issued(number, here, today)).collect());
    issue(&instance, (10..15).map(|number| issued(number, here, far)).collect());
    wait_for("the permits that hold", || {
        instance.sync("karasay");
        known(&instance, "karasay") == 10
    });
    running.stop();

    // Forty days later the ten are over, and the five begin within the days that are told.
    let later = today.saturating_add(Span::new().days(40)).to_string();
    assert!(Day::from(far) > Day::from(today));
    let running = instance.up_with(&["--today", &later]);
    wait_for("the permits that begin", || {
        let sync = ["--today", &later, "handheld", "sync", "--post", "karasay", "--wait", "5", "--json"];
        let _ = instance.run(&sync);
        known(&instance, "karasay") == 5
    });
    running.stop();
}
