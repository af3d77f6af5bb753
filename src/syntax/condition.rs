//! Conditions: `name operator operand`, and the mistakes that have a diagnostic of their own.

use nom::Parser;
use nom::combinator::opt;

use super::connective::{goes_on, leaves_out};
use super::expression::uncast;
use super::input::{Errors, NoMatch, Recovered, Step, Tokens, connective, ends_condition, is_not, keyword, word};
use super::list::list;
use super::operator::{Found, consumed, foreign, meant_operator, near_operator, negative, operator, sign};
use super::parser::skip_to_boundary;
use super::range::range;
use super::several::{grouped, is_labels, is_long_text, of_values};
use super::spelling::write_name;
use super::token::{Keyword, Symbol, Token, TokenKind, all, class, is_plain_name};
use super::tree::{Condition, Connective, Expr, Form, Name, Operand, Operator, Value};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::source::Span;

// condition = name comparison value | name membership list | name between range | name presence ;
// Most of the first alternative is read by `plain` before.
pub(super) fn condition(input: Tokens<'_>) -> Step<'_, Recovered<Expr>> {
    let Some(kind) = input.peek() else { return Err(nom::Err::Error(NoMatch)) };
    let span = input.span();
    let name = Name { span };
    let text = input.text_at(0);
    let mut errors = Errors::NONE;
    let colon_at = 1 + usize::from(input.peek_at(1) == Some(TokenKind::Symbol(Symbol::Bang)));
    if matches!(kind, TokenKind::Word | TokenKind::Backticked)
        && input.peek_at(colon_at) == Some(TokenKind::Word)
        && input.text_at(colon_at).starts_with(':')
    {
        return colon_word(name, input.skip(1));
    }
    match kind {
        // An address is a value.
        TokenKind::Word
            if !input.is_operator(1) && text.contains(':') && !text.starts_with(':') && !text.contains("://") =>
        {
            return colon(input);
        }
        TokenKind::Word if !is_plain_name(text) && input.is_operator(1) => {
            if let Some(sought) = sought_with_sign(input) {
                return Ok(sought);
            }
            let name = uncast(text);
            let is_cast = name.len() < text.len() && is_plain_name(name);
            errors.push(match is_cast {
                true => catalogue::converted_name(span, text, name),
                false => catalogue::invalid_name(span, text),
            });
        }
        // `` `a b`: c ``
        TokenKind::Backticked if text.ends_with(':') && !input.is_operator(1) && !input.is_boundary(1) => {
            let sign = Span::new(span.end - 1, span.end);
            let name = Name { span: Span::new(span.start, sign.start) };
            let error = catalogue::colon_operator(sign, name.span.of(input.context.text), input.text_at(1));
            return operand(name, Found { operator: Operator::Equal, span: sign }, input.skip(1), error.into());
        }
        TokenKind::Word | TokenKind::Backticked => {}
        TokenKind::Quoted if input.is_operator(1) => {
            errors.push(catalogue::quoted_name(span, write_name(&name.text(input.context.text))));
        }
        TokenKind::Quoted => {}
        TokenKind::Keyword(k) if connective(TokenKind::Keyword(k)).is_none() && input.is_operator(1) => {
            errors.push(catalogue::keyword_name(span, text));
        }
        _ => return Err(nom::Err::Error(NoMatch)),
    }
    let rest = input.skip(1);
    match operator(rest) {
        Ok((after, (found, more))) => {
            errors.append(more);
            operand(name, found, after, errors)
        }
        Err(_) => no_operator(name, rest, errors),
    }
}

/// So many tokens are a [`plain`] condition.
pub(super) const PLAIN: usize = 3;

/// A name, a comparison and a value with nothing behind it that might belong to it: nearly every condition, and there is
/// nothing to tell of it.
#[inline]
pub(super) fn plain(input: Tokens<'_>) -> Option<Condition> {
    let [name, comparison, value, rest @ ..] = input.rest else { return None };
    let operator = match comparison.kind {
        TokenKind::Keyword(Keyword::Contains) => Operator::Contains,
        kind => sign(kind)?,
    };
    let form = form(*value)?;
    let ends = rest.first().is_none_or(|next| ends_condition(next.kind));
    let name = Name { span: name.span };
    if !ends || input.peek() != Some(TokenKind::Word) || !all(name.span.bytes_of(input.context.text), class::NAME) {
        return None;
    }
    Some(Condition {
        span: Span::new(name.span.start, value.span.end),
        name,
        operator,
        operator_span: comparison.span,
        operand: Operand::One(Value { span: value.span, form }),
    })
}

/// How a token is written as a value, if it is one.
pub(super) fn form(token: Token) -> Option<Form> {
    match token.kind {
        TokenKind::Word => Some(Form::Word),
        TokenKind::Quoted => Some(Form::Quoted),
        _ => None,
    }
}

fn no_operator(name: Name, rest: Tokens<'_>, mut errors: Errors) -> Step<'_, Recovered<Expr>> {
    let source = rest.context.text;
    if rest.is_boundary(0) || rest.context.strict {
        errors.push(catalogue::missing_operator(name.span, name.span.of(source)));
        return Ok((rest, (Expr::Error(name.span), errors)));
    }
    if let Ok((after, error)) = meant_operator(rest) {
        errors.push(error);
        return Ok((after, (Expr::Error(name.span.to(consumed(rest, after))), errors)));
    }
    if rest.is_value(0) {
        // `status open`
        let (after, (value, _)) = words(rest, Operator::Equal, Some(name))?;
        if after.is_boundary(0) {
            let spelled = value.span.of(source);
            // `mail_subject inculdes invoice`
            if value.form == Form::Words && rest.text_at(0).starts_with(char::is_lowercase) {
                let (span, word) = (rest.span(), rest.text_at(0));
                if let Some(near) = near_operator(word) {
                    errors.push(catalogue::unknown_operator(span, word, near.as_str()));
                    return Ok((after, (Expr::Error(name.span.to(value.span)), errors)));
                }
            }
            let quoted;
            let meant = match value.form {
                Form::Words => {
                    quoted = super::quote(spelled);
                    &quoted
                }
                _ => spelled,
            };
            errors.push(catalogue::missing_equal(name.span.to(value.span), name.span.of(source), meant));
            return Ok((after, (Expr::Error(name.span.to(value.span)), errors)));
        }
    }
    errors.push(catalogue::expected_operator(rest.span(), rest.text_at(0), name.span.of(source)));
    let (after, span) = skip_to_boundary(rest);
    Ok((after, (Expr::Error(name.span.to(span)), errors)))
}

/// `status: open`, `status:open`
fn colon(input: Tokens<'_>) -> Step<'_, Recovered<Expr>> {
    let (span, text) = (input.span(), input.text_at(0));
    let before = text.split(':').next().unwrap_or(text);
    let sign = Span::new(span.start + before.len() as u32, span.start + before.len() as u32 + 1);
    // `-status:open` excludes, as in most search boxes.
    let (before, operator) = match before.strip_prefix('-') {
        Some(name) => (name, Operator::NotEqual),
        None => (before, Operator::Equal),
    };
    let name = Name { span: Span::new(sign.start - before.len() as u32, sign.start) };
    if !is_plain_name(before) || (sign.end == span.end && input.is_boundary(1)) {
        return no_operator(Name { span }, input.skip(1), Errors::NONE);
    }
    let error = |value: &str| match operator {
        Operator::NotEqual => catalogue::negated_colon(sign, Span::new(span.start, sign.end), before, value),
        _ => catalogue::colon_operator(sign, before, value),
    };
    let found = Found { operator, span: sign };
    if sign.end < span.end {
        let value = Value { span: Span::new(sign.end, span.end), form: Form::Word };
        let error = error(value.span.of(input.context.text));
        return finish(name, found, Operand::One(value), name.span.to(span), input.skip(1), error.into());
    }
    operand(name, found, input.skip(1), error(input.text_at(1)).into())
}

/// `mail_subject:order~2`, `label:a=b`: what stands behind the colon is one value, the sign in it too.
#[cold]
fn sought_with_sign(input: Tokens<'_>) -> Option<(Tokens<'_>, Recovered<Expr>)> {
    let (begin, sign, end) = (input.span(), input.rest.get(1)?.span, input.rest.get(2)?);
    let source = input.context.text;
    let (name, _) =
        begin.of(source).split_once(':').filter(|(name, value)| is_plain_name(name) && !value.is_empty())?;
    if begin.end != sign.start || sign.end != end.span.start || end.kind != TokenKind::Word || !input.is_boundary(3) {
        return None;
    }
    let (span, colon) = (begin.to(end.span), begin.start + name.len() as u32);
    let value = Span::new(colon + 1, end.span.end).of(source);
    let error = catalogue::colon_with_sign(Span::new(colon, colon + 1), name, value, span);
    Some((input.skip(3), (Expr::Error(span), error.into())))
}

/// `status : open`, `status :open`, `status := open`, `status!:open`; the input begins at the colon, or at the sign before it.
fn colon_word(name: Name, input: Tokens<'_>) -> Step<'_, Recovered<Expr>> {
    let (source, begin) = (input.context.text, input.span());
    let negates = input.peek().is_some_and(is_not);
    let input = input.skip(usize::from(negates));
    let (word, rest) = (input.span(), input.skip(1));
    let sign = Span::new(word.start, word.start + 1);
    let found = match negates {
        true => Found { operator: Operator::NotEqual, span: begin.to(sign) },
        false => Found { operator: Operator::Equal, span: sign },
    };
    let error = |value: &str| match negates {
        true => catalogue::unknown_operator(found.span, found.span.of(source), found.operator.as_str()),
        false => catalogue::colon_operator(sign, name.span.of(source), value),
    };
    if word != sign {
        let value = Value { span: Span::new(sign.end, word.end), form: Form::Word };
        let error = error(value.span.of(source));
        return finish(name, found, Operand::One(value), name.span.to(word), rest, error.into());
    }
    if !negates
        && rest.is_operator(0)
        && let Ok((after, (second, _))) = operator(rest)
    {
        let span = sign.to(second.span);
        let error = catalogue::unknown_operator(span, span.of(source), second.operator.as_str());
        return operand(name, Found { operator: second.operator, span }, after, error.into());
    }
    let error = error(rest.text_at(0));
    if rest.is_boundary(0) {
        return Ok((rest, (Expr::Error(name.span.to(sign)), error.into())));
    }
    operand(name, found, rest, error.into())
}

fn finish<'t>(
    name: Name,
    found: Found,
    operand: Operand,
    span: Span,
    rest: Tokens<'t>,
    errors: Errors,
) -> Step<'t, Recovered<Expr>> {
    let Found { operator, span: operator_span } = found;
    Ok((rest, (Expr::Condition(Condition { span, name, operator, operator_span, operand }), errors)))
}

// What the operator asks for: nothing, a value, a list or a range.
fn operand<'t>(name: Name, found: Found, input: Tokens<'t>, mut errors: Errors) -> Step<'t, Recovered<Expr>> {
    if matches!(found.operator, Operator::In | Operator::NotIn | Operator::Between | Operator::NotBetween)
        && input.is_operator(0)
        && let Ok((rest, (second, _))) = operator(input)
    {
        return several_operators(name, found, second, rest, errors);
    }
    let not = input.peek().is_some_and(is_not);
    let negates_list = not && input.peek_at(1) == Some(TokenKind::Symbol(Symbol::Open));
    let (found, input) = match found.operator {
        Operator::In | Operator::Equal if negates_list => {
            let equal = Found { operator: Operator::Equal, ..found };
            if let Some((rest, error)) = joined_values(name, equal, input.skip(1), true) {
                errors.push(error);
                return Ok((rest, (Expr::Error(name.span.to(consumed(input, rest))), errors)));
            }
            // `status IN NOT (open)`, `status = NOT (open, pending)`
            let span = found.span.to(input.span());
            let right = Operator::NotIn.as_str();
            errors.push(catalogue::unknown_operator(span, span.of(input.context.text), right));
            (Found { operator: Operator::NotIn, span }, input.skip(1))
        }
        _ => (found, input),
    };
    let (rest, operand) = match found.operator {
        Operator::IsPresent | Operator::IsMissing => (input, Some(Operand::None)),
        Operator::In | Operator::NotIn => list(found, input, &mut errors)?,
        Operator::Between | Operator::NotBetween => range(found, input, &mut errors)?,
        _ => return single(name, found, input, errors),
    };
    let span = name.span.to(found.span).to(consumed_or(input, rest, found.span));
    match operand {
        Some(operand) => finish(name, found, operand, span, rest, errors),
        None => Ok((rest, (Expr::Error(span), errors))),
    }
}

