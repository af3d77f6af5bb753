//! Spans of time as one says them, where an operator and a date are expected: `the last 7 days`.

use super::input::Tokens;
use super::operator::{consumed, negation, negative, phrase};
use super::spelling::{length_of_time, quote};
use super::token::TokenKind;
use super::tree::{Connective, Operator};

/// `WITHIN 7d`, `the last 7 days`, `in the last week`, `days_before 7`, `7 days before`: the comparison that is meant, and
/// the rest. Whether a NOT stood before it is told; another negation may stand here.
#[cold]
pub(super) fn span_of_time(input: Tokens<'_>, is_negated: bool) -> Option<(Tokens<'_>, String)> {
    let (input, is_negated) = negation(input).map_or((input, is_negated), |rest| (rest, !is_negated));
    let (rest, operator, value) = counted_days(input).or_else(|| age_in_words(input, is_negated))?;
    let operator = if is_negated { negative(operator) } else { operator };
    Some((rest, format!("{} {value}", operator.as_str())))
}

/// `days_before 7`, `7 days before`, and `x days before 7` of the dashboard's list
fn counted_days(input: Tokens<'_>) -> Option<(Tokens<'_>, Operator, String)> {
    let behind = |input| ["days_before", "x days before", "days before"].iter().find_map(|words| phrase(input, words));
    let (days, rest) = match behind(input) {
        Some(rest) => (rest, rest.skip(1)),
        None => (input, behind(input.skip(1))?),
    };
    let counts = days.is_value(0) && days.text_at(0).bytes().all(|byte| byte.is_ascii_digit()) && rest.is_boundary(0);
    counts.then(|| (rest, Operator::Less, format!("-{}d", days.text_at(0))))
}

/// `WITHIN 7d`, `the last 7 days`, `the next 7 days`; `OLDER THAN 7d` is an operator, but none that NOT goes with.
fn age_in_words(input: Tokens<'_>, is_negated: bool) -> Option<(Tokens<'_>, Operator, String)> {
    const WORDS: &[&str] = &[
        "within",
        "in",
        "during",
        "the",
        "last",
        "past",
        "next",
        "coming",
        "newer than",
        "newer",
        "younger than",
        "younger",
        "later than",
        "later",
    ];
    if let Some(age) = phrase(input, "older than").filter(|_| is_negated) {
        let (rest, length) = length(age)?;
        return Some((rest, Operator::Less, format!("-{length}")));
    }
    let (mut rest, mut last) = (input, "");
    loop {
        // `at last week`; a length of time may be no date, so that nothing is known of `at 7 days`.
        let begun = ["at", "on"].iter().find_map(|word| phrase(rest, word));
        if let Some((after, period)) = period(begun.unwrap_or(rest)) {
            return Some((after, Operator::Equal, period));
        }
        let Some((word, after)) = WORDS.iter().find_map(|word| Some((word, phrase(rest, word)?))) else { break };
        (rest, last) = (after, word);
    }
    if last.is_empty() {
        return None;
    }
    // `the past week`
    let one = || length_of_time(&format!("1 {}", rest.text_at(0))).filter(|_| last == "past" && rest.is_boundary(1));
    let (after, length) = length(rest).or_else(|| Some((rest.skip(1), one()?)))?;
    if !["next", "coming"].contains(&last) {
        return Some((after, Operator::Greater, format!("-{length}")));
    }
    Some((after, Operator::Between, format!("{} {} +{length}", from_today(&length), Connective::And.as_str())))
}

/// Where a length of time from now begins: whole days today, others at this instant.
pub(crate) fn from_today(length: &str) -> &'static str {
    if length.ends_with(['d', 'w', 'o', 'y']) { "today" } else { "now" }
}

/// `last week`, `this month`, which are those of the calendar, as a value.
fn period(input: Tokens<'_>) -> Option<(Tokens<'_>, String)> {
    let which = ["last", "previous", "this", "current", "next", "coming"].iter().any(|word| input.is_word(0, word));
    let is_unit = ["week", "month", "year"].iter().any(|unit| input.is_word(1, unit));
    let rest = input.skip(2);
    (which && is_unit && input.is_boundary(2)).then(|| (rest, quote(consumed(input, rest).of(input.context.text))))
}

/// A length of time, `7d` or `7 days`, with nothing behind it.
pub(super) fn length(input: Tokens<'_>) -> Option<(Tokens<'_>, String)> {
    let words = (1..=4).find(|count| input.is_boundary(*count))?;
    let after = input.skip(words);
    let is_words = input.rest.iter().take(words).all(|token| token.kind == TokenKind::Word);
    let text = length_of_time(consumed(input, after).of(input.context.text)).filter(|_| is_words)?;
    Some((after, text))
}
