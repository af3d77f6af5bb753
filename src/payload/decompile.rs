//! Payload → query text, and what a server reads otherwise than it looks.
//!
//! The payload is read by the very code that the sandbox answers by (`server`), so its meaning is the server's: the
//! order of the checks, AND before OR, removed `null`s, the first value alone, the leak behind a custom attribute.
//! The text means the same in the language; where the language has no words for it, that is an error and nothing
//! nearly the same is printed.
//!
//! | the server | the text |
//! | --- | --- |
//! | `A AND custom not_equal_to [v]`, at the end | `A AND custom != v OR custom IS MISSING` |
//! | an unknown word: ignored, or under `not_equal_to` no match at all | left out; `id = 0` |
//! | no condition | `id IS PRESENT` |
//! | `contains ["%v%"]`, `["v\\%"]`, `["%"]`, `["_"]` | `CONTAINS v`, `CONTAINS "v%"`, `IS PRESENT`, `!= ""` |
//! | `contains` with a wildcard inside | left out where another value finds as much, else an error |
//! | a custom date outside of the years 1583 to 9998, a custom number `NaN` | an error |
//! | a custom date `is_less_than ["9999-01-01"]`, `is_greater_than ["1582-12-31"]` | `<= 9998-12-31`, `>= 1583-01-01` |
//! | `days_before [7]` | `< -7d` |

mod meaning;
mod source;
mod traps;
mod types;

use crate::check::{self, Filter, LONGEST_PLAIN, YEARS, check, lint, to_text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, catalogue, nearest};
use crate::eval::date::PgDate;
use crate::schema::{Account, Attribute, Custom, CustomKind, Schema, Standard, StandardInfo, ValueType, WireOperator};
use crate::server::{
    AttributeType, Column, Condition, Definitions, FilterService, Json, Model, NumberColumn, Operand, Quirks, Refusal,
    SqlError, SqlType, Token, check_query_operator,
};
use crate::source::Span;
use crate::syntax::{MAX_BYTES, parse};
use meaning::{Meaning, Unsayable, everything, in_any_zone, nothing};
use source::{Document, Payload, Written};
use traps::Trap;
use types::Types;

/// A payload read back.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Decompiled {
    /// What the payload means to the server. Its places are those of the JSON text.
    pub filter: Filter,
    /// The same as a query, on one line.
    pub text: String,
    /// Where the server reads the payload otherwise than it looks. Their places are those of the JSON text.
    pub warnings: Diagnostics,
}

/// Reads a payload back to query text, as the server of `schema.version` reads it.
///
/// The text is an array of conditions, a request's body `{"payload": […]}`, or a view as the dashboard saves it,
/// `{"query": {"payload": […]}}`. What the server refuses only because the dashboard has not yet made it ready to be
/// sent (an operator on the last condition, `values` that is no array) is read as the dashboard sends it, with a
/// warning; of a saved view that is always so. Without `schema.account` the types of custom attributes are guessed
/// from the values.
///
/// ```
/// use cwql::{Code, Schema, decompile};
///
/// let payload = r#"[{"attribute_key":"status","filter_operator":"equal_to","values":["open","Pending"]}]"#;
/// let decompiled = decompile(payload, &Schema::default())?;
/// assert_eq!(decompiled.text, "status = open");
/// let warning = decompiled.warnings.iter().next().unwrap();
/// assert_eq!(warning.code, Code::PayloadUnknownWord);
/// assert_eq!(warning.span().of(payload), "\"Pending\"");
/// assert!(decompiled.warnings.to_string().starts_with("payload:1:"));
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
///
/// # Errors
/// `cwql::payload_syntax` if the text is no JSON, `cwql::payload_refused` for each part that makes the server answer
/// 422 or 500, `cwql::payload_not_sayable` where the language has no words for what the server does.
pub fn decompile(json: &str, schema: &Schema) -> Result<Decompiled, Diagnostics> {
    match read_back(json, schema) {
        Ok(read) => Ok(Decompiled { warnings: read.warnings.of_payload(), ..read }),
        Err(problems) => Err(problems.of_payload()),
    }
}

