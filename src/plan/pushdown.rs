//! What the server can do with one condition: the forms in which it can be sent, whether they say it exactly,
//! and whether the client can evaluate it in the conversations that come back.

use std::borrow::Cow;

use bigdecimal::{BigDecimal, ToPrimitive};
use jiff::Timestamp;
use jiff::civil::Date;
use smol_str::SmolStr;

use super::custom;
use super::plain::{self, date, day_bound, shifted};
use crate::check::{Comparison, Condition, List, Scalar, Test, Values};
use crate::eval::NotCarried;
use crate::eval::text::{LikePattern, ruby_downcase};
use crate::payload::{Decimal, Value};
use crate::schema::{Attribute, PRIORITIES, Schema, Standard, ValueType, WireOperator};
use crate::source::as_pattern;

/// A condition as the server can be told it.
#[derive(Clone, Debug)]
pub(crate) struct Pushdown {
    /// The ways to send it.
    pub wire: Wire,
    /// Whether what is sent says exactly the condition, and if not, why. Otherwise it matches more.
    pub inexact: Option<Reason>,
    /// Whether the returned conversation carries what the server looks at.
    pub evaluable: bool,
}

/// The ways to send a condition.
#[derive(Clone, Debug)]
pub(crate) enum Wire {
    /// As one literal.
    One(Literal),
    /// As a disjunction of conjunctions. One empty conjunction matches everything, no conjunction nothing.
    Any(Vec<Vec<Literal>>),
}

impl Wire {
    /// Matches every conversation.
    pub(super) fn everything() -> Self {
        Self::Any(vec![Vec::new()])
    }
}

/// A condition on the wire, without its place in the payload.
#[derive(Clone, Debug)]
pub(crate) struct Literal {
    pub key: Cow<'static, str>,
    pub operator: WireOperator,
    pub values: List<Value>,
    /// What it does to its neighbours and they to it.
    pub nature: Nature,
}

/// How a literal depends on its place in the payload.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Nature {
    /// Means the same everywhere.
    Plain,
    /// A standard attribute compared with texts: behind a custom attribute only the first value counts, in lower case.
    Leaky,
    /// A custom attribute: what follows it may be read otherwise.
    Custom,
    /// A custom attribute's `not_equal_to`: right only as the last disjunct, all by itself. Elsewhere these
    /// alternatives say the same, if there are any.
    CustomUnequal(Vec<Vec<Literal>>),
}

/// Why a condition, or a part of a query, is not sent, or not sent exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// The server has no filter for the attribute at all.
    NotFilterable,
    /// The attribute came in a later version of the server.
    NotInVersion,
    /// The server has no such operator for the attribute.
    NoOperator,
    /// The server compares whole days.
    WholeDays,
    /// The server strips the value.
    OuterBlanks,
    /// The server cannot cast currency and percent attributes.
    NoCast,
    /// A standard attribute has the same key.
    Shadowed,
    /// The server compares this key by rules of another kind of record.
    OwnRules,
    /// A custom attribute's `!=` lets in rows without the attribute unless it is the last disjunct.
    CustomUnequal,
    /// Behind a custom attribute the server reads the first value alone, in lower case.
    Leak,
    /// The payload would be too long.
    TooLong,
    /// A stored value broke the server's cast.
    BadStoredValue,
}

impl Reason {
    /// The reason as a person reads it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFilterable => "the server does not filter by this attribute",
            Self::NotInVersion => "this version of the server does not filter by this attribute",
            Self::NoOperator => "the server has no such operator for this attribute",
            Self::WholeDays => "the server compares whole days only",
            Self::OuterBlanks => "the server strips blanks at both ends",
            Self::NoCast => "the server cannot compare currency and percent attributes",
            Self::Shadowed => "a standard attribute has the same key",
            Self::OwnRules => "the server reads the values of a key with this name in its own way",
            Self::CustomUnequal => {
                "a custom attribute's != lets in other conversations unless it is the last alternative"
            }
            Self::Leak => "behind a custom attribute the server reads the first value alone, in lower case",
            Self::TooLong => "the payload would have too many conditions",
            Self::BadStoredValue => "a stored value broke the server's conversion",
        }
    }
}

