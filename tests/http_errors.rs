//! Servers that misbehave: each yields a clear message and exit code 3, or is understood. What it costs to try again is
//! the business of `http_trust`.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod misbehave;
mod program;

use misbehave::Reply;
use program::{Ran, ran};

const TOKEN: &str = "tOkEn-0123456789-never-shown";

/// A server, and the program as it is run against it.
struct Server(misbehave::Server);

impl Server {
    /// Each request is answered with the bytes that `answer` makes of it, and the connection is closed.
    fn start(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self(misbehave::Server::start(move |_, request| Reply::Part(answer(request))))
    }

    /// Every request is answered alike.
    fn always(status: &str, body: &str) -> Self {
        let answer = http(status, "content-type: application/json\r\n", body);
        Self::start(move |_| answer.clone())
    }

    fn requests(&self) -> Vec<String> {
        self.0.requests()
    }

    /// Runs a query without retries, and looks for the token in what it prints.
    fn run(&self, query: &str, args: &[&str]) -> Ran {
        self.answer_to(&["run", query, "--output", "ids"], args)
    }

    fn answer_to(&self, command: &[&str], args: &[&str]) -> Ran {
        let ran = ran(program::command()
            .args(command)
            .args(["--url", &self.0.url, "--account-id", "7"])
            .args(if args.contains(&"--retries") { &[][..] } else { &["--retries", "0"] })
            .args(args)
            .env("CHATWOOT_API_ACCESS_TOKEN", TOKEN));
        assert!(!ran.out.contains(TOKEN) && !ran.err.contains(TOKEN), "{ran:?}");
        ran
    }

    /// Expects exit code 3, nothing on standard output, and messages with all of `parts`.
    fn fails(&self, query: &str, parts: &[&str]) {
        let ran = self.run(query, &[]);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{ran:?}");
        for part in parts {
            assert!(ran.err.contains(part), "no `{part}` in {}", ran.err);
        }
    }

    /// Expects these ids.
    fn finds(&self, ids: &[i64]) {
        let ran = self.run("status = open", &[]);
        let expected: String = ids.iter().map(|id| format!("{id}\n")).collect();
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, expected.as_str(), ""));
    }
}

/// An answer behind which the connection is closed.
fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    misbehave::http(status, &format!("{headers}connection: close\r\n"), body)
}

#[test]
fn a_page_that_is_no_json_is_quoted() {
    Server::always("200 OK", "<!doctype html>\n<title>Log in</title>").fails(
        "status = open",
        &[
            "the answer is not what it should be: it is a web page, not the API's JSON",
            "it begins with: <!doctype html> <title>Log in</title>",
            "is this the address of a Chatwoot?",
        ],
    );
}

#[test]
fn json_of_another_shape_is_no_answer() {
    for body in [
        "[]",
        "null",
        "{}",
        "12",
        r#"{"data":{}}"#,
        r#"{"error":"something"}"#,
        r#"{"payload":{}}"#,
        r#"{"payload":[1,2]}"#,
        r#"{"payload":[{"status":"open"}]}"#,
        r#"{"payload":[{"id":null}]}"#,
        r#"{"payload":[{"id":"abc"}]}"#,
    ] {
        Server::always("200 OK", body).fails("status = open", &["cwql: the answer is not what it should be", body]);
    }
    for body in ["[]", "null", "12"] {
        let ran = Server::always("200 OK", body).run("status = open", &[]);
        let said = "expected an object with `payload`, or with `data` that has it";
        assert!(ran.err.contains(said) && !ran.err.contains("struct"), "{}", ran.err);
    }
    let ran = Server::always("200 OK", "").run("status = open", &[]);
    assert!(ran.err.contains("it is empty\n") && !ran.err.contains("begins with"), "{}", ran.err);
}

#[test]
fn a_redirect_is_not_followed() {
    let other = Server::always("200 OK", r#"{"meta":{"all_count":0},"payload":[]}"#);
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let answer = http(status, &format!("location: {}/elsewhere\r\n", other.0.url), "");
        let server = Server::start(move |_| answer.clone());
        server.fails("status = open", &[&status[..3], &format!("{}/elsewhere", other.0.url), "the server redirects"]);
        assert_eq!(server.requests().len(), 1);
    }
    assert_eq!(other.requests(), [""; 0]);
    // What is shown can be used as it is.
    let moved =
        http("301 Moved", "location: https://new.example/chat/api/v1/accounts/7/conversations/filter?page=1\r\n", "");
    let server = Server::start(move |_| moved.clone());
    let ran = server.run("status = open", &[]);
    assert!(ran.err.contains("https://new.example/chat\n") && !ran.err.contains("/chat/api"), "{}", ran.err);
}

