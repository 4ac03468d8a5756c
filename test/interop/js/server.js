'use strict';
// usage: server.js [HOST:PORT]
// Echo and GameService for our clients; prints `listening on HOST:PORT` and ends on SIGTERM.

const { Echo, GameService, grpc } = require('./common.js');

const address = process.argv[2] ?? '127.0.0.1:0';
const server = new grpc.Server();
server.addService(Echo.service, require('./echo_service.js'));
server.addService(GameService.service, require('./game_service.js'));
server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
        console.error(`server.js: ${error.message}`);
        process.exit(1);
    }
    console.log(`listening on ${address.slice(0, address.lastIndexOf(':'))}:${port}`);
});
process.on('SIGTERM', () => process.exit(0));
