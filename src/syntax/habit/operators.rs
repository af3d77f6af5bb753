//! Operators that mean something else before this value, or are written in another place.

use super::super::age::{length, span_of_time};
use super::super::condition::value;
use super::super::input::Tokens;
use super::super::lexer::unquote;
use super::super::operator::{consumed, is_amount, named, negation, negative, operator, phrase, sign};
use super::super::several::{as_one, grouped, is_labels, is_long_text, of_values};
use super::super::spelling::{ME, ME_WORDS, PREFIXES, length_of_time, write_name};
use super::super::token::{Keyword, SYMBOLS, Symbol, TokenKind, is_plain_name};
use super::super::tree::{Connective, Name, Operator};
use super::super::vocabulary::{BEFORE_AMOUNTS, BEING, is_known};
use super::values::array;
use super::{Habit, Place, Separator, connective, joined, value_of};
use crate::diagnostic::{Diagnostic, catalogue, nearest_within};
use crate::source::Span;

/// `created_at more than 2 days ago`: the more an age is, the less is its date.
pub(super) fn age(place: Place<'_>) -> Option<Habit> {
    const QUANTITIES: &[&str] = &["than", "least", "most", "over", "above", "below", "under"];
    let source = place.source();
    place.name()?;
    let begin = place.at.skip(1);
    let words = if begin.peek() == Some(TokenKind::Keyword(Keyword::Is)) { begin.skip(1) } else { begin };
    let (rest, operator) = named_quantity(words)?;
    let spelled = consumed(words, rest).of(source).to_ascii_lowercase();
    let of_dates = ["earlier", "later", "newer", "younger", "older"].iter().any(|word| spelled.contains(word));
    if !spelled.split_ascii_whitespace().any(|word| QUANTITIES.contains(&word)) || of_dates {
        return None;
    }
    let (after, length) = past(rest)?;
    let turned = mirrored(operator).filter(|turned| *turned != operator)?;
    let (span, place) = (consumed(begin, rest), consumed(begin, after));
    let fixed = format!("{} -{length}", turned.as_str());
    Habit::mended(catalogue::operator_and_value(place, span.of(source), place, &fixed))
}

/// As [`named`], where an age stands behind it.
fn named_quantity(input: Tokens<'_>) -> Option<(Tokens<'_>, Operator)> {
    let negated = negation(input);
    let word = negated.unwrap_or(input);
    let before_age = || {
        let (_, operator) = BEFORE_AMOUNTS.iter().find(|(spelling, _)| word.is_word(0, spelling))?;
        Some((word.skip(1), if negated.is_some() { negative(*operator) } else { *operator }))
    };
    named(input).or_else(before_age)
}

/// `2 days ago`, `2d ago`, `2 days`, `2d`: the length of time, and the rest behind it.
fn past(input: Tokens<'_>) -> Option<(Tokens<'_>, String)> {
    let words = (1..=5).find(|count| input.is_boundary(*count))?;
    let rest = input.skip(words);
    let text = consumed(input, rest).of(input.context.text);
    let amount = match text.rsplit_once(' ') {
        Some((amount, ago)) if ago.eq_ignore_ascii_case("ago") => amount,
        _ => text,
    };
    Some((rest, length_of_time(amount)?))
}

/// `created_at is within 7 days`, `created_at is 7 days before`
pub(super) fn within(place: Place<'_>) -> Option<Habit> {
    place.name()?;
    let begin = place.at.skip(1);
    // What is `in 3 days` lies ahead.
    if phrase(begin, "is in").and_then(length).is_some() {
        return None;
    }
    let (rest, right) =
        span_of_time(begin.skip(1), false).filter(|_| begin.peek() == Some(TokenKind::Keyword(Keyword::Is)))?;
    let span = consumed(begin, rest);
    Habit::mended(catalogue::operator_and_value(span, span.of(place.source()), span, &right))
}

