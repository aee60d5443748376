"""explain and cat: cells recomputed alone equal the stored rows, in every table; parents lead to the account.

labels: quick
timeout: 200
"""
import csv
import io
import unittest

import support

ACCOUNTS = 60  # several shards of tap_events
RUN = ["--accounts", ACCOUNTS, *support.SEED]


def unescape(cell):
    """explain and cat both print COPY text; NULL is null in JSON."""
    return None if cell == "\\N" else cell


class Stored(support.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = support.tempfile.TemporaryDirectory(prefix="synthgen-test-")
        cls.addClassCleanup(cls.home.cleanup)
        for name, more in [("out", []), ("csv", ["--format", "csv", "--tables", "accounts,stripe_events"])]:
            done = support.run(*RUN, "--out", name, *more, "--no-load", "--quiet", cwd=cls.home.name)
            assert done.returncode == 0, done.stderr
        cls.rows = {table["name"]: table["rows"] for table in support.manifest(cls.home.name + "/out")["tables"]}

    def stored(self, table, first, last):
        return self.synthgen("cat", "out", table, "--rows", f"{first}:{last}", cwd=self.home.name).stdout.splitlines()

    def explain(self, *arguments, **keywords):
        return self.json("explain", *arguments, cwd=self.home.name, **keywords)


class Explain(Stored):
    def test_cells_equal_the_stored_rows_of_every_table(self):
        for table, rows in self.rows.items():
            for row in sorted({1, rows // 3, rows // 2, rows} - {0}):
                if row > rows:
                    continue
                with self.subTest(table=table, row=row):
                    document = self.explain(f"{table}:{row}", "--out", "out")
                    cells = [unescape(cell) for cell in self.stored(table, row, row)[0].split("\t")]
                    self.assertEqual([cell["value"] for cell in document["cells"]], cells)
                    self.assertEqual(list(document["row"].values()), cells)
                    for cell in document["cells"]:
                        self.assertNotEqual(cell["distribution"], "not described", cell["column"])

    def test_parents_are_stored_rows_and_reach_the_account(self):
        for table in ("tap_events", "page_views", "stripe_charges"):
            document = self.explain(f"{table}:{self.rows[table] // 2}", "--out", "out")
            for parent in document["parents"]:
                stored = self.stored(parent["table"], parent["number"], parent["number"])[0].split("\t")
                self.assertEqual(list(parent["row"].values()), [unescape(cell) for cell in stored])
            self.assertIn("accounts", [parent["table"] for parent in document["parents"]])

    def test_options_describe_the_run_as_its_folder_does(self):
        by_folder = self.explain("tap_events:777.volume_ml", "--out", "out")
        by_options = self.explain("tap_events:777.volume_ml", *RUN)
        self.assertEqual(by_folder, by_options)
        self.assertEqual(len(by_options["cells"]), 1)

    def test_text_shows_value_counter_key_and_distribution(self):
        text = self.synthgen("explain", "tap_events:777.volume_ml", *RUN).stdout
        value = self.explain("tap_events:777.volume_ml", *RUN)["cells"][0]["value"]
        self.assertIn(f"tap_events:777.volume_ml = {value}\n", text)
        for word in ("distribution", "counter", "seed 7", "Philox4x32-10", "parent accounts:"):
            self.assertIn(word, text)

    def test_rows_far_away_in_a_huge_run(self):
        document = self.explain("tap_events:12345678.volume_ml", "--env", "qa", *support.SEED)
        self.assertEqual(document["row"]["id"], "12345678")


class Cat(Stored):
    def test_whole_table_equals_the_shards(self):
        for table in ("accounts", "tap_events", "google_analytics_sessions"):
            text = self.synthgen("cat", "out", table, cwd=self.home.name).stdout
            self.assertEqual(text.encode(), support.table_text(self.home.name + "/out", table))

    def test_ranges_within_and_across_shards(self):
        everything = support.table_text(self.home.name + "/out", "tap_events").decode().splitlines()
        shards = support.manifest(self.home.name + "/out")["tables"]
        cut = next(table for table in shards if table["name"] == "tap_events")["shards"][1]["row_first"]
        self.assertGreater(cut, 0)
        last = len(everything)
        for first, end in [(1, 1), (1, 10), (cut, cut), (cut - 3, cut + 4), (cut + 1, cut + 1), (last, last),
                           (20000, 40000)]:
            with self.subTest(first=first, end=end):
                self.assertEqual(self.stored("tap_events", first, end), everything[first - 1:end])

    def test_csv_has_one_header_and_whole_rows(self):
        text = self.synthgen("cat", "csv", "stripe_events", "--rows", "3:5", cwd=self.home.name).stdout
        rows = list(csv.reader(io.StringIO(text)))
        self.assertEqual(len(rows), 4)
        self.assertEqual(len({len(row) for row in rows}), 1)
        explained = self.explain("stripe_events:3", "--out", "out")
        self.assertEqual(rows[0], [cell["column"] for cell in explained["cells"]])
        self.assertEqual(rows[1][0], explained["cells"][0]["value"])

    def test_rows_that_are_not_there(self):
        last = self.rows["accounts"]
        failed = self.synthgen("cat", "out", "accounts", "--rows", f"1:{last + 1}", code="NO_INPUT", cwd=self.home.name)
        self.assertIn(f"rows 1 to {last}", failed.stderr)
        failed = self.synthgen("cat", "out", "nosuch", code="NO_INPUT", cwd=self.home.name)
        self.assertIn("no table 'nosuch'", failed.stderr)

    def test_damaged_shard_is_named(self):
        self.synthgen(*RUN, "--tables", "accounts", "--out", "bad", "--quiet", "--no-load")
        shard = self.folder / "bad/accounts/accounts-00000.copy.zst"
        content = bytearray(shard.read_bytes())
        content[40] ^= 0x10
        shard.write_bytes(content)
        failed = self.synthgen("cat", "bad", "accounts", code="CORRUPT")
        self.assertIn("accounts-00000.copy.zst", failed.stderr)


if __name__ == "__main__":
    unittest.main()
