//! Ruby's `Date.iso8601`, which reads the value of a date comparison.

use super::boolean::is_c_space;
use super::date::{PgDate, civil_from_days, days_from_civil, days_in_month};

/// Ruby refuses longer texts.
const MAX_LENGTH: usize = 128;

/// A date of Ruby's calendar: Julian until 1582-10-04, Gregorian from 1582-10-15 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RubyDate {
    year: i64,
    month: i64,
    day: i64,
}

impl RubyDate {
    /// The day PostgreSQL understands when Ruby has written the date: the same year, month and day,
    /// which PostgreSQL always takes for Gregorian. `None` where it has no such day.
    pub(crate) fn to_pg(self) -> Option<PgDate> {
        PgDate::from_civil(self.year, self.month, self.day)
    }

    /// The date a number of days before another, as `Date#-` counts; `None` if there is no other.
    ///
    /// Ruby's years have no end. Here they have, far beyond those of PostgreSQL, which refuses them all.
    pub(crate) fn days_before(today: PgDate, days: i64) -> Option<Self> {
        const LAST: i64 = 10_i64.pow(12);
        let PgDate::Day(today) = today else {
            return None;
        };
        Some(Self::from_days(today.saturating_sub(days).clamp(-LAST, LAST)))
    }

    fn from_days(days: i64) -> Self {
        let (year, month, day) =
            if days < FIRST_GREGORIAN_DAY { julian_from_days(days) } else { civil_from_days(days) };
        Self { year, month, day }
    }

    /// Days since 1970.
    fn to_days(self) -> i64 {
        let Self { year, month, day } = self;
        if (year, month, day) < (1582, 10, 15) {
            julian_to_days(year, month, day)
        } else {
            days_from_civil(year, month, day)
        }
    }

    fn civil(year: i64, month: i64, day: i64) -> Option<Self> {
        let last = match (year, month, day) {
            (1582, 10, 5..=14) => return None,
            (..=1582, 2, _) => 28 + i64::from(year.rem_euclid(4) == 0),
            _ => days_in_month(year, month),
        };
        ((1..=12).contains(&month) && (1..=last).contains(&day)).then_some(Self { year, month, day })
    }

    fn ordinal(year: i64, day_of_year: i64) -> Option<Self> {
        let date = Self::from_days(Self::civil(bounded(year)?, 1, 1)?.to_days() + day_of_year - 1);
        (day_of_year >= 1 && date.year == year).then_some(date)
    }

    fn commercial(year: i64, week: i64, weekday: i64) -> Option<Self> {
        let monday = first_monday(bounded(year)?) + (week - 1) * 7;
        let exists = week >= 1 && (1..=7).contains(&weekday) && monday < first_monday(year + 1);
        exists.then(|| Self::from_days(monday + weekday - 1))
    }
}

/// 1582-10-15 in days since 1970.
const FIRST_GREGORIAN_DAY: i64 = -141_427;

fn julian_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_470;
    let year = (4 * days + 3).div_euclid(1_461);
    let day_of_year = days - (1_461 * year).div_euclid(4);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year + i64::from(month <= 2), month, day)
}

fn julian_to_days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month_from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    (1_461 * year).div_euclid(4) + (153 * month_from_march + 2) / 5 + day - 1 - 719_470
}

/// The Monday of a year's first ISO week: the week with January the 4th.
fn first_monday(year: i64) -> i64 {
    let fourth = RubyDate { year, month: 1, day: 4 }.to_days();
    // 1970-01-01 was a Thursday.
    fourth - (fourth + 3).rem_euclid(7)
}

fn bounded(year: i64) -> Option<i64> {
    (year.abs() < 1_000_000_000).then_some(year)
}

impl std::fmt::Display for RubyDate {
    /// `strftime("%F")`: four digits at least, and a sign before Christ.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{:02}-{:02}", self.year.unsigned_abs(), self.month, self.day)
    }
}

/// Reads a date; `None` is Ruby's `Date::Error`.
///
/// The time and the offset of a full timestamp are checked for their form only and dropped.
pub(crate) fn parse_ruby_iso8601(text: &str, today: PgDate) -> Option<RubyDate> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let text = text.trim_matches(is_c_space).to_ascii_lowercase();
    let extended = extended_dates(&text).into_iter().find(|(_, rest)| is_extended_time(rest));
    let basic = || basic_dates(&text).into_iter().find(|(_, rest)| is_basic_time(rest));
    let (form, _) = extended.or_else(basic)?;
    form.date(today)
}

