//! What a query holds for: single conversations, with values as they are stored, and the reference evaluator's answer.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests may fail"))]

use cwql::schema::{Account, Schema};
use cwql::{Filter, check, eval, parse};
use serde_json::{Value, json};

fn schema() -> Schema {
    let custom = |key: &str, kind: &str| json!({"attribute_key": key, "attribute_display_type": kind, "attribute_model": "conversation_attribute"});
    let account = json!({"custom_attribute_definitions": [custom("due", "date"), custom("size", "number")]});
    Schema {
        account: Some(Account::from_json(account.to_string().as_bytes()).unwrap()),
        now: Some("2026-06-15T12:00:00Z".parse().unwrap()),
        ..Schema::default()
    }
}

#[track_caller]
fn holds(query: &str, conversation: &Value) -> bool {
    let schema = schema();
    let checked = check(&parse(query), &schema).unwrap();
    eval::matches(&checked.filter, &eval::Row::new(conversation, schema.now()))
}

/// Conditions that are joined hold as a truth table has it, however deep the NOT stands.
#[test]
fn not_turns_a_group_round() {
    for (status, priority) in [("open", "high"), ("open", "low"), ("pending", "high"), ("pending", "low")] {
        let (a, b) = (status == "open", priority == "high");
        let row = json!({"id": 1, "status": status, "priority": priority});
        for (query, expected) in [
            ("status = open AND priority = high", a && b),
            ("status = open OR priority = high", a || b),
            ("NOT (status = open AND priority = high)", !(a && b)),
            ("NOT (status = open OR priority = high)", !(a || b)),
            ("NOT NOT (status = open AND priority = high)", a && b),
            ("NOT (NOT status = open AND priority = high)", a || !b),
            ("NOT (NOT (status = open OR id = 2) OR NOT priority = high)", a && b),
        ] {
            assert_eq!(holds(query, &row), expected, "{query}: {row}");
            // A filter need not come from a query.
            let schema = schema();
            let negated = Filter::Not(Box::new(check(&parse(query), &schema).unwrap().filter));
            assert_eq!(eval::matches(&negated, &eval::Row::new(&row, schema.now())), !expected, "NOT {query}: {row}");
        }
    }
}

/// A pattern is compared with all the digits of a number.
#[test]
fn numbers_are_like_patterns() {
    let row = json!({"id": 1207});
    for (pattern, expected) in [("12%", true), ("1_07", true), ("%20%", true), ("2%", false), ("12_", false)] {
        assert_eq!(holds(&format!("id LIKE \"{pattern}\""), &row), expected, "{pattern}");
        assert_eq!(holds(&format!("id NOT LIKE \"{pattern}\""), &row), !expected, "{pattern}");
    }
}

/// A date is stored as a text, which PostgreSQL reads in many ways; one that it cannot read equals no day.
#[test]
fn stored_dates_are_those_that_the_server_reads() {
    for text in [
        "2026-06-05",
        "Jun 5 26",
        "J2461197",
        "J2461197.5",
        "2026-06-05 10:11.5",
        "2026-06-05 59:11.5",
        "20260605 101112-08",
        "2026-06-05 10:00 UTC",
    ] {
        let row = json!({"id": 1, "custom_attributes": {"due": text}});
        assert!(holds("custom.due = 2026-06-05", &row), "{text}");
        assert!(!holds("custom.due != 2026-06-05", &row), "{text}");
    }
    for text in [
        "soon",
        "2026-04-31",
        "2026-06-31",
        "2026-09-31",
        "2026-11-31",
        "2026-02-29",
        "06-2026-05",
        "jun-jun-2026",
        "J 2026-06-05",
        "June 5-jun-2026",
        "2026-06-05 61:11.5",
        "20260605 101112-08 10:00",
        "2026-06-05 10:00 UTC UTC",
    ] {
        let row = json!({"id": 1, "custom_attributes": {"due": text}});
        for query in ["custom.due > 1970-01-01", "custom.due < 2099-12-31", "custom.due IS MISSING"] {
            assert!(!holds(query, &row), "{query}: {text}");
        }
        assert!(holds("custom.due != 2026-06-05", &row), "{text}");
    }
    assert!(holds("custom.due = 2026-09-05", &json!({"id": 1, "custom_attributes": {"due": "Sept 5, 2026"}})));
    // The day of the question; a time of its own is one too many.
    assert!(holds("custom.due = 2026-06-15", &json!({"id": 1, "custom_attributes": {"due": "now"}})));
    assert!(!holds("custom.due > 1970-01-01", &json!({"id": 1, "custom_attributes": {"due": "now 10:00"}})));
    for day in ["2026-04-30", "2026-12-31", "2024-02-29"] {
        let row = json!({"id": 1, "custom_attributes": {"due": day}});
        assert!(holds(&format!("custom.due = {day}"), &row), "{day}");
    }
}

