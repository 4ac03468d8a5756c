"""The TestService of gRPC's interop suite on grpcio.

grpcio does not show a handler whether a message came compressed, so expect_compressed is not looked at.
"""

import concurrent.futures
import itertools
import os
import signal
import threading
import time

import grpc

from common import ECHO_INITIAL, ECHO_TRAILING, METHODS, SERVICE, STATUS, flag_parser, pb, read


def echo_metadata(context):
    """Sends the initial metadata; what compresses the call has to be set before."""
    sent = dict(context.invocation_metadata())
    context.send_initial_metadata([(ECHO_INITIAL, sent[ECHO_INITIAL])] if ECHO_INITIAL in sent else [])
    if ECHO_TRAILING in sent:
        context.set_trailing_metadata([(ECHO_TRAILING, sent[ECHO_TRAILING])])


def echo_status(request, context):
    """Whether the request asks for a status, which then ends the call."""
    if not request.HasField("response_status"):
        return False
    context.set_code(STATUS[request.response_status.code])
    context.set_details(request.response_status.message)
    return True


def zeros(size):
    return pb.Payload(body=bytes(size))


def empty_call(request, context):
    echo_metadata(context)
    return pb.Empty()


def unary_call(request, context):
    if request.response_compressed.value:
        context.set_compression(grpc.Compression.Gzip)
    echo_metadata(context)
    if echo_status(request, context):
        return pb.SimpleResponse()
    server_id = str(os.getpid()) if request.fill_server_id else ""
    return pb.SimpleResponse(payload=zeros(request.response_size), server_id=server_id)


def streaming_input_call(requests, context):
    echo_metadata(context)
    return pb.StreamingInputCallResponse(aggregated_payload_size=sum(len(r.payload.body) for r in requests))


def responses(requests, context):
    """The responses of all requests; the first request decides whether the call has an encoding."""
    requests = iter(requests)
    first = next(requests, None)
    encoded = first is not None and any(p.compressed.value for p in first.response_parameters)
    if encoded:
        context.set_compression(grpc.Compression.Gzip)
    echo_metadata(context)
    for request in itertools.chain([] if first is None else [first], requests):
        if echo_status(request, context):
            return
        for parameters in request.response_parameters:
            time.sleep(parameters.interval_us / 1e6)
            if encoded and not parameters.compressed.value:
                context.disable_next_message_compression()
            yield pb.StreamingOutputCallResponse(payload=zeros(parameters.size))


HANDLERS = {
    "EmptyCall": empty_call,
    "UnaryCall": unary_call,
    "StreamingInputCall": streaming_input_call,
    "StreamingOutputCall": lambda request, context: responses([request], context),
    "FullDuplexCall": responses,
    "HalfDuplexCall": lambda requests, context: responses(list(requests), context),
}


def handler(name, function):
    kind, request, response = METHODS[SERVICE + name]
    make = getattr(grpc, f"{kind}_rpc_method_handler")
    return make(function, request_deserializer=request.FromString, response_serializer=response.SerializeToString)


def main():
    parser = flag_parser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tls_cert_file")
    parser.add_argument("--tls_key_file")
    flags, _ = parser.parse_known_args()

    server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=64),
                         options=[("grpc.so_reuseport", 0)])
    service = SERVICE.strip("/")
    handlers = {name: handler(name, function) for name, function in HANDLERS.items()}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    address = f"127.0.0.1:{flags.port}"
    if flags.use_tls:
        pair = (read(flags.tls_key_file), read(flags.tls_cert_file))
        port = server.add_secure_port(address, grpc.ssl_server_credentials([pair]))
    else:
        port = server.add_insecure_port(address)

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    server.start()
    print(f"listening on 127.0.0.1:{port}", flush=True)
    stop.wait()
    server.stop(1).wait()


if __name__ == "__main__":
    main()
