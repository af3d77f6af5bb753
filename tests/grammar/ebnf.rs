//! The file → its productions.

use std::collections::{BTreeMap, BTreeSet};

/// The normative grammar.
pub(crate) const FILE: &str = include_str!("../../grammar/cwql.ebnf");

/// The right side of a production, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expr {
    /// One of several.
    Either(Vec<Expr>),
    /// All in order.
    Sequence(Vec<Expr>),
    /// That or nothing.
    Optional(Box<Expr>),
    /// Any number of them.
    Repeated(Box<Expr>),
    /// Another production.
    Name(String),
    /// The text itself.
    Text(String),
    /// One character of a class, or what the words say.
    Class(String),
}

/// The productions in the order of the file.
pub(crate) struct Ebnf {
    pub(crate) productions: Vec<(String, Expr)>,
    /// How many of them are of the sections 1 to 4, whose terminals are whole tokens.
    pub(crate) syntactic: usize,
    index: BTreeMap<String, usize>,
}

impl Ebnf {
    /// Reads the file.
    pub(crate) fn read() -> Self {
        let (over_tokens, over_characters) = FILE.split_once("(* 5  Lexical *)").expect("section 5");
        let mut productions = Vec::new();
        let mut reader = Reader { rest: over_tokens };
        reader.productions(&mut productions);
        let syntactic = productions.len();
        reader.rest = over_characters;
        reader.productions(&mut productions);
        let index = productions.iter().enumerate().map(|(i, (name, _))| (name.clone(), i)).collect();
        Self { productions, syntactic, index }
    }

    pub(crate) fn get(&self, name: &str) -> &Expr {
        let at = self.index.get(name).unwrap_or_else(|| panic!("`{name}` is not defined"));
        &self.productions[*at].1
    }

    pub(crate) fn is_syntactic(&self, name: &str) -> bool {
        self.index[name] < self.syntactic
    }

    /// The terminals of the sections 1 to 4.
    pub(crate) fn terminals(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for (_, expr) in &self.productions[..self.syntactic] {
            terminals(expr, &mut found);
        }
        found
    }
}

fn terminals<'e>(expr: &'e Expr, found: &mut BTreeSet<&'e str>) {
    match expr {
        Expr::Either(parts) | Expr::Sequence(parts) => parts.iter().for_each(|part| terminals(part, found)),
        Expr::Optional(inner) | Expr::Repeated(inner) => terminals(inner, found),
        Expr::Text(text) => {
            found.insert(text);
        }
        Expr::Name(_) | Expr::Class(_) => {}
    }
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    /// Goes to the next character that is no blank and not in a comment.
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        while let Some(comment) = self.rest.strip_prefix("(*") {
            self.rest = comment.split_once("*)").expect("a comment is closed").1.trim_start();
        }
        self.rest.chars().next()
    }

    fn sign(&mut self, sign: char) {
        assert_eq!(self.peek(), Some(sign), "{:?}", &self.rest[..self.rest.len().min(40)]);
        self.rest = &self.rest[1..];
    }

    fn name(&mut self) -> String {
        let end = self.rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        name.to_owned()
    }

    fn until(&mut self, end: &str) -> &'t str {
        let (inside, rest) = self.rest[1..].split_once(end).unwrap_or_else(|| panic!("{end:?} is missing"));
        self.rest = rest;
        inside
    }

    fn productions(&mut self, productions: &mut Vec<(String, Expr)>) {
        while self.peek().is_some() {
            let name = self.name();
            self.sign('=');
            let expr = self.either();
            self.sign(';');
            productions.push((name, expr));
        }
    }

    fn either(&mut self) -> Expr {
        let mut parts = vec![self.sequence()];
        while self.peek() == Some('|') {
            self.sign('|');
            parts.push(self.sequence());
        }
        if parts.len() == 1 { parts.remove(0) } else { Expr::Either(parts) }
    }

    fn sequence(&mut self) -> Expr {
        let mut parts = Vec::new();
        while let Some(first) = self.peek() {
            parts.push(match first {
                '"' => Expr::Text(self.until("\"").to_owned()),
                '\'' => Expr::Text(self.until("'").to_owned()),
                '?' => Expr::Class(self.until(" ?").trim().to_owned()),
                '(' => self.bracketed('(', ')'),
                '[' => Expr::Optional(Box::new(self.bracketed('[', ']'))),
                '{' => Expr::Repeated(Box::new(self.bracketed('{', '}'))),
                'a'..='z' => Expr::Name(self.name()),
                _ => break,
            });
        }
        assert!(!parts.is_empty(), "nothing before {:?}", &self.rest[..self.rest.len().min(40)]);
        if parts.len() == 1 { parts.remove(0) } else { Expr::Sequence(parts) }
    }

    fn bracketed(&mut self, open: char, close: char) -> Expr {
        self.sign(open);
        let inner = self.either();
        self.sign(close);
        inner
    }
}
