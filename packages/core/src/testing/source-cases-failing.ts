import { ContactSyncError, type ErrorCode } from '../error.js';
import type { ContactSource } from '../source.js';
import type { SourceFault } from './source-harness.js';
import { type Check, expectRecords, fail, type Kit, named, type Reading, several } from './source-kit.js';
import { formFound, wordsOf } from './source-words.js';
import { people, secret } from './source-worlds.js';

type LastingFault = Exclude<SourceFault, 'hang'>;

/** What a fault may be called, for people and for alerts. */
const codesOf: Readonly<Record<LastingFault, readonly ErrorCode[]>> = {
  unauthorized: ['source_unauthorized', 'source_forbidden'],
  unavailable: ['source_unavailable', 'source_unreachable'],
  cut: ['source_incomplete', 'source_unreadable'],
  garbage: ['source_unreadable'],
};
const lastingFaults = Object.keys(codesOf) as LastingFault[];

const sayings: Readonly<Record<LastingFault, string>> = {
  unauthorized: 'says so if the system does not accept the token',
  unavailable: 'says so if the system cannot work now, and does not ask for ever',
  cut: 'says so if an answer is cut off in its middle, and never takes it for a whole one',
  garbage: 'says so if a web page comes instead of an answer, and never takes it for an empty one',
};

/** The faults that this system can have. */
function faultsOf({ harness }: Kit): LastingFault[] {
  return lastingFaults.filter((fault) => harness.cannot?.[fault] === undefined);
}

/** Reads under each fault, and gives what came of it. That nothing completes is for the checks of the faults to say. */
async function* readsUnderFaults(kit: Kit) {
  for (const fault of faultsOf(kit)) {
    const opened = await kit.open();
    opened.fault(fault);
    yield { fault, opened, error: await errorOf(kit, opened.source) };
  }
}

/** Null if the read completes. */
async function errorOf(kit: Kit, source: ContactSource): Promise<unknown> {
  try {
    await kit.read(source);
    return null;
  } catch (error) {
    return error;
  }
}

export const failingChecks: readonly Check[] = [
  ...lastingFaults.map(
    (fault): Check => ({
      id: `fault_${fault}`,
      name: sayings[fault],
      needs: [fault],
      async check(kit) {
        const { source, fault: order } = await kit.open();
        order(fault);
        for (const _ of ['once', 'twice']) expectExplained(await errorOf(kit, source), fault);
      },
    }),
  ),
  {
    id: 'fault_in_the_middle',
    name: 'never completes if the system fails after the first page',
    async check(kit) {
      for (const fault of faultsOf(kit)) {
        const { source, requests, fault: order } = await kit.open();
        const reading = source.read({ signal: kit.signal });
        await kit.within(reading.next(), 'the first page');
        const before = requests();
        order(fault);
        const completed = await completes(kit, reading);
        // What had arrived whole may be read to its end.
        if (completed && requests() > before) fail(`the read completed, though its last requests met ${fault}`);
      }
    },
  },
  {
    id: 'errors_hold_no_secret',
    name: 'keeps its token out of every error, whatever the system answers',
    async check(kit) {
      for await (const { fault, error } of readsUnderFaults(kit)) {
        const form = formFound(secret, wordsOf(error));
        if (form !== null) fail(`the error under the fault ${fault} holds the secret, ${form}`);
      }
    },
  },
  {
    id: 'errors_hold_nobody',
    name: 'keeps people out of every error, whatever the system answers',
    async check(kit) {
      const details = people(several(kit.harness)).flatMap(({ name, email, phone }) => [name, email, phone]);
      for await (const { fault, error } of readsUnderFaults(kit)) {
        const words = wordsOf(error);
        for (const detail of details) {
          if (detail !== null && words.includes(detail)) {
            fail(`the error under the fault ${fault} quotes a person: ${JSON.stringify(detail)}`);
          }
        }
      }
    },
  },
  {
    id: 'readable_after_failure',
    name: 'reads as ever once a fault is over',
    async check(kit) {
      for await (const { opened } of readsUnderFaults(kit)) {
        opened.fault(null);
        const { records } = await kit.read(opened.source);
        expectRecords(opened, people(several(kit.harness)), records);
      }
    },
  },
];

function expectExplained(error: unknown, fault: LastingFault): void {
  if (error === null) fail(`the read completed, under the fault ${fault}`);
  if (!ContactSyncError.is(error)) fail(`the error is ${named(error)}, and not a ContactSyncError`, error);
  const codes = codesOf[fault];
  if (!codes.includes(error.code)) fail(`the error is ${named(error)}, and not ${codes.join(' or ')}`, error);
  if (error.hint.trim() === '') fail(`the error is ${named(error)}, without a hint`, error);
}

/** Whether the rest of a read completes. */
async function completes(kit: Kit, reading: Reading): Promise<boolean> {
  try {
    for (let steps = 0; steps < 10_000; steps += 1) {
      const step = await kit.within(reading.next(), 'a step of the read');
      if (step.done) return true;
    }
  } catch {
    // How it fails is for the checks of the faults to judge.
  }
  return false;
}
