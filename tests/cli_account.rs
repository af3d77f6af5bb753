//! The names of an account: asked for when a query needs them, kept for a day, and never more of them than is needed.
#![cfg(all(feature = "cli", unix))]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "tests may fail"
    )
)]

mod program;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use program::{Ran, Sandbox, ran};
use serde_json::{Value, json};

/// Stands before a sandbox, at an address of its own: writes down what is asked for, and refuses some of it.
struct Gate {
    url: String,
    state: Arc<Mutex<State>>,
}

struct State {
    behind: SocketAddr,
    asked: Vec<String>,
    refused: Vec<&'static str>,
    /// How it is refused.
    status: &'static str,
}

impl Gate {
    fn before(server: &Sandbox) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (asked, refused, status) = (Vec::new(), Vec::new(), "401 Unauthorized");
        let state = Arc::new(Mutex::new(State { behind: address(server), asked, refused, status }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, shared) = (client.unwrap(), Arc::clone(&shared));
                thread::spawn(move || pass(client, &shared));
            }
        });
        Self { url, state }
    }

    /// What was asked for since the last time.
    fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut self.state.lock().unwrap().asked);
        asked.sort();
        asked
    }

    fn refuse(&self, paths: &[&'static str]) {
        self.answer("401 Unauthorized", paths);
    }

    fn answer(&self, status: &'static str, paths: &[&'static str]) {
        let mut state = self.state.lock().unwrap();
        (state.status, state.refused) = (status, paths.to_vec());
    }

    fn stand_before(&self, server: &Sandbox) {
        self.state.lock().unwrap().behind = address(server);
    }
}

fn address(server: &Sandbox) -> SocketAddr {
    server.url().strip_prefix("http://").unwrap().parse().unwrap()
}

/// Passes one connection on. The requests of these tests arrive whole, their head in one piece.
fn pass(mut client: TcpStream, state: &Mutex<State>) {
    let mut server: Option<TcpStream> = None;
    let mut buffer = [0; 65536];
    while let Ok(count) = client.read(&mut buffer) {
        if count == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
        let line = text.lines().next().unwrap_or_default();
        if let Some(path) = line.strip_suffix(" HTTP/1.1").and_then(|line| line.split(' ').nth(1)) {
            let mut state = state.lock().unwrap();
            let name = path.rsplit('/').next().unwrap();
            state.asked.push(name.split('?').next().unwrap().to_owned());
            if state.refused.iter().any(|refused| name.starts_with(refused)) {
                let body = r#"{"error":"You are not authorized to do this action"}"#;
                let status = state.status;
                let answer = format!(
                    "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = client.write_all(answer.as_bytes());
                break;
            }
        }
        let connection = server.get_or_insert_with(|| {
            let connection = TcpStream::connect(state.lock().unwrap().behind).unwrap();
            let (mut from, mut to) = (connection.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from, &mut to));
            connection
        });
        let _ = connection.write_all(&buffer[..count]);
    }
    let _ = client.shutdown(Shutdown::Both);
    if let Some(server) = server {
        let _ = server.shutdown(Shutdown::Both);
    }
}

/// A user of a server behind a gate.
struct User {
    folder: PathBuf,
    gate: Gate,
    token: String,
    account_id: u64,
}

impl User {
    fn of(name: &str, server: &Sandbox) -> Self {
        let folder = program::folder(&format!("account-{name}"));
        let (gate, token) = (Gate::before(server), server.token().to_owned());
        Self { folder, gate, token, account_id: server.account_id() }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = program::command();
        command
            .args(args)
            .env("XDG_CACHE_HOME", &self.folder)
            .env_remove("CWQL_NO_CACHE")
            .env("CHATWOOT_BASE_URL", &self.gate.url)
            .env("CHATWOOT_ACCOUNT_ID", self.account_id.to_string())
            .env("CHATWOOT_API_ACCESS_TOKEN", &self.token);
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        ran(&mut self.command(args))
    }

    fn ids(&self, query: &str, more: &[&str]) -> Ran {
        self.run(&[&[query, "--output", "ids"], more].concat())
    }

    /// The files of the cache.
    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.join("cwql")).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// Changes what is kept.
    fn change(&self, change: impl Fn(&mut Value)) {
        for file in self.files() {
            let mut value: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
            change(&mut value);
            fs::write(&file, value.to_string()).unwrap();
        }
    }
}

impl Ran {
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    fn says(self, parts: &[&str]) {
        for part in parts {
            assert!(self.err.contains(part), "no `{part}` in {}", self.err);
        }
    }
}

const PULL: [&str; 8] =
    ["agents", "api", "campaigns", "custom_attribute_definitions", "inboxes", "labels", "profile", "teams"];

/// What pulling and then asking for conversations asks for.
fn pull_and_filter() -> Vec<&'static str> {
    let mut all = [&PULL[..], &["filter"]].concat();
    all.sort_unstable();
    all
}

/// A server behind a proxy that asks for a password, which is given in its address.
#[test]
fn no_password_of_the_address_is_kept() {
    let server = Sandbox::start([]);
    let user = User::of("password", &server);
    let url = user.gate.url.replace("http://", "http://ann:hunter2@");
    user.ids(MINE, &["--limit", "1", "--url", &url]).exits(0);
    let asked = user.gate.asked().len();
    assert!(asked > 5, "{asked}");
    for file in user.files() {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("127.0.0.1") && !text.contains("hunter2"), "{text:.300}");
    }
    // It is used all the same.
    user.ids(MINE, &["--limit", "1", "--url", &url]).exits(0);
    assert_eq!(user.gate.asked(), ["filter"]);
}

const MINE: &str = "assignee = @me AND status = open";

#[test]
fn names_are_asked_for_once_a_day() {
    let server = Sandbox::start([]);
    let user = User::of("day", &server);
    // No names, no questions.
    user.ids("status = open", &["--limit", "1"]).exits(0);
    assert_eq!(user.gate.asked(), ["filter"]);
    assert!(user.files().is_empty());
    let first = user.ids(MINE, &[]).exits(0);
    assert_eq!(user.gate.asked(), pull_and_filter());
    for query in [MINE, "inbox = \"Shop website\" AND team = workshop", "tier = Gold", "label = vip"] {
        user.ids(query, &["--limit", "1"]).exits(0);
        assert_eq!(user.gate.asked(), ["filter"], "{query}");
    }
    assert_eq!(user.ids(MINE, &[]).out, first.out);
    // The table shows inboxes by the names that are known.
    let table = user.run(&["status = open", "--limit", "3"]).exits(0);
    assert!(table.out.contains("Support mail"), "{}", table.out);
    // What depends on the version knows it, too.
    user.ids("contact_id = 5 OR id = 163", &["--limit", "1"]).exits(0);
    assert!(!user.gate.asked().contains(&"api".to_owned()));
    // Yesterday's names are asked for again.
    user.change(|kept| {
        let day = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
        kept["fetched_at"] = day.to_string().into();
    });
    user.ids(MINE, &[]).exits(0);
    assert_eq!(user.gate.asked(), pull_and_filter());
    user.ids(MINE, &[]).exits(0);
    assert_eq!(user.gate.asked(), ["filter"]);
}

