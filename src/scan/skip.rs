//! Passing an object or array that the filter does not look at: by its quotes and brackets, 64 bytes at a time.

use wide::u8x16;

use super::walk::{DEPTH, Malformed, Rest, escape};

/// How many bytes are looked at together: a bit of a word for each.
pub(super) const BLOCK: usize = 64;

/// Passes an object or array; the text begins with its bracket.
///
/// Its brackets pair, and what is between quotes are strings. Whether commas, colons, numbers and words are where they
/// belong is not looked at.
#[inline(never)]
pub(super) fn container(text: &[u8], depth: u32) -> Rest<'_> {
    // Many are empty.
    if let [b'{', b'}', behind @ ..] | [b'[', b']', behind @ ..] = text {
        return if depth < DEPTH { Ok(behind) } else { Err(Malformed) };
    }
    let mut open = Open { objects: 0, depth, outside: depth };
    // All bits where a string goes on from the block before, and the lowest where an escape does.
    let (mut inside, mut escaped) = (0, 0);
    let mut rest = text;
    loop {
        let (next, places) = match rest.split_first_chunk::<BLOCK>() {
            Some((block, next)) => (Some(next), Places::of(block)),
            None => (None, Places::of_last(rest)),
        };
        let mut behind = 0;
        if places.backslashes | escaped != 0 {
            (escaped, behind) = escapes(places.backslashes, escaped, rest)?;
        }
        let strings = odd(places.quotes & !escaped) ^ inside;
        if places.controls & strings | places.backslashes & !strings != 0 {
            return Err(Malformed);
        }
        let mut brackets = places.brackets & !strings;
        while brackets != 0 {
            let [bracket, behind @ ..] = rest.get(brackets.trailing_zeros() as usize..).unwrap_or_default() else {
                return Err(Malformed);
            };
            if open.closes(*bracket)? {
                return Ok(behind);
            }
            brackets &= brackets - 1;
        }
        inside = if strings >> 63 == 1 { u64::MAX } else { 0 };
        escaped = behind;
        rest = next.ok_or(Malformed)?;
    }
}

/// The containers that are open.
struct Open {
    /// The innermost lowest: 1 for an object.
    objects: u128,
    depth: u32,
    outside: u32,
}

impl Open {
    /// Takes a bracket; whether it closes the outermost container.
    #[inline]
    fn closes(&mut self, bracket: u8) -> Result<bool, Malformed> {
        let object = matches!(bracket, b'{' | b'}');
        if matches!(bracket, b'{' | b'[') {
            self.depth += 1;
            self.objects = self.objects << 1 | u128::from(object);
            return if self.depth > DEPTH { Err(Malformed) } else { Ok(false) };
        }
        if (self.objects & 1 == 1) != object {
            return Err(Malformed);
        }
        self.depth -= 1;
        self.objects >>= 1;
        Ok(self.depth == self.outside)
    }
}

/// Where in a block something stands, the first byte lowest.
pub(super) struct Places {
    pub(super) quotes: u64,
    pub(super) backslashes: u64,
    /// Opening and closing ones.
    pub(super) brackets: u64,
    /// Bytes below a blank.
    controls: u64,
}

impl Places {
    #[inline]
    pub(super) fn of(block: &[u8; BLOCK]) -> Self {
        let each = |byte: u8| u8x16::new([byte; 16]);
        let mut places = Self { quotes: 0, backslashes: 0, brackets: 0, controls: 0 };
        let (parts, _) = block.as_chunks::<16>();
        for (i, part) in parts.iter().enumerate() {
            let bytes = u8x16::new(*part);
            // A word of 16 bits of the mask.
            let at = |found: u8x16| (found.move_mask() as u64) << (16 * i);
            places.quotes |= at(bytes.cmp_eq(each(b'"')));
            places.backslashes |= at(bytes.cmp_eq(each(b'\\')));
            // The brackets of arrays differ from those of objects in one bit, which those have.
            let braces = bytes | each(b'{' ^ b'[');
            places.brackets |= at(braces.cmp_eq(each(b'{')) | braces.cmp_eq(each(b'}')));
            places.controls |= at(bytes.min(each(0x1f)).cmp_eq(bytes));
        }
        places
    }

    /// Of fewer bytes.
    #[cold]
    fn of_last(rest: &[u8]) -> Self {
        let mut block = [b' '; BLOCK];
        for (to, from) in block.iter_mut().zip(rest) {
            *to = *from;
        }
        Self::of(&block)
    }

    /// Of fewer bytes, as the last of a block.
    #[cold]
    pub(super) fn of_first(rest: &[u8]) -> Self {
        let mut block = [b' '; BLOCK];
        for (to, from) in block.iter_mut().rev().zip(rest.iter().rev()) {
            *to = *from;
        }
        Self::of(&block)
    }
}

/// For each bit whether the number of bits set up to it, itself included, is odd.
#[inline]
fn odd(mut bits: u64) -> u64 {
    for distance in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << distance;
    }
    bits
}

