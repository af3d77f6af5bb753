//! Members of JSON objects on the command line: `key=value`, and `key:=json` for what is no text.

use std::collections::BTreeMap;

use bigdecimal::BigDecimal;
use serde_json::value::RawValue;
use serde_json::{Number, Value};

use super::Failure;
use super::context::Context;
use super::names::{perhaps, quoted};
use crate::answer::Object;
use crate::nearest;
use crate::schema::{Account, CustomDefinition, CustomKind};
use crate::syntax::spelling::truth;

/// A member as it was written.
enum Given<'a> {
    Text(&'a str),
    Json(Value),
}

/// Splits at the first `=`; a colon before it makes JSON of the rest.
fn split<'a>(option: &str, text: &'a str) -> Result<(&'a str, Given<'a>), Failure> {
    let wrong = |problem: &str| Failure::Usage(format!("{option} {text}: {problem}"));
    let (key, value) = text
        .split_once('=')
        .ok_or_else(|| wrong("KEY=VALUE is expected\n  KEY:=JSON is for numbers, lists and objects"))?;
    let (key, given) = match key.strip_suffix(':') {
        Some(key) => {
            let json = serde_json::from_str(value).map_err(|error| {
                wrong(&format!("what follows := is not JSON: {error}\n  a text is given with = alone"))
            })?;
            unrounded(value).map_err(|problem| wrong(&problem))?;
            (key, Given::Json(json))
        }
        None => (key, Given::Text(value)),
    };
    let key = key.trim();
    if key.is_empty() { Err(wrong("the key is missing")) } else { Ok((key, given)) }
}

fn insert(object: &mut Object, option: &str, key: &str, value: Value) -> Result<(), Failure> {
    match object.insert(key.to_owned(), value) {
        Some(_) => Err(Failure::Usage(format!("{option} {key} is given twice"))),
        None => Ok(()),
    }
}

/// An object of texts and JSON values.
pub(super) fn object(option: &str, members: &[String]) -> Result<Object, Failure> {
    let mut object = Object::new();
    for member in members {
        let (key, given) = split(option, member)?;
        let value = match given {
            Given::Text(text) => Value::from(text),
            Given::Json(value) => value,
        };
        insert(&mut object, option, key, value)?;
    }
    Ok(object)
}

/// What is put in the places of a template.
pub(super) fn template(members: &[String]) -> Result<Object, Failure> {
    object("--template-param", members)
}

/// Custom attributes, each of its type as far as the account defines it.
pub(super) fn custom(members: &[String], account: &Account, context: &Context) -> Result<Object, Failure> {
    let mut object = Object::new();
    for member in members {
        let (key, given) = split("--custom", member)?;
        let value = match (given, account.custom(key)) {
            (Given::Json(value), _) => value,
            (Given::Text(text), Some(definition)) => {
                typed(definition, text).map_err(|problem| Failure::Usage(format!("--custom {member}: {problem}")))?
            }
            (Given::Text(text), None) => {
                let value = Value::from(text);
                unknown(key, &value, account)?;
                context.note(&format!("{}: it is sent as a text", undefined(key, account)));
                value
            }
        };
        insert(&mut object, "--custom", key, value)?;
    }
    Ok(object)
}

/// Holds custom attributes that are given as JSON against the account's definitions.
pub(super) fn held(custom: &Object, account: &Account, context: &Context) -> Result<(), Failure> {
    for (key, value) in custom {
        let Some(definition) = account.custom(key) else {
            unknown(key, value, account)?;
            context.note(&format!("{}: it is sent as it is", undefined(key, account)));
            continue;
        };
        fits(definition, value).map_err(|problem| {
            Failure::Usage(format!("custom_attributes: {problem}; --custom {key}:={value} sets it all the same"))
        })?;
    }
    Ok(())
}

/// What is said of an attribute that the account does not define, as far as it tells its definitions.
fn undefined(key: &str, account: &Account) -> String {
    match account.custom {
        Some(_) => format!("there is no custom attribute `{key}`"),
        None => format!("the type of the custom attribute `{key}` is not known"),
    }
}

/// Whether a value is of its attribute's type. Null takes one away, whatever it is.
fn fits(definition: &CustomDefinition, value: &Value) -> Result<(), String> {
    let wanted = match value {
        Value::Null => return Ok(()),
        Value::String(text) => typed(definition, text)?,
        other => typed(definition, &other.to_string())?,
    };
    if wanted == *value {
        return Ok(());
    }
    Err(format!("{} is a {}\n  {wanted} is expected, not {value}", definition.key, definition.kind.name()))
}

/// Refuses a name that is most likely mistyped.
fn unknown(key: &str, value: &Value, account: &Account) -> Result<(), Failure> {
    let near = nearest(key, account.definitions().iter().map(|definition| definition.key.as_str()));
    if near.is_empty() {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "there is no custom attribute `{key}`\n  perhaps {}; --custom {key}:={value} sets it all the same",
        quoted(&near)
    )))
}

/// A number that is sent as it is written: one with more digits than the sender's numbers have would be rounded.
fn exact(text: &str) -> Option<Number> {
    let number = text.parse::<Number>().ok()?;
    let [sent, written] = [&number.to_string(), text].map(|text| text.parse::<BigDecimal>().ok());
    (sent.is_some() && sent == written).then_some(number)
}

/// Refuses a JSON text, known to be one, with a number that would be rounded before it is sent.
pub(super) fn unrounded(json: &str) -> Result<(), String> {
    let rounded = serde_json::from_str::<&RawValue>(json).ok().and_then(rounded);
    rounded.map_or(Ok(()), |number| Err(format!("{}\n  as a text it keeps them: \"{number}\"", too_long(number))))
}

