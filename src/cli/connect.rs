//! Which server is asked, with whose token, and what is known of the account.

use jiff::{SignedDuration, Timestamp};

use super::Failure;
use super::args::{AddressArgs, GlobalArgs, ServerArgs, TokenArgument, variable};
use super::cache::{Cache, Known};
use super::config::{Config, Profile, asked_for};
use super::context::{Context, schema};
use super::files::shell_word;
use super::sandbox::{demo_now, start_demo};
use super::token::Source;
use super::transfer::settings;
use crate::Query;
use crate::check::{Test, depends_on_version};
use crate::client::{Client, ClientError, Token, first_line, shown_address};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::schema::{Account, Attribute, NameList, Schema, ServerVersion, Standard, ValueType};

/// How old names may be that know nothing of a label or an id.
const LABELS_FRESH: SignedDuration = SignedDuration::from_hours(1);

/// What is wrong with a query, or seems to be, while the names of the account are not known.
const UNNAMED: [Code; 2] = [Code::NameWithoutAccount, Code::UnknownAttribute];

/// Whether a problem may be none once the server has told of the account and of itself.
pub(super) fn may_be_mended(problem: &Diagnostic) -> bool {
    problem.severity() != Severity::Error || UNNAMED.contains(&problem.code) || problem.code == Code::NotInVersion
}

/// What a server must be asked for before a query can be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// The names of the account, which tell the version too.
    Names,
    /// The server's version.
    Version,
}

/// A server, connected, and the schema that goes with it.
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) schema: Schema,
    /// The profile of the configuration file; an empty one where there is none.
    pub(super) profile: Profile,
    /// What is known of the account, and where it is kept.
    pub(super) names: AccountNames,
    /// Whether the account's names are those that the server told.
    pub(super) asked: bool,
    /// Whether the version was given, or asked for.
    pub(super) version_known: bool,
}

/// The names of an account as they are known here, or asked for.
pub(super) struct AccountNames {
    client: Client,
    context: Context,
    /// Where they are kept; none where they are not.
    cache: Option<Cache>,
    /// Whether what is kept may be used.
    reuse: bool,
    /// What is known, and whether it was asked for by this run.
    known: Option<(Known, bool)>,
    /// The lists that the server did not give this run.
    refused: Vec<(NameList, ClientError)>,
    /// Those of them that it may give a moment later. As long as there are such, nothing of the answer is kept.
    failed: Vec<NameList>,
}

impl Session {
    pub(super) async fn open(args: &ServerArgs, global: &GlobalArgs, context: &Context) -> Result<Self, Failure> {
        let mut schema = schema(global)?;
        let (client, profile, cache) = if args.demo {
            let now = match global.now {
                Some(now) => now,
                None => demo_now()?,
            };
            schema.now = Some(now);
            let ready = start_demo(global, now).await?;
            let token = Token::new(ready.tokens.admin);
            let settings = settings(args, global, &Profile::default())?;
            (Client::with_settings(&ready.url, ready.account_id, token, settings)?, Profile::default(), None)
        } else {
            let target = Target::new(args)?;
            for note in &target.notes {
                context.note(note);
            }
            let (client, cache) = target.connect(args, global)?;
            (client, target.profile, cache)
        };
        let mut version_known = global.server_version.is_some() || args.demo;
        if global.tz.is_none()
            && let Some(zone) = profile.zone()
        {
            schema.zone = zone;
        }
        if !version_known && let Some(version) = profile.text("server_version").and_then(|text| text.parse().ok()) {
            schema.version = version;
            version_known = true;
        }
        let cache = if args.no_cache || variable("CWQL_NO_CACHE")?.is_some() { None } else { cache };
        let names = AccountNames {
            client: client.clone(),
            context: context.clone(),
            cache,
            reuse: !args.refresh,
            known: None,
            refused: Vec::new(),
            failed: Vec::new(),
        };
        Ok(Self { client, schema, profile, names, asked: false, version_known })
    }

