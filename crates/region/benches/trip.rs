//! Speed on one core: a trip of 30 days and 20 places with two crossings, a vehicle and two earlier stays, from its
//! description to its findings. The aim is under 200 µs.
#![allow(clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::civil::date;
use propusk_region::{Region, Trip};

/// Thirty days with twenty places, one after the other.
fn long_trip(region: &Region) -> Trip {
    let mut text = String::from(
        "nationality = \"FR\"\npassport_expiry = \"2031-01-01\"\n[vehicle]\nkind = \"motorcycle\"\nregistered_in = \"FR\"\n\
         [[earlier_stay]]\nentered = \"2025-06-01\"\nleft = \"2025-06-30\"\n\
         [[earlier_stay]]\nentered = \"2026-04-01\"\nleft = \"2026-04-10\"\n\
         [[crossing]]\nat = \"Irkeshtam\"\ndirection = \"entering\"\ndate = \"2026-07-01\"\ntime = \"10:00\"\nmode = \"motorcycle\"\n\
         [[crossing]]\nat = \"Korday\"\ndirection = \"leaving\"\ndate = \"2026-07-30\"\nmode = \"motorcycle\"\n",
    );
    for (index, place) in region.places().iter().take(20).enumerate() {
        let day = date(2026, 7, i8::try_from(2 + index).unwrap());
        text.push_str(&format!("[[stop]]\ndate = \"{day}\"\nplaces = [\"{}\"]\n", place.name.en));
    }
    Trip::from_toml(&text).unwrap()
}

fn trip(criterion: &mut Criterion) {
    let region = Region::default_region().unwrap();
    let trip = long_trip(&region);
    assert_eq!(trip.stop.len(), 20);
    criterion.bench_function("a trip of 30 days and 20 places", |bencher| {
        bencher.iter(|| region.check_trip(black_box(&trip), date(2026, 5, 1)).unwrap());
    });
}

criterion_group!(benches, trip);
criterion_main!(benches);
