"""Reads the Parquet shards of an output folder with pyarrow and DuckDB and prints, as JSON, what they find.

Runs in the environment of scripts/install-python, not in that of the tests.

usage: parquet_reader.py FOLDER
"""
import hashlib
import json
import pathlib
import sys
import uuid

import duckdb
import pyarrow
import pyarrow.compute
import pyarrow.parquet

from copy_text import text


def plain(value):
    """Bounds of UUIDs and documents come as bytes."""
    return value.bytes if isinstance(value, uuid.UUID) else value.encode() if isinstance(value, str) else value


def of_pyarrow(shards):
    """Rows, digest of all rows as COPY text, schema; statistics are compared with the values of each row group."""
    rows, digest, schema, compared = 0, hashlib.sha256(), {}, 0
    for shard in shards:
        file = pyarrow.parquet.ParquetFile(shard)
        schema = {field.name: [str(field.type), field.nullable] for field in file.schema_arrow}
        for index in range(file.num_row_groups):
            group = file.read_row_group(index)
            rows += group.num_rows
            columns = [column.to_pylist() for column in group.columns]
            for row in zip(*columns):
                digest.update(("\t".join(map(text, row)) + "\n").encode())
            for number, values in enumerate(columns):
                known = file.metadata.row_group(index).column(number).statistics
                present = [value for value in values if value is not None]
                assert known.null_count == len(values) - len(present), (shard, number)
                if known.has_min_max:
                    least, most = min(present), max(present)
                    assert [plain(known.min), plain(known.max)] == [plain(least), plain(most)], (shard, number, known)
                    compared += 1
    return {"rows": rows, "sha256": digest.hexdigest(), "schema": schema, "statistics": compared}


def of_duckdb(shards):
    """Rows; per column its type, values that are not NULL, sum of numbers, and rows with the largest value, which
    DuckDB looks for by the statistics."""
    source = f"read_parquet({[str(shard) for shard in shards]})"
    duckdb.sql("SET TimeZone = 'UTC'")
    columns = {}
    for name, kind, *_ in duckdb.sql(f"DESCRIBE SELECT * FROM {source}").fetchall():
        column = f'"{name}"'
        number = kind in ("SMALLINT", "INTEGER", "BIGINT") or kind.startswith("DECIMAL")
        values, total = duckdb.sql(f"SELECT count({column}), {f'sum({column})' if number else 'NULL'} FROM {source}").fetchone()
        (highest,) = duckdb.sql(f"SELECT count(*) FROM {source} WHERE {column} = (SELECT max({column}) FROM {source})").fetchone()
        columns[name] = [kind, values, None if total is None else str(total), highest]
    return {"rows": duckdb.sql(f"SELECT count(*) FROM {source}").fetchone()[0], "columns": columns}


found = {}
for folder in sorted({shard.parent for shard in pathlib.Path(sys.argv[1]).glob("*/*.parquet")}):
    shards = sorted(folder.glob("*.parquet"))
    found[folder.name] = {"pyarrow": of_pyarrow(shards), "duckdb": of_duckdb(shards)}
json.dump(found, sys.stdout)
