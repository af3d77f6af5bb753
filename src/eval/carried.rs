//! What a filter asks about and a returned conversation does not carry.

use std::fmt;

use crate::check::{Condition, Filter, Test, Values};
use crate::schema::{Attribute, Schema, Standard};

/// What a server looks at for a condition, and a conversation that it returns does not carry: of these,
/// [`matches()`](super::matches) decides by what is there, and may decide otherwise than the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotCarried {
    /// The campaign, which no conversation carries: it is taken for missing.
    Campaign,
    /// An agent that was removed: its conversations come back as if nobody were assigned. Of the agents that the schema's
    /// account has none is removed, so `assignee = 12` is decided rightly where it has the agent 12.
    RemovedAgents,
    /// A label with a comma in it: the server joins labels with commas, so it comes back as two labels.
    LabelWithComma,
}

impl NotCarried {
    /// What of a condition is not carried; `None` if a conversation decides it.
    #[must_use]
    pub fn of(condition: &Condition, schema: &Schema) -> Option<Self> {
        let Attribute::Standard(standard) = condition.attribute else { return None };
        match (standard, &condition.test) {
            (Standard::CampaignId, _) => Some(Self::Campaign),
            (Standard::AssigneeId, test) => {
                let known = |id: &i64| {
                    schema.account.as_ref().is_some_and(|account| account.agents().iter().any(|agent| agent.id == *id))
                };
                let all_known = matches!(test, Test::AnyOf(Values::Ids(ids)) if ids.iter().all(known));
                (!all_known).then_some(Self::RemovedAgents)
            }
            (Standard::Labels, Test::AnyOf(Values::Texts(labels)) | Test::NoneOf(Values::Texts(labels))) => {
                labels.iter().any(|label| label.contains(',')).then_some(Self::LabelWithComma)
            }
            _ => None,
        }
    }

    /// What a conversation lacks, as a person reads it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Campaign => "conversations do not carry their campaign",
            Self::RemovedAgents => "conversations of a removed agent come back as if nobody were assigned",
            Self::LabelWithComma => "a label with a comma comes back as two labels",
        }
    }
}

impl fmt::Display for NotCarried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The conditions of a filter, in negation normal form, that a conversation's JSON does not decide, each with what is not in
/// it. Where there is none, [`matches()`](super::matches) decides as the server would.
///
/// The conversations that a plan's payloads bring need no such look: a plan leaves to its residuals what they carry.
///
/// ```
/// use cwql::eval::{self, NotCarried};
/// use cwql::{Query, Schema};
///
/// let schema = Schema::default();
/// let asked = "status = open AND campaign_id = 4 AND assignee IS MISSING";
/// let query = Query::new(asked, &schema)?;
/// let doubtful = eval::not_carried(query.filter(), &schema);
/// let places: Vec<(&str, NotCarried)> = doubtful.iter().map(|(condition, what)| (condition.span.of(asked), *what)).collect();
/// assert_eq!(places, [
///     ("campaign_id = 4", NotCarried::Campaign),
///     ("assignee IS MISSING", NotCarried::RemovedAgents),
/// ]);
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
#[must_use]
pub fn not_carried(filter: &Filter, schema: &Schema) -> Vec<(Condition, NotCarried)> {
    // The opposite of a condition may be carried where the condition is not, and the other way round.
    let normal = filter.negation_normal();
    normal.conditions().filter_map(|condition| Some((condition.clone(), NotCarried::of(condition, schema)?))).collect()
}
