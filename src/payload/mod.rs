//! The documented wire array of `POST …/conversations/filter`.

mod decompile;
mod json;
mod read;

use std::borrow::Cow;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use smol_str::SmolStr;

use crate::check::List;
use crate::schema::{Standard, WireOperator};

pub use decompile::{Decompiled, decompile};

/// A flat array of conditions, as the API documents it. AND binds before OR, and there is no grouping.
///
/// Serialised, it is the array; the request's body is [`Payload::to_body`]. Deserialised, it is read as it was written here;
/// what other programs wrote, the dashboard's saved views among it, [`decompile`] reads.
///
/// ```
/// let payload = cwql::compile("status = pending AND browser_language != en", &cwql::Schema::default())?;
/// assert_eq!(
///     payload.to_json(),
///     r#"[{"attribute_key":"status","filter_operator":"equal_to","values":["pending"],"query_operator":"AND"},"#.to_owned()
///         + r#"{"attribute_key":"browser_language","filter_operator":"not_equal_to","values":["en"],"query_operator":null}]"#
/// );
/// assert_eq!(serde_json::from_str::<cwql::Payload>(&payload.to_json()).unwrap(), payload);
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Payload {
    /// The conditions. An empty array matches every conversation.
    pub conditions: Vec<Condition>,
}

/// One condition on the wire; its members are serialised in the documented order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Condition {
    /// The server's key of the attribute.
    pub attribute_key: Cow<'static, str>,
    /// The operator.
    #[serde(deserialize_with = "read::operator")]
    pub filter_operator: WireOperator,
    /// What is compared with; empty for presence.
    #[serde(deserialize_with = "read::values")]
    pub values: List<Value>,
    /// What joins this condition with the next one; `None` on the last.
    pub query_operator: Option<QueryOperator>,
}

/// A value on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A string.
    Text(SmolStr),
    /// An id or another whole number.
    Integer(i64),
    /// A number with a fraction, of at most 15 significant digits, so that it is the same for every reader.
    Decimal(Decimal),
    /// True or false.
    Boolean(bool),
}

/// What joins two conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueryOperator {
    /// `"AND"`
    #[serde(rename = "AND")]
    And,
    /// `"OR"`
    #[serde(rename = "OR")]
    Or,
}

/// A finite number with a fraction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decimal(f64);

// Finite numbers are equal to themselves, and `new` admits no others.
impl Eq for Decimal {}

impl std::hash::Hash for Decimal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl Decimal {
    /// A number; `None` if it is not finite.
    #[must_use]
    pub fn new(number: f64) -> Option<Self> {
        number.is_finite().then_some(Self(if number == 0.0 { 0.0 } else { number }))
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Condition", 4)?;
        members.serialize_field("attribute_key", &self.attribute_key)?;
        members.serialize_field("filter_operator", self.filter_operator.as_str())?;
        members.serialize_field("values", self.values.as_slice())?;
        members.serialize_field("query_operator", &self.query_operator)?;
        members.end()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Decimal(number) => serializer.serialize_f64(number.0),
            Self::Boolean(boolean) => serializer.serialize_bool(*boolean),
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    payload: &'a Payload,
}

impl Payload {
    /// What no conversation matches: display ids begin at 1.
    pub(crate) fn of_nothing() -> Self {
        let condition = Condition {
            attribute_key: Standard::DisplayId.info().key.into(),
            filter_operator: WireOperator::EqualTo,
            values: Value::Integer(0).into(),
            query_operator: None,
        };
        Self { conditions: vec![condition] }
    }

    /// The body of the request over several lines, for reading.
    #[must_use]
    pub fn to_pretty_body(&self) -> String {
        serde_json::to_string_pretty(&Body { payload: self }).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_in_the_documented_order() {
        let condition = Condition {
            attribute_key: "order_count".into(),
            filter_operator: WireOperator::EqualTo,
            values: vec![
                Value::Integer(5),
                Value::Decimal(Decimal::new(0.5).unwrap()),
                Value::Text("x".into()),
                Value::Boolean(true),
            ]
            .into(),
            query_operator: None,
        };
        let payload = Payload { conditions: vec![condition] };
        assert_eq!(serde_json::from_str::<Payload>(&payload.to_json()).unwrap(), payload);
        assert_eq!(
            payload.to_body(),
            r#"{"payload":[{"attribute_key":"order_count","filter_operator":"equal_to","values":[5,0.5,"x",true],"query_operator":null}]}"#
        );
    }

    #[test]
    fn what_is_no_payload_is_refused_with_a_reason() {
        let with = |operator: &str, value: &str| {
            let json = format!(
                r#"[{{"attribute_key":"id","filter_operator":"{operator}","values":[{value}],"query_operator":null}}]"#
            );
            serde_json::from_str::<Payload>(&json).map_err(|error| error.to_string())
        };
        assert!(with("equal_to", "7").is_ok());
        assert!(with("equals", "7").unwrap_err().contains("`equals` is no operator"));
        assert!(with("equal_to", "9223372036854775808").unwrap_err().contains("too large"));
        assert!(with("equal_to", "{}").unwrap_err().contains("expected a text, a number, true or false"));
    }
}
