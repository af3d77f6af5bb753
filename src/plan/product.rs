//! Conjunctions multiplied out: how many there will be, and then the conjunctions themselves.
//!
//! Most factors of an AND have nothing to do with each other: no literal in common, and none that excludes or implies
//! another. Their product is as large as the numbers say, so it need not be built to see that it is too large. Only what
//! is related is built to be counted, within a number of steps.

use foldhash::{HashMap, HashMapExt};

use super::dnf::{Arena, Conjunction, MAX_BUILT, Node, Shape, Size};
use super::pushdown::Literal;
use super::simplify::implies;
use crate::check::{Filter, Test};
use crate::schema::{Attribute, Standard};

/// How many neighbours a literal is compared with; more would make long conjunctions quadratic.
pub(super) const WINDOW: usize = 64;

/// So many literals are compared with each other, rather than looked up.
pub(super) const FEW: usize = 16;

/// What the parts of a form may have before it is whole.
pub(super) const INNER: Size = Size { conjunctions: MAX_BUILT, conditions: MAX_BUILT * 8 };

/// What a literal is to others: looked up instead of compared.
#[derive(Clone, Copy)]
pub(super) struct Face {
    /// Equal literals have the same.
    pub number: u32,
    /// Literals of one attribute have the same.
    key: u32,
    kind: Kind,
}

/// Which literals of one attribute may exclude or imply each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    AnyOf,
    AnyLabel,
    NoneOf,
    Contains,
    NotContains,
    StartsWith,
    NotStartsWith,
    Like,
    NotLike,
    Compare,
    Present,
    Missing,
}

impl Kind {
    const ALL: [Self; 12] = [
        Self::AnyOf,
        Self::AnyLabel,
        Self::NoneOf,
        Self::Contains,
        Self::NotContains,
        Self::StartsWith,
        Self::NotStartsWith,
        Self::Like,
        Self::NotLike,
        Self::Compare,
        Self::Present,
        Self::Missing,
    ];

    fn of(attribute: &Attribute, test: &Test) -> Self {
        match test {
            Test::AnyOf(_) if *attribute == Attribute::Standard(Standard::Labels) => Self::AnyLabel,
            Test::AnyOf(_) => Self::AnyOf,
            Test::NoneOf(_) => Self::NoneOf,
            Test::Contains(_) => Self::Contains,
            Test::NotContains(_) => Self::NotContains,
            Test::StartsWith(_) => Self::StartsWith,
            Test::NotStartsWith(_) => Self::NotStartsWith,
            Test::Like(_) => Self::Like,
            Test::NotLike(_) => Self::NotLike,
            Test::Compare(..) => Self::Compare,
            Test::Present => Self::Present,
            Test::Missing => Self::Missing,
        }
    }

    /// Whether one of the two may exclude or imply the other.
    fn relates(self, other: Self) -> bool {
        use Kind::{
            AnyLabel, AnyOf, Compare, Contains, Like, Missing, NoneOf, NotContains, NotLike, NotStartsWith, Present,
            StartsWith,
        };
        matches!(
            (self, other),
            (Present | Missing, _)
                | (_, Present | Missing)
                | (AnyOf | Compare, AnyOf | Compare)
                | (AnyOf | AnyLabel | Compare, NoneOf)
                | (NoneOf, AnyOf | AnyLabel | Compare)
                | (Contains, NotContains)
                | (NotContains, Contains)
                | (StartsWith, NotStartsWith)
                | (NotStartsWith, StartsWith)
                | (Like, NotLike)
                | (NotLike, Like)
        )
    }
}

/// Why a form is not built: it would be too large, or too many steps show how large.
#[derive(Debug, Default)]
pub(super) struct TooLarge {
    /// For each factor how many conjunctions it contributes whatever becomes of the others; empty if that is not known.
    pub least: Vec<usize>,
}

/// The factors that have a use of something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Users {
    None,
    One(usize),
    Several,
}

