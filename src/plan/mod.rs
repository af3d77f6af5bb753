//! Filter → [`Plan`]: what is sent to the server, in which order, and what is left to the client.
//!
//! A plan is a union of scans. A scan is one payload and, where needed, a residual: a filter for the conversations
//! that it returns. The laws: each payload is one that the server accepts and reads as it is meant; it matches all
//! that its part of the query means, and perhaps more; after the residuals the rows of all scans together are
//! exactly those that the query means.
//!
//! # With an HTTP client of one's own
//!
//! [`Payload::to_body`] is the body of `POST /api/v1/accounts/{id}/conversations/filter`, and
//! [`Page::read`](crate::answer::Page::read) reads what comes back:
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use cwql::answer::Page;
//! use cwql::eval::{Row, matches};
//! use cwql::{Query, Schema};
//!
//! # fn post(path: &str, _: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
//! #     let first = br#"{"payload":[{"id":9,"unread_count":3},{"id":7,"unread_count":0}]}"#;
//! #     Ok(if path.ends_with("=1") { first.to_vec() } else { br#"{"payload":[]}"#.to_vec() })
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let schema = Schema { now: Some(jiff::Timestamp::now()), ..Schema::default() };
//! let query = Query::new("status = open AND unread_count > 0", &schema)?;
//! // A conversation may be found by several scans.
//! let mut found = BTreeMap::new();
//! for scan in &query.plan().scans {
//!     let body = scan.payload.to_body();
//!     for number in 1.. {
//!         let page = Page::read(&post(&format!("conversations/filter?page={number}"), &body)?)?;
//!         if page.conversations.is_empty() {
//!             break;
//!         }
//!         for conversation in page.conversations {
//!             let is_meant = scan.residual.as_ref().is_none_or(|residual| {
//!                 matches(&residual.filter, &Row::new(conversation.value(), schema.now()))
//!             });
//!             if is_meant {
//!                 found.insert(conversation.id(), conversation);
//!             }
//!         }
//!     }
//! }
//! assert!(found.keys().eq([&9]));
//! # Ok(())
//! # }
//! ```
//!
//! Conversations move between pages while they are read: one that gets a message is first again, and another takes its
//! place. `cwql::Client` reads pages anew where it sees that.

mod absorb;
mod custom;
mod decided;
mod dnf;
mod explain;
mod layout;
mod origin;
mod plain;
mod product;
mod pushdown;
mod simplify;

#[cfg(feature = "cli")]
pub(crate) use decided::verdict;
pub(crate) use decided::warn;
pub use origin::origins;
pub use pushdown::Reason;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use crate::check::{Condition, Filter, to_text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, catalogue};
use crate::payload::Payload;
use crate::schema::Schema;
use crate::source::Span;
use dnf::{Arena, Conjunction, MAX_BUILT, Node, Shape, Size};
use layout::Weak;

/// How many steps are spent at most on building forms that may turn out to be too long.
const STEPS: usize = 1_500_000;

/// What is sent to the server, and what is left to the client. It is serialised as [`Plan::to_json`] writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The scans; their rows are merged, each conversation once. None if the query can match no conversation at all.
    pub scans: Vec<Scan>,
    /// Where there is not one scan, one payload that matches what all of them match, and perhaps more.
    wide: Option<Payload>,
}

/// One payload, and what the client has to look at in the conversations that it returns.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scan {
    /// What is sent.
    pub payload: Payload,
    /// What the returned conversations must satisfy as well.
    pub residual: Option<Residual>,
}

/// A filter that the client evaluates, and why.
///
/// ```
/// use cwql::check::to_text;
/// use cwql::plan::Reason;
/// use cwql::{Query, Schema};
///
/// let query = Query::new("status = open AND unread_count > 0", &Schema::default())?;
/// let residual = query.plan().scans[0].residual.as_ref().unwrap();
/// assert_eq!(to_text(&residual.filter), "unread_count > 0");
/// assert_eq!(residual.reasons, [("unread_count > 0".to_owned(), Reason::NotFilterable)]);
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Residual {
    /// The filter.
    pub filter: Filter,
    /// The parts of the query that the payload does not say, as text, each with its reason.
    pub reasons: Vec<(String, Reason)>,
}

