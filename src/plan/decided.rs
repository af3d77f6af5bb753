//! Queries that match no conversation, or every one, where no two of their conditions say so by themselves: of
//! `status = open AND (status = resolved OR status = pending)` only the planner knows it.

use super::simplify::simplify;
use super::{Plan, is_nothing};
use crate::check::Filter;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, catalogue};
use crate::source::Span;

/// How many parts of a chain are told of, each at its place; of more it is told at one place.
const MOST_PARTS: usize = 8;

/// In a longer query nothing narrower than its whole is looked for: it is simplified without each of its parts.
const MOST_CONDITIONS: usize = 500;

impl Plan {
    /// Whether every conversation matches, or none; nothing if that is not known.
    pub(crate) fn verdict(&self) -> Option<bool> {
        match self.scans.as_slice() {
            [] => Some(false),
            [only] => (only.payload.conditions.is_empty() && only.residual.is_none()).then_some(true),
            _ => None,
        }
    }
}

/// Whether every conversation matches a filter in negation normal form, or none; nothing if that is not seen.
pub(crate) fn verdict(filter: &Filter) -> Option<bool> {
    let simple = simplify(filter.clone());
    let is_everything = simple == Filter::EVERYTHING;
    (is_everything || is_nothing(&simple)).then_some(is_everything)
}

/// Puts into the warnings of a query that all of it holds always, or never, unless they tell of a part of it already.
#[cold]
pub(crate) fn warn(filter: &Filter, holds: bool, text: &str, warnings: &mut Diagnostics) {
    let code = if holds { Code::Tautology } else { Code::Contradiction };
    if !warnings.has(code) {
        warnings.add(text, told(filter, holds, text));
    }
}

fn told(filter: &Filter, holds: bool, text: &str) -> Diagnostic {
    let is_seen = filter.conditions().count() <= MOST_CONDITIONS && verdict(filter) == Some(holds);
    let mut places: Vec<Span> =
        if is_seen { narrowest(filter, holds).into_iter().filter_map(place).collect() } else { Vec::new() };
    places.sort_unstable();
    // The two halves of one BETWEEN are one place.
    places.dedup();
    let whole = || places.iter().copied().reduce(Span::to).unwrap_or(Span::new(0, text.trim_end().len() as u32));
    match (places.as_slice(), holds) {
        ([first, second], false) => catalogue::contradiction(*first, *second),
        ([first, second], true) => catalogue::tautology(*first, *second),
        ([_, .., last], _) if places.len() <= MOST_PARTS => {
            let told = if holds { catalogue::one_always_holds(*last) } else { catalogue::never_together(*last) };
            places.iter().rev().skip(1).fold(told, |told, place| told.and(*place, "one of them"))
        }
        (_, false) => catalogue::never_holds(whole()),
        (_, true) => catalogue::always_holds(whole()),
    }
}

/// The parts of a chain that together never hold, or of which one always does, and none of which can be left out.
fn narrowest(filter: &Filter, holds: bool) -> Vec<&Filter> {
    let parts = match (filter, holds) {
        (Filter::All(parts), false) | (Filter::Any(parts), true) => parts,
        // Of alternatives each is nothing by itself.
        _ => return vec![filter],
    };
    let is_decided = |part: &Filter| verdict(part) == Some(holds);
    if let Some(part) = parts.iter().find(|part| is_decided(part)) {
        return narrowest(part, holds);
    }
    let mut kept: Vec<&Filter> = parts.iter().collect();
    let mut at = 0;
    while at < kept.len() {
        let mut fewer = kept.clone();
        fewer.remove(at);
        let chain = fewer.iter().map(|part| (*part).clone()).collect();
        if is_decided(&if holds { Filter::Any(chain) } else { Filter::All(chain) }) {
            kept = fewer;
        } else {
            at += 1;
        }
    }
    kept
}

/// Where the conditions of a part stand.
fn place(part: &Filter) -> Option<Span> {
    part.conditions().map(|condition| condition.span).reduce(Span::to)
}
