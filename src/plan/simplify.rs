//! Simplification of a filter in negation normal form. The meaning stays the same.

use std::hash::{BuildHasher, Hash, Hasher};

use crate::check::{Condition, Filter, List, Test, Values, membership};
use crate::schema::{Attribute, Case, STANDARD, ValueType};

/// How many neighbours a condition is compared with; more would make long queries quadratic.
const WINDOW: usize = 32;

/// How often a chain is gone through at most; what is left then is only longer than it could be.
const PASSES: usize = 4;

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
        Test::Present
        | Test::Missing
        | Test::AnyOf(Values::Words(_))
        | Test::NoneOf(Values::Words(_))
        | Test::NotContains(_)
        | Test::NotStartsWith(_) => {
            let tautology = condition.is_tautology();
            (tautology || condition.is_contradiction()).then_some(tautology)
        }
        _ => None,
    }
}

fn chain(mut parts: Vec<Filter>, all: bool) -> Filter {
    let mut rounds = 0;
    loop {
        let are_strangers = are_strangers(&parts);
        if !are_strangers {
            parts = match joined(parts, all) {
                Some(parts) => parts,
                None => return absorbing(all),
            };
        }
        for part in &mut parts {
            if let Filter::Condition(condition) = part
                && let Test::AnyOf(values) | Test::NoneOf(values) = &mut condition.test
                && values.len() > 1
            {
                values.drop_repeated();
                // What was merged may hold for none: `status != open AND status != …`, each of them.
                if !are_strangers && decided(condition) == Some(!all) {
                    return absorbing(all);
                }
            }
        }
        // What is left of a part may say more about the others.
        if are_strangers || rounds == PASSES || !narrow(&mut parts, all) {
            break;
        }
        rounds += 1;
    }
    if parts.len() == 1 {
        return parts.swap_remove(0);
    }
    if all { Filter::All(parts) } else { Filter::Any(parts) }
}

/// Whether nothing can be done with the parts of a chain, neither alone nor together: they are conditions, each on a
/// standard attribute of its own. Most short chains are such.
fn are_strangers(parts: &[Filter]) -> bool {
    const { assert!(STANDARD.len() <= u64::BITS as usize, "each standard attribute has a bit") };
    let mut attributes = 0u64;
    parts.iter().all(|part| {
        let Filter::Condition(condition) = part else { return false };
        let Attribute::Standard(standard) = condition.attribute else { return false };
        let bit = 1 << standard as u32;
        let new = attributes & bit == 0;
        attributes |= bit;
        new && decided(condition).is_none()
    })
}

/// The parts of a chain, those joined that say something of each other; none if one of them decides the whole chain.
fn joined(mut parts: Vec<Filter>, all: bool) -> Option<Vec<Filter>> {
    // Nearly all chains are of conditions that nothing is to be done with alone.
    let settled = |part: &Filter| matches!(part, Filter::Condition(condition) if decided(condition).is_none());
    if !parts.iter().all(settled) {
        parts = flattened(parts, all)?;
    }
    // What has taken the place of another may say more about those before it.
    for _ in 0..PASSES {
        let mut seen = Seen { room: parts.len(), ..Seen::default() };
        // Those that are kept move to the front.
        let mut end = 0;
        for at in 0..parts.len() {
            let Some((kept, [part, ..])) = parts.split_at_mut_checked(at) else { break };
            match seen.join(kept.get_mut(..end).unwrap_or_default(), part, all) {
                Joined::Decided => return None,
                Joined::Told => {}
                Joined::New => {
                    if end < at {
                        parts.swap(end, at);
                    }
                    end += 1;
                }
            }
        }
        parts.truncate(end);
        if !seen.replaced {
            break;
        }
    }
    Some(parts)
}

/// What a chain is that one of its parts decides.
const fn absorbing(all: bool) -> Filter {
    if all { Filter::NOTHING } else { Filter::EVERYTHING }
}

