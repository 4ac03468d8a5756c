"""A stock grpcio client learns from bin/game_server's reflection all that it needs to call it."""

import json
import unittest

import grpc
from google.protobuf import message_factory

import peers
from standard import LIMIT, REFLECTIONS, files, reflect

SERVICES = ["game.grpc.GameService", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection"]


class Reflection(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = peers.Program("game_server")
        cls.channel = grpc.insecure_channel(cls.server.address)

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()
        cls.server.stop()

    def ask(self, **question):
        """Both versions answer the same."""
        first, second = (reflect(self.channel, version, **question) for version in REFLECTIONS)
        self.assertEqual(first.SerializeToString(), second.SerializeToString())
        return first

    def test_list_services(self):
        response = self.ask(list_services="*", host="here")
        self.assertEqual([s.name for s in response.list_services_response.service], SERVICES)
        self.assertEqual((response.valid_host, response.original_request.list_services), ("here", "*"))

    def test_every_service_is_described(self):
        for name in SERVICES:
            with self.subTest(service=name):
                [file] = files(self.ask(file_containing_symbol=name))
                self.assertEqual(file.package + "." + file.service[0].name, name)
                self.assertEqual(files(self.ask(file_by_filename=file.name)), [file])

    def test_game_service_is_called_by_its_description(self):
        described = files(self.ask(file_containing_symbol="game.grpc.GameService.Call"))
        messages = message_factory.GetMessages(described)
        request, response = messages["game.grpc.RpcRequest"], messages["game.grpc.RpcResponse"]
        call = self.channel.unary_unary("/game.grpc.GameService/Call", request.SerializeToString, response.FromString)
        answer = call(request(service_name="logic", method_name="get_player_info", payload=b'{"player_id":"7"}'),
                      timeout=LIMIT)
        self.assertEqual((answer.code, json.loads(answer.payload)["player_id"]), (0, "7"))

    def test_extensions(self):
        numbers = self.ask(all_extension_numbers_of_type="game.grpc.RpcRequest").all_extension_numbers_response
        self.assertEqual((numbers.base_type_name, list(numbers.extension_number)), ("game.grpc.RpcRequest", []))

    def test_what_is_unknown_is_not_found(self):
        for question in ({"file_containing_symbol": "nothing"}, {"file_by_filename": "nothing.proto"},
                         {"all_extension_numbers_of_type": "nothing"},
                         {"file_containing_extension": {"containing_type": "nothing", "extension_number": 1}}):
            with self.subTest(**question):
                self.assertEqual(self.ask(**question).error_response.error_code, grpc.StatusCode.NOT_FOUND.value[0])


if __name__ == "__main__":
    peers.main()