/// The bytes behind backslashes that begin an escape, in this block and in the next; `escaped` is what the last block
/// said of this one. Each escape is looked at.
#[cold]
fn escapes(backslashes: u64, mut escaped: u64, rest: &[u8]) -> Result<(u64, u64), Malformed> {
    let mut next = 0;
    let mut left = backslashes & !escaped;
    while left != 0 {
        let at = left.trailing_zeros();
        escape(rest.get(at as usize + 1..).unwrap_or_default())?;
        let bit = 1_u64 << at;
        escaped |= bit << 1;
        next = bit >> 63;
        // A backslash behind it begins none.
        left &= !(bit | bit << 1);
    }
    Ok((escaped, next))
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, container};
    use crate::scan::walk::{Malformed, unread};

    const CONTAINERS: [&str; 9] = [
        "{}",
        "[]",
        "{ }",
        r#"{"a":[1,{"b":"}]{["}],"c":{}}"#,
        r#"["\"]","\\","\\\"[","\\\\",[["]"]]]"#,
        r#"{"k\"}":"\u005d\/\b\f\n\r\t","é":"ü]"}"#,
        r#"[[[[[[]]]],{"a":{"b":{"c":[{}]}}}]]"#,
        "{\"a\" :\t[ 1 ,\r\n2 ] }",
        r#"["\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"]"]"#,
    ];

    /// The container with so many bytes of text before what it holds, so that blocks end at each of its places.
    fn shifted(container: &str, bytes: usize) -> String {
        let (bracket, rest) = container.split_at(1);
        let comma = if matches!(rest.trim_start(), "}" | "]") { "" } else { "," };
        let key = if bracket == "{" { "\"\":" } else { "" };
        format!("{bracket}{key}\"{}\"{comma}{rest}", "x".repeat(bytes))
    }

    #[test]
    fn a_container_ends_where_its_bracket_does_wherever_blocks_end() {
        for text in CONTAINERS {
            for bytes in 0..=2 * BLOCK {
                let container_text = shifted(text, bytes);
                for behind in ["", ",", ",\"b\":[1,2]}", &"]".repeat(BLOCK)] {
                    let whole = format!("{container_text}{behind}");
                    assert_eq!(container(whole.as_bytes(), 1).unwrap(), behind.as_bytes(), "{whole}");
                    assert_eq!(unread(whole.as_bytes(), 1).unwrap(), behind.as_bytes(), "{whole}");
                }
            }
        }
    }

    #[test]
    fn a_container_that_does_not_end_is_malformed() {
        for text in CONTAINERS {
            for bytes in [0, 1, 30, 55, 60, 61, 62, 63, 64, 120] {
                let text = shifted(text, bytes).into_bytes();
                for end in 0..text.len() {
                    assert!(container(&text[..end], 1).is_err(), "{:?}", String::from_utf8_lossy(&text[..end]));
                }
            }
        }
    }

    #[test]
    fn brackets_strings_and_escapes_that_are_wrong_are_malformed_at_every_place() {
        let wrong = ["{]", "[}", "\"\\x\"", "\"\\u12g4\"", "\"\u{1}\"", "\"a\nb\"", "\\", "\\\"\\\"", "\"", "]]"];
        for wrong in wrong {
            for bytes in 0..=2 * BLOCK {
                let text = shifted(&format!("[{wrong}]"), bytes);
                let result = container(text.as_bytes(), 1);
                // What closes too much ends too early; whoever reads on finds something that is no comma.
                let early = matches!(result, Ok(behind) if !behind.is_empty());
                assert!(result.is_err() || early && wrong == "]]", "{text}");
            }
        }
    }

    #[test]
    fn containers_nest_as_deep_as_the_reference_parser_reads() {
        for (depth, outside, taken) in
            [(126, 1, true), (127, 1, false), (127, 0, true), (1, 126, true), (1, 127, false)]
        {
            for text in ["[".repeat(depth) + &"]".repeat(depth), "[".repeat(depth) + "1" + &"]".repeat(depth)] {
                assert_eq!(container(text.as_bytes(), outside).is_ok(), taken, "{depth} {outside}");
                assert_eq!(unread(text.as_bytes(), outside).is_ok(), taken, "{depth} {outside}");
            }
        }
    }

    /// All of what the full check takes, and with the same end: on every text of eight of these characters.
    #[test]
    fn what_the_full_check_takes_is_passed_alike() {
        const CHARACTERS: &[u8] = b"[]{}\":,\\1";
        let mut taken = 0;
        let mut text = [b'['; 8];
        for number in 0..CHARACTERS.len().pow(6) {
            let mut rest = number;
            for place in &mut text[1..7] {
                *place = CHARACTERS[rest % CHARACTERS.len()];
                rest /= CHARACTERS.len();
            }
            for (open, close) in [(b'[', b']'), (b'{', b'}')] {
                (text[0], text[7]) = (open, close);
                if let Ok(behind) = unread(&text, 1) {
                    taken += 1;
                    match container(&text, 1) {
                        Ok(also) => assert_eq!(behind, also, "{:?}", String::from_utf8_lossy(&text)),
                        // Something behind it, in the same block, is no string.
                        Err(Malformed) => assert!(!behind.is_empty(), "{:?}", String::from_utf8_lossy(&text)),
                    }
                }
            }
        }
        assert!(taken > 1000, "{taken}");
    }
}
