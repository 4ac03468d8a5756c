"""gRPC's negative HTTP/2 tests: interop_client against a server that misuses HTTP/2."""

import socket
import struct
import subprocess
import unittest

import http2_server
import peers

LIMIT = 60
GOAWAY_BEHIND_1 = http2_server.frame(http2_server.GOAWAY, 0, 0, struct.pack(">II", 1, 0))


def run(case, port):
    return subprocess.run([peers.BIN / "interop_client", "--server_host", "127.0.0.1", "--server_port", str(port),
                           "--test_case", case], capture_output=True, text=True, timeout=LIMIT, check=False)


def call_twice(connection, wait):
    """Begins two calls whatever the server says, the second one behind GOAWAY if that is to be waited for."""
    settings = struct.pack(">HI", http2_server.INITIAL_WINDOW_SIZE, 1 << 20)
    window = struct.pack(">I", 1 << 20)
    connection.sendall(http2_server.PREFACE + http2_server.frame(http2_server.SETTINGS, 0, 0, settings) +
                       http2_server.frame(http2_server.WINDOW_UPDATE, 0, 0, window) +
                       http2_server.frame(http2_server.SETTINGS, http2_server.ACK, 0))
    for stream in (1, 3):
        flags = http2_server.END_HEADERS | http2_server.END_STREAM
        connection.sendall(http2_server.frame(http2_server.HEADERS, flags, stream, b"\x83"))  # :method POST
        seen = b""
        while wait and stream == 1 and not seen.endswith(GOAWAY_BEHIND_1):
            seen += connection.recv(65536)


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

    def test_rude_clients_are_seen(self):
        rude = {"goaway": "stream 3 behind GOAWAY", "max_streams": "stream 3 while 1 others are open"}
        for case, complaint in rude.items():
            server = self.serve(case)
            with socket.create_connection(("127.0.0.1", server.port), LIMIT) as client:
                call_twice(client, wait=case == "goaway")
                client.shutdown(socket.SHUT_WR)
                while client.recv(65536):  # until the server has read everything, too, and closes
                    pass
            self.assertEqual(server.complaints, [complaint])

    def test_failure_is_one_line(self):
        server = self.serve("rst_after_data")
        for case, why in (("large_unary", "INTERNAL"), ("nothing", "there is no such case")):
            done = run(case, server.port)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, rf"^FAIL {case} .*{why}.*\n\Z")


if __name__ == "__main__":
    peers.main()
