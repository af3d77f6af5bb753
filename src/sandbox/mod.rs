//! An embedded server: answers `conversations/filter`, `conversations` and `conversations/meta` from
//! a data file as a Chatwoot server does, quirks included.
//!
//! It is the oracle of this crate's tests and the server behind `cwql sandbox`. The rules were recorded from servers of
//! Chatwoot and from its code. What the server makes of a payload before it looks at a row is in `server`.
//!
//! ```
//! # #[cfg(feature = "client")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use cwql::client::Token;
//! use cwql::sandbox::{Ready, Sandbox, Tokens, serve};
//! use cwql::schema::ServerVersion;
//! use cwql::{Client, Query, Schema};
//! use tokio::net::TcpListener;
//!
//! let account = r#"{"users": {"admin": {"id": 1}, "agent": {"id": 2}}, "inboxes": [{"id": 5, "name": "Shop"}]}"#;
//! let conversations = r#"{"id": 7, "inbox_id": 5, "status": "open", "unread_count": 2}
//! {"id": 8, "inbox_id": 5, "status": "open", "unread_count": 0}"#;
//! let sandbox = Sandbox::new(account, conversations, jiff::Timestamp::now(), ServerVersion::LATEST)?;
//! let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
//! let ready = Ready::new(&sandbox, &listener, Tokens::default())?;
//! let server = tokio::spawn(serve(sandbox, listener, ready.tokens.clone()));
//!
//! let client = Client::new(&ready.url, ready.account_id, Token::new(&*ready.tokens.admin))?;
//! let schema = Schema::default();
//! let query = Query::new("status = open AND unread_count > 0", &schema)?;
//! let mut rows = client.filter(query.plan(), schema.now());
//! assert_eq!(rows.next().await?.map(|conversation| conversation.id()), Some(7));
//! server.abort();
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "client"))]
//! # fn main() {}
//! ```
//!
//! # The account
//!
//! A JSON object. Its records have the members that the API shows, and are shown as they are written.
//!
//! | member | what | where it is missing |
//! | --- | --- | --- |
//! | `account_id` | the account's id | 1 |
//! | `name` | the account's name | `Sandbox` |
//! | `users` | `admin` and `agent`, records of users: who the two [`Tokens`] are | the first two of `agents` |
//! | `agent_inbox_ids` | the ids of the inboxes that `agent` may see | none |
//! | `agents`, `inboxes`, `teams`, `labels`, `campaigns`, `custom_attribute_definitions`, `contacts` | arrays of records | empty |
//!
//! # The conversations
//!
//! One a line, each the JSON object that the API shows, of which only `id` must be there. A member `_columns` has what the
//! API does not show, and is never shown: the columns `assignee_id`, `team_id`, `contact_id`, `campaign_id` and `source_id`,
//! and all the `messages` (`content`, `message_type`). Where it has not, what is shown stands in for them.
//!
//! # The files
//!
//! | file | what |
//! | --- | --- |
//! | `data` | conversations: their JSON and their database columns |
//! | `account` | users, look-up records, custom attribute definitions |
//! | `request` | a query string as Rails nests it |
//! | `condition` | how one SQL condition decides on a row |
//! | `collation` | how texts are ordered |
//! | `sql` | AND and OR over conditions, syntax errors, what is evaluated first |
//! | `list` | the finder behind the list and its counts |
//! | `create` | a new conversation |
//! | `refusal` | errors and their bodies |
//! | `http` | the router |

mod account;
mod collation;
mod condition;
mod create;
mod data;
mod http;
mod list;
mod refusal;
mod request;
mod sql;

use std::fmt;
use std::sync::{PoisonError, RwLock};

use jiff::Timestamp;

#[doc(hidden)]
pub use crate::server::{Comparison, DaysBefore, Quirks};
pub use account::User;
pub use http::{Ready, Tokens, serve};

use crate::eval::date::PgDate;
use crate::schema::ServerVersion;
use crate::server::{FilterService, Json, text_to_i};
use account::Account;
use data::Row;
use list::{Show, is_mine};
use refusal::Refusal;
use request::{Params, page_offset};

/// Conversations on a page.
const PAGE_SIZE: usize = 25;

