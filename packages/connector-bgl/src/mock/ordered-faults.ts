import { type Fault, faults } from './faults.js';

type Ordered = {
  /** What the fake does, as a sentence. */
  readonly says: string;
  readonly fault: Fault;
  /** To how many requests that are let in; to all unless said. */
  readonly times?: number;
  /** How many requests are answered well before. */
  readonly after?: number;
};

/** Faults that a person can ask of a fake that is served, by name. */
export const orderedFaults: Readonly<Record<string, Ordered>> = {
  'token-invalid': {
    says: 'The access token is not accepted, and repeated in the error.',
    fault: faults.tokenInvalid(),
  },
  'token-expires': {
    says: 'The access token is accepted once, and not any more after that.',
    fault: faults.tokenInvalid(),
    after: 1,
  },
  'not-accessible': {
    says: 'Every answer is 401 for something that is not accessible, which is not about the token.',
    fault: faults.notAccessible(),
  },
  'scope-missing': { says: 'The scope of the access token does not cover anything.', fault: faults.scopeMissing() },
  'limit-10-minutes': {
    says: 'The first request is one more than ten minutes allow; the next may come after 2 seconds.',
    fault: faults.limited('10 mins', 2),
    times: 1,
  },
  'limit-day': { says: 'The requests of the day are used up.', fault: faults.limited('today') },
  unavailable: { says: 'Every answer is status 503 with a page of HTML.', fault: faults.proxy(503) },
  'unavailable-once': { says: 'The first answer is status 503.', fault: faults.proxy(503), times: 1 },
  broken: { says: 'Every answer is status 500 in JSON.', fault: faults.broken() },
  reset: { says: 'Every connection breaks before an answer.', fault: faults.reset() },
  'reset-once': { says: 'The first connection breaks before an answer.', fault: faults.reset(), times: 1 },
  cut: {
    says: 'Answers end in their middle, and look as if that were their end.',
    fault: (moment) => faults.cut(moment.body.byteLength >> 1, 'closed')(moment),
  },
  'cut-once': {
    says: 'The connection breaks in the middle of the first answer.',
    fault: (moment) => faults.cut(moment.body.byteLength >> 1, 'broken')(moment),
    times: 1,
  },
  page: { says: 'Answers are status 200 with a page of HTML.', fault: faults.page() },
  empty: { says: 'Answers are status 200 without a body.', fault: faults.empty() },
  'other-json': {
    says: 'Answers are status 200 with JSON that is none of BGL.',
    fault: faults.body({ hello: 'world' }),
  },
  slow: { says: 'Answers come byte by byte, and are right.', fault: faults.drip() },
  hang: { says: 'Answers begin and then nothing comes.', fault: faults.stall(10) },
};
