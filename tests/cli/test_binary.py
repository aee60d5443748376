"""--format binary: shards are whole files of PostgreSQL's binary COPY, as PostgreSQL itself writes and reads them.

timeout: 120
processors: 2
"""
import os
import subprocess

import support
from database import Case, RUN, psql, unittest, value

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"


def copy_out(url, query):
    return subprocess.run(["psql", "-Xq", "-d", url, "-c", f"COPY ({query}) TO STDOUT (FORMAT binary)"], check=True,
                          env=support.environment(), capture_output=True).stdout


class Binary(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.binary = cls.base / "binary"
        result = support.run("run", *RUN, "--format", "binary", "--out", cls.binary, "--no-load")
        if result.returncode:
            raise AssertionError(result.stdout + result.stderr)
        cls.tables = support.manifest(cls.binary)["tables"]

    def test_fingerprints_and_keys_are_those_of_text(self):
        def facts(out):
            return [(table["name"], table["rows"], table["fingerprint"],
                     [(shard["key_first"], shard["key_last"]) for shard in table["shards"]])
                    for table in support.manifest(out)["tables"]]
        self.assertEqual(facts(self.binary), facts(self.out))

    def test_bytes_are_those_postgresql_writes(self):
        for table in self.tables:
            keys = value(self.private, "SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place) FROM pg_index i, "
                         "unnest(i.indkey) WITH ORDINALITY k(number, place), pg_attribute a WHERE i.indisprimary AND "
                         f"i.indrelid = 'barsaas.{table['name']}'::regclass AND a.attrelid = i.indrelid AND "
                         "a.attnum = k.number")
            ours = HEADER
            for path in sorted((self.binary / table["name"]).glob("*.zst")):
                shard = support.zstd_text(path)
                self.assertTrue(shard.startswith(HEADER) and shard.endswith(TRAILER), path)
                ours += shard[len(HEADER):-len(TRAILER)]
            theirs = copy_out(self.private, f"SELECT * FROM barsaas.{table['name']} ORDER BY {keys}")
            if ours + TRAILER != theirs:  # too long for a message
                self.fail(f"{table['name']}: {len(ours) + 2} bytes, PostgreSQL has {len(theirs)}")

    def test_psql_loads_every_shard(self):
        url = self.new_database("saas_platform_dev")
        for table in self.tables:
            name = table["name"]
            psql(url, f"CREATE TABLE public.{name} (LIKE barsaas.{name})")
            for path in sorted((self.binary / name).glob("*.zst")):
                with subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE) as shard:
                    subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", url, "-c",
                                    f"\\copy public.{name} FROM STDIN WITH (FORMAT binary)"], check=True,
                                   stdin=shard.stdout, env=support.environment())
            same = ("SELECT count(*) || ' ' || coalesce(sum(hashint8extended(hash_record_extended(t, 0), 0)), 0) "
                    "FROM {} t")
            self.assertEqual(value(url, same.format(f"public.{name}")), value(url, same.format(f"barsaas.{name}")), name)

    def test_verify_cat_resume_and_load_work_on_it(self):
        self.synthgen("verify", self.binary, "--quiet", ranks=2)
        for table in ("tap_events", "stripe_charges", "accounts"):
            for window in ([], ["--rows", "2:3"]):
                self.assertEqual(self.synthgen("cat", self.binary, table, *window).stdout,
                                 self.synthgen("cat", self.out, table, *window).stdout)
        again = self.base / "again"
        self.synthgen("run", *RUN, "--format", "binary", "--out", again, "--no-load",
                      SYNTHGEN_FAULT="shard.rename:9", code="IO")
        self.synthgen("run", *RUN, "--format", "binary", "--out", again, "--no-load", "--resume")
        self.assertEqual(support.manifest(again)["root"], support.manifest(self.binary)["root"])
        url = self.new_database()
        self.load(url, out=self.binary)
        self.check_whole(url, self.binary)

    def test_a_damaged_shard_is_named(self):
        path = sorted((self.binary / "devices").glob("*.zst"))[0]
        whole = path.read_bytes()
        self.addCleanup(path.write_bytes, whole)
        damaged = bytearray(whole)
        damaged[len(whole) // 3] ^= 0x40
        path.write_bytes(damaged)
        result = self.synthgen("verify", self.binary, "--quiet", code="INVALID")
        self.assertIn(os.path.basename(path), result.stdout + result.stderr)


if __name__ == "__main__":
    unittest.main()
