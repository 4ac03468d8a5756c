'use strict';
// The four call kinds of joust.test.Echo under a stock client.

const assert = require('node:assert/strict');
const { Answers, Echo, MiB, assertStatus, grpc, inTime, metadata, sleep, status, unary } = require('./common.js');

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
const awkward = '100% größer\t你好 🎲';

module.exports = (address) => {
    const client = new Echo(address, grpc.credentials.createInsecure());
    const call = (request, options) => unary(client, 'Unary', request, options);
    const bidi = (options = inTime(), headers = []) => new Answers(client.BidiStream(metadata(headers), options));
    const serverStream = (request, options = inTime(), headers = []) =>
        new Answers(client.ServerStream(request, metadata(headers), options));

    function clientStream(requests, options = inTime(), headers = []) {
        let stream;
        const done = new Promise((resolve, reject) => {
            stream = client.ClientStream(metadata(headers), options, (error, response) =>
                (error ? reject(error) : resolve(response)));
        });
        done.catch(() => {});
        requests.forEach((r) => stream.write(r));
        return { stream, done };
    }

    async function report(headers = [], options = inTime()) {
        const { trailing } = await call({ text: 'report' }, { headers: [['x-report', '1'], ...headers], options }).done;
        return { deadline: trailing.get('x-deadline-ms')[0], cancelled: Number(trailing.get('x-cancelled-calls')[0]) };
    }

    /** One more call than before has been cancelled, by and by. */
    async function assertCancelled(before) {
        for (let i = 0; (await report()).cancelled === before; ++i) {
            assert.ok(i < 100, 'the server has not seen the cancellation');
            await sleep(20);
        }
    }

    return {
        async unary() {
            const { response } = await call({ text: awkward, data: everyByte }).done;
            assert.equal(response.text, awkward);
            assert.deepEqual(response.data, everyByte);
            assert.equal((await call({}).done).response.text, '');
        },

        async client_stream() {
            const { stream, done } = clientStream(['a', 'ü', 'c'].map((text) => ({ text, data: Buffer.from(text) })));
            stream.end();
            const reply = await done;
            assert.deepEqual([reply.text, reply.index, reply.data.toString()], ['aüc', 3, 'aüc']);
        },

        async server_stream() {
            const answers = serverStream({ text: 'x', count: 500 });
            const all = await answers.all();
            assert.deepEqual(all.map((r) => r.index), Array.from({ length: 500 }, (_, i) => i));
            assert.ok(all.every((r) => r.text === 'x'));
            await answers.ended;
        },

        async bidi_stream() {
            const answers = bidi();
            for (let i = 0; i < 20; ++i) { // each answer before the next request
                answers.call.write({ text: `m${i}`, count: 2 });
                for (const index of [0, 1]) {
                    const reply = await answers.next();
                    assert.deepEqual([reply.text, reply.index], [`m${i}`, index]);
                }
            }
            answers.call.end();
            assert.equal(await answers.next(), null);
            await answers.ended;
        },

        async empty_streams() {
            const { stream, done } = clientStream([]);
            stream.end();
            assert.equal((await done).index, 0);
            const none = serverStream({ count: 0 });
            assert.deepEqual(await none.all(), []);
            await none.ended;
            const both = bidi();
            both.call.end();
            assert.deepEqual(await both.all(), []);
            await both.ended;
        },

        async status() {
            for (let code = 1; code <= 16; ++code) {
                const failed = await assertStatus(code, call({ fail_code: code, fail_message: awkward }).done);
                assert.equal(failed.details, awkward);
            }
            const { done } = clientStream([{ text: 'a' }, { fail_code: 9, fail_message: 'enough' }]);
            assert.equal((await assertStatus(9, done)).details, 'enough');
        },

        async stream_status() {
            const answers = serverStream({ text: 'x', count: 3, fail_code: 10, fail_message: awkward });
            assert.equal((await answers.all()).length, 3);
            assert.equal((await assertStatus(10, answers.ended)).details, awkward);
            const both = bidi();
            both.call.write({ text: 'x', count: 1 });
            both.call.write({ fail_code: 11, fail_message: 'the end' });
            assert.equal((await both.all()).length, 1);
            assert.equal((await assertStatus(11, both.ended)).details, 'the end');
        },

        async status_details() {
            const data = Buffer.from([8, 5, 18, 3, 97, 98, 99]); // google.rpc.Status{code: 5, message: "abc"}
            const failed = await assertStatus(5, call({ fail_code: 5, fail_message: 'abc', data }).done);
            assert.deepEqual(failed.metadata.get('grpc-status-details-bin'), [data]);
        },

        async metadata() {
            const headers = [['x-echo-initial', 'a b'], ['x-echo-initial', 'c'], ['x-echo-trailing-bin', everyByte],
                ['x-echo-trailing-bin', Buffer.alloc(0)], ['x-long', 'v'.repeat(5000)]];
            const { initial, trailing } = await call({ text: 'x' }, { headers }).done;
            assert.equal(initial.get('x-echo-initial').join(', '), 'a b, c');
            assert.deepEqual(trailing.get('x-echo-trailing-bin'), [everyByte, Buffer.alloc(0)]);
            const answers = serverStream({ text: 'x', count: 1 }, inTime(), headers);
            assert.equal((await answers.initial).get('x-echo-initial').join(', '), 'a b, c');
            assert.equal((await answers.all()).length, 1);
            assert.deepEqual((await answers.ended).metadata.get('x-echo-trailing-bin')[0], everyByte);
            const failed = await assertStatus(5, call({ fail_code: 5, fail_message: 'x' }, { headers }).done);
            assert.equal(failed.initial.get('x-echo-initial').join(', '), 'a b, c');
            assert.deepEqual(failed.metadata.get('x-echo-trailing-bin')[0], everyByte);
        },

        async deadline() {
            const { cancelled } = await report();
            const start = Date.now();
            await assertStatus(status.DEADLINE_EXCEEDED, call({ delay_ms: 8000 }, { options: inTime(300) }).done);
            const answers = serverStream({ count: 2, delay_ms: 8000 }, inTime(300));
            assert.deepEqual(await answers.all(), []);
            await assertStatus(status.DEADLINE_EXCEEDED, answers.ended);
            assert.ok(Date.now() - start < 5000);
            await assertCancelled(cancelled);
        },

        async deadline_is_sent() {
            for (const ms of [2000, 90_000, 36_000_000]) {
                const left = Number((await report([], inTime(ms))).deadline);
                assert.ok(left > ms - 1500 && left <= ms + 1000, `${left} of ${ms}`);
            }
            assert.equal((await report([], {})).deadline, 'none');
        },

        async cancellation() {
            const { cancelled } = await report();
            const slow = call({ delay_ms: 8000 });
            await sleep(100);
            slow.call.cancel();
            await assertStatus(status.CANCELLED, slow.done);
            await assertCancelled(cancelled);
        },

        async stream_cancellation() {
            const { cancelled } = await report();
            const both = bidi();
            // Node half-closes before it resets, so that must not be all that the handler waits for.
            both.call.write({ text: 'x', count: 50, delay_ms: 100 });
            assert.equal((await both.next()).text, 'x');
            both.call.cancel();
            await assertStatus(status.CANCELLED, both.ended);
            await assertCancelled(cancelled);
        },

        async large_message() {
            const data = Buffer.alloc(3 * MiB, 'joust');
            assert.ok((await call({ data }).done).response.data.equals(data));
            const { stream, done } = clientStream(Array(3).fill({ data: data.subarray(0, MiB) }));
            stream.end();
            assert.equal((await done).data.length, 3 * MiB);
            const answers = serverStream({ data, count: 4 });
            assert.ok((await answers.all()).every((r) => r.data.equals(data)));
            await answers.ended;
            const both = bidi();
            both.call.write({ data, count: 2 });
            both.call.end();
            assert.ok((await both.all()).every((r) => r.data.equals(data)));
            await both.ended;
        },

        async too_large_message() {
            await assertStatus(status.RESOURCE_EXHAUSTED, call({ data: Buffer.alloc(5 * MiB) }).done);
            await call({}).done;
        },

        async unimplemented() {
            const raw = (b) => b;
            for (const path of ['/joust.test.Echo/Nothing', '/joust.test.Nobody/Unary']) {
                await assertStatus(status.UNIMPLEMENTED, new Promise((resolve, reject) => {
                    client.makeUnaryRequest(path, raw, raw, Buffer.alloc(0), metadata([]), inTime(),
                        (error) => (error ? reject(error) : resolve()));
                }));
            }
        },

        async many_calls() {
            const calls = Array.from({ length: 300 }, (_, i) => call({ text: String(i), delay_ms: i % 40 }).done);
            (await Promise.all(calls)).forEach(({ response }, i) => assert.equal(response.text, String(i)));
        },

        /** Refused if the server does not know gzip; the connection goes on either way. */
        async compressed_request() {
            const gzip = new Echo(address, grpc.credentials.createInsecure(),
                { 'grpc.default_compression_algorithm': 2 });
            try {
                const text = 'x'.repeat(1000);
                const { response } = await unary(gzip, 'Unary', { text }).done;
                assert.equal(response.text, text);
            } catch (error) {
                assert.equal(error.code, status.UNIMPLEMENTED, error.message);
            } finally {
                gzip.close();
            }
        },
    };
};
