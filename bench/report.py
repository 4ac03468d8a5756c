#!/usr/bin/env python3
"""Prints what bench/run measured, and writes it to RESULTS/NAME.json and .md.

usage: report.py RESULTS NAME <<< "key<TAB>value<TAB>unit<TAB>budget<TAB>text" lines; "about" lines have a text only.

Exit code 1 when a value is above its budget. Values of an earlier NAME.json are shown beside the new ones.
"""
import json
import pathlib
import sys


def number(text):
    value = float(text)
    return int(value) if value.is_integer() else value


def read_rows(lines):
    rows, about = [], []
    for line in lines:
        key, value, unit, budget, text = line.rstrip("\n").split("\t")
        if key == "about":
            about.append(text)
        else:
            rows.append({"key": key, "value": number(value), "unit": unit,
                         "budget": number(budget) if budget else None, "text": text})
    return rows, about


def table(rows, before):
    def cell(value):
        return "" if value is None else f"{value:,}"

    def verdict(row):
        return "" if row["budget"] is None else "ok" if row["value"] <= row["budget"] else "ABOVE"

    head = ["what", "measured", "budget", "", "unit", "before"]
    body = [[r["text"], cell(r["value"]), cell(r["budget"]), verdict(r), r["unit"], cell(before.get(r["key"]))]
            for r in rows]
    if not before:
        head, body = head[:-1], [line[:-1] for line in body]
    widths = [max(map(len, column)) for column in zip(head, *body)]

    def line(cells):
        return "| " + " | ".join(c.ljust(w) if i in (0, 3, 4) else c.rjust(w)
                                 for i, (c, w) in enumerate(zip(cells, widths))) + " |"

    rule = "|" + "|".join("-" * (w + 1) + (":" if i in (1, 2, 5) else "-") for i, w in enumerate(widths)) + "|"
    return "\n".join([line(head), rule, *map(line, body)])


def main():
    folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
    rows, about = read_rows(sys.stdin)
    kept = folder / f"{name}.json"
    before = {r["key"]: r["value"] for r in json.loads(kept.read_text())["rows"]} if kept.exists() else {}
    print(table(rows, before))
    print(*about, sep="\n")
    kept.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n")
    (folder / f"{name}.md").write_text(
        f"# {name}\n\n" + "".join(f"- {a}\n" for a in about) + f"\n{table(rows, {})}\n")
    sys.exit(any(r["budget"] is not None and r["value"] > r["budget"] for r in rows))


main()
