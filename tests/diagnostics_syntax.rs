//! Every diagnostic of the syntax as a terminal shows it, and the text that it underlines.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

use cwql::syntax::{MAX_BYTES, MAX_CONDITIONS, MAX_ERRORS};
use cwql::{Code, Format};

/// Every code of the syntax: a text that has this mistake alone, and what is underlined.
fn table() -> Vec<(Code, String, &'static str)> {
    let conditions: Vec<String> = (1..=MAX_CONDITIONS + 1).map(|id| format!("id = {id}")).collect();
    let mut table: Vec<(Code, String, &str)> = [
        (Code::EmptyQuery, "# nothing but this", ""),
        (Code::UnclosedQuote, "assignee = \"Ada Lovelace", "\""),
        (Code::UnclosedBacktick, "custom.`Signed up at > 2026-06-01", "`"),
        (Code::SmartQuotes, "assignee = “Ada Lovelace”", "“Ada Lovelace”"),
        (Code::BadEscape, "referer = \"C:\\Users\"", "\\U"),
        (Code::UnclosedParenthesis, "status = open AND (team = 8 OR team = 9", "("),
        (Code::UnmatchedParenthesis, "(status = open) AND team = 8)", ")"),
        (Code::EmptyParentheses, "status = open AND ()", "()"),
        (Code::UnexpectedToken, "status = \"open\" team", "team"),
        (Code::MissingCondition, "status = open AND", "AND"),
        (Code::MissingOperator, "status open", "status open"),
        (Code::MissingValue, "status = AND team = 8", "="),
        (Code::MissingConnective, "status = open team = 8", "team"),
        (Code::DoubledConnective, "status = open AND OR team = 8", "OR"),
        (Code::CommaForOr, "status = open, pending", ","),
        (Code::BareValue, "status = open OR pending OR snoozed", "pending OR snoozed"),
        (Code::UnquotedBlank, "assignee = Ada Lovelace", "Ada Lovelace"),
        (Code::ReversedOperator, "id => 5", "=>"),
        (Code::UnknownOperator, "referer NOT LIKE %pricing%", "NOT LIKE"),
        (Code::ColonOperator, "status:open", ":"),
        (Code::IsValue, "status IS NOT open", "IS NOT"),
        (Code::MisplacedNot, "status = NOT open", "= NOT"),
        (Code::KeywordValue, "label = and", "and"),
        (Code::KeywordName, "set = 1", "set"),
        (Code::QuotedName, "\"Signed up at\" > 2026-06-01", "\"Signed up at\""),
        (Code::InvalidName, "first/second = 1", "first/second"),
        (Code::EmptyList, "status IN ()", "()"),
        (Code::ListNotAllowed, "status != (open, pending)", "!="),
        (Code::ListExpected, "status IN open, pending", "open, pending"),
        (Code::RangeExpected, "id BETWEEN 1", "1"),
    ]
    .map(|(code, text, underlined)| (code, text.to_owned(), underlined))
    .into();
    table.push((Code::TooDeep, format!("{}a = 1{}", "NOT (".repeat(33), ")".repeat(33)), "NOT"));
    table.push((Code::TooManyConditions, conditions.join(" OR "), "id = 10001"));
    table.push((Code::QueryTooLarge, format!("a = {}", "x".repeat(MAX_BYTES)), ""));
    table
}

/// How one text is shown.
#[cfg(feature = "cli")]
fn shown(text: &str) -> String {
    let drawn = cwql::parse(text).diagnostics().render(Format::Human { color: false, width: 80 }, "query");
    let text = if text.len() > 200 { "(a long text)" } else { text };
    format!("{text}\n\n{drawn}")
}

#[test]
fn every_code_is_shown_in_one_way() {
    for (code, text, underlined) in table() {
        let problems = cwql::parse(&text).diagnostics();
        let codes: Vec<Code> = problems.iter().map(|d| d.code).collect();
        assert_eq!(codes, [code], "{:?}", text.get(..200).unwrap_or(&text));
        let problem = problems.iter().next().unwrap();
        assert_eq!(problem.span().of(&text), underlined, "{code}");
        assert!(problem.help.is_some(), "{code} offers no help");
        #[cfg(feature = "cli")]
        insta::assert_snapshot!(code.as_str().trim_start_matches("cwql::"), shown(&text));
    }
}

