//! Spans of time as one says them, where an operator and a date are expected: `the last 7 days`.

use super::input::Tokens;
use super::operator::{consumed, negation, negative, phrase};
use super::spelling::length_of_time;
use super::token::TokenKind;
use super::tree::Operator;

/// `WITHIN 7d`, `the last 7 days`, `days_before 7`, `7 days before`: the comparison that is meant, and the rest. Whether a
/// NOT stood before it is told; another negation may stand here.
#[cold]
pub(super) fn span_of_time(input: Tokens<'_>, is_negated: bool) -> Option<(Tokens<'_>, String)> {
    let (input, is_negated) = negation(input).map_or((input, is_negated), |rest| (rest, !is_negated));
    let (rest, operator, length) = counted_days(input).or_else(|| age_in_words(input, is_negated))?;
    let operator = if is_negated { negative(operator) } else { operator };
    Some((rest, format!("{} -{length}", operator.as_str())))
}

/// `days_before 7`, `7 days before`
fn counted_days(input: Tokens<'_>) -> Option<(Tokens<'_>, Operator, String)> {
    let behind = |input| ["days_before", "days before"].iter().find_map(|words| phrase(input, words));
    let (days, rest) = match behind(input) {
        Some(rest) => (rest, rest.skip(1)),
        None => (input, behind(input.skip(1))?),
    };
    let counts = days.is_value(0) && days.text_at(0).bytes().all(|byte| byte.is_ascii_digit()) && rest.is_boundary(0);
    counts.then(|| (rest, Operator::Less, format!("{}d", days.text_at(0))))
}

/// `WITHIN 7d`, `the last 7 days`; `OLDER THAN 7d` is an operator, but none that NOT goes with.
fn age_in_words(input: Tokens<'_>, is_negated: bool) -> Option<(Tokens<'_>, Operator, String)> {
    const WORDS: &[&str] = &[
        "within",
        "in",
        "during",
        "the",
        "last",
        "past",
        "newer than",
        "newer",
        "younger than",
        "younger",
        "later than",
        "later",
    ];
    if let Some(age) = phrase(input, "older than").filter(|_| is_negated) {
        let (rest, length) = length(age)?;
        return Some((rest, Operator::Less, length));
    }
    let (mut rest, mut past) = (input, false);
    while let Some((word, after)) = WORDS.iter().find_map(|word| Some((word, phrase(rest, word)?))) {
        (past, rest) = (["last", "past"].contains(word), after);
    }
    if rest.rest.len() == input.rest.len() {
        return None;
    }
    // `the last week`
    let one = || length_of_time(&format!("1 {}", rest.text_at(0))).filter(|_| past && rest.is_boundary(1));
    let (after, text) = length(rest).or_else(|| Some((rest.skip(1), one()?)))?;
    Some((after, Operator::Greater, text))
}

/// A length of time, `7d` or `7 days`, with nothing behind it.
pub(super) fn length(input: Tokens<'_>) -> Option<(Tokens<'_>, String)> {
    let words = (1..=2).find(|count| input.is_boundary(*count))?;
    let after = input.skip(words);
    let is_words = input.rest.iter().take(words).all(|token| token.kind == TokenKind::Word);
    let text = length_of_time(consumed(input, after).of(input.context.text)).filter(|_| is_words)?;
    Some((after, text))
}
