//! Source text: byte [`Span`]s and the line index that turns them into places a person reads.

mod bytes;
#[cfg(feature = "sandbox")]
mod json;
mod lines;

pub(crate) use bytes::{as_pattern, has_any, has_control_or, is_digits};
#[cfg(feature = "sandbox")]
pub(crate) use json::in_words;
pub(crate) use lines::wrapped;

/// The mark that some programs put before UTF-8 text. It is no part of it.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A half-open range of byte offsets into a query's text.
///
/// ```
/// let span = cwql::Span::new(0, 6);
/// assert_eq!(span.of("status = open"), "status");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` to `end`, both byte offsets.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The empty range at `offset`: a place between two characters.
    #[must_use]
    pub const fn at(offset: u32) -> Self {
        Self { start: offset, end: offset }
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies within this range.
    #[must_use]
    pub fn encloses(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The text that the range covers; empty if the range does not lie on character boundaries of `text`.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// The bytes that the range covers.
    pub(crate) fn bytes_of(self, text: &str) -> &[u8] {
        text.as_bytes().get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// Number of bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// Whether the range covers nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }
}

/// A place in a text as editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// 1-based line.
    pub line: u32,
    /// 1-based column, counted in characters (Unicode scalar values).
    pub column: u32,
}

/// Finds lines and columns of byte offsets in one text.
#[derive(Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    /// Byte offset of each line's first character.
    starts: Vec<u32>,
    /// How many characters begin before each [`STRIDE`] bytes: a long line is not counted from its start each time.
    counts: Vec<usize>,
}

/// Bytes between two counts of characters.
const STRIDE: usize = 256;

/// How many characters begin in these bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

impl<'a> LineIndex<'a> {
    /// Indexes the lines of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut starts = vec![0];
        for (offset, byte) in (0u32..).zip(text.bytes()) {
            if byte == b'\n' {
                starts.push(offset + 1);
            }
        }
        let mut counted = 0;
        let count = |chunk| {
            let before = counted;
            counted += characters(chunk);
            before
        };
        let counts = text.as_bytes().chunks(STRIDE).map(count).collect();
        Self { text, starts, counts }
    }

    /// The line and column of a byte offset; an offset past the end is the place after the last character.
    ///
    /// ```
    /// let index = cwql::LineIndex::new("team = 8\nAND é = 1");
    /// let place = index.position(15); // after the two bytes of `é`
    /// assert_eq!((place.line, place.column), (2, 6));
    /// ```
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0) as usize;
        let end = (offset as usize).min(self.text.len());
        let column = self.characters_before(end).saturating_sub(self.characters_before(start));
        Position { line: line as u32, column: column as u32 + 1 }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let stride = (offset / STRIDE).min(self.counts.len().saturating_sub(1));
        let rest = self.text.as_bytes().get(stride * STRIDE..offset).unwrap_or_default();
        self.counts.get(stride).copied().unwrap_or_default() + characters(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let index = LineIndex::new("équipe = \"漢字\" x");
        assert_eq!(index.position(0), Position { line: 1, column: 1 });
        assert_eq!(index.position(2), Position { line: 1, column: 2 });
        // after `équipe = "漢字" `: 7 + 3 + 2 + 2 characters
        assert_eq!(index.position(19), Position { line: 1, column: 15 });
    }

    #[test]
    fn columns_of_long_lines_are_those_of_short_ones() {
        let text = format!("a\n{}\n{}", "é漢x".repeat(300), "ü".repeat(700));
        let index = LineIndex::new(&text);
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let line = text[..offset].rsplit('\n').next().unwrap();
            assert_eq!(index.position(offset as u32).column as usize, line.chars().count() + 1, "{offset}");
        }
    }

    #[test]
    fn an_offset_past_the_end_is_after_the_last_character() {
        let index = LineIndex::new("ab\n");
        assert_eq!(index.position(3), Position { line: 2, column: 1 });
        assert_eq!(index.position(99), Position { line: 2, column: 1 });
    }
}
