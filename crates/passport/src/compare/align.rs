//! Which part of one name answers to which part of the other.

use alloc::vec;
use alloc::vec::Vec;

use super::spelling::{Manner, variant};
use crate::edit;
use crate::name::Token;
use crate::translit::begins;

/// One step of an alignment; `a` is the permit's part, `b` the passport's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'t> {
    Same,
    /// The passport's part is cut.
    Cut,
    Variant(&'t Token, &'t Token),
    Typo(&'t Token, &'t Token),
    /// Only the passport has it.
    Missing(&'t Token),
    /// Only the permit has it.
    Extra(&'t Token),
}

/// Names of more parts than this are compared place by place, which keeps the work linear.
const MOST_PARTS: usize = 12;

/// What a part without a counterpart costs; two of them cost more than a typo.
const ALONE: usize = 4;

/// The cheapest alignment that keeps the order.
pub(super) fn align<'t>(a: &'t [Token], b: &'t [Token], manner: Manner) -> Vec<Step<'t>> {
    if let ([x], [y]) = (a, b) {
        return step(x, y, manner).map_or_else(|| vec![Step::Missing(y), Step::Extra(x)], |step| vec![step]);
    }
    if a.len() > MOST_PARTS || b.len() > MOST_PARTS {
        return place_by_place(a, b, manner);
    }
    let width = b.len() + 1;
    let mut cost = vec![0usize; (a.len() + 1) * width];
    for i in (0..=a.len()).rev() {
        for j in (0..=b.len()).rev() {
            cost[i * width + j] = match (a.get(i), b.get(j)) {
                (None, None) => 0,
                (Some(_), None) => ALONE + cost[(i + 1) * width + j],
                (None, Some(_)) => ALONE + cost[i * width + j + 1],
                (Some(x), Some(y)) => {
                    let alone = ALONE + cost[(i + 1) * width + j].min(cost[i * width + j + 1]);
                    let pair = price(step(x, y, manner)).map(|price| price + cost[(i + 1) * width + j + 1]);
                    pair.map_or(alone, |pair| pair.min(alone))
                }
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut steps = Vec::with_capacity(a.len().max(b.len()));
    loop {
        let here = cost[i * width + j];
        match (a.get(i), b.get(j)) {
            (None, None) => return steps,
            (Some(x), Some(y)) => {
                let pair = step(x, y, manner);
                if price(pair).is_some_and(|price| price + cost[(i + 1) * width + j + 1] == here) {
                    steps.extend(pair);
                    (i, j) = (i + 1, j + 1);
                } else if ALONE + cost[(i + 1) * width + j] == here {
                    steps.push(Step::Extra(x));
                    i += 1;
                } else {
                    steps.push(Step::Missing(y));
                    j += 1;
                }
            }
            (Some(x), None) => {
                steps.push(Step::Extra(x));
                i += 1;
            }
            (None, Some(y)) => {
                steps.push(Step::Missing(y));
                j += 1;
            }
        }
    }
}

fn place_by_place<'t>(a: &'t [Token], b: &'t [Token], manner: Manner) -> Vec<Step<'t>> {
    let mut steps = Vec::new();
    for (x, y) in a.iter().zip(b) {
        match step(x, y, manner) {
            Some(step) => steps.push(step),
            None => steps.extend([Step::Missing(y), Step::Extra(x)]),
        }
    }
    steps.extend(a.iter().skip(b.len()).map(Step::Extra));
    steps.extend(b.iter().skip(a.len()).map(Step::Missing));
    steps
}

fn price(step: Option<Step<'_>>) -> Option<usize> {
    match step? {
        Step::Same => Some(0),
        Step::Variant(..) | Step::Cut => Some(1),
        _ => Some(3),
    }
}

/// How two parts pair, `None` when they do not. Two edits make a typo only in a part long enough to be
/// recognised all the same.
fn step<'t>(a: &'t Token, b: &'t Token, manner: Manner) -> Option<Step<'t>> {
    if a.folded == b.folded {
        return Some(Step::Same);
    }
    if variant(a, b, manner.spelling) {
        return Some(Step::Variant(a, b));
    }
    if manner.truncated && begins(a, &b.folded) {
        return Some(Step::Cut);
    }
    let longest = a.folded.len().max(b.folded.len());
    match edit::distance(&a.folded, &b.folded)? {
        1 if longest > 1 => Some(Step::Typo(a, b)),
        2 if longest >= 4 => Some(Step::Typo(a, b)),
        _ => None,
    }
}
