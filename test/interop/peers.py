"""What the Python interop tests share: our programs, a relay that counts HTTP/2 frames, and a line for each case."""

import contextlib
import faulthandler
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
import unittest

BIN = pathlib.Path(os.environ.get("JOUST_BIN") or pathlib.Path(__file__).resolve().parents[2] / "build/release/bin")
READY = "listening on "
os.environ["no_grpc_proxy"] = "127.0.0.1,localhost"


def kill_late(process, seconds):
    """Bounds a wait for what the process says; to be cancelled after it."""
    late = threading.Timer(seconds, process.kill)
    late.start()
    return late


class Program:
    """A server of ours on a port of its own, from `listening on` until `stop`."""

    def __init__(self, name, *arguments, seconds=20):
        self.log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="backslashreplace")
        self.process = subprocess.Popen(
            [BIN / name, "--listen", "127.0.0.1:0", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, text=True)
        late = kill_late(self.process, seconds)
        line = self.process.stdout.readline()
        late.cancel()
        if not line.startswith(READY):
            self.stop()
            raise RuntimeError(f"{name} said {line!r} instead of {READY!r}, and {self.logged()!r}")
        self.address = line[len(READY):].strip()

    def logged(self):
        self.log.seek(0)
        return self.log.read()

    def stop(self, seconds=10):
        """Asks it to end; its exit code, negative when it had to be killed."""
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        return self.process.returncode


class Relay:
    """Forwards connections to `address` and counts the frames of each: (direction, type, flags) in `frames`; and bytes."""

    CLIENT, SERVER = "client", "server"
    PING, GOAWAY, ACK = 6, 7, 1
    PREFACE = len(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.to = (host, int(port))
        self.frames = []
        self.bytes = {self.CLIENT: 0, self.SERVER: 0}
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.open = [self.listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def count(self, direction, kind, flags=None):
        return sum(f[:2] == (direction, kind) and flags in (None, f[2]) for f in list(self.frames))

    def close(self):
        for s in self.open:
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)
            s.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(self.to)
                self.connections += 1
                self.open += [client, server]
                for arguments in ((client, server, self.CLIENT), (server, client, self.SERVER)):
                    threading.Thread(target=self._forward, args=arguments, daemon=True).start()

    def _forward(self, source, sink, direction):
        pending, skip = b"", self.PREFACE if direction == self.CLIENT else 0
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                pending += data
                self.bytes[direction] += len(data)
                while len(pending) >= skip + 9:
                    head = pending[skip:skip + 9]
                    end = skip + 9 + int.from_bytes(head[:3], "big")
                    if len(pending) < end:
                        break
                    self.frames.append((direction, head[3], head[4]))
                    pending, skip = pending[end:], 0
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


class _OneLineEach(unittest.TextTestResult):
    """`ok CASE` or `FAIL CASE why` on stdout, as the peers in other languages print them; details on stderr."""

    def _print(self, outcome, test, why=""):
        case = test.id().rsplit(".", 1)[-1].split(" ")[0].removeprefix("test_")
        print(f"{outcome} {case} {why}".rstrip(), flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._print("ok", test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._print("FAIL", test, _why(err))

    def addError(self, test, err):
        super().addError(test, err)
        self._print("FAIL", test, _why(err))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._print("FAIL", test, f"{subtest._subDescription()}: {_why(err)}")


def _why(err):
    return " ".join("".join(traceback.format_exception_only(*err[:2])).split())[:300]


def main(module="__main__", argv=None, seconds=150):
    """Runs the test cases of `module`; ends the process with every thread's trace if that takes too long."""
    faulthandler.dump_traceback_later(seconds, exit=True)
    runner = unittest.TextTestRunner(stream=sys.stderr, verbosity=0, resultclass=_OneLineEach)
    unittest.main(module=module, argv=argv, testRunner=runner)
