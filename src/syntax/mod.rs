//! Text → [`Parsed`]: nom lexer, nom parser, tree, formatter. Knows no schema and no server; the few attributes that
//! corrections name are those of every account.

mod age;
mod condition;
mod connective;
pub(crate) mod expression;
mod format;
mod habit;
mod input;
mod lexer;
mod list;
mod operator;
mod parser;
mod pattern;
mod range;
mod repair;
mod several;
pub(crate) mod spelling;
mod token;
mod tree;
mod vocabulary;

pub(crate) use age::from_today;
pub use format::format;
pub(crate) use habit::{joined_name, mirrored, parted, state_called};
pub(crate) use input::{connective, is_not};
pub use lexer::{Lexed, lex};
#[cfg(any(test, feature = "cli"))]
pub(crate) use operator::sign;
pub use parser::{MAX_CONDITIONS, MAX_DEPTH, MAX_ERRORS};
pub(crate) use range::range_in;
pub(crate) use several::{UNITS, as_one, plain_number, with_values};
pub use spelling::quote;
#[cfg(feature = "cli")]
pub(crate) use spelling::{is_bare_name, is_bare_value};
pub(crate) use spelling::{write_name, write_value};
pub use token::{CONTEXTUAL, KEYWORDS, Keyword, SYMBOLS, Symbol, Token, TokenKind, is_bare_word, is_plain_name};
pub use tree::{Condition, Connective, Expr, Form, Name, Operand, Operator, Value};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, Severity, catalogue};
use crate::source::{Span, is_digits};

/// The longest query text, in bytes.
pub const MAX_BYTES: usize = 16 << 20;

/// A query's text with its tokens, its tree and everything that is wrong with its syntax.
#[derive(Clone, Debug)]
pub struct Parsed<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    comments: Vec<Span>,
    tree: Option<Expr>,
    errors: Vec<Diagnostic>,
    /// Whether there are tokens with escapes, backticks, NULs and the like.
    unusual: bool,
}

/// Parses a query. There is always a result; what is wrong is in its [`Parsed::diagnostics`].
///
/// ```
/// let parsed = cwql::parse("status = pending AND (team = 8");
/// let problems = parsed.diagnostics();
/// assert_eq!(problems.len(), 1);
/// assert_eq!(problems.iter().next().unwrap().code, cwql::Code::UnclosedParenthesis);
/// ```
#[must_use]
pub fn parse(text: &str) -> Parsed<'_> {
    if text.len() > MAX_BYTES {
        let errors = vec![catalogue::query_too_large(text.len(), MAX_BYTES)];
        return Parsed { text, tokens: Vec::new(), comments: Vec::new(), tree: None, errors, unusual: false };
    }
    let mut parsed = as_it_stands(text);
    // A condition has a token at least.
    if parsed.tokens.len() > MAX_CONDITIONS
        && let Some(tree) = &parsed.tree
        && let Some(span) = nth_condition(tree, &mut (MAX_CONDITIONS + 1))
    {
        parsed.errors.push(catalogue::too_many_conditions(span, MAX_CONDITIONS));
    }
    if parsed.tree.is_none() || !parsed.errors.is_empty() {
        let Parsed { tokens, errors, .. } = &mut parsed;
        mend(text, tokens, errors);
    }
    parsed
}

/// Looks for what was meant where a text is wrong.
#[cold]
fn mend(text: &str, tokens: &[Token], errors: &mut Vec<Diagnostic>) {
    if errors.is_empty() {
        errors.push(empty(text));
    }
    if !habit::recognise(text, tokens, errors) {
        repair::keep_one(text, tokens, errors);
        repair::judge_mark(text, errors);
        repair::judge_parenthesis(text, tokens, errors);
    }
    if errors.len() > MAX_ERRORS {
        errors.sort_by_key(|error| (error.span(), error.code));
        errors.truncate(MAX_ERRORS);
        let last = errors.last().map_or(Span::default(), Diagnostic::span);
        errors.push(catalogue::too_many_errors(Span::at(last.end), MAX_ERRORS));
    }
    for error in errors {
        if error.fix.as_ref().is_some_and(|fix| has_sign(text, fix)) {
            catalogue::take_back_sign(error);
        }
        part_from_neighbours(text, error);
    }
}

/// Whether a short text has no error.
fn is_right(text: &str) -> bool {
    let lexed = lex(text);
    lexed.errors.is_empty() && parser::is_right(text, &lexed.tokens)
}

/// What is told of a text without a token.
#[cold]
fn empty(text: &str) -> Diagnostic {
    let written = text.trim();
    let end = text.trim_end().len() as u32;
    match written.strip_prefix('#') {
        // `#163` is a comment.
        Some(number) if is_digits(number) => {
            catalogue::commented_number(Span::new(end - written.len() as u32, end), number)
        }
        _ => catalogue::empty_query(Span::at(end)),
    }
}

/// The errors of a short text as they are found.
fn errors_of(text: &str) -> Vec<Diagnostic> {
    as_it_stands(text).errors
}

