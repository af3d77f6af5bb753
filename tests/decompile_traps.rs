//! What `decompile` writes, and what it warns of and where: no server is asked here.

#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, clippy::indexing_slicing, reason = "tests may fail")]

use cwql::schema::{Account, Schema};
use cwql::{Code, Diagnostics, Severity, decompile, parse};
use proptest::prelude::*;

fn schema() -> Schema {
    let account = br#"{"custom_attribute_definitions": [
        {"attribute_key": "plan", "attribute_model": "conversation_attribute", "attribute_display_type": "list"},
        {"attribute_key": "note", "attribute_model": "conversation_attribute", "attribute_display_type": "text"},
        {"attribute_key": "count", "attribute_model": "conversation_attribute", "attribute_display_type": "number"},
        {"attribute_key": "due", "attribute_model": "conversation_attribute", "attribute_display_type": "date"},
        {"attribute_key": "vip", "attribute_model": "conversation_attribute", "attribute_display_type": "checkbox"},
        {"attribute_key": "amount", "attribute_model": "conversation_attribute", "attribute_display_type": "currency"},
        {"attribute_key": "tier", "attribute_model": "contact_attribute", "attribute_display_type": "list"}]}"#;
    Schema {
        account: Some(Account::from_json(account).unwrap()),
        now: Some("2026-06-15T12:00:00Z".parse().unwrap()),
        ..Schema::default()
    }
}

