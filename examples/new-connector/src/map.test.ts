import { expect, test } from 'vitest';
import { pageOf } from './map.js';

const jane = { id: '1', name: 'Jane Roe', mail: 'jane@roe.example', mobile: '0491 570 006', archived: false };
const janeRecord = { externalId: '1', name: 'Jane Roe', email: 'jane@roe.example', phone: '0491 570 006' };

// A connector of a real system has a row here for every quirk that the vendor's documents show.
test.each([
  ['a person', jane, janeRecord],
  ['no phone', { ...jane, mobile: null }, { ...janeRecord, phone: null }],
  ['no name and no email', { ...jane, name: null, mail: null }, { ...janeRecord, name: null, email: null }],
  ['spaces and capitals', { ...jane, name: ' JANE  ROE ' }, { ...janeRecord, name: ' JANE  ROE ' }],
  [
    'several addresses',
    { ...jane, mail: 'a@b.example; c@d.example' },
    { ...janeRecord, email: 'a@b.example; c@d.example' },
  ],
])('%s', (_, person, record) => {
  expect(pageOf([person])).toEqual({ records: [record], unreadable: [], skipped: { archived: 0 } });
});

test('who is archived is skipped, and who cannot be read is reported', () => {
  expect(pageOf([{ ...jane, archived: true }, null, jane])).toEqual({
    records: [janeRecord],
    unreadable: [{ externalId: null, where: 'person 2 of a page', problem: 'a field is missing or wrong' }],
    skipped: { archived: 1 },
  });
});
