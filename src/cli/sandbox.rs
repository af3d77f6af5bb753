//! `cwql sandbox`, and the server behind `--demo`.

use std::io::{self, Write as _};

use jiff::Timestamp;
use tokio::net::TcpListener;

use super::args::{GlobalArgs, SandboxArgs};
use super::context::{read, schema};
use super::data;
use super::{Exit, Failure};
use crate::sandbox::{LoadError, Ready, Sandbox, Tokens, serve};
use crate::schema::{Account, Schema, ServerVersion};

/// The sample account and its conversations: a shop's support desk, invented for this purpose.
const ACCOUNT: &str = include_str!("../sandbox/demo/account.json");
const CONVERSATIONS: &str = include_str!("../sandbox/demo/conversations.ndjson");

/// The time at which the sample account stands still.
pub(super) const DEMO_NOW: &str = "2026-11-20T15:00:00Z";

/// The clock of the sample account.
pub(super) fn demo_now() -> Result<Timestamp, Failure> {
    DEMO_NOW.parse().map_err(|error: jiff::Error| Failure::Io(error.to_string()))
}

/// What a query is checked against where no server is asked: the account of a file, or the sample account.
pub(super) fn offline_schema(global: &GlobalArgs, demo: bool) -> Result<Schema, Failure> {
    let mut schema = schema(global)?;
    if demo && schema.account.is_none() {
        let account = Account::from_json(ACCOUNT.as_bytes());
        schema.account = Some(account.map_err(|error| Failure::Io(error.to_string()))?);
    }
    if demo && global.now.is_none() {
        schema.now = Some(demo_now()?);
    }
    Ok(schema)
}

/// Starts the sample account's server on a free loopback port, within the running program.
pub(super) async fn start_demo(global: &GlobalArgs, now: Timestamp) -> Result<Ready, Failure> {
    let version = global.server_version.unwrap_or(ServerVersion::LATEST);
    let sandbox = Sandbox::new(ACCOUNT, CONVERSATIONS, now, version).map_err(|error| Failure::Io(error.to_string()))?;
    let (ready, listener) = listen(&sandbox, 0).await?;
    tokio::spawn(serve(sandbox, listener, ready.tokens.clone()));
    Ok(ready)
}

async fn listen(sandbox: &Sandbox, port: u16) -> Result<(Ready, TcpListener), Failure> {
    let failed = |error: io::Error| Failure::Usage(format!("127.0.0.1:{port} cannot be listened on: {error}"));
    let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(failed)?;
    let ready = Ready::new(sandbox, &listener, Tokens::default()).map_err(failed)?;
    Ok((ready, listener))
}

/// What is wrong with a file, with its name.
fn named(error: &LoadError, args: &SandboxArgs, global: &GlobalArgs) -> String {
    let file = match error {
        LoadError::Account { .. } => &global.account,
        LoadError::Conversations { .. } => &args.data,
    };
    file.as_deref().map_or_else(|| error.to_string(), |file| error.of(&data::name_of(file)))
}

/// `cwql sandbox`
pub(super) fn sandbox(args: &SandboxArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let account = global.account.as_deref().map(read).transpose()?;
    let data = args.data.as_deref().map(data::lines).transpose()?;
    let sample = account.is_none() && data.is_none();
    let now = match global.now {
        Some(now) => now,
        None if sample => demo_now()?,
        None => Timestamp::now(),
    };
    let conversations = match (&data, &account) {
        (Some(data), _) => data,
        // An account of one's own begins without conversations.
        (None, Some(_)) => "",
        (None, None) => CONVERSATIONS,
    };
    let version = global.server_version.unwrap_or(ServerVersion::LATEST);
    let sandbox = Sandbox::new(account.as_deref().unwrap_or(ACCOUNT), conversations, now, version).map_err(
        |error| match error {
            LoadError::Account { .. } => Failure::Usage(named(&error, args, global)),
            LoadError::Conversations { .. } => Failure::Io(named(&error, args, global)),
        },
    )?;
    let runtime = super::run::runtime()?;
    runtime.block_on(async {
        let (ready, listener) = listen(&sandbox, args.port).await?;
        // Listened for before the first line is printed: whoever reads it may interrupt at once.
        let interrupted = tokio::spawn(tokio::signal::ctrl_c());
        tokio::task::yield_now().await;
        let line = serde_json::to_string(&ready).map_err(|error| Failure::Io(error.to_string()))?;
        let mut out = io::stdout();
        writeln!(out, "{line}")?;
        out.flush()?;
        tokio::select! {
            ended = serve(sandbox, listener, ready.tokens) => ended.map_err(|error| Failure::Io(error.to_string())),
            _ = interrupted => Ok(()),
        }
    })?;
    Ok(Exit::Found)
}
