//! `cwql create`: a new conversation.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;
use jiff::Timestamp;
use serde_json::Value;

use super::args::{GlobalArgs, ServerArgs, is_dash};
use super::connect::Session;
use super::context::{Context, read_or_stdin};
use super::dry_run;
use super::members::{custom, held, object, template, unrounded};
use super::names::{check_id, perhaps};
use super::option_values::{number, timestamp};
use super::output::printable;
use super::reading::cause;
use super::remark::About;
use super::run::runtime;
use super::signals::Signals;
use super::{Exit, Failure};
use crate::answer::{Object, Status};
use crate::client::{ClientError, Created, NewConversation, NewMessage, TemplateParams};
use crate::diagnostic::catalogue::plural;
use crate::schema::{IdType, STATUSES};
use crate::source::{BYTE_ORDER_MARK, in_words};

const AFTER_HELP: &str = "\
KEY=VALUE sets a text, or what the account's definition of the custom attribute
wants: a number, a date, true or false, one of a list. KEY:=JSON sets any JSON.

Examples:
  cwql create --source-id 1234567890 --inbox Website --contact-id 1 \\
      --message 'Hello, how can I help you?' --custom plan=Pro --assignee @me
  cwql create --json conversation.json --dry-run";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct CreateArgs {
    /// The contact's id at the inbox's channel
    #[arg(long, value_name = "ID", required_unless_present = "json")]
    pub source_id: Option<String>,
    /// The inbox
    #[arg(long, value_name = "NAME|ID", required_unless_present = "json", add = ArgValueCompleter::new(super::complete::inbox))]
    pub inbox: Option<String>,
    /// The contact [default: who has the source id]
    #[arg(long, value_name = "ID", allow_negative_numbers = true, value_parser = number::<i64>(1, i64::MAX as u64))]
    pub contact_id: Option<i64>,
    /// The first message, to the contact
    #[arg(short, long, value_name = "TEXT")]
    pub message: Option<String>,
    /// A custom attribute, as in plan=Pro or seats:=3
    #[arg(long, value_name = "KEY=VALUE", add = ArgValueCompleter::new(super::complete::custom))]
    pub custom: Vec<String>,
    /// An additional attribute, as in browser=Chrome
    #[arg(long, value_name = "KEY=VALUE")]
    pub additional: Vec<String>,
    /// The agent, by name, e-mail address or id; @me is the token's user
    #[arg(long, value_name = "NAME|ID", add = ArgValueCompleter::new(super::complete::agent))]
    pub assignee: Option<String>,
    /// The team
    #[arg(long, value_name = "NAME|ID", add = ArgValueCompleter::new(super::complete::team))]
    pub team: Option<String>,
    /// The state [default: open, or snoozed with --snoozed-until]
    #[arg(long, value_enum, value_name = "STATUS")]
    pub status: Option<Status>,
    /// Until when it is put aside, as in 2030-07-21T17:32:28Z
    #[arg(long, value_name = "TIME", value_parser = timestamp)]
    pub snoozed_until: Option<Timestamp>,
    /// The message's template
    #[arg(long, value_name = "NAME", help_heading = "Templates")]
    pub template_name: Option<String>,
    /// Its language, as in en_US
    #[arg(long, value_name = "LANGUAGE", requires = "template_name", help_heading = "Templates")]
    pub template_language: Option<String>,
    /// Its category, as in UTILITY
    #[arg(long, value_name = "CATEGORY", requires = "template_name", help_heading = "Templates")]
    pub template_category: Option<String>,
    /// What is put in a place of it, as in 1=Chatwoot
    #[arg(long = "template-param", value_name = "PLACE=VALUE", requires = "template_name", help_heading = "Templates")]
    pub template_params: Vec<String>,
    /// Read the request's body from a file, or from standard input with -
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "source_id", "inbox", "contact_id", "message", "custom", "additional", "assignee", "team", "status",
        "snoozed_until", "template_name", "template_language", "template_category", "template_params",
    ])]
    pub json: Option<PathBuf>,
    /// Print the request and send nothing; names are still looked up
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub server: ServerArgs,
    /// How the new conversation is printed
    #[arg(short, long, value_enum, ignore_case = true, value_name = "FORMAT", default_value_t = CreateOutput::Text)]
    pub output: CreateOutput,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CreateOutput {
    Text,
    Json,
    Ids,
}

