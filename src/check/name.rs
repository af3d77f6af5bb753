//! Names of attributes.

use crate::diagnostic::{Diagnostic, catalogue, nearest, nearest_or_longer};
use crate::schema::{Account, Attribute, Custom, CustomKind, LOCAL, STANDARD, Schema, StandardInfo};
use crate::source::Span;
use crate::syntax::parted;
use crate::syntax::spelling::{may_be_negated, without_negation};

/// The prefixes of attributes with keys of the account's own.
const CUSTOM: &str = "custom.";
const ADDITIONAL: &str = "additional.";
const CONTACT: &str = "contact.";
const CONTACT_CUSTOM: &str = "contact.custom.";

/// An attribute, and whether its type is still to be taken from the values.
pub(super) struct Resolved {
    pub attribute: Attribute,
    pub guess: bool,
}

impl From<Attribute> for Resolved {
    fn from(attribute: Attribute) -> Self {
        Self { attribute, guess: false }
    }
}

/// How many places there are for the names of standard attributes: so many that each has its own.
const SLOTS: usize = 128;

/// Each key and alias of the standard attributes, and the row it belongs to, at its [`slot`].
static BY_NAME: [Option<(&str, u8)>; SLOTS] = {
    assert!(STANDARD.len() <= u8::MAX as usize, "a row is told by a byte");
    let mut table = [None; SLOTS];
    let mut row = 0;
    while row < STANDARD.len() {
        #[expect(clippy::indexing_slicing, reason = "a row or place beyond its table does not compile")]
        {
            let info = &STANDARD[row];
            let mut name = 0;
            while name <= info.aliases.len() {
                let spelled = if name == 0 { info.key } else { info.aliases[name - 1] };
                let place = slot(spelled.as_bytes());
                assert!(table[place].is_none(), "two names have one place: another factor in `slot` parts them");
                table[place] = Some((spelled, row as u8));
                name += 1;
            }
        }
        row += 1;
    }
    table
};

/// Where a name is looked for: its length and ends tell all of them apart.
const fn slot(name: &[u8]) -> usize {
    match name {
        [first, .., last] => (name.len() + (*first as usize) * 2 + *last as usize) % SLOTS,
        _ => 0,
    }
}

/// The standard attribute with this key or alias.
pub(super) fn standard(name: &[u8]) -> Option<&'static StandardInfo> {
    let (known, row) = (*BY_NAME.get(slot(name))?)?;
    if known.as_bytes() == name { STANDARD.get(usize::from(row)) } else { None }
}

/// Finds the attribute that a name means; `known` is the standard one, if it was found before.
pub(super) fn resolve(
    name: &str,
    known: Option<&'static StandardInfo>,
    span: Span,
    schema: &Schema,
) -> Result<Resolved, Diagnostic> {
    known_as(name, known, span, schema).unwrap_or_else(|| Err(unknown(name, span, schema)))
}

/// The same, where so much is wrong that nobody reads what else it might be.
#[cold]
pub(super) fn resolve_briefly(
    name: &str,
    known: Option<&'static StandardInfo>,
    span: Span,
    schema: &Schema,
) -> Result<Resolved, Diagnostic> {
    let unknown = || catalogue::unknown_attribute(span, name, &[], schema.knows_custom());
    known_as(name, known, span, schema).unwrap_or_else(|| Err(unknown()))
}

