//! One pass over the JSON of a conversation: everything is checked, only what is wanted is decoded.

use serde_json::Value;

use super::bytes::plain;
use super::fields::{Field, Wanted};

/// The text is no JSON, or not JSON that the reference parser takes.
#[derive(Debug)]
pub(super) struct Malformed;

/// What is left of the text.
#[cfg(feature = "client")]
pub(super) type Rest<'a> = Result<&'a [u8], Malformed>;

/// How deep objects and arrays may nest: as deep as `serde_json` reads them.
const DEPTH: u32 = 127;

/// A place in the text.
pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// A string as it is written, without its quotes.
pub(super) struct Text<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) escaped: bool,
}

/// Passes one value. `depth` is how many objects and arrays stand around it.
#[cfg(feature = "client")]
#[inline]
pub(super) fn value(rest: &[u8], depth: u32) -> Rest<'_> {
    let mut walk = Walk::new(rest);
    walk.skip(depth)?;
    Ok(walk.rest())
}

/// A key and its colon.
#[cfg(feature = "client")]
#[inline]
pub(super) fn key(rest: &[u8]) -> Result<(Text<'_>, &[u8]), Malformed> {
    let mut walk = Walk::new(rest);
    let key = walk.key()?;
    Ok((key, walk.rest()))
}

#[cfg(feature = "client")]
#[inline]
pub(super) fn blanks(rest: &[u8]) -> &[u8] {
    let mut walk = Walk::new(rest);
    walk.blanks();
    walk.rest()
}

impl<'a> Walk<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    #[cfg(feature = "client")]
    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Reads the one object of the text. Wanted members are put into `into`, whose members of those names are null;
    /// whether it carries a list of conversations is returned.
    pub(super) fn object(mut self, wanted: &Field, into: &mut Value) -> Result<bool, Malformed> {
        self.blanks();
        self.expect(b'{')?;
        let list = self.members(wanted, into, 1)?;
        self.blanks();
        if self.at == self.bytes.len() { Ok(list) } else { Err(Malformed) }
    }

    /// The members of an object whose brace is read.
    fn members(&mut self, field: &Field, into: &mut Value, depth: u32) -> Result<bool, Malformed> {
        if depth > DEPTH {
            return Err(Malformed);
        }
        let mut list = false;
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(false);
        }
        loop {
            let key = self.key()?;
            match field.member(key.bytes, key.escaped) {
                None => self.skip(depth)?,
                Some(member) => list |= self.member(member, into, depth)?,
            }
            self.blanks();
            match self.next() {
                Some(b',') => self.blanks(),
                Some(b'}') => return Ok(list),
                _ => return Err(Malformed),
            }
        }
    }

    /// A member that is wanted, or holds something that is. Of members with one name the last counts.
    fn member(&mut self, field: &Field, into: &mut Value, depth: u32) -> Result<bool, Malformed> {
        match &field.wanted {
            Wanted::List => {
                let list = self.peek() == Some(b'[');
                self.skip(depth)?;
                Ok(list)
            }
            Wanted::Whole => {
                let from = self.at;
                self.skip(depth)?;
                let json = self.bytes.get(from..self.at).ok_or(Malformed)?;
                if let Some(slot) = into.get_mut(&*field.key) {
                    decode(json, slot)?;
                }
                Ok(false)
            }
            Wanted::Members(_) => {
                let Some(inner) = into.get_mut(&*field.key) else { return self.skip(depth).map(|()| false) };
                field.clear(inner);
                if self.peek() != Some(b'{') {
                    return self.skip(depth).map(|()| false);
                }
                self.at += 1;
                self.members(field, inner, depth + 1)
            }
        }
    }

    /// Passes one value.
    fn skip(&mut self, depth: u32) -> Result<(), Malformed> {
        // The containers that are open, the innermost lowest: 1 for an object.
        let (mut objects, mut open) = (0_u128, 0);
        loop {
            match self.next() {
                Some(b'"') => {
                    self.text()?;
                }
                Some(bracket @ (b'{' | b'[')) => {
                    open += 1;
                    if depth + open > DEPTH {
                        return Err(Malformed);
                    }
                    let object = bracket == b'{';
                    objects = objects << 1 | u128::from(object);
                    self.blanks();
                    if self.peek() != Some(if object { b'}' } else { b']' }) {
                        if object {
                            self.key()?;
                        }
                        continue;
                    }
                }
                Some(b't') => self.word(b"rue")?,
                Some(b'f') => self.word(b"alse")?,
                Some(b'n') => self.word(b"ull")?,
                Some(first @ (b'-' | b'0'..=b'9')) => self.number(first)?,
                _ => return Err(Malformed),
            }
            // A value, or an opening bracket with nothing behind it, has ended.
            loop {
                if open == 0 {
                    return Ok(());
                }
                self.blanks();
                match (self.next(), objects & 1 == 1) {
                    (Some(b','), object) => {
                        self.blanks();
                        if object {
                            self.key()?;
                        }
                        break;
                    }
                    (Some(b'}'), true) | (Some(b']'), false) => {
                        open -= 1;
                        objects >>= 1;
                    }
                    _ => return Err(Malformed),
                }
            }
        }
    }

    /// A key and its colon.
    #[inline]
    fn key(&mut self) -> Result<Text<'a>, Malformed> {
        self.expect(b'"')?;
        let text = self.text()?;
        self.blanks();
        self.expect(b':')?;
        self.blanks();
        Ok(text)
    }

    /// The rest of a string whose quote is read.
    #[inline]
    fn text(&mut self) -> Result<Text<'a>, Malformed> {
        let from = self.at;
        let mut escaped = false;
        loop {
            self.at += plain(self.bytes.get(self.at..).unwrap_or_default());
            match self.next() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(Malformed),
            }
        }
        Ok(Text { bytes: self.bytes.get(from..self.at - 1).unwrap_or_default(), escaped })
    }

    /// The rest of an escape whose backslash is read.
    fn escape(&mut self) -> Result<(), Malformed> {
        match self.next() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => {
                let digits = self.bytes.get(self.at..self.at + 4).ok_or(Malformed)?;
                self.at += 4;
                if digits.iter().all(u8::is_ascii_hexdigit) { Ok(()) } else { Err(Malformed) }
            }
            _ => Err(Malformed),
        }
    }

    /// The rest of a number after its first character.
    #[inline]
    fn number(&mut self, first: u8) -> Result<(), Malformed> {
        let first = if first == b'-' { self.next() } else { Some(first) };
        match first {
            Some(b'0') => {}
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(Malformed),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digit()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digit()?;
        }
        Ok(())
    }

    /// At least one digit.
    fn digit(&mut self) -> Result<(), Malformed> {
        if !self.next().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(Malformed);
        }
        self.digits();
        Ok(())
    }

    #[inline]
    fn digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }

    #[inline]
    fn word(&mut self, rest: &[u8]) -> Result<(), Malformed> {
        if self.bytes.get(self.at..).is_some_and(|bytes| bytes.starts_with(rest)) {
            self.at += rest.len();
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    #[inline]
    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.next() == Some(byte) { Ok(()) } else { Err(Malformed) }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }
}

/// Decodes a value whose form is checked; what is there is used again.
fn decode(json: &[u8], slot: &mut Value) -> Result<(), Malformed> {
    match json {
        b"null" => *slot = Value::Null,
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
        _ => *slot = serde_json::from_slice(json).map_err(|_| Malformed)?,
    }
    Ok(())
}
