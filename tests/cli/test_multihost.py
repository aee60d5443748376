"""Ranks on several hosts: the run of one host; and when a host is lost in the middle, an end in bounded time, an exit code
other than 0, and a resume on the remaining hosts to the same digest.

timeout: 200
processors: 2
"""
import json
import random
import unittest

import hosts
import support

RUN = ["--accounts", "3", *support.SEED, "--quiet", "--no-load", "--threads", "1"]
BOUND_S = 90  # far above what is expected: only a hang takes this long


@unittest.skipIf(support.no_namespaces(), support.no_namespaces())
class MultiHost(support.Case):
    @classmethod
    def setUpClass(cls):
        cls.hosts = hosts.Hosts(3)
        cls.addClassCleanup(cls.hosts.leave)
        alone = support.run(*RUN, "--out", cls.hosts.base / "alone", "--json")
        cls.digest = json.loads(alone.stdout)["digest"]

    def setUp(self):
        super().setUp()
        self.out = self.folder / "out"

    def finish(self, process):
        output, messages = process.communicate(timeout=BOUND_S)
        return process.returncode, output, messages

    def run_on(self, ranks_by_host, *options, **env):
        code, output, messages = self.finish(self.hosts.mpirun(ranks_by_host, *RUN, "--out", self.out, "--json", *options, **env))
        self.assertEqual(code, 0, output + messages)
        return json.loads(output)

    def test_the_run_of_one_host(self):
        result = self.run_on({"h1": 2, "h2": 1, "h3": 2})
        self.assertEqual(result["digest"], self.digest)
        self.assertEqual(result["ranks"], 5)
        self.assertEqual({share["host"] for share in result["balance"]}, {"h1", "h2", "h3"})

    def test_without_one_sided_communication(self):
        result = self.run_on({"h1": 1, "h2": 2}, OMPI_MCA_osc="sm")
        self.assertEqual(result["digest"], self.digest)

    def lose(self, how):
        """A run whose ranks are held in a shard when a host is lost; then a resume on the other hosts."""
        self.out = self.folder / "out"
        place = 6 if self.round == 0 else random.randint(1, 12)
        gate = self.folder / "gate"
        gate.touch()
        process = self.hosts.mpirun({"h1": 1, "h2": 1, "h3": 2}, *RUN, "--out", self.out, "--result", self.folder / "result.json",
                                    SYNTHGEN_FAULT=f"shard.write:{place}:hold", SYNTHGEN_HOLD=gate)
        self.hosts.wait(lambda: list(self.out.glob("*/*.tmp")) or process.poll() is not None, "the ranks to be in the middle")
        if process.poll() is not None:
            self.fail(f"the run ended before a host was lost: {self.finish(process)}")
        how("h3")
        code, output, messages = self.finish(process)
        self.assertNotEqual(code, 0, output + messages)
        self.assertFalse((self.folder / "result.json").exists())
        self.assertFalse((self.out / "manifest.json").exists())
        self.assertNotIn(code, set(support.CODES.values()) - {1}, messages)  # the launcher's own: it is not the program's word
        self.assertEqual(self.run_on({"h1": 2, "h2": 1}, "--resume")["digest"], self.digest)
        self.assertEqual([], list(self.out.rglob("*.tmp")))

    @support.rounds("hosts switched off")
    def test_a_host_is_switched_off(self):
        self.lose(self.hosts.switch_off)
        self.hosts.start("h3")

    @support.rounds("hosts cut off from the network")
    def test_a_host_is_cut_off(self):
        self.lose(self.hosts.cut_off)
        self.hosts.plug_in("h3")


if __name__ == "__main__":
    unittest.main()