fn read_back(json: &str, schema: &Schema) -> Result<Decompiled, Diagnostics> {
    let failed = |diagnostic| Err(Diagnostics::new(json, vec![diagnostic]));
    if json.len() > MAX_BYTES {
        return failed(catalogue::query_too_large(json.len(), MAX_BYTES));
    }
    let Document { span, payload, saved } = match source::read(json) {
        Ok(document) => document,
        Err(diagnostic) => return failed(diagnostic),
    };
    let quirks = Quirks::of(schema.version);
    let (conditions, nulls) = match payload {
        Payload::Conditions { conditions, nulls } => (conditions, nulls),
        Payload::EmptyObject if quirks.empty_object_payload => (Vec::new(), Vec::new()),
        Payload::EmptyObject | Payload::None => return failed(catalogue::payload_without_conditions(span)),
    };
    let types = Types::of(&conditions, schema);
    let reader = Reader { schema, quirks, types, today: PgDate::of_epoch_second(schema.now().as_second()), saved };
    let mut warnings: Vec<Diagnostic> = nulls.into_iter().map(catalogue::payload_null_removed).collect();
    if conditions.is_empty() {
        warnings.push(catalogue::payload_everything(span));
        return finish(everything(span), warnings, json, span, schema);
    }
    let mut read = reader.read(&conditions);
    if saved || !read.errors.is_empty() {
        let sent = source::as_dashboard_sends(&conditions);
        let mended = reader.read(&sent);
        let mends = mends(&conditions, &sent, &read, &mended);
        if saved || !mends.is_empty() {
            read = mended;
            warnings.extend(mends);
        }
    }
    if !read.errors.is_empty() {
        return Err(Diagnostics::new(json, read.errors));
    }
    warnings.extend(read.warnings);
    finish(read.filter, warnings, json, span, schema)
}

/// What the dashboard changes before it sends, as far as that changes how the server reads it.
fn mends(conditions: &[Written], sent: &[Written], read: &Read, mended: &Read) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (i, (before, after)) in conditions.iter().zip(sent).enumerate() {
        if before.value_list() != after.value_list() && read.parts.get(i) != mended.parts.get(i) {
            found.push(catalogue::payload_values_made_array(before.values_span(), &after.value_list().inspect()));
        }
    }
    if let (Some(before), Some(after)) = (conditions.last(), sent.last())
        && let Some(span) = before.query_operator
        && before.json.get("query_operator") != after.json.get("query_operator")
        && !matches!(before.json.get("query_operator"), Json::Str(text) if text.is_empty())
    {
        // What passes the check breaks the SQL.
        let status = check_query_operator(&before.json).err().map_or(500, |refusal| refusal.status());
        found.push(catalogue::payload_trailing_operator(span, status));
    }
    found
}

/// Writes the text and adds what is to be said of the filter as a whole.
fn finish(
    filter: Filter,
    mut warnings: Vec<Diagnostic>,
    json: &str,
    span: Span,
    schema: &Schema,
) -> Result<Decompiled, Diagnostics> {
    let utc = schema.zone == jiff::tz::TimeZone::UTC;
    let text = if utc { to_text(&filter) } else { to_text(&in_any_zone(&filter)) };
    // A key with a line break, more conditions than a query may have: whatever has no text ends here.
    if let Err(problems) = check(&parse(&text), schema) {
        let reason = problems.iter().next().map(|problem| problem.message.clone()).unwrap_or_default();
        let diagnostic = catalogue::payload_not_sayable(
            span,
            "no query says this",
            format!("the query would be refused: {reason}"),
            "the payload is legal all the same",
        );
        return Err(Diagnostics::new(json, vec![diagnostic]));
    }
    let mut found = Vec::new();
    // The filter's places are those in the payload.
    lint(&filter, "", &mut found);
    let mut dropped: Vec<Span> = Vec::new();
    for diagnostic in found {
        if diagnostic.code == Code::NullDropped {
            // One condition of a payload may be several of a query.
            if !dropped.contains(&diagnostic.span()) {
                dropped.push(diagnostic.span());
                warnings.extend(null_dropped(&filter, diagnostic.span()));
            }
        } else if !is_explained(&filter, &diagnostic) {
            warnings.push(diagnostic);
        }
    }
    Ok(Decompiled { text, warnings: Diagnostics::new(json, warnings), filter })
}

