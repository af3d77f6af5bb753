//! Tables for people, printed in parts where there are many rows.

use std::io::{self, IsTerminal as _};

use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, Width, presets};
use unicode_width::UnicodeWidthStr as _;

use super::context::{Context, stdout_width};

/// How wide a word may be that is not broken, and a cell that must stay on its line.
const UNBROKEN: usize = 28;

/// What makes a title bold, and what ends it.
const BOLD: (&str, &str) = ("\x1b[1m", "\x1b[0m");

/// The blanks between two columns.
const GAP: usize = 2;

/// A table without lines, as wide as the terminal allows; cells of the columns `whole` stay on one line, the others
/// break between words. Where there is no room for a word of each, the columns `spare` are left out, the first one first.
pub(super) struct Table<const N: usize> {
    titles: [&'static str; N],
    whole: &'static [usize],
    spare: &'static [usize],
    /// Which columns are left out.
    hidden: [bool; N],
    limit: Option<u16>,
    bold: bool,
    /// How wide the columns of what is printed are, if each of its rows is a line.
    widths: [usize; N],
    /// Whether the titles are printed.
    begun: bool,
}

impl<const N: usize> Table<N> {
    /// A table on standard output.
    pub(super) fn new(
        titles: [&'static str; N],
        whole: &'static [usize],
        spare: &'static [usize],
        context: &Context,
    ) -> Self {
        Self { spare, ..Self::within(titles, whole, stdout_width(), context.colors(io::stdout().is_terminal())) }
    }

    fn within(titles: [&'static str; N], whole: &'static [usize], limit: Option<u16>, bold: bool) -> Self {
        Self { titles, whole, spare: &[], hidden: [false; N], limit, bold, widths: [0; N], begun: false }
    }

    /// The titles of the columns that the terminal had no room for.
    pub(super) fn left_out(&self) -> Vec<&'static str> {
        self.titles.into_iter().zip(self.hidden).filter(|(_, hidden)| *hidden).map(|(title, _)| title).collect()
    }

    /// The next rows, under the titles if they are the first. Columns stay as wide as they were, or become wider.
    pub(super) fn next(&mut self, rows: &[[String; N]]) -> String {
        let mut widths = self.fitting(rows);
        // The parts of a table have the columns of the first.
        if widths.is_none() && !self.begun && self.leave_out(rows) {
            widths = self.fitting(rows);
        }
        let text = match widths {
            Some(widths) => {
                self.widths = widths;
                self.unbroken(rows, widths)
            }
            None => self.broken(rows),
        };
        self.begun = true;
        text
    }

    /// How wide the columns are with a line for each row, if there is room for that.
    fn fitting(&self, rows: &[[String; N]]) -> Option<[usize; N]> {
        let widths = self.widths_of(rows)?;
        [widest(widths, self.widths), widths].into_iter().find(|widths| self.fits(widths))
    }

    /// Leaves out columns until no word of the others must break; whether it did.
    fn leave_out(&mut self, rows: &[[String; N]]) -> bool {
        let Some(limit) = self.limit else { return false };
        let mut least: usize = (0..N).map(|i| usize::from(self.least_width(rows, i))).sum();
        let before = least;
        for &i in self.spare {
            if least <= limit.into() {
                break;
            }
            least -= usize::from(self.least_width(rows, i));
            if let Some(hidden) = self.hidden.get_mut(i) {
                *hidden = true;
            }
        }
        least < before
    }

    /// Those of the columns' parts that are shown.
    fn shown<T>(&self, parts: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        parts.into_iter().zip(self.hidden).filter(|(_, hidden)| !hidden).map(|(part, _)| part)
    }

    /// How wide the columns must be for some rows and the titles; none if a cell has several lines.
    fn widths_of(&self, rows: &[[String; N]]) -> Option<[usize; N]> {
        let mut widths = self.titles.map(width);
        for row in rows {
            if row.iter().any(|cell| cell.contains('\n')) {
                return None;
            }
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = width(cell).max(*widest);
            }
        }
        Some(widths)
    }

    fn fits(&self, widths: &[usize; N]) -> bool {
        self.line_of(*widths) <= self.limit.unwrap_or(u16::MAX).into()
    }

