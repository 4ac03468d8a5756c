"""GameService as the Python tests call it."""

import json

import game_service_pb2 as pb

SERVICE = "/game.grpc.GameService/"
LIMIT = 10  # seconds; far beyond what any call takes


def request(name, arguments=None, metadata=None, whole_name=False):
    """`arguments` is a value to be written as JSON, the bytes themselves, or None for no payload."""
    service, method = ("", name) if whole_name else name.rsplit(".", 1)
    if arguments is None:
        payload = b""
    elif isinstance(arguments, bytes):
        payload = arguments
    else:
        payload = json.dumps(arguments, ensure_ascii=False).encode()
    return pb.RpcRequest(service_name=service, method_name=method, payload=payload, metadata=metadata or {})
