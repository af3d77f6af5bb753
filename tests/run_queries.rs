//! The whole road: every recorded query over HTTP, from the program's own server, by the library and by the program.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod program;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cwql::client::Token;
use cwql::schema::{Account, Schema};
use cwql::{Client, Query};
use program::{Ran, Sandbox, ran};
use serde_json::Value;

/// A recorded query and what it means.
struct Line {
    text: String,
    category: String,
    exact: bool,
    matches: BTreeSet<i64>,
}

fn queries() -> Vec<Line> {
    let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    support::lines("queries.ndjson")
        .iter()
        .map(|line| Line {
            text: text(line, "query"),
            category: text(line, "category"),
            exact: line["exact"] == true,
            matches: support::ids(line["matches"].as_str().unwrap()),
        })
        .collect()
}

/// What one query cost.
struct Measured {
    category: String,
    whole: bool,
    /// Pages read for each page that the matches fill.
    ratio: f64,
}

/// Answers one query over HTTP; the error says what was wrong.
async fn answer(client: &Client, schema: &Schema, line: &Line) -> Result<Measured, String> {
    let query = Query::new(&line.text, schema).map_err(|problems| problems.to_string())?;
    let plan = query.plan();
    if line.exact && !plan.is_exact() {
        return Err(format!("not exact\n{}", plan.to_tree(&[])));
    }
    let mut rows = client.filter(plan, schema.now());
    let (mut found, mut newest) = (BTreeSet::new(), i64::MAX);
    while let Some(conversation) = rows.next().await.map_err(|error| error.to_string())? {
        if conversation.last_activity_at() > newest {
            return Err(format!("{} is out of order", conversation.id()));
        }
        newest = conversation.last_activity_at();
        if !found.insert(conversation.id()) {
            return Err(format!("{} comes twice", conversation.id()));
        }
    }
    if found != line.matches {
        return Err(format!("found {}, expected {}\n{}", found.len(), line.matches.len(), plan.to_tree(&[])));
    }
    let filled = line.matches.len().div_ceil(25).max(1);
    Ok(Measured {
        category: line.category.clone(),
        whole: plan.scans.iter().all(|scan| scan.residual.is_none()),
        ratio: rows.pages() as f64 / filled as f64,
    })
}

/// All queries with the library's client, several at a time on one thread: the server's is the other.
fn all(server: &Sandbox, schema: Schema) -> Vec<Result<Measured, String>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::new(server.url(), server.account_id(), Token::new(server.token())).unwrap();
    let (client, schema, lines) = (Rc::new(client), Rc::new(schema), Rc::new(queries()));
    let next = Rc::new(AtomicUsize::new(0));
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let (client, schema, lines, next) = (client.clone(), schema.clone(), lines.clone(), next.clone());
                tokio::task::spawn_local(async move {
                    let mut results = Vec::new();
                    while let Some(line) = lines.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let result = answer(&client, &schema, line).await;
                        results.push(result.map_err(|problem| format!("{}: {problem}", line.text)));
                    }
                    results
                })
            })
            .collect();
        let mut results = Vec::new();
        for worker in workers {
            results.extend(worker.await.unwrap());
        }
        results
    })
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

/// Compares what `run --output ids` prints and how it ends.
fn compare(ran: &Ran, matches: &BTreeSet<i64>) -> Result<(), String> {
    let ids: Vec<i64> = ran.out.lines().map(|line| line.parse().unwrap()).collect();
    let code = i32::from(matches.is_empty());
    let right = ids.len() == matches.len() && ids.iter().copied().collect::<BTreeSet<_>>() == *matches;
    if right && ran.code == code { Ok(()) } else { Err(format!("expected {} ids and {code}: {ran:?}", matches.len())) }
}

/// At least two queries of every category, more of the mixed ones, and some that find nothing.
fn sample() -> Vec<Line> {
    let mut taken: BTreeMap<(String, bool), usize> = BTreeMap::new();
    let mut sample = queries();
    sample.retain(|line| {
        let limit = match (line.category.starts_with("mixed"), line.matches.is_empty()) {
            (true, _) => 4,
            (false, false) => 2,
            (false, true) => 1,
        };
        let taken = taken.entry((line.category.clone(), line.matches.is_empty())).or_default();
        *taken += 1;
        *taken <= limit
    });
    sample
}

