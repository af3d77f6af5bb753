//! Alternatives that go without saying, because another one asks less.

use foldhash::{HashMap, HashMapExt};

use super::dnf::{Arena, Conjunction};
use super::product::{FEW, WINDOW};
use super::pushdown::Literal;

impl Arena {
    /// Drops each conjunction that another one contains: whatever it matches, the other matches too. Where the steps do
    /// not suffice, some of them stay.
    pub(super) fn absorb(&mut self, conjunctions: &mut Vec<Conjunction>) {
        if conjunctions.len() < 2 || self.are_few_unlike(conjunctions) {
            return;
        }
        let sets = self.sets(conjunctions);
        let mut order: Vec<usize> = (0..conjunctions.len()).collect();
        // Shorter ones absorb longer ones; of equal ones the first stays.
        order.sort_by_key(|&i| {
            (sets.get(i).map_or(0, |(set, _)| set.len()), conjunctions.get(i).map_or(0, |c| c.weak.len()), i)
        });
        let mut seen: HashMap<&[u32], Vec<usize>> = HashMap::with_capacity(order.len());
        let mut kept: Vec<usize> = Vec::with_capacity(order.len());
        // Of those kept, how many are shorter than the present one: sets of one length contain each other only if equal.
        let (mut shorter, mut length) = (0, 0);
        let mut dropped = vec![false; conjunctions.len()];
        let mut steps = self.steps;
        for &i in &order {
            let (Some((set, signature)), Some(conjunction)) = (sets.get(i), conjunctions.get(i)) else { continue };
            if set.len() > length {
                (shorter, length) = (kept.len(), set.len());
            }
            let weaker = |j: usize| {
                conjunctions.get(j).is_some_and(|other| other.weak.iter().all(|part| conjunction.weak.contains(part)))
            };
            let equal = seen.get(set.as_slice()).is_some_and(|earlier| earlier.iter().take(WINDOW).any(|&j| weaker(j)));
            let Some(rest) = steps.checked_sub(2 + set.len() + shorter / 2) else { break };
            steps = rest;
            let contained = |j: usize| {
                sets.get(j).is_some_and(|(other, bits)| {
                    bits & !signature == 0 && other.iter().all(|id| set.binary_search(id).is_ok())
                }) && weaker(j)
            };
            if equal || kept.iter().take(shorter).any(|&j| contained(j)) {
                if let Some(flag) = dropped.get_mut(i) {
                    *flag = true;
                }
                continue;
            }
            seen.entry(set.as_slice()).or_default().push(i);
            kept.push(i);
        }
        self.steps = steps;
        let mut dropped = dropped.into_iter();
        conjunctions.retain(|_| !dropped.next().unwrap_or(false));
    }

    /// Whether they are a few single literals, none like another, as nearly all are.
    fn are_few_unlike(&self, conjunctions: &[Conjunction]) -> bool {
        let only = |conjunction: &Conjunction| match conjunction.literals.as_slice() {
            [id] if conjunction.weak.is_empty() => self.literal(*id),
            _ => None,
        };
        conjunctions.len() <= FEW
            && conjunctions.iter().enumerate().all(|(i, conjunction)| {
                only(conjunction).is_some_and(|(literal, _)| {
                    conjunctions.iter().take(i).filter_map(only).all(|(other, _)| literal != other)
                })
            })
    }

    /// For each conjunction the numbers of its literals, equal ones having the same, and a signature of them.
    fn sets(&self, conjunctions: &[Conjunction]) -> Vec<(Vec<u32>, u64)> {
        let mut numbers: HashMap<&Literal, u32> = HashMap::new();
        let ids = conjunctions.iter().flat_map(|conjunction| &conjunction.literals);
        let looked = ids.clone().all(|&id| (id as usize) < self.faces.len());
        if !looked {
            numbers.reserve(conjunctions.len());
        }
        let mut number = |id: u32| {
            if looked {
                return self.face(id).map(|face| face.number);
            }
            let next = numbers.len() as u32;
            self.literal(id).map(|(literal, _)| *numbers.entry(literal).or_insert(next))
        };
        let mut set = |conjunction: &Conjunction| {
            let mut set: Vec<u32> = conjunction.literals.iter().filter_map(|&id| number(id)).collect();
            set.sort_unstable();
            set.dedup();
            let signature = set.iter().fold(0u64, |bits, id| bits | 1 << (id % 64));
            (set, signature)
        };
        conjunctions.iter().map(&mut set).collect()
    }
}
