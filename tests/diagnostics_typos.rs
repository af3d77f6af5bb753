//! One typing mistake is one error, at the place of the mistake: valid queries with every kind of slip.
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

mod laws;
mod support;

use std::collections::BTreeMap;
use std::ops::Range;

use cwql::syntax::lex;
use cwql::{Diagnostic, Query, Severity};

/// Queries as people write them.
const QUERIES: &[&str] = &[
    "status = open",
    "status = pending AND browser_language != en",
    "status IN (open, pending) AND assignee IS MISSING",
    "status = open AND (team = Sales OR team = Support) AND NOT label = vip",
    "label NOT IN (spam, \"auto reply\") OR priority >= high",
    "created_at BETWEEN 2026-06-01 AND 2026-06-30 AND inbox = \"Web Widget\"",
    "last_activity_at < -7d AND status <> resolved",
    "created_at OLDER THAN 7d OR snoozed_until > now-90m",
    "contact.email ~ \"@acme.com\" AND unread_count > 0",
    "NOT (status = resolved OR status = snoozed)",
    "referer STARTS WITH https://acme.com/pricing AND custom.tier IS NOT PRESENT",
    "custom.`Signed up at` > 2026-01-01 AND `and` = 1",
    "assignee = @me AND last_activity_at < 2w ago",
    "!(team IN (1, 2, 3)) && contact.city NOT CONTAINS berlin || id = 42",
    "(a = 1 OR b = 2) AND (c = 3 OR NOT d = 4)",
];

/// What is typed in the place of a token.
const TOKENS: &[&str] =
    &["=", "!=", "AND", "OR", "NOT", "(", ")", ",", "IN", "IS", "BETWEEN", "CONTAINS", "open", "\"x y\"", "`n m`", "<"];

/// What is typed in the place of a character, and between two.
const CHARACTERS: &str = "a0 .:/#@\\\n\"'`()=<!&,";

/// A query with one typing mistake.
struct Typo {
    kind: &'static str,
    text: String,
    /// Where it is; empty where something was left out.
    place: Range<usize>,
}

impl Typo {
    /// `old` of the query becomes `new`.
    fn new(kind: &'static str, query: &str, old: Range<usize>, new: &str) -> Self {
        let text = format!("{}{new}{}", &query[..old.start], &query[old.end..]);
        Self { kind, text, place: old.start..old.start + new.len() }
    }
}

/// Each token left out, typed twice, or another in its place.
fn token_typos(query: &str) -> Vec<Typo> {
    let mut typos = Vec::new();
    for token in lex(query).tokens {
        let (place, spelled) = (token.span.start as usize..token.span.end as usize, token.span.of(query));
        typos.push(Typo::new("token deleted", query, place.clone(), ""));
        let again = format!(" {spelled}");
        typos.push(Typo::new("token doubled", query, place.end..place.end, &again));
        typos.extend(TOKENS.iter().map(|other| Typo::new("token replaced", query, place.clone(), other)));
    }
    typos
}

/// Each character left out, typed twice, another in its place, another before it, or the next one first.
fn character_typos(query: &str) -> Vec<Typo> {
    let mut typos = Vec::new();
    let mut chars = query.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let place = start..start + c.len_utf8();
        typos.push(Typo::new("character deleted", query, place.clone(), ""));
        typos.push(Typo::new("character inserted", query, place.end..place.end, &c.to_string()));
        for other in CHARACTERS.chars().filter(|&other| other != c) {
            typos.push(Typo::new("character replaced", query, place.clone(), &other.to_string()));
            typos.push(Typo::new("character inserted", query, start..start, &other.to_string()));
        }
        if let Some(&(at, next)) = chars.peek()
            && next != c
        {
            let swapped = format!("{next}{c}");
            typos.push(Typo::new("characters transposed", query, start..at + next.len_utf8(), &swapped));
        }
    }
    typos
}

/// Whether an error underlines the token of the mistake, or the one before or behind it.
fn is_near(error: &Diagnostic, typo: &Typo) -> bool {
    let tokens = lex(&typo.text).tokens;
    let (first, last) = (
        tokens.partition_point(|token| (token.span.end as usize) < typo.place.start),
        tokens.partition_point(|token| token.span.start as usize <= typo.place.end),
    );
    let from = first.checked_sub(1).map_or(0, |at| tokens[at].span.start as usize);
    let to = tokens.get(last).map_or(typo.text.len(), |token| token.span.end as usize);
    let span = error.span();
    from <= span.end as usize && span.start as usize <= to
}

/// How many mistakes of a kind there were, how many of them gave one error, and how many that one nearby.
#[derive(Default)]
struct Tally {
    wrong: usize,
    one: usize,
    near: usize,
}

impl Tally {
    fn add(&mut self, typo: &Typo, errors: &[&Diagnostic]) {
        self.wrong += 1;
        let (one, near) = (errors.len() == 1, is_near(errors[0], typo));
        self.one += usize::from(one);
        self.near += usize::from(one && near);
        if !(one && near) && std::env::var_os("CWQL_SHOW_CASCADES").is_some() {
            println!("{}: {}", typo.kind, typo.text);
            errors
                .iter()
                .for_each(|error| println!("    {:?} {} {}", error.span().of(&typo.text), error.code, error.message));
        }
    }
}

