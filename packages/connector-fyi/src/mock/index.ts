export {
  contactOf,
  exampleEntities,
  type FakeContact,
  type FakeEntity,
  fakeContact,
  fakeEntity,
  sampleEntities,
} from './entities.js';
export { type FakeFyi, type FakeOptions, fakeFyi, origin, type Ways } from './fake.js';
export { type Fault, faults, type Moment } from './faults.js';
export { mock } from './mock.js';
