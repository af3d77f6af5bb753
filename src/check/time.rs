//! Dates and instants, absolute and relative.

use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime};
use jiff::tz::AmbiguousOffset;
use jiff::{SignedDuration, Span, Timestamp};

use crate::schema::Schema;

/// A date or an instant as a query writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A whole day.
    Day(Date),
    /// A whole day so many days before today.
    DaysAgo(i32, Date),
    /// A point in time; with how it is written, where that may not be what was meant.
    Instant(Timestamp, Option<ClockChange>),
}

/// A local time that the clocks of the query's zone do not show, or show twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClockChange {
    pub local: DateTime,
    /// The clocks are put back before it; else they are put forward over it.
    pub twice: bool,
}

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeError {
    /// Not written as one.
    Form,
    /// Written as one, but the calendar has no such day.
    NoSuchDay,
    /// Outside of [`YEARS`].
    Range,
    /// `-1M`: a month to some programs, a minute to others.
    MonthOrMinute,
    /// The second 60.
    LeapSecond,
    /// An offset from UTC of a day or more.
    Offset,
}

/// The years that every stage can count in: one day beyond must still be a date, and before 1583 Ruby's calendar is
/// the Julian one, PostgreSQL's is not.
pub(crate) const YEARS: RangeInclusive<i16> = 1583..=9998;

/// A unit of relative dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeUnit {
    /// How it is written behind its number.
    pub spelling: &'static str,
    /// What so many of it are called.
    pub noun: &'static str,
    length: Length,
}

