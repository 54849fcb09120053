//! Names and words for the ids that findings carry.

use propusk_boot::{Language, Locales};
use propusk_region::Region;

/// The names of a region in one language.
#[derive(Clone, Copy)]
pub(crate) struct Names<'r> {
    /// The region.
    pub region: &'r Region,
    /// The reader's language.
    pub language: Language,
}

impl Names<'_> {
    /// An argument's value for people: ids become names, words of the file become words of the language.
    pub(crate) fn readable(&self, argument: &str, value: &str) -> String {
        match argument {
            "zone" | "zones" => self.each(value, |id| self.zone(id)),
            "stop" | "stops" | "posts" => self.each(value, |id| self.stop(id)),
            "crossing" => self.crossing(value),
            "mode" | "modes" => self.each(value, |id| self.word("mode", id)),
            "services" => self.each(value, |id| self.word("service", id)),
            "paper" => self.word("paper", value),
            "item" => self.word("item", value),
            _ => value.to_owned(),
        }
    }

    fn each(&self, list: &str, name: impl Fn(&str) -> String) -> String {
        list.split(", ").map(name).collect::<Vec<_>>().join(", ")
    }

    /// The word `<kind>-<id>` of the language; an operator's own word stays as the file has it.
    fn word(&self, kind: &str, id: &str) -> String {
        let message = format!("{kind}-{id}");
        if Locales::embedded().has(self.language, &message) {
            Locales::embedded().text(self.language, &message, &[])
        } else {
            id.to_owned()
        }
    }

    fn zone(&self, id: &str) -> String {
        let lang = self.language.code();
        self.region.zone(id).map_or_else(|_| id.to_owned(), |zone| zone.name.get(lang).to_owned())
    }

    pub(crate) fn stop(&self, id: &str) -> String {
        let stops = self.region.resolve_route(&[id]).unwrap_or_default();
        let names = stops.first().and_then(|stop| self.region.names_of(stop));
        names.map_or_else(|| id.to_owned(), |names| names.get(self.language.code()).to_owned())
    }

    /// A crossing's two names, `Ak-Zhol / Korday`; an entry point of which only the name is known stays as it is.
    pub(crate) fn crossing(&self, id: &str) -> String {
        let crossing = self.region.crossings().iter().find(|crossing| crossing.id.as_str() == id);
        crossing.map_or_else(|| id.to_owned(), |crossing| crossing.label(self.language.code()))
    }
}