/// What is told of a condition of the payload that leaves out missing values.
fn null_dropped(filter: &Filter, span: Span) -> Option<Diagnostic> {
    let is_meant = |condition: &&check::Condition| condition.span == span && condition.attribute.nullable();
    let parts: Vec<check::Condition> = filter.conditions().filter(is_meant).cloned().collect();
    let attribute = parts.first()?.attribute.clone();
    let missing = check::Condition { attribute: attribute.clone(), test: check::Test::Missing, span };
    let all = Filter::All(parts.into_iter().map(Filter::Condition).collect());
    let with_missing = format!("({})", to_text(&Filter::Any(vec![all, Filter::Condition(missing)])));
    Some(catalogue::payload_null_dropped(span, &attribute.to_string(), &with_missing))
}

/// Whether a lint speaks of a condition that stands in the filter for what another warning tells.
fn is_explained(filter: &Filter, diagnostic: &Diagnostic) -> bool {
    filter.conditions().any(|condition| {
        condition.attribute == Attribute::Standard(Standard::DisplayId)
            && (condition.test == check::Test::Present
                || matches!(&condition.test, check::Test::AnyOf(check::Values::Ids(ids)) if ids.as_slice() == [0]))
            && diagnostic.labels.iter().any(|label| label.span == condition.span)
    })
}

struct Reader<'a> {
    schema: &'a Schema,
    quirks: Quirks,
    types: Types<'a>,
    today: PgDate,
    saved: bool,
}

/// What has been read.
struct Read {
    /// Each condition's own filter; none if the server refuses it.
    parts: Vec<Option<Filter>>,
    filter: Filter,
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn read(&self, conditions: &[Written]) -> Read {
        let mut read = Read {
            parts: Vec::with_capacity(conditions.len()),
            filter: Filter::NOTHING,
            errors: Vec::new(),
            warnings: Vec::new(),
        };
        for written in conditions {
            if let Err(refusal) = check_query_operator(&written.json) {
                read.errors.push(match (&refusal, written.query_operator) {
                    (Refusal::ServerError(_), Some(span)) => no_word(span),
                    _ => self.refused(written, &refusal),
                });
            }
        }
        let mut service = FilterService::new(&self.types, &self.quirks, self.today);
        let mut custom: Option<Span> = None;
        for written in conditions {
            let leak = custom;
            let before = service.tokens().len();
            let refusal = service.add(&written.json).err();
            let refusal = refusal.or(service.take_sql_error().map(|SqlError(reason)| Refusal::ServerError(reason)));
            if custom.is_none() && service.leaks() {
                custom = Some(written.key.unwrap_or(written.span));
            }
            let part = match (refusal, service.tokens().get(before)) {
                (None, Some(Token::Condition(condition))) => self.part(written, condition, leak, &mut read),
                (refusal, _) => {
                    let refusal = refusal.unwrap_or_else(|| Refusal::server_error("syntax error"));
                    read.errors.push(self.refused(written, &refusal));
                    None
                }
            };
            read.parts.push(part);
        }
        let order = Order::of(conditions, &mut read);
        order.precedence(&mut read.warnings);
        read.filter = self.join(conditions, &order, &mut read);
        read
    }

    /// One condition's filter.
    fn part(&self, written: &Written, condition: &Condition, leak: Option<Span>, read: &mut Read) -> Option<Filter> {
        let attribute = self.attribute(&condition.operand);
        let saved = self.saved || written.from_dashboard;
        Trap { written, condition, attribute: &attribute, leak, saved }.find(&mut read.warnings);
        if let (Types::Guessed(_), Attribute::Custom(Custom { key, kind })) = (&self.types, &attribute) {
            read.warnings.push(catalogue::guessed_type(written.key.unwrap_or(written.span), key, kind.name()));
        }
        let today = (written.operator() == WireOperator::DaysBefore.as_str()).then_some(self.today);
        let meaning = Meaning { condition, attribute, written, today };
        match meaning.filter() {
            Ok(filter) => Some(filter),
            Err(unsayable) => {
                read.errors.push(not_sayable(written, unsayable));
                None
            }
        }
    }

