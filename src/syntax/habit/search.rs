//! The words of search boxes, mail programs and issue trackers: `-label:spam`, `no:assignee`, `created:>2026-06-01`.

use super::super::input::{Tokens, connective};
use super::super::operator::{consumed, negative, operator, phrase, sign};
use super::super::range::divided;
use super::super::several::of_values;
use super::super::spelling::{conversation_at, is_contraction, write_value};
use super::super::token::{Symbol, TokenKind, is_blank, is_plain_name};
use super::super::tree::{Connective, Name, Operator};
use super::asked::Asking;
use super::operators::compared;
use super::{Habit, Place, is_searched, value_of};
use crate::diagnostic::{Diagnostic, InProgram, catalogue};
use crate::source::Span;

/// What `is:` asks for, and the condition that it is.
const STATES: &[(&str, &str)] = &[
    ("open", "status = open"),
    ("resolved", "status = resolved"),
    ("closed", "status = resolved"),
    ("pending", "status = pending"),
    ("snoozed", "status = snoozed"),
    ("unread", "unread_count > 0"),
    ("read", "unread_count = 0"),
    ("unassigned", "assignee IS MISSING"),
    ("assigned", "assignee IS PRESENT"),
    ("mine", "assignee = @me"),
    ("unanswered", "first_reply_created_at IS MISSING"),
    ("unreplied", "first_reply_created_at IS MISSING"),
    ("unlabeled", "label IS MISSING"),
    ("unlabelled", "label IS MISSING"),
    ("untagged", "label IS MISSING"),
    ("unattended", "(first_reply_created_at IS MISSING OR waiting_since IS PRESENT)"),
];

/// The condition that a state's name says by itself.
pub(crate) fn state_called(word: &str) -> Option<&'static str> {
    STATES.iter().find(|(state, _)| word.eq_ignore_ascii_case(state)).map(|(_, meant)| *meant)
}

/// What the dashboard lists and no condition asks for, and the program lists.
const LISTED: &[(&str, InProgram)] = &[
    ("all", InProgram::ListAll),
    ("mentions", InProgram::ListMentions),
    ("mentioned", InProgram::ListMentions),
    ("participating", InProgram::ListParticipating),
];

/// Whether a word says a condition by itself, of another attribute than the status.
pub(super) fn is_state(word: &str) -> bool {
    state_called(word).is_some_and(|meant| !meant.starts_with("status"))
}

/// The words that compare a time without naming it.
const TIMES: &[(&str, Operator, &str)] = &[
    ("older_than", Operator::Less, "-"),
    ("older", Operator::Less, "-"),
    ("newer_than", Operator::Greater, "-"),
    ("newer", Operator::Greater, "-"),
    ("before", Operator::Less, ""),
    ("after", Operator::Greater, ""),
    ("since", Operator::GreaterEqual, ""),
    ("until", Operator::LessEqual, ""),
];

/// What `in:` names in mail programs where every inbox is meant.
const EVERYWHERE: &[&str] = &["anywhere", "everywhere", "all", "any"];

/// A word, a colon, and what stands behind it.
struct Searched<'t> {
    /// What stands before the colon, without the sign that excludes.
    name: &'t str,
    excludes: bool,
    /// Whether the condition that is meant begins with the same word.
    is_as_written: bool,
    colon: Span,
    colons: usize,
    /// Whether a blank stands before the colon.
    is_apart: bool,
    value: Tokens<'t>,
}

