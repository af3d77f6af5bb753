//! The words of other languages and habits for the operators.

use super::tree::Operator;

/// Operators of other languages and of the API itself, and what they are called here.
pub(super) const FOREIGN: &[(&str, Operator)] = &[
    ("like", Operator::Like),
    ("ilike", Operator::Like),
    ("matches", Operator::Contains),
    ("has", Operator::Contains),
    ("have", Operator::Contains),
    ("contain", Operator::Contains),
    ("include", Operator::Contains),
    ("includes", Operator::Contains),
    ("mentions", Operator::Contains),
    ("says", Operator::Contains),
    ("containing", Operator::Contains),
    ("including", Operator::Contains),
    ("without", Operator::NotContains),
    ("lacks", Operator::NotContains),
    ("exclude", Operator::NotContains),
    ("excludes", Operator::NotContains),
    ("excluding", Operator::NotContains),
    ("except", Operator::NotEqual),
    ("starts_with", Operator::StartsWith),
    ("startswith", Operator::StartsWith),
    ("begins_with", Operator::StartsWith),
    ("equals", Operator::Equal),
    ("equal", Operator::Equal),
    ("equal_to", Operator::Equal),
    ("eq", Operator::Equal),
    ("ne", Operator::NotEqual),
    ("neq", Operator::NotEqual),
    ("gt", Operator::Greater),
    ("exceeds", Operator::Greater),
    ("exceed", Operator::Greater),
    ("is_greater_than", Operator::Greater),
    ("after", Operator::Greater),
    ("gte", Operator::GreaterEqual),
    ("ge", Operator::GreaterEqual),
    ("since", Operator::GreaterEqual),
    ("lt", Operator::Less),
    ("is_less_than", Operator::Less),
    ("before", Operator::Less),
    ("lte", Operator::LessEqual),
    ("le", Operator::LessEqual),
    ("is_present", Operator::IsPresent),
    ("exists", Operator::IsPresent),
    ("exist", Operator::IsPresent),
    ("isnull", Operator::IsMissing),
    ("is_null", Operator::IsMissing),
    ("isempty", Operator::IsMissing),
    ("\u{2260}", Operator::NotEqual),
    ("\u{2264}", Operator::LessEqual),
    ("\u{2265}", Operator::GreaterEqual),
];

/// Operators of several words, the longer ones first. A word of them may be a keyword.
pub(super) const PHRASES: &[(&str, Operator)] = &[
    ("greater than or equal to", Operator::GreaterEqual),
    ("less than or equal to", Operator::LessEqual),
    ("greater than", Operator::Greater),
    ("more than", Operator::Greater),
    ("larger than", Operator::Greater),
    ("higher than", Operator::Greater),
    ("longer than", Operator::Greater),
    ("less than", Operator::Less),
    ("lesser than", Operator::Less),
    ("distinct from", Operator::NotEqual),
    ("fewer than", Operator::Less),
    ("smaller than", Operator::Less),
    ("lower than", Operator::Less),
    ("shorter than", Operator::Less),
    ("at least", Operator::GreaterEqual),
    ("at most", Operator::LessEqual),
    ("on or after", Operator::GreaterEqual),
    ("on or before", Operator::LessEqual),
    ("equal to", Operator::Equal),
    ("begins with", Operator::StartsWith),
    ("begin with", Operator::StartsWith),
    ("start with", Operator::StartsWith),
    ("earlier than", Operator::Less),
    ("prior to", Operator::Less),
    ("up to", Operator::LessEqual),
    ("other than", Operator::NotEqual),
    ("has no", Operator::NotContains),
    ("have no", Operator::NotContains),
    ("has not", Operator::NotContains),
    ("have not", Operator::NotContains),
    ("has never", Operator::NotContains),
    ("have never", Operator::NotContains),
];

/// Words that negate the operator behind them, as NOT does.
pub(super) const NEGATIONS: &[&str] = &["no", "non", "never", "cannot", "\u{AC}"];

/// What IS is for several, of what has been, and behind another verb.
pub(super) const BEING: &[&str] = &["are", "was", "were", "be", "must be", "should be"];

/// What stands before a negation and says nothing more: `does not contain`.
pub(super) const AUXILIARIES: &[&str] =
    &["is", "are", "was", "were", "has", "have", "had", "does", "do", "did", "can", "could", "will", "should", "must"];

/// Words that are operators before a number or a date alone: `label on hold` lacks an operator.
pub(super) const BEFORE_AMOUNTS: &[(&str, Operator)] = &[
    ("on", Operator::Equal),
    ("at", Operator::Equal),
    ("until", Operator::LessEqual),
    ("till", Operator::LessEqual),
    ("by", Operator::LessEqual),
    ("from", Operator::GreaterEqual),
    ("above", Operator::Greater),
    ("over", Operator::Greater),
    ("below", Operator::Less),
    ("under", Operator::Less),
];

/// Words that stand for `=` before a value of one word: `team from Support`.
pub(super) const BEFORE_NAMES: &[&str] = &["from", "by", "of", "as", "named", "called"];

/// Operators of other languages that nothing here stands for.
pub(super) const WITHOUT_LIKE: &[&str] = &[
    "regexp",
    "regex",
    "rlike",
    "matches_regex",
    "glob",
    "ends_with",
    "endswith",
    "ends with",
    "end with",
    "similar to",
];

/// The same, where a number or a date stands behind them.
pub(super) const WITHOUT_LIKE_BEFORE_AMOUNTS: &[&str] =
    &["within", "during", "around", "about", "last", "past", "next"];

/// Words that are dates.
pub(super) const DAYS: &str = "today yesterday tomorrow now monday tuesday wednesday thursday friday saturday sunday";

/// Words before a period or a day: `last week`.
pub(super) const RELATIVE: &[&str] = &["last", "this", "next", "previous"];

/// Periods of the calendar.
pub(super) const PERIODS: &[&str] = &["week", "month", "quarter", "year"];

/// Whether a word is an operator of another language.
pub(super) fn is_known(word: &str) -> bool {
    FOREIGN.iter().any(|(spelling, _)| spelling.eq_ignore_ascii_case(word))
}
