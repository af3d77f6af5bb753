//! Arguments of the program.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use clap_complete::engine::ArgValueCompleter;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Failure;
use super::counts::{CountArgs, CountsArgs};
use super::create::CreateArgs;
use super::list::ListArgs;
use super::option_values::{number, seconds, server_version, timestamp, zone};
use super::reading::ResultArgs;
use crate::client::{covered, shown_address};
use crate::schema::ServerVersion;

const AFTER_HELP: &str = "\
The token is read from --token-file or standard input (--token -), else from
CHATWOOT_API_ACCESS_TOKEN, CHATWOOT_API_TOKEN or CHATWOOT_ACCESS_TOKEN, else
from the profile that `cwql config` wrote.

Timeouts, retries and the rate of requests: see cwql run --help.

Exit codes: 0 found, 1 nothing found, 2 the query is wrong, 3 the server or the
network failed or --data is malformed, 4 wrong usage or configuration, 129, 130
and 143 ended by a signal.

Examples:
  cwql 'status = pending AND browser_language != en'
  cwql --demo 'assignee IS MISSING AND created_at < -2d'
  cwql 'label IN (refund, return) AND NOT priority = low' --output csv
  cwql compile 'team = 8 AND created_at > -7d' --curl
  cwql check --file query.cwql";

/// What ends the help of `-h`.
pub(super) const AFTER_SHORT_HELP: &str = "\
Which server is asked, and all other options: cwql --help
The query language: cwql help language

Examples:
  cwql --demo 'assignee IS MISSING AND created_at < -2d'
  cwql 'status = pending AND browser_language != en' --output csv";

/// A query language for Chatwoot conversations: one line says which are meant.
#[derive(Debug, Parser)]
#[command(name = "cwql", version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, disable_help_subcommand = true, after_help = AFTER_HELP)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub run: RunArgs,
    #[command(flatten)]
    pub code: CodeArgs,
    #[command(flatten)]
    pub global: GlobalArgs,
}

