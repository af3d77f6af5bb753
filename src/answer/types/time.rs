//! Times as answers write them.

use jiff::Timestamp;
use serde_json::Value;

use super::Typed;
use crate::eval::{Epoch, epoch};

/// A time of an answer: epoch seconds, of which `updated_at` has a fraction, or a text like
/// `2026-06-24T13:01:38.000Z`, as real servers write `snoozed_until` although it is documented as a number.
///
/// It is written back as it came.
///
/// ```
/// use cwql::answer::Time;
///
/// assert_eq!(Time::from_second(1_781_481_600).timestamp().unwrap().to_string(), "2026-06-15T00:00:00Z");
/// assert!(Time::from_second(0).timestamp().is_none());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Time(Value);

impl Time {
    /// A time in whole epoch seconds.
    #[must_use]
    pub fn from_second(second: i64) -> Self {
        Self(Value::from(second))
    }

    /// The moment; `None` for 0, which servers write for what never was, and for what is no time.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        let Epoch { second, nanosecond } = epoch(&self.0)?;
        let moment = Timestamp::new(second, i32::try_from(nanosecond).ok()?).ok()?;
        (moment != Timestamp::UNIX_EPOCH).then_some(moment)
    }

    /// The moment in epoch seconds, without the fraction; as [`Time::timestamp`].
    #[must_use]
    pub fn as_second(&self) -> Option<i64> {
        self.timestamp().map(Timestamp::as_second)
    }
}

impl Typed for Time {
    fn read(value: &Value) -> Option<Self> {
        (value.is_number() || value.is_string()).then(|| Self(value.clone()))
    }

    fn write(&self) -> Value {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_time_is_read_in_each_way_that_it_is_written() {
        for (value, moment) in [
            (json!(1_781_481_600), Some("2026-06-15T00:00:00Z")),
            (json!(1_781_481_600.25), Some("2026-06-15T00:00:00.25Z")),
            (json!(-0.5), Some("1969-12-31T23:59:59.5Z")),
            (json!("1781481600"), Some("2026-06-15T00:00:00Z")),
            (json!(" 1781481600.5 "), Some("2026-06-15T00:00:00.5Z")),
            (json!("2026-06-24T13:01:38.000Z"), Some("2026-06-24T13:01:38Z")),
            (json!("2026-06-24T15:01:38.5+02:00"), Some("2026-06-24T13:01:38.5Z")),
            (json!(0), None),
            (json!(0.0), None),
            (json!("0"), None),
            (json!(""), None),
            (json!("soon"), None),
            (json!(1e300), None),
            (json!(u64::MAX), None),
            (json!(i64::MIN), None),
        ] {
            let time = Time::read(&value).unwrap();
            assert_eq!(time.timestamp(), moment.map(|moment| moment.parse().unwrap()), "{value}");
            assert_eq!(time.write(), value);
        }
        assert_eq!(Time::read(&json!(null)), None);
    }
}
