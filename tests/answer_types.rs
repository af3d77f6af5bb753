//! What the endpoints return has its typed place and loses nothing on the way there and back.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
// The documented conversation is one long `json!`.
#![recursion_limit = "256"]

mod support;

use std::collections::BTreeSet;

use cwql::answer::{ConversationDetails, MessageType, Priority, Role, SenderType, Status, Time};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn details(value: &Value) -> ConversationDetails {
    serde_json::from_value(value.clone()).unwrap()
}

fn back(details: &ConversationDetails) -> Value {
    serde_json::to_value(details).unwrap()
}

#[test]
fn every_recorded_conversation_is_written_back_as_it_was() {
    let rows = support::lines("dataset.ndjson");
    assert_eq!(rows.len(), 600);
    let mut messages = 0;
    for row in &rows {
        let read = details(row);
        assert_eq!(back(&read), *row);
        assert_eq!(read.id, row["id"].as_i64());
        assert_eq!(read.status.as_ref().map(Status::as_str), row["status"].as_str());
        assert!(Status::KNOWN.contains(read.status.as_ref().unwrap()));
        assert_eq!(read.created_at.as_ref().and_then(Time::as_second), row["created_at"].as_i64());
        assert_eq!(read.meta.assignee.is_some(), row["meta"].get("assignee").is_some());
        // A time as text, although it is documented as a number.
        let snoozed = read.snoozed_until.as_ref().map(|time| time.timestamp().unwrap());
        assert_eq!(snoozed.is_some(), row["snoozed_until"].is_string());
        messages += read.messages.len();
        assert_eq!(read.messages.len(), row["messages"].as_array().unwrap().len());
        assert!(
            read.messages.iter().all(|message| !matches!(message.message_type, None | Some(MessageType::Other(_))))
        );
    }
    assert_eq!(messages, 457);
}

/// The documented response, each member filled.
fn documented() -> Value {
    let message = json!({
        "id": 123, "content": "Hi", "account_id": 123, "inbox_id": 123, "conversation_id": 123, "message_type": 0,
        "created_at": 123, "updated_at": 123, "private": true, "status": "sent", "source_id": "s",
        "content_type": "text", "content_attributes": {"a": 1}, "sender_type": "contact", "sender_id": 123,
        "external_source_ids": {"a": 1}, "additional_attributes": {"a": 1}, "processed_message_content": "Hi",
        "sentiment": {"a": 1}, "conversation": {"a": 1}, "attachment": {"a": 1}, "sender": {"pubsub_token": "sEcReT"},
    });
    json!({
        "id": 123, "messages": [message], "account_id": 123, "uuid": "u", "additional_attributes": {"a": 1},
        "agent_last_seen_at": 123, "assignee_last_seen_at": 123, "can_reply": true, "contact_last_seen_at": 123,
        "custom_attributes": {"a": 1}, "inbox_id": 123, "labels": ["l"], "muted": true, "snoozed_until": 123,
        "status": "open", "created_at": 123, "updated_at": 123, "timestamp": "t", "first_reply_created_at": 123,
        "unread_count": 123, "last_non_activity_message": message, "last_activity_at": 123, "priority": "high",
        "waiting_since": 123, "sla_policy_id": 123, "applied_sla": {"a": 1}, "sla_events": [{"a": 1}],
        "meta": {
            "sender": {
                "additional_attributes": {"a": 1}, "availability_status": "online", "email": "e", "id": 123,
                "name": "n", "phone_number": "p", "blocked": true, "identifier": "i", "thumbnail": "t",
                "custom_attributes": {"a": 1}, "last_activity_at": 123, "created_at": 123,
            },
            "channel": "Channel::Email",
            "assignee": {
                "id": 123, "access_token": "sEcReT", "account_id": 123, "available_name": "n", "avatar_url": "a",
                "confirmed": true, "display_name": "d", "message_signature": "m", "email": "e",
                "hmac_identifier": "sEcReT", "inviter_id": 123, "name": "n", "provider": "p",
                "pubsub_token": "sEcReT", "role": "agent", "ui_settings": {"a": 1}, "uid": "u", "type": "SuperAdmin",
                "custom_attributes": {"a": 1},
                "accounts": [{
                    "id": 123, "name": "n", "status": "active", "active_at": "2023-11-07T05:31:56Z",
                    "role": "administrator", "permissions": ["p"], "availability": "busy",
                    "availability_status": "offline", "auto_offline": true, "custom_role_id": 123,
                    "custom_role": {"a": 1},
                }],
            },
            "hmac_verified": true,
        },
    })
}

