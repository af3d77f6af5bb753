#!/usr/bin/env bash
# What it takes to start the program: instructions of commands that ask no server (needs valgrind), and their time as
# a ratio to that of an empty Rust program, run in turns with them. Usage: start.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/../.."
runs=${1:-500}
target=${CARGO_TARGET_DIR:-target}
cargo build --quiet --release --bin cwql
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo 'fn main() {}' >"$folder/empty.rs"
rustc -O -o "$folder/built" "$folder/empty.rs"
# Copied, as a program is that is installed: the kernel maps what a linker has just written in smaller pieces.
cp "$folder/built" "$folder/empty"
cp "$target/release/cwql" "$folder/cwql"
echo '[{"attribute_key":"status","filter_operator":"equal_to","values":["open"],"query_operator":null}]' >"$folder/payload.json"
echo '{"id":1,"status":"open"}' >"$folder/conversations.ndjson"

query='status = open AND label IN (vip, refund)'
names=(empty compile check fmt explain decompile fields --data --explain "help language" completions --version -h --help "compile --help")
run() { # NAME, and what to put in front
    local name=$1
    shift
    case $name in
    empty) "$@" "$folder/empty" ;;
    compile | check | fmt | explain) "$@" "$folder/cwql" "$name" "$query" ;;
    decompile) "$@" "$folder/cwql" decompile "$folder/payload.json" ;;
    --data) "$@" "$folder/cwql" --data "$folder/conversations.ndjson" --output ids 'status = open' ;;
    --explain) "$@" "$folder/cwql" --explain cwql::unknown_value ;;
    completions) "$@" "$folder/cwql" completions bash ;;
    "help language") "$@" "$folder/cwql" help language ;;
    "compile --help") "$@" "$folder/cwql" compile --help ;;
    *) "$@" "$folder/cwql" "$name" ;;
    esac
}
# Nobody's configuration, so that `explain` asks no server.
unset "${!CHATWOOT_@}" "${!CWQL_@}"
export XDG_CONFIG_HOME="$folder/none" XDG_CACHE_HOME="$folder/none"

# In turns of 50, so that what else the machine does falls on all alike.
declare -A wall cpu
TIMEFORMAT='%R %U %S'
for ((turn = 0; turn < runs; turn += 50)); do
    for name in "${names[@]}"; do
        read -r real user system < <({ time for ((i = 0; i < 50; i++)); do run "$name" >/dev/null; done; } 2>&1)
        wall[$name]+=" $real"
        cpu[$name]+=" $user $system"
    done
done
sum() { tr ' ' '\n' <<<"$1" | awk '{ sum += $1 } END { print sum }'; }
ratio() { awk "BEGIN { printf \"%.2f\", $(sum "$1") / $(sum "$2") }"; }
instructions() {
    run "$1" valgrind --tool=callgrind --callgrind-out-file=/dev/null 2>&1 >/dev/null | sed -n 's/.*Collected : //p'
}

echo "| command | instructions | time, to an empty program's | processor time, to an empty program's |"
echo "| --- | --- | --- | --- |"
for name in "${names[@]}"; do
    echo "| $name | $(instructions "$name") | $(ratio "${wall[$name]}" "${wall[empty]}") | $(ratio "${cpu[$name]}" "${cpu[empty]}") |"
done