/// The same; none of a name that is like no other, of which there is more to tell.
fn known_as(
    name: &str,
    known: Option<&'static StandardInfo>,
    span: Span,
    schema: &Schema,
) -> Option<Result<Resolved, Diagnostic>> {
    if let Some(info) = known.or_else(|| standard(name.as_bytes())) {
        // An attribute that a later server added can be read from the conversation; one that was removed cannot be
        // what the server filters by.
        if info.until.is_some_and(|until| schema.version >= until) {
            if let Some(definition) = schema.account.as_ref().and_then(|account| account.custom(name)) {
                return Some(Ok(Attribute::Custom(Custom { key: name.into(), kind: definition.kind }).into()));
            }
            let instead = format!("{ADDITIONAL}{}", info.key);
            return Some(Err(catalogue::attribute_not_in_version(span, name, &schema.version.to_string(), &instead)));
        }
        return Some(Ok(Attribute::Standard(info.attribute).into()));
    }
    let account = schema.account.as_ref();
    if let Some(key) = name.strip_prefix(CUSTOM) {
        return Some(custom(key, name, span, schema));
    }
    if let Some(key) = name.strip_prefix(CONTACT_CUSTOM) {
        return Some(if key.is_empty() {
            Err(catalogue::empty_key(span, CONTACT_CUSTOM))
        } else {
            Ok(Attribute::ContactCustom(key.into()).into())
        });
    }
    if let Some(key) = name.strip_prefix(ADDITIONAL) {
        if key.is_empty() {
            return Some(Err(catalogue::empty_key(span, ADDITIONAL)));
        }
        let standard = StandardInfo::with_key(key, schema.version).filter(|info| info.additional);
        let attribute =
            standard.map_or_else(|| Attribute::Additional(key.into()), |info| Attribute::Standard(info.attribute));
        return Some(Ok(attribute.into()));
    }
    if let Some(info) = LOCAL.iter().find(|info| info.name == name) {
        return Some(Ok(Attribute::Local(info.attribute).into()));
    }
    if let Some(definition) = account.and_then(|account| account.custom(name)) {
        return Some(Ok(Attribute::Custom(Custom { key: name.into(), kind: definition.kind }).into()));
    }
    if account.is_some_and(|account| account.contact_custom.iter().any(|key| key == name)) {
        return Some(Err(catalogue::wrong_attribute_kind(span, name, &format!("{CONTACT_CUSTOM}{name}"))));
    }
    if let Some(rest) = name.strip_prefix(CONTACT) {
        if account.is_some_and(|account| account.contact_custom.iter().any(|key| key == rest)) {
            return Some(Err(catalogue::wrong_attribute_kind(span, name, &format!("{CONTACT_CUSTOM}{rest}"))));
        }
        let mut near = near_in(CONTACT, rest, LOCAL.iter().filter_map(|info| info.name.strip_prefix(CONTACT)));
        if near.is_empty() {
            let own = (rest == "id").then(|| "contact".to_owned());
            near.extend(own.or_else(|| with_its_prefix(name, span, schema)));
        }
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        return Some(Err(catalogue::unknown_attribute(span, name, &near, schema.knows_custom())));
    }
    None
}

/// What is told of a name that is none.
#[cold]
fn unknown(name: &str, span: Span, schema: &Schema) -> Diagnostic {
    let mut known: Vec<&str> = STANDARD
        .iter()
        .filter(|info| info.exists_in(schema.version))
        .flat_map(|info| info.aliases.iter().copied().chain([info.key]))
        .collect();
    known.extend(LOCAL.iter().map(|info| info.name));
    // A key that begins with a prefix means something else by itself.
    let own = schema.definitions().iter().map(|definition| definition.key.as_str());
    known.extend(own.filter(|key| !is_prefixed(key)));
    let flat = name.trim_start_matches('.').replace('.', "_");
    let other_words = OTHER_WORDS.iter().find(|(word, _)| flat.eq_ignore_ascii_case(word)).map(|(_, names)| *names);
    let near = other_words.map_or_else(|| nearest_or_longer(name, known), <[_]>::to_vec);
    // `NOTpriority` is near to `priority`, and means the opposite; so does `-priority`, as search boxes have it.
    let is_known = |name: &&str| known_as(name, None, span, schema).is_some_and(|known| known.is_ok());
    let excluded = || {
        let sign = ["-", "\u{2212}", "\u{2013}", "\u{AC}"].into_iter().filter_map(|sign| name.strip_prefix(sign));
        sign.chain(without_negation(name)).find(is_known).map(|own| format!("NOT {own}"))
    };
    if let Some(fixed) = excluded().or_else(|| parted(name))
        && fixed.strip_prefix("NOT ").is_some_and(|own| is_known(&own))
    {
        return catalogue::missing_blank(span, name, &fixed);
    }
    let mended = if near.is_empty() { with_its_prefix(name, span, schema) } else { None };
    let near: Vec<&str> = near.into_iter().chain(mended.as_deref()).collect();
    let unknown = catalogue::unknown_attribute(span, name, &near, schema.knows_custom());
    let unsure = may_be_negated(name) || other_words.is_some_and(|names| names.len() > 1);
    if unsure { Diagnostic { fix: None, ..unknown } } else { unknown }
}

