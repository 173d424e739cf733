export { type FakeSignIn, type FakeSignInOptions, fakeSignIn, type TokenFault } from './server.js';
