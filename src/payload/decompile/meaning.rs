//! What the server asks by one condition → the typed filter that asks the same.

use bigdecimal::{BigDecimal, ToPrimitive};
use jiff::civil::Date;
use smol_str::SmolStr;

use super::source::Written;
use crate::check::{self, Comparison, Filter, LONGEST_PLAIN, Values, YEARS, at_midnight};
use crate::eval::date::{PgDate, civil_from_days};
use crate::eval::number::PgNumeric;
use crate::eval::text::{LikeMeaning, LikePattern, ruby_downcase, ruby_strip};
use crate::schema::{Attribute, IdType, Standard, ValueType};
use crate::server::{Condition, Scalar, Test};
use crate::source::Span;

/// Why a condition has no words in the language.
#[derive(Clone, Debug)]
pub(super) enum Unsayable {
    /// Too many digits.
    Number,
    /// The value with this number is `NaN` or infinite; stored texts may be such.
    NotFinite(usize),
    /// The value with this number is a day that queries do not have; stored texts may be such.
    Day(usize),
    /// It is compared with such a day; the condition is the nearest that a query has.
    Limit(Box<check::Condition>),
    /// Texts in the order of an alphabet.
    TextOrder,
}

/// A condition of the server, and what is known of how it was written.
pub(super) struct Meaning<'a> {
    pub condition: &'a Condition,
    pub attribute: Attribute,
    pub written: &'a Written,
    /// For `days_before` the server's day.
    pub today: Option<PgDate>,
}

