//! Holds the editors' grammar, `grammar/cwql.tmLanguage.json`, against the token table and the lexer.
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

use std::collections::BTreeSet;
use std::fs;

use cwql::syntax::{CONTEXTUAL, Expr, KEYWORDS, Keyword, SYMBOLS, Symbol, TokenKind};
use fancy_regex::Regex;
use serde_json::Value;

/// A rule and the scope that it gives.
struct Rule {
    scope: String,
    regex: Regex,
}

/// A piece of a text and its scope.
#[derive(Debug)]
struct Scoped<'g> {
    start: usize,
    end: usize,
    scope: &'g str,
}

fn file() -> Value {
    serde_json::from_str(include_str!("../grammar/cwql.tmLanguage.json")).unwrap()
}

/// The rules in their order, includes resolved.
fn rules() -> Vec<Rule> {
    let file = file();
    let mut rules = Vec::new();
    collect(&file["patterns"], &file["repository"], &mut rules);
    rules
}

fn collect(patterns: &Value, repository: &Value, rules: &mut Vec<Rule>) {
    for pattern in patterns.as_array().unwrap() {
        if let Some(name) = pattern["include"].as_str() {
            let included = &repository[name.strip_prefix('#').unwrap()];
            assert!(included.is_object(), "{name}");
            collect(&Value::Array(vec![included.clone()]), repository, rules);
        } else if pattern["patterns"].is_array() {
            collect(&pattern["patterns"], repository, rules);
        } else {
            let regex = Regex::new(pattern["match"].as_str().unwrap()).unwrap();
            rules.push(Rule { scope: pattern["name"].as_str().unwrap().to_owned(), regex });
        }
    }
}

/// The pieces of a text, as an editor finds them: line by line, the rule that matches first, the first of the rules.
fn scoped<'g>(rules: &'g [Rule], text: &str) -> Vec<Scoped<'g>> {
    let (mut pieces, mut begin) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        let bare = line.strip_suffix('\n').unwrap_or(line);
        let mut at = 0;
        while at < bare.len() {
            let found = rules.iter().filter_map(|rule| {
                let found = rule.regex.find_from_pos(bare, at).unwrap()?;
                assert!(!found.as_str().is_empty(), "{} matches nothing", rule.scope);
                Some((found.start(), found.end(), rule.scope.as_str()))
            });
            let Some((start, end, scope)) = found.min_by_key(|(start, ..)| *start) else { break };
            pieces.push(Scoped { start: begin + start, end: begin + end, scope });
            at = end;
        }
        begin += line.len();
    }
    pieces
}

/// The scope of a text that is one token.
fn scope_of<'g>(rules: &'g [Rule], text: &str) -> &'g str {
    let pieces = scoped(rules, text);
    assert!(pieces.len() == 1 && pieces[0].end == text.len(), "{text:?}: {pieces:?}");
    pieces[0].scope
}

fn of_keyword(keyword: Keyword) -> &'static str {
    match keyword {
        Keyword::And | Keyword::Or | Keyword::Not => "keyword.control.cwql",
        Keyword::In | Keyword::Is | Keyword::Contains | Keyword::Starts | Keyword::With | Keyword::Between => {
            "keyword.operator.word.cwql"
        }
        Keyword::Present | Keyword::Missing => "constant.language.presence.cwql",
    }
}

fn of_symbol(symbol: Symbol) -> &'static str {
    match symbol {
        Symbol::Equal
        | Symbol::NotEqual
        | Symbol::Less
        | Symbol::LessEqual
        | Symbol::Greater
        | Symbol::GreaterEqual
        | Symbol::Tilde
        | Symbol::NotTilde => "keyword.operator.comparison.cwql",
        Symbol::AndAnd | Symbol::OrOr | Symbol::Bang => "keyword.operator.logical.cwql",
        Symbol::Open | Symbol::Close => "punctuation.section.parens.cwql",
        Symbol::Comma => "punctuation.separator.comma.cwql",
        Symbol::ReversedGreater
        | Symbol::ReversedLess
        | Symbol::Match
        | Symbol::TripleEqual
        | Symbol::NotDoubleEqual
        | Symbol::Ampersand
        | Symbol::Bar => "invalid.illegal.operator.cwql",
    }
}

