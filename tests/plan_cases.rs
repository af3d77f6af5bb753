//! Cases of the planner: zones and their days, what differs between servers, and mistakes that were made once.
#![cfg(feature = "sandbox")]
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

mod conversations;

use std::collections::BTreeSet;

use conversations::{checked, id, meant, returned, run, sandbox, schema, version};
use cwql::check::to_text;
use cwql::payload::Payload;
use cwql::plan::Reason;
use cwql::schema::{Account, Schema};
use cwql::{Code, Filter, Query, check, compile, parse};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

/// Plans a query, finds its rows and compares them with what the query means.
fn found(text: &str, rows: &[Value], schema: &Schema) -> BTreeSet<i64> {
    let query = Query::new(text, schema).unwrap_or_else(|problems| panic!("{text}\n{problems}"));
    let rows_found = run(query.plan(), &sandbox(rows, schema), &returned(rows), schema);
    assert_eq!(rows_found, meant(query.filter(), rows, schema), "{text}\n{}", query.plan().to_tree(&[]));
    rows_found
}

/// Conversations that differ in their times alone.
fn times() -> Vec<Value> {
    let template = conversations::row(0, &mut conversations::Dice::new(&[]));
    let rows = conversations::EPOCHS.iter().zip(1..).map(|(&epoch, id)| {
        let mut row = template.clone();
        row["id"] = id.into();
        for attribute in ["created_at", "last_activity_at", "waiting_since"] {
            row[attribute] = epoch.into();
        }
        row
    });
    rows.collect()
}

