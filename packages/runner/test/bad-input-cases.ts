/*
 * Every mistake that a person can make at the command line, by its name. XPM stands for a fake that is running. The book
 * has what is said in bad-input.test.ts.
 */

/** Looks like a token; no message may repeat it. */
export const secret = 'canary-3f7a91';

const withKey = { CONTACT_SYNC_KEY: 'ab'.repeat(32) };

/** What a person gets wrong, what the process ends with, and words of the one message. */
export type BadInput = {
  readonly line: string;
  readonly code: number;
  readonly says: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Record<string, string>;
};

export const badInput: Readonly<Record<string, BadInput>> = {
  'an unknown connector': {
    line: 'sync --from acme',
    code: 2,
    says: ['connector_missing', '"acme" is not installed', 'npm install @contact-sync/connector-acme'],
  },
  'a path to no connector': {
    line: 'sync --from ../evil',
    code: 2,
    says: ['connector_missing', 'There is no connector at ../evil.'],
  },
  'a connector within a package': {
    line: 'sync --from xpm/../evil',
    code: 2,
    says: ['setting_invalid', 'not the name of a connector'],
  },
  'no connector': { line: 'sync', code: 2, says: ['--from'] },
  'a missing setting': { line: 'sync --from xpm', code: 2, says: ['setting_missing', 'tenantId is missing'] },
  'a missing secret': {
    line: 'sync XPM',
    env: {},
    code: 2,
    says: ['setting_missing', 'accessToken is missing', 'XPM_ACCESS_TOKEN'],
  },
  'a secret on the command line': {
    line: `sync XPM --set accessToken=${secret}`,
    code: 2,
    says: ['setting_invalid', 'accessToken is a secret', 'XPM_ACCESS_TOKEN'],
  },
  'settings that are wrong, all at once': {
    line: 'sync --from xpm --set tenantId=me --set baseUrl=nowhere --set colour=red',
    code: 2,
    says: ['setting_invalid', 'tenantId', 'baseUrl', 'no setting "colour"'],
  },
  'a setting without a value': { line: 'sync --from xpm --set tenantId', code: 2, says: ['name=value'] },
  'a setting given twice': { line: 'sync --from xpm --set a=1 --set a=2', code: 2, says: ['a is given twice'] },
  'a policy that does not exist': {
    line: 'sync XPM --policy colour=red',
    code: 2,
    says: ['setting_invalid', 'colour', 'region'],
  },
  'a policy out of range': {
    line: 'sync XPM --policy manyMissing=7',
    code: 2,
    says: ['setting_invalid', 'manyMissing'],
  },
  'an unknown command': { line: 'snyc XPM', code: 2, says: ['unknown command', 'sync'] },
  'an unknown flag': { line: 'sync XPM --jason', code: 2, says: ['unknown option', '--json'] },
  'a store of an unknown kind': {
    line: 'sync XPM --store mongo:x',
    code: 2,
    says: ['setting_invalid', 'an unknown kind, mongo', 'sqlite:'],
  },
  'a store of an unknown kind, with a password': {
    line: `sync XPM --store mysql://u:${secret}@host/db`,
    code: 2,
    says: ['setting_invalid', 'an unknown kind, mysql'],
  },
  'a store in capitals, with a password': {
    line: `sync XPM --store POSTGRES://u:${secret}@host/db`,
    code: 2,
    says: ['setting_invalid', 'an unknown kind, POSTGRES'],
  },
  'a store without a kind': { line: 'sync XPM --store contacts.db', code: 2, says: ['setting_invalid', 'sqlite:'] },
  'a book that is not there': {
    line: 'contacts list --store sqlite:none.db',
    code: 2,
    says: ['store_unusable', 'none.db'],
  },
  'a name of a book that nothing was written to': {
    line: 'contacts list --book typo',
    code: 2,
    says: ['not_found', '"typo"', '--book'],
  },
  'a region that does not exist': {
    line: 'sync XPM --policy region=UK',
    code: 2,
    says: ['setting_invalid', 'region', 'GB for the United Kingdom'],
  },
  'a region of an import that does not exist': {
    line: 'contacts import good.csv --region au',
    files: { 'good.csv': 'name,email\nJohn,john@smith.com\n' },
    code: 2,
    says: ['setting_invalid', 'region'],
  },
  'a folder that is not there': {
    line: 'sync XPM --store sqlite:none/contacts.db',
    code: 2,
    says: ['store_unusable', 'none'],
  },
  'a file that is no database': {
    line: 'sync XPM --store sqlite:notes.txt',
    files: { 'notes.txt': 'Dear diary, '.repeat(100) },
    code: 2,
    says: ['store_unusable', 'notes.txt'],
  },
  'a host that does not answer': {
    line: 'sync --from xpm --set tenantId=8c0e7b0a-3f51-4a6c-9a43-6a3a0a6d1c11 --set baseUrl=http://127.0.0.1:9',
    code: 1,
    says: ['source_unreachable', 'http://127.0.0.1:9'],
  },
  'a wrong token': {
    line: 'sync XPM',
    env: { XPM_ACCESS_TOKEN: secret },
    code: 1,
    says: ['source_unauthorized', 'token'],
  },
  'a file to import that is not there': {
    line: 'contacts import none.csv',
    code: 2,
    says: ['import_invalid', 'none.csv'],
  },
  'a file to import that is malformed': {
    line: 'contacts import bad.csv',
    files: { 'bad.csv': 'name,email\nJohn,nobody\n' },
    code: 2,
    says: ['import_invalid', 'line 2', 'no valid address'],
  },
  'a file to import whose ids are taken': {
    line: 'contacts import bad.csv',
    files: { 'bad.csv': 'id,name,email\n1,John,john@smith.com\n' },
    code: 2,
    says: ['import_invalid', 'id 1', '--book'],
  },
  'metadata without a source': {
    line: 'contacts import bad.csv',
    files: { 'bad.csv': 'name,email,metadata\nJohn,john@smith.com,A\n' },
    code: 2,
    says: ['import_invalid', '--source'],
  },
  'a contact that is not there': { line: 'contacts show 99', code: 2, says: ['not_found', '99', 'contacts list'] },
  'a run that is not there': { line: 'runs show 99', code: 2, says: ['not_found', '99'] },
  'a subject nobody knows': { line: 'explain nobody@smith.com XPM', code: 2, says: ['not_found', 'nobody@smith.com'] },
  'a limit that is no number': { line: 'contacts list --limit many', code: 2, says: ['whole number'] },
  'a port that is no port': { line: 'mock xpm --port 70000', code: 2, says: ['port'] },
  'a fault that the mock does not have': {
    line: 'mock xpm --fault fire',
    code: 2,
    says: ['"fire"', 'limit-minute: The first request is one more than a minute allows'],
  },
  'a worked example of some size': { line: 'mock xpm --example 1 --contacts 5', code: 2, says: ['--contacts'] },
  'a practice of nobody': { line: 'mock xpm --contacts 0', code: 2, says: ['--contacts', 'whole number'] },
  'a mock of an unknown connector': {
    line: 'mock acme',
    code: 2,
    says: ['connector_missing', 'npm install @contact-sync/connector-acme'],
  },
  'a contact to edit that is not there': { line: 'contacts edit 99 --name Ann', code: 2, says: ['not_found', '99'] },
  'an edit to no address': {
    line: 'contacts edit 1 --email nobody',
    code: 2,
    says: ['setting_invalid', 'no valid address'],
  },
  'an edit to no phone': { line: 'contacts edit 1 --phone 12', code: 2, says: ['setting_invalid', 'phone'] },
  'a new contact without an address': {
    line: 'contacts add --name Ann',
    code: 2,
    says: ['setting_invalid', 'no email address'],
  },
  'a new contact with no address': {
    line: 'contacts add --name Ann --email nobody',
    code: 2,
    says: ['setting_invalid', 'no valid address'],
  },
  'a contact to take over that is not there': { line: 'contacts force-manual 99', code: 2, says: ['not_found', '99'] },
  'a contact to give back that is not there': { line: 'contacts release 99', code: 2, says: ['not_found', '99'] },
  'a link to a source that the book does not know': {
    line: 'contacts link 1 xpm:none A',
    code: 2,
    says: ['not_found', 'not connected to xpm:none'],
  },
  'a person to forget whom nobody knows': { line: 'contacts forget 99 --yes', code: 2, says: ['not_found', '99'] },
  'a run to undo that is not there': { line: 'undo 99', code: 2, says: ['not_found', '99'] },
  'a run to undo that is no number': { line: 'undo nine', code: 2, says: ['not_found', 'nine'] },
  'a run to approve that is not there': { line: 'approve 99', code: 2, says: ['not_found', '99'] },
  'a run to approve that no guard stopped': { line: 'approve 1', code: 1, says: ['plan_invalid'] },
  'a record to approve that no run holds': {
    line: 'approve 1 --record A',
    code: 2,
    says: ['not_found', 'holds no record A'],
  },
  'a source to disconnect that is not connected': {
    line: 'disconnect xpm:none',
    code: 2,
    says: ['not_found', 'xpm:none'],
  },
  'a source to pause that is not connected': { line: 'pause xpm:none', code: 2, says: ['not_found', 'xpm:none'] },
  'a source to resume that is not connected': { line: 'resume xpm:none', code: 2, says: ['not_found', 'xpm:none'] },
  'a report of a run that is not there': { line: 'runs report 99 --out -', code: 2, says: ['not_found', '99'] },
  'a report of an unknown format': { line: 'runs report 1 --format pdf', code: 2, says: ['pdf', 'html, csv, ndjson'] },
  'a report into a folder that is not there': {
    line: 'runs report 1 --out none/report.html',
    code: 2,
    says: ['setting_invalid', 'none/report.html', '--out'],
  },
  'a stored connection that is not there, shown': {
    line: 'connections show xpm:none',
    env: withKey,
    code: 2,
    says: ['not_found', 'xpm:none'],
  },
  'a stored connection that is not there, changed': {
    line: 'connections set xpm:none --policy region=NZ',
    env: withKey,
    code: 2,
    says: ['not_found', 'xpm:none'],
  },
  'a stored connection that is not there, removed': {
    line: 'connections remove xpm:none',
    code: 2,
    says: ['not_found', 'xpm:none'],
  },
  'a stored connection that is not there, read': {
    line: 'plan --from xpm:none',
    env: withKey,
    code: 2,
    says: ['not_found', 'xpm:none'],
  },
  'connecting with an unknown connector': {
    line: 'connect acme',
    code: 2,
    says: ['connector_missing', 'npm install @contact-sync/connector-acme'],
  },
  'connecting without a key for what is stored': {
    line: 'connect fyi --set practice=smith',
    code: 2,
    says: ['setting_missing', 'CONTACT_SYNC_KEY'],
  },
  'a file of contacts that is not there': { line: 'plan --from csv --set file=none.csv', code: 2, says: ['none.csv'] },
  'a file of contacts without a heading': {
    line: 'plan --from csv --set file=bad.csv',
    code: 2,
    says: ['bad.csv'],
    files: { 'bad.csv': 'a,b\n1,2\n' },
  },
  'FYI without its keys': {
    line: 'plan --from fyi --set practice=smith',
    code: 2,
    says: ['setting_missing', 'FYI_ACCESS_ID', 'FYI_ACCESS_SECRET'],
  },
  'BGL without a token': {
    line: 'plan --from bgl --set firm=1',
    code: 2,
    says: ['setting_missing', 'BGL_ACCESS_TOKEN'],
  },
  'an unknown kind of connection': { line: 'sync XPM --kind friend', code: 2, says: ['friend', 'contact-sync'] },
  'days to keep that are none': { line: 'sync XPM --keep-days 0', code: 2, says: ['--keep-days', 'whole number'] },
  'a rotation without a key': { line: 'keys rotate', code: 2, says: ['setting_missing', 'CONTACT_SYNC_KEY'] },
  'a configuration that is not there': { line: 'plan XPM --config none.json', code: 2, says: ['none.json'] },
  'a configuration with mistakes': {
    line: 'plan XPM --config bad.json',
    code: 2,
    says: ['bad.json', 'colour'],
    files: { 'bad.json': '{ "colour": "red" }' },
  },
  'a configuration that is no JSON': {
    line: 'plan XPM --config bad.json',
    code: 2,
    says: ['bad.json'],
    files: { 'bad.json': '{ store: ' },
  },
};
