"""Labelled anomalies: exact counts, nothing else changed, device health that follows, and labels that lie are named."""
# labels: quick
# timeout: 200
import bisect
import collections
import datetime
import shutil

import database
import support

RUN = ["--accounts", 12, *support.SEED, "--quiet", "--no-load"]
RATE = ["--anomalies", "0.03"]
SHARES = {"warm_line": 20, "foaming": 20, "stuck_valve": 10, "over_pour": 15, "sensor_dropout": 15, "late_delivery": 10,
          "duplicate_delivery": 10}
TAPS = ("id", "timestamp", "device_id", "account_id", "location_id", "volume_ml", "product_id", "tap_type",
        "temperature_deci_c", "duration_deci_s")
MEASURED = ("timestamp", "volume_ml", "temperature_deci_c", "duration_deci_s")
LABELS = ("event_id", "kind", "device_id", "account_id", "timestamp", "usual_timestamp", "volume_ml", "usual_volume_ml",
          "temperature_deci_c", "usual_temperature_deci_c", "duration_deci_s", "usual_duration_deci_s",
          "original_event_id")
DAY = 86400


def rows(out, table, names):
    return [dict(zip(names, line.split("\t"))) for line in support.table_text(out, table).decode().splitlines()]


def instant(text):
    return int(datetime.datetime.fromisoformat(text.replace("+00", "+00:00")).timestamp())


