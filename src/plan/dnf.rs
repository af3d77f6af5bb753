//! Bounded disjunctive normal form over what can be sent.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::pushdown::{Literal, Pushdown, Reason, Wire};
use super::simplify::implies;
use crate::check::{Condition, Filter};
use crate::schema::Schema;

/// How many neighbours a literal is compared with; more would make long conjunctions quadratic.
const WINDOW: usize = 64;

/// A part of the query that is sent as a whole or left to the client as a whole.
pub(super) struct Part {
    pub filter: Filter,
    /// Which factor of the query's outermost AND it belongs to.
    pub factor: usize,
    /// Whether the client can evaluate it.
    pub evaluable: bool,
    /// Why it is not sent exactly.
    pub reason: Option<Reason>,
    /// Its literals in each of the ways to send it; ranges of [`Arena::literals`].
    forms: Vec<std::ops::Range<u32>>,
    /// Whether one of its literals is a custom attribute's `!=` with alternatives, which count.
    weight: usize,
}

/// The query's structure, its leaves numbers into [`Arena::parts`].
pub(super) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Leaf(usize),
}

/// All parts and literals of one query.
#[derive(Default)]
pub(super) struct Arena {
    pub parts: Vec<Part>,
    /// Each literal, and the part that it comes from.
    pub literals: Vec<(Literal, usize)>,
    /// Parts (the second) that were left out of a conjunction because others (the first) imply them.
    implied: BTreeSet<(usize, usize)>,
}

/// Literals that must all hold, and the parts that the client has to look at as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Conjunction {
    pub literals: Vec<u32>,
    pub weak: Vec<usize>,
    /// Parts that say the same by one of the literals, which stands there for another part. A part sent in several ways
    /// asks more than that one literal, so whoever evaluates the conjunction must look at each of them.
    pub shared: Vec<usize>,
}

/// How large a disjunctive normal form is: conjunctions and conditions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Size {
    pub conjunctions: usize,
    pub conditions: usize,
}

impl Arena {
    /// Room for about so many parts.
    pub(super) fn with_capacity(parts: usize) -> Self {
        Self { parts: Vec::with_capacity(parts), literals: Vec::with_capacity(parts), implied: BTreeSet::new() }
    }

    /// Takes a simplified filter apart. `left` says what is left to the client from the start.
    pub(super) fn node(
        &mut self,
        filter: Filter,
        factor: usize,
        schema: &Schema,
        left: &dyn Fn(&Condition) -> Option<Reason>,
    ) -> Node {
        match filter {
            Filter::All(parts) => {
                Node::All(parts.into_iter().map(|part| self.node(part, factor, schema, left)).collect())
            }
            Filter::Any(parts) => {
                Node::Any(parts.into_iter().map(|part| self.node(part, factor, schema, left)).collect())
            }
            Filter::Not(inner) => self.node(Filter::Not(inner).negation_normal(), factor, schema, left),
            Filter::Condition(condition) => {
                let mut pushdown = Pushdown::of(&condition, schema);
                if let Some(reason) = left(&condition) {
                    pushdown = pushdown.left_to_client(reason);
                }
                self.leaf(Filter::Condition(condition), factor, pushdown)
            }
        }
    }

    fn leaf(&mut self, filter: Filter, factor: usize, pushdown: Pushdown) -> Node {
        let id = self.parts.len();
        let mut weight = 0;
        let mut forms = Vec::with_capacity(1);
        let mut form = |literals: &mut Vec<(Literal, usize)>, conjunction: &mut dyn Iterator<Item = Literal>| {
            let start = literals.len() as u32;
            literals.extend(conjunction.inspect(|literal| weight += literal.weight()).map(|literal| (literal, id)));
            forms.push(start..literals.len() as u32);
        };
        match pushdown.wire {
            Wire::One(literal) => form(&mut self.literals, &mut std::iter::once(literal)),
            Wire::Any(conjunctions) => {
                conjunctions.into_iter().for_each(|c| form(&mut self.literals, &mut c.into_iter()))
            }
        }
        self.parts.push(Part {
            filter,
            factor,
            evaluable: pushdown.evaluable,
            reason: pushdown.inexact,
            forms,
            weight,
        });
        Node::Leaf(id)
    }

    /// A literal by its number.
    pub(super) fn literal(&self, id: u32) -> Option<&(Literal, usize)> {
        self.literals.get(id as usize)
    }

