"""Servers that speak HTTP/2 and answer calls of GameService wrongly: see CASES."""

import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))

import game_service_pb2 as pb  # noqa: E402
from http2_server import (DATA, END_HEADERS, END_STREAM, HEADERS, RESPONSE_HEADERS, TRAILERS, Connection,  # noqa: E402
                          Http2Server, frame)


class WrongConnection(Connection):
    """Answers each request as the server's case says; the right answer is the request's own payload."""

    def __init__(self, server, connection):
        super().__init__(server, connection)
        self.data = {}

    def run(self):
        if self.server.case == "silent":
            while self.bytes.read1(65536):
                pass
            return None
        return super().run()

    def on_data(self, stream, payload):
        self.data[stream] = self.data.get(stream, b"") + payload

    def message(self, stream):
        request = pb.RpcRequest.FromString(self.data.pop(stream, b"")[5:])
        response = pb.RpcResponse(message="success", payload=request.payload).SerializeToString()
        return b"\x00" + struct.pack(">I", len(response)) + response

    def whole(self, stream, messages):
        self.send(frame(HEADERS, END_HEADERS, stream, RESPONSE_HEADERS)
                  + b"".join(frame(DATA, 0, stream, m) for m in messages)
                  + frame(HEADERS, END_HEADERS | END_STREAM, stream, TRAILERS))

    def answer(self, stream):
        message = self.message(stream)
        self.windows.pop(stream, None)
        match self.server.case:
            case "mute":
                pass
            case "two_messages":
                self.whole(stream, [message, message])
            case "two_answers":
                self.whole(stream, [message])
                self.whole(stream, [message])
            case "later_stream":
                self.whole(stream + 1000, [message])
            case "earlier_stream":
                self.whole(stream - 2 if stream > 1 else stream, [message])
            case "no_status":
                self.send(frame(HEADERS, END_HEADERS, stream, RESPONSE_HEADERS)
                          + frame(DATA, END_STREAM, stream, message))
            case "garbage":
                self.send(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 10)


class WrongServer(Http2Server):
    """Listens on a port of its own until `close`."""

    CONNECTION = WrongConnection
    CASES = {
        "silent": "accepts connections and says nothing",
        "mute": "takes calls and answers none",
        "two_messages": "sends two messages in a unary answer",
        "two_answers": "answers each call twice",
        "later_stream": "answers on streams that nobody has opened",
        "earlier_stream": "answers on the stream of the call before",
        "no_status": "ends calls without a status",
        "garbage": "answers with HTTP/1.1",
    }

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"
