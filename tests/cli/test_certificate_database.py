"""The certificate in PostgreSQL: the same numbers as on shards, and every planted distortion named by its own entries.
timeout: 400
processors: 2
"""
import json

import database
import support
from database import psql

# What is done to the database; entries of the certificate that must fail (these and no others); further checks that must.
# Distortions of one group are planted together, in tables of their own.
GROUPS = [
    {
        "hours shifted by three": (
            "UPDATE barsaas.tap_events SET timestamp = timestamp - interval '3 hours'",
            {"tap_hours"}, {("tap_events", "tap_not_before_installation")}),
        "one account of another tier": (
            "UPDATE barsaas.accounts SET subscription_tier = 'Enterprise' WHERE id = (SELECT min(id) FROM barsaas.accounts WHERE"
            " subscription_tier = 'Basic')", {"account_tiers", "total mrr_active_basic", "total mrr_active_enterprise"}, {("accounts", "account_mrr_of_enterprise")}),
        "a doubled charge": (
            "UPDATE barsaas.stripe_charges SET amount = 2 * amount WHERE id = (SELECT min(id) FROM barsaas.stripe_charges)",
            {"charged_is_invoiced", "received_is_charged", "total charged"}, set()),
        "an item at another price": (
            "UPDATE barsaas.stripe_subscription_items SET amount = amount + 1 WHERE id = (SELECT min(id) FROM"
            " barsaas.stripe_subscription_items)", {"total item_amount"},
            {("stripe_subscription_items", "item_amount_is_price_times_quantity")}),
        "a touchpoint after its conversion": (
            "UPDATE barsaas.attribution_touchpoints t SET timestamp = l.mql_date + interval '1 hour' FROM"
            " barsaas.marketing_qualified_leads l WHERE l.lead_id = t.mql_id AND t.id = 40",
            set(), {("attribution_touchpoints", "touch_before_mql")}),
        "an orphan": (
            "SET session_replication_role = replica; UPDATE barsaas.page_views SET session_id = 99999999 WHERE id = 77",
            set(), {("page_views", "foreign_key:session_id")}),
    },
    {
        "a device that moves": (
            "UPDATE barsaas.tap_events SET location_id = location_id % (SELECT max(id) FROM barsaas.locations) + 1 WHERE"
            " id BETWEEN 500 AND 502", set(), {("tap_events", "tap_location_is_devices")}),
        "a user of another role": (
            "UPDATE barsaas.users SET role = 'Admin' WHERE id = (SELECT min(id) FROM barsaas.users WHERE role = 'Staff')",
            {"user_roles"}, set()),
        "a paid invoice taken back": (
            "UPDATE barsaas.stripe_invoices SET status = 'open' WHERE id IN (SELECT id FROM barsaas.stripe_invoices WHERE"
            " status = 'paid' ORDER BY id LIMIT 40)", {"payment_success", "charges_of_paid_invoices", "total invoiced_open",
                                                     "total invoiced_paid", "total invoices_paid"}, set()),
        "urgent tickets only": (
            "UPDATE barsaas.hubspot_tickets SET priority = 'URGENT' WHERE device_id IS NULL",
            {"ticket_priorities", "seconds_to_first_response_urgent", "seconds_to_close_urgent"}, set()),
        "a spend that nobody reported": (
            "UPDATE barsaas.campaign_performance SET spend = spend + 1 WHERE date = (SELECT min(date) FROM"
            " barsaas.campaign_performance)", {"campaign_spend_by_day", "total performance_spend"}, {("campaign_performance", "performance_spend_sum")}),
        "an event that was not counted": (
            "UPDATE barsaas.device_health SET event_count = event_count + 1 WHERE (device_id, week_start) = (SELECT device_id,"
            " week_start FROM barsaas.device_health ORDER BY 1, 2 LIMIT 1)", {"health_events", "total device_events"}, set()),
        "a location of one account given to another": (
            "UPDATE barsaas.locations SET account_id = (SELECT account_id FROM barsaas.locations GROUP BY 1 ORDER BY count(*)"
            " DESC LIMIT 1) WHERE id = (SELECT min(id) FROM barsaas.locations l WHERE (SELECT count(*) FROM barsaas.locations o"
            " WHERE o.account_id = l.account_id) = 1)", {"locations_per_account"}, set()),
        "visits that all last long": (
            "UPDATE barsaas.google_analytics_sessions SET session_duration = session_duration + 60 WHERE page_views = 2",
            {"web_visit_of_two_pages", "visit_seconds"}, set()),
    },
]


class CertificateInDatabase(database.Case):
    arguments = [*support.SEED, "--accounts", "100", "--quiet"]

    def test_numbers_are_those_of_the_shards(self):
        document = self.json("verify", self.out, "--quiet", "--database", self.private)
        shards, asked = document["certificate"], document["certificate_database"]
        self.assertEqual([entry["name"] for entry in shards], [entry["name"] for entry in asked])
        curves = 0
        for of_shards, of_database in zip(shards, asked):
            if of_shards["detail"].startswith("not judged"):
                curves += 1
                self.assertEqual((of_database["status"], of_database["rows"]), ("skip", 0))
            else:
                self.assertEqual(of_shards, of_database)
        self.assertGreater(sum(entry["status"] == "pass" for entry in asked), 60)
        self.assertLess(curves, 12)

    def test_distortions_are_named(self):
        for group in GROUPS:
            url = self.new_database("saas_platform_dev")
            for sql, _, _ in group.values():
                psql(url, sql)
            document = self.json("verify", "--quiet", "--database", url, self.out, code="INVALID")
            failed = {(check["table"], check["check"]): check["detail"] for check in
                      document["verify_database"]["not_passed"] if check["status"] == "fail"}
            entries = {name for _, name in failed if name.startswith(("certificate ", "total "))}
            expected = {entry if entry.startswith("total ") else "certificate " + entry
                        for _, wanted, _ in group.values() for entry in wanted}
            self.assertEqual(entries, expected, failed)
            for distortion, (_, _, checks) in group.items():
                with self.subTest(distortion):
                    self.assertLessEqual(checks, set(failed))
            self.assertEqual({entry["name"] for entry in document["certificate_database"] if entry["status"] == "fail"},
                             {name.split()[1] for name in expected})
            self.check_report(url, failed)
            psql(self.url("postgres"), f"DROP DATABASE {url.split('dbname=')[1]}")

    def check_report(self, url, failed):
        """The report of sound shards beside a distorted database."""
        self.synthgen("report", self.out, "--quiet", "--database", url, code="INVALID")
        summary = json.loads((self.out / "summary.json").read_text())
        self.assertEqual((summary["valid"], summary["database"]["valid"]), (True, False))
        self.assertEqual({(one["table"], one["check"]) for one in summary["database"]["failures"]}, set(failed))
        page = (self.out / "report.html").read_text()
        self.assertIn("Valid: all", page)
        self.assertRegex(page, rf"In the [^<]+: {len(failed)} of \d+ checks fail")

    def test_table_that_is_gone_skips_its_entries(self):
        url = self.new_database("saas_platform_dev")
        psql(url, "DROP TABLE barsaas.device_health CASCADE")
        document = self.json("verify", "--quiet", "--database", url, self.out, code="INVALID")
        status = {entry["name"]: entry["status"] for entry in document["certificate_database"]}
        self.assertEqual((status["health_events"], status["tap_hours"]), ("skip", "pass"))


if __name__ == "__main__":
    database.unittest.main()
