//! The arrows between the folders of the source, and what each of them keeps off.
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

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// How long a source file may be.
const LONGEST: usize = 650;

/// Each folder and the folders that it may use: the one picture of the architecture.
const ARROWS: &[(&str, &[&str])] = &[
    ("source", &[]),
    // What is offered as a correction is spelled as a query spells it, and a problem says which list of the account it
    // was judged by.
    ("diagnostic", &["source", "syntax::spelling", "schema::NameList"]),
    ("syntax", &["source", "diagnostic"]),
    ("schema", &["source"]),
    // The rules of texts, which decide what two conditions on one attribute have in common, are those of `eval`.
    ("check", &["source", "diagnostic", "syntax", "schema", "eval::text"]),
    ("eval", &["schema", "check"]),
    // Conversations in text.
    ("scan", &["schema", "check", "eval"]),
    // The printer needs the spelling of words and names; what can be left to the client is what conversations carry.
    ("plan", &["source", "diagnostic", "syntax", "schema", "check", "payload", "eval::text", "eval::NotCarried"]),
    // Reading a payload back: what it means, as text.
    ("payload", &["source", "diagnostic", "schema", "syntax", "check", "eval", "server"]),
    // What a server makes of a payload: shared by the sandbox and by what reads payloads back.
    ("server", &["source", "diagnostic", "schema", "eval"]),
    ("sandbox", &["source", "schema", "eval", "server"]),
    // Pages are conversations in text.
    ("answer", &["eval", "scan"]),
    // Of what comes back the client asks what the payload does not say.
    ("client", &["schema", "check", "plan", "payload", "eval", "scan", "answer"]),
];

/// The folders that may read and write.
const IO: &[&str] = &["client", "sandbox", "cli"];

/// What is reading and writing.
const READS_OR_WRITES: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::io",
    "println!",
    "eprintln!",
    "print!(",
    "eprint!(",
    "reqwest",
    "tokio",
    "axum",
    "dbg!",
];

