"""A stock grpcio client calls bin/game_server over TLS, mutual TLS and Unix sockets."""

import json
import os
import tempfile
import unittest

import grpc

import game_service_pb2 as pb
import peers
import tls_peers
from game_calls import LIMIT, SERVICE, request


def call(channel, name="logic.get_player_info", arguments=None):
    unary = channel.unary_unary(SERVICE + "Call", pb.RpcRequest.SerializeToString, pb.RpcResponse.FromString)
    return json.loads(unary(request(name, arguments or {"player_id": "1"}), timeout=LIMIT).payload)


class TlsServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificates = tls_peers.Certificates()

    def serve(self, *arguments, listen=None):
        server = peers.Program("game_server", *([] if listen is None else ["--listen", listen]), *arguments)
        self.addCleanup(lambda: self.assertEqual(server.stop(), 0, server.logged()))
        return server

    def tls(self, *more):
        c = self.certificates
        return self.serve("--cert", c.cert("server"), "--key", c.key("server"), *more)

    def open(self, address, identity=None, options=()):
        key, cert = self.certificates.read(identity) if identity else (None, None)
        channel = grpc.secure_channel(
            address, grpc.ssl_channel_credentials(self.certificates.ca(), key, cert), options=options)
        self.addCleanup(channel.close)
        return channel

    def test_tls(self):
        channel = self.open(self.tls().address)
        self.assertEqual(call(channel)["player_id"], "1")
        big = "x" * 1_000_000
        updated = call(channel, "logic.update_player", {"player_id": "big", "level": 1, "name": big})
        self.assertEqual(updated, True)
        self.assertEqual(call(channel, arguments={"player_id": "big"})["name"], big)

    def test_streams(self):
        channel = self.open(self.tls().address)
        stream = channel.stream_stream(
            SERVICE + "StreamCall", pb.RpcRequest.SerializeToString, pb.RpcResponse.FromString)
        requests = [request("logic.get_player_info", {"player_id": str(i)}) for i in range(500)]
        answers = list(stream(iter(requests), timeout=LIMIT))
        self.assertEqual([json.loads(a.payload)["player_id"] for a in answers], [str(i) for i in range(500)])

    def test_target_name_override(self):
        address = self.tls().address
        channel = self.open(address, options=[("grpc.ssl_target_name_override", "game.test")])
        self.assertEqual(call(channel)["player_id"], "1")
        with self.assertRaises(grpc.RpcError) as caught:
            call(self.open(address, options=[("grpc.ssl_target_name_override", "other.test")]))
        self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAVAILABLE)

    def test_mutual_tls(self):
        c = self.certificates
        server = self.tls("--ca", c.cert("ca"))
        self.assertEqual(call(self.open(server.address, "client"))["player_id"], "1")
        with self.assertRaises(grpc.RpcError) as caught:
            call(self.open(server.address))
        self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAVAILABLE)

    def test_plaintext_client_is_refused(self):
        address = self.tls().address
        with grpc.insecure_channel(address) as channel, self.assertRaises(grpc.RpcError) as caught:
            call(channel)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAVAILABLE)
        self.assertEqual(call(self.open(address))["player_id"], "1")

    def test_unix_sockets(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "s")
            server = self.serve(listen=f"unix:{path}")
            self.assertEqual(server.address, f"unix:{path}")
            for target in (f"unix:{path}", f"unix://{path}"):
                with grpc.insecure_channel(target) as channel:
                    self.assertEqual(call(channel)["player_id"], "1")
            # A client that gives the path as the authority, as some do.
            with grpc.insecure_channel(f"unix:{path}", options=[("grpc.default_authority", path)]) as channel:
                self.assertEqual(call(channel)["player_id"], "1")
            server.stop()
            self.assertFalse(os.path.exists(path))
        name = f"unix-abstract:joust-interop-{os.getpid()}"
        self.serve(listen=name)
        with grpc.insecure_channel(name) as channel:
            self.assertEqual(call(channel)["player_id"], "1")


if __name__ == "__main__":
    peers.main()
