//! The `cwql` program: arguments, commands, output and exit codes.

mod args;
mod commands;
mod connect;
mod context;
mod data;
mod fields;
mod output;
mod payload;
mod run;
mod sandbox;

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write as _};

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::client::ClientError;
use crate::diagnostic::Diagnostics;
use args::{Cli, Command};
use context::Context;

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
}

/// Why a command ended early.
#[derive(Debug)]
enum Failure {
    /// The query is wrong.
    Query(Diagnostics),
    /// The server or the network failed.
    Server(ClientError),
    /// Usage or configuration is wrong.
    Usage(String),
    /// Standard output was closed: the reader has enough.
    Closed,
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
            ClientError::Address { .. } | ClientError::Token => Self::Usage(error.to_string()),
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

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(problems) => problems.fmt(f),
            Self::Server(error) => error.fmt(f),
            Self::Usage(text) | Self::Io(text) => f.write_str(text),
            Self::Closed => f.write_str("standard output was closed"),
        }
    }
}

/// Runs the program and returns its exit code: 0 found, 1 nothing found, 2 the query is wrong, 3 the server or the
/// network failed, 4 wrong usage or configuration.
#[must_use]
pub fn main(args: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let exit = match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Found,
                _ => Exit::Usage,
            };
            // Nothing can be done if even this cannot be printed.
            let _ = error.print();
            if let Some(hint) = args::hint(&error) {
                let _ = writeln!(io::stderr(), "\n{hint}");
            }
            return exit as u8;
        }
    };
    let context = Context::new(&cli.global);
    let result = dispatch(cli, &context);
    let exit = match result {
        Ok(exit) => exit,
        Err(Failure::Closed) => Exit::Found,
        Err(Failure::Query(problems)) => {
            context.show(&problems);
            Exit::Query
        }
        Err(failure) => {
            let _ = writeln!(io::stderr(), "cwql: {failure}");
            if matches!(failure, Failure::Usage(_)) { Exit::Usage } else { Exit::Server }
        }
    };
    exit as u8
}

fn dispatch(cli: Cli, context: &Context) -> Result<Exit, Failure> {
    if let Some(code) = &cli.explain {
        return commands::explain_code(code);
    }
    match cli.command {
        None => run::run(&cli.run, &cli.global, context),
        Some(Command::Run(args)) => run::run(&args, &cli.global, context),
        Some(Command::Compile(args)) => commands::compile(&args, &cli.global, context),
        Some(Command::Check(args)) => commands::check(&args, &cli.global, context),
        Some(Command::Fmt(args)) => commands::fmt(&args, context),
        Some(Command::Explain(args)) => run::explain(&args, &cli.global, context),
        Some(Command::Decompile(args)) => payload::print(&args, &cli.global, context),
        Some(Command::Fields(args)) => fields::fields(&args, &cli.global, context),
        Some(Command::Sandbox(args)) => sandbox::sandbox(&args, &cli.global),
        Some(Command::Completions { shell }) => commands::completions(shell),
    }
}
