//! One SQL condition: what it reads from a row, and how it decides.
//!
//! Everything PostgreSQL checks before it reads a row (types, literals) is checked when the
//! condition is built; the only thing that can fail on a row is the cast of a custom attribute.

use super::account::AttributeType;
use super::attribute::{Column, NumberColumn};
use super::data::Row;
use super::request::Json;
use crate::eval::boolean::{parse_pg_boolean, trim_c_space};
use crate::eval::collation;
use crate::eval::date::PgDate;
use crate::eval::date_text::parse_pg_date;
use crate::eval::json_text::jsonb_text;
use crate::eval::number::{PgNumeric, parse_pg_numeric};
use crate::eval::text::{LikePattern, pg_lower};

/// Why PostgreSQL refuses the whole query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SqlError(pub(super) String);

impl SqlError {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// An SQL type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SqlType {
    Int4,
    Int8,
    Numeric,
    Text,
    Date,
    Boolean,
}

impl SqlType {
    pub(super) fn of(attribute_type: AttributeType) -> Result<Self, SqlError> {
        Ok(match attribute_type {
            AttributeType::Text => Self::Text,
            AttributeType::Number => Self::Numeric,
            AttributeType::Date => Self::Date,
            AttributeType::Checkbox => Self::Boolean,
            AttributeType::Unmapped => {
                return Err(SqlError::new("syntax error: `::` without a type"));
            }
        })
    }

    /// Reads a quoted literal, or a stored text.
    pub(super) fn read(self, text: &str, today: PgDate) -> Result<Scalar, SqlError> {
        let scalar = match self {
            Self::Int4 => {
                whole_number(text).filter(|n| i32::try_from(*n).is_ok()).map(PgNumeric::from).map(Scalar::Number)
            }
            Self::Int8 => whole_number(text).map(PgNumeric::from).map(Scalar::Number),
            Self::Numeric => parse_pg_numeric(text).map(Scalar::Number),
            Self::Text => Some(Scalar::Text(text.to_owned())),
            Self::Date => parse_pg_date(text, today).map(Scalar::Date),
            Self::Boolean => parse_pg_boolean(text).map(Scalar::Boolean),
        };
        scalar.ok_or_else(|| SqlError(format!("invalid input for type {self:?}: {text:?}")))
    }
}

/// PostgreSQL's input of an integer: no point, no exponent.
fn whole_number(text: &str) -> Option<i64> {
    let text = trim_c_space(text);
    // Rust accepts the same signs.
    text.parse().ok()
}

/// An SQL value that is not NULL.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar {
    Number(PgNumeric),
    Text(String),
    Date(PgDate),
    Boolean(bool),
}

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

/// What a condition looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    Column(Column),
    /// `(custom_attributes ->> key)::type`, under `LOWER` if asked.
    Custom {
        key: String,
        sql_type: SqlType,
        lower: bool,
    },
}

impl Operand {
    pub(super) fn sql_type(&self) -> SqlType {
        match self {
            Self::Custom { sql_type, .. } => *sql_type,
            Self::Column(column) => match column {
                Column::Status | Column::Priority => SqlType::Int4,
                Column::Number(NumberColumn::Assignee | NumberColumn::Inbox | NumberColumn::Display) => SqlType::Int4,
                Column::Number(_) => SqlType::Int8,
                Column::Labels | Column::Additional(_) => SqlType::Text,
                Column::CreatedAt | Column::LastActivityAt => SqlType::Date,
            },
        }
    }

    /// The value in a row; `None` is NULL.
    fn value(&self, row: &Row, today: PgDate) -> Result<Option<Scalar>, SqlError> {
        let column = match self {
            Self::Custom { key, sql_type, lower } => {
                let Some(text) = jsonb_text(row.custom_attributes.get(key)) else {
                    return Ok(None);
                };
                return sql_type.read(&if *lower { pg_lower(&text) } else { text }, today).map(Some);
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
            Column::Additional(key) => jsonb_text(row.additional_attributes.get(key)).map(Scalar::Text),
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

/// What a condition asks. `None` in a list is NULL.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    In {
        list: Vec<Option<Scalar>>,
        negated: bool,
    },
    Like {
        patterns: Vec<LikePattern>,
        negated: bool,
    },
    Present,
    Absent,
    Less(Scalar),
    Greater(Scalar),
    /// Has a label; with names, one of them.
    Tagged {
        names: Option<Vec<String>>,
        negated: bool,
    },
}

/// A condition that PostgreSQL has accepted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    pub(super) operand: Operand,
    pub(super) test: Test,
}

impl Condition {
    /// Three-valued: `None` is SQL's unknown, which a NULL brings in (section 4).
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

/// A bound value as it stands in SQL.
#[derive(Debug, Clone, PartialEq)]
enum Literal {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(String),
    Quoted(String),
}

/// Quotes what a condition binds: an array becomes a list.
fn literals(value: &Json) -> Result<Vec<Literal>, SqlError> {
    match value {
        Json::Array(items) if items.is_empty() => Ok(vec![Literal::Null]),
        Json::Array(items) => items.iter().map(literal).collect(),
        one => Ok(vec![literal(one)?]),
    }
}

fn literal(value: &Json) -> Result<Literal, SqlError> {
    Ok(match value {
        Json::Null => Literal::Null,
        Json::Bool(value) => Literal::Boolean(*value),
        Json::Int(number) => Literal::Integer(*number),
        Json::BigInt(_) => return Err(SqlError::new("number outside of the signed 64 bit range")),
        Json::Float(_) => Literal::Decimal(value.inspect()),
        Json::Str(text) => Literal::Quoted(quotable(text)?.to_owned()),
        Json::Array(_) | Json::Object(_) => {
            return Err(SqlError::new("cannot quote an array or an object"));
        }
    })
}

/// A text that can be sent to PostgreSQL at all.
pub(super) fn quotable(text: &str) -> Result<&str, SqlError> {
    if text.contains('\0') { Err(SqlError::new("string contains null byte")) } else { Ok(text) }
}

/// Types the list of an `IN`, as PostgreSQL does (section 6): quoted literals take the type of the
/// column, or the widest number type on either side.
pub(super) fn in_list(sql_type: SqlType, value: &Json, today: PgDate) -> Result<Vec<Option<Scalar>>, SqlError> {
    let literals = literals(value)?;
    let is_number = matches!(sql_type, SqlType::Int4 | SqlType::Int8 | SqlType::Numeric);
    let mut common = sql_type;
    for literal in &literals {
        let own = match literal {
            Literal::Null | Literal::Quoted(_) => continue,
            Literal::Boolean(_) => SqlType::Boolean,
            Literal::Integer(number) if i32::try_from(*number).is_ok() => SqlType::Int4,
            Literal::Integer(_) => SqlType::Int8,
            Literal::Decimal(_) => SqlType::Numeric,
        };
        let comparable = own == sql_type || (is_number && own <= SqlType::Numeric);
        if !comparable {
            return Err(SqlError(format!("operator does not exist: {sql_type:?} = {own:?}")));
        }
        if is_number {
            common = common.max(own);
        }
    }
    let typed = |literal: Literal| {
        Ok(match literal {
            Literal::Null => None,
            Literal::Boolean(value) => Some(Scalar::Boolean(value)),
            Literal::Integer(number) => Some(Scalar::Number(PgNumeric::from(number))),
            Literal::Decimal(text) => Some(SqlType::Numeric.read(&text, today)?),
            Literal::Quoted(text) => Some(common.read(&text, today)?),
        })
    };
    literals.into_iter().map(typed).collect()
}
