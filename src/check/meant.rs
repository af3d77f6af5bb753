//! What a text that is no date, or no number, was meant as.

use jiff::Timestamp;

use super::date_habit;
use super::mend::may_lie_ahead;
use super::name;
use super::time::{
    ClockChange, MONTHS, Moment, Period, TimeError, WEEKDAYS, before_end, is_relative, meant, moment, period, start_of,
    weekday, weekday_ahead, with_month,
};
use super::value::{Reader, is_number};
use crate::diagnostic::{Diagnostic, catalogue, nearest_within};
use crate::schema::{Attribute, Schema, ValueType};
use crate::source::{Span, is_digits};
use crate::syntax::expression::{Computed, computed};
use crate::syntax::spelling::length_of_time;
use crate::syntax::{Form, Operator, UNITS, Value, from_today, plain_number, range_in};

/// The beginning of a date that `2026-06-%`, `2026-06-*` and `^2026-06` give.
pub(super) fn without_wildcards(text: &str) -> &str {
    let text = text.trim_start_matches(['%', '*', '^']);
    let begun = text.trim_end_matches(['%', '*', '.', '_']);
    if begun.len() < text.len() { begun.trim_end_matches(['-', 'T', ' ']) } else { text }
}

impl Reader<'_, '_> {
    /// What is told of a text that is no date, and of what it was meant as: `7days`, `−7d`, `2026-6-5`.
    #[cold]
    pub(super) fn no_date(&self, text: &str, span: Span, day_only: bool) -> Diagnostic {
        let (schema, spelled) = (self.checker.schema, span.of(self.checker.source));
        let plain = plain_minus(text);
        for meant in [&plain, &format!("-{plain}")] {
            if moment(meant, false, schema) == Err(TimeError::MonthOrMinute) {
                return catalogue::month_or_minute(span, spelled, meant);
            }
        }
        if let Some(length) = length_of_time(&plain).filter(|length| self.is_date(&format!("-{length}"), day_only)) {
            return catalogue::age(span, text, &length);
        }
        if let Some((length, is_ahead)) = from_now(text) {
            return self.counted(&length, is_ahead, span);
        }
        if let Some(computed) = computed(text).filter(|computed| self.is_date(&computed.value, day_only)) {
            return self.computed(&computed, span);
        }
        let begun = without_wildcards(text);
        if let Some(period) = period(begun, schema) {
            return self.period(period, span);
        }
        if let Some(days) = weekday_ahead(text, may_lie_ahead(self.attribute), schema) {
            return catalogue::weekday_ahead(span, spelled, &days);
        }
        let day = || self.date(begun, day_only).filter(|_| begun.len() < text.len());
        if let Some(meant) = self.date(plain.trim_matches(['[', ']', ';']), day_only).or_else(day) {
            return catalogue::date_form(span, spelled, &meant);
        }
        if let Some(days) = date_habit::either_day(&plain) {
            return catalogue::weekday_ahead(span, spelled, &days);
        }
        let date = |text: &str| self.date(&plain_minus(text), day_only);
        let other =
            self.range(text, span, date).or_else(|| respelled(text).map(|text| self.no_date(&text, span, day_only)));
        other.unwrap_or_else(|| self.attribute_as_value(catalogue::invalid_date(span, spelled, day_only), text, span))
    }

    /// Has what is told of `created_at > last_activity_at` say that no two attributes are compared.
    fn attribute_as_value(&self, told: Diagnostic, text: &str, span: Span) -> Diagnostic {
        match name::resolve(text, None, span, self.checker.schema) {
            Ok(known) if !known.guess && !is_number(text) => catalogue::attribute_as_value(told, text),
            _ => told,
        }
    }

    fn is_date(&self, text: &str, day_only: bool) -> bool {
        match moment(text, false, self.checker.schema) {
            Ok(Moment::Instant(..)) => !day_only,
            other => other.is_ok(),
        }
    }

