"""homeservices end to end: ranks, CSV, private cluster, verification that names planted faults, clear and load again.
timeout: 300
processors: 2
"""
import csv
import io
import os
import pathlib
import pwd
import shutil
import tempfile
import unittest

import spoil
import support
from database import psql, value

RUN = ["--dataset", "homeservices", *support.SEED, "--quiet", "--threads", "1"]

# table: rows at the default size, and whether they grow with customers
ROWS = {"users": 150, "categories": 12, "subcategories": 76, "rate_cards": 156, "addresses": 198, "providers": 120,
        "bookings": 139, "booking_items": 294, "conversations": 1192, "priority_queue": 100, "complaints": 120,
        "complaint_updates": 180}
FIXED = {"categories", "subcategories", "rate_cards"}


def rows(out):
    return {table["name"]: table["rows"] for table in support.manifest(out)["tables"]}


class Offline(support.Case):
    def test_default_size_has_the_seeds_rows(self):
        self.synthgen("run", *RUN, "--out", "a", "--no-load")
        self.assertEqual(rows(self.folder / "a"), ROWS)

    def test_ranks_make_the_same_bytes(self):
        roots = set()
        for ranks in (None, 1, 3):
            out = self.folder / f"ranks{ranks}"
            self.synthgen("run", *RUN, "--customers", "700", "--out", out, "--no-load", ranks=ranks)
            roots.add(support.manifest(out)["root"])
        self.assertEqual(len(roots), 1)

    def test_size_scales_all_but_the_catalogue(self):
        self.synthgen("run", *RUN, "--customers", "1000", "--out", "a", "--no-load")
        self.assertEqual(rows(self.folder / "a"),
                         {table: count if table in FIXED else 10 * count for table, count in ROWS.items()})

    def test_csv_holds_the_same_cells(self):
        self.synthgen("run", *RUN, "--out", "copy", "--no-load")
        self.synthgen("run", *RUN, "--out", "csv", "--no-load", "--format", "csv")
        self.synthgen("verify", "csv", "--quiet")
        for table in ("providers", "bookings", "booking_items"):
            lines = list(csv.reader(io.StringIO(support.table_text(self.folder / "csv", table).decode())))
            cells = [line.split("\t") for line in support.table_text(self.folder / "copy", table).decode().splitlines()]
            self.assertEqual(lines[0][0], "id")
            self.assertEqual(lines[1:], [["" if cell == "\\N" else cell for cell in row] for row in cells])

    def test_only_one_customer(self):
        self.synthgen("run", *RUN, "--out", "all", "--no-load")
        self.synthgen("run", *RUN, "--out", "one", "--no-load", "--only", "customer=37")
        for table in ("bookings", "booking_items", "conversations", "complaints", "users"):
            mine = support.table_text(self.folder / "one", table).splitlines()
            every = support.table_text(self.folder / "all", table).splitlines()
            self.assertLessEqual(set(mine), set(every))
        self.assertEqual(support.table_text(self.folder / "one", "users"),
                         support.table_text(self.folder / "all", "users"))

    def test_explain_agrees_with_the_rows(self):
        self.synthgen("run", *RUN, "--out", "a", "--no-load")
        row = support.table_text(self.folder / "a", "bookings").decode().splitlines()[76].split("\t")
        shown = self.synthgen("explain", "bookings:77.total", "--out", "a").stdout
        self.assertIn(row[18], shown)


