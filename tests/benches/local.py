#!/usr/bin/env python3
"""Local evaluation against its peers, in one run: `cwql --data FILE QUERY`, wc, grep, DuckDB and jq.

    cargo build --release
    pip install duckdb; apt-get install jq          (what is not there is left out)
    tests/benches/local.py --cwql target/release/cwql --folder /tmp

The file, 300,000 conversations of about 1.8 KB in the API's key order, is made of those of tests/data with changed
ids, times, states and texts; always the same one. Best of several runs, in GB/s of the file, so that two machines'
figures cannot be compared but the ratios of one run can. Peak memory is the kernel's.
"""

import argparse
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SINCE = 1781481600

# A bot is no agent.
BOT_OR_NOBODY = '.meta.assignee == null or .meta.assignee_type != "User"'

# The query, and what asks jq and DuckDB the same.
QUERIES = [
    (
        "one label",
        "label = urgent-fix AND status = pending",
        '.status == "pending" and (.labels | index("urgent-fix") != null)',
        "status = 'pending' and list_contains(labels, 'urgent-fix')",
    ),
    (
        "state and language",
        "status = pending AND browser_language = de",
        '.status == "pending" and .additional_attributes.browser_language == "de"',
        "status = 'pending' and additional_attributes.browser_language = 'de'",
    ),
    ("one contact's address", 'contact.email ~ "c77@"', '.meta.sender.email // "" | ascii_downcase | contains("c77@")', "meta.sender.email ilike '%c77@%'"),
    ("a text", "message ~ blöd OR message ~ refunded", None, None),
    ("open ones", "status = open", '.status == "open"', "status = 'open'"),
    ("nobody's", "assignee IS MISSING", BOT_OR_NOBODY, "meta.assignee is null or meta.assignee_type <> 'User'"),
    ("unread ones", "unread_count > 0", ".unread_count > 0", "unread_count > 0"),
    ("late ones", "created_at < 2026-06-01", ".created_at < 1780272000", "created_at < 1780272000"),
    (
        "many conditions",
        "status != resolved AND (priority IN (high, urgent) OR waiting_since < -1d) AND inbox != 99 AND label NOT IN (vip)",
        None,
        None,
    ),
    ("all of them", "id IS PRESENT", ".id != null", "id is not null"),
]

# What DuckDB reads of a line: the columns that the queries need.
COLUMNS = {
    "id": "BIGINT",
    "status": "VARCHAR",
    "labels": "VARCHAR[]",
    "unread_count": "BIGINT",
    "created_at": "BIGINT",
    "additional_attributes": "STRUCT(browser_language VARCHAR)",
    "meta": "STRUCT(assignee STRUCT(id BIGINT), assignee_type VARCHAR, sender STRUCT(email VARCHAR))",
}


def generate(path: Path, lines: int) -> None:
    with gzip.open(ROOT / "tests/data/dataset.ndjson.gz", "rt", encoding="utf-8") as data:
        rows = [json.loads(line) for line in data]
    for row in rows:
        del row["_columns"]
        # The last message stands in a conversation twice; without the first it has the length of the common one.
        row["messages"] = []
    dice = random.Random(7)
    partial = path.with_suffix(".part")
    with open(partial, "w", encoding="utf-8") as out:
        for number in range(lines):
            row = dict(rows[dice.randrange(len(rows))])
            shift = dice.randrange(30 * 86400)
            row["id"] = number + 1
            row["uuid"] = f"{dice.getrandbits(128):032x}"
            for key in ("created_at", "updated_at", "timestamp", "last_activity_at"):
                row[key] = row[key] - shift
            row["unread_count"] = dice.choice((0, 0, 0, 1, 4))
            row["status"] = dice.choices(("open", "resolved", "pending", "snoozed"), (30, 60, 6, 4))[0]
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    partial.rename(path)


def measured(command: list[str], runs: int) -> tuple[float, int, bytes]:
    """The shortest time in seconds, the most memory in KiB, and what was printed last."""
    best, peak, output = float("inf"), 0, b""
    memory = tempfile.NamedTemporaryFile("r")
    for _ in range(runs):
        begun = time.perf_counter()
        # A child begins with its parent's memory; `time` is a small parent.
        timed = ["/usr/bin/time", "-q", "-f", "%M", "-o", memory.name, *command] if os.path.exists("/usr/bin/time") else command
        process = subprocess.Popen(timed, stdout=subprocess.PIPE)
        assert process.stdout
        tail = b""
        lines = 0
        while piece := process.stdout.read1(1 << 20):
            lines += piece.count(b"\n")
            tail = piece
        if process.wait() not in (0, 1):
            sys.exit(f"{command} failed with {process.returncode}")
        best = min(best, time.perf_counter() - begun)
        memory.seek(0)
        peak = max(peak, int(memory.read().strip() or 0))
        output = b"%d" % lines if lines > 1 else tail.strip()
    return best, peak, output