    /// Moves a literal out.
    pub(super) fn take_literal(&mut self, id: u32) -> Option<Literal> {
        self.literals.get_mut(id as usize).map(|(literal, _)| literal.take())
    }

    /// Adds a literal that takes the place of another one of `part`.
    pub(super) fn add_literal(&mut self, literal: Literal, part: usize) -> u32 {
        self.literals.push((literal, part));
        (self.literals.len() - 1) as u32
    }

    /// The parts that rest on one of these literals: it stands once in a conjunction for all of them.
    pub(super) fn sharing(&self, literals: &HashSet<Literal>) -> BTreeSet<usize> {
        let sends = self.literals.iter().filter(|(literal, _)| literals.contains(literal));
        let mut found: BTreeSet<usize> = sends.map(|(_, part)| *part).collect();
        let mut open: Vec<usize> = found.iter().copied().collect();
        // What one part implies rests on it, and so on.
        while let Some(part) = open.pop() {
            let rest = self.implied.range((part, 0)..=(part, usize::MAX)).map(|(_, part)| *part);
            open.extend(rest.filter(|part| found.insert(*part)));
        }
        found
    }

    /// The filter that a node stands for.
    pub(super) fn filter(&self, node: &Node) -> Filter {
        match node {
            Node::All(nodes) => Filter::All(nodes.iter().map(|node| self.filter(node)).collect()),
            Node::Any(nodes) => Filter::Any(nodes.iter().map(|node| self.filter(node)).collect()),
            Node::Leaf(id) => self.parts.get(*id).map_or(Filter::NOTHING, |part| part.filter.clone()),
        }
    }

    /// Whether the client can evaluate a part.
    pub(super) fn is_evaluable(&self, part: usize) -> bool {
        self.parts.get(part).is_some_and(|part| part.evaluable)
    }

