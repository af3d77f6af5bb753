//! What is wrong with a text that cannot be parsed. No server is asked about one: a slip of the keyboard is told at once, on a
//! train as well, and no answer makes such a text right. So it is judged by the names that an earlier run has kept, and where
//! there are none, what is said is what is certain without them.

use super::Failure;
use super::args::{GlobalArgs, QueryArgs, ServerArgs};
use super::connect::{Session, is_configured};
use super::context::{Context, query_text, schema};
use super::run::runtime;
use crate::check::keep_outermost;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::schema::Schema;
use crate::source::Span;
use crate::syntax::{Expr, Parsed};
use crate::{check, parse};

/// The text of a query. What is wrong with it in any case is said before a server is asked for anything.
pub(super) fn well_formed(
    query: &QueryArgs,
    server: &ServerArgs,
    global: &GlobalArgs,
    context: &Context,
) -> Result<String, Failure> {
    let source = query_text(query, context)?;
    let parsed = parse(&source);
    // The sample account is at hand, and its names tell more.
    if parsed.is_valid() || server.demo {
        return Ok(source);
    }
    // What is wrong with the configuration is said when the text is right.
    let problems = match is_configured(server).unwrap_or(false) {
        true => without_asking(&parsed, server, global, context)?,
        false => judged(&parsed, &schema(global)?),
    };
    Err(problems.into())
}

fn judged(parsed: &Parsed<'_>, schema: &Schema) -> Diagnostics {
    check(parsed, schema).err().unwrap_or_else(|| parsed.diagnostics())
}

/// What is wrong by the names that are kept; where there are none, what the server's could not mend.
fn without_asking(
    parsed: &Parsed<'_>,
    server: &ServerArgs,
    global: &GlobalArgs,
    context: &Context,
) -> Result<Diagnostics, Failure> {
    let mut silent = context.clone();
    silent.quiet = true;
    let known = match server.token.is_some() {
        // A terminal would be asked for it.
        true => None,
        false => runtime()?.block_on(async {
            let mut session = Session::open(server, global, &silent).await.ok()?;
            // They may tell what is meant even where all that is told is wrong without them.
            session.schema.account = session.names.kept().map(|known| known.account.clone());
            let (result, _) = session.planned(parsed.text());
            Some((result.err()?, session.schema, session.version_known))
        }),
    };
    let (problems, schema, version_known) = match known {
        Some(known) => known,
        None => {
            let schema = schema(global)?;
            (judged(parsed, &schema), schema, global.server_version.is_some())
        }
    };
    Ok(Certain { parsed, schema: &schema, version_known }.of(&problems))
}

/// Tells what is certain by what is known of the account and the server.
struct Certain<'a> {
    parsed: &'a Parsed<'a>,
    schema: &'a Schema,
    version_known: bool,
}

impl Certain<'_> {
    /// What is certain of these problems; of what the parser has found, as it has found it where no more is certain.
    fn of(&self, problems: &Diagnostics) -> Diagnostics {
        let (text, found) = (self.parsed.text(), self.parsed.errors());
        let doubtful = self.doubtful(problems);
        let mut certain = Vec::new();
        for problem in problems {
            let is_syntax = found.iter().any(|own| own.code == problem.code);
            let doubted = doubtful.iter().any(|place| place.encloses(problem.span()));
            let own = found.iter().find(|own| own.span() == problem.span());
            if self.is_open(problem) || doubted && !is_syntax {
                // It may stand in the place of what the parser has found.
                certain.extend(own.cloned());
            } else {
                let own = own.filter(|own| own.code == problem.code);
                certain.push(own.and_then(|own| self.as_found(problem, own)).unwrap_or_else(|| problem.clone()));
            }
        }
        // Of too many problems, those that are certain may be among the ones that are left out.
        if problems.has(Code::TooManyErrors) || !certain.iter().any(|problem| problem.severity() == Severity::Error) {
            return self.parsed.diagnostics();
        }
        // What the parser has found may be within what the checks mend.
        keep_outermost(&mut certain);
        Diagnostics::new(text, certain)
    }

    /// Whether an attribute may be another one, or one at all, by the account's definitions.
    fn is_unknown_attribute(&self, problem: &Diagnostic) -> bool {
        self.schema.account.is_none() && matches!(problem.code, Code::UnknownAttribute | Code::GuessedType)
    }

    /// Whether a problem may be none once the server has told of the account and of itself.
    fn is_open(&self, problem: &Diagnostic) -> bool {
        match problem.code {
            Code::NameWithoutAccount => self.schema.account.is_none(),
            Code::NotInVersion => !self.version_known,
            _ => self.is_unknown_attribute(problem),
        }
    }

    /// The conditions on attributes that are not known: neither is what goes with them.
    fn doubtful(&self, problems: &Diagnostics) -> Vec<Span> {
        let text = self.parsed.text();
        let unknown = problems.iter().filter(|problem| self.is_unknown_attribute(problem));
        let names: Vec<&str> = unknown.map(|problem| problem.span().of(text)).collect();
        let mut places = Vec::new();
        if let Some(tree) = self.parsed.tree().filter(|_| !names.is_empty()) {
            conditions_on(&names, tree, text, &mut places);
        }
        places
    }

    /// What the parser has found, where its correction was taken back for something that a server may know.
    fn as_found(&self, problem: &Diagnostic, own: &Diagnostic) -> Option<Diagnostic> {
        let fix = own.fix.as_ref().filter(|_| problem.fix.is_none())?;
        let problems = judged(&parse(&fix.apply(self.parsed.text())?), self.schema);
        let open = problems.iter().find(|problem| self.is_open(problem))?;
        let why = [&open.message].into_iter().chain(&open.help).map(String::as_str).collect::<Vec<_>>().join("; ");
        // Words that are no condition may be meant for a search as well.
        let instead = problem.help.as_deref().and_then(|help| help.strip_prefix(&why)).unwrap_or_default();
        let help = own.help.as_ref().map(|help| format!("{help}{instead}"));
        let fix = own.fix.clone().filter(|_| instead.is_empty());
        let in_program = if instead.is_empty() { own.in_program } else { problem.in_program };
        Some(Diagnostic { help, fix, in_program, ..own.clone() })
    }
}

/// The places of the conditions on attributes that are written like one of these names.
fn conditions_on(names: &[&str], expr: &Expr, text: &str, places: &mut Vec<Span>) {
    match expr {
        Expr::Chain { operands, .. } => {
            operands.iter().for_each(|operand| conditions_on(names, operand, text, places));
        }
        Expr::Not { operand, .. } => conditions_on(names, operand, text, places),
        Expr::Paren { inner, .. } => conditions_on(names, inner, text, places),
        Expr::Condition(condition) if names.contains(&condition.name.span.of(text)) => places.push(condition.span),
        Expr::Condition(_) | Expr::Error(_) => {}
    }
}
