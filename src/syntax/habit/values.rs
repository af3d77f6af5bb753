//! Values that are written otherwise: arrays, lists and ranges.

use super::super::connective::sets_apart;
use super::super::input::Tokens;
use super::super::lexer::lex;
use super::super::operator::{consumed, meant_operator, operator, sign};
use super::super::range::divided;
use super::super::several::{self, grouped, of_values, plain_number};
use super::super::token::{Keyword, Symbol, Token, TokenKind};
use super::super::tree::{Connective, Expr, Name, Operand, Operator};
use super::super::{as_it_stands, errors_of};
use super::{Context, Habit, Place, Separator, connective, joined, value_of};
use crate::diagnostic::{Fix, applied, catalogue};
use crate::source::Span;

/// How many digits a telephone number has at least.
const FEWEST_DIGITS: usize = 6;

/// `contact.phone_number = +1 (555) 010-2407`
pub(super) fn telephone(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let named = place.name()?.contains("phone");
    let operator = input.peek_at(1).and_then(sign)?;
    let number = input.skip(2);
    let mut rest = number;
    while rest.text_at(0).starts_with(|c: char| c.is_ascii_digit() || "+()-".contains(c)) {
        rest = rest.skip(1);
    }
    let span = consumed(number, rest);
    let written = span.of(source);
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let parts = |c: char| c.is_ascii_digit() || "+()-./ ".contains(c);
    let is_number = written.chars().all(parts) && digits.len() >= FEWEST_DIGITS;
    let is_equal = matches!(operator, Operator::Equal | Operator::NotEqual);
    if !named || !is_equal || !is_number || !rest.is_boundary(0) || number.rest.len() - rest.rest.len() < 2 {
        return None;
    }
    let abroad = if written.starts_with('+') { Some(digits.as_str()) } else { digits.strip_prefix("00") };
    Habit::mended(match abroad {
        Some(digits) => catalogue::telephone(span, &format!("+{digits}")),
        // Of which country it is, is not known.
        None => catalogue::unquoted_words(span, span, &super::super::quote(written)),
    })
}

/// `label.includes("vip")`: the name and the operator are one word.
pub(super) fn method(place: Place<'_>) -> Option<Habit> {
    const METHODS: &[(&str, Operator)] = &[
        ("contains", Operator::Contains),
        ("includes", Operator::Contains),
        ("include?", Operator::Contains),
        ("startswith", Operator::StartsWith),
        ("start_with?", Operator::StartsWith),
    ];
    let (source, input) = (place.source(), place.at);
    let (name, method) = input.text_at(0).rsplit_once('.')?;
    let (_, operator) = METHODS.iter().find(|(known, _)| method.eq_ignore_ascii_case(known))?;
    let is = |at: usize, symbol: Symbol| input.peek_at(at) == Some(TokenKind::Symbol(symbol));
    if !is(1, Symbol::Open) || !input.is_value(2) || !is(3, Symbol::Close) {
        return None;
    }
    let span = consumed(input, input.skip(4));
    let fixed = format!("{name} {} {}", operator.as_str(), input.text_at(2));
    Habit::mended(catalogue::said_condition(span, span.of(source), &fixed))
}

/// The values of `[a, "b"]`, `{a, b}`, `[a or b]` and `%w[a b]`, what joins them, and the rest behind it.
pub(super) fn array(input: Tokens<'_>) -> Option<(Tokens<'_>, Vec<String>, Separator)> {
    let open = input.text_at(0);
    if !(input.peek() == Some(TokenKind::Word) && open.ends_with(['[', '{']) || matches!(open, "%w(" | "%i[")) {
        return None;
    }
    let words = open.starts_with('%');
    let source = input.context.text;
    let mut rest = input.skip(1);
    let (mut values, mut value): (Vec<String>, Vec<Span>) = (Vec::new(), Vec::new());
    let mut separator = None;
    loop {
        let closes = matches!(rest.text_at(0), "]" | "}") && rest.peek() == Some(TokenKind::Word);
        let next = match rest.peek() {
            Some(TokenKind::Symbol(Symbol::Comma)) => Some(Separator::Comma),
            kind => kind.and_then(connective).map(Separator::Connective),
        };
        let divides = next.is_some();
        // `[1, 2 or 3]`
        separator = match (separator, next) {
            (None | Some(Separator::Comma), Some(_)) => next,
            (Some(before), Some(next)) if before != next => return None,
            _ => separator,
        };
        if (closes || divides || words) && !value.is_empty() {
            values.push(value_of(source, &value));
            value.clear();
        }
        if closes {
            return (!values.is_empty()).then(|| (rest.skip(1), values, separator.unwrap_or(Separator::Comma)));
        }
        if !divides && !rest.is_value(0) {
            return None;
        }
        if !divides {
            value.push(rest.span());
        }
        rest = rest.skip(1);
    }
}

