//! How conditions become one WHERE clause (server semantics, sections 3 and 11).
//!
//! The service only concatenates `condition operator condition ...`, so the clause has SQL's
//! precedence and no grouping: it is an OR of ANDs, or a syntax error.

use super::data::Row;
use crate::eval::date::PgDate;
use crate::server::{Condition, FilterService, Json, Quirks, Refusal, SqlError, Token, check_query_operator};

/// A WHERE clause.
#[derive(Debug, Clone)]
pub(super) enum Clause {
    /// An empty text: no condition at all.
    All,
    /// At least one conjunction of at least one condition.
    AnyOf(Vec<Vec<Condition>>),
}

impl Clause {
    /// The WHERE clause of a request body.
    pub(super) fn of(body: &Json, mut service: FilterService<'_>, quirks: &Quirks) -> Result<Self, Refusal> {
        let conditions = match body.get("payload") {
            Json::Array(conditions) => conditions,
            Json::Object(members) if members.is_empty() && quirks.empty_object_payload => return Ok(Self::All),
            _ => return Err(Refusal::server_error("payload is no array")),
        };
        for condition in conditions {
            check_query_operator(condition)?;
        }
        for condition in conditions {
            service.add(condition)?;
        }
        let clause = match service.take_sql_error() {
            Some(error) => Err(error),
            None => Self::parse(service.tokens().to_vec()),
        };
        clause.map_err(|SqlError(reason)| Refusal::ServerError(reason))
    }

    /// Parses the concatenated text.
    fn parse(tokens: Vec<Token>) -> Result<Self, SqlError> {
        if tokens.is_empty() {
            return Ok(Self::All);
        }
        let syntax_error = || SqlError::new("syntax error in the WHERE clause");
        let mut groups = Vec::new();
        let mut group = Vec::new();
        let mut wants_condition = true;
        for token in tokens {
            match token {
                Token::Condition(condition) if wants_condition => group.push(condition),
                Token::And if !wants_condition => {}
                Token::Or if !wants_condition => groups.push(std::mem::take(&mut group)),
                _ => return Err(syntax_error()),
            }
            wants_condition = !wants_condition;
        }
        if wants_condition {
            return Err(syntax_error());
        }
        groups.push(group);
        if let [only] = groups.as_mut_slice() {
            // PostgreSQL tries the parts of a pure AND in order of cost, equal ones as written;
            // inside an OR it keeps the written order.
            only.sort_by_key(Condition::cost);
        }
        Ok(Self::AnyOf(groups))
    }

    /// Whether a row is in the result.
    ///
    /// The rule for a stored value that cannot be cast (section 10, end): the request fails if such
    /// a value is *reached*, and evaluation stops at the first condition of an AND that is false (in
    /// a pure AND: not true) and at the first AND of an OR that is true.
    pub(super) fn selects(&self, row: &Row, today: PgDate) -> Result<bool, SqlError> {
        let groups = match self {
            Self::All => return Ok(true),
            Self::AnyOf(groups) => groups,
        };
        let pure_and = groups.len() == 1;
        for group in groups {
            let mut holds = true;
            for condition in group {
                match condition.holds(row, today)? {
                    Some(true) => {}
                    // Unknown can only stay unknown or become false, but what follows is evaluated.
                    None if !pure_and => holds = false,
                    _ => {
                        holds = false;
                        break;
                    }
                }
            }
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
