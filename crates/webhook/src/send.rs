//! Sending: what is due is POSTed; what fails waits ever longer, and is given up at last.

use std::time::Duration;

use metrics::counter;
use propusk_boot::{Clock, random};
use tokio::task::{block_in_place, spawn_blocking};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crate::outbox::{Waiting, Webhooks};
use crate::sign;

/// Pause between two looks at the outbox.
const ROUND: Duration = Duration::from_millis(500);
/// The first pause after a failure; each further one is twice as long, …
const FIRST_PAUSE_MS: i64 = 2_000;
/// … up to this.
const LONGEST_PAUSE_MS: i64 = 6 * 3_600_000;
/// A pause is shorter by up to this part, so that many senders that failed together don't come back together.
const JITTER_PERCENT: i64 = 30;

impl Webhooks {
    /// Sends until the stop. `clock` is the room's.
    ///
    /// # Errors
    /// The store fails.
    pub async fn run(&self, clock: Clock, stop: &CancellationToken) -> anyhow::Result<()> {
        while !stop.is_cancelled() {
            for (row, message) in block_in_place(|| self.due(clock.now().as_millisecond()))? {
                let (webhooks, now_ms) = (self.clone(), clock.now().as_millisecond());
                let sending = spawn_blocking(move || webhooks.send(row, message, now_ms));
                // Whoever takes long keeps the room from nothing, from stopping neither: what it takes then comes again.
                let answered =
                    tokio::select! { sent = sending => sent??, () = stop.cancelled() => return Ok(()) };
                if !answered {
                    break;
                }
            }
            tokio::select! { () = tokio::time::sleep(ROUND) => {}, () = stop.cancelled() => {} }
        }
        Ok(())
    }

    /// Sends one message, or gives it up where it waits for too long; false where nobody answers, so that the others need
    /// not be tried now.
    fn send(&self, row: Vec<u8>, message: Waiting, now_ms: i64) -> anyhow::Result<bool> {
        if now_ms - message.since_ms > self.wishes.give_up_ms {
            counter!("propusk_webhooks_total", "outcome" => "given-up").increment(1);
            error!(id = message.id, kind = message.kind, attempts = message.failed, "A webhook is given up.");
            self.strike(row)?;
            return Ok(true);
        }
        let seconds = now_ms / 1000;
        let signature = sign(&self.wishes.secret, &message.id, seconds, &message.body)?;
        let headers = [
            ("webhook-id", message.id.as_str()),
            ("webhook-timestamp", &seconds.to_string()),
            ("webhook-signature", &signature),
        ];
        let answer = self.wishes.receiver.tell(&headers, &message.body);
        let why = match &answer {
            Ok(200..=299) => {
                counter!("propusk_webhooks_total", "outcome" => "delivered").increment(1);
                self.strike(row)?;
                return Ok(true);
            }
            Ok(status) => format!("status {status}"),
            Err(error) => error.to_string(),
        };
        counter!("propusk_webhooks_total", "outcome" => "failed").increment(1);
        let pause = pause_ms(message.failed, u32::from_be_bytes(random::bytes()?));
        warn!(
            id = message.id,
            kind = message.kind,
            why,
            again_in_ms = pause,
            "A webhook was not taken; it waits."
        );
        let failed = message.failed.saturating_add(1);
        self.postpone(row, now_ms + pause, &Waiting { failed, ..message })?;
        Ok(answer.is_ok())
    }
}

