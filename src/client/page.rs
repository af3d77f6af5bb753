//! One page of an answer.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{AllCounts, Conversation};

/// The counts that come with an answer; they never depend on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Matches assigned to the token's user.
    pub mine_count: u64,
    /// Matches assigned to nobody.
    pub unassigned_count: u64,
    /// All matches.
    pub all_count: u64,
}

/// One page of an answer.
#[derive(Debug)]
pub struct Page {
    /// The counts over all pages, if the server sent them.
    pub counts: Option<Counts>,
    /// The conversations, newest activity first.
    pub conversations: Vec<Conversation>,
}

/// Why bytes are no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAPage(String);

impl fmt::Display for NotAPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAPage {}

/// An answer of the filter or the list, which says the same with and without the `data` wrapper that the published
/// description gives it.
#[derive(Deserialize)]
pub(super) struct Answer {
    data: Option<Box<Answer>>,
    pub(super) meta: Option<Value>,
    payload: Option<Vec<Box<RawValue>>>,
}

impl Answer {
    /// The error is what is wrong with it.
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        let mut answer: Self = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        if let Some(inner) = answer.data.take() {
            answer = *inner;
        }
        Ok(answer)
    }

    /// The counts, if there are such.
    pub(super) fn counts(&self) -> Option<AllCounts> {
        self.meta.as_ref().and_then(AllCounts::of_meta)
    }

    /// The conversations. The error is what is wrong with them.
    pub(super) fn conversations(self) -> Result<Vec<Conversation>, String> {
        let rows = self.payload.ok_or("no conversations in it")?;
        rows.into_iter().map(Conversation::new).collect()
    }
}

impl Page {
    /// Reads the body of an answer to a filter, as [`Client::filter_page`](super::Client::filter_page) does: for answers
    /// that came another way, from a file or a proxy's log.
    ///
    /// ```
    /// use cwql::client::Page;
    ///
    /// let page = Page::read(br#"{"meta":{"all_count":1},"payload":[{"id":7,"status":"open"}]}"#)?;
    /// assert_eq!(page.conversations[0].id(), 7);
    /// assert_eq!(page.conversations[0].json(), r#"{"id":7,"status":"open"}"#);
    /// assert!(Page::read(b"<html>").is_err());
    /// # Ok::<(), cwql::client::NotAPage>(())
    /// ```
    ///
    /// # Errors
    /// The bytes are not JSON, hold no conversations, or hold one without an id.
    pub fn read(body: &[u8]) -> Result<Self, NotAPage> {
        let answer = Answer::read(body).map_err(NotAPage)?;
        // Without counts, or with others, pages are read until one is empty.
        let counts = answer.counts().map(|counts| Counts {
            mine_count: counts.mine,
            unassigned_count: counts.unassigned,
            all_count: counts.all,
        });
        Ok(Self { counts, conversations: answer.conversations().map_err(NotAPage)? })
    }
}
