//! Diagnostics of operators and values, and the warnings.

use std::ops::RangeInclusive;

use jiff::Zoned;
use jiff::civil::DateTime;

use super::{alternatives, plural, ticked, write_value};
use crate::diagnostic::{Code, Diagnostic, InProgram, nearest};
use crate::schema::NameList;
use crate::source::Span;
use crate::syntax::spelling::{NONE, truth, write_name};

pub(crate) fn operator_not_allowed(
    span: Span,
    operator: &str,
    name: Span,
    attribute: &str,
    noun: &str,
    allowed: &[&str],
) -> Diagnostic {
    Diagnostic::new(
        Code::OperatorNotAllowed,
        span,
        "not for this attribute",
        format!("{} does not go with {}", ticked(operator), ticked(attribute)),
    )
    .and(name, format!("compared with {noun}"))
    .help(format!("its operators are {}", allowed.join(", ")))
}

/// `priority > medium`, with the words that are greater.
pub(crate) fn ordered_words(not_allowed: Diagnostic, condition: Span, name: &str, words: &[&str]) -> Diagnostic {
    let fixed = match words {
        [only] => format!("{name} = {only}"),
        _ => format!("{name} IN ({})", words.join(", ")),
    };
    another_condition(not_allowed, condition, fixed)
}

/// `label ~ vip`, `status = op*`, with the condition that is meant.
pub(crate) fn another_condition(told: Diagnostic, condition: Span, fixed: String) -> Diagnostic {
    told.perhaps(condition, fixed)
}

/// `meant` is what the value is called here, where that is known.
/// `priority = "none"`
pub(crate) fn quoted_none(span: Span) -> Diagnostic {
    let told = Diagnostic::new(Code::UnknownValue, span, "a text", "in quotes it is no missing value");
    told.help(format!("write {NONE}")).fix(span, NONE)
}

pub(crate) fn unknown_word(
    span: Span,
    value: &str,
    attribute: &str,
    words: &[&str],
    meant: Option<&str>,
) -> Diagnostic {
    let diagnostic = no_word(span, value, attribute, words);
    match meant.or_else(|| nearest(value, words.iter().copied()).first().copied()) {
        Some(near) => diagnostic.help(format!("perhaps `{near}`; the values are {}", words.join(", "))).fix(span, near),
        None => diagnostic,
    }
}

/// As [`unknown_word`], of a value that is near to none.
pub(crate) fn no_word(span: Span, value: &str, attribute: &str, words: &[&str]) -> Diagnostic {
    let message = format!("{} is no {attribute}", ticked(value));
    Diagnostic::new(Code::UnknownValue, span, "not one of its values", message)
        .help(format!("the values are {}", words.join(", ")))
}

/// `status = unresolved`, and the condition that may be `meant`.
pub(crate) fn negated_word(span: Span, value: &str, attribute: &str, words: &[&str], meant: &str) -> Diagnostic {
    no_word(span, value, attribute, words).help(format!(
        "perhaps {}; the values are {}",
        ticked(meant),
        words.join(", ")
    ))
}

/// `status = all`; under `!=` it `excludes` them.
pub(crate) fn all_statuses(span: Span, words: &[&str], excludes: bool) -> Diagnostic {
    let meant = if excludes {
        "without every status nothing is left to match"
    } else {
        "leave the condition out to mean every status"
    };
    Diagnostic::new(Code::UnknownValue, span, "not one of its values", "`all` is no status")
        .help(format!("{meant}; the values are {}", words.join(", ")))
}

pub(crate) fn wrong_type(span: Span, value: &str, attribute: &str, noun: &str) -> Diagnostic {
    Diagnostic::new(Code::WrongType, span, format!("expected {noun}"), format!("{} is not {noun}", ticked(value)))
        .help(format!("{} is compared with {noun}", ticked(attribute)))
}

/// `unread_count > −5`, with a minus that is none, or `id = https://…/conversations/42`.
pub(crate) fn meant_number(wrong_type: Diagnostic, span: Span, number: impl Into<String>) -> Diagnostic {
    wrong_type.perhaps(span, number)
}

