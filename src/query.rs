//! The short way through the stages: text in, payload or plan out.

use jiff::tz::TimeZone;

use crate::check::{Checked, Condition, check, resolve, to_text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, InProgram, catalogue};
use crate::payload::Payload;
use crate::plan::{Plan, Reason, plain_payload, plan_checked, plan_simple, warn};
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
        let plan = plan_checked(&filter, text, schema, &|_| None)?;
        if let Some(holds) = plan.verdict() {
            warn(&filter, holds, text, &mut warnings);
        }
        Ok(Self { filter, plan, warnings, text: text.to_owned() })
    }

    /// Checks and plans a filter that was built rather than read from a query: it is written as a text, and the text is
    /// checked as any other is. What it says counts, so a custom attribute has the type of the account's definitions.
    ///
    /// [`Filter`] has an example.
    ///
    /// # Errors
    /// Everything that is wrong with its text, which is that of the diagnostics; `cwql::empty_query` for a filter that holds for
    /// every conversation, or for none, whatever the conditions are, which no text says; `cwql::too_deep` for one that is nested
    /// deeper than a query may be.
    pub fn from_filter(filter: &Filter, schema: &Schema) -> Result<Self, Diagnostics> {
        if filter.is_too_deep() {
            return Err(Diagnostics::new("", vec![catalogue::filter_too_deep("", Filter::MAX_DEPTH)]));
        }
        let text = to_text(filter);
        if schema.zone == TimeZone::UTC {
            return Self::new(&text, schema);
        }
        // A filter's days of a time are those of UTC.
        Self::new(&text, &Schema { zone: TimeZone::UTC, ..schema.clone() })
    }

    /// The query's text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
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

    /// The same, for whoever needs nothing else of the query.
    #[must_use]
    pub fn into_plan(self) -> Plan {
        self.plan
    }

    /// What is to be said of it, though it works.
    #[must_use]
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// The plan that leaves to the client what the server must convert: conditions on custom numbers, dates and
    /// checkboxes. `None` if the plan has none of them, or the client cannot do it.
    ///
    /// One stored value that is not of its attribute's type makes every such condition a 500; this plan is then
    /// still answered. `schema` is the one that the query was made with.
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
        let plan = self
            .filter
            .conditions()
            .any(|condition| is_cast(&condition.attribute))
            .then(|| plan_checked(&self.filter, &self.text, schema, &left).ok())??;
        (plan != self.plan).then_some(plan)
    }

    /// A warning, if reading so many pages is more than a person expects, because the client must finish the query.
    #[doc(hidden)]
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
        Diagnostic::new(Code::NotExact, Span::new(0, text.trim_end().len() as u32), "not one payload", message)
            .help("its plan has a payload that matches more, and says what the client looks at in what comes back")
            .in_program(InProgram::RunAndExplain);
    for (part, reason) in
        scans.iter().filter_map(|scan| scan.residual.as_ref()).flat_map(|residual| &residual.reasons).take(3)
    {
        let help = diagnostic.help.take().unwrap_or_default();
        diagnostic.help = Some(format!("{help}\n`{part}`: {}", reason.as_str()));
    }
    Diagnostics::new(text, vec![diagnostic])
}

/// Compiles a query into the one payload that says it. Warnings are neither looked for nor told: [`Query::new`] has them.
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    use crate::check::{Comparison, Filter, Scalar, Test, Values};
    use crate::eval::{Row, matches};
    use crate::plan::plan;
    use crate::scan::LineFilter;
    use crate::schema::{STANDARD, Standard};

    fn of(attribute: &Attribute, test: Test) -> Filter {
        Filter::Condition(Condition { attribute: attribute.clone(), test, span: Span::new(3, 9000) })
    }

    /// Tests of every kind, most of which go with no attribute that they are put to.
    fn tests() -> Vec<Test> {
        let text = "created_at > 2026-06-15 OR created_at > -24h OR created_at < 4d ago OR custom.seats >= 5 OR id IN (7, 8) \
                    OR status = open OR label != a OR custom.due = 2026-06-15 OR custom.vip = true OR created_at = now \
                    OR custom.seats != 5 OR referer ~ x OR referer !~ y OR referer STARTS WITH z OR referer LIKE 'a%' \
                    OR NOT referer STARTS WITH z OR NOT referer LIKE 'a%' OR referer IS PRESENT OR referer IS MISSING";
        let filter = resolve(&parse(text), &Schema::default()).unwrap().0;
        let mut tests: Vec<Test> = filter.conditions().map(|condition| condition.test.clone()).collect();
        let nothing =
            [Values::Ids(Vec::new().into()), Values::Texts(Vec::new().into()), Values::Words(vec!["x"; 3].into())];
        tests.extend(nothing.into_iter().flat_map(|values| [Test::AnyOf(values.clone()), Test::NoneOf(values)]));
        tests.push(Test::Contains("\0 `\n".into()));
        tests.push(Test::Compare(Comparison::Less, Scalar::DaysAgo(4, date(2026, 6, 11))));
        tests
    }

    fn attributes() -> Vec<Attribute> {
        let text = "unread_count > 0 OR additional.x = y OR contact.custom.z = y OR custom.a = b OR custom.due = 2026-06-15 \
                    OR custom.seats = 4 OR custom.vip = true";
        let filter = resolve(&parse(text), &Schema::default()).unwrap().0;
        let others = filter.conditions().map(|condition| condition.attribute.clone());
        STANDARD.iter().map(|info| Attribute::Standard(info.attribute)).chain(others).collect()
    }

    #[test]
    fn a_filter_that_no_query_says_is_refused_or_planned_and_panics_nowhere() {
        let row = serde_json::json!({"id": 7, "status": "open", "labels": ["a"], "custom_attributes": {"seats": "x"}});
        let (mut taken, mut refused) = (0, 0);
        for attribute in attributes() {
            for test in tests() {
                for zone in [TimeZone::UTC, TimeZone::get("Europe/Berlin").unwrap()] {
                    let schema = Schema { zone, ..Schema::default() };
                    let known = of(&Attribute::Standard(Standard::DisplayId), Test::Present);
                    let filter = Filter::Any(vec![Filter::Not(of(&attribute, test.clone()).into()), known]);
                    let _ = plan(&filter, "text", &schema).map_err(|problems| problems.to_string());
                    let _ = matches(&filter, &Row::new(&row, schema.now()));
                    let _ = LineFilter::new(&filter, schema.now()).reader().read(row.to_string().as_bytes());
                    match Query::from_filter(&filter, &schema) {
                        Ok(query) => {
                            taken += 1;
                            // What was read is what was written.
                            let again = Query::from_filter(query.filter(), &schema).unwrap();
                            assert_eq!(to_text(again.filter()), to_text(query.filter()), "{}", query.text());
                            assert_eq!(again.into_plan(), query.into_plan());
                        }
                        Err(problems) => {
                            refused += 1;
                            assert!(problems.has_errors() && !problems.to_string().is_empty());
                        }
                    }
                }
            }
        }
        assert!(taken > 400 && refused > 400, "{taken} taken, {refused} refused");
    }

    #[test]
    fn no_text_says_all_conversations_or_none() {
        for filter in [Filter::EVERYTHING, Filter::NOTHING, Filter::Not(Filter::NOTHING.into())] {
            assert!(Query::from_filter(&filter, &Schema::default()).unwrap_err().has(Code::EmptyQuery));
        }
    }
}
