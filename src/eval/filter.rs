//! The reference evaluator: whether a conversation is one that a filter means.
//!
//! It decides as the server does, from the conversation that the server returns.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value;
use smol_str::SmolStr;

use super::boolean::parse_pg_boolean;
use super::date::PgDate;
use super::date_text::parse_pg_date;
use super::json_text::jsonb_text;
use super::number::{PgNumeric, parse_pg_numeric};
use super::text::{LikePattern, pg_lower, ruby_downcase};
use super::written::{Epoch, epoch, whole};
use crate::check::{Condition, Filter, Scalar, Test, Values};
use crate::schema::{Attribute, Case, IdType, Standard, ValueType};

/// A conversation as the API returns it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    conversation: &'a Value,
    /// What the server has and does not return, where it is known: `assignee_id`, `team_id`, `campaign_id`, `contact_id`.
    columns: Option<&'a Value>,
    today: PgDate,
}

impl<'a> Row<'a> {
    /// A conversation, and the time of the question, [`Schema::now`](crate::Schema::now), which some stored dates
    /// (`today`) depend on. The query's own relative dates do not: they were fixed when it was checked.
    #[must_use]
    pub fn new(conversation: &'a Value, now: Timestamp) -> Self {
        Self { conversation, columns: None, today: PgDate::of_epoch_second(now.as_second()) }
    }

    /// The same with the server's own columns, for tests and tools that have them: a JSON object with `assignee_id`,
    /// `team_id`, `campaign_id` and `contact_id`, of which those that are null or absent are missing. What no response
    /// carries can then be evaluated too.
    ///
    /// ```
    /// use cwql::eval::{Row, matches};
    /// use cwql::{Schema, check, parse};
    /// use serde_json::json;
    ///
    /// let schema = Schema::default();
    /// let asked = check(&parse("assignee IS PRESENT"), &schema)?;
    /// // Its agent was removed.
    /// let (conversation, columns) = (json!({"id": 7, "meta": {"assignee": null}}), json!({"assignee_id": 12}));
    /// let row = Row::new(&conversation, schema.now());
    /// assert!(!matches(&asked.filter, &row));
    /// assert!(matches(&asked.filter, &row.with_columns(&columns)));
    /// # Ok::<(), cwql::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn with_columns(self, columns: &'a Value) -> Self {
        Self { columns: Some(columns), ..self }
    }

    fn at(&self, path: &[&str]) -> Option<&'a Value> {
        path.iter().try_fold(self.conversation, |value, key| value.get(key)).filter(|value| !value.is_null())
    }

    fn column(&self, name: &str) -> Option<Option<i64>> {
        self.columns.map(|columns| columns.get(name).and_then(Value::as_i64))
    }
}

/// Whether a conversation is one that the filter means.
///
/// It decides from what is in the conversation's JSON. Of three things the server knows more than it returns: of campaigns,
/// of agents that were removed, and of labels with a comma. Conditions on them are decided as if there were no more than the
/// JSON says; [`not_carried`](super::not_carried) finds them, and [`Row::with_columns`] takes the ids from elsewhere.
///
/// ```
/// use cwql::{Schema, check, eval, parse};
///
/// let schema = Schema::default();
/// let checked = check(&parse("status = open AND unread_count > 0"), &schema)?;
/// let conversation = serde_json::json!({"id": 1, "status": "open", "unread_count": 2});
/// assert!(eval::matches(&checked.filter, &eval::Row::new(&conversation, schema.now())));
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
#[must_use]
pub fn matches(filter: &Filter, row: &Row<'_>) -> bool {
    holds(filter, row, false)
}