class Loaded(support.Case):
    """One run in a private cluster; tests that change it put it back by loading again."""

    @classmethod
    def setUpClass(cls):
        cls.base = pathlib.Path(tempfile.mkdtemp(prefix="synthgen-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.base, ignore_errors=True)
        cls.base.chmod(0o755)
        cls.out = cls.base / "run"
        result = support.run("run", *RUN, "--out", cls.out, "--load")
        if result.returncode:
            raise AssertionError(result.stdout + result.stderr)
        cls.addClassCleanup(support.run, "database", cls.out, "stop")
        role = pwd.getpwuid(os.geteuid()).pw_name
        cls.url = f"host={cls.out / 'postgresql/run'} user={role} dbname=homeservices"

    def counts(self):
        tables = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM homeservices.{table}" for table in ROWS)
        return {table: int(count) for table, count in psql(self.url, tables)}

    def test_database_verifies(self):
        result = self.json("verify", self.out, "--database", self.url, "--quiet")
        self.assertEqual(result["verify_database"]["failed"], 0)
        for check in result["verify_database"]["not_passed"]:  # rows too few for a statistic, or monthly curves
            self.assertRegex(check["detail"], "rows say too little|databases are not asked for it")
        self.assertEqual(self.counts(), ROWS)

    def test_types_and_actions_are_the_contracts(self):
        types = dict(psql(self.url, "SELECT table_name || '.' || column_name, data_type FROM "
                                    "information_schema.columns WHERE table_schema = 'homeservices'"))
        for column in ("rate_cards.available_pincodes", "providers.service_pincodes", "conversations.agent_calls",
                       "conversations.provenance", "complaint_updates.attachments"):
            self.assertEqual(types[column], "json")
        for table in ROWS:
            for column in ("created_at", "updated_at"):
                self.assertEqual(types[f"{table}.{column}"], "timestamp with time zone")
        actions = dict(psql(self.url, "SELECT conrelid::regclass::text || '.' || a.attname, confdeltype FROM "
                                      "pg_constraint JOIN pg_attribute a ON attrelid = conrelid AND attnum = conkey[1] "
                                      "WHERE contype = 'f' AND connamespace = 'homeservices'::regnamespace"))
        wanted = {"users.referred_by": "n", "subcategories.category_id": "c", "rate_cards.subcategory_id": "c",
                  "addresses.user_id": "c", "bookings.user_id": "r", "booking_items.booking_id": "c",
                  "booking_items.rate_card_id": "r", "booking_items.provider_id": "n", "booking_items.address_id": "r",
                  "conversations.user_id": "n", "priority_queue.user_id": "c", "priority_queue.reviewed_by": "n",
                  "complaints.booking_id": "n", "complaints.user_id": "r", "complaints.resolved_by": "n",
                  "complaint_updates.complaint_id": "c", "complaint_updates.user_id": "r"}
        self.assertEqual({name: actions[f"homeservices.{name}"] for name in wanted}, wanted)

    def test_every_foreign_key_is_indexed(self):
        bare = psql(self.url, """SELECT conrelid::regclass, conkey FROM pg_constraint WHERE contype = 'f' AND
            connamespace = 'homeservices'::regnamespace AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = conrelid
            AND indkey[0] = conkey[1])""")
        self.assertEqual(bare, [])

    def test_sql_agrees_with_the_contract(self):
        """The contract's arithmetic once more, by a program that shares nothing with the generator."""
        for wrong in (
                # GST to the paisa, halves to even
                """bookings WHERE total <> subtotal - discount + total_gst + convenience_charge OR
                   total_gst <> sgst_amount + cgst_amount + igst_amount OR sgst_amount <> cgst_amount OR
                   abs(sgst_amount * 100 - (subtotal - discount) * sgst) > 0.5 OR
                   abs(igst_amount * 100 - (subtotal - discount) * igst) > 0.5 OR discount > subtotal * 0.2 OR
                   (is_partial AND partial_amount + remaining_amount <> total) OR
                   (NOT is_partial AND partial_amount + remaining_amount <> 0)""",
                "bookings WHERE status IN ('CONFIRMED', 'COMPLETED') AND payment_status <> 'PAID'",
                """booking_items i JOIN bookings b ON b.id = i.booking_id JOIN addresses a ON a.id = i.address_id
                   JOIN providers p ON p.id = i.provider_id WHERE (p.home_state <> a.state) <> (b.igst > 0) OR
                   NOT p.is_active OR NOT p.is_verified OR
                   NOT EXISTS (SELECT FROM json_array_elements_text(p.service_pincodes) x WHERE x = a.pincode)""",
                """(SELECT booking_id FROM booking_items i JOIN providers p ON p.id = provider_id GROUP BY 1
                   HAVING count(DISTINCT home_state) > 1 OR count(DISTINCT address_id) > 1) x""",
                """conversations u JOIN conversations a ON a.id = u.id + 1 WHERE u.role = 'USER' AND
                   (a.role <> 'ASSISTANT' OR a.session_id <> u.session_id OR a.user_id <> u.user_id)"""):
            self.assertEqual(value(self.url, f"SET search_path = homeservices; SELECT count(*) FROM {wrong}"), "0", wrong)

    # What a careless tax clerk would do, with every sum right, and what says so.
    CLERK = [
        ("a paisa more", """UPDATE bookings SET sgst_amount = sgst_amount + 0.01, cgst_amount = cgst_amount + 0.01,
            total_gst = total_gst + 0.02, total = total + 0.02 WHERE id = (SELECT min(id) FROM bookings WHERE igst = 0 AND
            NOT is_partial AND mod((subtotal - discount) * 900, 100) <> 50)""",
         {"booking_sgst_to_the_paisa", "booking_cgst_to_the_paisa"}),
        ("halves away from zero", """UPDATE bookings SET sgst_amount = round((subtotal - discount) * 0.09, 2), cgst_amount =
            round((subtotal - discount) * 0.09, 2), total_gst = 2 * round((subtotal - discount) * 0.09, 2), total = subtotal -
            discount + 2 * round((subtotal - discount) * 0.09, 2) + convenience_charge WHERE igst = 0 AND NOT is_partial""",
         {"booking_sgst_to_the_paisa", "booking_cgst_to_the_paisa"}),
        ("tax of another state", """UPDATE bookings SET igst = 18, sgst = 0, cgst = 0, igst_amount = total_gst, sgst_amount = 0,
            cgst_amount = 0 WHERE id = (SELECT min(id) FROM bookings WHERE igst = 0 AND abs((subtotal - discount) * 18 - total_gst *
            100) < 0.5)""", {"certificate igst_across_borders", "certificate borders_with_igst"}),
        ("tax of the own state", """UPDATE bookings SET igst = 0, sgst = 9, cgst = 9, igst_amount = 0, sgst_amount = total_gst / 2,
            cgst_amount = total_gst / 2 WHERE id = (SELECT min(id) FROM bookings WHERE igst = 18 AND mod(total_gst * 100, 2) = 0 AND
            abs((subtotal - discount) * 9 - total_gst * 50) < 0.5)""", {"certificate borders_with_igst"}),
    ]

    def failing(self, out, url):
        found = self.json("verify", out, "--quiet", "--database", url, code=None)["verify_database"]["not_passed"]
        return {check["check"] for check in found if check["status"] == "fail" and not check["check"].startswith("total ")}

    def more(self):
        """A run large enough for everything to be judged, in a database of its own."""
        out, url = self.folder / "more", self.url.replace("dbname=homeservices", "dbname=more")
        psql(self.url, "DROP DATABASE IF EXISTS more")
        psql(self.url, "CREATE DATABASE more")
        self.synthgen("run", *RUN, "--customers", "3500", "--out", out, "--no-load")
        self.synthgen("load", out, "--quiet", "--database", url)
        return out, url

    def test_faults_are_named(self):
        """In SQL; tests/unit/test_homeservices_distortions.c plants faults in shards. First the subtle ones, then all."""
        out, url = self.more()
        rules, entries, totals = spoil.declared("homeservices")
        for names, least in ((rules, 200), (entries, 50), (totals, 27)):
            self.assertGreaterEqual(len(names), least)
        for what, damage, named in self.CLERK:
            with self.subTest(what):
                psql(url, f"""SET search_path = homeservices; DROP TABLE IF EXISTS public.kept;
                              CREATE TABLE public.kept AS SELECT * FROM bookings; {damage}""")
                self.assertEqual(self.failing(out, url) & (rules | entries), named)
                psql(url, """SET search_path = homeservices; UPDATE bookings b SET igst = k.igst, sgst = k.sgst,
                             cgst = k.cgst, igst_amount = k.igst_amount, sgst_amount = k.sgst_amount, cgst_amount = k.cgst_amount,
                             total_gst = k.total_gst, total = k.total FROM public.kept k WHERE k.id = b.id""")
        self.assertEqual((rules | entries | totals) - spoil.seen(self, out, url, "homeservices"), set())

    def test_clear_empties_and_load_fills_again(self):
        self.synthgen("clear", self.out, code="USAGE")
        self.assertEqual(self.counts(), ROWS)
        done = self.json("clear", self.out, "--yes")["clear"]
        self.assertEqual((done["rows"], done["tables"], done["was_empty"]), (sum(ROWS.values()), 12, False))
        self.assertEqual(set(self.counts().values()), {0})
        self.synthgen("verify", self.out, "--database", self.url, "--quiet", code="INVALID")
        self.assertTrue(self.json("clear", self.out, "--yes")["clear"]["was_empty"])
        again = self.json("load", self.out, "--quiet")
        self.assertEqual((again["load"]["state"], again["verify_database"]["failed"]), ("loaded", 0))
        self.assertEqual(self.counts(), ROWS)

    def test_cleared_tables_with_new_rows_are_not_replaced(self):
        self.synthgen("clear", self.out, "--yes")
        psql(self.url, "CREATE TABLE homeservices.notes (id int)")
        refused = self.synthgen("load", self.out, "--quiet", code="EXISTS")
        self.assertIn("not loaded by this program", refused.stderr)
        psql(self.url, "DROP TABLE homeservices.notes; INSERT INTO homeservices.categories VALUES "
                       "(1, 'a', 'a', NULL, NULL, 1, true, now(), now())")
        self.synthgen("load", self.out, "--quiet", code="EXISTS")
        psql(self.url, "TRUNCATE homeservices.categories CASCADE")
        self.synthgen("load", self.out, "--quiet")


if __name__ == "__main__":
    unittest.main()
