//! `cwql list`: the dashboard's list.

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::args::{GlobalArgs, Output, ServerArgs};
use super::connect::Session;
use super::context::Context;
use super::names::{check_id, unknown_labels};
use super::output::{End, Writer};
use super::run::runtime;
use super::{Exit, Failure};
use crate::client::{AssigneeType, ClientError, ConversationType, ListParams, ListStatus, SortBy};
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
    #[arg(long, value_name = "NAME|ID")]
    pub inbox: Option<String>,
    /// Of this team
    #[arg(long, value_name = "NAME|ID")]
    pub team: Option<String>,
    /// With any of these labels
    #[arg(long = "label", value_name = "LABEL", value_delimiter = ',')]
    pub labels: Vec<String>,
    /// With this in a message of the contact or of an agent, in any state
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
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pub updated_within: Option<u64>,
    /// Of the contact with this id at the inbox's channel
    #[arg(long, value_name = "ID")]
    pub source_id: Option<String>,
    /// Show this page alone, as the server cuts them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "updated_within")]
    pub page: Option<u64>,
    #[command(flatten)]
    pub server: ServerArgs,
    /// How the conversations are printed
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = Output::Table)]
    pub output: Output,
    /// Stop after so many conversations
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<u64>,
}

/// A length of time like `90`, `30m`, `2h`, `7d` or `2w`, in seconds.
fn seconds(text: &str) -> Result<u64, String> {
    const UNITS: [(char, u64); 5] = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400), ('w', 604_800)];
    let wrong = || "\n  a length of time is expected: 90 (seconds), 30m, 2h, 7d, 2w".to_owned();
    let unit = UNITS.iter().find_map(|(letter, length)| Some((text.strip_suffix(*letter)?, *length)));
    let (number, length) = unit.unwrap_or((text, 1));
    let number: u64 = number.trim().parse().map_err(|_| wrong())?;
    number.checked_mul(length).filter(|&seconds| seconds > 0 && i64::try_from(seconds).is_ok()).ok_or_else(wrong)
}

/// `cwql list`
pub(super) fn list(args: &ListArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    runtime()?.block_on(async {
        let mut session = Session::open(&args.server, global).await?;
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
        args.narrow.check(&session, params.inbox_id, params.team_id)?;
        args.narrow.remark(context);
        if session.schema.account.is_none() && Writer::wants_names(args.output) {
            // Names of inboxes are a comfort: without them the table shows ids.
            session.schema.account = session.client.inboxes().await.ok();
        }
        let now = session.schema.now();
        let names = session.schema.account.clone();
        let mut writer = Writer::new(args.output, names.as_ref(), now, context);
        let written = match args.page {
            Some(page) => one_page(&session, &params, page, args.limit, &mut writer).await,
            None => all_pages(&session, &params, args.limit, &mut writer, context).await,
        };
        let more = match written {
            Err(Failure::Server(error)) => return Err(explain(&session, error, params.team_id).await),
            other => other?,
        };
        writer.finish(if more { End::Limit } else { End::All })?;
        if writer.count() > 0 {
            return Ok(Exit::Found);
        }
        if args.limit != Some(0) {
            args.narrow.explain_nothing(&session, params.inbox_id, context).await;
        }
        Ok(Exit::Nothing)
    })
}

async fn one_page(
    session: &Session,
    params: &ListParams,
    page: u64,
    limit: Option<u64>,
    writer: &mut Writer<'_>,
) -> Result<bool, Failure> {
    for conversation in session.client.list_page(params, page).await?.conversations {
        if limit.is_some_and(|limit| writer.count() >= limit) {
            return Ok(true);
        }
        writer.write(&conversation)?;
    }
    Ok(false)
}

async fn all_pages(
    session: &Session,
    params: &ListParams,
    limit: Option<u64>,
    writer: &mut Writer<'_>,
    context: &Context,
) -> Result<bool, Failure> {
    let mut listing = session.client.list(params);
    let more = loop {
        if limit.is_some_and(|limit| writer.count() >= limit) {
            break listing.has_more();
        }
        let Some(conversation) = listing.next().await? else { break false };
        writer.write(&conversation)?;
    };
    if context.verbose {
        let pages = listing.pages();
        context.note(&format!("{pages} page{} read", if pages == 1 { "" } else { "s" }));
    }
    Ok(more)
}

impl NarrowArgs {
    /// Refuses what the account is known not to have, before anything is sent.
    pub(super) fn check(&self, session: &Session, inbox: Option<i64>, team: Option<i64>) -> Result<(), Failure> {
        let Some(account) = &session.schema.account else { return Ok(()) };
        check_id(account, IdType::Inbox, inbox)?;
        check_id(account, IdType::Team, team)?;
        // The server lets an unknown label match nothing; where there is another, it still narrows.
        match unknown_labels(account, &self.labels) {
            Some(problem) if !account.labels.is_empty() => Err(Failure::Usage(problem)),
            _ => Ok(()),
        }
    }

    /// Says what the server makes of the options otherwise than it looks.
    pub(super) fn remark(&self, context: &Context) {
        if self.search.is_some() && !self.status.is_empty() {
            context.note("a search looks in every state: --status has no effect beside -q");
        }
    }

    /// Nothing may have been found because there is no such inbox or label, of which the server says nothing.
    pub(super) async fn explain_nothing(&self, session: &Session, inbox: Option<i64>, context: &Context) {
        if inbox.is_none() && self.labels.is_empty() {
            return;
        }
        let Ok(account) = session.client.account().await else { return };
        if let Err(problem) = check_id(&account, IdType::Inbox, inbox) {
            context.note(&problem.to_string());
        }
        if let Some(problem) = unknown_labels(&account, &self.labels) {
            context.note(&problem);
        }
    }
}

/// Makes of a 404 what it means: a team that is none has it, as an account that is none.
pub(super) async fn explain(session: &Session, error: ClientError, team: Option<i64>) -> Failure {
    if team.is_some()
        && matches!(error, ClientError::Status { status: 404, .. })
        && let Ok(account) = session.client.account().await
        && let Err(problem) = check_id(&account, IdType::Team, team)
    {
        return problem;
    }
    Failure::Server(error)
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
