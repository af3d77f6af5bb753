//! Values: what the words of a condition are, given the attribute that they are compared with.

use std::borrow::Cow;

use bigdecimal::BigDecimal;
use foldhash::{HashMap, HashMapExt};
use smol_str::SmolStr;

use super::Checker;
use super::date_habit::last_day;
use super::filter::{Scalar, Values};
use super::meant::{no_age, number_elsewhere};
use super::time::{Moment, TimeError, YEARS, moment};
use crate::diagnostic::{Diagnostic, catalogue, nearest};
use crate::schema::{Attribute, IdType, Local, NameIndex, NameList, STATUSES, ValueType};
use crate::source::{Span, is_digits};
use crate::syntax::spelling::{ME, NEGATION, NONE, conversation_at, may_be_negated, without_negation};
use crate::syntax::{Form, Name, Operand, Operator, Value, state_called};

/// How long a number with an exponent may be written, and how large the exponent may be.
pub(super) const LONGEST_NUMBER: usize = 100;
/// How long it may be without one, so that each number above can be written out.
pub(crate) const LONGEST_PLAIN: usize = 250;

/// What statuses and priorities are called elsewhere.
pub(super) const OTHER_WORDS: &[(&str, &str)] = &[
    ("closed", "resolved"),
    ("solved", "resolved"),
    ("done", "resolved"),
    ("finished", "resolved"),
    ("new", "open"),
    ("active", "open"),
    ("critical", "urgent"),
    ("highest", "urgent"),
    ("normal", "medium"),
    ("lowest", "low"),
];

/// One value of a condition.
#[derive(Clone)]
pub(super) enum Typed {
    Word(&'static str),
    Id(i64),
    Text(SmolStr),
    Number(BigDecimal),
    Moment(Moment),
    Boolean(bool),
    /// The bare word `none`: the value is missing.
    Missing,
}

/// Reads values for one attribute.
pub(super) struct Reader<'c, 'a> {
    /// Knows the text and the schema; errors and warnings are put into what it has found.
    pub checker: &'c mut Checker<'a>,
    pub attribute: &'c Attribute,
    /// The type of the attribute's values.
    pub value_type: &'c ValueType,
    /// The attribute's name.
    pub name: Name,
    /// The operator as it was written, which what is wrong with a value is told for.
    pub operator: Operator,
}

impl<'a> Reader<'_, 'a> {
    /// Reads the values of `=` or IN that can be read, none twice.
    pub(super) fn group(&mut self, operand: &Operand) -> Group {
        let mut group = Group::default();
        let Operand::List(list) = operand else {
            operand.values().for_each(|value| group.extend(self.read(*value), value.span));
            return group;
        };
        self.checker.names = self.name_index(list.len());
        let group = self.list(list);
        self.checker.names = None;
        group
    }

    fn list(&mut self, list: &[Value]) -> Group {
        let mut group = Group::default();
        let told = self.checker.found.len();
        let mut wrong = false;
        if let Some(ids) = self.ids(list) {
            if self.checker.schema.account.is_some() {
                list.iter().zip(&ids).for_each(|(value, id)| self.known_id(*id, value.span));
            }
            group.first = Some(Values::Ids(ids.into()));
        } else {
            for value in list {
                let typed = self.read(*value);
                wrong |= typed.is_none();
                group.extend(typed, value.span);
            }
        }
        // Values that all differ are written differently.
        if list.len() == 1 || !wrong && group.missing.is_none() && !group.drop_repeated() {
            return group;
        }
        // One that stands there twice is told of, and read once.
        self.checker.found.truncate(told);
        group = Group::default();
        let source = self.checker.source;
        // What is no value is told of once.
        let mut read: HashMap<(Form, Cow<'_, str>), Span> = HashMap::new();
        let mut known: HashMap<Option<Values>, Span> = HashMap::new();
        for value in list {
            let mut earlier = read.get(&(value.form, value.text(source))).copied();
            if earlier.is_none() {
                read.insert((value.form, value.text(source)), value.span);
                let typed = self.read(*value);
                if let Some(typed) = &typed {
                    earlier = known.insert(typed.clone().into_values(), value.span);
                }
                if earlier.is_none() {
                    group.extend(typed, value.span);
                }
            }
            if let Some(earlier) = earlier {
                self.checker.found.push(catalogue::duplicate_value(
                    value.span,
                    value.span.of(source),
                    earlier.of(source),
                ));
            }
        }
        group
    }

    /// The names that so many values may be among, where it pays to look them up.
    fn name_index(&self, values: usize) -> Option<Box<NameIndex<'a>>> {
        const MANY: usize = 16;
        let ValueType::Id(kind) = *self.value_type else { return None };
        let account = self.checker.schema.account.as_ref().filter(|_| values > MANY)?;
        Some(Box::new(NameIndex::new(account, kind)))
    }

