//! What the pages of a payload have shown, held against what the server counts.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::answer::{Conversation, Counts, Page};

/// The conversations that were on any page, and how many there have to be.
///
/// The server breaks ties in its order anew for each page, and what stands between it and the client may answer one page
/// for another: then a conversation is on two pages, and another on none, though nothing has moved.
#[derive(Debug, Default)]
pub(super) struct Shown {
    ids: HashSet<i64>,
    /// The least that any answer has counted: however many come and go, no more can have matched all the time.
    least: Option<u64>,
    /// The first count and all that came to it later: so many have matched at one time or another.
    ever: u64,
    /// The counts of the last answer, and what was shown since they are that.
    counts: Option<Counts>,
    since: HashSet<i64>,
    /// The pages that showed it, and the rows of a full page.
    pages: BTreeSet<u64>,
    size: usize,
    /// The first and the last activity of each page, and whose it was.
    edges: HashMap<i64, i64>,
    /// Pages that begin or end with conversations of the same activity.
    tied: BTreeSet<u64>,
    /// Whether one page had a conversation twice: then rows are counted, which are not as many conversations.
    doubled: bool,
}

impl Shown {
    pub(super) fn add(&mut self, number: u64, page: &Page) {
        let on_page: HashSet<i64> = page.conversations.iter().map(Conversation::id).collect();
        self.doubled |= on_page.len() < page.conversations.len();
        if self.counts != page.counts {
            self.since.clear();
            self.pages.clear();
        }
        if let Some(counts) = page.counts {
            let all = counts.all;
            self.least = Some(self.least.map_or(all, |least| least.min(all)));
            self.ever += all.saturating_sub(self.counts.map_or(0, |before| before.all));
        }
        self.counts = page.counts;
        self.since.extend(&on_page);
        self.pages.insert(number);
        self.size = self.size.max(page.conversations.len());
        self.ids.extend(on_page);
        if self.has_tie(&page.conversations) {
            self.tied.insert(number);
        }
    }

    /// Whether conversations of the same activity stand where a page begins or ends.
    fn has_tie(&mut self, rows: &[Conversation]) -> bool {
        let same =
            |pair: &[Conversation]| matches!(pair, [one, next] if one.last_activity_at() == next.last_activity_at());
        let mut tied = rows.first_chunk::<2>().is_some_and(|pair| same(pair))
            || rows.last_chunk::<2>().is_some_and(|pair| same(pair));
        for row in rows.first().into_iter().chain(rows.last()) {
            let before = self.edges.insert(row.last_activity_at(), row.id());
            tied |= before.is_some_and(|before| before != row.id());
        }
        tied
    }

    /// How many conversations were shown.
    pub(super) fn count(&self) -> usize {
        self.ids.len()
    }

    /// How many conversations there have to be, if that many were not shown: by any answer, or by all pages that were read
    /// since the counts changed last.
    pub(super) fn lacks_of(&self) -> Option<u64> {
        if self.doubled {
            return None;
        }
        let least = self.least.filter(|least| *least > self.ids.len() as u64);
        least.or_else(|| self.counts.map(|counts| counts.all).filter(|all| self.has_read(*all) && !self.is_all()))
    }

    /// Whether each page of so many conversations was read since the counts changed last.
    fn has_read(&self, all: u64) -> bool {
        let last = all.div_ceil(self.size.max(1) as u64);
        self.pages.iter().take_while(|page| **page <= last).count() as u64 == last
    }

    /// The pages on which ties may have hidden a conversation while others came and went: then the counts do not tell what
    /// was never shown from what has left.
    pub(super) fn doubtful(&self) -> Vec<u64> {
        if self.doubled || self.ever <= self.ids.len() as u64 || self.is_all() {
            return Vec::new();
        }
        let pages: BTreeSet<u64> = self.tied.iter().flat_map(|page| page.saturating_sub(1).max(1)..=page + 1).collect();
        pages.into_iter().collect()
    }

    /// Whether as many were shown since the counts changed last as there are: what has matched all the time is among
    /// them.
    pub(super) fn is_all(&self) -> bool {
        !self.doubled && self.counts.is_some_and(|counts| self.since.len() as u64 >= counts.all)
    }
}