    /// The date that a text means, whatever way it is written in.
    fn date(&self, text: &str, day_only: bool) -> Option<String> {
        let schema = self.checker.schema;
        let amount = text.strip_prefix('-').or_else(|| text.strip_suffix(" ago"));
        // In Elasticsearch and Grafana `/d` cuts to the day.
        let day = text.strip_suffix("/d").and_then(|day| day.strip_prefix("now"));
        let day = day.map(|back| if back.is_empty() { "today" } else { back }.to_owned());
        // `today-7d` is the day so far back.
        let amount = amount.or_else(|| text.strip_prefix("today-"));
        let back = amount.and_then(length_of_time).map(|length| format!("-{length}"));
        let before_yesterday = |text: &str| {
            let days: u32 = text.strip_prefix("yesterday-")?.strip_suffix('d')?.parse().ok()?;
            Some(format!("-{}d", days.checked_add(1)?))
        };
        let back = back.or_else(|| before_yesterday(text));
        let since = || text.strip_prefix("now-").and_then(length_of_time).map(|length| format!("now-{length}"));
        // The one before, of what has happened.
        let day_of_week = || weekday(text, schema).filter(|_| !may_lie_ahead(self.attribute));
        let other = || meant(text, day_only).or_else(|| with_month(text, schema)).or_else(day_of_week);
        let elsewhere = || date_habit::meant(text, schema).filter(|meant| self.is_date(meant, day_only));
        // Programs count in milliseconds.
        let seconds = || meant(text.get(..10).filter(|_| text.len() == 13 && is_digits(text))?, day_only);
        let known = day.or(back).or_else(since).or_else(other).or_else(seconds).or_else(elsewhere);
        let known = known.or_else(|| Some(text.to_owned()));
        known.filter(|meant| self.is_date(meant, day_only))
    }

    /// The place of the condition, if this is its only value.
    pub(super) fn place(&self, span: Span) -> Option<Span> {
        let source = self.checker.source;
        let (before, behind) = (source.get(..span.start as usize)?, source.get(span.end as usize..)?);
        let end = match self.operator {
            Operator::In | Operator::NotIn if before.trim_end().ends_with('(') => {
                let rest = behind.trim_start().strip_prefix(')')?;
                (source.len() - rest.len()) as u32
            }
            Operator::In | Operator::NotIn => return None,
            _ => span.end,
        };
        Some(Span::new(self.name.span.start, end))
    }

    /// The condition on what a contact is: `contact.blocked = true` of `contact is blocked`.
    pub(super) fn contact_state(&self, word: &str) -> Option<String> {
        let name = format!("contact.{word}");
        let is_compared = matches!(self.operator, Operator::Equal | Operator::NotEqual);
        let named = name::resolve(&name, None, self.name.span, self.checker.schema).ok().filter(|_| is_compared)?;
        let is_state = named.attribute.value_type() == ValueType::Boolean;
        is_state.then(|| format!("{name} {} true", self.operator.as_str()))
    }

    /// The condition that holds between two values, where the operator asks whether something is equal.
    fn between(&self, from: &str, to: &str) -> Option<String> {
        let name = self.name.span.of(self.checker.source);
        match self.operator {
            Operator::Equal | Operator::In => Some(format!("{name} BETWEEN {from} AND {to}")),
            Operator::NotEqual | Operator::NotIn => Some(format!("{name} NOT BETWEEN {from} AND {to}")),
            _ => None,
        }
    }