    /// The records of the account that have this name.
    fn named(&self, kind: IdType, name: &str) -> Vec<(i64, &'a str)> {
        match (&self.checker.names, &self.checker.schema.account) {
            (Some(names), _) => names.find(name),
            (None, Some(account)) => account.find(kind, name),
            (None, None) => Vec::new(),
        }
    }

    /// A list of nothing but small ids, as most long lists are.
    fn ids(&self, list: &[Value]) -> Option<Vec<i64>> {
        let ValueType::Id(_) = self.value_type else { return None };
        let mut ids = Vec::with_capacity(list.len());
        for value in list {
            ids.push(self.small_id(*value)?);
        }
        Some(ids)
    }

    fn small_id(&self, value: Value) -> Option<i64> {
        small_number(value.span.bytes_of(self.checker.source))
    }

    /// Reads one value.
    #[inline]
    pub(super) fn read(&mut self, value: Value) -> Option<Typed> {
        if let ValueType::Id(_) = *self.value_type
            && let Some(id) = self.small_id(value)
        {
            self.known_id(id, value.span);
            return Some(Typed::Id(id));
        }
        let text = match value.form {
            Form::Word | Form::Quoted => self.text(value),
            _ => self.words(value)?,
        };
        if value.form == Form::Word && is_none(&text) {
            return Some(Typed::Missing);
        }
        if self.checker.unusual && text.contains('\0') {
            self.checker.found.push(catalogue::nul_character(value.span));
            return None;
        }
        if text.is_empty() && !matches!(*self.value_type, ValueType::Id(_)) {
            return self.presence(&text, value.span);
        }
        if &*text == "*" && value.form == Form::Word {
            return self.presence(&text, value.span);
        }
        match *self.value_type {
            ValueType::Text(_) => {
                let has_wildcard = self.has_wildcard(&text, value.span);
                match self.attribute {
                    _ if has_wildcard => {}
                    Attribute::Custom(custom) => self.listed(&custom.key, &text, value.span),
                    Attribute::Local(Local::Channel) => self.channel(&text, value.span),
                    Attribute::Local(Local::ContactPhoneNumber) => self.telephone(&text, value.span),
                    Attribute::Local(Local::ContactEmail) => self.address(&text, value.span),
                    _ => {}
                }
                Some(Typed::Text(text.into()))
            }
            ValueType::Labels => {
                if !self.label(&text, value.span) {
                    self.has_wildcard(&text, value.span);
                }
                Some(Typed::Text(text.into()))
            }
            ValueType::Word(words) => self.word(&text, value.span, words),
            ValueType::Id(kind) => {
                let id = self.id(&text, value, kind);
                let id = id.map_err(|error| if is_none(&text) { catalogue::quoted_none(value.span) } else { error });
                if let Ok(id) = id {
                    self.known_id(id, value.span);
                }
                self.right(id.map(Typed::Id))
            }
            ValueType::Number => {
                let number = number(&text, value.span, &self.name());
                if text.contains('.') {
                    self.judge_number(&text, value.span);
                }
                self.right(number.map(Typed::Number).map_err(|error| self.no_number(error, &text, value.span)))
            }
            ValueType::Boolean => self.right(boolean(&text, value.span, &self.name()).map(Typed::Boolean)),
            ValueType::Time => self.time(&text, value, false),
            ValueType::Date => self.time(&text, value, true),
        }
    }

