"""Charts as SVG text: bars with a threshold, paired bars for a roofline, and curves. Colours are classes of the page."""
import html
import math

WIDTH, LABEL, ROW, LETTER = 900, 380, 26, 6.4


def escape(text):
    return html.escape(str(text), quote=True)


def text(x, y, words, anchor="start", kind="label"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(words)}</text>'


def rect(x, y, width, height, kind):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height:.1f}" class="{kind}" rx="2"/>'


def line(x1, y1, x2, y2, kind):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def frame(height, parts, title):
    return (f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(title)}">' + "".join(parts) + "</svg>")


def short(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def shorten(words, most=58):
    return words if len(words) <= most else words[:most - 1] + "…"


def bars(rows, title, threshold=None):
    """rows: (label, value, least, most, words at the end, class). The scale begins at 0; threshold draws a line."""
    top = max([value for _, value, *_ in rows] + ([threshold] if threshold else [])) or 1
    room = WIDTH - LABEL - 12 - LETTER * max(len(words) for *_, words, _ in rows)

    def at(value):
        return LABEL + room * min(value / top, 1)

    parts = []
    for index, (label, value, least, most, words, kind) in enumerate(rows):
        y = index * ROW + 6
        parts += [text(LABEL - 8, y + 13, shorten(label), "end"), rect(LABEL, y, at(value) - LABEL, ROW - 10, kind)]
        if most > least:
            parts.append(line(at(least), y + 8, at(most), y + 8, "spread"))
        parts.append(text(max(at(value), at(most)) + 6, y + 13, words, kind="value"))
    height = len(rows) * ROW + 12
    if threshold:
        parts.append(line(at(threshold), 0, at(threshold), height, "threshold"))
    return frame(height, parts, title)


def targets(rows, title):
    """rows: (label, share of the target that is reached, words): bars to a line at 1, on a logarithmic scale."""
    low, high = 0.25, max(4, *[share for _, share, _ in rows]) if rows else 4
    room = WIDTH - LABEL - 12 - LETTER * max(len(words) for *_, words in rows)

    def at(share):
        return LABEL + room * (math.log(min(max(share, low), high)) - math.log(low)) / (math.log(high) - math.log(low))

    parts = []
    for index, (label, share, words) in enumerate(rows):
        y = index * ROW + 6
        kind = "good" if share >= 1 else "bad"
        parts += [text(LABEL - 8, y + 13, shorten(label), "end"), rect(LABEL, y, at(share) - LABEL, ROW - 10, kind),
                  text(at(share) + 6, y + 13, words, kind="value")]
    height = len(rows) * ROW + 26
    parts += [line(at(1), 0, at(1), height - 18, "threshold"), text(at(1), height - 4, "target", "middle", "axis")]
    return frame(height, parts, title)


def roofline(rows, title):
    """rows: (stage, nanoseconds, limit in nanoseconds or None, what limits): a bar, and a mark where the limit is."""
    top = max(max(value, limit or 0) for _, value, limit, _ in rows) or 1
    room = WIDTH - 190 - 340

    def at(value):
        return 190 + room * value / top

    parts = []
    for index, (stage, value, limit, why) in enumerate(rows):
        y = index * (ROW + 6) + 6
        parts += [text(182, y + 14, stage, "end"), rect(190, y, at(value) - 190, ROW - 8, "bar")]
        words = f"{value:.1f} ns"
        if limit is not None:
            parts.append(line(at(limit), y - 3, at(limit), y + ROW - 5, "threshold"))
            words += f"; limit {limit:.1f} ns: {why}"
        parts.append(text(max(at(value), at(limit or 0)) + 6, y + 14, words, kind="value"))
    return frame(len(rows) * (ROW + 6) + 10, parts, title)


def curve(points, title, x_name, y_name):
    """points: [x, y], x on a logarithmic scale."""
    height, left, right, bottom = 240, 60, 30, 40
    top = max(y for _, y in points) * 1.1 or 1
    low, high = math.log2(min(x for x, _ in points)), math.log2(max(x for x, _ in points))

    def at(x, y):
        return (left + (WIDTH / 2 - left - right) * ((math.log2(x) - low) / ((high - low) or 1)),
                (height - bottom) * (1 - y / top) + 8)

    parts = [line(left, 8, left, height - bottom + 8, "grid"),
             line(left, height - bottom + 8, WIDTH / 2 - right + 10, height - bottom + 8, "grid")]
    places = [at(x, y) for x, y in points]
    parts.append('<polyline class="curve" points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>')
    for (x, y), (px, py) in zip(points, places):
        parts += [f'<circle class="dot" cx="{px:.1f}" cy="{py:.1f}" r="3.5"/>', text(px, py - 8, short(y), "middle", "value"),
                  text(px, height - bottom + 22, short(x), "middle", "axis")]
    parts.append(text((left + WIDTH / 2) / 2, height - 4, f"{x_name}; {y_name} upwards", "middle", "axis"))
    return (f'<svg viewBox="0 0 {WIDTH // 2} {height}" role="img" aria-label="{escape(title)}" class="half">'
            + "".join(parts) + "</svg>")


def efficiency(runs):
    """A file of its own: efficiency over ranks, a line per size of data."""
    width, height, left, bottom = 760, 360, 60, 50
    colours = ["#4c78a8", "#3d8f5f", "#c2573a", "#b8860b"]
    top_ranks = max(run["ranks"] for run in runs)

    def at(run):
        return (left + (width - left - 120) * math.log2(run["ranks"]) / max(1, math.log2(top_ranks)),
                20 + (height - bottom - 20) * (1 - min(run["efficiency"], 1)))

    parts = [f'<rect width="{width}" height="{height}" fill="#ffffff"/>']
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = 20 + (height - bottom - 20) * (1 - share)
        parts += [f'<line x1="{left}" y1="{y:.1f}" x2="{width - 120}" y2="{y:.1f}" stroke="#d5dae1"/>',
                  f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>']
    for number, size in enumerate(dict.fromkeys(run["size"] for run in runs)):
        mine = [run for run in runs if run["size"] == size]
        colour, end = colours[number % len(colours)], at(mine[-1])
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2.5" points="'
                     + " ".join(f"{x:.1f},{y:.1f}" for x, y in map(at, mine)) + '"/>')
        parts.append(f'<text x="{end[0] + 8:.1f}" y="{end[1] + 4:.1f}" fill="{colour}">{size} x the data</text>')
    for run in [run for run in runs if run["size"] == runs[0]["size"]]:
        parts.append(f'<text x="{at(run)[0]:.1f}" y="{height - bottom + 18}" text-anchor="middle">{run["ranks"]}</text>')
    parts.append(f'<text x="{width / 2 - 30}" y="{height - 10}" text-anchor="middle">ranks</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
            f'font-size="12" fill="#1c2430"><title>Predicted efficiency over ranks</title>' + "".join(parts) + "</svg>\n")
