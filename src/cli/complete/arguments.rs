//! Completion of arguments that are one of some texts: names of the account, of profiles, of what help there is.

use std::ffi::OsStr;

use clap::CommandFactory as _;
use clap_complete::engine::CompletionCandidate;

use super::{is_quoting, known_names, mark_of, shell, stands_within};
use crate::cli::args::Cli;
use crate::cli::config::Config;
use crate::cli::line::topics;
use crate::diagnostic::Code;
use crate::schema::{Account, IdType};

/// Completes an argument that is one of some texts.
fn among(current: &OsStr, known: impl IntoIterator<Item = String>) -> Vec<CompletionCandidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    let typed = match current.strip_prefix(['\'', '"']) {
        Some(quoted) => quoted.to_lowercase(),
        // Outside of quotation marks a shell's blank stands behind a backslash.
        None => current.replace('\\', "").to_lowercase(),
    };
    let mark = mark_of(current);
    known
        .into_iter()
        .filter(|text| text.to_lowercase().starts_with(&typed))
        .filter_map(|text| argument(&text, mark, shell()))
        .map(CompletionCandidate::new)
        .collect()
}

/// A text as an argument that a shell takes it for. None where it cannot be written so.
fn argument(text: &str, mark: Option<char>, shell: &OsStr) -> Option<String> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return None;
    }
    // The sign of a member is in no word of a query, and no shell reads it behind a key.
    let stands = |c: char| c == '=' || stands_within(c.encode_utf8(&mut [0; 4]), mark);
    if is_quoting(shell) || text.chars().all(stands) {
        return Some(text.to_owned());
    }
    if mark.is_some() || shell != "bash" {
        return None;
    }
    let escaped = |c: char| if stands(c) { vec![c] } else { vec!['\\', c] };
    Some(text.chars().flat_map(escaped).collect())
}

/// Completes the name of a profile.
pub(in crate::cli) fn profile(current: &OsStr) -> Vec<CompletionCandidate> {
    let config = Config::read().ok();
    among(current, config.iter().flat_map(Config::names).map(str::to_owned))
}

/// Completes a key of the configuration file that can be set.
pub(in crate::cli) fn settable_key(current: &OsStr) -> Vec<CompletionCandidate> {
    among(current, crate::cli::config::settable().map(str::to_owned))
}

/// Completes a key of the configuration file.
pub(in crate::cli) fn config_key(current: &OsStr) -> Vec<CompletionCandidate> {
    among(current, crate::cli::config::all().map(str::to_owned))
}

/// Completes the code of a diagnostic.
pub(in crate::cli) fn code(current: &OsStr) -> Vec<CompletionCandidate> {
    among(current, Code::ALL.iter().map(|code| code.as_str().to_owned()))
}

/// Completes a topic of `cwql help`.
pub(in crate::cli) fn topic(current: &OsStr) -> Vec<CompletionCandidate> {
    among(current, topics(&Cli::command()).into_iter().map(str::to_owned))
}

/// Completes the name of an inbox.
pub(in crate::cli) fn inbox(current: &OsStr) -> Vec<CompletionCandidate> {
    named(current, IdType::Inbox)
}

/// Completes the name of a team.
pub(in crate::cli) fn team(current: &OsStr) -> Vec<CompletionCandidate> {
    named(current, IdType::Team)
}

/// Completes the name of an agent.
pub(in crate::cli) fn agent(current: &OsStr) -> Vec<CompletionCandidate> {
    let me = among(current, ["@me".to_owned()]);
    me.into_iter().chain(named(current, IdType::Agent)).collect()
}

fn named(current: &OsStr, kind: IdType) -> Vec<CompletionCandidate> {
    let account = known_names();
    among(current, account.iter().flat_map(|account| account.names(kind)).map(|(_, name)| name.to_owned()))
}

/// Completes a label; one with a comma would be taken for two.
pub(in crate::cli) fn label(current: &OsStr) -> Vec<CompletionCandidate> {
    let account = known_names();
    let labels = account.iter().flat_map(|account| account.labels()).filter(|label| !label.contains(','));
    among(current, labels.cloned())
}

/// Completes the key of a custom attribute, and behind its sign the values of a list.
pub(in crate::cli) fn custom(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(account) = known_names() else { return Vec::new() };
    among(current, members(&account, current.to_string_lossy().contains('=')))
}

/// The custom attributes, with their values or without.
fn members(account: &Account, with_values: bool) -> Vec<String> {
    let members = account.definitions().iter().flat_map(|custom| match with_values {
        true => custom.values.iter().map(|value| format!("{}={value}", custom.key)).collect(),
        false => vec![format!("{}=", custom.key)],
    });
    members.collect()
}

#[cfg(test)]
mod tests {
    use super::super::QUOTING;
    use super::*;

    #[test]
    fn an_argument_is_written_as_the_shell_reads_it() {
        let argument = |text, mark, shell: &str| argument(text, mark, OsStr::new(shell));
        for shell in QUOTING {
            assert_eq!(argument("it's $x", Some('\''), shell).as_deref(), Some("it's $x"));
        }
        assert_eq!(argument("Shop website", None, "bash").as_deref(), Some(r"Shop\ website"));
        assert_eq!(argument("it's $x!", None, "bash").as_deref(), Some(r"it\'s\ \$x\!"));
        assert_eq!(argument("plan=Free tier", None, "bash").as_deref(), Some(r"plan=Free\ tier"));
        assert_eq!(argument("plan=Pro", None, "powershell").as_deref(), Some("plan=Pro"));
        assert_eq!(argument("Shop website", Some('\''), "bash").as_deref(), Some("Shop website"));
        assert_eq!(argument("it's", Some('\''), "bash"), None);
        assert_eq!(argument("$x", Some('"'), "bash"), None);
        assert_eq!(argument("Shop website", None, "powershell"), None);
        assert_eq!(argument("a\nb", None, "bash"), None);
    }

    #[test]
    fn members_are_keys_and_then_the_values_of_lists() {
        let json = br#"{"custom_attribute_definitions":[
            {"attribute_key":"plan","attribute_model":"conversation_attribute","attribute_display_type":"list","attribute_values":["Pro","Free tier"]},
            {"attribute_key":"signed up at","attribute_model":"conversation_attribute","attribute_display_type":"date"},
            {"attribute_key":"tier","attribute_model":"contact_attribute","attribute_display_type":"text"}]}"#;
        let account = Account::from_json(json).unwrap();
        assert_eq!(members(&account, false), ["plan=", "signed up at="]);
        assert_eq!(members(&account, true), ["plan=Pro", "plan=Free tier"]);
    }
}
