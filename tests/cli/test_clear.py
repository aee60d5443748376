"""clear: whose rows it takes, what it refuses and says, and that nothing is ever half done.
timeout: 300
processors: 2
"""
import os
import pathlib
import pty
import pwd
import shutil
import signal
import subprocess
import tempfile
import unittest

import support
from database import Session, psql, value, wait_for

SIZES = {"homeservices": ["--customers", "5"], "spendsense": ["--users", "3"]}


def setUpModule():
    """Small runs of two datasets, both loaded into the database that every test gets a copy of."""
    Case.base = pathlib.Path(tempfile.mkdtemp(prefix="synthgen-test-"))
    unittest.addModuleCleanup(shutil.rmtree, Case.base, ignore_errors=True)
    Case.base.chmod(0o755)  # the server's user must get in when tests run as root
    Case.home, Case.bank = (Case.base / name for name in SIZES)
    for out, target in ((Case.home, ["--load"]), (Case.bank, ["--no-load"])):
        done("run", "--dataset", out.name, *SIZES[out.name], *support.SEED, "--out", out, *target)
    unittest.addModuleCleanup(support.run, "database", Case.home, "stop")
    done("load", Case.bank, "--database", database("homeservices"))


def done(*arguments):
    result = support.run(*arguments, "--quiet")
    if result.returncode:
        raise AssertionError(result.stdout + result.stderr)


def database(name, role=None):
    return f"host={Case.home / 'postgresql/run'} user={role or pwd.getpwuid(os.geteuid()).pw_name} dbname={name}"


