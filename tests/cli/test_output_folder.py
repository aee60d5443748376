"""The output folder: what is kept, continued, refused, replaced; stops and unwritable folders.

labels: quick
"""
import fcntl
import json
import os
import signal
import subprocess
import unittest

import support

SMALL = ["--accounts", "3", *support.SEED, "--quiet", "--no-load"]
OUT = ["--out", "out"]


class OutputFolder(support.Case):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out"

    def make(self, *more, **keywords):
        return self.json(*SMALL, *OUT, *more, **keywords)

    def stopped_run(self, out):
        """A run that is asked to stop as soon as it marked its folder."""
        process = subprocess.Popen(support.command(["--accounts", "2000", *support.SEED, "--threads", "1", "--no-load",
                                                    "--quiet", "--out", out]), cwd=self.folder,
                                   env=support.environment(), stderr=subprocess.PIPE, stdout=subprocess.PIPE,
                                   text=True)
        while process.poll() is None and not (out / "run.json").exists():
            pass
        process.send_signal(signal.SIGTERM)
        process.stdout_text, process.stderr_text = process.communicate(timeout=60)
        return process

    def test_fresh_folder_and_its_parents(self):
        result = self.json(*SMALL, "--out", "deep/er/out/")
        self.assertEqual(result["status"], "ok")
        self.assertFalse(result["up_to_date"])
        names = {path.name for path in (self.folder / "deep/er/out").iterdir()}
        self.assertIn("manifest.json", names)
        self.assertNotIn("run.json", names)
        self.assertEqual([], list((self.folder / "deep/er/out").rglob("*.tmp")))

    def test_default_folder_is_named_after_the_run(self):
        self.synthgen(*SMALL)
        self.assertTrue((self.folder / "synthgen-barsaas-3/manifest.json").exists())

    def test_complete_run_is_left_alone(self):
        first = self.make()
        before = support.files(self.out)
        again = self.make()
        self.assertTrue(again["up_to_date"])
        self.assertEqual(again["digest"], first["digest"])
        self.assertEqual(support.files(self.out), before)

    def test_as_of_is_taken_over(self):
        self.make()
        seed = ["--accounts", "3", "--seed", "7", "--quiet", "--no-load", *OUT]
        again = self.json(*seed)
        self.assertTrue(again["up_to_date"])
        self.assertEqual(again["as_of"], "2026-06-30")
        self.assertIn("--as-of 2026-06-30", again["reproduce"])
        refused = self.synthgen(*seed, "--as-of", "2026-07-01", code="EXISTS")
        self.assertIn("as_of differs", refused.stderr)

    def test_another_run_is_refused(self):
        self.make()
        before = support.files(self.out)
        for more, word in [(["--seed", "8"], "seed"), (["--format", "csv"], "format"), (["--level", "3"], "level"), (["--compress", "plain"], "compress"),
                           (["--tables", "accounts"], "tables"), (["--only", "account=2"], "only")]:
            with self.subTest(more=more):
                refused = self.synthgen(*SMALL, *OUT, *more, code="EXISTS")
                self.assertIn(f"{word}", refused.stderr)
                self.assertIn("--overwrite", refused.stderr)
                self.synthgen(*SMALL, *OUT, *more, "--resume", code="EXISTS")
        self.assertEqual(support.files(self.out), before)

    def test_overwrite_replaces_the_run_and_keeps_foreign_files(self):
        first = self.make("--seed", "8", "--format", "csv")
        foreign = [self.out / "notes.txt", self.out / "accounts/mine.csv", self.out / "accounts/accounts-old.zst"]
        for path in foreign:
            path.write_text("precious")
        second = self.make("--overwrite")
        self.assertNotEqual(first["digest"], second["digest"])
        self.assertEqual([path.read_text() for path in foreign], ["precious"] * 3)
        self.assertEqual([name for name in support.shards(self.out) if name.endswith(".csv.zst")], [])

    def test_overwrite_makes_a_complete_run_again(self):
        first = self.make()
        second = self.make("--overwrite")
        self.assertFalse(second["up_to_date"])
        self.assertEqual(first["digest"], second["digest"])

    def test_foreign_folder_is_refused(self):
        self.out.mkdir()
        (self.out / "notes.txt").write_text("precious")
        refused = self.synthgen(*SMALL, *OUT, code="EXISTS")
        self.assertIn("holds no run", refused.stderr)
        self.assertEqual(self.make("--overwrite")["status"], "ok")
        self.assertEqual((self.out / "notes.txt").read_text(), "precious")

    def test_file_in_place_of_the_folder(self):
        self.out.write_text("a file")
        refused = self.synthgen(*SMALL, *OUT, "--overwrite", code="EXISTS")
        self.assertIn("is not a folder", refused.stderr)

    def test_broken_manifest_is_refused(self):
        self.make()
        (self.out / "manifest.json").write_text("{")
        refused = self.synthgen(*SMALL, *OUT, code="EXISTS")
        self.assertIn("does not read", refused.stderr)
        self.assertEqual(self.make("--overwrite")["status"], "ok")

    def test_stop_leaves_a_run_that_resumes(self):
        stopped = self.stopped_run(self.out)
        self.assertEqual(stopped.returncode, support.CODES["STOPPED"], stopped.stderr_text)
        self.assertIn("--resume", stopped.stderr_text)
        self.assertFalse((self.out / "manifest.json").exists())
        self.assertEqual([], list(self.out.rglob("*.tmp")))

    def test_folder_in_use_is_refused(self):
        self.out.mkdir()
        holder = os.open(self.out, os.O_RDONLY)
        self.addCleanup(os.close, holder)
        fcntl.flock(holder, fcntl.LOCK_EX)
        self.assertIn("another synthgen-hpc", self.synthgen(*SMALL, *OUT, code="EXISTS").stderr)
        self.assertEqual(list(self.out.iterdir()), [])

    def test_incomplete_run_resumes_to_the_same_bytes(self):
        plain = self.make()
        shards = support.shards(self.out)
        stopped = self.folder / "stopped"
        self.assertEqual(self.stopped_run(stopped).returncode, support.CODES["STOPPED"])
        mark = json.loads((stopped / "run.json").read_text())
        mark["units"] = 3
        (self.out / "manifest.json").unlink()
        (self.out / "run.json").write_text(json.dumps(mark))
        refused = self.synthgen(*SMALL, *OUT, code="EXISTS")
        self.assertIn("--resume", refused.stderr)
        damage = [self.out / name for name in shards]
        damage[0].unlink()
        damage[1].write_bytes(damage[1].read_bytes()[:-7])
        damage[2].write_bytes(b"")
        kept = damage[3].stat().st_mtime_ns
        again = self.make("--resume")
        self.assertEqual(again["digest"], plain["digest"])
        self.assertEqual(support.shards(self.out), shards)
        self.assertEqual(damage[3].stat().st_mtime_ns, kept)
        self.assertFalse((self.out / "run.json").exists())

    def test_unwritable_folder(self):
        self.folder.chmod(0o555)
        self.addCleanup(self.folder.chmod, 0o700)
        user = {"user": "nobody"} if os.geteuid() == 0 else {}
        failed = subprocess.run(support.command([*SMALL, *OUT]), cwd=self.folder, env=support.environment(),
                                capture_output=True, text=True, **user)
        self.assertEqual(failed.returncode, support.CODES["DENIED"], failed.stderr)
        self.assertIn("change the permissions", failed.stderr)

    def test_folder_where_none_can_be_made(self):
        failed = support.run(*SMALL, "--out", "/proc/nosuch/out", cwd=self.folder)
        self.assertIn(failed.returncode, (support.CODES["IO"], support.CODES["DENIED"]), failed.stderr)
        self.assertIn("/proc/nosuch", failed.stderr)

    def test_folders_without_a_complete_run_are_told_apart(self):
        (self.folder / "empty").mkdir()
        support.run(*SMALL, "--out", "begun", cwd=self.folder, SYNTHGEN_FAULT="shard.write:9")
        for name, words in (("absent", "is not there"), ("empty", "holds no run"), ("begun", "with --resume")):
            for command in (["verify", name], ["load", name], ["cat", name, "accounts"],
                            ["explain", "accounts:1", "--out", name]):
                failed = support.run(*command, ranks=2 if command == ["verify", "begun"] else None, cwd=self.folder)
                self.assertEqual(failed.returncode, support.CODES["NO_INPUT"], failed.stderr)
                self.assertIn(words, failed.stderr)
                self.assertEqual(failed.stderr.count("synthgen-hpc:"), 1, failed.stderr)

    def test_refusal_is_one_message_on_ranks(self):
        self.make()
        failed = support.run(*SMALL, *OUT, "--seed", "8", ranks=3, cwd=self.folder)
        self.assertEqual(failed.returncode, support.CODES["EXISTS"])
        self.assertEqual(failed.stderr.count("seed differs"), 1)


if __name__ == "__main__":
    unittest.main()
