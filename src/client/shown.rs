//! What the pages of a payload have shown, held against what the server counts.

use std::collections::HashSet;

use super::{Conversation, Page};

/// The conversations that were on any page, and how many there have to be.
///
/// The server breaks ties in its order anew for each page, and what stands between it and the client may answer one page
/// for another: then a conversation is on two pages, and another on none, though nothing has moved.
#[derive(Debug, Default)]
pub(super) struct Shown {
    ids: HashSet<i64>,
    /// The least that any answer has counted: however many come and go, no more can have matched all the time.
    least: Option<u64>,
    /// Whether one page had a conversation twice: then rows are counted, which are not as many conversations.
    doubled: bool,
}

impl Shown {
    pub(super) fn add(&mut self, page: &Page) {
        let on_page: HashSet<i64> = page.conversations.iter().map(Conversation::id).collect();
        self.doubled |= on_page.len() < page.conversations.len();
        self.ids.extend(on_page);
        if let Some(counts) = page.counts {
            self.least = Some(self.least.map_or(counts.all_count, |least| least.min(counts.all_count)));
        }
    }

    /// How many conversations were shown.
    pub(super) fn count(&self) -> usize {
        self.ids.len()
    }

    /// How many conversations there have to be, if that can be told.
    fn promised(&self) -> Option<u64> {
        self.least.filter(|_| !self.doubled)
    }

    /// How many there have to be, if that many were not shown.
    pub(super) fn lacks_of(&self) -> Option<u64> {
        self.promised().filter(|promised| *promised > self.ids.len() as u64)
    }

    /// Whether exactly as many were shown as there have to be.
    pub(super) fn is_all(&self) -> bool {
        self.promised() == Some(self.ids.len() as u64)
    }
}
