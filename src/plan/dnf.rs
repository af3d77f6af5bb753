//! Bounded disjunctive normal form over what can be sent.

use std::collections::BTreeSet;

use foldhash::HashSet;

use super::product::Face;
use super::pushdown::{Literal, Pushdown, Reason, Wire};
use crate::check::{Condition, Filter};
use crate::schema::Schema;

/// How many conjunctions are built at most before simplification shows how many remain.
pub(super) const MAX_BUILT: usize = 20_000;

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
    pub forms: Vec<std::ops::Range<u32>>,
    /// The parts of it that are the reason, where it is a disjunction.
    pub because: Vec<usize>,
}

/// The query's structure.
pub(super) struct Node {
    pub shape: Shape,
    /// How large its disjunctive normal form is at most.
    pub size: Size,
    /// Whether the client can evaluate it.
    pub evaluable: bool,
    /// Whether one of its alternatives has nothing to send, so that the others are sent in vain.
    blank: bool,
}

/// What a node joins; leaves are numbers into [`Arena::parts`].
pub(super) enum Shape {
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
    pub implied: BTreeSet<(usize, usize)>,
    /// What each literal is to others; made when first needed.
    pub faces: Vec<Face>,
    /// How many more steps may be spent on building what may turn out to be too long.
    pub steps: usize,
}

/// Literals that must all hold, and the parts that the client has to look at as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Conjunction {
    pub literals: Vec<u32>,
    pub weak: Vec<usize>,
    /// Parts that say the same by one of the literals, which stands there for another part. A part sent in several ways
    /// asks more than that one literal, so whoever evaluates the conjunction must look at each of them.
    pub shared: Vec<usize>,
    /// While a product is built: which alternative of each factor it is made of.
    pub choices: Vec<u32>,
}

/// How large a disjunctive normal form is: conjunctions and conditions.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Size {
    pub conjunctions: usize,
    pub conditions: usize,
}

