"""Shell settings for dbt: where the database is, and the exact rows and sums of the run.

usage: dbt_settings.py PROGRAM DIR URL        URL "" = the private server of DIR
"""
import getpass
import json
import pathlib
import shlex
import subprocess
import sys

import psycopg2
import psycopg2.extensions

program, out, url = sys.argv[1:]


def ask(*arguments):
    """The JSON document that a command of the program prints."""
    return subprocess.run([program, *arguments, "--json"], check=True, stdout=subprocess.PIPE, text=True).stdout


manifest = json.loads((pathlib.Path(out) / "manifest.json").read_text())
if manifest["dataset"] != "barsaas":
    sys.exit(f"dbt: {out} holds {manifest['dataset']}; the project is for barsaas")
if manifest["partial"]:
    sys.exit(f"dbt: {out} holds chosen tables or one account; the views of schema raw are made for whole runs")
same_run = ["--dataset", "barsaas", "--accounts", str(manifest["units"]), "--seed", str(manifest["seed"]),
            "--as-of", manifest["as_of"]]
if "anomalies_ppm" in manifest:
    same_run += ["--anomalies", f"{manifest['anomalies_ppm'] / 1e6:.6f}"]
plan = json.loads(ask("plan", *same_run))

if url:
    parts = psycopg2.extensions.parse_dsn(url)
else:
    private = json.loads(ask("database", out, "status"))["database"]
    parts = {"host": private["socket"], "user": private["role"], "dbname": private["name"]}
try:
    with psycopg2.connect(**parts) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('raw.app_database_accounts') IS NOT NULL")
        if not cursor.fetchone()[0]:
            sys.exit(f"dbt: the database holds no relations of schema raw; load them: synthgen-hpc load {out}")
except psycopg2.Error as error:
    sys.exit(f"dbt: cannot ask the database: {error}")
settings = {
    "DBT_HOST": parts.get("host", ""),
    "DBT_PORT": parts.get("port", "5432"),
    "DBT_USER": parts.get("user", getpass.getuser()),
    "DBT_PASSWORD": parts.get("password", ""),
    "DBT_DATABASE": parts.get("dbname", ""),
    "DBT_VARS": json.dumps({
        "as_of": manifest["as_of"],
        "rows": {table["name"]: table["rows"] for table in plan["tables"]},
        "totals": {total["name"]: total["value"] for total in plan["totals"]},
    }),
}
for name, value in settings.items():
    print(f"{name}={shlex.quote(value)}")