#[test]
fn every_code_of_the_syntax_is_in_the_table() {
    let table = table();
    for code in Code::ALL.iter().take_while(|&&code| code != Code::UnknownAttribute) {
        assert!(*code == Code::TooManyErrors || table.iter().any(|(listed, ..)| listed == code), "{code}");
    }
}

#[test]
fn more_than_a_hundred_problems_end_with_a_note() {
    let problems = cwql::parse(&"a => 1 AND ".repeat(MAX_ERRORS + 1)).diagnostics();
    assert_eq!(problems.iter().last().map(|problem| problem.code), Some(Code::TooManyErrors));
    assert_eq!(problems.iter().count(), MAX_ERRORS + 1);
    #[cfg(feature = "cli")]
    {
        let drawn = problems.render(Format::Human { color: false, width: 80 }, "query");
        insta::assert_snapshot!("too_many_errors", drawn.split("\n\n").last().unwrap());
    }
    // The text ends behind an AND, which is a problem too.
    let hundred = cwql::parse(&"a => 1 AND ".repeat(MAX_ERRORS - 1)).diagnostics();
    assert_eq!(hundred.iter().count(), MAX_ERRORS);
    assert!(!hundred.has(Code::TooManyErrors), "{hundred}");
}

/// The column in which the underline begins is the one of the text above it, as a terminal draws both.
#[cfg(feature = "cli")]
#[test]
fn underlines_stand_below_their_text() {
    let texts = [
        ("tabs", "\tstatus\t=>\topen"),
        ("wide_characters", "都市 = 東京 AND id => 5"),
        ("combining_marks", "cafe\u{301} = u\u{308}ber AND id => 5"),
        ("an_emoji_of_several", "label = \"👩‍👧\" AND id => 5"),
        ("a_later_line", "status = open # 状態\nAND id => 5\nAND team = 8\n"),
        ("lines_of_windows", "status = open\r\nAND id => 5\r\n"),
        ("the_end_of_the_text", "status = open AND status ="),
        ("two_places", "id > ~ 5"),
        ("several_problems", "(status is open OR label LIKE vip"),
        ("over_two_lines", "status IN open,\n  pending"),
        ("a_grouped_number", "unread_count = 1,000,000"),
        ("newer_than", "created_at NEWER THAN 7d ago AND status = open"),
        ("later_than", "created_at LATER THAN 2026-06-01"),
    ];
    for (name, text) in texts {
        insta::assert_snapshot!(name, shown(text));
    }
}

#[cfg(feature = "cli")]
#[test]
fn a_long_line_is_shown_around_the_mistake() {
    let text = format!("{}id => 5{}", "team = 8 AND ".repeat(100), " AND team = 8".repeat(100));
    insta::assert_snapshot!("a_long_line", shown(&text));
    // Two places that are far from each other, and a label that is too long to draw.
    let values: Vec<String> = (0..1000).map(|id| id.to_string()).collect();
    insta::assert_snapshot!("a_long_label", shown(&format!("id > ({})", values.join(", "))));
}

/// The header's column is that of the plain and the JSON form: characters, not bytes.
#[test]
fn all_forms_have_the_same_column() {
    let text = "都市 = 東京 AND\n  größe = ü AND id => 5";
    let problems = cwql::parse(text).diagnostics();
    #[cfg(feature = "cli")]
    assert!(problems.render(Format::Human { color: false, width: 80 }, "query").contains("[query:2:20]"));
    assert!(problems.render(Format::Plain, "query").starts_with("query:2:20: "));
    assert!(problems.render(Format::Json, "query").contains("\"line\":2,\"column\":20"));
}

#[cfg(feature = "cli")]
#[test]
fn line_ends_behind_the_query_are_not_drawn() {
    let shown = |text: &str| {
        let problems = cwql::parse(text).diagnostics();
        problems.render(Format::Human { color: false, width: 100 }, "query")
    };
    let plain = shown("staus = open AND");
    assert!(plain.contains("1 │"), "{plain}");
    for end in ["\n", "\r\n", "\n\n\n"] {
        assert_eq!(shown(&format!("staus = open AND{end}")), plain);
    }
}

