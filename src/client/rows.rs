//! The conversations of a plan or a list: pages read as they are needed, residuals applied, scans merged.

use std::collections::{HashSet, VecDeque};

use futures_util::Stream;
use futures_util::future::try_join_all;
use jiff::Timestamp;

use super::walk::{Fetch, Walk};
use super::{Client, ClientError, Progress};
use crate::answer::Conversation;
use crate::eval::{Row, matches};
use crate::plan::Plan;
use crate::scan::{Found, LineFilter};

/// The conversations of a plan, newest activity first, or of the dashboard's list.
///
/// Pages are read when their turn comes, several at a time ([`Settings::concurrency`](super::Settings::concurrency)); none
/// is kept. While they are read, conversations jump to the front, leave the filter or join it. What is promised all the
/// same: every conversation that matched from the first request to the last is returned, once. What was found late, because
/// it had moved, comes at the end. How far pages are read again is bounded; where an account will not hold still,
/// [`Rows::is_complete`] says so. Of a plan with several payloads a conversation may be missed that goes over, without an
/// activity, from one that is still to be read to one that was read.
#[derive(Debug)]
pub struct Rows {
    scans: Vec<Scan>,
    seen: HashSet<i64>,
    settled: bool,
    progress: Progress,
}

/// What of a query a payload does not say, and the time of the question.
type Residual = (LineFilter, Timestamp);

#[derive(Debug)]
struct Scan {
    walk: Walk,
    residual: Option<Residual>,
    /// Rows of read pages that the residual kept.
    ready: VecDeque<Conversation>,
}

impl Scan {
    /// Keeps the rows that the query means.
    fn keep(&mut self, rows: Vec<Conversation>) -> Result<(), ClientError> {
        let Some((residual, now)) = &self.residual else {
            self.ready.extend(rows);
            return Ok(());
        };
        let mut reader = residual.reader();
        for row in rows {
            let means = match reader.read(row.json().as_bytes()) {
                Ok(Found::Nothing) => false,
                Ok(Found::Match { .. }) => true,
                // It has a member called `payload`, as an answer has.
                Ok(Found::List) => matches(residual.filter(), &Row::new(row.value(), *now)),
                // What is asked about cannot be read: neither answer would be sure.
                Err(bad) => {
                    let reason = format!("conversation {}: {bad}", row.id());
                    return Err(ClientError::unexpected(b"", &reason, true));
                }
            };
            if means {
                self.ready.push_back(row);
            }
        }
        Ok(())
    }

    /// Reads on until there is a row, or none is left.
    async fn fill(&mut self) -> Result<(), ClientError> {
        while self.ready.is_empty()
            && let Some(rows) = self.walk.next().await?
        {
            self.keep(rows)?;
        }
        Ok(())
    }
}

impl Rows {
    pub(super) fn new(client: &Client, plan: &Plan, now: Timestamp, limit: Option<u64>) -> Self {
        let concurrency = client.concurrency();
        let ahead = match (limit, plan.is_exact()) {
            (None, _) | (Some(_), true) => (concurrency / plan.scans.len().max(1)).max(1),
            // Nobody knows how many pages are enough: none is read before it is needed.
            (Some(_), false) => 1,
        };
        Self::of(plan.scans.iter().map(|scan| {
            let residual = scan.residual.as_ref().map(|residual| (LineFilter::new(&residual.filter, now), now));
            (Walk::new(client.fetch(&scan.payload), ahead, limit), residual)
        }))
    }

    /// Whatever stands on these pages.
    pub(super) fn of_pages(fetch: Fetch, ahead: usize, limit: Option<u64>) -> Self {
        Self::of([(Walk::new(fetch, ahead, limit), None)])
    }

    fn of(walks: impl IntoIterator<Item = (Walk, Option<Residual>)>) -> Self {
        let progress = Progress::default();
        let scan = |(walk, residual): (Walk, _)| Scan {
            walk: walk.telling(progress.clone()),
            residual,
            ready: VecDeque::new(),
        };
        let scans = walks.into_iter().map(scan).collect();
        Self { scans, seen: HashSet::new(), settled: false, progress }
    }

    /// The next conversation; `None` after the last one.
    ///
    /// Not to be used again after its future was dropped before it was ready: what was on the way then is lost.
    ///
    /// # Errors
    /// As [`Client::filter_page`] or [`Client::list_page`]. What was returned before stays right.
    pub async fn next(&mut self) -> Result<Option<Conversation>, ClientError> {
        loop {
            let empty = self.scans.iter_mut().filter(|scan| scan.ready.is_empty());
            try_join_all(empty.map(Scan::fill)).await?;
            // Each scan is ordered, so the newest of their first rows is the newest of all.
            let newest = self
                .scans
                .iter_mut()
                .filter(|scan| !scan.ready.is_empty())
                .max_by_key(|scan| scan.ready.front().map(Conversation::last_activity_at));
            match newest.and_then(|scan| scan.ready.pop_front()) {
                Some(conversation) if self.seen.insert(conversation.id()) => return Ok(Some(conversation)),
                Some(_) => {}
                None if self.settled => return Ok(None),
                None => self.settle().await?,
            }
        }
    }

    /// What moved while it was read.
    async fn settle(&mut self) -> Result<(), ClientError> {
        self.settled = true;
        self.progress.check();
        // A conversation that goes over from one scan to another is in neither when both are read in between.
        let alone = self.scans.len() == 1;
        for scan in &mut self.scans {
            let found = scan.walk.settle(alone).await?;
            scan.keep(found)?;
        }
        Ok(())
    }

    /// Leaves out what another run has returned. What is left comes in its own order, which goes on where the other ended.
    #[cfg(feature = "cli")]
    pub(crate) fn without(self, seen: HashSet<i64>) -> Self {
        Self { seen, ..self }
    }

    /// The ids of what was returned.
    #[cfg(feature = "cli")]
    pub(crate) fn into_returned(self) -> HashSet<i64> {
        self.seen
    }

    /// The conversations as a [`Stream`]. It ends after the first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<Conversation, ClientError>> {
        futures_util::stream::try_unfold(self, |mut rows| async move {
            Ok(rows.next().await?.map(|conversation| (conversation, rows)))
        })
    }

    /// Whether more may come: rows that are read already, or pages that are not.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.scans.iter().any(|scan| !scan.ready.is_empty() || !scan.walk.has_ended())
    }

    /// Whether nothing can be missing of what was read: `false` if the account would not hold still, or if all pages show
    /// fewer conversations than the server counts.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.scans.iter().all(|scan| scan.walk.is_complete())
    }

    /// How far the run has come; it can be read while [`Rows::next`] waits. Of a search the server does not say how many
    /// there are.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// How many pages were read so far.
    #[must_use]
    pub fn pages(&self) -> u64 {
        self.scans.iter().map(|scan| scan.walk.pages()).sum()
    }

    /// How many conversations each scan's payload matches, or the list has, as far as the server has said.
    #[must_use]
    pub fn totals(&self) -> Vec<Option<u64>> {
        self.scans.iter().map(|scan| scan.walk.total()).collect()
    }
}
