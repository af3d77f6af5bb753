//! Options of other tools, and conditions written as options: what is said of them in place of clap's guess.

use crate::schema::Schema;
use crate::syntax::{is_bare_value, quote};
use crate::{check, parse};

/// What other tools call something, and what it is here: an option of the same command, which is told where there
/// is one, or a sentence.
const CALLED: &[(&[&str], Here)] = &[
    (&["--json", "--raw"], Here::Option("--output", "json")),
    (&["--ndjson", "--jsonl", "--json-lines", "--jq"], Here::Option("--output", "ndjson")),
    (&["--csv", "--fields", "--columns"], Here::Option("--output", "csv")),
    (&["--ids", "--ids-only", "--only-ids"], Here::Option("--output", "ids")),
    (&["--table"], Here::Option("--output", "table")),
    (&["--format"], Here::Option("--output", "<FORMAT>")),
    (
        &["--max", "--top", "--head", "--first", "--take", "--max-results", "--max-count"],
        Here::Option("--limit", "<N>"),
    ),
    (&["--debug", "--trace"], Here::Option("--verbose", "")),
    (&["--silent"], Here::Option("--quiet", "")),
    (&["--host", "--server", "--endpoint", "--base-url", "--api-url", "--instance"], Here::Option("--url", "<URL>")),
    (
        &["--api-key", "--api-token", "--access-token", "--api-access-token", "--auth", "--password"],
        Here::Option("--token-file", "<FILE>"),
    ),
    (&["--input", "--from-file", "--stdin"], Here::Option("--data", "<FILE>")),
    (&["--timezone", "--time-zone"], Here::Option("--tz", "<ZONE>")),
    (&["--no-color", "--no-colour"], Here::Option("--color", "never")),
    (
        &["--count", "--total"],
        Here::Sentence(
            "--output",
            "a query's conversations are counted by: cwql count 'status = open'; those of the list by: cwql counts",
        ),
    ),
    (
        &["--page", "--pages", "--per-page", "--offset", "--all", "--paginate"],
        Here::Sentence("--limit", "every page is read; --limit <N> stops after so many conversations"),
    ),
    (
        &["--sort", "--order", "--order-by", "--sort-by", "--reverse"],
        Here::Sentence(
            "--output",
            "the latest activity comes first; other orders are those of: cwql list --sort <ORDER>",
        ),
    ),
    (
        &["--query", "--filter", "--where", "--expression"],
        Here::Sentence("--file", "the query is an argument by itself, as in: cwql 'status = open'"),
    ),
];

/// What something is called here.
enum Here {
    /// An option, and its value.
    Option(&'static str, &'static str),
    /// What is said where there is an option.
    Sentence(&'static str, &'static str),
}

/// What is said of an option that a command does not have, if it is known elsewhere or is an attribute's name; the
/// value is the one behind its `=`.
pub(super) fn said(all: &clap::Command, command: &clap::Command, option: &str, value: Option<&str>) -> Option<String> {
    let everywhere = || all.get_arguments().filter(|argument| argument.is_global_set());
    let has = |own: &str| {
        let long = own.strip_prefix("--");
        command.get_arguments().chain(everywhere()).any(|argument| argument.get_long() == long)
    };
    match CALLED.iter().find(|(names, _)| names.contains(&option)) {
        Some((_, Here::Option(own, value))) => {
            has(own).then(|| format!("it is called here {}", format!("{own} {value}").trim_end()))
        }
        Some((_, Here::Sentence(beside, sentence))) => has(beside).then(|| (*sentence).to_owned()),
        // They are one form themselves.
        None if matches!(option, "-o" | "--output") => match command.get_name() {
            "count" => Some("the number is printed alone".to_owned()),
            "explain" => Some("`cwql compile` prints the requests as JSON".to_owned()),
            "check" | "compile" | "fmt" => Some("what is wrong is printed as JSON by --error-format json".to_owned()),
            _ => None,
        },
        None if command.get_name() == "list" || has("--file") => condition(option, value)
            .map(|condition| format!("conditions stand in the query, as in: cwql '{condition}'")),
        None => None,
    }
}

/// The condition that an option is, if it has an attribute's name.
fn condition(option: &str, value: Option<&str>) -> Option<String> {
    let name = option.strip_prefix("--")?.replace('-', "_");
    let compiles = |text: &str| check(&parse(text), &Schema::default()).is_ok();
    if !compiles(&format!("{name} IS PRESENT")) {
        return None;
    }
    // It may be one of those that are shown to nobody.
    let is_secret = ["token", "password", "secret", "key"].iter().any(|word| name.contains(word));
    let written = value.filter(|value| !is_secret && !value.contains('\'')).map(|value| {
        let value = if is_bare_value(value) { value.to_owned() } else { quote(value) };
        format!("{name} = {value}")
    });
    Some(written.filter(|text| compiles(text)).unwrap_or_else(|| format!("{name} = …")))
}

#[cfg(test)]
mod tests {
    use super::super::line::command;
    use super::*;

    #[test]
    fn what_is_told_is_there_and_what_it_replaces_is_not() {
        let all = command();
        let named = |long: &str| all.get_arguments().any(|argument| argument.get_long() == long.strip_prefix("--"));
        let mut seen = std::collections::BTreeSet::new();
        for (names, here) in CALLED {
            for name in *names {
                assert!(!named(name) && seen.insert(name), "{name}");
                assert!(said(&all, &all, name, None).is_some(), "{name}");
                assert_eq!(condition(name, None), None, "{name} is an attribute");
            }
            if let Here::Option(own, value) = here {
                let mut line = vec!["cwql", own];
                let example = match *value {
                    "<N>" => "5",
                    "<ZONE>" => "UTC",
                    "<FORMAT>" => "csv",
                    "<FILE>" => "file",
                    "<URL>" => "https://chatwoot.example",
                    other => other,
                };
                line.extend(Some(example).filter(|value| !value.is_empty()));
                line.push("status = open");
                assert!(all.clone().try_get_matches_from(&line).is_ok(), "{line:?}");
            }
        }
        assert_eq!(seen.len(), 60);
    }

    #[test]
    fn conditions_are_written_as_the_query_has_them() {
        for (option, value, expected) in [
            ("--status", Some("open"), Some("status = open")),
            ("--label", Some("two words"), Some("label = \"two words\"")),
            ("--created-at", Some("2026-06-01"), Some("created_at = 2026-06-01")),
            ("--created-at", Some("soon"), Some("created_at = …")),
            ("--browser-language", None, Some("browser_language = …")),
            ("--status", Some("opne"), Some("status = …")),
            ("--label", Some("it's"), Some("label = …")),
            ("--custom.api-token", Some("s3cret"), Some("custom.api_token = …")),
            ("--nothing", Some("1"), None),
            ("-s", Some("1"), None),
        ] {
            assert_eq!(condition(option, value).as_deref(), expected, "{option} {value:?}");
        }
        let all = command();
        let compile = all.find_subcommand("compile").unwrap();
        assert_eq!(said(&all, compile, "--json", None), None, "it has no --output");
        let fields = all.find_subcommand("fields").unwrap();
        assert_eq!(["--sort", "--status"].map(|option| said(&all, fields, option, None)), [None, None]);
        let count = all.find_subcommand("count").unwrap();
        assert_eq!(said(&all, count, "--all", None), None, "it has no --limit");
        assert_eq!(said(&all, compile, "--debug", None).as_deref(), Some("it is called here --verbose"));
    }
}
