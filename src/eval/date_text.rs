//! PostgreSQL's text input of `date`: what a stored date attribute or a literal means.
//!
//! PostgreSQL cuts the text into fields (numbers, words, times, dates with separators, zones) and
//! gives each number the first role still open. The result is forgiving: `June 5, 2026`,
//! `2026.06.05` and `20260605T101112+02` are all legal, and the time and zone are then dropped.
//!
//! The settings are a server's defaults: `DateStyle = ISO, MDY`, `TimeZone = UTC`.

use super::date::{PgDate, civil_from_days, days_from_civil, days_in_month};
use super::date_fields::{Kind, Word, is_named_zone, split_fields};

/// What a field or a word determines; a second determination of the same thing is an error.
mod part {
    pub(super) const YEAR: u16 = 1;
    pub(super) const MONTH: u16 = 2;
    pub(super) const DAY: u16 = 4;
    pub(super) const DAY_OF_YEAR: u16 = 8;
    pub(super) const TIME: u16 = 16;
    pub(super) const ZONE: u16 = 32;
    pub(super) const WEEKDAY: u16 = 64;
    pub(super) const HALF_OF_DAY: u16 = 128;
    pub(super) const ERA: u16 = 256;
    /// A word that is the whole date.
    pub(super) const SPECIAL: u16 = 512;
    /// Whether summer changes the zone.
    pub(super) const SUMMER: u16 = 1024;
    pub(super) const YEAR_MONTH: u16 = YEAR | MONTH;
    pub(super) const MONTH_DAY: u16 = MONTH | DAY;
    pub(super) const DATE: u16 = YEAR | MONTH | DAY;
}

/// Reads a date as PostgreSQL's cast does; `None` is its error.
pub(crate) fn parse_pg_date(text: &str, today: PgDate) -> Option<PgDate> {
    Decoder::new(today).decode(&split_fields(text)?)
}

/// The date under construction.
struct Decoder {
    today: PgDate,
    seen: u16,
    year: i64,
    month: i64,
    day: i64,
    day_of_year: i64,
    two_digit_year: bool,
    text_month: bool,
    before_christ: bool,
    afternoon_mark: bool,
    /// `dst` changes a zone, which must be there.
    needs_zone: bool,
    hour: i64,
    julian: bool,
    /// A word that decides the whole date.
    special: Option<PgDate>,
}

/// A word that says how the next number is to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Julian,
    Time,
}

impl Decoder {
    fn new(today: PgDate) -> Self {
        Self {
            today,
            seen: 0,
            year: 0,
            month: 0,
            day: 0,
            day_of_year: 0,
            two_digit_year: false,
            text_month: false,
            before_christ: false,
            afternoon_mark: false,
            needs_zone: false,
            hour: 0,
            julian: false,
            special: None,
        }
    }

    fn decode(mut self, fields: &[(Kind, String)]) -> Option<PgDate> {
        let mut label: Option<Label> = None;
        for (i, (kind, field)) in fields.iter().enumerate() {
            let determined = match kind {
                Kind::Date if label == Some(Label::Julian) => {
                    label = None;
                    self.julian_day_with_zone(field)?
                }
                Kind::Date if label.is_some() || self.seen & part::MONTH_DAY == part::MONTH_DAY => {
                    let run_together = label.is_some() || field.starts_with(|c: char| c.is_ascii_digit());
                    label = None;
                    if run_together { self.time_with_zone(field)? } else { named_zone(field)? }
                }
                Kind::Date => self.date_field(field)?,
                Kind::Time => {
                    label = match label {
                        Some(Label::Julian) => return None,
                        _ => None,
                    };
                    self.hour = time_hour(field)?;
                    part::TIME
                }
                Kind::Zone => zone_offset(field).then_some(part::ZONE)?,
                Kind::Number if label == Some(Label::Julian) => {
                    label = None;
                    self.special = None;
                    self.julian_day(field)?
                }
                Kind::Number if label == Some(Label::Time) => {
                    label = None;
                    self.special = None;
                    self.number_field(field, self.seen)?
                }
                Kind::Number => self.number(field)?,
                Kind::Word | Kind::SignedWord => {
                    let word = Word::or_zone(field)?;
                    match word {
                        Word::Julian => label = Some(Label::Julian),
                        Word::TimeMark => {
                            let next = fields.get(i + 1).map(|(kind, _)| *kind);
                            let time_follows = matches!(next, Some(Kind::Number | Kind::Time | Kind::Date));
                            (self.seen & part::DATE == part::DATE && time_follows).then_some(())?;
                            label = Some(Label::Time);
                        }
                        _ => {}
                    }
                    self.word(word)?
                }
            };
            if determined & self.seen != 0 {
                return None;
            }
            self.seen |= determined;
        }
        self.finish()
    }

