//! Of several corrections that are near each other the one that was meant is offered, at its place, and of what may mean
//! something else none.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

use cwql::schema::Account;
use cwql::{Code, Diagnostic, Schema, Severity, check, parse};

/// Nothing is known of the account.
fn unknown() -> Schema {
    Schema { now: Some("2026-06-15T12:00:00Z".parse().unwrap()), ..Schema::default() }
}

/// An account with two labels and two teams.
fn known() -> Schema {
    let account = br#"{
        "teams": [{"id": 3, "name": "sales"}, {"id": 8, "name": "tier 2"}],
        "labels": [{"title": "bug"}, {"title": "vip"}],
        "custom_attribute_definitions": [
            {"attribute_key": "tier", "attribute_model": "conversation_attribute", "attribute_display_type": "list"},
            {"attribute_key": "orders", "attribute_model": "conversation_attribute", "attribute_display_type": "number"},
            {"attribute_key": "is_vip", "attribute_model": "conversation_attribute", "attribute_display_type": "checkbox"}
        ]
    }"#;
    Schema { account: Some(Account::from_json(account).unwrap()), ..unknown() }
}

/// The text with the corrections of all errors.
fn mended(text: &str, errors: &[&Diagnostic]) -> Option<String> {
    let mut fixes = errors.iter().map(|error| error.fix.clone()).collect::<Option<Vec<_>>>()?;
    fixes.sort_by_key(|fix| fix.span);
    let mut out = text.to_owned();
    for fix in fixes.iter().rev() {
        out.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
    }
    Some(out)
}

/// Texts, what they become with the corrections of all errors, and all that is told: what is underlined, and what the
/// help is, or what is told where there is none; one that ends with `…` goes on.
type Case<'a> = (&'a str, Option<&'a str>, &'a [(&'a str, &'a str)]);