fn consumed_or(from: Tokens<'_>, to: Tokens<'_>, otherwise: Span) -> Span {
    if from.rest.len() == to.rest.len() { otherwise } else { consumed(from, to) }
}

/// The one value of a comparison, or what was mistakenly put in its place.
fn single<'t>(name: Name, found: Found, input: Tokens<'t>, mut errors: Errors) -> Step<'t, Recovered<Expr>> {
    let source = input.context.text;
    let error_at = |rest: Tokens<'t>, span: Span, errors: Errors| Ok((rest, (Expr::Error(span), errors)));
    match input.peek() {
        Some(TokenKind::Word | TokenKind::Quoted) => {
            // `referer = like '%x%'`
            if input.peek_at(1) == Some(TokenKind::Quoted)
                && let Ok((rest, (second, _))) = foreign(input)
            {
                return several_operators(name, found, second, rest, errors);
            }
            let (rest, (value, more)) = words(input, found.operator, Some(name))?;
            errors.append(more);
            finish(name, found, Operand::One(value), name.span.to(value.span), rest, errors)
        }
        Some(TokenKind::Backticked) => {
            errors.push(catalogue::backticked_value(input.span(), &super::lexer::unbacktick(input.text_at(0))));
            error_at(input.skip(1), name.span.to(input.span()), errors)
        }
        Some(TokenKind::Symbol(Symbol::Open)) => parenthesis_for_value(name, found, input, errors),
        // `status = NOT open`, `status =! open`
        Some(kind)
            if is_not(kind) && found.operator == Operator::Equal && input.is_value(1) && input.is_boundary(2) =>
        {
            let span = found.span.to(input.span());
            let error = catalogue::misplaced_not(span);
            // `contact.name = Not Sure`; in capitals, and as a sign, it is none of a text.
            let may_be_text = matches!(kind, TokenKind::Keyword(_)) && input.text_at(0) != "NOT";
            let text = consumed(input, input.skip(2)).of(source);
            errors.push(if may_be_text { catalogue::or_text(error, text) } else { error });
            single(name, Found { operator: Operator::NotEqual, span }, input.skip(1), errors)
        }
        Some(TokenKind::Keyword(Keyword::Not)) if input.is_value(1) && !input.begins_condition(1) => {
            let (rest, value) = skip_to_boundary(input.skip(1));
            let (span, text) = (input.span(), value.of(source));
            errors.push(catalogue::not_before_value(span, negative(found.operator).as_str(), text, input.text_at(0)));
            error_at(rest, name.span.to(value), errors)
        }
        Some(kind @ TokenKind::Keyword(_)) => keyword_for_value(name, found, kind, input, errors),
        Some(TokenKind::Symbol(_)) if input.is_operator(0) => {
            let (rest, (second, _)) = operator(input)?;
            several_operators(name, found, second, rest, errors)
        }
        other => {
            errors.push(catalogue::missing_value(found.span, found.span.of(source)));
            // A comma in the place of a value separates nothing.
            let comma = other == Some(TokenKind::Symbol(Symbol::Comma)) && input.is_boundary(1);
            let (rest, span) = if comma { (input.skip(1), input.span()) } else { (input, found.span) };
            error_at(rest, name.span.to(span), errors)
        }
    }
}