impl Users {
    fn add(&mut self, factor: usize) {
        *self = match *self {
            Self::None => Self::One(factor),
            Self::One(other) if other == factor => Self::One(factor),
            _ => Self::Several,
        };
    }

    fn others(self, factor: usize) -> bool {
        self == Self::Several || matches!(self, Self::One(other) if other != factor)
    }
}

impl Arena {
    /// The disjunctive normal form of a node, in the order of the text, if it is not larger than `most`.
    pub(super) fn conjunctions(&mut self, node: &Node, most: Size) -> Result<Vec<Conjunction>, TooLarge> {
        match &node.shape {
            Shape::Leaf(id) => {
                self.spend(16 + node.size.conditions)?;
                let Some(part) = self.parts.get(*id) else { return Ok(Vec::new()) };
                let weak = || if part.reason.is_some() { vec![*id] } else { Vec::new() };
                let conjunction = |form: &std::ops::Range<u32>| Conjunction {
                    literals: form.clone().collect(),
                    weak: weak(),
                    ..Conjunction::default()
                };
                Ok(part.forms.iter().map(conjunction).collect())
            }
            Shape::Any(nodes) => {
                let mut all = Vec::with_capacity(nodes.len());
                for node in nodes {
                    all.append(&mut self.conjunctions(node, INNER)?);
                }
                self.absorb(&mut all);
                Ok(all)
            }
            Shape::All(nodes) => {
                let mut factors = Vec::with_capacity(nodes.len());
                for node in nodes {
                    factors.push(self.conjunctions(node, INNER)?);
                }
                self.product(factors, most)
            }
        }
    }

    fn spend(&mut self, steps: usize) -> Result<(), TooLarge> {
        self.steps = self.steps.checked_sub(steps).ok_or_else(TooLarge::default)?;
        Ok(())
    }

    fn product(&mut self, mut factors: Vec<Vec<Conjunction>>, most: Size) -> Result<Vec<Conjunction>, TooLarge> {
        if factors.iter().all(|factor| factor.len() == 1) {
            let count = factors.iter().flatten().map(|conjunction| conjunction.literals.len()).sum();
            let mut whole = Conjunction { literals: Vec::with_capacity(count), ..Conjunction::default() };
            factors.into_iter().flatten().for_each(|mut conjunction| whole.append(&mut conjunction));
            return Ok(vec![whole]);
        }
        if let [only] = factors.as_mut_slice() {
            return Ok(std::mem::take(only));
        }
        self.look()?;
        self.spend(64 + factors.len() * 16)?;
        for factor in &mut factors {
            self.tidy_each(factor)?;
        }
        self.prune(&mut factors)?;
        if factors.iter().any(Vec::is_empty) {
            return Ok(Vec::new());
        }
        let related = self.related(&factors)?;
        let mut places: Vec<usize> = Vec::new();
        for (i, factor) in factors.iter_mut().enumerate().filter(|(_, factor)| factor.len() > 1) {
            places.push(i);
            for (choice, conjunction) in factor.iter_mut().enumerate() {
                conjunction.choices = vec![choice as u32];
            }
        }
        let is_related = |i: usize| related.get(i).copied().unwrap_or(false);
        // Related factors first, to see how many conjunctions remain of them.
        places.sort_by_key(|&i| !is_related(i));
        let least =
            factors.iter().enumerate().map(|(i, factor)| if is_related(i) { 1 } else { factor.len() }).collect();
        let (mut alone, mut together) = (Vec::new(), Vec::new());
        for (i, factor) in factors.into_iter().enumerate() {
            if is_related(i) { together.push(factor) } else { alone.push(factor) }
        }
        let mixed = !together.is_empty() && !alone.is_empty();
        let mut product = self.multiply_all(together)?;
        let size = alone.iter().fold(Size::of(&product), |size, factor| size.times(Size::of(factor)));
        if size.conjunctions > most.conjunctions || size.conditions > most.conditions {
            return Err(TooLarge { least });
        }
        self.spend(size.conjunctions * 16 + size.conditions)?;
        // What is one conjunction anyway is put behind each of the others at once.
        let (single, several): (Vec<_>, Vec<_>) = alone.into_iter().partition(|factor| factor.len() == 1);
        let mut run = Conjunction::default();
        single.into_iter().flatten().for_each(|mut conjunction| run.append(&mut conjunction));
        for factor in several.iter().chain([&vec![run]]) {
            product = crossed(product, factor);
        }
        if mixed {
            product.sort_by_cached_key(|conjunction| {
                let mut order: Vec<(usize, u32)> =
                    places.iter().copied().zip(conjunction.choices.iter().copied()).collect();
                order.sort_unstable();
                order
            });
        }
        for conjunction in &mut product {
            conjunction.choices = Vec::new();
            // Literals are numbered in the order of the text. Both lists are a few sorted ones, which this sort joins.
            conjunction.literals.sort();
            conjunction.weak.sort();
            conjunction.weak.dedup();
        }
        Ok(product)
    }

