//! `GET conversations` and `GET conversations/meta`: the finder.

use std::cmp::Ordering;

use super::PAGE_SIZE;
use super::account::{Account, User};
use super::data::Row;
use super::refusal::Refusal;
use super::request::{Param, Params, page_offset};
use crate::eval::text::{LikePattern, pg_lower, ruby_blank, ruby_downcase, ruby_strip};
use crate::schema::STATUSES;
use crate::server::{text_to_column, text_to_i};

/// The four counts of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) mine: usize,
    pub(super) assigned: usize,
    pub(super) unassigned: usize,
    pub(super) all: usize,
}

/// What the finder found.
pub(super) struct Found<'a> {
    pub(super) counts: Counts,
    /// The rows of the requested page.
    pub(super) page: Vec<&'a Row>,
}

/// Orders of the list. Rows of equal key have no defined order; here they keep the order of the file.
type Order = fn(&Row, &Row) -> Ordering;

/// `sort_by`; the first is the default, also for an unknown name.
const ORDERS: &[(&str, Order)] = &[
    ("last_activity_at_desc", newest_activity),
    ("last_activity_at_asc", |a, b| a.last_activity_at.cmp(&b.last_activity_at)),
    ("latest", newest_activity),
    ("created_at_asc", oldest),
    ("created_at_desc", |a, b| oldest(b, a)),
    ("sort_on_created_at", oldest),
    ("priority_asc", |a, b| nulls_last(a.priority, b.priority, Ordering::is_lt).then_with(|| newest_activity(a, b))),
    ("priority_desc", highest_priority),
    ("sort_on_priority", highest_priority),
    ("waiting_since_asc", longest_waiting),
    ("waiting_since_desc", |a, b| {
        nulls_last(a.waiting_since, b.waiting_since, Ordering::is_gt).then_with(|| oldest(a, b))
    }),
    ("sort_on_waiting_since", longest_waiting),
    ("priority_desc_created_at_asc", |a, b| {
        nulls_last(a.priority, b.priority, Ordering::is_gt).then_with(|| oldest(a, b))
    }),
    ("unread", |a, b| b.unread_count.cmp(&a.unread_count).then_with(|| newest_activity(a, b))),
];

pub(super) fn newest_activity(a: &Row, b: &Row) -> Ordering {
    b.last_activity_at.cmp(&a.last_activity_at)
}

fn oldest(a: &Row, b: &Row) -> Ordering {
    a.created_at.cmp(&b.created_at)
}

fn highest_priority(a: &Row, b: &Row) -> Ordering {
    nulls_last(a.priority, b.priority, Ordering::is_gt).then_with(|| newest_activity(a, b))
}

fn longest_waiting(a: &Row, b: &Row) -> Ordering {
    nulls_last(a.waiting_since, b.waiting_since, Ordering::is_lt).then_with(|| oldest(a, b))
}

/// `NULLS LAST` in either direction.
fn nulls_last<T: Ord>(a: Option<T>, b: Option<T>, first: fn(Ordering) -> bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if a == b => Ordering::Equal,
        (Some(a), Some(b)) if first(a.cmp(&b)) => Ordering::Less,
        (Some(_), Some(_)) => Ordering::Greater,
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

/// What is asked for. Counts alone look at no page, unless it is a search: that counts what is on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    Page,
    Counts,
}

