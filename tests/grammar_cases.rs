//! Runs the cases of `grammar/cases`, and checks the laws of the syntax on each of them.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

mod laws;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cwql::{Code, Diagnostic, LineIndex};
use serde::Deserialize;
use serde_json::Value as Json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<Case> {
    about: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Valid {
    #[serde(default)]
    note: Option<String>,
    input: String,
    canonical: String,
    tree: Json,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Invalid {
    #[serde(default)]
    note: Option<String>,
    input: String,
    diagnostics: Vec<Expected>,
    #[serde(default)]
    tree: Option<Json>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Expected {
    code: String,
    underlined: String,
    line: u32,
    column: u32,
    /// What the help line says; not compared where the case does not have it.
    #[serde(default)]
    help: Option<String>,
    /// The whole text after the correction that is offered; not compared where the case does not have it.
    #[serde(default)]
    mended: Option<String>,
}

impl Expected {
    fn of(diagnostic: &Diagnostic, input: &str, like: Option<&Self>) -> Self {
        let place = LineIndex::new(input).position(diagnostic.span().start);
        let mended = diagnostic.fix.as_ref().map(|fix| {
            let (start, end) = (fix.span.start as usize, fix.span.end as usize);
            format!("{}{}{}", &input[..start], fix.replacement, &input[end..])
        });
        Self {
            code: diagnostic.code.to_string(),
            underlined: diagnostic.span().of(input).to_owned(),
            line: place.line,
            column: place.column,
            help: diagnostic.help.clone().filter(|_| like.is_none_or(|like| like.help.is_some())),
            mended: mended.filter(|_| like.is_none_or(|like| like.mended.is_some())),
        }
    }
}

/// Every case of a folder, with its file's name.
fn cases<Case: for<'de> Deserialize<'de>>(folder: &str) -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/cases").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file: File<Case> = serde_json::from_str(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(!file.about.is_empty(), "{name} does not say what it is about");
        cases.extend(file.cases.into_iter().map(|case| (name.clone(), case)));
    }
    cases
}

/// Panics with all the differences at once.
fn report(differences: &[String]) {
    assert!(differences.is_empty(), "{} cases differ:\n\n{}", differences.len(), differences.join("\n\n"));
}

#[test]
fn valid_texts_have_their_tree_and_their_canonical_form() {
    let (mut compared, mut differences) = (0, Vec::new());
    for (file, case) in cases::<Valid>("valid") {
        compared += 1;
        let parsed = cwql::parse(&case.input);
        let tree = parsed.tree().map(|tree| laws::tree(tree, &case.input));
        let canonical = cwql::format(&parsed);
        if !parsed.is_valid() {
            differences.push(format!("{file}: {:?}\n{}", case.input, parsed.diagnostics()));
        } else if tree.as_ref() != Some(&case.tree) {
            differences.push(format!("{file}: {:?}\nexpected {}\nfound    {}", case.input, case.tree, tree.unwrap()));
        } else if canonical.as_deref() != Some(&case.canonical) {
            differences.push(format!(
                "{file}: {:?}\nexpected {:?}\nfound    {:?}",
                case.input,
                case.canonical,
                canonical.unwrap_or_default()
            ));
        }
        assert!(case.note.is_none_or(|note| note.ends_with('.')), "{file}: a note is a sentence");
    }
    report(&differences);
    assert!(compared >= 210, "only {compared} cases");
}

#[test]
fn invalid_texts_have_their_diagnostics() {
    let (mut compared, mut trees, mut helps, mut mends, mut differences) = (0, 0, 0, 0, Vec::new());
    for (file, case) in cases::<Invalid>("invalid") {
        compared += 1;
        let parsed = cwql::parse(&case.input);
        let diagnostics = parsed.diagnostics();
        let found = diagnostics.iter().enumerate();
        let found: Vec<Expected> =
            found.map(|(i, one)| Expected::of(one, &case.input, case.diagnostics.get(i))).collect();
        helps += case.diagnostics.iter().filter(|expected| expected.help.is_some()).count();
        for mended in case.diagnostics.iter().filter_map(|expected| expected.mended.as_ref()) {
            mends += 1;
            assert!(cwql::parse(mended).is_valid(), "{file}: {mended:?}");
        }
        assert!(!case.diagnostics.is_empty(), "{file}: {:?} expects nothing", case.input);
        if found != case.diagnostics {
            differences.push(format!("{file}: {:?}\nexpected {:?}\nfound    {found:?}", case.input, case.diagnostics));
        }
        if let Some(expected) = case.tree {
            trees += 1;
            let tree = parsed.tree().map(|tree| laws::tree(tree, &case.input));
            if tree.as_ref() != Some(&expected) {
                differences.push(format!("{file}: {:?}\nexpected {expected}\nfound    {tree:?}", case.input));
            }
        }
        assert!(cwql::format(&parsed).is_none(), "{file}: {:?} is formatted", case.input);
        assert!(case.note.is_none_or(|note| note.ends_with('.')), "{file}: a note is a sentence");
    }
    report(&differences);
    assert!(compared >= 270, "only {compared} cases");
    assert!(trees >= 120, "only {trees} trees");
    assert!(helps >= 20 && mends >= 120, "only {helps} help lines and {mends} mended texts");
}

#[test]
fn the_laws_hold_for_every_case() {
    let mut inputs: Vec<String> = cases::<Valid>("valid").into_iter().map(|(_, case)| case.input).collect();
    inputs.extend(cases::<Invalid>("invalid").into_iter().map(|(_, case)| case.input));
    for input in &inputs {
        let parsed = cwql::parse(input);
        laws::spans_hold(&parsed);
        laws::format_holds(&parsed);
        laws::fixes_hold(&parsed);
    }
    assert!(inputs.len() >= 480, "only {} cases", inputs.len());
}

#[test]
fn every_code_of_the_syntax_has_a_case() {
    let used: BTreeSet<String> = cases::<Invalid>("invalid")
        .into_iter()
        .flat_map(|(_, case)| case.diagnostics.into_iter().map(|expected| expected.code))
        .collect();
    // These need texts that are too long for a file of cases; tests/limits.rs has them.
    let elsewhere = [Code::QueryTooLarge, Code::TooManyConditions, Code::TooManyErrors];
    let syntax = Code::ALL.iter().copied().take_while(|&code| code != Code::UnknownAttribute);
    for code in syntax.filter(|code| !elsewhere.contains(code)) {
        assert!(used.contains(code.as_str()), "{code}");
    }
}
