//! How a run, and a list, ends: by a signal, by a closed pipe, by a server that refuses or fails; and what it says of it.
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

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use misbehave::{Reply, http};
use program::{Ran, ran};
use serde_json::Value;

const TOKEN: &str = "tOkEn-0123456789-never-shown";

/// Each connection is for one request.
const JSON: &str = "content-type: application/json\r\nconnection: close\r\n";

/// What the server does with a request: a status and a body, or nothing at all for as long as the test runs.
type Answer = Option<(u16, String)>;

/// A server, and the program as it is run against it.
struct Server(misbehave::Server);

impl Server {
    fn start(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        Self(misbehave::Server::start(move |_, request| match answer(request) {
            Some((status, body)) => Reply::Whole(http(&format!("{status} X"), JSON, body)),
            None => Reply::Silence(Vec::new(), Duration::from_secs(60)),
        }))
    }

    /// Pages of `total` conversations; a page for which `silent` holds is never answered.
    fn pages(total: usize, silent: impl Fn(usize) -> bool + Send + Sync + 'static) -> Self {
        Self::start(move |request| match page_of(request) {
            Some(page) if silent(page) => None,
            Some(page) => Some((200, page_body(total, page))),
            None => Some((200, "[]".to_owned())),
        })
    }

    fn requests(&self) -> Vec<String> {
        self.0.requests()
    }

    /// Waits until so many requests have come.
    fn await_requests(&self, count: usize) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.requests().len() < count {
            assert!(Instant::now() < deadline, "{:?}", self.requests());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = program::command();
        command
            .args(args)
            .args(["--url", &self.0.url, "--account-id", "7"])
            .env("CHATWOOT_API_ACCESS_TOKEN", TOKEN)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        let ran = ran(&mut self.command(args));
        assert!(!ran.out.contains(TOKEN) && !ran.err.contains(TOKEN), "{ran:?}");
        ran
    }

