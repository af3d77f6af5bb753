//! The standard attributes.

use super::quirks::Quirks;

/// What a standard attribute filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Status,
    Priority,
    /// A number column.
    Number(NumberColumn),
    Labels,
    /// A key of `additional_attributes`, as text.
    Additional(&'static str),
    CreatedAt,
    LastActivityAt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberColumn {
    Assignee,
    Inbox,
    Team,
    Contact,
    Display,
    Campaign,
}

/// A standard attribute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standard {
    pub(crate) key: &'static str,
    pub(crate) column: Column,
    pub(crate) operators: &'static [&'static str],
}

const EQUALITY: &[&str] = &["equal_to", "not_equal_to"];
const PRESENCE: &[&str] = &["equal_to", "not_equal_to", "is_present", "is_not_present"];
const CONTAINMENT: &[&str] = &["equal_to", "not_equal_to", "contains", "does_not_contain"];
const DATES: &[&str] = &["is_greater_than", "is_less_than", "days_before"];

const fn standard(key: &'static str, column: Column, operators: &'static [&'static str]) -> Standard {
    Standard { key, column, operators }
}

/// In the order of the server's own list, which a message shows.
const STANDARD: &[Standard] = &[
    standard("status", Column::Status, EQUALITY),
    standard("assignee_id", Column::Number(NumberColumn::Assignee), PRESENCE),
    standard("inbox_id", Column::Number(NumberColumn::Inbox), PRESENCE),
    standard("team_id", Column::Number(NumberColumn::Team), PRESENCE),
    standard("contact_id", Column::Number(NumberColumn::Contact), EQUALITY),
    standard("priority", Column::Priority, EQUALITY),
    standard("display_id", Column::Number(NumberColumn::Display), CONTAINMENT),
    standard("campaign_id", Column::Number(NumberColumn::Campaign), PRESENCE),
    standard("labels", Column::Labels, PRESENCE),
    standard("browser_language", Column::Additional("browser_language"), EQUALITY),
    standard("conversation_language", Column::Additional("conversation_language"), EQUALITY),
    standard("country_code", Column::Additional("country_code"), EQUALITY),
    standard("referer", Column::Additional("referer"), CONTAINMENT),
    standard("created_at", Column::CreatedAt, DATES),
    standard("last_activity_at", Column::LastActivityAt, DATES),
    standard("mail_subject", Column::Additional("mail_subject"), CONTAINMENT),
];

impl Standard {
    /// The attributes that a version has.
    pub(crate) fn all(quirks: &Quirks) -> impl Iterator<Item = &'static Self> {
        let quirks = *quirks;
        STANDARD.iter().filter(move |attribute| match attribute.key {
            "contact_id" => quirks.contact_id,
            "country_code" => quirks.country_code,
            _ => true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Standard;
    use crate::schema::{STANDARD, ServerVersion, WireOperator};
    use crate::server::Quirks;

    /// What a query may send is what the sandbox accepts and what a payload is read back by.
    #[test]
    fn the_server_accepts_what_queries_send_and_nothing_else() {
        let mut compared = 0;
        for minor in 8..18 {
            for version in
                [ServerVersion::new(4, minor, 0), ServerVersion::new(4, minor, 1), ServerVersion::new(4, minor, 2)]
            {
                let quirks = Quirks::of(version);
                let mut served: Vec<&str> = Standard::all(&quirks).map(|standard| standard.key).collect();
                let mut sent: Vec<&str> =
                    STANDARD.iter().filter(|info| info.exists_in(version)).map(|info| info.key).collect();
                served.sort_unstable();
                sent.sort_unstable();
                assert_eq!(served, sent, "{version}");
                for standard in Standard::all(&quirks) {
                    let info = STANDARD.iter().find(|info| info.key == standard.key).unwrap();
                    for (name, operator) in WireOperator::NAMES {
                        let (served, sent) = (standard.operators.contains(name), info.wire.contains(*operator));
                        assert_eq!(served, sent, "{} {name}", standard.key);
                        compared += 1;
                    }
                    assert!(standard.operators.iter().all(|name| WireOperator::from_name(name).is_some()));
                }
            }
        }
        assert!(compared > 1000, "{compared}");
    }
}
