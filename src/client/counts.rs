//! `GET conversations/meta`: how many conversations there are.

use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::list::{Pairs, push, push_labels, push_status};
use super::{Client, ClientError, ConversationType, Effect, ListStatus};
use crate::answer::{Answer, Counts};
use crate::payload::Payload;

/// What is counted. What is not given is left to the server: conversations that are open.
///
/// ```
/// use cwql::client::{CountParams, ListStatus};
///
/// let params = CountParams { status: vec![ListStatus::All], team_id: Some(8), ..CountParams::default() };
/// assert!(params.labels.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountParams {
    /// In which states; several are in any of them. A search by `q` ignores them.
    pub status: Vec<ListStatus>,
    /// A text that an incoming or outgoing message contains. The server then counts the first page alone, each
    /// count by itself, so that none is more than 25 and they do not add up.
    pub q: Option<String>,
    /// Of this inbox; one that the user is not in, or that is none, has no conversations.
    pub inbox_id: Option<i64>,
    /// Of this team; one that is none is an error of the server, 404.
    pub team_id: Option<i64>,
    /// With any of these labels, in any case.
    pub labels: Vec<String>,
    /// Of this kind.
    pub conversation_type: Option<ConversationType>,
}

impl CountParams {
    fn pairs(&self) -> Pairs {
        let mut pairs = Vec::new();
        push_status(&mut pairs, &self.status);
        push(&mut pairs, "q", self.q.as_deref());
        push(&mut pairs, "inbox_id", self.inbox_id);
        push(&mut pairs, "team_id", self.team_id);
        push_labels(&mut pairs, &self.labels);
        push(&mut pairs, "conversation_type", self.conversation_type);
        pairs
    }
}

impl Client {
    /// Counts conversations. Servers since 4.11.2 allow 30 such requests a minute.
    ///
    /// ```no_run
    /// # async fn example(client: cwql::Client) -> Result<(), cwql::client::ClientError> {
    /// let counts = client.counts(&cwql::client::CountParams::default()).await?;
    /// if let Some(unassigned) = counts.unassigned {
    ///     println!("{unassigned} of {} open conversations are nobody's", counts.all);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The server cannot be reached, refuses, or answers something else; 404 for a team that is none.
    pub async fn counts(&self, params: &CountParams) -> Result<Counts, ClientError> {
        Ok(self.counts_as_told(params).await?.0)
    }

    /// The counts, and the object that they were read from as the server has written it: with what else it says.
    pub(crate) async fn counts_as_told(&self, params: &CountParams) -> Result<(Counts, Box<RawValue>), ClientError> {
        #[derive(Deserialize)]
        #[serde(expecting = "an object with `meta`")]
        struct Answer {
            data: Option<Box<Answer>>,
            meta: Option<Box<RawValue>>,
        }
        let url = self.counts_url(params)?;
        let body = self.transport.send(Effect::Count, Method::GET, url, None).await?;
        self.transport.read(&body, |body| {
            let answer: Answer = serde_json::from_slice(body).map_err(|error| error.to_string())?;
            let inner = answer.data.map_or(answer.meta, |inner| inner.meta);
            let told = inner.and_then(|meta| Some((Counts::of_meta(&serde_json::from_str(meta.get()).ok()?)?, meta)));
            told.ok_or_else(|| NO_COUNTS.to_owned())
        })
    }

    /// Where the counts are asked for.
    pub(crate) fn counts_url(&self, params: &CountParams) -> Result<Url, ClientError> {
        let mut url = self.url("conversations/meta")?;
        let pairs = params.pairs();
        // Without any, a `?` would be left.
        if !pairs.is_empty() {
            url.query_pairs_mut().extend_pairs(pairs);
        }
        Ok(url)
    }

    /// Counts what a payload matches by the counts that come with its first page, which are of all pages.
    ///
    /// ```no_run
    /// # async fn example(client: cwql::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let payload = cwql::compile("status = open AND priority = urgent", &cwql::Schema::default())?;
    /// println!("{}", client.filter_counts(&payload).await?.all);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::filter_page`].
    pub async fn filter_counts(&self, payload: &Payload) -> Result<Counts, ClientError> {
        let url = self.filter_url(1)?;
        let body = self.transport.send(Effect::Read, Method::POST, url, Some(payload.to_body())).await?;
        self.transport.read(&body, |body| Answer::read(body)?.counts().ok_or_else(|| NO_COUNTS.to_owned()))
    }
}

/// What is wrong with an answer that should have counts.
const NO_COUNTS: &str = "no counts in it";
