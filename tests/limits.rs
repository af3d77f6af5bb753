//! The limits of the syntax, each at its limit and one beyond, and texts as large and bad as can be, on a small stack.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

use cwql::check::{Condition, Filter, Test, Values};
use cwql::eval::{Row, matches};
use cwql::plan::plan;
use cwql::schema::{Attribute, Standard};
use cwql::syntax::{MAX_BYTES, MAX_CONDITIONS, MAX_DEPTH, MAX_ERRORS};
use cwql::{Code, Diagnostics, Format, Query, Span};

/// What a thread of Rust's standard library has; a release build needs a quarter of it.
const STACK: usize = if cfg!(debug_assertions) { 2 << 20 } else { 512 << 10 };

/// Parses, formats, renders and drops the text on a small stack. Gives the problems and whether there was a canonical
/// text.
fn run(text: String) -> (Diagnostics, bool) {
    let thread = std::thread::Builder::new().stack_size(STACK);
    let handle = thread.spawn(move || {
        let parsed = cwql::parse(&text);
        let formatted = cwql::format(&parsed);
        if let Some(once) = &formatted {
            assert!(cwql::format(&cwql::parse(once)).as_ref() == Some(once));
        }
        let _ = cwql::check(&parsed, &cwql::Schema::default());
        let problems = parsed.diagnostics();
        let _ = problems.render(Format::Plain, "query");
        let _ = problems.render(Format::Json, "query");
        #[cfg(feature = "cli")]
        let _ = problems.render(Format::Human { color: true, width: 80 }, "query");
        drop(parsed.clone());
        drop(parsed);
        (problems, formatted.is_some())
    });
    handle.unwrap().join().unwrap()
}

#[track_caller]
fn accepted(text: String) {
    let (problems, formatted) = run(text);
    assert!(problems.is_empty() && formatted, "{problems}");
}

#[track_caller]
fn refused(text: String, code: Code, underlined: &str) {
    let (problems, formatted) = run(text);
    assert_eq!(problems.iter().map(|d| d.code).collect::<Vec<_>>(), [code]);
    assert_eq!(problems.iter().next().unwrap().span().of(problems.text()), underlined);
    assert!(!formatted);
}

fn nested(open: &str, count: usize, inside: &str, close: &str) -> String {
    format!("{}{inside}{}", open.repeat(count), close.repeat(count))
}

#[test]
fn parentheses_nest_to_the_limit() {
    let limit = usize::from(MAX_DEPTH);
    assert_eq!(limit, 64);
    accepted(nested("(", limit, "a = 1", ")"));
    refused(nested("(", limit + 1, "a = 1", ")"), Code::TooDeep, "(");
}

#[test]
fn nots_nest_to_the_limit() {
    let limit = usize::from(MAX_DEPTH);
    accepted(nested("NOT ", limit, "a = 1", ""));
    refused(nested("NOT ", limit + 1, "a = 1", ""), Code::TooDeep, "NOT");
    accepted(nested("!", limit, "a=1", ""));
    refused(nested("!", limit + 1, "a=1", ""), Code::TooDeep, "!");
}

#[test]
fn parentheses_and_nots_nest_to_the_limit_together() {
    let half = usize::from(MAX_DEPTH) / 2;
    accepted(nested("NOT (", half, "a = 1", ")"));
    refused(nested("NOT (", half, "NOT a = 1", ")"), Code::TooDeep, "NOT");
    refused(nested("NOT (", half, "(a = 1)", ")"), Code::TooDeep, "(");
    // With both chains at each level: the most that a level can hold.
    let limit = usize::from(MAX_DEPTH);
    accepted(nested("z = 0 OR y = 0 AND (", limit, "a = 1 OR b BETWEEN 1 AND 2", " AND x = 0 OR w IN (1, 2))"));
    refused(
        nested("z = 0 OR y = 0 AND (", limit, "(a = 1 OR b BETWEEN 1 AND 2)", " AND x = 0 OR w IN (1, 2))"),
        Code::TooDeep,
        "(",
    );
    accepted(nested("# above\nNOT ( # behind\nz = 0 OR y = 0 # c\nAND ", half, "a = 1", "\n) # d\n"));
}

#[test]
fn parentheses_of_lists_do_not_count() {
    accepted(nested("(", usize::from(MAX_DEPTH), "a IN (1, 2)", ")"));
}

