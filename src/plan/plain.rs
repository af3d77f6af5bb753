//! Conditions that one literal says exactly, and queries of nothing else: most queries. They go to the server as they
//! stand, whatever their order.

use std::borrow::Cow;

use jiff::ToSpan;
use jiff::civil::Date;

use super::pushdown::{Reason, like, pattern, wire_values};
use crate::check::{Comparison, Condition, Filter, List, Scalar, Test, has_outer_blank};
use crate::payload::{self, Payload, QueryOperator, Value};
use crate::schema::{Attribute, Schema, StandardInfo, ValueType, WireOperator};

/// The payload of a simplified filter that is one chain of such conditions, all of them sent.
pub(super) fn payload(
    filter: &Filter,
    schema: &Schema,
    left: &dyn Fn(&Condition) -> Option<Reason>,
) -> Option<Payload> {
    let (parts, join) = match filter {
        Filter::All(parts) => (parts.as_slice(), QueryOperator::And),
        Filter::Any(parts) => (parts.as_slice(), QueryOperator::Or),
        _ => (std::slice::from_ref(filter), QueryOperator::And),
    };
    if parts.len() > schema.max_conditions {
        return None;
    }
    let mut conditions = Vec::with_capacity(parts.len());
    for part in parts {
        let Filter::Condition(condition) = part else { return None };
        if left(condition).is_some() {
            return None;
        }
        let (info, filter_operator) = sent(condition, schema)?;
        conditions.push(payload::Condition {
            attribute_key: Cow::Borrowed(info.key),
            filter_operator,
            values: values(&condition.test),
            query_operator: Some(join),
        });
    }
    if let Some(last) = conditions.last_mut() {
        last.query_operator = None;
    }
    Some(Payload { conditions })
}

/// The attribute and the operator by which one literal says exactly the condition.
fn sent(condition: &Condition, schema: &Schema) -> Option<(&'static StandardInfo, WireOperator)> {
    let Attribute::Standard(standard) = condition.attribute else { return None };
    let info = standard.info();
    if !info.exists_in(schema.version) {
        return None;
    }
    operator(info, &condition.test).map(|operator| (info, operator))
}

/// The operator by which one literal says exactly the test of a standard attribute, in a version that has it.
pub(super) fn operator(info: &StandardInfo, test: &Test) -> Option<WireOperator> {
    let has = |operator| info.wire.contains(operator).then_some(operator);
    let is_text = matches!(info.value_type, ValueType::Text(_) | ValueType::Labels);
    match test {
        // The server compares times with whole days only.
        Test::Compare(Comparison::Less, Scalar::DaysAgo(..)) if info.value_type == ValueType::Time => {
            Some(WireOperator::DaysBefore)
        }
        Test::Compare(comparison, Scalar::Day(day) | Scalar::DaysAgo(_, day)) if info.value_type == ValueType::Time => {
            Some(day_bound(*comparison, *day).0)
        }
        _ if info.value_type == ValueType::Time => None,
        Test::AnyOf(_) => Some(WireOperator::EqualTo),
        Test::NoneOf(_) => Some(WireOperator::NotEqualTo),
        Test::Contains(text) if is_text && !has_outer_blank(text) => has(WireOperator::Contains),
        Test::NotContains(text) if is_text && !has_outer_blank(text) => has(WireOperator::DoesNotContain),
        Test::Like(pattern) if is_text && like(pattern).1 => has(WireOperator::Contains),
        Test::NotLike(pattern) if is_text && like(pattern).1 => has(WireOperator::DoesNotContain),
        Test::Present if info.nullable => has(WireOperator::IsPresent),
        Test::Missing if info.nullable => has(WireOperator::IsNotPresent),
        _ => None,
    }
}

/// What such a literal compares with.
pub(super) fn values(test: &Test) -> List<Value> {
    match test {
        Test::AnyOf(values) | Test::NoneOf(values) => wire_values(values),
        Test::Contains(text) | Test::NotContains(text) => pattern(text).into(),
        Test::Like(pattern) | Test::NotLike(pattern) => like(pattern).0.into(),
        Test::Compare(Comparison::Less, Scalar::DaysAgo(days, _)) => Value::Integer(i64::from(*days)).into(),
        Test::Compare(comparison, Scalar::Day(day) | Scalar::DaysAgo(_, day)) => {
            date(day_bound(*comparison, *day).1).into()
        }
        _ => List::new(),
    }
}

/// A comparison with a day, as one of the two that the server has: both exclude the day.
pub(super) fn day_bound(comparison: Comparison, day: Date) -> (WireOperator, Date) {
    match comparison {
        Comparison::Less => (WireOperator::IsLessThan, day),
        Comparison::LessEqual => (WireOperator::IsLessThan, shifted(day, 1)),
        Comparison::Greater => (WireOperator::IsGreaterThan, day),
        Comparison::GreaterEqual => (WireOperator::IsGreaterThan, shifted(day, -1)),
    }
}

/// The day before or after; the checker admits no date at the end of the calendar.
pub(super) fn shifted(day: Date, days: i32) -> Date {
    day.checked_add(days.days()).unwrap_or(day)
}

pub(super) fn date(day: Date) -> Value {
    Value::Text(day.to_string().into())
}
