//! The sandbox over HTTP: shapes, errors, pages.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "tests may fail"
    )
)]
#![cfg(feature = "sandbox")]

mod support;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

use cwql::sandbox::{Ready, Tokens, serve};
use cwql::schema::ServerVersion;
use serde_json::{Value, json};

const ADMIN: &str = "api_access_token: sandbox-admin-token";
const AGENT: &str = "Api-Access-Token: sandbox-agent-token";
const JSON: &str = "content-type: application/json";

/// Starts a server that lives as long as the test process.
fn start() -> Ready {
    let sandbox = support::sandbox(ServerVersion::LATEST);
    let (ready, is_ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            ready.send(Ready::new(&sandbox, &listener, Tokens::default()).unwrap()).unwrap();
            serve(sandbox, listener, Tokens::default()).await.unwrap();
        });
    });
    is_ready.recv().unwrap()
}

struct Reply {
    status: u16,
    headers: String,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// One request on a connection of its own, so that the bytes sent are exactly those of the test.
fn send(ready: &Ready, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Reply {
    let address = ready.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for header in headers {
        head.push_str(&format!("{header}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    stream.write_all(head.as_bytes()).unwrap();
    // A server that refuses a body may close before it has read all of it.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let (headers, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
    Reply { status, headers: headers.to_ascii_lowercase(), body: body.to_owned() }
}

fn get(ready: &Ready, path: &str) -> Reply {
    send(ready, "GET", path, &[ADMIN], b"")
}

fn filter(ready: &Ready, query: &str, body: &Value) -> Reply {
    let path = format!("/api/v1/accounts/4/conversations/filter{query}");
    send(ready, "POST", &path, &[ADMIN, JSON], body.to_string().as_bytes())
}

fn status_is_open() -> Value {
    json!({ "payload": [{ "attribute_key": "status", "filter_operator": "equal_to", "values": ["open"] }] })
}

#[test]
fn the_ready_line_says_all_a_client_needs() {
    let ready = start();
    let line: Value = serde_json::to_value(&ready).unwrap();
    assert!(line["url"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert_eq!(line["account_id"], 4);
    assert_eq!(line["version"], "4.15.1");
    assert_eq!(line["tokens"], json!({ "admin": "sandbox-admin-token", "agent": "sandbox-agent-token" }));
    let about = send(&ready, "GET", "/api", &[], b"").json();
    assert_eq!(about["version"], "4.15.1");
    assert_eq!(about["queue_services"], "ok");
}

#[test]
fn filter_has_no_data_wrapper_and_the_list_has_one() {
    let ready = start();
    let reply = filter(&ready, "", &status_is_open());
    assert_eq!(reply.status, 200);
    assert!(reply.headers.contains("content-type: application/json"), "{}", reply.headers);
    let body = reply.json();
    assert_eq!(body["meta"], json!({ "mine_count": 42, "unassigned_count": 81, "all_count": 239 }));
    assert_eq!(body["payload"].as_array().unwrap().len(), 25);

    let body = get(&ready, "/api/v1/accounts/4/conversations").json();
    let counts = json!({ "mine_count": 42, "assigned_count": 158, "unassigned_count": 81, "all_count": 239 });
    assert_eq!(body["data"]["meta"], counts);
    assert_eq!(body["data"]["payload"].as_array().unwrap().len(), 25);
    assert_eq!(get(&ready, "/api/v1/accounts/4/conversations/meta").json(), json!({ "meta": counts }));
}

#[test]
fn conversations_are_shown_byte_for_byte_but_for_the_hidden_columns() {
    let ready = start();
    let lines = support::read("dataset.ndjson");
    let lines: BTreeMap<i64, &str> = lines
        .lines()
        .map(|line| (serde_json::from_str::<Value>(line).unwrap()["id"].as_i64().unwrap(), line))
        .collect();
    let body = filter(&ready, "", &json!({ "payload": [] })).body;
    assert!(!body.contains("_columns"));
    for shown in serde_json::from_str::<Value>(&body).unwrap()["payload"].as_array().unwrap() {
        let line = lines[&shown["id"].as_i64().unwrap()];
        let (public, _) = line.split_once(",\"_columns\":").unwrap();
        assert!(body.contains(public), "{public}");
    }
}

#[test]
fn pages_hold_every_conversation_once() {
    let ready = start();
    let mut ids = Vec::new();
    for page in 1..=25 {
        let body = filter(&ready, &format!("?page={page}"), &json!({ "payload": [] })).json();
        assert_eq!(body["meta"]["all_count"], 600);
        ids.extend(body["payload"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()));
    }
    ids.sort_unstable();
    assert_eq!(ids.len(), 600);
    ids.dedup();
    assert_eq!(ids.len(), 600);

    let mut in_body = status_is_open();
    in_body["page"] = json!(10);
    let last = filter(&ready, "", &in_body).json();
    assert_eq!(last["payload"].as_array().unwrap().len(), 14);
    assert_eq!(filter(&ready, "?page=10", &status_is_open()).json(), last);
    assert_eq!(filter(&ready, "?page=99999999999999999999", &status_is_open()).status, 500);
}

#[test]
fn an_agent_sees_his_inboxes_only() {
    let ready = start();
    let body = status_is_open().to_string();
    let path = "/api/v1/accounts/4/conversations/filter";
    let reply = send(&ready, "POST", path, &[AGENT, JSON], body.as_bytes()).json();
    assert_eq!(reply["meta"]["all_count"], 141);
}

#[test]
fn who_may_not_ask() {
    let ready = start();
    let path = "/api/v1/accounts/4/conversations/meta";
    let reply = send(&ready, "GET", path, &[], b"");
    assert_eq!(reply.status, 401);
    assert_eq!(reply.json(), json!({ "errors": ["You need to sign in or sign up before continuing."] }));
    let reply = send(&ready, "GET", path, &["api_access_token: wrong"], b"");
    assert_eq!((reply.status, reply.json()), (401, json!({ "error": "Invalid Access Token" })));
    let reply = get(&ready, "/api/v1/accounts/5/conversations");
    assert_eq!((reply.status, reply.json()), (404, json!({ "error": "Resource could not be found" })));
    assert_eq!(get(&ready, "/api/v1/accounts/4/conversations?team_id=999").status, 404);
    for (method, path) in
        [("GET", "/nowhere"), ("DELETE", "/api/v1/accounts/4/conversations"), ("PUT", "/api/v1/accounts/4/agents")]
    {
        let reply = send(&ready, method, path, &[ADMIN], b"");
        assert_eq!(
            (reply.status, reply.json()),
            (404, json!({ "status": 404, "error": "Not Found" })),
            "{method} {path}"
        );
    }
}

#[test]
fn errors_have_the_bodies_of_rails() {
    let ready = start();
    let path = "/api/v1/accounts/4/conversations/filter";
    let reply = send(&ready, "POST", path, &[ADMIN, JSON], b"{");
    assert_eq!((reply.status, reply.json()), (400, json!({ "status": 400, "error": "Bad Request" })));
    let deep = format!("{{\"payload\":{}", "[".repeat(100_000));
    assert_eq!(send(&ready, "POST", path, &[ADMIN, JSON], deep.as_bytes()).status, 400);

    let reply = filter(&ready, "", &json!({ "payload": null }));
    assert_eq!((reply.status, reply.json()), (500, json!({ "status": 500, "error": "Internal Server Error" })));
    let no_type = send(&ready, "POST", path, &[ADMIN], status_is_open().to_string().as_bytes());
    assert_eq!(no_type.status, 500);
    assert_eq!(send(&ready, "POST", path, &[ADMIN, JSON], b"").status, 500);

    let unknown = json!({ "payload": [{ "attribute_key": "nope", "filter_operator": "equal_to", "values": ["x"] }] });
    let reply = filter(&ready, "", &unknown);
    assert_eq!(reply.status, 422);
    assert!(reply.json()["error"].as_str().unwrap().starts_with("Invalid attribute key - [nope]."));
}

#[test]
fn a_huge_body_is_refused() {
    let ready = start();
    let body = vec![b' '; 11 * 1024 * 1024];
    let address = ready.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /api/v1/accounts/4/conversations/filter HTTP/1.1\r\nhost: x\r\n{ADMIN}\r\n{JSON}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut sender = stream.try_clone().unwrap();
    // The server stops reading at its limit, and then sending fails.
    let sending = std::thread::spawn(move || drop(sender.write_all(&body)));
    let mut status = [0; 12];
    stream.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 413");
    stream.shutdown(std::net::Shutdown::Both).ok();
    sending.join().unwrap();
}

#[test]
fn look_ups_have_their_own_wrappers() {
    let ready = start();
    let list = |name: &str| get(&ready, &format!("/api/v1/accounts/4/{name}")).json();
    assert_eq!(list("agents").as_array().unwrap().len(), 6);
    assert_eq!(list("teams")[2]["name"], "équipe nord");
    assert_eq!(list("inboxes")["payload"][1]["name"], "Support Mail");
    assert_eq!(list("labels")["payload"].as_array().unwrap().len(), 9);
    let campaigns = list("campaigns");
    assert_eq!(campaigns[0]["id"], 1);
    assert!(campaigns[0].get("_columns").is_none());
    let definitions = |query: &str| list(&format!("custom_attribute_definitions{query}")).as_array().unwrap().len();
    assert_eq!(definitions(""), 22);
    assert_eq!(definitions("?attribute_model=contact_attribute"), 4);
    assert_eq!(definitions("?attribute_model=0"), 18);
    let profile = get(&ready, "/api/v1/profile").json();
    assert_eq!(profile["id"], 11);
    assert_eq!(profile["accounts"][0]["id"], 4);
    assert_eq!(profile["accounts"][0]["role"], "administrator");
}

#[test]
fn a_created_conversation_is_seen_by_later_reads() {
    let ready = start();
    let path = "/api/v1/accounts/4/conversations";
    let create = |body: Value, token: &str| send(&ready, "POST", path, &[token, JSON], body.to_string().as_bytes());
    let body = json!({
        "source_id": "new-1", "inbox_id": 31, "contact_id": 1005, "status": "pending", "assignee_id": 12, "team_id": 8,
        "custom_attributes": { "order_note": "made today", "order_count": 77 },
        "additional_attributes": { "browser_language": "xx" },
        "message": { "content": "Hello, how can I help you?" },
    });
    let reply = create(body, ADMIN);
    assert_eq!(reply.status, 200, "{}", reply.body);
    let made = reply.json();
    assert_eq!(made["account_id"], 4);
    assert_eq!(made["inbox_id"], 31);
    assert_eq!(made["meta"]["assignee"]["id"], 12);
    assert_eq!(made["meta"]["sender"]["id"], 1005);
    assert!(made.get("_columns").is_none());

    let same_keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let all = filter(&ready, "", &json!({ "payload": [] })).json();
    assert_eq!(all["meta"]["all_count"], 601);
    assert_eq!(same_keys(&all["payload"][1]), same_keys(&made));

    let found = |key: &str, values: Value| {
        let conditions = json!([
            { "attribute_key": "browser_language", "filter_operator": "equal_to", "values": ["xx"], "query_operator": "AND" },
            { "attribute_key": key, "filter_operator": "equal_to", "values": values },
        ]);
        filter(&ready, "", &json!({ "payload": conditions })).json()["payload"][0]["id"].clone()
    };
    for (key, values) in [
        ("status", json!(["pending"])),
        ("assignee_id", json!([12])),
        ("team_id", json!([8])),
        ("contact_id", json!([1005])),
        ("display_id", json!([made["id"]])),
        ("order_note", json!(["Made Today"])),
        ("order_count", json!([77])),
    ] {
        assert_eq!(found(key, values), made["id"], "{key}");
    }
    let searched = get(&ready, &format!("{path}?q=how%20can%20I%20help&source_id=new-1")).json();
    assert_eq!(searched["data"]["payload"][0]["id"], made["id"]);

    assert_eq!(create(json!({ "source_id": "x", "inbox_id": 999, "contact_id": 1005 }), ADMIN).status, 404);
    assert_eq!(create(json!({ "source_id": "x", "inbox_id": 31, "contact_id": 9 }), ADMIN).status, 404);
    assert_eq!(create(json!({ "source_id": "unknown", "inbox_id": 31 }), ADMIN).status, 404);
    assert_eq!(create(json!({ "source_id": "x", "inbox_id": 42, "contact_id": 1005 }), AGENT).status, 401);
    assert_eq!(create(json!({ "source_id": "src-12", "inbox_id": 31 }), ADMIN).status, 200);

    // Without a contact the inbox too is that of the source; what the user may not see is said before what is not there.
    assert_eq!(create(json!({ "source_id": "src-12", "inbox_id": 42 }), ADMIN).json()["inbox_id"], 31);
    assert_eq!(create(json!({ "source_id": "x", "inbox_id": 42, "contact_id": 9 }), AGENT).status, 401);
}

#[test]
fn a_created_conversation_is_put_right_as_the_server_does() {
    let ready = start();
    let create = |contact: i64, more: Value| {
        let mut body = json!({ "source_id": "new", "inbox_id": 31, "contact_id": contact });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let path = "/api/v1/accounts/4/conversations";
        send(&ready, "POST", path, &[ADMIN, JSON], body.to_string().as_bytes())
    };
    for (status, made) in [
        (json!(null), "open"),
        (json!(""), "open"),
        (json!(2), "pending"),
        (json!("resolved"), "resolved"),
        (json!("snoozed"), "snoozed"),
    ] {
        let until = "2030-07-21T17:32:28Z";
        let made_now = create(1005, json!({ "status": status, "snoozed_until": until })).json();
        assert_eq!(made_now["status"], made, "{status}");
        // Only a snoozed conversation has a time to wake.
        assert_eq!(made_now["snoozed_until"].is_null(), made != "snoozed", "{status}");
    }
    for status in [json!("1"), json!("OPEN"), json!("all"), json!(4), json!(true)] {
        assert_eq!(create(1005, json!({ "status": status })).status, 500, "{status}");
    }
    // A blocked contact's conversation is resolved from the start.
    assert_eq!(create(1017, json!({ "status": "pending" })).json()["status"], "resolved");

    for (referer, kept) in [
        ("https://example.com/a?b=%20#c", true),
        ("HTTP://EXAMPLE.com", true),
        ("ftp://example.com/", false),
        ("example.com", false),
        ("https://example.com/a b", false),
        ("https://example.com/100%", false),
        ("https://bücher.example/", false),
    ] {
        let attributes = json!({ "additional_attributes": { "source": "x", "referer": referer } });
        let shown = create(1005, attributes).json()["additional_attributes"].clone();
        let expected = if kept { json!(referer) } else { json!(null) };
        assert_eq!((&shown["source"], &shown["referer"]), (&json!("x"), &expected), "{referer}");
    }
}
