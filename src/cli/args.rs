//! Arguments of the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::schema::ServerVersion;

const AFTER_HELP: &str = "\
Examples:
  cwql 'status = pending AND browser_language != en'
  cwql --demo 'assignee IS MISSING AND created_at < -2d'
  cwql 'label IN (refund, return) AND NOT priority = low' --output csv
  cwql compile 'team = 8 AND created_at > -7d' --curl
  cwql check --file query.cwql

Server and token are read from the environment: CHATWOOT_BASE_URL, CHATWOOT_ACCOUNT_ID and
CHATWOOT_API_ACCESS_TOKEN (also CHATWOOT_API_TOKEN, CHATWOOT_ACCESS_TOKEN).

Exit codes: 0 found, 1 nothing found, 2 the query is wrong, 3 the server or the network
failed, 4 wrong usage or configuration.";

/// A query language for Chatwoot conversations: one line of text says which are meant.
#[derive(Debug, Parser)]
#[command(name = "cwql", version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, after_help = AFTER_HELP)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub run: RunArgs,
    /// Explain a diagnostic's code, such as cwql::unknown_attribute
    #[arg(long, value_name = "CODE", exclusive = true)]
    pub explain: Option<String>,
    #[command(flatten)]
    pub global: GlobalArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find the conversations that a query means (the default command)
    Run(RunArgs),
    /// Print the payload that the query compiles to
    Compile(CompileArgs),
    /// Say what is wrong with a query, and what may be
    Check(CheckArgs),
    /// Print a query in canonical form
    Fmt(FmtArgs),
    /// Show how a query is understood and what will be sent
    Explain(ExplainArgs),
    /// Read a payload or a saved view back as a query
    Decompile(DecompileArgs),
    /// List the attributes and their operators
    Fields(FieldsArgs),
    /// Serve a model of a Chatwoot server on a loopback port
    Sandbox(SandboxArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Where the query's text comes from.
#[derive(Debug, Args)]
pub(super) struct QueryArgs {
    /// The query, or - for standard input
    #[arg(value_name = "QUERY", allow_hyphen_values = false)]
    pub query: Option<String>,
    /// Read the query from a file
    #[arg(short, long, value_name = "FILE", conflicts_with = "query")]
    pub file: Option<PathBuf>,
}

/// Which server is asked.
#[derive(Debug, Args)]
pub(super) struct ServerArgs {
    /// Ask the built-in sample account; no Chatwoot is needed
    #[arg(long, conflicts_with_all = ["url", "account_id"])]
    pub demo: bool,
    /// The server's address
    #[arg(long, value_name = "URL", env = "CHATWOOT_BASE_URL", hide_env_values = true)]
    pub url: Option<String>,
    /// The account's id, as in the dashboard's address
    #[arg(long, value_name = "ID", env = "CHATWOOT_ACCOUNT_ID", hide_env_values = true)]
    pub account_id: Option<u64>,
    /// Send the token in clear text over http to another machine
    #[arg(long)]
    pub insecure_http: bool,
}

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub query: QueryArgs,
    #[command(flatten)]
    pub server: ServerArgs,
    /// How the conversations are printed
    #[arg(short, long, value_enum, default_value_t = Output::Table)]
    pub output: Output,
    /// Stop after so many conversations
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct CompileArgs {
    #[command(flatten)]
    pub query: QueryArgs,
    /// Print a curl command; the token stays a shell variable
    #[arg(long)]
    pub curl: bool,
    /// Print a payload that matches more where none says exactly the query
    #[arg(long)]
    pub superset: bool,
    /// The server's address, for --curl
    #[arg(long, value_name = "URL", env = "CHATWOOT_BASE_URL", hide_env_values = true)]
    pub url: Option<String>,
    /// The account's id, for --curl
    #[arg(long, value_name = "ID", env = "CHATWOOT_ACCOUNT_ID", hide_env_values = true)]
    pub account_id: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub query: QueryArgs,
    /// Check a payload or a saved view instead: where the server reads it otherwise than it looks
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "file"])]
    pub payload: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct DecompileArgs {
    /// A file with the payload's JSON, or - for standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub payload: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct FmtArgs {
    #[command(flatten)]
    pub query: QueryArgs,
    /// Change the file instead of printing
    #[arg(short, long, requires = "file", conflicts_with = "check")]
    pub write: bool,
    /// Exit with 1 if the text is not in canonical form; print nothing
    #[arg(long)]
    pub check: bool,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    pub query: QueryArgs,
    #[command(flatten)]
    pub server: ServerArgs,
    /// How the plan is printed
    #[arg(long, value_enum, default_value_t = PlanFormat::Tree)]
    pub format: PlanFormat,
}

#[derive(Debug, Args)]
pub(super) struct FieldsArgs {
    /// Show only attributes whose name contains this
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct SandboxArgs {
    /// Conversations, one JSON object a line [default: the sample account's]
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(super) struct GlobalArgs {
    /// The account's names and custom attributes, from a JSON file
    #[arg(long, value_name = "FILE", global = true)]
    pub account: Option<PathBuf>,
    /// The server's version [default: the server's own, else the newest known]
    #[arg(long, value_name = "V", global = true)]
    pub server_version: Option<ServerVersion>,
    /// The time that relative dates count from, such as 2026-06-15T12:00:00Z
    #[arg(long, value_name = "T", global = true, value_parser = timestamp)]
    pub now: Option<Timestamp>,
    /// The time zone whose days are meant, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", global = true, value_parser = zone, default_value = "UTC")]
    pub tz: TimeZone,
    /// Send relative days as days_before, so that a saved view moves with the time
    #[arg(long, global = true)]
    pub rolling: bool,
    /// How many conditions a payload may have
    #[arg(long, value_name = "N", global = true, default_value_t = crate::schema::MAX_PAYLOAD_CONDITIONS, hide = true)]
    pub max_conditions: usize,
    /// How problems are printed
    #[arg(long, value_enum, value_name = "FORMAT", global = true, default_value_t = ErrorFormat::Human)]
    pub error_format: ErrorFormat,
    /// When colours are used
    #[arg(long, value_enum, value_name = "WHEN", global = true, default_value_t = Color::Auto)]
    pub color: Color,
    /// Print no warnings
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print every warning and what is asked of the server
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// A table for people
    Table,
    /// One JSON array, each conversation as the server sent it
    Json,
    /// A JSON object a line
    Ndjson,
    /// Comma-separated values with a header
    Csv,
    /// An id a line
    Ids,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PlanFormat {
    /// A tree for people
    Tree,
    /// One JSON object
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ErrorFormat {
    /// Drawn with the query's text
    Human,
    /// A line each
    Plain,
    /// One JSON object
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

fn timestamp(text: &str) -> Result<Timestamp, String> {
    if let Ok(timestamp) = text.parse() {
        return Ok(timestamp);
    }
    match text.parse::<i64>().ok().and_then(|second| Timestamp::from_second(second).ok()) {
        Some(timestamp) => Ok(timestamp),
        None => Err("a time like 2026-06-15T12:00:00Z or epoch seconds is expected".to_owned()),
    }
}

fn zone(text: &str) -> Result<TimeZone, String> {
    if text.eq_ignore_ascii_case("utc") || text == "Z" {
        return Ok(TimeZone::UTC);
    }
    if text.eq_ignore_ascii_case("local") || text.eq_ignore_ascii_case("system") {
        return TimeZone::try_system().map_err(|error| error.to_string());
    }
    TimeZone::get(text).map_err(|_| "a zone's name like Europe/Berlin is expected, UTC or local".to_owned())
}
