//! What differs between server versions.
#![cfg_attr(not(feature = "sandbox"), expect(unreachable_pub, dead_code, reason = "the sandbox shows them"))]

use crate::schema::{ServerVersion, Standard};

/// How `days_before` behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaysBefore {
    /// Counts back from today and takes the way of [`Comparison::Unescaped`].
    Works,
    /// Counts back from today, and the date is checked as in [`Comparison::Checked`].
    ///
    /// No release does this: it is what 4.11.2 to 4.15.1 would do without their bug.
    WorksChecked,
    /// Always an error.
    Fails,
    /// Takes only whole numbers from 1 to 998.
    OneTo998,
}

/// How `is_greater_than` and `is_less_than` bring their value into SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// As `'value'::type`: PostgreSQL reads it, and what it cannot read is an error.
    Unescaped,
    /// Ruby reads it, and what it cannot read is refused.
    Checked,
}

/// The facts that differ between releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quirks {
    /// How `days_before` behaves.
    pub days_before: DaysBefore,
    /// How comparisons bring their value into SQL.
    pub comparison: Comparison,
    /// Whether `contact_id` is a standard attribute.
    pub contact_id: bool,
    /// Whether `country_code` is one.
    pub country_code: bool,
    /// Whether a payload `{}` means every conversation instead of an error.
    pub empty_object_payload: bool,
    /// Whether an object inside `values` is refused instead of an error.
    pub objects_in_values_refused: bool,
}

impl Quirks {
    /// The facts of one release.
    #[must_use]
    pub fn of(version: ServerVersion) -> Self {
        let since = |major, minor, patch| version >= ServerVersion::new(major, minor, patch);
        Self {
            days_before: match version {
                _ if version < ServerVersion::DAYS_BEFORE_FAILS.start => DaysBefore::Works,
                _ if version < ServerVersion::DAYS_BEFORE_FAILS.end => DaysBefore::Fails,
                _ => DaysBefore::OneTo998,
            },
            comparison: if since(4, 11, 2) { Comparison::Checked } else { Comparison::Unescaped },
            contact_id: Standard::ContactId.info().exists_in(version),
            country_code: Standard::CountryCode.info().exists_in(version),
            empty_object_payload: version == ServerVersion::new(4, 15, 0),
            objects_in_values_refused: since(4, 16, 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a query is compiled for is what its payload is read back by.
    #[test]
    fn days_before_works_where_it_is_sent() {
        for (minor, patch) in (8..18).flat_map(|minor| (0..6).map(move |patch| (minor, patch))) {
            let version = ServerVersion::new(4, minor, patch);
            for days in [-7, -1, 0, 1, 7, 998, 999] {
                let works = match Quirks::of(version).days_before {
                    DaysBefore::Works => true,
                    DaysBefore::OneTo998 => (1..=998).contains(&days),
                    DaysBefore::Fails | DaysBefore::WorksChecked => false,
                };
                assert_eq!(version.has_days_before(days), works, "{version}: {days}");
            }
        }
    }
}