impl Arena {
    /// Room for about so many parts.
    pub(super) fn with_capacity(parts: usize) -> Self {
        Self { parts: Vec::with_capacity(parts), literals: Vec::with_capacity(parts), ..Self::default() }
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
                Node::all(parts.into_iter().map(|part| self.node(part, factor, schema, left)).collect())
            }
            Filter::Any(parts) => {
                let mut node = Node::any(parts.into_iter().map(|part| self.node(part, factor, schema, left)).collect());
                if node.blank && node.evaluable {
                    self.leave_blank(&mut node, factor);
                }
                node
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

    /// Leaves a disjunction to the client as a whole, for the reasons why some of it cannot be sent.
    fn leave_blank(&mut self, node: &mut Node, factor: usize) {
        let because = self.unsent(node);
        // Without a reason the alternative holds for every conversation, and absorbs the others exactly.
        let Some(reason) = because.first().and_then(|&id| self.parts.get(id)).and_then(|part| part.reason) else {
            return;
        };
        let pushdown = Pushdown { wire: Wire::everything(), inexact: Some(reason), evaluable: true };
        *node = self.leaf(self.filter(node), factor, pushdown);
        if let Some(part) = self.parts.last_mut() {
            part.because = because;
        }
    }

    /// The parts of which nothing is sent.
    fn unsent(&self, node: &Node) -> Vec<usize> {
        match &node.shape {
            Shape::All(nodes) | Shape::Any(nodes) => nodes.iter().flat_map(|node| self.unsent(node)).collect(),
            Shape::Leaf(_) if !node.blank => Vec::new(),
            Shape::Leaf(id) => match self.parts.get(*id) {
                Some(part) if !part.because.is_empty() => part.because.clone(),
                _ => vec![*id],
            },
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
        let size = Size {
            conjunctions: forms.len() + weight,
            conditions: forms.iter().map(|form| form.len()).sum::<usize>() + weight,
        };
        let blank = forms.iter().any(|form| form.is_empty());
        let evaluable = pushdown.evaluable;
        self.parts.push(Part { filter, factor, evaluable, reason: pushdown.inexact, forms, because: Vec::new() });
        Node { shape: Shape::Leaf(id), size, evaluable, blank }
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
        match &node.shape {
            Shape::All(nodes) => Filter::All(nodes.iter().map(|node| self.filter(node)).collect()),
            Shape::Any(nodes) => Filter::Any(nodes.iter().map(|node| self.filter(node)).collect()),
            Shape::Leaf(id) => self.parts.get(*id).map_or(Filter::NOTHING, |part| part.filter.clone()),
        }
    }

    /// Whether the client can evaluate a part.
    pub(super) fn is_evaluable(&self, part: usize) -> bool {
        self.parts.get(part).is_some_and(|part| part.evaluable)
    }

    /// Leaves parts of the query to the client, so that less is to be sent; `false` if there is no such part.
    ///
    /// A factor of an AND that branches most goes first: what remains is then a superset as narrow as the others make it.
    /// Of many factors as many go at once as must go before the form is worth building.
    pub(super) fn weaken(&mut self, node: &mut Node, factor: Option<usize>) -> bool {
        let weakened = match &mut node.shape {
            Shape::Leaf(_) => false,
            Shape::All(nodes) => self.weaken_all(nodes, factor),
            Shape::Any(nodes) => {
                let own = factor.unwrap_or(0);
                let largest = nodes.iter_mut().max_by_key(|node| node.size.conjunctions);
                largest.is_some_and(|child| child.size.conjunctions > 1 && self.weaken(child, Some(own)))
            }
        };
        if weakened {
            node.resize();
            return true;
        }
        let whole = matches!(node.shape, Shape::Any(_)) && node.evaluable;
        if whole {
            self.leave(node, factor.unwrap_or(0));
        }
        whole
    }

    fn weaken_all(&mut self, nodes: &mut [Node], factor: Option<usize>) -> bool {
        // What nothing else narrows is the last to be left out as a whole.
        let is_all = nodes.iter().filter(|node| !node.blank).count() == 1;
        let mut branching: Vec<(usize, &mut Node)> =
            nodes.iter_mut().enumerate().filter(|(_, node)| node.size.conjunctions > 1).collect();
        branching.sort_by_key(|(_, node)| std::cmp::Reverse(node.size.conjunctions));
        // Each of them at least doubles the form.
        let mut surplus = branching.len().saturating_sub(MAX_BUILT.ilog2() as usize).max(1);
        let mut weakened = false;
        for (i, child) in branching {
            let own = factor.unwrap_or(i);
            if is_all && !child.blank && self.weaken(child, Some(own)) {
                if child.blank && child.evaluable {
                    self.leave(child, own);
                }
                return true;
            }
            // Within a disjunction a part may be enough.
            if child.evaluable {
                self.leave(child, own);
                weakened = true;
                surplus -= 1;
            } else if self.weaken(child, Some(own)) {
                return true;
            }
            if surplus == 0 {
                break;
            }
        }
        weakened
    }

    fn leave(&mut self, node: &mut Node, factor: usize) {
        let filter = self.filter(node);
        let pushdown = Pushdown { wire: Wire::everything(), inexact: Some(Reason::TooLong), evaluable: true };
        *node = self.leaf(filter, factor, pushdown);
    }
}

impl Node {
    /// All of these.
    pub(super) fn all(nodes: Vec<Self>) -> Self {
        let evaluable = nodes.iter().all(|node| node.evaluable);
        Self { shape: Shape::All(nodes), size: Size::default(), evaluable, blank: false }.sized()
    }

    /// At least one of these.
    fn any(nodes: Vec<Self>) -> Self {
        let evaluable = nodes.iter().all(|node| node.evaluable);
        Self { shape: Shape::Any(nodes), size: Size::default(), evaluable, blank: false }.sized()
    }

    /// Whether it is a disjunction of which each alternative is sent, and left to the client nothing of it would be.
    pub(super) fn is_nothing_but_alternatives(&self) -> bool {
        match &self.shape {
            Shape::Leaf(_) => !self.blank,
            Shape::Any(nodes) => {
                let whole = |node: &Self| node.size.conjunctions == 1 || matches!(node.shape, Shape::Leaf(_));
                !self.blank && nodes.iter().all(whole)
            }
            Shape::All(nodes) => {
                let mut sent = nodes.iter().filter(|node| !node.blank);
                sent.next().is_some_and(Self::is_nothing_but_alternatives) && sent.next().is_none()
            }
        }
    }

    fn sized(mut self) -> Self {
        self.resize();
        self
    }

    /// Counts again after a part has changed.
    fn resize(&mut self) {
        self.blank = match &self.shape {
            Shape::Leaf(_) => self.blank,
            Shape::Any(nodes) => nodes.iter().any(|node| node.blank),
            Shape::All(nodes) => nodes.iter().all(|node| node.blank),
        };
        self.size = match &self.shape {
            Shape::Leaf(_) => self.size,
            Shape::Any(nodes) => nodes.iter().fold(Size::default(), |size, node| size.plus(node.size)),
            Shape::All(nodes) => nodes.iter().fold(Size::ONE, |size, node| size.times(node.size)),
        };
    }
}

impl Size {
    /// One conjunction of nothing.
    pub(super) const ONE: Self = Self { conjunctions: 1, conditions: 0 };

    /// What these conjunctions have.
    pub(super) fn of(conjunctions: &[Conjunction]) -> Self {
        let conditions = conjunctions.iter().map(|conjunction| conjunction.literals.len()).sum();
        Self { conjunctions: conjunctions.len(), conditions }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            conjunctions: self.conjunctions.saturating_add(other.conjunctions),
            conditions: self.conditions.saturating_add(other.conditions),
        }
    }

    pub(super) fn times(self, other: Self) -> Self {
        let (one, two) =
            (self.conditions.saturating_mul(other.conjunctions), other.conditions.saturating_mul(self.conjunctions));
        Self { conjunctions: self.conjunctions.saturating_mul(other.conjunctions), conditions: one.saturating_add(two) }
    }

    /// Whether so many conditions may be sent; a conjunction without any takes room too.
    pub(super) fn within(self, max: usize) -> bool {
        self.conditions <= max && self.conjunctions <= max.max(1)
    }
}
