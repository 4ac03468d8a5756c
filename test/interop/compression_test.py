"""Compressed messages and rich errors between stock grpcio and bin/compression_peer, both ways."""

import importlib.util
import pathlib
import subprocess
import sys
import unittest
from concurrent import futures

import grpc
from google.protobuf import any_pb2

import peers

LIMIT = 20  # seconds; far beyond what any call takes
SERVICE = "joust.test.Bytes"
LARGE = b"x" * 300_000
SMALL = len(LARGE) / 10  # what a compressed one may take, with all around it
ENCODINGS = {"": grpc.Compression.NoCompression, "deflate": grpc.Compression.Deflate, "gzip": grpc.Compression.Gzip}
Code = grpc.StatusCode


def generated(name):
    """A module of build/python/google/rpc; the package `google` itself is Debian's."""
    for folder in sys.path:
        file = pathlib.Path(folder) / "google" / "rpc" / f"{name}.py"
        if file.is_file():
            spec = importlib.util.spec_from_file_location(name, file)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise ImportError(name)


status_pb2 = generated("status_pb2")
details_pb2 = generated("error_details_pb2")


def packed(message):
    detail = any_pb2.Any()
    detail.Pack(message)
    return detail


class StockClient(unittest.TestCase):
    def setUp(self):
        server = peers.Program("compression_peer")
        self.addCleanup(self.stop, server)
        self.relay = peers.Relay(server.address)
        self.addCleanup(self.relay.close)
        channel = grpc.insecure_channel(self.relay.address)
        self.addCleanup(channel.close)
        for kind, method in (("unary_unary", "Unary"), ("stream_unary", "ClientStream"),
                             ("unary_stream", "ServerStream"), ("stream_stream", "BidiStream")):
            setattr(self, kind, getattr(channel, kind)(f"/{SERVICE}/{method}"))
        self.fail_method = channel.unary_unary(f"/{SERVICE}/Fail")

    def stop(self, server):
        self.assertEqual(server.stop(), 0, server.logged())

    def check(self, request, answer, expected, start):
        """Runs `start(options)`, a call with these encodings that may take so many plain messages each way."""
        sent, received = self.relay.bytes[self.relay.CLIENT], self.relay.bytes[self.relay.SERVER]
        options = {"timeout": LIMIT, "compression": ENCODINGS[request]}
        if answer:
            options["metadata"] = (("x-answer", answer),)
        compressed = dict(start(options))["x-compressed"]
        self.assertEqual(compressed, ("1" if request else "0") * len(compressed))
        sent = self.relay.bytes[self.relay.CLIENT] - sent
        received = self.relay.bytes[self.relay.SERVER] - received
        plain_requests, plain_answers = expected
        for taken, plain in ((sent, plain_requests), (received, plain_answers)):
            self.assertGreaterEqual(taken, plain * len(LARGE))
            self.assertLess(taken, plain * len(LARGE) + SMALL)

    def check_all(self, requests, answers, plain_answers, start):
        for request in ENCODINGS:
            for answer in ("", "identity", "deflate", "gzip", "zstd"):
                with self.subTest(request=request, answer=answer):
                    compressed = answer in ("deflate", "gzip")  # grpcio does not accept zstd
                    self.check(request, answer,
                               (0 if request else requests, plain_answers if compressed else answers), start)

    def test_unary(self):
        def start(options):
            reply, call = self.unary_unary.with_call(LARGE, **options)
            self.assertEqual(reply, LARGE)
            return call.trailing_metadata()
        self.check_all(1, 1, 0, start)

    def test_client_stream(self):
        def start(options):
            reply, call = self.stream_unary.with_call(iter([LARGE] * 3), **options)
            self.assertEqual(reply, LARGE * 3)
            return call.trailing_metadata()
        self.check_all(3, 3, 0, start)

    def test_server_stream(self):
        def start(options):
            call = self.unary_stream(LARGE, **options)
            self.assertEqual(list(call), [LARGE] * 3)
            return call.trailing_metadata()
        self.check_all(1, 3, 1, start)  # the second is marked as not to be compressed

    def test_bidi_stream(self):
        def start(options):
            call = self.stream_stream(iter([LARGE] * 3), **options)
            self.assertEqual(list(call), [LARGE] * 3)
            return call.trailing_metadata()
        self.check_all(3, 3, 0, start)

    def test_bomb(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.unary_unary(bytes(64 * 1024 * 1024), timeout=LIMIT, compression=grpc.Compression.Gzip)
        self.assertEqual(caught.exception.code(), Code.RESOURCE_EXHAUSTED)
        self.assertIn("exceeds max_receive_message_size of 4194304 bytes", caught.exception.details())
        self.assertEqual(self.unary_unary(b"x", timeout=LIMIT), b"x")

    def test_rich_error(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.fail_method("größer".encode(), timeout=LIMIT)
        error = caught.exception
        status = status_pb2.Status.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
        self.assertEqual((error.code(), error.details()), (Code.RESOURCE_EXHAUSTED, "größer"))
        self.assertEqual((status.code, status.message), (Code.RESOURCE_EXHAUSTED.value[0], "größer"))
        retry, info = details_pb2.RetryInfo(), details_pb2.ErrorInfo()
        self.assertTrue(status.details[0].Unpack(retry) and status.details[1].Unpack(info))
        self.assertEqual((retry.retry_delay.seconds, info.reason), (30, "TOO_MANY"))


def joined(requests, _context):
    return b"".join(requests)


def fail(request, context):
    status = status_pb2.Status(code=Code.ABORTED.value[0], message=request.decode())
    retry = details_pb2.RetryInfo()
    retry.retry_delay.seconds = 7
    status.details.extend([packed(retry), packed(details_pb2.ErrorInfo(reason="LOST"))])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(Code.ABORTED, status.message)


class StockServer(unittest.TestCase):
    def start(self, compression):
        server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), compression=compression)
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {
            "Unary": grpc.unary_unary_rpc_method_handler(lambda request, _: request),
            "ClientStream": grpc.stream_unary_rpc_method_handler(joined),
            "ServerStream": grpc.unary_stream_rpc_method_handler(lambda request, _: iter([request] * 3)),
            "BidiStream": grpc.stream_stream_rpc_method_handler(lambda requests, _: requests),
            "Fail": grpc.unary_unary_rpc_method_handler(fail)}),))
        relay = peers.Relay("127.0.0.1:%d" % server.add_insecure_port("127.0.0.1:0"))
        server.start()
        self.addCleanup(lambda: server.stop(0).wait())
        self.addCleanup(relay.close)
        return relay

    def test_every_encoding(self):
        for request in ENCODINGS:
            for answer, compression in ENCODINGS.items():
                with self.subTest(request=request, answer=answer):
                    relay = self.start(compression)
                    run = subprocess.run([peers.BIN / "compression_peer", relay.address, request],
                                         capture_output=True, encoding="utf-8", timeout=60)
                    self.assertEqual(run.stderr, "")
                    one = "1" if answer else "0"
                    self.assertEqual(run.stdout.splitlines(), [
                        f"Unary {one}", f"ClientStream {one}", f"ServerStream {one * 3}", f"BidiStream {one * 3}",
                        "Fail ABORTED: größer 7 LOST"])
                    # 8 messages go there; the second of the client's stream as it is.
                    plain = 1 if request else 8
                    sent = relay.bytes[relay.CLIENT]
                    self.assertTrue(plain * len(LARGE) <= sent < plain * len(LARGE) + SMALL, sent)


if __name__ == "__main__":
    peers.main()
