//! What the list and the search need of every permit, in memory: made from the register at the start, kept in step by it.
//!
//! Nothing of it is on disk: names beside an encrypted register would undo its encryption, and rows of an index cost the
//! engine a kilobyte each (STACK.md), a hundred times what they cost here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{PoisonError, RwLock};

use jiff::civil::Date;
use propusk_proto::details::TravellerDetails;
use uuid::Uuid;

use crate::register::Entry;

/// The shortest word that is searched for.
const SHORTEST_WORD: usize = 2;

/// One line of the list.
#[derive(Clone)]
pub(crate) struct Card {
    pub id: Uuid,
    /// 13 characters without hyphens.
    pub number: String,
    /// The lead's name.
    pub lead: String,
    pub travellers: usize,
    pub zones: Vec<String>,
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
    pub issued_on: Option<Date>,
    pub version: u8,
    pub revoked: bool,
    words: Vec<String>,
}

#[derive(Default)]
struct Cards {
    by_id: BTreeMap<Uuid, Card>,
    words: BTreeSet<(String, Uuid)>,
}

/// All permits of the desk.
#[derive(Default)]
pub(crate) struct Catalogue {
    cards: RwLock<Cards>,
}

impl Catalogue {
    /// Takes a permit's newest state in.
    pub(crate) fn note(&self, entry: &Entry) {
        let card = Card::of(entry);
        let mut cards = self.cards.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = cards.by_id.remove(&card.id) {
            for word in old.words {
                cards.words.remove(&(word, card.id));
            }
        }
        for word in &card.words {
            cards.words.insert((word.clone(), card.id));
        }
        cards.by_id.insert(card.id, card);
    }

    /// The permit with this id.
    pub(crate) fn get(&self, id: Uuid) -> Option<Card> {
        self.cards.read().unwrap_or_else(PoisonError::into_inner).by_id.get(&id).cloned()
    }

    /// The newest permits first, those of one day where one is asked for, from below `before`, at most `most`.
    pub(crate) fn newest(&self, day: Option<Date>, before: Option<Uuid>, most: usize) -> Vec<Card> {
        let cards = self.cards.read().unwrap_or_else(PoisonError::into_inner);
        let below = before.unwrap_or(Uuid::max());
        let of_day = |card: &&Card| day.is_none_or(|day| card.issued_on == Some(day));
        cards.by_id.range(..below).rev().map(|(_, card)| card).filter(of_day).take(most).cloned().collect()
    }

    /// The permits that every word of the question begins a word of: of a name, a document number or the permit's own
    /// number. The newest first, at most `most`.
    pub(crate) fn search(&self, question: &str, most: usize) -> Vec<Card> {
        let mut words = words_of(question);
        // The longest word leaves the fewest.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let Some((longest, others)) = words.split_first() else { return Vec::new() };
        let cards = self.cards.read().unwrap_or_else(PoisonError::into_inner);
        let from = (longest.clone(), Uuid::nil());
        let begun = cards.words.range(from..).take_while(|(word, _)| word.starts_with(longest.as_str()));
        let ids: BTreeSet<Uuid> = begun.map(|(_, id)| *id).collect();
        let has =
            |card: &&Card, wanted: &String| card.words.iter().any(|word| word.starts_with(wanted.as_str()));
        let found = ids.iter().rev().filter_map(|id| cards.by_id.get(id));
        found.filter(|card| others.iter().all(|word| has(card, word))).take(most).cloned().collect()
    }
}

impl Card {
    fn of(entry: &Entry) -> Self {
        let details = &entry.details;
        let mut words: Vec<String> = details.travellers.iter().flat_map(words_of_traveller).collect();
        words.push(details.number.to_lowercase());
        words.sort_unstable();
        words.dedup();
        let lead = details.travellers.first();
        let name = |lead: &TravellerDetails| {
            [lead.surname.as_deref(), lead.given_names.as_deref()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ")
        };
        Self {
            id: details.id,
            number: details.number.clone(),
            lead: lead.map(name).unwrap_or_default(),
            travellers: usize::from(entry.group),
            zones: details.zones.clone(),
            valid_from: Date::try_from(details.valid_from).ok(),
            valid_to: Date::try_from(details.valid_to).ok(),
            issued_on: Date::try_from(details.issued_on).ok(),
            version: details.version,
            revoked: details.revoked.is_some(),
            words,
        }
    }
}

fn words_of_traveller(traveller: &TravellerDetails) -> Vec<String> {
    let names =
        [&traveller.surname, &traveller.given_names, &traveller.visual_name, &traveller.document_number];
    names.into_iter().flatten().flat_map(|text| words_of(text)).collect()
}

/// The words of a text, as they are compared: lower case; the hyphens of a permit number don't count.
fn words_of(text: &str) -> Vec<String> {
    let joined = |word: &str| word.chars().filter(|c| *c != '-').collect::<String>().to_lowercase();
    let words = text.split(|c: char| c.is_whitespace() || c == ',').map(joined);
    words.filter(|word| word.chars().count() >= SHORTEST_WORD).collect()
}
