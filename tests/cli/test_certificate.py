"""The certificate: every entry of the declared model is measured by verify, told as text and JSON, and merged over ranks.

labels: quick
"""
import re
import unittest

import support


class Certificate(support.Case):
    def test_entries_are_those_of_the_catalog_and_fit(self):
        self.synthgen("--accounts", 30, *support.SEED, "--out", "run", "--quiet")
        entries = self.json("verify", "run", "--quiet")["certificate"]
        page = (support.SOURCE / "docs/catalog/barsaas.md").read_text()
        model = page.split("\n## Declared model\n")[1].split("\n## ")[0]
        totals = page.split("\nTotals that `plan` prints")[1].split("\n| figure")[0]
        self.assertEqual([entry["name"] for entry in entries], re.findall(r"^\| `(\w+)` \|", model, re.M) +
                         re.findall(r"^\| `(\w+)`, ", totals, re.M))
        self.assertEqual([entry for entry in entries if entry["status"] == "fail"], [])
        passed = {entry["name"] for entry in entries if entry["status"] == "pass"}
        self.assertLessEqual({"account_tiers", "payment_success", "charged_is_invoiced", "health_events", "churn_year_5"},
                             passed)
        for entry in entries:
            if entry["status"] == "pass" and "p" not in entry:
                self.assertLessEqual(abs(entry["measured"] - entry["expected"]), entry["allowed"] + 1e-9, entry)
        text = self.synthgen("verify", "run", "--quiet").stdout
        for entry in entries:
            self.assertRegex(text, rf"(?m)^{entry['status']} +{entry['name']} ")

    def test_ranks_measure_the_same(self):
        self.synthgen("--accounts", 12, *support.SEED, "--out", "run", "--quiet")
        alone = self.json("verify", "run", "--quiet", "--threads", 1)["certificate"]
        three = self.json("verify", "run", "--quiet", ranks=3)["certificate"]
        self.assertEqual(alone, three)

    def test_parts_of_a_run_skip_what_they_lack(self):
        self.synthgen("--accounts", 30, *support.SEED, "--tables", "accounts,users", "--out", "part", "--quiet")
        entries = {entry["name"]: entry["status"] for entry in self.json("verify", "part", "--quiet")["certificate"]}
        self.assertEqual(entries["account_tiers"], "pass")
        self.assertEqual(entries["user_roles"], "pass")
        self.assertEqual(entries["payment_success"], "skip")
        self.synthgen("--accounts", 30, *support.SEED, "--only", "account=3", "--out", "one", "--quiet")
        self.assertEqual(self.json("verify", "one", "--quiet").get("certificate", []), [])


if __name__ == "__main__":
    unittest.main()
