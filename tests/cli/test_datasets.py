"""Every dataset but the first (test_determinism.py): the same bytes on any ranks, threads and kernels, and the same
rows in every format.

processors: 2
timeout: 300
"""
import unittest

import support

SIZES = {"spendsense": ["--users", "60"], "cardholders": ["--customers", "40"], "screenbilling": ["--customers", "100"],
         "homeservices": ["--customers", "100"]}
FORMATS = ["copy", "csv", "binary", "parquet", "hdf5"]
PLACES = [(ranks, threads, isa) for ranks in (None, 2, 5) for threads, isa in ((1, None), (2, "portable"))]


class Datasets(support.Case):
    def make(self, dataset, *more, **keywords):
        """Makes and verifies a run, replacing the one before."""
        return self.json("run", "--dataset", dataset, *SIZES[dataset], *support.SEED, "--quiet", "--no-load", "--no-stats",
                         "--overwrite", "--out", "run", *more, **keywords)

    def test_all_are_here(self):
        known = {one["name"] for one in self.json("datasets")["datasets"]}
        self.assertEqual(known, {*SIZES, "barsaas"})

    def test_ranks_threads_and_kernels(self):
        for dataset in SIZES:
            digests = {(ranks, threads, isa): self.make(dataset, "--threads", threads, ranks=ranks, SYNTHGEN_ISA=isa)["digest"]
                       for ranks, threads, isa in PLACES}
            self.assertEqual(len(set(digests.values())), 1, (dataset, digests))

    def test_many_ranks(self):
        """Most stand by; what works are as many as there are cores for, or, where there are few too many, all."""
        for dataset in SIZES:
            digests = [self.make(dataset, "--threads", 1, ranks=ranks)["digest"] for ranks in (None, 64)]
            self.assertEqual(digests[0], digests[1], dataset)

    def test_every_format_holds_the_same_rows(self):
        """Fingerprints are of the cells' values, whatever the bytes."""
        for dataset in SIZES:
            seen = {}
            for name in FORMATS:
                self.make(dataset, "--format", name)
                found = support.manifest(self.folder / "run")["tables"]
                seen[name] = [(table["name"], table["rows"], table["fingerprint"]) for table in found]
                self.synthgen("verify", "run", "--quiet")
            self.assertEqual({name: seen[name] == seen["copy"] for name in FORMATS}, dict.fromkeys(FORMATS, True), dataset)


if __name__ == "__main__":
    unittest.main()
