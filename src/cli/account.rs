//! `cwql account`

use std::io::{self, Write as _};

use jiff::Timestamp;

use super::args::{AccountArgs, AccountCommand, GlobalArgs, NamesArgs, NamesFormat, ServerArgs};
use super::cache::{self, Known};
use super::config::Config;
use super::connect::{AccountNames, Session, address};
use super::context::{Context, schema};
use super::output::{ago, counted, no_room, printable};
use super::remark::About;
use super::run::runtime;
use super::table::Table;
use super::{Exit, Failure};
use crate::schema::Account;

/// `cwql account`
pub(super) fn run(args: &AccountArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    match &args.command {
        AccountCommand::Pull(_) if global.account.is_some() => Err(Failure::Usage(
            "the names of a file are not asked for\n  cwql account show --account FILE shows them".to_owned(),
        )),
        AccountCommand::Pull(args) => runtime()?.block_on(async {
            let mut session = Session::open(&args.server, global, context).await?;
            let (known, unkept) = session.names.pull().await?;
            print(&known, args.output, context)?;
            // To keep them is what it was run for.
            unkept.map_or_else(|| Ok(pulled(&session.names, context)), |reason| Err(Failure::Io(reason)))
        }),
        AccountCommand::Show(args) => show(args, global, context),
        AccountCommand::Clear { server, all } => clear(server, *all, context),
    }
}

fn show(args: &NamesArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    // What a file has is all that is known then.
    if let Some(account) = schema(global)?.account {
        let known = Known { account, version: None, refused: Vec::new(), fetched_at: Timestamp::now() };
        print(&known, args.output, context)?;
        return Ok(Exit::Found);
    }
    let (known, names) = runtime()?.block_on(async {
        let mut session = Session::open(&args.server, global, context).await?;
        // The sample account is always at hand, and nothing is kept of it.
        let known = match args.server.demo || args.server.refresh {
            true => Some(session.names.ask().await?.clone()),
            false => session.names.read(),
        };
        Ok::<_, Failure>((known, session.names))
    })?;
    let Some(known) = known else {
        context.note("nothing is known of this account yet\n  cwql account pull");
        return Ok(Exit::Nothing);
    };
    print(&known, args.output, context)?;
    Ok(pulled(&names, context))
}

/// How a pull ends: what the server failed to give is missing in what was printed, and none of that is kept.
fn pulled(names: &AccountNames, context: &Context) -> Exit {
    let failed: Vec<&str> = names.failed().iter().map(|list| list.as_str()).collect();
    if failed.is_empty() {
        return Exit::Found;
    }
    context.say(
        About::Server,
        &format!(
            "nothing of this is kept, for the server failed on {}\n  what was kept before stays; ask again: cwql account pull",
            failed.join(", ")
        ),
    );
    Exit::Server
}

fn clear(args: &ServerArgs, all: bool, context: &Context) -> Result<Exit, Failure> {
    if args.demo {
        context.note("nothing is kept of the sample account");
        return Ok(Exit::Nothing);
    }
    let failed = |error: io::Error| Failure::Io(format!("the names cannot be removed: {error}"));
    let count = if all {
        cache::clear(None).map_err(failed)?
    } else {
        let profile = Config::read()?.profile(&args.profile)?;
        let (Some(url), Some(account_id)) = address(&args.address, &profile)? else {
            return Err(Failure::Usage(
                "which account is meant is not known\n  give --url and --account-id, or forget them all: cwql account clear --all"
                    .to_owned(),
            ));
        };
        cache::clear(Some((url.trim_end_matches('/'), account_id))).map_err(failed)?
    };
    if count == 0 {
        context.note("nothing was known");
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Found)
}

fn print(known: &Known, format: NamesFormat, context: &Context) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match format {
        NamesFormat::Json => writeln!(out, "{}", known.account.to_pretty_json())?,
        NamesFormat::Table => {
            let rows = rows(&known.account);
            if !rows.is_empty() {
                let mut table = Table::new(["KIND", "ID", "NAME", "MORE"], &[0, 1], &[3], context);
                write!(out, "{}", table.next(&rows))?;
                writeln!(out)?;
                write!(out, "{}", no_room(&table.left_out()))?;
            }
            let version = known.version.map_or_else(String::new, |version| format!(", of Chatwoot {version}"));
            let age = ago(Timestamp::now().duration_since(known.fetched_at).as_secs());
            writeln!(out, "{}{version}, read {age}", counted(rows.len() as u64, "name"))?;
            if !known.refused.is_empty() {
                writeln!(out, "could not be read: {}", known.refused.join(", "))?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

fn rows(account: &Account) -> Vec<[String; 4]> {
    let mut rows = Vec::new();
    let mut row = |kind: &str, id: Option<i64>, name: &str, more: String| {
        let id = id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        rows.push([kind.to_owned(), id, printable(name), printable(&more)]);
    };
    for agent in account.agents() {
        let me = (account.me == Some(agent.id)).then_some("@me");
        let more: Vec<&str> = me.into_iter().chain(agent.full_name.as_deref()).chain(agent.email.as_deref()).collect();
        row("agent", Some(agent.id), &agent.name, more.join(", "));
    }
    for (kind, list) in [("inbox", account.inboxes()), ("team", account.teams())] {
        for named in list {
            row(kind, Some(named.id), &named.name, String::new());
        }
    }
    for label in account.labels() {
        row("label", None, label, String::new());
    }
    for campaign in account.campaigns() {
        row("campaign", None, campaign, "not to be found by its name".to_owned());
    }
    for custom in account.definitions() {
        let values = if custom.values.is_empty() { String::new() } else { format!(": {}", custom.values.join(", ")) };
        row("attribute", None, &format!("custom.{}", custom.key), format!("{}{values}", custom.kind.name()));
    }
    for key in &account.contact_custom {
        row("attribute", None, &format!("contact.custom.{key}"), "of the contact".to_owned());
    }
    rows
}