class Anomalies(support.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = database.pathlib.Path(database.tempfile.mkdtemp(prefix="synthgen-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        for name, more in (("usual", []), ("run", RATE)):
            result = support.run("run", *RUN, *more, "--out", cls.shared / name)
            if result.returncode:
                raise AssertionError(result.stdout + result.stderr)
        cls.usual = rows(cls.shared / "usual", "tap_events", TAPS)
        cls.taps = rows(cls.shared / "run", "tap_events", TAPS)
        cls.labels = rows(cls.shared / "run", "anomaly_labels", LABELS)

    def test_exactly_the_share_in_exact_kinds(self):
        self.assertEqual(len(self.labels), round(0.03 * len(self.taps)))
        kinds = collections.Counter(label["kind"] for label in self.labels)
        for kind, share in SHARES.items():
            self.assertLess(abs(kinds[kind] - share * len(self.labels) / 100), 1, kind)
        self.assertEqual(len({label["event_id"] for label in self.labels}), len(self.labels))

    def test_labels_tell_what_changed_and_nothing_else_changed(self):
        labelled = {label["event_id"]: label for label in self.labels}
        for usual, event, before in zip(self.usual, self.taps, [None, *self.taps]):
            label = labelled.get(event["id"])
            if not label:
                self.assertEqual(event, usual)
                continue
            for name in MEASURED:
                self.assertEqual(label[name], event[name], label)
                self.assertEqual(label["usual_" + name], usual[name], label)
            self.assertNotEqual({**event, "id": 0}, {**usual, "id": 0}, label)
            if label["kind"] == "duplicate_delivery":
                self.assertEqual({**event, "id": 0}, {**before, "id": 0})
            elif label["kind"] == "late_delivery":
                self.assertLess(event["timestamp"], before["timestamp"])
            else:
                self.assertEqual(event["tap_type"], "1")

    def test_device_health_measures_the_events_as_they_are(self):
        times = collections.defaultdict(list)
        for event in self.taps:
            times[event["device_id"]].append((instant(event["timestamp"]), int(event["volume_ml"])))
        for events in times.values():
            events.sort()
        names = ("device_id", "week_start", "account_id", "observed_s", "event_count", "error_count", "volume_ml", "uptime",
                 "error_share", "maintenance")
        first = {}
        health = rows(self.shared / "run", "device_health", names)
        self.assertEqual(sum(int(row["event_count"]) for row in health), len(self.taps))
        for row in health:
            monday = instant(row["week_start"] + " 00:00:00+00")
            device = row["device_id"]
            begin = monday + 7 * DAY - int(row["observed_s"]) if device not in first else monday
            first[device] = True
            end = begin + int(row["observed_s"])
            events = times[device]
            inside = events[bisect.bisect_left(events, (begin, -1)):bisect.bisect_left(events, (end, -1))]
            self.assertEqual((len(inside), sum(volume for _, volume in inside)),
                             (int(row["event_count"]), int(row["volume_ml"])), row)
            marks = [begin, *(at for at, _ in inside), end]
            silent = sum(max(0, b - a - DAY) for a, b in zip(marks, marks[1:]))
            self.assertAlmostEqual(float(row["uptime"]), 1 - silent / (end - begin), delta=0.00006, msg=row)

    def test_ranks_and_threads_change_nothing(self):
        self.synthgen(*RUN, *RATE, "--threads", 2, "--out", "ranks", ranks=3)
        self.assertEqual(support.manifest(self.folder / "ranks")["root"], support.manifest(self.shared / "run")["root"])
        self.synthgen(*RUN, *RATE, "--only", "account=5", "--out", "one")
        one = support.table_text(self.folder / "one", "anomaly_labels").decode().splitlines()
        self.assertEqual([dict(zip(LABELS, line.split("\t"))) for line in one],
                         [label for label in self.labels if label["account_id"] == "5"])

    def test_runs_without_have_no_such_table(self):
        self.assertFalse((self.shared / "usual/anomaly_labels").exists())
        usual, run = (support.manifest(self.shared / name) for name in ("usual", "run"))
        self.assertNotIn("anomalies_ppm", usual)
        self.assertEqual(run["anomalies_ppm"], 30000)
        self.assertEqual(run["tables"][-1]["name"], "anomaly_labels")
        self.assertEqual([table["name"] for table in usual["tables"]], [table["name"] for table in run["tables"][:-1]])
        plan = self.json("plan", *RUN[:-2], *RATE)
        self.assertEqual(plan["tables"][-1]["rows"], len(self.labels))
        shown = self.synthgen("run", *RUN, *RATE, "--dry-run").stdout
        self.assertIn("anomaly_labels", shown)
        self.assertIn("--anomalies 0.030000", self.json("run", *RUN, *RATE, "--out", self.shared / "run")["reproduce"])
        refused = self.synthgen("run", *RUN, "--out", self.shared / "run", code="EXISTS")
        self.assertIn("anomalies_ppm", refused.stderr)

    def test_wrong_use_is_refused(self):
        for rate in ("0", "0.0", "1", "0.06", "1%", ".0000001", "-0.01", "0.01x", ""):
            refused = self.synthgen(*RUN, "--anomalies", rate, "--out", "x", code="USAGE")
            self.assertIn("0.000001 to 0.05", refused.stderr)
        self.assertIn("has none", self.synthgen("--dataset", "homeservices", *RATE, "--out", "x", code="USAGE").stderr)
        self.assertIn("--anomalies", self.synthgen(*RUN, "--tables", "anomaly_labels", "--out", "x", code="USAGE").stderr)

    def test_certificate_knows_the_share(self):
        entries = {entry["name"]: entry for entry in self.json("verify", self.shared / "run", "--quiet")["certificate"]}
        self.assertEqual({entry["status"] for entry in entries.values()}, {"pass", "skip"})
        share = entries["anomalies_of_events"]
        self.assertEqual((share["status"], share["expected"]), ("pass", 0.03))
        self.assertEqual(entries["anomaly_kinds"]["status"], "pass")
        usual = {entry["name"]: entry for entry in self.json("verify", self.shared / "usual", "--quiet")["certificate"]}
        self.assertEqual(usual["anomalies_of_events"]["status"], "skip")


class Loaded(database.Case):
    def test_mislabelled_events_are_named_in_the_database(self):
        out = self.folder / "run"
        self.folder.chmod(0o755)
        self.synthgen("run", *database.RUN, *RATE, "--out", out, "--no-load")
        url = self.new_database()
        self.synthgen("load", out, "--quiet", "--database", url)
        faults = (
            ("UPDATE {} SET event_id = event_id + 1 WHERE kind = 'warm_line'", "anomaly_temperature_is_events"),
            ("DELETE FROM {} WHERE event_id = (SELECT max(event_id) FROM {})", "certificate anomalies_of_events"),
            ("UPDATE {} SET kind = 'sensor_dropout' WHERE kind = 'over_pour'", "dropout_has_no_volume"),
            ("UPDATE {} SET kind = 'foaming' WHERE kind = 'stuck_valve'", "foaming_pours_less"),
            ("UPDATE {} SET original_event_id = original_event_id - 1 WHERE original_event_id > 1",
             "duplicate_repeats_the_event_before"))
        for change, rule in faults:
            with self.subTest(rule):
                change = change.replace("{}", "barsaas.anomaly_labels")
                database.psql(url, f"CREATE TABLE kept AS TABLE barsaas.anomaly_labels; {change}")
                found = self.synthgen("verify", out, "--quiet", "--database", url, code="INVALID").stdout
                self.assertIn(f"FAILED anomaly_labels {rule}", found)
                database.psql(url, "DELETE FROM barsaas.anomaly_labels; INSERT INTO barsaas.anomaly_labels TABLE kept; DROP TABLE kept")
        self.synthgen("verify", out, "--quiet", "--database", url)


if __name__ == "__main__":
    database.unittest.main()
