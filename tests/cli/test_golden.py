"""Golden text: the bytes of a tiny run are those committed in tests/golden. Per table its row count, the digest of its
text, and its first and last rows (the digest covers the rest).

When bytes change on purpose, accept them from tests/cli with

    SYNTHGEN=<program> SOURCE=<repository> python3 test_golden.py --write

labels: quick
"""
import difflib
import hashlib
import pathlib
import sys
import tempfile
import unittest

import support

ROWS = 3
RUNS = {
    "barsaas-2-accounts.copy.txt": ["--accounts", "2"],
    "barsaas-2-accounts.csv.txt": ["--accounts", "2", "--format", "csv", "--tables", "accounts,users,stripe_events"],
}


def excerpt(folder, arguments):
    out = pathlib.Path(folder) / "out"
    done = support.run(*arguments, *support.SEED, "--out", out, "--overwrite", "--no-load", "--quiet")
    assert done.returncode == 0, done.stderr
    lines = []
    for table in support.manifest(out)["tables"]:
        text = support.table_text(out, table["name"])
        rows = text.decode().split("\n")[:-1]
        lines.append(f"== {table['name']}: {table['rows']} rows, sha256 {hashlib.sha256(text).hexdigest()}")
        lines += rows if len(rows) <= 2 * ROWS else rows[:ROWS] + ["..."] + rows[-ROWS:]
    return "\n".join(lines) + "\n"


def golden_path(name):
    return support.SOURCE / "tests/golden" / name


class Golden(support.Case):
    def test_bytes_are_those_committed(self):
        for name, arguments in RUNS.items():
            with self.subTest(golden=name):
                made = excerpt(self.folder, arguments)
                kept = golden_path(name).read_bytes().decode()
                if made != kept:
                    difference = difflib.unified_diff(kept.splitlines(), made.splitlines(), "committed", "made",
                                                      lineterm="", n=0)
                    self.fail("bytes changed (see this file's head to accept):\n" +
                              "\n".join(list(difference)[:40]))


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        for golden, options in RUNS.items():
            with tempfile.TemporaryDirectory() as temporary:
                golden_path(golden).write_bytes(excerpt(temporary, options).encode())
    else:
        unittest.main()
