//! The sandbox answers every recorded request as the real server did, and further ones as an independent implementation.
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
#![cfg(feature = "sandbox")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use cwql::sandbox::{Answer, Comparison, DaysBefore, Quirks, Sandbox, User};
use cwql::schema::ServerVersion;
use serde::Deserialize;
use serde_json::Value;

/// Vectors of old versions that are out of reach: a comparison with a word that PostgreSQL replaces by
/// its own clock, which ran on while the recorded server's clock stood still.
const DATABASE_CLOCK: &[(&str, &str)] = &[
    ("custom/due_date/0202", "is_greater_than today"),
    ("custom/due_date/0281", "is_less_than today"),
    ("std/last_activity_at/0133", "is_less_than now"),
];

fn sandbox(version: &str) -> Sandbox {
    support::sandbox(version.parse().unwrap())
}

fn rows() -> BTreeMap<i64, Value> {
    support::lines("dataset.ndjson").into_iter().map(|row| (row["id"].as_i64().unwrap(), row)).collect()
}

fn ask(sandbox: &Sandbox, vector: &Value) -> Answer {
    let user = if vector["user"] == "agent" { User::Agent } else { User::Admin };
    match vector["op"].as_str().unwrap() {
        "filter" => {
            let body = match vector.get("raw_body") {
                Some(raw) => raw.as_str().unwrap().to_owned(),
                None => serde_json::json!({ "payload": vector["payload"] }).to_string(),
            };
            let page = vector.get("page").filter(|page| !page.is_null()).map(|page| match page {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            sandbox.filter(user, body.as_bytes(), page.as_deref())
        }
        op => {
            let mut pairs = Vec::new();
            for (key, value) in vector["query"].as_object().unwrap() {
                match value {
                    Value::Array(values) => {
                        pairs.extend(values.iter().map(|v| (format!("{key}[]"), v.as_str().unwrap().to_owned())));
                    }
                    value => pairs.push((key.clone(), value.as_str().unwrap().to_owned())),
                }
            }
            if op == "list" { sandbox.list(user, &pairs) } else { sandbox.meta(user, &pairs) }
        }
    }
}

/// The parts of an answer that are compared; how a conversation is shown is tested over HTTP.
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    meta: Value,
    #[serde(default)]
    payload: Vec<Shown>,
    #[serde(default)]
    data: Option<Found>,
}

#[derive(Deserialize)]
struct Found {
    meta: Value,
    payload: Vec<Shown>,
}

#[derive(Deserialize)]
struct Shown {
    id: i64,
}

/// What differs between an answer and the recorded one.
fn difference(vector: &Value, expect: &Value, answer: &Answer, rows: &BTreeMap<i64, Value>) -> Option<String> {
    let body: Body = serde_json::from_str(&answer.body).unwrap();
    if Some(u64::from(answer.status)) != expect["http"].as_u64() {
        return Some(format!("status {} instead of {}", answer.status, expect["http"]));
    }
    if let Some(message) = expect.get("message") {
        return (body.error.as_deref() != message.as_str()).then(|| format!("message {:?}", body.error));
    }
    if let Some(matches) = expect.get("matches") {
        let expected = support::ids(matches.as_str().unwrap());
        let got: BTreeSet<i64> = answer.matches.iter().copied().collect();
        if got != expected {
            let missing: Vec<_> = expected.difference(&got).take(8).collect();
            let extra: Vec<_> = got.difference(&expected).take(8).collect();
            return Some(format!(
                "matches: {} missing {missing:?}, {} extra {extra:?}",
                expected.difference(&got).count(),
                got.difference(&expected).count()
            ));
        }
    }
    if expect.get("crc").is_some()
        && support::are_recorded(&answer.matches.iter().copied().collect(), expect) != Some(true)
    {
        return Some(format!("matches: {} other ones than recorded, {}", answer.matches.len(), expect["meta"]));
    }
    // Recordings of older versions do not say where rows of equal key may swap.
    let edge_tie = expect.get("edge_tie").is_some() || *expect != vector["expect"];
    let data = body.data.unwrap_or(Found { meta: body.meta, payload: body.payload });
    if let Some(meta) = expect.get("meta")
        && data.meta != *meta
    {
        return Some(format!("meta {} instead of {meta}", data.meta));
    }
    let expected: Vec<i64> = match expect.get("page_ids") {
        Some(ids) => ids.as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect(),
        None => return None,
    };
    let got: Vec<i64> = data.payload.iter().map(|shown| shown.id).collect();
    let tied = expect.get("order_tie").is_some() || edge_tie;
    let same = if tied {
        // Rows of equal key may swap, so the keys in order are what is defined; at the edge of a page
        // even the set of rows is not.
        let by = vector["query"]["sort_by"].as_str().unwrap_or("");
        let keys = |ids: &[i64]| ids.iter().map(|id| sort_key(by, &rows[id])).collect::<Vec<_>>();
        let sorted = |ids: &[i64]| ids.iter().copied().collect::<BTreeSet<_>>();
        keys(&got) == keys(&expected) && (edge_tie || sorted(&got) == sorted(&expected))
    } else {
        got == expected
    };
    (!same).then(|| format!("page {got:?} instead of {expected:?}"))
}

/// The columns a list is sorted by.
fn sort_key(by: &str, row: &Value) -> Vec<Value> {
    let columns: &[&str] = match by {
        "created_at_asc" | "created_at_desc" | "sort_on_created_at" => &["created_at"],
        "priority_asc" | "priority_desc" | "sort_on_priority" => &["priority", "last_activity_at"],
        "priority_desc_created_at_asc" => &["priority", "created_at"],
        "waiting_since_asc" | "waiting_since_desc" | "sort_on_waiting_since" => &["waiting_since", "created_at"],
        "unread" => &["unread_count", "last_activity_at"],
        _ => &["last_activity_at"],
    };
    columns.iter().map(|column| row[*column].clone()).collect()
}

/// Asks every vector and fails with those that differ. Returns how many were compared.
fn compare<'a>(sandbox: &Sandbox, cases: impl Iterator<Item = (&'a Value, &'a Value)>) -> usize {
    let rows = rows();
    let mut compared = 0;
    let mut different = Vec::new();
    for (vector, expect) in cases {
        let id = vector["id"].as_str().unwrap();
        compared += 1;
        if let Some(difference) = difference(vector, expect, &ask(sandbox, vector), &rows) {
            let mut request = vector.clone();
            request
                .as_object_mut()
                .unwrap()
                .retain(|key, _| ["payload", "query", "page", "raw_body", "user"].contains(&key.as_str()));
            different.push(format!("{id}: {difference}\n    {request}"));
        }
    }
    assert!(different.is_empty(), "{} of {compared} differ:\n{}", different.len(), different.join("\n"));
    compared
}