    /// The one problem that a run reports, and what its labels underline in the query.
    fn problem(&self, query: &str, args: &[&str]) -> (Value, Vec<String>) {
        let ran = self.run(&[&[query, "--error-format", "json", "--output", "ids"], args].concat());
        assert_eq!(ran.code, 3, "{ran:?}");
        let line =
            ran.err.lines().find(|line| line.starts_with(r#"{"source":"query""#)).unwrap_or_else(|| panic!("{ran:?}"));
        let report: Value = serde_json::from_str(line).unwrap();
        let [problem] = report["diagnostics"].as_array().unwrap().as_slice() else { panic!("{report}") };
        let at = |label: &Value, end: &str| usize::try_from(label[end].as_u64().unwrap()).unwrap();
        let labels = problem["labels"].as_array().unwrap().iter();
        let places = labels.map(|label| query[at(label, "start")..at(label, "end")].to_owned()).collect();
        (problem.clone(), places)
    }
}

/// The commands that print conversations, and end in the same ways.
const COMMANDS: [&[&str]; 2] = [&["run", "status = open"], &["list"]];

/// Which page of the filter, or of the list, a request asks for.
fn page_of(request: &str) -> Option<usize> {
    let (_, rest) = request.split_once("/conversations")?;
    let (_, page) = rest.split_once(' ')?.0.rsplit_once("page=")?;
    page.parse().ok()
}

fn page_body(total: usize, page: usize) -> String {
    let first = (page - 1) * 25;
    let rows: Vec<String> = (first..total.min(first + 25))
        .map(|i| format!(r#"{{"id":{},"status":"open","custom_attributes":{{"seats":9}}}}"#, total - i))
        .collect();
    format!(r#"{{"meta":{{"all_count":{total}}},"payload":[{}]}}"#, rows.join(","))
}

fn refusal(message: &str) -> Answer {
    Some((422, serde_json::json!({ "error": message }).to_string()))
}

fn failure() -> Answer {
    Some((500, r#"{"status":500,"error":"Internal Server Error"}"#.to_owned()))
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// A command behind the words of another, which becomes it.
fn behind(wrapper: &[&str], plain: &Command) -> Command {
    let mut words = wrapper.iter().map(OsStr::new).chain([plain.get_program()]).chain(plain.get_args());
    let mut command = Command::new(words.next().unwrap());
    command.args(words);
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Sends two signals one behind the other.
#[cfg(unix)]
fn signal_twice(child: &Child, name: &str) {
    let kill = format!("kill {name} {0}; kill {name} {0}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

/// Sends the signal when the second page is waited for; only the first is ever answered.
fn interrupted(name: &str, args: &[&str]) -> Ran {
    ended(|child| signal(child, name), args)
}

fn ended(end: impl Fn(&Child), args: &[&str]) -> Ran {
    ended_behind(&[], end, args)
}

fn ended_behind(wrapper: &[&str], end: impl Fn(&Child), args: &[&str]) -> Ran {
    let server = Server::pages(1000, |page| page > 1);
    let child = behind(wrapper, &server.command(args)).spawn().unwrap();
    let names = usize::from(!args.contains(&"ids") && !args.iter().any(|arg| arg.ends_with("json")));
    server.await_requests(2 + names);
    // The first page's rows are taken before the wait for the second begins.
    std::thread::sleep(Duration::from_millis(300));
    end(&child);
    child.wait_with_output().unwrap().into()
}

/// The ids in what was printed, which must be well-formed.
fn ids_in(output: &str, out: &str) -> Vec<u64> {
    let id = |value: &Value| value["id"].as_u64().unwrap();
    let lines: Vec<&str> = out.lines().collect();
    let first = |line: &&str, end: char| line.split(end).next().unwrap().parse().unwrap();
    match output {
        "json" => serde_json::from_str::<Vec<Value>>(out).unwrap().iter().map(id).collect(),
        "ndjson" => lines.iter().map(|line| id(&serde_json::from_str(line).unwrap())).collect(),
        "csv" => lines[1..].iter().map(|line| first(line, ',')).collect(),
        "ids" => lines.iter().map(|line| line.parse().unwrap()).collect(),
        _ => {
            let [_, rows @ .., "", end] = lines.as_slice() else { panic!("{out}") };
            assert_eq!(*end, format!("{} conversations, and perhaps more", rows.len()));
            rows.iter().map(|line| first(line, ' ')).collect()
        }
    }
}

const OUTPUTS: [&str; 5] = ["table", "json", "ndjson", "csv", "ids"];

#[test]
fn an_interrupt_leaves_what_is_complete() {
    let ids: Vec<u64> = (976..=1000).rev().collect();
    let said = "cwql: interrupted, 25 conversations printed\n";
    for command in COMMANDS {
        for output in OUTPUTS {
            let ran = interrupted("-INT", &[command, &["--output", output]].concat());
            assert_eq!((ran.code, ran.err.as_str()), (130, said), "{command:?} {output}");
            assert_eq!(ids_in(output, &ran.out), ids, "{command:?} {output}");
        }
    }
}

#[test]
fn an_interrupted_count_prints_no_number() {
    let ran = interrupted("-INT", &["count", "unread_count >= 0"]);
    assert_eq!((ran.code, &*ran.out, &*ran.err), (130, "", "cwql: interrupted before all were counted\n"));
}

#[test]
fn sigterm_is_an_interrupt_with_an_exit_code_of_its_own() {
    for command in COMMANDS {
        let ran = interrupted("-TERM", &[command, &["--output", "ids"]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (143, "cwql: terminated, 25 conversations printed\n"), "{command:?}");
        assert_eq!(ran.out.lines().count(), 25);
        assert_eq!(interrupted("-INT", &[command, &["--output", "ids", "--quiet"]].concat()).err, "");
    }
}

/// Whether a program that is started here inherits that SIGHUP is ignored, as where `nohup` started the tests.
#[cfg(target_os = "linux")]
fn ignores_hang_up() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    u64::from_str_radix(mask.trim(), 16).unwrap() & 1 != 0
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_terminal_is_an_interrupt_with_an_exit_code_of_its_own() {
    // No shell takes back what it found ignored.
    let heard: &[&str] = if ignores_hang_up() { &["env", "--default-signal=HUP"] } else { &[] };
    if let [env, option] = heard
        && !Command::new(env).args([option, "true"]).status().is_ok_and(|status| status.success())
    {
        println!("not tested: SIGHUP is ignored here, and this system's `env` cannot change that");
        return;
    }
    for command in COMMANDS {
        let args = [command, &["--output", "json"]].concat();
        let ran = ended_behind(heard, |child| signal(child, "-HUP"), &args);
        assert_eq!((ran.code, ran.err.as_str()), (129, "cwql: hung up, 25 conversations printed\n"), "{command:?}");
        assert_eq!(ids_in("json", &ran.out).len(), 25);
    }
}

/// `nohup` has the program ignore that its terminal is closed, and so it must stay.
#[cfg(target_os = "linux")]
#[test]
fn a_closed_terminal_ends_nothing_that_ignores_it() {
    let server = Server::pages(1000, |page| page > 1);
    let plain = server.command(&["status = open", "--output", "ids"]);
    let child = behind(&["sh", "-c", "trap '' HUP; exec \"$0\" \"$@\""], &plain).spawn().unwrap();
    server.await_requests(2);
    std::thread::sleep(Duration::from_millis(300));
    signal(&child, "-HUP");
    std::thread::sleep(Duration::from_millis(300));
    signal(&child, "-TERM");
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (143, "cwql: terminated, 25 conversations printed\n"));
}

#[test]
fn an_interrupt_before_the_first_row_leaves_well_formed_nothing() {
    let one_page: &[&str] = &["list", "--page", "1"];
    for command in COMMANDS.into_iter().chain([one_page]) {
        for (output, expected) in [("table", ""), ("json", "[]\n"), ("ids", "")] {
            let server = Server::start(|request| page_of(request).is_none().then(|| (200, "[]".to_owned())));
            let child = server.command(&[command, &["--output", output]].concat()).spawn().unwrap();
            server.await_requests(if output == "table" { 2 } else { 1 });
            std::thread::sleep(Duration::from_millis(200));
            signal(&child, "-INT");
            let ran = Ran::from(child.wait_with_output().unwrap());
            assert_eq!((ran.code, ran.out.as_str()), (130, expected), "{command:?} {output}");
            assert_eq!(ran.err, "cwql: interrupted, 0 conversations printed\n");
        }
    }
}

#[test]
fn an_interrupt_while_names_are_read_ends_the_run() {
    for command in [["run", "inbox = Shop"], ["list", "--inbox=Shop"]] {
        let server = Server::start(|_| None);
        let child = server.command(&[&command[..], &["--output", "ids"]].concat()).spawn().unwrap();
        server.await_requests(1);
        std::thread::sleep(Duration::from_millis(200));
        signal(&child, "-INT");
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert_eq!((ran.code, ran.out.as_str()), (130, ""), "{command:?}");
        assert_eq!(ran.err, "cwql: interrupted before a conversation was read\n");
    }
}

/// What a run has come to is said, and no more is begun than what the signal ends.
#[test]
fn a_signal_while_a_cause_is_looked_for_ends_the_run() {
    let definitions =
        r#"[{"attribute_key":"seats","attribute_display_type":"number","attribute_model":"conversation_attribute"}]"#;
    for (args, refused, said) in [
        // Whether the kept definition has changed.
        (&["run", "custom.seats > 5"][..], failure(), "500"),
        (&["run", "status = open AND label = vip"], refusal("無効です"), "422: 無効です"),
        (&["run", "label = vip"], Some((200, page_body(0, 1))), ""),
        (&["list", "--team", "99"], Some((404, r#"{"error":"not here"}"#.to_owned())), "404: not here"),
        (&["list", "--inbox", "99"], Some((200, page_body(0, 1))), ""),
    ] {
        for (name, code, told) in [("-INT", 130, "interrupted"), ("-TERM", 143, "terminated")] {
            let silent = Arc::new(AtomicBool::new(false));
            let (is_silent, refused) = (Arc::clone(&silent), refused.clone());
            let server = Server::start(move |request| {
                match page_of(request) {
                    // After the answer to the first page nothing is answered.
                    Some(_) if is_silent.swap(true, Ordering::Relaxed) => None,
                    Some(_) => refused.clone(),
                    None if is_silent.load(Ordering::Relaxed) => None,
                    None if request.contains("custom_attribute_definitions") => Some((200, definitions.to_owned())),
                    None if request.starts_with("GET /api ") => Some((200, r#"{"version":"4.15.1"}"#.to_owned())),
                    None => Some((200, "[]".to_owned())),
                }
            });
            let folder = program::folder("cli_run_cause");
            let command = |args: &[&str]| {
                let mut command = server.command(args);
                command.env("XDG_CACHE_HOME", &folder).env_remove("CWQL_NO_CACHE");
                command
            };
            if args.contains(&"custom.seats > 5") {
                assert_eq!(ran(&mut command(&["account", "pull"])).code, 0);
            }
            let before = server.requests().len();
            let child = command(&[args, &["--output", "ids", "--retries", "0", "--read-timeout", "5"]].concat())
                .spawn()
                .unwrap();
            server.await_requests(before + 2);
            std::thread::sleep(Duration::from_millis(200));
            signal(&child, name);
            let ran = Ran::from(child.wait_with_output().unwrap());
            assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{args:?} {ran:?}");
            assert!(ran.err.contains(said), "{args:?} {ran:?}");
            assert!(ran.err.ends_with(&format!("cwql: {told}, 0 conversations printed\n")), "{args:?} {ran:?}");
            let pages = server.requests().iter().filter(|request| page_of(request).is_some()).count();
            assert!(pages <= 2, "{args:?} {pages}");
        }
    }
}

/// Whoever ends a `create` has to know whether there may be a conversation by now.
#[cfg(unix)]
#[test]
fn a_signal_that_ends_a_create_says_what_may_have_come_of_it() {
    let with_id = ["create", "--source-id", "s", "--inbox", "5"];
    let with_name = ["create", "--source-id", "s", "--inbox", "Shop"];
    let lost = ["the conversation may have been created, but its answer was lost", "look for it before you repeat"];
    for (args, answer, posts, parts) in [
        (with_id, None, 1, &lost[..]),
        // What the names would tell of it is not waited for.
        (with_id, Some((404, r#"{"error":"not here"}"#.to_owned())), 1, &["404: not here"]),
        (with_name, None, 0, &[]),
    ] {
        for (name, code, told) in [("-INT", 130, "interrupted"), ("-TERM", 143, "terminated")] {
            let awaited = if answer.is_some() { 2 } else { 1 };
            let answer = answer.clone();
            let server = Server::start(move |request| answer.clone().filter(|_| request.starts_with("POST")));
            let child = server.command(&args).spawn().unwrap();
            server.await_requests(awaited);
            std::thread::sleep(Duration::from_millis(200));
            signal(&child, name);
            let ran = Ran::from(child.wait_with_output().unwrap());
            assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{args:?} {ran:?}");
            assert!(ran.err.contains(told) && parts.iter().all(|part| ran.err.contains(part)), "{args:?} {ran:?}");
            let sent = server.requests().iter().filter(|request| request.starts_with("POST")).count();
            assert_eq!(sent, posts, "{args:?} {ran:?}");
        }
    }
}

#[test]
fn a_second_interrupt_ends_the_run_even_where_its_output_blocks() {
    // More than a pipe holds, and nobody reads it.
    let long = "x".repeat(20_000);
    let server = Server::start(move |_| {
        let rows: Vec<String> = (1..=25).map(|id| format!(r#"{{"id":{id},"note":"{long}"}}"#)).collect();
        Some((200, format!(r#"{{"meta":{{"all_count":1000}},"payload":[{}]}}"#, rows.join(","))))
    });
    let mut child = server.command(&["status = open", "--output", "ndjson"]).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0; 1]).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    signal(&child, "-INT");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(child.try_wait().unwrap(), None);
    signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let server = Server::pages(5000, |_| false);
    let mut child = server.command(&["status = open", "--output", "ids"]).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "5000\n");
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(server.requests().len() < 200);
}

#[test]
fn a_reader_sees_each_page_while_the_next_is_waited_for() {
    for command in COMMANDS {
        let server = Server::pages(1000, |page| page > 1);
        let mut child = server.command(&[command, &["--output", "ids"]].concat()).spawn().unwrap();
        // A program that holds its lines back would let the test wait for ever.
        server.await_requests(2);
        std::thread::sleep(Duration::from_millis(300));
        child.kill().unwrap();
        child.wait().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let ids = (976..=1000).rev().map(|id: u64| id.to_string());
        assert!(lines.eq(ids), "{command:?}");
    }
}

#[test]
fn a_failure_in_the_middle_leaves_what_was_read() {
    let wrong = |status, said: &str| Some((status, serde_json::json!({ "error": said }).to_string()));
    let bad_row = Some((200, r#"{"meta":{"all_count":90},"payload":[{"id":"none"}]}"#.to_owned()));
    for (third, said) in [
        (wrong(401, "Invalid token"), "401"),
        (wrong(404, "Resource could not be found"), "404: Resource could not be found"),
        (wrong(422, "Not so"), "422"),
        (wrong(500, "Internal Server Error"), "500"),
        (bad_row, "cwql: "),
        (None, "cwql: "),
    ] {
        for command in COMMANDS {
            let answer = third.clone();
            let server = Server::start(move |request| match page_of(request) {
                Some(page) if page < 3 => Some((200, page_body(90, page))),
                Some(3) => answer.clone(),
                Some(_) => Some((200, page_body(90, 4))),
                None => Some((200, "[]".to_owned())),
            });
            for output in OUTPUTS {
                let limits = ["--output", output, "--retries", "0", "--read-timeout", "2"];
                let ran = server.run(&[command, &limits].concat());
                let case = format!("{command:?} {output} {said} {ran:?}");
                assert_eq!(ran.code, 3, "{case}");
                assert!(ids_in(output, &ran.out).into_iter().eq((41..=90).rev()), "{case}");
                let rest = ran.err.strip_prefix("cwql: 50 conversations printed before the failure\n");
                assert!(rest.is_some_and(|rest| rest.contains(said)), "{case}");
            }
        }
    }
}

// Whose fault it is

#[test]
fn a_refusal_is_shown_at_its_condition() {
    let query = "status = open AND label IN (vip, refund) AND custom.plan = Pro";
    for (said, place) in [
        (
            "Invalid attribute key - [plan]. The key should be one of [status,labels] or a custom attribute",
            "custom.plan = Pro",
        ),
        ("Ungültiger Operator. Die erlaubten Operatoren für labels sind [equal_to,status].", "label IN (vip, refund)"),
        ("La valeur fournie pour status est invalide", "status = open"),
    ] {
        let server = Server::start(move |request| match request.starts_with("GET") {
            true => Some((200, "[]".to_owned())),
            false => refusal(said),
        });
        let (problem, places) = server.problem(query, &["--account", &account()]);
        assert_eq!((problem["code"].as_str().unwrap(), places), ("cwql::server_refused", vec![place.to_owned()]));
        assert_eq!(problem["message"], format!("the server answers 422: {said}"));
        assert_eq!(problem["labels"][0]["text"], "the server refuses this condition");
        // What the message tells need not be asked for.
        assert_eq!(server.requests().iter().filter(|request| page_of(request).is_some()).count(), 1);
    }
}

/// An account that has the attributes of these tests, as a file.
fn account() -> String {
    let path = program::folder(&format!("cli_run_{:?}", std::thread::current().id())).join("account.json");
    let definition = |key: &str, kind: &str| serde_json::json!({"attribute_key": key, "attribute_display_type": kind, "attribute_model": "conversation_attribute"});
    let account = serde_json::json!({
        "labels": [{"title": "vip"}, {"title": "refund"}],
        "custom_attribute_definitions": [definition("plan", "text"), definition("seats", "number"), definition("tier", "list")],
    });
    std::fs::write(&path, account.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_refusal_that_names_nothing_is_searched_for() {
    let conditions = ["status = open", "label = vip", "priority = low", "id < 9", "referer ~ a", "custom.plan = Pro"];
    let query = conditions.join(" AND ").replace("id < 9", "id IN (4, 9)");
    let keys = ["status", "labels", "priority", "display_id", "referer", "plan"];
    for (key, condition) in keys.iter().zip(conditions) {
        let member = format!(r#""attribute_key":"{key}""#);
        let server = Server::start(move |request| match request {
            _ if request.starts_with("GET") => Some((200, r#"{"version":"4.15.1"}"#.to_owned())),
            _ if request.contains(&member) => refusal("無効です"),
            _ => Some((200, page_body(0, 1))),
        });
        let (problem, places) = server.problem(&query, &["--account", &account()]);
        let expected = if condition == "id < 9" { "id IN (4, 9)" } else { condition };
        assert_eq!(places, [expected], "{problem}");
        // One for the run, and the logarithm of the conditions for the search.
        let filters = server.requests().iter().filter(|request| page_of(request).is_some()).count();
        assert!(filters <= 4, "{filters}");
    }
}

#[test]
fn of_several_scans_the_refused_one_is_found() {
    let query =
        "assignee != 4 AND unread_count > 0 OR campaign = 3 AND unread_count = 0 AND status = open OR label = vip";
    let plan = cwql::Query::new(query, &cwql::Schema::default()).unwrap().plan().clone();
    assert!(plan.scans.len() > 1);
    let server = Server::start(|request| match request {
        _ if request.starts_with("GET") => Some((200, r#"{"version":"4.15.1"}"#.to_owned())),
        _ if request.contains("campaign_id") => refusal("無効です"),
        _ => Some((200, page_body(0, 1))),
    });
    assert_eq!(server.problem(query, &[]).1, ["campaign = 3"]);
}

#[test]
fn two_conditions_on_the_named_attribute_are_told_apart() {
    let query = "label = vip AND status = open AND label != spam";
    let server = Server::start(|request| match request {
        _ if request.starts_with("GET") => Some((200, r#"{"version":"4.15.1"}"#.to_owned())),
        _ if request.contains("not_equal_to") => refusal("The allowed operators for labels are [equal_to]."),
        _ => Some((200, page_body(0, 1))),
    });
    assert_eq!(server.problem(query, &[]).1, ["label != spam"]);
}

#[test]
fn a_server_of_another_version_is_the_likely_reason() {
    let server = Server::start(|request| match request.starts_with("GET /api ") {
        true => Some((200, r#"{"version":"4.9.2"}"#.to_owned())),
        false => refusal("Invalid attribute key - [contact_id]."),
    });
    let query = "status = open AND contact_id = 4";
    let (problem, places) = server.problem(query, &["--server-version", "4.15.1"]);
    assert_eq!(places, ["contact_id = 4"]);
    let help = problem["help"].as_str().unwrap();
    assert!(help.contains("compiled for 4.15.1, and the server is 4.9.2: `--server-version 4.9.2`"), "{help}");
    let ran = server.run(&[query, "--server-version", "4.15.1"]);
    assert!(ran.err.contains("╰── the server refuses this condition"), "{}", ran.err);
    let ran = server.run(&[query, "--server-version", "4.15.1", "--error-format", "plain"]);
    assert!(ran.err.contains("query:1:19: error[cwql::server_refused]: the server answers 422"), "{}", ran.err);
}

#[test]
fn a_server_error_is_shown_at_the_condition_that_fails_alone() {
    let query = "status = open AND custom.plan = Pro AND label = vip";
    let server = Server::start(|request| match request.contains(r#""plan""#) {
        true => failure(),
        false => Some((200, page_body(0, 1))),
    });
    let (problem, places) = server.problem(query, &["--account", &account()]);
    assert_eq!(
        (problem["code"].as_str().unwrap(), places),
        ("cwql::server_failed", vec!["custom.plan = Pro".to_owned()])
    );
    assert_eq!(problem["labels"][0]["text"], "alone, this fails too");
    assert!(problem["help"].as_str().unwrap().contains("account file"), "{problem}");
}

#[test]
fn a_count_is_blamed_as_a_run_is() {
    for (answer, code) in [(refusal("Not so"), "cwql::server_refused"), (failure(), "cwql::server_failed")] {
        let server = Server::start(move |request| match request.contains(r#""labels""#) {
            true => answer.clone(),
            false => Some((200, page_body(0, 1))),
        });
        let ran = server.run(&["count", "status = open AND label = vip", "--error-format", "plain"]);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{ran:?}");
        assert!(ran.err.contains(&format!("query:1:19: error[{code}]")), "{}", ran.err);
    }
}

#[test]
fn what_a_server_says_moves_no_cursor() {
    let server = Server::start(|_| Some((404, r#"{"error":"\u001b]0;owned\u0007 \u009b2J gone"}"#.to_owned())));
    for format in ["human", "plain", "json"] {
        let ran = server.run(&["count", "status = open", "--error-format", format]);
        assert!(ran.code == 3 && ran.err.contains("owned"), "{ran:?}");
        assert!(!ran.err.contains(['\u{1b}', '\u{7}']), "{ran:?}");
    }
}

#[test]
fn days_before_is_known_to_fail() {
    let query = "status = open AND created_at < -7d";
    let server = Server::start(|request| match request.contains("days_before") {
        true => failure(),
        false => Some((200, page_body(0, 1))),
    });
    let (problem, places) = server.problem(query, &["--rolling", "--server-version", "4.9.2"]);
    assert_eq!(places, ["created_at < -7d"]);
    assert!(
        problem["help"].as_str().unwrap().contains("`days_before` fails from 4.11.2 on and before 4.16.0"),
        "{problem}"
    );
}

#[test]
fn a_later_page_that_fails_without_the_conversions_too_is_not_blamed_on_them() {
    let query = "status = open AND custom.seats > 5";
    let server = Server::start(|request| match page_of(request) {
        Some(page) if page > 1 => failure(),
        _ => Some((200, page_body(60, 1))),
    });
    let (problem, places) = server.problem(query, &["--account", &account()]);
    assert_eq!(places, [query]);
    assert!(!problem["help"].as_str().unwrap().contains("stored value"), "{problem}");
}

#[test]
fn a_server_that_fails_on_everything_is_not_the_querys_fault() {
    let server = Server::start(|_| failure());
    let query = "status = open AND label = vip";
    let (problem, places) = server.problem(query, &[]);
    assert_eq!(places, [query]);
    assert!(problem["help"].as_str().unwrap().contains("it is not the query"), "{problem}");
    // The query and one that matches nothing, each tried three times.
    assert_eq!(server.requests().len(), 6);
}

#[test]
fn what_is_evaluated_here_after_a_failure_is_named() {
    let server = Server::start(|request| match request.contains(r#""seats""#) {
        true => failure(),
        false => Some((200, page_body(3, 1))),
    });
    let ran = server.run(&["status = open AND custom.seats > 5", "--account", &account(), "--output", "ids"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "3\n2\n1\n"), "{ran:?}");
    assert!(ran.err.contains("evaluated here instead: `custom.seats > 5`"), "{}", ran.err);
    // Three times as it is, once without.
    assert_eq!(server.requests().len(), 4);
}

/// A value that is not of its attribute's type may be stored while the pages are read. What is printed by then stays right,
/// and is not printed twice.
#[test]
fn what_is_not_printed_when_the_server_fails_is_evaluated_here() {
    let query = "status = open AND custom.seats > 5";
    for (output, limit) in [("ids", None), ("ndjson", None), ("csv", None), ("json", None), ("ids", Some(30))] {
        let server = Server::start(|request| match page_of(request) {
            Some(page) if page > 1 && request.contains(r#""seats""#) => failure(),
            // Its conversations stand behind one that has come meanwhile.
            Some(page) if !request.contains(r#""seats""#) => Some((200, page_body(61, page))),
            Some(page) => Some((200, page_body(60, page))),
            None => Some((200, "[]".to_owned())),
        });
        let limit = limit.map(|limit: usize| limit.to_string());
        let mut args = vec![query, "--account", &*account(), "--output", output, "--retries", "0"]
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>();
        args.extend(limit.iter().flat_map(|limit| ["--limit".to_owned(), limit.clone()]));
        let ran = server.run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(ran.err.matches("evaluated here instead: `custom.seats > 5`").count(), 1, "{}", ran.err);
        let id = |line: &str| line.split(|c: char| !c.is_ascii_digit()).find_map(|id| id.parse::<i64>().ok());
        let ids: Vec<i64> = match output {
            "json" => {
                let rows: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
                rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
            }
            _ => ran.out.lines().filter_map(id).collect(),
        };
        let most = if limit.is_some() { 30 } else { 61 };
        let expected: Vec<i64> = (36..=60).rev().chain([61]).chain((1..=35).rev()).take(most).collect();
        assert_eq!(ids, expected, "{output}");
    }
    // A table has its rows when all are there.
    let server = Server::start(|request| match page_of(request) {
        Some(page) if page > 1 && request.contains(r#""seats""#) => failure(),
        Some(page) => Some((200, page_body(60, page))),
        None => Some((200, "[]".to_owned())),
    });
    let ran = server.run(&[query, "--account", &account(), "--retries", "0"]);
    assert!(ran.code == 0 && ran.out.ends_with("\n60 conversations\n"), "{ran:?}");
    assert_eq!(ran.out.lines().count(), 63);
}

#[test]
fn counts_as_json_are_what_the_server_says() {
    let meta = "{\"mine_count\":2, \"unassigned_count\" : 1,\n\"all_count\":\"7\",\"a_later_count\":{\"x\":[1.0]}}";
    let server = Server::start(move |_| Some((200, format!(r#"{{"meta":{meta},"more":5}}"#))));
    let ran = server.run(&["counts", "--output", "json"]);
    assert_eq!((ran.code, ran.out), (0, format!("{}\n", meta.replace('\n', " "))));
    // In the table stands what it means.
    let ran = server.run(&["counts"]);
    assert_eq!(ran.out, "mine        2\nassigned    6\nunassigned  1\nall         7\n");
}

#[test]
fn a_condition_that_fails_without_a_known_reason_is_shown_all_the_same() {
    let query = "status = open AND (label = vip OR priority = high)";
    let server = Server::start(|request| match request.contains(r#""labels""#) {
        true => failure(),
        false => Some((200, page_body(0, 1))),
    });
    let (problem, places) = server.problem(query, &[]);
    assert_eq!(places, ["label = vip"]);
    assert!(problem["help"].as_str().unwrap().contains("other filters are answered"), "{problem}");
}

// What would be sent

#[test]
fn a_dry_run_sends_nothing() {
    let server = Server::pages(3, |_| false);
    let ran = server.run(&["status = open AND unread_count > 0", "--dry-run"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let url = format!("POST {}/api/v1/accounts/7/conversations/filter?page=1\n", server.0.url);
    for part in ["# the client keeps: unread_count > 0\n", &url, "api_access_token: …\n", "GET ", "/inboxes\n"] {
        assert!(ran.out.contains(part), "no `{part}` in {}", ran.out);
    }
    let (_, body) = ran.out.rsplit_once("application/json\n\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["payload"][0]["attribute_key"], "status");

    // What has to be asked for first is said instead.
    let ran = server.run(&["assignee = Ann", "--dry-run", "--output", "ids"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("/api/v1/accounts/7/agents\n") && !ran.out.contains("POST"), "{}", ran.out);
    let ran = server.run(&["custom.plan = Pro", "--dry-run", "--output", "ids", "--account", &account()]);
    assert!(ran.out.contains("POST") && !ran.out.contains("GET"), "{}", ran.out);
    // Mistakes stay mistakes, and a query for nothing asks for nothing.
    assert_eq!(server.run(&["status = pendng", "--dry-run"]).code, 2);
    assert_eq!(server.run(&["status = pendng AND assignee = Ann", "--dry-run"]).code, 2);
    let ran = server.run(&["status = open AND status = resolved", "--dry-run", "--quiet"]);
    assert_eq!(ran.out, "# no conversation can match, so none is asked for\n");

    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn a_dry_run_names_the_look_ups_of_the_run() {
    let server = program::Sandbox::start([]);
    let folder = program::folder("cli_run_look_ups");
    let look_ups = |text: &str| {
        let lines = text.lines().filter_map(|line| line.trim_start_matches("cwql: ").strip_prefix("GET "));
        let paths = lines.map(|line| line.trim_start_matches(server.url()).split(' ').next().unwrap().to_owned());
        let mut paths: Vec<String> = paths.collect();
        paths.sort();
        paths
    };
    let mut counts = Vec::new();
    // Without what earlier runs keep, and with it.
    for kept in [false, true] {
        for args in [
            &["id = 1", "--output", "ids"][..],
            &["id = 1"],
            &["country_code = DE"],
            &["country_code = DE", "--server-version", "4.15.1"],
            &["custom.tier = Gold"],
            &["contact_id = 12"],
            &["assignee = @me", "--output", "ids"],
            &["custom.tier = Gold", "--refresh"],
        ] {
            let run = |more: &str| {
                let mut command = server.command();
                if kept {
                    command.env("XDG_CACHE_HOME", &folder).env_remove("CWQL_NO_CACHE");
                }
                Ran::from(command.args(args).arg(more).output().unwrap())
            };
            let (dry, wet) = (run("--dry-run"), run("--verbose"));
            assert_eq!(look_ups(&dry.out), look_ups(&wet.err), "{args:?} {dry:?} {wet:?}");
            counts.push(look_ups(&dry.out).len());
        }
    }
    assert_eq!(counts, [0, 1, 1, 0, 8, 2, 8, 8, 0, 1, 1, 0, 8, 0, 0, 8]);
}

#[test]
fn a_strict_run_over_an_account_that_holds_still_is_a_run() {
    let ran = Server::pages(3, |_| false).run(&["status = open", "--output", "ids", "--strict"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "3\n2\n1\n", ""));
}

/// Other conversations in each answer, and another count.
fn restless() -> Server {
    let turn = AtomicUsize::new(0);
    Server::start(move |_| {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        let id = |row| turn * 25 + row + 1;
        let rows: Vec<String> = (0..25).map(|row| format!(r#"{{"id":{},"unread_count":1}}"#, id(row))).collect();
        let all = 100 + turn % 7;
        Some((200, format!(r#"{{"meta":{{"all_count":{all}}},"payload":[{}]}}"#, rows.join(","))))
    })
}

#[test]
fn an_account_that_will_not_hold_still_is_said_and_strictly_a_failure() {
    let ran = restless().run(&["status = open", "--output", "ids"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("the result may be incomplete"), "{}", ran.err);
    let server = restless();
    let ran = server.run(&["status = open", "--output", "ids", "--strict"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("the result may be incomplete"), "{}", ran.err);
    assert!(server.requests().len() < 300, "{}", server.requests().len());
}

#[test]
fn a_count_of_what_may_be_incomplete_says_so_and_is_strictly_a_failure() {
    // The client counts what the server cannot be asked for.
    let query = "status = open AND unread_count > 0";
    for (args, code) in [(&[query][..], 0), (&[query, "--strict"], 3)] {
        let ran = restless().run(&[&["count"], args].concat());
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(ran.out.trim().parse::<u64>().is_ok_and(|count| count >= 100), "{ran:?}");
        assert_eq!(ran.err.matches("the result may be incomplete").count(), 1, "{ran:?}");
    }
    assert!(!restless().run(&["count", query, "--quiet"]).err.contains("incomplete"));
    let unread = |page| page_body(60, page).replace(r#""status""#, r#""unread_count":1,"status""#);
    let still = Server::start(move |request| Some((200, page_of(request).map_or_else(|| "[]".to_owned(), unread))));
    let still = still.run(&["count", query, "--strict"]);
    assert_eq!((still.code, still.out.as_str(), still.err.as_str()), (0, "60\n", ""));
}

#[test]
fn pages_that_lack_some_that_are_counted_are_not_all() {
    // A cache that answers every page from the second on with the second.
    let stuck = || {
        Server::start(|request| match page_of(request) {
            Some(page) => Some((200, page_body(239, page.min(2)))),
            None => Some((200, "[]".to_owned())),
        })
    };
    for (args, code) in [
        (&["status = open", "--output", "ids"][..], 0),
        (&["status = open", "--strict"], 3),
        (&["list", "--output", "ids"], 0),
        (&["list", "--output", "ids", "--strict"], 3),
    ] {
        let server = stuck();
        let ran = server.run(args);
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(ran.err.contains("its pages lack some that the server counts"), "{ran:?}");
        assert!(server.requests().len() < 32, "{}", server.requests().len());
    }
    // Whoever wants no more than there is is told of nothing.
    let server = stuck();
    let ran = server.run(&["status = open", "--output", "ids", "--limit", "50"]);
    assert_eq!((ran.code, ran.out.lines().count(), ran.err.as_str()), (0, 50, ""), "{ran:?}");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_verbose_run_ends_with_what_it_took() {
    let server = Server::pages(60, |_| false);
    let ran = server.run(&["status = open", "--output", "ids", "--verbose"]);
    let last = ran.err.lines().last().unwrap();
    assert!(last.starts_with("cwql: 60 conversations, 6 pages, "), "{last}");
    assert!(last.contains(" requests, ") && last.ends_with(" s"), "{last}");
}

/// `timeout` sends its signal to the program and to its group, which is one reason to end and not two.
#[cfg(unix)]
#[test]
fn signals_that_come_together_are_one() {
    for _ in 0..4 {
        let ran = ended(|child| signal_twice(child, "-TERM"), &["run", "status = open", "--output", "json"]);
        assert_eq!((ran.code, ids_in("json", &ran.out).len()), (143, 25), "{ran:?}");
    }
}

/// As long as a token is read nothing has begun, and the first signal ends the program.
#[cfg(unix)]
#[test]
fn a_signal_ends_the_wait_for_a_token() {
    for command in COMMANDS {
        let server = Server::pages(1, |_| false);
        let mut command = server.command(command);
        command.args(["--token", "-"]).env_remove("CHATWOOT_API_ACCESS_TOKEN").stdin(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take();
        std::thread::sleep(Duration::from_millis(300));
        // Shells have what they start in the background ignore Ctrl-C.
        signal(&child, "-TERM");
        let status = child.wait().unwrap();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(15), "{status:?}");
        drop(input);
    }
}
