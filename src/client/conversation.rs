//! A conversation as the server sent it.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// A conversation: the bytes of the answer, and what they say.
#[derive(Clone)]
pub struct Conversation {
    raw: Box<RawValue>,
    id: i64,
    last_activity_at: i64,
    /// Read when it is asked for: most conversations are only passed on.
    value: OnceLock<Value>,
}

/// What every conversation is known by; the rest is skipped.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    last_activity_at: Option<&'a RawValue>,
}

impl Conversation {
    /// The error is what is wrong with it.
    pub(super) fn new(raw: Box<RawValue>) -> Result<Self, String> {
        let head: Head<'_> = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
        let id = head.id.and_then(|id| whole(id.get())).ok_or("a conversation without an id")?;
        let last_activity_at = head.last_activity_at.and_then(|at| whole(at.get())).unwrap_or_default();
        Ok(Self { raw, id, last_activity_at, value: OnceLock::new() })
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
        self.raw.get()
    }

    /// The JSON object; `null` where it has a number that no double can hold.
    #[must_use]
    pub fn value(&self) -> &Value {
        self.value.get_or_init(|| serde_json::from_str(self.raw.get()).unwrap_or_default())
    }
}

/// The id alone: what is said in a conversation is nobody's business, and the record of an assignee carries tokens.
impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversation").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A whole number; some versions and proxies write numbers as texts, or with a fraction.
fn whole(json: &str) -> Option<i64> {
    let text: Cow<'_, str> =
        if json.starts_with('"') { serde_json::from_str(json).ok().map(Cow::Owned)? } else { Cow::Borrowed(json) };
    let text = text.trim();
    #[expect(clippy::cast_possible_truncation, reason = "a fraction of a second, or of an id, says nothing")]
    text.parse()
        .ok()
        .or_else(|| text.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_texts_or_have_a_fraction() {
        for (json, id) in [("7", 7), ("\"7\"", 7), ("7.0", 7), ("\" 7 \"", 7), ("-3", -3), ("1e3", 1000)] {
            let raw =
                RawValue::from_string(format!("{{\"a\":[{{}}],\"id\":{json},\"last_activity_at\":{json}}}")).unwrap();
            let conversation = Conversation::new(raw).unwrap();
            assert_eq!((conversation.id(), conversation.last_activity_at()), (id, id), "{json}");
        }
        for json in ["{}", r#"{"id":null}"#, r#"{"id":"x"}"#, r#"{"id":[1]}"#, r#"{"id":"inf"}"#, "[]", "1"] {
            let raw = RawValue::from_string(json.to_owned()).unwrap();
            assert!(Conversation::new(raw).is_err(), "{json}");
        }
    }
}
