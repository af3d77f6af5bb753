//! Holds the parser against `grammar/cwql.ebnf` in both directions: what the file derives the parser accepts, and what
//! the parser accepts an Earley parser made from the file accepts.
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

mod grammar;
mod laws;
mod support;

use std::fs;
use std::path::Path;

use cwql::Code;
use grammar::ebnf::Ebnf;
use grammar::sentences::Sentences;
use grammar::syntactic::Recogniser;
use grammar::tokens::Lexical;
use serde_json::Value;

/// Sentences of one run.
const SENTENCES: usize = 20_000;

/// Limits that the grammar states in words.
const LIMITS: &[Code] = &[Code::TooDeep, Code::TooManyConditions, Code::QueryTooLarge];

#[test]
fn every_sentence_of_the_grammar_is_accepted() {
    let ebnf = Ebnf::read();
    let lexical = Lexical::new(&ebnf);
    let recogniser = Recogniser::new(&ebnf, &lexical);
    let mut sentences = Sentences::new(&ebnf, &lexical, 0x5EED_CAFE);
    let (mut longest, mut tokens_in_all) = (0, 0);
    for i in 0..SENTENCES {
        let (text, tokens) = sentences.sentence();
        assert_eq!(lexical.tokens(&text).as_ref(), Some(&tokens), "{text:?}");
        let parsed = cwql::parse(&text);
        assert!(parsed.is_valid(), "{text:?}\n{}", parsed.diagnostics());
        assert_eq!(parsed.tokens().len(), tokens.len(), "{text:?}");
        laws::spans_hold(&parsed);
        laws::format_holds(&parsed);
        if i % 50 == 0 {
            assert!(recogniser.accepts(&text), "{text:?}");
        }
        longest = longest.max(tokens.len());
        tokens_in_all += tokens.len();
    }
    let all = sentences.choices();
    let missed: Vec<_> = all.iter().filter(|choice| !sentences.taken.contains_key(*choice)).collect();
    println!(
        "{SENTENCES} sentences, {tokens_in_all} tokens, the longest {longest}; {} productions, {} ways taken",
        ebnf.productions.len(),
        all.len()
    );
    assert!(missed.is_empty(), "never taken: {missed:?}");
    assert!(sentences.taken.keys().all(|choice| all.contains(choice)));
    assert!(all.len() >= 150, "only {} ways", all.len());
    assert!(longest >= 60, "the longest sentence has {longest} tokens");
}

/// Every text of a folder of cases.
fn cases(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/cases").join(folder);
    let mut texts = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let file: Value = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
        texts.extend(file["cases"].as_array().unwrap().iter().map(|case| case["input"].as_str().unwrap().to_owned()));
    }
    texts
}

/// Every input of the fuzz targets that read a query, and each line of it.
fn corpora() -> Vec<String> {
    let mut texts = Vec::new();
    for target in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus")).unwrap() {
        for input in fs::read_dir(target.unwrap().path()).unwrap() {
            let text = String::from_utf8_lossy(&fs::read(input.unwrap().path()).unwrap()).into_owned();
            texts.extend(text.lines().map(str::to_owned));
            texts.push(text);
        }
    }
    texts
}

/// Whether the parser accepts a text, not counting the limits.
fn parses(text: &str) -> bool {
    cwql::parse(text).diagnostics().iter().all(|problem| LIMITS.contains(&problem.code))
}

/// How many of the texts both accept, and how many both refuse; panics with those on which they differ.
fn compare(texts: impl IntoIterator<Item = String>) -> (usize, usize) {
    let ebnf = Ebnf::read();
    let lexical = Lexical::new(&ebnf);
    let recogniser = Recogniser::new(&ebnf, &lexical);
    let (mut right, mut wrong, mut differ) = (0, 0, Vec::new());
    for text in texts {
        match (parses(&text), recogniser.accepts(&text)) {
            (true, true) => right += 1,
            (false, false) => wrong += 1,
            (parser, _) => {
                differ.push(format!("{text:?}: {}", if parser { "the parser alone" } else { "the grammar alone" }))
            }
        }
    }
    println!("{right} accepted by both, {wrong} refused by both");
    assert!(differ.is_empty(), "{} are accepted by one only:\n{}", differ.len(), differ.join("\n"));
    (right, wrong)
}

#[test]
fn the_grammar_accepts_the_valid_cases_and_refuses_the_others() {
    assert!(compare(cases("valid")).0 >= 217);
    assert!(compare(cases("invalid")).1 >= 285);
}

#[test]
fn the_grammar_accepts_every_recorded_query() {
    let queries = support::lines("queries.ndjson").into_iter().map(|line| line["query"].as_str().unwrap().to_owned());
    assert_eq!(compare(queries), (1600, 0));
}

#[test]
fn the_grammar_and_the_parser_agree_on_the_fuzz_corpora() {
    let (right, wrong) = compare(corpora());
    assert!(right >= 45 && wrong >= 150, "{right} and {wrong}");
}

#[test]
fn the_grammar_and_the_parser_agree_on_recorded_queries_with_a_token_less_or_twice() {
    let mut texts = Vec::new();
    for (i, line) in support::lines("queries.ndjson").iter().enumerate() {
        let query = line["query"].as_str().unwrap();
        let tokens = cwql::syntax::lex(query).tokens;
        let span = tokens[i % tokens.len()].span;
        let (before, token, after) = (&query[..span.start as usize], span.of(query), &query[span.end as usize..]);
        texts.push(format!("{before}{after}"));
        texts.push(format!("{before}{token}{token}{after}"));
    }
    let (right, wrong) = compare(texts);
    assert!(right >= 700 && wrong >= 2_000, "{right} and {wrong}");
}
