//! The request executor: sends plans to a server, page by page.

mod account;
mod error;
mod rows;
mod settings;
mod token;
mod transport;

use std::sync::Arc;

use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

pub use account::Names;
pub use error::ClientError;
pub use rows::{Conversation, Rows};
pub use settings::Settings;
pub use token::Token;
use transport::{Effect, Transport};

use crate::payload::Payload;
use crate::plan::Plan;

/// Talks to one account of one server.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use cwql::client::Token;
/// use cwql::{Client, Query, Schema};
///
/// let client = Client::new("https://chat.example.com", 1, Token::new("…"))?;
/// let schema = Schema::default();
/// let query = Query::new("status = open AND unread_count > 0", &schema)?;
/// let mut rows = client.run(query.plan(), schema.now());
/// while let Some(conversation) = rows.next().await? {
///     println!("{}", conversation.id());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    transport: Arc<Transport>,
    account_id: u64,
}

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
struct Answer {
    data: Option<Box<Answer>>,
    meta: Option<Value>,
    payload: Option<Vec<Box<RawValue>>>,
}

impl Client {
    /// A client of the account with this id on the server at this address, such as `https://chat.example.com`.
    ///
    /// # Errors
    /// The address is no http or https URL, or the token cannot be a header.
    pub fn new(base: &str, account_id: u64, token: Token) -> Result<Self, ClientError> {
        Self::with_settings(base, account_id, token, Settings::default())
    }

    /// As [`Client::new`], with other patience.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_settings(base: &str, account_id: u64, token: Token, settings: Settings) -> Result<Self, ClientError> {
        Ok(Self { transport: Arc::new(Transport::new(base, token, settings)?), account_id })
    }

    /// Whether the token would cross a network in clear text.
    #[must_use]
    pub fn is_insecure(&self) -> bool {
        self.transport.is_insecure()
    }

    /// Runs a plan: its conversations, newest activity first, each once, residuals applied. `now` is what
    /// relative dates of the query count from.
    #[must_use]
    pub fn run(&self, plan: &Plan, now: jiff::Timestamp) -> Rows<'_> {
        Rows::new(self, plan, now)
    }

    /// Reads one page (from 1) of what a payload matches.
    ///
    /// # Errors
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn filter_page(&self, payload: &Payload, page: u64) -> Result<Page, ClientError> {
        let url = self.url(&format!("conversations/filter?page={page}"))?;
        let body = self.transport.send(Effect::Read, Method::POST, url, Some(payload.to_body())).await?;
        let mut answer: Answer = self.transport.decode(&body)?;
        if let Some(inner) = answer.data.take() {
            answer = *inner;
        }
        let Some(rows) = answer.payload else { return Err(self.transport.unexpected(&body, "no conversations in it")) };
        let conversations = rows
            .into_iter()
            .map(Conversation::new)
            .collect::<Result<_, _>>()
            .map_err(|reason| self.transport.unexpected(&body, &reason))?;
        // Without counts, or with others, pages are read until one is empty.
        let counts = answer.meta.and_then(|meta| Counts::deserialize(meta).ok());
        Ok(Page { counts, conversations })
    }

    /// The address of a part of the account.
    fn url(&self, path: &str) -> Result<Url, ClientError> {
        self.transport.join(&format!("api/v1/accounts/{}/{path}", self.account_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_shown() {
        let client = Client::new("http://127.0.0.1:1", 1, Token::new("s3cret")).unwrap();
        assert!(!format!("{client:?}").contains("s3cret"));
    }

    #[test]
    fn addresses_may_have_a_path_and_a_slash() {
        for base in ["https://x.example/chat", "https://x.example/chat/"] {
            let client = Client::new(base, 7, Token::new("t")).unwrap();
            assert_eq!(client.url("agents").unwrap().as_str(), "https://x.example/chat/api/v1/accounts/7/agents");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for base in ["", "chat.example.com", "ftp://x.example", "http://"] {
            assert!(matches!(Client::new(base, 1, Token::new("t")), Err(ClientError::Address { .. })), "{base}");
        }
    }

    #[test]
    fn only_other_hosts_make_clear_text_insecure() {
        let insecure = |base| Client::new(base, 1, Token::new("t")).unwrap().is_insecure();
        assert!(insecure("http://chat.example.com"));
        assert!(!insecure("https://chat.example.com"));
        assert!(!insecure("http://127.0.0.1:3000") && !insecure("http://localhost") && !insecure("http://[::1]:3000"));
    }
}
