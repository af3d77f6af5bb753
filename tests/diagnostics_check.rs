//! Every diagnostic of names, values and meaning: its code, the text that it underlines, and how it is shown.
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

use std::collections::BTreeSet;

use cwql::schema::{Account, NameList, Schema, ServerVersion};
use cwql::{Code, Diagnostics, Format, Query, Severity, check, compile, parse};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// What a query is checked against.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Against {
    /// The account, the newest server that was recorded.
    Account,
    /// No account.
    Nothing,
    /// The account, days sent as `days_before` to a server of this version.
    Rolling(u16, u16, u16),
    /// No account, a server of this version.
    Server(u16, u16, u16),
    /// No account, the clocks of central Europe.
    Zoned,
    /// One payload is asked for.
    OnePayload,
}
use Against::{Account as Known, Nothing, OnePayload, Rolling, Server, Zoned};

fn account() -> Account {
    let agent = |id: i64, name: &str| json!({"id": id, "name": name, "email": format!("{id}@agents.example")});
    let custom = |key: &str, kind: &str, model: &str| json!({"attribute_key": key, "attribute_display_type": kind, "attribute_model": model});
    let mut listed = custom("size", "list", "conversation_attribute");
    listed["attribute_values"] = json!(["Small", "Medium", "Extra large"]);
    let text = json!({
        "users": {"admin": {"id": 11}},
        "agents": [agent(11, "Ada Lovelace"), agent(12, "Bruno"), agent(15, "bruno"), agent(16, "Chloé")],
        "inboxes": [{"id": 31, "name": "Website"}, {"id": 42, "name": "Mail"}, {"id": 43, "name": "mail"}],
        "teams": [{"id": 3, "name": "sales"}, {"id": 8, "name": "tier 2"}],
        "labels": [{"title": "bug"}, {"title": "vip"}],
        "custom_attribute_definitions": [
            custom("tier", "list", "conversation_attribute"), listed, custom("orders", "number", "conversation_attribute"),
            custom("due", "date", "conversation_attribute"), custom("is_vip", "checkbox", "conversation_attribute"),
            custom("plan", "text", "contact_attribute"),
        ],
    });
    Account::from_json(text.to_string().as_bytes()).unwrap()
}

fn schema(against: Against) -> Schema {
    let schema = Schema { now: Some("2026-06-15T12:00:00Z".parse().unwrap()), ..Schema::default() };
    match against {
        Nothing => schema,
        Zoned => Schema { zone: TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap(), ..schema },
        Known | OnePayload => Schema { account: Some(account()), ..schema },
        Server(major, minor, patch) => Schema { version: ServerVersion::new(major, minor, patch), ..schema },
        Rolling(major, minor, patch) => {
            let version = ServerVersion::new(major, minor, patch);
            Schema { account: Some(account()), rolling: true, version, ..schema }
        }
    }
}

/// Everything that is said of a query, errors and warnings.
fn problems(text: &str, against: Against) -> Diagnostics {
    let schema = schema(against);
    if against == OnePayload {
        return compile(text, &schema).map(|_| ()).unwrap_err();
    }
    match check(&parse(text), &schema) {
        Ok(checked) => Query::new(text, &schema).err().unwrap_or(checked.warnings),
        Err(problems) => problems,
    }
}

struct Case {
    /// The name of the snapshot.
    name: &'static str,
    against: Against,
    query: &'static str,
    /// The codes in the order of their places, and what is underlined.
    expected: &'static [(Code, &'static str)],
}

const fn case(
    name: &'static str,
    against: Against,
    query: &'static str,
    expected: &'static [(Code, &'static str)],
) -> Case {
    Case { name, against, query, expected }
}

