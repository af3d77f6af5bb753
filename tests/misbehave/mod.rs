//! A server that answers as it is told, or misbehaves, and remembers what arrived.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// An answer that is right, with one conversation.
pub(crate) const RIGHT: &str = r#"{"meta":{"all_count":1},"payload":[{"id":7}]}"#;

/// What becomes of a request.
pub(crate) enum Reply {
    /// These bytes; the connection is kept unless they say `connection: close`.
    Whole(Vec<u8>),
    /// These bytes, and the connection is closed.
    Part(Vec<u8>),
    /// These bytes, and the connection is reset.
    Reset(Vec<u8>),
    /// These bytes, and then nothing for so long.
    Silence(Vec<u8>, Duration),
}

/// Makes a reply.
pub(crate) type Make = fn() -> Reply;

/// The server; it ends with the test's process.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Each request is answered by `answer`, which is told how many came before it.
    pub(crate) fn start(answer: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let (seen, answer) = (requests.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, answer, mut stream) = (seen.clone(), answer.clone(), stream.unwrap());
                std::thread::spawn(move || while serve(&mut stream, &seen, &*answer) {});
            }
        });
        Self { url, requests }
    }

    /// These replies one after the other, the last one for ever.
    pub(crate) fn replies<const N: usize>(replies: [Make; N]) -> Self {
        Self::start(move |before, _| replies[before.min(N - 1)]())
    }

    /// Every request is answered with these bytes.
    pub(crate) fn always(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |_, _| Reply::Whole(bytes.clone()))
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// How many requests arrived.
    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

/// Answers one request; whether more may follow on this connection.
fn serve(stream: &mut TcpStream, seen: &Mutex<Vec<String>>, answer: &dyn Fn(usize, &str) -> Reply) -> bool {
    let Some(request) = peek(stream) else { return false };
    let before = {
        let mut seen = seen.lock().unwrap();
        seen.push(request.clone());
        seen.len() - 1
    };
    let reply = answer(before, &request);
    if let Reply::Reset(bytes) = &reply {
        let _ = stream.write_all(bytes);
        std::thread::sleep(Duration::from_millis(20));
        // What is closed with something unread is reset.
        return false;
    }
    let _ = stream.read_exact(&mut vec![0; request.len()]);
    match reply {
        Reply::Whole(bytes) => {
            let kept = !String::from_utf8_lossy(&bytes).contains("connection: close");
            stream.write_all(&bytes).is_ok() && kept
        }
        Reply::Part(bytes) | Reply::Reset(bytes) => {
            let _ = stream.write_all(&bytes);
            false
        }
        Reply::Silence(bytes, time) => {
            let _ = stream.write_all(&bytes);
            std::thread::sleep(time);
            false
        }
    }
}

/// A whole request, left unread; `None` if the connection ends.
fn peek(stream: &TcpStream) -> Option<String> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = stream.peek(&mut buffer).ok().filter(|count| *count > 0)?;
        let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// An answer whose connection is kept.
pub(crate) fn http(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// The answer that is right.
pub(crate) fn right() -> Reply {
    Reply::Whole(http("200 OK", "content-type: application/json; charset=utf-8\r\n", RIGHT))
}

/// An error without a text of its own.
pub(crate) fn status(status: &str) -> Reply {
    Reply::Whole(http(status, "", ""))
}