impl Literal {
    /// Moves the literal out and leaves an empty one.
    pub(super) fn take(&mut self) -> Self {
        Self {
            key: std::mem::take(&mut self.key),
            operator: self.operator,
            values: std::mem::take(&mut self.values),
            nature: std::mem::replace(&mut self.nature, Nature::Plain),
        }
    }

    /// Whether the server compares its values in lower case.
    fn folds(&self) -> bool {
        let equality = matches!(self.operator, WireOperator::EqualTo | WireOperator::NotEqualTo);
        equality && matches!(self.nature, Nature::Custom | Nature::CustomUnequal(_))
    }
}

/// Literals are equal if the server reads them alike.
impl PartialEq for Literal {
    fn eq(&self, other: &Self) -> bool {
        let alike = |(a, b): (&Value, &Value)| match (a, b) {
            (Value::Text(a), Value::Text(b)) if a != b && self.folds() => ruby_downcase(a) == ruby_downcase(b),
            _ => a == b,
        };
        self.key == other.key
            && self.operator == other.operator
            && self.nature == other.nature
            && self.values.len() == other.values.len()
            && self.values.iter().zip(&other.values).all(alike)
    }
}

impl Eq for Literal {}

impl std::hash::Hash for Literal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (&self.key, self.operator).hash(state);
        for value in &self.values {
            match value {
                Value::Text(text) if self.folds() => ruby_downcase(text).hash(state),
                _ => value.hash(state),
            }
        }
    }
}

impl Pushdown {
    /// Decides what the server can be told of a condition.
    pub(crate) fn of(condition: &Condition, schema: &Schema) -> Self {
        let evaluable = NotCarried::of(condition, schema).is_none();
        let (wire, inexact) = match &condition.attribute {
            Attribute::Standard(standard) => standard_forms(*standard, &condition.test, schema),
            Attribute::Custom(custom) => custom::forms(custom, &condition.test, schema),
            Attribute::Local(_) | Attribute::Additional(_) | Attribute::ContactCustom(_) => {
                local(Reason::NotFilterable)
            }
        };
        Self { wire, inexact, evaluable }
    }

    /// The condition left to the client.
    pub(crate) fn left_to_client(self, reason: Reason) -> Self {
        Self { wire: Wire::everything(), inexact: Some(reason), ..self }
    }
}

pub(super) type Forms = (Wire, Option<Reason>);

pub(super) fn local(reason: Reason) -> Forms {
    (Wire::everything(), Some(reason))
}

pub(super) fn exact(literal: Literal) -> Forms {
    (Wire::One(literal), None)
}

fn standard_forms(standard: Standard, test: &Test, schema: &Schema) -> Forms {
    let info = standard.info();
    if !info.exists_in(schema.version) {
        return local(Reason::NotInVersion);
    }
    let leaky = matches!(info.value_type, ValueType::Text(_) | ValueType::Labels);
    let literal = |operator, values| {
        let equality = matches!(operator, WireOperator::EqualTo | WireOperator::NotEqualTo);
        let nature = if leaky && equality { Nature::Leaky } else { Nature::Plain };
        Literal { key: Cow::Borrowed(info.key), operator, values, nature }
    };
    if let Some(operator) = plain::operator(info, test) {
        return exact(literal(operator, plain::values(test)));
    }
    match test {
        Test::Present if !info.nullable => return (Wire::everything(), None),
        Test::Missing if !info.nullable => return (Wire::Any(Vec::new()), None),
        _ => {}
    }
    if info.value_type == ValueType::Time {
        return time_forms(test, &|operator, value| literal(operator, value.into()));
    }
    let contains = |text: &SmolStr| Wire::One(literal(WireOperator::Contains, pattern(text).into()));
    let has = |operator| info.wire.contains(operator);
    match test {
        // Whatever contains or begins with a text, and whatever is asked to have one, has a value.
        Test::Contains(text) if has(WireOperator::Contains) && leaky => (contains(text), Some(Reason::OuterBlanks)),
        Test::StartsWith(text) if has(WireOperator::Contains) && leaky => (contains(text), Some(Reason::NoOperator)),
        Test::Like(text) if has(WireOperator::Contains) && leaky => {
            (Wire::One(literal(WireOperator::Contains, like(text).0.into())), Some(Reason::NoOperator))
        }
        Test::Present => (Wire::Any(present(standard, &literal)), None),
        Test::NotContains(_) if leaky => (Wire::Any(present(standard, &literal)), Some(Reason::OuterBlanks)),
        Test::NotStartsWith(_) | Test::StartsWith(_) | Test::NotLike(_) if leaky => {
            (Wire::Any(present(standard, &literal)), Some(Reason::NoOperator))
        }
        _ => local(Reason::NoOperator),
    }
}

