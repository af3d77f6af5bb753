//! The endpoints in the library: what they send is as documented, and every page is read once.
#![cfg(all(feature = "client", feature = "sandbox"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod misbehave;
mod support;

use std::collections::BTreeSet;

use cwql::Client;
use cwql::answer::{Conversation, MessageType, Object, Status};
use cwql::client::{
    AssigneeType, ClientError, CountParams, ListParams, ListStatus, NewConversation, NewMessage, SortBy,
    TemplateParams, Token,
};
use cwql::sandbox::{Ready, Tokens, serve};
use cwql::schema::ServerVersion;
use futures_util::{StreamExt as _, TryStreamExt as _};
use misbehave::{Reply, Server, http};
use serde_json::{Value, json};

// Create

/// The body of the documented request.
fn example() -> Value {
    json!({
        "source_id": "1234567890",
        "inbox_id": 1,
        "contact_id": 1,
        "additional_attributes": {
            "browser": "Chrome", "browser_version": "89.0.4389.82", "os": "Windows", "os_version": "10",
        },
        "custom_attributes": {"attribute_key": "attribute_value", "priority_conversation_number": 3},
        "status": "open",
        "assignee_id": 1,
        "team_id": 1,
        "snoozed_until": "2030-07-21T17:32:28Z",
        "message": {
            "content": "Hello, how can I help you?",
            "template_params": {
                "name": "sample_issue_resolution",
                "category": "UTILITY",
                "language": "en_US",
                "processed_params": {"1": "Chatwoot"},
            },
        },
    })
}

fn object(value: &Value) -> Object {
    value.as_object().unwrap().clone()
}

#[test]
fn the_documented_example_is_sent_as_documented() {
    let example = example();
    let mut new = NewConversation::new("1234567890", 1);
    assert_eq!(serde_json::to_value(&new).unwrap(), json!({"source_id": "1234567890", "inbox_id": 1}));
    new.contact_id = Some(1);
    new.additional_attributes = object(&example["additional_attributes"]);
    new.custom_attributes = object(&example["custom_attributes"]);
    new.status = Some(Status::Open);
    new.assignee_id = Some(1);
    new.team_id = Some(1);
    new.snoozed_until = Some("2030-07-21T17:32:28Z".parse().unwrap());
    new.message = Some(NewMessage {
        content: Some("Hello, how can I help you?".to_owned()),
        template_params: Some(TemplateParams {
            name: Some("sample_issue_resolution".to_owned()),
            category: Some("UTILITY".to_owned()),
            language: Some("en_US".to_owned()),
            processed_params: object(&json!({"1": "Chatwoot"})),
            ..TemplateParams::default()
        }),
        ..NewMessage::default()
    });
    assert_eq!(serde_json::to_value(&new).unwrap(), example);
    assert_eq!(serde_json::from_value::<NewConversation>(example).unwrap(), new);
    let members: Vec<String> = serde_json::to_value(&new).unwrap().as_object().unwrap().keys().cloned().collect();
    let mut known = NewConversation::MEMBERS.map(str::to_owned).to_vec();
    known.sort_unstable();
    assert_eq!(members, known);
}

// Over HTTP

/// Runs something against a server with the recorded conversations.
fn with_server(run: impl AsyncFnOnce(Client, Client)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sandbox = support::sandbox(ServerVersion::LATEST);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let ready = Ready::new(&sandbox, &listener, Tokens::default()).unwrap();
        tokio::spawn(serve(sandbox, listener, ready.tokens.clone()));
        let client = |token: &str| Client::new(&ready.url, ready.account_id, Token::new(token)).unwrap();
        run(client(&ready.tokens.admin), client(&ready.tokens.agent)).await;
    });
}

async fn all(client: &Client, params: &ListParams) -> (Vec<i64>, u64) {
    let mut rows = client.list(params);
    let mut ids = Vec::new();
    while let Some(conversation) = rows.next().await.unwrap() {
        ids.push(conversation.id());
    }
    assert!(!rows.has_more() && rows.next().await.unwrap().is_none());
    // Of a search nobody knows how many there are.
    if params.q.is_some() {
        assert_eq!(rows.progress().total(), None);
    }
    (ids, rows.pages())
}

/// How many pages are read of so many: a short list is looked at once more, of a long one the first page.
fn with_looks(pages: u64) -> u64 {
    match pages {
        0 | 1 => 1,
        2 => 3,
        3 | 4 => 2 * pages,
        _ => pages + 1,
    }
}

