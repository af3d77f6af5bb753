//! Looking at many bytes at a time.

use memchr::memmem;
use wide::u8x16;

/// What is left of a text from the first byte that means something in a JSON string: a quote, a backslash or a control
/// character. Nothing, if there is none.
#[inline]
pub(super) fn behind_plain(mut rest: &[u8]) -> &[u8] {
    let each = |byte: u8| u8x16::new([byte; 16]);
    while let Some((block, next)) = rest.split_first_chunk::<16>() {
        let bytes = u8x16::new(*block);
        let control = bytes.min(each(0x1f)).cmp_eq(bytes);
        let stops = (bytes.cmp_eq(each(b'"')) | bytes.cmp_eq(each(b'\\')) | control).move_mask();
        if stops != 0 {
            return rest.get(stops.trailing_zeros() as usize..).unwrap_or_default();
        }
        rest = next;
    }
    behind_plain_tail(rest)
}

/// The same for fewer bytes: once a line, and so no part of the loop that strings are read in.
#[cold]
fn behind_plain_tail(rest: &[u8]) -> &[u8] {
    let plain = rest.iter().position(|&byte| stop(byte)).unwrap_or(rest.len());
    rest.get(plain..).unwrap_or_default()
}

/// What is left of a text from the first byte that is no digit.
#[inline]
pub(super) fn behind_digits(mut rest: &[u8]) -> &[u8] {
    let each = |byte: u8| u8x16::new([byte; 16]);
    while let Some((block, next)) = rest.split_first_chunk::<16>() {
        // What stands before the zero becomes large.
        let bytes = u8x16::new(*block) - each(b'0');
        let digits = bytes.min(each(9)).cmp_eq(bytes).move_mask();
        let plain = digits.trailing_ones() as usize;
        if plain < block.len() {
            return rest.get(plain..).unwrap_or_default();
        }
        rest = next;
    }
    let plain = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(plain..).unwrap_or_default()
}