const CASES: &[Case] = &[
    // Names of attributes.
    case("attribute_near", Known, "staus = open", &[(Code::UnknownAttribute, "staus")]),
    case("attribute_near_nothing", Known, "xyz = 1", &[(Code::UnknownAttribute, "xyz")]),
    case("attribute_near_without_account", Nothing, "teir = gold", &[(Code::UnknownAttribute, "teir")]),
    case("attribute_custom_without_account", Nothing, "tier = gold", &[(Code::UnknownAttribute, "tier")]),
    case("attribute_custom_near", Known, "custom.ordres > 5", &[(Code::UnknownAttribute, "custom.ordres")]),
    case("attribute_contact_near", Nothing, "contact.emial ~ x", &[(Code::UnknownAttribute, "contact.emial")]),
    case("attribute_empty_key", Nothing, "custom. = 1", &[(Code::UnknownAttribute, "custom.")]),
    case("attribute_empty_contact_key", Nothing, "contact.custom. = 1", &[(Code::UnknownAttribute, "contact.custom.")]),
    case("attribute_of_contacts", Known, "plan = pro", &[(Code::WrongAttributeKind, "plan")]),
    case("attribute_of_contacts_as_custom", Known, "custom.plan = pro", &[(Code::WrongAttributeKind, "custom.plan")]),
    case("attribute_removed", Server(4, 15, 1), "country_code = DE", &[(Code::NotInVersion, "country_code")]),
    // Operators.
    case("operator_order_of_words", Nothing, "status > open", &[(Code::OperatorNotAllowed, ">")]),
    case("operator_contains_of_ids", Nothing, "assignee ~ Ada", &[(Code::OperatorNotAllowed, "~")]),
    case("operator_between_of_texts", Known, "tier BETWEEN a AND b", &[(Code::OperatorNotAllowed, "BETWEEN")]),
    case(
        "operator_prefix_of_times",
        Nothing,
        "created_at STARTS WITH 2026",
        &[(Code::OperatorNotAllowed, "STARTS WITH")],
    ),
    case(
        "operator_contains_of_booleans",
        Nothing,
        "muted NOT CONTAINS x",
        &[(Code::OperatorNotAllowed, "NOT CONTAINS")],
    ),
    case("operator_foreign_of_labels", Nothing, "label HAS vip", &[(Code::UnknownOperator, "HAS")]),
    case("operator_contains_of_languages", Nothing, "browser_language ~ en", &[(Code::OperatorNotAllowed, "~")]),
    // Words of an enumeration.
    case("word_near", Nothing, "status = pendng", &[(Code::UnknownValue, "pendng")]),
    case("word_near_nothing", Nothing, "priority = xyz", &[(Code::UnknownValue, "xyz")]),
    case("word_in_another_case", Nothing, "status IN (Open, pending)", &[(Code::UnknownValue, "Open")]),
    case("word_all", Nothing, "status = all", &[(Code::UnknownValue, "all")]),
    case("word_none", Nothing, "status = none", &[(Code::Contradiction, "status = none")]),
    // Types.
    case("type_number", Known, "orders > many", &[(Code::WrongType, "many")]),
    case("type_grouped_number", Nothing, "unread_count = \"1,000\"", &[(Code::WrongType, "\"1,000\"")]),
    case("type_boolean", Known, "is_vip = yes", &[(Code::WrongType, "yes")]),
    case("type_boolean_near_nothing", Nothing, "muted = maybe", &[(Code::WrongType, "maybe")]),
    case("type_conversation", Nothing, "id = first", &[(Code::WrongType, "first")]),
    case("type_digits", Nothing, "id CONTAINS 1a", &[(Code::WrongType, "1a")]),
    case("type_contact", Nothing, "contact = \"Ada Lovelace\"", &[(Code::WrongType, "\"Ada Lovelace\"")]),
    case("type_me", Known, "inbox = @me", &[(Code::WrongType, "@me")]),
    case("type_nul", Nothing, "referer = \"a\\u{0}\"", &[(Code::WrongType, "\"a\\u{0}\"")]),
    case("type_order_of_none", Known, "orders > none", &[(Code::WrongType, "none")]),
    // Ranges.
    case("range_agent", Nothing, "assignee = 2147483648", &[(Code::OutOfRange, "2147483648")]),
    case("range_inbox_below", Nothing, "inbox = -2147483649", &[(Code::OutOfRange, "-2147483649")]),
    case("range_team", Nothing, "team = 9223372036854775808", &[(Code::OutOfRange, "9223372036854775808")]),
    case("range_exponent", Known, "orders > 1e101", &[(Code::OutOfRange, "1e101")]),
    // Dates.
    case("date_other_order", Nothing, "created_at > 06/15/2026", &[(Code::InvalidDate, "06/15/2026")]),
    case("date_signed_age", Nothing, "created_at OLDER THAN -7d", &[(Code::InvalidDate, "-7d")]),
    case("date_signed_age_ago", Nothing, "waiting_since > -2h ago", &[(Code::InvalidDate, "-2h ago")]),
    case("misspelt_prefix", Known, "cstom.tier = gold", &[(Code::UnknownAttribute, "cstom.tier")]),
    case("prefix_in_capitals", Known, "Contact.email = a", &[(Code::UnknownAttribute, "Contact.email")]),
    case("ago_of_a_text", Nothing, "label IN (24h ago, vip)", &[(Code::UnquotedBlank, "24h ago")]),
    case("ago_of_a_pattern", Nothing, "referer CONTAINS x ago", &[(Code::UnquotedBlank, "x ago")]),
    case("ago_of_a_number", Nothing, "id = 5 ago", &[(Code::WrongType, "5 ago")]),
    case("ago_of_a_word", Nothing, "status = open ago", &[(Code::UnknownValue, "open ago")]),
    case("ago_of_a_name", Known, "assignee = 12 ago", &[(Code::UnquotedBlank, "12 ago")]),
    case("age_of_a_number", Nothing, "unread_count OLDER THAN 5", &[(Code::OperatorNotAllowed, "OLDER THAN")]),
    case("date_word", Nothing, "created_at > soon", &[(Code::InvalidDate, "soon")]),
    case("date_epoch", Nothing, "created_at > 1781481600", &[(Code::InvalidDate, "1781481600")]),
    case("date_no_such_day", Nothing, "created_at = 2026-02-30", &[(Code::InvalidDate, "2026-02-30")]),
    case("date_instant_of_days", Known, "due > 2026-06-15T10:00:00Z", &[(Code::InvalidDate, "2026-06-15T10:00:00Z")]),
    case("date_out_of_range", Nothing, "created_at < -9999y", &[(Code::DateOutOfRange, "-9999y")]),
    case("date_too_early", Known, "due = 1500-01-01", &[(Code::DateOutOfRange, "1500-01-01")]),
    // Names of records.
    case("name_near", Known, "team = slaes", &[(Code::UnknownName, "slaes")]),
    case("name_near_quoted", Known, "assignee = \"Ada Lovelacce\"", &[(Code::UnknownName, "\"Ada Lovelacce\"")]),
    case("name_near_nothing", Known, "inbox = xyz", &[(Code::UnknownName, "xyz")]),
    case("name_me", Known, "assignee = me", &[(Code::UnknownName, "me")]),
    case("name_ambiguous", Known, "assignee = BRUNO", &[(Code::AmbiguousName, "BRUNO")]),
    case("name_ambiguous_inbox", Known, "inbox = MAIL", &[(Code::AmbiguousName, "MAIL")]),
    case("name_without_account", Nothing, "assignee = Ada", &[(Code::NameWithoutAccount, "Ada")]),
    case("name_me_without_account", Nothing, "assignee = @me", &[(Code::NameWithoutAccount, "@me")]),
    case("name_campaign", Known, "campaign = \"Black Friday\"", &[(Code::CampaignName, "\"Black Friday\"")]),
    // Servers.
    case("rolling_fails", Rolling(4, 15, 1), "created_at < -7d", &[(Code::NotInVersion, "created_at < -7d")]),
    case("rolling_too_many_days", Rolling(4, 16, 0), "created_at < -999d", &[(Code::FrozenDate, "created_at < -999d")]),
    case("rolling_custom", Rolling(4, 15, 1), "due < -7d", &[(Code::NotInVersion, "due < -7d")]),
    case("clock_forward", Zoned, "created_at < 2026-03-29T02:30", &[(Code::ClockChange, "2026-03-29T02:30")]),
    case("clock_back", Zoned, "created_at < 2026-10-25T02:30", &[(Code::ClockChange, "2026-10-25T02:30")]),
    case("one_second", Zoned, "created_at = -24h", &[(Code::OneSecond, "-24h")]),
    case("thousands_point", Nothing, "unread_count > 1.000", &[(Code::ThousandsPoint, "1.000")]),
    case("rolling_frozen", Rolling(4, 9, 2), "created_at > -3d", &[(Code::FrozenDate, "created_at > -3d")]),
    // Plans.
    case(
        "not_exact",
        OnePayload,
        "status = open AND unread_count > 0 AND tier != gold",
        &[(Code::NotExact, "status = open AND unread_count > 0 AND tier != gold")],
    ),
    // Warnings.
    case(
        "contradiction",
        Nothing,
        "status = open AND status = resolved",
        &[(Code::Contradiction, "status = resolved")],
    ),
    case(
        "contradiction_of_one",
        Nothing,
        "created_at BETWEEN 2026-06-30 AND 2026-06-01",
        &[(Code::Contradiction, "created_at BETWEEN 2026-06-30 AND 2026-06-01")],
    ),
    case(
        "contradiction_instants",
        Nothing,
        "created_at = 2026-06-15T10:00:00Z AND created_at = 2026-06-15T11:00:00Z",
        &[(Code::Contradiction, "created_at = 2026-06-15T11:00:00Z")],
    ),
    case(
        "contradiction_between",
        Nothing,
        "unread_count BETWEEN 5 AND 2",
        &[(Code::Contradiction, "unread_count BETWEEN 5 AND 2")],
    ),
    case("contradiction_none", Nothing, "inbox = none", &[(Code::Contradiction, "inbox = none")]),
    case("contradiction_none_in_list", Nothing, "status IN (open, none)", &[(Code::Contradiction, "none")]),
    case("contradiction_missing", Nothing, "inbox IS MISSING", &[(Code::Contradiction, "inbox IS MISSING")]),
    case("tautology", Nothing, "status != open OR status != pending", &[(Code::Tautology, "status != pending")]),
    case(
        "tautology_of_one",
        Nothing,
        "status IN (open, resolved, pending, snoozed)",
        &[(Code::Tautology, "status IN (open, resolved, pending, snoozed)")],
    ),
    case("duplicate", Nothing, "id = 1 OR id = 2 OR id = 1", &[(Code::Duplicate, "id = 1")]),
    case("duplicate_value", Nothing, "id IN (1, 2, 1)", &[(Code::Duplicate, "1")]),
    case("null_dropped", Nothing, "assignee != 12", &[(Code::NullDropped, "assignee != 12")]),
    case(
        "null_dropped_by_not",
        Nothing,
        "NOT (priority IN (low, medium))",
        &[(Code::NullDropped, "NOT (priority IN (low, medium))")],
    ),
    case(
        "null_dropped_in_backticks",
        Nothing,
        "additional.`Signed up` != x",
        &[(Code::NullDropped, "additional.`Signed up` != x")],
    ),
    case("null_not_dropped", Nothing, "assignee != 12 OR assignee IS MISSING", &[]),
    case("null_not_dropped_by_alternatives", Nothing, "assignee != 5 AND status = open OR assignee IS MISSING", &[]),
    case("null_not_dropped_knowingly", Nothing, "assignee != 12 AND assignee IS PRESENT", &[]),
    case("wildcard", Nothing, "referer CONTAINS \"sale%\"", &[(Code::WildcardLiteral, "\"sale%\"")]),
    case("empty_text", Nothing, "mail_subject != \"\"", &[(Code::EmptyText, "\"\"")]),
    case("empty_text_of_labels", Known, "label = ''", &[(Code::EmptyText, "''")]),
    case("no_wildcard", Nothing, "referer LIKE \"sale\"", &[(Code::NoWildcard, "\"sale\"")]),
    case("outer_blank", Nothing, "referer CONTAINS \" sale\"", &[(Code::OuterBlank, "\" sale\"")]),
    case("list_value_near", Known, "size = smal", &[(Code::UnlistedValue, "smal")]),
    case("list_value_unknown", Known, "size IN (MEDIUM, tiny)", &[(Code::UnlistedValue, "tiny")]),
    case("channel_by_its_kind", Nothing, "channel = email", &[(Code::UnlistedValue, "email")]),
    case("channel_near", Nothing, "channel = \"Channel::Emial\"", &[(Code::UnlistedValue, "\"Channel::Emial\"")]),
    case("channel_unknown", Nothing, "channel IN (fax, \"Channel::Email\")", &[(Code::UnlistedValue, "fax")]),
    case(
        "telephone_with_blanks",
        Nothing,
        "contact.phone_number = \"0049 151 12345678\"",
        &[(Code::TelephoneForm, "\"0049 151 12345678\"")],
    ),
    case(
        "telephone_of_no_country",
        Nothing,
        "contact.phone_number IN (+4915112345678, 0151-1234)",
        &[(Code::TelephoneForm, "0151-1234")],
    ),
    case("part_of_an_address", Nothing, "contact.email = acme.com", &[(Code::AddressForm, "acme.com")]),
    case(
        "names_joined_in_small_letters",
        Known,
        "assignee = ada lovelace or priya raman",
        &[(Code::UnquotedBlank, "ada lovelace or priya raman")],
    ),
    case("me_or_nobody", Known, "assignee = me or nobody", &[(Code::BareValue, "nobody")]),
    case("contact_key_near", Known, "contact.custom.paln = pro", &[(Code::UndefinedKey, "contact.custom.paln")]),
    case(
        "contact_key_unknown",
        Known,
        "contact.custom.xyzzy IS PRESENT",
        &[(Code::UndefinedKey, "contact.custom.xyzzy")],
    ),
    case(
        "contact_key_of_conversations",
        Known,
        "contact.custom.tier = gold",
        &[(Code::UndefinedKey, "contact.custom.tier")],
    ),
    case("agent_id_unknown", Known, "assignee = 99", &[(Code::UnknownId, "99")]),
    case("inbox_id_unknown", Known, "inbox IN (31, 33)", &[(Code::UnknownId, "33")]),
    case("team_id_unknown", Known, "team = \"4\"", &[(Code::UnknownId, "\"4\"")]),
    case("label_unknown", Known, "label = xyzzy", &[(Code::UnknownLabel, "xyzzy")]),
    case("label_near", Known, "label IN (bgu, vip)", &[(Code::UnknownLabel, "bgu")]),
    case("label_in_another_case", Known, "label = VIP", &[(Code::CaseMismatch, "VIP")]),
    case("guessed_type", Nothing, "custom.orders > 5", &[(Code::GuessedType, "custom.orders")]),
    // One attribute has one type.
    case("guessed_types", Nothing, "custom.x = 1 OR custom.x = a", &[(Code::GuessedType, "custom.x")]),
    // Several in one run.
    case(
        "several",
        Known,
        "staus = open AND priority = hihg\n  AND (created_at > soon OR assignee = Adda)",
        &[
            (Code::UnknownAttribute, "staus"),
            (Code::UnknownValue, "hihg"),
            (Code::InvalidDate, "soon"),
            (Code::UnknownName, "Adda"),
        ],
    ),
    case(
        "several_in_one_list",
        Known,
        "team IN (sales, marketing, slaes)",
        &[(Code::UnknownName, "marketing"), (Code::UnknownName, "slaes")],
    ),
    case(
        "errors_and_warnings",
        Known,
        "label = VIP AND status = opn",
        &[(Code::CaseMismatch, "VIP"), (Code::UnknownValue, "opn")],
    ),
];

