"""The joust command line calls a stock grpcio server: the cases of every peer, and what only this one can do."""

import threading
import unittest

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


class PeerThatStops(unittest.TestCase):
    def test_stopped_peer_fails_the_call(self):
        peer = game_peer.Peer()
        calls = cases.GameClient()
        calls.address = peer.address
        stopping = threading.Timer(0.5, peer.stop)
        stopping.start()
        run = calls.call("peer.slow", '{"ms":2000}', "--timeout", "5s")
        stopping.join()
        calls.assert_failure(run, cases.UNAVAILABLE, "joust: call: ")

    def test_draining_peer_answers_first(self):
        peer = game_peer.Peer()
        calls = cases.GameClient()
        calls.address = peer.address
        draining = threading.Timer(0.3, peer.stop, [5])
        draining.start()
        run = calls.call("peer.slow", '{"ms":1000}', "--timeout", "5s")
        draining.join()
        calls.assert_answer(run, '{"ms":1000}\n')


if __name__ == "__main__":
    peers.main()
