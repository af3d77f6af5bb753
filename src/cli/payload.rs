//! The commands that read payloads: `decompile` and `check --payload`.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use super::args::{DecompileArgs, GlobalArgs};
use super::context::{Context, read_or_stdin, schema};
use super::files::shell_word;
use super::{Exit, Failure};
use crate::decompile;
use crate::diagnostic::visible;
use crate::schema::Schema;

/// How many bytes of a payload are repeated in what is said of it.
const LONGEST_SHOWN: usize = 200;

/// `cwql decompile`
pub(super) fn print(args: &DecompileArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    if let Some(text) = args.payload.to_str().filter(|text| text.trim_start().starts_with(['[', '{'])) {
        let usage = "the payload is read from a file, or from standard input";
        let quoted = if text.len() <= LONGEST_SHOWN { shell_word(text) } else { "'…'".to_owned() };
        return Err(Failure::Usage(format!("{usage}\n  as in: printf %s {quoted} | cwql decompile")));
    }
    let json = read_or_stdin(&args.payload, context)?;
    let read = decompile(&json, &schema(global)?)?;
    if !global.quiet && !read.warnings.is_empty() {
        context.show(&read.warnings);
    }
    let mut out = io::stdout();
    // A key may hold what a screen would act on; a file and a pipe get the query as it is.
    if out.is_terminal() {
        writeln!(out, "{}", visible(&read.text))?;
    } else {
        writeln!(out, "{}", read.text)?;
    }
    Ok(Exit::Found)
}

/// `cwql check --payload`
pub(super) fn check(payload: &Path, schema: &Schema, context: &Context) -> Result<Exit, Failure> {
    let json = read_or_stdin(payload, context)?;
    let read = decompile(&json, schema)?;
    context.show_checked(&read.warnings);
    Ok(Exit::Found)
}
