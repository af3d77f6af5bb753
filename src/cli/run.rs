//! The commands that ask a server: run and explain.

use std::io::{self, Write as _};

use jiff::Timestamp;
use tokio::runtime::{Builder, Runtime};

use super::args::{ExplainArgs, GlobalArgs, PlanFormat, RunArgs};
use super::connect::{Session, token};
use super::context::{Context, query_text, schema};
use super::output::Writer;
use super::{Exit, Failure};
use crate::check::Condition;
use crate::client::{Client, ClientError, Rows};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{Plan, Reason, plan_leaving};
use crate::schema::{Account, Attribute, Custom, CustomKind, Schema};
use crate::syntax::lex;
use crate::{Query, format, parse};

/// The page size of the server's filter (server semantics, section 0).
const PAGE: u64 = 25;

/// One thread is enough for a program that waits for one server, and starts faster.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread().enable_all().build().map_err(|error| Failure::Io(error.to_string()))
}

/// `cwql run`
pub(super) fn run(args: &RunArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    if let Some(path) = &args.data.path {
        return super::data::run(path, args, global, context);
    }
    let source = query_text(&args.query, context)?;
    // What is wrong in any case is said before a server is asked for anything.
    let parsed = parse(&source);
    if !parsed.is_valid() {
        return Err(crate::check(&parsed, &schema(global)?).err().unwrap_or_else(|| parsed.diagnostics()).into());
    }
    runtime()?.block_on(async {
        let mut session = match Session::open(&args.server, global).await {
            Err(Failure::Usage(problem)) => {
                // Who has no server yet learns first what is wrong with the query, unless a server could mend it.
                let problems = Query::new(&source, &schema(global)?).err();
                let certain =
                    |problem: &Diagnostic| !matches!(problem.code, Code::NameWithoutAccount | Code::NotInVersion);
                return Err(match problems.filter(|problems| problems.iter().any(certain)) {
                    Some(problems) => problems.into(),
                    None => Failure::Usage(problem),
                });
            }
            session => session?,
        };
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
        let more = match print(&client, &query, query.plan(), now, &mut writer, args.limit, context).await {
            Err(Failure::Server(error)) if error.is_server_error() && writer.count() == 0 => {
                // One stored value that is not of its attribute's type breaks the server's conversion of all of them.
                let Some(plan) = without_casts(&query, &source, &schema) else { return Err(Failure::Server(error)) };
                context.note(
                    "the server failed; conditions on custom numbers, dates and checkboxes are evaluated here instead, \
                     for one stored value that is not of its type breaks the server's conversion",
                );
                print(&client, &query, &plan, now, &mut writer, args.limit, context).await?
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

/// Prints a plan's conversations up to the limit; whether there are more.
async fn print(
    client: &Client,
    query: &Query,
    plan: &Plan,
    now: Timestamp,
    writer: &mut Writer<'_>,
    limit: Option<u64>,
    context: &Context,
) -> Result<bool, Failure> {
    if context.verbose {
        for scan in plan.scans.iter().filter(|_| !plan.never) {
            context.note(&format!("asks for {}", scan.payload.to_body()));
        }
    }
    let mut rows = client.run(plan, now);
    let mut told = false;
    let more = loop {
        if limit.is_some_and(|limit| writer.count() >= limit) {
            // Only what is at hand already tells of more: the limit is there to read less.
            break rows.has_more();
        }
        let Some(conversation) = rows.next().await? else { break false };
        writer.write(&conversation)?;
        if !told && limit.is_none() {
            told = true;
            many_pages(query, &rows, context);
        }
    };
    if context.verbose {
        let pages = rows.pages();
        context.note(&format!("{pages} page{} read", if pages == 1 { "" } else { "s" }));
    }
    Ok(more)
}

/// Says what the run will read if that is much more than it may keep.
fn many_pages(query: &Query, rows: &Rows<'_>, context: &Context) {
    // The first pages tell how many there are.
    let pages = rows.totals().iter().flatten().map(|total| total.div_ceil(PAGE)).sum();
    if let Some(warning) = query.many_pages(pages) {
        context.warn(&warning);
    }
}

/// `cwql explain`
pub(super) fn explain(args: &ExplainArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    let source = query_text(&args.query, context)?;
    let address = &args.server.address;
    let configured =
        args.server.demo || (address.url().is_some() && address.account_id()?.is_some() && token().is_some());
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
        pages.push(first.counts.map(|counts| counts.all_count.div_ceil(PAGE).max(1)));
    }
    Ok(pages)
}
