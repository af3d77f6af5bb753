//! Texts in lines for a screen.

/// Lines of fewer columns are not broken between words: that would leave one word a line.
const NARROWEST: usize = 20;

/// A text in lines of at most `width` columns, broken at blanks; one line at least. A longer word stays whole; where
/// there is no room for words at all, nothing is broken.
pub(crate) fn wrapped(text: &str, width: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let line = if width < NARROWEST { text } else { first_line(text, width) };
        rest = text.get(line.len()..).map(|rest| rest.trim_start_matches(' ')).filter(|rest| !rest.is_empty());
        Some(line)
    })
}

/// As many words of a text as a line has room for, one at least.
fn first_line(text: &str, room: usize) -> &str {
    // Where the text goes on behind what there is room for.
    let end = if text.is_ascii() { Some(room) } else { text.char_indices().nth(room).map(|(end, _)| end) };
    let Some(behind) = end.and_then(|end| text.get(end..)).filter(|behind| !behind.is_empty()) else { return text };
    let head = text.get(..text.len() - behind.len()).unwrap_or_default();
    let cut = if behind.starts_with(' ') { Some(head.len()) } else { head.rfind(' ') };
    cut.or_else(|| text.find(' ')).and_then(|cut| text.get(..cut)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: usize) -> Vec<&str> {
        wrapped(text, width).collect()
    }

    #[test]
    fn lines_break_at_blanks() {
        assert_eq!(lines(&"word ".repeat(9), 24), ["word word word word word", "word word word word "]);
        assert_eq!(lines("größer als je und je und je", 22), ["größer als je und je", "und je"]);
        let long = "x".repeat(30);
        assert_eq!(lines(&format!("a {long} b"), 20), ["a", &long, "b"]);
    }

    #[test]
    fn blanks_within_a_line_stay() {
        assert_eq!(lines("a  b", 80), ["a  b"]);
        assert_eq!(lines("  a b", 80), ["  a b"]);
        assert_eq!(lines("", 80), [""]);
    }

    #[test]
    fn nothing_is_broken_where_there_is_no_room() {
        assert_eq!(lines("a b c d e f g h i j k l m n", 12), ["a b c d e f g h i j k l m n"]);
    }
}
