"""The rules of the house that a compiler does not check: floors, foreign headers, lengths, head comments, layout."""
# labels: quick

import glob
import os
import re
import shutil
import subprocess
import unittest

SOURCE = os.environ["SOURCE"]

# Folder -> folders it may include from (besides itself). See docs/architecture.md.
FLOORS = {
    "src/base": [],
    "src/model": ["base"],
    "kernels": ["base"],
    "partition": ["base", "model"],
    "io": ["base", "model"],
    "src/reference": ["base"],
    "src/verify": ["base", "model", "io"],
    "src/datasets": ["base", "model", "kernels", "partition", "io", "reference"],
    "src/app": ["base", "model", "kernels", "partition", "io", "reference", "verify", "datasets"],
}

# Foreign header -> the only files that may include it.
FOREIGN = {
    r"mpi\.h": r"partition/comm[a-z_]*\.[ch]",
    r"zstd[a-z_]*\.h": r"io/(frame|seek_table)[a-z_]*\.[ch]",
    r"xxhash\.h": r"io/digest\.[ch]",
    r"jansson\.h": r"io/[a-z_]*json[a-z_]*\.[ch]",
    r"libpq-fe\.h": r"io/pg[a-z_]*\.[ch]",
    r"curl/.*\.h": r"io/http[a-z_]*\.c",
    r"hdf5\.h": r"io/hdf5[a-z_]*\.[ch]",
}

FUNCTION_LINES_MAX = 70
CONTROL = re.compile(r"^ *(}? ?else|if|for|while|switch|do)\b")


def sources():
    """All C files of the program as (path from the root, text)."""
    for folder in FLOORS:
        for path in sorted(glob.glob(os.path.join(SOURCE, folder, "**", "*.[ch]"), recursive=True)):
            with open(path, encoding="utf-8") as file:
                yield os.path.relpath(path, SOURCE), file.read()


def floor_of(path):
    return max((f for f in FLOORS if path.startswith(f + "/")), key=len)


def function_lengths(text):
    """(first line, lines) of every function: from the line that opens its body to the closing brace in column one."""
    start = None
    for number, line in enumerate(text.splitlines(), 1):
        opens = line.endswith(") {") and not CONTROL.match(line)
        if start is None and opens:
            start = number
        elif line == "}" and start is not None:
            yield start, number - start
            start = None


class Tidy(unittest.TestCase):
    def test_there_is_something_to_check(self):
        files = list(sources())
        self.assertGreater(len(files), 50)
        self.assertGreater(sum(len(list(function_lengths(text))) for _, text in files), 200)

    def test_floors_include_only_from_below(self):
        wrong = []
        for path, text in sources():
            own = floor_of(path)
            for name in re.findall(r'^#include "([a-z]+)/', text, re.M):
                if name != os.path.basename(own) and name not in FLOORS[own]:
                    wrong.append(f"{path} includes {name}/")
        self.assertEqual(wrong, [])

    def test_foreign_headers_live_in_one_place(self):
        wrong = []
        for path, text in sources():
            for header in re.findall(r"^#include <([^>]+)>", text, re.M):
                for pattern, home in FOREIGN.items():
                    if re.fullmatch(pattern, header) and not re.fullmatch(home, path):
                        wrong.append(f"{path} includes <{header}>")
        self.assertEqual(wrong, [])

    def test_every_file_begins_with_its_purpose(self):
        self.assertEqual([path for path, text in sources() if not text.startswith("/* ")], [])

    def test_functions_are_short(self):
        wrong = []
        for path, text in sources():
            if path.startswith("kernels/"):
                continue
            wrong += [f"{path}:{at}: {lines} lines" for at, lines in function_lengths(text) if lines > FUNCTION_LINES_MAX]
        self.assertEqual(wrong, [])

    def test_no_banners_or_leftovers(self):
        wrong = []
        for path, text in sources():
            for number, line in enumerate(text.splitlines(), 1):
                if re.search(r"(?<!\")\b(TODO|FIXME|XXX|HACK)\b|[=*-]{12,}|^\s*//.*;\s*$|^#if 0", line):
                    wrong.append(f"{path}:{number}: {line.strip()}")
        self.assertEqual(wrong, [])

    def test_external_symbols_carry_the_prefix(self):
        libraries = glob.glob(os.path.join(os.path.dirname(os.environ["SYNTHGEN"]), "libsg_*.a"))
        self.assertTrue(libraries)
        names = subprocess.run(["nm", "-g", "--defined-only", *libraries], capture_output=True, text=True, check=True)
        symbols = re.findall(r"^[0-9a-f]+ [A-Z] (\w+)$", names.stdout, re.M)
        self.assertGreater(len(symbols), 50)
        self.assertEqual([s for s in symbols if not re.match(r"(sg|bs|ss|ch|hs|sb)_|__", s)], [])

    @unittest.skipUnless(shutil.which("clang-format"), "clang-format is not installed")
    def test_layout_is_clang_formats(self):
        paths = [os.path.join(SOURCE, path) for path, _ in sources()]
        result = subprocess.run(["clang-format", "--dry-run", "--Werror", *paths], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr[:2000])


if __name__ == "__main__":
    unittest.main()
