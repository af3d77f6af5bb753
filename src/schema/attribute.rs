//! Attributes and what can be asked of them: the one table behind the checks, `cwql fields` and the planner.
//!
//! Keys, operators and versions are those of the server, recorded from Chatwoot 4.3.0 to 4.15.1.

use std::fmt;

use super::account::NameList;
use super::local::Local;
use super::operator::{WireOperator, WireOperators};
use super::version::ServerVersion;

/// An attribute that a condition may name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Attribute {
    /// One of the attributes that every Chatwoot ships.
    Standard(Standard),
    /// Read from the returned conversation by the client alone.
    Local(Local),
    /// A custom attribute of conversations.
    Custom(Custom),
    /// A key of the conversation's additional attributes that the server does not filter by.
    Additional(Box<str>),
    /// A custom attribute of the conversation's contact; the server does not filter by it.
    ContactCustom(Box<str>),
}

/// A custom attribute of conversations: its key and its type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Custom {
    /// The key, as the account defines it.
    pub key: Box<str>,
    /// The type of its values.
    pub kind: CustomKind,
}

/// The types of custom attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CustomKind {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// An amount of money: the server cannot filter by it.
    Currency,
    /// A percentage: the server cannot filter by it.
    Percent,
    /// An address, compared as text.
    Link,
    /// A calendar date.
    Date,
    /// One of a list of texts, compared as text.
    List,
    /// True or false.
    Checkbox,
}

/// Why the server does not filter by a custom attribute as by others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hindrance {
    /// A standard attribute has the same key.
    Shadowed,
    /// Values of its type cannot be compared.
    NoCast,
    /// Values of this key are compared by rules of another kind of record; whether there is one is not.
    OwnRules,
}

/// Keys whose values the server's filter, which it shares with other records, reads in another way than those of
/// custom attributes: as words of an enumeration, or without regard to the attribute's type.
const OWN_RULES: &[&str] = &["message_type", "content"];

impl CustomKind {
    /// Every type with the name that the API gives it (`attribute_display_type`).
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("text", Self::Text),
        ("number", Self::Number),
        ("currency", Self::Currency),
        ("percent", Self::Percent),
        ("link", Self::Link),
        ("date", Self::Date),
        ("list", Self::List),
        ("checkbox", Self::Checkbox),
    ];

    /// The type that the API calls `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|&(_, kind)| kind)
    }

    /// What the API calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Whether the server can compare values of the type.
    #[must_use]
    pub const fn is_filtered(self) -> bool {
        !matches!(self, Self::Currency | Self::Percent)
    }

    /// Why servers of a version do not filter by an attribute of this key and type as by others; none if they do.
    pub(crate) fn hindrance(self, key: &str, version: ServerVersion) -> Option<Hindrance> {
        if StandardInfo::with_key(key, version).is_some() {
            Some(Hindrance::Shadowed)
        } else if !self.is_filtered() {
            Some(Hindrance::NoCast)
        } else if OWN_RULES.contains(&key) {
            Some(Hindrance::OwnRules)
        } else {
            None
        }
    }

    /// What its values are.
    #[must_use]
    pub fn value_type(self) -> ValueType {
        match self {
            Self::Text | Self::Link | Self::List => ValueType::Text(Case::Ignored),
            Self::Number | Self::Currency | Self::Percent => ValueType::Number,
            Self::Date => ValueType::Date,
            Self::Checkbox => ValueType::Boolean,
        }
    }
}

/// What the values of an attribute are, and so how they are written and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueType {
    /// One of a few words.
    Word(&'static [&'static str]),
    /// The number of a record, with the names that it can be found by.
    Id(IdType),
    /// The labels of a conversation.
    Labels,
    /// Text.
    Text(Case),
    /// A point in time, in epoch seconds; days are UTC's.
    Time,
    /// A calendar date without a zone.
    Date,
    /// A decimal number.
    Number,
    /// True or false.
    Boolean,
}

/// Whether what is asked of a text looks at the case of its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `en` is not `EN`.
    Sensitive,
    /// `en` is `EN`.
    Ignored,
}

/// Which records the numbers of an attribute belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdType {
    /// Agents, found by name, by e-mail address and as `@me`.
    Agent,
    /// Inboxes, found by name.
    Inbox,
    /// Teams, found by name.
    Team,
    /// Campaigns. Their names are of no use: the filter compares a key that the API never returns.
    Campaign,
    /// Contacts.
    Contact,
    /// The conversation itself.
    Conversation,
}