/// The parts simplified one by one, those of chains within that mean the same among them; none if one of them decides
/// the whole chain.
fn flattened(parts: Vec<Filter>, all: bool) -> Option<Vec<Filter>> {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match (all, simplify(part)) {
            (true, Filter::Any(inner)) if inner.is_empty() => return None,
            (false, Filter::All(inner)) if inner.is_empty() => return None,
            (true, Filter::All(inner)) | (false, Filter::Any(inner)) => flat.extend(inner),
            (_, part) => flat.push(part),
        }
    }
    Some(flat)
}

/// Drops what the conditions of a chain decide in its other parts: of `a AND (b OR c)` the alternatives that `a` excludes,
/// or all of them if `a` implies one; and the same of `a OR (b AND c)` turned round. Returns whether anything was dropped.
fn narrow(parts: &mut Vec<Filter>, all: bool) -> bool {
    let is_condition = |part: &Filter| matches!(part, Filter::Condition(_));
    if parts.iter().all(is_condition) || !parts.iter().any(is_condition) {
        return false;
    }
    let known: Vec<Condition> = parts
        .iter()
        .filter_map(|part| if let Filter::Condition(condition) = part { Some(condition.clone()) } else { None })
        .take(WINDOW)
        .collect();
    let any_known = |condition: &Condition, decides: &dyn Fn(&Condition) -> bool| {
        known.iter().any(|known| known.attribute == condition.attribute && decides(known))
    };
    let barred = |part: &Filter| {
        let bars = |condition: &Condition| any_known(condition, &|known| decide(known, condition, all));
        match part {
            Filter::Condition(condition) => bars(condition),
            Filter::All(inner) | Filter::Any(inner) => {
                inner.iter().any(|part| matches!(part, Filter::Condition(condition) if bars(condition)))
            }
            Filter::Not(_) => false,
        }
    };
    let told = |part: &Filter| {
        let Filter::Condition(condition) = part else { return false };
        any_known(condition, &|known| known.test == condition.test || goes_without_saying(known, condition, all))
    };
    let mut dropped = false;
    parts.retain_mut(|part| {
        let (Filter::All(inner) | Filter::Any(inner)) = part else { return true };
        if inner.iter().any(told) {
            dropped = true;
            return false;
        }
        let before = inner.len();
        inner.retain(|alternative| !barred(alternative));
        dropped |= inner.len() < before;
        true
    });
    dropped
}

/// What becomes of a part of a chain, given those that are kept before it.
enum Joined {
    /// It is kept too.
    New,
    /// They say it already, or now do.
    Told,
    /// With it the chain is nothing, or everything.
    Decided,
}

/// What is known of the parts of a chain that are kept.
#[derive(Default)]
struct Seen {
    /// For each part that is a condition on a standard attribute, the place of the one before on the same attribute;
    /// places count from 1, and 0 is none. Beside it the condition's [`equality_print`], once it was asked for. It ends
    /// behind the last part of which there is something to say.
    before: Vec<(usize, u64)>,
    /// For each standard attribute, the place of the last condition on it.
    last: [usize; STANDARD.len()],
    /// The places of the parts that are no conditions, each with what parts that are alike have in common.
    prints: Vec<(usize, u64)>,
    /// How many parts there are at most.
    room: usize,
    /// Whether a part has taken the place of one that it says as well.
    replaced: bool,
}

