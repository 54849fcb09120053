//! Reading and validating one TD3 MRZ: `propusk-passport` beside a plain loop over the five check sums, the `mrz` crate
//! and the `mrtd` crate, measured by criterion in one run. The ratios are what counts; a missed target ends with 1.
//!
//! Start it with `ops/bench/run`.

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use criterion::Criterion;
use propusk_passport::{Date, Zone, read_mrz};

/// The specimen of Doc 9303-4, in the code `P<` that all of the libraries know.
const LINES: [&str; 2] =
    ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
const GROUP: &str = "one TD3";
const LOOP: &str = "plain loop over the five check sums";
const ZONE: &str = "propusk-passport, Zone read and validated";
const DOCUMENT: &str = "propusk-passport, read_mrz with findings";
const MRZ: &str = "mrz 0.9.1";
const MRTD: &str = "mrtd 0.5.2";

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/criterion");
    let mut criterion = Criterion::default()
        .output_directory(&folder)
        .without_plots()
        .warm_up_time(Duration::from_secs(2))
        .measurement_time(Duration::from_secs(6));
    measure(&mut criterion);
    let Some(table) = Table::read(&folder) else {
        eprintln!("criterion left no estimates in {}", folder.display());
        return ExitCode::from(2);
    };
    if table.show() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn measure(criterion: &mut Criterion) {
    let today = Date::constant(2026, 6, 1);
    let joined = LINES.concat();
    let mut group = criterion.benchmark_group(GROUP);
    group.bench_function(LOOP, |bench| bench.iter(|| five_sums(black_box(LINES[1].as_bytes()))));
    group.bench_function(ZONE, |bench| {
        bench.iter(|| Zone::read(black_box(&LINES)).is_ok_and(|zone| zone.valid(today)));
    });
    group.bench_function(DOCUMENT, |bench| bench.iter(|| read_mrz(black_box(&LINES), today).valid()));
    group.bench_function(MRZ, |bench| {
        bench.iter(|| {
            let [first, second] = black_box(LINES);
            mrz::parse_td3(first, second).is_ok_and(|document| document.valid())
        });
    });
    group.bench_function(MRTD, |bench| bench.iter(|| mrtd::parse(black_box(&joined)).is_ok()));
    group.finish();
}

/// The five check sums of a TD3's second line as they are usually written: a table of weights, one character at a time.
fn five_sums(line: &[u8]) -> [u32; 5] {
    const WEIGHTS: [u32; 3] = [7, 3, 1];
    let sum = |spans: &[std::ops::Range<usize>]| {
        let mut sum = 0;
        let mut place = 0;
        for span in spans {
            for byte in &line[span.clone()] {
                let value = match byte {
                    b'0'..=b'9' => u32::from(byte - b'0'),
                    b'A'..=b'Z' => u32::from(byte - b'A') + 10,
                    _ => 0,
                };
                sum += value * WEIGHTS[place % 3];
                place += 1;
            }
        }
        sum % 10
    };
    [sum(&[0..9]), sum(&[13..19]), sum(&[21..27]), sum(&[28..42]), sum(&[0..10, 13..20, 21..43])]
}

/// The median nanoseconds of each contender.
struct Table {
    rows: [(&'static str, f64); 5],
}

impl Table {
    fn read(folder: &Path) -> Option<Self> {
        let median = |name: &'static str| {
            let path = folder.join(GROUP).join(name).join("new/estimates.json");
            let text = std::fs::read_to_string(path).ok()?;
            let estimates: serde_json::Value = serde_json::from_str(&text).ok()?;
            Some((name, estimates["median"]["point_estimate"].as_f64()?))
        };
        Some(Self { rows: [median(LOOP)?, median(ZONE)?, median(DOCUMENT)?, median(MRZ)?, median(MRTD)?] })
    }

    /// Prints times, ratios and targets; true when every target is reached.
    fn show(&self) -> bool {
        let [(_, plain), (_, zone), (_, document), (_, mrz), (_, mrtd)] = self.rows;
        println!("\nmedian of one TD3 read and validated");
        for (name, nanoseconds) in self.rows {
            println!("  {name:<44} {nanoseconds:8.1} ns  {:6.2} × Zone", nanoseconds / zone);
        }
        println!("  read_mrz beside mrz {:.2} ×, beside mrtd {:.2} ×", mrz / document, mrtd / document);
        let targets = [
            ("Zone takes at most 2 × the plain loop", zone / plain, zone / plain <= 2.0),
            ("Zone is at least 5 × faster than mrz", mrz / zone, mrz / zone >= 5.0),
            ("Zone is at least 10 × faster than mrtd", mrtd / zone, mrtd / zone >= 10.0),
        ];
        for (target, ratio, reached) in targets {
            println!("  {}: {target}: {ratio:.2}", if reached { "reached" } else { "MISSED" });
        }
        targets.iter().all(|(.., reached)| *reached)
    }
}
