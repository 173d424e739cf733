export { type HttpFault, httpFaults } from './http-faults.js';
export { inPieces } from './in-pieces.js';
export * from './practice/index.js';
export { type MockServer, serveMock } from './serve.js';
export * from './sign-in/index.js';
export { mswTransport } from './transport.js';