#[test]
fn an_unknown_name_is_asked_for_once_more() {
    let files = program::folder("account-unknown-data");
    let server = |name: &str, team: &str| {
        let path = files.join(name);
        let account = json!({"account_id": 1, "users": {"admin": {"id": 1}, "agent": {"id": 2}}, "teams": [{"id": 8, "name": team}]});
        fs::write(&path, account.to_string()).unwrap();
        Sandbox::start(["--account", path.to_str().unwrap()])
    };
    let (old, new) = (server("old.json", "orders"), server("new.json", "returns"));
    let user = User::of("unknown", &old);
    user.ids("team = orders", &[]).exits(1);
    assert_eq!(user.gate.asked(), pull_and_filter());
    user.gate.stand_before(&new);
    user.ids("team = returns", &[]).exits(1);
    assert_eq!(user.gate.asked(), pull_and_filter());
    // What is not there either is asked for once, not again and again.
    user.ids("team = retunrs", &[]).exits(2).says(&["cwql::unknown_name", "`returns`"]);
    assert_eq!(user.gate.asked(), PULL);
    user.ids("custom.nope = 1", &[]).exits(2).says(&["cwql::unknown_attribute"]);
    assert_eq!(user.gate.asked(), PULL);
    // A label may be on conversations without being listed: the list is asked for again after an hour.
    let label = "team = returns AND label = nosuch";
    user.ids(label, &[]).exits(1).says(&["cwql::unknown_label"]);
    assert_eq!(user.gate.asked(), ["filter"]);
    user.change(|kept| {
        let hour = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
        kept["fetched_at"] = hour.to_string().into();
    });
    user.ids(label, &[]).exits(1).says(&["cwql::unknown_label"]);
    assert_eq!(user.gate.asked(), pull_and_filter());
}

/// No server is asked about a text that cannot be parsed, so what it could mend is no mistake yet.
#[test]
fn a_mistake_in_the_syntax_is_judged_by_the_names_that_are_kept_and_told_alone_where_there_are_none() {
    let server = Sandbox::start([]);
    let user = User::of("syntax", &server);
    let codes = |args: &[&str]| -> Vec<String> {
        let ran = user.run(&[args, &["--error-format", "plain"]].concat()).exits(2);
        assert_eq!(user.gate.asked(), [""; 0], "{args:?}");
        let told =
            ran.err.lines().map(|line| line.split_once("[cwql::").unwrap().1.split_once(']').unwrap().0.to_owned());
        told.collect()
    };
    // What is told without the names of the account, and by them.
    let texts: [(&str, &[&str], &[&str]); 10] = [
        ("tier = Gold AND", &["missing_condition"], &["missing_condition"]),
        ("assignee = @me AND (status = open", &["unclosed_parenthesis"], &["unclosed_parenthesis"]),
        ("custom.items > 5 AND", &["missing_condition"], &["missing_condition"]),
        ("inbox = Shop website", &["unquoted_blank"], &["unquoted_blank"]),
        ("tier:Gold", &["colon_operator"], &["colon_operator"]),
        // What is wrong in any case is told along.
        (
            "status = opne AND tier = Gold AND",
            &["unknown_value", "missing_condition"],
            &["unknown_value", "missing_condition"],
        ),
        // So is what the names tell.
        ("teir = Gold AND", &["missing_condition"], &["unknown_attribute", "missing_condition"]),
        ("team = wrokshop AND", &["missing_condition"], &["unknown_name", "missing_condition"]),
        // One place tells of the type of all.
        (
            "custom.items > a AND custom.items < b AND",
            &["missing_condition"],
            &["wrong_type", "wrong_type", "missing_condition"],
        ),
        ("custom.tier > 5 AND", &["missing_condition"], &["operator_not_allowed", "missing_condition"]),
    ];
    for kept in [false, true] {
        if kept {
            user.run(&["account", "pull"]).exits(0);
            user.gate.asked();
        }
        for (text, unnamed, named) in texts {
            for command in ["run", "count", "explain"] {
                assert_eq!(codes(&[command, text]), if kept { named } else { unnamed }, "{command} {text}");
                assert_eq!(codes(&[command, text, "--no-cache"]), unnamed, "{command} {text}");
            }
            assert_eq!(codes(&[text, "--refresh"]), unnamed, "{text}");
            assert_eq!(codes(&[text, "--dry-run"]), if kept { named } else { unnamed }, "{text}");
        }
    }
    // Nor does a help line say what is not known.
    let help = |more: &[&str]| user.run(&[&["tier:Gold"], more].concat()).exits(2);
    for ran in [help(&[]), help(&["--no-cache"])] {
        assert!(ran.err.contains("tier = Gold") && !ran.err.contains("there is no attribute"), "{}", ran.err);
    }
    // Words that are meant for a search are told of one as long as they may be.
    user.run(&["refund please", "--no-cache"])
        .exits(2)
        .says(&["refund = please", "message CONTAINS \"refund please\""]);
    // Many names before the mistake do not hide it.
    let many = (0..150).map(|i| format!("team = t{i} AND ")).collect::<String>();
    assert_eq!(codes(&[&many, "--no-cache"]), ["missing_condition"]);
    // What is wrong in any case may be mended by a name.
    for (more, meant) in [(&["--no-cache"][..], "`label = warr`"), (&[], "`label = warranty`")] {
        user.run(&[&["label ~ warr AND"], more].concat()).exits(2).says(&[meant]);
    }
    // The sample account is a server, too.
    let demo = ran(program::command().args(["tier = Gold AND assignee = \"Jonas Feld\" AND", "--demo"])).exits(2);
    assert!(demo.err.contains("missing_condition") && !demo.err.contains("unknown"), "{}", demo.err);
    ran(program::command().args(["assignee ~ Jonas", "--demo"])).exits(2).says(&["`assignee = \"Jonas Feld\"`"]);
    // A token that is not there is no matter of a wrong text.
    let none = user.run(&["tier = Gold AND", "--token-file", "/nonexistent/token", "--error-format", "plain"]).exits(2);
    assert_eq!(none.err.matches("[cwql::").count(), 1, "{}", none.err);
}

