"""The experiments with real servers: each makes calls, does harm, and gives a Row."""

import contextlib
import signal
import time

from fault_proxy import FaultProxy
from judge import Row, between, failures, limit, percentile, recovery
from processes import Load, Server

WARM_UP = 2.0  # of undisturbed calls, which say what is normal


class Lab:
    """Three servers of a kind, `rate` for calls; everything ends with it. `strict` is whether times are judged."""

    def __init__(self, kind, command, rate, strict=True):
        self.kind, self.command, self.rate, self.strict = kind, command, rate, strict
        self.servers = []
        self.rest = contextlib.ExitStack()

    def __enter__(self):
        for _ in range(3):
            self.servers.append(Server(self.command))
            self.rest.callback(self.servers[-1].end)
        return self

    def __exit__(self, *_):
        self.rest.close()

    def load(self, rate=None, addresses=None, **settings):
        if self.kind != "joust":
            settings.setdefault("method", "logic.echo")
        load = Load(addresses or [s.address for s in self.servers], rate=rate or self.rate, run=120000, **settings)
        self.rest.callback(load.end)
        load.wait_for("state", "READY")
        time.sleep(WARM_UP)
        return load

    def proxy(self):
        """Before the first server."""
        proxy = FaultProxy(self.servers[0].address)
        self.rest.callback(proxy.close)
        return proxy

    def row(self, fault, load, since=None, before=None, zero=False):
        load.finish()
        row = Row.of(fault, self.kind, load, since, before)
        if zero:
            row.promise(row.failed == 0, f"{row.failed} calls failed")
        return row

    def promise_p99(self, row, load, fault, decided):
        """Within a second of the decision the p99 is below twice the normal one."""
        bound = limit(load.calls, fault)
        for begin in range(1, 4):
            calls = between(load.calls, decided + begin, decided + begin + 1)
            p99 = percentile(calls, 0.99) if calls else None
            if calls and self.strict:
                row.promise(p99 is not None and p99 <= bound,
                            f"{begin} s after the decision the p99 is {(p99 or 99) * 1000:.1f} ms, not below "
                            f"{bound * 1000:.1f} ms")


def no_fault(lab):
    load = lab.load()
    time.sleep(2)
    return lab.row("none", load, zero=True)


def rolling_restart(lab, rate=2000, rounds=1, pause=0):
    """One server after the other is drained and started again."""
    load = lab.load(rate=rate, pause=pause)
    begin = time.monotonic()
    codes = []
    for _ in range(rounds):
        for server in lab.servers:
            codes.append(server.restart())
            time.sleep(0.7)
    slow = f" of {pause} to {2 * pause} ms" if pause else ""
    row = lab.row(f"rolling restart, {rate} calls/s{slow}", load, begin, zero=True)
    return row.promise(not any(codes), f"servers ended with {codes}")


def rolling_restart_slow(lab, rate=1000):
    """With calls under way at any time."""
    return rolling_restart(lab, rate, pause=20)


def killed(lab):
    """SIGKILL, and a new one two seconds later."""
    load = lab.load(pause=20)
    begin = time.monotonic()
    lab.servers[0].kill()
    time.sleep(2)
    lab.servers[0].start()
    back = time.monotonic()
    time.sleep(3)
    row = lab.row("1 of 3 killed (SIGKILL), calls of 20 to 40 ms", load, begin, zero=True)
    return row.promise(any(e.kind == "opened" and e.when > back for e in load.events), "the new server is not called")


