"""screenbilling live: the plan played into a stand-in for Stripe, with faults, crashes and refusals."""
# timeout: 900
import collections
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import support
from stripe_double import Double, Fault

KEY = "sk_test_double"
PLAN = ["--dataset", "screenbilling", "--seed", "7", "--as-of", "2026-06-30"]
SMALL = [*PLAN, "--customers", "20"]  # 7 clocks, 3 upgrades, 2 cancellations, 1 past due
THREE = [*PLAN, "--customers", "3"]
CONFIG = ["config/stripe_prices.json", "config/current_run.json", "config/sub_snapshots.json"]
MONTHS = 7
STRIPE_MOCK = "v0.170.0"  # the last that Debian 12's go builds


def document(out, name):
    return json.loads((pathlib.Path(out) / name).read_text())


class Case(support.Case):
    def double(self, **options):
        double = Double(key=KEY, **options)
        self.addCleanup(double.close)
        return double

    def live(self, double, *options, **keywords):
        keywords.setdefault("STRIPE_SECRET_KEY", KEY)
        keywords.setdefault("timeout", 180)
        result = self.synthgen("live", *(options or SMALL), "--out", self.folder / "live",
                               STRIPE_API_BASE=double.url if double else "http://127.0.0.1:9", **keywords)
        self.check_secret(result.stdout + result.stderr)
        return result

    def check_secret(self, text):
        for path in (self.folder / "live").rglob("*"):
            if path.is_file():
                self.assertNotIn(KEY.encode(), path.read_bytes())
        self.assertNotIn(KEY, text)

    def check_stripe(self, double, customers=20):
        """Stripe holds every object once, and each subscription as the files say."""
        snapshots, prices = document(self.folder / "live", CONFIG[2]), document(self.folder / "live", CONFIG[0])
        current = document(self.folder / "live", CONFIG[1])
        self.assertEqual(set(current["clock_ids"]), set(double.objects["clock"]))
        self.assertEqual(set(current["customer_ids"]), set(double.objects["customer"]))
        self.assertEqual(len(double.objects["subscription"]), customers)
        self.assertEqual(len(double.objects["price"]), 5)
        last = {row["subscription_id"]: row for row in snapshots if row["month"] == snapshots[-1]["month"]}
        for name, one in double.objects["subscription"].items():
            self.assertEqual(one["status"] == "canceled", name not in last)
            if name not in last:
                continue
            item, row = one["items"]["data"][0], last[name]
            self.assertEqual((item["price"]["id"], item["quantity"], one["customer"]),
                             (row["price_id"], row["screens"], row["customer_id"]))
            self.assertEqual(prices["price_ids"][row["plan"]], row["price_id"])

    def check_form(self, options):
        """The files equal those of the offline run but for identifiers and the time of the run."""
        offline = self.folder / "offline"
        self.synthgen("run", *options, "--no-load", "--quiet", "--out", offline)
        for name in CONFIG:
            texts = []
            for out in (offline, self.folder / "live"):
                ids, text = {}, (out / name).read_text()
                for token in sorted(set(json_strings(json.loads(text)))):
                    if token.startswith(("cus_", "sub_", "price_", "clock_")):
                        ids.setdefault(token.split("_")[0], []).append(token)
                for kind, tokens in ids.items():
                    for token in tokens:
                        text = text.replace(f'"{token}"', f'"{kind}"')
                if name == CONFIG[1]:
                    text = text.replace(json.loads(text)["run_timestamp"], "T")
                texts.append(text)
            self.assertEqual(*texts)


def json_strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from json_strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from json_strings(item)