#[test]
fn what_is_kept_can_be_asked_for_again_or_left_alone() {
    let server = Sandbox::start([]);
    let user = User::of("options", &server);
    user.ids(MINE, &["--no-cache"]).exits(0);
    assert_eq!(user.gate.asked(), pull_and_filter());
    ran(user.command(&[MINE]).env("CWQL_NO_CACHE", "1")).exits(0);
    assert!(user.files().is_empty());
    user.ids(MINE, &[]).exits(0);
    user.gate.asked();
    user.ids(MINE, &["--no-cache"]).exits(0);
    assert_eq!(user.gate.asked(), pull_and_filter());
    user.change(|kept| kept["account"]["me"] = 77.into());
    assert_eq!(user.ids(MINE, &[]).exits(1).out, "");
    assert_eq!(user.gate.asked(), ["filter"]);
    user.ids(MINE, &["--refresh"]).exits(0);
    assert_eq!(user.gate.asked(), pull_and_filter());
    user.ids(MINE, &[]).exits(0);
    user.run(&[MINE, "--refresh", "--no-cache"]).exits(4);
}

/// Definitions that were kept are asked for anew where the server may refuse a query for them, and only then.
#[test]
fn definitions_that_have_changed_are_not_believed_for_a_day() {
    let server = Sandbox::start([]);
    let user = User::of("outdated", &server);
    let right = user.ids("items > 1", &[]).exits(0).out;
    let define = |key: &str, kind: &str| {
        user.change(|kept| {
            let custom = kept["account"]["custom_attribute_definitions"].as_array_mut().unwrap();
            let one = custom.iter_mut().find(|one| one["attribute_key"] == key).unwrap();
            one["attribute_display_type"] = kind.into();
        });
        user.gate.asked();
    };
    let changed = "custom attributes have changed since they were kept";
    // A text, which is a number now: what was asked fails or means something else.
    for (key, kind, query) in [("tier", "number", "tier = 5"), ("order_number", "date", "order_number > 2026-01-01")] {
        define(key, kind);
        let ran = user.ids(query, &[]);
        ran.says(&[changed]);
        assert!(user.gate.asked().contains(&"custom_attribute_definitions".to_owned()), "{query}");
        define(key, kind);
        user.run(&["count", query]).says(&[changed]);
    }
    // What is warned of then is of the text that was read.
    define("tier", "number");
    let file = user.folder.join("tier.cwql");
    fs::write(&file, "tier = 5").unwrap();
    let file = file.to_str().unwrap();
    let told = user.run(&["--file", file, "--error-format", "json"]);
    told.says(&[changed, "unlisted_value", &format!("\"source\":{}", json!(file))]);
    // Where the server answers, nothing is asked for.
    user.gate.asked();
    assert_eq!(user.ids("items > 1", &[]).exits(0).out, right);
    assert!(user.gate.asked().iter().all(|path| path == "filter"));
}

#[test]
fn another_token_is_another_me() {
    let server = Sandbox::start([]);
    let user = User::of("me", &server);
    let admin = user.ids(MINE, &[]).exits(0).out;
    let agent = |args: &[&str]| {
        ran(user.command(args).env("CHATWOOT_API_ACCESS_TOKEN", server.ready["tokens"]["agent"].as_str().unwrap()))
    };
    let other = agent(&[MINE, "--output", "ids"]).exits(0).out;
    assert_ne!(admin, other);
    assert_eq!(user.files().len(), 2);
    assert_eq!(user.ids(MINE, &[]).out, admin);
    // One account is forgotten as a whole, for the names are the same for all.
    user.run(&["account", "clear"]).exits(0);
    assert!(user.files().is_empty());
    user.run(&["account", "clear"]).exits(1);
}

#[test]
fn nothing_secret_is_kept() {
    let files = program::folder("account-secret-data");
    let secrets = ["s3cret-hmac", "s3cret-key", "s3cret-imap", "s3cret-agent", "s3cret-token"];
    let account = json!({
        "account_id": 1,
        "users": {"admin": {"id": 1, "access_token": secrets[4]}, "agent": {"id": 2}},
        "agents": [{"id": 1, "name": "Ada", "email": "ada@x.example", "custom_attributes": {"pin": secrets[3]}}],
        "inboxes": [{"id": 5, "name": "Mail", "hmac_token": secrets[0], "imap_password": secrets[2],
            "provider_config": {"api_key": secrets[1]}}],
    });
    let path = files.join("account.json");
    fs::write(&path, account.to_string()).unwrap();
    let server = Sandbox::start(["--account", path.to_str().unwrap()]);
    let user = User::of("secret", &server);
    // The server does send them.
    let mut stream = TcpStream::connect(address(&server)).unwrap();
    write!(
        stream,
        "GET /api/v1/accounts/1/inboxes HTTP/1.1\r\nhost: x\r\napi_access_token: {}\r\nconnection: close\r\n\r\n",
        server.token()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(secrets[0]) && answer.contains(secrets[1]));

    let shown = [user.run(&["account", "pull"]).exits(0), user.run(&["account", "pull", "-o", "json"]).exits(0)];
    let [file] = &user.files()[..] else { panic!() };
    let kept = fs::read_to_string(file).unwrap();
    for text in [&kept, &shown[0].out, &shown[1].out] {
        assert!(text.contains("Mail") && text.contains("ada@x.example"), "{text}");
        assert!(!text.contains("s3cret") && !text.contains(server.token()), "{text}");
    }
    assert!(!file.to_str().unwrap().contains(server.token()));
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(file), mode(file.parent().unwrap())), (0o600, 0o700));
}

#[test]
fn a_file_that_is_of_no_use_is_ignored() {
    let server = Sandbox::start([]);
    let user = User::of("damaged", &server);
    for content in ["", "{", "[]", "{\"format\":1}", "\u{0}\u{1}", "{\"format\":1,\"url\":7}"] {
        user.ids(MINE, &[]).exits(0);
        let [file] = &user.files()[..] else { panic!() };
        fs::write(file, content).unwrap();
        user.gate.asked();
        let quiet = user.ids(MINE, &["--no-cache"]).exits(0);
        assert_eq!(quiet.err, "", "{content}");
        user.gate.asked();
        let told = user.ids(MINE, &["--verbose"]).exits(0);
        assert!(told.err.contains("is ignored: it is damaged"), "{content}: {}", told.err);
        assert_eq!(user.gate.asked(), pull_and_filter(), "{content}");
    }
    for (member, value, reason) in [
        ("format", json!(2), "it has the form 2"),
        ("account_id", json!(2), "it is of another account"),
        ("url", json!("https://x"), "it is of another account"),
        ("version", json!("x"), "it is damaged"),
        ("fetched_at", json!("yesterday"), "it is damaged"),
        ("account", json!([]), "it is damaged"),
    ] {
        user.ids(MINE, &[]).exits(0);
        user.change(|kept| kept[member] = value.clone());
        user.ids(MINE, &["--verbose"]).exits(0).says(&["is ignored: ", reason]);
    }
    // A time to come is no reason to trust it for longer.
    user.change(|kept| kept["fetched_at"] = "2999-01-01T00:00:00Z".into());
    user.gate.asked();
    user.ids(MINE, &[]).exits(0);
    assert_eq!(user.gate.asked(), pull_and_filter());
}