/// NOT of a condition is its opposite, which is not the same as its not holding: `NOT assignee = 12` leaves out
/// unassigned conversations.
fn holds(filter: &Filter, row: &Row<'_>, negated: bool) -> bool {
    match filter {
        Filter::Not(inner) => holds(inner, row, !negated),
        Filter::All(parts) if !negated => parts.iter().all(|part| holds(part, row, false)),
        Filter::All(parts) => parts.iter().any(|part| holds(part, row, true)),
        Filter::Any(parts) if !negated => parts.iter().any(|part| holds(part, row, false)),
        Filter::Any(parts) => parts.iter().all(|part| holds(part, row, true)),
        Filter::Condition(condition) if !negated => test(&condition.attribute, &condition.test, row),
        Filter::Condition(condition) => test(&condition.attribute, &condition.test.opposite(), row),
    }
}

fn test(attribute: &Attribute, test: &Test, row: &Row<'_>) -> bool {
    match attribute.value_type() {
        ValueType::Word(_) => {
            let word =
                row.at(&[if *attribute == Attribute::Standard(Standard::Status) { "status" } else { "priority" }]);
            word_test(attribute, test, word.and_then(Value::as_str))
        }
        ValueType::Id(kind) => id_test(test, id(kind, row)),
        ValueType::Labels => labels_test(test, row),
        ValueType::Text(case) => text_test(attribute, test, case, text(attribute, row).as_deref()),
        ValueType::Time => time_test(test, time(attribute, row)),
        ValueType::Date => date_test(attribute, test, stored(attribute, row), row.today),
        ValueType::Number => number_test(attribute, test, stored(attribute, row)),
        ValueType::Boolean => boolean_test(attribute, test, stored(attribute, row)),
    }
}

/// A stored value that is read as something else: missing, readable, or not readable as its type.
enum Stored<T> {
    Missing,
    Good(T),
    /// The server's cast fails on it. Here it is a value that equals nothing.
    Bad,
}

impl<T> Stored<T> {
    /// Casts the text of a stored value.
    fn read(value: Option<&Value>, parse: impl Fn(&str) -> Option<T>) -> Self {
        match value.and_then(jsonb_text) {
            None => Self::Missing,
            Some(text) => parse(&text).map_or(Self::Bad, Self::Good),
        }
    }

    /// Decides presence and inequality; `equal` and `compare` what is left.
    fn decide(
        self,
        attribute: &Attribute,
        test: &Test,
        equal: impl Fn(&T, &Values) -> bool,
        compare: impl Fn(&T, &Scalar) -> Option<std::cmp::Ordering>,
    ) -> bool {
        match (test, self) {
            (Test::Present, value) => !matches!(value, Self::Missing),
            (Test::Missing, value) => matches!(value, Self::Missing),
            (Test::NoneOf(_), Self::Missing) => Condition::unequal_matches_missing(attribute),
            (Test::NoneOf(_), Self::Bad) => true,
            (Test::AnyOf(values), Self::Good(value)) => equal(&value, values),
            (Test::NoneOf(values), Self::Good(value)) => !equal(&value, values),
            (Test::Compare(comparison, scalar), Self::Good(value)) => {
                compare(&value, scalar).is_some_and(|ordering| comparison.holds(ordering))
            }
            _ => false,
        }
    }
}

fn word_test(attribute: &Attribute, test: &Test, word: Option<&str>) -> bool {
    let equal = |word: &&str, values: &Values| matches!(values, Values::Words(words) if words.contains(word));
    word.map_or(Stored::Missing, Stored::Good).decide(attribute, test, equal, |_, _| None)
}

/// Whether an assignee of this type is an agent: a bot's id is of another table.
pub(crate) fn is_agent(assignee_type: Option<&Value>) -> bool {
    assignee_type.is_none_or(|kind| kind.is_null() || kind == "User")
}

fn id(kind: IdType, row: &Row<'_>) -> Option<i64> {
    let at = |path: &[&str]| row.at(path).and_then(whole);
    match kind {
        IdType::Agent => row.column("assignee_id").unwrap_or_else(|| {
            let agent = is_agent(row.at(&["meta", "assignee_type"]));
            agent.then(|| at(&["meta", "assignee", "id"])).flatten()
        }),
        IdType::Inbox => at(&["inbox_id"]),
        IdType::Team => row.column("team_id").unwrap_or_else(|| at(&["meta", "team", "id"])),
        IdType::Campaign => row.column("campaign_id").flatten(),
        IdType::Contact => row.column("contact_id").unwrap_or_else(|| at(&["meta", "sender", "id"])),
        IdType::Conversation => at(&["id"]),
    }
}

