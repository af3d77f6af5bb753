//! The README shows what the program really prints.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "tests may fail"
    )
)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

const CWQL: &str = env!("CARGO_BIN_EXE_cwql");

/// A shell without configuration in which `cwql` is the program under test.
fn shell(command: &str) -> Command {
    let folder = Path::new(CWQL).parent().unwrap();
    let mut path = std::ffi::OsString::from(folder);
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).env("PATH", path).stdin(Stdio::null());
    // What the developer has of their own must not count.
    shell.env("XDG_CONFIG_HOME", env!("CARGO_TARGET_TMPDIR")).env("CWQL_NO_CACHE", "1");
    shell.env("CWQL_CONFIG", concat!(env!("CARGO_TARGET_TMPDIR"), "/readme.toml"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CHATWOOT_") {
            shell.env_remove(name);
        }
    }
    shell
}

/// What a command prints on both streams, line ends trimmed.
fn output(command: &str) -> String {
    if command.starts_with("cwql sandbox") {
        // A free port, so that nothing else can be in the way; the one of the text is put back.
        let free = command.replace("--port 3900", "--port 0");
        let mut server = shell(&format!("exec {free}")).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        server.kill().unwrap();
        server.wait().unwrap();
        let (before, rest) = line.trim_end().split_once("127.0.0.1:").unwrap();
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        return format!("{before}127.0.0.1:3900{after}");
    }
    let printed = shell(&format!("{command} 2>&1")).output().unwrap();
    let text = String::from_utf8(printed.stdout).unwrap();
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n")
}

#[test]
fn every_command_block_is_what_the_program_prints() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let mut compared = 0;
    for block in readme.split("```console\n").skip(1) {
        let (block, _) = block.split_once("\n```").unwrap();
        let (command, expected) = block.strip_prefix("$ ").unwrap().split_once('\n').unwrap();
        let run = command.replace("cargo run --release -- ", "cwql ");
        assert_eq!(output(&run), expected, "$ {command}");
        compared += 1;
    }
    assert_eq!(compared, 12);
}

/// The commands for an account of one's own: the configuration is written, the queries ask the sample account.
#[test]
fn the_commands_for_an_own_account_run() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let block = readme.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let config = tempfile("own.toml");
    let (mut configured, mut ran) = (0, 0);
    for line in block.lines().filter(|line| line.starts_with("cwql ")) {
        let command = line.split(" > ").next().unwrap().split("  #").next().unwrap();
        let command = match command.starts_with("cwql config") {
            true => {
                configured += 1;
                format!("echo t0ken | {command}")
            }
            false => {
                ran += 1;
                command.replacen("cwql ", "cwql --demo ", 1)
            }
        };
        let mut shell = shell(&command);
        let status = shell.env("CWQL_CONFIG", &config).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(matches!(status.code(), Some(0 | 1)), "{command}: {status}");
    }
    assert_eq!((configured, ran), (3, 3));
    let written = std::fs::read_to_string(&config).unwrap();
    assert!(written.contains("https://chat.example.com") && written.contains("t0ken"), "{written}");
}

/// A path in the tests' own folder, where nothing is.
fn tempfile(name: &str) -> std::path::PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("readme-{}-{name}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}
