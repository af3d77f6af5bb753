//! The commands that ask a server: run and explain.

use std::io::{self, Write as _};

use tokio::runtime::{Builder, Runtime};

use super::args::{ExplainArgs, GlobalArgs, PlanFormat, RunArgs, ServerArgs};
use super::context::{Context, query_text, schema};
use super::output::Writer;
use super::sandbox::{demo_now, start_demo};
use super::{Exit, Failure};
use crate::check::{Condition, depends_on_version};
use crate::client::{Client, ClientError, Rows, Token};
use crate::diagnostic::Code;
use crate::plan::{Plan, Reason, plan_leaving};
use crate::schema::{Account, Attribute, Custom, CustomKind, Schema};
use crate::syntax::lex;
use crate::{Query, format, parse};

/// The variables that a token is read from; the second and third are what other clients use.
const TOKENS: [&str; 3] = ["CHATWOOT_API_ACCESS_TOKEN", "CHATWOOT_API_TOKEN", "CHATWOOT_ACCESS_TOKEN"];

/// The page size of the server's filter (server semantics, section 0).
const PAGE: u64 = 25;

/// One thread is enough for a program that waits for one server, and starts faster.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread().enable_all().build().map_err(|error| Failure::Io(error.to_string()))
}

/// A server, connected, and the schema that goes with it.
struct Session {
    client: Client,
    schema: Schema,
    /// Whether the account's names were read from the server.
    asked: bool,
    /// Whether the version was given, or asked for.
    version_known: bool,
}

impl Session {
    async fn open(args: &ServerArgs, global: &GlobalArgs) -> Result<Self, Failure> {
        let mut schema = schema(global)?;
        let client = if args.demo {
            let now = match schema.now {
                Some(now) => now,
                None => demo_now()?,
            };
            schema.now = Some(now);
            let ready = start_demo(global, now).await?;
            Client::new(&ready.url, ready.account_id.unsigned_abs(), Token::new(ready.tokens.admin))?
        } else {
            connect(args)?
        };
        // One clock for the whole run: what is relative must not move between two pages.
        schema.now = Some(schema.now());
        Ok(Self { client, schema, asked: false, version_known: global.server_version.is_some() || args.demo })
    }

