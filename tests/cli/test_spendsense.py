"""spendsense end to end: the seed's users, ranks, CSV, private cluster, verification that names planted faults.
timeout: 300
processors: 2
"""
import collections
import csv
import datetime
import io
import os
import pathlib
import pwd
import shutil
import tempfile
import unittest
import uuid

import spoil
import support
from database import psql

RUN = ["--dataset", "spendsense", *support.SEED, "--quiet", "--threads", "1"]
END = datetime.date(2026, 6, 30)

SERVICES = {
    "hannah@demo.com": {"Netflix": "-15.99", "Spotify": "-10.99", "Planet Fitness": "-10.00", "Adobe": "-52.99"},
    "sam@demo.com": {"Netflix": "-15.99", "Hulu": "-12.99", "Disney+": "-10.99", "Spotify": "-10.99",
                     "Apple iCloud": "-9.99", "NYT": "-17.00", "Peloton": "-39.00", "HelloFresh": "-69.99"},
    "sarah@demo.com": {},
}
ACCOUNTS = {
    "hannah@demo.com": {"checking": ("850.00", None), "savings": ("1200.00", None),
                        "credit_card": ("3400.00", "5000.00")},
    "sam@demo.com": {"checking": ("2400.00", None), "savings": ("5000.00", None), "credit_card": ("800.00", "8000.00")},
    "sarah@demo.com": {"checking": ("3200.00", None), "high_yield_savings": ("8500.00", None),
                       "credit_card": ("400.00", "3000.00")},
}
# Ways for a database to be wrong; `turn` moves labels and addresses on by one.
TYPES = ["checking", "savings", "high_yield_savings", "credit_card"]
CATEGORIES = ["Food & Drink", "Shopping", "Bills", "Subscriptions", "Transportation", "Entertainment", "Interest Charge", "Transfer"]
DEMO = list(SERVICES)


def turn(labels, column):
    return f"coalesce((array{labels})[array_position(array{labels}, {column}::text) % {len(labels)} + 1], {column})"


HANNAHS = "(SELECT user_id FROM profiles WHERE email = 'hannah@demo.com')"
FAULTS = [
    f"""UPDATE transactions SET amount = 2 * amount + 0.01;
        UPDATE accounts SET balance = -balance - 1, "limit" = "limit" + 0.01, account_number_last4 = 'abcd';
        UPDATE profiles SET created_at = created_at + interval '3 years', email = upper(email), role = 'operator'""",
    f"""UPDATE transactions SET date = date - (date - date '1970-01-01') % 14, created_at = created_at + interval '20 years',
            merchant = 'Same';
        UPDATE accounts SET created_at = created_at + interval '20 years', account_number_last4 = NULL,
            "limit" = CASE WHEN "limit" IS NULL THEN 3000 END;
        UPDATE profiles SET updated_at = updated_at + interval '20 years', email = 'same@demo.com'""",
    f"""UPDATE transactions SET category = {turn(CATEGORIES, "category")}, date = date + 100;
        UPDATE accounts SET account_type = {turn(TYPES, "account_type")}, balance = NULL;
        UPDATE profiles SET email = {turn(DEMO, "email")}""",
    f"""UPDATE transactions SET user_id = {HANNAHS}, amount = amount - 900;
        UPDATE accounts SET user_id = {HANNAHS}, balance = balance * 100, "limit" = 100;
        UPDATE profiles SET email = {turn(DEMO[::-1], "email")}""",
    f"""UPDATE transactions SET created_at = created_at - interval '5 years', date = date - 100;
        UPDATE accounts SET account_type = {turn(TYPES, "account_type")};
        UPDATE profiles SET email = {turn(DEMO, "email")}""",
    f"""UPDATE transactions SET user_id = {HANNAHS}, category = NULL;
        UPDATE profiles SET user_id = {HANNAHS}""",
]


def table(out, name):
    """Rows as dictionaries; NULL is None."""
    text = support.table_text(out, name).decode()
    names = {"profiles": "user_id email role created_at updated_at",
             "accounts": "id user_id account_type account_number_last4 balance limit created_at",
             "transactions": "id user_id account_id date merchant amount category created_at"}[name].split()
    return [dict(zip(names, (None if cell == "\\N" else cell for cell in line.split("\t"))))
            for line in text.splitlines()]


