//! The patterns of LIKE, where the operator or the pattern is not written as it should be.

use super::input::Tokens;
use super::spelling::quote;
use super::token::TokenKind;
use super::tree::Operator;
use crate::diagnostic::{Diagnostic, catalogue};
use crate::source::Span;

/// What `LIKE` means before a value without quotes, or where it is spelled otherwise; a text without wildcards is looked
/// for anywhere.
pub(super) fn foreign_like(span: Span, spelled: &str, operator: Operator, value: Tokens<'_>) -> (Operator, Diagnostic) {
    let text = value.text_at(0);
    let is_quoted = value.peek() == Some(TokenKind::Quoted);
    let meant = match operator {
        _ if is_quoted || text.contains('%') => operator,
        Operator::NotLike => Operator::NotContains,
        _ => Operator::Contains,
    };
    let told = match !is_quoted && meant == operator {
        true => {
            let fixed = format!("{} {}", operator.as_str(), quote(text));
            catalogue::operator_and_value(span, spelled, span.to(value.span()), &fixed)
        }
        false => catalogue::unknown_operator(span, spelled, meant.as_str()),
    };
    let is_right = ["like", "ilike", "not like", "not ilike"].iter().any(|like| spelled.eq_ignore_ascii_case(like));
    (meant, if is_right { catalogue::unquoted_pattern(told, spelled) } else { told })
}
