"""Loading into PostgreSQL: exactly once through kills and lost servers, refusals, rights, other runs.
timeout: 600
processors: 2
"""
import os
import pathlib
import shutil
import signal
import subprocess
import unittest

import database
import support
from database import psql, value


class Load(database.Case):
    def test_private_cluster_holds_the_run(self):
        self.check_whole(self.private)
        self.assertIn("psql -h", self.first.stdout)
        self.assertEqual(value(self.private, "SHOW listen_addresses"), "")
        self.assertEqual(value(self.private, "SHOW fsync"), "on")

    def test_constraints_are_there_and_validated_by_the_server(self):
        kinds = dict(psql(self.private, "SELECT contype, count(*) FROM pg_constraint WHERE connamespace = "
                                        "'barsaas'::regnamespace AND convalidated GROUP BY 1"))
        self.assertEqual(kinds["p"], str(len(support.manifest(self.out)["tables"])))
        self.assertGreater(int(kinds["f"]), 20)
        self.assertGreater(int(kinds["c"]), 20)
        self.assertEqual(psql(self.private, "SELECT conname FROM pg_constraint WHERE NOT convalidated"), [])
        self.assertEqual(psql(self.private, "SELECT relname FROM pg_class WHERE relnamespace = 'barsaas'::regnamespace "
                                            "AND reloptions::text LIKE '%autovacuum%'"), [])

    def test_again_is_up_to_date(self):
        before = psql(self.private, "SELECT max(loaded_at) FROM synthgen.shard_ledger")
        again = self.json("load", self.out, "--quiet", "--database", "private")
        self.assertEqual(again["load"]["state"], "already complete")
        self.assertEqual(again["verify_database"]["failed"], 0)
        self.assertEqual(psql(self.private, "SELECT max(loaded_at) FROM synthgen.shard_ledger"), before)
        whole = support.run("run", *database.RUN, "--out", self.out, "--load")
        self.assertEqual(whole.returncode, 0, whole.stderr)
        self.assertEqual(psql(self.private, "SELECT max(loaded_at) FROM synthgen.shard_ledger"), before)

    def test_killed_client_continues_exactly_once(self):
        for fault in ["load.send:2:kill", "load.copied:1:kill", "load.copied:9:kill", "load.committed:4:kill",
                      "load.step:1:kill", "load.step:33:kill", "load.step:120:kill"]:
            with self.subTest(fault):
                url = self.new_database()
                self.load(url, SYNTHGEN_FAULT=fault, code=-signal.SIGKILL)
                again = self.json("load", self.out, "--quiet", "--database", url)
                self.assertEqual(again["load"]["state"], "continued")
                self.check_whole(url)

    def test_failed_client_gives_its_work_back(self):
        url = self.new_database()
        failed = self.load(url, SYNTHGEN_FAULT="load.copied:3:ENOSPC", code="IO")
        self.assertIn("No space left", failed.stderr)
        self.load(url)
        self.check_whole(url)

    def test_terminated_backend_is_reported_and_continued(self):
        url = self.new_database()
        process, holder = self.blocked_load(url)
        psql(url, f"SELECT pg_terminate_backend(pid) FROM ({self.WAITING}) w")
        errors = process.communicate(timeout=60)[1]
        holder.close()
        self.assertEqual(process.returncode, support.CODES["UNAVAILABLE"], errors)
        self.assertIn("run the same command again: the load continues", errors)
        self.load(url)
        self.check_whole(url)

    def test_stop_request_cancels_and_continues(self):
        for wanted in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(wanted):
                url = self.new_database()
                process, holder = self.blocked_load(url)
                process.send_signal(wanted)
                errors = process.communicate(timeout=60)[1]
                holder.close()
                self.assertEqual(process.returncode, support.CODES["STOPPED"], errors)
                self.assertIn("again", errors)
                self.load(url)
                self.check_whole(url)

    def test_loads_of_one_schema_exclude_each_other(self):
        url = self.new_database()
        process, holder = self.blocked_load(url)
        refused = self.load(url, code="UNAVAILABLE")
        self.assertIn("another load or clear of schema barsaas is running", refused.stderr)
        holder.close()
        self.assertEqual(process.wait(timeout=60), 0)
        self.check_whole(url)

    def test_ranks_share_a_load(self):
        for ranks, connections in (2, 1), (2, 3), (5, 2):
            with self.subTest(ranks=ranks, connections=connections):
                url = self.new_database()
                self.load(url, "--connections", connections, ranks=ranks)
                self.check_whole(url)

    def test_other_formats_and_partial_runs_load(self):
        for options in (["--format", "csv"], ["--format", "parquet"], ["--format", "hdf5"], ["--only", "account=2"],
                        ["--tables", "accounts,tap_events,users"]):
            with self.subTest(options):
                out = self.folder / "other"
                url = self.new_database()
                self.synthgen("run", *database.RUN, *options, "--out", out, "--overwrite", "--load=" + url)
                self.check_whole(url, out)

    def test_damaged_shard_is_not_committed(self):
        out = self.folder / "damaged"
        self.synthgen("run", *database.RUN, "--out", out, "--no-load")
        shard = out / [path for path in support.shards(out) if path.startswith("users/")][0]
        content = bytearray(shard.read_bytes())
        content[40] ^= 1
        shard.write_bytes(content)
        url = self.new_database()
        failed = self.load(url, out=out, code="CORRUPT")
        self.assertIn("users", failed.stderr)
        self.assertEqual(value(url, "SELECT count(*) FROM barsaas.users"), "0")
        self.assertEqual(value(url, "SELECT count(*) FROM synthgen.shard_ledger WHERE table_name = 'users' AND "
                                    "loaded_at IS NOT NULL"), "0")