/// A source file's path below `src`, and its text without comments and tests.
fn sources() -> Vec<(String, String)> {
    fn visit(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    visit(&root, &mut paths);
    paths.sort();
    let name = |path: &Path| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// The code of a file: without comments, and without the tests at its end.
fn code(name: &str, text: &str) -> String {
    if name.ends_with("tests.rs") {
        return String::new();
    }
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let lines = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn folder(name: &str) -> Option<&str> {
    name.split_once('/').map(|(folder, _)| folder)
}

/// The paths that follow `crate::`, those in braces one by one: `use crate::{check, plan::Plan}` is two.
fn uses(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        // `$crate::` and `pub(in crate::…)` are not met here; a name that ends in `crate` would be another word.
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 1;
            let end = list.find(|c| {
                depth += match c {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                depth == 0
            });
            let mut part = String::new();
            let mut depth = 0;
            for c in list[..end.unwrap_or(list.len())].chars().chain([',']) {
                match c {
                    ',' if depth == 0 => found.push(std::mem::take(&mut part).trim().to_owned()),
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ if depth == 0 => part.push(c),
                    _ => {}
                }
            }
        } else {
            found.push(rest.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).next().unwrap().to_owned());
            // `crate::plan::{to_text, Plan}`: each of them.
            let path = found.last().unwrap().clone();
            if let (Some(prefix), Some(list)) = (path.strip_suffix("::"), rest[path.len()..].strip_prefix('{')) {
                found.pop();
                let names = list.split('}').next().unwrap().split(',').map(str::trim).filter(|name| !name.is_empty());
                found.extend(names.map(|name| format!("{prefix}::{name}")));
            }
        }
    }
    found.retain(|path| !path.is_empty());
    found
}

/// Types that the crate's root gives a name of its own, and the folder that they come from.
fn home(path: &str) -> String {
    let root: BTreeMap<&str, &str> = [
        ("parse", "syntax"),
        ("format", "syntax"),
        ("Parsed", "syntax"),
        ("Filter", "check"),
        ("Checked", "check"),
        ("Schema", "schema"),
        ("Account", "schema"),
        ("ServerVersion", "schema"),
        ("Plan", "plan"),
        ("Payload", "payload"),
        ("Code", "diagnostic"),
        ("Diagnostic", "diagnostic"),
        ("Diagnostics", "diagnostic"),
        ("Format", "diagnostic"),
        ("Severity", "diagnostic"),
        ("nearest", "diagnostic"),
        ("Span", "source"),
        ("LineIndex", "source"),
        ("Query", "query"),
        ("compile", "query"),
        ("Client", "client"),
    ]
    .into();
    let first = path.split("::").next().unwrap();
    root.get(first).map_or_else(|| path.to_owned(), |folder| format!("{folder}::{path}"))
}

/// Whether `path` is one of what is `allowed`: a folder, or an item of one.
fn may_use(allowed: &[&str], path: &str) -> bool {
    allowed.iter().any(|allowed| path == *allowed || path.starts_with(&format!("{allowed}::")))
}

#[test]
fn imports_follow_the_arrows() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (name, text) in sources() {
        let Some(folder) = folder(&name) else { continue };
        // The program may use everything; nothing may use the program.
        let allowed = match ARROWS.iter().find(|(known, _)| *known == folder) {
            Some((_, allowed)) => *allowed,
            None if folder == "cli" => continue,
            None => panic!("{name}: the folder `{folder}` is not in the table"),
        };
        for path in uses(&code(&name, &text)) {
            seen += 1;
            let path = home(&path);
            if !may_use(&[folder], &path) && !may_use(allowed, &path) {
                wrong.push(format!("{name} uses {path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 50, "only {seen} imports were found");
}

#[test]
fn the_rules_of_texts_are_used_in_few_files_only() {
    for (name, text) in sources() {
        let uses_eval = uses(&code(&name, &text)).iter().any(|path| may_use(&["eval"], path));
        if matches!(folder(&name), Some("plan" | "check")) {
            let known = ["plan/pushdown.rs", "check/meaning.rs", "check/wildcard.rs", "check/instead.rs"]
                .contains(&name.as_str());
            assert!(!uses_eval || known, "{name} uses eval");
        }
    }
}

#[test]
fn the_table_has_every_folder_and_no_circle_of_whole_folders() {
    // A folder used as a whole stands before its user; items of a folder (`eval::text`) make no layer.
    fn below<'a>(folder: &'a str, path: &mut Vec<&'a str>) {
        assert!(!path.contains(&folder), "{path:?} leads back to {folder}");
        path.push(folder);
        let (_, allowed) = ARROWS.iter().find(|(known, _)| *known == folder).unwrap();
        for next in allowed.iter().filter(|allowed| !allowed.contains("::")) {
            below(next, path);
        }
        path.pop();
    }
    for (folder, _) in ARROWS {
        below(folder, &mut Vec::new());
        assert!(sources().iter().any(|(name, _)| self::folder(name) == Some(folder)), "there is no folder `{folder}`");
    }
}

#[test]
fn only_client_sandbox_and_cli_read_and_write() {
    for (name, text) in sources() {
        if folder(&name).is_some_and(|folder| IO.contains(&folder)) || name == "main.rs" {
            continue;
        }
        let code = code(&name, &text);
        for word in READS_OR_WRITES {
            assert!(!code.contains(word), "{name} has `{word}`");
        }
    }
}

#[test]
fn only_diagnostic_uses_miette() {
    for (name, text) in sources() {
        if folder(&name) != Some("diagnostic") {
            assert!(!code(&name, &text).contains("miette"), "{name} uses miette");
        }
    }
}

#[test]
fn no_source_file_is_too_long_to_read() {
    for (name, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{name} has {lines} lines, at most {LONGEST} are wanted");
    }
}

#[test]
fn each_source_file_says_what_it_is() {
    for (name, text) in sources() {
        assert!(text.starts_with("//!"), "{name} does not begin with a `//!` line");
    }
}

#[test]
fn imports_are_read_in_each_form() {
    let code = "use crate::plan::Plan;\nuse crate::{Filter, check::{self, Test}, parse};\nuse crate::eval::{Row, text::x};\nfn f(_: crate::schema::Schema) {}";
    let mut found = uses(code);
    found.sort_unstable();
    assert_eq!(found, ["Filter", "check::", "eval::Row", "eval::text::x", "parse", "plan::Plan", "schema::Schema"]);
    assert_eq!(home("Filter"), "check::Filter");
    assert!(!may_use(&["eval::text"], "eval::Row"));
}
