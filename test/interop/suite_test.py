"""gRPC's interop suite, ours against ours: every case, plain text and TLS."""

import sys

import matrix
import peers

if __name__ == "__main__":
    sys.argv[1:] = [str(peers.BIN.parent), "joust"]
    sys.exit(matrix.main())
