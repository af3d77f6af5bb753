//! What the server can do with a condition on a custom attribute.

use std::borrow::Cow;

use bigdecimal::BigDecimal;
use smol_str::SmolStr;

use super::pushdown::{
    Forms, Literal, Nature, Reason, Wire, day_ranges, exact, like, local, number, pattern, range_literals, wire_values,
};
use crate::check::{Comparison, List, Scalar, Test, Values, has_outer_blank};
use crate::payload::Value;
use crate::schema::{Custom, CustomKind, Hindrance, Schema, WireOperator};

/// Up to so many texts, each is looked for among those before it.
const FEW: usize = 64;

/// The forms in which a condition on a custom attribute can be sent.
pub(super) fn forms(custom: &Custom, test: &Test, schema: &Schema) -> Forms {
    let sent = Sent { key: &custom.key };
    match custom.kind.hindrance(&custom.key, schema.version) {
        None => sent.forms(custom.kind, test),
        Some(Hindrance::Shadowed) => local(Reason::Shadowed),
        Some(Hindrance::NoCast) => local(Reason::NoCast),
        Some(Hindrance::OwnRules) => match (sent.forms(custom.kind, test), test) {
            (forms, _) if !compares(&forms.0) => forms,
            (_, Test::NoneOf(_)) => local(Reason::OwnRules),
            _ => (Wire::One(sent.present()), Some(Reason::OwnRules)),
        },
    }
}

/// Whether values are compared with what is stored as a whole.
fn compares(wire: &Wire) -> bool {
    let equality = |literal: &Literal| matches!(literal.operator, WireOperator::EqualTo | WireOperator::NotEqualTo);
    match wire {
        Wire::One(literal) => equality(literal),
        Wire::Any(ways) => ways.iter().flatten().any(equality),
    }
}

/// Makes the literals of one custom attribute.
struct Sent<'k> {
    key: &'k str,
}

