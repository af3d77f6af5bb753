//! The types of custom attributes: those of the account, or what the values say.

use std::collections::HashMap;

use super::source::Written;
use crate::eval::number::parse_ruby_decimal;
use crate::schema::{Account, CustomKind, Schema, StandardInfo, WireOperator};
use crate::server::{AttributeType, Definitions, Json, Model, SqlType};

/// The custom attributes, known or guessed.
pub(super) enum Types<'a> {
    Known(&'a Account),
    Guessed(HashMap<String, AttributeType>),
}

impl<'a> Types<'a> {
    pub(super) fn of(conditions: &[Written], schema: &'a Schema) -> Self {
        if let Some(account) = schema.account.as_ref().filter(|account| account.custom.is_some()) {
            return Self::Known(account);
        }
        let mut guessed: HashMap<String, (AttributeType, bool)> = HashMap::new();
        for condition in conditions {
            let is_standard = StandardInfo::with_key(condition.key(), schema.version).is_some();
            if !is_standard && condition.json.get("attribute_key").as_str().is_some() {
                let (attribute_type, sure) = guess(condition);
                let known = guessed.entry(condition.key().to_owned()).or_insert((attribute_type, sure));
                if sure && !known.1 {
                    *known = (attribute_type, sure);
                }
            }
        }
        Self::Guessed(guessed.into_iter().map(|(key, (attribute_type, _))| (key, attribute_type)).collect())
    }

    pub(super) fn kind(&self, key: &str, sql_type: SqlType) -> CustomKind {
        match (self, sql_type) {
            (Self::Known(account), _) => account.custom(key).map_or(CustomKind::Text, |definition| definition.kind),
            (Self::Guessed(_), SqlType::Date) => CustomKind::Date,
            (Self::Guessed(_), SqlType::Boolean) => CustomKind::Checkbox,
            (Self::Guessed(_), SqlType::Text) => CustomKind::Text,
            (Self::Guessed(_), SqlType::Numeric | SqlType::Int4 | SqlType::Int8) => CustomKind::Number,
        }
    }
}

/// The type that an unknown custom attribute must have for the server to accept the condition, and whether no other
/// type would do.
fn guess(condition: &Written) -> (AttributeType, bool) {
    let first = condition.value_list().first().unwrap_or(Json::Null);
    match (WireOperator::from_name(condition.operator()), &first) {
        (Some(WireOperator::IsGreaterThan | WireOperator::IsLessThan), first) => {
            let number = parse_ruby_decimal(&first.to_s()).is_some();
            (if number { AttributeType::Number } else { AttributeType::Date }, true)
        }
        (Some(WireOperator::DaysBefore), _) => (AttributeType::Date, true),
        (Some(WireOperator::Contains | WireOperator::DoesNotContain), _) => (AttributeType::Text, true),
        (Some(WireOperator::EqualTo | WireOperator::NotEqualTo), Json::Int(_) | Json::Float(_) | Json::BigInt(_)) => {
            (AttributeType::Number, true)
        }
        (Some(WireOperator::EqualTo | WireOperator::NotEqualTo), Json::Bool(_)) => (AttributeType::Checkbox, true),
        _ => (AttributeType::Text, false),
    }
}

impl Definitions for Types<'_> {
    fn attribute_type(&self, model: Model, key: &str) -> Option<AttributeType> {
        match self {
            // Of contacts' attributes the types are not known; one of a conversation's key is taken to be of its type.
            Self::Known(account) if model == Model::Contact && !account.contact_custom.iter().any(|k| k == key) => None,
            Self::Known(account) => account.custom(key).map(|definition| definition.kind.into()),
            Self::Guessed(guessed) => guessed.get(key).copied().filter(|_| model == Model::Conversation),
        }
    }
}