impl Plan {
    /// Whether the query can match no conversation at all, so that nothing is sent.
    ///
    /// ```
    /// # use cwql::{Query, Schema};
    /// let query = Query::new("status = open AND status = resolved", &Schema::default())?;
    /// assert!(query.plan().is_never());
    /// // Whoever sends one payload all the same finds nothing with this one.
    /// assert!(query.payload()?.to_json().contains("display_id"));
    /// # Ok::<(), cwql::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn is_never(&self) -> bool {
        self.scans.is_empty()
    }

    /// Whether one payload says exactly the query.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.exact().is_some()
    }

    /// The payload that alone says exactly the query, if there is one.
    pub(crate) fn exact(&self) -> Option<&Payload> {
        matches!(self.scans.as_slice(), [] | [Scan { residual: None, .. }]).then(|| self.superset())
    }

    /// As [`Plan::exact`]; else the scans.
    pub(crate) fn into_exact(mut self) -> Result<Payload, Vec<Scan>> {
        if !self.is_exact() {
            return Err(self.scans);
        }
        Ok(self.scans.pop().map(|scan| scan.payload).or(self.wide).unwrap_or_default())
    }

    /// One payload that matches every conversation that the query means, and perhaps more.
    #[must_use]
    pub fn superset(&self) -> &Payload {
        static EVERYTHING: Payload = Payload { conditions: Vec::new() };
        match self.scans.as_slice() {
            [only] => &only.payload,
            _ => self.wide.as_ref().unwrap_or(&EVERYTHING),
        }
    }
}

/// Plans a filter that was checked against this schema. `text` is the query's, in which the spans of the conditions are
/// places: what is wrong is shown in it.
///
/// A filter that was built by hand is planned as it is; [`Query::from_filter`](crate::Query::from_filter) checks it first. What
/// is to be true of one, [`Filter`] says.
///
/// ```
/// use cwql::{Schema, check, parse, plan::plan};
///
/// let (text, schema) = ("status = open AND unread_count > 0", Schema::default());
/// let checked = check(&parse(text), &schema)?;
/// let plan = plan(&checked.filter, text, &schema)?;
/// assert_eq!(plan.scans[0].payload.conditions.len(), 1);
/// assert!(plan.scans[0].residual.is_some());
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
///
/// # Errors
/// A part of the query can be evaluated neither by the server nor by the client (`cwql::impossible`), or the filter is nested
/// deeper than any query's ([`Filter::MAX_DEPTH`], `cwql::too_deep`).
pub fn plan(filter: &Filter, text: &str, schema: &Schema) -> Result<Plan, Diagnostics> {
    plan_leaving(filter, text, schema, &|_| None)
}

/// Plans a checked filter, with conditions that are left to the client whatever the server can do: those for which
/// `left` gives a reason.
///
/// # Errors
/// As [`plan`].
pub fn plan_leaving(
    filter: &Filter,
    text: &str,
    schema: &Schema,
    left: &dyn Fn(&Condition) -> Option<Reason>,
) -> Result<Plan, Diagnostics> {
    if filter.is_too_deep() {
        return Err(Diagnostics::new(text, vec![catalogue::filter_too_deep(text, Filter::MAX_DEPTH)]));
    }
    plan_checked(filter, text, schema, left)
}

/// As [`plan_leaving`], for a filter that [`check`](crate::check()) gave, which is not too deep.
pub(crate) fn plan_checked(
    filter: &Filter,
    text: &str,
    schema: &Schema,
    left: &dyn Fn(&Condition) -> Option<Reason>,
) -> Result<Plan, Diagnostics> {
    match plain_payload(filter.negation_normal(), schema, left) {
        Ok(payload) => Ok(Plan { scans: vec![Scan { payload, residual: None }], wide: None }),
        Err(simple) => plan_simple(simple, text, schema, left),
    }
}

/// The one payload of a filter in negation normal form that is a chain of conditions which one literal says each, as
/// nearly all are; else the filter, simplified.
pub(crate) fn plain_payload(
    filter: Filter,
    schema: &Schema,
    left: &dyn Fn(&Condition) -> Option<Reason>,
) -> Result<Payload, Filter> {
    let simple = simplify::simplify(filter);
    match plain::payload(&simple, schema, left) {
        Some(payload) if !is_nothing(&simple) => Ok(payload),
        _ => Err(simple),
    }
}

fn is_nothing(filter: &Filter) -> bool {
    matches!(filter, Filter::Any(parts) if parts.is_empty())
}

