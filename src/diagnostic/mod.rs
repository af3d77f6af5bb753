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
///
/// ```
/// use cwql::{Code, Severity};
///
/// let text = "status = open AND prioritty = high";
/// let problems = cwql::compile(text, &cwql::Schema::default()).unwrap_err();
/// let problem = problems.iter().next().unwrap();
/// assert_eq!((problem.code, problem.severity()), (Code::UnknownAttribute, Severity::Error));
/// assert_eq!(problem.message, "there is no attribute `prioritty`");
/// assert_eq!(problem.labels[0].text, "no such attribute");
/// assert_eq!(problem.span().of(text), "prioritty");
/// assert!(problem.help.as_ref().unwrap().starts_with("perhaps `priority`"));
/// ```
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
    /// What helps in the program besides.
    pub(crate) in_program: Option<InProgram>,
}

/// What helps besides where the program is at hand, which has the words for it: who calls the library has neither its
/// commands nor its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InProgram {
    /// It lists the attributes.
    Attributes,
    /// It lists those that are not the account's own.
    OtherAttributes,
    /// It writes the account's names to a file, and reads them.
    Names,
    /// The same of the definitions of custom attributes.
    Definitions,
    /// Dates roll because it was told so.
    NotRolling,
    /// It ends with so many conversations.
    Limit,
    /// It shows which part of a query takes many pages, and ends earlier.
    FewerPages,
    /// It lists conversations of every state.
    ListAll,
    /// It lists those that mention the user.
    ListMentions,
    /// It lists those that the user takes part in.
    ListParticipating,
    /// It searches all messages.
    Search,
    /// It sorts a list, and cuts it.
    Order,
    /// It reads payloads back.
    Decompile,
    /// The same, where that is what is meant.
    DecompileThis,
    /// Another one takes a list apart.
    FirstOfList,
    /// It does what a query says and a payload cannot.
    Run,
    /// The same, and shows how.
    RunAndExplain,
}

/// A place in the query's text and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is said of it.
    pub text: String,
}

/// A replacement of a part of the query's text.
///
/// ```
/// let text = "status = pendng";
/// let problems = cwql::compile(text, &cwql::Schema::default()).unwrap_err();
/// let fix = problems.iter().next().and_then(|problem| problem.fix.as_ref()).unwrap();
/// assert_eq!((fix.span.of(text), &*fix.replacement), ("pendng", "pending"));
/// assert_eq!(fix.apply(text).as_deref(), Some("status = pending"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// What is replaced.
    pub span: Span,
    /// What it becomes.
    pub replacement: String,
}

impl Fix {
    /// The text with the replacement made; `None` if it has no such place.
    #[must_use]
    pub fn apply(&self, text: &str) -> Option<String> {
        let (before, behind) = (text.get(..self.span.start as usize)?, text.get(self.span.end as usize..)?);
        Some(format!("{before}{}{behind}", self.replacement))
    }
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
    pub(crate) fn in_program(mut self, help: InProgram) -> Self {
        self.in_program = Some(help);
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
    /// What the text is.
    name: &'static str,
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Sorts the problems by their place.
    pub(crate) fn new(text: &str, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(|diagnostic| (diagnostic.span(), diagnostic.code));
        // One mistake may be met by two productions; its place and code are the same.
        list.dedup_by(|a, b| a.code == b.code && a.span() == b.span());
        // Without a problem nobody asks for the text.
        Self { text: if list.is_empty() { String::new() } else { text.to_owned() }, name: "query", list }
    }

    /// The same, of a text that is a payload.
    pub(crate) fn of_payload(self) -> Self {
        Self { name: "payload", ..self }
    }

    /// Adds a problem of the same text.
    pub(crate) fn add(&mut self, text: &str, problem: Diagnostic) {
        let mut list = std::mem::take(&mut self.list);
        list.push(problem);
        *self = Self { name: self.name, ..Self::new(text, list) };
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

    /// The text with the correction of every error; `None` where there is no error, where one of them has no correction, or
    /// where two are corrected at the same place. A correction is what was most likely meant: whoever wrote the query looks at
    /// it before it is run.
    ///
    /// ```
    /// let text = "status = opne AND team = 8 AND prioritty = high";
    /// let problems = cwql::compile(text, &cwql::Schema::default()).unwrap_err();
    /// assert_eq!(problems.corrected().as_deref(), Some("status = open AND team = 8 AND priority = high"));
    /// ```
    #[must_use]
    pub fn corrected(&self) -> Option<String> {
        let errors = self.iter().filter(|problem| problem.severity() == Severity::Error);
        let mut fixes: Vec<&Fix> = errors.map(|problem| problem.fix.as_ref()).collect::<Option<_>>()?;
        // One change may mend several.
        fixes.sort_by_key(|fix| fix.span);
        fixes.dedup();
        let are_apart = fixes.is_sorted_by(|one, next| one.span.end <= next.span.start && one.span != next.span);
        (!fixes.is_empty() && are_apart).then(|| applied(&self.text, fixes))
    }

    /// Keeps the problems for which `keep` holds.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(keep);
    }

    /// Changes what is said of each problem.
    #[cfg(feature = "cli")]
    pub(crate) fn iter_mut(&mut self) -> std::slice::IterMut<'_, Diagnostic> {
        self.list.iter_mut()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(Format::Plain, self.name).trim_end())
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

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_corrected_whole_is_not_corrected() {
        let of = |fixes: &[Option<(u32, u32)>]| {
            let problem = |fix: &Option<(u32, u32)>| {
                let span = fix.map_or(Span::at(9), |(start, end)| Span::new(start, end));
                let problem = Diagnostic::new(Code::UnknownValue, span, "", "");
                if fix.is_some() { problem.fix(span, "x") } else { problem }
            };
            Diagnostics::new("0123456789", fixes.iter().map(problem).collect()).corrected()
        };
        assert_eq!(of(&[Some((1, 3)), Some((3, 5))]).as_deref(), Some("0xx56789"));
        assert_eq!(of(&[Some((1, 3)), None]), None);
        assert_eq!(of(&[Some((1, 4)), Some((3, 5))]), None);
        assert_eq!(of(&[]), None);
        // What is merely warned of is not changed.
        let warned = Diagnostic::new(Code::NullDropped, Span::new(1, 2), "", "").fix(Span::new(1, 2), "x");
        assert_eq!(Diagnostics::new("0123456789", vec![warned]).corrected(), None);
    }

    #[test]
    fn a_correction_is_made_where_the_text_has_its_place() {
        let fix = |start, end| Fix { span: Span::new(start, end), replacement: "x".to_owned() };
        assert_eq!(fix(1, 2).apply("abc").as_deref(), Some("axc"));
        assert_eq!(fix(3, 3).apply("abc").as_deref(), Some("abcx"));
        assert_eq!(fix(2, 4).apply("abc"), None);
        assert_eq!(fix(1, 2).apply("aé"), None);
    }
}
