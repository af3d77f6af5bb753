//! What helps besides with a problem of a query: the library's words know no command and no option.

use crate::diagnostic::{Diagnostics, InProgram};

/// The problems, each with the commands and options that help.
pub(super) fn with_commands(mut problems: Diagnostics) -> Diagnostics {
    for problem in problems.iter_mut() {
        let Some(more) = problem.in_program.take().map(words) else { continue };
        problem.help = Some(match problem.help.take() {
            // Each of its lines stands by itself.
            Some(help) if help.contains('\n') => format!("{help}\n{more}"),
            Some(help) => format!("{help}; {more}"),
            None => more.to_owned(),
        });
    }
    problems
}

const fn words(help: InProgram) -> &'static str {
    match help {
        InProgram::Attributes => "`cwql fields` lists the attributes",
        InProgram::OtherAttributes => "`cwql fields` lists the others",
        InProgram::Names => {
            "`cwql account pull -o json > account.json` writes the account's names for `--account account.json`"
        }
        InProgram::Definitions => {
            "`cwql account pull -o json > account.json` writes the account's definitions for `--account account.json`"
        }
        InProgram::NotRolling => "leave `--rolling` out",
        InProgram::Limit => "every page is read; `--limit` ends with so many conversations",
        InProgram::FewerPages => "`cwql explain` shows which part it cannot; `--limit` ends earlier",
        InProgram::ListAll => "`cwql list --status all` lists them",
        InProgram::ListMentions => "`cwql list --type mention` lists them",
        InProgram::ListParticipating => "`cwql list --type participating` lists them",
        InProgram::Search => "`cwql list --search` looks in all of them",
        InProgram::Order => "`cwql list` has `--sort` for their order and `-n` for how many",
        InProgram::Decompile => "`cwql decompile` reads a payload of the API, or a saved view, back as one",
        InProgram::DecompileThis => "`cwql decompile` does that",
        InProgram::FirstOfList => "`jq '.[0]'` takes the first",
        InProgram::Run => "`cwql run` does what `AND … !=` says",
        InProgram::RunAndExplain => {
            "`cwql run` answers it; `cwql explain` shows how; `compile --superset` prints a payload that matches more"
        }
    }
}
