//! Simplification of a filter in negation normal form. The meaning stays the same.

use std::ops::ControlFlow;

use crate::check::{Condition, Filter, Test, Values, membership};
use crate::schema::{Attribute, Case, ValueType};

/// How many neighbours a condition is compared with; more would make long queries quadratic.
const WINDOW: usize = 32;

/// Joins, drops and merges what can be, the first occurrence keeping its place.
pub(super) fn simplify(filter: Filter) -> Filter {
    match filter {
        Filter::All(parts) => chain(parts, true),
        Filter::Any(parts) => chain(parts, false),
        Filter::Condition(condition) if condition.is_tautology() => Filter::EVERYTHING,
        Filter::Condition(condition) if condition.is_contradiction() => Filter::NOTHING,
        other => other,
    }
}

fn chain(parts: Vec<Filter>, all: bool) -> Filter {
    let mut kept = Kept { parts: Vec::with_capacity(parts.len()), ..Kept::default() };
    for part in parts {
        if let Filter::Condition(condition) = &part
            && !condition.is_tautology()
            && !condition.is_contradiction()
        {
            if kept.add(part, all).is_break() {
                return if all { Filter::NOTHING } else { Filter::EVERYTHING };
            }
            continue;
        }
        match (all, simplify(part)) {
            // What absorbs the whole chain.
            (true, Filter::Any(inner)) if inner.is_empty() => return Filter::NOTHING,
            (false, Filter::All(inner)) if inner.is_empty() => return Filter::EVERYTHING,
            (true, Filter::All(inner)) | (false, Filter::Any(inner)) => {
                for part in inner {
                    if kept.add(part, all).is_break() {
                        return if all { Filter::NOTHING } else { Filter::EVERYTHING };
                    }
                }
            }
            (_, part) => {
                if kept.add(part, all).is_break() {
                    return if all { Filter::NOTHING } else { Filter::EVERYTHING };
                }
            }
        }
    }
    let mut kept = kept.parts;
    for part in &mut kept {
        if let Filter::Condition(Condition { test: Test::AnyOf(values) | Test::NoneOf(values), .. }) = part
            && values.len() > 1
        {
            values.drop_repeated();
        }
    }
    if kept.len() == 1 {
        return kept.swap_remove(0);
    }
    if all { Filter::All(kept) } else { Filter::Any(kept) }
}

/// The parts of a chain so far.
#[derive(Default)]
struct Kept {
    parts: Vec<Filter>,
    /// For each standard attribute, behind how many parts its last condition stands: a bound on how far to look for one.
    last: [usize; 16],
}

impl Kept {
    /// Adds a part to a chain; breaks where the chain is decided by it: nothing, or everything.
    fn add(&mut self, part: Filter, all: bool) -> ControlFlow<()> {
        let Filter::Condition(mut new) = part else {
            if !self.parts.iter().rev().take(WINDOW).any(|earlier| same(earlier, &part)) {
                self.parts.push(part);
            }
            return ControlFlow::Continue(());
        };
        // Up to the last condition on the same attribute there is none to compare with.
        let last = match &new.attribute {
            Attribute::Standard(standard) => self.last.get_mut(*standard as usize),
            _ => None,
        };
        let skip = last.as_ref().map_or(0, |last| self.parts.len() - **last);
        for earlier in self.parts.iter_mut().rev().take(WINDOW).skip(skip) {
            let Filter::Condition(old) = earlier else { continue };
            if old.attribute != new.attribute {
                continue;
            }
            if old.test == new.test || (all && implies(old, &new)) || (!all && implies(&new, old)) {
                return ControlFlow::Continue(());
            }
            if (all && old.excludes(&new)) || (!all && old.completes(&new)) {
                return ControlFlow::Break(());
            }
            if (all && implies(&new, old)) || (!all && implies(old, &new)) {
                old.test = new.test;
                return ControlFlow::Continue(());
            }
            if merge(old, &mut new, all) {
                return ControlFlow::Continue(());
            }
        }
        self.parts.push(Filter::Condition(new));
        if let Some(last) = last {
            *last = self.parts.len();
        }
        ControlFlow::Continue(())
    }
}