    /// Joins the conditions as SQL does: AND before OR.
    fn join(&self, conditions: &[Written], order: &Order, read: &mut Read) -> Filter {
        let mut groups: Vec<Vec<Filter>> = vec![Vec::new()];
        for (i, (written, part)) in conditions.iter().zip(&read.parts).enumerate() {
            let part = part.clone().unwrap_or_else(|| nothing(written.span));
            let is_unequal = self.is_custom_unequal(written);
            if let Some(group) = groups.last_mut() {
                group.push(part.clone());
                let alone = group.len() == 1;
                if i + 1 < conditions.len() {
                    if is_unequal {
                        let span = written.operator.unwrap_or(written.span);
                        read.errors.push(catalogue::payload_misplaced_not_equal(span, written.key()));
                    }
                } else if is_unequal && !(alone && is_inequality(&part)) {
                    // `A AND x NOT IN (v) OR x IS NULL`. In the language `x != v` holds for a missing x too, which
                    // the second alternative lets in anyway.
                    if !alone {
                        read.warnings.push(catalogue::payload_custom_not_equal(written.span, written.key()));
                    }
                    if let Some(missing) = self.missing(written) {
                        groups.push(vec![missing]);
                    }
                }
            }
            if order.or_behind(i) {
                groups.push(Vec::new());
            }
        }
        let alternatives = groups.into_iter().flat_map(|group| match joined(group, Filter::All) {
            // An `IN` of several patterns is a disjunction itself.
            Filter::Any(parts) => parts,
            other => vec![other],
        });
        joined(alternatives.collect(), Filter::Any)
    }

    /// Whether the server appends `OR … IS NULL` for it.
    fn is_custom_unequal(&self, written: &Written) -> bool {
        written.operator() == WireOperator::NotEqualTo.as_str() && self.custom_type(written).is_some()
    }

    /// The type of the custom attribute; none for standard ones.
    fn custom_type(&self, written: &Written) -> Option<AttributeType> {
        let is_standard = StandardInfo::with_key(written.key(), self.schema.version).is_some();
        if is_standard { None } else { self.types.attribute_type(Model::Conversation, written.key()) }
    }

    /// Whether a text is looked for in what is none: the server allows that of ids and of its own types, and fails.
    fn looks_into_no_text(&self, written: &Written) -> bool {
        let looks = [WireOperator::Contains, WireOperator::DoesNotContain];
        let is_text = match StandardInfo::with_key(written.key(), self.schema.version) {
            Some(info) => matches!(info.value_type, ValueType::Text(_)),
            None => {
                let sql_type = self.custom_type(written).and_then(|own| SqlType::of(own).ok());
                sql_type.is_none_or(|sql_type| sql_type == SqlType::Text)
            }
        };
        !is_text && looks.iter().any(|operator| operator.as_str() == written.operator())
    }

    fn missing(&self, written: &Written) -> Option<Filter> {
        let sql_type = SqlType::of(self.custom_type(written)?).ok()?;
        let kind = self.types.kind(written.key(), sql_type);
        let attribute = Attribute::Custom(Custom { key: written.key().into(), kind });
        Some(Filter::Condition(check::Condition { attribute, test: check::Test::Missing, span: written.span }))
    }

    fn attribute(&self, operand: &Operand) -> Attribute {
        let standard = match operand {
            Operand::Custom { key, sql_type, .. } => {
                let kind = self.types.kind(key, *sql_type);
                return Attribute::Custom(Custom { key: key.as_str().into(), kind });
            }
            Operand::Column(Column::Status) => Standard::Status,
            Operand::Column(Column::Priority) => Standard::Priority,
            Operand::Column(Column::Number(NumberColumn::Assignee)) => Standard::AssigneeId,
            Operand::Column(Column::Number(NumberColumn::Inbox)) => Standard::InboxId,
            Operand::Column(Column::Number(NumberColumn::Team)) => Standard::TeamId,
            Operand::Column(Column::Number(NumberColumn::Contact)) => Standard::ContactId,
            Operand::Column(Column::Number(NumberColumn::Display)) => Standard::DisplayId,
            Operand::Column(Column::Number(NumberColumn::Campaign)) => Standard::CampaignId,
            Operand::Column(Column::Labels) => Standard::Labels,
            Operand::Column(Column::CreatedAt) => Standard::CreatedAt,
            Operand::Column(Column::LastActivityAt) => Standard::LastActivityAt,
            Operand::Column(Column::Additional(key)) => match StandardInfo::with_key(key, self.schema.version) {
                Some(info) => info.attribute,
                None => return Attribute::Additional((*key).into()),
            },
        };
        Attribute::Standard(standard)
    }