pub(crate) fn contact_name(span: Span, value: &str) -> Diagnostic {
    Diagnostic::new(
        Code::WrongType,
        span,
        "expected a contact's id",
        format!("{} is not a contact's id", ticked(value)),
    )
    .help(if value.contains('@') {
        format!("by address it is {}", ticked(&format!("contact.email = {}", write_value(value))))
    } else {
        format!("by name it is {}", ticked(&format!("contact.name = {}", write_value(value))))
    })
}

pub(crate) fn nul_character(span: Span) -> Diagnostic {
    Diagnostic::new(Code::WrongType, span, "holds U+0000", "a text cannot hold the NUL character")
        .help("remove `\\u{0}`; the server could not store such a text")
}

pub(crate) fn not_boolean(span: Span, value: &str, attribute: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::WrongType,
        span,
        "expected true or false",
        format!("{} is neither true nor false", ticked(value)),
    );
    match truth(value) {
        Some(meant) => diagnostic.help(format!("write `{meant}`")).fix(span, meant.to_string()),
        None => diagnostic.help(format!("{} is compared with `true` or `false`", ticked(attribute))),
    }
}

pub(crate) fn out_of_range(span: Span, value: &str, noun: &str, max: i64) -> Diagnostic {
    Diagnostic::new(
        Code::OutOfRange,
        span,
        "out of range",
        format!("{} is outside of the range of {noun} ids", ticked(value)),
    )
    .help(format!("ids of {} go up to {max}", plural(noun)))
}

/// `with_exponent` is also how far exponents go.
pub(crate) fn long_number(span: Span, longest: usize, with_exponent: usize) -> Diagnostic {
    Diagnostic::new(Code::OutOfRange, span, "too long", "the number, or its exponent, is too long").help(format!(
        "a number has at most {longest} characters, {with_exponent} with an exponent; exponents go from \
         -{with_exponent} to {with_exponent}"
    ))
}

pub(crate) fn invalid_date(span: Span, value: &str, day_only: bool) -> Diagnostic {
    let help = if day_only {
        "dates are written `2026-06-15`, `today`, `-7d`, `2w ago`; the attribute holds whole days"
    } else {
        "dates are written `2026-06-15`, `today`, `-7d`, `2w ago`;\ninstants `2026-06-15T10:30:00+02:00`, `-24h`, `now-90m`"
    };
    Diagnostic::new(Code::InvalidDate, span, "no date", format!("{} is no date", ticked(value))).help(help)
}

/// `OLDER THAN -7d`, `-7d ago`
pub(crate) fn signed_age(span: Span, fixed: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidDate, span, "back twice", "an age has no sign").write(span, fixed)
}

/// `OLDER THAN today`, `x ago`
pub(crate) fn no_age(span: Span, value: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidDate, span, "no length of time", format!("{} is no length of time", ticked(value)))
        .help("one is written `7d`, `2w`, `3mo`, `1y`, `24h`, `90m` or `30s`")
}

/// `created_at > 2026-6-5`, with the date that is meant.
pub(crate) fn date_form(span: Span, value: &str, meant: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidDate, span, "no date", format!("{} is no date", ticked(value))).perhaps(span, meant)
}

/// `created_at > CURRENT_DATE`: elsewhere a day is the instant at which it begins.
pub(crate) fn day_begun(span: Span, value: &str, place: Span, condition: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidDate, span, "no date", format!("{} is no date", ticked(value)))
        .perhaps(place, condition)
}

/// `created_at between 3 days and 5 days ago`; `range` is the place of both.
pub(crate) fn ages(span: Span, range: Span, longest: &str, shortest: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidDate, span, "no date", "the longer ago is the earlier")
        .perhaps(range, format!("{longest} AND {shortest}"))
}

/// `created_at > next monday`, with the `days` that it may be.
pub(crate) fn weekday_ahead(span: Span, value: &str, days: &[String]) -> Diagnostic {
    Diagnostic::new(Code::InvalidDate, span, "one of several days", format!("{} is no date", ticked(value)))
        .help(format!("it may be {}", alternatives(days)))
}

