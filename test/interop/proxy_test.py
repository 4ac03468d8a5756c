"""HAProxy between: stock grpcio and bin/echo_client call bin/echo_server through it, all of it plain HTTP/2."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import grpc.aio

import peers
import test_service_pb2 as pb

LIMIT = 60  # seconds; far beyond what any call takes
MIB = 1024 * 1024
STREAMS = 1000
STREAMS_OF_A_CONNECTION = 100
SKIPPED = 77  # as ctest knows it
PROGRAM = shutil.which("haproxy", path=os.environ.get("PATH", "") + ":/usr/sbin")

# Until the proxy has seen the server's limit of streams it goes by its own, and does not take back what it has given to
# a connection by then.
CONFIGURATION = """
global
    maxconn 1000
    tune.h2.max-concurrent-streams {streams}
defaults
    mode http
    http-reuse {reuse}
    timeout connect 5s
    timeout client {limit}s
    timeout server {limit}s
listen grpc
    bind fd@{listener} proto h2
    server ours {server} proto h2
"""


class Proxy:
    """HAProxy on a port of its own in front of `server`."""

    def __init__(self, server, streams=STREAMS_OF_A_CONNECTION, reuse="safe"):
        self.folder = tempfile.TemporaryDirectory()
        path = os.path.join(self.folder.name, "haproxy.cfg")
        # Listens already, so that nobody has to wait until the proxy does.
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
            self.address = "127.0.0.1:%d" % listener.getsockname()[1]
            with open(path, "w", encoding="utf-8") as f:
                f.write(CONFIGURATION.format(
                    streams=streams, reuse=reuse, limit=LIMIT, listener=listener.fileno(), server=server))
            self.log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="backslashreplace")
            # -db: in the foreground, one process.
            self.process = subprocess.Popen([PROGRAM, "-db", "-f", path], stdin=subprocess.DEVNULL, stdout=self.log,
                                            stderr=self.log, pass_fds=[listener.fileno()])

    def logged(self):
        self.log.seek(0)
        return self.log.read()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()


class ThroughProxy(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = peers.Program("echo_server")
        cls.proxy = Proxy(cls.server.address)

    @classmethod
    def tearDownClass(cls):
        cls.proxy.stop()
        if code := cls.server.stop():
            raise AssertionError(f"echo_server ended with {code} on SIGTERM: {cls.server.logged()}")

    async def asyncSetUp(self):
        self.unary = self.method("unary_unary", "Unary")

    def method(self, kind, name):
        """On a connection of its own."""
        channel = grpc.aio.insecure_channel(self.proxy.address, options=[("grpc.use_local_subchannel_pool", 1)])
        self.addAsyncCleanup(channel.close)
        return getattr(channel, kind)(
            f"/joust.test.Echo/{name}", pb.EchoRequest.SerializeToString, pb.EchoReply.FromString)

    async def test_proxied_large_message(self):
        data = os.urandom(3 * MIB)
        reply = await self.unary(pb.EchoRequest(data=data), timeout=LIMIT)
        self.assertTrue(reply.data == data, f"{len(reply.data)} other bytes")

    async def test_proxied_large_header_block(self):
        """In both directions, and the trailers too."""
        text, binary = "v" * 6144, os.urandom(3072)
        call = self.unary(pb.EchoRequest(text="x"), timeout=LIMIT, metadata=[("x-echo-initial", text)])
        self.assertEqual((await call).text, "x")
        self.assertEqual((await call.initial_metadata())["x-echo-initial"], text)
        call = self.unary(pb.EchoRequest(text="y"), timeout=LIMIT, metadata=[("x-echo-trailing-bin", binary)])
        self.assertEqual((await call).text, "y")
        self.assertEqual((await call.trailing_metadata())["x-echo-trailing-bin"], binary)

    async def test_proxied_parallel_streams(self):
        """All of them are open at once: none is ended before each has had an answer."""
        calls = []
        while len(calls) < STREAMS:
            bidi = self.method("stream_stream", "BidiStream")
            calls += [bidi(timeout=LIMIT) for _ in range(STREAMS_OF_A_CONNECTION)]

        async def ask(index, call):
            await call.write(pb.EchoRequest(text=str(index), count=1))
            return (await call.read()).text

        texts = await asyncio.gather(*(ask(i, call) for i, call in enumerate(calls)))
        self.assertEqual(texts, [str(i) for i in range(STREAMS)])

        async def end(call):
            await call.done_writing()
            return await call.read(), await call.code()

        ends = await asyncio.gather(*map(end, calls))
        self.assertEqual(set(ends), {(grpc.aio.EOF, grpc.StatusCode.OK)})

    async def test_proxied_status_and_message(self):
        with self.assertRaises(grpc.aio.AioRpcError) as caught:
            await self.unary(pb.EchoRequest(fail_code=9, fail_message="100% größer"), timeout=LIMIT)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.FAILED_PRECONDITION)
        self.assertEqual(caught.exception.details(), "100% größer")

    async def test_proxied_our_client(self):
        """Every case of echo_client, among them 3 MiB messages, large metadata, cancellation, and more calls than streams."""
        process = await asyncio.create_subprocess_exec(
            peers.BIN / "echo_client", self.proxy.address, str(STREAMS), stdout=asyncio.subprocess.PIPE)
        said, _ = await asyncio.wait_for(process.communicate(), LIMIT)
        lines = said.decode().splitlines()
        self.assertEqual([line for line in lines if not line.startswith("ok ")], [])
        self.assertIn("ok many_calls", lines)
        self.assertEqual(process.returncode, 0)


class AboveTheLimit(unittest.IsolatedAsyncioTestCase):
    """The proxy takes 2000 streams for a connection, and the server 100."""

    async def test_proxied_streams_above_the_limit(self):
        """Single calls are refused, which may be made again; none is lost with its connection."""
        server = peers.Program("echo_server")
        self.addCleanup(server.stop)
        relay = peers.Relay(server.address)
        self.addCleanup(relay.close)
        proxy = Proxy(relay.address, streams=2000, reuse="always")
        self.addCleanup(proxy.stop)
        channels = []
        for _ in range(STREAMS // STREAMS_OF_A_CONNECTION):
            channel = grpc.aio.insecure_channel(proxy.address, options=[("grpc.use_local_subchannel_pool", 1)])
            self.addAsyncCleanup(channel.close)
            channels.append(channel.stream_stream(
                "/joust.test.Echo/BidiStream", pb.EchoRequest.SerializeToString, pb.EchoReply.FromString))

        async def ask(index):
            while True:
                call = channels[index % len(channels)](timeout=LIMIT)
                try:
                    await call.write(pb.EchoRequest(text=str(index), count=1))
                    return call, (await call.read()).text  # stays open
                except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
                    self.assertIn("error code 7", await call.details())  # REFUSED_STREAM

        calls, texts = zip(*await asyncio.gather(*map(ask, range(STREAMS))))
        self.assertEqual(list(texts), [str(i) for i in range(STREAMS)])
        for call in calls:
            await call.done_writing()
        self.assertEqual({await call.code() for call in calls}, {grpc.StatusCode.OK})
        self.assertEqual(relay.count(relay.SERVER, relay.GOAWAY), 0)


if __name__ == "__main__":
    if PROGRAM is None:
        print("skipped: there is no haproxy (Debian: haproxy)")
        sys.exit(SKIPPED)
    peers.main()
