import type { Command } from 'commander';

/** What to type, for the help of each command. A test sees that each has one, and that its options are there. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  init: ['init', 'init --yes --region NZ --no-mock'],
  doctor: ['doctor', 'doctor --json'],
  connect: ['connect xpm', 'connect fyi --set practice=smith-partners'],
  'connections list': ['connections list'],
  'connections show': ['connections show xpm:8c0e…'],
  'connections set': ['connections set xpm:8c0e… --policy identityChange=hold'],
  'connections remove': ['connections remove xpm:8c0e…'],
  disconnect: ['disconnect xpm:8c0e… --dry-run', 'disconnect xpm:8c0e… --why "the practice was sold"'],
  pause: ['pause xpm:8c0e… --why "they are moving house"'],
  resume: ['resume xpm:8c0e…'],
  plan: ['plan --from xpm:', 'plan --from xpm --set tenantId=8c0e… --store sqlite:contacts.db'],
  sync: ['sync --from xpm:', 'sync --from csv --set file=clients.csv --yes --fail-on-rejected'],
  explain: ['explain mary@smith.com --from xpm:'],
  approve: ['approve 12 --dry-run', 'approve 12 --record 5c0f…'],
  undo: ['undo 12 --dry-run', 'undo 12 --why "the wrong file"'],
  'runs list': ['runs list --limit 5'],
  'runs show': ['runs show 12'],
  'runs report': ['runs report 12 --open', 'runs report 12 --out not-imported.csv'],
  'contacts list': ['contacts list smith', 'contacts list --type contact-sync --missing'],
  'contacts show': ['contacts show 7'],
  'contacts history': ['contacts history 7'],
  'contacts import': ['contacts import book.csv --source xpm:8c0e…'],
  'contacts export': ['contacts export book.csv'],
  'contacts add': ['contacts add --name "Mary Smith" --email mary@smith.com'],
  'contacts edit': ['contacts edit 7 --phone "0491 570 156"'],
  'contacts force-manual': ['contacts force-manual 7 --why "she asked for her maiden name"'],
  'contacts release': ['contacts release 7'],
  'contacts link': ['contacts link 7 xpm:8c0e… 5c0f…'],
  'contacts forget': ['contacts forget 7 --why "she asked for it"'],
  'keys new': ['keys new --file contact-sync.key'],
  'keys rotate': ['keys rotate'],
  serve: ['serve', 'serve --alert-mail ops@example.com', 'serve --behind-proxy https://contacts.firm.example'],
  open: ['open', 'open --viewer --no-browser'],
  worker: ['worker --store postgres://sync@db.example/contacts --at-once 16'],
  'fleet status': ['fleet status', 'fleet status --code source_reconnect --limit 100'],
  'fleet top': ['fleet top --limit 10'],
  'fleet pause': ['fleet pause --source xpm: --why "Xero is being mended"'],
  'fleet resume': ['fleet resume --source xpm:'],
  'fleet retry': ['fleet retry smith-partners', 'fleet retry --code source_unauthorized'],
  'fleet serve': ['fleet serve', 'fleet serve --behind-proxy https://fleet.firm.example'],
  'fleet open': ['fleet open --viewer --no-browser'],
  'fleet export': ['fleet export smith-partners --out smith-partners.ndjson --with-key'],
  'fleet import': ['fleet import smith-partners.ndjson --as smith'],
  'fleet erase': ['fleet erase smith-partners --yes'],
  mock: ['mock xpm --port 4010', 'mock xpm --contacts 500 --fault limit-minute'],
  demo: ['demo'],
};

/** Puts the examples under the help of every command below this one. */
export function addExamples(command: Command, path: readonly string[] = []): void {
  for (const child of command.commands) {
    const its = [...path, child.name()];
    const lines = examples[its.join(' ')];
    if (lines !== undefined) {
      const text = lines.map((line) => `  contact-sync ${line}\n`).join('');
      child.addHelpText('after', `\nExample${lines.length === 1 ? '' : 's'}:\n${text}`);
    }
    addExamples(child, its);
  }
}