/// Whether a number with an exponent may stand in JSON: outside of strings, or in one where a value could begin.
pub(super) fn has_exponent(json: &[u8]) -> bool {
    // An `e` behind a digit is in most names that are random; what stands before the number tells them apart.
    let is_value = |at: usize| {
        let before = json.get(..at).unwrap_or_default();
        let digits = before.iter().rev().take_while(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-')).count();
        let before = before.len().checked_sub(digits + 1).and_then(|at| before.get(at));
        before.is_none_or(|byte| matches!(byte, b':' | b',' | b'[' | b' ' | b'\t' | b'\n' | b'\r'))
    };
    let each = |byte: u8| u8x16::new([byte; 16]);
    let (mut at, mut digit_before) = (0, 0);
    while let Some(block) = json.get(at..).and_then(<[u8]>::first_chunk::<16>) {
        let bytes = u8x16::new(*block);
        let ordinals = bytes - each(b'0');
        let digits = ordinals.min(each(9)).cmp_eq(ordinals).move_mask() as u32;
        let signs = (bytes | each(0x20)).cmp_eq(each(b'e')).move_mask() as u32;
        let mut places = signs & (digits << 1 | digit_before);
        digit_before = digits >> 15 & 1;
        while places != 0 {
            if is_value(at + places.trailing_zeros() as usize) {
                return true;
            }
            places &= places - 1;
        }
        at += 16;
    }
    let is_exponent = |at: &usize| matches!(json.get(at - 1..=*at), Some([b'0'..=b'9', b'e' | b'E']));
    (at.max(1)..json.len()).filter(is_exponent).any(is_value)
}

/// Whether a text is UTF-8. A byte of ASCII is never a part of a longer character, so that each run of others is asked
/// for itself, and what is between them is passed many bytes at a time.
pub(super) fn is_utf8(mut rest: &[u8]) -> bool {
    loop {
        rest = behind_ascii(rest);
        let run = rest.iter().position(u8::is_ascii).unwrap_or(rest.len());
        match rest.split_at_checked(run) {
            Some((run, behind)) if std::str::from_utf8(run).is_ok() => rest = behind,
            _ => return false,
        }
        if rest.is_empty() {
            return true;
        }
    }
}

/// What is left of a text from the first byte that is not of ASCII.
fn behind_ascii(mut rest: &[u8]) -> &[u8] {
    while let Some((block, next)) = rest.split_first_chunk::<BLOCK>() {
        let (parts, _) = block.as_chunks::<16>();
        if parts.iter().fold(u8x16::default(), |all, part| all | u8x16::new(*part)).move_mask() != 0 {
            break;
        }
        rest = next;
    }
    while let Some((block, next)) = rest.split_first_chunk::<16>() {
        let others = u8x16::new(*block).move_mask();
        if others != 0 {
            return rest.get(others.trailing_zeros() as usize..).unwrap_or_default();
        }
        rest = next;
    }
    let plain = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
    rest.get(plain..).unwrap_or_default()
}

fn stop(byte: u8) -> bool {
    byte == b'"' || byte == b'\\' || byte < 0x20
}

/// A text that is looked for whatever the case of its letters, which are [`two_cases`].
#[derive(Debug)]
pub(super) struct Caseless {
    /// In lower case.
    text: Box<[u8]>,
    /// The longest part of it that has no letters, and where it stands: it can be looked for as it is.
    anchor: Option<(usize, memmem::Finder<'static>)>,
    /// Its two rarest bytes: where they stand, and what they are with the bit set that lower case has.
    rare: [(usize, u8); 2],
}

/// The letters from frequent to rare, in English; other bytes are rarer still.
const FREQUENT: &[u8] = b"etaoinsrhldcumfpgwybvkxjqz";

/// How many bytes are looked at together: a bit of a word for each.
const BLOCK: usize = 64;

/// An anchor of fewer bytes is met too often.
const SHORTEST_ANCHOR: usize = 2;

/// Whether the upper and the lower case of a character differ in one bit of one byte, that of ASCII, and no other
/// character is made either of them. Most letters of Latin-1 are like that in UTF-8. A `k` may come of a Kelvin sign, an
/// `i` of a dotted one, an `å` of an Ångström sign.
pub(super) fn two_cases(c: char) -> bool {
    match c {
        'k' | 'K' | 'i' | 'I' | 'å' | 'Å' | '×' | '÷' => false,
        'À'..='Þ' | 'à'..='þ' => true,
        _ => c.is_ascii(),
    }
}

impl Caseless {
    pub(super) fn new(text: &str) -> Self {
        let text = text.to_lowercase().into_bytes();
        let runs = text.split(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii());
        let run = runs.max_by_key(|run| run.len()).filter(|run| run.len() >= SHORTEST_ANCHOR);
        let anchor = run.and_then(|run| {
            let finder = memmem::Finder::new(run).into_owned();
            Some((finder.find(&text)?, finder))
        });
        let rank = |byte: u8| FREQUENT.iter().position(|&frequent| frequent == byte).unwrap_or(FREQUENT.len());
        let mut places: Vec<(usize, u8)> = text.iter().copied().enumerate().collect();
        places.sort_by_key(|&(_, byte)| std::cmp::Reverse(rank(byte)));
        let first = places.first().copied().unwrap_or_default();
        // Twice the same byte is met in numbers more often than two.
        let second = places.iter().find(|place| place.1 != first.1).or(places.get(1)).copied().unwrap_or(first);
        Self { rare: [first, second].map(|(at, byte)| (at, byte | 0x20)), text: text.into(), anchor }
    }

    /// Whether the text is in there.
    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        let Some(last) = bytes.len().checked_sub(self.text.len()) else { return false };
        if let Some((before, anchor)) = &self.anchor {
            return self.stands_around(bytes, *before, anchor);
        }
        let [(first, one), (second, other)] = self.rare;
        let block = |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>);
        let mut at = 0;
        while let (Some(left), Some(right)) = (block(at + first), block(at + second)) {
            let mut places = both(left, one, right, other);
            while places != 0 {
                if self.stands_at(bytes, at + places.trailing_zeros() as usize) {
                    return true;
                }
                places &= places - 1;
            }
            at += BLOCK;
        }
        (at..=last).any(|at| self.stands_at(bytes, at))
    }

    /// Whether the text stands around one of the places of its anchor, which so many bytes stand before.
    fn stands_around(&self, bytes: &[u8], before: usize, anchor: &memmem::Finder<'_>) -> bool {
        let mut from = before;
        while let Some(at) = bytes.get(from..).and_then(|rest| anchor.find(rest)) {
            if self.stands_at(bytes, from + at - before) {
                return true;
            }
            // The next one may begin within this one.
            from += at + 1;
        }
        false
    }

    fn stands_at(&self, bytes: &[u8], at: usize) -> bool {
        let alike = |(there, here): (&u8, &u8)| {
            there.eq_ignore_ascii_case(here) || !here.is_ascii() && there | 0x20 == here | 0x20
        };
        bytes.get(at..at + self.text.len()).is_some_and(|there| there.iter().zip(&self.text).all(alike))
    }
}

