"""Spoils a loaded dataset in SQL: every column of every table, in every way its type takes, until all that was declared
has been seen to fail. What was declared is read from the catalog."""
import json
import re

import support
from database import psql

# What becomes of a column {c} by its type in half of the rows, others for each column; a round applies its own to all columns
# that have one.
ROUNDS = [
    {"integer": "{c} + 1", "small": "{c} + 1", "numeric": "{c} + {unit}", "instant": "{c} + interval '35 days'", "date": "{c} + 1", "boolean": "NOT {c}",
     "labels": "{next}", "text": "substr({c}, 2, length({c}) - 2)", "json": "json '[\"1\"]'"},
    {"null": "CASE WHEN {c} IS NULL THEN {some} END"},
    {"integer": "1000000", "small": "30000", "numeric": "greatest(least({c} * 1000 + 1500 * {unit}, {most}), -({most}))",
     "instant": "{c} + interval '20 years'", "labels": "{first}", "text": "'same'"},
    {"integer": "1", "small": "1", "numeric": "0", "instant": "{c} - interval '40 years'", "boolean": "NOT {c}", "labels": "{last}"},
]
KINDS = {"integer": "integer", "bigint": "integer", "smallint": "small", "numeric": "numeric", "boolean": "boolean", "date": "date",
         "timestamp with time zone": "instant", "character varying": "text", "text": "text", "json": "json"}
SOME = {"integer": "1", "small": "1", "numeric": "0", "instant": "now()", "text": "'a'", "json": "json '[]'", "boolean": "true", "date": "date '2000-01-01'",
        "labels": "{first}"}


def declared(dataset):
    """Names of rules, of entries of the certificate that are judged, and of totals."""
    page = (support.SOURCE / f"docs/catalog/{dataset}.md").read_text()
    model = page.split("\n## Tables\n")[0]
    rules = {name for name, text in re.findall(r"^\* `(\w+)`: (.*)", page, re.M)}
    entries = {f"certificate {name}" for name, kind in re.findall(r"^\| `(\w+)` \| ([\w -]+) \|", model, re.M)
               if kind != "monthly series"}
    totals = {f"total {name}" for name in re.findall(r"^\| `(\w+)`, \w+:", page, re.M)}
    return rules, entries, totals


def columns(url, dataset):
    """(table, column, kind of its type, nullable, scale, precision, labels) of every column."""
    tables = json.loads((support.SOURCE / f"docs/catalog/{dataset}.schema.json").read_text())["$defs"]
    for table, column, data_type, null, scale, precision in psql(url, f"""SELECT table_name, column_name, data_type, is_nullable,
            numeric_scale, numeric_precision FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema,
            table_name) WHERE table_schema = '{dataset}' AND table_type = 'BASE TABLE' ORDER BY 1, c.ordinal_position"""):
        labels = [label for label in tables[table]["properties"][column].get("enum", []) if label]
        yield table, column, "labels" if labels else KINDS[data_type], null == "YES", scale, precision, labels


def loosen(url, dataset):
    """Takes off every constraint that would keep a fault out."""
    psql(url, f"""DO $$ DECLARE r record; BEGIN
        FOR r IN SELECT conrelid::regclass AS t, conname FROM pg_constraint WHERE connamespace = '{dataset}'::regnamespace AND
            contype IN ('c', 'f', 'p', 'u') ORDER BY contype <> 'f' LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', r.t, r.conname); END LOOP;
        FOR r IN SELECT indexrelid::regclass AS i FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE
            c.relnamespace = '{dataset}'::regnamespace AND indisunique LOOP EXECUTE format('DROP INDEX %s', r.i); END LOOP;
        FOR r IN SELECT attrelid::regclass AS t, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE
            c.relnamespace = '{dataset}'::regnamespace AND c.relkind = 'r' AND attnum > 0 AND attnotnull LOOP
            EXECUTE format('ALTER TABLE %s ALTER %I DROP NOT NULL', r.t, r.attname); END LOOP; END $$""")


def updates(found, dataset, ways, key):
    """One UPDATE a table."""
    changes = {}
    for number, (table, column, kind, nullable, scale, precision, labels) in enumerate(found):
        way = ways.get("null") if nullable and "null" in ways else ways.get(kind)
        if not way or (column == key and way.isdigit()):  # parents must not multiply
            continue
        words = {"c": column, "unit": f"1e-{scale or 0}::numeric", "first": f"'{labels[0]}'" if labels else "", "last": f"'{labels[-1]}'" if labels else "",
                 "most": f"1e{int(precision or 0) - int(scale or 0)}::numeric - 1e-{scale or 0}::numeric",
                 "next": f"CASE {column} " + " ".join(f"WHEN '{a}' THEN '{b}'" for a, b in zip(labels, labels[1:] + labels[:1])) + " END"}
        words["some"] = SOME[kind].format(**words)
        changes.setdefault(table, []).append(
            f"{column} = CASE WHEN hashint8({key} * 1000 + {number}) % 2 = 0 THEN {way.format(**words)} ELSE {column} END")
    return [f"UPDATE {dataset}.{table} SET {', '.join(each)}" for table, each in changes.items()]


def seen(case, out, url, dataset, key="id", kept=(), more=()):
    """Names of everything that failed in some round; the columns' own constraints are gone afterwards. `key` tells rows apart,
    columns in `kept` are left alone, `more` are statements of further rounds."""
    names = set()
    found = [column for column in columns(url, dataset) if column[1] not in kept]
    loosen(url, dataset)
    for statements in [*("; ".join(updates(found, dataset, ways, key)) for ways in ROUNDS), *more]:
        psql(url, statements)
        checks = case.json("verify", out, "--quiet", "--database", url, code="INVALID")["verify_database"]["not_passed"]
        names |= {check["check"] for check in checks if check["status"] == "fail"}
    return names
