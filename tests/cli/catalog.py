"""Declarations of tables, as the catalog that the program writes has them."""
import re


def columns(folder, dataset):
    """{table: {column: (SQL type, nullable)}} as the catalog has it."""
    tables, table = {}, None
    for line in (folder / f"{dataset}.md").read_text().splitlines():
        heading = re.match(r"##+ `?(\w+)`?$", line)
        if heading:
            table = heading[1]
        column = re.match(r"\| `(\w+)` \| ([^|:]+?)(:[^|]*)? \|", line)
        if table and column:
            kind = column[2].strip()
            null = ", null" in kind or " null" in kind
            tables.setdefault(table, {})[column[1]] = (re.sub(r"[ ,]*\bnull\b", "", kind).strip(), null)
    return tables
