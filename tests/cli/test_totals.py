"""Totals: what plan prints before a byte is written is what the rows hold, counted here anew from the shards.

labels: quick
"""
import csv
import io
import json
import unittest
from collections import Counter

import support


def hundredths(text):
    """A decimal of two digits as an integer."""
    return int(text.replace(".", ""))


class Totals(support.Case):
    def rows(self, out, table):
        text = support.table_text(self.folder / out, table).decode()
        names = list(json.loads((support.SOURCE / f"docs/catalog/{support.manifest(self.folder / out)['dataset']}.schema.json")
                                .read_text())["$defs"][table]["properties"])
        rows = list(csv.reader(io.StringIO(text)))
        return [dict(zip(names, row)) for row in rows if row != names]

    def planned(self, *arguments):
        return {total["name"]: total["value"] for total in self.json("plan", *arguments)["totals"]}

    def test_barsaas_keeps_what_its_plan_promises(self):
        arguments = ["--accounts", 30, *support.SEED, "--format", "csv"]
        planned = self.planned(*arguments)
        self.synthgen(*arguments, "--out", "run", "--quiet", "--no-load")
        self.assertEqual(support.manifest(self.folder / "run")["totals"], planned)
        accounts, invoices = self.rows("run", "accounts"), self.rows("run", "stripe_invoices")
        charges, touches = self.rows("run", "stripe_charges"), self.rows("run", "attribution_touchpoints")
        self.assertEqual(planned["mrr_active"], sum(hundredths(row["mrr"]) for row in accounts if row["is_active"] == "t"))
        self.assertEqual(planned["accounts_lost"], sum(row["is_active"] == "f" for row in accounts))
        self.assertEqual(planned["invoiced"], sum(int(row["amount_due"]) for row in invoices))
        self.assertEqual(planned["charged"], sum(int(row["amount"]) for row in charges))
        by_status, credit = Counter(), Counter()
        for row in invoices:
            by_status[row["status"]] += int(row["amount_due"])
        for row in touches:
            credit[row["channel"]] += hundredths(row["attribution_credit"])
        for status in ("paid", "void", "uncollectible"):
            self.assertEqual(planned[f"invoiced_{status}"], by_status[status])
        for channel in ("organic", "paid_search", "paid_social", "email", "direct", "referral"):
            self.assertEqual(planned[f"credit_{channel}"], credit[channel])
        self.assertEqual(planned["device_events"], len(self.rows("run", "tap_events")))
        self.assertEqual(planned["session_page_views"], len(self.rows("run", "page_views")))

    def test_the_other_data_sets_keep_what_their_plans_promise(self):
        def written(*arguments):
            self.synthgen("--dataset", *arguments, *support.SEED, "--format", "csv", "--out", arguments[0], "--quiet",
                          "--no-load")
            return self.planned("--dataset", *arguments, *support.SEED)
        planned = written("cardholders", "--customers", 30)
        self.assertEqual(planned["credit_limit"], sum(int(row["credit_limit"]) for row in self.rows("cardholders", "customers")))
        self.assertEqual(planned["approved"], sum(hundredths(row["transaction_amount"]) for row in
                                                  self.rows("cardholders", "transactions") if row["status"] == "approved"))
        planned = written("homeservices", "--customers", 30)
        bookings = self.rows("homeservices", "bookings")
        for total, column in (("sgst", "sgst_amount"), ("igst", "igst_amount"), ("gst", "total_gst"), ("booked", "total")):
            self.assertEqual(planned[total], sum(hundredths(row[column]) for row in bookings), total)
        planned = written("screenbilling", "--customers", 30)
        invoices = self.rows("screenbilling", "invoices")
        self.assertEqual(planned["invoiced"], sum(int(row["amount_due"]) for row in invoices))
        self.assertEqual(planned["collected"], sum(int(row["amount_paid"]) for row in invoices))
        planned = written("spendsense", "--users", 30)
        self.assertEqual(planned["card_limits"], sum(hundredths(row["limit"] or "0.00") for row in
                                                     self.rows("spendsense", "accounts")))
        self.assertEqual(planned["interest"], sum(hundredths(row["amount"]) for row in self.rows("spendsense", "transactions")
                                                  if row["category"] == "Interest Charge"))

    def test_ranks_plan_the_same_totals(self):
        arguments = ["--accounts", 700, *support.SEED, "--tables", "accounts,campaigns", "--quiet", "--no-load"]
        self.synthgen(*arguments, "--out", "alone")
        self.synthgen(*arguments, "--out", "three", ranks=3)
        totals = [support.manifest(self.folder / out)["totals"] for out in ("alone", "three")]
        self.assertEqual(*totals)
        self.assertEqual({name: totals[0][name] for name in self.planned(*arguments[:-2])},
                         self.planned(*arguments[:-2], "--threads", 1))

    def test_a_plan_tells_totals_of_its_tables_only(self):
        names = self.planned("--accounts", 5, *support.SEED, "--tables", "accounts")
        self.assertIn("mrr_active", names)
        self.assertNotIn("invoiced", names)
        self.assertNotIn("totals", self.json("plan", "--accounts", 5, *support.SEED, "--only", "account=2"))

    def test_every_data_set_fits_its_totals_and_names_one_that_is_off(self):
        sizes = {"barsaas": ["--accounts", 6], "cardholders": ["--customers", 40], "spendsense": ["--users", 20],
                 "homeservices": ["--customers", 40], "screenbilling": ["--customers", 40]}
        for dataset in self.json("datasets")["datasets"]:
            name = dataset["name"]
            with self.subTest(name):
                self.synthgen("--dataset", name, *sizes[name], *support.SEED, "--out", name, "--quiet", "--no-load")
                path = self.folder / name / "manifest.json"
                manifest = json.loads(path.read_text())
                entries = {entry["name"]: entry for entry in self.json("verify", name, "--quiet")["certificate"]}
                for total, value in manifest["totals"].items():
                    self.assertEqual((entries[total]["status"], entries[total]["measured"]), ("pass", value))
                off = sorted(manifest["totals"])[0]
                manifest["totals"][off] += 1
                path.write_text(json.dumps(manifest))
                failed = self.json("verify", name, "--quiet", code="INVALID")["certificate"]
                self.assertEqual([entry["name"] for entry in failed if entry["status"] == "fail"], [off])
                text = self.synthgen("verify", name, "--quiet", code="INVALID").stdout
                self.assertIn(f"the plan says {manifest['totals'][off]}", text)

    def test_a_manifest_with_wrong_totals_is_refused(self):
        self.synthgen("--accounts", 3, *support.SEED, "--out", "run", "--quiet", "--no-load")
        path = self.folder / "run" / "manifest.json"
        manifest = json.loads(path.read_text())
        for totals in ({"mrr_active": 1}, dict(manifest["totals"], mrr_active="1"), []):
            path.write_text(json.dumps(dict(manifest, totals=totals)))
            self.assertIn("totals", self.synthgen("verify", "run", "--quiet", code="CORRUPT").stderr)


if __name__ == "__main__":
    unittest.main()
