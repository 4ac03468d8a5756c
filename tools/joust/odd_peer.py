"""A stock server for run_test that answers what game_server does not: GameService on Debian's grpcio.

Prints the port. The method says what is answered:
    echo     the payload as it came        pretty   JSON over several lines
    broken   no JSON                       garbage  no RpcResponse
    refuse   a gRPC status and metadata    metadata what came with the request
    list     a service that plays tricks   others   null
"""

import json
import sys
from concurrent import futures

import grpc
import game_service_pb2 as pb


def answer(data, context):
    request = pb.RpcRequest.FromString(data)
    payload = b"null"
    if request.method_name == "echo":
        payload = request.payload
    elif request.method_name == "pretty":
        payload = b'{\n  "n" : 1.10,\r\n\t"s": "a \\" b" ,\n "l":[ 1 , 2 ]\n}\n'
    elif request.method_name == "broken":
        payload = b'{"a":'
    elif request.method_name == "garbage":
        return b"\xff\xff\xff"
    elif request.method_name == "refuse":
        context.set_trailing_metadata((("x-why", "because"),))
        context.abort(grpc.StatusCode.PERMISSION_DENIED, "not\nyou")
    elif request.method_name == "metadata":
        headers = {k: v for k, v in context.invocation_metadata() if k.startswith("x-")}
        payload = json.dumps([dict(request.metadata), headers, request.service_name], sort_keys=True).encode()
    elif request.method_name == "list":
        payload = json.dumps([{"name": "a\x1b[31m", "address": "", "methods": ["m\n\u00e4"], "newer": 1}]).encode()
    return pb.RpcResponse(message="success", payload=payload).SerializeToString()


def answers(requests, context):
    for data in requests:
        yield answer(data, context)


methods = {
    "Call": grpc.unary_unary_rpc_method_handler(answer),
    "StreamCall": grpc.stream_stream_rpc_method_handler(answers),
}
server = grpc.server(futures.ThreadPoolExecutor(4))
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("game.grpc.GameService", methods),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
sys.stdin.read()  # until whoever started this is gone
server.stop(None)
