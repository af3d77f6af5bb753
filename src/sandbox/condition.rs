//! How one SQL condition decides on a row.
//!
//! The only thing that can fail here is the cast of a custom attribute.

use std::borrow::Cow;

use super::collation;
use super::data::Row;
use crate::eval::date::PgDate;
use crate::eval::json_text::jsonb_text;
use crate::eval::number::PgNumeric;
use crate::eval::text::pg_lower;
use crate::server::{Column, Condition, NumberColumn, Operand, Scalar, SqlError, SqlType, Test};

impl Scalar {
    /// How two values of one type compare.
    fn order(&self, other: &Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => Some(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => Some(collation::compare(a, b)),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            (Self::Boolean(a), Self::Boolean(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl Operand {
    /// The value in a row; `None` is NULL.
    fn value(&self, row: &Row, today: PgDate) -> Result<Option<Scalar>, SqlError> {
        let column = match self {
            Self::Custom { key, sql_type, lower } => {
                let Some(text) = row.custom_attributes.get(key).and_then(jsonb_text) else {
                    return Ok(None);
                };
                let text = if *lower { Cow::Owned(pg_lower(&text)) } else { text };
                return sql_type.read(&text, today).map(Some);
            }
            Self::Column(column) => column,
        };
        let number = |value: Option<i64>| value.map(|value| Scalar::Number(PgNumeric::from(value)));
        let code = |value: Option<usize>| number(value.and_then(|value| i64::try_from(value).ok()));
        let day = |second: i64| Some(Scalar::Date(PgDate::of_epoch_second(second)));
        Ok(match column {
            Column::Status => code(row.status),
            Column::Priority => code(row.priority),
            Column::Number(NumberColumn::Assignee) => number(row.assignee_id),
            Column::Number(NumberColumn::Inbox) => number(row.inbox_id),
            Column::Number(NumberColumn::Team) => number(row.team_id),
            Column::Number(NumberColumn::Contact) => number(row.contact_id),
            Column::Number(NumberColumn::Display) => number(Some(row.id)),
            Column::Number(NumberColumn::Campaign) => number(row.campaign_id),
            Column::Additional(key) => {
                let text = row.additional_attributes.get(key).and_then(jsonb_text);
                text.map(|text| Scalar::Text(text.into_owned()))
            }
            Column::CreatedAt => day(row.created_at),
            Column::LastActivityAt => day(row.last_activity_at),
            // Labels are rows of another table; `Test::Tagged` reads them.
            Column::Labels => None,
        })
    }

    /// What PostgreSQL reckons reading costs, in calls of functions: it tries cheap conditions first.
    fn cost(&self) -> u32 {
        match self {
            Self::Custom { sql_type: SqlType::Text, .. } => 2,
            Self::Custom { .. } => 3,
            Self::Column(Column::Additional(_) | Column::CreatedAt | Column::LastActivityAt) => 1,
            // Not a function at all, but a join that comes after the others.
            Self::Column(Column::Labels) => 1_000,
            Self::Column(_) => 0,
        }
    }
}

impl Condition {
    /// Three-valued: `None` is SQL's unknown, which a NULL brings in.
    pub(super) fn holds(&self, row: &Row, today: PgDate) -> Result<Option<bool>, SqlError> {
        if let Test::Tagged { names, negated } = &self.test {
            let tagged = match names {
                Some(names) => row.labels.iter().any(|label| names.contains(label)),
                None => !row.labels.is_empty(),
            };
            return Ok(Some(tagged != *negated));
        }
        let value = self.operand.value(row, today)?;
        match &self.test {
            Test::Present => return Ok(Some(value.is_some())),
            Test::Absent => return Ok(Some(value.is_none())),
            _ => {}
        }
        let Some(value) = value else { return Ok(None) };
        Ok(match &self.test {
            Test::In { list, negated } => {
                let found = list.iter().flatten().any(|item| *item == value);
                let unknown = !found && list.contains(&None);
                (!unknown).then_some(found != *negated)
            }
            Test::Like { patterns, negated } => match &value {
                Scalar::Text(text) => Some(patterns.iter().any(|pattern| pattern.matches(text)) != *negated),
                _ => None,
            },
            Test::Less(limit) => value.order(limit).map(std::cmp::Ordering::is_lt),
            Test::Greater(limit) => value.order(limit).map(std::cmp::Ordering::is_gt),
            Test::Present | Test::Absent | Test::Tagged { .. } => None,
        })
    }

    /// See [`Operand::cost`]; a test that compares calls one function more.
    pub(super) fn cost(&self) -> u32 {
        let test = match &self.test {
            Test::Present | Test::Absent => 0,
            Test::In { list, .. } => u32::try_from(list.len().div_ceil(2)).unwrap_or(u32::MAX),
            _ => 1,
        };
        self.operand.cost().saturating_add(test)
    }
}
