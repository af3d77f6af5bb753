//! Names of the account where an id is wanted: inboxes, teams, agents, labels.

use super::Failure;
use super::connect::Session;
use crate::diagnostic::catalogue::plural;
use crate::diagnostic::nearest_or_longer;
use crate::nearest;
use crate::schema::{Account, IdType, NameList};

/// How many candidates a message lists.
const SHOWN: usize = 8;

impl Session {
    /// The account's names, read once.
    pub(super) async fn account(&mut self) -> Result<&Account, Failure> {
        let account = match self.schema.account.take() {
            Some(account) => account,
            None => {
                let account = self.names.get().await?.account.clone();
                self.asked = true;
                account
            }
        };
        Ok(self.schema.account.insert(account))
    }

    /// The account with the definitions of its custom attributes, as far as they may be read. Where the server fails to give
    /// them, of what type a value must be is not guessed.
    pub(super) async fn defined(&mut self) -> Result<&Account, Failure> {
        self.account().await?;
        match self.names.failure_of(NameList::Custom) {
            Some(error) => Err(error.into()),
            None => self.account().await,
        }
    }

    /// The id that a name means, or that stands there itself; names are asked for where one is used.
    pub(super) async fn id_of(&mut self, kind: IdType, text: &str) -> Result<i64, Failure> {
        match text.trim().parse() {
            Ok(id) => Ok(id),
            Err(_) => {
                let mut found = find(self.account().await?, kind, text);
                if found.is_err() && self.renew().await? {
                    found = find(self.account().await?, kind, text);
                }
                // Where the names could not be read, nobody knows that there is none.
                found.map_err(|unknown| self.unread(kind, text).unwrap_or(unknown))
            }
        }
    }

    /// Why a name cannot be looked up, where the server did not give what tells its id.
    fn unread(&self, kind: IdType, name: &str) -> Option<Failure> {
        let list = if is_me(kind, name) { NameList::Me } else { kind.list()? };
        if let Some(error) = self.names.failure_of(list) {
            return Some(error.into());
        }
        let (one, why) = (kind.noun(), self.names.why_unnamed(list)?.replace('\n', "\n  "));
        Some(Failure::Unread(format!("the id of the {one} `{name}` is not known: {list} cannot be read\n  {why}")))
    }

    /// Asks for the names anew where they were kept by an earlier run, and may be older than what is not among them; whether
    /// they were.
    async fn renew(&mut self) -> Result<bool, Failure> {
        let old = self.names.is_old();
        if old {
            self.schema.account = Some(self.names.ask().await?.account.clone());
        }
        Ok(old)
    }

    /// Refuses an id that the account does not have. Where its list could not be read, it is not known to have it.
    pub(super) async fn knows_id(&mut self, kind: IdType, id: i64) -> Result<bool, Failure> {
        let has = |account: &Account| {
            let is_me = kind == IdType::Agent && account.me == Some(id);
            is_me || account.names(kind).iter().any(|(known, _)| *known == id)
        };
        if has(self.account().await?) || self.renew().await? && has(self.account().await?) {
            return Ok(true);
        }
        let account = self.account().await?;
        let given = kind.list().is_some_and(|list| account.knows(list));
        if given { Err(no_such_id(account, kind, id)) } else { Ok(false) }
    }

    /// As [`Session::id_of`], where there is a name.
    pub(super) async fn id_of_any(&mut self, kind: IdType, text: Option<&str>) -> Result<Option<i64>, Failure> {
        match text {
            Some(text) => self.id_of(kind, text).await.map(Some),
            None => Ok(None),
        }
    }
}

/// Whether the token's own user is meant.
fn is_me(kind: IdType, name: &str) -> bool {
    kind == IdType::Agent && matches!(name, "@me" | "me")
}

