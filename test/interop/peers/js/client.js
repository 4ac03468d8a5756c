'use strict';
// The client of gRPC's interop suite on grpc-js: one case a run.
//
// What its description wants to know of the compressed flag of a response stays unchecked: grpc-js does not show it.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const { TestService, UnimplementedService, echoInitial, echoTrailing, flags, grpc, zeros } = require('./common.js');

const { status } = grpc;
const sizes = [[27182, 31415], [8, 9], [1828, 2653], [45904, 58979]];
const message = 'test status message';
const special = '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n';
const gzip = { 'grpc.default_compression_algorithm': 2 };
const noCompress = 2; // a flag of a single message
const options = flags();

function open(Service = TestService, more = {}) {
    // Without a pool of its own, a second client would share the connection of the first.
    const settings = { 'grpc.use_local_subchannel_pool': 1, ...more };
    const name = options.server_host_override;
    if (name) {
        settings['grpc.default_authority'] = name;
        settings['grpc.ssl_target_name_override'] = name;
    }
    const credentials = options.use_tls === 'true'
        ? grpc.credentials.createSsl(fs.readFileSync(options.ca_file)) : grpc.credentials.createInsecure();
    return new Service(`${options.server_host ?? '127.0.0.1'}:${options.server_port}`, credentials, settings);
}

const limit = (ms = 30_000) => ({ deadline: Date.now() + ms });

/** A call that ends with one response: `done` gives {response, initial, trailing} or throws the status. */
function single(client, method, { request, metadata = new grpc.Metadata() } = {}) {
    let call;
    const done = new Promise((resolve, reject) => {
        const seen = {};
        const answered = (error, response) => {
            seen.response = response;
            if (error) {
                reject(error);
            } else if (seen.trailing) {
                resolve(seen);
            }
        };
        call = request === undefined ? client[method](metadata, limit(), answered)
            : client[method](request, metadata, limit(), answered);
        call.on('metadata', (m) => { seen.initial = m; });
        call.on('status', (s) => {
            seen.trailing = s.metadata;
            if (seen.response) {
                resolve(seen);
            }
        });
    });
    done.catch(() => {}); // whoever awaits it is told
    return { call, done };
}

/** What a call with a stream of responses brings: `next` waits for one, null at the end; `ended` is the status. */
function responsesOf(call) {
    let failed = null;
    call.on('error', (error) => { failed = error; });
    const ended = new Promise((resolve) => { call.on('status', resolve); });
    const initial = new Promise((resolve) => { call.on('metadata', resolve); });
    const iterator = call[Symbol.asyncIterator]();
    return {
        ended,
        initial,
        async next() {
            const { value, done } = await iterator.next();
            return done ? null : value;
        },
        async all() {
            const list = [];
            for (let one = await this.next(); one !== null; one = await this.next()) {
                list.push(one);
            }
            assert.equal(failed, null);
            return list;
        },
    };
}

async function failure(what, promise) {
    const outcome = await promise.then(() => null, (error) => error);
    assert(outcome, `${what} succeeded`);
    if (outcome.code === undefined || outcome instanceof assert.AssertionError) {
        throw outcome;
    }
    return outcome;
}

function expectZeros(payload, size) {
    assert.equal(payload.body.length, size, `the payload has ${payload.body.length} bytes, not ${size}`);
    assert(payload.body.every((byte) => byte === 0), 'the payload is not all zeros');
}

const simple = (more) => ({ response_size: 314159, payload: zeros(271828), ...more });
const ask = (size, ...responses) => ({
    response_parameters: responses.map((s) => ({ size: s })), payload: zeros(size),
});

async function large(client, request = simple(), metadata = undefined) {
    const seen = await single(client, 'UnaryCall', { request, metadata }).done;
    expectZeros(seen.response.payload, request.response_size);
    return seen;
}

async function streamed(client, parameters) {
    const responses = await responsesOf(client.StreamingOutputCall({ response_parameters: parameters }, limit())).all();
    assert.equal(responses.length, parameters.length, `${responses.length} responses, not ${parameters.length}`);
    responses.forEach((response, i) => expectZeros(response.payload, parameters[i].size));
}

// Before a call that ends early, which else could be before anything of it is sent; and after it, or the reset would
// not be sent.
const connect = (client) => single(client, 'EmptyCall', { request: {} }).done;

const iterations = Number(options.soak_iterations ?? 10);