impl Sent<'_> {
    fn forms(&self, kind: CustomKind, test: &Test) -> Forms {
        match (kind, test) {
            (_, Test::Present) => exact(self.present()),
            (_, Test::Missing) => exact(self.missing()),
            (CustomKind::Text | CustomKind::Link | CustomKind::List, _) => self.text_forms(test),
            (CustomKind::Number | CustomKind::Currency | CustomKind::Percent, _) => self.number_forms(test),
            (CustomKind::Date, _) => self.date_forms(test),
            (CustomKind::Checkbox, _) => self.checkbox_forms(test),
        }
    }

    fn literal(&self, operator: WireOperator, values: List<Value>) -> Literal {
        Literal { key: Cow::Owned(self.key.to_owned()), operator, values, nature: Nature::Custom }
    }

    /// `not_equal_to`, and what says the same elsewhere than at the end.
    fn unequal(&self, values: List<Value>, alternatives: Vec<Vec<Literal>>) -> Literal {
        Literal { nature: Nature::CustomUnequal(alternatives), ..self.literal(WireOperator::NotEqualTo, values) }
    }

    fn equal(&self, value: Value) -> Literal {
        self.literal(WireOperator::EqualTo, value.into())
    }

    fn present(&self) -> Literal {
        self.literal(WireOperator::IsPresent, List::new())
    }

    fn missing(&self) -> Literal {
        self.literal(WireOperator::IsNotPresent, List::new())
    }

    fn contains(&self, text: &SmolStr) -> Literal {
        self.literal(WireOperator::Contains, pattern(text).into())
    }

    /// An alternative for each value.
    fn each(&self, values: &Values) -> Forms {
        (Wire::Any(wire_values(values).into_iter().map(|value| vec![self.equal(value)]).collect()), None)
    }

    fn text_forms(&self, test: &Test) -> Forms {
        match test {
            Test::AnyOf(values) => self.each(values),
            Test::NoneOf(values) => (Wire::Any(vec![self.no_text(values)]), None),
            Test::Contains(text) => {
                (Wire::One(self.contains(text)), has_outer_blank(text).then_some(Reason::OuterBlanks))
            }
            Test::NotContains(text) if has_outer_blank(text) => (Wire::One(self.present()), Some(Reason::OuterBlanks)),
            Test::NotContains(text) => exact(self.literal(WireOperator::DoesNotContain, pattern(text).into())),
            Test::Like(pattern) => {
                let (value, exact) = like(pattern);
                let reason = (!exact).then_some(Reason::NoOperator);
                (Wire::One(self.literal(WireOperator::Contains, value.into())), reason)
            }
            Test::NotLike(pattern) => match like(pattern) {
                (value, true) => exact(self.literal(WireOperator::DoesNotContain, value.into())),
                _ => (Wire::One(self.present()), Some(Reason::NoOperator)),
            },
            Test::StartsWith(text) => (Wire::One(self.contains(text)), Some(Reason::NoOperator)),
            Test::NotStartsWith(_) => (Wire::One(self.present()), Some(Reason::NoOperator)),
            _ => local(Reason::NoOperator),
        }
    }

    /// None of these texts.
    fn no_text(&self, values: &Values) -> Vec<Literal> {
        let mut all: Vec<Literal> = Vec::with_capacity(values.len());
        for value in wire_values(values) {
            // Not empty is to have a character, or no text at all.
            let alternatives = match &value {
                Value::Text(text) if text.is_empty() => {
                    let character = Value::Text(SmolStr::new_static("_"));
                    vec![vec![self.literal(WireOperator::Contains, character.into())], vec![self.missing()]]
                }
                _ => Vec::new(),
            };
            let one = self.unequal(value.into(), alternatives);
            if values.len() > FEW || !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }

    fn number_forms(&self, test: &Test) -> Forms {
        let is_text = |value: &Value| matches!(value, Value::Text(_));
        match test {
            Test::AnyOf(values) => {
                let sent = wire_values(values);
                // Of an array that begins with a text the first value alone counts.
                if sent.iter().any(is_text) {
                    return self.each(values);
                }
                exact(self.literal(WireOperator::EqualTo, sent))
            }
            Test::NoneOf(values @ Values::Numbers(numbers)) => {
                let alternatives = self.around(numbers);
                let sent = wire_values(values);
                if sent.len() > 1 && sent.iter().any(is_text) {
                    return (Wire::Any(alternatives), None);
                }
                exact(self.unequal(sent, alternatives))
            }
            Test::Compare(comparison, Scalar::Number(bound)) => {
                let strict = |operator| vec![self.literal(operator, number(bound).into())];
                let equal = || vec![self.equal(number(bound))];
                let forms = match comparison {
                    Comparison::Less => vec![strict(WireOperator::IsLessThan)],
                    Comparison::LessEqual => vec![strict(WireOperator::IsLessThan), equal()],
                    Comparison::Greater => vec![strict(WireOperator::IsGreaterThan)],
                    Comparison::GreaterEqual => vec![strict(WireOperator::IsGreaterThan), equal()],
                };
                (Wire::Any(forms), None)
            }
            _ => local(Reason::NoOperator),
        }
    }

    /// None of these numbers: between them, or missing.
    fn around(&self, numbers: &[BigDecimal]) -> Vec<Vec<Literal>> {
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let mut alternatives = Vec::with_capacity(sorted.len() + 2);
        let mut lower: Option<&BigDecimal> = None;
        for upper in sorted.iter().map(Some).chain([None]) {
            let above = lower.map(|bound| self.literal(WireOperator::IsGreaterThan, number(bound).into()));
            let below = upper.map(|bound| self.literal(WireOperator::IsLessThan, number(bound).into()));
            alternatives.push(above.into_iter().chain(below).collect());
            lower = upper;
        }
        alternatives.push(vec![self.missing()]);
        alternatives
    }

    fn date_forms(&self, test: &Test) -> Forms {
        match test {
            Test::AnyOf(values) => return self.each(values),
            Test::Compare(Comparison::Less, Scalar::DaysAgo(days, _)) => {
                return exact(self.literal(WireOperator::DaysBefore, Value::Integer(i64::from(*days)).into()));
            }
            _ => {}
        }
        let Some((ranges, _)) = day_ranges(test) else { return local(Reason::NoOperator) };
        let forms = range_literals(ranges, &|operator, value| self.literal(operator, value.into()));
        let Test::NoneOf(values) = test else { return (Wire::Any(forms), None) };
        let alternatives = forms.into_iter().chain([vec![self.missing()]]).collect();
        if values.len() == 1 {
            exact(self.unequal(wire_values(values), alternatives))
        } else {
            (Wire::Any(alternatives), None)
        }
    }

    fn checkbox_forms(&self, test: &Test) -> Forms {
        let (Test::AnyOf(Values::Booleans(booleans)) | Test::NoneOf(Values::Booleans(booleans))) = test else {
            return local(Reason::NoOperator);
        };
        let only = booleans.first().copied().filter(|first| booleans.iter().all(|other| other == first));
        match (test, only) {
            (Test::AnyOf(_), Some(only)) => exact(self.equal(Value::Boolean(only))),
            (Test::AnyOf(_), None) => exact(self.present()),
            (_, Some(only)) => {
                let other = self.equal(Value::Boolean(!only));
                exact(self.unequal(Value::Boolean(only).into(), vec![vec![other], vec![self.missing()]]))
            }
            (_, None) => exact(self.missing()),
        }
    }
}
