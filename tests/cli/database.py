"""A private cluster for tests of loading: made by the program itself, asked through psql."""
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time
import unittest

import support

RUN = [*support.SEED, "--accounts", "3", "--quiet", "--threads", "1"]


def psql(url, sql):
    """Rows of the last statement as lists of text; raises on an error."""
    result = subprocess.run(["psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"], input=sql,
                            env=support.environment(), capture_output=True, text=True)
    if result.returncode:
        raise AssertionError(f"{sql}\n{result.stderr}")
    return [line.split("\t") for line in result.stdout.splitlines()]


def value(url, sql):
    return psql(url, sql)[0][0]


def wait_for(condition, what):
    """Until a condition of another process holds; fails after a minute."""
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"waited a minute for {what}")


class Session:
    """An open psql, to hold locks; leave the context to end it."""

    def __init__(self, url, sql):
        self.process = subprocess.Popen(["psql", "-XAtq", "-d", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=support.environment(), text=True, bufsize=1)
        self.process.stdin.write(sql + ";\nSELECT 'ready';\n")
        self.process.stdin.flush()
        while self.process.stdout.readline().strip() != "ready":
            if self.process.poll() is not None:
                raise AssertionError(f"psql ended: {sql}")

    def close(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait()


class Checks(support.Case):
    """What holds of a complete load."""

    out = None

    def check_whole(self, url, out=None):
        """Counts are the manifest's, nothing is left or doubled in the ledger, and verification passes."""
        tables = {table["name"]: str(table["rows"]) for table in support.manifest(out or self.out)["tables"]}
        self.assertEqual(dict(psql(url, " UNION ALL ".join(f"SELECT '{name}', count(*) FROM barsaas.{name}"
                                                           for name in tables))), tables)
        self.assertEqual(psql(url, "SELECT t.table_name FROM synthgen.table_ledger t JOIN (SELECT table_name, sum(rows)"
                                   " AS rows FROM synthgen.shard_ledger WHERE loaded_at IS NOT NULL GROUP BY 1) s"
                                   " USING (table_name) WHERE s.rows <> t.rows"), [])
        self.assertEqual(value(url, "SELECT count(*) FROM synthgen.step_ledger WHERE done_at IS NULL"), "0")
        self.assertEqual(value(url, "SELECT state FROM synthgen.run"), "complete")
        self.synthgen("verify", out or self.out, "--quiet", "--database", url)


class Case(Checks):
    """One complete run in cls.out, loaded into the private cluster there; tests make further databases in it."""

    count = 0
    arguments = RUN

    @classmethod
    def setUpClass(cls):
        cls.base = pathlib.Path(tempfile.mkdtemp(prefix="synthgen-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.base, ignore_errors=True)
        cls.base.chmod(0o755)  # the server's user must get in when tests run as root
        cls.out = cls.base / "run"
        result = support.run("run", *cls.arguments, "--out", cls.out, "--load")
        if result.returncode:
            raise AssertionError(result.stdout + result.stderr)
        cls.first = result
        cls.addClassCleanup(support.run, "database", cls.out, "stop")
        cls.socket = cls.out / "postgresql/run"
        cls.role = pwd.getpwuid(os.geteuid()).pw_name
        cls.private = cls.url("saas_platform_dev")

    @classmethod
    def url(cls, database, **more):
        pairs = {"host": cls.socket, "user": cls.role, "dbname": database, **more}
        return " ".join(f"{key}={value}" for key, value in pairs.items())

    def new_database(self, template="template1"):
        """A database of this test alone, empty or a copy of another."""
        Case.count += 1
        name = f"t{Case.count}"
        psql(self.url("postgres"), f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def load(self, url, *options, out=None, **keywords):
        return self.synthgen("load", out or self.out, "--quiet", "--database", url, *options, **keywords)

    def blocked_load(self, url, *options):
        """Starts a load that waits for locks we hold on all tables; gives (process, session that holds them)."""
        self.load(url, *options, SYNTHGEN_FAULT="load.copied:1", code="IO")  # leaves tables and ledger behind
        tables = ", ".join(f"barsaas.{table['name']}" for table in support.manifest(self.out)["tables"])
        holder = Session(url, f"BEGIN; LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        self.addCleanup(holder.close)
        process = subprocess.Popen(support.command(["load", self.out, "--quiet", "--database", url, *options]),
                                   env=support.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        wait_for(lambda: psql(url, self.WAITING), "the load to wait for our lock")
        return process, holder

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    WAITING = ("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND "
               "application_name = 'synthgen-hpc'")


__all__ = ["Case", "Checks", "Session", "psql", "value", "wait_for", "RUN", "unittest"]
