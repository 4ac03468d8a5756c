"""A stock grpcio client asks bin/game_server for its health."""

import threading
import unittest

import grpc

import peers
from standard import LIMIT, health_call, message

UNKNOWN, SERVING, NOT_SERVING, SERVICE_UNKNOWN = range(4)
GAME = "game.grpc.GameService"
REQUEST = message("health.v1.HealthCheckRequest")


class Health(unittest.TestCase):
    def setUp(self):
        self.server = peers.Program("game_server")
        self.addCleanup(self.server.stop)
        self.channel = grpc.insecure_channel(self.server.address)
        self.addCleanup(self.channel.close)

    def check(self, service):
        return health_call(self.channel, "Check")(REQUEST(service=service), timeout=LIMIT).status

    def watch(self, service):
        return health_call(self.channel, "Watch")(REQUEST(service=service), timeout=LIMIT)

    def test_check(self):
        self.assertEqual(self.check(""), SERVING)
        self.assertEqual(self.check(GAME), SERVING)
        with self.assertRaises(grpc.RpcError) as caught:
            self.check("nothing")
        self.assertEqual(caught.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_list(self):
        response = health_call(self.channel, "List")(message("health.v1.HealthListRequest")(), timeout=LIMIT)
        self.assertEqual({name: s.status for name, s in response.statuses.items()}, {"": SERVING, GAME: SERVING})

    def test_watch_of_an_unknown_service_stays_open(self):
        call = self.watch("nothing")
        self.assertEqual(next(call).status, SERVICE_UNKNOWN)
        late = threading.Timer(0.5, call.cancel)
        late.start()
        with self.assertRaises(grpc.RpcError) as caught:
            next(call)
        late.join()
        self.assertEqual(caught.exception.code(), grpc.StatusCode.CANCELLED)
        self.assertEqual(self.check(""), SERVING)

    def test_watch_sees_the_drain_and_does_not_delay_it(self):
        calls = [self.watch(service) for service in ("", GAME, "nothing") for _ in range(5)]
        first = [next(call).status for call in calls]
        self.assertEqual(first, [SERVING] * 10 + [SERVICE_UNKNOWN] * 5)
        self.server.process.terminate()
        for call in calls[:10]:
            self.assertEqual(next(call).status, NOT_SERVING)
        for call in calls:
            with self.assertRaises(grpc.RpcError) as caught:
                next(call)
            self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAVAILABLE)
        self.assertEqual(self.server.process.wait(3), 0)  # its drain would cancel them after 5 s


if __name__ == "__main__":
    peers.main()
