//! `jsonb ->> key`: the text PostgreSQL makes of a stored JSON value.

use std::borrow::Cow;

use serde_json::Value;

/// The text of a stored value; `None` is SQL NULL, which a JSON null is as a missing key is.
pub(crate) fn jsonb_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        other => Some(Cow::Owned(render(other))),
    }
}

/// `jsonb` prints `, ` and `: ` between the parts, and sorts keys by length, then by bytes.
fn render(value: &Value) -> String {
    match value {
        Value::Number(number) => number_text(number),
        Value::Array(items) => format!("[{}]", items.iter().map(render).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(a, _), (b, _)| (a.len(), a.as_bytes()).cmp(&(b.len(), b.as_bytes())));
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), render(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// `jsonb` keeps numbers as `numeric`, so there is never an exponent, and `5.0` keeps its point.
fn number_text(number: &serde_json::Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => {
            // A `numeric` has no negative zero.
            let text = if float == 0.0 { "0".to_owned() } else { float.to_string() };
            if text.contains('.') || float.abs() >= 1e16 { text } else { format!("{text}.0") }
        }
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_read_as_postgresql_prints_them() {
        let text = |value| jsonb_text(&value).map(Cow::into_owned);
        assert_eq!(text(json!("a")), Some("a".to_owned()));
        assert_eq!(text(json!(null)), None);
        assert_eq!(text(json!(5)), Some("5".to_owned()));
        assert_eq!(text(json!(5.0)), Some("5.0".to_owned()));
        assert_eq!(text(json!(-0.0)), Some("0.0".to_owned()));
        assert_eq!(text(json!(1e30)), Some("1000000000000000000000000000000".to_owned()));
        assert_eq!(text(json!(["a", "b"])), Some("[\"a\", \"b\"]".to_owned()));
        assert_eq!(text(json!({"bb": 1, "a": [true]})), Some("{\"a\": [true], \"bb\": 1}".to_owned()));
    }
}
