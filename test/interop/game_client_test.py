"""The joust command line calls a stock grpcio server: the cases of every peer, and what only this one can do."""

import socket
import threading
import unittest

import grpc

import game_client_cases as cases
import game_peer
import peers


class GameClient(cases.GameClient):
    @classmethod
    def setUpClass(cls):
        cls.peer = game_peer.Peer()
        cls.address = cls.peer.address

    @classmethod
    def tearDownClass(cls):
        cls.peer.stop()


class OtherPeers(unittest.TestCase):
    def start(self, **options):
        """The command line, calling a peer of this kind."""
        self.peer = game_peer.Peer(**options)
        self.addCleanup(self.peer.stop)
        client = cases.GameClient()
        client.address = self.peer.address
        return client

    def test_compressing_peer(self):
        client = self.start(compression=grpc.Compression.Gzip)
        text = '{"text":"%s"}' % ("x" * 10_000)
        for run in (client.call("peer.echo", text), client.stream("peer.echo", [text])):
            client.assert_answer(run, text + "\n")

    def test_ipv6_peer(self):
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError as e:
            self.skipTest(f"no IPv6 here: {e}")
        client = self.start(host="[::1]")
        self.assertEqual(client.describe("describe")["service"], "::1")

    def test_stopped_peer_fails_the_call(self):
        client = self.start()
        stopping = threading.Timer(0.5, self.peer.stop)
        stopping.start()
        run = client.call("peer.slow", '{"ms":2000}', "--timeout", "5s")
        stopping.join()
        client.assert_failure(run, cases.UNAVAILABLE, "joust: call: ")

    def test_draining_peer_answers_first(self):
        client = self.start()
        draining = threading.Timer(0.3, self.peer.stop, [5])
        draining.start()
        run = client.call("peer.slow", '{"ms":1000}', "--timeout", "5s")
        draining.join()
        client.assert_answer(run, '{"ms":1000}\n')


if __name__ == "__main__":
    peers.main()
