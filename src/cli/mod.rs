//! The `cwql` program: arguments, commands, output and exit codes.

mod account;
mod args;
mod blame;
mod cache;
mod commands;
mod complete;
// Not for other programs: what this one reads, the fuzz targets read too.
#[doc(hidden)]
pub mod config;
mod connect;
mod context;
mod counts;
mod create;
mod data;
mod dry_run;
mod explain;
mod fields;
mod files;
mod foreign;
mod help;
mod hints;
mod language;
mod line;
mod list;
mod malformed;
mod members;
mod names;
mod option_values;
mod output;
mod payload;
mod progress;
mod reading;
mod remark;
mod run;
mod sandbox;
mod signals;
mod table;
mod token;
mod transfer;

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write as _};

use clap::error::ErrorKind;

use crate::client::ClientError;
use crate::diagnostic::Diagnostics;
use args::{Command, ErrorFormat};
// As the configuration: for the fuzz targets.
#[doc(hidden)]
pub use cache::Known;
use context::Context;
use line::{Help, Line};
use remark::About;
use signals::Signal;

/// How the program ends; the numbers are its exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Exit {
    /// Something was found; for `check`: nothing is wrong.
    Found = 0,
    /// Nothing was found.
    Nothing = 1,
    /// The query is wrong.
    Query = 2,
    /// The server or the network failed.
    Server = 3,
    /// Wrong usage or configuration.
    Usage = 4,
    /// SIGHUP ended it; what was complete is printed.
    #[cfg(unix)]
    HungUp = 129,
    /// Ctrl-C ended it; what was complete is printed.
    Interrupted = 130,
    /// SIGTERM ended it; what was complete is printed.
    #[cfg(unix)]
    Terminated = 143,
}

/// Why a command ended early.
#[derive(Debug)]
enum Failure {
    /// The query is wrong.
    Query(Diagnostics),
    /// The server or the network failed.
    Server(ClientError),
    /// The server refused the query, or failed on it: where in its text.
    Blamed(Diagnostics),
    /// The server does not give the list that a name would be in.
    Unread(String),
    /// `--strict`: the account would not hold still, or its pages lack some that it counts.
    Incomplete,
    /// Usage or configuration is wrong.
    Usage(String),
    /// Standard output was closed: the reader has enough.
    Closed,
    /// A signal where something was asked for.
    Told(Signal),
    /// Something else could not be written or read.
    Io(String),
}

impl From<Diagnostics> for Failure {
    fn from(problems: Diagnostics) -> Self {
        Self::Query(problems)
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Address { .. }
            | ClientError::Token
            | ClientError::Insecure { .. }
            | ClientError::Certificates(_)
            | ClientError::Setup(_) => Self::Usage(error.to_string()),
            _ => Self::Server(error),
        }
    }
}

/// Errors of standard output.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Io(error.to_string()),
        }
    }
}

impl Failure {
    /// A file that was named, or standard input, cannot be read.
    fn unreadable(what: impl fmt::Display, error: &io::Error) -> Self {
        Self::Usage(format!("{what} cannot be read: {error}"))
    }

    /// What it is about, where that is no matter of the query's text.
    fn about(&self) -> About {
        match self {
            Self::Told(_) => About::Note,
            Self::Usage(_) => About::Usage,
            Self::Incomplete => About::Incomplete,
            Self::Io(_) => About::Io,
            _ => About::Server,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(problems) | Self::Blamed(problems) => problems.fmt(f),
            Self::Incomplete => f.write_str(INCOMPLETE),
            Self::Server(error) => error.fmt(f),
            Self::Usage(text) | Self::Io(text) | Self::Unread(text) => f.write_str(text),
            Self::Closed => f.write_str("standard output was closed"),
            Self::Told(signal) => f.write_str(signal.as_str()),
        }
    }
}

/// What is said of a result that may have holes.
const INCOMPLETE: &str = "the account kept changing while it was read, or its pages lack some that the server counts, so \
    the result may be incomplete\n  \
    run it again, or ask for less: the fewer pages are read, the less can move between them";

