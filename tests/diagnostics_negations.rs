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

/// `but` speaks of all that stands before it, and a verb keeps the NOT in it.
#[test]
fn what_is_set_against_the_rest_is_left_out_whole() {
    becomes(
        &known(),
        &[
            ("status = open but not vip or refund", Some("status = open AND not label IN (vip, refund)")),
            (
                "status = open or pending but not vip or refund",
                Some("status IN (open, pending) AND not label IN (vip, refund)"),
            ),
            ("status = open or label = refund but not label = vip", None),
            ("label = vip or label = refund but priority = low", None),
            ("status = open but label = vip or label = refund", None),
            ("status = open but not vip or urgent", None),
            ("unread_count > 3 but < 10 or muted", None),
            (
                "(status = open or label = refund) but not label = vip",
                Some("(status = open or label = refund) AND not label = vip"),
            ),
            ("label is anything but vip", Some("label != vip")),
            ("status is anything but open", Some("status != open")),
            ("priority = anything but high or urgent", Some("priority NOT IN (high, urgent)")),
            ("message contains anything but spam", Some("message contains \"anything but spam\"")),
            ("mail_subject = none of your business", Some("mail_subject = \"none of your business\"")),
            ("label = vip -refund", Some("label = vip AND label != refund")),
            ("label has vip -refund", Some("label = vip AND label != refund")),
            ("label vip -refund", None),
            ("label is'nt vip", Some("label != vip")),
            ("status isn\u{B4}t open", Some("status != open")),
            ("status isn`t open", Some("status != open")),
            ("status ain't open", Some("status != open")),
            ("status can't be open", Some("status != open")),
            ("label can\u{2019}t be vip", Some("label != vip")),
            ("label won't be vip", Some("label != vip")),
            ("label cannot be vip", Some("label != vip")),
            ("label must not be vip", Some("label != vip")),
            ("label must be vip", Some("label = vip")),
            ("contact.name = I can't come", Some("contact.name = \"I can't come\"")),
        ],
    );
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

/// Alternatives of one attribute side by side are one group, and so is what stands in brackets.
#[test]
fn what_is_joined_by_or_stays_together() {
    becomes(
        &known(),
        &[
            (
                "[status = open or status = pending] and label = vip",
                Some("(status = open or status = pending) and label = vip"),
            ),
            (
                "muted = true and not {status = open or status = pending}",
                Some("muted = true and not (status = open or status = pending)"),
            ),
            ("[status] = open", Some("status = open")),
            ("status = open and urgent or high", Some("status = open and priority IN (urgent, high)")),
            ("label = vip and open or pending", Some("label = vip and status IN (open, pending)")),
            ("open and vip or refund", Some("status = open and label IN (vip, refund)")),
            ("team = orders and mine or unassigned", Some("team = orders and (assignee = @me OR assignee IS MISSING)")),
            ("vip or refund and open", Some("label IN (vip, refund) and status = open")),
            ("open or vip and urgent", Some("status = open or label = vip and priority = urgent")),
            ("label not in (vip) or refund", Some("label NOT IN (vip, refund)")),
            ("label not in (vip) or open", Some("label not in (vip) or status = open")),
        ],
    );
}

/// In a list the words between two commas are one value, as are those of a name wherever they stand.
#[test]
fn names_of_several_words_stay_whole() {
    becomes(
        &known(),
        &[
            ("contact.name in (Ada Lovelace, Bob)", Some("contact.name in (\"Ada Lovelace\", Bob)")),
            ("contact.name in (ada lovelace, bob)", Some("contact.name in (\"ada lovelace\", bob)")),
            ("contact.city in (New York, Berlin)", Some("contact.city in (\"New York\", Berlin)")),
            ("contact.city in (New York)", Some("contact.city in (\"New York\")")),
            ("contact.name in (Ada Lovelace or Bob Smith)", Some("contact.name in (\"Ada Lovelace\", \"Bob Smith\")")),
            ("label in (billing issue)", None),
            ("label in (billing issue, vip)", Some("label in (\"billing issue\", vip)")),
            ("label in (vip refund, delivery)", Some("label in (vip, refund, delivery)")),
            ("status in (open, pending snoozed)", Some("status in (open, pending, snoozed)")),
            (
                "mail_subject = Order shipped or Order delayed",
                Some("mail_subject IN (\"Order shipped\", \"Order delayed\")"),
            ),
            ("contact.email = ada@acme.com; bob@acme.com", Some("contact.email IN (ada@acme.com, bob@acme.com)")),
            ("mail_subject = hello; world", Some("mail_subject = \"hello; world\"")),
        ],
    );
    let found = Query::new("team in (Tier 2, Sales)", &unknown()).unwrap_err();
    let offered: Vec<_> = found.iter().filter_map(|problem| problem.fix.as_ref()).collect();
    assert_eq!(offered.iter().map(|fix| &*fix.replacement).collect::<Vec<_>>(), ["\"Tier 2\", Sales"]);
    for (text, one) in [
        ("contact.company_name = Black and White", "or `\"Black and White\"` if it is one value"),
        ("contact.company_name = H & M", "or `\"H & M\"` if it is one value"),
        ("contact.company_name in (Procter & Gamble)", "or `\"Procter & Gamble\"` if it is one value"),
    ] {
        let found = Query::new(text, &known()).unwrap_err();
        assert!(found.to_string().contains(one), "{text}: {found}");
    }
}

/// What stands behind an attribute is no value where it says something else.
#[test]
fn a_word_that_says_something_else_is_no_value() {
    becomes(
        &known(),
        &[
            ("labeled as vip", Some("label = vip")),
            ("label should be vip", Some("label = vip")),
            ("assignee changed", None),
            ("assigned to me; open", None),
            ("assigned to me, open", None),
            ("label = vip, open", None),
            ("label = vip; open", None),
            ("label = vip, refund", Some("label IN (vip, refund)")),
            ("status = open, pending", Some("status IN (open, pending)")),
            ("no reply", None),
            ("no muted", Some("muted = false")),
            ("label!:vip", Some("label!=vip")),
            ("label!:vip or refund", Some("label NOT IN (vip, refund)")),
            ("contact is blocked", Some("contact.blocked = true")),
            ("contact is not blocked", Some("contact.blocked != true")),
        ],
    );
}

/// A reserved word is one of a text where others stand behind it.
#[test]
fn a_reserved_word_may_begin_a_text() {
    becomes(
        &known(),
        &[
            ("message contains null pointer", Some("message contains \"null pointer\"")),
            ("message contains empty box", Some("message contains \"empty box\"")),
            ("contact.name = Missing Link", Some("contact.name = \"Missing Link\"")),
            ("message contains set up and muted", Some("message contains \"set up\" and muted = true")),
            ("message contains in stock", Some("message contains \"in stock\"")),
            ("message contains in (a)", None),
            ("status = is open", None),
        ],
    );
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
