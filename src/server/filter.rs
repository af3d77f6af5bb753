//! `conversations/filter`: the service that turns conditions into SQL.

use super::attribute::{Column, Standard};
use super::condition::{Condition, Operand, Scalar, SqlError, SqlType, Test, in_list, quotable};
use super::definition::{AttributeType, Definitions, Model};
use super::json::{Json, NoMethod};
use super::quirks::{Comparison, DaysBefore, Quirks};
use super::refusal::Refusal;
use crate::eval::date::PgDate;
use crate::eval::iso8601::{RubyDate, parse_ruby_iso8601};
use crate::eval::number::{RubyDecimal, parse_ruby_decimal};
use crate::eval::text::{LikePattern, ruby_downcase, ruby_strip};
use crate::schema::{PRIORITIES, STATUSES};

/// A piece of the SQL that the service concatenates.
#[derive(Debug, Clone)]
pub(crate) enum Token {
    Condition(Condition),
    And,
    Or,
    /// An interpolated `[]` or `{}`, which is no SQL.
    Junk,
}

/// One request's service object: it keeps state from condition to condition.
pub(crate) struct FilterService<'a> {
    definitions: &'a dyn Definitions,
    quirks: &'a Quirks,
    today: PgDate,
    /// Set by the first custom attribute and never cleared: the state leak.
    custom_attribute_seen: bool,
    tokens: Vec<Token>,
    /// What PostgreSQL will refuse. Later conditions are still checked first, for SQL runs last.
    sql_error: Option<SqlError>,
}

/// What an operator and its values have become.
enum Operation {
    In {
        values: Json,
        negated: bool,
    },
    Like {
        patterns: Vec<String>,
        negated: bool,
    },
    Present,
    Absent,
    Compare {
        less: bool,
        limit: Limit,
    },
    /// An operator that is none: `= 'text'`.
    EqualText(String),
}

/// The right side of a comparison.
enum Limit {
    /// A number that Ruby has read.
    Number(RubyDecimal),
    /// A date that Ruby has read: a quoted literal, which takes the type of the left side.
    Date(RubyDate),
    /// `'text'::type`, as servers before 4.11.2 write it.
    Unescaped { text: String, attribute_type: Option<AttributeType> },
}

impl<'a> FilterService<'a> {
    pub(crate) fn new(definitions: &'a dyn Definitions, quirks: &'a Quirks, today: PgDate) -> Self {
        Self { definitions, quirks, today, custom_attribute_seen: false, tokens: Vec::new(), sql_error: None }
    }

    /// What has become of the conditions so far.
    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// What PostgreSQL will refuse first, and forgets it.
    pub(crate) fn take_sql_error(&mut self) -> Option<SqlError> {
        self.sql_error.take()
    }

    /// Whether what follows is read as if it were a custom attribute: the state leak.
    pub(crate) fn leaks(&self) -> bool {
        self.custom_attribute_seen
    }

    /// Checks one condition in the server's order and appends its SQL.
    pub(crate) fn add(&mut self, condition: &Json) -> Result<(), Refusal> {
        if !matches!(condition, Json::Object(_)) {
            return Err(Refusal::server_error("condition is no object"));
        }
        let key = condition.get("attribute_key");
        let operator = condition.get("filter_operator").as_str();
        let values = condition.get("values");
        let invalid_value = || Refusal::InvalidValue { key: key.to_s() };

        let standard = key.as_str().and_then(|key| Standard::all(self.quirks).find(|standard| standard.key == key));
        if let Some(standard) = standard
            && !operator.is_some_and(|operator| standard.operators.contains(&operator))
        {
            return Err(Refusal::InvalidOperator { key: standard.key, allowed: standard.operators });
        }
        if !matches!(operator, Some("is_present" | "is_not_present")) && values.is_blank() {
            return Err(invalid_value());
        }
        if self.quirks.objects_in_values_refused && has_object(values) {
            return Err(invalid_value());
        }
        let operation = self.operation(condition, standard)?;
        match standard {
            Some(standard) => self.add_standard(condition, standard, operation),
            None => self.add_custom(condition),
        }
    }

    fn add_standard(&mut self, condition: &Json, standard: &Standard, operation: Operation) -> Result<(), Refusal> {
        if standard.column == Column::Labels {
            // Labels look at the values again even where the operator needs none, which fails on an
            // absent `values` after a custom attribute.
            self.equality_values(condition)?;
        }
        let operand = Operand::Column(standard.column);
        let built = self.build(operand, operation, false);
        self.push(built);
        self.push_operator(condition);
        Ok(())
    }