def discarded(command: list[str], runs: int) -> float:
    """The shortest time in seconds, of what prints into nothing as DuckDB does."""
    best = float("inf")
    for _ in range(runs):
        begun = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        best = min(best, time.perf_counter() - begun)
    return best


def whole_columns(duckdb, path: Path) -> str:
    """The file as a table of DuckDB's, with all columns of a conversation given, so that none is guessed."""
    structs = "field_appearance_threshold = 0, map_inference_threshold = -1"
    guessed = f"read_json('{path}', format = 'newline_delimited', sample_size = 20000, {structs})"
    rows = duckdb.sql(f"describe select * from {guessed}").fetchall()
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind, *_ in rows)
    # A few conversations have no text there, and the queries ask for one.
    columns = columns.replace("browser_language JSON", "browser_language VARCHAR")
    return f"read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cwql", default=str(ROOT / "target/release/cwql"))
    parser.add_argument("--folder", type=Path, default=Path("/tmp"))
    parser.add_argument("--lines", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    path = options.folder / f"cwql-local-{options.lines}.ndjson"
    if not path.exists():
        generate(path, options.lines)
    size = path.stat().st_size
    print(f"{path}: {size / 1e6:.0f} MB, {size / options.lines:.0f} bytes a line, {os.cpu_count()} cores")
    rate = lambda seconds: f"{size / seconds / 1e9:8.2f}"
    # Reads the file into the cache, too.
    for name, command in {"wc -l": ["wc", "-l", str(path)], "grep -c": ["grep", "-c", "urgent-fix", str(path)]}.items():
        print(f"{name:>24} {rate(measured(command, options.runs)[0])} GB/s")
    jq = shutil.which("jq") if not options.no_peers else None
    try:
        import duckdb
    except ImportError:
        duckdb = None
    whole = whole_columns(duckdb, path) if duckdb and not options.no_peers else ""
    heads = f"{'cwql':>8} {'DuckDB':>8} {'jq':>8}  GB/s   {'rows':>8} {'MB':>5}   × DuckDB   × jq"
    print(f"{'query':>24} {heads}   {'cwql':>8} {'DuckDB':>8}  GB/s   × DuckDB")
    for name, query, jq_filter, where in QUERIES:
        ours, peak, rows = measured(
            [options.cwql, "--data", str(path), query, "--output", "ids", "--now", "2026-06-15T12:00:00Z", "--quiet"],
            options.runs,
        )
        shown = [rate(ours), " " * 8, " " * 8]
        ratios = ["", ""]
        if duckdb and where and not options.no_peers:
            columns = ", ".join(f"{key}: '{kind}'" for key, kind in COLUMNS.items() if key in where or key == "id")
            sql = f"select count(id) from read_json('{path}', format = 'newline_delimited', columns = {{{columns}}}) where {where}"
            best = float("inf")
            for _ in range(min(options.runs, 3)):
                begun = time.perf_counter()
                counted = duckdb.sql(sql).fetchall()[0][0]
                best = min(best, time.perf_counter() - begun)
            shown[1], ratios[0] = rate(best), f"{best / ours:10.1f}"
            if counted != int(rows or 0):
                print(f"DuckDB counts {counted}, cwql {rows.decode()}: {query}")
        if jq and jq_filter:
            seconds, _, counted = measured([jq, "-c", f"select({jq_filter}) | .id", str(path)], 1)
            shown[2], ratios[1] = rate(seconds), f"{seconds / ours:6.0f}"
            if int(counted or 0) != int(rows or 0):
                print(f"jq counts {counted.decode()}, cwql {rows.decode()}: {query}")
        # The conversations themselves, as NDJSON: what one asks for who wants to go on with them.
        printed = ""
        if whole and where:
            arguments = ["--output", "ndjson", "--now", "2026-06-15T12:00:00Z", "--quiet"]
            ours = discarded([options.cwql, "--data", str(path), query, *arguments], 3)
            begun = time.perf_counter()
            duckdb.sql(f"copy (select * from {whole} where {where}) to '/dev/null' (format json)")
            theirs = time.perf_counter() - begun
            printed = f"   {rate(ours)} {rate(theirs)}        {theirs / ours:10.1f}"
        figures = f"{' '.join(shown)}         {rows.decode():>8} {peak / 1024:5.0f} {ratios[0]:>10} {ratios[1]:>6}"
        print(f"{name:>24} {figures}{printed}")


if __name__ == "__main__":
    main()
