//! What the words for times mean, and what they refuse.

use super::*;
use crate::syntax::spelling::length_of_time;

fn schema() -> Schema {
    Schema { now: Some("2026-06-15T12:00:00Z".parse().unwrap()), ..Schema::default() }
}

fn day(text: &str) -> Date {
    match moment(text, false, &schema()) {
        Ok(Moment::Day(day) | Moment::DaysAgo(_, day)) => day,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn days_are_calendar_days() {
    assert_eq!(day("-7d").to_string(), "2026-06-08");
    assert_eq!(day("-2W").to_string(), "2026-06-01");
    assert_eq!(day("-3mo").to_string(), "2026-03-15");
    assert_eq!(day("-1y").to_string(), "2025-06-15");
    assert_eq!(day("+1d").to_string(), "2026-06-16");
    assert_eq!(day("today").to_string(), "2026-06-15");
    assert_eq!(day("Yesterday").to_string(), "2026-06-14");
}

#[test]
fn hours_and_minutes_are_instants() {
    let at = |text| match moment(text, false, &schema()) {
        Ok(Moment::Instant(instant, _)) => instant.to_string(),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(at("-24h"), "2026-06-14T12:00:00Z");
    assert_eq!(at("now-90m"), "2026-06-15T10:30:00Z");
    assert_eq!(at("now"), "2026-06-15T12:00:00Z");
    assert_eq!(at("now-7d"), "2026-06-08T12:00:00Z");
    assert_eq!(at("now-2mo"), "2026-04-15T12:00:00Z");
    assert_eq!(at("now+1y"), "2027-06-15T12:00:00Z");
    assert_eq!(at("2026-06-15T10:30:00+02:00"), "2026-06-15T08:30:00Z");
    assert_eq!(at("2026-06-15T10:30"), "2026-06-15T10:30:00Z");
    assert_eq!(at("2026-06-15 10:30:05"), "2026-06-15T10:30:05Z");
}

/// A unit either counts whole days or seconds from now.
#[test]
fn each_unit_gives_what_it_counts() {
    for unit in TIME_UNITS {
        let whole = match moment(&format!("-1{}", unit.spelling), false, &schema()) {
            Ok(Moment::Day(_) | Moment::DaysAgo(..)) => true,
            Ok(Moment::Instant(..)) => false,
            Err(error) => panic!("{}: {error:?}", unit.spelling),
        };
        assert_eq!(unit.counts_days(), whole, "{}", unit.spelling);
    }
}

#[test]
fn what_is_no_date_says_why() {
    let error = |text| moment(text, false, &schema()).unwrap_err();
    assert_eq!(error("2026-02-30"), TimeError::NoSuchDay);
    for text in ["-1M", "+12M", "now-1M"] {
        assert_eq!(error(text), TimeError::MonthOrMinute, "{text}");
    }
    for text in ["2026-06-15T10:00:60", "2026-06-15T10:00:60Z", "2026-06-15T10:00:60.5+02:00", "2026-06-15T100060Z"] {
        assert_eq!(error(text), TimeError::LeapSecond, "{text}");
    }
    for text in ["2026-06-15T10:30:00+25:00", "2026-06-15T10:30-24:00", "2026-06-15T10:30:00+2400"] {
        assert_eq!(error(text), TimeError::Offset, "{text}");
    }
    for text in [
        "2026-6-15",
        "soon",
        "15.06.2026",
        "20260615",
        "-7",
        "-7x",
        "now7d",
        "2026-06-15x",
        "",
        "d",
        "-d",
        "1781481600",
        // Shaped like a date but for one sign or digit.
        "202x-06-15",
        "2026/06-15",
        "2026-0x-15",
        "2026-06/15",
        "2026-06-1x",
        // A zone's name would be dropped.
        "2026-06-15T10:30[Europe/Berlin]",
        "2026-06-15T10:30[America/Port-au-Prince]",
    ] {
        assert_eq!(error(text), TimeError::Form, "{text}");
    }
    for text in
        ["0000-01-01", "9999-01-01", "-9999y", "-99999999999d", "-2147483647y", "now-9999999999h", "+2147483647h"]
    {
        assert_eq!(error(text), TimeError::Range, "{text}");
    }
}

#[test]
fn the_day_before_a_month_is_the_last_of_it() {
    let schema = Schema { now: Some("2026-03-31T00:00:00Z".parse().unwrap()), ..Schema::default() };
    assert_eq!(moment("-1mo", false, &schema), Ok(Moment::Day("2026-02-28".parse().unwrap())));
}

#[test]
fn zones_have_their_own_today() {
    let schema = Schema {
        now: Some("2026-06-15T23:00:00Z".parse().unwrap()),
        zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(2)),
        ..Schema::default()
    };
    assert_eq!(moment("today", false, &schema), Ok(Moment::DaysAgo(0, "2026-06-16".parse().unwrap())));
}

/// What corrects a length of time in words knows the units that queries are read with.
#[test]
fn every_unit_is_known_by_its_spelling_and_by_its_noun() {
    for unit in TIME_UNITS {
        let (spelling, noun) = (unit.spelling, unit.noun);
        for written in [format!("3{spelling}"), format!("3 {spelling}"), format!("3 {noun}"), format!("3{noun}")] {
            assert_eq!(length_of_time(&written), Some(format!("3{spelling}")), "{written}");
        }
    }
}
