//! The laws, one for each fuzz target: what must hold for every input. A law that is broken panics.
//!
//! `tests/fuzz_corpus.rs` includes this file and replays every target's corpus with it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::missing_panics_doc)]

mod answers;
mod files;
mod generate;
mod lines;
mod payloads;
#[path = "../../tests/laws/mod.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod syntax;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use arbitrary::Unstructured;
use cwql::check::to_text;
use cwql::eval::{Row, matches};
use cwql::plan::{Plan, Reason, plan_leaving};
use cwql::sandbox::{Sandbox, User};
use cwql::schema::{Account, Attribute, Custom, CustomKind, IdType, Schema, ServerVersion};
use cwql::{Diagnostics, Filter, Format, Query};
use generate::{VERSIONS, World};
use serde_json::Value;
use serde_json::value::RawValue;

pub use answers::response;
pub use files::configuration as config;
pub use lines::scan;
pub use payloads::decompile;

/// A law for any bytes.
pub type Law = fn(&[u8]);

/// Each target's name and law.
pub const LAWS: &[(&str, Law)] = &[
    ("parse", parse),
    ("print", print),
    ("compile", compile),
    ("plan", plan),
    ("eval", eval),
    ("decompile", decompile),
    ("sandbox_payload", sandbox_payload),
    ("response", response),
    ("account", account),
    ("config", config),
    ("scan", scan),
];

const ACCOUNT: &str = include_str!("account.json");

/// The time of every question.
const NOW: &str = "2026-06-15T12:00:00Z";

fn schema(version: ServerVersion) -> Schema {
    static KNOWN: OnceLock<Account> = OnceLock::new();
    let account = KNOWN.get_or_init(|| Account::from_json(ACCOUNT.as_bytes()).unwrap()).clone();
    Schema { version, account: Some(account), now: Some(NOW.parse().unwrap()), ..Schema::default() }
}

fn sandbox(rows: &[Value], version: ServerVersion) -> Sandbox {
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    Sandbox::new(ACCOUNT, &lines, NOW.parse().unwrap(), version).unwrap()
}

/// Parsing never panics. Spans lie in the text, on borders of characters, those of children in their parents';
/// diagnostics can be drawn.
pub fn parse(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let parsed = cwql::parse(&text);
    syntax::spans_hold(&parsed);
    let problems = parsed.diagnostics();
    let _ = problems.render(Format::Plain, "query");
    let json = problems.render(Format::Json, "query");
    assert!(json.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{json}");
}

/// Formatting a valid text gives one with the same meaning and comments, and formatting that changes nothing.
pub fn print(data: &[u8]) {
    syntax::format_holds(&cwql::parse(&String::from_utf8_lossy(data)));
}

/// Compiling a text twice gives the same; its payloads are accepted by every version of the server, and bring, with
/// the residuals, exactly the conversations that the query means. So does the filter's own text.
pub fn compile(data: &[u8]) {
    static ROWS: OnceLock<Vec<Value>> = OnceLock::new();
    static SANDBOXES: OnceLock<Vec<Sandbox>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        let bytes = some_bytes();
        let mut u = Unstructured::new(&bytes);
        (0..3).flat_map(|_| generate::rows(&mut u, World::default()).unwrap().0).zip(1..).map(numbered).collect()
    });
    let sandboxes = SANDBOXES.get_or_init(|| VERSIONS.iter().map(|version| sandbox(rows, *version)).collect());
    let text = String::from_utf8_lossy(data);
    let unknown = Schema { account: None, ..schema(ServerVersion::LATEST) };
    let _ = same_twice(&text, &unknown);
    // A long query is put to the newest server alone; the fuzzer would stop at it as too slow. A text that cannot be
    // parsed is wrong whatever the version.
    let parsed = cwql::parse(&text);
    let long = parsed.tree().is_some_and(|tree| tree.conditions() > 200);
    let versions = if long || !parsed.is_valid() { 1 } else { VERSIONS.len() };
    for (version, sandbox) in VERSIONS.iter().zip(sandboxes).take(versions) {
        let schema = schema(*version);
        let Ok(query) = same_twice(&text, &schema) else { continue };
        answers(query.filter(), query.plan(), &text, &schema, rows, sandbox);
        told_again(query.filter(), &schema, rows);
    }
}