impl Seen {
    /// Joins a part to those that are kept before it, if it can be.
    fn join(&mut self, kept: &mut [Filter], part: &mut Filter, all: bool) -> Joined {
        let end = kept.len();
        let Filter::Condition(new) = part else {
            let print = fingerprint(part);
            let earlier = self.prints.iter().rev().take(WINDOW).filter(|(_, other)| *other == print);
            if earlier.filter_map(|(at, _)| kept.get(*at)).any(|earlier| same(earlier, part)) {
                return Joined::Told;
            }
            self.prints.push((end, print));
            return Joined::New;
        };
        let standard = match new.attribute {
            Attribute::Standard(standard) => Some(standard as usize),
            _ => None,
        };
        let previous = standard.and_then(|standard| self.last.get(standard)).copied();
        let mut print = UNKNOWN;
        // From condition to condition on the attribute where those are known, else from part to part.
        let mut place = previous.unwrap_or(end);
        while place > end.saturating_sub(WINDOW) {
            let at = place - 1;
            let (next, mut other) = self.before.get(at).copied().unwrap_or((0, UNKNOWN));
            place = if previous.is_some() { next } else { at };
            // Long chains are made of such pairs.
            if are_apart(print, other) {
                continue;
            }
            let Some(Filter::Condition(old)) = kept.get_mut(at) else { continue };
            let merges = merges(&old.test, &new.test, all);
            if !merges {
                if print == UNKNOWN {
                    print = equality_print(new, all);
                }
                if other == UNKNOWN {
                    other = equality_print(old, all);
                    self.note(at, (next, other));
                }
                if are_apart(print, other) {
                    continue;
                }
            }
            if previous.is_none() && old.attribute != new.attribute {
                continue;
            }
            // Alternatives of one attribute, the most frequent pair: nothing else may become of them.
            if merges {
                if merge(old, new, all) {
                    return Joined::Told;
                }
                continue;
            }
            if old.test == new.test {
                return Joined::Told;
            }
            if is_of_one_kind(print, other) {
                continue;
            }
            if goes_without_saying(old, new, all) {
                return Joined::Told;
            }
            if decide(old, new, all) {
                return Joined::Decided;
            }
            if goes_without_saying(new, old, all) {
                std::mem::swap(&mut old.test, &mut new.test);
                let print = equality_print(old, all);
                self.note(at, (next, print));
                self.replaced = true;
                return Joined::Told;
            }
            // What is merged has no kind of its own, before and behind.
            if merge(old, new, all) {
                return Joined::Told;
            }
        }
        let before = previous.unwrap_or_default();
        if before != 0 || print != UNKNOWN {
            self.note(end, (before, print));
        }
        if let Some(last) = standard.and_then(|standard| self.last.get_mut(standard)) {
            *last = end + 1;
        }
        Joined::New
    }

    fn note(&mut self, at: usize, before: (usize, u64)) {
        if self.before.len() <= at {
            self.before.reserve(self.room.saturating_sub(self.before.len()));
            self.before.resize(at + 1, (0, UNKNOWN));
        }
        if let Some(known) = self.before.get_mut(at) {
            *known = before;
        }
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

/// Whether two conditions on one attribute may be equal, and have nothing else to do with each other.
const fn is_of_one_kind(print: u64, other: u64) -> bool {
    matches!(kind(print), 1..=6) && kind(print) == kind(other)
}

/// Whether they have nothing to do with each other.
const fn are_apart(print: u64, other: u64) -> bool {
    print != other && is_of_one_kind(print, other)
}

/// A number that tells most conditions of one kind from each other: equal ones have equal prints. Of kind 0
/// are those that may have more to do with each other.
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
        // A conversation has several labels.
        (Test::AnyOf(_), Test::NoneOf(_)) if a.attribute.value_type() == ValueType::Labels => false,
        // A condition implies what its opposite excludes.
        (Test::Compare(..) | Test::AnyOf(_), Test::Compare(..) | Test::NoneOf(_)) => a.excludes(&opposite(b)),
        _ => false,
    }
}

/// Whether a condition says nothing more in a chain where another one stands: what an AND implies, or what implies one of
/// an OR.
fn goes_without_saying(known: &Condition, other: &Condition, all: bool) -> bool {
    if all { implies(known, other) } else { implies(other, known) }
}

/// Whether two conditions together decide their chain: an AND that nothing satisfies, or an OR that everything does.
fn decide(a: &Condition, b: &Condition, all: bool) -> bool {
    if all { a.excludes(b) } else { a.completes(b) }
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