fn too_long(number: &str) -> String {
    format!("{number} has more digits than a number is sent with")
}

/// The first number of a JSON value that would be rounded. Who calls has read the value, which is no deeper than
/// `serde_json` reads.
fn rounded(value: &RawValue) -> Option<&str> {
    let text = value.get();
    match text.as_bytes().first()? {
        b'{' => serde_json::from_str::<BTreeMap<String, &RawValue>>(text).ok()?.into_values().find_map(rounded),
        b'[' => serde_json::from_str::<Vec<&RawValue>>(text).ok()?.into_iter().find_map(rounded),
        b'-' | b'0'..=b'9' if exact(text).is_none() => Some(text),
        _ => None,
    }
}

/// A text as the type of its attribute wants it; the error says what is expected.
fn typed(definition: &CustomDefinition, text: &str) -> Result<Value, String> {
    let wrong = |wanted: &str| Err(format!("{} is a {}\n  {wanted}", definition.key, definition.kind.name()));
    match definition.kind {
        CustomKind::Text | CustomKind::Link => Ok(Value::from(text)),
        CustomKind::Number | CustomKind::Currency | CustomKind::Percent => match exact(text.trim()) {
            Some(number) => Ok(Value::Number(number)),
            None if text.trim().parse::<Number>().is_ok() => wrong(&too_long(text.trim())),
            None => wrong("a number like 3 or 12.5 is expected"),
        },
        CustomKind::Date => match text.trim().parse::<jiff::civil::Date>() {
            Ok(date) if text.trim().len() == 10 => Ok(Value::from(date.to_string())),
            _ => wrong("a date like 2026-06-15 is expected"),
        },
        CustomKind::Checkbox => match truth(text.trim()) {
            Some(holds) => Ok(Value::Bool(holds)),
            None => wrong("true or false is expected"),
        },
        CustomKind::List if definition.values.is_empty() || definition.values.iter().any(|value| value == text) => {
            Ok(Value::from(text))
        }
        CustomKind::List => {
            let values: Vec<&str> = definition.values.iter().map(String::as_str).collect();
            wrong(&perhaps(text, "values", &values))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn definition(kind: CustomKind) -> CustomDefinition {
        CustomDefinition { key: "k".to_owned(), kind, values: vec!["Free".to_owned(), "Pro".to_owned()] }
    }

    #[test]
    fn a_value_has_the_type_of_its_definition() {
        for (kind, text, value) in [
            (CustomKind::Text, "3", json!("3")),
            (CustomKind::Number, "3", json!(3)),
            (CustomKind::Percent, "12.5", json!(12.5)),
            (CustomKind::Number, "-12.50", json!(-12.5)),
            (CustomKind::Number, "1e3", json!(1000.0)),
            (CustomKind::Number, "9007199254740993", json!(9_007_199_254_740_993i64)),
            (CustomKind::Date, "2026-06-15", json!("2026-06-15")),
            (CustomKind::Checkbox, "Yes", json!(true)),
            (CustomKind::List, "Pro", json!("Pro")),
        ] {
            assert_eq!(typed(&definition(kind), text), Ok(value), "{text}");
        }
        for (kind, text, part) in [
            (CustomKind::Number, "three", "k is a number"),
            (CustomKind::Number, "NaN", "a number like"),
            (CustomKind::Number, "123456789012345678901", "has more digits than"),
            (CustomKind::Currency, "0.12345678901234567890123", "has more digits than"),
            (CustomKind::Date, "15.6.2026", "a date like"),
            (CustomKind::Date, "2026-02-30", "a date like"),
            (CustomKind::Checkbox, "maybe", "true or false"),
            (CustomKind::List, "pro", "perhaps `Pro`"),
            (CustomKind::List, "zzzz", "the values are Free, Pro"),
        ] {
            let problem = typed(&definition(kind), text).unwrap_err();
            assert!(problem.contains(part), "{text}: {problem}");
        }
    }

    #[test]
    fn a_number_that_would_be_rounded_is_found_wherever_it_stands() {
        for json in ["1", "-0.5", "[1.50, 1e3]", r#"{"a": {"b": [9007199254740993, "1.00000000000000000001"]}}"#] {
            assert_eq!(unrounded(json), Ok(()), "{json}");
        }
        for json in ["N", "[1, N]", r#"{"a": {"\u0062": [true, {"c": N}]}}"#, r#"{"b": null, "a": N}"#] {
            for number in ["1.00000000000000000001", "-123456789012345678901", "1e400"] {
                let json = json.replace('N', number);
                assert!(unrounded(&json).is_err_and(|problem| problem.starts_with(number)), "{json}");
            }
        }
    }

    #[test]
    fn a_colon_makes_json() {
        let members = ["a=1", "b:=1", "c:=[true]", "d=x=y", "e="].map(str::to_owned);
        let expected = json!({"a": "1", "b": 1, "c": [true], "d": "x=y", "e": ""});
        assert_eq!(Value::Object(object("--additional", &members).unwrap()), expected);
        for wrong in [&["a"] as &[&str], &["=1"], &["a:=x"], &["a=1", "a=2"], &["a:=12345678901234567890123"]] {
            let members: Vec<String> = wrong.iter().map(|&member| member.to_owned()).collect();
            assert!(object("--additional", &members).is_err(), "{wrong:?}");
        }
    }
}
