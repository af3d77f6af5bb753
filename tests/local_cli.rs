//! `cwql --data`: conversations in files and on standard input, in every form that they come in.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod program;
mod spelling;
mod support;

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;
use program::{Ran, ran};
use serde_json::Value;
use spelling::SPELLINGS;

/// A file of its own for a test.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let folder = program::folder(&format!("local-{}", name.replace('.', "-")));
    fs::write(folder.join(name), content).unwrap();
    folder.join(name)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Asks of a file.
fn of(path: &Path, args: &[&str]) -> Ran {
    ran(program::command().arg("--data").arg(path).args(args).args(["--now", support::NOW]))
}

/// Asks of standard input.
fn of_stdin(input: &[u8], args: &[&str]) -> Ran {
    let pipe = Stdio::piped;
    let mut command = program::command();
    command.args(["--data", "-", "--now", support::NOW]).args(args);
    let mut child = command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
    // A program that has seen enough does not read to the end.
    let _ = child.stdin.take().unwrap().write_all(input);
    Ran::from(child.wait_with_output().unwrap())
}

/// The open ones' ids, of conversations that are written in some way.
fn open_ids(input: &[u8]) -> Vec<i64> {
    let ran = of_stdin(input, &["status = open", "--output", "ids"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    ran.out.lines().map(|line| line.parse().unwrap()).collect()
}

const ROWS: [&str; 4] = [
    r#"{"id":1,"status":"open","unread_count":0}"#,
    r#"{"id":2,"status":"pending","unread_count":3}"#,
    r#"{"id":3,"status":"open","messages":[{"content":"{\"id\":9} [\\"}]}"#,
    r#"{"status":"pending","id":5,"status":"open","id":4}"#,
];
const OPEN: [i64; 3] = [1, 3, 4];

/// A file is asked for nothing that a server might not have, and a query that nothing matches is told of there too.
#[test]
fn a_file_is_asked_as_of_now_and_for_what_it_may_hold() {
    let row = br#"{"id":1,"status":"open","created_at":1700000000}"#;
    for version in ["4.11.1", "4.15.1", "4.16.0"] {
        for query in ["created_at < -7d", "created_at < today"] {
            let ran = of_stdin(row, &[query, "--rolling", "--server-version", version, "--output", "ids"]);
            assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "1\n", ""), "{version} {query}: {ran:?}");
        }
    }
    let ran = of_stdin(row, &["status = open AND (status = resolved OR status = pending)", "--output", "ids"]);
    assert!(ran.code == 1 && ran.err.contains("these conditions never hold together"), "{ran:?}");
}

#[test]
fn every_form_of_file_holds_the_same_conversations() {
    let lines = ROWS.join("\n");
    let pretty = |text: &str| serde_json::to_string_pretty(&serde_json::from_str::<Value>(text).unwrap()).unwrap();
    let list = ROWS.join(",");
    let forms = [
        lines.clone(),
        format!("{lines}\n"),
        format!("\u{feff}{lines}\n"),
        format!("\n\n  {}  \n\n", ROWS.join("\r\n\r\n")),
        format!("[{list}]"),
        format!("[\n{}\n]\n", ROWS.join(",\n")),
        format!("{{\"payload\":[{list}]}}"),
        format!("{{\"meta\":{{\"all_count\":4}},\"payload\":[{list}]}}\n"),
        format!("{{\"data\":{{\"meta\":{{\"all_count\":4}},\"payload\":[{list}]}}}}"),
        pretty(&format!("{{\"meta\":{{\"all_count\":4}},\"payload\":[{list}]}}")),
        pretty(&format!("{{\"data\":{{\"payload\":[{list}],\"meta\":{{}}}}}}")),
        ROWS.map(pretty).join("\n"),
        // Pages, one after the other, and conversations among them.
        format!("{{\"payload\":[{},{}]}}\n{}\n[{}]\n", ROWS[0], ROWS[1], ROWS[2], ROWS[3]),
        format!("{{\"payload\":[]}}\n{{\"data\":{{\"payload\":[{list}]}}}}\n"),
        format!("{{\n\"payload\":[]}}\n{{\"data\":{{\"payload\":[{list}]}}}}\n"),
    ];
    for form in &forms {
        assert_eq!(open_ids(form.as_bytes()), OPEN, "{form}");
        assert_eq!(open_ids(&gzip(form.as_bytes())), OPEN, "{form}");
    }
    // Two gzip files put together are one.
    let parts =
        [gzip(format!("{}\n{}\n", ROWS[0], ROWS[1]).as_bytes()), gzip(ROWS[2..].join("\n").as_bytes())].concat();
    assert_eq!(open_ids(&parts), OPEN);
}

