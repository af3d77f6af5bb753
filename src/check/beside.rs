//! What stands side by side with OR: of one attribute it is one group, and of what `but` speaks then nobody knows.

use super::mend::connective_between;
use crate::diagnostic::{Code, Diagnostic, Fix, applied, catalogue, replaced_at};
use crate::source::Span;
use crate::syntax::{
    Condition, Connective, Expr, Operand, Operator, Symbol, TokenKind, as_it_stands, as_one, connective, lex,
    with_values,
};

/// Makes one correction of those of words that OR joins and that ask of one attribute: `label IN (vip, refund)` of
/// `status = open and vip or refund`, where AND would take the first of two conditions alone.
#[cold]
pub(super) fn group(errors: &mut Vec<Diagnostic>, text: &str) {
    let is_word = |error: &Diagnostic| {
        error.code == Code::MissingOperator && error.fix.as_ref().is_some_and(|fix| fix.span == error.span())
    };
    let mut words: Vec<Fix> =
        errors.iter().filter(|error| is_word(error)).filter_map(|error| error.fix.clone()).collect();
    words.sort_by_key(|word| word.span);
    for several in words.chunk_by(|left, right| is_beside(left, right, text)) {
        let ([first, _, ..], [.., last]) = (several, several) else { continue };
        let place = first.span.to(last.span);
        let fixed = as_one(text, place, joined(several));
        errors.retain(|error| !(is_word(error) && place.encloses(error.span())));
        errors.push(catalogue::said_condition(place, place.of(text), &fixed));
    }
}

/// Whether OR stands between two words that ask of one attribute.
fn is_beside(left: &Fix, right: &Fix, text: &str) -> bool {
    let name =
        |fix: &Fix| one_condition(&fix.replacement).map(|condition| condition.name.text(&fix.replacement).into_owned());
    connective_between(text, left.span, right.span) == Some(Connective::Or)
        && name(left).is_some_and(|left| name(right) == Some(left))
}

/// The condition that a text is, if it is one.
fn one_condition(text: &str) -> Option<Condition> {
    match as_it_stands(text).tree()? {
        Expr::Condition(condition) => Some(condition.clone()),
        _ => None,
    }
}

/// Conditions on one attribute: one with a list, where all of them compare with a value.
fn joined(several: &[Fix]) -> String {
    let value = |fix: &Fix| match one_condition(&fix.replacement)? {
        Condition { operator: Operator::Equal, operand: Operand::One(value), .. } => {
            Some(value.span.of(&fix.replacement).to_owned())
        }
        _ => None,
    };
    let values: Option<Vec<String>> = several.iter().map(value).collect();
    let first = several.first().and_then(|first| Some((&first.replacement, one_condition(&first.replacement)?)));
    if let (Some(values), Some((source, first))) = (values, first) {
        let more: Vec<&str> = values.iter().skip(1).map(String::as_str).collect();
        return with_values(source, &first, Connective::Or, &more);
    }
    let each: Vec<&str> = several.iter().map(|fix| fix.replacement.as_str()).collect();
    each.join(" OR ")
}

/// Takes back corrections of `but` where OR stands beside it: what it is set against is all that was said before, and AND
/// would join it to the last condition alone.
#[cold]
pub(super) fn doubt_but(errors: &mut [Diagnostic], text: &str) {
    let is_but = |fix: &Fix| {
        let spelled = fix.span.of(text).trim_start_matches(|c: char| c == ',' || c.is_whitespace());
        let word = spelled.split_whitespace().next().unwrap_or_default();
        word.eq_ignore_ascii_case("but") && fix.replacement.trim_start().starts_with(Connective::And.as_str())
    };
    if !errors.iter().any(|error| error.fix.as_ref().is_some_and(is_but)) {
        return;
    }
    let mut fixes: Vec<Fix> = errors.iter().filter_map(|error| error.fix.clone()).collect();
    fixes.sort_by_key(|fix| fix.span);
    fixes.dedup_by(|right, left| right.span.start < left.span.end);
    let mended = applied(text, &fixes);
    for error in errors {
        let Some(at) =
            error.fix.as_ref().filter(|fix| is_but(fix)).and_then(|fix| fixes.iter().position(|one| one == fix))
        else {
            continue;
        };
        let Some((before, [fix, ..])) = fixes.split_at_checked(at) else { continue };
        if stands_beside_or(&mended, replaced_at(before, fix)) {
            error.fix = None;
            error.help = Some("write AND, with parentheses around the conditions that OR joins".to_owned());
        }
    }
}

/// Whether OR stands before a place or behind it, in the same parentheses.
fn stands_beside_or(text: &str, place: Span) -> bool {
    let tokens = lex(text).tokens;
    let (before, behind) = tokens.split_at(tokens.partition_point(|token| token.span.end <= place.start));
    let level = |kind: TokenKind| connective(kind) == Some(Connective::Or);
    let is_or = |opens: Symbol, closes: Symbol| {
        let mut depth = 0u32;
        move |kind: TokenKind| {
            if kind == TokenKind::Symbol(opens) {
                depth += 1;
            } else if kind == TokenKind::Symbol(closes) {
                let Some(outside) = depth.checked_sub(1) else { return Some(false) };
                depth = outside;
            }
            (depth == 0 && level(kind)).then_some(true)
        }
    };
    let mut left = is_or(Symbol::Close, Symbol::Open);
    let mut right = is_or(Symbol::Open, Symbol::Close);
    before.iter().rev().find_map(|token| left(token.kind)).unwrap_or(false)
        || behind.iter().find_map(|token| right(token.kind)).unwrap_or(false)
}
