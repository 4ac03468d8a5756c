'use strict';
// A GameService on a stock server, with the methods of ../game_peer.py.

const { metadata, requests, sleep } = require('./common.js');

class Ended extends Error {}

const success = (value) => ({
    code: 0, message: 'success', payload: Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)),
});

function describe(request, call) {
    const headers = {};
    for (const key of Object.keys(call.metadata.getMap())) {
        headers[key] = call.metadata.get(key)
            .map((value) => (Buffer.isBuffer(value) ? value.toString('base64').replace(/=+$/, '') : value)).join(', ');
    }
    const deadline = Number(call.getDeadline());
    return {
        service: request.service_name, method: request.method_name, payload: request.payload.toString(),
        metadata: request.metadata, headers,
        deadline_ms: Number.isFinite(deadline) ? Math.trunc(deadline - Date.now()) : null,
    };
}

/** The responses to one request. */
async function* answers(request, call) {
    const method = request.method_name.slice(request.method_name.lastIndexOf('.') + 1);
    const args = request.payload.length === 0 ? {} : JSON.parse(request.payload);
    switch (method) {
        case 'slow':
            await sleep(args.ms);
            // falls through
        case 'echo':
            yield success(request.payload);
            break;
        case 'describe':
            yield success(describe(request, call));
            break;
        case 'fail':
            yield { code: args.code, message: args.message };
            break;
        case 'end':
            throw Object.assign(new Ended(),
                { code: args.code, details: args.message, metadata: metadata([['x-ended', 'yes']]) });
        case 'push': {
            const pushed = Array.from({ length: args.count }, (_, i) => i);
            if (request.metadata['joust-answers'] === 'many') {
                yield* pushed.map((value) => ({ ...success(value), message: 'more' }));
                yield success('end');
            } else {
                yield success([...pushed, 'end']);
            }
            break;
        }
        case 'big':
            yield success('x'.repeat(args.bytes));
            break;
        case 'nothing':
            yield success(Buffer.alloc(0));
            break;
        case 'broken':
            yield success(Buffer.from('{"a":'));
            break;
        default:
            yield { code: 404, message: `${request.service_name}.${request.method_name}: no such method` };
    }
}

/** A status that a method wanted is the call's; anything else is a fault of this program. */
function asStatus(error) {
    if (!(error instanceof Ended)) {
        console.error(error);
    }
    return error instanceof Ended ? error : { code: 13, details: String(error) };
}

module.exports = {
    async Call(call, callback) {
        try {
            callback(null, (await answers(call.request, call).next()).value);
        } catch (error) {
            callback(asStatus(error));
        }
    },

    async StreamCall(call) {
        try {
            for await (const request of requests(call)) {
                for await (const response of answers(request, call)) {
                    call.write(response);
                }
            }
            call.end();
        } catch (error) {
            call.emit('error', asStatus(error));
        }
    },
};