/// `created_at > in 3 days`, `snoozed_until in 3 days`: the time lies ahead, but nothing tells on which side of it is what was
/// meant.
pub(super) fn ahead(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let (rest, length) = length(phrase(skipped(input, &["is"]), "in")?)?;
    let span = consumed(input, rest);
    if place.previous().and_then(sign).is_some() {
        return Habit::mended(catalogue::date_form(span, span.of(source), &format!("+{length}")));
    }
    // `24h` alone may be a value of a list.
    let is_name = place.before.last().is_some_and(|token| is_plain_name(token.span.of(source)));
    let is_words = rest.rest.len() + 2 < input.rest.len();
    let mut error = catalogue::unknown_operator(span, span.of(source), "");
    catalogue::either_way(&mut error, &length);
    if is_name && is_words { Habit::told(error, span, format!("> -{length}")) } else { None }
}

/// `created_at from 2026-06-01 to 2026-06-30`
pub(super) fn from_to(place: Place<'_>) -> Option<Habit> {
    let source = place.source();
    place.name()?;
    let begin = place.at.skip(1);
    let words = skipped(begin, &["is"]);
    let negated = negation(words);
    let operator = if negated.is_some() { Operator::NotBetween } else { Operator::Between };
    let (low, first) = value(phrase(negated.unwrap_or(words), "from")?).ok()?;
    let joint = ["to", "until", "till", "and"].iter().find_map(|word| phrase(low, word))?;
    let (rest, last) = value(joint).ok()?;
    let span = consumed(begin, rest);
    let fixed = format!("{} {} AND {}", operator.as_str(), first.span.of(source), last.span.of(source));
    let ends = rest.is_boundary(0);
    ends.then(|| Habit::mended(catalogue::operator_and_value(span, span.of(source), span, &fixed)))?
}

/// `assignee is me`, `assignee is not me`
pub(super) fn is_me(place: Place<'_>) -> Option<Habit> {
    let source = place.source();
    place.name()?;
    let begin = place.at.skip(1);
    let not = begin.peek_at(1) == Some(TokenKind::Keyword(Keyword::Not));
    let word = begin.skip(1 + usize::from(not));
    let is_it = ME_WORDS.iter().any(|me| word.is_word(0, me));
    if begin.peek() != Some(TokenKind::Keyword(Keyword::Is)) || !is_it || !word.is_boundary(1) {
        return None;
    }
    let operator = if not { Operator::NotEqual } else { Operator::Equal };
    let span = consumed(begin, word.skip(1));
    Habit::mended(catalogue::is_me(span, word.span().of(source), &format!("{} {ME}", operator.as_str())))
}

/// `unread_count > = 5`
pub(super) fn divided_sign(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let is_symbol = |at: usize| matches!(input.peek_at(at), Some(TokenKind::Symbol(_)));
    if !is_symbol(0) || !is_symbol(1) || input.text_at(0) == "=" {
        return None;
    }
    let joined = format!("{}{}", input.text_at(0), input.text_at(1));
    let (_, symbol) = SYMBOLS.iter().find(|(spelling, _)| *spelling == joined)?;
    sign(TokenKind::Symbol(*symbol))?;
    let span = consumed(input, input.skip(2));
    Habit::mended(catalogue::unknown_operator(span, span.of(source), &joined))
}

/// `mail_subject contains not x`
pub(super) fn not_behind(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let (count, operator) = match (input.peek()?, input.peek_at(1)?) {
        (TokenKind::Keyword(Keyword::Contains), TokenKind::Keyword(Keyword::Not)) => (2, Operator::NotContains),
        (TokenKind::Keyword(Keyword::Starts), TokenKind::Keyword(Keyword::With))
            if input.peek_at(2) == Some(TokenKind::Keyword(Keyword::Not)) =>
        {
            (3, Operator::NotStartsWith)
        }
        _ => return None,
    };
    let span = consumed(input, input.skip(count));
    let follows = input.is_value(count) && !input.is_operator(count + 1);
    let ends = (count..input.rest.len()).find(|at| input.is_boundary(*at)).unwrap_or(input.rest.len());
    let text = consumed(input.skip(count - 1), input.skip(ends));
    let error = catalogue::unknown_operator(span, span.of(source), operator.as_str());
    follows.then(|| Habit::mended(catalogue::or_text(error, text.of(source))))?
}

