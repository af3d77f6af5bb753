//! A text → its tokens, by section 5 of the grammar and by what its head says in words.

use std::collections::BTreeMap;

use super::ebnf::{Ebnf, Expr};

/// Words that are no keywords although they are terminals, as the grammar's head says.
pub(crate) const CONTEXTUAL: &[&str] = &["OLDER", "THAN", "AGO", "LIKE", "ILIKE"];

/// What a token can be: the productions that derive it, or a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Word(String),
    Quoted(String),
    Backticked(String),
    /// A keyword or a sign, in the grammar's spelling.
    Terminal(String),
}

impl Token {
    /// One text for the kind and the token, as the recogniser wants it.
    pub(crate) fn encoded(&self) -> String {
        match self {
            Self::Word(text) => format!("w{text}"),
            Self::Quoted(text) => format!("q{text}"),
            Self::Backticked(text) => format!("b{text}"),
            Self::Terminal(text) => format!("t{text}"),
        }
    }
}

/// A class of characters.
enum Class {
    Ranges(Vec<std::ops::RangeInclusive<u32>>),
    /// Everything but these classes and characters.
    But(Vec<String>, Vec<char>),
    /// One class without another.
    Without(String, String),
    /// Any of these classes and characters.
    Any(Vec<String>, Vec<char>),
    Letter,
    Scalar,
}

/// The lexical part of the grammar.
pub(crate) struct Lexical<'e> {
    ebnf: &'e Ebnf,
    classes: BTreeMap<&'e str, Class>,
    /// Which characters of ASCII each class has: nearly all that are asked for.
    ascii: BTreeMap<&'e str, [bool; 128]>,
    signs: Vec<String>,
    keywords: Vec<String>,
}

impl<'e> Lexical<'e> {
    pub(crate) fn new(ebnf: &'e Ebnf) -> Self {
        let classes = ebnf.productions.iter().filter_map(|(name, expr)| match expr {
            Expr::Class(words) => Some((name.as_str(), class(words, ebnf))),
            _ => None,
        });
        let (keywords, signs): (Vec<&str>, Vec<&str>) =
            ebnf.terminals().into_iter().partition(|text| text.starts_with(|c: char| c.is_ascii_alphabetic()));
        let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let keywords = owned(keywords).into_iter().filter(|word| !CONTEXTUAL.contains(&word.as_str())).collect();
        let mut lexical =
            Self { ebnf, classes: classes.collect(), ascii: BTreeMap::new(), signs: owned(signs), keywords };
        let table = |name: &str| std::array::from_fn(|code| lexical.has(name, char::from(code as u8)));
        lexical.ascii = lexical.classes.keys().map(|name| (*name, table(name))).collect();
        lexical
    }

    /// Whether a character is of a class.
    pub(crate) fn has(&self, name: &str, c: char) -> bool {
        if c.is_ascii()
            && let Some(table) = self.ascii.get(name)
        {
            return table[c as usize];
        }
        match &self.classes[name] {
            Class::Ranges(ranges) => ranges.iter().any(|range| range.contains(&u32::from(c))),
            Class::But(classes, chars) => !chars.contains(&c) && !classes.iter().any(|class| self.has(class, c)),
            Class::Without(class, other) => self.has(class, c) && !self.has(other, c),
            Class::Any(classes, chars) => chars.contains(&c) || classes.iter().any(|class| self.has(class, c)),
            Class::Letter => c.is_alphanumeric(),
            Class::Scalar => c.is_ascii_hexdigit(),
        }
    }

    /// Where a production that begins at `from` can end, each place once. The lexical productions are not recursive.
    pub(crate) fn ends(&self, name: &str, text: &str, from: usize) -> Vec<usize> {
        match self.classes.get(name) {
            Some(Class::Scalar) => {
                let digits = text[from..].bytes().take_while(u8::is_ascii_hexdigit).count();
                let is_scalar =
                    |end: &usize| u32::from_str_radix(&text[from..*end], 16).ok().and_then(char::from_u32).is_some();
                (from + 1..=from + digits).filter(is_scalar).collect()
            }
            Some(_) => {
                let first = text[from..].chars().next().filter(|&c| self.has(name, c));
                first.map(|c| from + c.len_utf8()).into_iter().collect()
            }
            None => self.ends_of(self.ebnf.get(name), text, from),
        }
    }

    fn ends_of(&self, expr: &Expr, text: &str, from: usize) -> Vec<usize> {
        let once = |mut ends: Vec<usize>| {
            ends.sort_unstable();
            ends.dedup();
            ends
        };
        match expr {
            Expr::Either(parts) => once(parts.iter().flat_map(|part| self.ends_of(part, text, from)).collect()),
            Expr::Sequence(parts) => parts.iter().fold(vec![from], |starts, part| {
                once(starts.into_iter().flat_map(|start| self.ends_of(part, text, start)).collect())
            }),
            Expr::Optional(inner) => once([vec![from], self.ends_of(inner, text, from)].concat()),
            Expr::Repeated(inner) => {
                let (mut ends, mut last) = (vec![from], vec![from]);
                while let Some(start) = last.pop() {
                    for end in self.ends_of(inner, text, start) {
                        // A repetition goes on at a new place, nearly always behind all the others.
                        if ends.last().is_none_or(|&most| end > most) || !ends.contains(&end) {
                            ends.push(end);
                            last.push(end);
                        }
                    }
                }
                once(ends)
            }
            Expr::Name(name) => self.ends(name, text, from),
            Expr::Text(terminal) => {
                text[from..].starts_with(terminal.as_str()).then_some(from + terminal.len()).into_iter().collect()
            }
            Expr::Class(words) => panic!("a class without a name: {words}"),
        }
    }

