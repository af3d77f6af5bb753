//! `cwql list`: the dashboard's list.

use std::time::Instant;
use std::vec::IntoIter;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use super::args::{GlobalArgs, Output, ServerArgs};
use super::connect::Session;
use super::context::Context;
use super::dry_run;
use super::names::{check_id, unknown_labels};
use super::option_values::number;
use super::output::Writer;
use super::progress::Bar;
use super::reading::{Done, How, Pages, Reading, ResultArgs, Source, told_before};
use super::run::runtime;
use super::signals::Signals;
use super::{Exit, Failure};
use crate::answer::Conversation;
use crate::client::{AssigneeType, Client, ClientError, ConversationType, ListParams, ListStatus, Rows, SortBy};
use crate::schema::IdType;

/// Words of the library as values of arguments: their spelling is defined once.
macro_rules! value_enum {
    ($($name:ident $(($($also:literal for $variant:ident),*))?),*) => {$(
        impl ValueEnum for $name {
            fn value_variants<'a>() -> &'a [Self] {
                Self::ALL
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                let value = PossibleValue::new(self.as_str());
                Some(match self {
                    $($(Self::$variant => value.alias($also),)*)?
                    _ => value,
                })
            }
        }
    )*};
}

value_enum!(ListStatus, ConversationType, AssigneeType("@me" for Me, "none" for Unassigned));

impl ValueEnum for SortBy {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        // Names that mean the same as others are understood but not offered.
        let older =
            matches!(self, Self::Latest | Self::SortOnCreatedAt | Self::SortOnPriority | Self::SortOnWaitingSince);
        Some(PossibleValue::new(self.as_str()).hide(older))
    }
}

/// What `list` and `counts` both narrow by.
#[derive(Debug, Args)]
pub(super) struct NarrowArgs {
    /// In one of these states [default: open]
    #[arg(long, value_enum, value_name = "STATUS", value_delimiter = ',')]
    pub status: Vec<ListStatus>,
    /// In this inbox
    #[arg(long, value_name = "NAME|ID", add = ArgValueCompleter::new(super::complete::inbox))]
    pub inbox: Option<String>,
    /// Of this team
    #[arg(long, value_name = "NAME|ID", add = ArgValueCompleter::new(super::complete::team))]
    pub team: Option<String>,
    /// With any of these labels
    #[arg(long = "label", value_name = "LABEL", value_delimiter = ',', add = ArgValueCompleter::new(super::complete::label))]
    pub labels: Vec<String>,
    /// With this in a message of the contact or of an agent, in any state; % and _ are wildcards
    #[arg(short = 'q', long = "search", value_name = "TEXT")]
    pub search: Option<String>,
    /// Where the token's user is mentioned or takes part, or that wait for a first answer
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub kind: Option<ConversationType>,
    /// Print no warnings
    // Of the same name as the option of every command, so that it takes its place: there `-q` is short for it.
    #[arg(long, help_heading = "Options of every command")]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    pub narrow: NarrowArgs,
    /// Whose; for an agent by name: cwql 'assignee = "Ada"'
    #[arg(long, value_enum, value_name = "WHOSE")]
    pub assignee: Option<AssigneeType>,
    /// The order
    #[arg(long, value_enum, value_name = "ORDER")]
    pub sort: Option<SortBy>,
    /// Changed within this time, as in 30m, 2h or 7d
    // With a sign, too: what is wrong with it is said here, and not by clap, which takes it for an option.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = seconds)]
    pub updated_within: Option<u64>,
    /// Of the contact with this id at the inbox's channel
    #[arg(long, value_name = "ID")]
    pub source_id: Option<String>,
    /// Show this page alone, as the server cuts them
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = number::<u64>(1, u64::MAX), conflicts_with = "updated_within")]
    pub page: Option<u64>,
    #[command(flatten)]
    pub server: ServerArgs,
    #[command(flatten)]
    pub result: ResultArgs,
    /// Print the request that would be sent; only names are asked for
    #[arg(long)]
    pub dry_run: bool,
}

