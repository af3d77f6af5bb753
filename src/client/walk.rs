//! One payload's conversations over all pages, while the account moves.
//!
//! The server orders by last activity and cuts pages by counting from the top, so whatever happens between two requests
//! shifts the rows behind it: a conversation that leaves the filter pulls a row from the top of an unread page to the
//! bottom of a read one, where nobody looks again; one that jumps to the front is no longer where it would have been read.
//!
//! A walk returns every conversation that matched from its first request to its last:
//!
//! - As long as page 1 and the counts of every answer stay as they were, nothing has moved, and pages are read several at a
//!   time. (What changes neither: between the same two answers one conversation leaves, and another joins behind page 1
//!   without an activity that would put it there. A short walk looks at each page once more to rule that out as well.)
//! - Where something has moved, pages are read one by one from the last place that was sure, and each is joined to the one
//!   before it: the two share a row that has not moved, or the first is read again and is as it was.
//! - At the end, what jumped is at the front: page 1 is read again, and as many behind it as have moved.
//! - If the pages have then shown fewer conversations than every answer has counted, they are read again: rows of equal
//!   activity have no order among them, so each page may break their tie in its own way, and none show one of them.
//!   Where the counts have changed and do not tell, the pages at whose ends such rows stand are read until
//!   they show nothing new.
//!
//! Rows may come twice; whoever asks for them drops those it has seen. Reading again is bounded: where an account will not
//! hold still the walk goes on and says that something may be missing.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, FuturesOrdered};
use futures_util::{FutureExt as _, StreamExt as _};

use super::shown::Shown;
use super::{ClientError, Progress};
use crate::answer::{Conversation, Counts, Page};

/// Reads one page, from 1.
pub(super) type Fetch = Arc<dyn Fn(u64) -> BoxFuture<'static, Result<Page, ClientError>> + Send + Sync>;

/// After so many pages a fast walk makes sure that nothing has moved.
const LOOK_EVERY: u64 = 32;

/// Up to so many pages each is read again at the end.
const SHORT: u64 = 4;

/// How many of the last pages are remembered to join the next one to.
const REMEMBERED: usize = 4;

/// How often it is tried to join a page to the ones before it.
const TRIES: usize = 10;

/// How often the front is looked at.
const LOOKS: usize = 8;

/// After so many pages that were joined at the first try, pages are read several at a time again.
const CALM: u32 = 6;

/// With fewer pages to go it is not worth it.
const MANY: u64 = 16;

/// After so many readings of all pages that showed nothing new, no other is tried.
const IN_VAIN: usize = 2;

/// What a page showed: enough to see whether something has moved since.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Window {
    page: u64,
    /// Ids and times of last activity: together they tell a row that has not moved.
    rows: Vec<(i64, i64)>,
    counts: Option<Counts>,
    /// How often the counts had changed until then: equal counts say nothing if there were others in between.
    epoch: u64,
}

impl Window {
    fn shares_a_row(&self, other: &Self) -> bool {
        self.rows.iter().any(|row| other.rows.contains(row))
    }

    /// Whether all of its rows stand before those of `other`, as far as the order is that of their activity: newest
    /// first, or in some lists oldest first.
    fn is_ahead_of(&self, other: &Self) -> bool {
        let (Some((_, last)), Some((_, first))) = (self.rows.last(), other.rows.first()) else { return false };
        let both = |ordered: fn(&(i64, i64), &(i64, i64)) -> bool| {
            self.rows.is_sorted_by(ordered) && other.rows.is_sorted_by(ordered)
        };
        if last > first { both(|one, next| one.1 >= next.1) } else { last < first && both(|one, next| one.1 < next.1) }
    }
}

/// What is on the way: a page, or another look at page 1 and the last page that was taken before it.
enum Asked {
    Page,
    Look(Box<Window>),
}

type Flight = FuturesOrdered<BoxFuture<'static, (Asked, u64, Result<Page, ClientError>)>>;

