//! Which server is asked, with whose token, and what is known of the account.

use super::Failure;
use super::args::{GlobalArgs, ServerArgs, variable};
use super::context::schema;
use super::sandbox::{demo_now, start_demo};
use super::transfer::settings;
use crate::check::depends_on_version;
use crate::client::{Client, Token};
use crate::diagnostic::Code;
use crate::schema::Schema;
use crate::{Query, parse};

/// The variables that a token is read from; the second and third are what other clients use.
const TOKENS: [&str; 3] = ["CHATWOOT_API_ACCESS_TOKEN", "CHATWOOT_API_TOKEN", "CHATWOOT_ACCESS_TOKEN"];

/// A server, connected, and the schema that goes with it.
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) schema: Schema,
    /// Whether the account's names were read from the server.
    pub(super) asked: bool,
    /// Whether the version was given, or asked for.
    version_known: bool,
}

impl Session {
    pub(super) async fn open(args: &ServerArgs, global: &GlobalArgs) -> Result<Self, Failure> {
        let mut schema = schema(global)?;
        let client = if args.demo {
            let now = match schema.now {
                Some(now) => now,
                None => demo_now()?,
            };
            schema.now = Some(now);
            let ready = start_demo(global, now).await?;
            let token = Token::new(ready.tokens.admin);
            Client::with_settings(&ready.url, ready.account_id.unsigned_abs(), token, settings(args, global)?)?
        } else {
            connect(args, global)?
        };
        // One clock for the whole run: what is relative must not move between two pages.
        schema.now = Some(schema.now());
        Ok(Self { client, schema, asked: false, version_known: global.server_version.is_some() || args.demo })
    }

    /// Checks and plans a query, asking the server for what the query needs: names, custom attributes, its version.
    pub(super) async fn query(&mut self, text: &str) -> Result<Query, Failure> {
        let mut result = Query::new(text, &self.schema);
        let account_needed = match &result {
            Ok(query) => query.warnings().has(Code::GuessedType),
            Err(problems) => [Code::NameWithoutAccount, Code::UnknownAttribute].iter().any(|code| problems.has(*code)),
        };
        if account_needed && self.schema.account.is_none() && parse(text).is_valid() {
            self.schema.account = Some(self.client.account().await?);
            self.asked = true;
            result = Query::new(text, &self.schema);
        }
        let version_matters = match &result {
            Ok(query) => depends_on_version(query.filter()),
            Err(problems) => problems.has(Code::NotInVersion),
        };
        if version_matters && !self.version_known {
            self.schema.version = self.client.version().await?;
            self.version_known = true;
            result = Query::new(text, &self.schema);
        }
        Ok(result?)
    }
}

/// The token from the environment.
pub(super) fn token() -> Option<Token> {
    TOKENS.iter().find_map(|name| variable(name)).map(Token::new)
}

pub(super) fn connect(args: &ServerArgs, global: &GlobalArgs) -> Result<Client, Failure> {
    let missing = |what: &str| {
        Failure::Usage(format!(
            "{what}\n  set CHATWOOT_BASE_URL, CHATWOOT_ACCOUNT_ID and CHATWOOT_API_ACCESS_TOKEN\n  \
             (--url and --account-id go before the first two)\n  \
             `--demo` asks a sample account instead; `cwql compile` needs no server"
        ))
    };
    let url = args.address.url().ok_or_else(|| missing("no server to ask"))?;
    let account_id = args.address.account_id()?.ok_or_else(|| missing("no account id"))?;
    let token = token().ok_or_else(|| missing("no access token"))?;
    Ok(Client::with_settings(&url, account_id, token, settings(args, global)?)?)
}
