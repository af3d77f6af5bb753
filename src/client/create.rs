//! `POST conversations`: a new conversation.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use reqwest::{Method, Url};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::transport::first_line;
use super::{Client, ClientError, Effect};
use crate::answer::{ConversationDetails, Object, Status};
use crate::eval::whole;

/// A conversation to be created, in the words of the documented request. What is not given is not sent.
///
/// ```
/// use cwql::answer::Status;
/// use cwql::client::{NewConversation, NewMessage};
///
/// let mut new = NewConversation::new("1234567890", 1);
/// new.status = Some(Status::Open);
/// new.message = Some(NewMessage { content: Some("Hello".to_owned()), ..NewMessage::default() });
/// let json = r#"{"source_id":"1234567890","inbox_id":1,"status":"open","message":{"content":"Hello"}}"#;
/// assert_eq!(serde_json::to_string(&new)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
#[non_exhaustive]
pub struct NewConversation {
    /// The contact's id at the inbox's channel.
    pub source_id: String,
    /// The inbox.
    pub inbox_id: i64,
    /// The contact; without one, the server takes who already has the `source_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<i64>,
    /// What the channel knows, as the browser.
    #[serde(default, skip_serializing_if = "Object::is_empty")]
    pub additional_attributes: Object,
    /// Custom attributes by key.
    #[serde(default, skip_serializing_if = "Object::is_empty")]
    pub custom_attributes: Object,
    /// The state; open without one. Snoozed goes with `snoozed_until`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee_id: Option<i64>,
    /// The team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_id: Option<i64>,
    /// Until when it is put aside; sent as `2030-07-21T17:32:28Z`.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "write_time",
        deserialize_with = "read_time"
    )]
    pub snoozed_until: Option<Timestamp>,
    /// The first message, from the token's user to the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<NewMessage>,
}

impl NewConversation {
    /// The members of the request.
    pub const MEMBERS: [&'static str; 10] = [
        "source_id",
        "inbox_id",
        "contact_id",
        "additional_attributes",
        "custom_attributes",
        "status",
        "assignee_id",
        "team_id",
        "snoozed_until",
        "message",
    ];

    /// A conversation with what must be given.
    #[must_use]
    pub fn new(source_id: impl Into<String>, inbox_id: i64) -> Self {
        Self {
            source_id: source_id.into(),
            inbox_id,
            contact_id: None,
            additional_attributes: Object::new(),
            custom_attributes: Object::new(),
            status: None,
            assignee_id: None,
            team_id: None,
            snoozed_until: None,
            message: None,
        }
    }
}

/// The first message of a new conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(expecting = "an object")]
pub struct NewMessage {
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// A template of the channel, which some channels want for a first message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_params: Option<TemplateParams>,
    /// Other members, which are not documented here.
    #[serde(flatten)]
    pub other: Object,
}

/// A template of a message, as WhatsApp has them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(expecting = "an object")]
pub struct TemplateParams {
    /// The template's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its category, as `UTILITY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Its language, as `en_US`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What is put in its places, by their numbers or names.
    #[serde(default, skip_serializing_if = "Object::is_empty")]
    pub processed_params: Object,
    /// Other members, which are not documented here.
    #[serde(flatten)]
    pub other: Object,
}

fn write_time<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.to_string()).serialize(serializer)
}

fn read_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    let parsed = text.map(|text| {
        text.parse().map_err(|_| {
            serde::de::Error::invalid_value(serde::de::Unexpected::Str(&text), &"a time like 2030-07-21T17:32:28Z")
        })
    });
    parsed.transpose()
}

/// A conversation that was created.
#[derive(Clone)]
#[non_exhaustive]
pub struct Created {
    /// The display id, as in the conversation's address.
    pub id: i64,
    /// The account.
    pub account_id: Option<i64>,
    /// The inbox.
    pub inbox_id: Option<i64>,
    json: Box<RawValue>,
}

impl Created {
    /// The answer byte for byte as the server sent it: the documented three members, or the whole conversation.
    #[must_use]
    pub fn json(&self) -> &str {
        self.json.get()
    }

    /// The conversation's members, each in its typed place.
    ///
    /// # Errors
    /// It is no JSON object.
    pub fn details(&self) -> Result<ConversationDetails, serde_json::Error> {
        serde_json::from_str(conversation(self.json())?)
    }
}

/// What [`Conversation`](crate::answer::Conversation) shows too: the record of an assignee carries tokens.
impl fmt::Debug for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, account_id, inbox_id, json: _ } = self;
        f.debug_struct("Created")
            .field("id", id)
            .field("account_id", account_id)
            .field("inbox_id", inbox_id)
            .finish_non_exhaustive()
    }
}

/// The conversation of an answer, which may stand in its `data`.
fn conversation(answer: &str) -> Result<&str, serde_json::Error> {
    let mut members: BTreeMap<String, &RawValue> = serde_json::from_str(answer)?;
    let data = members.remove("data").map(RawValue::get);
    Ok(data.filter(|data| data.starts_with('{')).unwrap_or(answer))
}

impl Client {
    /// Creates a conversation. It is asked for once: where the answer is lost, nobody knows whether there is one now.
    ///
    /// ```no_run
    /// # async fn example(client: cwql::Client) -> Result<(), cwql::client::ClientError> {
    /// use cwql::client::NewConversation;
    ///
    /// let mut new = NewConversation::new("1234567890", 1);
    /// new.contact_id = Some(1);
    /// println!("{}", client.create(&new).await?.id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The server cannot be reached, refuses, or answers something else; 404 where the inbox or the contact is none.
    pub async fn create(&self, new: &NewConversation) -> Result<Created, ClientError> {
        let url = self.create_url()?;
        let sent = serde_json::to_string(new).map_err(|error| ClientError::Setup(error.to_string()))?;
        let body = self.transport.send(Effect::Write, Method::POST, url, Some(sent)).await?;
        // It was answered as if it were done: whoever repeats it may do it twice.
        let unconfirmed = |error: &ClientError| ClientError::Unconfirmed { reason: first_line(error) };
        let created = self.transport.read(&body, |body| {
            let json: Box<RawValue> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
            let answer = conversation(json.get()).and_then(serde_json::from_str::<Value>);
            let answer = answer.map_err(|error| error.to_string())?;
            let member = |key: &str| answer.get(key).and_then(whole);
            let id = member("id").ok_or("no id of the new conversation in it")?;
            Ok(Created { id, account_id: member("account_id"), inbox_id: member("inbox_id"), json })
        });
        created.map_err(|error| unconfirmed(&error))
    }

    /// Where a new conversation is sent.
    pub(crate) fn create_url(&self) -> Result<Url, ClientError> {
        self.url("conversations")
    }
}