    fn word(&mut self, word: Word) -> Option<u16> {
        Some(match word {
            Word::Month(number) => {
                let mut determined = part::MONTH;
                if self.seen & part::MONTH != 0 && !self.text_month && self.seen & part::DAY == 0 {
                    // `5 jun 2026`: the number was taken for a month, and turns out to be the day.
                    self.day = self.month;
                    determined = part::DAY;
                }
                self.text_month = true;
                self.month = number;
                determined
            }
            Word::Relative(days, with_time) => {
                let PgDate::Day(today) = self.today else {
                    return None;
                };
                (self.year, self.month, self.day) = civil_from_days(today + days);
                self.special = None;
                if with_time { part::DATE | part::TIME | part::ZONE } else { part::DATE }
            }
            Word::Epoch => self.whole(PgDate::Day(0)),
            Word::Infinity => self.whole(PgDate::Infinity),
            Word::NegInfinity => self.whole(PgDate::NegInfinity),
            Word::Bc => {
                self.before_christ = true;
                part::ERA
            }
            Word::Ad => part::ERA,
            Word::AmPm => {
                self.afternoon_mark = true;
                part::HALF_OF_DAY
            }
            Word::Weekday => part::WEEKDAY,
            Word::Midnight => {
                self.special = None;
                part::TIME | part::ZONE
            }
            Word::Zone => part::ZONE,
            Word::MovingZone => part::ZONE | part::SUMMER,
            Word::Dst => {
                self.needs_zone = true;
                part::SUMMER
            }
            Word::Ignored | Word::TimeMark | Word::Julian => 0,
        })
    }

    /// A word that is the whole date, whatever else stands there.
    fn whole(&mut self, date: PgDate) -> u16 {
        self.special = Some(date);
        part::SPECIAL
    }

    /// A field with separators, such as `2026-06-05`, `6/5/2026` or `5-jun-26`.
    fn date_field(&mut self, field: &str) -> Option<u16> {
        // A month before the field is as good as a number here.
        let (mut determined, mut text_month) = (0, false);
        let mut numbers = Vec::new();
        for piece in date_pieces(field)? {
            if !piece.starts_with(|c: char| c.is_ascii_alphabetic()) {
                numbers.push(piece);
                continue;
            }
            let Word::Month(number) = Word::of(&piece)? else { return None };
            // A second one is none, and one beside a month before the field is found out as any part is.
            (!text_month).then_some(())?;
            (self.month, text_month) = (number, true);
            determined = part::MONTH;
        }
        for number in numbers {
            determined |= self.plain_number(&number, self.seen | determined, text_month)?;
        }
        let all = self.seen | determined;
        (all & !(part::DAY_OF_YEAR | part::ZONE) == part::DATE).then_some(determined)
    }

    /// A number on its own.
    fn number(&mut self, field: &str) -> Option<u16> {
        let point = field.find('.');
        if point.is_some() && self.seen & part::DATE == 0 {
            return self.date_field(field);
        }
        let open = self.seen & part::DATE == 0 || self.seen & part::TIME == 0;
        if point.is_some_and(|point| point > 2) || (field.len() >= 6 && open) {
            return self.number_field(field, self.seen);
        }
        self.plain_number(field, self.seen, self.text_month)
    }

