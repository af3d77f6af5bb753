//! How conditions become one WHERE clause (server semantics, sections 3 and 11).
//!
//! The service only concatenates `condition operator condition ...`, so the clause has SQL's
//! precedence and no grouping: it is an OR of ANDs, or a syntax error.

use super::condition::{Condition, SqlError};
use super::data::Row;
use crate::eval::date::PgDate;

/// A piece of the concatenated text.
#[derive(Debug, Clone)]
pub(super) enum Token {
    Condition(Condition),
    And,
    Or,
    /// An interpolated `[]` or `{}`, which is no SQL.
    Junk,
}

/// A WHERE clause as PostgreSQL evaluates it: every condition of `all` and, unless there are none,
/// one of the conjunctions.
#[derive(Debug, Clone, Default)]
pub(super) struct Clause {
    all: Vec<Condition>,
    any_of: Vec<Vec<Condition>>,
}

impl Clause {
    /// Parses the concatenated text.
    pub(super) fn parse(tokens: Vec<Token>) -> Result<Self, SqlError> {
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
    /// The rule for a stored value that cannot be cast (section 10, end): the request fails if such
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
