//! Conversations read from text mean what the reference evaluator says of their values, however they are written.
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
mod spelling;
mod support;

use std::collections::BTreeMap;

use cwql::check::{Condition, Filter, Test, Values};
use cwql::eval::{Row, matches};
use cwql::scan::{Found, LineFilter, Reader, Splitter};
use cwql::schema::{Attribute, Schema, Standard};
use cwql::{check, parse};
use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;
use spelling::SPELLINGS;

/// What of a query no file can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Untold {
    /// No response carries the campaign.
    Campaign,
    /// The responses join labels with commas.
    CommaInLabel,
}

fn untold(filter: &Filter) -> Option<Untold> {
    let mut found = None;
    filter.conditions().for_each(|Condition { attribute, test, .. }| match (attribute, test) {
        (Attribute::Standard(Standard::CampaignId), _) => found = Some(Untold::Campaign),
        (
            Attribute::Standard(Standard::Labels),
            Test::AnyOf(Values::Texts(labels)) | Test::NoneOf(Values::Texts(labels)),
        ) if labels.iter().any(|label| label.contains(',')) => found = Some(Untold::CommaInLabel),
        _ => {}
    });
    found
}

fn asks_for_assignee(filter: &Filter) -> bool {
    filter.conditions().any(|condition| condition.attribute == Attribute::Standard(Standard::AssigneeId))
}

fn is_match(found: Found) -> bool {
    assert_ne!(found, Found::List);
    found != Found::Nothing
}

/// Every sixth conversation for each query, in another spelling each time: as the server wrote it, and in six more.
#[test]
fn every_recorded_query_finds_the_same_in_text() {
    let (schema, text) = (support::schema(), support::read("dataset.ndjson"));
    let now = schema.now();
    let rows: Vec<(i64, Value, bool, Vec<String>)> = text
        .lines()
        .map(|line| {
            let mut row: Value = serde_json::from_str(line).unwrap();
            let columns = row.as_object_mut().unwrap().remove("_columns").unwrap();
            // Its agent was removed: the response does not say that there is one.
            let removed = columns["assignee_id"].is_i64() && row["meta"]["assignee"].is_null();
            let mut spelled: Vec<String> = SPELLINGS.iter().map(|spelling| spelling.write(&row)).collect();
            spelled.push(line.to_owned());
            (row["id"].as_i64().unwrap(), row, removed, spelled)
        })
        .collect();
    assert_eq!(rows.iter().filter(|row| row.2).count(), 4);
    let mut left_out: BTreeMap<Untold, usize> = BTreeMap::new();
    let (mut queries, mut compared, mut positive, mut apart) = (0, 0, 0, 0);
    for (number, line) in support::lines("queries.ndjson").iter().enumerate() {
        let query = line["query"].as_str().unwrap();
        let filter = check(&parse(query), &schema).unwrap().filter;
        if let Some(untold) = untold(&filter) {
            *left_out.entry(untold).or_default() += 1;
            continue;
        }
        queries += 1;
        let recorded = support::ids(line["matches"].as_str().unwrap());
        let assignee = asks_for_assignee(&filter);
        let mut ready = LineFilter::new(&filter, now);
        if number % 2 == 1 {
            ready = ready.validating();
        }
        let mut reader = ready.reader();
        for (place, (id, row, removed, spelled)) in rows.iter().enumerate().skip(number % 6).step_by(6) {
            let spelled = &spelled[(number + place) % spelled.len()];
            let found = is_match(reader.read(spelled.as_bytes()).unwrap());
            compared += 1;
            positive += usize::from(found);
            assert_eq!(found, matches(&filter, &Row::new(row, now)), "{query}\n{spelled}");
            if found != recorded.contains(id) {
                assert!(assignee && *removed, "{query}: {id} is {found} here\n{spelled}");
                apart += 1;
            }
        }
    }
    println!("{queries} queries, {compared} conversations, {positive} found, {apart} of a removed agent; {left_out:?}");
    assert_eq!(queries, 1600 - 219);
    assert_eq!(compared, queries * 100);
    assert_eq!(left_out, BTreeMap::from([(Untold::Campaign, 219)]));
    assert!(positive > 50_000 && apart > 0, "{positive} {apart}");
}

fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Asked of lines that may be broken: some rule lines out by their words, some read every line, some find most.
const QUERIES: [&str; 9] = [
    "status = open",
    "label = en AND custom.note != a",
    "unread_count > 0",
    "created_at < 2026-01-01",
    "id IS PRESENT",
    "assignee IS MISSING OR NOT label = vip",
    "assignee IS PRESENT",
    "status != open AND team IS MISSING",
    "priority IS MISSING AND (unread_count = 0 OR NOT contact.email ~ x)",
];

/// A line with bytes changed, put in, left out, or cut off.
fn broken(line: &str, changes: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    const STRUCTURE: &[u8] = b"{}[]:,\"\\u0123456789abcdefABCDEF.eE+-truefalsn \n\t/";
    let mut line = line.as_bytes().to_vec();
    for &(place, byte, how) in changes {
        let at = place.index(line.len());
        let structure = STRUCTURE[usize::from(byte) % STRUCTURE.len()];
        match how {
            0 => line[at] = byte,
            1 => line[at] = structure,
            2 => line.insert(at, structure),
            3 => drop(line.remove(at)),
            4 => line.truncate(at.max(1)),
            _ => line.insert(at, byte),
        }
    }
    line
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn text_means_what_its_value_means(
        seed in any::<u64>(),
        bytes in prop::collection::vec(prop::collection::vec(any::<u8>(), 100), 6),
    ) {
        let schema = conversations::schema();
        let now = schema.now();
        let rows = conversations::returned(&conversations::Data::new(seed, 8));
        for bytes in &bytes {
            let text = conversations::expression(bytes, 3, &schema).text();
            let filter = conversations::checked(&text, &schema).filter;
            let (ready, strict) = (LineFilter::new(&filter, now), LineFilter::new(&filter, now).validating());
            let (mut reader, mut strict) = (ready.reader(), strict.reader());
            for row in &rows {
                let expected = matches(&filter, &Row::new(row, now));
                for spelling in SPELLINGS {
                    let line = spelling.write(row);
                    let found = reader.read(line.as_bytes()).unwrap();
                    prop_assert_eq!(is_match(found), expected, "{}\n{}", text, line);
                    prop_assert_eq!(strict.read(line.as_bytes()).unwrap(), found);
                }
            }
        }
    }

    /// What the reference parser decodes is taken, and what is taken is JSON by its grammar. Without the full check
    /// that holds for what is found.
    #[test]
    fn a_line_is_malformed_where_the_reference_parser_says_so(
        seed in any::<u64>(),
        spelling in 0..SPELLINGS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..6_u8), 1..3),
        query in prop::sample::select(QUERIES.to_vec()),
    ) {
        let schema = conversations::schema();
        let filter = conversations::checked(query, &schema).filter;
        let row = &conversations::returned(&conversations::Data::new(seed, 1))[0];
        let line = broken(&SPELLINGS[spelling].write(row), &changes);
        // Between lines there are blanks of more kinds than in them.
        prop_assume!(!line.trim_ascii().is_empty() && line.trim_ascii()[0] == b'{');
        let line = line.trim_ascii();
        let decoded = serde_json::from_slice::<Value>(line);
        let shown = String::from_utf8_lossy(line).into_owned();
        let ready = LineFilter::new(&filter, schema.now());
        let quick = ready.reader().read(line);
        let ready = ready.validating();
        match (ready.reader().read(line), decoded) {
            (Ok(found), Ok(value)) => {
                let expected = matches(&filter, &Row::new(&value, schema.now()));
                prop_assert_eq!(is_match(found), expected, "{}", shown);
                prop_assert_eq!(quick, Ok(found), "{}", shown);
            }
            (Ok(found), Err(error)) => {
                prop_assert!(serde_json::from_slice::<&RawValue>(line).is_ok(), "{error}: {shown}");
                prop_assert_eq!(quick, Ok(found), "{}", shown);
            }
            (Err(bad), decoded) => {
                prop_assert!(decoded.is_err(), "{bad}: {shown}");
                prop_assert!(matches!(quick, Ok(Found::Nothing | Found::List) | Err(_)), "{bad}: {shown}");
            }
        }
    }

    /// What is said of a line does not depend on the lines before: neither on whether they were found, nor on how many
    /// had the words that are looked for.
    #[test]
    fn each_line_is_read_for_itself(
        seed in any::<u64>(),
        forms in prop::collection::vec((0..SPELLINGS.len(), 0..4), 8),
        words_before in prop::sample::select(vec![0, 300]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..6_u8), 1..3),
        query in prop::sample::select(QUERIES.to_vec()),
    ) {
        let schema = conversations::schema();
        let ready = LineFilter::new(&conversations::checked(query, &schema).filter, schema.now());
        let mut reader = ready.reader();
        for _ in 0..words_before {
            reader.read(br#"{"x":["open","en"]}"#).unwrap();
        }
        let rows = conversations::returned(&conversations::Data::new(seed, 8));
        for (row, &(spelling, form)) in rows.iter().zip(&forms) {
            let line = SPELLINGS[spelling].write(row);
            let line = match form {
                0 => line.into_bytes(),
                1 => broken(&line, &changes),
                2 => broken(r#"{"id":1,"x":[{"a":[]}],"labels":["a"]}"#, &changes),
                _ => broken(r#"{"payload":[{"id":1}]}"#, &changes),
            };
            prop_assert_eq!(reader.read(&line), ready.reader().read(&line), "{}", String::from_utf8_lossy(&line));
        }
    }

    #[test]
    fn a_document_is_taken_apart_wherever_its_pieces_end(
        seed in any::<u64>(),
        spelling in 0..SPELLINGS.len(),
        wrapper in 0..5,
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let rows = conversations::returned(&conversations::Data::new(seed, 3));
        let rows: Vec<String> = rows.iter().map(|row| SPELLINGS[spelling].write(row)).collect();
        let joined = rows.join(",\n");
        let text = match wrapper {
            0 => format!("[{joined}]"),
            1 => format!("{{\"meta\":{{\"payload\":[{{}}]}},\"payload\":[{joined}],\"more\":[{{}}]}}"),
            2 => format!(" {{\"\\u0064ata\": {{\"payload\":\n[{joined}], \"meta\":{{}} }} }}\n"),
            3 => rows.join("\n"),
            _ => format!("[{}]{{\"payload\":[{}]}}{}", rows[0], rows[1], rows[2]),
        };
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        let mut found = Vec::new();
        let mut splitter = Splitter::new(1 << 20);
        for piece in cuts.windows(2) {
            let mut keep = |_: u64, row: Result<&[u8], _>| found.push(String::from_utf8(row.unwrap().to_vec()).unwrap());
            splitter.feed(&text.as_bytes()[piece[0]..piece[1]], &mut keep).unwrap();
        }
        splitter.end().unwrap();
        let rows: Vec<&str> = rows.iter().map(|row| row.trim()).collect();
        prop_assert_eq!(found, rows, "{}", text);
    }
}

/// What the members at a line's ends say holds wherever the same names stand, in whatever order and spelling.
#[test]
fn what_the_ends_of_a_line_tell_is_what_all_of_it_says() {
    let schema = Schema { now: Some(support::NOW.parse().unwrap()), ..Schema::default() };
    // First the members, in any order; then whether a list is among them.
    let members = [
        (r#""meta":{"assignee":{"id":1},"assignee_type":"User","team":null}"#, false),
        (r#""meta":{"assignee":null,"sender":{"status":"open","unread_count":5,"meta":{"assignee":{"id":2}}}}"#, false),
        (r#""\u006deta":{"assignee":{"id":3},"team":{"id":4}}"#, false),
        (r#""meta" : [{"assignee":{"id":5}}]"#, false),
        (r#""status":"open""#, false),
        (r#""status" : "resolved""#, false),
        (r#""\u0073tatus":"open""#, false),
        (r#""st\u0061tus":"\u006fpen""#, false),
        (r#""x":"\"status\":\"open\",\"unread_count\":6}\\\\""#, false),
        (r#""x":{"status":"open","y":["}",{"unread_count":7}],"payload":[]}"#, false),
        (r#""unread_count":0"#, false),
        ("\"unread_count\" :\t8", false),
        (r#""unread_count":null"#, false),
        (r#""payload":[{"status":"open"}]"#, true),
        (r#""p\u0061yload":[]"#, true),
        (r#""data":{"meta":{},"payload":[]}"#, true),
        (r#""data":{"payload":{}}"#, false),
    ];
    let queries = [
        "status = open",
        "status != open",
        "assignee IS MISSING",
        "assignee = 1 AND unread_count > 0",
        "unread_count > 4 OR team IS PRESENT",
        "status = resolved AND (unread_count = 0 OR assignee IS PRESENT) AND id IS MISSING",
    ];
    let (mut compared, mut positive, mut listed) = (0, 0, 0);
    for query in queries {
        let filter = check(&parse(query), &schema).unwrap().filter;
        let ready = LineFilter::new(&filter, schema.now());
        for (a, first) in members.iter().enumerate() {
            for (b, second) in members.iter().enumerate() {
                for (c, third) in members.iter().enumerate() {
                    let separator = if (a + b + c).is_multiple_of(2) { "," } else { " ,\n" };
                    let line = format!("{{{}}}", [first.0, second.0, third.0].join(separator));
                    let value: Value = serde_json::from_str(&line).unwrap();
                    let found = ready.reader().read(line.as_bytes()).unwrap();
                    compared += 1;
                    // A list may be left alone where nothing is found in it.
                    if [first, second, third].iter().any(|member| member.1) {
                        let lists = ["/payload", "/data/payload"].map(|place| value.pointer(place));
                        let rows: Vec<&Value> =
                            lists.into_iter().flatten().filter_map(Value::as_array).flatten().collect();
                        let asked = rows.iter().any(|row| matches(&filter, &Row::new(row, schema.now())));
                        listed += usize::from(asked);
                        assert!(found == Found::List || !asked && found == Found::Nothing, "{query}: {line}");
                        continue;
                    }
                    let expected = matches(&filter, &Row::new(&value, schema.now()));
                    positive += usize::from(expected);
                    assert_eq!(is_match(found), expected, "{query}: {line}");
                }
            }
        }
    }
    assert_eq!(compared, queries.len() * members.len().pow(3));
    assert!(positive > 4_000 && listed > 1_000, "{positive} {listed}");
}

/// What a number is written as is one matter for what is found and for what is printed of it.
#[test]
fn an_id_may_be_a_text_or_have_a_fraction() {
    let schema = Schema { now: Some(support::NOW.parse().unwrap()), ..Schema::default() };
    let found = |query: &str, line: &str| {
        let ready = LineFilter::new(&check(&parse(query), &schema).unwrap().filter, schema.now());
        ready.reader().read(line.as_bytes()).unwrap()
    };
    let exponents = ["7.1234e4", "71.234E+3", "712340e-1"];
    for id in ["71234", "\"71234\"", "71234.0", "\" 71234 \"", "\"\\u00371234\""].into_iter().chain(exponents) {
        let line =
            format!("{{\"id\":{id},\"status\":\"open\",\"inbox_id\":{id},\"meta\":{{\"team\":{{\"id\":{id}}}}}}}");
        for query in ["status = open", "id = 71234", "id IS PRESENT", "id CONTAINS 12", "inbox = 71234", "team = 71234"]
        {
            assert_eq!(found(query, &line), Found::Match { id: Some(71234) }, "{query}: {line}");
        }
        assert_eq!(found("team != 71234", &line), Found::Nothing, "{line}");
    }
    let line = r#"{"id":7.5,"status":"open"}"#;
    assert_eq!(found("status = open", line), Found::Match { id: None });
    assert_eq!(found("id = 7", line), Found::Nothing);
}

/// Numbers of any size are what the reference evaluator takes them for, wherever they are looked at.
#[test]
fn numbers_of_any_size_mean_what_their_values_mean() {
    let schema = Schema { now: Some(support::NOW.parse().unwrap()), ..Schema::default() };
    let numbers = [
        "9007199254740993",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "1e30",
        "1E2",
        "1.50",
        "1e-400",
        "1e400",
        "-1e400",
    ];
    let mut compared = 0;
    for query in [
        "custom.seats > 5",
        "custom.seats < 5",
        "custom.seats = 9007199254740993",
        "custom.seats IS PRESENT",
        "unread_count > 5",
        "id = 100",
        "last_activity_at < 2026-01-01",
        "NOT (assignee = 5 OR custom.seats < 100)",
    ] {
        let filter = check(&parse(query), &schema).unwrap().filter;
        let ready = LineFilter::new(&filter, schema.now());
        for number in numbers {
            let line = format!(
                r#"{{"id":{number},"unread_count":{number},"last_activity_at":{number},"custom_attributes":{{"seats":{number}}}}}"#
            );
            // What decides is looked at, so that a value that the reference parser refuses is refused.
            let read = ready.reader().read(line.as_bytes());
            match serde_json::from_str::<Value>(&line) {
                Ok(value) => {
                    let means = matches(&filter, &Row::new(&value, schema.now()));
                    assert_eq!(is_match(read.unwrap()), means, "{query}: {line}");
                    compared += 1;
                }
                Err(_) => assert!(!read.is_ok_and(is_match), "{query}: {line}"),
            }
        }
    }
    assert!(compared >= 80, "{compared}");
}

/// The server prints every digit of a number, and compares them; no double holds this one.
#[test]
fn a_number_beyond_all_doubles_is_compared_by_its_digits() {
    let schema = Schema { now: Some(support::NOW.parse().unwrap()), ..Schema::default() };
    for (number, query, expected) in [
        ("9".repeat(401), "custom.seats > 5", true),
        ("9".repeat(401), "custom.seats < 5", false),
        ("9".repeat(401), "custom.seats IS MISSING", false),
        ("9".repeat(401), "custom.seats = 9", false),
        (format!("-{}.5", "9".repeat(401)), "custom.seats < 5", true),
        (format!("-{}.5", "9".repeat(401)), "custom.seats > 5 OR status = open", true),
        (format!("{}.5", "9".repeat(401)), "status = open", true),
    ] {
        let ready = LineFilter::new(&check(&parse(query), &schema).unwrap().filter, schema.now());
        let line = format!(r#"{{"id":1,"status":"open","custom_attributes":{{"seats":{number}}}}}"#);
        assert_eq!(is_match(ready.reader().read(line.as_bytes()).unwrap()), expected, "{query}: {line}");
    }
}

/// A stored number is equal to itself and to no other, whatever its length: a double as JSON prints it, a whole number to
/// its last digit.
#[test]
fn a_number_is_equal_to_itself_alone() {
    let schema = Schema { now: Some(support::NOW.parse().unwrap()), ..Schema::default() };
    let finds = |asked: &str, stored: &str| {
        let filter = check(&parse(&format!("custom.seats = {asked}")), &schema).unwrap().filter;
        let line = format!(r#"{{"id":1,"custom_attributes":{{"seats":{stored}}}}}"#);
        is_match(LineFilter::new(&filter, schema.now()).reader().read(line.as_bytes()).unwrap())
    };
    for number in [
        "123456789.12345679",
        "52.520006599999997",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775809",
        "99999999999999999999",
        "123456789012345678901234567890",
    ] {
        assert!(finds(number, number), "{number}");
        // Its last digit is another one.
        let (rest, last) = number.split_at(number.len() - 1);
        let other = format!("{rest}{}", if last == "1" { "2" } else { "1" });
        assert!(!finds(&other, number), "{other}, {number}");
    }
    // A sequence that takes every bit of a double's mantissa.
    let mut bits = 0x9E37_79B9_7F4A_7C15_u64;
    for _ in 0..2000 {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let exponent = i32::try_from(bits % 61).unwrap() - 30;
        let double = ((bits >> 11) as f64) * 10_f64.powi(exponent);
        let stored = serde_json::Value::from(double).to_string();
        assert!(finds(&format!("{double:e}"), &stored), "{stored}");
    }
}

/// Seconds beyond all years, such as milliseconds, are later than any instant, as they are later than any day.
#[test]
fn times_are_compared_in_one_way_whatever_is_stored() {
    let schema = Schema { now: Some(support::NOW.parse().unwrap()), ..Schema::default() };
    let found = |query: &str, line: &str| {
        let filter = check(&parse(query), &schema).unwrap().filter;
        matches(&filter, &Row::new(&serde_json::from_str(line).unwrap(), schema.now()))
    };
    let line = r#"{"created_at":1781500000000,"waiting_since":-1781500000000,"updated_at":0}"#;
    for query in [
        "created_at > 2026-06-15",
        "created_at > 2026-06-15T00:00:00Z",
        "created_at >= now",
        "waiting_since < 2026-06-15",
        "waiting_since < 2026-06-15T00:00:00Z",
        "updated_at IS MISSING",
    ] {
        assert!(found(query, line), "{query}");
    }
    for second in ["1781500000", "1781500000.5", "\"1781500000\"", "\"1781500000.5\"", "\"2026-06-15T05:06:40.5Z\""] {
        let line = format!("{{\"created_at\":{second}}}");
        assert!(found("created_at = 2026-06-15T05:06:40Z AND created_at = 2026-06-15", &line), "{line}");
    }
}

#[test]
fn what_is_no_conversation_is_malformed() {
    let filter = check(&parse("status = open"), &Schema::default()).unwrap().filter;
    let ready = LineFilter::new(&filter, support::NOW.parse().unwrap()).validating();
    let mut reader = ready.reader();
    let bad = [
        "{",
        "{]",
        "{}}",
        "{} {}",
        "{\"id\":1",
        "{\"id\":1,}",
        "{\"id\"}",
        "{\"id\":}",
        "{id:1}",
        "not json",
        "{not json}",
        "5",
        "\"open\"",
        "null",
        "{\"status\":\"open\"x}",
        "{\"status\":\"open\",\"id\":01}",
        "{\"status\":\"open\",\"x\":+1}",
        "{\"status\":\"open\",\"x\":[1,]}",
        "{\"status\":\"open\",\"x\":\"\\x\"}",
        "{\"status\":\"open\",\"x\":nul}",
        "{\"status\":\"open\" \"id\":1}",
        "{\"status\":\"open\",\"x\":\"\u{1}\"}",
        "{'status':'open'}",
        // Nobody could say which one it is.
        "{\"status\":\"open\"}",
        "{\"status\":\"pending\",\"id\":\"x\"}",
        "{}",
    ];
    for line in bad {
        assert!(reader.read(line.as_bytes()).is_err(), "{line}");
    }
    assert!(reader.read(b"{\"status\":\"open\",\"x\":\"\xff\"}").unwrap_err().message.contains("UTF-8"));
    let deep =
        |depth: usize| format!("{{\"id\":1,\"status\":\"open\",\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(reader.read(deep(126).as_bytes()).is_ok());
    assert!(reader.read(deep(127).as_bytes()).is_err());
    assert!(reader.read(deep(100_000).as_bytes()).is_err());
    // Where the query's words are not in a line, its ends alone are looked at.
    let ready = LineFilter::new(&filter, support::NOW.parse().unwrap());
    let mut reader = ready.reader();
    for line in ["{", "{\"id\":1", "{\"id\":1,}", "{\"id\":}", "{id:1}", "not json", "{not json}", "5", "null"] {
        assert!(reader.read(line.as_bytes()).is_err(), "{line}");
    }
    for line in ["{\"id\"}", "{\"id\":1 \"x\":2}", "{}"] {
        assert_eq!(reader.read(line.as_bytes()).unwrap(), Found::Nothing);
    }
    what_is_not_looked_at_is_checked_by_its_brackets_and_strings(&mut reader);
    for blank in ["", " ", "\r", "\t \r"] {
        assert_eq!(reader.read(blank.as_bytes()).unwrap(), Found::Nothing);
    }
}

/// What is found is JSON; else the places between the members that nobody asks for are left alone.
fn what_is_not_looked_at_is_checked_by_its_brackets_and_strings(reader: &mut Reader<'_>) {
    let unasked = ["{\"a\" 1}", "[1,]", "[01]", "{1:2}", "[nul]", "[,]", "[x]", "{\"a\"}"];
    let broken = ["{\"a\":1", "[}", "[\"\\x\"]", "[\"\t\"]", "[\"]", "[\\]", "[1] 2", "[[]", "{]"];
    for value in unasked.iter().chain(&broken) {
        // The word is in the line, but not where it would count; what is at the end tells that.
        let line = format!("{{\"x\":{value},\"status\":\"pending\",\"y\":\"open\"}}");
        assert_eq!(reader.read(line.as_bytes()).unwrap(), Found::Nothing, "{line}");
        // And not if its name is written in an unusual way.
        let line = line.replace("status", "st\\u0061tus");
        let quick = reader.read(line.as_bytes());
        assert_eq!(quick.is_err(), broken.contains(value), "{line}");
        let line = line.replace("pending", "open");
        assert!(reader.read(line.as_bytes()).is_err(), "{line}");
    }
}

#[test]
fn documents_that_cannot_be_read_say_why() {
    let error = |text: &str| {
        let mut splitter = Splitter::new(64);
        splitter.feed(text.as_bytes(), &mut |_, _| {}).and_then(|()| splitter.end()).unwrap_err()
    };
    for (text, message, lines) in [
        ("[{}\n", "the text ends within", 1),
        ("[{},\n\n5]", "a JSON object, is expected", 2),
        ("[[{}]]", "a JSON object, is expected", 0),
        ("[{}}", "`}` closes nothing", 0),
        ("]", "`]` closes nothing", 0),
        ("[{}] x", "a JSON object, is expected", 0),
        ("{\"payload\": [\"a\"]}", "a JSON object, is expected", 0),
        ("\"a\"", "a JSON object, is expected", 0),
    ] {
        let bad = error(text);
        assert!(bad.message.contains(message), "{text}: {bad}");
        assert_eq!(bad.lines, lines, "{text}");
    }
    assert!(error(&"[{\"x\":".repeat(200)).message.contains("nest too deep"));
}
