"""screenbilling offline, end to end: ranks, formats, the JSON files, the load and its five views."""
# timeout: 300
import collections
import json
import pathlib
import shutil
import tempfile
import unittest

import database
import spoil
import support

RUN = ["--dataset", "screenbilling", "--seed", "7", "--as-of", "2026-06-30", "--quiet"]
MONTHS = ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]
CUSTOMERS = [100, 99, 98, 96, 95, 93, 92]
CONFIG = ["config/stripe_prices.json", "config/current_run.json", "config/sub_snapshots.json"]
PRICES = {"free": 0, "standard": 1000, "pro_plus": 1500, "engage": 3000, "enterprise": 4500}


def document(out, name):
    return json.loads((pathlib.Path(out) / name).read_text())


class Offline(support.Case):
    def test_ranks_and_threads_change_nothing(self):
        digests, files = set(), set()
        for ranks, threads in ((None, 1), (3, 2)):  # more blocks of customers than ranks, the last one short
            out = self.folder / f"r{ranks}"
            self.synthgen("run", *RUN, "--customers", "4100", "--no-load", "--threads", threads, "--out", out, ranks=ranks)
            digests.add(support.manifest(out)["root"])
            files.add(tuple((out / name).read_bytes() for name in CONFIG))
        self.assertEqual(len(digests), 1)
        self.assertEqual(len(files), 1)

    def test_default_size_is_the_contracts(self):
        plan = self.json("plan", "--dataset", "screenbilling", "--as-of", "2026-06-30")
        rows = {table["name"]: table["rows"] for table in plan["tables"]}
        self.assertEqual({name: rows[name] for name in ("customers", "subscriptions", "test_clocks", "prices",
                                                        "lifecycle_events", "sub_snapshots")},
                         {"customers": 100, "subscriptions": 100, "test_clocks": 34, "prices": 5,
                          "lifecycle_events": 30, "sub_snapshots": sum(CUSTOMERS)})

    def test_config_files_agree_with_the_rows(self):
        out = self.folder / "run"
        self.synthgen("run", *RUN, "--no-load", "--format", "csv", "--out", out)
        prices, current, snapshots = (document(out, name) for name in CONFIG)
        self.assertEqual(list(prices), ["price_ids", "price_to_plan"])
        self.assertEqual(list(prices["price_ids"]), list(PRICES))
        self.assertEqual(set(prices["price_to_plan"]), set(prices["price_ids"].values()))
        self.assertEqual(list(current), ["run_timestamp", "customer_ids", "clock_ids"])
        self.assertEqual(current["run_timestamp"], "2026-06-30T00:00:00+00:00")
        self.assertEqual((len(set(current["customer_ids"])), len(set(current["clock_ids"]))), (100, 34))
        self.assertEqual([row["month"] for row in snapshots],
                         [month for month, count in zip(MONTHS, CUSTOMERS) for _ in range(count)])
        for row in snapshots:
            self.assertEqual(list(row), ["month", "customer_id", "subscription_id", "plan", "price_id", "price_amount",
                                         "screens", "mrr_cents", "status"])
            self.assertEqual(row["price_id"], prices["price_ids"][row["plan"]])
            self.assertEqual(row["price_amount"], PRICES[row["plan"]])
            self.assertEqual(row["mrr_cents"], row["price_amount"] * row["screens"])
            self.assertIn(row["status"], ("active", "past_due"))
        lines = support.table_text(out, "sub_snapshots").decode().splitlines()[1:]
        self.assertEqual(sorted(lines), sorted(",".join(str(value) for value in row.values()) for row in snapshots))

    def test_manifest_knows_the_config_files(self):
        out = self.folder / "run"
        self.synthgen("run", *RUN, "--no-load", "--out", out)
        facts = support.manifest(out)["documents"]
        self.assertEqual([(one["path"], one["bytes"]) for one in facts], [(name, (out / name).stat().st_size) for name in CONFIG])
        self.assertEqual(len({one["digest"] for one in facts}), 3)
        self.synthgen("run", *RUN, "--no-load", "--out", self.folder / "ranks", ranks=3)
        self.assertEqual(support.manifest(self.folder / "ranks")["documents"], facts)
        whole = (out / CONFIG[2]).read_bytes()
        for damage in (whole.replace(b'"screens": 1', b'"screens": 2', 1), whole[:-1], None):
            (out / CONFIG[2]).unlink()
            if damage is not None:
                self.assertNotEqual(damage, whole)
                (out / CONFIG[2]).write_bytes(damage)
            shown = self.synthgen("verify", out, "--quiet", code="INVALID")
            self.assertIn(f"FAILED (all) document:{CONFIG[2]}", shown.stdout)
            (out / CONFIG[2]).write_bytes(whole)
        self.synthgen("verify", out, "--quiet")

    def test_partial_runs_have_no_config_and_overwrite_removes_it(self):
        out = self.folder / "run"
        self.synthgen("run", *RUN, "--no-load", "--out", out)
        (out / "config/mine.txt").write_text("kept")
        self.synthgen("run", *RUN, "--no-load", "--only", "customer=5", "--out", out, "--overwrite")
        self.assertEqual([path.name for path in (out / "config").iterdir()], ["mine.txt"])
        self.synthgen("verify", out, "--quiet")

    def test_failed_config_leaves_an_incomplete_run(self):
        out = self.folder / "run"
        failed = self.synthgen("run", *RUN, "--no-load", "--out", out, SYNTHGEN_FAULT="document.write:2:ENOSPC", code="IO")
        self.assertIn("current_run.json", failed.stderr)
        self.assertFalse((out / CONFIG[1]).exists())
        self.assertFalse((out / "manifest.json").exists())
        self.assertEqual(list(out.rglob("*.tmp")), [])
        self.synthgen("run", *RUN, "--no-load", "--out", out, "--resume")
        self.assertTrue(all((out / name).exists() for name in CONFIG))

    def test_documents_of_ranks_are_whole_or_not_there(self):
        """All ranks write a file together: what one of them meets, or a full disk, or a kill, leaves nothing under its name."""
        out = self.folder / "run"
        run = ["run", *RUN, "--customers", "2100", "--no-load", "--out", out]
        for fault, code in (("document.write:4:ENOSPC@1", "IO"), ("document.reserve:3:ENOSPC@0", "IO"), ("document.sync:3@2", "IO"),
                            ("document.rename:3@0", "IO"), ("document.write:1:kill@2", None)):
            with self.subTest(fault):
                failed = self.synthgen(*run, "--overwrite", ranks=3, SYNTHGEN_FAULT=fault, code=code)
                self.assertNotEqual(failed.returncode, 0)
                self.assertFalse((out / "manifest.json").exists())
                self.assertFalse((out / CONFIG[2]).exists())
                if code:
                    self.assertIn(CONFIG[2], failed.stderr)
                    self.assertEqual(list(out.rglob("*.tmp")), [])
        self.assertEqual(len(list(out.rglob("*.tmp"))), 1)  # of the killed rank's run
        self.synthgen(*run, "--resume", ranks=2)
        self.assertEqual(list(out.rglob("*.tmp")), [])
        self.synthgen("run", *RUN, "--customers", "2100", "--no-load", "--out", self.folder / "alone")
        self.assertEqual(support.manifest(out)["documents"], support.manifest(self.folder / "alone")["documents"])

    def test_larger_runs_scale(self):
        out = self.folder / "run"
        self.synthgen("run", *RUN, "--no-load", "--customers", "2000", "--out", out, ranks=2)
        months = collections.Counter(row["month"] for row in document(out, CONFIG[2]))
        self.assertEqual([months[month] for month in MONTHS], [20 * count for count in CUSTOMERS])