/// What the text wrote; what it left out is filled from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Civil { year: Option<i64>, month: Option<i64>, day: Option<i64> },
    Ordinal { year: Option<i64>, day: i64 },
    Week { year: Option<i64>, week: Option<i64>, weekday: i64 },
}

impl Form {
    fn date(self, today: PgDate) -> Option<RubyDate> {
        let PgDate::Day(today) = today else {
            return None;
        };
        let (this_year, this_month, _) = civil_from_days(today);
        match self {
            Self::Civil { year: None, month: None, day: None } => None,
            Self::Civil { year, month, day } => {
                // Only what stands before the first written part comes from today; the rest is 1.
                let month = month.unwrap_or(if year.is_none() { this_month } else { 1 });
                RubyDate::civil(year.unwrap_or(this_year), month, day.unwrap_or(1))
            }
            Self::Ordinal { year, day } => RubyDate::ordinal(year.unwrap_or(this_year), day),
            Self::Week { year, week, weekday } => {
                // The week of a day belongs to the year its Thursday is in.
                let thursday = today - (today + 3).rem_euclid(7) + 3;
                let week_year = civil_from_days(thursday).0;
                let this_week = (thursday - 3 - first_monday(week_year)) / 7 + 1;
                RubyDate::commercial(year.unwrap_or(week_year), week.unwrap_or(this_week), weekday)
            }
        }
    }
}

/// Takes exactly `count` digits.
fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let (head, rest) = text.split_at_checked(count)?;
    head.bytes().all(|b| b.is_ascii_digit()).then(|| Some((head.parse().ok()?, rest)))?
}

/// A year of fewer than four characters, sign included, means this century or the last.
fn year_value(text: &str) -> i64 {
    // Too long for a number is also too far for any database.
    let value = text.parse().unwrap_or(if text.starts_with('-') { -i64::from(i32::MAX) } else { i32::MAX.into() });
    match (text.len(), value) {
        (4.., value) => value,
        (_, value @ 69..) => value + 1900,
        (_, value) => value + 2000,
    }
}

/// `[-+]?` and at least two digits, as many as there are.
fn long_year(text: &str) -> Option<(i64, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
    let (year, rest) = text.split_at_checked(text.len() - unsigned.len() + end)?;
    (end >= 2).then(|| (year_value(year), rest))
}

/// Four digits, else two, with a sign if `signed`: all the ways to begin.
fn short_years(text: &str, signed: bool) -> Vec<(i64, &str)> {
    let sign = usize::from(signed && text.starts_with(['+', '-']));
    let take = |count: usize| {
        let (year, rest) = text.split_at_checked(sign + count)?;
        year.bytes().skip(sign).all(|b| b.is_ascii_digit()).then(|| (year_value(year), rest))
    };
    [take(4), take(2)].into_iter().flatten().collect()
}

/// Every way to read the start of a text as a date with hyphens, in the order Ruby tries them.
fn extended_dates(text: &str) -> Vec<(Form, &str)> {
    let mut found = Vec::new();
    let year = long_year(text).map(|(year, rest)| (Some(year), rest));
    let no_year = text.strip_prefix('-').map(|rest| (None, rest));
    for (year, rest) in year.into_iter().chain(no_year) {
        let Some(rest) = rest.strip_prefix('-') else {
            continue;
        };
        let month = digits(rest, 2).map(|(month, rest)| (Some(month), rest));
        for (month, rest) in month.into_iter().chain([(None, rest)]) {
            if let Some((day, rest)) = rest.strip_prefix('-').and_then(|rest| digits(rest, 2)) {
                found.push((Form::Civil { year, month, day: Some(day) }, rest));
            }
            found.push((Form::Civil { year, month, day: None }, rest));
        }
    }
    let year = long_year(text).map(|(year, rest)| (Some(year), rest));
    for (year, rest) in year.into_iter().chain([(None, text)]) {
        if let Some((day, rest)) = rest.strip_prefix('-').and_then(|rest| digits(rest, 3)) {
            found.push((Form::Ordinal { year, day }, rest));
        }
    }
    let years = short_years(text, false).into_iter().map(|(year, rest)| (Some(year), rest));
    for (year, rest) in years.chain([(None, text)]) {
        let week = rest.strip_prefix("-w").and_then(|rest| digits(rest, 2));
        let day = week.and_then(|(week, rest)| Some((week, digits(rest.strip_prefix('-')?, 1)?)));
        if let Some((week, (weekday, rest))) = day {
            found.push((Form::Week { year, week: Some(week), weekday }, rest));
        }
    }
    if let Some((weekday, rest)) = text.strip_prefix("-w-").and_then(|rest| digits(rest, 1)) {
        found.push((Form::Week { year: None, week: None, weekday }, rest));
    }
    found
}

