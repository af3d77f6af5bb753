//! One SQL condition: what it reads from a row, and what it asks.
//!
//! Everything PostgreSQL checks before it reads a row (types, literals) is checked when the
//! condition is built; the only thing that can fail on a row is the cast of a custom attribute.

use super::attribute::{Column, NumberColumn};
use super::definition::AttributeType;
use super::json::Json;
use crate::eval::boolean::{parse_pg_boolean, trim_c_space};
use crate::eval::date::PgDate;
use crate::eval::date_text::parse_pg_date;
use crate::eval::number::{PgNumeric, parse_pg_numeric};
use crate::eval::text::LikePattern;

/// Why PostgreSQL refuses the whole query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SqlError(pub(crate) String);

impl SqlError {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// An SQL type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SqlType {
    Int4,
    Int8,
    Numeric,
    Text,
    Date,
    Boolean,
}

impl SqlType {
    pub(crate) fn of(attribute_type: AttributeType) -> Result<Self, SqlError> {
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

    /// What PostgreSQL calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Int4 => "integer",
            Self::Int8 => "bigint",
            Self::Numeric => "numeric",
            Self::Text => "text",
            Self::Date => "date",
            Self::Boolean => "boolean",
        }
    }

    /// Reads a quoted literal, or a stored text.
    pub(crate) fn read(self, text: &str, today: PgDate) -> Result<Scalar, SqlError> {
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
        scalar.ok_or_else(|| SqlError(format!("invalid input for type {}: {text:?}", self.name())))
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
pub(crate) enum Scalar {
    Number(PgNumeric),
    Text(String),
    Date(PgDate),
    Boolean(bool),
}

/// What a condition looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operand {
    Column(Column),
    /// `(custom_attributes ->> key)::type`, under `LOWER` if asked.
    Custom {
        key: String,
        sql_type: SqlType,
        lower: bool,
    },
}

impl Operand {
    pub(crate) fn sql_type(&self) -> SqlType {
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
}

/// What a condition asks. `None` in a list is NULL.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
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
pub(crate) struct Condition {
    pub(crate) operand: Operand,
    pub(crate) test: Test,
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
        // Infinity is no number in SQL, and so it is quoted.
        Json::Float(number) if number.is_infinite() => Literal::Quoted(value.to_s()),
        Json::Float(_) => Literal::Decimal(value.to_s()),
        Json::Str(text) => Literal::Quoted(quotable(text)?.to_owned()),
        Json::Array(_) | Json::Object(_) => {
            return Err(SqlError::new("cannot quote an array or an object"));
        }
    })
}

/// A text that can be sent to PostgreSQL at all.
pub(crate) fn quotable(text: &str) -> Result<&str, SqlError> {
    if text.contains('\0') { Err(SqlError::new("string contains null byte")) } else { Ok(text) }
}

/// Types the list of an `IN`, as PostgreSQL does: quoted literals take the type of the
/// column, or the widest number type on either side.
pub(crate) fn in_list(sql_type: SqlType, value: &Json, today: PgDate) -> Result<Vec<Option<Scalar>>, SqlError> {
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
            return Err(SqlError(format!("operator does not exist: {} = {}", sql_type.name(), own.name())));
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
