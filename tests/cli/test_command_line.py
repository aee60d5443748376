"""The command line: help, version, sizes by name, and every bad input with its exit code and one clear message.

labels: quick
"""
import json
import random
import re
import subprocess
import unittest

import support

# arguments, exit code, what the message must say
BAD = [
    (["frobnicate"], "USAGE", "unknown command 'frobnicate'"),
    (["pln"], "USAGE", "did you mean plan"),
    (["--fromat", "csv"], "USAGE", "did you mean --format"),
    (["--zzzzzzzz"], "USAGE", "unknown option --zzzzzzzz"),
    (["-x"], "USAGE", "unknown option -x"),
    (["--seed"], "USAGE", "--seed needs an argument"),
    (["--seed", "-1"], "USAGE", "--seed '-1'"),
    (["--seed", "18446744073709551616"], "USAGE", "--seed"),
    (["--seed", "12x"], "USAGE", "--seed '12x'"),
    (["--as-of", "2026-02-30"], "USAGE", "--as-of '2026-02-30'"),
    (["--as-of", "yesterday"], "USAGE", "YYYY-MM-DD"),
    (["--as-of", "1850-01-01"], "USAGE", "years"),
    (["--env", "staging"], "USAGE", "dev, qa, production"),
    (["--accounts", "0"], "USAGE", "--accounts '0'"),
    (["--accounts", "-5"], "USAGE", "--accounts '-5'"),
    (["--accounts", "99999999999999999999"], "USAGE", "--accounts"),
    (["--accounts", "1e3"], "USAGE", "--accounts '1e3'"),
    (["--accounts", "5", "--env", "dev"], "USAGE", "not both"),
    (["--dataset", "nosuch"], "USAGE", "unknown dataset 'nosuch'"),
    (["--tables", "accounts,nosuch"], "USAGE", "unknown table 'nosuch'"),
    (["--tables", ""], "USAGE", "unknown table ''"),
    (["--only", "account=0"], "USAGE", "--only 'account=0'"),
    (["--only", "account=101"], "USAGE", "1 to 100"),
    (["--only", "user=1"], "USAGE", "account=K"),
    (["--format", "xml"], "USAGE", "unknown format 'xml'"),
    (["--compress", "zip"], "USAGE", "unknown compression 'zip'"),
    (["--level", "0"], "USAGE", "--level '0'"),
    (["--level", "20"], "USAGE", "--level '20'"),
    (["--threads", "0"], "USAGE", "--threads '0'"),
    (["--threads", "many"], "USAGE", "--threads 'many'"),
    (["--quiet=yes"], "USAGE", "takes no argument"),
    (["--rows", "1:2"], "USAGE", "does not belong to run"),
    (["--out", ""], "USAGE", "empty name"),
    (["--out", "x" * 2000], "USAGE", "longer than"),
    (["--resume", "--overwrite"], "USAGE", "not both"),
    (["--load", "--no-load"], "USAGE", "not both"),
    (["--load="], "USAGE", "--load is empty"),
    (["--ranks", "4"], "USAGE", "--dry-run"),
    (["extra", "--quiet"], "USAGE", "unknown command 'extra'"),
    (["plan", "extra"], "USAGE", "unexpected argument 'extra'"),
    (["cat", "folder"], "USAGE", "cat needs DIR TABLE"),
    (["cat", "nosuch", "accounts"], "NO_INPUT", "nosuch"),
    (["explain"], "USAGE", "explain needs TABLE:ROW"),
    (["explain", "accounts"], "USAGE", "names no cell"),
    (["explain", "accounts:0"], "USAGE", "names no cell"),
    (["explain", "accounts:1."], "USAGE", "names no cell"),
    (["explain", "nosuch:1"], "NO_INPUT", "no table 'nosuch'"),
    (["explain", "accounts:1.nosuch"], "NO_INPUT", "no column 'nosuch'"),
    (["explain", "accounts:101"], "NO_INPUT", "there is no row 101"),
    (["help", "nosuch"], "USAGE", "unknown command 'nosuch'"),
    (["live", "--dataset", "barsaas"], "USAGE", "barsaas has no live service"),
    (["live"], "USAGE", "STRIPE_SECRET_KEY is not set"),
]

COMMANDS = ["run", "plan", "load", "verify", "cat", "stream", "explain", "datasets", "database", "report", "catalog",
            "customers", "validate", "clear", "live", "help"]


