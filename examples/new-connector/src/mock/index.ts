export { type FakePerson, type Fault, fakeAcme } from './fake.js';
export { mock } from './mock.js';
