"""The client of gRPC's interop suite on grpcio: one case a run.

What its description wants to know of the compressed flag of a response stays unchecked: grpcio does not show it.
"""

import contextlib
import queue
import sys
import time

import grpc

from common import ECHO_INITIAL, ECHO_TRAILING, METHODS, SERVICE, flag_parser, pb, read

LIMIT = 30  # seconds for a call that should not take one
SIZES = ((27182, 31415), (8, 9), (1828, 2653), (45904, 58979))
MESSAGE = "test status message"
SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
UNKNOWN, CANCELLED = grpc.StatusCode.UNKNOWN, grpc.StatusCode.CANCELLED


class Failed(Exception):
    """The peer did something else than the case asks for."""


def expect(what, got, wanted):
    if got != wanted:
        raise Failed(f"{what} is {got!r}, not {wanted!r}")


def expect_zeros(what, payload, size):
    expect(f"size of {what}", len(payload.body), size)
    expect(f"zeros in {what}", payload.body.count(0), size)


def open_channel(flags):
    # Without a pool of its own, a second channel would share the connection of the first.
    options = [("grpc.use_local_subchannel_pool", 1)]
    address = f"{flags.server_host}:{flags.server_port}"
    name = flags.server_host_override
    if not flags.use_tls:
        return grpc.insecure_channel(address, options + ([("grpc.default_authority", name)] if name else []))
    if name:
        options.append(("grpc.ssl_target_name_override", name))
    roots = read(flags.ca_file) if flags.ca_file else None
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(roots), options)


def method(channel, name, service=SERVICE):
    kind, request, response = METHODS[service + name]
    return getattr(channel, kind)(
        service + name, request_serializer=request.SerializeToString, response_deserializer=response.FromString)


class Requests:
    """What a stream sends, message by message, until it is half-closed."""

    _END = object()

    def __init__(self):
        self._queue = queue.Queue()

    def send(self, request):
        self._queue.put(request)

    def close(self):
        self._queue.put(self._END)

    def __iter__(self):
        return iter(self._queue.get, self._END)


def zeros(size):
    return pb.Payload(body=bytes(size))


def simple(**more):
    return pb.SimpleRequest(response_size=314159, payload=zeros(271828), **more)


def ask(size, *responses):
    """A request of `size` bytes for responses of those sizes."""
    return pb.StreamingOutputCallRequest(
        response_parameters=[pb.ResponseParameters(size=s) for s in responses], payload=zeros(size))


def unary(channel, request, **options):
    response = method(channel, "UnaryCall")(request, timeout=LIMIT, **options)
    expect_zeros("the response", response.payload, request.response_size)


def failure(what, call, *arguments, **options):
    """The error with which a call ends, as it must."""
    try:
        call(*arguments, timeout=LIMIT, **options)
    except grpc.RpcError as error:
        return error
    raise Failed(f"{what} succeeded")


# --- the cases --------------------------------------------------------------------------------------------------------

def empty_unary(channel):
    expect("the response", method(channel, "EmptyCall")(pb.Empty(), timeout=LIMIT), pb.Empty())


def large_unary(channel):
    unary(channel, simple())


def client_compressed_unary(channel):
    probe = failure("the probe", method(channel, "UnaryCall"), simple(expect_compressed=pb.BoolValue(value=True)))
    expect("code of the probe", probe.code(), grpc.StatusCode.INVALID_ARGUMENT)
    unary(channel, simple(expect_compressed=pb.BoolValue(value=True)), compression=grpc.Compression.Gzip)
    unary(channel, simple(expect_compressed=pb.BoolValue(value=False)))


def server_compressed_unary(channel):
    for compressed in (True, False):
        unary(channel, simple(response_compressed=pb.BoolValue(value=compressed)))


def client_streaming(channel):
    requests = [pb.StreamingInputCallRequest(payload=zeros(size)) for size, _ in SIZES]
    response = method(channel, "StreamingInputCall")(iter(requests), timeout=LIMIT)
    expect("the aggregated size", response.aggregated_payload_size, 74922)


def streamed(channel, parameters):
    request = pb.StreamingOutputCallRequest(response_parameters=parameters)
    responses = list(method(channel, "StreamingOutputCall")(request, timeout=LIMIT))
    expect("the number of responses", len(responses), len(parameters))
    for response, wanted in zip(responses, parameters):
        expect_zeros("a response", response.payload, wanted.size)


def server_streaming(channel):
    streamed(channel, [pb.ResponseParameters(size=size) for _, size in SIZES])


def server_compressed_streaming(channel):
    streamed(channel, [pb.ResponseParameters(size=31415, compressed=pb.BoolValue(value=True)),
                       pb.ResponseParameters(size=92653, compressed=pb.BoolValue(value=False))])


def ping_pong(channel):
    requests = Requests()
    responses = method(channel, "FullDuplexCall")(iter(requests), timeout=LIMIT)
    for size, wanted in SIZES:
        requests.send(ask(size, wanted))
        expect_zeros("a response", next(responses).payload, wanted)
    requests.close()
    expect("what follows the responses", list(responses), [])


def empty_stream(channel):
    expect("the responses", list(method(channel, "FullDuplexCall")(iter(()), timeout=LIMIT)), [])


