"""The messages of grpc.health and grpc.reflection, and how stock clients call them."""

import os
import pathlib

from google.protobuf import descriptor_pb2, message_factory

import peers

HEALTH = "/grpc.health.v1.Health/"
REFLECTIONS = ("v1", "v1alpha")
LIMIT = 10  # seconds; far beyond what any call takes


def _load():
    folders = [pathlib.Path(p) for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p]
    folders.append(peers.BIN.parent / "python")
    data = next(f / "standard.pb" for f in folders if (f / "standard.pb").exists()).read_bytes()
    return message_factory.GetMessages(descriptor_pb2.FileDescriptorSet.FromString(data).file)


MESSAGES = _load()


def message(name):
    return MESSAGES["grpc." + name]


def health_call(channel, method):
    """Check and List are unary, Watch streams."""
    request = message("health.v1.HealthListRequest" if method == "List" else "health.v1.HealthCheckRequest")
    response = message("health.v1.HealthListResponse" if method == "List" else "health.v1.HealthCheckResponse")
    kind = channel.unary_stream if method == "Watch" else channel.unary_unary
    return kind(HEALTH + method, request.SerializeToString, response.FromString)


def reflect(channel, version, **question):
    """The response to one question."""
    request = message(f"reflection.{version}.ServerReflectionRequest")
    response = message(f"reflection.{version}.ServerReflectionResponse")
    call = channel.stream_stream(f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
                                 request.SerializeToString, response.FromString)
    return list(call(iter([request(**question)]), timeout=LIMIT))[0]


def files(response):
    """The descriptors that it brings."""
    return [descriptor_pb2.FileDescriptorProto.FromString(data)
            for data in response.file_descriptor_response.file_descriptor_proto]