class CommandLine(support.Case):
    def test_bad_input_gives_one_message_and_its_code(self):
        for arguments, code, words in BAD:
            with self.subTest(arguments=arguments):
                result = self.synthgen(*arguments, code=code)
                self.assertEqual(result.stdout, "")
                self.assertIn(words, result.stderr)
                self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertEqual(list(self.folder.iterdir()), [], "bad input left files")

    def test_ranks_give_the_message_once(self):
        result = support.run("--env", "staging", ranks=3, cwd=self.folder)
        self.assertEqual(result.returncode, support.CODES["USAGE"])
        self.assertEqual(result.stderr.count("unknown --env 'staging'"), 1, result.stderr)
        self.assertNotIn("rank 0:", result.stderr)

    def test_bad_input_as_json(self):
        result = self.synthgen("cat", "nosuch", "accounts", code="NO_INPUT")
        self.assertIn("nosuch", result.stderr)
        document = json.loads(self.synthgen("explain", "accounts:101", "--json", code="NO_INPUT").stdout)
        self.assertEqual(document["status"], "no-input")
        self.assertEqual(document["code"], support.CODES["NO_INPUT"])

    def test_bad_environment_names_its_variable(self):
        result = self.synthgen("plan", code="USAGE", DATAGEN_ENV="nosuch")
        self.assertIn("DATAGEN_ENV 'nosuch'", result.stderr)

    def test_misplaced_url_does_not_show_its_password(self):
        for arguments in (["postgresql://me:s3cret@host/db"], ["load", "out", "postgresql://me:s3cret@host/db"],
                          ["load", "out", "host=h password='s3 cret' user=me"]):
            result = self.synthgen(*arguments, code="USAGE")
            self.assertNotRegex(result.stdout + result.stderr, "s3|cret")
            self.assertIn("***", result.stderr)

    def test_any_words_end_in_a_known_code(self):
        words = ["--seed", "--accounts", "--only", "--tables", "--rows", "--json", "--out", "--level=", "--as-of", "--",
                 "-", "", "=", ":", "--=", "1", "-1", "account=1", "accounts", "accounts:1", "accounts:1.id", "1:2", "9" * 40,
                 "\u00fc", "%s%n", "a,b", ",", "2026-01-01", "x" * 5000, "--format", "csv", "--threads", "--ranks", "7"]
        random_words = random.Random(1)
        for _ in range(150):
            arguments = [random_words.choice(["plan", "explain", "cat", "help", "datasets", "verify"])]
            arguments += random_words.choices(words, k=random_words.randrange(5))
            with self.subTest(arguments=arguments):
                result = support.run(*arguments, cwd=self.folder)
                self.assertIn(result.returncode, support.CODES.values(), result.stderr)
                self.assertLessEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_size_by_name_in_any_case(self):
        for name, units in [("dev", 100), ("QA", 10000), ("Production", 40000)]:
            self.assertEqual(self.json("plan", "--env", name)["units"], units)
        self.assertEqual(self.json("plan", DATAGEN_ENV="qA")["units"], 10000)
        self.assertEqual(self.json("plan", "--env", "dev", DATAGEN_ENV="qa")["units"], 100)
        self.assertEqual(self.json("plan", "--accounts", "3", DATAGEN_ENV="qa")["units"], 3)
        self.assertEqual(self.json("plan")["units"], 100)

    def test_version(self):
        self.assertRegex(self.synthgen("--version").stdout, r"^synthgen-hpc \d+\.\d+\.\d+\n$")

    def test_help_of_every_command(self):
        overview = self.synthgen("--help").stdout
        listed = overview.split("\ncommands:\n")[1].split("\n\n")[0]
        self.assertEqual(re.findall(r"^  ([a-z]+)", listed, re.M), COMMANDS)
        for name in COMMANDS:
            text = self.synthgen(name, "--help").stdout
            if name != "help":
                self.assertTrue(text.startswith(f"usage: synthgen-hpc {name}"), text)
            self.assertEqual(text, self.synthgen("help", name).stdout)
            for line in (overview + text).splitlines():
                self.assertLessEqual(len(line), 100)
            options = re.findall(r"^  (--\S+)", text, re.M)
            self.assertEqual(len(options), len(set(options)), text)
        self.assertNotRegex(overview, r"\]\S", "usage and title of a command run into each other")

    def test_help_names_what_the_command_takes(self):
        formats = re.findall(r"--format (\S+)", self.synthgen("stream", "--help").stdout)
        self.assertEqual(formats, ["copy|csv"])
        self.assertIn("docs/catalog", self.synthgen("catalog", "--help").stdout)
        self.assertNotIn("docs/catalog", self.synthgen("run", "--help").stdout)

    def test_manual_is_current(self):
        printed = self.synthgen("help", "--markdown").stdout
        committed = (support.SOURCE / "docs/manual.md").read_text()
        self.assertEqual(committed, printed, "run: synthgen-hpc help --markdown > docs/manual.md")

    def test_datasets_lists_tables_and_sizes(self):
        document = self.json("datasets")
        barsaas = document["datasets"][0]
        self.assertEqual(barsaas["name"], "barsaas")
        self.assertIn("tap_events", barsaas["tables"])
        self.assertIn({"name": "production", "units": 40000}, barsaas["presets"])
        self.assertIn("tap_events", self.synthgen("datasets").stdout)

    def test_dry_run_is_plan_and_writes_nothing(self):
        plan = self.json("plan", *support.SEED)
        dry = self.json("--dry-run", *support.SEED)
        for document in (plan, dry):
            document.pop("memory_bytes_per_rank")
        self.assertEqual(plan, dry)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_plan_for_ranks_covers_all_accounts(self):
        document = self.json("plan", "--env", "qa", "--ranks", "64")
        ranges = document["rank_ranges"]
        self.assertEqual(len(ranges), 64)
        at = 1
        for one in ranges:
            self.assertEqual(one["first"], at)
            at = one["last"] + 1
        self.assertEqual(at, 10001)
        self.assertEqual(sum(one["rows"] for one in ranges), document["rows"])

    def test_full_stdout_is_an_error(self):
        with open("/dev/full", "w") as full:
            result = subprocess.run(support.command(["datasets"]), stdout=full, stderr=subprocess.PIPE, text=True,
                                    env=support.environment())
        self.assertEqual(result.returncode, support.CODES["IO"])
        self.assertIn("stdout", result.stderr)


if __name__ == "__main__":
    unittest.main()
