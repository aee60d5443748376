"""Users in Cognito: against moto's server, and against a double that fails in every way the service does. What must hold:
a second run changes nothing, an interrupted one is completed, a failure makes nothing half, and no secret shows.
timeout: 900
processors: 2
"""
import json
import pathlib
import socket
import subprocess
import time
import unittest
import urllib.request

import cognito_double
import support
from cognito_double import POOL

RUN = ["--dataset", "spendsense", *support.SEED, "--threads", "1", "--no-load"]
EMAILS = ["hannah@demo.com", "sam@demo.com", "sarah@demo.com"]
PASSWORD = "PasswordOfTheTests-4711!"
SECRETS = [cognito_double.SECRET, cognito_double.TOKEN, PASSWORD]


def keys(out):
    return support.manifest(out).get("external_keys")


def profiles(out):
    return [line.split("\t")[:2] for line in support.table_text(out, "profiles").decode().splitlines()]


class Case(support.Case):
    def setUp(self):
        super().setUp()
        self.double = cognito_double.Double()
        self.addCleanup(self.double.stop)
        self.env = {"COGNITO_USER_POOL_ID": POOL, "AWS_REGION": cognito_double.REGION, "no_proxy": "127.0.0.1",
                    "AWS_ACCESS_KEY_ID": cognito_double.ACCESS, "AWS_SECRET_ACCESS_KEY": cognito_double.SECRET,
                    "AWS_SESSION_TOKEN": cognito_double.TOKEN, "AWS_ENDPOINT_URL": self.double.url,
                    "COGNITO_DEMO_PASSWORD": PASSWORD, "AWS_MAX_ATTEMPTS": 3}

    def make(self, *more, out="a", users=5, **keywords):
        return self.synthgen("run", *RUN, "--users", users, "--out", out, *more, **{**self.env, **keywords})

    def fails(self, code, *words, all=False, **keywords):
        """Fails with one line that holds the words; nothing is left in the folder."""
        shown = self.make(*["--cognito-all"][:all], code=code, out="failed", **keywords)
        lines = [line for line in shown.stderr.splitlines() if line.startswith("synthgen-hpc:")]
        self.assertEqual(len(lines), 1, shown.stderr)
        for word in words:
            self.assertIn(word, lines[0])
        self.assertFalse((self.folder / "failed").exists())
        for secret in SECRETS:
            self.assertNotIn(secret, shown.stdout + shown.stderr)
        return lines[0]

    def states(self):
        return {email: user["status"] for email, user in self.double.users.items()}