#[test]
fn a_cache_that_cannot_be_written_is_no_failure() {
    let server = Sandbox::start([]);
    let user = User::of("unwritable", &server);
    fs::write(user.folder.join("cwql"), "a file").unwrap();
    user.ids(MINE, &[]).exits(0).says(&["the account's names cannot be kept in"]);
    // But of what is run to keep them it is one.
    let pulled = user.run(&["account", "pull", "--error-format", "plain"]).exits(3);
    assert!(pulled.out.contains("Shop website"), "{}", pulled.out);
    pulled.says(&["error[io]: the account's names cannot be kept in"]);
}

#[test]
fn what_was_pulled_is_an_account_file() {
    let server = Sandbox::start([]);
    let user = User::of("file", &server);
    let pulled = user.run(&["account", "pull", "--output", "json"]).exits(0).out;
    assert_eq!(user.gate.asked(), PULL);
    assert_eq!(user.run(&["account", "show", "--output", "json"]).exits(0).out, pulled);
    assert_eq!(user.gate.asked(), [""; 0]);
    let path = user.folder.join("account.json");
    fs::write(&path, &pulled).unwrap();
    let path = path.to_str().unwrap();
    let query = "assignee = @me AND inbox = \"Support mail\" AND team = orders AND tier = Gold AND label = vip";
    let out = ran(program::command().args(["compile", query, "--account", path])).exits(0);
    assert_eq!(out.err, "");
    for part in ["\"values\":[1]", "\"values\":[6]", "\"values\":[4]", "\"tier\""] {
        assert!(out.out.contains(part), "no {part} in {}", out.out);
    }
    // A sandbox has the same names then.
    let twin = Sandbox::start(["--account", path]);
    let same = User::of("twin", &twin);
    let names = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["inboxes"].clone();
    assert_eq!(names(&same.run(&["account", "pull", "--output", "json"]).exits(0).out), names(&pulled));
    // With such a file nothing is asked for, and nothing kept is looked at.
    user.ids(MINE, &["--account", path]).exits(0);
    assert_eq!(user.gate.asked(), ["filter"]);
}

