//! Scan to verdict, offline, beside one P-256 verification and one fdatasync in the same run.
//!
//! A scan is what a soldier waits for: the text recognised, the seal verified, judged with what the device knows, held
//! against the passport, signed, written and synced. The two are measured in turn, so that whatever the machine does
//! beside them meets both.

#![allow(clippy::expect_used, reason = "a bench's own specimens")]
#![allow(missing_docs, reason = "criterion_group! makes a public function without a comment")]

use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use propusk_boot::config::Config;
use propusk_boot::{Clock, Language, Setting};
use propusk_handheld::config::HandheldConfig;
use propusk_handheld::lane::{Lane, Step};
use propusk_handheld::scan::Post;
use propusk_handheld::training::Training;
use propusk_region::Region;

/// Scans of each kind; the 99th percentile of them is the tenth worst.
const ROUNDS: usize = 1000;
/// Bytes that the bare write puts on disk: a hand-in with what sled writes around it has about as many.
const RECORD: usize = 512;

/// The bare minimum: a file that grows, and a signature over as many bytes as a seal has.
struct Bare {
    file: File,
    key: p256::ecdsa::SigningKey,
    signature: p256::ecdsa::Signature,
    seal: Vec<u8>,
}

impl Bare {
    fn new(dir: &Path) -> Self {
        let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key");
        let seal = vec![5; 300];
        let signature = key.sign(&seal);
        Self { file: File::create(dir.join("bare")).expect("a file"), key, signature, seal }
    }

    fn verify(&self) {
        self.key.verifying_key().verify(black_box(&self.seal), &self.signature).expect("it fits");
    }

    fn write(&mut self) {
        self.file.write_all(&[7; RECORD]).expect("written");
        self.file.sync_data().expect("synced");
    }
}

fn setting(dir: &Path) -> Setting {
    let config = Config::load(None).expect("the shipped configuration");
    let (clock, data) = (Clock::system(), dir.to_owned());
    Setting { config, clock, language: Language::En, data, json: false }
}

fn benches(criterion: &mut Criterion) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let setting = setting(folder.path());
    let config: HandheldConfig = setting.config.section("handheld").expect("its section");
    let region = Region::default_region().expect("the shipped region");
    let zone = region.zone(region.post("karasay").expect("a post").zone.as_str()).expect("a zone").bit;
    let mut drawn = 0_u8;
    let draw = || {
        drawn += 1;
        Ok([drawn; 32])
    };
    let training =
        Training::begin(folder.path(), "karasay", zone, setting.clock.now(), draw).expect("a device");
    let post = Post { device: &training.device, config: &config, region: &region, setting: &setting };
    let lesson = training.lesson("=1").expect("the good permit");
    let once = || verdict(&post, lesson);
    assert_eq!(once(), "accept");
    let mut bare = Bare::new(folder.path());

    let mut group = criterion.benchmark_group("scan to verdict");
    group.sample_size(50).measurement_time(Duration::from_secs(3));
    group.bench_function("one P-256 verification", |bench| bench.iter(|| bare.verify()));
    group.bench_function("one fdatasync", |bench| bench.iter(|| bare.write()));
    group.bench_function("the whole", |bench| bench.iter(&once));
    group.finish();

    let (mut minimum, mut whole) = (vec![], vec![]);
    for _ in 0..ROUNDS {
        minimum.push(took(|| {
            bare.verify();
            bare.write();
        }));
        whole.push(took(|| {
            once();
        }));
    }
    for percent in [50, 99] {
        let (minimum, whole) = (percentile(&mut minimum, percent), percentile(&mut whole, percent));
        let ratio = whole.as_secs_f64() / minimum.as_secs_f64();
        println!(
            "p{percent}: scan to verdict {whole:?}, verification and fdatasync {minimum:?}: {ratio:.2} times"
        );
    }
}

/// What the prompt does with the texts of a scanner, from the first to the verdict.
fn verdict(post: &Post<'_>, texts: &[String]) -> &'static str {
    let mut lane = Lane::default();
    // Looked at only: the same copy may come again.
    let _ = lane.take("l");
    let steps = texts.iter().flat_map(|text| lane.take(black_box(text)));
    let scan = steps.filter_map(|step| if let Step::Judge(scan) = step { Some(scan) } else { None }).next();
    post.scan(&scan.expect("a whole group"), "41").expect("on disk").0.verdict()
}

fn took(what: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    what();
    begun.elapsed()
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

criterion_group!(all, benches);
criterion_main!(all);
