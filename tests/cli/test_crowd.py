"""Many more ranks than cores: as many work as there are cores for, the rest stands by; bytes, exit codes and signals are
those of any run.

labels: quick
processors: 2
"""
import os
import signal
import subprocess
import time
import unittest

import support

CORES = len(os.sched_getaffinity(0))
CROWD = 4 * CORES + 1  # more than SG_CROWD of src/app/machine.h for each core
RUN = ["run", "--accounts", "5", *support.SEED, "--no-load", "--quiet"]


@unittest.skipIf(CORES > 8 or CORES < os.sysconf("SC_NPROCESSORS_ONLN"), "a crowd here would be too large, or is bound")
class Crowd(support.Case):
    def test_same_digest_with_as_many_ranks_as_cores(self):
        alone = self.json(*RUN, "--out", "alone")
        crowd = self.json(*RUN, "--threads", "1", "--out", "crowd", ranks=CROWD)
        self.assertEqual(crowd["digest"], alone["digest"])
        self.assertEqual((crowd["ranks"], crowd["ranks_standing_by"]), (CORES, CROWD - CORES))
        self.assertEqual(len(crowd["balance"]), CORES)
        self.assertIn(f"{CROWD - CORES} of {CROWD} ranks stand by", self.synthgen("verify", "crowd", ranks=CROWD).stdout)

    def test_threads_count_against_cores(self):
        crowd = self.json(*RUN, "--threads", 4 * CORES, "--out", "crowd", ranks=2)
        self.assertEqual((crowd["ranks"], crowd["ranks_standing_by"]), (1, 1))

    def test_a_few_too_many_all_work(self):
        run = self.json(*RUN, "--threads", "1", "--out", "few", ranks=2 * CORES)
        self.assertEqual(run["ranks"], 2 * CORES)
        self.assertNotIn("ranks_standing_by", run)

    def test_a_failure_is_everybodys(self):
        self.synthgen(*RUN, "--out", "run")
        result = self.synthgen(*RUN[:1], "--accounts", "6", *RUN[3:], "--out", "run", code="EXISTS", ranks=CROWD)
        self.assertEqual(result.stderr.count("holds another run"), 1, result.stderr)

    def test_a_signal_stops_all_and_resume_goes_on(self):
        arguments = ["run", "--accounts", "400", *support.SEED, "--no-load", "--quiet", "--threads", "1", "--out"]
        process = subprocess.Popen(support.command([*arguments, "run"], CROWD), cwd=self.folder, stderr=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, env=support.environment(), text=True)
        while not (self.folder / "run/run.json").exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGUSR1)  # mpirun hands it on; on SIGTERM it may drop what ranks say
        said = process.communicate(timeout=100)[1]
        self.assertNotEqual(process.returncode, 0)
        self.assertIn("stopped on request", said)
        self.synthgen(*arguments, "run", "--resume", ranks=CROWD)
        self.assertTrue((self.folder / "run/manifest.json").exists())


if __name__ == "__main__":
    unittest.main()
