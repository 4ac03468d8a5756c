"""Faults of a network between network namespaces: packets that are lost, a server that cannot be reached."""

import contextlib
import os
import shutil
import subprocess
import time

from judge import Row
from processes import BIN, Load, Server

FAULT = "loss of packets, 5 % (netem)"


class Unavailable(Exception):
    """This machine has no such faults; the text says why."""


def ip(*arguments, program="ip"):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise Unavailable(f"{program} {' '.join(arguments[:4])}: {done.stderr.strip()}")


class Network:
    """A namespace for the client and one for each of three servers, each with a wire to the client's."""

    def __init__(self):
        self.rest = contextlib.ExitStack()
        self.name = f"joust-{os.getpid()}"
        self.servers = []

    def __enter__(self):
        if shutil.which("ip") is None or os.geteuid() != 0:
            raise Unavailable("needs ip and root")
        with self.rest:
            self._add(self.client)
            for i in range(3):
                self._add(self.of(i))
                ip("link", "add", f"to{i}", "netns", self.client, "type", "veth", "peer", "name", "eth0", "netns",
                   self.of(i))
                for space, device, last in ((self.client, f"to{i}", 1), (self.of(i), "eth0", 2)):
                    ip("-n", space, "address", "add", f"10.231.{i}.{last}/30", "dev", device)
                    ip("-n", space, "link", "set", device, "up")
                command = ["ip", "netns", "exec", self.of(i), str(BIN / "game_server"), "--listen"]
                self.servers.append(Server(command, f"10.231.{i}.2"))
                self.rest.callback(self.servers[-1].end)
            self.rest = self.rest.pop_all()
        return self

    def __exit__(self, *_):
        self.rest.close()

    @property
    def client(self):
        return self.name + "-c"

    def of(self, i):
        return f"{self.name}-{i}"

    def _add(self, space):
        ip("netns", "add", space)
        self.rest.callback(ip, "netns", "delete", space)
        ip("-n", space, "link", "set", "lo", "up")

    def load(self, rate):
        load = Load([s.address for s in self.servers], prefix=["ip", "netns", "exec", self.client], rate=rate,
                    run=120000)
        self.rest.callback(load.end)
        load.wait_for("state", "READY")
        time.sleep(2)
        return load


def partition():
    """What one server sends goes nowhere, and so do its acknowledgements."""
    fault = "partition: 1 of 3 (namespace)"
    try:
        with Network() as network:
            load = network.load(500)
            begin = time.monotonic()
            ip("-n", network.of(0), "route", "add", "blackhole", "10.231.0.1/32")
            time.sleep(4)
            ip("-n", network.of(0), "route", "delete", "blackhole", "10.231.0.1/32")
            healed = time.monotonic()
            time.sleep(4)
            load.finish()
            row = Row.of(fault, "joust", load, begin)
            row.promise(row.failed == 0, f"{row.failed} calls failed")
            back = load.first("opened", network.servers[0].address, healed)
            return row.promise(back is not None, "the server is not called again")
    except Unavailable as e:
        return Row(fault, "joust", skipped=str(e))


def loss():
    try:
        with Network() as network:
            load = network.load(200)
            for i in range(3):
                ip("-n", network.client, "qdisc", "add", "dev", f"to{i}", "root", "netem", "loss", "5%", program="tc")
            begin = time.monotonic()
            time.sleep(5)
            for i in range(3):
                ip("-n", network.client, "qdisc", "delete", "dev", f"to{i}", "root", program="tc")
            healed = time.monotonic()
            time.sleep(3)
            load.finish()
            row = Row.of(FAULT, "joust", load, healed, begin)
            return row.promise(row.failed == 0, f"{row.failed} calls failed")
    except Unavailable as e:
        return Row(FAULT, "joust", skipped=str(e))


PARTITIONS = (partition, loss)