class Demo(support.Case):
    """What the seed says of its three users, read from the files alone."""

    def setUp(self):
        super().setUp()
        self.synthgen("run", *RUN, "--out", "a", "--no-load")
        self.emails = {row["user_id"]: row["email"] for row in table(self.folder / "a", "profiles")}
        self.accounts = table(self.folder / "a", "accounts")
        self.transactions = table(self.folder / "a", "transactions")

    def of(self, email):
        return [row for row in self.transactions if self.emails[row["user_id"]] == email]

    def test_users_accounts_and_counts(self):
        self.assertEqual(list(self.emails.values()), list(ACCOUNTS))
        for email, wanted in ACCOUNTS.items():
            mine = {row["account_type"]: (row["balance"], row["limit"]) for row in self.accounts
                    if self.emails[row["user_id"]] == email}
            self.assertEqual(mine, wanted)
        self.assertEqual([len(self.of(email)) for email in ACCOUNTS], [200, 180, 150])
        for key in [*self.emails, *(row["id"] for row in self.accounts + self.transactions)]:
            self.assertEqual((uuid.UUID(key).version, uuid.UUID(key).variant), (4, uuid.RFC_4122))

    def test_history_is_ninety_days(self):
        days = [datetime.date.fromisoformat(row["date"]) for row in self.transactions]
        self.assertGreaterEqual(min(days), END - datetime.timedelta(days=90))
        self.assertLess(max(days), END)

    def test_recurring_charges_are_found_and_nothing_else(self):
        for email, services in SERVICES.items():
            merchants = collections.defaultdict(list)
            for row in self.of(email):
                if float(row["amount"]) < 0:
                    merchants[row["merchant"]].append(-float(row["amount"]))
            found = {name for name, amounts in merchants.items()
                     if sum(abs(amount - sum(amounts) / len(amounts)) <= 0.1 * sum(amounts) / len(amounts)
                            for amount in amounts) >= 3}
            self.assertEqual(found, set(services) | ({"Card Interest Charge"} if "hannah" in email else set()))

    def test_monthly_rows(self):
        card = {row["user_id"]: row["id"] for row in self.accounts if row["account_type"] == "credit_card"}
        for email, services in SERVICES.items():
            monthly = {**services, **({"Card Interest Charge": "-87.00"} if "hannah" in email else {})}
            for name, amount in monthly.items():
                rows = [row for row in self.of(email) if row["merchant"] == name]
                self.assertEqual([row["amount"] for row in rows], [amount] * 3)
                self.assertEqual({row["account_id"] for row in rows}, {card[rows[0]["user_id"]]})
                days = [datetime.date.fromisoformat(row["date"]).toordinal() for row in rows]
                for gap in (days[1] - days[0], days[2] - days[1]):
                    self.assertLessEqual(abs(gap - 30), 3)

    def test_sarah_saves(self):
        kinds = {row["id"]: row["account_type"] for row in self.accounts}
        rows = [row for row in self.of("sarah@demo.com") if row["category"] == "Transfer"]
        moves = collections.Counter((row["date"], kinds[row["account_id"]], row["amount"]) for row in rows)
        self.assertEqual(len(moves), 6)
        for date in {row["date"] for row in rows}:
            self.assertEqual(moves[date, "checking", "-500.00"], 1)
            self.assertEqual(moves[date, "high_yield_savings", "500.00"], 1)


class Offline(support.Case):
    def test_ranks_make_the_same_bytes(self):
        roots = set()
        for ranks in (None, 1, 3):
            self.synthgen("run", *RUN, "--users", "2500", "--out", f"ranks{ranks}", "--no-load", ranks=ranks)
            roots.add(support.manifest(self.folder / f"ranks{ranks}")["root"])
        self.assertEqual(len(roots), 1)
        shards = [name for name in support.shards(self.folder / "ranksNone") if name.startswith("transactions/")]
        self.assertGreater(len(shards), 2)

    def test_demo_users_are_the_same_at_any_size(self):
        self.synthgen("run", *RUN, "--out", "three", "--no-load")
        self.synthgen("run", *RUN, "--users", "40", "--out", "forty", "--no-load")
        for name in ("profiles", "accounts", "transactions"):
            self.assertTrue(support.table_text(self.folder / "forty", name).startswith(
                support.table_text(self.folder / "three", name)), name)

    def test_csv_holds_the_same_cells(self):
        self.synthgen("run", *RUN, "--out", "copy", "--no-load")
        self.synthgen("run", *RUN, "--out", "csv", "--no-load", "--format", "csv")
        self.synthgen("verify", "csv", "--quiet")
        for name in ("profiles", "accounts", "transactions"):
            lines = list(csv.DictReader(io.StringIO(support.table_text(self.folder / "csv", name).decode())))
            self.assertEqual(lines, [{key: cell or "" for key, cell in row.items()}
                                     for row in table(self.folder / "copy", name)])

    def test_only_one_user(self):
        self.synthgen("run", *RUN, "--users", "9", "--out", "all", "--no-load")
        self.synthgen("run", *RUN, "--users", "9", "--out", "one", "--no-load", "--only", "user=7")
        for name in ("profiles", "accounts", "transactions"):
            part = support.table_text(self.folder / "one", name)
            self.assertTrue(part)
            self.assertIn(part, support.table_text(self.folder / "all", name))

    def test_no_pool_is_reported(self):
        shown = self.synthgen("run", "--dataset", "spendsense", *support.SEED, "--out", "a", "--no-load").stdout
        self.assertIn("no Cognito pool", shown)
        self.assertNotIn("external_keys", support.manifest(self.folder / "a"))


