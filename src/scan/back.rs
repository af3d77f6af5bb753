//! An object's members from the last to the first: the API writes last what is asked for most, and of members with one
//! name the last counts.
//!
//! Of JSON all of this is exact. Of anything else some result comes, or none.
//!
//! Each function takes what is in front of a place, and gives back what is in front of what it read, and that.

use memchr::{memchr, memrchr};
use serde_json::Value;

use super::fields::Field;
use super::skip::{BLOCK, Places};
use super::walk;

/// A run of more backslashes is left to whoever reads from the front: each block would look at all of it.
const MOST_BACKSLASHES: usize = BLOCK;

/// Reads the members of the object that a text is, from its end, and puts those that are wanted into `into`, whose members
/// of those names are null. With each, `decides` is asked whether that is enough: it is given what was read so far, the
/// bits of what is known by this one, and of what is not known yet. Whether it was enough is returned; `None` if the text
/// has to be read from its front.
pub(super) fn members(
    text: &[u8],
    wanted: &Field,
    into: &mut Value,
    mut decides: impl FnMut(&Value, u64, u64) -> bool,
) -> Option<bool> {
    let mut missing = wanted.all_members()?;
    let mut rest = without_blanks(text.strip_suffix(b"}")?);
    if rest == b"{" {
        return Some(decides(into, missing, 0));
    }
    loop {
        let (before, value) = value(rest)?;
        let (before, key) = string(without_blanks(without_blanks(before).strip_suffix(b":")?))?;
        let [b'"', key @ .., b'"'] = key else { return None };
        if memchr(b'\\', key).is_some() {
            return None;
        }
        if let Some((bit, field)) = wanted.place(key)
            && missing & bit != 0
        {
            walk::member(value, field, into).ok().filter(|behind| behind.is_empty())?;
            missing ^= bit;
            let decided = decides(into, bit, missing);
            if decided || missing == 0 {
                return Some(decided);
            }
        }
        rest = match without_blanks(before) {
            b"{" => return Some(decides(into, missing, 0)),
            [before @ .., b','] => without_blanks(before),
            _ => return None,
        };
    }
}

fn without_blanks(mut text: &[u8]) -> &[u8] {
    while let [before @ .., b' ' | b'\t' | b'\n' | b'\r'] = text {
        text = before;
    }
    text
}

/// The value that ends here.
fn value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    match text {
        [.., b'"'] => string(text),
        [.., b'}' | b']'] => container(text),
        _ => {
            let at = text.iter().rposition(|byte| *byte <= b' ' || *byte == b':')?;
            text.split_at_checked(at + 1)
        }
    }
}

/// The string that ends here, with its quotes.
fn string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut before = text.strip_suffix(b"\"")?;
    loop {
        let at = memrchr(b'"', before)?;
        before = before.get(..at)?;
        // What stands before a string is no backslash.
        if backslashes(before).is_multiple_of(2) {
            return text.split_at_checked(at);
        }
    }
}

/// How many stand at the end.
fn backslashes(text: &[u8]) -> usize {
    text.iter().rev().take_while(|&&byte| byte == b'\\').count()
}

/// The object or array that ends here, by its quotes and by how many brackets are open.
fn container(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut rest, mut depth) = (text, 0_u32);
    // All bits where a string goes on into the block behind.
    let mut inside = 0;
    while !rest.is_empty() {
        let (before, places) = match rest.split_last_chunk::<BLOCK>() {
            Some((before, block)) => (before, Places::of(block)),
            None => ([].as_slice(), Places::of_first(rest)),
        };
        let mut quotes = places.quotes;
        if places.backslashes != 0 || before.ends_with(b"\\") {
            let outside = backslashes(before.get(before.len().saturating_sub(MOST_BACKSLASHES)..)?);
            if outside == MOST_BACKSLASHES {
                return None;
            }
            quotes &= !escaped(places.backslashes, outside % 2 == 1);
        }
        let strings = odd_from_last(quotes) ^ inside;
        let mut brackets = places.brackets & !strings;
        while brackets != 0 {
            let behind = brackets.leading_zeros();
            let at = rest.len().checked_sub(behind as usize + 1)?;
            match rest.get(at)? {
                b'}' | b']' => depth += 1,
                _ => depth = depth.checked_sub(1)?,
            }
            if depth == 0 {
                return text.split_at_checked(at);
            }
            brackets ^= (1 << 63) >> behind;
        }
        inside = if strings & 1 == 1 { u64::MAX } else { 0 };
        rest = before;
    }
    None
}