/// Where another language's words, or a habit, stand in a query: what is offered, and the query that its correction makes.
/// There is one error alone, and what was corrected has none.
#[test]
fn what_is_offered_was_evidently_meant() {
    const OPERATORS: &str = "the operators are =, !=, <, <=, >, >=, ~, !~, IN, CONTAINS, STARTS WITH, LIKE, BETWEEN, OLDER THAN, IS PRESENT, IS MISSING";
    for (text, help, mended) in [
        // Several values of one condition.
        ("status != open or pending", "perhaps `status NOT IN (open, pending)`", "status NOT IN (open, pending)"),
        ("status = open and pending", "perhaps `status IN (open, pending)`", "status IN (open, pending)"),
        ("label = vip and bug", "perhaps `label = vip AND label = bug`", "label = vip AND label = bug"),
        ("label != vip or bug", "perhaps `label NOT IN (vip, bug)`", "label NOT IN (vip, bug)"),
        ("team != \"a b\" and \"c d\"", "perhaps `team NOT IN (\"a b\", \"c d\")`", "team NOT IN (\"a b\", \"c d\")"),
        (
            "referer ~ a or b",
            "perhaps `referer CONTAINS a OR referer CONTAINS b`",
            "referer CONTAINS a OR referer CONTAINS b",
        ),
        (
            "referer !~ a or b",
            "perhaps `referer NOT CONTAINS a AND referer NOT CONTAINS b`",
            "referer NOT CONTAINS a AND referer NOT CONTAINS b",
        ),
        (
            "referer starts with a or b",
            "perhaps `referer STARTS WITH a OR referer STARTS WITH b`",
            "referer STARTS WITH a OR referer STARTS WITH b",
        ),
        (
            "unread_count > 5 or 7",
            "perhaps `unread_count > 5 OR unread_count > 7`",
            // Hardly: the first says it all.
            "",
        ),
        (
            "referer contains a, b",
            "write `referer CONTAINS a OR referer CONTAINS b`",
            "referer CONTAINS a OR referer CONTAINS b",
        ),
        ("unread_count > 1,000", "write `unread_count > 1000`", "unread_count > 1000"),
        ("status = [open, pending]", "write `status IN (open, pending)`", "status IN (open, pending)"),
        ("status is not open or pending", "write `status NOT IN (open, pending)`", "status NOT IN (open, pending)"),
        ("status not open or pending", "write `status NOT IN (open, pending)`", "status NOT IN (open, pending)"),
        (
            "id = 1 AND status is open, pending",
            "write `status IN (open, pending)`",
            "id = 1 AND status IN (open, pending)",
        ),
        ("status:open or pending", "write `status IN (open, pending)`", "status IN (open, pending)"),
        ("status = (open or pending)", "write `status IN (open, pending)`", "status IN (open, pending)"),
        ("status != (open and pending)", "write `status NOT IN (open, pending)`", "status NOT IN (open, pending)"),
        ("label = (vip and bug)", "write `(label = vip AND label = bug)`", "(label = vip AND label = bug)"),
        (
            "NOT referer ~ (a or b)",
            "write `(referer CONTAINS a OR referer CONTAINS b)`",
            "NOT (referer CONTAINS a OR referer CONTAINS b)",
        ),
        ("status IN (open or pending)", "write a comma between the values of a list", "status IN (open , pending)"),
        // No value.
        ("team = null", "write `IS MISSING`; as a value the word is quoted: `\"null\"`", "team IS MISSING"),
        ("team <> NULL", "write `IS PRESENT`; as a value the word is quoted: `\"NULL\"`", "team IS PRESENT"),
        ("team != empty", "write `IS PRESENT`; as a value the word is quoted: `\"empty\"`", "team IS PRESENT"),
        ("team = not null", "write `IS PRESENT`; as a value the word is quoted: `\"not null\"`", "team IS PRESENT"),
        ("label = set", "write `IS PRESENT`; as a value the word is quoted: `\"set\"`", ""),
        ("id > null", "to ask for a missing value write `IS MISSING`, for any value `IS PRESENT`", ""),
        ("referer ~ null", "as a value it is quoted: `\"null\"`", "referer ~ \"null\""),
        (
            "priority IN (high, null)",
            "for a missing value write `none`; as a value the word is quoted: `\"null\"`",
            "priority IN (high, none)",
        ),
        ("team not null", "write `IS PRESENT`", "team IS PRESENT"),
        ("team missing AND id = 1", "write `IS MISSING`", "team IS MISSING AND id = 1"),
        ("team not set", "write `IS MISSING`", "team IS MISSING"),
        ("team is unassigned", "write `IS MISSING`", "team IS MISSING"),
        ("team is not blank", "write `IS PRESENT`", "team IS PRESENT"),
        ("team isnull", "write `IS MISSING`", "team IS MISSING"),
        // Two values.
        ("id between 1 - 5", "write `BETWEEN 1 AND 5`; both ends are included", "id between 1 AND 5"),
        ("id between 1-5 or id = 9", "write `BETWEEN 1 AND 5`; both ends are included", "id between 1 AND 5 or id = 9"),
        (
            "created_at between 2026-06-01 - 2026-06-05",
            "write `BETWEEN 2026-06-01 AND 2026-06-05`; both ends are included",
            "created_at between 2026-06-01 AND 2026-06-05",
        ),
        (
            "created_at between 2026-06-01..2026-06-05",
            "write `BETWEEN 2026-06-01 AND 2026-06-05`; both ends are included",
            "created_at between 2026-06-01 AND 2026-06-05",
        ),
        ("created_at between 2026-06-01", "write `BETWEEN 2026-06-01 AND …`; both ends are included", ""),
        // Operators.
        ("id greater than 5", "write `>`", "id > 5"),
        ("id is at least 5", "write `>=`", "id >= 5"),
        ("id less than or equal to 5", "write `<=`", "id <= 5"),
        ("id not more than 5", "write `<=`", "id <= 5"),
        ("created_at on 2026-06-01", "write `=`", "created_at = 2026-06-01"),
        ("created_at until today", "write `<=`", "created_at <= today"),
        ("label on hold", "perhaps `label = \"on hold\"`", "label = \"on hold\""),
        ("created_at at 2026-06-01", "write `=`", "created_at = 2026-06-01"),
        ("created_at around 2026-06-01", OPERATORS, ""),
        ("referer regexp foo", "write `CONTAINS foo`", "referer CONTAINS foo"),
        ("referer ends with foo AND id = 5", "write `LIKE \"%foo\"`", "referer LIKE \"%foo\" AND id = 5"),
        (
            "contact.email not ends_with \"_x.com\"",
            "write `NOT LIKE \"%\\\\_x.com\"`",
            "contact.email NOT LIKE \"%\\\\_x.com\"",
        ),
        ("contact.name does not end with son", "write `NOT LIKE \"%son\"`", "contact.name NOT LIKE \"%son\""),
        ("created_at within 7d", "write `> -7d`", "created_at > -7d"),
        ("created_at last 7 days and id = 5", "write `> -7d`", "created_at > -7d and id = 5"),
        ("created_at in the past 2 weeks", "write `> -2w`", "created_at > -2w"),
        ("created_at newer than 7 days", "write `> -7d`", "created_at > -7d"),
        ("created_at newer than 7d", "write `> -7d`", "created_at > -7d"),
        ("created_at days_before 7", "write `< -7d`", "created_at < -7d"),
        ("referer like %foo%", "write `LIKE \"%foo%\"`", "referer LIKE \"%foo%\""),
        ("referer not like foo", "write `NOT CONTAINS`", "referer NOT CONTAINS foo"),
        ("-status:open", "write `status != open`", "status !=open"),
        ("id = 1 AND -label: vip", "write `label != vip`", "id = 1 AND label != vip"),
        (
            "id = 5 XOR status = open",
            "join conditions with AND or OR; quote a value that has blanks or signs in it",
            "",
        ),
        // Apostrophes.
        ("contact.name = O'Neil", "a text with an apostrophe is quoted: `\"O'Neil\"`", "contact.name = \"O'Neil\""),
        (
            "referer ~ I don't know AND id = 5",
            "a text with an apostrophe is quoted: `\"I don't know\"`",
            "referer ~ \"I don't know\" AND id = 5",
        ),
        ("label IN (b's)", "a text with an apostrophe is quoted: `\"b's\"`", "label IN (\"b's\")"),
        ("label IN (a, b's)", "a text with an apostrophe is quoted: `\"b's\"`", "label IN (a, \"b's\")"),
        (
            "team = O'Neil status = open",
            "a text with an apostrophe is quoted: `\"O'Neil\"`",
            "team = \"O'Neil\" status = open",
        ),
        (
            "mail_subject = 19\"rack",
            "a text with a quotation mark is quoted: `\"19\\\"rack\"`",
            "mail_subject = \"19\\\"rack\"",
        ),
        ("label = x'?", "a text with an apostrophe is quoted: `\"x'?\"`", "label = \"x'?\""),
        ("status' = open", "remove it", "status = open"),
        ("'status = open", "remove it", "status = open"),
        ("sta'tus = open", "remove it", "status = open"),
        ("'label NOT IN (vip, \"two words\")", "remove it", "label NOT IN (vip, \"two words\")"),
        ("created_at BETWEEN 2026-01-01' AND 2026-02-01", "remove it", "created_at BETWEEN 2026-01-01 AND 2026-02-01"),
        ("created_at BETWEEN 2026-01-01 AND 2026-02-01'", "remove it", "created_at BETWEEN 2026-01-01 AND 2026-02-01"),
        ("status = 'open\"", "close it with '", "status = 'open'"),
        ("label != \"vip' AND NOT status = open", "close it with \"", "label != \"vip\" AND NOT status = open"),
        ("label IN ('vip\", bug)", "close it with '", "label IN ('vip', bug)"),
        // One mark beside the other closes nothing.
        (
            "label = \"' AND status = open",
            "add \" where the text ends; a line break inside is written \\n",
            "label = \"' AND status = open\"",
        ),
        ("label = \"it's", "add \" where the text ends; a line break inside is written \\n", "label = \"it's\""),
    ] {
        let found = cwql::parse(text).diagnostics();
        let [problem] = found.iter().as_slice() else { panic!("{text}: {found}") };
        assert_eq!(problem.help.as_deref(), Some(help), "{text}");
        let fixed = problem.fix.as_ref().map_or_else(String::new, |fix| {
            let (start, end) = (fix.span.start as usize, fix.span.end as usize);
            format!("{}{}{}", &text[..start], fix.replacement, &text[end..])
        });
        assert_eq!(fixed, mended, "{text}");
        // A mark that has slipped into a name, and a missing AND behind a text, are another matter.
        let more = text.contains("' ") || text.contains("Neil status");
        assert!(fixed.is_empty() || more || cwql::parse(&fixed).is_valid(), "{fixed}");
    }
}