#[test]
fn keywords_and_symbols_have_their_scopes() {
    let rules = rules();
    for (spelling, keyword) in KEYWORDS {
        for word in [
            spelling.to_string(),
            spelling.to_lowercase(),
            format!("{}{}", &spelling[..1], spelling[1..].to_lowercase()),
        ] {
            assert_eq!(scope_of(&rules, &word), of_keyword(*keyword), "{word}");
        }
    }
    for (spelling, symbol) in SYMBOLS {
        assert_eq!(scope_of(&rules, spelling), of_symbol(*symbol), "{spelling}");
    }
}

#[test]
fn nothing_else_has_the_scope_of_a_keyword() {
    let rules = rules();
    let keywords: BTreeSet<&str> = KEYWORDS.iter().map(|(_, keyword)| of_keyword(*keyword)).collect();
    let mut words: Vec<String> = CONTEXTUAL.iter().map(|word| word.to_string()).collect();
    for (spelling, _) in KEYWORDS {
        for other in ["x", "1", "_", "-", ".", "ä", "@", "/", ":"] {
            words.extend([format!("{spelling}{other}"), format!("{other}{spelling}")]);
        }
        words.extend([
            format!("{spelling}{spelling}"),
            spelling[1..].to_owned(),
            format!("\"{spelling}\""),
            format!("`{spelling}`"),
        ]);
        words.push(format!("https://a.b/{spelling}"));
    }
    for word in words.iter().filter(|word| !KEYWORDS.iter().any(|(spelling, _)| spelling == word)) {
        assert!(!keywords.contains(scope_of(&rules, word)), "{word}");
    }
    assert!(words.len() > 250);
}

#[test]
fn literals_have_scopes_of_their_own() {
    let rules = rules();
    for (text, scope) in [
        ("2026-06-15", "constant.other.date.cwql"),
        ("2026-06-15T10:30:00+02:00", "constant.other.date.cwql"),
        ("-7d", "constant.other.date.relative.cwql"),
        ("3mo", "constant.other.date.relative.cwql"),
        ("now-90m", "constant.other.date.relative.cwql"),
        ("Yesterday", "constant.other.date.relative.cwql"),
        ("7d ago", "constant.other.date.relative.cwql"),
        ("42", "constant.numeric.cwql"),
        ("-2.5", "constant.numeric.cwql"),
        ("@me", "variable.language.me.cwql"),
        ("true", "constant.language.cwql"),
        ("none", "constant.language.cwql"),
        ("pt_BR", "string.unquoted.cwql"),
        ("+4915112345678x", "string.unquoted.cwql"),
        ("https://a.b/?x=1&y='2'", "string.unquoted.url.cwql"),
        ("\"a \\\"b\\\" c\"", "string.quoted.double.cwql"),
        ("'it\\'s'", "string.quoted.single.cwql"),
        ("\"open", "invalid.illegal.unclosed.cwql"),
        ("custom.`Signed ``up`` at`", "variable.other.quoted.cwql"),
        ("# AND \"so on\"", "comment.line.number-sign.cwql"),
    ] {
        assert_eq!(scope_of(&rules, text), scope, "{text}");
    }
    let escapes = file()["repository"]["escape"]["patterns"][0]["match"].as_str().unwrap().to_owned();
    let escape = Regex::new(&format!("^(?:{escapes})$")).unwrap();
    for text in ["\\\"", "\\'", "\\\\", "\\n", "\\t", "\\u{1F600}"] {
        assert!(escape.is_match(text).unwrap() && cwql::parse(&format!("a = \"{text}\"")).is_valid(), "{text}");
    }
    for text in ["\\q", "\\u", "\\u{}", "\\N"] {
        assert!(!escape.is_match(text).unwrap() && !cwql::parse(&format!("a = \"{text}\"")).is_valid(), "{text}");
    }
}

