//! The parser's input: tokens that are left, and the small parsers over single tokens.

use nom::IResult;
use nom::error::{ErrorKind, ParseError};

use super::parser::{note, note_all};
use super::spelling::is_contraction;
use super::token::{Keyword, Symbol, Token, TokenKind, is_plain_name};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// What stays the same while one text is parsed.
pub(super) struct Context<'t> {
    pub text: &'t str,
    /// Opening parentheses without a closing one; they are reported before parsing.
    pub unclosed: Vec<Span>,
    /// How many times a word was divided to come to this text: `not contains` of `ncontains`.
    pub divided: u8,
    /// Whether it is only asked if the text is right: what is written for an operator of the language is none then.
    pub strict: bool,
}

impl<'t> Context<'t> {
    /// Of a text that is read beside the query.
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, unclosed: Vec::new(), divided: 0, strict: false }
    }
}

/// The tokens that are left.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'t> {
    pub rest: &'t [Token],
    pub context: &'t Context<'t>,
    /// How many parentheses and NOTs are around this place.
    pub depth: u8,
}

/// "This production does not begin here": nothing is consumed and nothing reported. A production that has
/// begun always succeeds, with its errors in its output, so that backtracking discards errors with what
/// they were found in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoMatch;

impl<I> ParseError<I> for NoMatch {
    fn from_error_kind(_: I, _: ErrorKind) -> Self {
        Self
    }

    fn append(_: I, _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// The result of a parser.
pub(super) type Step<'t, T> = IResult<Tokens<'t>, T, NoMatch>;

/// A node and the errors inside of it.
pub(super) type Recovered<T> = (T, Errors);

/// Errors in the order in which they were found. They move along with every node, and nearly always there are none:
/// then they are one pointer to nothing.
#[derive(Debug, Default)]
#[expect(clippy::box_collection, reason = "a vector would be three times as large in each result")]
pub(super) struct Errors(Option<Box<Vec<Diagnostic>>>);

impl Errors {
    pub(super) const NONE: Self = Self(None);

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn len(&self) -> usize {
        self.iter().count()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter().flat_map(|list| list.iter())
    }

    pub(super) fn push(&mut self, error: Diagnostic) {
        self.0.get_or_insert_default().push(error);
    }

    /// Adds an error, unless there are more already than will be told.
    pub(super) fn note(&mut self, error: Diagnostic) {
        note(self.0.get_or_insert_default(), error);
    }

    /// The error that was found last.
    pub(super) fn last_mut(&mut self) -> Option<&mut Diagnostic> {
        self.0.as_mut()?.last_mut()
    }

    pub(super) fn insert_first(&mut self, error: Diagnostic) {
        self.0.get_or_insert_default().insert(0, error);
    }

    pub(super) fn append(&mut self, more: Self) {
        match (&mut self.0, more.0) {
            (_, None) => {}
            (Some(list), Some(more)) => list.extend(*more),
            (none, more) => *none = more,
        }
    }

    /// Adds errors, up to as many as will be told.
    pub(super) fn note_all(&mut self, more: Self) {
        if let Some(more) = more.0 {
            note_all(self.0.get_or_insert_default(), *more);
        }
    }

    pub(super) fn into_vec(self) -> Vec<Diagnostic> {
        self.0.map(|list| *list).unwrap_or_default()
    }
}

impl From<Diagnostic> for Errors {
    fn from(error: Diagnostic) -> Self {
        Self(Some(Box::new(vec![error])))
    }
}

impl<'t> Tokens<'t> {
    pub(super) fn peek(&self) -> Option<TokenKind> {
        self.rest.first().map(|token| token.kind)
    }

    pub(super) fn peek_at(&self, index: usize) -> Option<TokenKind> {
        self.rest.get(index).map(|token| token.kind)
    }

    pub(super) fn text_at(&self, index: usize) -> &'t str {
        self.rest.get(index).map_or("", |token| token.span.of(self.context.text))
    }

    /// Where the first token stands; of the end nothing is told.
    pub(super) fn span(&self) -> Span {
        self.rest.first().map_or_else(Span::default, |token| token.span)
    }

    pub(super) fn skip(self, count: usize) -> Self {
        Self { rest: self.rest.get(count..).unwrap_or_default(), ..self }
    }

    pub(super) fn deeper(self) -> Self {
        Self { depth: self.depth.saturating_add(1), ..self }
    }

    pub(super) fn at_depth(self, depth: u8) -> Self {
        Self { depth, ..self }
    }

    /// The place of the parenthesis that closes the one at the beginning.
    pub(super) fn closing(&self) -> Option<usize> {
        let mut depth = 0;
        self.rest.iter().position(|token| {
            depth += match token.kind {
                TokenKind::Symbol(Symbol::Open) => 1,
                TokenKind::Symbol(Symbol::Close) => -1,
                _ => 0,
            };
            depth == 0
        })
    }

    /// Whether the token is a bare word that reads `word`, in any case.
    pub(super) fn is_word(&self, index: usize, word: &str) -> bool {
        self.peek_at(index) == Some(TokenKind::Word) && self.text_at(index).eq_ignore_ascii_case(word)
    }

    /// Whether a condition cannot go on here: end, connective, comma, closing parenthesis.
    pub(super) fn is_boundary(&self, index: usize) -> bool {
        self.peek_at(index).is_none_or(ends_condition)
    }

    /// Whether the token is a word or a text, which may be a value.
    pub(super) fn is_value(&self, index: usize) -> bool {
        matches!(self.peek_at(index), Some(TokenKind::Word | TokenKind::Quoted))
    }

    /// Whether the token is a LIKE with its pattern behind it, which is in quotes.
    pub(super) fn is_like(&self, index: usize) -> bool {
        self.peek_at(index + 1) == Some(TokenKind::Quoted)
            && (self.is_word(index, "like") || self.is_word(index, "ilike"))
    }

    /// Whether an operator begins at the token.
    pub(super) fn is_operator(&self, index: usize) -> bool {
        match self.peek_at(index) {
            Some(TokenKind::Symbol(symbol)) => !matches!(
                symbol,
                Symbol::Open
                    | Symbol::Close
                    | Symbol::Comma
                    | Symbol::AndAnd
                    | Symbol::OrOr
                    | Symbol::Bang
                    | Symbol::Ampersand
                    | Symbol::Bar
            ),
            Some(TokenKind::Keyword(
                Keyword::In | Keyword::Is | Keyword::Contains | Keyword::Starts | Keyword::Between,
            )) => true,
            Some(TokenKind::Keyword(Keyword::Not)) => {
                matches!(
                    self.peek_at(index + 1),
                    Some(TokenKind::Keyword(Keyword::In | Keyword::Contains | Keyword::Starts | Keyword::Between))
                ) || self.is_like(index + 1)
            }
            Some(TokenKind::Word) => {
                (self.is_word(index, "older") && self.is_word(index + 1, "than"))
                    || self.is_like(index)
                    || (self.text_at(index) == ":" && !self.is_boundary(index + 1))
            }
            _ => false,
        }
    }

    /// Whether a condition begins at the token, written right or with a colon as in a search box: `team:8`.
    pub(super) fn begins_condition(&self, index: usize) -> bool {
        let pair = || {
            let (name, value) = self.text_at(index).split_once(':')?;
            // `10:30` and `https://acme.com` are values.
            let named = name.starts_with(char::is_alphabetic) && is_plain_name(name);
            Some(named && !value.is_empty() && !value.starts_with("//"))
        };
        // `isn’t muted`
        let negated = || is_contraction(self.text_at(index)) && self.is_boundary(index + 2);
        self.is_operand(index) || self.peek_at(index) == Some(TokenKind::Word) && (pair().unwrap_or(false) || negated())
    }

    /// Whether a condition or a group of conditions begins at the token; `(x)` is none.
    pub(super) fn begins_group(&self, index: usize) -> bool {
        let open = self.peek_at(index) == Some(TokenKind::Symbol(Symbol::Open));
        self.begins_condition(index) && (!open || self.begins_condition(index + 1))
    }

    /// Whether a condition begins at the token: a name and an operator, NOT or a parenthesis.
    pub(super) fn is_operand(&self, index: usize) -> bool {
        match self.peek_at(index) {
            Some(TokenKind::Keyword(Keyword::Not) | TokenKind::Symbol(Symbol::Bang | Symbol::Open)) => true,
            // `status: open`; but `10: ago` is a value.
            Some(TokenKind::Word) if self.text_at(index).ends_with(':') => {
                !self.is_boundary(index + 1) && !self.is_word(index + 1, "ago")
            }
            Some(TokenKind::Word | TokenKind::Backticked | TokenKind::Quoted) => self.is_operator(index + 1),
            _ => false,
        }
    }
}

/// Whether a condition cannot go on with such a token.
pub(super) fn ends_condition(kind: TokenKind) -> bool {
    connective(kind).is_some() || matches!(kind, TokenKind::Symbol(Symbol::Close | Symbol::Comma))
}

/// Whether a token negates what stands behind it.
pub(crate) fn is_not(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Keyword(Keyword::Not) | TokenKind::Symbol(Symbol::Bang))
}

