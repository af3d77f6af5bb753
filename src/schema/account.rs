//! What is known of an account: its agents, inboxes, teams, labels, campaigns and custom attributes.

use std::fmt;

use foldhash::{HashMap, HashMapExt};
use serde::de::Error as _;
use serde_json::{Error, Value, json};

use super::{CustomKind, IdType};
use crate::source::BYTE_ORDER_MARK;

/// How a list of a server becomes a part of the account.
pub(crate) type SetList = fn(&mut Account, &Value) -> Result<(), Error>;

/// What an account is known by, each of which a server may refuse by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameList {
    /// The agents.
    Agents,
    /// The inboxes.
    Inboxes,
    /// The teams.
    Teams,
    /// The labels.
    Labels,
    /// The definitions of custom attributes.
    Custom,
    /// The campaigns.
    Campaigns,
    /// Who the token's user is; that is no list, and known in the same way.
    Me,
}

impl NameList {
    /// What it is called.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agents => "agents",
            Self::Inboxes => INBOXES,
            Self::Teams => "teams",
            Self::Labels => LABELS,
            Self::Custom => "custom attributes",
            Self::Campaigns => "campaigns",
            Self::Me => "the token's user",
        }
    }
}

impl fmt::Display for NameList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The lists that an account is read from: the member of its JSON, which is also where a server has it, and how it is
/// read.
pub(crate) const LISTS: [(&str, NameList, SetList); 6] = [
    ("agents", NameList::Agents, Account::set_agents),
    (INBOXES, NameList::Inboxes, Account::set_inboxes),
    ("teams", NameList::Teams, Account::set_teams),
    (LABELS, NameList::Labels, Account::set_labels),
    (DEFINITIONS, NameList::Custom, Account::set_custom),
    ("campaigns", NameList::Campaigns, Account::set_campaigns),
];

pub(crate) const INBOXES: &str = "inboxes";
const LABELS: &str = "labels";
const DEFINITIONS: &str = "custom_attribute_definitions";

/// The names of one account, read from a file or from a server. Only what cwql needs is kept: records of
/// inboxes carry secrets, which are dropped while reading. [`Account::to_json`] writes what is kept.
///
/// ```
/// let account = cwql::schema::Account::from_json(br#"{"teams": [{"id": 8, "name": "tier 2"}]}"#)?;
/// assert_eq!(account.teams.unwrap()[0].name, "tier 2");
/// // Of the agents nothing is known, which is not that there are none.
/// assert_eq!(account.agents, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Agents; a conversation can be assigned to each of them. As every list, none where they are not known, as where
    /// their list could not be read.
    pub agents: Option<Vec<Agent>>,
    /// Inboxes.
    pub inboxes: Option<Vec<Named>>,
    /// Teams.
    pub teams: Option<Vec<Named>>,
    /// Titles of the labels.
    pub labels: Option<Vec<String>>,
    /// Titles of the campaigns. Their ids are left out, for the filter compares others.
    pub campaigns: Option<Vec<String>>,
    /// Custom attributes of conversations: key, type, values of a list.
    pub custom: Option<Vec<CustomDefinition>>,
    /// Keys of contacts' custom attributes.
    pub contact_custom: Vec<String>,
    /// The id of the user that `@me` means.
    pub me: Option<i64>,
}

/// An agent and the names that mean it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// The id that the filter compares.
    pub id: i64,
    /// The name that the dashboard shows.
    pub name: String,
    /// The full name, if it is another.
    pub full_name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
}

/// An inbox or a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The id that the filter compares.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// The definition of a custom attribute of conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomDefinition {
    /// The key.
    pub key: String,
    /// The type.
    pub kind: CustomKind,
    /// The values that a list offers. Others may be stored all the same.
    pub values: Vec<String>,
}