#[test]
fn every_documented_member_has_its_place() {
    let value = documented();
    let read = details(&value);
    assert_eq!(back(&read), value);
    let message = &read.messages[0];
    let assignee = read.meta.assignee.as_ref().unwrap();
    let last = read.last_non_activity_message.as_ref().unwrap();
    for other in [
        &read.other,
        &read.meta.other,
        &message.other,
        &last.other,
        &read.meta.sender.as_ref().unwrap().other,
        &assignee.other,
        &assignee.accounts[0].other,
    ] {
        assert_eq!(*other, Map::new());
    }
    assert_eq!(assignee.access_token.as_ref().unwrap().expose(), "sEcReT");
    assert_eq!(
        (assignee.role.clone(), assignee.accounts[0].role.clone()),
        (Some(Role::Agent), Some(Role::Administrator))
    );
    assert_eq!(assignee.kind.as_deref(), Some("SuperAdmin"));
    assert_eq!(message.sender_type, Some(SenderType::from("contact")));
}

#[test]
fn debug_shows_no_secrets() {
    let read = details(&documented());
    for shown in [
        format!("{read:?}"),
        format!("{read:#?}"),
        format!("{:?}", read.meta.assignee),
        format!("{:?}", read.messages),
        format!("{:?}", read.meta.assignee.as_ref().unwrap().access_token),
    ] {
        assert!(!shown.contains("sEcReT"), "{shown}");
        assert!(shown.contains('…'), "{shown}");
    }
    assert!(format!("{read:?}").contains("Channel::Email"));
    // Where it is of another type than its place, too.
    let odd = details(&json!({"meta": {"assignee": {"access_token": ["sEcReT"], "pubsub_token": 31_337}}}));
    assert!(!format!("{odd:?}").contains("sEcReT") && !format!("{odd:?}").contains("31337"));
}

#[test]
fn what_is_missing_null_or_odd_is_tolerated_and_kept() {
    assert_eq!(back(&details(&json!({}))), json!({}));
    let value = json!({
        "id": "7", "inbox_id": 31.0, "labels": null, "messages": null, "priority": "whatever", "status": 3,
        "unread_count": "many", "custom_attributes": [], "meta": null, "updated_at": 1_781_481_600.25, "new": [1],
        "messages_count": 2, "created_at": "1781481600", "waiting_since": 0,
    });
    let read = details(&value);
    assert_eq!((read.id, read.inbox_id), (Some(7), Some(31)));
    assert!(read.labels.is_empty() && read.messages.is_empty() && read.custom_attributes.is_empty());
    assert_eq!(read.priority, Some(Priority::Other("whatever".to_owned())));
    assert_eq!((read.status.clone(), read.unread_count), (None, None));
    assert_eq!(read.updated_at.as_ref().unwrap().timestamp().unwrap().to_string(), "2026-06-15T00:00:00.25Z");
    assert_eq!(read.created_at.as_ref().unwrap().as_second(), Some(1_781_481_600));
    assert_eq!(read.waiting_since.as_ref().unwrap().timestamp(), None);
    let mut expected = value;
    expected["id"] = json!(7);
    expected["inbox_id"] = json!(31);
    assert_eq!(back(&read), expected);
    for refused in ["[]", "null", "7", "{", r#""x""#] {
        assert!(serde_json::from_str::<ConversationDetails>(refused).is_err(), "{refused}");
    }
}

