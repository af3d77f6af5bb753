//! The program's options for requests, and what `--verbose` tells of them: never a secret.
#![cfg(feature = "cli")]
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

mod misbehave;
mod program;

use std::time::{Duration, Instant};

use misbehave::{RIGHT, Reply, Server, http, right, status};
use program::{Ran, ran};

const TOKEN: &str = "tOkEn-0123456789-never-shown";

/// Runs a query against an address, and looks for secrets in what it prints.
fn run_at(url: &str, args: &[&str]) -> Ran {
    let base = ["run", "status = open", "--output", "ids", "--account-id", "1", "--url", url];
    let ran = ran(program::command().args(base).args(args).env("CHATWOOT_API_ACCESS_TOKEN", TOKEN));
    for secret in [TOKEN, "s3cret"] {
        assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "{ran:?}");
    }
    ran
}

fn run(server: &Server, args: &[&str]) -> Ran {
    run_at(&server.url, args)
}

#[test]
fn verbose_shows_each_request_with_its_size_and_time() {
    let server = Server::replies([|| status("502 Bad Gateway"), || Reply::Part(Vec::new()), right]);
    let ran = run(&server, &["--verbose"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "7\n"), "{ran:?}");
    let lines: Vec<&str> = ran.err.lines().filter(|line| !line.starts_with("cwql: asks for")).collect();
    let path = "cwql: POST /api/v1/accounts/1/conversations/filter?page=1 → ";
    assert!(lines[0].starts_with(&format!("{path}502, 0 bytes, ")) && lines[0].ends_with(" ms"), "{lines:?}");
    assert!(lines[1].starts_with("cwql: the server answers 502; tries again in 0."), "{lines:?}");
    assert!(lines[2].starts_with("cwql: no answer from http://127.0.0.1:"), "{lines:?}");
    assert!(lines[3].starts_with(&format!("{path}200, 45 bytes, ")) && lines[3].ends_with(", attempt 3"), "{lines:?}");
    assert_eq!(run(&Server::replies([right]), &[]).err, "");
}

#[test]
fn a_hint_about_the_proxy_is_given_without_being_asked_for_it() {
    let server = || Server::replies([|| status("401 Unauthorized"), right]);
    let hint = run(&server(), &[]);
    assert_eq!((hint.code, hint.out.as_str()), (0, "7\n"));
    assert!(hint.err.contains("cwql: a proxy drops the header `api_access_token`"), "{}", hint.err);
    assert_eq!(run(&server(), &["--quiet"]).err, "");
}

#[test]
fn a_password_of_the_address_is_sent_and_never_printed() {
    let server = Server::replies([|| status("502 Bad Gateway"), right]);
    let url = server.url.replace("http://", "http://user:s3cret@");
    let ran = run_at(&url, &["--verbose"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "7\n"), "{ran:?}");
    assert!(server.requests()[0].to_ascii_lowercase().contains("\r\nauthorization: basic "));
    let curl = ["compile", "status = open", "--curl", "--url", &url];
    let curl = program::ran(program::command().args(curl)).out;
    assert!(curl.contains("--url \"$CHATWOOT_BASE_URL\"/api/v1") && !curl.contains("s3cret"), "{curl}");
    for (url, code) in [
        ("http://user:s3cret@127.0.0.1:1", 3),
        ("http://user:s3cret@chat.example.com", 4),
        ("ftp://user:s3cret@chat.example.com", 4),
        ("user:s3cret@chat.example.com", 4),
        ("https://user:s3cret@127.0.0.1:1", 3),
    ] {
        assert_eq!(run_at(url, &["--verbose"]).code, code, "{url}");
    }
}