#[test]
fn show_tells_what_is_known_and_how_old_it_is() {
    let server = Sandbox::start([]);
    let user = User::of("show", &server);
    user.run(&["account", "show"]).exits(1).says(&["nothing is known", "cwql account pull"]);
    user.run(&["account", "pull"]).exits(0);
    user.change(|kept| {
        let ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(50);
        kept["fetched_at"] = ago.to_string().into();
    });
    let shown = user.run(&["account", "show"]).exits(0).out;
    for part in
        ["Shop website", "@me", "custom.tier", "Bronze, Silver, Gold", "contact.custom.plan", "4.15.1, read 2 days ago"]
    {
        assert!(shown.contains(part), "no `{part}` in {shown}");
    }
    assert_eq!(
        ran(program::command().args(["account", "show", "--demo"])).exits(0).out.lines().count(),
        shown.lines().count()
    );
    // A file has names of its own, and no server is asked.
    let file = user.folder.join("account.json");
    fs::write(&file, r#"{"teams": [{"id": 3, "name": "of a file"}]}"#).unwrap();
    let file = file.to_str().unwrap();
    let own = user.run(&["account", "show", "--account", file]).exits(0).out;
    assert!(own.contains("of a file") && !own.contains("Shop website"), "{own}");
    user.run(&["account", "pull", "--account", file]).exits(4).says(&["cwql account show --account"]);
    user.run(&["account", "clear", "--all"]).exits(0);
    user.run(&["account", "show"]).exits(1);
    ran(program::command().args(["account", "clear"])).exits(4).says(&["--all"]);
    ran(program::command().args(["account", "pull"])).exits(4).says(&["no server to ask"]);
}

#[test]
fn clearing_leaves_the_files_of_others_alone() {
    let server = Sandbox::start([]);
    let user = User::of("clear", &server);
    user.run(&["account", "pull"]).exits(0);
    let pulled = user.files();
    let [kept] = pulled.as_slice() else { panic!("{pulled:?}") };
    let kept = kept.file_name().unwrap().to_str().unwrap();
    // Some are as long as the names of the cache, or nearly are such.
    let others = [
        "notes.json".to_owned(),
        "conversations-export-november-202.json".to_owned(),
        "ABCDEF0123456789-0123456789abcdef.json".to_owned(),
        kept.replace('-', "_"),
        kept.replace(".json", ".toml"),
        kept.replace(".json", "0.json"),
        format!("{kept}.bak"),
    ]
    .map(|other| user.folder.join("cwql").join(other));
    others.iter().for_each(|other| fs::write(other, "mine").unwrap());
    user.run(&["account", "clear", "--all"]).exits(0);
    let mut left = user.files();
    left.sort();
    let mut others = others.to_vec();
    others.sort();
    assert_eq!(left, others);
}

/// Of the sample account nothing is kept; what is kept is another's.
#[test]
fn clearing_the_sample_account_forgets_no_other() {
    let server = Sandbox::start([]);
    let user = User::of("clear-demo", &server);
    user.run(&["account", "pull"]).exits(0);
    user.run(&["account", "clear", "--demo"]).exits(1).says(&["nothing is kept of the sample account"]);
    assert_eq!(user.files().len(), 1);
    for which in [&["--demo"][..], &["--url", "https://x.example"], &["--account-id", "7"], &["--profile", "p"]] {
        user.run(&[&["account", "clear", "--all"], which].concat()).exits(4).says(&["cannot be used with"]);
    }
    assert_eq!(user.files().len(), 1);
}

#[test]
fn what_a_killed_run_was_writing_is_cleared_too() {
    let server = Sandbox::start([]);
    let user = User::of("killed", &server);
    for clear in [&["account", "clear"][..], &["account", "clear", "--all"]] {
        user.run(&["account", "pull"]).exits(0);
        let files = user.files();
        let [kept] = files.as_slice() else { panic!("{files:?}") };
        let name = kept.file_name().unwrap().to_str().unwrap();
        fs::rename(kept, kept.with_file_name(format!("{name}.4711.new"))).unwrap();
        // These were not written by this program.
        let others = [format!("{name}.x.new"), "notes.json.1.new".to_owned()].map(|other| kept.with_file_name(other));
        others.iter().for_each(|other| fs::write(other, "mine").unwrap());
        user.run(clear).exits(0);
        let mut left = user.files();
        left.sort();
        assert_eq!(left, others);
        left.iter().for_each(|other| fs::remove_file(other).unwrap());
    }
}

#[test]
fn lists_that_are_refused_are_left_out() {
    let server = Sandbox::start([]);
    let user = User::of("refused", &server);
    // An agent may not read the campaigns, which are of no use to a query.
    user.gate.refuse(&["campaigns"]);
    assert_eq!(user.ids(MINE, &[]).exits(0).err, "");
    let shown = user.run(&["account", "show"]).exits(0).out;
    assert!(shown.contains("could not be read: campaigns"), "{shown}");
    user.gate.refuse(&["campaigns", "teams"]);
    user.ids(MINE, &["--refresh"]).exits(0).says(&["teams cannot be read", "401"]);
    // A server that fails on who the token's user is still tells the names.
    user.gate.answer("503 Service Unavailable", &["profile"]);
    let pulled = user.run(&["account", "pull", "--retries", "0"]).exits(3);
    assert!(pulled.out.contains("Shop website") && pulled.out.contains("could not be read: the token's user"));
    assert!(pulled.err.contains("the token's user cannot be read: the server answers 503"), "{}", pulled.err);
    // The token of a bot reads nothing, and nothing is kept of it.
    user.run(&["account", "clear"]).exits(0);
    user.gate.refuse(&["agents", "inboxes", "teams", "labels", "campaigns", "custom", "profile"]);
    user.ids(MINE, &[]).exits(3).says(&["401", "You are not authorized"]);
    assert!(user.files().is_empty());
    // A version that is hidden is asked for when it matters, and the newest is assumed then.
    user.gate.refuse(&["api"]);
    user.ids(MINE, &[]).exits(0);
    let assumed = ["the server's version cannot be read", "401", "4.15.1 is assumed", "--server-version"];
    user.ids("contact_id = 5", &[]).exits(1).says(&assumed);
    assert_eq!(user.ids("contact_id = 5", &["--server-version", "4.15.1"]).exits(1).err, "");
}

/// Labels are no reason to ask for names before a run; where it finds nothing, they may be the reason.
#[test]
fn labels_are_looked_up_where_nothing_is_found() {
    let server = Sandbox::start([]);
    let user = User::of("doubts", &server);
    user.ids("label = VIP", &[]).exits(1).says(&["cwql::case_mismatch", "perhaps `vip`"]);
    assert_eq!(user.gate.asked(), ["filter", "labels"]);
    user.ids("status = open AND label = refnd", &[]).exits(1).says(&["cwql::unknown_label", "perhaps `refund`"]);
    assert_eq!(user.gate.asked(), ["filter", "labels"]);
    user.ids("contact.custom.teir = gold", &[]).exits(1).says(&["cwql::undefined_key"]);
    let asked = user.gate.asked();
    assert!(
        asked.iter().all(|asked| ["filter", "custom_attribute_definitions"].contains(&asked.as_str())),
        "{asked:?}"
    );
    assert!(asked.contains(&"custom_attribute_definitions".to_owned()));
    user.run(&["count", "label = VIP"]).exits(1).says(&["cwql::case_mismatch"]);
    assert_eq!(user.gate.asked(), ["filter", "labels"]);
    user.ids("assignee = 99 AND team != 98", &[]).exits(1).says(&["cwql::unknown_id", "1 (Marit Solberg)"]);
    assert_eq!(user.gate.asked(), ["agents", "filter"]);
    // Where something is found, where nobody reads it, and where no label is compared, nothing is asked.
    for (query, more) in [
        ("label IN (VIP, vip)", &[][..]),
        ("label = VIP", &["--quiet"]),
        ("label IS MISSING AND label IS PRESENT AND id = 1", &[]),
        ("mail_subject = none-has-this", &[]),
    ] {
        user.ids(query, more);
        assert!(!user.gate.asked().contains(&"labels".to_owned()), "{query}");
    }
    assert!(user.files().is_empty());
    // The names that are kept tell of it unasked, as long as they are young.
    user.run(&["account", "pull"]).exits(0);
    user.gate.asked();
    user.ids("label = VIP", &[]).exits(1).says(&["cwql::case_mismatch"]);
    assert_eq!(user.gate.asked(), ["filter"]);
    user.change(|kept| {
        let hour = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
        kept["fetched_at"] = hour.to_string().into();
    });
    user.ids("label = VIP", &[]).exits(1).says(&["cwql::case_mismatch"]);
    assert_eq!(user.gate.asked(), ["filter", "labels"]);
    // A comfort that fails changes nothing.
    user.gate.refuse(&["labels"]);
    assert_eq!(user.ids("label = VIP", &[]).exits(1).err, "");
}

/// What the server failed to give may be there a moment later, so nothing is kept of such an answer; that is said.
#[test]
fn a_pull_that_keeps_nothing_says_so_and_fails() {
    let server = Sandbox::start([]);
    let user = User::of("pull", &server);
    user.gate.answer("503 Service Unavailable", &["teams"]);
    let pulled = user.run(&["account", "pull", "--retries", "0"]).exits(3);
    assert!(pulled.out.contains("Shop website") && pulled.out.contains("could not be read: teams"), "{}", pulled.out);
    pulled.says(&[
        "teams cannot be read",
        "nothing of this is kept, for the server failed on teams",
        "cwql account pull",
    ]);
    user.run(&["account", "show"]).exits(1).says(&["nothing is known of this account yet"]);
    user.run(&["account", "show", "--refresh", "--retries", "0"]).exits(3).says(&["nothing of this is kept"]);
    // What is not for the token's user is refused tomorrow, too.
    user.gate.refuse(&["teams"]);
    let pulled = user.run(&["account", "pull"]).exits(0);
    assert!(!pulled.err.contains("kept"), "{}", pulled.err);
    user.run(&["account", "show"]).exits(0);
}

/// Some set-ups let only administrators read the definitions of custom attributes: that they are not known is not that
/// there are none.
#[test]
fn definitions_that_are_refused_are_not_known_to_be_none() {
    let server = Sandbox::start([]);
    let user = User::of("definitions", &server);
    user.gate.refuse(&["custom"]);
    let queries = ["custom.items > 5", "custom.nope > 5"];
    // What is none the server refuses itself.
    for (query, code) in queries.into_iter().zip([0, 3]) {
        user.ids(query, &[]).exits(code).says(&["cwql::guessed_type", "taken to be a number"]);
    }
    assert_eq!(user.files().len(), 1);
    // What is kept of it says so, too.
    user.gate.asked();
    user.ids(queries[0], &[]).exits(0).says(&["cwql::guessed_type"]);
    assert_eq!(user.gate.asked(), ["filter"]);
    user.ids("items > 5", &[])
        .exits(2)
        .says(&["cwql::unknown_attribute", "a custom attribute is written `custom.items`"]);
    let create =
        ["create", "--dry-run", "--source-id", "web-77", "--inbox", "5", "--custom", "items=5", "--retries", "0"];
    user.run(&create).exits(0).says(&["the type of the custom attribute `items` is not known: it is sent as a text"]);
    // Where the server fails, it may tell the type a moment later.
    user.gate.answer("500 Internal Server Error", &["custom"]);
    user.ids(queries[0], &["--refresh"]).exits(3).says(&["custom attributes cannot be read", "the server answers 500"]);
    user.run(&[&create[..], &["--refresh"]].concat()).exits(3).says(&["the server answers 500"]);
    user.gate.refuse(&[]);
    user.ids(queries[1], &["--refresh"]).exits(2).says(&["cwql::unknown_attribute"]);
}

/// What is kept is worth more than an answer that cannot be one.
#[test]
fn an_answer_that_is_no_list_is_left_out_and_changes_nothing() {
    let server = Sandbox::start([]);
    let user = User::of("no_list", &server);
    user.run(&["account", "pull"]).exits(0);
    let kept = || user.files().iter().map(|path| fs::read_to_string(path).unwrap()).collect::<Vec<_>>();
    let before = kept();
    for path in ["agents", "inboxes", "teams", "labels", "custom"] {
        user.gate.answer("200 OK", &[path]);
        user.run(&["account", "pull"]).exits(3).says(&["cannot be read", "not what it should be"]);
        assert_eq!(kept(), before, "{path}");
    }
    user.gate.answer("200 OK", &["agents", "inboxes", "teams", "labels", "campaigns", "custom"]);
    user.run(&["account", "pull"]).exits(3).says(&["not what it should be"]);
    assert_eq!(kept(), before);
}

/// A list that fails is no matter to a query that needs none of it, and is asked for again by the next one.
#[test]
fn lists_that_fail_are_left_out_for_now() {
    let server = Sandbox::start([]);
    let user = User::of("failing", &server);
    user.gate.answer("500 Internal Server Error", &["labels"]);
    user.ids(MINE, &[]).exits(0).says(&["labels cannot be read", "500", "/labels"]);
    assert!(user.files().is_empty());
    user.gate.answer("500 Internal Server Error", &["teams"]);
    let query = "assignee = @me AND team = workshop";
    // Whether there is such a team is not known: it is the server that failed.
    user.ids(query, &[]).exits(3).says(&["teams cannot be read", "the server answers 500"]);
    user.run(&["list", "--team", "workshop"]).exits(3).says(&["teams cannot be read", "the server answers 500"]);
    user.gate.answer("500 Internal Server Error", &["profile"]);
    let create = ["create", "--dry-run", "--source-id", "web-77", "--inbox", "5", "--assignee", "@me"];
    user.run(&create).exits(3).says(&["the token's user cannot be read", "the server answers 500"]);
    user.gate.answer("500 Internal Server Error", &[]);
    user.ids(query, &[]).exits(0);
    assert_eq!(user.files().len(), 1);
}

/// A list that the server has not, or does not give to the token's user, is not an empty one: whether there is such a team
/// is not known then, and nobody is told that there is none.
#[test]
fn names_of_lists_that_are_refused_are_not_known_to_be_none() {
    let server = Sandbox::start([]);
    let user = User::of("unread", &server);
    let help = "give the id, which needs no list, or the names in a file: --account FILE";
    for (status, said) in [
        ("404 Not Found", "this server has no such list, or something before it hides it"),
        ("403 Forbidden", "something between here and the server forbids it"),
        ("401 Unauthorized", "that of an administrator may"),
    ] {
        user.gate.answer(status, &["teams", "inboxes", "profile"]);
        let answers = format!("the server answers {}", &status[..3]);
        // What is kept of it says no more than that: the second run asks again, and is told the same.
        for query in ["team = workshop", "status = open AND team = workshop", "inbox = \"Shop website\""] {
            let list = if query.contains("inbox") { "inboxes" } else { "teams" };
            let ran = user.ids(query, &[]).exits(3);
            assert!(!ran.err.contains("there is no") && !ran.err.contains("no such team"), "{}", ran.err);
            for part in ["cwql::name_without_account", &format!("is not known: {list} cannot be read"), said] {
                assert!(ran.err.contains(part), "no `{part}` in {}", ran.err);
            }
            ran.says(&[&format!("/{list}: {answers}"), help]);
        }
        user.ids("assignee = @me", &[]).exits(3).says(&["the token's user cannot be read", "/api/v1/profile"]);
        for (command, list) in [
            (&["list", "--team", "workshop"][..], "teams"),
            (&["counts", "--inbox", "Shop website"], "inboxes"),
            (&["create", "--source-id", "web-77", "--inbox", "5", "--team", "workshop"], "teams"),
            (&["create", "--source-id", "web-77", "--inbox", "5", "--assignee", "@me"], "the token's user"),
        ] {
            let ran = user.run(command).exits(3);
            assert_eq!(ran.out, "");
            assert!(!ran.err.contains("there is no"), "{}", ran.err);
            ran.says(&[&format!("is not known: {list} cannot be read\n  GET /api/v1/"), &answers, help]);
        }
        // An id needs no list, and a mistake beside it is one.
        user.ids("team = 4", &[]).exits(0);
        user.run(&["list", "--team", "4", "--output", "ids"]).exits(0);
        user.ids("team = workshop AND assignee = nobody", &[]).exits(2).says(&["cwql::unknown_name"]);
    }
    // In a file it is not written as empty, and not read so.
    let path = user.folder.join("account.json");
    let json = user.run(&["account", "pull", "--output", "json"]).exits(0).out;
    let written: Value = serde_json::from_str(&json).unwrap();
    assert!(written.get("teams").is_none() && written["agents"].is_array(), "{json}");
    fs::write(&path, &json).unwrap();
    let path = path.to_str().unwrap();
    let check = |query: &str| user.run(&["check", query, "--account", path]);
    check("team = workshop")
        .exits(2)
        .says(&["cwql::name_without_account", "the id of the team `workshop` is not known"]);
    check("assignee = nobody").exits(2).says(&["cwql::unknown_name"]);
    let list = user.run(&["list", "--team", "workshop", "--account", path]).exits(4);
    list.says(&["the id of the team `workshop` is not known", "give the id"]);
}

/// The server makes a conversation without an agent or a team that is none, and says nothing of it.
#[test]
fn nothing_is_created_for_an_agent_or_a_team_that_is_none() {
    let server = Sandbox::start([]);
    let user = User::of("create", &server);
    let create = |user: &User, more: &[&str]| {
        let args = ["create", "--source-id", "web-77", "--inbox", "5", "--contact-id", "348", "--output", "json"];
        user.run(&[&args, more].concat())
    };
    let body = user.folder.join("new.json");
    fs::write(&body, r#"{"source_id":"web-77","inbox_id":5,"contact_id":348,"team_id":99}"#).unwrap();
    for (option, said) in [("--assignee", "there is no agent 99"), ("--team", "there is no team 99")] {
        let ran = create(&user, &[option, "99"]).exits(4);
        assert_eq!(ran.out, "");
        ran.says(&[said]);
        // What is kept may be older than that, so it is asked for each time.
        assert_eq!(user.gate.asked(), PULL);
    }
    user.run(&["create", "--json", body.to_str().unwrap()]).exits(4).says(&["there is no team 99"]);
    assert_eq!(user.gate.asked(), PULL);
    // What is there is not asked for again, and neither is an inbox, which the server looks for itself.
    for (option, id) in [("--assignee", "5"), ("--team", "4"), ("--additional", "a=b")] {
        assert_eq!(create(&user, &[option, id]).exits(0).err, "");
        assert_eq!(user.gate.asked(), ["conversations"]);
    }
    user.change(|kept| kept["account"]["teams"] = json!([]));
    let made: Value = serde_json::from_str(&create(&user, &["--team", "4"]).exits(0).out).unwrap();
    assert_eq!(made["meta"]["team"]["id"], 4);
    user.change(|kept| kept["account"]["inboxes"].as_array_mut().unwrap().retain(|inbox| inbox["id"] != 5));
    user.run(&["list", "--inbox", "5", "--team", "orders", "--status", "all", "--output", "ids"]).exits(0);

    // Who may create need not be one who may read names.
    user.gate.refuse(&["teams"]);
    for more in [&["--refresh"][..], &[]] {
        create(&user, &[&["--team", "99"], more].concat())
            .exits(0)
            .says(&["whether there is team 99 is not known: the teams cannot be read"]);
    }
    user.gate.refuse(&["agents", "inboxes", "teams", "labels", "campaigns", "custom"]);
    create(&user, &["--assignee", "99", "--refresh"]).exits(0).says(&["whether there is agent 99 is not known"]);

    // Of an account without teams it is known that it has none.
    let path = user.folder.join("account.json");
    user.gate.refuse(&[]);
    let mut account: Value =
        serde_json::from_str(&user.run(&["account", "pull", "--output", "json"]).exits(0).out).unwrap();
    account["teams"] = json!([]);
    fs::write(&path, account.to_string()).unwrap();
    let server = Sandbox::start(["--account", path.to_str().unwrap()]);
    let teamless = User::of("create-teamless", &server);
    create(&teamless, &["--team", "4"]).exits(4).says(&["there is no team 4", "there are no teams"]);
}

#[test]
fn campaigns_are_refused_by_name_and_nothing_is_asked() {
    let server = Sandbox::start([]);
    let user = User::of("campaign", &server);
    user.run(&["account", "pull"]).exits(0);
    user.gate.asked();
    user.ids("campaign = \"Winter check-up\"", &[])
        .exits(2)
        .says(&["cwql::campaign_name", "the filter compares the campaign's primary key, which the API does not list"]);
    assert_eq!(user.gate.asked(), [""; 0]);
}

#[test]
fn the_sample_account_keeps_nothing() {
    let server = Sandbox::start([]);
    let user = User::of("demo", &server);
    user.run(&["--demo", MINE]).exits(0);
    user.run(&["account", "pull", "--demo"]).exits(0);
    assert!(user.files().is_empty());
    assert_eq!(user.gate.asked(), [""; 0]);
}

// Completion

/// The words of a command line as bash parts it, at `=`, `:` and `@` too.
fn parted_by_bash(line: &str) -> Vec<&str> {
    let is_sign = |c: char| "=:@".contains(c);
    let mut words = Vec::new();
    for mut rest in line.split(' ') {
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c| is_sign(c) != is_sign(first)).unwrap_or(rest.len());
            words.push(&rest[..end]);
            rest = &rest[end..];
        }
    }
    words
}