#[test]
fn a_place_that_is_filled_goes_before_what_was_there() {
    let mut read = details(&json!({"status": null, "labels": []}));
    assert_eq!(back(&read), json!({"status": null, "labels": []}));
    read.status = Some(Status::Open);
    read.labels.push("vip".to_owned());
    assert_eq!(back(&read), json!({"status": "open", "labels": ["vip"]}));
}

/// Any JSON, not deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z0-9 ]{0,6}".prop_map(Value::from),
        Just(json!("12")),
        Just(json!(" 7 ")),
        Just(json!(1699.0)),
        Just(json!("open")),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(member(), inner, 0..5).prop_map(|object| json!(object)),
        ]
    })
}

/// Names of members, known and unknown.
fn member() -> impl Strategy<Value = String> {
    let documented = documented();
    let mut names: BTreeSet<String> = BTreeSet::from(["zzz".to_owned(), "other".to_owned(), "kind".to_owned()]);
    fn collect(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => object.iter().for_each(|(key, value)| {
                names.insert(key.clone());
                collect(value, names);
            }),
            Value::Array(values) => values.iter().for_each(|value| collect(value, names)),
            _ => {}
        }
    }
    collect(&documented, &mut names);
    prop::sample::select(names.into_iter().collect::<Vec<_>>())
}

/// A documented conversation of which some members, at any depth, are taken away or replaced.
fn conversation() -> impl Strategy<Value = Value> {
    let change = (any::<prop::sample::Index>(), prop::option::of(any_json()), member());
    prop::collection::vec(change, 0..12).prop_map(|changes| {
        fn places(value: &Value, path: &str, found: &mut Vec<String>) {
            let mut visit = |key: &str, value: &Value| {
                let path = format!("{path}/{key}");
                found.push(path.clone());
                places(value, &path, found);
            };
            match value {
                Value::Object(object) => object.iter().for_each(|(key, value)| visit(key, value)),
                Value::Array(values) => {
                    values.iter().enumerate().for_each(|(at, value)| visit(&at.to_string(), value));
                }
                _ => {}
            }
        }
        let mut value = documented();
        for (index, replacement, name) in changes {
            let mut found = Vec::new();
            places(&value, "", &mut found);
            if found.is_empty() {
                break;
            }
            let path = index.get(&found).clone();
            let (parent, key) = path.rsplit_once('/').unwrap();
            match (value.pointer_mut(parent).unwrap(), replacement) {
                (Value::Object(object), None) => drop(object.remove(key)),
                (Value::Object(object), Some(new)) if new.is_boolean() => drop(object.insert(name, new)),
                (Value::Object(object), Some(new)) => drop(object.insert(key.to_owned(), new)),
                (place, new) => *place = new.unwrap_or_default(),
            }
        }
        value
    })
}

/// Whether two values are the same but for the spelling of whole numbers.
fn same(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            before.len() == after.len()
                && before.iter().all(|(key, value)| after.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len() && before.iter().zip(after).all(|(before, after)| same(before, after))
        }
        (Value::String(text), Value::Number(number)) => {
            text.trim().parse::<f64>().is_ok_and(|float| Some(float) == number.as_f64())
        }
        (Value::Number(before), Value::Number(after)) => before == after || before.as_f64() == after.as_f64(),
        _ => before == after,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn reading_and_writing_back_keeps_every_member(value in conversation()) {
        prop_assume!(value.is_object());
        let read = details(&value);
        let written = back(&read);
        prop_assert!(same(&value, &written), "{value}\n{written}");
        // What was written is read as the same, and written as the same.
        let again = details(&written);
        prop_assert_eq!(&again, &read);
        prop_assert_eq!(back(&again), written);
        let shown = format!("{read:?}");
        prop_assert!(!shown.contains("sEcReT"));
    }

    #[test]
    fn no_object_is_refused(object in prop::collection::btree_map(member(), any_json(), 0..12)) {
        let value = json!(object);
        prop_assert!(same(&value, &back(&details(&value))));
    }
}
