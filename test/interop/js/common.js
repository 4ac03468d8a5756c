'use strict';
// What both sides share: the services as the .proto files define them, and the calls of a stock client as promises.

const assert = require('node:assert/strict');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const protos = path.join(__dirname, '../../../protos');
const loaded = grpc.loadPackageDefinition(loader.loadSync(['game_service.proto', 'test_service.proto'], {
    includeDirs: [protos], keepCase: true, defaults: true, longs: String,
}));
const { Echo } = loaded.joust.test;
const { GameService } = loaded.game.grpc;

const status = grpc.status;
const MiB = 1024 * 1024;
const sleep = (ms) => new Promise((done) => { setTimeout(done, ms); });

function metadata(pairs) {
    const m = new grpc.Metadata();
    for (const [key, value] of pairs) {
        m.add(key, value);
    }
    return m;
}

const inTime = (ms = 10_000) => ({ deadline: Date.now() + ms });

/** A call of one message each way. `done` gives {response, initial, trailing}, or throws the status as grpc-js does. */
function unary(client, method, request, { headers = [], options = inTime() } = {}) {
    let call;
    const done = new Promise((resolve, reject) => {
        let initial, trailing, response;
        call = client[method](request, metadata(headers), options, (error, r) => {
            if (error) {
                reject(Object.assign(error, { initial }));
            } else {
                response = r;
            }
        });
        call.on('metadata', (m) => { initial = m; });
        call.on('status', (s) => {
            trailing = s.metadata;
            if (s.code === status.OK) {
                // The response is handed out after the status.
                setImmediate(() => resolve({ response, initial, trailing }));
            }
        });
    });
    done.catch(() => {});
    return { call, done };
}

/** A call with a stream of answers: `next` waits for one, null at the end; `end` for the status, which it throws. */
class Answers {
    constructor(call) {
        this.call = call;
        this.queue = [];
        this.initial = new Promise((resolve) => { call.on('metadata', resolve); });
        this.ended = new Promise((resolve, reject) => {
            call.on('status', (s) =>
                (s.code === status.OK ? resolve(s) : reject(Object.assign(new Error(s.details), s))));
        });
        this.ended.catch(() => {});
        call.on('data', (answer) => this.#push(answer));
        call.on('end', () => this.#push(null));
        call.on('error', () => this.#push(null)); // `ended` says which
    }

    async next() {
        if (this.queue.length === 0) {
            await new Promise((wake) => { this.wake = wake; });
        }
        return this.queue[0] === null ? null : this.queue.shift();
    }

    async all() {
        const answers = [];
        for (let one = await this.next(); one !== null; one = await this.next()) {
            answers.push(one);
        }
        return answers;
    }

    #push(answer) {
        this.queue.push(answer);
        this.wake?.();
        this.wake = undefined;
    }
}

/** What a client sends. A plain `for await` would close the whole call after it. */
const requests = (call) => call.iterator({ destroyOnReturn: false });

async function assertStatus(code, done) {
    let failed;
    await assert.rejects(done, (error) => { failed = error; return true; });
    assert.equal(failed.code, code, `${failed.code} ${failed.details}`);
    return failed;
}

/** Runs the cases one after another, prints `ok CASE` or `FAIL CASE why`, and gives the exit code. */
async function runCases(cases, limit = 15_000) {
    let failures = 0;
    for (const [name, run] of Object.entries(cases)) {
        let timer;
        const late = new Promise((_, reject) => {
            timer = setTimeout(() => reject(new Error(`not done after ${limit} ms`)), limit);
        });
        try {
            await Promise.race([run(), late]);
            console.log(`ok ${name}`);
        } catch (error) {
            ++failures;
            console.log(`FAIL ${name} ${String(error.message ?? error).replace(/\s+/g, ' ').slice(0, 300)}`);
        }
        clearTimeout(timer);
    }
    return failures === 0 ? 0 : 1;
}

module.exports = {
    Answers, Echo, GameService, MiB, assertStatus, grpc, inTime, metadata, requests, runCases, sleep, status, unary,
};
