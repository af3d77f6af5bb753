//! The version of a Chatwoot server.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// A Chatwoot release, as `GET /api` reports it.
///
/// ```
/// # use cwql::schema::ServerVersion;
/// let version: ServerVersion = "v4.15.1-rc1".parse()?;
/// assert_eq!(version, ServerVersion::LATEST);
/// assert!(version > "4.9".parse()?);
/// # Ok::<(), cwql::schema::ParseVersionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerVersion {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
    /// The third number; 0 where it is not written.
    pub patch: u16,
}

impl ServerVersion {
    /// The oldest release whose behaviour was recorded.
    pub const OLDEST: Self = Self::new(3, 8, 0);

    /// The newest release whose behaviour was recorded.
    pub const LATEST: Self = Self::new(4, 15, 1);

    /// A version from its three numbers.
    #[must_use]
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch }
    }
}

impl ServerVersion {
    /// The releases in which `days_before` is always an internal error. It was mended
    /// behind 4.15.1; the first release that is sure to have that is the next minor one.
    pub(crate) const DAYS_BEFORE_FAILS: Range<Self> = Self::new(4, 11, 2)..Self::new(4, 16, 0);

    /// The most days that a server takes in `days_before` since it was mended.
    pub(crate) const MOST_DAYS_BEFORE: i32 = 998;

    /// Whether the server answers `days_before` with so many days as it should: before 4.11.2 it takes any number, also of
    /// days to come (`-1`), from 4.16 on 1 to 998, and between them none.
    ///
    /// ```
    /// # use cwql::schema::ServerVersion;
    /// assert!(ServerVersion::new(4, 1, 0).has_days_before(2000));
    /// assert!(!ServerVersion::LATEST.has_days_before(7));
    /// ```
    #[must_use]
    pub fn has_days_before(self, days: i32) -> bool {
        let Range { start, end } = Self::DAYS_BEFORE_FAILS;
        self < start || self >= end && (1..=Self::MOST_DAYS_BEFORE).contains(&days)
    }

    /// Whether the server's `days_before` works, at least with some numbers of days.
    pub(crate) fn counts_days(self) -> bool {
        !Self::DAYS_BEFORE_FAILS.contains(&self)
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// The text is not a version: two or three numbers are expected, as in `4.15.1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseVersionError(String);

impl fmt::Display for ParseVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a server version like `{}`", self.0, ServerVersion::LATEST)
    }
}

impl std::error::Error for ParseVersionError {}

impl FromStr for ServerVersion {
    type Err = ParseVersionError;

    /// Reads `4.15.1`, `4.15`, `v4.15.1` and `4.15.1-rc1`; what follows `-` or `+` does not count.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bare = text.trim();
        let bare = bare.strip_prefix('v').unwrap_or(bare);
        let release = bare.split(['-', '+']).next().unwrap_or(bare);
        let numbers: Option<Vec<u16>> = release.split('.').map(number).collect();
        match numbers.as_deref() {
            Some([major, minor]) => Ok(Self::new(*major, *minor, 0)),
            Some([major, minor, patch]) => Ok(Self::new(*major, *minor, *patch)),
            _ => Err(ParseVersionError(text.to_owned())),
        }
    }
}

/// `u16::from_str` would accept a leading `+`.
fn number(text: &str) -> Option<u16> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_version() {
        for same in ["4.15.1", "v4.15.1", "4.15.1-rc1", " 4.15.1 ", "4.15.1+build"] {
            assert_eq!(same.parse(), Ok(ServerVersion::LATEST), "{same:?}");
        }
        assert_eq!("4.15".parse(), Ok(ServerVersion::new(4, 15, 0)));
    }

    #[test]
    fn order_is_by_number() {
        assert!(ServerVersion::new(4, 9, 2) < ServerVersion::new(4, 10, 0));
    }

    #[test]
    fn what_is_not_a_version() {
        for bad in ["", "4", "4.x", "4.1.2.3", "+4.1", "4..1", "99999.1"] {
            assert!(bad.parse::<ServerVersion>().is_err(), "{bad:?}");
        }
    }
}
