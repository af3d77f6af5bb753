//! What Rails makes of a request before the service sees it, and the
//! conversions of Ruby that the service then uses.

use std::marker::PhantomData;

use foldhash::{HashMap, HashMapExt};
use serde::Deserialize;
#[cfg(any(feature = "sandbox", test))]
use serde::de::IgnoredAny;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::eval::boolean::is_c_space;
use crate::eval::text::ruby_blank;

/// A JSON value as Ruby holds it: whole numbers of any length, objects in written order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Int(i64),
    /// The digits of a whole number beyond 64 bits.
    BigInt(String),
    Float(f64),
    Str(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// The method that Ruby does not find on a value: a 500.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoMethod(pub(crate) &'static str);

impl Json {
    /// Parses a body; `None` is Rails' 400.
    #[cfg(any(feature = "sandbox", test))]
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        /// So deep does Ruby's parser go.
        const MAX_DEPTH: usize = 100;
        // The first pass refuses bad syntax, and goes to any depth, as the second does not.
        serde_json::from_slice::<IgnoredAny>(body).ok()?;
        let text = std::str::from_utf8(body).ok()?;
        (depth(text) <= MAX_DEPTH).then(|| Self::from_raw(text)).flatten()
    }

    /// `serde_json::Value` would round long whole numbers and sort keys, so each level is read by itself.
    pub(crate) fn from_raw(text: &str) -> Option<Self> {
        let text = text.trim();
        Some(match text.chars().next()? {
            'n' => Self::Null,
            't' => Self::Bool(true),
            'f' => Self::Bool(false),
            '"' => Self::Str(serde_json::from_str(text).ok()?),
            '[' => {
                let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                Self::Array(items.into_iter().map(|item| Self::from_raw(item.get())).collect::<Option<_>>()?)
            }
            '{' => {
                let members: Members<&RawValue> = serde_json::from_str(text).ok()?;
                let mut object: Vec<(String, Self)> = Vec::with_capacity(members.0.len());
                let mut places: HashMap<&str, usize> = HashMap::with_capacity(members.0.len());
                for (key, value) in &members.0 {
                    let value = Self::from_raw(value.get())?;
                    // A repeated key keeps its first place and its last value.
                    let place = *places.entry(key).or_insert(object.len());
                    match object.get_mut(place) {
                        Some((_, known)) => *known = value,
                        None => object.push((key.clone(), value)),
                    }
                }
                Self::Object(object)
            }
            _ if text.contains(['.', 'e', 'E']) => Self::Float(text.parse().ok()?),
            _ => text.parse().map_or_else(|_| Self::BigInt(text.to_owned()), Self::Int),
        })
    }

    /// Rails' deep munge: `null` disappears from every array.
    pub(crate) fn munge(self) -> Self {
        match self {
            Self::Array(items) => {
                Self::Array(items.into_iter().filter(|item| *item != Self::Null).map(Self::munge).collect())
            }
            Self::Object(members) => {
                Self::Object(members.into_iter().map(|(key, value)| (key, value.munge())).collect())
            }
            other => other,
        }
    }

    /// A member of an object. An absent one is nil.
    pub(crate) fn get(&self, key: &str) -> &Self {
        match self {
            Self::Object(members) => members.iter().find(|(name, _)| name == key).map_or(&Self::Null, |(_, v)| v),
            _ => &Self::Null,
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// `blank?`
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Null | Self::Bool(false) => true,
            Self::Str(text) => ruby_blank(text),
            Self::Array(items) => items.is_empty(),
            Self::Object(members) => members.is_empty(),
            _ => false,
        }
    }

    /// `value[0]`: the first element of an array, but the first character of a string and the lowest
    /// bit of a whole number. An object's members are called by texts, so it has none of this number.
    pub(crate) fn first(&self) -> Result<Self, NoMethod> {
        Ok(match self {
            Self::Array(items) => items.first().cloned().unwrap_or(Self::Null),
            Self::Str(text) => text.chars().next().map_or(Self::Null, |c| Self::Str(c.into())),
            Self::Int(number) => Self::Int(number & 1),
            Self::BigInt(digits) => Self::Int(i64::from(digits.ends_with(['1', '3', '5', '7', '9']))),
            Self::Object(_) => Self::Null,
            Self::Null | Self::Bool(_) | Self::Float(_) => return Err(NoMethod("[]")),
        })
    }

    /// `to_i`
    pub(crate) fn to_i(&self) -> Result<i64, NoMethod> {
        Ok(match self {
            Self::Null => 0,
            Self::Int(number) => *number,
            Self::BigInt(digits) => text_to_i(digits),
            Self::Float(number) if number.is_infinite() => return Err(NoMethod("to_i")),
            #[expect(clippy::cast_possible_truncation, reason = "saturates, and no caller can use so large a number")]
            Self::Float(number) => *number as i64,
            Self::Str(text) => text_to_i(text),
            Self::Bool(_) | Self::Array(_) | Self::Object(_) => return Err(NoMethod("to_i")),
        })
    }

    /// `to_s`
    pub(crate) fn to_s(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Str(text) => text.clone(),
            other => other.inspect(),
        }
    }

    /// `inspect`, for the kinds of values that end up in SQL or in a message.
    pub(crate) fn inspect(&self) -> String {
        match self {
            Self::Null => "nil".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Int(number) => number.to_string(),
            Self::BigInt(digits) => digits.clone(),
            Self::Float(number) => float_text(*number),
            Self::Str(text) => inspect_text(text),
            Self::Array(items) => {
                format!("[{}]", items.iter().map(Self::inspect).collect::<Vec<_>>().join(", "))
            }
            Self::Object(members) => {
                let members: Vec<_> =
                    members.iter().map(|(key, value)| format!("{}=>{}", inspect_text(key), value.inspect())).collect();
                format!("{{{}}}", members.join(", "))
            }
        }
    }
}

