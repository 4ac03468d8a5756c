"""A GameService on stock grpcio for our client to call; game_peer.js and game.go are the same service.

Every service name has these methods:

  echo                    answers the payload as it came, byte by byte
  describe                answers what arrived: {service, method, payload, metadata, headers, deadline_ms}; headers are
                          the gRPC metadata (several values joined by ", ", -bin as base64), deadline_ms may be null
  fail {code, message}    answers that code
  end {code, message}     ends the call with that gRPC status, and the trailer x-ended
  slow {ms}               echo, later
  push {count}            0 .. count-1 and then "end": many answers if the request asks for them, one array if not
  big {bytes}             a string of that length
  nothing, broken         success without a payload; success with half an object
"""

import base64
import json
import time
from concurrent import futures

import grpc

import game_service_pb2 as pb


class Ended(Exception):
    pass


def success(value):
    payload = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    return pb.RpcResponse(message="success", payload=payload)


def describe(request, context):
    headers = {}
    for key, value in context.invocation_metadata():
        text = base64.b64encode(value).decode().rstrip("=") if isinstance(value, bytes) else value
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    remaining = context.time_remaining()
    return {"service": request.service_name, "method": request.method_name, "payload": request.payload.decode(),
            "metadata": dict(request.metadata), "headers": headers,
            # Without a deadline grpcio says either None or centuries.
            "deadline_ms": None if remaining is None or remaining > 1e9 else int(remaining * 1000)}


def answers(request, context):
    """The responses to one request."""
    arguments = json.loads(request.payload or b"{}")
    method = request.method_name.rsplit(".", 1)[-1]
    if method == "slow":
        time.sleep(arguments["ms"] / 1000)
    if method in ("echo", "slow"):
        yield success(request.payload)
    elif method == "describe":
        yield success(describe(request, context))
    elif method == "fail":
        yield pb.RpcResponse(code=arguments["code"], message=arguments["message"])
    elif method == "end":
        context.set_trailing_metadata((("x-ended", "yes"),))
        context.set_code({c.value[0]: c for c in grpc.StatusCode}[arguments["code"]])
        context.set_details(arguments["message"])
        raise Ended
    elif method == "push":
        pushed = list(range(arguments["count"])) + ["end"]
        if request.metadata.get("joust-answers") == "many":
            for value in pushed[:-1]:
                yield pb.RpcResponse(message="more", payload=json.dumps(value).encode())
            yield success(pushed[-1])
        else:
            yield success(pushed)
    elif method == "big":
        yield success("x" * arguments["bytes"])
    elif method in ("nothing", "broken"):
        yield success({"nothing": b"", "broken": b'{"a":'}[method])
    else:
        yield pb.RpcResponse(code=404, message=f"{request.service_name}.{method}: no such method")


class Peer:
    """The service on a port of its own; `bind(server, address)` gives its number."""

    def __init__(self, host="127.0.0.1", bind=lambda server, at: server.add_insecure_port(at), **options):
        self.server = grpc.server(futures.ThreadPoolExecutor(max_workers=32), **options)
        self.server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("game.grpc.GameService", {
            "Call": grpc.unary_unary_rpc_method_handler(
                self._call, pb.RpcRequest.FromString, pb.RpcResponse.SerializeToString),
            "StreamCall": grpc.stream_stream_rpc_method_handler(
                self._stream_call, pb.RpcRequest.FromString, pb.RpcResponse.SerializeToString)}),))
        self.address = "%s:%d" % (host, bind(self.server, f"{host}:0"))
        self.server.start()

    def stop(self, grace=0):
        self.server.stop(grace).wait()

    @staticmethod
    def _call(request, context):
        try:
            return next(answers(request, context))
        except Ended:
            return pb.RpcResponse()

    @staticmethod
    def _stream_call(requests, context):
        for request in requests:
            try:
                yield from answers(request, context)
            except Ended:
                return
