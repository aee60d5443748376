"""Each fault planted in a loaded database must be named by verify --database: table, check and offending row.
timeout: 600
processors: 2
"""
import json

import database
import support
from database import psql, value

# What is done to the database, and the (table, check) that must fail, with the offender's key where one row is meant.
FAULTS = {
    "deleted row": ("DELETE FROM barsaas.page_views WHERE id = 100",
                    {("page_views", "rows"): None, ("page_views", "fingerprint"): None,
                     ("page_views", "page_view_ids_dense"): "after 99"}),
    "deleted last row": ("DELETE FROM barsaas.tap_events WHERE id = (SELECT max(id) FROM barsaas.tap_events)",
                         {("tap_events", "rows"): None, ("tap_events", "fingerprint"): None}),
    "two cells exchanged": ("UPDATE barsaas.tap_events a SET volume_ml = b.volume_ml FROM barsaas.tap_events b WHERE "
                            "a.id IN (1, 2) AND b.id = 3 - a.id AND a.volume_ml <> b.volume_ml RETURNING 1",
                            {("tap_events", "fingerprint"): None}),
    "changed amount": ("UPDATE barsaas.stripe_invoices SET amount_due = 0 WHERE number = (SELECT min(number) FROM "
                       "barsaas.stripe_invoices)", {("stripe_invoices", "fingerprint"): None,
                                                    ("stripe_invoices", "invoice_positive"): "in_",
                                                    ("stripe_invoices", "total invoiced"): None}),
    "a cent more": ("UPDATE barsaas.stripe_charges SET amount = amount + 1 WHERE id = (SELECT min(id) FROM "
                    "barsaas.stripe_charges)", {("stripe_charges", "total charged"): None}),
    "credit moved to another channel": (
        "UPDATE barsaas.attribution_touchpoints SET channel = 'referral' WHERE id = (SELECT min(id) FROM "
        "barsaas.attribution_touchpoints WHERE channel = 'direct' AND attribution_credit > 0)",
        {("attribution_touchpoints", "total credit_direct"): None, ("attribution_touchpoints", "total touches_referral"): None}),
    "amount above what is due": ("UPDATE barsaas.stripe_invoices SET amount_paid = amount_due + 1 WHERE number = "
                                 "(SELECT min(number) FROM barsaas.stripe_invoices)",
                                 {("stripe_invoices", "invoice_paid_at_most_due"): "in_"}),
    "orphan": ("ALTER TABLE barsaas.tap_events DROP CONSTRAINT tap_events_device_id_fkey;"
               "UPDATE barsaas.tap_events SET device_id = 999999 WHERE id = 5",
               {("tap_events", "foreign_key_constraint:device_id"): None, ("tap_events", "foreign_key:device_id"): "5"}),
    "orphan of a dense key": ("ALTER TABLE barsaas.feature_usage DROP CONSTRAINT feature_usage_feature_id_fkey;"
                              "UPDATE barsaas.feature_usage SET feature_id = 30000 WHERE id = 7",
                              {("feature_usage", "foreign_key_constraint:feature_id"): None,
                               ("feature_usage", "foreign_key:feature_id"): "7"}),
    "parent deleted under its children": (
        "SET session_replication_role = replica; DELETE FROM barsaas.users WHERE id = 2",
        {("users", "rows"): None, ("users", "user_ids_dense"): "after 1", ("user_sessions", "foreign_key:user_id"): None}),
    "foreign key not validated": (
        "ALTER TABLE barsaas.devices DROP CONSTRAINT devices_location_id_fkey; ALTER TABLE barsaas.devices ADD CONSTRAINT "
        "devices_location_id_fkey FOREIGN KEY (location_id) REFERENCES barsaas.locations (id) NOT VALID",
        {("devices", "foreign_key_constraint:location_id"): None}),
    "NULL": ("ALTER TABLE barsaas.users ALTER email DROP NOT NULL; UPDATE barsaas.users SET email = NULL WHERE id = 3",
             {("users", "not_null_constraint:email"): None, ("users", "not_null:email"): "3"}),
    "NULL where NULL may be": ("UPDATE barsaas.stripe_invoices SET paid_at = NULL",
                               {("stripe_invoices", "fingerprint"): None}),
    "undeclared label": ("ALTER TABLE barsaas.users DROP CONSTRAINT users_role_labels; UPDATE barsaas.users SET role = "
                         "'boss' WHERE id = 4", {("users", "labels_constraint:role"): None, ("users", "labels:role"): "4"}),
    "key twice": ("ALTER TABLE barsaas.campaign_performance DROP CONSTRAINT campaign_performance_pkey;"
                  "INSERT INTO barsaas.campaign_performance SELECT * FROM barsaas.campaign_performance ORDER BY date LIMIT 1",
                  {("campaign_performance", "primary_key"): None, ("campaign_performance", "rows"): None,
                   ("campaign_performance", "key_unique"): ", 20"}),
    "unique value twice": ("UPDATE barsaas.users SET email = (SELECT email FROM barsaas.users WHERE id = 1) WHERE id = 2",
                           {("users", "user_emails_unique"): "@"}),
    "time order": ("UPDATE barsaas.accounts SET created_at = updated_at + interval '1 day' WHERE id = 1",
                   {("accounts", "account_created_before_updated"): "1"}),
    "gap in a chain": ("UPDATE barsaas.stripe_invoices SET period_start = period_start + interval '1 second' WHERE id = "
                       "(SELECT max(id COLLATE \"C\") FROM barsaas.stripe_invoices)",
                       {("stripe_invoices", "invoice_periods_without_gap"): "in_"}),
    "events out of order": ("UPDATE barsaas.stripe_events SET created = '2026-06-29' WHERE id = "
                            "(SELECT min(id COLLATE \"C\") FROM barsaas.stripe_events)",
                            {("stripe_events", "events_of_account_in_order"): "evt_"}),
    "last row is not the parent's": ("UPDATE barsaas.subscriptions SET mrr = mrr + 1 WHERE id = (SELECT max(id) FROM "
                                     "barsaas.subscriptions)", {("subscriptions", "subscription_last_mrr_is_accounts"): ""}),
    "MRR outside its tier's band": (
        "UPDATE barsaas.accounts SET mrr = 5000 WHERE id = (SELECT min(id) FROM barsaas.accounts WHERE subscription_tier = "
        "'Basic')", {("accounts", "account_mrr_of_basic"): ""}),
    "unpaid but taken": ("UPDATE barsaas.stripe_invoices SET amount_paid = amount_due - 1 WHERE id = (SELECT min(id) FROM "
                         "barsaas.stripe_invoices WHERE status = 'paid')",
                         {("stripe_invoices", "invoice_paid_in_full"): "in_"}),
    "future": ("UPDATE barsaas.tap_events SET timestamp = '2030-01-01' WHERE id = 9", {("tap_events", "tap_in_the_past"): "9"}),
    "before its parent": ("UPDATE barsaas.user_sessions SET session_start = '1999-01-01' WHERE id = 11",
                          {("user_sessions", "fingerprint"): None, ("user_sessions", "*"): "11"}),
    "sum of children": ("UPDATE barsaas.campaign_performance SET spend = spend + 1 WHERE date = (SELECT min(date) FROM "
                        "barsaas.campaign_performance)", {("campaign_performance", "performance_spend_sum"): ""}),
    "count of children": ("UPDATE barsaas.user_sessions SET page_views = page_views + 1 WHERE id = 12",
                          {("page_views", "page_views_as_session_says"): "12"}),
    "index dropped": ("DROP INDEX barsaas.stripe_invoices_account_id",
                      {("stripe_invoices", "index:stripe_invoices_account_id"): None}),
    "table dropped": ("DROP TABLE barsaas.device_health CASCADE", {("device_health", "columns"): None}),
    "column type changed": ("ALTER TABLE barsaas.device_health ALTER event_count TYPE numeric",
                            {("device_health", "columns"): None}),
    "column added": ("ALTER TABLE barsaas.locations ADD mine integer", {("locations", "columns"): None}),
    "view dropped": ("DROP VIEW raw.app_database_tap_events CASCADE", {("", "views"): None}),
    "load not complete": ("UPDATE synthgen.run SET state = 'loading'", {("", "load_complete"): None}),
}