/// What bash offers behind a command line, for the last of its own words.
fn offered_by_bash(user: &User, line: &str) -> Vec<String> {
    let words = parted_by_bash(line);
    let last = words.last().unwrap();
    let current = if last.starts_with(['=', ':', '@']) { "" } else { last };
    let script = format!(
        "compopt() {{ :; }}; complete() {{ :; }}; cwql() {{ '{}' \"$@\"; }}; eval \"$(cwql completions bash)\"\n\
         COMP_WORDS=({}); COMP_CWORD={}; COMP_LINE='{line}'; COMP_TYPE=9\n\
         _clap_complete_cwql cwql '{current}' x; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        env!("CARGO_BIN_EXE_cwql"),
        words.join(" "),
        words.len() - 1,
    );
    let mut bash = std::process::Command::new("bash");
    bash.args(["--norc", "-c", &script]);
    for (name, value) in user.command(&[]).get_envs() {
        match value {
            Some(value) => bash.env(name, value),
            None => bash.env_remove(name),
        };
    }
    let ran = ran(&mut bash).exits(0);
    assert_eq!(ran.err, "");
    ran.out.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_what_it_parts_at_signs() {
    let server = Sandbox::start([]);
    let user = User::of("bash", &server);
    user.run(&["account", "pull"]).exits(0);
    for (line, expected) in [
        ("cwql --output=js", &["json"][..]),
        ("cwql --output js", &["json"]),
        ("cwql --output=", &["table", "json", "ndjson", "csv", "ids"]),
        ("cwql list --status=op", &["open"]),
        ("cwql --output=csv --color=al", &["always"]),
        ("cwql --explain cwql::unknown_at", &["unknown_attribute"]),
        ("cwql --explain=cwql::unknown_at", &["unknown_attribute"]),
        ("cwql list --label=vip,re", &["vip,refund", "vip,return"]),
        ("cwql list --inbox=Sho", &[r"Shop\ website"]),
        ("cwql create --custom=tier=Si", &["Silver"]),
        ("cwql create --custom tier=Si", &["Silver"]),
        ("cwql create --custom ti", &["tier="]),
        ("cwql create --assignee @m", &["me"]),
        ("cwql create --url http://x --assignee @m", &["me"]),
    ] {
        assert_eq!(offered_by_bash(&user, line), expected, "{line}");
    }
}

#[test]
fn shells_complete_arguments_with_what_is_known() {
    let server = Sandbox::start([]);
    let user = User::of("arguments", &server);
    user.run(&["account", "pull"]).exits(0);
    user.gate.asked();
    for (words, expected) in [
        (&["cwql", "list", "--inbox", "sh"][..], &["Shop website"][..]),
        (&["cwql", "counts", "--inbox", "'sh"], &["Shop website"]),
        (&["cwql", "create", "--inbox", "sh"], &["Shop website"]),
        (&["cwql", "create", "--assignee", "@"], &["@me"]),
        (&["cwql", "list", "--label", "vi"], &["vip"]),
        (&["cwql", "create", "--custom", "ti"], &["tier="]),
        (&["cwql", "create", "--custom", "tier=si"], &["tier=Silver"]),
        (&["cwql", "--explain", "cwql::unknown_at"], &["cwql::unknown_attribute"]),
        (&["cwql", "help", "la"], &["language"]),
        (&["cwql", "help", "compi"], &["compile"]),
        (&["cwql", "config", "set", "ur"], &["url"]),
        (&["cwql", "config", "unset", "def"], &["default_profile"]),
        // Who sets it is sent elsewhere; it can be removed.
        (&["cwql", "config", "set", "key"], &[]),
        (&["cwql", "config", "unset", "key"], &["keyring"]),
    ] {
        assert_eq!(completed(&user, words), expected, "{words:?}");
    }
    let config = user.folder.join("profiles.toml");
    fs::write(&config, "[profile.work]\naccount_id = 1\n[profile.home]\naccount_id = 2\n").unwrap();
    let mut command = user.command(&["--", "cwql", "--profile", ""]);
    command.env("CWQL_COMPLETE", "elvish").env("_CLAP_COMPLETE_INDEX", "2").env("_CLAP_IFS", "\n");
    assert_eq!(ran(command.env("CWQL_CONFIG", &config)).exits(0).out, "work\nhome");
    assert_eq!(user.gate.asked(), [""; 0], "a shell never waits for a server");
}

/// What a shell is told for the words of a command, the last of which is completed.
fn completed(user: &User, words: &[&str]) -> Vec<String> {
    let index = (words.len() - 1).to_string();
    let mut command = user.command(&["--"]);
    command.args(words).env("CWQL_COMPLETE", "elvish").env("_CLAP_COMPLETE_INDEX", index).env("_CLAP_IFS", "\n");
    let ran = ran(&mut command).exits(0);
    assert_eq!(ran.err, "");
    ran.out.lines().map(str::to_owned).collect()
}

#[test]
fn shells_complete_queries_with_the_names_that_are_kept() {
    let server = Sandbox::start([]);
    let user = User::of("complete", &server);
    assert_eq!(completed(&user, &["cwql", "status = pe"]), ["status = pending"]);
    assert_eq!(completed(&user, &["cwql", "run", "status = pe"]), ["status = pending"]);
    assert_eq!(completed(&user, &["cwql", "inbox = s"]), [""; 0]);
    assert_eq!(completed(&user, &["cwql", "list", "--inbox", "s"]), [""; 0]);
    user.run(&["account", "pull"]).exits(0);
    user.gate.asked();
    let inboxes = ["inbox = \"Shop website\"", "inbox = \"Support mail\""];
    assert_eq!(completed(&user, &["cwql", "inbox = s"]), inboxes);
    assert_eq!(completed(&user, &["cwql", "'inbox = s"]), inboxes);
    assert_eq!(completed(&user, &["cwql", "\"inbox = s"]), inboxes.map(|text| text.replace('"', "'")));
    // bash strips the quotation mark, and tells of it in a variable.
    let script = ran(program::command().args(["completions", "bash"])).exits(0).out;
    assert!(script.contains("CWQL_COMPLETE_WORD=\"${COMP_WORDS[COMP_CWORD]}\" \\\n"), "{script}");
    let mut quoted = user.command(&["--", "cwql", "inbox = Sh"]);
    quoted.env("CWQL_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", "1").env("CWQL_COMPLETE_WORD", "\"inbox = Sh");
    assert_eq!(ran(&mut quoted).exits(0).out, "inbox = 'Shop website'");
    // What stands in no quotation marks, bash and PowerShell insert as it is.
    for shell in ["bash", "powershell"] {
        let mut bare = user.command(&["--", "cwql", "inbox = S"]);
        bare.env("CWQL_COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", "1");
        assert_eq!(ran(&mut bare).exits(0).out, "", "{shell}");
    }
    assert_eq!(completed(&user, &["cwql", "check", "tier = S"]), ["tier = Silver"]);
    assert!(completed(&user, &["cwql", ""]).contains(&"compile".to_owned()));
    assert!(completed(&user, &["cwql", "--out"]).contains(&"--output".to_owned()));
    assert_eq!(user.gate.asked(), [""; 0], "a shell never waits for a server");
    // Shells that quote them are told the names of files; the others find them by themselves.
    fs::write(user.folder.join("conversations.ndjson"), "").unwrap();
    let part = user.folder.join("conv");
    let (whole, part) = (user.folder.join("conversations.ndjson"), part.to_str().unwrap());
    assert_eq!(completed(&user, &["cwql", "--data", part]), [whole.to_str().unwrap()]);
    assert!(script.contains("-o bashdefault -o default"), "{script}");
    // A configuration that is wrong is no reason to stop completing.
    let broken = user.folder.join("broken.toml");
    fs::write(&broken, "nonsense").unwrap();
    let out = ran(user
        .command(&["--", "cwql", "status = pe"])
        .env("CWQL_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", "1")
        .env("CWQL_CONFIG", &broken));
    assert_eq!(out.exits(0).out, "status = pending");
    ran(user.command(&["--", "cwql", ""]).env("CWQL_COMPLETE", "tcsh")).exits(4).says(&["unknown shell"]);
}