/// A server's state: the account, its conversations, the time and the version.
#[derive(Debug)]
pub struct Sandbox {
    account: Account,
    rows: RwLock<Vec<Row>>,
    now: Timestamp,
    version: ServerVersion,
    quirks: Quirks,
}

/// An answer before it goes over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, JSON.
    pub body: String,
    /// Every matching conversation by display id, in server order: what all pages together show.
    /// Only filters fill it.
    pub matches: Vec<i64>,
}

impl Answer {
    fn ok(body: String) -> Self {
        Self { status: 200, body, matches: Vec::new() }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self { status: refusal.status(), body: refusal.body(), matches: Vec::new() }
    }
}

/// A data file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError {
    /// The account file.
    Account {
        /// The line the error is on, from 1; 0 where something is missing.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// The file of conversations, one a line.
    Conversations {
        /// The line the error is on, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Account { .. } => self.of("account file"),
            Self::Conversations { .. } => self.of("conversations file"),
        })
    }
}

impl LoadError {
    /// The error with the name of its file.
    pub(crate) fn of(&self, file: &str) -> String {
        match self {
            // Of what is not there no line can be told.
            Self::Account { line: 0, reason } => format!("{file}: {reason}"),
            Self::Account { line, reason } | Self::Conversations { line, reason } => {
                format!("{file}, line {line}: {reason}")
            }
        }
    }
}

impl std::error::Error for LoadError {}

impl Sandbox {
    /// A server over an account and its conversations, one JSON object a line, as [the module](self) describes them.
    ///
    /// `now` is the server's clock: it stands still, so that answers can be repeated.
    ///
    /// # Errors
    /// [`LoadError`] if a file is not what it should be.
    pub fn new(
        account_json: &str,
        conversations_ndjson: &str,
        now: Timestamp,
        version: ServerVersion,
    ) -> Result<Self, LoadError> {
        let account = Account::parse(account_json)?;
        let mut rows = Vec::new();
        for (line, number) in conversations_ndjson.lines().zip(1..) {
            if !line.trim().is_empty() {
                rows.push(Row::parse(line).map_err(|reason| LoadError::Conversations { line: number, reason })?);
            }
        }
        Ok(Self { account, rows: RwLock::new(rows), now, version, quirks: Quirks::of(version) })
    }