    fn word(&mut self, text: &str, span: Span, words: &'static [&'static str]) -> Option<Typed> {
        if let Some(word) = words.iter().find(|word| **word == text) {
            return Some(Typed::Word(word));
        }
        let excludes = matches!(self.operator, Operator::NotEqual | Operator::NotIn);
        let error = match text {
            _ if self.has_told_enough() => catalogue::no_word(span, text, &self.name(), words),
            // Without quotes it is no text.
            _ if is_none(text) && words != STATUSES => catalogue::quoted_none(span),
            "all" if words == STATUSES => catalogue::all_statuses(span, words, excludes),
            _ => {
                let other = OTHER_WORDS.iter().find(|(other, _)| text.eq_ignore_ascii_case(other));
                let meant = other.map(|(_, meant)| *meant).filter(|meant| words.contains(meant));
                let signless = text.trim_start_matches(['-', '!', '~', '^', NEGATION]);
                // What is near to it is what was excluded.
                let negated = without_negation(text)
                    .map(str::trim_start)
                    .chain((signless.len() < text.len()).then_some(signless))
                    .find(|rest| words.contains(rest))
                    .or_else(|| {
                        nearest(signless, words.iter().copied())
                            .first()
                            .copied()
                            .filter(|_| signless.len() < text.len())
                    });
                match negated {
                    Some(rest) => {
                        let opposite = if excludes { Operator::Equal } else { Operator::NotEqual };
                        let meant = format!("{} {} {rest}", self.name(), opposite.as_str());
                        catalogue::negated_word(span, text, &self.name(), words, &meant)
                    }
                    // `high or higher`, `high+`: more than the one that it is near to.
                    None if may_be_negated(text) || is_comparative(text) => {
                        catalogue::no_word(span, text, &self.name(), words)
                    }
                    None => {
                        let told = catalogue::unknown_word(span, text, &self.name(), words, meant);
                        let told = self.matched(told, text, span);
                        let may_be_another = words == STATUSES && told.fix.is_none();
                        if may_be_another { self.of_another(told, text, span, excludes) } else { told }
                    }
                }
            }
        };
        self.right(Err(error))
    }

    /// Has what is told of `status = unassigned` offer the condition on another attribute that the word says.
    fn of_another(&self, told: Diagnostic, text: &str, span: Span, excludes: bool) -> Diagnostic {
        match self.place(span).zip(state_called(text)) {
            Some((place, state)) => {
                let not = if excludes { "NOT " } else { "" };
                catalogue::another_condition(told, place, format!("{not}{state}"))
            }
            None => told,
        }
    }

    fn right<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        self.checker.right(result)
    }

    /// The attribute's name, as errors tell it.
    pub(super) fn name(&self) -> Cow<'a, str> {
        self.name.text(self.checker.source)
    }

    /// The text that a value means; nearly every quoted one is what stands between the marks.
    #[inline]
    fn text(&self, value: Value) -> Cow<'a, str> {
        let Span { start, end } = value.span;
        match value.form {
            Form::Word => Cow::Borrowed(value.span.of(self.checker.source)),
            Form::Quoted if !self.checker.unusual => {
                Cow::Borrowed(Span::new(start + 1, end - 1).of(self.checker.source))
            }
            _ => value.text(self.checker.source),
        }
    }

    /// The text of a value that is more than one word: `7d ago`, and words that lack their quotes.
    #[cold]
    fn words(&mut self, value: Value) -> Option<Cow<'a, str>> {
        if value.form == Form::Ago && !matches!(self.value_type, ValueType::Time | ValueType::Date) {
            let text = self.two_words(value);
            return self.right(text);
        }
        let text = value.text(self.checker.source);
        if value.form == Form::Words && is_list(&text, *self.value_type) {
            self.checker.found.push(catalogue::unlisted_values(
                value.span,
                &text,
                self.operator.of_list().map(Operator::as_str),
            ));
            return None;
        }
        Some(text)
    }

    fn time(&mut self, text: &str, value: Value, day_only: bool) -> Option<Typed> {
        let (schema, spelled) = (self.checker.schema, value.span.of(self.checker.source));
        let age = value.form == Form::Ago;
        let error = match moment(text, age, schema) {
            Ok(Moment::Instant(..)) if day_only => catalogue::not_a_day(value.span, text, &self.name()),
            Ok(moment) => {
                if let Moment::Instant(instant, change) = moment {
                    self.judge_instant(instant, change, value);
                }
                return Some(Typed::Moment(moment));
            }
            Err(TimeError::MonthOrMinute) => catalogue::month_or_minute(value.span, spelled, spelled),
            Err(TimeError::LeapSecond) => catalogue::leap_second(value.span, spelled),
            Err(TimeError::Offset) => catalogue::long_offset(value.span, spelled),
            Err(TimeError::Form) if age => no_age(value.span, spelled),
            Err(TimeError::Form) if self.has_told_enough() => catalogue::invalid_date(value.span, spelled, day_only),
            Err(TimeError::Form) => self.no_date(text, value.span, day_only),
            Err(TimeError::NoSuchDay) => catalogue::no_such_day(value.span, text, last_day(text)),
            Err(TimeError::Range) => catalogue::date_out_of_range(value.span, spelled, YEARS),
        };
        self.right(Err(error))
    }

    /// `5 ago` where no time is meant: a text would have to be quoted, and it is none of what is one word.
    fn two_words(&self, value: Value) -> Result<Cow<'a, str>, Diagnostic> {
        let text = value.span.of(self.checker.source);
        match *self.value_type {
            ValueType::Text(_) | ValueType::Labels | ValueType::Id(IdType::Agent | IdType::Inbox | IdType::Team) => {
                Err(catalogue::unquoted_blank(value.span, text, None))
            }
            _ => Ok(Cow::Borrowed(text)),
        }
    }

    /// Reads a value that is less or greater: `none` is neither.
    pub(super) fn read_ordered(&mut self, value: Value) -> Option<Typed> {
        match self.read(value)? {
            Typed::Missing => {
                let (text, noun) = (value.text(self.checker.source), self.value_type.noun());
                self.checker.found.push(catalogue::wrong_type(value.span, &text, &self.name(), noun));
                None
            }
            typed => Some(typed),
        }
    }

    fn id(&self, text: &str, value: Value, kind: IdType) -> Result<i64, Diagnostic> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        // A number in quotes may be a name.
        let is_name = || value.form == Form::Quoted && !self.named(kind, text).is_empty();
        if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && !is_name() {
            let id = text.parse::<i64>().ok().filter(|id| id.checked_abs().is_some_and(|id| id <= kind.max()));
            return id.ok_or_else(|| catalogue::out_of_range(value.span, text, kind.noun(), kind.max()));
        }
        let account = self.checker.schema.account.as_ref();
        let me = value.form == Form::Word && text == ME;
        match kind {
            IdType::Agent if me => account
                .and_then(|account| account.me)
                .ok_or_else(|| catalogue::name_without_account(value.span, text, kind.noun()).judged_by(NameList::Me)),
            _ if me => Err(catalogue::me_not_an_agent(value.span, kind.noun())),
            IdType::Campaign => Err(catalogue::campaign_name(value.span, text)),
            IdType::Contact => {
                let told = catalogue::contact_name(value.span, text);
                Err(match self.place(value.span).zip(self.contact_state(text)) {
                    Some((place, fixed)) => catalogue::another_condition(told, place, fixed),
                    None => told,
                })
            }
            IdType::Conversation => {
                let told = catalogue::wrong_type(value.span, text, &self.name(), "a conversation's number");
                let number = || number_elsewhere(text.trim_end_matches('0')).filter(|_| text.contains('.'));
                let number = || number().or_else(|| number_elsewhere(text)).filter(|number| is_digits(number));
                Err(match conversation_at(text).map(ToString::to_string).or_else(number) {
                    Some(number) => catalogue::meant_number(told, value.span, number),
                    None => self.matched(told, text, value.span),
                })
            }
            IdType::Agent | IdType::Inbox | IdType::Team => {
                let list = kind.list();
                // Where its list is not known, nobody knows that there is none of the name.
                let Some(account) = account.filter(|account| list.is_none_or(|list| account.knows(list))) else {
                    let unnamed = catalogue::name_without_account(value.span, text, kind.noun());
                    let unnamed = self.matched(unnamed, text, value.span);
                    return Err(Diagnostic { judged_by: list, ..unnamed });
                };
                let unknown = match self.named(kind, text).as_slice() {
                    [(id, _)] => return Ok(*id),
                    [] if self.has_told_enough() => catalogue::another_unknown_name(value.span, text, kind.noun()),
                    [] => {
                        let told = catalogue::unknown_name(value.span, text, kind.noun(), &account.names(kind));
                        self.matched(told, text, value.span)
                    }
                    several => return Err(catalogue::ambiguous_name(value.span, text, kind.noun(), several)),
                };
                Err(Diagnostic { judged_by: list, ..unknown })
            }
        }
    }

    /// As [`Checker::has_told_enough`](super::Checker::has_told_enough).
    pub(super) fn has_told_enough(&self) -> bool {
        self.checker.has_told_enough()
    }

    /// Reads the text of CONTAINS and STARTS WITH.
    pub(super) fn pattern(&mut self, value: Value, contains: bool) -> Option<SmolStr> {
        let text = match value.form {
            Form::Ago => {
                let text = self.two_words(value);
                self.right(text)?
            }
            _ => self.text(value),
        };
        if self.checker.unusual && text.contains('\0') {
            self.checker.found.push(catalogue::nul_character(value.span));
            return None;
        }
        if let ValueType::Id(_) = *self.value_type
            && !text.bytes().all(|b| b.is_ascii_digit())
        {
            self.checker.found.push(catalogue::wrong_type(value.span, &text, &self.name(), "a row of digits"));
            return None;
        }
        let has_wildcard = self.has_wildcard(&text, value.span);
        match self.attribute {
            _ if has_wildcard => {}
            Attribute::Local(Local::Channel) => self.part_of_channel(&text, value.span, contains),
            Attribute::Custom(custom) => self.part_of_listed(&custom.key, &text, value.span, contains),
            _ => {}
        }
        let is_sent = matches!(self.attribute, Attribute::Standard(_) | Attribute::Custom(_));
        if contains && is_sent && has_outer_blank(&text) {
            self.checker.found.push(catalogue::outer_blank(value.span));
        }
        Some(text.into())
    }
}