    /// Sees what each literal is to others.
    fn look(&mut self) -> Result<(), TooLarge> {
        if self.faces.len() == self.literals.len() {
            return Ok(());
        }
        self.spend(self.literals.len() * 32)?;
        let mut numbers: HashMap<&Literal, u32> = HashMap::with_capacity(self.literals.len());
        let mut keys: HashMap<&str, u32> = HashMap::new();
        let mut faces = Vec::with_capacity(self.literals.len());
        for (literal, part) in &self.literals {
            let (number, key) = (numbers.len() as u32, keys.len() as u32);
            let kind = match self.parts.get(*part).map(|part| &part.filter) {
                Some(Filter::Condition(condition)) => Kind::of(&condition.attribute, &condition.test),
                // Only conditions are sent; of anything else everything may be expected.
                _ => Kind::Present,
            };
            faces.push(Face {
                number: *numbers.entry(literal).or_insert(number),
                key: *keys.entry(&literal.key).or_insert(key),
                kind,
            });
        }
        self.faces = faces;
        Ok(())
    }

    pub(super) fn face(&self, id: u32) -> Option<Face> {
        self.faces.get(id as usize).copied()
    }

    /// Which factors are related to another one.
    fn related(&mut self, factors: &[Vec<Conjunction>]) -> Result<Vec<bool>, TooLarge> {
        self.spend(factors.iter().flatten().map(|conjunction| 1 + conjunction.literals.len()).sum())?;
        let all: Vec<(usize, Face)> = factors
            .iter()
            .enumerate()
            .flat_map(|(i, factor)| {
                factor.iter().flat_map(move |conjunction| conjunction.literals.iter().map(move |id| (i, *id)))
            })
            .filter_map(|(i, id)| self.face(id).map(|face| (i, face)))
            .collect();
        let mut related = vec![false; factors.len()];
        if all.len() <= FEW {
            for (i, a) in &all {
                let mut others = all.iter().filter(|(j, _)| i != j);
                let other = others.any(|(_, b)| a.number == b.number || a.key == b.key && a.kind.relates(b.kind));
                if let (true, Some(related)) = (other, related.get_mut(*i)) {
                    *related = true;
                }
            }
            return Ok(related);
        }
        let mut literals: HashMap<u32, Users> = HashMap::new();
        let mut kinds: HashMap<u32, [Users; Kind::ALL.len()]> = HashMap::new();
        for &(i, face) in &all {
            literals.entry(face.number).or_insert(Users::None).add(i);
            let users = kinds.entry(face.key).or_insert([Users::None; Kind::ALL.len()]);
            if let Some(users) = users.get_mut(face.kind as usize) {
                users.add(i);
            }
        }
        for &(i, face) in &all {
            let shares = literals.get(&face.number).is_some_and(|users| users.others(i));
            let relates = |users: &[Users; Kind::ALL.len()]| {
                users.iter().zip(Kind::ALL).any(|(users, kind)| users.others(i) && kind.relates(face.kind))
            };
            if let Some(related) = related.get_mut(i) {
                *related = *related || shares || kinds.get(&face.key).is_some_and(relates);
            }
        }
        Ok(related)
    }

