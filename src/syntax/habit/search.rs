//! The words of search boxes, mail programs and issue trackers: `-label:spam`, `no:assignee`, `created:>2026-06-01`.

use super::super::input::{Tokens, connective};
use super::super::operator::{consumed, phrase, sign};
use super::super::range::divided;
use super::super::several::{grouped, of_values};
use super::super::token::{Symbol, TokenKind, is_plain_name};
use super::super::tree::{Connective, Name, Operator};
use super::values::array;
use super::{Habit, Place, Separator, is_searched, joined, value_of};
use crate::diagnostic::catalogue;
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
    ("unattended", "(first_reply_created_at IS MISSING OR waiting_since IS PRESENT)"),
];

/// What the dashboard lists and no condition asks for, and what lists it.
const LISTED: &[(&str, &str)] = &[
    ("all", "cwql list --status all"),
    ("mentions", "cwql list --type mention"),
    ("mentioned", "cwql list --type mention"),
    ("participating", "cwql list --type participating"),
];

/// Whether a word says a condition by itself, of another attribute than the status.
pub(super) fn is_state(word: &str) -> bool {
    STATES.iter().any(|(state, meant)| word.eq_ignore_ascii_case(state) && !meant.starts_with("status"))
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

/// A word, a colon, and what stands behind it.
struct Searched<'t> {
    /// What stands before the colon, without the sign that excludes.
    name: &'t str,
    named: Name,
    excludes: bool,
    /// Whether the condition that is meant begins with the same word.
    is_as_written: bool,
    colon: Span,
    colons: usize,
    value: Tokens<'t>,
}

/// A condition with a colon.
pub(super) fn prefixed(place: Place<'_>) -> Option<Habit> {
    let (source, input, begins) = (place.source(), place.at, place.begins());
    let searched = Searched::at(place)?;
    let Searched { name, excludes, value, .. } = searched;
    let told = |rest: Tokens<'_>, meant| {
        Habit::mended(catalogue::search_condition(consumed(input, rest), &joined_to(begins, meant)))
    };
    let (rest, meant) = if searched.is_range() {
        searched.range()?
    } else if let Some(several) = searched.several(source) {
        several
    } else if !value.is_value(0) {
        return None;
    } else if let Some(condition) = searched.state() {
        return told(value.skip(1), condition);
    } else if let Some((_, operator, back)) = TIMES.iter().find(|(word, ..)| searched.is(&[word])) {
        let span = input.span().to(value.span());
        let compared = format!("{} {back}{}", operator.as_str(), value.text_at(0));
        let trial = format!("x {compared}");
        return Habit::told(catalogue::unnamed_time(span, input.text_at(0), &compared), span, joined_to(begins, trial));
    } else if let Some((from, to)) = divided(value.span(), source) {
        (value.skip(1), format!("{name} BETWEEN {} AND {}", from.of(source), to.of(source)))
    } else if searched.colons == 1 && begins && searched.is_as_written {
        // The parser knows this one.
        let (colon, spelled) = (searched.colon, value.text_at(0));
        return Habit::mended(match excludes {
            true => catalogue::negated_colon(colon, input.span().to(colon), name, spelled),
            false => catalogue::colon_operator(colon, name, spelled),
        });
    } else {
        (value.skip(1), format!("{name} {} {}", searched.equal().as_str(), value.text_at(0)))
    };
    let negative = meant.contains(searched.equal().as_str()) || meant.contains("NOT ");
    told(rest, if excludes && !negative { format!("NOT {meant}") } else { meant })
}

impl<'t> Searched<'t> {
    fn at(place: Place<'t>) -> Option<Self> {
        let input = place.at;
        let written = input.text_at(0);
        let name = written.strip_prefix(['-', '+']).unwrap_or(written);
        if input.peek() != Some(TokenKind::Word) || !is_searched(name) || input.text_at(1) != ":" {
            return None;
        }
        let colon = input.skip(1).span();
        let colons = 1 + usize::from(input.text_at(2) == ":");
        let end = input.span().end;
        let named = Name { span: Span::new(end - name.len() as u32, end) };
        // A keyword names nothing.
        let meant = if name.eq_ignore_ascii_case("in") { "inbox" } else { name };
        // What is written with blanks the parser knows, unless it is no value.
        let known = named.span.end < colon.start && input.text_at(1 + colons) != "*";
        (!known).then(|| Self {
            name: meant,
            named,
            excludes: written.starts_with('-'),
            is_as_written: meant == name && !written.starts_with('+'),
            colon,
            colons,
            value: input.skip(1 + colons),
        })
    }

