//! The order of a payload: what must stand where so that the server reads it as it is meant.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::dnf::{Arena, Conjunction};
use super::product::crossed;
use super::pushdown::{Literal, Nature, Reason, pattern};
use crate::payload::{Condition, Payload, QueryOperator, Value};
use crate::schema::{STANDARD, StandardInfo, WireOperator};

/// A payload, and the parts that it does not say exactly.
pub(super) struct Laid {
    pub payload: Payload,
    pub weak: Weak,
}

/// What a payload does not say exactly.
#[derive(Clone, Default)]
pub(super) struct Weak {
    /// The parts, with the reasons.
    pub parts: BTreeMap<usize, Reason>,
    /// The literals that are left to the client; other parts may rest on them.
    pub left: HashSet<Literal>,
}

impl Weak {
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Leaves a literal of `part` to the client.
    fn leave(&mut self, literal: &Literal, part: usize, reason: Reason) {
        self.parts.insert(part, reason);
        self.left.insert(literal.clone());
    }
}

impl Literal {
    fn is_custom(&self) -> bool {
        matches!(self.nature, Nature::Custom | Nature::CustomUnequal(_))
    }

    /// A custom attribute's `!=` that nothing else can say.
    fn is_text_unequal(&self) -> bool {
        matches!(&self.nature, Nature::CustomUnequal(alternatives) if alternatives.is_empty())
    }

    /// How many conjunctions more the literal may become.
    pub(super) fn weight(&self) -> usize {
        match &self.nature {
            Nature::CustomUnequal(alternatives) => alternatives.len().saturating_sub(1),
            _ => 0,
        }
    }

    /// Whether the server reads the literal otherwise behind a custom attribute.
    fn leaks(&self) -> bool {
        self.nature == Nature::Leaky && (self.values.len() > 1 || !self.is_lower())
    }

    /// Whether lower-casing changes none of the values.
    fn is_lower(&self) -> bool {
        self.values.iter().all(|value| match value {
            Value::Text(text) => text.chars().all(|c| c.to_lowercase().eq([c])),
            _ => true,
        })
    }
}

/// Lays conjunctions out as one payload, weakening what cannot stand where it must.
///
/// What is said by alternatives multiplies the conditions. Where there would be more than `max`, some of it is left to
/// the client too.
pub(super) fn lay(arena: &mut Arena, conjunctions: &[Conjunction], max: usize) -> Laid {
    lay_keeping(arena, conjunctions, max, true)
}

/// As [`lay`]; if the payload says everything, nobody needs the literals any more, and they are moved into it.
pub(super) fn lay_once(arena: &mut Arena, conjunctions: &[Conjunction], max: usize) -> Laid {
    lay_keeping(arena, conjunctions, max, false)
}

fn lay_keeping(arena: &mut Arena, conjunctions: &[Conjunction], max: usize, keep: bool) -> Laid {
    let mut weak = Weak::default();
    let mut seen = vec![false; arena.parts.len()];
    for &part in conjunctions.iter().flat_map(|conjunction| &conjunction.weak) {
        if let Some(seen) = seen.get_mut(part)
            && !std::mem::replace(seen, true)
        {
            let reason = arena.parts.get(part).and_then(|part| part.reason).unwrap_or(Reason::NotFilterable);
            weak.parts.insert(part, reason);
        }
    }
    let any_custom = conjunctions.iter().any(|conjunction| literals(arena, conjunction).any(Literal::is_custom));
    if !any_custom {
        let payload = if !keep && weak.is_empty() && each_once(conjunctions) {
            emit(conjunctions, |id| arena.take_literal(id))
        } else {
            emit(conjunctions, |id| arena.literal(id).map(|(literal, _)| literal.clone()))
        };
        return Laid { payload, weak };
    }
    if as_written(arena, conjunctions) {
        let mut ordered = conjunctions.to_vec();
        ordered.iter_mut().for_each(|conjunction| conjunction.weak.clear());
        arena.absorb(&mut ordered);
        return Laid { payload: emit(&ordered, |id| arena.literal(id).map(|(literal, _)| literal.clone())), weak };
    }
    let most = max.max(conjunctions.len());
    let asks = conjunctions.iter().all(|conjunction| !conjunction.literals.is_empty());
    let mut room = most;
    loop {
        let laid = lay_customs(arena, conjunctions.to_vec(), weak.clone(), true, room);
        // The client may evaluate what is written out, but not what would leak in one of the alternatives.
        let is_lost = |part: &usize| !weak.parts.contains_key(part) && !arena.is_evaluable(*part);
        // Where nothing is sent, too little room was the reason.
        let sizes = usize::from(asks)..=max;
        if sizes.contains(&laid.payload.conditions.len()) && !laid.weak.parts.keys().any(is_lost) {
            return laid;
        }
        // In less room some are still written out.
        room /= 2;
        if room <= conjunctions.len() {
            return lay_customs(arena, conjunctions.to_vec(), weak, false, most);
        }
    }
}