def hung(lab, what, seconds=4, **settings):
    """SIGSTOP: the system goes on accepting for it, nobody answers."""
    load = lab.load(**settings)
    begin = time.monotonic()
    victim = lab.servers[0]
    victim.send(signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        victim.send(signal.SIGCONT)
    time.sleep(2)
    decided = [load.first("circuit", victim.address + " OPEN", begin), load.first("closed", victim.address, begin)]
    decided = min((d for d in decided if d is not None), default=None)
    if decided is None:  # by probes, which tell nobody: three in a row that take as long as they may
        decided = begin + 3 * 0.4 + 0.4
    row = lab.row(f"1 of 3 hangs (SIGSTOP), {what}", load, begin)
    lab.promise_p99(row, load, begin, decided)
    return promise_known(row, load, decided + 1)


def promise_known(row, load, since):
    """A breaker's trials may fail."""
    late = failures(between(load.calls, since))
    return row.promise(late <= 5, f"{late} calls failed when it was known")


def hung_pings(lab):
    """Pings are sent every 10 seconds at most; calls that can wait so long do not fail."""
    row = hung(lab, "pings", 13, keepalive=10000, breaker=0, probe=0, timeout=20000)
    return row.promise(row.failed == 0, f"{row.failed} calls failed")


def hung_probes(lab):
    return hung(lab, "probes", breaker=0, timeout=1000)


def hung_breaker(lab):
    return hung(lab, "breaker", probe=0, timeout=500, open_time=10000)


def hung_both(lab):
    return hung(lab, "probes and breaker", timeout=500)


def hung_hedged(lab, pause=50):
    """Nothing finds out, but each call that has no answer soon is made once more, on another server."""
    load = lab.load(hedge=pause, breaker=0, probe=0, keepalive=0, timeout=20000)
    begin = time.monotonic()
    victim = lab.servers[0]
    victim.send(signal.SIGSTOP)
    try:
        time.sleep(4)
    finally:
        victim.send(signal.SIGCONT)
    time.sleep(2)
    row = lab.row(f"1 of 3 hangs (SIGSTOP), hedged after {pause} ms", load, begin, zero=True)
    bound = pause / 1000 + limit(load.calls, begin)
    p99 = percentile(between(load.calls, begin), 0.99)
    row.promise(row.hedged > 0, "no call was hedged")
    return row.promise(not lab.strict or (p99 is not None and p99 <= bound),
                       f"the p99 is {(p99 or 99) * 1000:.1f} ms, not below {bound * 1000:.1f} ms")


def all_gone(lab, seconds=10, settings=None, zero=False):
    """All are killed, and started again one by one."""
    load = lab.load(**(settings or {}))
    begin = time.monotonic()
    for server in lab.servers:
        server.kill()
    time.sleep(seconds)
    lab.servers[0].start()
    first = time.monotonic()
    time.sleep(2.5)
    for server in lab.servers[1:]:
        server.start()
    time.sleep(2)
    waits = ", calls wait" if settings else ""
    row = lab.row(f"all 3 gone for {seconds} s{waits}", load, first, before=begin, zero=zero)
    served = recovery(load.calls, first, float("inf"))
    row.promise(served is not None and served <= 2, f"service only after {served} s")
    opened = load.first("opened", lab.servers[2].address, first)
    return row.promise(opened is not None, "the other servers are not called again")


def all_gone_waiting(lab, seconds=5):
    return all_gone(lab, seconds, {"wait_for_ready": 1, "timeout": 20000}, zero=True)


# --- through a proxy before one of the three --------------------------------------------------------------------------


def network(lab, what, harm, heal=None, seconds=3, zero=False, settings=None, most=None, known=None):
    """`harm(proxy)` once, `heal(proxy)` some seconds later."""
    proxy = lab.proxy()
    load = lab.load(addresses=[proxy.address, *(s.address for s in lab.servers[1:])], **(settings or {}))
    begin = time.monotonic()
    harm(proxy)
    time.sleep(seconds)
    since = begin
    if heal is not None:
        heal(proxy)
        since = time.monotonic()
    time.sleep(3)
    row = lab.row(what, load, since, before=begin, zero=zero)
    if known is not None:
        promise_known(row, load, begin + known)
    if most is not None:
        row.promise(row.failed <= most * row.calls, f"{row.failed} calls failed")
    return row.promise(load.first("opened", proxy.address) is not None, "the proxy was never used")


def attribute(name, value):
    return lambda proxy: setattr(proxy, name, value)


def several_times(what):
    def harm(proxy):
        for _ in range(5):
            getattr(proxy, what)()
            time.sleep(0.4)
    return harm


def delay(lab):
    return network(lab, "delay: 2 x 100 ms before 1 of 3", attribute("delay", 0.1), attribute("delay", 0), zero=True)


def cut(lab):
    return network(lab, "cut: 5 x FIN by the proxy", several_times("cut"), zero=True)


def reset(lab):
    return network(lab, "reset: 5 x RST by the proxy", several_times("reset"), zero=True)


def half_open(lab):
    """Calls that are under way are lost: their deadlines tell."""
    return network(lab, "half open: nothing arrives", attribute("swallow", True), attribute("swallow", False), known=1.5,
                   settings={"timeout": 1000})


def bandwidth(lab):
    return network(lab, "bandwidth: 10 kB/s before 1 of 3", attribute("bandwidth", 10000), attribute("bandwidth", None),
                   most=0.05)


def corrupt(lab):
    """A changed byte may be in a player's name, where nobody can see it; but calls end, and the others go on."""
    row = network(lab, "corrupt: a bit of every 50th piece", attribute("corrupt", 50), attribute("corrupt", 0), most=0.02)
    row.broken = [b for b in row.broken if "another call" not in b]
    return row