impl Meaning<'_> {
    /// The filter with the same meaning. Three-valued logic is no matter: within AND and OR a condition that is
    /// unknown matches as little as one that is false.
    pub(super) fn filter(&self) -> Result<Filter, Unsayable> {
        match &self.condition.test {
            Test::Present | Test::Tagged { names: None, negated: false } => Ok(self.ask(check::Test::Present)),
            Test::Absent | Test::Tagged { names: None, negated: true } => Ok(self.ask(check::Test::Missing)),
            Test::Tagged { names: Some(names), negated } => {
                let names = names.iter().map(|name| name.as_str().into()).collect();
                Ok(self.equal(Some(Values::Texts(names)), *negated))
            }
            // `NOT IN (…, NULL)` is never true.
            Test::In { list, negated: true } if list.contains(&None) => Ok(nothing(self.written.span)),
            Test::In { list, negated } => {
                let list: Vec<&Scalar> = list.iter().flatten().collect();
                Ok(self.equal(self.values(&list)?, *negated))
            }
            Test::Like { patterns, negated } => Ok(self.patterns(patterns, *negated)),
            Test::Less(limit) => self.compare(Comparison::Less, limit),
            Test::Greater(limit) => self.compare(Comparison::Greater, limit),
        }
    }

    fn ask(&self, test: check::Test) -> Filter {
        Filter::Condition(check::Condition { attribute: self.attribute.clone(), test, span: self.written.span })
    }

    /// Equal to one or to none of the values; ids, words and texts that nothing can equal are left out already.
    fn equal(&self, values: Option<Values>, negated: bool) -> Filter {
        match (values, negated) {
            (None, false) => nothing(self.written.span),
            (None, true) => self.ask(check::Test::Present),
            (Some(mut values), _) => {
                values.drop_repeated();
                self.ask(if negated { check::Test::NoneOf(values) } else { check::Test::AnyOf(values) })
            }
        }
    }

    /// The values that a conversation can have; none if there is no such one.
    fn values(&self, list: &[&Scalar]) -> Result<Option<Values>, Unsayable> {
        let values = match self.attribute.value_type() {
            ValueType::Word(words) => {
                let codes = list.iter().filter_map(|scalar| usize::try_from(whole(scalar)?).ok());
                Values::Words(codes.filter_map(|code| words.get(code).copied()).collect())
            }
            ValueType::Id(kind) => Values::Ids(list.iter().filter_map(|scalar| id(scalar, kind)).collect()),
            ValueType::Number => {
                let numbers = list.iter().enumerate().filter_map(|(i, scalar)| match scalar {
                    Scalar::Number(value) => Some(number(value, i)),
                    _ => None,
                });
                Values::Numbers(numbers.collect::<Result<_, _>>()?)
            }
            ValueType::Date | ValueType::Time => {
                let days = list.iter().enumerate().map(|(i, scalar)| day(scalar).ok_or(Unsayable::Day(i)));
                Values::Days(days.collect::<Result<_, _>>()?)
            }
            ValueType::Boolean => Values::Booleans(list.iter().filter_map(|scalar| boolean(scalar)).collect()),
            ValueType::Text(_) | ValueType::Labels => {
                Values::Texts(list.iter().filter_map(|scalar| self.text(scalar)).collect())
            }
        };
        Ok((!values.is_empty()).then_some(values))
    }

    /// A text that is compared with. Of a custom attribute the server has it in lower case: the written case is kept.
    fn text(&self, scalar: &Scalar) -> Option<SmolStr> {
        let Scalar::Text(text) = scalar else { return None };
        let first = self.written.first_text().filter(|_| matches!(self.attribute, Attribute::Custom(_)));
        Some(first.filter(|first| ruby_downcase(first) == *text).unwrap_or(text).into())
    }

    /// Like one or none of the patterns.
    fn patterns(&self, patterns: &[LikePattern], negated: bool) -> Filter {
        let mut parts: Vec<Filter> = patterns.iter().map(|pattern| self.like(pattern, negated)).collect();
        parts.dedup();
        match (parts.as_slice(), negated) {
            ([only], _) => only.clone(),
            (_, true) => Filter::All(parts),
            (_, false) => Filter::Any(parts),
        }
    }

    fn like(&self, pattern: &LikePattern, negated: bool) -> Filter {
        let empty = || Values::Texts(check::List::from(SmolStr::default()));
        match (pattern.meaning(), negated) {
            (LikeMeaning::Contains(text), false) => self.ask(check::Test::Contains(text.as_str().into())),
            (LikeMeaning::Contains(text), true) => self.ask(check::Test::NotContains(text.as_str().into())),
            (LikeMeaning::Anything, false) => self.ask(check::Test::Present),
            (LikeMeaning::Anything, true) => nothing(self.written.span),
            (LikeMeaning::NotEmpty, true) => self.ask(check::Test::AnyOf(empty())),
            (LikeMeaning::NotEmpty, false) => {
                let unequal = self.ask(check::Test::NoneOf(empty()));
                if check::Condition::unequal_matches_missing(&self.attribute) {
                    Filter::All(vec![unequal, self.ask(check::Test::Present)])
                } else {
                    unequal
                }
            }
            (LikeMeaning::Other, false) => self.ask(check::Test::Like(pattern.written().into())),
            (LikeMeaning::Other, true) => self.ask(check::Test::NotLike(pattern.written().into())),
        }
    }

    fn compare(&self, comparison: Comparison, limit: &Scalar) -> Result<Filter, Unsayable> {
        let less = comparison == Comparison::Less;
        let ask = |comparison, scalar| self.ask(check::Test::Compare(comparison, scalar));
        Ok(match limit {
            Scalar::Number(bound) => ask(comparison, check::Scalar::Number(number(bound, 0)?)),
            Scalar::Date(date) => match (day(limit), self.days_ago(*date)) {
                (Some(day), Some(ago)) => ask(comparison, check::Scalar::DaysAgo(ago, day)),
                (Some(day), None) => ask(comparison, check::Scalar::Day(day)),
                (None, _) if self.attribute.value_type() != ValueType::Time => self.beyond(less, *date)?,
                // No time is so far away.
                (None, _) if (*date < PgDate::Day(0)) == less => nothing(self.written.span),
                (None, _) => self.ask(check::Test::Present),
            },
            Scalar::Boolean(limit) if *limit == less => self.ask(check::Test::AnyOf(Values::Booleans((!limit).into()))),
            Scalar::Boolean(_) => nothing(self.written.span),
            Scalar::Text(_) => return Err(Unsayable::TextOrder),
        })
    }

    /// A comparison with a day outside of the years of the language, as one with the first or the last day of these:
    /// a stored date is a text, and may be of any year, so that the two are the same only without a day between them.
    fn beyond(&self, less: bool, date: PgDate) -> Result<Filter, Unsayable> {
        let early = date < PgDate::Day(0);
        let (comparison, end, neighbour) = match (early, less) {
            (true, true) => (Comparison::Less, first_day(), None),
            (true, false) => (Comparison::GreaterEqual, first_day(), first_day().yesterday().ok()),
            (false, true) => (Comparison::LessEqual, last_day(), last_day().tomorrow().ok()),
            (false, false) => (Comparison::Greater, last_day(), None),
        };
        let test = check::Test::Compare(comparison, check::Scalar::Day(end));
        let nearest = check::Condition { attribute: self.attribute.clone(), test, span: self.written.span };
        if neighbour.map(PgDate::from) == Some(date) {
            Ok(Filter::Condition(nearest))
        } else {
            Err(Unsayable::Limit(Box::new(nearest)))
        }
    }

    /// How many days before today, for `days_before`.
    fn days_ago(&self, date: PgDate) -> Option<i32> {
        match (self.today?, date) {
            (PgDate::Day(today), PgDate::Day(day)) => i32::try_from(today - day).ok(),
            _ => None,
        }
    }
}