/// Whether the server reads everything as it is meant in the order of the query: no `!=` of a custom attribute is among
/// it, and behind a custom attribute nothing that would leak.
fn as_written(arena: &Arena, conjunctions: &[Conjunction]) -> bool {
    let mut behind_custom = false;
    conjunctions.iter().flat_map(|conjunction| literals(arena, conjunction)).all(|literal| {
        let is_misread = matches!(literal.nature, Nature::CustomUnequal(_)) || behind_custom && literal.leaks();
        behind_custom |= literal.is_custom();
        !is_misread
    })
}

/// Lays conjunctions out of which some have custom attributes; `expand` says whether alternatives may be written out,
/// `most` how many conjunctions that may make.
fn lay_customs(arena: &mut Arena, conjunctions: Vec<Conjunction>, mut weak: Weak, expand: bool, most: usize) -> Laid {
    let (mut conjunctions, last) = unequals(arena, conjunctions, &mut weak, expand, most);
    arena.absorb(&mut conjunctions);
    if conjunctions.iter().any(|conjunction| conjunction.literals.is_empty()) {
        // One alternative matches everything.
        return Laid { payload: Payload::default(), weak };
    }
    let (mut ordered, custom): (Vec<_>, Vec<_>) =
        conjunctions.into_iter().partition(|conjunction| !literals(arena, conjunction).any(Literal::is_custom));
    ordered.extend(leaks(arena, custom, &mut weak, expand, most));
    // What is left to the client is noted; for the payload alone the shorter alternatives are enough.
    ordered.iter_mut().for_each(|conjunction| conjunction.weak.clear());
    arena.absorb(&mut ordered);
    ordered.extend(last);
    Laid { payload: emit(&ordered, |id| arena.literal(id).map(|(literal, _)| literal.clone())), weak }
}

fn literals<'a>(arena: &'a Arena, conjunction: &'a Conjunction) -> impl Iterator<Item = &'a Literal> {
    conjunction.literals.iter().filter_map(|&id| arena.literal(id)).map(|(literal, _)| literal)
}

/// Places the `!=` of custom attributes. One may be the last disjunct; the others are said by their alternatives or not at all.
fn unequals(
    arena: &mut Arena,
    conjunctions: Vec<Conjunction>,
    weak: &mut Weak,
    expand: bool,
    most: usize,
) -> (Vec<Conjunction>, Option<Conjunction>) {
    let alone_last =
        (0..conjunctions.len()).rev().find(|&i| is_alone(arena, &conjunctions, i, Literal::is_text_unequal));
    let completed = if alone_last.is_none() { completed_by_missing(arena, &conjunctions) } else { None };
    let last = alone_last.or_else(|| last_by_need(arena, &conjunctions, expand));
    let mut kept = Vec::with_capacity(conjunctions.len());
    let mut at_end = None;
    for (i, conjunction) in conjunctions.into_iter().enumerate() {
        if completed.is_some_and(|(whole, _)| i == whole) {
            at_end = Some(custom_last(arena, conjunction));
            continue;
        }
        if completed.is_some_and(|(_, missing)| i == missing) {
            continue;
        }
        if Some(i) == last && completed.is_none() {
            let mut conjunction = conjunction;
            for &id in conjunction.literals.get(1..).unwrap_or_default() {
                if let Some((literal, part)) = arena.literal(id) {
                    weak.leave(literal, *part, Reason::CustomUnequal);
                }
            }
            conjunction.literals.truncate(1);
            at_end = Some(conjunction);
            continue;
        }
        let room = most.saturating_sub(kept.len());
        kept.extend(one_by_one(arena, conjunction, weak, expand, room, without_unequal));
    }
    (kept, at_end)
}

/// Whether the conjunction at a place is one literal that passes the test.
fn is_alone(arena: &Arena, conjunctions: &[Conjunction], i: usize, test: fn(&Literal) -> bool) -> bool {
    conjunctions
        .get(i)
        .is_some_and(|conjunction| conjunction.literals.len() == 1 && literals(arena, conjunction).all(test))
}

