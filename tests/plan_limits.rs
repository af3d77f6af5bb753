//! Queries at the limits: compiled, checked, planned, evaluated, told and dropped to the end, on a small stack.
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

use std::sync::mpsc;
use std::time::{Duration, Instant};

use cwql::eval::{Row, matches};
use cwql::plan::plan;
use cwql::schema::{Account, Schema};
use cwql::{Code, check, parse};
use serde_json::json;

/// What a thread of Rust's standard library has.
const STACK: usize = 2 << 20;

/// No measure of speed: what is exponential would not end at all, and this ends it.
const LIMIT: Duration = Duration::from_secs(600);

fn schema() -> Schema {
    let account = json!({
        "agents": [{"id": 1, "name": "Ada"}],
        "custom_attribute_definitions": [
            {"attribute_key": "note", "attribute_display_type": "text"},
            {"attribute_key": "count", "attribute_display_type": "number"},
            {"attribute_key": "due", "attribute_display_type": "date"},
            {"attribute_key": "gold", "attribute_display_type": "checkbox"},
        ],
    });
    Schema {
        account: Some(Account::from_json(account.to_string().as_bytes()).unwrap()),
        now: Some("2026-06-15T12:00:00Z".parse().unwrap()),
        ..Schema::default()
    }
}

/// Goes through all stages. Gives the number of scans and of the conditions of the largest payload.
#[track_caller]
fn run(text: String) -> (usize, usize) {
    let begun = Instant::now();
    let start = text.chars().take(60).collect::<String>();
    let (sender, receiver) = mpsc::channel();
    let thread = std::thread::Builder::new().stack_size(STACK);
    let handle = thread.spawn(move || {
        let _ = sender.send(through(&text));
    });
    let sizes = match receiver.recv_timeout(LIMIT) {
        Ok(sizes) => sizes.unwrap_or_else(|problems| panic!("{problems:.2000}")),
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{start}… takes longer than {LIMIT:?}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => panic!("{start}… panics"),
    };
    handle.unwrap().join().unwrap();
    println!("{:?} {sizes:?} {start}", begun.elapsed());
    sizes
}

fn through(text: &str) -> Result<(usize, usize), String> {
    let schema = schema();
    let conversation = json!({
        "id": 7, "status": "open", "labels": ["a"], "created_at": 1_781_481_600, "last_activity_at": 1_781_481_600,
        "unread_count": 3, "custom_attributes": {"note": "b", "count": 5, "due": "2026-06-15"},
    });
    let row = Row::new(&conversation, schema.now());
    let parsed = parse(text);
    let checked = check(&parsed, &schema).map_err(|problems| problems.to_string())?;
    let _ = checked.warnings.to_string();
    let meant = matches(&checked.filter, &row);
    drop(checked.clone());
    let plan = match plan(&checked.filter, text, &schema) {
        Ok(plan) => plan,
        Err(problems) if problems.has(Code::Impossible) => return Ok((0, 0)),
        Err(problems) => return Err(problems.to_string()),
    };
    let largest = plan.scans.iter().map(|scan| scan.payload.conditions.len()).max().unwrap_or_default();
    for scan in &plan.scans {
        let residual = scan.residual.as_ref();
        assert!(!meant || plan.scans.len() > 1 || residual.is_none_or(|kept| matches(&kept.filter, &row)));
        let _ = scan.payload.to_body();
    }
    let _ = (plan.to_json(), plan.to_tree(&[]), plan.superset().to_json());
    let _ = cwql::check::to_text(&checked.filter);
    let _ = cwql::compile(text, &schema).map_err(|problems| problems.to_string());
    Ok((plan.scans.len(), largest))
}

fn joined(count: usize, between: &str, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(between)
}

/// Conditions of many kinds, none like another.
fn mixed(i: usize) -> String {
    match i % 12 {
        0 => format!("id = {i}"),
        1 => format!("label != topic-{i}"),
        2 => format!("referer ~ page-{i}"),
        3 => format!("note != v{i}"),
        4 => format!("count > {i}"),
        5 => format!("count != {i}"),
        6 => format!("created_at > 1990-01-01T00:{:02}:{:02}Z", i / 60 % 60, i % 60),
        7 => format!("due NOT IN ({}-01-01, {}-06-01)", 1600 + i % 999, 2600 + i % 999),
        8 => format!("unread_count != {i}"),
        9 => format!("note NOT IN (a{i}, b{i})"),
        10 => format!("mail_subject NOT IN (\"A{i}\", b{i})"),
        _ => format!("contact.name STARTS WITH n{i}"),
    }
}

