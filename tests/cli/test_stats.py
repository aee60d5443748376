"""stats.h5 holds what the run said of itself: certificate, histograms, tables, times per rank and stage.
timeout: 300
processors: 2
"""
import collections
import json
import pathlib
import subprocess
import unittest

import support

READ = """
import h5py, json, sys
def value(cell):
    return cell.decode() if isinstance(cell, bytes) else cell
found = {}
def visit(name, item):
    if isinstance(item, h5py.Dataset):
        cells = item[...].tolist()
        found[name] = [value(cell) for cell in cells] if item.ndim == 1 else cells
with h5py.File(sys.argv[1]) as file:
    found["attributes"] = {key: value(cell) if isinstance(cell, bytes) else int(cell) for key, cell in file.attrs.items()}
    file.visititems(visit)
json.dump(found, sys.stdout)
"""
SIZES = {"barsaas": ["--accounts", "40"], "spendsense": [], "cardholders": ["--customers", "40"],
         "homeservices": ["--customers", "40"], "screenbilling": ["--customers", "30"]}


def setUpModule():
    shown = support.run("plan", "--dataset", "spendsense", "--format", "hdf5")
    if "this build has no HDF5" in shown.stderr:
        raise unittest.SkipTest("built without HDF5")


class Stats(support.Case):
    @classmethod
    def setUpClass(cls):
        cls.python = pathlib.Path(support.SYNTHGEN).parent / "python"
        subprocess.run([support.SOURCE / "scripts/install-python", cls.python], check=True, capture_output=True)

    def read(self, out):
        result = subprocess.run([self.python / "bin/python", "-c", READ, self.folder / out / "stats.h5"],
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def test_every_dataset_says_what_the_result_says(self):
        for dataset, size in SIZES.items():
            with self.subTest(dataset):
                said = self.json("run", "--dataset", dataset, *size, *support.SEED, "--no-load", "--out", dataset)
                found, manifest = self.read(dataset), support.manifest(self.folder / dataset)
                self.assertEqual([found["attributes"][key] for key in ("digest", "dataset", "seed", "as_of")],
                                 [manifest["root"], dataset, 7, "2026-06-30"])
                for key in ("rows", "text_bytes", "file_bytes", "name"):
                    self.assertEqual(found[f"tables/{key}"], [table[key] for table in manifest["tables"]])
                entries = self.member(said, "certificate")
                self.assertGreater(len(entries), 0)
                self.assertEqual(found["certificate/name"], [entry["name"] for entry in entries])
                self.assertEqual(found["certificate/status"], [entry["status"] for entry in entries])
                self.assertEqual(found["certificate/rows"], [entry["rows"] for entry in entries])
                for number, entry in enumerate(entries):
                    if "measured" in entry:
                        wanted = entry["measured"]  # ten digits of it
                        self.assertAlmostEqual(found["certificate/measured"][number], wanted, delta=1e-5 + 1e-9 * abs(wanted))

    def member(self, document, name):
        """The member of that name, wherever it is."""
        if isinstance(document, dict):
            if name in document:
                return document[name]
            document = list(document.values())
        for part in document if isinstance(document, list) else []:
            inside = self.member(part, name)
            if inside is not None:
                return inside
        return None

    def test_histograms_and_ranks(self):
        self.synthgen("run", *support.SEED, "--accounts", "40", "--no-load", "--out", "a", ranks=3)
        found = self.read("a")
        names = subprocess.run(["h5dump", "-n", self.folder / "a/stats.h5"], capture_output=True, text=True, check=True).stdout
        self.assertIn("/certificate/counts/account_tiers", names)
        tiers = collections.Counter(line.split("\t")[4] for line in self.synthgen("cat", "a", "accounts").stdout.splitlines())
        self.assertEqual(sorted(count for count in found["certificate/counts/account_tiers"] if count), sorted(tiers.values()))
        self.assertEqual(found["stages/name"], ["plan", "generate", "verify"])
        self.assertEqual([len(found["stages/seconds_by_rank"]), len(found["stages/seconds_by_rank"][0])], [3, 3])
        self.assertTrue(all(seconds > 0 for rank in found["stages/seconds_by_rank"] for seconds in rank))
        self.assertEqual(sum(found["generate/rows"]), sum(found["tables/rows"]))
        self.assertEqual(sum(found["generate/shards"]), sum(found["tables/shards"]))

    def test_only_of_new_runs_or_when_asked_and_replaced(self):
        run = ["run", "--dataset", "spendsense", *support.SEED, "--no-load", "--out", "a"]
        self.synthgen(*run, "--no-stats")
        self.synthgen(*run)  # it is complete: nothing is made
        self.synthgen("verify", "a")
        self.assertFalse((self.folder / "a/stats.h5").exists())
        self.synthgen("verify", "a", "--stats")
        self.assertEqual(self.read("a")["stages/name"], ["verify"])
        shown = self.synthgen("verify", "a", "--stats", code="IO", SYNTHGEN_FAULT="stats.rename:1:ENOSPC")
        self.assertIn("stats.h5", shown.stderr)
        self.assertFalse((self.folder / "a/stats.h5.tmp").exists())
        self.synthgen(*run, "--overwrite", "--no-stats")
        self.assertFalse((self.folder / "a/stats.h5").exists())
        self.synthgen(*run, "--overwrite")
        self.assertEqual(self.read("a")["stages/name"], ["plan", "generate", "verify"])

    def test_data_that_fails_has_statistics_too(self):
        self.synthgen("run", "--dataset", "spendsense", *support.SEED, "--no-load", "--out", "a")
        shard = self.folder / "a/accounts/accounts-00000.copy.zst"
        data = bytearray(shard.read_bytes())
        data[20] ^= 1
        shard.write_bytes(data)
        self.synthgen("verify", "a", "--stats", code="INVALID")
        self.assertIn("tables/rows", self.read("a"))


if __name__ == "__main__":
    unittest.main()