/// Whether a scope is one that a token of the lexer can have.
fn fits(kind: TokenKind, text: &str, scope: &str) -> bool {
    match kind {
        TokenKind::Keyword(keyword) => scope == of_keyword(keyword),
        TokenKind::Symbol(symbol) => scope == of_symbol(symbol),
        TokenKind::Quoted => scope.starts_with("string.quoted."),
        TokenKind::Backticked => scope == "variable.other.quoted.cwql",
        TokenKind::Word => {
            let word = ["string.unquoted.", "constant.", "variable.other.attribute.", "variable.language."];
            let contextual = CONTEXTUAL.iter().any(|word| word.eq_ignore_ascii_case(text));
            word.iter().any(|start| scope.starts_with(start)) && scope != "constant.language.presence.cwql"
                || contextual && scope == "keyword.operator.word.cwql"
        }
    }
}

/// The places of the names in a tree.
fn names(expr: &Expr, found: &mut Vec<(usize, usize, usize)>) {
    match expr {
        Expr::Chain { operands, .. } => operands.iter().for_each(|operand| names(operand, found)),
        Expr::Not { operand, .. } => names(operand, found),
        Expr::Paren { inner, .. } => names(inner, found),
        Expr::Condition(condition) => {
            let span = condition.name.span;
            found.push((span.start as usize, span.end as usize, condition.operator_span.start as usize));
        }
        Expr::Error(_) => {}
    }
}

#[test]
fn valid_cases_are_divided_as_the_lexer_divides_them() {
    let rules = rules();
    let (mut texts, mut tokens, mut attributes) = (0, 0, 0);
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/grammar/cases/valid")).unwrap() {
        let file: Value = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let text = case["input"].as_str().unwrap();
            let (parsed, pieces) = (cwql::parse(text), scoped(&rules, text));
            let at = |start: usize| pieces.iter().find(|piece| (piece.start..piece.end).contains(&start));
            for token in parsed.tokens() {
                let (start, end) = (token.span.start as usize, token.span.end as usize);
                let piece = at(start).unwrap_or_else(|| panic!("{:?} of {text:?}: {pieces:?}", token.span.of(text)));
                // `7d ago` is two tokens and one date.
                let whole =
                    (piece.start, piece.end) == (start, end) || piece.scope == "constant.other.date.relative.cwql";
                assert!(
                    whole && fits(token.kind, token.span.of(text), piece.scope),
                    "{:?} of {text:?} is {:?}",
                    token.span.of(text),
                    piece
                );
                tokens += 1;
            }
            for comment in parsed.comments() {
                assert_eq!(at(comment.start as usize).unwrap().scope, "comment.line.number-sign.cwql", "{text:?}");
            }
            let mut found = Vec::new();
            names(parsed.tree().unwrap(), &mut found);
            for (start, end, operator) in
                found.into_iter().filter(|(_, end, operator)| !text[*end..*operator].contains(['\n', '#']))
            {
                let scope = at(start).unwrap().scope;
                let named = ["variable.other.attribute.cwql", "variable.other.quoted.cwql"].contains(&scope);
                assert!(named, "{:?} in {text:?} is {scope}, before {operator}", &text[start..end]);
                attributes += 1;
            }
            texts += 1;
        }
    }
    println!("{texts} texts, {tokens} tokens, {attributes} names");
    assert!(texts >= 217 && tokens >= 1_000 && attributes >= 250, "{texts}, {tokens}, {attributes}");
}

#[test]
fn every_rule_of_the_repository_is_included() {
    let file = file();
    let text = file.to_string();
    for name in file["repository"].as_object().unwrap().keys() {
        assert!(text.contains(&format!("\"#{name}\"")), "{name}");
    }
    assert_eq!(file["scopeName"], "source.cwql");
}
