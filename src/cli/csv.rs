//! CSV as RFC 4180 has it, but for the lines' ends, which are line feeds alone.

use std::borrow::Cow;
use std::io::{self, Write};

use super::output::printable;

/// A row as it is written, field by field: of a long text no copy is made.
pub(super) struct Row<'w, W> {
    out: &'w mut W,
    /// Whether somebody reads it from a screen. A file has what a text says; a screen would act on it.
    on_screen: bool,
    begun: bool,
}

impl<'w, W: Write> Row<'w, W> {
    pub(super) fn new(out: &'w mut W, on_screen: bool) -> Self {
        Self { out, on_screen, begun: false }
    }

    /// Writes one text as the next field.
    pub(super) fn text(&mut self, text: &str) -> io::Result<()> {
        self.list(std::iter::once(text))
    }

    /// Writes some texts with commas between them as the next field.
    pub(super) fn list<'a>(&mut self, texts: impl Iterator<Item = &'a str> + Clone) -> io::Result<()> {
        if self.begun {
            self.out.write_all(b",")?;
        }
        self.begun = true;
        let on_screen = self.on_screen;
        let shown = |text| if on_screen { Cow::Owned(printable(text)) } else { Cow::Borrowed(text) };
        // Several have commas between them.
        if texts.clone().nth(1).is_none() && !texts.clone().any(needs_quotes) {
            return texts.map(shown).try_for_each(|text| self.out.write_all(text.as_bytes()));
        }
        self.out.write_all(b"\"")?;
        for (i, text) in texts.map(shown).enumerate() {
            self.out.write_all(if i == 0 { b"" } else { b"," })?;
            for (i, part) in text.split('"').enumerate() {
                self.out.write_all(if i == 0 { b"" } else { b"\"\"" })?;
                self.out.write_all(part.as_bytes())?;
            }
        }
        self.out.write_all(b"\"")
    }

    pub(super) fn end(self) -> io::Result<()> {
        self.out.write_all(b"\n")
    }
}

fn needs_quotes(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(fields: &[&[&str]], on_screen: bool) -> String {
        let mut out = Vec::new();
        let mut row = Row::new(&mut out, on_screen);
        fields.iter().for_each(|field| row.list(field.iter().copied()).unwrap());
        row.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    /// Another writer is the judge.
    #[test]
    fn a_field_is_quoted_where_it_must_be() {
        let texts = [
            "",
            "a",
            "two words",
            "a,b",
            ",",
            "\"",
            "\"\"",
            "say \"no\"",
            "\n",
            "\r",
            "a\r\nb",
            "#x",
            "\u{e9}",
            "'",
            "\t",
        ];
        for first in texts {
            for last in texts {
                let mut judge = csv::Writer::from_writer(Vec::new());
                judge.write_record([first, &format!("{first},{last}"), last]).unwrap();
                let expected = String::from_utf8(judge.into_inner().unwrap()).unwrap();
                assert_eq!(written(&[&[first], &[first, last], &[last]], false), expected);
            }
        }
        assert_eq!(written(&[&[], &["a"], &[]], false), ",a,\n");
    }

    #[test]
    fn a_screen_is_not_told_to_do_anything() {
        assert_eq!(written(&[&["\u{1b}[2J"], &["a\nb", "c"]], true), " [2J,\"a b,c\"\n");
    }
}
