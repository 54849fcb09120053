//! The map of a trip, in the reader's language.

use propusk_boot::{Language, Locales};
use propusk_region::MapWords;

use crate::trip::TripReport;

/// The trip's map as SVG; it loads nothing from elsewhere.
#[must_use]
pub fn map(report: &TripReport<'_>, language: Language) -> String {
    let word = |id: &str| Locales::embedded().text(language, id, &[]);
    let words = MapWords {
        lang: language.code().to_owned(),
        title: report.about.clone().unwrap_or_else(|| word("map-title")),
        schematic: word("map-schematic"),
        open: word("map-open"),
        warned: word("map-warned"),
        blocked: word("map-blocked"),
        other: word("map-other"),
        place: word("map-place"),
        zone: word("map-zone"),
        no_position: word("map-no-position"),
    };
    report.region.map(&report.journey, &report.assessment, &words)
}