/// The answer depends on the PostgreSQL version, and the sandbox is one of them.
fn depends_on_postgresql(vector: &Value) -> bool {
    vector.get("env_dependent").is_some()
}

#[test]
fn every_vector_answers_as_recorded() {
    let vectors = support::lines("vectors.ndjson");
    let cases = vectors.iter().filter(|v| !depends_on_postgresql(v)).map(|v| (v, &v["expect"]));
    let compared = compare(&sandbox("4.15.1"), cases);
    assert!(compared >= 6_039, "only {compared} compared");
}

#[test]
fn days_before_works_where_its_bug_is_mended() {
    let quirks = Quirks { days_before: DaysBefore::WorksChecked, ..Quirks::of(ServerVersion::LATEST) };
    assert_eq!(quirks.comparison, Comparison::Checked);
    let vectors = support::lines("vectors.ndjson");
    let cases = vectors.iter().filter_map(|v| Some((v, v.get("expect_days_before_works")?)));
    let compared = compare(&sandbox("4.15.1").with_quirks(quirks), cases);
    assert_eq!(compared, 335);
}

fn version_answers_as_recorded(version: &str) {
    let vectors = support::lines("vectors.ndjson");
    let changes = support::lines("versions.ndjson");
    let changed: BTreeMap<&str, &Value> = changes
        .iter()
        .filter(|change| change["version"] == version)
        .map(|change| (change["id"].as_str().unwrap(), &change["expect"]))
        .collect();
    // The `long` vectors were not replayed on old versions, and those with `contact_id` need 4.14.2.
    let not_replayed = |v: &Value| {
        v["category"].as_str().unwrap().starts_with("long/") && v["payload"].to_string().contains("\"contact_id\"")
    };
    let cases = vectors
        .iter()
        .filter(|v| v["op"] == "filter" && !depends_on_postgresql(v) && !not_replayed(v))
        .filter(|v| !DATABASE_CLOCK.iter().any(|(id, _)| v["id"] == *id))
        .map(|v| (v, *changed.get(v["id"].as_str().unwrap()).unwrap_or(&&v["expect"])));
    let compared = compare(&sandbox(version), cases);
    assert!(compared >= 5_519, "only {compared} compared");
}

