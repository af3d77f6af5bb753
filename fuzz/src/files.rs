//! The laws of the files that the program keeps.

use cwql::cli::{Known, config};
use cwql::schema::Account;

/// The keys that say where the token is: one of them replaces the others.
const TOKENS: [&str; 3] = ["token", "token_file", "keyring"];

/// A token that no other part of an input looks like.
const SECRET: &str = "s3cR3t-0123456789";

/// The first line is a change (`profile key value`), what follows is a configuration file. Any text is one or is
/// refused at a place in it. A change changes what it says and nothing else, and can be taken back.
pub fn configuration(data: &[u8]) {
    let input = String::from_utf8_lossy(data);
    let (change, text) = input.split_once('\n').unwrap_or((&input, ""));
    let mut words = change.splitn(3, ' ');
    let (profile, key, value) = (words.next().unwrap(), words.next().unwrap_or(""), words.next().unwrap_or(""));
    let before = match config::values(text) {
        Ok(values) => values,
        Err(message) => return has_a_place(&message, text),
    };
    token_stays_hidden(text, data.len());
    let present = before.keys().any(|(of, name)| of == profile && *name == key);
    let removed = config::unset(text, profile, key).unwrap();
    assert_eq!(removed.is_some(), present, "{profile:?} {key:?}");
    // Whether a value can be set is a matter of the key, not of the file.
    let Ok(alone) = config::set("", profile, key, value) else {
        assert!(config::set(text, profile, key, value).is_err(), "{key:?} {value:?}");
        return;
    };
    let changed = config::set(text, profile, key, value).unwrap();
    let mut expected = before.clone();
    expected.retain(|(of, name), _| !(of == profile && TOKENS.contains(&key) && TOKENS.contains(name)));
    expected.extend(config::values(&alone).unwrap());
    assert_eq!(config::values(&changed).as_ref(), Ok(&expected), "{changed}");
    assert_eq!(config::set(&changed, profile, key, value).as_ref(), Ok(&changed));
    if !TOKENS.contains(&key) && !text.contains("'''") && !text.contains("\"\"\"") {
        // A byte order mark in front of the first line is not written again.
        let comments = |text: &str| {
            let lines = text.trim_start_matches('\u{feff}').lines();
            lines.filter(|line| line.trim_start().starts_with('#')).count()
        };
        assert_eq!(comments(&changed), comments(text), "{changed}");
    }
    let back = config::unset(&changed, profile, key).unwrap().unwrap();
    expected.retain(|(of, name), _| !(of == profile && *name == key));
    assert_eq!(config::values(&back), Ok(expected), "{back}");
}

/// A message begins with a line and a column that the text has.
fn has_a_place(message: &str, text: &str) {
    let place = message.strip_prefix("config.toml:").and_then(|rest| rest.split_once(": ")).unwrap().0;
    let (line, column) = place.split_once(':').unwrap();
    let (line, column): (usize, usize) = (line.parse().unwrap(), column.parse().unwrap());
    let shown = text.split('\n').nth(line - 1).unwrap_or_else(|| panic!("no line {line}: {message}"));
    assert!((1..=shown.chars().count() + 1).contains(&column), "no column {column}: {message}");
}

/// One character too many or too few in the line of a token: the token is in no message.
fn token_stays_hidden(text: &str, choice: usize) {
    let line = format!("token = \"{SECRET}\"");
    let profile = "[profile.\"of the fuzzer\"]\n";
    let at = choice % line.len();
    for mutant in [
        format!("{}{}", &line[..at], &line[at + 1..]),
        format!("{}\"{}", &line[..at], &line[at..]),
        format!("{}={}", &line[..at], &line[at..]),
        format!("{}[{}", &line[..at], &line[at..]),
        format!("{}\\{}", &line[..at], &line[at..]),
        format!("{line}\n{line}"),
    ] {
        if let Err(message) = config::values(&format!("{text}\n{profile}{mutant}\n")) {
            // The name of a key that nobody knows is told; a token in its place is not recognised as one.
            let as_key = mutant.split('=').next().is_some_and(|key| key.contains(SECRET));
            assert!(as_key || !message.contains(SECRET), "{mutant}: {message}");
        }
    }
}

/// Any bytes are an account's kept names or are of no use; what was read is written as it was. An account's file is
/// read the same from a cache.
pub fn kept_names(data: &[u8]) {
    let (url, account_id) = ("https://chat.example.com", 7);
    let read = |bytes: &[u8]| Known::decode(bytes, url, account_id);
    if let Ok(known) = read(data) {
        let bytes = known.encode(url, account_id).unwrap();
        assert_eq!(read(&bytes).as_ref(), Ok(&known));
        assert!(Known::decode(&bytes, url, 8).is_err() && Known::decode(&bytes, "https://b", account_id).is_err());
    }
    if let Ok(account) = Account::from_json(data) {
        // A mark that a file begins with is none within another text.
        let file = std::str::from_utf8(data).unwrap().trim_start_matches('\u{feff}');
        let fetched_at = super::NOW;
        let stored = format!(
            r#"{{"format":1,"url":"{url}","account_id":{account_id},"fetched_at":"{fetched_at}","account":{file}}}"#
        );
        assert_eq!(read(stored.as_bytes()).map(|known| known.account), Ok(account));
    }
}