/// Answers the list, or only its counts.
pub(super) fn find<'a>(
    account: &Account,
    rows: &'a [Row],
    user: User,
    params: &Params,
    show: Show,
    now: f64,
) -> Result<Found<'a>, Refusal> {
    let teams = params.get("team_id").map(|param| team_ids(account, param)).transpose()?;
    let me = account.user_id(user);
    let mut found: Vec<&Row> = rows
        .iter()
        .filter(|row| account.may_see(user, row.inbox_id))
        .filter(|row| inbox_matches(account, params, row))
        .filter(|row| conversation_type_matches(params, row))
        // A search ignores the status.
        .filter(|row| params.get("q").is_some() || status_matches(params.get("status"), row))
        .filter(|row| teams.as_ref().is_none_or(|teams| row.team_id.is_some_and(|id| teams.contains(&id))))
        .filter(|row| params.get("labels").is_none_or(|labels| has_label(labels, row)))
        .filter(|row| params.get("q").is_none_or(|q| said(q, row)))
        .filter(|row| params.get("source_id").is_none_or(|ids| ids.values().contains(&row.source_id)))
        .collect();
    let order = params.one("sort_by").and_then(|name| ORDERS.iter().find(|(known, _)| *known == name));
    let order = order.or(ORDERS.first()).map(|(_, order)| *order).unwrap_or(newest_activity);
    found.sort_by(|a, b| order(a, b));

    let searched = params.get("q").is_some();
    let window = match show {
        Show::Counts if !searched => Window::Nothing,
        Show::Counts | Show::Page => Window::new(params, now)?,
    };
    let count = |wanted: &dyn Fn(&Row) -> bool| {
        let matching = found.iter().filter(|row| wanted(row));
        // A search is counted on the limited page, each count by itself.
        if searched { window.cut(matching.copied()).len() } else { matching.count() }
    };
    let (mine, unassigned, all) =
        (count(&|row| is_mine(row, me)), count(&|row| row.assignee_id.is_none()), count(&|_| true));
    let counts = Counts { mine, assigned: all.saturating_sub(unassigned), unassigned, all };

    let assignee_type = params.one("assignee_type");
    let listed = found.iter().copied().filter(|row| match assignee_type {
        Some("me") => is_mine(row, me),
        Some("unassigned") => row.assignee_id.is_none(),
        Some("assigned") => row.assignee_id.is_some(),
        _ => true,
    });
    Ok(Found { counts, page: window.cut(listed) })
}

pub(super) fn is_mine(row: &Row, me: Option<i64>) -> bool {
    me.is_some() && row.assignee_id == me
}

/// Which of the matching rows are shown: none, a page, or all that changed lately.
enum Window {
    Nothing,
    Page(usize),
    UpdatedAfter(f64),
}

impl Window {
    fn new(params: &Params, now: f64) -> Result<Self, Refusal> {
        if let Some(seconds) = params.one("updated_within").filter(|text| !ruby_blank(text)) {
            #[expect(clippy::cast_precision_loss, reason = "a number of seconds")]
            return Ok(Self::UpdatedAfter(now - text_to_i(seconds) as f64));
        }
        let page = params.one("page").map_or(1, text_to_i);
        page_offset(page).map(Self::Page).ok_or_else(|| Refusal::server_error("page out of range"))
    }

    fn cut<'a>(&self, rows: impl Iterator<Item = &'a Row>) -> Vec<&'a Row> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Page(offset) => rows.skip(*offset).take(PAGE_SIZE).collect(),
            Self::UpdatedAfter(second) => rows.filter(|row| row.updated_at > *second).collect(),
        }
    }
}

/// An unknown or empty team among them, or one that is no number, is a 404, not an empty list.
fn team_ids(account: &Account, param: &Param) -> Result<Vec<i64>, Refusal> {
    let ids: Vec<i64> = param.values().iter().map(|text| text_to_i(text)).collect();
    if ids.iter().all(|id| account.has_team(*id)) { Ok(ids) } else { Err(Refusal::NotFound) }
}

fn inbox_matches(account: &Account, params: &Params, row: &Row) -> bool {
    params.get("inbox_id").is_none_or(|param| {
        let ids = param.values().iter().map(|text| text_to_i(text)).filter(|id| account.has_inbox(*id));
        ids.into_iter().any(|id| row.inbox_id == Some(id))
    })
}

fn conversation_type_matches(params: &Params, row: &Row) -> bool {
    match params.one("conversation_type") {
        // Neither mentions nor participants are in a data file.
        Some("mention" | "participating") => false,
        Some("unattended") => row.first_reply_created_at.is_none() || row.waiting_since.is_some(),
        _ => true,
    }
}

