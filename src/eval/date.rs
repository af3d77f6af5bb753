//! Dates as PostgreSQL orders them.

/// A PostgreSQL `date`. It reaches further than a calendar library does: from 4714 BC to 5874897,
/// and to both infinities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PgDate {
    /// Before every day.
    NegInfinity,
    /// Days since 1970-01-01.
    Day(i64),
    /// After every day.
    Infinity,
}

const FIRST_DAY: i64 = -2_440_588;
const LAST_DAY: i64 = 2_145_042_905;

impl PgDate {
    /// The day, unless `date` cannot hold it.
    pub(crate) fn from_days(days: i64) -> Option<Self> {
        (FIRST_DAY..=LAST_DAY).contains(&days).then_some(Self::Day(days))
    }

    /// A day of the Gregorian calendar (year 0 is 1 BC), unless there is no such day.
    pub(crate) fn from_civil(year: i64, month: i64, day: i64) -> Option<Self> {
        // Keeps the arithmetic far from overflow.
        let year = i32::try_from(year).ok()?.into();
        let exists = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        exists.then(|| days_from_civil(year, month, day)).and_then(Self::from_days)
    }

    /// The UTC day of a moment in seconds since 1970.
    pub(crate) fn of_epoch_second(second: i64) -> Self {
        Self::Day(second.div_euclid(86_400))
    }
}

impl From<jiff::civil::Date> for PgDate {
    fn from(date: jiff::civil::Date) -> Self {
        Self::Day(days_from_civil(date.year().into(), date.month().into(), date.day().into()))
    }
}

pub(crate) fn is_leap_year(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

pub(crate) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a Gregorian day; years start in March here, so that leap days come last.
pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The Gregorian year, month and day of a number of days since 1970-01-01.
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_civil_dates_are_inverse() {
        for days in (FIRST_DAY..3_000_000).step_by(997) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
        assert_eq!(civil_from_days(0), (1970, 1, 1));
        // The last day of 400 years, and the first.
        assert_eq!((civil_from_days(11_016), civil_from_days(11_017)), ((2000, 2, 29), (2000, 3, 1)));
    }

    #[test]
    fn the_range_of_date() {
        assert_eq!(PgDate::from_civil(-4713, 11, 24), Some(PgDate::Day(FIRST_DAY)));
        assert_eq!(PgDate::from_civil(-4713, 11, 23), None);
        assert_eq!(PgDate::from_civil(5_874_897, 12, 31), Some(PgDate::Day(LAST_DAY)));
        assert_eq!(PgDate::from_civil(5_874_898, 1, 1), None);
        assert_eq!((PgDate::from_civil(i64::MIN, 1, 1), PgDate::from_civil(i64::MAX, 12, 31)), (None, None));
        assert_eq!(PgDate::from_civil(2026, 2, 29), None);
        assert!(PgDate::NegInfinity < PgDate::Day(FIRST_DAY) && PgDate::Day(LAST_DAY) < PgDate::Infinity);
    }

    #[test]
    fn moments_before_1970_belong_to_the_day_they_are_in() {
        assert_eq!(PgDate::of_epoch_second(-1), PgDate::Day(-1));
        assert_eq!(PgDate::of_epoch_second(86_399), PgDate::Day(0));
    }
}
