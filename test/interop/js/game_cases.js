'use strict';
// bin/game_server under a stock client.

const assert = require('node:assert/strict');
const {
    Answers, GameService, MiB, assertStatus, grpc, inTime, metadata, sleep, status, unary,
} = require('./common.js');

module.exports = (address) => {
    const client = new GameService(address, grpc.credentials.createInsecure());

    function request(name, args, { wholeName = false, ...rest } = {}) {
        const dot = name.lastIndexOf('.');
        const text = typeof args === 'string' ? args : JSON.stringify(args) ?? '';
        return {
            service_name: wholeName ? '' : name.slice(0, dot), method_name: wholeName ? name : name.slice(dot + 1),
            payload: Buffer.from(text), ...rest,
        };
    }

    const call = async (name, args, rest, options) =>
        (await unary(client, 'Call', request(name, args, rest), { options }).done).response;
    const stream = (options = inTime()) => new Answers(client.StreamCall(metadata([]), options));

    async function answers(...requests) {
        const s = stream();
        requests.forEach((r) => s.call.write(r));
        s.call.end();
        const all = await s.all();
        await s.ended;
        return all;
    }

    function assertSuccess(response, expected) {
        assert.deepEqual([response.code, response.message], [0, 'success']);
        assert.deepEqual(JSON.parse(response.payload), expected);
    }

    function assertRefused(response, code, said) {
        assert.equal(response.code, code, response.message);
        assert.ok(response.message.includes(said), response.message);
        assert.equal(response.payload.length, 0);
    }

    const player = (id) => request('logic.get_player_info', { player_id: id });
    const many = { metadata: { 'joust-answers': 'many' } };

    return {
        async call() {
            const response = await call('logic.get_player_info', { player_id: '42' });
            assert.equal(response.payload.toString(), '{"player_id":"42","level":10,"name":"Player 42"}');
            assertSuccess(response, { player_id: '42', level: 10, name: 'Player 42' });
        },

        async empty_answer() {
            const response = await call('logic.fail', { code: 0, message: '' });
            assert.deepEqual([response.code, response.message, response.payload.length], [0, 'success', 0]);
        },

        async unknown_service() {
            assertRefused(await call('nowhere.get'), 404, 'nowhere');
        },

        async unknown_method() {
            assertRefused(await call('logic.nothing'), 404, 'nothing');
        },

        async bad_arguments() {
            for (const [args, said] of [[undefined, 'player_id'], [{ player_id: 1 }, 'player_id'], ['[]', 'object'],
                ['{', ''], [{ player_id: '1', extra: 1 }, 'extra']]) {
                assertRefused(await call('logic.get_player_info', args), 400, said);
            }
        },

        async handler_error() {
            for (const code of [400, 404, 429, 503, 504, 999, -1]) {
                assertRefused(await call('logic.fail', { code, message: 'größer 🎲' }), code, 'größer 🎲');
            }
        },

        async handler_crash() {
            const response = await call('logic.crash');
            assertRefused(response, 500, 'logic.crash: the handler failed (call id ');
            assert.ok(!response.message.includes('secret'));
        },

        async time_limit() {
            assertRefused(await call('logic.slow', { ms: 60_000 }), 504, 'logic.slow');
        },

        async unicode() {
            const text = 'größer 你好 🎲 " \\ \u0000 \u2028';
            const response = await call('chat.say', { room: 'js', from: 'ü', text });
            assert.equal(JSON.parse(response.payload).text, text);
            assert.ok(response.payload.includes('größer 你好 🎲'));
        },

        async large_message() {
            const text = 'x'.repeat(3 * MiB);
            const response = await call('chat.say', { room: 'js', from: '', text });
            assert.equal(JSON.parse(response.payload).text, text);
        },

        async unparsable_request() {
            const raw = (b) => b;
            await assertStatus(status.INTERNAL, new Promise((resolve, reject) => {
                client.makeUnaryRequest('/game.grpc.GameService/Call', raw, raw, Buffer.from([0xff, 0xff]),
                    metadata([]), inTime(), (error) => (error ? reject(error) : resolve()));
            }));
        },

        async deadline() {
            await assertStatus(status.DEADLINE_EXCEEDED, call('logic.slow', { ms: 60_000 }, {}, inTime(300)));
        },

        async cancellation() {
            const slow = unary(client, 'Call', request('logic.slow', { ms: 60_000 }));
            await sleep(50);
            slow.call.cancel();
            await assertStatus(status.CANCELLED, slow.done);
            assert.equal((await call('logic.get_player_info', { player_id: '1' })).code, 0);
        },

        async many_calls() {
            const calls = Array.from({ length: 300 }, (_, i) => call('logic.slow', { ms: i % 40 }));
            (await Promise.all(calls)).forEach((r, i) => assertSuccess(r, { ms: i % 40 }));
        },

        async stream() {
            const ids = Array.from({ length: 1000 }, (_, i) => String(i));
            const all = await answers(request('logic.slow', { ms: 50 }), ...ids.map(player));
            assert.deepEqual(all.map((r) => JSON.parse(r.payload).player_id), [undefined, ...ids]);
        },

        async stream_lock_step() {
            const s = stream();
            for (let level = 0; level < 10; ++level) {
                s.call.write(request('logic.batch_update', { player_id: 'js', level }));
                assertSuccess(await s.next(), true);
            }
            s.call.end();
            assert.equal(await s.next(), null);
            await s.ended;
        },

        async stream_whole_name() {
            const [answer] = await answers(request('logic.get_player_info', { player_id: 'w' }, { wholeName: true }));
            assert.equal(JSON.parse(answer.payload).player_id, 'w');
        },

        async stream_errors() {
            const all = await answers(player('1'), request('logic.get_player_info', '{'), player('1'), request('a.b'),
                player('1'), request('logic.fail', { code: 429, message: 'slow down' }), player('1'));
            assert.deepEqual(all.map((r) => r.code), [0, 400, 0, 404, 0, 429, 0]);
        },

        async stream_half_close() {
            assert.deepEqual(await answers(), []);
        },

        async stream_many_answers() {
            for (const text of ['a', 'b']) {
                await call('chat.say', { room: 'many', from: 'js', text });
            }
            const history = (rest) => request('chat.history', { room: 'many' }, rest);
            const all = await answers(history(many), history({}));
            assert.deepEqual(all.map((r) => r.message), ['more', 'more', 'success', 'success']);
            assert.deepEqual(JSON.parse(all[3].payload).map((line) => line.text), ['a', 'b']);
        },

        async stream_large_messages() {
            const text = 'x'.repeat(2 * MiB);
            const said = [0, 1, 2, 3].map((i) => request('chat.say', { room: 'bulk', from: `${i}`, text }));
            const all = await answers(...said);
            assert.deepEqual(all.map((r) => JSON.parse(r.payload).from), ['0', '1', '2', '3']);
        },

        async stream_deadline() {
            const s = stream(inTime(300));
            s.call.write(player('1'));
            assert.equal((await s.next()).code, 0);
            assert.equal(await s.next(), null);
            await assertStatus(status.DEADLINE_EXCEEDED, s.ended);
        },

        async stream_cancellation() {
            const s = stream();
            s.call.write(player('1'));
            assert.equal((await s.next()).code, 0);
            s.call.cancel();
            await assertStatus(status.CANCELLED, s.ended);
            assert.equal((await call('logic.get_player_info', { player_id: '1' })).code, 0);
        },
    };
};
