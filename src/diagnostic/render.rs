//! Human (drawn by miette), plain (one line each) and JSON output.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::{Serialize, Serializer};

#[cfg(feature = "cli")]
use super::excerpt::{Excerpt, TAB};
use super::{Code, Diagnostic, Diagnostics, Severity};
use crate::source::{LineIndex, Span};

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Drawn with the query's text, for a terminal. Only with the feature `cli`.
    #[cfg(feature = "cli")]
    Human {
        /// Whether colours are used.
        color: bool,
        /// Width of the terminal, in columns.
        width: usize,
    },
    /// One line each: `name:line:column: severity[code]: message; help: …`.
    Plain,
    /// One JSON object: see [`Diagnostics::render`].
    Json,
}

impl Diagnostics {
    /// Writes the problems out; `name` is how the query's source is called (a file's name, or `query`).
    ///
    /// The JSON form is `{"source": name, "diagnostics": [{"code", "severity", "message", "help", "labels":
    /// [{"start", "end", "line", "column", "end_line", "end_column", "text"}], "fix": null or {"start", "end",
    /// "replacement"}}]}`: offsets in bytes, lines and columns 1-based and in characters, ends exclusive. The array alone is what
    /// [`Serialize`] gives.
    ///
    /// ```
    /// use cwql::Format;
    ///
    /// let problems = cwql::compile("status = pendng", &cwql::Schema::default()).unwrap_err();
    /// let plain = problems.render(Format::Plain, "open.cwql");
    /// assert!(plain.starts_with("open.cwql:1:10: error[cwql::unknown_value]: "));
    /// let json: serde_json::Value = serde_json::from_str(&problems.render(Format::Json, "open.cwql"))?;
    /// assert_eq!(json["diagnostics"][0]["fix"]["replacement"], "pending");
    /// assert_eq!(json["diagnostics"], serde_json::to_value(&problems)?);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn render(&self, format: Format, name: &str) -> String {
        match format {
            #[cfg(feature = "cli")]
            Format::Human { color, width } => self.human(name, color, width),
            Format::Plain => self.plain(name),
            Format::Json => self.json(name),
        }
    }

    fn plain(&self, name: &str) -> String {
        let index = LineIndex::new(&self.text);
        let mut out = String::new();
        for diagnostic in self {
            let place = index.position(diagnostic.span().start);
            let (severity, code, message) = (diagnostic.severity(), diagnostic.code, visible(&diagnostic.message));
            // Writing to a String cannot fail.
            let _ = write!(out, "{name}:{}:{}: {severity}[{code}]: {message}", place.line, place.column);
            if let Some(help) = &diagnostic.help {
                let _ = write!(out, "; help: {}", visible(help).replace('\n', " "));
            }
            out.push('\n');
        }
        out
    }

    fn json(&self, name: &str) -> String {
        let mut out = serde_json::to_string(&JsonReport { source: name, diagnostics: self }).unwrap_or_default();
        out.push('\n');
        out
    }

    #[cfg(feature = "cli")]
    fn human(&self, name: &str, color: bool, width: usize) -> String {
        let theme = if color { miette::GraphicalTheme::unicode() } else { miette::GraphicalTheme::unicode_nocolor() };
        let width = width.clamp(40, 120);
        let handler = miette::GraphicalReportHandler::new_themed(theme)
            .with_width(width)
            .with_links(false)
            .with_context_lines(1)
            .tab_width(TAB);
        // miette draws no label at or past the end of the text; one more line end gives it a place. Empty lines
        // behind the last label are not worth drawing.
        let labels = self.iter().flat_map(|diagnostic| &diagnostic.labels);
        let end = labels.map(|label| label.span.end as usize).max().unwrap_or_default();
        let end = end.max(self.text.trim_end_matches(['\n', '\r']).len());
        let text = format!("{}\n", covered(self.text.get(..end).unwrap_or(&self.text)));
        let index = LineIndex::new(&text);
        let mut out = String::new();
        for diagnostic in self {
            let source = Excerpt::new(name, &text, &index, &diagnostic.labels, width);
            let report = Drawn { diagnostic, source: &source };
            let mut drawn = String::new();
            if handler.render_report(&mut drawn, &report).is_err() {
                return self.plain(name);
            }
            if !out.is_empty() {
                out.push('\n');
            }
            for line in drawn.trim_matches('\n').lines() {
                out.push_str(line.trim_end());
                out.push('\n');
            }
        }
        out
    }
}

