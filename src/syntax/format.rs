//! Tree → canonical text. Comments are kept; long queries are broken at AND and OR.

use std::fmt::Write as _;

use super::Parsed;
use super::spelling::{quote, write_name};
use super::tree::{Condition, Connective, Expr, Form, Operand, Operator, Value};
use crate::source::Span;

/// Queries longer than this many columns are broken over lines.
const WIDTH: usize = 80;

/// Columns of one step of indentation.
const STEP: usize = 2;

/// The canonical text of a valid query; `None` if the query has syntax errors.
///
/// One line if it fits into 80 columns and holds no comment; otherwise each operand of the outermost
/// AND or OR on a line of its own. The text ends without a line end. Formatting again changes nothing,
/// and the meaning stays.
///
/// ```
/// let parsed = cwql::parse("status=pending&&!(team==8)");
/// assert_eq!(cwql::format(&parsed).unwrap(), "status = pending AND NOT (team = 8)");
/// ```
#[must_use]
pub fn format(parsed: &Parsed<'_>) -> Option<String> {
    if !parsed.is_valid() {
        return None;
    }
    let tree = parsed.tree()?;
    let mut printer = Printer { text: parsed.text(), comments: parsed.comments(), out: String::new() };
    let whole = Span::new(0, parsed.text().len() as u32);
    printer.lines(tree, whole, 0, "");
    let kept = printer.out.trim_end().len();
    printer.out.truncate(kept);
    Some(printer.out)
}

fn write_value(value: Value, text: &str) -> String {
    match value.form {
        // Behind a blank it would begin a comment: `label=#vip` is `label = "#vip"`.
        Form::Word if value.span.of(text).starts_with('#') => quote(value.span.of(text)),
        Form::Word => value.span.of(text).to_owned(),
        Form::Quoted | Form::Words => quote(&value.text(text)),
        // `-7d` says the same of a date only.
        Form::Ago => format!("{} ago", value.text(text)),
    }
}

/// `-7d` of `7d ago` and of the `7d` behind OLDER THAN; none of what is no amount (`"a text"`, `-7d`), where a sign
/// before it would make another text of it.
fn back(amount: Value, text: &str) -> Option<String> {
    let word = amount.text(text);
    let counts = amount.form != Form::Quoted && word.starts_with(|c: char| c.is_ascii_digit());
    counts.then(|| format!("-{word}"))
}

