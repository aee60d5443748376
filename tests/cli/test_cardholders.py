"""cardholders from the command line: runs on ranks, the seed's customers command, validation, load and proof.
timeout: 300
processors: 2
"""
import csv
import io
import os
import pwd
import re
import subprocess
import unittest

import database
import support

AS_OF = ["--as-of", "2026-06-30"]
RUN = ["run", "--dataset", "cardholders", "--quiet", "--no-load", "--seed", "7", *AS_OF]
COLUMNS = ["customer_id", "first_name", "last_name", "email", "age", "state", "city", "employment_status",
           "card_type", "credit_limit", "account_open_date", "customer_segment", "decline_type"]


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


class Runs(support.Case):
    def test_same_bytes_on_one_and_three_ranks(self):
        for ranks in (None, 3):
            self.synthgen(*RUN, "--customers", "400", "--format", "csv", "--out", f"out{ranks}", ranks=ranks)
        one, three = (support.manifest(self.folder / f"out{ranks}") for ranks in (None, 3))
        self.assertEqual(one["tables"], three["tables"])
        self.assertEqual([t["rows"] for t in one["tables"]], [400, 400 * 270])
        report = self.json("verify", "out3", "--quiet")
        self.assertEqual(report["verify"]["failed"], 0)

    def test_one_customer_alone_equals_the_full_run(self):
        self.synthgen(*RUN, "--customers", "50", "--out", "full")
        self.synthgen(*RUN, "--customers", "50", "--only", "customer=17", "--out", "only")
        whole = support.table_text(self.folder / "full", "transactions").splitlines()
        mine = [line for line in whole if b"\tCUST00000017\t" in line]
        self.assertEqual(support.table_text(self.folder / "only", "transactions").splitlines(), mine)
        self.assertGreater(len(mine), 10)

    def test_sizes_are_exact(self):
        for size, customers in ([], 50000), (["--customers", "5000000"], 5000000):
            plan = self.json("plan", "--dataset", "cardholders", *AS_OF, *size)
            self.assertEqual({t["name"]: t["rows"] for t in plan["tables"]},
                             {"customers": customers, "transactions": 270 * customers})

    def test_identifiers_are_dense(self):
        self.synthgen(*RUN, "--customers", "3", "--out", "out")
        lines = support.table_text(self.folder / "out", "transactions").splitlines()
        self.assertEqual([line.split(b"\t")[0] for line in lines], [b"TXN%011d" % (i + 1) for i in range(810)])