/// Each mistake is told once, at its place; and what the text becomes with its correction alone, nothing where there is
/// none. A second mistake elsewhere in the text is told too.
#[test]
fn each_mistake_is_told_once_at_its_place() {
    let table: &[(&str, &[(&str, &str)])] = &[
        // A colon with nothing behind it compares with nothing, nor does one behind what is no name.
        ("status: AND id = 5", &[("status:", "")]),
        ("first/second:open", &[("first/second:open", "")]),
        ("-2fa:true", &[(":", "2fa !=true")]),
        ("status = open, team: 8", &[(",", ""), (":", "status = open, team = 8")]),
        // A reserved word is a value in quotes, where it does not ask for presence.
        ("unread_count > and", &[("and", "unread_count > \"and\"")]),
        ("label = with team = 8", &[("with", "label = \"with\" team = 8"), ("team", "label = with AND team = 8")]),
        // AND and OR together are no list.
        (
            "label = (vip AND bug OR spam)",
            &[
                ("=", "label IN (vip AND bug OR spam)"),
                ("AND", "label = (vip , bug OR spam)"),
                ("OR", "label = (vip AND bug , spam)"),
            ],
        ),
        ("label = vip or bug and spam", &[("bug", "")]),
        // Of two operators, one was meant; a value is not missing besides.
        ("team > = AND id = 5", &[("=", "")]),
        ("referer STARTS = x", &[("=", "")]),
        // Words that are nearly an operator, and are the words of a text.
        ("mail_subject its over", &[("mail_subject its over", "mail_subject = \"its over\"")]),
        ("label older vip", &[("label older vip", "label = \"older vip\"")]),
        ("mail_subject = my team older ones", &[("my team older ones", "mail_subject = \"my team older ones\"")]),
        (
            "created_at x days before AND id = 1",
            &[("created_at x days before", "created_at = \"x days before\" AND id = 1")],
        ),
        // What follows an operator of three words is a value, whatever it is like.
        ("mail_subject NOT STARST WITH an", &[("NOT STARST WITH", "mail_subject NOT STARTS WITH an")]),
        ("team not equal to 8", &[("not equal to", "team != 8")]),
        // An attribute may be called much like NOT.
        ("note not status = open", &[("not", "")]),
        // A parenthesis without partner is told of, but for one that stands within a mistake or right beside its cause.
        ("status => open)", &[("=>", "status >= open)"), (")", "status => open")]),
        (
            "status )open AND id => 5",
            &[("status )open", "status = open AND id => 5"), ("=>", "status )open AND id >= 5")],
        ),
        ("status BETWEEN (", &[("BETWEEN", "")]),
        (
            "(status IN open, pending AND team = 8",
            &[("(", ""), ("open, pending", "(status IN (open, pending) AND team = 8")],
        ),
        ("label IN ((OR) AND id => 5", &[("(", ""), ("OR", ""), ("=>", "label IN ((OR) AND id >= 5")]),
        // Several values are told of at their own place, where the mistake before them is another condition's.
        (
            "id => 5 AND status = open, pending",
            &[("=>", "id >= 5 AND status = open, pending"), (",", "id => 5 AND status IN (open, pending)")],
        ),
        // Far from each other these are not one mistake, though the correction of the last one mends all.
        (
            "label: a b c d e f OR g",
            &[
                (":", "label = a b c d e f OR g"),
                ("a b c d e f", "label: \"a b c d e f\" OR g"),
                ("g", "label IN (\"a b c d e f\", g)"),
            ],
        ),
        // Two dots with one value are no range.
        ("id BETWEEN ..5", &[("..5", "")]),
        ("id BETWEEN 1..", &[("1..", "")]),
        // Right behind a parenthesis `#` begins no comment.
        ("(#tag => 5)", &[("#tag", "(`#tag` => 5)"), ("=>", "(#tag >= 5)")]),
        // An apostrophe in a value, and a mark that opens a text.
        ("label = summer'26", &[("'", "label = \"summer'26\"")]),
        ("label = (O'Neil)", &[("=", "label IN (O'Neil)"), ("'", "label = (\"O'Neil\")")]),
        ("team IN O'Neil AND id = 1", &[("'", "team IN \"O'Neil\" AND id = 1")]),
        ("assignee = Ada 'Lovelace", &[("'", "assignee = Ada 'Lovelace'")]),
        ("status = open AND (O'Neil", &[("'", "status = open AND (O'Neil'")]),
    ];
    for (text, told) in table {
        let found = cwql::parse(text).diagnostics();
        let problems: Vec<_> = found
            .iter()
            .map(|problem| {
                let mended = problem.fix.as_ref().map_or_else(String::new, |fix| {
                    let (start, end) = (fix.span.start as usize, fix.span.end as usize);
                    format!("{}{}{}", &text[..start], fix.replacement, &text[end..])
                });
                (problem.span().of(text), mended)
            })
            .collect();
        let told: Vec<_> = told.iter().map(|&(underlined, mended)| (underlined, mended.to_owned())).collect();
        assert_eq!(problems, told, "{text}: {found}");
    }
}