class Live(Case):
    def test_default_size_plays_the_contract(self):
        double = self.double(polls=2)
        theirs = double.make_clock(None, {"name": "somebody else's", "frozen_time": "0"})
        started = time.monotonic()
        self.live(double, *PLAN)
        self.assertLessEqual(len(double.requests), 10 * (4 * (time.monotonic() - started) + 1))
        del double.objects["clock"][theirs["id"]]  # it was left alone
        self.check_stripe(double, customers=100)
        self.check_form(PLAN)
        self.assertEqual(len(double.objects["clock"]), 34)
        self.assertLessEqual(double.busiest, 10)
        self.assertGreater(double.busiest, 1)
        calls = collections.Counter(double_call(method, path) for method, path, *_ in double.requests)
        self.assertEqual((calls["POST advance"], calls["POST subscriptions"], calls["DELETE subscriptions"]),
                         (34 * 6, 100 + 15 + 2, 8))
        self.assertEqual(calls["POST attach"], 5)
        self.assertEqual(sum(one["status"] == "past_due" for one in double.objects["subscription"].values()), 2)
        for method, path, form, key, headers in double.requests:
            self.assertEqual(headers["Authorization"], f"Bearer {KEY}")
            self.assertNotIn(KEY, path + json.dumps(form) + str(key))
            if method == "POST" and not path.endswith("/products"):
                self.assertTrue(key.startswith("synthgen-"))
        self.assertTrue(all(c["email"].split("@")[1].startswith("example.") for c in double.objects["customer"].values()))
        StripeMock.recorded = [request[:3] for request in double.requests]

    def test_again_makes_nothing_and_overwrite_starts_anew(self):
        double = self.double()
        self.live(double)
        before, made = document(self.folder / "live", CONFIG[2]), dict(double.made)
        self.live(double)
        self.assertEqual(double.made, made)
        self.assertEqual(document(self.folder / "live", CONFIG[2]), before)
        self.live(double, *SMALL, "--overwrite")
        self.check_stripe(double)
        self.assertEqual(double.made["clock"], 2 * made["clock"])
        self.assertEqual(double.made["price"], made["price"])

    def test_other_runs_of_this_program_are_cleaned_away(self):
        double = self.double()
        for name in ("synthgen-hpc screenbilling 00000000000000aa 3 clock 1", "synthgen-hpc screenbilling mine",
                     "clock 1", "synthgen-hpc screenbilling 00000000000000aa 3 clock 1 copy"):
            double.make_clock(None, {"name": name, "frozen_time": "0"})
        for i in range(130):
            double.make_clock(None, {"name": f"synthgen-hpc screenbilling 00000000000000bb 0 clock {i}", "frozen_time": "0"})
        self.live(double)
        names = [clock["name"] for clock in double.objects["clock"].values()]
        self.assertEqual(sorted(name for name in names[:3]), ["clock 1", "synthgen-hpc screenbilling 00000000000000aa 3 clock "
                                                              "1 copy", "synthgen-hpc screenbilling mine"])
        self.assertEqual(len(names), 3 + 7)

    def test_deleted_clocks_are_not_taken_for_living_ones(self):
        """Stripe repeats answers about clocks that were deleted meanwhile."""
        double = self.double()
        self.live(double)
        for name in list(double.objects["clock"]):
            double.delete_clock(name, None, None)
        self.live(double)
        self.check_stripe(double)

    def test_faults_are_survived(self):
        double = self.double(faults=[
            Fault("POST /v1/customers$", 429, 2, {"Retry-After": "1"}), Fault("POST /v1/customers$", "lost", 2),
            Fault("POST /v1/subscriptions$", 500, 2), Fault("POST /v1/subscriptions$", "dropped"),
            Fault("advance$", 503, 3), Fault("advance$", "lost", 2), Fault("POST /v1/prices", "lost"),
            Fault("POST .*test_clocks$", 409), Fault("GET .*test_clocks/", 502, 3), Fault("DELETE .*subscriptions", "lost"),
            Fault("attach", "lost"), Fault("POST /v1/subscriptions/", "lost")])
        self.live(double)
        self.assertEqual([fault.pattern.pattern for fault in double.faults if fault.left], [])
        self.check_stripe(double)
        self.assertEqual(double.made["customer"], 20)
        self.check_form(SMALL)
        refused = [(key, at) for (method, path, _, key, _), at in zip(double.requests, double.times) if path == "/v1/customers"][:2]
        for key, at in refused:
            again = [then for request, then in zip(double.requests, double.times) if request[3] == key and then > at]
            self.assertGreaterEqual(min(again) - at, 1)  # Retry-After

    def test_stalled_answer_is_given_up_and_asked_again(self):
        double = self.double(faults=[Fault("POST /v1/customers$", "stalled")])
        self.live(double, *THREE)
        self.check_stripe(double, customers=3)
        self.assertEqual(double.made["customer"], 3)

    def test_crash_anywhere_continues(self):
        double = self.double()
        for at in (3, 25, 60, 85, 110):
            with self.subTest(at):
                double.requests.clear()
                process = subprocess.Popen(
                    support.command(["live", *SMALL, "--out", self.folder / "live"]), stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=support.environment(STRIPE_SECRET_KEY=KEY, STRIPE_API_BASE=double.url))
                double.at_request = {at: process.kill}
                self.assertEqual(process.wait(timeout=60), -signal.SIGKILL)
        double.at_request = {}
        self.live(double)
        self.check_stripe(double)
        self.assertEqual((double.made["clock"], double.made["customer"], double.made["subscription"]), (7, 20, 20))
        self.check_form(SMALL)

    def test_signal_stops_and_says_how_to_continue(self):
        double = self.double(faults=[Fault("GET .*test_clocks/", 503, 1000)])
        process = subprocess.Popen(support.command(["live", *SMALL, "--out", self.folder / "live"]), text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=support.environment(STRIPE_SECRET_KEY=KEY, STRIPE_API_BASE=double.url))
        double.at_request = {10: lambda: process.send_signal(signal.SIGTERM)}
        errors = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, support.CODES["STOPPED"], errors)
        self.check_secret(errors)

    def test_the_key_is_not_in_the_process_list(self):
        double, lines = self.double(), []
        pid = []

        def look():
            lines.append(pathlib.Path(f"/proc/{pid[0]}/cmdline").read_text())
        double.at_request = {20: look}
        process = subprocess.Popen(support.command(["live", *THREE, "--out", self.folder / "live"]),
                                   env=support.environment(STRIPE_SECRET_KEY=KEY, STRIPE_API_BASE=double.url),
                                   stdout=subprocess.DEVNULL)
        pid.append(process.pid)
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertEqual(len(lines), 1)
        self.assertNotIn(KEY, lines[0])


