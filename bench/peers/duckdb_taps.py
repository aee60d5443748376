"""Writes tap events with DuckDB: the columns of the table, cheaply made from range(), as zstd CSV. Prints the wall and
CPU seconds of COPY alone.

usage: duckdb_taps.py ROWS FILE THREADS one|many     many: a file per thread, DuckDB's own way to write on all cores
"""
import sys
import time

import duckdb

# Devices, accounts and locations change as often as in the data set; what varies inside a device is random().
QUERY = """
SELECT i + 1 AS id, TIMESTAMPTZ '2025-01-01 00:00:00+00' + to_seconds((i % 1111) * 28000) AS timestamp,
  (i // 1111 + 1)::INTEGER AS device_id, (i // 5000 + 1)::INTEGER AS account_id, (i // 3333 + 1)::INTEGER AS location_id,
  (random() * 550)::INTEGER AS volume_ml, (1 + random() * 39)::SMALLINT AS product_id,
  (1 + random() * 4)::SMALLINT AS tap_type, (20 + random() * 60)::SMALLINT AS temperature_deci_c,
  (random() * 100)::SMALLINT AS duration_deci_s
FROM range({rows}) t(i)"""


def main():
    rows, path, threads, files = sys.argv[1:]
    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(threads)}")
    connection.execute("SET timezone = 'UTC'")
    each = ", PER_THREAD_OUTPUT true, FILE_EXTENSION 'csv.zst'" if files == "many" else ""
    start, cpu = time.monotonic(), time.process_time()
    connection.execute(f"COPY ({QUERY.format(rows=int(rows))}) TO '{path}' (FORMAT csv, COMPRESSION zstd, "
                       f"OVERWRITE true{each})" if each else
                       f"COPY ({QUERY.format(rows=int(rows))}) TO '{path}' (FORMAT csv, COMPRESSION zstd)")
    print(time.monotonic() - start, time.process_time() - cpu)


if __name__ == "__main__":
    main()
