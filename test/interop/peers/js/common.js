'use strict';
// What both sides share: the services as the .proto files define them, and the flags.

const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const { TestService, UnimplementedService } = grpc.loadPackageDefinition(loader.loadSync('grpc/testing/test.proto', {
    includeDirs: [process.env.INTEROP_PROTOS], keepCase: true, defaults: true,
})).grpc.testing;

const echoInitial = 'x-grpc-test-echo-initial';
const echoTrailing = 'x-grpc-test-echo-trailing-bin';

const zeros = (size) => ({ body: Buffer.alloc(size) });

/** --name=value, for all names; those that a side does not know are of no interest. */
function flags() {
    return Object.fromEntries(process.argv.slice(2).map((word) => {
        const [, name, value] = /^--([^=]+)=?(.*)$/s.exec(word) ?? [null, word, ''];
        return [name, value];
    }));
}

module.exports = { TestService, UnimplementedService, echoInitial, echoTrailing, flags, grpc, zeros };
