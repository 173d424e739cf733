export type { Moment } from './answers.js';
export type { Book } from './book.js';
export type { Look } from './elements.js';
export { type FakeOptions, type FakeXpm, fakeXpm, origin } from './fake.js';
export { type Fault, faults } from './faults.js';
export { type Limits, xeroLimits } from './limits.js';
export { mock } from './mock.js';
export { bareClient, exampleTenant, fakeClient, fakeContact, samplePractice } from './people.js';
export type { FakeClient, FakeContact } from './tenant.js';
