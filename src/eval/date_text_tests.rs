//! What PostgreSQL reads as a date, and what it refuses.

use super::parse_pg_date;
use crate::eval::date::PgDate;

fn date(text: &str) -> Option<PgDate> {
    parse_pg_date(text, PgDate::from_civil(2026, 6, 15).unwrap())
}

#[test]
fn many_spellings_of_one_day() {
    let day = PgDate::from_civil(2026, 6, 5);
    for text in [
        "2026-06-05",
        "2026-6-5",
        " 2026-06-05 ",
        "2026.06.05",
        "20260605",
        "260605",
        "06/05/2026",
        "6/5/26",
        "June 5, 2026",
        "5 Jun 2026",
        "5-jun-2026",
        "2026-jun-5",
        "2026-156",
        "2026-06-05 10:00:00",
        "2026-06-05T23:59:59Z",
        "2026-06-05T23:59:59.999+14:00",
        "2026-06-05T24:00:00",
        "2026-06-05 10:59:60",
        "2026-06-05 10:00+02",
        "2026-06-05 10:00-0830",
        "20260605T101112",
        "10:11:12 20260605",
        "2026-06-05 10:11:12 + 02",
        "Friday, June 5 2026",
        "2026-06-05 10:00 America/New_York",
        "2026-06-05 10:00 UTC+3",
        "2026-06-05 gmt-2",
        "June 5 2026 10:00 EST5EDT",
        "2026-06-05 10:00 any/name+24:59:60other4:30",
        "2026-06-05 10:",
        "2026-06-05 10::30",
        "2026-06-05 10:30:+02:",
        "2026-06-05 10:00 am",
        "2026-06-05 101112",
        "2026-06-05 AD",
        "J2461197",
        "2026 June 05.5",
    ] {
        assert_eq!(date(text), day, "{text:?}");
    }
}

/// PostgreSQL takes 25 fields; words such as `on` say nothing.
#[test]
fn at_most_so_many_fields() {
    let day = PgDate::from_civil(2026, 6, 5);
    assert_eq!(date(&format!("{}2026-06-05", "on ".repeat(24))), day);
    assert_eq!(date(&format!("{}2026-06-05", "on ".repeat(25))), None);
}

#[test]
fn words_for_days() {
    assert_eq!(date("today"), PgDate::from_civil(2026, 6, 15));
    assert_eq!(date("Tomorrow"), PgDate::from_civil(2026, 6, 16));
    assert_eq!(date("yesterday"), PgDate::from_civil(2026, 6, 14));
    assert_eq!(date("infinity"), Some(PgDate::Infinity));
    assert_eq!(date("-infinity"), Some(PgDate::NegInfinity));
    assert_eq!(date("epoch"), Some(PgDate::Day(0)));
    assert_eq!(date("0044-03-15 BC"), PgDate::from_civil(-43, 3, 15));
}

#[test]
fn what_is_no_date() {
    for text in [
        "",
        " ",
        "June 5 202606",
        "n/a",
        "31/12/2025",
        "15-06-2026",
        "2026-02-30",
        "2025-02-29",
        "2026",
        "2026-06",
        "2026-W25-1",
        "1781481600",
        "+2026-06-15",
        "-0001-01-01",
        "--06-15",
        "2026-06-15T",
        "2026-06-15xyz",
        "2026-06-15'; --",
        "2026-13-01",
        "2026-00-10",
        "0000-01-01",
        "26-06-15",
        "3",
        "not a date",
        "10:00",
        "2026-06-15 25:00",
        "2026-06-15 10:60",
        "2026-06-15 10:59:61",
        "2026-06-15 24:00:01",
        "2026-06-15 2026-06-16",
    ] {
        assert_eq!(date(text), None, "{text:?}");
    }
}

