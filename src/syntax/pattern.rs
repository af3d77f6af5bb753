//! The patterns of LIKE, and what asks for the same.

use super::input::Tokens;
use super::lexer::unquote;
use super::spelling::write_value;
use super::token::TokenKind;
use super::tree::Operator;
use crate::diagnostic::{Diagnostic, catalogue};
use crate::source::Span;

/// What is asked of a text by a pattern of LIKE, or of NOT LIKE, with wildcards at its ends: `'%x%'` is anywhere, `'x%'`
/// at the beginning. None for any other pattern, and where `\%` is no wildcard.
pub(super) fn pattern(operator: Operator, text: &str) -> Option<(Operator, &str)> {
    let inner = text.trim_matches('%');
    if inner.is_empty() || inner.contains(['%', '\\']) || !text.ends_with('%') {
        return None;
    }
    let operator = match operator {
        Operator::Contains if !text.starts_with('%') => Operator::StartsWith,
        Operator::NotContains if !text.starts_with('%') => Operator::NotStartsWith,
        other => other,
    };
    Some((operator, inner))
}

/// What `LIKE` means before a value with wildcards at its ends.
pub(super) fn like(span: Span, spelled: &str, operator: Operator, value: Tokens<'_>) -> (Operator, Diagnostic) {
    let text = match value.peek() {
        Some(TokenKind::Quoted) => unquote(value.text_at(0)),
        _ => value.text_at(0).into(),
    };
    if !text.contains('%') {
        return (operator, catalogue::unknown_operator(span, spelled, operator.as_str()));
    }
    let Some((meant, inner)) = pattern(operator, &text) else {
        return (operator, catalogue::pattern_operator(span.to(value.span()), spelled));
    };
    let any_case = spelled.to_ascii_lowercase().ends_with("ilike");
    if any_case && meant == Operator::StartsWith {
        return (operator, catalogue::prefix_in_any_case(span.to(value.span()), spelled, inner));
    }
    let operator = meant;
    let fixed = format!("{} {}", operator.as_str(), write_value(inner));
    (operator, catalogue::operator_and_value(span, spelled, span.to(value.span()), &fixed))
}