    /// Checks and plans a query, with what it needs of the account and the server: names, custom attributes, the
    /// version. What is kept of them is used for a day, and asked for again where a name is not among it.
    pub(super) async fn query(&mut self, text: &str) -> Result<Query, Failure> {
        loop {
            match self.planned(text) {
                (result, Some(Missing::Names)) => {
                    match (self.names.ask().await, result) {
                        (Ok(known), _) => self.schema.account = Some(known.account.clone()),
                        // What is wrong in any case needs no names; they would only have told what is meant.
                        (Err(_), Err(problems)) if !problems.iter().any(may_be_mended) => return Err(problems.into()),
                        (Err(failure), _) => return Err(failure),
                    }
                    self.asked = true;
                }
                (_, Some(Missing::Version)) => {
                    match self.client.version().await {
                        Ok(version) => {
                            let oldest = ServerVersion::OLDEST;
                            if version < oldest {
                                self.names.context.note(&format!(
                                    "the server is Chatwoot {version}; it is asked as {oldest}, the oldest that is known"
                                ));
                            }
                            self.schema.version = version.max(oldest);
                        }
                        // A proxy may hide where it is told, and a fork may tell something else.
                        Err(error @ (ClientError::Status { .. } | ClientError::Unexpected { .. })) => {
                            let (what, newest) = (first_line(&error), self.schema.version);
                            self.names.context.note(&format!(
                                "the server's version cannot be read ({what}); {newest} is assumed\n  \
                                 --server-version says which it is"
                            ));
                        }
                        Err(error) => return Err(error.into()),
                    }
                    self.version_known = true;
                }
                (Err(problems), None) => {
                    let failure = self.names.failure_behind(&problems).map(Into::into);
                    return Err(failure.unwrap_or_else(|| self.names.unnamed(problems)));
                }
                (Ok(query), None) => {
                    return self.names.failure_behind(query.warnings()).map_or(Ok(query), |error| Err(error.into()));
                }
            }
        }
    }

    /// Checks and plans a query by what is at hand, and says what must be asked for first, if anything.
    pub(super) fn planned(&mut self, text: &str) -> (Result<Query, Diagnostics>, Option<Missing>) {
        let mut result = Query::new(text, &self.schema);
        let names_matter = told(&result).iter().any(|problem| problem.judged_by.is_some());
        if names_matter && self.schema.account.is_none() {
            let Some(known) = self.names.kept() else { return (result, Some(Missing::Names)) };
            self.schema.account = Some(known.account.clone());
            self.asked = true;
            result = Query::new(text, &self.schema);
        }
        if self.asked && misses(&result, self.names.age()) {
            return (result, Some(Missing::Names));
        }
        let version_matters = match &result {
            Ok(query) => depends_on_version(query.filter()),
            Err(problems) => problems.has(Code::NotInVersion),
        };
        if version_matters && !self.version_known {
            let Some(version) = self.names.kept().and_then(|known| known.version) else {
                return (result, Some(Missing::Version));
            };
            self.schema.version = version.max(ServerVersion::OLDEST);
            self.version_known = true;
            result = Query::new(text, &self.schema);
        }
        (result, None)
    }

    /// The query by the account as it is now, where the custom attributes that were kept by an earlier run may be why
    /// the server did not answer it, and make it another one.
    pub(super) async fn renewed(
        &mut self,
        text: &str,
        query: &Query,
        error: &ClientError,
    ) -> Result<Option<Query>, Failure> {
        let refused = error.is_server_error() || matches!(error, ClientError::Status { status: 422, .. });
        let custom = query.filter().conditions().any(|condition| matches!(condition.attribute, Attribute::Custom(_)));
        if !refused || !custom || !self.asked || !self.names.is_old() {
            return Ok(None);
        }
        // If that fails too, the first failure tells more.
        let Ok(known) = self.names.ask().await else { return Ok(None) };
        self.schema.account = Some(known.account.clone());
        let renewed = self.query(text).await;
        if renewed.as_ref().is_ok_and(|renewed| renewed.plan() == query.plan()) {
            return Ok(None);
        }
        self.names.context.note("the account's custom attributes have changed since they were kept");
        let renewed = renewed?;
        self.names.context.warn(renewed.warnings());
        Ok(Some(renewed))
    }