impl IdType {
    /// The largest number that the server's column holds.
    #[must_use]
    pub const fn max(self) -> i64 {
        match self {
            Self::Agent | Self::Inbox | Self::Conversation => i32::MAX as i64,
            Self::Team | Self::Campaign | Self::Contact => i64::MAX,
        }
    }

    /// The list that its records are named in, where an account has one.
    #[must_use]
    pub(crate) const fn list(self) -> Option<NameList> {
        match self {
            Self::Agent => Some(NameList::Agents),
            Self::Inbox => Some(NameList::Inboxes),
            Self::Team => Some(NameList::Teams),
            Self::Campaign | Self::Contact | Self::Conversation => None,
        }
    }

    /// What one record is called in messages.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Inbox => "inbox",
            Self::Team => "team",
            Self::Campaign => "campaign",
            Self::Contact => "contact",
            Self::Conversation => "conversation",
        }
    }
}

/// The operators of the language in groups that are allowed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperatorGroup {
    /// `=`, `!=`, IN, NOT IN
    Equality,
    /// CONTAINS, NOT CONTAINS
    Containment,
    /// STARTS WITH, NOT STARTS WITH
    Prefix,
    /// LIKE, NOT LIKE
    Pattern,
    /// `<`, `<=`, `>`, `>=`, BETWEEN, NOT BETWEEN
    Order,
    /// OLDER THAN: numbers are ordered too, but have no age.
    Age,
    /// IS PRESENT, IS MISSING
    Presence,
}

impl OperatorGroup {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Equality, Self::Containment, Self::Prefix, Self::Pattern, Self::Order, Self::Age, Self::Presence];
}

impl ValueType {
    /// The operators that go with it.
    #[must_use]
    pub const fn operators(self) -> &'static [OperatorGroup] {
        use OperatorGroup::{Age, Containment, Equality, Order, Pattern, Prefix, Presence};
        match self {
            Self::Id(IdType::Conversation) => &[Equality, Containment, Pattern, Presence],
            Self::Word(_) | Self::Id(_) | Self::Labels | Self::Boolean => &[Equality, Presence],
            Self::Text(_) => &[Equality, Containment, Prefix, Pattern, Presence],
            Self::Time | Self::Date => &[Equality, Order, Age, Presence],
            Self::Number => &[Equality, Order, Presence],
        }
    }

    /// What a value of it is called in messages.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Word(_) => "one of a few words",
            Self::Id(_) => "an id",
            Self::Labels => "a label",
            Self::Text(_) => "a text",
            Self::Time => "a date or an instant",
            Self::Date => "a date",
            Self::Number => "a number",
            Self::Boolean => "true or false",
        }
    }
}

/// The attributes that every Chatwoot ships and filters by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the table says what each is")]
pub enum Standard {
    Status,
    Priority,
    AssigneeId,
    InboxId,
    TeamId,
    ContactId,
    DisplayId,
    CampaignId,
    Labels,
    BrowserLanguage,
    ConversationLanguage,
    CountryCode,
    Referer,
    MailSubject,
    CreatedAt,
    LastActivityAt,
}

/// One row of the table of standard attributes.
#[derive(Debug)]
pub struct StandardInfo {
    /// The attribute.
    pub attribute: Standard,
    /// Its key on the wire.
    pub key: &'static str,
    /// Other names that the language accepts.
    pub aliases: &'static [&'static str],
    /// What its values are.
    pub value_type: ValueType,
    /// Which operators of the API the server accepts for it.
    pub wire: WireOperators,
    /// Whether its value can be missing.
    pub nullable: bool,
    /// Whether it is stored in the conversation's additional attributes (and has the long form `additional.key`).
    pub additional: bool,
    /// The first version of the server that filters by it.
    pub since: ServerVersion,
    /// The first version that no longer does.
    pub until: Option<ServerVersion>,
    /// What it is.
    pub about: &'static str,
}

/// The four statuses, in the order of their numbers on the server.
pub const STATUSES: &[&str] = &["open", "resolved", "pending", "snoozed"];

/// The four priorities, in the order of their numbers on the server.
pub const PRIORITIES: &[&str] = &["low", "medium", "high", "urgent"];