/// `created_at = last week`, with its days; `length` from today, and the condition that is `meant` with its place, where
/// that is known.
pub(crate) fn period(
    span: Span,
    value: &str,
    (first, last): (&str, &str),
    length: Option<&str>,
    meant: Option<(Span, String)>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::InvalidDate, span, "several days", format!("{} is no date", ticked(value)));
    let distance = length.map_or_else(String::new, |length| {
        let side = if length.starts_with('-') { "back" } else { "ahead" };
        format!("; so long {side} from today is {}", ticked(length))
    });
    match meant {
        Some((place, meant)) => diagnostic.help(format!("perhaps {}{distance}", ticked(&meant))).fix(place, meant),
        None => diagnostic.help(format!("it is the days {} to {}{distance}", ticked(first), ticked(last))),
    }
}

/// `created_at = past week`: the days up to today; `place` is that of the condition, where it has no other value.
pub(crate) fn several_days(span: Span, value: &str, place: Option<Span>, meant: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::InvalidDate, span, "several days", format!("{} is no date", ticked(value)));
    match place {
        Some(place) => diagnostic.perhaps(place, meant),
        None => diagnostic.help(format!("{} is a condition of its own", ticked(meant))),
    }
}

/// `unread_count = 1..5`
pub(crate) fn range_value(span: Span, value: &str, place: Span, fixed: &str) -> Diagnostic {
    Diagnostic::new(Code::RangeExpected, span, "from one to another", format!("{} is no single value", ticked(value)))
        .write(place, fixed)
}

/// `unread_count > 1.000`
pub(crate) fn thousands_point(span: Span, value: &str, thousands: &str) -> Diagnostic {
    let message = format!("the point of {} parts off its fraction", ticked(value));
    Diagnostic::new(Code::ThousandsPoint, span, "less than a thousand", message).perhaps(span, thousands)
}

/// `created_at = -24h`, and what is `meant` most likely with its place, where that is known.
pub(crate) fn one_second(span: Span, value: &str, meant: Option<(Span, String)>) -> Diagnostic {
    let message = format!("{} is one second, which changes with the clock", ticked(value));
    let diagnostic = Diagnostic::new(Code::OneSecond, span, "one second", message);
    match meant {
        Some((place, meant)) => diagnostic.perhaps(place, meant),
        None => diagnostic.help("instants are compared with `<`, `<=`, `>` and `>=`"),
    }
}

/// `created_at > 7d`
pub(crate) fn age(span: Span, value: &str, length: &str) -> Diagnostic {
    let fixed = format!("-{length}");
    Diagnostic::new(Code::InvalidDate, span, "no date", format!("{} is a length of time, no date", ticked(value)))
        .help(format!("perhaps {}, so long ago", ticked(&fixed)))
        .fix(span, fixed)
}

pub(crate) fn not_a_day(span: Span, value: &str, attribute: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidDate, span, "expected a day", format!("{} is a time of day", ticked(value)))
        .help(format!("{} holds whole days, written `2026-06-15`, `today`, `-7d`, `2w ago`", ticked(attribute)))
}

/// `last` is the last day of that month, if the month is one.
pub(crate) fn no_such_day(span: Span, value: &str, last: Option<String>) -> Diagnostic {
    let told = Diagnostic::new(
        Code::InvalidDate,
        span,
        "not in the calendar",
        format!("the calendar has no day {}", ticked(value)),
    );
    match last {
        Some(last) => told.perhaps(span, last),
        None => told.help("check the month and the day"),
    }
}

/// `created_at > last_activity_at`
pub(crate) fn attribute_as_value(told: Diagnostic, name: &str) -> Diagnostic {
    let help = told.help.clone().unwrap_or_default();
    told.help(format!("{} is an attribute, and no two are compared; {help}", ticked(name)))
}

/// `-1M`; `meant` is the date with that unit.
pub(crate) fn month_or_minute(span: Span, value: &str, meant: &str) -> Diagnostic {
    let with = |unit| ticked(&meant.replacen('M', unit, 1));
    Diagnostic::new(Code::InvalidDate, span, "months or minutes", format!("the M of {} may mean either", ticked(value)))
        .help(format!("write {} for months, {} for minutes", with("mo"), with("m")))
}

