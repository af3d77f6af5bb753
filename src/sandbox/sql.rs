//! How conditions become one WHERE clause.
//!
//! The service only concatenates `condition operator condition ...`, so the clause has SQL's
//! precedence and no grouping: it is an OR of ANDs, or a syntax error.

use super::data::Row;
use crate::eval::date::PgDate;
use crate::server::{Condition, FilterService, Json, Quirks, Refusal, SqlError, Token, check_query_operator};

/// A WHERE clause as PostgreSQL evaluates it: every condition of `all` and, unless there are none,
/// one of the conjunctions.
#[derive(Debug, Clone, Default)]
pub(super) struct Clause {
    all: Vec<Condition>,
    any_of: Vec<Vec<Condition>>,
}

impl Clause {
    /// The WHERE clause of a request body.
    pub(super) fn of(body: &Json, mut service: FilterService<'_>, quirks: &Quirks) -> Result<Self, Refusal> {
        let conditions = match body.get("payload") {
            Json::Array(conditions) => conditions,
            Json::Object(members) if members.is_empty() && quirks.empty_object_payload => return Ok(Self::default()),
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
            return Ok(Self::default());
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
        Ok(Self::planned(groups))
    }

    /// What PostgreSQL's planner makes of an OR of ANDs. It changes nothing but what is evaluated
    /// first, and so which stored values are ever cast.
    ///
    /// A condition common to all ANDs is taken out of the OR, and the parts of the outermost AND are
    /// tried in order of cost, equal ones as written; inside an OR the written order stays.
    fn planned(mut any_of: Vec<Vec<Condition>>) -> Self {
        let mut all: Vec<Condition> = Vec::new();
        // Of one AND all is common, however long it is. What stands there twice is asked twice, which changes nothing.
        if let [only] = any_of.as_mut_slice() {
            all = std::mem::take(only);
            all.sort_by_key(Condition::cost);
            return Self { all, any_of: Vec::new() };
        }
        for condition in any_of.first().cloned().unwrap_or_default() {
            if any_of.iter().all(|group| group.contains(&condition)) && !all.contains(&condition) {
                all.push(condition);
            }
        }
        for group in &mut any_of {
            group.retain(|condition| !all.contains(condition));
        }
        if any_of.iter().any(Vec::is_empty) {
            any_of.clear();
        }
        all.sort_by_key(Condition::cost);
        Self { all, any_of }
    }

    /// Whether a row is in the result.
    ///
    /// The rule for a stored value that cannot be cast: the request fails if such
    /// a value is *reached*. Evaluation stops at the first condition of the outermost AND that is not
    /// true, at the first of an inner AND that is false (unknown goes on), and at the first AND of an
    /// OR that is true.
    pub(super) fn selects(&self, row: &Row, today: PgDate) -> Result<bool, SqlError> {
        for condition in &self.all {
            if condition.holds(row, today)? != Some(true) {
                return Ok(false);
            }
        }
        for group in &self.any_of {
            if all_hold(group, row, today)? {
                return Ok(true);
            }
        }
        Ok(self.any_of.is_empty())
    }
}

fn all_hold(group: &[Condition], row: &Row, today: PgDate) -> Result<bool, SqlError> {
    let mut unknown = false;
    for condition in group {
        match condition.holds(row, today)? {
            Some(true) => {}
            Some(false) => return Ok(false),
            None => unknown = true,
        }
    }
    Ok(!unknown)
}
