//! Runs the program as its users do: in a clean environment, against a sandbox in a process of its own.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// What the environment of a developer may hold, and no test may see.
const VARIABLES: [&str; 16] = [
    "CHATWOOT_BASE_URL",
    "CHATWOOT_ACCOUNT_ID",
    "CHATWOOT_API_ACCESS_TOKEN",
    "CHATWOOT_API_TOKEN",
    "CHATWOOT_ACCESS_TOKEN",
    "CWQL_CONFIG",
    "CWQL_CACHE_DIR",
    "CWQL_PROFILE",
    "CWQL_COMPLETE",
    "CWQL_COMPLETE_WORD",
    "COLUMNS",
    "NO_COLOR",
    "CLICOLOR_FORCE",
    "http_proxy",
    "HTTP_PROXY",
    "ALL_PROXY",
];

/// The program without configuration, and without what earlier runs keep.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cwql"));
    for variable in VARIABLES {
        command.env_remove(variable);
    }
    // A folder that is never made; and ports come round again, with another account behind them.
    command.env("XDG_CONFIG_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("never-made")).env("CWQL_NO_CACHE", "1");
    command.stdin(Stdio::null());
    command
}

/// A folder for the files of one test file, empty at first.
pub(crate) fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// `cwql sandbox`, running until it is dropped.
pub(crate) struct Sandbox {
    child: Child,
    /// The line that it prints when it is ready.
    pub(crate) ready: Value,
}

impl Sandbox {
    pub(crate) fn start<const N: usize>(args: [&str; N]) -> Self {
        let mut child =
            command().arg("sandbox").args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| {
            let mut problem = String::new();
            let _ = child.stderr.take().unwrap().read_to_string(&mut problem);
            panic!("{error}: {line:?} {problem}")
        });
        Self { child, ready }
    }

    pub(crate) fn url(&self) -> &str {
        self.ready["url"].as_str().unwrap()
    }

    pub(crate) fn account_id(&self) -> u64 {
        self.ready["account_id"].as_u64().unwrap()
    }

    pub(crate) fn token(&self) -> &str {
        self.ready["tokens"]["admin"].as_str().unwrap()
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// The program, configured for this server.
    pub(crate) fn command(&self) -> Command {
        let mut command = command();
        command
            .env("CHATWOOT_BASE_URL", self.url())
            .env("CHATWOOT_ACCOUNT_ID", self.account_id().to_string())
            .env("CHATWOOT_API_ACCESS_TOKEN", self.token());
        command
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a run of the program left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or_else(|| panic!("{output:?}")),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Runs a command to its end.
pub(crate) fn ran(command: &mut Command) -> Ran {
    Ran::from(command.output().unwrap())
}