    /// What is to be said of the labels, ids and contacts' custom attributes of a query that has found nothing. They are no
    /// reason to ask for names before a run, so they are looked at only now: in the names that are kept, if those are young
    /// enough to tell of a label, else in their lists alone.
    pub(super) async fn doubts(&self, text: &str, query: &Query) -> Option<Diagnostics> {
        if self.schema.account.is_some() || self.names.context.quiet {
            return None;
        }
        let lists = doubtful(query);
        if lists.is_empty() {
            return None;
        }
        let account = match self.names.kept_lists(&lists) {
            Some(account) => account,
            None => self.comfort(self.client.lists(&lists).await, "what the query may have misspelt")?,
        };
        let schema = Schema { account: Some(account), ..self.schema.clone() };
        let mut doubts = Query::new(text, &schema).ok()?.warnings().clone();
        let of_names = [Code::UnknownId, Code::UnknownLabel, Code::CaseMismatch, Code::UndefinedKey];
        doubts.retain(|doubt| of_names.contains(&doubt.code));
        Some(doubts)
    }

    /// What was asked for to say more, where nothing depends on it.
    fn comfort<T>(&self, answer: Result<T, ClientError>, what: &str) -> Option<T> {
        answer
            .inspect_err(|error| {
                if self.names.context.verbose {
                    self.names.context.note(&format!("{what} cannot be read: {error}"));
                }
            })
            .ok()
    }

    /// The names of the inboxes, as far as they are known without asking.
    pub(super) fn known_inboxes(&mut self) -> Option<Account> {
        match &self.schema.account {
            Some(account) if self.asked || account.knows(NameList::Inboxes) => Some(account.clone()),
            _ => self.names.kept().map(|known| known.account.clone()),
        }
    }

    /// The names of the inboxes, for the table: those that are known, else asked for alone. They are a comfort:
    /// without them the table shows ids.
    pub(super) async fn inboxes(&mut self) -> Option<Account> {
        if let Some(known) = self.known_inboxes() {
            return Some(known);
        }
        // If it is the server or the account that fails, the conversations will fail in the same way, and say so.
        self.comfort(self.client.lists(&[NameList::Inboxes]).await, "the inboxes' names")
    }
}

/// What is told of a query.
fn told(result: &Result<Query, Diagnostics>) -> &Diagnostics {
    match result {
        Ok(query) => query.warnings(),
        Err(problems) => problems,
    }
}

/// Whether something in a query is not among the account's names, and may be by now. `age` is none for names that were
/// asked for by this very run.
fn misses(result: &Result<Query, Diagnostics>, age: Option<SignedDuration>) -> bool {
    let Some(age) = age else { return false };
    let problems = told(result);
    // Conversations carry labels that no list has, and a query for one of them is right each time it is run.
    // Nor are all inboxes seen by everybody.
    let warned = [Code::UnknownLabel, Code::UnknownId].iter().any(|code| problems.has(*code)) && age >= LABELS_FRESH;
    warned
        || [Code::UnknownName, Code::NameWithoutAccount, Code::UnknownAttribute].iter().any(|code| problems.has(*code))
}

/// The lists that tell whether what a query compares is there at all, and that no query is in need of.
fn doubtful(query: &Query) -> Vec<NameList> {
    let mut lists = Vec::new();
    query.filter().conditions().for_each(|condition| {
        let list = match &condition.attribute {
            Attribute::Standard(Standard::Labels) if matches!(condition.test, Test::AnyOf(_) | Test::NoneOf(_)) => {
                NameList::Labels
            }
            Attribute::ContactCustom(_) => NameList::Custom,
            attribute if matches!(condition.test, Test::AnyOf(_)) => {
                let ValueType::Id(kind) = attribute.value_type() else { return };
                let Some(list) = kind.list() else { return };
                list
            }
            _ => return,
        };
        if !lists.contains(&list) {
            lists.push(list);
        }
    });
    lists
}

impl AccountNames {
    /// What is kept, if it may be used and is young enough.
    pub(super) fn kept(&mut self) -> Option<&Known> {
        if self.known.is_none() && self.reuse {
            let known = self.read()?;
            if !known.is_fresh(Timestamp::now()) {
                return None;
            }
            self.known = Some((known, false));
        }
        self.known.as_ref().map(|(known, _)| known)
    }