#[test]
fn each_status_has_its_advice() {
    for (status, body, parts) in [
        (
            "401 Unauthorized",
            r#"{"error":"Invalid Access Token"}"#,
            ["401: Invalid Access Token", "the token is wrong"],
        ),
        (
            "401 Unauthorized",
            r#"{"errors":["You need to sign in"]}"#,
            ["401: You need to sign in", "no token reached the server"],
        ),
        ("403 Forbidden", "<h1>Forbidden</h1>", ["403: <h1>Forbidden</h1>", "forbids it"]),
        (
            "404 Not Found",
            r#"{"error":"Resource could not be found"}"#,
            ["404: Resource could not be found", "account id"],
        ),
        (
            "422 Unprocessable Content",
            r#"{"error":"Invalid attribute key"}"#,
            ["422: Invalid attribute key", "--server-version"],
        ),
        ("429 Too Many Requests", "Retry later\n", ["429: Retry later", "wait"]),
        (
            "500 Internal Server Error",
            r#"{"status":500,"error":"Internal Server Error"}"#,
            ["500: Internal Server Error", "cwql explain"],
        ),
        ("502 Bad Gateway", "<html>\r\n<body>nginx</body>", ["502: <html> <body>nginx</body>", "try again"]),
        ("418 I'm a teapot", "", ["the server answers 418", ""]),
    ] {
        Server::always(status, body).fails("status = open", &parts);
    }
}