#[test]
fn a_list_is_read_to_its_end_and_no_further() {
    with_server(async |admin, agent| {
        for client in [&admin, &agent] {
            for status in [ListStatus::Open, ListStatus::All] {
                let params = CountParams { status: vec![status], ..CountParams::default() };
                let counts = client.counts(&params).await.unwrap();
                assert_eq!(
                    Some(counts.all),
                    counts.assigned.zip(counts.unassigned).map(|(some, others)| some + others)
                );
                for whose in AssigneeType::ALL {
                    let expected = match whose {
                        AssigneeType::Me => counts.mine,
                        AssigneeType::Assigned => counts.assigned,
                        AssigneeType::Unassigned => counts.unassigned,
                        _ => Some(counts.all),
                    };
                    let params =
                        ListParams { assignee_type: Some(*whose), status: vec![status], ..ListParams::default() };
                    let (ids, pages) = all(client, &params).await;
                    let expected = expected.unwrap();
                    assert_eq!(ids.len() as u64, expected, "{whose} {status}");
                    assert_eq!(pages, with_looks(expected.div_ceil(25)), "{whose} {status}");
                    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
                }
            }
        }
    });
}

#[test]
fn rows_are_a_stream_too() {
    with_server(async |admin, _| {
        let params = ListParams { team_id: Some(8), ..ListParams::default() };
        let rows: Vec<_> = admin.list(&params).into_stream().try_collect().await.unwrap();
        let ids: Vec<i64> = rows.iter().map(Conversation::id).collect();
        assert!(ids.len() > 25, "{}", ids.len());
        assert_eq!(ids, all(&admin, &params).await.0);
    });
}

#[test]
fn a_list_tells_how_far_it_is() {
    with_server(async |admin, _| {
        let mut rows = admin.list(&ListParams { status: vec![ListStatus::All], ..ListParams::default() });
        let progress = rows.progress();
        assert_eq!((progress.read(), progress.total()), (0, None));
        let (mut count, mut steps) = (0, BTreeSet::new());
        while rows.next().await.unwrap().is_some() {
            count += 1;
            assert!(progress.read() >= count);
            steps.insert(progress.read());
        }
        assert_eq!((progress.read(), progress.total()), (count, Some(count)));
        assert!(steps.len() > 4 && steps.iter().all(|read| read % 25 == 0 || *read == count), "{steps:?}");
    });
}

#[test]
fn every_order_lists_the_same_conversations() {
    with_server(async |admin, _| {
        let sorted = async |sort_by| {
            let params = ListParams { team_id: Some(8), sort_by, ..ListParams::default() };
            all(&admin, &params).await.0
        };
        let expected = sorted(None).await;
        assert!(expected.len() > 25, "{}", expected.len());
        let set: BTreeSet<i64> = expected.iter().copied().collect();
        let mut orders = BTreeSet::from([expected]);
        for order in SortBy::ALL {
            let ids = sorted(Some(*order)).await;
            assert_eq!(ids.iter().copied().collect::<BTreeSet<_>>(), set, "{order}");
            orders.insert(ids);
        }
        assert_eq!(orders.len(), 10, "four of the fourteen are other names");
    });
}

#[test]
fn a_search_reads_until_nothing_comes_for_its_counts_mean_nothing() {
    let said = |row: &Value| {
        let messages = row["_columns"]["messages"].as_array().unwrap();
        messages.iter().any(|message| {
            message["message_type"].as_i64().unwrap() <= 1
                && message["content"].as_str().is_some_and(|text| text.to_lowercase().contains("refund"))
        })
    };
    let rows = support::lines("dataset.ndjson");
    let expected: BTreeSet<i64> = rows.iter().filter(|row| said(row)).map(|row| row["id"].as_i64().unwrap()).collect();
    assert!(expected.len() > 50, "{}", expected.len());
    with_server(async |admin, _| {
        let params = ListParams { q: Some("refund".to_owned()), ..ListParams::default() };
        let (ids, pages) = all(&admin, &params).await;
        assert_eq!(ids.iter().copied().collect::<BTreeSet<_>>(), expected);
        assert_eq!(ids.len(), expected.len());
        // The empty page, each page once more to see that it still joins the next, and at the end the first.
        assert_eq!(pages, 2 * (expected.len().div_ceil(25) as u64 + 1));
    });
}

#[test]
fn what_changed_lately_comes_at_once() {
    with_server(async |admin, _| {
        for (seconds, count) in [(60, 11), (3600, 23), (86_400, 28)] {
            let params =
                ListParams { status: vec![ListStatus::All], updated_within: Some(seconds), ..ListParams::default() };
            let (ids, pages) = all(&admin, &params).await;
            assert_eq!((ids.len(), pages), (count, 1));
        }
    });
}