/// "Has a value" for attributes without `is_present`, in operators that they do have:
/// each of these leaves out nothing but missing values.
fn present(standard: Standard, literal: &dyn Fn(WireOperator, List<Value>) -> Literal) -> Vec<Vec<Literal>> {
    let empty = || List::from(Value::Text(SmolStr::default()));
    if standard == Standard::Priority {
        let words = PRIORITIES.iter().map(|word| Value::Text(SmolStr::new_static(word))).collect();
        return vec![vec![literal(WireOperator::EqualTo, words)]];
    }
    if standard.info().wire.contains(WireOperator::Contains) {
        return vec![vec![literal(WireOperator::Contains, empty())]];
    }
    vec![vec![literal(WireOperator::EqualTo, empty())], vec![literal(WireOperator::NotEqualTo, empty())]]
}

pub(super) fn wire_values(values: &Values) -> List<Value> {
    match values {
        Values::Words(words) => words.map(|word| Value::Text(SmolStr::new_static(word))),
        Values::Ids(ids) => ids.map(|id| Value::Integer(*id)),
        Values::Texts(texts) => texts.map(|text| Value::Text(text.clone())),
        Values::Booleans(booleans) => booleans.map(|boolean| Value::Boolean(*boolean)),
        Values::Days(days) => days.map(|day| date(*day)),
        Values::Numbers(numbers) => numbers.map(number),
        // Instants are never sent.
        Values::Instants(_) => List::new(),
    }
}

/// The value of `contains`, by which the text means itself.
pub(super) fn pattern(text: &SmolStr) -> Value {
    match as_pattern(text) {
        Cow::Borrowed(_) => Value::Text(text.clone()),
        Cow::Owned(escaped) => Value::Text(escaped.into()),
    }
}

/// The value of `contains` for a pattern of LIKE, and whether the two ask the same; otherwise the value asks less.
pub(super) fn like(pattern: &SmolStr) -> (Value, bool) {
    let (value, exact) = LikePattern::new(pattern).value();
    (Value::Text(value.into()), exact)
}

/// A number as the server's JSON reader keeps it exactly, else as text, which it reads as a decimal.
pub(super) fn number(number: &BigDecimal) -> Value {
    if number.is_integer()
        && let Some(integer) = number.to_i64()
    {
        return Value::Integer(integer);
    }
    let decimal = number
        .to_f64()
        .and_then(Decimal::new)
        .filter(|_| number.digits() <= 15 && number.fractional_digit_count().abs() <= 15);
    decimal.map_or_else(|| Value::Text(number.to_plain_string().into()), Value::Decimal)
}

/// A range of whole days: after the first and before the second, both exclusive.
pub(super) type DayRange = (Option<Date>, Option<Date>);