class Refusals(database.Case):
    def other_run(self):
        out = self.folder / "other"
        self.synthgen("run", "--seed", "8", "--as-of", "2026-06-30", "--accounts", "2", "--quiet", "--out", out,
                      "--no-load")
        return out

    def test_another_run_is_refused_and_overwritten_on_request(self):
        url = self.new_database("saas_platform_dev")
        out = self.other_run()
        refused = self.load(url, out=out, code="EXISTS")
        self.assertIn("holds another run", refused.stderr)
        self.assertIn("--overwrite", refused.stderr)
        self.check_whole(url)
        self.load(url, "--overwrite", out=out)
        self.check_whole(url, out)
        self.assertEqual(value(url, "SELECT count(*) FROM synthgen.run"), "1")

    def test_run_is_refused_before_anything_is_generated(self):
        url = self.new_database("saas_platform_dev")
        out = self.folder / "new"
        self.synthgen("run", "--seed", "9", "--accounts", "2", "--quiet", "--out", out, "--load=" + url, code="EXISTS")
        self.assertFalse(out.exists())

    def test_foreign_schema_is_refused(self):
        url = self.new_database()
        psql(url, "CREATE SCHEMA barsaas; CREATE TABLE barsaas.mine (a int)")
        refused = self.load(url, code="EXISTS")
        self.assertIn("not loaded by this program", refused.stderr)
        self.assertEqual(value(url, "SELECT count(*) FROM barsaas.mine"), "0")

    def test_views_of_others_are_not_dropped(self):
        url = self.new_database("saas_platform_dev")
        psql(url, "CREATE VIEW public.mine AS SELECT * FROM barsaas.users")
        refused = self.load(url, "--overwrite", code="EXISTS")
        self.assertIn("public.mine", refused.stderr)
        self.check_whole(url)
        psql(url, "DROP VIEW public.mine")
        self.load(url, "--overwrite")
        self.check_whole(url)

    def test_missing_rights_are_found_first(self):
        url = self.new_database()
        psql(url, "DROP ROLE IF EXISTS weak; CREATE ROLE weak LOGIN; REVOKE ALL ON DATABASE "
                  + url.split("dbname=")[1] + " FROM public; GRANT CONNECT ON DATABASE " + url.split("dbname=")[1] + " TO weak")
        out = self.folder / "new"
        weak = url.replace(f"user={self.role}", "user=weak")
        refused = self.synthgen("run", *database.RUN, "--out", out, "--load=" + weak, code="DENIED")
        self.assertIn("GRANT CREATE", refused.stderr)
        self.assertFalse(out.exists())

    def test_other_encodings_are_refused(self):
        psql(self.url("postgres"), "CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
        refused = self.load(self.url("ascii"), code="PROTOCOL")
        self.assertIn("UTF8", refused.stderr)

    def test_unreachable_targets_never_show_the_password(self):
        cases = {
            "postgresql://ana:s3cr3t@127.0.0.1:1/saas": "UNAVAILABLE",
            "postgresql://ana:s3cr3t@no-such-host.invalid/saas": "UNAVAILABLE",
            "postgresql://ana:s3cr3t/x@127.0.0.1:1/saas": "USAGE",
            "postgresql+psycopg2://ana:s3cr3t@127.0.0.1/saas": "USAGE",
            "host=127.0.0.1 port=1 user=ana password=s3cr3t": "UNAVAILABLE",
            "host=127.0.0.1 pasword=s3cr3t": "USAGE",
            self.url("no_such_database", password="s3cr3t"): "NO_INPUT",
        }
        for url, code in cases.items():
            with self.subTest(url):
                for result in (self.load(url, code=code),
                               self.load(url, "--json", code=code),
                               self.synthgen("run", *database.RUN, "--out", self.folder / "new", code=code,
                                             DATABASE_URL=url)):
                    self.assertNotIn("s3cr3t", result.stdout + result.stderr)
                    self.assertEqual(result.stderr.count("synthgen-hpc: "), 1)

    def test_refusal_on_ranks_is_said_once(self):
        refused = self.load("postgresql://ana:s3cr3t@127.0.0.1:1/saas", ranks=3, code="UNAVAILABLE")
        self.assertEqual(refused.stderr.count("synthgen-hpc: "), 1)

    def test_lost_and_refused_views_of_a_wrong_password(self):
        hba = self.out / "postgresql/data/pg_hba.conf"
        before = hba.read_text()
        psql(self.url("postgres"), "CREATE ROLE ana LOGIN PASSWORD 'right'")
        try:
            hba.write_text("local all ana scram-sha-256\n" + before)
            psql(self.url("postgres"), "SELECT pg_reload_conf()")
            url = self.url("saas_platform_dev").replace(f"user={self.role}", "user=ana")
            database.wait_for(lambda: support.run("load", self.out, "--database", url + " password=wr0ng").returncode
                              == support.CODES["DENIED"], "the server to ask for passwords")
            refused = self.load(url + " password=wr0ng", code="DENIED")
            self.assertNotIn("wr0ng", refused.stderr)
        finally:
            hba.write_text(before)
            psql(self.url("postgres"), "SELECT pg_reload_conf()")


class Cluster(support.Case):
    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)

    def make(self, out):
        self.synthgen("run", *database.RUN, "--out", out, "--no-load")
        self.addCleanup(support.run, "database", out, "stop")
        return out

    def test_killed_server_is_started_again(self):
        out = self.make(self.folder / "run")
        self.synthgen("load", out, "--quiet", SYNTHGEN_FAULT="load.step:30:kill", code=-signal.SIGKILL)
        pid = int((out / "postgresql/data/postmaster.pid").read_text().split()[0])
        subprocess.run(["kill", "-QUIT", str(pid)], check=True)
        database.wait_for(lambda: subprocess.run(["kill", "-0", str(pid)], capture_output=True).returncode, "the server's end")
        self.synthgen("load", out, "--quiet")
        self.synthgen("verify", out, "--quiet", "--database", "private")

    def test_start_stop_status(self):
        out = self.make(self.folder / "run")
        self.synthgen("database", out, code="NO_INPUT")
        self.assertFalse((out / "postgresql").exists())
        self.assertTrue(self.json("database", out, "start")["database"]["running"])
        self.assertFalse(self.json("database", out, "stop")["database"]["running"])
        self.assertFalse(self.json("database", out)["database"]["running"])
        self.synthgen("database", out, "stop")
        self.synthgen("database", out, "dance", code="USAGE")

    def test_long_and_odd_folder_names(self):
        out = self.make(self.folder / ("it's a long name " * 6))
        self.synthgen("load", out, "--quiet")
        status = self.json("database", out)["database"]
        self.assertTrue(status["socket"].startswith("/tmp/synthgen-"))
        self.addCleanup(shutil.rmtree, status["socket"], ignore_errors=True)
        self.synthgen("verify", out, "--quiet", "--database", "private")

    @unittest.skipUnless(os.geteuid() == 0, "only root runs the server as somebody else")
    def test_folder_closed_to_the_servers_user(self):
        self.folder.chmod(0o700)
        out = self.make(self.folder / "run")
        self.synthgen("load", out, "--quiet")
        place = pathlib.Path(os.readlink(out / "postgresql"))
        self.addCleanup(shutil.rmtree, place)
        self.synthgen("verify", out, "--quiet", "--database", "private")
        self.synthgen("database", out, "stop")
        self.synthgen("load", out, "--quiet")
        self.assertEqual(pathlib.Path(os.readlink(out / "postgresql")), place)
        (out / "postgresql").unlink()
        (out / "postgresql").symlink_to("/etc")
        self.assertIn("/etc", self.synthgen("load", out, "--quiet", code="DENIED").stderr)
        (out / "postgresql").unlink()
        (out / "postgresql").symlink_to(place)
        self.synthgen("database", out, "stop")

    def test_server_that_does_not_start_says_why(self):
        out = self.make(self.folder / "run")
        self.synthgen("database", out, "start")
        self.synthgen("database", out, "stop")
        with open(out / "postgresql/data/postgresql.auto.conf", "a") as conf:
            conf.write("max_connections = 'many'\n")
        failed = self.synthgen("load", out, "--quiet", code="SYSTEM")
        self.assertIn("max_connections", failed.stderr)

    def test_missing_server_programs(self):
        out = self.folder / "new"
        failed = self.synthgen("run", *database.RUN, "--out", out, "--load", code="SYSTEM", PG_BINDIR=self.folder)
        self.assertIn("PG_BINDIR", failed.stderr)


if __name__ == "__main__":
    database.unittest.main()
