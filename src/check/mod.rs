//! Tree → typed [`Filter`]: names and values resolved against a [`Schema`], and lints.

mod beside;
mod date_habit;
mod errors;
mod filter;
mod instead;
mod known;
mod lint;
mod list;
mod listed;
mod meaning;
mod meant;
mod mend;
mod name;
mod print;
mod proof;
mod stated;
mod time;
mod value;
mod wildcard;

#[cfg(test)]
mod explained_tests;

use foldhash::HashMap;

#[cfg(feature = "cli")]
pub(crate) use errors::keep_outermost;
pub use filter::{Comparison, Condition, Filter, Scalar, Test, Values};
pub(crate) use lint::lint;
pub use list::List;
pub(crate) use meaning::{at_midnight, membership};
pub use print::to_text;
pub(crate) use time::YEARS;
pub use time::{TIME_UNITS, TimeUnit};
pub(crate) use value::{LONGEST_PLAIN, has_outer_blank};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, catalogue};
use crate::schema::{
    Attribute, Custom, CustomKind, NameIndex, OperatorGroup, STANDARD, Schema, ServerVersion, StandardInfo, ValueType,
};
use crate::source::Span;
use crate::syntax::spelling::NONE;
use crate::syntax::{self, Connective, Expr, Form, MAX_ERRORS, Operand, Operator, Parsed, Value};
use value::{Group, Reader, Typed};

/// A query that has been checked: its filter, and what is to be said of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checked {
    /// The typed filter, in negation normal form.
    pub filter: Filter,
    /// Warnings; there is no error among them.
    pub warnings: Diagnostics,
}

/// Checks a parsed query against a schema.
///
/// ```
/// use cwql::check::to_text;
/// use cwql::{Code, Schema, check, parse};
///
/// let checked = check(&parse("NOT (status = open OR assignee = 12)"), &Schema::default())?;
/// assert_eq!(to_text(&checked.filter), "status != open AND assignee != 12");
/// // `!=` leaves out the conversations that nobody is assigned to.
/// assert!(checked.warnings.has(Code::NullDropped));
///
/// let problems = check(&parse("status = opne"), &Schema::default()).unwrap_err();
/// assert!(problems.has(Code::UnknownValue));
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
///
/// # Errors
/// Everything that is wrong with the query, its syntax errors and its warnings included.
pub fn check(parsed: &Parsed<'_>, schema: &Schema) -> Result<Checked, Diagnostics> {
    let (filter, mut found) = resolve(parsed, schema)?;
    lint(&filter, parsed.text(), &mut found);
    Ok(Checked { filter, warnings: Diagnostics::new(parsed.text(), found) })
}

/// Checks without looking for what merely may be wrong: the filter, and the warnings met on the way.
///
/// # Errors
/// As [`check`].
pub(crate) fn resolve(parsed: &Parsed<'_>, schema: &Schema) -> Result<(Filter, Vec<Diagnostic>), Diagnostics> {
    read(parsed, schema).map_err(|mut told| {
        proof::prove(&mut told, parsed.text(), schema);
        errors::keep_outermost(&mut told);
        Diagnostics::new(parsed.text(), told)
    })
}

/// As [`resolve`], the corrections of what is wrong not yet proven.
fn read(parsed: &Parsed<'_>, schema: &Schema) -> Result<(Filter, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mistaken = errors::mistaken(parsed);
    let source = parsed.text();
    let unusual = parsed.is_unusual();
    let mut checker = Checker { source, schema, mistaken, unusual, found: Vec::new(), guessed: None, names: None };
    let mut filter = parsed.tree().map(|tree| checker.expr(tree, false));
    // An attribute has one type: what one of its conditions was taken for, the others are not.
    let several = |guess: &Guess| *guess == Guess::Several;
    if let Some(guessed) = checker.guessed.take_if(|guessed| guessed.values().any(several)) {
        checker.found.clear();
        let texts = guessed.into_iter().filter(|(_, guess)| several(guess)).map(|(key, _)| (key, Guess::Text));
        checker.guessed = Some(texts.collect());
        filter = parsed.tree().map(|tree| checker.expr(tree, false));
    }
    let errors = checker.found.iter().any(|d| d.severity() == Severity::Error) || !parsed.is_valid();
    match filter {
        Some(filter) if !errors => Ok((filter, checker.found)),
        _ => Err(errors::told(parsed, schema, checker.found, &checker.mistaken)),
    }
}