    fn add_custom(&mut self, condition: &Json) -> Result<(), Refusal> {
        let key = condition.get("attribute_key");
        if matches!(key, Json::Object(_)) {
            return Err(Refusal::server_error("cannot look up an object"));
        }
        self.custom_attribute_seen = true;
        let definition =
            key.as_str().and_then(|key| Some((key, self.definitions.attribute_type(Model::Conversation, key)?)));
        let Some((name, attribute_type)) = definition else {
            let known = Standard::all(self.quirks).map(|standard| standard.key).collect();
            return Err(Refusal::InvalidAttribute { key: key.to_s(), known });
        };
        // The values are processed a second time, now as those of a custom attribute.
        let operation = self.operation(condition, None)?;
        let operand = |sql_type: SqlType, lower: bool| Operand::Custom { key: name.to_owned(), sql_type, lower };
        match SqlType::of(attribute_type) {
            Err(error) => self.push(Err(error)),
            Ok(sql_type) => {
                let lower = sql_type == SqlType::Text;
                let built = self.build(operand(sql_type, lower), operation, true);
                self.push(built);
                self.push_operator(condition);
                if condition.get("filter_operator").as_str() == Some("not_equal_to") {
                    // `OR .. IS NULL` comes after the query operator, so it is misplaced
                    // unless this condition is the last one.
                    self.tokens.push(Token::Or);
                    self.push(Ok(Condition { operand: operand(sql_type, false), test: Test::Absent }));
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, condition: Result<Condition, SqlError>) {
        match condition {
            Ok(condition) => self.tokens.push(Token::Condition(condition)),
            Err(error) => {
                self.sql_error.get_or_insert(error);
            }
        }
    }

    fn push_operator(&mut self, condition: &Json) {
        match condition.get("query_operator") {
            Json::Str(word) if word.eq_ignore_ascii_case("and") => self.tokens.push(Token::And),
            Json::Str(word) if word.eq_ignore_ascii_case("or") => self.tokens.push(Token::Or),
            Json::Null | Json::Str(_) => {}
            _ => self.tokens.push(Token::Junk),
        }
    }

    /// Types an operation against its left side, as PostgreSQL does before it reads any row.
    fn build(&self, operand: Operand, operation: Operation, custom: bool) -> Result<Condition, SqlError> {
        let sql_type = operand.sql_type();
        let is_labels = operand == Operand::Column(Column::Labels);
        let test = match operation {
            Operation::In { values, negated } => {
                let list = in_list(sql_type, &values, self.today)?;
                if is_labels {
                    Test::Tagged { names: Some(list.into_iter().flatten().filter_map(text_of).collect()), negated }
                } else {
                    Test::In { list, negated }
                }
            }
            Operation::Present if is_labels => Test::Tagged { names: None, negated: false },
            Operation::Absent if is_labels => Test::Tagged { names: None, negated: true },
            Operation::Present => Test::Present,
            Operation::Absent => Test::Absent,
            Operation::Like { patterns, negated } => {
                if sql_type != SqlType::Text {
                    return Err(SqlError(format!("operator does not exist: {} ~~* text", sql_type.name())));
                }
                for pattern in &patterns {
                    quotable(pattern)?;
                }
                Test::Like { patterns: patterns.iter().map(|pattern| LikePattern::new(pattern)).collect(), negated }
            }
            Operation::EqualText(text) => {
                Test::In { list: vec![Some(sql_type.read(quotable(&text)?, self.today)?)], negated: false }
            }
            Operation::Compare { less, limit } => {
                let limit = self.limit(sql_type, limit, custom)?;
                if less { Test::Less(limit) } else { Test::Greater(limit) }
            }
        };
        Ok(Condition { operand, test })
    }

    fn limit(&self, sql_type: SqlType, limit: Limit, custom: bool) -> Result<Scalar, SqlError> {
        match limit {
            Limit::Number(RubyDecimal::Number(number)) if sql_type == SqlType::Numeric => Ok(Scalar::Number(number)),
            Limit::Number(RubyDecimal::TooLong) => Err(SqlError::new("value overflows numeric format")),
            Limit::Number(_) => Err(SqlError(format!("operator does not exist: {} > numeric", sql_type.name()))),
            Limit::Date(date) if sql_type == SqlType::Date => {
                date.to_pg().map(Scalar::Date).ok_or_else(|| SqlError(format!("date out of range: {date}")))
            }
            Limit::Date(date) => sql_type.read(&date.to_string(), self.today),
            Limit::Unescaped { text, attribute_type } => {
                let text = unquoted(&text)?;
                let own = match attribute_type {
                    Some(attribute_type) if custom => SqlType::of(attribute_type)?,
                    // The service writes the type of a standard date itself.
                    None if !custom => SqlType::Date,
                    _ => return Err(SqlError::new("syntax error: `::` without a type")),
                };
                if own != sql_type {
                    return Err(SqlError(format!("operator does not exist: {} > {}", sql_type.name(), own.name())));
                }
                own.read(&text, self.today)
            }
        }
    }

    /// Processes the values of a condition, as Ruby does; this can fail for good.
    fn operation(&self, condition: &Json, standard: Option<&Standard>) -> Result<Operation, Refusal> {
        let operator = condition.get("filter_operator").as_str();
        Ok(match operator {
            Some("equal_to" | "not_equal_to") => {
                Operation::In { values: self.equality_values(condition)?, negated: operator == Some("not_equal_to") }
            }
            Some("contains" | "does_not_contain") => Operation::Like {
                patterns: like_patterns(condition.get("values"))?,
                negated: operator == Some("does_not_contain"),
            },
            Some("is_present") => Operation::Present,
            Some("is_not_present") => Operation::Absent,
            Some("is_greater_than" | "is_less_than") => Operation::Compare {
                less: operator == Some("is_less_than"),
                limit: self.comparison_limit(condition, standard, condition.get("values").first()?)?,
            },
            Some("days_before") => self.days_before(condition, standard)?,
            _ => Operation::EqualText(self.equality_values(condition)?.to_s()),
        })
    }

    /// The values of an equality (sections 5, 12 and 13). A few keys have rules of their own, whether
    /// or not they are attributes here: the service is shared with other kinds of records.
    fn equality_values(&self, condition: &Json) -> Result<Json, NoMethod> {
        let values = condition.get("values");
        match condition.get("attribute_key").as_str() {
            Some("status") => {
                let all = match values {
                    Json::Array(items) => items.iter().any(|item| item.as_str() == Some("all")),
                    Json::Str(text) => text.contains("all"),
                    Json::Object(members) => members.iter().any(|(key, _)| key == "all"),
                    _ => return Err(NoMethod("include?")),
                };
                if all {
                    return Ok(Json::Array((0..STATUSES.len()).map(code).collect()));
                }
                enum_codes(STATUSES, values)
            }
            Some("priority") => enum_codes(PRIORITIES, values),
            Some("message_type") => enum_codes(&[], values),
            Some("content") => {
                let Json::Array(items) = values else { return Err(NoMethod("map")) };
                let lower = |item: &Json| item.as_str().map(|text| Json::Str(ruby_downcase(text)));
                let texts: Option<Vec<Json>> = items.iter().map(lower).collect();
                texts.map(Json::Array).ok_or(NoMethod("downcase"))
            }
            _ if self.custom_attribute_seen => match (values.first()?, values) {
                (Json::Str(first), Json::Array(_)) => Ok(Json::Str(ruby_downcase(&first))),
                (Json::Str(_), Json::Str(text)) => Ok(Json::Str(ruby_downcase(text))),
                _ => Ok(values.clone()),
            },
            _ => Ok(values.clone()),
        }
    }

    /// The right side of `is_greater_than` and `is_less_than` (sections 9, 10 and 17).
    fn comparison_limit(&self, condition: &Json, standard: Option<&Standard>, value: Json) -> Result<Limit, Refusal> {
        let key = condition.get("attribute_key");
        let model = Model::named_by(condition.get("custom_attribute_type"));
        let attribute_type =
            key.as_str().zip(model).and_then(|(key, model)| self.definitions.attribute_type(model, key));
        if self.quirks.comparison == Comparison::Unescaped {
            return Ok(Limit::Unescaped { text: value.to_s(), attribute_type });
        }
        let attribute_type = match key.as_str() {
            _ if standard.is_some() => Some(AttributeType::Date),
            // The key list of messages, which the service shares, has it as a number.
            Some("message_type") if attribute_type.is_none() => Some(AttributeType::Number),
            _ => attribute_type,
        };
        let limit = match attribute_type {
            Some(AttributeType::Date) => parse_ruby_iso8601(&value.to_s(), self.today).map(Limit::Date),
            Some(AttributeType::Number) => parse_ruby_decimal(&value.to_s()).map(Limit::Number),
            _ => None,
        };
        limit.ok_or_else(|| Refusal::InvalidValue { key: key.to_s() })
    }

    /// `days_before`: the day so many days ago, as the limit of `is_less_than`.
    fn days_before(&self, condition: &Json, standard: Option<&Standard>) -> Result<Operation, Refusal> {
        let first = || condition.get("values").first();
        let days = match self.quirks.days_before {
            DaysBefore::Fails => {
                return Err(Refusal::server_error("undefined method `with_indifferent_access`"));
            }
            DaysBefore::Works | DaysBefore::WorksChecked => first()?.to_i()?,
            DaysBefore::OneTo998 => whole_days(&first()?)
                .filter(|days| (1..=998).contains(days))
                .ok_or_else(|| Refusal::InvalidValue { key: condition.get("attribute_key").to_s() })?,
        };
        let date = RubyDate::days_before(self.today, days).ok_or_else(|| Refusal::server_error("no today"))?;
        let limit = self.comparison_limit(condition, standard, Json::Str(date.to_string()))?;
        Ok(Operation::Compare { less: true, limit })
    }
}

/// `query_operator` is checked in every condition before anything else.
pub(crate) fn check_query_operator(condition: &Json) -> Result<(), Refusal> {
    match condition {
        Json::Object(_) => {}
        // What a text holds of this name is what it says of itself; without it, it fails later.
        Json::Str(text) if text.contains("query_operator") => return Err(Refusal::InvalidQueryOperator),
        Json::Str(_) => return Ok(()),
        _ => return Err(Refusal::server_error("condition is no object")),
    }
    match condition.get("query_operator") {
        Json::Null => Ok(()),
        Json::Str(word) if word.is_empty() || ["AND", "OR"].contains(&word.to_uppercase().as_str()) => Ok(()),
        Json::Str(_) => Err(Refusal::InvalidQueryOperator),
        Json::Array(items) if items.is_empty() => Ok(()),
        Json::Object(members) if members.is_empty() => Ok(()),
        _ => Err(Refusal::server_error("undefined method `empty?` or `upcase`")),
    }
}

fn has_object(values: &Json) -> bool {
    match values {
        Json::Object(_) => true,
        Json::Array(items) => items.iter().any(has_object),
        _ => false,
    }
}

fn text_of(scalar: Scalar) -> Option<String> {
    match scalar {
        Scalar::Text(text) => Some(text),
        _ => None,
    }
}

fn code(position: usize) -> Json {
    i64::try_from(position).map_or(Json::Null, Json::Int)
}

/// The codes of enum words; an unknown word is NULL.
fn enum_codes(words: &[&str], values: &Json) -> Result<Json, NoMethod> {
    let Json::Array(items) = values else {
        return Err(NoMethod("map"));
    };
    let codes = items.iter().map(|item| {
        let word = item.as_str().ok_or(NoMethod("to_sym"))?;
        Ok(words.iter().position(|known| *known == word).map_or(Json::Null, code))
    });
    codes.collect::<Result<_, _>>().map(Json::Array)
}

/// `%value%` of every value, stripped.
fn like_patterns(values: &Json) -> Result<Vec<String>, NoMethod> {
    let pattern = |value: &Json| {
        let text = value.as_str().ok_or(NoMethod("strip"))?;
        Ok(format!("%{}%", ruby_strip(text)))
    };
    match values {
        Json::Array(items) => items.iter().map(pattern).collect(),
        one => Ok(vec![pattern(one)?]),
    }
}

/// A whole number in base 10, as `Integer(value, 10)` reads it.
fn whole_days(value: &Json) -> Option<i64> {
    match value {
        Json::Int(days) => Some(*days),
        Json::Str(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The text between the quotes of `'value'`, as PostgreSQL reads it when the value was not escaped.
///
/// A single quote ends the literal, and what follows is no SQL that could run. A `:name` in it is
/// taken for a bind variable, which is missing.
fn unquoted(text: &str) -> Result<String, SqlError> {
    let doubled = text.replace("''", "\0");
    if doubled.contains('\'') {
        return Err(SqlError::new("syntax error after an unescaped quote"));
    }
    let mut before = ' ';
    for (c, next) in text.chars().zip(text.chars().skip(1)) {
        if c == ':' && before != ':' && before != '\\' && next.is_ascii_alphabetic() {
            return Err(SqlError::new("missing value for a bind variable"));
        }
        before = c;
    }
    quotable(text)?;
    Ok(doubled.replace('\0', "'"))
}