/// A condition with a colon.
pub(super) fn prefixed(place: Place<'_>) -> Option<Habit> {
    let (source, input, begins) = (place.source(), place.at, place.begins());
    let searched = Searched::at(place)?;
    let Searched { name, excludes, value, .. } = searched;
    let mended = |rest: Tokens<'_>, meant| {
        Habit::mended(catalogue::search_condition(consumed(input, rest), &joined_to(begins, meant)))
    };
    let told = |error: Diagnostic| {
        let span = error.span();
        Habit::told(error, span, joined_to(begins, "x = x".to_owned()))
    };
    let equal = if excludes { Operator::NotEqual } else { Operator::Equal };
    if let Some((rest, meant)) = searched.range() {
        return mended(rest, meant);
    }
    let is_one = value.is_value(0);
    if is_one
        && searched.is(&["inbox"])
        && EVERYWHERE.iter().any(|word| value.is_word(0, word))
        && !searched.is_as_written
    {
        return told(catalogue::every_inbox(input.span().to(value.span())));
    }
    if let Some(condition) = searched.state().filter(|_| is_one) {
        return mended(value.skip(1), condition);
    }
    if let Some((_, operator, back)) = TIMES.iter().find(|(word, ..)| searched.is(&[word]))
        && is_one
        && !searched.is_apart
    {
        let span = input.span().to(value.span());
        let operator = if excludes { negative(*operator) } else { *operator };
        let compared = format!("{} {back}{}", operator.as_str(), value.text_at(0));
        let trial = format!("x {compared}");
        return Habit::told(catalogue::unnamed_time(span, input.text_at(0), &compared), span, joined_to(begins, trial));
    }
    if let Some((from, to)) = divided(value.span(), source).filter(|_| is_one && !searched.is_apart) {
        let (low, high) = (from.of(source), to.of(source));
        let meant = searched.between(low, high, Operator::GreaterEqual, Operator::LessEqual)?;
        return mended(value.skip(1), meant);
    }
    // Apart from its value, `:=` is an operator of other languages, which the parser knows.
    let assigns = value.peek().and_then(sign) == Some(Operator::Equal)
        && value.span().start == searched.colon.end
        && value.span().end != value.skip(1).span().start;
    if assigns {
        return None;
    }
    if let Some((rest, meant)) = (Asking { name, excludes }).values(input, value) {
        return match meant {
            Ok(meant) => mended(rest, meant),
            Err(error) => told(error),
        };
    }
    if !is_one || searched.is_apart {
        // The parser knows what is written with blanks.
        return None;
    }
    if searched.colons == 1 && begins && searched.is_as_written {
        // The parser knows this one.
        let (colon, spelled) = (searched.colon, value.text_at(0));
        return Habit::mended(match excludes {
            true => catalogue::negated_colon(colon, input.span().to(colon), name, spelled),
            false => catalogue::colon_operator(colon, name, spelled),
        });
    }
    mended(value.skip(1), format!("{name} {} {}", equal.as_str(), value.text_at(0)))
}

impl<'t> Searched<'t> {
    fn at(place: Place<'t>) -> Option<Self> {
        let input = place.at;
        let written = input.text_at(0);
        let name = written.strip_prefix(['-', '+']).unwrap_or(written);
        if input.peek() != Some(TokenKind::Word)
            || !is_searched(name)
            || name.starts_with('-')
            || input.text_at(1) != ":"
        {
            return None;
        }
        let colon = input.skip(1).span();
        let colons = 1 + usize::from(input.text_at(2) == ":");
        // A keyword names nothing.
        let meant = if name.eq_ignore_ascii_case("in") { "inbox" } else { name };
        Some(Self {
            name: meant,
            excludes: written.starts_with('-'),
            is_as_written: meant == name && !written.starts_with('+'),
            colon,
            colons,
            is_apart: input.span().end < colon.start,
            value: input.skip(1 + colons),
        })
    }