/// The place of the conjunction that is said at the end where none is a text's `!=` alone: one of nothing else, which
/// would match everything elsewhere, or one whose alternatives that saves.
fn last_by_need(arena: &Arena, conjunctions: &[Conjunction], expand: bool) -> Option<usize> {
    let is_unequal: fn(&Literal) -> bool = |literal| matches!(literal.nature, Nature::CustomUnequal(_));
    let is_said_there_alone = if expand { Literal::is_text_unequal } else { is_unequal };
    let of_nothing_else = |conjunction: &Conjunction| {
        !conjunction.literals.is_empty() && literals(arena, conjunction).all(is_said_there_alone)
    };
    conjunctions
        .iter()
        .position(of_nothing_else)
        .or_else(|| (0..conjunctions.len()).rev().find(|&i| is_alone(arena, conjunctions, i, is_unequal)))
}

/// What a literal becomes that cannot stand where it must.
struct Instead {
    /// What says the same as alternatives; none if nothing does.
    forms: Vec<Vec<Literal>>,
    /// How much of the room each conjunction with them takes.
    room: usize,
    /// Why it is left to the client if nothing says it.
    reason: Reason,
}

/// A `!=` of a custom attribute is said by its alternatives.
fn without_unequal(literal: &Literal) -> Option<Instead> {
    let Nature::CustomUnequal(alternatives) = &literal.nature else { return None };
    Some(Instead { forms: alternatives.clone(), room: alternatives.len(), reason: Reason::CustomUnequal })
}

/// What would leak is said in single lower-case values.
fn without_leak(literal: &Literal) -> Option<Instead> {
    if !literal.leaks() {
        return None;
    }
    let mut forms = Vec::new();
    if literal.is_lower() {
        let single = |value: &Value| Literal { values: value.clone().into(), ..literal.clone() };
        let singles = literal.values.iter().map(single);
        if literal.operator == WireOperator::EqualTo {
            forms.extend(singles.map(|single| vec![single]));
        } else {
            forms.push(singles.collect());
        }
    }
    Some(Instead { forms, room: literal.values.len(), reason: Reason::Leak })
}

/// The conjunctions that say a conjunction: each literal that cannot stand there by what it becomes, in the room that
/// there is, else by something wider or not at all.
fn one_by_one(
    arena: &mut Arena,
    conjunction: Conjunction,
    weak: &mut Weak,
    expand: bool,
    room: usize,
    instead: fn(&Literal) -> Option<Instead>,
) -> Vec<Conjunction> {
    let mut expanded =
        vec![Conjunction { weak: conjunction.weak, shared: conjunction.shared, ..Conjunction::default() }];
    for id in conjunction.literals {
        let Some((literal, part)) = arena.literal(id).cloned() else { continue };
        let Some(instead) = instead(&literal) else {
            expanded.iter_mut().for_each(|conjunction| conjunction.literals.push(id));
            continue;
        };
        let too_long = !expand && arena.is_evaluable(part) || expanded.len() * instead.room > room;
        if instead.forms.is_empty() || too_long {
            weak.leave(&literal, part, if instead.forms.is_empty() { instead.reason } else { Reason::TooLong });
            if let Some(wider) = wider(&literal) {
                let id = arena.add_literal(wider, part);
                expanded.iter_mut().for_each(|conjunction| conjunction.literals.push(id));
            }
            continue;
        }
        let added = |form: Vec<Literal>| Conjunction {
            literals: form.into_iter().map(|literal| arena.add_literal(literal, part)).collect(),
            ..Conjunction::default()
        };
        let forms: Vec<Conjunction> = instead.forms.into_iter().map(added).collect();
        expanded = crossed(expanded, &forms);
    }
    expanded
}

