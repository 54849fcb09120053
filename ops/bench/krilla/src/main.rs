//! Waits for turns on its standard input: first an order as JSON, then how often to draw it. Answers with the seconds of
//! processor time and the bytes of one document. It signs each seal's bytes as often as it draws them.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a benchmark fails by panicking")]

use std::hint::black_box;
use std::io::BufRead as _;

use propusk_bench_krilla::{Krilla, Order};
use propusk_seal::{SigningKey, read_scan};
use rustix::time::{ClockId, clock_gettime};

fn main() {
    let mut lines = std::io::stdin().lock().lines().map(Result::unwrap);
    let order: Order = serde_json::from_str(&lines.next().unwrap()).unwrap();
    let seals = order.seals.clone();
    let bytes: Vec<_> = seals.iter().map(|seal| read_scan(seal.as_bytes()).unwrap()).collect();
    let krilla = Krilla::new(order);
    let key = SigningKey::from_bytes(&[7; 32]).unwrap();
    println!("ready");
    for line in lines {
        let begun = seconds();
        let mut size = 0;
        for _ in 0..line.parse::<usize>().unwrap() {
            for bytes in &bytes {
                let _ = black_box(key.sign(bytes));
            }
            size = black_box(krilla.draw(&seals)).len();
        }
        println!("{} {size}", seconds() - begun);
    }
}

/// This thread's processor time.
fn seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
