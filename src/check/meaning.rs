//! What the operators mean: opposites, and which conditions exclude or complete each other.

use std::cmp::Ordering;
use std::hash::Hash;

use foldhash::HashSet;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use smol_str::SmolStr;

use super::filter::{Comparison, Condition, Filter, Scalar, Test, Values};
use super::time::YEARS;
use crate::eval::text::{pg_lower, ruby_downcase};
use crate::schema::{Attribute, Case, STATUSES, Standard, ValueType};

impl Test {
    /// The opposite operator: what NOT of a condition means.
    #[must_use]
    pub fn opposite(&self) -> Self {
        self.clone().into_opposite()
    }

    /// The opposite operator.
    #[must_use]
    pub fn into_opposite(self) -> Self {
        match self {
            Self::AnyOf(values) => Self::NoneOf(values),
            Self::NoneOf(values) => Self::AnyOf(values),
            Self::Contains(text) => Self::NotContains(text),
            Self::NotContains(text) => Self::Contains(text),
            Self::StartsWith(text) => Self::NotStartsWith(text),
            Self::NotStartsWith(text) => Self::StartsWith(text),
            Self::Like(pattern) => Self::NotLike(pattern),
            Self::NotLike(pattern) => Self::Like(pattern),
            Self::Compare(comparison, scalar) => Self::Compare(comparison.opposite(), scalar),
            Self::Present => Self::Missing,
            Self::Missing => Self::Present,
        }
    }
}

impl Filter {
    /// Negation normal form: the same meaning without [`Filter::Not`], chains within chains joined.
    #[must_use]
    pub fn negation_normal(&self) -> Self {
        self.clone().into_negation_normal()
    }

    /// Negation normal form.
    #[must_use]
    pub fn into_negation_normal(self) -> Self {
        self.normal(false)
    }

    fn normal(self, negated: bool) -> Self {
        let (all, parts) = match self {
            Self::Condition(condition) if !negated => return Self::Condition(condition),
            Self::Condition(condition) => {
                return Self::Condition(Condition { test: condition.test.into_opposite(), ..condition });
            }
            Self::Not(inner) => return inner.normal(!negated),
            Self::All(parts) => (!negated, parts),
            Self::Any(parts) => (negated, parts),
        };
        let mut joined = Vec::with_capacity(parts.len());
        for part in parts {
            match (all, part.normal(negated)) {
                (true, Self::All(inner)) | (false, Self::Any(inner)) => joined.extend(inner),
                (_, other) => joined.push(other),
            }
        }
        if joined.len() == 1 {
            return joined.swap_remove(0);
        }
        if all { Self::All(joined) } else { Self::Any(joined) }
    }
}

impl Condition {
    /// Whether `!=` holds for a conversation without the value.
    #[must_use]
    pub fn unequal_matches_missing(attribute: &Attribute) -> bool {
        matches!(attribute, Attribute::Standard(Standard::Labels) | Attribute::Custom(_) | Attribute::ContactCustom(_))
    }

    /// Whether the condition can hold for a conversation without the value.
    #[must_use]
    pub fn matches_missing(&self) -> bool {
        match &self.test {
            Test::Missing => true,
            Test::NoneOf(_) => Self::unequal_matches_missing(&self.attribute),
            _ => false,
        }
    }