impl Account {
    /// Reads the members `agents`, `inboxes`, `teams`, `labels`, `campaigns` and `custom_attribute_definitions` of a
    /// JSON object; each is an array as the API returns it, or wrapped as `{"payload": […]}`. The token's user is the
    /// id `me`, else that of `users.admin`. Of an array's rows those without an id or a name are left out.
    ///
    /// # Errors
    /// The text is not JSON, or not such an object.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        // Some programs put a byte order mark before it.
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(bytes);
        let members: serde_json::Map<String, Value> = serde_json::from_slice(bytes)?;
        let mut account = Self::default();
        let mut is_account = members.is_empty() || ["me", "users"].iter().any(|name| members.contains_key(*name));
        for (name, _, set) in LISTS {
            if let Some(list) = members.get(name).filter(|list| !list.is_null()) {
                set(&mut account, list).map_err(|error| Error::custom(format!("`{name}`: {error}")))?;
                is_account = true;
            }
        }
        if !is_account {
            let names = LISTS.map(|(name, ..)| name);
            return Err(Error::custom(format!("it has none of these members: {}", names.join(", "))));
        }
        let user = || id_in(members.get("users")?.get("admin")?);
        account.me = members.get("me").and_then(id).or_else(user);
        Ok(account)
    }

    /// The members that [`Account::from_json`] reads, in the API's own shape: what is read back is the same account.
    ///
    /// ```
    /// # use cwql::schema::Account;
    /// let account = Account::from_json(br#"{"teams": [{"id": 8, "name": "tier 2", "secret": "s3cret"}], "me": 3}"#)?;
    /// assert!(!account.to_json().contains("s3cret"));
    /// assert_eq!(Account::from_json(account.to_json().as_bytes())?, account);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_value().to_string()
    }

    /// As [`Account::to_json`], with line ends and indentation for people.
    #[must_use]
    pub fn to_pretty_json(&self) -> String {
        format!("{:#}", self.to_value())
    }

    fn to_value(&self) -> Value {
        let named = |list: &[Named]| list.iter().map(|named| json!({"id": named.id, "name": named.name})).collect();
        let titled = |list: &[String]| list.iter().map(|title| json!({ "title": title })).collect();
        let agents: Vec<Value> = self
            .agents()
            .iter()
            .map(|agent| {
                json!({
                    "id": agent.id,
                    "name": agent.full_name.as_ref().unwrap_or(&agent.name),
                    "available_name": agent.name,
                    "email": agent.email,
                })
            })
            .collect();
        let definition = |key: &str, model: &str| json!({"attribute_key": key, "attribute_model": model});
        let custom = self.definitions().iter().map(|custom| {
            let mut row = definition(&custom.key, "conversation_attribute");
            if let Value::Object(members) = &mut row {
                members.insert("attribute_display_type".to_owned(), custom.kind.name().into());
                members.insert("attribute_values".to_owned(), custom.values.clone().into());
            }
            row
        });
        let contact = self.contact_custom.iter().map(|key| definition(key, "contact_attribute"));
        let definitions: Vec<Value> = custom.chain(contact).collect();
        let (inboxes, teams): (Vec<Value>, Vec<Value>) = (named(self.inboxes()), named(self.teams()));
        let (labels, campaigns): (Vec<Value>, Vec<Value>) = (titled(self.labels()), titled(self.campaigns()));
        let mut value = json!({
            "me": self.me,
            "agents": agents,
            "inboxes": inboxes,
            "teams": teams,
            "labels": labels,
            "campaigns": campaigns,
            "custom_attribute_definitions": definitions,
        });
        if let Some(members) = value.as_object_mut() {
            // What is not known is not said to be empty.
            for (member, list, _) in LISTS {
                if !self.knows(list) {
                    members.remove(member);
                }
            }
        }
        value
    }

    /// The agents that are known.
    #[must_use]
    pub fn agents(&self) -> &[Agent] {
        self.agents.as_deref().unwrap_or_default()
    }

    /// The inboxes that are known.
    #[must_use]
    pub fn inboxes(&self) -> &[Named] {
        self.inboxes.as_deref().unwrap_or_default()
    }

    /// The teams that are known.
    #[must_use]
    pub fn teams(&self) -> &[Named] {
        self.teams.as_deref().unwrap_or_default()
    }

    /// Titles of the campaigns that are known.
    #[must_use]
    pub fn campaigns(&self) -> &[String] {
        self.campaigns.as_deref().unwrap_or_default()
    }

    /// Titles of the labels that are known.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        self.labels.as_deref().unwrap_or_default()
    }

    /// The definitions of custom attributes that are known.
    #[must_use]
    pub fn definitions(&self) -> &[CustomDefinition] {
        self.custom.as_deref().unwrap_or_default()
    }

    /// Takes the answer of `GET agents`.
    ///
    /// # Errors
    /// If it is no list of them; so for the other lists.
    pub fn set_agents(&mut self, answer: &Value) -> Result<(), Error> {
        let agents = read(answer, &["id", "name"], |row| {
            let text = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
            let name = text("name");
            let shown = text("available_name").or_else(|| name.clone())?;
            Some(Agent {
                id: id_in(row)?,
                full_name: name.filter(|name| *name != shown),
                name: shown,
                email: text("email"),
            })
        })?;
        self.agents = Some(agents);
        Ok(())
    }

    /// Takes the answer of `GET inboxes`.
    ///
    /// # Errors
    /// As [`Account::set_agents`].
    pub fn set_inboxes(&mut self, answer: &Value) -> Result<(), Error> {
        self.inboxes = Some(named(answer)?);
        Ok(())
    }

    /// Takes the answer of `GET teams`.
    ///
    /// # Errors
    /// As [`Account::set_agents`].
    pub fn set_teams(&mut self, answer: &Value) -> Result<(), Error> {
        self.teams = Some(named(answer)?);
        Ok(())
    }

    /// Takes the answer of `GET labels`.
    ///
    /// # Errors
    /// As [`Account::set_agents`].
    pub fn set_labels(&mut self, answer: &Value) -> Result<(), Error> {
        self.labels = Some(titles(answer)?);
        Ok(())
    }

    /// Takes the answer of `GET campaigns`.
    ///
    /// # Errors
    /// As [`Account::set_agents`].
    pub fn set_campaigns(&mut self, answer: &Value) -> Result<(), Error> {
        self.campaigns = Some(titles(answer)?);
        Ok(())
    }

    /// Takes the answer of `GET custom_attribute_definitions`.
    ///
    /// # Errors
    /// As [`Account::set_agents`].
    pub fn set_custom(&mut self, answer: &Value) -> Result<(), Error> {
        let definitions = read(answer, &["attribute_key"], |row| {
            let text = |key: &str| row.get(key).and_then(Value::as_str);
            let key = text("attribute_key")?.to_owned();
            // A type that a later server may add can be filtered by nobody yet; as a text it is at least shown.
            let kind = text("attribute_display_type").and_then(CustomKind::from_name).unwrap_or(CustomKind::Text);
            let values = row.get("attribute_values").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let values = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            let of_contacts = text("attribute_model") == Some("contact_attribute");
            Some((of_contacts, CustomDefinition { key, kind, values }))
        })?;
        let (of_contacts, own): (Vec<_>, Vec<_>) = definitions.into_iter().partition(|(of_contacts, _)| *of_contacts);
        self.contact_custom = of_contacts.into_iter().map(|(_, definition)| definition.key).collect();
        self.custom = Some(own.into_iter().map(|(_, definition)| definition).collect());
        Ok(())
    }

    /// Whether it is known what is in a list, be it nothing.
    #[must_use]
    pub fn knows(&self, list: NameList) -> bool {
        match list {
            NameList::Agents => self.agents.is_some(),
            NameList::Inboxes => self.inboxes.is_some(),
            NameList::Teams => self.teams.is_some(),
            NameList::Labels => self.labels.is_some(),
            NameList::Custom => self.custom.is_some(),
            NameList::Campaigns => self.campaigns.is_some(),
            NameList::Me => self.me.is_some(),
        }
    }

    /// The custom attribute with this key.
    #[must_use]
    pub fn custom(&self, key: &str) -> Option<&CustomDefinition> {
        self.definitions().iter().find(|definition| definition.key == key)
    }

    /// The name of a record, if it is known.
    #[must_use]
    pub fn name_of(&self, kind: IdType, id: i64) -> Option<&str> {
        match kind {
            IdType::Agent => self.agents().iter().find(|agent| agent.id == id).map(|agent| agent.name.as_str()),
            IdType::Inbox => find(self.inboxes(), id),
            IdType::Team => find(self.teams(), id),
            _ => None,
        }
    }

    /// The records that `name` means: those with exactly this name, else those with it in another case.
    ///
    /// ```
    /// use cwql::schema::{Account, IdType};
    ///
    /// let account = Account::from_json(br#"{"teams": [{"id": 8, "name": "Tier 2"}, {"id": 9, "name": "tier 2"}]}"#)?;
    /// assert_eq!(account.find(IdType::Team, "tier 2"), [(9, "tier 2")]);
    /// assert_eq!(account.find(IdType::Team, "TIER 2"), [(8, "Tier 2"), (9, "tier 2")]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn find(&self, kind: IdType, name: &str) -> Vec<(i64, &str)> {
        let mut found: Vec<(i64, &str)> = self.each_name(kind).filter(|(_, known)| *known == name).collect();
        if found.is_empty() {
            let folded = name.to_lowercase();
            found = self.each_name(kind).filter(|(_, known)| known.to_lowercase() == folded).collect();
        }
        one_each(found)
    }

    /// Every name by which records of this kind are found, with their ids.
    #[must_use]
    pub fn names(&self, kind: IdType) -> Vec<(i64, &str)> {
        self.each_name(kind).collect()
    }

    fn each_name(&self, kind: IdType) -> impl Iterator<Item = (i64, &str)> {
        let (agents, named) = match kind {
            IdType::Agent => (self.agents(), [].as_slice()),
            IdType::Inbox => ([].as_slice(), self.inboxes()),
            IdType::Team => ([].as_slice(), self.teams()),
            IdType::Campaign | IdType::Contact | IdType::Conversation => ([].as_slice(), [].as_slice()),
        };
        let agents = agents.iter().flat_map(|agent| {
            [Some(&agent.name), agent.full_name.as_ref(), agent.email.as_ref()]
                .into_iter()
                .flatten()
                .map(|name| (agent.id, name.as_str()))
        });
        agents.chain(named.iter().map(|named| (named.id, named.name.as_str())))
    }
}

