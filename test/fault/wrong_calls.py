"""Experiments with servers that answer wrongly: what the errors say, and whether the other servers' calls go on."""

import contextlib
import re
import time

from judge import Row, between, failures
from processes import BIN, Load, Server
from wrong_server import WrongServer


class Wrong:
    """`says` is what each failed call's text has to match when nobody else answers; None: no call fails. `seen` is
    whether a breaker can see that something is wrong."""

    def __init__(self, name, says, seen=True):
        self.name, self.says, self.seen = name, re.compile(says or "^$"), seen
        self.fails = says is not None

    def run(self, slow=False):
        with contextlib.ExitStack() as rest:
            wrong = WrongServer(self.name)
            rest.callback(wrong.close)
            alone = self._alone(wrong, rest)
            good = [Server([str(BIN / "game_server"), "--listen"]) for _ in range(2)]
            for server in good:
                rest.callback(server.end)
            return self._among_others(wrong, good, alone, rest, slow)

    def _alone(self, wrong, rest):
        load = Load([wrong.address], rate=50, run=20000, attempts=1, breaker=0, probe=0, keepalive=0, timeout=400,
                    connect_timeout=300)
        rest.callback(load.end)
        time.sleep(1)
        load.finish(20)
        return load

    def _among_others(self, wrong, good, alone, rest, slow):
        addresses = [wrong.address, *(s.address for s in good)]
        load = Load(addresses, rate=50 if slow else 200, run=20000, timeout=400, connect_timeout=300, probe=0,
                    open_time=20000)
        rest.callback(load.end)
        begin = load.wait_for("state", "READY")
        time.sleep(2.2)
        load.finish(20)
        row = Row.of("wrong: " + WrongServer.CASES[self.name], "hand-made", load)
        unlike = [t for t in alone.texts if not self.says.search(t)]
        row.promise(not unlike, f"errors do not say what happened: {unlike[:3]}")
        row.promise(bool(alone.texts) == self.fails, f"alone, {failures(alone.calls)} of its calls failed")
        row.texts += alone.texts
        if not self.seen:
            row.broken = [b for b in row.broken if "another call" not in b]
            return row.promise(row.failed <= row.calls / 3 + 5, "calls of the other servers failed")
        late = failures(between(load.calls, begin + 1.2))
        return row.promise(late <= 3, f"{late} calls failed when it was known")


WRONG = [
    Wrong("silent", "no HTTP/2 connection within connect_timeout|deadline passed"),
    Wrong("mute", "DEADLINE_EXCEEDED"),
    Wrong("two_messages", "message"),
    Wrong("two_answers", None),
    Wrong("later_stream", "lost|GOAWAY|protocol"),
    Wrong("earlier_stream", "DATA_LOSS|DEADLINE_EXCEEDED", seen=False),
    Wrong("no_status", "status|trailers", seen=False),  # UNKNOWN opens no breaker
    Wrong("garbage", "lost|frame|HTTP"),
]
