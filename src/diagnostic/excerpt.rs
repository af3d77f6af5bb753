//! The part of the query's text that is drawn with a diagnostic.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::source::{LineIndex, Span};

/// A line of more bytes than this is not drawn whole: miette's own excerpts are whole lines, which for a query
/// from a program are the whole query, and it panics on columns beyond 65,535.
const LONG: usize = 400;

/// How many bytes of a long line are drawn on each side of a label.
const AROUND: usize = 32;

/// The longest label that is underlined whole.
const LABEL: usize = 200;

/// The text as miette reads it. Its own reader counts columns in bytes; this one counts as [`LineIndex`] does.
#[derive(Debug)]
pub(super) struct Excerpt<'a> {
    name: &'a str,
    text: &'a str,
    index: LineIndex<'a>,
}

impl<'a> Excerpt<'a> {
    /// `text` ends with a line end, because miette draws no label at or past the end of the text.
    pub(super) fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, index: LineIndex::new(text) }
    }

    /// The part of a label that is underlined.
    pub(super) fn label(&self, span: Span) -> std::ops::Range<usize> {
        let (start, end) = (span.start as usize, span.end as usize);
        start..if end - start > LABEL { self.border(start + LABEL) } else { end }
    }

    /// The last border between characters up to `at`.
    fn border(&self, at: usize) -> usize {
        (0..=at.min(self.text.len())).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or(0)
    }

    /// The lines that hold the range, and so many before and behind it.
    fn lines(&self, start: usize, end: usize, before: usize, after: usize) -> (usize, usize) {
        let line_start = |at: usize| self.text.get(..at).and_then(|text| text.rfind('\n')).map_or(0, |at| at + 1);
        let line_end = |at: usize| {
            self.text.get(at..).and_then(|text| text.find('\n')).map_or(self.text.len(), |found| at + found + 1)
        };
        let mut from = line_start(start);
        for _ in 0..before {
            from = line_start(from.saturating_sub(1));
        }
        // A label that ends behind a line end does not touch the next line.
        let mut to = line_end(if end > start { end - 1 } else { end });
        for _ in 0..after {
            to = line_end(to);
        }
        (from, to)
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        if self.text.get(start..end).is_none() {
            return Err(MietteError::OutOfBounds);
        }
        let (mut from, mut to) = (start, end);
        if before + after > 0 {
            (from, to) = self.lines(start, end, before, after);
            let long = |text: &str| text.len() > LONG && text.split('\n').any(|line| line.len() > LONG);
            if self.text.get(from..to).is_some_and(long) {
                let (first, last) = self.lines(start, end, 0, 0);
                from = first.max(self.border(start.saturating_sub(AROUND)));
                to = last.min(self.border(end + AROUND));
            }
            // miette asks whether two labels can be drawn together: not over a whole long line.
            if end - start > LABEL && to - from > LONG {
                return Err(MietteError::OutOfBounds);
            }
        }
        let data = self.text.get(from..to).unwrap_or_default();
        let place = self.index.position(u32::try_from(from).unwrap_or(u32::MAX));
        let lines = data.bytes().filter(|&byte| byte == b'\n').count();
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.to_owned(),
            data.as_bytes(),
            (from, to - from).into(),
            place.line as usize - 1,
            place.column as usize - 1,
            lines,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(excerpt: &Excerpt<'_>, start: usize, end: usize) -> String {
        let contents = excerpt.read_span(&(start, end - start).into(), 1, 1).unwrap();
        String::from_utf8(contents.data().to_vec()).unwrap()
    }

    #[test]
    fn short_lines_are_whole_with_a_line_on_each_side() {
        let text = "a\nbb\nccc\ndd\ne\n";
        let excerpt = Excerpt::new("query", text);
        assert_eq!(read(&excerpt, 6, 7), "bb\nccc\ndd\n");
        assert_eq!(read(&excerpt, 0, 1), "a\nbb\n");
        assert_eq!(read(&excerpt, 14, 14), "e\n");
    }

    #[test]
    fn a_long_line_is_cut_around_the_label() {
        let text = format!("{}é = 1{}\n", "ü".repeat(1000), "ö".repeat(1000));
        let excerpt = Excerpt::new("query", &text);
        assert_eq!(read(&excerpt, 2000, 2002), format!("{}é = 1{}", "ü".repeat(16), "ö".repeat(14)));
        let contents = excerpt.read_span(&(2000, 2).into(), 0, 0).unwrap();
        assert_eq!((contents.line(), contents.column()), (0, 1000));
    }
}