fn told(schema: &Schema, table: &[Case<'_>]) {
    for &(text, meant, told) in table {
        let found = check(&parse(text), schema).map_or_else(|errors| errors, |checked| checked.warnings);
        let errors: Vec<_> = found.iter().filter(|problem| problem.severity() == Severity::Error).collect();
        let fixed = if errors.is_empty() { None } else { mended(text, &errors) };
        assert_eq!(fixed.as_deref(), meant, "{text}: {found}");
        let places: Vec<_> = found.iter().map(|problem| problem.span().of(text)).collect();
        assert_eq!(places, told.iter().map(|(place, _)| *place).collect::<Vec<_>>(), "{text}: {found}");
        for (problem, (_, help)) in found.iter().zip(told) {
            let said = problem.help.as_deref().unwrap_or(&problem.message);
            let is_told = help.strip_suffix('…').map_or(said == *help, |begun| said.starts_with(begun));
            assert!(is_told, "{text}: {said}");
        }
    }
}

#[test]
fn a_correction_of_a_whole_condition_is_what_is_to_be_written() {
    told(
        &unknown(),
        &[
            ("staus:open", Some("status = open"), &[(":", "write `status = open`")]),
            ("staus open", Some("status = open"), &[("staus open", "write `status = open`")]),
            (
                "created:>2026-11-01",
                Some("created_at > 2026-11-01"),
                &[("created:>2026-11-01", "write `created_at > 2026-11-01`")],
            ),
            (
                "status:opn AND priority:hgh",
                Some("status = open AND priority = high"),
                &[(":", "write `status = open`"), (":", "write `priority = high`")],
            ),
            ("id = 1 AND staus:open", Some("id = 1 AND status = open"), &[(":", "write `status = open`")]),
            (
                "created_at unat = 2026-06-01",
                None,
                &[("unat", "the operators are =, !=, <, <=, >, >=, ~, !~, IN, CONTAINS,…")],
            ),
            (
                "contact.name = O'Neil or contact.name = O'Brien or contact.name = O'Hara",
                Some("contact.name = \"O'Neil\" or contact.name = \"O'Brien\" or contact.name = \"O'Hara\""),
                &[
                    ("'", "a text with an apostrophe is quoted: `\"O'Neil\"`"),
                    ("'", "a text with an apostrophe is quoted: `\"O'Brien\"`"),
                    ("'", "a text with an apostrophe is quoted: `\"O'Hara\"`"),
                ],
            ),
            (
                "custom attributes = x",
                Some("custom.attributes = x"),
                &[("custom attributes", "perhaps `custom.attributes`…")],
            ),
        ],
    );
}

/// Between commas, connectives and parentheses, where an attribute has values of several words.
#[test]
fn words_that_belong_together_are_one_value() {
    told(
        &unknown(),
        &[
            (
                "assignee in Camille Aubert, Keiko Arai",
                Some("assignee in (\"Camille Aubert\", \"Keiko Arai\")"),
                &[("Camille Aubert, Keiko Arai", "write `(\"Camille Aubert\", \"Keiko Arai\")`")],
            ),
            ("assignee IN Jonas", Some("assignee IN (Jonas)"), &[("Jonas", "write `(Jonas)`")]),
            ("created_at > Jun xx, 2026", None, &[("Jun xx, 2026", "`\"Jun xx\"` is no date…")]),
            ("created_at > Jun 15, 2026", Some("created_at > 2026-06-15"), &[("Jun 15, 2026", "perhaps `2026-06-15`")]),
            (
                "assignee = jonas feld or priya raman and camille aubert",
                None,
                &[
                    ("jonas feld or priya raman", "write `assignee IN (\"jonas feld\", \"priya raman\")`"),
                    ("camille aubert", "there is no attribute `camille`…"),
                ],
            ),
            (
                "priority = jonas feld or priya raman",
                None,
                &[
                    ("jonas feld", "the values are low, medium, high, urgent"),
                    ("priya raman", "there is no attribute `priya`…"),
                ],
            ),
            (
                "assignee:(Jonas -Feld OR Priya)",
                None,
                &[("assignee:(Jonas -Feld OR Priya)", "write a condition for each value, with AND or OR between them")],
            ),
            (
                "label:(vip\"big deal\")",
                Some("label IN (vip, \"big deal\")"),
                &[("label:(vip\"big deal\")", "write `label IN (vip, \"big deal\")`")],
            ),
            ("contact.phone_number = 123 45", None, &[("123 45", "write `IN (123, 45)`")]),
            ("assignee = Ada 'Lovelace'", None, &[("'Lovelace'", "join conditions with AND or OR…")]),
        ],
    );
    told(
        &known(),
        &[(
            "id = 1 AND team IN tier 2",
            Some("id = 1 AND team IN (\"tier 2\")"),
            &[("tier 2", "write `(\"tier 2\")`")],
        )],
    );
}

/// A month that is over has two readings behind `<`; what lies ahead is not counted back.
#[test]
fn dates_that_are_nearly_right_are_told_with_what_they_are() {
    told(
        &unknown(),
        &[
            ("created_at < last month", None, &[("last month", "it is the days `2026-05-01` to `2026-05-31`…")]),
            ("created_at <= last month", None, &[("last month", "it is the days `2026-05-01` to `2026-05-31`…")]),
            (
                "snoozed_until != \"next 7 days\"",
                Some("snoozed_until NOT BETWEEN today AND +7d"),
                &[("\"next 7 days\"", "perhaps `snoozed_until NOT BETWEEN today AND +7d`")],
            ),
            (
                "created_at > Januray",
                Some("created_at > 2026-01-31"),
                &[("Januray", "perhaps `created_at > 2026-01-31`")],
            ),
            (
                "created_at > \"Januray 2026\"",
                Some("created_at > 2026-01-31"),
                &[("\"Januray 2026\"", "perhaps `created_at > 2026-01-31`")],
            ),
            (
                "created_at > lat week",
                None,
                &[("lat week", "dates are written `2026-06-15`, `today`, `-7d`, `2w ago`;…")],
            ),
            ("created_at > xoday", None, &[("xoday", "dates are written `2026-06-15`, `today`, `-7d`, `2w ago`;…")]),
            ("snoozed_until in many", None, &[("many", "`many` is no date…")]),
            (
                "created_at < 7d AND snoozed_until > 3d",
                None,
                &[("7d", "perhaps `-7d`, so long ago"), ("3d", "`-3d` is so long ago, `+3d` so far ahead")],
            ),
            (
                "created_at OLDER THAN 7 days later",
                None,
                &[("7 days later", "one is written `7d`, `2w`, `3mo`, `1y`, `24h`, `90m` or `30s`")],
            ),
            (
                "id = 1 OR created_at in (past week) and muted",
                Some("id = 1 OR created_at > -1w and muted = true"),
                &[("past week", "perhaps `created_at > -1w`"), ("muted", "perhaps `muted = true`")],
            ),
            (
                "created_at during the past week foo",
                None,
                &[("created_at during the past week foo", "`\"during the past week foo\"` is no date…")],
            ),
            (
                "unread_count = 1000-2000",
                Some("unread_count BETWEEN 1000 AND 2000"),
                &[("1000-2000", "write `unread_count BETWEEN 1000 AND 2000`")],
            ),
        ],
    );
    told(&known(), &[("custom.orders = 1.x00", None, &[("1.x00", "`custom.orders` is compared with a number")])]);
}

#[test]
fn a_word_behind_a_condition_is_read_with_the_condition_before_it() {
    told(
        &known(),
        &[
            ("label = vip and open", Some("label = vip and status = open"), &[("open", "perhaps `status = open`")]),
            (
                "label = vip or urgent",
                Some("label = vip or priority = urgent"),
                &[("urgent", "perhaps `priority = urgent`")],
            ),
            ("team = 8 or open", Some("team = 8 or status = open"), &[("open", "perhaps `status = open`")]),
            ("status = open and vip", Some("status = open and is_vip = true"), &[("vip", "perhaps `is_vip = true`")]),
        ],
    );
    told(
        &unknown(),
        &[
            (
                "label = vip or (muted or urgent)",
                Some("label = vip or (muted = true or priority = urgent)"),
                &[("muted", "perhaps `muted = true`"), ("urgent", "perhaps `priority = urgent`")],
            ),
            (
                "(status = resolved or open) and muted",
                Some("(status IN (resolved, open)) and muted = true"),
                &[("open", "perhaps `status IN (resolved, open)`"), ("muted", "perhaps `muted = true`")],
            ),
            (
                "created_at between -7d and open",
                None,
                &[("open", "dates are written `2026-06-15`, `today`, `-7d`, `2w ago`;…")],
            ),
            ("status = open and mutd", Some("status = open and muted = true"), &[("mutd", "perhaps `muted = true`")]),
            (
                "| status | open |",
                None,
                &[("| status | open |", "a query is conditions, such as `status = open`, that AND and OR join")],
            ),
            (
                "status IN open OR pending OR label = vip",
                Some("status IN (open, pending) OR label = vip"),
                &[("open OR pending", "write `(open, pending)`")],
            ),
            (
                "label = vip and a, b and muted",
                None,
                &[(",", "write `OR` if one of the conditions is enough, `AND` if all must hold")],
            ),
            ("label IN (not)", Some("label IN (\"not\")"), &[("not", "as a value it is quoted: `\"not\"`")]),
        ],
    );
}

/// And no other condition than the one that stands before it.
#[test]
fn a_number_alone_asks_what_the_condition_before_it_asks() {
    told(
        &unknown(),
        &[
            ("5 OR team = 8", Some("id = 5 OR team = 8"), &[("5", "perhaps `id = 5`")]),
            (
                "(team = null) OR 5",
                Some("(team IS MISSING) OR team = 5"),
                &[
                    ("null", "write `IS MISSING`; as a value the word is quoted: `\"null\"`"),
                    ("5", "perhaps `team = 5`"),
                ],
            ),
            (
                "(id = 1 AND (team IS MISSING)) OR 5",
                Some("(id = 1 AND (team IS MISSING)) OR team = 5"),
                &[("5", "perhaps `team = 5`")],
            ),
            (
                "24h ago",
                None,
                &[(
                    "24h ago",
                    "there is no attribute `24h`; a custom attribute is written `custom.24h`; perhaps \
                     `message CONTAINS \"24h ago\"` for a text in the last message",
                )],
            ),
            (
                "@example.com",
                None,
                &[("@example.com", "perhaps `message CONTAINS \"@example.com\"` for a text in the last message…")],
            ),
        ],
    );
}

#[test]
fn words_of_a_search_box_mean_one_condition_each() {
    told(
        &unknown(),
        &[
            ("no:open", None, &[("no:open", "there is no attribute `open`…")]),
            ("no unread", Some("NOT unread_count > 0"), &[("no unread", "perhaps `NOT unread_count > 0`")]),
            ("no (label", None, &[("(", "the operators are =, !=, <, <=, >, >=, ~, !~, IN, CONTAINS,…")]),
            ("no IS", None, &[("IS", "write `IS PRESENT` or `IS MISSING`")]),
            (
                "NOT STARTS WITH",
                None,
                &[("STARTS", "a condition is an attribute, an operator and a value: `status = open`")],
            ),
            ("+label:all", Some("label = all"), &[("+label:all", "write `label = all`")]),
            (
                "created_at :2026-01-01..2026-02-01",
                Some("created_at BETWEEN 2026-01-01 AND 2026-02-01"),
                &[(":", "write `created_at BETWEEN 2026-01-01 AND 2026-02-01`")],
            ),
            ("label:\"*\"", Some("label =\"*\""), &[(":", "write `label = \"*\"`")]),
            (
                "mail_subject:*f*oo*",
                None,
                &[("mail_subject:*f*oo*", "CONTAINS finds a text anywhere, STARTS WITH at the beginning; in the…")],
            ),
            (
                "label:(NOT a NOT b)",
                Some("label NOT IN (a, b)"),
                &[("label:(NOT a NOT b)", "write `label NOT IN (a, b)`")],
            ),
            (
                "-label:(NOT a OR NOT b)",
                Some("NOT (label != a OR label != b)"),
                &[("-label:(NOT a OR NOT b)", "write `NOT (label != a OR label != b)`")],
            ),
            (
                "label:( )",
                None,
                &[(":", "write `label IN (…)`"), ("( )", "IN takes at least one value: `status IN (open, pending)`")],
            ),
            (
                "https://app.chatwoot.com/app/accounts/1/conversations/42 x",
                None,
                &[(
                    "https://app.chatwoot.com/app/accounts/1/conversations/42 x",
                    "there is no attribute `https://app.chatwoot.com/app/accounts/1/conversations/42`…",
                )],
            ),
            (
                "referer:http://x.example/?a=b",
                Some("referer CONTAINS http://x.example/?a=b"),
                &[("referer:http://x.example/?a", "write `referer CONTAINS http://x.example/?a`")],
            ),
        ],
    );
}

#[test]
fn operators_of_other_languages_are_corrected_with_their_values() {
    told(
        &unknown(),
        &[
            (
                "referer ncontains any of (a, b)",
                Some("(referer NOT CONTAINS a AND referer NOT CONTAINS b)"),
                &[("ncontains any of", "write `(referer NOT CONTAINS a AND referer NOT CONTAINS b)`")],
            ),
            (
                "label is neither vip nor",
                None,
                &[
                    ("is", "write `=`; IS goes with PRESENT and MISSING"),
                    ("neither vip nor", "write `IN (neither, vip, nor)`"),
                ],
            ),
            (
                "label is both vip or bug",
                None,
                &[("both vip", "write `IN (both, vip)`"), ("bug", "perhaps `label IN (\"both vip\", bug)`")],
            ),
            ("unread_count > 3 and more than x", None, &[("more than x", "there is no attribute `more`…")]),
            ("a length of time", None, &[("a length of time", "there is no attribute `a`…")]),
            (
                "id = 1 vip in label",
                None,
                &[
                    ("vip", "write `AND` here if both must hold, `OR` if one is enough"),
                    ("vip", "a custom attribute is written `custom.vip`…"),
                    ("label", "write `(label)`"),
                ],
            ),
            ("custom['tier'} = x", None, &[("'tier'", "the operators are =, !=, <, <=, >, >=, ~, !~, IN, CONTAINS,…")]),
            (
                "0 < unread_count < AND",
                None,
                &[
                    ("<", "join conditions with AND or OR…"),
                    ("AND", "write a condition such as `status = open`, or remove the word"),
                ],
            ),
            (
                "referer =~ /foo\\/ bar/",
                Some("referer CONTAINS \"foo/ bar\""),
                &[("=~ /foo\\/ bar/", "write `CONTAINS \"foo/ bar\"`")],
            ),
            ("contact.name.contains(b", None, &[("(", "the operators are =, !=, <, <=, >, >=, ~, !~, IN, CONTAINS,…")]),
            (
                "contact.name.contains, b)",
                None,
                &[
                    ("contact.name.contains", "perhaps `label = contact.name.contains`, or `message…"),
                    (",", "write `OR` if one of the conditions is enough, `AND` if all must hold"),
                    (")", "remove it, or add `(` where the group begins"),
                ],
            ),
        ],
    );
}

#[test]
fn what_may_be_negated_is_no_slip_of_what_it_is_without() {
    told(
        &unknown(),
        &[
            (
                "assignee IS nRPESENT",
                None,
                &[("IS", "write `=`; IS goes with PRESENT and MISSING"), ("nRPESENT", "write an agent's id…")],
            ),
            ("assignee nIS PRESENT", None, &[("nIS", "the operators are =, !=, <, <=, >, >=, ~, !~, IN, CONTAINS,…")]),
            ("assignee IS NISSING", Some("assignee IS MISSING"), &[("IS NISSING", "write `IS MISSING`")]),
            (
                "label inPRESENT vip",
                Some("label = \"inPRESENT vip\""),
                &[("label inPRESENT vip", "perhaps `label = \"inPRESENT vip\"`")],
            ),
            ("referer -CONTAINS a", Some("referer CONTAINS a"), &[("-CONTAINS", "write `CONTAINS`")]),
            (
                "referer -CONTAINS (a, b)",
                Some("(referer CONTAINS a OR referer CONTAINS b)"),
                &[("(a, b)", "write `(referer CONTAINS a OR referer CONTAINS b)`")],
            ),
            ("status nonIN (open)", Some("status NOT IN (open)"), &[("nonIN", "write `NOT IN`")]),
            (
                "referer NOTSTARTSWITH x",
                Some("referer NOT STARTS WITH x"),
                &[("NOTSTARTSWITH", "write `NOT STARTS WITH`")],
            ),
        ],
    );
}

#[test]
fn signs_of_no_keyboard_are_corrected_where_they_stand() {
    told(
        &unknown(),
        &[
            ("status≠open", Some("status!=open"), &[("≠", "write `!=`")]),
            ("status ≠open", Some("status !=open"), &[("≠", "write `!=`")]),
            ("unread_count≤5", Some("unread_count<=5"), &[("≤", "write `<=`")]),
            ("unread_count≥5", Some("unread_count>=5"), &[("≥", "write `>=`")]),
            (
                "status = open OR status = pending\nunread_count ≤ 5",
                None,
                &[("unread_count", "join conditions with AND or OR…")],
            ),
            ("status = open\n- id = 1", None, &[("-", "remove it")]),
            ("label = -- x AND id:1", None, &[("-- x", "write `IN (--, x)`"), (":", "write `id = 1`")]),
        ],
    );
}

#[test]
fn signs_of_patterns_are_told_with_the_text_that_is_meant() {
    told(
        &unknown(),
        &[
            (
                "message ~ \"refund.*\"",
                None,
                &[("\"refund.*\"", "for a part of the text write `message CONTAINS refund`")],
            ),
            ("message ~ \"5*\"", None, &[("\"5*\"", "for a part of the text write `message CONTAINS 5`")]),
            // LIKE does not say where a text ends and goes on elsewhere.
            (
                "mail_subject CONTAINS \"^a.*b$\"",
                None,
                &[("\"^a.*b$\"", "CONTAINS finds a text anywhere as it is written…")],
            ),
            (
                "mail_subject = \"a*b|c*\"",
                None,
                &[("\"a*b|c*\"", "for a part of the text write `mail_subject LIKE \"%a%b|c%\"`")],
            ),
            (
                "mail_subject LIKE \"refund|order\"",
                None,
                &[("\"refund|order\"", "perhaps `(mail_subject CONTAINS refund OR mail_subject CONTAINS order)`")],
            ),
            (
                "referer NOT LIKE \"refund|order\" AND referer IS PRESENT",
                None,
                &[("\"refund|order\"", "perhaps `(referer NOT CONTAINS refund AND referer NOT CONTAINS order)`")],
            ),
        ],
    );
}

/// A bracket takes its bound in, a brace leaves it out, and a star is none.
#[test]
fn each_end_of_a_range_says_whether_it_belongs_to_it() {
    let searched = |range: &str| {
        let text = format!("unread_count:{range}");
        let found = check(&parse(&text), &unknown()).unwrap_err();
        let fixed = mended(&text, &found.iter().collect::<Vec<_>>()).unwrap_or_else(|| panic!("{text}: {found}"));
        assert!(check(&parse(&fixed), &unknown()).is_ok(), "{fixed}");
        fixed
    };
    for (range, meant) in [
        ("[1 TO 5]", "unread_count BETWEEN 1 AND 5"),
        ("{1 TO 5}", "(unread_count > 1 AND unread_count < 5)"),
        ("{1 TO 5]", "(unread_count > 1 AND unread_count <= 5)"),
        ("[1 TO 5}", "(unread_count >= 1 AND unread_count < 5)"),
        ("{1 TO *]", "unread_count > 1"),
        ("[1 TO *}", "unread_count >= 1"),
        ("{* TO 5]", "unread_count <= 5"),
        ("[* TO 5}", "unread_count < 5"),
    ] {
        assert_eq!(searched(range), meant, "{range}");
    }
}

/// The words that say NOT stand before one condition or before several.
#[test]
fn a_word_that_negates_is_written_as_not() {
    told(
        &unknown(),
        &[
            ("never status = open", Some("NOT status = open"), &[("never", "perhaps `NOT`")]),
            ("never (status = open OR id = 1)", Some("NOT (status = open OR id = 1)"), &[("never", "perhaps `NOT`")]),
            ("id = 1 AND isnt (status = open)", Some("id = 1 AND NOT (status = open)"), &[("isnt", "perhaps `NOT`")]),
        ],
    );
}

/// A comma too many parts no words from those before it.
#[test]
fn names_before_a_last_comma_stay_whole() {
    told(
        &unknown(),
        &[(
            "assignee in Jonas Feld, Priya Raman,",
            Some("assignee in (\"Jonas Feld\", \"Priya Raman\")"),
            &[("Jonas Feld, Priya Raman,", "write `(\"Jonas Feld\", \"Priya Raman\")`")],
        )],
    );
}

/// What joins a condition that is negated, and what leaves one out.
#[test]
fn what_is_left_out_is_a_condition_behind_and_not() {
    let (and, and_not, bug) = ("perhaps `AND`", "perhaps `AND NOT`", "perhaps `label = bug`");
    let unclear = "write AND NOT, with parentheses around all that is left out…";
    told(
        &unknown(),
        &[
            (
                "status = open but not muted",
                Some("status = open AND not muted = true"),
                &[("but", and), ("muted", "perhaps `muted = true`")],
            ),
            ("label = vip but not bug", Some("label = vip AND not label = bug"), &[("but", and), ("bug", bug)]),
            ("status = open but label != vip", Some("status = open AND label != vip"), &[("but", and)]),
            ("label = vip and not bug", Some("label = vip and not label = bug"), &[("bug", bug)]),
            ("label != vip and not bug", Some("label != vip and not label = bug"), &[("bug", bug)]),
            ("label = vip except bug", Some("label = vip AND NOT label = bug"), &[("except", and_not), ("bug", bug)]),
            (
                "status = open unless muted",
                Some("status = open AND NOT muted = true"),
                &[("unless", and_not), ("muted", "perhaps `muted = true`")],
            ),
            (
                "status = open without label",
                Some("status = open AND NOT label IS PRESENT"),
                &[("without", and_not), ("label", "perhaps `label IS PRESENT`")],
            ),
            ("status = open except label = vip", Some("status = open AND NOT label = vip"), &[("except", and_not)]),
            (
                "status = open except (label = vip or label = bug)",
                Some("status = open AND NOT (label = vip or label = bug)"),
                &[("except", and_not)],
            ),
            // Of what, and what, is left out is not plain.
            ("id = 1 or status = open except label = vip", None, &[("except", unclear)]),
            ("status = open except label = vip or label = bug", None, &[("except", unclear)]),
            ("status = open except label = vip and id = 1", None, &[("except", unclear)]),
            // A text may have such a word in it.
            (
                "message ~ all except one",
                Some("message ~ \"all except one\""),
                &[("all except one", "write `\"all except one\"`")],
            ),
            (
                "label is not vip nor bug",
                Some("label NOT IN (vip, bug)"),
                &[("is not", "write `label NOT IN (vip, bug)`")],
            ),
            (
                "label != vip nor bug nor a",
                Some("label NOT IN (vip, bug, a)"),
                &[("bug nor a", "perhaps `label NOT IN (vip, bug, a)`")],
            ),
            ("status = open nor pending", None, &[("nor", "join conditions with AND or OR…")]),
            ("label = vip nor bug", None, &[("nor", "join conditions with AND or OR…")]),
            (
                "status = open, but not muted",
                Some("status = open AND not muted = true"),
                &[
                    (",", "write `OR` if one of the conditions is enough, `AND` if all must hold"),
                    ("muted", "perhaps `muted = true`"),
                ],
            ),
            (
                "status = open but unassigned",
                Some("status = open AND assignee IS MISSING"),
                &[("but", and), ("unassigned", "perhaps `assignee IS MISSING`")],
            ),
            (
                "unread_count > 3 but < 10",
                Some("unread_count > 3 AND unread_count < 10"),
                &[("< 10", "write `AND unread_count < 10`")],
            ),
            (
                "label = vip or bug but not a",
                None,
                &[("bug", "perhaps `label IN (vip, bug)`"), ("but", and), ("a", "…")],
            ),
            (
                "status = open except for label = vip",
                Some("status = open AND NOT label = vip"),
                &[("except for", and_not)],
            ),
            ("all except status = open", Some("NOT status = open"), &[("all except", "perhaps `NOT`")]),
            (
                "except (label = vip or label = bug)",
                Some("NOT (label = vip or label = bug)"),
                &[("except", "perhaps `NOT`")],
            ),
            (
                "message ~ nothing but spam",
                Some("message ~ \"nothing but spam\""),
                &[("nothing but spam", "write `\"nothing but spam\"`")],
            ),
            (
                "status = open and but not muted",
                Some("status = open and not muted = true"),
                &[("muted", "write `and not muted = true`")],
            ),
            ("label = but", None, &[]),
            ("label = (vip not bug)", None, &[("not", "…")]),
            ("label is neither vip", Some("label != vip"), &[("is neither", "write `label != vip`")]),
            ("label = (not vip)", Some("label != vip"), &[("= (not vip)", "write `!= vip`")]),
            (
                "label ~ not received",
                None,
                &[("not", "write `NOT CONTAINS received`, or `\"not received\"` for the text")],
            ),
        ],
    );
}

/// A condition behind a connective that has no name asks of the attribute before it.
#[test]
fn what_has_no_name_asks_of_the_attribute_before() {
    let isnt = "perhaps `NOT muted = true`";
    told(
        &unknown(),
        &[
            (
                "mail_subject contains a and does not contain b",
                Some("mail_subject contains a and mail_subject NOT CONTAINS b"),
                &[("does not contain b", "write `mail_subject NOT CONTAINS b`")],
            ),
            (
                "label = vip and has not bug",
                Some("label = vip and label != bug"),
                &[("has not bug", "write `label != bug`")],
            ),
            ("id = 1 and is not muted", Some("id = 1 and NOT muted = true"), &[("is not muted", isnt)]),
            ("id = 1 and isn't muted", Some("id = 1 and NOT muted = true"), &[("isn't muted", isnt)]),
            (
                "label = vip and is not bug",
                Some("label = vip and NOT label = bug"),
                &[("is not bug", "perhaps `NOT label = bug`")],
            ),
            (
                "label = vip and isn't bug",
                Some("label = vip and NOT label = bug"),
                &[("isn't bug", "perhaps `NOT label = bug`")],
            ),
            ("label = vip and is bug", Some("label = vip and label = bug"), &[("is bug", "perhaps `label = bug`")]),
            ("status = open and is not vip", None, &[("is not vip", "…")]),
            (
                "id = 1 and isn't assigned to me",
                Some("id = 1 and NOT assignee = @me"),
                &[("isn't assigned to me", "write `NOT assignee = @me`")],
            ),
            (
                "message ~ a and doesn't contain b and doesn't contain c",
                Some("message ~ a and message NOT CONTAINS b and message NOT CONTAINS c"),
                &[
                    ("doesn't contain", "write `message NOT CONTAINS`"),
                    ("doesn't contain", "write `message NOT CONTAINS`"),
                ],
            ),
            (
                "label = vip and NOT label = bug and isn't a",
                Some("label = vip and NOT label = bug and NOT label = a"),
                &[("isn't a", "perhaps `NOT label = a`")],
            ),
            (
                "status = resolved or (open and muted)",
                Some("status = resolved or (status = open and muted = true)"),
                &[("open", "perhaps `status = open`"), ("muted", "perhaps `muted = true`")],
            ),
        ],
    );
}

/// A word before a name may be a value of the condition before.
#[test]
fn no_value_is_lost_with_a_name() {
    told(
        &known(),
        &[
            (
                "label = vip or bug created_at > 2026-01-01",
                Some("label IN (vip, bug) AND created_at > 2026-01-01"),
                &[("created_at", "write `label IN (vip, bug) AND`, or OR where one of them is enough")],
            ),
            ("label in [vip or bug]", Some("label in (vip, bug)"), &[("[vip or bug]", "write `(vip, bug)`")]),
            ("label = [vip or bug]", Some("label IN (vip, bug)"), &[("[vip or bug]", "write `label IN (vip, bug)`")]),
            ("label has [vip, bug]", Some("label IN (vip, bug)"), &[("[vip, bug]", "write `label IN (vip, bug)`")]),
            ("label is {vip, bug}", Some("label IN (vip, bug)"), &[("{vip, bug}", "write `label IN (vip, bug)`")]),
            (
                "label != [vip and bug]",
                Some("label NOT IN (vip, bug)"),
                &[("[vip and bug]", "write `label NOT IN (vip, bug)`")],
            ),
            (
                "label = [vip and bug]",
                Some("label = vip AND label = bug"),
                &[("[vip and bug]", "write `label = vip AND label = bug`")],
            ),
            (
                "label in [vip and bug]",
                Some("label = vip AND label = bug"),
                &[("[vip and bug]", "write `label = vip AND label = bug`")],
            ),
            (
                "label is one of [vip, bug]",
                Some("label IN (vip, bug)"),
                &[("is one of", "write `label IN (vip, bug)`")],
            ),
            ("id in [1, 2 or 3]", Some("id in (1, 2, 3)"), &[("[1, 2 or 3]", "write `(1, 2, 3)`")]),
            ("label in (vip, bug,)", Some("label in (vip, bug)"), &[(",", "remove the comma or add a value")]),
        ],
    );
}

/// A time that lies ahead is none that lies back.
#[test]
fn times_ahead_stay_ahead() {
    let monday = "perhaps `2026-06-08`";
    told(
        &unknown(),
        &[
            ("created_at > in 3 days", Some("created_at > +3d"), &[("in 3 days", "perhaps `+3d`")]),
            ("snoozed_until < in 24h", Some("snoozed_until < +24h"), &[("in 24h", "perhaps `+24h`")]),
            ("created_at is in 3 days", None, &[("is in 3 days", "`-3d` is so long ago, `+3d` so far ahead")]),
            ("created_at in 3 days", None, &[("in 3 days", "`-3d` is so long ago, `+3d` so far ahead")]),
            ("label in 24h", Some("label in (24h)"), &[("24h", "write `(24h)`")]),
            (
                "created_at not from 2026-01-01 to 2026-02-01",
                Some("created_at NOT BETWEEN 2026-01-01 AND 2026-02-01"),
                &[("not from 2026-01-01 to 2026-02-01", "write `NOT BETWEEN 2026-01-01 AND 2026-02-01`")],
            ),
            (
                "created_at until monday",
                Some("created_at <= 2026-06-08"),
                &[("until", "write `<=`"), ("monday", monday)],
            ),
            ("created_at by monday", Some("created_at <= 2026-06-08"), &[("by", "write `<=`"), ("monday", monday)]),
        ],
    );
}

/// What `but`, `unless` and the like join is read with what stands before it, and labels have no parts.
#[test]
fn what_is_set_against_a_condition_is_mended_with_it() {
    told(
        &unknown(),
        &[
            (
                "label has vip but doesn't have bug",
                Some("label = vip AND label != bug"),
                &[
                    ("has", "perhaps `label = vip`"),
                    ("but", "perhaps `AND`"),
                    ("doesn't have", "perhaps `label != bug`"),
                ],
            ),
            (
                "label has vip but not bug",
                Some("label = vip AND not label = bug"),
                &[("has", "perhaps `label = vip`"), ("but", "perhaps `AND`"), ("bug", "perhaps `label = bug`")],
            ),
            (
                "label has vip but no bug",
                Some("label = vip AND NOT label = bug"),
                &[("has", "perhaps `label = vip`"), ("but", "perhaps `AND`"), ("no bug", "perhaps `NOT label = bug`")],
            ),
            (
                "label = vip but no assignee",
                Some("label = vip AND assignee IS MISSING"),
                &[("but", "perhaps `AND`"), ("no assignee", "perhaps `assignee IS MISSING`")],
            ),
            (
                "label has vip but lacks bug",
                Some("label = vip AND label != bug"),
                &[("has", "perhaps `label = vip`"), ("lacks bug", "write `AND label != bug`")],
            ),
            (
                "label has vip except bug",
                Some("label = vip AND NOT label = bug"),
                &[("has", "perhaps `label = vip`"), ("except", "perhaps `AND NOT`"), ("bug", "perhaps `label = bug`")],
            ),
            (
                "label has both vip and bug but not muted",
                Some("(label = vip AND label = bug) AND not muted = true"),
                &[
                    ("has both", "write `(label = vip AND label = bug)`"),
                    ("but", "perhaps `AND`"),
                    ("muted", "perhaps `muted = true`"),
                ],
            ),
            (
                "status = open unless it is muted",
                Some("status = open AND NOT muted = true"),
                &[("unless", "perhaps `AND NOT`"), ("it is muted", "perhaps `muted = true`")],
            ),
            (
                "status = open unless label has vip",
                Some("status = open AND NOT label = vip"),
                &[("unless", "perhaps `AND NOT`"), ("has", "perhaps `label = vip`")],
            ),
            (
                "status = open except when muted",
                Some("status = open AND NOT muted = true"),
                &[("except when", "perhaps `AND NOT`"), ("muted", "perhaps `muted = true`")],
            ),
            // Neither of the two is a correction without the other.
            (
                "label = vip, no bug",
                None,
                &[
                    (",", "write `OR` if one of the conditions is enough, `AND` if all must hold"),
                    ("no bug", "perhaps `NOT label = bug`"),
                ],
            ),
            (
                "id = 5 but 6",
                None,
                &[("but", "write a condition behind AND; what is left out…"), ("6", "a condition is an attribute…")],
            ),
            ("label = vip or bug unless muted", None, &[("unless", "write AND NOT, with parentheses…")]),
            ("contact.name = all but one", None, &[("but", "perhaps `AND`"), ("one", "perhaps `label = one`…")]),
            (
                "label in vip, bug but not spam",
                Some("label in (vip, bug) AND not label = spam"),
                &[("vip, bug", "write `(vip, bug)`"), ("but", "perhaps `AND`"), ("spam", "perhaps `label = spam`")],
            ),
            ("label has never vip", Some("label != vip"), &[("has never", "perhaps `label != vip`")]),
            // A text may have any word in it.
            (
                "mail_subject = all except one",
                Some("mail_subject = \"all except one\""),
                &[("all except one", "write `\"all except one\"`")],
            ),
            (
                "mail_subject contains a big refund but not vip",
                Some("mail_subject contains \"a big refund\" AND not mail_subject CONTAINS vip"),
                &[
                    ("a big refund", "write `\"a big refund\"`"),
                    ("but", "perhaps `AND`"),
                    ("vip", "perhaps `mail_subject CONTAINS vip`"),
                ],
            ),
        ],
    );
}

/// In brackets values stand as in parentheses; without commas they may be one.
#[test]
fn what_stands_in_brackets_is_read_as_in_parentheses() {
    told(
        &unknown(),
        &[
            (
                "label = [vip bug]",
                Some("label IN (vip, bug)"),
                &[("[vip bug]", "write `label IN (vip, bug)`, or `\"vip bug\"` if it is one value")],
            ),
            ("status != [open pending]", Some("status NOT IN (open, pending)"), &[("[open pending]", "write…")]),
            (
                "[status = open or [muted = true and label = vip]] and team = 3",
                Some("(status = open or (muted = true and label = vip)) and team = 3"),
                &[(
                    "[status = open or [muted = true and label = vip]]",
                    "write `(status = open or (muted = true and label = vip))`",
                )],
            ),
            (
                "[[status = open or muted = true] and team = 3] or label = vip",
                Some("((status = open or muted = true) and team = 3) or label = vip"),
                &[(
                    "[[status = open or muted = true] and team = 3]",
                    "write `((status = open or muted = true) and team = 3)`",
                )],
            ),
            (
                "label = vip [status = open]",
                None,
                &[("[status", "write `AND` here if both must hold…"), ("[status", "write `status = open`")],
            ),
            (
                "contact.email = ada@acme.com; bob@acme.com; eve@acme.com",
                Some("contact.email IN (ada@acme.com, bob@acme.com, eve@acme.com)"),
                &[(";", "write `contact.email IN (ada@acme.com, bob@acme.com, eve@acme.com)`")],
            ),
            // Names begin with a capital letter, and what is quoted behind the list is none of it.
            (
                "contact.name in (ada lovelace or Bob)",
                Some("contact.name in (ada, lovelace , Bob)"),
                &[
                    ("ada lovelace", "write `ada, lovelace`, or `\"ada lovelace\"` if it is one value"),
                    ("or", "write a comma between the values of a list"),
                ],
            ),
            (
                "contact.name in (Ada Lovelace or Bob) and contact.name = \"x\"",
                Some("contact.name in (\"Ada Lovelace\", Bob) and contact.name = \"x\""),
                &[("Ada Lovelace or Bob", "write `\"Ada Lovelace\", Bob`")],
            ),
            ("label in [vip; bug]", Some("label in (vip, bug)"), &[("[vip; bug]", "write `(vip, bug)`")]),
            ("id = [1 2 3]", Some("id IN (1, 2, 3)"), &[("[1 2 3]", "write `id IN (1, 2, 3)`")]),
            (
                "assignee_id = [Jonas Feld]",
                Some("assignee_id IN (\"Jonas Feld\")"),
                &[("[Jonas Feld]", "write `assignee_id IN (\"Jonas Feld\")`")],
            ),
            ("label in [[vip], [bug]]", None, &[("[[vip], [bug]]", "write the values side by side…")]),
            ("team isn't (1, 2)", Some("team NOT IN (1, 2)"), &[("isn't", "write `NOT IN`")]),
            ("label in []", None, &[("[]", "IN takes at least one value…")]),
            (
                "created_at between [2026-01-01, 2026-02-01]",
                Some("created_at BETWEEN 2026-01-01 AND 2026-02-01"),
                &[("[2026-01-01, 2026-02-01]", "write `BETWEEN 2026-01-01 AND 2026-02-01`…")],
            ),
            (
                "created_at not between [2026-01-01 TO 2026-02-01]",
                Some("created_at NOT BETWEEN 2026-01-01 AND 2026-02-01"),
                &[("[2026-01-01 TO 2026-02-01]", "write `BETWEEN 2026-01-01 AND 2026-02-01`…")],
            ),
            (
                "created_at between [2026-01-01 and 2026-02-01]",
                Some("created_at between 2026-01-01 and 2026-02-01"),
                &[("[2026-01-01", "perhaps `2026-01-01`"), ("2026-02-01]", "perhaps `2026-02-01`")],
            ),
            ("id between [1, 5]", None, &[("[1, 5]", "`BETWEEN` does not go with `id`…")]),
            // Of what has parts each value is asked for by itself, of what has none any of them.
            ("team has (1, 2)", Some("team IN (1, 2)"), &[("(1, 2)", "write `team IN (1, 2)`")]),
            ("team has (1 and 2)", Some("team IN (1, 2)"), &[("(1 and 2)", "write `team IN (1, 2)`")]),
            (
                "referer has (a, b)",
                Some("(referer CONTAINS a OR referer CONTAINS b)"),
                &[("(a, b)", "write `(referer CONTAINS a OR referer CONTAINS b)`")],
            ),
            (
                "referer not contains (a b) and id = 1",
                Some("(referer NOT CONTAINS a AND referer NOT CONTAINS b) and id = 1"),
                &[("(a b)", "write `(referer NOT CONTAINS a AND referer NOT CONTAINS b)`")],
            ),
            ("label = (vip and not bug)", None, &[("and", "the values of a list…")]),
            ("id = \"5, 6\"", Some("id IN (5, 6)"), &[("\"5, 6\"", "perhaps `id IN (5, 6)`")]),
            ("team = \"1, 2\"", Some("team IN (1, 2)"), &[("\"1, 2\"", "perhaps `team IN (1, 2)`")]),
            ("label = \"vip, bug\"", None, &[("\"vip, bug\"", "perhaps `label IN (vip, bug)`")]),
            ("label IN (\"vip, bug\", c)", None, &[("\"vip, bug\"", "several labels are a list…")]),
        ],
    );
}

/// A day of the week is the last one before today, and before the end of its range; ahead there are several.
#[test]
fn a_weekday_is_the_last_one_before_what_it_is_compared_with() {
    // The fifteenth of June is a Monday.
    told(
        &unknown(),
        &[
            (
                "created_at between monday and friday",
                Some("created_at between 2026-06-08 and 2026-06-12"),
                &[("monday", "perhaps `2026-06-08`"), ("friday", "perhaps `2026-06-12`")],
            ),
            (
                "created_at between friday and monday",
                Some("created_at between 2026-06-05 and 2026-06-08"),
                &[("friday", "perhaps `2026-06-05`"), ("monday", "perhaps `2026-06-08`")],
            ),
            (
                "created_at between friday and 2026-06-10",
                Some("created_at between 2026-06-05 and 2026-06-10"),
                &[("friday", "perhaps `2026-06-05`")],
            ),
            (
                "created_at between 5 Jan and 20 Dec",
                Some("created_at between 2025-01-05 and 2025-12-20"),
                &[("5 Jan", "perhaps `2025-01-05`"), ("20 Dec", "perhaps `2025-12-20`")],
            ),
            (
                "created_at between 1h and 2h",
                Some("created_at between -2h AND -1h"),
                &[("1h", "perhaps `-2h AND -1h`")],
            ),
            (
                "created_at younger than 3 days ago",
                Some("created_at > 3d ago"),
                &[("younger than", "write `>`"), ("3 days ago", "write `3d ago`")],
            ),
            (
                "created_at between 3 days and 5 days ago",
                Some("created_at between -5d AND -3d"),
                &[("3 days", "perhaps `-5d AND -3d`")],
            ),
            (
                "created_at not between 7 and 14 days ago",
                Some("created_at not between -14d AND -7d"),
                &[("7", "perhaps `-14d AND -7d`")],
            ),
            (
                "waiting_since between 2h and 4h",
                Some("waiting_since between -4h AND -2h"),
                &[("2h", "perhaps `-4h AND -2h`")],
            ),
            (
                "created_at > next monday",
                None,
                &[("next monday", "it may be `2026-06-08`, `2026-06-22` or `2026-06-29`")],
            ),
            ("created_at > this wed", None, &[("this wed", "it may be `2026-06-10`, `2026-06-17` or `2026-06-24`")]),
            ("snoozed_until < friday", None, &[("friday", "it may be `2026-06-12`, `2026-06-19` or `2026-06-26`")]),
        ],
    );
}

/// `are` and `was` say what IS says.
#[test]
fn verbs_in_another_form_are_read_as_is() {
    told(
        &unknown(),
        &[
            ("status are open", Some("status = open"), &[("are", "write `=`")]),
            ("status was \"open\"", Some("status = \"open\""), &[("was", "write `=`")]),
            ("statuses are open", Some("status = open"), &[("statuses", "perhaps `status`…"), ("are", "write `=`")]),
            ("labels are missing", Some("labels IS MISSING"), &[("are missing", "write `IS MISSING`")]),
            ("labels are vip or bug", Some("labels IN (vip, bug)"), &[("are", "write `labels IN (vip, bug)`")]),
            ("labels are [vip, bug]", Some("labels IN (vip, bug)"), &[("[vip, bug]", "write `labels IN (vip, bug)`")]),
            (
                "contact.name was Ada Lovelace",
                Some("contact.name = \"Ada Lovelace\""),
                &[("was", "write `=`"), ("Ada Lovelace", "write `\"Ada Lovelace\"`")],
            ),
            ("labels are not vip", Some("labels != vip"), &[("are not", "write `!=`")]),
            ("labels are in (vip, bug)", Some("labels IN (vip, bug)"), &[("are in", "write `IN`")]),
            ("created_at was after 2026-06-01", Some("created_at > 2026-06-01"), &[("was after", "write `>`")]),
            (
                "contact.name was ada lovelace",
                Some("contact.name = \"ada lovelace\""),
                &[("was", "write `=`"), ("ada lovelace", "write `\"ada lovelace\"`")],
            ),
            (
                "contact.name was not ada lovelace",
                Some("contact.name != \"ada lovelace\""),
                &[("was not", "write `!=`"), ("ada lovelace", "write `\"ada lovelace\"`")],
            ),
            (
                "labels must be one of (vip, bug)",
                Some("labels IN (vip, bug)"),
                &[("must be one of", "write `labels IN (vip, bug)`")],
            ),
            (
                "created_at was last week",
                Some("created_at BETWEEN 2026-06-08 AND 2026-06-14"),
                &[("last week", "perhaps `created_at BETWEEN 2026-06-08 AND 2026-06-14`…")],
            ),
            (
                "mail_subject are you there",
                Some("mail_subject = \"are you there\""),
                &[("mail_subject are you there", "perhaps `mail_subject = \"are you there\"`")],
            ),
            ("the status = open", Some("status = open"), &[("the", "remove it")]),
            ("status = open and the team = 5", Some("status = open and team = 5"), &[("the", "remove it")]),
        ],
    );
}

/// Behind a text that is looked for NOT stands before another one, whoever's word it is; a state is none.
#[test]
fn a_text_behind_not_is_looked_for_where_the_one_before_is() {
    told(
        &known(),
        &[
            (
                "message ~ refund AND NOT \"vip\"",
                Some("message ~ refund AND NOT message CONTAINS \"vip\""),
                &[("\"vip\"", "perhaps `message CONTAINS \"vip\"`")],
            ),
            (
                "message ~ refund AND NOT bug",
                Some("message ~ refund AND NOT message CONTAINS bug"),
                &[("bug", "perhaps `message CONTAINS bug`")],
            ),
            (
                "message ~ refund AND NOT muted",
                Some("message ~ refund AND NOT muted = true"),
                &[("muted", "perhaps `muted = true`")],
            ),
            ("id = 5 AND NOT bug", Some("id = 5 AND NOT label = bug"), &[("bug", "perhaps `label = bug`")]),
        ],
    );
}

/// A semicolon joins nothing and ends nothing.
#[test]
fn a_semicolon_is_told_of_once() {
    let joins = "write `OR` if one of the conditions is enough, `AND` if all must hold";
    told(
        &unknown(),
        &[
            ("id = 5; status = open", None, &[(";", joins)]),
            ("status = open;id = 5", None, &[(";", joins)]),
            ("staus = open; id = 5", None, &[("staus", "perhaps `status`…"), (";", joins)]),
            ("id = 5;", Some("id = 5"), &[("5;", "perhaps `5`")]),
            ("created_at > 2026-06-01;", Some("created_at > 2026-06-01"), &[("2026-06-01;", "perhaps `2026-06-01`")]),
            ("mail_subject ~ refund;", None, &[("refund;", "no query ends with one; perhaps `refund`")]),
            ("mail_subject ~ \"refund;\"", None, &[]),
            ("mail_subject ~ refund; OR id = 1", None, &[]),
        ],
    );
}

/// Elsewhere dates are texts, and their beginning is compared.
#[test]
fn the_beginning_of_a_date_is_the_days_that_have_it() {
    let june = "perhaps `created_at BETWEEN 2026-06-01 AND 2026-06-30`";
    let meant = Some("created_at BETWEEN 2026-06-01 AND 2026-06-30");
    told(
        &unknown(),
        &[
            ("created_at LIKE '2026-06%'", meant, &[("LIKE", june)]),
            ("created_at like '2026-06-%'", meant, &[("like", june)]),
            ("created_at ~ \"^2026-06-.*\"", meant, &[("~", june)]),
            ("created_at CONTAINS 2026-06", meant, &[("CONTAINS", june)]),
            ("created_at = 2026-06-*", meant, &[("2026-06-*", june)]),
            (
                "created_at NOT STARTS WITH 2026",
                Some("created_at NOT BETWEEN 2026-01-01 AND 2026-12-31"),
                &[("NOT STARTS WITH", "perhaps `created_at NOT BETWEEN 2026-01-01 AND 2026-12-31`")],
            ),
            (
                "created_at NOT LIKE '2026-06-15%'",
                Some("created_at != 2026-06-15"),
                &[("NOT LIKE", "perhaps `created_at != 2026-06-15`")],
            ),
            ("created_at = 2026-06-15*", Some("created_at = 2026-06-15"), &[("2026-06-15*", "perhaps `2026-06-15`")]),
            ("created_at CONTAINS 10:30", None, &[("CONTAINS", "its operators are =…")]),
            ("created_at > 15:*", None, &[("15:*", "dates are written…")]),
        ],
    );
}

/// What is pasted from JSON, and a regular expression in a text.
#[test]
fn what_is_pasted_whole_is_told_of_whole() {
    let payload = "a payload of the API, or a saved view, is decompiled to one";
    let pairs = "a query is conditions, such as `status = open`, that AND and OR join";
    told(
        &unknown(),
        &[
            ("\"status\": \"open\"", None, &[("\"status\": \"open\"", pairs)]),
            ("{\"status\":\"open\"}", None, &[("{\"status\":\"open\"}", pairs)]),
            (
                "payload=[{\"attribute_key\":\"status\"}]",
                None,
                &[("payload=[{\"attribute_key\":\"status\"}]", payload)],
            ),
            (
                r#"mail_subject ~ ".*@acme\.com""#,
                Some("mail_subject CONTAINS \"@acme.com\""),
                &[(r#"".*@acme\.com""#, "there are no regular expressions; write…")],
            ),
            (
                r#"mail_subject !~ "^Re\.""#,
                Some("mail_subject NOT STARTS WITH Re."),
                &[(r#""^Re\.""#, "there are no regular expressions; write…")],
            ),
            (r#"mail_subject ~ "\d+""#, None, &[(r#""\d+""#, "CONTAINS finds a text anywhere…")]),
            (
                r#"mail_subject ~ "C:\docs""#,
                Some(r#"mail_subject ~ "C:\\docs""#),
                &[(r"\d", "for a backslash itself…")],
            ),
            ("'vip' = ANY(label)", Some("label = 'vip'"), &[("'vip' = ANY(label)", "write `label = 'vip'`")]),
        ],
    );
}

#[test]
fn what_lists_and_arrays_leave_out_and_join_is_kept() {
    told(
        &unknown(),
        &[
            (
                "label = [vip or bug or x]",
                Some("label IN (vip, bug, x)"),
                &[("[vip or bug or x]", "write `label IN (vip, bug, x)`")],
            ),
            (
                "label = [vip or bug, x]",
                None,
                &[(",", "write `OR` if one of the conditions is enough, `AND` if all must hold")],
            ),
            ("label = [vip and bug or x]", None, &[("[vip and bug", "write `label = \"[vip\" AND label = bug`")]),
            (
                "label [vip bug]",
                Some("label IN (vip, bug)"),
                &[("[vip bug]", "write `label IN (vip, bug)`, or `\"vip bug\"` if it is one value")],
            ),
            ("label in [vip]", Some("label in (vip)"), &[("[vip]", "write `(vip)`")]),
            ("label not in [vip or bug]", Some("label not in (vip, bug)"), &[("[vip or bug]", "write `(vip, bug)`")]),
            (
                "label not in [vip and bug]",
                Some("label NOT IN (vip, bug)"),
                &[("[vip and bug]", "write `label NOT IN (vip, bug)`")],
            ),
            (
                "unread_count > [1, 2]",
                None,
                &[("[1, 2]", "`[1` is not a number; `unread_count` is compared with a number")],
            ),
            ("label has [vip bug] x", Some("label = \"[vip bug] x\""), &[("has", "perhaps `label = \"[vip bug] x\"`")]),
            (
                "team NOT CONTAINS (sales, \"tier 2\")",
                Some("team NOT IN (sales, \"tier 2\")"),
                &[("(sales, \"tier 2\")", "write `team NOT IN (sales, \"tier 2\")`")],
            ),
            ("label are (vip)", Some("label IN (vip)"), &[("are", "write `IN`")]),
            ("labels are blank", Some("labels IS MISSING"), &[("are blank", "write `IS MISSING`")]),
            ("labels are present", Some("labels IS PRESENT"), &[("are present", "write `IS PRESENT`")]),
            ("team = \"8, nope\"", None, &[("\"8, nope\"", "write a team's id…")]),
            ("label = \"big deal\"", None, &[]),
            (
                "id = [1 2 3] AND status = open ORstatus = pending",
                Some("id IN (1, 2, 3) AND status = open OR status = pending"),
                &[("[1 2 3]", "write `id IN (1, 2, 3)`"), ("ORstatus", "write `OR status`")],
            ),
            (
                "(label = vip AND id = [1 2 3]) AND status = open",
                Some("(label = vip AND id IN (1, 2, 3)) AND status = open"),
                &[("[1 2 3]", "write `id IN (1, 2, 3)`")],
            ),
        ],
    );
    told(
        &known(),
        &[
            (
                "team NOT CONTAINS (sales, \"tier 2\")",
                Some("(team != sales AND team != \"tier 2\")"),
                &[("(sales, \"tier 2\")", "write `(team != sales AND team != \"tier 2\")`")],
            ),
            (
                "team !~ (sales, support)",
                Some("team NOT IN (sales, support)"),
                &[("(sales, support)", "write `team NOT IN (sales, support)`")],
            ),
            ("team = \"sales, nope\"", None, &[("\"sales, nope\"", "the account's teams are sales, \"tier 2\"")]),
        ],
    );
}

#[test]
fn signs_for_any_text_are_told_of_where_they_are_meant() {
    told(
        &unknown(),
        &[
            ("status = *", Some("status IS PRESENT"), &[("*", "perhaps `status IS PRESENT`")]),
            ("priority != *", Some("priority IS MISSING"), &[("*", "perhaps `priority IS MISSING`")]),
            ("status IN (*, open)", None, &[("*", "the values are open, resolved, pending, snoozed")]),
            ("label === *vip*", Some("label = *vip*"), &[("===", "write `=`")]),
            (
                "label = \"a,b\" AND AND label = c",
                Some("label = \"a,b\" AND label = c"),
                &[("\"a,b\"", "perhaps `label IN (a, b)`"), ("AND", "keep one of them, `AND` for example")],
            ),
            (
                "mail_subject = \"refund$\"",
                None,
                &[("\"refund$\"", "for a part of the text write `mail_subject CONTAINS refund`")],
            ),
            (
                "mail_subject STARTS WITH \"refund$\"",
                None,
                &[("\"refund$\"", "for a part of the text write `mail_subject CONTAINS refund`")],
            ),
            ("channel ~ ema*", None, &[("ema*", "for a part of the text write `channel CONTAINS ema`")]),
            ("channel ~ \" ema\"", None, &[("\" ema\"", "perhaps `\"Channel::Email\"`")]),
            ("contact.email = ada@", None, &[("ada@", "for a part of the text write `contact.email CONTAINS ada@`")]),
            (
                "mail_subject REGEXP /a\nand id = 1",
                Some("mail_subject CONTAINS /a\nand id = 1"),
                &[("REGEXP /a", "write `CONTAINS /a`")],
            ),
            ("mail_subject =~ //", Some("mail_subject CONTAINS //"), &[("=~", "write `CONTAINS`")]),
            (
                "mail_subject not contains \"a\\.com\"",
                Some("mail_subject NOT CONTAINS a.com"),
                &[("\"a\\.com\"", "there are no regular expressions; write `NOT CONTAINS a.com`")],
            ),
            (
                "mail_subject not ~ \"a\\.com\"",
                Some("mail_subject NOT CONTAINS \"a\\\\.com\""),
                &[("not ~", "write `NOT CONTAINS`"), ("\\.", "for a backslash itself write `\\\\`…")],
            ),
            (
                "label = vip or like 'bug'",
                Some("label = vip or label = bug"),
                &[("like 'bug'", "perhaps `label = bug`")],
            ),
        ],
    );
    told(
        &known(),
        &[
            ("team = *", Some("team IS PRESENT"), &[("*", "perhaps `team IS PRESENT`")]),
            (
                "label = \"a,b\" AND AND label = c",
                Some("label = \"a,b\" AND label = c"),
                &[
                    ("\"a,b\"", "a label that was set over the API or deleted may still be…"),
                    ("AND", "keep one of them, `AND` for example"),
                    ("c", "a label that was set over the API or deleted may still be…"),
                ],
            ),
        ],
    );
}

/// A year that is written is kept.
#[test]
fn ends_of_ranges_stay_where_they_run_forwards() {
    told(
        &unknown(),
        &[
            (
                "created_at between 2h and 1h",
                Some("created_at between -2h AND -1h"),
                &[("2h", "perhaps `-2h AND -1h`")],
            ),
            (
                "created_at between 1h and -1h",
                Some("created_at between -1h and -1h"),
                &[("1h", "perhaps `-1h`, so long ago")],
            ),
            (
                "created_at between friday and friday",
                Some("created_at between 2026-06-12 and 2026-06-12"),
                &[("friday", "perhaps `2026-06-12`"), ("friday", "perhaps `2026-06-12`")],
            ),
            (
                "created_at between \"Dec 1 2025\" and 2025-02-01",
                Some("created_at between 2025-12-01 and 2025-02-01"),
                &[("\"Dec 1 2025\"", "perhaps `2025-12-01`")],
            ),
            (
                "created_at > 178150000000",
                None,
                &[("178150000000", "dates are written `2026-06-15`, `today`, `-7d`, `2w ago`;…")],
            ),
        ],
    );
}

#[test]
fn what_stands_behind_a_condition_is_read_with_the_one_that_is_meant() {
    told(
        &unknown(),
        &[
            (
                "label = vip AND not bug and muted",
                Some("label = vip AND not label = bug and muted = true"),
                &[("bug", "perhaps `label = bug`"), ("muted", "perhaps `muted = true`")],
            ),
            (
                "mail_subject ~ refund and not \"x y\"",
                Some("mail_subject ~ refund and not mail_subject CONTAINS \"x y\""),
                &[("\"x y\"", "perhaps `mail_subject CONTAINS \"x y\"`")],
            ),
            (
                "label = vip or created at > -7d",
                Some("label = vip or created_at > -7d"),
                &[("created at", "perhaps `created_at`…")],
            ),
            (
                "label = vip and, bug",
                None,
                &[
                    (",", "a condition is an attribute, an operator and a value: `status = open`"),
                    ("bug", "perhaps `label = bug`, or `message CONTAINS bug` for a text…"),
                ],
            ),
            (
                "label = vip bug or never",
                Some("label IN (\"vip bug\", never)"),
                &[("vip bug or never", "write `label IN (\"vip bug\", never)`")],
            ),
            (
                "label vip [x, y]",
                None,
                &[
                    ("label vip [x", "perhaps `label = \"vip [x\"`"),
                    (",", "write `OR` if one of the conditions is enough, `AND` if all must hold"),
                ],
            ),
            ("[status] = open", Some("status = open"), &[("[status]", "perhaps `status`…")]),
            ("{status} = open", Some("status = open"), &[("{status}", "perhaps `status`…")]),
            ("not label", None, &[("label", "a condition is an attribute, an operator and a value:…")]),
            (
                "label = vip but 6",
                None,
                &[
                    ("but", "write a condition behind AND; what is left out is one with NOT before it"),
                    ("6", "perhaps `id = 6`"),
                ],
            ),
            ("the status equals open", Some("status = open"), &[("the", "remove it"), ("equals", "write `=`")]),
            ("id = 1 unless \"x\" has vip", None, &[("unless", "join conditions with AND or OR…")]),
            (
                "status = open except (muted = true) x",
                None,
                &[
                    ("except", "write AND NOT, with parentheses around all that is left out…"),
                    ("x", "join conditions with AND or OR…"),
                ],
            ),
            (
                "status = open except (muted = true) and id = 1",
                None,
                &[("except", "write AND NOT, with parentheses around all that is left out…")],
            ),
            (
                "(label isn't vip or isn't bug)",
                None,
                &[("isn't", "write `!=`"), ("isn't bug", "there is no attribute `bug`…")],
            ),
            (
                "'vip' = ALL(label)",
                None,
                &[
                    ("'vip'", "there is no attribute `vip`…"),
                    ("ALL(label)", "a value is a word, a number, a date such as `2026-06-01`…"),
                ],
            ),
            (
                "'vip' = ANY(label",
                None,
                &[
                    ("'vip'", "write vip"),
                    ("(", "write `AND` here if both must hold, `OR` if one is enough"),
                    ("label", "a condition is an attribute, an operator and a value:…"),
                ],
            ),
            ("id = 1 AND the open, pending", None, &[("the open, pending", "there is no attribute `the`…")]),
            (
                "message doesn’t contain aand isnt open",
                Some("message NOT CONTAINS aand AND NOT status = open"),
                &[
                    ("doesn’t contain", "write `NOT CONTAINS`"),
                    ("isnt", "write `AND` here if both must hold, `OR` if one is enough"),
                    ("isnt open", "perhaps `NOT status = open`"),
                ],
            ),
            (
                "label = vip ANDX isn’t open",
                Some("label = vip AND NOT status = open"),
                &[("ANDX", "perhaps `AND`"), ("isn’t open", "perhaps `NOT status = open`")],
            ),
            ("status = open AND pending nor x", None, &[("pending nor x", "there is no attribute `pending`…")]),
        ],
    );
}

#[test]
fn what_has_no_value_is_told_of_with_its_not() {
    told(
        &unknown(),
        &[
            (
                "(NOT priority = low)",
                None,
                &[("NOT priority = low", "to find them as well write `(priority != low OR priority IS MISSING)`")],
            ),
            (
                "id = 1 AND NOT priority = low",
                None,
                &[("NOT priority = low", "to find them as well write `(priority != low OR priority IS MISSING)`")],
            ),
            (
                "NOT (id = 1 AND priority =\nlow)",
                None,
                &[("priority =\nlow", "to find them as well write `(priority = low AND priority IS PRESENT)`")],
            ),
        ],
    );
}

/// A hundred errors are told, and no warning beside so many of both; nor does one make them more than they are.
#[test]
fn warnings_are_not_counted_among_many_errors() {
    let wrong = |errors: usize, warnings: usize| {
        let warned = std::iter::repeat_n("label = \"a*\"", warnings);
        let text = warned.chain(std::iter::repeat_n("status = x", errors)).collect::<Vec<_>>().join(" OR ");
        let found = check(&parse(&text), &unknown()).unwrap_err();
        found.iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(wrong(60, 60), vec![Code::UnknownValue; 60]);
    assert_eq!(wrong(100, 1), vec![Code::UnknownValue; 100]);
    assert_eq!(wrong(101, 1).last(), Some(&Code::TooManyErrors));
}

/// Where it says the same wherever it is closed, a parenthesis is closed at the text's end.
#[test]
fn parentheses_are_closed_at_the_end_where_that_is_certain() {
    // What is tried is bounded.
    let long = format!("(label = {}", "x".repeat(65 << 10));
    for (text, closed) in [
        ("(label = vip", Some("(label = vip)")),
        ("label IN (vip, bug", Some("label IN (vip, bug)")),
        (
            "status = open AND (label = vip OR label = bug # note",
            Some("status = open AND (label = vip OR label = bug) # note"),
        ),
        ("NOT (status = open", Some("NOT (status = open)")),
        ("((status = open)", Some("((status = open))")),
        ("(created_at BETWEEN -2d AND -1d", Some("(created_at BETWEEN -2d AND -1d)")),
        ("(status = open OR label = vip AND team = 3", None),
        ("NOT (status = open AND label = vip", None),
        ("label IN (vip AND status = open", None),
        ("label IN (vip, bug AND status = open", None),
        (&long, None),
    ] {
        let found = cwql::parse(text).diagnostics();
        let fix =
            found.iter().find(|told| told.code == cwql::Code::UnclosedParenthesis).and_then(|told| told.fix.clone());
        let mended = fix.map(|fix| {
            let at = fix.span.start as usize;
            assert!(fix.span.is_empty() && fix.replacement == ")", "{found}");
            format!("{}){}", &text[..at], &text[at..])
        });
        assert_eq!(mended.as_deref(), closed, "{found}");
    }
}

/// What is told is no more than what is certain, and of each mistake what mends it.
#[test]
fn nothing_is_corrected_that_another_correction_holds() {
    let unclear = "write AND, with parentheses around the conditions that OR joins";
    told(
        &unknown(),
        &[
            (
                "created:>2026-11-01 or created:<2026-10-01",
                Some("created_at > 2026-11-01 or created_at < 2026-10-01"),
                &[
                    ("created:>2026-11-01", "write `created_at > 2026-11-01`"),
                    ("created:<2026-10-01", "write `created_at < 2026-10-01`"),
                ],
            ),
            (
                "muted and urgent or high",
                Some("muted = true and priority IN (urgent, high)"),
                &[("muted", "perhaps `muted = true`"), ("urgent or high", "perhaps `priority IN (urgent, high)`")],
            ),
            (
                "staus = open or label = vip but not label = spam",
                None,
                &[("staus", "perhaps `status`…"), ("but", unclear)],
            ),
            (
                "status = open or status = opn, but not label = spam",
                None,
                &[("opn", "perhaps `open`…"), (",", unclear)],
            ),
            ("(status = open or label = vip but not label = spam) and team = 3", None, &[("but", unclear)]),
            ("label!:=vip", None, &[("!:", "write `!=`"), ("=", "keep one of them")]),
        ],
    );
}

/// An attribute that is true or false has no other value than these; one that may be missing is present or missing.
#[test]
fn what_is_always_there_is_true_where_it_is_asked_for() {
    told(
        &unknown(),
        &[
            ("has muted", Some("muted = true"), &[("has muted", "perhaps `muted = true`")]),
            ("has message", Some("message IS PRESENT"), &[("has message", "perhaps `message IS PRESENT`")]),
        ],
    );
    told(&known(), &[("has is_vip", Some("is_vip IS PRESENT"), &[("has is_vip", "perhaps `is_vip IS PRESENT`")])]);
}

/// In a list with commas a word that is a name by itself, or a number, lacks one more most likely.
#[test]
fn names_side_by_side_in_a_list_are_two() {
    told(
        &known(),
        &[
            (
                "team IN (sales 8, 3)",
                Some("team IN (sales, 8, 3)"),
                &[("sales 8", "write `sales, 8`, or `\"sales 8\"` if it is one value"), ("3", "remove one of them")],
            ),
            ("label LIKE \"x%y\"", None, &[("LIKE", "its operators are =, !=, IN, NOT IN, IS PRESENT, IS MISSING")]),
        ],
    );
    // Unless all of them are one that the account has.
    let account = br#"{"labels": [{"title": "billing issue"}]}"#;
    let schema = Schema { account: Some(Account::from_json(account).unwrap()), ..unknown() };
    told(
        &schema,
        &[
            (
                "label in billing issue",
                Some("label in (\"billing issue\")"),
                &[("billing issue", "write `(\"billing issue\")`")],
            ),
            (
                "label in (billing issue)",
                Some("label in (\"billing issue\")"),
                &[("billing issue", "write `\"billing issue\"`")],
            ),
        ],
    );
}

/// A word of the language is one of a text where nothing else can be meant.
#[test]
fn words_of_the_language_are_no_text_before_a_condition() {
    told(
        &unknown(),
        &[
            (
                "message = missing status = open",
                Some("message = \"missing\" AND status = open"),
                &[
                    ("missing", "as a value it is quoted: `\"missing\"`"),
                    ("status", "write `AND` here if both must hold, `OR` if one is enough"),
                ],
            ),
            (
                "status = open mail_subject NOT LIKE \"a%\"",
                Some("status = open AND mail_subject NOT LIKE \"a%\""),
                &[("mail_subject", "write `AND` here if both must hold, `OR` if one is enough")],
            ),
            (
                "label over last",
                Some("label = \"over last\""),
                &[("label over last", "perhaps `label = \"over last\"`")],
            ),
            ("label cant vip", Some("label = \"cant vip\""), &[("label cant vip", "perhaps `label = \"cant vip\"`")]),
            ("contact.name van't Hoff", None, &[("'", "expected an operator after `contact.name`, found `van`…")]),
        ],
    );
}