#[test]
fn each_case_is_reported_at_its_place() {
    let mut wrong = Vec::new();
    for Case { name, against, query, expected } in CASES {
        let problems = problems(query, *against);
        let found: Vec<(Code, &str)> =
            problems.iter().map(|problem| (problem.code, problem.span().of(query))).collect();
        if found != *expected {
            wrong.push(format!("{name}: {query}\n  expected {expected:?}\n  found    {found:?}"));
        }
        for problem in &problems {
            assert!(problem.help.is_some(), "{name}: {} has no help", problem.code);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(CASES.len() >= 40);
}

/// The two halves of one BETWEEN are one place.
#[test]
fn a_contradiction_has_one_place_or_two() {
    for (text, places) in [("unread_count BETWEEN 5 AND 2", 1), ("unread_count > 5 AND unread_count < 2", 2)] {
        let problems = problems(text, Nothing);
        let [problem] = problems.iter().as_slice() else { panic!("{problems}") };
        assert_eq!((problem.code, problem.labels.len()), (Code::Contradiction, places), "{text}");
    }
}

#[test]
fn names_of_cases_are_unique() {
    let names: BTreeSet<&str> = CASES.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), CASES.len());
}

#[cfg(feature = "cli")]
#[test]
fn each_case_is_shown_in_one_way() {
    for Case { name, against, query, expected } in CASES {
        if !expected.is_empty() {
            let drawn = problems(query, *against).render(Format::Human { color: false, width: 100 }, "query");
            insta::assert_snapshot!(*name, format!("{query}\n\n{drawn}"));
        }
    }
}

#[test]
fn every_code_is_shown_somewhere() {
    // Those of which no text of a query alone is the reason.
    let elsewhere = [
        // Below: it is said when the pages of a run are counted.
        Code::ManyPages,
        // Below: it takes a query too long for the table.
        Code::Impossible,
        // In tests/cli_run.rs: a server says so.
        Code::ServerRefused,
        Code::ServerFailed,
    ];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    for code in Code::ALL {
        let name = code.as_str().trim_start_matches("cwql::");
        let shown = CASES.iter().any(|case| case.expected.iter().any(|(expected, _)| expected == code))
            || folder.join(format!("diagnostics_syntax__{name}.snap")).is_file();
        // What payloads are told of is in tests/decompile_traps.rs.
        let of_payloads = name.starts_with("payload_");
        assert_ne!(shown, elsewhere.contains(code) || of_payloads, "{code}");
    }
}

/// Alternatives that multiply beyond any payload, on attributes that no response carries.
fn impossible() -> String {
    (1..=20).map(|id| format!("(assignee != {id} OR campaign != {id})")).collect::<Vec<_>>().join(" AND ")
}

#[test]
fn what_can_neither_be_sent_nor_evaluated_is_named() {
    let text = impossible();
    let found = problems(&text, Nothing);
    let [problem] = found.iter().collect::<Vec<_>>()[..] else { panic!("{found}") };
    assert_eq!((problem.code, problem.span().of(&text)), (Code::Impossible, "assignee != 1"));
    #[cfg(feature = "cli")]
    insta::assert_snapshot!("impossible", found.render(Format::Human { color: false, width: 100 }, "query"));
}

#[test]
fn a_run_over_many_pages_is_warned_of() {
    let query = Query::new("unread_count > 0", &schema(Nothing)).unwrap();
    assert_eq!(query.many_pages(40), None);
    let warning = query.many_pages(400).unwrap();
    assert!(warning.has(Code::ManyPages) && !warning.has_errors());
    assert_eq!(Query::new("status = open", &schema(Nothing)).unwrap().many_pages(400), None);
    #[cfg(feature = "cli")]
    insta::assert_snapshot!("many_pages", warning.render(Format::Human { color: false, width: 100 }, "query"));
}

#[test]
fn a_correction_mends_the_query() {
    let mut mended = 0;
    for Case { name, against, query, .. } in CASES {
        let found = problems(query, *against);
        let mut text = (*query).to_owned();
        // From the end, so that places before it stay.
        for problem in found.iter().rev() {
            if let Some(fix) = &problem.fix {
                text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
                mended += 1;
            }
        }
        if found.iter().any(|problem| problem.fix.is_some()) {
            let left = problems(&text, *against);
            for problem in found.iter().filter(|problem| problem.fix.is_some()) {
                assert!(!left.iter().any(|left| left.message == problem.message), "{name}: {text}\n{left}");
            }
        }
    }
    assert!(mended > 15, "{mended}");
}

/// The account's own keys are offered as the language writes them.
#[test]
fn keys_with_blanks_and_reserved_words_are_offered_in_backticks() {
    let custom = |key: &str, model: &str| json!({"attribute_key": key, "attribute_display_type": "text", "attribute_model": model});
    let definitions = json!({"custom_attribute_definitions": [
        custom("Signed up at", "conversation_attribute"), custom("between", "conversation_attribute"),
        custom("custom.x", "conversation_attribute"), custom("Plan type", "contact_attribute"),
    ]});
    let account = Some(Account::from_json(definitions.to_string().as_bytes()).unwrap());
    let schema = Schema { account, ..Schema::default() };
    for (query, meant) in [
        ("custom.signed_up_at = x", "custom.`Signed up at` = x"),
        ("signed_up_at = x", "`Signed up at` = x"),
        ("Signed up at = x", "`Signed up at` = x"),
        ("custom.Signed up at = x", "custom.`Signed up at` = x"),
        ("custom_attributes.`Signed up at` = x", "custom.`Signed up at` = x"),
        ("custom.`Plan type` = x", "contact.custom.`Plan type` = x"),
        ("contact.custom.plan_type = x", "contact.custom.`Plan type` = x"),
        ("betwen = x", "`between` = x"),
    ] {
        let found = match check(&parse(query), &schema) {
            Ok(checked) => checked.warnings,
            Err(problems) => problems,
        };
        let [problem] = found.iter().as_slice() else { panic!("{query}: {found}") };
        let fix = problem.fix.as_ref().unwrap();
        let (before, after) = (&query[..fix.span.start as usize], &query[fix.span.end as usize..]);
        assert_eq!(format!("{before}{}{after}", fix.replacement), meant, "{found}");
        assert!(check(&parse(meant), &schema).unwrap().warnings.is_empty(), "{meant}");
    }
    // By itself the name of this one means the key `x`.
    let found = check(&parse("custon.x = y"), &schema).unwrap_err();
    assert!(found.iter().all(|problem| problem.fix.is_none()), "{found}");
}

#[test]
fn nothing_is_near_to_what_is_unlike_everything() {
    for query in ["xyz = 1", "priority = xyz", "inbox = xyz", "label = xyzzy", "cstom.xyz = 1", "contcat.xyz = 1"] {
        assert!(problems(query, Known).iter().all(|problem| problem.fix.is_none()), "{query}");
    }
}

#[test]
fn an_ambiguous_name_lists_its_candidates_with_their_ids() {
    let found = problems("assignee = BRUNO", Known);
    assert_eq!(found.iter().next().unwrap().help.as_deref(), Some("use an id: 12 (Bruno), 15 (bruno)"));
}

#[test]
fn a_value_is_told_with_its_attribute() {
    for (query, message) in [
        ("status = opn", "`opn` is no status"),
        ("unread_count = many", "`unread_count` is compared with a number"),
        ("custom.is_vip = maybe", "`custom.is_vip` is compared with `true` or `false`"),
    ] {
        let found = problems(query, Known);
        let told: Vec<&str> =
            found.iter().flat_map(|problem| [Some(&*problem.message), problem.help.as_deref()]).flatten().collect();
        assert!(told.iter().any(|told| told.contains(message)), "{query}: {told:?}");
    }
}

/// A query of two lines with a letter of three bytes and two columns, a combining mark and an emoji.
const WIDE: &str = "label = \"日本e\u{301}😀\" AND staus = open\n\tAND team = slaes";

#[test]
fn plain_lines_name_line_and_column_in_characters() {
    assert_eq!(
        problems(WIDE, Known).render(Format::Plain, "views/one.cwql"),
        "views/one.cwql:1:9: warning[cwql::unknown_label]: the account has no label `日本e\u{301}😀`; help: a label that \
         was set over the API or deleted may still be on conversations\n\
         views/one.cwql:1:21: error[cwql::unknown_attribute]: there is no attribute `staus`; help: perhaps `status`\n\
         views/one.cwql:2:13: error[cwql::unknown_name]: there is no team `slaes`; help: perhaps `sales`\n"
    );
}