pub(crate) fn leap_second(span: Span, value: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidDate, span, "has a second 60", format!("{} is a leap second", ticked(value)))
        .help("the server stores none: write the second 59, or the minute that follows")
}

pub(crate) fn long_offset(span: Span, value: &str) -> Diagnostic {
    Diagnostic::new(
        Code::InvalidDate,
        span,
        "an offset beyond a day",
        format!("{} has an offset from UTC that no clock has", ticked(value)),
    )
    .help("an offset is less than 24 hours: `+02:00`")
}

pub(crate) fn date_out_of_range(span: Span, value: &str, years: RangeInclusive<i16>) -> Diagnostic {
    Diagnostic::new(
        Code::DateOutOfRange,
        span,
        "out of range",
        format!("{} is outside of the years {} to {}", ticked(value), years.start(), years.end()),
    )
    .help("use a date nearer to today")
}

pub(crate) fn rolling_not_in_version(span: Span, version: &str) -> Diagnostic {
    let message = format!("server {version} answers `days_before` with an internal error");
    Diagnostic::new(Code::NotInVersion, span, "would be sent as days_before", message)
        .help("a date that does not roll is computed and sent as it is today")
        .in_program(InProgram::NotRolling)
}

/// `most` are the days that the server counts back at most, if there is a limit.
pub(crate) fn frozen_date(span: Span, most: Option<i32>) -> Diagnostic {
    let days = most.map_or_else(|| "whole days".to_owned(), |most| format!("1 to {most} whole days"));
    Diagnostic::new(Code::FrozenDate, span, "does not move on", "the date is computed now, and stays").help(format!(
        "the server counts only {days} back, as in `created_at < -7d`; save the view anew for another date"
    ))
}

pub(crate) fn clock_change(span: Span, local: DateTime, taken: &Zoned, twice: bool) -> Diagnostic {
    let zone = taken.time_zone().iana_name().unwrap_or("this time zone");
    let taken = taken.strftime("%Y-%m-%dT%H:%M:%S%:z");
    let (label, message, help) = if twice {
        let message = format!("{local} is twice in {zone}: the clocks are put back");
        (
            "twice on this day",
            message,
            format!("taken is the first, {taken}; with an offset it is the one that is meant"),
        )
    } else {
        let message = format!("there is no {local} in {zone}: the clocks are put forward over it");
        ("not on this day", message, format!("taken is {taken}; write the time that is meant"))
    };
    Diagnostic::new(Code::ClockChange, span, label, message).help(help)
}

pub(crate) fn contradiction(first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(Code::Contradiction, second, "excluded by the other one", "these conditions never hold together")
        .and(first, "holds for other conversations only")
        .help("no conversation matches both; was OR meant?")
}

/// Of more than two conditions; `last` is the place of the last one.
pub(crate) fn never_together(last: Span) -> Diagnostic {
    Diagnostic::new(Code::Contradiction, last, "excluded by the others", "these conditions never hold together")
        .help("no conversation matches all of them; was OR meant?")
}

pub(crate) fn never_holds(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Contradiction, span, "never holds", "this matches no conversation")
        .help("change its values, or remove the condition")
}

/// `created_at BETWEEN today AND yesterday`
pub(crate) fn smaller_first(told: Diagnostic, place: Span, turned: String) -> Diagnostic {
    told.correct("the smaller value comes first:", place, turned)
}

pub(crate) fn tautology(first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(Code::Tautology, second, "holds for all the others", "one of these conditions always holds")
        .and(first, "holds for some conversations")
        .help("together they restrict nothing; was AND meant?")
}

/// `assignee != 1 OR assignee != 2`
pub(crate) fn tautology_of_values(first: Span, second: Span, attribute: &str) -> Diagnostic {
    let message = format!("one of these conditions holds for every conversation with {}", ticked(attribute));
    Diagnostic::new(Code::Tautology, second, "holds for all the others with a value", message)
        .and(first, "holds for some conversations")
        .help("together they ask for no more than a value; was AND meant?")
}

/// Of more than two conditions; `last` is the place of the last one.
pub(crate) fn one_always_holds(last: Span) -> Diagnostic {
    Diagnostic::new(Code::Tautology, last, "holds for all the others", "one of these conditions always holds")
        .help("together they restrict nothing; was AND meant?")
}