/// A length of time like `90`, `30m`, `2h`, `7d` or `2w`, in seconds.
fn seconds(text: &str) -> Result<u64, String> {
    const UNITS: [(char, u64); 5] = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400), ('w', 604_800)];
    let sign = if text.starts_with(['-', '+']) { ", without a sign" } else { "" };
    let wrong = || format!("\n  a length of time is expected{sign}: 90 (seconds), 30m, 2h, 7d, 2w");
    let unit = UNITS.iter().find_map(|(letter, length)| Some((text.strip_suffix(*letter)?, *length)));
    let (number, length) = unit.unwrap_or((text, 1));
    let number: u64 = number.trim().parse().map_err(|_| wrong())?;
    number.checked_mul(length).filter(|&seconds| seconds > 0 && i64::try_from(seconds).is_ok()).ok_or_else(wrong)
}

/// `cwql list`
pub(super) fn list(args: &ListArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    let started = Instant::now();
    runtime()?.block_on(async {
        let session = Session::open(&args.server, global, context).await?;
        let mut signals = Signals::listen()?;
        let list = match signals.or(List::prepare(args, session, context)).await {
            Ok(list) => list?,
            Err(signal) => return Ok(told_before(signal, context)),
        };
        let (session, params) = (&list.session, &list.params);
        if args.dry_run {
            let url = session.client.list_url(params, args.page.unwrap_or(1))?;
            dry_run::print("GET", url.as_str(), None)?;
            return Ok(Exit::Found);
        }
        let writer = Writer::new(list.output, session.schema.account.as_ref(), session.schema.now(), context);
        let mut reading =
            Reading { context, client: &session.client, writer, signals, limit: args.result.limit, started };
        let result = list.print(&mut reading).await;
        reading.finish(result, args.result.strict)
    })
}

/// A list that is ready to be asked for.
struct List<'a> {
    args: &'a ListArgs,
    session: Session,
    params: ListParams,
    output: Output,
}

impl<'a> List<'a> {
    async fn prepare(args: &'a ListArgs, mut session: Session, context: &Context) -> Result<Self, Failure> {
        let params = ListParams {
            assignee_type: args.assignee,
            status: args.narrow.status.clone(),
            q: args.narrow.search.clone(),
            inbox_id: session.id_of_any(IdType::Inbox, args.narrow.inbox.as_deref()).await?,
            team_id: session.id_of_any(IdType::Team, args.narrow.team.as_deref()).await?,
            labels: args.narrow.labels.clone(),
            sort_by: args.sort,
            updated_within: args.updated_within,
            conversation_type: args.narrow.kind,
            source_id: args.source_id.clone(),
        };
        args.narrow.check(&mut session, params.inbox_id, params.team_id).await?;
        args.narrow.remark(context);
        let output = args.result.output(&session.profile);
        if !args.dry_run && session.schema.account.is_none() && Writer::wants_names(output) {
            session.schema.account = session.inboxes().await;
        }
        Ok(Self { args, session, params, output })
    }

    /// Prints the conversations; where there are none, or the server refuses, with a reason that the account tells.
    async fn print(&self, reading: &mut Reading<'_>) -> Result<Done, Failure> {
        let (client, params) = (&self.session.client, &self.params);
        let pages = |rows: Rows| Pages {
            rows,
            most: self.args.result.limit,
            output: self.output,
            context: reading.context,
            query: None,
        };
        let result = match (self.args.page, self.args.result.limit) {
            (Some(number), _) => reading.read(&mut OnePage { client, params, number, rows: None }).await,
            (None, Some(limit)) => reading.read(&mut pages(client.list_first(params, limit))).await,
            (None, None) => reading.read(&mut pages(client.list(params))).await,
        };
        let cause = match &result {
            Err(Failure::Server(error)) => {
                reading.cause(&result, no_such_team(&self.session, error, params.team_id)).await?
            }
            Ok(Done { how: How::All, .. }) if reading.count() == 0 => {
                let search = self.args.narrow.cause_of_nothing(&self.session, params.inbox_id, reading.context);
                reading.cause(&result, search).await?
            }
            _ => None,
        };
        cause.map_or(result, Err)
    }
}