    fn is(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.name.eq_ignore_ascii_case(word))
    }

    /// `[1 TO 5]`, `{1 TO *}`: braces leave the bounds out.
    fn range(&self) -> Option<(Tokens<'t>, String)> {
        let value = self.value;
        if !matches!(value.text_at(0), "[" | "{") || phrase(value.skip(2), "to").is_none() {
            return None;
        }
        let from = if value.text_at(0) == "{" { Operator::Greater } else { Operator::GreaterEqual };
        let to = if value.text_at(4) == "}" { Operator::Less } else { Operator::LessEqual };
        Some((value.skip(5), self.between(value.text_at(1), value.text_at(3), from, to)?))
    }

    /// Between two bounds, of which a star is none, each compared by its own operator.
    fn between(&self, low: &str, high: &str, from: Operator, to: Operator) -> Option<String> {
        let name = self.name;
        let bound = |operator: Operator, value: &str| format!("{name} {} {value}", operator.as_str());
        let meant = match (low, high) {
            ("*", "*") => return None,
            ("*", high) => bound(to, high),
            (low, "*") => bound(from, low),
            (low, high) if (from, to) == (Operator::GreaterEqual, Operator::LessEqual) => {
                format!("{name} BETWEEN {low} AND {high}")
            }
            (low, high) => format!("({} AND {})", bound(from, low), bound(to, high)),
        };
        Some(if self.excludes { format!("NOT {meant}") } else { meant })
    }

    /// `no:assignee`, `has:label`, `is:open`
    fn state(&self) -> Option<String> {
        let word = self.value.text_at(0);
        let stated = |meant: &str, holds: bool| if holds { meant.to_owned() } else { format!("NOT {meant}") };
        // `assignee:*`
        if word == "*" && !self.is(&["is"]) {
            let negated = if self.excludes { Operator::IsMissing } else { Operator::IsPresent };
            return Some(format!("{} {}", self.name, negated.as_str()));
        }
        if self.is_apart {
            return None;
        }
        let asks_for_none = self.is(&["no", "missing", "_missing_"]);
        if asks_for_none || self.is(&["has", "_exists_", "exists"]) {
            let holds = asks_for_none == self.excludes;
            return Some(match state_called(word) {
                // `no:unread`: the word is the name of no attribute.
                Some(meant) if is_state(word) => stated(meant, holds),
                _ => format!("{word} IS {}", if holds { "PRESENT" } else { "MISSING" }),
            });
        }
        if !self.is(&["is"]) {
            return None;
        }
        match state_called(word) {
            Some(condition) => Some(stated(condition, !self.excludes)),
            // `is:muted`
            None => is_plain_name(word).then(|| format!("{word} = {}", !self.excludes)),
        }
    }
}

/// `unassigned AND status = open`, `assigned to me`: a state as one says it.
pub(super) fn stated(place: Place<'_>) -> Option<Habit> {
    let input = place.at;
    if !place.begins() {
        return None;
    }
    // `it is muted`
    let verb = phrase(input, "it").filter(|rest| !rest.is_boundary(1)).unwrap_or(input);
    let is_contracted = is_contraction(verb.text_at(0)) && verb.peek() == Some(TokenKind::Word);
    let negated = phrase(verb, "is not").or_else(|| is_contracted.then(|| verb.skip(1)));
    let is_negated = negated.is_some();
    let rest = negated.or_else(|| phrase(verb, "is")).unwrap_or(input);
    let word = rest.text_at(0);
    let meant = |condition: String| if is_negated { format!("NOT {condition}") } else { condition };
    if let Some(rest) = phrase(rest, "assigned to").filter(|rest| rest.is_value(0)) {
        let behind = (1..=4).find(|count| rest.is_boundary(*count)).unwrap_or(1);
        let words: Vec<Span> = (0..behind).map(|at| rest.skip(at).span()).collect();
        // Behind a semicolon stands something else.
        if words.iter().any(|word| word.of(place.source()).ends_with(';')) {
            return None;
        }
        let rest = rest.skip(behind);
        let meant = meant(format!("assignee = {}", value_of(place.source(), &words)));
        return said(place, rest, &meant);
    }
    // Behind a connective a status may be one more value of the condition before.
    let ambiguous = place.previous().and_then(connective).is_some() && rest.rest.len() == input.rest.len();
    let Some(condition) = state_called(word) else {
        // `is muted`: whether it is one that is true or false, only its attribute tells.
        let is_word = rest.peek() == Some(TokenKind::Word) && is_plain_name(word);
        let named = rest.rest.len() < input.rest.len() && is_word && rest.is_boundary(1);
        return if named { said(place, rest.skip(1), &meant(format!("{word} = true"))) } else { None };
    };
    if !rest.is_boundary(1) || ambiguous && condition.starts_with("status") {
        return None;
    }
    said(place, rest.skip(1), &meant(condition.to_owned()))
}

/// `https://app.chatwoot.com/app/accounts/1/conversations/42`: the address of a conversation.
pub(super) fn conversation(place: Place<'_>) -> Option<Habit> {
    let input = place.at;
    let number = conversation_at(input.text_at(0))?;
    let alone = input.peek() == Some(TokenKind::Word) && place.begins() && input.is_boundary(1);
    alone.then(|| said(place, input.skip(1), &format!("id = {number}")))?
}

