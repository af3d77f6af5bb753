//! Times as answers write them.

use jiff::Timestamp;
use serde_json::{Number, Value};

use super::Typed;

/// A time of an answer: epoch seconds, of which `updated_at` has a fraction, or a text like
/// `2026-06-24T13:01:38.000Z`, as real servers write `snoozed_until` although it is documented as a number.
///
/// It is written back as it came.
///
/// ```
/// use cwql::client::Time;
///
/// assert_eq!(Time::from_second(1_781_481_600).timestamp().unwrap().to_string(), "2026-06-15T00:00:00Z");
/// assert!(Time::from_second(0).timestamp().is_none());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Time(Written);

#[derive(Clone, Debug, PartialEq)]
enum Written {
    Number(Number),
    Text(String),
}

impl Time {
    /// A time in whole epoch seconds.
    #[must_use]
    pub fn from_second(second: i64) -> Self {
        Self(Written::Number(Number::from(second)))
    }

    /// The moment; `None` for 0, which servers write for what never was, and for what is no time.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        let moment = match &self.0 {
            Written::Number(number) => of_number(number),
            Written::Text(text) => {
                let text = text.trim();
                text.parse().ok().or_else(|| of_number(&text.parse().ok()?))
            }
        };
        moment.filter(|moment| *moment != Timestamp::UNIX_EPOCH)
    }

    /// The moment in epoch seconds, without the fraction; as [`Time::timestamp`].
    #[must_use]
    pub fn as_second(&self) -> Option<i64> {
        self.timestamp().map(Timestamp::as_second)
    }
}

fn of_number(number: &Number) -> Option<Timestamp> {
    match number.as_i64() {
        Some(second) => Timestamp::from_second(second).ok(),
        // A float of today's seconds is exact to less than a microsecond; one that is no time saturates.
        None => Timestamp::from_microsecond((number.as_f64()? * 1e6).round() as i64).ok(),
    }
}

impl Typed for Time {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Some(Self(Written::Number(number.clone()))),
            Value::String(text) => Some(Self(Written::Text(text.clone()))),
            _ => None,
        }
    }

    fn write(&self) -> Value {
        match &self.0 {
            Written::Number(number) => Value::Number(number.clone()),
            Written::Text(text) => Value::String(text.clone()),
        }
    }
}
