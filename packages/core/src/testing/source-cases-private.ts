import { type Check, fail, several } from './source-kit.js';
import { formFound } from './source-words.js';
import { people, personal } from './source-worlds.js';

/* What must not be handed over, and what must be said without it. */

export const privateChecks: readonly Check[] = [
  {
    id: 'hands_over_nothing_else',
    name: 'hands over no birth date and no tax number, not even in what it says of rows it leaves out',
    needs: ['personal'],
    async check(kit) {
      const others = kit.harness.cannot?.others === undefined ? 3 : 0;
      const { source } = await kit.open({ records: people(several(kit.harness)), others });
      const { pages, end } = await kit.read(source);
      const words = JSON.stringify([pages, end]);
      for (const [what, text] of Object.entries(personal)) {
        const form = formFound(text, words);
        if (form !== null) fail(`the read hands over what the fake has as ${what}, ${form}`);
      }
    },
  },
  {
    id: 'says_where_it_could_not_read',
    name: 'says of each row it cannot read where it is and what is wrong, and nothing of what is in it',
    needs: ['others'],
    async check(kit) {
      const { source } = await kit.open({ others: 12 });
      for await (const { unreadable } of source.read({ signal: kit.signal })) {
        for (const { where, problem } of unreadable ?? []) {
          if (where?.trim() === '' || problem?.trim() === '') fail('an unreadable row has no place, or no problem');
          if (/left.?out/i.test(`${where} ${problem}`)) fail('what is said of an unreadable row quotes its name');
        }
      }
    },
  },
];
