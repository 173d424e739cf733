import { faults } from '@contact-sync/connector-fyi/mock';
import type { RawRecord } from '@contact-sync/core';
import type { PreviewOf } from '@contact-sync/runner/host';
import { peopleOf } from './people-of.js';
import { source, startWorld, type World } from './world.js';

/** What breaks a page that takes texts for something else, or a layout that takes them for short. */
const odd = {
  script: '<script>globalThis.broken = 1</script>',
  image: '"><img src=x onerror="globalThis.broken = 1">',
  turned: 'Right \u202eot tfel',
  unseen: 'Zero\u200bWidth',
  emoji: '👩‍👩‍👧 Family 🐠',
  long: 'W'.repeat(200),
  words: `${'Lengthy '.repeat(24)}Fellow`,
} as const;

/** Who looks at it: under a name that a page may take for its own. */
const eve = { user: odd.image, role: 'administrator' } as const;
const actor = eve.user;

export type Place = {
  readonly name: string;
  readonly path: string;
  /** The buttons that open a dialog of the page, one after the other, from the first. */
  readonly dialogs?: readonly (string | RegExp)[];
  /** Only there is a person who is not in. */
  readonly out?: true;
  /** What of the odd texts is to be seen there. */
  readonly shows?: readonly string[];
};

export type Scene = { readonly world: World; readonly places: readonly Place[] };