#[test]
fn what_is_stored_as_null_is_missing() {
    for stored in [json!({"due": null, "size": null}), json!({}), Value::Null] {
        let row = json!({"id": 1, "custom_attributes": stored, "additional_attributes": {"browser": {"name": null}}});
        for query in ["custom.due", "custom.size", "additional.browser.name"] {
            assert!(holds(&format!("{query} IS MISSING"), &row), "{query}: {row}");
            assert!(!holds(&format!("{query} IS PRESENT"), &row), "{query}: {row}");
        }
    }
    // The API says with 0 that nobody waits.
    assert!(holds("waiting_since IS MISSING", &json!({"id": 1, "waiting_since": 0})));
    assert!(holds("created_at < 1970-01-02", &json!({"id": 1, "created_at": 0})));
    let row = json!({"id": 1, "additional_attributes": {"browser": {"name": "Firefox"}}});
    assert!(holds("additional.browser.name = Firefox", &row));
}

/// Both ways, in the case that the attribute has; what is missing begins with nothing, and does not begin otherwise.
#[test]
fn a_text_starts_with_a_text_or_not() {
    let row = json!({"id": 1, "additional_attributes": {"referer": "https://Shop.example/cart"},
        "meta": {"sender": {"name": "Ada Lovelace"}}});
    for (attribute, start, is_start) in [
        ("referer", "https://Shop", true),
        ("referer", "https://shop", false),
        ("referer", "Shop", false),
        ("contact.name", "ADA", true),
        ("contact.name", "Lovelace", false),
    ] {
        let start = format!("\"{start}\"");
        assert_eq!(holds(&format!("{attribute} STARTS WITH {start}"), &row), is_start, "{attribute} {start}");
        for query in [format!("{attribute} NOT STARTS WITH {start}"), format!("NOT {attribute} STARTS WITH {start}")] {
            assert_eq!(holds(&query, &row), !is_start, "{query}");
            assert!(!holds(&query, &json!({"id": 1})), "{query}");
        }
    }
}

/// The server's own attributes are compared as they are written and searched in any case; what only the client sees of
/// the additional ones is always looked at as it is written (the language, "Attributes only the client can see").
#[test]
fn containing_looks_at_the_case_of_additional_attributes_that_the_server_does_not_know() {
    let row = json!({"id": 1, "additional_attributes": {"referer": "Shop", "plan": "Gold Plus"},
        "meta": {"sender": {"name": "Ada", "custom_attributes": {"plan": "Gold"}}}});
    for (query, expected) in [
        ("additional.plan CONTAINS Gold", true),
        ("additional.plan CONTAINS gold", false),
        ("additional.plan CONTAINS Gold AND additional.plan NOT CONTAINS gold", true),
        ("additional.plan NOT CONTAINS Gold", false),
        ("additional.plan = \"gold plus\"", false),
        ("additional.referer CONTAINS shop", true),
        ("contact.custom.plan CONTAINS gOLD", true),
        ("contact.name CONTAINS ADA", true),
    ] {
        assert_eq!(holds(query, &row), expected, "{query}");
    }
}

/// `now` is the time of the question, at noon; months are those of the calendar.
#[test]
fn moments_count_from_now() {
    for (moment, hours) in [
        ("now-2w", -14 * 24),
        ("now-3d", -3 * 24),
        ("now-5h", -5),
        ("now-120m", -2),
        ("now-7200s", -2),
        ("now+1w", 7 * 24),
        ("now-1mo", -31 * 24),
        ("now+2mo", 61 * 24),
        ("now-1y", -365 * 24),
    ] {
        let stored = schema().now().as_second() + hours * 3600;
        assert!(holds(&format!("created_at = {moment}"), &json!({"id": 1, "created_at": stored})), "{moment}");
    }
}

/// A whole second is the beginning of what is stored.
#[test]
fn a_moment_equals_what_is_stored_in_its_second() {
    let row = |at: Value| json!({"id": 1, "created_at": at});
    let query = "created_at = 2026-06-15T12:00:00Z";
    assert!(holds(query, &row(json!(1_781_524_800))));
    assert!(!holds(query, &row(json!(1_781_524_801))));
    assert!(!holds("created_at != 2026-06-15T12:00:00Z", &row(json!(1_781_524_800))));
    assert!(holds(query, &row(json!(1_781_524_800.5))));
    let half = "created_at = 2026-06-15T12:00:00.5Z";
    assert!(holds(half, &row(json!(1_781_524_800.5))));
    assert!(!holds(half, &row(json!(1_781_524_800))));
    for same in ["2026-06-15T14:00:00+02:00", "2026-06-15T07:00:00-05:00", "2026-06-15T12:00:00z"] {
        assert!(holds(&format!("created_at = {same}"), &row(json!(1_781_524_800))), "{same}");
    }
    assert!(holds("created_at IN (2026-06-14, 2026-06-15T12:00:00Z)", &row(json!(1_781_524_800))));
}
