#!/usr/bin/env python3
"""gRPC's interop suite: every case, every peer, both directions, plain text and TLS; ends with one matrix.

usage: matrix.py BUILD_DIR [PEER...]     all peers unless named; `joust` is our client against our server

A peer is a folder peers/NAME with an executable `prepare WORKDIR`, which leaves WORKDIR/client and WORKDIR/server with
the flags of the official programs, and perhaps a file `not_run` with lines `client|server CASE reason`.
Logs are kept in BUILD_DIR/interop/suite. Fails when a case fails, or when a peer was named and is not there.
"""

import concurrent.futures
import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import http2_server
import tls_peers

PEERS = pathlib.Path(__file__).resolve().parent / "peers"
NAME = "interop.test"  # in the server's certificate, which has no other
MODES = ("plain", "tls")
CASE_LIMIT = 60
PREPARE_LIMIT = 900
START_LIMIT = 40

CASES = """empty_unary large_unary client_compressed_unary client_compressed_unary_noprobe server_compressed_unary
    client_streaming client_compressed_streaming client_compressed_streaming_noprobe server_streaming
    server_compressed_streaming ping_pong half_duplex empty_stream custom_metadata status_code_and_message
    special_status_message unimplemented_method unimplemented_service cancel_after_begin cancel_after_first_response
    timeout_on_sleeping_server rpc_soak channel_soak pick_first_unary""".split()
# Our client against a server that misuses HTTP/2, without TLS.
NEGATIVE_CASES = http2_server.Http2Server.CASES
# Not in the official description, and only our client has them: what can be asked of a server that does not see whether a
# request came compressed, and the one method that no other case calls.
OURS = {"client_compressed_unary_noprobe", "client_compressed_streaming_noprobe", "half_duplex"}


def say(text):
    print("interop suite:", text, flush=True)


def last_line(*files):
    """What a program said last."""
    for file in files:
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n") if file.exists() else []
        lines = [line.strip() for line in lines if line.strip()]
        if lines:
            return lines[-1][:200]
    return "it said nothing"


