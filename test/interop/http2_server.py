"""A server that misuses HTTP/2, in the way that each of gRPC's negative HTTP/2 tests asks for.

usage: http2_server.py TEST_CASE [PORT]     says `listening on HOST:PORT`, and on stderr what clients did wrong

Every request is taken for a large UnaryCall of grpc.testing.TestService; its headers are not decoded.
"""

import socket
import struct
import sys
import threading

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, ACK, END_HEADERS = 1, 1, 4
MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE = 3, 4
MAX_FRAME = 16384
RESPONSE_SIZE = 314159

# HPACK: fields of the static table or literal ones, none of them indexed.
RESPONSE_HEADERS = b"\x88\x0f\x10\x10application/grpc"
TRAILERS = b"\x00\x0bgrpc-status\x010"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def varint(n):
    low = bytes([n & 0x7F | (0x80 if n > 0x7F else 0)])
    return low if n <= 0x7F else low + varint(n >> 7)


def large_response():
    """SimpleResponse{payload: {body: zeros}}, with the prefix of a gRPC message."""
    body = b"\x12" + varint(RESPONSE_SIZE) + bytes(RESPONSE_SIZE)
    message = b"\x0a" + varint(len(body)) + body
    return b"\x00" + struct.pack(">I", len(message)) + message


class Connection:
    def __init__(self, server, connection):
        self.server = server
        self.socket = connection
        self.bytes = connection.makefile("rb")
        self.window = 65535
        self.initial_window = 65535
        self.windows = {}  # of streams that are open
        self.ready = []  # streams whose request is complete
        self.requests = 0
        self.settled = False  # the client has acknowledged our settings
        self.going_away = False
        self.pings = set()  # not acknowledged

    def run(self):
        if self.bytes.read(len(PREFACE)) != PREFACE:
            return self.server.complain("no preface")
        limit = struct.pack(">HI", MAX_CONCURRENT_STREAMS, 1) if self.server.case == "max_streams" else b""
        self.send(frame(SETTINGS, 0, 0, limit))
        while self.read_frame():
            while self.ready:
                self.answer(self.ready.pop(0))
        return None

    # --- reading ------------------------------------------------------------------------------------------------------

    def read_frame(self):
        """One frame; false at the end of the connection."""
        head = self.bytes.read(9)
        if len(head) < 9:
            return False
        size = int.from_bytes(head[:3], "big")
        kind, flags, stream = struct.unpack(">BBI", head[3:])
        payload = self.bytes.read(size)
        if kind == HEADERS:
            self.on_headers(stream)
        elif kind == DATA and size:
            self.on_data(stream, payload)
            for of in (0, stream):
                self.send(frame(WINDOW_UPDATE, 0, of, struct.pack(">I", size)))
        elif kind == SETTINGS:
            self.on_settings(flags, payload)
        elif kind == PING:
            self.on_ping(flags, payload)
        elif kind == WINDOW_UPDATE:
            self.on_window_update(stream, struct.unpack(">I", payload)[0])
        elif kind == RST_STREAM:
            self.windows.pop(stream, None)
        if kind in (HEADERS, DATA) and flags & END_STREAM:
            self.ready.append(stream)
        return True

    def on_headers(self, stream):
        if self.going_away:
            self.server.complain(f"stream {stream} behind GOAWAY")
        self.windows[stream] = self.initial_window
        self.requests += 1
        if self.server.case == "max_streams" and self.settled and len(self.windows) > 1:
            self.server.complain(f"stream {stream} while {len(self.windows) - 1} others are open")

    def on_data(self, stream, payload):
        """For those who look at requests."""

    def on_settings(self, flags, payload):
        if flags & ACK:
            self.settled = True
            return
        for name, value in struct.iter_unpack(">HI", payload):
            if name == INITIAL_WINDOW_SIZE:
                self.windows = {s: w + value - self.initial_window for s, w in self.windows.items()}
                self.initial_window = value
        self.send(frame(SETTINGS, ACK, 0))

    def on_ping(self, flags, payload):
        if not flags & ACK:
            self.send(frame(PING, ACK, 0, payload))
        elif payload in self.pings:
            self.pings.remove(payload)
        else:
            self.server.complain(f"an acknowledgement of no ping: {payload.hex()}")

    def on_window_update(self, stream, more):
        if stream == 0:
            self.window += more
        elif stream in self.windows:
            self.windows[stream] += more

    # --- answering ----------------------------------------------------------------------------------------------------

    def send(self, data):
        self.socket.sendall(data)

    def ping(self):
        self.pings.add(payload := struct.pack(">Q", self.server.next_ping()))
        self.send(frame(PING, 0, 0, payload))

    def wait_for_pings(self):
        """Until all are acknowledged: then everything that the client had sent before is read."""
        while self.pings and self.read_frame():
            pass

    def send_data(self, stream, data):
        """As far as the windows let it; frames that come meanwhile are read."""
        while data and stream in self.windows:
            size = min(MAX_FRAME, len(data), self.window, self.windows[stream])
            if size <= 0:
                if not self.read_frame():
                    return
                continue
            if self.server.case == "ping":
                self.ping()
            self.send(frame(DATA, 0, stream, data[:size]))
            self.window -= size
            self.windows[stream] -= size
            data = data[size:]

    def answer(self, stream):
        case, response = self.server.case, large_response()
        if case == "ping":
            self.ping()
        self.send(frame(HEADERS, END_HEADERS, stream, RESPONSE_HEADERS))
        if case == "rst_after_header":
            return self.reset(stream)
        if case == "rst_during_data":
            self.send_data(stream, response[:len(response) // 2])
            return self.reset(stream)
        self.send_data(stream, response)
        if case == "rst_after_data":
            return self.reset(stream)
        if case in ("ping", "max_streams"):  # so that a stream which was begun too early is seen
            self.ping()
            self.wait_for_pings()
        self.windows.pop(stream, None)
        self.send(frame(HEADERS, END_HEADERS | END_STREAM, stream, TRAILERS))
        if case == "goaway" and not self.going_away:
            self.going_away = True
            self.send(frame(GOAWAY, 0, 0, struct.pack(">II", stream, 0)))
        return None

    def reset(self, stream):
        self.windows.pop(stream, None)
        self.send(frame(RST_STREAM, 0, stream, struct.pack(">I", 0)))


class Http2Server:
    """Listens from when it is made until `close`; `complaints` are what clients did wrong."""

    CONNECTION = Connection
    CASES = ("goaway", "rst_after_header", "rst_during_data", "rst_after_data", "ping", "max_streams")

    def __init__(self, case, port=0):
        if case not in self.CASES:
            raise ValueError(f"no such case: {case}")
        self.case = case
        self.complaints = []
        self.connections = []
        self.pings = 0
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.accepting = threading.Thread(target=self._accept, daemon=True)
        self.accepting.start()

    def next_ping(self):
        self.pings += 1
        return self.pings

    def complain(self, what):
        self.complaints.append(what)
        print(f"http2_server {self.case}: {what}", file=sys.stderr, flush=True)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.accepting.join()
        self.listener.close()

    def _accept(self):
        while True:
            try:
                accepted, _ = self.listener.accept()
            except OSError:
                return
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections.append(self.CONNECTION(self, accepted))
            threading.Thread(target=self._serve, args=(self.connections[-1],), daemon=True).start()

    @staticmethod
    def _serve(connection):
        try:
            connection.run()
        except OSError:
            pass  # the client has gone
        finally:
            connection.bytes.close()
            connection.socket.close()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    serving = Http2Server(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 0)
    print(f"listening on 127.0.0.1:{serving.port}", flush=True)
    serving.accepting.join()
