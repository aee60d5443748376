"""Parts of one run made by independent processes at the same time, completed by --resume: the bytes of the run in one piece.

labels: quick
timeout: 100
processors: 2
"""
import fcntl
import json
import os
import subprocess
import unittest

import support

RUN = ["--accounts", "4", *support.SEED, "--quiet", "--no-load", "--threads", "1"]


class Parts(support.Case):
    def start(self, *arguments, ranks=None):
        leaks = "detect_leaks=0" if ranks else None  # Open MPI leaves memory behind
        return subprocess.Popen(support.command([*RUN, *arguments], ranks), cwd=self.folder,
                                env=support.environment(ASAN_OPTIONS=leaks),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_parts_at_once_make_the_same_run(self):
        whole = self.json(*RUN, "--out", "whole")
        started = [self.start("--out", "parts", "--part", f"{part}/3", "--result", f"{part}.json", ranks=ranks)
                   for part, ranks in ((1, None), (2, 2), (3, None))]
        for process in started:
            output, messages = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, messages)
            self.assertIn("--resume", output)
        counts = [json.loads((self.folder / f"{part}.json").read_text()) for part in (1, 2, 3)]
        self.assertEqual(sum(count["rows"] for count in counts), whole["rows"])
        self.assertEqual(sum(count["shards"] for count in counts), len(support.shards(self.folder / "whole")))
        self.assertEqual(support.shards(self.folder / "parts"), support.shards(self.folder / "whole"))
        self.assertFalse((self.folder / "parts/manifest.json").exists())
        self.assertEqual(self.json(*RUN, "--out", "parts", "--resume", ranks=2)["digest"], whole["digest"])
        self.assertEqual([], [path.name for path in (self.folder / "parts").rglob("*.tmp")])
        self.assertIn("already complete", self.synthgen(*RUN, "--out", "parts", "--part", "1/3").stdout)

    def test_completing_makes_what_no_part_made(self):
        whole = self.json(*RUN, "--out", "whole")
        self.synthgen(*RUN, "--out", "parts", "--part", "2/2")
        before = support.files(self.folder / "parts")
        self.assertLess(len(support.shards(self.folder / "parts")), len(support.shards(self.folder / "whole")))
        self.assertEqual(self.json(*RUN, "--out", "parts", "--resume")["digest"], whole["digest"])
        after = support.files(self.folder / "parts")
        kept = [name for name in before if name.endswith(".zst")]
        self.assertEqual([before[name] for name in kept], [after[name] for name in kept])

    def test_what_killed_processes_had_in_hand_is_removed_by_who_makes_it(self):
        """A part leaves alone what another part may be writing at this moment; a foreign file stays."""
        self.synthgen(*RUN, "--out", "parts", "--part", "1/2")
        made = [self.folder / "parts" / name for name in support.shards(self.folder / "parts")]
        self.synthgen(*RUN, "--out", "other", "--part", "2/2")
        others = [self.folder / "parts" / name for name in support.shards(self.folder / "other")]
        left = [path.with_name(path.name + ".n17-4711.tmp") for path in (made[0], others[0])]
        foreign = made[0].with_name("notes.tmp")
        for path in (*left, foreign):
            path.parent.mkdir(exist_ok=True)
            path.write_text("half a shard")
        self.synthgen(*RUN, "--out", "parts", "--part", "1/2")
        self.assertEqual([path.exists() for path in left], [False, True])
        self.synthgen(*RUN, "--out", "parts", "--resume")
        self.assertFalse(left[1].exists())
        self.assertTrue(foreign.exists())

    def test_part_of_another_run_is_refused(self):
        self.synthgen(*RUN, "--out", "parts", "--part", "1/2")
        refused = self.synthgen(*RUN, "--out", "parts", "--part", "2/2", "--seed", "8", code="EXISTS")
        self.assertIn("seed", refused.stderr)

    def test_whole_run_waits_for_no_part(self):
        self.synthgen(*RUN, "--out", "parts", "--part", "1/2")
        lock = os.open(self.folder / "parts", os.O_RDONLY)
        self.addCleanup(os.close, lock)
        fcntl.flock(lock, fcntl.LOCK_SH)  # as a part at work holds it
        refused = self.synthgen(*RUN, "--out", "parts", "--resume", code="EXISTS")
        self.assertIn("another synthgen-hpc is working", refused.stderr)
        self.synthgen(*RUN, "--out", "parts", "--part", "2/2")

    def test_wrong_parts(self):
        for part in ("0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "1/10001"):
            with self.subTest(part=part):
                self.assertIn("--part", self.synthgen(*RUN, "--part", part, code="USAGE").stderr)
        self.assertIn("shards of the others",
                      self.synthgen(*RUN, "--part", "1/2", "--overwrite", code="USAGE").stderr)
        self.assertIn("--resume", self.synthgen(*RUN[:-3], "--part", "1/2", "--load", code="USAGE").stderr)

    def test_result_file_tells_how_it_ended(self):
        self.synthgen(*RUN, "--out", "run", "--result", "ok.json")
        self.assertEqual(json.loads((self.folder / "ok.json").read_text())["code"], 0)
        self.synthgen(*RUN, "--out", "run", "--seed", "9", "--result", "no.json", code="EXISTS")
        self.assertEqual(json.loads((self.folder / "no.json").read_text())["status"], "exists")
        self.synthgen("verify", "run", "--quiet", "--result", self.folder / "run/none/such", ranks=2)
        (self.folder / "file").write_text("")
        self.synthgen("verify", "run", "--quiet", "--result", "file/below", code="IO")


if __name__ == "__main__":
    unittest.main()