/// Every way to read the start of a text as a date without separators.
fn basic_dates(text: &str) -> Vec<(Form, &str)> {
    let mut found = Vec::new();
    let years = short_years(text, true).into_iter().map(|(year, rest)| (Some(year), rest));
    let no_year = text.strip_prefix("--").map(|rest| (None, rest));
    for (year, rest) in years.chain(no_year) {
        if let Some((month, (day, rest))) = digits(rest, 2).and_then(|(month, rest)| Some((month, digits(rest, 2)?))) {
            found.push((Form::Civil { year, month: Some(month), day: Some(day) }, rest));
        }
        if let Some((day, rest)) = rest.strip_prefix('-').and_then(|rest| digits(rest, 2)) {
            found.push((Form::Civil { year, month: None, day: Some(day) }, rest));
        }
    }
    for (year, rest) in short_years(text, true) {
        if let Some((day, rest)) = digits(rest, 3) {
            found.push((Form::Ordinal { year: Some(year), day }, rest));
        }
    }
    if let Some((day, rest)) = text.strip_prefix('-').and_then(|rest| digits(rest, 3)) {
        found.push((Form::Ordinal { year: None, day }, rest));
    }
    let years = short_years(text, false).into_iter().map(|(year, rest)| (Some(year), rest));
    let no_year = text.strip_prefix('-').map(|rest| (None, rest));
    for (year, rest) in years.chain(no_year) {
        let week = rest.strip_prefix('w').and_then(|rest| digits(rest, 2));
        if let Some((week, (weekday, rest))) = week.and_then(|(week, rest)| Some((week, digits(rest, 1)?))) {
            found.push((Form::Week { year, week: Some(week), weekday }, rest));
        }
    }
    if let Some((weekday, rest)) = text.strip_prefix("-w-").and_then(|rest| digits(rest, 1)) {
        found.push((Form::Week { year: None, week: None, weekday }, rest));
    }
    found
}

/// Nothing, or `tHH:MM[:SS[.f]][zone]`.
fn is_extended_time(text: &str) -> bool {
    text.is_empty() || text.strip_prefix('t').is_some_and(|time| time_ends(time, ":"))
}

/// Nothing, or `[t]HHMM[SS[.f]][zone]`.
fn is_basic_time(text: &str) -> bool {
    text.is_empty() || time_ends(text.strip_prefix('t').unwrap_or(text), "")
}

fn time_ends(text: &str, mark: &str) -> bool {
    let minutes = digits(text, 2)
        .and_then(|(_, rest)| rest.strip_prefix(mark))
        .and_then(|rest| digits(rest, 2))
        .map(|(_, rest)| rest);
    let Some(rest) = minutes else { return false };
    let seconds = rest.strip_prefix(mark).and_then(|rest| digits(rest, 2)).map(|(_, rest)| rest);
    is_zone(rest, mark)
        || seconds.is_some_and(|rest| {
            let fraction = rest.strip_prefix(['.', ',']).filter(|f| f.starts_with(|c: char| c.is_ascii_digit()));
            is_zone(rest, mark)
                || fraction.is_some_and(|f| is_zone(f.trim_start_matches(|c: char| c.is_ascii_digit()), mark))
        })
}