impl ValueEnum for Status {
    fn value_variants<'a>() -> &'a [Self] {
        Self::KNOWN
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        STATUSES.iter().find(|word| **word == self.as_str()).map(PossibleValue::new)
    }
}

/// `cwql create`
pub(super) fn create(args: &CreateArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    // What is wrong in any case is said before a server is asked for anything.
    args.server.leave_standard_input(args.json.as_deref().is_some_and(is_dash))?;
    let given = args.json.as_deref().map(|path| from_json(&read_or_stdin(path, context)?)).transpose()?;
    runtime()?.block_on(async {
        let mut session = Session::open(&args.server, global, context).await?;
        let mut signals = Signals::listen()?;
        let new = signals.or(prepare(args, given, &mut session, context)).await.map_err(Failure::Told)??;
        if args.dry_run {
            let body = serde_json::to_string_pretty(&new).map_err(|error| Failure::Io(error.to_string()))?;
            dry_run::print("POST", session.client.create_url()?.as_str(), Some(&body))?;
            return Ok(Exit::Found);
        }
        let created = match signals.or(session.client.create(&new)).await {
            Ok(Ok(created)) => created,
            Ok(Err(error)) => {
                let search = explain(&session, &new, &error);
                let failure = Failure::from(error.clone());
                return Err(cause(&mut signals, Some(&failure), search, context).await?.unwrap_or(failure));
            }
            Err(signal) => {
                let lost = ClientError::Unconfirmed { reason: signal.as_str().to_owned() };
                context.say(About::Server, &lost.to_string());
                return Ok(signal.exit());
            }
        };
        // Whoever does not learn of it makes another one: it is said even if nothing else shall be.
        print(&created, args.output, &session)
            .inspect_err(|_| context.say(About::Note, &format!("conversation {} was created", created.id)))?;
        if args.server.demo {
            context.note("the sample account is made anew for each command: the conversation is gone already");
        }
        Ok(Exit::Found)
    })
}

/// What is to be sent, and nothing that the account is known not to have.
async fn prepare(
    args: &CreateArgs,
    given: Option<NewConversation>,
    session: &mut Session,
    context: &Context,
) -> Result<NewConversation, Failure> {
    let new = match given {
        Some(new) => {
            if !new.custom_attributes.is_empty() {
                held(&new.custom_attributes, session.defined().await?, context)?;
            }
            new
        }
        None => from_options(args, session, context).await?,
    };
    check_ids(&new, session, context).await?;
    remarks(&new, session, context)?;
    Ok(new)
}

async fn from_options(args: &CreateArgs, session: &mut Session, context: &Context) -> Result<NewConversation, Failure> {
    let inbox = session.id_of_any(IdType::Inbox, args.inbox.as_deref()).await?;
    let mut new = NewConversation::new(args.source_id.clone().unwrap_or_default(), inbox.unwrap_or_default());
    new.contact_id = args.contact_id;
    new.assignee_id = session.id_of_any(IdType::Agent, args.assignee.as_deref()).await?;
    new.team_id = session.id_of_any(IdType::Team, args.team.as_deref()).await?;
    new.additional_attributes = object("--additional", &args.additional)?;
    if !args.custom.is_empty() {
        let account = session.defined().await?;
        new.custom_attributes = custom(&args.custom, account, context)?;
    }
    new.snoozed_until = args.snoozed_until;
    new.status = args.status.clone().or(args.snoozed_until.map(|_| Status::Snoozed));
    if args.message.is_some() || args.template_name.is_some() {
        let template_params = match &args.template_name {
            Some(name) => Some(TemplateParams {
                name: Some(name.clone()),
                category: args.template_category.clone(),
                language: args.template_language.clone(),
                processed_params: template(&args.template_params)?,
                other: Object::new(),
            }),
            None => None,
        };
        new.message = Some(NewMessage { content: args.message.clone(), template_params, other: Object::new() });
    }
    Ok(new)
}

