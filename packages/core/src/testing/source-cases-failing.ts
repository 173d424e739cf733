import { ContactSyncError, type ErrorCode } from '../error.js';
import type { ContactSource, RawRecord } from '../source.js';
import { type LastingFault, lastingFaults } from './source-faults.js';
import { type Check, expectRecords, fail, type Kit, named, type Reading, several } from './source-kit.js';
import { formFound, wordsOf } from './source-words.js';
import { people, secret } from './source-worlds.js';

const allFaults = Object.keys(lastingFaults) as LastingFault[];
/** Far more than any connector's tries, and far fewer than a system would mind. */
const mostRequests = 30;

/** The faults that this system can have. */
function faultsOf({ harness }: Kit): LastingFault[] {
  return allFaults.filter((fault) => harness.cannot?.[fault] === undefined);
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
  ...allFaults.map(
    (fault): Check => ({
      id: `fault_${fault}`,
      name: lastingFaults[fault].name,
      needs: [fault],
      async check(kit) {
        const { source, fault: order } = await kit.open();
        order(fault);
        for (const _ of ['once', 'twice']) expectExplained(await errorOf(kit, source), fault);
      },
    }),
  ),
  {
    id: 'says_when_to_come_back',
    name: 'says when a read that is limited for days may be taken up again',
    needs: ['limited_long'],
    async check(kit) {
      const { source, fault } = await kit.open();
      fault('limited_long');
      const error = await errorOf(kit, source);
      const resumeAt = ContactSyncError.is(error) ? error.resumeAt : undefined;
      if (resumeAt === undefined || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(resumeAt)) {
        fail(`the error is ${named(error)}, without a resumeAt in ISO 8601 and UTC`, error);
      }
    },
  },
  {
    id: 'gives_up_soon',
    name: `gives up after ${mostRequests} requests at most, whatever the fault`,
    async check(kit) {
      for await (const { fault, opened } of readsUnderFaults(kit)) {
        const made = opened.requests();
        if (made > mostRequests) fail(`${made} requests were made under the fault ${fault}`);
      }
    },
  },
  {
    id: 'fault_in_the_middle',
    name: 'never completes if the system fails after the first page',
    check: (kit) => neverCompletes(kit, async () => 1),
  },
  {
    id: 'fault_at_the_end',
    name: 'never completes if the system fails after the last page but one',
    check: (kit) =>
      neverCompletes(kit, async (source) => {
        let pages = 0;
        for await (const _ of source.read({ signal: kit.signal })) pages += 1;
        return pages - 1;
      }),
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
    id: 'errors_are_plain',
    name: 'puts no markup and no line breaks into the message of an error',
    async check(kit) {
      for await (const { fault, error } of readsUnderFaults(kit)) {
        if (!(error instanceof Error)) continue;
        const strange = /[\p{Cc}\u2028\u2029]|<\/?[a-z!]/iu.exec(error.message)?.[0];
        if (strange !== undefined) {
          fail(`the error's message under the fault ${fault} holds ${JSON.stringify(strange)}`, error);
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

/** Takes some pages under each fault before it strikes. */
async function neverCompletes(kit: Kit, pagesBefore: (source: ContactSource) => Promise<number>): Promise<void> {
  for (const fault of faultsOf(kit)) {
    const opened = await kit.open();
    const { source, requests } = opened;
    const taken = await kit.within(pagesBefore(source), 'a whole read');
    const reading = source.read({ signal: kit.signal });
    const got: RawRecord[] = [];
    for (let page = 0; page < taken; page += 1) {
      const { done, value } = await kit.within(reading.next(), 'a page before the fault');
      if (!done) got.push(...value.records);
    }
    const before = requests();
    opened.fault(fault);
    const rest = await restOf(kit, reading);
    // What had arrived whole may be read to its end.
    if (rest === null || requests() === before) continue;
    if (fault !== 'repeats') fail(`the read completed, though its last requests met ${fault}`);
    // A page that came before may show that there is no more, and then nobody may be missing.
    expectRecords(opened, people(several(kit.harness)), [...got, ...rest]);
  }
}

function expectExplained(error: unknown, fault: LastingFault): void {
  if (error === null) fail(`the read completed, under the fault ${fault}`);
  if (!ContactSyncError.is(error)) fail(`the error is ${named(error)}, and not a ContactSyncError`, error);
  const codes: readonly ErrorCode[] = lastingFaults[fault].codes;
  if (!codes.includes(error.code)) fail(`the error is ${named(error)}, and not ${codes.join(' or ')}`, error);
  if (error.hint.trim() === '') fail(`the error is ${named(error)}, without a hint`, error);
}

/** The records of the rest of a read, or null if it does not complete. */
async function restOf(kit: Kit, reading: Reading): Promise<RawRecord[] | null> {
  const got: RawRecord[] = [];
  try {
    for (let steps = 0; steps < 10_000; steps += 1) {
      const step = await kit.within(reading.next(), 'a step of the read');
      if (step.done) return got;
      got.push(...step.value.records);
    }
  } catch {
    // How it fails is for the checks of the faults to judge.
  }
  return null;
}
