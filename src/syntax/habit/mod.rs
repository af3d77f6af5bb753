//! What people write whole in the way of another language, a search box or a chat, and what they meant.
//!
//! The parser goes on behind a mistake as well as it can, but sees one token at a time: of `label:vip -label:spam` it
//! would make a list of two values. Here a rule knows a whole habit and the text that was meant. It is believed only
//! where it mends what the parser found: with it the text has fewer errors than without, and those errors are not told.

mod asked;
mod functions;
mod operators;
mod patterns;
mod search;
mod signs;
mod values;

pub(crate) use operators::{joined_name, mirrored};
pub(crate) use search::state_called;
pub(crate) use signs::parted;

use super::connective::{joins_clauses, leaves_out};
use super::input::{Context, Tokens, connective, ends_condition, is_not};
use super::operator::sign;
use super::token::{Keyword, Symbol, Token, TokenKind, is_plain_name};
use crate::diagnostic::{Code, Diagnostic, Fix, applied, moved_back, replaced_at};
use crate::source::Span;

/// How many bytes are parsed in trying.
const MAX_TRIED_BYTES: usize = 16 << 10;

/// How many habits one text is looked through for.
const MAX_HABITS: usize = 16;

/// A habit at its place.
struct Habit {
    /// What makes the text right; the correction that is told is the same, or none where it may have been meant otherwise.
    trial: Fix,
    error: Diagnostic,
}

impl Habit {
    /// One whose correction is what was meant.
    fn mended(error: Diagnostic) -> Option<Self> {
        error.fix.clone().map(|trial| Self { trial, error })
    }

    /// One of which it is not known what was meant; `trial` shows where the text goes on.
    fn told(error: Diagnostic, place: Span, trial: impl Into<String>) -> Option<Self> {
        Some(Self { trial: Fix { span: place, replacement: trial.into() }, error })
    }
}

/// A place in the text.
#[derive(Clone, Copy)]
struct Place<'t> {
    /// The tokens before it.
    before: &'t [Token],
    /// The tokens from it on.
    at: Tokens<'t>,
}

impl<'t> Place<'t> {
    fn source(&self) -> &'t str {
        self.at.context.text
    }

    fn previous(&self) -> Option<TokenKind> {
        self.before.last().map(|token| token.kind)
    }

    /// Whether a condition may begin here: nothing, a connective or a parenthesis stands before, and NOT perhaps; behind a
    /// name NOT is an operator.
    fn begins(&self) -> bool {
        let before = self.before.iter().rfind(|token| !is_not(token.kind));
        before.is_none_or(|token| self.joins(token) || token.kind == TokenKind::Symbol(Symbol::Open))
    }

    /// Whether a token joins conditions, as it is read or as one says it.
    fn joins(&self, token: &Token) -> bool {
        connective(token.kind).is_some() || joins_clauses(token.span.of(self.source()))
    }

    /// The name of an attribute, if one stands here.
    fn name(&self) -> Option<&'t str> {
        let text = self.at.text_at(0);
        match self.at.peek()? {
            TokenKind::Word if is_plain_name(text) => Some(text),
            TokenKind::Backticked => Some(text),
            _ => None,
        }
    }
}

