"""Breaks servers and the network under calls, prints a table of what became of the calls, and fails when a promise is
broken.

usage: faults.py [--short] [--slow] [--peer joust|grpcio|go]... [--only NAME]...

--short is what ctest runs: our servers, shorter. --slow is for instrumented builds: fewer calls, no times are judged.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import judge
import scenarios as s
from judge import Row, table
from namespaces import PARTITIONS
from processes import BIN, HERE
from wrong_calls import WRONG

LONG = [s.no_fault, s.rolling_restart, s.rolling_restart_slow, s.killed, s.hung_both, s.hung_probes, s.hung_breaker,
        s.hung_pings, s.hung_hedged, s.all_gone, s.all_gone_waiting, s.delay, s.cut, s.reset, s.half_open, s.bandwidth,
        s.corrupt]
SHORT = [s.rolling_restart, s.rolling_restart_slow, s.killed, s.hung_both, s.hung_hedged, s.reset, s.half_open,
         s.corrupt]


def short_gone(lab):
    return s.all_gone(lab, 3)


def build_go(work):
    """The peer of the interop tests; the command, or why there is none."""
    if shutil.which("go") is None:
        return None, "no go"
    protos = HERE.parents[1] / "protos"
    source = HERE.parent / "interop/go"
    for where, command in (
            (protos, ["protoc", "--include_imports", f"--descriptor_set_out={work}/protos.pb", "-I", str(protos),
                      "game_service.proto", "test_service.proto"]),
            (source, ["go", "build", "-buildvcs=false", "-o", f"{work}/go-peer", "."])):
        try:
            subprocess.run(command, cwd=where, check=True, capture_output=True, text=True, timeout=600,
                           env={**os.environ, "GOTOOLCHAIN": "local"})
        except (OSError, subprocess.SubprocessError) as e:
            return None, f"{command[0]} failed: {e}"
    return [f"{work}/go-peer", "-protos", f"{work}/protos.pb", "server"], ""


def command_of(peer, work):
    """A server's command without its address, and the options of calls to it; or why there is none."""
    if peer == "joust":
        return [str(BIN / "game_server"), "--listen"], ""
    if peer == "grpcio":
        probe = subprocess.run([sys.executable, "-c", "import grpc, google.protobuf"], capture_output=True)
        return ([sys.executable, str(HERE / "grpcio_server.py")], "") if probe.returncode == 0 else (None, "no grpcio")
    return build_go(work)


class Runner:
    """Runs one experiment after another and says what came of each."""

    def __init__(self, flags, log=sys.stderr):
        self.flags, self.log, self.rows = flags, log, []

    def run(self, name, experiment):
        if self.flags.only and not any(only in name for only in self.flags.only):
            return
        begin = time.monotonic()
        try:
            rows = experiment()
        except (RuntimeError, OSError) as e:
            rows = Row(name, "-").promise(False, f"did not run: {e}")
        for row in rows if isinstance(rows, list) else [rows]:
            self.rows.append(row)
            state = "skipped: " + row.skipped if row.skipped else "FAIL" if row.broken else "ok"
            print(f"{state} {name} ({row.server}) {row.codes} in {time.monotonic() - begin:.0f} s", file=self.log,
                  flush=True)
            for line in row.texts if row.broken else []:
                print("    " + line, file=self.log)
            for line in row.broken:
                print("    broken: " + line, file=self.log, flush=True)

    def run_peer(self, peer, command):
        # What the other servers do when they are asked to end is theirs, and Python's has a core of its own to fill.
        rate = 100 if self.flags.slow else {"joust": 500, "grpcio": 150, "go": 500}[peer]
        judge.FLOOR = 0.5 if self.flags.slow else 0.05 if peer == "grpcio" else 0.025
        for experiment in [*SHORT, short_gone] if self.flags.short else LONG:
            settings = {}
            if experiment in (s.rolling_restart, s.rolling_restart_slow) and (peer == "grpcio" or self.flags.slow):
                settings["rate"] = rate
            if experiment is s.hung_probes and peer != "joust":
                continue  # they do not serve health

            def run_in_lab(experiment=experiment, settings=settings):
                with s.Lab(peer, command, rate, strict=not self.flags.slow) as lab:
                    return experiment(lab, **settings)
            self.run(experiment.__name__, run_in_lab)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--peer", action="append", choices=["joust", "grpcio", "go"])
    parser.add_argument("--only", action="append")
    flags = parser.parse_args()
    if flags.short:
        s.WARM_UP = 1.0
    runner = Runner(flags)
    peers = flags.peer or (["joust"] if flags.short else ["joust", "grpcio", "go"])
    with tempfile.TemporaryDirectory() as work:
        for peer in peers:
            command, why_not = command_of(peer, pathlib.Path(work))
            if command is None:
                runner.rows.append(Row("all", peer, skipped=why_not))
                continue
            runner.run_peer(peer, command)
        for case in WRONG if "joust" in peers else []:
            runner.run("wrong_" + case.name, lambda case=case: case.run(flags.slow))
        for partition in PARTITIONS if "joust" in peers and not flags.short else []:
            runner.run(partition.__name__, partition)
    print(table(runner.rows))
    broken = [f"{r.fault} ({r.server}): {b}" for r in runner.rows for b in r.broken]
    print(*(f"broken: {b}" for b in broken), sep="\n", end="\n" if broken else "")
    if not runner.rows:
        return 2
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
