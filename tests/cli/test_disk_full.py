"""Disks that are really full or read-only, under the shards and under the database: one clear message, the documented
exit code, nothing half-made, and the same command finishes once there is room. Needs root (mounts small tmpfs).

processors: 2
timeout: 300
"""
import os
import pwd
import shutil
import subprocess
import unittest

import database
import support

RUN = ["run", *support.SEED, "--accounts", "6", "--quiet", "--threads", "1"]


@unittest.skipUnless(os.geteuid() == 0, "only root may mount a small file system")
class DiskFull(database.Checks):
    def mount(self, size):
        """A file system of its own at self.folder/disk."""
        disk = self.folder / "disk"
        disk.mkdir()
        self.folder.chmod(0o755)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", disk], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", disk], check=True)
        return disk

    @staticmethod
    def remount(disk, options):
        subprocess.run(["mount", "-o", f"remount,{options}", disk], check=True)

    def assert_one_message(self, result, *words):
        messages = [line for line in result.stderr.splitlines() if line.startswith("synthgen-hpc: ")]
        self.assertEqual(len(messages), 1, result.stderr)
        for word in words:
            self.assertIn(word, messages[0])

    def test_shards(self):
        digest = self.json(*RUN, "--no-load", "--out", "plain")["digest"]
        disk = self.mount("64m")
        for ranks in (None, 3):
            with self.subTest(ranks=ranks):
                self.remount(disk, "size=256k")
                out = disk / "out"
                full = self.synthgen(*RUN, "--no-load", "--out", out, ranks=ranks, code="IO")
                self.assert_one_message(full, "No space left on device", str(out))
                self.assertFalse((out / "manifest.json").exists())
                self.assertEqual(list(out.rglob("*.tmp")), [])
                self.remount(disk, "size=64m")
                again = self.json(*RUN, "--no-load", "--resume", "--out", out, ranks=2)
                self.assertEqual(again["digest"], digest)
                self.synthgen("verify", out, "--quiet")
                shutil.rmtree(out)

    def test_read_only(self):
        disk = self.mount("64m")
        digest = self.json(*RUN, "--no-load", "--out", disk / "out")["digest"]
        self.remount(disk, "ro")
        self.assert_one_message(self.synthgen(*RUN, "--no-load", "--out", disk / "other", code="DENIED"),
                                "Read-only file system")
        self.assert_one_message(self.synthgen(*RUN, "--no-load", "--out", disk / "other", ranks=2, code="DENIED"),
                                "Read-only file system")
        self.synthgen("verify", disk / "out", "--quiet")
        self.assertEqual(support.manifest(disk / "out")["root"], digest)

    def test_database(self):
        disk = self.mount("600m")
        out = disk / "out"
        self.synthgen(*RUN, "--no-load", "--out", out)
        self.addCleanup(support.run, "database", out, "stop")
        self.synthgen("database", out, "start")
        used = shutil.disk_usage(disk).used
        self.remount(disk, f"size={(used >> 10) + 4096}k")  # not enough for the tables
        full = self.synthgen("load", out, "--database", "private", "--quiet", code="IO")
        self.assert_one_message(full, "No space left on device", "free space")
        self.remount(disk, "size=600m")
        self.synthgen("load", out, "--database", "private", "--quiet")
        self.check_whole(f"host={out}/postgresql/run user={pwd.getpwuid(os.geteuid()).pw_name} "
                         "dbname=saas_platform_dev", out)


if __name__ == "__main__":
    unittest.main()
