"""stream: the rows of one table on stdout are those of a stored run, on any number of threads.

labels: quick
"""
import os
import subprocess
import unittest

import support

# Several shards of tap_events, so that threads must wait for their turn.
SIZE = ["--accounts", "150", *support.SEED]


class Stream(support.Case):
    def stream(self, *arguments, code=0, **keywords):
        result = subprocess.run(support.command(["stream", *arguments]), cwd=self.folder, timeout=100,
                                env=support.environment(), stdin=subprocess.DEVNULL, capture_output=True, **keywords)
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stdout

    def test_bytes_are_those_of_a_stored_run(self):
        self.synthgen("run", *SIZE, "--tables", "tap_events,accounts", "--out", "run", "--quiet")
        stored = support.table_text(self.folder / "run", "tap_events")
        self.assertGreater(len(support.manifest(self.folder / "run")["tables"][1]["shards"]), 1)
        for threads in (1, 2, 5):
            self.assertTrue(self.stream("tap_events", *SIZE, "--threads", threads) == stored, f"{threads} threads differ")
        self.assertEqual(self.stream("accounts", *SIZE), support.table_text(self.folder / "run", "accounts"))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["run"])

    def test_csv_has_one_header(self):
        text = self.stream("tap_events", *SIZE, "--format", "csv", "--threads", "3").decode()
        lines = text.splitlines()
        self.assertEqual(len(lines) - 1, 150 * 5000)
        self.assertEqual([number for number, line in enumerate(lines) if line.startswith("id,")], [0])

    def test_one_account(self):
        rows = self.stream("locations", *SIZE, "--only", "account=7").decode().splitlines()
        self.assertTrue(rows)
        self.assertEqual({row.split("\t")[1] for row in rows}, {"7"})

    def test_bad_input(self):
        for arguments, words in ((["stream"], "stream needs TABLE"), (["stream", "nosuch"], "unknown table 'nosuch'"),
                                 (["stream", "accounts,users"], "one table"),
                                 (["stream", "accounts", "--out", "x"], "does not belong to stream")):
            with self.subTest(arguments=arguments):
                result = self.synthgen(*arguments, code="USAGE")
                self.assertEqual(result.stdout, "")
                self.assertIn(words, result.stderr)

    def test_a_full_device_is_an_error(self):
        with open("/dev/full", "wb") as full:
            ran = subprocess.run(support.command(["stream", "tap_events", *SIZE, "--threads", "3"]), stdout=full,
                                 stderr=subprocess.PIPE, env=support.environment(), timeout=100)
        self.assertEqual(ran.returncode, support.CODES["IO"])
        self.assertEqual(ran.stderr.decode(), f"synthgen-hpc: writing to stdout failed: {os.strerror(28)}\n")

    def test_a_reader_that_leaves_ends_it(self):
        producer = subprocess.Popen(support.command(["stream", "tap_events", *SIZE, "--threads", "3"]),
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=support.environment())
        self.assertTrue(producer.stdout.read(100))
        producer.stdout.close()
        self.assertNotEqual(producer.wait(timeout=60), 0)
        producer.stderr.close()


if __name__ == "__main__":
    unittest.main()