    fn is(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.name.eq_ignore_ascii_case(word))
    }

    fn equal(&self) -> Operator {
        if self.excludes { Operator::NotEqual } else { Operator::Equal }
    }

    fn is_range(&self) -> bool {
        matches!(self.value.text_at(0), "[" | "{") && phrase(self.value.skip(2), "to").is_some()
    }

    /// `[1 TO 5]`, `{1 TO *}`: braces leave the bounds out.
    fn range(&self) -> Option<(Tokens<'t>, String)> {
        let Self { name, value, .. } = self;
        let (low, high) = (value.text_at(1), value.text_at(3));
        let open = value.text_at(0) == "{" || value.text_at(4) == "}";
        let bound = |operator: &str, value: &str| format!("{name} {operator} {value}");
        let (from, to) = if open { (">", "<") } else { (">=", "<=") };
        let meant = match (low, high) {
            ("*", "*") => return None,
            ("*", high) => bound(to, high),
            (low, "*") => bound(from, low),
            (low, high) if open => format!("({} AND {})", bound(">", low), bound("<", high)),
            (low, high) => format!("{name} BETWEEN {low} AND {high}"),
        };
        Some((value.skip(5), meant))
    }

    /// `[open, pending]`, `>5`, `(high OR urgent)`: more than a value.
    fn several(&self, source: &str) -> Option<(Tokens<'t>, String)> {
        let Self { name, value, .. } = self;
        if let Some((rest, values)) = array(*value) {
            let list = if self.excludes { Operator::NotIn } else { Operator::In };
            return Some((rest, format!("{name} {} ({})", list.as_str(), values.join(", "))));
        }
        if let Some(operator) = value.peek().and_then(sign)
            && value.is_value(1)
        {
            return Some((value.skip(2), format!("{name} {} {}", operator.as_str(), value.text_at(1))));
        }
        if value.peek() != Some(TokenKind::Symbol(Symbol::Open)) {
            return None;
        }
        let (rest, values, separator) = joined(value.skip(1))?;
        if rest.peek() != Some(TokenKind::Symbol(Symbol::Close)) {
            return None;
        }
        let level = match separator {
            Some(Separator::Connective(level)) => level,
            _ => Connective::Or,
        };
        // Words that nothing joins are found one by one.
        let values: Vec<String> = match (separator, values.as_slice()) {
            (None, [words]) => words.iter().map(|word| word.of(source).to_owned()).collect(),
            _ => values.iter().map(|words| value_of(source, words)).collect(),
        };
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        Some((rest.skip(1), grouped(of_values(source, self.named, self.equal(), level, &values))))
    }

    /// `no:assignee`, `has:label`, `is:open`
    fn state(&self) -> Option<String> {
        let word = self.value.text_at(0);
        let presence = |present: bool| format!("{word} IS {}", if present { "PRESENT" } else { "MISSING" });
        if self.is(&["no", "missing"]) {
            return Some(presence(self.excludes));
        }
        if self.is(&["has", "_exists_", "exists"]) {
            return Some(presence(!self.excludes));
        }
        // `assignee:*`
        if word == "*" {
            let negated = if self.excludes { Operator::IsMissing } else { Operator::IsPresent };
            return Some(format!("{} {}", self.name, negated.as_str()));
        }
        if !self.is(&["is"]) {
            return None;
        }
        let Some((_, condition)) = STATES.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)) else {
            // `is:muted`
            return is_plain_name(word).then(|| format!("{word} = {}", !self.excludes));
        };
        Some(if self.excludes { format!("NOT {condition}") } else { (*condition).to_owned() })
    }
}