/// Whether a text is JSON. A number of it may be larger than a `Value` holds: it was so in the data set.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// Bytes that are the same for every input; any do.
fn some_bytes() -> Vec<u8> {
    (0u32..8192).map(|i| (i.wrapping_mul(0x9E37_79B1) >> 13) as u8).collect()
}

fn numbered((mut row, id): (Value, i64)) -> Value {
    row["id"] = id.into();
    row
}

fn same_twice(text: &str, schema: &Schema) -> Result<Query, Diagnostics> {
    let (query, again) = (Query::new(text, schema), Query::new(text, schema));
    match (&query, &again) {
        (Ok(query), Ok(again)) => {
            assert_eq!(query.plan(), again.plan());
            assert_eq!(query.plan().to_json(), again.plan().to_json());
            assert_eq!(query.warnings().render(Format::Json, "q"), again.warnings().render(Format::Json, "q"));
            assert_eq!(query.payload().ok(), cwql::compile(text, schema).ok().as_ref());
            let _ = query.plan().to_tree(&[]);
        }
        (Err(problems), Err(again)) => {
            assert_eq!(problems.render(Format::Json, "q"), again.render(Format::Json, "q"));
            for problem in problems {
                for label in &problem.labels {
                    assert!(text.get(label.span.start as usize..label.span.end as usize).is_some(), "{problem:?}");
                }
            }
        }
        _ => panic!("once a query, once none"),
    }
    query
}

/// The text of a filter means the filter.
fn told_again(filter: &Filter, schema: &Schema, rows: &[Value]) {
    let written = to_text(filter);
    // A filter without a condition has no text.
    if written.contains("# ") && cwql::parse(&written).tree().is_none_or(|tree| tree.conditions() == 0) {
        return;
    }
    let again = match cwql::check(&cwql::parse(&written), schema) {
        Ok(checked) => checked.filter,
        Err(problems) => panic!("{written:?} is no query: {problems}"),
    };
    assert_eq!(meant(filter, schema, rows), meant(&again, schema, rows), "{written}\n{filter:?}\n{again:?}");
}

/// What the reference evaluator finds.
fn meant(filter: &Filter, schema: &Schema, rows: &[Value]) -> BTreeSet<i64> {
    let row = |row| Row::new(row, schema.now());
    rows.iter()
        .filter(|value| matches(filter, &row(value).with_columns(&value["_columns"])))
        .filter_map(|value| value["id"].as_i64())
        .collect()
}

/// What a plan brings from a server; none if the server fails.
fn brought(plan: &Plan, schema: &Schema, rows: &[Value], sandbox: &Sandbox) -> Option<BTreeSet<i64>> {
    let mut found = BTreeSet::new();
    for scan in &plan.scans {
        let body = scan.payload.to_body();
        let answer = sandbox.filter(User::Admin, body.as_bytes(), None);
        if answer.status == 500 {
            return None;
        }
        assert_eq!(answer.status, 200, "{}\n{body}", answer.body);
        found.extend(answer.matches.into_iter().filter(|id| {
            let returned = rows.iter().find(|row| row["id"] == *id).map(|row| {
                let mut shown = row.clone();
                shown.as_object_mut().unwrap().remove("_columns");
                shown
            });
            let residual = scan.residual.as_ref().map(|residual| &residual.filter);
            residual.is_none_or(|residual| matches(residual, &Row::new(&returned.unwrap(), schema.now())))
        }));
    }
    Some(found)
}

