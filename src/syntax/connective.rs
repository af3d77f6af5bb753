//! Words that join conditions elsewhere: in other languages, and in what people say.

use super::input::{Tokens, connective};
use super::lexer::lex;
use super::operator::{consumed, foreign as foreign_operator, phrase};
use super::parser::last_condition;
use super::token::{Symbol, TokenKind};
use super::tree::{Connective, Expr, Operator};
use super::vocabulary::NEGATIONS;
use crate::diagnostic::{Diagnostic, catalogue, nearest_within};
use crate::source::is_digits;

/// What people write for AND and OR.
const FOREIGN: &[(&str, Connective)] = &[
    ("und", Connective::And),
    ("et", Connective::And),
    ("y", Connective::And),
    ("e", Connective::And),
    ("en", Connective::And),
    ("og", Connective::And),
    ("och", Connective::And),
    ("but", Connective::And),
    ("oder", Connective::Or),
    ("ou", Connective::Or),
    ("o", Connective::Or),
    ("oppure", Connective::Or),
    ("eller", Connective::Or),
];

/// What leaves out the conversations that the condition behind it finds.
const LEAVING_OUT: &[&str] = &["except", "excluding", "unless", "without"];

/// How long a text is in which it is looked for what is left out.
const MAX_TRIED_BYTES: usize = 16 << 10;

fn foreign(word: &str) -> Option<Connective> {
    FOREIGN.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, meant)| *meant)
}

/// What a word nearly is. XOR and NOR are near to OR, and mean something else.
fn near(word: &str) -> Option<Connective> {
    let near = nearest_within(word, ["AND", "OR"], |_| 1).first().copied()?;
    let other = ["XOR", "NOR"].iter().any(|other| word.eq_ignore_ascii_case(other));
    [Connective::And, Connective::Or].into_iter().find(|level| level.as_str() == near && !other)
}

/// What is told of words that were meant to join two conditions, and the rest behind them.
#[cold]
pub(super) fn mistaken(input: Tokens<'_>) -> (Tokens<'_>, Diagnostic) {
    if let Some(rest) = leaving_out(input) {
        let span = consumed(input, rest);
        let told = catalogue::misspelt_connective(span, span.of(input.context.text), "AND NOT");
        let unclear = "write AND NOT, with parentheses around all that is left out and all of what it is left out of";
        return (rest, if leaves_one_out(input, rest) { told } else { Diagnostic { fix: None, ..told }.help(unclear) });
    }
    let (span, word) = (input.span(), input.text_at(0));
    let error = match foreign(word).or_else(|| near(word)) {
        // `id = 5 but 6`: what is set against a number by another one, nobody knows.
        Some(meant) if is_but(input) && is_digits(input.text_at(1)) && input.is_boundary(2) => {
            Diagnostic { fix: None, ..catalogue::misspelt_connective(span, word, meant.as_str()) }
                .help("write a condition behind AND; what is left out is one with NOT before it")
        }
        Some(meant) => catalogue::misspelt_connective(span, word, meant.as_str()),
        None => catalogue::expected_connective(span, word),
    };
    (input.skip(1), error)
}

/// Whether it is plain what is left out, and of what: NOT is of one condition, and AND is read before OR.
pub(super) fn leaves_one_out(input: Tokens<'_>, operand: Tokens<'_>) -> bool {
    // What is around is read for each of them.
    if input.context.text.len() > MAX_TRIED_BYTES {
        return false;
    }
    let length = match operand.peek() {
        Some(TokenKind::Symbol(Symbol::Open)) => operand.closing().map_or(0, |close| close + 1),
        _ => (0..operand.rest.len()).find(|at| operand.is_boundary(*at)).unwrap_or(operand.rest.len()),
    };
    let is_or = |kind: TokenKind| connective(kind) == Some(Connective::Or);
    let before = input.context.text.get(..input.span().start as usize).unwrap_or_default();
    let ends = matches!(operand.peek_at(length), None | Some(TokenKind::Symbol(Symbol::Close)));
    length > 0 && ends && !lex(before).tokens.iter().any(|token| is_or(token.kind))
}

/// The rest behind `except`, `except for`, `except when` and the like.
pub(super) fn leaving_out(input: Tokens<'_>) -> Option<Tokens<'_>> {
    let rest = LEAVING_OUT.iter().find_map(|word| phrase(input, word))?;
    Some(["for", "when", "if", "where"].iter().find_map(|word| phrase(rest, word)).unwrap_or(rest))
}

/// Whether a condition, or one word, stands behind what joins: `except muted`, `but unassigned`.
pub(super) fn joins(input: Tokens<'_>) -> bool {
    let left_out = leaving_out(input);
    let rest = left_out.unwrap_or(input.skip(1));
    // `unless label has vip`
    let is_told =
        || rest.is_boundary(1) || rest.peek() == Some(TokenKind::Word) && foreign_operator(rest.skip(1)).is_ok();
    rest.begins_group(0) || (left_out.is_some() || is_but(input)) && rest.is_value(0) && is_told()
}

/// Whether a word joins what is said as a clause of its own: `unless it is muted`.
pub(super) fn joins_clauses(word: &str) -> bool {
    ["but", "unless"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// `but`, with something behind it.
pub(super) fn is_but(input: Tokens<'_>) -> bool {
    input.is_word(0, "but") && !input.is_boundary(1)
}

/// Whether `but`, or what leaves out, stands here.
pub(super) fn leaves_out(input: Tokens<'_>) -> bool {
    input.is_word(0, "but") || leaving_out(input).is_some()
}

/// Whether a word sets what stands behind it apart from what stands before: `but`, `except`, `nor`, `no`.
pub(super) fn sets_apart(word: &str) -> bool {
    ["but", "nor"].iter().chain(LEAVING_OUT).chain(NEGATIONS).any(|known| word.eq_ignore_ascii_case(known))
}

/// Whether what stands behind a value goes on with another one or with a condition, so that it is no part of the value.
pub(super) fn goes_on(input: Tokens<'_>) -> bool {
    is_nor(input) || sets_against(input)
}

/// Whether `but`, or what leaves out, stands here with something behind it.
pub(super) fn sets_against(input: Tokens<'_>) -> bool {
    is_but(input) || leaving_out(input).is_some_and(|rest| !rest.is_boundary(0))
}

/// `nor bug` behind `label != vip`.
pub(super) fn negates_on(last: &Expr, input: Tokens<'_>) -> bool {
    is_nor(input) && last_condition(last).is_some_and(|condition| is_negative(condition.operator))
}

/// `nor`, and one word behind it.
pub(super) fn is_nor(input: Tokens<'_>) -> bool {
    input.is_word(0, "nor") && input.is_value(1) && (input.is_boundary(2) || input.is_word(2, "nor"))
}

/// Whether an operator asks for another text than its value.
pub(super) fn is_negative(operator: Operator) -> bool {
    matches!(operator, Operator::NotEqual | Operator::NotContains | Operator::NotStartsWith | Operator::NotLike)
}