    /// Gives a number the first role still open; the first of three is the month (`MDY`) unless it
    /// has three digits or more, which makes it the year.
    fn plain_number(&mut self, field: &str, seen: u16, text_month: bool) -> Option<u16> {
        let digits = field.split('.').next().unwrap_or(field);
        let value: i64 = digits.parse::<i32>().ok()?.into();
        let length = field.len();
        if length == 3 && seen & part::DATE == part::YEAR && (1..=366).contains(&value) {
            self.day_of_year = value;
            return Some(part::DAY_OF_YEAR | part::MONTH | part::DAY);
        }
        let role = match seen & part::DATE {
            0 if length >= 3 => part::YEAR,
            0 | part::YEAR | part::DAY => part::MONTH,
            part::MONTH if text_month && length >= 3 => part::YEAR,
            part::MONTH | part::YEAR_MONTH => part::DAY,
            part::MONTH_DAY => part::YEAR,
            part::DATE => return self.number_field(field, seen),
            _ => return None,
        };
        match role {
            part::YEAR => {
                self.year = value;
                self.two_digit_year = length <= 2;
            }
            part::MONTH => self.month = value,
            _ => self.day = value,
        }
        Some(role)
    }

    /// A run of digits: `YYMMDD`, `YYYYMMDD`, or a time `HHMM` or `HHMMSS`.
    fn number_field(&mut self, field: &str, seen: u16) -> Option<u16> {
        let (digits, has_point) = match field.split_once('.') {
            Some((digits, _)) => (digits, true),
            None => (field, false),
        };
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let pair = |from: usize| digits.get(from..from + 2)?.parse::<i64>().ok();
        let length = digits.len();
        if !has_point && seen & part::DATE != part::DATE && length >= 6 {
            self.day = pair(length - 2)?;
            self.month = pair(length - 4)?;
            self.year = digits.get(..length - 4)?.parse::<i32>().ok()?.into();
            self.two_digit_year |= length == 6;
            return Some(part::DATE);
        }
        if seen & part::TIME == 0 && (length == 6 || length == 4) {
            // However much it is: PostgreSQL bounds the times with colons alone.
            self.hour = pair(0)?;
            return Some(part::TIME);
        }
        None
    }

    /// A run-together time with a zone behind it: `101112-08`.
    fn time_with_zone(&mut self, field: &str) -> Option<u16> {
        let at = field.find('-')?;
        let (time, zone) = field.split_at(at);
        zone_offset(zone).then_some(())?;
        let determined = self.number_field(time, self.seen)?;
        (determined == part::TIME).then_some(part::TIME | part::ZONE)
    }

    fn julian_day(&mut self, field: &str) -> Option<u16> {
        let (day, with_time) = match field.split_once('.') {
            Some(("", _)) => ("0", true),
            Some((day, _)) => (day, true),
            None => (field, false),
        };
        let day: i64 = day.parse::<i32>().ok()?.into();
        (self.year, self.month, self.day) = civil_from_days(day - 2_440_588);
        self.julian = true;
        Some(if with_time { part::DATE | part::TIME } else { part::DATE })
    }

    /// A day with a zone behind it: `2461197-08`.
    fn julian_day_with_zone(&mut self, field: &str) -> Option<u16> {
        let (day, zone) = field.split_at(field.find('-')?);
        zone_offset(zone).then_some(())?;
        Some(self.julian_day(day)? | part::TIME | part::ZONE)
    }

