//! From the command line to its arguments.
//!
//! clap wants every command described before it reads a line, which takes longer than most commands themselves. So a
//! line is read with the description of the one command that its first argument names. What cannot be read so, a
//! mistake or a request for help, is read again with all of them described, and what clap then says is what is shown.

use std::ffi::OsString;
use std::mem::forget;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, ColorChoice, CommandFactory as _, FromArgMatches as _};

use super::Failure;
use super::args::{AFTER_SHORT_HELP, Cli, Color, Command, GlobalArgs, REQUESTS};
use super::names::perhaps;
use super::remark::color_of;
use crate::source::is_digits;

/// What a command line says.
#[derive(Debug)]
pub(super) struct Line {
    pub command: Command,
    pub global: GlobalArgs,
}

/// Reads a command line, the program's name in front.
pub(super) fn read(args: &[OsString]) -> Result<Line, clap::Error> {
    alone(args).unwrap_or_else(|| among_all(args))
}

/// The colours of what clap prints.
fn choice(color: Color) -> ColorChoice {
    match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
}

/// Reads a line by the description of all commands.
fn among_all(args: &[OsString]) -> Result<Line, clap::Error> {
    let mut described = match args {
        [_, first] if first == "-h" => command_in_short(),
        _ => command(),
    }
    .color(choice(color_of(args)));
    let read = described.try_get_matches_from_mut(args).and_then(|matches| Cli::from_arg_matches(&matches));
    // The program ends soon: to give thousands of pieces of memory back one by one would only delay it.
    forget(described);
    let Cli { command, run, code, global } = read?;
    let command = match command {
        _ if code.explain.is_some() => Command::Code(code),
        Some(command) => command,
        None => Command::Run(run),
    };
    Ok(Line { command, global })
}

/// Reads a line by the description of the command that its first argument names. None says nothing of the line.
fn alone(args: &[OsString]) -> Option<Result<Line, clap::Error>> {
    // As clap has it: the name in front is the program's, or that of a command.
    let behind = args.get(1..)?;
    match behind.first()?.to_str()? {
        "run" => by(behind, Command::Run),
        "count" => by(behind, Command::Count),
        "create" => by(behind, |args| Command::Create(Box::new(args))),
        "compile" => by(behind, Command::Compile),
        "check" => by(behind, Command::Check),
        "fmt" => by(behind, Command::Fmt),
        "explain" => by(behind, Command::Explain),
        "decompile" => by(behind, Command::Decompile),
        "fields" => by(behind, Command::Fields),
        "sandbox" => by(behind, Command::Sandbox),
        "config" => by(behind, Command::Config),
        "account" => by(behind, Command::Account),
        "completions" => by(behind, Command::Completions),
        "help" => by(behind, Command::Help),
        // Their `--quiet` takes the place of the one of every command, which the two side by side cannot.
        "list" | "counts" => None,
        "-h" | "--help" => None,
        "--explain" => by(args, Command::Code),
        "-V" | "--version" => {
            let bare = clap::Command::new("cwql").version(env!("CARGO_PKG_VERSION"));
            bare.try_get_matches_from(args).err().filter(|said| said.kind() == ErrorKind::DisplayVersion).map(Err)
        }
        _ => by(args, Command::Run),
    }
}

/// Reads the arguments of one command, and those of every command.
fn by<A: Args>(args: &[OsString], command: fn(A) -> Command) -> Option<Result<Line, clap::Error>> {
    // Without its own help: that is said of all commands, if anything is.
    let described = clap::Command::new("cwql").disable_help_flag(true);
    let mut described = GlobalArgs::augment_args(A::augment_args(described));
    let mut matches = described.try_get_matches_from_mut(args).ok()?;
    forget(described);
    let args = A::from_arg_matches_mut(&mut matches).ok()?;
    let global = GlobalArgs::from_arg_matches_mut(&mut matches).ok()?;
    Some(Ok(Line { command: command(args), global }))
}

/// The program's commands. Its own help, which begins with those of `run`, is long enough without the options that
/// few need.
pub(super) fn command() -> clap::Command {
    Cli::command().mut_args(|argument| {
        let hidden = argument.get_help_heading() == Some(REQUESTS);
        if hidden { argument.hide(true) } else { argument }
    })
}

/// The same with the help of `-h`, one screen of it: the options that make no group, and `--demo`. (What clap calls
/// a short help would make the other one twice as long.)
pub(super) fn command_in_short() -> clap::Command {
    let command = command().after_help(AFTER_SHORT_HELP);
    command.mut_args(|argument| match (argument.get_help_heading(), argument.get_id().as_str()) {
        (None, _) => argument,
        (Some(_), "demo") => argument.help_heading(None::<&str>),
        (Some(_), _) => argument.hide(true),
    })
}

