"""The benches' own machinery: result lines to JSON, page and targets; the scaling model from a run's costs.

labels: quick
"""
import json
import os
import subprocess
import sys
import unittest
import xml.etree.ElementTree

import support

BENCH = support.SOURCE / "bench"
sys.path.insert(0, str(BENCH))

import scale_model  # noqa: E402
from suite import measure, targets  # noqa: E402

LINES = [{"name": "a ratio <&>", "unit": "x", "median": 30.0, "least": 29.0, "most": 31.5, "rounds": 3, "target": "3"},
         {"name": "too slow", "unit": "x", "median": 1.9, "least": 1.8, "most": 1.95, "rounds": 3, "target": "7"},
         {"skipped": "someone", "reason": "not there"}, {"curve": "strong", "x": "ranks", "y": "M rows/s", "points": [[1, 4], [2, 8]]}]


def values(**more):
    return dict({name.replace("-", "_"): default for name, default, _ in scale_model.PARAMETERS}, **more)


def costs(shards=400, seconds=1.0):
    """A data set of one table whose shards all cost the same."""
    return {"dataset": "d", "units": 1, "rows": 10**6, "ranks": 1, "threads": 1, "plan_seconds": 0.0, "tables": [
        {"name": "t", "text_bytes": shards << 24, "file_bytes": shards << 22, "shard_seconds": [seconds] * shards}]}


STARTED_BY_OTHERS = {"bench_copy"}  # by bench_load


