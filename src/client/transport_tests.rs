//! What a bad day does to requests that change something, and to counts: what cannot be seen from outside yet.

#[path = "../../tests/misbehave/mod.rs"]
mod misbehave;

use std::time::Duration;

use misbehave::{Make, RIGHT, Reply, Server, http, right, status};
use reqwest::Method;
use tokio::time::Instant;

use super::*;

const SILENCE: Duration = Duration::from_secs(3);

fn fast() -> Settings {
    Settings {
        backoff: Duration::from_millis(2),
        retry_after_max: Duration::from_millis(50),
        read_timeout: Duration::from_millis(300),
        ..Settings::default()
    }
}

fn transport(server: &Server, settings: Settings) -> Transport {
    Transport::new(&server.url, Token::new("tOkEn-never-shown"), settings).unwrap()
}

async fn create(transport: &Transport) -> Result<Vec<u8>, ClientError> {
    let url = transport.join("api/v1/accounts/1/conversations").unwrap();
    transport.send(Effect::Write, Method::POST, url, Some(r#"{"source_id":"x"}"#.to_owned())).await.map(Vec::from)
}

/// Expects that exactly one request arrives, and that it is said to have been perhaps handled.
async fn is_unconfirmed(name: &str, server: &Server, settings: Settings) {
    let error = create(&transport(server, settings)).await.unwrap_err();
    assert!(matches!(error, ClientError::Unconfirmed { .. }), "{name}: {error:?}");
    let text = error.to_string();
    assert!(text.contains("may have been created") && text.contains("look for it before you repeat"), "{text}");
    assert_eq!(server.count(), 1, "{name}");
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_is_sent_once() {
    let cases: [(&str, Make); 10] = [
        ("reset", || Reply::Reset(Vec::new())),
        ("closed", || Reply::Part(Vec::new())),
        ("reset in the body", || Reply::Reset(http("200 OK", "", RIGHT)[..60].to_vec())),
        ("cut", || Reply::Part(http("200 OK", "", RIGHT)[..60].to_vec())),
        ("cut without a length", || Reply::Part(b"HTTP/1.1 200 OK\r\n\r\n{\"id\":7,".to_vec())),
        ("silent", || Reply::Silence(Vec::new(), SILENCE)),
        ("500", || status("500 Internal Server Error")),
        ("502", || status("502 Bad Gateway")),
        ("503", || status("503 Service Unavailable")),
        ("504", || status("504 Gateway Timeout")),
    ];
    for (name, reply) in cases {
        is_unconfirmed(name, &Server::replies([reply, right]), fast()).await;
    }
}

#[tokio::test]
async fn a_create_that_the_end_of_the_run_cuts_off_is_unconfirmed() {
    let server = Server::replies([|| Reply::Silence(Vec::new(), SILENCE)]);
    let settings = Settings { run_timeout: Some(Duration::from_millis(200)), read_timeout: SILENCE, ..fast() };
    is_unconfirmed("deadline", &server, settings).await;
}

#[tokio::test]
async fn a_time_that_the_clock_cannot_reach_is_no_end() {
    let server = Server::replies([right]);
    let settings = Settings { run_timeout: Some(Duration::MAX), ..fast() };
    assert_eq!(create(&transport(&server, settings)).await, Ok(RIGHT.as_bytes().to_vec()));
}

#[tokio::test]
async fn a_create_on_a_connection_that_breaks_when_used_again_is_unconfirmed() {
    let server = Server::replies([right, || Reply::Reset(Vec::new()), right]);
    let transport = transport(&server, fast());
    assert_eq!(create(&transport).await, Ok(RIGHT.as_bytes().to_vec()));
    assert!(matches!(create(&transport).await, Err(ClientError::Unconfirmed { .. })));
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_create_whose_answer_is_too_large_was_handled() {
    let server = Server::always(http("200 OK", "", RIGHT));
    is_unconfirmed("large", &server, Settings { max_body: 10, ..fast() }).await;
}

#[tokio::test]
async fn a_create_that_is_answered_with_a_web_page_may_have_been_handled() {
    let page = http("200 OK", "content-type: text/html\r\n", "<html>Welcome</html>");
    is_unconfirmed("a web page", &Server::always(page), fast()).await;
}

#[tokio::test]
async fn a_create_that_was_refused_before_it_was_handled_is_repeated() {
    let server = Server::replies([
        || Reply::Whole(http("429 Too Many Requests", "retry-after: 0\r\n", "")),
        || Reply::Whole(http("429 Too Many Requests", "", "")),
        right,
    ]);
    assert!(create(&transport(&server, fast())).await.is_ok());
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_create_with_a_header_that_a_proxy_drops_is_sent_with_the_other() {
    let server = Server::replies([|| status("401 Unauthorized"), right]);
    assert!(create(&transport(&server, fast())).await.is_ok());
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn requests_at_a_time_each_try_the_other_header() {
    // The second refusal arrives when the first request has already learnt which header passes.
    let server = Server::start(|_, request| {
        if request.to_ascii_lowercase().contains("api-access-token") {
            return right();
        }
        if request.starts_with("GET /slow") {
            std::thread::sleep(Duration::from_millis(200));
        }
        status("401 Unauthorized")
    });
    let transport = transport(&server, fast());
    let send = |path| transport.send(Effect::Read, Method::GET, transport.join(path).unwrap(), None);
    let (quick, slow) = tokio::join!(send("quick"), send("slow"));
    assert_eq!((quick.map(Vec::from), slow.map(Vec::from)), (Ok(RIGHT.into()), Ok(RIGHT.into())));
    assert_eq!(server.count(), 4);
}

#[tokio::test]
async fn a_create_that_is_refused_is_told_why() {
    let server = Server::always(http("422 Unprocessable", "", r#"{"message":"Source can't be blank"}"#));
    let error = create(&transport(&server, fast())).await.unwrap_err();
    let ClientError::Status { status: 422, message, request, .. } = error else { panic!("{error}") };
    assert_eq!(message, "Source can't be blank");
    assert!(request.starts_with("POST /"), "{request}");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_create_where_nothing_listens_was_not_sent() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let transport = Transport::new(&format!("http://127.0.0.1:{port}"), Token::new("t"), fast()).unwrap();
    assert!(matches!(create(&transport).await, Err(ClientError::Network { .. })));
}

#[tokio::test]
async fn counts_have_a_limit_of_their_own() {
    let server = Server::always(http("200 OK", "", RIGHT));
    let limit = Duration::from_millis(300);
    let transport = transport(&server, Settings { max_count_rate: Some(1), run_timeout: Some(limit), ..fast() });
    let send = async |effect| {
        let url = transport.join("api/v1/accounts/1/conversations/meta").unwrap();
        transport.send(effect, Method::GET, url, None).await
    };
    assert!(send(Effect::Count).await.is_ok());
    assert!(send(Effect::Read).await.is_ok());
    assert_eq!(send(Effect::Count).await, Err(ClientError::Deadline { limit }));
    assert_eq!(server.count(), 2);
}

#[test]
fn only_another_machine_is_paced_by_itself() {
    let paced = |base: &str, settings: Settings| {
        let transport = Transport::new(base, Token::new("t"), Settings { insecure_http: true, ..settings }).unwrap();
        (transport.pace.is_some(), transport.count_pace.is_some())
    };
    assert_eq!(paced("http://chat.example.com", Settings::default()), (true, true));
    assert_eq!(paced("http://127.0.0.1:3000", Settings::default()), (false, false));
    let asked = Settings { max_rate: Some(60), ..Settings::default() };
    assert_eq!(paced("http://127.0.0.1:3000", asked), (true, false));
}

#[tokio::test]
async fn four_pages_at_a_time_are_not_slowed() {
    let server = Server::always(http("200 OK", "", RIGHT));
    let transport = transport(&server, Settings { max_rate: Some(RATE), ..fast() });
    let start = Instant::now();
    for _ in 0..50 {
        let send = || transport.send(Effect::Read, Method::GET, transport.base.clone(), None);
        let (a, b, c, d) = tokio::join!(send(), send(), send(), send());
        assert!(a.is_ok() && b.is_ok() && c.is_ok() && d.is_ok());
    }
    // At an even pace they would take five seconds.
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    assert_eq!(server.count(), 200);
}

#[test]
fn a_password_of_the_address_is_not_shown() {
    let base = "https://user:s3cret@chat.example.com/chat/";
    let transport = Transport::new(base, Token::new("t"), Settings::default()).unwrap();
    assert_eq!(transport.shown, "https://chat.example.com/chat/");
    let url = transport.join("api").unwrap();
    assert_eq!(url.as_str(), "https://user:s3cret@chat.example.com/chat/api");
}

/// A server that answers everything with nothing is not known to be the right one.
#[test]
fn an_empty_answer_is_no_proof_of_an_account() {
    let server = Server::replies([right]);
    let transport = transport(&server, fast());
    for (body, answered) in [("[]", false), (" {} \n", false), ("null", false), ("[1]", true)] {
        assert_eq!(transport.read(body.as_bytes(), |_| Ok(())), Ok(()));
        assert_eq!(transport.has_answered(), answered, "{body}");
    }
}