    /// What the server answers to a condition that it refuses.
    fn refused(&self, written: &Written, refusal: &Refusal) -> Diagnostic {
        let or_whole = |span: Option<Span>| span.unwrap_or(written.span);
        let kind = self.schema.account.as_ref().and_then(|account| account.custom(written.key())).map(|d| d.kind);
        let has_no_type = matches!(kind, Some(CustomKind::Currency | CustomKind::Percent));
        let (span, label, near, help): (Span, &str, Vec<&str>, &str) = match refusal {
            Refusal::InvalidQueryOperator => {
                (or_whole(written.query_operator), "neither AND nor OR", Vec::new(), "write `\"AND\"` or `\"OR\"`")
            }
            Refusal::InvalidAttribute { key, known } => {
                let custom = self.schema.definitions();
                let keys = known.iter().copied().chain(custom.iter().map(|definition| definition.key.as_str()));
                let help = "keys are compared exactly; contacts' attributes are not for conversations";
                (or_whole(written.key), "no attribute of conversations", nearest(key, keys), help)
            }
            Refusal::InvalidOperator { .. } => {
                (or_whole(written.operator), "not for this attribute", Vec::new(), "use one of these operators")
            }
            _ if has_no_type => {
                let help = "currency and percent attributes cannot be filtered by the server; a query can compare them";
                (or_whole(written.key), "has no type in SQL", Vec::new(), help)
            }
            Refusal::ServerError(_)
                if written.operator() == WireOperator::DaysBefore.as_str()
                    && !self.schema.version.has_days_before(1) =>
            {
                let help = self.instead_of_days_before(written);
                let (span, label) = (or_whole(written.operator), "broken in this version of the server");
                return catalogue::payload_refused(span, label, refusal.status(), &refusal.message(), &[], &help);
            }
            Refusal::ServerError(_) if self.looks_into_no_text(written) => {
                let help = "write `equal_to` or `not_equal_to`, which the server can compare it by";
                (or_whole(written.operator), "looks into texts, and this is none", Vec::new(), help)
            }
            _ if written.is_no_object() => {
                let help = "each condition is an object: `{\"attribute_key\": \"status\", \"filter_operator\": \
                            \"equal_to\", \"values\": [\"open\"]}`";
                (written.span, "no object", Vec::new(), help)
            }
            Refusal::InvalidValue { .. } | Refusal::ServerError(_) => {
                let help = "values are an array of what the attribute holds: words, whole numbers, texts, dates";
                (or_whole(written.values), "cannot be read", Vec::new(), help)
            }
        };
        catalogue::payload_refused(span, label, refusal.status(), &refusal.message(), &near, help)
    }

    fn instead_of_days_before(&self, written: &Written) -> String {
        let help = "write the date itself and `is_less_than`";
        let key = written.key();
        let type_of = |account: &Account| account.custom(key).map(|definition| definition.kind);
        if let Some(kind) = self.schema.account.as_ref().and_then(type_of).filter(|kind| *kind != CustomKind::Date) {
            let attribute = Attribute::Custom(Custom { key: key.into(), kind });
            let noun = kind.value_type().noun();
            return format!("`days_before` counts days back, and `{attribute}` is {noun}: use an operator of its own");
        }
        let standard = StandardInfo::with_key(key, self.schema.version);
        let attribute = match standard {
            Some(info) => Attribute::Standard(info.attribute),
            None => Attribute::Custom(Custom { key: key.into(), kind: CustomKind::Date }),
        };
        match written.value_list().first().and_then(|first| first.to_i()) {
            Ok(days @ 0..) => format!("{help}; in a query `{attribute} < -{days}d`"),
            Ok(days) => format!("{help}; in a query `{attribute} < +{}d`", days.unsigned_abs()),
            Err(_) => help.to_owned(),
        }
    }
}

fn joined(mut parts: Vec<Filter>, chain: fn(Vec<Filter>) -> Filter) -> Filter {
    if parts.len() == 1 { parts.swap_remove(0) } else { chain(parts) }
}

fn is_inequality(filter: &Filter) -> bool {
    matches!(filter, Filter::Condition(check::Condition { test: check::Test::NoneOf(_), .. }))
}

