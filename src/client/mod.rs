//! The request executor: sends plans to a server, page by page. What comes back is of [`answer`](crate::answer).

mod account;
mod cause;
mod counts;
mod create;
mod error;
mod list;
mod observe;
mod pace;
mod progress;
mod retry;
mod rows;
mod settings;
mod shown;
mod token;
mod transport;
mod walk;

use std::sync::Arc;

use reqwest::{Method, Url};

pub use account::Names;
pub use counts::CountParams;
pub use create::{Created, NewConversation, NewMessage, TemplateParams};
#[cfg(feature = "cli")]
pub(crate) use error::beginning;
pub use error::{ClientError, Patience, Unwaited};
pub use list::{AssigneeType, ConversationType, ListParams, ListStatus, SortBy};
pub use observe::{Event, Observer};
pub use progress::Progress;
pub use rows::Rows;
pub use settings::Settings;
pub use token::Token;
use transport::{Effect, Transport};
#[cfg(feature = "cli")]
pub(crate) use transport::{address, covered, first_line, is_loopback, shown_address};

use crate::answer::Page;
use crate::payload::Payload;
use crate::plan::Plan;

/// Talks to one account of one server. Its futures are to be awaited in a runtime of tokio, with time and I/O enabled:
/// elsewhere they panic.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use cwql::client::Token;
/// use cwql::{Client, Query, Schema};
///
/// let client = Client::new("https://chat.example.com", 1, Token::new("…"))?;
/// let schema = Schema::default();
/// let query = Query::new("status = open AND unread_count > 0", &schema)?;
/// let mut rows = client.filter(query.plan(), schema.now());
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

impl Client {
    /// A client of the account with this id on the server at this address, such as `https://chat.example.com`.
    ///
    /// TLS takes its cryptography from the process's default provider of rustls. Where none is installed yet, that of `ring`
    /// is used, and none is installed.
    ///
    /// # Errors
    /// The address is no http or https URL, or an http one of another machine. A token that cannot be a header fails
    /// each request.
    pub fn new(base: &str, account_id: u64, token: Token) -> Result<Self, ClientError> {
        Self::with_settings(base, account_id, token, Settings::default())
    }

    /// As [`Client::new`], with other patience or trust.
    ///
    /// # Errors
    /// As [`Client::new`]; or the certificates to trust are none.
    pub fn with_settings(base: &str, account_id: u64, token: Token, settings: Settings) -> Result<Self, ClientError> {
        Ok(Self { transport: Arc::new(Transport::new(base, token, settings)?), account_id })
    }

    /// Whether the token would cross a network in clear text.
    #[must_use]
    pub fn is_insecure(&self) -> bool {
        self.transport.is_insecure()
    }

    /// The conversations that a plan finds: newest activity first, each once, residuals applied. What was found late, because
    /// it had moved while pages were read, comes at the end. `now` is the time of the question, as [`LineFilter::new`] takes it.
    ///
    /// [`LineFilter::new`]: crate::scan::LineFilter::new
    #[must_use]
    pub fn filter(&self, plan: &Plan, now: jiff::Timestamp) -> Rows {
        Rows::new(self, plan, now, None)
    }

    /// As [`Client::filter`], for whoever needs only the first `limit` conversations: pages that they do not need are not
    /// read. More may come than were asked for.
    #[must_use]
    pub fn filter_first(&self, plan: &Plan, now: jiff::Timestamp, limit: u64) -> Rows {
        Rows::new(self, plan, now, Some(limit))
    }

    /// Reads one page (from 1) of what a payload matches.
    ///
    /// # Errors
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn filter_page(&self, payload: &Payload, page: u64) -> Result<Page, ClientError> {
        self.page_of(payload.to_body(), page).await
    }

    async fn page_of(&self, body: String, page: u64) -> Result<Page, ClientError> {
        let url = self.filter_url(page)?;
        let answer = self.transport.send(Effect::Read, Method::POST, url, Some(body)).await?;
        self.transport.read(&answer, |answer| Page::read(answer).map_err(|reason| reason.to_string()))
    }

    /// How to read a payload's pages.
    fn fetch(&self, payload: &Payload) -> walk::Fetch {
        let (client, body) = (self.clone(), payload.to_body());
        Arc::new(move |page| {
            let (client, body) = (client.clone(), body.clone());
            Box::pin(async move { client.page_of(body, page).await })
        })
    }

    fn concurrency(&self) -> usize {
        self.transport.settings.concurrency
    }

    /// How many requests were sent so far, by this client and its clones.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.transport.requests()
    }

    /// Where a page (from 1) of a filter is asked for.
    pub(crate) fn filter_url(&self, page: u64) -> Result<Url, ClientError> {
        self.url(&format!("conversations/filter?page={page}"))
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

    /// No test of this program installs one either.
    #[test]
    fn no_provider_of_cryptography_is_installed_for_the_process() {
        for base in ["https://chat.example.com", "http://127.0.0.1:1"] {
            Client::new(base, 1, Token::new("t")).unwrap();
        }
        assert!(rustls::crypto::CryptoProvider::get_default().is_none());
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
        for base in [
            "",
            "chat.example.com",
            "ftp://x.example",
            "http://",
            "https://x.example?key=s3cret",
            "https://x.example/#/app",
        ] {
            let error = Client::new(base, 1, Token::new("t")).unwrap_err();
            assert!(matches!(error, ClientError::Address { .. }) && !error.to_string().contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn only_other_hosts_make_clear_text_insecure() {
        let secure = |base| Client::new(base, 1, Token::new("t")).map(|client| client.is_insecure());
        for base in ["http://chat.example.com", "http://localhost.example.com", "http://10.0.0.1", "http://[::2]"] {
            assert!(matches!(secure(base), Err(ClientError::Insecure { .. })), "{base}");
        }
        for base in ["https://chat.example.com", "http://127.0.0.1:3000", "http://localhost", "http://[::1]:3000"] {
            assert_eq!(secure(base), Ok(false), "{base}");
        }
        let settings = Settings { insecure_http: true, ..Settings::default() };
        let client = Client::with_settings("http://chat.example.com", 1, Token::new("t"), settings).unwrap();
        assert!(client.is_insecure());
    }

    #[test]
    fn a_password_of_the_address_is_never_shown() {
        let client = Client::new("https://user:s3cret@chat.example.com", 1, Token::new("t")).unwrap();
        assert!(!format!("{client:?}").contains("s3cret"));
        for base in [
            "http://user:s3cret@chat.example.com",
            "ftp://user:s3cret@chat.example.com",
            "user:s3cret@chat.example.com",
            "https://user:s3cret@chat.example.com:99999",
            "https://user:s3cret@",
        ] {
            let error = Client::new(base, 1, Token::new("t")).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }
}
