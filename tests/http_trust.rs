//! What a bad day does to requests that only read: each misbehaviour of a server, how many requests it costs, and what
//! is said in the end.
#![cfg(feature = "client")]
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

mod misbehave;

use std::io::Write as _;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cwql::client::{ClientError, Event, Observer, Settings, Token};
use cwql::{Client, Schema, compile};
use flate2::Compression;
use flate2::write::GzEncoder;
use misbehave::{Make, RIGHT, Reply, Server, http, right, status};

const TOKEN: &str = "tOkEn-0123456789-never-shown";

/// As patient as the usual settings, in less time.
fn fast() -> Settings {
    Settings {
        backoff: Duration::from_millis(2),
        backoff_max: Duration::from_millis(10),
        retry_after_max: Duration::from_millis(1500),
        read_timeout: Duration::from_millis(400),
        ..Settings::default()
    }
}

fn client(server: &Server, settings: Settings) -> Client {
    Client::with_settings(&server.url, 1, Token::new(TOKEN), settings).unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Asks for a page; the ids in it.
async fn ask(client: &Client) -> Result<Vec<i64>, ClientError> {
    let payload = compile("status = open", &Schema::default()).unwrap();
    let page = client.filter_page(&payload, 1).await?;
    Ok(page.conversations.iter().map(cwql::answer::Conversation::id).collect())
}

/// Asks once with a new client; errors never show the token.
fn asked_with(server: &Server, settings: Settings) -> Result<Vec<i64>, ClientError> {
    let result = runtime().block_on(ask(&client(server, settings)));
    assert!(!format!("{result:?}").contains(TOKEN));
    result
}

fn asked(server: &Server) -> Result<Vec<i64>, ClientError> {
    asked_with(server, fast())
}

/// Expects the right answer after so many requests.
fn finds(server: &Server, requests: usize) {
    assert_eq!(asked(server), Ok(vec![7]));
    assert_eq!(server.count(), requests);
}

/// Expects an error with these parts after so many requests.
fn fails(server: &Server, requests: usize, parts: &[&str]) -> ClientError {
    let error = asked(server).unwrap_err();
    for part in parts {
        assert!(error.to_string().contains(part), "no `{part}` in {error}");
    }
    assert_eq!(server.count(), requests, "{error}");
    error
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(body: &[u8]) -> Reply {
    Reply::Whole(http("200 OK", "content-type: application/json\r\ncontent-encoding: gzip\r\n", body))
}

const SILENCE: Duration = Duration::from_secs(3);

#[test]
fn a_slow_server_is_asked_again() {
    finds(&Server::replies([|| Reply::Silence(Vec::new(), SILENCE), right]), 2);
}

#[test]
fn a_silence_within_the_answer_is_one() {
    let part = || Reply::Silence(http("200 OK", "", RIGHT)[..60].to_vec(), SILENCE);
    finds(&Server::replies([part, right]), 2);
}

#[test]
fn a_server_that_stays_silent_is_asked_three_times() {
    let server = Server::replies([|| Reply::Silence(Vec::new(), SILENCE)]);
    fails(&server, 3, &["it was silent for 0.4 s (tried 3 times)", "--read-timeout"]);
}

#[test]
fn a_reset_in_the_middle_of_the_body_is_repeated() {
    let part = || Reply::Reset(http("200 OK", "", RIGHT)[..60].to_vec());
    finds(&Server::replies([part, part, right]), 3);
    fails(&Server::replies([part]), 5, &["no answer from http://127.0.0.1:", "(tried 5 times)", "try again"]);
}

#[test]
fn a_reset_before_the_answer_is_repeated() {
    finds(&Server::replies([|| Reply::Reset(Vec::new()), right]), 2);
}

#[test]
fn a_body_cut_before_its_length_is_repeated() {
    let part = || Reply::Part(http("200 OK", "", RIGHT)[..60].to_vec());
    finds(&Server::replies([part, right]), 2);
    fails(&Server::replies([part]), 5, &["no answer from"]);
}

#[test]
fn a_chunked_body_without_its_end_is_repeated() {
    let part = || {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        Reply::Part(format!("{head}{:x}\r\n{RIGHT}\r\n", RIGHT.len()).into_bytes())
    };
    finds(&Server::replies([part, right]), 2);
}

#[test]
fn a_body_without_a_length_that_is_cut_is_repeated() {
    let part = || Reply::Part(format!("HTTP/1.1 200 OK\r\n\r\n{}", &RIGHT[..40]).into_bytes());
    finds(&Server::replies([part, right]), 2);
    fails(&Server::replies([part]), 5, &["it is cut in the middle", r#"it begins with: {"meta""#]);
}

#[test]
fn retries_can_be_turned_off() {
    let server = Server::replies([|| status("502 Bad Gateway"), right]);
    assert!(asked_with(&server, Settings { retries: 0, ..fast() }).is_err());
    assert_eq!(server.count(), 1);
}

/// Neither the address nor the account is doubted where the account has answered.
#[test]
fn an_answer_that_is_none_after_a_right_one_is_no_matter_of_the_address() {
    for (wrong, doubt) in [
        (
            (|| Reply::Whole(http("200 OK", "content-type: text/html\r\n", "<html>"))) as Make,
            "the address of a Chatwoot",
        ),
        (|| Reply::Whole(http("200 OK", "", "")), "the address of a Chatwoot"),
        (|| Reply::Whole(http("200 OK", "", r#"{"error":"Retry later"}"#)), "the address of a Chatwoot"),
        (|| status("404 Not Found"), "the right account id"),
        (|| status("304 Not Modified"), "the address of a Chatwoot"),
    ] {
        let first = Server::replies([wrong]);
        fails(&first, 1, &[doubt]);
        let second = Server::replies([right, wrong]);
        let error = runtime().block_on(async {
            let client = client(&second, fast());
            ask(&client).await.unwrap();
            ask(&client).await.unwrap_err().to_string()
        });
        assert!(error.contains("has answered rightly before") && !error.contains(doubt), "{error}");
    }
}

/// The waits before retries, and the answer.
fn waits(server: &Server) -> (Vec<Duration>, Result<Vec<i64>, ClientError>) {
    let waits: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let seen = waits.clone();
    let observer = Observer::new(move |event| {
        if let Event::Retrying { wait, .. } = event {
            seen.lock().unwrap().push(*wait);
        }
    });
    let start = Instant::now();
    let result = asked_with(server, Settings { observer: Some(observer), ..fast() });
    let waits = waits.lock().unwrap().clone();
    assert!(start.elapsed() >= waits.iter().sum(), "{waits:?}");
    (waits, result)
}

#[test]
fn a_throttled_request_waits_for_the_seconds_it_is_told() {
    let throttled = || Reply::Whole(http("429 Too Many Requests", "retry-after: 1\r\n", "Retry later\n"));
    let server = Server::replies([throttled, right]);
    let (waits, result) = waits(&server);
    assert_eq!((result, server.count()), (Ok(vec![7]), 2));
    assert!(waits[0] >= Duration::from_secs(1) && waits[0] < Duration::from_millis(1100), "{waits:?}");
}

#[test]
fn a_throttled_request_waits_for_the_time_it_is_told() {
    let throttled = || {
        let times = "date: Mon, 15 Jun 2026 12:00:00 GMT\r\nretry-after: Mon, 15 Jun 2026 12:00:01 GMT\r\n";
        Reply::Whole(http("429 Too Many Requests", times, "Retry later\n"))
    };
    let server = Server::replies([throttled, right]);
    let (waits, result) = waits(&server);
    assert_eq!((result, server.count()), (Ok(vec![7]), 2));
    assert!(waits[0] >= Duration::from_secs(1) && waits[0] < Duration::from_millis(1100), "{waits:?}");
}

/// Nor is it asked again before it said.
#[test]
fn a_server_cannot_make_it_wait_for_a_day() {
    let throttled = || Reply::Whole(http("429 Too Many Requests", "retry-after: 86400\r\n", "Retry later\n"));
    let paused = || Reply::Whole(http("503 Service Unavailable", "retry-after: 86400\r\n", "Retry later\n"));
    for reply in [throttled as fn() -> Reply, paused] {
        let said = "the server asks to wait 86400 s, and only 1.5 s are waited for; ask again then";
        fails(&Server::replies([reply]), 1, &[said]);
    }
}

#[test]
fn a_wait_that_is_never_long_enough_is_said() {
    let throttled = || Reply::Whole(http("429 Too Many Requests", "retry-after: 0\r\n", "Retry later\n"));
    fails(
        &Server::replies([throttled]),
        5,
        &["429: Retry later", "asks to wait 0 s, and was asked 5 times", "--retries"],
    );
}

#[test]
fn a_throttled_request_that_is_told_nothing_waits_longer_each_time() {
    let throttled = || Reply::Whole(http("429 Too Many Requests", "", "Retry later\n"));
    finds(&Server::replies([throttled, throttled, right]), 3);
    let server = Server::replies([throttled]);
    let error = fails(&server, 5, &["429: Retry later", "--max-rate"]);
    assert!(matches!(error, ClientError::Status { status: 429, .. }));
}

#[test]
fn an_overloaded_server_is_asked_again() {
    for (code, reply) in [
        (502, (|| status("502 Bad Gateway")) as Make),
        (503, || status("503 Service Unavailable")),
        (504, || status("504 Gateway Timeout")),
        (408, || status("408 Request Timeout")),
        (425, || status("425 Too Early")),
        (520, || status("520 Unknown Error")),
        (524, || status("524 A Timeout Occurred")),
        (529, || status("529 Site Is Overloaded")),
    ] {
        finds(&Server::replies([reply, reply, right]), 3);
        fails(&Server::replies([reply]), 5, &[&code.to_string(), "overloaded or restarting"]);
    }
}

#[test]
fn a_500_that_passes_is_got_over() {
    let broken = || status("500 Internal Server Error");
    finds(&Server::replies([broken, broken, right]), 3);
}

#[test]
fn a_500_that_stays_is_believed() {
    let broken = || {
        let body = r#"{"status":500,"error":"Internal Server Error"}"#;
        Reply::Whole(http("500 Internal Server Error", "", body))
    };
    let error = fails(&Server::replies([broken]), 3, &["500: Internal Server Error", "cwql explain"]);
    assert!(error.is_server_error());
}

#[test]
fn what_the_server_refuses_is_asked_once() {
    for refused in ["400 Bad Request", "403 Forbidden", "404 Not Found", "413 Content Too Large", "422 Unprocessable"] {
        fails(&Server::always(http(refused, "", "no")), 1, &[&refused[..3], ": no"]);
    }
}

#[test]
fn answers_may_be_compressed() {
    let server = Server::start(|_, request| {
        assert!(request.to_ascii_lowercase().contains("accept-encoding: gzip\r\n"), "{request}");
        gzipped(&gzip(RIGHT.as_bytes()))
    });
    finds(&server, 1);
}

#[test]
fn a_truncated_compressed_answer_is_repeated() {
    let part = || {
        let whole = gzip(RIGHT.as_bytes());
        gzipped(&whole[..whole.len() - 12])
    };
    finds(&Server::replies([part, right]), 2);
    fails(&Server::replies([part]), 5, &["no answer from", "(tried 5 times)"]);
}

#[test]
fn a_compressed_answer_is_measured_unpacked() {
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 1 << 17);
    let server = Server::start(move |_, _| gzipped(&bomb));
    let start = Instant::now();
    let error = asked_with(&server, Settings { max_body: 1 << 20, ..fast() }).unwrap_err();
    assert!(matches!(error, ClientError::TooLarge { limit: 0x10_0000, .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!(server.count(), 1);
}

#[test]
fn an_answer_over_the_limit_is_quoted() {
    let server = Server::always(http("200 OK", "", format!("[{}]", "1,".repeat(1000))));
    let error = asked_with(&server, Settings { max_body: 1000, ..fast() }).unwrap_err();
    assert!(error.to_string().starts_with("the answer is larger than 1000 bytes\n  it begins with: [1,1,"), "{error}");
    assert_eq!(server.count(), 1);
}

#[test]
fn the_content_type_alone_makes_no_web_page() {
    for content_type in ["text/plain", "text/html", "application/octet-stream", "nonsense"] {
        finds(&Server::always(http("200 OK", &format!("content-type: {content_type}\r\n"), RIGHT)), 1);
    }
}

#[test]
fn a_web_page_is_called_one() {
    let page = "<!DOCTYPE html>\n<html><title>Log in</title></html>";
    for content_type in ["content-type: text/html; charset=utf-8\r\n", ""] {
        let server = Server::always(http("200 OK", content_type, page));
        fails(
            &server,
            1,
            &["it is a web page, not the API's JSON", "it begins with: <!DOCTYPE html> <html><title>Log"],
        );
    }
}

#[test]
fn three_megabytes_of_web_page_are_not_waited_for() {
    let page = format!("<html><body>{}</body></html>", "<p>no</p>".repeat(3_000_000 / 9));
    for (status, content_type, parts) in [
        ("200 OK", "content-type: text/html\r\n", "it is a web page"),
        ("200 OK", "", "it is a web page"),
        ("403 Forbidden", "content-type: text/html\r\n", "403: <html><body><p>no"),
    ] {
        let server = Server::always(http(status, content_type, &page));
        let start = Instant::now();
        let error = fails(&server, 1, &[parts]);
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        assert!(error.to_string().len() < 500, "{error}");
    }
    // Of a page that never ends the start is enough.
    let start = page[..8000].to_owned();
    let server = Server::start(move |_, _| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 3000000\r\n\r\n";
        Reply::Silence(format!("{head}{start}").into_bytes(), SILENCE)
    });
    fails(&server, 1, &["it is a web page"]);
}

#[test]
fn a_redirect_is_named_without_its_secrets_and_not_followed() {
    let other = Server::always(http("200 OK", "", RIGHT));
    let host = other.url.strip_prefix("http://").unwrap().to_owned();
    let location = format!("location: http://user:s3cret@{host}/login?token={TOKEN}&next=s3cret#s3cret\r\n");
    let server = Server::always(http("302 Found", &location, ""));
    let error =
        fails(&server, 1, &[&format!("302: http://{host}/login\n"), "the server redirects to a page for people"]);
    assert!(!format!("{error:?} {error}").contains("s3cret"), "{error}");
    assert_eq!(other.count(), 0);
    for (location, shown) in [("/elsewhere", "/elsewhere"), ("//", "none"), ("/caf\u{e9}", "/caf%C3%A9")] {
        fails(&Server::always(http("302 Found", &format!("location: {location}\r\n"), "")), 1, &[shown]);
    }
    // Only what may be a server's address is one to use instead.
    for (location, advice) in [
        ("/app/login", "must let /api through"),
        ("https://chat.example.com/", "use the address that it redirects to"),
        ("https://chat.example.com/api/v1/accounts/4/conversations/filter", "use the address that it redirects to"),
    ] {
        fails(&Server::always(http("302 Found", &format!("location: {location}\r\n"), "")), 1, &[advice]);
    }
}

#[test]
fn a_connection_that_the_server_closes_between_requests_is_replaced() {
    let server = Server::start(|_, _| Reply::Part(http("200 OK", "", RIGHT)));
    runtime().block_on(async {
        let client = client(&server, fast());
        assert_eq!(ask(&client).await, Ok(vec![7]));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(ask(&client).await, Ok(vec![7]));
    });
    assert_eq!(server.count(), 2);
}

#[test]
fn a_connection_that_breaks_when_it_is_used_again_is_replaced() {
    let server = Server::replies([right, || Reply::Reset(Vec::new()), right]);
    runtime().block_on(async {
        let client = client(&server, fast());
        assert_eq!(ask(&client).await, Ok(vec![7]));
        assert_eq!(ask(&client).await, Ok(vec![7]));
    });
    assert_eq!(server.count(), 3);
}

#[test]
fn what_is_no_http_is_said_at_once() {
    let server = Server::start(|_, _| Reply::Part(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec()));
    fails(&server, 1, &["what answers is no HTTP", "should the address begin with https?"]);
}

#[test]
fn where_nothing_listens_it_is_said_at_once() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = Settings { backoff: SILENCE, ..fast() };
    let client = Client::with_settings(&format!("http://127.0.0.1:{port}"), 1, Token::new(TOKEN), settings).unwrap();
    let start = Instant::now();
    let error = runtime().block_on(ask(&client)).unwrap_err().to_string();
    assert!(error.contains("refused") && error.contains("is the server running"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn the_whole_run_has_an_end() {
    let server = Server::replies([right, || Reply::Silence(Vec::new(), SILENCE)]);
    let limit = Duration::from_millis(500);
    let settings = Settings { run_timeout: Some(limit), read_timeout: SILENCE, ..fast() };
    let start = Instant::now();
    runtime().block_on(async {
        let client = client(&server, settings);
        assert_eq!(ask(&client).await, Ok(vec![7]));
        for _ in 0..2 {
            let error = ask(&client).await.unwrap_err();
            assert_eq!(error, ClientError::Deadline { limit });
            assert!(error.to_string().contains("the time for the whole run is over: 0.5 s\n  --timeout"), "{error}");
        }
    });
    assert!(start.elapsed() >= limit && start.elapsed() < Duration::from_secs(2));
    assert_eq!(server.count(), 2);
}

#[test]
fn no_retry_waits_past_the_end_of_the_run() {
    let throttled = || Reply::Whole(http("429 Too Many Requests", "retry-after: 30\r\n", "Retry later\n"));
    let server = Server::replies([throttled]);
    let usual = Settings { run_timeout: Some(Duration::from_secs(20)), ..Settings::default() };
    let start = Instant::now();
    let error = asked_with(&server, usual).unwrap_err();
    assert!(matches!(error, ClientError::Status { status: 429, unwaited: Some(_), .. }));
    let said = error.to_string();
    assert!(said.contains("asks to wait 30 s, and the whole run may take 20 s; --timeout allows more"), "{said}");
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(server.count(), 1);
}

#[test]
fn no_more_requests_are_sent_than_the_rate_allows() {
    let server = Server::always(http("200 OK", "", RIGHT));
    let settings = Settings { max_rate: Some(1), run_timeout: Some(Duration::from_millis(300)), ..fast() };
    runtime().block_on(async {
        let client = client(&server, settings);
        assert_eq!(ask(&client).await, Ok(vec![7]));
        assert!(matches!(ask(&client).await, Err(ClientError::Deadline { .. })));
    });
    assert_eq!(server.count(), 1);
}

/// A server behind a proxy that lets only some names of the header pass.
fn behind(passes: &'static str) -> Server {
    Server::start(move |_, request| {
        let request = request.to_ascii_lowercase();
        if request.contains(&format!("\r\n{passes}: {}\r\n", TOKEN.to_ascii_lowercase())) {
            right()
        } else {
            let body = r#"{"errors":["You need to sign in or sign up before continuing."]}"#;
            Reply::Whole(http("401 Unauthorized", "", body))
        }
    })
}

/// The hints that two requests of one client give, and their results.
fn hints(server: &Server) -> (Vec<String>, Vec<Result<Vec<i64>, ClientError>>) {
    let hints: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = hints.clone();
    let observer = Observer::new(move |event| {
        if let Event::Hint(text) = event {
            seen.lock().unwrap().push((*text).to_owned());
        }
    });
    let results = runtime().block_on(async {
        let client = client(server, Settings { observer: Some(observer), ..fast() });
        vec![ask(&client).await, ask(&client).await]
    });
    let hints = hints.lock().unwrap().clone();
    (hints, results)
}

#[test]
fn the_documented_header_is_sent_alone_where_it_passes() {
    let server = behind("api_access_token");
    let (hints, results) = hints(&server);
    assert_eq!((hints.len(), server.count()), (0, 2));
    assert_eq!(results, [Ok(vec![7]), Ok(vec![7])]);
    assert!(server.requests().iter().all(|request| !request.to_ascii_lowercase().contains("api-access-token")));
}

/// A refusal after a success has another reason than the header's name.
#[test]
fn where_the_documented_header_has_passed_no_proxy_is_blamed() {
    let refused = || Reply::Whole(http("401 Unauthorized", "", r#"{"error":"x"}"#));
    let server = Server::replies([right, refused, right]);
    let (hints, results) = hints(&server);
    assert_eq!((hints.len(), server.count()), (0, 2));
    let error = results[1].as_ref().unwrap_err().to_string();
    assert!(error.contains("401: x") && error.contains("may have been revoked"), "{error}");
    // What needs no token tells nothing of its header.
    let server = Server::start(|_, request| {
        if request.starts_with("GET /api ") {
            return Reply::Whole(http("200 OK", "", r#"{"version":"4.15.1"}"#));
        }
        if request.to_ascii_lowercase().contains("\r\napi-access-token: ") {
            right()
        } else {
            status("401 Unauthorized")
        }
    });
    let client = client(&server, fast());
    runtime().block_on(async {
        assert!(client.version().await.is_ok());
        assert_eq!(ask(&client).await, Ok(vec![7]));
    });
}

#[test]
fn where_a_proxy_drops_the_documented_header_the_other_one_is_sent_and_remembered() {
    let server = behind("api-access-token");
    let (hints, results) = hints(&server);
    assert_eq!(results, [Ok(vec![7]), Ok(vec![7])]);
    assert_eq!((hints.len(), server.count()), (1, 3));
    assert!(hints[0].contains("underscores_in_headers on"), "{hints:?}");
    // Never both at once.
    for request in server.requests() {
        assert_eq!(request.matches(TOKEN).count(), 1, "{request}");
    }
}

#[test]
fn where_no_header_passes_that_is_said() {
    let server = behind("x-nothing");
    let (hints, results) = hints(&server);
    assert_eq!((hints.len(), server.count()), (0, 3));
    for result in results {
        let error = result.unwrap_err().to_string();
        assert!(error.contains("no token reached the server") && error.contains("nginx"), "{error}");
    }
}

#[test]
fn a_wrong_token_behind_such_a_proxy_is_called_wrong() {
    let server = Server::start(|_, request| {
        let passed = request.to_ascii_lowercase().contains("api-access-token");
        let body = if passed { r#"{"error":"Invalid Access Token"}"# } else { r#"{"errors":["You need to sign in"]}"# };
        Reply::Whole(http("401 Unauthorized", "", body))
    });
    let (hints, results) = hints(&server);
    assert_eq!((hints.len(), server.count()), (1, 3));
    for result in results {
        assert!(result.unwrap_err().to_string().contains("401: Invalid Access Token\n  the token is wrong"));
    }
}

/// A gateway that lets the documented header alone through drops none.
#[test]
fn a_wrong_token_is_called_wrong_where_the_other_header_is_dropped() {
    fn refused(request: &str) -> &'static str {
        if request.contains("api_access_token") {
            r#"{"error":"Invalid Access Token"}"#
        } else {
            r#"{"errors":["You need to sign in"]}"#
        }
    }
    fn differs(request: &str) -> &'static str {
        if request.contains("api_access_token") { r#"{"error":"1"}"# } else { r#"{"error":"2"}"# }
    }
    type Answers = fn(&str) -> &'static str;
    let cases: [(Answers, &str, usize); 2] = [
        (refused, "401: Invalid Access Token\n  the token is wrong", 2),
        // What is another text each time tells nothing.
        (differs, "401: 1\n  the token is wrong, or", 3),
    ];
    for (answer, said, requests) in cases {
        let server = Server::start(move |_, request| Reply::Whole(http("401 Unauthorized", "", answer(request))));
        let (hints, results) = hints(&server);
        assert_eq!((hints.len(), server.count()), (0, requests));
        for result in results {
            let error = result.unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}

#[test]
fn each_refusal_of_a_token_has_its_advice() {
    // What the server says of a token it has: no other header is tried then.
    for (message, advice, requests) in [
        ("Invalid Access Token", "copy it again from the profile page", 1),
        ("Access to this endpoint is not authorized for bots", "token of an agent bot", 1),
        ("You are not authorized to access this account", "is the account id right?", 1),
        ("Account is suspended", "only the server's operator", 1),
        ("You are not authorized to do this action", "that of an administrator may", 1),
        ("something new", "the token is wrong, or of a bot, or", 2),
    ] {
        let server = Server::always(http("401 Unauthorized", "", format!(r#"{{"error":"{message}"}}"#)));
        fails(&server, requests, &[&format!("401: {message}\n"), advice]);
    }
}

#[test]
fn the_observer_is_told_of_each_request_and_never_of_the_token() {
    let server = Server::replies([|| status("502 Bad Gateway"), || Reply::Part(Vec::new()), right]);
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = told.clone();
    let observer = Observer::new(move |event| seen.lock().unwrap().push(format!("{event:?}")));
    let settings = Settings { observer: Some(observer), ..fast() };
    assert!(!format!("{:?} {:?}", settings, client(&server, settings.clone())).contains(TOKEN));
    assert_eq!(asked_with(&server, settings), Ok(vec![7]));
    let told = told.lock().unwrap();
    let names: Vec<&str> = told.iter().map(|event| event.split([' ', '(']).next().unwrap()).collect();
    assert_eq!(names, ["Sent", "Answered", "Retrying", "Sent", "Retrying", "Sent", "Answered"]);
    assert!(told.iter().all(|event| !event.contains(TOKEN)));
    for part in ["\"POST\"", "conversations/filter?page=1", "attempt: 3", "status: 200", "bytes: 45"] {
        assert!(told[6].contains(part), "no {part} in {}", told[6]);
    }
}