class Customers(support.Case):
    def test_file_is_the_table_of_the_run(self):
        self.synthgen("customers", "--count", "300", "--seed", "7", *AS_OF, "--output", "c.csv")
        self.synthgen(*RUN, "--customers", "300", "--format", "csv", "--out", "out")
        written = (self.folder / "c.csv").read_bytes()
        self.assertEqual(written, support.table_text(self.folder / "out", "customers"))
        rows = table(self.folder / "c.csv")
        self.assertEqual(rows[0], COLUMNS)
        self.assertEqual(len(rows), 301)
        self.assertEqual({len(row) for row in rows}, {13})
        self.assertEqual({row[12] for row in rows[1:] if row[11] != "Declining"}, {""})

    def test_default_file_and_statistics(self):
        result = self.synthgen("customers", "--count", "2000", *AS_OF)
        self.assertTrue((self.folder / "data/customers.csv").is_file())
        self.assertFalse(list(self.folder.rglob("*.tmp")))
        for line in ["📊 Statistics:", "  Total customers: 2000", "  Unique IDs: 2000", "  Segment Distribution:",
                     "    Stable Mid-Spenders: 40.0%", "    Budget-Conscious: 25.0%", "    High-Value Travelers: 15.0%",
                     "    Declining: 10.0%", "    New & Growing: 10.0%", "  Card Type Distribution:",
                     "    Standard: 1910 (95.5%)", "    Premium: 90 (4.5%)"]:
            self.assertIn(line + "\n", result.stdout)
        self.assertRegex(result.stdout, r"  Credit limit range: \$\d{1,2},000 - \$\d{2},000\n"
                                        r"  Average credit limit: \$2\d,\d{3}\.\d\d\n")
        self.assertLess(result.stdout.index("Declining: 10.0%"), result.stdout.index("New & Growing: 10.0%"))  # as the seed has it
        again = (self.folder / "data/customers.csv").read_bytes()
        self.synthgen("customers", "--count", "2000", *AS_OF)
        self.assertEqual((self.folder / "data/customers.csv").read_bytes(), again)

    def test_historical_files_hold_the_transactions(self):
        for ranks in (None, 2):
            self.synthgen("customers", "--count", "900", "--seed", "7", *AS_OF, "--output", f"c{ranks}.csv",
                          "--transactions", f"history{ranks}", "--quiet", ranks=ranks)
        names = sorted(path.name for path in (self.folder / "historyNone").iterdir())
        self.assertGreater(len(names), 1)
        self.assertTrue(all(re.fullmatch(r"transactions_historical_\d+\.csv\.zst", name) for name in names))
        rows = 0
        for name in names:
            text = support.zstd_text(self.folder / "historyNone" / name)
            self.assertEqual(text, support.zstd_text(self.folder / "history2" / name))
            lines = list(csv.reader(io.StringIO(text.decode())))
            self.assertEqual(lines[0], ["transaction_id", "customer_id", "transaction_date", "transaction_amount",
                                        "merchant_name", "merchant_category", "channel", "status"])
            rows += len(lines) - 1
        self.assertEqual(rows, 900 * 270)
        before = support.files(self.folder / "history2")
        refused = self.synthgen("customers", "--count", "10", *AS_OF, "--transactions", "history2", code="EXISTS")
        self.assertIn("--overwrite", refused.stderr)
        self.assertEqual(support.files(self.folder / "history2"), before)
        self.synthgen("customers", "--count", "10", *AS_OF, "--transactions", "history2", "--overwrite")
        self.assertEqual(len(list((self.folder / "history2").iterdir())), 1)

    def test_bad_input(self):
        for arguments, message in [(["--count", "0"], "--count '0'"), (["--count", "100000000"], "99999999"),
                                   (["--count", "many"], "--count 'many'"), (["--output", "folder/"], "name of a file"),
                                   (["--output", "-"], "stream"), (["--output", "/dev/null"], "is a device"),
                                   (["--output", "."], "is a folder"), (["--transactions", "/dev/null"], "--transactions"),
                                   (["--accounts", "3"], "does not belong")]:
            result = self.synthgen("customers", *arguments, code="USAGE")
            self.assertIn(message, result.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_folder_of_transactions_is_made_first(self):
        (self.folder / "file").write_text("")
        result = self.synthgen("customers", "--count", "10", "--output", "c.csv", "--transactions", "file/folder", code="USAGE")
        self.assertIn("file/folder", result.stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["file"])

    def test_full_disk(self):
        result = self.synthgen("customers", "--count", "1000", "--output", "c.csv", code="IO",
                               SYNTHGEN_FAULT="customers.write:1:ENOSPC")
        self.assertIn("No space left", result.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])


