//! The program as its users meet it: every command, option, variable and exit code.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod program;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Stdio;

use cwql::Code;
use cwql::schema::{LOCAL, STANDARD};
use program::{Ran, Sandbox, ran};
use serde_json::Value;

const TOKEN: &str = "tOkEn-0123456789-never-shown";
const PENDING: &str = r#"{"payload":[{"attribute_key":"status","filter_operator":"equal_to","values":["pending"],"query_operator":"AND"},{"attribute_key":"browser_language","filter_operator":"not_equal_to","values":["en"],"query_operator":null}]}"#;

/// Runs the program without configuration.
fn cwql<const N: usize>(args: [&str; N]) -> Ran {
    ran(program::command().args(args))
}

/// As [`cwql`], with a text on standard input.
fn cwql_reads<const N: usize>(input: &[u8], args: [&str; N]) -> Ran {
    let pipe = Stdio::piped;
    let mut child = program::command().args(args).stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
    // A program that refuses its arguments reads nothing, and may have closed its end.
    let _ = child.stdin.take().unwrap().write_all(input);
    Ran::from(child.wait_with_output().unwrap())
}

/// A file of its own for a test.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let folder = program::folder(&format!("cli-{}", name.replace('.', "-")));
    fs::write(folder.join(name), content).unwrap();
    folder.join(name)
}

impl Ran {
    /// Expects an exit code; returns what was printed.
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// Expects messages with all of `parts`, and nothing on standard output.
    fn says<const N: usize>(self, parts: [&str; N]) {
        assert_eq!(self.out, "");
        for part in parts {
            assert!(self.err.contains(part), "no `{part}` in {}", self.err);
        }
    }

    /// Expects that all went well and nothing but the result was said.
    fn prints(self) -> String {
        assert_eq!(self.err, "");
        self.out
    }

    fn ids(self) -> Vec<i64> {
        self.prints().lines().map(|line| line.parse().unwrap()).collect()
    }
}

// Compile

#[test]
fn compile_needs_neither_network_nor_configuration() {
    let out = cwql(["compile", "status = pending AND browser_language != en"]).exits(0).prints();
    assert_eq!(out, format!("{PENDING}\n"));
}

#[test]
fn compile_prints_a_curl_command_that_a_shell_reads_as_meant() {
    let query = "referer ~ \"it's $HOME \\\\ `x`\"";
    let out = cwql(["compile", "--curl", query]).exits(0).prints();
    assert!(out.contains("$CHATWOOT_API_ACCESS_TOKEN") && out.contains("$CHATWOOT_BASE_URL"), "{out}");
    // A shell runs it with a `curl` that shows its arguments.
    let script = format!("curl() {{ printf '%s\\n' \"$@\"; }}\n{out}");
    let shown = ran(std::process::Command::new("sh")
        .args(["-c", &script])
        .env("CHATWOOT_BASE_URL", "https://x.example")
        .env("CHATWOOT_ACCOUNT_ID", "7")
        .env("CHATWOOT_API_ACCESS_TOKEN", TOKEN))
    .exits(0)
    .prints();
    let args: Vec<&str> = shown.lines().collect();
    assert!(args.contains(&"https://x.example/api/v1/accounts/7/conversations/filter"), "{args:?}");
    assert!(args.contains(&format!("api_access_token: {TOKEN}").as_str()), "{args:?}");
    let payload = cwql(["compile", query]).exits(0).prints();
    assert_eq!(args.last(), Some(&payload.trim_end()));

    let given =
        cwql(["compile", "--curl", "status = open", "--url", "https://x.example/", "--account-id", "7"]).prints();
    for url in ["https://u:s3cret@x.example", "https:/u:s3cret@x.example", "https:u:s3cret@x.example"] {
        let out = cwql(["compile", "--curl", "status = open", "--url", url]).exits(0).prints();
        assert!(!out.contains("s3cret") && out.contains("--url \"$CHATWOOT_BASE_URL\"/api"), "{out}");
    }
    assert!(given.contains("'https://x.example'/api/v1/accounts/7/"), "{given}");
    // What no request can be sent to is none that curl should guess at.
    for url in ["u:s3cret@x.example", "chat.example.com", "ftp://x.example", "https://x.example/chat/?a=s3cret#c"] {
        let ran = cwql(["compile", "--curl", "status = open", "--url", url]).exits(4);
        assert!(!ran.err.contains("s3cret") && ran.out.is_empty(), "{ran:?}");
    }
    let page = "https://u:s3cret@x.example/app/accounts/4/dashboard";
    for command in [&["compile", "--curl"][..], &["run", "--account-id", "4"], &["account", "clear"]] {
        let query: &[&str] = if command.contains(&"clear") { &[] } else { &["status = open"] };
        let ran = ran(program::command().args([command, query, &["--url", page]].concat())).exits(4);
        assert!(
            ran.err.contains("a page of the dashboard") && ran.err.contains("address is https://x.example"),
            "{ran:?}"
        );
        assert!(!ran.err.contains("s3cret") && ran.out.is_empty(), "{ran:?}");
    }
    let path = cwql(["compile", "--curl", "status = open", "--url", "https://x.example/chat/"]).exits(0).prints();
    assert!(path.contains("--url 'https://x.example/chat'/api/v1"), "{path}");
    let clear = cwql(["compile", "--curl", "status = open", "--url", "http://chat.example.com"]).exits(0);
    assert!(clear.err.contains("in clear text"), "{clear:?}");
    let set = ran(program::command()
        .args(["compile", "--curl", "status = open"])
        .env("CHATWOOT_BASE_URL", "https://y.example")
        .env("CHATWOOT_ACCOUNT_ID", "8")
        .env("CHATWOOT_API_ACCESS_TOKEN", TOKEN));
    let set = set.exits(0).prints();
    assert!(set.contains("'https://y.example'/api/v1/accounts/8/") && !set.contains(TOKEN), "{set}");
}

#[test]
fn what_no_payload_says_is_refused_unless_more_will_do() {
    cwql(["compile", "unread_count > 0"]).exits(2).says(["cwql::not_exact", "unread_count > 0", "--superset"]);
    let wider = cwql(["compile", "--superset", "status = open AND unread_count > 0"]).exits(0).prints();
    let payload: Value = serde_json::from_str(&wider).unwrap();
    assert_eq!(payload["payload"].as_array().unwrap().len(), 1);
    // Where there are two scans, one payload matches what both match.
    cwql(["compile", "--superset", "unread_count > 0"]).exits(0).prints();
}

