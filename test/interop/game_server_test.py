"""A stock grpcio client calls bin/game_server: GameService as the existing peers speak it."""

import itertools
import json
import queue
import threading
import time
import unittest

import grpc

import game_service_pb2 as pb
import peers
from game_calls import LIMIT, SERVICE, request

MIB = 1024 * 1024


def as_is(data):
    return data


class Requests:
    """Requests of a stream, one by one; `end` half-closes."""

    def __init__(self):
        self._items = queue.Queue()
        self.put = self._items.put

    def end(self):
        self.put(None)

    def __iter__(self):
        return iter(self._items.get, None)


class GameServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = peers.Program("game_server")
        cls.channel = grpc.insecure_channel(cls.server.address)
        grpc.channel_ready_future(cls.channel).result(LIMIT)
        cls.unary = cls.channel.unary_unary(
            SERVICE + "Call", pb.RpcRequest.SerializeToString, pb.RpcResponse.FromString)
        cls.stream = cls.channel.stream_stream(
            SERVICE + "StreamCall", pb.RpcRequest.SerializeToString, pb.RpcResponse.FromString)

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()
        code = cls.server.stop()
        if code != 0:
            raise AssertionError(f"game_server ended with {code} on SIGTERM: {cls.server.logged()}")

    def call(self, *arguments, **named):
        return self.unary(request(*arguments, **named), timeout=LIMIT)

    def answers(self, *requests):
        return list(self.stream(iter(requests), timeout=LIMIT))

    def assert_success(self, response, expected):
        self.assertEqual((response.code, response.message), (0, "success"))
        self.assertEqual(json.loads(response.payload), expected)

    def assert_refused(self, response, code, *said):
        self.assertEqual(response.code, code, response.message)
        self.assertEqual(response.payload, b"")
        for text in said:
            self.assertIn(text, response.message)

    def assert_status(self, code, start):
        with self.assertRaises(grpc.RpcError) as caught:
            start()
        self.assertEqual(caught.exception.code(), code, caught.exception.details())
        return caught.exception

    # --- Call

    def test_call(self):
        response = self.call("logic.get_player_info", {"player_id": "42"})
        self.assertEqual(response.payload, b'{"player_id":"42","level":10,"name":"Player 42"}')
        self.assert_success(response, {"player_id": "42", "level": 10, "name": "Player 42"})
        self.assert_success(self.call("logic.update_player", {"player_id": "call", "level": -3}), True)
        again = self.call("logic.get_player_info", {"player_id": "call"})
        self.assert_success(again, {"player_id": "call", "level": -3, "name": "Player call"})

    def test_empty_answer(self):
        response = self.call("logic.fail", {"code": 0, "message": ""})
        self.assertEqual(response, pb.RpcResponse(message="success"))

    def test_instances_have_their_own_state(self):
        self.assert_success(self.call("logic_eu.update_player", {"player_id": "i", "level": 7}), True)
        levels = [json.loads(self.call(f"{name}.get_player_info", {"player_id": "i"}).payload)["level"]
                  for name in ("logic_eu", "logic_us")]
        self.assertEqual(levels, [7, 10])

    def test_unknown_service(self):
        self.assert_refused(self.call("nowhere.get"), 404, "nowhere")

    def test_unknown_method(self):
        self.assert_refused(self.call("logic.nothing"), 404, "logic", "nothing")
        self.assert_refused(self.unary(pb.RpcRequest(), timeout=LIMIT), 404)

    def test_bad_arguments(self):
        info = "logic.get_player_info"
        for arguments, said in (
                (None, "player_id"), ({}, "player_id"), ({"player_id": 1}, "player_id"),
                ({"player_id": None}, "player_id"), ({"player_id": "1", "extra": 1}, "extra"),
                ({"player_id": ""}, "must not be empty"), ([], "object"), (b"null", "object"), (b'"text"', "object"),
                (b"{", ""), (b'{"player_id":"1"} x', ""), (b'{"player_id":"1",}', ""), (b" ", ""),
                (b'{"player_id":"\xff"}', ""), (b'{"player_id":"\\ud800"}', ""),
                (b'{"player_id":' + b"[" * 5000 + b"]" * 5000 + b"}", "")):
            with self.subTest(arguments=arguments if arguments is None else repr(arguments)[:40]):
                self.assert_refused(self.call(info, arguments), 400, said)
        for level in (b"1e999", b"2147483648", b"-2147483649", b"1.5", b"1.0", b"true", b'"1"', b"01", b"NaN"):
            with self.subTest(level=level):
                self.assert_refused(
                    self.call("logic.update_player", b'{"player_id":"bad","level":' + level + b"}"), 400)

    def test_handler_error(self):
        for code in (400, 401, 403, 404, 409, 429, 499, 500, 501, 503, 504, 1, 7, 999, -1, 2**31 - 1, -2**31):
            with self.subTest(code=code):
                self.assert_refused(self.call("logic.fail", {"code": code, "message": "größer als 9 🎲"}), code,
                                    "größer als 9 🎲")

    def test_handler_crash(self):
        response = self.call("logic.crash")
        self.assert_refused(response, 500, "logic.crash", "the handler failed (call id ")
        self.assertNotIn("secret", response.message)
        call_id = response.message.split("call id ")[1].rstrip(")")
        log = self.server.logged()
        self.assertIn("secret", log)
        self.assertIn(call_id, log)

    def test_time_limit(self):
        start = time.monotonic()
        response = self.call("logic.slow", {"ms": 60_000})
        self.assert_refused(response, 504, "logic.slow", "3.0 s")
        self.assertAlmostEqual(time.monotonic() - start, 3.0, delta=1.0)

    def test_digits(self):
        big = 2**64 - 1
        said = self.call("chat.history", b'{"room":"digits","limit":%d}' % big)
        self.assert_success(said, [])
        self.assert_refused(self.call("chat.history", b'{"room":"digits","limit":%d}' % (big + 1)), 400, str(big + 1))
        self.assert_refused(self.call("chat.history", b'{"room":"digits","limit":-1}'), 400, "limit")
        for level in (2**31 - 1, -2**31):
            self.assert_success(self.call("logic.update_player", {"player_id": "digits", "level": level}), True)
            read = self.call("logic.get_player_info", {"player_id": "digits"})
            self.assertIn(b'"level":%d,' % level, read.payload)

    def test_unicode(self):
        text = "größer 你好 🎲 \u2028 \" \\ / \b\f\n\r\t \x00 \x1f \x7f"
        response = self.call("chat.say", {"room": "unicode", "from": "ü", "text": text})
        self.assertEqual(json.loads(response.payload)["text"], text)
        self.assertIn("größer 你好 🎲 \u2028".encode(), response.payload)
        self.assertNotIn(b" :", response.payload)
        escaped = b'{"room":"unicode","from":"\\u00fc","text":"\\ud83c\\udfb2 \\/"}'
        answer = self.call("chat.say", escaped)
        self.assertIn('"from":"ü","text":"🎲 /"'.encode(), answer.payload)

    def test_large_message(self):
        text = "é" * (MIB + MIB // 2)
        response = self.call("chat.say", {"room": "large", "from": "", "text": text})
        self.assertEqual(json.loads(response.payload)["text"], text)

    def test_too_large_message(self):
        failed = self.assert_status(
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            lambda: self.call("chat.say", {"room": "large", "from": "", "text": "x" * (4 * MIB)}))
        self.assertIn(str(4 * MIB), failed.details())
        self.test_call()

    def test_codecs(self):
        """A stock client may ask for MessagePack; what is not known here is refused by name."""
        info, ask = "logic.get_player_info", b"\x81\xa9player_id\xa242"
        answer = b"\x83\xa9player_id\xa242\xa5level\x0a\xa4name\xa9Player 42"
        packed = {"joust-codec": "msgpack"}
        self.assertEqual(self.call(info, ask, packed), pb.RpcResponse(message="success", payload=answer))
        self.assert_refused(self.call(info, b"\xa0", {"joust-codec": "cbor"}), 415,
                            info + ': joust-codec "cbor" is not known here, only json, msgpack')
        for bad in (b"{}", b"\xc1", ask[:-1], ask + b"\xc0", b"\x81\xa9player_id\xa1\xff", b"\x91" * 5000):
            self.assert_refused(self.call(info, bad, packed), 400, info, "MessagePack")

    def test_stream_codecs(self):
        """Each request of a stream names its own."""
        info, ask = "logic.get_player_info", b"\x81\xa9player_id\xa242"
        packed = request(info, ask, {"joust-codec": "msgpack"})
        answers = self.answers(packed, request(info, {"player_id": "42"}), request(info, ask, {"joust-codec": "cbor"}),
                               request(info, ask), packed)
        self.assertEqual([a.code for a in answers], [0, 0, 415, 400, 0])
        self.assertEqual(answers[0], answers[4])
        self.assertEqual(json.loads(answers[1].payload)["name"], "Player 42")

    def test_envelope_metadata_is_accepted(self):
        metadata = {"trace": "1", "": "empty key", "größer": "ü", **{f"k{i}": "v" * 100 for i in range(100)}}
        response = self.call("logic.get_player_info", {"player_id": "m"}, metadata)
        self.assertEqual(response.code, 0)

    def test_metadata(self):
        """Headers in number and size; they are for the handler, so nothing of them comes back."""
        sent = [("x-text", "a b"), ("x-text", "again"), ("x-data-bin", bytes(range(256))), ("x-long", "v" * 6000)]
        response, call = self.unary.with_call(
            request("logic.get_player_info", {"player_id": "m"}), timeout=LIMIT, metadata=sent)
        self.assertEqual(response.code, 0)
        self.assertEqual(call.code(), grpc.StatusCode.OK)
        self.assertEqual([k for k, _ in itertools.chain(call.initial_metadata(), call.trailing_metadata())
                          if k.startswith("x-")], [])

    def test_too_much_metadata_fails_one_call(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.unary(request("logic.get_player_info", {"player_id": "m"}), timeout=LIMIT,
                       metadata=[("x-long", "v" * 12_000)])
        self.assertIn(caught.exception.code(),
                      (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNAVAILABLE))
        self.test_call()

    def test_unparsable_request(self):
        raw = self.channel.unary_unary(SERVICE + "Call", as_is, as_is)
        good = request("logic.get_player_info", {"player_id": "1"}).SerializeToString()
        for bytes_ in (b"\xff\xff\xff", b"\x0a", b"\x0a\x05ab", b"\x0a\x02\xff\xfe", b"\x07", b"{}", good[:-1]):
            with self.subTest(bytes=bytes_[:20]):
                self.assert_status(grpc.StatusCode.INTERNAL, lambda: raw(bytes_, timeout=LIMIT))
        unknown_fields = b"\x28\x01\x32\x03abc\x39" + bytes(8)
        self.assertEqual(pb.RpcResponse.FromString(raw(unknown_fields + good, timeout=LIMIT)).code, 0)

    def test_message_count(self):
        many = self.channel.stream_unary(SERVICE + "Call", pb.RpcRequest.SerializeToString, pb.RpcResponse.FromString)
        one = request("logic.get_player_info", {"player_id": "1"})
        self.assertEqual(many(iter([one]), timeout=LIMIT).code, 0)
        self.assert_status(grpc.StatusCode.UNIMPLEMENTED, lambda: many(iter([]), timeout=LIMIT))
        self.assert_status(grpc.StatusCode.UNIMPLEMENTED, lambda: many(iter([one, one]), timeout=LIMIT))

    def test_unimplemented(self):
        for path in (SERVICE + "Nothing", "/game.grpc.Other/Call", SERVICE + "call"):
            method = self.channel.unary_unary(path, as_is, as_is)
            self.assert_status(grpc.StatusCode.UNIMPLEMENTED, lambda: method(b"", timeout=LIMIT))

    def test_compressed_request(self):
        for compression in (grpc.Compression.Gzip, grpc.Compression.Deflate):
            response = self.unary(
                request("chat.say", {"room": "gzip", "from": "a", "text": "x" * 1000}), timeout=LIMIT,
                compression=compression)
            self.assertEqual(response.code, 0, response.message)

    def test_deadline(self):
        start = time.monotonic()
        self.assert_status(grpc.StatusCode.DEADLINE_EXCEEDED,
                           lambda: self.unary(request("logic.slow", {"ms": 60_000}), timeout=0.3))
        self.assertLess(time.monotonic() - start, 2)

    def test_cancellation(self):
        future = self.unary.future(request("logic.slow", {"ms": 60_000}), timeout=LIMIT)
        time.sleep(0.1)
        self.assertTrue(future.cancel())
        self.assertEqual(future.code(), grpc.StatusCode.CANCELLED)
        self.test_call()

    def test_many_calls(self):
        """More at a time than the server's 100 streams: the rest waits its turn."""
        calls = [(str(i), self.unary.future(request("logic.get_player_info", {"player_id": str(i)}), timeout=LIMIT))
                 for i in range(400)]
        slow = [self.unary.future(request("logic.slow", {"ms": 50}), timeout=LIMIT) for _ in range(150)]
        for player_id, future in calls:
            self.assertEqual(json.loads(future.result().payload)["player_id"], player_id)
        for future in slow:
            self.assertEqual(future.result().payload, b'{"ms":50}')

    # --- StreamCall

    def test_stream(self):
        """One response per request, in order, also if the first one takes longest; methods may differ."""
        requests = [request("logic.slow", {"ms": 80 - i}) if i % 10 == 0 else
                    request("logic.get_player_info", {"player_id": str(i)}) for i in range(50)]
        answers = self.answers(*requests)
        self.assertEqual(len(answers), 50)
        for i, answer in enumerate(answers):
            key, value = ("ms", 80 - i) if i % 10 == 0 else ("player_id", str(i))
            self.assertEqual((answer.code, answer.message), (0, "success"))
            self.assertEqual(json.loads(answer.payload)[key], value)

    def test_stream_lock_step(self):
        """Each answer is sent before the next request has to arrive."""
        requests = Requests()
        answers = self.stream(iter(requests), timeout=LIMIT)
        for i in range(10):
            requests.put(request("logic.batch_update", {"player_id": "lock", "level": i}))
            self.assert_success(next(answers), True)
        requests.end()
        with self.assertRaises(StopIteration):
            next(answers)
        self.assertEqual(answers.code(), grpc.StatusCode.OK)

    def test_stream_whole_name(self):
        first, second = self.answers(request("logic.get_player_info", {"player_id": "w"}, whole_name=True),
                                     request("a.b.get", whole_name=True))
        self.assert_success(first, {"player_id": "w", "level": 10, "name": "Player w"})
        self.assert_refused(second, 404, "a")
        both = pb.RpcRequest(service_name="logic", method_name="logic.get_player_info", payload=b'{"player_id":"b"}')
        self.assertEqual(json.loads(self.answers(both)[0].payload)["player_id"], "b")

    def test_stream_errors(self):
        """An error answers its own request only."""
        good = request("logic.get_player_info", {"player_id": "1"})
        answers = self.answers(
            good, request("logic.get_player_info", b"{"), good, request("nowhere.x"), good,
            request("logic.fail", {"code": 429, "message": "slow down"}), good, request("logic.crash"), good)
        self.assertEqual([a.code for a in answers], [0, 400, 0, 404, 0, 429, 0, 500, 0])
        self.assertEqual(answers[5].message, "slow down")
        self.assertNotIn("secret", answers[7].message)

    def test_stream_half_close(self):
        nothing = self.stream(iter([]), timeout=LIMIT)
        self.assertEqual(list(nothing), [])
        self.assertEqual(nothing.code(), grpc.StatusCode.OK)

    def test_stream_time_limit(self):
        answers = self.answers(request("logic.slow", {"ms": 60_000}), request("logic.slow", {"ms": 1}))
        self.assertEqual([a.code for a in answers], [504, 0])

    def test_stream_many_answers(self):
        for text in "abc":
            self.call("chat.say", {"room": "many", "from": "f", "text": text})
        history = {"room": "many"}
        answers = self.answers(request("chat.history", history, {"joust-answers": "many"}),
                               request("logic.update_player", {"player_id": "many", "level": 1},
                                       {"joust-answers": "many"}),
                               request("chat.history", {"room": "nobody"}, {"joust-answers": "many"}))
        self.assertEqual([a.message for a in answers], ["more"] * 3 + ["success"] * 3)
        self.assertEqual([a.code for a in answers], [0] * 6)
        self.assertEqual([json.loads(a.payload)["text"] for a in answers[:3]], ["a", "b", "c"])
        self.assertEqual([a.payload for a in answers[3:]], [b"", b"true", b""])

    def test_stream_one_array_for_those_who_do_not_ask(self):
        for text in "abc":
            self.call("chat.say", {"room": "array", "from": "f", "text": text})
        for answer in self.answers(request("chat.history", {"room": "array", "limit": 2})) + \
                [self.call("chat.history", {"room": "array", "limit": 2}, {"joust-answers": "many"})]:
            self.assertEqual(answer.message, "success")
            self.assertEqual([line["text"] for line in json.loads(answer.payload)], ["b", "c"])

    def test_stream_pushes_as_it_happens(self):
        answers = self.stream(iter([request("chat.subscribe", {"room": "push", "count": 2, "wait_ms": 8000},
                                            {"joust-answers": "many"})]), timeout=LIMIT)
        first = []
        reader = threading.Thread(target=lambda: first.append(next(answers)))
        reader.start()
        for i in range(50):
            self.call("chat.say", {"room": "push", "from": "f", "text": str(i)})
            reader.join(0.1)
            if not reader.is_alive():
                break
        self.assertEqual([a.message for a in first], ["more"])
        self.call("chat.say", {"room": "push", "from": "f", "text": "last"})
        self.assertEqual([a.message for a in answers], ["more", "success"])

    def test_stream_of_one_method(self):
        """A method that serves the whole stream: a response per request, in lock step."""
        requests = Requests()
        answers = self.stream(iter(requests), timeout=LIMIT)

        def ask(*arguments):
            requests.put(request(*arguments))
            return next(answers)

        for text in "abc":
            answer = ask("chat.talk", {"room": "talk", "from": "f", "text": text})
            self.assertEqual((answer.code, answer.message), (0, "success"))
            self.assertEqual(json.loads(answer.payload)["text"], text)
        self.assert_refused(ask("chat.talk", {"room": "talk", "from": "f", "text": ""}), 400, "must not be empty")
        self.assert_refused(ask("chat.talk", {"room": 1}), 400, "chat.talk", "room")
        self.assert_refused(ask("chat.talk", b"\xff"), 400, "chat.talk")
        self.assert_refused(ask("logic.get_player_info", {"player_id": "1"}), 400, "logic.get_player_info",
                            "the stream belongs to chat.talk")
        self.assertEqual(ask("chat.talk", {"room": "talk", "from": "f", "text": "d"}).code, 0)
        requests.end()
        with self.assertRaises(StopIteration):
            next(answers)
        self.assertEqual(answers.code(), grpc.StatusCode.OK)
        said = self.call("chat.history", {"room": "talk"})
        self.assertEqual([line["text"] for line in json.loads(said.payload)], list("abcd"))

    def test_stream_of_one_method_many_answers(self):
        said = {"room": "talk many", "from": "f", "text": "x"}
        answers = self.answers(*[request("chat.talk", said, {"joust-answers": "many"})] * 3)
        self.assertEqual([a.message for a in answers], ["more"] * 3 + ["success"])
        self.assertEqual(answers[3].payload, b"")

    def test_stream_of_one_method_piles_up(self):
        text = "x" * 1000
        answers = self.answers(*[request("chat.talk", {"room": "pile", "from": str(i), "text": text})
                                 for i in range(2000)])
        self.assertEqual([json.loads(a.payload)["from"] for a in answers], [str(i) for i in range(2000)])

    def test_stream_method_refuses_a_call(self):
        self.assert_refused(self.call("chat.talk", {"room": "r", "from": "f", "text": "t"}), 501, "chat.talk", "StreamCall")

    def test_stream_heartbeats(self):
        """Only for those who ask."""
        slow = {"ms": 1200}
        with_them = self.answers(request("logic.slow", slow, {"joust-heartbeat": "1"}))
        without = self.answers(request("logic.slow", slow))
        self.assertEqual([a.message for a in with_them], ["heartbeat", "success"])
        self.assertEqual((with_them[0].code, with_them[0].payload), (0, b""))
        self.assertEqual([a.message for a in without], ["success"])
        for bad in ("0", "0.5", "often", "3601"):
            refused, = self.answers(request("logic.slow", {"ms": 0}, {"joust-heartbeat": bad}))
            self.assert_refused(refused, 400, "joust-heartbeat", bad)

    def test_stream_unparsable_request(self):
        raw = self.channel.stream_stream(SERVICE + "StreamCall", as_is, as_is)
        good = request("logic.get_player_info", {"player_id": "1"}).SerializeToString()
        answers = raw(iter([good, b"\xff\xff\xff", good]), timeout=LIMIT)
        self.assertEqual(pb.RpcResponse.FromString(next(answers)).code, 0)
        self.assert_status(grpc.StatusCode.INTERNAL, lambda: next(answers))

    def test_stream_large_messages(self):
        text = "x" * (3 * MIB)
        requests = [request("chat.say", {"room": "bulk", "from": str(i), "text": text}) for i in range(5)]
        answers = self.answers(*requests)
        self.assertEqual([json.loads(a.payload)["from"] for a in answers], [str(i) for i in range(5)])
        self.assertTrue(all(len(a.payload) > 3 * MIB for a in answers))

    def test_stream_cancellation(self):
        requests = Requests()
        answers = self.stream(iter(requests), timeout=LIMIT)
        requests.put(request("logic.get_player_info", {"player_id": "1"}))
        self.assertEqual(next(answers).code, 0)
        requests.put(request("logic.slow", {"ms": 60_000}))
        answers.cancel()
        self.assert_status(grpc.StatusCode.CANCELLED, lambda: next(answers))
        requests.end()
        self.test_call()

    def test_stream_deadline(self):
        requests = Requests()
        answers = self.stream(iter(requests), timeout=0.3)
        requests.put(request("logic.get_player_info", {"player_id": "1"}))
        self.assertEqual(next(answers).code, 0)
        self.assert_status(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: next(answers))
        requests.end()

    def test_streams_side_by_side(self):
        started = [self.stream(iter([request("logic.slow", {"ms": 100}),
                                     request("logic.get_player_info", {"player_id": str(i)})]), timeout=LIMIT)
                   for i in range(50)]
        for i, answers in enumerate(started):
            self.assertEqual([json.loads(a.payload).get("player_id") for a in answers], [None, str(i)])


if __name__ == "__main__":
    peers.main()