/// `unassigned AND status = open`, `assigned to me`: a state as one says it.
pub(super) fn stated(place: Place<'_>) -> Option<Habit> {
    let input = place.at;
    if !place.begins() {
        return None;
    }
    if let Some(rest) = phrase(input, "assigned to").filter(|rest| rest.is_value(0)) {
        let behind = (1..=4).find(|count| rest.is_boundary(*count)).unwrap_or(1);
        let words: Vec<Span> = (0..behind).map(|at| rest.skip(at).span()).collect();
        let rest = rest.skip(behind);
        let meant = format!("assignee = {}", value_of(place.source(), &words));
        return said(place, rest, &meant);
    }
    let rest = phrase(input, "is").unwrap_or(input);
    let word = rest.text_at(0);
    // Behind a connective a status may be one more value of the condition before.
    let ambiguous = place.previous().and_then(connective).is_some() && rest.rest.len() == input.rest.len();
    let Some((_, condition)) = STATES.iter().find(|(state, _)| word.eq_ignore_ascii_case(state)) else {
        // `is muted`: whether it is one that is true or false, only its attribute tells.
        let named = rest.rest.len() < input.rest.len() && is_plain_name(word) && rest.is_boundary(1);
        return if named { said(place, rest.skip(1), &format!("{word} = true")) } else { None };
    };
    if !rest.is_boundary(1) || ambiguous && condition.starts_with("status") {
        return None;
    }
    said(place, rest.skip(1), condition)
}

/// `mentions`, `all`: a list of the dashboard's.
pub(super) fn listed(place: Place<'_>) -> Option<Habit> {
    let input = place.at;
    let (word, command) = LISTED.iter().find(|(word, _)| input.is_word(0, word))?;
    let alone = place.begins() && input.is_boundary(1);
    alone.then(|| Habit::told(catalogue::listed_elsewhere(input.span(), word, command), input.span(), "x = x"))?
}

/// `no label`, `without assignee`, `has priority`, `exists(team)`: the second word is a name.
pub(super) fn without(place: Place<'_>) -> Option<Habit> {
    let input = place.at;
    let presence = match input.text_at(0).to_ascii_lowercase().as_str() {
        "no" | "without" => Operator::IsMissing,
        "has" | "with" | "exists" => Operator::IsPresent,
        _ => return None,
    };
    let is = |at: usize, symbol: Symbol| input.peek_at(at) == Some(TokenKind::Symbol(symbol));
    let called = is(1, Symbol::Open) && is(3, Symbol::Close);
    let named = input.skip(1 + usize::from(called));
    let rest = named.skip(1 + usize::from(called));
    let is_name = named.peek() == Some(TokenKind::Word) && is_plain_name(named.text_at(0));
    if !place.begins() || !is_name || !rest.is_boundary(0) {
        return None;
    }
    let state = STATES.iter().find(|(state, meant)| named.is_word(0, state) && !meant.starts_with("status"));
    let meant = match (state, presence) {
        (Some((_, condition)), Operator::IsPresent) => (*condition).to_owned(),
        (Some((_, condition)), _) => format!("NOT {condition}"),
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

/// `label = vip -spam`
pub(super) fn excluded(place: Place<'_>) -> Option<Habit> {
    let (source, input) = (place.source(), place.at);
    let name = place.name()?;
    let operator = input.peek_at(1).and_then(sign)?;
    let excluded = match operator {
        Operator::Equal => Operator::NotEqual,
        Operator::Contains => Operator::NotContains,
        _ => return None,
    };
    if !input.is_value(2) {
        return None;
    }
    let mut rest = input.skip(3);
    let first = rest.span();
    let mut fixed = String::new();
    while rest.peek() == Some(TokenKind::Word)
        && let Some(word) = rest.text_at(0).strip_prefix('-')
        && word.starts_with(char::is_alphabetic)
        && rest.text_at(1) != ":"
    {
        fixed += &format!("{}AND {name} {} {word}", if fixed.is_empty() { "" } else { " " }, excluded.as_str());
        rest = rest.skip(1);
    }
    if fixed.is_empty() || !rest.is_boundary(0) {
        return None;
    }
    let span = Span::new(first.start, consumed(input, rest).end);
    Habit::mended(catalogue::excluded_value(span, span.of(source), &fixed))
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
    let is_verb = ["select", "where", "find", "show", "get", "filter", "search", "query"]
        .iter()
        .any(|word| input.is_word(0, word));
    if !place.before.is_empty() || !is_verb || input.is_operator(1) {
        return None;
    }
    let ends = (0..LONGEST).find(|at| input.is_word(*at, "where")).or(Some(0))?;
    let rest = input.skip(ends + 1);
    let span = consumed(input, rest);
    let removed = Span::new(span.start, rest.span().start);
    rest.begins_group(0).then(|| Habit::mended(catalogue::ornament(span, removed, span.of(source))))?
}
