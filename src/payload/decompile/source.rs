//! A payload's JSON with the places of its parts.

use serde_json::value::RawValue;

use crate::diagnostic::{Diagnostic, catalogue};
use crate::server::{Json, Members};
use crate::source::{BYTE_ORDER_MARK, Span};

/// What a text holds.
pub(super) struct Document {
    /// Where the payload stands; the whole text if there is none.
    pub span: Span,
    pub payload: Payload,
    /// Whether it is a view as the dashboard saves it.
    pub saved: bool,
}

/// What stands where the payload should be.
pub(super) enum Payload {
    Conditions {
        conditions: Vec<Written>,
        /// Places of the `null`s among them.
        nulls: Vec<Span>,
    },
    EmptyObject,
    /// Something else, or nothing.
    None,
}

/// One condition as it is written.
#[derive(Clone)]
pub(super) struct Written {
    pub span: Span,
    /// The condition as Rails hands it to the service.
    pub json: Json,
    pub key: Option<Span>,
    pub operator: Option<Span>,
    pub values: Option<Span>,
    /// The places of the elements of `values`, without `null`s.
    pub elements: Vec<Span>,
    /// The places of the `null`s in `values`.
    pub nulls: Vec<Span>,
    pub query_operator: Option<Span>,
    /// Whether the dashboard has written it: only there a condition says whose attribute it is.
    pub from_dashboard: bool,
}

impl Written {
    /// Whether it is something else than an object.
    pub(super) fn is_no_object(&self) -> bool {
        !matches!(self.json, Json::Object(_))
    }

    /// The attribute's key, where it is a text.
    pub(super) fn key(&self) -> &str {
        self.json.get("attribute_key").as_str().unwrap_or_default()
    }

    /// The operator, where it is a text.
    pub(super) fn operator(&self) -> &str {
        self.json.get("filter_operator").as_str().unwrap_or_default()
    }

    pub(super) fn value_list(&self) -> &Json {
        self.json.get("values")
    }

    /// One of the values as a text: of an array the element, else the whole.
    pub(super) fn value_text(&self, i: usize) -> String {
        match self.value_list() {
            Json::Array(items) => items.get(i).map(Json::to_s).unwrap_or_default(),
            other => other.to_s(),
        }
    }

    /// The first value, if it is a text: of a text the whole, though the server may take its first character.
    pub(super) fn first_text(&self) -> Option<&str> {
        match self.value_list() {
            Json::Str(text) => Some(text),
            Json::Array(items) => items.first()?.as_str(),
            // What Ruby takes for the first of an object.
            other => other.get("0").as_str(),
        }
    }

    pub(super) fn values_span(&self) -> Span {
        self.values.unwrap_or(self.span)
    }

    /// The place of one of the values.
    pub(super) fn element(&self, i: usize) -> Span {
        self.elements.get(i).copied().unwrap_or(self.values_span())
    }
}

/// Reads a text: an array of conditions, a request's body, or a saved view.
pub(super) fn read(text: &str) -> Result<Document, Diagnostic> {
    // Refuses bad syntax and too deep nesting, which what follows relies on.
    let whole = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).trim();
    if let Err(error) = serde_json::from_str::<serde_json::Value>(whole) {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        let before = span_of(text, whole).start;
        let place = place_of(whole, &error);
        return Err(catalogue::payload_syntax(Span::new(before + place.start, before + place.end), reason));
    }
    let mut document = Document { span: span_of(text, whole), payload: Payload::None, saved: false };
    let mut payload = Some(whole);
    if whole.starts_with('{') {
        payload = member(whole, "payload");
        if payload.is_none() {
            payload = member(whole, "query").and_then(|query| member(query, "payload"));
            document.saved = payload.is_some();
            // A view of contacts or of a report has conditions too, on attributes that are none of a conversation.
            let kind = member(whole, "filter_type").filter(|kind| !matches!(*kind, r#""conversation""# | "0" | "null"));
            if let Some(kind) = kind.filter(|_| document.saved) {
                return Err(catalogue::payload_of_another_view(span_of(text, kind)));
            }
        }
    }
    let Some(payload) = payload else { return Ok(document) };
    let is_view = |item: &&str| member(item, "query").and_then(|query| member(query, "payload")).is_some();
    if let Some(view) = items(payload).into_iter().find(is_view) {
        return Err(catalogue::payload_of_views(span_of(text, view)));
    }
    document.span = span_of(text, payload);
    document.payload = match payload.chars().next() {
        Some('[') => conditions(text, payload),
        Some('{') if members(payload).is_empty() => Payload::EmptyObject,
        _ => Payload::None,
    };
    Ok(document)
}

fn conditions(text: &str, payload: &str) -> Payload {
    let (mut conditions, mut nulls) = (Vec::new(), Vec::new());
    for item in items(payload) {
        if item == "null" {
            nulls.push(span_of(text, item));
        } else {
            conditions.push(written(text, item));
        }
    }
    Payload::Conditions { conditions, nulls }
}

fn written(text: &str, item: &str) -> Written {
    let members = members(item);
    // The last of equal keys counts.
    let raw = |name: &str| members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.get());
    let place = |name: &str| raw(name).map(|part| span_of(text, part));
    let elements = raw("values").map(items).unwrap_or_default();
    let (nulls, elements): (Vec<&str>, Vec<&str>) = elements.into_iter().partition(|element| *element == "null");
    let spans = |parts: Vec<&str>| parts.into_iter().map(|part| span_of(text, part)).collect();
    Written {
        span: span_of(text, item),
        json: Json::from_raw(item).unwrap_or(Json::Null).munge(),
        key: place("attribute_key"),
        operator: place("filter_operator"),
        values: place("values"),
        elements: spans(elements),
        nulls: spans(nulls),
        query_operator: place("query_operator"),
        from_dashboard: raw("attribute_model").is_some(),
    }
}

