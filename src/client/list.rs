//! `GET conversations`: the dashboard's list.

use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt as _;
use reqwest::{Method, Url};

use super::{Client, ClientError, Effect, Rows};
use crate::answer::{Counts, Page};

/// A word of a fixed set that goes into a request.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word as it is sent.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

choices! {
    /// Whose conversations are listed. The counts are those of all, whatever is asked for.
    AssigneeType {
        /// Those of the token's user.
        Me = "me",
        /// Those of nobody.
        Unassigned = "unassigned",
        /// Those of anybody.
        Assigned = "assigned",
        /// All; what a server does without being asked.
        All = "all",
    }
}

choices! {
    /// The state of the conversations that are listed or counted.
    ListStatus {
        /// Any state.
        All = "all",
        /// Open; what a server does without being asked.
        Open = "open",
        /// Resolved.
        Resolved = "resolved",
        /// Pending.
        Pending = "pending",
        /// Snoozed.
        Snoozed = "snoozed",
    }
}

choices! {
    /// The order of the list. Conversations of equal key have no order among them.
    SortBy {
        /// Newest activity first; what a server does without being asked.
        LastActivityAtDesc = "last_activity_at_desc",
        /// Oldest activity first.
        LastActivityAtAsc = "last_activity_at_asc",
        /// Newest first.
        CreatedAtDesc = "created_at_desc",
        /// Oldest first.
        CreatedAtAsc = "created_at_asc",
        /// Most urgent first, those without priority last, then newest activity.
        PriorityDesc = "priority_desc",
        /// Least urgent first, those without priority last, then newest activity.
        PriorityAsc = "priority_asc",
        /// Longest waiting first, those that do not wait last.
        WaitingSinceAsc = "waiting_since_asc",
        /// Shortest waiting first, those that do not wait last.
        WaitingSinceDesc = "waiting_since_desc",
        /// Most urgent first, those without priority last, then oldest.
        PriorityDescCreatedAtAsc = "priority_desc_created_at_asc",
        /// Most unread messages first.
        Unread = "unread",
        /// An older name of `last_activity_at_desc`.
        Latest = "latest",
        /// An older name of `created_at_asc`.
        SortOnCreatedAt = "sort_on_created_at",
        /// An older name of `priority_desc`.
        SortOnPriority = "sort_on_priority",
        /// An older name of `waiting_since_asc`.
        SortOnWaitingSince = "sort_on_waiting_since",
    }
}

choices! {
    /// Conversations that concern the token's user in another way than by assignment.
    ConversationType {
        /// Where the user is mentioned.
        Mention = "mention",
        /// Where the user takes part.
        Participating = "participating",
        /// Without an answer yet, or waiting for one.
        Unattended = "unattended",
    }
}

/// What is asked of the list. What is not given is left to the server: conversations that are open, of anybody,
/// newest activity first.
///
/// ```
/// use cwql::client::{AssigneeType, ListParams, SortBy};
///
/// let params = ListParams {
///     assignee_type: Some(AssigneeType::Me),
///     labels: vec!["vip".to_owned()],
///     sort_by: Some(SortBy::CreatedAtDesc),
///     ..ListParams::default()
/// };
/// assert!(params.status.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListParams {
    /// Whose.
    pub assignee_type: Option<AssigneeType>,
    /// In which states; several are in any of them. A search by `q` ignores them.
    pub status: Vec<ListStatus>,
    /// A text that an incoming or outgoing message contains, in any case; `%` and `_` are wildcards.
    pub q: Option<String>,
    /// Of this inbox; one that the user is not in, or that is none, has no conversations.
    pub inbox_id: Option<i64>,
    /// Of this team; one that is none is an error of the server, 404.
    pub team_id: Option<i64>,
    /// With any of these labels, in any case. The server takes a comma for the end of a label.
    pub labels: Vec<String>,
    /// The order.
    pub sort_by: Option<SortBy>,
    /// Changed within so many seconds; the server then returns all of them at once.
    pub updated_within: Option<u64>,
    /// Of this kind.
    pub conversation_type: Option<ConversationType>,
    /// Of the contact with this id at the inbox's channel.
    pub source_id: Option<String>,
}

