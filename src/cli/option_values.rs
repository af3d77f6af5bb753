//! The values of options: numbers, times and zones, with what is said of a text that is none.

use std::ffi::OsString;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::schema::ServerVersion;

/// Reads a time, as RFC 3339 writes it or in epoch seconds.
pub(super) fn timestamp(text: &str) -> Result<Timestamp, String> {
    if let Ok(timestamp) = text.parse() {
        return Ok(timestamp);
    }
    match text.parse::<i64>().ok().and_then(|second| Timestamp::from_second(second).ok()) {
        Some(timestamp) => Ok(timestamp),
        None => Err("\n  a time like 2026-06-15T12:00:00Z or epoch seconds is expected".to_owned()),
    }
}

/// Reads a whole number. A negative one must be allowed to stand behind the option for this to say what is wrong with
/// it; else clap takes it for an option, and advises to write it as a query.
pub(super) fn number<N: TryFrom<u64>>(
    least: u64,
    most: u64,
) -> impl Fn(&str) -> Result<N, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number.and_then(|number| N::try_from(number).ok()).ok_or_else(|| match most {
            // More than there can be of anything.
            most if most >= u32::MAX.into() => format!("\n  a whole number is expected, {least} or more"),
            most => format!("\n  a whole number from {least} to {most} is expected"),
        })
    }
}

fn no_zone(text: &str) -> String {
    let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let near = crate::nearest(text, known.iter().map(String::as_str));
    let perhaps = near.first().map_or_else(String::new, |near| format!("perhaps {near}; "));
    format!("\n  {perhaps}a zone's name like Europe/Berlin is expected, UTC or local")
}

/// Reads a server's version. Of one that is older than any that was recorded nobody knows what it answers.
pub(super) fn server_version(text: &str) -> Result<ServerVersion, String> {
    let oldest = ServerVersion::OLDEST;
    match text.parse() {
        Ok(version) if version < oldest => {
            Err(format!("\n  {}.{} is the oldest server that is known", oldest.major, oldest.minor))
        }
        Ok(version) => Ok(version),
        Err(_) => Err(format!("\n  a version is expected like {}", ServerVersion::LATEST)),
    }
}

/// A time in seconds, perhaps with a fraction.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let time = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    // A year is for ever; what the clock cannot add is not wanted.
    let most = Duration::from_secs(366 * 86_400);
    time.filter(|time| !time.is_zero() && *time <= most)
        .ok_or_else(|| "\n  a number of seconds above 0 is expected, as in 30 or 0.5".to_owned())
}

/// Why it is not known which zone is the local one.
fn no_local_zone(named: Option<OsString>, error: &jiff::Error) -> String {
    let instead = "name the zone itself, as in Europe/Berlin, or UTC";
    match named {
        Some(name) => format!("\n  the variable TZ is `{}`, which is no known zone\n  {instead}", name.display()),
        None => format!("\n  the system's zone cannot be found: {error}\n  {instead}"),
    }
}

/// Reads the name of a time zone.
pub(super) fn zone(text: &str) -> Result<TimeZone, String> {
    let zone = if text == "Z" {
        TimeZone::UTC
    } else if text.eq_ignore_ascii_case("local") || text.eq_ignore_ascii_case("system") {
        TimeZone::try_system().map_err(|error| no_local_zone(std::env::var_os("TZ"), &error))?
    } else {
        TimeZone::get(text).map_err(|_| no_zone(text))?
    };
    // The server's days are those of UTC, by whatever name.
    let is_utc = zone.to_offset(Timestamp::MIN) == Offset::UTC && zone.following(Timestamp::MIN).next().is_none();
    Ok(if is_utc { TimeZone::UTC } else { zone })
}
