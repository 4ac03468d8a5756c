"""What both sides share: the messages of grpc.testing, the methods of its TestService, and the flags."""

import argparse
import os

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def _load():
    """Every message and service of the descriptor set in $INTEROP_DESCRIPTORS."""
    files = descriptor_pb2.FileDescriptorSet()
    with open(os.environ["INTEROP_DESCRIPTORS"], "rb") as f:
        files.ParseFromString(f.read())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    factory = message_factory.MessageFactory(pool)

    def message(descriptor):
        return factory.GetPrototype(descriptor)

    messages, methods = {}, {}
    for file in files.file:
        for m in file.message_type:
            messages[m.name] = message(pool.FindMessageTypeByName(f"{file.package}.{m.name}"))
        for service in file.service:
            for rpc in service.method:
                descriptor = pool.FindServiceByName(f"{file.package}.{service.name}").methods_by_name[rpc.name]
                kind = "_".join("stream" if streams else "unary"
                                for streams in (rpc.client_streaming, rpc.server_streaming))
                methods[f"/{file.package}.{service.name}/{rpc.name}"] = (
                    kind, message(descriptor.input_type), message(descriptor.output_type))
    return argparse.Namespace(**messages), methods


pb, METHODS = _load()

SERVICE = "/grpc.testing.TestService/"
ECHO_INITIAL = "x-grpc-test-echo-initial"
ECHO_TRAILING = "x-grpc-test-echo-trailing-bin"
STATUS = {code.value[0]: code for code in grpc.StatusCode}


def flag_parser():
    """A parser with the flag that both sides know; booleans are the words true and false."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--use_tls", type=boolean, default=False)
    return parser


def boolean(word):
    return {"true": True, "false": False}[word.lower()]


def read(path):
    with open(path, "rb") as f:
        return f.read()
