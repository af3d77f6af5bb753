//! The short way through the stages: text in, payload or plan out.

use crate::check::{Checked, Condition, check, resolve, to_text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, catalogue};
use crate::payload::Payload;
use crate::plan::{Plan, Reason, plain_payload, plan, plan_leaving, plan_simple, warn};
use crate::schema::{Attribute, Custom, CustomKind, Schema};
use crate::source::Span;
use crate::{Filter, parse};

/// From how many pages on a run with a residual is worth a warning.
const MANY_PAGES: u64 = 40;

/// A query that has been parsed, checked and planned.
///
/// ```
/// use cwql::{Query, Schema};
///
/// let query = Query::new("status = open AND unread_count > 0", &Schema::default())?;
/// assert!(!query.plan().is_exact());
/// assert_eq!(query.plan().scans.len(), 1);
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
#[derive(Clone, Debug)]
pub struct Query {
    filter: Filter,
    plan: Plan,
    warnings: Diagnostics,
    text: String,
}

impl Query {
    /// Parses, checks and plans a query.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn new(text: &str, schema: &Schema) -> Result<Self, Diagnostics> {
        let Checked { filter, mut warnings } = check(&parse(text), schema)?;
        let plan = plan(&filter, text, schema)?;
        if let Some(holds) = plan.verdict() {
            warn(&filter, holds, text, &mut warnings);
        }
        Ok(Self { filter, plan, warnings, text: text.to_owned() })
    }

    /// What the query means.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// How it is answered.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What is to be said of it, though it works.
    #[must_use]
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// The plan that leaves to the client what the server must convert: conditions on custom numbers, dates and
    /// checkboxes. `None` if the plan has none of them, or the client cannot do it.
    ///
    /// One stored value that is not of its attribute's type makes every such condition a 500 (server semantics,
    /// section 10); this plan is then still answered. `schema` is the one that the query was made with.
    ///
    /// ```
    /// # use cwql::{Query, Schema};
    /// let schema = Schema::default();
    /// let query = Query::new("status = open AND custom.seats > 5", &schema)?;
    /// let plan = query.without_casts(&schema).unwrap();
    /// assert_eq!(plan.scans[0].payload.conditions.len(), 1);
    /// assert_eq!(Query::new("status = open", &schema)?.without_casts(&schema), None);
    /// # Ok::<(), cwql::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn without_casts(&self, schema: &Schema) -> Option<Plan> {
        let left = |condition: &Condition| is_cast(&condition.attribute).then_some(Reason::BadStoredValue);
        let mut any = false;
        self.filter.for_each(&mut |condition| any |= is_cast(&condition.attribute));
        let plan = any.then(|| plan_leaving(&self.filter, &self.text, schema, &left).ok())??;
        (plan != self.plan).then_some(plan)
    }

    /// A warning, if reading so many pages is more than a person expects, because the client must finish the query.
    #[must_use]
    pub fn many_pages(&self, pages: u64) -> Option<Diagnostics> {
        self.many_pages_of(&self.plan, pages)
    }

    /// The same of another plan of the query.
    #[must_use]
    pub(crate) fn many_pages_of(&self, plan: &Plan, pages: u64) -> Option<Diagnostics> {
        let split = plan.scans.iter().any(|scan| scan.residual.is_some());
        let span = Span::new(0, self.text.trim_end().len() as u32);
        (split && pages > MANY_PAGES).then(|| Diagnostics::new(&self.text, vec![catalogue::many_pages(span, pages)]))
    }

    /// The payload, if it alone says the query.
    ///
    /// # Errors
    /// `cwql::not_exact`, with what the client would have to do.
    pub fn payload(&self) -> Result<&Payload, Diagnostics> {
        self.plan.exact().ok_or_else(|| not_exact(&self.text, &self.plan.scans))
    }
}

/// Whether the server converts stored values of this attribute, which one bad value breaks.
pub(crate) fn is_cast(attribute: &Attribute) -> bool {
    matches!(
        attribute,
        Attribute::Custom(Custom { kind: CustomKind::Number | CustomKind::Date | CustomKind::Checkbox, .. })
    )
}

fn not_exact(text: &str, scans: &[crate::plan::Scan]) -> Diagnostics {
    let residuals: Vec<String> =
        scans.iter().filter_map(|scan| scan.residual.as_ref()).map(|residual| to_text(&residual.filter)).collect();
    let message = match residuals.as_slice() {
        [] => format!("the query needs {} payloads", scans.len()),
        _ => format!("the server cannot say `{}`", residuals.join("` and `")),
    };
    let mut diagnostic =
        Diagnostic::new(Code::NotExact, Span::new(0, text.trim_end().len() as u32), "not one payload", message).help(
            "`cwql run` answers it; `cwql explain` shows how; `compile --superset` prints a payload that matches more",
        );
    for (part, reason) in
        scans.iter().filter_map(|scan| scan.residual.as_ref()).flat_map(|residual| &residual.reasons).take(3)
    {
        let help = diagnostic.help.take().unwrap_or_default();
        diagnostic.help = Some(format!("{help}\n`{part}`: {}", reason.as_str()));
    }
    Diagnostics::new(text, vec![diagnostic])
}

/// Compiles a query into the one payload that says it.
///
/// ```
/// # use cwql::{Schema, compile};
/// let payload = compile("status = pending AND browser_language != en", &Schema::default())?;
/// assert_eq!(payload.conditions.len(), 2);
/// # Ok::<(), cwql::Diagnostics>(())
/// ```
///
/// # Errors
/// Everything that is wrong with the query; `cwql::not_exact` if no single payload says it.
pub fn compile(text: &str, schema: &Schema) -> Result<Payload, Diagnostics> {
    let (filter, _) = resolve(&parse(text), schema)?;
    let simple = match plain_payload(filter, schema, &|_| None) {
        Ok(payload) => return Ok(payload),
        Err(simple) => simple,
    };
    let plan = plan_simple(simple, text, schema, &|_| None)?;
    plan.into_exact().map_err(|scans| not_exact(text, &scans))
}