/// Counts the errors of each typo; those that are no mistake are left out.
fn tally(typos: impl Iterator<Item = Typo>, errors: impl Fn(&str) -> Vec<Diagnostic>) -> BTreeMap<&'static str, Tally> {
    let (mut tallies, mut right) = (BTreeMap::<_, Tally>::new(), 0);
    for typo in typos {
        let errors = errors(&typo.text);
        let errors: Vec<&Diagnostic> = errors.iter().filter(|error| error.severity() == Severity::Error).collect();
        if errors.is_empty() {
            right += 1;
        } else {
            tallies.entry(typo.kind).or_default().add(&typo, &errors);
        }
    }
    let mut all = Tally::default();
    for tally in tallies.values() {
        (all.wrong, all.one, all.near) = (all.wrong + tally.wrong, all.one + tally.one, all.near + tally.near);
    }
    tallies.insert("all", all);
    println!("{right} are no mistake");
    for (kind, tally) in &tallies {
        let percent = |part: usize| 100.0 * part as f64 / tally.wrong as f64;
        let (one, near) = (percent(tally.one), percent(tally.near));
        println!("{kind}: {} mistakes, {one:.1} % with one error, {near:.1} % with that one at the place", tally.wrong);
    }
    tallies
}

/// At least nine mistakes in ten give one error at their place. A parenthesis without partner is told of where that one
/// stands, which may be far: no kind of mistake falls behind by more than that.
fn assert_one_error(tallies: &BTreeMap<&'static str, Tally>, at_least: usize) {
    for (kind, tally) in tallies {
        let (one, near) = if *kind == "all" { (90, 90) } else { (90, 85) };
        assert!(tally.one * 100 >= tally.wrong * one, "{kind}: {} of {} are one error", tally.one, tally.wrong);
        assert!(tally.near * 100 >= tally.wrong * near, "{kind}: {} of {} at the place", tally.near, tally.wrong);
    }
    assert!(tallies["all"].wrong >= at_least, "only {} mistakes", tallies["all"].wrong);
}

/// What the parser says, with its laws checked on the way.
fn of_the_parser(text: &str) -> Vec<Diagnostic> {
    let parsed = cwql::parse(text);
    laws::spans_hold(&parsed);
    laws::format_holds(&parsed);
    laws::fixes_hold(&parsed);
    parsed.diagnostics().iter().cloned().collect()
}

#[test]
fn a_mistaken_token_is_one_error_of_the_parser() {
    assert!(QUERIES.iter().all(|query| cwql::parse(query).is_valid()));
    let tallies = tally(QUERIES.iter().flat_map(|query| token_typos(query)), of_the_parser);
    assert_one_error(&tallies, 2_400);
}

#[test]
fn a_mistaken_character_is_one_error_of_the_parser() {
    let tallies = tally(QUERIES.iter().flat_map(|query| character_typos(query)), of_the_parser);
    assert_one_error(&tallies, 8_000);
}

/// Takes about one in `share`, always the same ones.
fn some(share: u64) -> impl FnMut(&Typo) -> bool {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    move |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33).is_multiple_of(share)
    }
}

#[test]
fn a_mistake_in_a_recorded_query_is_one_error() {
    let schema = support::schema();
    let errors = |text: &str| match Query::new(text, &schema) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().cloned().collect(),
    };
    let queries = support::lines("queries.ndjson");
    let texts = || queries.iter().map(|line| line["query"].as_str().unwrap());
    let tokens = texts().flat_map(token_typos).filter(some(80));
    let characters = texts().flat_map(character_typos).filter(some(800));
    assert_one_error(&tally(tokens.chain(characters), errors), 8_000);
}

/// Errors of a text, those of the parser and of the account's names and values.
fn errors_of(text: &str, schema: &cwql::Schema) -> Vec<Diagnostic> {
    let Err(problems) = Query::new(text, schema) else { return Vec::new() };
    problems.iter().filter(|told| told.severity() == Severity::Error).cloned().collect()
}

/// The correction of a mistake is no other mistake: it leaves fewer of them, and who follows one correction after another
/// comes to an end.
#[test]
fn a_correction_leaves_fewer_errors() {
    let schema = support::schema();
    let queries = support::lines("queries.ndjson");
    let texts = || queries.iter().map(|line| line["query"].as_str().unwrap());
    let tokens = texts().flat_map(token_typos).filter(some(160));
    let characters = texts().flat_map(character_typos).filter(some(1_600));
    let (mut made, mut fewer) = (0, 0);
    for typo in tokens.chain(characters) {
        let mut errors = errors_of(&typo.text, &schema);
        for error in &errors {
            let Some(after) = laws::fixed(&typo.text, error) else { continue };
            made += 1;
            let left = errors_of(&after, &schema).len();
            fewer += usize::from(left < errors.len());
            if left >= errors.len() && std::env::var_os("CWQL_SHOW_CASCADES").is_some() {
                println!("{}\n    {} -> {after} ({left})", typo.text, error.code);
            }
        }
        let mut chain = vec![typo.text.clone()];
        while let Some(after) = errors.iter().find_map(|error| laws::fixed(chain.last()?, error)) {
            assert!(!chain.contains(&after), "{chain:#?} comes back to {after}");
            assert!(chain.len() < 12, "{chain:#?} has no end");
            errors = errors_of(&after, &schema);
            chain.push(after);
        }
    }
    println!("{fewer} of {made} corrections leave fewer errors");
    assert!(made >= 2_900, "only {made} corrections");
    assert!(fewer * 100 >= made * 98, "{} of {made} corrections leave as many errors", made - fewer);
}