/// What `cwql help TOPIC` prints.
pub(super) enum Help {
    /// The reference of the query language.
    Language,
    /// A text that is kept.
    Page(String),
    /// What clap has to say of a command.
    Command(clap::Error),
}

/// The help on a topic: `language`, or a command as `--help` describes it.
pub(super) fn help(topic: &[String], color: Color) -> Result<Help, Failure> {
    match topic {
        [topic] if topic == LANGUAGE => return Ok(Help::Language),
        [topic, more, ..] if topic == LANGUAGE => {
            return Err(Failure::Usage(format!(
                "there is no help on `{topic} {more}`\n  `cwql help {topic}` prints all of the reference"
            )));
        }
        _ => {}
    }
    let args: Vec<&str> = ["cwql"].into_iter().chain(topic.iter().map(String::as_str)).chain(["--help"]).collect();
    if let Some(page) = super::help::page(&args) {
        return Ok(Help::Page(page));
    }
    let all = Cli::command();
    let mut described = &all;
    for (i, word) in topic.iter().enumerate() {
        described =
            described.find_subcommand(word).ok_or_else(|| no_help(topic.get(..=i).unwrap_or(topic), described))?;
    }
    match command().color(choice(color)).try_get_matches_from(args) {
        Err(error) => Ok(Help::Command(error)),
        Ok(_) => Err(Failure::Usage("there is no help on that\n  `cwql --help` lists the commands".to_owned())),
    }
}

/// The topic that is no command.
const LANGUAGE: &str = "language";

/// What there is help on: the commands, and the language.
pub(super) fn topics(all: &clap::Command) -> Vec<&str> {
    all.get_subcommands().map(clap::Command::get_name).chain([LANGUAGE]).collect()
}

/// There is no help on a topic, the last word of which is none of a command's.
fn no_help(topic: &[String], command: &clap::Command) -> Failure {
    let (last, before) = topic.split_last().map_or(("", topic), |(last, before)| (last.as_str(), before));
    let names = match before {
        [] => topics(command),
        _ => command.get_subcommands().map(clap::Command::get_name).collect(),
    };
    let hint = match names.is_empty() {
        true => format!("`cwql help {}` says all of it", before.join(" ")),
        false => perhaps(last, "topics", &names),
    };
    Failure::Usage(format!("there is no help on `{}`\n  {hint}", topic.join(" ")))
}

/// Whether clap complains of a subcommand that is none.
pub(super) fn is_taken_for_command(error: &clap::Error) -> bool {
    error.kind() == ErrorKind::ArgumentConflict && error.get(ContextKind::InvalidSubcommand).is_some()
}

/// Whether clap took a query for options, as `-label:vip` for `-l`. Which one is not said: it may be a token's option,
/// misspelt.
pub(super) fn is_signed_query(error: &clap::Error, args: &[OsString]) -> bool {
    let stray = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(stray)) if error.kind() == ErrorKind::UnknownArgument => stray,
        _ => return false,
    };
    let is_query = |word: &str| {
        let behind = word.strip_prefix('-').filter(|behind| behind.starts_with(char::is_alphabetic));
        word.starts_with(stray.as_str()) && behind.is_some_and(|behind| behind.contains([':', ' ', '<', '>', '~']))
    };
    args.iter().filter_map(|word| word.to_str()).any(is_query)
}

/// What clap cannot say of a mistake: that a query is one argument, or which command was meant.
pub(super) fn hint(error: &clap::Error, args: &[OsString]) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let stray = match error.kind() {
        ErrorKind::ArgumentConflict => {
            text(ContextKind::InvalidSubcommand).or_else(|| text(ContextKind::InvalidArg))?
        }
        ErrorKind::UnknownArgument => text(ContextKind::InvalidArg)?,
        ErrorKind::InvalidValue if text(ContextKind::InvalidArg) == Some("--assignee <WHOSE>") => {
            return Some("The list knows no single agents; a query does, as in: cwql 'assignee = \"Ada\"'".to_owned());
        }
        _ => return None,
    };
    let first = args.get(1).and_then(|first| first.to_str()).unwrap_or_default();
    let all = Cli::command();
    if stray.starts_with('-') {
        if args.iter().take_while(|word| *word != stray).any(|word| word == "--") {
            return Some(format!("Options stand before `--`, as in: cwql {stray} … -- 'status = open'"));
        }
        let named = named_behind(&all, args, first)?;
        return has_option(named, stray).then(|| options_behind(named.get_name(), first));
    }
    if let Some(command) = all.find_subcommand(first)
        && !command.get_positionals().any(|argument| argument.get_id() == "query")
    {
        return Some(format!(
            "`cwql {first}` takes no query here; one is asked by: cwql 'status = open'\n\
             Its options are listed by: cwql {first} --help"
        ));
    }
    if let Some(named) = named_behind(&all, args, first) {
        return Some(options_behind(named.get_name(), first));
    }
    if let Some(said) = asked_elsewhere(first, args.get(2).and_then(|word| word.to_str()).unwrap_or_default()) {
        return Some(said);
    }
    // A command that there is was meant as it stands.
    let names = all.get_subcommands().map(clap::Command::get_name).filter(|_| all.find_subcommand(first).is_none());
    let near = crate::nearest(first, names);
    let perhaps = near.first().map_or_else(String::new, |near| format!("Perhaps the command `{near}` was meant.\n"));
    Some(format!(
        "{perhaps}A query is one argument: quote it, as in: cwql 'status = open'\nThe commands are listed by: cwql --help"
    ))
}