class Users(Case):
    def test_demo_users_are_created_once(self):
        first = self.make()
        self.assertEqual(self.states(), dict.fromkeys(EMAILS, "CONFIRMED"))
        self.assertIn("3 users created, 0 finished, 0 skipped", first.stdout)
        for email, name in zip(EMAILS, ("Hannah Martinez", "Sam Patel", "Sarah Chen")):
            user = self.double.users[email]
            self.assertEqual(user["attributes"], {"email": email, "email_verified": "true", "name": name})
            self.assertEqual((user["password"], user["invited"]), (PASSWORD, False))
        subs = [self.double.users[email]["sub"] for email in EMAILS]
        self.assertEqual(keys(self.folder / "a"), subs)
        self.assertEqual(profiles(self.folder / "a")[:3], [list(pair) for pair in zip(subs, EMAILS)])
        before, users = support.files(self.folder / "a"), json.dumps(self.double.users)
        second = self.make()
        self.assertIn("0 users created, 0 finished, 3 skipped", second.stdout)
        self.assertEqual((support.files(self.folder / "a"), json.dumps(self.double.users)), (before, users))
        self.assertEqual([self.double.count(f"Admin{name}") for name in ("CreateUser", "SetUserPassword")], [3, 3])

    def test_all_users_when_asked(self):
        result = json.loads(self.make("--cognito-all", "--json", users=12).stdout)
        self.assertEqual(result["cognito"], {"pool": POOL, "created": 12, "finished": 0, "skipped": 0, "locked": 0})
        self.assertEqual([key for key, _ in profiles(self.folder / "a")], keys(self.folder / "a"))
        self.assertEqual(len(set(keys(self.folder / "a"))), 12)
        self.synthgen("verify", "a", "--quiet")

    def test_many_users_on_several_connections(self):
        """Interrupted, completed and repeated: keys stand where their users do."""
        self.double.faults = {("AdminSetUserPassword", 90): "deny"}
        line = self.fails("DENIED", "cognito-idp:AdminGetUser", users=150, all=True)
        self.assertGreater(len(self.double.peers), 4)
        self.assertRegex(line, r"; (8[2-9]|9\d) users were created before")
        self.double.faults = {}
        done = json.loads(self.make("--cognito-all", "--json", users=150).stdout)["cognito"]
        self.assertEqual(done["created"] + done["finished"] + done["skipped"], 150)
        self.assertGreaterEqual(done["finished"], 1)
        self.assertEqual(set(self.states().values()), {"CONFIRMED"})
        self.assertEqual(profiles(self.folder / "a"),
                         [[user["sub"], email] for email, user in sorted(self.double.users.items(), key=lambda one: keys(
                             self.folder / "a").index(one[1]["sub"]))])
        self.assertEqual((self.double.count("AdminCreateUser"), len(self.double.users)), (150, 150))
        self.assertIn("0 users created, 0 finished, 150 skipped", self.make("--cognito-all", users=150).stdout)

    def test_one_rank_talks_and_all_make_the_same(self):
        self.make(users=700)
        calls = len(self.double.calls)
        self.double.peers.clear()
        self.make(users=700, out="ranks", ranks=3)
        self.assertEqual(self.double.calls[calls:], ["AdminGetUser"] * 3)
        self.assertEqual(len(self.double.peers), 1)
        self.assertEqual(support.manifest(self.folder / "ranks")["root"], support.manifest(self.folder / "a")["root"])

    def test_keys_belong_to_the_runs_identity(self):
        self.make()
        shown = self.make(code="EXISTS", COGNITO_USER_POOL_ID=None)
        self.assertIn("external_keys", shown.stderr)
        self.double.users["sam@demo.com"]["sub"] = "00000000-0000-4000-8000-000000000001"
        self.assertIn("external_keys", self.make(code="EXISTS").stderr)
        before = support.manifest(self.folder / "a")["root"]
        self.make("--overwrite")
        self.assertNotEqual(support.manifest(self.folder / "a")["root"], before)

    def test_nobody_is_created_when_the_folder_is_refused(self):
        (self.folder / "a").mkdir()
        (self.folder / "a/mine.txt").write_text("x")
        self.make(code="EXISTS")
        self.assertEqual(self.double.users, {})

    def test_nothing_happens_in_a_dry_run_or_for_other_data_sets(self):
        self.make("--dry-run")
        self.synthgen("run", "--accounts", "1", "--out", "other", "--no-load", "--tables", "accounts", **self.env)
        self.assertEqual(self.double.calls, [])

    def test_passwords_are_random_and_strong_when_none_is_given(self):
        self.make("--cognito-all", users=6, COGNITO_DEMO_PASSWORD=None)
        passwords = {user["password"] for user in self.double.users.values()}
        self.assertEqual(len(passwords), 6)
        for password in passwords:
            for kind in ("[A-Z]", "[a-z]", "[0-9]", "[^A-Za-z0-9]", "^.{20,}$"):
                self.assertRegex(password, kind)


