//! Numbers and times as answers write them: some versions and proxies write numbers as texts, or with a fraction.

use jiff::Timestamp;
use serde_json::Value;

/// Below this each whole number has a float of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

enum Number {
    Whole(i64),
    Float(f64),
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => number.as_i64().map(Number::Whole).or_else(|| number.as_f64().map(Number::Float)),
        Value::String(text) => {
            let text = text.trim();
            // Rust reads `inf` and `nan`, too.
            let plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+'));
            match text.parse() {
                Ok(whole) => Some(Number::Whole(whole)),
                Err(_) if plain => text.parse().ok().map(Number::Float),
                Err(_) => None,
            }
        }
        _ => None,
    }
}

/// A whole number; its fraction, if it has one, is zero.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    match number(value)? {
        Number::Whole(number) => Some(number),
        Number::Float(number) => (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64),
    }
}

/// A time since 1970: whole seconds, and what is beyond them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Epoch {
    pub(crate) second: i64,
    /// From 0 to 999,999,999.
    pub(crate) nanosecond: u32,
}

/// A time: epoch seconds, perhaps with a fraction, or RFC 3339.
pub(crate) fn epoch(value: &Value) -> Option<Epoch> {
    match number(value) {
        Some(Number::Whole(second)) => Some(Epoch { second, nanosecond: 0 }),
        Some(Number::Float(float)) => {
            let second = float.floor();
            // A double of this size has about six digits behind the point: the rest is rounding.
            let microseconds = ((float - second) * 1e6).round().clamp(0.0, 999_999.0);
            Some(Epoch { second: second as i64, nanosecond: microseconds as u32 * 1000 })
        }
        None => {
            let time = value.as_str()?.trim().parse::<Timestamp>().ok()?.as_nanosecond();
            let second = i64::try_from(time.div_euclid(1_000_000_000)).ok()?;
            Some(Epoch { second, nanosecond: u32::try_from(time.rem_euclid(1_000_000_000)).ok()? })
        }
    }
}

/// A time in whole epoch seconds.
pub(crate) fn epoch_second(value: &Value) -> Option<i64> {
    epoch(value).map(|epoch| epoch.second)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_may_be_texts_or_have_a_fraction() {
        for value in [json!(31), json!(31.0), json!("31"), json!(" 31 "), json!("31.0"), json!("+31")] {
            assert_eq!((whole(&value), epoch_second(&value)), (Some(31), Some(31)), "{value}");
        }
        for value in [json!(31.5), json!("31.5")] {
            assert_eq!((whole(&value), epoch_second(&value)), (None, Some(31)), "{value}");
        }
        assert_eq!(epoch_second(&json!("-0.5")), Some(-1));
        assert_eq!(whole(&json!(EXACT)), None);
    }

    #[test]
    fn what_is_no_number() {
        for value in
            [json!(null), json!(true), json!(""), json!("x"), json!("inf"), json!("NaN"), json!("1-2"), json!([1])]
        {
            assert_eq!((whole(&value), epoch_second(&value)), (None, None), "{value}");
        }
    }

    #[test]
    fn fractions_of_a_second_are_kept() {
        for (value, second, nanosecond) in [
            (json!(1_780_000_000.9), 1_780_000_000, 900_000_000),
            (json!(1_780_000_000.123_456), 1_780_000_000, 123_456_000),
            (json!("31.25"), 31, 250_000_000),
            (json!(-0.5), -1, 500_000_000),
            (json!("1970-01-01T00:00:01.000000001Z"), 1, 1),
            (json!("1969-12-31T23:59:59.5Z"), -1, 500_000_000),
        ] {
            assert_eq!(epoch(&value), Some(Epoch { second, nanosecond }), "{value}");
        }
    }

    #[test]
    fn times_may_be_written_out() {
        for text in ["1970-01-01T00:01:00Z", "1970-01-01T01:01:00.5+01:00"] {
            assert_eq!(epoch_second(&json!(text)), Some(60), "{text}");
        }
    }
}
