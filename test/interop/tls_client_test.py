"""The joust command line calls a stock grpcio server over TLS, mutual TLS and Unix sockets."""

import json
import os
import tempfile
import unittest

import grpc

import game_client_cases as cases
import game_peer
import peers
import tls_peers


class TlsClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificates = tls_peers.Certificates()

    def peer(self, **credentials):
        made = grpc.ssl_server_credentials([self.certificates.read("server")], **credentials)
        peer = game_peer.Peer(bind=lambda server, at: server.add_secure_port(at, made))
        self.addCleanup(peer.stop)
        return peer.address

    def joust(self, address, *options):
        client = cases.GameClient()
        client.address = address
        return client, client.call("peer.describe", '{"a":1}', *options)

    def assert_called(self, address, *options):
        client, run = self.joust(address, *options)
        client.assert_answer(run)
        return json.loads(run.stdout)

    def assert_refused(self, code, address, *options, said=()):
        client, run = self.joust(address, *options)
        client.assert_failure(run, code, *said)

    def test_tls(self):
        ca = self.certificates.cert("ca")
        address = self.peer()
        self.assertEqual(self.assert_called(address, "--ca", ca)["payload"], '{"a":1}')
        self.assert_called(address.replace("127.0.0.1", "localhost"), "--ca", ca)
        self.assert_called(address, "--ca", ca, "--server-name", "game.test")
        client = cases.GameClient()
        client.address = address
        run = client.stream("peer.echo", ['{"n":%d}' % i for i in range(200)], "--ca", ca)
        client.assert_answer(run, "".join('{"n":%d}\n' % i for i in range(200)))

    def test_what_is_wrong_is_said(self):
        ca = self.certificates.cert("ca")
        address = self.peer()
        self.assert_refused(cases.UNAVAILABLE, address, "--ca", ca, "--server-name", "other.test",
                            said=("joust: connect: ", "the certificate of 'other.test': hostname mismatch",
                                  "(it is for localhost, game.test, 127.0.0.1)"))
        self.assert_refused(cases.UNAVAILABLE, address, "--tls", said=("joust: connect: ", "issuer certificate"))
        self.assert_refused(cases.UNAVAILABLE, address, said=("joust: connect: ",))
        self.assert_refused(64, address, "--ca", "/no/such/file", said=("joust: usage: ", "/no/such/file"))

    def test_mutual_tls(self):
        c = self.certificates
        address = self.peer(root_certificates=c.ca(), require_client_auth=True)
        self.assert_called(address, "--ca", c.cert("ca"), "--cert", c.cert("client"), "--key", c.key("client"))
        self.assert_refused(cases.UNAVAILABLE, address, "--ca", c.cert("ca"), said=("joust: connect: ",))
        self.assert_refused(64, address, "--ca", c.cert("ca"), "--cert", c.cert("client"), "--key", c.key("server"),
                            said=("does not belong to the certificate",))

    def test_unix_sockets(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "s")
            for name in (f"unix:{path}", f"unix-abstract:joust-interop-{os.getpid()}"):
                peer = game_peer.Peer(bind=lambda server, _, at=name: server.add_insecure_port(at))
                self.addCleanup(peer.stop)
                self.assert_called(name)


if __name__ == "__main__":
    peers.main()
