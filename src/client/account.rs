//! What a server tells of an account: its names, its custom attributes, the token's user, its own version.

use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::transport::Effect;
use super::{Client, ClientError};
use crate::schema::{Account, ServerVersion};

/// What [`Client::names`] has read, and what it could not.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Names {
    /// The names, as far as the token's user may read them.
    pub account: Account,
    /// The server's version, if it tells.
    pub version: Option<ServerVersion>,
    /// The lists that were refused, each with the server's answer. A list of campaigns is for administrators.
    pub refused: Vec<(&'static str, ClientError)>,
}

impl Client {
    /// The server's version, from `GET /api`.
    ///
    /// # Errors
    /// As [`Client::filter_page`].
    pub async fn version(&self) -> Result<ServerVersion, ClientError> {
        #[derive(Deserialize)]
        struct Api {
            version: String,
        }
        let url = self.transport.join("api")?;
        let body = self.transport.send(Effect::Read, Method::GET, url, None).await?;
        let api: Api = self.transport.decode(&body)?;
        api.version.parse().map_err(|_| self.transport.unexpected(&body, "no version in it"))
    }

    /// The names of the account: agents, inboxes, teams, labels, campaigns, custom attributes and the token's user.
    /// What the token's user may not read is empty; [`Client::names`] says what that is.
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
        let (agents, inboxes, teams, labels, campaigns, custom, me, version) = tokio::join!(
            self.get("agents"),
            self.get("inboxes"),
            self.get("teams"),
            self.get("labels"),
            self.get("campaigns"),
            self.get("custom_attribute_definitions"),
            self.me(),
            self.version(),
        );
        let mut refused = Vec::new();
        let mut account = Account::default();
        let mut lists = 0;
        for (name, answer, set) in [
            ("agents", agents, Account::set_agents as fn(&mut Account, &Value)),
            ("inboxes", inboxes, Account::set_inboxes),
            ("teams", teams, Account::set_teams),
            ("labels", labels, Account::set_labels),
            ("custom attributes", custom, Account::set_custom),
            ("campaigns", campaigns, Account::set_campaigns),
        ] {
            match answer {
                Ok(answer) => {
                    lists += 1;
                    set(&mut account, &answer);
                }
                Err(error) if is_refusal(&error) => refused.push((name, error)),
                Err(error) => return Err(error),
            }
        }
        if lists == 0
            && let Some((_, error)) = refused.first()
        {
            // The account itself is refused: one answer says it as well as six.
            return Err(error.clone());
        }
        match me {
            Ok(me) => account.me = me,
            Err(error) if is_refusal(&error) => refused.push(("the token's user", error)),
            Err(error) => return Err(error),
        }
        // A proxy may hide the address that tells the version; whoever needs it asks again, and is told.
        Ok(Names { account, version: version.ok(), refused })
    }

    /// The names of the inboxes alone.
    ///
    /// # Errors
    /// As [`Client::filter_page`].
    pub async fn inboxes(&self) -> Result<Account, ClientError> {
        let mut account = Account::default();
        account.set_inboxes(&self.get("inboxes").await?);
        Ok(account)
    }

    async fn get(&self, path: &str) -> Result<Value, ClientError> {
        let body = self.transport.send(Effect::Read, Method::GET, self.url(path)?, None).await?;
        self.transport.decode(&body)
    }

    async fn me(&self) -> Result<Option<i64>, ClientError> {
        let body = self.transport.send(Effect::Read, Method::GET, self.transport.join("api/v1/profile")?, None).await?;
        let profile: Value = self.transport.decode(&body)?;
        Ok(profile.get("id").and_then(Value::as_i64))
    }
}

/// Whether the server answers that this is not for the token's user. It says 401 where others say 403 (server
/// semantics, section 16), and 404 where a feature is not there.
fn is_refusal(error: &ClientError) -> bool {
    matches!(error, ClientError::Status { status: 401 | 403 | 404, .. })
}
