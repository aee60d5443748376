"""The report: one page without network that tells tables, certificate and charts, also of data that fails.

labels: quick
"""
import html.parser
import json
import unittest

import support


class Page(html.parser.HTMLParser):
    """Collects the text by tag and checks that figures, drawings and tables are closed in order."""
    PAIRED = {"figure", "svg", "table", "div", "h1", "h2", "h3", "ul", "title", "text", "rect"}

    def __init__(self, text):
        super().__init__()
        self.open, self.texts, self.faults, self.links = [], {}, [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag in self.PAIRED:
            self.open.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if tag in self.PAIRED and (not self.open or self.open.pop() != tag):
            self.faults.append(tag)

    def handle_data(self, data):
        for tag in set(self.open):
            self.texts.setdefault(tag, []).append(data)


class Report(support.Case):
    def page(self, folder):
        text = (self.folder / folder / "report.html").read_text()
        page = Page(text)
        self.assertEqual((page.faults, page.open), ([], []))
        return text, page

    def test_page_tells_tables_certificate_and_charts(self):
        self.synthgen("--accounts", 25, *support.SEED, "--out", "run", "--quiet")
        document = self.json("report", "run", "--quiet")
        self.assertEqual(document["report"], "run/report.html")
        text, page = self.page("run")
        shown = " ".join(page.texts["table"])
        for table in support.manifest(self.folder / "run")["tables"]:
            self.assertIn(table["name"], shown)
            self.assertIn(f"{table['rows']:,}", shown)
        for entry in document["certificate"]:
            if "curve of the report" not in entry["detail"]:
                self.assertIn(entry["name"].replace("_", " "), shown)
        self.assertIn("accounts created: rows", page.texts["h3"])
        self.assertIn("account tiers", page.texts["h3"])
        self.assertIn("Valid: all", text)
        self.assertRegex(text, r"Pro: \d+\.\d\d %, declared 35\.00 %")

    def test_summary_has_the_same_facts(self):
        """Every number of the tables and every result of the certificate, in the page's order; charts as counts."""
        self.synthgen("--accounts", 25, *support.SEED, "--out", "run", "--quiet")
        document = self.json("report", "run", "--quiet")
        self.assertEqual(document["summary"], "run/summary.json")
        summary = json.loads((self.folder / "run/summary.json").read_text())
        manifest = support.manifest(self.folder / "run")
        self.assertEqual((summary["dataset"], summary["digest"], summary["valid"]), ("barsaas", manifest["root"], True))
        self.assertEqual([(table["name"], table["rows"], table["file_bytes"]) for table in summary["tables"]],
                         [(table["name"], table["rows"], table["file_bytes"]) for table in manifest["tables"]])
        _, page = self.page("run")
        shown = "".join(page.texts["table"])
        places = [shown.index(entry["name"].replace("_", " ")) for entry in summary["certificate"][:5]]
        self.assertEqual(places, sorted(places))
        told = {entry["name"]: entry for entry in document["certificate"]}
        for entry in summary["certificate"]:
            self.assertEqual({key: entry[key] for key in told[entry["name"]]}, told[entry["name"]])
        charts = {chart["name"]: chart for chart in summary["charts"]}
        self.assertEqual([(one["class"], one["declared_share"]) for one in charts["account_tiers"]["classes"]],
                         [("Basic", 0.5), ("Pro", 0.35), ("Enterprise", 0.15)])
        self.assertEqual(sum(one["rows"] for one in charts["account_tiers"]["classes"]), 25)
        months = charts["revenue"]["months"]
        self.assertEqual([month["month"] for month in months], sorted(month["month"] for month in months))
        self.assertEqual(months[-1]["month"], "2026-05")
        self.assertLess(0, sum(month["sum"] for month in months))

    def test_rates_of_the_run_are_those_of_its_summary(self):
        run = self.json("run", "--accounts", 25, *support.SEED, "--out", "run", "--no-load", "--quiet", ranks=2)
        self.synthgen("report", "run", "--quiet")
        text, page = self.page("run")
        summary = json.loads((self.folder / "run/summary.json").read_text())
        self.assertEqual((summary["rates"]["ranks"], summary["rates"]["threads"]), (2, run["threads"]))
        stages = {stage["name"]: stage for stage in run["stages"]}
        self.assertEqual([stage["name"] for stage in summary["rates"]["stages"]], list(stages))
        for stage in summary["rates"]["stages"]:
            self.assertAlmostEqual(stage["seconds"], stages[stage["name"]]["seconds"], delta=0.002)
            self.assertEqual(stage["rows"], stages[stage["name"]]["rows"])
        for table, made in zip(summary["rates"]["tables_by_thread"], run["tables"]):
            self.assertEqual((table["name"], table["rows"]), (made["name"], made["rows"]))
            self.assertAlmostEqual(table["seconds"], made["thread_seconds"], delta=0.002)
        self.assertIn("Rates of the run", page.texts["h2"])
        self.assertIn("2 ranks", text)
        (self.folder / "run/rates.json").unlink()
        self.synthgen("report", "run", "--quiet")
        self.assertNotIn("Rates of the run", self.page("run")[0])
        self.assertNotIn("rates", json.loads((self.folder / "run/summary.json").read_text()))

    def test_classes_have_names(self):
        self.synthgen("--accounts", 25, *support.SEED, "--out", "run", "--quiet")
        document = self.json("report", "run", "--quiet")
        for entry in document["certificate"]:
            self.assertNotRegex(entry["detail"], r"\bclass \d")
        details = {entry["name"]: entry["detail"] for entry in document["certificate"]}
        self.assertRegex(details["web_visit_weekdays"], "most off: (Mon|Tue|Wed|Thu|Fri|Sat|Sun) has")
        charts = {chart["name"]: chart for chart in
                  json.loads((self.folder / "run/summary.json").read_text())["charts"]}
        self.assertEqual([one["class"] for one in charts["feature_adoption"]["classes"]][:3], ["day 0", "day 30", "day 60"])
        self.assertIn("declared_mean", charts["pour_volume_by_category"]["classes"][0])
        self.assertAlmostEqual(sum(one["share"] for one in charts["login_seasons"]["classes"]), 1)

    def test_every_dataset_has_a_page(self):
        for dataset, size in (("spendsense", "--users"), ("cardholders", "--customers"), ("homeservices", "--customers"),
                              ("screenbilling", "--customers")):
            with self.subTest(dataset):
                self.synthgen("--dataset", dataset, size, 60, *support.SEED, "--out", dataset, "--quiet", "--no-load")
                self.synthgen("report", dataset, "--quiet")
                text, page = self.page(dataset)
                self.assertIn("Valid: all", text)
                self.assertIn("by month, up to", text)
                self.assertNotRegex(text, r"by month, up to [\d.]+ [TPE]")  # debits are no huge numbers
                summary = json.loads((self.folder / dataset / "summary.json").read_text())
                self.assertTrue(summary["valid"])
                self.assertGreater(len(summary["charts"]), 1)

    def test_page_needs_no_network(self):
        self.synthgen("--accounts", 2, *support.SEED, "--out", "run", "--quiet")
        self.synthgen("report", "run", "--quiet")
        text, page = self.page("run")
        self.assertEqual(page.links, [])
        self.assertNotRegex(text, r"https?://|<script|@import|url\(")
        self.assertRegex(text, r"prefers-color-scheme:dark")
        self.assertRegex(text, r"@media print")

    def test_page_is_written_for_data_that_fails(self):
        self.synthgen("--accounts", 2, *support.SEED, "--out", "run", "--quiet")
        shard = next(name for name in support.shards(self.folder / "run") if name.startswith("devices/"))
        (self.folder / "run" / shard).write_bytes(b"no zstd")
        result = self.synthgen("report", "run", "--quiet", code="INVALID")
        self.assertIn("checks failed", result.stderr)
        text, page = self.page("run")
        self.assertRegex(text, r"INVALID: \d+ of \d+ checks fail")
        self.assertIn("devices shards readable", "".join(page.texts["ul"]))

    def test_overwriting_a_run_drops_its_report(self):
        for extra in ([], ["--overwrite", "--seed", 8]):
            self.synthgen("--accounts", 1, *support.SEED, *extra, "--out", "run", "--quiet")
            self.assertFalse((self.folder / "run/report.html").exists())
            self.assertFalse((self.folder / "run/summary.json").exists())
            self.assertTrue((self.folder / "run/rates.json").exists())
            self.synthgen("report", "run", "--quiet")


if __name__ == "__main__":
    unittest.main()
