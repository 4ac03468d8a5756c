#!/usr/bin/env python3
"""A stock gRPC client of game_server: Debian's grpcio, generated messages, nothing of joust.

usage: demo_client.py ADDRESS      needs game_service_pb2 in the PYTHONPATH (build/PRESET/python)
"""

import json
import sys
import time

import grpc
import game_service_pb2 as pb


def request(service, method, arguments, **metadata):
    payload = json.dumps(arguments).encode() if arguments is not None else b""
    return pb.RpcRequest(service_name=service, method_name=method, payload=payload, metadata=metadata)


def value(response):
    return json.loads(response.payload) if response.payload else None


class Game:
    def __init__(self, channel):
        serialise = pb.RpcRequest.SerializeToString
        parse = pb.RpcResponse.FromString
        self.call = channel.unary_unary("/game.grpc.GameService/Call", serialise, parse)
        self.stream_call = channel.stream_stream("/game.grpc.GameService/StreamCall", serialise, parse)


def show(what, start, response):
    outcome = json.dumps(value(response)) if response.code == 0 else f"code {response.code}: {response.message}"
    print(f"{what}\n  -> {outcome}   ({(time.perf_counter() - start) * 1e3:.2f} ms)", flush=True)


def call(game, service, method, arguments):
    start = time.perf_counter()
    response = game.call(request(service, method, arguments), timeout=5)
    show(f"Call {service}.{method} {json.dumps(arguments)}", start, response)
    return response


def main():
    with grpc.insecure_channel(sys.argv[1]) as channel:
        game = Game(channel)
        player = call(game, "logic", "get_player_info", {"player_id": "456"})
        assert value(player)["player_id"] == "456", player
        assert player.message == "success", player
        assert value(call(game, "logic", "update_player", {"player_id": "456", "level": 2**31 - 1})) is True
        assert value(call(game, "logic", "get_player_info", {"player_id": "456"}))["level"] == 2**31 - 1
        assert call(game, "logic", "fail", {"code": 429, "message": "slow down"}).code == 429
        assert call(game, "logic", "nonesuch", None).code == 404
        assert call(game, "logic", "slow", {"ms": 20}).code == 0
        assert isinstance(value(call(game, "chat", "history", {"room": "demo"})), list)

        # One answer for each request, each before the next is sent.
        sent = []

        def updates():
            for level in (1, 2, 3):
                sent.append(time.perf_counter())
                yield request("logic", "batch_update", {"player_id": "456", "level": level})

        answers = []
        for response in game.stream_call(updates(), timeout=5):
            show(f"StreamCall logic.batch_update, answer {len(answers) + 1}", sent[len(answers)], response)
            answers.append(value(response))
        assert answers == [True, True, True], answers

        # As many answers as the method has.
        start = time.perf_counter()
        history = request("chat", "history", {"room": "demo"}, **{"joust-answers": "many"})
        messages = []
        for response in game.stream_call(iter([history]), timeout=5):
            show(f"StreamCall chat.history, '{response.message}'", start, response)
            messages.append(response.message)
        assert messages == ["more", "more", "success"], messages

        # A status, not a code: what is no RpcRequest.
        garbage = channel.unary_unary("/game.grpc.GameService/Call")
        try:
            garbage(b"\xff\xff", timeout=5)
            raise AssertionError("garbage was answered")
        except grpc.RpcError as e:
            print(f"Call with garbage\n  -> {e.code().name}: {e.details()}", flush=True)


main()