/// `open` by default; words or their numbers. An unknown word is NULL, which no row has.
fn status_matches(param: Option<&Param>, row: &Row) -> bool {
    let Some(param) = param else {
        return row.status == Some(0);
    };
    if *param == Param::One("all".to_owned()) {
        return true;
    }
    param.values().iter().any(|value| {
        let code = STATUSES.iter().position(|word| word == value);
        let code = code.or_else(|| usize::try_from(text_to_column(value)?).ok());
        code.is_some() && row.status == code
    })
}

/// Any of the labels, whatever the case. Commas separate, and quotes hold a name together.
fn has_label(param: &Param, row: &Row) -> bool {
    let wanted = label_names(&param.values().join(", "));
    row.labels.iter().any(|label| wanted.contains(&pg_lower(label)))
}

/// The names of a list of labels, as the server's tag parser takes them out: what stands between double quotes first,
/// then what stands between single ones, then the rest, cut at its commas. Ruby strips them and both Ruby and the
/// database fold their case.
fn label_names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = list.to_owned();
    for quote in ['"', '\''] {
        rest = take_quoted(&rest, quote, &mut names);
    }
    names.extend(rest.split(',').map(str::to_owned));
    names.retain(|name| !ruby_blank(name));
    names.iter().map(|name| pg_lower(&ruby_downcase(ruby_strip(name)))).collect()
}

/// Takes out the names between quotes, each with the comma before it. A quote opens a name at the start or after a
/// comma, and closes it before a comma or at the end; blanks beside it do not count.
fn take_quoted(list: &str, quote: char, names: &mut Vec<String>) -> String {
    let mut left = String::new();
    let mut rest = list;
    let mut may_open = true;
    while let Some(c) = rest.chars().next() {
        let comma = c == ',';
        let opened =
            (comma || may_open).then(|| rest.strip_prefix(',').unwrap_or(rest).trim_start().strip_prefix(quote));
        if let Some((name, after)) = opened.flatten().and_then(|inner| closed(inner, quote)) {
            names.push(name.to_owned());
            rest = after;
        } else {
            left.push(c);
            rest = rest.strip_prefix(c).unwrap_or_default();
        }
        may_open = false;
    }
    left
}

/// The name up to the first quote that closes it, and what follows.
fn closed(inner: &str, quote: char) -> Option<(&str, &str)> {
    inner.match_indices(quote).find_map(|(at, _)| {
        let (name, after) = inner.split_at_checked(at)?;
        let after = after.strip_prefix(quote)?.trim_start();
        (after.is_empty() || after.starts_with(',')).then_some((name, after))
    })
}

/// Whether an incoming or outgoing message (a private note is outgoing) contains the text.
fn said(param: &Param, row: &Row) -> bool {
    let text = param.values().first().map(String::as_str).unwrap_or_default();
    let pattern = LikePattern::new(&format!("%{text}%"));
    row.messages.iter().any(|message| message.message_type <= 1 && pattern.matches(&message.content))
}

#[cfg(test)]
mod tests {
    use super::label_names;

    #[test]
    fn label_lists_as_the_tag_parser_reads_them() {
        assert_eq!(label_names("bug, VIP"), ["bug", "vip"]);
        assert_eq!(label_names("\"a, b\", 'c'"), ["a, b", "c"]);
        assert_eq!(label_names("it's"), ["it's"]);
        assert_eq!(label_names(" , ,\u{a0}"), Vec::<String>::new());
        // Ruby strips no such blank.
        assert_eq!(label_names("bug\u{a0},\tvip\0"), ["bug\u{a0}", "vip"]);
        assert_eq!(label_names("ΟΔΟΣ"), ["οδοσ"]);
        assert_eq!(label_names("\"a\"b, c\", 'd' , e"), ["a\"b, c", "d", "e"]);
        assert_eq!(label_names("a \"b\", \"c"), ["a \"b\"", "\"c"]);
        assert_eq!(label_names("x,'a', \"b\",y"), ["b", "a", "x", "y"]);
        assert_eq!(label_names("\"a\",\"b\""), ["a", "b"]);
    }
}
