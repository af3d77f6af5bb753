//! One pass over the JSON of a conversation: only what is wanted is decoded, and what is not may be passed over.
//!
//! Each function takes what is left of the text, and gives back what is left behind what it read.

use serde_json::Value;

use super::bytes::{behind_digits, behind_plain};
use super::fields::{Field, Wanted};
use super::skip;

/// The text is no JSON, or not JSON that the reference parser takes.
#[derive(Debug)]
pub(super) struct Malformed;

/// What is left of the text.
pub(super) type Rest<'a> = Result<&'a [u8], Malformed>;

/// How deep objects and arrays may nest: as deep as `serde_json` reads them.
pub(super) const DEPTH: u32 = 127;

/// How an object or array is passed that is not wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// By its quotes and brackets.
    Brackets,
    /// Word by word.
    Everything,
}

/// A string as it is written, without its quotes.
pub(super) struct Text<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) escaped: bool,
}

/// Reads the one object of a text. Wanted members are put into `into`, whose members of those names are null;
/// whether it carries a list of conversations is returned.
pub(super) fn object(text: &[u8], wanted: &Field, into: &mut Value, check: Check) -> Result<bool, Malformed> {
    let [b'{', rest @ ..] = blanks(text) else { return Err(Malformed) };
    let mut walk = Walk { check, list: false };
    let rest = walk.members(rest, wanted, into, 1)?;
    if blanks(rest).is_empty() { Ok(walk.list) } else { Err(Malformed) }
}

/// Reads the value of a member that is wanted, which the text begins with, as [`object`] does.
pub(super) fn member<'a>(text: &'a [u8], field: &Field, into: &mut Value) -> Rest<'a> {
    Walk { check: Check::Brackets, list: false }.member(text, field, into, 1)
}

/// The same for an object's first member, if it has that name.
pub(super) fn first_member<'a>(text: &'a [u8], field: &Field, into: &mut Value) -> Rest<'a> {
    let [b'{', rest @ ..] = text else { return Err(Malformed) };
    let (key, at_value) = key(blanks(rest))?;
    if key.escaped || key.bytes != field.key.as_bytes() {
        return Err(Malformed);
    }
    member(at_value, field, into)
}

/// Whether a text is one object by the grammar of JSON, nested no deeper than the reference parser reads.
pub(super) fn is_object(text: &[u8]) -> bool {
    match blanks(text) {
        [b'{', rest @ ..] => unwanted(rest, 1).is_ok_and(|rest| blanks(rest).is_empty()),
        _ => false,
    }
}

/// Passes one value and checks everything in it.
#[cfg(test)]
pub(super) fn unread(text: &[u8], depth: u32) -> Rest<'_> {
    value(text, depth, Check::Everything)
}

/// What holds for the whole text.
struct Walk {
    check: Check,
    /// It carries a list of conversations.
    list: bool,
}

impl Walk {
    /// The members of an object whose brace is read.
    fn members<'a>(&mut self, rest: &'a [u8], field: &Field, into: &mut Value, depth: u32) -> Rest<'a> {
        if depth > DEPTH {
            return Err(Malformed);
        }
        let mut rest = blanks(rest);
        if let [b'}', rest @ ..] = rest {
            return Ok(rest);
        }
        loop {
            let (key, at_value) = key(rest)?;
            let behind = match field.member(key.bytes, key.escaped) {
                None => value(at_value, depth, self.check)?,
                Some(wanted) => self.member(at_value, wanted, into, depth)?,
            };
            rest = match blanks(behind) {
                [b',', rest @ ..] => blanks(rest),
                [b'}', rest @ ..] => return Ok(rest),
                _ => return Err(Malformed),
            };
        }
    }

    /// A member that is wanted, or holds something that is. Of members with one name the last counts.
    fn member<'a>(&mut self, rest: &'a [u8], field: &Field, into: &mut Value, depth: u32) -> Rest<'a> {
        match &field.wanted {
            Wanted::List => {
                self.list |= rest.first() == Some(&b'[');
                value(rest, depth, self.check)
            }
            Wanted::Whole => {
                let behind = value(rest, depth, self.check)?;
                let json = rest.get(..rest.len() - behind.len()).ok_or(Malformed)?;
                if let Some(slot) = into.get_mut(&*field.key) {
                    decode(json, slot)?;
                }
                Ok(behind)
            }
            Wanted::Members(_) => {
                let Some(inner) = into.get_mut(&*field.key) else { return value(rest, depth, self.check) };
                field.clear(inner);
                match rest {
                    [b'{', rest @ ..] => self.members(rest, field, inner, depth + 1),
                    _ => value(rest, depth, self.check),
                }
            }
        }
    }
}