/// `IN` or `NOT IN` behind a name: the tokens from it on, those behind it, and whether it is negated.
fn membership<'t>(place: Place<'t>) -> Option<(Tokens<'t>, Tokens<'t>, bool)> {
    place.name()?;
    let begin = place.at.skip(1);
    let not = begin.peek() == Some(TokenKind::Keyword(Keyword::Not));
    let words = begin.skip(usize::from(not));
    (words.peek() == Some(TokenKind::Keyword(Keyword::In))).then_some((begin, words.skip(1), not))
}

/// How deep brackets are looked into: what stands between them is read once for each level.
const DEEPEST: usize = 8;

/// `[status = open or status = pending] and muted = true`: brackets in the place of parentheses, and such within them.
pub(super) fn brackets(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let (open, close) = [('[', ']'), ('{', '}')].into_iter().find(|(open, _)| input.text_at(0).starts_with(*open))?;
    if input.peek() != Some(TokenKind::Word) || !place.begins() {
        return None;
    }
    let groups = |inside: &str| {
        let (tokens, context) = (lex(inside).tokens, Context::of(inside));
        Tokens { rest: &tokens, context: &context, depth: 0 }.begins_group(0)
    };
    let words = input.rest.iter().filter(|token| token.kind == TokenKind::Word);
    let signs = words.flat_map(|word| {
        let start = word.span.start as usize;
        word.span.of(source).char_indices().map(move |(at, c)| (start + at, c))
    });
    let (mut opened, mut fixed) = (Vec::new(), source.to_owned());
    for (at, c) in signs {
        if c == open && opened.len() < DEEPEST {
            opened.push(at);
        } else if c == open {
            return None;
        } else if c == close {
            let begin = opened.pop()?;
            // A list keeps its brackets: they are another mistake.
            let is_group = groups(fixed.get(begin + 1..at)?);
            if opened.is_empty() {
                let span = Span::new(begin as u32, at as u32 + 1);
                let fixed = format!("({})", fixed.get(begin + 1..at)?.trim());
                return is_group.then(|| Habit::mended(catalogue::grouped_in_brackets(span, &fixed)))?;
            }
            if is_group {
                fixed.replace_range(begin..=begin, "(");
                fixed.replace_range(at..=at, ")");
            }
        }
    }
    None
}