/// The connective that a token spells, rightly or wrongly.
pub(crate) fn connective(kind: TokenKind) -> Option<super::tree::Connective> {
    use super::tree::Connective::{And, Or};
    match kind {
        TokenKind::Keyword(Keyword::And) | TokenKind::Symbol(Symbol::AndAnd | Symbol::Ampersand) => Some(And),
        TokenKind::Keyword(Keyword::Or) | TokenKind::Symbol(Symbol::OrOr | Symbol::Bar) => Some(Or),
        _ => None,
    }
}

/// One token of a kind.
pub(super) fn token<'t>(kind: TokenKind) -> impl Fn(Tokens<'t>) -> Step<'t, Token> {
    move |input| match input.rest.split_first() {
        Some((&first, _)) if first.kind == kind => Ok((input.skip(1), first)),
        _ => Err(nom::Err::Error(NoMatch)),
    }
}

/// One reserved word.
pub(super) fn keyword<'t>(keyword: Keyword) -> impl Fn(Tokens<'t>) -> Step<'t, Token> {
    token(TokenKind::Keyword(keyword))
}

/// One symbol.
pub(super) fn symbol<'t>(symbol: Symbol) -> impl Fn(Tokens<'t>) -> Step<'t, Token> {
    token(TokenKind::Symbol(symbol))
}

/// One bare word that reads `word`, in any case.
pub(super) fn word<'t>(word: &'static str) -> impl Fn(Tokens<'t>) -> Step<'t, Token> {
    move |input| match input.rest.split_first() {
        Some((&first, _)) if input.is_word(0, word) => Ok((input.skip(1), first)),
        _ => Err(nom::Err::Error(NoMatch)),
    }
}
