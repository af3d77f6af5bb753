//! Custom attribute definitions, as far as the filter service looks at them.

use super::json::{Json, text_to_column};
use crate::schema::CustomKind;

/// The custom attribute definitions of an account.
pub(crate) trait Definitions {
    /// The type of a key. Keys are compared exactly.
    fn attribute_type(&self, model: Model, key: &str) -> Option<AttributeType>;
}

/// Whose attribute a definition describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Model {
    Conversation,
    Contact,
}

impl Model {
    /// The model that a condition's `custom_attribute_type` names: absent or blank is the
    /// conversation, and what names nothing finds no definition.
    pub(crate) fn named_by(value: &Json) -> Option<Self> {
        match value {
            blank if blank.is_blank() => Some(Self::Conversation),
            Json::Str(word) => Self::from_code(word).or_else(|| Self::from_number(text_to_column(word)?)),
            Json::Bool(_) => Self::from_number(1),
            number => Self::from_number(number.to_i().ok()?),
        }
    }

    /// An enum column takes what is none of its words for a number, as any column of whole numbers does.
    fn from_number(number: i64) -> Option<Self> {
        Self::from_code(&number.to_string())
    }

    /// The word or the number of the enum column.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        match code {
            "conversation_attribute" | "0" => Some(Self::Conversation),
            "contact_attribute" | "1" => Some(Self::Contact),
            _ => None,
        }
    }
}

/// The type that SQL gives a custom attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttributeType {
    /// Text, link and list.
    Text,
    Number,
    Date,
    Checkbox,
    /// Currency and percent: the server has no SQL type for them.
    Unmapped,
}

impl From<CustomKind> for AttributeType {
    fn from(kind: CustomKind) -> Self {
        match kind {
            CustomKind::Text | CustomKind::Link | CustomKind::List => Self::Text,
            CustomKind::Number => Self::Number,
            CustomKind::Date => Self::Date,
            CustomKind::Checkbox => Self::Checkbox,
            CustomKind::Currency | CustomKind::Percent => Self::Unmapped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_named_by_its_word_or_by_what_a_column_takes_for_its_number() {
        let named = |json: &str| Model::named_by(&Json::from_raw(json).unwrap());
        for json in
            ["null", r#""""#, r#"" ""#, "[]", "false", "0", "0.5", r#""0""#, r#"" 0x""#, r#""conversation_attribute""#]
        {
            assert_eq!(named(json), Some(Model::Conversation), "{json}");
        }
        for json in ["1", "1.9", "true", r#""1""#, r#"" +1 of""#, r#""contact_attribute""#] {
            assert_eq!(named(json), Some(Model::Contact), "{json}");
        }
        for json in [
            "2",
            "-1",
            r#""bogus""#,
            r#""company_attribute""#,
            r#""x1""#,
            r#""2""#,
            r#"{"a":1}"#,
            "99999999999999999999",
        ] {
            assert_eq!(named(json), None, "{json}");
        }
    }
}