class Runner(support.Case):
    """bench/run with programs of our own in place of the benches."""

    def bench(self, *arguments):
        done = subprocess.run([sys.executable, str(BENCH / "run"), "--build", str(self.folder), *arguments], timeout=100,
                              env=dict(os.environ, TMPDIR=str(self.folder)), capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def program(self, name, text):
        path = self.folder / "bench" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)

    def test_results_become_json_and_a_page(self):
        self.program("bench_encode", "\n".join(f"echo '{json.dumps(line)}'" for line in LINES) + "\necho no JSON\n")
        self.program("bench_kernels", "echo '{\"bench\": \"k\", \"case\": \"c\", \"ns_per_row\": 2.5, \"least\": 2, \"most\": 3, "
                                      "\"mb_per_s\": 7, \"rounds\": 3}'\necho the reason >&2; exit 1\n")
        out = self.bench("--only", "encode,kernels,compress", "--quick")
        self.assertRegex(out, r"3 +30.00 +>= 25.00 x +met")
        self.assertRegex(out, r"7 +1.90 +>= 1.95 x +NOT MET")
        self.assertIn("skipped: compress: bench_compress is not built", out)
        self.assertIn("skipped: kernels: the reason", out)
        report = json.loads((self.folder / "bench-results/bench.json").read_text())
        lines = {bench["name"]: bench["lines"] for bench in report["benches"]}
        self.assertEqual(lines["encode"], LINES)
        self.assertEqual((lines["kernels"][0]["median"], lines["kernels"][0]["unit"]), (2.5, "ns"))
        page = (self.folder / "bench-results/bench.html").read_text()
        for words in ("a ratio &lt;&amp;&gt;", "wanted at least 25.00", "the reason", "strong", report["machine"]["processor"]):
            self.assertIn(words, page)
        self.assertNotRegex(page, r"<script|https?://(?!www\.w3\.org)")
        for chart in page.split("<svg")[1:]:
            xml.etree.ElementTree.fromstring("<svg" + chart.partition("</svg>")[0] + "</svg>")

    def test_every_bench_is_there(self):
        built = {path.stem for path in BENCH.glob("bench_*.c")} | {path.name for path in BENCH.glob("bench_*") if not path.suffix}
        for line in self.bench("--list").splitlines():
            program = line.split()[1]
            if (BENCH / program).exists():
                self.assertTrue(os.access(BENCH / program, os.X_OK), program)
        self.assertLessEqual(built - STARTED_BY_OTHERS, {line.split()[1] for line in self.bench("--list").splitlines()}, "not in bench/run's table")

    def test_unknown_bench_is_refused(self):
        done = subprocess.run([sys.executable, str(BENCH / "run"), "--only", "nosuch"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is no bench nosuch", done.stderr)


class Targets(unittest.TestCase):
    def test_directions(self):
        self.assertTrue(targets.met("3", 25) and not targets.met("3", 24.9))
        self.assertTrue(targets.met("2s", 1.0) and not targets.met("2s", 1.01))
        self.assertEqual(targets.share("3", 50), 2)
        self.assertEqual(targets.share("11", 64), 2)

    def test_pairs_take_turns_after_a_warm_up(self):
        called = []
        first, second = measure.in_turn(2, lambda: called.append("a") or len(called), lambda: called.append("b") or len(called))
        self.assertEqual("".join(called), "ababab")
        self.assertEqual((first, second), ([3, 5], [4, 6]))


class Model(support.Case):
    def seconds(self, ranks, **more):
        return scale_model.generate(costs(), 1, ranks, values(**dict({"metadata_rate": 1e9, "disk_gb": 1e9, "node_spread": 0,
                                                                      "slow_nodes": 0}, **more)))["seconds"]

    def test_equal_shards_scale_until_ranks_have_one_each(self):
        for ranks in (1, 8, 100, 400):
            self.assertAlmostEqual(self.seconds(ranks), 400 / ranks, delta=0.01)
        self.assertAlmostEqual(self.seconds(4096), 1, delta=0.01)

    def test_what_is_shared_limits(self):
        self.assertAlmostEqual(self.seconds(400, metadata_rate=40), 400 * 4 / 40 + 1, delta=0.5)
        self.assertAlmostEqual(self.seconds(400, disk_gb=0.1), 400 * (1 << 22) / 1e8 + 1, delta=0.5)

    def test_taking_over_relieves_slow_nodes(self):
        slow = dict(values(), metadata_rate=1e9, disk_gb=1e9, node_spread=0, slow_nodes=0.3, ranks_per_node=1)
        alone = scale_model.generate(costs(), 1, 16, slow, takes_over=False)["seconds"]
        together = scale_model.generate(costs(), 1, 16, slow)["seconds"]
        self.assertAlmostEqual(alone, 50, delta=0.1)  # 25 shards at half speed
        self.assertLess(together, 36)

    def test_learns_from_a_run_and_predicts(self):
        result = self.synthgen("run", "--accounts", "5", *support.SEED, "--no-load", "--json", "--quiet", "--out", "run")
        (self.folder / "result.json").write_text(result.stdout)
        command = [sys.executable, str(BENCH / "scale_model.py"), "--costs", str(self.folder / "costs.json")]
        subprocess.run([*command, "--learn", str(self.folder / "result.json")], check=True, timeout=60)
        done = subprocess.run([*command, "--ranks", "1,4096", "--sizes", "1", "--json", str(self.folder / "model.json"),
                               "--svg", str(self.folder / "model.svg")], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        one, most = json.loads((self.folder / "model.json").read_text())
        run = json.loads(result.stdout)
        spent = sum(table["thread_seconds"] for table in run["tables"])
        self.assertAlmostEqual(one["generate"], spent, delta=0.05 + 0.1 * spent)
        self.assertEqual(one["shards"], sum(table["shards"] for table in run["tables"]))
        self.assertLess(most["efficiency"], 0.1)
        self.assertIn("what breaks", done.stdout)
        xml.etree.ElementTree.fromstring((self.folder / "model.svg").read_text())


class Times(support.Case):
    def test_a_run_tells_the_time_of_every_shard(self):
        run = self.json("run", "--accounts", "120", "--tables", "accounts,tap_events", *support.SEED, "--no-load", "--out", "run",
                        ranks=2)
        for table in run["tables"]:
            self.assertEqual(len(table["shard_seconds"]), table["shards"])
            self.assertAlmostEqual(sum(table["shard_seconds"]), table["thread_seconds"], delta=0.001 * table["shards"])


if __name__ == "__main__":
    unittest.main()
