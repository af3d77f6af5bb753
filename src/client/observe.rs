//! What the client tells of its requests while it works.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::ClientError;

/// Something that happened to a request. None of it has the token, nor a password of the server's address.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request is sent.
    Sent {
        /// As in `POST`.
        method: &'a str,
        /// The path with its query.
        path: &'a str,
        /// From 1; more if it was sent before.
        attempt: u32,
    },
    /// It was answered, with success or not.
    Answered {
        /// As in `POST`.
        method: &'a str,
        /// The path with its query.
        path: &'a str,
        /// From 1; more if it was sent before.
        attempt: u32,
        /// The HTTP status.
        status: u16,
        /// The size of the answer after decompression, as far as it was read.
        bytes: usize,
        /// The time from sending to the answer's end.
        elapsed: Duration,
    },
    /// It failed and will be sent again.
    Retrying {
        /// What happened.
        reason: &'a ClientError,
        /// How long the client waits before.
        wait: Duration,
    },
    /// Something that the server's operator should know.
    Hint(&'a str),
}

/// Is told of each request of a client: for logs, progress and measurements.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// use cwql::client::{Event, Observer, Settings};
///
/// let sent = Arc::new(AtomicU32::new(0));
/// let count = sent.clone();
/// let observer = Observer::new(move |event| {
///     if let Event::Sent { .. } = event {
///         count.fetch_add(1, Ordering::Relaxed);
///     }
/// });
/// let settings = Settings { observer: Some(observer), ..Settings::default() };
/// # assert_eq!((settings.observer.is_some(), sent.load(Ordering::Relaxed)), (true, 0));
/// ```
#[derive(Clone)]
pub struct Observer(Arc<Callback>);

type Callback = dyn Fn(&Event<'_>) + Send + Sync;

impl Observer {
    /// An observer that calls this function. It is called between requests and should return soon.
    pub fn new(callback: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(callback))
    }

    pub(super) fn tell(&self, event: &Event<'_>) {
        (self.0)(event);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// Two observers are equal if they are one.
impl PartialEq for Observer {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Observer {}