/// The only record of this name.
pub(super) fn find(account: &Account, kind: IdType, name: &str) -> Result<i64, Failure> {
    if is_me(kind, name) {
        return account
            .me
            .ok_or_else(|| Failure::Usage("it is not known who `@me` is\n  give the agent's name or id".to_owned()));
    }
    let (one, many) = (kind.noun(), plural(kind.noun()));
    if kind.list().is_some_and(|list| !account.knows(list)) {
        return Err(Failure::Usage(format!(
            "the id of the {one} `{name}` is not known: the {many} are not among the account's names\n  give the id"
        )));
    }
    let found = account.find(kind, name);
    match found.as_slice() {
        [(id, _)] => Ok(*id),
        [] => Err(Failure::Usage(format!("there is no {one} `{name}`\n  {}", candidates(account, kind, name)))),
        several => {
            let ids: Vec<String> = several.iter().map(|(id, name)| format!("{id} ({name})")).collect();
            Err(Failure::Usage(format!("several {many} are called `{name}`\n  give one by its id: {}", ids.join(", "))))
        }
    }
}

/// Which names may have been meant.
fn candidates(account: &Account, kind: IdType, name: &str) -> String {
    let names = account.names(kind);
    let near = nearest_or_longer(name, names.iter().map(|(_, name)| *name));
    if !near.is_empty() {
        return format!("perhaps {}", quoted(&near));
    }
    let many = plural(kind.noun());
    match names.is_empty() {
        true => format!("the account has no {many} that the token's user may see"),
        false => format!("the {many} are {}", listed(&names)),
    }
}

/// Refuses an id that the account does not have. Of a kind of which nothing is known, everything may be.
pub(super) fn check_id(account: &Account, kind: IdType, id: Option<i64>) -> Result<(), Failure> {
    let known = kind.list().is_some_and(|list| account.knows(list));
    match id.filter(|id| known && !account.names(kind).iter().any(|(known, _)| known == id)) {
        None => Ok(()),
        Some(id) => Err(no_such_id(account, kind, id)),
    }
}

fn no_such_id(account: &Account, kind: IdType, id: i64) -> Failure {
    let names = account.names(kind);
    let (one, many) = (kind.noun(), plural(kind.noun()));
    let reach = if kind == IdType::Inbox { "that the token's user may see" } else { "in this account" };
    let known =
        if names.is_empty() { format!("there are no {many}") } else { format!("the {many} are {}", listed(&names)) };
    Failure::Usage(format!("there is no {one} {id} {reach}\n  {known}"))
}

/// Some records with their ids.
fn listed(names: &[(i64, &str)]) -> String {
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|(id, name)| format!("{name} ({id})")).collect();
    if names.len() > SHOWN {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

/// What to write instead of something unknown: what is near it, else what is known.
pub(super) fn perhaps(typed: &str, plural: &str, known: &[&str]) -> String {
    match nearest(typed, known.iter().copied()).as_slice() {
        [] => format!("the {plural} are {}", known.join(", ")),
        near => format!("perhaps {}", quoted(near)),
    }
}

pub(super) fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

/// What is said of labels that the account does not have; the server lets them match nothing. Where its labels
/// could not be read, nothing is said.
pub(super) fn unknown_labels(account: &Account, labels: &[String]) -> Option<String> {
    let known = account.labels.as_ref()?;
    let unknown = |label: &&String| !known.iter().any(|other| other.to_lowercase() == label.to_lowercase());
    let label = labels.iter().find(unknown)?;
    let near = nearest(label, known.iter().map(String::as_str));
    let hint = match near.is_empty() {
        false => format!("perhaps {}", quoted(&near)),
        true if known.is_empty() => "the account has none".to_owned(),
        true => {
            let shown: Vec<&str> = known.iter().take(SHOWN).map(String::as_str).collect();
            let rest = if known.len() > SHOWN { ", …" } else { "" };
            format!("the labels are {}{rest}", shown.join(", "))
        }
    };
    Some(format!("there is no label `{label}`\n  {hint}"))
}