/// One kind of condition at a time, ten thousand of them, joined by AND and by OR.
fn flat(condition: fn(usize) -> String) {
    for between in [" AND ", " OR "] {
        run(joined(10_000, between, condition));
    }
}

#[test]
fn ten_thousand_numbers() {
    flat(|i| format!("id != {i}"));
    flat(|i| format!("id = {i}"));
}

#[test]
fn ten_thousand_labels() {
    flat(|i| format!("label = l{i}"));
    flat(|i| format!("label != l{i}"));
}

#[test]
fn ten_thousand_texts() {
    flat(|i| format!("referer ~ p{i}"));
    flat(|i| format!("referer !~ p{i}"));
}

#[test]
fn ten_thousand_custom_texts() {
    flat(|i| format!("note = p{i}"));
    flat(|i| format!("note != p{i}"));
}

#[test]
fn ten_thousand_custom_numbers() {
    flat(|i| format!("count != {i}"));
    flat(|i| format!("count > {i}"));
}

#[test]
fn ten_thousand_local_conditions() {
    flat(|i| format!("contact.name ~ p{i}"));
    flat(|i| format!("contact.name != p{i}"));
}

#[test]
fn ten_thousand_days() {
    flat(|i| format!("created_at != {:04}-{:02}-{:02}", 1990 + i / 300, i / 25 % 12 + 1, i % 25 + 1));
}

#[test]
fn ten_thousand_of_many_kinds() {
    flat(mixed);
}

#[test]
fn ten_thousand_of_what_the_client_cannot_evaluate() {
    flat(|i| format!("campaign = {i}"));
    flat(|i| format!("campaign != {i}"));
    run(joined(5_000, " OR ", |i| format!("(campaign = {i} AND label = l{i})")));
    run(joined(5_000, " AND ", |i| format!("(campaign = {i} OR label = l{i})")));
}

#[test]
fn ten_thousand_alike() {
    flat(|_| "note != a".to_owned());
    flat(|i| format!("note = {}", ["a", "A", "b", "B"][i % 4]));
}

#[test]
fn alternations_multiply() {
    let any = |many: usize, kind: usize, i: usize| {
        let part = |j: usize| match kind {
            0 => format!("label = l{i}-{j}"),
            1 => mixed(i * many + j),
            _ => format!("campaign = {}", i * many + j),
        };
        format!("({})", joined(many, " OR ", part))
    };
    for (ands, ors) in [(20, 10), (14, 2), (2, 140), (3, 27), (1000, 10)] {
        for kind in 0..3 {
            run(joined(ands, " AND ", |i| any(ors, kind, i)));
            run(format!("NOT ({})", joined(ands, " AND ", |i| any(ors, kind, i))));
        }
    }
}

/// Each condition leaves one of the next two alternatives, which leaves one of those behind it.
#[test]
fn consequences_have_consequences() {
    let link = |i: usize| format!("(contact.custom.k{i} != x OR contact.custom.k{} = x)", i + 1);
    let chain: Vec<String> = (0..4_999).map(link).collect();
    let (scans, conditions) = run(format!("team = 3 AND contact.custom.k0 = x AND {}", chain.join(" AND ")));
    assert_eq!((scans, conditions), (1, 1));
    let turned: Vec<String> = chain.iter().rev().cloned().collect();
    assert_eq!(run(format!("team = 3 AND {} AND contact.custom.k0 = x", turned.join(" AND "))), (1, 1));
}

#[test]
fn alternations_nest() {
    for condition in [mixed, |i| format!("label = l{i}"), |i| format!("campaign = {i}")] {
        let mut text = condition(0);
        for i in 1..60 {
            let connectives = if i % 2 == 0 { [" AND ", " OR "] } else { [" OR ", " AND "] };
            text = format!("({}{}{text}{}{})", condition(3 * i), connectives[0], connectives[0], condition(3 * i + 1));
        }
        run(text.clone());
        run(format!("NOT {text}"));
    }
}