/// What is said of a command of other tools that finds something.
fn asked_elsewhere(command: &str, rest: &str) -> Option<String> {
    let said = match command {
        "get" | "show" | "view" if is_digits(rest) => {
            format!("A conversation is found by its id, as in: cwql 'id = {rest}'")
        }
        "search" | "find" | "grep" => {
            "Messages are searched by `cwql list --search TEXT`, conversations by a query: cwql 'status = open'"
                .to_owned()
        }
        "query" | "filter" | "ask" | "select" | "get" | "show" | "view" => {
            format!("There is no command `{command}`: a query is an argument by itself, as in: cwql 'status = open'")
        }
        _ => return None,
    };
    Some(said)
}

/// Says what is meant by an option that a command does not have, in place of what clap guesses, if other tools have it.
pub(super) fn suggest(error: &mut clap::Error, args: &[OsString]) {
    let option = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(option)) if error.kind() == ErrorKind::UnknownArgument => option.clone(),
        _ => return,
    };
    let value = args.iter().find_map(|word| word.to_str()?.strip_prefix(option.as_str())?.strip_prefix('='));
    let all = Cli::command();
    // `account pull`: as far as the words are commands.
    let mut command = &all;
    for word in args.iter().skip(1) {
        let Some(named) = word.to_str().and_then(|word| command.find_subcommand(word)) else { break };
        command = named;
    }
    let said = super::foreign::said(&all, command, &option, value);
    if let Some(said) = said {
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::Usage);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![said.into()]));
    } else if option.starts_with("--")
        && let Some(ContextValue::StyledStrs(mut tips)) = error.remove(ContextKind::Suggested)
    {
        // No query begins so.
        tips.retain(|tip| !tip.to_string().contains("as a value"));
        if !tips.is_empty() {
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
        }
    }
}

/// The command that stands behind options, where a line begins with one.
fn named_behind<'a>(all: &'a clap::Command, args: &[OsString], first: &str) -> Option<&'a clap::Command> {
    let mut behind = args.iter().skip(2).filter(|_| first.starts_with('-'));
    behind.find_map(|word| all.find_subcommand(word.to_str()?))
}

/// Whether a command has an option, as clap writes it.
fn has_option(command: &clap::Command, option: &str) -> bool {
    let long = option.strip_prefix("--").map(|name| name.split('=').next().unwrap_or_default());
    let short = option.strip_prefix('-').and_then(|name| name.chars().next());
    command.get_arguments().any(|argument| match long {
        Some(long) => argument.get_long() == Some(long),
        None => short.is_some() && argument.get_short() == short,
    })
}

/// As [`hint`], of a line that can be read: a command behind options is a query of one word, which is none.
pub(super) fn behind_options(query: Option<&str>, args: &[OsString]) -> Option<String> {
    let first = args.get(1)?.to_str().filter(|first| first.starts_with('-') && *first != "--")?;
    let all = Cli::command();
    let name = all.find_subcommand(query?)?.get_name();
    Some(options_behind(name, first))
}