pub(crate) fn never_missing(span: Span, attribute: &str) -> Diagnostic {
    Diagnostic::new(Code::Contradiction, span, "never missing", "this matches no conversation")
        .help(format!("{} always has a value: compare it with one, or remove the condition", ticked(attribute)))
}

pub(crate) fn always_holds(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Tautology, span, "always holds", "this matches every conversation")
        .help("remove the condition")
}

pub(crate) fn duplicate(first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(Code::Duplicate, second, "stands here again", "the same condition stands here twice")
        .and(first, "first here")
        .help("remove one of them")
}

/// `earlier` is how the value was written before.
pub(crate) fn duplicate_value(span: Span, value: &str, earlier: &str) -> Diagnostic {
    let message = if value == earlier {
        format!("{} stands in the list twice", ticked(value))
    } else {
        format!("{} stands in the list already, as {}", ticked(value), ticked(earlier))
    };
    Diagnostic::new(Code::Duplicate, span, "stands here again", message).help("remove one of them")
}

/// `assignee != @me`; where they are not taken in by what is `missing`, the place is under a NOT and the opposite stands there.
pub(crate) fn null_dropped(span: Span, attribute: &str, condition: &str, missing: bool) -> Diagnostic {
    /// A longer condition is not written out.
    const LONGEST: usize = 60;
    let condition = if condition.len() > LONGEST { "…" } else { condition };
    let name = write_name(attribute);
    let (label, with) = match missing {
        true => ("leaves them out", format!("`({condition} OR {name} IS MISSING)`")),
        false => ("under the NOT it leaves them out", format!("`({condition} AND {name} IS PRESENT)`")),
    };
    let message = format!("conversations without {} do not match this", ticked(attribute));
    Diagnostic::new(Code::NullDropped, span, label, message).help(format!("to find them as well write {with}"))
}

/// `referer CONTAINS a%b`
pub(crate) fn wildcard(span: Span, sign: &str) -> Diagnostic {
    let message = format!("{} is no wildcard here", ticked(sign));
    Diagnostic::new(Code::WildcardLiteral, span, "has a sign that means itself", message)
        .help("CONTAINS finds a text anywhere as it is written, STARTS WITH at the beginning; LIKE has `%` and `_`")
}

/// `mail_subject = ""`
pub(crate) fn empty_text(span: Span) -> Diagnostic {
    Diagnostic::new(Code::EmptyText, span, "a text without characters", "an empty text is not a missing one")
}

/// `referer LIKE "pricing"`
pub(crate) fn no_wildcard(span: Span) -> Diagnostic {
    Diagnostic::new(Code::NoWildcard, span, "has no `%` and no `_`", "LIKE compares the whole text with this one")
}

/// `referer = *pricing*`
pub(crate) fn part_of_text(wildcard: Diagnostic, condition: Span, fixed: String) -> Diagnostic {
    wildcard.correct("for a part of the text write", condition, fixed)
}

/// `label = vip*`
pub(crate) fn whole_label(wildcard: Diagnostic) -> Diagnostic {
    wildcard.help("labels are compared as a whole")
}

pub(crate) fn outer_blank(span: Span) -> Diagnostic {
    Diagnostic::new(Code::OuterBlank, span, "begins or ends with a blank", "the server strips blanks at both ends")
        .help("cwql compares the blanks itself in the conversations that come back; remove them if they do not matter")
}

pub(crate) fn guessed_type(span: Span, key: &str, kind: &str) -> Diagnostic {
    Diagnostic::new(
        Code::GuessedType,
        span,
        format!("taken to be a {kind}"),
        format!("the type of the custom attribute {} is not known", ticked(key)),
    )
    .judged_by(NameList::Custom)
    .help("the account's definition of it says which it is")
    .in_program(InProgram::Definitions)
}

pub(crate) fn many_pages(span: Span, pages: u64) -> Diagnostic {
    Diagnostic::new(
        Code::ManyPages,
        span,
        "finished here",
        format!("the server cannot say all of this; up to {pages} pages are read for it"),
    )
    .help("add a condition that the server can say")
    .in_program(InProgram::FewerPages)
}