fn not_sayable(written: &Written, unsayable: Unsayable) -> Diagnostic {
    match unsayable {
        Unsayable::Number => catalogue::payload_not_sayable(
            written.values_span(),
            "no number of a query",
            format!("the numbers of queries have at most {LONGEST_PLAIN} characters"),
            "the payload is legal all the same",
        ),
        Unsayable::NotFinite(i) => catalogue::payload_not_sayable(
            written.element(i),
            "no number of a query",
            format!("the numbers of queries are finite, and {} is not", catalogue::ticked(&written.value_text(i))),
            "the payload is legal all the same: stored texts may be read as such a number",
        ),
        Unsayable::Day(i) => {
            no_day(written, i, "the payload is legal all the same: stored texts may be read as such a day")
        }
        Unsayable::Limit(nearest) => {
            let nearest = catalogue::corrected(&to_text(&Filter::Condition(*nearest)));
            let help = format!(
                "stored texts may be read as days of any year: while none lies between the two, {nearest} says the same"
            );
            no_day(written, 0, &help)
        }
        Unsayable::TextOrder => catalogue::payload_not_sayable(
            written.operator.unwrap_or(written.span),
            "compares texts",
            "this version of the server compares texts by the order of its alphabet, and queries do not",
            "later versions refuse it",
        ),
    }
}

/// A day that queries do not have.
fn no_day(written: &Written, i: usize, help: &str) -> Diagnostic {
    catalogue::payload_not_sayable(
        written.element(i),
        "no day of a query",
        format!(
            "the days of queries are of the years {} to {}, and {} is none",
            YEARS.start(),
            YEARS.end(),
            catalogue::ticked(&written.value_text(i))
        ),
        help,
    )
}

/// A `query_operator` that is a number, `true`, an array or an object.
fn no_word(span: Span) -> Diagnostic {
    catalogue::payload_refused(span, "no operator", 500, "the operator is no word", &[], "write `\"AND\"` or `\"OR\"`")
}

/// How the conditions are joined.
struct Order {
    /// Behind each condition: whether an OR (or an AND) stands there, and where.
    behind: Vec<Option<(bool, Span)>>,
}

impl Order {
    /// Takes the operators, and reports what makes them no SQL.
    fn of(conditions: &[Written], read: &mut Read) -> Self {
        let mut behind = Vec::with_capacity(conditions.len());
        for (i, written) in conditions.iter().enumerate() {
            let span = written.query_operator.unwrap_or(written.span);
            let operator = written.json.get("query_operator");
            let or = match operator {
                Json::Str(word) if word.eq_ignore_ascii_case("or") => Some(true),
                Json::Str(word) if word.eq_ignore_ascii_case("and") => Some(false),
                _ => None,
            };
            match (operator, conditions.get(i + 1)) {
                // This has been told of.
                _ if check_query_operator(&written.json).is_err() => {}
                // Empty ones pass the server's check, and break the SQL.
                (Json::Array(_) | Json::Object(_), _) => read.errors.push(no_word(span)),
                (_, None) if or.is_some() => {
                    let message = "an operator behind the last condition";
                    read.errors.push(catalogue::payload_refused(span, "joins nothing", 500, message, &[], "remove it"));
                }
                (_, Some(next)) if or.is_none() => {
                    read.errors.push(catalogue::payload_no_operator_between(written.span, next.span));
                }
                _ => {}
            }
            behind.push(or.map(|or| (or, span)));
        }
        Self { behind }
    }

    fn or_behind(&self, i: usize) -> bool {
        matches!(self.behind.get(i), Some(Some((true, _))))
    }

    /// AND behind OR: read from left to right it would mean something else. Who writes an AND for each of the alternatives
    /// does not read it so.
    fn precedence(&self, warnings: &mut Vec<Diagnostic>) {
        let is_or = |joint: &Option<(bool, Span)>| matches!(joint, Some((true, _)));
        let each_is_an_and = self.behind.split_inclusive(is_or).all(|alternative| alternative.len() > 1);
        let mut operators = self.behind.iter().flatten();
        if !each_is_an_and
            && let Some((_, or)) = operators.by_ref().find(|(is_or, _)| *is_or)
            && let Some((_, and)) = operators.find(|(is_or, _)| !*is_or)
        {
            warnings.push(catalogue::payload_precedence(*and, *or));
        }
    }
}
