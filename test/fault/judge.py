"""What came of an experiment's calls: the row of the table, and whether the promises were kept."""

import dataclasses

# Twice the normal p99 is little: a process that has to wait for its turn costs that, too.
FLOOR = 0.025
WINDOW = 0.25
HEADINGS = ("fault", "server", "calls", "failed", "retried", "hedged", "p50 ms", "p99 ms", "recovery s")


def percentile(calls, share):
    """Of the latencies of those that succeeded."""
    latencies = sorted(c.latency for c in calls if c.code == "OK")
    return latencies[min(int(len(latencies) * share), len(latencies) - 1)] if latencies else None


def failures(calls):
    return sum(c.code != "OK" for c in calls)


def between(calls, begin, end=float("inf")):
    return [c for c in calls if begin <= c.due < end]


def limit(calls, fault):
    """What the p99 is to be below: twice that of the calls before the fault."""
    return max(FLOOR, 2 * (percentile(between(calls, 0, fault - 0.05), 0.99) or 0))


def recovery(calls, since, bound):
    """How long after `since` there was still a window with a failed call or a p99 above the bound; None: to the end."""
    last, t = 0.0, since
    end = calls[-1].due
    while t < end:
        window = between(calls, t, t + WINDOW)
        if not window or failures(window) or percentile(window, 0.99) > bound:
            last = t + WINDOW - since
        t += WINDOW
    return None if since + last >= end else last


@dataclasses.dataclass
class Row:
    """A line of the table; `broken` are the promises that were not kept."""
    fault: str
    server: str
    calls: int = 0
    failed: int = 0
    retried: int = 0
    hedged: int = 0
    p50: float | None = None
    p99: float | None = None
    recovery: float | None = None
    skipped: str = ""
    codes: dict = dataclasses.field(default_factory=dict)
    texts: list = dataclasses.field(default_factory=list)
    broken: list = dataclasses.field(default_factory=list)

    @classmethod
    def of(cls, fault, server, load, since=None, before=None):
        """`since` is when recovery began to be possible, `before` when the fault began."""
        row = cls(fault, server, calls=len(load.calls), failed=failures(load.calls),
                  retried=sum(e.kind == "retried" for e in load.events), p50=percentile(load.calls, 0.5),
                  p99=percentile(load.calls, 0.99))
        row.hedged = sum(e.kind == "hedged" for e in load.events)
        for c in load.calls:
            row.codes[c.code] = row.codes.get(c.code, 0) + 1
        row.texts = [f"{n} x {text}" for text, n in load.texts.most_common(5)]
        if since is not None:
            row.recovery = recovery(load.calls, since, limit(load.calls, before or since))
            row.promise(row.recovery is not None, "the service does not recover")
        row.promise("DATA_LOSS" not in row.codes, "calls got another call's answer")
        return row

    def promise(self, kept, otherwise):
        if not kept:
            self.broken.append(otherwise)
        return self

    def cells(self):
        if self.skipped:
            return (self.fault, self.server, "skipped: " + self.skipped, *[""] * 6)
        ms = lambda s: "-" if s is None else f"{s * 1000:.1f}"  # noqa: E731
        return (self.fault, self.server, str(self.calls), str(self.failed), str(self.retried), str(self.hedged),
                ms(self.p50), ms(self.p99), "-" if self.recovery is None else f"{self.recovery:.2f}")


def table(rows):
    """Markdown."""
    lines = [HEADINGS, *(r.cells() for r in rows)]
    widths = [max(len(line[i]) for line in lines if "skipped" not in line[2] or i < 2) for i in range(len(HEADINGS))]
    text = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in lines]
    text.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(text)