impl TimeUnit {
    /// Whether it counts whole days of the calendar, rather than seconds from now.
    #[must_use]
    pub const fn counts_days(&self) -> bool {
        !matches!(self.length, Length::Seconds(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Days(i32),
    Months(i32),
    Seconds(i64),
}

/// The units of relative dates.
pub const TIME_UNITS: &[TimeUnit] = &[
    TimeUnit { spelling: "d", noun: "days", length: Length::Days(1) },
    TimeUnit { spelling: "w", noun: "weeks", length: Length::Days(7) },
    TimeUnit { spelling: "mo", noun: "months", length: Length::Months(1) },
    TimeUnit { spelling: "y", noun: "years", length: Length::Months(12) },
    TimeUnit { spelling: "h", noun: "hours", length: Length::Seconds(3600) },
    TimeUnit { spelling: "m", noun: "minutes", length: Length::Seconds(60) },
    TimeUnit { spelling: "s", noun: "seconds", length: Length::Seconds(1) },
];

fn in_range(date: Date) -> Result<Date, TimeError> {
    if YEARS.contains(&date.year()) { Ok(date) } else { Err(TimeError::Range) }
}

/// Whether a date or an instant is another one tomorrow.
pub(super) fn is_relative(text: &str) -> bool {
    let named = ["today", "yesterday", "tomorrow"].iter().any(|word| text.eq_ignore_ascii_case(word));
    let from_now = text.get(..3).is_some_and(|begin| begin.eq_ignore_ascii_case("now"));
    named || from_now || text.starts_with(['-', '+'])
}

/// Reads a date or an instant. `ago` says that `7d` stands for `-7d`.
pub(super) fn moment(text: &str, ago: bool, schema: &Schema) -> Result<Moment, TimeError> {
    let first = text.bytes().next().unwrap_or(b' ');
    if ago {
        return relative(text, -1, schema);
    }
    if let Some(amount) = text.strip_prefix('-') {
        return relative(amount, -1, schema);
    }
    if let Some(amount) = text.strip_prefix('+') {
        return relative(amount, 1, schema);
    }
    if first.is_ascii_digit() {
        return absolute(text, schema);
    }
    let today = || schema.now().to_zoned(schema.zone.clone()).date();
    if text.eq_ignore_ascii_case("today") {
        return Ok(Moment::DaysAgo(0, today()));
    }
    if text.eq_ignore_ascii_case("yesterday") {
        return shift(0, -1, schema);
    }
    if text.eq_ignore_ascii_case("tomorrow") {
        return shift(0, 1, schema);
    }
    match text.get(..3) {
        Some(now) if now.eq_ignore_ascii_case("now") => instant(text.get(3..).unwrap_or_default(), schema),
        _ => Err(TimeError::Form),
    }
}

/// `2026-06-15`, `2026-06-15T10:30:00+02:00`, `2026-06-15T10:30` in the query's zone
fn absolute(text: &str, schema: &Schema) -> Result<Moment, TimeError> {
    let bytes = text.as_bytes();
    let shape =
        |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    if !(shape(0..4) && bytes.get(4) == Some(&b'-') && shape(5..7) && bytes.get(7) == Some(&b'-') && shape(8..10)) {
        return Err(TimeError::Form);
    }
    let date: Date = text.get(..10).and_then(|day| day.parse().ok()).ok_or(TimeError::NoSuchDay)?;
    let date = in_range(date)?;
    if text.len() == 10 {
        return Ok(Moment::Day(date));
    }
    if !matches!(bytes.get(10), Some(b'T' | b't' | b' ')) {
        return Err(TimeError::Form);
    }
    let time = text.get(11..).unwrap_or_default();
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        what_is_read_otherwise(time)?;
        return Ok(Moment::Instant(timestamp, None));
    }
    let local: DateTime = text.parse().map_err(|_| TimeError::Form)?;
    // A trailing zone or offset that is no offset would be dropped silently by the date-time's parser.
    if text.contains(['Z', 'z', '+', '[']) || time.contains('-') {
        return Err(TimeError::Form);
    }
    what_is_read_otherwise(time)?;
    let instants = schema.zone.to_ambiguous_timestamp(local);
    let change = match instants.offset() {
        AmbiguousOffset::Unambiguous { .. } => None,
        AmbiguousOffset::Gap { .. } => Some(ClockChange { local, twice: false }),
        AmbiguousOffset::Fold { .. } => Some(ClockChange { local, twice: true }),
    };
    Ok(Moment::Instant(instants.compatible().map_err(|_| TimeError::Range)?, change))
}

/// Refuses the times of day that the parser of times reads as another one: the second 60, which it takes for 59, and an
/// offset beyond a day.
fn what_is_read_otherwise(time: &str) -> Result<(), TimeError> {
    let (clock, offset) = time.split_once(['+', '-']).unwrap_or((time, ""));
    if offset.get(..2).and_then(|hours| hours.parse::<u8>().ok()).is_some_and(|hours| hours >= 24) {
        return Err(TimeError::Offset);
    }
    let mut digits = clock.bytes().filter(u8::is_ascii_digit).skip(4);
    if digits.next() == Some(b'6') { Err(TimeError::LeapSecond) } else { Ok(()) }
}

/// The date that another way of writing one means, if it means one alone: `2026-6-5`, `2026/06/05`, `20260605`,
/// `5.6.2026`, `6/25/2026`, epoch seconds.
pub(super) fn meant(text: &str, day_only: bool) -> Option<String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let (year, month, day) = match text.len() {
        10 if digits => {
            let instant = Timestamp::from_second(text.parse().ok()?).ok()?;
            return (!day_only).then(|| instant.to_string());
        }
        8 if digits => (text.get(..4)?, text.get(4..6)?, text.get(6..)?),
        _ => parts(text)?,
    };
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    in_range(date).ok().map(|date| date.to_string())
}

/// Year, month and day of a date with signs between them.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let sign = text.chars().find(|c| matches!(c, '-' | '.' | '/'))?;
    let mut parts = text.split(sign);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let no_month = |part: &str| part.parse::<u8>().is_ok_and(|number| number > 12);
    match (first.len(), sign, third.len()) {
        _ if parts.next().is_some() => None,
        (4, _, 1..=2) => Some((first, second, third)),
        (1..=2, '.', 4) => Some((third, second, first)),
        // Which of the two is the month is told by one that is none.
        (1..=2, _, 4) if no_month(first) => Some((third, second, first)),
        (1..=2, _, 4) if no_month(second) => Some((third, first, second)),
        _ => None,
    }
}

pub(super) const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The date of a text with a month's name, as `June 15, 2026` and `15 Jun`; without a year it is the last such day.
pub(super) fn with_month(text: &str, schema: &Schema) -> Option<String> {
    let (mut month, mut numbers) = (None, Vec::new());
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '-')).filter(|word| !word.is_empty())
    {
        let lower = word.to_lowercase();
        let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| lower.strip_suffix(end)).unwrap_or(&lower);
        match digits.parse::<i16>() {
            Ok(number) => numbers.push(number),
            Err(_) => {
                if month.replace(month_named(&lower)?).is_some() {
                    return None;
                }
            }
        }
    }
    let month = month?;
    let (day, year) = match numbers.as_slice() {
        [day] => (*day, None),
        [day, year] if *year >= 1000 => (*day, Some(*year)),
        [year, day] if *year >= 1000 => (*day, Some(*year)),
        _ => return None,
    };
    let of = |year: i16| Date::new(year, month, day.try_into().ok()?).ok();
    let date = match year {
        Some(year) => of(year)?,
        None => {
            let today = schema.now().to_zoned(schema.zone.clone()).date();
            of(today.year()).filter(|date| *date <= today).or_else(|| of(today.year() - 1))?
        }
    };
    in_range(date).ok().map(|date| date.to_string())
}