#[test]
fn depth_is_that_of_one_place() {
    // Siblings are not inside of each other.
    let limit = usize::from(MAX_DEPTH);
    let one = nested("(", limit, "a = 1", ")");
    accepted(vec![one; 100].join(" AND "));
    accepted(vec![nested("NOT ", limit, "a = 1", ""); 100].join(" OR "));
}

#[test]
fn conditions_are_counted_to_the_limit() {
    assert_eq!(MAX_CONDITIONS, 10_000);
    let conditions =
        |count: usize, between: &str| (1..=count).map(|i| format!("id = {i}")).collect::<Vec<_>>().join(between);
    accepted(conditions(MAX_CONDITIONS, " OR "));
    accepted(conditions(MAX_CONDITIONS, "\nAND "));
    accepted(conditions(MAX_CONDITIONS, " # why\nOR "));
    refused(conditions(MAX_CONDITIONS + 1, " OR "), Code::TooManyConditions, "id = 10001");
    let nested: Vec<String> = (1..=MAX_CONDITIONS / 2 + 1).map(|i| format!("(NOT id = {i} AND a = 1)")).collect();
    refused(nested.join(" OR "), Code::TooManyConditions, "id = 5001");
}

#[test]
fn a_list_counts_once() {
    let values: Vec<String> = (0..100_000).map(|i| i.to_string()).collect();
    let list = format!("id IN ({})", values.join(", "));
    accepted(list.clone());
    accepted(format!("{list} OR {list}"));
    // A comment behind each value goes above the list.
    accepted(format!("id IN ({})", values[..10_000].join(", # c\n")));
}

#[test]
fn a_text_is_as_long_as_the_limit() {
    let text = format!("a = {}", "x".repeat(MAX_BYTES - 4));
    assert!(cwql::parse(&text).is_valid());
    let (problems, _) = run(format!("{text}x"));
    assert_eq!(problems.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::QueryTooLarge]);
}

const MILLION: usize = 1_000_000;

