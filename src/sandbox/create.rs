//! `POST conversations`: a new conversation in the shape of the others.

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use super::account::{Account, User, find};
use super::data::{Members, Row};
use super::refusal::Refusal;
use crate::eval::text::ruby_blank;
use crate::schema::STATUSES;
use crate::server::text_to_i;

/// Builds the conversation that a request asks for.
///
/// As on a server, the contact and the inbox are the two that are given, or else, where one is not, both those of
/// whoever already has the `source_id`. They are looked at in this order: an unknown inbox is a 404, one the user is not
/// in a 401, an unknown contact a 404.
pub(super) fn create(account: &Account, rows: &[Row], user: User, body: &[u8], now: i64) -> Result<Row, Refusal> {
    let body: Members = serde_json::from_slice(body).map_err(|_| Refusal::BadRequest)?;
    let may_see = |id| if account.may_see(user, Some(id)) { Ok(()) } else { Err(Refusal::NotAllowed) };
    let given_inbox = id_of(&body, "inbox_id");
    if let Some(id) = given_inbox {
        if !account.has_inbox(id) {
            return Err(Refusal::NotFound);
        }
        may_see(id)?;
    }
    let given_contact = id_of(&body, "contact_id");
    if given_contact.is_some_and(|id| find(&account.contacts, id).is_none()) {
        return Err(Refusal::NotFound);
    }
    let source_id = match body.get("source_id") {
        Value::String(text) if !text.is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let known = rows.iter().find(|row| source_id.as_ref() == Some(&row.source_id));
    let known = known.and_then(|row| row.contact_id.zip(row.inbox_id));
    let (contact_id, inbox_id) = given_contact.zip(given_inbox).or(known).ok_or(Refusal::NotFound)?;
    may_see(inbox_id)?;
    let contact = find(&account.contacts, contact_id).ok_or(Refusal::NotFound)?;
    let asked = status(&body)?;
    let snoozed_until = if asked == "snoozed" { snoozed_until(&body) } else { None };
    // Whoever is blocked opens nothing.
    let status = if contact.get("blocked") == true { "resolved" } else { asked };

    let id = rows.iter().map(|row| row.id).max().unwrap_or(0).saturating_add(1);
    let assignee_id = id_of(&body, "assignee_id");
    let team_id = id_of(&body, "team_id");
    let messages: Vec<Value> = message(&body, account, user, id, inbox_id, now).into_iter().collect();
    let last_message = messages.last().cloned().unwrap_or(Value::Null);
    let source_id = source_id.unwrap_or_else(|| format!("src-{id}"));
    let members = [
        ("meta", meta(account, contact, inbox_id, assignee_id, team_id)?),
        ("id", raw(&id)?),
        ("messages", raw(&messages)?),
        ("account_id", raw(&account.id)?),
        ("uuid", raw(&format!("00000000-0000-4000-8000-{id:012}"))?),
        ("additional_attributes", additional_attributes(&body)?),
        ("agent_last_seen_at", raw(&0)?),
        ("assignee_last_seen_at", raw(&0)?),
        ("can_reply", raw(&true)?),
        ("contact_last_seen_at", raw(&0)?),
        ("custom_attributes", object(&body, "custom_attributes")?),
        ("inbox_id", raw(&inbox_id)?),
        ("labels", raw(&json!([]))?),
        ("muted", raw(&false)?),
        ("snoozed_until", raw(&snoozed_until)?),
        ("status", raw(&status)?),
        ("created_at", raw(&now)?),
        ("updated_at", raw(&json!(now).as_f64())?),
        ("timestamp", raw(&now)?),
        ("first_reply_created_at", raw(&0)?),
        ("unread_count", raw(&0)?),
        ("last_non_activity_message", raw(&last_message)?),
        ("last_activity_at", raw(&now)?),
        ("priority", raw(&Value::Null)?),
        ("waiting_since", raw(&now)?),
        ("sla_policy_id", raw(&Value::Null)?),
        (
            "_columns",
            raw(&json!({
                "contact_id": contact_id,
                "assignee_id": assignee_id,
                "team_id": team_id,
                "campaign_id": null,
                "source_id": source_id,
                "messages": messages,
            }))?,
        ),
    ];
    let members = Members(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
    Row::from_members(&members).map_err(Refusal::server_error)
}

/// The word or the code of the enum column; a blank one is the default.
fn status(body: &Members) -> Result<&'static str, Refusal> {
    let position = match body.get("status") {
        Value::String(word) if !ruby_blank(&word) => STATUSES.iter().position(|known| *known == word),
        Value::Number(code) => code.as_u64().and_then(|code| usize::try_from(code).ok()),
        Value::Bool(true) => None,
        _ => Some(0),
    };
    let status = position.and_then(|position| STATUSES.get(position));
    status.copied().ok_or_else(|| Refusal::server_error("not a valid status"))
}

/// A `referer` that is no address of the web becomes null.
fn additional_attributes(body: &Members) -> Result<Box<RawValue>, Refusal> {
    let given = object(body, "additional_attributes")?;
    let mut members: Members = serde_json::from_str(given.get()).map_err(|_| Refusal::BadRequest)?;
    let referer = members.0.iter_mut().find(|(key, value)| key == "referer" && !is_web_address(value.get()));
    let Some((_, value)) = referer else { return Ok(given) };
    *value = raw(&Value::Null)?;
    raw(&members)
}

/// Whether Ruby takes a JSON text for a URI of HTTP: no blank, no letter beyond ASCII, `%` before two digits only.
fn is_web_address(json: &str) -> bool {
    let Ok(text) = serde_json::from_str::<String>(json) else { return false };
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let escaped = |piece: &str| piece.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c))
            && rest.split('%').skip(1).all(escaped)
    })
}