/// What stands before a quantity, `does not contain` of `does not contain any of (a, b)`: where it ends, what is asked of
/// each value, and whether that is negated.
fn asked_of_each(begin: Tokens<'_>) -> (Tokens<'_>, Operator, bool) {
    /// As many words as `does not have to be`; each of a text's words may begin here.
    const MOST: usize = 8;
    let (mut words, mut asked, mut negated) = (begin, Operator::Equal, false);
    for _ in 0..MOST {
        let (rest, negates) = match (negation(words), named(words), words.peek().and_then(sign)) {
            (Some(rest), ..) => (rest, true),
            (_, Some((rest, operator @ (Operator::NotContains | Operator::NotLike | Operator::NotEqual))), _) => {
                asked = negative(operator);
                (rest, true)
            }
            (_, Some((rest, operator @ (Operator::Contains | Operator::Like))), _) => {
                asked = operator;
                (rest, false)
            }
            (.., Some(operator @ (Operator::Equal | Operator::NotEqual))) => {
                (words.skip(1), operator == Operator::NotEqual)
            }
            _ if words.peek() == Some(TokenKind::Keyword(Keyword::Contains)) => {
                asked = Operator::Contains;
                (words.skip(1), false)
            }
            _ => (skipped(skipped(words, &["is", "in", "has", "have"]), BEING), false),
        };
        if rest.rest.len() == words.rest.len() {
            break;
        }
        (words, negated) = (rest, negated != negates);
    }
    (words, asked, negated)
}

/// The rest behind one of the words, if one of them is next.
fn skipped<'t>(input: Tokens<'t>, words: &[&str]) -> Tokens<'t> {
    words.iter().find_map(|word| phrase(input, word)).unwrap_or(input)
}

/// How many of the values behind it are meant.
const QUANTITIES: &[&str] =
    &["all", "every", "both", "anything but", "any", "one", "either", "none", "neither", "has_all", "has_any"];

/// `label has all (vip, refund)`, `label any of (vip, refund)`, `status is not one of (open, pending)`
pub(super) fn quantified(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    place.name()?;
    let begin = input.skip(1);
    let (words, mut asked, negated) = asked_of_each(begin);
    // In SQL each of them is another value: `<> ALL`.
    let each_differs = negated && consumed(begin, words).of(source).trim().chars().all(|c| !c.is_alphanumeric());
    let (quantity, rest) = QUANTITIES.iter().find_map(|word| Some((*word, phrase(words, word)?)))?;
    if quantity.starts_with("has_") {
        asked = Operator::Contains;
    }
    let values_at = skipped(rest, &["of", "in"]);
    let written = |values: Vec<Vec<Span>>| values.iter().map(|words| value_of(source, words)).collect();
    let (after, values): (_, Vec<String>) = if values_at.peek() == Some(TokenKind::Symbol(Symbol::Open)) {
        let (close, values, _) = joined(values_at.skip(1))?;
        if close.peek() != Some(TokenKind::Symbol(Symbol::Close)) {
            return None;
        }
        (close.skip(1), written(values))
    } else if let Some((after, values, _)) = array(values_at) {
        (after, values)
    } else {
        // Behind IS stands no text, which might begin so.
        let is = begin.peek() == Some(TokenKind::Keyword(Keyword::Is));
        let of = values_at.rest.len() < rest.rest.len() || is && quantity == "neither" || quantity.ends_with(" but");
        let (after, values) = enumerated(values_at, quantity, of)?;
        // `mail_subject = none of your business`
        if is_long_text(place.name()?) && !is && values.len() == 1 {
            return None;
        }
        (after, written(values))
    };
    let name = Name { span: input.span() };
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let is_none = ["none", "neither"].contains(&quantity) || quantity.ends_with(" but");
    let conditions = |operator, level| grouped(of_values(source, name, operator, level, &values));
    let fixed = match quantity {
        "all" | "every" | "both" | "has_all" if !each_differs => {
            let all = conditions(asked, Connective::And);
            if negated { format!("NOT {all}") } else { all }
        }
        _ if is_none != negated => conditions(negative(asked), Connective::And),
        _ => conditions(asked, Connective::Or),
    };
    let span = consumed(begin, values_at);
    Habit::mended(catalogue::operator_and_value(span, span.of(source), consumed(input, after), &fixed))
}