/// Whether a word asks for more, or less, than what it is near to.
fn is_comparative(text: &str) -> bool {
    ["higher", "lower", "more", "less"].iter().any(|word| text.eq_ignore_ascii_case(word)) || text.ends_with('+')
}

/// A number of at most nine digits: nearly every id, and in the range of each kind of them.
fn small_number(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    let mut number = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(digit - b'0');
    }
    Some(number)
}

/// Whether the server would strip something off the text: ASCII white space at either end.
pub(crate) fn has_outer_blank(text: &str) -> bool {
    let blank = |byte: Option<&u8>| matches!(byte, Some(b'\t'..=b'\r' | b' '));
    blank(text.as_bytes().first()) || blank(text.as_bytes().last())
}

/// Whether words side by side are meant as several values: each is one by itself, and no value has a blank.
fn is_list(text: &str, value_type: ValueType) -> bool {
    match value_type {
        ValueType::Word(words) => text.split_ascii_whitespace().all(|word| words.contains(&word)),
        ValueType::Labels => true,
        ValueType::Id(_) | ValueType::Number => text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_whitespace()),
        _ => false,
    }
}

fn boolean(text: &str, span: Span, name: &str) -> Result<bool, Diagnostic> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Ok(true),
        _ if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(catalogue::not_boolean(span, text, name)),
    }
}