/// `status = (open or pending)`, `status = (open, pending)`: a list where a value is expected.
#[cold]
fn parenthesis_for_value<'t>(
    name: Name,
    mut found: Found,
    input: Tokens<'t>,
    mut errors: Errors,
) -> Step<'t, Recovered<Expr>> {
    if let Some((rest, error)) = joined_values(name, found, input, false) {
        errors.push(error);
        return Ok((rest, (Expr::Error(name.span.to(consumed(input, rest))), errors)));
    }
    // `label = (not vip)`
    let negates = input.peek_at(1).is_some_and(is_not);
    let closes = input.peek_at(3) == Some(TokenKind::Symbol(Symbol::Close));
    if negates && input.is_value(2) && closes {
        let rest = input.skip(4);
        let operator = negative(found.operator).as_str();
        let place = found.span.to(consumed(input, rest));
        let fixed = format!("{operator} {}", input.text_at(2));
        errors.push(catalogue::operator_and_value(place, place.of(input.context.text), place, &fixed));
        return Ok((rest, (Expr::Error(name.span.to(place)), errors)));
    }
    let told = errors.len();
    let (rest, operand) = list(found, input, &mut errors)?;
    let span = name.span.to(consumed(input, rest));
    let instead = found.operator.of_list();
    // `label = (vip and not bug)` is no list.
    if errors.iter().skip(told).any(|error| error.fix.is_none()) {
        return Ok((rest, (Expr::Error(span), errors)));
    }
    let source = input.context.text;
    // A sign before a word may negate it.
    let is_plain = found.span.of(source).chars().all(|c| c.is_alphabetic() || c.is_whitespace() || "~!".contains(c));
    if let (Some(level), Some(Operand::List(values)), true) = (found.operator.joint(), &operand, is_plain) {
        let values: Vec<&str> = values.iter().map(|value| value.span.of(source)).collect();
        let fixed = grouped(of_values(source, name, found.operator, level, &values));
        let place = consumed(input, rest);
        // What is wrong with the operator and within the list is mended with it.
        let mut kept = errors.into_vec();
        kept.retain(|error| error.span() != found.span && !place.encloses(error.span()));
        kept.push(catalogue::joined_in_parentheses(place, span, found.span.of(source), &fixed));
        let mut errors = Errors::NONE;
        kept.into_iter().for_each(|error| errors.push(error));
        return Ok((rest, (Expr::Error(span), errors)));
    }
    errors.push(catalogue::list_not_allowed(
        input.span(),
        found.span,
        found.operator.as_str(),
        instead.map(Operator::as_str),
        found.operator.joint().map(Connective::as_str),
    ));
    match (instead, operand) {
        (Some(operator), Some(operand)) => {
            found.operator = operator;
            finish(name, found, operand, span, rest, errors)
        }
        _ => Ok((rest, (Expr::Error(span), errors))),
    }
}