    fn longest(&self, name: &str, text: &str, from: usize) -> Option<usize> {
        self.ends(name, text, from).pop()
    }

    /// The tokens of a text; none if a part of it is no token.
    pub(crate) fn tokens(&self, text: &str) -> Option<Vec<Token>> {
        let (mut tokens, mut at, mut after_gap) = (Vec::new(), 0, true);
        while at < text.len() {
            if let Some(end) = self.longest("blank", text, at) {
                (at, after_gap) = (end, true);
                continue;
            }
            if after_gap && let Some(end) = self.longest("comment", text, at) {
                at = end;
                continue;
            }
            let (end, token) = self.token(text, at)?;
            tokens.push(token);
            (at, after_gap) = (end, false);
        }
        Some(tokens)
    }

    /// The longest token that begins at a place.
    fn token(&self, text: &str, at: usize) -> Option<(usize, Token)> {
        let rest = &text[at..];
        if rest.starts_with("http://") || rest.starts_with("https://") {
            let end = self.longest("url", text, at)?;
            return Some((end, Token::Word(text[at..end].to_owned())));
        }
        let named = |name, token: fn(String) -> Token| {
            self.longest(name, text, at).map(|end| (end, token(text[at..end].to_owned())))
        };
        let signs = self.signs.iter().filter(|sign| rest.starts_with(sign.as_str()));
        let signs = signs.map(|sign| (at + sign.len(), Token::Terminal(sign.clone())));
        let candidates =
            [named("word", Token::Word), named("quoted", Token::Quoted), named("backticked", Token::Backticked)];
        let (end, token) = candidates.into_iter().flatten().chain(signs).max_by_key(|(end, _)| *end)?;
        if let Token::Word(word) = &token
            && let Some(keyword) = self.keyword(word)
        {
            return Some((end, Token::Terminal(keyword.to_owned())));
        }
        Some((end, token))
    }

    /// The keyword that a word spells.
    pub(crate) fn keyword(&self, word: &str) -> Option<&str> {
        self.keywords.iter().find(|keyword| keyword.eq_ignore_ascii_case(word)).map(String::as_str)
    }

    /// Whether a word is a `plain_name` too.
    pub(crate) fn is_plain_name(&self, word: &str) -> bool {
        self.longest("plain_name", word, 0) == Some(word.len())
    }

    /// Characters of a class, at its borders and all over it.
    pub(crate) fn some_of(&self, name: &str) -> Vec<char> {
        let edges = self.classes.values().filter_map(|class| match class {
            Class::Ranges(ranges) => {
                Some(ranges.iter().flat_map(|r| [*r.start() - 1, *r.start(), *r.end(), r.end() + 1]))
            }
            _ => None,
        });
        let all = (0..0x80).chain(edges.flatten()).chain((0x80..0x11_0000).step_by(397));
        all.filter_map(char::from_u32).filter(|&c| self.has(name, c)).collect()
    }
}

/// The class that the words of a production describe.
fn class(words: &str, ebnf: &Ebnf) -> Class {
    let items = |list: &str| -> (Vec<String>, Vec<char>) {
        let (mut classes, mut chars) = (Vec::new(), Vec::new());
        for item in list.split_whitespace().filter(|item| !matches!(*item, "and" | "or" | "one" | "of")) {
            let name = item.trim_end_matches(',');
            if let Some(number) = item.strip_prefix("U+") {
                chars.push(char::from_u32(u32::from_str_radix(number, 16).unwrap()).unwrap());
            } else if ebnf.productions.iter().any(|(known, _)| known == name) {
                classes.push(name.to_owned());
            } else {
                chars.extend(item.chars());
                assert_eq!(item.chars().count(), 1, "{item:?} in {words:?}");
            }
        }
        (classes, chars)
    };
    if words.starts_with("any character with the Unicode property Alphabetic, or of the general category Nd, Nl or No")
    {
        Class::Letter
    } else if words.starts_with("one or more hexadecimal digits") {
        Class::Scalar
    } else if let Some(list) = words.strip_prefix("any character but ") {
        let (classes, chars) = items(list);
        Class::But(classes, chars)
    } else if words.starts_with("U+") {
        let number = |text: &str| u32::from_str_radix(text.strip_prefix("U+").unwrap(), 16).unwrap();
        let range = |item: &str| {
            let (from, to) = item.split_once("..").unwrap_or((item, item));
            number(from)..=number(to)
        };
        Class::Ranges(words.split(", ").map(range).collect())
    } else if let Some((class, other)) = words.split_once(" but ") {
        Class::Without(class.to_owned(), other.to_owned())
    } else {
        let (classes, chars) = items(words);
        Class::Any(classes, chars)
    }
}
