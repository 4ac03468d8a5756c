"""The processes of an experiment: servers on ports that they keep, and the client that makes the calls."""

import collections
import contextlib
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
BIN = pathlib.Path(os.environ.get("JOUST_BIN") or HERE.parents[1] / "build/release/bin")
READY = "listening on "

Call = collections.namedtuple("Call", "due latency code")  # seconds; due on the clock of time.monotonic
Event = collections.namedtuple("Event", "when kind text")


def free_port(tries=random.Random()):
    """Below those that the system gives to clients, so that it is free again after a restart."""
    while True:
        port = tries.randrange(20000, 32000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Server:
    """A server at `address` that can be hurt; `command` gets its address as the last argument."""

    def __init__(self, command, host="127.0.0.1"):
        self.command = command
        self.address = f"{host}:{free_port()}"
        self.process = None
        self.log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="backslashreplace")
        self.start()

    def start(self, seconds=20):
        self.process = subprocess.Popen([*self.command, self.address], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        late = threading.Timer(seconds, self.process.kill)
        late.start()
        line = self.process.stdout.readline()
        late.cancel()
        if not line.startswith(READY):
            self.end()
            self.log.seek(0)
            raise RuntimeError(f"{self.command[0]} said {line!r} and {self.log.read()!r}")

    def send(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.send(signal.SIGKILL)
        self._reap()

    def drain(self, seconds=15):
        """SIGTERM; its exit code, which is not 0 if it has to be killed."""
        self.send(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        if self.process.poll() is None:
            self.process.kill()
        return self._reap()

    def restart(self):
        code = self.drain()
        self.start()
        return code

    def end(self):
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def _reap(self):
        self.process.wait()
        self.process.stdout.close()
        return self.process.returncode


class Load:
    """A running fault_client. `settings` are its options, with _ for -; see load_options.hpp."""

    def __init__(self, addresses, prefix=(), **settings):
        arguments = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        self.events = []
        self.calls = []
        self.texts = collections.Counter()
        self.done = False
        self.begin = time.monotonic()
        self.process = subprocess.Popen(
            [*prefix, BIN / "fault_client", "--target=" + ",".join(addresses), *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, errors="backslashreplace")
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def finish(self, seconds=60):
        """No more calls; waits for those under way."""
        if self.process.poll() is None:
            self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self.end()
        self.reader.join()
        if not self.done or self.process.returncode != 0:
            raise RuntimeError(f"fault_client ended with {self.process.returncode}")
        self.calls.sort()

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def first(self, kind, part="", after=0.0):
        """When that was said first; None: never."""
        return next((e.when for e in list(self.events) if e.kind == kind and part in e.text and e.when >= after), None)

    def wait_for(self, kind, part="", after=0.0, seconds=15):
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if (when := self.first(kind, part, after)) is not None:
                return when
            time.sleep(0.005)
            if self.process.poll() is not None:
                break
        raise RuntimeError(f"no '{kind} {part}' in {seconds} s; it ended with {self.process.poll()}")

    def _read(self):
        for line in self.process.stdout:
            kind, _, rest = line.rstrip("\n").partition(" ")
            first, _, rest = rest.partition(" ")
            if kind == "call":
                latency, code = rest.split()
                self.calls.append(Call(int(first) / 1e6, int(latency) / 1e6, code))
            elif kind == "text":
                self.texts[rest] += int(first)
            elif kind == "done":
                self.done = True
            else:
                self.events.append(Event(int(first) / 1e6, kind, rest))
        self.process.stdout.close()