/// What is told of the key of a contact's custom attribute that the account does not define, where its definitions are
/// known: contacts may have it all the same.
#[cold]
pub(super) fn undefined(key: &str, name: &str, span: Span, account: &Account) -> Option<Diagnostic> {
    let defined = account.contact_custom.iter().any(|known| known == key);
    if defined || account.custom.is_none() {
        return None;
    }
    let own = account.custom(key).map(|_| format!("{CUSTOM}{key}"));
    let near = || near_in(CONTACT_CUSTOM, key, account.contact_custom.iter().map(String::as_str)).into_iter().next();
    Some(catalogue::undefined_key(span, name, own.or_else(near).as_deref()))
}

/// What else people call an attribute, which is near to none of its names; several where any of them may be meant.
const OTHER_WORDS: &[(&str, &[&str])] = &[
    ("agent", &["assignee"]),
    ("agent_name", &["assignee"]),
    ("assignee_name", &["assignee"]),
    ("inbox_name", &["inbox"]),
    ("team_name", &["team"]),
    ("campaign_name", &["campaign"]),
    ("country_name", &["contact.country_code"]),
    ("owner", &["assignee"]),
    ("tag", &["label"]),
    ("tags", &["label"]),
    ("conversation", &["id"]),
    ("conversation_id", &["id"]),
    ("conversation_identifier", &["id"]),
    ("ticket", &["id"]),
    ("number", &["id"]),
    ("key", &["id"]),
    ("state", &["status"]),
    ("severity", &["priority"]),
    ("group", &["team"]),
    ("mailbox", &["inbox"]),
    ("queue", &["inbox", "team"]),
    ("via", &["channel"]),
    ("source", &["channel"]),
    ("body", &["message"]),
    ("text", &["message"]),
    ("content", &["message"]),
    ("page", &["referer"]),
    ("referer_link", &["referer"]),
    ("url", &["referer"]),
    ("from", &["contact.email", "contact.name"]),
    ("sender", &["contact.email", "contact.name"]),
    ("requester", &["contact.email", "contact.name"]),
    ("customer", &["contact.email", "contact.name"]),
    ("user", &["assignee", "contact.name"]),
    // No conversation says who made it.
    ("created_by", &[]),
    ("contact_id", &["contact"]),
    ("assignee_email", &["assignee"]),
    ("meta_assignee_email", &["assignee"]),
    ("meta_assignee_name", &["assignee"]),
    ("meta_assignee_id", &["assignee"]),
    ("meta_team_id", &["team"]),
    ("meta_sender_id", &["contact"]),
    ("meta_team_name", &["team"]),
    ("meta_channel", &["channel"]),
    ("messages_content", &["message"]),
    ("date", &["created_at", "last_activity_at"]),
    ("time", &["created_at", "last_activity_at"]),
];

/// Whether other people call an attribute so.
pub(super) fn is_called(name: &str) -> bool {
    OTHER_WORDS.iter().any(|(word, _)| name.eq_ignore_ascii_case(word))
}

/// The prefixes that the API's own objects have.
const OTHER_PREFIXES: &[(&str, &str)] = &[
    ("custom_attributes.", CUSTOM),
    ("additional_attributes.", ADDITIONAL),
    ("custom_attribute.", CUSTOM),
    ("meta.sender.custom_attributes.", CONTACT_CUSTOM),
    ("sender.custom_attributes.", CONTACT_CUSTOM),
    ("contact.custom_attributes.", CONTACT_CUSTOM),
    ("contact.additional_attributes.", CONTACT),
    ("meta.sender.", CONTACT),
    ("sender.", CONTACT),
];

