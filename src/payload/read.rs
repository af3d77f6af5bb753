//! JSON → payload, as it was written here.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::{Decimal, Value};
use crate::check::List;
use crate::schema::WireOperator;

pub(super) fn operator<'de, D: Deserializer<'de>>(deserializer: D) -> Result<WireOperator, D::Error> {
    let name = String::deserialize(deserializer)?;
    WireOperator::from_name(&name).ok_or_else(|| D::Error::custom(format!("`{name}` is no operator of the API")))
}

pub(super) fn values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<List<Value>, D::Error> {
    Vec::deserialize(deserializer).map(List::from)
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number, true or false")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.into()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Integer(number))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
                i64::try_from(number).map(Value::Integer).map_err(|_| E::custom(format!("{number} is too large")))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
                Decimal::new(number).map(Value::Decimal).ok_or_else(|| E::custom("the number is not finite"))
            }

            fn visit_bool<E: Error>(self, boolean: bool) -> Result<Value, E> {
                Ok(Value::Boolean(boolean))
            }
        }
        deserializer.deserialize_any(Read)
    }
}