/// A plan brings what the reference evaluator finds; its superset payload brings that and perhaps more.
fn answers(filter: &Filter, plan: &Plan, text: &str, schema: &Schema, rows: &[Value], sandbox: &Sandbox) {
    let meant = meant(filter, schema, rows);
    let wide = |plan: &Plan| sandbox.filter(User::Admin, plan.superset().to_body().as_bytes(), None);
    let (mut plan, mut all) = (Cow::Borrowed(plan), wide(plan));
    let found = brought(&plan, schema, rows, sandbox).filter(|_| all.status == 200).unwrap_or_else(|| {
        // A stored value may break the server's casts, in the superset those too that a scan comes not to; then the
        // client does them.
        let cast = |condition: &cwql::check::Condition| {
            let casts = matches!(
                &condition.attribute,
                Attribute::Custom(Custom { kind: CustomKind::Number | CustomKind::Date | CustomKind::Checkbox, .. })
            );
            casts.then_some(Reason::BadStoredValue)
        };
        plan = Cow::Owned(plan_leaving(filter, text, schema, &cast).expect("a plan with less in it"));
        all = wide(&plan);
        brought(&plan, schema, rows, sandbox).unwrap_or_else(|| panic!("500 for {text}\n{}", plan.to_tree(&[])))
    });
    assert_eq!(found, meant, "{text}\nfor {}\n{}", schema.version, plan.to_tree(&[]));
    assert!(!plan.is_never() || meant.is_empty(), "{text}");
    assert_eq!(all.status, 200, "{text}\n{}\n{}", plan.superset().to_json(), all.body);
    assert!(meant.iter().all(|id| all.matches.contains(id)), "{text}\n{}", plan.superset().to_json());
}

fn zone(u: &mut Unstructured<'_>) -> arbitrary::Result<jiff::tz::TimeZone> {
    Ok(match u.int_in_range(0..=7)? {
        0 => jiff::tz::TimeZone::fixed(jiff::tz::offset(2)),
        1 => jiff::tz::TimeZone::fixed(jiff::tz::offset(-11)),
        2 => jiff::tz::TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap(),
        _ => jiff::tz::TimeZone::UTC,
    })
}

/// For any query over any rows, what its plan brings is what the reference evaluator finds.
pub fn plan(data: &[u8]) {
    let _ = try_plan(&mut Unstructured::new(data));
}

fn try_plan(u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let schema = Schema {
        zone: zone(u)?,
        rolling: u.ratio(1, 4)?,
        max_conditions: *u.choose(&[500, 500, 20, 5, 3, 2, 1, 0])?,
        ..schema(*u.choose(VERSIONS)?)
    };
    let world = World::of(u)?;
    let text = generate::query(u, world)?;
    let (rows, sound) = generate::rows(u, world)?;
    let query = match Query::new(&text, &schema) {
        Ok(query) => query,
        Err(problems) => {
            // What the generator writes is well formed; the rest is a matter of versions and kinds.
            assert!(cwql::parse(&text).is_valid(), "{problems}");
            return Ok(());
        }
    };
    let sandbox = sandbox(&rows, schema.version);
    if sound {
        assert!(
            brought(query.plan(), &schema, &rows, &sandbox).is_some(),
            "500 for {text}\n{}",
            query.plan().to_tree(&[])
        );
        let wide = sandbox.filter(User::Admin, query.plan().superset().to_body().as_bytes(), None);
        assert_eq!(wide.status, 200, "{text}\n{}", query.plan().superset().to_json());
    }
    answers(query.filter(), query.plan(), &text, &schema, &rows, &sandbox);
    Ok(())
}

/// Evaluating any filter of the first line on the JSON values behind it never panics; a negation's negation normal
/// form means what the negation means, and what is left to the client whole means what it meant.
pub fn eval(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (query, rows) = text.split_once('\n').unwrap_or((&text, "{}"));
    let rows: Vec<Value> = serde_json::Deserializer::from_str(rows).into_iter().map_while(Result::ok).collect();
    for schema in [schema(ServerVersion::LATEST), Schema { account: None, ..schema(ServerVersion::LATEST) }] {
        let Ok(checked) = cwql::check(&cwql::parse(query), &schema) else { continue };
        let not = Filter::Not(Box::new(checked.filter.clone()));
        let normal = not.negation_normal();
        for value in &rows {
            let row = Row::new(value, schema.now());
            let _ = matches(&checked.filter, &row);
            let _ = matches(&checked.filter, &row.with_columns(value));
            assert_eq!(matches(&not, &row), matches(&normal, &row), "{query}");
        }
    }
}