    /// What is kept, if it may be used, has these lists and is young enough to tell what is in none of them.
    fn kept_lists(&self, lists: &[NameList]) -> Option<Account> {
        let tells = |known: &Known| {
            let age = Timestamp::now().duration_since(known.fetched_at);
            let young = !age.is_negative() && age < LABELS_FRESH;
            young && lists.iter().all(|list| known.account.knows(*list))
        };
        match &self.known {
            Some((known, _)) => tells(known).then(|| known.account.clone()),
            None if self.reuse => self.read().filter(tells).map(|known| known.account),
            None => None,
        }
    }

    /// What is kept, however old.
    pub(super) fn read(&self) -> Option<Known> {
        let cache = self.cache.as_ref()?;
        match cache.read() {
            Ok(known) => known,
            Err(reason) => {
                if self.context.verbose {
                    self.context.note(&format!("{} is ignored: {reason}", cache.path().display()));
                }
                None
            }
        }
    }

    /// What is kept, or asked for.
    pub(super) async fn get(&mut self) -> Result<&Known, Failure> {
        self.kept();
        match self.known.take() {
            Some(known) => Ok(&self.known.insert(known).0),
            None => self.ask().await,
        }
    }

    /// How old the names are that were kept; none where this run asked for them.
    fn age(&self) -> Option<SignedDuration> {
        let (known, asked) = self.known.as_ref()?;
        (!asked).then(|| Timestamp::now().duration_since(known.fetched_at))
    }

    /// Whether the names in use were kept by an earlier run.
    pub(super) fn is_old(&self) -> bool {
        self.age().is_some()
    }

    /// Why the server did not give a list that it may give a moment later, if it did not.
    pub(super) fn failure_of(&self, list: NameList) -> Option<ClientError> {
        self.failed.contains(&list).then(|| self.refusal_of(list).cloned())?
    }

    /// What the server answered this run instead of a list.
    fn refusal_of(&self, list: NameList) -> Option<&ClientError> {
        self.refused.iter().find(|(refused, _)| *refused == list).map(|(_, error)| error)
    }

    /// Why a name cannot be looked up, where the server refuses its list, and what helps.
    pub(super) fn why_unnamed(&self, list: NameList) -> Option<String> {
        let error = self.refusal_of(list)?;
        let request = match error {
            ClientError::Status { request, .. } => format!("{request}: "),
            _ => String::new(),
        };
        let said = first_line(error);
        Some(format!("{request}{said}\ngive the id, which needs no list, or the names in a file: --account FILE"))
    }

    /// What is wrong with a query. Where all of it is that the server refuses lists of names, that is no mistake of the
    /// query.
    fn unnamed(&self, mut problems: Diagnostics) -> Failure {
        let mut mistakes = 0;
        for problem in problems.iter_mut() {
            let list = problem.judged_by.filter(|_| problem.code == Code::NameWithoutAccount);
            match list.and_then(|list| Some((list, self.why_unnamed(list)?))) {
                Some((list, why)) => {
                    problem.message = format!("{}: {list} cannot be read", problem.message);
                    (problem.help, problem.in_program) = (Some(why), None);
                }
                None if problem.severity() == Severity::Error => mistakes += 1,
                None => {}
            }
        }
        if mistakes == 0 { Failure::Blamed(problems) } else { Failure::Query(problems) }
    }

    /// Why the server did not give a list without which it is not known whether a query is wrong, or what it means.
    fn failure_behind(&self, problems: &Diagnostics) -> Option<ClientError> {
        let open = problems.iter().filter(|problem| may_be_mended(problem));
        open.filter_map(|problem| problem.judged_by).find_map(|list| self.failure_of(list))
    }

    /// The lists that the server failed to give this run. As long as there are such, nothing of the answer is kept.
    pub(super) fn failed(&self) -> &[NameList] {
        &self.failed
    }

    /// Asks for the names, and keeps them as well as it can: the answer is at hand all the same.
    pub(super) async fn ask(&mut self) -> Result<&Known, Failure> {
        let (known, unkept) = self.pull().await?;
        if let Some(reason) = unkept {
            self.context.note(&reason);
        }
        Ok(&self.known.insert((known, true)).0)
    }