fn raw<T: serde::Serialize>(value: &T) -> Result<Box<RawValue>, Refusal> {
    to_raw_value(value).map_err(|error| Refusal::server_error(error.to_string()))
}

/// An id, also as text; a blank one is none.
fn id_of(body: &Members, key: &str) -> Option<i64> {
    match body.get(key) {
        Value::Number(number) => number.as_i64(),
        Value::String(text) if !text.trim().is_empty() => Some(text_to_i(&text)),
        _ => None,
    }
}

/// An object of the body, byte for byte.
fn object(body: &Members, key: &str) -> Result<Box<RawValue>, Refusal> {
    let given = body.0.iter().find(|(name, _)| name == key).map(|(_, value)| value);
    match given {
        Some(value) if value.get().starts_with('{') => Ok(value.clone()),
        _ => raw(&json!({})),
    }
}

fn meta(
    account: &Account,
    contact: &Members,
    inbox_id: i64,
    assignee_id: Option<i64>,
    team_id: Option<i64>,
) -> Result<Box<RawValue>, Refusal> {
    let public = |record: &Members| RawValue::from_string(record.public_json());
    let failed = |error: serde_json::Error| Refusal::server_error(error.to_string());
    let channel = find(&account.inboxes, inbox_id).map_or(Value::Null, |inbox| inbox.get("channel_type"));
    let mut members =
        vec![("sender".to_owned(), public(contact).map_err(failed)?), ("channel".to_owned(), raw(&channel)?)];
    if let Some(agent) = assignee_id.and_then(|id| account.agent(id)) {
        members.push(("assignee".to_owned(), public(agent).map_err(failed)?));
        members.push(("assignee_type".to_owned(), raw(&"User")?));
    }
    if let Some(team) = team_id.and_then(|id| find(&account.teams, id)) {
        members.push(("team".to_owned(), public(team).map_err(failed)?));
    }
    members.push(("hmac_verified".to_owned(), raw(&false)?));
    raw(&Members(members))
}

/// The first message, if the request has one: it is outgoing, from the user.
fn message(body: &Members, account: &Account, user: User, id: i64, inbox_id: i64, now: i64) -> Option<Value> {
    let content = body.get("message").get("content")?.as_str()?.to_owned();
    Some(json!({
        "id": id.saturating_add(1_000_000),
        "content": content,
        "message_type": 1,
        "content_type": "text",
        "private": false,
        "created_at": now,
        "sender_type": "User",
        "sender_id": account.user_id(user),
        "conversation_id": id,
        "account_id": account.id,
        "inbox_id": inbox_id,
        "status": "sent",
    }))
}

fn snoozed_until(body: &Members) -> Option<i64> {
    let text = body.get("snoozed_until");
    text.as_str()?.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}