    /// Has the day that a range begins with be the last one before its end: of `between friday and monday` each by itself is
    /// the last one before today. `told` is how much was found before the range.
    #[cold]
    pub(super) fn before_end(&mut self, low: Value, high: Value, told: usize) {
        let (schema, source) = (self.checker.schema, self.checker.source);
        let found = self.checker.found.get_mut(told..).unwrap_or_default();
        let meant = |span: Span| {
            let error = found.iter().find(|error| error.span() == span)?;
            error.fix.as_ref().map(|fix| fix.replacement.clone())
        };
        let ages = ages(low.span.of(source), high.span.of(source), schema);
        let end = meant(high.span).unwrap_or_else(|| high.text(source).into_owned());
        let begin = meant(low.span).and_then(|day| before_end(&low.text(source), &day, &end, schema));
        let Some(error) = found.iter_mut().find(|error| error.span() == low.span) else { return };
        if let Some((longest, shortest)) = ages {
            *error = catalogue::ages(low.span, low.span.to(high.span), &longest, &shortest);
            self.checker.found.retain(|error| error.span() != high.span);
        } else if let Some(day) = begin {
            *error = catalogue::date_form(low.span, low.span.of(source), &day);
        }
    }

    /// What is told of a week, a month or a year of the calendar: there is no value that is so many days.
    #[cold]
    fn period(&self, period: Period, span: Span) -> Diagnostic {
        let Period { first, last, ended, length } = period;
        let (source, first, last) = (self.checker.source, first.to_string(), last.to_string());
        let name = self.name.span.of(source);
        let meant = match self.operator {
            Operator::Greater if length.is_none() && ended => Some(format!("{name} > {last}")),
            // Since it began: behind it is nothing yet.
            Operator::Greater | Operator::GreaterEqual if length.is_none() => Some(format!("{name} >= {first}")),
            Operator::Less if length.is_none() => Some(format!("{name} < {first}")),
            Operator::LessEqual if length.is_none() => Some(format!("{name} <= {last}")),
            _ => self.between(&first, &last),
        };
        catalogue::period(span, span.of(source), (&first, &last), length, self.place(span).zip(meant))
    }

    /// What is told of `CURRENT_DATE`: where it comes from it is the instant at which the day begins.
    #[cold]
    fn computed(&self, computed: &Computed, span: Span) -> Diagnostic {
        let (source, value) = (self.checker.source, computed.value.as_str());
        let meant = computed.sign(self.operator);
        match self.place(span).filter(|_| meant != self.operator) {
            Some(place) => {
                let condition = format!("{} {} {value}", self.name.span.of(source), meant.as_str());
                catalogue::day_begun(span, span.of(source), place, &condition)
            }
            None => catalogue::date_form(span, span.of(source), value),
        }
    }

    /// What is told of `past week`, `last 7 days` and `next 7 days`, which are counted from now.
    #[cold]
    fn counted(&self, length: &str, is_ahead: bool, span: Span) -> Diagnostic {
        let source = self.checker.source;
        let (spelled, name) = (span.of(source), self.name.span.of(source));
        let date = format!("{}{length}", if is_ahead { '+' } else { '-' });
        let meant = match self.operator {
            Operator::Equal | Operator::In if !is_ahead => Some(format!("{name} > {date}")),
            Operator::NotEqual | Operator::NotIn if !is_ahead => Some(format!("{name} <= {date}")),
            _ => self.between(from_today(length), &date),
        };
        match meant {
            Some(meant) => catalogue::several_days(span, spelled, self.place(span), &meant),
            None => catalogue::date_form(span, spelled, &date),
        }
    }

    /// What is told of two values in the place of one: `1..5`, `2026-11-01 to 2026-11-15`.
    #[cold]
    fn range(&self, text: &str, span: Span, meant: impl Fn(&str) -> Option<String>) -> Option<Diagnostic> {
        let (from, to) = range_in(text)?;
        let fixed = self.between(&meant(from)?, &meant(to)?)?;
        Some(catalogue::range_value(span, span.of(self.checker.source), self.place(span)?, &fixed))
    }

