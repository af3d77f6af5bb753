//! Looking at the bytes of short texts, for a few of them eight at a time.

use std::borrow::Cow;

const ONES: u64 = u64::MAX / 255;
const HIGH: u64 = ONES << 7;

/// A text as a pattern of LIKE, and so of the server's `contains`, that it alone matches: the wildcards and the escape
/// character escaped.
pub(crate) fn as_pattern(text: &str) -> Cow<'_, str> {
    if !has_any(text, [b'%', b'_', b'\\']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 4);
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    Cow::Owned(escaped)
}

/// Whether a text is ASCII digits alone, at least one.
#[inline]
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether one of these bytes is in a text.
#[inline]
pub(crate) fn has_any<const N: usize>(text: &str, bytes: [u8; N]) -> bool {
    holds(text.as_bytes(), |word| any(word, bytes) != 0)
}

/// Whether one of these bytes is in a text, or one below the blank, which is a control character of ASCII.
#[inline]
pub(crate) fn has_control_or<const N: usize>(text: &str, bytes: [u8; N]) -> bool {
    holds(text.as_bytes(), |word| (less(word, b' ') | any(word, bytes)) != 0)
}

/// Of eight bytes as one number, the highest bit of each that is less than a bound of at most 128. A byte behind one
/// that is may get it too; whether there is one stays right.
#[inline]
const fn less(word: u64, bound: u8) -> u64 {
    word.wrapping_sub(ONES * bound as u64) & !word & HIGH
}

#[inline]
fn any<const N: usize>(word: u64, bytes: [u8; N]) -> u64 {
    bytes.iter().fold(0, |found, byte| found | less(word ^ (ONES * u64::from(*byte)), 1))
}

/// Whether it holds for one of the parts of eight bytes that a text is made of. The last eight, or four, may overlap
/// those before; a shorter text is filled up with a byte that is in it.
#[inline]
fn holds(text: &[u8], found: impl Fn(u64) -> bool) -> bool {
    if let Some(last) = text.last_chunk() {
        let words = text.as_chunks().0;
        return words.iter().any(|word| found(u64::from_le_bytes(*word))) || found(u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return found(u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)));
    }
    text.iter().any(|byte| found(ONES * u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for length in 0..30 {
            for at in 0..length {
                for byte in 0..0x80u8 {
                    let mut text = vec![b'x'; length];
                    text[at] = byte;
                    let text = std::str::from_utf8(&text).unwrap();
                    assert_eq!(has_any(text, [b'%', b'_']), matches!(byte, b'%' | b'_'), "{byte} at {at}");
                    let escaped = byte < b' ' || matches!(byte, b'"' | b'\\');
                    assert_eq!(has_control_or(text, [b'"', b'\\']), escaped, "{byte} at {at}");
                }
            }
            for text in ["é", "\u{80}", "漢", "😀", "\u{7ff}\u{ffff}"] {
                assert!(!has_any(&text.repeat(length), [b'%', b'_']));
                assert!(!has_control_or(&text.repeat(length), [b'"', b'\\']));
            }
        }
    }
}