/// Reads a body; what is wrong with it is said with the member's name.
fn from_json(text: &str) -> Result<NewConversation, Failure> {
    let wrong = |problem: String| Failure::Usage(format!("this is no new conversation: {problem}"));
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let value: Value = serde_json::from_str(text).map_err(|error| wrong(format!("it is not JSON: {error}")))?;
    unrounded(text).map_err(wrong)?;
    let Value::Object(members) = &value else { return Err(wrong("a JSON object is expected".to_owned())) };
    for (key, member) in members {
        if !NewConversation::MEMBERS.contains(&key.as_str()) {
            // An inbox is given by its id: `inbox` is further from `inbox_id` than a typing mistake is.
            let near = NewConversation::MEMBERS.into_iter().find(|member| *member == format!("{key}_id"));
            let hint = match near {
                Some(near) => format!("perhaps `{near}`"),
                None => perhaps(key, "members", &NewConversation::MEMBERS),
            };
            return Err(wrong(format!("it has a member `{key}`\n  {hint}")));
        }
        // Each by itself, so that the error is known to be this member's.
        let mut alone =
            Object::from_iter([("source_id".to_owned(), Value::from("")), ("inbox_id".to_owned(), Value::from(0))]);
        alone.insert(key.clone(), member.clone());
        serde_json::from_value::<NewConversation>(Value::Object(alone))
            .map_err(|error| wrong(format!("`{key}`: {}", in_words(&error))))?;
    }
    let new: NewConversation = serde_json::from_value(value).map_err(|error| wrong(in_words(&error)))?;
    if let Some(Status::Other(word)) = &new.status {
        let words: Vec<&str> = Status::KNOWN.iter().map(Status::as_str).collect();
        let hint = perhaps(word, "states", &words);
        return Err(wrong(format!("`status`: `{word}` is no state\n  {hint}")));
    }
    Ok(new)
}