struct Checker<'a> {
    source: &'a str,
    schema: &'a Schema,
    /// Conditions that begin or end at these places are not judged.
    mistaken: Vec<Span>,
    /// Whether a value may hold a NUL character, or escapes.
    unusual: bool,
    found: Vec<Diagnostic>,
    /// Custom attributes whose type was guessed; each is told once.
    guessed: Option<HashMap<Box<str>, Guess>>,
    /// The names that a long list is read with.
    names: Option<Box<NameIndex<'a>>>,
}

/// What a custom attribute was taken for by its conditions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guess {
    /// None of them has told yet.
    Nothing,
    One(CustomKind),
    /// They tell of several types.
    Several,
    /// It holds texts, for that reason.
    Text,
    /// The same, and it was told.
    ToldText,
}

impl<'a> Checker<'a> {
    /// The filter that an expression, or its negation, means, in negation normal form; what is wrong with it is put
    /// into `found`.
    fn expr(&mut self, expr: &Expr, negated: bool) -> Filter {
        match expr {
            Expr::Chain { connective, operands } => {
                let all = (*connective == Connective::And) != negated;
                let mut parts = Vec::with_capacity(operands.len());
                self.parts(operands, all, negated, &mut parts);
                if all { Filter::All(parts) } else { Filter::Any(parts) }
            }
            Expr::Not { operand, .. } => self.expr(operand, !negated),
            Expr::Paren { inner, .. } => self.expr(inner, negated),
            Expr::Condition(condition) => self.literal(condition, negated),
            // The parser has told of it.
            Expr::Error(_) => Filter::NOTHING,
        }
    }

    /// What a condition means, or its negation.
    #[inline]
    fn literal(&mut self, condition: &syntax::Condition, negated: bool) -> Filter {
        if !self.mistaken.is_empty() && self.is_doubtful(condition.span) {
            return Filter::NOTHING;
        }
        let filter = self.condition(condition, negated);
        if self.schema.rolling && self.is_frozen(condition, &filter) {
            // A server that counts days back, but not those that are yet to come, counts some of them only.
            let version = self.schema.version;
            let most =
                (version.counts_days() && !version.has_days_before(0)).then_some(ServerVersion::MOST_DAYS_BEFORE);
            self.found.push(catalogue::frozen_date(condition.span, most));
        }
        filter
    }

    /// Whether the condition has a relative date that will be sent as the one of today.
    #[cold]
    fn is_frozen(&self, condition: &syntax::Condition, filter: &Filter) -> bool {
        let fixed = filter.conditions().any(|condition| {
            let has_date = matches!(
                condition.test,
                Test::Compare(_, Scalar::Day(_) | Scalar::Instant(_))
                    | Test::AnyOf(Values::Days(_) | Values::Instants(_))
                    | Test::NoneOf(Values::Days(_) | Values::Instants(_))
            );
            has_date && is_sent(&condition.attribute)
        });
        let is_relative = |value: &Value| value.form == Form::Ago || time::is_relative(&value.text(self.source));
        fixed && (condition.operator == Operator::OlderThan || condition.operand.values().any(is_relative))
    }

    fn is_doubtful(&self, condition: Span) -> bool {
        self.mistaken.iter().any(|place| place.start == condition.end || place.end == condition.start)
    }

    /// Puts the parts of a chain behind those in `parts`, chains within it that mean the same included.
    fn parts(&mut self, operands: &[Expr], all: bool, negated: bool, parts: &mut Vec<Filter>) {
        for operand in operands {
            let (mut inner, mut negated) = (operand, negated);
            loop {
                match inner {
                    Expr::Not { operand, .. } => (inner, negated) = (operand, !negated),
                    Expr::Paren { inner: within, .. } => inner = within,
                    _ => break,
                }
            }
            if let Expr::Chain { connective, operands } = inner
                && ((*connective == Connective::And) != negated) == all
            {
                self.parts(operands, all, negated, parts);
                continue;
            }
            let part = match inner {
                Expr::Condition(condition) => self.literal(condition, negated),
                _ => self.expr(inner, negated),
            };
            match (all, part) {
                (true, Filter::All(inner)) | (false, Filter::Any(inner)) => parts.extend(inner),
                (_, part) => parts.push(part),
            }
        }
    }

