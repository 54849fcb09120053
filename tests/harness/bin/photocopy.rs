//! `ops/photocopy [SHEETS] [SEED]`: the study of [`scenarios::photocopy`] over many sheets, as a table.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use scenarios::photocopy::{Plan, study};

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Some(sheets), Some(seed), None) =
        (numbers.next().unwrap_or(Ok(200)).ok(), numbers.next().unwrap_or(Ok(1)).ok(), numbers.next())
    else {
        eprintln!("usage: ops/photocopy [SHEETS] [SEED]");
        return ExitCode::from(2);
    };
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tmp/photocopy");
    let plan = Plan {
        sheets: usize::try_from(sheets).unwrap_or(usize::MAX),
        seed,
        generations: 3,
        dots_per_inch: vec![150, 300],
        ask_both: true,
        unread: target,
    };
    let shown = std::io::stderr().is_terminal();
    let table = study(&plan, |done, permits| {
        if shown {
            let _ = write!(std::io::stderr(), "\r{done} of {permits} permits");
        }
    });
    if shown {
        eprintln!();
    }
    println!("Sheets {sheets}, seed {seed}; shares of seals that were read and verified\n\n{table}");
    for picture in &table.unread {
        println!("unread: {}", picture.display());
    }
    let shortfalls = table.shortfalls();
    for shortfall in &shortfalls {
        println!("MISSED: {shortfall}");
    }
    if shortfalls.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
