//! `cwql help language` as a user sees it: complete, and readable on a small screen.
#![cfg(feature = "cli")]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::allow_attributes,
        reason = "tests may fail"
    )
)]

mod program;

use cwql::schema::{CustomKind, LOCAL, STANDARD};
use cwql::syntax::{CONTEXTUAL, KEYWORDS};

fn run(args: &[&str]) -> (i32, String, String) {
    let output = program::command().args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_page_names_everything_of_the_tables() {
    let (code, page, problems) = run(&["help", "language"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    let words: Vec<&str> = page.split(|c: char| c.is_whitespace() || c == ',').collect();
    let mut names: Vec<&str> = KEYWORDS.iter().map(|(spelling, _)| *spelling).collect();
    names.extend(CONTEXTUAL);
    names.extend(STANDARD.iter().flat_map(|info| info.aliases.iter().copied().chain([info.key])));
    names.extend(LOCAL.iter().map(|info| info.name));
    names.extend(CustomKind::NAMES.iter().map(|(name, _)| *name));
    names.extend(["=", "==", "!=", "<>", "<", "<=", ">", ">=", "~", "!~", "&&", "||", "!", "@me", "none", "today"]);
    assert!(names.len() > 75);
    for name in names {
        assert!(words.iter().any(|word| word.trim_end_matches([':', ';', '.']) == name), "{name}");
    }
    for info in STANDARD {
        assert!(page.contains(info.about.split(' ').next().unwrap()), "{}", info.key);
        let versions = [
            Some(info.since.to_string()).filter(|_| info.since > STANDARD[0].since),
            info.until.map(|v| v.to_string()),
        ];
        for version in versions.into_iter().flatten() {
            assert!(page.contains(&version), "{}: {version}", info.key);
        }
    }
}

#[test]
fn the_page_fits_a_screen_of_eighty_columns_and_is_plain_in_a_pipe() {
    let (_, page, _) = run(&["help", "language"]);
    assert!(page.lines().all(|line| line.chars().count() <= 80));
    assert!(page.ends_with('\n') && !page.contains('\x1b'));
    let (_, colored, _) = run(&["help", "language", "--color", "always"]);
    assert!(colored.contains("\x1b[1mOPERATORS\x1b[0m"));
}

#[test]
fn help_knows_its_topics() {
    assert_eq!(run(&["help"]), run(&["--help"]));
    assert_eq!(run(&["help", "run"]), run(&["run", "--help"]));
    assert_eq!(run(&["help", "help"]), run(&["help", "--help"]));
    assert!(run(&["--help"]).1.contains("cwql help language"));
    let (code, out, problems) = run(&["help", "langauge"]);
    assert_eq!((code, out.as_str()), (4, ""));
    assert_eq!(problems, "cwql: there is no help on `langauge`\n  perhaps `language`\n");
    let (code, _, problems) = run(&["help", "teapot"]);
    assert!(code == 4 && problems.contains("the topics are run, count"), "{problems}");
}
