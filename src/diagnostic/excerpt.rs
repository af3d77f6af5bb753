//! The part of the query's text that is drawn with a diagnostic.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::Label;
use crate::source::{LineIndex, Span};

/// How many columns stand before a line's text, for its number and the frame.
const MARGIN: usize = 8;

/// The longest label that is underlined whole.
const LABEL: usize = 200;

/// How many columns stand between the middle of a label and what is said of it.
const HOOK: usize = 4;

/// How many columns a tab takes at most.
pub(super) const TAB: usize = 4;

/// How many columns of a line are drawn in any case.
const LEAST: usize = 24;

/// The text as miette reads it. Its own reader counts columns in bytes; this one counts as [`LineIndex`] does.
#[derive(Debug)]
pub(super) struct Excerpt<'a> {
    name: &'a str,
    text: &'a str,
    index: &'a LineIndex<'a>,
    /// The labels of the diagnostic that is drawn.
    labels: &'a [Label],
    /// How many columns of a line are drawn. Miette's own excerpts are whole lines, which the terminal would break, so that
    /// nothing stood below its place any more; and it panics on columns beyond 65,535.
    room: usize,
}

impl<'a> Excerpt<'a> {
    /// `text` ends with a line end, because miette draws no label at or past the end of the text; it is drawn with so
    /// many columns.
    pub(super) fn new(
        name: &'a str,
        text: &'a str,
        index: &'a LineIndex<'a>,
        labels: &'a [Label],
        width: usize,
    ) -> Self {
        Self { name, text, index, labels, room: width.saturating_sub(MARGIN).max(LEAST) }
    }

    /// The part of a label that is underlined.
    pub(super) fn label(&self, span: Span) -> std::ops::Range<usize> {
        let (start, end) = (span.start as usize, span.end as usize);
        let (first, last) = self.lines(start, end, 0, 0);
        let longest = if self.is_cut(first, last) { self.longest_in_cut() } else { LABEL };
        start..end.min(self.behind(start, longest))
    }

    /// Whether a line of these is too long to be drawn whole.
    fn is_cut(&self, from: usize, to: usize) -> bool {
        let is_long = |line: &str| fit(line.chars(), self.room) < line.len();
        self.text.get(from..to).is_some_and(|text| text.split('\n').any(is_long))
    }

    /// How many columns are drawn at most where a line begins at `from`, for what is said of the labels in a range.
    fn told(&self, from: usize, start: usize, end: usize) -> usize {
        let within = self.labels.iter().filter(|label| (start..=end).contains(&(label.span.start as usize)));
        let ends = within.map(|label| {
            let columns =
                |from: usize, to: usize| self.text.get(from..to).map_or(0, |text| text.chars().map(width).sum());
            let place = self.label(label.span);
            let first = from.max(self.lines(place.start, place.end, 0, 0).0);
            let middle: usize = columns(first, place.start) + columns(place.start, place.end) / 2;
            middle + HOOK + label.text.chars().map(width).sum::<usize>()
        });
        ends.max().unwrap_or_default()
    }

    /// The longest label that is underlined whole where a line is cut: what is left behind the part before it.
    fn longest_in_cut(&self) -> usize {
        self.room - self.room / 4
    }

    /// The place up to which so many columns are drawn from `at` on.
    fn behind(&self, at: usize, columns: usize) -> usize {
        at + self.text.get(at..).map_or(0, |text| fit(text.chars(), columns))
    }

    /// The place from which so many columns are drawn up to `at`.
    fn before(&self, at: usize, columns: usize) -> usize {
        at - self.text.get(..at).map_or(0, |text| fit(text.chars().rev(), columns))
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
            let (first, last) = self.lines(start, end, 0, 0);
            let is_cut = self.is_cut(from, to);
            if is_cut || self.told(first, start, end) > self.room {
                // Where the line ends, more of what is before the label is drawn.
                let before = self.before(start, self.room / 4).min(self.before(last, self.room + 1));
                from = if is_cut { first.max(before).min(start) } else { first };
                // What is said of a label stands to its right, and the whole of it is drawn.
                let mut beyond = self.told(from, start, end).saturating_sub(self.room);
                while beyond > 0
                    && let Some(c) = self.text.get(from..start).and_then(|text| text.chars().next())
                {
                    beyond = beyond.saturating_sub(width(c));
                    from += c.len_utf8();
                }
                to = last.min(end.max(self.behind(from, self.room)));
            }
            // miette asks whether two labels can be drawn together: not over a whole long line.
            if is_cut && self.behind(start, self.longest_in_cut()) < end {
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

/// How many bytes those of the first characters take that fit into so many columns.
fn fit(chars: impl Iterator<Item = char>, columns: usize) -> usize {
    let (mut bytes, mut left) = (0, columns);
    for c in chars {
        let width = width(c);
        if width > left {
            break;
        }
        left -= width;
        bytes += c.len_utf8();
    }
    bytes
}

/// How many columns a character takes at most: one of one or two bytes is no wider than one column, unless it is a tab, and
/// none is wider than two (UAX #11), so that a line is never wider than this takes it to be.
fn width(c: char) -> usize {
    match c {
        '\t' => TAB,
        c if c.len_utf8() < 3 => 1,
        _ => 2,
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
        let index = LineIndex::new(text);
        let excerpt = Excerpt::new("query", text, &index, &[], 80);
        assert_eq!(read(&excerpt, 6, 7), "bb\nccc\ndd\n");
        assert_eq!(read(&excerpt, 0, 1), "a\nbb\n");
        assert_eq!(read(&excerpt, 14, 14), "e\n");
    }

    #[test]
    fn a_long_line_is_cut_around_the_label() {
        let text = format!("{}é = 1{}\n", "ü".repeat(1000), "ö".repeat(1000));
        let index = LineIndex::new(&text);
        let excerpt = Excerpt::new("query", &text, &index, &[], 80);
        assert_eq!(read(&excerpt, 2000, 2002), format!("{}é = 1{}", "ü".repeat(18), "ö".repeat(49)));
        let contents = excerpt.read_span(&(2000, 2).into(), 0, 0).unwrap();
        assert_eq!((contents.line(), contents.column()), (0, 1000));
    }

    #[test]
    fn wide_letters_take_two_columns() {
        let text = format!("{}x{}\n", "漢".repeat(1000), "😀".repeat(1000));
        let index = LineIndex::new(&text);
        let excerpt = Excerpt::new("query", &text, &index, &[], 80);
        assert_eq!(read(&excerpt, 3000, 3001), format!("{}x{}", "漢".repeat(9), "😀".repeat(26)));
        let text = "漢漢漢漢漢漢漢漢漢漢漢漢\n";
        let index = LineIndex::new(text);
        let excerpt = Excerpt::new("query", text, &index, &[], 32);
        assert_eq!(read(&excerpt, 0, 3), "漢".repeat(12) + "\n");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let text: String = (0..200).map(|i| char::from(b'a' + i % 26)).collect::<String>() + "\n";
        for width in [40, 80, 120] {
            let index = LineIndex::new(&text);
            let excerpt = Excerpt::new("query", &text, &index, &[], width);
            for start in 0..=200 {
                let label = excerpt.label(Span::new(start, (start + 60).min(200)));
                let drawn = read(&excerpt, label.start, label.end);
                let room = width - MARGIN;
                assert!(drawn.trim_end().len() <= room && drawn.trim_end().len() + 1 >= room, "{start} {drawn}");
                assert!(text[label.clone()].is_empty() || drawn.contains(&text[label]), "{start} {drawn}");
            }
        }
    }
}
