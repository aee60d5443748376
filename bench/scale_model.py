#!/usr/bin/env python3
"""Predicts how generating scales to 4,096 ranks, from the measured cost of every shard of a real run, and names what
stops it first. See docs/scaling.md for the model.

usage: bench/scale_model.py [--costs FILE] [--json FILE] [--svg FILE] [--PARAMETER VALUE ...]
       bench/scale_model.py --learn RESULT.json --costs FILE      keep the costs of a run made with --json or --result

The simulation deals shards to ranks as the program does, lets ranks that are done take over shards as the program does,
and passes every shard through a metadata server and a file system that all nodes share. Same input, same output.
"""
import argparse
import heapq
import json
import math
import pathlib
import random
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from suite import svg  # noqa: E402

COSTS = pathlib.Path(__file__).resolve().parent / "costs" / "barsaas-4000.json"
RANKS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096]
SIZES = [10, 100, 1000]
SHARD_FIXED_BYTES = 4096  # what partition/plan.c adds to a shard's bytes when it deals
NEIGHBOURS = 16           # partition/queue.h
FACTS_BYTES = 656         # of a shard, as sent to rank 0 and back to all (struct made of src/app/generate.c)
MEMORY_BYTES = 1330       # of a shard on every rank: facts, their copy in the manifest, its place in the plan
SUMS_MAX = 262144         # sums that a plan keeps of a root unit each (bs_block_units of barsaas)
LOOKS = 2.5               # at a row number for each cut (partition/plan.c)
METADATA_OPERATIONS = 4   # of a shard: create, rename, and the syncs of file and folder

# Name, default, meaning. Assumptions about a cluster; everything else comes from the run.
PARAMETERS = [
    ("node-spread", 0.05, "standard deviation of the speed of nodes, as a share"),
    ("slow-nodes", 0.01, "share of nodes at half speed"),
    ("ranks-per-node", 64, "ranks of one thread on a node"),
    ("metadata-rate", 20000, "metadata operations a second of the shared file system"),
    ("disk-gb", 100, "GB/s of the shared file system"),
    ("network-gb", 10, "GB/s between nodes"),
    ("hop-us", 3, "microseconds of a message"),
    ("ingest-rows", 3e6, "rows a second that one PostgreSQL server takes, all connections together"),
    ("plan-whole", 0.06, "share of the plan that every rank makes itself; the rest is divided among them"),
    ("plan-bytes", 50, "bytes of a root unit that ranks tell each other while they plan"),
    ("memory-mib", 512, "memory a rank may use, in MiB"),
]


def learn(path):
    """The costs in the result of a run: what the model needs and nothing else."""
    run = json.loads(path.read_text())
    stages = {stage["name"]: stage["seconds"] for stage in run["stages"]}
    return {"dataset": run["dataset"], "units": run["units"], "rows": run["rows"], "file_bytes": run["file_bytes"],
            "ranks": run["ranks"], "threads": run["threads"], "plan_seconds": stages["plan"],
            "generate_seconds": stages["generate"],
            "write_share": sum(rank["write_s"] for rank in run["balance"]) / sum(rank["busy_s"] for rank in run["balance"]),
            "tables": [{"name": table["name"], "text_bytes": table["text_bytes"], "file_bytes": table["file_bytes"],
                        "shard_seconds": table["shard_seconds"]} for table in run["tables"]]}


class Shard:
    __slots__ = ("position", "weight", "seconds", "file_bytes")

    def __init__(self, position, weight, seconds, file_bytes):
        self.position, self.weight, self.seconds, self.file_bytes = position, weight, seconds, file_bytes


def fixed_seconds(costs):
    """What a shard costs that hardly has rows: files, syncs, waking up."""
    tiny = [seconds for table in costs["tables"] for seconds in table["shard_seconds"]
            if table["text_bytes"] / len(table["shard_seconds"]) < 64 << 10]
    return statistics.median(tiny) if tiny else 0.0


def shards_of(costs, size, chance):
    """The shards of a data set `size` times as large: every table has that many more, each as dear as one that was
    measured (in order for the measured size, by lot for the rest)."""
    shards, fixed = [], fixed_seconds(costs)
    for table in costs["tables"]:
        measured = table["shard_seconds"]
        small = table["text_bytes"] / len(measured) < 8 << 20  # one shard that merely grows
        count = max(1, math.ceil(table["text_bytes"] * size / (16 << 20))) if small else len(measured) * size
        grown = table["text_bytes"] * size / count / (table["text_bytes"] / len(measured))
        for number in range(count):
            seconds = measured[number] if number < len(measured) and size == 1 else chance.choice(measured)
            shards.append(Shard((number + 0.5) / count, table["text_bytes"] * size / count + SHARD_FIXED_BYTES,
                                min(fixed, seconds) + max(0.0, seconds - fixed) * grown, table["file_bytes"] * size / count))
    shards.sort(key=lambda shard: shard.position)
    return shards


