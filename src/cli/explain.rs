//! `cwql explain`: how a query is understood, and what will be sent.

use std::io::{self, Write as _};
use std::time::Duration;

use tokio::time::Instant;

use super::args::{ExplainArgs, GlobalArgs, PlanFormat};
use super::connect::{Session, is_configured};
use super::context::{Context, schema, stdout_width};
use super::malformed::well_formed;
use super::reading::PAGE;
use super::run::runtime;
use super::{Exit, Failure};
use crate::client::Client;
use crate::diagnostic::{Code, visible};
use crate::plan::Plan;
use crate::source::wrapped;
use crate::syntax::lex;
use crate::{Query, format, parse};

/// `cwql explain`
pub(super) fn explain(args: &ExplainArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    args.server.leave_standard_input(args.query.is_standard_input())?;
    let source = well_formed(&args.query, &args.server, global, context)?;
    let result = if is_configured(&args.server)? {
        runtime()?.block_on(async {
            let mut session = Session::open(&args.server, global, context).await?;
            let query = session.query(&source).await?;
            let Session { client, .. } = &session;
            let pages = match args.format {
                PlanFormat::Tree => pages(client, query.plan(), context).await,
                // It has no place for them.
                PlanFormat::Json => Vec::new(),
            };
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
        // Texts and names may hold what a screen would act on.
        PlanFormat::Tree => {
            let width = stdout_width().map_or(usize::MAX, usize::from);
            write!(out, "{}", visible(&tree(&source, &query, &pages, width)))?;
        }
    }
    out.flush()?;
    Ok(Exit::Found)
}

fn tree(source: &str, query: &Query, pages: &[Option<u64>], width: usize) -> String {
    let mut out = String::new();
    let mut line = |lead: &str, text: &str| {
        for (i, part) in wrapped(text, width.saturating_sub(8)).enumerate() {
            out.push_str(if i == 0 { lead } else { "        " });
            out.push_str(part);
            out.push('\n');
        }
    };
    let lexed = lex(source);
    let tokens: Vec<&str> = lexed.tokens.iter().map(|token| token.span.of(source)).collect();
    line("tokens: ", &tokens.join(" · "));
    let canonical = format(&parse(source)).unwrap_or_default();
    for (i, text) in canonical.lines().enumerate() {
        line(if i == 0 { "query:  " } else { "        " }, text);
    }
    let meaning = crate::check::to_text(query.filter());
    if meaning != canonical.replace('\n', " ") {
        line("means:  ", &meaning);
    }
    out + &query.plan().to_tree_within(pages, width)
}

/// How long the counting of pages may take in all, with what is tried again.
const PATIENCE: Duration = Duration::from_secs(4);

/// How many pages each scan will read, as far as the server tells. They are a comfort: the plan needs no answer.
async fn pages(client: &Client, plan: &Plan, context: &Context) -> Vec<Option<u64>> {
    let until = Instant::now() + PATIENCE;
    let mut pages = Vec::with_capacity(plan.scans.len());
    for scan in &plan.scans {
        let first = tokio::time::timeout_at(until, client.filter_page(&scan.payload, 1)).await;
        let Ok(first) = first else {
            context.note(&format!("the pages of scan {} are not counted: the server is slow", pages.len() + 1));
            break;
        };
        match first {
            Ok(first) => pages.push(first.counts.map(|counts| counts.all.div_ceil(PAGE).max(1))),
            Err(error) => {
                context.note(&format!("the pages of scan {} cannot be counted: {error}", pages.len() + 1));
                break;
            }
        }
    }
    pages
}
