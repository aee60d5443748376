"""HDF5 files of tables: written by all ranks together, the same on any number of them, read by h5py, h5dump and verify.
timeout: 600
processors: 2
"""
import hashlib
import json
import pathlib
import subprocess
import unittest

import catalog
import support

SIZES = {"barsaas": ["--accounts", "2"], "spendsense": [], "cardholders": ["--customers", "40"],
         "homeservices": ["--customers", "40"], "screenbilling": ["--customers", "30"]}
HOME = ["run", "--dataset", "homeservices", "--customers", "60", *support.SEED, "--no-load", "--format", "hdf5"]


def setUpModule():
    shown = support.run("plan", "--dataset", "spendsense", "--format", "hdf5")
    if "this build has no HDF5" in shown.stderr:
        raise unittest.SkipTest("built without HDF5")


class Readers(support.Case):
    """Every data set, against its text."""

    @classmethod
    def setUpClass(cls):
        cls.python = pathlib.Path(support.SYNTHGEN).parent / "python"
        subprocess.run([support.SOURCE / "scripts/install-python", cls.python], check=True, capture_output=True)

    def read(self, out):
        result = subprocess.run([self.python / "bin/python", support.SOURCE / "tests/cli/hdf5_reader.py", out],
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def check_table(self, found, lines, types):
        rows = [line.split("\t") for line in lines]
        self.assertEqual(found["rows"], len(rows))
        self.assertEqual(set(found["columns"]), set(types))
        for number, (name, (_, nullable)) in enumerate(types.items()):
            cells = "\n".join(row[number] for row in rows)
            self.assertEqual(found["columns"][name], hashlib.sha256(cells.encode()).hexdigest(), name)
            _, chunked, compression, null = found["types"][name]
            self.assertTrue(chunked and compression == "gzip", name)
            self.assertEqual(null, nullable, name)

    def test_every_dataset(self):
        self.synthgen("catalog", "--out", "catalog")
        for dataset, size in SIZES.items():
            with self.subTest(dataset):
                run = ["run", "--dataset", dataset, *size, *support.SEED, "--no-load", "--out"]
                self.synthgen(*run, f"{dataset}-text")
                self.synthgen(*run, dataset, "--format", "hdf5", ranks=2)
                self.synthgen("verify", dataset, ranks=3)
                text, here = support.manifest(self.folder / f"{dataset}-text"), support.manifest(self.folder / dataset)
                found, types = self.read(self.folder / dataset), catalog.columns(self.folder / "catalog", dataset)
                self.assertEqual(set(found), {table["name"] for table in here["tables"]})
                for one, other in zip(text["tables"], here["tables"]):
                    name = one["name"]
                    self.assertEqual(one["fingerprint"], other["fingerprint"], name)
                    attributes = found[name]["attributes"]
                    self.assertEqual([attributes["digest"], str(attributes["fingerprint"]), attributes["seed"]],
                                     [other["digest"], str(other["fingerprint"]), 7], name)
                    self.assertEqual([attributes["as_of"], attributes["dataset"]], ["2026-06-30", dataset])
                    self.assertEqual(found[name]["shards"], len(other["shards"]))
                    lines = support.table_text(self.folder / f"{dataset}-text", name).decode().split("\n")[:-1]
                    self.check_table(found[name], lines, types[name])

    def test_h5dump_reads_it(self):
        self.synthgen(*HOME, "--out", "a")
        file = self.folder / "a/bookings/bookings.h5"
        dump = lambda *words: subprocess.run(["h5dump", *words, file], check=True, capture_output=True, text=True).stdout
        self.assertIn("(0): 7", dump("-a", "/seed"))
        rows = support.manifest(self.folder / "a")["tables"][6]["rows"]
        self.assertIn(f"DATASPACE  SIMPLE {{ ( {rows} )", dump("-H", "-d", "/bookings/id"))
        self.assertIn("COMPRESSION DEFLATE", dump("-p", "-H", "-d", "/bookings/id"))
        status = [line.split("\t")[-3] for line in self.synthgen("cat", "a", "bookings").stdout.splitlines()]
        shown = dump("-y", "-w", "0", "-d", "/bookings/status")
        self.assertIn(", ".join(status[:3]), shown)
        self.assertIn("seconds since 1970-01-01 00:00:00 UTC", dump("-a", "/bookings/created_at/units"))


class Ranks(support.Case):
    def root(self, out):
        return support.manifest(self.folder / out)["root"]

    def test_ranks_threads_and_compression_do_not_matter(self):
        self.synthgen(*HOME, "--out", "a", "--threads", "3")
        for ranks, more in ((1, ["--compress", "none"]), (2, ["--threads", "2"]), (3, ["--threads", "1"])):
            self.synthgen(*HOME, "--out", f"{ranks}", *more, ranks=ranks)
            self.assertEqual(self.root(f"{ranks}"), self.root("a"))

    def test_shards_of_several_ranks_make_one_file(self):
        """tap_events of the size dev has two shards: the third rank selects nothing."""
        run = ["run", "--env", "dev", *support.SEED, "--tables", "tap_events,hubspot_engagements", "--no-load", "--threads", "1"]
        self.synthgen(*run, "--out", "a", "--format", "hdf5")
        self.synthgen(*run, "--out", "b", "--format", "hdf5", ranks=3)
        self.synthgen(*run, "--out", "t")
        self.assertEqual(self.root("a"), self.root("b"))
        shards = support.manifest(self.folder / "b")["tables"][-1]["shards"]
        self.assertGreater(len(shards), 1)
        self.assertEqual([shard["fingerprint"] for shard in shards],
                         [shard["fingerprint"] for shard in support.manifest(self.folder / "t")["tables"][-1]["shards"]])
        for table in ("hubspot_engagements", "tap_events"):
            self.assertEqual(len(list((self.folder / "b" / table).iterdir())), 1)
        self.assertEqual(self.synthgen("cat", "b", "tap_events", "--rows", "240000:242000").stdout,
                         self.synthgen("cat", "t", "tap_events", "--rows", "240000:242000").stdout)


class Faults(support.Case):
    def finish(self, out, ranks):
        """Completes a run that failed; tables that were finished are kept."""
        kept = {path: path.stat().st_mtime_ns for path in (self.folder / out).glob("*/*.h5")}
        self.synthgen(*HOME, "--out", out, "--resume", ranks=ranks)
        self.synthgen(*HOME, "--out", "whole")
        self.assertEqual(support.manifest(self.folder / out)["root"], support.manifest(self.folder / "whole")["root"])
        self.assertEqual(kept, {path: path.stat().st_mtime_ns for path in kept})
        self.assertEqual(list((self.folder / out).glob("*/*.tmp")), [])
        return kept

    def test_a_rank_that_cannot_write_stops_all(self):
        shown = self.synthgen(*HOME, "--out", "a", "--threads", "1", ranks=2, code="IO", SYNTHGEN_FAULT="hdf5.write:4:ENOSPC@1")
        self.assertIn(".h5.tmp: No space left on device", shown.stderr)
        self.assertEqual(list((self.folder / "a").glob("*/*.tmp")), [])
        self.assertEqual(len(self.finish("a", 3)), 3)

    def test_a_killed_rank_costs_the_table_in_hand(self):
        shown = support.run(*HOME, "--out", "a", "--threads", "1", ranks=2, cwd=self.folder,
                            SYNTHGEN_FAULT="hdf5.write:5:kill@1")
        self.assertNotEqual(shown.returncode, 0)
        self.assertEqual(len(self.finish("a", None)), 4)

    def test_damage_is_named(self):
        self.synthgen(*HOME, "--out", "a", "--compress", "none")
        file = self.folder / "a/users/users.h5"
        data = file.read_bytes()
        email = self.synthgen("cat", "a", "users", "--rows", "9:9").stdout.split("\t")
        word = max((cell for cell in email if "@" in cell), key=len).encode()
        self.assertIn(word, data)
        file.write_bytes(data.replace(word, b"X" + word[1:], 1))
        shown = self.synthgen("verify", "a", code="INVALID")
        self.assertIn("users/users.h5", shown.stdout + shown.stderr)
        file.write_bytes(data[:len(data) // 2])
        self.synthgen("verify", "a", code="INVALID")

    def test_a_whole_table_cannot_be_made_in_parts(self):
        shown = self.synthgen(*HOME, "--out", "a", "--part", "1/2", code="USAGE")
        self.assertIn("--part does not go with --format hdf5", shown.stderr)

    def test_resume_of_a_damaged_table_makes_it_again(self):
        self.synthgen(*HOME, "--out", "a", code="IO", SYNTHGEN_FAULT="hdf5.write:9")
        file = self.folder / "a/users/users.h5"
        data = bytearray(file.read_bytes())
        data[len(data) // 2:] = bytes(len(data) - len(data) // 2)
        file.write_bytes(data)
        self.synthgen(*HOME, "--out", "a", "--resume", ranks=2)
        self.synthgen("verify", "a")

    def test_another_format_takes_its_place(self):
        self.synthgen(*HOME, "--out", "a")
        self.synthgen(*HOME[:-1], "parquet", "--out", "a", "--overwrite")
        self.assertEqual(list((self.folder / "a").glob("*/*.h5")), [])


if __name__ == "__main__":
    unittest.main()