const FIRST: ServerVersion = ServerVersion::new(3, 8, 0);
const EQUALITY: WireOperators = WireOperators::of(&[WireOperator::EqualTo, WireOperator::NotEqualTo]);
const PRESENCE: WireOperators = WireOperators::of(&[
    WireOperator::EqualTo,
    WireOperator::NotEqualTo,
    WireOperator::IsPresent,
    WireOperator::IsNotPresent,
]);
const CONTAINMENT: WireOperators = WireOperators::of(&[
    WireOperator::EqualTo,
    WireOperator::NotEqualTo,
    WireOperator::Contains,
    WireOperator::DoesNotContain,
]);
const DAYS: WireOperators =
    WireOperators::of(&[WireOperator::IsGreaterThan, WireOperator::IsLessThan, WireOperator::DaysBefore]);

macro_rules! standard {
    ($( $attribute:ident $key:literal $aliases:expr, $value_type:expr, $wire:expr, $flags:expr, $about:literal )*) => {
        /// The table of standard attributes.
        pub static STANDARD: &[StandardInfo] = &[$( {
            let (nullable, additional, since, until) = $flags;
            StandardInfo {
                attribute: Standard::$attribute, key: $key, aliases: $aliases, value_type: $value_type, wire: $wire,
                nullable, additional, since, until, about: $about,
            }
        }, )*];

        impl Standard {
            /// The attribute's row of the table.
            #[must_use]
            pub fn info(self) -> &'static StandardInfo {
                // The table has a row for each variant, in the order of the variants (tested).
                static FALLBACK: StandardInfo = StandardInfo {
                    attribute: Standard::Status, key: "", aliases: &[], value_type: ValueType::Labels, wire: WireOperators::of(&[]),
                    nullable: false, additional: false, since: FIRST, until: None, about: "",
                };
                STANDARD.get(self as usize).unwrap_or(&FALLBACK)
            }
        }
    };
}

const ALWAYS: (bool, bool, ServerVersion, Option<ServerVersion>) = (false, false, FIRST, None);
const NULLABLE: (bool, bool, ServerVersion, Option<ServerVersion>) = (true, false, FIRST, None);
const ADDITIONAL: (bool, bool, ServerVersion, Option<ServerVersion>) = (true, true, FIRST, None);

standard! {
    Status "status" &[], ValueType::Word(STATUSES), EQUALITY, ALWAYS, "open, resolved, pending or snoozed"
    Priority "priority" &[], ValueType::Word(PRIORITIES), EQUALITY, NULLABLE, "low, medium, high or urgent"
    AssigneeId "assignee_id" &["assignee"], ValueType::Id(IdType::Agent), PRESENCE, NULLABLE, "the assigned agent: id, name, e-mail address or @me; missing where a bot is assigned"
    InboxId "inbox_id" &["inbox"], ValueType::Id(IdType::Inbox), PRESENCE, ALWAYS, "the inbox: id or name"
    TeamId "team_id" &["team"], ValueType::Id(IdType::Team), PRESENCE, NULLABLE, "the team: id or name"
    ContactId "contact_id" &["contact"], ValueType::Id(IdType::Contact), EQUALITY, (false, false, ServerVersion::new(4, 14, 2), None), "the contact's id"
    DisplayId "display_id" &["id"], ValueType::Id(IdType::Conversation), CONTAINMENT, ALWAYS, "the conversation's number, as in its address"
    CampaignId "campaign_id" &["campaign"], ValueType::Id(IdType::Campaign), PRESENCE, NULLABLE, "the primary key of the campaign that began it"
    Labels "labels" &["label"], ValueType::Labels, PRESENCE, NULLABLE, "its labels: equal to any of them"
    BrowserLanguage "browser_language" &[], ValueType::Text(Case::Sensitive), EQUALITY, ADDITIONAL, "the language of the visitor's browser"
    ConversationLanguage "conversation_language" &[], ValueType::Text(Case::Sensitive), EQUALITY, ADDITIONAL, "the language that was detected"
    CountryCode "country_code" &[], ValueType::Text(Case::Sensitive), EQUALITY, (true, true, FIRST, Some(ServerVersion::new(4, 10, 0))), "the visitor's country, up to server 4.9"
    Referer "referer" &[], ValueType::Text(Case::Sensitive), CONTAINMENT, ADDITIONAL, "the page that the visitor came from"
    MailSubject "mail_subject" &[], ValueType::Text(Case::Sensitive), CONTAINMENT, ADDITIONAL, "the subject of the first e-mail"
    CreatedAt "created_at" &[], ValueType::Time, DAYS, ALWAYS, "when it was created"
    LastActivityAt "last_activity_at" &[], ValueType::Time, DAYS, ALWAYS, "when something last happened in it"
}