#[test]
fn years_of_two_digits_are_those_from_1970_to_2069() {
    for (text, year) in [
        ("690605", 2069),
        ("700605", 1970),
        ("990605", 1999),
        ("000605", 2000),
        ("6/5/69", 2069),
        ("6/5/70", 1970),
        ("6/5/99", 1999),
        ("6/5/100", 100),
        ("0070-06-05", 70),
        ("00700605", 70),
    ] {
        assert_eq!(date(text), PgDate::from_civil(year, 6, 5), "{text:?}");
    }
}

#[test]
fn a_time_and_its_zone_are_read_for_their_form_alone() {
    let day = PgDate::from_civil(2026, 6, 5);
    for text in [
        "2026-06-05 101112-08",
        "20260605 1011-0830",
        "20260605T101112-08",
        "2026-06-05 T101112",
        "2026-06-05 12:00 pm",
        "2026-06-05 10:00 PST",
        "2026-06-05 10:00 pst dst",
        "2026-06-05 10:00-00830",
        "2026-06-05 allballs",
        "Jun 5 2026 10:00:00 GMT+2",
        "2026-06-05 UTC+3",
        "2026-06-05gmt-3:30:15",
        "2026-06-05 gmt+167",
        "2026-06-05 xyz3",
        "2026-06-05 est5edt",
        "2026-06-05 est5edt+4",
        "2026-06-05 gmt+3.5",
    ] {
        assert_eq!(date(text), day, "{text:?}");
    }
    for text in [
        "2026-06-05 1011121-08",
        "2026-06-05 101112-99",
        "2026-06-05 13:00 pm",
        "2026-06-05 10:00 dst",
        "2026-06-05 10:00 nowhere",
        "2026-06-05 10:00 utc+168",
        "2026-06-05 10:00 utc+0300",
        "2026-06-05 10:00 utc+3:60",
        "2026-06-05 10:00 utc+3:",
        "2026-06-05 10:00 utc +3",
        "2026-06-05 10:30:15:",
        "2026-06-05 10:00 allballs",
        "allballs 2026-06-05",
        "Fri Jun 5 2026 10:00:00 GMT+0200",
        "gmt+3 2026-06-05",
        "2026-06-05 gmt+",
        "2026-06-05 gmt+168",
        "2026-06-05 gmt+3:60",
        "2026-06-05 gmt+3-",
        "2026-06-05 gmt +3 +3",
        "2026-06-05 10:00 11:00",
        "101112-08",
        "10:00 2026-06-05",
        "J 10:11:12 20260605",
        "2026.06 20260605",
    ] {
        assert_eq!(date(text), None, "{text:?}");
    }
}

#[test]
fn a_text_has_150_bytes_at_most() {
    for (length, day) in [(150, PgDate::from_civil(2026, 6, 5)), (151, None), (200, None)] {
        assert_eq!(date(&format!("{:length$}", "2026-06-05")), day, "{length}");
    }
}

