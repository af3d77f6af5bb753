//! Sentences of the grammar, at random, with a count of what was taken.

use std::collections::{BTreeMap, BTreeSet};

use super::ebnf::{Ebnf, Expr};
use super::tokens::{Lexical, Token};

/// Beyond this depth the shortest way out is taken.
const DEEPEST: usize = 14;

/// A source of sentences.
pub(crate) struct Sentences<'e> {
    ebnf: &'e Ebnf,
    lexical: &'e Lexical<'e>,
    state: u64,
    /// How deep each production is at least.
    least: BTreeMap<&'e str, usize>,
    pools: BTreeMap<&'e str, Vec<char>>,
    /// Which way was taken at each choice of the kept parts, and how often.
    pub(crate) taken: BTreeMap<Choice, usize>,
    tentative: Vec<Choice>,
}

/// A way at a place of the grammar: the production, the place in it, and which way it was.
pub(crate) type Choice = (String, Vec<usize>, usize);

/// What is being derived.
enum Out<'o> {
    Tokens(&'o mut Vec<Token>),
    Text(&'o mut String),
}

impl<'e> Sentences<'e> {
    pub(crate) fn new(ebnf: &'e Ebnf, lexical: &'e Lexical<'e>, seed: u64) -> Self {
        let mut least: BTreeMap<&str, usize> = BTreeMap::new();
        while least.len() < ebnf.productions.len() {
            let before = least.len();
            for (name, expr) in &ebnf.productions {
                if !least.contains_key(name.as_str())
                    && let Some(depth) = depth(expr, &least)
                {
                    least.insert(name, depth + 1);
                }
            }
            assert!(before < least.len(), "a production never ends");
        }
        let pools = ebnf.productions.iter().filter(|(_, expr)| matches!(expr, Expr::Class(_)));
        let pools = pools.map(|(name, _)| (name.as_str(), lexical.some_of(name))).collect();
        Self { ebnf, lexical, state: seed | 1, least, pools, taken: BTreeMap::new(), tentative: Vec::new() }
    }

    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % limit
    }

    /// Every way that the grammar has.
    pub(crate) fn choices(&self) -> BTreeSet<Choice> {
        let mut all = BTreeSet::new();
        for (name, expr) in &self.ebnf.productions {
            all.insert((name.clone(), Vec::new(), 0));
            choices(name, expr, &mut vec![0], &mut all);
        }
        all
    }

    /// Counts what has led to a part that is kept.
    fn keep(&mut self) {
        for choice in std::mem::take(&mut self.tentative) {
            *self.taken.entry(choice).or_default() += 1;
        }
    }

    /// A sentence and its tokens.
    pub(crate) fn sentence(&mut self) -> (String, Vec<Token>) {
        let mut tokens = Vec::new();
        self.tentative.clear();
        self.production("query", 0, &mut Out::Tokens(&mut tokens));
        self.keep();
        let mut text = String::new();
        let mut placed: Vec<Token> = Vec::new();
        for (i, token) in tokens.iter().enumerate() {
            let token = self.place(token, placed.last().cloned(), tokens.get(i + 1), &mut text);
            placed.push(token);
        }
        if self.below(3) == 0 {
            let gap = self.gap();
            text.push_str(&gap);
        }
        (text, placed)
    }

    /// Puts a token behind the last one, with a gap between them if one is needed or by chance. A token that cannot
    /// stand there in any way is derived again, and so is a word behind which no "AGO" stands if one follows.
    fn place(&mut self, token: &Token, last: Option<Token>, next: Option<&Token>, text: &mut String) -> Token {
        let ago = matches!(next, Some(Token::Word(word)) if word == "AGO");
        let mut token = token.clone();
        loop {
            if ago && matches!(&token, Token::Word(word) if word.starts_with('#')) {
                token = self.token("word");
                continue;
            }
            let spelled = self.spelled(&token);
            let gaps = [if self.below(4) == 0 { self.gap() } else { String::new() }, " ".to_owned(), String::new()];
            for gap in gaps {
                // What stands before the last token has no part in it, but that there is something: `#` is no comment.
                let open = Token::Terminal("(".to_owned());
                let before = last.as_ref().map_or(String::new(), |last| format!("({}", self.spelled(last)));
                let expected: Vec<Token> =
                    last.iter().flat_map(|last| [open.clone(), last.clone()]).chain([token.clone()]).collect();
                if self.lexical.tokens(&format!("{before}{gap}{spelled}")).as_ref() == Some(&expected) {
                    text.push_str(&gap);
                    text.push_str(&spelled);
                    return token;
                }
            }
            token = match token {
                Token::Word(word) if self.lexical.is_plain_name(&word) => self.token("plain_name"),
                Token::Word(_) => self.token("word"),
                Token::Quoted(_) => self.token("quoted"),
                Token::Backticked(_) => self.token("backticked"),
                Token::Terminal(sign) => panic!("{sign} cannot stand behind {last:?}"),
            };
        }
    }

    /// The token's text; a terminal's letters in some case.
    fn spelled(&mut self, token: &Token) -> String {
        match token {
            Token::Word(text) | Token::Quoted(text) | Token::Backticked(text) => text.clone(),
            Token::Terminal(text) => match self.below(3) {
                0 => text.to_lowercase(),
                1 => text.chars().map(|c| if self.below(2) == 0 { c } else { c.to_ascii_lowercase() }).collect(),
                _ => text.clone(),
            },
        }
    }

    fn gap(&mut self) -> String {
        let mut gap = String::new();
        self.tentative.clear();
        self.production("gap", 0, &mut Out::Text(&mut gap));
        // A comment stands behind a blank and ends with its line.
        let gap = if gap.contains('#') { format!(" {gap}\n") } else { gap };
        if self.lexical.tokens(&gap).is_some_and(|tokens| tokens.is_empty()) {
            self.keep();
            return gap;
        }
        " ".to_owned()
    }

    /// A token of a lexical production, which reads back as one.
    fn token(&mut self, name: &str) -> Token {
        loop {
            let outer = std::mem::take(&mut self.tentative);
            let mut text = String::new();
            self.production(name, 0, &mut Out::Text(&mut text));
            let token = match name {
                "word" | "plain_name" => Token::Word(text.clone()),
                "quoted" => Token::Quoted(text.clone()),
                _ => Token::Backticked(text.clone()),
            };
            // Behind a sign nothing is a comment.
            let read = self.lexical.tokens(&format!("({text}"));
            let inner = std::mem::replace(&mut self.tentative, outer);
            if read.as_deref() == Some(&[Token::Terminal("(".to_owned()), token.clone()]) {
                self.tentative.extend(inner);
                return token;
            }
        }
    }

    fn production(&mut self, name: &str, depth: usize, out: &mut Out<'_>) {
        self.tentative.push((name.to_owned(), Vec::new(), 0));
        if let Out::Tokens(tokens) = out
            && !self.ebnf.is_syntactic(name)
        {
            let token = self.token(name);
            tokens.push(token);
            return;
        }
        if let (Out::Text(text), Some(pool)) = (&mut *out, self.pools.get(name).cloned()) {
            text.push_str(&self.character(name, &pool));
            return;
        }
        let ebnf = self.ebnf;
        self.derive(name, ebnf.get(name), &mut vec![0], depth + 1, out);
    }

    /// A character of a class, three times in four a plain one.
    fn character(&mut self, name: &str, pool: &[char]) -> String {
        if name == "scalar" {
            let at = self.below(0x10_F7FF);
            let scalar = char::from_u32(at as u32).unwrap_or('\u{E000}');
            let zeros = "0".repeat(self.below(3));
            return if self.below(2) == 0 {
                format!("{zeros}{:x}", u32::from(scalar))
            } else {
                format!("{zeros}{:X}", u32::from(scalar))
            };
        }
        if self.below(4) > 0 {
            let plain = char::from(b"abcdefghijklmnopqrstuvwxyz0123456789"[self.below(36)]);
            if self.lexical.has(name, plain) {
                return plain.to_string();
            }
        }
        // Half of the others are of ASCII, where the signs are.
        let ascii = pool.iter().filter(|c| c.is_ascii()).count();
        let among = if ascii > 0 && self.below(2) == 0 { ascii } else { pool.len() };
        let character = pool[self.below(among)];
        // These are parts of other classes.
        for part in ["letter", "mark", "typographic_mark"] {
            if self.lexical.has(part, character) {
                self.tentative.push((part.to_owned(), Vec::new(), 0));
            }
        }
        character.to_string()
    }

    fn derive(&mut self, name: &str, expr: &Expr, path: &mut Vec<usize>, depth: usize, out: &mut Out<'_>) {
        match expr {
            Expr::Either(parts) => {
                let least: Vec<usize> = parts.iter().map(|part| self.least_of(part)).collect();
                let short = least.iter().min().copied().unwrap_or(0);
                let mut way = self.below(parts.len());
                while depth > DEEPEST && least[way] > short {
                    way = (way + 1) % parts.len();
                }
                self.take(name, path, way);
                path.push(way);
                self.derive(name, &parts[way], path, depth, out);
                path.pop();
            }
            Expr::Sequence(parts) => {
                for (i, part) in parts.iter().enumerate() {
                    path.push(i);
                    self.derive(name, part, path, depth, out);
                    path.pop();
                }
            }
            Expr::Optional(inner) => {
                let way = self.below(2);
                self.take(name, path, way);
                if way == 1 {
                    path.push(0);
                    self.derive(name, inner, path, depth, out);
                    path.pop();
                }
            }
            Expr::Repeated(inner) => {
                // Words are longer than rows of conditions.
                let often = match out {
                    Out::Tokens(_) if depth > DEEPEST => 0,
                    Out::Tokens(_) => [0, 0, 0, 0, 0, 0, 1, 1, 1, 2][self.below(10)],
                    Out::Text(_) => [0, 1, 1, 2, 3, 5][self.below(6)],
                };
                self.take(name, path, often.min(2));
                path.push(0);
                for _ in 0..often {
                    self.derive(name, inner, path, depth, out);
                }
                path.pop();
            }
            Expr::Name(other) => self.production(other, depth, out),
            Expr::Text(text) => match out {
                Out::Text(out) => out.push_str(text),
                Out::Tokens(tokens) if super::tokens::CONTEXTUAL.contains(&text.as_str()) => {
                    tokens.push(Token::Word(text.clone()));
                }
                Out::Tokens(tokens) => tokens.push(Token::Terminal(text.clone())),
            },
            Expr::Class(words) => panic!("a class without a name: {words}"),
        }
    }

    fn least_of(&self, expr: &Expr) -> usize {
        depth(expr, &self.least).unwrap_or(usize::MAX)
    }

    fn take(&mut self, name: &str, path: &[usize], way: usize) {
        self.tentative.push((name.to_owned(), path.to_vec(), way));
    }
}

