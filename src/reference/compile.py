#!/usr/bin/env python3
"""Compiles src/reference/data/*.tsv into one C include of constant tables.

usage: compile.py DATA_FOLDER OUTPUT.inc

Weighted tables become ascending thresholds of a 32-bit word: entry i is chosen when threshold[i-1] <= word <
threshold[i]; the last threshold is 2^32 - 1 and includes it. A guide table (index by the word's high 12 bits) gives the
first entry worth looking at.
"""
import csv
import sys

GUIDE_BITS = 12


def read(folder, name):
    with open(f"{folder}/{name}.tsv", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def thresholds(weights):
    total, running, out = sum(weights), 0, []
    for weight in weights:
        running += weight
        out.append(min(running * 2**32 // total, 2**32 - 1))
    return out


def array(kind, name, values):
    lines = [f"static const {kind} {name}[{len(values)}] = {{"]
    for i in range(0, len(values), 12):
        lines.append("    " + ", ".join(str(v) for v in values[i : i + 12]) + ",")
    return "\n".join(lines + ["};"])


def weighted(name, weights):
    at = thresholds(weights)
    guide, i = [], 0
    for slot in range(2**GUIDE_BITS):
        while at[i] <= slot << (32 - GUIDE_BITS) and i + 1 < len(at):
            i += 1
        guide.append(i)
    return "\n".join([array("uint32_t", f"{name}_threshold", at), array("uint16_t", f"{name}_guide", guide)])


def strings(name, values):
    return f"static const char *const {name}[{len(values)}] = {{" + ", ".join(f'"{v}"' for v in values) + "};"


def main(folder, output):
    first, last, cities, streets = (read(folder, n) for n in ("first_names", "last_names", "cities", "streets"))
    parts = ['/* Compiled from src/reference/data by compile.py; do not edit. */']
    parts.append(strings("first_names", [r["name"] for r in first]))
    parts.append(weighted("first_names", [int(r["weight"]) for r in first]))
    parts.append(strings("last_names", [r["name"] for r in last]))
    parts.append(weighted("last_names", [int(r["weight"]) for r in last]))
    parts.append(strings("streets", [r["name"] for r in streets]))
    parts.append(weighted("cities", [int(r["weight"]) for r in cities]))
    parts.append(f"const uint32_t sg_city_count = {len(cities)};\nconst struct sg_city sg_cities[{len(cities)}] = {{")
    for r in cities:
        parts.append(f'    {{"{r["city"]}", "{r["state"]}", "{r["zip"]}", SG_ZONE_{r["zone"].upper()}, '
                     f'{r["latitude_e6"]}, {r["longitude_e6"]}, {r["weight"]}}},')
    parts.append("};\n")
    with open(output, "w", encoding="utf-8") as file:
        file.write("\n".join(parts))


if __name__ == "__main__":
    main(*sys.argv[1:])