/** A practice in which everything is the matter that can be, under names that nobody has; and each page that shows it. */
export async function setScene(): Promise<Scene> {
  const strange: RawRecord[] = Object.values(odd).map((name, index) => ({
    ...{ externalId: `odd${index}<b>`, name, email: `odd.${index}@client.example`, phone: '0400 000 999' },
  }));
  const world = await startWorld({
    records: [...strange, ...peopleOf(24)],
    tenants: [odd.script, odd.words],
    holders: { eve },
  });
  const { fyi, xpm, host, settings } = world;
  const book = host.book('default');
  const signed = { actor, why: odd.script };
  const sync = () => world.sync(actor);
  const store = await book.store();
  const idOf = async (text: string) => (await store.search({ text, limit: 1 })).contacts[0]?.id ?? '';
  const at = (id: string) => `/contacts/${encodeURIComponent(id)}`;

  await world.connectFyi({
    policy: { identityChange: 'hold' },
    settings: { ...settings.fyi, applicationId: odd.script.replaceAll(' ', '') },
  });
  const forced = await idOf('odd.0@');
  await book.forceManual(forced, signed);
  await book.edit(forced, { name: `${odd.script} ${odd.image}` }, signed);
  const { contact: byHand } = await book.add({ name: odd.long, email: 'by.hand@client.example', phone: null }, signed);
  fyi.updateContact('odd0<b>', { email: 'new.0@client.example', name: odd.image });
  fyi.updateContact('f1', { name: odd.image, email: 'somebody.else@client.example' });
  fyi.updateContact('f6', { name: odd.turned });
  fyi.updateContact('f2', { email: odd.image });
  fyi.updateContact('f3', { name: odd.words });
  fyi.updateContact('f4', { name: odd.long, email: null });
  await sync();
  const synced = (await book.connection(source)).lastRun?.id ?? '';

  // One that is disconnected, one that was never synced, and one that somebody is signing in to.
  const keys = { accessId: fyi.access.accessId, accessSecret: fyi.access.accessSecret };
  const other = 'fyi:other';
  await world.connectFyi({ settings: { ...settings.fyi, practice: 'gone' } });
  await applied({ kind: 'disconnect', source: 'fyi:gone' });
  fyi.afterPage(() => {
    fyi.afterPage(null);
    fyi.fault(faults.forbidden(), 9);
  });
  await world.connectFyi({ settings: { ...settings.fyi, practice: 'other' }, secrets: keys });
  fyi.clearFaults();
  const { id: clientId, secret } = xpm.signIn.client;
  const client = { id: clientId, secret };
  const nothing = { policy: {}, kind: null, schedule: null, secrets: {} };
  const wanted = { ...nothing, connector: 'xpm', settings: settings.xpm, client, signIn: true };
  const { signIn } = await book.connect(wanted, actor, { redirectUri: `${world.url}/oauth/callback` });
  const page = xpm.signIn.authorize(new URL(signIn?.url ?? '').searchParams);
  host.finishSignIn(page.headers.get('location') ?? '', actor);

  // A source that is nearly empty all at once: a guard stops the sync.
  const all = [...fyi.entities()];
  for (const { id } of all) fyi.removeEntity(id);
  await sync();
  const stopped = (await book.connection(source)).lastRun?.id ?? '';
  const stops = await looked({ kind: 'sync', source }, 'grace');
  for (const entity of all) fyi.addEntity(entity);
  fyi.updateContact('f5', { name: odd.emoji, phone: '0400 000 998' });
  const changes = await looked({ kind: 'sync', source });
  const undoes = await looked({ kind: 'undo', run: synced });
  const ends = await looked({ kind: 'disconnect', source });

  /** A preview, once it is read. One more of the same by the same person takes its place. */
  async function looked(about: PreviewOf, by: string = actor): Promise<string> {
    const ready = Promise.withResolvers<void>();
    const end = host.subscribe((event) => {
      if (event.type === 'preview' && event.state !== 'reading') ready.resolve();
    });
    const { id, state } = await book.preview(about, by);
    if (state === 'reading') await ready.promise;
    end();
    return id;
  }

  async function applied(about: PreviewOf): Promise<void> {
    const id = await looked(about);
    await book.applyPreview(id, book.previewed(id).plan?.hash ?? '', signed);
  }

  const of = (one: string) => `/connections/${encodeURIComponent(one)}`;
  return {
    world,
    places: [
      { name: 'contacts', path: '/contacts', dialogs: ['Add a contact'], shows: [odd.script, odd.image] },
      { name: 'contacts-found', path: '/contacts?text=odd.4%40', shows: [odd.emoji] },
      { name: 'contacts-none', path: '/contacts?text=nobody+at+all' },
      {
        ...{ name: 'contact-forced', path: at(forced) },
        ...{ dialogs: ['Edit', 'Release', 'Link by hand', 'Forget'], shows: [odd.script, odd.image] },
      },
      { name: 'contact-synced', path: at(await idOf('odd.6@')), dialogs: ['Force manual'], shows: [odd.words] },
      { name: 'contact-by-hand', path: at(byHand?.id ?? ''), shows: [odd.long] },
      { name: 'contact-held', path: at(await idOf('jane.roe')) },
      { name: 'contact-none', path: '/contacts/nobody' },
      { name: 'sync', path: '/sync', dialogs: [/^Pause/] },
      { name: 'preview-changes', path: `/previews/${changes}`, shows: [odd.emoji] },
      { name: 'preview-stopped', path: `/previews/${stops}` },
      { name: 'preview-undo', path: `/previews/${undoes}` },
      { name: 'preview-disconnect', path: `/previews/${ends}` },
      { name: 'preview-none', path: '/previews/none' },
      { name: 'review', path: '/review', dialogs: ['Approve'], shows: [odd.image, odd.long] },
      { name: 'history', path: '/history', shows: [odd.script, odd.image] },
      { name: 'run', path: `/history/${synced}`, shows: [odd.image, odd.words] },
      { name: 'run-stopped', path: `/history/${stopped}` },
      { name: 'run-none', path: '/history/nothing' },
      { name: 'connections', path: '/connections' },
      {
        ...{ name: 'connection', path: of(source), shows: [odd.script.replaceAll(' ', '')] },
        dialogs: [/^Change… the schedule/, /^Change… the settings/, /^Change… the policy/],
      },
      { name: 'connection-new', path: of(other), dialogs: ['Remove what is stored…'] },
      { name: 'connection-over', path: of('fyi:gone') },
      { name: 'connection-none', path: of('fyi:nobody') },
      { name: 'connect-by-sign-in', path: '/connections/new?connector=xpm' },
      { name: 'connect-with-keys', path: '/connections/new?connector=fyi' },
      { name: 'sign-in', path: `/connections/sign-in/${signIn?.id}`, shows: [odd.script, odd.words] },
      { name: 'sign-in-over', path: '/connections/sign-in/none' },
      { name: 'nowhere', path: '/nowhere' },
      { name: 'link-used', path: '/open?token=used', out: true },
      { name: 'signed-out', path: '/contacts', out: true },
    ],
  };
}