def deal(shards, ranks):
    """A contiguous range of the key space for every rank, by expected bytes: sg_plan_assign."""
    total, before, hands = sum(shard.weight for shard in shards), 0.0, [[] for _ in range(ranks)]
    for shard in shards:
        hands[min(ranks - 1, int((2 * before + shard.weight) * ranks / (2 * total)))].append(shard)
        before += shard.weight
    return hands


def neighbours(rank, ranks):
    found, distance = [], 1
    while distance < ranks and len(found) < NEIGHBOURS:
        found += [(rank + distance) % ranks, (rank - distance) % ranks]
        distance *= 2
    return list(dict.fromkeys(found))[:NEIGHBOURS]


def node_speeds(ranks, values, chance):
    nodes = math.ceil(ranks / values["ranks_per_node"])
    speeds = [max(0.5, chance.gauss(1, values["node_spread"])) * (0.5 if chance.random() < values["slow_nodes"] else 1)
              for _ in range(nodes)]
    return [speeds[rank // int(values["ranks_per_node"])] for rank in range(ranks)] if nodes > 1 else [1.0] * ranks


class Shared:
    """A server that all ranks share: work queues up behind each other."""

    def __init__(self):
        self.free_at, self.busy = 0.0, 0.0

    def serve(self, now, seconds):
        self.free_at = max(now, self.free_at) + seconds
        self.busy += seconds
        return self.free_at


def generate(costs, size, ranks, values, takes_over=True, seed=42):
    """Seconds until the last rank is done, and the loads of what is shared."""
    chance = random.Random(f"{seed} {size}")
    shards = shards_of(costs, size, chance)
    speeds = node_speeds(ranks, values, random.Random(f"{seed} {ranks}"))
    hands, taken = deal(shards, ranks), [0] * ranks
    metadata, disk = Shared(), Shared()
    waiting = [(0.0, rank, None) for rank in range(ranks)]  # when, who, the shard whose rows are done
    finish, work, requests = 0.0, 0.0, 0
    reach = [neighbours(rank, ranks) for rank in range(ranks)] if takes_over else []
    while waiting:
        now, rank, made = heapq.heappop(waiting)
        if made:
            now = max(metadata.serve(now, METADATA_OPERATIONS / values["metadata_rate"]),
                      disk.serve(now, made.file_bytes / values["disk_gb"] / 1e9))
            heapq.heappush(waiting, (now, rank, None))
            continue
        owner, asked = rank, 0
        if taken[rank] >= len(hands[rank]) and takes_over:
            asked, owner = next(((i + 1, other) for i, other in enumerate(reach[rank]) if taken[other] < len(hands[other])),
                                (len(reach[rank]), rank))
        requests += asked
        if taken[owner] >= len(hands[owner]):
            finish = max(finish, now)
            continue
        shard = hands[owner][taken[owner]]
        taken[owner] += 1
        work += shard.seconds
        now += asked * 2 * values["hop_us"] / 1e6 + shard.seconds / speeds[rank]
        heapq.heappush(waiting, (now, rank, shard))
    return {"seconds": finish, "work": work, "shards": len(shards), "requests": requests, "metadata": metadata.busy,
            "disk": disk.busy, "dearest": max(shard.seconds for shard in shards)}


def seconds_of_cuts(costs, size, shards):
    """Finding cuts where sums are not kept for every unit: a look counts half a block again, at twice the price of planning
    a unit; every rank does it."""
    units, block = costs["units"] * size, 1
    while block < 64 and units / block > SUMS_MAX:
        block *= 2
    return shards * LOOKS * (block - 1) / 2 * 2 * costs["plan_seconds"] / costs["units"]


def stages(costs, size, ranks, values, takes_over=True):
    """Seconds by stage of a run, and its efficiency against one rank."""
    ran = generate(costs, size, ranks, values, takes_over)
    facts = ran["shards"] * FACTS_BYTES
    nodes = max(1, ranks / values["ranks_per_node"])
    depth = math.ceil(math.log2(ranks)) if ranks > 1 else 0
    gather = facts / values["network_gb"] / 1e9 * (1 + (math.ceil(math.log2(nodes)) if nodes > 1 else 0))
    agree = depth * values["hop_us"] / 1e6 * 20
    plan_alone = costs["plan_seconds"] * size
    whole = values["plan_whole"] if ranks > 1 else 1
    cuts = seconds_of_cuts(costs, size, ran["shards"])
    plan = plan_alone * (whole + (1 - whole) / ranks) + cuts
    if ranks > 1:
        plan += min(costs["units"] * size, SUMS_MAX) * values["plan_bytes"] / values["network_gb"] / 1e9
    seconds = plan + ran["seconds"] + gather + agree
    alone = plan_alone + cuts + ran["work"]
    return {"ranks": ranks, "size": size, "plan": plan, "generate": ran["seconds"], "gather": gather, "agree": agree,
            "seconds": seconds, "efficiency": alone / (seconds * ranks), "shards": ran["shards"],
            "requests": ran["requests"], "metadata": ran["metadata"], "disk": ran["disk"], "dearest": ran["dearest"],
            "memory_mib": ran["shards"] * MEMORY_BYTES / 2**20, "ingest": costs["rows"] * size / values["ingest_rows"], "work": ran["work"]}


def limit(run, values):
    """What holds a run back most: the largest of what its time cannot fall below, named."""
    bounds = {"work": run["work"] / run["ranks"], "the plan: what every rank does itself": run["plan"],
              "the dearest shard, which one thread makes": run["dearest"],
              "metadata operations": run["metadata"], "the file system's bandwidth": run["disk"],
              "the manifest: gathering and sharing the facts of shards": run["gather"],
              "a few shards a rank: some have one more than others":
                  run["dearest"] * math.ceil(run["shards"] / run["ranks"]) if run["shards"] < 8 * run["ranks"] else 0}
    if run["memory_mib"] > values["memory_mib"]:
        return "memory: every rank holds the facts of all shards"
    parallel = bounds.pop("work")
    name, bound = max(bounds.items(), key=lambda item: item[1])
    return name if bound > 0.25 * parallel else "nothing yet"


def first_below(runs, efficiency):
    """The first rank count at which a size falls below an efficiency, None when it never does."""
    return next((run["ranks"] for run in runs if run["efficiency"] < efficiency), None)


def breaks(costs, values):
    """What breaks as the data grows at 4,096 ranks, in order: (times the measured size, what)."""
    shards = sum(len(table["shard_seconds"]) for table in costs["tables"])
    seconds = sum(sum(table["shard_seconds"]) for table in costs["tables"]) / RANKS[-1]
    rate = values["metadata_rate"] / METADATA_OPERATIONS
    found = [(values["memory_mib"] * 2**20 / MEMORY_BYTES / shards,
              f"the facts of all shards fill the {values['memory_mib']:.0f} MiB of a rank"),
             (2**31 / FACTS_BYTES / shards, "the manifest's gather reaches MPI's limit of 2^31 bytes"),
             (0, f"loading: one server takes {values['ingest_rows'] / 1e6:.1f} M rows/s, which "
                 f"{math.ceil(values['ingest_rows'] * seconds * RANKS[-1] / costs['rows'])} ranks generate")]
    ratio = shards / rate / seconds
    found.append((0 if ratio > 1 else math.inf, f"metadata: {RANKS[-1]} ranks begin {shards / seconds:,.0f} shards a second, "
                                                f"the file system takes {rate:,.0f}"))
    return sorted(found)


def print_report(costs, results, values):
    print(f"{costs['dataset']}, {costs['units']:,} units: {costs['rows']:,} rows, measured on {costs['ranks']} ranks of "
          f"{costs['threads']} threads\n")
    print(f"{'size':>5} {'ranks':>6} {'plan s':>8} {'generate s':>11} {'gather s':>9} {'all s':>10} {'efficiency':>10}  limit")
    for run in results:
        print(f"{run['size']:>4}x {run['ranks']:>6} {run['plan']:8.2f} {run['generate']:11.2f} {run['gather']:9.3f} "
              f"{run['seconds']:10.2f} {100 * run['efficiency']:9.1f}%  {limit(run, values)}")
    for size in dict.fromkeys(run["size"] for run in results):
        runs = [run for run in results if run["size"] == size]
        print(f"\n{size} x: below 90 % from {first_below(runs, 0.9) or 'nowhere'} ranks, below 50 % from "
              f"{first_below(runs, 0.5) or 'nowhere'}; one server loads it in {runs[0]['ingest']:,.0f} s")
    print("\nwhat breaks as data grows, 4,096 ranks:")
    for size, what in breaks(costs, values):
        if size < math.inf:
            print(f"  {'at once' if size == 0 else f'from {size:,.0f} x'}: {what}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--costs", type=pathlib.Path, default=COSTS)
    parser.add_argument("--learn", type=pathlib.Path, help="the JSON result of a run")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--svg", type=pathlib.Path)
    parser.add_argument("--ranks", type=lambda text: [int(word) for word in text.split(",")], default=RANKS)
    parser.add_argument("--sizes", type=lambda text: [int(word) for word in text.split(",")], default=SIZES)
    parser.add_argument("--no-take-over", action="store_true", help="ranks that are done stay idle")
    for name, default, meaning in PARAMETERS:
        parser.add_argument(f"--{name}", type=float, default=default, help=f"{meaning} ({default:g})")
    options = parser.parse_args()
    if options.learn:
        options.costs.parent.mkdir(parents=True, exist_ok=True)
        options.costs.write_text(json.dumps(learn(options.learn)) + "\n")
        return
    costs, values = json.loads(options.costs.read_text()), vars(options)
    results = [stages(costs, size, ranks, values, not options.no_take_over)
               for size in options.sizes for ranks in options.ranks]
    print_report(costs, results, values)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    if options.svg:
        options.svg.write_text(svg.efficiency(results))


if __name__ == "__main__":
    main()