/// A decimal number: sign, digits, point, exponent; neither hexadecimal nor `NaN`.
fn number(text: &str, span: Span, name: &str) -> Result<BigDecimal, Diagnostic> {
    let longest = if text.contains(['e', 'E']) { LONGEST_NUMBER } else { LONGEST_PLAIN };
    if text.len() > longest {
        return Err(catalogue::long_number(span, LONGEST_PLAIN, LONGEST_NUMBER));
    }
    if !is_number(text) {
        return Err(catalogue::wrong_type(span, text, name, ValueType::Number.noun()));
    }
    let exponent = text.split(['e', 'E']).nth(1).map_or(Some(0), |exponent| exponent.parse::<i32>().ok());
    if exponent.is_none_or(|exponent| exponent.unsigned_abs() > LONGEST_NUMBER as u32) {
        return Err(catalogue::long_number(span, LONGEST_PLAIN, LONGEST_NUMBER));
    }
    text.parse::<BigDecimal>()
        .map(|number| number.normalized())
        .map_err(|_| catalogue::wrong_type(span, text, name, ValueType::Number.noun()))
}

/// Whether the text is written as a decimal number.
pub(super) fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(fraction) && exponent.is_none_or(digits)
}

/// The values of one condition, in groups of one type, and where `none` is among them.
#[derive(Default)]
pub(super) struct Group {
    /// Nearly always all are of one type.
    pub first: Option<Values>,
    pub rest: Vec<Values>,
    pub missing: Option<Span>,
}