fn id_test(test: &Test, id: Option<i64>) -> bool {
    let Some(id) = id else { return *test == Test::Missing };
    match test {
        Test::AnyOf(Values::Ids(ids)) => ids.contains(&id),
        Test::NoneOf(Values::Ids(ids)) => !ids.contains(&id),
        Test::Contains(digits) => id.to_string().contains(&**digits),
        Test::NotContains(digits) => !id.to_string().contains(&**digits),
        Test::Like(pattern) => LikePattern::new(pattern).matches_in(&id.to_string(), Case::Ignored),
        Test::NotLike(pattern) => !LikePattern::new(pattern).matches_in(&id.to_string(), Case::Ignored),
        Test::Present => true,
        _ => false,
    }
}

fn labels_test(test: &Test, row: &Row<'_>) -> bool {
    let labels = row.at(&["labels"]).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let any = |wanted: &[SmolStr]| wanted.iter().any(|name| labels.iter().any(|label| label.as_str() == Some(&**name)));
    match test {
        Test::AnyOf(Values::Texts(wanted)) => any(wanted),
        Test::NoneOf(Values::Texts(wanted)) => !any(wanted),
        Test::Present => !labels.is_empty(),
        Test::Missing => labels.is_empty(),
        _ => false,
    }
}

/// The text of an attribute that holds texts.
fn text<'a>(attribute: &Attribute, row: &Row<'a>) -> Option<Cow<'a, str>> {
    stored(attribute, row).and_then(jsonb_text)
}

/// The value of an attribute where it stands in the returned conversation; `None` if it is missing or null.
fn stored<'a>(attribute: &Attribute, row: &Row<'a>) -> Option<&'a Value> {
    match attribute {
        Attribute::Standard(standard) => row.at(&["additional_attributes", standard.info().key]),
        Attribute::Local(local) => row.at(local.info().path),
        Attribute::Custom(custom) => row.at(&["custom_attributes", &custom.key]),
        Attribute::ContactCustom(key) => row.at(&["meta", "sender", "custom_attributes", key]),
        Attribute::Additional(key) => row.at(&["additional_attributes", key]).or_else(|| {
            let nested = row.at(&["additional_attributes"])?;
            key.split('.').try_fold(nested, |value, part| value.get(part)).filter(|value| !value.is_null())
        }),
    }
}

fn text_test(attribute: &Attribute, test: &Test, case: Case, text: Option<&str>) -> bool {
    let Some(text) = text else {
        return match test {
            Test::Missing => true,
            Test::NoneOf(_) => Condition::unequal_matches_missing(attribute),
            _ => false,
        };
    };
    let equal = |values: &Values| match (values, case) {
        (Values::Texts(texts), Case::Sensitive) => texts.iter().any(|wanted| **wanted == *text),
        (Values::Texts(texts), Case::Ignored) => {
            let lower = pg_lower(text);
            texts.iter().any(|wanted| ruby_downcase(wanted) == lower)
        }
        _ => false,
    };
    let contains = |part: &str| match attribute.containment_case() {
        Case::Sensitive => text.contains(part),
        Case::Ignored => pg_lower(text).contains(&pg_lower(part)),
    };
    let starts = |start: &str| match case {
        Case::Sensitive => text.starts_with(start),
        Case::Ignored => pg_lower(text).starts_with(&pg_lower(start)),
    };
    let like = |pattern: &str| LikePattern::new(pattern).matches_in(text, attribute.containment_case());
    match test {
        Test::AnyOf(values) => equal(values),
        Test::NoneOf(values) => !equal(values),
        Test::Contains(part) => contains(part),
        Test::NotContains(part) => !contains(part),
        Test::StartsWith(start) => starts(start),
        Test::NotStartsWith(start) => !starts(start),
        Test::Like(pattern) => like(pattern),
        Test::NotLike(pattern) => !like(pattern),
        Test::Present => true,
        Test::Missing | Test::Compare(..) => false,
    }
}

