//! The courier against real nats-server children on this machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod encryption;
mod server;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use propusk_courier::server::{DeviceUser, User, device_users};
use propusk_courier::{
    ConnectOptions, Courier, CourierError, CourierEvent, Credentials, Delivery, DurableConsumer, Message,
    Outcome, PublishError, State, StreamChange, StreamWatch, Streams,
};
use server::{NatsServer, credentials};
use tokio_util::sync::CancellationToken;

const STREAMS: &str = include_str!("../../../config/streams.toml");
const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(300);

type Seen = Arc<Mutex<Vec<CourierEvent>>>;

/// Connects as a room, or as a device where `name` is one's.
async fn connect(server: &NatsServer, name: &str, key: u8) -> (Courier, Seen) {
    let seen = Seen::default();
    let told = Arc::clone(&seen);
    let options = ConnectOptions {
        listener: Some(Arc::new(move |event: &CourierEvent| told.lock().unwrap().push(event.clone()))),
        patience: LONG,
        ..options(server, name, key)
    };
    (Courier::connect(options, CancellationToken::new()).await.unwrap(), seen)
}

fn options(server: &NatsServer, name: &str, key: u8) -> ConnectOptions {
    let of = if name.starts_with("dev") { ConnectOptions::of_device } else { ConnectOptions::new };
    of(server.url().to_owned(), credentials(key), name.to_owned())
}

fn streams() -> Streams {
    Streams::parse(STREAMS).unwrap()
}

fn rooms() -> Vec<User> {
    let key = |seed: u8| credentials(seed).public_key();
    vec![
        User::operator("operator", &key(1)),
        User::desk("desk", &key(2)),
        User::recorder("recorder", &key(3)),
        User::verify("verify", &key(4)),
    ]
}

fn device(number: u8) -> DeviceUser {
    DeviceUser {
        device: format!("dev{number}"),
        post: "p7".to_owned(),
        public_key: credentials(100 + number).public_key(),
        shut_out: false,
    }
}

fn with_devices(numbers: &[u8]) -> Vec<User> {
    let devices: Vec<_> = numbers.iter().copied().map(device).collect();
    rooms().into_iter().chain(device_users(&devices).unwrap()).collect()
}

async fn fetch(consumer: &mut DurableConsumer, count: usize) -> Vec<String> {
    let mut texts = Vec::new();
    while texts.len() < count {
        let batch = consumer.fetch(1000, LONG).await.unwrap();
        assert!(!batch.is_empty(), "only {} of {count} came", texts.len());
        texts.extend(batch.into_iter().map(text));
    }
    texts
}

fn text(delivery: Delivery) -> String {
    String::from_utf8(delivery.payload).unwrap()
}

fn numbered(range: std::ops::Range<usize>) -> Vec<Message> {
    let message =
        |number| Message { subject: format!("handin.{}.p7.dev1", number % 64), payload: payload(number) };
    range.map(message).collect()
}

fn payload(number: usize) -> Vec<u8> {
    format!("event {number}").into_bytes()
}

fn texts(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| format!("event {number}")).collect()
}

