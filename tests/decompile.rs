//! What `decompile` reads back means what the payload means to the server.
#![cfg(feature = "sandbox")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may fail")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use cwql::eval::{Row, matches};
use cwql::plan::{Plan, Scan};
use cwql::sandbox::{Sandbox, User};
use cwql::schema::{Schema, ServerVersion};
use cwql::{Code, Query, Severity, decompile};
use serde_json::Value;

fn schema(version: &str) -> Schema {
    Schema { version: version.parse().unwrap(), ..support::schema() }
}

/// The conversations as the API returns them.
fn rows() -> BTreeMap<i64, Value> {
    let shown = |mut row: Value| {
        row.as_object_mut().unwrap().remove("_columns");
        (row["id"].as_i64().unwrap(), row)
    };
    support::lines("dataset.ndjson").into_iter().map(shown).collect()
}

/// What the API does not return of them.
fn columns() -> BTreeMap<i64, Value> {
    support::lines("dataset.ndjson")
        .into_iter()
        .map(|row| (row["id"].as_i64().unwrap(), row["_columns"].clone()))
        .collect()
}

/// Runs a plan against the sandbox as the client does, without HTTP.
fn run(plan: &Plan, sandbox: &Sandbox, rows: &BTreeMap<i64, Value>, schema: &Schema) -> Result<BTreeSet<i64>, String> {
    let now = schema.now();
    let mut found = BTreeSet::new();
    for Scan { payload, residual, .. } in &plan.scans {
        let answer = sandbox.filter(User::Admin, payload.to_body().as_bytes(), None);
        if answer.status != 200 {
            return Err(format!("{} {}: {}", answer.status, answer.body, payload.to_json()));
        }
        let keeps =
            |id: &&i64| residual.as_ref().is_none_or(|residual| matches(&residual.filter, &Row::new(&rows[id], now)));
        found.extend(answer.matches.iter().filter(keeps));
    }
    Ok(found)
}

/// What came of the vectors.
#[derive(Default)]
struct Tally {
    compared: usize,
    /// Of these, how many compile to one payload.
    exact: usize,
    /// Vectors that the language has no words for, by reason.
    not_sayable: BTreeMap<String, Vec<String>>,
    wrong: Vec<String>,
    codes: BTreeMap<Code, usize>,
}

impl Tally {
    fn assert_right(&self) {
        let shown = self.wrong.iter().take(20).map(String::as_str).collect::<Vec<_>>().join("\n");
        assert!(self.wrong.is_empty(), "{} wrong:\n{shown}", self.wrong.len());
    }
}

