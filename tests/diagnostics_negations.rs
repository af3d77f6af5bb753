//! What is negated is never corrected to what it is without the negation, and no correction tears apart what belongs together.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

use cwql::schema::Account;
use cwql::{Filter, Query, Schema, Severity};

/// How often corrections are followed.
const ROUNDS: usize = 4;

/// The text with all corrections applied, again and again; `None` where there is none, or none that makes it valid.
fn followed(text: &str, schema: &Schema) -> Option<String> {
    let mut text = text.to_owned();
    for _ in 0..ROUNDS {
        let Err(found) = Query::new(&text, schema) else { return Some(text) };
        let errors = found.iter().filter(|problem| problem.severity() == Severity::Error);
        let mut fixes: Vec<_> = errors.filter_map(|problem| problem.fix.clone()).collect();
        if fixes.is_empty() {
            return None;
        }
        fixes.sort_by_key(|fix| fix.span);
        // Of two that overlap, an editor applies one.
        let mut before = u32::MAX;
        for fix in fixes.iter().rev() {
            if fix.span.end <= before {
                text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
                before = fix.span.start;
            }
        }
    }
    Query::new(&text, schema).is_ok().then_some(text)
}

/// An account with agents, labels, teams and attributes of its own.
fn known() -> Schema {
    let account = Account::from_json(include_bytes!("../src/sandbox/demo/account.json")).unwrap();
    Schema { account: Some(account), ..unknown() }
}

/// Nothing is known of the account.
fn unknown() -> Schema {
    Schema { now: Some("2026-11-20T12:00:00Z".parse().unwrap()), ..Schema::default() }
}

/// Texts, and what they become by all corrections; `None` where there is none, or not for all that is wrong.
fn becomes(schema: &Schema, table: &[(&str, Option<&str>)]) {
    for (text, meant) in table {
        assert_eq!(followed(text, schema).as_deref(), *meant, "{text}");
    }
}

/// Words that negate may be the first ones of a text.
#[test]
fn a_text_that_begins_with_a_negation_is_named_in_the_help() {
    for (text, help) in [
        ("message contains not working", "write `NOT CONTAINS`, or `\"not working\"` for the text"),
        ("contact.name = Not Sure", "write `!=`, or `\"Not Sure\"` for the text"),
        ("status = NOT open", "write `!=`"),
    ] {
        let found = Query::new(text, &known()).unwrap_err();
        assert_eq!(found.iter().next().unwrap().help.as_deref(), Some(help), "{text}");
    }
}

/// What a query means, without its places.
fn meaning(text: &str, schema: &Schema) -> String {
    fn written(filter: &Filter) -> String {
        let joined = |all: &[Filter]| all.iter().map(written).collect::<Vec<_>>().join(", ");
        match filter {
            Filter::All(all) => format!("all({})", joined(all)),
            Filter::Any(any) => format!("any({})", joined(any)),
            Filter::Not(inner) => format!("not({})", written(inner)),
            Filter::Condition(condition) => format!("{} {:?}", condition.attribute, condition.test),
        }
    }
    written(Query::new(text, schema).unwrap().filter())
}

/// Attributes, values, and spellings of operators between them.
const COMPARED: &[(&str, &str, &[&str])] = &[
    (
        "referer",
        "pricing",
        &["~", "=", "==", "=~", "CONTAINS", "STARTS WITH", "start with", "starts_with", "startswith"],
    ),
    ("referer", "'%x%'", &["like", "ilike"]),
    ("referer", "(a, b)", &["IN", "one of", "is any of"]),
    ("label", "(vip, bug)", &["IN", "any of", "has any of", "all of", "none of"]),
    ("label", "vip", &["=", "CONTAINS", "contain", "has", "have", "includes", "like", "equals", "is", "equal to"]),
    ("status", "open", &["=", "is", "eq", "in", "= "]),
    ("priority", "high", &["=", "IN"]),
    (
        "unread_count",
        "5",
        &[">", "<=", "=>", "gt", "lte", "eq", "since", "more than", "fewer than", "at least", "up to"],
    ),
    ("unread_count", "5", &["greater than or equal to", "is_greater_than", "over", "under", "is more than"]),
    ("unread_count", "1 and 5", &["BETWEEN", "is between"]),
    ("created_at", "2026-06-01", &["=", "before", "after", "until", "on", "on or after", "earlier than", "newer than"]),
    (
        "created_at",
        "7d",
        &["within", "in the last", "during the past", "older than", "OLDER THAN", "newer than", "over"],
    ),
    ("created_at", "7 days", &["within", "in last", "older than", "newer than", "more than", "last"]),
    ("created_at", "7 days ago", &["more than", "at least", "before", "after"]),
    ("created_at", "last week", &["in", "IN", "IN the", "is in", "within the", "at", "on", "during", "="]),
    ("created_at", "past week", &["in the", "within the", "="]),
    ("created_at", "2026-11-01 to 2026-11-15", &["=", "in"]),
    ("created_at", "yesterdy", &["=", "after"]),
    ("created_at", "1h30m", &["within", "older than"]),
    ("snoozed_until", "3 days", &["in the next", "next"]),
    ("unread_count", "5", &["exceeds", "exceed"]),
    ("unread_count", "5 or more", &["=", "is", ""]),
    ("unread_count", "1..5", &["="]),
    ("priority", "high or higher", &["=", "is"]),
    ("status", "(open, pending)", &["= NOT", "= not"]),
    ("label", "vip and muted", &["=", "is"]),
    ("created_at", "this week", &["", "in", "is in"]),
    ("assignee", "", &["IS PRESENT", "present", "set", "exists", "is missing", "empty", "null", "is blank", "isnull"]),
    ("assignee", "", &["is assigned", "is unassigned", "= none"]),
];

