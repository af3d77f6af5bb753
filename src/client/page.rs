//! One page of an answer.

use std::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Conversation;

/// The counts that come with an answer; they never depend on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Counts {
    /// Matches assigned to the token's user.
    #[serde(default)]
    pub mine_count: u64,
    /// Matches assigned to nobody.
    #[serde(default)]
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

/// An answer with and without the `data` wrapper that the published description gives it.
#[derive(Deserialize)]
struct Answer<'a> {
    data: Option<Box<Answer<'a>>>,
    #[serde(borrow)]
    meta: Option<&'a RawValue>,
    payload: Option<Vec<Box<RawValue>>>,
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
        let mut answer: Answer<'_> = serde_json::from_slice(body).map_err(|error| NotAPage(error.to_string()))?;
        if let Some(inner) = answer.data.take() {
            answer = *inner;
        }
        let rows = answer.payload.ok_or_else(|| NotAPage("no conversations in it".to_owned()))?;
        let conversations = rows.into_iter().map(Conversation::new).collect::<Result<_, _>>().map_err(NotAPage)?;
        // Without counts, or with others, pages are read until one is empty.
        let counts = answer.meta.and_then(|meta| serde_json::from_str(meta.get()).ok());
        Ok(Self { counts, conversations })
    }
}
