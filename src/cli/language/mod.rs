//! `cwql help language`: the reference of the query language.

#[cfg(test)]
mod reference;

use std::io::{self, IsTerminal as _, Write as _};

use super::context::Context;
use super::{Exit, Failure};

/// The page. It is made from the tables that define the language ([`reference`]) ahead, so that showing it costs nothing.
const PAGE: &str = include_str!("../../../grammar/language.txt");

/// Prints the page.
pub(super) fn page(context: &Context) -> Result<Exit, Failure> {
    let mut stdout = io::stdout().lock();
    if context.colors(stdout.is_terminal()) {
        stdout.write_all(emphasised(PAGE).as_bytes())?;
    } else {
        stdout.write_all(PAGE.as_bytes())?;
    }
    Ok(Exit::Found)
}

/// The page with its titles and terms in bold.
fn emphasised(page: &str) -> String {
    let mut out = String::with_capacity(page.len() * 5 / 4);
    let mut title = true;
    for line in page.split_inclusive('\n') {
        let text = line.trim_end_matches('\n');
        let (indent, behind) = match line.strip_prefix("  ") {
            Some(term) if !term.starts_with(' ') => ("  ", term),
            _ if title => ("", line),
            _ => ("", ""),
        };
        let bold = behind.split("  ").next().unwrap_or_default().trim_end_matches('\n');
        if bold.is_empty() {
            out.push_str(line);
        } else {
            for part in [indent, "\x1b[1m", bold, "\x1b[0m", behind.get(bold.len()..).unwrap_or_default()] {
                out.push_str(part);
            }
        }
        // A title stands behind an empty line.
        title = text.is_empty();
    }
    out
}
