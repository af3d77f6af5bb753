//! How patient and how fast the client is, and whom it trusts.

use std::time::Duration;

use super::Observer;

/// How patient and how fast a [`Client`](super::Client) is, and whom it trusts.
///
/// ```
/// use std::time::Duration;
///
/// use cwql::client::Settings;
///
/// let settings = Settings { retries: 0, run_timeout: Some(Duration::from_secs(60)), ..Settings::default() };
/// assert_eq!(settings.concurrency, 4);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long the server may be silent. Its own limit for a request is 15 seconds.
    pub read_timeout: Duration,
    /// How long all requests may take together, waiting included, counted from the client's first one.
    pub run_timeout: Option<Duration>,
    /// How often a request that only reads is sent again when it fails in a way that may pass: the server is
    /// overloaded or restarting, the connection breaks, the answer is cut. A request that creates something is never
    /// sent again once it may have been handled.
    pub retries: u32,
    /// How long the first wait before a retry is at most; the time is drawn between zero and this, which doubles
    /// each time.
    pub backoff: Duration,
    /// What [`Settings::backoff`] grows to at most.
    pub backoff_max: Duration,
    /// How long a server may ask to wait (`Retry-After`); one that asks for more is not asked again.
    pub retry_after_max: Duration,
    /// How many requests are sent in any minute at most. By default 2,400, which leaves a fifth of the server's limit
    /// of 3,000 for each address to others behind it; a server on this machine, which it exempts, has no limit.
    pub max_rate: Option<u32>,
    /// How many of them may ask for counts (`GET conversations/meta`). By default 30, the server's own limit since
    /// 4.11.2; none for a server on this machine.
    pub max_count_rate: Option<u32>,
    /// How many pages are asked for at a time.
    pub concurrency: usize,
    /// The largest answer that is read, in bytes after decompression. A page of conversations has some hundred
    /// kilobytes; the default is 64 MiB.
    pub max_body: usize,
    /// Whether a token may cross a network in clear text. Without it, only this machine is talked to over http.
    pub insecure_http: bool,
    /// Certificates (PEM, one or several in each) of authorities that are trusted besides the system's.
    pub root_certificates: Vec<Vec<u8>>,
    /// Is told of each request.
    pub observer: Option<Observer>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            run_timeout: None,
            retries: 4,
            backoff: Duration::from_millis(250),
            backoff_max: Duration::from_secs(10),
            retry_after_max: Duration::from_secs(300),
            max_rate: None,
            max_count_rate: None,
            concurrency: 4,
            max_body: 64 << 20,
            insecure_http: false,
            root_certificates: Vec::new(),
            observer: None,
        }
    }
}
