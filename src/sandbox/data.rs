//! The rows: one conversation a line, and the database columns the API does not show.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::eval::is_agent;
use crate::schema::{PRIORITIES, STATUSES};
use crate::server;
use crate::source::in_words;

/// The member that holds database columns; it never leaves the server.
const HIDDEN: &str = "_columns";

/// A JSON object with its members in written order and byte for byte.
#[derive(Debug, Clone, Default)]
pub(super) struct Members(pub(super) Vec<(String, Box<RawValue>)>);

impl Members {
    /// The object as JSON, without the hidden columns.
    pub(super) fn public_json(&self) -> String {
        let shown = Self(self.0.iter().filter(|(key, _)| key != HIDDEN).cloned().collect());
        serde_json::to_string(&shown).unwrap_or_default()
    }

    pub(super) fn get(&self, key: &str) -> Value {
        let raw = self.0.iter().find(|(name, _)| name == key).map(|(_, raw)| raw.get());
        raw.and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or(Value::Null)
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        server::Members::deserialize(deserializer).map(|server::Members(members)| Self(members))
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// A message, as far as searches look at it.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) content: String,
    /// 0 incoming, 1 outgoing, 2 activity, 3 template.
    pub(super) message_type: i64,
}

/// A conversation: its JSON, and its columns.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// What the API shows.
    pub(super) json: String,
    /// The display id, the only one the API knows.
    pub(super) id: i64,
    /// Codes of the enum columns.
    pub(super) status: Option<usize>,
    pub(super) priority: Option<usize>,
    pub(super) inbox_id: Option<i64>,
    pub(super) assignee_id: Option<i64>,
    pub(super) team_id: Option<i64>,
    pub(super) contact_id: Option<i64>,
    pub(super) campaign_id: Option<i64>,
    pub(super) source_id: String,
    pub(super) labels: Vec<String>,
    pub(super) additional_attributes: Value,
    pub(super) custom_attributes: Value,
    pub(super) created_at: i64,
    pub(super) last_activity_at: i64,
    pub(super) updated_at: f64,
    pub(super) waiting_since: Option<i64>,
    pub(super) first_reply_created_at: Option<i64>,
    pub(super) unread_count: i64,
    pub(super) messages: Vec<Message>,
}

impl Row {
    /// Reads one line of a data file; the error says what is wrong with it.
    pub(super) fn parse(line: &str) -> Result<Self, String> {
        let members: Members = serde_json::from_str(line).map_err(|error| in_words(&error))?;
        Self::from_members(&members)
    }

    /// The row with other members: those of the API, and of `_columns` those of the same name.
    pub(super) fn with(&self, changed: &Map<String, Value>) -> Result<Self, String> {
        let mut members: Members = serde_json::from_str(&self.json).map_err(|error| error.to_string())?;
        let mut columns = json!({
            "assignee_id": self.assignee_id,
            "team_id": self.team_id,
            "contact_id": self.contact_id,
            "campaign_id": self.campaign_id,
            "source_id": self.source_id,
        });
        let raw = |value: &Value| RawValue::from_string(value.to_string()).map_err(|error| error.to_string());
        for (key, value) in changed {
            if let Some(column) = columns.get_mut(key) {
                *column = value.clone();
                continue;
            }
            match members.0.iter_mut().find(|(name, _)| name == key) {
                Some((_, old)) => *old = raw(value)?,
                None => members.0.push((key.clone(), raw(value)?)),
            }
        }
        members.0.push((HIDDEN.to_owned(), raw(&columns)?));
        let row = Self::from_members(&members)?;
        // What searches look at is more than the API shows.
        Ok(Self { messages: self.messages.clone(), ..row })
    }

    pub(super) fn from_members(members: &Members) -> Result<Self, String> {
        let columns = members.get(HIDDEN);
        let meta = members.get("meta");
        let number = |key: &str| members.get(key).as_i64();
        // The API writes a moment that never was as 0.
        let moment = |key: &str| number(key).filter(|&second| second != 0);
        let id = number("id").ok_or("a conversation needs an `id`, a whole number")?;
        // A user's own export has no columns: what the API shows stands in for them, as where a client
        // evaluates it.
        let column = |name: &str, shown: Option<i64>| match columns.get(name) {
            Some(value) => value.as_i64(),
            None => shown,
        };
        let meta_id = |path: &str| meta.pointer(path).and_then(Value::as_i64);
        let assignee = meta_id("/assignee/id").filter(|_| is_agent(meta.get("assignee_type")));
        let messages = columns.get("messages").cloned().unwrap_or_else(|| members.get("messages"));
        let source_id = columns.get("source_id").and_then(Value::as_str);
        Ok(Self {
            json: members.public_json(),
            id,
            status: code_of(STATUSES, &members.get("status")),
            priority: code_of(PRIORITIES, &members.get("priority")),
            inbox_id: number("inbox_id"),
            assignee_id: column("assignee_id", assignee),
            team_id: column("team_id", meta_id("/team/id")),
            contact_id: column("contact_id", meta_id("/sender/id")),
            campaign_id: column("campaign_id", None),
            source_id: source_id.map_or_else(|| format!("src-{id}"), str::to_owned),
            labels: texts(&members.get("labels")),
            additional_attributes: members.get("additional_attributes"),
            custom_attributes: members.get("custom_attributes"),
            created_at: number("created_at").unwrap_or(0),
            last_activity_at: number("last_activity_at").unwrap_or(0),
            updated_at: members.get("updated_at").as_f64().unwrap_or(0.0),
            waiting_since: moment("waiting_since"),
            first_reply_created_at: moment("first_reply_created_at"),
            unread_count: number("unread_count").unwrap_or(0),
            messages: messages.as_array().map(|all| all.iter().filter_map(message).collect()).unwrap_or_default(),
        })
    }
}

fn code_of(words: &[&str], value: &Value) -> Option<usize> {
    let word = value.as_str()?;
    words.iter().position(|known| *known == word)
}

fn texts(value: &Value) -> Vec<String> {
    let all = value.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn message(value: &Value) -> Option<Message> {
    Some(Message {
        content: value.get("content")?.as_str()?.to_owned(),
        message_type: value.get("message_type")?.as_i64()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::matches;
    use crate::{Schema, check, parse};

    /// What evaluates the same file without a server must find the same.
    #[test]
    fn an_assignee_is_an_agent_where_a_client_says_so() {
        let schema = Schema::default();
        let checked = check(&parse("assignee = 12"), &schema).unwrap();
        for (kind, is_agent) in [
            (json!("User"), true),
            (json!(null), true),
            (json!("AgentBot"), false),
            (json!("Captain::Assistant"), false),
            (json!(1), false),
        ] {
            let row = json!({"id": 1, "meta": {"assignee_type": kind, "assignee": {"id": 12}}});
            let found = Row::parse(&row.to_string()).unwrap().assignee_id;
            assert_eq!(found, is_agent.then_some(12), "{kind}");
            assert_eq!(matches(&checked.filter, &crate::eval::Row::new(&row, schema.now())), is_agent, "{kind}");
        }
    }
}
