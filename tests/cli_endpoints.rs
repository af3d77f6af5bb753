//! `cwql list`, `counts`, `count` and `create`: every recorded answer of the list and its counts, and what a user sees.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod misbehave;
mod program;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use cwql::client::{AssigneeType, ConversationType, ListStatus, SortBy};
use cwql::sandbox::{Sandbox as Model, User};
use cwql::schema::{IdType, ServerVersion};
use program::{Ran, Sandbox, ran};
use serde_json::{Value, json};

// Recorded answers

/// A server with the recorded conversations, and the folder of its files.
fn recorded(name: &str) -> (Sandbox, PathBuf) {
    let folder = program::folder(name);
    let (data, account) = (folder.join("dataset.ndjson"), folder.join("account.json"));
    fs::write(&data, support::read("dataset.ndjson")).unwrap();
    fs::write(&account, support::read("account.json")).unwrap();
    let args = ["--data", data.to_str().unwrap(), "--account", account.to_str().unwrap(), "--now", support::NOW];
    (Sandbox::start(args), folder)
}

fn model() -> Model {
    let (account, rows) = (support::read("account.json"), support::read("dataset.ndjson"));
    Model::new(&account, &rows, support::NOW.parse().unwrap(), ServerVersion::LATEST).unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(values) => values.iter().map(|value| value.as_str().unwrap()).collect(),
        value => vec![value.as_str().unwrap()],
    }
}

