//! `cwql counts`, the dashboard's counts, and `cwql count`, the number of conversations that a query means.

use std::borrow::Cow;
use std::io::{self, Write as _};

use clap::{Args, ValueEnum};
use serde_json::value::RawValue;

use super::args::{DataArgs, GlobalArgs, Output, QueryArgs, ServerArgs};
use super::blame::Asked;
use super::connect::Session;
use super::context::Context;
use super::dry_run;
use super::list::{NarrowArgs, explain};
use super::malformed::well_formed;
use super::output::one_line;
use super::progress::Bar;
use super::reading::{PAGE, announce, told, verdict};
use super::remark::About;
use super::run::{left_to_client, rehearse, runtime};
use super::signals::Signals;
use super::{Exit, Failure, INCOMPLETE};
use crate::Query;
use crate::answer::Counts;
use crate::client::{ClientError, CountParams};
use crate::plan::Plan;
use crate::schema::IdType;

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 if there are any, 1 if there are none.")]
pub(super) struct CountsArgs {
    #[command(flatten)]
    pub narrow: NarrowArgs,
    #[command(flatten)]
    pub server: ServerArgs,
    /// How the counts are printed
    #[arg(short, long, value_enum, ignore_case = true, value_name = "FORMAT", default_value_t = CountsOutput::Table)]
    pub output: CountsOutput,
    /// Print the request that would be sent; only names are asked for
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CountsOutput {
    Table,
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "The number is printed alone. Exit codes: 0 if there are any, 1 if there are none.")]
pub(super) struct CountArgs {
    #[command(flatten)]
    pub query: QueryArgs,
    #[command(flatten)]
    pub server: ServerArgs,
    #[command(flatten)]
    pub data: DataArgs,
    /// Fail if the result may be incomplete
    #[arg(long)]
    pub strict: bool,
    /// Print the request that would be sent; only names are asked for
    #[arg(long)]
    pub dry_run: bool,
}

/// `cwql counts`
pub(super) fn counts(args: &CountsArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    runtime()?.block_on(async {
        let mut session = Session::open(&args.server, global, context).await?;
        let narrow = &args.narrow;
        let params = CountParams {
            status: narrow.status.clone(),
            q: narrow.search.clone(),
            inbox_id: session.id_of_any(IdType::Inbox, narrow.inbox.as_deref()).await?,
            team_id: session.id_of_any(IdType::Team, narrow.team.as_deref()).await?,
            labels: narrow.labels.clone(),
            conversation_type: narrow.kind,
        };
        narrow.check(&mut session, params.inbox_id, params.team_id).await?;
        narrow.remark(context);
        if args.dry_run {
            dry_run::print("GET", session.client.counts_url(&params)?.as_str(), None)?;
            return Ok(Exit::Found);
        }
        if params.q.is_some() {
            context.note(&format!(
                "the server counts what is searched on one page: none of these counts is above {PAGE}, and they do not \
                 add up"
            ));
        }
        let (counts, said) = match session.client.counts_as_told(&params).await {
            Ok(told) => told,
            Err(error) => {
                return Err(explain(&session, error, params.team_id).await);
            }
        };
        if counts.all == 0
            && let Some(cause) = narrow.cause_of_nothing(&session, params.inbox_id, context).await
        {
            return Err(cause);
        }
        print(counts, &said, args.output)?;
        Ok(if counts.all > 0 { Exit::Found } else { Exit::Nothing })
    })
}