impl StandardInfo {
    /// The operators that go with the attribute.
    #[must_use]
    pub fn operators(&self) -> &'static [OperatorGroup] {
        match self.value_type {
            // The server compares languages as a whole.
            ValueType::Text(_) if !self.wire.contains(WireOperator::Contains) => {
                &[OperatorGroup::Equality, OperatorGroup::Prefix, OperatorGroup::Presence]
            }
            value_type => value_type.operators(),
        }
    }

    /// Whether servers of this version filter by the attribute.
    #[must_use]
    pub fn exists_in(&self, version: ServerVersion) -> bool {
        version >= self.since && self.until.is_none_or(|until| version < until)
    }

    /// Whether every version of the server that is known filters by the attribute.
    pub(crate) fn is_in_every_version(&self) -> bool {
        self.since == FIRST && self.until.is_none()
    }

    /// The attribute that servers of this version filter by under a key.
    pub(crate) fn with_key(key: &str, version: ServerVersion) -> Option<&'static Self> {
        STANDARD.iter().find(|info| info.key == key && info.exists_in(version))
    }
}

impl Attribute {
    /// What its values are.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        match self {
            Self::Standard(standard) => standard.info().value_type,
            Self::Local(local) => local.info().value_type,
            Self::Custom(custom) => custom.kind.value_type(),
            Self::Additional(_) => ValueType::Text(Case::Sensitive),
            Self::ContactCustom(_) => ValueType::Text(Case::Ignored),
        }
    }

    /// Whether CONTAINS looks at the case of letters. The server's own never does (`ILIKE`), and so none that is
    /// evaluated beside it; the other additional attributes are looked at as they are written.
    pub(crate) fn containment_case(&self) -> Case {
        match self {
            Self::Additional(_) => Case::Sensitive,
            _ => Case::Ignored,
        }
    }

    /// The operators that go with it.
    #[must_use]
    pub fn operators(&self) -> &'static [OperatorGroup] {
        match self {
            Self::Standard(standard) => standard.info().operators(),
            _ => self.value_type().operators(),
        }
    }

    /// Whether operators of a group go with it.
    pub(crate) fn allows(&self, group: OperatorGroup) -> bool {
        // These two go with every attribute (tested).
        matches!(group, OperatorGroup::Equality | OperatorGroup::Presence) || self.operators().contains(&group)
    }

    /// Whether a conversation can be without it.
    #[must_use]
    pub fn nullable(&self) -> bool {
        match self {
            Self::Standard(standard) => standard.info().nullable,
            _ => true,
        }
    }
}

/// The name as a query writes it, in its short form; not quoted in backticks.
impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard(standard) => {
                let info = standard.info();
                f.write_str(info.aliases.first().unwrap_or(&info.key))
            }
            Self::Local(local) => f.write_str(local.info().name),
            Self::Custom(custom) => write!(f, "custom.{}", custom.key),
            Self::Additional(key) => write!(f, "additional.{key}"),
            Self::ContactCustom(key) => write!(f, "contact.custom.{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::LOCAL;
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_variants() {
        for (i, row) in STANDARD.iter().enumerate() {
            assert_eq!(row.attribute as usize, i, "{}", row.key);
        }
        for (i, row) in LOCAL.iter().enumerate() {
            assert_eq!(row.attribute as usize, i, "{}", row.name);
        }
        assert_eq!(STANDARD.len(), Standard::LastActivityAt as usize + 1);
        assert_eq!(LOCAL.len(), Local::AgentLastSeenAt as usize + 1);
    }

    #[test]
    fn no_name_means_two_attributes() {
        let mut names: Vec<&str> =
            STANDARD.iter().flat_map(|row| row.aliases.iter().copied().chain([row.key])).collect();
        names.extend(LOCAL.iter().map(|row| row.name));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