/// `label = and`, `assignee = null`, `label = contains vip`: a reserved word where a value is expected.
#[cold]
fn keyword_for_value<'t>(
    name: Name,
    found: Found,
    kind: TokenKind,
    input: Tokens<'t>,
    mut errors: Errors,
) -> Step<'t, Recovered<Expr>> {
    let source = input.context.text;
    let error_at = |rest: Tokens<'t>, span: Span, errors: Errors| Ok((rest, (Expr::Error(span), errors)));
    if let Some((rest, span)) = text_of_keyword(found.operator, input) {
        errors.push(catalogue::unquoted_blank(span, span.of(source), None));
        let value = Operand::One(Value { span, form: Form::Words });
        return finish(name, found, value, name.span.to(span), rest, errors);
    }
    if let Some((rest, right)) = presence_value(found.operator, input) {
        let span = consumed(input, rest);
        errors.push(catalogue::presence_value(span, span.of(source), found.span.to(span), right.as_str()));
        return error_at(rest, name.span.to(span), errors);
    }
    // `label = and` at the end, `label = set` anywhere: a reserved word is meant as a value.
    let meant = input.is_boundary(1) || connective(kind).is_none() && !input.is_operator(0);
    if meant {
        let presence = matches!(kind, TokenKind::Keyword(Keyword::Present | Keyword::Missing));
        errors.push(match found.operator {
            Operator::Less | Operator::LessEqual | Operator::Greater | Operator::GreaterEqual if presence => {
                catalogue::ordered_keyword(input.span(), input.text_at(0))
            }
            _ => catalogue::keyword_value(input.span(), input.text_at(0)),
        });
        let (mut rest, mut span) = (input.skip(1), input.span());
        if !rest.is_boundary(0) && !rest.begins_condition(0) {
            (rest, span) = skip_to_boundary(input);
        }
        return error_at(rest, name.span.to(span), errors);
    }
    if connective(kind).is_none()
        && let Ok((rest, (second, _))) = operator(input)
    {
        return several_operators(name, found, second, rest, errors);
    }
    errors.push(catalogue::missing_value(found.span, found.span.of(source)));
    error_at(input, name.span.to(found.span), errors)
}

