//! The script for bash with what it lacks.

use super::WORD;

/// How bash's script takes the words, instead of as bash parts them: `--output=js` is three for it. What is told is
/// the end of the whole word, so its beginning is taken off again.
const JOIN: &str = r#"    local words=() line="${COMP_LINE}" before="" word rest last i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word="${COMP_WORDS[i]}"
        rest="${line#"${line%%[![:space:]]*}"}"
        if [[ $i -gt 0 && "$rest" == "$line" && ( "$word" =~ ^[=:@]+$ || "${COMP_WORDS[i-1]}" =~ ^[=:@]+$ ) ]]; then
            before="${words[last]}"
            words[last]="$before$word"
        else
            before=""
            words+=("$word")
        fi
        last=$((${#words[@]} - 1))
        line="${rest#"$word"}"
    done
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        if [[ -z "$2" && "$word" =~ ^[=:@]+$ ]]; then
            before="$before$word"
        fi
        words[last]="$before$2"
    fi
    local _CLAP_COMPLETE_INDEX=$last
"#;

/// The script that is made for every program, with what this one needs.
pub(super) fn script(general: &str) -> String {
    let (words, told, spaced) = ("    local words=(", "    COMPREPLY=( $( ", "        compopt -o nospace\n    fi\n");
    let parted = general.split_once(words).and_then(|(head, rest)| Some((head, rest.split_once(told)?.1)));
    let joined = parted.map_or_else(|| general.to_owned(), |(head, tail)| format!("{head}{JOIN}{told}{tail}"));
    // bash hands over the word without its quotation mark, and a name in a query must not be in the same one.
    let passed = "_CLAP_IFS=\"$IFS\" \\\n";
    let word = format!("{passed}        {WORD}=\"${{COMP_WORDS[COMP_CWORD]}}\" \\\n");
    joined
        .replacen(passed, &word, 1)
        .replacen(spaced, &format!("{spaced}    COMPREPLY=(\"${{COMPREPLY[@]#\"$before\"}}\")\n"), 1)
        // Where there is nothing to offer, bash offers the names of files.
        .replace("-o bashdefault", "-o bashdefault -o default")
}
