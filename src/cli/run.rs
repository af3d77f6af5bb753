//! `cwql run`: the conversations that a query means.

use std::borrow::Cow;
use std::collections::HashSet;
use std::time::Instant;

use tokio::runtime::{Builder, Runtime};

use super::args::{GlobalArgs, Output, RunArgs};
use super::blame::Asked;
use super::connect::{Missing, Session, may_be_mended};
use super::context::{Context, schema};
use super::dry_run;
use super::malformed::well_formed;
use super::output::Writer;
use super::reading::{Done, How, Pages, Reading, told_before};
use super::signals::Signals;
use super::{Exit, Failure};
use crate::Query;
use crate::check::{Condition, to_text};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::Plan;
use crate::schema::Account;

/// One thread is enough for a program that waits for one server, and starts faster.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread().enable_all().build().map_err(|error| Failure::Io(error.to_string()))
}

/// `cwql run`
pub(super) fn run(args: &RunArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    if let Some(path) = &args.data.path {
        return super::data::run(path, args, global, context);
    }
    let started = Instant::now();
    args.server.leave_standard_input(args.query.is_standard_input())?;
    let source = well_formed(&args.query, &args.server, global, context)?;
    runtime()?.block_on(async {
        // As long as files are read, which may be pipes, a signal ends the program as it always does.
        let session = open(args, global, context, &source).await?;
        let output = args.result.output(&session.profile);
        if args.dry_run {
            return rehearse(session, &source, Some(output), context);
        }
        let mut signals = Signals::listen()?;
        let mut run = match signals.or(Run::prepare(args, session, output, &source, context)).await {
            Ok(run) => run?,
            Err(signal) => return Ok(told_before(signal, context)),
        };
        let (client, now) = (run.session.client.clone(), run.session.schema.now());
        let names = run.names.take();
        let writer = Writer::new(run.output, names.as_ref(), now, context);
        let mut reading = Reading { context, client: &client, writer, signals, limit: args.result.limit, started };
        let result = run.print(&mut reading).await;
        reading.finish(result, args.result.strict)
    })
}

/// Connects; who has no server yet learns first what is wrong with the query, unless a server could mend it.
async fn open(args: &RunArgs, global: &GlobalArgs, context: &Context, source: &str) -> Result<Session, Failure> {
    match Session::open(&args.server, global, context).await {
        Err(Failure::Usage(problem)) => {
            let problems = Query::new(source, &schema(global)?).err();
            // A server may know the attribute; without one, that it is misspelt is the better guess.
            let certain = |problem: &Diagnostic| !may_be_mended(problem) || problem.code == Code::UnknownAttribute;
            Err(match problems.filter(|problems| problems.iter().any(certain)) {
                Some(problems) => problems.into(),
                None => Failure::Usage(problem),
            })
        }
        session => session,
    }
}

/// A query that is ready to be asked.
struct Run<'a> {
    args: &'a RunArgs,
    context: &'a Context,
    source: &'a str,
    output: Output,
    session: Session,
    query: Query,
    names: Option<Account>,
}

impl<'a> Run<'a> {
    async fn prepare(
        args: &'a RunArgs,
        mut session: Session,
        output: Output,
        source: &'a str,
        context: &'a Context,
    ) -> Result<Self, Failure> {
        let query = session.query(source).await?;
        context.warn(query.warnings());
        let names = match Writer::wants_names(output) && !query.plan().is_never() {
            true => session.inboxes().await,
            false => None,
        };
        Ok(Self { args, context, source, output, session, query, names })
    }

    /// Prints the conversations; after a failure that another plan may avoid, by that. Where there are none, it says what
    /// may be wrong with the query all the same.
    async fn print(&mut self, reading: &mut Reading<'_>) -> Result<Done, Failure> {
        let mut printed = HashSet::new();
        let mut result = self.print_plan(self.query.plan(), reading, &mut printed).await;
        if let Err(Failure::Server(error)) = &result
            && reading.count() == 0
            && let renewal = self.session.renewed(self.source, &self.query, error)
            && let Some(renewed) = reading.cause(&result, async { renewal.await.transpose() }).await?
        {
            self.query = renewed?;
            result = self.print_plan(self.query.plan(), reading, &mut printed).await;
        }
        let Session { client, schema, .. } = &self.session;
        let mut plan = Cow::Borrowed(self.query.plan());
        if let Err(Failure::Server(error)) = &result
            && error.is_server_error()
            && let Some(without) = self.query.without_casts(schema)
        {
            self.context.note(&left_to_client(&self.query));
            plan = Cow::Owned(without);
            // It means the same, and the server has one order: what is not printed yet stands behind what is.
            result = self.print_plan(&plan, reading, &mut printed).await;
        }
        match &result {
            Err(failure) => {
                let asked = Asked { client, query: &self.query, text: self.source, plan: &plan, schema };
                let blamed = reading.cause(&result, asked.blame(failure)).await?;
                blamed.map_or(result, Err)
            }
            Ok(Done { how: How::All, .. }) if reading.count() == 0 && !plan.is_never() => {
                if let Some(doubts) = reading.cause(&result, self.session.doubts(self.source, &self.query)).await? {
                    self.context.warn(&doubts);
                }
                result
            }
            Ok(_) => result,
        }
    }