def custom_metadata(channel):
    metadata = ((ECHO_INITIAL, "test_initial_metadata_value"), (ECHO_TRAILING, b"\xab\xab\xab"))

    def check(call):
        expect(ECHO_INITIAL, dict(call.initial_metadata()).get(ECHO_INITIAL), metadata[0][1])
        expect(ECHO_TRAILING, dict(call.trailing_metadata()).get(ECHO_TRAILING), metadata[1][1])

    response, call = method(channel, "UnaryCall").with_call(simple(), timeout=LIMIT, metadata=metadata)
    expect_zeros("the response", response.payload, 314159)
    check(call)
    call = method(channel, "FullDuplexCall")(iter([ask(271828, 314159)]), timeout=LIMIT, metadata=metadata)
    responses = list(call)
    expect("the number of responses", len(responses), 1)
    expect_zeros("the response", responses[0].payload, 314159)
    check(call)


def status_code_and_message(channel):
    status = dict(code=2, message=MESSAGE)
    requests = [pb.StreamingOutputCallRequest(response_status=status)]
    stream = method(channel, "FullDuplexCall")
    for what, call, request in (
            ("UnaryCall", method(channel, "UnaryCall"), pb.SimpleRequest(response_status=status)),
            ("FullDuplexCall", lambda *a, **o: list(stream(*a, **o)), iter(requests))):
        error = failure(what, call, request)
        expect(f"code of {what}", error.code(), UNKNOWN)
        expect(f"message of {what}", error.details(), MESSAGE)


def special_status_message(channel):
    request = pb.SimpleRequest(response_status=dict(code=2, message=SPECIAL))
    error = failure("the call", method(channel, "UnaryCall"), request)
    expect("the code", error.code(), UNKNOWN)
    expect("the message", error.details(), SPECIAL)


def unimplemented_method(channel):
    error = failure("the call", method(channel, "UnimplementedCall"), pb.Empty())
    expect("the code", error.code(), grpc.StatusCode.UNIMPLEMENTED)


def unimplemented_service(channel):
    call = method(channel, "UnimplementedCall", "/grpc.testing.UnimplementedService/")
    expect("the code", failure("the call", call, pb.Empty()).code(), grpc.StatusCode.UNIMPLEMENTED)


def connect(channel):
    # Else a call could be cancelled, or end, before anything of it is sent.
    empty_unary(channel)


def cancel_after_begin(channel):
    connect(channel)
    with contextlib.closing(Requests()) as requests:
        call = method(channel, "StreamingInputCall").future(iter(requests), timeout=LIMIT)
        time.sleep(0.1)  # for the headers to leave
        call.cancel()
        expect("cancelled", call.cancelled(), True)
        expect("the code", call.code(), CANCELLED)


def cancel_after_first_response(channel):
    with contextlib.closing(Requests()) as requests:
        call = method(channel, "FullDuplexCall")(iter(requests), timeout=LIMIT)
        requests.send(ask(27182, 31415))
        expect_zeros("the response", next(call).payload, 31415)
        call.cancel()
        expect("the code", call.code(), CANCELLED)


def timeout_on_sleeping_server(channel):
    connect(channel)
    with contextlib.closing(Requests()) as requests:
        requests.send(ask(27182))
        call = method(channel, "FullDuplexCall")(iter(requests), timeout=0.001)
        with contextlib.suppress(grpc.RpcError):
            raise Failed(f"there was a response of {len(next(call).payload.body)} bytes")
        expect("the code", call.code(), grpc.StatusCode.DEADLINE_EXCEEDED)


def pick_first_unary(channel):
    request = pb.SimpleRequest(fill_server_id=True)
    servers = {method(channel, "UnaryCall")(request, timeout=LIMIT).server_id for _ in range(100)}
    expect("the number of servers", len(servers), 1)
    expect("a server without a name", "" in servers, False)


CASES = {f.__name__: f for f in (
    empty_unary, large_unary, client_compressed_unary, server_compressed_unary, client_streaming, server_streaming,
    server_compressed_streaming, ping_pong, empty_stream, custom_metadata, status_code_and_message,
    special_status_message, unimplemented_method, unimplemented_service, cancel_after_begin,
    cancel_after_first_response, timeout_on_sleeping_server, pick_first_unary)}


def run(flags):
    case = flags.test_case
    if case == "channel_soak":
        for _ in range(flags.soak_iterations):
            with open_channel(flags) as channel:
                large_unary(channel)
        return
    with open_channel(flags) as channel:
        if case == "rpc_soak":
            for _ in range(flags.soak_iterations):
                large_unary(channel)
        elif case in CASES:
            CASES[case](channel)
        else:
            raise Failed("there is no such case")


def main():
    parser = flag_parser()
    parser.add_argument("--server_host", default="127.0.0.1")
    parser.add_argument("--server_port", type=int, required=True)
    parser.add_argument("--server_host_override")
    parser.add_argument("--ca_file")
    parser.add_argument("--test_case", required=True)
    parser.add_argument("--soak_iterations", type=int, default=10)
    flags, _ = parser.parse_known_args()
    try:
        run(flags)
    except Failed as failed:
        sys.exit(f"{flags.test_case}: {failed}")
    except StopIteration:
        sys.exit(f"{flags.test_case}: the responses ended too early")
    except grpc.RpcError as error:
        sys.exit(f"{flags.test_case}: {error.code().name}: {error.details()}")


if __name__ == "__main__":
    main()