#[test]
fn several_labels_and_states_arrive_as_arrays() {
    let rows = support::lines("dataset.ndjson");
    let wanted = |row: &Value| {
        let labels = row["labels"].as_array().unwrap();
        labels.iter().any(|label| label == "bug" || label == "vip")
            && (row["status"] == "open" || row["status"] == "pending")
    };
    let expected: BTreeSet<i64> =
        rows.iter().filter(|row| wanted(row)).map(|row| row["id"].as_i64().unwrap()).collect();
    with_server(async |admin, _| {
        let params = ListParams {
            labels: vec!["bug".to_owned(), "VIP".to_owned()],
            status: vec![ListStatus::Open, ListStatus::Pending],
            ..ListParams::default()
        };
        assert_eq!(all(&admin, &params).await.0.into_iter().collect::<BTreeSet<_>>(), expected);
        let params =
            CountParams { labels: params.labels.clone(), status: params.status.clone(), ..CountParams::default() };
        assert_eq!(admin.counts(&params).await.unwrap().all, expected.len() as u64);
    });
}

#[test]
fn a_listed_conversation_has_its_details_and_its_bytes() {
    with_server(async |admin, _| {
        let page = admin.list_page(&ListParams::default(), 1).await.unwrap();
        assert_eq!((page.conversations.len(), page.counts.unwrap().all), (25, 239));
        let rows = support::lines("dataset.ndjson");
        for conversation in &page.conversations {
            let mut row = rows.iter().find(|row| row["id"] == conversation.id()).unwrap().clone();
            row.as_object_mut().unwrap().remove("_columns");
            assert_eq!(serde_json::to_value(conversation.details().unwrap()).unwrap(), row);
            assert_eq!(serde_json::from_str::<Value>(conversation.json()).unwrap(), row);
        }
    });
}

#[test]
fn a_filter_is_counted_by_one_page() {
    with_server(async |admin, agent| {
        let payload = cwql::compile("status = open", &cwql::Schema::default()).unwrap();
        let counts = admin.filter_counts(&payload).await.unwrap();
        assert_eq!(counts, admin.counts(&CountParams::default()).await.unwrap());
        assert_eq!((counts.mine, counts.assigned, counts.unassigned, counts.all), (Some(42), Some(158), Some(81), 239));
        assert_eq!(agent.filter_counts(&payload).await.unwrap().all, 141);
    });
}

#[test]
fn what_is_created_is_found() {
    with_server(async |admin, agent| {
        let mut new = NewConversation::new("new-source", 31);
        new.contact_id = Some(1001);
        new.status = Some(Status::Snoozed);
        new.snoozed_until = Some("2026-07-01T08:00:00Z".parse().unwrap());
        new.assignee_id = Some(12);
        new.team_id = Some(8);
        new.custom_attributes = object(&json!({"plan_type": "Pro", "order_count": 3}));
        new.message = Some(NewMessage { content: Some("Grüße".to_owned()), ..NewMessage::default() });
        let created = admin.create(&new).await.unwrap();
        assert_eq!((created.account_id, created.inbox_id), (Some(4), Some(31)));
        let params = ListParams { q: Some("Grüße".to_owned()), ..ListParams::default() };
        assert_eq!(all(&agent, &params).await.0, [created.id]);
        let details = created.details().unwrap();
        assert_eq!(details.id, Some(created.id));
        assert_eq!(details.snoozed_until.unwrap().timestamp(), new.snoozed_until);
        assert_eq!(details.meta.team.unwrap().id, Some(8));
        assert_eq!(details.custom_attributes, new.custom_attributes);
        assert_eq!(details.messages[0].message_type, Some(MessageType::Outgoing));

        new.inbox_id = 999;
        let status = |result: Result<_, ClientError>| match result.map(|_| ()) {
            Err(ClientError::Status { status, .. }) => status,
            other => panic!("{other:?}"),
        };
        assert_eq!(status(admin.create(&new).await), 404);
        new.inbox_id = 42;
        assert_eq!(status(agent.create(&new).await), 401);
    });
}

// Servers that answer otherwise

/// A server that answers each request with what `answer` makes of it, and a client of it.
fn stub(answer: impl Fn(&str) -> Value + Send + Sync + 'static) -> (Client, Server) {
    let head = "content-type: application/json\r\nconnection: close\r\n";
    let server = Server::start(move |_, request| Reply::Whole(http("200 OK", head, answer(request).to_string())));
    (Client::new(&server.url, 1, Token::new("t")).unwrap(), server)
}