    /// A line for each row. That takes a tenth of the time of the other.
    fn unbroken(&self, rows: &[[String; N]], widths: [usize; N]) -> String {
        let mut out = String::with_capacity((rows.len() + 1) * (self.line_of(widths) + 1));
        if !self.begun {
            for (title, widest) in self.shown(self.titles.iter().zip(widths)) {
                let (on, off) = if self.bold { BOLD } else { ("", "") };
                out.extend([on, title]);
                out.extend(std::iter::repeat_n(' ', widest + GAP - width(title)));
                out.push_str(off);
            }
            end_line(&mut out);
        }
        for row in rows {
            for (cell, widest) in self.shown(row.iter().zip(widths)) {
                out.push_str(cell);
                out.extend(std::iter::repeat_n(' ', widest + GAP - width(cell)));
            }
            end_line(&mut out);
        }
        out
    }

    /// Rows with cells that take several lines, where a row is wider than the terminal.
    fn broken(&self, rows: &[[String; N]]) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).force_no_tty();
        if self.bold {
            table.enforce_styling();
        }
        if !self.begun {
            let cell =
                |title| if self.bold { Cell::new(title).add_attribute(Attribute::Bold) } else { Cell::new(title) };
            table.set_header(self.shown(self.titles.map(cell)));
        }
        for row in rows {
            table.add_row(self.shown(row.iter().map(Cell::new)));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, GAP as u16));
        }
        if let Some(limit) = self.limit {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(limit);
            let least: Vec<u16> = self.shown((0..N).map(|i| self.least_width(rows, i))).collect();
            // In a very narrow terminal words must break, but for what stands first: by it a row is known.
            let unbroken = if least.iter().sum::<u16>() <= limit { N } else { 1 };
            if least.first().is_some_and(|first| *first <= limit) {
                for (column, least) in table.column_iter_mut().zip(least).take(unbroken) {
                    column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
                }
            }
        }
        let mut out = String::new();
        for line in table.lines() {
            out.push_str(&line);
            end_line(&mut out);
        }
        out
    }

    /// How wide a line of such columns is.
    fn line_of(&self, widths: [usize; N]) -> usize {
        self.shown(widths).map(|width| width + GAP).sum()
    }

    /// How wide a column must be, with its blanks, so that no word breaks, or no cell if they are `whole`.
    fn least_width(&self, rows: &[[String; N]], i: usize) -> u16 {
        let cells = rows.iter().filter_map(|row| row.get(i)).map(String::as_str).chain(self.titles.get(i).copied());
        let width = |cell: &str| {
            let words = cell.split(' ').map(str::width).max().unwrap_or_default();
            if self.whole.contains(&i) { cell.width() } else { words }
        };
        (cells.map(width).max().unwrap_or_default().min(UNBROKEN) + GAP) as u16
    }
}

fn width(cell: &str) -> usize {
    if cell.is_ascii() { cell.len() } else { cell.width() }
}

fn widest<const N: usize>(mut widths: [usize; N], others: [usize; N]) -> [usize; N] {
    widths.iter_mut().zip(others).for_each(|(width, other)| *width = other.max(*width));
    widths
}

