'use strict';
// The TestService of gRPC's interop suite on grpc-js, whose servers neither compress nor show a handler whether a
// message came compressed.

const fs = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const { TestService, echoInitial, echoTrailing, flags, grpc, zeros } = require('./common.js');

/** Sends the initial metadata that the call asks for; gives what goes with the status. */
function echoMetadata(call) {
    const [initial] = call.metadata.get(echoInitial);
    const [echo] = call.metadata.get(echoTrailing);
    if (initial !== undefined) {
        const metadata = new grpc.Metadata();
        metadata.set(echoInitial, initial);
        call.sendMetadata(metadata);
    }
    const trailing = new grpc.Metadata();
    if (echo !== undefined) {
        trailing.set(echoTrailing, echo);
    }
    return trailing;
}

/** The status that the request asks for, or nothing. */
function failure(request, trailing) {
    const status = request.response_status;
    return status && { code: status.code, details: status.message, metadata: trailing };
}

/** Answers all of `requests`, which may still be coming. */
async function respond(call, requests) {
    const trailing = echoMetadata(call);
    let failed = null;
    for await (const request of requests) {
        failed = failure(request, trailing);
        if (failed) {
            break;
        }
        for (const { size, interval_us: interval } of request.response_parameters) {
            if (interval > 0) {
                await sleep(interval / 1000);
            }
            call.write({ payload: zeros(size) });
        }
    }
    if (failed) {
        call.emit('error', failed);
    } else {
        call.end(trailing);
    }
}

/** The requests of a stream; one that is cut short just ends. */
async function* requestsOf(call) {
    try {
        yield* call.iterator({ destroyOnReturn: false });
    } catch {
        // The client has gone.
    }
}

async function all(requests) {
    const list = [];
    for await (const request of requests) {
        list.push(request);
    }
    return list;
}

const handlers = {
    EmptyCall(call, done) {
        done(null, {}, echoMetadata(call));
    },
    UnaryCall(call, done) {
        const trailing = echoMetadata(call);
        const failed = failure(call.request, trailing);
        if (failed) {
            done(failed);
        } else {
            const serverId = call.request.fill_server_id ? String(process.pid) : '';
            done(null, { payload: zeros(call.request.response_size), server_id: serverId }, trailing);
        }
    },
    async StreamingInputCall(call, done) {
        const trailing = echoMetadata(call);
        let size = 0;
        for await (const request of requestsOf(call)) {
            size += request.payload?.body.length ?? 0;
        }
        done(null, { aggregated_payload_size: size }, trailing);
    },
    StreamingOutputCall: (call) => respond(call, [call.request]),
    FullDuplexCall: (call) => respond(call, requestsOf(call)),
    HalfDuplexCall: async (call) => respond(call, await all(requestsOf(call))),
};

const options = flags();
const credentials = options.use_tls === 'true'
    ? grpc.ServerCredentials.createSsl(null, [{
        private_key: fs.readFileSync(options.tls_key_file), cert_chain: fs.readFileSync(options.tls_cert_file),
    }])
    : grpc.ServerCredentials.createInsecure();
const server = new grpc.Server();
server.addService(TestService.service, handlers);
server.bindAsync(`127.0.0.1:${options.port}`, credentials, (error, port) => {
    if (error) {
        console.error(error.message);
        process.exit(1);
    }
    console.log(`listening on 127.0.0.1:${port}`);
});
process.on('SIGTERM', () => {
    server.forceShutdown();
    process.exit(0);
});
