"""The existing peers ping a connection that is idle: it stays open, and the next call finds it."""

import time
import unittest

import grpc

import game_service_pb2 as pb
import peers
from game_calls import LIMIT, SERVICE, request

OPTIONS = [("grpc.keepalive_time_ms", 10_000), ("grpc.keepalive_timeout_ms", 2_000),  # 10 s: what a server permits
           ("grpc.keepalive_permit_without_calls", 1), ("grpc.http2.max_pings_without_data", 0)]


class Keepalive(unittest.TestCase):
    def setUp(self):
        self.server = peers.Program("game_server")
        self.addCleanup(self.server.stop)
        self.relay = peers.Relay(self.server.address)
        self.addCleanup(self.relay.close)

    def pings(self):
        """Sent by the client, acknowledged by the server."""
        return (self.relay.count(peers.Relay.CLIENT, peers.Relay.PING, 0),
                self.relay.count(peers.Relay.SERVER, peers.Relay.PING, peers.Relay.ACK))

    def test_idle_connection_is_pinged(self):
        with grpc.insecure_channel(self.relay.address, options=OPTIONS) as channel:
            channel.subscribe(lambda _: None)  # whose thread runs grpcio's timers while no call does
            call = channel.unary_unary(SERVICE + "Call", pb.RpcRequest.SerializeToString, pb.RpcResponse.FromString)
            good = request("logic.get_player_info", {"player_id": "1"})
            self.assertEqual(call(good, timeout=LIMIT).code, 0)
            time.sleep(1)  # grpcio also pings to measure the bandwidth, right after a call
            before, _ = self.pings()
            late = time.monotonic() + 14
            while self.pings()[0] == before and time.monotonic() < late:
                time.sleep(0.05)
            time.sleep(0.5)
            sent, acknowledged = self.pings()
            self.assertGreater(sent, before, "the client has not pinged")
            self.assertEqual(acknowledged, sent)
            self.assertEqual(call(good, timeout=LIMIT).code, 0)
            self.assertEqual(self.relay.connections, 1)
            self.assertEqual(self.relay.count(peers.Relay.SERVER, peers.Relay.GOAWAY), 0)


if __name__ == "__main__":
    peers.main()