    /// The filter that a condition means, or its negation, which is the opposite operator; the one that holds
    /// for no conversation if there is something wrong with it, which is put into `found`.
    #[inline]
    fn condition(&mut self, condition: &syntax::Condition, negated: bool) -> Filter {
        // A name that is known as it stands has no backticks to take off.
        let other;
        let (attribute, value_type) = match name::standard(condition.name.span.bytes_of(self.source)) {
            Some(info) if info.until.is_none() => (Attribute::Standard(info.attribute), &info.value_type),
            known => match self.named(condition, known) {
                Some(attribute) => {
                    other = attribute.value_type();
                    (attribute, &other)
                }
                None => return Filter::NOTHING,
            },
        };
        let (group, negative) = group_of(condition.operator);
        let negative = negative != negated;
        if !attribute.allows(group) {
            self.found.push(self.not_allowed(condition, &attribute));
            return Filter::NOTHING;
        }
        let span = condition.span;
        let (name, operator) = (condition.name, condition.operator);
        let mut reader = Reader { checker: self, attribute: &attribute, value_type, name, operator };
        let test = match (group, &condition.operand) {
            (OperatorGroup::Equality, Operand::One(value)) if *value_type != ValueType::Time => {
                let Some(typed) = reader.read(*value) else { return Filter::NOTHING };
                match typed.into_values() {
                    Some(values) => equality(values, negative),
                    None => presence(negative),
                }
            }
            (OperatorGroup::Containment, Operand::One(value)) => {
                let Some(text) = reader.pattern(*value, true) else { return Filter::NOTHING };
                if negative { Test::NotContains(text) } else { Test::Contains(text) }
            }
            (OperatorGroup::Presence, _) => presence(!negative),
            _ => return self.further(condition, attribute, negative).unwrap_or(Filter::NOTHING),
        };
        Filter::Condition(Condition { attribute, test, span })
    }

    /// The attribute that a condition names; `known` is the standard one that is called so.
    #[inline(never)]
    fn named(&mut self, condition: &syntax::Condition, known: Option<&'static StandardInfo>) -> Option<Attribute> {
        let name = condition.name.text(self.source);
        let is_enough = self.has_told_enough();
        let resolve = if is_enough { name::resolve_briefly } else { name::resolve };
        let resolved = resolve(&name, known, condition.name.span, self.schema).map_err(|error| {
            if is_enough || error.code != Code::UnknownAttribute {
                return error;
            }
            instead::meant(&error, condition, self.source, self.schema).unwrap_or(error)
        });
        let mut resolved = match resolved {
            Ok(resolved) => resolved,
            Err(error) => {
                // Of `STATUS = OPEN` the value is wrong as well.
                let meant = error.fix.as_ref().filter(|fix| fix.replacement.eq_ignore_ascii_case(&name));
                let meant = meant.and_then(|fix| name::resolve(&fix.replacement, None, fix.span, self.schema).ok());
                self.found.push(error);
                meant?
            }
        };
        if let (Attribute::ContactCustom(key), Some(account)) = (&resolved.attribute, &self.schema.account)
            && !self.has_told_enough()
        {
            self.found.extend(name::undefined(key, &name, condition.name.span, account));
        }
        if resolved.guess {
            self.guess(&mut resolved.attribute, condition);
        }
        Some(resolved.attribute)
    }

