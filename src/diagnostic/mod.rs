//! Diagnostics: stable codes, one constructor for each in `catalogue`, and their rendering.
//!
//! This is the only user of miette, and it knows nothing of syntax trees.

pub(crate) mod catalogue;
mod code;
mod edits;
#[cfg(feature = "cli")]
mod excerpt;
mod render;
mod suggest;

use std::borrow::Cow;
use std::fmt;

pub use code::{Code, ParseCodeError, Severity};
pub(crate) use edits::{applied, moved_back, replaced_at};
pub use render::Format;
#[cfg(feature = "cli")]
pub(crate) use render::{acts, visible};
pub use suggest::nearest;
pub(crate) use suggest::{longer, nearest_or_longer, nearest_within};

use crate::schema::NameList;
use crate::source::Span;

/// One problem of a query, with its places in the query's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// A lower-case fragment with the user's own text in backticks.
    pub message: String,
    /// The places; the first is the one that is meant.
    pub labels: Vec<Label>,
    /// What to do, or why it is so.
    pub help: Option<String>,
    /// A replacement that mends it.
    pub fix: Option<Fix>,
    /// The list of the account that it is judged by, or that tells what is meant: where the list of a name could not be read,
    /// nobody knows whether it is so. This is for programs, and not shown.
    pub judged_by: Option<NameList>,
    /// What helps in the program besides, in the words of its commands and options: who calls the library has neither.
    pub(crate) in_program: Option<Cow<'static, str>>,
}

/// A place in the query's text and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is said of it.
    pub text: String,
}

/// A replacement of a part of the query's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub span: Span,
    /// What it becomes.
    pub replacement: String,
}

impl Diagnostic {
    /// A diagnostic with one label.
    pub(crate) fn new(code: Code, span: Span, label: impl Into<String>, message: impl Into<String>) -> Self {
        let label = Label { span, text: label.into() };
        Self {
            code,
            message: message.into(),
            labels: vec![label],
            help: None,
            fix: None,
            judged_by: None,
            in_program: None,
        }
    }

    /// Adds a second place.
    pub(crate) fn and(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Sets the help line.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets what helps in the program besides.
    pub(crate) fn in_program(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.in_program = Some(help.into());
        self
    }

    /// Sets the replacement.
    pub(crate) fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }

    /// Sets the list of the account that it was judged by.
    pub(crate) fn judged_by(mut self, list: NameList) -> Self {
        self.judged_by = Some(list);
        self
    }

    /// Whether it stops the query.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// The place that is meant.
    #[must_use]
    pub fn span(&self) -> Span {
        self.labels.first().map_or(Span::default(), |label| label.span)
    }
}

/// The problems of one query, together with its text, so that they can be shown.
///
/// ```
/// let problems = cwql::compile("status = pendng", &cwql::Schema::default()).unwrap_err();
/// let first = problems.iter().next().unwrap();
/// assert_eq!(first.code.as_str(), "cwql::unknown_value");
/// assert_eq!(first.span().of("status = pendng"), "pendng");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics {
    text: String,
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Sorts the problems by their place.
    pub(crate) fn new(text: &str, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(|diagnostic| (diagnostic.span(), diagnostic.code));
        // One mistake may be met by two productions; its place and code are the same.
        list.dedup_by(|a, b| a.code == b.code && a.span() == b.span());
        // Without a problem nobody asks for the text.
        Self { text: if list.is_empty() { String::new() } else { text.to_owned() }, list }
    }

    /// Adds a problem of the same text.
    pub(crate) fn add(&mut self, text: &str, problem: Diagnostic) {
        let mut list = std::mem::take(&mut self.list);
        list.push(problem);
        *self = Self::new(text, list);
    }

    /// The problems in the order of their places.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// Number of problems.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is no problem.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of them stops the query.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// Whether one of them has this code.
    #[must_use]
    pub fn has(&self, code: Code) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.code == code)
    }

    /// The query's text; empty if there is no problem.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Keeps the problems for which `keep` holds.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(keep);
    }

    /// The same, with what helps in the program.
    #[cfg(feature = "cli")]
    pub(crate) fn in_program(mut self) -> Self {
        for problem in &mut self.list {
            let Some(more) = problem.in_program.take() else { continue };
            problem.help = Some(match problem.help.take() {
                Some(help) if help.contains('\n') => format!("{help}\n{more}"),
                Some(help) => format!("{help}; {more}"),
                None => more.into_owned(),
            });
        }
        self
    }

    /// Changes what is said of each problem.
    #[cfg(feature = "cli")]
    pub(crate) fn iter_mut(&mut self) -> std::slice::IterMut<'_, Diagnostic> {
        self.list.iter_mut()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(Format::Plain, "query").trim_end())
    }
}

impl std::error::Error for Diagnostics {}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
