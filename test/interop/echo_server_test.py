"""A stock grpcio client calls bin/echo_server: the four call kinds with protobuf messages."""

import asyncio
import time
import unittest

import grpc.aio
from google.protobuf import any_pb2, duration_pb2

import peers
import test_service_pb2 as pb

LIMIT = 10  # seconds; far beyond what any call takes
MIB = 1024 * 1024
AWKWARD = "100% größer\t你好 🎲"
EVERY_BYTE = bytes(range(256))
SENT = (("x-echo-initial", "a b"), ("x-echo-initial", "c"), ("x-echo-trailing-bin", EVERY_BYTE),
        ("x-echo-trailing-bin", b""), ("x-long", "v" * 5000))
Code = grpc.StatusCode
Request = pb.EchoRequest


def values(metadata, key):
    return [v for k, v in metadata if k == key]


class EchoServer(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = peers.Program("echo_server")

    @classmethod
    def tearDownClass(cls):
        if code := cls.server.stop():
            raise AssertionError(f"echo_server ended with {code} on SIGTERM: {cls.server.logged()}")

    async def asyncSetUp(self):
        await self.connect(self.server.address)

    async def connect(self, address):
        self.channel = grpc.aio.insecure_channel(address)
        self.addAsyncCleanup(self.channel.close)
        for kind, method in (("unary_unary", "Unary"), ("stream_unary", "ClientStream"),
                             ("unary_stream", "ServerStream"), ("stream_stream", "BidiStream")):
            setattr(self, kind, getattr(self.channel, kind)(
                f"/joust.test.Echo/{method}", Request.SerializeToString, pb.EchoReply.FromString))

    def unary(self, timeout=LIMIT, metadata=None, **fields):
        return self.unary_unary(Request(**fields), timeout=timeout, metadata=metadata)

    def client_stream(self, *requests):
        return self.stream_unary(iter(requests), timeout=LIMIT)

    def server_stream(self, timeout=LIMIT, metadata=None, **fields):
        return self.unary_stream(Request(**fields), timeout=timeout, metadata=metadata)

    async def report(self, timeout=LIMIT):
        """What is left of this call's deadline, and how many calls were cancelled before it."""
        trailing = await self.unary(timeout, [("x-report", "1")]).trailing_metadata()
        return values(trailing, "x-deadline-ms")[0], int(values(trailing, "x-cancelled-calls")[0])

    async def assert_cancelled(self, before):
        for _ in range(100):
            if (await self.report())[1] > before:
                return
            await asyncio.sleep(0.02)
        self.fail("the server has not seen the cancellation")

    async def assert_status(self, code, call):
        with self.assertRaises(grpc.aio.AioRpcError) as caught:
            await call
        self.assertEqual(caught.exception.code(), code, caught.exception.details())
        return caught.exception

    async def read_all(self, call, into):
        async for reply in call:
            into.append(reply)

    # --- the four kinds

    async def test_unary(self):
        reply = await self.unary(text=AWKWARD, data=EVERY_BYTE)
        self.assertEqual(reply, pb.EchoReply(text=AWKWARD, data=EVERY_BYTE))
        self.assertEqual(await self.unary(), pb.EchoReply())

    async def test_client_stream(self):
        reply = await self.client_stream(Request(text="a", data=b"1"), Request(text="ü"), Request(text="c", data=b"2"))
        self.assertEqual(reply, pb.EchoReply(text="aüc", data=b"12", index=3))

    async def test_server_stream(self):
        seen = [(r.text, r.index) async for r in self.server_stream(text="x", count=500)]
        self.assertEqual(seen, [("x", i) for i in range(500)])

    async def test_bidi_stream(self):
        """Each answer before the next request."""
        call = self.stream_stream(timeout=LIMIT)
        for i in range(20):
            await call.write(Request(text=str(i), count=2))
            for index in range(2):
                self.assertEqual(await call.read(), pb.EchoReply(text=str(i), index=index))
        await call.done_writing()
        self.assertIs(await call.read(), grpc.aio.EOF)
        self.assertEqual(await call.code(), Code.OK)

    async def test_empty_streams(self):
        self.assertEqual(await self.client_stream(), pb.EchoReply())
        self.assertEqual([r async for r in self.server_stream()], [])
        self.assertEqual([r async for r in self.stream_stream(iter(()), timeout=LIMIT)], [])

    # --- statuses

    async def test_status(self):
        for code in Code:
            if code != Code.OK:
                failed = await self.assert_status(code, self.unary(fail_code=code.value[0], fail_message=AWKWARD))
                self.assertEqual(failed.details(), AWKWARD)
        failed = await self.assert_status(Code.FAILED_PRECONDITION, self.client_stream(
            Request(text="a"), Request(fail_code=9, fail_message="enough")))
        self.assertEqual(failed.details(), "enough")

    async def test_stream_status(self):
        seen = []
        failed = await self.assert_status(Code.ABORTED, self.read_all(
            self.server_stream(count=3, fail_code=10, fail_message=AWKWARD), seen))
        self.assertEqual((failed.details(), len(seen)), (AWKWARD, 3))
        seen = []
        failed = await self.assert_status(Code.OUT_OF_RANGE, self.read_all(self.stream_stream(
            iter((Request(count=1), Request(fail_code=11, fail_message="the end"))), timeout=LIMIT), seen))
        self.assertEqual((failed.details(), len(seen)), ("the end", 1))

    async def test_status_details(self):
        detail = any_pb2.Any()
        detail.Pack(duration_pb2.Duration(seconds=5))
        packed = detail.SerializeToString()
        details = b"\x08\x05\x12\x03abc\x1a" + bytes([len(packed)]) + packed  # a google.rpc.Status
        failed = await self.assert_status(Code.NOT_FOUND, self.unary(fail_code=5, fail_message="abc", data=details))
        self.assertEqual(values(failed.trailing_metadata(), "grpc-status-details-bin"), [details])

    # --- metadata

    def assert_echoed(self, initial, trailing):
        self.assertEqual(", ".join(values(initial, "x-echo-initial")), "a b, c")
        self.assertEqual(values(trailing, "x-echo-trailing-bin"), [EVERY_BYTE, b""])

    async def test_metadata(self):
        call = self.unary(metadata=SENT)
        await call
        self.assert_echoed(await call.initial_metadata(), await call.trailing_metadata())
        call = self.server_stream(metadata=SENT, count=1)
        initial = await call.initial_metadata()
        self.assertEqual(len([r async for r in call]), 1)
        self.assert_echoed(initial, await call.trailing_metadata())
        failed = await self.assert_status(Code.NOT_FOUND, self.unary(metadata=SENT, fail_code=5))
        # One block: grpcio hands all of it out as trailing metadata.
        self.assert_echoed(failed.initial_metadata() or failed.trailing_metadata(), failed.trailing_metadata())

    # --- the end of patience

    async def test_deadline(self):
        _, before = await self.report()
        start = time.monotonic()
        await self.assert_status(Code.DEADLINE_EXCEEDED, self.unary(0.3, delay_ms=8000))
        await self.assert_status(
            Code.DEADLINE_EXCEEDED, self.read_all(self.server_stream(0.3, count=2, delay_ms=8000), []))
        self.assertLess(time.monotonic() - start, 5)
        await self.assert_cancelled(before)

    async def test_deadline_is_sent(self):
        for limit in (2, 90, 36_000):
            left = int((await self.report(limit))[0]) / 1000
            # grpcio sends three digits, rounded up.
            self.assertTrue(limit - 1.5 < left <= limit * 1.01 + 1, f"{left} of {limit}")
        self.assertEqual((await self.report(None))[0], "none")

    async def test_cancellation(self):
        _, before = await self.report()
        call = self.unary(delay_ms=8000)
        await asyncio.sleep(0.1)
        call.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await call
        await self.assert_cancelled(before)

    async def test_stream_cancellation(self):
        _, before = await self.report()
        call = self.stream_stream(timeout=LIMIT)
        await call.write(Request(text="x", count=1))
        self.assertEqual((await call.read()).text, "x")
        call.cancel()
        self.assertEqual(await call.code(), Code.CANCELLED)
        await self.assert_cancelled(before)

    # --- sizes and numbers

    async def test_large_message(self):
        data = b"joust!!!" * (3 * MIB // 8)
        self.assertEqual((await self.unary(data=data)).data, data)
        self.assertEqual((await self.client_stream(*[Request(data=data[:MIB])] * 3)).data, data)
        for call, count in ((self.server_stream(data=data, count=4), 4),
                            (self.stream_stream(iter([Request(data=data, count=2)]), timeout=LIMIT), 2)):
            self.assertEqual([r.data == data async for r in call], [True] * count)

    async def test_too_large_message(self):
        await self.assert_status(Code.RESOURCE_EXHAUSTED, self.unary(data=bytes(5 * MIB)))
        await self.unary()

    async def test_unimplemented(self):
        for path in ("/joust.test.Echo/Nothing", "/joust.test.Nobody/Unary"):
            await self.assert_status(Code.UNIMPLEMENTED, self.channel.unary_unary(path)(b"", timeout=LIMIT))

    async def test_many_calls(self):
        calls = [self.unary(text=str(i), delay_ms=i % 40) for i in range(300)]
        self.assertEqual([r.text for r in await asyncio.gather(*calls)], [str(i) for i in range(300)])

    async def test_compressed_request(self):
        """Refused if the server does not know gzip; the connection goes on either way."""
        try:
            reply = await self.unary_unary(Request(text="x" * 1000), timeout=LIMIT, compression=grpc.Compression.Gzip)
            self.assertEqual(reply.text, "x" * 1000)
        except grpc.aio.AioRpcError as e:
            self.assertEqual(e.code(), Code.UNIMPLEMENTED, e.details())
        await self.unary()

    # --- the end of the server

    async def test_drain(self):
        """On SIGTERM, what is under way is answered; new calls are not."""
        server = peers.Program("echo_server")
        self.addCleanup(server.stop)
        await self.connect(server.address)
        slow = self.unary(text="slow", delay_ms=1000)
        call = self.stream_stream(timeout=LIMIT)
        await call.write(Request(text="x", count=1))
        self.assertEqual((await call.read()).text, "x")
        stopping = asyncio.create_task(asyncio.to_thread(server.stop))
        with self.assertRaises(grpc.aio.AioRpcError) as caught:
            for _ in range(100):
                await self.unary()
                await asyncio.sleep(0.02)
        self.assertEqual(caught.exception.code(), Code.UNAVAILABLE, caught.exception.details())
        await call.write(Request(text="y", count=1))
        self.assertEqual((await call.read()).text, "y")
        await call.done_writing()
        self.assertEqual(await call.code(), Code.OK)
        self.assertEqual((await slow).text, "slow")
        self.assertEqual(await stopping, 0)


if __name__ == "__main__":
    peers.main()
