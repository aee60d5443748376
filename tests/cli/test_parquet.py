"""Parquet shards hold what the text shards hold, say readers of others: schema, every cell, counts, sums, statistics.
timeout: 600
processors: 2
"""
import decimal
import hashlib
import json
import pathlib
import re
import subprocess
import unittest

import catalog
import support

SIZES = {"barsaas": ["--accounts", "2"], "spendsense": [], "cardholders": ["--customers", "40"],
         "homeservices": ["--customers", "40"], "screenbilling": ["--customers", "30"]}

# SQL type -> what pyarrow and DuckDB call it.
TYPES = {"boolean": ("bool", "BOOLEAN"), "smallint": ("int16", "SMALLINT"), "integer": ("int32", "INTEGER"),
         "bigint": ("int64", "BIGINT"), "date": ("date32[day]", "DATE"), "uuid": ("extension<arrow.uuid>", "UUID"),
         "timestamptz(0)": ("timestamp[us, tz=UTC]", "TIMESTAMP WITH TIME ZONE")}
TEXT = {"string", "extension<arrow.json>", "extension<arrow.json[string]>"}


def names_of(sql):
    decimal_type = re.fullmatch(r"numeric\((\d+),(\d+)\)", sql)
    if decimal_type:
        precision, scale = decimal_type.groups()
        return {f"decimal{bits}({precision}, {scale})" for bits in (32, 64, 128)}, f"DECIMAL({precision},{scale})"
    if sql in TYPES:
        arrow, duck = TYPES[sql]
        return {arrow}, duck
    return TEXT, None


class Readers(support.Case):
    @classmethod
    def setUpClass(cls):
        cls.python = pathlib.Path(support.SYNTHGEN).parent / "python"
        subprocess.run([support.SOURCE / "scripts/install-python", cls.python], check=True, capture_output=True)

    def read(self, out):
        result = subprocess.run([self.python / "bin/python", support.SOURCE / "tests/cli/parquet_reader.py", out],
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def check_table(self, table, found, rows, types):
        """found against the rows of the text shards, as lists of cells."""
        arrow, duck = found["pyarrow"], found["duckdb"]
        self.assertEqual(list(arrow["schema"]), list(types))
        for number, (name, (sql, nullable)) in enumerate(types.items()):
            values = [row[number] for row in rows if row[number] != "\\N"]
            kind, count, total, highest = duck["columns"][name]
            arrow_names, duck_name = names_of(sql)
            self.assertIn(arrow["schema"][name][0], arrow_names, f"{table}.{name}")
            self.assertEqual(arrow["schema"][name][1], nullable, f"{table}.{name}")
            self.assertIn(kind, {duck_name} if duck_name else {"VARCHAR", "JSON"}, f"{table}.{name}")
            self.assertEqual(count, len(values), f"{table}.{name}")
            if total is not None:
                numbers = [decimal.Decimal(value) for value in values]
                self.assertEqual(decimal.Decimal(total), sum(numbers), f"{table}.{name}")
                self.assertEqual(highest, numbers.count(max(numbers)), f"{table}.{name}")
            self.assertEqual(highest > 0, len(values) > 0, f"{table}.{name}")

    def test_every_dataset(self):
        self.synthgen("catalog", "--out", "catalog")
        for dataset, size in SIZES.items():
            with self.subTest(dataset):
                run = ["--dataset", dataset, *size, *support.SEED, "--no-load"]
                self.synthgen("run", *run, "--out", f"{dataset}-text")
                self.synthgen("run", *run, "--out", dataset, "--format", "parquet", ranks=2)
                found = self.read(self.folder / dataset)
                text, here = support.manifest(self.folder / f"{dataset}-text"), support.manifest(self.folder / dataset)
                types = catalog.columns(self.folder / "catalog", dataset)
                self.assertEqual(set(found), {table["name"] for table in here["tables"]})
                for one, other in zip(text["tables"], here["tables"]):
                    name = one["name"]
                    self.assertEqual(one["fingerprint"], other["fingerprint"], name)
                    lines = support.table_text(self.folder / f"{dataset}-text", name)
                    self.assertEqual(found[name]["pyarrow"]["rows"], other["rows"], name)
                    self.assertEqual(found[name]["duckdb"]["rows"], other["rows"], name)
                    self.assertEqual(found[name]["pyarrow"]["sha256"], hashlib.sha256(lines).hexdigest(), name)
                    self.assertGreater(found[name]["pyarrow"]["statistics"], 0, name)
                    self.check_table(name, found[name], [line.split("\t") for line in lines.decode().split("\n")[:-1]],
                                     types[name])


class Folder(support.Case):
    """The folder of a Parquet run behaves like any other."""

    RUN = ["run", "--dataset", "homeservices", "--customers", "50", *support.SEED, "--no-load", "--format", "parquet"]

    def test_ranks_threads_and_compression_do_not_matter(self):
        self.synthgen(*self.RUN, "--out", "a", "--threads", "1")
        self.synthgen(*self.RUN, "--out", "b", "--compress", "none", ranks=3)
        a, b = support.manifest(self.folder / "a"), support.manifest(self.folder / "b")
        self.assertEqual(a["root"], b["root"])
        self.synthgen("verify", "a", ranks=2)

    def test_a_damaged_page_is_named(self):
        self.synthgen(*self.RUN, "--out", "a")
        shard = self.folder / "a/bookings/bookings-00000.parquet"
        data = bytearray(shard.read_bytes())
        data[200] ^= 1
        shard.write_bytes(data)
        shown = self.synthgen("verify", "a", code="INVALID")
        self.assertIn("bookings-00000.parquet", shown.stdout + shown.stderr)

    def test_resume_keeps_whole_shards_and_makes_the_rest(self):
        self.synthgen(*self.RUN, "--out", "a")
        before = support.manifest(self.folder / "a")
        stopped = self.synthgen(*self.RUN, "--out", "b", code="IO", SYNTHGEN_FAULT="shard.sync:4")
        self.assertRegex(stopped.stderr, r"\.parquet\.\S+\.tmp: Input/output error")
        kept = {path: path.stat().st_mtime_ns for path in (self.folder / "b").glob("*/*.parquet")}
        self.assertGreater(len(kept), 0)
        self.synthgen(*self.RUN, "--out", "b", "--resume", ranks=2)
        self.assertEqual(before["root"], support.manifest(self.folder / "b")["root"])
        self.assertEqual(kept, {path: path.stat().st_mtime_ns for path in kept})
        self.synthgen(*self.RUN, "--out", "b", "--overwrite", "--tables", "users")
        self.assertEqual([path.name for path in (self.folder / "b").glob("*/*")], ["users-00000.parquet"])

    def test_cat_prints_text(self):
        self.synthgen(*self.RUN, "--out", "a")
        self.synthgen(*self.RUN[:-2], "--out", "t")
        self.assertEqual(self.synthgen("cat", "a", "bookings", "--rows", "5:9").stdout,
                         self.synthgen("cat", "t", "bookings", "--rows", "5:9").stdout)
        self.assertEqual(self.synthgen("cat", "a", "bookings").stdout.encode(),
                         support.table_text(self.folder / "t", "bookings"))


if __name__ == "__main__":
    unittest.main()
