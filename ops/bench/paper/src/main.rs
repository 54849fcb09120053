//! A permit's original and five copies as one PDF, seals signed, codes drawn, fonts embedded: `propusk-desk` beside a bare
//! printpdf program, krilla and ReportLab, on one thread in one run. Start it with `ops/bench/run paper`.
//!
//! The others draw the pages that the desk has laid out: the same texts at the same places, the same drawings, the same
//! codes. They lay nothing out, look up no labels and write no description. printpdf and krilla sign the same seals and
//! make the same codes in the measured time; ReportLab gets the seals signed and makes the codes with its own encoder, or,
//! reported beside that, gets them ready-made. krilla runs in a process of its own, as it comes, and beside that here, where
//! cargo gives it the faster zlib that the desk has. Contenders take turns in short rounds; a
//! ratio is the median of the rounds', in processor time, so that a busy machine disturbs it little.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a benchmark fails by panicking")]

mod bare;
mod permit;
mod process;
mod table;

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;

use propusk_bench_krilla::Krilla;
use propusk_desk::paper::{COMPRESSION, Style, draw_in, export};
use rustix::time::{ClockId, clock_gettime};

use bare::Bare;
use permit::Permit;
use process::{Process, order};
use table::{Measured, Sizes, show};

/// How long a contender draws before the next one's turn, in seconds.
const TURN: f64 = 0.3;
const ROUNDS: usize = 15;
/// The travellers of the permit: a common group, on one sheet.
const TRAVELLERS: usize = 4;
const SHEETS: usize = 6;
/// The fastest level of zlib.
const FAST: u32 = 1;

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/paper");
    std::fs::create_dir_all(&folder).unwrap();
    let (six, one) = (Permit::new(TRAVELLERS, SHEETS), Permit::new(TRAVELLERS, 1));
    let pages = export::pages(&Style::default(), &with_seals(&six), &six.labels).unwrap();
    let faces = export::faces().unwrap();
    let bare = Bare::new(pages.clone(), &faces);
    let krilla_order = order(&folder, &pages, &six.sign(), &faces);
    let krilla = Process::krilla(&folder, &krilla_order);
    let krilla_here = Krilla::new(krilla_order);
    let python = Process::report_lab(&folder, &pages, &six.sign(), &faces);
    let drawn = [
        ("desk", desk(&six, COMPRESSION)),
        ("printpdf", bare.draw(&six.sign(), COMPRESSION, None)),
        ("krilla", krilla_here.draw(&six.sign())),
    ];
    // To be looked at; ReportLab leaves its own.
    drawn.iter().for_each(|(name, bytes)| std::fs::write(folder.join(format!("{name}.pdf")), bytes).unwrap());
    let seal = one.sign().remove(0);
    let mut contenders: Vec<Contender<'_>> = vec![
        own("propusk-desk", || desk(&six, COMPRESSION)),
        own("propusk-desk, zlib 1", || desk(&six, FAST)),
        own("printpdf", || bare.draw(&six.sign(), COMPRESSION, None)),
        own("printpdf, zlib 1", || bare.draw(&six.sign(), FAST, None)),
        own("printpdf, fonts subset per document", || bare.draw(&six.sign(), COMPRESSION, Some(&faces))),
        other("krilla", &krilla, ""),
        own("krilla, with the desk's zlib", || krilla_here.draw(&six.sign())),
        other("ReportLab", &python, "code "),
        other("ReportLab, codes ready-made", &python, "ready "),
        own("propusk-desk, one sheet", || desk(&one, COMPRESSION)),
        own("one code", || export::code(black_box(&seal)).unwrap().1),
        own("one signature", || one.sign().remove(0).into_bytes()),
    ];
    let measured = measure(&mut contenders, &folder);
    let sizes =
        Sizes { sheets: SHEETS, six: desk(&six, COMPRESSION).len(), one: desk(&one, COMPRESSION).len() };
    if show(&measured, &sizes) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Somebody who draws the document so many times and says how many seconds that took and how many bytes it has.
struct Contender<'c> {
    name: &'static str,
    turn: Box<dyn FnMut(usize) -> (f64, usize) + 'c>,
}

fn own<'c>(name: &'static str, mut draw: impl FnMut() -> Vec<u8> + 'c) -> Contender<'c> {
    let turn = move |times| {
        let begun = seconds();
        let mut bytes = 0;
        for _ in 0..times {
            bytes = black_box(draw()).len();
        }
        (seconds() - begun, bytes)
    };
    Contender { name, turn: Box::new(turn) }
}

/// A contender in a process of its own; `how` stands before the number of times.
fn other<'c>(name: &'static str, process: &'c Process, how: &'c str) -> Contender<'c> {
    Contender { name, turn: Box::new(move |times| process.draw(&format!("{how}{times}"))) }
}

/// This thread's processor time.
fn seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Everybody's seconds for one document in every round.
fn measure(contenders: &mut [Contender<'_>], folder: &Path) -> Vec<Measured> {
    let mut measured = Vec::new();
    for contender in contenders.iter_mut() {
        // Once to warm up, then often enough to know how often makes a turn.
        let _ = (contender.turn)(1);
        let (mut times, mut spent, mut bytes) = (2, 0.0, 0);
        while spent < TURN / 4.0 {
            times *= 2;
            (spent, bytes) = (contender.turn)(times);
        }
        let times = ((TURN * times as f64 / spent).ceil() as usize).max(1);
        measured.push(Measured { name: contender.name, times, bytes, rounds: Vec::new() });
    }
    for round in 0..ROUNDS {
        let count = contenders.len();
        for place in 0..count {
            let at = (place + round) % count;
            let times = measured[at].times;
            let (spent, _) = (contenders[at].turn)(times);
            measured[at].rounds.push(spent / times as f64);
        }
    }
    std::fs::write(folder.join("rounds.txt"), format!("{measured:#?}")).unwrap();
    measured
}

/// What the desk does: sign, lay out, draw.
fn desk(permit: &Permit, compression: u32) -> Vec<u8> {
    let style = Style { compression, ..Style::default() };
    draw_in(&style, &with_seals(permit), &permit.labels).unwrap()
}

fn with_seals(permit: &Permit) -> propusk_desk::paper::Booklet {
    let mut booklet = permit.booklet.clone();
    for (copy, seal) in booklet.copies.iter_mut().zip(permit.sign()) {
        copy.sheets[0].seal_text = seal;
    }
    booklet
}
