//! Which members of a conversation a filter looks at, as a tree.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::check::Filter;
use crate::schema::{Attribute, IdType, Standard, ValueType};

/// A member and what is wanted of it.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name; the conversation itself has none.
    pub(super) key: Box<str>,
    pub(super) wanted: Wanted,
    /// A bit for each length that a wanted member's name has: most names differ from the wanted ones in that.
    lengths: u64,
}

/// What is wanted of a member.
#[derive(Debug)]
pub(super) enum Wanted {
    /// Its value, whatever it is.
    Whole,
    /// These members of the object that it is.
    Members(Vec<Field>),
    /// Whether it is an array: then the object is an answer of the API, and these are its conversations.
    List,
}

/// The same while it grows.
#[derive(Default)]
struct Tree {
    whole: bool,
    members: BTreeMap<Box<str>, Tree>,
}

impl Tree {
    fn of(filter: &Filter) -> Self {
        let mut tree = Self::default();
        filter.conditions().for_each(|condition| paths(&condition.attribute, &mut |path| tree.add(path)));
        tree
    }

    fn add(&mut self, path: &[&str]) {
        match path {
            [] => self.whole = true,
            [first, rest @ ..] => self.members.entry((*first).into()).or_default().add(rest),
        }
    }

    fn field(self, key: Box<str>) -> Field {
        if self.whole {
            return Field { key, wanted: Wanted::Whole, lengths: 0 };
        }
        Field::new(key, self.members.into_iter().map(|(key, tree)| tree.field(key)).collect())
    }
}

impl Field {
    fn new(key: Box<str>, mut members: Vec<Self>) -> Self {
        // The order of a JSON object here.
        members.sort_by(|a, b| a.key.cmp(&b.key));
        let lengths = members.iter().fold(0, |lengths, member| lengths | bit(member.key.len()));
        Self { key, wanted: Wanted::Members(members), lengths }
    }

    /// What the filter looks at in a conversation, its id, and what an answer of the API is known by.
    pub(super) fn of(filter: &Filter) -> Self {
        let mut tree = Tree::of(filter);
        tree.add(&["id"]);
        let list = |key: &str| Self { key: key.into(), wanted: Wanted::List, lengths: 0 };
        let mut members: Vec<Self> = tree.members.into_iter().map(|(key, tree)| tree.field(key)).collect();
        members.push(list("payload"));
        members.push(Self::new("data".into(), vec![list("payload")]));
        Self::new("".into(), members)
    }

    /// What the filter looks at, and nothing else.
    pub(super) fn asked(filter: &Filter) -> Self {
        Tree::of(filter).field("".into())
    }

    /// The members at these places.
    #[cfg(any(test, feature = "cli"))]
    pub(super) fn at(places: &[&[&str]]) -> Self {
        let mut tree = Tree::default();
        places.iter().for_each(|place| tree.add(place));
        tree.field("".into())
    }

    /// The wanted member of a name as it is written in JSON.
    #[inline]
    pub(super) fn member(&self, key: &[u8], escaped: bool) -> Option<&Self> {
        let Wanted::Members(members) = &self.wanted else { return None };
        if escaped {
            return self.escaped(key);
        }
        if self.lengths & bit(key.len()) == 0 {
            return None;
        }
        members.iter().find(|member| member.key.as_bytes() == key)
    }

    /// A bit for each wanted member; `None` if there are too many.
    pub(super) fn all_members(&self) -> Option<u64> {
        let Wanted::Members(members) = &self.wanted else { return None };
        (members.len() < 64).then(|| (1 << members.len()) - 1)
    }

    /// The bits of the wanted members that a filter looks at.
    pub(super) fn asked_members(&self, filter: &Filter) -> u64 {
        let mut bits = 0;
        filter.conditions().for_each(|condition| {
            paths(&condition.attribute, &mut |path| {
                bits |= path.first().and_then(|key| self.place(key.as_bytes())).map_or(0, |(bit, _)| bit);
            });
        });
        bits
    }

    /// The wanted member of a name without escapes, and its bit.
    #[inline]
    pub(super) fn place(&self, key: &[u8]) -> Option<(u64, &Self)> {
        let Wanted::Members(members) = &self.wanted else { return None };
        if self.lengths & bit(key.len()) == 0 {
            return None;
        }
        members.iter().enumerate().find(|(_, member)| member.key.as_bytes() == key).map(|(i, member)| (1 << i, member))
    }

    #[cold]
    fn escaped(&self, key: &[u8]) -> Option<&Self> {
        let quoted = [b"\"", key, b"\""].concat();
        // A key that cannot be decoded is none of the wanted ones.
        let key: String = serde_json::from_slice(&quoted).ok()?;
        self.member(key.as_bytes(), false)
    }

    /// An object with every wanted member, null: the evaluation reads null as missing.
    pub(super) fn template(&self) -> Value {
        match &self.wanted {
            Wanted::Members(members) => {
                let member = |member: &Self| (String::from(&*member.key), member.template());
                Value::Object(members.iter().map(member).collect::<Map<_, _>>())
            }
            Wanted::Whole | Wanted::List => Value::Null,
        }
    }

    /// Makes every wanted member of what was a [`Self::template`] null again.
    pub(super) fn clear(&self, value: &mut Value) {
        match (&self.wanted, value) {
            // The template's members stand in the same order.
            (Wanted::Members(members), Value::Object(object)) => {
                for (member, value) in members.iter().zip(object.values_mut()) {
                    member.clear(value);
                }
            }
            (_, Value::Null) => {}
            (_, value) => *value = Value::Null,
        }
    }
}

fn bit(length: usize) -> u64 {
    1 << length.min(63)
}

/// Calls `add` with each place at which the evaluation looks for an attribute. That these are all of them, a test
/// asks the evaluation itself.
pub(super) fn paths(attribute: &Attribute, add: &mut dyn FnMut(&[&str])) {
    match attribute {
        Attribute::Standard(standard) => match attribute.value_type() {
            ValueType::Id(kind) => match kind {
                IdType::Agent => {
                    add(&["meta", "assignee_type"]);
                    add(&["meta", "assignee", "id"]);
                }
                IdType::Team => add(&["meta", "team", "id"]),
                IdType::Contact => add(&["meta", "sender", "id"]),
                IdType::Inbox => add(&["inbox_id"]),
                IdType::Conversation => add(&["id"]),
                // No conversation carries it.
                IdType::Campaign => {}
            },
            ValueType::Text(_) => add(&["additional_attributes", standard.info().key]),
            _ => add(&[match standard {
                Standard::CreatedAt => "created_at",
                Standard::LastActivityAt => "last_activity_at",
                other => other.info().key,
            }]),
        },
        Attribute::Local(local) => add(local.info().path),
        Attribute::Custom(custom) => add(&["custom_attributes", &custom.key]),
        Attribute::ContactCustom(key) => add(&["meta", "sender", "custom_attributes", key]),
        Attribute::Additional(key) => {
            add(&["additional_attributes", key]);
            let mut nested = vec!["additional_attributes"];
            nested.extend(key.split('.'));
            add(&nested);
        }
    }
}
