//! The catalogue: one constructor for each diagnostic, so that wording and places are in one room.

mod habit;
mod names;
mod payload;
#[cfg(feature = "cli")]
mod server;
mod syntax;
mod values;

pub(crate) use habit::*;
pub(crate) use names::*;
pub(crate) use payload::*;
#[cfg(feature = "cli")]
pub(crate) use server::*;
pub(crate) use syntax::*;
pub(crate) use values::*;

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::spelling::{quote, write_name_value, write_value};

impl Diagnostic {
    /// The correction of what stands at a place, and the help line that shows it.
    fn write(self, place: Span, fixed: impl Into<String>) -> Self {
        self.correct("write", place, fixed.into())
    }

    /// As [`Diagnostic::write`], where something else may have been meant.
    fn perhaps(self, place: Span, fixed: impl Into<String>) -> Self {
        self.correct("perhaps", place, fixed.into())
    }

    fn correct(self, how: &str, place: Span, fixed: String) -> Self {
        self.help(format!("{how} {}", corrected(&fixed))).fix(place, fixed)
    }
}

/// A text of the user's, in backticks and shortened, for a message.
pub(crate) fn ticked(text: &str) -> String {
    shortened(text, 60)
}

/// A corrected text in backticks. It is there to be copied: only where a query is really long it is cut.
pub(crate) fn corrected(text: &str) -> String {
    shortened(text, 1000)
}

fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() > longest {
        let start: String = text.chars().take(longest - 1).collect();
        return format!("`{start}…`");
    }
    format!("`{text}`")
}

/// `a`, `b` or `c`
pub(crate) fn alternatives<S: AsRef<str>>(items: &[S]) -> String {
    let ticked: Vec<String> = items.iter().map(|item| ticked(item.as_ref())).collect();
    match ticked.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// A noun with its article.
pub(crate) fn one(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// The plural of a noun that stands for records: `agents`, `inboxes`.
pub(crate) fn plural(noun: &str) -> String {
    if noun.ends_with('x') { format!("{noun}es") } else { format!("{noun}s") }
}