/// A week, a month or a year of the calendar, as one says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub first: Date,
    pub last: Date,
    /// Whether it is over.
    pub ended: bool,
    /// So long from today, as a relative date, where that may be meant as well.
    pub length: Option<&'static str>,
}

/// `last week`, `this month`, `next year`, `2026-11`, `November 2026`, `2026`. A week begins on Monday.
pub(super) fn period(text: &str, schema: &Schema) -> Option<Period> {
    let today = schema.now().to_zoned(schema.zone.clone()).date();
    let (first, step, length) = said_period(text, today).or_else(|| written_period(text, today))?;
    let last = first.checked_add(step).and_then(Date::yesterday).ok()?;
    Some(Period { first: in_range(first).ok()?, last: in_range(last).ok()?, ended: last < today, length })
}

/// `last week`: its first day, how long it is, and as long a time from today.
fn said_period(text: &str, today: Date) -> Option<(Date, Span, Option<&'static str>)> {
    let lower = text.to_lowercase();
    let (which, unit) = lower.strip_prefix("the ").unwrap_or(&lower).split_once(' ')?;
    let steps = match which {
        "last" | "previous" => -1,
        "this" | "current" => 0,
        "next" | "coming" => 1,
        _ => return None,
    };
    let (first, step, back, ahead) = match unit {
        "week" => {
            let days = today.weekday().to_monday_zero_offset();
            (today.checked_sub(Span::new().days(days)).ok()?, Span::new().days(7), "-1w", "+1w")
        }
        "month" => (today.first_of_month(), Span::new().months(1), "-1mo", "+1mo"),
        "year" => (today.first_of_year(), Span::new().years(1), "-1y", "+1y"),
        _ => return None,
    };
    let length = match steps {
        0 => None,
        1 => Some(ahead),
        _ => Some(back),
    };
    Some((first.checked_add(step * steps).ok()?, step, length))
}

/// `2026`, `2026-11`, `Nov 2026`, and `November`, which is the last one that has begun.
fn written_period(text: &str, today: Date) -> Option<(Date, Span, Option<&'static str>)> {
    let year = |text: &str| text.parse::<i16>().ok().filter(|year| text.len() == 4 && YEARS.contains(year));
    let month_of = |year: i16, month: i8| Some((Date::new(year, month, 1).ok()?, Span::new().months(1), None));
    if let Some(year) = year(text) {
        return Some((Date::new(year, 1, 1).ok()?, Span::new().years(1), None));
    }
    if let Some((years, month)) = text.split_once('-') {
        return month_of(year(years)?, month.parse().ok().filter(|_| month.len() <= 2)?);
    }
    let (name, years) = text.split_once(' ').map_or((text, None), |(name, years)| (name, Some(years)));
    let month = month_named(&name.to_lowercase())?;
    let last = if month <= today.month() { today.year() } else { today.year() - 1 };
    month_of(years.map_or(Some(last), year)?, month)
}

/// The number of a month by its name, or the beginning of that.
fn month_named(lower: &str) -> Option<i8> {
    MONTHS.iter().position(|name| lower.len() >= 3 && name.starts_with(lower)).map(|at| at as i8 + 1)
}

/// The date of `monday` and `last Mon`: the last such day before today.
pub(super) fn weekday(text: &str, schema: &Schema) -> Option<String> {
    let lower = text.to_lowercase();
    let word = ["last ", "on "].iter().find_map(|word| lower.strip_prefix(word)).unwrap_or(&lower);
    let day = WEEKDAYS.iter().position(|day| word.len() >= 3 && day.starts_with(word))?;
    let today = schema.now().to_zoned(schema.zone.clone()).date();
    let days = (1..=7).find(|days| {
        let date = today.checked_sub(Span::new().days(*days));
        date.is_ok_and(|date| date.weekday().to_monday_zero_offset() as usize == day)
    })?;
    today.checked_sub(Span::new().days(days)).ok().map(|date| date.to_string())
}

/// The last such day, the next one and the one after it, of `next monday` and `this Mon`; and of `monday`, where it may lie
/// `ahead`. Which of them is meant is not known.
pub(super) fn weekday_ahead(text: &str, ahead: bool, schema: &Schema) -> Option<[String; 3]> {
    let lower = text.to_lowercase();
    let lower = lower.strip_prefix("the ").unwrap_or(&lower);
    let told = ["next ", "this ", "coming ", "upcoming "].iter().find_map(|word| lower.strip_prefix(word));
    let last: Date = weekday(told.or(ahead.then_some(lower))?, schema)?.parse().ok()?;
    let today = schema.now().to_zoned(schema.zone.clone()).date();
    let after = |weeks: i64| last.checked_add(Span::new().weeks(weeks)).ok();
    let next = (1..=2).filter_map(after).find(|date| *date > today)?;
    Some([last, next, next.checked_add(Span::new().weeks(1)).ok()?].map(|date| date.to_string()))
}

