"""dbt on a loaded database: faults planted in it are named by the tests, old data is not fresh. That all is well on sound
data is what scripts/dbt itself proves.

timeout: 600
processors: 2
"""
import re
import subprocess

import database
import support
from database import psql

# What is done to the database, and the dbt tests that must fail for it.
FAULTS = {
    "UPDATE barsaas.stripe_charges SET amount = amount + 1 WHERE id = (SELECT min(id) FROM barsaas.stripe_charges)":
        {"marts_equal_planned_totals"},
    "DELETE FROM barsaas.attribution_touchpoints WHERE id = (SELECT max(id) FROM barsaas.attribution_touchpoints WHERE "
    "attribution_credit > 0)": {"rows_equal_planned_rows", "lead_credit_is_one"},
    "ALTER TABLE barsaas.locations DROP CONSTRAINT locations_account_id_fkey; UPDATE barsaas.locations SET account_id = 999 "
    "WHERE id = 1": {"source_relationships_raw_app_database_locations_customer_id"},
    "ALTER TABLE barsaas.users DROP CONSTRAINT users_role_labels; UPDATE barsaas.users SET role = 'boss' WHERE id = 1":
        {"source_accepted_values_raw_app_database_users_role"},
    "ALTER TABLE barsaas.users ALTER email DROP NOT NULL; UPDATE barsaas.users SET email = NULL WHERE id = 2":
        {"source_not_null_raw_app_database_users_email"},
    "UPDATE barsaas.device_health SET uptime = uptime / 2 WHERE event_count = (SELECT max(event_count) FROM "
    "barsaas.device_health h JOIN barsaas.accounts a ON a.id = h.account_id WHERE a.is_active)":
        {"uptime_agrees_with_device_health"},
}


class Dbt(database.Case):
    def dbt(self, *arguments):
        return subprocess.run([support.SOURCE / "scripts/dbt", *map(str, arguments)], capture_output=True, text=True,
                              timeout=500, stdin=subprocess.DEVNULL, env=support.environment(SYNTHGEN=support.SYNTHGEN))

    def failures(self, *arguments):
        """Names of the tests and sources that do not pass; the command must fail."""
        result = self.dbt(self.out, "--database", self.url("planted"), "--", *arguments, "--no-use-colors")
        self.assertNotEqual(result.returncode, 0, result.stdout)
        return re.findall(r"\d+ of \d+ (?:FAIL \d+|ERROR STALE freshness of) (\S+)", result.stdout)

    def test_planted_faults_are_named(self):
        psql(self.url("postgres"), "CREATE DATABASE planted TEMPLATE saas_platform_dev")
        psql(self.url("planted"), ";".join(FAULTS))
        built = self.dbt(self.out, "--database", self.url("planted"), "--", "run", "--no-use-colors")
        self.assertEqual(built.returncode, 0, built.stdout)
        failed = self.failures("test", "--select", "test_type:singular", "source:raw.app_database_users",
                               "source:raw.app_database_locations")
        wanted = set().union(*FAULTS.values())
        for name in wanted:
            self.assertTrue([one for one in failed if one.startswith(name)], f"{name} is not among {failed}")
        self.assertEqual(len(failed), len(wanted), failed)
        stale = self.failures("source", "freshness", "--select", "source:raw.app_database_tap_events")  # the as-of date of the run lies months back
        self.assertIn("raw.app_database_tap_events", stale)

    def test_what_it_cannot_do_is_said(self):
        result = self.dbt("--nonsense")
        self.assertEqual((result.returncode, "--nonsense" in result.stderr), (64, True))
        out = self.folder / "other"
        self.synthgen("--dataset", "spendsense", "--out", out, "--no-load", "--quiet")
        result = self.dbt(out, "--database", self.private)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("holds spendsense", result.stderr)
        result = self.dbt(self.out, "--database", self.new_database())
        self.assertIn("load them", result.stderr)


if __name__ == "__main__":
    database.unittest.main()