/// Refuses the inbox, the agent and the team that the account does not have. An inbox that is none the server refuses, so no
/// names are asked for to tell it; without an agent or a team that is none it makes the conversation all the same, which
/// cannot be taken back.
async fn check_ids(new: &NewConversation, session: &mut Session, context: &Context) -> Result<(), Failure> {
    if session.schema.account.is_some() {
        session.knows_id(IdType::Inbox, new.inbox_id).await?;
    }
    for (kind, id) in [(IdType::Agent, new.assignee_id), (IdType::Team, new.team_id)] {
        let Some(id) = id else { continue };
        match session.knows_id(kind, id).await {
            Ok(true) => {}
            // Who may create conversations need not be one who may read names, as a bot is not.
            Ok(false) | Err(Failure::Server(ClientError::Status { .. } | ClientError::Unexpected { .. })) => {
                let (one, many) = (kind.noun(), plural(kind.noun()));
                context.note(&format!("whether there is {one} {id} is not known: the {many} cannot be read"));
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

/// Says what the server makes of it otherwise than it looks.
fn remarks(new: &NewConversation, session: &Session, context: &Context) -> Result<(), Failure> {
    if new.source_id.trim().is_empty() {
        return Err(Failure::Usage(
            "the source id is empty\n  it is the contact's id at the inbox's channel".to_owned(),
        ));
    }
    match (&new.status, new.snoozed_until) {
        (Some(Status::Snoozed), None) => {
            context.note("without --snoozed-until it stays snoozed until the contact writes");
        }
        (Some(Status::Snoozed), Some(until)) if until <= session.schema.now() => {
            context.note(&format!("{until} is past: the conversation will be opened again at once"));
        }
        (Some(Status::Snoozed) | None, _) | (_, None) => {}
        (Some(status), Some(_)) => {
            context.note(&format!("a conversation that is {status} is not put aside: --snoozed-until has no effect"));
        }
    }
    Ok(())
}

fn print(created: &Created, output: CreateOutput, session: &Session) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match output {
        CreateOutput::Ids => writeln!(out, "{}", created.id)?,
        CreateOutput::Json => writeln!(out, "{}", created.json())?,
        CreateOutput::Text => {
            let inbox = created.inbox_id.map(|id| {
                let name = session.schema.account.as_ref().and_then(|account| account.name_of(IdType::Inbox, id));
                name.map_or_else(|| format!(" in inbox {id}"), |name| format!(" in inbox {name} ({id})"))
            });
            writeln!(out, "conversation {} created{}", created.id, printable(&inbox.unwrap_or_default()))?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Makes of a 404 what it means: which of the records is none.
async fn explain(session: &Session, new: &NewConversation, error: &ClientError) -> Option<Failure> {
    if !matches!(error, ClientError::Status { status: 404, .. }) {
        return None;
    }
    let account = session.client.account().await.ok()?;
    if let Err(problem) = check_id(&account, IdType::Inbox, Some(new.inbox_id)) {
        return Some(problem);
    }
    Some(match new.contact_id {
        Some(id) => Failure::Usage(format!(
            "there is no contact {id} in this account\n  the id is in the address of the contact's page in the dashboard"
        )),
        None => Failure::Usage(format!(
            "no contact has the source id `{}` in this inbox\n  --contact-id says whose it shall be",
            new.source_id
        )),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{Arg, Command};

    use super::*;

    #[test]
    fn beside_a_body_nothing_says_what_the_conversation_is() {
        let ids = |args: &[&Arg]| args.iter().map(|arg| arg.get_id().to_string()).collect::<BTreeSet<_>>();
        let (create, server) =
            (CreateArgs::augment_args(Command::new("x")), ServerArgs::augment_args(Command::new("x")));
        let mut said =
            &ids(&create.get_arguments().collect::<Vec<_>>()) - &ids(&server.get_arguments().collect::<Vec<_>>());
        said.retain(|id| !["json", "dry_run", "output"].contains(&id.as_str()));
        let json = create.get_arguments().find(|arg| arg.get_id() == "json").unwrap();
        assert_eq!(ids(&create.get_arg_conflicts_with(json)), said);
    }

    #[test]
    fn what_is_wrong_with_a_body_is_said_by_member() {
        for (json, parts) in [
            ("{", &["not JSON", "line 1"] as &[&str]),
            ("[]", &["a JSON object is expected"]),
            (r#"{"source_id": "s", "inbox": 1}"#, &["a member `inbox`", "perhaps `inbox_id`"]),
            (r#"{"source_id": "s", "zzz": 1}"#, &["a member `zzz`", "the members are source_id"]),
            (
                r#"{"source_id": "s", "inbox_id": 1, "custom_attributes": {"a": [1.23456789012345678901]}}"#,
                &["1.23456789012345678901 has more digits"],
            ),
            (r#"{"source_id": "s"}"#, &["missing field `inbox_id`"]),
            (r#"{"source_id": "s", "inbox_id": "1"}"#, &["`inbox_id`: ", "expected a whole number"]),
            (r#"{"source_id": 3, "inbox_id": 1}"#, &["`source_id`: ", "expected a string"]),
            (r#"{"source_id": "s", "inbox_id": 1, "message": "hi"}"#, &["`message`: ", "expected an object"]),
            (r#"{"source_id": "s", "inbox_id": 1, "status": "opne"}"#, &["`opne` is no state", "perhaps `open`"]),
            (r#"{"source_id": "s", "inbox_id": 1, "snoozed_until": "soon"}"#, &["`snoozed_until`: ", "a time like"]),
        ] {
            let Err(Failure::Usage(problem)) = from_json(json) else { panic!("{json}") };
            assert!(parts.iter().all(|part| problem.contains(part)), "{json}: {problem}");
        }
        assert!(
            from_json(r#"{"source_id": "s", "inbox_id": 1, "message": {"content": "x", "private": true}}"#).is_ok()
        );
    }
}
