//! Functions, of which a query has none: values that are computed, and attributes that are converted first.

use super::super::expression::{computed, is_constant};
use super::super::input::Tokens;
use super::super::operator::{consumed, sign};
use super::super::token::{Keyword, Symbol, Token, TokenKind, is_plain_name};
use super::{Habit, Place};
use crate::diagnostic::catalogue;

/// How many tokens a value has at most.
const LONGEST: usize = 12;

/// Functions without which a condition on what is in their parentheses means the same here.
const CONVERSIONS: &[&str] = &["date", "to_date", "datetime", "timestamp", "lower", "lcase", "upper", "ucase", "trim"];

/// `assignee = currentUser()`, `created_at > now() - interval '7 days'`, `created_at > date '2026-06-01'`
pub(super) fn value(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let previous = place.before.last();
    let listed = place.previous() == Some(TokenKind::Keyword(Keyword::In));
    let in_list = matches!(place.previous(), Some(TokenKind::Symbol(Symbol::Open | Symbol::Comma)));
    let operator = place.previous().and_then(sign);
    if input.peek() != Some(TokenKind::Word) || !(listed || in_list || operator.is_some() || in_range(place.before)) {
        return None;
    }
    let is_typed = input.peek_at(1) == Some(TokenKind::Quoted);
    let after_call = call(input);
    if after_call.is_none() && !is_typed && !is_constant(input.text_at(0)) {
        return None;
    }
    let mut ends = ends(input);
    while let Some(rest) = ends.pop() {
        let span = consumed(input, rest);
        let Some(computed) = computed(span.of(source)) else { continue };
        // Where it is a day there, and the instant at which it begins, another sign is meant.
        let (sign_at, meant) = match (operator.map(|sign| (sign, computed.sign(sign))), previous) {
            (Some((asked, meant)), Some(sign)) if asked != meant => {
                (sign.span, format!("{} {}", meant.as_str(), computed.value))
            }
            _ if listed => (span, format!("({})", computed.value)),
            _ => (span, computed.value),
        };
        return Habit::mended(catalogue::no_functions(span, span.of(source), Some((sign_at.to(span), &meant))));
    }
    // `(open( pending)`
    let span = consumed(input, after_call.filter(|_| !in_list)?);
    let value = if listed { "(x)" } else { "x" };
    Habit::told(catalogue::no_functions(span, span.of(source), None), span, value)
}

/// `date(created_at) = 2026-06-01`, `lower(mail_subject) = refund`
pub(super) fn of_name(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let rest = call(input).filter(|rest| place.begins() && !rest.is_boundary(0))?;
    let function = input.text_at(0).to_ascii_lowercase();
    let name = match input.rest.get(2..)? {
        [name, close, ..] if is_close(close) && CONVERSIONS.contains(&function.as_str()) => name,
        // `date_trunc('day', created_at)`
        [unit, comma, name, close, ..] if is_close(close) && function == "date_trunc" => {
            let is_comma = comma.kind == TokenKind::Symbol(Symbol::Comma);
            is_comma.then_some(name).filter(|_| unit.span.of(source).trim_matches(['\'', '"']) == "day")?
        }
        _ => return None,
    };
    let name = Some(name.span.of(source)).filter(|text| name.kind == TokenKind::Word && is_plain_name(text))?;
    let span = consumed(input, rest);
    Habit::mended(catalogue::converted_name(span, span.of(source), name))
}

/// What stands behind a call, if one stands here.
fn call(input: Tokens<'_>) -> Option<Tokens<'_>> {
    let open = input.rest.get(1)?;
    let is_call = open.kind == TokenKind::Symbol(Symbol::Open) && open.span.start == input.span().end;
    let call = Some(input.skip(1)).filter(|_| is_call && input.peek() == Some(TokenKind::Word))?;
    Some(call.skip(call.closing()? + 1))
}

fn is_close(token: &Token) -> bool {
    token.kind == TokenKind::Symbol(Symbol::Close)
}

/// Where a value may end that begins here, the longest one last.
fn ends(input: Tokens<'_>) -> Vec<Tokens<'_>> {
    let (mut ends, mut rest) = (Vec::new(), input);
    while ends.len() < LONGEST && !rest.rest.is_empty() {
        rest = match (call(rest), rest.peek()) {
            (Some(behind), _) => behind,
            (None, Some(TokenKind::Symbol(Symbol::Open))) => break,
            _ if rest.is_boundary(0) => break,
            _ => rest.skip(1),
        };
        ends.push(rest);
    }
    ends
}

/// Whether a value of BETWEEN stands behind these tokens.
fn in_range(before: &[Token]) -> bool {
    let is = |token: &Token, keyword| token.kind == TokenKind::Keyword(keyword);
    match before {
        [.., last] if is(last, Keyword::Between) => true,
        [before @ .., last] if is(last, Keyword::And) => {
            let joint =
                before.iter().rfind(|token| super::connective(token.kind).is_some() || is(token, Keyword::Between));
            joint.is_some_and(|token| is(token, Keyword::Between))
        }
        _ => false,
    }
}