class Refusals(Case):
    def test_only_test_keys(self):
        double = self.double()
        for key in ("sk_live_123", "rk_test_123", "sk_test_", "SK_TEST_1", "sk_test_a\nX-Injected: 1", "", None):
            with self.subTest(key):
                refused = self.live(double, STRIPE_SECRET_KEY=key, code="USAGE")
                self.assertIn("STRIPE_SECRET_KEY", refused.stderr)
                if key not in (None, "", "sk_test_"):
                    self.assertNotIn(key, refused.stderr)
        self.assertEqual(double.requests, [])
        self.assertFalse((self.folder / "live").exists())

    def test_wrong_key_is_denied_and_not_shown(self):
        """The stand-in puts the whole key into its message, as a proxy might."""
        refused = self.live(self.double(), STRIPE_SECRET_KEY="sk_test_other", code="DENIED")
        self.assertNotIn("sk_test_other", refused.stdout + refused.stderr)
        self.assertIn("401", refused.stderr)

    def test_card_that_does_not_fail_is_named(self):
        double = self.double()
        double.lenient = True
        refused = self.live(double, *PLAN, "--customers", "60", code="INVALID")
        self.assertIn("card should have failed", refused.stderr)
        self.assertFalse((self.folder / "live" / CONFIG[2]).exists())

    def test_broken_clock_is_named(self):
        double = self.double(polls=10**6)

        def breaks():
            for clock in double.objects["clock"].values():
                clock["status"] = "internal_failure"
        double.at_request = {80: breaks}
        refused = self.live(double, code="UNAVAILABLE")
        self.assertIn("could not advance", refused.stderr)

    def test_clocks_that_do_not_arrive_are_waited_for_so_long(self):
        double = self.double(polls=10**6)
        refused = self.live(double, *THREE, code="UNAVAILABLE", SYNTHGEN_FAULT="clocks.wait:1")
        self.assertIn("1 clocks have not reached 2026-01 after five minutes", refused.stderr)
        double.polls = 0
        for clock in double.objects["clock"].values():
            clock["left"] = 0
        self.live(double, *THREE)
        self.check_stripe(double, customers=3)

    def test_folders_of_offline_runs_are_left_alone(self):
        self.synthgen("run", *SMALL, "--no-load", "--quiet", "--out", self.folder / "live")
        before = support.files(self.folder / "live")
        double = self.double()
        self.live(double, code="EXISTS")
        self.assertEqual((double.requests, support.files(self.folder / "live")), ([], before))

    def test_hostile_answers(self):
        """What is not Stripe, or will not serve, ends the run at once; the message names it, and the next run goes on."""
        double = self.double()
        for kind, headers, code, words in (
                (answer("200 OK", b"<html><body>"), {}, "PROTOCOL", ["not JSON", "STRIPE_API_BASE"]),
                (answer("200 OK", b'{"object": "list", "data": ['), {}, "PROTOCOL", ["not JSON"]),
                (answer("200 OK", b"[" * 10**6), {}, "PROTOCOL", ["not JSON"]),
                (answer("200 OK", b"{}"), {}, "PROTOCOL", ["no list of test clocks"]),
                (answer("200 OK", b'{"object": "list", "has_more": true, "data": [{"id": "clock_1"}]}'), {}, "PROTOCOL",
                 ["clock_1 for ever"]),
                (b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 5000000, {}, "PROTOCOL", ["more than 4194304 bytes"]),
                (b"spam\r\n\r\n", {}, "UNAVAILABLE", ["gave no answer"]),
                (301, {"Location": "http://127.0.0.1:9/"}, "PROTOCOL", ["301", "redirects are not followed"]),
                (401, {}, "DENIED", ["401", "STRIPE_SECRET_KEY"]), (403, {}, "DENIED", ["403", "STRIPE_SECRET_KEY"]),
                (409, {"Retry-After": "3600"}, "UNAVAILABLE", ["409", "another run is perhaps at work"]),
                (402, {}, "PROTOCOL", ["402", "injected"]), (404, {}, "PROTOCOL", ["404"]),
                (429, {"Retry-After": "3600"}, "UNAVAILABLE", ["429", "later run the same command again"]),
                (503, {"Retry-After": "3600"}, "UNAVAILABLE", ["503", "run the same command again"])):
            with self.subTest(str(kind)[:40]):
                double.requests.clear()
                double.faults[:] = [Fault("GET /v1/test_helpers/test_clocks$", kind, 100, headers)]
                refused = self.live(double, *THREE, code=code)
                for word in words:
                    self.assertIn(word, refused.stderr)
                self.assertLessEqual(len(double.requests), 2)
                self.assertEqual([path.name for path in (self.folder / "live").iterdir() if path.is_file()], ["live.json"])
        double.faults.clear()
        self.live(double, *THREE)
        self.check_stripe(double, customers=3)

    def test_nobody_answers(self):
        refused = self.live(None, *THREE, code="UNAVAILABLE")
        self.assertIn("http://127.0.0.1:9/v1/test_helpers/test_clocks gave no answer in 3 tries", refused.stderr)
        self.assertIn("STRIPE_API_BASE", refused.stderr)

    def test_folders_of_others_are_left_alone(self):
        double, seconds = self.double(), []
        double.at_request = {9: lambda: seconds.append(self.live(double, *THREE, code="EXISTS").stderr)}
        self.live(double, *THREE)
        self.assertIn("another synthgen-hpc is working in", seconds[0])
        before, asked = support.files(self.folder / "live"), len(double.requests)
        other = self.live(double, *THREE, "--seed", "8", code="EXISTS")
        self.assertIn("holds another live run", other.stderr)
        self.synthgen("run", *THREE, "--no-load", "--quiet", "--out", self.folder / "live", code="EXISTS")
        self.assertEqual((len(double.requests), support.files(self.folder / "live")), (asked, before))
        (self.folder / "live/live.json").unlink()
        self.assertIn("without live.json", self.live(double, *THREE, code="EXISTS").stderr)
        shutil.rmtree(self.folder / "live")
        (self.folder / "live").write_text("a file")
        self.assertIn("cannot open folder", self.live(double, *THREE, code="IO").stderr)
        self.assertEqual(len(double.requests), asked)

    def test_other_datasets_have_no_live_service(self):
        refused = self.synthgen("live", "--dataset", "barsaas", code="USAGE")
        self.assertIn("no live service", refused.stderr)