class Loaded(support.Case):
    @classmethod
    def setUpClass(cls):
        cls.base = pathlib.Path(tempfile.mkdtemp(prefix="synthgen-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.base, ignore_errors=True)
        cls.base.chmod(0o755)
        cls.out = cls.base / "run"
        result = support.run("run", *RUN, "--users", "30", "--out", cls.out, "--load")
        if result.returncode:
            raise AssertionError(result.stdout + result.stderr)
        cls.addClassCleanup(support.run, "database", cls.out, "stop")
        role = pwd.getpwuid(os.geteuid()).pw_name
        cls.url = f"host={cls.out / 'postgresql/run'} user={role} dbname=spendsense"

    def test_database_verifies(self):
        result = self.json("verify", self.out, "--database", self.url, "--quiet")
        self.assertEqual(result["verify_database"]["failed"], 0)
        for check in result["verify_database"]["not_passed"]:  # rows too few for a statistic
            self.assertRegex(check["detail"], "rows say too little|databases are not asked for it")

    def test_a_second_run_changes_nothing(self):
        before = support.files(self.out / "transactions")
        shown = self.synthgen("run", *RUN, "--users", "30", "--out", self.out, "--load").stdout
        self.assertIn("complete", shown)
        self.assertEqual(support.files(self.out / "transactions"), before)

    def test_schema_is_the_contracts(self):
        columns = psql(self.url, """SELECT table_name || '.' || column_name, udt_name ||
            coalesce('(' || character_maximum_length || ')', '') ||
            CASE WHEN udt_name = 'numeric' THEN '(' || numeric_precision || ',' || numeric_scale || ')' ELSE '' END ||
            CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END || coalesce(' default ' || column_default, '')
            FROM information_schema.columns WHERE table_schema = 'spendsense'""")
        stamp = "timestamptz not null default now()"
        self.assertEqual(dict(columns), {
            "profiles.user_id": "uuid not null", "profiles.email": "varchar(255) not null",
            "profiles.role": "varchar(20) not null", "profiles.created_at": stamp, "profiles.updated_at": stamp,
            "accounts.id": "uuid not null", "accounts.user_id": "uuid not null",
            "accounts.account_type": "varchar(30) not null", "accounts.account_number_last4": "varchar(4)",
            "accounts.balance": "numeric(10,2)", "accounts.limit": "numeric(10,2)", "accounts.created_at": stamp,
            "transactions.id": "uuid not null", "transactions.user_id": "uuid not null",
            "transactions.account_id": "uuid not null", "transactions.date": "date not null",
            "transactions.merchant": "varchar(255) not null", "transactions.amount": "numeric(10,2) not null",
            "transactions.category": "varchar(100)", "transactions.created_at": stamp})
        self.assertEqual(psql(self.url, "SELECT DISTINCT confdeltype FROM pg_constraint WHERE contype = 'f' AND "
                                        "connamespace = 'spendsense'::regnamespace"), [["c"]])
        indexes = "\n".join(row[0] for row in psql(self.url, "SELECT indexdef FROM pg_indexes WHERE schemaname = "
                                                             "'spendsense'"))
        self.assertIn("(user_id, date DESC)", indexes)
        self.assertRegex(indexes, r"UNIQUE INDEX \w+ ON spendsense.profiles USING btree \(email\)")

    def test_numbers_are_those_of_the_shards(self):
        document = self.json("verify", self.out, "--quiet", "--database", self.url)
        asked = {entry["name"]: entry for entry in document["certificate_database"]}
        curves = [entry["name"] for entry in document["certificate"] if entry != asked[entry["name"]]]
        self.assertEqual(curves, ["sign_ups", "spending"])

    def test_last_day_of_all(self):
        """Seconds since 1970 that no 32 bits hold, in SQL, too."""
        psql(self.url.replace("dbname=spendsense", "dbname=postgres"), "CREATE DATABASE late")
        self.synthgen("run", "--dataset", "spendsense", "--as-of", "2199-12-31", "--quiet", "--no-load", "--out", "late")
        result = self.json("load", "late", "--quiet", "--database", self.url.replace("dbname=spendsense", "dbname=late"))
        self.assertEqual(result["verify_database"]["failed"], 0)

    def test_everything_declared_catches_a_fault(self):
        """Every rule, entry and total fails in a copy of the database that is wrong in one of these ways."""
        named = set()
        for number, damage in enumerate(FAULTS):
            psql(self.url.replace("dbname=spendsense", "dbname=postgres"), f"CREATE DATABASE wrong{number} TEMPLATE spendsense")
            url = self.url.replace("dbname=spendsense", f"dbname=wrong{number}")
            spoil.loosen(url, "spendsense")
            psql(url, f"SET search_path = spendsense; {damage}")
            checks = self.json("verify", self.out, "--quiet", "--database", url, code="INVALID")["verify_database"]["not_passed"]
            named |= {check["check"] for check in checks if check["status"] == "fail"}
        rules, entries, totals = spoil.declared("spendsense")
        self.assertGreater(min(map(len, (rules, entries, totals))), 15)
        self.assertEqual((rules | entries | totals) - named, set())


if __name__ == "__main__":
    unittest.main()
