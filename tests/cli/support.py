"""Shared helpers of the command-line tests: run synthgen-hpc (alone or on ranks), temporary folders, reading shards.

Environment: SYNTHGEN = the program, SOURCE = the repository.
"""
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SYNTHGEN = os.environ["SYNTHGEN"]
SOURCE = pathlib.Path(os.environ["SOURCE"])

# Exit codes, read from the one list of them in src/base/status.h.
CODES = {name: int(value) for name, value in
         re.findall(r"\bSG_(\w+) = (\d+)", (SOURCE / "src/base/status.h").read_text()) if name != "ERROR_BYTES"}

# A fixed small run: the same bytes on every day.
SEED = ["--seed", "7", "--as-of", "2026-06-30"]


def environment(**more):
    """The caller's environment without what would change the program's mind, with what mpirun needs as root."""
    env = {key: value for key, value in os.environ.items()
           if not key.startswith(("DATAGEN_", "DATABASE_URL", "SYNTHGEN_", "OMP_NUM", "PG", "SLURM_", "AWS_", "COGNITO_"))}
    env.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", LC_ALL="C")
    env.update({key: str(value) for key, value in more.items() if value is not None})
    return env


def command(arguments, ranks=None):
    """The argument vector; ranks=None runs without mpirun."""
    words = [SYNTHGEN, *map(str, arguments)]
    if ranks is None:
        return words
    return ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks), *words]


def run(*arguments, ranks=None, cwd=None, timeout=100, **env):
    """Runs to the end; gives returncode, stdout, stderr as text."""
    if ranks is not None:
        env.setdefault("ASAN_OPTIONS", "detect_leaks=0")  # Open MPI leaves memory behind; runs alone are checked
    return subprocess.run(command(arguments, ranks), cwd=cwd, env=environment(**env), timeout=timeout,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")


def zstd_text(path):
    """Decompressed bytes of a shard, by the zstd program: any zstd reads them."""
    return subprocess.run(["zstd", "-dcq", str(path)], check=True, capture_output=True).stdout


def manifest(out):
    return json.loads((pathlib.Path(out) / "manifest.json").read_text())


def shards(out):
    """Paths of all shard files relative to the output folder, sorted."""
    out = pathlib.Path(out)
    return sorted(str(path.relative_to(out)) for path in out.glob("*/*.zst"))


def table_text(out, table):
    return b"".join(zstd_text(path) for path in sorted((pathlib.Path(out) / table).glob("*.zst")))


def files(out):
    """Everything below a folder with size, for 'nothing was changed'."""
    out = pathlib.Path(out)
    return {str(path.relative_to(out)): (path.stat().st_size, path.stat().st_mtime_ns) for path in out.rglob("*")
            if path.is_file()}


def no_namespaces():
    """Why tests cannot make a world of their own (processes, networks, host names) here, or None. That takes root with all
    its rights; a missing program is no reason, since scripts/install test installs it."""
    if os.geteuid() != 0:
        return "SKIPPED, counts as not tested: namespaces need root"
    tried = subprocess.run(["unshare", "--net", "--pid", "--uts", "--mount-proc", "--fork", "true"], capture_output=True, text=True)
    return f"SKIPPED, counts as not tested: no namespaces for root here: {tried.stderr}" if tried.returncode else None


ROUNDS = int(os.environ.get("SYNTHGEN_ROUNDS", "1"))


def rounds(what):
    """Plays a test SYNTHGEN_ROUNDS times, each in a folder of its own, and counts `what` for scripts/soak."""
    def decorate(test):
        @functools.wraps(test)
        def play(self):
            base = self.folder
            for self.round in range(ROUNDS):
                self.folder = base / f"round{self.round}"
                self.folder.mkdir()
                test(self)
                print(f"soak: 1 {what}", flush=True)
        return play
    return decorate


class Case(unittest.TestCase):
    """A test with a temporary folder of its own in self.folder."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="synthgen-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def synthgen(self, *arguments, code=0, **keywords):
        """Runs in self.folder and demands an exit code (a number or a name of CODES; None: any)."""
        keywords.setdefault("cwd", self.folder)
        result = run(*arguments, **keywords)
        wanted = CODES[code] if isinstance(code, str) else code
        if code is None:  # the caller looks at it
            return result
        self.assertEqual(result.returncode, wanted,
                         f"{' '.join(map(str, arguments))}\nstdout: {result.stdout}\nstderr: {result.stderr}")
        return result

    def json(self, *arguments, **keywords):
        """Runs with --json and gives the document."""
        result = self.synthgen(*arguments, "--json", **keywords)
        return json.loads(result.stdout)