/// Runs the program and returns its exit code: 0 found, 1 nothing found, 2 the query is wrong, 3 the server or the
/// network failed, 4 wrong usage or configuration, 129 hung up, 130 interrupted, 143 terminated.
#[must_use]
pub fn main(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some(exit) = complete::answer(&args) {
        return exit as u8;
    }
    if let Some(page) = help::page(&args) {
        return ended(help::print(&page, remark::color_of(&args)), remark::format_of(&args)) as u8;
    }
    let line = match line::read(&args) {
        Ok(line) => line,
        Err(error) => return usage(error, &args) as u8,
    };
    let context = Context::new(&line.global);
    let result = match &line.command {
        Command::Help(topics) => match line::help(&topics.topic, context.color) {
            Ok(Help::Language) => language::page(&context),
            Ok(Help::Page(page)) => help::print(&page, context.color),
            Ok(Help::Command(error)) => return usage(error, &args) as u8,
            Err(failure) => Err(failure),
        },
        _ => dispatch(&line, &context),
    };
    let exit = match result {
        Err(Failure::Query(problems)) => {
            context.show(&problems);
            if let Command::Run(run) = &line.command
                && let Some(hint) = line::behind_options(run.query.query.as_deref(), &args)
            {
                context.say(About::Note, &hint);
            }
            Exit::Query
        }
        Err(Failure::Blamed(problems)) => {
            context.show(&problems);
            Exit::Server
        }
        result => ended(result, line.global.error_format),
    };
    exit as u8
}

/// Says why a command ended early, where that is no matter of the query's text.
fn ended(result: Result<Exit, Failure>, format: ErrorFormat) -> Exit {
    let failure = match result {
        Ok(exit) => return exit,
        Err(Failure::Closed) => return Exit::Found,
        Err(failure) => failure,
    };
    remark::say(failure.about(), &failure.to_string(), format);
    match failure {
        Failure::Told(signal) => signal.exit(),
        Failure::Usage(_) => Exit::Usage,
        _ => Exit::Server,
    }
}

/// Prints what clap has to say, a mistake or a help text.
fn usage(mut error: clap::Error, args: &[OsString]) -> Exit {
    let format = remark::format_of(args);
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let printed = error.print().and_then(|()| io::stdout().flush());
        return ended(printed.map(|()| Exit::Found).map_err(Failure::from), format);
    }
    if line::is_signed_query(&error, args) {
        let said = "a query that begins with a sign stands behind `--`\n  as in: cwql -- '-label:vip'";
        return ended(Err(Failure::Usage(said.to_owned())), format);
    }
    let hint = line::hint(&error, args);
    // A query, or a word of one, is no subcommand, as clap has it.
    if let Some(hint) = hint.as_deref().filter(|_| line::is_taken_for_command(&error)) {
        let (first, rest) = hint.split_at_checked(1).unwrap_or_default();
        let said = format!("{}{}", first.to_ascii_lowercase(), rest.replace('\n', "\n  "));
        return ended(Err(Failure::Usage(said)), format);
    }
    if hint.is_none() {
        line::suggest(&mut error, args);
    }
    match format {
        ErrorFormat::Plain | ErrorFormat::Json => {
            let said = error.render().to_string();
            let said = said.strip_prefix("error: ").unwrap_or(&said);
            remark::say(About::Usage, &format!("{said}\n{}", hint.unwrap_or_default()), format);
        }
        ErrorFormat::Human => {
            // Nothing can be done if even this cannot be printed.
            let _ = error.print();
            if let Some(hint) = hint {
                let _ = writeln!(io::stderr(), "\n{hint}");
            }
        }
    }
    Exit::Usage
}

fn dispatch(line: &Line, context: &Context) -> Result<Exit, Failure> {
    let Line { command, global } = line;
    match command {
        Command::Run(args) => run::run(args, global, context),
        Command::List(args) => list::list(args, global, context),
        Command::Counts(args) => counts::counts(args, global, context),
        Command::Count(args) => counts::count(args, global, context),
        Command::Create(args) => create::create(args, global, context),
        Command::Compile(args) => commands::compile(args, global, context),
        Command::Check(args) => commands::check(args, global, context),
        Command::Fmt(args) => commands::fmt(args, context),
        Command::Explain(args) => explain::explain(args, global, context),
        Command::Decompile(args) => payload::print(args, global, context),
        Command::Fields(args) => fields::fields(args, global, context),
        Command::Sandbox(args) => sandbox::sandbox(args, global),
        Command::Config(args) => config::run(args, context),
        Command::Account(args) => account::run(args, global, context),
        Command::Completions(args) => commands::completions(args.shell),
        Command::Code(args) => commands::explain_code(args),
        // Answered before: what clap prints is no result of a command.
        Command::Help(_) => Ok(Exit::Found),
    }
}