class Interrupted(Case):
    def test_the_next_run_completes_a_half_finished_one(self):
        self.double.faults = {("AdminSetUserPassword", "*"): 503}
        line = self.fails("UNAVAILABLE", "503", "AdminSetUserPassword", "0 users were created before")
        self.assertIn("3 tries", line)
        self.assertEqual(self.states(), {"hannah@demo.com": "FORCE_CHANGE_PASSWORD"})
        self.double.faults = {("AdminCreateUser", n): 500 for n in (3, 4, 5)}
        self.fails("UNAVAILABLE", "AdminCreateUser", "1 users were created before")
        self.double.faults = {}
        sub = self.double.users["hannah@demo.com"]["sub"]
        self.assertIn("1 users created, 0 finished, 2 skipped", self.make().stdout)
        self.assertEqual(self.states(), dict.fromkeys(EMAILS, "CONFIRMED"))
        self.assertEqual(keys(self.folder / "a")[0], sub)

    def test_an_unfinished_user_gets_a_password(self):
        self.double.faults = {("AdminSetUserPassword", "*"): "deny"}
        self.fails("DENIED", "cognito-idp:AdminGetUser")
        self.double.faults = {}
        self.assertIn("2 users created, 1 finished, 0 skipped", self.make().stdout)
        self.assertEqual(self.states(), dict.fromkeys(EMAILS, "CONFIRMED"))

    def test_a_killed_run_is_completed(self):
        process = subprocess.Popen(support.command(["run", *RUN, "--out", "a"]), cwd=self.folder,
                                   env=support.environment(**self.env), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.double.look = lambda: process.kill() if self.double.count("AdminSetUserPassword") == 2 else None
        process.communicate()
        self.assertEqual(process.returncode, -9)
        self.assertFalse((self.folder / "a").exists())
        self.double.look = lambda: None
        self.make(users=3)
        self.assertEqual(self.states(), dict.fromkeys(EMAILS, "CONFIRMED"))
        self.assertEqual(keys(self.folder / "a"), [self.double.users[email]["sub"] for email in EMAILS])

    def test_passing_faults_are_overcome(self):
        for fault in ("throttle", "close", 500, 503, 429):
            with self.subTest(fault=fault):
                self.double.users.clear()
                self.double.calls.clear()
                self.double.faults = {(f"Admin{name}", 1): fault for name in ("GetUser", "CreateUser",
                                                                              "SetUserPassword")}
                shown = self.make("--overwrite")
                self.assertIn("3 users created", shown.stdout)
                self.assertEqual(len(self.double.calls), 12)

    def test_a_lost_answer_makes_no_second_user(self):
        self.double.faults = {("AdminCreateUser", 1): "lost", ("AdminSetUserPassword", 2): "lost"}
        self.assertIn("3 users created", self.make().stdout)
        self.assertEqual(sorted(self.double.users), EMAILS)
        self.assertEqual(keys(self.folder / "a"), [self.double.users[email]["sub"] for email in EMAILS])


class Refused(Case):
    def test_missing_variables(self):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            self.fails("USAGE", name, "COGNITO_USER_POOL_ID", **{name: None})
        self.assertEqual(self.double.calls, [])

    def test_variables_that_cannot_be(self):
        """Refused before anything is sent, and without showing a secret."""
        for name, value, *words in (
                ("COGNITO_USER_POOL_ID", "nopool", "eu-central-1_"), ("COGNITO_USER_POOL_ID", "_x"),
                ("COGNITO_USER_POOL_ID", "eu-central-1_"), ("COGNITO_USER_POOL_ID", "eu-central-1_a b"),
                ("COGNITO_USER_POOL_ID", "eu-central-1_" + "x" * 99), ("COGNITO_USER_POOL_ID", "us-west-2_Test", "region us-west-2"),
                ("AWS_REGION", "x.evil.example/", "region"), ("AWS_REGION", "us-west-2", "unset", "eu-central-1"),
                ("AWS_MAX_ATTEMPTS", "many"), ("AWS_MAX_ATTEMPTS", "0"), ("AWS_ACCESS_KEY_ID", cognito_double.SECRET + "\n"),
                ("AWS_SECRET_ACCESS_KEY", f"{cognito_double.SECRET} "), ("AWS_SESSION_TOKEN", f"{cognito_double.TOKEN}\r\nX-Other: 1"),
                ("AWS_ENDPOINT_URL", "localhost:5000", "http://"), ("AWS_ENDPOINT_URL", "ftp://127.0.0.1/"),
                ("AWS_ENDPOINT_URL", "http://"), ("AWS_ENDPOINT_URL", f"{self.double.url}/?a=b"), ("AWS_ENDPOINT_URL", "http://a b/"),
                ("COGNITO_DEMO_PASSWORD", f"{PASSWORD}\udcff", "UTF-8"), ("COGNITO_DEMO_PASSWORD", PASSWORD * 20)):
            with self.subTest(name=name, value=value):
                self.fails("USAGE", name, *words, **{name: value})
        self.assertEqual(self.double.calls, [])

    def test_all_without_a_pool(self):
        shown = self.make("--cognito-all", code="USAGE", COGNITO_USER_POOL_ID=None)
        self.assertIn("COGNITO_USER_POOL_ID", shown.stderr)
        shown = self.synthgen("run", "--cognito-all", "--out", "b", "--no-load", code="USAGE", **self.env)
        self.assertIn("barsaas", shown.stderr)

    def test_region_comes_from_the_pool_when_none_is_set(self):
        self.make(AWS_REGION=None)

    def test_wrong_pool(self):
        self.fails("NO_INPUT", "COGNITO_USER_POOL_ID", "eu-central-1_Other", COGNITO_USER_POOL_ID="eu-central-1_Other")
        self.assertEqual(self.double.calls, ["AdminGetUser"])

    def test_wrong_secret(self):
        self.fails("DENIED", "signature", AWS_SECRET_ACCESS_KEY="wrong")

    def test_expired_credentials(self):
        self.double.faults = {("AdminGetUser", 2): "expired"}
        self.fails("DENIED", "expired", "renew")
        self.assertEqual(self.double.users, {})
        self.assertEqual(len(self.double.calls), 2)

    def test_throttling_that_does_not_end(self):
        self.double.faults = {("AdminGetUser", "*"): "throttle"}
        self.fails("UNAVAILABLE", "throttles", "3 tries")
        self.assertEqual(len(self.double.calls), 3)

    def test_retry_after_is_honoured_and_bounded(self):
        self.double.faults, self.double.retry_after = {("AdminGetUser", 1): 429}, "2"
        self.make()
        self.assertGreaterEqual(self.double.times[1] - self.double.times[0], 1.9)
        self.double.calls.clear()
        self.double.faults, self.double.retry_after = {("AdminGetUser", 1): 503}, "86400"
        self.fails("UNAVAILABLE", "503")
        self.assertEqual(len(self.double.calls), 1)

    def test_password_against_the_policy(self):
        self.double.faults = {("AdminSetUserPassword", "*"): "policy"}
        self.fails("USAGE", "COGNITO_DEMO_PASSWORD")

    def test_the_services_own_words_help(self):
        self.double.faults = {("AdminCreateUser", "*"): "schema"}
        self.fails("PROTOCOL", "phone: required")

    def test_answers_that_make_no_sense(self):
        for fault in ("html", "cut"):
            self.double.calls.clear()
            self.double.faults = {("AdminGetUser", 2): fault}
            self.fails("PROTOCOL", "no user")
        self.double.faults = {("AdminGetUser", "*"): 502}
        self.fails("UNAVAILABLE", "502", "3 tries")
        self.assertEqual(self.double.users, {})

    def test_users_of_others(self):
        """A pool in which addresses lead to somebody else, or two to one."""
        self.make()
        sam, sarah = self.double.users["sam@demo.com"], self.double.users["sarah@demo.com"]
        sam["shown"] = {"email": "sam@elsewhere.example"}
        self.fails("PROTOCOL", "sam@demo.com", "sam@elsewhere.example")
        sam["shown"], sarah["sub"] = {"email": "SAM@demo.com"}, sam["sub"]
        self.fails("PROTOCOL", sam["sub"].split("-")[0], "alias")

    def test_users_who_cannot_sign_in_are_told(self):
        self.make()
        self.double.users["sam@demo.com"]["status"] = "UNCONFIRMED"
        self.double.users["sarah@demo.com"]["enabled"] = False
        before = json.dumps(self.double.users)
        result = self.make("--json")
        self.assertEqual(json.loads(result.stdout)["cognito"],
                         {"pool": POOL, "created": 0, "finished": 0, "skipped": 3, "locked": 2})
        self.assertIn("2 of them cannot sign in", self.make().stdout)
        self.assertEqual(json.dumps(self.double.users), before)

    def test_a_stranger_behind_tls(self):
        self.fails("UNAVAILABLE", "https://", AWS_ENDPOINT_URL=self.double.url.replace("http:", "https:"))

    def test_a_server_that_is_silent_can_be_left(self):
        """SIGTERM ends the wait for an answer, also in the last try."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            env = {**self.env, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{silent.getsockname()[1]}", "AWS_MAX_ATTEMPTS": 1}
            process = subprocess.Popen(support.command(["run", *RUN, "--out", "a"]), cwd=self.folder,
                                       env=support.environment(**env), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            with silent.accept()[0] as asked:
                asked.recv(1)
                process.terminate()
                shown = process.communicate()[1]
        self.assertEqual(process.returncode, support.CODES["STOPPED"], shown)
        self.assertFalse((self.folder / "a").exists())

    def test_nobody_answers(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"http://name:hidden@127.0.0.1:{free.getsockname()[1]}/"
            line = self.fails("UNAVAILABLE", "3 tries", f"http://127.0.0.1:{free.getsockname()[1]}/",
                              AWS_ENDPOINT_URL=address)
            self.assertNotIn("hidden", line)


class Secrets(Case):
    def show(self):
        """All command lines of this machine while a request is under way."""
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                self.seen.append(path.read_bytes())
            except OSError:
                pass

    def test_no_secret_shows_anywhere(self):
        for password in (PASSWORD, None):
            with self.subTest(password=password is not None):
                self.seen = []
                self.double.users.clear()
                self.double.look = self.show
                shown = self.make("--overwrite", COGNITO_DEMO_PASSWORD=password)
                secrets = [*SECRETS, *(user["password"] for user in self.double.users.values())]
                self.assertTrue(any(b"spendsense" in line for line in self.seen))
                texts = [shown.stdout.encode(), shown.stderr.encode(), *self.seen,
                         *(path.read_bytes() for path in self.folder.rglob("*") if path.is_file()),
                         *(support.zstd_text(path) for path in self.folder.rglob("*.zst"))]
                for secret in secrets:
                    self.assertFalse(any(secret.encode() in text for text in texts))


    def test_the_server_that_stays_knows_no_secret(self):
        """The private server outlives the run: neither it nor its logs and files hold what the run was given."""
        secrets = {**self.env, "STRIPE_SECRET_KEY": "sk_test_OfTheServersTest", "PGPASSWORD": "pgPasswordOfTheTest",
                   "VAULT_TOKEN": "tokenThatNobodyListed"}
        self.folder.chmod(0o755)
        self.addCleanup(support.run, "database", self.folder / "a", "stop")
        self.synthgen("run", *RUN[:-1], "--load", "--out", "a", **secrets)
        server = (self.folder / "a/postgresql/data/postmaster.pid").read_text().split()[0]
        family = [server, *pathlib.Path(f"/proc/{server}/task/{server}/children").read_text().split()]
        self.assertGreater(len(family), 3)
        shown = b"".join((pathlib.Path("/proc") / process / name).read_bytes() for process in family
                         for name in ("environ", "cmdline"))
        self.assertIn(b"PATH=", shown)
        texts = [shown, *(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())]
        for secret in [*SECRETS, *(secrets[name] for name in ("STRIPE_SECRET_KEY", "PGPASSWORD", "VAULT_TOKEN"))]:
            self.assertFalse(any(secret.encode() in text for text in texts), secret)


class Moto(support.Case):
    """The same against an emulator that others wrote."""

    @classmethod
    def setUpClass(cls):
        python = pathlib.Path(support.SYNTHGEN).parent / "python"
        subprocess.run([support.SOURCE / "scripts/install-python", python], check=True, capture_output=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        cls.url = f"http://127.0.0.1:{port}"
        environment = support.environment(no_proxy="127.0.0.1")
        cls.server = subprocess.Popen([python / "bin/moto_server", "-p", str(port)], env=environment,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.end)
        for _ in range(1200):
            if cls.server.poll() is not None:
                raise AssertionError("moto_server ended")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        cls.env = {"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
                   "AWS_ENDPOINT_URL": cls.url, "no_proxy": "127.0.0.1"}

    @classmethod
    def end(cls):
        cls.server.kill()
        cls.server.wait()

    def call(self, action, **body):
        request = urllib.request.Request(self.url, json.dumps(body).encode(), {
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}", "Content-Type": cognito_double.JSON,
            "Authorization": "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/cognito-idp/aws4_request, "
                             "SignedHeaders=host, Signature=0"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request) as reply:
            return json.load(reply)

    def test_users_are_created_found_and_left_alone(self):
        pool = self.call("CreateUserPool", PoolName="tests", UsernameAttributes=["email"])["UserPool"]["Id"]
        env = {**self.env, "COGNITO_USER_POOL_ID": pool}
        first = self.synthgen("run", *RUN, "--users", "20", "--out", "a", **env)
        self.assertIn("3 users created, 0 finished, 0 skipped", first.stdout)
        users = self.call("ListUsers", UserPoolId=pool)["Users"]
        subs = {attribute["Value"] for user in users for attribute in user["Attributes"] if attribute["Name"] == "sub"}
        self.assertEqual({user["UserStatus"] for user in users}, {"CONFIRMED"})
        self.assertEqual(set(keys(self.folder / "a")), subs)
        second = self.synthgen("run", *RUN, "--users", "20", "--out", "a", **env)
        self.assertIn("0 users created, 0 finished, 3 skipped", second.stdout)
        self.assertEqual(self.call("ListUsers", UserPoolId=pool)["Users"], users)
        self.synthgen("verify", "a", "--quiet")

    def test_wrong_pool(self):
        shown = self.synthgen("run", *RUN, "--out", "a", code="NO_INPUT", COGNITO_USER_POOL_ID="us-east-1_nobody",
                              **self.env)
        self.assertIn("COGNITO_USER_POOL_ID", shown.stderr)
        self.assertFalse((self.folder / "a").exists())


if __name__ == "__main__":
    unittest.main()
