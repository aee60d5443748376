#!/usr/bin/env python3
"""Writes quantiles.inc: inverse distribution tables in Q16.16.

normal_q16[i]      = quantile of N(0,1) at i/1024, ends at 1/8192 and 8191/8192 (about +-3.67)
exponential_q16[i] = quantile of Exp(1) at i/1024, last at 8191/8192 (about 9.01)

Both are read with linear interpolation (kernels/sample.h). Regenerate only to change the distributions: bytes of
every data set depend on these numbers.
"""
import math
from statistics import NormalDist

STEPS = 1024


def ends(i):
    return min(max(i / STEPS, 1 / 8192), 8191 / 8192)


def rows(name, values):
    out = [f"static const int32_t {name}[{STEPS + 1}] = {{"]
    for i in range(0, len(values), 10):
        out.append("    " + ", ".join(str(v) for v in values[i : i + 10]) + ",")
    out.append("};")
    return "\n".join(out)


normal = [round(NormalDist().inv_cdf(ends(i)) * 65536) for i in range(STEPS + 1)]
exponential = [round(-math.log1p(-min(i / STEPS, 8191 / 8192)) * 65536) for i in range(STEPS + 1)]
print("/* Written by quantiles.py; do not edit. */")
print(rows("sg_normal_q16_table", normal))
print(rows("sg_exponential_q16_table", exponential))
