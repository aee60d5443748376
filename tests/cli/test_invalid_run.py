"""A run that fails its verification is marked INVALID, is not loaded, and is cleared by passing again.

labels: quick
"""
import json
import unittest

import support

RUN = [*support.SEED, "--accounts", "3", "--no-load", "--quiet"]


class InvalidRun(support.Case):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "run"
        self.synthgen(*RUN, "--out", self.out)
        self.shard = sorted((self.out / "users").glob("*.zst"))[0]
        self.whole = self.shard.read_bytes()

    def damage(self):
        self.shard.write_bytes(self.whole[:-9])

    def status(self):
        manifest = support.manifest(self.out)
        return manifest["status"], manifest.get("fault")

    def test_status_follows_verification(self):
        made = (self.out / "manifest.json").read_bytes()
        self.assertEqual(self.status(), ("COMPLETE", None))
        self.damage()
        failed = self.synthgen("verify", "run", "--quiet", code="INVALID")
        self.assertIn("run is marked INVALID in its manifest", failed.stdout)
        status, fault = self.status()
        self.assertEqual(status, "INVALID")
        self.assertIn("users shards readable", fault)
        marked = (self.out / "manifest.json").stat()
        self.synthgen("verify", "run", "--quiet", code="INVALID")  # nothing new to note
        self.assertEqual((self.out / "manifest.json").stat().st_ino, marked.st_ino)
        self.shard.write_bytes(self.whole)
        passed = self.synthgen("verify", "run", "--quiet", ranks=2)
        self.assertIn("no longer marked INVALID", passed.stdout)
        self.assertEqual((self.out / "manifest.json").read_bytes(), made)

    def test_run_and_report_mark_and_clear_alike(self):
        self.damage()
        self.synthgen("report", "run", "--quiet", code="INVALID")
        self.assertEqual(self.status()[0], "INVALID")
        self.synthgen(*RUN, "--out", "run", code="INVALID")
        self.shard.write_bytes(self.whole)
        self.synthgen(*RUN, "--out", "run")
        self.assertEqual(self.status(), ("COMPLETE", None))

    def test_load_refuses(self):
        self.damage()
        self.synthgen("verify", "run", "--quiet", code="INVALID")
        nowhere = "postgresql://localhost:1/none"
        refused = self.synthgen("load", "run", "--quiet", "--database", nowhere, code="INVALID")
        for words in ("marked INVALID", "users shards readable", "--accept-invalid", "--overwrite"):
            self.assertIn(words, refused.stderr)
        accepted = self.synthgen("load", "run", "--quiet", "--accept-invalid", "--database", nowhere, code="UNAVAILABLE")
        self.assertNotIn("INVALID", accepted.stderr)

    def test_failures_of_the_machine_mark_nothing(self):
        before = support.files(self.out)
        self.synthgen("verify", "run", "--quiet", code="IO", SYNTHGEN_FAULT="shard.read:3:EIO")
        self.assertEqual(support.files(self.out), before)

    def test_mark_that_cannot_be_written_is_told(self):
        self.damage()
        failed = self.synthgen("verify", "run", "--quiet", code="INVALID", SYNTHGEN_FAULT="manifest.rename:1:EIO")
        self.assertIn("cannot be marked INVALID", failed.stderr)
        self.assertEqual(self.status()[0], "COMPLETE")

    def test_status_is_read_strictly(self):
        path = self.out / "manifest.json"
        manifest = json.loads(path.read_text())
        for change, words in (({"status": "FINE"}, "field status"), ({"status": "INVALID"}, "field fault"),
                              ({"status": 1}, "field status")):
            with self.subTest(change):
                path.write_text(json.dumps({**manifest, **change}))
                self.assertIn(words, self.synthgen("verify", "run", "--quiet", code="CORRUPT").stderr)
        del manifest["status"]  # as earlier versions wrote it
        path.write_text(json.dumps(manifest))
        self.synthgen("verify", "run", "--quiet")


if __name__ == "__main__":
    unittest.main()