impl ListParams {
    fn pairs(&self) -> Pairs {
        let mut pairs = Vec::new();
        push(&mut pairs, "assignee_type", self.assignee_type);
        push_status(&mut pairs, &self.status);
        push(&mut pairs, "q", self.q.as_deref());
        push(&mut pairs, "inbox_id", self.inbox_id);
        push(&mut pairs, "team_id", self.team_id);
        push_labels(&mut pairs, &self.labels);
        push(&mut pairs, "sort_by", self.sort_by);
        push(&mut pairs, "updated_within", self.updated_within);
        push(&mut pairs, "conversation_type", self.conversation_type);
        push(&mut pairs, "source_id", self.source_id.as_deref());
        pairs
    }

    /// A page with the counts of the rows that are listed, which are not always those that the server tells.
    fn page(&self, page: Page) -> Page {
        let all = match self.updated_within {
            // All rows come at once.
            Some(_) => Some(page.conversations.len() as u64),
            None => page.counts.and_then(|counts| self.total(counts)),
        };
        // Whom the others are assigned to is none of this list's: a walk would take its change for one of the list.
        let counts = |all| Counts { all, assigned: None, ..page.counts.unwrap_or_default() };
        Page { counts: all.map(counts), ..page }
    }

    /// How many rows the counts promise; `None` where they cannot be trusted.
    fn total(&self, counts: Counts) -> Option<u64> {
        if self.q.is_some() {
            // A search is counted on the page, each count by itself.
            return None;
        }
        match self.assignee_type {
            Some(AssigneeType::Me) => counts.mine,
            Some(AssigneeType::Unassigned) => counts.unassigned,
            Some(AssigneeType::Assigned) => counts.assigned,
            Some(AssigneeType::All) | None => Some(counts.all),
        }
    }
}