/// The text of several words on one line that a reserved word begins, `null pointer`, and the rest behind it; IN is one of
/// a text where a part of one is looked for alone: `message contains in stock`.
#[cold]
fn text_of_keyword(operator: Operator, input: Tokens<'_>) -> Option<(Tokens<'_>, Span)> {
    let is_text = match input.peek()? {
        TokenKind::Keyword(Keyword::Present | Keyword::Missing) => {
            operator.joint().or(operator.of_list().map(|_| Connective::Or))
        }
        TokenKind::Keyword(Keyword::In) => operator.joint(),
        _ => None,
    };
    let behind = input.skip(1);
    let count = (0..behind.rest.len()).find(|at| behind.is_boundary(*at)).unwrap_or(behind.rest.len());
    let is_word = |at: usize| behind.peek_at(at) == Some(TokenKind::Word) && !behind.begins_condition(at);
    let rest = behind.skip(count);
    let span = consumed(input, rest);
    let is_one = count > 0 && (0..count).all(is_word) && !span.of(input.context.text).contains('\n');
    is_text.filter(|_| is_one).map(|_| (rest, span))
}

/// `assignee = null`, `assignee != null`, `assignee = not null`: what asks for it, and the rest behind the value.
#[cold]
fn presence_value(operator: Operator, input: Tokens<'_>) -> Option<(Tokens<'_>, Operator)> {
    let negative = match operator {
        Operator::Equal => false,
        Operator::NotEqual => true,
        _ => return None,
    };
    let (rest, not) = opt(keyword(Keyword::Not)).parse(input).ok()?;
    let Some(TokenKind::Keyword(word @ (Keyword::Present | Keyword::Missing))) = rest.peek() else { return None };
    let present = (word == Keyword::Present) != (negative != not.is_some());
    let right = if present { Operator::IsPresent } else { Operator::IsMissing };
    rest.is_boundary(1).then_some((rest.skip(1), right))
}

