"""What the project promises of its speed: a number, what is measured, and the least (or most) that will do.

A bench claims a target by "target": NUMBER in a result line, whose median is then compared here. Ratios are of one run on
one machine; absolute figures are for a processor core of the class described in docs/performance.md.
"""

TARGETS = {
    "1": ("tap events, rows to zstd shards on disk, against zstd -1 -T0 on their finished text", "x", ">=", 1.5),
    "1s": ("size of those shards over zstd -1's", "x", "<=", 1.0),
    "2": ("the whole data set the same way", "x", ">=", 1.2),
    "2s": ("size of those shards over zstd -1's", "x", "<=", 1.0),
    "3": ("tap events to zstd CSV, against DuckDB", "x", ">=", 25),
    "4": ("text to /dev/null on one core, against tpchgen's lineitem", "x", ">=", 6),
    "5": ("columns of tap events on one core with AVX2, no text", "M rows/s", ">=", 150),
    "5p": ("the portable build over AVX2", "x", ">=", 1 / 3),
    "6": ("text of integers, decimals and timestamps on one core", "GB/s", ">=", 2),
    "7": ("generate, 2 ranks against 1", "x", ">=", 1.95),
    "7o": ("generate, 64 ranks on 2 cores against 2 ranks", "x", ">=", 0.9),
    "8": ("COPY of tap events against the server's own of ready binary files, decompressed", "x", ">=", 0.95),
    "8z": ("the same from zstd shards", "x", ">=", 0.85),
    "8c": ("two connections against one", "x", ">=", 1.8),
    "9": ("whole load job against \\copy and then the same constraints", "x", ">=", 2.3),
    "9i": ("whole load job against constraints in place during the copy", "x", ">=", 20),
    "10": ("offline verification of keys, counts and digests, time over that of generating", "x", "<=", 1),
    "10c": ("verification with the full certificate, time over that of generating", "x", "<=", 1.5),
    "11": ("peak memory of a rank at production size", "MiB", "<=", 128),
    "11s": ("start of a rank, MPI_Init to the first shard", "ms", "<=", 100),
}


def met(number, value):
    _, _, direction, threshold = TARGETS[number]
    return value >= threshold if direction == ">=" else value <= threshold


def share(number, value):
    """How much of the target is reached: 1 = just met, more is better."""
    _, _, direction, threshold = TARGETS[number]
    return value / threshold if direction == ">=" else threshold / value


def measured(report):
    """(target, median) of every target that a bench of this report claims, in the order of TARGETS."""
    values = {line["target"]: line["median"] for bench in report["benches"] for line in bench["lines"] if "target" in line}
    return [(number, values[number]) for number in TARGETS if number in values]