/// What PostgreSQL 15 answers to parts beside a date that say something else, twice, or too late.
#[test]
fn parts_beside_a_date() {
    let cases = [
        // Punctuation parts fields, and nothing else does; a point begins a number, and no number begins so.
        (".2026-06-05", None),
        ("2026-06-05 .1011", None),
        ("2026年06月05日", None),
        ("2026-06-05 é", None),
        ("J .5", Some((-4713, 11, 24))),
        // Times without colons have no bounds but noon.
        ("2026-06-05 1011", Some((2026, 6, 5))),
        ("2026-06-05 9999", Some((2026, 6, 5))),
        ("2026-06-05 101", None),
        ("2026-06-05 251112-08", Some((2026, 6, 5))),
        ("2026-06-05 120000 pm", Some((2026, 6, 5))),
        ("2026-06-05 130000 pm", None),
        ("5 June 2026 101112-08", Some((2026, 6, 5))),
        ("June 5 101112-08 2026", None),
        // Times with colons have them, with a fraction too.
        ("2026-06-05 24:00:00.0", Some((2026, 6, 5))),
        ("2026-06-05 24:00:00.5", None),
        ("2026-06-05 10:11:12.5.5", None),
        ("2026-06-05 59:60.5", Some((2026, 6, 5))),
        ("2026-06-05 59:61.5", None),
        ("2026-06-05 60:59.5", None),
        // A T asks for a date before it, and may have more before it.
        ("Friday 20260605T10:11:12", Some((2026, 6, 5))),
        ("2026-06-05 +02 T10:11", Some((2026, 6, 5))),
        ("June T10:11 2026", None),
        // Zones.
        ("2026-06-05 10:00+02:30:15", Some((2026, 6, 5))),
        ("2026-06-05 10:00+02:30:60", None),
        ("2026-06-05 10:00+15:59:59", Some((2026, 6, 5))),
        ("2026-06-05 10:00+16", None),
        ("2026-06-05 10:00+02:60", None),
        ("2026-06-05 10:00-08-0", None),
        ("2026-06-05 America/New_York America/New_York", None),
        ("2026-06-05 America/New_York +02", None),
        ("2026-06-05 10:00 edt", Some((2026, 6, 5))),
        ("2026-06-05 10:00 edt dst", None),
        ("2026-06-05 10:00 msk dst", None),
        ("2026-06-05 10:00 est dst dst", None),
        ("est 2026-06-05", Some((2026, 6, 5))),
        ("edt 2026-06-05", None),
        ("edt 20260605", Some((2026, 6, 5))),
        ("msk 2026-06-05", None),
        ("dst 2026-06-05 est", None),
        ("J2461197-08", Some((2026, 6, 5))),
        ("J2461197-08 10:00", None),
        ("J2461197-99", None),
        ("2026-06-05 J 1011-08", None),
        // Which number is what.
        ("2026 5.5", Some((2026, 1, 5))),
        ("jun 100.5 5", None),
        ("jun 5-6-2026", None),
        ("jun 1011-08", None),
        ("jun 11-08", Some((2008, 6, 11))),
        ("2026-jun-5 jun", None),
        ("jun-jul-5-2026", None),
        ("2-29-0", Some((2000, 2, 29))),
        ("6/5/0 bc", None),
        ("0000-06-05 bc", None),
        // Words.
        ("on 5-jun-2026", Some((2026, 6, 5))),
        ("5-on-jun-2026", None),
        ("2026-06-05 am", Some((2026, 6, 5))),
        ("am 2026-06-05", None),
        ("am 20260605", Some((2026, 6, 5))),
        ("2026-06-05 am pm", None),
        ("ad 2026-06-05", None),
        ("2026-06-05 ad bc", None),
    ];
    for (text, day) in cases {
        let day = day.and_then(|(year, month, day)| PgDate::from_civil(year, month, day));
        assert_eq!(date(text), day, "{text:?}");
    }
}

/// A word that is the whole date is one whatever day stands beside it, as long as there may be such a day.
#[test]
fn a_word_for_the_whole_date_beside_others() {
    let (infinity, day) = (Some(PgDate::Infinity), PgDate::from_civil(2026, 6, 5));
    for (text, date_of_text) in [
        ("2026-06-05 infinity", infinity),
        ("infinity 2026-06-05", None),
        ("infinity 5", infinity),
        ("infinity 0", None),
        ("infinity 13", None),
        ("5 00 infinity", None),
        ("5 31 infinity", infinity),
        ("June 30 2026 infinity", infinity),
        ("June 31 2026 infinity", None),
        ("99999999-06-30 infinity", infinity),
        ("infinity dst", infinity),
        ("infinity epoch", None),
        ("20260605 epoch", Some(PgDate::Day(0))),
        // What determines the date itself comes after it.
        ("infinity J2461197", day),
        ("infinity 260605 T101112", day),
        ("infinity today", PgDate::from_civil(2026, 6, 15)),
        ("today infinity", infinity),
        ("infinity 20260605 allballs", day),
    ] {
        assert_eq!(date(text), date_of_text, "{text:?}");
    }
}