/// What negates the operator behind it.
const BEFORE_OPERATORS: &[&str] = &[
    "not ",
    "NOT ",
    "no ",
    "never ",
    "isn't ",
    "isnt ",
    "is not ",
    "is never ",
    "was not ",
    "doesn't ",
    "does not ",
    "don\u{2019}t ",
    "cannot ",
    "! ",
    "\u{AC} ",
];

/// What negates the word that it is joined to.
const JOINED: &[&str] = &[
    "not_",
    "NOT_",
    "not-",
    "NOT",
    "n",
    "non",
    "non-",
    "non_",
    "no",
    "un",
    "un_",
    "dis",
    "dis_",
    "never",
    "doesnot",
    "isnot",
    "does_not_",
    "is-not-",
    "!",
    "\u{AC}",
    "\u{1F6AB}",
    "\u{274C}",
    "\u{2757}",
    "\u{D7}",
    "^",
];

/// What negates the condition behind it.
const BEFORE_CONDITIONS: &[&str] = &[
    "!",
    "! ",
    "\u{AC}",
    "\u{AC} ",
    "-",
    "\u{2212}",
    "\u{2013}",
    "NOT ",
    "NOT",
    "nto ",
    "not_",
    "not",
    "no",
    "no_",
    "non",
    "un",
    "un-",
    "never ",
    "no ",
    "\u{2757}",
    "\u{203C}",
    "\u{2260} ",
    "\u{2298} ",
    "\u{D7}",
    "\u{274C} ",
    "\u{274C}",
    "\u{1F6AB} ",
    "\u{1F6AB}",
    "~",
    "^",
];

/// The text with each negation that it may have: not in front of another verb, nor a syllable at a sign.
fn negated(name: &str, operator: &str, value: &str) -> Vec<String> {
    let tail = format!("{operator} {value}");
    let is_verb = operator.to_ascii_lowercase().starts_with("is");
    let before = BEFORE_OPERATORS.iter().filter(|_| !is_verb).map(|word| format!("{name} {word}{tail}"));
    let is_word = operator.starts_with(char::is_alphabetic) && !is_verb;
    let joined = JOINED.iter().filter(|_| is_word).map(|word| format!("{name} {word}{tail}"));
    let outside = BEFORE_CONDITIONS.iter().map(|word| format!("{word}{name} {tail}"));
    let inside = operator.split_once(' ').filter(|_| is_verb);
    let inside =
        inside.map(|(verb, rest)| ["not", "never", "no"].map(|not| format!("{name} {verb} {not} {rest} {value}")));
    before.chain(joined).chain(outside).chain(inside.into_iter().flatten()).collect()
}

#[test]
fn what_is_negated_is_not_corrected_to_what_it_is_without() {
    let schema = unknown();
    let (mut asked, mut corrected, mut opposite, mut wrong) = (0, 0, 0, String::new());
    for (name, value, operators) in COMPARED {
        for operator in *operators {
            let text = format!("{name} {operator} {value}");
            let affirmed = followed(&text, &schema).unwrap_or_else(|| panic!("{text} has no correction"));
            let (affirmed, not) = (meaning(&affirmed, &schema), meaning(&format!("NOT ({affirmed})"), &schema));
            for text in negated(name, operator, value) {
                asked += 1;
                let Some(fixed) = followed(&text, &schema) else { continue };
                let meant = meaning(&fixed, &schema);
                corrected += 1;
                opposite += usize::from(meant == not);
                if meant == affirmed {
                    wrong += &format!("{text}: {fixed}\n");
                }
                if std::env::var_os("CWQL_SHOW_NEGATIONS").is_some() && meant != affirmed && meant != not {
                    println!("{text}: {fixed}");
                }
            }
        }
    }
    println!("of {asked} texts {corrected} are corrected, {opposite} of them to the opposite");
    assert!(wrong.is_empty(), "{wrong}");
    // Where a sign may negate or decorate nothing is offered.
    assert!(opposite * 20 >= asked * 11, "{opposite} of {asked}");
}
