export * from './practice/index.js';
export { type MockServer, serveMock } from './serve.js';
export { mswTransport } from './transport.js';
