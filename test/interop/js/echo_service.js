'use strict';
// joust.test.Echo on a stock server, as test/support/echo_service.hpp answers it.

const { grpc, requests, sleep } = require('./common.js');

let cancelledCalls = 0;

/** Sends the metadata that the request asks for; gives what goes with the status. */
function echoMetadata(call) {
    const initial = new grpc.Metadata();
    const trailing = new grpc.Metadata();
    call.metadata.get('x-echo-initial').forEach((value) => initial.add('x-echo-initial', value));
    call.metadata.get('x-echo-trailing-bin').forEach((value) => trailing.add('x-echo-trailing-bin', value));
    if (Object.keys(initial.getMap()).length !== 0) {
        call.sendMetadata(initial);
    }
    if (call.metadata.get('x-report').length !== 0) {
        const deadline = call.getDeadline();
        const left = Number.isFinite(Number(deadline)) ? String(Math.trunc(Number(deadline) - Date.now())) : 'none';
        trailing.add('x-deadline-ms', left);
        trailing.add('x-cancelled-calls', String(cancelledCalls));
    }
    call.on('cancelled', () => { ++cancelledCalls; });
    return trailing;
}

/** The status that the request wants, or nothing. */
function failure(request, trailing) {
    if (request.fail_code === 0) {
        return null;
    }
    const all = trailing.clone();
    if (request.data.length !== 0) {
        all.set('grpc-status-details-bin', request.data);
    }
    return { code: request.fail_code, details: request.fail_message, metadata: all };
}

async function pause(request) {
    if (request.delay_ms !== 0) {
        await sleep(request.delay_ms);
    }
}

/** Resolves once the call takes more, or nothing any more. */
const drained = (call) => new Promise((resolve) => {
    const go = () => {
        call.off('drain', go).off('cancelled', go);
        resolve();
    };
    call.on('drain', go).on('cancelled', go);
});

/** The replies to one request; a status when the request wants the call to end with one. */
async function answer(call, request, trailing) {
    for (let index = 0; index < request.count && !call.cancelled; ++index) {
        await pause(request);
        if (!call.cancelled && !call.write({ text: request.text, data: request.data, index })) {
            await drained(call);
        }
    }
    return failure(request, trailing);
}

function finish(call, failed, trailing) {
    if (failed) {
        call.emit('error', failed);
    } else {
        call.end(trailing);
    }
}

module.exports = {
    async Unary(call, callback) {
        const trailing = echoMetadata(call);
        const { request } = call;
        await pause(request);
        const failed = failure(request, trailing);
        if (failed) {
            callback(failed);
        } else {
            callback(null, { text: request.text, data: request.data }, trailing);
        }
    },

    async ClientStream(call, callback) {
        const trailing = echoMetadata(call);
        const seen = [];
        for await (const request of requests(call)) {
            const failed = failure(request, trailing);
            if (failed) {
                callback(failed);
                return;
            }
            await pause(request);
            seen.push(request);
        }
        const reply = {
            text: seen.map((r) => r.text).join(''), data: Buffer.concat(seen.map((r) => r.data)), index: seen.length,
        };
        callback(null, reply, trailing);
    },

    async ServerStream(call) {
        const trailing = echoMetadata(call);
        finish(call, await answer(call, call.request, trailing), trailing);
    },

    async BidiStream(call) {
        const trailing = echoMetadata(call);
        let failed = null;
        for await (const request of requests(call)) {
            failed = await answer(call, request, trailing);
            if (failed) {
                break;
            }
        }
        finish(call, failed, trailing); // not within the loop, which would take the error for its own
    },
};
