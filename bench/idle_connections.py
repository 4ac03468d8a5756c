#!/usr/bin/env python3
"""Opens HTTP/2 connections to HOST:PORT and keeps them, idle, until stdin ends.

usage: idle_connections.py HOST:PORT COUNT [--call]

Each has completed the handshake: SETTINGS and their acknowledgements both ways, and with --call one call of
/bench.Echo/Unary. Prints "ready" when all are there.
"""
import socket
import sys

DATA, HEADERS, SETTINGS = 0, 1, 4
ACK = END_STREAM = 1
END_HEADERS = 4


def frame(kind, flags=0, stream=0, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def literal(index, value, name=b""):
    """HPACK: a literal without indexing, with an indexed name below 15 or its own."""
    named = bytes((index,)) if index else b"\0" + bytes((len(name),)) + name
    return named + bytes((len(value),)) + value


def request(authority):
    post_http = b"\x83\x86"
    head = post_http + literal(4, b"/bench.Echo/Unary") + literal(1, authority) + literal(0, b"trailers", b"te") + \
        literal(0, b"application/grpc", b"content-type")
    return frame(HEADERS, END_HEADERS, 1, head) + frame(DATA, END_STREAM, 1, b"\0\0\0\0\x0chello, joust")


class Reader:
    def __init__(self, sock):
        self.sock = sock
        self.bytes = b""

    def take(self, n):
        while len(self.bytes) < n:
            more = self.sock.recv(4096)
            if not more:
                sys.exit("idle_connections: the server closed a connection")
            self.bytes += more
        taken, self.bytes = self.bytes[:n], self.bytes[n:]
        return taken

    def wait_for(self, kind, flag):
        while True:
            head = self.take(9)
            self.take(int.from_bytes(head[:3], "big"))
            if head[3] == kind and head[4] & flag:
                return


def open_connection(host, port, call):
    sock = socket.create_connection((host, port))
    sock.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS) + frame(SETTINGS, ACK))
    reader = Reader(sock)
    reader.wait_for(SETTINGS, ACK)
    if call:
        sock.sendall(request(f"{host}:{port}".encode()))
        reader.wait_for(HEADERS, END_STREAM)
    return sock


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    sockets = [open_connection(host, int(port), "--call" in sys.argv) for _ in range(int(sys.argv[2]))]
    print("ready", len(sockets), flush=True)
    sys.stdin.read()


main()