/// How long a message waits that failed so often before; `random` is any number.
fn pause_ms(failed: u32, random: u32) -> i64 {
    let whole = FIRST_PAUSE_MS.saturating_mul(1 << failed.min(20)).min(LONGEST_PAUSE_MS);
    whole - whole * JITTER_PERCENT / 100 * i64::from(random % 1000) / 1000
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::thread;

    use propusk_boot::client::Receiver;
    use propusk_store::{Options, Store};
    use serde_json::json;

    use super::*;
    use crate::section::Wishes;
    use crate::{Event, Secret};

    const NOW: i64 = 1_790_000_000_000;
    const DAY_MS: i64 = 24 * 3_600_000;

    /// Somebody who gives these answers, one a connection, and nothing else.
    fn answering(answers: Vec<String>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = Vec::new();
                while !request.ends_with(b"}") {
                    let mut part = [0; 1024];
                    let read = stream.read(&mut part).unwrap();
                    request.extend_from_slice(&part[..read]);
                }
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        url
    }

    fn outbox(folder: &std::path::Path, url: &str) -> Webhooks {
        let store = Store::open(&folder.join("work"), Options::default()).unwrap();
        let wishes = Wishes {
            receiver: Receiver::new(url).unwrap(),
            secret: Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap(),
            events: ["permit.issued".to_owned()].into(),
            give_up_ms: 3 * DAY_MS,
        };
        Webhooks { wishes: Arc::new(wishes), store }
    }

    fn note(webhooks: &Webhooks, id: &str, kind: &str) {
        let mut draft = webhooks.store.begin();
        let event = Event { id, kind, at_ms: NOW - 30 * DAY_MS, data: json!({"version": 1}) };
        webhooks.note(&mut draft, &event, NOW).unwrap();
        webhooks.store.commit(draft).unwrap();
    }

    fn send_first(webhooks: &Webhooks, now_ms: i64) -> bool {
        let (row, message) = webhooks.due(now_ms).unwrap().remove(0);
        webhooks.send(row, message, now_ms).unwrap()
    }

    #[test]
    fn a_message_waits_until_it_is_taken_or_given_up() {
        let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
        elsewhere.set_nonblocking(true).unwrap();
        let moved = format!("location: http://{}/", elsewhere.local_addr().unwrap());
        let answer =
            |head: &str| format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let url = answering(vec![
            answer(&format!("307 Temporary Redirect\r\n{moved}")),
            answer("204 No Content"),
            answer("500 Internal Server Error"),
        ]);
        let folder = tempfile::tempdir().unwrap();
        let webhooks = outbox(folder.path(), &url);
        note(&webhooks, "permit_1", "permit.issued");
        note(&webhooks, "permit_1", "permit.issued");
        note(&webhooks, "permit_2", "permit.printed");
        assert_eq!(webhooks.due(NOW).unwrap().len(), 1, "once, and only what is to be told");
        assert!(send_first(&webhooks, NOW), "somebody answered");
        assert!(elsewhere.accept().is_err(), "a redirect is not followed");
        assert!(webhooks.due(NOW).unwrap().is_empty(), "it waits");
        let later = NOW + FIRST_PAUSE_MS;
        assert_eq!(webhooks.due(later).unwrap()[0].1.failed, 1);
        send_first(&webhooks, later);
        assert!(webhooks.due(i64::MAX).unwrap().is_empty(), "taken");
        note(&webhooks, "permit_3", "permit.issued");
        assert!(send_first(&webhooks, NOW + 3 * DAY_MS), "tried on the last day");
        assert!(send_first(&webhooks, NOW + 4 * DAY_MS));
        assert!(webhooks.due(i64::MAX).unwrap().is_empty(), "given up");
        note(&webhooks, "permit_4", "permit.issued");
        assert!(!send_first(&webhooks, NOW), "nobody is there any more");
        assert_eq!(webhooks.due(later).unwrap().len(), 1);
    }

    #[test]
    fn what_is_new_does_not_overtake_what_waits() {
        let folder = tempfile::tempdir().unwrap();
        let webhooks = outbox(folder.path(), "http://127.0.0.1:9/");
        note(&webhooks, "old", "permit.issued");
        assert!(!send_first(&webhooks, NOW));
        let mut draft = webhooks.store.begin();
        let later = NOW + 60_000;
        for number in 0..100 {
            let event =
                Event { id: &format!("new-{number}"), kind: "permit.issued", at_ms: later, data: json!({}) };
            webhooks.note(&mut draft, &event, later).unwrap();
        }
        webhooks.store.commit(draft).unwrap();
        assert_eq!(webhooks.due(later).unwrap()[0].1.id, "old");
    }

    #[test]
    fn pauses_grow_to_a_limit_and_differ() {
        assert_eq!((pause_ms(0, 0), pause_ms(1, 0), pause_ms(5, 0)), (2_000, 4_000, 64_000));
        assert_eq!(pause_ms(u32::MAX, 0), LONGEST_PAUSE_MS);
        for random in [1, 999, u32::MAX] {
            assert!((1_400..=2_000).contains(&pause_ms(0, random)), "{random}");
        }
        assert_ne!(pause_ms(3, 1), pause_ms(3, 500));
    }
}