/// `status in ["open", "pending"]`, `status = [open, pending]`, `label has [vip or refund]`
pub(super) fn bracketed(place: Place<'_>) -> Option<Habit> {
    let source = place.source();
    let name = place.name()?;
    let behind = place.at.skip(1);
    let (begin, compared) = match operator(behind) {
        Ok((begin, (found, _))) => (begin, found.operator),
        Err(_) if place.begins() => (behind, Operator::Equal),
        Err(_) => return None,
    };
    let (rest, values, separator) = array(begin)?;
    let (list, place) = (consumed(begin, rest), consumed(place.at, rest));
    let is_range = matches!(compared, Operator::Between | Operator::NotBetween);
    let is_membership = matches!(compared, Operator::In | Operator::NotIn) || compared.of_list().is_some();
    // `[vip bug]`; words that begin with capital letters, as those of a name, are one value.
    let inner = begin.rest.get(1..begin.rest.len() - rest.rest.len() - 1).unwrap_or_default();
    let is_plain = |token: &Token| {
        let word = token.span.of(source);
        word.contains(char::is_alphanumeric) && !word.starts_with(char::is_uppercase) && !sets_apart(word)
    };
    let is_words = values.len() == 1 && inner.len() > 1 && inner.iter().all(is_plain);
    if is_range || is_words && is_membership {
        return in_parentheses(source, name, compared, list, place);
    }
    let all = separator == Separator::Connective(Connective::And);
    let operator = match compared {
        Operator::In if all => Operator::Equal,
        Operator::NotIn if all => Operator::NotEqual,
        operator => operator,
    };
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let fixed = match (operator, operator.of_list().filter(|_| !all)) {
        (Operator::In | Operator::NotIn, _) => {
            return Habit::mended(catalogue::list_expected(list, &values.join(", ")));
        }
        (_, Some(operator)) => format!("{name} {} ({})", operator.as_str(), values.join(", ")),
        _ => {
            let level = if all { Connective::And } else { Connective::Or };
            let name = Name { span: Span::new(place.start, place.start + name.len() as u32) };
            several::as_one(source, place, of_values(source, name, operator, level, &values))
        }
    };
    // What is in brackets may be a text.
    let is_many = operator.of_list().is_some() || operator.joint().is_some() && values.len() > 1;
    is_many.then(|| Habit::mended(catalogue::array_value(list, place, &fixed)))?
}

/// `[vip bug]`, `BETWEEN [1, 5]`: what has no commas in brackets, and what is no list, is read as it is in parentheses.
fn in_parentheses(source: &str, name: &str, operator: Operator, list: Span, place: Span) -> Option<Habit> {
    let inside = list.of(source).trim_start_matches(['%', 'w', 'i']);
    let inside = inside.strip_prefix(['[', '{', '('])?.strip_suffix([']', '}', ')'])?.trim();
    let begun = format!("{name} {} ", operator.of_list().unwrap_or(operator).as_str());
    let written = format!("{begun}({inside})");
    let fixes: Option<Vec<Fix>> = errors_of(&written).into_iter().map(|error| error.fix).collect();
    let fixed = applied(&written, &fixes?);
    let value = fixed.strip_prefix(&begun).filter(|_| errors_of(&fixed).is_empty())?;
    Habit::mended(match operator {
        Operator::Between | Operator::NotBetween => {
            let as_written = as_it_stands(&fixed);
            let Some(Expr::Condition(condition)) = as_written.tree() else { return None };
            let Operand::Range(low, high) = &condition.operand else { return None };
            // The whole condition, for the attribute may have no order.
            catalogue::range_without_and(list, low.span.of(&fixed), high.span.of(&fixed)).fix(place, fixed.clone())
        }
        Operator::In | Operator::NotIn => catalogue::list_of_words(list, list, value, inside),
        _ => catalogue::list_of_words(list, place, &fixed, inside),
    })
}

/// `label IN (vip AND refund)`: all of them.
pub(super) fn joined_in_list(place: Place<'_>) -> Option<Habit> {
    let source = place.source();
    let (_, list, not) = membership(place)?;
    if list.peek() != Some(TokenKind::Symbol(Symbol::Open)) {
        return None;
    }
    let (rest, values, separator) = joined(list.skip(1))?;
    if rest.peek() != Some(TokenKind::Symbol(Symbol::Close))
        || separator != Some(Separator::Connective(Connective::And))
    {
        return None;
    }
    let joint = Span::new(values.first()?.last()?.end, values.get(1)?.first()?.start);
    let values: Vec<String> = values.iter().map(|words| value_of(source, words)).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let operator = if not { Operator::NotEqual } else { Operator::Equal };
    let fixed = grouped(of_values(source, Name { span: place.at.span() }, operator, Connective::And, &values));
    let text = joint.of(source);
    let start = joint.start + (text.len() - text.trim_start().len()) as u32;
    let joint = Span::new(start, start + text.trim().len() as u32);
    let error = catalogue::and_in_list(joint, text.trim(), consumed(place.at, rest.skip(1)), &fixed);
    let one = consumed(list.skip(1), rest).of(source);
    Habit::mended(if several::is_title(one) { catalogue::or_one_value(error, one) } else { error })
}