#[test]
fn a_broken_conversion_is_tried_once_more_without_it_and_not_for_ever() {
    let body = r#"{"status":500,"error":"Internal Server Error"}"#;
    let server = Server::start(move |request| {
        let ok = r#"{"meta":{"all_count":2},"payload":[{"id":2,"custom_attributes":{"n":7}},{"id":1,"custom_attributes":{"n":"x"}}]}"#;
        match request {
            _ if request.contains("/custom_attribute_definitions ") => http(
                "200 OK",
                "",
                r#"[{"attribute_key":"n","attribute_model":"conversation_attribute","attribute_display_type":"number"}]"#,
            ),
            _ if request.starts_with("GET") => http("200 OK", "", "[]"),
            _ if request.contains(r#""n""#) => http("500 Internal Server Error", "", body),
            _ => http("200 OK", "", ok),
        }
    });
    let ran = server.run("custom.n > 5", &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "2\n"), "{ran:?}");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    assert_eq!(server.run("custom.n > 5", &["--quiet"]).err, "");

    let broken = Server::always("500 Internal Server Error", body);
    let ran = broken.run("custom.n > 5", &["--account", "/dev/null"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    broken.fails("status = open", &["500: Internal Server Error"]);
    assert_eq!(broken.requests().len(), 1);
}

#[test]
fn a_connection_that_breaks_is_said() {
    let reset = Server(misbehave::Server::start(|_, _| Reply::Reset(Vec::new())));
    reset.fails("status = open", &["cwql: no answer from http://127.0.0.1:", "try again"]);

    let whole = http("200 OK", "", r#"{"meta":{"all_count":1},"payload":[{"id":1}]}"#);
    for end in [12, whole.len() - 40, whole.len() - 1] {
        let part = whole[..end].to_vec();
        Server::start(move |_| part.clone())
            .fails("status = open", &["cwql: no answer from http://127.0.0.1:", "try again"]);
    }
    Server::start(|_| b"SSH-2.0-OpenSSH_9.9\r\n".to_vec())
        .fails("status = open", &["cwql: no answer from", "what answers is no HTTP"]);
}

#[test]
fn an_answer_that_repeats_the_token_is_not_repeated() {
    for status in ["200 OK", "401 Unauthorized", "500 Internal Server Error"] {
        // At this place the message is cut within the token.
        for blanks in [0, 100] {
            let body = format!("{}{TOKEN}", "x".repeat(blanks));
            let ran = Server::always(status, &body).run("status = open", &[]);
            assert!(!ran.err.contains(&TOKEN[..12]), "{}", ran.err);
        }
        let body = format!(r#"{{"error":"{TOKEN} is wrong"}}"#);
        Server::always(status, &body).fails("status = open", &["… is wrong"]);
    }
    // The decoder quotes what it has found.
    for body in [format!(r#"{{"payload":"{TOKEN}"}}"#), format!(r#"{{"payload":["{TOKEN}"]}}"#)] {
        Server::always("200 OK", &body).fails("status = open", &["the answer is not what it should be"]);
    }
    let long = format!(r#"{{"payload":"{}"}}"#, "x".repeat(100_000));
    let ran = Server::always("200 OK", &long).run("status = open", &[]);
    assert!(ran.code == 3 && ran.err.len() < 1000, "{} bytes", ran.err.len());
}

/// Where only the end of the connection ends an answer, one that is cut looks whole.
#[test]
fn an_answer_without_its_end_is_asked_for_again() {
    let whole = r#"{"meta":{"all_count":1},"payload":[{"id":7,"labels":[]}]}"#;
    for end in 0..whole.len() {
        let body = &whole[..end];
        let answer = |body: &str| format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{body}");
        let (cut, right) = (answer(body), answer(whole));
        let server = misbehave::Server::start(move |before, _| {
            Reply::Part(if before == 0 { cut.clone() } else { right.clone() }.into_bytes())
        });
        let server = Server(server);
        let ran = server.run("status = open", &["--retries", "1"]);
        assert_eq!((ran.code, ran.out.as_str()), (0, "7\n"), "{body}: {}", ran.err);
        assert_eq!(server.requests().len(), 2, "{body}");
    }
}

#[test]
fn the_wrapper_of_the_published_description_is_understood() {
    Server::always(
        "200 OK",
        r#"{"data":{"meta":{"mine_count":0,"unassigned_count":0,"all_count":2},"payload":[{"id":9},{"id":3}]}}"#,
    )
    .finds(&[9, 3]);
}

#[test]
fn unknown_and_missing_members_are_tolerated() {
    let meta = r#""meta":{"all_count":2,"new_count":[1],"mine_count":null}"#;
    for body in [
        format!(r#"{{{meta},"payload":[{{"id":9,"brand_new":{{}}}},{{"id":3,"labels":null,"meta":null}}],"more":1}}"#),
        format!(r#"{{{meta},"payload":[{{"id":"9"}},{{"id":3.0,"last_activity_at":"12"}}]}}"#),
        format!(" \n{{\"payload\" : [{{\"id\":\n9}}, {{\"id\":3}}],{meta}}}\n"),
    ] {
        Server::always("200 OK", &body).finds(&[9, 3]);
    }
    let body = format!(
        r#"{{{meta},"payload":[{{"id":9,"status":5,"labels":[1],"last_activity_at":"x","meta":{{"assignee":7}}}},{{"id":"3","last_activity_at":"1718452800"}}]}}"#
    );
    let server = Server::always("200 OK", &body);
    for output in ["table", "csv", "json", "ndjson"] {
        let ran = ran(program::command()
            .args(["status = open", "--url", &server.0.url, "--account-id", "7", "--output", output])
            .env("CHATWOOT_API_ACCESS_TOKEN", TOKEN));
        assert_eq!(ran.code, 0, "{output} {ran:?}");
    }
}

#[test]
fn without_counts_pages_are_read_until_one_is_empty() {
    let page = |request: &str| match request.split(['=', ' ']).nth(2) {
        Some("1") => r#"{"payload":[{"id":9},{"id":8}]}"#,
        Some("2") => r#"{"meta":{},"payload":[{"id":7}]}"#,
        _ => r#"{"meta":null,"payload":[]}"#,
    };
    let server = Server::start(move |request| http("200 OK", "", page(request)));
    server.finds(&[9, 8, 7]);
    // Each page once more: without counts nothing else tells whether something has moved.
    assert_eq!(server.requests().len(), 6);
    // A server that knows no pages is not asked for ever.
    let server = Server::always("200 OK", r#"{"payload":[{"id":9},{"id":8}]}"#);
    server.finds(&[9, 8]);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_run_that_reads_many_pages_says_so_once() {
    let server = Server::start(|request| {
        let rows =
            if request.contains("page=1 ") { r#"[{"id":9,"unread_count":1},{"id":8,"unread_count":2}]"# } else { "[]" };
        http("200 OK", "", &format!(r#"{{"meta":{{"all_count":1100}},"payload":{rows}}}"#))
    });
    let ran = server.run("unread_count > 0", &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "9\n8\n"));
    assert!(ran.err.contains("up to 44 pages are read for it"), "{}", ran.err);
    assert_eq!(ran.err.matches("cwql::many_pages").count(), 1);
    for args in [&["--quiet"][..], &["--limit", "1"]] {
        assert_eq!(server.run("unread_count > 0", args).err, "");
    }
    assert!(!server.run("status = open", &[]).err.contains("cwql::many_pages"));
    // What is counted here is read as well.
    let count = |query: &str, more: &[&str]| server.answer_to(&["count", query], more);
    let counted = count("unread_count > 0", &[]);
    assert_eq!((counted.code, counted.out.as_str()), (0, "2\n"));
    assert_eq!(counted.err.matches("cwql::many_pages").count(), 1, "{}", counted.err);
    assert_eq!(count("unread_count > 0", &["--quiet"]).err, "");
    assert_eq!(count("status = open", &[]).err, "");
}

#[test]
fn a_row_that_moves_between_pages_comes_once() {
    let server = Server::start(|request| {
        let rows = if request.contains("page=1") { r#"[{"id":9},{"id":8}]"# } else { r#"[{"id":8},{"id":7}]"# };
        http("200 OK", "", &format!(r#"{{"meta":{{"all_count":3}},"payload":{rows}}}"#))
    });
    server.finds(&[9, 8, 7]);
}

#[test]
fn the_request_is_the_documented_one() {
    let server = Server::always("200 OK", r#"{"meta":{"all_count":0},"payload":[]}"#);
    let ran = server.run("status = open", &[]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, "", ""));
    let requests = server.requests();
    let [request] = requests.as_slice() else { panic!("{requests:?}") };
    assert!(request.starts_with("POST /api/v1/accounts/7/conversations/filter?page=1 HTTP/1.1\r\n"), "{request}");
    assert!(request.to_ascii_lowercase().contains("content-type: application/json\r\n"), "{request}");
    assert_eq!(request.matches(&format!("api_access_token: {TOKEN}\r\n")).count(), 1);
    assert!(request.ends_with(
        r#"{"payload":[{"attribute_key":"status","filter_operator":"equal_to","values":["open"],"query_operator":null}]}"#
    ));
}
