//! What a server tells of an account: its names, its custom attributes, the token's user, its own version.

use futures_util::future::join_all;
use hyper::body::Bytes;
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::Value;

use super::retry::may_pass;
use super::transport::Effect;
use super::{Client, ClientError};
use crate::schema::{Account, LISTS, NameList, ServerVersion, SetList, id_in};

/// What [`Client::names`] has read, and what it could not.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Names {
    /// The names, as far as the token's user may read them.
    pub account: Account,
    /// The server's version, if it tells.
    pub version: Option<ServerVersion>,
    /// The lists that could not be read, each with the server's answer. A list of campaigns is for administrators.
    pub refused: Vec<(NameList, ClientError)>,
}

impl Names {
    /// The lists that the server failed to give, and may give a moment later: what is not for the token's user is none of
    /// them.
    pub fn failed(&self) -> impl Iterator<Item = &(NameList, ClientError)> {
        self.refused.iter().filter(|(_, error)| !is_refusal(error))
    }
}

impl Client {
    /// The server's version, from `GET /api`.
    ///
    /// # Errors
    /// As [`Client::filter_page`].
    pub async fn version(&self) -> Result<ServerVersion, ClientError> {
        #[derive(Deserialize)]
        #[serde(expecting = "an object with `version`")]
        struct Api {
            version: String,
        }
        let body = self.transport.send(Effect::Public, Method::GET, self.version_url()?, None).await?;
        let api: Api = self.transport.decode(&body)?;
        api.version.parse().map_err(|_| self.transport.unexpected(&body, "no version in it"))
    }

    /// The names of the account: agents, inboxes, teams, labels, campaigns, custom attributes and the token's user.
    /// A list that the token's user may not read is `None`, as is one that could not be read; [`Client::names`] says which
    /// those are.
    ///
    /// # Errors
    /// As [`Client::names`].
    pub async fn account(&self) -> Result<Account, ClientError> {
        Ok(self.names().await?.account)
    }

    /// The names of the account, the server's version, and which of them could not be read: eight requests at once.
    ///
    /// # Errors
    /// As [`Client::filter_page`]; also where the server refuses every list, as it does for a wrong account or the
    /// token of a bot.
    pub async fn names(&self) -> Result<Names, ClientError> {
        let lists = LISTS.map(|(path, ..)| self.get(path));
        let (answers, me, version) = tokio::join!(join_all(lists), self.me(), self.version());
        let mut refused = Vec::new();
        let mut account = Account::default();
        let mut lists = 0;
        for ((_, list, set), answer) in LISTS.into_iter().zip(answers) {
            match answer.and_then(|answer| self.take(&mut account, set, &answer)) {
                Ok(()) => lists += 1,
                // A list that fails says nothing of the others, and most queries need none of them.
                Err(error) if is_refusal(&error) || is_failure(&error) => refused.push((list, error)),
                Err(error) => return Err(error),
            }
        }
        if lists == 0
            && let Some((_, error)) = refused.first()
        {
            // The account itself is refused: one answer says it as well as six.
            return Err(error.clone());
        }
        // Another list was read, so it is not the address or the account that is wrong, as a 404 alone may mean.
        for (_, error) in &mut refused {
            if let ClientError::Status { status: 404, hint, .. } = error {
                *hint = "this server has no such list, or something before it hides it".into();
            }
        }
        match me {
            Ok(me) => account.me = me,
            Err(error) if is_refusal(&error) || is_failure(&error) => refused.push((NameList::Me, error)),
            Err(error) => return Err(error),
        }
        // A proxy may hide the address that tells the version; whoever needs it asks again, and is told.
        Ok(Names { account, version: version.ok(), refused })
    }

    /// Some lists of the account alone; what else there is stays unknown.
    ///
    /// # Errors
    /// As [`Client::filter_page`], of the first list that cannot be read.
    pub async fn lists(&self, lists: &[NameList]) -> Result<Account, ClientError> {
        let mut account = Account::default();
        for (path, _, set) in LISTS.into_iter().filter(|(_, list, _)| lists.contains(list)) {
            self.take(&mut account, set, &self.get(path).await?)?;
        }
        Ok(account)
    }

    /// Where what [`Client::names`] reads is asked for.
    #[cfg(feature = "cli")]
    pub(crate) fn account_urls(&self) -> Result<Vec<Url>, ClientError> {
        let lists = LISTS.iter().map(|(path, ..)| self.url(path));
        lists.chain([self.profile_url(), self.version_url()]).collect()
    }

    /// Where the inboxes are asked for.
    #[cfg(feature = "cli")]
    pub(crate) fn inboxes_url(&self) -> Result<Url, ClientError> {
        self.url(crate::schema::INBOXES)
    }

    /// Where the version is asked for.
    pub(crate) fn version_url(&self) -> Result<Url, ClientError> {
        self.transport.join("api")
    }

    /// Where the token's user is asked for.
    fn profile_url(&self) -> Result<Url, ClientError> {
        self.transport.join("api/v1/profile")
    }

    /// What the server says of a part of the account.
    async fn get(&self, path: &str) -> Result<Bytes, ClientError> {
        self.transport.send(Effect::Read, Method::GET, self.url(path)?, None).await
    }

    fn take(&self, account: &mut Account, set: SetList, answer: &Bytes) -> Result<(), ClientError> {
        self.transport.read(answer, |answer| {
            let list = serde_json::from_slice(answer).and_then(|list: Value| set(account, &list));
            list.map_err(|error| error.to_string())
        })
    }

    async fn me(&self) -> Result<Option<i64>, ClientError> {
        let body = self.transport.send(Effect::Read, Method::GET, self.profile_url()?, None).await?;
        let profile: Value = self.transport.decode(&body)?;
        Ok(id_in(&profile))
    }
}

/// Whether the server answers that this is not for the token's user. It says 401 where others say 403, and 404 where a
/// feature is not there.
fn is_refusal(error: &ClientError) -> bool {
    matches!(error, ClientError::Status { status: 401 | 403 | 404, .. })
}

/// Whether the server failed to answer this, or answered something else, which it may answer later.
fn is_failure(error: &ClientError) -> bool {
    match error {
        ClientError::Status { status, .. } => *status >= 500 || may_pass(*status),
        ClientError::Unexpected { .. } => true,
        _ => false,
    }
}