/// The bytes behind backslashes that begin an escape; `first`: so is the first one.
#[cold]
fn escaped(backslashes: u64, first: bool) -> u64 {
    let mut escaped = u64::from(first);
    let mut left = backslashes & !escaped;
    while left != 0 {
        let bit = left & left.wrapping_neg();
        escaped |= bit << 1;
        left &= !(bit | bit << 1);
    }
    escaped
}

/// For each bit whether the number of bits set from it on, itself included, is odd.
fn odd_from_last(mut bits: u64) -> u64 {
    for distance in [1, 2, 4, 8, 16, 32] {
        bits ^= bits >> distance;
    }
    bits
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{BLOCK, container, members, string};
    use crate::scan::fields::Field;

    /// Each at every place of a block, and with a text in front that has brackets and quotes of its own.
    #[test]
    fn containers_and_strings_are_read_from_their_ends() {
        let containers = [
            r"{}",
            r"[]",
            r#"[{"a":"]}"},"{",[]]"#,
            r#"{"a\"{":"\\","b":{"c":["\\\"]"]}}"#,
            r#"["\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\","]"]"#,
        ];
        for bytes in 0..2 * BLOCK {
            for inner in containers {
                for fill in ["x", "\\\\x", "\\\""] {
                    let text = inner.replace("a", &fill.repeat(bytes));
                    let line = format!(r#"{{"x":"}}\\","y":{text}"#);
                    let (before, found) = container(line.as_bytes()).unwrap();
                    assert_eq!((before, found), (br#"{"x":"}\\","y":"#.as_slice(), text.as_bytes()), "{line}");
                }
            }
            let text = format!(r#""{}\\\"""#, "\\\"".repeat(bytes));
            let line = format!(r#"{{"x":"","y":{text}"#);
            assert_eq!(string(line.as_bytes()), Some((br#"{"x":"","y":"#.as_slice(), text.as_bytes())), "{line}");
        }
        assert_eq!(container(b"}"), None);
        assert_eq!(container(br#"{"a":"}"#), None);
        let many = format!("[\"{}\"]", "\\\\".repeat(BLOCK));
        assert_eq!(container(many.as_bytes()), None, "too many backslashes to count them in each block");
    }

    #[test]
    fn of_members_with_one_name_the_last_counts() {
        let wanted = Field::at(&[&["a"], &["b", "c"]]);
        let read = |line: &str| {
            let mut row = wanted.template();
            members(line.as_bytes(), &wanted, &mut row, |_, _, _| false).map(|_| row)
        };
        let cases: [(&str, Value); 8] = [
            ("{}", json!({"a": null, "b": {"c": null}})),
            (r#"{"a":1,"a":2}"#, json!({"a": 2, "b": {"c": null}})),
            (r#"{"b":{"c":1},"a":[{"a":3}],"b":{"a":4}}"#, json!({"a": [{"a": 3}], "b": {"c": null}})),
            (r#"{"b":{"c":1},"a":5,"b":null}"#, json!({"a": 5, "b": {"c": null}})),
            ("{ \"b\" : { \"c\" : \"x\" }\t, \"a\" :\n-1.5e3 }", json!({"a": -1500.0, "b": {"c": "x"}})),
            (r#"{"x":{"a":1},"y":"\"a\":6","z":["a",{"b":{"c":1}}]}"#, json!({"a": null, "b": {"c": null}})),
            (r#"{"a":"é\"\\","b":{"c":true,"c":false}}"#, json!({"a": "é\"\\", "b": {"c": false}})),
            ("not JSON in front of what decides,\"a\":7,\"b\":{}}", json!({"a": 7, "b": {"c": null}})),
        ];
        for (line, row) in cases {
            assert_eq!(read(line), Some(row), "{line}");
        }
        // As soon as one is known, whatever stands before it.
        let known = |line: &str, deciding: u64| {
            let mut row = wanted.template();
            members(line.as_bytes(), &wanted, &mut row, |_, known, missing| {
                known & deciding != 0 && missing & deciding == 0
            })
        };
        assert_eq!(known("neither JSON,\"b\":{}}", 0b10), Some(true));
        assert_eq!(known("neither JSON,\"b\":{}}", 0b11), None);
        assert_eq!(known("{\"b\":{}}", 0b11), Some(true), "what is not there is known at the front");
        assert_eq!(known("{\"b\":{}}", 0), Some(false));
        for line in [r#"{"\u0061":1}"#, r#"{"a":x}"#, r#"{"a":1,}"#, r#"{"a" 1}"#, "}", "", r#"{"a":1}{"x":2}"#] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