#[test]
fn days_are_those_of_the_zone() {
    let rows = times();
    let days: Vec<Date> = [
        "2026-06-14",
        "2026-06-15",
        "2026-06-16",
        "2026-03-28",
        "2026-03-29",
        "2026-03-30",
        "2025-10-25",
        "2025-10-26",
        "2025-10-27",
        "2026-03-07",
        "2026-03-08",
        "2026-03-09",
        "2025-11-01",
        "2025-11-02",
        "2025-11-03",
        "1970-01-01",
        "1969-12-31",
    ]
    .map(|day| day.parse().unwrap())
    .to_vec();
    let mut compared = 0;
    for zone in ["Europe/Berlin", "America/New_York"] {
        let schema = Schema { zone: TimeZone::get(zone).unwrap(), ..schema() };
        for attribute in ["created_at", "last_activity_at", "waiting_since"] {
            // Epoch 0 of such an attribute is how the API says that there is none.
            let missing = |epoch: i64| attribute == "waiting_since" && epoch == 0;
            for &day in &days {
                let next = day.tomorrow().unwrap();
                let conditions: [(String, &dyn Fn(Date) -> bool); 9] = [
                    (format!("= {day}"), &|of| of == day),
                    (format!("!= {day}"), &|of| of != day),
                    (format!("< {day}"), &|of| of < day),
                    (format!("<= {day}"), &|of| of <= day),
                    (format!("> {day}"), &|of| of > day),
                    (format!(">= {day}"), &|of| of >= day),
                    (format!("IN ({day}, {next})"), &|of| of == day || of == next),
                    (format!("NOT IN ({day}, {next})"), &|of| of != day && of != next),
                    (format!("BETWEEN {day} AND {next}"), &|of| day <= of && of <= next),
                ];
                for (condition, holds) in conditions {
                    let of = |epoch: i64| Timestamp::from_second(epoch).unwrap().to_zoned(schema.zone.clone()).date();
                    let epoch = |row: &Value| row[attribute].as_i64().unwrap();
                    let expected: BTreeSet<i64> =
                        rows.iter().filter(|row| !missing(epoch(row)) && holds(of(epoch(row)))).map(id).collect();
                    let text = format!("{attribute} {condition}");
                    assert_eq!(found(&text, &rows, &schema), expected, "{text} in {zone}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 900, "{compared}");
}

#[test]
fn relative_days_count_from_the_day_of_the_zone() {
    // In Berlin it is the sixteenth already.
    let schema = Schema {
        now: Some("2026-06-15T22:30:00Z".parse().unwrap()),
        zone: TimeZone::get("Europe/Berlin").unwrap(),
        ..schema()
    };
    let rows = times();
    let today: BTreeSet<i64> = rows
        .iter()
        .filter(|row| (1_781_560_800..1_781_647_200).contains(&row["created_at"].as_i64().unwrap()))
        .map(id)
        .collect();
    assert!(!today.is_empty());
    assert_eq!(found("created_at = today", &rows, &schema), today);
    assert_eq!(found("created_at = 2026-06-16", &rows, &schema), today);
    assert_eq!(found("created_at >= -1d", &rows, &schema), found("created_at >= 2026-06-15", &rows, &schema));
}

#[test]
fn contact_id_is_left_to_the_client_before_it_came() {
    let rows = conversations::Data::new(3, 12);
    for (number, reason) in [((4, 14, 1), Some(Reason::NotInVersion)), ((4, 14, 2), None)] {
        let schema = Schema { version: version(number), ..schema() };
        let query = Query::new("contact = 1001", &schema).unwrap();
        let residual = query.plan().scans[0].residual.as_ref();
        assert_eq!(residual.map(|residual| residual.reasons[0].1), reason, "{number:?}");
        assert!(!found("contact = 1001", &rows, &schema).is_empty());
    }
}

#[test]
fn country_code_is_filtered_by_servers_that_have_it() {
    let rows = conversations::Data::new(5, 40);
    let before = Schema { version: version((4, 9, 2)), ..schema() };
    assert!(Query::new("country_code = en", &before).unwrap().plan().is_exact());
    assert!(Query::new("additional.country_code = en", &before).unwrap().plan().is_exact());
    let after = Schema { version: version((4, 10, 0)), ..schema() };
    // The account has an attribute of its own that is called so.
    let own = Query::new("country_code = en", &after).unwrap();
    assert_eq!(own.plan(), Query::new("custom.country_code = en", &after).unwrap().plan());
    let without = Schema { account: None, ..after.clone() };
    assert!(Query::new("country_code = en", &without).unwrap_err().has(Code::NotInVersion));
    let query = Query::new("additional.country_code = en", &after).unwrap();
    assert_eq!(query.plan().scans[0].residual.as_ref().unwrap().reasons[0].1, Reason::NotFilterable);
    let [was, is] = [before, after].map(|schema| found("additional.country_code = en", &rows, &schema));
    assert_eq!(was, is);
}

#[test]
fn rolling_days_are_sent_where_the_server_has_them_working() {
    let rows = times();
    for (number, works) in
        [((4, 11, 1), true), ((4, 11, 2), false), ((4, 15, 1), false), ((4, 15, 2), false), ((4, 16, 0), true)]
    {
        let schema = Schema { version: version(number), rolling: true, ..schema() };
        let text = "created_at < -7d";
        match Query::new(text, &schema) {
            Ok(query) => {
                assert!(works, "{number:?}");
                let json = query.payload().unwrap().to_json();
                assert!(json.contains(r#""days_before","values":[7]"#), "{json}");
                assert_eq!(found(text, &rows, &schema), found("created_at < 2026-06-08", &rows, &schema));
            }
            Err(problems) => assert!(!works && problems.has(Code::NotInVersion), "{problems}"),
        }
    }
}

/// Where the server takes so many days only, the date of others is computed, in whichever of two ways they are said.
#[test]
fn days_that_the_server_cannot_count_are_told_alike() {
    let schema = Schema { version: version((4, 16, 0)), rolling: true, ..schema() };
    let mut told = 0;
    for [one, other] in [
        ["created_at <= today", "created_at < tomorrow"],
        ["created_at <= yesterday", "created_at < today"],
        ["NOT created_at > today", "NOT created_at >= tomorrow"],
        ["created_at <= -2d", "created_at < yesterday"],
        ["created_at <= -999d", "created_at < -998d"],
        ["created_at <= -1000d", "created_at < -999d"],
    ] {
        let [first, second] = [one, other].map(|text| Query::new(text, &schema).unwrap());
        let [frozen, also] = [&first, &second].map(|query| query.warnings().has(Code::FrozenDate));
        told += usize::from(frozen);
        assert_eq!(first.payload().unwrap(), second.payload().unwrap(), "{one}");
        assert_eq!(frozen, also, "{one}");
        assert_eq!(frozen, !first.payload().unwrap().to_json().contains("days_before"), "{one}");
        for text in [one, other] {
            let rows = times();
            let computed = Schema { rolling: false, ..schema.clone() };
            assert_eq!(found(text, &rows, &schema), found(text, &rows, &computed), "{text}");
        }
    }
    assert_eq!(told, 4);
}

/// Parsed and checked again, the text of a filter is the same filter.
fn reads_back(text: &str, schema: &Schema) {
    let written = to_text(&checked(text, schema).filter);
    let again = check(&parse(&written), schema).unwrap_or_else(|problems| panic!("{text}\n{problems}"));
    let [first, second] = [&checked(text, schema).filter, &again.filter].map(|filter| {
        let parts = filter.conditions().map(|condition| (condition.attribute.clone(), condition.test.clone()));
        parts.collect::<Vec<_>>()
    });
    assert_eq!(first, second, "{text} was written as {written}");
}

#[test]
fn texts_that_look_like_something_else_stay_texts() {
    let unknown = Schema { now: schema().now, ..Schema::default() };
    for text in [
        "custom.x = \"5\"",
        "custom.x = \"true\"",
        "custom.x = \"2026-06-15\"",
        "custom.x = \"today\"",
        "custom.x IN (\"5\", \"6\")",
        "custom.x != \"-7d\"",
        "custom.x = \"now\"",
        "custom.x = 5",
        "custom.x = true",
        "custom.x = \"none\"",
        "custom.x = \"#5\"",
        "custom.x = \"\u{201c}five\u{201d}\"",
        "custom.x STARTS WITH 5",
        "custom.x > 2026-06-15",
    ] {
        reads_back(text, &unknown);
    }
}

#[test]
fn long_numbers_are_written_so_that_they_are_read_again() {
    for number in [
        "1e100".to_owned(),
        "1e-100".to_owned(),
        "1.5e-100".to_owned(),
        "-1.25e100".to_owned(),
        format!("{}e100", "9".repeat(95)),
        format!("0.{}1", "0".repeat(96)),
        "9".repeat(100),
    ] {
        reads_back(&format!("n = {number}"), &schema());
    }
}

#[test]
fn a_value_written_in_two_ways_counts_once() {
    let schema = schema();
    let payload = |text: &str| Query::new(text, &schema).unwrap().payload().map(Payload::to_json).unwrap();
    assert_eq!(payload("is_vip IN (true, TRUE)"), payload("is_vip = true"));
    assert_eq!(payload("is_vip NOT IN (false, \"false\")"), payload("is_vip != false"));
    assert_eq!(payload("assignee IN (11, Ada, @me)"), payload("assignee = 11"));
    assert_eq!(payload("n IN (5, 5.0, 05)"), payload("n = 5"));
    let text = "status IN (open, \"open\", pending, resolved)";
    assert!(payload(text).contains(r#"["open","pending","resolved"]"#));
    let told: Vec<Code> = checked(text, &schema).warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(told, [Code::Duplicate], "there is no contradiction in it");
}

#[test]
fn letters_whose_case_is_not_one_to_one_are_no_contradiction() {
    let mut rows = vec![conversations::row(1, &mut conversations::Dice::new(&[]))];
    rows[0]["custom_attributes"] = serde_json::json!({"note": "ασ"});
    for text in ["note = ΑΣ AND note != ας", "note CONTAINS ΑΣ AND note NOT CONTAINS ς", "note = ΑΣ AND note = ασ"]
    {
        assert_eq!(found(text, &rows, &schema()).len(), 1, "{text}");
        assert!(checked(text, &schema()).warnings.iter().all(|warning| warning.code != Code::Contradiction), "{text}");
    }
}

#[test]
fn keys_with_rules_of_their_own_are_left_to_the_client() {
    let mut rows = vec![conversations::row(1, &mut conversations::Dice::new(&[]))];
    rows[0]["custom_attributes"] = serde_json::json!({"message_type": "Gold", "content": "Gold"});
    for key in ["message_type", "content"] {
        assert_eq!(found(&format!("{key} = gold"), &rows, &schema()).len(), 1);
        assert_eq!(found(&format!("{key} != gold"), &rows, &schema()).len(), 0);
        assert_eq!(found(&format!("{key} != silver"), &rows, &schema()).len(), 1);
    }
}

#[test]
fn alternatives_count_against_the_bound_of_a_payload() {
    let schema = Schema { max_conditions: 2, ..schema() };
    let rows = conversations::Data::new(1, 30);
    let text = "status = open AND due != 2026-06-15";
    let query = Query::new(text, &schema).unwrap();
    assert_eq!(query.plan().scans.len(), 1);
    assert!(query.plan().scans[0].payload.conditions.len() <= 2, "{}", query.plan().to_tree(&[]));
    found(text, &rows, &schema);
}

#[test]
fn dates_of_which_calendars_disagree_are_refused() {
    for day in ["1582-10-10", "1582-12-31", "0001-01-01", "9999-01-01"] {
        for text in [format!("created_at >= {day}"), format!("due != {day}"), format!("due > {day}")] {
            assert!(Query::new(&text, &schema()).unwrap_err().has(Code::DateOutOfRange), "{text}");
        }
    }
    for number in conversations::VERSIONS {
        let schema = Schema { version: version(*number), ..schema() };
        for text in ["created_at >= 1583-01-01", "due != 1583-01-01", "due <= 9998-12-31", "created_at <= 9998-12-31"] {
            found(text, &times(), &schema);
        }
    }
}

/// What asks no more than its neighbour does not go into the payload.
#[test]
fn what_another_condition_says_is_not_sent() {
    for (text, short) in [
        ("team = 3 AND team IS PRESENT", "team = 3"),
        ("team IS PRESENT AND team = 3", "team = 3"),
        ("label = vip AND label IS PRESENT", "label = vip"),
    ] {
        assert_eq!(compile(text, &schema()).unwrap(), compile(short, &schema()).unwrap(), "{text}");
    }
    assert_eq!(compile("label = vip AND label != bug", &schema()).unwrap().conditions.len(), 2);
}

#[test]
fn a_body_means_the_same_over_several_lines() {
    let payload = compile("status = open AND label IN (vip, bug)", &schema()).unwrap();
    let read = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    assert_eq!(read(&payload.to_pretty_body()), read(&payload.to_body()));
    assert!(payload.to_pretty_body().lines().count() > payload.conditions.len());
}

#[test]
fn moments_of_one_attribute_are_one_list() {
    let text = "created_at != 2026-06-15T12:00:00Z AND created_at != 2026-06-15T13:00:00Z";
    let json: Value = serde_json::from_str(&Query::new(text, &schema()).unwrap().plan().to_json()).unwrap();
    let residual = "created_at NOT IN (2026-06-15T12:00:00Z, 2026-06-15T13:00:00Z)";
    assert_eq!(json["scans"][0]["residual"], residual);
}

#[test]
fn parts_that_share_a_literal_are_all_asked() {
    // Both bounds say `n equal_to [5]` in one of their ways, and the second request leaves both to the client.
    for (alternative, expected) in [
        (
            "label = vip",
            "contact.blocked IS PRESENT AND label = vip OR contact.blocked IS PRESENT AND custom.n >= 5 AND custom.n <= 5",
        ),
        // Where one of the alternatives cannot be sent, the others are not either.
        (
            "contact.identifier IS MISSING",
            "contact.blocked IS PRESENT AND (contact.identifier IS MISSING OR custom.n >= 5 AND custom.n <= 5)",
        ),
    ] {
        let text = format!(
            "(campaign = 71 AND contact.name ~ x) OR (contact.blocked IS PRESENT AND ({alternative} OR n BETWEEN 5 AND 5))"
        );
        let query = Query::new(&text, &schema()).unwrap();
        let residual = query.plan().scans[1].residual.as_ref().unwrap();
        assert_eq!(to_text(&residual.filter), expected);
    }
}

/// What one alternative asks, and more, need not be asked again.
#[test]
fn alternatives_within_others_are_not_sent() {
    for (text, keys) in [
        ("(status = open OR label = vip) AND (status = open OR team = 3)", "status labels team_id"),
        ("(label = vip OR team = 3) AND (team = 3 OR label = vip)", "labels team_id"),
        (
            "(id = 5 OR label = vip) AND (id = 5 OR team = 3) AND (id = 5 OR inbox = 1)",
            "display_id labels team_id inbox_id",
        ),
    ] {
        let query = Query::new(text, &schema()).unwrap();
        assert!(query.plan().is_exact(), "{text}");
        let conditions = &query.plan().scans[0].payload.conditions;
        let asked: Vec<&str> = conditions.iter().map(|condition| condition.attribute_key.as_ref()).collect();
        assert_eq!(asked.join(" "), keys, "{text}");
    }
}

/// Behind a custom attribute the server compares labels one by one in lower case alone.
#[test]
fn labels_behind_a_second_custom_attribute_are_asked_one_by_one() {
    let text = "note = x AND label IN (vip, b) OR tier = y AND label IN (vip, b)";
    let query = Query::new(text, &schema()).unwrap();
    assert!(query.plan().is_exact(), "{}", query.plan().to_tree(&[]));
    assert_eq!(query.plan().scans[0].payload.conditions.len(), 6);
    let short = Schema { max_conditions: 4, ..schema() };
    let query = Query::new(text, &short).unwrap();
    assert!(!query.plan().is_exact() && query.plan().scans[0].payload.conditions.len() <= 4);
    // Where responses do not tell a label with a comma from two, the bound gives way.
    let text = "note = x AND label IN (\"a,b\", b) OR tier = y AND label IN (\"a,b\", b)";
    let plan = Query::new(text, &short).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(plan.plan().scans.iter().all(|scan| scan.residual.is_none()), "{}", plan.plan().to_tree(&[]));
}

/// A text in upper case leaks behind a custom attribute; what contains it is still sent, what differs from it is not.
#[test]
fn behind_a_second_custom_attribute_a_wider_condition_stands_in_for_equality_alone() {
    let rows = conversations::Data::of(3, 40, conversations::FEW_TEXTS);
    for (operator, second) in [("=", "referer contains, tier equal_to"), ("!=", "tier equal_to")] {
        let text = format!("note = en AND referer {operator} EN OR tier = en AND referer {operator} EN");
        let query = Query::new(&text, &schema()).unwrap();
        let conditions = &query.plan().scans[0].payload.conditions;
        let asked: Vec<String> =
            conditions.iter().map(|c| format!("{} {}", c.attribute_key, c.filter_operator.as_str())).collect();
        assert_eq!(asked[2..].join(", "), second, "{}", query.plan().to_tree(&[]));
        found(&text, &rows, &schema());
    }
}

/// What has upper case could not be said there in any room: the bound is not the reason.
#[test]
fn a_leak_is_the_reason_whatever_room_there_is() {
    let text = "note = a AND browser_language = EN \
                OR note = b AND browser_language IN (EN, DE, FR, ES)";
    for max_conditions in [4, 100] {
        let query = Query::new(text, &Schema { max_conditions, ..schema() }).unwrap();
        let [scan] = query.plan().scans.as_slice() else { panic!("{:?}", query.plan()) };
        let reasons = &scan.residual.as_ref().unwrap().reasons;
        assert!(reasons.iter().all(|(_, reason)| *reason == Reason::Leak), "{max_conditions}: {reasons:?}");
    }
}

/// JSON numbers have as many digits as every reader keeps.
#[test]
fn numbers_of_more_than_fifteen_digits_are_sent_as_texts() {
    for (number, sent) in [("123456789.012345", "[123456789.012345]"), ("1234567890.123456", "[\"1234567890.123456\"]")]
    {
        let query = Query::new(&format!("n = {number}"), &schema()).unwrap();
        let json = query.payload().unwrap().to_json();
        assert!(json.contains(&format!("\"values\":{sent}")), "{json}");
    }
}

/// The server strips no blanks that it is not sent; amounts and names are no wildcards.
#[test]
fn what_is_looked_for_in_a_text_warns_of_wildcards_and_blanks() {
    let warned = |text: &str| !Query::new(text, &schema()).unwrap().warnings().is_empty();
    assert!(warned("referer CONTAINS \"5% \"") && warned("note CONTAINS \"a%b\""));
    assert!(warned("contact.name CONTAINS \"a%b\"") && warned("note STARTS WITH \"a%b\""));
    assert!(!warned("referer STARTS WITH \"5% \"") && !warned("note CONTAINS \"a_b\""));
    assert!(!warned("mail_subject = \"%\"") && !warned("mail_subject LIKE \"a%b\""));
}

/// Without the account an attribute's type is that of the values it is compared with.
#[test]
fn types_are_guessed_from_values_and_operators() {
    use cwql::schema::{Attribute, Custom, CustomKind};
    let unknown = Schema { account: None, ..schema() };
    for (text, kind) in [
        ("custom.x = 2026-06-15", CustomKind::Date),
        ("custom.x IN (2026-06-15, -7d)", CustomKind::Date),
        ("custom.x < yesterday", CustomKind::Date),
        ("custom.x OLDER THAN 7d", CustomKind::Date),
        ("custom.x = 5", CustomKind::Number),
        ("custom.x = TRUE", CustomKind::Checkbox),
        ("custom.x IN (5, true)", CustomKind::Text),
        ("custom.x CONTAINS 5", CustomKind::Text),
        ("custom.x = none", CustomKind::Text),
        ("custom.x IN (none, 5)", CustomKind::Number),
        ("custom.x NOT IN (true, none)", CustomKind::Checkbox),
        ("custom.x IN (\"none\", 5)", CustomKind::Text),
        ("custom.x = gold", CustomKind::Text),
        ("custom.x > \"15\"", CustomKind::Number),
        ("custom.x BETWEEN 1 AND \"3\"", CustomKind::Number),
        ("custom.x = \"15\"", CustomKind::Text),
        // An attribute has one type.
        ("custom.x = 1 OR custom.x = a", CustomKind::Text),
        ("custom.x != 2026-01-01 AND NOT (custom.x = 5 OR custom.x = true)", CustomKind::Text),
        ("custom.x = 1 AND custom.x IN (2, none)", CustomKind::Number),
        ("custom.x = none OR custom.x ~ a", CustomKind::Text),
    ] {
        let mut kinds = Vec::new();
        checked(text, &unknown).filter.conditions().for_each(|condition| match &condition.attribute {
            Attribute::Custom(Custom { kind, .. }) => kinds.push(*kind),
            other => panic!("{text}: {other}"),
        });
        assert!(!kinds.is_empty() && kinds.iter().all(|is| *is == kind), "{text}: {kinds:?}");
    }
    let refused = cwql::check(&cwql::parse("custom.x > 5 OR custom.x ~ abc"), &unknown).unwrap_err();
    assert!(refused.has(cwql::Code::OperatorNotAllowed), "{refused}");
}

/// Where a query takes several requests, one payload still holds all that they find, and less than everything:
/// `compile --superset` and a saved view need it.
#[test]
fn one_payload_holds_what_several_scans_find() {
    let rows = conversations::Data::of(5, 60, conversations::FEW_TEXTS);
    let text = "(campaign = 71 AND contact.name ~ x) OR (contact.blocked IS PRESENT AND label = vip)";
    let schema = schema();
    let query = Query::new(text, &schema).unwrap();
    let scans = &query.plan().scans;
    assert_eq!(scans.len(), 2, "{}", query.plan().to_tree(&[]));
    let superset = query.plan().superset();
    let asked: Vec<&str> = superset.conditions.iter().map(|condition| condition.attribute_key.as_ref()).collect();
    assert_eq!(asked, ["campaign_id", "labels"]);
    let sandbox = sandbox(&rows, &schema);
    let matched = |payload: &Payload| -> BTreeSet<i64> {
        sandbox.filter(cwql::sandbox::User::Admin, payload.to_body().as_bytes(), None).matches.into_iter().collect()
    };
    let held = matched(superset);
    assert!(scans.iter().all(|scan| matched(&scan.payload).is_subset(&held)));
}

/// `A AND x != v OR x IS MISSING` is what the server makes of `A AND x not_equal_to v` at the end. Custom attributes
/// before it make it lower the texts of `A`; its own absence alone does not.
#[test]
fn an_attributes_own_absence_needs_no_request_of_its_own() {
    let rows = conversations::Data::of(3, 40, conversations::FEW_TEXTS);
    for (text, asked) in [
        ("referer = EN AND tier != Gold OR tier IS MISSING", Some("referer, tier")),
        ("status = open AND tier != Gold OR tier IS MISSING", Some("status, tier")),
        ("status = open AND tier != Gold OR tier IS MISSING OR note = en", Some("note, status, tier")),
        ("referer = EN AND tier != Gold OR tier IS MISSING OR note = en", None),
        ("tier ~ o AND referer = EN AND tier != Gold OR tier IS MISSING", Some("referer, tier, tier")),
    ] {
        let query = Query::new(text, &schema()).unwrap();
        assert_eq!(query.plan().is_exact(), asked.is_some(), "{text}\n{}", query.plan().to_tree(&[]));
        if let Some(asked) = asked {
            let conditions = &query.payload().unwrap().conditions;
            let keys: Vec<&str> = conditions.iter().map(|condition| condition.attribute_key.as_ref()).collect();
            assert_eq!(keys.join(", "), asked, "{text}");
        }
        found(text, &rows, &schema());
    }
}

/// The program asks for the server's version where the meaning depends on it, and nowhere else.
#[test]
fn the_meaning_of_few_conditions_depends_on_the_version() {
    let rolling = Schema { rolling: true, version: version((4, 16, 0)), ..schema() };
    for (text, depends) in [
        ("status = open AND note = x", false),
        ("n > 5 OR due IS MISSING", false),
        ("contact.name = x OR unread_count > 0", false),
        ("created_at < 2026-06-08", false),
        ("created_at < -7d", true),
        ("contact_id = 5", true),
        ("additional.country_code = DE", true),
        ("status = open AND (label = vip OR NOT custom.country_code = DE)", true),
        ("custom.contact_id = 5", true),
    ] {
        assert_eq!(cwql::check::depends_on_version(&checked(text, &rolling).filter), depends, "{text}");
    }
}

/// What an exact plan asks, condition by condition.
fn asked(text: &str, schema: &Schema) -> String {
    let query = Query::new(text, schema).unwrap_or_else(|problems| panic!("{text}\n{problems}"));
    assert!(query.plan().is_exact(), "{text}\n{}", query.plan().to_tree(&[]));
    said(query.payload().unwrap())
}

/// A payload on one line.
fn said(payload: &Payload) -> String {
    let payload: Value = serde_json::from_str(&payload.to_json()).unwrap();
    let mut said = String::new();
    for condition in payload.as_array().or(payload["payload"].as_array()).unwrap() {
        let word = |member: &str| condition[member].as_str().unwrap_or_default().to_owned();
        let values: Vec<String> = condition["values"].as_array().unwrap().iter().map(Value::to_string).collect();
        said += &format!("{} {} {}", word("attribute_key"), word("filter_operator"), values.join(","));
        said += &word("query_operator").replace("AND", " & ").replace("OR", " | ");
    }
    said.replace(" equal_to ", "=").replace(" is_greater_than ", ">").replace('"', "")
}

/// The server compares whole days: what is sent is the days that hold an instant's side, and exact at a day's border.
#[test]
fn what_is_sent_for_an_instant_is_whole_days() {
    for (text, sent, exact) in [
        ("created_at > 2026-06-15T10:00:00Z", "is_greater_than 2026-06-14", false),
        ("created_at >= 2026-06-15T00:00:00Z", "is_greater_than 2026-06-14", true),
        ("created_at > 2026-06-14T23:59:59Z", "is_greater_than 2026-06-14", true),
        ("created_at >= 2026-06-14T23:59:59.5Z", "is_greater_than 2026-06-14", true),
        ("created_at < 2026-06-15T10:00:00Z", "is_less_than 2026-06-16", false),
        ("created_at < 2026-06-15T00:00:00Z", "is_less_than 2026-06-15", true),
        ("created_at <= 2026-06-14T23:59:59Z", "is_less_than 2026-06-15", true),
        ("created_at <= 2026-06-14T23:59:59.5Z", "is_less_than 2026-06-15", true),
        // Before 1970 seconds count backwards, and their fractions do not.
        ("created_at < 1969-12-31T23:59:59.5Z", "is_less_than 1970-01-01", true),
        ("created_at >= 1969-12-31T23:59:59.5Z", "is_greater_than 1969-12-31", true),
    ] {
        let query = Query::new(text, &schema()).unwrap();
        let conditions = &query.plan().superset().conditions;
        let said: Vec<String> = conditions
            .iter()
            .map(|condition| {
                let json = serde_json::to_value(condition).unwrap();
                let word = |member: &str| json[member].as_str().unwrap_or_default().to_owned();
                format!("{} {}", word("filter_operator"), json["values"][0].as_str().unwrap_or_default())
            })
            .collect();
        assert_eq!((said, query.plan().is_exact()), (vec![sent.to_owned()], exact), "{text}");
    }
}

/// Alternatives of two factors that exclude each other, or of which one says what the other says, are not sent so.
#[test]
fn alternatives_that_exclude_or_imply_each_other_are_joined() {
    for (text, expected) in [
        (
            "(status = open OR label = vip) AND (status = pending OR label = bug)",
            "status=open & labels=bug | labels=vip & status=pending | labels=vip & labels=bug",
        ),
        (
            "(created_at > 2026-06-01 OR label = vip) AND (created_at > 2026-06-05 OR label = bug)",
            "created_at>2026-06-05 | created_at>2026-06-01 & labels=bug | labels=vip & labels=bug",
        ),
        // Labels and texts of another case are others, but for a custom attribute's.
        (
            "(label = VIP OR team = 3) AND (label = vip OR inbox = 31)",
            "labels=VIP & labels=vip | labels=VIP & inbox_id=31 | team_id=3 & labels=vip | team_id=3 & inbox_id=31",
        ),
        ("label = VIP AND team = 3 OR label = vip AND team = 3", "labels=VIP & team_id=3 | labels=vip & team_id=3"),
        ("referer = EN AND team = 3 OR referer = en AND team = 3", "referer=EN & team_id=3 | referer=en & team_id=3"),
        ("tier = GOLD AND team = 3 OR tier = gold AND team = 3", "tier=GOLD & team_id=3"),
        // Alternatives that have nothing to do with the others keep their place before them.
        (
            "(team = 3 OR inbox = 4) AND (label = a OR status = open) AND (label = b OR status = open)",
            "team_id=3 & labels=a & labels=b | team_id=3 & status=open | \
             inbox_id=4 & labels=a & labels=b | inbox_id=4 & status=open",
        ),
        (
            "id = 7 AND (label = a OR status = open) AND (label = b OR status = open) AND (team = 3 OR inbox = 4)",
            "display_id=7 & labels=a & labels=b & team_id=3 | display_id=7 & labels=a & labels=b & inbox_id=4 | \
             display_id=7 & status=open & team_id=3 | display_id=7 & status=open & inbox_id=4",
        ),
        // One condition ends an alternative and begins the next one.
        (
            "(created_at < 2026-01-01 OR created_at > 2026-03-01) AND team = 8 AND \
             (created_at < 2026-02-01 OR created_at > 2026-04-01)",
            "created_at is_less_than 2026-01-01 & team_id=8 | team_id=8 & created_at>2026-04-01",
        ),
        // A day is two bounds, of which another condition is one.
        (
            "(created_at = 2026-06-15 AND created_at > 2026-06-14 OR label = a) AND (referer = x OR id = 7)",
            "created_at>2026-06-14 & created_at is_less_than 2026-06-16 & referer=x | \
             created_at>2026-06-14 & created_at is_less_than 2026-06-16 & display_id=7 | \
             labels=a & referer=x | labels=a & display_id=7",
        ),
    ] {
        assert_eq!(asked(text, &schema()), expected, "{text}");
    }
}

/// Source order, wherever the server reads it as it is meant: behind a custom attribute it reads some standard ones
/// otherwise, and those go before it.
#[test]
fn custom_attributes_stay_where_they_stand_if_nothing_behind_them_leaks() {
    for (text, expected) in [
        ("tier = gold AND status = open", "tier=gold & status=open"),
        ("tier = gold AND team = 3 AND created_at > 2026-01-01", "tier=gold & team_id=3 & created_at>2026-01-01"),
        ("tier = gold OR status IN (open, pending)", "tier=gold | status=open,pending"),
        ("tier = gold AND label = vip", "tier=gold & labels=vip"),
        ("team IN (3, 8) AND tier = gold AND status = open", "team_id=3,8 & tier=gold & status=open"),
        // These leak.
        ("tier = gold AND label = VIP", "labels=VIP & tier=gold"),
        ("tier = gold AND label IN (a, b)", "labels=a,b & tier=gold"),
        ("tier = gold OR referer = EN", "referer=EN | tier=gold"),
    ] {
        assert_eq!(asked(text, &schema()), expected, "{text}");
    }
}

/// A condition beside alternatives rules out those that it excludes, and all of them where it implies one.
#[test]
fn what_stands_beside_alternatives_narrows_them() {
    for (text, asked_for, left) in [
        (
            "browser_language = de AND (assignee IS PRESENT OR browser_language IS MISSING)",
            "browser_language=de & assignee_id is_present ",
            None,
        ),
        ("contact.name = a AND (team = 3 OR contact.name = b)", "team_id=3", Some("contact.name = a")),
        ("contact.name = a AND (team = 3 OR contact.name = a)", "", Some("contact.name = a")),
        ("contact.name = a OR (contact.name = a AND team = 3)", "", Some("contact.name = a")),
        ("team = 3 AND (status = open OR (team = 3 AND status = open))", "team_id=3 & status=open", None),
        ("team = 3 AND (status = open OR (team = 8 AND contact.name = a))", "team_id=3 & status=open", None),
        // What is left of the alternatives says what stands beside it.
        (
            "priority = high AND (browser_language != en OR priority IN (low, high)) AND browser_language = en",
            "priority=high & browser_language=en",
            None,
        ),
        // Whoever has no name is neither.
        (
            "contact.name = a OR (team = 3 AND contact.name != a)",
            "",
            Some("contact.name = a OR team = 3 AND contact.name != a"),
        ),
        // The third is wider than the second, and with the first it is everything.
        (
            "created_at < 2026-06-15T12:00:00Z OR created_at > 2026-06-17T10:00:00Z OR created_at >= 2026-06-10T10:00:00Z",
            "",
            None,
        ),
    ] {
        let query = Query::new(text, &schema()).unwrap();
        let [scan] = query.plan().scans.as_slice() else { panic!("{text}: {}", query.plan().to_tree(&[])) };
        assert_eq!(said(&scan.payload), asked_for, "{text}");
        assert_eq!(scan.residual.as_ref().map(|residual| to_text(&residual.filter)).as_deref(), left, "{text}");
    }
    let zoned = Schema { zone: TimeZone::get("Europe/Berlin").unwrap(), ..schema() };
    let text = "team = 3 AND (last_activity_at != 2026-06-01 OR last_activity_at != 2026-05-07 OR id NOT CONTAINS 8)";
    assert!(Query::new(text, &zoned).unwrap().plan().is_exact());
    assert_eq!(asked(text, &zoned), "team_id=3");
}

/// What remains of the alternatives counts, not what they would have been.
#[test]
fn a_payload_is_as_long_as_the_bound() {
    for (text, conditions) in [
        ("(label = vip OR team = 3) AND (team = 3 OR label = vip)", 2),
        ("(status = open OR label = vip) AND (status = open OR team = 3)", 3),
        ("(status = open OR label = vip) AND (status = pending OR label = bug)", 6),
    ] {
        for bound in conditions - 1..=conditions {
            let query = Query::new(text, &Schema { max_conditions: bound, ..schema() }).unwrap();
            assert_eq!(query.plan().is_exact(), bound == conditions, "{text}: {bound}\n{}", query.plan().to_tree(&[]));
        }
    }
}

/// A condition that another one implies is not sent, wherever it stands, nor one that holds for every conversation.
#[test]
fn what_goes_without_saying_is_not_sent() {
    for (text, expected) in [
        ("created_at > 2026-06-01 AND created_at > 2026-05-01", "created_at>2026-06-01"),
        ("created_at > 2026-05-01 AND created_at > 2026-06-01", "created_at>2026-06-01"),
        ("created_at > 2026-06-01 OR created_at > 2026-05-01", "created_at>2026-05-01"),
        ("created_at > 2026-05-01 OR created_at > 2026-06-01", "created_at>2026-05-01"),
        (
            "label = vip AND created_at < 2026-06-01 AND created_at < 2026-07-01",
            "labels=vip & created_at is_less_than 2026-06-01",
        ),
        // What has no label does not have this one.
        ("label IS MISSING AND label != vip", "labels is_not_present "),
        ("label IS MISSING OR label != vip", "labels not_equal_to vip"),
        ("inbox IS PRESENT", ""),
        ("status = open AND inbox IS PRESENT", "status=open"),
        ("status = open AND (label = vip OR created_at IS PRESENT)", "status=open"),
        // What stands within a chain of its own, and is one with it.
        ("label = a AND (inbox IS MISSING OR (label = b AND label = a))", "labels=a & labels=b"),
        ("label = a OR (label = b AND (inbox IS PRESENT AND label = b)) OR label = a", "labels=a,b"),
    ] {
        assert_eq!(asked(text, &schema()), expected, "{text}");
    }
}

/// What the client must do is told with the reason.
#[test]
fn what_one_payload_cannot_say_is_told_with_its_reason() {
    let problems = cwql::compile("status = open AND unread_count > 0", &schema()).unwrap_err();
    let problem = problems.iter().next().unwrap();
    assert_eq!(problem.code, Code::NotExact);
    let help = problem.help.as_deref().unwrap();
    assert!(help.ends_with("`unread_count > 0`: the server does not filter by this attribute"), "{help}");
}

/// A run shows what may be a mistake; what every use of a feature brings with it, `check` shows.
#[test]
fn a_run_shows_what_may_be_a_mistake() {
    let unknown = Schema { account: None, ..schema() };
    for (text, code, urgent) in [
        ("custom.x = 5", Code::GuessedType, true),
        ("inbox IS PRESENT", Code::Tautology, true),
        ("referer CONTAINS \"a%b\"", Code::WildcardLiteral, false),
        ("referer = *a*", Code::WildcardLiteral, true),
        ("id IN (5, 5)", Code::Duplicate, false),
    ] {
        let warnings = checked(text, &unknown).warnings;
        let warning = warnings.iter().next().unwrap_or_else(|| panic!("{text}"));
        assert_eq!((warning.code, cwql::check::is_urgent(warning)), (code, urgent), "{text}");
    }
}

/// Of two lists of one attribute what both allow is sent.
#[test]
fn lists_of_one_attribute_are_one() {
    for (text, expected) in [
        ("referer IN (a, b) AND referer IN (b, c)", "referer=b"),
        ("referer IN (a, b) AND referer != a", "referer=b"),
        ("referer NOT IN (a, b) AND referer IN (b, c)", "referer=c"),
        ("id IN (1, 2) AND id IN (2, 3)", "display_id=2"),
        ("status != open AND status IN (open, pending)", "status=pending"),
        ("n IN (1, 2) AND n IN (2, 3)", "n=2"),
        ("referer != a AND label = vip AND referer != b", "referer not_equal_to a,b & labels=vip"),
        ("label != a AND label != b", "labels not_equal_to a,b"),
        ("referer NOT IN (b, a) AND referer != b", "referer not_equal_to b,a"),
        // Equality of a custom text ignores case, so that what both name is not told by the texts.
        ("tier IN (a, b) AND tier IN (b, c)", "tier=a & tier=c | tier=b"),
    ] {
        assert_eq!(asked(text, &schema()), expected, "{text}");
    }
}

/// The server has no such operator, or strips the text: what it can say instead holds wherever the condition does.
#[test]
fn the_nearest_operator_stands_in_for_one_that_the_server_lacks() {
    for (text, operator, values) in [
        ("STARTS WITH x", "contains", "[\"x\"]"),
        ("NOT STARTS WITH x", "present", ""),
        ("CONTAINS \" x\"", "contains", "[\" x\"]"),
        ("NOT CONTAINS \" x\"", "present", ""),
        ("LIKE \"a%b\"", "contains", "[\"a%b\"]"),
        ("NOT LIKE \"a%b\"", "present", ""),
    ] {
        for (attribute, present, none) in [("referer", "contains", "[\"\"]"), ("tier", "is_present", "[]")] {
            let query = Query::new(&format!("{attribute} {text}"), &schema()).unwrap();
            let [condition] = query.plan().superset().conditions.as_slice() else { panic!("{attribute} {text}") };
            let (operator, values) = if operator == "present" { (present, none) } else { (operator, values) };
            let sent = serde_json::to_string(condition.values.as_slice()).unwrap();
            assert_eq!((condition.filter_operator.as_str(), &*sent), (operator, values), "{attribute} {text}");
            assert!(!query.plan().is_exact(), "{attribute} {text}");
        }
    }
}

/// A pattern with any text at both ends is what the server's own operator asks.
#[test]
fn a_pattern_that_the_server_has_is_sent_exactly() {
    for (text, sent) in [
        ("tier LIKE \"%a_b%\"", "tier contains a_b"),
        ("tier NOT LIKE \"%a_b%\"", "tier does_not_contain a_b"),
        ("referer LIKE \"%a_b%\"", "referer contains a_b"),
        ("referer NOT LIKE \"%a_b%\"", "referer does_not_contain a_b"),
    ] {
        assert_eq!(asked(text, &schema()), sent, "{text}");
        assert!(Query::new(text, &schema()).unwrap().plan().is_exact(), "{text}");
    }
}

/// Alternatives of one attribute are a list, whatever their type.
#[test]
fn alternatives_are_a_list() {
    for (attribute, one, other) in [
        ("status", "open", "pending"),
        ("id", "1", "2"),
        ("referer", "a", "b"),
        ("n", "1", "2.5"),
        ("created_at", "2026-06-01", "2026-06-03"),
        ("snoozed_until", "2026-06-01T10:00:00Z", "2026-06-03T10:00:00Z"),
        ("muted", "true", "false"),
    ] {
        let plan =
            |text: &str| Query::new(text, &schema()).unwrap_or_else(|found| panic!("{text}\n{found}")).plan().clone();
        for (join, sign, list) in [("OR", "=", "IN"), ("AND", "!=", "NOT IN")] {
            let joined = plan(&format!("{attribute} {sign} {one} {join} {attribute} {sign} {other}"));
            let listed = plan(&format!("{attribute} {list} ({one}, {other})"));
            assert_eq!(joined.to_tree(&[]), listed.to_tree(&[]), "{attribute} {list}");
        }
    }
}

/// The last branch of the plan's tree ends it.
#[test]
fn a_tree_ends_with_its_last_scan() {
    let text = "(campaign = 71 AND contact.name ~ x) OR (contact.blocked IS PRESENT AND label = vip)";
    let tree = Query::new(text, &schema()).unwrap().plan().to_tree(&[]);
    let scans: Vec<&str> = tree.lines().filter(|line| line.contains("─ scan ")).collect();
    assert_eq!(scans, ["├─ scan 1", "└─ scan 2"], "{tree}");
}

/// A saved view moves on where the server can count the days, and says where it cannot.
#[test]
fn what_does_not_move_on_is_told() {
    let rolling = Schema { version: version((4, 9, 2)), rolling: true, ..schema() };
    for (text, days) in [
        ("created_at < -7d", Some(7)),
        ("created_at <= -7d", Some(6)),
        ("created_at <= -1d", Some(0)),
        ("created_at <= today", Some(-1)),
        ("created_at < +3d AND status = open", Some(-3)),
        ("NOT created_at >= -7d", Some(7)),
        ("NOT (status = open OR created_at > -7d)", Some(6)),
        ("created_at OLDER THAN 2w", Some(14)),
        ("created_at OLDER THAN \"2w\"", Some(14)),
        ("custom.due < -3d", Some(3)),
        ("custom.due <= -3d AND status = open", Some(2)),
        ("custom.due OLDER THAN 1w OR created_at < -9d", Some(7)),
        ("created_at < 2026-06-01", None),
    ] {
        let query = Query::new(text, &rolling).unwrap();
        let json = query.payload().unwrap().to_json();
        let sent = days.map(|days| format!(r#""days_before","values":[{days}]"#));
        assert!(sent.is_none_or(|sent| json.contains(&sent)), "{text}: {json}");
        assert!(!query.warnings().has(Code::FrozenDate), "{text}");
        for rows in [&*times(), &*conversations::Data::new(9, 60)] {
            assert_eq!(found(text, rows, &rolling), found(text, rows, &schema()), "{text}");
        }
    }
    for text in [
        "created_at > -7d",
        "created_at = yesterday",
        "created_at != -1d",
        "created_at < -3mo",
        "created_at OLDER THAN 2h",
        "created_at < now-7d",
        "created_at BETWEEN -7d AND -3d",
        "NOT created_at < 2026-06-01 AND created_at >= tomorrow",
        "NOT created_at < -7d",
        "NOT created_at OLDER THAN 1w AND status = open",
        "custom.due >= -3d",
        "custom.due != yesterday",
    ] {
        let warnings = |schema: &Schema| Query::new(text, schema).unwrap().warnings().has(Code::FrozenDate);
        assert!(warnings(&rolling) && !warnings(&schema()), "{text}");
    }
    // What is never sent does not stay behind.
    for text in ["waiting_since < -2d", "status = open AND updated_at > -7d", "snoozed_until <= -1d"] {
        assert!(!Query::new(text, &rolling).unwrap().warnings().has(Code::FrozenDate), "{text}");
    }
    // This server counts 1 to 998 days, and what it does not count is told (`days_that_the_server_cannot_count_…`).
    let later = Schema { version: version((4, 16, 0)), ..rolling.clone() };
    let query = Query::new("created_at <= -2d", &later).unwrap();
    assert!(query.payload().unwrap().to_json().contains(r#""days_before","values":[1]"#));
    assert!(!query.warnings().has(Code::FrozenDate));
    let zoned = Schema { zone: TimeZone::get("Europe/Berlin").unwrap(), ..rolling };
    for text in ["created_at < -7d", "custom.due < -7d"] {
        assert!(Query::new(text, &zoned).unwrap().warnings().has(Code::FrozenDate), "{text}");
    }
}

/// A number that JSON cannot hold exactly is sent as a text: of one value that is `!=` all the same, of several the first
/// alone would count.
#[test]
fn a_number_that_is_sent_as_a_text_stays_one_condition() {
    let payload = |text: &str| Query::new(text, &schema()).unwrap().payload().unwrap().to_json();
    let one = payload("custom.n != 0.12345678901234567");
    assert!(one.contains(r#""not_equal_to","values":["0.12345678901234567"]"#), "{one}");
    assert!(payload("custom.n != 5").contains(r#""not_equal_to","values":[5]"#));
    let several = payload("custom.n NOT IN (0.12345678901234567, 5)");
    assert!(!several.contains("not_equal_to"), "{several}");
}

/// A custom attribute's `!=` is right as the last alternative, by itself: it is sent there.
#[test]
fn a_custom_unequal_is_put_behind_the_others() {
    for text in ["note != x OR status = open", "status = open OR note != x", "note != x OR id = 5 AND team = 8"] {
        let query = Query::new(text, &schema()).unwrap();
        assert!(query.plan().is_exact(), "{text}\n{}", query.plan().to_tree(&[]));
        let payload = query.payload().unwrap();
        let last = payload.conditions.last().unwrap();
        assert_eq!((&*last.attribute_key, last.filter_operator.as_str()), ("note", "not_equal_to"), "{text}");
    }
}

/// A number in quotes is the name that reads so, if there is one; else it is the number.
#[test]
fn digits_in_quotes_may_be_a_name() {
    let text = r#"{"teams":[{"id":50,"name":"8"},{"id":8,"name":"sales"},{"id":9,"name":"12"},{"id":10,"name":"12"}]}"#;
    let schema = Schema { account: Some(Account::from_json(text.as_bytes()).unwrap()), ..Schema::default() };
    for (text, id) in [("team = 8", 8), ("team = \"8\"", 50), ("team = \"9\"", 9), ("team = 12", 12)] {
        let json = compile(text, &schema).unwrap().to_json();
        assert!(json.contains(&format!(r#""values":[{id}]"#)), "{text}: {json}");
    }
    assert!(compile("team = \"12\"", &schema).unwrap_err().has(Code::AmbiguousName));
}

/// What holds of a day that moves and of one that does not holds today alone: both conditions are sent.
#[test]
fn a_day_that_moves_replaces_none_that_stays() {
    let rolling = Schema { version: version((4, 9, 2)), rolling: true, ..schema() };
    let (moves, stays) =
        (r#""days_before","values":[7]"#, |operator: &str, day: &str| format!("\"{operator}\",\"values\":[\"{day}\"]"));
    for (text, other) in [
        ("created_at < -7d AND created_at < 2026-06-10", stays("is_less_than", "2026-06-10")),
        ("created_at < 2026-06-08 AND created_at < -7d", stays("is_less_than", "2026-06-08")),
        ("created_at < -7d OR created_at < 2026-06-10", stays("is_less_than", "2026-06-10")),
        ("created_at < 2026-06-08 OR created_at < -7d", stays("is_less_than", "2026-06-08")),
        ("created_at < -7d AND created_at > 2026-06-10", stays("is_greater_than", "2026-06-10")),
        ("created_at < -7d AND created_at = 2026-06-12", stays("is_greater_than", "2026-06-11")),
        ("custom.due < -7d AND custom.due < 2026-06-10", stays("is_less_than", "2026-06-10")),
    ] {
        let query = Query::new(text, &rolling).unwrap();
        let json = query.payload().unwrap().to_json();
        assert!(json.contains(moves) && json.contains(&other), "{text}: {json}");
        assert!(query.warnings().is_empty(), "{text}: {}", query.warnings());
    }
    // Two days that move stay as far from each other as they are.
    let query = Query::new("created_at < -7d AND created_at < -3d", &rolling).unwrap();
    assert_eq!(query.payload().unwrap().conditions.len(), 1);
}

/// An answer does not tell a removed agent from none: only who is known to be an agent is looked for here.
#[test]
fn assignees_are_evaluated_if_they_are_agents() {
    let agents = r#"{"agents":[{"id":1,"name":"Ada"},{"id":2,"name":"Bruno"}]}"#;
    let schema = Schema { account: Some(Account::from_json(agents.as_bytes()).unwrap()), ..schema() };
    for (assignees, scans) in [("(1)", 1), ("(1, 2)", 1), ("(3)", 2), ("(1, 3)", 2)] {
        let query = Query::new(&format!("assignee IN {assignees} OR unread_count > 0"), &schema).unwrap();
        assert_eq!(query.plan().scans.len(), scans, "{assignees}: {}", query.plan().to_tree(&[]));
    }
}

/// Alternatives that do not fit into one payload are sent in a few, not looked for in every conversation.
#[test]
fn a_chain_that_does_not_fit_is_sent_in_parts() {
    let text = "id = 1 OR status = open OR team = 8 OR priority = high OR label = vip";
    let cases: [(usize, &[usize]); 5] = [(6, &[5]), (5, &[5]), (4, &[4, 1]), (2, &[2, 2, 1]), (0, &[0])];
    for (max_conditions, expected) in cases {
        let query = Query::new(text, &Schema { max_conditions, ..schema() }).unwrap();
        let sizes: Vec<usize> = query.plan().scans.iter().map(|scan| scan.payload.conditions.len()).collect();
        assert_eq!(sizes, expected, "{max_conditions}");
    }
    let orders = |count: usize| {
        let orders: Vec<String> = (0..count).map(|order| format!("A-{order}")).collect();
        format!("note IN ({})", orders.join(", "))
    };
    for (count, scans) in [(500, 1), (501, 2), (4000, 8)] {
        let plan = Query::new(&orders(count), &schema()).unwrap().plan().clone();
        assert_eq!((plan.scans.len(), plan.is_exact()), (scans, scans == 1), "{count}");
        assert!(plan.scans.iter().all(|scan| scan.residual.is_none()), "{count}");
    }
    // Where something else narrows them, or there are too many, the client looks.
    for text in [orders(4001), format!("status = open AND {}", orders(501))] {
        let plan = Query::new(&text, &schema()).unwrap().plan().clone();
        assert_eq!(plan.scans.len(), 1, "{text:.40}");
        assert!(plan.scans[0].residual.is_some(), "{text:.40}");
    }
}

/// Alternatives that the client cannot evaluate are sent in as many payloads as it takes.
#[test]
fn what_only_the_server_knows_takes_many_payloads() {
    let parts: Vec<String> = (1..=9).map(|id| format!("(assignee != {id} OR campaign != {id})")).collect();
    let query = Query::new(&parts.join(" AND "), &schema()).unwrap();
    let scans = &query.plan().scans;
    let sent: usize = scans.iter().map(|scan| scan.payload.conditions.len()).sum();
    assert!(scans.len() > 9 && scans.iter().all(|scan| scan.residual.is_none()), "{}", scans.len());
    assert_eq!(sent, 9 << 9);
}

/// The parser's trees have no NOT before a chain when they are checked; a filter that is put together may have one.
#[test]
fn a_negation_is_moved_to_the_conditions() {
    let filter = check(&parse("team = 3 OR label = vip"), &schema()).unwrap().filter;
    let not = Filter::Not(Box::new(filter.clone()));
    assert_eq!(to_text(&not.negation_normal()), "team != 3 AND label != vip");
    assert_eq!(to_text(&Filter::Not(Box::new(not)).negation_normal()), "team = 3 OR label = vip");
}

/// An address ends at a blank, a comma or a parenthesis, whatever its letters are.
#[test]
fn an_address_ends_where_the_value_does() {
    for (text, expected) in [
        ("referer = https://bücher.example/a OR id = 5", "referer=https://bücher.example/a | display_id=5"),
        ("(referer = https://bücher.example/a) AND id = 5", "referer=https://bücher.example/a & display_id=5"),
    ] {
        assert_eq!(asked(text, &schema()), expected, "{text}");
    }
    let list = "referer IN (https://bücher.example/a, https://shop.example/b)";
    let payload = compile(list, &schema()).unwrap();
    assert_eq!(payload.conditions[0].values.len(), 2, "{}", payload.to_json());
}

/// What only the planner knows to be empty, or to be everything, is told where its parts stand.
#[test]
fn what_the_planner_knows_to_hold_never_or_always_is_told() {
    let words = ["open", "resolved", "pending", "snoozed"];
    let [never, always] = ["status != ", "status = "].map(|lead| words.map(|word| format!("{lead}{word}")));
    let statuses =
        |parts: &[String]| parts.iter().rev().map(|part| Box::leak(part.clone().into_boxed_str()) as &str).collect();
    let cases: Vec<(String, Code, Vec<&str>)> = [
        (
            "status = open AND (status = resolved OR status = pending)",
            vec!["status = resolved OR status = pending", "status = open"],
        ),
        (
            "(priority = low OR priority = high) AND priority = urgent",
            vec!["priority = urgent", "priority = low OR priority = high"],
        ),
        (
            "label = vip AND status IN (open,pending) AND status != open AND status != pending AND team = 3",
            vec!["status != pending", "status != open", "status IN (open,pending)"],
        ),
        ("id IN (1,2) AND id IN (2,3) AND id IN (1,3)", vec!["id IN (1,3)", "id IN (2,3)", "id IN (1,2)"]),
        (
            "unread_count < 3 AND (unread_count > 5 OR unread_count = 4)",
            vec!["unread_count > 5 OR unread_count = 4", "unread_count < 3"],
        ),
    ]
    .into_iter()
    .map(|(text, places)| (text.to_owned(), Code::Contradiction, places))
    .chain([
        (never.join(" AND "), Code::Contradiction, statuses(&never)),
        (always.join(" OR "), Code::Tautology, statuses(&always)),
        (
            "id = 5 OR status IN (open, pending) OR status IN (resolved, snoozed)".to_owned(),
            Code::Tautology,
            vec!["status IN (resolved, snoozed)", "status IN (open, pending)"],
        ),
    ])
    .collect();
    for (text, code, places) in cases {
        let query = Query::new(&text, &schema()).unwrap();
        let [told] = query.warnings().iter().as_slice() else { panic!("{text}: {}", query.warnings()) };
        let mut found: Vec<&str> = told.labels.iter().map(|label| label.span.of(&text)).collect();
        found.sort_by_key(|place| std::cmp::Reverse(place.as_ptr()));
        assert_eq!((told.code, found), (code, places), "{text}");
        assert_eq!(query.plan().kind(), "exact", "{text}");
        assert_eq!(query.plan().is_never(), code == Code::Contradiction, "{text}");
    }
    // Of many parts it is told at one place, and so it is in a query that is long.
    let differ = |most: usize| (1..=most).map(|id| format!(" AND id != {id}")).collect::<String>();
    let among = |most: usize| format!("id IN ({})", (1..=most).map(|id| id.to_string()).collect::<Vec<_>>().join(","));
    let labels = |count: usize| (0..count).map(|label| format!(" AND label = l{label}")).collect::<String>();
    for (text, count) in [
        (among(7) + &differ(7), 8),
        (among(8) + &differ(8), 1),
        (format!("(id = 1 OR id = 2) AND id = 3{}", labels(497)), 2),
        (format!("(id = 1 OR id = 2) AND id = 3{}", labels(498)), 1),
    ] {
        let query = Query::new(&text, &schema()).unwrap();
        let told = query.warnings().iter().find(|warning| warning.code == Code::Contradiction);
        assert_eq!(told.map(|told| told.labels.len()), Some(count), "{text}");
    }
    // What is told of a part is not told again of the whole, and of what may match nothing is told.
    for (text, count) in [
        ("status = open AND status = resolved AND (status = pending OR status = snoozed)", 1),
        ("status = open AND (status = open OR status = pending)", 0),
        ("label = a AND (label = b OR label = c)", 0),
        ("status != open AND status != resolved AND status != pending", 0),
        ("priority = low OR priority = medium OR priority = high OR priority = urgent", 0),
    ] {
        let query = Query::new(text, &schema()).unwrap();
        let told = |code| query.warnings().iter().filter(|warning| warning.code == code).count();
        assert_eq!(told(Code::Contradiction) + told(Code::Tautology), count, "{text}: {}", query.warnings());
    }
}
