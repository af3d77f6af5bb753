//! Holds `grammar/cwql.ebnf` against the token tables and the character classes of the program.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

use std::collections::{BTreeMap, BTreeSet};

use cwql::syntax::{CONTEXTUAL, KEYWORDS, SYMBOLS, Symbol, TokenKind, is_plain_name, lex};

const GRAMMAR: &str = include_str!("../grammar/cwql.ebnf");

/// Symbols that are read only in order to say what was meant.
const MISTAKES: &[Symbol] = &[
    Symbol::ReversedGreater,
    Symbol::ReversedLess,
    Symbol::Match,
    Symbol::TripleEqual,
    Symbol::NotDoubleEqual,
    Symbol::Ampersand,
    Symbol::Bar,
];

/// Terminals inside of tokens.
const LEXICAL: &[&str] = &["http://", "https://", ".", "`", "``", "\"", "'", "\\", "n", "t", "u{", "}", "#"];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Name(String),
    Terminal(String),
    Class(String),
    Sign(char),
}

/// The pieces of the file, comments left out.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (piece, after) = if let Some(comment) = rest.strip_prefix("(*") {
            (None, comment.split_once("*)").expect("a comment is closed").1)
        } else if first == '"' || first == '\'' {
            let (inside, after) = rest[1..].split_once(first).expect("a terminal is closed");
            assert!(!inside.is_empty() && !inside.contains('\n'), "terminal {inside:?}");
            (Some(Piece::Terminal(inside.to_owned())), after)
        } else if first == '?' {
            let (inside, after) = rest[1..].split_once(" ?").expect("a class is closed");
            (Some(Piece::Class(inside.trim().to_owned())), after)
        } else if first.is_ascii_lowercase() {
            let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
            (Some(Piece::Name(rest[..end].to_owned())), &rest[end..])
        } else {
            assert!("=;|[]{}()".contains(first), "sign {first:?}");
            (Some(Piece::Sign(first)), &rest[1..])
        };
        pieces.extend(piece);
        rest = after.trim_start();
    }
    pieces
}

fn productions() -> BTreeMap<String, Vec<Piece>> {
    let mut productions = BTreeMap::new();
    for production in pieces(GRAMMAR).split(|piece| *piece == Piece::Sign(';')).filter(|pieces| !pieces.is_empty()) {
        let [Piece::Name(name), Piece::Sign('='), body @ ..] = production else {
            panic!("no production: {production:?}");
        };
        assert!(!body.is_empty(), "{name} is empty");
        assert!(productions.insert(name.clone(), body.to_vec()).is_none(), "{name} is defined twice");
    }
    productions
}

fn terminals(pieces: &[Piece]) -> BTreeSet<String> {
    pieces.iter().filter_map(|p| if let Piece::Terminal(text) = p { Some(text.clone()) } else { None }).collect()
}

/// A class of code points and ranges: `U+0009..U+000D, U+0020`.
struct Class(Vec<std::ops::RangeInclusive<u32>>);

impl Class {
    fn of(name: &str) -> Self {
        let productions = productions();
        let Some([Piece::Class(text)]) = productions.get(name).map(Vec::as_slice) else { panic!("{name} is no class") };
        let number = |text: &str| u32::from_str_radix(text.strip_prefix("U+").unwrap(), 16).unwrap();
        let range = |item: &str| {
            let (from, to) = item.split_once("..").unwrap_or((item, item));
            number(from)..=number(to)
        };
        Self(text.split(", ").map(range).collect())
    }

    fn has(&self, c: char) -> bool {
        self.0.iter().any(|range| range.contains(&u32::from(c)))
    }
}

/// What no word holds, besides blanks.
const SIGNS: &str = "(),\"'`=!<>~&|";

fn every_char() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

#[test]
fn every_name_is_defined_and_used() {
    let productions = productions();
    let used: BTreeSet<&str> = productions
        .values()
        .flatten()
        .filter_map(|p| if let Piece::Name(name) = p { Some(name.as_str()) } else { None })
        .collect();
    for name in &used {
        assert!(productions.contains_key(*name), "{name} is not defined");
    }
    // The beginning, what stands between tokens, and classes that other classes name.
    let roots = ["query", "gap", "typographic_mark", "letter", "mark"];
    for name in productions.keys() {
        assert!(used.contains(name.as_str()) || roots.contains(&name.as_str()), "{name} is not used");
    }
}

#[test]
fn brackets_are_balanced() {
    for (name, body) in productions() {
        let mut open = Vec::new();
        for piece in body {
            match piece {
                Piece::Sign(c @ ('(' | '[' | '{')) => open.push(c),
                Piece::Sign(c @ (')' | ']' | '}')) => {
                    let opening = open.pop();
                    assert!(matches!((opening, c), (Some('('), ')') | (Some('['), ']') | (Some('{'), '}')), "{name}");
                }
                _ => {}
            }
        }
        assert!(open.is_empty(), "{name}");
    }
}

#[test]
fn terminals_are_the_token_tables() {
    let (tokens, lexical) = GRAMMAR.split_once("(* 5  Lexical *)").expect("section 5");
    let written = terminals(&pieces(tokens));
    let symbols = SYMBOLS.iter().filter(|(_, symbol)| !MISTAKES.contains(symbol)).map(|(spelling, _)| *spelling);
    let table: BTreeSet<String> = KEYWORDS
        .iter()
        .map(|(spelling, _)| *spelling)
        .chain(CONTEXTUAL.iter().copied())
        .chain(symbols)
        .map(str::to_owned)
        .collect();
    assert_eq!(written, table);
    assert_eq!(terminals(&pieces(lexical)), LEXICAL.iter().map(|&text| text.to_owned()).collect());
}

#[test]
fn mistaken_symbols_are_named_in_the_prose() {
    for (spelling, _) in SYMBOLS.iter().filter(|(_, symbol)| MISTAKES.contains(symbol)) {
        assert!(GRAMMAR.contains(&format!("`{spelling}`")), "{spelling}");
    }
}

#[test]
fn blanks_are_the_class() {
    let blank = Class::of("blank");
    for c in every_char() {
        let tokens = lex(&format!("a{c}b")).tokens.len();
        let expected = if SIGNS.contains(c) { continue } else { 1 + usize::from(blank.has(c)) };
        assert_eq!(tokens, expected, "{c:?} in a word");
    }
    for c in SIGNS.chars() {
        let text = format!("a{c}b");
        assert_eq!(lex(&text).tokens[0].span.of(&text), "a", "{c:?} ends a word");
    }
}

#[test]
fn words_begin_with_the_class() {
    let (blank, marks) = (Class::of("blank"), Class::of("typographic_mark"));
    for c in every_char().filter(|&c| !blank.has(c) && !SIGNS.contains(c) && c != '#') {
        let lexed = lex(c.encode_utf8(&mut [0; 4])).tokens[0];
        assert_eq!(lexed.kind == TokenKind::Quoted, marks.has(c), "{c:?}");
    }
}

#[test]
fn urls_end_as_the_class_says() {
    let blank = Class::of("blank");
    for c in every_char() {
        let text = format!("http://{c}");
        let length = lex(&text).tokens[0].span.len();
        assert_eq!(length == text.len(), !blank.has(c) && c != ',' && c != ')', "{c:?}");
    }
}

#[test]
fn names_are_made_of_the_classes() {
    let mark = Class::of("mark");
    for c in every_char() {
        let expected = c.is_alphanumeric() || mark.has(c) || "_-.".contains(c);
        assert_eq!(is_plain_name(c.encode_utf8(&mut [0; 4])), expected, "{c:?}");
    }
}
