//! How patient and how fast the client is.

use std::time::Duration;

/// How patient and how fast a [`Client`](super::Client) is.
///
/// ```
/// use cwql::client::Settings;
///
/// let settings = Settings { concurrency: 1, ..Settings::default() };
/// assert_eq!(settings.concurrency, 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long the server may be silent. Its own limit for a request is 15 seconds (server semantics, section 16).
    pub read_timeout: Duration,
    /// How many pages are asked for at a time.
    pub concurrency: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(10), read_timeout: Duration::from_secs(30), concurrency: 4 }
    }
}