/// `?status=open&priority=high`, `https://…/conversations?status=open`: the parameters of an address.
pub(super) fn parameters(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let start = input.span().start;
    let written = source.get(start as usize..)?.split(is_blank).next()?;
    let (before, parameters) = written.split_once('?')?;
    let is_address = before.is_empty() || before.starts_with("https://") || before.starts_with("http://");
    let rest = input.skip(input.rest.partition_point(|token| token.span.end <= start + written.len() as u32));
    if input.peek() != Some(TokenKind::Word) || !is_address || !place.before.is_empty() || !rest.is_boundary(0) {
        return None;
    }
    let mut asked: Vec<(&str, Vec<String>)> = Vec::new();
    for pair in parameters.split('&') {
        let (name, value) = pair.split_once('=')?;
        let name = name.strip_suffix("[]").or_else(|| name.strip_suffix("%5B%5D")).unwrap_or(name);
        let value = decoded(value).filter(|value| is_plain_name(name) && !value.is_empty())?;
        if OF_PAGES.contains(&name) {
            continue;
        }
        // `status=open&status=pending`: one of both.
        match asked.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(write_value(&value)),
            None => asked.push((name, vec![write_value(&value)])),
        }
    }
    let condition = |(name, values): &(&str, Vec<String>)| match values.as_slice() {
        [value] => format!("{name} = {value}"),
        values => format!("{name} {} ({})", Operator::In.as_str(), values.join(", ")),
    };
    let conditions: Vec<String> = asked.iter().map(condition).collect();
    let span = consumed(input, rest);
    match conditions.as_slice() {
        [] => Habit::told(catalogue::of_pages(span, span.of(source)), span, "x = x"),
        conditions => said(place, rest, &conditions.join(" AND ")),
    }
}

/// Parameters that ask for no conversations, but how they are listed.
const OF_PAGES: &[&str] = &["page", "per_page", "sort", "sort_by", "order", "order_by"];