/// A condition, short: key, operator, values, query operator.
fn condition(key: &str, operator: &str, values: &str, join: &str) -> String {
    let join = if join.is_empty() { String::new() } else { format!(r#","query_operator":"{join}""#) };
    format!(r#"{{"attribute_key":"{key}","filter_operator":"{operator}","values":{values}{join}}}"#)
}

fn one(key: &str, operator: &str, values: &str) -> String {
    format!("[{}]", condition(key, operator, values, ""))
}

fn all(conditions: &[(&str, &str, &str, &str)]) -> String {
    let conditions: Vec<String> = conditions.iter().map(|(k, o, v, j)| condition(k, o, v, j)).collect();
    format!("[{}]", conditions.join(","))
}

fn places(problems: &Diagnostics) -> Vec<(Code, String)> {
    problems.iter().map(|problem| (problem.code, problem.span().of(problems.text()).to_owned())).collect()
}

/// The text, and each warning with the JSON that it underlines.
#[track_caller]
fn reads(payload: &str, text: &str, warnings: &[(Code, &str)]) {
    let decompiled = decompile(payload, &schema()).unwrap_or_else(|problems| panic!("{payload}\n{problems}"));
    assert_eq!(decompiled.text, text, "{payload}");
    assert!(parse(text).is_valid());
    let found = places(&decompiled.warnings);
    let found: Vec<(Code, &str)> = found.iter().map(|(code, place)| (*code, place.as_str())).collect();
    assert_eq!(found, warnings, "{payload}\n{}", decompiled.warnings);
}

/// What the server answers, and the JSON that is underlined.
#[track_caller]
fn refused(payload: &str, status: u16, place: &str) {
    let problems = decompile(payload, &schema()).unwrap_err();
    assert_eq!(places(&problems), [(Code::PayloadRefused, place.to_owned())], "{payload}\n{problems}");
    let message = &problems.iter().next().unwrap().message;
    assert!(message.contains(&format!("answers {status}")), "{message}");
}

#[test]
fn what_looks_as_it_is_warns_of_nothing() {
    reads(&one("status", "equal_to", r#"["open","pending"]"#), "status IN (open, pending)", &[]);
    reads(&one("assignee_id", "equal_to", r#"["12", 15]"#), "assignee IN (12, 15)", &[]);
    reads(&one("labels", "equal_to", r#""bug,vip""#), "label = \"bug,vip\"", &[]);
    reads(&one("created_at", "is_greater_than", r#"["2026-06-14"]"#), "created_at > 2026-06-14", &[]);
    reads(&one("plan", "equal_to", r#"["Pro"]"#), "custom.plan = Pro", &[]);
    reads(&one("note", "equal_to", r#"["42"]"#), "custom.note = \"42\"", &[]);
    // An attribute of the server's own is a text whatever it looks like.
    reads(&one("mail_subject", "equal_to", r#"["42"]"#), "mail_subject = 42", &[]);
    reads(&one("count", "is_less_than", r#"["1_000"]"#), "custom.count < 1000", &[]);
    reads(&one("vip", "equal_to", r#"["yes"]"#), "custom.vip = true", &[]);
    reads(&one("vip", "equal_to", "[false]"), "custom.vip = false", &[]);
    reads(&one("vip", "not_equal_to", r#"["no"]"#), "custom.vip != false", &[]);
    reads(&one("due", "is_not_present", "null"), "custom.due IS MISSING", &[]);
    reads(&one("plan", "not_equal_to", r#"["Pro"]"#), "custom.plan != Pro", &[]);
    reads(
        &all(&[("status", "equal_to", r#"["open"]"#, "or"), ("plan", "not_equal_to", r#"["Pro"]"#, "")]),
        "status = open OR custom.plan != Pro",
        &[],
    );
    reads(&one("referer", "contains", r#"["a","b"]"#), "referer CONTAINS a OR referer CONTAINS b", &[]);
    // Several patterns beside an OR are alternatives like the others.
    let text = all(&[("referer", "contains", r#"["a","b"]"#, "or"), ("status", "equal_to", r#"["open"]"#, "")]);
    let query = "referer CONTAINS a OR referer CONTAINS b OR status = open";
    reads(&text, query, &[]);
    let cwql::Filter::Any(alternatives) = decompile(&text, &schema()).unwrap().filter else {
        panic!("one alternative")
    };
    assert_eq!(alternatives.len(), 3);
    // A bare text is one value, in the case in which it is written.
    reads(&one("plan", "equal_to", "\"Pro\""), "custom.plan = Pro", &[]);
}

#[test]
fn every_shape_of_a_payload_is_read() {
    let array = one("status", "equal_to", r#"["open"]"#);
    for text in [
        array.clone(),
        format!(r#"{{"page": 2, "payload": {array}}}"#),
        format!(r#"{{"id": 7, "name": "Mine", "filter_type": 0, "query": {{"payload": {array}}}}}"#),
        format!(" \n{array} "),
    ] {
        reads(&text, "status = open", &[]);
    }
}

#[test]
fn the_dashboards_saved_shape_is_read_as_it_is_sent() {
    let saved = r#"{"query":{"payload":[
        {"attribute_key":"status","attribute_model":"standard","filter_operator":"equal_to","values":"open","query_operator":"and"},
        {"attribute_key":"assignee_id","filter_operator":"equal_to","values":{"id":12,"name":"Ada"},"query_operator":"or"},
        {"attribute_key":"team_id","filter_operator":"equal_to","values":[{"id":8,"name":"Sales"}],"query_operator":"and"}]}}"#;
    reads(
        saved,
        "status = open AND assignee = 12 OR team = 8",
        &[
            (Code::PayloadValuesNotArray, "\"open\""),
            (Code::PayloadValuesNotArray, r#"{"id":12,"name":"Ada"}"#),
            (Code::PayloadValuesNotArray, r#"[{"id":8,"name":"Sales"}]"#),
            (Code::PayloadTrailingOperator, "\"and\""),
        ],
    );
    // The server accepts this one as it is, and reads it otherwise than the dashboard sends it.
    let text = one("count", "is_greater_than", "\"10\"");
    reads(&text, "custom.count > 1", &[(Code::PayloadValuesNotArray, "\"10\"")]);
    reads(
        &format!(r#"{{"query":{{"payload":{text}}}}}"#),
        "custom.count > 10",
        &[(Code::PayloadValuesNotArray, "\"10\"")],
    );
}

/// Where the server reads it as the dashboard sends it, nothing is to be told.
#[test]
fn a_saved_view_tells_only_of_what_is_changed() {
    let saved = |payload: &str| format!(r#"{{"query":{{"payload":{payload}}}}}"#);
    reads(&saved(&one("labels", "equal_to", "\"bug\"")), "label = bug", &[]);
    reads(&saved(&one("assignee_id", "equal_to", "12")), "assignee = 12", &[]);
    let half = saved(&one("count", "equal_to", "0.5"));
    reads(&half, "custom.count = 0.5", &[(Code::PayloadValuesNotArray, "0.5")]);
}

/// As large as a query may be.
#[test]
fn a_payload_has_a_size() {
    let payload = one("status", "equal_to", r#"["open"]"#);
    let sized = |bytes: usize| payload.clone() + &" ".repeat(bytes - payload.len());
    assert_eq!(decompile(&sized(16 << 20), &schema()).unwrap().text, "status = open");
    for bytes in [(16 << 20) + 1, 17 << 20] {
        let problems = decompile(&sized(bytes), &schema()).unwrap_err();
        assert!(problems.has(Code::QueryTooLarge), "{bytes}: {problems}");
    }
}

/// 4.15.0 takes an empty object for no conditions.
#[test]
fn an_empty_object_is_everything_to_one_version() {
    let version = cwql::schema::ServerVersion::new(4, 15, 0);
    let decompiled = decompile(r#"{"payload":{}}"#, &Schema { version, ..schema() }).unwrap();
    assert_eq!(decompiled.text, "id IS PRESENT");
    assert_eq!(places(&decompiled.warnings), [(Code::PayloadEverything, "{}".to_owned())]);
    assert!(decompile(r#"{"payload":{"a":1}}"#, &Schema { version, ..schema() }).is_err());
}

#[test]
fn a_view_of_other_things_than_conversations_is_refused() {
    let payload = one("status", "equal_to", r#"["open"]"#);
    let view = |kind: &str| format!(r#"{{"name":"x","filter_type":{kind},"query":{{"payload":{payload}}}}}"#);
    for kind in [r#""contact""#, r#""report""#, "1"] {
        let problems = decompile(&view(kind), &schema()).unwrap_err();
        assert_eq!(places(&problems), [(Code::PayloadRefused, kind.to_owned())]);
        assert!(problems.iter().next().unwrap().message.contains("something else than conversations"));
    }
    for kind in [r#""conversation""#, "0", "null"] {
        assert!(decompile(&view(kind), &schema()).is_ok(), "{kind}");
    }
}

#[test]
fn a_list_of_views_is_told_of_once() {
    let view = format!(r#"{{"name":"x","query":{{"payload":{}}}}}"#, one("status", "equal_to", r#"["open"]"#));
    let problems = decompile(&format!("[{view},{view}]"), &schema()).unwrap_err();
    assert_eq!(places(&problems), [(Code::PayloadRefused, view)]);
    assert!(problems.iter().next().unwrap().message.contains("a list of saved views"));
}

/// What JavaScript takes for false is sent as no value at all.
#[test]
fn a_view_saved_without_a_value_is_refused() {
    for (key, values) in
        [("referer", "\"\""), ("referer", "false"), ("count", "0"), ("count", "0.0"), ("count", "-0.0")]
    {
        let saved = format!(r#"{{"query":{{"payload":{}}}}}"#, one(key, "equal_to", values));
        refused(&saved, 422, values);
    }
}

#[test]
fn a_trailing_operator_is_read_as_absent() {
    let text = all(&[("status", "equal_to", r#"["open"]"#, "and")]);
    reads(&text, "status = open", &[(Code::PayloadTrailingOperator, "\"and\"")]);
    let text = all(&[("status", "equal_to", r#"["open"]"#, "or")]);
    reads(&text, "status = open", &[(Code::PayloadTrailingOperator, "\"or\"")]);
    // What the server answers to it is what its check of operators says, if that lets it pass a syntax error.
    for (operator, status) in [
        ("\"AND\"", 500),
        ("\"XOR\"", 422),
        ("\" AND\"", 422),
        ("\"||\"", 422),
        ("\"AND NOT\"", 422),
        ("false", 500),
        ("5", 500),
        ("[]", 500),
    ] {
        let text = all(&[("status", "equal_to", r#"["open"]"#, "and")]).replace("\"and\"", operator);
        reads(&text, "status = open", &[(Code::PayloadTrailingOperator, operator)]);
        let message = decompile(&text, &schema()).unwrap().warnings.iter().next().unwrap().message.clone();
        assert!(message.contains(&format!("answers {status}")), "{operator}: {message}");
    }
}

/// The array that is offered is the one that the dashboard makes of the values.
#[test]
fn help_for_values_that_are_no_array_is_of_these_values() {
    for (key, operator, values, array) in [
        ("vip", "equal_to", "true", "[true]"),
        ("plan", "equal_to", r#"{"id":"Pro","name":"x"}"#, r#"["Pro"]"#),
        ("team_id", "equal_to", r#"[{"id":8}]"#, "[8]"),
    ] {
        let decompiled = decompile(&one(key, operator, values), &schema()).unwrap();
        let help = decompiled.warnings.iter().next().unwrap().help.clone().unwrap();
        assert!(help.contains(&format!(r#"`"values": {array}`"#)), "{help}");
    }
}

#[test]
fn values_that_are_no_array_are_taken_apart() {
    let taken = |key, operator, values, text| {
        reads(&one(key, operator, values), text, &[(Code::PayloadValuesNotArray, values)]);
    };
    taken("count", "is_greater_than", "\"37\"", "custom.count > 3");
    taken("count", "is_less_than", "7", "custom.count < 1");
    taken("count", "is_less_than", "99999999999999999999", "custom.count < 1");
    taken("count", "is_greater_than", "10000000000000000000000", "custom.count > 0");
    let overall = one("status", "equal_to", "\"overall\"");
    let text = "status IN (open, resolved, pending, snoozed)";
    let whole = &overall[1..overall.len() - 1];
    reads(&overall, text, &[(Code::Tautology, whole), (Code::PayloadValuesNotArray, "\"overall\"")]);
}

#[test]
fn of_several_values_the_first_alone_counts() {
    let first = |key, operator, values, text, ignored| {
        reads(&one(key, operator, values), text, &[(Code::PayloadFirstValueOnly, ignored)]);
    };
    first("plan", "equal_to", r#"["Pro","Free", "x"]"#, "custom.plan = Pro", r#""Free", "x""#);
    first("count", "equal_to", r#"["1",5]"#, "custom.count = 1", "5");
    first("count", "is_less_than", "[1,5]", "custom.count < 1", "5");
    first("created_at", "is_less_than", r#"["2026-06-01","junk"]"#, "created_at < 2026-06-01", "\"junk\"");
    // Of numbers all count.
    reads(&one("count", "equal_to", r#"[1,"5"]"#), "custom.count IN (1, 5)", &[]);
    // No payload can exclude several.
    for (key, operator, help) in
        [("plan", "equal_to", "for each value, joined by `OR`"), ("plan", "not_equal_to", "a query with NOT IN does")]
    {
        let decompiled = decompile(&one(key, operator, r#"["Pro","Free"]"#), &schema()).unwrap();
        let told = decompiled.warnings.iter().find(|warning| warning.code == Code::PayloadFirstValueOnly).unwrap();
        assert!(told.help.as_ref().unwrap().contains(help), "{key} {operator}: {:?}", told.help);
    }
}

#[test]
fn behind_a_custom_attribute_texts_leak() {
    let text = all(&[
        ("note", "is_present", "[]", "and"),
        ("labels", "equal_to", r#"["Bug","vip"]"#, "and"),
        ("assignee_id", "equal_to", r#"["12","15"]"#, "and"),
        ("team_id", "equal_to", "[8,3]", ""),
    ]);
    reads(
        &text,
        "custom.note IS PRESENT AND label = bug AND assignee = 12 AND team IN (8, 3)",
        &[(Code::PayloadLeak, r#"["Bug","vip"]"#), (Code::PayloadLeak, r#"["12","15"]"#)],
    );
    // Of one value nothing is lost.
    let text = all(&[("note", "is_present", "[]", "and"), ("assignee_id", "equal_to", r#"["12"]"#, "")]);
    reads(&text, "custom.note IS PRESENT AND assignee = 12", &[]);
    // Behind an attribute of the server's own they do not, and the first custom one is told of.
    let text = all(&[("status", "equal_to", r#"["open"]"#, "and"), ("labels", "equal_to", r#"["Bug","vip"]"#, "")]);
    reads(&text, "status = open AND label IN (Bug, vip)", &[]);
    let text = all(&[
        ("note", "is_present", "[]", "and"),
        ("count", "is_present", "[]", "and"),
        ("labels", "equal_to", r#"["Bug","vip"]"#, ""),
    ]);
    let warnings = decompile(&text, &schema()).unwrap().warnings;
    let labels: Vec<&str> = warnings.iter().flat_map(|told| &told.labels).map(|label| label.span.of(&text)).collect();
    assert_eq!(labels, [r#"["Bug","vip"]"#, "\"note\""], "{warnings}");
    // Before it they do not.
    let text = all(&[("labels", "equal_to", r#"["Bug","vip"]"#, "and"), ("note", "is_present", "[]", "")]);
    reads(&text, "label IN (Bug, vip) AND custom.note IS PRESENT", &[]);
}

#[test]
fn a_custom_not_equal_lets_in_what_lacks_it() {
    let last = condition("plan", "not_equal_to", r#"["Pro"]"#, "");
    let text = format!("[{},{last}]", condition("status", "equal_to", r#"["open"]"#, "AND"));
    reads(
        &text,
        "status = open AND custom.plan != Pro OR custom.plan IS MISSING",
        &[(Code::PayloadCustomNotEqual, last.as_str())],
    );
    // It is what the planner sends for that query.
    let query = "status = open AND custom.plan != Pro OR custom.plan IS MISSING";
    let payload = cwql::compile(query, &schema()).unwrap().to_json();
    assert_eq!(decompile(&payload, &schema()).unwrap().text, query);
    let text = all(&[("plan", "not_equal_to", r#"["Pro"]"#, "or"), ("status", "equal_to", r#"["open"]"#, "")]);
    refused(&text, 500, "\"not_equal_to\"");
}

#[test]
fn days_that_no_calendar_has_are_refused() {
    for day in ["1900-02-29", "1582-10-10", "2025-W53-1", "2026-W00-1", "2026-W10-0", "2026-W53-8", "2026-366"] {
        let values = format!("[\"{day}\"]");
        refused(&one("created_at", "is_less_than", &values), 422, &values);
    }
}

#[test]
fn an_operator_between_conditions_is_and_or_or() {
    for (join, text) in [("aNd", "status = open AND team = 8"), ("Or", "status = open OR team = 8")] {
        let payload = all(&[("status", "equal_to", "[\"open\"]", join), ("team_id", "equal_to", "[8]", "")]);
        reads(&payload, text, &[]);
    }
    let payload = all(&[("status", "equal_to", "[\"open\"]", "XOR"), ("team_id", "equal_to", "[8]", "")]);
    refused(&payload, 422, "\"XOR\"");
}

#[test]
fn unknown_words_are_ignored_or_spoil_everything() {
    reads(&one("status", "equal_to", r#"["open","OPEN"]"#), "status = open", &[(Code::PayloadUnknownWord, "\"OPEN\"")]);
    reads(&one("priority", "equal_to", r#"["none"]"#), "id = 0", &[(Code::PayloadUnknownWord, "\"none\"")]);
    reads(&one("status", "not_equal_to", r#"["open","x"]"#), "id = 0", &[(Code::PayloadUnknownWord, "\"x\"")]);
    let text = all(&[("status", "equal_to", r#"["all","open"]"#, "or"), ("team_id", "equal_to", "[8]", "")]);
    let decompiled = decompile(&text, &schema()).unwrap();
    assert!(places(&decompiled.warnings).contains(&(Code::PayloadUnknownWord, "\"all\"".to_owned())));
}

/// As many characters as a query's number may have, written out.
#[test]
fn numbers_are_said_up_to_a_length() {
    let ones = |count: usize| "1".repeat(count);
    for (number, is_said) in [
        (ones(250), true),
        (ones(251), false),
        (format!("0.{}", ones(248)), true),
        (format!("0.{}", ones(249)), false),
        (format!("-{}", ones(249)), true),
        (format!("-{}", ones(250)), false),
    ] {
        let decompiled = decompile(&one("count", "equal_to", &format!("[\"{number}\"]")), &schema());
        assert_eq!(decompiled.is_ok(), is_said, "{number}");
        match decompiled {
            Ok(decompiled) => assert_eq!(decompiled.text, format!("custom.count = {number}")),
            Err(problems) => assert_eq!(places(&problems), [(Code::PayloadNotSayable, format!("[\"{number}\"]"))]),
        }
    }
}

/// `false` is less than `true`, to the servers that compare them.
#[test]
fn switches_are_compared_by_older_servers() {
    let older = Schema { version: "4.3.0".parse().unwrap(), ..schema() };
    for (operator, value, text) in [
        ("is_less_than", "true", "custom.vip = false"),
        ("is_greater_than", "false", "custom.vip = true"),
        ("is_less_than", "false", "id = 0"),
        ("is_greater_than", "true", "id = 0"),
    ] {
        let payload = one("vip", operator, &format!("[{value}]"));
        assert_eq!(decompile(&payload, &older).unwrap().text, text, "{payload}");
    }
}

/// Of a text its first character, of a number its lowest bit; of one that is no more than that nothing is lost.
#[test]
fn days_that_are_no_array_are_taken_apart() {
    let older = Schema { version: "4.11.1".parse().unwrap(), ..schema() };
    for (values, days, is_told) in
        [("\"1\"", 1, false), ("\"10\"", 1, true), ("1", 1, false), ("0", 0, false), ("5", 1, true), ("4", 0, true)]
    {
        let decompiled = decompile(&one("due", "days_before", values), &older).unwrap();
        assert_eq!(decompiled.text, format!("custom.due < -{days}d"), "{values}");
        assert_eq!(decompiled.warnings.has(Code::PayloadValuesNotArray), is_told, "{values}: {}", decompiled.warnings);
    }
}

#[test]
fn all_is_every_status() {
    for values in ["\"all\"", "[\"all\"]"] {
        let payload = one("status", "equal_to", values);
        let text = "status IN (open, resolved, pending, snoozed)";
        reads(&payload, text, &[(Code::Tautology, &payload[1..payload.len() - 1])]);
    }
}

/// Of an attribute that no conversation lacks; of the number of a conversation another warning tells it.
#[test]
fn what_every_conversation_has_is_told() {
    let payload = one("inbox_id", "is_present", "[]");
    reads(&payload, "inbox IS PRESENT", &[(Code::Tautology, &payload[1..payload.len() - 1])]);
}

#[test]
fn values_that_nothing_has() {
    let none = |key, values, text, place| reads(&one(key, "equal_to", values), text, &[(Code::PayloadNoMatch, place)]);
    none("assignee_id", "[12,12.5]", "assignee = 12", "12.5");
    none("assignee_id", "[2147483648]", "id = 0", "2147483648");
    // What no id equals every one is unequal to.
    let unequal = decompile(&one("assignee_id", "not_equal_to", "[2147483648,12]"), &schema()).unwrap();
    assert_eq!(unequal.text, "assignee != 12");
    assert!(places(&unequal.warnings).contains(&(Code::PayloadNoMatch, "2147483648".to_owned())));
    reads(&one("team_id", "equal_to", "[2147483648]"), "team = 2147483648", &[]);
}

/// Custom attributes are stored as texts, and the server finds a stored `9999-12-31` or `NaN` where it is asked for.
#[test]
fn custom_days_and_numbers_that_queries_do_not_have_are_not_sayable() {
    for (key, operator, values, place) in [
        ("due", "equal_to", r#"["9999-12-31"]"#, "\"9999-12-31\""),
        ("due", "not_equal_to", r#"["0001-01-01"]"#, "\"0001-01-01\""),
        ("due", "equal_to", r#"["infinity"]"#, "\"infinity\""),
        ("due", "is_less_than", r#"["9999-12-31"]"#, "\"9999-12-31\""),
        ("due", "is_greater_than", r#"["20000-01-01"]"#, "\"20000-01-01\""),
        ("due", "is_greater_than", r#"["1500-01-01"]"#, "\"1500-01-01\""),
        ("count", "equal_to", r#"["NaN"]"#, "\"NaN\""),
        ("count", "not_equal_to", r#"["-Infinity"]"#, "\"-Infinity\""),
        ("count", "equal_to", r#"[5,"NaN"]"#, "\"NaN\""),
        ("count", "equal_to", r#"["1e1000"]"#, "[\"1e1000\"]"),
        ("count", "is_less_than", r#"["Infinity"]"#, "\"Infinity\""),
        ("count", "is_greater_than", r#"["NaN"]"#, "\"NaN\""),
    ] {
        let payload = one(key, operator, values);
        let problems = decompile(&payload, &schema()).unwrap_err();
        assert_eq!(places(&problems), [(Code::PayloadNotSayable, place.to_owned())], "{payload}\n{problems}");
    }
}

/// The days next to those of queries bound the same dates as the first and the last of these. Those behind do not:
/// whether a date stands between, only the help can ask.
#[test]
fn custom_dates_are_compared_up_to_the_ends_of_the_language() {
    for (operator, day, text) in [
        ("is_greater_than", "1582-12-31", "custom.due >= 1583-01-01"),
        ("is_less_than", "9999-01-01", "custom.due <= 9998-12-31"),
        ("is_greater_than", "1583-01-01", "custom.due > 1583-01-01"),
        ("is_less_than", "1583-01-01", "custom.due < 1583-01-01"),
        ("is_greater_than", "9998-12-31", "custom.due > 9998-12-31"),
    ] {
        let payload = one("due", operator, &format!("[\"{day}\"]"));
        reads(&payload, text, &[]);
        // It is what the planner sends for that query.
        let sent = cwql::compile(text, &schema()).unwrap().to_json();
        assert!(sent.contains(operator) && sent.contains(day), "{sent}");
    }
    for (operator, day, nearest) in [
        ("is_less_than", "9999-12-31", "custom.due <= 9998-12-31"),
        ("is_less_than", "9999-01-02", "custom.due <= 9998-12-31"),
        ("is_greater_than", "9999-01-01", "custom.due > 9998-12-31"),
        ("is_greater_than", "1582-12-30", "custom.due >= 1583-01-01"),
        ("is_less_than", "1582-12-31", "custom.due < 1583-01-01"),
    ] {
        let problems = decompile(&one("due", operator, &format!("[\"{day}\"]")), &schema()).unwrap_err();
        assert_eq!(places(&problems), [(Code::PayloadNotSayable, format!("\"{day}\""))]);
        let help = problems.iter().next().unwrap().help.clone().unwrap();
        assert!(help.contains(&format!("while none lies between the two, `{nearest}` says the same")), "{help}");
    }
}

#[test]
fn wildcards_at_the_ends_are_nothing_and_inside_are_those_of_like() {
    let pattern = |values, text, place| {
        reads(&one("mail_subject", "contains", values), text, &[(Code::PayloadWildcard, place)]);
    };
    pattern(r#"["%paid%"]"#, "mail_subject CONTAINS paid", "\"%paid%\"");
    pattern(r#"["100\\%"]"#, "mail_subject CONTAINS \"100%\"", r#""100\\%""#);
    pattern(r#"["C:\\temp"]"#, "mail_subject CONTAINS \"C:temp\"", r#""C:\\temp""#);
    pattern(r#"["%"]"#, "mail_subject IS PRESENT", "\"%\"");
    let text = one("note", "contains", r#"["_"]"#);
    let query = "custom.note != \"\" AND custom.note IS PRESENT";
    reads(&text, query, &[(Code::PayloadWildcard, "\"_\"")]);
    assert!(cwql::compile(query, &schema()).unwrap().to_json().contains(r#"["_"]"#));
    pattern(r#"["a%b"]"#, r#"mail_subject LIKE "%a%b%""#, "\"a%b\"");
    pattern(r#"["a_b"]"#, r#"mail_subject LIKE "%a_b%""#, "\"a_b\"");
    pattern(r#"["__"]"#, r#"mail_subject LIKE "%__%""#, "\"__\"");
    // An escape is no wildcard, and the server's own one may be escaped.
    pattern(r#"["a_b\\_c"]"#, r#"mail_subject LIKE "%a_b\\_c%""#, r#""a_b\\_c""#);
    pattern(r#"["a\\"]"#, r#"mail_subject LIKE "%a\\%""#, r#""a\\""#);
    pattern(r#"["\\"]"#, r#"mail_subject LIKE "%\\%""#, r#""\\""#);
}

/// What the server is asked by a pattern is what it was read from.
#[test]
fn patterns_are_sent_as_they_were_read() {
    for values in [r#"["a%b"]"#, r#"["a_b"]"#, r#"["a_b\\_c"]"#, r#"["a\\"]"#, r#"["\\"]"#, r#"["__"]"#] {
        for operator in ["contains", "does_not_contain"] {
            let payload = one("mail_subject", operator, values);
            let query = decompile(&payload, &schema()).unwrap().text;
            let sent = cwql::compile(&query, &schema()).unwrap().to_json();
            assert!(sent.contains(values) && sent.contains(operator), "{query}: {sent}");
        }
    }
}

#[test]
fn several_patterns_are_read_one_by_one() {
    let reads_as = |operator: &str, values: &str, text: &str| {
        assert_eq!(decompile(&one("mail_subject", operator, values), &schema()).unwrap().text, text, "{values}");
    };
    reads_as("contains", r#"["x","a_b"]"#, r#"mail_subject CONTAINS x OR mail_subject LIKE "%a_b%""#);
    reads_as("contains", r#"["","x_y"]"#, r#"mail_subject IS PRESENT OR mail_subject LIKE "%x_y%""#);
    reads_as("does_not_contain", r#"["x","a_b"]"#, r#"mail_subject NOT CONTAINS x AND mail_subject NOT LIKE "%a_b%""#);
    reads_as("does_not_contain", r#"["x_y","_"]"#, r#"mail_subject NOT LIKE "%x_y%" AND mail_subject = """#);
}

#[test]
fn outer_blanks_are_stripped() {
    let stripped = |values, text, place| {
        reads(&one("referer", "contains", values), text, &[(Code::PayloadStripped, place)]);
    };
    stripped(r#"[" padded "]"#, "referer CONTAINS padded", "\" padded \"");
    stripped(r#"[" "]"#, "referer IS PRESENT", "\" \"");
}

#[test]
fn dates_that_look_otherwise() {
    let date = |values, day: &str, code| {
        let text = format!("created_at < {day}");
        reads(&one("created_at", "is_less_than", &format!("[{values}]")), &text, &[(code, values)]);
    };
    date("\"2026-06-14T23:59:59-08:00\"", "2026-06-14", Code::PayloadTimeIgnored);
    date("\"2026-W25-1\"", "2026-06-15", Code::PayloadDateForm);
    date("\"2026-W53-7\"", "2027-01-03", Code::PayloadDateForm);
    date("\"2024-366\"", "2024-12-31", Code::PayloadDateForm);
    date("\"260615\"", "2026-06-15", Code::PayloadDateForm);
    date("20260615", "2026-06-15", Code::PayloadDateForm);
    date("\"--06-15\"", "2026-06-15", Code::PayloadDateForm);
    for (written, day, code) in [
        ("\"June 15 2026\"", "2026-06-15", Code::PayloadDateForm),
        ("\"August 15 2026\"", "2026-08-15", Code::PayloadDateForm),
        ("\"15 Oct 2026\"", "2026-10-15", Code::PayloadDateForm),
        ("\"15 Oct 2026 10:00\"", "2026-10-15", Code::PayloadTimeIgnored),
        ("\"20261015T101112\"", "2026-10-15", Code::PayloadTimeIgnored),
    ] {
        let text = format!("custom.due = {day}");
        reads(&one("due", "equal_to", &format!("[{written}]")), &text, &[(code, written)]);
    }
    let problem = decompile(&one("inbox_id", "equal_to", "[12.5]"), &schema()).unwrap();
    assert!(problem.warnings.to_string().contains("ids of inboxes"), "{}", problem.warnings);
}

/// No conversation was made beyond the years of the language.
#[test]
fn times_beyond_all_years_bound_nothing_or_all() {
    for (operator, date, all) in [
        ("is_greater_than", "9999-12-31", false),
        ("is_less_than", "1500-01-01", false),
        ("is_less_than", "9999-12-31", true),
        ("is_less_than", "9999-01-01", true),
        ("is_greater_than", "1500-01-01", true),
    ] {
        let (payload, place) = (one("created_at", operator, &format!("[\"{date}\"]")), format!("\"{date}\""));
        let told = (Code::PayloadNoMatch, place.as_str());
        if all {
            let whole = &payload[1..payload.len() - 1];
            reads(&payload, "created_at IS PRESENT", &[(Code::Tautology, whole), told]);
        } else {
            reads(&payload, "id = 0", &[told]);
        }
    }
    // Nor in another zone, where the last day of UTC ends with a midnight that no query has.
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(2));
    for (operator, date, text) in [
        ("is_less_than", "9999-12-31", "created_at IS PRESENT"),
        ("is_less_than", "9999-01-01", "created_at IS PRESENT"),
        ("is_less_than", "9998-12-31", "created_at < 9998-12-31T00:00:00Z"),
        ("is_greater_than", "9998-12-30", "created_at >= 9998-12-31T00:00:00Z"),
        ("is_greater_than", "9998-12-31", "id = 0"),
        ("is_greater_than", "9999-01-01", "id = 0"),
    ] {
        let payload = one("created_at", operator, &format!("[\"{date}\"]"));
        let schema = Schema { zone: zone.clone(), ..schema() };
        assert_eq!(decompile(&payload, &schema).unwrap().text, text, "{payload}");
    }
}

#[test]
fn days_before_is_a_relative_day_where_it_works() {
    let text = one("created_at", "days_before", r#"["3 days"]"#);
    refused(&text, 500, "\"days_before\"");
    for (key, values, query) in [
        ("created_at", r#"["3 days"]"#, "created_at < -3d"),
        ("created_at", "[-1]", "created_at < +1d"),
        ("due", "[10]", "custom.due < -10d"),
    ] {
        let problems = decompile(&one(key, "days_before", values), &schema()).unwrap_err();
        let help = problems.iter().next().unwrap().help.clone().unwrap();
        assert!(help.ends_with(&format!("`{query}`")), "{help}");
    }
    let older = Schema { version: "4.11.1".parse().unwrap(), ..schema() };
    assert_eq!(decompile(&text, &older).unwrap().text, "created_at < -3d");
    // Days to come are counted, too.
    assert_eq!(decompile(&one("created_at", "days_before", "[-1]"), &older).unwrap().text, "created_at < +1d");
    let rolling = Schema { rolling: true, ..older };
    let payload = cwql::compile("created_at < -3d", &rolling).unwrap().to_json();
    assert!(payload.contains("days_before"));
    assert_eq!(decompile(&payload, &rolling).unwrap().text, "created_at < -3d");
}

/// The server's days are those of UTC, those of a query with a zone are not; stored dates have no zone.
#[test]
fn days_mean_the_same_in_another_zone() {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(13));
    let read = |schema: Schema, payload: &str| decompile(payload, &schema).unwrap().text;
    for (key, operator, values, text) in [
        ("created_at", "is_greater_than", r#"["2026-06-15"]"#, "created_at >= 2026-06-16T00:00:00Z"),
        ("created_at", "is_less_than", r#"["2026-06-15"]"#, "created_at < 2026-06-15T00:00:00Z"),
        ("due", "is_less_than", r#"["2026-06-15"]"#, "custom.due < 2026-06-15"),
    ] {
        assert_eq!(read(Schema { zone: zone.clone(), ..schema() }, &one(key, operator, values)), text);
    }
    let version = "4.9.2".parse().unwrap();
    let payload = all(&[("created_at", "days_before", "[7]", "OR"), ("due", "days_before", "[7]", "")]);
    let text = "created_at < 2026-06-08T00:00:00Z OR custom.due < 2026-06-08";
    assert_eq!(read(Schema { zone, version, ..schema() }, &payload), text);
}

#[test]
fn every_number_of_a_query_is_read_back() {
    let tiny = format!("0.{}1", "0".repeat(99));
    reads(&one("count", "is_less_than", &format!(r#"["{tiny}"]"#)), &format!("custom.count < {tiny}"), &[]);
    let payload = one("count", "is_less_than", &format!(r#"["{}"]"#, "9".repeat(251)));
    let problems = decompile(&payload, &schema()).unwrap_err();
    assert!(problems.has(Code::PayloadNotSayable), "{problems}");
}

#[test]
fn missing_values_are_left_out() {
    let text = one("assignee_id", "not_equal_to", "[12]");
    reads(&text, "assignee != 12", &[(Code::PayloadNullDropped, &text[1..text.len() - 1])]);
    let text = one("referer", "does_not_contain", r#"["a","b"]"#);
    reads(
        &text,
        "referer NOT CONTAINS a AND referer NOT CONTAINS b",
        &[(Code::PayloadNullDropped, &text[1..text.len() - 1])],
    );
    let told = decompile(&text, &schema()).unwrap().warnings;
    let help = told.iter().next().and_then(|told| told.help.clone()).unwrap();
    assert!(help.contains("`(referer NOT CONTAINS a AND referer NOT CONTAINS b OR referer IS MISSING)`"), "{help}");
    let text = all(&[("assignee_id", "not_equal_to", "[12]", "OR"), ("assignee_id", "is_not_present", "[]", "")]);
    reads(&text, "assignee != 12 OR assignee IS MISSING", &[]);
    // Only the one of two conditions whose missing values are lost.
    let text = all(&[("assignee_id", "not_equal_to", "[12]", "AND"), ("team_id", "equal_to", "[3]", "")]);
    let lost = condition("assignee_id", "not_equal_to", "[12]", "AND");
    reads(&text, "assignee != 12 AND team = 3", &[(Code::PayloadNullDropped, &lost)]);
    let told = decompile(&text, &schema()).unwrap().warnings;
    let help = told.iter().next().and_then(|told| told.help.clone()).unwrap();
    assert!(help.contains("`(assignee != 12 OR assignee IS MISSING)`"), "{help}");
}

#[test]
fn nulls_are_removed() {
    let text = format!("[null,{}]", condition("status", "equal_to", r#"["open",null]"#, ""));
    reads(&text, "status = open", &[(Code::PayloadNullRemoved, "null"), (Code::PayloadNullRemoved, "null")]);
}

#[test]
fn operators_that_are_none_mean_equal() {
    reads(
        &one("plan", "EQUAL_TO", r#"["Pro"]"#),
        "custom.plan = Pro",
        &[(Code::PayloadUnknownOperator, "\"EQUAL_TO\"")],
    );
    // A number becomes the text of its array.
    reads(
        &one("note", "starts_with", "[5]"),
        "custom.note = \"[5]\"",
        &[(Code::PayloadUnknownOperator, "\"starts_with\"")],
    );
}

#[test]
fn and_behind_or_binds_tighter() {
    let text = r#"[{"attribute_key":"status","filter_operator":"equal_to","values":["open"],"query_operator":"or"},
        {"attribute_key":"team_id","filter_operator":"equal_to","values":[8],"query_operator":"And"},
        {"attribute_key":"labels","filter_operator":"equal_to","values":["bug"]}]"#;
    reads(text, "status = open OR team = 8 AND label = bug", &[(Code::PayloadPrecedence, "\"And\"")]);
    // From left to right it is the same here.
    let text = text.replace("\"or\"", "\"AND\"").replace("\"And\"", "\"OR\"");
    reads(&text, "status = open AND team = 8 OR label = bug", &[]);
    // Who writes an AND for each of the alternatives does not read them otherwise; this is what the warning says to send.
    let (open, bug, team) = (("status", "[\"open\"]"), ("labels", "[\"bug\"]"), ("team_id", "[8]"));
    let joined = |((key, values), join)| (key, "equal_to", values, join);
    let spelled_out = all(&[(open, "AND"), (team, "OR"), (bug, "AND"), (team, "")].map(joined));
    reads(&spelled_out, "status = open AND team = 8 OR label = bug AND team = 8", &[]);
    let one_alone = all(&[(open, "AND"), (team, "OR"), (bug, "OR"), (bug, "AND"), (team, "")].map(joined));
    let text = "status = open AND team = 8 OR label = bug OR label = bug AND team = 8";
    reads(&one_alone, text, &[(Code::PayloadPrecedence, "\"AND\"")]);
}

#[test]
fn no_condition_matches_everything() {
    reads("[]", "id IS PRESENT", &[(Code::PayloadEverything, "[]")]);
    reads(
        r#"{"payload":[null]}"#,
        "id IS PRESENT",
        &[(Code::PayloadEverything, "[null]"), (Code::PayloadNullRemoved, "null")],
    );
    assert!(cwql::compile("id IS PRESENT", &schema()).unwrap().conditions.is_empty());
}

#[test]
fn the_dashboard_saves_another_number_of_a_campaign() {
    let text =
        r#"[{"attribute_key":"campaign_id","attribute_model":"standard","filter_operator":"equal_to","values":[1]}]"#;
    reads(text, "campaign = 1", &[(Code::PayloadCampaignId, "[1]")]);
    reads(&one("campaign_id", "equal_to", "[71]"), "campaign = 71", &[]);
}

#[test]
fn what_the_server_refuses_is_refused_in_its_place() {
    refused(&one("status", "contains", "[]"), 422, "\"contains\"");
    refused(&one("status", "equal_to", "[]"), 422, "[]");
    refused(&one("status", "equal_to", "[0]"), 500, "[0]");
    refused(&one("statuss", "equal_to", r#"["open"]"#), 422, "\"statuss\"");
    refused(&one("tier", "equal_to", r#"["gold"]"#), 422, "\"tier\"");
    refused(&one("amount", "equal_to", "[20]"), 500, "\"amount\"");
    refused(&one("assignee_id", "equal_to", r#"["me"]"#), 500, r#"["me"]"#);
    for operator in ["contains", "does_not_contain"] {
        for key in ["display_id", "count", "due"] {
            refused(&one(key, operator, r#"["12"]"#), 500, &format!("\"{operator}\""));
        }
    }
    refused(&one("created_at", "is_greater_than", r#"["2026-02-30"]"#), 422, r#"["2026-02-30"]"#);
    let text = all(&[("status", "equal_to", r#"["open"]"#, "XOR"), ("team_id", "equal_to", "[8]", "")]);
    refused(&text, 422, "\"XOR\"");
    for operator in ["[]", "{}", r#"["AND"]"#, r#"{"a":1}"#, "5", "true"] {
        refused(&text.replace("\"XOR\"", operator), 500, operator);
    }
    let first = condition("status", "equal_to", r#"["open"]"#, "");
    refused(&format!("[{first},{first}]"), 500, &first);
    // An empty one passes the check of operators, and joins nothing; behind the last condition it does no harm.
    let empty = first.replace('}', r#","query_operator":""}"#);
    refused(&format!("[{empty},{first}]"), 500, &empty);
    reads(&format!("[{empty}]"), "status = open", &[]);
    for text in ["{}", "null", "12", r#"{"payload":null}"#, r#"{"payload":{}}"#, r#"{"query":{}}"#] {
        assert!(decompile(text, &schema()).unwrap_err().has(Code::PayloadRefused), "{text}");
    }
}

/// A condition may say that its attribute is a contact's; the type of a comparison is then looked up there.
#[test]
fn a_comparison_with_an_attribute_of_contacts_is_refused() {
    let of = |model: &str| {
        one("count", "is_less_than", "[5]").replace("}]", &format!(r#","custom_attribute_type":"{model}"}}]"#))
    };
    reads(&of("conversation_attribute"), "custom.count < 5", &[]);
    refused(&of("contact_attribute"), 422, "[5]");
}

/// The service reads a few keys by rules of other records, whatever attribute has them: of `content` all values are read,
/// in lower case, and not the first alone; of `message_type` no word is known.
#[test]
fn keys_of_messages_are_read_as_theirs() {
    let account = br#"{"custom_attribute_definitions": [
        {"attribute_key": "content", "attribute_model": "conversation_attribute", "attribute_display_type": "text"},
        {"attribute_key": "message_type", "attribute_model": "conversation_attribute", "attribute_display_type": "text"}]}"#;
    let schema = Schema { account: Some(Account::from_json(account).unwrap()), ..schema() };
    for (key, operator, values, text) in [
        ("content", "equal_to", r#"["pro"]"#, "custom.content = pro"),
        ("content", "equal_to", r#"["Pro"]"#, "custom.content = Pro"),
        ("content", "equal_to", r#"["Pro","free"]"#, "custom.content IN (Pro, free)"),
        ("content", "not_equal_to", r#"["Pro"]"#, "custom.content != Pro"),
        ("content", "not_equal_to", r#"["pro"]"#, "custom.content != pro"),
        ("message_type", "not_equal_to", r#"["pro"]"#, "id = 0 OR custom.message_type IS MISSING"),
    ] {
        let payload = one(key, operator, values);
        let decompiled = decompile(&payload, &schema).unwrap();
        assert_eq!(decompiled.text, text, "{payload}");
        let wrong = [Code::PayloadNoMatch, Code::PayloadFirstValueOnly];
        assert!(!wrong.iter().any(|code| decompiled.warnings.has(*code)), "{payload}\n{}", decompiled.warnings);
    }
}

#[test]
fn every_refusal_is_told_in_one_run() {
    let text = all(&[("nope", "equal_to", r#"["x"]"#, "AND"), ("status", "contains", r#"["x"]"#, "")]);
    let problems = decompile(&text, &schema()).unwrap_err();
    assert_eq!(problems.len(), 2, "{problems}");
}

#[test]
fn bad_json_has_a_place() {
    let text = "[\n  {\"attribute_key\": status}]";
    let problems = decompile(text, &schema()).unwrap_err();
    assert_eq!(places(&problems), [(Code::PayloadSyntax, "s".to_owned())]);
    let deep = "[".repeat(100_000);
    assert!(decompile(&deep, &schema()).unwrap_err().has(Code::PayloadSyntax));
}

#[test]
fn without_the_account_types_are_guessed() {
    let unknown = Schema { account: None, ..schema() };
    let text = |payload: &str| decompile(payload, &unknown).unwrap().text;
    assert_eq!(text(&one("x", "equal_to", "[5]")), "custom.x = 5");
    assert_eq!(text(&one("x", "equal_to", r#"["5"]"#)), "custom.x = \"5\"");
    assert_eq!(text(&one("x", "equal_to", "[true]")), "custom.x = true");
    assert_eq!(text(&one("x", "equal_to", r#"["true"]"#)), "custom.x = \"true\"");
    assert_eq!(text(&one("x", "is_greater_than", r#"["2026-06-15"]"#)), "custom.x > 2026-06-15");
    assert_eq!(text(&one("x", "is_greater_than", r#"["2026"]"#)), "custom.x > 2026");
    assert_eq!(text(&one("x", "contains", r#"["a"]"#)), "custom.x CONTAINS a");
    let older = Schema { version: cwql::schema::ServerVersion::new(4, 9, 2), ..unknown.clone() };
    assert_eq!(decompile(&one("x", "days_before", "[3]"), &older).unwrap().text, "custom.x < -3d");
    // What is no custom attribute has no type that could be guessed.
    assert_eq!(
        decompile(&one("created_at", "is_less_than", r#"["2026-06-15"]"#), &older).unwrap().text,
        "created_at < 2026-06-15"
    );
    // The first condition that only one type allows decides.
    let both = all(&[("x", "contains", r#"["a"]"#, "and"), ("x", "equal_to", "[5]", "")]);
    assert_eq!(places(&decompile(&both, &unknown).unwrap_err()), [(Code::PayloadRefused, "[5]".to_owned())]);
    // What is read back compiles to the values that were sent.
    for values in [r#"["5"]"#, "[5]", r#"["true"]"#, "[true]", r#"["2026-06-15"]"#, r#"["now-ish"]"#] {
        let payload = cwql::compile(&text(&one("x", "equal_to", values)), &unknown).unwrap().to_json();
        assert!(payload.contains(values), "{values}: {payload}");
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    let word = prop::sample::select(vec![
        "status",
        "labels",
        "assignee_id",
        "referer",
        "created_at",
        "note",
        "count",
        "due",
        "vip",
        "amount",
        "open",
        "all",
        "equal_to",
        "not_equal_to",
        "contains",
        "is_greater_than",
        "is_less_than",
        "days_before",
        "is_present",
        "2026-06-15",
        "12",
        "1e400",
        "NaN",
        "infinity",
        "%a_",
        "\\",
        " ",
        "",
        "AND",
        "or",
        "true",
        "\u{0}",
        "é\n`",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        let values = prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from);
        let condition = (word.clone(), word.clone(), inner.clone(), inner.clone()).prop_map(|(key, operator, values, join)| {
            json!({"attribute_key": key, "filter_operator": operator, "values": values, "query_operator": join})
        });
        prop_oneof![
            values.clone(),
            condition.clone(),
            prop::collection::vec(condition, 1..4).prop_map(Value::from),
            values.prop_map(|payload| json!({"payload": payload})),
            inner.prop_map(|query| json!({"query": {"payload": query}})),
        ]
    })
}

/// Whatever comes in, a text that compiles comes out, or errors with places in the JSON.
fn check_laws(text: &str, schema: &Schema) -> Result<(), TestCaseError> {
    match decompile(text, schema) {
        Ok(decompiled) => {
            cwql::check(&parse(&decompiled.text), schema)
                .map_err(|problems| TestCaseError::fail(format!("{text}\n{}\n{problems}", decompiled.text)))?;
            prop_assert!(decompiled.warnings.iter().all(|warning| warning.severity() == Severity::Warning));
            for warning in &decompiled.warnings {
                prop_assert!(warning.labels.iter().all(|label| label.span.end as usize <= text.len()));
            }
        }
        Err(problems) => {
            prop_assert!(problems.has_errors());
            let _ = problems.render(cwql::Format::Plain, "payload");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn no_json_makes_it_panic(value in json()) {
        let text = value.to_string();
        for version in ["4.15.1", "4.15.0", "4.9.2", "4.16.0"] {
            check_laws(&text, &Schema { version: version.parse().unwrap(), ..schema() })?;
        }
        check_laws(&text, &Schema { account: None, ..schema() })?;
    }

    #[test]
    fn no_text_makes_it_panic(text in "[\\[\\]{}\":,a-z0-9é\\\\ \n-]{0,40}") {
        check_laws(&text, &schema())?;
    }
}

/// The help tells of what is wrong here.
#[test]
fn what_is_refused_is_told_what_it_lacks() {
    let help = |text: &str| {
        decompile(text, &schema()).unwrap_err().iter().find_map(|problem| problem.help.clone()).unwrap_or_default()
    };
    for text in [r#"["status"]"#, "[1]", r#"{"payload":["status"]}"#] {
        assert!(help(text).starts_with("each condition is an object: `{\"attribute_key\":"), "{text}");
    }
    let told = help(&one("count", "days_before", "[3]"));
    assert!(told.contains("`days_before` counts days back, and `custom.count` is a number"), "{told}");
    assert!(help(&one("due", "days_before", "[3]")).contains("in a query `custom.due < -3d`"));
}