def answer(status, body):
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def double_call(method, path):
    parts = urllib.parse.urlsplit(path).path.split("/")
    if parts[-1] in ("advance", "attach"):
        return f"{method} {parts[-1]}"
    return f"{method} {parts[2]}"


class StripeMock(unittest.TestCase):
    """Every kind of request of a whole run is valid by Stripe's own description of its API."""

    recorded = []

    def test_requests_are_valid_for_stripe_mock(self):
        if not self.recorded:
            self.skipTest("no requests were recorded: run the whole file")
        self.assertTrue(shutil.which("go"), "go is not installed: scripts/install test does it")
        folder = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "synthgen-hpc"
        program = folder / STRIPE_MOCK / "stripe-mock"
        if not program.exists():
            built = subprocess.run(["go", "install", f"github.com/stripe/stripe-mock@{STRIPE_MOCK}"], capture_output=True,
                                   text=True, env={**os.environ, "GOBIN": str(program.parent)})
            self.assertEqual(built.returncode, 0, built.stderr)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        process = subprocess.Popen([program, "-http-addr", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        kinds = {(double_call(method, path), tuple(sorted(form))): (method, path, form)
                 for method, path, form in self.recorded}
        self.assertGreater(len(kinds), 12)
        for method, path, form in kinds.values():
            with self.subTest(f"{method} {path}"):
                request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method,
                                                 data=urllib.parse.urlencode(form).encode() if method == "POST" else None,
                                                 headers={"Authorization": f"Bearer {KEY}"})
                try:
                    with urllib.request.urlopen(request, timeout=20) as reply:
                        self.assertEqual(reply.status, 200)
                except urllib.error.HTTPError as refused:
                    self.fail(f"{refused.code}: {refused.read().decode()}")


if __name__ == "__main__":
    unittest.main()