/// The texts between the wildcards of a value of `contains`, each of which is part of whatever the value finds.
pub(super) fn pieces(value: &str) -> Vec<String> {
    // The server's own wildcard behind it may be escaped by the value's last character.
    let pattern = format!("{}%", ruby_strip(value));
    let mut escaped = false;
    let is_wildcard = |c| {
        let live = !escaped;
        escaped = live && c == '\\';
        live && matches!(c, '%' | '_')
    };
    let read = |piece: &str| match LikePattern::new(&format!("%{piece}%")).meaning() {
        LikeMeaning::Contains(text) => Some(text),
        _ => None,
    };
    pattern.split(is_wildcard).filter_map(read).collect()
}

/// What no conversation matches: numbers begin at 1.
pub(super) fn nothing(span: Span) -> Filter {
    let test = check::Test::AnyOf(Values::Ids(0.into()));
    Filter::Condition(check::Condition { attribute: Attribute::Standard(Standard::DisplayId), test, span })
}

/// What every conversation matches.
pub(super) fn everything(span: Span) -> Filter {
    let attribute = Attribute::Standard(Standard::DisplayId);
    Filter::Condition(check::Condition { attribute, test: check::Test::Present, span })
}

/// The filter in words that mean the same in any zone: the server's days are those of UTC, a query's days are its zone's.
pub(super) fn in_any_zone(filter: &Filter) -> Filter {
    let all = |parts: &[Filter]| parts.iter().map(in_any_zone).collect();
    match filter {
        Filter::All(parts) => Filter::All(all(parts)),
        Filter::Any(parts) => Filter::Any(all(parts)),
        Filter::Not(part) => Filter::Not(Box::new(in_any_zone(part))),
        Filter::Condition(condition) => {
            let mut condition = condition.clone();
            if let check::Test::Compare(comparison, check::Scalar::Day(day) | check::Scalar::DaysAgo(_, day)) =
                condition.test
            {
                condition.test = if condition.attribute.value_type() != ValueType::Time {
                    check::Test::Compare(comparison, check::Scalar::Day(day))
                } else if let Some((comparison, instant)) = at_midnight(comparison, day) {
                    check::Test::Compare(comparison, check::Scalar::Instant(instant))
                } else {
                    return nothing(condition.span);
                };
            }
            Filter::Condition(condition)
        }
    }
}

/// The number, if it is a whole one.
fn whole(scalar: &Scalar) -> Option<i64> {
    match scalar {
        Scalar::Number(number) => number.finite().filter(|number| number.is_integer())?.to_i64(),
        _ => None,
    }
}

/// The id, if a record can have it.
pub(super) fn id(scalar: &Scalar, kind: IdType) -> Option<i64> {
    whole(scalar).filter(|id| id.checked_abs().is_some_and(|id| id <= kind.max()))
}

/// The number in words of the language; it is the value with the number `place`.
fn number(number: &PgNumeric, place: usize) -> Result<BigDecimal, Unsayable> {
    let number = number.finite().ok_or(Unsayable::NotFinite(place))?.normalized();
    // Checked before it is written out: an exponent is a few characters that ask for many.
    let longest = LONGEST_PLAIN as u64;
    let long = number.digits() > longest || number.fractional_digit_count().unsigned_abs() > longest;
    if long || number.to_plain_string().len() > LONGEST_PLAIN { Err(Unsayable::Number) } else { Ok(number) }
}

fn boolean(scalar: &Scalar) -> Option<bool> {
    match scalar {
        Scalar::Boolean(value) => Some(*value),
        _ => None,
    }
}

/// The day, if it is within the years of the language.
pub(super) fn day(scalar: &Scalar) -> Option<Date> {
    let Scalar::Date(PgDate::Day(days)) = scalar else { return None };
    let (year, month, day) = civil_from_days(*days);
    let (year, month, day) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    YEARS.contains(&year).then(|| Date::new(year, month, day).ok())?
}

fn first_day() -> Date {
    Date::new(*YEARS.start(), 1, 1).unwrap_or(Date::MIN)
}

fn last_day() -> Date {
    Date::new(*YEARS.end(), 12, 31).unwrap_or(Date::MAX)
}