/// The values behind a quantity without parentheses, `vip or refund` of `either vip or refund`; without an OF, a word
/// such as `any` may well be a value's first.
fn enumerated<'t>(input: Tokens<'t>, quantity: &str, of: bool) -> Option<(Tokens<'t>, Vec<Vec<Span>>)> {
    let (after, values, separator) = joined(input)?;
    let is_nor = |span: &Span| span.of(input.context.text).eq_ignore_ascii_case("nor");
    let values = match (quantity, separator) {
        ("either", Some(Separator::Connective(Connective::Or)))
        | ("both", Some(Separator::Connective(Connective::And)))
        | ("neither", Some(_)) => values,
        // `neither vip nor refund`
        ("neither", None) => values.concat().split(is_nor).map(<[Span]>::to_vec).collect(),
        // `none of vip`
        _ if of => values,
        _ => return None,
    };
    ((values.len() > 1 || of) && !values.iter().any(Vec::is_empty)).then_some((after, values))
}

/// `unread_count > 3 and < 10`, `status = open or = pending`, `referer CONTAINS a OR CONTAINS b`
pub(super) fn shared_name(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let name = place.name()?;
    let (first, joint) = compared(input.skip(1))?;
    let is_but = joint.is_word(1, "but");
    let level = joint.skip(1).peek().and_then(connective).or(is_but.then_some(Connective::And))?;
    let begin = joint.skip(2);
    let (operator, value) = compared(begin)?;
    // `status = open and is muted`: the word may well be an attribute.
    let is_state = begin.peek() == Some(TokenKind::Keyword(Keyword::Is)) && operator.of_list().is_some();
    // `status = open and without assignee`; labels have no parts.
    if is_state || is_of_texts(first) != is_of_texts(operator) && !is_labels(name) {
        return None;
    }
    let fixed = with_name(place, begin, operator, value, level)?;
    let before = match is_of_texts(first) {
        true => consumed(input, joint.skip(1)).of(source).to_owned(),
        false => format!("{name} {} {}", first.as_str(), joint.text_at(0)),
    };
    // `but` goes with the correction.
    let (joins, told_at, spelled) = match is_but {
        true => (format!("{} ", level.as_str()), joint.skip(1).span(), level.as_str()),
        false => (String::new(), begin.span(), joint.text_at(1)),
    };
    let span = consumed(begin, value.skip(1));
    let told = |place, fixed: &str| catalogue::shared_name(span, span.of(source), level.as_str(), place, fixed);
    // Both are one among others, and a NOT before the first of them is one before both.
    let place = input.span().to(span);
    let both = format!("{before} {spelled} {fixed}");
    let whole = as_one(source, place, both.clone());
    Habit::mended(match whole == both {
        true => told(told_at.to(span), &format!("{joins}{fixed}")),
        false => told(place, &whole),
    })
}

