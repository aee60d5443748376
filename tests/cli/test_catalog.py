"""The catalog: committed copies are current, complete, and true of generated rows.

labels: quick
"""
import csv
import io
import json
import re
import subprocess
import unittest

import support

REFRESH = "run: synthgen-hpc catalog (in the root of the repository)"


def conforms(schema, text):
    """The first way in which a CSV cell departs from its column's schema, or None."""
    kinds = schema.get("type", "string")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if text == "" and ("null" in kinds or None in schema.get("enum", [])):
        return None
    if "enum" in schema:
        return None if text in schema["enum"] else "not in enum"
    if "boolean" in kinds:
        return None if text in ("t", "f") else "no boolean"
    if "integer" in kinds or "number" in kinds:
        value = float(text)
        if "integer" in kinds and not re.fullmatch(r"-?\d+", text):
            return "no integer"
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            return "out of bounds"
        return None
    if len(text) > schema.get("maxLength", len(text)):
        return "too long"
    if not re.search(schema.get("pattern", ""), text):
        return "not of the pattern"
    if schema.get("contentMediaType") == "application/json":
        json.loads(text)
    return None


class Catalog(support.Case):
    def test_committed_copies_are_current(self):
        self.synthgen("catalog", "--out", "catalog")
        written = {path.name: path.read_text() for path in (self.folder / "catalog").iterdir()}
        committed = {path.name: path.read_text() for path in (support.SOURCE / "docs/catalog").iterdir()
                     if path.name != "README.md"}
        self.assertEqual(sorted(committed), sorted(written), REFRESH)
        for name, text in written.items():
            self.assertTrue(committed[name] == text, f"docs/catalog/{name} is not current; {REFRESH}")

    def test_one_data_set_and_its_files_as_json(self):
        for dataset in self.json("datasets")["datasets"]:
            files = self.json("catalog", "--dataset", dataset["name"], "--out", "one")["files"]
            wanted = [f"one/{dataset['name']}.md", f"one/{dataset['name']}.schema.json"]
            self.assertEqual(files, wanted + (["one/barsaas.dbt.yml"] if dataset["name"] == "barsaas" else []))

    def test_dbt_sources_are_the_raw_contract(self):
        sources = (support.SOURCE / "docs/catalog/barsaas.dbt.yml").read_text()
        self.assertEqual((support.SOURCE / "dbt/models/sources/barsaas.yml").read_text(), sources)
        found = []
        for table in sources.split("\n      - name: ")[1:]:
            columns = re.findall(r"^          - name: (\S+)\n            data_type: (.*)$", table, re.M)
            found += [(table.split("\n")[0], str(place), *column) for place, column in enumerate(columns, 1)]
        contract = [line.split("\t") for line in (support.SOURCE / "tests/cli/raw_contract.tsv").read_text().splitlines()[1:]]
        order = list(dict.fromkeys(row[0] for row in found))
        self.assertEqual(sorted(found, key=lambda row: (row[0], int(row[1]))),
                         sorted((tuple(row[:4]) for row in contract), key=lambda row: (row[0], int(row[1]))))
        for relation, column, null in ((row[0], row[2], row[4]) for row in contract):
            if null not in ("key", "not null"):
                continue
            text = sources.split(f"\n      - name: {relation}\n")[1].split("\n      - name: ")[0]
            tests = text.split(f"\n          - name: {column}\n")[1].split("\n          - name: ")[0]
            self.assertIn("- not_null", tests, f"{relation}.{column}")
            if null == "key":
                self.assertIn("- unique", tests, f"{relation}.{column}")
        self.assertEqual(len(order), 30)

    def test_every_table_is_described_and_every_column_made_somehow(self):
        for dataset in self.json("datasets")["datasets"]:
            page = (support.SOURCE / f"docs/catalog/{dataset['name']}.md").read_text()
            schema = json.loads((support.SOURCE / f"docs/catalog/{dataset['name']}.schema.json").read_text())
            self.assertEqual(sorted(schema["$defs"]), sorted(dataset["tables"]))
            for table, definition in schema["$defs"].items():
                section = page.split(f"\n### {table}\n")[1].split("\n### ")[0]
                rows = dict(re.findall(r"^\| `(\w+)` \|[^\n]*?\| ([^|\n]*) \| [^|\n]* \|$", section, re.M))
                self.assertEqual(sorted(rows), sorted(definition["properties"]), table)
                self.assertEqual(sorted(definition["required"]), sorted(definition["properties"]))
                for column, made in rows.items():
                    with self.subTest(column=f"{dataset['name']}.{table}.{column}"):
                        self.assertTrue(made.strip(), "say in the declaration how the column is made (origin)")

    def test_diagram_draws_every_foreign_key(self):
        for dataset in self.json("datasets")["datasets"]:
            page = (support.SOURCE / f"docs/catalog/{dataset['name']}.md").read_text()
            schema = json.loads((support.SOURCE / f"docs/catalog/{dataset['name']}.schema.json").read_text())
            drawn = re.findall(r"^    (\w+) \|[|o]--o[{|] (\w+) : (\w+)$", page, re.M)
            declared = [(target.split(".")[0], table, column) for table, definition in schema["$defs"].items()
                        for column, target in definition.get("x-foreign-keys", {}).items()]
            self.assertEqual(sorted(drawn), sorted(declared))

    def test_generated_rows_conform_to_the_schema(self):
        schema = json.loads((support.SOURCE / "docs/catalog/barsaas.schema.json").read_text())["$defs"]
        small = [table for table in schema if table not in
                 ("tap_events", "page_views", "feature_usage", "user_sessions", "google_analytics_sessions")]
        self.synthgen("--accounts", 5, *support.SEED, "--format", "csv", "--tables", ",".join(small), "--out", "rows",
                      "--anomalies", "0.02", "--quiet")
        for table in small:
            text = support.table_text(self.folder / "rows", table).decode()
            for row in csv.DictReader(io.StringIO(text)):
                for column, cell in row.items():
                    fault = conforms(schema[table]["properties"][column], cell)
                    self.assertIsNone(fault, f"{table}.{column}: {cell!r}")

    def test_unwritable_folder_is_an_error(self):
        (self.folder / "file").write_text("")
        result = self.synthgen("catalog", "--out", "file/below", code="IO")
        self.assertIn("file", result.stderr)


if __name__ == "__main__":
    unittest.main()
