//! What is said on standard error of anything but the query's text: mistakes of usage, failures, remarks.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{self, Write as _};

use clap::ValueEnum;
use serde::Serialize;

use super::args::{Color, ErrorFormat};
use crate::diagnostic::visible;

/// What a remark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Nothing is wrong, but it is worth knowing.
    Note,
    /// Usage or configuration.
    Usage,
    /// The server or the network.
    Server,
    /// A result that may have holes.
    Incomplete,
    /// What could not be read or written.
    Io,
}

impl About {
    /// What stands in the place of a diagnostic's code.
    const fn code(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Usage => "usage",
            Self::Server => "server",
            Self::Incomplete => "incomplete",
            Self::Io => "io",
        }
    }

    /// The one with this code, as [`About::explanation`] tells of it.
    pub(super) fn of(code: &str) -> Option<Self> {
        let all = [Self::Note, Self::Usage, Self::Server, Self::Incomplete, Self::Io];
        all.into_iter().find(|about| about.code() == code)
    }

    /// What `--explain` says.
    pub(super) const fn explanation(self) -> &'static str {
        match self {
            Self::Note => "A remark: nothing is wrong, but it is worth knowing. --quiet leaves it out.",
            Self::Usage => {
                "The command line, the configuration or a file that it names is wrong, or names what the account does not \
                 have. Nothing was changed, and no conversation is printed. The exit code is 4."
            }
            Self::Server => {
                "The server refused a request or failed on it, or it could not be reached, for a reason that is not a \
                 condition of the query. The exit code is 3."
            }
            Self::Incomplete => {
                "Conversations moved between the pages faster than they could be read, or the pages show fewer than the \
                 server counts, so that some may be missing. With --strict the exit code is 3."
            }
            Self::Io => "A file or the output could not be read or written. The exit code is 3.",
        }
    }

    pub(super) const fn severity(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Incomplete => "warning",
            _ => "error",
        }
    }
}

/// The shape of a query's diagnostics.
#[derive(Serialize)]
struct Report<'a> {
    source: (),
    diagnostics: [Remark<'a>; 1],
}

#[derive(Serialize)]
struct Remark<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    help: Option<String>,
    labels: [(); 0],
    fix: (),
}

/// Prints a remark: a message on the first line, and what to do on those behind it.
///
/// JSON has the shape of a query's diagnostics, without a source and a place. What a server says, and what is called so
/// in its account, moves no cursor and colours nothing.
pub(super) fn say(about: About, text: &str, format: ErrorFormat) {
    let mut err = io::stderr().lock();
    // Nothing can be done if it cannot be printed.
    let _ = err.write_all(written(about, text, format).as_bytes());
}

fn written(about: About, text: &str, format: ErrorFormat) -> String {
    let shown = match format {
        ErrorFormat::Json => Cow::Borrowed(text),
        ErrorFormat::Human | ErrorFormat::Plain => visible(text),
    };
    let text = &*shown;
    let (message, rest) = text.split_once('\n').unwrap_or((text, ""));
    let help: Vec<&str> = rest.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match format {
        ErrorFormat::Human => format!("cwql: {text}\n"),
        ErrorFormat::Plain => {
            let help = if help.is_empty() { String::new() } else { format!("; help: {}", help.join(" ")) };
            format!("cwql: {}[{}]: {message}{help}\n", about.severity(), about.code())
        }
        ErrorFormat::Json => {
            let help = Some(help.join("\n")).filter(|help| !help.is_empty());
            let remark = Remark { code: about.code(), severity: about.severity(), message, help, labels: [], fix: () };
            let report = Report { source: (), diagnostics: [remark] };
            format!("{}\n", serde_json::to_string(&report).unwrap_or_default())
        }
    }
}

/// The format that a command line asks for which could not be read.
pub(super) fn format_of(args: &[OsString]) -> ErrorFormat {
    value_of(args, "--error-format").unwrap_or(ErrorFormat::Human)
}

/// The colours of a line that may have a mistake.
pub(super) fn color_of(args: &[OsString]) -> Color {
    value_of(args, "--color").unwrap_or(Color::Auto)
}

/// The value of an option in a line that may have a mistake.
fn value_of<V: ValueEnum>(args: &[OsString], option: &str) -> Option<V> {
    let words = || args.iter().map(|arg| arg.to_str().unwrap_or_default());
    let behind = words().zip(words().skip(1)).filter_map(|(word, value)| (word == option).then_some(value));
    let within = words().filter_map(|arg| arg.strip_prefix(option)?.strip_prefix('='));
    within.chain(behind).find_map(|value| V::from_str(value, false).ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_format_has_the_message_and_the_help() {
        let text = "no answer from x\n  is it up?\n  try again";
        assert_eq!(written(About::Server, text, ErrorFormat::Human), format!("cwql: {text}\n"));
        assert_eq!(
            written(About::Server, text, ErrorFormat::Plain),
            "cwql: error[server]: no answer from x; help: is it up? try again\n"
        );
        assert_eq!(written(About::Note, "so it is", ErrorFormat::Plain), "cwql: note[note]: so it is\n");
        let remark = |help: Option<&str>, about: About, message: &str| {
            json!({"source": null, "diagnostics": [{
                "code": about.code(), "severity": about.severity(), "message": message, "help": help, "labels": [],
                "fix": null,
            }]})
        };
        for (about, text, message, help) in [
            (About::Usage, text, "no answer from x", Some("is it up?\ntry again")),
            (About::Io, "disk full", "disk full", None),
        ] {
            let said = written(about, text, ErrorFormat::Json);
            assert!(said.lines().count() == 1 && said.starts_with("{\"source\":null,"));
            assert_eq!(serde_json::from_str::<serde_json::Value>(&said).unwrap(), remark(help, about, message));
        }
    }

    #[test]
    fn control_characters_are_shown_and_not_sent() {
        let text = "the server answers 422: \u{1b}]0;owned\u{7}\u{9b}2J\r\n  \u{1b}[1mhelp";
        for format in [ErrorFormat::Human, ErrorFormat::Plain, ErrorFormat::Json] {
            let said = written(About::Server, text, format);
            assert!(!said.trim_end().contains(|c: char| c.is_control() && c != '\n' && c != '\u{9b}'), "{said:?}");
            assert!(format == ErrorFormat::Json || !said.contains('\u{9b}'), "{said:?}");
            assert!(said.contains("owned") && said.contains("[1mhelp"), "{said:?}");
        }
    }

    #[test]
    fn the_format_of_a_line_with_a_mistake_is_found() {
        for (line, format) in [
            ("cwql --error-format json --nope", ErrorFormat::Json),
            ("cwql --nope --error-format=plain", ErrorFormat::Plain),
            ("cwql --error-format xml", ErrorFormat::Human),
            ("cwql --error-format", ErrorFormat::Human),
            ("cwql --nope json", ErrorFormat::Human),
        ] {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(format_of(&args), format, "{line}");
        }
    }
}
