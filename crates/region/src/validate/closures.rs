//! Closure notices: no two hold for one crossing at one time unless one replaces the other.

use super::references::Ids;
use super::{Faults, at};
use crate::document::Document;
use crate::error::BrokenRule;
use crate::model::Closure;
use crate::spelling::NameKind;

pub(super) fn check(document: &Document, faults: &mut Faults<'_>) {
    let closures = &document.closure;
    let ids = Ids::new(NameKind::Closure, closures.iter().map(|closure| closure.id.as_str()));
    for (i, closure) in closures.iter().enumerate() {
        ids.check_all("closure", i, "supersedes", closure.supersedes.iter().map(String::as_str), faults);
        if closure.to.as_end() < closure.from.as_start() {
            let (from, to) = (closure.from.to_string(), closure.to.to_string());
            faults.add(&at("closure", i, "to"), BrokenRule::EndsBeforeStart { from, to });
        }
        if replaces(closures, closure, &closure.id) {
            faults.add(
                &at("closure", i, "supersedes"),
                BrokenRule::SupersedesItself { id: closure.id.clone() },
            );
        }
        for other in closures.iter().take(i) {
            overlap(closures, i, closure, other, faults);
        }
    }
}

fn overlap(closures: &[Closure], i: usize, closure: &Closure, other: &Closure, faults: &mut Faults<'_>) {
    let together = closure.from.as_start() < other.to.as_end() && other.from.as_start() < closure.to.as_end();
    if !together || replaces(closures, closure, &other.id) || replaces(closures, other, &closure.id) {
        return;
    }
    for crossing in closure.crossings.iter().filter(|crossing| other.crossings.contains(crossing)) {
        let rule = BrokenRule::OverlappingClosures {
            crossing: crossing.clone(),
            other: other.id.clone(),
            from: closure.from,
        };
        faults.add(&at("closure", i, "from"), rule);
    }
}

/// True when `newer` replaces the notice `older`, at once or through others.
fn replaces(closures: &[Closure], newer: &Closure, older: &str) -> bool {
    let mut waiting: Vec<&str> = newer.supersedes.iter().map(String::as_str).collect();
    let mut seen: Vec<&str> = Vec::new();
    while let Some(id) = waiting.pop() {
        if id == older {
            return true;
        }
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let next = closures.iter().filter(|closure| closure.id == id);
        waiting.extend(next.flat_map(|closure| closure.supersedes.iter().map(String::as_str)));
    }
    false
}
