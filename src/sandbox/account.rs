//! The account: users, look-up records and custom attribute definitions, as the look-up endpoints
//! show them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::LoadError;
use super::data::Members;
use crate::schema::CustomKind;
use crate::server::{AttributeType, Definitions, Model};
use crate::source::in_words;

/// Who asks. The token says which of the account file's two users it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// Sees the whole account.
    Admin,
    /// Sees the conversations of the inboxes in `agent_inbox_ids`.
    Agent,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct AccountFile {
    /// What `account pull` writes has neither this nor users.
    #[serde(default = "first")]
    account_id: u64,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    users: Option<Users>,
    #[serde(default)]
    agent_inbox_ids: Vec<i64>,
    #[serde(default)]
    agents: Vec<Members>,
    #[serde(default)]
    inboxes: Vec<Members>,
    #[serde(default)]
    teams: Vec<Members>,
    #[serde(default)]
    labels: Vec<Members>,
    #[serde(default)]
    campaigns: Vec<Members>,
    #[serde(default)]
    custom_attribute_definitions: Vec<Members>,
    #[serde(default)]
    contacts: Vec<Members>,
}

const fn first() -> u64 {
    1
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Users {
    admin: Members,
    agent: Members,
}

/// A custom attribute definition.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub(super) key: String,
    pub(super) model: Model,
    pub(super) attribute_type: AttributeType,
    json: String,
}

/// An account.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) id: u64,
    name: String,
    admin: Members,
    agent: Members,
    agent_inbox_ids: Vec<i64>,
    agents: Vec<Members>,
    pub(super) inboxes: Vec<Members>,
    pub(super) teams: Vec<Members>,
    labels: Vec<Members>,
    campaigns: Vec<Members>,
    definitions: Vec<Definition>,
    pub(super) contacts: Vec<Members>,
}

impl Account {
    /// Reads the account file.
    pub(super) fn parse(text: &str) -> Result<Self, LoadError> {
        let file: AccountFile = serde_json::from_str(text).map_err(|error| {
            let member = wrong_member(text).map(|name| format!("`{name}`: ")).unwrap_or_default();
            LoadError::Account { line: error.line(), reason: format!("{member}{}", in_words(&error)) }
        })?;
        // Whoever they are, one of them sees everything.
        let users = file.users.or_else(|| {
            let admin = file.agents.first()?.clone();
            Some(Users { agent: file.agents.get(1).unwrap_or(&admin).clone(), admin })
        });
        let users = users.ok_or_else(|| {
            let reason = "it has no `users`, nor `agents` to take them from".to_owned();
            LoadError::Account { line: 0, reason }
        })?;
        Ok(Self {
            id: file.account_id,
            name: file.name.unwrap_or_else(|| "Sandbox".to_owned()),
            admin: users.admin,
            agent: users.agent,
            agent_inbox_ids: file.agent_inbox_ids,
            agents: file.agents,
            inboxes: file.inboxes,
            teams: file.teams,
            labels: file.labels,
            campaigns: file.campaigns,
            definitions: file.custom_attribute_definitions.iter().filter_map(definition).collect(),
            contacts: file.contacts,
        })
    }

    fn user(&self, user: User) -> &Members {
        match user {
            User::Admin => &self.admin,
            User::Agent => &self.agent,
        }
    }

    pub(super) fn user_id(&self, user: User) -> Option<i64> {
        self.user(user).get("id").as_i64()
    }

    /// Whether a user may see an inbox's conversations.
    pub(super) fn may_see(&self, user: User, inbox_id: Option<i64>) -> bool {
        user == User::Admin || inbox_id.is_some_and(|id| self.agent_inbox_ids.contains(&id))
    }

    pub(super) fn has_inbox(&self, id: i64) -> bool {
        find(&self.inboxes, id).is_some()
    }

    pub(super) fn has_team(&self, id: i64) -> bool {
        find(&self.teams, id).is_some()
    }

    pub(super) fn agent(&self, id: i64) -> Option<&Members> {
        find(&self.agents, id)
    }

    /// `GET agents`, `GET teams` and `GET campaigns`: bare arrays.
    pub(super) fn agents_json(&self) -> String {
        array(&self.agents)
    }

    pub(super) fn teams_json(&self) -> String {
        array(&self.teams)
    }

    pub(super) fn campaigns_json(&self) -> String {
        array(&self.campaigns)
    }

    /// `GET inboxes` and `GET labels`: wrapped arrays.
    pub(super) fn inboxes_json(&self) -> String {
        format!("{{\"payload\":{}}}", array(&self.inboxes))
    }

    pub(super) fn labels_json(&self) -> String {
        format!("{{\"payload\":{}}}", array(&self.labels))
    }

    /// `GET custom_attribute_definitions`; without a model, all of them.
    pub(super) fn definitions_json(&self, model: Option<&str>) -> String {
        let wanted = model.filter(|model| !model.is_empty());
        let shown = self.definitions.iter().filter(|definition| match wanted {
            Some(model) => Some(definition.model) == Model::from_code(model),
            None => true,
        });
        format!("[{}]", shown.map(|definition| definition.json.as_str()).collect::<Vec<_>>().join(","))
    }

    /// `GET profile`: the user, and the accounts he is in.
    pub(super) fn profile_json(&self, user: User) -> String {
        let member = self.user(user);
        let role = member.get("role");
        let account = json!([{
            "id": self.id,
            "name": self.name,
            "status": "active",
            "role": role,
            "permissions": [role],
            "availability": member.get("availability_status"),
            "availability_status": member.get("availability_status"),
            "auto_offline": member.get("auto_offline"),
        }]);
        let mut profile = member.public_json();
        if profile.ends_with('}') {
            profile.pop();
            profile.push_str(&format!(",\"ui_settings\":{{}},\"accounts\":{account}}}"));
        }
        profile
    }
}

impl Definitions for Account {
    fn attribute_type(&self, model: Model, key: &str) -> Option<AttributeType> {
        let definition = self.definitions.iter().find(|definition| definition.model == model && definition.key == key);
        definition.map(|definition| definition.attribute_type)
    }
}

/// The first member of an account file that is not of its type: each is read by itself, so that the error is its own.
fn wrong_member(text: &str) -> Option<String> {
    let Members(members) = serde_json::from_str(text).ok()?;
    let wrong = members.into_iter().find(|(name, value)| {
        let alone = Members(vec![(name.clone(), value.clone())]);
        serde_json::to_string(&alone).is_ok_and(|alone| serde_json::from_str::<AccountFile>(&alone).is_err())
    });
    wrong.map(|(name, _)| name)
}

/// The record with this id.
pub(super) fn find(records: &[Members], id: i64) -> Option<&Members> {
    records.iter().find(|record| record.get("id").as_i64() == Some(id))
}

fn array(records: &[Members]) -> String {
    format!("[{}]", records.iter().map(Members::public_json).collect::<Vec<_>>().join(","))
}

fn definition(record: &Members) -> Option<Definition> {
    let text = |key: &str| match record.get(key) {
        Value::String(text) => Some(text),
        _ => None,
    };
    Some(Definition {
        key: text("attribute_key")?,
        model: Model::from_code(&text("attribute_model")?)?,
        attribute_type: CustomKind::from_name(&text("attribute_display_type")?)
            .map_or(AttributeType::Unmapped, Into::into),
        json: record.public_json(),
    })
}