    /// Drops the alternatives that a factor without alternatives excludes: their number counts before they are multiplied.
    fn prune(&mut self, factors: &mut [Vec<Conjunction>]) -> Result<(), TooLarge> {
        let mut certain: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut taken = vec![false; factors.len()];
        loop {
            let mut more = false;
            for (factor, taken) in factors.iter().zip(&mut taken) {
                let ([only], false) = (factor.as_slice(), *taken) else { continue };
                (*taken, more) = (true, true);
                for &id in &only.literals {
                    if let Some(face) = self.face(id) {
                        let known = certain.entry(face.key).or_default();
                        if known.len() < WINDOW {
                            known.push(id);
                        }
                    }
                }
            }
            if !more {
                return Ok(());
            }
            let mut steps = 0;
            for factor in factors.iter_mut().filter(|factor| factor.len() > 1) {
                factor.retain(|conjunction| {
                    !conjunction.literals.iter().any(|&id| {
                        let known = self.face(id).and_then(|face| certain.get(&face.key));
                        steps += 1 + known.map_or(0, Vec::len);
                        known.is_some_and(|known| known.iter().any(|&other| self.excludes(id, other)))
                    })
                });
            }
            self.spend(steps)?;
        }
    }

    fn excludes(&self, id: u32, other: u32) -> bool {
        let (Some(a), Some(b)) = (self.face(id), self.face(other)) else { return false };
        if !a.kind.relates(b.kind) {
            return false;
        }
        let (Some((_, a)), Some((_, b))) = (self.literal(id), self.literal(other)) else { return false };
        let (Some(Filter::Condition(new)), Some(Filter::Condition(old))) = (self.filter_of(*a), self.filter_of(*b))
        else {
            return false;
        };
        a != b && new.excludes(old)
    }

    /// The product of related factors.
    fn multiply_all(&mut self, factors: Vec<Vec<Conjunction>>) -> Result<Vec<Conjunction>, TooLarge> {
        let mut product = vec![Conjunction::default()];
        // Factors that are one conjunction each are multiplied as one: a product is tidied each time.
        let mut run = Conjunction::default();
        for mut factor in factors {
            if let [only] = factor.as_mut_slice() {
                if !self.join(&mut run, only)? {
                    return Ok(Vec::new());
                }
                continue;
            }
            product = self.multiply(product, &[std::mem::take(&mut run)])?;
            product = self.multiply(product, &factor)?;
        }
        self.multiply(product, &[run])
    }

    fn multiply(&mut self, left: Vec<Conjunction>, right: &[Conjunction]) -> Result<Vec<Conjunction>, TooLarge> {
        if let [only] = right
            && only.literals.is_empty()
            && only.weak.is_empty()
        {
            return Ok(left);
        }
        let mut product = Vec::new();
        for a in &left {
            for b in right {
                let mut conjunction = a.clone();
                if self.join(&mut conjunction, &mut b.clone())? {
                    product.push(conjunction);
                }
            }
        }
        self.absorb(&mut product);
        Ok(product)
    }

    /// Puts a tidy conjunction behind another one; `false` if they exclude each other.
    fn join(&mut self, conjunction: &mut Conjunction, other: &mut Conjunction) -> Result<bool, TooLarge> {
        self.spend(32 + conjunction.literals.len() / 8)?;
        let from = conjunction.literals.len();
        conjunction.append(other);
        self.tidy(conjunction, from)
    }

    /// Tidies each alternative of a factor.
    fn tidy_each(&mut self, factor: &mut Vec<Conjunction>) -> Result<(), TooLarge> {
        for mut conjunction in std::mem::take(factor) {
            if conjunction.literals.len() < 2 || self.tidy(&mut conjunction, 0)? {
                factor.push(conjunction);
            }
        }
        Ok(())
    }