/// As [`plan_leaving`], for a filter that [`plain_payload`] has simplified.
pub(crate) fn plan_simple(
    simple: Filter,
    text: &str,
    schema: &Schema,
    left: &dyn Fn(&Condition) -> Option<Reason>,
) -> Result<Plan, Diagnostics> {
    if is_nothing(&simple) {
        return Ok(never());
    }
    let factors = match simple {
        Filter::All(parts) => parts,
        other => vec![other],
    };
    let mut arena = Arena::with_capacity(factors.len());
    let mut root =
        Node::all(factors.into_iter().enumerate().map(|(i, factor)| arena.node(factor, i, schema, left)).collect());
    let conjunctions =
        bounded(&mut arena, &mut root, schema.max_conditions).ok_or_else(|| impossible(&arena, &root, text))?;
    if conjunctions.is_empty() {
        return Ok(never());
    }
    let mut scans = scans(&mut arena, &root, &conjunctions, schema.max_conditions)
        .map_err(|part| impossible_part(&arena, part, text))?;
    // Alternatives that only together turn out to exclude each other.
    scans.retain(|scan| scan.residual.as_ref().is_none_or(|residual| !is_nothing(&residual.filter)));
    if scans.is_empty() {
        return Ok(never());
    }
    let wide = (scans.len() > 1).then(|| layout::lay(&mut arena, &conjunctions, schema.max_conditions).payload);
    Ok(Plan { scans, wide })
}

/// A plan for what no conversation matches.
fn never() -> Plan {
    Plan { scans: Vec::new(), wide: Some(Payload::of_nothing()) }
}

/// In so many payloads alternatives are sent rather than looked for in every conversation.
const FEW_PAYLOADS: usize = 8;

/// The disjunctive normal form, parts left to the client until it is within the bound; `None` if that cannot be.
fn bounded(arena: &mut Arena, root: &mut Node, max: usize) -> Option<Vec<Conjunction>> {
    let most = Size { conjunctions: max.max(1), conditions: max };
    let mut steps = STEPS;
    // Of each factor how many conjunctions remain at least, and how large it was when that was seen.
    let mut least: Vec<(usize, usize)> = Vec::new();
    loop {
        if root.size.within(max) {
            arena.steps = usize::MAX;
            return arena.conjunctions(root, most).ok();
        }
        // Simplification may still bring it down; what is related is built to see that, as long as there are steps.
        if steps > STEPS / 1000 && remaining(root, &least) <= most.conjunctions {
            arena.steps = steps / 3;
            steps -= arena.steps;
            match arena.conjunctions(root, most) {
                Ok(conjunctions) if Size::of(&conjunctions).within(max) => {
                    arena.steps = STEPS;
                    return Some(conjunctions);
                }
                Ok(_) => {}
                Err(large) => least = large.least.into_iter().zip(branches(root)).collect(),
            }
            steps += arena.steps;
        }
        // Left to the client, alternatives that nothing narrows would be looked for in every conversation.
        let in_a_few = root.size.conditions <= max.saturating_mul(FEW_PAYLOADS) && root.is_nothing_but_alternatives();
        if !in_a_few && arena.weaken(root, None) {
            continue;
        }
        // What cannot be left to the client, or should not be, is sent in several payloads.
        arena.steps = STEPS * 16;
        let conjunctions = (root.size.conjunctions <= MAX_BUILT).then(|| arena.conjunctions(root, product::INNER).ok());
        return conjunctions.flatten();
    }
}

fn branches(root: &Node) -> impl Iterator<Item = usize> + '_ {
    let nodes = if let Shape::All(nodes) = &root.shape { nodes.as_slice() } else { &[] };
    nodes.iter().map(|node| node.size.conjunctions)
}

/// How many conjunctions remain at least of the factors that are what they were.
fn remaining(root: &Node, least: &[(usize, usize)]) -> usize {
    let unchanged = branches(root).zip(least).filter(|(now, (_, then))| now == then);
    unchanged.fold(1, |product: usize, (_, (least, _))| product.saturating_mul(*least))
}

