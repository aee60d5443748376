"""A second compiler and the sanitizers: clang builds everything without a warning, every data set is made and verified
under the address, leak and undefined-behaviour sanitizers, and every parser is fed hostile inputs."""
# timeout: 600
# processors: 2

import os
import shutil
import subprocess
import tempfile
import unittest

SOURCE = os.environ["SOURCE"]
# Beside the tested build, so that a second run of the tests builds little.
BUILD = os.path.join(os.path.dirname(os.path.abspath(os.environ["SYNTHGEN"])), "fuzz")
INPUTS = os.environ.get("SYNTHGEN_FUZZ_RUNS", "4000")
SIZES = {"barsaas": "--accounts=5", "spendsense": "--users=5", "cardholders": "--customers=40", "homeservices": "--customers=20",
         "screenbilling": "--customers=20"}


@unittest.skipUnless(shutil.which("clang"), "needs clang")
class Sanitized(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fuzz = subprocess.run([os.path.join(SOURCE, "scripts", "fuzz")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  env=dict(os.environ, SYNTHGEN_FUZZ_BUILD=BUILD, SYNTHGEN_FUZZ_RUNS=INPUTS))

    def test_no_parser_is_harmed(self):
        self.assertEqual(self.fuzz.returncode, 0, self.fuzz.stdout)
        targets = [name[len("fuzz_"):-len(".c")] for name in os.listdir(os.path.join(SOURCE, "tests", "fuzz"))
                   if name.startswith("fuzz_") and name.endswith(".c")]
        for target in targets:
            self.assertIn("fuzz: %s: %s inputs" % (target, INPUTS), self.fuzz.stdout)

    def test_every_dataset_is_made_and_verified(self):
        env = dict(os.environ, ASAN_OPTIONS="detect_leaks=%d" % ("leaks cannot be looked for" not in self.fuzz.stdout))
        listed = subprocess.run([os.path.join(BUILD, "synthgen-hpc"), "datasets"], capture_output=True, text=True, env=env)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        for dataset, size in SIZES.items():
            self.assertIn(dataset, listed.stdout)
            for form in ("copy", "binary", "parquet"):
                with self.subTest(dataset=dataset, format=form), tempfile.TemporaryDirectory() as folder:
                    run = subprocess.run([os.path.join(BUILD, "synthgen-hpc"), "--dataset", dataset, size, "--format", form, "--threads=2",
                                          "--no-load", "--quiet", "--out", os.path.join(folder, "run")], capture_output=True, text=True, env=env)
                    self.assertEqual(run.returncode, 0, run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main()
