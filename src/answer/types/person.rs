//! The people of a conversation: its contact and its assignee.

use std::fmt;

use serde_json::Value;

use super::{Availability, Object, Role, Time, Typed, record};

/// A text that lets others in. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Typed for Secret {
    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(|text| Self(text.to_owned()))
    }

    fn write(&self) -> Value {
        Value::from(self.0.as_str())
    }
}

record! {
    /// A contact: whom a conversation is with.
    Contact {
        /// The id.
        id: Option<i64>,
        /// The name.
        name: Option<String>,
        /// The e-mail address.
        email: Option<String>,
        /// The telephone number with its country's prefix.
        phone_number: Option<String>,
        /// The id in another system.
        identifier: Option<String>,
        /// Whether its messages are ignored.
        blocked: Option<bool>,
        /// The picture's address; empty without one.
        thumbnail: Option<String>,
        /// Whether it is on the page now.
        availability_status: Option<Availability>,
        /// What the server and integrations know of it, as the country.
        additional_attributes: Object,
        /// Custom attributes by key.
        custom_attributes: Object,
        /// When it last did something.
        last_activity_at: Option<Time>,
        /// When it became known.
        created_at: Option<Time>,
    }
}

record! {
    /// Who a conversation is assigned to: an agent, or a bot, of which little more than id and name are known.
    Assignee {
        /// The id: an agent's, or a bot's, which are counted apart.
        id: Option<i64>,
        /// The full name.
        name: Option<String>,
        /// The name that the dashboard shows.
        available_name: Option<String>,
        /// The name that contacts see.
        display_name: Option<String>,
        /// The e-mail address.
        email: Option<String>,
        /// What the agent may do.
        role: Option<Role>,
        /// Whether the agent is there.
        availability_status: Option<Availability>,
        /// Whether the agent becomes offline on leaving.
        auto_offline: Option<bool>,
        /// Whether the e-mail address is confirmed.
        confirmed: Option<bool>,
        /// The account.
        account_id: Option<i64>,
        /// The picture's address.
        avatar_url: Option<String>,
        /// The picture's address; empty without one.
        thumbnail: Option<String>,
        /// What stands below the agent's e-mails.
        message_signature: Option<String>,
        /// Who invited the agent.
        inviter_id: Option<i64>,
        /// How the agent signs in.
        provider: Option<String>,
        /// The id at the provider.
        uid: Option<String>,
        /// The class of the user.
        kind = "type": Option<String>,
        /// The dashboard's settings.
        ui_settings: Object,
        /// Custom attributes by key.
        custom_attributes: Object,
        /// The accounts that the agent is in.
        accounts: Vec<Membership>,
        /// The agent's access token; servers of today do not send it to others.
        access_token: Option<Secret>,
        /// The token of the agent's live connection.
        pubsub_token: Option<Secret>,
        /// What proves the agent's identity to a chat widget.
        hmac_identifier: Option<Secret>,
    }
}

record! {
    /// An agent's place in an account.
    Membership {
        /// The account.
        id: Option<i64>,
        /// The account's name.
        name: Option<String>,
        /// The account's state.
        status: Option<String>,
        /// When the agent was last active in it.
        active_at: Option<Time>,
        /// What the agent may do in it.
        role: Option<Role>,
        /// What the agent may do, in detail.
        permissions: Vec<String>,
        /// What the agent has chosen to appear as.
        availability: Option<Availability>,
        /// What the agent appears as.
        availability_status: Option<Availability>,
        /// Whether the agent becomes offline on leaving.
        auto_offline: Option<bool>,
        /// The role that the account has defined.
        custom_role_id: Option<i64>,
        /// That role.
        custom_role: Object,
    }
}