    /// What is told of a text that is no number, as of `1-5` and, where numbers may have units, of `10%`.
    #[cold]
    pub(super) fn no_number(&self, told: Diagnostic, text: &str, span: Span) -> Diagnostic {
        if is_number(text) || self.has_told_enough() {
            return told;
        }
        let number = |text: &str| is_number(text).then(|| text.to_owned());
        if let Some(range) = self.range(text, span, number) {
            return range;
        }
        let plain = plain_minus(text);
        let unit = || number_with_unit(&plain).filter(|_| matches!(self.attribute, Attribute::Custom(_)));
        let elsewhere = || number(&number_elsewhere(&plain)?);
        let thousands = || number(&format!("{}000", plain.strip_suffix(['k', 'K']).filter(|whole| is_digits(whole))?));
        match number(&plain).or_else(|| plain_number(&plain)).or_else(thousands).or_else(unit).or_else(elsewhere) {
            Some(number) => catalogue::meant_number(told, span, number),
            None => self.attribute_as_value(told, text, span),
        }
    }

    /// Warns of a number that is a thousand where the point parts groups of digits: `1.000`.
    #[cold]
    pub(super) fn judge_number(&mut self, text: &str, span: Span) {
        let Some((whole, fraction)) = text.split_once('.') else { return };
        let is_group = is_digits(whole) && is_digits(fraction) && (1..=3).contains(&whole.len()) && fraction.len() == 3;
        if is_group && !whole.starts_with('0') {
            self.checker.found.push(catalogue::thousands_point(span, text, &format!("{whole}{fraction}")));
        }
    }

    /// Warns of an instant that the clocks of the zone do not show as it is written, and of one that is asked for to the
    /// second and changes by the second.
    #[cold]
    pub(super) fn judge_instant(&mut self, instant: Timestamp, change: Option<ClockChange>, value: Value) {
        if let Some(change) = change {
            let taken = instant.to_zoned(self.checker.schema.zone.clone());
            self.checker.found.push(catalogue::clock_change(value.span, change.local, &taken, change.twice));
        }
        let source = self.checker.source;
        let (spelled, name) = (value.span.of(source), self.name.span.of(source));
        let excludes = match self.operator {
            Operator::Equal | Operator::In => false,
            Operator::NotEqual | Operator::NotIn => true,
            _ => return,
        };
        if value.form != Form::Ago && !is_relative(&value.text(source)) {
            return;
        }
        // What was so long ago, or is so far ahead, is from then to now.
        let is_ahead = spelled.contains('+');
        let sign = match (excludes, is_ahead) {
            (false, false) => ">",
            (true, false) => "<=",
            (false, true) => "<",
            (true, true) => ">=",
        };
        let meant = self.place(value.span).map(|place| (place, format!("{name} {sign} {spelled}")));
        let meant = meant.filter(|_| !spelled.eq_ignore_ascii_case("now"));
        self.checker.found.push(catalogue::one_second(value.span, spelled, meant));
    }
}

/// The two ends of `between 3 days and 5 days ago`, the longer ago first: it is the earlier. The first may go without its
/// unit.
fn ages(low: &str, high: &str, schema: &Schema) -> Option<(String, String)> {
    let length = |text: &str| {
        let text = match text.rsplit_once(char::is_whitespace) {
            Some((length, ago)) if ago.eq_ignore_ascii_case("ago") => length,
            _ => text,
        };
        length_of_time(text)
    };
    let high = length(high)?;
    let of_unit = || is_digits(low).then(|| format!("{low}{}", high.trim_start_matches(|c: char| c.is_ascii_digit())));
    let (low, high) = (format!("-{}", length(low).or_else(of_unit)?), format!("-{high}"));
    Some(if is_later(&low, &high, schema) { (high, low) } else { (low, high) })
}

/// Whether one relative date is behind another one.
fn is_later(day: &str, other: &str, schema: &Schema) -> bool {
    let instant = |text: &str| match moment(text, false, schema).ok()? {
        Moment::Day(day) | Moment::DaysAgo(_, day) => start_of(day, schema).ok(),
        Moment::Instant(instant, _) => Some(instant),
    };
    instant(day).zip(instant(other)).is_some_and(|(day, other)| day > other)
}

