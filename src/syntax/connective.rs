//! Words that join conditions elsewhere: in other languages, and in what people say.

use super::input::{Tokens, connective};
use super::lexer::lex;
use super::parser::last_condition;
use super::token::{Symbol, TokenKind};
use super::tree::{Connective, Expr, Operator};
use crate::diagnostic::{Diagnostic, catalogue, nearest_within};

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

fn foreign(word: &str) -> Option<Connective> {
    FOREIGN.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, meant)| *meant)
}

/// What a word nearly is. XOR and NOR are near to OR, and mean something else.
fn near(word: &str) -> Option<Connective> {
    let near = nearest_within(word, ["AND", "OR"], |_| 1).first().copied()?;
    let other = ["XOR", "NOR"].iter().any(|other| word.eq_ignore_ascii_case(other));
    [Connective::And, Connective::Or].into_iter().find(|level| level.as_str() == near && !other)
}

/// What is told of a word that was meant to join two conditions.
#[cold]
pub(super) fn mistaken(input: Tokens<'_>) -> Diagnostic {
    let (span, word) = (input.span(), input.text_at(0));
    if LEAVING_OUT.iter().any(|known| input.is_word(0, known)) {
        let told = catalogue::misspelt_connective(span, word, "AND NOT");
        let unclear = "write AND NOT, with parentheses around all that is left out and all of what it is left out of";
        return if leaves_one_out(input) { told } else { Diagnostic { fix: None, ..told }.help(unclear) };
    }
    match foreign(word).or_else(|| near(word)) {
        Some(meant) => catalogue::misspelt_connective(span, word, meant.as_str()),
        None => catalogue::expected_connective(span, word),
    }
}

/// Whether it is plain what is left out, and of what: NOT is of one condition, and AND is read before OR.
fn leaves_one_out(input: Tokens<'_>) -> bool {
    let operand = input.skip(1);
    let length = match operand.peek() {
        Some(TokenKind::Symbol(Symbol::Open)) => operand.closing().map_or(0, |close| close + 1),
        _ => (0..operand.rest.len()).find(|at| operand.is_boundary(*at)).unwrap_or(operand.rest.len()),
    };
    let is_or = |kind: TokenKind| connective(kind) == Some(Connective::Or);
    let before = input.context.text.get(..input.span().start as usize).unwrap_or_default();
    let ends = matches!(operand.peek_at(length), None | Some(TokenKind::Symbol(Symbol::Close)));
    length > 0 && ends && !lex(before).tokens.iter().any(|token| is_or(token.kind))
}

/// `except muted`, `without bug`: what leaves out, and one word behind it.
pub(super) fn leaves_out(input: Tokens<'_>) -> bool {
    LEAVING_OUT.iter().any(|word| input.is_word(0, word)) && input.is_value(1) && input.is_boundary(2)
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
    matches!(operator, Operator::NotEqual | Operator::NotContains | Operator::NotStartsWith)
}