/// Runs something that needs no server of this program.
fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// The rows of a page of two, of five in all.
fn page_of_two(line: &str) -> Value {
    let page: i64 = line.split("page=").nth(1).unwrap().split([' ', '&']).next().unwrap().parse().unwrap();
    (page * 2 - 1..=(page * 2).min(5)).map(|id| json!({"id": id})).collect()
}

#[test]
fn both_shapes_of_an_answer_are_understood_and_counts_may_lack() {
    let all_of = |answer: fn(&str) -> Value| {
        let (client, server) = stub(answer);
        let (ids, pages) = run(all(&client, &ListParams::default()));
        assert_eq!(ids, [1, 2, 3, 4, 5]);
        assert_eq!(server.count() as u64, pages);
        pages
    };
    assert_eq!(all_of(|line| json!({"meta": {"all_count": "5"}, "payload": page_of_two(line)})), 6);
    assert_eq!(all_of(|line| json!({"data": {"meta": {"all_count": 5}, "payload": page_of_two(line)}})), 6);
    // Without counts, until nothing comes.
    assert_eq!(all_of(|line| json!({"payload": page_of_two(line)})), 8);
    let (client, _) = stub(|_| json!({"data": {"meta": {"all_count": 7, "assigned_count": 2}}}));
    assert_eq!(run(client.counts(&CountParams::default())).unwrap().assigned, Some(2));
    assert!(run(client.list_page(&ListParams::default(), 1)).is_err());
}

#[test]
fn a_stream_ends_after_the_first_error() {
    let (client, _) = stub(|line| match page_of_two(line) {
        rows if rows[0]["id"] == 5 => json!({"payload": "broken"}),
        rows => json!({"meta": {"all_count": 5}, "payload": rows}),
    });
    let came: Vec<_> = run(client.list(&ListParams::default()).into_stream().take(9).collect());
    let ids: Vec<_> = came.iter().map(|row| row.as_ref().ok().map(Conversation::id)).collect();
    assert_eq!(ids, [Some(1), Some(2), Some(3), Some(4), None]);
}

#[test]
fn a_server_that_repeats_its_page_is_not_asked_for_ever() {
    let (client, server) = stub(|_| json!({"data": {"meta": {"all_count": 99}, "payload": [{"id": 1}, {"id": 2}]}}));
    let (ids, pages) = run(all(&client, &ListParams::default()));
    assert_eq!(ids, [1, 2]);
    // Twice it is asked again for what it counts and does not show.
    assert!(pages <= 12 && server.count() <= 24, "{pages} pages, {} requests", server.count());
}

/// The documented answer of three members, and one whose conversation stands in `data`.
#[test]
fn what_is_created_is_read_in_both_shapes_and_shows_no_token() {
    let conversation = json!({
        "id": 12, "account_id": 4, "inbox_id": 1, "status": "open", "data": null,
        "meta": {"assignee": {"id": 3, "access_token": "s3cret"}},
    });
    for wrapped in [false, true] {
        let answer = if wrapped { json!({ "data": conversation }) } else { conversation.clone() };
        let (client, _) = stub(move |_| answer.clone());
        let created = run(client.create(&NewConversation::new("s", 1))).unwrap();
        assert_eq!((created.id, created.account_id, created.inbox_id), (12, Some(4), Some(1)));
        let details = created.details().unwrap();
        assert_eq!((details.id, details.status), (Some(12), Some(Status::Open)), "{wrapped}");
        assert!(created.json().contains("s3cret"));
        let shown = format!("{created:?}");
        assert!(shown.contains("id: 12") && !shown.contains("s3cret"), "{shown}");
    }
}

#[test]
fn a_filter_is_counted_and_a_conversation_created_by_one_request() {
    let (client, server) =
        stub(|_| json!({"id": "12", "meta": {"unassigned_count": 1, "all_count": 3}, "payload": []}));
    let payload = cwql::compile("status = open", &cwql::Schema::default()).unwrap();
    let counts = run(client.filter_counts(&payload)).unwrap();
    assert_eq!((counts.all, counts.assigned, counts.unassigned), (3, Some(2), Some(1)));
    let created = run(client.create(&NewConversation::new("s", 1))).unwrap();
    assert_eq!((created.id, created.inbox_id), (12, None));
    let asked = server.requests();
    assert_eq!(asked.len(), 2);
    assert!(asked[0].starts_with("POST /api/v1/accounts/1/conversations/filter?page=1 "), "{asked:?}");
    assert!(asked[1].starts_with("POST /api/v1/accounts/1/conversations "), "{asked:?}");
}