/// A text with the minus of a keyboard in the place of those that word processors and chats put.
fn plain_minus(text: &str) -> String {
    text.replace(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'], "-")
}

/// `10` of `10%` and `$10`.
pub(super) fn number_with_unit(text: &str) -> Option<String> {
    let bare = text.trim_start_matches(UNITS).trim_end_matches(UNITS).trim();
    let number = if is_number(bare) { Some(bare.to_owned()) } else { plain_number(bare) };
    number.filter(|_| bare != text)
}

/// `0.5` of `.5`, `1` of `1.`, `1;` and `+1`, `1000` of `1_000`, `16` of `0x10`.
pub(super) fn number_elsewhere(text: &str) -> Option<String> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u32::from_str_radix(digits, 16).ok().map(|number| number.to_string());
    }
    let plain = text.strip_prefix('+').unwrap_or(text).replace('_', "");
    let plain = plain.strip_suffix(['.', ';']).unwrap_or(&plain);
    Some(if plain.starts_with('.') { format!("0{plain}") } else { plain.to_owned() })
}

/// How long the time is that ends now, or begins: `1w` of `past week`, `7d` of `last 7 days` and `next 7 days`.
fn from_now(text: &str) -> Option<(String, bool)> {
    let lower = text.to_lowercase();
    let (which, length) = lower.strip_prefix("the ").unwrap_or(&lower).split_once(' ')?;
    let is_ahead = ["next", "coming"].contains(&which);
    let one = || length_of_time(&format!("1 {length}")).filter(|_| which == "past");
    let is_told = is_ahead || ["last", "past", "previous"].contains(&which);
    length_of_time(length).or_else(one).filter(|_| is_told).map(|length| (length, is_ahead))
}

/// The text with its words spelled right, where one of them is nearly a word of dates: `yesterday` of `yesterdy`.
fn respelled(text: &str) -> Option<String> {
    const WORDS: &[&str] =
        &["today", "yesterday", "tomorrow", "last", "past", "previous", "next", "this", "week", "month", "year"];
    // `may` is near to too many short words.
    let months = MONTHS.iter().filter(|month| month.len() > 3);
    let words = || WORDS.iter().chain(&WEEKDAYS).chain(months.clone()).copied();
    let right = |word: &str| {
        // `nlast` may be the opposite of what it is near to, as may what has a sign before it.
        let is_same = |near: &&str| near.chars().next() == word.chars().next().map(|first| first.to_ascii_lowercase());
        let is_negated = word.get(1..).is_some_and(|rest| words().any(|known| known == rest.to_lowercase()));
        if is_negated {
            return word.to_owned();
        }
        // Of two that are as near neither was surely meant.
        let near = (0..=word.len() / 4).map(|limit| nearest_within(word, words(), |_| limit));
        match near.into_iter().find(|near| !near.is_empty()).as_deref() {
            Some([only]) if is_same(only) => (*only).to_owned(),
            _ => word.to_owned(),
        }
    };
    let all = text.split(' ').map(right).collect::<Vec<_>>().join(" ");
    (!all.eq_ignore_ascii_case(text)).then_some(all)
}

/// What is told of a text that is no length of time: `-7d`, `7 days`, `today`. It may end with `ago`.
#[cold]
pub(super) fn no_age(span: Span, spelled: &str) -> Diagnostic {
    let plain = plain_minus(spelled);
    let (amount, ago) = match plain.rsplit_once(char::is_whitespace) {
        Some((amount, ago)) if ago.eq_ignore_ascii_case("ago") => (amount, " ago"),
        _ => (&*plain, ""),
    };
    let unsigned = amount.trim_start_matches('-');
    match length_of_time(unsigned).map(|length| length + ago) {
        Some(fixed) if unsigned.len() < amount.len() => catalogue::signed_age(span, &fixed),
        Some(fixed) => catalogue::date_form(span, spelled, &fixed),
        None => catalogue::no_age(span, spelled),
    }
}