#[test]
fn http_to_another_machine_must_be_wanted() {
    let ran = run_at("http://chat.example.invalid", &[]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("in clear text") && ran.err.contains("use https, or --insecure-http"), "{}", ran.err);
    let start = Instant::now();
    let ran = run_at("http://chat.example.invalid", &["--insecure-http", "--connect-timeout", "8"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.starts_with("cwql: no answer from http://chat.example.invalid/: "), "{}", ran.err);
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn the_options_reach_the_client() {
    let silent = || Server::replies([|| Reply::Silence(Vec::new(), Duration::from_secs(5))]);
    let server = silent();
    let start = Instant::now();
    let ran = run(&server, &["--timeout", "0.3"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("the time for the whole run is over: 0.3 s"), "{}", ran.err);
    let server = silent();
    let ran = run(&server, &["--read-timeout", "0.2", "--retries", "1"]);
    assert!(ran.err.contains("it was silent for 0.2 s (tried 2 times)"), "{}", ran.err);
    assert_eq!(server.count(), 2);
    assert!(start.elapsed() < Duration::from_secs(4));
    let server = Server::replies([|| status("502 Bad Gateway")]);
    assert_eq!(run(&server, &["--retries", "0"]).code, 3);
    assert_eq!(server.count(), 1);
    // The second page is not asked for in the same minute.
    let server = Server::always(http("200 OK", "", RIGHT.replace("\"all_count\":1", "\"all_count\":2")));
    let ran = run(&server, &["--max-rate", "1", "--timeout", "0.5", "--concurrency", "1"]);
    assert_eq!((ran.code, server.count()), (3, 1), "{ran:?}");
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let server = Server::replies([right]);
    for (option, values) in [
        ("--timeout", &["0", "-1", "abc", "inf", "NaN", "1e300", ""][..]),
        ("--connect-timeout", &["0", "1s"]),
        ("--read-timeout", &["0", "1s"]),
        ("--retries", &["-1", "21", "many"]),
        ("--max-rate", &["0", "-1", "1.5"]),
        ("--concurrency", &["0", "33", "-1"]),
    ] {
        for value in values {
            let ran = run(&server, &[&format!("{option}={value}")]);
            assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{option} {value} {ran:?}");
            assert!(ran.err.contains(option), "{}", ran.err);
        }
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn proxies_of_the_environment_are_used_for_other_machines_alone() {
    let (proxy, server) = (Server::replies([right]), Server::replies([right]));
    let run = |url: &str| {
        let base = ["status = open", "--output", "ids", "--account-id", "1", "--insecure-http", "--url", url];
        let variables = [("http_proxy", proxy.url.as_str()), ("CHATWOOT_API_ACCESS_TOKEN", TOKEN)];
        ran(program::command().args(base).envs(variables))
    };
    assert_eq!(run("http://chat.example.invalid").out, "7\n");
    assert!(proxy.requests()[0].starts_with("POST http://chat.example.invalid/api/v1/"));
    assert_eq!(run(&server.url).out, "7\n");
    assert_eq!((proxy.count(), server.count()), (1, 1));
}

#[test]
fn over_http_no_certificate_store_is_read() {
    // A store that cannot be read is told only by who reads it.
    let server = Server::replies([right]);
    let run = |url: &str| {
        let base = ["status = open", "--output", "ids", "--account-id", "1", "--url", url];
        let variables = [("SSL_CERT_FILE", "none.pem"), ("CHATWOOT_API_ACCESS_TOKEN", TOKEN)];
        ran(program::command().args(base).envs(variables).env_remove("SSL_CERT_DIR"))
    };
    assert_eq!(run(&server.url).out, "7\n");
    if cfg!(target_os = "linux") {
        let ran = run(&server.url.replace("http:", "https:"));
        assert_eq!(ran.code, 4);
        assert!(ran.err.contains("ca-certificates") && ran.err.contains("--ca-file"), "{}", ran.err);
    }
}

#[test]
fn the_help_of_run_has_the_options_that_the_first_help_leaves_out() {
    let help = |args: &[&str]| ran(program::command().args(args)).out;
    for option in ["--timeout", "--connect-timeout", "--read-timeout", "--retries", "--max-rate", "--concurrency"] {
        assert!(help(&["run", "--help"]).contains(&format!("{option} <")), "{option}");
        assert!(!help(&["--help"]).contains(&format!("{option} <")), "{option}");
    }
    // They are taken without the command's name all the same.
    let server = Server::replies([right]);
    let base = ["status = open", "--output", "ids", "--retries", "0", "--account-id", "1", "--url", &server.url];
    assert_eq!(ran(program::command().args(base).env("CHATWOOT_API_ACCESS_TOKEN", TOKEN)).out, "7\n");
}

#[test]
fn a_proxy_that_does_not_answer_is_named_without_its_password() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let proxy = format!("http://someone:s3cret@127.0.0.1:{port}");
    let base = ["status = open", "--account-id", "1", "--retries", "0", "--insecure-http"];
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://chat.example.invalid");
        let variable = format!("{scheme}_proxy");
        let variables = [(variable.as_str(), proxy.as_str()), ("CHATWOOT_API_ACCESS_TOKEN", TOKEN)];
        let ran = ran(program::command().args(base).args(["--url", &url]).envs(variables));
        assert_eq!(ran.code, 3, "{ran:?}");
        let named = format!("no answer from {url}/ through the proxy http://127.0.0.1:{port}: ");
        assert!(ran.err.contains(&named) && ran.err.contains("NO_PROXY"), "{}", ran.err);
        assert!(!ran.err.contains("s3cret") && !ran.err.contains("someone"), "{}", ran.err);
    }
}

/// Whoever names a proxy wants nothing sent round it.
#[test]
fn a_variable_that_names_no_proxy_is_an_error() {
    let base = ["status = open", "--account-id", "1", "--retries", "0", "--insecure-http"];
    let run = |url: &str, variables: &[(&str, &str)]| {
        let token = ("CHATWOOT_API_ACCESS_TOKEN", TOKEN);
        ran(program::command().args(base).args(["--url", url]).envs(variables.iter().copied().chain([token])))
    };
    for (url, name, value) in [
        ("http://chat.example.invalid", "http_proxy", "http//s3cret@127.0.0.1:9"),
        ("https://chat.example.invalid", "https_proxy", "garbage::::"),
        ("https://chat.example.invalid", "ALL_PROXY", "garbage::::"),
    ] {
        let ran = run(url, &[(name, value)]);
        assert_eq!(ran.code, 4, "{ran:?}");
        assert!(ran.err.contains(&format!("{name} names no proxy")) && !ran.err.contains("s3cret"), "{}", ran.err);
    }
    // Nothing goes through it here.
    let server = Server::replies([right]);
    assert_eq!(run(&server.url, &[("http_proxy", "garbage::::")]).code, 0);
    let excluded =
        run("http://chat.example.invalid", &[("http_proxy", "garbage::::"), ("no_proxy", "example.invalid")]);
    assert!(excluded.err.contains("no answer from"), "{}", excluded.err);
}
