//! What every command needs: the query's text, the schema, and how problems are shown.

use std::cell::OnceCell;
use std::fs;
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::Path;
use std::rc::Rc;

use jiff::tz::TimeZone;

use super::Failure;
use super::args::{Color, ErrorFormat, GlobalArgs, QueryArgs, is_dash};
use super::files::shell_word;
use super::hints::with_commands;
use super::remark::{self, About};
use crate::check::is_urgent;
use crate::diagnostic::{Diagnostics, Format, Severity};
use crate::parse;
use crate::schema::{Account, Schema, ServerVersion};
use crate::source::BYTE_ORDER_MARK;
use crate::syntax::MAX_BYTES;

/// The width that is assumed where there is no terminal.
const WIDTH: usize = 100;

/// How things are shown. A command has one: its clones share what the text is called.
#[derive(Clone)]
pub(super) struct Context {
    error_format: ErrorFormat,
    pub color: Color,
    pub quiet: bool,
    pub verbose: bool,
    /// What the query's source is called in diagnostics: its file's name.
    name: Rc<OnceCell<String>>,
}

impl Context {
    pub(super) fn new(global: &GlobalArgs) -> Self {
        Self {
            error_format: global.error_format,
            color: global.color,
            quiet: global.quiet,
            verbose: global.verbose,
            name: Rc::default(),
        }
    }

    /// Whether a stream takes colours.
    pub(super) fn colors(&self, terminal: bool) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                terminal && !refused && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }

    /// Prints problems on standard error: with `--quiet` only the errors among them.
    pub(super) fn show(&self, problems: &Diagnostics) {
        let mut problems = problems.clone();
        problems.retain(|problem| !self.quiet || problem.severity() == Severity::Error);
        let mut warnings = 0usize;
        if self.error_format != ErrorFormat::Json {
            problems.retain(|problem| {
                warnings += usize::from(problem.severity() != Severity::Error);
                problem.severity() == Severity::Error || warnings <= MOST_WARNINGS
            });
        }
        let stderr = io::stderr();
        let format = match self.error_format {
            ErrorFormat::Human => Format::Human { color: self.colors(stderr.is_terminal()), width: width() },
            ErrorFormat::Plain => Format::Plain,
            ErrorFormat::Json => Format::Json,
        };
        let name = self.name.get().map_or("query", String::as_str);
        // Nothing can be done if it cannot be printed.
        let _ = stderr.lock().write_all(with_commands(problems).render(format, name).as_bytes());
        if warnings > MOST_WARNINGS {
            self.note(&format!("{} more warnings are left out", warnings - MOST_WARNINGS));
        }
    }

    /// Prints what a check has found: every warning, and as JSON even that there is none.
    pub(super) fn show_checked(&self, warnings: &Diagnostics) {
        if !self.quiet && (!warnings.is_empty() || self.error_format == ErrorFormat::Json) {
            self.show(warnings);
        }
    }

    /// Prints the warnings that are worth it each time a query runs; all of them with `--verbose`.
    pub(super) fn warn(&self, warnings: &Diagnostics) {
        let mut shown = warnings.clone();
        shown.retain(|warning| self.verbose || is_urgent(warning));
        if !self.quiet && !shown.is_empty() {
            self.show(&shown);
        }
    }

    /// Prints a remark on standard error.
    pub(super) fn note(&self, text: &str) {
        self.remark(About::Note, text);
    }

    /// Prints what is no failure, but of some matter.
    pub(super) fn remark(&self, about: About, text: &str) {
        if !self.quiet {
            self.say(about, text);
        }
    }

    /// Prints what is said of anything but the query's text.
    pub(super) fn say(&self, about: About, text: &str) {
        remark::say(about, text, self.error_format);
    }
}

/// Of more warnings nobody reads all.
const MOST_WARNINGS: usize = 100;

/// The terminal's width in columns, or a readable one.
pub(super) fn width() -> usize {
    terminal_size::terminal_size_of(io::stderr()).map_or(WIDTH, |(width, _)| width.0.into())
}

/// The width of standard output in columns, if it is a terminal. What a program reads is not broken.
pub(super) fn stdout_width() -> Option<u16> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0)
}

/// Reads the query's text from the argument, a file or standard input; without the mark that some programs put before it,
/// which editors count as no column.
pub(super) fn query_text(args: &QueryArgs, context: &Context) -> Result<String, Failure> {
    let mut text = marked_text(args, context)?;
    if text.starts_with(BYTE_ORDER_MARK) {
        text.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(text)
}

fn marked_text(args: &QueryArgs, context: &Context) -> Result<String, Failure> {
    match (&args.query, &args.file) {
        (_, Some(path)) => read_or_stdin(path, context),
        (Some(query), None) if query == "-" => stdin(),
        (Some(query), None) if names_file(query) => Err(Failure::Usage(format!(
            "{query} is a file\n  to read the query from it: cwql --file {}",
            shell_word(query)
        ))),
        (Some(query), None) => Ok(query.clone()),
        (None, None) => {
            let usage = "no query\n  write one, as in: cwql 'status = open'\n  or read one: cwql --file query.cwql, or cwql - for standard input\n  `cwql --help` says more";
            Err(Failure::Usage(usage.to_owned()))
        }
    }
}

/// Whether what is given as a query is none, and the name of a file.
fn names_file(query: &str) -> bool {
    // Only what looks like one is looked for.
    let is_path = query.contains(['.', '/', '\\']) && !query.contains(['\n', '=', '<', '>', '~']);
    is_path && !parse(query).is_valid() && Path::new(query).is_file()
}

/// Reads a file, or standard input for `-`; diagnostics are about it from then on.
pub(super) fn read_or_stdin(path: &Path, context: &Context) -> Result<String, Failure> {
    if is_dash(path) {
        return stdin();
    }
    // It is set once, for a command reads one text.
    let name = path.display().to_string();
    let file = fs::File::open(path).map_err(|error| Failure::unreadable(&name, &error))?;
    let text = bounded(file, &name);
    let _ = context.name.set(name);
    text
}

fn stdin() -> Result<String, Failure> {
    bounded(io::stdin().lock(), "standard input")
}

/// Reads one byte more than a query may have, which is enough to see that it is too long.
fn bounded(source: impl io::Read, name: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| Failure::unreadable(name, &error))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        // It may be cut within a character.
        Err(error) if error.as_bytes().len() > MAX_BYTES => Ok(String::from_utf8_lossy(error.as_bytes()).into_owned()),
        Err(_) => Err(Failure::Usage(format!("{name} is not UTF-8 text"))),
    }
}

/// Reads a text file.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::unreadable(path.display(), &error))?;
    String::from_utf8(bytes).map_err(|_| Failure::Usage(format!("{} is not UTF-8 text", path.display())))
}

/// The schema that the options describe. Where they name no version, the newest is taken.
pub(super) fn schema(global: &GlobalArgs) -> Result<Schema, Failure> {
    let account = global.account.as_deref().map(account).transpose()?;
    let schema = Schema {
        version: global.server_version.unwrap_or(ServerVersion::LATEST),
        account,
        now: global.now,
        zone: global.tz.clone().unwrap_or(TimeZone::UTC),
        rolling: global.rolling,
        max_conditions: global.max_conditions.max(1),
    };
    // One clock for the whole run: what is relative must not move between two conditions, or two pages.
    Ok(Schema { now: Some(schema.now()), ..schema })
}

fn account(path: &Path) -> Result<Account, Failure> {
    Account::from_json(read(path)?.as_bytes())
        .map_err(|error| Failure::Usage(format!("{} is no account file: {error}", path.display())))
}
