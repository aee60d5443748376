"""Failures in the middle of a run: a clear message, the same exit code on all ranks, no hang, no half-written file
under a final name, and a resume that ends in the same bytes.

processors: 2
"""
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