type Rule = fn(Place<'_>) -> Option<Habit>;

/// The rules; where several know a place, the first one counts.
const RULES: &[Rule] = &[
    signs::pasted,
    signs::foreign_comment,
    signs::dashes,
    signs::negation,
    signs::ornament,
    signs::invisible,
    signs::full_width,
    signs::glued_sign,
    signs::glued_keyword,
    signs::contraction,
    signs::quoted_condition,
    values::brackets,
    signs::apostrophe,
    signs::apostrophe_in_words,
    signs::unclosed,
    signs::address,
    signs::hash,
    signs::semicolon,
    operators::subscript,
    search::conversation,
    search::parameters,
    search::introduced,
    search::article,
    search::prefixed,
    search::excluded,
    search::ordered,
    search::stated,
    search::listed,
    search::without,
    functions::value,
    functions::of_name,
    values::method,
    values::telephone,
    operators::age,
    operators::within,
    operators::ahead,
    operators::from_to,
    operators::is_me,
    operators::divided_sign,
    operators::not_behind,
    patterns::regular_expression,
    operators::quantified,
    values::bracketed,
    values::joined_in_list,
    values::joined_behind_in,
    values::range_behind_in,
    values::decimal_range,
    values::words_in_list,
    operators::or_more,
    values::joined_words,
    operators::shared_name,
    operators::divided_name,
    operators::chained,
    operators::reversed,
    operators::contained,
];

/// Tells of habits instead of the errors that they mend. Whether nothing else is wrong with the text:
/// then each of them is a mistake of its own.
#[cold]
pub(super) fn recognise(text: &str, tokens: &[Token], errors: &mut Vec<Diagnostic>) -> bool {
    if text.len() > MAX_TRIED_BYTES {
        return false;
    }
    let habits = habits(text, pieces(text, tokens)).into_iter().map(|habit| (habit.trial, habit.error));
    let (mut trials, mut told): (Vec<Fix>, Vec<Diagnostic>) = habits.unzip();
    if trials.is_empty() || trials.len() * text.len() > MAX_TRIED_BYTES {
        return false;
    }
    // Rules see no more than their own place: one without which the text is as right as with it was mistaken.
    let mut left = super::errors_of(&applied(text, &trials));
    for at in (0..trials.len()).rev() {
        let Some((before, [trial, behind @ ..])) = trials.split_at_checked(at) else { break };
        let place = replaced_at(before, trial);
        let mistaken = if trials.len() == 1 {
            errors.len() <= left.len() && !is_read_on(errors, &left, place)
        } else {
            let without = super::errors_of(&applied(text, before.iter().chain(behind)));
            let mistaken = wrong(&without) <= wrong(&left) && !is_read_on(&without, &left, place);
            if mistaken {
                left = without;
            }
            mistaken
        };
        if mistaken {
            trials.remove(at);
            told.remove(at);
        }
    }
    if trials.is_empty() {
        return false;
    }
    let is_all = left.is_empty();
    left.retain_mut(|error| moved_back(error, &trials));
    left.append(&mut told);
    *errors = left;
    is_all
}

/// How much is wrong with a text. Of two conditions side by side both were read: that is less than any other error.
fn wrong(errors: &[Diagnostic]) -> usize {
    errors.iter().map(|error| if error.code == Code::MissingConnective { 1 } else { 2 }).sum()
}

/// Whether a text with as many errors as before was at least read further: where an error does not say what is right, or
/// guesses it, nobody has read what is behind. Of `Created at is greater than 5` the second mistake is seen with the first
/// one mended. What was mended at a place is right now.
fn is_read_on(before: &[Diagnostic], left: &[Diagnostic], place: Span) -> bool {
    let unsure = |errors: &[Diagnostic]| {
        let guessed = [Code::MissingOperator, Code::UnclosedQuote];
        errors.iter().filter(|error| error.fix.is_none() || guessed.contains(&error.code)).count()
    };
    let apart = |error: &Diagnostic| error.span().end <= place.start || error.span().start >= place.end;
    before.len() == left.len() && unsure(left) < unsure(before) && left.iter().all(apart)
}

/// The habits from left to right, none within another.
fn habits(text: &str, mut pieces: Vec<Token>) -> Vec<Habit> {
    let context = Context::of(text);
    let mut found: Vec<Habit> = Vec::new();
    let (mut end, mut at) = (0, 0);
    while at < pieces.len() {
        let (before, rest) = pieces.split_at_checked(at).unwrap_or_default();
        at += 1;
        let place = Place { before, at: Tokens { rest, context: &context, depth: 0 } };
        if place.at.span().start < end {
            continue;
        }
        let known = RULES.iter().filter_map(|rule| rule(place)).find(|habit| habit.trial.span.start >= end);
        if let Some(mut habit) = known {
            super::add_blanks(text, &mut habit.trial);
            end = habit.trial.span.end;
            found.push(habit);
            if found.len() == MAX_HABITS {
                break;
            }
            reread(text, end, &mut pieces);
        }
    }
    found
}

/// Reads the text anew from where a habit ends, if that is inside of a token: behind `'O'Neil'` every other quotation mark
/// opens what it was taken to close.
fn reread(text: &str, end: u32, pieces: &mut Vec<Token>) {
    let kept = pieces.partition_point(|piece| piece.span.end <= end);
    if pieces.get(kept).is_none_or(|next| next.span.start >= end) {
        return;
    }
    pieces.truncate(kept);
    let rest = text.get(end as usize..).unwrap_or_default();
    let moved = |token: &Token| Token { span: Span::new(token.span.start + end, token.span.end + end), ..*token };
    let tokens: Vec<Token> = super::lexer::lex(rest).tokens.iter().map(moved).collect();
    pieces.extend(self::pieces(text, &tokens));
}

/// The tokens, with words divided where a search box, a range or an array would divide them: `created:[a` is four.
fn pieces(text: &str, tokens: &[Token]) -> Vec<Token> {
    let mut pieces: Vec<Token> = Vec::with_capacity(tokens.len() + 8);
    let mut open = false;
    for token in tokens {
        if token.kind != TokenKind::Word {
            pieces.push(*token);
            continue;
        }
        let (mut start, end) = (token.span.start, token.span.end);
        let previous = pieces.last().copied();
        let is_colon = |token: &Token| token.span.of(text) == ":";
        let compared = previous.is_some_and(|token| is_comparing(token.kind) || is_colon(&token));
        if token.span.of(text).starts_with(super::spelling::NEGATION) {
            let sign = Span::new(start, start + super::spelling::NEGATION.len_utf8() as u32);
            pieces.push(Token { kind: TokenKind::Word, span: sign });
            start = sign.end;
        }
        let word = text.get(start as usize..end as usize).unwrap_or_default();
        let mut push = |start, end| {
            if start < end {
                pieces.push(Token { kind: TokenKind::Word, span: Span::new(start, end) });
            }
        };
        let listed = previous.is_some_and(|token| token.kind == TokenKind::Symbol(Symbol::Comma));
        let doubled = word.starts_with(':') && previous.as_ref().is_some_and(is_colon);
        if !compared && !listed || doubled {
            let name = word.split(':').next().unwrap_or(word);
            let behind = word.get(name.len()..).unwrap_or_default();
            let plain = name.strip_prefix(['-', '+']).unwrap_or(name);
            let begins = plain.starts_with(|c: char| c.is_alphabetic() || c == '_');
            let named = begins && is_searched(plain) || name.is_empty();
            if named && behind.starts_with(':') && !behind.starts_with("://") {
                push(start, start + name.len() as u32);
                start += name.len() as u32;
                let colons = behind.len() - behind.trim_start_matches(':').len();
                for _ in 0..colons {
                    push(start, start + 1);
                    start += 1;
                }
            }
        }
        let rest = text.get(start as usize..end as usize).unwrap_or_default();
        let bracket = ["%w[", "%w(", "%i[", "[", "{"].into_iter().find(|bracket| rest.starts_with(bracket));
        // What stands before them may be an operator of another language.
        if let Some(bracket) = bracket.filter(|_| previous.is_some() || start > token.span.start) {
            push(start, start + bracket.len() as u32);
            start += bracket.len() as u32;
            open = true;
        }
        let closes = open && text.get(start as usize..end as usize).is_some_and(|rest| rest.ends_with([']', '}']));
        if closes {
            push(start, end - 1);
            push(end - 1, end);
            open = false;
        } else {
            push(start, end);
        }
    }
    pieces
}

/// Whether a word before a colon may be a name, or one that search boxes have there and that is a keyword here.
fn is_searched(name: &str) -> bool {
    is_plain_name(name) || ["is", "in", "missing"].iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// Whether a value may stand behind such a token.
fn is_comparing(kind: TokenKind) -> bool {
    sign(kind).is_some()
        || matches!(
            kind,
            TokenKind::Symbol(Symbol::Match | Symbol::TripleEqual | Symbol::NotDoubleEqual)
                | TokenKind::Keyword(Keyword::In | Keyword::Contains | Keyword::With | Keyword::Between)
        )
}

/// Values, each of one word or text, that commas or one connective join, up to what cannot go on.
fn joined<'t>(input: Tokens<'t>) -> Option<(Tokens<'t>, Vec<Vec<Span>>, Option<Separator>)> {
    let (mut rest, mut values, mut separator) = (input, Vec::new(), None);
    loop {
        let mut words = Vec::new();
        while rest.is_value(0) && (words.is_empty() || !rest.begins_condition(0) && !leaves_out(rest)) {
            words.push(rest.span());
            rest = rest.skip(1);
        }
        if words.is_empty() {
            return None;
        }
        values.push(words);
        let next = match rest.peek() {
            Some(TokenKind::Symbol(Symbol::Comma)) => Separator::Comma,
            Some(kind) => match connective(kind) {
                Some(level) => Separator::Connective(level),
                None => return (ends_condition(kind) || leaves_out(rest)).then_some((rest, values, separator)),
            },
            None => return Some((rest, values, separator)),
        };
        // A comma too many, at the end.
        let ends = matches!(rest.peek_at(1), None | Some(TokenKind::Symbol(Symbol::Close)));
        if next == Separator::Comma && ends && separator.is_none_or(|separator| separator == next) {
            return Some((rest.skip(1), values, Some(next)));
        }
        if !rest.is_value(1) || rest.begins_condition(1) || separator.is_some_and(|separator| separator != next) {
            return Some((rest, values, separator));
        }
        separator = Some(next);
        rest = rest.skip(1);
    }
}

/// A word that stands from blank to blank without the parentheses at its end that nothing in it opens.
fn without_closing(word: &str) -> &str {
    let unmatched = |text: &str| text.matches(')').count() > text.matches('(').count();
    let mut word = word.trim_end_matches(',');
    while unmatched(word)
        && let Some(shorter) = word.strip_suffix(')')
    {
        word = shorter;
    }
    word
}

/// What stands between values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Comma,
    Connective(super::tree::Connective),
}

/// A value of several words as it is written.
fn value_of(source: &str, words: &[Span]) -> String {
    match words {
        [one] => one.of(source).to_owned(),
        [first, .., last] => super::quote(first.to(*last).of(source)),
        [] => String::new(),
    }
}