    /// What the less frequent conditions mean, as [`Checker::condition`].
    #[inline(never)]
    fn further(&mut self, condition: &syntax::Condition, attribute: Attribute, negative: bool) -> Option<Filter> {
        let (span, value_type) = (condition.span, &attribute.value_type());
        let (name, operator) = (condition.name, condition.operator);
        let mut reader = Reader { checker: self, attribute: &attribute, value_type, name, operator };
        match (group_of(condition.operator).0, &condition.operand) {
            (OperatorGroup::Equality, operand) => {
                let values = reader.group(operand);
                self.equality(attribute, values, negative, span)
            }
            (OperatorGroup::Prefix, Operand::One(value)) => {
                let text = reader.pattern(*value, false)?;
                let test = if negative { Test::NotStartsWith(text) } else { Test::StartsWith(text) };
                Some(Filter::Condition(Condition { attribute, test, span }))
            }
            (OperatorGroup::Pattern, Operand::One(value)) => {
                let test = reader.like(*value)?;
                let test = if negative { test.into_opposite() } else { test };
                Some(Filter::Condition(Condition { attribute, test, span }))
            }
            (OperatorGroup::Order, Operand::Range(low, high)) => {
                let told = reader.checker.found.len();
                let ends = (*low, *high);
                let (low, high) = (reader.read_ordered(*low), reader.read_ordered(*high));
                if low.is_none() {
                    reader.before_end(ends.0, ends.1, told);
                }
                let (low, high) = (low?, high?);
                let (from, to) = if negative {
                    (Comparison::Less, Comparison::Greater)
                } else {
                    (Comparison::GreaterEqual, Comparison::LessEqual)
                };
                let bounds =
                    vec![self.comparison(&attribute, from, low, span)?, self.comparison(&attribute, to, high, span)?];
                Some(if negative { Filter::Any(bounds) } else { Filter::All(bounds) })
            }
            (OperatorGroup::Order | OperatorGroup::Age, Operand::One(value)) => {
                let older = condition.operator == Operator::OlderThan;
                let value = if older { age(*value, reader.checker.source) } else { *value };
                let typed = reader.read_ordered(value)?;
                let comparison = comparison_of(condition.operator);
                let comparison = if negative { comparison.opposite() } else { comparison };
                self.comparison(&attribute, comparison, typed, span)
            }
            // The parser has told of a missing or surplus value.
            _ => None,
        }
    }

    /// Whether so much is wrong that nobody reads more: to look for what was meant among thousands of names takes long.
    fn has_told_enough(&self) -> bool {
        self.found.len() > MAX_ERRORS
    }

