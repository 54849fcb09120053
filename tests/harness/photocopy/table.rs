//! What came of it: who read how many codes, after what.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// What happened to a sheet before it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Nothing.
    Printed,
    /// See [`super::crooked`].
    Crooked,
    /// Photocopied so many times.
    Copied(u8),
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Printed => f.write_str("as printed"),
            Self::Crooked => f.write_str("crooked, light or dark"),
            Self::Copied(1) => f.write_str("copy"),
            Self::Copied(2) => f.write_str("copy of the copy"),
            Self::Copied(times) => write!(f, "generation {times}"),
        }
    }
}

/// How many codes were read of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The sheets that were looked at.
    pub sheets: usize,
    /// Read and verified by zbar.
    pub zbar: usize,
    /// Read and verified by zxing-cpp.
    pub zxing: usize,
    /// Read and verified by at least one.
    pub either: usize,
}

/// Counts by stage and resolution, and the pictures of what nobody could read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The counts by stage and dots per inch.
    pub rows: BTreeMap<(Stage, u16), Tally>,
    /// The pictures that no decoder could read.
    pub unread: Vec<PathBuf>,
    /// Texts that a decoder delivered and that are not what was printed: where, and what is wrong. There must be none.
    pub wrong: Vec<String>,
}

impl Table {
    /// Notes a sheet, and which decoders read it (zxing-cpp, zbar).
    pub(super) fn note(&mut self, stage: Stage, dots_per_inch: u16, [zxing, zbar]: [bool; 2]) {
        let tally = self.rows.entry((stage, dots_per_inch)).or_default();
        tally.sheets += 1;
        tally.zbar += usize::from(zbar);
        tally.zxing += usize::from(zxing);
        tally.either += usize::from(zbar || zxing);
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (key, tally) in other.rows {
            let mine = self.rows.entry(key).or_default();
            mine.sheets += tally.sheets;
            mine.zbar += tally.zbar;
            mine.zxing += tally.zxing;
            mine.either += tally.either;
        }
        self.unread.extend(other.unread);
        self.wrong.extend(other.wrong);
    }

    /// What is required and was not reached, as sentences: every code before copying and after the first copy, 98 %
    /// after the second. Later ones are only reported.
    #[must_use]
    pub fn shortfalls(&self) -> Vec<String> {
        let mut shortfalls = Vec::new();
        for (&(stage, dots_per_inch), tally) in &self.rows {
            let needed = match stage {
                Stage::Printed | Stage::Crooked | Stage::Copied(1) => tally.sheets,
                Stage::Copied(2) => (tally.sheets * 98).div_ceil(100),
                Stage::Copied(_) => 0,
            };
            if tally.either < needed {
                let Tally { sheets, either, .. } = tally;
                shortfalls.push(format!(
                    "{stage}, {dots_per_inch} dpi: {either} of {sheets} codes were read, {needed} are required"
                ));
            }
        }
        shortfalls.extend(self.wrong.iter().cloned());
        shortfalls
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = ["dpi", "sheets", "zbar", "zxing-cpp", "either"];
        write!(f, "{:<24}", "")?;
        columns.iter().try_for_each(|column| write!(f, "{column:>11}"))?;
        for ((stage, dots_per_inch), tally) in &self.rows {
            let share = |read: usize| format!("{:.1} %", 100.0 * read as f64 / tally.sheets.max(1) as f64);
            let (zbar, zxing, either) = (share(tally.zbar), share(tally.zxing), share(tally.either));
            let stage = stage.to_string();
            write!(
                f,
                "\n{stage:<24}{dots_per_inch:>11}{:>11}{zbar:>11}{zxing:>11}{either:>11}",
                tally.sheets
            )?;
        }
        Ok(())
    }
}
