"""Nanoseconds of every stage for one tap event, as differences of the rungs of bench_pipeline, beside what limits it."""

# Bytes of a tap event's ten columns: two of eight, four of four, four of two.
COLUMN_BYTES = 40
# Stage, upper rung, lower rung (None = the rung itself), limit: (case of bench_limits, which bytes of a row, words).
STAGES = [
    ("columns", "rows alone", None, ("memcpy, memory", "columns", "copying its columns in memory")),
    ("fingerprint", "rows, fingerprint", "rows alone", None),
    ("text", "rows, text", "rows alone", ("memcpy, memory", "text", "copying its text in memory")),
    ("guide", "rows, text and guide", "rows, text", None),
    ("compression", "shard, guided", "shard, stored", ("entropy coding", "file", "zstd's entropy coder alone")),
    ("write and fsync", None, None, ("disk, write and fsync", "file", "the disk, shared by all cores")),
]


def lines_of(report, bench):
    return [line for entry in report["benches"] if entry["name"] == bench for line in entry["lines"]]


def rungs(report):
    """Nanoseconds by rung, and bytes of a row by kind; empty when the ladder was not run."""
    cases = {line["case"]: line["median"] for line in lines_of(report, "taps") if "case" in line}
    sizes = next((line for line in lines_of(report, "taps") if "text_bytes" in line), None)
    if not cases or not sizes:
        return {}, {}
    rows = sizes["rows"]
    return cases, {"columns": COLUMN_BYTES, "text": sizes["text_bytes"] / rows, "file": sizes["guided_bytes"] / rows}


def stages(report):
    """(stage, ns, limit in ns or None, what limits), and the heap insertion of PostgreSQL where it was measured."""
    cases, sizes = rungs(report)
    limits = {line["case"]: line["median"] / 1024 for line in lines_of(report, "limits") if "case" in line}
    found = []
    for stage, upper, lower, limit in STAGES:
        bound = limits.get(limit[0]) if limit else None
        bound = bound * sizes[limit[1]] if bound and sizes else None
        if upper in cases:
            found.append((stage, cases[upper] - cases.get(lower, 0), bound, limit[2] if limit else ""))
        elif upper is None and bound:
            found.append((stage, bound, bound, limit[2]))
    return found + heap(report)


def heap(report):
    """COPY of a row beside inserting rows that are ready in the server."""
    names = {line["name"]: line["median"] for bench in report["benches"] for line in bench["lines"] if "name" in line}
    copy, ready = (names.get(name) for name in ("PostgreSQL: COPY of tap events, binary", "PostgreSQL: heap insertion"))
    return [("COPY into a table", copy, ready, "inserting rows that the server holds")] if copy and ready else []