/// The last such day that is no later than the `end` of a range, of a weekday or of a day without a year.
pub(super) fn before_end(text: &str, day: &str, end: &str, schema: &Schema) -> Option<String> {
    let (day, end): (Date, Date) = (day.parse().ok()?, end.parse().ok()?);
    let step = match () {
        () if weekday(text, schema).is_some() => Span::new().weeks(1),
        () if with_month(text, schema).is_some() && !text.contains(&day.year().to_string()) => Span::new().years(1),
        () => return None,
    };
    let earlier = day.checked_sub(step).ok().filter(|earlier| day > end && *earlier <= end)?;
    in_range(earlier).ok().map(|date| date.to_string())
}

/// The number and the unit of `7d`.
fn amount(text: &str) -> Result<(i64, Length), TimeError> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits).ok_or(TimeError::Form)?;
    if number.is_empty() {
        return Err(TimeError::Form);
    }
    // In Elasticsearch, Grafana and Kibana a capital M is a month.
    if unit == "M" {
        return Err(TimeError::MonthOrMinute);
    }
    let unit = TIME_UNITS.iter().find(|known| unit.eq_ignore_ascii_case(known.spelling)).ok_or(TimeError::Form)?.length;
    let number: i64 = number.parse().map_err(|_| TimeError::Range)?;
    Ok((number, unit))
}

/// `7d`, `2w`, `3mo`, `1y` from today; `24h`, `90m`, `30s` from now.
fn relative(text: &str, sign: i64, schema: &Schema) -> Result<Moment, TimeError> {
    let (number, unit) = amount(text)?;
    let number = i32::try_from(number).map_err(|_| TimeError::Range)?;
    let sign_days = if sign < 0 { -1 } else { 1 };
    match unit {
        Length::Days(days) => shift(0, number.checked_mul(days * sign_days).ok_or(TimeError::Range)?, schema),
        Length::Months(months) => shift(number.checked_mul(months * sign_days).ok_or(TimeError::Range)?, 0, schema),
        Length::Seconds(seconds) => after_now(i64::from(number) * seconds * sign, schema),
    }
}

/// `now`, `now-90m`, `now+1h`, and `now-7d`: exactly so long before now.
fn instant(rest: &str, schema: &Schema) -> Result<Moment, TimeError> {
    let (sign, rest) = match rest.as_bytes().first() {
        None => return Ok(Moment::Instant(schema.now(), None)),
        Some(b'-') => (-1, rest.get(1..)),
        Some(b'+') => (1, rest.get(1..)),
        Some(_) => return Err(TimeError::Form),
    };
    let (number, unit) = amount(rest.unwrap_or_default())?;
    let number = i32::try_from(number).map_err(|_| TimeError::Range)?;
    match unit {
        Length::Days(days) => after_now(i64::from(number) * i64::from(days) * 86_400 * sign, schema),
        Length::Seconds(seconds) => after_now(i64::from(number) * seconds * sign, schema),
        Length::Months(months) => {
            let span =
                Span::new().try_months(i64::from(number) * i64::from(months) * sign).map_err(|_| TimeError::Range)?;
            let zoned = schema.now().to_zoned(schema.zone.clone()).checked_add(span).map_err(|_| TimeError::Range)?;
            in_range(zoned.date())?;
            Ok(Moment::Instant(zoned.timestamp(), None))
        }
    }
}

fn after_now(seconds: i64, schema: &Schema) -> Result<Moment, TimeError> {
    let instant = schema.now().checked_add(SignedDuration::from_secs(seconds)).map_err(|_| TimeError::Range)?;
    in_range(instant.to_zoned(schema.zone.clone()).date())?;
    Ok(Moment::Instant(instant, None))
}

fn shift(months: i32, days: i32, schema: &Schema) -> Result<Moment, TimeError> {
    let today = schema.now().to_zoned(schema.zone.clone()).date();
    let span = Span::new().try_months(months).and_then(|span| span.try_days(days)).map_err(|_| TimeError::Range)?;
    let date = in_range(today.checked_add(span).map_err(|_| TimeError::Range)?)?;
    if months != 0 {
        return Ok(Moment::Day(date));
    }
    Ok(Moment::DaysAgo(-days, date))
}

/// The first instant of a day in the query's zone.
pub(super) fn start_of(day: Date, schema: &Schema) -> Result<Timestamp, TimeError> {
    day.to_zoned(schema.zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| TimeError::Range)
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