#[test]
fn version_4_3_0_answers_as_recorded() {
    version_answers_as_recorded("4.3.0");
}

#[test]
fn version_4_9_2_answers_as_recorded() {
    version_answers_as_recorded("4.9.2");
}

#[test]
fn version_4_11_1_answers_as_recorded() {
    version_answers_as_recorded("4.11.1");
}

/// Holds the sandbox against [`support::implementation`]; returns how many filters, lists and counts were compared, and
/// how many of the filters found something.
fn implementation_answers_the_same(version: &str) -> [usize; 4] {
    let requests = support::implementation(version);
    let asked = requests.iter().filter(|request| request.get("beyond_latin_1").is_none());
    let compared = compare(&sandbox(version), asked.clone().map(|request| (request, &request["expect"])));
    let count = |op: &str| asked.clone().filter(|request| request["op"] == op).count();
    let counts = ["filter", "list", "meta"].map(count);
    assert_eq!(counts.iter().sum::<usize>(), compared);
    let finds = |request: &&Value| request["expect"]["meta"]["all_count"].as_u64().is_some_and(|found| found > 0);
    let [filters, lists, metas] = counts;
    [filters, lists, metas, asked.filter(|request| request["op"] == "filter").filter(finds).count()]
}

#[test]
fn an_independent_implementation_of_4_15_1_answers_the_same() {
    assert_eq!(implementation_answers_the_same("4.15.1"), [2_600, 829, 671, 1_109]);
}

#[test]
fn an_independent_implementation_of_4_11_1_answers_the_same() {
    assert_eq!(implementation_answers_the_same("4.11.1"), [1_750, 0, 0, 726]);
}

#[test]
fn an_independent_implementation_of_4_9_2_answers_the_same() {
    assert_eq!(implementation_answers_the_same("4.9.2"), [1_647, 0, 0, 676]);
}

/// What is marked as different is: otherwise the mark is to go.
#[test]
fn letters_beyond_latin_1_are_compared_in_another_order() {
    let (sandbox, rows) = (sandbox("4.9.2"), rows());
    let requests = support::implementation("4.9.2");
    let marked: Vec<&Value> = requests.iter().filter(|request| request.get("beyond_latin_1").is_some()).collect();
    assert_eq!(marked.len(), 3);
    for request in marked {
        assert!(difference(request, &request["expect"], &ask(&sandbox, request), &rows).is_some(), "{request}");
    }
}

#[test]
fn a_value_that_cannot_be_cast_fails_the_request_only_if_it_is_reached() {
    let sandbox = sandbox("4.15.1");
    let open = serde_json::json!({ "attribute_key": "status", "filter_operator": "equal_to", "values": ["open"] });
    // Conversation 1 has a good `dirty_number`; others have bad ones.
    let first = serde_json::json!({ "attribute_key": "display_id", "filter_operator": "equal_to", "values": [1] });
    let dirty = serde_json::json!({ "attribute_key": "dirty_number", "filter_operator": "is_present", "values": [] });
    let status = |conditions: &[(&Value, &str)]| {
        let mut payload = Vec::new();
        for (condition, operator) in conditions {
            let mut condition = (*condition).clone();
            condition["query_operator"] = (*operator).into();
            payload.push(condition);
        }
        let body = serde_json::json!({ "payload": payload }).to_string();
        sandbox.filter(User::Admin, body.as_bytes(), None).status
    };
    assert_eq!(status(&[(&dirty, "")]), 500);
    assert_eq!(status(&[(&first, "AND"), (&dirty, "")]), 200);
    assert_eq!(status(&[(&dirty, "AND"), (&first, "")]), 200, "a pure AND tries the cheaper condition first");
    assert_eq!(status(&[(&first, "OR"), (&dirty, "")]), 500);
    assert_eq!(status(&[(&first, "AND"), (&dirty, "OR"), (&open, "")]), 200);
    assert_eq!(status(&[(&dirty, "AND"), (&first, "OR"), (&open, "")]), 500, "an OR keeps the written order");
    assert_eq!(status(&[(&dirty, "AND"), (&first, "OR"), (&first, "")]), 200, "what is common is taken out of an OR");
}