/// Whatever the body, the server answers with a documented status and JSON, and twice the same; the client reads what
/// it answers, and what it answers is read back to a query that means it. The first byte says which version answers,
/// and whom.
pub fn sandbox_payload(data: &[u8]) {
    static ROWS: OnceLock<Vec<Value>> = OnceLock::new();
    static SANDBOXES: OnceLock<Vec<Sandbox>> = OnceLock::new();
    let Some((&choice, body)) = data.split_first() else { return };
    let rows = ROWS.get_or_init(|| {
        let bytes = some_bytes();
        let mut u = Unstructured::new(&bytes);
        let rows = (0..3).flat_map(|_| generate::sound_rows(&mut u, World::default()).unwrap());
        rows.zip(1..).map(numbered).collect()
    });
    let sandboxes = SANDBOXES.get_or_init(|| VERSIONS.iter().map(|version| sandbox(rows, *version)).collect());
    let sandbox = &sandboxes[usize::from(choice >> 1) % sandboxes.len()];
    let user = if choice & 1 == 0 { User::Admin } else { User::Agent };
    let answer = sandbox.filter(user, body, None);
    assert!(matches!(answer.status, 200 | 400 | 422 | 500), "{}", answer.status);
    assert!(is_json(&answer.body), "{}", answer.body);
    assert!(answer.status == 200 || answer.matches.is_empty());
    assert_eq!(answer, sandbox.filter(user, body, None));
    if answer.status == 200 {
        let page = cwql::answer::Page::read(answer.body.as_bytes()).unwrap();
        let ids: Vec<i64> = page.conversations.iter().map(cwql::answer::Conversation::id).collect();
        assert!(answer.matches.starts_with(&ids), "{ids:?} {:?}", answer.matches);
        assert_eq!(page.counts.unwrap().all, answer.matches.len() as u64);
    }
    if let (User::Admin, Ok(body)) = (user, std::str::from_utf8(body)) {
        payloads::read_back(body, &schema(sandbox.version()), rows, sandbox);
    }
}

/// Any bytes are an account's file, or an error: for names, for the names that the program keeps, and for a server with
/// the conversations that stand behind the first empty line.
pub fn account(data: &[u8]) {
    files::kept_names(data);
    let text = String::from_utf8_lossy(data);
    let (file, conversations) = text.split_once("\n\n").unwrap_or((&text, ""));
    files::kept_names(file.as_bytes());
    if let Ok(account) = Account::from_json(file.as_bytes()) {
        let names: Vec<String> = [IdType::Agent, IdType::Inbox, IdType::Team]
            .into_iter()
            .flat_map(|kind| account.names(kind).into_iter().map(move |(id, name)| (kind, id, name)))
            .map(|(kind, id, name)| {
                assert!(account.find(kind, name).iter().any(|(found, _)| *found == id), "{name:?}");
                assert!(account.name_of(kind, id).is_some());
                let attribute = match kind {
                    IdType::Agent => "assignee",
                    IdType::Inbox => "inbox",
                    _ => "team",
                };
                format!("{attribute} = {}", cwql::syntax::quote(name))
            })
            .collect();
        let keys = account.definitions().iter().map(|definition| definition.key.replace('`', "``"));
        let keys: Vec<String> = keys.map(|key| format!("custom.`{key}` = 5 OR tier = x")).collect();
        let schema = Schema { account: Some(account), now: Some(NOW.parse().unwrap()), ..Schema::default() };
        for text in names.iter().chain(&keys).take(20) {
            let _ = Query::new(text, &schema).map_err(|problems| problems.render(Format::Plain, "query"));
        }
    }
    if let Ok(sandbox) = Sandbox::new(file, conversations, NOW.parse().unwrap(), ServerVersion::LATEST) {
        let none: &[(&str, &str)] = &[];
        let all = [("status", "all"), ("page", "1")];
        for user in [User::Admin, User::Agent] {
            let every = sandbox.filter(user, br#"{"payload":[]}"#, None);
            for answer in [every, sandbox.list(user, none), sandbox.list(user, &all), sandbox.meta(user, &all)] {
                assert!(matches!(answer.status, 200 | 404 | 422 | 500), "{}", answer.status);
                assert!(is_json(&answer.body), "{}", answer.body);
            }
        }
    }
}
