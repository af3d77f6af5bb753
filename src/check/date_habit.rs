//! Dates and times as other languages and people write them: what the text is that means the same here.

use jiff::civil::{Date, ISOWeekDate};
use jiff::{Span, civil::Weekday};

use super::time::{Moment, moment};
use crate::schema::Schema;
use crate::source::is_digits;
use crate::syntax::spelling::length_of_time;

/// What a text means, if it is a date or an instant that is written otherwise: `two weeks ago`, `-1.5d`,
/// `2026-W25-1`, `yesterday 9am`.
pub(super) fn meant(text: &str, schema: &Schema) -> Option<String> {
    in_words(text)
        .or_else(|| in_parts(text))
        .or_else(|| with_offset(text))
        .or_else(|| counted_in_year(text))
        .or_else(|| midnight(text))
        .or_else(|| at_time_of_day(text, schema))
}

/// The two days that `01/02/2026` may be; none where both are the same, or one is none.
pub(super) fn either_day(text: &str) -> Option<[String; 2]> {
    let mut parts = text.split('/');
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_whole =
        parts.next().is_none() && year.len() == 4 && [first, second, year].iter().all(|part| is_digits(part));
    let (first, second, year) = (first.parse().ok()?, second.parse().ok()?, year.parse().ok().filter(|_| is_whole)?);
    let date = |month: i8, day: i8| Date::new(year, month, day).ok().map(|date| date.to_string());
    Some([date(first, second)?, date(second, first)?]).filter(|[a, b]| a != b)
}

/// The last day of the month of a day that it does not have: `2026-02-28` of `2026-02-30`.
pub(super) fn last_day(text: &str) -> Option<String> {
    let (month, day) = text.get(..7).zip(text.get(8..10))?;
    let first: Date = format!("{month}-01").parse().ok()?;
    let is_behind = day.parse().is_ok_and(|day: i8| (29..=31).contains(&day));
    is_behind.then(|| format!("{}{}", first.last_of_month(), text.get(10..).unwrap_or_default()))
}

/// `two weeks ago`, `an hour ago`.
fn in_words(text: &str) -> Option<String> {
    const NUMBERS: &[&str] =
        &["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let lower = text.to_ascii_lowercase();
    let (word, unit) = lower.strip_suffix(" ago")?.split_once(' ')?;
    let at = NUMBERS.iter().position(|number| *number == word);
    let number = at.or_else(|| ["a", "an"].contains(&word).then_some(0))? + 1;
    length_of_time(&format!("{number} {unit}")).map(|length| format!("-{length}"))
}

/// `-36h` of `-1.5d` and `1.5 days ago`: in the next smaller unit.
fn in_parts(text: &str) -> Option<String> {
    const SMALLER: &[(&str, &str, u32)] = &[("w", "d", 7), ("d", "h", 24), ("h", "m", 60), ("m", "s", 60)];
    let amount = text.strip_prefix('-').or_else(|| text.strip_suffix(" ago"))?;
    let (whole, rest) = amount.split_once('.')?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let (fraction, unit) = rest.split_at_checked(digits)?;
    // The unit as it is written here.
    let one = length_of_time(&format!("1{unit}"))?;
    let (_, smaller, times) = SMALLER.iter().find(|(unit, ..)| one.strip_prefix('1') == Some(*unit))?;
    let scale = 10u32.checked_pow(fraction.len().try_into().ok()?)?;
    let all: u32 = format!("{whole}{fraction}").parse().ok().filter(|_| whole.is_empty() || is_digits(whole))?;
    let count = all.checked_mul(*times).filter(|count| count % scale == 0)? / scale;
    Some(format!("-{count}{smaller}"))
}

/// `2026-06-15T10:30:00+02:00` with a blank before the offset, or with `UTC` for it.
fn with_offset(text: &str) -> Option<String> {
    let (time, zone) = text.rsplit_once(' ').filter(|(time, _)| time.contains(':'))?;
    // A word has no blanks.
    let time = time.replacen(' ', "T", 1);
    match zone {
        "Z" | "z" | "UTC" | "utc" | "GMT" => Some(format!("{time}Z")),
        _ if zone.starts_with(['+', '-']) => Some(format!("{time}{zone}")),
        _ => None,
    }
}

/// `2026-W25-1`, a day of a week of the year, and `2026-166`, a day of the year.
fn counted_in_year(text: &str) -> Option<String> {
    let (year, rest) = text.split_once('-').filter(|(year, _)| year.len() == 4)?;
    let year: i16 = year.parse().ok()?;
    if let Some((week, day)) = rest.strip_prefix(['W', 'w']).and_then(|rest| rest.split_once('-')) {
        let day = Weekday::from_monday_one_offset(day.parse().ok()?).ok()?;
        return Some(ISOWeekDate::new(year, week.parse().ok()?, day).ok()?.date().to_string());
    }
    let number: i64 = rest.parse().ok().filter(|_| rest.len() == 3)?;
    let date = Date::new(year, 1, 1).ok()?.checked_add(Span::new().days(number - 1)).ok()?;
    (date.year() == year).then(|| date.to_string())
}

/// `2026-06-15T24:00`, where the next day begins.
fn midnight(text: &str) -> Option<String> {
    let (day, time) = text.split_once(['T', ' '])?;
    let day: Date = day.parse().ok().filter(|_| ["24:00", "24:00:00"].contains(&time))?;
    Some(format!("{}T00:00", day.tomorrow().ok()?))
}

/// `yesterday 9am`, `today at 10:30`, `2026-06-15 9:05pm`: in the query's zone.
fn at_time_of_day(text: &str, schema: &Schema) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let (day, time) = lower.split_once(' ')?;
    let day = match moment(day, false, schema).ok()? {
        Moment::Day(day) | Moment::DaysAgo(_, day) => day,
        Moment::Instant(..) => return None,
    };
    let time = time.trim().strip_prefix("at ").unwrap_or(time.trim());
    let (clock, afternoon) = match (time.strip_suffix("am"), time.strip_suffix("pm")) {
        (Some(clock), _) => (clock.trim(), Some(false)),
        (_, Some(clock)) => (clock.trim(), Some(true)),
        _ => (time, None),
    };
    let (hour, minute) = clock.split_once(':').unwrap_or((clock, "00"));
    let hour: u8 = hour.parse().ok().filter(|_| afternoon.is_some() || clock.contains(':'))?;
    let minute: u8 = minute.parse().ok().filter(|_| minute.len() == 2)?;
    let hour = match afternoon {
        Some(afternoon) => (1..=12).contains(&hour).then_some(hour % 12 + if afternoon { 12 } else { 0 })?,
        None => hour,
    };
    Some(format!("{day}T{hour:02}:{minute:02}"))
}
