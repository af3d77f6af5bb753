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

/// A time in whole epoch seconds: a number, or RFC 3339.
pub(crate) fn epoch_second(value: &Value) -> Option<i64> {
    match number(value) {
        Some(Number::Whole(second)) => Some(second),
        Some(Number::Float(second)) => Some(second.floor() as i64),
        None => Some(value.as_str()?.trim().parse::<Timestamp>().ok()?.as_millisecond().div_euclid(1000)),
    }
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
    fn times_may_be_written_out() {
        for text in ["1970-01-01T00:01:00Z", "1970-01-01T01:01:00.5+01:00"] {
            assert_eq!(epoch_second(&json!(text)), Some(60), "{text}");
        }
    }
}
