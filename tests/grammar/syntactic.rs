//! Sections 1 to 4 of the grammar as rules of an Earley parser.

use std::collections::BTreeSet;

use earlgrey::{EarleyParser, GrammarBuilder};

use super::ebnf::{Ebnf, Expr};
use super::tokens::{CONTEXTUAL, Lexical};

/// Says whether the grammar derives a text.
pub(crate) struct Recogniser<'e> {
    lexical: &'e Lexical<'e>,
    parser: EarleyParser,
}

/// The rules without brackets: each repetition is a production of its own, an option is two rules.
#[derive(Default)]
struct Rules {
    rules: Vec<(String, Vec<String>)>,
    heads: BTreeSet<String>,
    terminals: BTreeSet<String>,
}

impl Rules {
    /// The sequences of symbols that an expression stands for.
    fn flatten(&mut self, expr: &Expr, ebnf: &Ebnf) -> Vec<Vec<String>> {
        match expr {
            Expr::Either(parts) => parts.iter().flat_map(|part| self.flatten(part, ebnf)).collect(),
            Expr::Sequence(parts) => parts.iter().fold(vec![Vec::new()], |before, part| {
                let after = self.flatten(part, ebnf);
                before.iter().flat_map(|before| after.iter().map(|after| [&before[..], &after[..]].concat())).collect()
            }),
            Expr::Optional(inner) => [vec![Vec::new()], self.flatten(inner, ebnf)].concat(),
            Expr::Repeated(inner) => {
                let name = format!("repeated {}", self.heads.len());
                self.heads.insert(name.clone());
                self.rules.push((name.clone(), Vec::new()));
                for one in self.flatten(inner, ebnf) {
                    self.rules.push((name.clone(), [vec![name.clone()], one].concat()));
                }
                vec![vec![name]]
            }
            Expr::Name(name) => {
                if !ebnf.is_syntactic(name) {
                    self.terminals.insert(name.clone());
                }
                vec![vec![name.clone()]]
            }
            Expr::Text(text) => {
                self.terminals.insert(format!("\"{text}\""));
                vec![vec![format!("\"{text}\"")]]
            }
            Expr::Class(words) => panic!("a class over tokens: {words}"),
        }
    }
}

/// Whether an encoded token is what a terminal of the grammar asks for.
fn is_terminal(terminal: &str, token: &str, plain: bool) -> bool {
    let (kind, text) = token.split_at(1);
    match (terminal, kind) {
        ("word", "w") | ("quoted", "q") | ("backticked", "b") => true,
        ("plain_name", "w") => plain,
        (_, "t") => terminal.trim_matches('"') == text,
        (_, "w") => {
            let inside = terminal.trim_matches('"');
            CONTEXTUAL.contains(&inside) && inside.eq_ignore_ascii_case(text)
        }
        _ => false,
    }
}

impl<'e> Recogniser<'e> {
    pub(crate) fn new(ebnf: &Ebnf, lexical: &'e Lexical<'e>) -> Self {
        let mut rules = Rules::default();
        for (name, expr) in &ebnf.productions[..ebnf.syntactic] {
            rules.heads.insert(name.clone());
            for spec in rules.flatten(expr, ebnf) {
                rules.rules.push((name.clone(), spec));
            }
        }
        let mut builder = GrammarBuilder::default();
        for head in &rules.heads {
            builder.nonterm_try(head);
        }
        for terminal in &rules.terminals {
            let asked = terminal.clone();
            // The second letter says whether a word is a name too.
            builder.terminal_try(terminal, move |token| {
                let (plain, token) = token.split_at(1);
                is_terminal(&asked, token, plain == "p")
            });
        }
        for (head, spec) in &rules.rules {
            builder.rule_try(head, &spec.iter().map(String::as_str).collect::<Vec<_>>());
        }
        Self { lexical, parser: EarleyParser::new(builder.into_grammar("query").unwrap()) }
    }

    /// Whether the grammar derives the text.
    pub(crate) fn accepts(&self, text: &str) -> bool {
        let Some(tokens) = self.lexical.tokens(text) else { return false };
        let encoded = tokens.iter().map(|token| {
            let token = token.encoded();
            let plain = token.strip_prefix('w').is_some_and(|word| self.lexical.is_plain_name(word));
            format!("{}{token}", if plain { 'p' } else { ' ' })
        });
        let hash_ago = tokens.windows(2).any(|pair| match pair {
            [super::tokens::Token::Word(a), super::tokens::Token::Word(b)] => {
                a.starts_with('#') && b.eq_ignore_ascii_case("ago")
            }
            _ => false,
        });
        !hash_ago && self.parser.parse(encoded).is_ok()
    }
}
