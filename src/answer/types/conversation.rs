//! A conversation, what is known around it, and its messages.

use serde_json::Value;

use super::super::Conversation;
use super::{Assignee, Contact, ContentType, MessageStatus, MessageType, Object, Priority, SenderType, Status, Time};
use super::{Member, Typed, record};

record! {
    /// A conversation with a place for each documented member.
    ///
    /// ```
    /// use cwql::answer::{ConversationDetails, Status};
    ///
    /// let json = r#"{"id": 7, "status": "open", "inbox_id": "31", "labels": ["vip"], "priority": null}"#;
    /// let conversation: ConversationDetails = serde_json::from_str(json)?;
    /// assert_eq!(conversation.status, Some(Status::Open));
    /// assert_eq!((conversation.inbox_id, conversation.priority), (Some(31), None));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ConversationDetails {
        /// The display id, as in the conversation's address.
        id: Option<i64>,
        /// The account.
        account_id: Option<i64>,
        /// An id that no other conversation of any account has.
        uuid: Option<String>,
        /// The inbox.
        inbox_id: Option<i64>,
        /// The state.
        status: Option<Status>,
        /// The priority.
        priority: Option<Priority>,
        /// The titles of the labels.
        labels: Vec<String>,
        /// The contact, the assignee, the team, the channel.
        meta: ConversationMeta,
        /// The last message, or the first unread ones.
        messages: Vec<Message>,
        /// The last message that is no activity.
        last_non_activity_message: Option<Message>,
        /// What the channel knows, as the browser, its language, the referer, a mail's subject.
        additional_attributes: Object,
        /// Custom attributes by key.
        custom_attributes: Object,
        /// Messages of the contact that no agent has seen.
        unread_count: Option<i64>,
        /// Whether the channel still lets an agent answer.
        can_reply: Option<bool>,
        /// Whether notifications are off.
        muted: Option<bool>,
        /// When it began.
        created_at: Option<Time>,
        /// When it last changed, with a fraction.
        updated_at: Option<Time>,
        /// When something last happened in it.
        last_activity_at: Option<Time>,
        /// As `last_activity_at`, a number although documented as a text.
        timestamp: Option<Time>,
        /// When an agent first answered.
        first_reply_created_at: Option<Time>,
        /// Since when the contact waits.
        waiting_since: Option<Time>,
        /// Until when it is put aside.
        snoozed_until: Option<Time>,
        /// When an agent last saw it.
        agent_last_seen_at: Option<Time>,
        /// When the assignee last saw it.
        assignee_last_seen_at: Option<Time>,
        /// When the contact last saw it.
        contact_last_seen_at: Option<Time>,
        /// The service level agreement.
        sla_policy_id: Option<i64>,
        /// How it stands with that agreement.
        applied_sla: Object,
        /// When it was missed.
        sla_events: Vec<Value>,
    }
}

record! {
    /// What is known around a conversation.
    ConversationMeta {
        /// The contact.
        sender: Option<Contact>,
        /// The class of the channel, as `Channel::WebWidget`.
        channel: Option<String>,
        /// Who it is assigned to.
        assignee: Option<Assignee>,
        /// Whether that is an agent or a bot.
        assignee_type: Option<SenderType>,
        /// The team.
        team: Option<Team>,
        /// Whether the contact's identity is proven.
        hmac_verified: Option<bool>,
    }
}

/// Empty rather than missing, so that what is in it is reached in one step.
impl Member for ConversationMeta {
    fn read_member(value: &Value) -> Option<Self> {
        value.as_object().filter(|object| !object.is_empty())?;
        Self::read(value)
    }

    fn write_member(&self) -> Option<Value> {
        Some(self.write()).filter(|value| value.as_object().is_some_and(|object| !object.is_empty()))
    }
}

record! {
    /// A team.
    Team {
        /// The id.
        id: Option<i64>,
        /// The name.
        name: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// Whether its conversations are assigned by turns.
        allow_auto_assign: Option<bool>,
        /// The account.
        account_id: Option<i64>,
        /// Whether the token's user is in it.
        is_member: Option<bool>,
    }
}

record! {
    /// A message.
    Message {
        /// The id.
        id: Option<i64>,
        /// The text.
        content: Option<String>,
        /// The account.
        account_id: Option<i64>,
        /// The inbox.
        inbox_id: Option<i64>,
        /// The display id of the conversation.
        conversation_id: Option<i64>,
        /// From whom to whom.
        message_type: Option<MessageType>,
        /// When it was written.
        created_at: Option<Time>,
        /// When it last changed.
        updated_at: Option<Time>,
        /// Whether it is a note among agents.
        private: Option<bool>,
        /// How far it has come.
        status: Option<MessageStatus>,
        /// The id at the channel.
        source_id: Option<String>,
        /// What it is made of.
        content_type: Option<ContentType>,
        /// What belongs to that, as the items of a choice.
        content_attributes: Object,
        /// The kind of its sender.
        sender_type: Option<SenderType>,
        /// The sender's id.
        sender_id: Option<i64>,
        /// Its ids in other systems.
        external_source_ids: Object,
        /// Other facts, as the template it was made of.
        additional_attributes: Object,
        /// The text as it is searched.
        processed_message_content: Option<String>,
        /// What is thought of its mood.
        sentiment: Object,
        /// Facts of its conversation.
        conversation: Object,
        /// A file, as documented.
        attachment: Object,
        /// Files, as servers send them.
        attachments: Vec<Value>,
        /// The sender.
        sender: Object,
    }
}

impl Conversation {
    /// Its members, each in its typed place.
    ///
    /// # Errors
    /// It is no JSON object.
    pub fn details(&self) -> Result<ConversationDetails, serde_json::Error> {
        serde_json::from_str(self.json())
    }
}
