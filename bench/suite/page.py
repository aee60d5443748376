"""One self-contained page of a report: targets, roofline, scaling, and every bench as bars. No scripts, no network."""
from suite import measure, roofline, svg, targets

STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5c6675; --paper: #ffffff; --bar: #4c78a8; --good: #3d8f5f;
  --bad: #c2573a; --mark: #b8860b; --grid: #d5dae1; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa4b2; --paper: #14181e; --grid: #39424e;
  --bar: #6f9bd1; --good: #5fb583; --bad: #e08064; --mark: #e0b040; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0 } h2 { font-size: 1.15rem; margin-top: 2.2rem } p.note { color: var(--soft) }
svg { width: 100%; height: auto; display: block } svg.half { width: 50%; display: inline-block }
svg text { fill: var(--ink); font-size: 12px } svg .value, svg .axis { fill: var(--soft) }
.bar { fill: var(--bar) } .good { fill: var(--good) } .bad { fill: var(--bad) }
.threshold { stroke: var(--mark); stroke-width: 2 } .spread { stroke: var(--ink); stroke-width: 1.5; opacity: .6 }
.grid { stroke: var(--grid) } .curve { fill: none; stroke: var(--bar); stroke-width: 2 } .dot { fill: var(--bar) }
table { border-collapse: collapse; font-size: 13px } td, th { text-align: left; padding: 2px 14px 2px 0 }
"""


def target_section(report):
    rows = []
    for number, value in targets.measured(report):
        what, unit, direction, threshold = targets.TARGETS[number]
        rows.append((f"{number}. {what}", targets.share(number, value),
                     f"{value:.2f} {unit}, wanted {'at least' if direction == '>=' else 'at most'} {threshold:.2f}"))
    if not rows:
        return ""
    return ("<h2>Targets</h2><p class=note>How much of each target is reached, on a logarithmic scale; the line is the "
            "target.</p>" + svg.targets(rows, "Targets"))


def roofline_section(report):
    rows = roofline.stages(report)
    if not rows:
        return ""
    return ("<h2>Roofline: a tap event, stage by stage</h2><p class=note>Nanoseconds on one core (bar) and what nothing on "
            "this machine can go below (line).</p>" + svg.roofline(rows, "Roofline"))


def bench_section(bench):
    """Bars of one unit at a time, then curves, then what was skipped."""
    lines = [line for line in bench["lines"] if "name" in line]
    parts = [f"<h2>{svg.escape(bench['title'])}</h2>"]
    for unit in dict.fromkeys(line["unit"] for line in lines):
        rows = [(line["name"], line["median"], line["least"], line["most"],
                 f"{svg.short(line['median'])} {unit}" + (f", {line['note']}" if line.get("note") else ""), "bar")
                for line in lines if line["unit"] == unit]
        parts.append(svg.bars(rows, f"{bench['title']}, {unit}", 1 if unit == "x" else None))
    parts += [svg.curve(line["points"], line["curve"], line["x"], f"{line['curve']}: {line['y']}")
              for line in bench["lines"] if "curve" in line]
    parts += [f"<p class=note>{svg.escape(measure.describe(line))}</p>" for line in bench["lines"] if "skipped" in line]
    return "".join(parts)


def machine_section(report):
    rows = "".join(f"<tr><th>{svg.escape(key.replace('_', ' '))}</th><td>{svg.escape(value)}</td></tr>"
                   for key, value in report["machine"].items() if key != "summary")
    return f"<h2>Machine</h2><table>{rows}</table>"


def render(report):
    body = target_section(report) + roofline_section(report) + "".join(map(bench_section, report["benches"]))
    return (f"<!doctype html><html lang=en><meta charset=utf-8><title>synthgen-hpc: benches</title><style>{STYLE}</style>"
            f"<h1>synthgen-hpc: benches</h1><p class=note>{svg.escape(report['machine']['date'])}, {report['accounts']} "
            f"accounts, medians of {report['rounds']} rounds with least and most; pairs in turn on the same processors."
            f"</p>{body}{machine_section(report)}</html>\n")
