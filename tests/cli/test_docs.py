"""Pages lead somewhere: every link of the documentation has a target, every file that it names is there."""
# labels: quick

import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["SOURCE"])
FOLDERS = "bench|cmake|dbt|docs|io|kernels|partition|scripts|src|tests"
NAMED = re.compile(rf"`((?:{FOLDERS})/[\w/.-]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def pages():
    yield SOURCE / "README.md"
    for folder in ("docs", "scripts", "src"):
        yield from sorted((SOURCE / folder).rglob("*.md"))


def anchors(page):
    """The names that a page's headings have in links."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


class Docs(unittest.TestCase):
    def test_links_have_targets(self):
        count = 0
        for page in pages():
            for link in LINK.findall(page.read_text()):
                if re.match(r"[a-z]+:", link):
                    continue
                count += 1
                path, _, anchor = link.partition("#")
                target = page.parent / path if path else page
                self.assertTrue(target.exists(), f"{page.relative_to(SOURCE)} links to {link}")
                if anchor:
                    self.assertIn(anchor, anchors(target), f"{page.relative_to(SOURCE)} links to {link}")
        self.assertGreater(count, 30)

    def test_named_files_exist(self):
        count = 0
        for page in pages():
            for name in NAMED.findall(page.read_text()):
                count += 1
                self.assertTrue((SOURCE / name).exists(), f"{page.relative_to(SOURCE)} names {name}")
        self.assertGreater(count, 40)


if __name__ == "__main__":
    unittest.main()