/// The elements of an array; none of anything else.
fn items(raw: &str) -> Vec<&str> {
    let items: Vec<&RawValue> = serde_json::from_str(raw).unwrap_or_default();
    items.into_iter().map(RawValue::get).collect()
}

/// The members of an object; none of anything else.
fn members(raw: &str) -> Vec<(String, &RawValue)> {
    serde_json::from_str(raw).map_or_else(|_| Vec::new(), |Members(members)| members)
}

fn member<'a>(raw: &'a str, name: &str) -> Option<&'a str> {
    members(raw).into_iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.get())
}

/// Where a part of the text stands, a part that was borrowed from it.
fn span_of(text: &str, part: &str) -> Span {
    let start = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    Span::new(start as u32, (start + part.len()) as u32)
}

/// Where the JSON reader stopped: a character, or the text's end.
fn place_of(text: &str, error: &serde_json::Error) -> Span {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    // The column counts bytes and is that of the last one read.
    let mut start = (before + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(start) {
        start = start.saturating_sub(1);
    }
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::new(start as u32, (start + length) as u32)
}

/// The conditions as the dashboard sends what it has saved: `values` made an array of plain values, the operator of
/// the last one removed.
pub(super) fn as_dashboard_sends(conditions: &[Written]) -> Vec<Written> {
    let mut sent = conditions.to_vec();
    for condition in &mut sent {
        let plain = match condition.value_list() {
            Json::Array(items) => match items.first() {
                Some(first) if truthy(first.get("id")) => {
                    // What has no id is left out, as `null`s are.
                    let ids = items.iter().map(|item| item.get("id").clone()).collect();
                    Some(Json::Array(ids).munge())
                }
                _ => None,
            },
            Json::Object(_) => Some(Json::Array(vec![condition.value_list().get("id").clone()]).munge()),
            other if !truthy(other) => Some(Json::Array(Vec::new())),
            other => Some(Json::Array(vec![other.clone()])),
        };
        if let Some(plain) = plain
            && let Json::Object(members) = &mut condition.json
        {
            members.retain(|(key, _)| key != "values");
            members.push(("values".to_owned(), plain));
        }
    }
    if let Some(last) = sent.last_mut()
        && let Json::Object(members) = &mut last.json
    {
        members.retain(|(key, _)| key != "query_operator");
    }
    sent
}

/// JavaScript's truth.
fn truthy(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) | Json::Int(0) => false,
        Json::Float(number) => *number != 0.0,
        Json::Str(text) => !text.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_condition_have_their_places() {
        let text =
            r#" {"payload": [null, {"attribute_key":"status","values":["open",null,"é"] , "query_operator":"or"}]}"#;
        let document = read(text).unwrap();
        let Payload::Conditions { conditions, nulls } = document.payload else { panic!("no conditions") };
        assert_eq!(nulls[0].of(text), "null");
        let condition = &conditions[0];
        assert_eq!(condition.values_span().of(text), r#"["open",null,"é"]"#);
        assert_eq!(condition.element(1).of(text), "\"é\"");
        assert_eq!(condition.query_operator.unwrap().of(text), "\"or\"");
        assert!(condition.span.of(text).starts_with('{') && condition.span.of(text).ends_with('}'));
        assert_eq!(condition.value_list(), &Json::Array(vec![Json::Str("open".into()), Json::Str("é".into())]));
    }

    #[test]
    fn bad_json_has_a_place() {
        let at = |text: &str| read(text).map(|_| ()).unwrap_err().span().of(text).to_owned();
        assert_eq!(at("[\n {]"), "]");
        assert_eq!(at("[1 2]"), "2");
        assert_eq!(at(""), "");
    }
}