/// Nothing, `z`, `+HH` or `+HHMM`, with `:` before the minutes if the time has it too.
fn is_zone(text: &str, mark: &str) -> bool {
    let Some(offset) = text.strip_prefix(['+', '-']) else {
        return text.is_empty() || text == "z";
    };
    digits(offset, 2).is_some_and(|(_, rest)| {
        let minutes = if mark.is_empty() { rest } else { rest.strip_prefix(':').unwrap_or(rest) };
        rest.is_empty() || digits(minutes, 2).is_some_and(|(_, rest)| rest.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        parse_ruby_iso8601(text, PgDate::from_civil(2026, 6, 15).unwrap()).map(|date| date.to_string())
    }

    #[test]
    fn many_spellings_of_one_day() {
        for text in [
            "2026-06-15",
            "20260615",
            "260615",
            "26-06-15",
            "--06-15",
            "--0615",
            "2026-W25-1",
            "2026w251",
            "-W25-1",
            "-w-1",
            "2026-166",
            "2026166",
            "-166",
            "+2026-06-15",
            " 2026-06-15 ",
            "2026-06-15T23:59:59+14:00",
            "2026-06-15T23:59:59.999Z",
            "2026-06-15t24:00",
            "20260615T101112-0800",
            "202606151011",
        ] {
            assert_eq!(read(text).as_deref(), Some("2026-06-15"), "{text:?}");
        }
    }

    #[test]
    fn parts_left_out() {
        assert_eq!(read("2026-05").as_deref(), Some("2026-05-01"));
        assert_eq!(read("--05").as_deref(), Some("2026-05-01"));
        assert_eq!(read("---20").as_deref(), Some("2026-06-20"));
        assert_eq!(read("69-01-01").as_deref(), Some("1969-01-01"));
        assert_eq!(read("10000-01-01").as_deref(), Some("10000-01-01"));
        assert_eq!(read("-0001-02-03").as_deref(), Some("-0001-02-03"));
        assert_eq!(read("0000-02-03").as_deref(), Some("0000-02-03"));
    }

    #[test]
    fn a_weekday_alone_is_one_of_the_week_that_a_thursday_gives_its_year() {
        for (today, monday) in [
            ((2026, 6, 15), "2026-06-15"),
            ((2026, 6, 18), "2026-06-15"),
            ((2026, 6, 21), "2026-06-15"),
            ((2026, 6, 22), "2026-06-22"),
            ((2027, 1, 1), "2026-12-28"),
            ((2027, 1, 4), "2027-01-04"),
            ((2024, 12, 30), "2024-12-30"),
        ] {
            let (year, month, day) = today;
            let date = parse_ruby_iso8601("-w-1", PgDate::from_civil(year, month, day).unwrap());
            assert_eq!(date.map(|date| date.to_string()).as_deref(), Some(monday), "{today:?}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            " ",
            "2026",
            "2026-6-15",
            "2026-02-30",
            "2026-06-15 10:00:00",
            "2026-06-15T",
            "2026-06-15T10:00x",
            "2026-06-15T10:00:00x",
            "06/15/2026",
            "today",
            "1781481600",
            "2026-W54-1",
            "2026-366",
            "2026-13-01",
            "2026-00-10",
            "0000-00-00",
            "2026-06-15xyz",
            "15-06-2026",
            "1582-10-10",
            "--",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
        for (length, day) in [(128, Some("2026-06-15")), (129, None), (200, None)] {
            assert_eq!(read(&format!("{:>length$}", "2026-06-15")).as_deref(), day, "{length}");
        }
    }

    #[test]
    fn the_calendar_changes_in_1582() {
        let before = |days| RubyDate::days_before(PgDate::from_civil(1582, 10, 15).unwrap(), days);
        assert_eq!(before(0).map(|d| d.to_string()).as_deref(), Some("1582-10-15"));
        assert_eq!(before(1).map(|d| d.to_string()).as_deref(), Some("1582-10-04"));
        // Nine days behind until their leap day of 1500, then ten.
        let day = PgDate::from_civil(1500, 1, 25).unwrap();
        for (days, shown) in [(0, "1500-01-16"), (44, "1500-02-29"), (45, "1500-03-01"), (351, "1501-01-01")] {
            assert_eq!(RubyDate::days_before(day, -days).map(|d| d.to_string()).as_deref(), Some(shown));
        }
        // Days of the year and weeks count in the calendar of their time.
        for (written, shown) in [
            ("1383-043", Some("1383-02-12")),
            ("0048217", Some("0048-08-04")),
            ("0995-W46-6", Some("0995-11-16")),
            ("1566-W34-1", Some("1566-08-19")),
            ("1500-366", Some("1500-12-31")),
            ("1582-278", Some("1582-10-15")),
            ("1582-355", Some("1582-12-31")),
            ("1582-356", None),
        ] {
            assert_eq!(read(written).as_deref(), shown, "{written}");
        }
        // However far it is, it is a date to Ruby, and none to PostgreSQL.
        for days in [i64::MAX, i64::MIN] {
            let far = RubyDate::days_before(day, days).unwrap();
            assert_eq!((far.year < 0, far.to_pg()), (days > 0, None));
        }
        for written in ["-9223372036854775808-01-01", "9223372036854775807-12-31"] {
            let far = parse_ruby_iso8601(written, PgDate::Day(0)).unwrap();
            assert_eq!((far.to_string().as_str(), far.to_pg()), (written, None));
        }
        // Leap in Julian, not in Gregorian: Ruby accepts it and PostgreSQL does not.
        let leap = parse_ruby_iso8601("1500-02-29", PgDate::Day(0)).unwrap();
        assert_eq!(leap.to_pg(), None);
    }
}
