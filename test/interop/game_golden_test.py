"""Records calls between a stock grpcio client and a stock grpcio server, byte for byte, and compares them with
test/unit/game/golden_calls.hpp, which our client and our server are held to. `--update` writes that file."""

import json
import pathlib
import sys
import unittest
from concurrent import futures

import grpc

import game_service_pb2 as pb
import peers
from game_calls import LIMIT, SERVICE

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "unit" / "game" / "golden_calls.hpp"

EDGES = {"min": -2**63, "max": 2**63 - 1, "unsigned": 2**64 - 1, "zero": 0, "minus": -1}
DOUBLES = [10.0, -0.0, 0.1, 1e16, 1e-5, 123456789012345.6, 5e-324, 1.7976931348623157e308, 2.5e-10, 0.0001]
TEXTS = ["", "K\u00f6nig", "\u65e5\u672c\u8a9e", "\U0001f600", "\"\\/", "\b\f\n\r\t", "\u0000\u001f\u007f\u2028"]

# method, arguments (None: no payload), metadata
CALLS = [
    ("echo", None, {}),
    ("echo", {}, {}),
    ("echo", {"player_id": "123", "level": 7}, {}),
    ("echo", EDGES, {}),
    ("echo", {"doubles": DOUBLES}, {}),
    ("echo", {"texts": TEXTS, "K\u00f6nig": None}, {}),
    ("echo", {"nested": [[], {}, [{"a": [True, False, None]}]]}, {"realm": "north"}),
    ("echo", {"long": "x" * 300}, {}),
    ("value", {"of": "nothing"}, {}),
    ("value", {"of": "null"}, {}),
    ("value", {"of": "zero"}, {}),
    ("value", {"of": "false"}, {"trace": "K\u00f6nig"}),
    ("value", {"of": "empty text"}, {}),
    ("value", {"of": "empty list"}, {}),
    ("value", {"of": "empty object"}, {}),
    ("fail", {"code": 400, "message": "bad level"}, {}),
    ("fail", {"code": 504, "message": "golden.slow: timed out after 3.0 s"}, {}),
    ("fail", {"code": 1, "message": "K\u00f6nig"}, {}),
    ("fail", {"code": -1, "message": ""}, {}),
]
VALUES = {"null": None, "zero": 0, "false": False, "empty text": "", "empty list": [], "empty object": {}}

# The names of a StreamCall by the one existing peer that sends them whole.
WHOLE = ("", "golden.echo")


def dumps(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def serve(request):
    arguments = json.loads(request.payload) if request.payload else {}
    method = request.method_name.rsplit(".", 1)[-1]
    if method == "fail":
        return pb.RpcResponse(code=arguments["code"], message=arguments["message"])
    if method == "value" and arguments["of"] == "nothing":
        return pb.RpcResponse(code=0, message="success")
    answer = arguments if method == "echo" else VALUES[arguments["of"]]
    return pb.RpcResponse(code=0, message="success", payload=dumps(answer).encode())


def record():
    """(service, method, arguments, metadata, request bytes, response bytes) of each call."""
    requests, responses = [], []

    def received(data):
        requests.append(data)
        return pb.RpcRequest.FromString(data)

    def sent(response):
        responses.append(response.SerializeToString())
        return responses[-1]

    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("game.grpc.GameService", {
        "Call": grpc.unary_unary_rpc_method_handler(lambda request, _: serve(request), received, sent),
        "StreamCall": grpc.stream_stream_rpc_method_handler(
            lambda stream, _: map(serve, stream), received, sent)}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    calls = []
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        unary = channel.unary_unary(SERVICE + "Call", pb.RpcRequest.SerializeToString, pb.RpcResponse.FromString)
        stream = channel.stream_stream(
            SERVICE + "StreamCall", pb.RpcRequest.SerializeToString, pb.RpcResponse.FromString)
        for method, arguments, metadata in CALLS:
            payload = "" if arguments is None else dumps(arguments)
            unary(pb.RpcRequest(service_name="golden", method_name=method, payload=payload.encode(),
                                metadata=metadata), timeout=LIMIT)
            calls.append(("golden", method, payload, metadata))
        list(stream(iter([pb.RpcRequest(service_name=WHOLE[0], method_name=WHOLE[1], payload=b'{"a":1}')]),
                    timeout=LIMIT))
        calls.append((*WHOLE, '{"a":1}', {}))
    server.stop(0).wait()
    assert len(calls) == len(requests) == len(responses)
    return [(*call, request, response) for call, request, response in zip(calls, requests, responses)]


def literal(data):
    """A C++ literal of bytes: what is not plain ASCII as octal numbers, which end by themselves."""
    text = data.encode() if isinstance(data, str) else data
    plain = "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}" for b in text)
    return f'"{plain}"sv'


def header(calls):
    lines = [
        "//", "// Copyright (c) 2026 the joust authors", "//",
        "// Distributed under the Boost Software License, Version 1.0.",
        "// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)", "//", "",
        "#pragma once", "", "#include <string_view>", "",
        "// Written by test/interop/game_golden_test.py --update, from what stock grpcio peers sent each other.", "",
        "// clang-format off", "namespace joust::test {", "", "using namespace std::string_view_literals;", "",
        "struct golden_call {", "    std::string_view service;", "    std::string_view method;",
        "    std::string_view arguments; ///< as JSON; empty for no payload", "    std::string_view key;",
        "    std::string_view value;", "    std::string_view request;", "    std::string_view response;", "};", "",
        "inline constexpr golden_call golden_calls[] = {"]
    for service, method, arguments, metadata, request, response in calls:
        key, value = next(iter(metadata.items()), ("", ""))
        lines += [f"    {{{literal(service)}, {literal(method)},", f"     {literal(arguments)},",
                  f"     {literal(key)}, {literal(value)},", f"     {literal(request)},", f"     {literal(response)}}},"]
    return "\n".join([*lines, "};", "", "} // namespace joust::test", "// clang-format on", ""])


class Golden(unittest.TestCase):
    def test_stock_peers_still_send_what_was_recorded(self):
        self.assertEqual(header(record()), GOLDEN.read_text(encoding="ascii"))


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        GOLDEN.write_text(header(record()), encoding="ascii")
    else:
        peers.main()