/// Whether a terminal acts on a character, or shows others in another order because of it.
pub(crate) fn acts(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text without characters that a terminal acts on: what stands in a query, or is called so in the account, may come
/// from anybody. Line ends stay.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let acts = |c: char| acts(c) && c != '\n';
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let escaped = |c: char| if acts(c) { c.escape_default().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(escaped).collect())
}

/// The same for the text that is drawn, in which each character keeps its place: line ends and tabs stay, others are
/// replaced by one of as many bytes.
#[cfg(feature = "cli")]
fn covered(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let stays = match c {
            '\n' | '\t' => true,
            '\r' => rest.peek() == Some(&'\n'),
            _ => !acts(c),
        };
        shown.push(match c.len_utf8() {
            _ if stays => c,
            1 => '?',
            2 => '¿',
            _ => char::REPLACEMENT_CHARACTER,
        });
    }
    shown
}

#[derive(Serialize)]
struct JsonReport<'a> {
    source: &'a str,
    diagnostics: &'a Diagnostics,
}

/// The array that the JSON of [`Diagnostics::render`] has as `diagnostics`.
impl Serialize for Diagnostics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let index = LineIndex::new(&self.text);
        serializer.collect_seq(self.iter().map(|problem| JsonDiagnostic::new(problem, &index)))
    }
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    code: Code,
    severity: Severity,
    message: &'a str,
    help: Option<&'a str>,
    labels: Vec<JsonLabel<'a>>,
    fix: Option<JsonFix<'a>>,
}

#[derive(Serialize)]
struct JsonLabel<'a> {
    start: u32,
    end: u32,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    start: u32,
    end: u32,
    replacement: &'a str,
}

impl<'a> JsonDiagnostic<'a> {
    fn new(diagnostic: &'a Diagnostic, index: &LineIndex<'_>) -> Self {
        let label = |span: Span, text: &'a str| {
            let (from, to) = (index.position(span.start), index.position(span.end));
            JsonLabel {
                start: span.start,
                end: span.end,
                line: from.line,
                column: from.column,
                end_line: to.line,
                end_column: to.column,
                text,
            }
        };
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity(),
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
            labels: diagnostic.labels.iter().map(|l| label(l.span, &l.text)).collect(),
            fix: diagnostic.fix.as_ref().map(|fix| JsonFix {
                start: fix.span.start,
                end: fix.span.end,
                replacement: &fix.replacement,
            }),
        }
    }
}

/// A diagnostic as miette wants it.
#[cfg(feature = "cli")]
struct Drawn<'a> {
    diagnostic: &'a Diagnostic,
    source: &'a Excerpt<'a>,
}

#[cfg(feature = "cli")]
impl std::fmt::Debug for Drawn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

#[cfg(feature = "cli")]
impl std::fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&visible(&self.diagnostic.message))
    }
}

#[cfg(feature = "cli")]
impl std::error::Error for Drawn<'_> {}

#[cfg(feature = "cli")]
impl miette::Diagnostic for Drawn<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity() {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.diagnostic.help.as_deref().map(|help| Box::new(visible(help)) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        Some(Box::new(self.diagnostic.labels.iter().enumerate().map(|(i, label)| {
            let text = Some(visible(&label.text).into_owned()).filter(|text| !text.is_empty());
            let range = self.source.label(label.span);
            if i == 0 {
                miette::LabeledSpan::new_primary_with_span(text, range)
            } else {
                miette::LabeledSpan::new_with_span(text, range)
            }
        })))
    }
}
