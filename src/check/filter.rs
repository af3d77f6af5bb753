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
///
/// # Filters that no query was read to
///
/// A filter can be built by hand as well. [`check()`](super::check()) gives one of which this is true:
///
/// - Each test goes with its attribute ([`Attribute::operators`]), and its values are of the attribute's
///   [type](Attribute::value_type): days and instants of a time, [`Values::Words`] of the words that the attribute has.
/// - No list of values is empty, and none has a value twice.
/// - Days of a time are those of UTC, whatever the schema's zone is; instants are whole seconds.
/// - The types of custom attributes are those of the account's definitions, where they are known.
/// - It is in negation normal form ([`Filter::negation_normal`]). That is a matter of form: what takes a filter takes one with
///   [`Filter::Not`] too.
///
/// [`Query::from_filter`](crate::Query::from_filter) checks all of this. What takes a filter as it is neither checks it nor
/// panics: a test that its attribute does not have matches nothing, or is sent to a server that refuses it.
///
/// A filter is walked, compared and dropped recursively. One that is nested thousands of levels deep overflows the stack, in
/// [`eval::matches`](crate::eval::matches) as when it is dropped; what plans a filter refuses one beyond
/// [`Filter::MAX_DEPTH`].
///
/// ```
/// use cwql::Query;
/// use cwql::check::{Condition, Filter, Test, Values};
/// use cwql::schema::{Attribute, Schema, Standard};
///
/// let of = |standard, test| {
///     Filter::Condition(Condition { attribute: Attribute::Standard(standard), test, span: Default::default() })
/// };
/// let open = of(Standard::Status, Test::AnyOf(Values::Words("open".into())));
/// let theirs = of(Standard::TeamId, Test::AnyOf(Values::Ids(8.into())));
/// let query = Query::from_filter(&Filter::All(vec![open, Filter::Not(theirs.into())]), &Schema::default())?;
/// assert_eq!(query.text(), "status = open AND NOT team = 8");
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
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
#[non_exhaustive]
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
#[non_exhaustive]
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
#[non_exhaustive]
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

    /// How deep a filter may be nested that is planned: chains and negations within each other. No query is nested deeper,
    /// as its parentheses are not.
    pub const MAX_DEPTH: usize = 200;

    /// Whether it is nested deeper than [`Filter::MAX_DEPTH`].
    #[must_use]
    pub fn is_too_deep(&self) -> bool {
        let mut open = vec![(self, 0)];
        while let Some((filter, depth)) = open.pop() {
            let parts = match filter {
                Self::Condition(_) => continue,
                _ if depth == Self::MAX_DEPTH => return true,
                Self::All(parts) | Self::Any(parts) => parts.as_slice(),
                Self::Not(inner) => std::slice::from_ref(&**inner),
            };
            open.extend(parts.iter().map(|part| (part, depth + 1)));
        }
        false
    }

    /// The conditions, in the order of the text.
    ///
    /// ```
    /// # use cwql::{Query, Schema};
    /// let text = "status = open AND (label = vip OR NOT team = 8)";
    /// let query = Query::new(text, &Schema::default())?;
    /// let conditions: Vec<&str> = query.filter().conditions().map(|condition| condition.span.of(text)).collect();
    /// assert_eq!(conditions, ["status = open", "label = vip", "team = 8"]);
    /// # Ok::<(), cwql::Diagnostics>(())
    /// ```
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            loop {
                match open.pop()? {
                    Self::Condition(condition) => return Some(condition),
                    Self::All(parts) | Self::Any(parts) => open.extend(parts.iter().rev()),
                    Self::Not(inner) => open.push(inner),
                }
            }
        })
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
