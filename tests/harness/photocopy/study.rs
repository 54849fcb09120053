//! The whole study: permits, copies, decoders, counts.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::copier::{Copier, crooked};
use super::decoder::Decoder;
use super::permit::{Authority, Page, pages, sheets_of};
use super::picture::Picture;
use super::random::Random;
use super::table::{Stage, Table};

/// What to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The least number of sheets; the last permit's sheets are all taken.
    pub sheets: usize,
    /// The same seed gives the same permits, the same copies and the same table.
    pub seed: u64,
    /// How often a copy is copied.
    pub generations: u8,
    /// The resolutions at which pages are rasterised, copied and read.
    pub dots_per_inch: Vec<u16>,
    /// Ask both decoders of every picture; otherwise zbar, the slower one, is asked only where zxing-cpp finds nothing,
    /// and its column says little.
    pub ask_both: bool,
    /// Where the pictures stay that nobody could read.
    pub unread: PathBuf,
}

/// Carries a plan out on every core, and calls `progress` with the number of permits done and of all.
///
/// # Panics
/// Where a program is missing or a permit can't be drawn.
#[must_use]
pub fn study(plan: &Plan, progress: impl Fn(usize, usize) + Sync) -> Table {
    let mut sheets = 0;
    let enough = |sheets: &mut usize, index: &usize| {
        let wanted = *sheets < plan.sheets;
        *sheets += sheets_of(plan.seed, *index);
        wanted
    };
    let permits = (0..).take_while(|index| enough(&mut sheets, index)).count();
    std::fs::create_dir_all(&plan.unread).unwrap();
    let bench = Bench {
        plan,
        authority: Authority::new(),
        copiers: plan.dots_per_inch.iter().map(|&resolution| Copier::new(resolution)).collect(),
    };
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let folder = tempfile::tempdir().unwrap();
        let mut tables = Vec::new();
        loop {
            let permit = next.fetch_add(1, Ordering::Relaxed);
            if permit >= permits {
                return tables;
            }
            tables.push((permit, bench.permit(permit, folder.path())));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, permits);
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut tables: Vec<(usize, Table)> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap()).collect()
    });
    tables.sort_by_key(|(permit, _)| *permit);
    let mut table = Table::default();
    tables.into_iter().for_each(|(_, part)| table.merge(part));
    table
}

struct Bench<'p> {
    plan: &'p Plan,
    authority: Authority,
    copiers: Vec<Copier>,
}

impl Bench<'_> {
    fn permit(&self, permit: usize, folder: &Path) -> Table {
        let mut table = Table::default();
        let pages = pages(self.plan.seed, permit, &self.authority, &self.plan.dots_per_inch, folder);
        for (sheet, page) in pages.iter().enumerate() {
            let resolutions = self.plan.dots_per_inch.iter().zip(&self.copiers).zip(&page.pictures);
            for ((&dots_per_inch, copier), picture) in resolutions {
                let desk =
                    Desk { bench: self, page, name: format!("permit-{permit}-{}", sheet + 1), dots_per_inch };
                let random =
                    Random::new(self.plan.seed, &[2, permit as u64, sheet as u64, u64::from(dots_per_inch)]);
                desk.copy_and_read(&Picture::read_pgm(picture), copier, random, folder, &mut table);
            }
        }
        for page in pages {
            page.pictures.iter().for_each(|picture| std::fs::remove_file(picture).unwrap());
        }
        table
    }
}

/// One page at one resolution.
struct Desk<'p> {
    bench: &'p Bench<'p>,
    page: &'p Page,
    name: String,
    dots_per_inch: u16,
}

impl Desk<'_> {
    fn copy_and_read(
        &self,
        original: &Picture,
        copier: &Copier,
        mut random: Random,
        folder: &Path,
        table: &mut Table,
    ) {
        self.read(Stage::Printed, original, folder, table);
        self.read(Stage::Crooked, &crooked(original, &mut random), folder, table);
        let mut newest = copier.copy(original, &mut random);
        for generation in 1..=self.bench.plan.generations {
            if generation > 1 {
                newest = copier.copy(&newest, &mut random);
            }
            self.read(Stage::Copied(generation), &newest, folder, table);
        }
    }

    /// Gives a picture to both decoders and notes what came of it.
    fn read(&self, stage: Stage, picture: &Picture, folder: &Path, table: &mut Table) {
        let file = folder.join("page.pgm");
        picture.write_pgm(&file);
        let mut is_read = false;
        let read = Decoder::ALL.map(|decoder| {
            if is_read && !self.bench.plan.ask_both {
                return false;
            }
            let texts = decoder.read(&file);
            let faults = texts.iter().filter_map(|text| {
                let fault = self.page.fault_of(text, &self.bench.authority)?;
                Some(format!("{}, {stage}, {} dpi, {decoder:?}: {fault}", self.name, self.dots_per_inch))
            });
            table.wrong.extend(faults);
            is_read |= !texts.is_empty();
            !texts.is_empty()
        });
        table.note(stage, self.dots_per_inch, read);
        if read == [false, false] {
            let stage = stage.to_string().replace([' ', ','], "-");
            let kept =
                self.bench.plan.unread.join(format!("{}-{}-dpi-{stage}.pgm", self.name, self.dots_per_inch));
            std::fs::copy(&file, &kept).unwrap();
            table.unread.push(kept);
        }
    }
}