/// Reads a short text as [`parse`] does, and does not look for what would mend its errors.
pub(crate) fn as_it_stands(text: &str) -> Parsed<'_> {
    let lexer::Lexed { tokens, comments, mut errors, unusual, parentheses } = lex(text);
    let tree = parser::parse_tokens(text, &tokens, parentheses, &mut errors);
    Parsed { text, tokens, comments, tree, errors, unusual }
}

/// Whether a correction compares with what a sign may exclude, or demand: `label IN (vip, -refund)` of `label = vip, -refund`.
fn has_sign(text: &str, fix: &Fix) -> bool {
    if !fix.replacement.contains(['-', '+']) {
        return false;
    }
    let written = fix.span.of(text);
    // What was quoted already is a text with a sign in it.
    let is_bare = |inner: &str| {
        let before = |at: usize| written.get(..at).and_then(|before| before.chars().next_back());
        let ends = |c: char| token::is_blank(c) || matches!(c, '(' | ',');
        written.match_indices(inner).any(|(at, _)| before(at).is_none_or(ends))
    };
    let (tokens, context) = (lex(&fix.replacement).tokens, input::Context::of(&fix.replacement));
    let all = input::Tokens { rest: &tokens, context: &context, depth: 0 };
    tokens.iter().enumerate().any(|(at, token)| {
        let word = token.span.of(&fix.replacement);
        match token.kind {
            // What an attribute is called is told otherwise.
            TokenKind::Word => spelling::searched_sign(word).is_some() && !all.is_operator(at + 1),
            TokenKind::Quoted => {
                let inner = word.trim_matches(['"', '\'']);
                inner.split_whitespace().any(|word| spelling::searched_sign(word).is_some()) && is_bare(inner)
            }
            _ => false,
        }
    })
}

/// Adds the blanks without which a correction would run into the words beside it: `a&b` is not mended as `aANDb`.
fn part_from_neighbours(text: &str, error: &mut Diagnostic) {
    // A correction inside a quoted text has no words beside it, and a mark that is removed stood in a word.
    let is_mark = |fix: &Fix| error.code == Code::UnclosedQuote && fix.replacement.is_empty();
    if error.code != Code::BadEscape
        && let Some(fix) = error.fix.as_mut().filter(|fix| !is_mark(fix))
    {
        add_blanks(text, fix);
    }
}

fn add_blanks(text: &str, fix: &mut Fix) {
    let joins = |left: Option<char>, right: Option<char>| {
        let both = |class: fn(char) -> bool| left.is_some_and(class) && right.is_some_and(class);
        both(token::is_word_char) || both(|c| matches!(c, '=' | '!' | '<' | '>' | '~' | '&' | '|'))
    };
    let before = text.get(..fix.span.start as usize).and_then(|before| before.chars().next_back());
    let after = text.get(fix.span.end as usize..).and_then(|after| after.chars().next());
    let (first, last) = (fix.replacement.chars().next(), fix.replacement.chars().next_back());
    if joins(before, first.or(after)) {
        fix.replacement.insert(0, ' ');
    }
    if last.is_some() && joins(last, after) {
        fix.replacement.push(' ');
    }
}

fn nth_condition(expr: &Expr, left: &mut usize) -> Option<Span> {
    match expr {
        Expr::Chain { operands, .. } => operands.iter().find_map(|operand| nth_condition(operand, left)),
        Expr::Not { operand, .. } => nth_condition(operand, left),
        Expr::Paren { inner, .. } => nth_condition(inner, left),
        Expr::Condition(condition) => {
            *left -= 1;
            (*left == 0).then_some(condition.span)
        }
        Expr::Error(_) => None,
    }
}

impl<'a> Parsed<'a> {
    /// The query's text.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The tokens in order, comments left out.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The comments in order.
    #[must_use]
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// The tree, with [`Expr::Error`] where a part could not be read; none for a text without a token.
    ///
    /// ```
    /// use cwql::syntax::{Connective, Expr};
    ///
    /// let text = "status = open AND NOT label = vip";
    /// let parsed = cwql::parse(text);
    /// let Some(Expr::Chain { connective: Connective::And, operands }) = parsed.tree() else { panic!("no chain") };
    /// let [Expr::Condition(open), Expr::Not { operand, .. }] = operands.as_slice() else { panic!("no two operands") };
    /// assert_eq!((open.name.text(text), open.span.of(text)), ("status".into(), "status = open"));
    /// assert_eq!(operand.span().of(text), "label = vip");
    /// ```
    #[must_use]
    pub fn tree(&self) -> Option<&Expr> {
        self.tree.as_ref()
    }

    /// What is wrong with the syntax.
    #[must_use]
    pub fn diagnostics(&self) -> Diagnostics {
        Diagnostics::new(self.text, self.errors().to_vec())
    }

    /// Whether the syntax is right.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.errors().iter().all(|error| error.severity() != Severity::Error)
    }

    /// Whether a value may hold a NUL character, or be written otherwise than as a word or between two quotation marks.
    pub(crate) fn is_unusual(&self) -> bool {
        self.unusual
    }

    /// The errors in the order in which they were found.
    pub(crate) fn errors(&self) -> &[Diagnostic] {
        &self.errors
    }
}