/// A sample with the program: names and custom attributes from a file, and from the server.
fn by_the_program(server: &Sandbox, account: &PathBuf) {
    let sample = sample();
    assert!(sample.len() >= 60, "{}", sample.len());
    assert!(sample.iter().any(|line| line.matches.is_empty()));
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(line) = sample.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for with_file in [true, false] {
                        let mut command = server.command();
                        command.args(["run", &line.text, "--output", "ids", "--now", support::NOW]);
                        if with_file {
                            command.arg("--account").arg(account);
                        }
                        if let Err(problem) = compare(&ran(&mut command), &line.matches) {
                            wrong.lock().unwrap().push(format!("{} ({with_file}): {problem}", line.text));
                        }
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Conversations whose stored value of an attribute satisfies `keep`.
fn stored(key: &str, keep: fn(&Value) -> bool) -> BTreeSet<i64> {
    let rows = support::lines("dataset.ndjson");
    let kept = rows.iter().filter(|row| keep(&row["custom_attributes"][key]));
    kept.map(|row| row["id"].as_i64().unwrap()).collect()
}

/// One stored value that is not of its type breaks the server's filter; the program evaluates the condition itself.
fn bad_stored_values(server: &Sandbox) {
    let number =
        |value: &Value| value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).is_some_and(|n| n > 5.0);
    let date = |value: &Value| {
        value
            .as_str()
            .and_then(|text| text.get(..10)?.parse::<jiff::civil::Date>().ok())
            .is_some_and(|date| date < jiff::civil::date(2026, 6, 1))
    };
    let truth =
        |value: &Value| *value == true || matches!(value.as_str(), Some("true" | "t" | "yes" | "y" | "on" | "1"));
    for (text, matches) in [
        ("custom.dirty_number > 5", stored("dirty_number", number)),
        ("custom.dirty_date < 2026-06-01", stored("dirty_date", date)),
        ("custom.dirty_bool = true", stored("dirty_bool", truth)),
    ] {
        assert!(!matches.is_empty(), "{text}");
        let ran = ran(server.command().args([text, "--output", "ids", "--now", support::NOW]));
        compare(&ran, &matches).unwrap_or_else(|problem| panic!("{text}: {problem}"));
        assert_eq!(ran.err.lines().count(), 1, "{text}: {}", ran.err);
        assert!(ran.err.starts_with("cwql: the server failed, "), "{}", ran.err);
    }
}

#[test]
fn every_query_finds_exactly_its_conversations_over_http() {
    let folder = program::folder("run_queries");
    let (data, account) = (folder.join("dataset.ndjson"), folder.join("account.json"));
    fs::write(&data, support::read("dataset.ndjson")).unwrap();
    fs::write(&account, support::read("account.json")).unwrap();
    let args = ["--data", data.to_str().unwrap(), "--account", account.to_str().unwrap(), "--now", support::NOW];
    let server = Sandbox::start(args);

    by_the_program(&server, &account);
    bad_stored_values(&server);

    let schema = Schema {
        account: Some(Account::from_json(&fs::read(&account).unwrap()).unwrap()),
        now: Some(support::NOW.parse().unwrap()),
        ..Schema::default()
    };
    let results = all(&server, schema);
    assert_eq!(results.len(), 1600);
    let wrong: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).take(20).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let mut categories: BTreeMap<&str, Vec<&Measured>> = BTreeMap::new();
    for measured in results.iter().flatten() {
        categories.entry(&measured.category).or_default().push(measured);
    }
    let custom = &categories["mixed/custom"];
    let whole = custom.iter().filter(|measured| measured.whole).count();
    println!("mixed/custom without residual: {whole} of {}", custom.len());
    assert_eq!(custom.len(), 470);
    assert!(whole * 10 >= custom.len() * 9, "{whole} of {}", custom.len());
    for (category, measured) in &categories {
        let median = median(measured.iter().map(|measured| measured.ratio).collect());
        println!(
            "{category}: {} queries, median {median:.2} pages read for each that its matches fill",
            measured.len()
        );
        if matches!(*category, "mixed/custom_ne" | "mixed/local") {
            assert!(median <= 2.0, "{category}: {median}");
        }
    }
}
