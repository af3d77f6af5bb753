//! Simplification of a filter in negation normal form. The meaning stays the same.

use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::ControlFlow;

use crate::check::{Condition, Filter, List, Test, Values, membership};
use crate::schema::{Attribute, Case, ValueType};

/// How many neighbours a condition is compared with; more would make long queries quadratic.
const WINDOW: usize = 32;

/// Joins, drops and merges what can be, the first occurrence keeping its place.
pub(super) fn simplify(filter: Filter) -> Filter {
    match filter {
        Filter::All(parts) => chain(parts, true),
        Filter::Any(parts) => chain(parts, false),
        Filter::Condition(condition) => match decided(&condition) {
            Some(true) => Filter::EVERYTHING,
            Some(false) => Filter::NOTHING,
            None => Filter::Condition(condition),
        },
        other => other,
    }
}

/// Whether a condition holds for every conversation, or for none.
#[inline]
fn decided(condition: &Condition) -> Option<bool> {
    match condition.test {
        // Nearly all conditions are neither.
        Test::Present | Test::Missing | Test::AnyOf(Values::Words(_)) | Test::NoneOf(Values::Words(_)) => {
            let tautology = condition.is_tautology();
            (tautology || condition.is_contradiction()).then_some(tautology)
        }
        _ => None,
    }
}

