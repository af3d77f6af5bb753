#!/usr/bin/env bash
# Counts the instructions of compiling a query, and writes INSTRUCTIONS.md. Needs valgrind.
# Each count is the mean of ten runs behind a first one (of one, where a run is long): what a program pays that
# compiles more than one query.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
cargo build --quiet --release --no-default-features --example instructions

count() { # KIND SIZE TIMES
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='instructions::once*' \
        "$target/release/examples/instructions" "$@" 2>&1 | sed -n 's/.*Collected : //p'
}

warm() { # KIND SIZE
    local runs=10
    [ "$1" = alternatives ] && runs=1
    echo $((($(count "$1" "$2" $((runs + 1))) - $(count "$1" "$2" 1)) / runs))
}

row() { # KIND SIZE TEXT UNITS
    local instructions
    instructions=$(warm "$1" "$2")
    echo "| $3 | $instructions | $((instructions / $4)) |"
}

{
    echo "# Instructions from a query's text to its payload's bytes"
    echo
    echo "Made by \`tests/benches/instructions.sh\` with $(rustc --version | cut -d' ' -f1,2), x86-64, release profile, the library without features."
    echo "The queries are those of \`work.rs\`; each count is the mean of ten runs after a first one, of the alternatives one run."
    echo
    echo "| query | instructions | for each condition, level, value or factor |"
    echo "| --- | --- | --- |"
    row example 2 "the documented example, 2 conditions" 2
    for size in 2 8 256 4096; do row flat $size "$size flat conditions" $size; done
    for size in 10 20 40; do row nested $size "nested $size deep" $size; done
    row list 100 "a list of 100 values" 100
    for size in 4 8 16 64; do row alternatives $size "$size factors of two alternatives" $size; done
} >tests/benches/INSTRUCTIONS.md
cat tests/benches/INSTRUCTIONS.md
