//! A conversation as the server sent it.

use std::fmt;
use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::eval::{epoch_second, whole};
use crate::scan::{AnswerRow, NO_ID};

/// A conversation: the bytes of the answer, and what they say.
#[derive(Clone)]
pub struct Conversation {
    /// By itself: a conversation that is kept does not keep the page that it came with.
    json: Box<str>,
    id: i64,
    last_activity_at: i64,
    /// Read when it is asked for: most conversations are only passed on.
    value: OnceLock<Value>,
}

/// What every conversation is known by; the rest is skipped. Of a member that stands twice the last one counts, as
/// everywhere in this crate.
#[derive(Default)]
struct Head<'a> {
    id: Option<&'a RawValue>,
    last_activity_at: Option<&'a RawValue>,
}

/// The name of a member.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Member {
    Id,
    LastActivityAt,
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for Head<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Head<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a conversation")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut head = Head::default();
                while let Some(key) = map.next_key()? {
                    match key {
                        Member::Id => head.id = Some(map.next_value()?),
                        Member::LastActivityAt => head.last_activity_at = Some(map.next_value()?),
                        Member::Other => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(head)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl Conversation {
    /// From text that is JSON. The error is what is wrong with it.
    pub(crate) fn new(json: &str) -> Result<Self, String> {
        Self::known(&row(json)?)
    }

    /// From an object whose head is read already. The error is what is wrong with it.
    pub(super) fn known(row: &AnswerRow<'_>) -> Result<Self, String> {
        let (id, last_activity_at) = numbers(row)?;
        Ok(Self { json: row.text.into(), id, last_activity_at, value: OnceLock::new() })
    }

    /// The id and the last activity that [`Conversation::from_json`] would read, for a text that is not kept.
    #[cfg(feature = "cli")]
    pub(crate) fn head(json: &str) -> Result<(i64, i64), String> {
        let raw: &RawValue = serde_json::from_str(json).map_err(|error| error.to_string())?;
        numbers(&row(raw.get())?)
    }

    /// A conversation from the text of its JSON object.
    ///
    /// # Errors
    /// What is wrong with the text, or that it has no id.
    pub fn from_json(json: &str) -> Result<Self, String> {
        let raw: &RawValue = serde_json::from_str(json).map_err(|error| error.to_string())?;
        Self::new(raw.get())
    }

    /// The display id, as in the conversation's address.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// When something last happened in it, in epoch seconds; 0 if the server does not say.
    #[must_use]
    pub fn last_activity_at(&self) -> i64 {
        self.last_activity_at
    }

    /// The JSON object byte for byte as the server sent it.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The JSON object; `null` where it has a number that no double can hold.
    #[must_use]
    pub fn value(&self) -> &Value {
        self.value.get_or_init(|| serde_json::from_str(&self.json).unwrap_or_default())
    }
}

/// The id alone: what is said in a conversation is nobody's business, and the record of an assignee carries tokens.
impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversation").field("id", &self.id).finish_non_exhaustive()
    }
}

fn row(json: &str) -> Result<AnswerRow<'_>, String> {
    let head: Head<'_> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let (id, last_activity_at) = (head.id.map(RawValue::get), head.last_activity_at.map(RawValue::get));
    Ok(AnswerRow { text: json, id, last_activity_at })
}

/// The id and the last activity.
fn numbers(row: &AnswerRow<'_>) -> Result<(i64, i64), String> {
    let id = row.id.and_then(|json| number(json, whole)).ok_or(NO_ID)?;
    Ok((id, row.last_activity_at.and_then(|json| number(json, epoch_second)).unwrap_or_default()))
}

/// A number or time as it stands in an answer; nearly all are digits alone.
fn number(json: &str, otherwise: fn(&Value) -> Option<i64>) -> Option<i64> {
    json.parse().ok().or_else(|| otherwise(&serde_json::from_str(json).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_texts_or_have_a_fraction() {
        for (json, id) in [("7", 7), ("\"7\"", 7), ("7.0", 7), ("\" 7 \"", 7), ("-3", -3), ("1e3", 1000)] {
            let object = format!("{{\"a\":[{{}}],\"id\":{json},\"last_activity_at\":{json}}}");
            let conversation = Conversation::new(&object).unwrap();
            assert_eq!((conversation.id(), conversation.last_activity_at()), (id, id), "{json}");
        }
        for json in ["{}", r#"{"id":null}"#, r#"{"id":"x"}"#, r#"{"id":[1]}"#, r#"{"id":"inf"}"#, "[]", "1"] {
            assert!(Conversation::new(json).is_err(), "{json}");
        }
    }
}