/// Ends a line without the blanks at its end.
fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(|c: char| c.is_whitespace() && c != '\n').len());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_fits_is_the_one_that_could_break_lines() {
        let cells = [
            "",
            "a",
            "two words",
            "\u{e9}t\u{e9}",
            "\u{6f22}\u{5b57}",
            "\u{1f600}",
            "e\u{301}",
            "a long cell of words",
            " ",
            "x\ty",
        ];
        let mut compared = 0;
        for (i, first) in cells.iter().enumerate() {
            for (k, last) in cells.iter().enumerate() {
                let middle = cells[(i * 3 + k) % cells.len()];
                let rows =
                    [[*first, middle, *last], [*last, *first, ""], ["", "", ""]].map(|row| row.map(str::to_owned));
                for (rows, limit) in [(&rows[..], None), (&rows[..], Some(80)), (&rows[..], Some(30)), (&[], None)] {
                    for bold in [false, true] {
                        let mut table = Table::within(["ID", "NAME", "\u{c9}TAT"], &[0], limit, bold);
                        if table.widths_of(rows).is_some_and(|widths| table.fits(&widths)) {
                            let broken = table.broken(rows);
                            assert_eq!(table.next(rows), broken, "{rows:?} {limit:?}");
                            compared += 1;
                        }
                    }
                }
            }
        }
        assert!(compared > 600, "only {compared}");
        let fits = |cell: &str, limit| {
            let table = Table::within(["A"], &[], limit, false);
            table.widths_of(&[[cell.to_owned()]]).is_some_and(|widths| table.fits(&widths))
        };
        assert!(!fits("a\nb", None));
        assert!(!fits("12345678", Some(9)) && fits("12345678", Some(10)));
    }

    #[test]
    fn the_parts_of_a_table_are_one_table() {
        let rows = |cells: [[&str; 2]; 2]| cells.map(|row| row.map(str::to_owned));
        let mut table = Table::within(["ID", "NAME"], &[0], Some(22), false);
        assert_eq!(table.next(&rows([["1", "Ann"], ["22", "Bartholomew"]])), "ID  NAME\n1   Ann\n22  Bartholomew\n");
        // As wide as before, and wider where it must be.
        assert_eq!(table.next(&rows([["3", "Eve"], ["4", ""]])), "3   Eve\n4\n");
        assert_eq!(table.next(&rows([["55555", "Eve"], ["6", "A"]])), "55555  Eve\n6      A\n");
        assert_eq!(table.next(&rows([["7", "Eve"], ["8", "A"]])), "7      Eve\n8      A\n");
        // Not as wide as before, where that would be too wide.
        let name = "Eve van der Berg";
        assert_eq!(table.next(&rows([["9", name], ["10", "A"]])), format!("9   {name}\n10  A\n"));
        let broken = table.next(&rows([["11", "Eve van der Berg the 2nd"], ["12", "A"]]));
        assert_eq!(broken, "11  Eve van der Berg\n    the 2nd\n12  A\n");
        assert_eq!(table.next(&rows([["13", "Eve"], ["14", "A"]])), "13  Eve\n14  A\n");
    }

    /// What matters less gives way to what matters more, and words stay whole.
    #[test]
    fn columns_are_left_out_where_there_is_no_room_for_a_word_of_each() {
        let rows = [["1", "pending", "needs-follow-up, vip", "2 days ago"], ["22", "open", "-", "1 hour ago"]];
        let rows = rows.map(|row| row.map(str::to_owned));
        let table = |limit| {
            let table = Table::within(["ID", "STATUS", "LABELS", "LAST"], &[0, 1, 3], Some(limit), false);
            Table { spare: &[2, 3], ..table }
        };
        let out_of = |limit| {
            let mut table = table(limit);
            let text = table.next(&rows);
            assert!(text.lines().all(|line| line.chars().count() <= limit.into()), "{limit}:\n{text}");
            (text, table.left_out())
        };
        assert_eq!(out_of(80).1, [""; 0]);
        let (text, left_out) = out_of(44);
        assert!(text.contains("needs-follow-up,  2 days ago\n") && left_out.is_empty(), "{text}");
        let (text, left_out) = out_of(40);
        assert_eq!(
            (text.as_str(), left_out),
            ("ID  STATUS   LAST\n1   pending  2 days ago\n22  open     1 hour ago\n", vec!["LABELS"])
        );
        let (text, left_out) = out_of(20);
        assert_eq!((text.as_str(), left_out), ("ID  STATUS\n1   pending\n22  open\n", vec!["LABELS", "LAST"]));
        // What comes later has the columns that the titles name.
        let mut table = table(40);
        table.next(&rows);
        assert_eq!(table.next(&rows[..1]), "1   pending  2 days ago\n");
    }

    /// A terminal shows some characters two columns wide.
    #[test]
    fn no_word_breaks_where_there_is_room_for_all() {
        let name = "\u{5c71}\u{7530}\u{592a}\u{90ce}".repeat(2);
        let long = "many words that are all short ".repeat(4);
        let rows = [["1", &name, &long, &long].map(str::to_owned)];
        for limit in [45, 60, 80] {
            let table = Table::within(["ID", "AGENT", "MORE", "REST"], &[0], Some(limit), false).next(&rows);
            assert!(table.contains(&name), "{limit}:\n{table}");
        }
    }
}