fn chain(parts: Vec<Filter>, all: bool) -> Filter {
    let count = parts.len();
    let mut kept =
        Kept { parts: Vec::with_capacity(count), before: Vec::with_capacity(count), last: [0; 16], prints: Vec::new() };
    for part in parts {
        if let Filter::Condition(condition) = &part
            && decided(condition).is_none()
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
struct Kept {
    parts: Vec<Filter>,
    /// For each part that is a condition on a standard attribute, the place of the one before on the same attribute;
    /// places count from 1, and 0 is none. Beside it the condition's [`equality_print`], once it was asked for.
    before: Vec<(usize, u64)>,
    /// For each standard attribute, the place of the last condition on it.
    last: [usize; 16],
    /// The places of the parts that are no conditions, each with what parts that are alike have in common.
    prints: Vec<(usize, u64)>,
}

impl Kept {
    /// Adds a part to a chain; breaks where the chain is decided by it: nothing, or everything.
    fn add(&mut self, mut part: Filter, all: bool) -> ControlFlow<()> {
        let Filter::Condition(new) = &mut part else {
            let print = fingerprint(&part);
            let earlier = self.prints.iter().rev().take(WINDOW).filter(|(_, other)| *other == print);
            if !earlier.filter_map(|(at, _)| self.parts.get(*at)).any(|earlier| same(earlier, &part)) {
                self.prints.push((self.parts.len(), print));
                self.push(part, (0, 0));
            }
            return ControlFlow::Continue(());
        };
        let end = self.parts.len();
        let standard = match new.attribute {
            Attribute::Standard(standard) => Some(standard as usize).filter(|standard| *standard < self.last.len()),
            _ => None,
        };
        let previous = standard.and_then(|standard| self.last.get(standard)).copied();
        let mut print = UNKNOWN;
        // From condition to condition on the attribute where those are known, else from part to part.
        let mut place = previous.unwrap_or(end);
        while place > end.saturating_sub(WINDOW) {
            let at = place - 1;
            let (next, mut other) = self.before.get(at).copied().unwrap_or_default();
            place = if previous.is_some() { next } else { at };
            if print == UNKNOWN {
                print = equality_print(new, all);
            }
            if other == UNKNOWN
                && let (Some(Filter::Condition(old)), Some((_, print))) = (self.parts.get(at), self.before.get_mut(at))
            {
                other = equality_print(old, all);
                *print = other;
            }
            if print != other && kind(print) == kind(other) && kind(print) != 0 {
                continue;
            }
            let Some(Filter::Condition(old)) = self.parts.get_mut(at) else { continue };
            if old.attribute != new.attribute {
                continue;
            }
            // Alternatives of one attribute, the most frequent pair: nothing else may become of them.
            if merges(&old.test, &new.test, all) {
                if merge(old, new, all) {
                    return ControlFlow::Continue(());
                }
                continue;
            }
            if old.test == new.test {
                return ControlFlow::Continue(());
            }
            if kind(print) == kind(other) && kind(print) != 0 {
                continue;
            }
            if (all && implies(old, new)) || (!all && implies(new, old)) {
                return ControlFlow::Continue(());
            }
            if (all && old.excludes(new)) || (!all && old.completes(new)) {
                return ControlFlow::Break(());
            }
            if (all && implies(new, old)) || (!all && implies(old, new)) {
                std::mem::swap(&mut old.test, &mut new.test);
                if let Some((_, print)) = self.before.get_mut(at) {
                    *print = equality_print(old, all);
                }
                return ControlFlow::Continue(());
            }
            // What is merged has no kind of its own, before and behind.
            if merge(old, new, all) {
                return ControlFlow::Continue(());
            }
        }
        self.push(part, (previous.unwrap_or_default(), print));
        if let Some(last) = standard.and_then(|standard| self.last.get_mut(standard)) {
            *last = end + 1;
        }
        ControlFlow::Continue(())
    }

    fn push(&mut self, part: Filter, before: (usize, u64)) {
        self.parts.push(part);
        self.before.push(before);
    }
}

/// Whether two tests of one attribute are those of one list.
fn merges(old: &Test, new: &Test, all: bool) -> bool {
    matches!((old, new, all), (Test::AnyOf(_), Test::AnyOf(_), false))
}

/// Where the kind of an [`equality_print`] begins.
const KIND: u32 = 61;

/// What is no print: of a condition that is alone on its attribute none is made.
const UNKNOWN: u64 = u64::MAX;

/// The kind of a condition, as its print says it.
const fn kind(print: u64) -> u64 {
    print >> KIND
}

/// A number that tells most conditions of one kind from each other: equal ones have equal prints. Two conditions on one
/// attribute that are of one kind, other than 0, may be equal and have nothing else to do with each other. Long chains
/// are made of such pairs, which are told before every rule is tried.
fn equality_print(condition: &Condition, all: bool) -> u64 {
    let attribute = &condition.attribute;
    let (kind, print) = match &condition.test {
        Test::Contains(text) => (1, text_print(text)),
        Test::NotContains(text) => (2, text_print(text)),
        Test::StartsWith(text) => (3, text_print(text)),
        Test::NotStartsWith(text) => (4, text_print(text)),
        // A conversation has several labels.
        Test::AnyOf(values) if all && attribute.value_type() == ValueType::Labels => (5, values_print(values)),
        // Two of them hold for all that have a value.
        Test::NoneOf(values) if !all && attribute.nullable() && !condition.matches_missing() => {
            (6, values_print(values))
        }
        _ => (0, 0),
    };
    kind << KIND | print >> (u64::BITS - KIND)
}

fn values_print(values: &Values) -> u64 {
    match values {
        Values::Texts(list) => list.first().map_or(0, |text| text_print(text)),
        Values::Ids(list) => list.first().map_or(0, |id| mixed(id.unsigned_abs())),
        _ => 0,
    }
}

/// Texts that are alike differ at their ends, if not in their lengths.
fn text_print(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let end = match bytes.last_chunk() {
        Some(end) => u64::from_le_bytes(*end),
        None => bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    };
    mixed(end ^ bytes.len() as u64)
}

const fn mixed(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15)
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

/// A number that parts which are alike share: few parts that are not begin alike.
fn fingerprint(mut filter: &Filter) -> u64 {
    let mut state = foldhash::fast::FixedState::default().build_hasher();
    loop {
        match filter {
            Filter::All(parts) | Filter::Any(parts) => {
                (matches!(filter, Filter::All(_)), parts.len()).hash(&mut state);
                let Some(first) = parts.first() else { return state.finish() };
                filter = first;
            }
            Filter::Not(inner) => filter = inner,
            Filter::Condition(condition) => {
                (&condition.attribute, &condition.test).hash(&mut state);
                return state.finish();
            }
        }
    }
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
    fn retain<T: Eq + std::hash::Hash>(list: &mut List<T>, others: &[T], wanted: bool) -> bool {
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
