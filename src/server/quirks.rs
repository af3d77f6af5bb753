//! What differs between server versions (server semantics, section 17).
#![cfg_attr(not(feature = "sandbox"), expect(unreachable_pub, dead_code, reason = "the sandbox shows them"))]

use crate::schema::ServerVersion;

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
                _ if since(4, 16, 0) => DaysBefore::OneTo998,
                _ if since(4, 11, 2) => DaysBefore::Fails,
                _ => DaysBefore::Works,
            },
            comparison: if since(4, 11, 2) { Comparison::Checked } else { Comparison::Unescaped },
            contact_id: since(4, 14, 2),
            country_code: !since(4, 10, 0),
            empty_object_payload: version == ServerVersion::new(4, 15, 0),
            objects_in_values_refused: since(4, 16, 0),
        }
    }
}