/// How many arrays and objects stand inside one another in a text that is JSON.
#[cfg(any(feature = "sandbox", test))]
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut in_string = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => in_string = !in_string,
            '\\' if in_string => _ = chars.next(),
            '[' | '{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            ']' | '}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// `Float#to_s`
fn float_text(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let text = format!("{number:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let point = if mantissa.contains('.') { "" } else { ".0" };
        let sign = if exponent.starts_with('-') { "-" } else { "+" };
        return format!("{mantissa}{point}e{sign}{:0>2}", exponent.trim_start_matches('-'));
    }
    let text = number.to_string();
    if text.contains('.') { text } else { format!("{text}.0") }
}

/// `String#inspect`
fn inspect_text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// `String#to_i`: leading white space, a sign and digits (`_` between two of them); 0 if there are
/// none. What does not fit saturates.
pub(crate) fn text_to_i(text: &str) -> i64 {
    let text = text.trim_start_matches(is_c_space);
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut value: i64 = 0;
    let mut after_digit = false;
    for c in unsigned.chars() {
        match c.to_digit(10) {
            Some(digit) => {
                value = value.saturating_mul(10).saturating_add(digit.into());
                after_digit = true;
            }
            None if c == '_' && after_digit => after_digit = false,
            None => break,
        }
    }
    if negative { -value } else { value }
}

/// What a column of whole numbers takes a text for: what `to_i` reads, if the text begins as a number.
pub(crate) fn text_to_column(text: &str) -> Option<i64> {
    let unsigned = text.trim_start_matches(is_c_space);
    let unsigned = unsigned.strip_prefix(['+', '-']).unwrap_or(unsigned);
    unsigned.starts_with(|c: char| c.is_ascii_digit()).then(|| text_to_i(text))
}

/// The members of a JSON object in written order, a repeated key repeated.
#[derive(Debug)]
pub(crate) struct Members<V>(pub(crate) Vec<(String, V)>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Members<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for InOrder<V> {
            type Value = Members<V>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<V>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_keep_all_their_digits() {
        assert_eq!(Json::parse(b"9223372036854775807"), Some(Json::Int(i64::MAX)));
        assert_eq!(Json::parse(b" 99999999999999999999 "), Some(Json::BigInt("99999999999999999999".into())));
        assert_eq!(Json::parse(b"12.0"), Some(Json::Float(12.0)));
        assert_eq!(Json::parse(b"{"), None);
    }

    #[test]
    fn nesting_ends_where_rubys_does() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Json::parse(nested(100).as_bytes()).is_some());
        assert_eq!(Json::parse(nested(101).as_bytes()), None);
        assert_eq!(Json::parse(nested(200_000).as_bytes()), None);
        assert_eq!(Json::parse("[".repeat(100_000).as_bytes()), None);
        // What stands in a text is no nesting.
        let text = format!(r#"["{}"]"#, r#"[{\""#.repeat(101));
        assert!(Json::parse(text.as_bytes()).is_some());
    }

    #[test]
    fn a_number_beyond_all_is_infinite() {
        assert_eq!(Json::parse(b"1e400").map(|json| json.to_s()).as_deref(), Some("Infinity"));
        assert_eq!(Json::parse(b"-1e400").map(|json| json.to_s()).as_deref(), Some("-Infinity"));
        assert!(Json::parse(b"1e400").unwrap().to_i().is_err());
    }

    #[test]
    fn a_repeated_key_keeps_its_first_place_and_its_last_value() {
        let json = Json::parse(br#"{"b":1,"a":2,"b":3,"\u0061":4}"#).unwrap();
        assert_eq!(json.inspect(), r#"{"b"=>3, "a"=>4}"#);
    }

    /// Where each member is looked for among those before it, this takes a minute and more.
    #[test]
    fn an_object_of_many_members_is_read_in_one_pass() {
        let members: Vec<String> = (0..200_000).map(|i| format!("\"{i}\":0")).collect();
        let (sender, read) = std::sync::mpsc::channel();
        std::thread::spawn(move || sender.send(Json::parse(format!("{{{}}}", members.join(",")).as_bytes())));
        let json = read.recv_timeout(std::time::Duration::from_secs(20)).expect("it takes too long");
        assert!(matches!(json, Some(Json::Object(members)) if members.len() == 200_000));
    }

    #[test]
    fn null_disappears_from_arrays_only() {
        let json = Json::parse(br#"{"a":null,"b":[null,[null,1],{"c":[null]}]}"#).unwrap().munge();
        assert_eq!(json.inspect(), r#"{"a"=>nil, "b"=>[[1], {"c"=>[]}]}"#);
    }

    #[test]
    fn to_i_reads_what_it_can() {
        for (text, number) in
            [("2abc", 2), (" 3 ", 3), ("", 0), ("-1", -1), ("1_0", 10), ("1__0", 1), ("1e2", 1), ("+3", 3)]
        {
            assert_eq!(text_to_i(text), number, "{text:?}");
        }
        assert_eq!(text_to_i("99999999999999999999"), i64::MAX);
    }

    #[test]
    fn floats_print_as_in_ruby() {
        for (number, text) in
            [(5.0, "5.0"), (0.1, "0.1"), (1e30, "1.0e+30"), (1.5e-7, "1.5e-07"), (20_260_615.0, "20260615.0")]
        {
            assert_eq!(float_text(number), text);
        }
    }
}