/// Passes one value. In each of its callers' loops: a call for each member takes as long as the member.
#[inline(always)]
pub(super) fn value(rest: &[u8], depth: u32, check: Check) -> Rest<'_> {
    let [first, behind @ ..] = rest else { return Err(Malformed) };
    match first {
        b'"' => string(behind),
        b'0'..=b'9' => number(rest),
        b'n' => behind.strip_prefix(b"ull").ok_or(Malformed),
        b't' => behind.strip_prefix(b"rue").ok_or(Malformed),
        b'f' => behind.strip_prefix(b"alse").ok_or(Malformed),
        b'-' => number(behind),
        b'{' | b'[' if check == Check::Brackets => skip::container(rest, depth),
        b'{' => unwanted(behind, depth + 1),
        b'[' => elements(behind, depth + 1),
        _ => Err(Malformed),
    }
}

/// Passes the members of an object whose brace is read.
#[inline(never)]
fn unwanted(rest: &[u8], depth: u32) -> Rest<'_> {
    if depth > DEPTH {
        return Err(Malformed);
    }
    let mut rest = blanks(rest);
    if let [b'}', rest @ ..] = rest {
        return Ok(rest);
    }
    loop {
        let [b'"', key @ ..] = rest else { return Err(Malformed) };
        let [b':', at_value @ ..] = blanks(string(key)?) else { return Err(Malformed) };
        rest = match blanks(value(blanks(at_value), depth, Check::Everything)?) {
            [b',', rest @ ..] => blanks(rest),
            [b'}', rest @ ..] => return Ok(rest),
            _ => return Err(Malformed),
        };
    }
}

/// Passes the elements of an array whose bracket is read.
#[inline(never)]
fn elements(rest: &[u8], depth: u32) -> Rest<'_> {
    if depth > DEPTH {
        return Err(Malformed);
    }
    let mut rest = blanks(rest);
    if let [b']', rest @ ..] = rest {
        return Ok(rest);
    }
    loop {
        rest = match blanks(value(rest, depth, Check::Everything)?) {
            [b',', rest @ ..] => blanks(rest),
            [b']', rest @ ..] => return Ok(rest),
            _ => return Err(Malformed),
        };
    }
}

/// A key and its colon.
#[inline(always)]
pub(super) fn key(rest: &[u8]) -> Result<(Text<'_>, &[u8]), Malformed> {
    let [b'"', text @ ..] = rest else { return Err(Malformed) };
    let plain = behind_plain(text);
    let escaped = plain.first() != Some(&b'"');
    let behind = if escaped { escapes(plain)? } else { plain.get(1..).unwrap_or_default() };
    // The quote is none of its bytes.
    let bytes = text.get(..text.len() - behind.len() - 1).unwrap_or_default();
    let [b':', at_value @ ..] = blanks(behind) else { return Err(Malformed) };
    Ok((Text { bytes, escaped }, blanks(at_value)))
}

/// The rest of a string whose quote is read.
#[inline]
fn string(rest: &[u8]) -> Rest<'_> {
    match behind_plain(rest) {
        [b'"', rest @ ..] => Ok(rest),
        rest => escapes(rest),
    }
}