#[test]
fn json_has_byte_offsets_and_columns_in_characters() {
    let found: Value = serde_json::from_str(&problems(WIDE, Known).render(Format::Json, "query")).unwrap();
    assert_eq!(found["source"], "query");
    let diagnostics = found["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), 3);
    assert_eq!(diagnostics[0]["severity"], "warning");
    assert_eq!(diagnostics[0]["fix"], Value::Null);
    let start = WIDE.find("slaes").unwrap();
    assert_eq!(
        diagnostics[2],
        json!({
            "code": "cwql::unknown_name",
            "severity": "error",
            "message": "there is no team `slaes`",
            "help": "perhaps `sales`",
            "labels": [{
                "start": start, "end": start + 5, "line": 2, "column": 13, "end_line": 2, "end_column": 18,
                "text": "no such team",
            }],
            "fix": {"start": start, "end": start + 5, "replacement": "sales"},
        })
    );
    assert_eq!(diagnostics[1]["labels"][0]["column"], 21);
    assert_eq!(diagnostics[1]["labels"][0]["start"], WIDE.find("staus").unwrap());
}

/// A channel is told by what it is called elsewhere, and one that somebody has added to the server is not questioned.
#[test]
fn channels_are_found_by_their_kinds() {
    for (written, meant) in [
        ("Email", "Channel::Email"),
        ("mail", "Channel::Email"),
        ("channel::email", "Channel::Email"),
        ("whatsapp", "Channel::Whatsapp"),
        ("\"whats app\"", "Channel::Whatsapp"),
        ("api", "Channel::Api"),
        ("web", "Channel::WebWidget"),
        ("website", "Channel::WebWidget"),
        ("web_widget", "Channel::WebWidget"),
        ("facebook", "Channel::FacebookPage"),
        ("sms", "Channel::Sms"),
        ("twilio", "Channel::TwilioSms"),
        ("Channel::Instagrm", "Channel::Instagram"),
    ] {
        let found = problems(&format!("channel = {written}"), Nothing);
        let [problem] = found.iter().as_slice() else { panic!("{written}: {found}") };
        let fix = problem.fix.as_ref().unwrap();
        assert_eq!((problem.code, fix.replacement.as_str()), (Code::UnlistedValue, format!("\"{meant}\"").as_str()));
        assert!(problems(&format!("channel = {}", fix.replacement), Nothing).is_empty(), "{written}");
    }
    for other in ["\"Channel::WhatsappWeb\"", "\"Channel::TiktokShop\"", "Channel::Line", "none"] {
        assert!(problems(&format!("channel = {other}"), Nothing).is_empty(), "{other}");
    }
    assert!(problems("channel ~ email", Nothing).is_empty());
}

/// A correction has the blanks that keep it from running into the words beside it, and no others.
#[test]
fn corrections_do_not_run_into_their_neighbours() {
    for (query, mended) in [
        ("status = open&priority = low", "status = open AND priority = low"),
        ("status = open |priority = low", "status = open OR priority = low"),
        ("status = open& priority = low", "status = open AND priority = low"),
        ("status = open & priority = low", "status = open AND priority = low"),
        ("unread_count=>5", "unread_count>=5"),
    ] {
        let problems = problems(query, Known);
        let fix = problems.iter().find_map(|problem| problem.fix.clone()).unwrap_or_else(|| panic!("{query}"));
        let mut text = query.to_owned();
        text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
        assert_eq!(text, mended, "{query}");
    }
}

/// What is wrong before an operator is told alike, however many words the operator has.
#[test]
fn operators_of_several_words_are_told_the_same_mistakes() {
    let operators = [
        ("label", "IN", "NOT IN", "(vip)"),
        ("referer", "CONTAINS", "NOT CONTAINS", "x"),
        ("referer", "CONTAINS", "STARTS WITH", "x"),
        ("created_at", "<", "OLDER THAN", "7d"),
    ];
    let mut compared = 0;
    for (name, short, long, value) in operators {
        for before in ["status = open NAME", "\"NAME\"", "in", "order:x", "status = open OR AND NAME", "(id = 5 NAME"] {
            let before = before.replace("NAME", name);
            let told = |operator: &str| {
                let problems = problems(&format!("{before} {operator} {value}"), Nothing);
                let mistakes = problems.iter().map(|problem| (problem.code, problem.span()));
                mistakes.filter(|(_, span)| (span.start as usize) < before.len()).collect::<Vec<_>>()
            };
            let mistakes = told(short);
            assert!(!mistakes.is_empty(), "{before}");
            assert_eq!(told(long), mistakes, "{before} {long}");
            compared += 1;
        }
    }
    assert_eq!(compared, 24);
}

/// A colon asks for a value as in a search box; where none follows it begins no condition, and is one mistake.
#[test]
fn a_colon_without_a_value_is_one_mistake() {
    for (query, code) in [
        ("label :", Code::ColonOperator),
        ("status = open label :", Code::UnknownValue),
        ("\"label\" :", Code::MissingOperator),
        ("in :", Code::UnexpectedToken),
        ("label IN vip, bug : AND id = 5", Code::ListExpected),
    ] {
        let codes: Vec<Code> = problems(query, Known).iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [code], "{query}");
    }
}

/// Two operators side by side cast no doubt on the name before them, however close it stands.
#[test]
fn a_name_before_two_operators_is_judged() {
    for text in ["tema = != 8", "tema=!= 8"] {
        let found = problems(text, Known);
        let told: Vec<_> = found.iter().map(|problem| (problem.code, problem.span().of(text))).collect();
        assert_eq!(told, [(Code::UnknownAttribute, "tema"), (Code::UnexpectedToken, "!=")], "{text}");
    }
}

/// The name beside a sign that has slipped into it is not judged; one behind a mistake that stands by itself is.
#[test]
fn a_name_is_judged_unless_it_was_torn() {
    for (text, told) in [
        ("refer>er CONTAINS pricing", &[(Code::UnexpectedToken, "CONTAINS")][..]),
        ("id = 5 AND OR staus = open", &[(Code::DoubledConnective, "OR"), (Code::UnknownAttribute, "staus")]),
        ("id = 5 =OR staus = open", &[(Code::UnexpectedToken, "="), (Code::UnknownAttribute, "staus")]),
    ] {
        let problems = problems(text, Known);
        let found: Vec<_> = problems.iter().map(|problem| (problem.code, problem.span().of(text))).collect();
        assert_eq!(found, told, "{text}");
    }
}

/// Parentheses and commas stand right beside what is whole: what is wrong there is told with them, unless they have
/// slipped into a word.
#[test]
fn what_stands_beside_a_parenthesis_is_judged() {
    use Code::{
        CommaForOr, InvalidDate, MisplacedNot, MissingConnective, NameWithoutAccount, UnclosedParenthesis as Unclosed,
        UnknownAttribute, UnknownValue, UnmatchedParenthesis as Unmatched, WrongType,
    };
    for (text, told) in [
        ("(id = abc", &[(Unclosed, "("), (WrongType, "abc")][..]),
        ("(staus = open", &[(Unclosed, "("), (UnknownAttribute, "staus")]),
        ("(staus = open AND id = abc", &[(Unclosed, "("), (UnknownAttribute, "staus"), (WrongType, "abc")]),
        ("NOT(staus = open", &[(Unclosed, "("), (UnknownAttribute, "staus")]),
        ("id = abc)", &[(WrongType, "abc"), (Unmatched, ")")]),
        ("id = abc) AND status = open", &[(WrongType, "abc"), (Unmatched, ")")]),
        ("status IN (opn", &[(Unclosed, "("), (UnknownValue, "opn")]),
        ("status = opn staus = x", &[(UnknownValue, "opn"), (MissingConnective, "staus"), (UnknownAttribute, "staus")]),
        ("status = opn, staus = x", &[(UnknownValue, "opn"), (CommaForOr, ","), (UnknownAttribute, "staus")]),
        ("id NOT=abc", &[(MisplacedNot, "NOT="), (WrongType, "abc")]),
        (
            "status = opn AND assignee = Nobody AND created_at > foo AND xx = 1 AND (id = abc",
            &[
                (UnknownValue, "opn"),
                (NameWithoutAccount, "Nobody"),
                (InvalidDate, "foo"),
                (UnknownAttribute, "xx"),
                (Unclosed, "("),
                (WrongType, "abc"),
            ],
        ),
        // Torn, or mended by the correction.
        ("status = op(en", &[(MissingConnective, "(")]),
        ("due_date = 2026,-06-15", &[(CommaForOr, ",")]),
        ("status = open an<d id = 5", &[(MissingConnective, "an")]),
        ("status = open orid = 5", &[(MissingConnective, "orid")]),
        ("status = opn, pendng", &[(CommaForOr, ",")]),
        ("status IN opn", &[(Code::ListExpected, "opn")]),
    ] {
        let problems = problems(text, Nothing);
        let found: Vec<_> = problems.iter().map(|problem| (problem.code, problem.span().of(text))).collect();
        assert_eq!(found, told, "{text}");
    }
}

/// What a query or an account holds may come from anybody: none of it acts on the terminal, and all keeps its place.
#[test]
fn control_characters_are_shown_and_not_obeyed() {
    for text in ["status = \u{1b}[31mred\u{7}", "status = \"a\u{9b}31m\rb\"", "label = a\nAND status = \u{7f}x"] {
        let found = problems(text, Nothing);
        let forms = [
            Format::Plain,
            #[cfg(feature = "cli")]
            Format::Human { color: false, width: 80 },
        ];
        for form in forms {
            let shown = found.render(form, "query");
            assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
        }
        let plain = found.render(Format::Plain, "query");
        assert!(plain.contains("\\u{"), "{plain}");
    }
}

