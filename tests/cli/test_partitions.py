"""Big tables as partitions: the schema stays what it was, loads continue exactly once, faults are found.

timeout: 300
processors: 2
"""
import signal
import unittest

import database
import support
from database import psql, value

# Two tables of several shards, one referring to the other, with their parents.
RUN = [*support.SEED, "--accounts", "600", "--tables", "accounts,users,pages,user_sessions,page_views", "--quiet"]
ROWS = ["--partition-rows", "70000"]
BIG = ["page_views", "user_sessions"]

FOREIGN_KEYS = ("SELECT conrelid::regclass, conname, confrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE contype = 'f' AND connamespace = 'barsaas'::regnamespace AND conparentid = 0 ORDER BY 1, 2")
INDEXES = ("SELECT indexname, tablename FROM pg_indexes WHERE schemaname = 'barsaas' ORDER BY 1")
COLUMNS = ("SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
           "WHERE table_schema = 'barsaas' ORDER BY table_name, ordinal_position")


class Partitions(database.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big = cls.base / "big"
        made = support.run("run", *RUN, "--out", cls.big, "--no-load")
        if made.returncode:
            raise AssertionError(made.stdout + made.stderr)
        psql(cls.url("postgres"), "CREATE DATABASE loaded")
        cls.loaded = cls.url("loaded")
        done = support.run("load", cls.big, "--quiet", "--database", cls.loaded, *ROWS)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)

    def test_schema_is_that_of_plain_tables(self):
        plain = self.new_database()
        self.load(plain, "--partition-rows", "0", out=self.big)
        self.check_whole(plain, self.big)
        for query in FOREIGN_KEYS, COLUMNS:
            self.assertEqual(psql(self.loaded, query), psql(plain, query))
        self.assertEqual(psql(self.loaded, INDEXES), psql(plain, INDEXES))
        kinds = dict(psql(self.loaded, "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'barsaas'::regnamespace "
                                       "AND relkind IN ('r', 'p')"))
        self.assertEqual(sorted(name for name in kinds if kinds[name] == "p"), BIG)
        self.assertEqual(len(kinds), 5)
        self.assertEqual(psql(self.loaded, "SELECT relname FROM pg_class WHERE reloptions::text LIKE '%autovacuum%'"), [])

    def test_keys_hold_after_the_load(self):
        self.check_whole(self.loaded, self.big)
        url = self.new_database("loaded")
        with self.assertRaisesRegex(AssertionError, "page_views.*session_id_fkey"):
            psql(url, "UPDATE barsaas.page_views SET session_id = 99999999 WHERE id = 1")
        with self.assertRaisesRegex(AssertionError, "duplicate key"):
            psql(url, "INSERT INTO barsaas.page_views SELECT * FROM barsaas.page_views WHERE id = 5")
        last = int(value(url, "SELECT max(id) FROM barsaas.page_views"))
        psql(url, f"CREATE TEMP TABLE t AS SELECT * FROM barsaas.page_views WHERE id = {last}; UPDATE t SET id = {last + 10**9};"
                  "INSERT INTO barsaas.page_views SELECT * FROM t")
        self.assertEqual(value(url, f"SELECT count(*) FROM barsaas.page_views WHERE id > {last}"), "1")

    def test_all_rows_are_frozen_and_the_parts_are_ledgered(self):
        parts = psql(self.loaded, "SELECT table_name, count(DISTINCT part) FROM synthgen.shard_ledger GROUP BY 1 HAVING "
                                  "count(DISTINCT part) > 1 ORDER BY 1")
        self.assertEqual([name for name, _ in parts], BIG)
        for name, count in parts:
            self.assertEqual(value(self.loaded, f"SELECT count(*) FROM pg_inherits WHERE inhparent = 'barsaas.{name}'::regclass"),
                             count)
        self.assertEqual(value(self.loaded, "SELECT sum(relallvisible) = sum(relpages) FROM pg_class WHERE relname LIKE "
                                            "'page_views_p%' AND relkind = 'r'"), "t")

    def test_killed_loads_continue_exactly_once(self):
        for fault in ["load.copied:3:kill", "load.committed:6:kill", "load.step:12:kill"]:
            with self.subTest(fault):
                url = self.new_database()
                self.load(url, *ROWS, out=self.big, SYNTHGEN_FAULT=fault, code=-signal.SIGKILL)
                # Continued as it was begun, whatever is asked for now.
                again = self.json("load", self.big, "--quiet", "--database", url, "--partition-rows", "0")
                self.assertEqual(again["load"]["state"], "continued")
                self.check_whole(url, self.big)
                self.assertEqual(psql(url, FOREIGN_KEYS), psql(self.loaded, FOREIGN_KEYS))

    def test_planted_faults_are_found(self):
        for sql, named in [
            ("DELETE FROM barsaas.page_views WHERE id = 300000", "page_views rows"),
            ("ALTER TABLE barsaas.page_views DROP CONSTRAINT page_views_session_id_fkey", "foreign_key_constraint:session_id"),
            ("ALTER TABLE barsaas.page_views DETACH PARTITION barsaas_parts.page_views_p02", "page_views rows"),
        ]:
            with self.subTest(sql):
                url = self.new_database("loaded")
                psql(url, sql)
                found = self.synthgen("verify", self.big, "--quiet", "--database", url, code="INVALID")
                self.assertRegex(" ".join(found.stdout.split()) + found.stderr, named)

    def test_clear_and_overwrite_take_partitions_along(self):
        url = self.new_database("loaded")
        self.synthgen("clear", self.big, "--database", url, "--yes")
        self.assertEqual(value(url, "SELECT count(*) FROM barsaas.page_views"), "0")
        self.load(url, out=self.big)
        self.check_whole(url, self.big)
        self.assertEqual(psql(url, "SELECT 1 FROM pg_namespace WHERE nspname = 'barsaas_parts'"), [])
        psql(url, "CREATE SCHEMA barsaas_parts; CREATE TABLE barsaas_parts.page_views_p01 (mine int)")
        self.load(url, "--overwrite", *ROWS, out=self.big)
        self.check_whole(url, self.big)

    def test_views_on_partitions_count_as_views_of_others(self):
        url = self.new_database("loaded")
        psql(url, "CREATE VIEW public.mine AS SELECT * FROM barsaas_parts.page_views_p01")
        refused = self.load(url, "--overwrite", out=self.big, code="EXISTS")
        self.assertIn("public.mine", refused.stderr)


if __name__ == "__main__":
    unittest.main()