    /// What is right of a result; what is wrong is put into `found`.
    fn right<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        match result {
            Ok(right) => Some(right),
            Err(error) => {
                self.found.push(error);
                None
            }
        }
    }

    /// IN and NOT IN, and `=` and `!=` of times.
    fn equality(&mut self, attribute: Attribute, mut values: Group, negative: bool, span: Span) -> Option<Filter> {
        if values.first.is_none() && values.missing.is_none() {
            return None;
        }
        if values.rest.is_empty()
            && values.missing.is_none()
            && !self.zoned(&attribute)
            && let Some(group) = values.first.take()
        {
            return Some(Filter::Condition(Condition { attribute, test: equality(group, negative), span }));
        }
        let condition = |test| Filter::Condition(Condition { attribute: attribute.clone(), test, span });
        let mut parts = Vec::new();
        for group in values.first.into_iter().chain(values.rest) {
            match group {
                Values::Days(days) if self.zoned(&attribute) => {
                    for day in days {
                        let (from, to) = self.day(day, span)?;
                        let bounds = if negative {
                            [(Comparison::Less, from), (Comparison::GreaterEqual, to)]
                        } else {
                            [(Comparison::GreaterEqual, from), (Comparison::Less, to)]
                        };
                        let bounds = bounds
                            .map(|(comparison, at)| condition(Test::Compare(comparison, Scalar::Instant(at))))
                            .to_vec();
                        parts.push(if negative { Filter::Any(bounds) } else { Filter::All(bounds) });
                    }
                }
                group => parts.push(condition(equality(group, negative))),
            }
        }
        if let Some(span) = values.missing {
            let test = presence(negative);
            parts.push(Filter::Condition(Condition { attribute: attribute.clone(), test, span }));
        }
        if parts.len() == 1 {
            return Some(parts.swap_remove(0));
        }
        Some(if negative { Filter::All(parts) } else { Filter::Any(parts) })
    }

    fn comparison(
        &mut self,
        attribute: &Attribute,
        comparison: Comparison,
        typed: Typed,
        span: Span,
    ) -> Option<Filter> {
        let mut scalar = value::scalar(typed)?;
        let mut comparison = comparison;
        // Up to a day is before the next one, which the server can count.
        if let (Comparison::LessEqual, Scalar::DaysAgo(days, day)) = (comparison, &scalar)
            && self.rolls(attribute, Comparison::Less, days - 1)
            && let Ok(next) = day.tomorrow()
        {
            (comparison, scalar) = (Comparison::Less, Scalar::DaysAgo(days - 1, next));
        }
        if let Scalar::Day(day) | Scalar::DaysAgo(_, day) = scalar {
            let rolls = matches!(scalar, Scalar::DaysAgo(days, _) if self.rolls(attribute, comparison, days));
            if self.zoned(attribute) {
                let (from, to) = self.day(day, span)?;
                (comparison, scalar) = match comparison {
                    Comparison::Less => (Comparison::Less, Scalar::Instant(from)),
                    Comparison::LessEqual => (Comparison::Less, Scalar::Instant(to)),
                    Comparison::Greater => (Comparison::GreaterEqual, Scalar::Instant(to)),
                    Comparison::GreaterEqual => (Comparison::GreaterEqual, Scalar::Instant(from)),
                };
            } else if !rolls {
                scalar = Scalar::Day(day);
            } else if !self.schema.version.counts_days() {
                self.found.push(catalogue::rolling_not_in_version(span, &self.schema.version.to_string()));
                return None;
            }
        }
        Some(Filter::Condition(Condition {
            attribute: attribute.clone(),
            test: Test::Compare(comparison, scalar),
            span,
        }))
    }

    /// Whether the server can count so many days back by itself: it does from its own day, that of UTC. Where its operator
    /// does not work at all, this is what would be asked of it.
    fn rolls(&self, attribute: &Attribute, comparison: Comparison, days: i32) -> bool {
        let version = self.schema.version;
        self.schema.rolling
            && (version.has_days_before(days) || !version.counts_days())
            && comparison == Comparison::Less
            && self.schema.zone == jiff::tz::TimeZone::UTC
            && is_sent(attribute)
    }

    /// Whether days of this attribute are those of a zone other than the server's.
    fn zoned(&self, attribute: &Attribute) -> bool {
        attribute.value_type() == ValueType::Time && self.schema.zone != jiff::tz::TimeZone::UTC
    }

    /// The first instants of a day and of the next one, in the query's zone.
    fn day(&mut self, day: jiff::civil::Date, span: Span) -> Option<(jiff::Timestamp, jiff::Timestamp)> {
        let bounds = day
            .tomorrow()
            .map_err(|_| time::TimeError::Range)
            .and_then(|next| Ok((time::start_of(day, self.schema)?, time::start_of(next, self.schema)?)));
        self.right(bounds.map_err(|_| catalogue::date_out_of_range(span, &day.to_string(), YEARS)))
    }

    /// Takes the type of a custom attribute from the form of its values, where the definitions are not known.
    fn guess(&mut self, attribute: &mut Attribute, condition: &syntax::Condition) {
        let Attribute::Custom(Custom { key, kind }) = attribute else { return };
        // A missing value is of any type.
        let is_none = |value: &Value| value.form == Form::Word && value.text(self.source).eq_ignore_ascii_case(NONE);
        let values = || condition.operand.values().filter(|value| !is_none(value));
        let ordered = matches!(group_of(condition.operator).0, OperatorGroup::Order | OperatorGroup::Age);
        // A text in quotes is no less of a number where it is asked whether it is greater.
        let all_of = |forms: &[Form], test: &dyn Fn(&Value, &str) -> bool| {
            values().all(|value| (ordered || forms.contains(&value.form)) && test(value, &value.text(self.source)))
        };
        let all =
            |test: &dyn Fn(&str) -> bool| all_of(&[Form::Word], &|value, text| value.form != Form::Ago && test(text));
        let is_moment = |value: &Value, text: &str| time::moment(text, value.form == Form::Ago, self.schema).is_ok();
        let is_told = values().next().is_some();
        *kind = if !is_told
            || matches!(
                condition.operator,
                Operator::Contains
                    | Operator::NotContains
                    | Operator::StartsWith
                    | Operator::NotStartsWith
                    | Operator::Like
                    | Operator::NotLike
            ) {
            CustomKind::Text
        } else if all(&|text| value::is_number(text) || ordered && meant::number_with_unit(text).is_some())
            && condition.operator != Operator::OlderThan
        {
            CustomKind::Number
        } else if all(&|text| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")) {
            CustomKind::Checkbox
        } else if ordered || all_of(&[Form::Word, Form::Ago], &is_moment) {
            CustomKind::Date
        } else {
            CustomKind::Text
        };
        let guess = if is_told { Guess::One(*kind) } else { Guess::Nothing };
        let guessed = self.guessed.get_or_insert_default();
        let before = guessed.get(key).copied();
        let now = match before {
            Some(Guess::Text | Guess::ToldText) => {
                *kind = CustomKind::Text;
                Guess::ToldText
            }
            None | Some(Guess::Nothing) => guess,
            Some(before) if before == guess || !is_told => before,
            Some(_) => Guess::Several,
        };
        if before != Some(now) {
            guessed.insert(key.clone(), now);
        }
        if matches!(before, None | Some(Guess::Text)) {
            self.found.push(catalogue::guessed_type(condition.name.span, key, kind.name()));
        }
    }
}

