//! The commands that need no server: compile, check, fmt, completions and `--explain`.

use std::io::{self, IsTerminal as _, Write as _};

use clap_complete::Shell;

use super::args::{AddressArgs, CheckArgs, CodeArgs, CompileArgs, FmtArgs, GlobalArgs, is_dash};
use super::context::{Context, query_text};
use super::names::perhaps;
use super::remark::About;
use super::sandbox::offline_schema;
use super::{Exit, Failure, files};
use crate::client;
use crate::diagnostic::Code;
use crate::payload::Payload;
use crate::source::wrapped;
use crate::{Query, format, parse};

/// `cwql compile`
pub(super) fn compile(args: &CompileArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    let source = query_text(&args.query, context)?;
    let query = Query::new(&source, &offline_schema(global, args.demo)?)?;
    let payload = match query.payload() {
        Ok(payload) => payload,
        Err(problems) if !args.superset => return Err(problems.into()),
        Err(_) => query.plan().superset(),
    };
    context.warn(query.warnings());
    let mut out = io::stdout().lock();
    if args.curl {
        write!(out, "{}", curl(payload, &args.address, context)?)?;
    } else if out.is_terminal() {
        writeln!(out, "{}", payload.to_pretty_body())?;
    } else {
        writeln!(out, "{}", payload.to_body())?;
    }
    out.flush()?;
    Ok(Exit::Found)
}

/// A command that a shell can run. The token is a variable, so that it is neither in the history nor in `ps`.
fn curl(payload: &Payload, address: &AddressArgs, context: &Context) -> Result<String, Failure> {
    let quoted = |text: &str| text.replace('\'', r"'\''");
    let base = match address.url()?.map(|url| client::address(&url)).transpose()? {
        // An address with a password is left to the variable, as the token is.
        Some(url) if url.username().is_empty() && url.password().is_none() => {
            if url.scheme() == "http" && !client::is_loopback(&url) {
                context.note("over http the command sends the token in clear text");
            }
            format!("'{}'", quoted(url.as_str().trim_end_matches('/')))
        }
        _ => "\"$CHATWOOT_BASE_URL\"".to_owned(),
    };
    let id = address.account_id()?.map_or("\"$CHATWOOT_ACCOUNT_ID\"".to_owned(), |id| id.to_string());
    Ok(format!(
        "curl --request POST \\\n  --url {base}/api/v1/accounts/{id}/conversations/filter \\\n  \
         --header \"api_access_token: $CHATWOOT_API_ACCESS_TOKEN\" \\\n  --header 'Content-Type: application/json' \\\n  \
         --data '{}'\n",
        quoted(&payload.to_body())
    ))
}

/// `cwql check`
pub(super) fn check(args: &CheckArgs, global: &GlobalArgs, context: &Context) -> Result<Exit, Failure> {
    if let Some(payload) = &args.payload {
        return super::payload::check(payload, &offline_schema(global, args.demo)?, context);
    }
    let source = query_text(&args.query, context)?;
    let query = Query::new(&source, &offline_schema(global, args.demo)?)?;
    context.show_checked(query.warnings());
    Ok(Exit::Found)
}

/// `cwql fmt`
pub(super) fn fmt(args: &FmtArgs, context: &Context) -> Result<Exit, Failure> {
    // clap does not ask for what conflicts with another argument.
    if args.write && args.query.file.as_deref().is_none_or(is_dash) {
        return Err(Failure::Usage("--write changes a file: give it with --file".to_owned()));
    }
    let source = query_text(&args.query, context)?;
    let parsed = parse(&source);
    let Some(text) = format(&parsed) else { return Err(parsed.diagnostics().into()) };
    let text = format!("{text}\n");
    // The last line of a file has an end, which an argument need not have.
    let argument = args.query.file.is_none() && !args.query.is_standard_input();
    let same = source == text || argument && source == text.trim_end();
    if args.check {
        return Ok(if same { Exit::Found } else { Exit::Nothing });
    }
    match &args.query.file {
        Some(path) if args.write => {
            if !same {
                files::rewrite(path, text.as_bytes())
                    .map_err(|error| Failure::Io(format!("{} cannot be written: {error}", path.display())))?;
            }
        }
        _ => io::stdout().write_all(text.as_bytes())?,
    }
    Ok(Exit::Found)
}

/// `cwql --explain CODE`
pub(super) fn explain_code(args: &CodeArgs) -> Result<Exit, Failure> {
    let code = args.explain.as_deref().unwrap_or_default();
    if let Some(about) = About::of(code) {
        writeln!(io::stdout(), "{code} ({})\n\n{}", about.severity(), paragraph(about.explanation()))?;
        return Ok(Exit::Found);
    }
    let Ok(known) = code.parse::<Code>() else {
        if code.contains(|c: char| c.is_whitespace() || c == '=') {
            let told = "--explain tells of the code of a message; what a query asks the server: cwql explain QUERY";
            return Err(Failure::Usage(told.to_owned()));
        }
        let bare = |code| str::strip_prefix(code, "cwql::").unwrap_or(code);
        let known: Vec<&str> = Code::ALL.iter().map(|code| bare(code.as_str())).collect();
        let hint = wrapped(&perhaps(bare(code), "codes", &known), 78).collect::<Vec<_>>().join("\n  ");
        return Err(Failure::Usage(format!("there is no code `{code}`\n  {hint}")));
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{known} ({})\n\n{}", known.severity(), paragraph(known.explanation()))?;
    Ok(Exit::Found)
}

/// A text in lines of at most 80 columns.
fn paragraph(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    wrapped(&words.join(" "), 80).collect::<Vec<_>>().join("\n")
}

/// `cwql completions`
pub(super) fn completions(shell: Shell) -> Result<Exit, Failure> {
    io::stdout().write_all(&super::complete::script(&shell.to_string())?)?;
    Ok(Exit::Found)
}