/// A parameter's value: `a b` of `a%20b` and `a+b`.
fn decoded(value: &str) -> Option<String> {
    let blank = value.replace('+', " ");
    let (first, rest) = blank.split_once('%').unwrap_or((&blank, ""));
    let mut bytes = first.as_bytes().to_vec();
    for part in rest.split('%').filter(|_| first.len() < blank.len()) {
        let (digits, behind) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend(behind.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// `mentions`, `all`: a list of the dashboard's.
pub(super) fn listed(place: Place<'_>) -> Option<Habit> {
    let input = place.at;
    let (word, lists) = LISTED.iter().find(|(word, _)| input.is_word(0, word))?;
    let alone = place.begins() && input.is_boundary(1);
    alone.then(|| Habit::told(catalogue::listed_elsewhere(input.span(), word, *lists), input.span(), "x = x"))?
}

/// `no label`, `without assignee`, `has no team`, `has priority`, `exists(team)`: the second word is a name.
pub(super) fn without(place: Place<'_>) -> Option<Habit> {
    let input = place.at;
    let presence = match input.text_at(0).to_ascii_lowercase().as_str() {
        "no" | "without" => Operator::IsMissing,
        "has" | "with" | "exists" => Operator::IsPresent,
        _ => return None,
    };
    // `has no label`
    let (presence, input) = match presence == Operator::IsPresent && input.is_word(1, "no") {
        true => (Operator::IsMissing, input.skip(1)),
        false => (presence, input),
    };
    let is = |at: usize, symbol: Symbol| input.peek_at(at) == Some(TokenKind::Symbol(symbol));
    let called = is(1, Symbol::Open) && is(3, Symbol::Close);
    let named = input.skip(1 + usize::from(called));
    let rest = named.skip(1 + usize::from(called));
    let is_name = named.peek() == Some(TokenKind::Word) && is_plain_name(named.text_at(0));
    if !place.begins() || !is_name || !rest.is_boundary(0) {
        return None;
    }
    let state = state_called(named.text_at(0)).filter(|meant| !meant.starts_with("status"));
    let meant = match (state, presence) {
        (Some(condition), Operator::IsPresent) => condition.to_owned(),
        (Some(condition), _) => format!("NOT {condition}"),
        _ => format!("{} {}", named.text_at(0), presence.as_str()),
    };
    said(place, rest, &meant)
}

/// What was said up to `rest`, and the condition that it is.
fn said(place: Place<'_>, rest: Tokens<'_>, meant: &str) -> Option<Habit> {
    let span = consumed(place.at, rest);
    Habit::mended(catalogue::said_condition(span, span.of(place.source()), meant))
}

/// Side by side, conditions in a search box must all hold.
fn joined_to(begins: bool, condition: String) -> String {
    if begins { condition } else { format!("AND {condition}") }
}

/// `label = vip -spam`, `label has vip -spam`
pub(super) fn excluded(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    place.name()?;
    let (operator, value) = compared(input.skip(1))?;
    let excluded = match operator {
        Operator::Equal => Operator::NotEqual,
        Operator::Contains => Operator::NotContains,
        _ => return None,
    };
    let mut rest = value.skip(1);
    let first = rest.span();
    let mut fixed = String::new();
    while rest.peek() == Some(TokenKind::Word)
        && let Some(word) = rest.text_at(0).strip_prefix('-')
        && word.starts_with(char::is_alphabetic)
        && rest.text_at(1) != ":"
    {
        let condition = of_values(source, Name { span: input.span() }, excluded, Connective::And, &[word]);
        fixed += &format!("{}AND {condition}", if fixed.is_empty() { "" } else { " " });
        rest = rest.skip(1);
    }
    if fixed.is_empty() || !rest.is_boundary(0) {
        return None;
    }
    let span = Span::new(first.start, consumed(input, rest).end);
    Habit::mended(catalogue::excluded_value(span, span.of(source), &fixed))
}

/// Whether a condition begins here, whatever language its operator is of.
fn begins_said(input: Tokens<'_>) -> bool {
    input.begins_group(0) || input.peek() == Some(TokenKind::Word) && operator(input.skip(1)).is_ok()
}

/// `the status is open`
pub(super) fn article(place: Place<'_>) -> Option<Habit> {
    let input = place.at;
    let is_name = input.peek_at(1) == Some(TokenKind::Word);
    if !input.is_word(0, "the") || !place.begins() || !is_name || !begins_said(input.skip(1)) {
        return None;
    }
    let removed = Span::new(input.span().start, input.skip(1).span().start);
    Habit::mended(catalogue::ornament(input.span(), removed, input.text_at(0)))
}

/// `ORDER BY created_at DESC`, `LIMIT 10`
pub(super) fn ordered(place: Place<'_>) -> Option<Habit> {
    let input = place.at;
    let order = phrase(input, "order by").or_else(|| phrase(input, "sort by"));
    let count = phrase(input, "limit").filter(|rest| rest.text_at(0).bytes().all(|byte| byte.is_ascii_digit()));
    let rest = order.or(count).filter(|rest| rest.is_value(0))?;
    if place.begins() || rest.is_operator(0) {
        return None;
    }
    let mut rest = rest;
    while rest.peek().is_some_and(|kind| matches!(kind, TokenKind::Word | TokenKind::Symbol(Symbol::Comma))) {
        rest = rest.skip(1);
    }
    let span = consumed(input, rest);
    Habit::told(catalogue::order_of_rows(span, input.text_at(0)), span, "")
}

/// `SELECT * FROM conversations WHERE status = open`, `find status = open`: what stands before the conditions elsewhere.
pub(super) fn introduced(place: Place<'_>) -> Option<Habit> {
    /// How many words there may be: the names of some columns.
    const LONGEST: usize = 24;
    let (source, input) = (place.source(), place.at);
    let is_verb = ["select", "where", "find", "show", "get", "filter", "search", "query", "if", "when"]
        .iter()
        .any(|word| input.is_word(0, word));
    if !place.before.is_empty() || !is_verb || input.is_operator(1) {
        return None;
    }
    let ends = (0..LONGEST).find(|at| input.is_word(*at, "where")).or(Some(0))?;
    let rest = input.skip(ends + 1);
    let span = consumed(input, rest);
    let removed = Span::new(span.start, rest.span().start);
    begins_said(rest).then(|| Habit::mended(catalogue::ornament(span, removed, span.of(source))))?
}