class Case(support.Case):
    base = home = bank = None
    count = 0

    def setUp(self):
        super().setUp()
        Case.count += 1
        psql(database("postgres"), f"CREATE DATABASE c{Case.count} TEMPLATE homeservices")
        self.url = database(f"c{Case.count}")
        self.rows = self.counts("homeservices")

    def counts(self, schema):
        names = [row[0] for row in psql(self.url, f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'")]
        asked = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {schema}.{name}" for name in names)
        return {name: int(count) for name, count in psql(self.url, asked)}

    def clear(self, *arguments, code=0, **keywords):
        return self.synthgen("clear", *(arguments or (self.home,)), "--database", self.url, "--yes", code=code, **keywords)

    def refused(self, code, *words, arguments=(), url=None):
        """Refused with a code and an explanation, and nothing has changed."""
        result = self.synthgen("clear", *(arguments or (self.home,)), "--database", url or self.url, "--yes", code=code)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertEqual(self.counts("homeservices"), self.rows)

    def load(self, code=0):
        return self.synthgen("load", self.home, "--quiet", "--database", self.url, code=code)


class WhoseRows(Case):
    def test_the_named_dataset_alone(self):
        others = self.counts("spendsense")
        self.assertIn(f"{sum(self.rows.values())} rows of 12 tables", self.clear().stdout)
        self.assertEqual(set(self.counts("homeservices").values()), {0})
        self.assertEqual(self.counts("spendsense"), others)
        self.clear("--dataset", "spendsense")
        self.assertEqual(set(self.counts("spendsense").values()), {0})

    def test_never_on_a_guess(self):
        (self.folder / "empty").mkdir()
        self.refused("NO_INPUT", "name it with --dataset", arguments=["empty"])
        (self.folder / "empty/manifest.json").write_text("{")
        self.refused("CORRUPT", "name it with --dataset", arguments=["empty"])
        self.refused("USAGE", "homeservices", "spendsense", arguments=[self.home, "--dataset", "spendsense"])
        self.refused("NO_INPUT", "missing", arguments=[self.folder / "missing"])
        self.refused("NO_INPUT", "holds no cardholders", arguments=["--dataset", "cardholders"])

    def test_a_cluster_is_not_made_to_be_cleared(self):
        (self.folder / "empty").mkdir()
        self.synthgen("clear", "empty", "--dataset", "homeservices", "--yes", code="NO_INPUT")
        self.assertFalse((self.folder / "empty/postgresql").exists())

    def test_rows_that_came_later_stay(self):
        self.clear()
        self.assertIn("empty already", self.clear().stdout)
        psql(self.url, "INSERT INTO homeservices.categories VALUES (1, 'a', 'a', NULL, NULL, 1, true, now(), now())")
        self.rows = self.counts("homeservices")
        self.refused("EXISTS", "did not load")


class HalfThere(Case):
    def test_a_half_loaded_one(self):
        self.synthgen("load", self.home, "--quiet", "--overwrite", "--database", self.url, SYNTHGEN_FAULT="load.copied:4", code="IO")
        self.clear()
        self.assertEqual(set(self.counts("homeservices").values()), {0})
        self.load()
        self.assertEqual(self.counts("homeservices"), self.rows)

    def test_tables_that_are_gone(self):
        psql(self.url, "DROP TABLE homeservices.complaint_updates, homeservices.conversations")
        left = sum(self.rows.values()) - self.rows["complaint_updates"] - self.rows["conversations"]
        said = self.clear().stdout
        self.assertIn(f"{left} rows of 10 tables", said)
        self.assertRegex(said, "not there any more: .*conversations")
        self.load()
        self.assertEqual(self.counts("homeservices"), self.rows)
        psql(self.url, "DROP SCHEMA homeservices CASCADE")
        self.assertIn("0 rows of 0 tables", self.clear().stdout)
        self.load()
        self.assertEqual(self.counts("homeservices"), self.rows)


class InTheWay(Case):
    def test_foreign_keys_of_others(self):
        psql(self.url, "CREATE TABLE public.mine (user_id bigint REFERENCES homeservices.users)")
        self.refused("EXISTS", "mine", "drop these first", "nothing was cleared")

    def test_views_of_others_show_nothing(self):
        psql(self.url, "CREATE VIEW public.mine AS SELECT * FROM homeservices.users")
        self.clear()
        self.assertEqual(value(self.url, "SELECT count(*) FROM public.mine"), "0")
        self.assertIn("public.mine", self.load(code="EXISTS").stderr)
        psql(self.url, "DROP VIEW public.mine")
        self.load()

    def test_no_rights(self):
        psql(self.url, """DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN END $$;
                          GRANT USAGE ON SCHEMA synthgen, homeservices TO stranger;
                          GRANT SELECT ON ALL TABLES IN SCHEMA synthgen TO stranger;
                          GRANT TRUNCATE ON ALL TABLES IN SCHEMA homeservices TO stranger""")
        self.refused("DENIED", "permission denied", "nothing was cleared", url=database(f"c{Case.count}", "stranger"))

    def test_no_server_and_no_database(self):
        self.refused("UNAVAILABLE", "cannot connect", url=f"host={self.folder} dbname=x")
        self.refused("NO_INPUT", "nodb", url=database("nodb"))
        self.refused("USAGE", "not understood", url="no url")


class AtTheSameTime(Case):
    def start(self, **keywords):
        process = subprocess.Popen(support.command(["clear", self.home, "--database", self.url, *keywords.pop("options", ["--yes"])]),
                                   env=support.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **keywords)
        self.addCleanup(process.communicate)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def waiting(self):
        return psql(self.url, "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                              " AND application_name = 'synthgen-hpc'")

    def held(self):
        """A clear in the middle of its transaction, waiting for a table that we hold."""
        holder = Session(self.url, "BEGIN; LOCK TABLE homeservices.users IN ACCESS EXCLUSIVE MODE")
        self.addCleanup(holder.close)
        process = self.start()
        wait_for(self.waiting, "the clear to wait for our lock")
        return process, holder

    def test_two_at_once(self):
        first, holder = self.held()
        self.assertIn("another load or clear", self.clear(code="UNAVAILABLE").stderr)
        holder.close()
        self.assertEqual(first.wait(60), 0)
        self.assertEqual(set(self.counts("homeservices").values()), {0})

    def test_a_server_that_goes_away(self):
        process, holder = self.held()
        psql(self.url, f"SELECT pg_terminate_backend({self.waiting()[0][0]})")
        self.assertEqual(process.wait(60), support.CODES["UNAVAILABLE"])
        self.assertIn("clear again", process.stderr.read())
        holder.close()
        self.assertEqual(self.counts("homeservices"), self.rows)

    def test_a_signal(self):
        process, holder = self.held()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(60), support.CODES["STOPPED"])
        holder.close()
        self.assertEqual(self.counts("homeservices"), self.rows)

    def answer(self, words):
        """Types an answer on a terminal; gives the exit code. None: the terminal goes away."""
        ours, theirs = pty.openpty()
        process = self.start(options=[], stdin=theirs)
        os.close(theirs)
        asked = process.stderr.read(len("Empty schema homeservices in"))
        self.assertEqual(asked, "Empty schema homeservices in")
        if words:
            os.write(ours, words.encode())
            process.wait(60)
        os.close(ours)
        return process.wait(60)

    def test_a_terminal(self):
        for words in ("n\n", "\n", "maybe\n", None):
            self.assertEqual(self.answer(words), support.CODES["STOPPED"], words)
        self.assertEqual(self.start(options=[], stdin=subprocess.DEVNULL).wait(60), support.CODES["USAGE"])
        self.assertEqual(self.counts("homeservices"), self.rows)
        self.assertEqual(self.answer("y\n"), 0)
        self.assertEqual(set(self.counts("homeservices").values()), {0})


if __name__ == "__main__":
    unittest.main()