fn write_condition(condition: &Condition, text: &str) -> String {
    let name = write_name(&condition.name.text(text));
    let value = |value: &Value| write_value(*value, text);
    match (condition.operator, &condition.operand) {
        // `OLDER THAN 7d` is the day before the last seven: `< -7d`.
        (Operator::OlderThan, Operand::One(amount)) => match back(*amount, text) {
            Some(back) => format!("{name} {} {back}", Operator::Less.as_str()),
            None => format!("{name} {} {}", Operator::OlderThan.as_str(), value(amount)),
        },
        (operator, Operand::None) => format!("{name} {}", operator.as_str()),
        (operator, Operand::One(one)) => format!("{name} {} {}", operator.as_str(), value(one)),
        (operator, Operand::Range(low, high)) => {
            format!("{name} {} {} AND {}", operator.as_str(), value(low), value(high))
        }
        (operator, Operand::List(list)) => {
            format!("{name} {} ({})", operator.as_str(), list.iter().map(value).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The expression on one line. A chain within a chain that binds tighter stands in parentheses already, as the text has
/// them.
fn write_line(expr: &Expr, text: &str, out: &mut String) {
    match expr {
        Expr::Chain { connective, operands } => {
            for (i, operand) in operands.iter().enumerate() {
                if i > 0 {
                    let _ = write!(out, " {} ", connective.as_str());
                }
                write_line(operand, text, out);
            }
        }
        Expr::Not { operand, .. } => {
            out.push_str("NOT ");
            write_line(operand, text, out);
        }
        Expr::Paren { inner, .. } => match &**inner {
            // Doubled parentheses say nothing.
            Expr::Paren { .. } => write_line(inner, text, out),
            _ => {
                out.push('(');
                write_line(inner, text, out);
                out.push(')');
            }
        },
        Expr::Condition(condition) => out.push_str(&write_condition(condition, text)),
        Expr::Error(_) => {}
    }
}

/// The part of an expression out of which no comment is moved. Comments before it go above the expression's first
/// line (those inside of a condition, too, and between NOT and what it negates), comments behind it go behind the
/// last. Were they counted as inside, formatting again would find them outside and decide otherwise on the lines.
fn core(expr: &Expr) -> Span {
    match expr {
        Expr::Condition(condition) => Span::at(condition.span.end),
        Expr::Error(span) => *span,
        Expr::Not { operand, .. } => core(operand),
        Expr::Paren { span, inner } => {
            if matches!(**inner, Expr::Paren { .. }) {
                core(inner)
            } else {
                *span
            }
        }
        Expr::Chain { operands, .. } => match (operands.first(), operands.last()) {
            (Some(first), Some(last)) => Span::new(core(first).start, core(last).end),
            _ => Span::default(),
        },
    }
}

struct Printer<'a> {
    text: &'a str,
    comments: &'a [Span],
    out: String,
}

impl<'a> Printer<'a> {
    /// Writes `expr` on lines of its own, each ended; `region` is the part of the text whose comments belong to it.
    /// `lead` is what stands before its first line: a connective, or nothing.
    fn lines(&mut self, expr: &Expr, region: Span, indent: usize, lead: &str) {
        let core = core(expr);
        if self.comments_in(core).is_empty() {
            let mut line = String::new();
            write_line(expr, self.text, &mut line);
            if indent + lead.chars().count() + line.chars().count() <= WIDTH || matches!(expr, Expr::Condition(_)) {
                self.above(Span::new(region.start, core.start), indent);
                self.line(indent, lead, &line);
                return self.behind(Span::new(core.end, region.end), indent);
            }
        }
        match expr {
            Expr::Chain { connective, operands } => self.chain(*connective, operands, region, indent, lead),
            Expr::Paren { inner, .. } if matches!(**inner, Expr::Paren { .. }) => {
                self.lines(inner, region, indent, lead)
            }
            Expr::Paren { span, inner } => self.group(*span, inner, region, indent, lead),
            Expr::Not { operand, .. } => self.lines(operand, region, indent, &format!("{lead}NOT ")),
            // A condition was written above, and an error is not formatted.
            Expr::Condition(_) | Expr::Error(_) => {}
        }
    }

    /// Writes the region's comments, each on a line of its own.
    fn above(&mut self, region: Span, indent: usize) {
        for comment in self.comments_in(region) {
            self.line(indent, "", comment.of(self.text).trim_end());
        }
    }

    fn chain(&mut self, connective: Connective, operands: &[Expr], region: Span, indent: usize, lead: &str) {
        let mut start = region.start;
        for (i, operand) in operands.iter().enumerate() {
            // Comments up to the end of this operand's last line belong to it.
            let end = match operands.get(i + 1) {
                Some(next) => self.line_end(Span::new(operand.span().end, next.span().start)),
                None => region.end,
            };
            let own = if i == 0 { lead.to_owned() } else { format!("{} ", connective.as_str()) };
            self.lines(operand, Span::new(start, end), indent, &own);
            start = end;
        }
    }

    fn group(&mut self, span: Span, inner: &Expr, region: Span, indent: usize, lead: &str) {
        self.above(Span::new(region.start, span.start), indent);
        self.line(indent, lead, "(");
        self.lines(inner, Span::new(span.start, span.end), indent + STEP, "");
        self.line(indent, "", ")");
        self.behind(Span::new(span.end, region.end), indent);
    }

    /// The comments of a region that begins where something ends: the first on its line if it was there, the others
    /// below.
    fn behind(&mut self, region: Span, indent: usize) {
        for (i, comment) in self.comments_in(region).iter().enumerate() {
            let text = comment.of(self.text).trim_end();
            if i == 0 && self.line_end(Span::new(region.start, comment.start)) == comment.start {
                self.out.truncate(self.out.trim_end().len());
                let _ = writeln!(self.out, "  {text}");
            } else {
                self.line(indent, "", text);
            }
        }
    }

    fn line(&mut self, indent: usize, lead: &str, text: &str) {
        let _ = writeln!(self.out, "{:indent$}{lead}{text}", "");
    }

    /// Comments stand in order and apart from each other, so that a search finds them: this is asked at every node.
    fn comments_in(&self, region: Span) -> &'a [Span] {
        let from = self.comments.partition_point(|comment| comment.start < region.start);
        let to = self.comments.partition_point(|comment| comment.end <= region.end);
        self.comments.get(from..to).unwrap_or_default()
    }

    /// The offset of the first line end in the region, or the region's end.
    fn line_end(&self, region: Span) -> u32 {
        let text = region.of(self.text);
        region.start + text.find('\n').unwrap_or(text.len()) as u32
    }
}