/// Groups conjunctions into scans: one if the client can evaluate all that the payload does not say.
fn scans(arena: &mut Arena, root: &Node, conjunctions: &[Conjunction], max: usize) -> Result<Vec<Scan>, usize> {
    let count: usize = conjunctions.iter().map(|conjunction| conjunction.literals.len()).sum();
    if count <= max {
        let laid = layout::lay_once(arena, conjunctions, max);
        if laid.weak.is_empty() {
            return Ok(vec![Scan { payload: laid.payload, residual: None }]);
        }
        if let Some(filter) = factors(arena, root, &laid.weak) {
            return Ok(vec![Scan { payload: laid.payload, residual: residual(arena, filter, &laid.weak) }]);
        }
    }
    let mut scans = Vec::new();
    let named = conjunctions.iter().map(|conjunction| (group_of(arena, conjunction), conjunction.clone())).collect();
    for (group, members) in grouped(named) {
        for chunk in chunks(members, max) {
            match scan(arena, &group, &chunk, max)? {
                Some(scan) => scans.push(scan),
                // The order weakens what stands together: alternatives that lose the same parts alone stand together.
                None => scans.extend(separately(arena, chunk, max)?),
            }
        }
    }
    Ok(scans)
}

/// One scan for conjunctions of a group; none if the order of the payload takes more from them than the group says.
fn scan(arena: &mut Arena, group: &Group, conjunctions: &[Conjunction], max: usize) -> Result<Option<Scan>, usize> {
    let laid = layout::lay(arena, conjunctions, max);
    if laid.weak.is_empty() {
        return Ok(Some(Scan { payload: laid.payload, residual: None }));
    }
    let filter = match group {
        Group::Local => Filter::Any(conjunctions.iter().map(|conjunction| whole(arena, conjunction)).collect()),
        Group::Weak(parts) if laid.weak.parts.keys().eq(parts.iter()) => {
            // A literal that is left out leaves out every part that it stood for.
            let left = arena.sharing(&laid.weak.left);
            let shared = |conjunction: &Conjunction| conjunction.shared.iter().any(|part| left.contains(part));
            match conjunctions {
                [only] => {
                    all(arena, parts.iter().chain(only.shared.iter().filter(|part| left.contains(part))).copied())?
                }
                several if several.iter().any(shared) => return Ok(None),
                _ => all(arena, parts.iter().copied())?,
            }
        }
        _ => return Ok(None),
    };
    Ok(Some(Scan { payload: laid.payload, residual: residual(arena, filter, &laid.weak) }))
}

fn separately(arena: &mut Arena, conjunctions: Vec<Conjunction>, max: usize) -> Result<Vec<Scan>, usize> {
    let mut named = Vec::with_capacity(conjunctions.len());
    for conjunction in conjunctions {
        let weak = layout::lay(arena, std::slice::from_ref(&conjunction), max).weak.parts.into_keys().collect();
        named.push((Group::Weak(weak), conjunction));
    }
    let mut scans = Vec::new();
    for (group, members) in grouped(named) {
        match scan(arena, &group, &members, max)? {
            Some(scan) => scans.push(scan),
            None => {
                for conjunction in members {
                    scans.extend(scan(arena, &group, &[conjunction], max)?);
                }
            }
        }
    }
    Ok(scans)
}

/// The conjunctions of each group, in the order of the first of each.
fn grouped(named: Vec<(Group, Conjunction)>) -> Vec<(Group, Vec<Conjunction>)> {
    let mut places: HashMap<Group, usize> = HashMap::new();
    let mut groups: Vec<(Group, Vec<Conjunction>)> = Vec::new();
    for (group, conjunction) in named {
        let next = groups.len();
        let place = *places.entry(group.clone()).or_insert(next);
        match groups.get_mut(place) {
            Some((_, members)) => members.push(conjunction),
            None => groups.push((group, vec![conjunction])),
        }
    }
    groups
}

/// What conjunctions that share a scan have in common.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Group {
    /// The payload says all of it.
    Exact,
    /// The client looks at the same parts.
    Weak(Vec<usize>),
    /// The client can evaluate all of it.
    Local,
}

fn group_of(arena: &Arena, conjunction: &Conjunction) -> Group {
    if conjunction.weak.is_empty() {
        return Group::Exact;
    }
    let mut parts = parts_of(arena, conjunction);
    if parts.all(|part| arena.is_evaluable(part)) {
        return Group::Local;
    }
    let mut weak = conjunction.weak.clone();
    weak.sort_unstable();
    weak.dedup();
    Group::Weak(weak)
}

fn parts_of<'a>(arena: &'a Arena, conjunction: &'a Conjunction) -> impl Iterator<Item = usize> + 'a {
    let literals = conjunction.literals.iter().filter_map(|&id| arena.literal(id)).map(|(_, part)| *part);
    literals.chain(conjunction.weak.iter().chain(&conjunction.shared).copied())
}