/// What has an operator, which begins at `begin`, and a value alone, with the name at its place.
fn with_name(
    place: Place<'_>,
    begin: Tokens<'_>,
    operator: Operator,
    value: Tokens<'_>,
    level: Connective,
) -> Option<String> {
    let source = place.source();
    let (spelled, name) = (consumed(begin, value).of(source), Name { span: place.at.span() });
    let values = [value.text_at(0)];
    match spelled.eq_ignore_ascii_case(operator.as_str()) {
        true => Some(format!("{} {}", name.span.of(source), consumed(begin, value.skip(1)).of(source))),
        false => Some(of_values(source, name, operator, level, &values)),
    }
}

/// Whether an operator asks for a text or whether something is equal, not for an order.
fn is_of_texts(operator: Operator) -> bool {
    operator.joint().is_some()
}

/// An operator that is a sign or asks what a text contains, or the word for one before an amount, and the value behind it.
pub(super) fn compared(input: Tokens<'_>) -> Option<(Operator, Tokens<'_>)> {
    let (operator, value) = match input.peek().and_then(sign) {
        Some(operator) => (operator, input.skip(1)),
        None => {
            let (value, (found, _)) = operator(input).ok()?;
            (found.operator, value)
        }
    };
    let is_sign = input.peek().and_then(sign).is_some();
    ((is_sign || is_of_texts(operator) || operator.is_ordered() && is_amount(value)) && value.is_value(0))
        .then_some((operator, value))
}

/// `contact name = x`, `created at > -7d`: a name with blanks.
pub(super) fn divided_name(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    // One of several words, or of another language: `from` alone may be a part of a value.
    let foreign = |at: usize| {
        let words = input.skip(at + usize::from(input.peek_at(at) == Some(TokenKind::Keyword(Keyword::Not))));
        let several = |rest: Tokens<'_>| rest.rest.len() + 1 < words.rest.len();
        named(words).is_some_and(|(rest, _)| several(rest) || is_known(words.text_at(0)))
            || span_of_time(words, false).is_some()
    };
    let count = (2..=3).find(|count| input.is_operator(*count) || foreign(*count))?;
    let plain = |at: usize| input.peek_at(at) == Some(TokenKind::Word) && is_plain_name(input.text_at(at));
    let is_not = !nearest_within(input.text_at(0), ["NOT"], |_| 1).is_empty();
    // `waiting since > -2h`: words that end a name.
    let ends_name = count == 2 && ["waiting since", "snoozed until"].iter().any(|name| phrase(input, name).is_some());
    let behind = input.skip(1);
    let has_operator = !ends_name && (operator(behind).is_ok() || span_of_time(behind, false).is_some());
    if !place.begins() || !(0..count).all(plain) || is_not || has_operator {
        return None;
    }
    let span = consumed(input, input.skip(count));
    let fixed = joined_name(span.of(source));
    // A custom attribute may well be called `Signed up at`.
    let capital = span.of(source).contains(|c: char| c.is_uppercase());
    let error = catalogue::divided_name(span, span.of(source), &fixed);
    if capital { Habit::told(Diagnostic { fix: None, ..error }, span, fixed) } else { Habit::mended(error) }
}

/// `contact.name` of `contact name`, `created_at` of `Created at`.
pub(crate) fn joined_name(spelled: &str) -> String {
    let lower = spelled.to_ascii_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    match words.as_slice() {
        ["custom", "attribute" | "attributes", rest @ ..] if !rest.is_empty() => format!("custom.{}", rest.join("_")),
        [prefix @ ("contact" | "custom" | "additional"), rest @ ..] => format!("{prefix}.{}", rest.join("_")),
        words => words.join("_"),
    }
}