    /// Whether the client can evaluate a node.
    pub(super) fn evaluable(&self, node: &Node) -> bool {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().all(|node| self.evaluable(node)),
            Node::Leaf(id) => self.parts.get(*id).is_some_and(|part| part.evaluable),
        }
    }

    /// How large the disjunctive normal form of a node is at most; counted, not built.
    pub(super) fn size(&self, node: &Node) -> Size {
        match node {
            Node::Leaf(id) => self.parts.get(*id).map_or(Size { conjunctions: 0, conditions: 0 }, |part| Size {
                conjunctions: part.forms.len() + part.weight,
                conditions: part.forms.iter().map(|form| form.len()).sum::<usize>() + part.weight,
            }),
            Node::Any(nodes) => {
                nodes.iter().map(|node| self.size(node)).fold(Size { conjunctions: 0, conditions: 0 }, |a, b| Size {
                    conjunctions: a.conjunctions.saturating_add(b.conjunctions),
                    conditions: a.conditions.saturating_add(b.conditions),
                })
            }
            Node::All(nodes) => {
                nodes.iter().map(|node| self.size(node)).fold(Size { conjunctions: 1, conditions: 0 }, |a, b| Size {
                    conjunctions: a.conjunctions.saturating_mul(b.conjunctions),
                    conditions: (a.conditions.saturating_mul(b.conjunctions))
                        .saturating_add(b.conditions.saturating_mul(a.conjunctions)),
                })
            }
        }
    }

    /// The disjunctive normal form of a node, in the order of the text.
    pub(super) fn conjunctions(&mut self, node: &Node) -> Vec<Conjunction> {
        match node {
            Node::Leaf(id) => {
                let Some(part) = self.parts.get(*id) else { return Vec::new() };
                let weak = || if part.reason.is_some() { vec![*id] } else { Vec::new() };
                part.forms
                    .iter()
                    .map(|form| Conjunction { literals: form.clone().collect(), weak: weak(), shared: Vec::new() })
                    .collect()
            }
            Node::Any(nodes) => {
                let mut all = Vec::with_capacity(nodes.len());
                for node in nodes {
                    all.extend(self.conjunctions(node));
                }
                self.absorb(&mut all);
                all
            }
            Node::All(nodes) => {
                let mut product: Option<Vec<Conjunction>> = None;
                // Factors that are one conjunction each are multiplied as one: a product is tidied each time.
                let mut run: Option<Conjunction> = None;
                for node in nodes {
                    let mut factor = self.conjunctions(node);
                    if let [only] = factor.as_mut_slice() {
                        if let Some(run) = &mut run {
                            run.literals.append(&mut only.literals);
                            run.weak.append(&mut only.weak);
                            run.shared.append(&mut only.shared);
                        } else {
                            only.literals.reserve(nodes.len());
                            run = Some(std::mem::take(only));
                        }
                        continue;
                    }
                    product = self.times(product, run.take().map(|run| vec![run]));
                    product = self.times(product, Some(factor));
                }
                product = self.times(product, run.map(|run| vec![run]));
                product.unwrap_or_else(|| vec![Conjunction::default()])
            }
        }
    }

    fn times(&mut self, left: Option<Vec<Conjunction>>, right: Option<Vec<Conjunction>>) -> Option<Vec<Conjunction>> {
        match (left, right) {
            (Some(left), Some(right)) => Some(self.multiply(left, &right)),
            (left, right) => left.or(right),
        }
    }

    fn multiply(&mut self, left: Vec<Conjunction>, right: &[Conjunction]) -> Vec<Conjunction> {
        if let [only] = right {
            let mut left = left;
            let single = left.len() == 1;
            for conjunction in &mut left {
                conjunction.literals.extend_from_slice(&only.literals);
                conjunction.weak.extend(only.weak.iter().copied());
                conjunction.shared.extend_from_slice(&only.shared);
            }
            if !single {
                left = left
                    .into_iter()
                    .filter_map(|mut conjunction| self.tidy(&mut conjunction).then_some(conjunction))
                    .collect();
                self.absorb(&mut left);
            }
            return left;
        }
        let mut product = Vec::with_capacity(left.len() * right.len());
        for a in &left {
            for b in right {
                let mut conjunction = a.clone();
                conjunction.literals.extend_from_slice(&b.literals);
                conjunction.weak.extend(b.weak.iter().copied());
                conjunction.shared.extend_from_slice(&b.shared);
                if self.tidy(&mut conjunction) {
                    product.push(conjunction);
                }
            }
        }
        self.absorb(&mut product);
        product
    }

    /// Drops what stands in a conjunction twice; `false` if its parts exclude each other.
    fn tidy(&mut self, conjunction: &mut Conjunction) -> bool {
        let mut kept: Vec<u32> = Vec::with_capacity(conjunction.literals.len());
        let mut implied: Vec<(usize, usize)> = Vec::new();
        let mut shared: Vec<usize> = Vec::new();
        'literals: for &id in &conjunction.literals {
            let Some((literal, part)) = self.literal(id) else { continue };
            let mut at = kept.len().saturating_sub(WINDOW);
            while let Some(&earlier) = kept.get(at) {
                at += 1;
                let Some((other, other_part)) = self.literal(earlier) else { continue };
                if other.key != literal.key {
                    continue;
                }
                if other == literal {
                    if part != other_part {
                        shared.push(*part);
                    }
                    continue 'literals;
                }
                // A condition that is sent in several ways is not what each of them says.
                if part == other_part {
                    continue;
                }
                let (Some(Filter::Condition(new)), Some(Filter::Condition(old))) =
                    (self.filter_of(*part), self.filter_of(*other_part))
                else {
                    continue;
                };
                if new.excludes(old) {
                    return false;
                }
                if !(self.is_one(*part) && self.is_one(*other_part)) {
                    continue;
                }
                if implies(old, new) {
                    implied.push((*other_part, *part));
                    continue 'literals;
                }
                if implies(new, old) {
                    implied.push((*part, *other_part));
                    at -= 1;
                    kept.remove(at);
                }
            }
            kept.push(id);
        }
        self.implied.extend(implied);
        conjunction.literals = kept;
        conjunction.shared.append(&mut shared);
        conjunction.weak.sort_unstable();
        conjunction.weak.dedup();
        true
    }

    fn filter_of(&self, part: usize) -> Option<&Filter> {
        self.parts.get(part).map(|part| &part.filter)
    }

    /// Whether one literal says exactly the part.
    fn is_one(&self, part: usize) -> bool {
        self.parts
            .get(part)
            .is_some_and(|part| part.reason.is_none() && matches!(part.forms.as_slice(), [form] if form.len() == 1))
    }

    /// Drops each conjunction that another one contains: whatever it matches, the other matches too.
    pub(super) fn absorb(&self, conjunctions: &mut Vec<Conjunction>) {
        // Single literals contain each other only if they are equal, and equal neighbours were merged before.
        if conjunctions.len() < 2 || conjunctions.iter().all(|c| c.literals.len() == 1 && c.weak.is_empty()) {
            return;
        }
        // Equal literals of different parts get one number.
        let mut numbers: HashMap<&Literal, u32> = HashMap::with_capacity(conjunctions.len());
        let mut sets: Vec<(Vec<u32>, u64)> = Vec::with_capacity(conjunctions.len());
        for conjunction in conjunctions.iter() {
            let mut set: Vec<u32> = conjunction
                .literals
                .iter()
                .filter_map(|&id| self.literal(id))
                .map(|(literal, _)| {
                    let next = numbers.len() as u32;
                    *numbers.entry(literal).or_insert(next)
                })
                .collect();
            set.sort_unstable();
            set.dedup();
            let signature = set.iter().fold(0u64, |bits, id| bits | 1 << (id % 64));
            sets.push((set, signature));
        }
        let mut order: Vec<usize> = (0..conjunctions.len()).collect();
        // Shorter ones absorb longer ones; of equal ones the first stays.
        order.sort_by_key(|&i| {
            (sets.get(i).map_or(0, |(set, _)| set.len()), conjunctions.get(i).map_or(0, |c| c.weak.len()), i)
        });
        let mut seen: HashMap<&[u32], Vec<usize>> = HashMap::with_capacity(order.len());
        let mut kept: Vec<usize> = Vec::with_capacity(order.len());
        let mut lengths: Vec<usize> = Vec::new();
        let mut dropped = vec![false; conjunctions.len()];
        for &i in &order {
            let (Some((set, signature)), Some(conjunction)) = (sets.get(i), conjunctions.get(i)) else { continue };
            let weaker = |j: usize| {
                conjunctions.get(j).is_some_and(|other| other.weak.iter().all(|part| conjunction.weak.contains(part)))
            };
            let equal = seen.get(set.as_slice()).is_some_and(|earlier| earlier.iter().take(WINDOW).any(|&j| weaker(j)));
            // Sets of one length contain each other only if they are equal.
            let shorter = lengths.first().is_some_and(|&shortest| shortest < set.len());
            let absorbed = equal
                || (shorter
                    && kept.iter().any(|&j| {
                        sets.get(j).is_some_and(|(other, bits)| {
                            other.len() < set.len()
                                && bits & !signature == 0
                                && other.iter().all(|id| set.binary_search(id).is_ok())
                        }) && weaker(j)
                    }));
            if absorbed {
                if let Some(flag) = dropped.get_mut(i) {
                    *flag = true;
                }
                continue;
            }
            seen.entry(set.as_slice()).or_default().push(i);
            kept.push(i);
            lengths.push(set.len());
        }
        let mut index = 0;
        conjunctions.retain(|_| {
            index += 1;
            !dropped.get(index - 1).copied().unwrap_or(false)
        });
    }

    /// Leaves one part of the query to the client, so that less is to be sent; `false` if there is no such part.
    ///
    /// A factor of an AND that branches most goes first: what remains is then a superset as narrow as the others make it.
    pub(super) fn weaken(&mut self, node: &mut Node, factor: Option<usize>) -> bool {
        let branches = |arena: &Self, node: &Node| arena.size(node).conjunctions;
        match node {
            Node::Leaf(_) => false,
            Node::All(nodes) => {
                let mut order: Vec<usize> = (0..nodes.len()).collect();
                order.sort_by_key(|&i| std::cmp::Reverse(nodes.get(i).map_or(0, |node| branches(self, node))));
                for i in order {
                    let own = factor.unwrap_or(i);
                    let Some(child) = nodes.get_mut(i) else { continue };
                    if branches(self, child) < 2 {
                        break;
                    }
                    // Within a disjunction a part may be enough.
                    if self.evaluable(child) {
                        self.leave(child, own);
                        return true;
                    }
                    if self.weaken(child, Some(own)) {
                        return true;
                    }
                }
                false
            }
            Node::Any(nodes) => {
                let own = factor.unwrap_or(0);
                let largest = (0..nodes.len()).max_by_key(|&i| nodes.get(i).map_or(0, |node| branches(self, node)));
                if let Some(child) = largest.and_then(|i| nodes.get_mut(i))
                    && branches(self, child) > 1
                    && self.weaken(child, Some(own))
                {
                    return true;
                }
                if self.evaluable(node) {
                    self.leave(node, own);
                    return true;
                }
                false
            }
        }
    }

    fn leave(&mut self, node: &mut Node, factor: usize) {
        let filter = self.filter(node);
        let pushdown = Pushdown { wire: Wire::everything(), inexact: Some(Reason::TooLong), evaluable: true };
        *node = self.leaf(filter, factor, pushdown);
    }
}