    /// Checks and plans a query, asking the server for what the query needs: names, custom attributes, its version.
    async fn query(&mut self, text: &str) -> Result<Query, Failure> {
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
fn token() -> Option<Token> {
    let tokens = TOKENS.iter().filter_map(|name| std::env::var(name).ok());
    tokens.map(|token| token.trim().to_owned()).find(|token| !token.is_empty()).map(Token::new)
}

fn connect(args: &ServerArgs) -> Result<Client, Failure> {
    let missing = |what: &str| {
        Failure::Usage(format!(
            "{what}\n  set CHATWOOT_BASE_URL, CHATWOOT_ACCOUNT_ID and CHATWOOT_API_ACCESS_TOKEN, or give --url and --account-id\n  \
             `--demo` asks a sample account instead; `cwql compile` needs no server"
        ))
    };
    let url = args.url.as_deref().filter(|url| !url.is_empty()).ok_or_else(|| missing("no server to ask"))?;
    let account_id = args.account_id.ok_or_else(|| missing("no account id"))?;
    let client = Client::new(url, account_id, token().ok_or_else(|| missing("no access token"))?)?;
    if client.is_insecure() && !args.insecure_http {
        return Err(Failure::Usage(
            "http would send the token in clear text over the network\n  use https, or --insecure-http if you must"
                .to_owned(),
        ));
    }
    Ok(client)
}

/// `cwql run`
pub(super) fn run(args: &RunArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    let source = query_text(&args.query, context)?;
    // What is wrong in any case is said before a server is asked for anything.
    let parsed = parse(&source);
    if !parsed.is_valid() {
        return Err(crate::check(&parsed, &schema(global)?).err().unwrap_or_else(|| parsed.diagnostics()).into());
    }
    runtime()?.block_on(async {
        let mut session = Session::open(&args.server, global).await?;
        let query = session.query(&source).await?;
        context.warn(query.warnings());
        let Session { client, schema, asked, .. } = session;
        let names = match &schema.account {
            Some(account) if asked || !account.inboxes.is_empty() => Some(account.clone()),
            _ if Writer::wants_names(args.output) && !query.plan().never => inboxes(&client, context).await,
            _ => None,
        };
        let now = schema.now();
        let mut writer = Writer::new(args.output, names.as_ref(), now, context);
        let rows = client.run(query.plan(), now);
        let more = match print(rows, &query, &mut writer, args.limit, context).await {
            Err(Failure::Server(error)) if error.is_server_error() && writer.count() == 0 => {
                // One stored value that is not of its attribute's type breaks the server's conversion of all of them.
                let Some(plan) = without_casts(&query, &source, &schema) else { return Err(Failure::Server(error)) };
                context.note(
                    "the server failed; conditions on custom numbers, dates and checkboxes are evaluated here instead, \
                     for one stored value that is not of its type breaks the server's conversion",
                );
                print(client.run(&plan, now), &query, &mut writer, args.limit, context).await?
            }
            result => result?,
        };
        writer.finish(more)?;
        Ok(if writer.count() > 0 { Exit::Found } else { Exit::Nothing })
    })
}

/// The plan that leaves to the client what the server must convert; `None` if there is nothing of the kind.
fn without_casts(query: &Query, text: &str, schema: &Schema) -> Option<Plan> {
    let cast = |condition: &Condition| {
        let converted = matches!(
            &condition.attribute,
            Attribute::Custom(Custom { kind: CustomKind::Number | CustomKind::Date | CustomKind::Checkbox, .. })
        );
        converted.then_some(Reason::BadStoredValue)
    };
    let mut any = false;
    query.filter().for_each(&mut |condition| any |= cast(condition).is_some());
    let plan = any.then(|| plan_leaving(query.filter(), text, schema, &cast).ok())??;
    (plan != *query.plan()).then_some(plan)
}

/// Names of inboxes are a comfort: without them the table shows ids.
async fn inboxes(client: &Client, context: &Context) -> Option<Account> {
    match client.inboxes().await {
        Ok(account) => Some(account),
        // The conversations will fail in the same way, and say so.
        Err(ClientError::Network { .. } | ClientError::Status { status: 401, .. }) => None,
        Err(error) => {
            context.note(&format!("the inboxes' names cannot be read: {error}"));
            None
        }
    }
}

/// Prints conversations up to the limit; whether there are more.
async fn print(
    mut rows: Rows<'_>,
    query: &Query,
    writer: &mut Writer<'_>,
    limit: Option<u64>,
    context: &Context,
) -> Result<bool, Failure> {
    let mut warned = false;
    loop {
        if limit.is_some_and(|limit| writer.count() >= limit) {
            // Only what is at hand already tells of more: the limit is there to read less.
            return Ok(rows.has_more());
        }
        let next = rows.next().await?;
        if !warned && limit.is_none() {
            // The first pages tell how many there are.
            let pages = rows.totals().iter().flatten().map(|total| total.div_ceil(PAGE)).sum();
            if let Some(warning) = query.many_pages(pages) {
                context.warn(&warning);
            }
            warned = true;
        }
        match next {
            Some(conversation) => writer.write(&conversation)?,
            None => return Ok(false),
        }
    }
}

/// `cwql explain`
pub(super) fn explain(args: &ExplainArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    let source = query_text(&args.query, context)?;
    let configured =
        args.server.demo || (args.server.url.is_some() && args.server.account_id.is_some() && token().is_some());
    let result = if configured {
        runtime()?.block_on(async {
            let mut session = Session::open(&args.server, global).await?;
            let query = session.query(&source).await?;
            let pages = pages(&session.client, query.plan()).await?;
            Ok((query, pages))
        })
    } else {
        schema(global).and_then(|schema| Ok((Query::new(&source, &schema)?, Vec::new())))
    };
    let mut out = io::stdout().lock();
    let (query, pages) = match result {
        Err(Failure::Query(problems)) if args.format == PlanFormat::Json && problems.has(Code::Impossible) => {
            writeln!(out, r#"{{"plan":"impossible","scans":[]}}"#)?;
            return Err(Failure::Query(problems));
        }
        other => other?,
    };
    context.warn(query.warnings());
    match args.format {
        PlanFormat::Json => writeln!(out, "{}", query.plan().to_json())?,
        PlanFormat::Tree => {
            let lexed = lex(&source);
            let tokens: Vec<&str> = lexed.tokens.iter().map(|token| token.span.of(&source)).collect();
            writeln!(out, "tokens: {}", tokens.join(" · "))?;
            let canonical = format(&parse(&source)).unwrap_or_default();
            let mut lines = canonical.lines();
            writeln!(out, "query:  {}", lines.next().unwrap_or_default())?;
            for line in lines {
                writeln!(out, "        {line}")?;
            }
            let meaning = crate::check::to_text(query.filter());
            if meaning != canonical.replace('\n', " ") {
                writeln!(out, "means:  {meaning}")?;
            }
            write!(out, "{}", query.plan().to_tree(&pages))?;
        }
    }
    out.flush()?;
    Ok(Exit::Found)
}

/// How many pages each scan will read.
async fn pages(client: &Client, plan: &Plan) -> Result<Vec<Option<u64>>, Failure> {
    let mut pages = Vec::with_capacity(plan.scans.len());
    if plan.never {
        return Ok(pages);
    }
    for scan in &plan.scans {
        let first = client.filter_page(&scan.payload, 1).await?;
        pages.push(Some(first.counts.all_count.div_ceil(PAGE).max(1)));
    }
    Ok(pages)
}
