"""The joust command line calls a stock GameService; `game_client_cases.py ADDRESS` runs the cases against any peer
that has the methods of game_peer.py. Needs no grpcio."""

import json
import socket
import subprocess
import sys
import time
import unittest

import peers

LIMIT = 15
MIB = 1024 * 1024
OK, CANCELLED, UNKNOWN, INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND = range(6)
PERMISSION_DENIED, RESOURCE_EXHAUSTED, ABORTED, UNIMPLEMENTED, INTERNAL = 7, 8, 10, 12, 13
UNAVAILABLE, UNAUTHENTICATED = 14, 16
EXIT_CODES = {400: INVALID_ARGUMENT, 401: UNAUTHENTICATED, 403: PERMISSION_DENIED, 404: NOT_FOUND, 409: ABORTED,
              429: RESOURCE_EXHAUSTED, 499: CANCELLED, 500: INTERNAL, 501: UNIMPLEMENTED, 503: UNAVAILABLE,
              504: DEADLINE_EXCEEDED, 1: UNKNOWN, 418: UNKNOWN, -1: UNKNOWN, 2**31 - 1: UNKNOWN}


class GameClient(unittest.TestCase):
    address = None

    def run_joust(self, *arguments, stdin=""):
        return subprocess.run([peers.BIN / "joust", *arguments], input=stdin, capture_output=True, encoding="utf-8",
                              timeout=LIMIT, check=False)

    def call(self, method, payload=None, *options, stdin=""):
        if payload is not None and not isinstance(payload, str):
            payload = json.dumps(payload, ensure_ascii=False)
        return self.run_joust("call", self.address, method, *([] if payload is None else [payload]), *options,
                              stdin=stdin)

    def stream(self, method, lines, *options):
        text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
        return self.run_joust("stream", self.address, method, *options, stdin=text)

    def describe(self, method, *arguments):
        run = self.call(method, *arguments)
        self.assert_answer(run)
        return json.loads(run.stdout)

    def assert_answer(self, run, stdout=None):
        self.assertEqual((run.returncode, run.stderr), (OK, ""))
        if stdout is not None:
            self.assertEqual(run.stdout, stdout)

    def assert_failure(self, run, code, *said):
        self.assertEqual(run.returncode, code, run.stderr)
        self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
        for text in said:
            self.assertIn(text, run.stderr)

    # --- call

    def test_call(self):
        self.assert_answer(self.call("peer.echo", '{"player_id":"42"}'), '{"player_id":"42"}\n')
        self.assert_answer(self.call("peer.echo", "-", stdin='{"a":1}'), '{"a":1}\n')

    def test_empty_answer(self):
        for method in ("peer.nothing", "peer.echo"):
            self.assert_answer(self.call(method), "null\n")
        for value in ("{}", '{"a":0}', '{"a":false}', '{"a":""}'):
            self.assert_answer(self.call("peer.echo", value), value + "\n")

    def test_names(self):
        port = self.address.rsplit(":", 1)[1]
        for address, method, options, service in (
                (self.address, "peer.describe", [], "peer"), (self.address, "a.b.c.describe", [], "a"),
                (self.address, "describe", [], self.address.rsplit(":", 1)[0]),
                ("localhost:" + port, "describe", [], "localhost"),
                (self.address, "peer.describe", ["--service", "set"], "set"),
                (self.address, "describe", ["--service", "set"], "set")):
            with self.subTest(address=address, method=method, options=options):
                run = self.run_joust("call", address, method, *options)
                self.assert_answer(run)
                seen = json.loads(run.stdout)
                self.assertEqual((seen["service"], seen["method"]), (service, "describe"))

    def test_no_arguments(self):
        self.assertEqual(self.describe("peer.describe")["payload"], "")
        self.assertEqual(self.describe("peer.describe", "{}")["payload"], "{}")

    def test_digits(self):
        text = '{"most":18446744073709551615,"least":-9223372036854775808,"tenth":0.1,"ten":10.0,"tiny":5e-324,"no":-0}'
        self.assertEqual(self.describe("peer.describe", text)["payload"], text)
        self.assert_answer(self.call("peer.echo", text), text + "\n")

    def test_unicode(self):
        text = '{"größe":"你好 🎲 \u2028","escaped":"\\u00fc\\ud83c\\udfb2\\u0000"}'
        self.assertEqual(self.describe("peer.describe", text)["payload"], text)
        self.assert_answer(self.call("peer.echo", text), text + "\n")

    def test_codes(self):
        for code, exit_code in EXIT_CODES.items():
            with self.subTest(code=code):
                run = self.call("peer.fail", {"code": code, "message": "größer 🎲"})
                self.assert_failure(run, exit_code, "joust: method: ", f"({code})", "größer 🎲")
                self.assertEqual(run.stdout, "")

    def test_unknown_method(self):
        self.assert_failure(self.call("peer.nowhere"), NOT_FOUND, "joust: method: NOT_FOUND (404): peer.nowhere")

    def test_message_stays_on_its_line(self):
        run = self.call("peer.fail", {"code": 500, "message": "one\ntwo\x1b[31m"})
        self.assert_failure(run, INTERNAL, "one\\ntwo\\x1b[31m")

    def test_status(self):
        """The call itself fails: every code, and a text that has to be percent-encoded."""
        for code in range(1, 17):
            with self.subTest(code=code):
                run = self.call("peer.end", {"code": code, "message": "100% größer\tals 🎲"}, "--verbose")
                self.assertEqual(run.returncode, code, run.stderr)
                self.assertIn("100% größer\\x09als 🎲\n", run.stderr)
                self.assertIn("joust: call: ", run.stderr)
                self.assertIn("x-ended: yes", run.stderr)

    def test_deadline(self):
        start = time.monotonic()
        run = self.call("peer.slow", {"ms": 2000}, "--timeout", "300ms")
        self.assert_failure(run, DEADLINE_EXCEEDED, "joust: call: ")
        self.assertLess(time.monotonic() - start, 1.9)

    def test_deadline_is_sent(self):
        for options, most in (([], 3000), (["--timeout", "1.5s"], 1500), (["--timeout", "2m"], 120_000),
                              (["--timeout", "40h"], 144_000_000)):
            with self.subTest(options=options):
                left = self.describe("peer.describe", "{}", *options)["deadline_ms"]
                # Eight digits: beyond 27 hours, a timeout is sent in seconds.
                self.assertTrue(most - 1500 < left <= most + 1000, left)

    def test_metadata(self):
        seen = self.describe("peer.describe", "{}", "--metadata", "trace:a:b", "--metadata", "größe:ü",
                             "--header", "x-text:a b", "--header", "x-text:c", "--header", "x-data-bin:größe",
                             "--header", "x-long:" + "v" * 5000)
        self.assertEqual(seen["metadata"], {"trace": "a:b", "größe": "ü"})
        headers = seen["headers"]
        self.assertEqual(headers["x-text"].replace(", ", ","), "a b,c")
        self.assertEqual(headers["x-data-bin"], "Z3LDtsOfZQ")
        self.assertEqual(headers["x-long"], "v" * 5000)
        self.assertIn("joust", headers["user-agent"])

    def test_large_message(self):
        text = json.dumps({"text": "x" * (3 * MIB)})
        self.assert_answer(self.call("peer.echo", "-", stdin=text), text + "\n")
        run = self.call("peer.big", {"bytes": 9 * MIB})
        self.assert_answer(run)
        self.assertEqual(len(run.stdout), 9 * MIB + 3)

    def test_too_large_message(self):
        text = json.dumps({"text": "x" * (5 * MIB)})
        self.assert_failure(self.call("peer.echo", "-", stdin=text), RESOURCE_EXHAUSTED, "joust: call: ")

    def test_broken_answer(self):
        self.assert_failure(self.call("peer.broken"), INTERNAL, "joust: payload: ")

    def test_arguments_are_checked_first(self):
        for payload in ("{", "nothing", '{"a":1}x', '{"a":"\\ud800"}'):
            with self.subTest(payload=payload):
                self.assert_failure(self.call("peer.echo", payload), INVALID_ARGUMENT, "joust: payload: ")

    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        run = self.run_joust("call", f"127.0.0.1:{port}", "peer.echo")
        self.assert_failure(run, UNAVAILABLE, "joust: connect: ")

    # --- stream

    def test_stream(self):
        lines = ['{"i":%d,"pad":"%s"}' % (i, "x" * (i % 97)) for i in range(2000)]
        self.assert_answer(self.stream("peer.echo", lines), "".join(line + "\n" for line in lines))

    def test_stream_lock_step(self):
        """Each answer is printed before the next line has to be written."""
        run = subprocess.Popen([peers.BIN / "joust", "stream", self.address, "peer.echo"], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        late = peers.kill_late(run, LIMIT)
        try:
            for i in range(20):
                run.stdin.write('{"i":%d}\n' % i)
                run.stdin.flush()
                self.assertEqual(run.stdout.readline(), '{"i":%d}\n' % i)
            rest, errors = run.communicate(timeout=LIMIT)
        finally:
            late.cancel()
            run.kill()
            run.wait()
        self.assertEqual((rest, errors, run.returncode), ("", "", OK))

    def test_stream_half_close(self):
        self.assert_answer(self.stream("peer.echo", []), "")

    def test_stream_errors(self):
        """An error answers its own line only; the exit code tells of it."""
        fail = '{"code":%d,"message":"on purpose"}'
        run = self.stream("peer.fail", [fail % 0, fail % 404, fail % 0, "nonsense", fail % 0, fail % 409])
        self.assertEqual(run.stdout, "null\n" * 3)
        self.assertEqual(run.returncode, ABORTED)
        self.assertEqual(run.stderr.count("\n"), 3, run.stderr)
        for text in ("method: line 2: NOT_FOUND (404): on purpose", "payload: line 4: INVALID_ARGUMENT",
                     "method: line 6: ABORTED (409): on purpose"):
            self.assertIn("joust: " + text, run.stderr)

    def test_stream_status(self):
        run = self.stream("peer.end", [{"code": PERMISSION_DENIED, "message": "go away"}] * 3)
        self.assertEqual(run.returncode, PERMISSION_DENIED)
        self.assertEqual((run.stdout, run.stderr), ("", "joust: call: PERMISSION_DENIED: go away\n"))

    def test_stream_many_answers(self):
        run = self.stream("peer.push", [{"count": 3}, {"count": 0}], "--many")
        self.assert_answer(run, '0\n1\n2\n"end"\n"end"\n')
        run = self.stream("peer.push", [{"count": 3}, {"count": 0}])
        self.assert_answer(run, '[0,1,2,"end"]\n["end"]\n')

    def test_stream_metadata(self):
        run = self.stream("peer.describe", ["{}", "{}"], "--metadata", "a:b", "--header", "x-a:c", "--service", "set")
        self.assert_answer(run)
        for line in run.stdout.splitlines():
            seen = json.loads(line)
            self.assertEqual((seen["service"], seen["metadata"], seen["headers"]["x-a"]), ("set", {"a": "b"}, "c"))
            self.assertIsNone(seen["deadline_ms"])

    def test_stream_large_messages(self):
        lines = [json.dumps({"i": i, "text": "x" * (2 * MIB)}, separators=(",", ":")) for i in range(6)]
        self.assert_answer(self.stream("peer.echo", lines), "".join(line + "\n" for line in lines))

    def test_stream_deadline(self):
        run = self.stream("peer.slow", [{"ms": 1}, {"ms": 2000}], "--timeout", "300ms")
        self.assert_failure(run, DEADLINE_EXCEEDED, "joust: call: ")
        self.assertEqual(run.stdout, '{"ms":1}\n')

    def test_stream_ends_while_stdin_is_open(self):
        run = subprocess.Popen([peers.BIN / "joust", "stream", self.address, "peer.end"], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        late = peers.kill_late(run, LIMIT)
        try:
            run.stdin.write('{"code":%d,"message":"enough"}\n' % ABORTED)
            run.stdin.flush()
            self.assertEqual(run.wait(), ABORTED)
            self.assertEqual(run.stderr.read(), "joust: call: ABORTED: enough\n")
        finally:
            late.cancel()
            run.kill()
            run.communicate()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: game_client_cases.py ADDRESS")
    GameClient.address = sys.argv[1]
    peers.main(argv=sys.argv[:1])
