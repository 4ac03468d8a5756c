"""gRPC's negative HTTP/2 tests: interop_client against a server that misuses HTTP/2."""

import subprocess
import unittest

import http2_server
import peers

LIMIT = 60


def run(case, port):
    return subprocess.run([peers.BIN / "interop_client", "--server_host", "127.0.0.1", "--server_port", str(port),
                           "--test_case", case], capture_output=True, text=True, timeout=LIMIT, check=False)


class Http2Client(unittest.TestCase):
    def serve(self, case):
        server = http2_server.Http2Server(case)
        self.addCleanup(server.close)
        return server

    def passes(self, case):
        """The server that has seen it."""
        server = self.serve(case)
        done = run(case, server.port)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(server.complaints, [])
        return server

    def requests(self, server):
        return [c.requests for c in server.connections]

    def test_goaway(self):
        self.assertEqual(self.requests(self.passes("goaway")), [1, 1])

    def test_rst_after_header(self):
        self.assertEqual(self.requests(self.passes("rst_after_header")), [1])

    def test_rst_during_data(self):
        self.assertEqual(self.requests(self.passes("rst_during_data")), [1])

    def test_rst_after_data(self):
        self.assertEqual(self.requests(self.passes("rst_after_data")), [1])

    def test_ping(self):
        server = self.passes("ping")
        self.assertGreater(server.pings, 10)
        self.assertEqual(server.connections[0].pings, set())

    def test_max_streams(self):
        self.assertEqual(self.requests(self.passes("max_streams")), [16])

    def test_failure_is_one_line(self):
        server = self.serve("rst_after_data")
        for case, why in (("large_unary", "INTERNAL"), ("nothing", "there is no such case")):
            done = run(case, server.port)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, rf"^FAIL {case} .*{why}.*\n\Z")


if __name__ == "__main__":
    peers.main()
