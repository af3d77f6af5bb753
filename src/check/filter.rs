//! The typed filter: names and values resolved, nothing of the spelling left.

use bigdecimal::BigDecimal;
use jiff::Timestamp;
use jiff::civil::Date;
use smol_str::SmolStr;

use super::list::{List, SHORT};
use crate::schema::Attribute;
use crate::source::Span;

/// What a query means: conditions joined by AND, OR and NOT.
///
/// An empty `All` holds for every conversation, an empty `Any` for none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// All of these hold.
    All(Vec<Filter>),
    /// At least one of these holds.
    Any(Vec<Filter>),
    /// The opposite: of a condition the opposite operator, of AND and OR by De Morgan.
    Not(Box<Filter>),
    /// One condition.
    Condition(Condition),
}

/// One attribute and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The attribute.
    pub attribute: Attribute,
    /// What is asked.
    pub test: Test,
    /// Where the query says so.
    pub span: Span,
}

/// What is asked of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Test {
    /// It equals one of these.
    AnyOf(Values),
    /// It equals none of these. Whether a missing value does, the attribute decides.
    NoneOf(Values),
    /// Its text contains this one, in any case but for additional attributes that only the client sees.
    Contains(SmolStr),
    /// It has a text, and that does not contain this one.
    NotContains(SmolStr),
    /// Its text begins with this one.
    StartsWith(SmolStr),
    /// It has a text, and that does not begin with this one.
    NotStartsWith(SmolStr),
    /// Its text is like this pattern, as `ILIKE` has it: `%` is any text, `_` one character, `\` takes the next character
    /// as itself. The case of letters is looked at as by [`Test::Contains`].
    Like(SmolStr),
    /// It has a text, and that is not like this pattern.
    NotLike(SmolStr),
    /// It is before, after, less or greater.
    Compare(Comparison, Scalar),
    /// It has a value.
    Present,
    /// It has none.
    Missing,
}

/// An order relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl Comparison {
    /// The relation that holds exactly when this one does not.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Less => Self::GreaterEqual,
            Self::LessEqual => Self::Greater,
            Self::Greater => Self::LessEqual,
            Self::GreaterEqual => Self::Less,
        }
    }

    /// Its sign.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
        }
    }

    /// Whether it holds, given how the left side compares with the right one.
    #[must_use]
    pub const fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::LessEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterEqual => ordering.is_ge(),
        }
    }
}

/// A value with an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scalar {
    /// A whole day: UTC's for a time, the calendar's for a date.
    Day(Date),
    /// So many whole UTC days before the day of the question, for saved views that move with the time
    /// (`--rolling`); the second is that day as of now.
    DaysAgo(i32, Date),
    /// A point in time, to the second.
    Instant(Timestamp),
    /// A number.
    Number(BigDecimal),
}

/// One or more values of one type, in the order in which they were written, none twice.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Values {
    /// Words of an enumeration.
    Words(List<&'static str>),
    /// Ids.
    Ids(List<i64>),
    /// Texts and labels.
    Texts(List<SmolStr>),
    /// Numbers.
    Numbers(List<BigDecimal>),
    /// Whole days.
    Days(List<Date>),
    /// Points in time, to the second.
    Instants(List<Timestamp>),
    /// True or false; both is possible, and means "has a value".
    Booleans(List<bool>),
}

impl Values {
    /// How many values.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Words(list) => list.len(),
            Self::Ids(list) => list.len(),
            Self::Texts(list) => list.len(),
            Self::Numbers(list) => list.len(),
            Self::Days(list) => list.len(),
            Self::Instants(list) => list.len(),
            Self::Booleans(list) => list.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Moves the values of `other` behind; `false` if they are of another type, and stay where they are.
    pub(crate) fn append(&mut self, other: &mut Self) -> bool {
        match (self, other) {
            (Self::Words(list), Self::Words(more)) => list.append(more),
            (Self::Ids(list), Self::Ids(more)) => list.append(more),
            (Self::Texts(list), Self::Texts(more)) => list.append(more),
            (Self::Numbers(list), Self::Numbers(more)) => list.append(more),
            (Self::Days(list), Self::Days(more)) => list.append(more),
            (Self::Instants(list), Self::Instants(more)) => list.append(more),
            (Self::Booleans(list), Self::Booleans(more)) => list.append(more),
            _ => return false,
        }
        true
    }

    /// Keeps the first of equal values; whether there was one.
    pub(crate) fn drop_repeated(&mut self) -> bool {
        match self {
            Self::Words(list) => list.drop_repeated(),
            Self::Ids(list) => !all_differ(list) && list.drop_repeated(),
            Self::Texts(list) => list.drop_repeated(),
            Self::Numbers(list) => list.drop_repeated(),
            Self::Days(list) => list.drop_repeated(),
            Self::Instants(list) => list.drop_repeated(),
            Self::Booleans(list) => list.drop_repeated(),
        }
    }
}

/// Whether it is sure that no number is in the list twice. A bit for each number between the least and the greatest is
/// quicker than a set, as long as there are not too many.
fn all_differ(list: &[i64]) -> bool {
    /// At most so many words of bits for each number.
    const SPREAD: usize = 16;
    if list.len() <= SHORT {
        return false;
    }
    let (Some(least), Some(greatest)) = (list.iter().min(), list.iter().max()) else { return true };
    let words = greatest.checked_sub(*least).and_then(|range| usize::try_from(range / 64 + 1).ok());
    let Some(words) = words.filter(|words| *words <= list.len().saturating_mul(SPREAD)) else { return false };
    let mut seen = vec![0u64; words];
    list.iter().all(|number| {
        let place = number.abs_diff(*least);
        let bit = 1 << (place % 64);
        seen.get_mut((place / 64) as usize).is_some_and(|word| {
            let new = *word & bit == 0;
            *word |= bit;
            new
        })
    })
}

impl Filter {
    /// The filter that holds for every conversation.
    pub const EVERYTHING: Self = Self::All(Vec::new());

    /// The filter that holds for none.
    pub const NOTHING: Self = Self::Any(Vec::new());

    /// Calls `visit` for each condition, in the order of the text.
    pub fn for_each<'a>(&'a self, visit: &mut impl FnMut(&'a Condition)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.for_each(visit)),
            Self::Not(inner) => inner.for_each(visit),
            Self::Condition(condition) => visit(condition),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// Numbers that stand close together are looked at otherwise than others, and the same ones are dropped.
        #[test]
        fn repeated_ids_are_dropped_however_far_apart(
            ids in proptest::collection::vec(0i64..90, 0..60),
            step in proptest::sample::select(vec![1, 7, 300, 1 << 20, i64::MAX / 90]),
            from in proptest::sample::select(vec![0, -50, i64::MIN]),
        ) {
            let ids: Vec<i64> = ids.into_iter().map(|id| (id * step).saturating_add(from)).collect();
            let mut expected: Vec<i64> = Vec::new();
            ids.iter().for_each(|id| if !expected.contains(id) { expected.push(*id) });
            let mut values = Values::Ids(ids.clone().into());
            proptest::prop_assert_eq!(values.drop_repeated(), expected.len() < ids.len());
            proptest::prop_assert_eq!(values, Values::Ids(expected.into()));
        }
    }
}
