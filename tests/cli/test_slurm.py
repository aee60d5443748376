"""scripts/slurm on a real Slurm of four nodes: whatever happens to a job, it ends in the data of an undisturbed run.

timeout: 400
processors: 1
"""
import json
import pathlib
import random
import re
import threading
import unittest

import database
import support
from slurm_cluster import Cluster

SCRIPTS = support.SOURCE / "scripts/slurm"
SIZE = [*support.SEED, "--accounts", "3"]
OVER = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY")


@unittest.skipIf(support.no_namespaces(), support.no_namespaces())
class Slurm(database.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster = Cluster()
        cls.addClassCleanup(cls.cluster.leave)
        cls.addClassCleanup(lambda: print(f"soak: {cls.cluster.job_count()} Slurm jobs"))
        cls.root = support.manifest(cls.out)["root"]
        # The job that will meet its time limit has Slurm's shortest one; the other tests use the other nodes meanwhile.
        cls.limited_gate = cls.base / "limited.gate"
        cls.limited_gate.touch()
        cls.limited_jobs = cls.submit_to(cls.base / "limited", "--time", "1", "--stop-before", "40", "--sbatch", "--nodelist=n4",
                                         gate=cls.limited_gate, hold="shard.write:9:hold")
        cls.limited_ended = threading.Event()
        cls.addClassCleanup(cls.limited_ended.set)
        threading.Thread(target=cls.release_limited, daemon=True).start()

    @classmethod
    def release_limited(cls):
        """Lets the next attempt pass when Slurm has stopped the first, whatever the tests are at."""
        while "queueing job" not in cls.log(cls.base / "limited", cls.limited_jobs["generate"]):
            if cls.limited_ended.wait(0.2):
                return
        cls.limited_gate.unlink()

    @classmethod
    def submit(cls, *options, gate=None, hold=None, **env):
        """submit.sh to the end; the result is the finished process."""
        if gate:
            env.update(SYNTHGEN_FAULT=hold, SYNTHGEN_HOLD=gate)
        words = [SCRIPTS / "submit.sh", "--program", support.SYNTHGEN, *options]
        return cls.cluster.call(*words, check=False, cwd=cls.base, **env)

    @classmethod
    def submit_to(cls, out, *options, **env):
        """Submits SIZE into a folder; job ids by step."""
        shape = [] if "--ranks-per-node" in options else ["--ranks-per-node", "2"]
        result = cls.submit(*SIZE, "--out", out, "--threads", "1", *shape, *options, **env)
        if result.returncode:
            raise AssertionError(result.stderr)
        return dict(line.split() for line in result.stdout.splitlines())

    def gate(self):
        """A file that holds ranks at a fault point while it exists, or until they are signalled."""
        gate = self.folder / "gate"
        gate.touch()
        return gate

    def login_with_password(self, url):
        """A role that gets into this database by password only; its URL without, and the file with the password."""
        name = re.search(r"dbname=(\w+)", url)[1]
        hba = self.out / "postgresql/data/pg_hba.conf"
        hba.write_text(f"local {name} loader scram-sha-256\n" + hba.read_text())
        database.psql(url, f"DO $$BEGIN CREATE ROLE loader LOGIN PASSWORD 'open sesame'; EXCEPTION WHEN duplicate_object THEN "
                           f"NULL; END$$; GRANT ALL ON DATABASE {name} TO loader; SELECT pg_reload_conf()")
        passwords = self.folder / "passwords"
        passwords.write_text("*:*:*:loader:open sesame\n")
        passwords.chmod(0o600)
        return re.sub(r"user=\w+", "user=loader", url), passwords

    def middle(self):
        """A fault that holds every rank at its nth write, which at least one of four reaches."""
        return f"shard.write:{9 if self.round == 0 else random.randint(1, 16)}:hold"

    def tasks(self, job):
        """Every task of a job: state and restarts."""
        text = self.cluster.call("scontrol", "--oneliner", "show", "job", job).stdout
        return [dict(re.findall(r"(JobState|Restarts|Reason|NodeList|BatchHost)=(\S*)", line)) for line in text.splitlines()]

    @staticmethod
    def log(out, job):
        return "".join(path.read_text(errors="replace") for path in sorted(pathlib.Path(f"{out}.slurm").glob(f"*-{job}*.out")))

    def wait_over(self, out, jobs, state="COMPLETED", seconds=90):
        for step, job in jobs.items():
            self.cluster.wait(lambda: all(task["JobState"] in OVER for task in self.tasks(job)), f"job {job} of {step}", seconds)
            for task in self.tasks(job):
                self.assertEqual(task["JobState"], state, f"{step}: {task}\n{self.log(out, job)}")

    def wait_held(self, out, job):
        """Until shards are there and the job's ranks are in the middle."""
        self.cluster.wait(lambda: list(pathlib.Path(out).glob("*/*.tmp")) and self.tasks(job)[0]["JobState"] == "RUNNING",
                          f"job {job} to be in the middle")

    def wait_restarted(self, job, least=1):
        self.cluster.wait(lambda: int(self.tasks(job)[0]["Restarts"]) >= least, f"job {job} to be queued again")

    def check_same(self, out):
        self.assertEqual(support.manifest(out)["root"], self.root)
        self.assertEqual([str(path) for path in pathlib.Path(out).rglob("*.tmp")], [])

    @support.rounds("pipelines into a database")
    def test_pipeline_ends_in_a_verified_database(self):
        url, out = self.new_database(), self.folder / "out"
        login, passwords = self.login_with_password(url)
        refused = self.synthgen("load", self.out, "--quiet", "--database", login, code="DENIED")
        self.assertIn(".pgpass", refused.stderr)
        jobs = self.submit_to(out, "--nodes", "2", "--database", login, "--sbatch", "--exclude=n4", PGPASSFILE=passwords)
        self.assertEqual(list(jobs), ["generate", "load", "verify"])
        self.wait_over(out, jobs)
        self.check_same(out)
        self.check_whole(url, out)
        results = sorted(json.loads(path.read_text())["code"] for path in self.folder.glob("out.slurm/*.json"))
        self.assertEqual(results, [0, 0, 0])
        hosts = json.loads((self.folder / f"out.slurm/synthgen-generate-{jobs['generate']}.json").read_text())
        self.assertEqual(hosts["ranks"], 4)
        told = "".join(self.log(out, job) + self.cluster.call("scontrol", "show", "job", job).stdout for job in jobs.values())
        self.assertIn("verify", told)
        self.assertNotIn("open sesame", told)

    @support.rounds("arrays of parts under srun")
    def test_array_of_parts_under_srun_into_a_private_server(self):
        out = self.folder / "out"
        for path in (self.folder, self.folder.parent):
            path.chmod(0o755)  # the server's user must get in when tests run as root
        self.addCleanup(support.run, "database", out, "stop")
        gate = self.gate()
        jobs = self.submit_to(out, "--parts", "3", "--launcher", "srun", "--nodes", "2", "--database", "private", "--sbatch",
                              "--exclude=n4", gate=gate, hold="shard.write:3:hold")
        self.assertEqual(list(jobs), ["parts", "generate", "load", "verify"])
        task = f"{jobs['parts']}_1"  # most tables are in the first part
        self.wait_held(out, task)
        self.cluster.call("scancel", "--signal=USR1", "--batch", task)  # one task stops and is queued again
        self.wait_restarted(task)
        gate.unlink()
        self.wait_over(out, jobs)
        self.assertEqual(len(self.tasks(jobs["parts"])), 3)
        self.assertIn("is stopped", support.run("database", out, "status").stdout)
        self.assertIn("part 2 of 3", self.log(out, f"{jobs['parts']}_2"))
        self.check_same(out)

    def test_scripts_alone_and_as_arrays_of_runs(self):
        job = self.cluster.call("sbatch", "--parsable", "--array=1-2", "--ntasks-per-node=2", "--exclude=n4",
                                SCRIPTS / "generate.sbatch", "--accounts", "2", "--as-of", "2026-06-30", "--seed", "%a",
                                "--out", "run-%a", "--quiet", cwd=self.folder,
                                SYNTHGEN_PROGRAM=support.SYNTHGEN).stdout.strip()
        verify = self.cluster.call("sbatch", "--parsable", "--array=1-2", f"--dependency=aftercorr:{job}", "--exclude=n4",
                                   SCRIPTS / "verify.sbatch", "run-%a", cwd=self.folder,
                                   SYNTHGEN_PROGRAM=support.SYNTHGEN).stdout.strip()
        refused = self.cluster.call("sbatch", "--parsable", "--array=1-2", "--exclude=n4", SCRIPTS / "load.sbatch", "run-1",
                                    cwd=self.folder, SYNTHGEN_PROGRAM=support.SYNTHGEN).stdout.strip()
        for one, state in ((job, "COMPLETED"), (verify, "COMPLETED"), (refused, "FAILED")):
            self.cluster.wait(lambda: all(task["JobState"] in OVER for task in self.tasks(one)), f"job {one}")
            logs = "".join(path.read_text() for path in self.folder.glob("*.out"))
            self.assertEqual({task["JobState"] for task in self.tasks(one)}, {state}, logs)
        self.assertIn("an array of load jobs needs %a", logs)
        self.assertEqual([support.manifest(self.folder / f"run-{seed}")["seed"] for seed in (1, 2)], [1, 2])

    @support.rounds("jobs stopped by signal")
    def test_stop_signal_queues_again_within_bounds(self):
        """USR1 to the batch script, as Slurm sends it before the time limit; the first job may not restart."""
        out, gate = self.folder / "out", self.gate()
        jobs = self.submit_to(out, "--max-restarts", "0", "--sbatch", "--exclude=n4", gate=gate, hold=self.middle())
        self.wait_held(out, jobs["generate"])
        self.cluster.call("scancel", "--signal=USR1", "--batch", jobs["generate"])
        self.wait_over(out, {"generate": jobs["generate"]}, "FAILED")
        self.assertIn("signal USR1", self.log(out, jobs["generate"]))
        self.assertIn("giving up", self.log(out, jobs["generate"]))
        self.cluster.wait(lambda: self.tasks(jobs["verify"])[0]["JobState"] == "CANCELLED", "the next job to be cancelled")
        again = self.submit_to(out, "--overwrite", "--sbatch", "--exclude=n4")
        self.wait_over(out, again)
        self.check_same(out)

    @support.rounds("loads stopped and continued")
    def test_load_that_is_stopped_continues(self):
        url, gate = self.new_database(), self.gate()
        job = self.cluster.call("sbatch", "--parsable", "--ntasks-per-node=2", "--exclude=n4", SCRIPTS / "load.sbatch", self.out,
                                "--database", url, cwd=self.folder, SYNTHGEN_PROGRAM=support.SYNTHGEN, SYNTHGEN_HOLD=gate,
                                SYNTHGEN_FAULT="load.copied:3:hold").stdout.strip()
        loaded = "SELECT count(*) FROM synthgen.shard_ledger WHERE loaded_at IS NOT NULL"
        self.cluster.wait(lambda: database.value(url, "SELECT to_regclass('synthgen.shard_ledger') IS NOT NULL") == "t" and
                          int(database.value(url, loaded)) > 3, "the load to be in the middle")
        self.cluster.call("scancel", "--signal=USR1", "--batch", job)
        self.wait_restarted(job)
        gate.unlink()
        log = self.folder / f"synthgen-load-{job}.out"
        self.cluster.wait(lambda: self.tasks(job)[0]["JobState"] in OVER, f"job {job}")
        self.assertEqual(self.tasks(job)[0]["JobState"], "COMPLETED", log.read_text())
        self.check_whole(url)

    @support.rounds("jobs pre-empted")
    def test_preempted_job_continues(self):
        out, gate = self.folder / "out", self.gate()
        jobs = self.submit_to(out, "--nodes", "2", "--sbatch", "--nodelist=n1,n2", gate=gate, hold=self.middle())
        self.wait_held(out, jobs["generate"])
        (self.folder / "urgent.sh").write_text("#!/bin/sh\ntrue\n")
        urgent = self.cluster.call("sbatch", "--parsable", "--partition=urgent", "--nodelist=n1,n2", "--exclusive",
                                   "--output=/dev/null", self.folder / "urgent.sh", cwd=self.folder).stdout.strip()
        self.wait_restarted(jobs["generate"])
        gate.unlink()
        self.wait_over(out, {"urgent": urgent, **jobs})
        self.check_same(out)

    @support.rounds("jobs cancelled and submitted again")
    def test_cancelled_job_stays_cancelled(self):
        out, gate = self.folder / "out", self.gate()
        jobs = self.submit_to(out, "--sbatch", "--exclude=n4", gate=gate, hold=self.middle())
        self.wait_held(out, jobs["generate"])
        self.cluster.call("scancel", jobs["generate"])
        self.wait_over(out, jobs, "CANCELLED")
        self.assertEqual(self.tasks(jobs["generate"])[0]["Restarts"], "0")
        self.cluster.wait(lambda: not self.cluster.processes(support.SYNTHGEN, out), "the ranks to end")
        self.assertFalse((out / "manifest.json").exists())
        self.wait_over(out, again := self.submit_to(out, "--sbatch", "--exclude=n4"))
        self.assertEqual(list(again), ["generate", "verify"])
        self.check_same(out)

    @support.rounds("nodes dead under a job")
    def test_dead_node_is_left_behind(self):
        out, gate = self.folder / "out", self.gate()
        jobs = self.submit_to(out, "--nodes", "2", "--sbatch", "--exclude=n4", gate=gate, hold=self.middle())
        self.wait_held(out, jobs["generate"])
        before = self.tasks(jobs["generate"])[0]
        first, second = self.cluster.call("scontrol", "show", "hostnames", before["NodeList"]).stdout.split()
        victim = (second if before["BatchHost"] == first else first) if self.round % 2 == 0 else before["BatchHost"]
        self.cluster.kill_node(victim)
        try:
            self.wait_restarted(jobs["generate"])
            gate.unlink()
            self.wait_over(out, jobs)
        finally:
            self.cluster.start_node(victim)
        self.check_same(out)
        self.cluster.wait(lambda: self.cluster.node_states()[victim] == "idle", f"{victim} to be back")

    def test_time_limit_in_the_middle(self):
        out, job = self.base / "limited", self.limited_jobs["generate"]
        self.wait_restarted(job)
        self.wait_over(out, self.limited_jobs)
        self.assertIn("queueing job", self.log(out, job))
        self.check_same(out)

    def test_wrong_options_are_refused_at_submit_time(self):
        (self.folder / "open").write_text("*:*:*:*:secret\n")
        (self.folder / "open").chmod(0o644)
        before = self.cluster.call("squeue", "--noheader", "--states=all", "--format=%A").stdout
        for code, words, options, env in [
                ("USAGE", "did you mean --env", ["--enf", "qa"], {}),
                ("USAGE", "unknown --env 'huge'", ["--env", "huge"], {}),
                ("USAGE", "holds a password", ["--database", "postgresql://me:secret@host/db"], {}),
                ("USAGE", "holds a password", ["--database", "host=h password=secret"], {}),
                ("USAGE", "holds a password", [], {"DATABASE_URL": "postgresql://host/db?password=secret"}),
                ("DENIED", "open to others", [], {"PGPASSFILE": self.folder / "open"}),
                ("USAGE", "--nodes 9: the partition has 4", ["--nodes", "9"], {}),
                ("USAGE", "--nodes '4-2'", ["--nodes", "4-2"], {}),
                ("USAGE", "more than the 4 cores", ["--ranks-per-node", "3", "--threads", "2"], {}),
                ("USAGE", "no partition 'night' here; there are: batch urgent", ["--partition", "night"], {}),
                ("USAGE", "Slurm refused", ["--time", "soon"], {}),
                ("USAGE", "--memory 'lots'", ["--memory", "lots"], {}),
                ("USAGE", "--launcher 'ssh'", ["--launcher", "ssh"], {}),
                ("USAGE", "does not go with --parts", ["--parts", "2", "--overwrite"], {}),
                ("USAGE", "--load does not belong here", ["--load"], {}),
                ("USAGE", "--connections without --database", ["--connections", "2"], {}),
                ("USAGE", "--out needs a value", ["--out"], {}),
                ("NO_INPUT", "is not a folder", ["--scratch", "/nowhere"], {}),
                ("NO_INPUT", "cannot be run", ["--program", "/nowhere"], {})]:
            with self.subTest(options=options):
                result = self.submit("--scratch", self.folder, *options, **env)
                self.assertEqual(result.returncode, support.CODES[code], result.stdout + result.stderr)
                self.assertIn(words, result.stderr)
                self.assertNotIn("secret", result.stdout + result.stderr)
        self.assertEqual(self.cluster.call("squeue", "--noheader", "--states=all", "--format=%A").stdout, before)

    def test_dry_run_shows_the_commands(self):
        result = self.submit("--scratch", self.folder, "--env", "QA", "--nodes", "2-4", "--threads", "2", "--dry-run",
                             "--database", "service=warehouse", "--sbatch", "--account=physics")
        lines = result.stdout.splitlines()
        self.assertEqual(len(lines), 3, result.stderr)
        for words in ("--nodes=2-4", "--ntasks-per-node=2", "--cpus-per-task=2", "--account=physics", "B:USR1@120",
                      f"--out {self.folder}/synthgen-barsaas-qa", "generate.sbatch"):
            self.assertIn(words, lines[0])
        self.assertIn("78576295 rows", result.stderr)
        self.assertFalse((self.folder / "synthgen-barsaas-qa.slurm").exists())


if __name__ == "__main__":
    unittest.main()
