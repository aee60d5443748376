"""Kills at random points of the whole job (generate, verify, load, verify in the database): after each the next command
continues, on another number of ranks; in the end the digest is that of an undisturbed run, no temporary file is left
and nothing is loaded twice.

SYNTHGEN_KILLS is the number of kills (20), SYNTHGEN_CHAOS_SEED repeats a sequence; the seed is printed.

processors: 2
timeout: 5400
"""
import collections
import os
import pathlib
import pwd
import random
import shutil
import signal
import subprocess
import tempfile
import unittest

import database
import support
from database import wait_for

KILLS = int(os.environ.get("SYNTHGEN_KILLS", "20"))
SEED = int(os.environ.get("SYNTHGEN_CHAOS_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
KILLS_PER_JOB = 10
ACCOUNTS = 4

# Fault points and passes that one of three ranks reaches in most jobs; the kill comes at a random pass.
POINTS = [("shard.create", 8), ("shard.write", 8), ("shard.sync", 8), ("shard.rename", 8), ("manifest.write", 1),
          ("manifest.rename", 1), ("load.send", 10), ("load.copied", 10), ("load.committed", 10), ("load.step", 30)]


def processes_with(text):
    """Ids and arguments of processes whose arguments hold the text."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue  # it has ended
            if any(text.encode() in word for word in words):
                found[int(entry.name)] = words
    return found


def kill(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Chaos(database.Checks):
    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)  # the private server's user must get in when tests run as root
        self.random = random.Random(SEED)
        self.kills = collections.Counter()
        print(f"SYNTHGEN_CHAOS_SEED={SEED}", flush=True)

    def job(self, out, ranks, **environment):
        """Starts the whole job, continuing what is there."""
        words = ["run", *support.SEED, "--accounts", ACCOUNTS, "--quiet", "--threads", "1", "--out", out, "--load"]
        words += ["--resume"] if out.exists() else []
        return subprocess.Popen(support.command(words, ranks), cwd=self.folder, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                env=support.environment(ASAN_OPTIONS="detect_leaks=0", **environment))

    def postmaster(self, out):
        try:
            return int((out / "postgresql/data/postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def crash_server(self, out):
        pid = self.postmaster(out)
        if pid is None:
            return False
        children = [int(line) for line in subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True)
                    .stdout.split()]
        kill([pid, *children])
        # Until they are reaped the new server takes them for living ones; an init process may take its time.
        wait_for(lambda: not any(pathlib.Path(f"/proc/{one}").exists() for one in (pid, *children)), "killed servers to go")
        return True

    def disturb(self, out, process, ranks):
        """At a random moment; tells what was done."""
        ours = {pid: words for pid, words in processes_with(str(out)).items() if b"postgres" not in words[0]}
        kinds = ["all", "server"] if ranks is None else ["all", "rank", "server"]
        kind = self.random.choice(kinds)
        if kind == "server" and self.crash_server(out):
            return kind
        if kind == "rank":
            rank_pids = [pid for pid, words in ours.items() if not words[0].endswith(b"mpirun")]
            kill(self.random.sample(rank_pids, min(1, len(rank_pids))))
            return kind
        kill([process.pid, *ours])
        return "all"

    def kill_once(self, out, duration_s):
        """Starts the job and disturbs it; True when the disturbance ended it."""
        ranks = self.random.choice([None, 2, 3])
        environment, kind = {}, None
        if self.random.random() < 0.6:
            point, passes = self.random.choice(POINTS)
            kind = point
            where = "" if ranks is None else f"@{self.random.randrange(ranks)}"
            environment["SYNTHGEN_FAULT"] = f"{point}:{self.random.randint(1, passes)}:kill{where}"
        process = self.job(out, ranks, **environment)
        try:
            output = process.communicate(timeout=None if kind else self.random.uniform(0, duration_s))[0]
        except subprocess.TimeoutExpired:
            kind = f"moment, {self.disturb(out, process, ranks)}"
            output = process.communicate(timeout=120)[0]
        if process.returncode == 0:
            return False
        self.assertNotRegex(output, "Sanitizer|INTERNAL|assert", output)
        self.kills[kind] += 1
        return True

    def finish(self, out, digest):
        output = ""
        process = self.job(out, self.random.choice([None, 2, 3]))
        output = process.communicate(timeout=300)[0]
        self.assertEqual(process.returncode, 0, output)
        self.assertEqual(support.manifest(out)["root"], digest)
        self.assertEqual([str(path) for path in out.rglob("*.tmp")], [])
        self.check_whole(f"host={out}/postgresql/run user={pwd.getpwuid(os.geteuid()).pw_name} "
                         "dbname=saas_platform_dev", out)

    def end(self, out):
        kill(pid for pid, words in processes_with(str(out)).items() if b"postgres" not in words[0])
        support.run("database", out, "stop")
        shutil.rmtree(out, ignore_errors=True)

    def test_killed_anywhere_it_continues(self):
        calm = self.folder / "calm"
        self.addCleanup(self.end, calm)
        started = os.times().elapsed
        process = self.job(calm, None)
        output = process.communicate(timeout=300)[0]
        self.assertEqual(process.returncode, 0, output)
        duration_s = os.times().elapsed - started
        digest = support.manifest(calm)["root"]
        jobs = 0
        while self.kills.total() < KILLS:
            jobs += 1
            out = self.folder / f"chaos{jobs}"
            self.addCleanup(self.end, out)
            left = min(KILLS_PER_JOB, KILLS - self.kills.total())
            while left > 0 and self.kill_once(out, duration_s):
                left -= 1
            self.finish(out, digest)
            self.end(out)
        print(f"{self.kills.total()} kills over {jobs} jobs, all continued to digest {digest}, nothing lost or doubled")
        print(f"soak: {self.kills.total()} kills")
        for kind, count in sorted(self.kills.items()):
            print(f"{count:5}  {kind}")


if __name__ == "__main__":
    unittest.main()
