//! Patterns of other languages where a text is compared here: regular expressions, and what LIKE asks of labels.

use super::super::condition::value;
use super::super::input::Tokens;
use super::super::operator::{consumed, negation, negative};
use super::super::token::{Keyword, Symbol, TokenKind, is_blank};
use super::super::tree::Operator;
use super::super::{quote, write_value};
use super::{Habit, Place, without_closing};
use crate::diagnostic::catalogue;
use crate::source::as_pattern;

/// `mail_subject =~ "^Re:"`, `mail_subject ~* invoice`, `referer REGEXP '/pricing/'`
pub(super) fn regular_expression(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    place.name()?;
    let begin = input.skip(1);
    let words = negation(begin).unwrap_or(begin);
    let not = words.rest.len() < begin.rest.len() || begin.peek() == Some(TokenKind::Symbol(Symbol::NotTilde));
    let is_sign = matches!(begin.peek(), Some(TokenKind::Symbol(Symbol::Match | Symbol::Tilde | Symbol::NotTilde)));
    let is_word = ["regexp", "regex", "rlike", "matches", "matches_regex"].iter().any(|word| words.is_word(0, word));
    // `~*`, as Postgres has it; `~` alone compares with a text here.
    let star = words.text_at(1) == "*" && words.rest.get(1).map(|star| star.span.start) == Some(words.span().end);
    let foreign = begin.peek() == Some(TokenKind::Symbol(Symbol::Match)) || is_word || is_sign && star;
    let value_at = words.skip(1 + usize::from(star));
    let contains = words.peek() == Some(TokenKind::Keyword(Keyword::Contains));
    if !foreign && (is_sign || contains) && escapes_signs(value_at) {
        return escaped_pattern(begin, value_at, not);
    }
    if !(is_sign || is_word) || !foreign || !value_at.is_value(0) {
        return None;
    }
    let (rest, text) = pattern(value_at)?;
    let place = consumed(begin, rest);
    let spelled = consumed(begin, value_at).of(source);
    let Some((operator, literal)) = literal(&text) else {
        return Habit::told(catalogue::pattern_operator(place, spelled), place, "= x");
    };
    // This one the parser tells of at the operator alone.
    if literal == text && operator == Operator::Contains && !star && !is_word {
        return None;
    }
    let fixed = written(operator, not, &literal);
    Habit::mended(catalogue::operator_and_value(place, spelled, place, &fixed))
}

/// Whether a text in quotes has an escape in it that only a regular expression has: `\\.`, `\\d+`.
fn escapes_signs(value: Tokens<'_>) -> bool {
    let is_class = |rest: &str| {
        rest.starts_with(['d', 'w', 's', 'b', 'D', 'W', 'S', 'B'])
            && !rest.get(1..).is_some_and(|behind| behind.starts_with(char::is_alphanumeric))
    };
    let mut rest = value.text_at(0);
    while let Some((_, behind)) = rest.split_once('\\') {
        if is_class(behind)
            || behind.starts_with(['.', '+', '*', '?', '(', ')', '[', ']', '{', '}', '^', '$', '|', '/', '-'])
        {
            return value.peek() == Some(TokenKind::Quoted);
        }
        rest = behind.get(behind.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
    }
    false
}

/// `mail_subject ~ ".*@acme\\.com"`: a regular expression behind an operator that looks for a text.
fn escaped_pattern(begin: Tokens<'_>, value: Tokens<'_>, not: bool) -> Option<Habit> {
    let (rest, text) = pattern(value)?;
    let place = consumed(begin, rest);
    let Some((operator, literal)) = literal(&text) else {
        return Habit::told(catalogue::pattern_text(value.span(), place, None), place, "= x");
    };
    let fixed = written(operator, not, &literal);
    Habit::mended(catalogue::pattern_text(value.span(), place, Some(&fixed)))
}

/// An operator and its value; the patterns of LIKE are in quotes.
fn written(operator: Operator, not: bool, value: &str) -> String {
    let value = if operator == Operator::Like { quote(value) } else { write_value(value) };
    let operator = if not { negative(operator) } else { operator };
    format!("{} {value}", operator.as_str())
}

/// A regular expression in quotes, from slash to slash, or from blank to blank, for signs are parts of it; and the rest
/// behind it.
fn pattern(input: Tokens<'_>) -> Option<(Tokens<'_>, String)> {
    let (rest, value) = value(input).ok()?;
    let source = input.context.text;
    if input.peek() == Some(TokenKind::Quoted) {
        return rest.is_boundary(0).then(|| (rest, value.text(source).into_owned()));
    }
    let behind = source.get(input.span().start as usize..)?;
    let word = match slashed(behind) {
        Some(pattern) => pattern,
        None => without_closing(behind.split(is_blank).next()?),
    };
    let end = input.span().start + word.len() as u32;
    let rest = input.skip(input.rest.partition_point(|token| token.span.end <= end));
    rest.is_boundary(0).then(|| (rest, word.to_owned()))
}

/// `/foo bar/i` at the beginning of a text, with nothing behind it that belongs to it.
fn slashed(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('/')?;
    let mut escaped = false;
    let closes = |c: char| {
        let closes = c == '/' && !escaped;
        escaped = c == '\\' && !escaped;
        closes || c == '\n'
    };
    let (start, flags) = inner.split_once(closes)?;
    let rest = flags.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let ends = rest.is_empty() || rest.starts_with(|c: char| is_blank(c) || matches!(c, ')' | ','));
    let length = 1 + start.len() + 1 + (flags.len() - rest.len());
    let is_closed = inner.get(start.len()..)?.starts_with('/');
    text.get(..length).filter(|_| ends && is_closed && !start.is_empty())
}

/// The text that a regular expression finds, if it is nothing else, and where; or the pattern of LIKE that says the same.
fn literal(pattern: &str) -> Option<(Operator, String)> {
    let pattern = match pattern.strip_prefix('/').and_then(|inner| inner.rsplit_once('/')) {
        Some((inner, "" | "i")) if !inner.is_empty() => inner,
        _ => pattern,
    };
    let (begins, inner) = pattern.strip_prefix('^').map_or((false, pattern), |inner| (true, inner));
    let (ends, inner) = inner.strip_suffix('$').map_or((false, inner), |inner| (true, inner));
    let (any_before, inner) = inner.strip_prefix(".*").map_or((false, inner), |inner| (true, inner));
    let (any_behind, inner) = inner.strip_suffix(".*").map_or((false, inner), |inner| (true, inner));
    let (begins, ends) = (begins && !any_before, ends && !any_behind);
    let mut texts: Vec<String> = inner.split(".*").map(unescaped).collect::<Option<_>>()?;
    if texts.iter().any(String::is_empty) {
        return None;
    }
    let operator = match (texts.as_slice(), begins, ends) {
        ([_], true, true) => Operator::Equal,
        ([_], true, false) => Operator::StartsWith,
        ([_], false, false) => Operator::Contains,
        _ => {
            let any = |closed: bool| if closed { "" } else { "%" };
            let texts: Vec<_> = texts.iter().map(|text| as_pattern(text)).collect();
            return Some((Operator::Like, format!("{}{}{}", any(begins), texts.join("%"), any(ends))));
        }
    };
    Some((operator, texts.swap_remove(0)))
}

/// The text that a part of a regular expression says, if it is nothing else.
fn unescaped(pattern: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => text.push(characters.next().filter(|c| !c.is_alphanumeric())?),
            '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
            c => text.push(c),
        }
    }
    Some(text)
}