/// `A AND x != v OR x IS MISSING` is just what the server makes of `A AND x not_equal_to v` at the end, where it appends
/// `OR x IS NULL`: the conjunction with the `!=`, and the one that then goes without saying.
fn completed_by_missing(arena: &Arena, conjunctions: &[Conjunction]) -> Option<(usize, usize)> {
    let is_unequal = |literal: &&Literal| matches!(literal.nature, Nature::CustomUnequal(_));
    let mut absent = HashMap::new();
    for (i, conjunction) in conjunctions.iter().enumerate().rev() {
        let mut asked = literals(arena, conjunction);
        if let (Some(only), None, true) = (asked.next(), asked.next(), conjunction.weak.is_empty())
            && only.is_custom()
            && only.operator == WireOperator::IsNotPresent
        {
            absent.insert(&only.key, i);
        }
    }
    conjunctions.iter().enumerate().rev().find_map(|(i, conjunction)| {
        let mut unequal = literals(arena, conjunction).filter(is_unequal);
        let (Some(unequal), None, true) = (unequal.next(), unequal.next(), conjunction.weak.is_empty()) else {
            return None;
        };
        let missing = *absent.get(&unequal.key)?;
        // Nothing in it may be exposed to the leak of another alternative.
        let behind_custom = conjunctions.iter().enumerate().any(|(other, conjunction)| {
            other != i && other != missing && literals(arena, conjunction).any(Literal::is_custom)
        });
        let exposed = behind_custom && literals(arena, conjunction).any(Literal::leaks);
        (!exposed).then_some((i, missing))
    })
}

/// Standard conditions first, then custom attributes, at the end the `!=` of one.
fn custom_last(arena: &Arena, mut conjunction: Conjunction) -> Conjunction {
    conjunction.literals.sort_by_key(|&id| match arena.literal(id).map(|(literal, _)| &literal.nature) {
        Some(Nature::CustomUnequal(_)) => 2,
        Some(Nature::Custom) => 1,
        _ => 0,
    });
    conjunction
}

/// Orders conjunctions with custom attributes. In the first one standard conditions still stand before every custom
/// attribute; in the others what would leak is said otherwise or not at all.
fn leaks(
    arena: &mut Arena,
    mut conjunctions: Vec<Conjunction>,
    weak: &mut Weak,
    expand: bool,
    most: usize,
) -> Vec<Conjunction> {
    let stubborn =
        |conjunction: &Conjunction| literals(arena, conjunction).any(|literal| literal.leaks() && !literal.is_lower());
    let leaking = |conjunction: &Conjunction| literals(arena, conjunction).any(Literal::leaks);
    let first = conjunctions.iter().position(stubborn).or_else(|| conjunctions.iter().position(leaking)).unwrap_or(0);
    if let Some(moved) = conjunctions.get_mut(..=first) {
        moved.rotate_right(1);
    }
    let mut ordered: Vec<Conjunction> = Vec::with_capacity(conjunctions.len());
    for conjunction in conjunctions {
        if ordered.is_empty() {
            ordered.push(conjunction);
        } else {
            let room = most.saturating_sub(ordered.len());
            ordered.extend(one_by_one(arena, conjunction, weak, expand, room, without_leak));
        }
    }
    ordered.into_iter().map(|conjunction| custom_last(arena, conjunction)).collect()
}

/// A condition that the leak does not touch and that matches whatever equals one of the literal's values.
fn wider(literal: &Literal) -> Option<Literal> {
    let has_contains = |info: &StandardInfo| info.key == literal.key && info.wire.contains(WireOperator::Contains);
    if literal.operator != WireOperator::EqualTo || !STANDARD.iter().any(has_contains) {
        return None;
    }
    let escaped = literal.values.iter().map(|value| match value {
        Value::Text(text) => pattern(text),
        other => other.clone(),
    });
    Some(Literal {
        operator: WireOperator::Contains,
        values: escaped.collect(),
        nature: Nature::Plain,
        key: literal.key.clone(),
    })
}

/// Whether each literal stands in one place alone: their numbers rise.
fn each_once(conjunctions: &[Conjunction]) -> bool {
    conjunctions.iter().flat_map(|conjunction| &conjunction.literals).is_sorted_by(|a, b| a < b)
}

/// The flat array: AND within a conjunction, OR between two, nothing at the end.
fn emit(conjunctions: &[Conjunction], mut literal: impl FnMut(u32) -> Option<Literal>) -> Payload {
    let count = conjunctions.iter().map(|conjunction| conjunction.literals.len()).sum();
    let mut conditions: Vec<Condition> = Vec::with_capacity(count);
    for conjunction in conjunctions {
        if conjunction.literals.is_empty() {
            return Payload::default();
        }
        if let Some(last) = conditions.last_mut() {
            last.query_operator = Some(QueryOperator::Or);
        }
        for literal in conjunction.literals.iter().filter_map(|&id| literal(id)) {
            conditions.push(Condition {
                attribute_key: literal.key,
                filter_operator: literal.operator,
                values: literal.values,
                query_operator: Some(QueryOperator::And),
            });
        }
    }
    if let Some(last) = conditions.last_mut() {
        last.query_operator = None;
    }
    Payload { conditions }
}