    /// Whether the two can never hold together.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        if self.attribute != other.attribute {
            return false;
        }
        if !self.attribute.nullable() && (self.test == Test::Missing || other.test == Test::Missing) {
            return true;
        }
        match (&self.test, &other.test) {
            (Test::Missing, _) => !other.matches_missing(),
            (_, Test::Missing) => !self.matches_missing(),
            (Test::AnyOf(these), Test::NoneOf(those)) | (Test::NoneOf(those), Test::AnyOf(these)) => {
                self.subset(these, those)
            }
            // A conversation has several labels.
            _ if self.attribute.value_type() == ValueType::Labels => false,
            (Test::AnyOf(these), Test::AnyOf(those)) => self.disjoint(these, those),
            (Test::AnyOf(these), Test::Compare(comparison, scalar))
            | (Test::Compare(comparison, scalar), Test::AnyOf(these)) => outside(these, *comparison, scalar),
            (Test::Compare(a, x), Test::Compare(b, y)) => gap(*a, x, *b, y) || gap(*b, y, *a, x),
            (Test::Contains(a), Test::NotContains(b)) | (Test::NotContains(b), Test::Contains(a)) => {
                match self.attribute.containment_case() {
                    Case::Sensitive => a.contains(&**b),
                    Case::Ignored => pg_lower(a).contains(&pg_lower(b)),
                }
            }
            (Test::StartsWith(a), Test::NotStartsWith(b)) | (Test::NotStartsWith(b), Test::StartsWith(a)) => {
                a.starts_with(&**b)
            }
            (Test::Like(a), Test::NotLike(b)) | (Test::NotLike(b), Test::Like(a)) => a == b,
            _ => false,
        }
    }

    /// Whether one of the two always holds.
    #[must_use]
    pub fn completes(&self, other: &Self) -> bool {
        if self.attribute != other.attribute {
            return false;
        }
        let missing_is_covered = !self.attribute.nullable() || self.matches_missing() || other.matches_missing();
        missing_is_covered && self.completes_values(other)
    }

    /// Whether one of the two always holds where there is a value.
    #[must_use]
    pub fn completes_values(&self, other: &Self) -> bool {
        self.attribute == other.attribute
            && match (&self.test, &other.test) {
                (Test::Present, Test::Missing) | (Test::Missing, Test::Present) => true,
                (Test::AnyOf(these), Test::NoneOf(those)) | (Test::NoneOf(those), Test::AnyOf(these)) => {
                    self.subset(those, these)
                }
                // Labels: none of two is more than none of each.
                (Test::NoneOf(_), Test::NoneOf(_)) if self.attribute.value_type() == ValueType::Labels => false,
                (Test::NoneOf(these), Test::NoneOf(those)) => self.disjoint(these, those),
                (Test::Compare(a, x), Test::Compare(b, y)) => {
                    gap(a.opposite(), x, b.opposite(), y) || gap(b.opposite(), y, a.opposite(), x)
                }
                _ => false,
            }
    }

    /// Whether the condition holds for every conversation.
    #[must_use]
    pub fn is_tautology(&self) -> bool {
        match &self.test {
            Test::Present => !self.attribute.nullable(),
            Test::AnyOf(Values::Words(words)) => {
                self.attribute == Attribute::Standard(Standard::Status) && covers(words, STATUSES)
            }
            _ => false,
        }
    }

    /// Whether the condition holds for no conversation.
    #[must_use]
    pub fn is_contradiction(&self) -> bool {
        match &self.test {
            Test::Missing => !self.attribute.nullable(),
            Test::NoneOf(Values::Words(words)) => {
                // Of the priorities too: `!=` leaves out a missing one.
                matches!(self.attribute.value_type(), ValueType::Word(known) if covers(words, known))
            }
            // Whatever there is contains, and begins with, nothing; what is missing is left out.
            Test::NotContains(text) | Test::NotStartsWith(text) => text.is_empty(),
            _ => false,
        }
    }

    fn subset(&self, these: &Values, those: &Values) -> bool {
        self.compare_sets(these, those, |found| found)
    }

    fn disjoint(&self, these: &Values, those: &Values) -> bool {
        self.compare_sets(these, those, |found| !found)
    }

    /// Whether `wanted` holds for the presence in `those` of each of `these`.
    fn compare_sets(&self, these: &Values, those: &Values, wanted: fn(bool) -> bool) -> bool {
        fn each<T: Eq + Hash>(these: &[T], those: &[T], wanted: fn(bool) -> bool) -> bool {
            these.iter().all(membership(those, wanted))
        }
        match (these, those) {
            (Values::Words(a), Values::Words(b)) => each(a, b, wanted),
            (Values::Ids(a), Values::Ids(b)) => each(a, b, wanted),
            (Values::Texts(a), Values::Texts(b)) if self.attribute.value_type() == ValueType::Text(Case::Ignored) => {
                let fold = |list: &[SmolStr]| list.iter().map(|text| ruby_downcase(text)).collect::<Vec<_>>();
                each(&fold(a), &fold(b), wanted)
            }
            (Values::Texts(a), Values::Texts(b)) => each(a, b, wanted),
            (Values::Numbers(a), Values::Numbers(b)) => each(a, b, wanted),
            (Values::Days(a), Values::Days(b)) => each(a, b, wanted),
            (Values::Instants(a), Values::Instants(b)) => each(a, b, wanted),
            (Values::Booleans(a), Values::Booleans(b)) => each(a, b, wanted),
            _ => false,
        }
    }
}