/// Prints counts; as JSON what the server has said, which is more than the API's description has.
fn print(counts: Counts, said: &RawValue, output: CountsOutput) -> Result<(), Failure> {
    let Counts { mine, assigned, unassigned, all } = counts;
    let mut out = io::stdout().lock();
    match output {
        CountsOutput::Json => {
            out.write_all(&one_line(said.get().as_bytes()))?;
            writeln!(out)?;
        }
        CountsOutput::Table => {
            let counts = [("mine", mine), ("assigned", assigned), ("unassigned", unassigned), ("all", Some(all))];
            let counts =
                counts.map(|(name, count)| (name, count.map_or_else(|| "-".to_owned(), |count| count.to_string())));
            let width = counts.iter().map(|(_, count)| count.len()).max().unwrap_or_default();
            for (name, count) in counts {
                writeln!(out, "{name:<10}  {count:>width$}")?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

/// `cwql count`
pub(super) fn count(args: &CountArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    if let Some(path) = &args.data.path {
        return super::data::count(path, args, global, context);
    }
    args.server.leave_standard_input(args.query.is_standard_input())?;
    let source = well_formed(&args.query, &args.server, global, context)?;
    runtime()?.block_on(async {
        let session = Session::open(&args.server, global, context).await?;
        if args.dry_run {
            return rehearse(session, &source, None, context);
        }
        // A bar that is drawn must go before the program does.
        let mut signals = Signals::listen()?;
        signals.or(count_query(args, session, &source, context)).await.unwrap_or_else(|signal| {
            told(signal, " before all were counted", context);
            Ok(signal.exit())
        })
    })
}

async fn count_query(args: &CountArgs, mut session: Session, source: &str, context: &Context) -> Result<Exit, Failure> {
    let mut query = session.query(source).await?;
    context.warn(query.warnings());
    let mut counted = count_plan(&session, &query, query.plan(), context).await;
    if let Err(error) = &counted
        && let Some(renewed) = session.renewed(source, &query, error).await?
    {
        query = renewed;
        counted = count_plan(&session, &query, query.plan(), context).await;
    }
    let Session { client, schema, .. } = &session;
    let mut plan = Cow::Borrowed(query.plan());
    if let Err(error) = &counted
        && error.is_server_error()
        && let Some(without) = query.without_casts(schema)
    {
        // One stored value that is not of its attribute's type breaks the server's conversion of all of them.
        context.note(&left_to_client(&query));
        plan = Cow::Owned(without);
        counted = count_plan(&session, &query, &plan, context).await;
    }
    let Counted { count, complete } = match counted {
        Ok(counted) => counted,
        Err(error) => {
            let failure = Failure::from(error);
            let asked = Asked { client, query: &query, text: source, plan: &plan, schema };
            return Err(asked.blame(&failure).await.unwrap_or(failure));
        }
    };
    writeln!(io::stdout(), "{count}")?;
    if count == 0
        && !plan.is_never()
        && let Some(doubts) = session.doubts(source, &query).await
    {
        context.warn(&doubts);
    }
    if !complete && !args.strict {
        context.remark(About::Incomplete, INCOMPLETE);
    }
    verdict(count, complete, args.strict)
}

/// How many conversations a plan means.
struct Counted {
    count: u64,
    /// Whether nothing can be missing of what was read for it.
    complete: bool,
}

/// One request where one payload says exactly what is meant; else the conversations are read and counted.
async fn count_plan(session: &Session, query: &Query, plan: &Plan, context: &Context) -> Result<Counted, ClientError> {
    let Session { client, schema, .. } = session;
    if plan.is_never() {
        return Ok(Counted { count: 0, complete: true });
    }
    if let [scan] = plan.scans.as_slice()
        && scan.residual.is_none()
    {
        match client.filter_counts(&scan.payload).await {
            // A server that sends no counts still sends conversations.
            Err(ClientError::Unexpected { .. }) => {}
            counts => return counts.map(|counts| Counted { count: counts.all, complete: true }),
        }
    }
    let mut rows = client.filter(plan, schema.now());
    // The number is printed at the end, as a table is.
    let mut bar = Bar::new(rows.progress(), None, Output::Table, context);
    let mut count = 0;
    while bar.during(rows.next()).await?.is_some() {
        count += 1;
        if count == 1 {
            bar.aside(|| announce(&rows, query, plan, context));
        }
    }
    Ok(Counted { count, complete: rows.is_complete() })
}
