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
  'keys-invalid': { says: 'The access keys are not accepted.', fault: faults.keysRefused() },
  forbidden: { says: 'The plan of the practice has no access to the API.', fault: faults.forbidden() },
  'limit-once': {
    says: 'The first request is too many; the next may come after 2 seconds.',
    fault: faults.limited(2),
    times: 1,
  },
  'limit-silent': {
    says: 'The first request is too many, and FYI does not say when to come back.',
    fault: faults.limited(null),
    times: 1,
  },
  'limit-long': { says: 'Requests are too many for an hour.', fault: faults.limited(3600) },
  unavailable: { says: 'Every answer is status 503 with a page of HTML.', fault: faults.proxy(503) },
  'unavailable-once': { says: 'The first answer is status 503.', fault: faults.proxy(503), times: 1 },
  broken: { says: 'Every answer is status 500 without a body.', fault: faults.broken() },
  absent: { says: 'Every answer is status 404.', fault: faults.absent() },
  reset: { says: 'Every connection breaks before an answer.', fault: faults.reset() },
  'reset-once': { says: 'The first connection breaks before an answer.', fault: faults.reset(), times: 1 },
  cut: {
    says: 'Answers end in their middle, and look as if that were their end.',
    fault: (moment) => faults.cut(moment.body.byteLength >> 1, 'closed')(moment),
  },
  'cut-once': {
    says: 'The connection breaks before the first byte of the first body.',
    fault: faults.cut(0, 'broken'),
    times: 1,
  },
  refused: { says: 'Answers are status 200 with an error of FYI.', fault: faults.refused() },
  page: { says: 'Answers are status 200 with a page of HTML.', fault: faults.page() },
  empty: { says: 'Answers are status 200 without a body.', fault: faults.empty() },
  renamed: { says: 'The list stands under another name.', fault: faults.renamed('results', 'items') },
  'same-page': { says: 'Every page is the first one.', fault: faults.firstPage() },
  'wrong-charset': { says: 'Answers are in ISO 8859-1 and say UTF-8.', fault: faults.wrongCharset() },
  slow: { says: 'Answers come byte by byte, and are right.', fault: faults.drip() },
  hang: { says: 'Answers begin and then nothing comes.', fault: faults.stall(20) },
};
