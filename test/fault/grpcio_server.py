"""GameService on stock grpcio, on a port that the caller chooses.

usage: grpcio_server.py HOST:PORT     says `listening on HOST:PORT`; SIGTERM drains it
"""

import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))

from game_peer import Peer  # noqa: E402

if __name__ == "__main__":
    address = sys.argv[1]
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # of all threads: one waits for it
    peer = Peer(bind=lambda server, _: server.add_insecure_port(address), options=[("grpc.so_reuseport", 0)])
    print(f"listening on {peer.address}", flush=True)
    signal.sigwait({signal.SIGTERM})
    peer.stop(5)