fn find(list: &[Named], id: i64) -> Option<&str> {
    list.iter().find(|named| named.id == id).map(|named| named.name.as_str())
}

/// The records of one kind by their names, for a list of which each would be looked for among all of them.
pub(crate) struct NameIndex<'a> {
    exact: HashMap<&'a str, Vec<(i64, &'a str)>>,
    folded: HashMap<String, Vec<(i64, &'a str)>>,
}

impl<'a> NameIndex<'a> {
    pub(crate) fn new(account: &'a Account, kind: IdType) -> Self {
        let mut exact: HashMap<&str, Vec<(i64, &str)>> = HashMap::new();
        let mut folded: HashMap<String, Vec<(i64, &str)>> = HashMap::new();
        for (id, name) in account.each_name(kind) {
            exact.entry(name).or_default().push((id, name));
            folded.entry(name.to_lowercase()).or_default().push((id, name));
        }
        Self { exact, folded }
    }

    /// As [`Account::find`].
    pub(crate) fn find(&self, name: &str) -> Vec<(i64, &'a str)> {
        let found = self.exact.get(name).or_else(|| self.folded.get(&name.to_lowercase()));
        one_each(found.cloned().unwrap_or_default())
    }
}

/// Each record once, by its id.
fn one_each(mut found: Vec<(i64, &str)>) -> Vec<(i64, &str)> {
    found.sort_unstable_by_key(|&(id, _)| id);
    found.dedup_by_key(|&mut (id, _)| id);
    found
}