/// The arguments that say what a recorded request asks. Where the program must refuse them because the server answers
/// such a request otherwise than it looks, the reason comes with them; where there are none, it is the error.
fn arguments(op: &str, query: &Value) -> Result<(Vec<String>, Option<&'static str>), &'static str> {
    let mut args = Vec::new();
    let mut refused = None;
    let is = |text: &str, words: Vec<&str>| words.contains(&text);
    for (key, value) in query.as_object().unwrap() {
        let values = texts(value);
        let one = values[0];
        let (arg, odd) = match (op, key.as_str()) {
            // They change nothing of the counts, but for a search.
            ("meta", "page") if query.get("q").is_some() && one != "1" => {
                return Err("the counts that a search has on another page than the first");
            }
            ("meta", "assignee_type" | "sort_by" | "page") => continue,
            (_, "labels") => {
                args.extend(values.iter().map(|label| format!("--label={label}")));
                continue;
            }
            (_, "status") => {
                let known = |text: &&str| is(text, ListStatus::ALL.iter().map(|status| status.as_str()).collect());
                let odd = (!values.iter().all(known)).then_some("a status that is none");
                (format!("--status={}", values.join(",")), odd)
            }
            (_, "inbox_id") => {
                (format!("--inbox={one}"), one.parse::<i64>().is_err().then_some("an inbox that is no number"))
            }
            (_, "team_id") => {
                (format!("--team={one}"), one.parse::<i64>().is_err().then_some("a team that is no number"))
            }
            (_, "q") => (format!("--search={one}"), None),
            (_, "conversation_type") => {
                let known = is(one, ConversationType::ALL.iter().map(|kind| kind.as_str()).collect());
                (format!("--type={one}"), (!known).then_some("a conversation type that is none"))
            }
            (_, "assignee_type") => {
                let known = is(one, AssigneeType::ALL.iter().map(|whose| whose.as_str()).collect());
                (format!("--assignee={one}"), (!known).then_some("an assignee type that is none"))
            }
            (_, "sort_by") => {
                let known = is(one, SortBy::ALL.iter().map(|order| order.as_str()).collect());
                (format!("--sort={one}"), (!known).then_some("an order that is none"))
            }
            (_, "page") => {
                let known = one.parse::<u64>().is_ok_and(|page| page > 0);
                (format!("--page={one}"), (!known).then_some("a page that is none"))
            }
            (_, "updated_within") => (format!("--updated-within={one}"), None),
            (_, "source_id") => (format!("--source-id={one}"), None),
            other => panic!("{other:?}"),
        };
        args.push(arg);
        refused = refused.or(odd);
    }
    // A vector is one page.
    if op == "list" && query.get("page").is_none() && query.get("updated_within").is_none() {
        args.push("--page=1".to_owned());
    }
    Ok((args, refused))
}

/// The ids of the page; where rows of equal key may swap, those of the model, which another test compares.
fn expected_ids(model: &Model, vector: &Value) -> Vec<i64> {
    let id = |row: &Value| row["id"].as_i64().unwrap();
    if vector["expect"].get("order_tie").is_none() && vector["expect"].get("edge_tie").is_none() {
        return vector["expect"]["page_ids"].as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect();
    }
    let mut pairs = Vec::new();
    for (key, value) in vector["query"].as_object().unwrap() {
        let name = if value.is_array() { format!("{key}[]") } else { key.clone() };
        pairs.extend(texts(value).iter().map(|text| (name.clone(), (*text).to_owned())));
    }
    let user = if vector["user"] == "agent" { User::Agent } else { User::Admin };
    let answer: Value = serde_json::from_str(&model.list(user, &pairs).body).unwrap();
    answer["data"]["payload"].as_array().unwrap().iter().map(id).collect()
}

/// Asks with the program as the vector's user.
fn ask(server: &Sandbox, vector: &Value, args: &[String]) -> Ran {
    let mut command = server.command();
    if vector["user"] == "agent" {
        command.env("CHATWOOT_API_ACCESS_TOKEN", server.ready["tokens"]["agent"].as_str().unwrap());
    }
    command.args(if vector["op"] == "list" { ["list", "--output", "ids"] } else { ["counts", "--output", "json"] });
    ran(command.args(args).args(["--now", support::NOW]))
}

/// What differs between an answer of the program and the recorded one.
fn compare(ran: &Ran, model: &Model, vector: &Value) -> Result<(), String> {
    let differs = |expected: &dyn std::fmt::Debug| Err(format!("expected {expected:?}: {ran:?}"));
    // The server refuses a team that is none, and finds nothing in such an inbox: to the program both are mistakes.
    let inbox = vector["query"]["inbox_id"].as_str().and_then(|id| id.parse::<i64>().ok());
    let account = support::schema().account.unwrap();
    let no_inbox = inbox.is_some_and(|id| account.name_of(IdType::Inbox, id).is_none());
    if vector["expect"]["http"] == 404 || no_inbox {
        let kind = if no_inbox { "inbox" } else { "team" };
        let told = ran.code == 4 && ran.out.is_empty() && ran.err.contains(&format!("there is no {kind}"));
        return if told { Ok(()) } else { differs(&kind) };
    }
    if vector["op"] == "list" {
        let expected = expected_ids(model, vector);
        let ids: Vec<i64> = ran.out.lines().map(|line| line.parse().unwrap()).collect();
        let same = ids == expected && ran.code == i32::from(expected.is_empty());
        return if same { Ok(()) } else { differs(&expected) };
    }
    let expected = &vector["expect"]["meta"];
    let same = serde_json::from_str::<Value>(&ran.out).is_ok_and(|counts| counts == *expected)
        && ran.code == i32::from(expected["all_count"] == 0);
    if same { Ok(()) } else { differs(expected) }
}

#[test]
fn every_recorded_list_and_count_answers_as_recorded() {
    let (server, _) = recorded("cli_endpoints");
    let model = model();
    let vectors: Vec<Value> = support::lines("vectors.ndjson")
        .into_iter()
        .filter(|vector| vector["op"] == "list" || vector["op"] == "meta")
        .collect();
    let (mut lists, mut counts, mut wrong) = (0, 0, Vec::new());
    let mut refusals: BTreeMap<&str, usize> = BTreeMap::new();
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for vector in &vectors {
        let (args, refused) = match arguments(vector["op"].as_str().unwrap(), &vector["query"]) {
            Ok(args) => args,
            Err(reason) => {
                *left.entry(reason).or_default() += 1;
                continue;
            }
        };
        let ran = ask(&server, vector, &args);
        let result = match refused {
            Some(reason) => {
                *refusals.entry(reason).or_default() += 1;
                let right = ran.code == 4 && ran.out.is_empty() && !ran.err.is_empty();
                if right { Ok(()) } else { Err(format!("{reason} is not refused: {ran:?}")) }
            }
            None => {
                *(if vector["op"] == "list" { &mut lists } else { &mut counts }) += 1;
                compare(&ran, &model, vector)
            }
        };
        if let Err(problem) = result {
            wrong.push(format!("{} {args:?}: {problem}", vector["id"]));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    println!("{lists} lists and {counts} counts compared; refused: {refusals:#?}; left out: {left:#?}");
    assert_eq!((lists, counts), (105, 55));
    assert_eq!(refusals.values().sum::<usize>(), 36);
    assert_eq!(left.values().sum::<usize>(), 1);
    assert_eq!(vectors.len(), 197);
}

// What a user sees

trait Expect {
    fn exits(&self, code: i32) -> &Self;
    fn says(&self, parts: &[&str]) -> &Self;
}

impl Expect for Ran {
    fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    fn says(&self, parts: &[&str]) -> &Self {
        for part in parts {
            assert!(self.err.contains(part), "no `{part}` in {}", self.err);
        }
        self
    }
}

/// The program over the sample account.
fn demo(args: &[&str]) -> Ran {
    ran(program::command().args(args).arg("--demo"))
}

#[test]
fn a_list_is_narrowed_sorted_and_cut() {
    let ids = |args: &[&str]| {
        let ran = demo(&[&["list", "--output", "ids"], args].concat());
        assert_eq!(ran.err, "", "{ran:?}");
        ran.out.lines().map(|line| line.parse::<i64>().unwrap()).collect::<Vec<_>>()
    };
    let open = ids(&[]);
    assert_eq!(open.len(), 39);
    assert_eq!(ids(&["-n", "30"]), open[..30]);
    assert_eq!(ids(&["--page", "2"]), open[25..]);
    assert_eq!(ids(&["--page", "1", "--limit", "3"]), open[..3]);
    let newest = ids(&["--sort", "created_at_desc"]);
    assert_ne!(newest, open);
    assert!(newest.is_sorted_by(|a, b| a > b), "ids count up with time: {newest:?}");
    assert_eq!(ids(&["--inbox", "shop WEBSITE", "--status", "all"]), ids(&["--inbox", "5", "--status", "all"]));
    assert_eq!(ids(&["--team", "orders"]), ids(&["--team", "4"]));
    assert_eq!(ids(&["--assignee", "@me"]), ids(&["--assignee", "me"]));
    let both = ids(&["--label", "vip,refund", "--status", "all"]);
    assert_eq!(both, ids(&["--label", "vip", "--label", "REFUND", "--status", "all"]));
    assert!(both.len() > ids(&["--label", "vip", "--status", "all"]).len());
    assert_eq!(ids(&["--updated-within", "90m"]), ids(&["--updated-within", "5400"]));

    let table = demo(&["list", "-q", "refund", "-n", "2"]);
    assert!(table.exits(0).out.ends_with("2 conversations, and more (--limit)\n"), "{}", table.out);
    assert!(table.out.contains("Support mail"), "{}", table.out);
    let json = demo(&["list", "--output", "json", "-n", "2"]);
    assert_eq!(serde_json::from_str::<Value>(&json.out).unwrap().as_array().unwrap().len(), 2);
}

#[test]
fn what_the_server_answers_with_nothing_is_explained() {
    demo(&["list", "--inbox", "Shop"]).exits(4).says(&["there is no inbox `Shop`", "perhaps `Shop website`"]);
    demo(&["list", "--team", "ordrs"]).exits(4).says(&["there is no team `ordrs`", "perhaps `orders`"]);
    demo(&["list", "--team", "99"]).exits(4).says(&["there is no team 99", "orders (4)"]);
    demo(&["list", "--inbox", "99"]).exits(4).says(&["there is no inbox 99", "Instagram (9)"]);
    demo(&["list", "--inbox", "99", "--label", "vpi"]).exits(4).says(&["there is no inbox 99"]);
    assert_eq!(demo(&["counts", "--inbox", "99"]).exits(4).says(&["there is no inbox 99"]).out, "");
    demo(&["list", "--label", "vpi"]).exits(1).says(&["there is no label `vpi`", "perhaps `vip`"]);
    demo(&["counts", "--label", "vpi"]).exits(1).says(&["there is no label `vpi`"]);
    demo(&["counts", "--team", "99"]).exits(4).says(&["there is no team 99"]);
    // A label that the account does not have is on no conversation of it, whatever else is asked.
    demo(&["list", "--label", "vpi", "--team", "orders"]).exits(1).says(&["there is no label `vpi`"]);
    demo(&["list", "--label", "vip,vpi", "--inbox", "Shop website"]).exits(0);
    // Where the names are at hand, before anything is sent.
    demo(&["list", "--inbox", "99", "--team", "orders"]).exits(4).says(&["there is no inbox 99"]);
    assert_eq!(demo(&["list", "--label", "vpi", "--quiet"]).exits(1).err, "");
    // Nothing to explain.
    assert_eq!(demo(&["list", "--label", "vip", "--source-id", "none"]).exits(1).err, "");

    demo(&["list", "--sort", "created_desc"]).exits(4).says(&["'created_at_desc'"]);
    demo(&["list", "--status", "opne"]).exits(4).says(&["'open'"]);
    demo(&["list", "--assignee", "Ada"]).exits(4).says(&["cwql 'assignee = \"Ada\"'"]);
    demo(&["list", "--updated-within", "2 hours"]).exits(4).says(&["30m, 2h, 7d"]);
    demo(&["list", "--page", "0"]).exits(4);
    demo(&["list", "-q", "refund", "--status", "open"]).exits(0).says(&["--status has no effect"]);
}

#[test]
fn counts_are_for_people_and_programs() {
    let table = demo(&["counts"]);
    assert_eq!(table.exits(0).out, "mine         5\nassigned    27\nunassigned  12\nall         39\n");
    let counts = demo(&["counts", "--status", "open,pending", "--team", "orders", "--output", "json"]);
    let counts: Value = serde_json::from_str(&counts.exits(0).out).unwrap();
    assert_eq!(counts, json!({"mine_count": 1, "assigned_count": 8, "unassigned_count": 6, "all_count": 14}));
    demo(&["counts", "-q", "refund"]).exits(0).says(&["none of these counts is above 25"]);
    assert_eq!(demo(&["counts", "-q", "refund", "--quiet"]).err, "");
    assert_eq!(demo(&["counts", "--type", "mention"]).exits(1).err, "");
}

#[test]
fn counts_that_the_server_does_not_tell_are_not_made_up() {
    let server =
        misbehave::Server::always(misbehave::http("200 OK", "", r#"{"meta":{"all_count":15,"mine_count":7}}"#));
    let counts = |output| {
        ran(program::command()
            .args(["counts", "--url", &server.url, "--account-id", "7", "--output", output])
            .env("CHATWOOT_API_ACCESS_TOKEN", "t"))
    };
    assert_eq!(counts("table").exits(0).out, "mine         7\nassigned     -\nunassigned   -\nall         15\n");
    let json: Value = serde_json::from_str(&counts("json").exits(0).out).unwrap();
    assert_eq!(json, json!({"mine_count": 7, "all_count": 15}));
}

#[test]
fn a_count_is_the_number_of_what_a_run_finds() {
    for query in [
        "status = open",
        "status = open AND unread_count > 0",
        "status = resolved AND tier != Gold",
        "(status = open OR priority = urgent) AND label IN (vip, refund)",
    ] {
        let found = demo(&["run", query, "--output", "ids", "--quiet"]).out.lines().count();
        let count = demo(&["count", query, "--quiet"]);
        assert_eq!(count.exits(0).out, format!("{found}\n"), "{query}");
    }
    assert_eq!(demo(&["count", "status = open AND status = pending", "--quiet"]).exits(1).out, "0\n");
    assert_eq!(demo(&["count", "mail_subject = none-has-this"]).exits(1).out, "0\n");
    demo(&["count", "staus = open"]).exits(2).says(&["cwql::unknown_attribute"]);
    demo(&["count"]).exits(4).says(&["no query"]);
    ran(program::command().args(["count", "status = open"])).exits(4).says(&["no server to ask"]);
}

#[test]
fn a_count_survives_bad_stored_values() {
    let (server, _) = recorded("cli_endpoints_count");
    let count =
        |query: &str| ran(server.command().args(["count", query, "--now", support::NOW, "--server-version", "4.15.1"]));
    assert_eq!(count("status = open").exits(0).out, "239\n");
    let dirty = count("custom.dirty_number > 5");
    assert!(dirty.exits(0).out.trim().parse::<u64>().unwrap() > 0);
    dirty.says(&["the server failed, ", "evaluated here instead: `custom.dirty_number > 5`"]);
}

/// What a dry run would send.
fn body(ran: &Ran) -> Value {
    let (head, body) = ran.exits(0).out.split_once("\n\n").unwrap();
    assert!(head.starts_with("POST http://127.0.0.1:") && head.contains("/conversations\n"), "{head}");
    assert!(head.contains("\napi_access_token: …\n"), "{head}");
    serde_json::from_str(body).unwrap()
}

#[test]
fn a_dry_run_prints_the_documented_request_and_sends_nothing() {
    let args = [
        "create",
        "--dry-run",
        "--source-id",
        "1234567890",
        "--inbox",
        "Shop website",
        "--contact-id",
        "301",
        "--message",
        "Hello, how can I help you?",
        "--additional",
        "browser=Chrome",
        "--additional",
        "n:=3",
        "--custom",
        "tier=Gold",
        "--custom",
        "items=3",
        "--custom",
        "gift_wrapped=yes",
        "--custom",
        "delivery_date=2026-12-01",
        "--custom",
        "order_number=007",
        "--custom",
        "discount:=\"raw\"",
        "--assignee",
        "tomás quintela",
        "--team",
        "orders",
        "--snoozed-until",
        "2030-07-21T17:32:28Z",
        "--template-name",
        "sample_issue_resolution",
        "--template-category",
        "UTILITY",
        "--template-language",
        "en_US",
        "--template-param",
        "1=Chatwoot",
    ];
    let expected = json!({
        "source_id": "1234567890", "inbox_id": 5, "contact_id": 301,
        "additional_attributes": {"browser": "Chrome", "n": 3},
        "custom_attributes": {
            "tier": "Gold", "items": 3, "gift_wrapped": true, "delivery_date": "2026-12-01", "order_number": "007",
            "discount": "raw",
        },
        "status": "snoozed", "assignee_id": 5, "team_id": 4, "snoozed_until": "2030-07-21T17:32:28Z",
        "message": {
            "content": "Hello, how can I help you?",
            "template_params": {
                "name": "sample_issue_resolution", "category": "UTILITY", "language": "en_US",
                "processed_params": {"1": "Chatwoot"},
            },
        },
    });
    assert_eq!(body(&demo(&args)), expected);
    let least = demo(&["create", "--dry-run", "--source-id", "s", "--inbox", "5"]);
    assert_eq!(body(&least), json!({"source_id": "s", "inbox_id": 5}));

    let server = Sandbox::start([]);
    let ids = || ran(server.command().args(["list", "--status", "all", "-o", "ids"])).out.lines().count();
    let before = ids();
    let run = |args: &[&str]| ran(server.command().args(["create"]).args(args));
    let wanted = ["--source-id", "s", "--inbox", "WhatsApp", "--contact-id", "301"];
    let dry = run(&[&wanted as &[&str], &["--dry-run"]].concat());
    assert!(!dry.out.contains(server.token()) && !dry.err.contains(server.token()), "{dry:?}");
    assert_eq!(ids(), before);
    let made = run(&[&wanted as &[&str], &["--output", "ids", "--assignee", "@me"]].concat());
    assert_eq!(ids(), before + 1);
    let found =
        ran(server.command().args(["list", "--assignee", "me", "-n", "1", "--sort", "created_at_desc", "-o", "ids"]));
    assert_eq!(found.out, made.exits(0).out);
    let text = run(&wanted);
    assert!(text.exits(0).out.ends_with(" created in inbox WhatsApp (7)\n"), "{}", text.out);
}

#[test]
fn a_body_comes_from_a_file_or_standard_input() {
    let example = json!({
        "source_id": "x", "inbox_id": 5, "contact_id": 301, "custom_attributes": {"a": {"b": [1]}},
        "message": {"content": "Hi", "private": true},
    });
    let path = program::folder("cli_endpoints_body").join("new.json");
    fs::write(&path, example.to_string()).unwrap();
    let file = path.to_str().unwrap();
    assert_eq!(body(&demo(&["create", "--json", file, "--dry-run"])), example);
    let made = demo(&["create", "--json", file, "--output", "json"]);
    let made: Value = serde_json::from_str(&made.exits(0).out).unwrap();
    assert_eq!(made["custom_attributes"], example["custom_attributes"]);

    let mut child = program::command()
        .args(["create", "--demo", "--json", "-", "--dry-run"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), example.to_string().as_bytes()).unwrap();
    assert_eq!(body(&Ran::from(child.wait_with_output().unwrap())), example);

    fs::write(&path, r#"{"source_id": "x", "inbox_id": 5, "asignee_id": 1}"#).unwrap();
    demo(&["create", "--json", file]).exits(4).says(&["a member `asignee_id`", "perhaps `assignee_id`"]);
    fs::write(&path, r#"{"source_id": "x", "inbox_id": "5"}"#).unwrap();
    demo(&["create", "--json", file]).exits(4).says(&["`inbox_id`: ", "a whole number"]);
    for (custom, said) in [
        (r#"{"tierr": "Gold"}"#, ["no custom attribute `tierr`", "perhaps `tier`"]),
        (r#"{"order_total": "12"}"#, ["order_total is a", "12 is expected, not \"12\""]),
        (r#"{"tier": 3}"#, ["tier is a", "the values are"]),
    ] {
        fs::write(&path, format!(r#"{{"source_id": "x", "inbox_id": 5, "custom_attributes": {custom}}}"#)).unwrap();
        demo(&["create", "--json", file, "--dry-run"]).exits(4).says(&said);
    }
    demo(&["create", "--json", file, "--team", "4"]).exits(4).says(&["cannot be used with"]);
    // No name of a type of the program's own, nor of its reader's.
    for (member, said) in [
        (r#""message":{"template_params":"x"}"#, "`message`: invalid type: string \"x\", expected an object"),
        (r#""message":3"#, "`message`: invalid type: integer `3`, expected an object"),
        (r#""custom_attributes":"x""#, "`custom_attributes`: invalid type: string \"x\", expected an object"),
    ] {
        let new = format!(r#"{{"source_id":"a","inbox_id":1,{member}}}"#);
        fs::write(file, new).unwrap();
        demo(&["create", "--json", file, "--dry-run"]).exits(4).says(&[said]);
    }
    demo(&["create", "--json", "/nowhere.json"]).exits(4).says(&["/nowhere.json cannot be read"]);
}

#[test]
fn a_create_that_cannot_be_is_explained() {
    let create = |args: &[&str]| demo(&[&["create", "--source-id", "s", "--inbox"], args].concat());
    create(&["5", "--contact-id", "999999"]).exits(4).says(&["there is no contact 999999"]);
    create(&["5"]).exits(4).says(&["no contact has the source id `s`", "--contact-id"]);
    create(&["55", "--contact-id", "301"]).exits(4).says(&["there is no inbox 55", "Shop website (5)"]);
    create(&["5", "--team", "99", "--assignee", "@me"]).exits(4).says(&["there is no team 99"]);
    create(&["5", "--assignee", "Nobody"]).exits(4).says(&["there is no agent `Nobody`", "Marit Solberg (1)"]);
    create(&["5", "--custom", "teir=Gold"]).exits(4).says(&["perhaps `tier`", "teir:=\"Gold\""]);
    create(&["5", "--custom", "tier=gold"]).exits(4).says(&["tier is a list", "perhaps `Gold`"]);
    create(&["5", "--custom", "items=three"]).exits(4).says(&["items is a number"]);
    create(&["5", "--custom", "items"]).exits(4).says(&["KEY=VALUE is expected"]);
    create(&["5", "--status", "opne"]).exits(4).says(&["'open'"]);
    create(&["5", "--snoozed-until", "soon"]).exits(4).says(&["2026-06-15T12:00:00Z"]);
    create(&["5", "--template-param", "1=x"]).exits(4).says(&["--template-name"]);
    demo(&["create"]).exits(4).says(&["--source-id", "--inbox"]);
    demo(&["create", "--source-id", " ", "--inbox", "5"]).exits(4).says(&["the source id is empty"]);
    let made = create(&["5", "--contact-id", "301", "--custom", "zzzzzz=1", "--snoozed-until", "2020-01-01T00:00:00Z"]);
    made.exits(0).says(&["there is no custom attribute `zzzzzz`", "is past", "the conversation is gone already"]);
    // What is told then has been asked for.
    let none = create(&["5", "--contact-id", "999999", "--error-format", "plain"]);
    none.exits(4).says(&["error[usage]: there is no contact"]);
    let usage = ran(program::command().args(["--explain", "usage"]));
    assert!(!usage.exits(0).out.contains("asked for") && usage.out.contains("what the account does not have"));
    // An agent may not write where it may not read.
    let server = Sandbox::start([]);
    let token = server.ready["tokens"]["agent"].as_str().unwrap();
    let args = ["create", "--source-id", "s", "--inbox", "6", "--contact-id", "301"];
    let refused = ran(server.command().args(args).env("CHATWOOT_API_ACCESS_TOKEN", token));
    refused.exits(3).says(&["the server answers 401", "not authorized"]);
}
