//! Where the server reads a condition otherwise than it looks.

use super::meaning::{day, id, pieces};
use super::source::Written;
use crate::check::YEARS;
use crate::diagnostic::{Diagnostic, catalogue};
use crate::eval::date::{PgDate, civil_from_days};
use crate::eval::text::{LikeMeaning, ruby_downcase, ruby_strip};
use crate::schema::{Attribute, ValueType, WireOperator};
use crate::server::{Condition, Json, Scalar, Test};
use crate::source::Span;

/// A condition that the server accepts, and its surroundings.
pub(super) struct Trap<'a> {
    pub written: &'a Written,
    pub condition: &'a Condition,
    pub attribute: &'a Attribute,
    /// The custom attribute before it, whose leak it is exposed to.
    pub leak: Option<Span>,
    /// Whether the dashboard has saved it.
    pub saved: bool,
}

impl Trap<'_> {
    /// Puts what is to be said of the condition into `found`.
    pub(super) fn find(&self, found: &mut Vec<Diagnostic>) {
        let operator = WireOperator::from_name(self.written.operator());
        found.extend(self.written.nulls.iter().map(|span| catalogue::payload_null_removed(*span)));
        match operator {
            Some(WireOperator::IsPresent | WireOperator::IsNotPresent) => {}
            Some(WireOperator::Contains | WireOperator::DoesNotContain) => self.patterns(found),
            Some(WireOperator::IsGreaterThan | WireOperator::IsLessThan | WireOperator::DaysBefore) => {
                self.comparison(operator != Some(WireOperator::DaysBefore), found);
            }
            Some(WireOperator::EqualTo | WireOperator::NotEqualTo) => self.equality(found),
            None => {
                let span = self.written.operator.unwrap_or(self.written.span);
                found.push(catalogue::payload_unknown_operator(span, self.written.key()));
                self.equality(found);
            }
        }
    }

    fn comparison(&self, is_date: bool, found: &mut Vec<Diagnostic>) {
        let values = self.written.value_list();
        let taken_apart = match values {
            Json::Str(text) if text.chars().nth(1).is_some() => {
                text.chars().next().map(|first| format!("its first character, `{first}`"))
            }
            Json::Int(number) if !matches!(number, 0 | 1) => Some(format!("its lowest bit, `{}`", number & 1)),
            Json::BigInt(_) => Some("its lowest bit".to_owned()),
            _ => None,
        };
        if let Some(used) = taken_apart {
            found.push(catalogue::payload_values_taken_apart(self.written.values_span(), &used));
        }
        self.first_only(found);
        let (Test::Less(limit) | Test::Greater(limit)) = &self.condition.test else { return };
        let Ok(first) = values.first() else { return };
        let Scalar::Date(date) = limit else { return };
        let (span, written) = (self.written.element(0), first.to_s());
        if self.attribute.value_type() == ValueType::Time && day(limit).is_none() {
            let reason = format!("times are of the years {} to {}", YEARS.start(), YEARS.end());
            found.push(catalogue::payload_no_match(span, &written, self.written.key(), &reason));
        } else if is_date {
            self.date(span, &written, *date, found);
        }
    }

    /// The values behind the first one are ignored.
    fn first_only(&self, found: &mut Vec<Diagnostic>) {
        if let (Json::Array(items), Some(last)) = (self.written.value_list(), self.written.elements.last())
            && items.len() > 1
        {
            let ignored = self.written.element(1).to(*last);
            // Of several values that are excluded, as of custom attributes, no payload can speak.
            let excludes = WireOperator::from_name(self.written.operator()) == Some(WireOperator::NotEqualTo);
            let first = self.written.element(0);
            found.push(catalogue::payload_first_value_only(ignored, first, self.written.key(), excludes));
        }
    }

    /// A date that does not look like the day that it means.
    fn date(&self, span: Span, text: &str, date: PgDate, found: &mut Vec<Diagnostic>) {
        let PgDate::Day(days) = date else { return };
        let (year, month, day) = civil_from_days(days);
        let plain = format!("{year:04}-{month:02}-{day:02}");
        if text.trim() == plain {
            return;
        }
        let clock = |pair: &[u8]| matches!(pair, [b'0'..=b'9', b'T' | b't' | b':']);
        found.push(if text.as_bytes().windows(2).any(clock) {
            catalogue::payload_time_ignored(span, &plain)
        } else {
            catalogue::payload_date_form(span, text, &plain)
        });
    }

    fn equality(&self, found: &mut Vec<Diagnostic>) {
        let (key, values) = (self.written.key(), self.written.value_list());
        if let ValueType::Word(words) = self.attribute.value_type() {
            return self.words(words, found);
        }
        let first_text = self.written.first_text();
        let several = matches!(values, Json::Array(items) if items.len() > 1);
        if let (Some(custom), Some(first)) = (self.leak.filter(|_| !self.is_custom()), first_text) {
            let used = ruby_downcase(first);
            if several || used != first {
                found.push(catalogue::payload_leak(self.written.values_span(), custom, key, &used));
            }
        } else if self.is_custom() && first_text.is_some() && several && !self.reads_several() {
            self.first_only(found);
        }
        self.values(found);
        if let (Attribute::Standard(crate::schema::Standard::CampaignId), true) = (self.attribute, self.saved) {
            found.push(catalogue::payload_campaign_id(self.written.values_span()));
        }
    }

    /// Values that equal nothing, and dates that look otherwise.
    fn values(&self, found: &mut Vec<Diagnostic>) {
        let Test::In { list, .. } = &self.condition.test else { return };
        for (i, scalar) in list.iter().enumerate() {
            let Some(scalar) = scalar else { continue };
            let (span, written) = (self.written.element(i), self.written.value_text(i));
            match (self.attribute.value_type(), scalar) {
                (ValueType::Id(kind), _) if id(scalar, kind).is_none() => {
                    let reason =
                        format!("ids of {} are whole numbers up to {}", catalogue::plural(kind.noun()), kind.max());
                    found.push(catalogue::payload_no_match(span, &written, self.written.key(), &reason));
                }
                (ValueType::Date, Scalar::Date(date)) => self.date(span, &written, *date, found),
                _ => {}
            }
        }
    }

    /// The words of an enumeration.
    fn words(&self, words: &[&str], found: &mut Vec<Diagnostic>) {
        let key = self.written.key();
        let items = match self.written.value_list() {
            Json::Array(items) => items,
            Json::Str(text) if text != "all" => {
                let used = "the word `all`, which it contains";
                return found.push(catalogue::payload_values_taken_apart(self.written.values_span(), used));
            }
            _ => return,
        };
        let all = items.iter().position(|item| item.as_str() == Some("all")).filter(|_| key == "status");
        if let Some(all) = all {
            if items.len() > 1 {
                found.push(catalogue::payload_all_among_others(self.written.element(all)));
            }
            return;
        }
        let negated = matches!(self.condition.test, Test::In { negated: true, .. });
        for (i, item) in items.iter().enumerate() {
            if let Some(word) = item.as_str()
                && !words.contains(&word)
            {
                found.push(catalogue::payload_unknown_word(self.written.element(i), word, key, words, negated));
            }
        }
    }

    fn patterns(&self, found: &mut Vec<Diagnostic>) {
        let Test::Like { patterns, .. } = &self.condition.test else { return };
        let values = match self.written.value_list() {
            Json::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        for (i, (value, pattern)) in values.iter().zip(patterns).enumerate() {
            let Some(text) = value.as_str() else { continue };
            let (span, stripped) = (self.written.element(i), ruby_strip(text));
            if stripped != text {
                found.push(catalogue::payload_stripped(span, stripped.is_empty()));
            }
            match pattern.meaning() {
                LikeMeaning::Contains(read) if read != stripped => {
                    found.push(catalogue::payload_wildcard(span, text, &read));
                }
                LikeMeaning::Anything if !stripped.is_empty() || text.is_empty() => {
                    found.push(catalogue::payload_wildcard(span, text, ""));
                }
                LikeMeaning::NotEmpty => found.push(catalogue::payload_wildcard(span, text, "any character")),
                LikeMeaning::Other => {
                    let pieces = pieces(text).join("…");
                    let read = if pieces.is_empty() { "several characters" } else { &pieces };
                    found.push(catalogue::payload_wildcard(span, text, read));
                }
                _ => {}
            }
        }
    }

    /// Whether more than one of the values is compared with.
    fn reads_several(&self) -> bool {
        matches!(&self.condition.test, Test::In { list, .. } if list.len() > 1)
    }

    fn is_custom(&self) -> bool {
        matches!(self.attribute, Attribute::Custom(_))
    }
}
