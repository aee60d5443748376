"""The same bytes on 1, 2, 3, 5 and 64 ranks, with 1 and 2 threads, on every kernel build; one account alone equals
its rows in the full run.

processors: 2
timeout: 400
"""
import filecmp
import itertools
import unittest

import support

ACCOUNTS = 60  # enough for a table of several shards
RANKS = [None, 1, 2, 3, 5, 64]
THREADS = [1, 2]
ISAS = [None, "portable"]


class Determinism(support.Case):
    def make(self, out, *more, accounts=ACCOUNTS, **keywords):
        return self.json("--accounts", accounts, *support.SEED, "--quiet", "--no-load", "--out", out, *more, **keywords)

    def assert_same_bytes(self, left, right):
        self.assertEqual(support.shards(left), support.shards(right))
        for name in support.shards(left):
            # Equal files hold equal bytes; only libzstd may tell them apart.
            if not filecmp.cmp(left / name, right / name, shallow=False):
                self.assertEqual(support.zstd_text(left / name), support.zstd_text(right / name), name)

    def test_ranks_threads_and_kernels(self):
        reference = self.make("reference")
        tables = {table["name"]: table for table in reference["tables"]}
        self.assertGreater(tables["tap_events"]["shards"], 1)
        for ranks, threads, isa in itertools.product(RANKS, THREADS, ISAS):
            with self.subTest(ranks=ranks, threads=threads, isa=isa):
                result = self.make("other", "--threads", threads, "--overwrite", ranks=ranks, SYNTHGEN_ISA=isa)
                self.assertEqual(result["digest"], reference["digest"])
                self.assert_same_bytes(self.folder / "reference", self.folder / "other")

    def test_csv_on_ranks(self):
        alone = self.make("alone", "--format", "csv", accounts=7)
        ranks = self.make("ranks", "--format", "csv", accounts=7, ranks=3)
        self.assertEqual(alone["digest"], ranks["digest"])
        self.assert_same_bytes(self.folder / "alone", self.folder / "ranks")

    def test_seed_as_of_and_size_change_the_digest(self):
        digests = [self.make(f"run{i}", *more, accounts=accounts)["digest"] for i, (accounts, more) in enumerate([
            (3, []), (4, []), (3, ["--seed", "8"]), (3, ["--as-of", "2026-07-01"]), (3, ["--format", "csv"])])]
        self.assertEqual(len(set(digests)), len(digests))

    def test_compression_changes_no_byte_of_text(self):
        guided = self.make("guided", accounts=3)
        for i, how in enumerate([["--compress", "plain"], ["--compress", "none"], ["--compress=guided", "--level=9"],
                                 ["--compress=plain", "--level=-3"]]):
            other = self.make(f"other{i}", *how, accounts=3)
            self.assertEqual(guided["digest"], other["digest"], how)
            for table in ("tap_events", "stripe_events"):
                self.assertEqual(support.table_text(self.folder / "guided", table),
                                 support.table_text(self.folder / f"other{i}", table), f"{how}: {table}")
            self.synthgen("verify", f"other{i}", "--quiet")

    def test_some_tables_equal_those_of_the_full_run(self):
        self.make("full", accounts=5)
        self.make("some", "--tables", "tap_events,accounts", accounts=5)
        self.assertEqual({name.split("/")[0] for name in support.shards(self.folder / "some")},
                         {"accounts", "tap_events"})
        for table in ("accounts", "tap_events"):
            self.assertEqual(support.table_text(self.folder / "some", table),
                             support.table_text(self.folder / "full", table))

    def test_only_one_account_equals_its_rows_in_the_full_run(self):
        full = self.make("full", accounts=9)
        for account in (1, 5, 9):
            self.make(f"only{account}", "--only", f"account={account}", accounts=9)
        for table in (table["name"] for table in full["tables"]):
            whole = support.table_text(self.folder / "full", table)
            for account in (1, 5, 9):
                part = support.table_text(self.folder / f"only{account}", table)
                self.assertIn(part, whole, f"{table} of account {account}")
        accounts = support.table_text(self.folder / "only5", "accounts").splitlines()
        self.assertEqual([row.split(b"\t")[0] for row in accounts], [b"5"])
        self.assertEqual(support.table_text(self.folder / "only5", "google_analytics_sessions"), b"")
        self.assertEqual(support.table_text(self.folder / "only5", "campaigns"),
                         support.table_text(self.folder / "full", "campaigns"))
        taps = support.table_text(self.folder / "only1", "tap_events")
        self.assertTrue(taps)


if __name__ == "__main__":
    unittest.main()