/// Reads all pages of one payload.
pub(super) struct Walk {
    fetch: Fetch,
    /// How many pages are asked for at a time.
    ahead: usize,
    /// How many rows are wanted at most; no page behind them is asked for.
    most: Option<u64>,
    flight: Flight,
    /// The last page that was asked for.
    asked: u64,
    /// The last page after which page 1 was looked at.
    looked: u64,
    /// How many rows a full page has: those of the first one.
    size: u64,
    /// Page 1 as it was when the pages after `sure` began to be read several at a time.
    mark: Option<Window>,
    /// The page up to which nothing can be missing.
    sure: Option<Window>,
    /// The page taken last.
    tail: Option<Window>,
    /// The pages before it.
    recent: VecDeque<Window>,
    /// Page 1 when all that jumped before had been seen.
    front: Option<Window>,
    /// Whether something has been seen to move: pages are joined one by one.
    careful: bool,
    /// Whether something has ever been seen to move.
    moved: bool,
    calm: u32,
    /// The counts of the last answer, and how often they have changed.
    counts: Option<Counts>,
    epoch: u64,
    shown: Shown,
    progress: Progress,
    /// What was last said of how far it has come: rows read, and rows in all.
    told: (u64, u64),
    ended: bool,
    read: u64,
    /// How many pages may be read in all; raised by each answer's count.
    allowed: u64,
    complete: bool,
    failed: Option<ClientError>,
}

impl std::fmt::Debug for Walk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Walk").field("tail", &self.tail).field("careful", &self.careful).finish_non_exhaustive()
    }
}

impl Walk {
    /// A walk that asks for `ahead` pages at a time. If `most` rows are enough, only the pages that they need are read.
    pub(super) fn new(fetch: Fetch, ahead: usize, most: Option<u64>) -> Self {
        Self {
            fetch,
            ahead: ahead.max(1),
            most,
            flight: FuturesOrdered::new(),
            asked: 0,
            looked: 1,
            size: 0,
            mark: None,
            sure: None,
            tail: None,
            recent: VecDeque::new(),
            front: None,
            careful: false,
            moved: false,
            calm: 0,
            counts: None,
            epoch: 0,
            shown: Shown::default(),
            progress: Progress::default(),
            told: (0, 0),
            ended: false,
            read: 0,
            allowed: 0,
            complete: true,
            failed: None,
        }
    }

    /// The same, saying how far it has come there.
    pub(super) fn telling(self, progress: Progress) -> Self {
        Self { progress, ..self }
    }

    /// Whether the last page has been read.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// How many pages were read.
    pub(super) fn pages(&self) -> u64 {
        self.read
    }

    /// How many rows are behind it, the repeated ones not counted twice.
    pub(super) fn position(&self) -> u64 {
        let Some(tail) = &self.tail else { return 0 };
        let place = (tail.page - 1) * self.size + tail.rows.len() as u64;
        self.total().map_or(place, |total| place.min(total))
    }

    /// How many conversations the server says that the payload matches.
    pub(super) fn total(&self) -> Option<u64> {
        self.tail.as_ref()?.counts.map(|counts| counts.all)
    }

    /// Whether nothing can be missing.
    pub(super) fn is_complete(&self) -> bool {
        self.complete
    }