/// The rest of a string from its first escape on.
#[inline(never)]
fn escapes(mut rest: &[u8]) -> Rest<'_> {
    loop {
        rest = match rest {
            [b'"', rest @ ..] => return Ok(rest),
            [b'\\', rest @ ..] => behind_plain(escape(rest)?),
            _ => return Err(Malformed),
        };
    }
}

/// The rest of an escape whose backslash is read.
pub(super) fn escape(rest: &[u8]) -> Rest<'_> {
    match rest {
        [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', rest @ ..] => Ok(rest),
        [b'u', a, b, c, d, rest @ ..] if [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit) => Ok(rest),
        _ => Err(Malformed),
    }
}

/// A number behind its sign.
#[inline]
fn number(rest: &[u8]) -> Rest<'_> {
    let rest = match rest {
        [b'0', rest @ ..] => rest,
        _ => digits(rest)?,
    };
    match rest {
        [b'.' | b'e' | b'E', ..] => fraction(rest),
        _ => Ok(rest),
    }
}

/// A fraction, an exponent, or both.
fn fraction(rest: &[u8]) -> Rest<'_> {
    let rest = match rest {
        [b'.', rest @ ..] => digits(rest)?,
        _ => rest,
    };
    match rest {
        [b'e' | b'E', b'+' | b'-', rest @ ..] | [b'e' | b'E', rest @ ..] => digits(rest),
        _ => Ok(rest),
    }
}

/// At least one digit.
#[inline]
fn digits(rest: &[u8]) -> Rest<'_> {
    match rest {
        [b'0'..=b'9', rest @ ..] => Ok(behind_digits(rest)),
        _ => Err(Malformed),
    }
}

/// Most texts have none.
#[inline]
pub(super) fn blanks(rest: &[u8]) -> &[u8] {
    match rest {
        [0..=b' ', ..] => some_blanks(rest),
        _ => rest,
    }
}

#[cold]
fn some_blanks(mut rest: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\n' | b'\r', next @ ..] = rest {
        rest = next;
    }
    rest
}

/// Decodes a value whose form is checked; what is there is used again.
fn decode(json: &[u8], slot: &mut Value) -> Result<(), Malformed> {
    match json {
        b"null" => *slot = Value::Null,
        // A fraction or an exponent is no digit; so many digits are always a number of 64 bits.
        [b'0'..=b'9', ..] if json.len() <= 18 && json.iter().all(u8::is_ascii_digit) => {
            *slot = Value::from(json.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')));
        }
        [b'"', text @ .., b'"'] if !text.contains(&b'\\') => {
            let text = std::str::from_utf8(text).map_err(|_| Malformed)?;
            match slot {
                Value::String(old) => {
                    old.clear();
                    old.push_str(text);
                }
                _ => *slot = Value::from(text),
            }
        }
        _ => {
            *slot = match serde_json::from_slice(json) {
                Ok(read) => beyond_double(json, &read).map_or(read, Value::from),
                // Too large for a double.
                Err(_) => Value::from(written_out(json).ok_or(Malformed)?),
            };
        }
    }
    Ok(())
}

/// The digits of a number that was read as a double which is not quite it. The server compares every digit, and a double
/// has about sixteen: they stay a text, which means the same number to the evaluation.
fn beyond_double<'a>(json: &'a [u8], read: &Value) -> Option<&'a str> {
    const SHORTEST: usize = 17;
    let Value::Number(number) = read else { return None };
    let digits = written_out(json).filter(|digits| digits.len() >= SHORTEST && number.is_f64())?;
    (number.to_string() != digits).then_some(digits)
}

/// A number without an exponent, which the server's database never prints.
fn written_out(json: &[u8]) -> Option<&str> {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'.');
    std::str::from_utf8(json).ok().filter(|_| json.iter().all(is_digit))
}