    /// Drops what stands in a conjunction twice, the literals before `from` being tidy; `false` if its parts exclude
    /// each other.
    fn tidy(&mut self, conjunction: &mut Conjunction, from: usize) -> Result<bool, TooLarge> {
        let new = conjunction.literals.split_off(from.min(conjunction.literals.len()));
        let kept = &mut conjunction.literals;
        let mut implied: Vec<(usize, usize)> = Vec::new();
        let mut steps = 0;
        'literals: for id in new {
            let (Some(face), Some((_, part))) = (self.face(id), self.literal(id)) else { continue };
            let mut at = kept.len().saturating_sub(WINDOW);
            while let Some(&earlier) = kept.get(at) {
                at += 1;
                steps += 1;
                let (Some(other), Some((_, other_part))) = (self.face(earlier), self.literal(earlier)) else {
                    continue;
                };
                if other.key != face.key {
                    continue;
                }
                if other.number == face.number {
                    if part != other_part {
                        conjunction.shared.push(*part);
                    }
                    continue 'literals;
                }
                // A condition that is sent in several ways is not what each of them says.
                if part == other_part || !face.kind.relates(other.kind) {
                    continue;
                }
                let (Some(Filter::Condition(new)), Some(Filter::Condition(old))) =
                    (self.filter_of(*part), self.filter_of(*other_part))
                else {
                    continue;
                };
                steps += 8;
                if new.excludes(old) {
                    self.spend(steps)?;
                    return Ok(false);
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
        conjunction.weak.sort_unstable();
        conjunction.weak.dedup();
        self.spend(steps)?;
        Ok(true)
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
}

impl Conjunction {
    fn append(&mut self, other: &mut Self) {
        self.literals.append(&mut other.literals);
        self.weak.append(&mut other.weak);
        self.shared.append(&mut other.shared);
        self.choices.append(&mut other.choices);
    }
}

/// The product of what is not related.
pub(super) fn crossed(mut left: Vec<Conjunction>, right: &[Conjunction]) -> Vec<Conjunction> {
    if let [only] = right {
        left.iter_mut().for_each(|conjunction| conjunction.append(&mut only.clone()));
        return left;
    }
    let mut product = Vec::with_capacity(left.len() * right.len());
    for a in &left {
        for b in right {
            let mut conjunction = a.clone();
            conjunction.append(&mut b.clone());
            product.push(conjunction);
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Query, Schema};

    #[test]
    fn kinds_are_related_wherever_conditions_exclude_or_imply_each_other() {
        let mut related = 0;
        for attribute in ["label", "referer", "status", "priority", "custom.note", "custom.n", "created_at", "team"] {
            let tests = [
                "= a",
                "!= a",
                "IN (a, b)",
                "NOT IN (a, b)",
                "CONTAINS a",
                "NOT CONTAINS a",
                "STARTS WITH a",
                "NOT STARTS WITH a",
                "= open",
                "!= open",
                "= high",
                "!= high",
                "= 1",
                "!= 1",
                "> 1",
                "<= 0",
                "> 2026-01-01",
                "< 2026-01-01",
                "IS PRESENT",
                "IS MISSING",
            ];
            let query = |test| Query::new(&format!("{attribute} {test}"), &Schema::default()).ok();
            let found: Vec<Query> = tests.into_iter().filter_map(query).collect();
            for (a, b) in found.iter().flat_map(|a| found.iter().map(move |b| (a.filter(), b.filter()))) {
                let (Filter::Condition(a), Filter::Condition(b)) = (a, b) else { continue };
                if a.attribute == b.attribute && a.test != b.test && (a.excludes(b) || implies(a, b)) {
                    related += 1;
                    let (one, two) = (Kind::of(&a.attribute, &a.test), Kind::of(&b.attribute, &b.test));
                    assert!(one.relates(two) && two.relates(one), "{:?} {:?}", a.test, b.test);
                }
            }
        }
        assert!(related > 100, "{related}");
    }

    /// How many steps it takes to see that the product of factors is too large, if it is.
    fn steps(factor: impl Fn(usize) -> String, count: usize) -> (usize, bool) {
        let factors: Vec<String> = (0..count).map(factor).collect();
        let schema = Schema::default();
        let query = Query::new(&factors.join(" AND "), &schema).unwrap();
        let Filter::All(parts) = query.filter().clone() else { panic!("no factors") };
        let mut arena = Arena::with_capacity(parts.len());
        let node = |(i, part)| arena.node(part, i, &schema, &|_| None);
        let node = Node::all(parts.into_iter().enumerate().map(node).collect());
        arena.steps = 1_000_000;
        let is_built = arena.conjunctions(&node, Size { conjunctions: 100, conditions: 500 }).is_ok();
        (1_000_000 - arena.steps, is_built)
    }

    /// What is unrelated is counted, not multiplied out: the steps grow with the factors, not with their product.
    #[test]
    fn unrelated_factors_are_counted() {
        let families: [fn(usize) -> String; 3] = [
            |i| format!("(label = a{i} OR referer ~ b{i})"),
            // Of one kind, on attributes of their own.
            |i| format!("(custom.k{i} = a OR custom.j{i} = a)"),
            // Each alternative meets the others of its factor alone.
            |i| format!("(custom.k{i} > 5 OR custom.k{i} < 2)"),
        ];
        for family in families {
            // Few are compared with each other, many are looked up.
            for count in [7, 8, 12, 30] {
                let (steps, is_built) = steps(family, count);
                assert!(!is_built, "{}", family(0));
                assert!(steps < 200 * count, "{}: {steps} steps for {count}", family(0));
            }
        }
    }

    /// What is related is built, as far as the steps go, and no further.
    #[test]
    fn related_factors_are_built_within_the_steps() {
        let related = |i: usize| format!("(custom.k{} != 1 OR custom.k{} = 1)", i, i + 1);
        let (few, is_built) = steps(related, 8);
        assert!(is_built && few > 1000, "{few}");
        let (all, is_built) = steps(|i| format!("(team = {i} OR custom.k ~ a{i} OR custom.k !~ b{i})"), 16);
        assert!(!is_built && all > 900_000, "{all}");
    }

    /// Its size is known from the factors; what is built of it is what may be sent.
    #[test]
    fn sixty_four_factors_of_unrelated_alternatives_take_few_steps() {
        let parts: Vec<String> = (0..64).map(|i| format!("(label = a{i} OR referer ~ b{i})")).collect();
        let query = Query::new(&parts.join(" AND "), &Schema::default()).unwrap();
        let payload = &query.plan().scans[0].payload;
        assert_eq!((query.plan().scans.len(), payload.conditions.len()), (1, 6 << 6));
    }

    /// Absorbed at each factor, many alternatives come down to two.
    #[test]
    fn related_factors_that_come_down_to_little_are_sent_exactly() {
        let parts: Vec<String> = (0..64).map(|i| format!("(id = 1 OR label = a{i})")).collect();
        let query = Query::new(&parts.join(" AND "), &Schema::default()).unwrap();
        assert!(query.plan().is_exact());
        assert_eq!(query.plan().scans[0].payload.conditions.len(), 65);
    }

    /// Each has an alternative that is not sent; so many used to be multiplied out.
    #[test]
    fn factors_that_the_client_alone_can_evaluate_do_not_multiply() {
        let parts: Vec<String> = (0..64).map(|i| format!("(label = a{i} OR unread_count > {i})")).collect();
        let query = Query::new(&format!("status = open AND {}", parts.join(" AND ")), &Schema::default()).unwrap();
        let plan = query.plan();
        assert_eq!((plan.scans.len(), plan.scans[0].payload.conditions.len()), (1, 1));
        assert_eq!(plan.scans[0].residual.as_ref().unwrap().reasons.len(), 64);
    }
}