    /// The rows of the next page, in the server's order; none after the last one. After an error there is only that
    /// error: going on behind it would leave a hole.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Conversation>>, ClientError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let rows = self.advance().await;
        match &rows {
            Ok(_) => self.tell(),
            Err(error) => self.failed = Some(error.clone()),
        }
        rows
    }

    /// Says how far it has come.
    fn tell(&mut self) {
        let far = (self.position(), self.total().unwrap_or(self.told.1));
        self.progress.advance(std::mem::replace(&mut self.told, far), far);
    }

    async fn advance(&mut self) -> Result<Option<Vec<Conversation>>, ClientError> {
        if self.ended {
            return Ok(None);
        }
        let Some(tail) = self.tail.clone() else { return self.first().await.map(Some) };
        if self.careful {
            let (tail, found) = self.joined(tail).await?;
            self.take(tail);
            if self.calm >= CALM && self.last_page() > self.tail.as_ref().map_or(0, |tail| tail.page) + MANY {
                return self.hurry(found).await.map(Some);
            }
            return Ok(Some(found));
        }
        while let Some((asked, page, answer)) = self.arrival().await {
            let (window, rows) = self.window(page, answer?);
            let still = self.mark.as_ref().is_some_and(|mark| mark.epoch == window.epoch);
            match asked {
                Asked::Look(before) if still && self.mark.as_ref().is_some_and(|mark| mark.rows == window.rows) => {
                    self.sure = Some(*before);
                }
                Asked::Page if still => {
                    self.take(window);
                    return Ok(Some(rows));
                }
                _ => {
                    self.slow_down();
                    return Ok(Some(rows));
                }
            }
        }
        self.ended = true;
        Ok(None)
    }

    async fn first(&mut self) -> Result<Vec<Conversation>, ClientError> {
        let (window, rows) = self.read(1).await?;
        self.asked = 1;
        self.size = window.rows.len() as u64;
        // Without counts nobody tells that a conversation has left.
        self.careful = window.counts.is_none();
        self.moved = self.careful;
        self.mark = Some(window.clone());
        self.sure = Some(window.clone());
        self.front = Some(window.clone());
        self.take(window);
        Ok(rows)
    }

    /// What arrives next of the pages that are asked for ahead.
    async fn arrival(&mut self) -> Option<(Asked, u64, Result<Page, ClientError>)> {
        let last = self.last_page();
        while self.flight.len() < self.ahead && self.asked < last {
            // One at a turn: a look takes the place of a page.
            match self.tail.as_ref().filter(|tail| tail.page >= self.looked + LOOK_EVERY).cloned() {
                Some(tail) => {
                    self.looked = tail.page;
                    self.ask(Asked::Look(Box::new(tail)), 1);
                }
                None => {
                    self.asked += 1;
                    self.ask(Asked::Page, self.asked);
                }
            }
        }
        let arrived = self.flight.next().await?;
        self.read += 1;
        Some(arrived)
    }

    fn ask(&mut self, asked: Asked, page: u64) {
        let fetch = (self.fetch)(page);
        self.flight.push_back(Box::pin(async move { (asked, page, fetch.await) }));
    }

    /// The last page that is wanted, as far as it is known: without counts it is the next one.
    fn last_page(&self) -> u64 {
        let Some(tail) = &self.tail else { return 1 };
        let Some(counts) = tail.counts else { return tail.page + 1 };
        let rows = self.most.map_or(counts.all, |most| most.min(counts.all));
        // With a limit the rows behind it are read when they turn out to be needed.
        rows.div_ceil(self.size.max(1)).max(tail.page + 1)
    }

    fn window(&mut self, page: u64, answer: Page) -> (Window, Vec<Conversation>) {
        let rows = answer.conversations.iter().map(|row| (row.id(), row.last_activity_at())).collect();
        let all = answer.counts.map_or(page * self.size, |counts| counts.all);
        // Each page, what it takes to join them all, and the front.
        self.allowed = self.allowed.max(all.div_ceil(self.size.max(1)).saturating_mul(4).saturating_add(64));
        if self.counts != answer.counts {
            self.counts = answer.counts;
            self.epoch += 1;
        }
        self.shown.add(page, &answer);
        (Window { page, rows, counts: answer.counts, epoch: self.epoch }, answer.conversations)
    }

    async fn read(&mut self, page: u64) -> Result<(Window, Vec<Conversation>), ClientError> {
        let answer = (self.fetch)(page).await?;
        self.read += 1;
        Ok(self.window(page, answer))
    }

    /// Whether nothing is behind this page, which follows `before`.
    fn is_last(&self, before: Option<&Window>, window: &Window) -> bool {
        match window.counts {
            // The count spares asking for the empty page past the end.
            Some(counts) if window.page * self.size >= counts.all => true,
            // A server that repeats its page would be asked for ever; where things move, a page may come to be the next.
            Some(_) if self.careful => window.rows.is_empty(),
            _ => window.rows.is_empty() || before.is_some_and(|before| before.rows == window.rows),
        }
    }

    fn take(&mut self, window: Window) {
        self.ended = self.is_last(self.tail.as_ref(), &window);
        if let Some(before) = self.tail.replace(window) {
            self.remember(before);
        }
        if self.ended {
            self.flight.clear();
        }
    }

    fn remember(&mut self, window: Window) {
        self.recent.push_back(window);
        if self.recent.len() > REMEMBERED {
            self.recent.pop_front();
        }
    }

    /// Something has moved: what was read after the last sure place is read again.
    fn slow_down(&mut self) {
        self.flight.clear();
        self.moved = true;
        self.careful = true;
        self.calm = 0;
        self.recent.clear();
        self.tail = self.sure.clone();
        self.ended = self.tail.as_ref().is_none_or(|tail| self.is_last(None, tail));
    }

    /// Nothing has moved for a while: page 1 is looked at, and pages are read several at a time again.
    async fn hurry(&mut self, mut found: Vec<Conversation>) -> Result<Vec<Conversation>, ClientError> {
        self.calm = 0;
        let (look, rows) = self.read(1).await?;
        found.extend(rows);
        if self.covers(&look) {
            self.front = Some(look.clone());
        }
        let page = self.tail.as_ref().map_or(1, |tail| tail.page);
        if self.tail.as_ref().is_some_and(|tail| tail.epoch == look.epoch) {
            self.careful = false;
            self.asked = page;
            self.looked = page;
            self.sure = self.tail.clone();
            self.mark = Some(look);
        }
        Ok(found)
    }

    /// The next page behind `tail`, joined to it, and the rows that were met on the way.
    async fn joined(&mut self, mut tail: Window) -> Result<(Window, Vec<Conversation>), ClientError> {
        let mut found = Vec::new();
        let mut page = tail.page + 1;
        for attempt in 0..TRIES {
            let (next, rows) = self.read(page).await?;
            found.extend(rows);
            if self.touches(&tail, &next) {
                self.calm = 0;
                return Ok((next, found));
            }
            if !self.complete || self.read >= self.allowed {
                // It has been said already that something may be missing.
                self.complete = false;
                return Ok((next, found));
            }
            let (again, rows) = self.read(page - 1).await?;
            found.extend(rows);
            if again == tail {
                self.calm = if attempt == 0 { self.calm + 1 } else { 0 };
                return Ok((next, found));
            }
            self.calm = 0;
            // Nothing stands before page 1: from there on all of it is read anew.
            if self.touches(&tail, &again) || again.page == 1 {
                self.remember(std::mem::replace(&mut tail, again));
                if tail.shares_a_row(&next) {
                    return Ok((next, found));
                }
                if self.is_last(None, &tail) {
                    return Ok((tail, found));
                }
                page = tail.page + 1;
            } else if again.is_ahead_of(&tail) {
                page += 1;
            } else {
                page = (page - 1).max(2);
            }
        }
        self.complete = false;
        let (next, rows) = self.read(page).await?;
        found.extend(rows);
        Ok((next, found))
    }

    /// Whether a page shares a row that has not moved with the last ones: then no such row is between them.
    fn touches(&self, tail: &Window, window: &Window) -> bool {
        window.shares_a_row(tail) || self.recent.iter().any(|recent| window.shares_a_row(recent))
    }

    /// What was missed, at the end of a run. `alone` says that no other walk is part of it.
    pub(super) async fn settle(&mut self, alone: bool) -> Result<Vec<Conversation>, ClientError> {
        let settled = self.catch_up(alone).await;
        if let Err(error) = &settled {
            self.failed = Some(error.clone());
        }
        settled
    }

    async fn catch_up(&mut self, alone: bool) -> Result<Vec<Conversation>, ClientError> {
        let mut found = Vec::new();
        // One answer shows one moment.
        if !alone || self.read > 1 {
            self.follow(&mut found).await?;
        }
        self.make_up(&mut found).await?;
        Ok(found)
    }

    /// Reads what has moved.
    async fn follow(&mut self, found: &mut Vec<Conversation>) -> Result<(), ClientError> {
        let unsure = !self.careful;
        if unsure && !self.is_as_it_was(found).await? {
            self.slow_down();
        }
        while !self.ended {
            let Some(tail) = self.tail.clone() else { break };
            let (tail, rows) = self.joined(tail).await?;
            found.extend(rows);
            self.take(tail);
        }
        if self.moved {
            self.look_at_front(found).await?;
        }
        Ok(())
    }

    /// Reads pages again while they have not shown as many conversations as the server counts, or may not have.
    async fn make_up(&mut self, found: &mut Vec<Conversation>) -> Result<(), ClientError> {
        let mut in_vain = 0;
        while let Some(all) = self.shown.lacks_of() {
            if in_vain == IN_VAIN || self.read >= self.allowed {
                self.complete = false;
                return Ok(());
            }
            let new = self.read_again(self.pages_of(all), |shown| shown.lacks_of().is_some(), found).await?;
            in_vain = if new { 0 } else { in_vain + 1 };
        }
        if !self.complete
            && let Some(all) = self.total()
        {
            // Pages that could not be joined may have had ties, and the account may have come to rest.
            self.read_again(self.pages_of(all), |shown| !shown.is_all(), found).await?;
        }
        in_vain = 0;
        while in_vain < IN_VAIN && self.read < self.allowed {
            let pages = self.shown.doubtful();
            if pages.is_empty() {
                break;
            }
            let new = self.read_again(pages, |shown| !shown.is_all(), found).await?;
            in_vain = if new { 0 } else { in_vain + 1 };
        }
        self.complete |= self.shown.is_all();
        Ok(())
    }

    fn pages_of(&self, all: u64) -> RangeInclusive<u64> {
        1..=all.div_ceil(self.size.max(1))
    }

    /// Reads pages until nothing is missing; whether there was a new conversation among them.
    async fn read_again(
        &mut self,
        pages: impl IntoIterator<Item = u64>,
        is_missing: impl Fn(&Shown) -> bool,
        found: &mut Vec<Conversation>,
    ) -> Result<bool, ClientError> {
        let fetch = self.fetch.clone();
        let answers = stream::iter(pages).map(move |page| fetch(page).map(move |answer| (page, answer)));
        let mut answers = answers.buffered(self.ahead);
        let (known, mut before) = (self.shown.count(), None);
        while is_missing(&self.shown)
            && self.read < self.allowed
            && let Some((page, answer)) = answers.next().await
        {
            self.read += 1;
            let had = self.shown.count();
            let (window, rows) = self.window(page, answer?);
            if self.shown.count() > had {
                // Of other pages nothing is kept.
                found.extend(rows);
            }
            // Whoever answers every page alike is not asked for ever.
            if window.rows.is_empty() || before.as_ref() == Some(&window.rows) {
                break;
            }
            before = Some(window.rows);
        }
        Ok(self.shown.count() > known)
    }

    /// Whether page 1, and of a short walk each page, is still what it was.
    async fn is_as_it_was(&mut self, found: &mut Vec<Conversation>) -> Result<bool, ClientError> {
        let last = self.tail.as_ref().map_or(1, |tail| tail.page);
        let mut again: Vec<Window> = Vec::new();
        if last <= SHORT && !self.moved {
            // Of pages that were asked for together the last may have been answered before the others.
            again.extend(self.tail.clone().filter(|_| self.ahead > 1 && last > 2));
            again.extend(self.recent.iter().filter(|window| window.page > 1).rev().cloned());
        }
        for window in again.into_iter().chain(self.mark.clone()) {
            let (look, rows) = self.read(window.page).await?;
            found.extend(rows);
            if look != window {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether all that has jumped since the front was seen last stands on this page or before it.
    fn covers(&self, window: &Window) -> bool {
        let (Some(front), Some(last)) = (&self.front, window.rows.last()) else { return true };
        // Whatever jumped stands before what has not moved, and is at least as young as what was the youngest.
        front.rows.contains(last) || front.rows.first().is_some_and(|(_, youngest)| last.1 < *youngest)
    }

    /// Reads what has jumped to the front.
    async fn look_at_front(&mut self, found: &mut Vec<Conversation>) -> Result<(), ClientError> {
        let (mut look, rows) = self.read(1).await?;
        found.extend(rows);
        for _ in 0..LOOKS {
            if self.covers(&look) || self.is_last(None, &look) {
                // One answer shows one moment.
                return Ok(());
            }
            self.recent.clear();
            let mut tail = look.clone();
            while !self.covers(&tail) && !self.is_last(None, &tail) && self.read < self.allowed {
                let (next, rows) = self.joined(tail.clone()).await?;
                found.extend(rows);
                self.remember(std::mem::replace(&mut tail, next));
            }
            let (again, rows) = self.read(1).await?;
            found.extend(rows);
            if again.rows == look.rows {
                return Ok(());
            }
            // What has jumped since that look is still to be seen.
            self.front = Some(std::mem::replace(&mut look, again));
        }
        self.complete = false;
        Ok(())
    }
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