#[test]
fn a_hundred_thousand_values() {
    let list = |part: fn(usize) -> String| format!("({})", joined(100_000, ", ", part));
    let day = |i: usize| format!("{:04}-{:02}-{:02}", 1600 + i / 300, i / 25 % 12 + 1, i % 25 + 1);
    let instant =
        |i: usize| format!("2020-01-{:02}T{:02}:{:02}:{:02}Z", i / 86_400 + 1, i / 3_600 % 24, i / 60 % 60, i % 60);
    for operator in ["IN", "NOT IN"] {
        run(format!("id {operator} {}", list(|i| i.to_string())));
        run(format!("label {operator} {}", list(|i| format!("l{i}"))));
        run(format!("referer {operator} {}", list(|i| format!("L{i}"))));
        run(format!("note {operator} {}", list(|i| format!("L{i}"))));
        run(format!("count {operator} {}", list(|i| format!("{i}.5"))));
        run(format!("due {operator} {}", list(day)));
        run(format!("created_at {operator} {}", list(day)));
        run(format!("created_at {operator} {}", list(instant)));
        run(format!("contact.name {operator} {}", list(|i| format!("L{i}"))));
    }
}

#[test]
fn long_lists_meet() {
    let list = |from: usize| format!("({})", joined(10_000, ", ", |i| (from + i).to_string()));
    let texts = |from: usize| format!("({})", joined(10_000, ", ", |i| format!("Name-{}", from + i)));
    for (name, list) in
        [("count", &list as &dyn Fn(usize) -> String), ("label", &texts), ("note", &texts), ("contact.name", &texts)]
    {
        for (one, other) in [("IN", "IN"), ("IN", "NOT IN"), ("NOT IN", "IN"), ("NOT IN", "NOT IN")] {
            for connective in ["AND", "OR"] {
                run(format!("{name} {one} {} {connective} {name} {other} {}", list(1), list(5_000)));
            }
        }
    }
}

#[test]
fn a_list_multiplies() {
    let list = format!("({})", joined(1_000, ", ", |i| format!("v{i}")));
    run(format!("note IN {list} AND referer IN {list} AND mail_subject IN {list} AND label IN {list}"));
    run(format!("note NOT IN {list} AND referer NOT IN {list} OR note NOT IN {list} AND label NOT IN {list}"));
    run(joined(100, " AND ", |i| format!("note != v{i} AND count != {i}")));
    // Behind a custom attribute each value is an alternative of its own.
    let lists = format!("referer IN {list} AND mail_subject IN {list} AND label IN {list}");
    run(format!("note = a AND {lists} OR note = b AND {lists} OR note = c AND {lists}"));
    run(format!("note = a AND label NOT IN {list} OR note = b AND label NOT IN {list}"));
    let numbers = format!("({})", joined(1_000, ", ", |i| i.to_string()));
    let unequal = format!("count NOT IN {numbers} AND due NOT IN (2026-01-01, 2026-02-01, 2026-03-01)");
    run(format!("{unequal} AND id = 1 OR {unequal} AND id = 2 OR {unequal} AND id = 3"));
}

#[test]
fn long_conjunctions_branch() {
    let long = |condition: fn(usize) -> String| joined(9_900, " AND ", condition);
    for condition in [mixed, |i| format!("referer ~ p{i}"), |i| format!("note ~ p{i}"), |i| format!("label = l{i}")] {
        run(format!("(id = 1 OR label = x) AND {}", long(condition)));
        run(format!("{} AND (id = 1 OR label = x) AND (id = 2 OR label = y)", long(condition)));
    }
}

#[test]
fn what_cannot_be_left_to_the_client_branches() {
    let parts = |between: &str, part: fn(usize) -> String| joined(1_000, between, part);
    run(parts(" OR ", |i| format!("(label = a{i} OR referer ~ b{i}) AND (campaign = {i} OR id = {i})")));
    run(parts(" OR ", |i| format!("(label = a{i} OR referer = b{i}) AND note != c{i} AND campaign = {i}")));
    run(parts(" OR ", |i| format!("note != v{i} AND campaign = {i} AND contact.name = n{i}")));
    run(parts(" AND ", |i| format!("(note != v{i} OR campaign = {i} OR contact.name = n{i})")));
    run(joined(14, " AND ", |i| format!("(campaign = {i} OR label = a{i} AND note != b{i})")));
    run(joined(14, " AND ", |i| format!("(id = {i} OR label = a{i} AND note != b{i})")));
}