/// `@me = assignee`
pub(super) fn reversed(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let (value, name) = (input.text_at(0), input.text_at(2));
    let operator = input.peek_at(1).and_then(sign)?;
    // `?status=open` is of an address, `[status]` a name in other languages, and `custom.ti/er` a misspelt one.
    let is_value = input.peek() == Some(TokenKind::Word)
        && !is_plain_name(value)
        && !value.starts_with(['?', '[', '{'])
        && !PREFIXES.iter().any(|prefix| value.starts_with(prefix));
    let is_name = input.peek_at(2) == Some(TokenKind::Word) && name.starts_with(char::is_alphabetic);
    if !place.begins() || !is_value || !is_name || !is_plain_name(name) || !input.is_boundary(3) {
        return None;
    }
    let span: Span = consumed(input, input.skip(3));
    let fixed = format!("{name} {} {value}", mirrored(operator)?.as_str());
    Habit::mended(catalogue::reversed_condition(span, span.of(source), &fixed))
}

/// `"vip" in label`, `refund in message`, `'vip' = ANY(labels)`: what is looked for stands first, as in Python and Postgres.
pub(super) fn contained(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let not = input.peek_at(1) == Some(TokenKind::Keyword(Keyword::Not));
    let words = input.skip(1 + usize::from(not));
    let is = |at: usize, symbol: Symbol| words.peek_at(at) == Some(TokenKind::Symbol(symbol));
    let is_any = is(0, Symbol::Equal) && words.is_word(1, "any") && is(2, Symbol::Open) && is(4, Symbol::Close);
    let (name, rest) = if is_any { (words.text_at(3), words.skip(5)) } else { (words.text_at(1), words.skip(2)) };
    let is_in =
        is_any || words.peek() == Some(TokenKind::Keyword(Keyword::In)) && words.peek_at(1) == Some(TokenKind::Word);
    let operator = match (is_labels(name), is_long_text(name)) {
        (true, _) => Operator::Equal,
        (_, true) => Operator::Contains,
        _ => return None,
    };
    if !place.begins() || !input.is_value(0) || !is_in || !rest.is_boundary(0) {
        return None;
    }
    let operator = if not { negative(operator) } else { operator };
    let span = consumed(input, rest);
    let fixed = format!("{name} {} {}", operator.as_str(), input.text_at(0));
    Habit::mended(catalogue::reversed_condition(span, span.of(source), &fixed))
}

/// `0 < unread_count < 3`
pub(super) fn chained(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let name = input.text_at(2);
    let (first, second) = (input.peek_at(1).and_then(sign)?, input.peek_at(3).and_then(sign)?);
    let is_less = |operator: Operator| matches!(operator, Operator::Less | Operator::LessEqual);
    let is_greater = |operator: Operator| matches!(operator, Operator::Greater | Operator::GreaterEqual);
    let rises = is_less(first) && is_less(second) || is_greater(first) && is_greater(second);
    let is_name =
        input.peek_at(2) == Some(TokenKind::Word) && name.starts_with(char::is_alphabetic) && is_plain_name(name)
            || input.peek_at(2) == Some(TokenKind::Backticked);
    let values = input.is_value(0) && input.is_value(4) && input.is_boundary(5);
    if !place.begins() || !rises || !is_name || !values {
        return None;
    }
    let (low, high) = (input.text_at(0), input.text_at(4));
    let both = format!("{name} {} {low} AND {name} {} {high}", mirrored(first)?.as_str(), second.as_str());
    let span = consumed(input, input.skip(5));
    Habit::mended(catalogue::reversed_condition(span, span.of(source), &as_one(source, span, both)))
}

/// What stands behind a quantity and its connective, and how the quantity is compared.
const OR_MORE: &[(&str, Operator)] = &[
    ("more", Operator::GreaterEqual),
    ("higher", Operator::GreaterEqual),
    ("greater", Operator::GreaterEqual),
    ("longer", Operator::GreaterEqual),
    ("above", Operator::GreaterEqual),
    ("over", Operator::GreaterEqual),
    ("up", Operator::GreaterEqual),
    ("less", Operator::LessEqual),
    ("fewer", Operator::LessEqual),
    ("lower", Operator::LessEqual),
    ("shorter", Operator::LessEqual),
    ("below", Operator::LessEqual),
    ("under", Operator::LessEqual),
];

