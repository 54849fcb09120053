//! The crossings: their names, and how each fares on this trip.

use super::{Drawing, MapWords, at};
use crate::ids::CrossingId;
use crate::model::Crossing;
use crate::names::SideNames;
use crate::trip::{Gate, TripSeverity};

/// What road posts' official Russian names end with, and what nobody says.
const ROAD_POST: &str = "-автодорожный";

/// How a crossing is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    Blocked,
    Warned,
    Open,
    Other,
}

impl Look {
    pub(super) fn colour(self) -> &'static str {
        match self {
            Self::Blocked => "#b3261e",
            Self::Warned => "#d98200",
            Self::Open => "#1b7f3b",
            Self::Other => "#77716a",
        }
    }

    pub(super) fn word(self, words: &MapWords) -> &str {
        match self {
            Self::Blocked => &words.blocked,
            Self::Warned => &words.warned,
            Self::Open => &words.open,
            Self::Other => &words.other,
        }
    }
}

impl Crossing {
    /// The crossing's names in a language, the Kyrgyz side's first: `Ak-Zhol / Korday`; its id where it has none in
    /// that script.
    pub fn label(&self, lang: &str) -> String {
        let own = |names: &Option<SideNames>| -> Option<String> {
            let names = names.as_ref()?;
            let name = match lang {
                "ru" => names.ru.as_deref(),
                "ky" => names.ky.as_deref().or(names.ru.as_deref()),
                _ => names.en.as_deref(),
            }?;
            Some(name.strip_suffix(ROAD_POST).unwrap_or(name).to_owned())
        };
        let mut found: Vec<String> =
            [own(&self.name_kg), own(&self.name_other)].into_iter().flatten().collect();
        found.dedup();
        if found.is_empty() { title(self.id.as_str()) } else { found.join(" / ") }
    }
}

/// `ken-sai` as `Ken-Sai`: what an English reader types.
fn title(id: &str) -> String {
    let capital = |part: &str| {
        let mut chars = part.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    id.split('-').map(capital).collect::<Vec<_>>().join("-")
}

impl Drawing<'_> {
    pub(super) fn crossings(&mut self) {
        let mut drawn: Vec<(&Crossing, Look)> =
            self.region.crossings().iter().map(|c| (c, self.look(&c.id))).collect();
        drawn.sort_by_key(|(_, look)| *look);
        for (crossing, look) in drawn {
            let Some((x, y)) = crossing.position.first().map(at) else { continue };
            self.diamond(x, y, look);
            let name = crossing.label(&self.words.lang);
            self.sheet.label((x, y), &name, 12.5, look.colour(), false);
        }
    }

    /// How a crossing fares on this trip.
    pub(super) fn look(&self, id: &CrossingId) -> Look {
        let crossed = self.journey.passings.iter().any(|passing| passing.gate == Gate::Crossing(id.clone()));
        if !crossed {
            return Look::Other;
        }
        let about = |subject: &str| subject == id.as_str() || subject.split(':').next() == Some(id.as_str());
        let worst = self
            .assessment
            .findings
            .iter()
            .filter(|finding| about(&finding.subject))
            .map(|f| f.severity)
            .min();
        match worst {
            Some(TripSeverity::Blocks | TripSeverity::Needs) => Look::Blocked,
            Some(TripSeverity::Warns) => Look::Warned,
            _ => Look::Open,
        }
    }

    pub(super) fn diamond(&mut self, x: f64, y: f64, look: Look) {
        let (size, colour) = (if look == Look::Other { 5.0 } else { 8.0 }, look.colour());
        self.sheet.labels.keep_clear(x, y, size);
        self.sheet.put(format_args!(
            "<path d=\"M{x:.1} {:.1}L{:.1} {y:.1}L{x:.1} {:.1}L{:.1} {y:.1}Z\" fill=\"{colour}\" stroke=\"#ffffff\" stroke-width=\"1.2\"/>",
            y - size, x + size, y + size, x - size
        ));
    }
}
