"""Measuring: pinned commands, pairs in turn, medians with spread, and result lines.

Every bench is a program that prints one JSON object a line on stdout; bench/run collects them. A line is a result
{"name", "unit", "median", "least", "most", "rounds"} with, where they apply, "note", "target" (a number of
suite/targets.py, whose measure the median is); or {"skipped", "reason"}; or {"curve"}
for a chart of points. Benches in C print {"case", "ns_per_row", ...}, see bench.h.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
AS_OF = "2026-01-01"


def cpus():
    return sorted(os.sched_getaffinity(0))


def pinned(command, count=None):
    """The command on the last `count` of our processors, None = all of them: both sides of a pair on the same ones."""
    chosen = cpus() if count is None else cpus()[-count:]
    words = [str(word) for word in command]
    if not shutil.which("taskset"):
        return words
    return ["taskset", "--cpu-list", ",".join(map(str, chosen)), *words]


class Ran:
    """One finished command: wall and CPU seconds, and its output as text."""

    def __init__(self, command, cores=None, check=True, **keywords):
        keywords.setdefault("stdout", subprocess.DEVNULL)
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run(pinned(command, cores), stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, **keywords)
        self.wall = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.stdout = done.stdout
        if check and done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stderr.decode(errors='replace').strip()[-500:]}")


def in_turn(rounds, *sides):
    """Calls the sides A B A B ..., after one round that warms up; gives a list of values per side. A machine whose speed
    drifts slows both alike."""
    values = [[] for _ in sides]
    for number in range(rounds + 1):
        for side, collected in zip(sides, values):
            value = side()
            if number:
                collected.append(value)
    return values


def ratios(above, below):
    """Of the pairs of two lists of seconds or rates."""
    return [a / b for a, b in zip(above, below)]


def spread(values):
    return {"median": statistics.median(values), "least": min(values), "most": max(values), "rounds": len(values)}


def emit(**line):
    print(json.dumps(line), flush=True)


def result(name, unit, values, **more):
    emit(name=name, unit=unit, **spread(values), **more)


def skipped(what, reason):
    emit(skipped=what, reason=reason)


def read_line(text):
    """The lines of a bench as result lines; those of the benches in C in the common form. Other text is passed over."""
    try:
        line = json.loads(text)
    except ValueError:
        return []
    if "case" not in line:
        return [line]
    rate = line["mb_per_s"]
    line.update(name=f"{line['bench']}: {line['case']}", unit="ns", median=line["ns_per_row"],
                note=line.get("note", f"{rate} MB/s" if rate else ""))
    return [line]


def describe(line):
    """A result line for people; "" for other lines."""
    if "skipped" in line:
        return f"skipped: {line['skipped']}: {line['reason']}"
    if "name" not in line:
        return ""
    target = f"[target {line['target']}]" if "target" in line else ""
    return (f"{line['name'][:66]:66} {line['median']:12.2f} {line['unit']:10} {line['least']:10.2f} .. {line['most']:<10.2f} "
            f"{target} {line.get('note', '')}").rstrip()


def arguments(description):
    """The options that bench/run gives to every bench written in Python."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build", help="folder of the build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--accounts", type=int, default=1000, help="size of the data set")
    parser.add_argument("--folder", type=pathlib.Path, help="where to work; default: a temporary one")
    parser.add_argument("--quick", action="store_true", help="fewer cases, for bench/run --quick")
    return parser


class Folder:
    """The folder of --folder, or a temporary one."""

    def __init__(self, options):
        self.given = options.folder
        self.path = self.given

    def __enter__(self):
        if self.given:
            return self.given.resolve()
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="synthgen-bench-"))
        return self.path

    def __exit__(self, *_):
        if not self.given:
            shutil.rmtree(self.path, ignore_errors=True)


class Synthgen:
    """The program under test."""

    def __init__(self, build, folder):
        self.program, self.folder = build.resolve() / "synthgen-hpc", folder
        if not self.program.exists():
            sys.exit(f"{self.program} is not built: see README.md")

    def environment(self):
        env = {key: value for key, value in os.environ.items()
               if not key.startswith(("DATAGEN_", "DATABASE_URL", "SYNTHGEN_", "OMP_NUM", "PG", "SLURM_"))}
        return dict(env, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")

    def run(self, *options, ranks=0, cores=None, out=None, loads=False):
        """One run; its JSON document with the wall and CPU seconds of the whole command."""
        out = out or self.folder / "synthgen"
        launch = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", ranks] if ranks else []
        ran = Ran([*launch, self.program, "run", "--as-of", AS_OF, "--quiet", "--json", "--overwrite", "--out",
                   out, *([] if loads else ["--no-load"]), *options], cores, stdout=subprocess.PIPE, env=self.environment())
        document = json.loads(ran.stdout)
        document.update(wall=ran.wall, cpu=ran.cpu, folder=out,
                        seconds={stage["name"]: stage["seconds"] for stage in document["stages"]})
        return document