/// The first hundred errors are told of, and of warnings beside them none; of thousands the program does not look for each
/// among thousands of names.
#[test]
fn many_mistakes_are_told_of_in_part() {
    let names: Vec<String> = (0..3000).map(|i| format!("{{\"id\":{i},\"name\":\"name of nobody {i}\"}}")).collect();
    let labels: Vec<String> = (0..3000).map(|i| format!("{{\"title\":\"label {i}\"}}")).collect();
    let json = format!(r#"{{"agents":[{}],"labels":[{}]}}"#, names.join(","), labels.join(","));
    let schema = Schema { account: Some(Account::from_json(json.as_bytes()).unwrap()), ..Schema::default() };
    let list = |noun: &str| (0..2000).map(|i| format!("\"{noun} x{i}\"")).collect::<Vec<_>>().join(", ");
    let unlabelled = format!("label IN ({})", list("label"));
    let checked = check(&parse(&unlabelled), &schema).unwrap();
    assert_eq!(checked.warnings.len(), 2000);
    let text = format!("{unlabelled} AND assignee IN ({})", list("name of nobody"));
    let found = check(&parse(&text), &schema).unwrap_err();
    assert_eq!(found.len(), 101);
    assert_eq!(found.iter().filter(|problem| problem.code == Code::UnknownName).count(), 100);
    assert!(found.has(Code::TooManyErrors));
    // Those of the parser count with those of the attributes.
    let torn = format!("{} AND {}", "a = AND ".repeat(200), vec!["nobody = 1"; 200].join(" AND "));
    let found = check(&parse(&torn), &schema).unwrap_err();
    let said = found.iter().filter(|problem| problem.code == Code::TooManyErrors).count();
    assert_eq!((found.len(), said), (101, 1));
    // `errors` mistakes and `warnings` warnings, and what of them is told: errors, warnings, that there are more errors.
    for (errors, warnings, told) in [
        (99, 1, (99, 1, 0)),
        (1, 99, (1, 99, 0)),
        (100, 0, (100, 0, 0)),
        (100, 1, (100, 0, 0)),
        (1, 100, (1, 0, 0)),
        (1, 200, (1, 0, 0)),
        (101, 0, (100, 0, 1)),
        (101, 1, (100, 0, 1)),
    ] {
        let list = |count, what: &str| (0..count).map(|i| format!(", {what}{i}")).collect::<String>();
        let text =
            format!("assignee IN (11{}) AND label IN (vip{})", list(errors, "nobody"), list(warnings, "unheard"));
        let problems = problems(&text, Known);
        let count = |severity| problems.iter().filter(|problem| problem.severity() == severity).count();
        let more = problems.iter().filter(|problem| problem.code == Code::TooManyErrors).count();
        assert_eq!((count(Severity::Error) - more, count(Severity::Warning), more), told, "{errors} {warnings}");
    }
}

/// Where a list could not be read, nobody knows whether a name is none: each problem with one says which list that is.
#[test]
fn a_problem_with_a_name_says_which_list_it_was_judged_by() {
    for (query, list) in [
        ("assignee = nobody", Some(NameList::Agents)),
        ("inbox IN (Website, nowhere)", Some(NameList::Inboxes)),
        ("team != none_of_them", Some(NameList::Teams)),
        ("custom.none_of_them = 1", Some(NameList::Custom)),
        ("team > 3", Some(NameList::Teams)),
        ("label > vip", Some(NameList::Labels)),
        ("id = x", None),
        ("status = opne", None),
    ] {
        let found = problems(query, Known);
        let [only] = found.iter().as_slice() else { panic!("{query}: {found}") };
        assert_eq!(only.judged_by, list, "{query}");
    }
    let nobody = Schema { account: Some(Account { me: None, ..account() }), ..schema(Known) };
    let found = check(&parse("assignee = @me"), &nobody).unwrap_err();
    assert_eq!(found.iter().map(|problem| problem.judged_by).collect::<Vec<_>>(), [Some(NameList::Me)]);
}

/// Contacts may have a key that the account does not define, which is told; where the definitions are not known, nothing is.
#[test]
fn a_key_of_contacts_is_told_of_where_the_account_defines_others() {
    for (query, told) in [("contact.custom.plan = pro", 0), ("contact.custom.plna = pro", 1)] {
        let found = problems(query, Known);
        assert_eq!(found.iter().filter(|problem| problem.code == Code::UndefinedKey).count(), told, "{found}");
        assert_eq!(found.len(), told, "{found}");
        let unknown = Schema { account: Some(Account { custom: None, ..account() }), ..schema(Known) };
        assert!(check(&parse(query), &unknown).unwrap().warnings.is_empty(), "{query}");
    }
}

/// A server that counts no days back is another matter than one that does not count so many: there the date is computed,
/// as it is for whatever else it cannot count.
#[test]
fn days_that_the_server_does_not_count_are_told_with_the_reason() {
    for (query, version, code, said) in [
        ("created_at < -7d", Rolling(4, 15, 1), Code::NotInVersion, "server 4.15.1 answers `days_before`"),
        ("created_at < today", Rolling(4, 15, 1), Code::NotInVersion, "server 4.15.1 answers `days_before`"),
        ("created_at < -999d", Rolling(4, 16, 0), Code::FrozenDate, "the server counts only 1 to 998 whole days back"),
        ("created_at < -3mo", Rolling(4, 16, 0), Code::FrozenDate, "the server counts only 1 to 998 whole days back"),
        ("created_at > -7d", Rolling(4, 9, 2), Code::FrozenDate, "the server counts only whole days back"),
    ] {
        let found = problems(query, version);
        let [only] = found.iter().as_slice() else { panic!("{query}: {found}") };
        let told = if code == Code::FrozenDate { only.help.as_deref().unwrap() } else { &only.message };
        assert!(only.code == code && told.starts_with(said), "{query}: {found}");
    }
}

/// A span of time is one word: what was written with blanks is mended by taking them out.
#[test]
fn spans_of_time_are_one_word() {
    for (written, meant) in [
        ("7 days ago", "7d ago"),
        ("1 week ago", "1w ago"),
        ("-24 hours", "-24h"),
        ("3 MONTHS AGO", "3mo ago"),
        ("5 minutes ago", "5m ago"),
    ] {
        let text = format!("created_at > {written}");
        let found = problems(&text, Known);
        let [problem] = found.iter().collect::<Vec<_>>()[..] else { panic!("{found}") };
        assert_eq!((problem.code, &*problem.fix.as_ref().unwrap().replacement), (Code::UnquotedBlank, meant));
        assert!(check(&parse(&format!("created_at > {meant}")), &schema(Known)).is_ok(), "{meant}");
    }
    for other in ["7 days", "7 cats ago", "-7 days ago", "7 days ago today", "days 7 ago", "x days ago"] {
        let found = problems(&format!("referer = {other}"), Known);
        let fix = found.iter().next().unwrap().fix.as_ref().unwrap().replacement.clone();
        assert_eq!(fix, format!("\"{other}\""));
    }
}

/// What is offered for words without quotes, for signs and for names is right for the attribute: put in its place, it
/// leaves nothing to tell.
#[test]
fn help_goes_with_the_attribute() {
    for (written, code, offered) in [
        ("status = open pending", Code::UnquotedBlank, "write `IN (open, pending)`"),
        ("status != open pending", Code::UnquotedBlank, "write `NOT IN (open, pending)`"),
        ("label != vip bug", Code::UnquotedBlank, "write `NOT IN (vip, bug)`"),
        ("id != 5 6", Code::UnquotedBlank, "write `NOT IN (5, 6)`"),
        ("unread_count = 1 000", Code::UnquotedBlank, "write `1000`, or `IN (1, 000)`"),
        ("unread_count > 1 000", Code::UnquotedBlank, "perhaps `1000`"),
        ("unread_count > 1 2", Code::UnquotedBlank, "this operator compares with one value: keep one of them"),
        (
            "status != all",
            Code::UnknownValue,
            "without every status nothing is left to match; the values are open, resolved, pending, snoozed",
        ),
        ("label has vip", Code::UnknownOperator, "perhaps `label = vip`"),
        ("label CONTAINS vip", Code::OperatorNotAllowed, "perhaps `label = vip`"),
        ("label !~ \"vip\"", Code::OperatorNotAllowed, "perhaps `label != vip`"),
        ("label has vip or bug", Code::UnknownOperator, "write `label IN (vip, bug)`"),
        ("assignee like '%ada%'", Code::OperatorNotAllowed, "perhaps `assignee = \"Ada Lovelace\"`"),
        ("created_at > \u{2212}7d", Code::InvalidDate, "perhaps `-7d`"),
        ("created_at > \u{2013}2weeks", Code::InvalidDate, "perhaps `-2w`"),
        ("unread_count > \u{2212}5", Code::WrongType, "perhaps `-5`"),
        ("created_at > 7days", Code::InvalidDate, "perhaps `-7d`, so long ago"),
        ("created_at > 7 days", Code::InvalidDate, "perhaps `-7d`, so long ago"),
        ("created_at > -2weeks", Code::InvalidDate, "perhaps `-2w`"),
        ("created_at > -90min", Code::InvalidDate, "perhaps `-90m`"),
        ("created_at > 7days ago", Code::InvalidDate, "perhaps `7d ago`"),
        ("created_at OLDER THAN 7 days", Code::UnquotedBlank, "write `7d`"),
        ("created_at OLDER THAN -7 days", Code::UnquotedBlank, "write `7d`"),
        (
            "custom.due > -90min",
            Code::InvalidDate,
            "dates are written `2026-06-15`, `today`, `-7d`, `2w ago`; the attribute holds whole days",
        ),
        ("created_at NEWER THAN 7 days", Code::UnknownOperator, "write `> -7d`"),
        ("label = vip bug", Code::UnquotedBlank, "write `IN (vip, bug)`"),
        ("id = 5 6", Code::UnquotedBlank, "write `IN (5, 6)`"),
        ("status = open whatever", Code::UnknownValue, "the values are open, resolved, pending, snoozed"),
        ("created_at > 2026-06-01 10:30", Code::UnquotedBlank, "write `\"2026-06-01 10:30\"`"),
        ("created_at < 7d", Code::InvalidDate, "perhaps `-7d`, so long ago"),
        ("custom.due < 2w", Code::InvalidDate, "`-2w` is so long ago, `+2w` so far ahead"),
        ("created_at OLDER THAN -7d", Code::InvalidDate, "write `7d`"),
        ("created_at < -7d ago", Code::InvalidDate, "write `7d ago`"),
        ("created_at > 2026-6-5", Code::InvalidDate, "perhaps `2026-06-05`"),
        ("created_at > 20260605", Code::InvalidDate, "perhaps `2026-06-05`"),
        ("custom.due = 5.6.2026", Code::InvalidDate, "perhaps `2026-06-05`"),
        ("created_at > 6/15/2026", Code::InvalidDate, "perhaps `2026-06-15`"),
        ("created_at > 15/6/2026", Code::InvalidDate, "perhaps `2026-06-15`"),
        ("created_at > 1780000000", Code::InvalidDate, "perhaps `2026-05-28T20:26:40Z`"),
        (
            "created_at OLDER THAN today",
            Code::InvalidDate,
            "one is written `7d`, `2w`, `3mo`, `1y`, `24h`, `90m` or `30s`",
        ),
        ("assignee = me", Code::UnknownName, "perhaps `@me`, the token's own user"),
        ("assignee != unassigned", Code::UnknownName, "perhaps `none`: no value at all"),
        ("team IN (sales, NOBODY)", Code::UnknownName, "perhaps `none`: no value at all"),
        ("priority > low", Code::OperatorNotAllowed, "perhaps `priority IN (medium, high, urgent)`"),
        ("priority >= high", Code::OperatorNotAllowed, "perhaps `priority IN (high, urgent)`"),
        ("priority < high", Code::OperatorNotAllowed, "perhaps `priority IN (low, medium)`"),
        ("priority <= low", Code::OperatorNotAllowed, "perhaps `priority = low`"),
        ("unread_count \u{2265} 5", Code::UnknownOperator, "write `>=`"),
        ("unread_count \u{2264} 5", Code::UnknownOperator, "write `<=`"),
        ("status \u{2260} open", Code::UnknownOperator, "write `!=`"),
        ("status IN NOT (open)", Code::UnknownOperator, "write `NOT IN`"),
        ("NOOT status = open", Code::UnexpectedToken, "perhaps `NOT`"),
        ("id = 1 OR nto (status = open)", Code::UnexpectedToken, "perhaps `NOT`"),
        ("mail_subject = R&D", Code::UnexpectedToken, "write `\"R&D\"`"),
        (
            "id = 1 AND mail_subject = a|b AND id = 2",
            Code::UnexpectedToken,
            "write `mail_subject IN (a, b)`; one value with signs in it is quoted: `\"a|b\"`",
        ),
    ] {
        let found = problems(written, Known);
        let errors: Vec<_> = found.iter().filter(|problem| problem.severity() == Severity::Error).collect();
        let [problem] = errors[..] else { panic!("{written}: {found}") };
        assert_eq!((problem.code, problem.help.as_deref()), (code, Some(offered)), "{written}");
        let Some(fix) = &problem.fix else { continue };
        let (start, end) = (fix.span.start as usize, fix.span.end as usize);
        let mended = format!("{} {} {}", &written[..start], fix.replacement, &written[end..]);
        let right = check(&parse(&mended), &schema(Known));
        assert!(right.is_ok(), "{mended}: {}", right.unwrap_err());
    }
}

/// What is said of a query first: its code, and the help.
fn said(query: &str) -> (Code, String) {
    let problems = problems(query, Known);
    let problem = problems.iter().next().unwrap_or_else(|| panic!("{query}"));
    (problem.code, problem.help.clone().unwrap_or_default())
}

#[test]
fn a_name_is_found_by_a_part_of_it() {
    for (query, code, help) in [
        ("assignee = Ada", Code::UnknownName, "perhaps `\"Ada Lovelace\"`"),
        ("assignee = 1", Code::UnknownName, ""),
        ("assignee = agents.example", Code::UnknownName, "perhaps `11@agents.example`, `12@agents.example`, "),
        ("assignee = \"@me\"", Code::UnknownName, "`@me`, the token's own user, is written without quotes"),
        ("contact.phone = 5", Code::UnknownAttribute, "perhaps `contact.phone_number`"),
        ("contact.plan = pro", Code::WrongAttributeKind, "contact.custom.plan"),
        ("unread = 5", Code::UnknownAttribute, "perhaps `unread_count`"),
        ("tags = vip", Code::UnknownAttribute, "perhaps `label`"),
    ] {
        if help.is_empty() {
            assert!(compile(query, &schema(Known)).is_ok(), "{query}");
            continue;
        }
        let (found, told) = said(query);
        assert_eq!(found, code, "{query}");
        assert!(told.contains(help), "{query}: {told}");
    }
}

/// Names, labels and values of lists may be words of the language: a correction writes them so that they mean themselves.
#[test]
fn corrections_write_words_of_the_language_in_quotes() {
    let words = [
        "and", "Or", "NOT", "in", "is", "contains", "between", "set", "present", "missing", "null", "none", "@me", "12",
    ];
    let named = |word: &str| format!("{word}xq");
    let agents: Vec<Value> = words.iter().enumerate().map(|(i, word)| json!({"id": i + 1, "name": word})).collect();
    let labels: Vec<Value> = words.iter().map(|word| json!({"title": word})).collect();
    let size = json!({"attribute_key": "size", "attribute_display_type": "list",
        "attribute_model": "conversation_attribute", "attribute_values": words});
    let account = json!({"agents": agents, "labels": labels, "custom_attribute_definitions": [size]});
    let schema =
        Schema { account: Some(Account::from_json(account.to_string().as_bytes()).unwrap()), ..Schema::default() };
    let mut mended = 0;
    for word in words {
        for attribute in ["assignee", "label", "size"] {
            let query = format!("{attribute} = {}", named(word));
            let told = match check(&parse(&query), &schema) {
                Ok(checked) => checked.warnings,
                Err(errors) => errors,
            };
            let Some(fix) = told.iter().next().and_then(|told| told.fix.clone()) else { continue };
            let mut right = query.clone();
            right.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
            let checked = check(&parse(&right), &schema).unwrap_or_else(|errors| panic!("{right}\n{errors}"));
            assert!(checked.warnings.is_empty(), "{right}\n{}", checked.warnings);
            mended += 1;
        }
    }
    assert!(mended >= 18, "{mended}");
}

/// `none` and `12` mean something else as words.
#[test]
fn names_that_are_words_of_the_language_are_offered_in_quotes() {
    let agents = json!({"agents": [{"id": 1, "name": "none"}, {"id": 2, "name": "12"}, {"id": 3, "name": "@me"}]});
    let account = Account::from_json(agents.to_string().as_bytes()).unwrap();
    let schema = Schema { account: Some(account), ..Schema::default() };
    let problems = check(&parse("assignee = xyzxyz"), &schema).unwrap_err();
    let help = problems.iter().next().unwrap().help.clone().unwrap();
    assert_eq!(help, "the account's agents are \"none\", \"12\", \"@me\"");
}

#[test]
fn what_is_left_out_is_told_in_the_users_words() {
    for (query, help) in [
        ("assignee != @me", "(assignee != @me OR assignee IS MISSING)"),
        ("waiting_since  !=  today", "(waiting_since  !=  today OR waiting_since IS MISSING)"),
        ("NOT assignee = @me", "write `(assignee != @me OR assignee IS MISSING)`"),
        ("not ( assignee in (@me, 3) )", "write `(assignee NOT IN (@me, 3) OR assignee IS MISSING)`"),
        ("!(referer ~ shop)", "write `(referer NOT CONTAINS shop OR referer IS MISSING)`"),
        ("NOT (assignee = @me OR id = 4)", "write `(assignee = @me AND assignee IS PRESENT)`"),
        ("NOT # not\nassignee = @me", "write `(assignee = @me AND assignee IS PRESENT)`"),
    ] {
        let (code, told) = said(query);
        assert_eq!(code, Code::NullDropped, "{query}");
        assert!(told.contains(help), "{query}: {told}");
    }
    // What is longer than sixty bytes is not written out.
    for (length, written) in [(60, true), (61, false)] {
        let query = format!("referer != {}", "x".repeat(length - "referer != ".len()));
        assert_eq!(said(&query).1.contains(&query), written, "{query}");
    }
}

/// Put where the warning points, the help takes in what lacks the value, and nothing else.
#[test]
fn what_is_left_out_is_taken_in_by_the_help() {
    let queries = [
        "priority != low",
        "NOT priority = low",
        "status = open AND NOT (team = 8)",
        "NOT (NOT priority != low)",
        "NOT NOT NOT (priority = low)",
        "!priority = low OR team = 8",
        "NOT (priority IN (low, high) OR referer ~ shop)",
        "referer NOT CONTAINS shop",
        "NOT referer CONTAINS # which\n shop",
        "referer NOT STARTS WITH shop OR unread_count > 5",
        "priority !=\n low",
    ];
    let with = json!({"id": 1, "status": "open", "priority": "low", "team_id": 8, "unread_count": 0,
        "additional_attributes": {"referer": "shop"}, "meta": {"team": {"id": 8}}});
    let other = json!({"id": 2, "status": "open", "priority": "urgent", "unread_count": 0,
        "additional_attributes": {"referer": "news"}, "meta": {"team": {"id": 3}}});
    let without = json!({"id": 3, "status": "open", "priority": null, "unread_count": 0, "meta": {}});
    let schema = schema(Nothing);
    let mut compared = 0;
    for query in queries {
        let checked = check(&parse(query), &schema).unwrap();
        let mut mended = query.to_owned();
        let told: Vec<_> = checked.warnings.iter().filter(|told| told.code == Code::NullDropped).collect();
        // From the end, so that the places before stay.
        for told in told.iter().rev() {
            let help = told.help.clone().unwrap();
            let (_, text) = help.strip_suffix('`').and_then(|help| help.split_once("write `")).unwrap();
            // A help is one line.
            assert!(!text.contains('\n'), "{text}");
            mended.replace_range(told.span().start as usize..told.span().end as usize, text);
            compared += 1;
        }
        let mended_filter =
            check(&parse(&mended), &schema).unwrap_or_else(|problems| panic!("{mended}\n{problems}")).filter;
        for (id, row) in [(1, &with), (2, &other), (3, &without)] {
            let row = cwql::eval::Row::new(row, schema.now());
            let [before, after] = [&checked.filter, &mended_filter].map(|filter| cwql::eval::matches(filter, &row));
            assert_eq!(after, before || id == 3, "{query}\n{mended}");
        }
    }
    assert_eq!(compared, 12);
}

/// Each answer of the server says whether a conversation is muted.
#[test]
fn what_is_always_there_is_not_said_to_be_left_out() {
    for query in ["NOT muted = true", "can_reply != true", "unread_count NOT IN (0, 1)"] {
        let warnings = check(&parse(query), &schema(Nothing)).unwrap().warnings;
        assert!(warnings.is_empty(), "{query}\n{warnings}");
    }
}

#[test]
fn what_never_holds_is_told() {
    for query in [
        "created_at > 2026-06-10 AND created_at < 2026-06-11",
        "mail_subject NOT CONTAINS \"\"",
        "custom.tier NOT STARTS WITH \"\"",
        "unread_count >= 5 AND unread_count < 5",
        "unread_count > 5 AND unread_count <= 5",
        "team = 3 AND team IS MISSING",
        "team IS MISSING AND team = 3",
        "unread_count = 3 AND unread_count > 5",
        "unread_count > 5 AND unread_count IN (3, 5)",
        "created_at = 2026-06-15T12:00:00Z AND created_at > 2026-06-15T12:00:00Z",
        "mail_subject CONTAINS \"Your Order\" AND mail_subject NOT CONTAINS order",
        "mail_subject NOT CONTAINS order AND mail_subject CONTAINS \"Your Order\"",
        "custom.tier STARTS WITH gold AND custom.tier NOT STARTS WITH go",
        "custom.tier NOT STARTS WITH go AND custom.tier STARTS WITH gold",
        "status NOT IN (open, resolved, pending, snoozed)",
        "custom.due = 2026-06-01 AND custom.due > 2026-06-05",
        "custom.due = 2026-06-01 AND custom.due = 2026-06-02",
        "created_at = 2026-06-01 AND created_at != 2026-06-01",
        "custom.is_vip = true AND custom.is_vip = false",
        "created_at BETWEEN now AND -7d",
        "created_at > now AND created_at < -7d",
        "created_at <= 2026-06-10 AND created_at >= 2026-06-11T00:00:00Z",
        "created_at > 2026-06-10 AND created_at < 2026-06-11T00:00:00Z",
        "mail_subject LIKE \"a%b\" AND mail_subject NOT LIKE \"a%b\"",
    ] {
        assert!(problems(query, Known).has(Code::Contradiction), "{query}");
    }
    // A day lies between these, and a number; the longer text begins with the shorter one.
    for apart in [
        "created_at > 2026-06-10 AND created_at < 2026-06-12",
        "created_at <= 2026-06-10 AND created_at >= 2026-06-10T23:59:59Z",
        "created_at > 2026-06-10 AND created_at < 2026-06-11T00:00:01Z",
        "unread_count >= 5 AND unread_count <= 5",
        "unread_count IN (3, 6) AND unread_count > 5",
        "mail_subject CONTAINS order AND mail_subject NOT CONTAINS orders",
        "custom.tier STARTS WITH go AND custom.tier NOT STARTS WITH gold",
    ] {
        assert!(!problems(apart, Known).has(Code::Contradiction), "{apart}");
    }
}

#[test]
fn what_always_holds_is_told() {
    for (query, places, holds) in [
        ("team IS PRESENT OR team IS MISSING", 2, "always holds"),
        ("team IS MISSING OR team IS PRESENT", 2, "always holds"),
        ("created_at < 2026-06-10 OR created_at > 2026-06-05", 2, "always holds"),
        ("status = open OR status != open", 2, "always holds"),
        ("status != open OR status IN (pending, open)", 2, "always holds"),
        ("custom.due != 2026-06-01 OR custom.due != 2026-06-02", 2, "always holds"),
        // It does where there is a value.
        ("assignee != 1 OR assignee != 2", 2, "holds for every conversation with `assignee`"),
        ("custom.n < 5 OR custom.n > 3", 2, "holds for every conversation with `custom.n`"),
        // The two halves of one BETWEEN are one place.
        ("created_at NOT BETWEEN 2026-06-10 AND 2026-06-05", 1, "this matches every conversation"),
    ] {
        let problems = problems(query, Nothing);
        let told = problems.iter().find(|problem| problem.code == Code::Tautology);
        assert_eq!(told.map(|told| told.labels.len()), Some(places), "{query}: {problems}");
        assert!(told.is_some_and(|told| told.message.ends_with(holds)), "{query}: {problems}");
    }
    // A conversation may have both labels.
    let both = "label != bug OR label != vip";
    assert!(!problems(both, Known).has(Code::Tautology));
}

/// The last such day where the year is left out; nothing where two days may be meant.
#[test]
fn dates_in_other_spellings_are_offered_as_they_are_written_here() {
    for (written, meant) in [
        ("2026/6/1", Some("2026-06-01")),
        ("2026/06-15", None),
        ("2026/6/1/7", None),
        ("2026-06/15", None),
        ("2026x06-15", None),
        ("2026-06-1x", None),
        ("15.05.2026", Some("2026-05-15")),
        ("15/05/2026", Some("2026-05-15")),
        ("05/15/2026", Some("2026-05-15")),
        ("05/06/2026", None),
        ("12/06/2026", None),
        ("06/12/2026", None),
        ("13/12/2026", Some("2026-12-13")),
        ("\"June 15, 2026\"", Some("2026-06-15")),
        ("\"15th June 2026\"", Some("2026-06-15")),
        ("\"2026 June 15\"", Some("2026-06-15")),
        ("\"Jun 15\"", Some("2026-06-15")),
        ("\"16 Jun\"", Some("2025-06-16")),
        ("\"15 June 26\"", None),
        ("\"26 June 15\"", None),
        ("\"15 June 1000\"", None),
        ("\"15 16 June 2026\"", None),
        ("1234567890", Some("2009-02-13T23:31:30Z")),
        ("123456789a", None),
        ("today+1d", Some("+1d")),
        ("\"today + 3 days\"", Some("+3d")),
        ("\"now - 2 hours\"", Some("now-2h")),
        ("\"today - 7\"", Some("-7d")),
        ("\"now - 7\"", None),
        ("CURRENT_TIMESTAMP", Some("now")),
        ("\"two weeks ago\"", Some("-2w")),
        ("\"two ago\"", None),
        ("-1.5d", Some("-36h")),
        ("-0.5h", Some("-30m")),
        ("-1.7h", Some("-102m")),
        ("-1.001d", None),
        ("-.5d", Some("-12h")),
        ("-1.5mo", None),
        ("\"2026-06-15T10:30:00 +02:00\"", Some("2026-06-15T10:30:00+02:00")),
        ("\"2026-06-15 10:30 UTC\"", Some("2026-06-15T10:30Z")),
        ("2026-W25-1", Some("2026-06-15")),
        ("2026-W54-1", None),
        ("2026-W25-8", None),
        ("2026-166", Some("2026-06-15")),
        ("2026-366", None),
        ("2024-366", Some("2024-12-31")),
        ("2026-000", None),
        ("2026-16", None),
        ("2026-0166", None),
        ("2026-06-15T24:00", Some("2026-06-16T00:00")),
        ("2026-06-15T24:01", None),
        ("\"yesterday 9am\"", Some("2026-06-14T09:00")),
        ("\"today at 12:05am\"", Some("2026-06-15T00:05")),
        ("\"2026-06-01 9:30pm\"", Some("2026-06-01T21:30")),
        ("\"today at 10:30 pm\"", Some("2026-06-15T22:30")),
        ("\"today 24:00\"", None),
        ("\"today 25:00\"", None),
        ("\"today 9:5\"", None),
        ("\"today 9:60\"", None),
        ("\"today 9\"", None),
        ("\"today 13pm\"", None),
        ("2026-02-30", Some("2026-02-28")),
        ("2026-06-31T10:00", Some("2026-06-30T10:00")),
        ("2026-13-30", None),
        ("2026-02-40", None),
        ("last_activity_at", None),
    ] {
        let query = format!("created_at > {written}");
        let found = problems(&query, Known);
        let [only] = found.iter().as_slice() else { panic!("{query}: {found}") };
        let fix = only.fix.as_ref().map(|fix| (fix.span.of(&query), fix.replacement.as_str()));
        assert_eq!((only.code, fix), (Code::InvalidDate, meant.map(|meant| (written, meant))), "{query}");
    }
}

#[test]
fn numbers_in_other_spellings_are_offered_as_they_are_written_here() {
    for (written, meant) in [
        ("unread_count = .5", Some("0.5")),
        ("unread_count = 1.", Some("1")),
        ("unread_count = 1_000", Some("1000")),
        ("unread_count = 0x10", Some("16")),
        ("unread_count = 0xyz", None),
        ("unread_count = ._", None),
        ("id = 5.0", Some("5")),
        ("id = 10.00", Some("10")),
        ("id = +5", Some("5")),
        ("id = 5.5", None),
        ("id = abc", None),
    ] {
        let found = problems(written, Known);
        let [only] = found.iter().as_slice() else { panic!("{written}: {found}") };
        assert_eq!(only.fix.as_ref().map(|fix| fix.replacement.as_str()), meant, "{found}");
    }
    let told = |query: &str| problems(query, Known).iter().next().unwrap().help.clone().unwrap();
    assert!(told("created_at > 01/02/2026").ends_with("it may be `2026-01-02` or `2026-02-01`"));
    for text in ["01/02/26", "01/02/2026/7"] {
        assert!(told(&format!("created_at > {text}")).starts_with("dates are written"), "{text}");
    }
    for query in ["created_at > last_activity_at", "unread_count > unread_count"] {
        assert!(told(query).contains("is an attribute, and no two are compared"), "{query}");
    }
    // Of a custom attribute that nobody knows it is not said.
    let found = problems("unread_count > custom.5", Nothing);
    assert!(
        found.iter().any(|told| told.help.as_deref() == Some("`unread_count` is compared with a number")),
        "{found}"
    );
}

/// Every status has a name of its own, `all`; the priorities have none.
#[test]
fn a_word_for_all_values_is_one_of_status_alone() {
    assert!(said("status = all").1.starts_with("leave the condition out"));
    assert_eq!(said("priority = all").1, "the values are low, medium, high, urgent");
}

#[test]
fn a_condition_the_wrong_way_round_is_turned() {
    for (operator, turned) in [("<", ">"), ("<=", ">="), (">", "<"), (">=", "<="), ("=", "="), ("!=", "!=")] {
        let query = format!("-7d {operator} created_at");
        let found = problems(&query, Known);
        let [only] = found.iter().as_slice() else { panic!("{query}: {found}") };
        let fix = only.fix.as_ref().map(|fix| (fix.span.of(&query), fix.replacement.clone()));
        let meant = format!("created_at {turned} -7d");
        assert_eq!((only.code, fix), (Code::ReversedOperator, Some((query.as_str(), meant))), "{found}");
    }
}

#[test]
fn a_prefix_that_is_nearly_right_is_corrected() {
    for (written, meant) in [("cstom.tier", "custom.tier"), ("custom_attributes.tier", "custom.tier")] {
        let query = format!("{written} = x");
        let found = problems(&query, Known);
        let fix = found.iter().next().and_then(|problem| problem.fix.as_ref()).unwrap();
        assert_eq!((fix.span.of(&query), fix.replacement.as_str()), (written, meant));
    }
}

/// A server that does not filter by the attribute any more knows nothing of its name.
#[test]
fn an_attribute_of_the_account_has_the_name_of_a_removed_one() {
    let text = r#"{"custom_attribute_definitions":[{"attribute_key":"country_code","attribute_display_type":"text"}]}"#;
    let account = Account::from_json(text.as_bytes()).unwrap();
    let schema = Schema { account: Some(account), version: ServerVersion::new(4, 15, 1), ..Schema::default() };
    let named = compile("country_code = DE", &schema).unwrap();
    assert_eq!(named, compile("custom.country_code = DE", &schema).unwrap());
    assert!(compile("country_code = DE", &Schema { account: None, ..schema }).is_err());
}

/// Whatever the account calls its records, labels and values.
#[test]
fn what_is_offered_instead_of_a_name_means_that_name() {
    let reserved = cwql::syntax::KEYWORDS.iter().flat_map(|(word, _)| [(*word).to_owned(), word.to_lowercase()]);
    let others = ["none", "None", "@me", "@you", "ago", "older", "than", "today", "true", "now-90m", "12", "-12"];
    let signs = ["two words", "#hash", "a=b", "O'Neil", "say \"so\"", "back\\slash", "line\nbreak", "no\u{200B}width"];
    let names: Vec<String> = reserved.chain(others.into_iter().chain(signs).map(str::to_owned)).collect();
    let mut offered = 0;
    for name in &names {
        let custom = json!({"attribute_key": "tier", "attribute_display_type": "list",
            "attribute_model": "conversation_attribute", "attribute_values": [name]});
        let records = json!([{"id": 5, "name": name}]);
        let account = json!({"agents": records, "inboxes": records, "teams": records,
            "labels": [{"title": name}], "custom_attribute_definitions": [custom]});
        let account = Account::from_json(account.to_string().as_bytes()).unwrap();
        let schema = Schema { account: Some(account), ..Schema::default() };
        for attribute in ["assignee", "inbox", "team", "label", "custom.tier"] {
            // What is compared with regard to case, and what is not.
            for typed in [format!("{name}q"), name.to_uppercase(), name.to_lowercase()] {
                for (before, behind) in [("= ", ""), ("IN (", ")"), ("!= ", " AND status = open")] {
                    let query = format!("{attribute} {before}{}{behind}", cwql::syntax::quote(&typed));
                    let said = match check(&parse(&query), &schema) {
                        Ok(checked) => checked.warnings,
                        Err(errors) => errors,
                    };
                    let Some(fix) = said.iter().find_map(|problem| problem.fix.clone()) else { continue };
                    // `@me` is most likely no name.
                    if fix.replacement == "@me" {
                        continue;
                    }
                    let (start, end) = (fix.span.start as usize, fix.span.end as usize);
                    let mended = format!("{}{}{}", &query[..start], fix.replacement, &query[end..]);
                    let plain = format!("{attribute} {before}{}{behind}", cwql::syntax::quote(name));
                    let id = format!("{attribute} {before}5{behind}");
                    let meant = if attribute == "label" || attribute.starts_with("custom") { plain } else { id };
                    let means = |text: &str| match check(&parse(text), &schema) {
                        Ok(checked) => cwql::check::to_text(&checked.filter),
                        Err(errors) => panic!("{query}: {text}: {errors:?}"),
                    };
                    assert_eq!(means(&mended), means(&meant), "{query}");
                    offered += 1;
                }
            }
        }
    }
    assert!(offered > 400, "{offered}");
}

/// What jiff reads as another time, or another program as another unit.
#[test]
fn times_that_are_not_what_they_look_like_are_refused() {
    for (query, place, help) in [
        ("created_at > -1M", "-1M", "write `-1mo` for months, `-1m` for minutes"),
        ("created_at > 12M", "12M", "write `-12mo` for months, `-12m` for minutes"),
        ("created_at < NOW-1M", "NOW-1M", "write `NOW-1mo` for months, `NOW-1m` for minutes"),
        ("created_at < 1M ago", "1M ago", "write `1mo ago` for months, `1m ago` for minutes"),
        ("created_at OLDER THAN 3M", "3M", "write `3mo` for months, `3m` for minutes"),
        ("custom.due > -1M", "-1M", "write `-1mo` for months, `-1m` for minutes"),
        ("created_at > 2026-06-15T10:00:60Z", "2026-06-15T10:00:60Z", "the server stores none"),
        ("created_at > 2026-06-15T10:00:00+25:00", "2026-06-15T10:00:00+25:00", "less than 24 hours"),
    ] {
        let found = problems(query, Known);
        let [only] = found.iter().collect::<Vec<_>>()[..] else { panic!("{query}: {found:?}") };
        assert_eq!((only.code, only.span().of(query)), (Code::InvalidDate, place));
        assert!(only.help.as_ref().unwrap().contains(help), "{query}: {:?}", only.help);
        assert!(only.fix.is_none(), "{query}: which of the two is meant is not known");
    }
    for query in ["created_at > -1MO", "created_at > -7D", "created_at > -1m", "created_at > 2026-06-15T10:00:59+23:59"]
    {
        assert!(compile(query, &schema(Known)).is_ok() || Query::new(query, &schema(Known)).is_ok(), "{query}");
    }
}

/// However they are written.
#[test]
fn a_value_that_stands_in_a_list_twice_is_told() {
    for (query, place, said) in [
        ("id IN (5, 5)", "5", "`5` stands in the list twice"),
        ("id IN (5, 05)", "05", "`05` stands in the list already, as `5`"),
        ("custom.orders IN (1, 2, 1.0)", "1.0", "`1.0` stands in the list already, as `1`"),
        ("status IN (open, \"open\")", "\"open\"", "stands in the list already, as `open`"),
        ("team IN (sales, 3)", "3", "`3` stands in the list already, as `sales`"),
        ("created_at IN (today, 2026-06-15)", "2026-06-15", "already, as `today`"),
        ("assignee IN (none, @me, NONE)", "NONE", "already, as `none`"),
    ] {
        let found = problems(query, Known);
        let [only] = found.iter().collect::<Vec<_>>()[..] else { panic!("{query}: {found:?}") };
        assert_eq!((only.code, only.span().of(query)), (Code::Duplicate, place), "{query}");
        assert!(only.message.contains(said), "{query}: {}", only.message);
    }
    assert!(problems("custom.orders IN (1, 1.5)", Known).is_empty());
    // What is wrong twice is told of once.
    let wrong = problems("id IN (x, x)", Known);
    assert_eq!(wrong.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::WrongType, Code::Duplicate]);
}

#[test]
fn one_slip_is_one_error() {
    for (query, code, help) in [
        ("status = (open or pending", Code::ListNotAllowed, "`status IN (open, pending)`"),
        ("status = (open or pending)", Code::ListNotAllowed, "`status IN (open, pending)`"),
        ("team from sales", Code::UnknownOperator, "`=`"),
        ("referer like %x%", Code::UnknownOperator, "`LIKE \"%x%\"`"),
        ("referer like x", Code::UnknownOperator, "`CONTAINS`"),
        ("referer = like '%x%'", Code::UnexpectedToken, "keep one of them"),
    ] {
        let found = problems(query, Known);
        let [only] = found.iter().collect::<Vec<_>>()[..] else { panic!("{query}: {found:?}") };
        assert_eq!(only.code, code, "{query}");
        assert!(only.help.as_ref().unwrap().contains(help), "{query}: {:?}", only.help);
    }
}
