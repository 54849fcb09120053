//! The table: documents a second, ratios, targets, and what a further copy costs.

/// A contender's measurements.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    /// How often it draws in a turn.
    pub(crate) times: usize,
    /// The size of what it draws.
    pub(crate) bytes: usize,
    /// The seconds for one in each round.
    pub(crate) rounds: Vec<f64>,
}

/// The bytes of the desk's documents.
pub(crate) struct Sizes {
    pub(crate) sheets: usize,
    pub(crate) six: usize,
    pub(crate) one: usize,
}

/// The largest document that is allowed.
const MOST_BYTES: usize = 60_000;

/// Prints the table; true when every target is reached.
pub(crate) fn show(measured: &[Measured], sizes: &Sizes) -> bool {
    let of = |name: &str| measured.iter().find(|row| row.name == name).unwrap();
    let micros = |name: &str| median(of(name).rounds.clone()) * 1e6;
    let desk = of("propusk-desk");
    println!("original and {} copies, signed, drawn, fonts embedded; one thread\n", sizes.sheets - 1);
    println!("{:<38}{:>10}{:>10}{:>18}", "", "docs/s", "bytes", "propusk-desk's");
    for row in measured.iter().filter(|row| !row.name.contains("one ")) {
        let rate = 1.0 / median(row.rounds.clone());
        println!("{:<38}{rate:>10.1}{:>10}{:>16.2} ×", row.name, row.bytes, faster(desk, row));
    }
    let fast = of("propusk-desk, zlib 1");
    println!("propusk-desk with zlib 1, {} bytes, beside the others:", fast.bytes);
    for other in ["krilla", "krilla, with the desk's zlib", "ReportLab", "ReportLab, codes ready-made"] {
        println!("{other:<38}{:>36.2} ×", faster(fast, of(other)));
    }
    let steps = (sizes.sheets - 1) as f64;
    let (whole, single) = (micros("propusk-desk"), micros("propusk-desk, one sheet"));
    let (copy_bytes, copy_micros) = ((sizes.six - sizes.one) as f64 / steps, (whole - single) / steps);
    println!("\na document of one sheet: {} bytes, {single:.0} µs", sizes.one);
    println!(
        "a further copy: {copy_bytes:.0} bytes, {copy_micros:.0} µs, of which its code {:.0} µs and its signature {:.0} µs",
        micros("one code"),
        micros("one signature")
    );
    let share = 100.0 * copy_bytes / sizes.one as f64;
    let targets = [
        at_least("propusk-desk beside printpdf", faster(desk, of("printpdf")), 0.9),
        at_least("the same, both at zlib 1", faster(fast, of("printpdf, zlib 1")), 0.9),
        at_least("propusk-desk beside krilla", faster(desk, of("krilla")), 2.5),
        at_least("propusk-desk beside ReportLab", faster(desk, of("ReportLab")), 6.0),
        at_most("a further copy, in % of a sheet's bytes", share, 15.0),
        at_most("bytes of a document", sizes.six as f64, MOST_BYTES as f64),
    ];
    println!();
    for (target, is_reached) in &targets {
        println!("{}: {target}", if *is_reached { "reached" } else { "MISSED" });
    }
    targets.iter().all(|(_, is_reached)| *is_reached)
}

fn at_least(what: &str, found: f64, wanted: f64) -> (String, bool) {
    (format!("{what}: {found:.2}, at least {wanted}"), found >= wanted)
}

fn at_most(what: &str, found: f64, wanted: f64) -> (String, bool) {
    (format!("{what}: {found:.1}, at most {wanted}"), found <= wanted)
}

/// How many times as fast the first is as the other: the median of the rounds' ratios.
fn faster(first: &Measured, other: &Measured) -> f64 {
    median(first.rounds.iter().zip(&other.rounds).map(|(first, other)| other / first).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