impl Group {
    /// Keeps the first of equal values, which may be written in two ways: `open` and `"open"`, `5` and `5.0`, a name
    /// and its id; whether there was one.
    fn drop_repeated(&mut self) -> bool {
        let mut dropped = false;
        for values in self.first.iter_mut().chain(&mut self.rest) {
            dropped |= values.drop_repeated();
        }
        dropped
    }

    /// Adds a value, if there is one.
    fn extend(&mut self, typed: Option<Typed>, span: Span) {
        let typed = match (&mut self.first, typed) {
            // Nearly always the one before was of the same type.
            (Some(Values::Words(list)), Some(Typed::Word(word))) => return list.push(word),
            (Some(Values::Ids(list)), Some(Typed::Id(id))) => return list.push(id),
            (Some(Values::Texts(list)), Some(Typed::Text(text))) => return list.push(text),
            (Some(Values::Numbers(list)), Some(Typed::Number(number))) => return list.push(number),
            (_, Some(typed)) => typed,
            (_, None) => return,
        };
        let Some(mut one) = typed.into_values() else {
            self.missing = self.missing.or(Some(span));
            return;
        };
        let Some(first) = &mut self.first else {
            self.first = Some(one);
            return;
        };
        if !std::iter::once(first).chain(&mut self.rest).any(|values| values.append(&mut one)) {
            self.rest.push(one);
        }
    }
}

impl Typed {
    /// A list of this one value; none for `none`.
    #[inline]
    pub(super) fn into_values(self) -> Option<Values> {
        Some(match self {
            Self::Missing => return None,
            Self::Word(word) => Values::Words(word.into()),
            Self::Id(id) => Values::Ids(id.into()),
            Self::Text(text) => Values::Texts(text.into()),
            Self::Number(number) => Values::Numbers(number.into()),
            Self::Boolean(boolean) => Values::Booleans(boolean.into()),
            Self::Moment(Moment::Day(day) | Moment::DaysAgo(_, day)) => Values::Days(day.into()),
            Self::Moment(Moment::Instant(instant, _)) => Values::Instants(instant.into()),
        })
    }
}

/// The scalar of a comparison.
pub(super) fn scalar(typed: Typed) -> Option<Scalar> {
    match typed {
        Typed::Number(number) => Some(Scalar::Number(number)),
        Typed::Moment(Moment::Day(day)) => Some(Scalar::Day(day)),
        Typed::Moment(Moment::DaysAgo(days, day)) => Some(Scalar::DaysAgo(days, day)),
        Typed::Moment(Moment::Instant(instant, _)) => Some(Scalar::Instant(instant)),
        _ => None,
    }
}

fn is_none(text: &str) -> bool {
    text.len() == NONE.len() && text.eq_ignore_ascii_case(NONE)
}