/// The codes of the problems, each once.
fn codes(text: String) -> Vec<Code> {
    let (problems, formatted) = run(text);
    assert!(!formatted);
    let mut codes: Vec<Code> = problems.iter().map(|d| d.code).collect();
    assert!(codes.len() <= MAX_ERRORS + 1, "{} problems", codes.len());
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn a_million_opening_parentheses() {
    assert_eq!(codes("(".repeat(MILLION)), [Code::TooDeep, Code::UnclosedParenthesis]);
    assert_eq!(codes(nested("(", MILLION, "a = 1", ")")), [Code::TooDeep]);
}

#[test]
fn a_million_closing_parentheses() {
    assert_eq!(codes(")".repeat(MILLION)), [Code::TooManyErrors, Code::UnmatchedParenthesis]);
    assert_eq!(codes("a = 1) AND ".repeat(10_000) + "a = 1"), [Code::TooManyErrors, Code::UnmatchedParenthesis]);
}

#[test]
fn a_million_nots() {
    assert_eq!(codes("NOT ".repeat(MILLION)), [Code::TooDeep]);
    assert_eq!(codes("!".repeat(MILLION) + "a=1"), [Code::TooDeep]);
}

#[test]
fn any_piece_without_end() {
    // Whatever is repeated, there is an answer, and the stack holds.
    let pieces = [
        "=",
        "= ",
        "<>",
        "=>",
        "IS ",
        "IS NOT ",
        "IN ",
        "CONTAINS ",
        "NOT IN ",
        "AND ",
        "OR ",
        "a ",
        "a:",
        "a: ",
        ": ",
        ", ",
        "a, ",
        "a=",
        "a = 1 ",
        "a = 1, ",
        "a IN (",
        "a IN (1, ",
        "a = 1 AND (",
        "a BETWEEN ",
        "a BETWEEN 1 AND ",
        "& ",
        "| ",
        "\"a\" ",
        "\"",
        "'",
        "`a`.",
        "`a`",
        "`",
        "``",
        "“",
        "“a”",
        "‘“",
        "’a",
        "’a’b ",
        "\\",
        "\"\\q\" ",
        "# ",
        "# \n",
        "http://a ",
        "ago ",
        "older than ",
        "like ",
        "nonnonnonnonnonnonnonnonnonnon ",
        "are were ",
        "must be ",
        "does not ",
        "all of ",
        "one of ",
        "has any ",
        "2 days ago ",
        "newer than ",
        "not ends with ",
        "last week ",
        "but not ",
        "a; ",
        "no",
        "not_",
        "n",
        "-",
        "\u{AC}",
        "a not_non-not_non-not b OR ",
        "() ",
        "(",
        ")(",
        "NOT (",
        "a.",
        "\u{FEFF}",
        "é",
        "\0",
    ];
    for piece in pieces {
        let count = (1 << 16) / piece.len();
        for text in [
            piece.repeat(count),
            format!("a {}", piece.repeat(count)),
            format!("a = {}", piece.repeat(count)),
            format!("a IN ({}", piece.repeat(count)),
            format!("a IN ({})", piece.repeat(count)),
            format!("{} = 1", piece.repeat(count)),
            format!("status = {}open", piece.repeat(count)),
        ] {
            let (problems, _) = run(text);
            assert!(problems.len() <= MAX_ERRORS + 1, "{piece:?}");
        }
    }
}

/// What is wrong with a hundred values is told of each; behind them nobody looks for what was meant, which takes a thousand
/// times as long as to see that they are wrong.
#[test]
fn wrong_values_and_names_without_end() {
    let agents: Vec<String> = (1..=500).map(|id| format!(r#"{{"id":{id},"name":"Agent number {id}"}}"#)).collect();
    let labels: Vec<String> = (1..=500).map(|id| format!(r#"{{"title":"topic-{id}"}}"#)).collect();
    let account = format!(
        r#"{{"agents":[{}],"labels":[{}],"teams":[{{"id":3,"name":"sales"}}]}}"#,
        agents.join(","),
        labels.join(",")
    );
    let account = cwql::schema::Account::from_json(account.as_bytes()).unwrap();
    let schema = cwql::Schema { account: Some(account), ..cwql::Schema::default() };
    let list = |name: &str, value: &dyn Fn(usize) -> String| {
        format!("{name} IN ({})", (0..10_000).map(value).collect::<Vec<_>>().join(", "))
    };
    let texts = [
        list("created_at", &|i| format!("2026-1-{i}")),
        list("unread_count", &|i| format!("{i}x")),
        list("status", &|i| format!("opn{i}")),
        list("assignee", &|i| format!("\"Agnt number {i}\"")),
        list("channel", &|i| format!("Emial{i}")),
        (0..MAX_CONDITIONS).map(|i| format!("staus{i} = 1")).collect::<Vec<_>>().join(" OR "),
    ];
    for text in texts {
        let checked = cwql::check(&cwql::parse(&text), &schema);
        let told = checked.map_or_else(|errors| errors.len(), |checked| checked.warnings.len());
        assert!(told > MAX_ERRORS, "{told}: {}", &text[..80]);
    }
    let warned = cwql::check(&cwql::parse(&list("label", &|i| format!("tpic-{i}"))), &schema).unwrap();
    assert_eq!(warned.warnings.len(), 10_000);
    // Names that there are, in another case, and a name of something else behind them.
    let names = list("assignee", &|i| format!("\"AGENT NUMBER {}\"", i % 500 + 1));
    let found = cwql::check(&cwql::parse(&format!("{names} OR team = SALES")), &schema).unwrap();
    let ids: Vec<String> = (1..=500).map(|id| id.to_string()).collect();
    let same = cwql::check(&cwql::parse(&format!("assignee IN ({}) OR team = 3", ids.join(", "))), &schema).unwrap();
    assert_eq!(cwql::check::to_text(&found.filter), cwql::check::to_text(&same.filter));
}

#[test]
fn a_mebibyte_of_garbage() {
    // Every byte that a text can be made of, in an order that repeats nowhere: xorshift.
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let bytes: Vec<u8> = (0..1 << 20).map(|_| (next() >> 32) as u8).collect();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(codes(text).contains(&Code::TooManyErrors));
    let signs: Vec<char> = "a1=!<>~&|(),\"'`\\#:. \n“”".chars().collect();
    let text: String = (0..1 << 20).map(|_| signs[next() as usize % signs.len()]).collect();
    assert!(codes(text).contains(&Code::TooManyErrors));
    let words = ["a", "1", "=", "IN", "IS", "NOT", "AND", "OR", "(", ")", ",", "ago", "BETWEEN", "\"b\"", "`c`", "!="];
    let text: String = (0..1 << 18).map(|_| format!("{} ", words[next() as usize % words.len()])).collect();
    assert!(codes(text).contains(&Code::TooManyErrors));
}

#[test]
fn the_hundred_problems_are_the_first_ones() {
    let text = "a => 1 AND ".repeat(MAX_ERRORS + 50) + "a = 1";
    let (problems, _) = run(text);
    assert_eq!(problems.len(), MAX_ERRORS + 1);
    for (i, problem) in problems.iter().take(MAX_ERRORS).enumerate() {
        assert_eq!(problem.code, Code::ReversedOperator);
        assert_eq!(problem.span().start as usize, i * "a => 1 AND ".len() + 2);
    }
    let last = problems.iter().last().unwrap();
    assert_eq!(last.code, Code::TooManyErrors);
    // At the limit nothing is left out.
    let (problems, _) = run("a => 1 AND ".repeat(MAX_ERRORS) + "a = 1");
    assert_eq!(problems.len(), MAX_ERRORS);
    assert!(!problems.has(Code::TooManyErrors));
}

/// What a number's digits may ask for is bounded before they are read: `1e999999999` is short.
#[test]
fn numbers_are_as_long_as_the_limit() {
    let found = |number: &str| {
        let problems = cwql::Query::new(&format!("custom.n = {number}"), &cwql::Schema::default()).err();
        problems.map(|problems| problems.iter().filter(|d| d.help.is_some()).map(|d| d.code).collect::<Vec<_>>())
    };
    let digits = |count: usize| "7".repeat(count);
    for number in
        [digits(250), format!("-{}", digits(249)), format!("{}e1", digits(98)), "1e100".into(), "1e-100".into()]
    {
        assert_eq!(found(&number), None, "{number}");
    }
    for number in [
        digits(251),
        digits(252),
        digits(1000),
        format!("-{}", digits(250)),
        format!("{}e1", digits(99)),
        format!("{}E1", digits(200)),
        "1e101".into(),
        "1e-101".into(),
        "1e999999999".into(),
        "1e99999999999".into(),
    ] {
        assert!(found(&number).is_some_and(|codes| codes.contains(&Code::OutOfRange)), "{number}");
    }
}

/// Chains within chains, so many in all.
fn deep(levels: usize) -> Filter {
    let any = |id: i64| {
        let (attribute, test) = (Attribute::Standard(Standard::DisplayId), Test::AnyOf(Values::Ids(id.into())));
        Filter::Condition(Condition { attribute, test, span: Span::default() })
    };
    (0..levels).fold(any(0), |inner, level| match level % 3 {
        0 => Filter::All(vec![any(level as i64), inner]),
        1 => Filter::Any(vec![inner, any(level as i64)]),
        _ => Filter::Not(Box::new(inner)),
    })
}

#[test]
fn a_filter_nests_to_the_limit() {
    let thread = std::thread::Builder::new().stack_size(STACK);
    let handle = thread.spawn(|| {
        let schema = cwql::Schema::default();
        let at_limit = deep(Filter::MAX_DEPTH);
        assert!(!at_limit.is_too_deep());
        let planned = plan(&at_limit, "", &schema).unwrap();
        assert!(!planned.is_never());
        let conversation = serde_json::json!({"id": 7});
        let _ = matches(&at_limit, &Row::new(&conversation, schema.now()));
        // Its text has more parentheses than a query may have.
        assert!(Query::from_filter(&at_limit, &schema).unwrap_err().has(Code::TooDeep));
        // Far beyond it, but not so far that it cannot be dropped.
        for levels in [Filter::MAX_DEPTH + 1, 2000] {
            let beyond = deep(levels);
            assert!(beyond.is_too_deep() && beyond.conditions().count() > levels / 2);
            assert!(plan(&beyond, "", &schema).unwrap_err().has(Code::TooDeep));
            assert!(Query::from_filter(&beyond, &schema).unwrap_err().has(Code::TooDeep));
        }
    });
    handle.unwrap().join().unwrap();
}

/// What is read of a query at the limit is planned: no query's filter is too deep.
#[test]
fn the_deepest_query_is_no_filter_beyond_the_limit() {
    let limit = usize::from(MAX_DEPTH);
    let text = nested(
        "id = 1 OR id = 2 AND (",
        limit,
        "id = 3 OR created_at BETWEEN 2026-06-01 AND 2026-06-02",
        " AND id = 6 OR id = 7)",
    );
    let checked = cwql::check(&cwql::parse(&text), &cwql::Schema::default());
    let filter = match checked {
        Ok(checked) => checked.filter,
        Err(problems) => panic!("{problems}"),
    };
    assert!(!filter.is_too_deep());
}