/// Of three backticks the second and third are one in the name that the first opens, and that one wants a partner.
#[test]
fn the_backtick_that_is_not_closed_is_the_one_that_opens() {
    for (text, at) in [("custom.```a = 1", 7), ("custom.`a`.`b = 1", 11), ("custom.`a``b = 1", 7)] {
        let found = cwql::parse(text).diagnostics();
        let [problem] = found.iter().as_slice() else { panic!("{text}: {found}") };
        assert_eq!((problem.code, problem.span().start), (Code::UnclosedBacktick, at), "{text}");
    }
}

/// One change of a token beside an error mends all that is told of: one of two connectives is taken out, or a row of what
/// stands from blank to blank is written anew, with the sign at its end. What does not fit then is not offered.
#[test]
fn what_one_change_mends_is_one_error() {
    for (text, code, underlined) in [
        ("id BETWEEN 1 OR AND 2 AND status = open", Code::RangeExpected, "1"),
        ("created_at OLDE, THAN 7d", Code::MissingOperator, "created_at OLDE"),
        // The last error begins six tokens behind the first.
        ("created_at BET,EEN 2026-06-01 AND 2026-06-30 AND inbox = 3", Code::MissingOperator, "created_at BET"),
    ] {
        let found = cwql::parse(text).diagnostics();
        let [problem] = found.iter().as_slice() else { panic!("{text}: {found}") };
        assert_eq!((problem.code, problem.span().of(text), &problem.fix), (code, underlined, &None), "{text}");
    }
}