#[derive(Debug, Args)]
pub(super) struct CodeArgs {
    /// Explain a code, as in cwql::unknown_attribute
    #[arg(long, value_name = "CODE", exclusive = true, add = ArgValueCompleter::new(super::complete::code))]
    pub explain: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find the conversations that a query means (the default command)
    Run(RunArgs),
    /// Count the conversations that a query means
    Count(CountArgs),
    /// List conversations as the dashboard does, in an order of choice
    List(ListArgs),
    /// Count conversations as the dashboard does
    Counts(CountsArgs),
    /// Create a conversation
    Create(Box<CreateArgs>),
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
    /// Show and change the configuration file
    Config(ConfigArgs),
    /// Read, show and forget the account's names
    Account(AccountArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Describe a command, or the query language: cwql help language
    Help(HelpArgs),
    /// `--explain CODE`, which is an option for clap.
    #[command(skip)]
    Code(CodeArgs),
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct HelpArgs {
    /// A command, or `language`
    #[arg(value_name = "TOPIC", add = ArgValueCompleter::new(super::complete::topic))]
    pub topic: Vec<String>,
}

/// The headings of arguments in help texts; those without one come first.
const SERVER: &str = "Which server";
const DATA: &str = "Conversations in a file instead";
pub(super) const REQUESTS: &str = "Requests";

/// Where the query's text comes from.
#[derive(Debug, Args)]
pub(super) struct QueryArgs {
    /// The query, or - for standard input
    #[arg(value_name = "QUERY", allow_hyphen_values = false, add = ArgValueCompleter::new(super::complete::query))]
    pub query: Option<String>,
    /// Read the query from a file
    #[arg(short, long, value_name = "FILE", conflicts_with = "query")]
    pub file: Option<PathBuf>,
}

impl QueryArgs {
    /// Whether the query is read from standard input.
    pub(super) fn is_standard_input(&self) -> bool {
        self.file.as_deref().is_some_and(is_dash) || self.query.as_deref().is_some_and(|query| query == "-")
    }
}

/// Whether a file is `-`, standard input.
pub(super) fn is_dash(file: &Path) -> bool {
    file.as_os_str() == "-"
}

impl ServerArgs {
    /// Refuses a token from standard input where something else is read from it too. It must be asked before either is:
    /// what is wrong with a query is shown with its text.
    pub(super) fn leave_standard_input(&self, taken: bool) -> Result<(), Failure> {
        if taken && self.token == Some(TokenArgument::StandardInput) {
            return Err(Failure::Usage(
                "standard input cannot be the token and something else\n  --token-file FILE reads the token from a file"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}

/// Which account of which server. The variables are not clap's business: a bad one is no matter to a command that
/// asks no server, and `--demo` goes before them.
#[derive(Debug, Default, Args)]
pub(super) struct AddressArgs {
    /// The server's address [env: CHATWOOT_BASE_URL]
    #[arg(long, value_name = "URL", help_heading = SERVER)]
    url: Option<String>,
    /// The account's id [env: CHATWOOT_ACCOUNT_ID]
    #[arg(long, value_name = "ID", value_parser = account_number, help_heading = SERVER)]
    account_id: Option<u64>,
}

impl AddressArgs {
    /// The address, from the option or the environment.
    pub(super) fn url(&self) -> Result<Option<String>, Failure> {
        let url = self.url.clone().map_or_else(|| variable("CHATWOOT_BASE_URL"), |url| Ok(Some(url)))?;
        if let Some(url) = &url {
            no_page(url).map_err(|reason| Failure::Usage(format!("`{}` {reason}", covered(&shown_address(url)))))?;
        }
        Ok(url)
    }

    /// Whether the address is given as an option.
    pub(super) fn has_url(&self) -> bool {
        self.url.is_some()
    }

    /// Whether the id is given as an option.
    pub(super) fn has_account_id(&self) -> bool {
        self.account_id.is_some()
    }

    /// The id, from the option or the environment.
    pub(super) fn account_id(&self) -> Result<Option<u64>, Failure> {
        if self.account_id.is_some() {
            return Ok(self.account_id);
        }
        let id = variable("CHATWOOT_ACCOUNT_ID")?.map(|text| {
            account_number(&text).map_err(|reason| {
                Failure::Usage(format!("CHATWOOT_ACCOUNT_ID is `{text}`, which is no account id\n  {reason}"))
            })
        });
        id.transpose()
    }
}

/// The id of an account.
fn account_number(text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "an account's id is a number from 1 on".to_owned())
}

/// Says of a page of the dashboard or of the API, which is what a browser and the documentation have to copy, what the
/// server's address is.
pub(super) fn no_page(url: &str) -> Result<(), String> {
    const PAGES: [(&str, &str); 2] =
        [("/app/accounts/", "a page of the dashboard"), ("/api/v1", "an address of the API")];
    let page = PAGES.iter().find_map(|(path, page)| {
        let (server, rest) = url.split_once(path)?;
        (path.ends_with('/') || rest.is_empty() || rest.starts_with('/')).then_some((server, page))
    });
    match page {
        Some((server, page)) => Err(format!("is {page}\n  the server's address is {}", shown_address(server))),
        None => Ok(()),
    }
}

/// A variable that is set to something.
///
/// # Errors
/// It is no text: to leave it out would be to ask another server, or with another token, than is meant.
pub(super) fn variable(name: &str) -> Result<Option<String>, Failure> {
    let Some(value) = std::env::var_os(name) else { return Ok(None) };
    let Some(text) = value.to_str() else {
        return Err(Failure::Usage(format!("the variable {name} is not UTF-8\n  set it anew, or unset it")));
    };
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// A path in a variable, which need not be a text.
pub(super) fn path_variable(name: &str) -> Option<PathBuf> {
    match variable(name) {
        Ok(text) => text.map(PathBuf::from),
        Err(_) => std::env::var_os(name).map(PathBuf::from),
    }
}

/// Which server is asked.
#[derive(Debug, Args)]
pub(super) struct ServerArgs {
    /// Ask the built-in sample account
    #[arg(long, conflicts_with_all = ["url", "account_id", "profile", "token", "token_file"], help_heading = SERVER)]
    pub demo: bool,
    #[command(flatten)]
    pub address: AddressArgs,
    #[command(flatten)]
    pub profile: ProfileArgs,
    /// Read the access token from a file of yours alone
    #[arg(long, value_name = "FILE", conflicts_with = "token", help_heading = SERVER)]
    pub token_file: Option<PathBuf>,
    /// Read the access token from standard input
    #[arg(long, value_name = "-", value_parser = token_argument, help_heading = SERVER)]
    pub token: Option<TokenArgument>,
    /// Ask for the account's names again, known or not
    #[arg(long, help_heading = SERVER)]
    pub refresh: bool,
    /// Use no kept names, keep none [env: CWQL_NO_CACHE]
    #[arg(long, conflicts_with = "refresh", help_heading = SERVER)]
    pub no_cache: bool,
    /// Send the token in clear text over http
    #[arg(long, help_heading = SERVER)]
    pub insecure_http: bool,
    #[command(flatten)]
    pub transfer: TransferArgs,
}

/// How many pages may be asked for at a time: each of them is kept until those before it are there.
pub(super) const MOST_CONCURRENT: u8 = 32;

/// How patiently and how fast the server is asked.
#[derive(Debug, Args)]
pub(super) struct TransferArgs {
    /// End the whole run after so long [default: never]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds, help_heading = REQUESTS)]
    pub timeout: Option<Duration>,
    /// How long a connection may take [default: 10]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds, help_heading = REQUESTS)]
    pub connect_timeout: Option<Duration>,
    /// How long the server may be silent [default: 30]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds, help_heading = REQUESTS)]
    pub read_timeout: Option<Duration>,
    /// How often a failed read is repeated [default: 4]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = number::<u32>(0, 20), help_heading = REQUESTS)]
    pub retries: Option<u32>,
    /// Requests in a minute at most [default: 2400]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = number::<u32>(1, u32::MAX.into()), help_heading = REQUESTS)]
    pub max_rate: Option<u32>,
    /// How many pages are asked for at a time [default: 4]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = number::<u8>(1, MOST_CONCURRENT.into()), help_heading = REQUESTS)]
    pub concurrency: Option<u8>,
    /// Trust the authorities in this PEM file, too
    #[arg(long, value_name = "FILE", help_heading = REQUESTS)]
    pub ca_file: Option<PathBuf>,
}

/// Which part of the configuration file.
#[derive(Debug, Args)]
pub(super) struct ProfileArgs {
    /// The profile of the configuration [env: CWQL_PROFILE]
    #[arg(long, value_name = "NAME", help_heading = SERVER, add = ArgValueCompleter::new(super::complete::profile))]
    pub profile: Option<String>,
}

/// What stands behind `--token`. Only that it is `-` or not is kept: a token must not be shown in any message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenArgument {
    /// `-`
    StandardInput,
    /// Anything else.
    Written,
}

#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    pub command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Print where the configuration file is
    Path,
    /// Show what is in effect and where it comes from
    Show {
        #[command(flatten)]
        profile: ProfileArgs,
    },
    /// Set a value of a profile; a token is read from standard input
    Set {
        /// What is set, as in url, account_id or token; default_profile is of the whole file
        #[arg(add = ArgValueCompleter::new(super::complete::settable_key))]
        key: String,
        /// Its value
        value: Option<OsString>,
        #[command(flatten)]
        profile: ProfileArgs,
    },
    /// Remove a value of a profile
    Unset {
        /// What is removed
        #[arg(add = ArgValueCompleter::new(super::complete::config_key))]
        key: String,
        #[command(flatten)]
        profile: ProfileArgs,
    },
}

#[derive(Debug, Args)]
pub(super) struct AccountArgs {
    #[command(subcommand)]
    pub command: AccountCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// Ask the server for the account's names and keep them for a day
    Pull(NamesArgs),
    /// Show the names that are known
    Show(NamesArgs),
    /// Forget the names of the account
    Clear {
        #[command(flatten)]
        server: ServerArgs,
        /// Forget the names of every account
        #[arg(long, conflicts_with_all = ["demo", "url", "account_id", "profile"])]
        all: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct NamesArgs {
    #[command(flatten)]
    pub server: ServerArgs,
    /// How the names are printed
    #[arg(short, long, value_enum, ignore_case = true, value_name = "FORMAT", default_value_t = NamesFormat::Table)]
    pub output: NamesFormat,
}

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub query: QueryArgs,
    #[command(flatten)]
    pub server: ServerArgs,
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub result: ResultArgs,
    /// Print the requests that would be sent, and send nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What says something of a server, and nothing of a file.
const OF_A_SERVER: [&str; 18] = [
    "demo",
    "url",
    "account_id",
    "profile",
    "token",
    "token_file",
    "refresh",
    "no_cache",
    "insecure_http",
    "timeout",
    "connect_timeout",
    "read_timeout",
    "retries",
    "max_rate",
    "concurrency",
    "ca_file",
    "strict",
    "dry_run",
];

/// Conversations in a file instead of a server's.
#[derive(Debug, Args)]
pub(super) struct DataArgs {
    /// Look in this file (- for standard input): JSON or gzip
    #[arg(long = "data", value_name = "FILE", conflicts_with_all = OF_A_SERVER, help_heading = DATA)]
    pub path: Option<PathBuf>,
    /// Leave out malformed lines, and count them
    #[arg(long, requires = "path", help_heading = DATA)]
    pub skip_bad: bool,
    /// Check every line in full, not only what is looked at
    #[arg(long, requires = "path", help_heading = DATA)]
    pub validate: bool,
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
    /// With the names of the built-in sample account
    #[arg(long)]
    pub demo: bool,
    #[command(flatten)]
    pub address: AddressArgs,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub query: QueryArgs,
    /// Check a payload or a saved view instead: where the server reads it otherwise than it looks
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "file"])]
    pub payload: Option<PathBuf>,
    /// With the names of the built-in sample account
    #[arg(long)]
    pub demo: bool,
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
    #[arg(short, long, conflicts_with = "check")]
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
    #[arg(long, value_enum, ignore_case = true, value_name = "FORMAT", default_value_t = PlanFormat::Tree)]
    pub format: PlanFormat,
}

#[derive(Debug, Args)]
pub(super) struct FieldsArgs {
    /// Show only attributes whose name contains this
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// With the names of the built-in sample account
    #[arg(long)]
    pub demo: bool,
}

#[derive(Debug, Args)]
pub(super) struct SandboxArgs {
    /// Conversations, one JSON object a line [default: the sample account's]
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true, value_parser = number::<u16>(0, u16::MAX.into()))]
    pub port: u16,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(super) struct GlobalArgs {
    /// The account's names and attributes, from a file
    #[arg(long, value_name = "FILE", global = true)]
    pub account: Option<PathBuf>,
    /// The server's version [default: asked, or newest]
    #[arg(long, value_name = "V", global = true, value_parser = server_version)]
    pub server_version: Option<ServerVersion>,
    /// The clock, as in 2026-06-15T12:00:00Z
    #[arg(long, value_name = "T", global = true, value_parser = timestamp)]
    pub now: Option<Timestamp>,
    /// Whose days, as in Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE", global = true, value_parser = zone)]
    pub tz: Option<TimeZone>,
    /// Send relative days as days_before (saved views)
    #[arg(long, global = true)]
    pub rolling: bool,
    /// Most conditions of alternatives
    #[arg(long, value_name = "N", global = true, default_value_t = crate::schema::MAX_PAYLOAD_CONDITIONS)]
    pub max_conditions: usize,
    /// How problems are printed
    #[arg(long, value_enum, ignore_case = true, value_name = "FORMAT", global = true, default_value_t = ErrorFormat::Human)]
    pub error_format: ErrorFormat,
    /// When colours are used
    #[arg(long, value_enum, ignore_case = true, value_name = "WHEN", global = true, default_value_t = Color::Auto)]
    pub color: Color,
    /// Print no warnings
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print every warning, and what the server is asked
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

// The variants of these have no help of their own: with it, `--help` takes twice as many lines.

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    Table,
    Json,
    Ndjson,
    Csv,
    Ids,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum NamesFormat {
    Table,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PlanFormat {
    Tree,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ErrorFormat {
    Human,
    Plain,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

fn token_argument(text: &str) -> Result<TokenArgument, std::convert::Infallible> {
    Ok(if text == "-" { TokenArgument::StandardInput } else { TokenArgument::Written })
}

#[cfg(test)]
#[path = "args_tests.rs"]
mod tests;