    fn finish(mut self) -> Option<PgDate> {
        if self.seen & part::YEAR != 0 && !self.julian {
            self.year = match (self.year, self.before_christ, self.two_digit_year) {
                (year @ 1.., true, _) => 1 - year,
                (year @ 0..70, false, true) => year + 2000,
                (year @ 70..100, false, true) => year + 1900,
                (year @ 1.., false, _) => year,
                _ => return None,
            };
        }
        if self.seen & part::DAY_OF_YEAR != 0 {
            (self.year, self.month, self.day) =
                civil_from_days(days_from_civil(self.year, 1, 1) + self.day_of_year - 1);
        }
        // Parts beside a word that is the whole date are checked and then forgotten.
        let whole = self.seen & part::DATE == part::DATE;
        let last_day = if whole { days_in_month(self.year, self.month) } else { 31 };
        let fits = |part: u16, value: i64, last: i64| self.seen & part == 0 || (1..=last).contains(&value);
        let exists = fits(part::MONTH, self.month, 12) && fits(part::DAY, self.day, last_day);
        if !exists || self.afternoon_mark && self.hour > 12 {
            return None;
        }
        if self.special.is_some() {
            return self.special;
        }
        let has_zone = !self.needs_zone || self.seen & part::ZONE != 0;
        (whole && has_zone).then(|| PgDate::from_civil(self.year, self.month, self.day))?
    }
}

/// Cuts a date field into runs of digits and runs of letters. The character after a run is dropped,
/// whatever it is: a quirk of PostgreSQL that `5jun2026` meets.
fn date_pieces(field: &str) -> Option<Vec<String>> {
    let mut pieces = Vec::new();
    let mut rest = field;
    while !rest.is_empty() {
        let run = rest.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let first = run.chars().next()?;
        let end = run.find(|c: char| c.is_ascii_digit() != first.is_ascii_digit() || !c.is_ascii_alphanumeric());
        let (piece, after) = run.split_at(end.unwrap_or(run.len()));
        pieces.push(piece.to_owned());
        let mut after = after.chars();
        after.next();
        rest = after.as_str();
    }
    Some(pieces)
}

fn named_zone(field: &str) -> Option<u16> {
    is_named_zone(field).then_some(part::ZONE)
}

fn count(digits: &str) -> Option<i64> {
    digits.parse::<u32>().ok().map(i64::from)
}

/// A number between the colons of a time or an offset: where none is written, 0.
fn between_colons(text: &str) -> Option<i64> {
    if text.is_empty() { Some(0) } else { count(text) }
}

/// The hour of `HH:[MM][:[SS][.fraction]]`, if the time is possible. 24:00:00 is the end of the day, and 60 a leap second.
fn time_hour(field: &str) -> Option<i64> {
    let (whole, fraction) = field.split_once('.').unwrap_or((field, ""));
    let parts: Vec<&str> = whole.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        // With a fraction it has no hour.
        [minute, second] if field.contains('.') => ("0", *minute, *second),
        [hour, minute] => (*hour, *minute, "0"),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let (hour, minute, second) = (count(hour)?, between_colons(minute)?, between_colons(second)?);
    let end_of_day = (hour, minute, second) == (24, 0, 0) && fraction.bytes().all(|digit| digit == b'0');
    let possible = end_of_day || hour < 24 && minute < 60 && second <= 60;
    (possible && fraction.bytes().all(|digit| digit.is_ascii_digit())).then_some(hour)
}

/// Whether a zone offset (`+2`, `+02:30`, `-0830`) is possible.
fn zone_offset(field: &str) -> bool {
    let Some(digits) = field.strip_prefix(['+', '-']) else {
        return false;
    };
    let parts: Vec<&str> = digits.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [run] if run.len() > 2 => {
            let (hour, minute) = run.split_at(run.len() - 2);
            (count(hour), count(minute), Some(0))
        }
        [hour] => (count(hour), Some(0), Some(0)),
        [hour, minute] => (count(hour), between_colons(minute), Some(0)),
        [hour, minute, second] => (count(hour), between_colons(minute), between_colons(second)),
        _ => return false,
    };
    let below = |value: Option<i64>, limit: i64| value.is_some_and(|value| value < limit);
    below(hour, 16) && below(minute, 60) && below(second, 60)
}

#[cfg(test)]
#[path = "date_text_tests.rs"]
mod tests;
