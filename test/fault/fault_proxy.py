"""A TCP proxy between a client and one server whose faults can be switched while it runs."""

import asyncio
import contextlib
import random
import socket
import struct
import threading


class FaultProxy:
    """Listens from when it is made until `close`. What it does to bytes are its attributes, which any thread may set:

    delay       seconds that each piece waits, in both directions
    bandwidth   bytes a second, in each direction; None: as many as there are
    swallow     connections stay and are accepted, and nothing arrives: half open
    corrupt     one byte of every so many pieces that the server sends is another; 0: none
    """

    def __init__(self, to):
        host, port = to.rsplit(":", 1)
        self.to = (host, int(port))
        self.delay = 0
        self.bandwidth = None
        self.swallow = False
        self.corrupt = 0
        self._pieces = 0
        self._random = random.Random(1)
        self._writers = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def cut(self):
        """Ends all connections in order; the next ones are accepted."""
        self._loop.call_soon_threadsafe(self._end_all, False)

    def reset(self):
        """Ends all connections with RST."""
        self._loop.call_soon_threadsafe(self._end_all, True)

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, sock=self._listener))
        self._loop.run_forever()
        server.close()
        self._end_all(True)
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(self._loop), return_exceptions=True))
        self._loop.close()

    def _end_all(self, abruptly):
        for writer in list(self._writers):
            if abruptly:
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()
            else:
                writer.close()

    async def _serve(self, reader, writer):
        with contextlib.suppress(OSError):
            to_reader, to_writer = await asyncio.open_connection(*self.to)
            await asyncio.gather(self._forward(reader, to_writer, writer, False),
                                 self._forward(to_reader, writer, to_writer, True))
        writer.close()

    async def _forward(self, source, sink, back, from_server):
        sink.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._writers.add(sink)
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                if self.bandwidth:
                    await asyncio.sleep(len(data) / self.bandwidth)
                if self.swallow:
                    continue
                sink.write(self._corrupted(data) if from_server else data)
                await sink.drain()
        self._writers.discard(sink)
        sink.close()
        back.close()

    def _corrupted(self, data):
        self._pieces += 1
        if not self.corrupt or self._pieces % self.corrupt:
            return data
        changed = bytearray(data)
        changed[self._random.randrange(len(changed))] ^= 1 << self._random.randrange(8)
        return bytes(changed)