/// One page of the list, as the server cuts them.
struct OnePage<'a> {
    client: &'a Client,
    params: &'a ListParams,
    number: u64,
    /// What was not returned yet, once the page is read.
    rows: Option<IntoIter<Conversation>>,
}

impl Source for OnePage<'_> {
    async fn next(&mut self) -> Result<Option<Conversation>, ClientError> {
        let rows = match &mut self.rows {
            Some(rows) => rows,
            None => {
                let page = self.client.list_page(self.params, self.number).await?;
                self.rows.insert(page.conversations.into_iter())
            }
        };
        Ok(rows.next())
    }

    fn has_more(&self) -> bool {
        self.rows.as_ref().is_none_or(|rows| rows.len() > 0)
    }

    fn is_complete(&self) -> bool {
        true
    }

    fn pages(&self) -> u64 {
        self.rows.is_some().into()
    }

    fn bar(&self) -> Bar {
        // Of one answer nobody can tell how far it is.
        Bar::hidden()
    }
}

impl NarrowArgs {
    /// Refuses what the account is known not to have, before anything is sent.
    pub(super) async fn check(
        &self,
        session: &mut Session,
        inbox: Option<i64>,
        team: Option<i64>,
    ) -> Result<(), Failure> {
        for (kind, id) in [(IdType::Inbox, inbox), (IdType::Team, team)] {
            // What the server finds nothing for, or refuses, is looked for then.
            if let (Some(id), Some(_)) = (id, &session.schema.account) {
                session.knows_id(kind, id).await?;
            }
        }
        Ok(())
    }

    /// Says what the server makes of the options otherwise than it looks.
    pub(super) fn remark(&self, context: &Context) {
        if self.search.is_some() && !self.status.is_empty() {
            context.note("a search looks in every state: --status has no effect beside -q");
        }
    }

    /// Nothing may have been found because there is no such inbox or label, of which the server says nothing. A label that is
    /// none of the account's is only said: that nothing has it is an answer.
    pub(super) async fn cause_of_nothing(
        &self,
        session: &Session,
        inbox: Option<i64>,
        context: &Context,
    ) -> Option<Failure> {
        if inbox.is_none() && self.labels.is_empty() {
            return None;
        }
        let account = session.client.account().await.ok()?;
        let no_inbox = check_id(&account, IdType::Inbox, inbox).err();
        if no_inbox.is_none()
            && let Some(unknown) = unknown_labels(&account, &self.labels)
        {
            context.note(&unknown);
        }
        no_inbox
    }
}

/// Makes of a 404 what it means: a team that is none has it, as an account that is none.
pub(super) async fn explain(session: &Session, error: ClientError, team: Option<i64>) -> Failure {
    no_such_team(session, &error, team).await.unwrap_or_else(|| error.into())
}

async fn no_such_team(session: &Session, error: &ClientError, team: Option<i64>) -> Option<Failure> {
    if team.is_none() || !matches!(error, ClientError::Status { status: 404, .. }) {
        return None;
    }
    let account = session.client.account().await.ok()?;
    check_id(&account, IdType::Team, team).err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_in_seconds() {
        for (text, length) in [("90", 90), ("30m", 1800), ("2h", 7200), ("7d", 604_800), ("2w", 1_209_600), ("5s", 5)] {
            assert_eq!(seconds(text), Ok(length), "{text}");
        }
        for text in ["", "0", "h", "-2h", "2 hours", "1.5h", "99999999999999999999", "99999999999999w"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