def kill_group(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Server:
    """A server on a port of its own, from when it accepts until `stop`."""

    def __init__(self, program, log, tls=None):
        with socket.create_server(("127.0.0.1", 0)) as s:
            self.port = s.getsockname()[1]
        command = [program, f"--port={self.port}"]
        if tls:
            command += ["--use_tls=true", f"--tls_cert_file={tls.cert('suite')}", f"--tls_key_file={tls.key('suite')}"]
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                            start_new_session=True)
        until = time.monotonic() + START_LIMIT
        while not self._accepts():
            if self.process.poll() is not None or time.monotonic() > until:
                kill_group(self.process)
                raise RuntimeError(f"it did not start: {last_line(log)}")
            time.sleep(0.05)

    def _accepts(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def stop(self):
        """Its exit code on SIGTERM; what it has started goes with it."""
        self.process.terminate()
        try:
            code = self.process.wait(10)
        except subprocess.TimeoutExpired:
            code = "none"
        kill_group(self.process)
        return code


class Suite:
    def __init__(self, build):
        self.work = build / "interop" / "suite"
        self.ours = {role: build / "bin" / f"interop_{role}" for role in ("client", "server")}
        self.tls = tls_peers.Certificates()
        self.tls.sign("suite", f"DNS:{NAME}")
        self.columns = []
        self.cells = {}  # (column, case, mode): "ok", or why it failed
        self.skipped = {}  # (column, case): why
        self.failures = []
        self.left_out = []

    # --- peers --------------------------------------------------------------------------------------------------------

    def prepare(self, name):
        """The peer's client, its server and what it cannot do; or None, and why is in left_out."""
        folder, work = PEERS / name, self.work / name
        work.mkdir(parents=True, exist_ok=True)
        say(f"preparing {name}")
        log = work / "prepare.log"
        with log.open("wb") as out:
            process = subprocess.Popen([folder / "prepare", work], stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, start_new_session=True)
            try:
                code = process.wait(PREPARE_LIMIT)
            except subprocess.TimeoutExpired:
                code = "none"
            kill_group(process)
        if code != 0:
            self.left_out.append(f"{name}: {last_line(log)}")
            say(f"left out: {self.left_out[-1]}")
            return None
        not_run = {}
        if (folder / "not_run").exists():
            for line in (folder / "not_run").read_text(encoding="utf-8").split("\n"):
                if line.strip():
                    role, case, why = line.split(maxsplit=2)
                    not_run[role, case] = why
        return work / "client", work / "server", not_run

    # --- running ------------------------------------------------------------------------------------------------------

    def fail(self, column, case, mode, why):
        self.cells[column, case, mode] = why
        self.failures.append(f"{column} {case} ({mode}): {why}")

    def run_case(self, column, client, case, mode, port):
        command = [client, "--server_host=127.0.0.1", f"--server_port={port}", f"--test_case={case}"]
        if mode == "tls":
            command += ["--use_tls=true", f"--ca_file={self.tls.cert('ca')}", f"--server_host_override={NAME}"]
        if client == self.ours["client"]:  # how fast a peer is does not matter here
            command += ["--soak_per_iteration_max_acceptable_latency_ms=10000", "--soak_overall_timeout_seconds=25"]
        log = self.work / "logs" / f"{column.replace('>', '_to_')}-{case}-{mode}.log".replace("_to_-", "_to_joust-")
        with log.open("wb") as out:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                       start_new_session=True)
            try:
                code = process.wait(CASE_LIMIT)
            except subprocess.TimeoutExpired:
                code = None
            kill_group(process)
        if code == 0:
            self.cells[column, case, mode] = "ok"
        else:
            ended = f"exit code {code}" if code is not None else f"not done after {CASE_LIMIT} s"
            self.fail(column, case, mode, f"{ended}: {last_line(log)}")

    def run_negative_case(self, case):
        server = http2_server.Http2Server(case)
        try:
            self.run_case("joust", self.ours["client"], case, "plain", server.port)
        finally:
            server.close()
        if server.complaints:
            self.fail("joust", case, "plain", server.complaints[0])

    def cases(self, column):
        """Those that this column can run."""
        return [c for c in CASES if (column, c) not in self.skipped]

    def run_mode(self, column, client, server, mode):
        log = self.work / "logs" / f"server-{column.replace('>', '_to_')}-{mode}.log"
        try:
            running = Server(server, log, self.tls if mode == "tls" else None)
        except (RuntimeError, OSError) as e:
            for case in self.cases(column):
                self.cells[column, case, mode] = "no server"
            self.failures.append(f"{column} the server ({mode}): {e}")
            return
        for case in self.cases(column):
            self.run_case(column, client, case, mode, running.port)
        code = running.stop()
        if code != 0 and server == self.ours["server"]:
            self.failures.append(f"{column} the server ({mode}): exit code {code} on SIGTERM: {last_line(log)}")

    def run_column(self, column, client, server, not_run):
        start = time.monotonic()
        self.columns.append(column)
        self.skipped.update({(column, case): why for case, why in not_run.items()})
        if client != self.ours["client"]:
            self.skipped.update({(column, case): "no official case" for case in OURS})
        with concurrent.futures.ThreadPoolExecutor(len(MODES)) as pool:
            for done in [pool.submit(self.run_mode, column, client, server, mode) for mode in MODES]:
                done.result()
        say(f"{column} took {time.monotonic() - start:.0f} s")

    def run_peer(self, name):
        if name == "joust":
            self.run_column("joust", self.ours["client"], self.ours["server"], {})
            for case in NEGATIVE_CASES:
                self.run_negative_case(case)
            return
        prepared = self.prepare(name)
        if not prepared:
            return
        client, server, not_run = prepared
        by_role = {role: {case: why for (r, case), why in not_run.items() if r == role} for role in ("client", "server")}
        self.run_column(f"{name}>", client, self.ours["server"], by_role["client"])
        self.run_column(f">{name}", self.ours["client"], server, by_role["server"])

    # --- the outcome --------------------------------------------------------------------------------------------------

    def cell(self, column, case):
        if (column, case) in self.skipped:
            return "-"
        found = [self.cells[column, case, mode] for mode in MODES if (column, case, mode) in self.cells]
        outcomes = ["ok" if outcome == "ok" else "FAIL" for outcome in found]
        return "/".join(outcomes) if len(set(outcomes)) > 1 else "".join(outcomes[:1])

    def print_matrix(self):
        print(f"\n{'case':36}" + "".join(f"{column:>9}" for column in self.columns))
        for case in [*CASES, *NEGATIVE_CASES]:
            print(f"{case:36}" + "".join(f"{self.cell(column, case):>9}" for column in self.columns).rstrip())
        print("\nok: plain text and TLS, otherwise plain/TLS; joust: ours against ours")
        print(f"{NEGATIVE_CASES[0]} to {NEGATIVE_CASES[-1]}: our client against a server that misuses HTTP/2, plain text")
        print("X>: the stock client in X calls our server; >X: our client calls the stock server in X")
        for title, lines in (("not run", self.skips()), ("failed", self.failures), ("left out", self.left_out)):
            if lines:
                print(f"\n{title}:\n" + "\n".join(f"  {line}" for line in lines))
        ok = sum(outcome == "ok" for outcome in self.cells.values())
        print(f"\ninterop suite: {ok} ok, {len(self.failures)} failed, {len(MODES) * len(self.skipped)} not run, "
              f"{len(self.left_out)} peers left out", flush=True)
        return ok

    def skips(self):
        """Cases of one column with the same reason on one line."""
        by_reason = {}
        for (column, case), why in self.skipped.items():
            by_reason.setdefault((column, why), []).append(case)
        return [f"{column} {' '.join(cases)}: {why}" for (column, why), cases in by_reason.items()]

    def run(self, names, named):
        start = time.monotonic()
        (self.work / "logs").mkdir(parents=True, exist_ok=True)
        for log in (self.work / "logs").iterdir():
            log.unlink()
        for name in names:
            self.run_peer(name)
        ok = self.print_matrix()
        say(f"it took {time.monotonic() - start:.0f} s")
        return 0 if ok and not self.failures and not (named and self.left_out) else 1


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    os.environ["no_grpc_proxy"] = "127.0.0.1,localhost"
    known = ["joust"] + sorted(p.parent.name for p in PEERS.glob("*/prepare"))
    named = sys.argv[2:]
    unknown = [name for name in named if name not in known]
    if unknown:
        print(f"matrix.py: no such peer: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    suite = Suite(pathlib.Path(sys.argv[1]).resolve())
    return suite.run([name for name in known if not named or name in named or name == "joust"], bool(named))


if __name__ == "__main__":
    sys.exit(main())