    /// Asks for the names, and keeps them; or why they cannot be kept.
    pub(super) async fn pull(&mut self) -> Result<(Known, Option<String>), Failure> {
        let names = self.client.names().await?;
        for (list, error) in &names.refused {
            // Only an administrator may read the campaigns, and nobody can filter by their names: no harm is done.
            if *list != NameList::Campaigns || self.context.verbose {
                self.context.note(&format!("{list} cannot be read: {error}"));
            }
        }
        self.failed = names.failed().map(|(list, _)| *list).collect();
        self.refused = names.refused;
        let known = Known {
            account: names.account,
            version: names.version,
            refused: self.refused.iter().map(|(list, _)| list.to_string()).collect(),
            fetched_at: Timestamp::now(),
        };
        let unkept = self.cache.as_ref().filter(|_| self.failed.is_empty()).and_then(|cache| {
            let error = cache.write(&known).err()?;
            Some(format!("the account's names cannot be kept in {}: {error}", cache.path().display()))
        });
        Ok((known, unkept))
    }
}

/// Where the options, the environment and the configuration file lead.
pub(super) struct Target {
    pub(super) url: String,
    pub(super) account_id: u64,
    token: Source,
    pub(super) profile: Profile,
    /// What the user may not expect.
    notes: Vec<String>,
}

impl Target {
    /// Puts together where to ask: an option goes before a variable, a variable before the profile.
    pub(super) fn new(args: &ServerArgs) -> Result<Self, Failure> {
        let config = Config::read()?;
        let profile = config.profile(&args.profile)?;
        let (url, account_id) = address(&args.address, &profile)?;
        let are_known = [url.is_some(), account_id.is_some()];
        let missing = || missing(args, are_known, &profile, &config.names()).unwrap_or_else(|failure| failure);
        let (url, account_id) = (url.ok_or_else(missing)?, account_id.ok_or_else(missing)?);
        let token = match (&args.token, &args.token_file) {
            (Some(TokenArgument::Written), _) => {
                return Err(Failure::Usage(
                    "a token is not an argument: other programs can see those, and shells remember them\n  \
                     `--token -` reads it from standard input, --token-file from a file"
                        .to_owned(),
                ));
            }
            (Some(TokenArgument::StandardInput), _) => Source::StandardInput,
            (None, Some(file)) => Source::File(file.clone()),
            (None, None) => match (Source::from_environment()?, profile.token()) {
                (Some(token), _) => token,
                (None, Some(token)) => {
                    // A token is for one server: an address from elsewhere must not send it to another.
                    if let Some(own) = profile.text("url")
                        && !same_server(own, &url)
                    {
                        let name = profile.name.as_deref().unwrap_or_default();
                        return Err(Failure::Usage(format!(
                            "the token of the profile `{name}` is for {}, and is not sent to {}\n  \
                             give the token for that server: --token-file FILE, or CHATWOOT_API_ACCESS_TOKEN",
                            shown_address(own),
                            shown_address(&url)
                        )));
                    }
                    token
                }
                (None, None) => return Err(missing()),
            },
        };
        let mut notes = Vec::new();
        if let Some(named) = &args.profile.profile {
            // Who names a profile means all of it.
            for (name, key, option) in [
                ("CHATWOOT_BASE_URL", profile.text("url").map(str::to_owned), args.address.has_url()),
                (
                    "CHATWOOT_ACCOUNT_ID",
                    profile.number("account_id").map(|id| id.to_string()),
                    args.address.has_account_id(),
                ),
            ] {
                if let Some(value) = variable(name)?
                    && key.is_some_and(|key| key != value)
                    && !option
                {
                    notes.push(format!("{name} goes before the profile `{named}`, which says otherwise"));
                }
            }
            if let (Source::Variable(variable, _), Some(_)) = (&token, profile.token()) {
                notes.push(format!("{variable} goes before the token of the profile `{named}`"));
            }
        }
        Ok(Self { url, account_id, token, profile, notes })
    }

    /// Reads the token and makes a client of it, with the place where the account's names are kept.
    pub(super) fn connect(&self, args: &ServerArgs, global: &GlobalArgs) -> Result<(Client, Option<Cache>), Failure> {
        let secret = self.token.read()?;
        let settings = settings(args, global, &self.profile)?;
        let client = Client::with_settings(&self.url, self.account_id, secret.token(), settings)?;
        let cache = Cache::new(self.url.trim_end_matches('/'), self.account_id, &secret);
        Ok((client, cache))
    }
}

