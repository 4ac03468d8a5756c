"""The same server, bin/game_server, under grpcio's asyncio client, whose streams read and write at once."""

import asyncio
import json
import unittest

import grpc.aio

import game_service_pb2 as pb
import peers
from game_calls import LIMIT, SERVICE, request


class GameServerAio(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = peers.Program("game_server")

    @classmethod
    def tearDownClass(cls):
        if code := cls.server.stop():
            raise AssertionError(f"game_server ended with {code} on SIGTERM: {cls.server.logged()}")

    async def asyncSetUp(self):
        self.channel = grpc.aio.insecure_channel(self.server.address)
        self.unary = self.channel.unary_unary(
            SERVICE + "Call", pb.RpcRequest.SerializeToString, pb.RpcResponse.FromString)
        self.stream = self.channel.stream_stream(
            SERVICE + "StreamCall", pb.RpcRequest.SerializeToString, pb.RpcResponse.FromString)

    async def asyncTearDown(self):
        await self.channel.close()

    async def test_call(self):
        response = await self.unary(request("logic.get_player_info", {"player_id": "1"}), timeout=LIMIT)
        self.assertEqual((response.code, response.message), (0, "success"))
        self.assertEqual(json.loads(response.payload), {"player_id": "1", "level": 10, "name": "Player 1"})

    async def test_many_calls(self):
        calls = [self.unary(request("logic.slow", {"ms": i % 50}), timeout=LIMIT) for i in range(300)]
        answers = await asyncio.gather(*calls)
        self.assertEqual([json.loads(a.payload)["ms"] for a in answers], [i % 50 for i in range(300)])

    async def test_deadline(self):
        with self.assertRaises(grpc.aio.AioRpcError) as caught:
            await self.unary(request("logic.slow", {"ms": 60_000}), timeout=0.3)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)

    async def test_cancellation(self):
        call = self.unary(request("logic.slow", {"ms": 60_000}), timeout=LIMIT)
        await asyncio.sleep(0.1)
        self.assertTrue(call.cancel())
        with self.assertRaises(asyncio.CancelledError):
            await call
        await self.test_call()

    async def test_stream_lock_step(self):
        stream = self.stream(timeout=LIMIT)
        for name, code in (("logic.get_player_info", 0), ("logic.nothing", 404), ("logic.get_player_info", 0)):
            await stream.write(request(name, {"player_id": "1"}, whole_name=True))
            self.assertEqual((await stream.read()).code, code)
        await stream.done_writing()
        self.assertIs(await stream.read(), grpc.aio.EOF)
        self.assertEqual(await stream.code(), grpc.StatusCode.OK)

    async def test_stream(self):
        """Writes do not wait for the answers: thousands are under way, and none is lost."""
        async def requests():
            for i in range(3000):
                yield request("logic.get_player_info", {"player_id": str(i)})

        seen = [json.loads(a.payload)["player_id"] async for a in self.stream(requests(), timeout=LIMIT)]
        self.assertEqual(seen, [str(i) for i in range(3000)])

    async def test_stream_many_answers(self):
        for text in "ab":
            await self.unary(request("chat.say", {"room": "r", "from": "f", "text": text}), timeout=LIMIT)
        stream = self.stream(timeout=LIMIT)
        await stream.write(request("chat.history", {"room": "r"}, {"joust-answers": "many"}))
        self.assertEqual([(await stream.read()).message for _ in range(3)], ["more", "more", "success"])
        await stream.done_writing()
        self.assertIs(await stream.read(), grpc.aio.EOF)

    async def test_stream_cancellation(self):
        stream = self.stream(timeout=LIMIT)
        await stream.write(request("logic.get_player_info", {"player_id": "1"}))
        self.assertEqual((await stream.read()).code, 0)
        stream.cancel()
        self.assertEqual(await stream.code(), grpc.StatusCode.CANCELLED)
        await self.test_call()


if __name__ == "__main__":
    peers.main()
