//! What a command that prints conversations does with them: writes them as they come, and ends in good order whatever
//! ends it: the last one, a limit, a signal, a failure.

use std::future::{Future, ready};
use std::io::{self, IsTerminal as _, Write as _};
use std::pin::pin;
use std::time::Instant;

use clap::Args;

use super::args::Output;
use super::config::Profile;
use super::context::Context;
use super::option_values::number;
use super::output::{End, Writer, counted};
use super::progress::Bar;
use super::remark::About;
use super::signals::{Signal, Signals};
use super::{Exit, Failure, INCOMPLETE};
use crate::Query;
use crate::answer::Conversation;
use crate::client::{Client, ClientError, Rows};
use crate::plan::Plan;

/// How conversations are printed, and how many.
#[derive(Debug, Args)]
pub(super) struct ResultArgs {
    #[arg(
        short,
        long,
        value_enum,
        ignore_case = true,
        value_name = "FORMAT",
        help = "How the conversations are printed [default: table]"
    )]
    pub output: Option<Output>,
    /// Stop after so many conversations
    #[arg(short = 'n', long, value_name = "N", allow_negative_numbers = true, value_parser = number::<u64>(1, u64::MAX))]
    pub limit: Option<u64>,
    /// Fail if the result may be incomplete
    #[arg(long)]
    pub strict: bool,
}

impl ResultArgs {
    /// The form that was asked for, or that the profile names.
    pub(super) fn output(&self, profile: &Profile) -> Output {
        self.output.or_else(|| profile.output()).unwrap_or(Output::Table)
    }
}

/// Where conversations come from.
pub(super) trait Source {
    /// The next one; `None` after the last. It is not asked again once its future was dropped.
    async fn next(&mut self) -> Result<Option<Conversation>, ClientError>;

    /// Whether more may come, as far as that is known without asking.
    fn has_more(&self) -> bool;

    /// Whether nothing can be missing of what was read.
    fn is_complete(&self) -> bool;

    /// How many pages were read so far.
    fn pages(&self) -> u64;

    /// What shows how far the reading is.
    fn bar(&self) -> Bar;

    /// Says what the first conversation's page tells of all of them, where they are read without a limit.
    fn announce(&self) {}
}

/// The page size of the server's filter.
pub(super) const PAGE: u64 = 25;

/// The conversations of all pages of a plan or a list, joined.
pub(super) struct Pages<'a> {
    pub(super) rows: Rows,
    /// How many of them are read at most, as far as a bar can tell.
    pub(super) most: Option<u64>,
    pub(super) output: Output,
    pub(super) context: &'a Context,
    /// What is asked, if that is a query, and how it is answered.
    pub(super) query: Option<(&'a Query, &'a Plan)>,
}

impl Source for Pages<'_> {
    async fn next(&mut self) -> Result<Option<Conversation>, ClientError> {
        self.rows.next().await
    }

    fn has_more(&self) -> bool {
        self.rows.has_more()
    }

    fn is_complete(&self) -> bool {
        self.rows.is_complete()
    }

    fn pages(&self) -> u64 {
        self.rows.pages()
    }

    fn bar(&self) -> Bar {
        Bar::new(self.rows.progress(), self.most, self.output, self.context)
    }

    /// Says what the run will read if that is much more than it may keep.
    fn announce(&self) {
        if let Some((query, plan)) = self.query {
            announce(&self.rows, query, plan, self.context);
        }
    }
}

/// Says what will be read for a plan if that is much more than it may keep. The first pages tell how many there are.
pub(super) fn announce(rows: &Rows, query: &Query, plan: &Plan, context: &Context) {
    let pages = rows.totals().iter().flatten().map(|total| total.div_ceil(PAGE)).sum();
    if let Some(warning) = query.many_pages_of(plan, pages) {
        context.warn(&warning);
    }
}

/// One reading of conversations, from a source to standard output.
pub(super) struct Reading<'a> {
    pub(super) context: &'a Context,
    pub(super) client: &'a Client,
    pub(super) writer: Writer<'a>,
    pub(super) signals: Signals,
    /// How many conversations are printed at most.
    pub(super) limit: Option<u64>,
    pub(super) started: Instant,
}

/// How a reading ended.
pub(super) struct Done {
    pub(super) how: How,
    complete: bool,
    pages: u64,
}

/// What ended a reading.
pub(super) enum How {
    All,
    /// The limit is reached; whether more is at hand, if that is known.
    Limit {
        more: Option<bool>,
    },
    Told(Signal),
    /// The source cannot be read on.
    Failed(Failure),
}

impl How {
    /// Ends the output accordingly, and says of it what was not to be expected. The exit is that of a signal.
    pub(super) fn end(self, writer: &mut Writer<'_>, context: &Context) -> Result<Option<Exit>, Failure> {
        let printed = conversations(writer.count());
        match self {
            Self::All | Self::Limit { more: Some(false) } => writer.finish(End::All)?,
            Self::Limit { more: Some(true) } => writer.finish(End::Limit)?,
            Self::Limit { more: None } => writer.finish(End::Early)?,
            Self::Told(signal) => {
                // The reader at the other end of a pipe was most likely interrupted too.
                match writer.finish(End::Early) {
                    Ok(()) | Err(Failure::Closed) => {}
                    Err(failure) => return Err(failure),
                }
                told(signal, &format!(", {printed} printed"), context);
                return Ok(Some(signal.exit()));
            }
            Self::Failed(failure) => {
                // What was read before the failure is right, and may have taken long.
                if writer.count() > 0 {
                    writer.finish(End::Early)?;
                    context.note(&format!("{printed} printed before the failure"));
                }
                return Err(failure);
            }
        }
        Ok(None)
    }
}

