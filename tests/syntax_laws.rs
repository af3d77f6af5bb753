//! Laws of the syntax over random trees and random texts.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

mod laws;

use cwql::syntax::{KEYWORDS, is_bare_word, is_plain_name};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Makes the random choices of spelling.
struct Speller {
    state: u64,
    text: String,
    /// What was written last cannot be followed by this without a blank.
    url: bool,
}

impl Speller {
    fn new(seed: u64) -> Self {
        let mut speller = Self { state: seed | 1, text: String::new(), url: false };
        if speller.below(8) == 0 {
            speller.text.push_str("# at the top\n");
        }
        speller
    }

    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % limit
    }

    fn one_of<'a>(&mut self, spellings: &[&'a str]) -> &'a str {
        spellings[self.below(spellings.len())]
    }

    /// Writes a token, with a blank or a comment before it where one is needed or by chance.
    fn token(&mut self, token: &str) {
        let (last, first) = (self.text.chars().next_back(), token.chars().next().unwrap());
        let word = |c: char| is_bare_word(&format!("a{c}"));
        let needed = last.is_some_and(|last| {
            let after_word = (word(last) || last == '`') && word(first);
            let after_url = self.url && !matches!(first, ',' | ')');
            after_word || after_url || (matches!(last, '.' | '`') && first == '`')
        });
        let gap = match self.below(24) {
            0..12 => " ",
            12..18 if !needed => "",
            12..18 => " ",
            18 => "\t",
            19 => "\n",
            20 => " \r\n  ",
            21 => "\u{A0}",
            22 => " # a comment\n",
            _ => "\n# one \"more (\n\t# and `another'\r\n",
        };
        self.text.push_str(gap);
        self.text.push_str(token);
        self.url = token.starts_with("http://") || token.starts_with("https://");
    }

    /// Writes a keyword in some case.
    fn keyword(&mut self, word: &str) {
        let spelled = match self.below(4) {
            0 => word.to_lowercase(),
            1 => word.chars().map(|c| if self.below(2) == 0 { c } else { c.to_ascii_lowercase() }).collect(),
            _ => word.to_owned(),
        };
        self.token(&spelled);
    }

    /// Writes one of several spellings, each of one or more tokens.
    fn spelled(&mut self, spellings: &[&str]) {
        for token in self.one_of(spellings).split(' ') {
            if token.starts_with(|c: char| c.is_ascii_alphabetic()) { self.keyword(token) } else { self.token(token) }
        }
    }

    fn tree(&mut self, tree: &Json) {
        let (kind, inner) = tree.as_object().unwrap().iter().next().unwrap();
        match kind.as_str() {
            "and" => self.chain(inner, &["AND", "AND", "&&"]),
            "or" => self.chain(inner, &["OR", "OR", "||"]),
            "not" => {
                self.spelled(&["NOT", "!"]);
                self.tree(inner);
            }
            "paren" => {
                self.token("(");
                self.tree(inner);
                self.token(")");
            }
            _ => self.condition(inner),
        }
    }

    fn chain(&mut self, operands: &Json, spellings: &[&str]) {
        for (i, operand) in operands.as_array().unwrap().iter().enumerate() {
            if i > 0 {
                self.spelled(spellings);
            }
            self.tree(operand);
        }
    }

    fn condition(&mut self, condition: &Json) {
        self.name(condition["name"].as_str().unwrap());
        let operator = condition["operator"].as_str().unwrap();
        match operator {
            "=" => self.spelled(&["=", "=="]),
            "!=" => self.spelled(&["!=", "<>"]),
            "CONTAINS" => self.spelled(&["CONTAINS", "~"]),
            "NOT CONTAINS" => self.spelled(&["NOT CONTAINS", "!~"]),
            "IS PRESENT" => self.spelled(&["IS PRESENT", "IS SET", "IS NOT MISSING", "IS NOT EMPTY", "IS NOT NULL"]),
            "IS MISSING" => self.spelled(&["IS MISSING", "IS EMPTY", "IS NULL", "IS NOT PRESENT", "IS NOT SET"]),
            other => self.spelled(&[other]),
        }
        let Some(values) = condition["values"].as_array() else { return };
        if operator.ends_with("IN") {
            self.token("(");
        }
        for (i, value) in values.iter().enumerate() {
            if i > 0 && operator.ends_with("BETWEEN") {
                self.spelled(&["AND", "&&"]);
            } else if i > 0 {
                self.token(",");
            }
            self.value(value);
        }
        if operator.ends_with("IN") {
            self.token(")");
        }
    }

    fn name(&mut self, name: &str) {
        let spelled = if is_plain_name(name) && self.below(4) > 0 {
            name.to_owned()
        } else {
            let prefix = ["contact.custom.", "custom."].into_iter().find(|prefix| name.starts_with(prefix));
            let prefix = prefix.filter(|_| self.below(2) == 0).unwrap_or("");
            format!("{prefix}`{}`", name[prefix.len()..].replace('`', "``"))
        };
        self.token(&spelled);
    }

    fn value(&mut self, value: &Json) {
        if let Some(word) = value.as_str() {
            self.token(word);
        } else if let Some(amount) = value.get("ago") {
            self.token(amount.as_str().unwrap());
            self.keyword("AGO");
        } else {
            let mark = if self.below(2) == 0 { '"' } else { '\'' };
            let mut spelled = String::from(mark);
            for c in value["quoted"].as_str().unwrap().chars() {
                match c {
                    '\n' => spelled.push_str("\\n"),
                    '\\' => spelled.push_str("\\\\"),
                    '"' | '\'' if c == mark || self.below(2) == 0 => spelled.extend(['\\', c]),
                    '\t' if self.below(2) == 0 => spelled.push_str("\\t"),
                    c if self.below(12) == 0 => spelled.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
                    c => spelled.push(c),
                }
            }
            spelled.push(mark);
            self.token(&spelled);
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    let key = || any::<String>().prop_map(|text| text.replace('\n', " "));
    prop_oneof![
        4 => "[a-z][a-z0-9_.-]{0,9}".prop_map(|text| text),
        1 => prop_oneof!["custom.[a-z]{1,5}", "contact\\.custom\\.[a-z]{1,5}", Just("custom.Signed up at".to_owned())],
        1 => prop_oneof![Just("größe".to_owned()), Just("優先度".to_owned()), Just("and".to_owned()), Just("older".to_owned())],
        1 => key(),
        1 => key().prop_map(|text| format!("custom.{text}")),
    ]
}

fn value() -> impl Strategy<Value = Json> {
    let words = prop_oneof![
        "[A-Za-z0-9@+:/._-]{1,9}",
        Just("7d".to_owned()),
        Just("ago".to_owned()),
        Just("older".to_owned()),
        "https?://[a-z./?=&'\"(<>|!]{0,9}",
        any::<String>(),
    ];
    let word = words.prop_filter("a bare word", |text| {
        let url = text.starts_with("http://") || text.starts_with("https://");
        url || is_bare_word(text)
    });
    prop_oneof![
        4 => word.clone().prop_map(|text| json!(text)),
        2 => any::<String>().prop_map(|text| json!({ "quoted": text })),
        1 => word.prop_map(|text| json!({ "ago": text })),
    ]
}

fn condition() -> impl Strategy<Value = Json> {
    let single = prop::sample::select(vec![
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "CONTAINS",
        "NOT CONTAINS",
        "STARTS WITH",
        "NOT STARTS WITH",
        "OLDER THAN",
    ]);
    let shape = prop_oneof![
        4 => (single, vec(value(), 1)),
        1 => (prop::sample::select(vec!["IN", "NOT IN"]), vec(value(), 1..5)),
        1 => (prop::sample::select(vec!["BETWEEN", "NOT BETWEEN"]), vec(value(), 2)),
        1 => (prop::sample::select(vec!["IS PRESENT", "IS MISSING"]), Just(Vec::new())),
    ];
    (name(), shape).prop_map(|(name, (operator, values))| {
        let mut condition = json!({ "name": name, "operator": operator });
        if !values.is_empty() {
            condition["values"] = json!(values);
        }
        json!({ "condition": condition })
    })
}

fn chain(kind: &'static str, operand: impl Strategy<Value = Json>) -> impl Strategy<Value = Json> {
    vec(operand, 1..4).prop_map(
        move |mut operands| {
            if operands.len() == 1 { operands.remove(0) } else { json!({ kind: operands }) }
        },
    )
}

fn expression(depth: u32) -> BoxedStrategy<Json> {
    let negation = if depth == 0 {
        condition().boxed()
    } else {
        prop_oneof![
            3 => condition(),
            1 => expression(depth - 1).prop_map(|inner| json!({ "paren": inner })),
            1 => condition().prop_map(|inner| json!({ "not": inner })),
            1 => expression(depth - 1).prop_map(|inner| json!({ "not": { "paren": inner } })),
            1 => expression(depth - 1).prop_map(|inner| json!({ "not": { "not": { "paren": { "paren": inner } } } })),
        ]
        .boxed()
    };
    chain("or", chain("and", negation)).boxed()
}

/// Pieces of queries, right and wrong, in any order.
fn soup() -> impl Strategy<Value = String> {
    let mut pieces: Vec<String> = KEYWORDS.iter().map(|(spelling, _)| (*spelling).to_owned()).collect();
    pieces.extend(cwql::syntax::SYMBOLS.iter().map(|(spelling, _)| (*spelling).to_owned()));
    let others = [
        "a",
        "open",
        "7d",
        "ago",
        "older",
        "than",
        "like",
        "to",
        ":",
        "a:",
        "a:b",
        ":b",
        "#c",
        "# c\n",
        "\"x\"",
        "'",
        "\"",
        "`n m`",
        "`",
        "“",
        "”",
        "‘y’",
        "\\",
        "\"\\q\"",
        "http://a.b/c",
        "custom.",
        "\n",
        "\r\n",
        "\t",
        "é",
        "\u{301}",
    ];
    pieces.extend(others.into_iter().map(str::to_owned));
    vec((prop::sample::select(pieces), prop::sample::select(vec!["", " ", " ", " "])), 0..24)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, gap)| piece + gap).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_spelling_of_a_tree_parses_to_it(tree in expression(2), seed in any::<u64>()) {
        let mut speller = Speller::new(seed);
        speller.tree(&tree);
        let parsed = cwql::parse(&speller.text);
        prop_assert!(parsed.is_valid(), "{:?}\n{}", speller.text, parsed.diagnostics());
        prop_assert_eq!(laws::tree(parsed.tree().unwrap(), &speller.text), tree, "{:?}", speller.text);
    }

    #[test]
    fn formatting_keeps_meaning_and_comments(tree in expression(3), seed in any::<u64>()) {
        let mut speller = Speller::new(seed);
        speller.tree(&tree);
        let parsed = cwql::parse(&speller.text);
        laws::spans_hold(&parsed);
        laws::format_holds(&parsed);
    }

    #[test]
    fn any_text_has_an_answer(text in any::<String>()) {
        let parsed = cwql::parse(&text);
        laws::spans_hold(&parsed);
        laws::format_holds(&parsed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_soup_has_an_answer(text in soup()) {
        let parsed = cwql::parse(&text);
        laws::spans_hold(&parsed);
        laws::format_holds(&parsed);
    }
}