/// The same of a date.
const OR_LATER: &[(&str, Operator)] = &[
    ("later", Operator::GreaterEqual),
    ("newer", Operator::GreaterEqual),
    ("younger", Operator::GreaterEqual),
    ("after", Operator::GreaterEqual),
    ("earlier", Operator::LessEqual),
    ("older", Operator::LessEqual),
    ("before", Operator::LessEqual),
];

/// `unread_count = 5 or more`, `priority is high or above`, `created_at = 7 days or older`
pub(super) fn or_more(place: Place<'_>) -> Option<Habit> {
    let input = place.at;
    let name = place.name()?;
    let begin = input.skip(1);
    let compared = match begin.peek()? {
        TokenKind::Keyword(Keyword::Is) => begin.skip(1),
        kind => begin.skip(usize::from(sign(kind) == Some(Operator::Equal))),
    };
    let length = past(compared);
    let (rest, value) = match &length {
        Some((rest, length)) => (*rest, format!("-{length}")),
        None => value(compared).ok().map(|(rest, value)| (rest, value.span.of(place.source()).to_owned()))?,
    };
    let word = rest.skip(1);
    let level = rest.peek().and_then(connective)?;
    let said = |table: &[(&str, Operator)]| {
        table.iter().find(|(spelling, _)| word.is_word(0, spelling)).map(|(_, operator)| *operator)
    };
    // The more an age is, the less is its date.
    let quantity =
        said(OR_MORE).and_then(|operator| if length.is_some() { mirrored(operator) } else { Some(operator) });
    let operator = quantity.or_else(|| said(OR_LATER))?;
    // A text may be followed by any word.
    let has_order = is_amount(compared) || name.eq_ignore_ascii_case("priority");
    if !has_order || !word.is_boundary(1) {
        return None;
    }
    let fixed = format!("{name} {} {value}", operator.as_str());
    let error = catalogue::bare_value(word.span(), &[word.text_at(0)], level.as_str(), &fixed);
    Habit::mended(error.fix(consumed(input, word.skip(1)), fixed))
}

/// `custom[tier] = x`, `custom['tier'] = x`: a key in brackets.
pub(super) fn subscript(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let text = input.text_at(0);
    let (prefix, key, rest) = match text.strip_suffix('[') {
        Some(prefix) if input.peek_at(1) == Some(TokenKind::Quoted) && input.text_at(2) == "]" => {
            (prefix, unquote(input.text_at(1)), input.skip(3))
        }
        Some(_) => return None,
        None => {
            let (prefix, key) = text.strip_suffix(']')?.split_once('[')?;
            (prefix, key.into(), input.skip(1))
        }
    };
    // `labels[]` of a web form.
    if key.is_empty() && text.ends_with("[]") && is_plain_name(prefix) && place.begins() && !rest.is_boundary(0) {
        return Habit::mended(catalogue::key_in_brackets(input.span(), text, prefix.to_owned()));
    }
    let prefix = prefix.trim_end_matches('.');
    let is_name = prefix.starts_with(char::is_alphabetic) && is_plain_name(prefix) && !key.is_empty();
    if input.peek() != Some(TokenKind::Word) || !place.begins() || !is_name || rest.is_boundary(0) {
        return None;
    }
    let span = consumed(input, rest);
    Habit::mended(catalogue::key_in_brackets(span, span.of(source), write_name(&format!("{prefix}.{key}"))))
}

/// The operator that compares the other way round.
pub(crate) fn mirrored(operator: Operator) -> Option<Operator> {
    Some(match operator {
        Operator::Equal | Operator::NotEqual => operator,
        Operator::Less => Operator::Greater,
        Operator::LessEqual => Operator::GreaterEqual,
        Operator::Greater => Operator::Less,
        Operator::GreaterEqual => Operator::LessEqual,
        _ => return None,
    })
}