/// A mark within a word opens and closes nothing: it is told of, not the last one, which only lacks a partner by it.
#[test]
fn a_mark_within_a_word_is_the_stray_one() {
    for (text, at, code) in [
        (r#"mail_subject IN ("Support", "Web"ite") AND status = open"#, 32, Code::UnclosedQuote),
        (r#"referer = "https://a.e"xample/x" OR id = 5"#, 22, Code::UnclosedQuote),
    ] {
        let found = cwql::parse(text).diagnostics();
        let [problem] = found.iter().as_slice() else { panic!("{text}: {found}") };
        assert_eq!((problem.code, problem.span().start), (code, at), "{text}");
        assert_eq!(
            problem.fix.as_ref().map(|fix| (fix.span, fix.replacement.as_str())),
            Some((problem.span(), "")),
            "{text}"
        );
    }
    // Two texts that lack a connective are no text with a mark too many.
    let found = cwql::parse(r#"label = "a b AND mail_subject = "open""#).diagnostics();
    assert!(found.iter().all(|problem| problem.fix.as_ref().is_none_or(|fix| !fix.replacement.is_empty())), "{found}");
}

/// One quotation mark too many: with the corrections the query is what it was, or at least one that can be read.
#[test]
fn a_stray_mark_anywhere_is_mended() {
    let queries = [
        "status = open",
        "label = vip AND status = pending",
        "status IN (open, pending)",
        "created_at BETWEEN 2026-01-01 AND 2026-02-01",
        "assignee IS MISSING",
        "contact.email CONTAINS example.com",
        "NOT (label = vip OR id = 5)",
        "referer STARTS WITH https://a.example/x",
        "label NOT IN (vip, \"two words\")",
        "mail_subject = 'it is' AND unread_count > 3",
        "created_at < -7d OR last_activity_at > 2h ago",
    ];
    let (mut asked, mut exact, mut broken, mut open) = (0, 0, 0, 0);
    for query in queries {
        for (at, mark) in (0..=query.len()).flat_map(|at| [(at, '\''), (at, '"')]) {
            let mut text = query.to_owned();
            text.insert(at, mark);
            let found = cwql::parse(&text).diagnostics();
            asked += 1;
            let Some(mut fixes) = found.iter().map(|error| error.fix.clone()).collect::<Option<Vec<_>>>() else {
                open += 1;
                continue;
            };
            fixes.sort_by_key(|fix| fix.span);
            for fix in fixes.iter().rev() {
                text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
            }
            exact += usize::from(text == query);
            broken += usize::from(!cwql::parse(&text).is_valid());
        }
    }
    println!("of {asked} texts {exact} become what they were, {broken} cannot be read then, {open} are not corrected");
    assert_eq!(asked, 726);
    assert!(exact * 5 >= asked * 3, "{exact}");
    assert!(broken * 25 <= asked && open * 10 <= asked, "{broken} {open}");
}

/// What the terminal would break stands below another place than its own: tabs take as many columns as they are drawn with,
/// and what is said of a label needs its room as well.
#[cfg(feature = "cli")]
#[test]
fn no_drawn_line_is_wider_than_the_terminal() {
    let tabs = "status = open\tAND\tpriority = low\tAND\tteam = 4\tAND\tlabel = vip\tAND\tstaus = open\tAND\tinbox = 5\tOR\t\
                priority = high\tAND\tlabel = x";
    let mut texts = vec![tabs.to_owned(), format!("{tabs}\n{tabs}")];
    // The mistake at each column of the terminal, the last one and those beyond.
    texts.extend((1..120).map(|before| format!("id = {:0before$} AND staus = open", 1)));
    texts.extend((1..120).map(|before| format!("id = {:0before$} AND staus = open AND staus = closed", 1)));
    for text in texts {
        let found = cwql::check(&cwql::parse(&text), &cwql::Schema::default()).unwrap_err();
        for width in [40, 80, 120] {
            let drawn = found.render(Format::Human { color: false, width }, "query");
            for line in drawn.lines() {
                assert!(line.chars().count() <= width, "{width}:\n{drawn}");
            }
            // The attribute is underlined whole, and said not to be one.
            let told = drawn.lines().filter(|line| line.ends_with("╰── no such attribute")).count();
            assert_eq!(told, text.matches("staus").count(), "{drawn}");
            assert!(drawn.contains("staus"), "{drawn}");
        }
    }
}