/// Reads back every vector that `sandbox` answers with 200, and compares the matches with what the query finds.
/// Vectors that name no version are recorded of the latest.
fn compare(schema: &Schema, vectors: Vec<Value>) -> Tally {
    let (sandbox, rows) = (support::sandbox(schema.version), rows());
    let (columns, now) = (columns(), schema.now());
    let mut tally = Tally::default();
    for vector in vectors {
        if vector["op"] != "filter" || vector.get("env_dependent").is_some() {
            continue;
        }
        let id = vector["id"].as_str().unwrap().to_owned();
        let body = match vector.get("raw_body") {
            Some(raw) => raw.as_str().unwrap().to_owned(),
            None => serde_json::json!({ "payload": vector["payload"] }).to_string(),
        };
        let answer = sandbox.filter(User::Admin, body.as_bytes(), None);
        let recorded = vector.get("version").is_some() || schema.version == ServerVersion::LATEST;
        if recorded && vector["user"] == "admin" {
            let found = answer.matches.iter().copied().collect();
            assert_ne!(support::are_recorded(&found, &vector["expect"]), Some(false), "{id}");
        }
        let decompiled = decompile(&body, schema);
        if answer.status != 200 {
            // What only the dashboard makes right is read; anything else is refused.
            if let Ok(decompiled) = decompiled {
                let mended = |code| decompiled.warnings.has(code);
                // The array alone is a form of our own; and what is stored is not in the payload.
                let unseen = body.starts_with('[') || body.contains("\"dirty_");
                if !mended(Code::PayloadTrailingOperator) && !mended(Code::PayloadValuesNotArray) && !unseen {
                    tally
                        .wrong
                        .push(format!("{id}: refused with {}, read as {}\n  {body}", answer.status, decompiled.text));
                }
            }
            continue;
        }
        let decompiled = match decompiled {
            Ok(decompiled) => decompiled,
            Err(problems) if problems.iter().all(|problem| problem.code == Code::PayloadNotSayable) => {
                let reason = problems.iter().next().unwrap().labels[0].text.clone();
                tally.not_sayable.entry(reason).or_default().push(id);
                continue;
            }
            // The server reads 1e400 as infinity, and what reads payloads here does not read it at all.
            Err(problems) if problems.iter().all(|problem| problem.message.contains("number out of range")) => {
                tally.not_sayable.entry("number out of range".to_owned()).or_default().push(id);
                continue;
            }
            Err(problems) => {
                tally.wrong.push(format!("{id}: {problems}\n  {body}"));
                continue;
            }
        };
        for warning in &decompiled.warnings {
            assert_eq!(warning.severity(), Severity::Warning, "{id}");
            *tally.codes.entry(warning.code).or_default() += 1;
        }
        let expected: BTreeSet<i64> = answer.matches.iter().copied().collect();
        tally.compared += 1;
        let query = match Query::new(&decompiled.text, schema) {
            Ok(query) => query,
            Err(problems) => {
                tally.wrong.push(format!("{id}: {}\n  {problems}\n  {body}", decompiled.text));
                continue;
            }
        };
        // Evaluating is as slow as asking, so the many vectors that name no version are asked alone.
        if vector.get("version").is_some() {
            let keeps = |id: &&i64| matches(query.filter(), &Row::new(&rows[id], now).with_columns(&columns[id]));
            let evaluated: BTreeSet<i64> = rows.keys().filter(keeps).copied().collect();
            if evaluated != expected {
                let (is, should) = (evaluated.len(), expected.len());
                tally
                    .wrong
                    .push(format!("{id}: {}\n  evaluates to {is}, expected {should}\n  {body}", decompiled.text));
            }
        }
        tally.exact += usize::from(query.plan().is_exact());
        match run(query.plan(), &sandbox, &rows, schema) {
            Ok(found) if found == expected => {}
            Ok(found) => tally.wrong.push(format!(
                "{id}: {}\n  found {}, expected {}\n  {body}",
                decompiled.text,
                found.len(),
                expected.len()
            )),
            Err(error) => tally.wrong.push(format!("{id}: {}\n  {error}\n  {body}", decompiled.text)),
        }
    }
    println!("{}: {} compared, {} of them compile; {:?}", schema.version, tally.compared, tally.exact, tally.codes);
    for (reason, ids) in &tally.not_sayable {
        println!("not sayable, {reason}: {} {ids:?}", ids.len());
    }
    tally
}

/// Payloads of the 4.15.1 recordings that the language has no words for: a custom date is compared with a day, or a custom
/// number with what is no finite one, that queries do not have and stored texts may be. Nothing else is excepted.
const NOT_SAYABLE: [(&str, usize); 2] = [("no day of a query", 4), ("no number of a query", 7)];

#[test]
fn every_payload_that_the_server_answers_keeps_its_matches() {
    let tally = compare(&schema("4.15.1"), support::lines("vectors.ndjson"));
    tally.assert_right();
    let reasons: Vec<(&str, usize)> =
        tally.not_sayable.iter().map(|(reason, ids)| (reason.as_str(), ids.len())).collect();
    assert_eq!(reasons, NOT_SAYABLE);
    assert!(tally.compared >= 3_039, "only {} compared", tally.compared);
    assert!(tally.exact >= 3_038, "only {} of {} compile", tally.exact, tally.compared);
    // The traps that the recordings spring; the others are below.
    for code in [
        Code::PayloadValuesNotArray,
        Code::PayloadFirstValueOnly,
        Code::PayloadLeak,
        Code::PayloadCustomNotEqual,
        Code::PayloadUnknownWord,
        Code::PayloadNoMatch,
        Code::PayloadWildcard,
        Code::PayloadStripped,
        Code::PayloadTimeIgnored,
        Code::PayloadDateForm,
        Code::PayloadNullDropped,
        Code::PayloadNullRemoved,
        Code::PayloadUnknownOperator,
        Code::PayloadPrecedence,
        Code::PayloadEverything,
    ] {
        assert!(tally.codes.contains_key(&code), "{code}");
    }
}

