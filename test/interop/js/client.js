'use strict';
// usage: client.js ADDRESS echo|game
// Calls echo_server, or game_server, and prints a line for each case.

const { runCases } = require('./common.js');

const [address, service] = process.argv.slice(2);
if (!address || !['echo', 'game'].includes(service)) {
    console.error('usage: client.js ADDRESS echo|game');
    process.exit(2);
}
const cases = service === 'echo' ? require('./echo_cases.js') : require('./game_cases.js');
runCases(cases(address)).then((code) => process.exit(code));