/// `status IN open OR pending`
pub(super) fn joined_behind_in(place: Place<'_>) -> Option<Habit> {
    let source = place.source();
    let (_, list, _) = membership(place)?;
    let (rest, values, separator) = joined(list)?;
    let Some(Separator::Connective(Connective::Or)) = separator else { return None };
    let values: Vec<String> = values.iter().map(|words| value_of(source, words)).collect();
    let closed = rest.is_boundary(0) && rest.peek() != Some(TokenKind::Symbol(Symbol::Comma));
    closed.then(|| Habit::mended(catalogue::list_expected(consumed(list, rest), &values.join(", "))))?
}

/// `created_at in 2026-11-01..2026-11-10`
pub(super) fn range_behind_in(place: Place<'_>) -> Option<Habit> {
    let source = place.source();
    let (begin, range, not) = membership(place)?;
    let (from, to) = divided(range.span(), source)?;
    if range.peek() != Some(TokenKind::Word) || !range.is_boundary(1) {
        return None;
    }
    let operator = if not { Operator::NotBetween } else { Operator::Between };
    let span = consumed(begin, range.skip(1));
    let fixed = format!("{} {} AND {}", operator.as_str(), from.of(source), to.of(source));
    Habit::mended(catalogue::operator_and_value(span, span.of(source), span, &fixed))
}

/// `custom.discount BETWEEN 0,5 AND 0,7`: numbers as they are written elsewhere.
pub(super) fn decimal_range(place: Place<'_>) -> Option<Habit> {
    if place.at.peek() != Some(TokenKind::Keyword(Keyword::Between)) {
        return None;
    }
    let begin = place.at.skip(1);
    let (low, and) = number(begin)?;
    let (high, rest) = number(and.skip(1))?;
    let is_range = and.peek().and_then(connective) == Some(Connective::And) && rest.is_boundary(0);
    // One token each were no mistake.
    if !is_range || begin.rest.len() - rest.rest.len() == 3 {
        return None;
    }
    let (span, fixed) = (consumed(begin, rest), format!("{low} {} {high}", Connective::And.as_str()));
    Habit::mended(catalogue::grouped_number(span, &fixed).fix(span, fixed))
}

/// A value, or a number with a comma in it as the language writes it, and the rest.
fn number(input: Tokens<'_>) -> Option<(String, Tokens<'_>)> {
    let divided = input.peek_at(1) == Some(TokenKind::Symbol(Symbol::Comma)) && input.is_value(2);
    match plain_number(consumed(input, input.skip(3)).of(input.context.text)).filter(|_| divided) {
        Some(plain) => Some((plain, input.skip(3))),
        None => input.is_value(0).then(|| (input.text_at(0).to_owned(), input.skip(1))),
    }
}

/// `assignee IN (jonas feld, priya raman)`, `assignee in Jonas Feld, Priya Raman`, `contact.name in (Ada Lovelace or Bob)`:
/// where commas are, or names, the words between them belong together.
pub(super) fn words_in_list(place: Place<'_>) -> Option<Habit> {
    let source = place.source();
    let (_, list, _) = membership(place)?;
    let opened = list.peek() == Some(TokenKind::Symbol(Symbol::Open));
    let begin = list.skip(usize::from(opened));
    let (rest, values, separator) = joined(begin)?;
    let closed = match opened {
        true => rest.peek() == Some(TokenKind::Symbol(Symbol::Close)),
        // A comma that is one too many is told of by itself.
        false => rest.is_boundary(0),
    };
    // In `(1, 2 3)` and `(open, pending snoozed)` a comma is missing most likely.
    let is_number = |word: &Span| word.of(source).bytes().all(|byte| byte.is_ascii_digit());
    let is_text = |words: &Vec<Span>| words.len() > 1 && !words.iter().all(is_number);
    let is_named = |words: &Vec<Span>| words.len() == 1 || words.iter().all(|word| begins_name(word.of(source)));
    let belong = match separator {
        Some(Separator::Comma) => values.iter().all(is_text) || values.iter().all(is_named),
        Some(Separator::Connective(Connective::Or)) => opened && values.iter().all(is_named),
        _ => false,
    };
    let quoted = |token: &Token| token.kind == TokenKind::Quoted;
    let taken = list.rest.len() - rest.rest.len();
    if !closed || !belong || !values.iter().any(is_text) || list.rest.iter().take(taken).any(quoted) {
        return None;
    }
    let values: Vec<String> = values.iter().map(|words| value_of(source, words)).collect();
    let (span, values) = (consumed(begin, rest), values.join(", "));
    Habit::mended(match opened {
        true => catalogue::unquoted_words(span, span, &values),
        false => catalogue::list_expected(span, &values),
    })
}