    /// The same server with other facts than those of its version, for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn with_quirks(self, quirks: Quirks) -> Self {
        Self { quirks, ..self }
    }

    /// The version it answers as.
    #[must_use]
    pub fn version(&self) -> ServerVersion {
        self.version
    }

    /// The only account there is.
    #[must_use]
    pub fn account_id(&self) -> u64 {
        self.account.id
    }

    fn today(&self) -> PgDate {
        PgDate::of_epoch_second(self.now.as_second())
    }

    fn with_rows<T>(&self, read: impl FnOnce(&[Row]) -> T) -> T {
        read(&self.rows.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// `POST conversations/filter`. A page in the query string goes before one in the body.
    #[must_use]
    pub fn filter(&self, user: User, body: &[u8], page: Option<&str>) -> Answer {
        self.try_filter(user, body, page).unwrap_or_else(Answer::from)
    }

    fn try_filter(&self, user: User, body: &[u8], page: Option<&str>) -> Result<Answer, Refusal> {
        let body = Json::parse(body).ok_or(Refusal::BadRequest)?.munge();
        let service = FilterService::new(&self.account, &self.quirks, self.today());
        let clause = sql::Clause::of(&body, service, &self.quirks)?;
        let page = match (page, body.get("page")) {
            (Some(page), _) => text_to_i(page),
            (None, Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_)) => 1,
            (None, page) => page.to_i()?,
        };
        let offset = page_offset(page).ok_or_else(|| Refusal::server_error("page out of range"))?;
        let me = self.account.user_id(user);
        self.with_rows(|rows| {
            let mut found: Vec<&Row> = Vec::new();
            for row in rows.iter().filter(|row| self.account.may_see(user, row.inbox_id)) {
                let selected =
                    clause.selects(row, self.today()).map_err(|error| Refusal::server_error(error.0))?;
                if selected {
                    found.push(row);
                }
            }
            found.sort_by(|a, b| list::newest_activity(a, b));
            let mine = found.iter().filter(|row| is_mine(row, me)).count();
            let unassigned = found.iter().filter(|row| row.assignee_id.is_none()).count();
            let page: Vec<&Row> = found.iter().copied().skip(offset).take(PAGE_SIZE).collect();
            let body = format!(
                "{{\"meta\":{{\"mine_count\":{mine},\"unassigned_count\":{unassigned},\"all_count\":{}}},\"payload\":{}}}",
                found.len(),
                payload(&page)
            );
            Ok(Answer { status: 200, body, matches: found.iter().map(|row| row.id).collect() })
        })
    }

    /// `GET conversations`, with the pairs of the query string.
    #[must_use]
    pub fn list<K: AsRef<str>, V: AsRef<str>>(&self, user: User, query: &[(K, V)]) -> Answer {
        self.find(user, &Params::new(query), Show::Page, |found| {
            format!("{{\"data\":{{\"meta\":{},\"payload\":{}}}}}", counts(&found.counts), payload(&found.page))
        })
    }

    /// `GET conversations/meta`.
    #[must_use]
    pub fn meta<K: AsRef<str>, V: AsRef<str>>(&self, user: User, query: &[(K, V)]) -> Answer {
        self.find(user, &Params::new(query), Show::Counts, |found| format!("{{\"meta\":{}}}", counts(&found.counts)))
    }

    /// `POST conversations`: appends a conversation, which later requests see.
    #[must_use]
    pub fn create(&self, user: User, body: &[u8]) -> Answer {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        match create::create(&self.account, &rows, user, body, self.now.as_second()) {
            Ok(row) => {
                let answer = Answer::ok(row.json.clone());
                rows.push(row);
                answer
            }
            Err(refusal) => refusal.into(),
        }
    }

    /// Changes a conversation, which later requests see: its members as the API shows them, and the columns
    /// `assignee_id`, `team_id`, `contact_id`, `campaign_id` and `source_id`. `false` if there is none of this display id.
    ///
    /// ```
    /// # use cwql::sandbox::{Sandbox, User};
    /// # let account = r#"{"account_id": 1, "inboxes": [{"id": 5}], "users": {"admin": {"id": 1}, "agent": {"id": 2}}}"#;
    /// let row = r#"{"id": 7, "status": "open", "inbox_id": 5}"#;
    /// let sandbox = Sandbox::new(account, row, jiff::Timestamp::UNIX_EPOCH, cwql::schema::ServerVersion::LATEST)?;
    /// assert!(sandbox.change(7, &serde_json::json!({"status": "resolved"}))?);
    /// let all = sandbox.list(User::Admin, &[("status", "resolved")]);
    /// assert!(all.body.contains("\"all_count\":1"));
    /// # Ok::<(), cwql::sandbox::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// The members are no object, or no conversation has such ones.
    pub fn change(&self, id: i64, members: &serde_json::Value) -> Result<bool, LoadError> {
        let failed = |reason: String| LoadError::Conversations { line: 1, reason };
        let members = members.as_object().ok_or_else(|| failed("an object is expected".to_owned()))?;
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        let Some(row) = rows.iter_mut().find(|row| row.id == id) else { return Ok(false) };
        *row = row.with(members).map_err(failed)?;
        Ok(true)
    }

    fn find(&self, user: User, params: &Params, show: Show, render: impl FnOnce(&list::Found<'_>) -> String) -> Answer {
        let now = self.now.as_duration().as_secs_f64();
        self.with_rows(|rows| match list::find(&self.account, rows, user, params, show, now) {
            Ok(found) => Answer::ok(render(&found)),
            Err(refusal) => refusal.into(),
        })
    }
}

fn counts(counts: &list::Counts) -> String {
    let list::Counts { mine, assigned, unassigned, all } = counts;
    format!(
        "{{\"mine_count\":{mine},\"assigned_count\":{assigned},\"unassigned_count\":{unassigned},\"all_count\":{all}}}"
    )
}

fn payload(rows: &[&Row]) -> String {
    format!("[{}]", rows.iter().map(|row| row.json.as_str()).collect::<Vec<_>>().join(","))
}