/// Whether the server has conditions on days or times of this attribute.
fn is_sent(attribute: &Attribute) -> bool {
    matches!(attribute, Attribute::Standard(_) | Attribute::Custom(_))
}

/// IS PRESENT and IS MISSING, as `none` means them too.
fn presence(present: bool) -> Test {
    if present { Test::Present } else { Test::Missing }
}

fn equality(values: Values, negative: bool) -> Test {
    if negative { Test::NoneOf(values) } else { Test::AnyOf(values) }
}

/// The group of an operator, and whether it is the negative one of its pair.
fn group_of(operator: Operator) -> (OperatorGroup, bool) {
    match operator {
        Operator::Equal | Operator::In => (OperatorGroup::Equality, false),
        Operator::NotEqual | Operator::NotIn => (OperatorGroup::Equality, true),
        Operator::Contains => (OperatorGroup::Containment, false),
        Operator::NotContains => (OperatorGroup::Containment, true),
        Operator::StartsWith => (OperatorGroup::Prefix, false),
        Operator::NotStartsWith => (OperatorGroup::Prefix, true),
        Operator::Like => (OperatorGroup::Pattern, false),
        Operator::NotLike => (OperatorGroup::Pattern, true),
        Operator::Less | Operator::LessEqual | Operator::Greater | Operator::GreaterEqual | Operator::Between => {
            (OperatorGroup::Order, false)
        }
        Operator::NotBetween => (OperatorGroup::Order, true),
        Operator::OlderThan => (OperatorGroup::Age, false),
        Operator::IsPresent => (OperatorGroup::Presence, false),
        Operator::IsMissing => (OperatorGroup::Presence, true),
    }
}

/// The value of OLDER THAN: a length of time without its sign, in quotes or not.
fn age(value: Value, source: &str) -> Value {
    let inner = value.span.of(source).strip_prefix(['"', '\'']).and_then(|text| text.strip_suffix(['"', '\'']));
    let span = match inner {
        Some(_) => Span::new(value.span.start + 1, value.span.end - 1),
        None => value.span,
    };
    Value { form: Form::Ago, span }
}

fn comparison_of(operator: Operator) -> Comparison {
    match operator {
        Operator::LessEqual => Comparison::LessEqual,
        Operator::Greater => Comparison::Greater,
        Operator::GreaterEqual => Comparison::GreaterEqual,
        _ => Comparison::Less,
    }
}

/// The attribute that a name means, if it is one and its type is known.
#[cfg(feature = "cli")]
pub(crate) fn attribute_called(name: &str, schema: &Schema) -> Option<Attribute> {
    let resolved = name::resolve(name, None, Span::default(), schema).ok()?;
    (!resolved.guess).then_some(resolved.attribute)
}

/// The operators of a group as they are listed to a user.
pub(crate) fn spellings(group: OperatorGroup) -> impl Iterator<Item = &'static str> {
    Operator::ALL.into_iter().filter(move |operator| group_of(*operator).0 == group).map(Operator::as_str)
}

/// Whether a diagnostic is worth a line each time a query runs. The others are said by `cwql check`.
#[doc(hidden)]
#[must_use]
pub fn is_urgent(diagnostic: &Diagnostic) -> bool {
    match diagnostic.code {
        // Of which it is known what else was meant, it is hardly meant as it stands.
        Code::WildcardLiteral => diagnostic.fix.is_some(),
        code => !matches!(code, Code::NullDropped | Code::OuterBlank | Code::Duplicate),
    }
}

/// Whether what the filter means on the server depends on the server's version.
#[must_use]
pub fn depends_on_version(filter: &Filter) -> bool {
    let named = |key: &str| STANDARD.iter().any(|info| info.key == key && !info.is_in_every_version());
    filter.conditions().any(|condition| {
        (match &condition.attribute {
            Attribute::Standard(standard) => !standard.info().is_in_every_version(),
            // A server that knows the standard attribute takes its key to mean that.
            Attribute::Additional(key) => named(key),
            Attribute::Custom(custom) => named(&custom.key),
            Attribute::Local(_) | Attribute::ContactCustom(_) => false,
        }) || matches!(condition.test, Test::Compare(_, Scalar::DaysAgo(..)))
    })
}