/// How deep an expression is at least, where that is known of the productions that it names.
fn depth(expr: &Expr, known: &BTreeMap<&str, usize>) -> Option<usize> {
    match expr {
        Expr::Either(parts) => parts.iter().filter_map(|part| depth(part, known)).min(),
        Expr::Sequence(parts) => {
            parts.iter().map(|part| depth(part, known)).try_fold(0, |most, one| Some(most.max(one?)))
        }
        Expr::Optional(_) | Expr::Repeated(_) | Expr::Text(_) | Expr::Class(_) => Some(0),
        Expr::Name(name) => known.get(name.as_str()).copied(),
    }
}

fn choices(name: &str, expr: &Expr, path: &mut Vec<usize>, all: &mut BTreeSet<Choice>) {
    let mut ways =
        |count: usize, path: &[usize]| all.extend((0..count).map(|way| (name.to_owned(), path.to_vec(), way)));
    let parts = match expr {
        Expr::Either(parts) => {
            ways(parts.len(), path);
            parts.as_slice()
        }
        Expr::Sequence(parts) => parts.as_slice(),
        Expr::Optional(inner) => {
            ways(2, path);
            std::slice::from_ref(&**inner)
        }
        // Never, once, more often.
        Expr::Repeated(inner) => {
            ways(3, path);
            std::slice::from_ref(&**inner)
        }
        Expr::Name(_) | Expr::Text(_) | Expr::Class(_) => &[],
    };
    for (i, part) in parts.iter().enumerate() {
        path.push(i);
        choices(name, part, path, all);
        path.pop();
    }
}
