"""Ranks that are done take over shards that a slow rank has not begun; the bytes stay the same, few messages are sent.

labels: quick
processors: 2
"""
import unittest

import support

SIZE = ["--accounts", "80", *support.SEED]
RUN = [*SIZE, "--no-load", "--quiet", "--threads", "1"]
NEIGHBOURS_MAX = 16  # partition/queue.h


class Balance(support.Case):
    def make(self, out, ranks, **environment):
        return self.json(*RUN, "--out", out, ranks=ranks, **environment)

    def assert_each_shard_made_once(self, result):
        self.assertEqual(sum(rank["shards"] for rank in result["balance"]),
                         sum(table["shards"] for table in result["tables"]))
        self.assertEqual(sum(rank["rows"] for rank in result["balance"]), result["rows"])

    def test_others_take_over_the_shards_of_a_slow_rank(self):
        reference = self.make("reference", None)
        dealt = self.json("plan", *SIZE, "--ranks", "4")["rank_ranges"]
        # Windows of one-sided MPI in shared memory, as on one host; then by messages, as between hosts.
        for priority in (None, 1):
            with self.subTest(osc_sm_priority=priority):
                result = self.make(f"slow{priority}", 4, SYNTHGEN_FAULT="shard.write:1:slow@1",
                                   OMPI_MCA_osc_sm_priority=priority)
                ranks = result["balance"]
                self.assertLess(ranks[1]["shards"], dealt[1]["shards"])
                self.assertGreater(sum(rank["shards_taken_over"] for rank in ranks), 0)
                self.assertEqual(result["digest"], reference["digest"])
                self.assert_each_shard_made_once(result)

    def test_requests_grow_with_ranks_and_shards_only(self):
        for ranks in (2, 12):
            with self.subTest(ranks=ranks):
                result = self.make(f"of{ranks}", ranks)
                shards = sum(table["shards"] for table in result["tables"])
                requests = sum(rank["requests"] for rank in result["balance"])
                self.assertGreater(requests, 0)
                self.assertLessEqual(requests, shards + ranks * NEIGHBOURS_MAX)
                self.assert_each_shard_made_once(result)

    def test_messages_grow_with_ranks_and_shards_only(self):
        def traffic(accounts, ranks):
            result = self.json("--accounts", accounts, *RUN[2:], "--out", f"{accounts}x{ranks}", ranks=ranks)
            return result["rank_0_traffic"], sum(table["shards"] for table in result["tables"])

        (few, shards), (many, more_shards) = traffic(1, 2), traffic(160, 2)
        self.assertGreater(more_shards, shards)
        self.assertGreater(few["collectives"], 0)
        self.assertEqual(few["collectives"], many["collectives"])  # whatever the number of shards
        per_shard = (many["bytes"] - few["bytes"]) / (more_shards - shards)
        self.assertLess(per_shard, 4096)  # a shard's facts
        wide, _ = traffic(1, 8)
        self.assertEqual(wide["collectives"], few["collectives"])  # whatever the number of ranks
        self.assertLess((wide["bytes"] - few["bytes"]) / 6, 64 << 10)  # a rank's tallies

    def test_ranks_divide_the_plan_of_many_accounts(self):
        few, many, bytes_by_size = 5000, 9000, {}
        for accounts in (few, many):
            run = ["--accounts", accounts, *RUN[2:], "--tables", "accounts,hubspot_deals,stripe_events", "--only", "account=4711"]
            alone = self.json(*run, "--out", f"planned-alone-{accounts}")
            shared = self.json(*run, "--out", f"planned-together-{accounts}", ranks=3)
            self.assertEqual(shared["digest"], alone["digest"])
            bytes_by_size[accounts] = shared["rank_0_traffic"]["bytes"]
        more = bytes_by_size[many] - bytes_by_size[few]
        self.assertGreater(more, many - few)  # something was divided
        self.assertLess(more, 100 * (many - few))

    def test_the_summary_tells_the_balance(self):
        text = self.synthgen(*RUN, "--out", "out", ranks=3).stdout
        self.assertRegex(text, r"(?m)^ranks, median \(least to most\) of thread seconds: busy .* writing .* waiting .*; "
                               r"\d+ shards? taken over$")
        self.assertNotIn("ranks, median", self.synthgen(*RUN, "--out", "alone").stdout)


if __name__ == "__main__":
    unittest.main()
