//! Help texts, kept as clap writes them.
//!
//! To describe all commands and lay a help text out takes clap several times as long as most commands take themselves.
//! So its texts are kept in `help.txt`, each in lines of any length, and only the lines are broken here. A test holds
//! them to what clap says; `CWQL_WRITE_HELP=1 cargo test --lib help` writes them.

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::Path;

use anstream::AutoStream;

use super::args::Color;
use super::{Exit, Failure};
use crate::source::wrapped;

/// The texts, each behind a form feed and a line with its words.
const PAGES: &str = include_str!("help.txt");

/// From this width on a line is broken as below. In narrower terminals clap also puts texts below their options.
const LEAST_WIDTH: usize = 100;

/// The help text that a command line asks for. None leaves it to clap.
pub(super) fn page(args: &[impl AsRef<OsStr>]) -> Option<String> {
    let [program, words @ .., last] = args else { return None };
    let last = last.as_ref().to_str().filter(|last| matches!(*last, "-h" | "--help"))?;
    // clap calls the program as the user did.
    if Path::new(program.as_ref()).file_name()? != "cwql" {
        return None;
    }
    let width = width().filter(|width| *width >= LEAST_WIDTH)?;
    let wanted = |title: &str| match words {
        [] => title == last,
        _ => !title.starts_with('-') && title.split(' ').map(OsStr::new).eq(words.iter().map(AsRef::as_ref)),
    };
    let mut pages = PAGES.split('\u{c}').filter_map(|page| page.split_once('\n'));
    pages.find(|(title, _)| wanted(title)).map(|(_, text)| broken(text, width))
}

/// Prints a help text, in bold where that can be seen or is wished.
pub(super) fn print(page: &str, color: Color) -> Result<Exit, Failure> {
    let mut out = match color {
        Color::Auto => anstream::stdout(),
        Color::Always => AutoStream::always(io::stdout()),
        Color::Never => AutoStream::never(io::stdout()),
    };
    out.write_all(page.as_bytes())?;
    out.flush()?;
    Ok(Exit::Found)
}

/// The width that clap breaks its texts to.
fn width() -> Option<usize> {
    match terminal_size::terminal_size() {
        Some((width, _)) => Some(width.0.into()),
        None => match std::env::var_os("COLUMNS") {
            Some(columns) => columns.to_str()?.parse().ok(),
            None => Some(LEAST_WIDTH),
        },
    }
}

/// A text in lines of a width: what an option is goes on below where it begins.
fn broken(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len() + 256);
    for line in text.split_inclusive('\n') {
        // What makes a word bold only adds to the length.
        match line.rsplit_once("  ") {
            Some((option, about)) if line.len() > width => push_broken(&mut out, option, about, width),
            _ => out.push_str(line),
        }
    }
    out
}

fn push_broken(out: &mut String, option: &str, about: &str, width: usize) {
    let indent = seen(option) + 2;
    out.extend([option, "  "]);
    for (i, line) in wrapped(about.trim_end(), width.saturating_sub(indent)).enumerate() {
        if i > 0 {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
        }
        out.push_str(line);
    }
    out.push('\n');
}

/// How many columns a text takes, without what makes it bold.
fn seen(text: &str) -> usize {
    text.split('\x1b')
        .enumerate()
        .map(|(i, part)| {
            let shown = if i == 0 { part } else { part.split_once('m').map_or("", |(_, shown)| shown) };
            shown.chars().count()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::line::{command, command_in_short};
    use super::*;

    /// What clap says in lines of a width (0: of any length), as escape sequences.
    fn said(words: &[&str], width: usize) -> String {
        let described = if words == ["-h"] { command_in_short() } else { command() };
        let args = std::iter::once("cwql").chain(words.iter().copied());
        let said = described.term_width(width).try_get_matches_from(args).unwrap_err();
        assert_eq!(said.kind(), clap::error::ErrorKind::DisplayHelp, "{words:?}");
        said.render().ansi().to_string()
    }

    /// The words of every command.
    fn commands() -> Vec<Vec<String>> {
        fn collect(command: &clap::Command, path: &[String], all: &mut Vec<Vec<String>>) {
            for command in command.get_subcommands() {
                let path: Vec<String> = path.iter().cloned().chain([command.get_name().to_owned()]).collect();
                collect(command, &path, all);
                all.push(path);
            }
        }
        let mut all = Vec::new();
        collect(&command(), &[], &mut all);
        all
    }

    #[test]
    fn every_help_text_is_kept_as_clap_says_it() {
        let mut written = String::new();
        for title in ["-h", "--help"] {
            written.push_str(&format!("\u{c}{title}\n{}", said(&[title], 0)));
        }
        for path in commands() {
            let mut words: Vec<&str> = path.iter().map(String::as_str).collect();
            let title = words.join(" ");
            words.push("--help");
            written.push_str(&format!("\u{c}{title}\n{}", said(&words, 0)));
        }
        if std::env::var_os("CWQL_WRITE_HELP").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/help.txt"), &written).unwrap();
        } else {
            assert_eq!(PAGES, written, "CWQL_WRITE_HELP=1 cargo test --lib help");
        }
    }

    #[test]
    fn lines_are_broken_as_clap_breaks_them() {
        let mut compared = 0;
        for (title, text) in PAGES.split('\u{c}').filter_map(|page| page.split_once('\n')) {
            for width in (LEAST_WIDTH..=130).chain([200]) {
                for last in ["-h", "--help"] {
                    let mut words: Vec<&str> = title.split(' ').filter(|word| !word.starts_with('-')).collect();
                    words.push(if words.is_empty() { title } else { last });
                    assert_eq!(broken(text, width), said(&words, width), "{words:?} {width}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 1000, "only {compared}");
    }

    #[test]
    fn what_is_no_request_for_help_alone_is_left_to_clap() {
        for line in [
            &["cwql"][..],
            &["cwql", "compile"],
            &["cwql", "compile", "id = 1", "--help"],
            &["cwql", "--quiet", "--help"],
            &["cwql", "-h", "--help"],
            &["cwql", "config set", "--help"],
            &["cwql", "--help", "compile"],
            &["/bin/other", "--help"],
            &["--help"],
            &[],
        ] {
            assert_eq!(page(line), None, "{line:?}");
        }
    }
}