/// The ranges of whole days that a test means; and whether they mean exactly it.
pub(super) fn day_ranges(test: &Test) -> Option<(Vec<DayRange>, bool)> {
    let around = |day: Date| (Some(shifted(day, -1)), Some(shifted(day, 1)));
    Some(match test {
        Test::Compare(comparison, Scalar::Day(day) | Scalar::DaysAgo(_, day)) => {
            let range = match day_bound(*comparison, *day) {
                (WireOperator::IsLessThan, day) => (None, Some(day)),
                (_, day) => (Some(day), None),
            };
            (vec![range], true)
        }
        Test::AnyOf(Values::Days(days)) => (days.iter().map(|day| around(*day)).collect(), true),
        Test::NoneOf(Values::Days(days)) => {
            let mut days = days.to_vec();
            days.sort_unstable();
            days.dedup();
            let after = std::iter::once(None).chain(days.iter().copied().map(Some));
            let before = days.iter().copied().map(Some).chain(std::iter::once(None));
            // Nothing lies between two days that follow each other.
            let ranges = after.zip(before).filter(|range| !matches!(range, (Some(a), Some(b)) if shifted(*a, 1) >= *b));
            (ranges.collect(), true)
        }
        Test::Compare(comparison, Scalar::Instant(instant)) => {
            // Stored times are whole seconds.
            let floor = instant.as_second() - i64::from(instant.subsec_nanosecond() < 0);
            let ceiling = floor + i64::from(instant.subsec_nanosecond() != 0);
            match comparison {
                Comparison::Less => before_second(ceiling),
                Comparison::LessEqual => before_second(floor + 1),
                Comparison::Greater => from_second(floor + 1),
                Comparison::GreaterEqual => from_second(ceiling),
            }
        }
        Test::AnyOf(Values::Instants(instants)) => {
            (instants.iter().map(|instant| around(utc_day(instant.as_second()))).collect(), false)
        }
        _ => return None,
    })
}

fn before_second(second: i64) -> (Vec<DayRange>, bool) {
    let whole = second.rem_euclid(86_400) == 0;
    (vec![(None, Some(shifted(utc_day(second), i32::from(!whole))))], whole)
}

fn from_second(second: i64) -> (Vec<DayRange>, bool) {
    (vec![(Some(shifted(utc_day(second), -1)), None)], second.rem_euclid(86_400) == 0)
}

/// The UTC day of an epoch second.
fn utc_day(second: i64) -> Date {
    let instant = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    jiff::tz::Offset::UTC.to_datetime(instant).date()
}

pub(super) fn range_literals(
    ranges: Vec<DayRange>,
    literal: &dyn Fn(WireOperator, Value) -> Literal,
) -> Vec<Vec<Literal>> {
    let conjunction = |(after, before): DayRange| {
        let after = after.map(|day| literal(WireOperator::IsGreaterThan, date(day)));
        let before = before.map(|day| literal(WireOperator::IsLessThan, date(day)));
        after.into_iter().chain(before).collect()
    };
    ranges.into_iter().map(conjunction).collect()
}

/// Times: the server compares whole UTC days, exclusively.
fn time_forms(test: &Test, literal: &dyn Fn(WireOperator, Value) -> Literal) -> Forms {
    match day_ranges(test) {
        Some((ranges, exact)) => (Wire::Any(range_literals(ranges, literal)), (!exact).then_some(Reason::WholeDays)),
        None => local(Reason::WholeDays),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Query;
    use crate::check::Filter;

    fn sent(text: &str) -> Literal {
        let query = Query::new(text, &Schema::default()).unwrap();
        let Filter::Condition(condition) = query.filter() else { panic!("{text}") };
        match Pushdown::of(condition, &Schema::default()).wire {
            Wire::One(literal) => literal,
            Wire::Any(mut ways) => ways.remove(0).remove(0),
        }
    }

    /// Of custom attributes the server compares equality in lower case, of all others as it is written.
    #[test]
    fn literals_are_alike_where_the_server_reads_them_alike() {
        for (one, other, alike) in [
            ("custom.note = EN", "custom.note = en", true),
            ("custom.note != EN", "custom.note != en", true),
            ("custom.note = EN", "custom.note = de", false),
            ("custom.note = EN", "custom.note != en", false),
            ("custom.note = EN", "custom.tier = en", false),
            ("custom.note CONTAINS EN", "custom.note CONTAINS en", false),
            ("custom.note CONTAINS EN", "custom.note CONTAINS EN", true),
            ("referer = EN", "referer = en", false),
            ("label = EN", "label = en", false),
            ("label = EN", "label = EN", true),
        ] {
            assert_eq!(sent(one) == sent(other), alike, "{one} | {other}");
        }
    }
}
