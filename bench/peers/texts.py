"""Peers that write text: DuckDB, tpchgen, TSBS's generator, Faker."""
import os
import shutil
import subprocess

from suite import measure

TAPS_PER_ACCOUNT = 5000
DUCKDB_ACCOUNTS_MAX = 1000
STREAM = {"quick": 2000, "full": 8000}  # accounts of our text: a few hundred MB
TPCH_SCALE = {"quick": "1", "full": "3"}
TSBS_HOURS = {"quick": 1, "full": 4}
FAKER_ROWS = 20000


class Missing(Exception):
    """A peer is not installed."""


def program(context, *names):
    """Path of a peer's program."""
    path = context.peers.joinpath(*names)
    if not path.exists():
        raise Missing(f"{path.name} is not in {context.peers}: see bench/peers/install")
    return path


def python_with(context, package):
    """The Python of the peers, if it has a package."""
    python = program(context, "python", "bin", "python")
    if subprocess.run([python, "-c", f"import {package}"], capture_output=True).returncode:
        raise Missing(f"{package} is not in {python.parent.parent}: see bench/peers/install")
    return python


def size(context, table):
    return table["quick" if context.quick else "full"]


def to_nowhere(command, cores=1):
    """CPU seconds of a command that writes to /dev/null."""
    with open(os.devnull, "wb") as nowhere:
        return measure.Ran(command, cores, stdout=nowhere).cpu


def count(command, lines=False):
    """Bytes or lines that a command writes."""
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        counted = subprocess.run(["wc", "-l" if lines else "-c"], stdin=process.stdout, capture_output=True, check=True)
    return int(counted.stdout)


def our_text(context, table="tap_events", *options):
    """A function that gives MB/s of text of one core to /dev/null, and bytes per row: start-up is measured apart and taken
    off, as for the peers."""
    accounts = size(context, STREAM)

    def command(units):
        return [context.synthgen.program, "stream", table, "--as-of", measure.AS_OF, "--accounts", units, "--threads", 1,
                *options]

    written = count(command(accounts))
    return lambda: written / (to_nowhere(command(accounts)) - to_nowhere(command(1))) / 1e6


def duckdb(context):
    """Target 3. DuckDB writes one file, its default, or one per thread; ours are synced shards."""
    if not context.wanted("duckdb"):
        return
    python = python_with(context, "duckdb")
    accounts = min(context.accounts, DUCKDB_ACCOUNTS_MAX)
    rows = accounts * TAPS_PER_ACCOUNT
    script = os.path.join(os.path.dirname(__file__), "duckdb_taps.py")

    def ours():
        run = context.synthgen.run("--tables", "tap_events", "--format", "csv", "--accounts", accounts)
        verify = measure.Ran([context.synthgen.program, "verify", run["folder"], "--quiet"])
        sizes["ours"] = run["file_bytes"]
        return run["seconds"]["plan"] + run["seconds"]["generate"], run["cpu"] - verify.cpu

    def theirs(files):
        def write():
            path = context.folder / f"duckdb-{files}.csv.zst"
            ran = measure.Ran([python, script, rows, path, len(measure.cpus()), files], stdout=subprocess.PIPE)
            written = list(path.iterdir()) if path.is_dir() else [path]
            sizes[files] = sum(file.stat().st_size for file in written)
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            return tuple(map(float, ran.stdout.split()))
        return write

    def rates(seconds):
        return [rows / wall / 1e6 for wall, _ in seconds]

    def times(seconds, at):
        return measure.ratios([pair[at] for pair in seconds], [pair[at] for pair in our])

    sizes = {}
    our, one, many = measure.in_turn(context.rounds, ours, theirs("one"), theirs("many"))
    measure.result("DuckDB: tap events from range() to one zstd CSV", "M rows/s", rates(one),
                   note=f"{sizes['one'] / rows:.1f} bytes a row")
    measure.result("DuckDB: the same, a file per thread", "M rows/s", rates(many))
    measure.result("synthgen-hpc: tap events to zstd CSV", "M rows/s", rates(our), note=f"{sizes['ours'] / rows:.1f} bytes a row")
    measure.result("synthgen-hpc against DuckDB, zstd CSV", "x", times(one, 0), target="3")
    measure.result("the same in CPU time", "x", times(one, 1))
    measure.result("synthgen-hpc against DuckDB, a file per thread", "x", times(many, 0))


def tpchgen(context):
    """MB/s of lineitem: start-up is taken off as in our_text."""
    tool = program(context, "bin", "tpchgen-cli")

    def command(scale):
        return [tool, "--scale-factor", scale, "--tables", "lineitem", "--stdout", "--num-threads", 1]

    written = count(command(size(context, TPCH_SCALE)))
    return lambda: written / (to_nowhere(command(size(context, TPCH_SCALE))) - to_nowhere(command("0.001"))) / 1e6


def tsbs_command(context, hours):
    return [program(context, "bin", "tsbs_generate_data"), "--use-case", "iot", "--format", "timescaledb", "--scale", 1000,
            "--seed", 42, "--timestamp-start", "2026-01-01T00:00:00Z", "--timestamp-end", f"2026-01-01T{hours:02}:00:00Z"]


def tsbs(context):
    """Two lines of text for each reading of a truck."""
    command = tsbs_command(context, size(context, TSBS_HOURS))
    written = count(command)
    return lambda: written / to_nowhere(command) / 1e6


def faker(context):
    """The same columns, a provider call per cell."""
    python = python_with(context, "faker")
    command = [python, os.path.join(os.path.dirname(__file__), "faker_taps.py"), FAKER_ROWS]
    written = count(command)
    return lambda: written / to_nowhere(command) / 1e6


# Name, what it writes, and the function that makes a side of the comparison.
ONE_CORE = [("tpchgen", "lineitem", tpchgen), ("tsbs", "iot readings, its own rows", tsbs),
            ("faker", "tap events as CSV", faker)]


def one_core(context):
    """Target 4. Text of one core to /dev/null, MB per CPU second."""
    sides = {}
    for name, what, make in ONE_CORE:
        if context.wanted(name):
            try:
                sides[f"{name}: {what}"] = make(context)
            except Missing as missing:
                measure.skipped(name, str(missing))
    if not sides:
        return
    taps, sessions, *theirs = measure.in_turn(context.rounds, our_text(context), our_text(context, "user_sessions"),
                                              *sides.values())
    measure.result("synthgen-hpc: tap events to /dev/null, one core", "MB/s", taps)
    measure.result("synthgen-hpc: user sessions to /dev/null, one core", "MB/s", sessions)
    for title, rates in zip(sides, theirs):
        name = title.partition(":")[0]
        measure.result(f"{title} to /dev/null, one core", "MB/s", rates)
        measure.result(f"synthgen-hpc against {name}, tap events", "x", measure.ratios(taps, rates),
                       **({"target": "4"} if name == "tpchgen" else {}))
        if name == "tpchgen":
            measure.result(f"synthgen-hpc against {name}, user sessions", "x", measure.ratios(sessions, rates))