/// Where `left` has `one` and `right` has `other`, but for the bit of lower case: a bit for each byte, the first lowest.
#[inline]
fn both(left: &[u8; BLOCK], one: u8, right: &[u8; BLOCK], other: u8) -> u64 {
    let has = |bytes: &[u8; 16], byte: u8| (u8x16::new(*bytes) | u8x16::new([0x20; 16])).cmp_eq(u8x16::new([byte; 16]));
    let (left, _) = left.as_chunks::<16>();
    let (right, _) = right.as_chunks::<16>();
    let pairs = left.iter().zip(right).enumerate();
    pairs.fold(0, |places, (i, (left, right))| {
        places | ((has(left, one) & has(right, other)).move_mask() as u64) << (16 * i)
    })
}

#[cfg(test)]
mod tests {
    use super::{Caseless, behind_digits, behind_plain, has_exponent, is_utf8, stop};

    #[test]
    fn the_first_stop_is_found_at_every_place() {
        for byte in 0..=u8::MAX {
            for length in [0, 1, 15, 16, 17, 40] {
                for at in 0..length {
                    let mut text = vec![b'x'; length];
                    text[at] = byte;
                    let plain = if stop(byte) { at } else { length };
                    assert_eq!(behind_plain(&text), &text[plain..], "{byte} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn the_first_byte_that_is_no_digit_is_found_at_every_place() {
        for byte in 0..=u8::MAX {
            for length in [0, 1, 15, 16, 17, 40] {
                for at in 0..length {
                    let mut text = vec![b'0' + (at % 10) as u8; length];
                    text[at] = byte;
                    let digits = if byte.is_ascii_digit() { length } else { at };
                    assert_eq!(behind_digits(&text), &text[digits..], "{byte} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn an_exponent_is_found_at_every_place_and_only_behind_a_number() {
        for length in [1, 15, 16, 17, 40] {
            for at in 0..=length {
                for number in ["1e5", "-1.50E+2", "100e-1"] {
                    for before in [":", ",", "[", " "] {
                        let mut text = "x".repeat(length);
                        text.insert_str(at, &format!("{before}{number}"));
                        assert!(has_exponent(text.as_bytes()), "{text}");
                        text.insert(at + before.len(), 'a');
                        assert!(!has_exponent(text.as_bytes()), "{text}");
                    }
                    assert!(has_exponent(number.as_bytes()));
                }
            }
        }
        for text in ["", "e", "1", "5e", "e5", ":e5", ":\"3e5\"", "\"9f3e5d2e-1e5a\""] {
            assert_eq!(has_exponent(text.as_bytes()), text == "5e", "{text}");
        }
    }

    #[test]
    fn utf8_is_what_the_standard_library_says_wherever_it_stands() {
        let pieces: [&[u8]; 9] = [
            "é".as_bytes(),
            "日本".as_bytes(),
            "\u{10ffff}x".as_bytes(),
            b"\xc3",
            b"\xa9",
            b"\xc3x\xa9",
            b"\xed\xa0\x80",
            b"\xf0\x9f\x98",
            b"\xc0\x80",
        ];
        for length in [0, 1, 15, 16, 17, 63, 64, 65, 150] {
            for at in 0..=length {
                for piece in pieces {
                    let mut text = vec![b'x'; length];
                    assert!(is_utf8(&text));
                    text.splice(at..at, piece.iter().copied());
                    assert_eq!(is_utf8(&text), std::str::from_utf8(&text).is_ok(), "{piece:?} at {at} of {length}");
                    text.splice(at..at, "ö".bytes());
                    assert_eq!(is_utf8(&text), std::str::from_utf8(&text).is_ok(), "{piece:?} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn a_caseless_text_is_found_at_every_place_and_nowhere_else() {
        let texts =
            ["a", "aa", "re", "c77@", "77a", "Refund", "blöd", "ÀÉñö", "100%", "a-long text of more than sixteen"];
        for text in texts {
            let caseless = Caseless::new(text);
            for length in [0, 1, 63, 64, 65, 150] {
                for at in 0..=length {
                    let mut bytes = vec![b'z'; length];
                    assert!(!caseless.is_in(&bytes));
                    bytes.splice(at..at, text.to_uppercase().bytes());
                    assert!(caseless.is_in(&bytes), "{text} at {at} of {length}");
                    bytes[at] = b'!';
                    assert!(!caseless.is_in(&bytes), "{text} spoilt at {at} of {length}");
                }
            }
        }
        assert!(Caseless::new("77a").is_in(b"z777Az"), "within another place of its anchor");
        assert!(!Caseless::new("c77@").is_in(b"77@"), "cut off in front");
    }
}