/// Whether every conversation for which `a` holds is one for which `b` holds; both are of one attribute.
pub(super) fn implies(a: &Condition, b: &Condition) -> bool {
    match (&a.test, &b.test) {
        (Test::Missing, _) => b.matches_missing(),
        (_, Test::Present) => !a.matches_missing(),
        // A condition implies what its opposite excludes.
        (Test::AnyOf(_), Test::NoneOf(_)) if a.attribute.value_type() != ValueType::Labels => a.excludes(&opposite(b)),
        (Test::Compare(..) | Test::AnyOf(_), Test::Compare(..)) => a.excludes(&opposite(b)),
        _ => false,
    }
}

fn opposite(condition: &Condition) -> Condition {
    Condition { test: condition.test.opposite(), ..condition.clone() }
}

/// Whether two parts are alike, wherever they stand.
fn same(a: &Filter, b: &Filter) -> bool {
    match (a, b) {
        (Filter::All(these), Filter::All(those)) | (Filter::Any(these), Filter::Any(those)) => {
            these.len() == those.len() && these.iter().zip(those).all(|(a, b)| same(a, b))
        }
        (Filter::Condition(a), Filter::Condition(b)) => a.attribute == b.attribute && a.test == b.test,
        (Filter::Not(a), Filter::Not(b)) => same(a, b),
        _ => false,
    }
}

/// Merges the second condition into the first: `a = x OR a = y` into `a IN (x, y)`, `a != x AND a != y` into
/// `a NOT IN (x, y)`, and for attributes with one value `a IN (x, y) AND a IN (y, z)` into `a = y`.
fn merge(first: &mut Condition, second: &mut Condition, all: bool) -> bool {
    let value_type = first.attribute.value_type();
    let single = value_type != ValueType::Labels;
    // Equality of these is not equality of what is written.
    let exact =
        !matches!(value_type, ValueType::Text(Case::Ignored)) && !matches!(first.attribute, Attribute::Local(_));
    match (&mut first.test, &mut second.test) {
        // Repeated values are dropped once the chain is whole: looking for them at each of its conditions would take
        // the square of its length.
        (Test::AnyOf(values), Test::AnyOf(more)) if !all => values.append(more),
        (Test::NoneOf(values), Test::NoneOf(more)) if all => values.append(more),
        (Test::AnyOf(values), Test::AnyOf(more)) if all && single && exact => keep(values, more, true),
        (Test::AnyOf(values), Test::NoneOf(more)) if all && single && exact => keep(values, more, false),
        (test @ Test::NoneOf(_), Test::AnyOf(more)) if all && single && exact => {
            let Test::NoneOf(values) = test else { return false };
            let mut kept = more.clone();
            let merged = keep(&mut kept, values, false);
            if merged {
                *test = Test::AnyOf(kept);
            }
            merged
        }
        _ => false,
    }
}

/// Keeps the values whose presence among `others` is `wanted`. The result is never empty: that would be a contradiction,
/// which is found before.
fn keep(values: &mut Values, others: &Values, wanted: bool) -> bool {
    fn retain<T: Eq + std::hash::Hash>(list: &mut Vec<T>, others: &[T], wanted: bool) -> bool {
        list.retain(membership(others, if wanted { |found| found } else { |found: bool| !found }));
        true
    }
    match (values, others) {
        (Values::Words(list), Values::Words(others)) => retain(list, others, wanted),
        (Values::Ids(list), Values::Ids(others)) => retain(list, others, wanted),
        (Values::Texts(list), Values::Texts(others)) => retain(list, others, wanted),
        (Values::Numbers(list), Values::Numbers(others)) => retain(list, others, wanted),
        (Values::Days(list), Values::Days(others)) => retain(list, others, wanted),
        _ => false,
    }
}
