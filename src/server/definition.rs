//! Custom attribute definitions, as far as the filter service looks at them.

use super::json::Json;

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
    /// conversation, and what names nothing finds no definition (section 10).
    pub(crate) fn named_by(value: &Json) -> Option<Self> {
        match value {
            blank if blank.is_blank() => Some(Self::Conversation),
            Json::Int(code) => Self::from_code(&code.to_string()),
            Json::Str(word) => Self::from_code(word),
            _ => None,
        }
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
    /// Currency and percent: the server has no SQL type for them (section 10).
    Unmapped,
}
