import { type Fault, faults } from './faults.js';

type Ordered = {
  /** What the fake does, as a sentence. */
  readonly says: string;
  readonly fault: Fault;
  /** To how many requests that are let in; to all unless said. */
  readonly times?: number;
};

/** Faults that a person can ask of a fake that is served, by name. */
export const orderedFaults: Readonly<Record<string, Ordered>> = {
  'token-invalid': { says: 'The access token is not accepted.', fault: faults.tokenInvalid() },
  'token-expired': { says: 'The access token has expired.', fault: faults.tokenExpired() },
  'scope-missing': { says: 'The access token may not read clients.', fault: faults.scopeMissing() },
  forbidden: { says: 'The access token gives no access to this tenant.', fault: faults.forbidden() },
  'limit-minute': {
    says: 'The first request is one more than a minute allows; the next may come after 2 seconds.',
    fault: faults.limited('minute', 2),
    times: 1,
  },
  'limit-concurrent': {
    says: 'The first two requests find five others running.',
    fault: faults.limited('concurrent', null),
    times: 2,
  },
  'limit-day': { says: 'The requests of the day are used up for an hour.', fault: faults.limited('day', 3600) },
  unavailable: { says: 'Every answer is status 503 with a page of HTML.', fault: faults.proxy(503) },
  'unavailable-once': { says: 'The first answer is status 503.', fault: faults.maintenance(), times: 1 },
  broken: { says: 'Every answer is status 500 without a body.', fault: faults.broken() },
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
  refused: { says: 'Answers are status 200 with an error of Practice Manager.', fault: faults.refused() },
  page: { says: 'Answers are status 200 with a page of HTML.', fault: faults.page() },
  empty: { says: 'Answers are status 200 without a body.', fault: faults.empty() },
  'bad-character': { says: 'A name holds a character that XML does not allow.', fault: faults.badCharacter() },
  'wrong-charset': { says: 'Answers are in ISO 8859-1 and say UTF-8.', fault: faults.wrongCharset() },
  slow: { says: 'Answers come byte by byte, and are right.', fault: faults.drip() },
  hang: { says: 'Answers begin and then nothing comes.', fault: faults.stall(100) },
};