/// The server and the account, as far as they are known.
pub(super) fn address(args: &AddressArgs, profile: &Profile) -> Result<(Option<String>, Option<u64>), Failure> {
    let url = args.url()?.or_else(|| profile.text("url").map(str::to_owned));
    let account_id = args.account_id()?.or_else(|| profile.number("account_id"));
    Ok((url, account_id))
}

/// Whether a server can be asked. What stands in the configuration file is checked, the token is not read.
pub(super) fn is_configured(args: &ServerArgs) -> Result<bool, Failure> {
    if args.demo {
        return Ok(true);
    }
    let profile = Config::read()?.profile(&args.profile)?;
    let (url, account_id) = address(&args.address, &profile)?;
    Ok(url.is_some() && account_id.is_some() && has_token(args, &profile)?)
}

fn has_token(args: &ServerArgs, profile: &Profile) -> Result<bool, Failure> {
    let is_given = args.token.is_some() || args.token_file.is_some();
    Ok(is_given || Source::from_environment()?.is_some() || profile.token().is_some())
}

fn same_server(one: &str, other: &str) -> bool {
    one.trim_end_matches('/').eq_ignore_ascii_case(other.trim_end_matches('/'))
}

/// What must be known to ask a server: what is said where it is not, its variable, its option, and how it is kept.
const NEEDED: [(&str, &str, &str, &str); 3] = [
    ("no server to ask", "CHATWOOT_BASE_URL", "--url", "url https://chat.example.com"),
    ("no account id", "CHATWOOT_ACCOUNT_ID", "--account-id", "account_id 1"),
    ("no access token", "CHATWOOT_API_ACCESS_TOKEN", "--token-file", "token"),
];

/// What is told where not all of [`NEEDED`] is known.
///
/// # Errors
/// What is given cannot be read, which is told instead.
fn missing(
    args: &ServerArgs,
    [url, account_id]: [bool; 2],
    profile: &Profile,
    profiles: &[&str],
) -> Result<Failure, Failure> {
    let are_known = [url, account_id, has_token(args, profile)?];
    let lacking: Vec<_> =
        NEEDED.into_iter().zip(are_known).filter(|(_, known)| !known).map(|(needed, _)| needed).collect();
    let what = lacking.first().map_or("", |(what, ..)| *what);
    if let (None, [first, ..]) = (&profile.name, profiles) {
        return Ok(Failure::Usage(format!(
            "{what}: the configuration has the profiles {}, and none of them is the default\n  \
             name one with --profile, or: cwql config set default_profile {first}",
            profiles.join(", ")
        )));
    }
    let of = profile.name.as_ref().map_or_else(String::new, |name| format!("; the profile `{name}` has none either"));
    let is_asked_for = asked_for(&args.profile)?.is_some();
    let named = profile.name.as_ref().filter(|_| is_asked_for);
    let option = named.map_or_else(String::new, |name| format!(" --profile {}", shell_word(name)));
    let variables: Vec<&str> = lacking.iter().map(|(_, variable, ..)| *variable).collect();
    let options: Vec<&str> = lacking.iter().map(|(_, _, option, _)| *option).collect();
    let kept: String = lacking.iter().map(|(.., kept)| format!("    cwql config set{option} {kept}\n")).collect();
    let (go, them) = if lacking.len() == 1 { ("goes", "it") } else { ("go", "them") };
    Ok(Failure::Usage(format!(
        "{what}{of}\n  \
         set {}\n  \
         ({} {go} before {them}), or keep {them} in a file of yours:\n{kept}  \
         `--demo` asks a sample account instead; `cwql compile` needs no server",
        listed(&variables),
        listed(&options)
    )))
}

/// `a`, `a and b`, `a, b and c`.
fn listed(words: &[&str]) -> String {
    match words {
        [before @ .., second, last] if !before.is_empty() => format!("{}, {second} and {last}", before.join(", ")),
        _ => words.join(" and "),
    }
}