const cases = {
    async empty_unary(client) {
        assert.deepEqual((await single(client, 'EmptyCall', { request: {} }).done).response, {});
    },
    async large_unary(client) {
        await large(client);
    },
    async client_compressed_unary(client) {
        const compressing = open(TestService, gzip);
        const probe = await failure('the probe', large(client, simple({ expect_compressed: { value: true } })));
        assert.equal(probe.code, status.INVALID_ARGUMENT);
        await large(compressing, simple({ expect_compressed: { value: true } }));
        await large(client, simple({ expect_compressed: { value: false } }));
    },
    async server_compressed_unary(client) {
        for (const value of [true, false]) {
            await large(client, simple({ response_compressed: { value } }));
        }
    },
    async client_streaming(client) {
        const { call, done } = single(client, 'StreamingInputCall');
        sizes.forEach(([size]) => call.write({ payload: zeros(size) }));
        call.end();
        assert.equal((await done).response.aggregated_payload_size, 74922);
    },
    async client_compressed_streaming(client) {
        const first = { expect_compressed: { value: true }, payload: zeros(27182) };
        const second = { expect_compressed: { value: false }, payload: zeros(45904) };
        const probe = single(client, 'StreamingInputCall');
        probe.call.end(first);
        assert.equal((await failure('the probe', probe.done)).code, status.INVALID_ARGUMENT);

        const { call, done } = single(open(TestService, gzip), 'StreamingInputCall');
        await new Promise((sent) => { call.write(first, sent); });
        // write() hands the flags on in the place of an encoding, where Node takes nothing but encodings by now.
        await new Promise((sent) => { call._write(second, noCompress, sent); });
        call.end();
        assert.equal((await done).response.aggregated_payload_size, 73086);
    },
    async server_streaming(client) {
        await streamed(client, sizes.map(([, size]) => ({ size })));
    },
    async server_compressed_streaming(client) {
        await streamed(client, [{ size: 31415, compressed: { value: true } },
            { size: 92653, compressed: { value: false } }]);
    },
    async ping_pong(client) {
        const call = client.FullDuplexCall(limit());
        const responses = responsesOf(call);
        for (const [size, wanted] of sizes) {
            call.write(ask(size, wanted));
            const response = await responses.next();
            assert(response, 'the responses ended too early');
            expectZeros(response.payload, wanted);
        }
        call.end();
        assert.deepEqual(await responses.all(), []);
        assert.equal((await responses.ended).code, status.OK);
    },
    async empty_stream(client) {
        const call = client.FullDuplexCall(limit());
        const responses = responsesOf(call);
        call.end();
        assert.deepEqual(await responses.all(), []);
        assert.equal((await responses.ended).code, status.OK);
    },
    async custom_metadata(client) {
        const metadata = new grpc.Metadata();
        metadata.set(echoInitial, 'test_initial_metadata_value');
        metadata.set(echoTrailing, Buffer.from('ababab', 'hex'));
        const check = (initial, trailing) => {
            assert.deepEqual(initial.get(echoInitial), ['test_initial_metadata_value']);
            assert.deepEqual(trailing.get(echoTrailing), [Buffer.from('ababab', 'hex')]);
        };
        const { initial, trailing } = await large(client, simple(), metadata);
        check(initial, trailing);
        const call = client.FullDuplexCall(metadata, limit());
        const responses = responsesOf(call);
        call.end(ask(271828, 314159));
        const all = await responses.all();
        assert.equal(all.length, 1);
        expectZeros(all[0].payload, 314159);
        check(await responses.initial, (await responses.ended).metadata);
    },
    async status_code_and_message(client) {
        const request = { response_status: { code: status.UNKNOWN, message } };
        const unary = await failure('UnaryCall', single(client, 'UnaryCall', { request }).done);
        assert.deepEqual([unary.code, unary.details], [status.UNKNOWN, message]);
        const call = client.FullDuplexCall(limit());
        const responses = responsesOf(call);
        call.end(request);
        const duplex = await failure('FullDuplexCall', responses.all());
        assert.deepEqual([duplex.code, duplex.details], [status.UNKNOWN, message]);
    },
    async special_status_message(client) {
        const request = { response_status: { code: status.UNKNOWN, message: special } };
        const error = await failure('the call', single(client, 'UnaryCall', { request }).done);
        assert.deepEqual([error.code, error.details], [status.UNKNOWN, special]);
    },
    async unimplemented_method(client) {
        const error = await failure('the call', single(client, 'UnimplementedCall', { request: {} }).done);
        assert.equal(error.code, status.UNIMPLEMENTED);
    },
    async unimplemented_service() {
        const client = open(UnimplementedService);
        const error = await failure('the call', single(client, 'UnimplementedCall', { request: {} }).done);
        assert.equal(error.code, status.UNIMPLEMENTED);
    },
    async cancel_after_begin(client) {
        await connect(client);
        const { call, done } = single(client, 'StreamingInputCall');
        await sleep(100); // for the headers to leave
        call.cancel();
        assert.equal((await failure('the call', done)).code, status.CANCELLED);
        await connect(client);
    },
    async cancel_after_first_response(client) {
        const call = client.FullDuplexCall(limit());
        const responses = responsesOf(call);
        call.write(ask(27182, 31415));
        expectZeros((await responses.next()).payload, 31415);
        call.cancel();
        assert.equal((await failure('the call', responses.all())).code, status.CANCELLED);
        await connect(client);
    },
    async timeout_on_sleeping_server(client) {
        await connect(client);
        const call = client.FullDuplexCall(limit(1));
        const responses = responsesOf(call);
        call.write(ask(27182));
        assert.equal((await failure('the call', responses.all())).code, status.DEADLINE_EXCEEDED);
        await connect(client);
    },
    async pick_first_unary(client) {
        const servers = new Set();
        for (let i = 0; i < 100; ++i) {
            const seen = await single(client, 'UnaryCall', { request: { fill_server_id: true } }).done;
            servers.add(seen.response.server_id);
        }
        assert.equal(servers.size, 1, `${servers.size} servers answered`);
        assert(!servers.has(''), 'the server has no name');
    },
    async rpc_soak(client) {
        for (let i = 0; i < iterations; ++i) {
            await large(client);
        }
    },
    async channel_soak() {
        for (let i = 0; i < iterations; ++i) {
            const client = open();
            await large(client);
            client.close();
        }
    },
};

const name = options.test_case;
const run = Object.hasOwn(cases, name) ? cases[name](open()) : Promise.reject(new Error('there is no such case'));
run.then(() => process.exit(0), (error) => {
    console.error(`${name}: ${error.message.replace(/\s+/g, ' ')}`);
    process.exit(1);
});
