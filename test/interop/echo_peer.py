"""joust.test.Echo on stock grpcio for our client to call, as test/support/echo_service.hpp answers it."""

import asyncio

import grpc.aio

import test_service_pb2 as pb

CODES = {c.value[0]: c for c in grpc.StatusCode}


class Peer:
    """The service on a port of its own; `async with Peer() as peer`."""

    def __init__(self, host="127.0.0.1", **options):
        self.cancelled = 0
        self.server = grpc.aio.server(**options)
        kinds = {"Unary": (grpc.unary_unary_rpc_method_handler, self._unary),
                 "ClientStream": (grpc.stream_unary_rpc_method_handler, self._client_stream),
                 "ServerStream": (grpc.unary_stream_rpc_method_handler, self._server_stream),
                 "BidiStream": (grpc.stream_stream_rpc_method_handler, self._bidi_stream)}
        self.server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("joust.test.Echo", {
            name: kind(self._counted(serve), pb.EchoRequest.FromString, pb.EchoReply.SerializeToString)
            for name, (kind, serve) in kinds.items()}),))
        self.address = "%s:%d" % (host, self.server.add_insecure_port(f"{host}:0"))

    async def __aenter__(self):
        await self.server.start()
        return self

    async def __aexit__(self, *_):
        await self.server.stop(None)

    def _counted(self, serve):
        async def counted(request, context):
            try:
                return await serve(request, context)
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        return counted

    async def _send_metadata(self, context):
        """What the request's metadata ask for; the trailing ones are returned, as a failure needs them again."""
        sent = context.invocation_metadata()
        trailing = tuple(pair for pair in sent if pair[0] == "x-echo-trailing-bin")
        if initial := [pair for pair in sent if pair[0] == "x-echo-initial"]:
            await context.send_initial_metadata(initial)
        if any(key == "x-report" for key, _ in sent):
            # Without a deadline grpcio says either None or centuries.
            left = context.time_remaining()
            text = "none" if left is None or left > 1e9 else str(int(left * 1000))
            trailing += (("x-deadline-ms", text), ("x-cancelled-calls", str(self.cancelled)))
        context.set_trailing_metadata(trailing)
        return trailing

    @staticmethod
    async def _fail_if_asked(request, context, trailing):
        if request.fail_code:
            details = (("grpc-status-details-bin", request.data),) if request.data else ()
            await context.abort(CODES[request.fail_code], request.fail_message, trailing + details)

    async def _unary(self, request, context):
        trailing = await self._send_metadata(context)
        await asyncio.sleep(request.delay_ms / 1000)
        await self._fail_if_asked(request, context, trailing)
        return pb.EchoReply(text=request.text, data=request.data)

    async def _client_stream(self, requests, context):
        trailing = await self._send_metadata(context)
        reply = pb.EchoReply()
        async for request in requests:
            await self._fail_if_asked(request, context, trailing)
            await asyncio.sleep(request.delay_ms / 1000)
            reply = pb.EchoReply(
                text=reply.text + request.text, data=reply.data + request.data, index=reply.index + 1)
        return reply

    async def _answer(self, request, context, trailing):
        for index in range(request.count):
            await asyncio.sleep(request.delay_ms / 1000)
            await context.write(pb.EchoReply(text=request.text, data=request.data, index=index))
        await self._fail_if_asked(request, context, trailing)

    async def _server_stream(self, request, context):
        await self._answer(request, context, await self._send_metadata(context))

    async def _bidi_stream(self, requests, context):
        trailing = await self._send_metadata(context)
        async for request in requests:
            await self._answer(request, context, trailing)
