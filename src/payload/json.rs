//! Payload → compact JSON, straight into one buffer.
//!
//! The bytes are those of the `Serialize` implementations (tested); most of a payload is text that never changes, which
//! this copies whole.

use super::{Condition, Payload, QueryOperator, Value};
use crate::schema::WireOperator;
use crate::source::has_control_or;

/// What a condition takes besides its values, at most.
const FRAME: usize = 120;
/// What a value takes that is no long text, and what surrounds a text, at most.
const VALUE: usize = 26;

impl Payload {
    /// The array as compact JSON. The same payload gives the same bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(self.size());
        self.write(&mut out);
        out
    }

    /// The body of the request: `{"payload":[…]}`.
    #[must_use]
    pub fn to_body(&self) -> String {
        let mut out = String::with_capacity(self.size() + 14);
        out.push_str(r#"{"payload":"#);
        self.write(&mut out);
        out.push('}');
        out
    }

    /// About how many bytes it takes: enough unless a key or a text is long or needs escapes.
    fn size(&self) -> usize {
        let values = |condition: &Condition| condition.values.len();
        2 + self.conditions.len() * FRAME + self.conditions.iter().map(values).sum::<usize>() * VALUE
    }

    fn write(&self, out: &mut String) {
        // Each push asks for room: what never changes is copied in as few pieces as can be.
        let mut start = r#"[{"attribute_key":""#;
        for condition in &self.conditions {
            out.push_str(start);
            condition.write(out);
            start = r#",{"attribute_key":""#;
        }
        out.push_str(if self.conditions.is_empty() { "[]" } else { "]" });
    }
}

impl Condition {
    /// Writes what stands behind the quotation mark of its key.
    fn write(&self, out: &mut String) {
        text(&self.attribute_key, out);
        operator(self.filter_operator, out);
        let mut rest = false;
        for value in &self.values {
            if rest {
                out.push(',');
            }
            value.write(out);
            rest = true;
        }
        match self.query_operator {
            Some(QueryOperator::And) => out.push_str(r#"],"query_operator":"AND"}"#),
            Some(QueryOperator::Or) => out.push_str(r#"],"query_operator":"OR"}"#),
            None => out.push_str(r#"],"query_operator":null}"#),
        }
    }
}

impl Value {
    fn write(&self, out: &mut String) {
        match self {
            Self::Text(value) => {
                out.push('"');
                text(value, out);
                out.push('"');
            }
            Self::Integer(number) => out.push_str(itoa::Buffer::new().format(*number)),
            Self::Decimal(number) => out.push_str(&serde_json::to_string(&number.0).unwrap_or_default()),
            Self::Boolean(true) => out.push_str("true"),
            Self::Boolean(false) => out.push_str("false"),
        }
    }
}

/// What stands between the quotation marks of a JSON string.
#[inline]
fn text(text: &str, out: &mut String) {
    if has_control_or(text, [b'"', b'\\']) {
        escaped(text, out);
    } else {
        out.push_str(text);
    }
}

#[cold]
fn escaped(text: &str, out: &mut String) {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    out.push_str(quoted.get(1..quoted.len() - 1).unwrap_or_default());
}

/// Writes what stands between a condition's key, its last quotation mark included, and its values. Each is copied where
/// its length is known.
fn operator(operator: WireOperator, out: &mut String) {
    match operator {
        WireOperator::EqualTo => out.push_str(r#"","filter_operator":"equal_to","values":["#),
        WireOperator::NotEqualTo => out.push_str(r#"","filter_operator":"not_equal_to","values":["#),
        WireOperator::Contains => out.push_str(r#"","filter_operator":"contains","values":["#),
        WireOperator::DoesNotContain => out.push_str(r#"","filter_operator":"does_not_contain","values":["#),
        WireOperator::IsPresent => out.push_str(r#"","filter_operator":"is_present","values":["#),
        WireOperator::IsNotPresent => out.push_str(r#"","filter_operator":"is_not_present","values":["#),
        WireOperator::IsGreaterThan => out.push_str(r#"","filter_operator":"is_greater_than","values":["#),
        WireOperator::IsLessThan => out.push_str(r#"","filter_operator":"is_less_than","values":["#),
        WireOperator::DaysBefore => out.push_str(r#"","filter_operator":"days_before","values":["#),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Decimal};
    use super::*;

    #[test]
    fn the_bytes_are_those_of_serde() {
        let texts = ["", "x", "a\"b", "\\", "\n\t\u{1}\u{7f}", "é漢😀\u{2028}", "https://a.example/?x=1&y=2"];
        let mut values: Vec<Value> = texts.iter().map(|text| Value::Text((*text).into())).collect();
        values.extend([0, -1, 17, i64::MAX, i64::MIN].map(Value::Integer));
        values.extend([0.5, -1e-7, 1e15, 123_456.789, 0.0].map(|number| Value::Decimal(Decimal::new(number).unwrap())));
        values.extend([true, false].map(Value::Boolean));
        let joins = [Some(QueryOperator::And), Some(QueryOperator::Or), None];
        let mut payload = Payload::default();
        for (i, &(_, filter_operator)) in WireOperator::NAMES.iter().enumerate() {
            assert_eq!(payload.to_json(), serde_json::to_string(&payload).unwrap());
            assert_eq!(payload.to_body(), serde_json::to_string(&Body { payload: &payload }).unwrap());
            payload.conditions.push(Condition {
                attribute_key: if i == 3 { "a \"key\"\u{0}".into() } else { "status".into() },
                filter_operator,
                values: values.iter().cycle().skip(i * 3).take(i * 4).cloned().collect(),
                query_operator: joins[i % 3],
            });
            if i == 8 {
                let all =
                    |condition: &mut Condition| values.iter().for_each(|value| condition.values.push(value.clone()));
                payload.conditions.iter_mut().for_each(all);
                assert_eq!(payload.to_json(), serde_json::to_string(&payload).unwrap());
            }
        }
    }
}