class Validate(support.Case):
    def setUp(self):
        super().setUp()
        self.synthgen("customers", "--count", "1000", *AS_OF, "--output", "c.csv")
        self.rows = table(self.folder / "c.csv")

    def write(self, rows, **dialect):
        with open(self.folder / "bad.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file, **dialect).writerows(rows)

    def test_our_file_passes(self):
        result = self.synthgen("validate", "c.csv")
        self.assertIn("Validation passed!", result.stdout)
        self.assertIn("Total customers: 1000", result.stdout)

    def test_other_writers_pass(self):
        """Other column order, further columns, LF, a mark, everything quoted, no last line end, standard input."""
        order = [12, 11, 0, 9, 8, 5, 3]
        self.write([[row[i] for i in order] + ["x, \"y\"\nz"] for row in self.rows], lineterminator="\n",
                   quoting=csv.QUOTE_ALL)
        self.synthgen("validate", "bad.csv")
        text = (self.folder / "c.csv").read_bytes().replace(b"\r\n", b"\n").rstrip(b"\n")
        (self.folder / "mark.csv").write_bytes(b"\xef\xbb\xbf" + text)
        self.synthgen("validate", "mark.csv")
        result = subprocess.run(support.command(["validate", "-"]), input=text, env=support.environment(),
                                capture_output=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_every_fault_names_its_rows(self):
        faults = [
            (6, 3, "", "required fields are not empty", "email is empty"),
            (8, 5, "  ", "required fields are not empty", "state is empty"),
            (17, 0, "CUST17", "customer_id is CUST and 8 digits", "'CUST17'"),
            (40, 0, "CUST00000039", "customer_id is unique", "'CUST00000039' occurred before"),
            (55, 11, "Rich", "customer_segment is one of the five", "'Rich'"),
            (60, 3, "nobody", "email is name@domain.com", "'nobody'"),
            (70, 9, "4000", "credit_limit is 5,000 to 50,000", "credit_limit 4000"),
            (72, 9, "9" * 15, "credit_limit is 5,000 to 50,000", "credit_limit 999999999999999"),
            (73, 9, "1e4", "credit_limit is 5,000 to 50,000", "credit_limit '1e4' is not a whole number"),
            (71, 9, "25500", "credit_limit is a multiple of 1,000", "credit_limit 25500"),
            (80, 12, "slowly", "decline_type fits the segment", "'slowly'"),
        ]
        for row, column, value, check, message in faults:
            with self.subTest(check):
                rows = [list(r) for r in self.rows]
                rows[row][column] = value
                self.write(rows)
                result = self.synthgen("validate", "bad.csv", code="INVALID")
                self.assertIn(f"FAILED  {check}", result.stdout)
                self.assertRegex(result.stdout, rf"row {row} \(line {row + 1}\): .*{re.escape(message)}")
                report = support.run("validate", "bad.csv", "--json", cwd=self.folder)
                self.assertIn(f'"row": {row}', re.sub(r'"row":\s*', '"row": ', report.stdout))

    def test_gaps_and_short_rows(self):
        self.write(self.rows[:10] + self.rows[12:])
        result = self.synthgen("validate", "bad.csv", code="INVALID")
        self.assertIn("row 10 (line 11): customer_id 'CUST00000012' where CUST00000010 follows", result.stdout)
        self.write(self.rows[:5] + [self.rows[5][:9]] + self.rows[6:])
        result = self.synthgen("validate", "bad.csv", code="INVALID")
        self.assertIn("row 5 (line 6): the row has another number of fields", result.stdout)

    def test_segments_off_target_are_a_warning(self):
        kept = [row for row in self.rows[1:] if row[11] != "Budget-Conscious"]
        for number, row in enumerate(kept, 1):
            row[0] = f"CUST{number:08d}"
        self.write([self.rows[0]] + kept)
        result = self.synthgen("validate", "bad.csv")
        self.assertIn("warning Budget-Conscious are 0.00%", result.stdout)

    def test_malformed_files_give_clear_errors(self):
        good = (self.folder / "c.csv").read_bytes()
        for text, code, message in [
                (b"", "CORRUPT", "is empty"), (b"a,b\r\n1,2\r\n", "INVALID", "lacks customer_id, email"),
                (good.replace(b",", b";"), "INVALID", "separated by commas"),
                (good.replace(b",age,", b",email,", 1), "INVALID", "names email twice, as columns 4 and 5"),
                (good.split(b"\n")[0] + b"\n", "INVALID", "holds no customer"),
                (good + b'CUST00001001,"open\n', "CORRUPT", "line 1002: a quote that is never closed"),
                (good.replace(b"CUST00000003", b'CUST0000"003', 1), "CORRUPT", "line 4: a quote inside"),
                (good[:4000] + b"\0" + good[4000:], "CORRUPT", "NUL"),
                (good.replace(b"CUST00000005,", b"CUST00000005,Jos\xe9", 1), "CORRUPT",
                 "line 6: field 2 is not UTF-8: save the file as UTF-8"),
                (good.partition(b"\n")[2], "INVALID", "this one with 'CUST00000001'")]:
            (self.folder / "bad.csv").write_bytes(text)
            result = self.synthgen("validate", "bad.csv", code=code)
            self.assertIn(message, result.stderr)
        subprocess.run(["zstd", "-q", str(self.folder / "c.csv")], check=True)
        self.assertIn("zstd -dc", self.synthgen("validate", "c.csv.zst", code="CORRUPT").stderr)
        self.assertIn("cannot open", self.synthgen("validate", "absent.csv", code="NO_INPUT").stderr)
        self.assertIn("is a folder", self.synthgen("validate", ".", code="NO_INPUT").stderr)
        self.synthgen("validate", code="USAGE")


# What is done to copies of the database; together these make each rule, entry and total fail that a run of this size judges.
DAMAGES = [
    """UPDATE customers SET credit_limit = 60000, age = 80, account_open_date = account_open_date - 3650, card_type = 'Premium',
           decline_type = CASE WHEN decline_type IS NULL THEN 'gradual' END, state = replace(state, 'CA', 'WY'),
           email = CASE WHEN customer_id < 'CUST00000200' THEN 'a@b.c' ELSE email END;
       UPDATE transactions SET merchant_category = CASE merchant_category WHEN 'Travel' THEN 'Grocery' WHEN 'Dining' THEN 'Hotels'
           ELSE merchant_category END, status = 'approved'""",
    """UPDATE customers SET credit_limit = credit_limit + 1, account_open_date = account_open_date + 3650,
           customer_segment = 'Budget-Conscious';
       UPDATE transactions SET transaction_amount = transaction_amount / 2 WHERE transaction_date >= DATE '2026-06-30' - 181""",
    """UPDATE transactions SET transaction_amount = 6 * transaction_amount WHERE transaction_date >= DATE '2026-06-30' - 91;
       UPDATE transactions SET transaction_date = transaction_date - interval '9 years' WHERE transaction_id = 'TXN00000000007';
       UPDATE transactions SET transaction_date = transaction_date + interval '9 years' WHERE transaction_id = 'TXN00000000008';
       DELETE FROM transactions WHERE customer_id = 'CUST00000009'; DELETE FROM transactions WHERE customer_id = 'CUST00000011';
       UPDATE transactions SET customer_id = 'CUST99999999', transaction_amount = 0 WHERE transaction_id = 'TXN00000000012';
       DELETE FROM customers WHERE customer_id = 'CUST00000009'""",
]


class Load(support.Case):
    def test_private_cluster(self):
        self.folder.chmod(0o755)
        self.addCleanup(support.run, "database", self.folder / "out", "stop")
        self.synthgen("run", "--dataset", "cardholders", "--customers", "400", *AS_OF, "--out", "out", "--load", "--quiet")
        report = self.json("verify", "out", "--database", "private", "--quiet")
        self.assertEqual(report["verify_database"]["failed"], 0)
        judged = [entry for entry in report["certificate"] if entry["status"] == "pass"]
        self.assertEqual(judged, [entry for entry in report["certificate_database"] if entry["status"] == "pass"])
        url = f"host={self.folder / 'out/postgresql/run'} user={pwd.getpwuid(os.geteuid()).pw_name} dbname="
        counts = "SELECT (SELECT count(*) FROM cardholders.customers), (SELECT count(*) FROM cardholders.transactions)"
        self.assertEqual(database.psql(url + "cardholders", counts), [["400", "108000"]])
        early = ("SELECT count(*) FROM cardholders.transactions t JOIN cardholders.customers c USING (customer_id) "
                 "WHERE t.transaction_date < c.account_open_date")
        self.assertEqual(database.value(url + "cardholders", early), "0")
        page = (support.SOURCE / "docs/catalog/cardholders.md").read_text()
        checks = set(re.findall(r"^\* `(\w+)`: \w+ must", page, re.M)) | {"foreign_key:customer_id"}
        self.assertGreater(len(checks), 15)
        quiet = checks | {entry["name"] for entry in judged}
        for number, damage in enumerate(DAMAGES):
            database.psql(url + "postgres", f"CREATE DATABASE damaged{number} TEMPLATE cardholders")
            database.psql(url + f"damaged{number}", "SET session_replication_role = replica; SET search_path = cardholders; "
                          + damage)
            broken = self.json("verify", "--quiet", "--database", url + f"damaged{number}", "out", code="INVALID")
            quiet -= {check["check"].split()[-1] for check in broken["verify_database"]["not_passed"]
                      if check["status"] == "fail"}
        self.assertEqual(quiet, set())


if __name__ == "__main__":
    unittest.main()