/// A time in epoch seconds. Some are texts; 0 is how the API says that there is none.
fn time(attribute: &Attribute, row: &Row<'_>) -> Option<Epoch> {
    let (value, zero_is_missing) = match attribute {
        Attribute::Standard(Standard::CreatedAt) => (row.at(&["created_at"]), false),
        Attribute::Standard(_) => (row.at(&["last_activity_at"]), false),
        Attribute::Local(local) => (row.at(local.info().path), true),
        _ => return None,
    };
    let epoch = epoch(value?)?;
    (epoch.second != 0 || !zero_is_missing).then_some(epoch)
}

fn time_test(test: &Test, epoch: Option<Epoch>) -> bool {
    let Some(Epoch { second, nanosecond }) = epoch else { return *test == Test::Missing };
    let day = PgDate::of_epoch_second(second);
    // It may be beyond the years of a timestamp.
    let at = i128::from(second) * 1_000_000_000;
    let instant = |instant: &Timestamp| match instant.subsec_nanosecond() {
        // A whole second is asked for: a stored one is its beginning.
        0 => at.cmp(&instant.as_nanosecond()),
        _ => (at + i128::from(nanosecond)).cmp(&instant.as_nanosecond()),
    };
    let equal = |values: &Values| match values {
        Values::Days(days) => days.iter().any(|wanted| PgDate::from(*wanted) == day),
        Values::Instants(instants) => instants.iter().any(|wanted| instant(wanted).is_eq()),
        _ => false,
    };
    match test {
        Test::AnyOf(values) => equal(values),
        Test::NoneOf(values) => !equal(values),
        Test::Compare(comparison, Scalar::Day(wanted) | Scalar::DaysAgo(_, wanted)) => {
            comparison.holds(day.cmp(&PgDate::from(*wanted)))
        }
        Test::Compare(comparison, Scalar::Instant(wanted)) => comparison.holds(instant(wanted)),
        Test::Present => true,
        _ => false,
    }
}

fn date_test(attribute: &Attribute, test: &Test, value: Option<&Value>, today: PgDate) -> bool {
    let stored = Stored::read(value, |text| parse_pg_date(text, today));
    let equal = |date: &PgDate, values: &Values| matches!(values, Values::Days(days) if days.iter().any(|day| PgDate::from(*day) == *date));
    let compare = |date: &PgDate, scalar: &Scalar| match scalar {
        Scalar::Day(day) | Scalar::DaysAgo(_, day) => Some(date.cmp(&PgDate::from(*day))),
        _ => None,
    };
    stored.decide(attribute, test, equal, compare)
}

fn number_test(attribute: &Attribute, test: &Test, value: Option<&Value>) -> bool {
    let stored = Stored::read(value, parse_pg_numeric);
    let equal = |number: &PgNumeric, values: &Values| matches!((number.finite(), values), (Some(number), Values::Numbers(numbers)) if numbers.contains(&number));
    let compare = |number: &PgNumeric, scalar: &Scalar| match scalar {
        Scalar::Number(bound) => Some(number.cmp(&PgNumeric::Finite(bound.clone()))),
        _ => None,
    };
    stored.decide(attribute, test, equal, compare)
}

fn boolean_test(attribute: &Attribute, test: &Test, value: Option<&Value>) -> bool {
    let stored = Stored::read(value, parse_pg_boolean);
    let equal =
        |boolean: &bool, values: &Values| matches!(values, Values::Booleans(booleans) if booleans.contains(boolean));
    stored.decide(attribute, test, equal, |_, _| None)
}