#[test]
fn nothing_in_it_is_nothing_found() {
    for empty in ["", "\n", " \r\n\n", "[]", "{\"payload\":[]}", "{\"data\":{\"payload\":[],\"meta\":{}}}\n"] {
        let ran = of_stdin(empty.as_bytes(), &["status = open"]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, "no conversations\n", ""), "{empty:?}");
    }
}

#[test]
fn each_output_is_as_for_a_server() {
    let path = file("rows.ndjson", format!("{}\n", ROWS.join("\r\n")).as_bytes());
    let out = |args: &[&str]| {
        let ran = of(&path, args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        ran.out
    };
    let query = "status = open";
    assert_eq!(out(&[query, "-o", "ids"]), "1\n3\n4\n");
    assert_eq!(out(&[query, "-o", "ids", "--limit", "2"]), "1\n3\n");
    assert_eq!(out(&[query, "-o", "ndjson"]), format!("{}\n{}\n{}\n", ROWS[0], ROWS[2], ROWS[3]));
    assert_eq!(out(&[query, "-o", "json"]), format!("[{},\n{},\n{}]\n", ROWS[0], ROWS[2], ROWS[3]));
    assert!(out(&[query, "-o", "csv"]).starts_with("id,status,"));
    assert!(out(&[query]).ends_with("\n3 conversations\n"));
    assert!(out(&[query, "-n", "1"]).ends_with("\n1 conversation, and more (--limit)\n"));
    assert_eq!(of(&path, &["status = open", "-n", "0", "-o", "json"]).code, 4, "nothing is asked for");
    assert_eq!(of(&path, &["run", "status = open"]).code, 4, "--data belongs to the command");
    let run = ran(program::command().args(["run", "status = open", "-o", "ids", "--data"]).arg(&path));
    assert_eq!(run.out, "1\n3\n4\n");
}

#[test]
fn a_malformed_line_is_an_error_with_its_number() {
    let bad = [
        "{\"id\":9,\"status\":\"open\"",
        "{\"status\":\"open\",}",
        "nonsense",
        "{broken}",
        "[{\"id\":1},]x",
        "\"open\"",
        "{\"status\":\"open\",\"x\":\"\\q\"}",
    ];
    for bad in bad {
        let text = format!("{}\n{}\n\n{bad}\n{}\n", ROWS[0], ROWS[1], ROWS[2]);
        let path = file("bad.ndjson", text.as_bytes());
        let ran = of(&path, &["status = open", "-o", "ids"]);
        assert_eq!((ran.code, ran.out.as_str()), (3, "1\n"), "{bad}: {ran:?}");
        let said = format!("cwql: 1 conversation printed before the failure\ncwql: {}:4: ", path.display());
        assert!(ran.err.starts_with(&said), "{bad}: {}", ran.err);
        assert!(ran.err.contains("--skip-bad"), "{}", ran.err);
        let ran = of(&path, &["status = open", "-o", "ids", "--skip-bad"]);
        assert_eq!((ran.code, ran.out.as_str()), (0, "1\n3\n"), "{bad}: {ran:?}");
        assert!(ran.err.starts_with("cwql: 1 malformed line left out, the first: "), "{bad}: {}", ran.err);
        assert!(ran.err.contains("bad.ndjson:4: "), "{bad}: {}", ran.err);
        assert_eq!(of(&path, &["status = open", "-o", "ids", "--skip-bad", "--quiet"]).err, "");
    }
}

#[test]
fn what_does_not_decide_is_checked_if_that_is_wished() {
    let path =
        file("unasked.ndjson", b"{\"id\":1,\"unread_count\":0,\"x\":{\"a\" 1}}\n{\"id\":2,\"unread_count\":3}\n");
    assert_eq!(of(&path, &["unread_count > 0", "-o", "ids"]).out, "2\n");
    for args in [&["unread_count > 0", "--validate"][..], &["unread_count = 0"]] {
        let ran = of(&path, &[args, &["-o", "ids"]].concat());
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{ran:?}");
        assert!(ran.err.contains(":1: not JSON: expected `:`"), "{}", ran.err);
    }
    let path = file("unseen.ndjson", b"{\"id\":1,\"status\":\"resolved\" \"x\":1}\n{\"id\":2,\"status\":\"open\"}\n");
    assert_eq!(of(&path, &["status = open", "-o", "ids"]).out, "2\n");
    let ran = of(&path, &["status = open", "-o", "ids", "--validate"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{ran:?}");
    assert!(ran.err.contains(":1: not JSON: expected `,` or `}` at column "), "{}", ran.err);
    // What is asked of every line is read in every line.
    assert_eq!(of(&path, &["status != open"]).code, 3);
}

#[test]
fn a_malformed_document_is_an_error_with_its_line() {
    for (text, place) in [
        ("[\n{\"id\":1,\"status\":\"open\"},\n{\"id\":2,\"status\":\"open\",}\n]", ":3: not JSON"),
        ("[\n{\"id\":1,\"status\":\"open\"},\n7]", ":3: a conversation"),
        ("{\n\"payload\": [\n{\"id\":1,\"status\":\"open\"},\n", ":4: the text ends within"),
    ] {
        let ran = of_stdin(text.as_bytes(), &["status = open", "-o", "ids"]);
        assert_eq!((ran.code, ran.out.as_str()), (3, "1\n"), "{text}: {ran:?}");
        assert!(ran.err.contains(&format!("failure\ncwql: standard input{place}")), "{text}: {}", ran.err);
    }
    let broken = gzip(ROWS.join("\n").as_bytes());
    let ran = of_stdin(&broken[..broken.len() - 12], &["status = open", "-o", "ids"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("cannot be read on"), "{}", ran.err);
}

#[test]
fn lines_of_any_length_come_in_their_order() {
    // Shorter and longer than what is read at once, with the ends of blocks in every place.
    let mut text = String::new();
    for id in 1..3000 {
        let length = if id % 500 == 0 { 700_000 } else { id * 7 % 400 };
        writeln!(
            text,
            "{{\"id\":{id},\"status\":\"{}\",\"x\":\"{}\"}}",
            if id % 3 == 0 { "open" } else { "pending" },
            "y".repeat(length)
        )
        .unwrap();
    }
    let expected: Vec<i64> = (1..3000).filter(|id| id % 3 == 0).collect();
    assert_eq!(open_ids(text.as_bytes()), expected);
    assert_eq!(open_ids(&gzip(text.as_bytes())), expected);
    assert_eq!(open_ids(format!("[{}]", text.trim().replace('\n', ",")).as_bytes()), expected);
    // A file's pieces are read side by side, whatever is printed of them.
    let path = file("any-length.ndjson", text.as_bytes());
    let whole = |keep: fn(i64) -> bool| {
        (1..).zip(text.split_inclusive('\n')).filter(|(id, _)| keep(*id)).map(|(_, line)| line).collect::<String>()
    };
    for (query, keep) in [
        ("status = open", (|id| id % 3 == 0) as fn(i64) -> bool),
        ("id = 500 OR id = 2777", |id| id == 500 || id == 2777),
        ("id IS PRESENT", |_| true),
        ("id = 1500", |id| id == 1500),
    ] {
        let ran = of(&path, &[query, "-o", "ndjson"]);
        assert!((ran.code, ran.out) == (0, whole(keep)), "{query}: {}", ran.err);
        let ids: Vec<i64> = (1..3000).filter(|id| keep(*id)).collect();
        assert_eq!(ids_of("ids", &of(&path, &[query, "-o", "ids"]).out), ids, "{query}");
    }
    let path = file("long.ndjson", format!("{text}{{\"id\":5").as_bytes());
    let ran = of(&path, &["status = open", "-o", "ids"]);
    assert_eq!((ran.code, ran.out.lines().count()), (3, expected.len()));
    assert!(ran.err.contains("long.ndjson:3000: not JSON: "), "{}", ran.err);
}

#[test]
fn a_line_without_end_is_refused_and_not_kept() {
    let endless = "y".repeat(30 << 20);
    for (start, comma, end) in
        [("", "", "not read"), ("[", ",", "ends within"), ("{\"payload\":\n[", ",", "ends within")]
    {
        let text = format!("{start}{}{comma}\n{{\"id\":2,\"x\":\"{endless}", ROWS[0]);
        let path = file("endless.ndjson", text.as_bytes());
        let ran = of(&path, &["status = open", "-o", "ids"]);
        assert_eq!(ran.code, 3, "{ran:?}");
        let told = if start.is_empty() { "more than 4 MiB" } else { end };
        assert!(ran.err.contains(told), "{}", ran.err);
    }
}

#[test]
fn a_table_of_many_rows_has_its_titles_once() {
    let rows: String = (1..=2500).map(|id| format!("{{\"id\":{id},\"status\":\"open\"}}\n")).collect();
    let ran = of_stdin(rows.as_bytes(), &["status = open"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!((ran.code, lines.len(), ran.out.matches("STATUS").count()), (0, 2503, 1));
    assert!(lines[0].starts_with("ID"));
    for (id, line) in (1..=2500).zip(&lines[1..]) {
        assert_eq!(line.split_whitespace().take(2).collect::<Vec<_>>(), [id.to_string().as_str(), "open"]);
    }
    assert_eq!(lines[2501..], ["", "2500 conversations"]);
}

/// All rows are as wide as the widest cell, so that one of any length would be printed, and kept, a thousand times.
#[test]
fn a_table_cuts_what_is_too_long_and_csv_does_not() {
    let (label, name) = ("y".repeat(200_000), "n".repeat(200_000));
    let mut rows: String =
        (2..=1000).map(|id| format!("{{\"id\":{id},\"status\":\"open\",\"labels\":[\"a\"]}}\n")).collect();
    rows.push_str(&format!(
        "{{\"id\":1,\"status\":\"open\",\"labels\":[\"vip\",\"{label}\"],\"meta\":{{\"assignee\":{{\"name\":\"{name}\"}}}}}}\n"
    ));
    let table = of_stdin(rows.as_bytes(), &["status = open"]).out;
    assert!(table.len() < 500_000 && table.contains("vip, yyy") && table.contains("yyy…  "), "{} bytes", table.len());
    assert_eq!(table.lines().count(), 1003);
    let csv = of_stdin(rows.as_bytes(), &["status = open", "--output", "csv"]).out;
    assert!(csv.contains(&format!(",{name},")) && csv.contains(&format!(",\"vip,{label}\",")));
}

/// In lines, arrays and answers alike; what stands before and behind it is read, whatever the lengths.
#[test]
fn what_is_too_long_is_malformed_like_any_other() {
    let row = |id: i64, length: usize| format!("{{\"id\":{id},\"status\":\"open\",\"x\":\"{}\"}}", "y".repeat(length));
    let fits = (4 << 20) - row(1, 0).len();
    let lengths = [0, fits, 9 << 20, 100, 5 << 20, 600 << 10, fits, fits, 256 << 10, 1, 5 << 20];
    let rows: Vec<String> = lengths.iter().enumerate().map(|(i, length)| row(i as i64 + 1, *length)).collect();
    let right: Vec<i64> = (1..).zip(lengths).filter(|(_, length)| *length <= fits).map(|(id, _)| id).collect();
    let (lines, list) = (rows.join("\n"), rows.join(",\n"));
    let texts =
        [lines.clone(), format!("{lines}\n"), format!("[{list}]"), format!("{{\"meta\":{{}},\"payload\":[{list}]}}")];
    for (i, text) in texts.iter().enumerate() {
        for text in [text.clone().into_bytes(), gzip(text.as_bytes())] {
            let path = file("too-long.ndjson", &text);
            let ran = of(&path, &["status = open", "-o", "ids", "--skip-bad"]);
            let ids: Vec<i64> = ran.out.lines().map(|id| id.parse().unwrap()).collect();
            assert_eq!((ran.code, ids), (0, right.clone()), "{i}: {}", ran.err);
            let told = "3 malformed lines left out, the first: ";
            assert!(ran.err.contains(told) && ran.err.contains(":3: a conversation of more than 4 MiB"), "{}", ran.err);
            let ran = of(&path, &["status = open", "-o", "ids"]);
            assert_eq!((ran.code, ran.out.as_str()), (3, "1\n2\n"), "{i}: {}", ran.err);
            assert!(ran.err.contains("--skip-bad leaves such lines out"), "{}", ran.err);
        }
    }
}

/// Of malformed lines the first is told, and how many others there are, wherever they stand.
#[test]
fn malformed_lines_are_counted_and_end_the_reading() {
    let rows = |count: usize| "no\n".repeat(count);
    let text = format!("{}\n{}{}\n{}{}\n{}", ROWS[0], rows(200_000), ROWS[2], rows(1), ROWS[0], rows(7));
    let path = file("malformed.ndjson", text.as_bytes());
    for input in ["file", "-"] {
        let ask = |more: &[&str]| {
            let args = [&["status = open", "-o", "ids"], more].concat();
            if input == "-" { of_stdin(text.as_bytes(), &args) } else { of(&path, &args) }
        };
        let ran = ask(&["--skip-bad"]);
        assert_eq!((ran.code, ran.out.as_str()), (0, "1\n3\n1\n"), "{}", ran.err);
        assert!(ran.err.starts_with("cwql: 200008 malformed lines left out, the first: "), "{}", ran.err);
        assert!(ran.err.contains(":2: not JSON"), "{}", ran.err);
        let ran = ask(&["--skip-bad", "-n", "3"]);
        assert!(ran.err.starts_with("cwql: 200001 malformed lines left out"), "{}", ran.err);
        let ran = ask(&[]);
        assert_eq!((ran.code, ran.out.as_str()), (3, "1\n"), "{}", ran.err);
        assert!(ran.err.contains(":2: not JSON"), "{}", ran.err);
    }
    // Behind what was looked at there may be more.
    let path = file("many.ndjson", format!("{}\n", ROWS[0]).repeat(50_000).as_bytes());
    let in_a_piece = (256 << 10) / (ROWS[0].len() + 1) + 1;
    for (limit, rest) in
        [(in_a_piece - 1, ", and more"), (in_a_piece, ", and perhaps more"), (in_a_piece + 1, ", and more")]
    {
        let ran = of(&path, &["status = open", "-n", &limit.to_string()]);
        assert!(ran.out.contains(&format!("\n{limit} conversations{rest}")), "{limit}");
    }
    assert!(of(&path, &["status = open", "-n", "50000"]).out.ends_with("\n50000 conversations\n"));
}

#[test]
fn what_a_file_cannot_tell_is_refused_or_said() {
    let path = file("told.ndjson", format!("{}\n", ROWS.join("\n")).as_bytes());
    for query in ["campaign = 3", "NOT campaign IS MISSING", "label = \"a,b\" OR status = open"] {
        let ran = of(&path, &[query]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains("cwql::impossible"), "{}", ran.err);
        assert!(ran.err.contains("without --data"), "{}", ran.err);
    }
    let ran = of(&path, &["assignee IS MISSING", "-o", "ids"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "1\n2\n3\n4\n"));
    assert!(ran.err.contains("whose agent was removed"), "{}", ran.err);
    assert_eq!(of(&path, &["status = pendng"]).code, 2);
    assert_eq!(of(&path.with_extension("none"), &["status = open"]).code, 4);
    assert_eq!(of(Path::new("-"), &["-"]).code, 4);
    for args in [&["--demo", "id = 1"][..], &["--url", "http://localhost", "id = 1"], &["--dry-run", "id = 1"], &[]] {
        assert_eq!(of(&path, args).code, 4, "{args:?}");
    }
    assert_eq!(ran_without_data(&["--skip-bad", "id = 1"]), 4);
    assert_eq!(ran_without_data(&["--validate", "id = 1"]), 4);
}

fn ran_without_data(args: &[&str]) -> i32 {
    ran(program::command().args(args)).code
}

#[test]
fn what_is_found_is_printed_while_more_comes_and_the_limit_ends_it() {
    let mut command = program::command();
    command.args(["--data", "-", "status = open", "-o", "ids", "--limit", "2"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    for id in ["1\n", "2\n"] {
        stdin.write_all(format!("{{\"id\":{},\"status\":\"open\"}}\n", id.trim()).as_bytes()).unwrap();
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert_eq!(line, id);
    }
    // Standard input is still open.
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_reader_that_has_enough_ends_it_quietly() {
    let text = format!("{}\n", ROWS[0]).repeat(100_000);
    let path = file("many.ndjson", text.as_bytes());
    let mut command = program::command();
    command.arg("--data").arg(&path).args(["status = open", "-o", "ndjson"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim_end(), ROWS[0]);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn recorded_queries_find_the_same_through_the_program() {
    let account = file("account.json", support::read("account.json").as_bytes());
    let rows = support::lines("dataset.ndjson");
    let removed: Vec<i64> = rows
        .iter()
        .filter(|row| row["_columns"]["assignee_id"].is_i64() && row["meta"]["assignee"].is_null())
        .map(|row| row["id"].as_i64().unwrap())
        .collect();
    let mut text = String::new();
    for (i, mut row) in rows.into_iter().enumerate() {
        row.as_object_mut().unwrap().remove("_columns");
        let line = SPELLINGS[i % SPELLINGS.len()].write(&row);
        text.push_str(&line.replace('\n', " "));
        text.push('\n');
    }
    let path = file("dataset.ndjson.gz", &gzip(text.as_bytes()));
    let mut compared = 0;
    for line in support::lines("queries.ndjson").iter().step_by(40) {
        let query = line["query"].as_str().unwrap();
        let mut expected = support::ids(line["matches"].as_str().unwrap());
        let ran = of(&path, &[query, "-o", "ids", "--account", account.to_str().unwrap()]);
        if ran.code == 2 && ran.err.contains("cwql::impossible") {
            continue;
        }
        let mut found: std::collections::BTreeSet<i64> = ran.out.lines().map(|id| id.parse().unwrap()).collect();
        assert_eq!(ran.out.lines().count(), found.len());
        if ran.err.contains("whose agent was removed") {
            for id in &removed {
                found.remove(id);
                expected.remove(id);
            }
        } else {
            assert_eq!(ran.code, i32::from(expected.is_empty()), "{query}: {ran:?}");
        }
        assert_eq!(found, expected, "{query}");
        compared += 1;
    }
    assert!(compared >= 30, "{compared}");
}

const OUTPUTS: [&str; 5] = ["table", "json", "ndjson", "csv", "ids"];

/// The ids of an output that is complete in itself.
/// What `gzip` itself reads.
#[test]
fn zeros_behind_gzip_data_are_nothing_and_anything_else_is_said() {
    let text = ROWS.join("\n") + "\n";
    let padded = |padding: &[u8]| [&gzip(text.as_bytes()), padding].concat();
    assert_eq!(open_ids(&padded(&[0; 100_000])), OPEN);
    let path = file("garbage.gz", &padded(b"\0garbage"));
    let ran = of(&path, &["status = open", "-o", "ids"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, "1\n3\n4\n"));
    assert!(ran.err.contains("what follows its gzip data is no gzip"), "{}", ran.err);
}

/// The sandbox answers for each form of file that `--data` reads.
#[test]
fn the_sandbox_reads_what_data_reads() {
    let listed = ran(program::command().args(["list", "--demo", "--status", "all", "--output", "ndjson"])).out;
    let rows: Vec<&str> = listed.lines().take(3).collect();
    let (lines, list) = (rows.join("\n"), rows.join(",\n"));
    let answers = [format!("[{list}]"), format!("{{\"data\":{{\"meta\":{{}},\"payload\":[{list}]}}}}")];
    let mut forms: Vec<Vec<u8>> = vec![gzip(lines.as_bytes()), format!("\u{feff}\n{lines}\n\n").into_bytes()];
    for answer in &answers {
        let value: Value = serde_json::from_str(answer).unwrap();
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        forms.extend([answer.clone(), value.to_string(), pretty].map(String::into_bytes));
    }
    for form in forms {
        let path = file("sandbox.data", &form);
        let sandbox = program::Sandbox::start(["--data", path.to_str().unwrap()]);
        let shown = ran(sandbox.command().args(["list", "--status", "all", "--output", "ids"]));
        assert_eq!((shown.code, shown.out.lines().count()), (0, 3), "{}: {shown:?}", String::from_utf8_lossy(&form));
    }
}

/// A number is compared as far as a double tells it, and printed as it is written.
#[test]
fn numbers_beyond_all_types_are_printed_as_they_are_written() {
    let numbers =
        ["123456789012345678901234567890", "-9223372036854775809", "18446744073709551616", "1E+2", "0.10", "1e400"];
    for number in numbers {
        let row = format!(r#"{{"id":1,"status":"open","x":{number},"custom_attributes":{{"seats":{number}}}}}"#);
        for output in ["ndjson", "json"] {
            let ran = of_stdin(row.as_bytes(), &["status = open", "--output", output]);
            assert_eq!(ran.code, 0, "{ran:?}");
            assert!(ran.out.contains(&row), "{}", ran.out);
        }
        let looked_at = of_stdin(row.as_bytes(), &["status = open AND custom.seats IS PRESENT", "--output", "ids"]);
        match number {
            // No double: what it is compared with would be another number.
            "1e400" => assert!(looked_at.code == 3 && looked_at.err.contains("number out of range"), "{looked_at:?}"),
            _ => assert_eq!(looked_at.out, "1\n", "{looked_at:?}"),
        }
    }
}

fn ids_of(output: &str, out: &str) -> Vec<i64> {
    let id = |row: &Value| row["id"].as_i64().unwrap();
    let first = |line: &str| line.split([',', ' ']).next().unwrap().parse().unwrap();
    match output {
        "json" => serde_json::from_str::<Vec<Value>>(out).unwrap().iter().map(id).collect(),
        "ndjson" => out.lines().map(|line| id(&serde_json::from_str(line).unwrap())).collect(),
        "ids" => out.lines().map(first).collect(),
        "csv" => out.lines().skip(1).map(first).collect(),
        _ => {
            let (rows, end) = out.split_once("\n\n").unwrap();
            assert_eq!(end, "3 conversations, and perhaps more\n");
            rows.lines().skip(1).map(first).collect()
        }
    }
}

#[test]
fn what_is_complete_is_printed_before_a_failure() {
    let bad = format!("{}\nnonsense\n{}\n", ROWS.join("\n"), ROWS[0]);
    let document = format!("[{},\nnonsense]", ROWS.join(","));
    let short = gzip(format!("{}\n{}", ROWS.join("\n"), ROWS[0]).as_bytes());
    for (input, problem) in [
        (bad.as_bytes(), ":5: "),
        (document.as_bytes(), ":2: "),
        // The end of a gzip stream lacks, and with it the end of its last line.
        (&short[..short.len() - 9], "cannot be read on"),
    ] {
        for output in OUTPUTS {
            let ran = of_stdin(input, &["status = open", "-o", output]);
            assert_eq!((ran.code, ids_of(output, &ran.out).as_slice()), (3, &OPEN[..]), "{output} {ran:?}");
            assert!(ran.err.starts_with("cwql: 3 conversations printed before the failure\ncwql: "), "{}", ran.err);
            assert!(ran.err.contains(problem), "{problem} {}", ran.err);
        }
        let ran = of_stdin(input, &["status = snoozed", "-o", "json"]);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{ran:?}");
        assert!(!ran.err.contains("printed"), "{}", ran.err);
    }
}

/// Sends a signal while more is waited for.
#[cfg(unix)]
fn told(signal: &str, input: &[u8], args: &[&str]) -> Ran {
    told_command("run", signal, input, args)
}

#[cfg(unix)]
fn told_command(subcommand: &str, signal: &str, input: &[u8], args: &[&str]) -> Ran {
    let mut command = program::command();
    command.args([subcommand, "--data", "-"]).args(args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    let kill = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let ran = Ran::from(child.wait_with_output().unwrap());
    drop(stdin);
    ran
}

#[cfg(unix)]
#[test]
fn a_signal_leaves_what_is_complete() {
    let lines = format!("{}\n", ROWS.join("\n"));
    for output in OUTPUTS {
        let ran = told("-INT", lines.as_bytes(), &["status = open", "-o", output]);
        assert_eq!((ran.code, ids_of(output, &ran.out).as_slice()), (130, &OPEN[..]), "{output} {ran:?}");
        assert_eq!(ran.err, "cwql: interrupted, 3 conversations printed\n");
    }
    let ran = told("-TERM", lines.as_bytes(), &["status = open", "-o", "csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (143, "cwql: terminated, 3 conversations printed\n"));
    let ran = told("-INT", lines.as_bytes(), &["status = snoozed", "-o", "json", "--quiet"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (130, "[]\n", ""));
    let list = format!("[{},", ROWS.join(","));
    let ran = told("-INT", list.as_bytes(), &["status = open", "-o", "json"]);
    assert_eq!((ran.code, ids_of("json", &ran.out).as_slice()), (130, &OPEN[..]), "{ran:?}");
}

/// `cwql count` prints the number of what `cwql run` prints, or none.
#[test]
fn what_is_found_in_a_file_is_counted() {
    let count = |input: &[u8], args: &[&str]| {
        let file = file("counted.ndjson", input);
        let mut command = program::command();
        ran(command.args(["count", "--now", support::NOW, "--data"]).arg(file).args(args))
    };
    let lines = ROWS.join("\n");
    for (query, code, number) in [("status = open", 0, "3\n"), ("status = snoozed", 1, "0\n")] {
        for input in [lines.clone().into_bytes(), gzip(lines.as_bytes()), format!("[{}]", ROWS.join(",")).into_bytes()]
        {
            let ran = count(&input, &[query]);
            assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (code, number, ""), "{query}");
        }
    }
    let bad = format!("{lines}\n{{\"status\":\"open\",\n{}", ROWS[0]);
    let ran = count(bad.as_bytes(), &["status = open"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "a number that is not the whole one is none");
    assert!(ran.err.contains("counted.ndjson:5: not JSON"), "{}", ran.err);
    let ran = count(bad.as_bytes(), &["status = open", "--skip-bad"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "4\n"));
    assert!(ran.err.contains("1 malformed line left out, the first: "), "{}", ran.err);
    for refused in [["status = open", "--demo"], ["status = open", "--strict"], ["status = opne", "--quiet"]] {
        let ran = count(lines.as_bytes(), &refused);
        assert_eq!((ran.code > 1, ran.out.as_str()), (true, ""), "{refused:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_count_of_a_file_prints_no_number() {
    let ran = told_command("count", "-INT", format!("{}\n", ROWS.join("\n")).as_bytes(), &["status = open"]);
    assert_eq!((ran.code, ran.out.as_str()), (130, ""));
    assert_eq!(ran.err, "cwql: interrupted before all were counted\n");
}

#[test]
fn csv_is_printed_while_more_comes() {
    let mut command = program::command();
    command.args(["--data", "-", "status = open", "-o", "csv"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"{\"id\":1,\"status\":\"open\"}\n").unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("id,"));
    assert!(lines.next().unwrap().unwrap().starts_with("1,open,"));
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn blank_lines_at_the_start_are_counted() {
    for (text, place) in [("nonsense\n", ":70001: "), ("[\n7]", ":70002: ")] {
        for mark in ["", "\u{feff}"] {
            let ran = of_stdin(format!("{mark}{}{text}", " \r\n".repeat(70_000)).as_bytes(), &["status = open"]);
            assert!(ran.code == 3 && ran.err.contains(place), "{}", ran.err);
        }
    }
    let mut text = "\n".repeat(300_000);
    text.push_str(ROWS[0]);
    assert_eq!(open_ids(text.as_bytes()), [1]);
    let ran = of_stdin(&b" ".repeat(5 << 20), &["status = open"]);
    assert!(ran.code == 3 && ran.err.contains("more than 4 MiB"), "{}", ran.err);
}

/// What is counted is what would be shown; where each line is checked, those that are not found have an id as well.
#[test]
fn conversations_without_an_id_are_not_counted() {
    for row in [r#"{"status":"open"}"#, r#"{"id":null,"status":"open"}"#, r#"{"status":"open","id":"x"}"#] {
        let file = file("unnamed.ndjson", row.as_bytes());
        let file = file.to_str().unwrap();
        for command in [&["status = open"][..], &["count", "status = open"], &["run", "--validate", "status = snoozed"]]
        {
            let ran = ran(program::command().args(command).args(["--data", file]));
            assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{row} {command:?} {}", ran.err);
            assert!(ran.err.contains("unnamed.ndjson:1: a conversation without an id"), "{row} {}", ran.err);
        }
        assert_eq!(of_stdin(row.as_bytes(), &["status = snoozed"]).code, 1, "{row}");
    }
}

/// A refusal piped into it is no file without conversations.
#[test]
fn an_answer_without_conversations_is_an_error() {
    let refused = "\"error\": \"Invalid Access Token\"";
    for input in [
        format!("{{{refused}}}"),
        format!("{{\n  {refused}\n}}\n"),
        r#"{"errors":["You need to sign in"]}"#.to_owned(),
        r#"{"payload":null}"#.to_owned(),
        r#"{"data":{"payload":{}}}"#.to_owned(),
        r#"{"meta":{},"payload":"x"}"#.to_owned(),
        // Nor is any other object one.
        r#"{"conversations":[{"id":1,"status":"open"}]}"#.to_owned(),
        "{}".to_owned(),
    ] {
        let ran = of_stdin(input.as_bytes(), &["status = open"]);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{input} {ran:?}");
        assert!(ran.err.contains("standard input is an answer without conversations: {"), "{}", ran.err);
    }
    for input in [
        r#"{"id":1,"error":"x"}"#,
        r#"{"payload":[]}"#,
        r#"{"data":{"payload":[],"meta":{}}}"#,
        r#"{"status":"pending"}"#,
    ] {
        assert_eq!(of_stdin(input.as_bytes(), &["status = open"]).code, 1, "{input}");
    }
}