/// `status = (open or pending)`, and whether NOT stands before it; the input begins at the parenthesis, the rest behind it.
#[cold]
fn joined_values<'t>(
    name: Name,
    found: Found,
    input: Tokens<'t>,
    is_negated: bool,
) -> Option<(Tokens<'t>, Diagnostic)> {
    let source = input.context.text;
    let mut rest = input.skip(1);
    let level = rest.peek_at(1).and_then(connective)?;
    let mut values = Vec::new();
    loop {
        let (after, value) = value(rest).ok()?;
        values.push(value.span.of(source));
        rest = after.skip(1);
        match after.peek() {
            // Nor is the parenthesis closed.
            None | Some(TokenKind::Symbol(Symbol::Close)) => break,
            Some(kind) if connective(kind) == Some(level) => {}
            _ => return None,
        }
    }
    // Conditions of their own are still one among those around them.
    let fixed = grouped(of_values(source, name, found.operator, level, &values));
    let fixed = if is_negated { format!("NOT {fixed}") } else { fixed };
    let span = consumed(input, rest);
    let place = name.span.to(span);
    Some((rest, catalogue::joined_in_parentheses(span, place, found.span.of(source), &fixed)))
}

/// `team = = 8`, with any number of operators: one mistake, and the last of them counts.
fn several_operators<'t>(
    name: Name,
    first: Found,
    second: Found,
    rest: Tokens<'t>,
    mut errors: Errors,
) -> Step<'t, Recovered<Expr>> {
    let (mut rest, mut last) = (rest, second);
    // A loop: a recursion over a million operators would overflow the stack.
    while rest.is_operator(0)
        && let Ok((after, (next, _))) = operator(rest)
    {
        last = next;
        rest = after;
    }
    errors.push(catalogue::two_operators(first.span, second.span.to(last.span)));
    if rest.is_boundary(0) && !matches!(last.operator, Operator::IsPresent | Operator::IsMissing) {
        // One of the two was meant as the value.
        return Ok((rest, (Expr::Error(name.span.to(last.span)), errors)));
    }
    operand(name, last, rest, errors)
}