async fn publish_all(courier: &Courier, range: std::ops::Range<usize>) {
    for result in courier.publish_many(numbered(range)).await {
        result.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_are_ensured_once_and_changed_when_they_differ() {
    let server = NatsServer::start(&rooms());
    let (operator, _) = connect(&server, "operator", 1).await;
    let outcomes = |reports: Vec<propusk_courier::StreamReport>| {
        assert!(
            reports.iter().all(|report| report.differs.is_empty() && !report.unsafe_replicas),
            "{reports:?}"
        );
        reports.into_iter().map(|report| report.outcome).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(operator.ensure_streams(&streams()).await.unwrap()), [Outcome::Created; 5]);
    assert_eq!(outcomes(operator.ensure_streams(&streams()).await.unwrap()), [Outcome::Unchanged; 5]);
    let changed = Streams::parse(&STREAMS.replace("retention_days = 30", "retention_days = 31")).unwrap();
    let report = operator.ensure_streams(&changed.only(&["RECEIPTS"])).await.unwrap();
    assert_eq!(outcomes(report), [Outcome::Updated]);

    operator.publish("trust.signers", "old").await.unwrap();
    operator.publish("trust.signers", "new").await.unwrap();
    assert_eq!(operator.last("TRUST", "trust.signers").await.unwrap().unwrap(), b"new");
    assert_eq!(operator.last("TRUST", "trust.posts").await.unwrap(), None);
    let error = operator.publish("elsewhere", "").await.unwrap_err();
    assert!(matches!(error, PublishError::NoStream { .. }), "{error}");
    let error = operator.publish("trust.big", vec![0; 2 << 20]).await.unwrap_err();
    assert!(matches!(error, PublishError::TooLarge { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_room_can_do_its_work_and_no_more() {
    let server = NatsServer::start(&rooms());
    let (operator, _) = connect(&server, "operator", 1).await;
    operator.ensure_streams(&streams()).await.unwrap();
    let (desk, desk_events) = connect(&server, "desk", 2).await;
    desk.ensure_streams(&streams().only(&["PERMITS"])).await.unwrap();
    desk.publish("permit.1.issued", "permit").await.unwrap();
    let error = desk.publish("receipt.dev1", "forged").await.unwrap_err();
    assert!(matches!(&error, PublishError::Denied { why, .. } if why.contains("Permissions")), "{error}");
    assert!(desk_events.lock().unwrap().iter().any(|event| matches!(event, CourierEvent::Denied { .. })));
    assert!(desk.ensure_streams(&streams().only(&["TRUST"])).await.is_err());

    let (recorder, _) = connect(&server, "recorder", 3).await;
    recorder.ensure_streams(&streams().only(&["HANDINS", "RECEIPTS", "ALERTS"])).await.unwrap();
    recorder.publish("receipt.dev1", "receipt").await.unwrap();
    recorder.publish("alert.forged.p7", "alert").await.unwrap();
    for stream in ["HANDINS", "PERMITS", "TRUST"] {
        DurableConsumer::open(&recorder, stream, "recorder", "").await.unwrap();
    }
    assert!(DurableConsumer::open(&recorder, "PERMITS", "verify", "").await.is_err());

    let (verify, _) = connect(&server, "verify", 4).await;
    let mut permits = DurableConsumer::open(&verify, "PERMITS", "verify", "permit.>").await.unwrap();
    assert_eq!(permits.pending().await.unwrap(), 1);
    assert_eq!(fetch(&mut permits, 1).await, ["permit"]);
    permits.ack_all().await.unwrap();
    assert_eq!(permits.pending().await.unwrap(), 0);
    assert_eq!(verify.last("TRUST", "trust.signers").await.unwrap(), None);
    assert!(matches!(verify.publish("permit.1.revoked", "").await, Err(PublishError::Denied { .. })));
    let denied = verify.request("sync.dev1", "", LONG).await.unwrap_err();
    assert!(matches!(&denied, CourierError::TimedOut { why: Some(_), .. }), "{denied}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_erased_is_gone_from_the_stream_and_from_its_files() {
    let server = NatsServer::start(&rooms());
    let (desk, _) = connect(&server, "desk", 2).await;
    desk.ensure_streams(&streams().only(&["PERMITS"])).await.unwrap();
    let (verify, _) = connect(&server, "verify", 4).await;
    let mut permits = DurableConsumer::open(&verify, "PERMITS", "verify", "permit.>").await.unwrap();
    let (secret, other) = ("a key that is to be destroyed", "another permit's key");
    for (subject, text) in [
        ("permit.1.issued", secret),
        ("permit.2.issued", other),
        ("permit.1.corrected", secret),
        ("permit.1.issued", secret),
        ("permit.1.purged", "tombstone"),
    ] {
        desk.publish(subject, text).await.unwrap();
    }
    wait_for_files(&server, secret, true).await;
    assert_eq!(desk.erase("PERMITS", "permit.1.issued").await.unwrap(), 2);
    assert_eq!(desk.erase("PERMITS", "permit.1.corrected").await.unwrap(), 1);
    assert_eq!(desk.erase("PERMITS", "permit.1.issued").await.unwrap(), 0, "asking again does no harm");
    assert_eq!(fetch(&mut permits, 2).await, [other, "tombstone"]);
    wait_for_files(&server, secret, false).await;
    assert!(server.holds(other), "the others stay");
    let mut watch = StreamWatch::open(&desk, "PERMITS", None);
    assert_eq!(watch.check().await.unwrap(), None);
    desk.erase("PERMITS", "permit.1.purged").await.unwrap();
    assert_eq!(watch.check().await.unwrap(), None, "an erased message is no lost stream");
    assert!(verify.erase("PERMITS", "permit.2.issued").await.is_err(), "only a desk erases");
}

/// The server writes its blocks to their files a moment later.
async fn wait_for_files(server: &NatsServer, text: &str, there: bool) {
    for _ in 0..600 {
        if server.holds(text) == there {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{text:?} in the server's files: {}", !there);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_acked_twice_across_a_kill_9() {
    let mut server = NatsServer::start(&with_devices(&[1]));
    let (recorder, events) = connect(&server, "recorder", 3).await;
    recorder.ensure_streams(&streams().only(&["HANDINS"])).await.unwrap();
    let (device, _) = connect(&server, "dev1", 101).await;
    publish_all(&device, 0..300).await;
    let mut consumer = DurableConsumer::open(&recorder, "HANDINS", "recorder", "handin.>").await.unwrap();
    assert_eq!(fetch(&mut consumer, 300).await, texts(0..300));
    consumer.ack_all().await.unwrap();
    publish_all(&device, 300..600).await;
    let mut first = Vec::new();
    while first.len() < 100 {
        first.extend(consumer.fetch(100 - first.len(), LONG).await.unwrap().into_iter().map(text));
    }
    assert_eq!(first, texts(300..400));

    server.kill();
    while recorder.is_connected() || device.is_connected() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(consumer.ack_all().await.is_err());
    assert_eq!(consumer.fetch(10, SHORT).await.unwrap(), []);
    assert!(matches!(device.publish("handin.1.p7.dev1", "").await, Err(PublishError::NotConnected { .. })));
    server.restart();
    assert!(recorder.wait_until_connected(LONG).await && device.wait_until_connected(LONG).await);
    publish_all(&device, 600..700).await;
    // What was acked does not come again, though the broker had no time to write it down; the rest does.
    assert_eq!(fetch(&mut consumer, 400).await, texts(300..700));
    consumer.ack_all().await.unwrap();
    assert_eq!(consumer.fetch(10, SHORT).await.unwrap(), []);
    let lost = |event: &CourierEvent| matches!(event, CourierEvent::StreamChanged { .. });
    assert!(!events.lock().unwrap().iter().any(lost), "{events:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restarted_room_gets_what_it_did_not_ack() {
    let server = NatsServer::start(&with_devices(&[1]));
    let (recorder, _) = connect(&server, "recorder", 3).await;
    recorder.ensure_streams(&streams().only(&["HANDINS"])).await.unwrap();
    let (device, _) = connect(&server, "dev1", 101).await;
    publish_all(&device, 0..30).await;
    let mut consumer = DurableConsumer::open(&recorder, "HANDINS", "recorder", "handin.>").await.unwrap();
    assert_eq!(consumer.fetch(10, LONG).await.unwrap().len(), 10);
    consumer.ack_all().await.unwrap();
    assert_eq!(consumer.fetch(10, LONG).await.unwrap().len(), 10);
    assert_eq!(consumer.pending().await.unwrap(), 20);
    drop(consumer);
    let mut consumer = DurableConsumer::open(&recorder, "HANDINS", "recorder", "handin.>").await.unwrap();
    assert_eq!(fetch(&mut consumer, 20).await, texts(10..30));
    consumer.ack_all().await.unwrap();
    drop(consumer);
    let mut consumer = DurableConsumer::open(&recorder, "HANDINS", "recorder", "handin.>").await.unwrap();
    assert_eq!(consumer.fetch(10, SHORT).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ack_covers_what_was_fetched_before_it_and_nothing_of_another_life() {
    let server = NatsServer::start(&with_devices(&[1]));
    let (recorder, _) = connect(&server, "recorder", 3).await;
    recorder.ensure_streams(&streams().only(&["HANDINS"])).await.unwrap();
    let (device, _) = connect(&server, "dev1", 101).await;
    publish_all(&device, 0..30).await;
    let mut consumer = DurableConsumer::open(&recorder, "HANDINS", "recorder", "handin.>").await.unwrap();
    assert_eq!(consumer.fetch(10, LONG).await.unwrap().len(), 10);
    let first = consumer.take_ack().await.unwrap();
    assert_eq!(consumer.behind(), 20);
    assert_eq!(consumer.fetch(10, LONG).await.unwrap().len(), 10);
    let second = consumer.take_ack().await.unwrap();
    assert!(consumer.take_ack().await.is_none());
    first.send().await.unwrap();
    assert_eq!(consumer.pending().await.unwrap(), 20);
    // Another client makes the consumer anew: its numbers begin again.
    drop(DurableConsumer::open(&recorder, "HANDINS", "recorder", "handin.>").await.unwrap());
    assert_eq!(fetch(&mut consumer, 20).await, texts(10..30));
    second.send().await.unwrap();
    assert_eq!(consumer.pending().await.unwrap(), 20);
    consumer.ack_all().await.unwrap();
    assert_eq!(consumer.pending().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_that_went_astray_come_again() {
    let server = NatsServer::start(&with_devices(&[1]));
    let (recorder, events) = connect(&server, "recorder", 3).await;
    recorder.ensure_streams(&streams().only(&["HANDINS"])).await.unwrap();
    let (device, _) = connect(&server, "dev1", 101).await;
    let mut consumer = DurableConsumer::open(&recorder, "HANDINS", "recorder", "handin.>").await.unwrap();
    // Another client takes deliveries of the same consumer and says nothing, as a broken connection would.
    let mut thief = DurableConsumer::open(&recorder, "HANDINS", "recorder", "handin.>").await.unwrap();
    publish_all(&device, 0..5).await;
    assert_eq!(thief.fetch(3, LONG).await.unwrap().len(), 3);
    assert_eq!(fetch(&mut consumer, 5).await, texts(0..5));
    consumer.ack_all().await.unwrap();
    assert_eq!(consumer.pending().await.unwrap(), 0);
    let repeated = |event: &CourierEvent| matches!(event, CourierEvent::DeliveriesRepeated { .. });
    assert!(events.lock().unwrap().iter().any(repeated));
}

/// Nobody reads the connection while this thread stands still, and the request is over before anybody does.
#[tokio::test(flavor = "current_thread")]
async fn what_comes_while_the_process_stands_still_is_not_passed_over() {
    let server = NatsServer::start(&with_devices(&[1]));
    let (recorder, _) = connect(&server, "recorder", 3).await;
    recorder.ensure_streams(&streams().only(&["HANDINS"])).await.unwrap();
    let mut consumer = DurableConsumer::open(&recorder, "HANDINS", "recorder", "handin.>").await.unwrap();
    assert!(consumer.fetch(10, Duration::from_millis(20)).await.unwrap().is_empty());
    std::thread::scope(|scope| {
        let elsewhere = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let publish = async {
            let (device, _) = connect(&server, "dev1", 101).await;
            publish_all(&device, 0..1).await;
            tokio::time::sleep(SHORT).await;
        };
        scope.spawn(move || elsewhere.block_on(publish)).join().unwrap();
    });
    consumer.let_request_be_over();
    // It would come again after a minute.
    let came = consumer.fetch(10, LONG / 3).await.unwrap();
    assert_eq!(came.into_iter().map(text).collect::<Vec<_>>(), texts(0..1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fetch_that_is_dropped_half_way_loses_nothing() {
    let server = NatsServer::start(&with_devices(&[1]));
    let (recorder, _) = connect(&server, "recorder", 3).await;
    recorder.ensure_streams(&streams().only(&["HANDINS"])).await.unwrap();
    let (device, _) = connect(&server, "dev1", 101).await;
    let mut consumer = DurableConsumer::open(&recorder, "HANDINS", "recorder", "handin.>").await.unwrap();
    let waiting = tokio::time::timeout(Duration::from_millis(20), consumer.fetch(50, LONG)).await;
    assert!(waiting.is_err(), "nothing is there yet");
    let publishing = tokio::spawn(async move { publish_all(&device, 0..300).await });
    let mut got: Vec<String> = Vec::new();
    let mut patience = Duration::from_micros(500);
    while got.len() < 300 {
        tokio::select! {
            biased;
            batch = consumer.fetch(50, LONG) => {
                // Dropped just while it asked the broker, a fetch may have left deliveries that come again.
                let new = batch.unwrap().into_iter().map(text).filter(|text| !got.contains(text));
                got.extend(new.collect::<Vec<_>>());
            }
            // A little later each time, or a slow machine would never get anywhere.
            () = tokio::time::sleep(patience) => patience += Duration::from_micros(50),
        }
    }
    publishing.await.unwrap();
    assert_eq!(got, texts(0..300));
    consumer.ack_all().await.unwrap();
    assert_eq!(consumer.pending().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wiped_broker_gets_its_streams_again_and_is_read_from_the_start() {
    let mut server = NatsServer::start(&with_devices(&[1]));
    let (recorder, events) = connect(&server, "recorder", 3).await;
    recorder.ensure_streams(&streams().only(&["HANDINS"])).await.unwrap();
    let (device, _) = connect(&server, "dev1", 101).await;
    publish_all(&device, 0..50).await;
    let mut consumer = DurableConsumer::open(&recorder, "HANDINS", "recorder", "handin.>").await.unwrap();
    fetch(&mut consumer, 50).await;
    consumer.ack_all().await.unwrap();
    let mut watch = StreamWatch::open(&recorder, "HANDINS", None);
    assert_eq!(watch.check().await.unwrap(), None);
    let identity = watch.identity().unwrap().to_owned();

    server.kill();
    server.wipe();
    server.restart();
    assert!(recorder.wait_until_connected(LONG).await);
    // Nothing is there to be fetched, but looking for it makes the stream anew.
    assert_eq!(consumer.fetch(10, Duration::from_secs(2)).await.unwrap(), []);
    let missing = CourierEvent::StreamChanged { stream: "HANDINS".to_owned(), change: StreamChange::Missing };
    assert!(events.lock().unwrap().contains(&missing), "{events:?}");
    // The device has no receipt, so it sends everything again: the old sequence numbers are used anew.
    assert!(device.wait_until_connected(LONG).await);
    publish_all(&device, 0..60).await;
    assert_eq!(fetch(&mut consumer, 60).await, texts(0..60));
    consumer.ack_all().await.unwrap();
    assert_eq!(watch.check().await.unwrap(), Some(StreamChange::Recreated));
    assert_eq!(watch.check().await.unwrap(), None);
    let mut later = StreamWatch::open(&recorder, "HANDINS", Some(identity));
    assert_eq!(later.check().await.unwrap(), Some(StreamChange::Recreated));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_lost_its_tail_is_read_from_the_start() {
    let mut server = NatsServer::start(&with_devices(&[1]));
    let (recorder, events) = connect(&server, "recorder", 3).await;
    recorder.ensure_streams(&streams().only(&["HANDINS"])).await.unwrap();
    let (device, _) = connect(&server, "dev1", 101).await;
    let mut consumer = DurableConsumer::open(&recorder, "HANDINS", "recorder", "handin.>").await.unwrap();
    publish_all(&device, 0..20).await;
    fetch(&mut consumer, 20).await;
    consumer.ack_all().await.unwrap();
    server.kill();
    let earlier = server.copy_store();
    server.restart();
    assert!(recorder.wait_until_connected(LONG).await && device.wait_until_connected(LONG).await);
    publish_all(&device, 20..40).await;
    assert_eq!(fetch(&mut consumer, 20).await, texts(20..40));
    consumer.ack_all().await.unwrap();

    // The disk goes back to what it was; others fill the lost places before the consumer looks again.
    server.kill();
    server.put_store_back(&earlier);
    server.restart();
    assert!(recorder.wait_until_connected(LONG).await && device.wait_until_connected(LONG).await);
    publish_all(&device, 40..80).await;
    let mut got = Vec::new();
    while got.last() != Some(&"event 79".to_owned()) {
        got.extend(consumer.fetch(1000, LONG).await.unwrap().into_iter().map(text));
    }
    assert_eq!(got[got.len() - 60..], [texts(0..20), texts(40..80)].concat());
    let lost = CourierEvent::StreamChanged { stream: "HANDINS".to_owned(), change: StreamChange::TailLost };
    assert!(events.lock().unwrap().contains(&lost), "{events:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_is_itself_and_nobody_else() {
    let server = NatsServer::start(&with_devices(&[1, 2]));
    let (recorder, _) = connect(&server, "recorder", 3).await;
    recorder.ensure_streams(&streams().only(&["HANDINS", "RECEIPTS"])).await.unwrap();
    let (one, _) = connect(&server, "dev1", 101).await;
    let (two, two_events) = connect(&server, "dev2", 102).await;
    one.publish("handin.12.p7.dev1", "mine").await.unwrap();
    for foreign in ["handin.12.p7.dev2", "handin.12.p8.dev1", "receipt.dev1", "permit.1.issued"] {
        let error = one.publish(foreign, "forged").await.unwrap_err();
        assert!(matches!(error, PublishError::Denied { .. }), "{foreign}: {error}");
    }
    let mut mine = one.subscribe("receipt.dev1").await.unwrap();
    let mut others = two.subscribe("receipt.dev1").await.unwrap();
    let mut everything = two.subscribe(">").await.unwrap();
    let _answers = two.subscribe("_INBOX.dev1.>").await.unwrap();
    // Nobody says when the server has read a subscription, so receipts are sent until one comes.
    let first = loop {
        recorder.publish("receipt.dev1", "receipt").await.unwrap();
        if let Ok(first) = tokio::time::timeout(SHORT, mine.next()).await {
            break first.unwrap();
        }
    };
    assert_eq!((first.subject.as_str(), first.payload.as_slice()), ("receipt.dev1", &b"receipt"[..]));
    assert!(tokio::time::timeout(SHORT, others.next()).await.is_err());
    assert!(tokio::time::timeout(SHORT, everything.next()).await.is_err());
    for what in ["\"receipt.dev1\"", "\">\"", "\"_INBOX.dev1.>\""] {
        let denied = |event: &CourierEvent| matches!(event, CourierEvent::Denied { what: said } if said.contains(what));
        assert!(two_events.lock().unwrap().iter().any(denied), "{two_events:?}");
    }
    assert!(two.last("HANDINS", "handin.12.p7.dev1").await.is_err());
    assert!(two.ensure_streams(&streams().only(&["HANDINS"])).await.is_err());
}

/// Waits until the server has said why it lets nobody in.
async fn until_refused(courier: &Courier) {
    loop {
        match courier.state() {
            State::Connecting { why: Some(_) } => return,
            State::Connecting { why: None } => tokio::time::sleep(SHORT).await,
            state => panic!("{state:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_come_and_go_by_a_reload() {
    let server = NatsServer::start(&with_devices(&[]));
    let (recorder, _) = connect(&server, "recorder", 3).await;
    recorder.ensure_streams(&streams().only(&["HANDINS"])).await.unwrap();
    let options = ConnectOptions { patience: SHORT, ..options(&server, "dev1", 101) };
    let device = Courier::connect(options, CancellationToken::new()).await.unwrap();
    until_refused(&device).await;
    server.reload(&with_devices(&[1, 2]));
    assert!(device.wait_until_connected(LONG).await, "{:?}", device.state());
    device.publish("handin.1.p7.dev1", "hello").await.unwrap();
    server.reload(&with_devices(&[2]));
    while device.is_connected() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(!device.wait_until_connected(SHORT).await);
    assert!(recorder.is_connected(), "the others stay connected");
    server.reload(&with_devices(&[1, 2]));
    assert!(device.wait_until_connected(LONG).await, "{:?}", device.state());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_are_answered() {
    let server = NatsServer::start(&with_devices(&[1]));
    let (recorder, told) = connect(&server, "recorder", 3).await;
    let (device, _) = connect(&server, "dev1", 101).await;
    let nobody = device.request("sync.dev1", "?", LONG).await.unwrap_err();
    assert!(matches!(nobody, CourierError::NobodyAnswers { .. }), "{nobody}");
    let mut questions = recorder.serve("sync.*").await.unwrap();
    let answering = tokio::spawn(async move {
        let question = questions.next().await.unwrap();
        assert!(question.waits_as("dev1") && !question.waits_as("dev") && !question.waits_as("dev2"));
        let answer = format!("{} on {}", question.payload.len(), question.subject);
        question.respond(answer).await.unwrap();
        let unanswered = questions.next().await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        drop(unanswered);
    });
    let answer = loop {
        match device.request("sync.dev1", "four", LONG).await {
            // The server has not read the subscription yet.
            Err(CourierError::NobodyAnswers { .. }) => tokio::time::sleep(Duration::from_millis(10)).await,
            answer => break answer.unwrap(),
        }
    };
    assert_eq!(answer, b"4 on sync.dev1");
    // Devices are answered, and nobody else: the answers that other rooms wait for are the server's.
    recorder.send("_INBOX_desk.1", "forged").await.unwrap();
    let denied = |event: &CourierEvent| matches!(event, CourierEvent::Denied { what } if what.contains("_INBOX_desk.1"));
    while !told.lock().unwrap().iter().any(denied) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let late = device.request("sync.dev1", "", SHORT).await.unwrap_err();
    assert!(matches!(late, CourierError::TimedOut { why: None, .. }), "{late}");
    answering.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_server_connecting_returns_and_goes_on_trying() {
    let mut server = NatsServer::start(&rooms());
    server.kill();
    let shutdown = CancellationToken::new();
    let options =
        ConnectOptions { patience: SHORT, ..ConnectOptions::new(server.url(), credentials(1), "operator") };
    let operator = Courier::connect(options, shutdown.clone()).await.unwrap();
    assert!(matches!(operator.state(), State::Connecting { .. }));
    assert!(matches!(operator.publish("trust.x", "").await, Err(PublishError::NotConnected { .. })));
    assert!(matches!(operator.request("sync.x", "", LONG).await, Err(CourierError::NotConnected { .. })));
    let mut early = DurableConsumer::open(&operator, "TRUST", "operator", "").await.unwrap();
    assert_eq!(early.fetch(1, SHORT).await.unwrap(), []);
    server.restart();
    assert!(operator.wait_until_connected(LONG).await);
    operator.ensure_streams(&streams()).await.unwrap();
    operator.publish("trust.x", "late").await.unwrap();
    assert_eq!(fetch(&mut early, 1).await, ["late"]);
    shutdown.cancel();
    assert_eq!(operator.state(), State::Closed);
    assert_eq!(early.fetch(1, SHORT).await.unwrap(), []);

    let far = ConnectOptions::new("nats://192.0.2.1:4222", credentials(1), "operator");
    let error = Courier::connect(far, CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, CourierError::PlainTcp { .. }), "{error}");
}

/// The client itself would wait until the server is back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_under_way_when_the_connection_breaks_is_given_up() {
    let mut server = NatsServer::start(&rooms());
    let (courier, _) = connect(&server, "recorder", 3).await;
    server.pause();
    // More than two sockets hold.
    let message = Message { subject: "receipt.dev1".to_owned(), payload: vec![0; 500_000] };
    let sender = courier.clone();
    let sending = tokio::spawn(async move { sender.send_many(vec![message; 64]).await });
    tokio::time::sleep(SHORT).await;
    assert!(!sending.is_finished());
    server.kill();
    let sent = tokio::time::timeout(LONG, sending).await.expect("it waits for a server that is gone");
    assert!(matches!(sent.unwrap(), Err(CourierError::NotConnected { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_are_not_let_in() {
    let server = NatsServer::start(&rooms());
    let stranger = Credentials::generate([250; 32]).unwrap();
    let options =
        ConnectOptions { patience: SHORT, ..ConnectOptions::new(server.url(), stranger, "operator") };
    let stranger = Courier::connect(options, CancellationToken::new()).await.unwrap();
    until_refused(&stranger).await;
}

#[test]
fn the_shipped_example_of_users_is_one_that_the_server_takes() {
    let example = include_str!("../../../config/nats/users.conf.example");
    let dir = tempfile::tempdir().unwrap();
    server::assert_valid(dir.path(), example);
    let shown: Vec<_> = example.lines().filter(|line| line.contains("allow:")).map(str::trim).collect();
    let rendered = propusk_courier::server::render_users(&[User::device(&DeviceUser {
        device: "dev42".to_owned(),
        ..device(1)
    })]);
    for line in shown {
        assert!(rendered.as_ref().unwrap().contains(line), "{line}");
    }
}