/// Everything that a conjunction asks.
fn whole(arena: &Arena, conjunction: &Conjunction) -> Filter {
    let mut parts: Vec<usize> = parts_of(arena, conjunction).collect();
    parts.sort_unstable();
    parts.dedup();
    Filter::All(parts.into_iter().filter_map(|part| arena.parts.get(part)).map(|part| part.filter.clone()).collect())
}

/// All of the parts, if the client can evaluate each.
fn all(arena: &Arena, parts: impl Iterator<Item = usize>) -> Result<Filter, usize> {
    let mut filters = Vec::new();
    for id in parts {
        match arena.parts.get(id) {
            Some(part) if part.evaluable => filters.push(part.filter.clone()),
            _ => return Err(id),
        }
    }
    Ok(Filter::All(filters))
}

/// The factors of the query's outermost AND that have a weak part, if the client can evaluate each of them.
///
/// A conversation that the payload matches satisfies all the other factors: each alternative of the payload says
/// one alternative of them exactly.
fn factors(arena: &Arena, root: &Node, weak: &Weak) -> Option<Filter> {
    let Shape::All(nodes) = &root.shape else { return None };
    let resting = arena.sharing(&weak.left);
    let parts = weak.parts.keys().chain(&resting);
    let mut wanted: Vec<usize> = parts.filter_map(|&id| arena.parts.get(id)).map(|part| part.factor).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut filters = Vec::with_capacity(wanted.len());
    for factor in wanted {
        let node = nodes.get(factor)?;
        if !node.evaluable {
            return None;
        }
        filters.push(arena.filter(node));
    }
    Some(Filter::All(filters))
}

/// What the client looks at; none if that turns out to be nothing at all.
fn residual(arena: &Arena, filter: Filter, weak: &Weak) -> Option<Residual> {
    let filter = simplify::simplify(filter.into_negation_normal());
    if filter == Filter::EVERYTHING {
        return None;
    }
    let mut reasons: Vec<(String, Reason)> = Vec::new();
    let mut told: HashSet<(String, Reason)> = HashSet::new();
    let mut tell = |filter: &Filter, reason: Reason| {
        let entry = (to_text(filter), reason);
        if told.insert(entry.clone()) {
            reasons.push(entry);
        }
    };
    for (id, reason) in &weak.parts {
        let Some(part) = arena.parts.get(*id) else { continue };
        if part.because.is_empty() {
            tell(&part.filter, *reason);
        }
        for part in part.because.iter().filter_map(|&id| arena.parts.get(id)) {
            tell(&part.filter, part.reason.unwrap_or(*reason));
        }
    }
    Some(Residual { filter, reasons })
}

/// Cuts alternatives into payloads within the bound.
fn chunks(conjunctions: Vec<Conjunction>, max: usize) -> Vec<Vec<Conjunction>> {
    let mut chunks: Vec<Vec<Conjunction>> = Vec::new();
    let mut room = 0;
    for conjunction in conjunctions {
        let size = conjunction.literals.len().max(1);
        match chunks.last_mut() {
            Some(last) if size <= room => last.push(conjunction),
            _ => {
                chunks.push(vec![conjunction]);
                room = max.max(size);
            }
        }
        room -= size;
    }
    chunks
}

fn impossible(arena: &Arena, root: &Node, text: &str) -> Diagnostics {
    let part = unevaluable(arena, root).unwrap_or_default();
    impossible_part(arena, part, text)
}

fn unevaluable(arena: &Arena, node: &Node) -> Option<usize> {
    match &node.shape {
        Shape::All(nodes) | Shape::Any(nodes) => nodes.iter().find_map(|node| unevaluable(arena, node)),
        Shape::Leaf(id) => arena.parts.get(*id).is_some_and(|part| !part.evaluable).then_some(*id),
    }
}

fn impossible_part(arena: &Arena, part: usize, text: &str) -> Diagnostics {
    let filter = arena.parts.get(part).map(|part| &part.filter);
    let span = match filter {
        Some(Filter::Condition(condition)) => condition.span,
        _ => Span::new(0, text.len() as u32),
    };
    let shown = filter.map(to_text).unwrap_or_default();
    let diagnostic = Diagnostic::new(
        Code::Impossible,
        span,
        "neither sent nor evaluated",
        format!("`{shown}` can be neither sent to the server in this query nor evaluated in what it returns"),
    )
    .help("the returned conversations do not carry what the server compares; ask for it in a query of its own");
    Diagnostics::new(text, vec![diagnostic])
}
