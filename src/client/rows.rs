//! The conversations of a plan: pages read as they are needed, residuals applied, scans merged.

use std::collections::{HashSet, VecDeque};

use jiff::Timestamp;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Client, ClientError, Page};
use crate::eval::{Row, matches};
use crate::plan::{Plan, Scan};

/// A conversation: the bytes of the answer, and what they say.
#[derive(Clone, Debug)]
pub struct Conversation {
    raw: Box<RawValue>,
    value: Value,
    id: i64,
}

impl Conversation {
    /// The error is what is wrong with it.
    pub(super) fn new(raw: Box<RawValue>) -> Result<Self, String> {
        let value: Value = serde_json::from_str(raw.get()).map_err(|error: serde_json::Error| error.to_string())?;
        let id = value.get("id").and_then(whole).ok_or("a conversation without an id")?;
        Ok(Self { raw, value, id })
    }

    /// A conversation from the text of its JSON object.
    ///
    /// # Errors
    /// What is wrong with the text, or that it has no id.
    pub fn from_json(json: &str) -> Result<Self, String> {
        Self::new(serde_json::from_str(json).map_err(|error| error.to_string())?)
    }

    /// The display id, as in the conversation's address.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// When something last happened in it, in epoch seconds; 0 if the server does not say.
    #[must_use]
    pub fn last_activity_at(&self) -> i64 {
        self.value.get("last_activity_at").and_then(whole).unwrap_or_default()
    }

    /// The JSON object byte for byte as the server sent it.
    #[must_use]
    pub fn json(&self) -> &str {
        self.raw.get()
    }

    /// The JSON object.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }
}

/// A whole number; some versions and proxies write numbers as texts, or with a fraction.
fn whole(value: &Value) -> Option<i64> {
    let text = || value.as_str()?.trim().parse().ok();
    value.as_i64().or_else(|| value.as_f64().map(|number| number as i64)).or_else(text)
}

/// The conversations of a plan, in the order of the server: newest activity first.
///
/// Pages are read when their turn comes. A conversation that moves to the front while pages are read may come
/// twice from the server; it is returned once.
#[derive(Debug)]
pub struct Rows<'c> {
    client: &'c Client,
    now: Timestamp,
    scans: Vec<Cursor>,
    seen: HashSet<i64>,
    pages: u64,
}

#[derive(Debug)]
struct Cursor {
    scan: Scan,
    /// The next page to read; none if there is no more.
    next: Option<u64>,
    /// How many rows the server has returned.
    returned: u64,
    /// The first row of the page read last.
    first: Option<i64>,
    /// Rows of read pages that the residual kept.
    ready: VecDeque<Conversation>,
    /// How many rows the server says that the payload matches.
    total: Option<u64>,
}

impl<'c> Rows<'c> {
    pub(super) fn new(client: &'c Client, plan: &Plan, now: Timestamp) -> Self {
        let next = (!plan.never).then_some(1);
        let cursor = |scan: &Scan| Cursor {
            scan: scan.clone(),
            next,
            returned: 0,
            first: None,
            ready: VecDeque::new(),
            total: None,
        };
        Self { client, now, scans: plan.scans.iter().map(cursor).collect(), seen: HashSet::new(), pages: 0 }
    }

    /// The next conversation; `None` after the last one.
    ///
    /// # Errors
    /// As [`Client::filter_page`]. What was returned before stays right.
    pub async fn next(&mut self) -> Result<Option<Conversation>, ClientError> {
        loop {
            for cursor in &mut self.scans {
                while cursor.ready.is_empty()
                    && let Some(page) = cursor.next
                {
                    let answer = self.client.filter_page(&cursor.scan.payload, page).await?;
                    self.pages += 1;
                    cursor.take(answer, page, self.now);
                }
            }
            // Each scan is ordered, so the newest of their first rows is the newest of all.
            let newest = self
                .scans
                .iter_mut()
                .filter(|cursor| !cursor.ready.is_empty())
                .max_by_key(|cursor| cursor.ready.front().map(Conversation::last_activity_at));
            let Some(conversation) = newest.and_then(|cursor| cursor.ready.pop_front()) else { return Ok(None) };
            if self.seen.insert(conversation.id()) {
                return Ok(Some(conversation));
            }
        }
    }

    /// Whether more may come: rows that are read already, or pages that are not.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.scans.iter().any(|cursor| !cursor.ready.is_empty() || cursor.next.is_some())
    }

    /// How many pages were read so far.
    #[must_use]
    pub fn pages(&self) -> u64 {
        self.pages
    }

    /// How many conversations each scan's payload matches, as far as the server has said.
    #[must_use]
    pub fn totals(&self) -> Vec<Option<u64>> {
        self.scans.iter().map(|cursor| cursor.total).collect()
    }
}

impl Cursor {
    fn take(&mut self, page: Page, number: u64, now: Timestamp) {
        self.returned += page.conversations.len() as u64;
        self.total = page.counts.map(|counts| counts.all_count);
        let first = page.conversations.first().map(Conversation::id);
        let done = match self.total {
            // The count spares asking for the empty page past the end.
            Some(total) => first.is_none() || self.returned >= total,
            // A server that repeats its page would be asked for ever.
            None => first.is_none() || first == self.first,
        };
        self.first = first;
        self.next = (!done).then_some(number + 1);
        let residual = self.scan.residual.as_ref();
        self.ready.extend(page.conversations.into_iter().filter(|conversation| {
            residual.is_none_or(|residual| matches(&residual.filter, &Row::new(&conversation.value, now)))
        }));
    }
}
