//! The two values of BETWEEN, and how others write them.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::opt;

use super::condition::{value, words};
use super::input::{Errors, NoMatch, Recovered, Step, Tokens, keyword, symbol, word};
use super::operator::{Found, consumed};
use super::parser::skip_to_boundary;
use super::token::{Keyword, Symbol, is_blank};
use super::tree::{Form, Operand, Value};
use crate::diagnostic::catalogue;
use crate::source::Span;

// range = value and value ;
pub(super) fn range<'t>(
    found: Found,
    input: Tokens<'t>,
    errors: &mut Errors,
) -> Result<(Tokens<'t>, Option<Operand>), nom::Err<NoMatch>> {
    let Ok((rest, (low, more))) = words(input, found.operator, None) else {
        if let Ok((after, (range, more))) = mistaken_range(input) {
            errors.append(more);
            return Ok((after, Some(range)));
        }
        errors.push(catalogue::range_expected(found.span, None));
        let rest = if input.is_boundary(0) { input } else { skip_to_boundary(input).0 };
        return Ok((rest, None));
    };
    let joined = alt((keyword(Keyword::And), symbol(Symbol::AndAnd))).parse(rest);
    if let Ok((after, _)) = joined
        && !after.is_operand(0)
        && let Ok((after, (high, beside))) = words(after, found.operator, None)
    {
        errors.append(more);
        errors.append(beside);
        return Ok((after, Some(Operand::Range(low, high))));
    }
    if let Ok((after, (range, more))) = mistaken_range(input) {
        errors.append(more);
        return Ok((after, Some(range)));
    }
    if let Some((from, to)) = divided(low.span, input.context.text)
        && rest.is_boundary(0)
    {
        let text = |span: Span| span.of(input.context.text);
        errors.push(catalogue::range_without_and(low.span, text(from), text(to)));
        let form = Form::Word;
        return Ok((rest, Some(Operand::Range(Value { span: from, form }, Value { span: to, form }))));
    }
    let first = Some(low.span.of(input.context.text)).filter(|_| low.form != Form::Words);
    errors.push(catalogue::range_expected(low.span, first));
    // `BETWEEN 1 AND`: the AND is that of BETWEEN and joins nothing.
    if let Ok((after, _)) = joined
        && after.is_boundary(0)
    {
        return Ok((after, None));
    }
    Ok((rest, None))
}

/// The two values of `1 - 5`, `1..5` and `1-5`.
#[cold]
pub(super) fn divided(span: Span, source: &str) -> Option<(Span, Span)> {
    let (from, to) = range_in(span.of(source))?;
    let is_one = |text: &str| !text.is_empty() && !text.contains(is_blank);
    let places =
        (Span::new(span.start, span.start + from.len() as u32), Span::new(span.end - to.len() as u32, span.end));
    (is_one(from) && is_one(to)).then_some(places)
}

/// The two values of a text with a sign or a word between them that says from where to where.
#[cold]
pub(crate) fn range_in(text: &str) -> Option<(&str, &str)> {
    const SIGNS: &[&str] =
        &["...", "..", " - ", " to ", " TO ", " until ", " till ", "\u{2013}", "\u{2014}", "\u{2026}"];
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || is_blank(char::from(byte)));
    // A lone hyphen is a part of dates; `2026-06` is a month.
    let is_month = text.find('-') == Some(4) && text.len() == 7;
    let numbers = digits(&text.replacen('-', "", 1)) && !is_month;
    let (from, to) = SIGNS.iter().copied().chain(numbers.then_some("-")).find_map(|sign| text.split_once(sign))?;
    Some((from.trim_end(), to.trim_start()))
}

/// Two values that no AND joins, or in parentheses: `1 5`, `1, 5`, `1 TO 5`, `(1, 5)`, `(1 AND 5)`.
fn mistaken_range(input: Tokens<'_>) -> Step<'_, Recovered<Operand>> {
    let (rest, open) = opt(symbol(Symbol::Open)).parse(input)?;
    let (rest, low) = value(rest)?;
    // Brackets are told of whole, where they are a range.
    if low.span.of(input.context.text).starts_with(['[', '{']) {
        return Err(nom::Err::Error(NoMatch));
    }
    let joint = alt((symbol(Symbol::Comma), keyword(Keyword::Or), keyword(Keyword::And), word("to")));
    let (rest, _) = opt(joint).parse(rest)?;
    if rest.begins_condition(0) {
        return Err(nom::Err::Error(NoMatch));
    }
    let (rest, high) = value(rest)?;
    let rest = if open.is_some() { symbol(Symbol::Close).parse(rest)?.0 } else { rest };
    if !rest.is_boundary(0) {
        return Err(nom::Err::Error(NoMatch));
    }
    let text = |value: Value| value.span.of(input.context.text);
    let error = catalogue::range_without_and(consumed(input, rest), text(low), text(high));
    Ok((rest, (Operand::Range(low, high), error.into())))
}