/// A query string before it is written.
pub(super) type Pairs = Vec<(&'static str, String)>;

pub(super) fn push(pairs: &mut Pairs, key: &'static str, value: Option<impl ToString>) {
    pairs.extend(value.map(|value| (key, value.to_string())));
}

/// One state is sent as it is documented, several as Rails reads an array.
pub(super) fn push_status(pairs: &mut Pairs, states: &[ListStatus]) {
    match states {
        [] => {}
        // In an array, `all` would be the name of a state, which no conversation has.
        _ if states.contains(&ListStatus::All) => pairs.push(("status", ListStatus::All.to_string())),
        [one] => pairs.push(("status", one.to_string())),
        several => pairs.extend(several.iter().map(|state| ("status[]", state.to_string()))),
    }
}

pub(super) fn push_labels(pairs: &mut Pairs, labels: &[String]) {
    pairs.extend(labels.iter().map(|label| ("labels[]", label.clone())));
}

impl Client {
    /// The conversations of the dashboard's list, page after page, each once.
    ///
    /// For the orders by last activity and by creation the promise is that of [`Rows`]: what is listed from the first
    /// request to the last is returned. In the other orders a conversation may move anywhere, and be missed.
    ///
    /// ```no_run
    /// # async fn example(client: cwql::Client) -> Result<(), cwql::client::ClientError> {
    /// use cwql::client::{ListParams, ListStatus};
    ///
    /// let params = ListParams { status: vec![ListStatus::All], q: Some("refund".to_owned()), ..ListParams::default() };
    /// let mut rows = client.list(&params);
    /// while let Some(conversation) = rows.next().await? {
    ///     println!("{}", conversation.id());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn list(&self, params: &ListParams) -> Rows {
        self.list_rows(params, None)
    }

    /// As [`Client::list`], for whoever needs only the first `limit` conversations: pages that they do not need are not
    /// read. More may come than were asked for.
    #[must_use]
    pub fn list_first(&self, params: &ListParams, limit: u64) -> Rows {
        self.list_rows(params, Some(limit))
    }

    fn list_rows(&self, params: &ListParams, limit: Option<u64>) -> Rows {
        let (client, params) = (self.clone(), Arc::new(params.clone()));
        let fetch = move |number| {
            let (client, params) = (client.clone(), params.clone());
            async move { Ok(params.page(client.list_page(&params, number).await?)) }.boxed()
        };
        Rows::of_pages(Arc::new(fetch), self.concurrency(), limit)
    }

    /// Where a page (from 1) of the list is asked for.
    pub(crate) fn list_url(&self, params: &ListParams, page: u64) -> Result<Url, ClientError> {
        let mut url = self.url("conversations")?;
        url.query_pairs_mut().extend_pairs(params.pairs()).append_pair("page", &page.to_string());
        Ok(url)
    }

    /// One page (from 1) of the dashboard's list. With `updated_within` it holds everything, whatever its number.
    ///
    /// # Errors
    /// The server cannot be reached, refuses, or answers something else; 404 for a team that is none.
    pub async fn list_page(&self, params: &ListParams, page: u64) -> Result<Page, ClientError> {
        let url = self.list_url(params, page)?;
        let body = self.transport.send(Effect::Read, Method::GET, url, None).await?;
        self.transport.read(&body, |body| Page::read(body).map_err(|reason| reason.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::STATUSES;

    #[test]
    fn the_states_are_those_that_a_query_knows_and_all() {
        let listed = ListStatus::ALL.iter().filter(|status| **status != ListStatus::All);
        assert!(listed.map(|status| status.as_str()).eq(STATUSES.iter().copied()));
    }

    fn query(params: &ListParams) -> String {
        let mut url = Url::parse("http://x.example/").unwrap();
        url.query_pairs_mut().extend_pairs(params.pairs());
        url.query().unwrap_or_default().to_owned()
    }

    #[test]
    fn arrays_are_sent_as_rails_reads_them() {
        let mut params = ListParams { labels: vec!["vip".into(), "très important".into()], ..ListParams::default() };
        assert_eq!(query(&params), "labels%5B%5D=vip&labels%5B%5D=tr%C3%A8s+important");
        params.labels.clear();
        params.status = vec![ListStatus::Open];
        assert_eq!(query(&params), "status=open");
        params.status.push(ListStatus::Pending);
        assert_eq!(query(&params), "status%5B%5D=open&status%5B%5D=pending");
        params.status.push(ListStatus::All);
        assert_eq!(query(&params), "status=all");
        assert_eq!(query(&ListParams::default()), "");
    }

    #[test]
    fn a_page_of_mine_does_not_change_with_what_others_are_assigned() {
        let mine = ListParams { assignee_type: Some(AssigneeType::Me), ..ListParams::default() };
        let counts = |assigned, all| {
            let told = Counts { mine: Some(1), assigned: Some(assigned), unassigned: Some(3), all };
            mine.page(Page { counts: Some(told), conversations: Vec::new() }).counts
        };
        assert_eq!(counts(2, 5), Some(Counts { mine: Some(1), assigned: None, unassigned: Some(3), all: 1 }));
        assert_eq!(counts(2, 5), counts(4, 7));
    }

    #[test]
    fn what_is_searched_is_not_promised_by_the_counts() {
        let counts = Counts { mine: Some(1), assigned: Some(2), unassigned: Some(3), all: 5 };
        let total = |params: ListParams| params.total(counts);
        assert_eq!(total(ListParams::default()), Some(5));
        for (whose, promised) in AssigneeType::ALL.iter().zip([1, 3, 2, 5]) {
            let params = ListParams { assignee_type: Some(*whose), ..ListParams::default() };
            assert_eq!(total(params), Some(promised), "{whose}");
        }
        let counts = Counts { all: 5, ..Counts::default() };
        let mine = ListParams { assignee_type: Some(AssigneeType::Me), ..ListParams::default() };
        assert_eq!(mine.total(counts), None, "what is not told promises nothing");
        assert_eq!(total(ListParams { q: Some(String::new()), ..ListParams::default() }), None);
    }
}