impl Reading<'_> {
    pub(super) fn count(&self) -> u64 {
        self.writer.count()
    }

    /// Prints what comes, up to the limit or a signal.
    pub(super) async fn read(&mut self, source: &mut impl Source) -> Result<Done, Failure> {
        let mut bar = source.bar();
        let mut first = true;
        let how = loop {
            if self.limit.is_some_and(|limit| self.count() >= limit) {
                // Only what is at hand already tells of more: the limit is there to read less.
                break How::Limit { more: Some(source.has_more()) };
            }
            let next = waiting(source.next(), &mut self.writer, &mut bar);
            let conversation = match self.signals.or(next).await {
                Err(signal) => break How::Told(signal),
                Ok(next) => match next?? {
                    Some(conversation) => conversation,
                    None => break How::All,
                },
            };
            if self.writer.prints_next() {
                bar.make_way();
            }
            self.writer.write(&conversation)?;
            if std::mem::take(&mut first) && self.limit.is_none() {
                bar.aside(|| source.announce());
            }
        };
        Ok(Done { how, complete: source.is_complete(), pages: source.pages() })
    }

    /// What more requests find out about how a reading ended; a signal ends the search, and the command.
    pub(super) async fn cause<T>(
        &mut self,
        result: &Result<Done, Failure>,
        search: impl Future<Output = Option<T>>,
    ) -> Result<Option<T>, Failure> {
        cause(&mut self.signals, result.as_ref().err(), search, self.context).await
    }

    /// Ends the output, and says on standard error how it ended.
    pub(super) fn finish(self, result: Result<Done, Failure>, strict: bool) -> Result<Exit, Failure> {
        let Self { context, client, mut writer, signals, started, .. } = self;
        // Whoever presses Ctrl-C while the rest is printed wants no more of it.
        drop(signals);
        let (how, complete, pages) = match result {
            Ok(Done { how, complete, pages }) => (how, complete, pages),
            // Nothing can be added to an output that cannot be written.
            Err(failure @ (Failure::Closed | Failure::Io(_))) => return Err(failure),
            Err(Failure::Told(signal)) => (How::Told(signal), false, 0),
            Err(failure) => (How::Failed(failure), false, 0),
        };
        let told = how.end(&mut writer, context)?;
        if context.verbose {
            let printed = conversations(writer.count());
            let (pages, requests) = (counted(pages, "page"), counted(client.requests(), "request"));
            let seconds = started.elapsed().as_secs_f64();
            context.note(&format!("{printed}, {pages}, {requests}, {seconds:.2} s"));
        }
        if let Some(exit) = told {
            return Ok(exit);
        }
        if !complete && !strict {
            context.remark(About::Incomplete, INCOMPLETE);
        }
        verdict(writer.count(), complete, strict)
    }
}

/// What more requests find out about a failure, or about nothing that was found. A signal ends the search and all that
/// would come of it; the failure is said all the same.
pub(super) async fn cause<T>(
    signals: &mut Signals,
    failure: Option<&Failure>,
    search: impl Future<Output = Option<T>>,
    context: &Context,
) -> Result<Option<T>, Failure> {
    signals.or(search).await.map_err(|signal| {
        if let Some(failure) = failure {
            context.say(failure.about(), &failure.to_string());
        }
        Failure::Told(signal)
    })
}

/// Ends a command that a signal ends before it reads.
pub(super) fn told_before(signal: Signal, context: &Context) -> Exit {
    told(signal, " before a conversation was read", context);
    signal.exit()
}

/// How a reading that has come to its end counts.
pub(super) fn verdict(count: u64, complete: bool, strict: bool) -> Result<Exit, Failure> {
    match count {
        _ if strict && !complete => Err(Failure::Incomplete),
        0 => Ok(Exit::Nothing),
        _ => Ok(Exit::Found),
    }
}

/// Says what a signal ended.
pub(super) fn told(signal: Signal, rest: &str, context: &Context) {
    if !context.quiet && io::stderr().is_terminal() {
        // Over the `^C` that the terminal has printed.
        let _ = write!(io::stderr(), "\r");
    }
    context.note(&format!("{}{rest}", signal.as_str()));
}

fn conversations(count: u64) -> String {
    counted(count, "conversation")
}

/// The next conversation. Where it is not at hand, what is printed so far is handed over, and the wait is shown.
async fn waiting<T>(next: impl Future<Output = T>, writer: &mut Writer<'_>, bar: &mut Bar) -> Result<T, Failure> {
    let mut next = pin!(next);
    tokio::select! {
        biased;
        next = &mut next => return Ok(next),
        () = ready(()) => {}
    }
    writer.flush()?;
    Ok(bar.during(next).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_strict_run_fails_for_a_result_with_holes() {
        assert!(matches!(verdict(3, false, true), Err(Failure::Incomplete)));
        assert!(matches!(verdict(0, false, true), Err(Failure::Incomplete)));
        assert!(matches!(verdict(3, false, false), Ok(Exit::Found)));
        assert!(matches!(verdict(3, true, true), Ok(Exit::Found)));
        assert!(matches!(verdict(0, true, true), Ok(Exit::Nothing)));
    }
}
