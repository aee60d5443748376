"""Progress and the summary: who prints what where, on one rank and several; ranks that disagree are refused.

labels: quick
"""
import json
import re
import subprocess
import unittest

import support

RUN = ["--accounts", "5", *support.SEED, "--no-load"]


class Summary(support.Case):
    def test_summary_tells_tables_stages_digest_and_command(self):
        text = self.synthgen(*RUN, "--out", "out").stdout
        for table in support.manifest(self.folder / "out")["tables"]:
            self.assertRegex(text, rf"(?m)^{table['name']} +{table['rows']} ")
        for stage in ("generate", "verify"):
            self.assertRegex(text, rf"(?m)^{stage} +\d+\.\d\d ")
        digest = support.manifest(self.folder / "out")["root"]
        self.assertIn(f"digest {digest}\n", text)
        self.assertIn("synthgen-hpc load out --database", text)
        self.assertRegex(text, "reproduce with: synthgen-hpc --accounts 5 --seed 7 --as-of 2026-06-30 --format copy\n$")

    def test_the_command_printed_reproduces_the_digest(self):
        for more in ([], ["--format", "csv"], ["--only", "account=3"], ["--tables", "users,accounts"]):
            with self.subTest(more=more):
                first = self.json(*RUN, *more, "--out", "first", "--overwrite")
                words = first["reproduce"].split()
                self.assertEqual(words[0], "synthgen-hpc")
                second = self.json(*words[1:], "--no-load", "--out", "second", "--overwrite")
                self.assertEqual(first["digest"], second["digest"])

    def test_progress_comes_once_from_rank_0(self):
        result = self.synthgen(*RUN, "--out", "out", ranks=3)
        for stage in ("generate", "verify"):
            lines = [line for line in result.stderr.splitlines() if line.startswith(stage)]
            self.assertEqual(len(lines), 1, result.stderr)
            self.assertRegex(lines[0], r"100 %  (.*) of \1 rows, .* rows/s, ")
        self.assertEqual(result.stdout.count("digest "), 1)

    def test_quiet_and_json(self):
        result = self.synthgen(*RUN, "--out", "out", "--quiet", "--json", ranks=2)
        self.assertEqual(result.stderr, "")
        document = json.loads(result.stdout)
        self.assertEqual((document["status"], document["code"], document["ranks"]), ("ok", 0, 2))
        self.assertEqual([stage["name"] for stage in document["stages"]], ["plan", "generate", "verify"])
        tables = support.manifest(self.folder / "out")["tables"]
        self.assertEqual([table["rows"] for table in document["tables"]], [table["rows"] for table in tables])
        self.assertEqual(document["rows"], sum(table["rows"] for table in tables))

    def test_plan_counts_what_a_run_makes(self):
        plan = {table["name"]: table for table in self.json("plan", *RUN[:-1])["tables"]}
        made = self.json(*RUN, "--out", "out")["tables"]
        self.assertEqual({name: (table["rows"], table["shards"]) for name, table in plan.items()},
                         {table["name"]: (table["rows"], table["shards"]) for table in made})

    def test_ranks_with_other_options_are_refused(self):
        one, two = support.command([*RUN, "--out", "a"]), support.command([*RUN, "--out", "b"])
        mpirun = ["mpirun", "--oversubscribe", "--bind-to", "none"]
        result = subprocess.run([*mpirun, "-n", "1", *one, ":", "-n", "1", *two], cwd=self.folder, timeout=60,
                                env=support.environment(ASAN_OPTIONS="detect_leaks=0"), capture_output=True, text=True)
        self.assertEqual(result.returncode, support.CODES["CONFIG"], result.stderr)
        self.assertEqual(len(re.findall("ranks disagree about options", result.stderr)), 1)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_tasks_without_mpi_are_refused(self):
        result = self.synthgen(*RUN, code="CONFIG", SLURM_PROCID=1, SLURM_STEP_NUM_TASKS=4)
        self.assertIn("srun --mpi=pmix", result.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_threads_follow_the_environment(self):
        self.assertEqual(self.json("plan", OMP_NUM_THREADS=3)["threads"], 3)
        self.assertEqual(self.json("plan", SLURM_CPUS_PER_TASK=5)["threads"], 5)
        self.assertEqual(self.json("plan", "--threads", "2", OMP_NUM_THREADS=3)["threads"], 2)


if __name__ == "__main__":
    unittest.main()