/// What no vector asks, as Ruby 3.1 and PostgreSQL 15 answer it: version, the members of a condition, and the status and
/// the number of conversations.
const BEYOND_THE_VECTORS: &[(&str, &str, u16, usize)] = &[
    // One `_` may end a whole number.
    ("4.15.1", r#""order_count","filter_operator":"is_greater_than","values":["1_"]"#, 200, 344),
    // Ruby reads numbers of any length, and PostgreSQL does not take them.
    ("4.15.1", r#""order_count","filter_operator":"is_greater_than","values":["1e131072"]"#, 500, 0),
    ("4.15.1", r#""order_count","filter_operator":"is_less_than","values":["1e99999999999999999999"]"#, 200, 459),
    ("4.15.1", r#""order_count","filter_operator":"equal_to","values":[1e400]"#, 200, 0),
    // A column of whole numbers takes true for 1, a fraction for its whole part, a text for the number it begins with.
    (
        "4.15.1",
        r#""shared_key","filter_operator":"is_greater_than","values":["7"],"custom_attribute_type":true"#,
        500,
        0,
    ),
    (
        "4.15.1",
        r#""order_count","filter_operator":"is_greater_than","values":[3],"custom_attribute_type":0.5"#,
        200,
        306,
    ),
    (
        "4.15.1",
        r#""order_count","filter_operator":"is_greater_than","values":[3],"custom_attribute_type":" 0x""#,
        200,
        306,
    ),
    (
        "4.15.1",
        r#""order_count","filter_operator":"is_greater_than","values":[3],"custom_attribute_type":"x0""#,
        422,
        0,
    ),
    // An object has no first value, whatever its members are called.
    ("4.15.1", r#""due_date","filter_operator":"is_greater_than","values":{"0":"2026-06-15"}"#, 422, 0),
    ("4.11.1", r#""due_date","filter_operator":"is_greater_than","values":{"0":"2026-06-15"}"#, 500, 0),
    // A zone may say itself what it is, and a time end with its colon.
    ("4.15.1", r#""due_date","filter_operator":"equal_to","values":["2026-06-15 10:00 UTC+3"]"#, 200, 125),
    ("4.15.1", r#""due_date","filter_operator":"equal_to","values":["2026-06-15 10:"]"#, 200, 125),
    ("4.15.1", r#""due_date","filter_operator":"equal_to","values":["2026-06-15 10:00 UTC+0300"]"#, 500, 0),
    ("4.11.1", r#""created_at","filter_operator":"is_greater_than","values":["2026-06-01 10:00 GMT+2"]"#, 200, 31),
    // Any number of days is a date to Ruby; who refuses it, and whether, is for what comes after.
    ("4.11.1", r#""nope","filter_operator":"days_before","values":[9223372036854775808]"#, 422, 0),
    ("4.11.1", r#""due_date","filter_operator":"days_before","values":[9223372036854775808]"#, 500, 0),
    ("4.11.1", r#""due_date","filter_operator":"days_before","values":["-9223372036854775808"]"#, 500, 0),
    // What is neither letter, digit nor currency only breaks ties.
    ("4.11.1", r#""order_note","filter_operator":"is_greater_than","values":["🎉"]"#, 200, 419),
    ("4.11.1", r#""order_note","filter_operator":"is_less_than","values":["\u3000aXb"]"#, 200, 187),
    ("4.11.1", r#""plan_type","filter_operator":"is_greater_than","values":["\u00a0free"]"#, 200, 247),
    ("4.11.1", r#""order_note","filter_operator":"is_less_than","values":["€"]"#, 200, 32),
    ("4.11.1", r#""order_note","filter_operator":"is_greater_than","values":["plæ"]"#, 200, 95),
];

#[test]
fn what_no_vector_asks_is_answered_by_the_same_rules() {
    for (version, condition, status, found) in BEYOND_THE_VECTORS {
        let body = format!(r#"{{"payload":[{{"attribute_key":{condition}}}]}}"#);
        let answer = sandbox(version).filter(User::Admin, body.as_bytes(), None);
        assert_eq!((answer.status, answer.matches.len()), (*status, *found), "{version}: {condition}");
    }
}

#[test]
fn what_no_vector_asks_of_the_list_is_answered_by_the_same_rules() {
    let sandbox = sandbox("4.15.1");
    let found = |query: &[(&str, &str)]| {
        let answer = sandbox.meta(User::Admin, query);
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        (answer.status, body["meta"]["all_count"].as_u64())
    };
    // Ruby strips ASCII white space only.
    assert_eq!(found(&[("labels", "bug\u{a0}")]), (200, Some(0)));
    assert_eq!(found(&[("labels", "\tbug\0")]), found(&[("labels", "bug")]));
    // Several teams are any of them, and each must be one.
    let [sales, tier_2] = ["3", "8"].map(|team| found(&[("team_id", team)]).1.unwrap());
    assert_eq!(found(&[("team_id[]", "3"), ("team_id[]", "8")]), (200, Some(sales + tier_2)));
    assert_eq!(found(&[("team_id[]", "3"), ("team_id[]", "77")]).0, 404);
}

/// A key that the service shares with messages: all its values count, in lower case.
#[test]
fn a_custom_attribute_named_content_is_compared_in_lower_case() {
    let account = r#"{"users": {"admin": {"id": 1}, "agent": {"id": 2}}, "custom_attribute_definitions": [{
        "attribute_key": "content", "attribute_model": "conversation_attribute", "attribute_display_type": "text"}]}"#;
    let rows = r#"{"id": 1, "custom_attributes": {"content": "Hello"}}"#;
    let sandbox = Sandbox::new(account, rows, support::NOW.parse().unwrap(), ServerVersion::LATEST).unwrap();
    let body = r#"{"payload":[{"attribute_key":"content","filter_operator":"equal_to","values":["x","HELLO"]}]}"#;
    assert_eq!(sandbox.filter(User::Admin, body.as_bytes(), None).matches, [1]);
}

#[test]
fn a_condition_that_is_a_text_has_the_members_it_names() {
    let sandbox = sandbox("4.15.1");
    for (payload, status) in [(r#"["query_operator"]"#, 422), (r#"["attribute_key"]"#, 500), ("[5]", 500)] {
        let body = format!(r#"{{"payload":{payload}}}"#);
        assert_eq!(sandbox.filter(User::Admin, body.as_bytes(), None).status, status, "{payload}");
    }
}

#[test]
fn a_page_that_is_no_number_is_the_first() {
    let sandbox = sandbox("4.15.1");
    let first = sandbox.filter(User::Admin, br#"{"payload":[]}"#, None);
    for page in ["true", "[2]", r#"{"a":2}"#, "null", r#""x""#, "0.9"] {
        let body = format!(r#"{{"payload":[],"page":{page}}}"#);
        assert_eq!(sandbox.filter(User::Admin, body.as_bytes(), None), first, "{page}");
    }
    assert_eq!(sandbox.filter(User::Admin, br#"{"payload":[],"page":1e400}"#, None).status, 500);
}

#[test]
fn counts_alone_look_at_no_page_unless_it_is_a_search() {
    let sandbox = sandbox("4.15.1");
    let far = ("page", "99999999999999999999");
    assert_eq!(sandbox.list(User::Admin, &[far]).status, 500);
    assert_eq!(sandbox.meta(User::Admin, &[("q", "e"), far]).status, 500);
    assert_eq!(sandbox.meta(User::Admin, &[far]).body, sandbox.meta(User::Admin, &[("status", "open")]).body);
    assert_eq!(sandbox.list(User::Admin, &[("updated_within", "60"), far]).status, 200);
}