/// Whether a name begins as those of the account's own attributes do.
fn is_prefixed(name: &str) -> bool {
    [CUSTOM, ADDITIONAL, CONTACT].iter().any(|prefix| name.starts_with(prefix))
}

/// The name with the prefix that its own nearly is, if there is such an attribute: `custom.plan` of `cstom.plan`.
fn with_its_prefix(name: &str, span: Span, schema: &Schema) -> Option<String> {
    let name = name.trim_start_matches('.');
    let behind = |prefix: &str| {
        let (before, rest) = name.split_at_checked(prefix.len())?;
        before.eq_ignore_ascii_case(prefix).then_some(rest)
    };
    if let Some((rest, own)) = OTHER_PREFIXES.iter().find_map(|(other, own)| Some((behind(other)?, own))) {
        let meant = format!("{own}{rest}");
        return resolve(&meant, None, span, schema).is_ok().then_some(meant);
    }
    let (prefix, rest) = name.split_once('.')?;
    let prefixes = [CUSTOM, ADDITIONAL, CONTACT].map(|prefix| prefix.trim_end_matches('.'));
    let meant = format!("{}.{rest}", nearest(prefix, prefixes).first()?);
    (meant != name && resolve(&meant, None, span, schema).is_ok()).then_some(meant)
}

/// The names near to one with this prefix. The prefix is left out of the comparison: it would make all of them alike.
fn near_in<'a>(prefix: &str, rest: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    nearest_or_longer(rest, known).into_iter().map(|near| format!("{prefix}{near}")).collect()
}

fn custom(key: &str, name: &str, span: Span, schema: &Schema) -> Result<Resolved, Diagnostic> {
    if key.is_empty() {
        return Err(catalogue::empty_key(span, CUSTOM));
    }
    // Definitions that could not be read are not known, which is not that there are none.
    let Some(account) = schema.account.as_ref().filter(|account| account.custom.is_some()) else {
        let attribute = Attribute::Custom(Custom { key: key.into(), kind: CustomKind::Text });
        return Ok(Resolved { attribute, guess: true });
    };
    if let Some(definition) = account.custom(key) {
        return Ok(Attribute::Custom(Custom { key: key.into(), kind: definition.kind }).into());
    }
    if account.contact_custom.iter().any(|known| known == key) {
        return Err(catalogue::wrong_attribute_kind(span, name, &format!("{CONTACT_CUSTOM}{key}")));
    }
    let near = near_in(CUSTOM, key, account.definitions().iter().map(|definition| definition.key.as_str()));
    Err(catalogue::unknown_attribute(span, name, &near.iter().map(String::as_str).collect::<Vec<_>>(), true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::OperatorGroup;

    #[test]
    fn every_key_and_alias_is_found() {
        for info in STANDARD {
            for name in info.aliases.iter().chain([&info.key]) {
                assert_eq!(standard(name.as_bytes()).map(|found| found.attribute), Some(info.attribute), "{name}");
                for other in [format!("{name}x"), name.replacen(|_| true, "", 1), name.to_uppercase()] {
                    let known = STANDARD.iter().any(|info| info.key == other || info.aliases.contains(&&*other));
                    assert_eq!(standard(other.as_bytes()).is_some(), known, "{other}");
                }
            }
        }
        assert!(["", "x", "é"].iter().all(|name| standard(name.as_bytes()).is_none()));
    }

    #[test]
    fn equality_and_presence_go_with_every_attribute() {
        let standard = STANDARD.iter().map(|row| Attribute::Standard(row.attribute));
        let local = LOCAL.iter().map(|row| Attribute::Local(row.attribute));
        let custom = CustomKind::NAMES.iter().map(|&(_, kind)| Attribute::Custom(Custom { key: "k".into(), kind }));
        let keys = [Attribute::Additional("k".into()), Attribute::ContactCustom("k".into())];
        for attribute in standard.chain(local).chain(custom).chain(keys) {
            for group in OperatorGroup::ALL {
                assert_eq!(attribute.allows(group), attribute.operators().contains(&group), "{attribute} {group:?}");
            }
        }
    }
}