/// `assignee = Marit Solberg or Jonas Feld`, `priority high or urgent`
pub(super) fn joined_words(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    place.name()?;
    let written = match input.peek_at(1)? {
        TokenKind::Keyword(Keyword::Contains) => Some(Operator::Contains),
        kind => sign(kind),
    };
    // Words that are an operator of another language are none of the values.
    let named = input.begins_condition(0) || operator(input.skip(1)).is_ok() || meant_operator(input.skip(1)).is_ok();
    if written.is_none() && (named || !place.begins()) {
        return None;
    }
    let operator = written.unwrap_or(Operator::Equal);
    let begin = input.skip(1 + usize::from(written.is_some()));
    let (rest, values, separator) = joined(begin)?;
    let level = match separator? {
        Separator::Comma => Connective::Or,
        Separator::Connective(level) => level,
    };
    let closed = rest.is_boundary(0) && rest.peek() != Some(TokenKind::Symbol(Symbol::Comma));
    // `team = 8 AND id 5`: a condition may lack its operator. Names have capital letters.
    let is_name = |words: &Vec<Span>| words.len() < 2 || words.iter().all(|word| begins_name(word.of(source)));
    let several = |words: &Vec<Span>| words.len() > 1;
    let joined = separator == Some(Separator::Comma) || values.iter().skip(1).all(is_name);
    // `label = vip, no bug`: what was left out is none of the values.
    let is_negated = |words: &Vec<Span>| {
        let first = words.first().map_or("", |word| word.of(source));
        words.len() > 1 && sets_apart(first)
    };
    if !closed || !joined || values.iter().skip(1).any(is_negated) || written.is_some() && !values.iter().any(several) {
        return None;
    }
    // `id BET WEEN 1 AND 2`: of several words without an operator only names are values.
    let is_title =
        |word: &Span| word.of(source).starts_with(char::is_uppercase) && word.of(source).contains(char::is_lowercase);
    let unclear = |words: &Vec<Span>| words.len() > 1 && !words.iter().all(is_title);
    if written.is_none() && values.iter().any(unclear) {
        return None;
    }
    if separator == Some(Separator::Comma) && is_date(source, &values) {
        let span = consumed(begin, rest);
        return Habit::mended(catalogue::unquoted_words(span, span, &super::super::quote(span.of(source))));
    }
    let values: Vec<String> = values.iter().map(|words| value_of(source, words)).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let fixed = of_values(source, Name { span: input.span() }, operator, level, &values);
    let place = consumed(input, rest);
    let fixed = several::as_one(source, place, fixed);
    Habit::mended(match written {
        Some(_) => catalogue::unquoted_words(consumed(begin, rest), place, &fixed),
        None => catalogue::said_condition(place, place.of(source), &fixed),
    })
}

/// `June 15, 2026`: a comma that parts the year from the day.
fn is_date(source: &str, values: &[Vec<Span>]) -> bool {
    let [day, year] = values else { return false };
    let is_number = |word: &&Span| word.of(source).bytes().all(|byte| byte.is_ascii_digit());
    let is_year = matches!(year.as_slice(), [year] if year.of(source).len() == 4 && is_number(&year));
    is_year && day.len() == 2 && day.iter().filter(is_number).count() == 1
}

fn begins_name(word: &str) -> bool {
    word.trim_start_matches(['"', '\'']).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
}
