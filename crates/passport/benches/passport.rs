//! Speed on one core: reading and validating a TD3 beside five bare check sums of the same line, comparing one
//! traveller, checking a group of 1,000. The ratio within one run is what counts.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use propusk_passport::{
    Date, PartialDate, Person, Row, Rules, Sex, Zone, check_group, compare, read_mrz, td3_lines,
};

const LINES: [&str; 2] =
    ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];

fn today() -> Date {
    Date::constant(2026, 6, 1)
}

/// One check sum as a beginner writes it: a table of weights, one character at a time.
fn bare(text: &[u8]) -> u32 {
    const WEIGHTS: [u32; 3] = [7, 3, 1];
    let mut sum = 0;
    for (index, byte) in text.iter().enumerate() {
        let value = match byte {
            b'0'..=b'9' => u32::from(byte - b'0'),
            b'A'..=b'Z' => u32::from(byte - b'A') + 10,
            _ => 0,
        };
        sum += value * WEIGHTS[index % 3];
    }
    sum % 10
}

/// The five check sums of a TD3's second line.
fn five(line: &[u8]) -> [u32; 5] {
    let composite: Vec<u8> = [&line[..10], &line[13..20], &line[21..43]].concat();
    [bare(&line[..9]), bare(&line[13..19]), bare(&line[21..27]), bare(&line[28..42]), bare(&composite)]
}

/// The same, without the copy that the composite's spans ask for.
fn five_in_place(line: &[u8], composite: &[u8]) -> [u32; 5] {
    [bare(&line[..9]), bare(&line[13..19]), bare(&line[21..27]), bare(&line[28..42]), bare(composite)]
}

fn reading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("td3");
    let line = LINES[1].as_bytes();
    let composite: Vec<u8> = [&line[..10], &line[13..20], &line[21..43]].concat();
    group.bench_function("five bare check sums", |bench| {
        bench.iter(|| five_in_place(black_box(line), black_box(&composite)));
    });
    group.bench_function("five bare check sums, composite copied", |bench| {
        bench.iter(|| five(black_box(line)));
    });
    group.bench_function("Zone: parse and validate", |bench| {
        bench.iter(|| {
            let zone = Zone::read(black_box(&LINES)).ok();
            zone.is_some_and(|zone| zone.valid(today()))
        });
    });
    group.bench_function("Zone: parse, validate and take every field", |bench| {
        bench.iter(|| {
            let zone = Zone::read(black_box(&LINES)).ok();
            if let Some(zone) = &zone {
                black_box((zone.document_code(), zone.issuing_state(), zone.surname(), zone.given_names()));
                black_box((
                    zone.document_number(),
                    zone.number_continuation(),
                    zone.nationality(),
                    zone.sex(),
                ));
                black_box((zone.birth_date(today()).ok(), zone.expiry_date().ok(), zone.optional_data()));
            }
            zone.is_some_and(|zone| zone.checks().all_right())
        });
    });
    group.bench_function("Document: with findings, owned", |bench| {
        bench.iter(|| read_mrz(black_box(&LINES), today()).valid());
    });
    group.finish();
}

/// A traveller whose permit differs in number, date and name.
fn traveller(index: u16) -> Person {
    Person {
        surname: Some("Токтогулова".into()),
        given_names: Some("Айгүл Жаныбековна".into()),
        document_number: Some(format!("PE{:07}", u32::from(index))),
        nationality: Some("KGZ".into()),
        birth_date: PartialDate::new(1960 + index % 60, 1 + (index % 12) as u8, 1 + (index % 28) as u8).ok(),
        sex: Some(Sex::Female),
        expiry_date: PartialDate::new(2032, 4, 15).ok(),
        issuing_state: Some("KGZ".into()),
    }
}

fn row(index: u16) -> Option<Row> {
    let permit = traveller(index);
    let lines = td3_lines(&permit, "KGZ").ok()?;
    Some(Row { passport: Some(read_mrz(&lines, today())), permit })
}

fn comparing(criterion: &mut Criterion) {
    let rules = Rules { today: Some(today()), valid_through: None };
    let passport = read_mrz(&LINES, today());
    let same = passport.person();
    let wrong = Person {
        surname: Some("Erikson".into()),
        given_names: Some("Anna-Mária".into()),
        document_number: Some("L8989O2C3".into()),
        birth_date: PartialDate::new(1974, 12, 8).ok(),
        sex: Some(Sex::Male),
        ..same.clone()
    };
    let mut group = criterion.benchmark_group("compare");
    group.bench_function("one traveller, all right", |bench| {
        bench.iter(|| compare(black_box(&same), black_box(&passport), &rules));
    });
    group.bench_function("one traveller, wrong in five fields", |bench| {
        bench.iter(|| compare(black_box(&wrong), black_box(&passport), &rules));
    });
    let rows: Vec<Row> = (0..1_000).filter_map(row).collect();
    group.bench_function("a group of 1,000 in Cyrillic", |bench| {
        bench.iter(|| check_group(black_box(&rows), &rules));
    });
    group.finish();
}

criterion_group!(benches, reading, comparing);
criterion_main!(benches);