/// The rows of an answer, which is an array or has one in `payload`, without those that `row` makes nothing of: one that
/// is out of order hides no other. Where no row has these members at all, it is no such list.
fn read<T>(answer: &Value, members: &[&str], row: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>, Error> {
    let array = answer.as_array().or_else(|| answer.get("payload").and_then(Value::as_array));
    let rows = array.ok_or_else(|| Error::custom("a list is expected"))?;
    let is_one = |row: &Value| members.iter().all(|member| row.get(member).is_some());
    let read: Vec<T> = rows.iter().filter_map(row).collect();
    if read.is_empty() && !rows.is_empty() && !rows.iter().any(is_one) {
        return Err(Error::custom(format!("a list is expected of what has {}", members.join(" and "))));
    }
    Ok(read)
}

/// An id, which may be written as a text.
pub(crate) fn id(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// The id of a record.
pub(crate) fn id_in(record: &Value) -> Option<i64> {
    id(record.get("id")?)
}

fn named(answer: &Value) -> Result<Vec<Named>, Error> {
    read(answer, &["id"], |row| {
        // One that was never named has none.
        let name = row.get("name").map_or(Some(""), Value::as_str)?.to_owned();
        Some(Named { id: id_in(row)?, name })
    })
}

fn titles(answer: &Value) -> Result<Vec<String>, Error> {
    read(answer, &["title"], |row| row.get("title").and_then(Value::as_str).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_name_wins_over_one_in_another_case() {
        let account =
            Account::from_json(br#"{"teams":[{"id":1,"name":"Sales"},{"id":2,"name":"sales"},{"id":3,"name":"Ops"}]}"#)
                .unwrap();
        assert_eq!(account.find(IdType::Team, "sales"), [(2, "sales")]);
        assert_eq!(account.find(IdType::Team, "SALES"), [(1, "Sales"), (2, "sales")]);
        assert_eq!(account.find(IdType::Team, "ops"), [(3, "Ops")]);
    }

    #[test]
    fn names_are_found_in_the_index_as_among_all() {
        let account = Account::from_json(
            br#"{"agents":[{"id":7,"available_name":"Ada","name":"ADA","email":"ada@x.example"},{"id":8,"name":"ada"},
                {"id":9,"name":"\u039f\u0394\u039f\u03a3"}]}"#,
        )
        .unwrap();
        let index = NameIndex::new(&account, IdType::Agent);
        let names = ["Ada", "ada", "ADA", "aDA", "Ada@X.example", "\u{3bf}\u{3b4}\u{3bf}\u{3c2}", "nobody", ""];
        for name in names {
            assert_eq!(index.find(name), account.find(IdType::Agent, name), "{name}");
        }
        assert_eq!(index.find("aDA"), [(7, "Ada"), (8, "ada")]);
    }

    #[test]
    fn an_agent_is_found_by_each_of_its_names_once() {
        let account = Account::from_json(
            br#"{"agents":[{"id":7,"available_name":"Ada","name":"Ada Lovelace","email":"ada@x.example"}],"users":{"admin":{"id":7}}}"#,
        )
        .unwrap();
        for name in ["Ada", "ada lovelace", "ADA@x.example"] {
            assert_eq!(account.find(IdType::Agent, name).len(), 1, "{name}");
        }
        assert_eq!(account.me, Some(7));
    }

    proptest::proptest! {
        /// What is written is read back as the same account.
        #[test]
        fn an_account_survives_its_json(
            agents in proptest::option::of(proptest::collection::vec((0i64..99, ".{0,6}", proptest::option::of(".{0,6}"), proptest::option::of(".{0,6}")), 0..4)),
            inboxes in proptest::option::of(proptest::collection::vec((-9i64..99, ".{0,6}"), 0..4)),
            teams in proptest::option::of(proptest::collection::vec((-9i64..99, ".{0,6}"), 0..4)),
            campaigns in proptest::option::of(proptest::collection::vec(".{0,6}", 0..4)),
            keys in proptest::collection::vec(".{0,6}", 0..4),
            labels in proptest::option::of(proptest::collection::vec(".{0,6}", 0..4)),
            custom in proptest::option::of(proptest::collection::vec((".{0,6}", 0..CustomKind::NAMES.len(), proptest::collection::vec(".{0,4}", 0..3)), 0..4)),
            me in proptest::option::of(0i64..99),
        ) {
            let named = |list: Vec<(i64, String)>| list.into_iter().map(|(id, name)| Named { id, name }).collect();
            let account = Account {
                agents: agents.map(|agents| {
                    agents
                        .into_iter()
                        .map(|(id, name, full, email)| {
                            // A full name is kept where it is another than the one that is shown.
                            let full_name = full.filter(|full| *full != name);
                            Agent { id, name, full_name, email }
                        })
                        .collect()
                }),
                inboxes: inboxes.map(named),
                teams: teams.map(named),
                labels,
                campaigns,
                // Those of contacts come with the same list.
                contact_custom: if custom.is_some() { keys } else { Vec::new() },
                custom: custom.map(|list| {
                    list.into_iter()
                        .map(|(key, kind, values)| CustomDefinition { key, kind: CustomKind::NAMES[kind].1, values })
                        .collect()
                }),
                me,
            };
            for json in [account.to_json(), account.to_pretty_json()] {
                proptest::prop_assert_eq!(&Account::from_json(json.as_bytes()).unwrap(), &account);
            }
        }
    }

    #[test]
    fn what_is_no_account_is_refused() {
        let refused = |json: &str| Account::from_json(json.as_bytes()).unwrap_err().to_string();
        assert_eq!(refused(r#"{"agents":5,"teams":[]}"#), "`agents`: a list is expected");
        assert_eq!(refused(r#"{"agents":[{"id":"x"}]}"#), "`agents`: a list is expected of what has id and name");
        assert_eq!(refused(r#"{"labels":["vip"]}"#), "`labels`: a list is expected of what has title");
        assert!(
            refused(r#"{"name":"left-pad","version":"1.0.0"}"#).starts_with("it has none of these members: agents,")
        );
        for json in ["{}", r#"{"teams":null,"me":3}"#, r#"{"inboxes":{"payload":[]},"more":1}"#] {
            assert!(Account::from_json(json.as_bytes()).is_ok(), "{json}");
        }
    }

    /// One that has no name yet, or no id, does not hide the others, nor is it an error where it is the only one.
    #[test]
    fn what_has_no_id_or_name_is_left_out() {
        for (rows, expected) in [
            (r#"{"id":1,"name":null},{"id":2,"name":"Ada"}"#, &[2][..]),
            (r#"{"id":"2","name":"Ada"}"#, &[2]),
            (r#"{"id":null,"name":"Ada"}"#, &[]),
            (r#"{"id":null,"name":"Ada"},{"id":3,"name":"Bo"}"#, &[3]),
            (r#"{"id":1180591620717411303424,"name":"Ada"}"#, &[]),
            (r#"{"id":"x","name":"Ada"}"#, &[]),
        ] {
            let json = format!(r#"{{"agents":[{rows}],"teams":[{rows}]}}"#);
            let account = Account::from_json(json.as_bytes()).unwrap();
            assert_eq!(account.agents().iter().map(|agent| agent.id).collect::<Vec<_>>(), expected, "{rows}");
            assert_eq!(account.teams().iter().map(|team| team.id).collect::<Vec<_>>(), expected, "{rows}");
        }
    }

    #[test]
    fn the_tokens_user_is_me_before_a_sandboxs_administrator() {
        let me = |json: &[u8]| Account::from_json(json).unwrap().me;
        assert_eq!(me(br#"{"me":5,"users":{"admin":{"id":7}}}"#), Some(5));
        assert_eq!(me(br#"{"me":null,"users":{"admin":{"id":7}}}"#), Some(7));
        assert_eq!(me(br#"{"me":"5"}"#), Some(5));
        assert_eq!(me(br#"{"me":"x"}"#), None);
    }

    #[test]
    fn secrets_of_inboxes_are_not_kept() {
        let account =
            Account::from_json(br#"{"inboxes":{"payload":[{"id":1,"name":"Mail","hmac_token":"s3cret"}]}}"#).unwrap();
        assert!(!format!("{account:?}").contains("s3cret"));
        assert_eq!(account.inboxes().len(), 1);
    }
}