/// Before 4.11.2 `days_before` works, and texts are compared by an alphabet, which queries do not.
#[test]
fn older_servers_read_their_own_payloads() {
    let tally = compare(&schema("4.9.2"), support::lines("vectors.ndjson"));
    tally.assert_right();
    let reasons: Vec<&str> = tally.not_sayable.keys().map(String::as_str).collect();
    assert_eq!(reasons, ["compares texts", "no day of a query", "no number of a query"]);
    assert!(tally.compared >= 2_704, "only {} compared", tally.compared);
}

/// What is read back of the payloads that an implementation of its own answers finds what it found: how many are
/// compared, how many of them compile to one payload, and how many are not read, by reason.
#[track_caller]
fn keeps_what_was_found(version: &str, compared: usize, exact: usize, unread: &[(&str, usize)]) {
    let asked = |vector: &Value| vector["user"] == "admin" && vector.get("beyond_latin_1").is_none();
    let tally = compare(&schema(version), support::implementation(version).into_iter().filter(asked).collect());
    tally.assert_right();
    let reasons: Vec<(&str, usize)> =
        tally.not_sayable.iter().map(|(reason, ids)| (reason.as_str(), ids.len())).collect();
    assert_eq!((tally.compared, tally.exact, reasons.as_slice()), (compared, exact, unread));
}

#[test]
fn payloads_keep_what_an_independent_implementation_of_4_15_1_found() {
    let unread = [("no day of a query", 2), ("no number of a query", 3), ("number out of range", 5)];
    keeps_what_was_found("4.15.1", 1_285, 1_284, &unread);
}

#[test]
fn payloads_keep_what_an_independent_implementation_of_4_11_1_found() {
    let unread = [("compares texts", 147), ("no number of a query", 2), ("number out of range", 2)];
    keeps_what_was_found("4.11.1", 721, 720, &unread);
}

#[test]
fn payloads_keep_what_an_independent_implementation_of_4_9_2_found() {
    let unread =
        [("compares texts", 108), ("no day of a query", 2), ("no number of a query", 1), ("number out of range", 1)];
    keeps_what_was_found("4.9.2", 706, 706, &unread);
}

