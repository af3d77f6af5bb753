//! Attributes that the server does not filter by, and the client reads from the conversations that it returns.

use super::attribute::{Case, ValueType};

/// The attributes that the client reads from the returned conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the table says what each is")]
pub enum Local {
    ContactName,
    ContactEmail,
    ContactPhoneNumber,
    ContactIdentifier,
    ContactCity,
    ContactCompanyName,
    ContactCountryCode,
    ContactBlocked,
    Channel,
    Message,
    UnreadCount,
    Muted,
    CanReply,
    WaitingSince,
    FirstReplyCreatedAt,
    SnoozedUntil,
    UpdatedAt,
    AgentLastSeenAt,
}

/// One row of the table of local attributes.
#[derive(Debug)]
pub struct LocalInfo {
    /// The attribute.
    pub attribute: Local,
    /// Its name in the language.
    pub name: &'static str,
    /// What its values are.
    pub value_type: ValueType,
    /// Where it stands in the returned conversation.
    pub path: &'static [&'static str],
    /// What it is.
    pub about: &'static str,
}

const SENDER: &str = "sender";

/// The kinds of inboxes as conversations have them, by the names of the server's classes. A server that somebody has
/// added to may have others.
pub const CHANNELS: &[&str] = &[
    "Channel::WebWidget",
    "Channel::Email",
    "Channel::Api",
    "Channel::Whatsapp",
    "Channel::FacebookPage",
    "Channel::Instagram",
    "Channel::Telegram",
    "Channel::Line",
    "Channel::Sms",
    "Channel::TwilioSms",
    "Channel::Tiktok",
    "Channel::TwitterProfile",
    "Channel::Voice",
];

/// The table of local attributes.
pub static LOCAL: &[LocalInfo] = &[
    local(
        Local::ContactName,
        "contact.name",
        ValueType::Text(Case::Ignored),
        &["meta", SENDER, "name"],
        "the contact's name",
    ),
    local(
        Local::ContactEmail,
        "contact.email",
        ValueType::Text(Case::Ignored),
        &["meta", SENDER, "email"],
        "the contact's e-mail address",
    ),
    local(
        Local::ContactPhoneNumber,
        "contact.phone_number",
        ValueType::Text(Case::Ignored),
        &["meta", SENDER, "phone_number"],
        "the contact's telephone number",
    ),
    local(
        Local::ContactIdentifier,
        "contact.identifier",
        ValueType::Text(Case::Ignored),
        &["meta", SENDER, "identifier"],
        "the contact's identifier in your own system",
    ),
    local(
        Local::ContactCity,
        "contact.city",
        ValueType::Text(Case::Ignored),
        &["meta", SENDER, "additional_attributes", "city"],
        "the contact's city",
    ),
    local(
        Local::ContactCompanyName,
        "contact.company_name",
        ValueType::Text(Case::Ignored),
        &["meta", SENDER, "additional_attributes", "company_name"],
        "the contact's company",
    ),
    local(
        Local::ContactCountryCode,
        "contact.country_code",
        ValueType::Text(Case::Ignored),
        &["meta", SENDER, "additional_attributes", "country_code"],
        "the contact's country",
    ),
    local(
        Local::ContactBlocked,
        "contact.blocked",
        ValueType::Boolean,
        &["meta", SENDER, "blocked"],
        "whether the contact is blocked",
    ),
    local(
        Local::Channel,
        "channel",
        ValueType::Text(Case::Sensitive),
        &["meta", "channel"],
        "the inbox's kind, such as \"Channel::Email\"",
    ),
    local(
        Local::Message,
        "message",
        ValueType::Text(Case::Sensitive),
        &["last_non_activity_message", "content"],
        "the text of the last message",
    ),
    local(
        Local::UnreadCount,
        "unread_count",
        ValueType::Number,
        &["unread_count"],
        "how many messages no agent has read",
    ),
    local(Local::Muted, "muted", ValueType::Boolean, &["muted"], "whether it is muted"),
    local(Local::CanReply, "can_reply", ValueType::Boolean, &["can_reply"], "whether the channel allows an answer now"),
    local(
        Local::WaitingSince,
        "waiting_since",
        ValueType::Time,
        &["waiting_since"],
        "since when the contact waits for an answer",
    ),
    local(
        Local::FirstReplyCreatedAt,
        "first_reply_created_at",
        ValueType::Time,
        &["first_reply_created_at"],
        "when an agent first answered",
    ),
    local(Local::SnoozedUntil, "snoozed_until", ValueType::Time, &["snoozed_until"], "until when it is snoozed"),
    local(Local::UpdatedAt, "updated_at", ValueType::Time, &["updated_at"], "when its record last changed"),
    local(
        Local::AgentLastSeenAt,
        "agent_last_seen_at",
        ValueType::Time,
        &["agent_last_seen_at"],
        "when an agent last saw it",
    ),
];

const fn local(
    attribute: Local,
    name: &'static str,
    value_type: ValueType,
    path: &'static [&'static str],
    about: &'static str,
) -> LocalInfo {
    LocalInfo { attribute, name, value_type, path, about }
}

impl Local {
    /// The attribute's row of the table.
    #[must_use]
    pub fn info(self) -> &'static LocalInfo {
        static FALLBACK: LocalInfo = local(Local::Message, "", ValueType::Boolean, &[], "");
        LOCAL.get(self as usize).unwrap_or(&FALLBACK)
    }
}