fn options_behind(name: &str, first: &str) -> String {
    // What stands behind the sign may be a token or a password.
    let first = first.split('=').next().unwrap_or_default();
    format!("The options of `{name}` stand behind it, as in: cwql {name} {first} …")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(words: &[&str]) -> Vec<OsString> {
        std::iter::once("cwql").chain(words.iter().copied()).map(OsString::from).collect()
    }

    /// What is seen of a reading: the arguments, or the kind of what clap says and its text.
    fn seen(read: Result<Line, clap::Error>) -> Result<String, (ErrorKind, String)> {
        read.map(|line| format!("{line:#?}")).map_err(|said| (said.kind(), said.to_string()))
    }

    /// Expects that the short way, where it reads a line, reads what the long way reads. Returns whether each could.
    fn both_ways_agree(args: &[OsString]) -> (bool, bool) {
        let (full, short) = (among_all(args), alone(args));
        let ways = (full.is_ok(), short.is_some());
        if let Some(short) = short {
            assert_eq!(seen(short), seen(full), "{args:?}");
        }
        ways
    }

    #[test]
    fn a_line_is_read_alike_by_one_command_and_by_all() {
        let tails: &[&[&str]] = &[
            &[],
            &["status = open"],
            &["status = open", "--quiet"],
            &["--error-format=json", "-v", "id = 1", "--tz", "Europe/Berlin", "--now", "0"],
            &["compile"],
            &["--", "compile"],
            &["--", "--help"],
            &["-"],
            &["--demo", "--max-conditions", "3", "id = 1"],
            &["--file", "x.cwql", "--rolling", "--account", "a.json", "--server-version", "4.9"],
            &["--curl", "--superset", "--url", "https://x.example", "id = 1"],
            &["--payload", "-"],
            &["-wf", "x.cwql"],
            &["-n3", "-ocsv", "--strict", "--no-cache", "id = 1"],
            &["--data", "-", "--skip-bad", "--validate", "id = 1", "--color", "never"],
            &["--source-id", "s", "--inbox", "5", "--custom", "tier=Gold", "--dry-run"],
            &["--port", "0"],
            &["bash"],
            &["language"],
            &["set", "url", "https://x.example", "-q"],
            &["-q", "path"],
            &["pull", "--demo", "--output", "json"],
            &["clear", "--all", "--profile", "p"],
            // Mistakes, and questions.
            &["--help"],
            &["-h"],
            &["help"],
            &["--version"],
            &["-V"],
            &["status", "=", "open"],
            &["--limt", "3", "id = 1"],
            &["--quite", "id = 1"],
            &["--quiet", "--verbose", "id = 1"],
            &["--quiet", "--quiet", "id = 1"],
            &["--color", "pink", "id = 1"],
            &["--explain", "x"],
            &["--write", "--check", "id = 1"],
            &["--validate", "id = 1"],
            &["--now", "noon", "id = 1"],
            &["--tz"],
        ];
        let commands: Vec<String> = command().get_subcommands().map(|known| known.get_name().to_owned()).collect();
        let mut compared = 0;
        for tail in tails {
            let named = commands.iter().map(|name| Some(name.as_str()));
            for name in named.chain([None]) {
                let words: Vec<&str> = name.into_iter().chain(tail.iter().copied()).collect();
                let (is_read, short) = both_ways_agree(&line(&words));
                // What is left to the long way: mistakes, help, and where the short way cannot go.
                assert!(short || !is_read || matches!(words.first(), None | Some(&("list" | "counts"))), "{words:?}");
                compared += u32::from(is_read && short);
            }
        }
        assert!(compared > 80, "only {compared} lines are read both ways");
    }

    #[test]
    fn options_in_front_and_words_that_are_like_commands_change_nothing() {
        // Each with whether the long way and the short way read it.
        for (words, ways) in [
            (&["--quiet", "compile", "id = 1"][..], (false, false)),
            (&["--quiet", "compile"], (true, true)),
            (&["--limit", "3", "run"], (true, true)),
            (&["--output", "compile"], (false, false)),
            (&["complie", "id = 1"], (false, false)),
            (&["comp", "id = 1"], (false, false)),
            (&["complie"], (true, true)),
            (&["Compile"], (true, true)),
            (&["", "id = 1"], (false, false)),
            (&[""], (true, true)),
            (&["--", "compile", "id = 1"], (false, false)),
            (&["-V"], (false, true)),
            (&["-V", "x"], (false, true)),
            (&["-Vx"], (false, false)),
            (&["--version", "--quiet"], (false, true)),
            (&["--version=3"], (false, false)),
            (&["--explain", "x"], (true, true)),
            (&["--explain=x"], (true, false)),
            (&["--explain=x", "compile"], (false, false)),
            (&["--explain", "x", "id = 1"], (false, false)),
            (&["--explain", "x", "--quiet"], (false, false)),
            (&["--explain"], (false, false)),
            (&["--explain", "compile", "id = 1"], (false, false)),
        ] {
            assert_eq!(both_ways_agree(&line(words)), ways, "{words:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_text_is_read_alike() {
        use std::os::unix::ffi::OsStringExt as _;
        let broken = OsString::from_vec(vec![0xff]);
        for (args, ways) in [
            (vec![OsString::from("cwql"), broken.clone()], (false, false)),
            (vec!["cwql".into(), "compile".into(), broken.clone()], (false, false)),
            (vec!["cwql".into(), "compile".into(), "--file".into(), broken], (true, true)),
            (vec![], (true, false)),
        ] {
            assert_eq!(both_ways_agree(&args), ways, "{args:?}");
        }
    }
}