class VerifyDatabase(database.Case):
    def failures(self, url):
        """{(table, check): offending rows as text} of what verification finds, which must end in INVALID."""
        document = self.json("verify", self.out, "--quiet", "--database", url, code="INVALID")
        self.assertEqual(document["status"], "invalid")
        return {(check["table"], check["check"]): " | ".join(check["rows"])
                for check in document["verify_database"]["not_passed"] if check["status"] == "fail"}

    def test_whole_database_passes(self):
        result = self.json("verify", self.out, "--quiet", "--database", self.private)["verify_database"]
        self.assertEqual(result["failed"], 0)
        self.assertEqual([check for check in result["not_passed"] if not check["check"].startswith("certificate ")], [])
        self.assertGreater(result["passed"], 500)

    def test_faults_are_named(self):
        for fault, (sql, expected) in FAULTS.items():
            with self.subTest(fault):
                url = self.new_database("saas_platform_dev")
                psql(url, sql)
                found = self.failures(url)
                for (table, check), key in expected.items():
                    if check == "*":  # some rule of the table, whatever its name
                        self.assertTrue([name for name in found if name[0] == table and key in found[name]], found)
                        continue
                    self.assertIn((table, check), found)
                    if key is not None:
                        self.assertIn(key, found[(table, check)])
                psql(self.url("postgres"), f"DROP DATABASE {url.split('dbname=')[1]}")

    def test_table_for_people_names_offenders(self):
        url = self.new_database("saas_platform_dev")
        psql(url, FAULTS["orphan"][0])
        result = self.synthgen("verify", self.out, "--quiet", "--database", url, code="INVALID")
        self.assertRegex(result.stdout, r"FAILED tap_events foreign_key:device_id: device_id has no row in devices \[1 rows: 5\]")
        self.assertIn("checks failed", result.stderr)

    def test_fault_is_found_after_each_load(self):
        url = self.new_database("saas_platform_dev")
        psql(url, FAULTS["deleted row"][0])
        self.load(url, code="INVALID")

    def test_empty_database_is_named(self):
        found = self.failures(self.new_database())
        self.assertIn(("", "load_complete"), found)
        self.assertIn(("accounts", "columns"), found)

    def test_other_run_is_named(self):
        out = self.folder / "other"
        self.synthgen("run", "--seed", "8", "--as-of", "2026-06-30", "--accounts", "3", "--quiet", "--out", out, "--no-load")
        document = self.json("verify", out, "--quiet", "--database", self.private, code="INVALID")
        failed = {(check["table"], check["check"]) for check in document["verify_database"]["not_passed"]}
        self.assertIn(("", "load_complete"), failed)
        self.assertIn(("tap_events", "fingerprint"), failed)


if __name__ == "__main__":
    database.unittest.main()