/// `decompile ∘ compile` keeps the meaning of every query that one payload says.
#[test]
fn what_was_compiled_is_read_back() {
    let schema = schema("4.15.1");
    let (sandbox, rows) = (support::sandbox(schema.version), rows());
    let (mut compared, mut wrong) = (0, Vec::new());
    for line in support::lines("queries.ndjson") {
        let text = line["query"].as_str().unwrap();
        let query = Query::new(text, &schema).unwrap();
        let Ok(payload) = query.payload() else { continue };
        compared += 1;
        let decompiled = match decompile(&payload.to_json(), &schema) {
            Ok(decompiled) => decompiled,
            Err(problems) => {
                wrong.push(format!("{text}\n  {problems}"));
                continue;
            }
        };
        let again = Query::new(&decompiled.text, &schema).unwrap();
        let found = run(again.plan(), &sandbox, &rows, &schema);
        if found != Ok(support::ids(line["matches"].as_str().unwrap())) {
            wrong.push(format!("{text}\n  {}", decompiled.text));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared >= 800, "only {compared} compared");
}

/// Runs what a payload of one condition is read back as, and holds it against the server's answer to the payload.
#[track_caller]
fn keeps_its_matches(condition: [&str; 3], schema: &Schema, sandbox: &Sandbox, rows: &BTreeMap<i64, Value>) -> usize {
    let [key, operator, values] = condition;
    let payload = format!(r#"[{{"attribute_key":"{key}","filter_operator":"{operator}","values":{values}}}]"#);
    let answer = sandbox.filter(User::Admin, format!(r#"{{"payload":{payload}}}"#).as_bytes(), None);
    assert_eq!(answer.status, 200, "{payload}");
    let text = decompile(&payload, schema).unwrap_or_else(|problems| panic!("{payload}\n{problems}")).text;
    let found = run(Query::new(&text, schema).unwrap().plan(), sandbox, rows, schema).unwrap();
    let expected: BTreeSet<i64> = answer.matches.iter().copied().collect();
    assert_eq!(found, expected, "{payload}\n{text}");
    found.len()
}

/// A value that another one covers is left out of the query, and so is an id that no record has.
#[test]
fn what_is_left_out_changes_no_matches() {
    let schema = schema("4.15.1");
    let (sandbox, rows) = (support::sandbox(schema.version), rows());
    for (key, values) in [
        ("mail_subject", r#"["","x_y"]"#),
        ("mail_subject", r#"["x_y"," "]"#),
        ("mail_subject", r#"["_","e_2","\\"]"#),
        ("mail_subject", r#"["INVOICE","invoice_2"]"#),
        ("mail_subject", r#"["l_ÉCOLE_é","école"]"#),
        ("mail_subject", r#"["c:\\t_mp","C:t"]"#),
        ("mail_subject", r#"["100\\%","n%100\\% p"]"#),
        ("mail_subject", r#"["%","100\\"]"#),
        ("order_note", r#"["gold","_gold"]"#),
        ("order_note", r#"["_","g__d"]"#),
    ] {
        let count = |operator| keeps_its_matches([key, operator, values], &schema, &sandbox, &rows);
        assert!(count("contains") > 0, "{key} {values}");
        count("does_not_contain");
    }
    for key in ["assignee_id", "inbox_id", "display_id", "team_id", "contact_id", "campaign_id"] {
        for values in ["[2147483648]", "[2147483648,12]", "2147483648", "[-9223372036854775808]"] {
            for operator in ["equal_to", "not_equal_to"] {
                keeps_its_matches([key, operator, values], &schema, &sandbox, &rows);
            }
        }
    }
}

/// Stored dates may be of any year, unlike times.
#[test]
fn days_at_the_ends_of_the_language_keep_their_matches() {
    let utc = schema("4.15.1");
    let stored = ["1000-01-01", "1582-12-31", "1583-01-01", "9998-12-31", "9999-01-01", "9999-12-31", "infinity"];
    let mut lines = support::lines("dataset.ndjson");
    for (line, day) in lines.iter_mut().zip(stored) {
        line["custom_attributes"]["due_date"] = day.into();
    }
    let dataset: Vec<String> = lines.iter().map(Value::to_string).collect();
    let now = support::NOW.parse().unwrap();
    let sandbox = Sandbox::new(&support::read("account.json"), &dataset.join("\n"), now, utc.version).unwrap();
    let mut rows = rows();
    for (id, day) in (1..).zip(stored) {
        rows.get_mut(&id).unwrap()["custom_attributes"]["due_date"] = day.into();
    }
    for zone in [jiff::tz::TimeZone::UTC, jiff::tz::TimeZone::fixed(jiff::tz::offset(2))] {
        let schema = Schema { zone, ..utc.clone() };
        for (operator, days, bounds_dates) in [
            ("is_greater_than", ["1582-12-31", "1583-01-01", "9998-12-31"].as_slice(), true),
            ("is_less_than", &["1583-01-01", "9998-12-31", "9999-01-01"], true),
            ("is_greater_than", &["1000-12-31", "9999-01-01", "9999-12-31"], false),
            ("is_less_than", &["1000-12-31", "1582-12-31", "9999-12-31"], false),
        ] {
            for day in days {
                let values = format!("[\"{day}\"]");
                if bounds_dates {
                    assert!(keeps_its_matches(["due_date", operator, &values], &schema, &sandbox, &rows) > 0);
                }
                for key in ["created_at", "last_activity_at"] {
                    keeps_its_matches([key, operator, &values], &schema, &sandbox, &rows);
                }
            }
        }
    }
}