// value = word [ "AGO" ] | quoted ;
pub(super) fn value(input: Tokens<'_>) -> Step<'_, Value> {
    let (span, rest) = (input.span(), input.skip(1));
    match input.peek() {
        Some(TokenKind::Quoted) => Ok((rest, Value { span, form: Form::Quoted })),
        // Behind a blank, where the formatter would put it, `#` begins a comment: AGO follows no such word.
        Some(TokenKind::Word) if input.text_at(0).starts_with('#') => Ok((rest, Value { span, form: Form::Word })),
        Some(TokenKind::Word) => match opt(word("ago")).parse(rest)? {
            (rest, Some(ago)) => Ok((rest, Value { span: span.to(ago.span), form: Form::Ago })),
            (rest, None) => Ok((rest, Value { span, form: Form::Word })),
        },
        _ => Err(nom::Err::Error(NoMatch)),
    }
}

/// A value of the attribute, if it is known which, and the words behind it that were meant to belong to it:
/// `assignee = Ada Lovelace`.
pub(super) fn words(input: Tokens<'_>, operator: Operator, name: Option<Name>) -> Step<'_, Recovered<Value>> {
    let (mut rest, first) = value(input)?;
    if first.form != Form::Word || rest.peek() != Some(TokenKind::Word) {
        return Ok((rest, (first, Errors::NONE)));
    }
    let mut span = first.span;
    let source = input.context.text;
    // A text of several words stands on one line; what follows on the next is something else.
    let same_line = |from: Span, to: Span| !Span::new(from.end, to.start).of(source).contains('\n');
    // What is said in a text may have any word in it; labels have no parts.
    let name = name.map_or_else(Default::default, |name| name.text(source));
    let of_texts = match operator {
        Operator::Equal => is_long_text(&name),
        _ => operator.joint() == Some(Connective::Or) && !is_labels(&name),
    };
    let belongs = |rest: Tokens<'_>| {
        rest.peek() == Some(TokenKind::Word) && !rest.begins_condition(0) && (of_texts || !goes_on(rest))
    };
    let mut before = (rest, span);
    while belongs(rest) && same_line(span, rest.span()) {
        before = (rest, span);
        span = span.to(rest.span());
        rest = rest.skip(1);
    }
    // In `status = open und team = 8` the second word was meant to join, as is `but` wherever a condition follows.
    let joins = || before.1 == first.span || leaves_out(before.0);
    if span != first.span && rest.begins_group(0) && joins() {
        (rest, span) = before;
    }
    if span == first.span {
        return Ok((rest, (first, Errors::NONE)));
    }
    // An age has no sign.
    let text = span.of(source);
    let error = match operator {
        Operator::OlderThan => catalogue::unquoted_age(span, text.trim_start_matches('-')),
        _ => catalogue::unquoted_blank(span, text, operator.of_list().map(Operator::as_str)),
    };
    Ok((rest, (Value { span, form: Form::Words }, error.into())))
}
