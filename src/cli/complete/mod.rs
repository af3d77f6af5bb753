//! Completion in a shell: options and commands, and the words of a query within its quotes.
//!
//! It asks no server: names are those that are kept of the account, if any are.

mod arguments;
mod bash;
mod words;

use std::ffi::{OsStr, OsString};
use std::sync::OnceLock;

use clap::CommandFactory as _;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::{CompleteEnv, Shells};

use super::args::{AddressArgs, Cli, ProfileArgs};
use super::cache::newest;
use super::config::Config;
use super::connect::address;
use super::{Exit, Failure};
use crate::schema::{Account, Schema};
pub(super) use arguments::{agent, code, config_key, custom, inbox, label, profile, settable_key, team, topic};
use words::candidates;

/// The variable by which a shell asks for completions.
const VARIABLE: &str = "CWQL_COMPLETE";

/// The variable by which bash tells how the word is written that is completed, with its quotation mark.
const WORD: &str = "CWQL_COMPLETE_WORD";

/// The shell that asks; the variable is taken away before the words are completed.
static SHELL: OnceLock<OsString> = OnceLock::new();

/// The shells that write what they are given so that they read it back, in whatever quotation marks it stands; the
/// others insert it as it is.
const QUOTING: [&str; 3] = ["elvish", "fish", "zsh"];

/// Answers a shell that asks for completions; none if this is an ordinary run.
pub(super) fn answer(args: &[OsString]) -> Option<Exit> {
    let shell = std::env::var_os(VARIABLE).filter(|shell| !shell.is_empty())?;
    // Names of files may hold anything: a shell that does not quote them finds and writes them by itself.
    let folder = is_quoting(&shell).then(std::env::current_dir).and_then(Result::ok);
    // A program answers once.
    let _ = SHELL.set(shell);
    let completing = CompleteEnv::with_factory(Cli::command).var(VARIABLE);
    let answered = completing.try_complete(args.iter().cloned(), folder.as_deref());
    match answered {
        Ok(true) => Some(Exit::Found),
        Ok(false) => None,
        Err(error) => {
            // Nothing can be done if even this cannot be printed.
            let _ = error.print();
            Some(Exit::Usage)
        }
    }
}

fn is_quoting(shell: &OsStr) -> bool {
    QUOTING.iter().any(|known| shell == *known)
}

/// What a shell must read to complete commands of this program.
pub(super) fn script(shell: &str) -> Result<Vec<u8>, Failure> {
    let shells = Shells::builtins();
    let completer = shells.completer(shell).ok_or_else(|| Failure::Usage(format!("no completion for {shell}")))?;
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, "cwql", "cwql", "cwql", &mut script)?;
    Ok(match String::from_utf8(script) {
        Ok(text) if shell == "bash" => bash::script(&text).into_bytes(),
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    })
}

/// Completes the argument that is the query.
pub(super) fn query(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    // Shells differ in whether they hand over the quotation mark that opens the argument.
    let text = current.strip_prefix(['\'', '"']).unwrap_or(current);
    let schema = Schema { account: known_names(), ..Schema::default() };
    candidates(text, &schema, mark_of(current), shell() == "bash")
        .into_iter()
        .map(|candidate| CompletionCandidate::new(candidate.text).help(candidate.about.map(Into::into)))
        .collect()
}

/// The shell that asks.
fn shell() -> &'static OsStr {
    SHELL.get().map(OsString::as_os_str).unwrap_or_default()
}

/// The quotation mark that the word stands in which is completed.
fn mark_of(current: &str) -> Option<char> {
    match std::env::var(WORD) {
        _ if is_quoting(shell()) => open_mark(current).or(Some('\'')),
        // Its script reads the line once more to complete it, and an open quotation mark is a mistake there.
        _ if shell() == "powershell" => None,
        Ok(word) => open_mark(&word),
        Err(_) => open_mark(current),
    }
}

/// The quotation mark that is open at the end of a word of a command line.
fn open_mark(word: &str) -> Option<char> {
    let mut open = None;
    let mut chars = word.chars();
    while let Some(c) = chars.next() {
        match (open, c) {
            (None | Some('"'), '\\') => drop(chars.next()),
            (None, '\'' | '"') => open = Some(c),
            (Some(mark), c) if mark == c => open = None,
            _ => {}
        }
    }
    open
}

/// The names that are kept of the account that an ordinary run would ask. Whatever is wrong, there are none.
fn known_names() -> Option<Account> {
    let profile = Config::read().ok()?.profile(&ProfileArgs { profile: None }).ok()?;
    let (url, account_id) = address(&AddressArgs::default(), &profile).ok()?;
    newest(url?.trim_end_matches('/'), account_id?)
}

/// Whether a shell leaves every character of a text as it is: within its single quotation marks, within its double
/// ones, or without any.
fn stands_within(text: &str, mark: Option<char>) -> bool {
    text.chars().all(|c| match mark {
        _ if c.is_control() => false,
        Some('"') => !matches!(c, '"' | '$' | '`' | '\\' | '!'),
        Some(_) => c != '\'',
        None => c.is_alphanumeric() || "_-.:/@+".contains(c),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_mark_is_that_of_the_shell() {
        for (word, mark) in [
            ("", None),
            ("status", None),
            ("'status = ", Some('\'')),
            ("\"status = ", Some('"')),
            ("'a = \"b", Some('\'')),
            ("\"a = 'b", Some('"')),
            ("\"a = \\\"b", Some('"')),
            ("'a = '\"b", Some('"')),
            ("'a'", None),
            ("'a\\'b", None),
            ("it\\'s", None),
        ] {
            assert_eq!(open_mark(word), mark, "{word}");
        }
    }
}