#[test]
fn names_are_resolved_with_an_account_file() {
    let account = file("names.json", br#"{"teams":[{"id":8,"name":"tier 2"}],"users":{"admin":{"id":3}}}"#);
    let account = account.to_str().unwrap();
    let out = cwql(["compile", "team = \"Tier 2\" AND assignee = @me", "--account", account]).exits(0).prints();
    assert!(out.contains(r#""values":[8]"#) && out.contains(r#""values":[3]"#), "{out}");
    cwql(["compile", "team = \"tier 3\"", "--account", account]).exits(2).says(["cwql::unknown_name", "tier 2"]);
    cwql(["compile", "team = \"tier 2\""]).exits(2).says(["cwql::name_without_account", "--account"]);
    let broken = file("broken.json", b"{");
    cwql(["compile", "id = 1", "--account", broken.to_str().unwrap()]).exits(4).says(["is no account file"]);
    cwql(["compile", "id = 1", "--account", "/nowhere"]).exits(4).says(["/nowhere cannot be read"]);
}

#[test]
fn the_clock_and_the_zone_decide_what_relative_dates_mean() {
    let compile = |args: &[&str]| {
        let out = ran(program::command().args(["compile", "--superset"]).args(args)).exits(0).prints();
        let payload: Value = serde_json::from_str(&out).unwrap();
        payload["payload"][0]["values"][0].as_str().unwrap().to_owned()
    };
    let query = "created_at > -7d";
    assert_eq!(compile(&[query, "--now", "2026-06-15T12:00:00Z"]), "2026-06-08");
    assert_eq!(compile(&[query, "--now", "1781524800"]), "2026-06-08");
    // It is the 16th already on Kiritimati, where the 9th ends while it is the 9th in UTC.
    let far = compile(&[query, "--now", "2026-06-15T12:00:00Z", "--tz", "Pacific/Kiritimati"]);
    assert_eq!(far, "2026-06-08");
    let explain = |zone| {
        let args = ["explain", query, "--now", "2026-06-15T12:00:00Z", "--tz", zone];
        cwql(args).exits(0).prints().lines().find(|line| line.starts_with("means:")).unwrap().to_owned()
    };
    assert!(explain("UTC").ends_with("created_at > 2026-06-08"), "{}", explain("UTC"));
    assert!(explain("Pacific/Kiritimati").contains("2026-06-09T10:00:00Z"), "{}", explain("Pacific/Kiritimati"));
    cwql(["compile", query, "--tz", "local"]).exits(0);
    cwql(["compile", query, "--now", "yesterday"]).exits(4).says(["2026-06-15T12:00:00Z"]);
    cwql(["compile", query, "--tz", "Mars"]).exits(4).says(["Europe/Berlin"]);
}

#[test]
fn rolling_views_and_versions_change_the_payload() {
    let rolling = cwql(["compile", "--rolling", "created_at < -7d", "--server-version", "4.0.0"]);
    assert!(rolling.out.contains("days_before"), "{rolling:?}");
    // UTC has many names; a zone whose clocks once stood otherwise is none of them.
    for (zone, rolls) in
        [("Etc/UTC", true), ("Zulu", true), ("gmt", true), ("Z", true), ("Africa/Abidjan", false), ("Etc/GMT-1", false)]
    {
        let args =
            ["compile", "--rolling", "created_at < -7d", "--server-version", "4.11.1", "--superset", "--tz", zone];
        let rolling = cwql(args);
        assert_eq!(rolling.out.contains("days_before"), rolls, "{zone}: {rolling:?}");
        assert_eq!(rolling.err.contains("frozen_date"), !rolls, "{zone}: {rolling:?}");
    }
    cwql(["compile", "status = open", "--server-version", "four"]).exits(4).says(["4.15.1"]);
    cwql(["compile", "status = open OR id = 1 OR id = 2", "--max-conditions", "1"]).exits(2);
}

// Check, fmt, explain, fields, completions

#[test]
fn check_says_all_that_is_wrong_and_all_that_may_be() {
    assert_eq!(cwql(["check", "status = open"]).exits(0).prints(), "");
    cwql(["check", "status = opne AND asignee = 1 AND team > 3"]).exits(2).says([
        "cwql::unknown_value",
        "`open`",
        "cwql::unknown_attribute",
        "`assignee`",
        "cwql::operator_not_allowed",
    ]);
    cwql(["check", "status = open AND status = resolved"]).exits(0).says(["cwql::contradiction"]);
    assert_eq!(cwql(["check", "--quiet", "status = open AND status = resolved"]).exits(0).prints(), "");
    cwql(["check", "assignee != 3"]).exits(0).says(["cwql::null_dropped"]);
}

/// The library's words name no command and no option; the program adds its own to them.
#[test]
fn the_program_names_the_commands_and_options_that_help() {
    for (text, help) in [
        ("nosuch = 1", "a custom attribute is written `custom.nosuch`; `cwql fields` lists the others"),
        ("foo.bar = 1", "one of contacts `contact.custom.key`; `cwql fields` lists the attributes"),
        (
            "assignee = Ada",
            "`cwql account pull -o json > account.json` writes the account's names for `--account account.json`",
        ),
        ("custom.seats > 5", "`cwql account pull -o json > account.json` writes the account's definitions"),
        ("?page=2", "`--limit` ends with so many conversations"),
        ("mentions", "`cwql list --type mention` lists them"),
        ("a/b:c", "for a text in the last message; `cwql list --search` looks in all of them"),
        ("foo bar", "for a text in the last message; `cwql list --search` looks in all of them"),
        ("status = open ORDER BY created_at", "`cwql list` has `--sort` for their order and `-n` for how many"),
        ("{\"status\": \"open\"}", "`cwql decompile` reads a payload of the API"),
        ("[{\"attribute_key\": \"status\"}]", "is decompiled to one; `cwql decompile` does that"),
    ] {
        let problems = cwql::check(&cwql::parse(text), &cwql::Schema::default());
        let told = match problems {
            Ok(checked) => checked.warnings.to_string(),
            Err(problems) => problems.to_string(),
        };
        assert!(!told.contains("`cwql ") && !told.contains("--"), "{told}");
        cwql(["check", "--error-format", "plain", text]).says([help]);
        cwql(["check", "--error-format", "json", text]).says([&help.replace('"', "\\\"")]);
    }
    cwql(["compile", "unread_count > 0"]).exits(2).says(["\n", "`cwql run` answers it; `cwql explain` shows how"]);
}

#[test]
fn problems_have_three_formats() {
    let (query, code) = ("status = pendng", "cwql::unknown_value");
    let plain = cwql(["check", query, "--error-format", "plain"]).exits(2);
    assert_eq!(plain.err.lines().count(), 1);
    assert!(plain.err.starts_with(&format!("query:1:10: error[{code}]: ")), "{}", plain.err);
    let json = cwql(["check", query, "--error-format", "json"]).exits(2);
    let report: Value = serde_json::from_str(&json.err).unwrap();
    assert_eq!(report["diagnostics"][0]["code"], code);
    assert_eq!(report["diagnostics"][0]["fix"]["replacement"], "pending");
    let human = cwql(["check", query, "--error-format", "human"]).exits(2);
    assert!(human.err.contains("╭─[query:1:10]"), "{}", human.err);
    // Programs that read the report get one where nothing is wrong, too.
    let none = cwql(["check", "status = open", "--error-format", "json"]).exits(0);
    assert_eq!(serde_json::from_str::<Value>(&none.err).unwrap()["diagnostics"], Value::Array(Vec::new()));
    // A file's name stands in its diagnostics.
    let path = file("named.cwql", query.as_bytes());
    let named = cwql(["check", "--file", path.to_str().unwrap(), "--error-format", "plain"]).exits(2);
    assert!(named.err.contains("named.cwql:1:10: "), "{}", named.err);
}

#[test]
fn what_is_no_matter_of_the_query_has_three_formats_too() {
    let nobody = ["status = open", "--url", "http://127.0.0.1:9", "--account-id", "1", "--retries", "0"];
    for (args, exit, code, message, help) in [
        (&["--nope"] as &[&str], 4, "usage", "unexpected argument '--nope' found", "a similar argument exists"),
        (
            &["--json", "status = open"],
            4,
            "usage",
            "unexpected argument '--json' found",
            "tip: it is called here --output json",
        ),
        (&["--label=vip"], 4, "usage", "unexpected argument '--label' found", "tip: conditions stand in the query"),
        (&["-label:vip"], 4, "usage", "a query that begins with a sign stands behind", "as in: cwql -- '-label:vip'"),
        (&["count", "--xyzzy"], 4, "usage", "unexpected argument '--xyzzy' found", "Usage: cwql count"),
        (
            &["create", "--demo", "--inbox", "Website", "--source-id", "s"],
            4,
            "usage",
            "no inbox `Website`",
            "perhaps `Shop website`",
        ),
        (&["--file", "/nowhere.cwql"], 4, "usage", "cannot be read", ""),
        (&nobody, 3, "server", "no answer from", "is the server running"),
    ] {
        let run = |format: &str| {
            let mut command = program::command();
            ran(command.args(args).args(["--error-format", format]).env("CHATWOOT_API_ACCESS_TOKEN", TOKEN)).exits(exit)
        };
        let human = run("human").err;
        assert!(human.contains(message) && human.contains(help) && !human.contains("as a value"), "{human}");
        let plain = run("plain").err;
        assert_eq!(plain.lines().count(), 1, "{plain}");
        assert!(plain.starts_with(&format!("cwql: error[{code}]: ")) && plain.contains(message), "{plain}");
        let json = run("json").err;
        assert_eq!(json.lines().count(), 1, "{json}");
        let said: Value = serde_json::from_str(&json).unwrap();
        let problem = &said["diagnostics"][0];
        assert_eq!(
            (&said["source"], &problem["code"], &problem["severity"]),
            (&Value::Null, &code.into(), &"error".into())
        );
        assert!(problem["message"].as_str().unwrap().contains(message), "{json}");
        assert!(problem["help"].as_str().unwrap_or_default().contains(help), "{json}");
    }
    // A remark is no error, and --quiet leaves it out.
    let noted = [
        "create",
        "--demo",
        "--inbox",
        "5",
        "--source-id",
        "s",
        "--status=snoozed",
        "--dry-run",
        "--error-format=json",
    ];
    let noted = cwql(noted).exits(0);
    let said: Value = serde_json::from_str(&noted.err).unwrap();
    let problem = &said["diagnostics"][0];
    assert_eq!((&problem["code"], &problem["severity"]), (&"note".into(), &"note".into()), "{}", noted.err);
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let query = "status = pendng";
    assert!(!cwql(["check", query]).err.contains('\u{1b}'));
    assert!(cwql(["check", query, "--color", "always"]).err.contains('\u{1b}'));
    assert!(!cwql(["check", query, "--color", "never"]).err.contains('\u{1b}'));
    assert!(!ran(program::command().args(["check", query]).env("NO_COLOR", "1")).err.contains('\u{1b}'));
    assert!(cwql(["--demo", "id = 163", "--color", "always"]).out.contains('\u{1b}'));
    assert!(!cwql(["--demo", "id = 163"]).out.contains('\u{1b}'));
    cwql(["check", query, "--color", "blue"]).exits(4);
    // clap's own words, help and mistakes of usage, are no others.
    for (args, code) in [(["check", "--help"], 0), (["help", "check"], 0), (["check", "--nope"], 4)] {
        let colored = |choice: &str| {
            let mut command = program::command();
            let ran = ran(command.args(args).args(["--color", choice]).env("CLICOLOR_FORCE", "1"));
            assert_eq!(ran.code, code, "{ran:?}");
            format!("{}{}", ran.out, ran.err).contains('\u{1b}')
        };
        assert!(colored("always") && !colored("never"), "{args:?}");
    }
    assert!(cwql(["check", "--help", "--color=always"]).out.contains('\u{1b}'));
}

#[test]
fn fmt_prints_the_canonical_form_and_keeps_comments() {
    assert_eq!(
        cwql(["fmt", "status=open&&!(id==1||label in(a,b))"]).exits(0).prints(),
        "status = open AND NOT (id = 1 OR label IN (a, b))\n"
    );
    assert_eq!(cwql(["fmt", "--check", "status = open"]).exits(0).prints(), "");
    assert_eq!(cwql(["fmt", "--check", "status=open"]).exits(1).prints(), "");
    cwql(["fmt", "status ="]).exits(2).says(["cwql::missing_value"]);

    let path = file("written.cwql", b"# who waits\nstatus=open   # now\n AND unread_count>0");
    let path = path.to_str().unwrap();
    assert_eq!(cwql(["fmt", "--file", path, "--write"]).exits(0).prints(), "");
    let written = fs::read_to_string(path).unwrap();
    assert!(written.contains("# who waits") && written.contains("# now") && written.ends_with('\n'), "{written}");
    cwql(["fmt", "--file", path, "--check"]).exits(0);
    assert_eq!(cwql(["fmt", "--file", path]).exits(0).prints(), written);
    cwql(["fmt", "--file", path, "--write"]).exits(0);
    assert_eq!(fs::read_to_string(path).unwrap(), written);
    // `--check` is content with what `--write` would write, and with nothing else.
    for (text, canonical) in [
        ("status = open\n", true),
        ("status = open", false),
        ("status = open\n\n", false),
        ("status = open \n", false),
        ("status = open\r\n", false),
        ("\nstatus = open\n", false),
    ] {
        let path = file("ends.cwql", text.as_bytes());
        let path = path.to_str().unwrap();
        cwql(["fmt", "--file", path, "--check"]).exits(if canonical { 0 } else { 1 });
        cwql_reads(text.as_bytes(), ["fmt", "--check", "-"]).exits(if canonical { 0 } else { 1 });
        cwql(["fmt", "--file", path, "--write"]).exits(0);
        assert_eq!(fs::read_to_string(path).unwrap(), "status = open\n", "{text:?}");
        cwql(["fmt", "--file", path, "--check"]).exits(0);
    }
    cwql(["fmt", "--write", "status=open"]).exits(4).says(["--file"]);
    cwql_reads(b"status=open", ["fmt", "--write", "--file", "-"]).exits(4).says(["--file"]);
    cwql(["fmt", "--write", "--check", "--file", path]).exits(4);
    // What is wrong is not written over.
    let wrong = file("wrong.cwql", b"status ==");
    cwql(["fmt", "--write", "--file", wrong.to_str().unwrap()]).exits(2);
    assert_eq!(fs::read(wrong).unwrap(), b"status ==");
}

#[test]
fn explain_obeys_no_control_characters() {
    let out = cwql(["explain", "--quiet", "mail_subject ~ \"\u{1b}[31mred\u{202e}\" OR custom.`a\u{1b}b` = x"])
        .exits(0)
        .prints();
    assert!(
        out.starts_with(r#"tokens: mail_subject · ~ · "\u{1b}[31mred\u{202e}" · OR · custom.`a\u{1b}b` "#),
        "{out}"
    );
    assert!(!out.contains(['\u{1b}', '\u{202e}']), "{out}");
}

#[test]
fn explain_shows_tokens_and_plan() {
    let out = cwql(["explain", "status=open AND unread_count > 0"]).exits(0).prints();
    for part in [
        "tokens: status · = · open · AND",
        "query:  status = open AND",
        "plan: split",
        "status equal_to [\"open\"]",
        "unread_count > 0",
    ] {
        assert!(out.contains(part), "no `{part}` in {out}");
    }
    let json = |query| -> Value {
        serde_json::from_str(&cwql(["explain", "--format", "json", query]).exits(0).prints()).unwrap()
    };
    let exact = json("status = open");
    assert_eq!(exact["plan"], "exact");
    assert_eq!(exact["scans"][0]["payload"][0]["attribute_key"], "status");
    assert_eq!(exact["scans"][0]["residual"], Value::Null);
    let split = json("status = open AND unread_count > 0");
    assert_eq!(
        (&split["plan"], &split["scans"][0]["residual"]),
        (&Value::from("split"), &Value::from("unread_count > 0"))
    );
    let never = cwql(["explain", "--format", "json", "status = open AND status = resolved"]).exits(0).out;
    let nothing = serde_json::json!([{"attribute_key": "display_id", "filter_operator": "equal_to", "values": [0], "query_operator": null}]);
    assert_eq!(
        serde_json::from_str::<Value>(&never).unwrap(),
        serde_json::json!({"plan": "exact", "scans": [{"payload": nothing, "residual": null}]})
    );
    // The primary key of a campaign is in no answer, and 2^40 alternatives in no payload.
    let factors: Vec<String> = (0..40).map(|i| format!("(campaign != {i} OR referer ~ b{i})")).collect();
    let impossible = cwql(["explain", "--format", "json", &factors.join(" AND ")]).exits(2);
    assert_eq!(impossible.out, "{\"plan\":\"impossible\",\"scans\":[]}\n");
    assert!(impossible.err.contains("cwql::impossible"), "{}", impossible.err);
    let never = cwql(["explain", "status = open AND status = resolved", "--quiet"]).exits(0).prints();
    assert!(never.contains("plan: exact, no conversation can match, so no request is sent"), "{never}");
    let compiled = cwql(["compile", "--demo", "team = orders AND created_at >= today"]).exits(0).prints();
    assert!(compiled.contains("[4]") && compiled.contains("2026-11-19"), "{compiled}");
    cwql(["check", "--demo", "team = nope"]).exits(2).says(["the account's teams are orders, workshop, returns"]);
    cwql(["fields", "--demo", "order_number"]).exits(0);
    let demo = cwql(["explain", "--demo", "status = resolved"]).exits(0).prints();
    assert!(demo.contains(" pages"), "{demo}");
}

#[test]
fn every_code_is_explained() {
    for code in Code::ALL {
        let out = cwql(["--explain", code.as_str()]).exits(0).prints();
        assert!(out.starts_with(&format!("{code} ({})\n\n", code.severity())), "{out}");
        assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    }
    cwql(["--explain", "unknown_attribute"]).exits(0);
    cwql(["--explain", "unknwn_attribute"]).exits(4).says(["perhaps `unknown_attribute`"]);
    cwql(["--explain", "zzz"]).exits(4).says(["the codes are"]);
    for code in ["usage", "server", "incomplete", "io", "note"] {
        assert!(cwql(["--explain", code]).exits(0).prints().len() > 60, "{code}");
    }
}

#[test]
fn fields_lists_every_attribute() {
    let out = cwql(["fields"]).exits(0).prints();
    let names: Vec<&str> = out.split([' ', ',', '\n']).collect();
    for info in STANDARD.iter().filter(|info| info.until.is_none()) {
        for name in info.aliases.iter().chain([&info.key]) {
            assert!(names.contains(name), "no {name} in {out}");
        }
    }
    for info in LOCAL {
        assert!(names.contains(&info.name), "no {} in {out}", info.name);
    }
    let some = cwql(["fields", "seen"]).exits(0).prints();
    assert_eq!(some.lines().count(), 2, "{some}");
    for (name, hint) in [("nosuch", "`cwql fields` lists"), ("asignee", "perhaps `assignee`")] {
        let none = cwql(["fields", name]).exits(1);
        assert_eq!(none.out, "");
        none.says([&format!("no attribute's name contains `{name}`"), hint]);
    }
    assert_eq!(cwql(["fields", "nosuch", "--quiet"]).exits(1).err, "");
    let account = file("fields.json", br#"{"custom_attribute_definitions":[{"attribute_key":"tier","attribute_model":"conversation_attribute","attribute_display_type":"list","attribute_values":["gold","tin"]}]}"#);
    let custom = cwql(["fields", "tier", "--account", account.to_str().unwrap()]).exits(0).prints();
    assert!(custom.contains("custom.tier") && custom.contains("gold, tin"), "{custom}");
    // A tree of an old version has another attribute.
    let definitions = [
        ("x_text", "text", "a"),
        ("x_link", "link", "a"),
        ("x_list", "list", "a"),
        ("x_number", "number", "1"),
        ("x_date", "date", "2026-06-15"),
        ("x_checkbox", "checkbox", "true"),
        ("x_currency", "currency", "1"),
        ("x_percent", "percent", "1"),
        // Keys that the server reads in its own way, and one of its own.
        ("message_type", "text", "a"),
        ("content", "number", "1"),
        ("priority", "text", "a"),
    ];
    let json = definitions.map(|(key, kind, _)| {
        format!(r#"{{"attribute_key":"{key}","attribute_model":"conversation_attribute","attribute_display_type":"{kind}"}}"#)
    });
    let account = file("kinds.json", format!(r#"{{"custom_attribute_definitions":[{}]}}"#, json.join(",")).as_bytes());
    let account = account.to_str().unwrap();
    let told = cwql(["fields", "custom.", "--account", account]).exits(0).prints();
    for (key, _, value) in definitions {
        let row = told.lines().find(|row| row.starts_with(&format!("custom.{key} "))).unwrap();
        let by = row.split("  ").map(str::trim).filter(|cell| matches!(*cell, "server" | "client")).collect::<Vec<_>>();
        let sent = cwql(["compile", "--account", account, &format!("custom.{key} = {value}")]).code == 0;
        assert_eq!(by, [if sent { "server" } else { "client" }], "{row}");
    }
    assert_ne!(cwql(["fields", "--server-version", "3.8"]).exits(0).prints(), out);
    // What older servers answer was not recorded.
    cwql(["fields", "--server-version", "3.7.9"]).exits(4).says(["3.8 is the oldest server that is known"]);
}

#[test]
fn completions_are_for_five_shells() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let out = cwql(["completions", shell]).exits(0).prints();
        assert!(out.contains("cwql") && out.contains("CWQL_COMPLETE"), "{shell}");
    }
    cwql(["completions", "tcsh"]).exits(4).says(["possible values"]);
    cwql(["completions"]).exits(4);
}

#[test]
fn help_fits_its_screen() {
    for command in [
        "run",
        "count",
        "list",
        "counts",
        "create",
        "compile",
        "check",
        "fmt",
        "explain",
        "fields",
        "sandbox",
        "config",
        "account",
        "completions",
    ] {
        let out = cwql([command, "--help"]).exits(0).prints();
        assert!(out.contains("Usage: cwql"), "{out}");
        assert_eq!(cwql(["help", command]).exits(0).prints(), out);
    }
    let out = cwql(["--help"]).exits(0).prints();
    assert!(out.lines().count() < 84, "{}", out.lines().count());
    assert!(out.lines().all(|line| line.chars().count() <= 100), "{out}");
    // On a narrow terminal: what there is to do first, options by what they are about, examples last.
    let out = ran(program::command().arg("--help").env("COLUMNS", "80")).exits(0).prints();
    assert!(out.lines().count() < 92 && out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let order = ["Commands:", "Options:", "Which server:", "Conversations in a file", "Options of every", "Examples:"];
    let places: Vec<usize> =
        order.iter().map(|part| out.find(part).unwrap_or_else(|| panic!("{part}: {out}"))).collect();
    assert!(places.is_sorted(), "{out}");
    // Half of it for `-h`.
    let short = ran(program::command().arg("-h").env("COLUMNS", "80")).exits(0).prints();
    assert!(short.lines().count() <= 48 && short.contains("--demo") && short.contains("cwql --help"), "{short}");
    for part in ["0 found, 1 nothing found, 2 the query is wrong", "CHATWOOT_API_TOKEN", "cwql --demo"] {
        assert!(out.contains(part), "no `{part}` in {out}");
    }
    assert_eq!(cwql(["--version"]).exits(0).prints(), format!("cwql {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_has_no_other_topics() {
    for (topic, said, hint) in [
        (&["run", "count"][..], "no help on `run count`", "`cwql help run` says all of it"),
        (&["language", "extra"], "no help on `language extra`", "`cwql help language` prints all"),
        (&["config", "sett"], "no help on `config sett`", "perhaps `set`"),
        (&["config", "zzzzzz"], "no help on `config zzzzzz`", "the topics are path, show, set, unset"),
        (&["config", "set", "x"], "no help on `config set x`", "`cwql help config set` says all of it"),
        (&["zzzzzz"], "no help on `zzzzzz`", "help, language"),
    ] {
        ran(program::command().arg("help").args(topic)).exits(4).says([said, hint]);
    }
    assert!(cwql(["help", "config", "set"]).exits(0).prints().contains("Usage: cwql config set"));
}

#[test]
fn what_a_number_may_be_is_said() {
    for (option, value, said) in [
        ("-n", "-1", "a whole number is expected, 1 or more"),
        ("-n", "1.5", "a whole number is expected, 1 or more"),
        ("--retries", "-1", "a whole number from 0 to 20 is expected"),
        ("--retries", "21", "a whole number from 0 to 20 is expected"),
        ("--max-rate", "0", "a whole number is expected, 1 or more"),
        ("--concurrency", "-4", "a whole number from 1 to 32 is expected"),
        ("--timeout", "-5", "a number of seconds above 0 is expected"),
        ("--page", "-1", "a whole number is expected, 1 or more"),
        ("--updated-within", "-5m", "a length of time is expected, without a sign"),
        ("--updated-within", "5x", "a length of time is expected: 90"),
    ] {
        let ran = cwql(["list", "--demo", option, value]).exits(4);
        assert!(ran.err.contains(said) && !ran.err.contains("tip"), "{option} {value}: {}", ran.err);
    }
    cwql(["sandbox", "--port", "65536"]).exits(4).says(["a whole number from 0 to 65535"]);
}

#[test]
fn a_local_zone_that_is_none_is_named() {
    let query = ["--tz", "local", "id = 1", "--dry-run", "--url", "http://x", "--account-id", "1"];
    let ran = ran(program::command().args(query).env("TZ", "Garbage/Zone")).exits(4);
    assert!(!ran.err.contains("TZif"), "{}", ran.err);
    ran.says(["the variable TZ is `Garbage/Zone`, which is no known zone"]);
}

// Where a query comes from

/// Editors show no column for the mark that some programs put before a text.
#[test]
fn a_byte_order_mark_is_no_column() {
    let query = "\u{feff}statis = open";
    let path = file("marked.cwql", query.as_bytes());
    let path = path.to_str().unwrap();
    for (ran, name) in [
        (cwql(["check", "--file", path, "--error-format", "plain"]), path),
        (cwql_reads(query.as_bytes(), ["check", "-", "--error-format", "plain"]), "query"),
        (cwql_reads(query.as_bytes(), ["check", "--file", "-", "--error-format", "plain"]), "query"),
        (cwql(["check", query, "--error-format", "plain"]), "query"),
    ] {
        assert!(ran.err.starts_with(&format!("{name}:1:1: ")), "{}", ran.err);
    }
}

#[test]
fn a_query_comes_from_an_argument_a_file_or_standard_input() {
    let query = "# both\nstatus = pending\n  AND browser_language != en\n";
    let path = file("query.cwql", query.as_bytes());
    let path = path.to_str().unwrap();
    for ran in [
        cwql(["compile", query]),
        cwql(["compile", "--file", path]),
        cwql(["compile", "-f", path]),
        cwql_reads(query.as_bytes(), ["compile", "-"]),
        cwql_reads(query.as_bytes(), ["compile", "--file", "-"]),
    ] {
        assert_eq!(ran.exits(0).prints(), format!("{PENDING}\n"));
    }
    cwql(["compile", "status = open", "--file", path]).exits(4);
    cwql(["compile", "--file", "/nowhere.cwql"]).exits(4).says(["/nowhere.cwql cannot be read"]);
    let latin = file("latin.cwql", b"label = caf\xe9");
    cwql(["compile", "--file", latin.to_str().unwrap()]).exits(4).says(["latin.cwql is not UTF-8"]);
    cwql_reads(b"\xff\xfe", ["compile", "-"]).exits(4).says(["standard input is not UTF-8"]);
    for empty in ["", "  \n", "# nothing"] {
        cwql(["compile", empty]).exits(2).says(["cwql::empty_query"]);
        cwql_reads(empty.as_bytes(), ["compile", "-"]).exits(2).says(["cwql::empty_query"]);
    }
    cwql(["compile"]).exits(4).says(["no query"]);
    cwql([]).exits(4).says(["no query", "cwql 'status = open'"]);
}

#[test]
fn a_query_without_quotes_is_told_of() {
    for args in [["status", "=", "open"], ["chekc", "status = open", "--quiet"]] {
        cwql(args).exits(4).says(["quote it", "cwql 'status = open'"]);
    }
    cwql(["run", "status", "=", "open"]).exits(4).says(["quote it"]);
    assert!(!cwql(["run", "status", "=", "open"]).err.contains("was meant"));
    // A misspelt command looks like a query in front of another.
    cwql(["complie", "status = open"]).exits(4).says(["the command `compile` was meant"]);
    cwql(["-q", "check", "status = open"]).exits(4).says(["the options of `check` stand behind it", "cwql check -q …"]);
    cwql(["--tz", "UTC", "fmt", "id = 1"]).exits(4).says(["cwql fmt --tz …"]);
    cwql(["--limt", "3", "status = open"]).exits(4).says(["'--limit'"]);
    cwql(["run", "--output", "yaml", "status = open"]).exits(4).says(["ndjson"]);
    cwql(["asignee = 12"]).exits(2).says(["cwql::unknown_attribute", "`assignee`"]);
}

// Servers and configuration

#[test]
fn what_is_missing_of_the_configuration_is_said() {
    let query = "status = open";
    cwql([query]).exits(4).says(["no server to ask", "CHATWOOT_BASE_URL", "--demo"]);
    cwql([query, "--url", "https://x.example"]).exits(4).says(["no account id"]);
    cwql([query, "--url", "https://x.example", "--account-id", "1"]).exits(4).says(["no access token"]);
    let with = |url: &str, token: &str, args: &[&str]| {
        ran(program::command()
            .args([query, "--url", url, "--account-id", "1"])
            .args(args)
            .env("CHATWOOT_API_ACCESS_TOKEN", token))
    };
    with("https://x.example", " ", &[]).exits(4).says(["no access token"]);
    with("chat.example.com", TOKEN, &[]).exits(4).says(["https://chat.example.com"]);
    with("ftp://x.example", TOKEN, &[]).exits(4).says(["http or https"]);
    with("http://chat.invalid", TOKEN, &[]).exits(4).says(["clear text", "--insecure-http"]);
    with("http://127.0.0.1:1", "two\nlines", &[]).exits(4).says(["access token"]);
    for id in ["one", "0"] {
        cwql([query, "--account-id", id]).exits(4).says(["an account's id is a number from 1 on"]);
    }
    cwql(["--demo", "--url", "https://x.example", query]).exits(4);
    // A query that is wrong is told of first, unless a server could mend it.
    cwql(["status ="]).exits(2);
    cwql(["status = pendng"]).exits(2).says(["`pending`"]);
    cwql(["team = Sales"]).exits(4).says(["no server to ask"]);
    // What seems wrong by a type that was guessed is no more certain.
    cwql(["assignee = Ada AND custom.plan = Pro"]).exits(4).says(["no server to ask"]);
    cwql(["assignee = Ada AND status = pendng"]).exits(2).says(["`pending`"]);
}

#[test]
fn the_sample_account_needs_no_configuration_and_ignores_it() {
    let demo = ran(program::command()
        .args(["--demo", "id = 163", "--output", "ids"])
        .env("CHATWOOT_BASE_URL", "https://x.invalid")
        .env("CHATWOOT_ACCOUNT_ID", "77"));
    assert_eq!(demo.exits(0).ids(), [163]);
    let empty = ran(program::command().args(["compile", "status = open"]).env("CHATWOOT_ACCOUNT_ID", "none"));
    empty.exits(0).prints();
    let wrong = |id| {
        ran(program::command().args(["status = open", "--url", "https://x.example"]).env("CHATWOOT_ACCOUNT_ID", id))
    };
    wrong("").exits(4).says(["no account id"]);
    for id in ["one", "0"] {
        wrong(id).exits(4).says([&*format!("CHATWOOT_ACCOUNT_ID is `{id}`"), "a number from 1 on"]);
    }
}

#[test]
fn each_variable_is_read() {
    let server = Sandbox::start([]);
    let run = |name: &str, token: &str| {
        ran(server
            .command()
            .args(["id = 163", "--output", "ids"])
            .env_remove("CHATWOOT_API_ACCESS_TOKEN")
            .env(name, token))
    };
    for name in ["CHATWOOT_API_ACCESS_TOKEN", "CHATWOOT_API_TOKEN", "CHATWOOT_ACCESS_TOKEN"] {
        assert_eq!(run(name, server.token()).exits(0).ids(), [163], "{name}");
        assert_eq!(run(name, &format!(" {}\n", server.token())).exits(0).ids(), [163], "{name}");
    }
    // The first that is set and not empty.
    let both = ran(server.command().args(["id = 163", "--output", "ids"]).env("CHATWOOT_API_TOKEN", "other"));
    assert_eq!(both.exits(0).ids(), [163]);
    run("CHATWOOT_API_ACCESS_TOKEN", TOKEN).exits(3).says(["the server answers 401", "the token is wrong"]);
    ran(server.command().args(["id = 163", "--account-id", "999"]))
        .exits(3)
        .says(["the server answers 404", "account id"]);
    // Options go before variables.
    let url =
        ran(server.command().args(["id = 163", "--url", server.url(), "-o", "ids"]).env("CHATWOOT_BASE_URL", "x"));
    assert_eq!(url.exits(0).ids(), [163]);
}

/// How many pages a plan takes is a comfort, for which nobody waits until the server is given up.
#[test]
fn a_plan_is_explained_though_the_server_is_silent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let explained = ran(program::command()
        .args(["explain", "status = open", "--url", &url, "--account-id", "1", "--server-version", "4.11"])
        .env("CHATWOOT_API_TOKEN", TOKEN))
    .exits(0);
    assert!(explained.err.contains("the pages of scan 1 are not counted: the server is slow"), "{}", explained.err);
    assert!(explained.out.contains("plan: exact"), "{}", explained.out);
}

/// Of a text that cannot be parsed no server is asked, and dates count from the sample account's clock all the same.
#[test]
fn corrections_know_the_clock_of_the_sample_account() {
    let week = "created_at BETWEEN 2026-11-09 AND 2026-11-15";
    cwql(["--demo", "created_at = last week"]).exits(2).says([week]);
}

#[test]
fn a_server_that_is_not_there_is_a_failure_of_the_network() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let run = |command: &str| {
        ran(program::command()
            .args([command, "status = open", "--url", &url, "--account-id", "1"])
            .env("CHATWOOT_API_TOKEN", TOKEN))
    };
    run("run").exits(3).says(["no answer from http://127.0.0.1:", "is the server running"]);
    // A plan needs no server; how many pages it takes, the server would say.
    let explained = run("explain").exits(0);
    assert!(explained.err.contains("the pages of scan 1 cannot be counted: no answer from"), "{}", explained.err);
    assert!(explained.out.contains("plan: exact"), "{}", explained.out);
    // What is wrong in any case is said without asking.
    let wrong = ran(program::command()
        .args(["status = ", "--url", &url, "--account-id", "1"])
        .env("CHATWOOT_API_TOKEN", TOKEN));
    wrong.exits(2).says(["cwql::missing_value"]);
}

// Output

/// A server over three conversations that are hard to print.
fn awkward() -> (Sandbox, Vec<String>) {
    let rows = [
        r#"{"id": 3, "status":"open","inbox_id":1, "labels":["a, b","c\"d"],"last_activity_at":1781524740,"created_at":1781000000,"priority":null,"meta":{"sender":{"name":"Ann \"The\"\nLong, Jr."},"assignee":{"id":5,"name":"\u001b[31mRed"}}, "additional_attributes": { "n" : 1.50 } }"#,
        r#"{"id": 2,"status":"open","inbox_id":9,"labels":[],"last_activity_at":1781438400,"created_at":1781000000,"meta":{}}"#,
        r#"{"id": 1,"status":"pending","inbox_id":1,"labels":[],"last_activity_at":1781352000,"created_at":1781000000,"meta":{}}"#,
    ];
    let account =
        r#"{"account_id":6,"users":{"admin":{"id":1},"agent":{"id":2}},"inboxes":[{"id":1,"name":"Shop, online"}]}"#;
    let (data, account) =
        (file("awkward.ndjson", rows.join("\n").as_bytes()), file("awkward.json", account.as_bytes()));
    let args =
        ["--data", data.to_str().unwrap(), "--account", account.to_str().unwrap(), "--now", "2026-06-15T12:00:00Z"];
    (Sandbox::start(args), rows.map(str::to_owned).to_vec())
}

/// What the server itself sends.
fn sent(server: &Sandbox) -> Vec<String> {
    let body = r#"{"payload":[]}"#;
    let host = server.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "POST /api/v1/accounts/6/conversations/filter HTTP/1.1\r\nhost: {host}\r\napi_access_token: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        server.token(),
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let answer: std::collections::BTreeMap<String, Box<serde_json::value::RawValue>> =
        serde_json::from_str(body).unwrap();
    let rows: Vec<Box<serde_json::value::RawValue>> = serde_json::from_str(answer["payload"].get()).unwrap();
    rows.iter().map(|row| row.get().to_owned()).collect()
}

#[test]
fn each_output_has_its_shape() {
    let (server, _) = awkward();
    let run = |output: &str| {
        let args = ["run", "status IN (open, pending)", "--output", output, "--now", "2026-06-15T12:00:00Z"];
        ran(server.command().args(args))
    };
    let sent = sent(&server);
    assert_eq!(run("ids").exits(0).ids(), [3, 2, 1]);

    let ndjson = run("ndjson").exits(0).prints();
    assert_eq!(ndjson.lines().collect::<Vec<_>>(), sent);
    let json = run("json").exits(0).prints();
    let elements: Vec<Box<serde_json::value::RawValue>> = serde_json::from_str(&json).unwrap();
    assert_eq!(elements.iter().map(|element| element.get()).collect::<Vec<_>>(), sent);
    assert!(json.ends_with("]\n"));

    let csv = run("csv").exits(0).prints();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().unwrap().clone();
    assert_eq!(header.iter().take(5).collect::<Vec<_>>(), ["id", "status", "priority", "inbox_id", "inbox"]);
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| {
        records[row].get(header.iter().position(|title| title == name).unwrap()).unwrap().to_owned()
    };
    assert_eq!(records.len(), 3);
    assert_eq!((cell(0, "inbox"), cell(0, "labels")), ("Shop, online".to_owned(), "a, b,c\"d".to_owned()));
    assert_eq!(cell(0, "contact"), "Ann \"The\"\nLong, Jr.");
    assert_eq!(cell(0, "last_activity_at"), "2026-06-15T11:59:00Z");
    assert_eq!(cell(1, "inbox"), "9");

    let table = run("table").exits(0).prints();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        lines[0].split_whitespace().collect::<Vec<_>>(),
        ["ID", "STATUS", "PRIORITY", "INBOX", "ASSIGNEE", "LABELS", "LAST", "ACTIVITY"]
    );
    assert!(lines[1].contains("Shop, online") && lines[1].contains("1 minute ago"), "{table}");
    assert!(lines[2].contains("1 day ago"), "{table}");
    assert!(!table.contains('\u{1b}'));
    assert_eq!(lines[lines.len() - 2..], ["", "3 conversations"]);
}

#[test]
fn nothing_found_is_exit_code_1_and_still_well_formed() {
    let (server, _) = awkward();
    for (output, out) in [("table", "no conversations\n"), ("json", "[]\n"), ("ndjson", ""), ("ids", "")] {
        let ran = ran(server.command().args(["status = resolved", "--output", output]));
        assert_eq!(ran.exits(1).prints(), out, "{output}");
    }
    let csv = ran(server.command().args(["status = resolved", "--output", "csv"])).exits(1).prints();
    assert!(csv.starts_with("id,status,") && csv.lines().count() == 1, "{csv}");
}

#[test]
fn a_limit_stops_early_and_says_so_in_the_footer() {
    let all = cwql(["--demo", "status = open", "--output", "ids"]).exits(0).ids();
    assert!(all.len() > 25, "{}", all.len());
    for limit in [1, 5, 25, 26] {
        let some = cwql(["--demo", "status = open", "--output", "ids", "--limit", &limit.to_string()]).exits(0).ids();
        assert_eq!(some, all[..limit]);
    }
    let table = cwql(["--demo", "status = open", "-n", "3"]).exits(0).prints();
    assert_eq!(table.lines().last(), Some("3 conversations, and more (--limit)"));
    let whole = cwql(["--demo", "id = 163", "-n", "1"]).exits(0).prints();
    assert_eq!(whole.lines().last(), Some("1 conversation"));
    cwql(["--demo", "status = open", "--limit", "-1"]).exits(4).says(["a whole number is expected, 1 or more"]);
    cwql(["--demo", "status = open", "--limit", "0"]).exits(4).says(["--limit"]);
}

#[test]
fn quiet_says_less_and_verbose_says_more() {
    let query = "status = open AND assignee != 2";
    assert_eq!(cwql(["--demo", query, "--output", "ids"]).exits(0).err, "");
    let verbose = cwql(["--demo", query, "--output", "ids", "--verbose"]).exits(0).err;
    for part in ["cwql::null_dropped", "asks for {\"payload\":[", "cwql: 21 conversations, 1 page, "] {
        assert!(verbose.contains(part), "no `{part}` in {verbose}");
    }
    let query = "status = open AND status = resolved";
    assert!(cwql(["--demo", query]).exits(1).err.contains("cwql::contradiction"));
    assert_eq!(cwql(["--demo", query, "--quiet"]).exits(1).err, "");
    cwql(["--demo", query, "--quiet", "--verbose"]).exits(4);
}

#[test]
fn a_closed_pipe_is_no_error() {
    for args in [
        &["--demo", "status != open", "--output", "ndjson"][..],
        &["--demo", "status != open", "--output", "json"],
        &["--demo", "status != open"],
        &["fields"],
        &["completions", "bash"],
        &["--help"],
    ] {
        let mut child = program::command().args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::with_capacity(16, child.stdout.take().unwrap());
        if args.contains(&"ndjson") {
            out.read_line(&mut String::new()).unwrap();
        }
        drop(out);
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
    }
}

// The sandbox

#[test]
fn the_sandbox_prints_how_to_reach_it_and_serves() {
    let server = Sandbox::start(["--server-version", "4.9.0"]);
    let keys: Vec<&String> = server.ready.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["account_id", "tokens", "url", "version"]);
    assert!(server.url().starts_with("http://127.0.0.1:"), "{}", server.ready);
    assert_eq!(server.ready["version"], "4.9.0");
    assert!(server.ready["tokens"]["admin"].is_string() && server.ready["tokens"]["agent"].is_string());
    let mut stream = TcpStream::connect(server.url().strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(b"GET /api HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("\"version\":\"4.9.0\""), "{answer}");

    let port = server.url().rsplit(':').next().unwrap();
    cwql(["sandbox", "--port", port]).exits(4).says(["cannot be listened on"]);
    // No command takes the name of another one for a mistake.
    cwql(["list", "status = open"]).exits(4).says(["takes no query here", "cwql list --help"]);
    cwql(["sandbox", "--data", "/nowhere"]).exits(4).says(["/nowhere cannot be read"]);
    let bad = file("bad.ndjson", b"{\"id\": 1}\n{oops}\n");
    let bad = bad.to_str().unwrap();
    let ran = cwql(["sandbox", "--data", bad]).exits(3);
    assert!(ran.err.contains(&format!("{bad}, line 2: key must be a string at column 2\n")), "{}", ran.err);
    for (json, said) in [
        (
            r#"{"account_id": "x"}"#,
            ", line 1: `account_id`: invalid type: string \"x\", expected a whole number at column",
        ),
        (
            "{\"agents\": [],\n\"agent_inbox_ids\": {}}",
            ", line 2: `agent_inbox_ids`: invalid type: an object, expected an array",
        ),
        (r#"{"users": 3}"#, "`users`: invalid type: integer `3`, expected an object"),
        (r#"{"teams": [7]}"#, "`teams`: invalid type: integer `7`, expected an object"),
        ("[]", ": it has no `users`"),
        ("{}", ": it has no `users`"),
    ] {
        let account = file("bad.json", json.as_bytes());
        let account = account.to_str().unwrap();
        let ran = cwql(["sandbox", "--account", account]).exits(4);
        assert!(ran.err.contains(account) && ran.err.contains(said), "{json}: {}", ran.err);
        assert!(!ran.err.contains("struct") && !ran.err.contains("i64"), "{}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_sandbox_ends_well() {
    let mut server = Sandbox::start([]);
    let status = std::process::Command::new("kill").args(["-INT", &server.process_id().to_string()]).status().unwrap();
    assert!(status.success());
    assert_eq!(server.wait(), Some(0));
}

// The token

#[test]
fn no_output_shows_the_token() {
    let server = Sandbox::start([]);
    let mut seen = 0;
    for command in
        ["run", "compile", "check", "fmt", "explain", "fields", "sandbox", "config", "account", "completions"]
    {
        for args in [
            &[command, "status = open"][..],
            &[command, "status = open", "--verbose"],
            &[command, "status = open", "--verbose", "--error-format", "json", "--account-id", "999"],
            &[command, "custom.x > 5", "-v"],
            &[command, "status = opne"],
            &[command, "--help"],
            &[command, "--curl", "status = open"],
            &[command, "--format", "json", "status = open"],
            &[command, "status = open", "--url", "https://127.0.0.1:1"],
            &[command, "status = open", "--url", "nonsense"],
            &[command, "status = open", "--nonsense"],
        ] {
            for name in ["CHATWOOT_API_ACCESS_TOKEN", "CHATWOOT_API_TOKEN", "CHATWOOT_ACCESS_TOKEN"] {
                if name != "CHATWOOT_API_ACCESS_TOKEN" && seen > 40 {
                    continue;
                }
                let ran = ran(server
                    .command()
                    .args(args)
                    .env_remove("CHATWOOT_API_ACCESS_TOKEN")
                    .env(name, TOKEN)
                    .env("RUST_LOG", "trace")
                    .env("RUST_BACKTRACE", "1"));
                assert!(!ran.out.contains(TOKEN) && !ran.err.contains(TOKEN), "{args:?} {ran:?}");
                seen += 1;
            }
        }
    }
    assert!(seen > 80, "{seen}");
    assert!(!cwql(["--help"]).out.contains(TOKEN));
}

#[test]
fn quiet_shows_the_errors_alone() {
    let account = file("labels.json", br#"{"labels":[{"title":"vip"}]}"#);
    let query = "label = zzz AND staus = open";
    let said = |args: &[&str]| {
        let args = [args, &["check", query, "--account", account.to_str().unwrap()]].concat();
        ran(program::command().args([&args[args.len() - 4..], &args[..args.len() - 4]].concat())).exits(2).err
    };
    assert!(said(&[]).contains("has no label"), "{}", said(&[]));
    for format in ["human", "plain", "json"] {
        let said = said(&["--quiet", "--error-format", format]);
        assert!(said.contains("staus") && said.matches("cwql::").count() == 1, "{said}");
        assert!(!said.contains("has no label"), "{said}");
    }
}

/// No list was asked for at first: an unknown label is no error, and nor is a sign in one.
#[test]
fn a_label_with_a_wildcard_that_finds_nothing_is_told_of_with_what_is_meant() {
    let ran = cwql(["--demo", "label = vip*", "--output", "ids"]).exits(1);
    ran.says(["has no label `vip*`", "perhaps `label = vip`"]);
}

#[test]
fn a_command_behind_options_is_named() {
    for (args, command) in [
        (&["-q", "list", "--demo"][..], "list"),
        (&["--demo", "counts"], "counts"),
        (&["--tz", "UTC", "check", "status = open"], "check"),
        (&["--demo", "list", "--status", "open"], "list"),
        (&["--demo", "create", "--source-id", "x", "--inbox", "5"], "create"),
        (&["-v", "fmt", "-w", "id = 1"], "fmt"),
    ] {
        let ran = ran(program::command().args(args));
        let hint = format!("he options of `{command}` stand behind it, as in: cwql {command} {} …", args[0]);
        // No text of a query is a subcommand.
        assert!(ran.err.contains(&hint) && !ran.err.contains("the subcommand"), "{ran:?}");
        assert_ne!(ran.code, 0);
    }
    let err = cwql(["-v", "lis"]).exits(2).err;
    assert!(!err.contains("stand behind it"), "{err}");
    // An option that the command does not have either is another mistake.
    let err = cwql(["--demo", "list", "--stauts", "open"]).exits(4).err;
    assert!(!err.contains("stand behind it"), "{err}");
    // What the option says may be a secret.
    for args in [&["--token=s3cret", "count", "id = 1"][..], &["--url=https://u:s3cret@h.example", "--", "count"]] {
        let ran = ran(program::command().args(args));
        assert!(ran.err.contains("stand behind it") && !ran.err.contains("s3cret"), "{ran:?}");
    }
}

#[test]
fn what_would_be_ignored_is_refused() {
    for option in [
        &["--token", "-"][..],
        &["--token-file", "t"],
        &["--profile", "p"],
        &["--refresh"],
        &["--no-cache"],
        &["--strict"],
        &["--timeout", "3"],
        &["--retries", "3"],
        &["--concurrency", "3"],
        &["--max-rate", "3"],
        &["--ca-file", "c"],
    ] {
        let ran = ran(program::command().args(["--data", "rows.ndjson", "id = 1"]).args(option)).exits(4);
        assert!(ran.err.contains("cannot be used with"), "{ran:?}");
    }
    let json = file("new.json", br#"{"source_id":"s","inbox_id":1}"#);
    for option in ["--template-language", "--template-category", "--template-param"] {
        let args = ["create", "--demo", "--dry-run", "--json", json.to_str().unwrap(), option, "a=b"];
        cwql(args).exits(4).says(["cannot be used with"]);
    }
    cwql(["list", "--demo", "--limit", "0"]).exits(4).says(["--limit"]);
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_printed_is_a_failure() {
    for args in [
        &["--help"][..],
        &["-h"],
        &["help"],
        &["help", "run"],
        &["help", "language"],
        &["run", "--quiet", "--help"],
        &["--version"],
        &["fields"],
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = program::command().args(args).stdout(full).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{args:?} {said}");
        assert!(said.contains("No space left"), "{args:?} {said}");
    }
}

#[cfg(unix)]
#[test]
fn mistakes_of_the_line_have_the_three_formats() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    for args in [
        &[&b"\xff"[..]][..],
        &[b"check", b"\xff"],
        &[b"--limit", b"\xff"],
        &[b"-n", b"x", b"id = 1"],
        &[b"list", b"--nope"],
        &[b"status", b"=", b"open"],
        &[b"help", b"nothing"],
        &[b"compile", b"--url"],
    ] {
        let args = args.iter().map(|arg| OsStr::from_bytes(arg));
        let ran = ran(program::command().args(["--error-format", "json"]).args(args.clone())).exits(4);
        let report: Value = serde_json::from_str(&ran.err).unwrap_or_else(|error| panic!("{error} {ran:?}"));
        assert_eq!(report["diagnostics"][0]["code"], "usage", "{ran:?}");
        assert!(ran.err.lines().count() == 1 && ran.out.is_empty(), "{ran:?}");
    }
}

/// Some editors and shells put a mark before UTF-8.
#[test]
fn a_byte_order_mark_is_no_part_of_json() {
    let marked = |name: &str, json: &str| file(name, format!("\u{feff}{json}").as_bytes()).display().to_string();
    let payload = r#"[{"attribute_key":"team_id","filter_operator":"equal_to","values":[8],"query_operator":null}]"#;
    let read = cwql(["decompile", &marked("marked-payload.json", payload)]).exits(0).prints();
    assert_eq!(read, "team = 8\n");
    let broken = cwql(["decompile", "--error-format", "plain", &marked("broken-payload.json", "[\n{]")]).exits(2);
    assert!(broken.err.contains(":2:2: error[cwql::payload_syntax]"), "{broken:?}");
    let account = marked("marked-account.json", r#"{"teams":[{"id":8,"name":"sales"}]}"#);
    assert_eq!(cwql(["fmt", "team = sales", "--account", &account]).exits(0).prints(), "team = sales\n");
    cwql(["check", "team = sales", "--account", &account]).exits(0);
    let new = marked("marked-new.json", r#"{"source_id":"s","inbox_id":5}"#);
    cwql(["create", "--demo", "--dry-run", "--json", &new]).exits(0);
}

#[test]
fn of_very_many_warnings_a_hundred_are_drawn() {
    let query = vec!["custom.x != a"; 150].join(" AND ");
    let ran = cwql(["check", &query]);
    let drawn = ran.err.matches("cwql::duplicate\n").count();
    assert!((90..=100).contains(&drawn) && ran.err.contains(" more warnings are left out"), "{drawn}");
    let json = cwql(["check", "--error-format", "json", &query]).err;
    assert_eq!(json.matches("\"cwql::duplicate\"").count(), 149);
}

/// What a count would ask is told as for the query itself.
#[test]
fn a_dry_run_of_a_count_tells_what_the_client_keeps() {
    let query = "status = open AND unread_count > 0";
    let out = cwql(["count", "--demo", "--dry-run", query]).exits(0).prints();
    assert!(out.contains("# the client keeps: unread_count > 0"), "{out}");
    let never = cwql(["count", "--demo", "--dry-run", "status = open AND status = pending"]).exits(0).out;
    assert!(never.contains("# no conversation can match"), "{never}");
}

/// Who does not learn that a conversation was created makes another.
#[cfg(target_os = "linux")]
#[test]
fn a_conversation_that_cannot_be_printed_is_told_of() {
    for more in [&[][..], &["--quiet"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = program::command();
        command.args(["create", "--demo", "--source-id", "web-77", "--inbox", "5", "--contact-id", "348"]);
        let output = command.args(more).stdout(full).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(3) && said.contains("conversation 176 was created"), "{said}");
    }
}

/// A bot's id is of another table than the agents'.
#[test]
fn csv_gives_no_agents_id_where_a_bot_is_assigned() {
    let csv = cwql(["--demo", "id IN (158, 145)", "-o", "csv"]).exits(0).prints();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<(i64, String, String)> = reader
        .records()
        .map(|row| row.map(|row| (row[0].parse().unwrap(), row[5].to_owned(), row[6].to_owned())).unwrap())
        .collect();
    let of = |wanted: i64| rows.iter().find(|(id, ..)| *id == wanted).unwrap();
    assert_eq!((&*of(158).1, &*of(158).2), ("", "Lantern Bot"));
    assert!(of(145).1.parse::<i64>().is_ok() && !of(145).2.is_empty(), "{csv}");
}

// What other tools are called

#[test]
fn who_is_used_to_other_tools_is_told_how_it_is_done_here() {
    let query = file("open.cwql", b"status = open");
    let path = query.to_str().unwrap();
    let packed = file("all.ndjson.zst", &[0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]);
    let wide = file("all.json", &[0xff, 0xfe, b'{', 0]);
    let table: &[(&[&str], i32, &str)] = &[
        (&["query", "status = open"], 4, "there is no command `query`: a query is an argument by itself"),
        (&["search", "refund"], 4, "`cwql list --search TEXT`"),
        (&["get", "163"], 4, "cwql 'id = 163'"),
        (&["--demo", "--", "id = 5", "-o", "ids"], 4, "options stand before `--`, as in: cwql -o … -- 'status = open'"),
        (&["explain", "-o", "json", "status = open"], 4, "`cwql compile` prints the requests as JSON"),
        (&["count", "-o", "json", "status = open"], 4, "the number is printed alone"),
        (&[path], 4, "is a file\n  to read the query from it: cwql --file "),
        (&["fmt", path], 4, "is a file\n  to read the query from it: cwql --file "),
        (&["decompile", "[{}]"], 4, "as in: printf %s '[{}]' | cwql decompile"),
        (&["--demo", "--tz", "Europe/Berln", "status = open"], 4, "perhaps Europe/Berlin"),
        (&["create", "--demo", "--contact-id", "abc"], 4, "a whole number is expected, 1 or more"),
        (&["--profile=", "status = open"], 4, "--profile wants the name of a profile"),
        (
            &["--url", "https://chat.example/api/v1/accounts/1", "id = 5"],
            4,
            "the server's address is https://chat.example\n",
        ),
        (
            &["--data", packed.to_str().unwrap(), "id = 5"],
            4,
            "it is packed by zstd\n  to read it: zstd -dc FILE | cwql",
        ),
        (&["--data", wide.to_str().unwrap(), "id = 5"], 4, "it is text in UTF-16\n  to read it: iconv -f UTF-16"),
    ];
    for (args, code, said) in table {
        let ran = ran(program::command().args(*args));
        assert_eq!((ran.code, ran.out.as_str()), (*code, ""), "{args:?}: {ran:?}");
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
    }
}