    /// Prints a plan's conversations up to the limit, but for those that are printed already, to which it adds them.
    async fn print_plan(
        &self,
        plan: &Plan,
        reading: &mut Reading<'_>,
        printed: &mut HashSet<i64>,
    ) -> Result<Done, Failure> {
        if self.context.verbose {
            for scan in &plan.scans {
                self.context.note(&format!("asks for {}", scan.payload.to_body()));
            }
        }
        let Session { client, schema, .. } = &self.session;
        let rows = match self.args.result.limit {
            Some(limit) => client.filter_first(plan, schema.now(), limit),
            None => client.filter(plan, schema.now()),
        };
        // A limit counts what is kept; where the client keeps less than it reads, that tells nothing of how far it is.
        let most = self.args.result.limit.filter(|_| plan.is_exact());
        let query = Some((&self.query, plan));
        let rows = rows.without(std::mem::take(printed));
        let mut pages = Pages { rows, most, output: self.output, context: self.context, query };
        let result = reading.read(&mut pages).await;
        *printed = pages.rows.into_returned();
        result
    }
}

/// Says which conditions are now evaluated here.
pub(super) fn left_to_client(query: &Query) -> String {
    let casts = query.filter().conditions().filter(|condition| crate::query::is_cast(&condition.attribute));
    let shown = |condition: &Condition| format!("`{}`", to_text(&crate::Filter::Condition(condition.clone())));
    let mut casts: Vec<String> = casts.map(shown).collect();
    let more = casts.len().saturating_sub(3);
    casts.truncate(3);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "the server failed, most likely on a stored value that is not of its attribute's type; evaluated here \
         instead: {}{rest}",
        casts.join(", ")
    )
}

/// `--dry-run` of a query: what would be sent, as far as that is known without asking. `output` is what conversations
/// are printed as, if they are.
pub(super) fn rehearse(
    mut session: Session,
    source: &str,
    output: Option<Output>,
    context: &Context,
) -> Result<Exit, Failure> {
    let (result, missing) = session.planned(source);
    let query = match result {
        // What the answers may mend is no mistake yet.
        Err(problems) if missing.is_some() && problems.iter().all(may_be_mended) => None,
        result => Some(result?),
    };
    match missing {
        Some(Missing::Names) => {
            dry_run::remark("for the names and the custom attributes of the account; --account FILE spares them")?;
            for url in session.client.account_urls()? {
                dry_run::print("GET", url.as_str(), None)?;
            }
        }
        Some(Missing::Version) => {
            dry_run::remark("for the server's version; --server-version spares it")?;
            dry_run::print("GET", session.client.version_url()?.as_str(), None)?;
        }
        None => {}
    }
    let Some(query) = query else {
        dry_run::remark("then the conversations, by what these requests answer")?;
        return Ok(Exit::Found);
    };
    context.warn(query.warnings());
    let plan = query.plan();
    if plan.is_never() {
        dry_run::remark("no conversation can match, so none is asked for")?;
        return Ok(Exit::Found);
    }
    let ask_names = missing == Some(Missing::Names);
    if output.is_some_and(Writer::wants_names) && !ask_names && session.known_inboxes().is_none() {
        dry_run::remark("for the names of the inboxes, which the output shows")?;
        dry_run::print("GET", session.client.inboxes_url()?.as_str(), None)?;
    }
    let Session { client, schema, .. } = session;
    let count = plan.scans.len();
    for (i, scan) in plan.scans.iter().enumerate() {
        let which = if count == 1 { String::new() } else { format!("scan {} of {count}: ", i + 1) };
        // The answer says how many there are.
        let is_told = output.is_none() && count == 1 && scan.residual.is_none();
        if is_told {
            dry_run::remark("one page, whose answer has the number")?;
        } else {
            dry_run::remark(&format!("{which}the first page; the others differ in their number alone"))?;
        }
        if ask_names {
            dry_run::remark("the types of custom attributes are guessed here, and known when the query runs")?;
        }
        match &scan.residual {
            Some(residual) => dry_run::remark(&format!("the client keeps: {}", to_text(&residual.filter)))?,
            None if is_told => {}
            None => dry_run::remark("the client keeps all that is returned")?,
        }
        dry_run::print("POST", client.filter_url(1)?.as_str(), Some(&scan.payload.to_pretty_body()))?;
    }
    if query.without_casts(&schema).is_some() {
        dry_run::remark(
            "if a stored value is not of its attribute's type, the server fails; the query is then asked without\n\
             conditions on custom numbers, dates and checkboxes, which the client evaluates",
        )?;
    }
    Ok(Exit::Found)
}
