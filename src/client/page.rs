//! One page of an answer.

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

/// An answer with and without the `data` wrapper that the published description gives it.
#[derive(Deserialize)]
struct Answer<'a> {
    data: Option<Box<Answer<'a>>>,
    #[serde(borrow)]
    meta: Option<&'a RawValue>,
    payload: Option<Vec<Box<RawValue>>>,
}

impl Page {
    /// Reads an answer's body. The error is what is wrong with it.
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        let mut answer: Answer<'_> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        if let Some(inner) = answer.data.take() {
            answer = *inner;
        }
        let rows = answer.payload.ok_or("no conversations in it")?;
        let conversations = rows.into_iter().map(Conversation::new).collect::<Result<_, _>>()?;
        // Without counts, or with others, pages are read until one is empty.
        let counts = answer.meta.and_then(|meta| serde_json::from_str(meta.get()).ok());
        Ok(Self { counts, conversations })
    }
}
