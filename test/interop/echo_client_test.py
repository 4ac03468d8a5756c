"""bin/echo_client calls joust.test.Echo on a stock grpcio server, and prints a line for each case."""

import asyncio
import sys

import echo_peer
import peers


async def main():
    async with echo_peer.Peer() as peer:
        client = await asyncio.create_subprocess_exec(peers.BIN / "echo_client", peer.address)
        try:
            return await asyncio.wait_for(client.wait(), 150)
        except asyncio.TimeoutError:
            client.kill()
            return f"echo_client did not end: {await client.wait()}"


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
