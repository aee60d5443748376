"""Failures in the middle of a run: a clear message, the same exit code on all ranks, no hang, no half-written file
under a final name, and a resume that ends in the same bytes.

processors: 2
"""
import json
import shutil
import subprocess
import unittest

import support

RUN = ["--accounts", "5", *support.SEED, "--quiet", "--no-load", "--threads", "1", "--out", "out"]

# fault, ranks, exit code, words of the message
FAULTS = [
    ("shard.write:3:ENOSPC", None, "IO", "No space left on device"),
    ("shard.sync:2:EIO", None, "IO", "Input/output error"),
    ("shard.rename:1:EACCES", None, None, "Permission denied"),
    ("manifest.write:1:ENOSPC", None, "IO", "No space left on device"),
    ("shard.write:2:ENOSPC@1", 3, "IO", "rank 1: "),
    ("shard.close:1:EDQUOT@2", 3, "IO", "rank 2: "),
    ("manifest.rename:1:EIO@0", 2, "IO", "manifest"),
    ("manifest.sync:1:EIO", 2, "IO", "manifest"),
    ("shard.create:4:EROFS", None, "DENIED", "Read-only file system"),
    ("shard.create:2:EDQUOT@1", 2, "IO", "rank 1: "),
    ("folder.make:1:EACCES", None, None, "Permission denied"),
    ("folder.sync:2:EIO", None, "IO", "Input/output error"),
]


class Faults(support.Case):
    def check_resume(self, digest, ranks):
        out = self.folder / "out"
        self.assertFalse((out / "manifest.json").exists())
        self.assertEqual([], list(out.rglob("*.tmp")))
        again = self.json(*RUN, "--resume", ranks=ranks)
        self.assertEqual(again["digest"], digest)

    def test_every_fault_ends_in_a_message_and_resumes(self):
        digest = self.json(*RUN[:-2], "--out", "plain")["digest"]
        for fault, ranks, code, words in FAULTS:
            with self.subTest(fault=fault):
                failed = support.run(*RUN, "--overwrite", ranks=ranks, cwd=self.folder, SYNTHGEN_FAULT=fault)
                if code:
                    self.assertEqual(failed.returncode, support.CODES[code], failed.stderr)
                self.assertNotEqual(failed.returncode, 0)
                messages = [line for line in failed.stderr.splitlines() if line.startswith("synthgen-hpc: ")]
                self.assertEqual(len(messages), 1, failed.stderr)
                self.assertIn(words, messages[0])
                self.check_resume(digest, ranks)

    def test_resume_makes_damaged_shards_again(self):
        digest = self.json(*RUN[:-2], "--out", "plain")["digest"]
        failed = support.run(*RUN, cwd=self.folder, SYNTHGEN_FAULT="manifest.write:1:ENOSPC")
        self.assertEqual(failed.returncode, support.CODES["IO"], failed.stderr)
        shards = sorted((self.folder / "out").rglob("*.zst"), key=lambda path: path.stat().st_size)
        content = bytearray(shards[-1].read_bytes())
        content[len(content) // 2] ^= 1
        shards[-1].write_bytes(content)
        shards[-2].write_bytes(shards[-2].read_bytes()[:-20])
        shards[-3].unlink()
        self.check_resume(digest, None)

    def test_unreadable_shards_are_reported_by_verify(self):
        self.synthgen(*RUN)
        before = support.files(self.folder / "out")
        for fault, ranks, words in (("shard.read:3:EIO", None, "Input/output error"), ("shard.read:9:EIO@1", 2, "rank 1")):
            with self.subTest(fault=fault):
                failed = self.synthgen("verify", "out", "--quiet", ranks=ranks, code=None, SYNTHGEN_FAULT=fault)
                self.assertNotEqual(failed.returncode, 0)
                self.assertIn(words, failed.stdout + failed.stderr)
        self.assertEqual(support.files(self.folder / "out"), before)
        self.synthgen("verify", "out", "--quiet")

    def side_by_side(self, *contexts, code=0):
        """Starts the job with one rank per context: (words before the program, the program)."""
        words = ["mpirun", "--oversubscribe", "--bind-to", "none"]
        for i, (before, program) in enumerate(contexts):
            words += [":"] if i else []
            words += ["-n", "1", *before, program, *RUN, "--json"]
        result = subprocess.run(words, cwd=self.folder, timeout=100, capture_output=True, text=True,
                                env=support.environment(ASAN_OPTIONS="detect_leaks=0"))
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def test_ranks_of_different_machines_make_the_same_bytes(self):
        digest = self.json(*RUN[:-2], "--out", "plain")["digest"]
        result = self.side_by_side((["-x", "SYNTHGEN_ISA=portable"], support.SYNTHGEN), ([], support.SYNTHGEN))
        self.assertEqual(json.loads(result.stdout)["digest"], digest)

    def test_clocks_that_jump_and_disagree_change_nothing(self):
        digest = self.json(*RUN[:-2], "--out", "plain")["digest"]
        elsewhen = ["faketime", "-f", "+300d"]
        result = self.side_by_side(([], support.SYNTHGEN), (elsewhen, support.SYNTHGEN))
        self.assertEqual(json.loads(result.stdout)["digest"], digest)
        racing = ["faketime", "-f", "+300d x1000000"]  # days pass while it runs; not under mpirun, which would time out
        result = subprocess.run([*racing, support.SYNTHGEN, *RUN, "--overwrite", "--json"], cwd=self.folder, timeout=100,
                                capture_output=True, text=True, env=support.environment())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(result.stdout)["digest"], digest)

    def test_ranks_of_different_builds_are_refused(self):
        other = self.folder / "other-build"
        shutil.copy(support.SYNTHGEN, other)
        with other.open("ab") as file:
            file.write(b"another build")
        failed = self.side_by_side(([], support.SYNTHGEN), ([], other), code=support.CODES["CONFIG"])
        self.assertEqual(len([line for line in failed.stderr.splitlines() if "ranks disagree about the program" in line]), 1)
        self.assertFalse((self.folder / "out").exists())

    def test_killed_rank(self):
        digest = self.json(*RUN[:-2], "--out", "plain")["digest"]
        killed = support.run(*RUN, ranks=3, cwd=self.folder, SYNTHGEN_FAULT="shard.write:2:kill@1")
        self.assertNotEqual(killed.returncode, 0)
        out = self.folder / "out"
        self.assertFalse((out / "manifest.json").exists())
        again = self.json(*RUN, "--resume", ranks=2)
        self.assertEqual(again["digest"], digest)
        self.assertEqual([], list(out.rglob("*.tmp")))


if __name__ == "__main__":
    unittest.main()