class Loaded(support.Case):
    maxDiff = None
    @classmethod
    def setUpClass(cls):
        base = pathlib.Path(tempfile.mkdtemp(prefix="synthgen-test-"))
        cls.addClassCleanup(shutil.rmtree, base, ignore_errors=True)
        base.chmod(0o755)
        cls.out = base / "run"
        result = support.run("run", *RUN, "--out", cls.out, "--load")
        if result.returncode:
            raise AssertionError(result.stdout + result.stderr)
        cls.addClassCleanup(support.run, "database", cls.out, "stop")
        cls.url = f"host={cls.out / 'postgresql/run'} dbname=screenbilling"

    def rows(self, sql):
        return database.psql(self.url, sql)

    def test_verifies_and_is_recognised(self):
        self.assertEqual(support.run("verify", self.out, "--quiet", "--database", "private").returncode, 0)
        again = support.run("load", self.out, "--quiet", "--json", "--database", "private")
        self.assertEqual(json.loads(again.stdout)["load"]["state"], "already complete")

    def test_views_agree_with_the_snapshots(self):
        snapshots = document(self.out, CONFIG[2])
        wanted = []
        for month in MONTHS:
            rows = [row for row in snapshots if row["month"] == month]
            due = [row for row in rows if row["status"] == "past_due"]
            wanted.append([month, f"{sum(row['mrr_cents'] for row in rows) / 100:.2f}",
                           str(sum(row["mrr_cents"] > 0 for row in rows)), str(len(rows)), str(len(rows) - len(due)),
                           str(len(due)), f"{sum(row['mrr_cents'] for row in due) / 100:.2f}"])
        self.assertEqual(self.rows("SELECT month, mrr_amount, paying_customers, total_customers, active_subscriptions, "
                                   "past_due_customers, at_risk_mrr FROM screenbilling.mrr_monthly"), wanted)
        self.assertEqual(self.rows("SELECT month, churned_customers FROM screenbilling.churn_monthly"),
                         [[month, str(a - b)] for month, a, b in zip(MONTHS[1:], CUSTOMERS, CUSTOMERS[1:])])
        self.assertEqual(self.rows("SELECT plan, customers FROM screenbilling.customers_by_plan WHERE month = '2025-12'"),
                         [["free", "25"], ["standard", "18"], ["pro_plus", "32"], ["engage", "15"], ["enterprise", "10"]])
        for view in ("mrr_by_plan", "arppu_monthly"):
            sums = self.rows(f"SELECT month, sum(mrr_amount) FROM screenbilling.{view} GROUP BY 1 ORDER BY 1")
            self.assertEqual(sums, [row[:2] for row in wanted])

    def test_revenue_moves_with_events(self):
        """The change of revenue from month to month is the sum of its events."""
        self.assertEqual(self.rows(
            "WITH moved AS (SELECT month, sum(mrr_after_cents - mrr_before_cents) AS cents FROM "
            "screenbilling.lifecycle_events GROUP BY month), revenue AS (SELECT month, 100 * (mrr_amount - lag(mrr_amount) "
            "OVER (ORDER BY month)) AS cents FROM screenbilling.mrr_monthly) SELECT * FROM revenue LEFT JOIN moved USING "
            "(month) WHERE revenue.cents <> coalesce(moved.cents, 0)"), [])

    def test_views_that_are_gone_or_changed_are_named(self):
        for damage, said in (("DROP VIEW screenbilling.churn_monthly", "screenbilling.churn_monthly is gone"),
                             ("CREATE OR REPLACE VIEW screenbilling.customers_by_plan AS SELECT month, plan, count(*) AS customers, "
                              "0.0 AS percent FROM screenbilling.sub_snapshots GROUP BY 1, 2",
                              "screenbilling.customers_by_plan says something else")):
            with self.subTest(damage):
                self.rows("DROP DATABASE IF EXISTS without_views")
                self.rows("CREATE DATABASE without_views TEMPLATE screenbilling")
                url = self.url.replace("dbname=screenbilling", "dbname=without_views")
                self.synthgen("verify", self.out, "--quiet", "--database", url)
                database.psql(url, damage)
                shown = self.synthgen("verify", self.out, "--quiet", "--database", url, code="INVALID")
                self.assertIn(said, shown.stdout + shown.stderr)

    def test_three_customers_to_a_clock(self):
        self.assertEqual(self.rows("SELECT k.customer_count, count(*) FROM screenbilling.test_clocks k JOIN (SELECT "
                                   "test_clock_id AS id, count(*) AS n FROM screenbilling.customers GROUP BY 1) c USING "
                                   "(id) WHERE n = k.customer_count GROUP BY 1 ORDER BY 1"), [["1", "1"], ["3", "33"]])

    def test_planted_faults_are_named(self):
        for table, damage, repair, where, check in (
                ("sub_snapshots", "mrr_cents = mrr_cents + 1", "mrr_cents = mrr_cents - 1",
                 "month = '2026-03' AND plan = 'engage'", "snapshot_mrr_is_product"),
                ("invoices", "amount_due = amount_due + 1", "amount_due = amount_due - 1",
                 "status = 'paid' AND attempt_count = 1 AND amount_due > 0", "invoice_due_is_product"),
                ("lifecycle_events", "event = 'upgrade'", "event = 'cancellation'", "plan_after IS NULL",
                 "others_keep_a_plan"),
                ("lifecycle_events", "mrr_after_cents = 7", "mrr_after_cents = 0", "event = 'cancellation'",
                 "cancellation_leaves_no_revenue")):
            with self.subTest(check):
                self.rows(f"UPDATE screenbilling.{table} SET {damage} WHERE {where}")
                shown = support.run("verify", self.out, "--database", "private", "--quiet")
                self.assertEqual(shown.returncode, support.CODES["INVALID"])
                self.assertIn(check, shown.stdout)
                self.rows(f"UPDATE screenbilling.{table} SET {repair} WHERE {where}")

    # Left alone by the general rounds; then they go wrong, too, children before parents.
    IDS = ("id", "customer_id", "subscription_id", "price_id", "product_id", "invoice_id", "test_clock_id", "month")
    ROUNDS = ["""SET search_path = screenbilling;
        UPDATE lifecycle_events SET customer_id = (SELECT max(id) FROM customers), event = 'downgrade', plan_after = 'free', plan_before =
            CASE WHEN hashtext(customer_id) % 2 = 0 THEN 'engage' ELSE 'enterprise' END; UPDATE customers SET event_count = 1;
        UPDATE invoices SET customer_id = (SELECT max(id) FROM customers); UPDATE prices SET plan = 'engage', unit_amount = 1;
        UPDATE payments SET customer_id = (SELECT min(id) FROM customers), amount = -1;
        UPDATE sub_snapshots SET customer_id = (SELECT max(id) FROM customers), mrr_cents = 1000 * right(month, 1)::integer""",
              """SET search_path = screenbilling;
        UPDATE subscriptions SET customer_id = (SELECT max(id) FROM customers); UPDATE sub_snapshots SET month = 'none';
        UPDATE prices SET product_id = (SELECT max(id) FROM products)"""]

    def test_everything_declared_catches_a_fault(self):
        """In SQL; tests/unit/test_screenbilling_distortions.c plants faults in shards."""
        out, url = self.out.parent / "more", self.url.replace("dbname=screenbilling", "dbname=more")
        self.rows("CREATE DATABASE more")
        self.synthgen("run", *RUN, "--customers", "2000", "--out", out, "--no-load")
        self.synthgen("load", out, "--quiet", "--database", url)
        rules, entries, totals = spoil.declared("screenbilling")
        seen = spoil.seen(self, out, url, "screenbilling", "(ctid::text::point)[1]::bigint", self.IDS, self.ROUNDS)
        self.assertEqual(sorted((rules | entries | totals) - seen), [])

    def test_events_by_month(self):
        counts = collections.Counter((month, kind) for month, kind in
                                     self.rows("SELECT month, event FROM screenbilling.lifecycle_events"))
        wanted = [(2, 0, 1, 1), (3, 1, 1, 1), (2, 0, 2, 1), (3, 1, 1, 0), (3, 0, 2, 1), (2, 0, 1, 1)]
        kinds = ("upgrade", "downgrade", "cancellation", "past_due")
        self.assertEqual([tuple(counts[month, kind] for kind in kinds) for month in MONTHS[1:]], wanted)


if __name__ == "__main__":
    unittest.main()
