//! How far a run has come, for whoever shows it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// How far a run has come: a handle that can be read while the run waits for the server.
///
/// ```
/// use cwql::client::{Progress, Token};
/// use cwql::{Client, Query, Schema};
///
/// let client = Client::new("https://chat.example.com", 1, Token::new("…"))?;
/// let schema = Schema::default();
/// let query = Query::new("status = open", &schema)?;
/// let progress: Progress = client.filter(query.plan(), schema.now()).progress();
/// assert_eq!((progress.read(), progress.total()), (0, None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    read: AtomicU64,
    /// One more than the total; 0 if it is not known.
    total: AtomicU64,
    checking: AtomicBool,
}

impl Progress {
    /// How many conversations were read from the server so far, before the client looks at them.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.0.read.load(Relaxed)
    }

    /// How many there are to read in all; `None` before the server has said so.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.0.total.load(Relaxed).checked_sub(1)
    }

    /// Whether all of them were read, and it is looked whether something has moved meanwhile.
    #[must_use]
    pub fn is_checking(&self) -> bool {
        self.0.checking.load(Relaxed)
    }

    /// All that stands on the pages is read, and what has moved is looked for.
    pub(super) fn check(&self) {
        self.0.checking.store(true, Relaxed);
    }

    /// One part of the run has come from one place to another: rows read, and rows in all.
    pub(super) fn advance(&self, before: (u64, u64), after: (u64, u64)) {
        self.0.read.fetch_add(after.0.wrapping_sub(before.0), Relaxed);
        if after.1 == 0 && self.total().is_none() {
            // It may not be known at all: a search is not counted.
            return;
        }
        let total = self.total().unwrap_or_default().wrapping_add(after.1.wrapping_sub(before.1));
        self.0.total.store(total.saturating_add(1), Relaxed);
    }
}
