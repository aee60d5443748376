"""Peers that fill PostgreSQL: generate_series, pgbench -i, TSBS's loader; all into the private server that synthgen-hpc
itself starts and sets up, so that both sides have the same one."""
import json
import re
import shutil
import subprocess

import texts
from suite import measure

ACCOUNTS = {"quick": 300, "full": 1000}
PGBENCH_SCALE = {"quick": 5, "full": 50}

# The columns of tap_events, cheaply made, and the primary key afterwards.
GENERATE_SERIES = """
DROP TABLE IF EXISTS peer_taps;
BEGIN;
CREATE TABLE peer_taps AS SELECT i::bigint AS id, timestamptz '2025-01-01' + i % 1111 * interval '28000 s' AS "timestamp",
  (i / 1111 + 1)::int AS device_id, (i / 5000 + 1)::int AS account_id, (i / 3333 + 1)::int AS location_id,
  (random() * 550)::int AS volume_ml, (1 + random() * 39)::smallint AS product_id, (1 + random() * 4)::smallint AS tap_type,
  (20 + random() * 60)::smallint AS temperature_deci_c, (random() * 100)::smallint AS duration_deci_s
FROM generate_series(1, {rows}) i;
ALTER TABLE peer_taps ADD PRIMARY KEY (id);
COMMIT;
"""


class Server:
    """A private cluster, started when first asked for and stopped at the end."""

    def __init__(self, context):
        self.context, self.home, self.facts = context, None, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.home:
            self.synthgen("database", self.home, "stop")
            shutil.rmtree(self.home, ignore_errors=True)

    def synthgen(self, *words):
        synthgen = self.context.synthgen
        return measure.Ran([synthgen.program, *words], stdout=subprocess.PIPE, env=synthgen.environment()).stdout

    def start(self):
        if self.facts:
            return self.facts
        if not shutil.which("psql"):
            raise texts.Missing("psql is not installed: see scripts/install")
        self.home = self.context.folder / "server"
        self.synthgen("run", "--accounts", "1", "--tables", "tap_events", "--as-of", measure.AS_OF, "--load", "--quiet",
                      "--out", self.home)
        self.facts = json.loads(self.synthgen("database", self.home, "--json"))["database"]
        return self.facts

    @property
    def url(self):
        facts = self.start()
        return f"postgresql:///{facts['name']}?host={facts['socket']}&user={facts['role']}"

    def psql(self, sql):
        return measure.Ran(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", sql])


def our_load(context):
    """M rows/s of tap events, generated, stored and loaded with their primary key; proofs apart."""
    run = context.synthgen.run("--tables", "tap_events", "--accounts", texts.size(context, ACCOUNTS),
                               "--load=" + context.server.url, loads=True)
    return run["rows"] / sum(run["seconds"][stage] for stage in ("plan", "generate", "load")) / 1e6


def generate_series(context):
    rows = texts.size(context, ACCOUNTS) * texts.TAPS_PER_ACCOUNT
    sql = GENERATE_SERIES.format(rows=rows)
    return lambda: rows / context.server.psql(sql).wall / 1e6


def pgbench(context):
    """pgbench's own rows of 97 bytes; its generation and keys without VACUUM."""
    if not shutil.which("pgbench"):
        raise texts.Missing("it is not installed: see scripts/install")
    scale, facts = texts.size(context, PGBENCH_SCALE), context.server.start()
    command = ["pgbench", "-i", "-q", "-I", "dtgp", "-s", scale, "-h", facts["socket"], "-U", facts["role"], facts["name"]]
    return lambda: scale * 100000 / measure.Ran(command).wall / 1e6


def tsbs_load(context):
    """TSBS's loader with two workers into plain tables; readings as it counts them."""
    loader = texts.program(context, "bin", "tsbs_load_timescaledb")
    facts, path = context.server.start(), context.folder / "tsbs.text"
    with open(path, "wb") as file:
        subprocess.run([str(word) for word in texts.tsbs_command(context, 1)], stdout=file, stderr=subprocess.DEVNULL,
                       check=True)

    def load():
        ran = measure.Ran([loader, "--use-hypertable=false", "--workers", 2, "--file", path, "--host", facts["socket"],
                           "--user", facts["role"], "--admin-db-name", facts["name"], "--db-name", "peer_tsbs"],
                          stdout=subprocess.PIPE)
        rows = re.search(r"loaded (\d+) rows in ([0-9.]+)sec", ran.stdout.decode())
        if not rows:
            raise RuntimeError("TSBS's loader says nothing of rows")
        return int(rows[1]) / float(rows[2]) / 1e6
    return load


# Name, what it fills, and the function that makes a side of the comparison.
FILLERS = [("generate_series", "tap events, primary key", generate_series),
           ("pgbench", "pgbench -i, its own rows, primary keys", pgbench),
           ("tsbs_load", "iot readings by two workers, its own rows, plain tables", tsbs_load)]


def heap_insertion(context):
    """What the server needs for rows that it holds: the limit of every load."""
    rows = texts.size(context, ACCOUNTS) * texts.TAPS_PER_ACCOUNT
    sql = "BEGIN; CREATE TABLE peer_heap AS TABLE peer_taps; ROLLBACK"
    measure.result("PostgreSQL: heap insertion", "ns",
                   [context.server.psql(sql).wall / rows * 1e9 for _ in range(context.rounds)], note="of rows that it holds")


def fill(context):
    sides = {}
    for name, what, make in FILLERS:
        if context.wanted(name):
            try:
                sides[f"{name}: {what}"] = make(context)
            except texts.Missing as missing:
                measure.skipped(name, str(missing))
    if not sides:
        return
    ours, *theirs = measure.in_turn(context.rounds, lambda: our_load(context), *sides.values())
    measure.result("synthgen-hpc: tap events generated and loaded, primary key", "M rows/s", ours)
    for title, rates in zip(sides, theirs):
        measure.result(title, "M rows/s", rates)
        measure.result(f"synthgen-hpc, generated and loaded, against {title.partition(':')[0]}", "x",
                       measure.ratios(ours, rates))
    if context.wanted("generate_series"):
        heap_insertion(context)
