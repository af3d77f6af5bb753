//! Lists of values, nearly all of which are of one.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use foldhash::HashSetExt;

/// Values in order, as a slice of them; one alone takes no memory besides.
///
/// ```
/// use cwql::check::List;
///
/// let mut ids = List::from(5);
/// ids.push(8);
/// assert_eq!(*ids, [5, 8]);
/// assert_eq!(ids, List::from(vec![5, 8]));
/// ```
#[derive(Clone)]
pub struct List<T>(Held<T>);

#[derive(Clone)]
enum Held<T> {
    One(T),
    Many(Vec<T>),
}

/// Lists of at most so many values are compared with each other rather than put into a set.
pub(super) const SHORT: usize = 16;

impl<T> List<T> {
    /// A list of no value.
    #[must_use]
    pub const fn new() -> Self {
        Self(Held::Many(Vec::new()))
    }

    /// The values.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match &self.0 {
            Held::One(value) => std::slice::from_ref(value),
            Held::Many(values) => values,
        }
    }

    /// Adds a value at the end.
    pub fn push(&mut self, value: T) {
        match &mut self.0 {
            Held::Many(values) => values.push(value),
            Held::One(_) => self.change(1, |values| values.push(value)),
        }
    }

    /// Moves the values of another list to the end of this one.
    pub(crate) fn append(&mut self, other: &mut Self) {
        match std::mem::take(other).0 {
            Held::One(value) => self.push(value),
            Held::Many(mut more) => self.change(more.len(), |values| values.append(&mut more)),
        }
    }

    /// The list of what `change` makes of each value.
    pub(crate) fn map<U>(&self, change: impl FnMut(&T) -> U) -> List<U> {
        List(match &self.0 {
            Held::One(value) => Held::One({ change }(value)),
            Held::Many(values) => Held::Many(values.iter().map(change).collect()),
        })
    }

    /// Keeps the values for which `keep` holds.
    pub(crate) fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.change(0, |values| values.retain(keep));
    }

    /// Changes the values as a vector, which has room for so many more.
    fn change(&mut self, more: usize, change: impl FnOnce(&mut Vec<T>)) {
        let mut values = match std::mem::take(self).0 {
            Held::One(value) => {
                let mut values = Vec::with_capacity(1 + more.max(3));
                values.push(value);
                values
            }
            Held::Many(values) => values,
        };
        change(&mut values);
        self.0 = Held::Many(values);
    }
}

impl<T: Clone + Ord + Hash> List<T> {
    /// Keeps the first of equal values; whether there was one.
    pub(crate) fn drop_repeated(&mut self) -> bool {
        let Held::Many(list) = &mut self.0 else { return false };
        if list.is_sorted_by(|a, b| a < b) {
            return false;
        }
        let all = list.len();
        if all > SHORT {
            let mut seen = foldhash::HashSet::with_capacity(all);
            list.retain(|value| seen.insert(value.clone()));
            return list.len() < all;
        }
        let mut kept = 0;
        for i in 0..all {
            let repeated = list.get(i).zip(list.get(..kept)).is_some_and(|(value, earlier)| earlier.contains(value));
            if !repeated {
                list.swap(kept, i);
                kept += 1;
            }
        }
        list.truncate(kept);
        kept < all
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> From<T> for List<T> {
    fn from(value: T) -> Self {
        Self(Held::One(value))
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(values: Vec<T>) -> Self {
        Self(Held::Many(values))
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(Held::Many(values.into_iter().collect()))
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::iter::Chain<std::option::IntoIter<T>, std::vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        let (one, many) = match self.0 {
            Held::One(value) => (Some(value), Vec::new()),
            Held::Many(values) => (None, values),
        };
        one.into_iter().chain(many)
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<T: Eq> Eq for List<T> {}

impl<T: PartialOrd> PartialOrd for List<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.as_slice().partial_cmp(other.as_slice())
    }
}

impl<T: Ord> Ord for List<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_slice().cmp(other.as_slice())
    }
}

impl<T: Hash> Hash for List<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_slice().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::Strategy as _;

    proptest::proptest! {
        /// A list does what a vector does, whether it holds one value or many.
        #[test]
        fn a_list_is_a_vector(
            first in (1u8..=255).prop_flat_map(|most| proptest::collection::vec(0..most, 0..24)),
            second in proptest::collection::vec(0u8..9, 0..4),
            bound in 0u8..=255,
        ) {
            // One value alone is held otherwise.
            let list = |values: &[u8]| match values {
                [value] => List::from(*value),
                values => values.iter().copied().collect(),
            };
            let (mut vector, mut more) = (first.clone(), second.clone());
            let (mut one, mut other) = (list(&first), list(&second));
            assert_eq!((one == other, one.cmp(&other)), (vector == more, vector.cmp(&more)));
            assert_eq!(one.partial_cmp(&other), Some(one.cmp(&other)));
            assert_eq!(format!("{one:?}"), format!("{vector:?}"));
            one.append(&mut other);
            vector.append(&mut more);
            assert!(other.is_empty());
            assert_eq!(*one, *vector);
            assert_eq!(one.clone().into_iter().collect::<Vec<_>>(), vector);
            assert_eq!(one, List::from(vector.clone()));
            assert!(one.clone().map(|value| !value).iter().eq(vector.iter().map(|value| !value).collect::<Vec<_>>().iter()));
            one.retain(|value| *value < bound);
            vector.retain(|value| *value < bound);
            assert_eq!(*one, *vector);
            let mut kept: Vec<u8> = Vec::new();
            vector.iter().for_each(|value| if !kept.contains(value) { kept.push(*value) });
            assert_eq!(one.drop_repeated(), kept.len() < vector.len());
            assert_eq!(*one, *kept);
            let mut alone = list(&second);
            alone.retain(|value| *value < bound);
            assert!(alone.iter().eq(second.iter().filter(|value| **value < bound)));
        }
    }
}
