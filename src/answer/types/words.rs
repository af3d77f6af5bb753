//! Words and codes of a fixed set, which a later server may enlarge: an unknown one is kept as it is.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::Typed;
use crate::eval::whole;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A word that this version does not know.
            Other(String),
        }

        impl $name {
            /// The known words.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            /// The word as the server writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    _ => Self::Other(word.to_owned()),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Typed for $name {
            fn read(value: &Value) -> Option<Self> {
                value.as_str().map(Self::from)
            }

            fn write(&self) -> Value {
                Value::from(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(|word| Self::from(word.as_str()))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

words! {
    /// The state of a conversation.
    ///
    /// ```
    /// use cwql::answer::Status;
    ///
    /// assert_eq!(Status::from("open"), Status::Open);
    /// assert_eq!(Status::from("parked").as_str(), "parked");
    /// ```
    Status {
        /// Someone has to do something.
        Open = "open",
        /// Done.
        Resolved = "resolved",
        /// In the hands of a bot.
        Pending = "pending",
        /// Put aside until a message or a time comes.
        Snoozed = "snoozed",
    }
}

words! {
    /// How urgent a conversation is; one without priority has none of these.
    Priority {
        /// Low.
        Low = "low",
        /// Medium.
        Medium = "medium",
        /// High.
        High = "high",
        /// Urgent.
        Urgent = "urgent",
    }
}

words! {
    /// How far a message has come.
    MessageStatus {
        /// Handed over to the channel.
        Sent = "sent",
        /// Arrived.
        Delivered = "delivered",
        /// Seen.
        Read = "read",
        /// Not sent; `content_attributes` may say why.
        Failed = "failed",
    }
}

words! {
    /// What a message is made of.
    ContentType {
        /// Text.
        Text = "text",
        /// A question for a line of text.
        InputText = "input_text",
        /// A question for a longer text.
        InputTextarea = "input_textarea",
        /// A question for an e-mail address.
        InputEmail = "input_email",
        /// A choice.
        InputSelect = "input_select",
        /// Cards.
        Cards = "cards",
        /// A form.
        Form = "form",
        /// An article of the help center.
        Article = "article",
        /// An e-mail that came in.
        IncomingEmail = "incoming_email",
        /// A question for satisfaction.
        InputCsat = "input_csat",
        /// Something of an integration, as a video call.
        Integrations = "integrations",
        /// A sticker.
        Sticker = "sticker",
    }
}

words! {
    /// Who sends a message, or who a conversation is assigned to: the name of the server's class.
    SenderType {
        /// A contact; where it is written `contact`, as it is documented, that is kept as another word.
        Contact = "Contact",
        /// An agent.
        User = "User",
        /// A bot.
        AgentBot = "AgentBot",
    }
}

words! {
    /// What a user may do in an account.
    Role {
        /// Answers conversations.
        Agent = "agent",
        /// Manages the account too.
        Administrator = "administrator",
    }
}

words! {
    /// Whether a user or a contact is there.
    Availability {
        /// There.
        Online = "online",
        /// Not there.
        Offline = "offline",
        /// There, but not to be disturbed.
        Busy = "busy",
    }
}

/// The kind of a message, a number in JSON.
///
/// ```
/// use cwql::answer::MessageType;
///
/// assert_eq!(MessageType::from(1), MessageType::Outgoing);
/// assert_eq!(MessageType::from(9).code(), 9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageType {
    /// 0, from the contact.
    Incoming,
    /// 1, to the contact; also private notes.
    Outgoing,
    /// 2, something that happened, as an assignment.
    Activity,
    /// 3, written by the system or from a template.
    Template,
    /// A code that this version does not know.
    Other(i64),
}

impl MessageType {
    /// The number as the server writes it.
    #[must_use]
    pub fn code(self) -> i64 {
        match self {
            Self::Incoming => 0,
            Self::Outgoing => 1,
            Self::Activity => 2,
            Self::Template => 3,
            Self::Other(code) => code,
        }
    }
}

impl From<i64> for MessageType {
    fn from(code: i64) -> Self {
        match code {
            0 => Self::Incoming,
            1 => Self::Outgoing,
            2 => Self::Activity,
            3 => Self::Template,
            _ => Self::Other(code),
        }
    }
}

impl Typed for MessageType {
    fn read(value: &Value) -> Option<Self> {
        whole(value).map(Self::from)
    }

    fn write(&self) -> Value {
        Value::from(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{PRIORITIES, STATUSES};

    #[test]
    fn the_words_are_those_that_a_query_knows() {
        assert!(Status::KNOWN.iter().map(Status::as_str).eq(STATUSES.iter().copied()));
        assert!(Priority::KNOWN.iter().map(Priority::as_str).eq(PRIORITIES.iter().copied()));
    }
}