/// Whether every one of the `known` words is among these.
fn covers(words: &[&str], known: &[&str]) -> bool {
    known.iter().all(|word| words.contains(word))
}

/// Lists of more values than this are looked up in a set.
const LONG: usize = 32;

/// Asks whether `wanted` holds for the presence of a value in a list.
pub(crate) fn membership<'a, T: Eq + Hash>(
    list: &'a [T],
    wanted: fn(bool) -> bool,
) -> impl Fn(&T) -> bool + use<'a, T> {
    let set: Option<HashSet<&T>> = (list.len() > LONG).then(|| list.iter().collect());
    move |value| wanted(set.as_ref().map_or_else(|| list.contains(value), |set| set.contains(value)))
}

/// How two scalars of one kind compare; `None` for a day and an instant, and for a day that moves with the time and one
/// that does not: what holds of them today does not hold tomorrow.
fn order(a: &Scalar, b: &Scalar) -> Option<Ordering> {
    match (a, b) {
        (Scalar::Number(a), Scalar::Number(b)) => Some(a.cmp(b)),
        (Scalar::Instant(a), Scalar::Instant(b)) => Some(a.cmp(b)),
        (Scalar::Day(a), Scalar::Day(b)) | (Scalar::DaysAgo(_, a), Scalar::DaysAgo(_, b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// A comparison of a time with a day of UTC as one with a midnight; none behind the last day of the language, where no time
/// is.
pub(crate) fn at_midnight(comparison: Comparison, day: Date) -> Option<(Comparison, Timestamp)> {
    let (comparison, day) = match comparison {
        Comparison::Less | Comparison::GreaterEqual => (comparison, day),
        Comparison::LessEqual => (Comparison::Less, day.tomorrow().ok()?),
        Comparison::Greater => (Comparison::GreaterEqual, day.tomorrow().ok()?),
    };
    let instant = Offset::UTC.to_timestamp(day.into()).ok()?;
    YEARS.contains(&day.year()).then_some((comparison, instant))
}

/// Whether nothing is both on the upper side of `x` and on the lower side of `y`.
fn gap(lower: Comparison, x: &Scalar, upper: Comparison, y: &Scalar) -> bool {
    use Comparison::{Greater, GreaterEqual, Less, LessEqual};
    // A day and an instant are compared as instants.
    match (x, y) {
        (Scalar::Day(day), Scalar::Instant(_)) => {
            return at_midnight(lower, *day).is_some_and(|(lower, x)| gap(lower, &Scalar::Instant(x), upper, y));
        }
        (Scalar::Instant(_), Scalar::Day(day)) => {
            return at_midnight(upper, *day).is_some_and(|(upper, y)| gap(lower, x, upper, &Scalar::Instant(y)));
        }
        _ => {}
    }
    let Some(ordering) = order(x, y) else { return false };
    match (lower, upper) {
        // Between a day and the next one there is none.
        (Greater, Less) if follows(x, y) => true,
        (Greater | GreaterEqual, Less | LessEqual) => {
            ordering.is_gt() || (ordering.is_eq() && !(lower == GreaterEqual && upper == LessEqual))
        }
        _ => false,
    }
}

/// Whether the second is the day behind the first one.
fn follows(x: &Scalar, y: &Scalar) -> bool {
    match (x, y) {
        (Scalar::Day(x), Scalar::Day(y)) | (Scalar::DaysAgo(_, x), Scalar::DaysAgo(_, y)) => {
            x.tomorrow().is_ok_and(|next| next == *y)
        }
        _ => false,
    }
}

/// Whether none of the values satisfies the comparison.
fn outside(values: &Values, comparison: Comparison, scalar: &Scalar) -> bool {
    let fails = |value: Scalar| order(&value, scalar).is_some_and(|ordering| !comparison.holds(ordering));
    match values {
        Values::Numbers(list) => list.iter().all(|number| fails(Scalar::Number(number.clone()))),
        Values::Days(list) => list.iter().all(|day| fails(Scalar::Day(*day))),
        Values::Instants(list) => list.iter().all(|instant| fails(Scalar::Instant(*instant))),
        _ => false,
    }
}
