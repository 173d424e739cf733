import type { Kept } from './routes.js';
import type { FakeClient, FakeContact } from './tenant.js';

/** What people do in Practice Manager. Each throws if there is no such client or contact. */
export type Book = {
  /** In the order in which Practice Manager lists them: by name, whatever its case. */
  clients(): readonly FakeClient[];
  addClient(client: FakeClient): void;
  updateClient(uuid: string, changes: Partial<FakeClient>): void;
  archiveClient(uuid: string): void;
  /** Leaves it in `list`, marked as deleted. */
  deleteClient(uuid: string): void;
  addContact(clientUuid: string, contact: FakeContact): void;
  /** Under every client that has this contact. */
  updateContact(uuid: string, changes: Partial<FakeContact>): void;
  deleteContact(uuid: string): void;
};

export function openBook(clients: readonly FakeClient[], now: () => Date): Book & { kept(): readonly Kept[] } {
  let kept: readonly Kept[] = clients.map((client) => ({ client, modified: now() }));

  function change(concerns: (client: FakeClient) => boolean, how: (client: FakeClient) => FakeClient): void {
    if (!kept.some(({ client }) => concerns(client))) throw new Error('The fake has no such client or contact.');
    const modified = now();
    kept = kept.map((entry) => (concerns(entry.client) ? { client: how(entry.client), modified } : entry));
  }

  const book: Book = {
    clients: () => inOrder(kept).map(({ client }) => client),
    addClient: (client) => {
      kept = [...kept, { client, modified: now() }];
    },
    updateClient: (uuid, changes) =>
      change(
        (client) => client.UUID === uuid,
        (client) => ({ ...client, ...changes }),
      ),
    archiveClient: (uuid) => book.updateClient(uuid, { IsArchived: 'Yes' }),
    deleteClient: (uuid) => book.updateClient(uuid, { IsDeleted: 'Yes' }),
    addContact: (clientUuid, contact) =>
      change(
        (client) => client.UUID === clientUuid,
        (client) => ({ ...client, contacts: [...client.contacts, contact] }),
      ),
    updateContact: (uuid, changes) =>
      change(
        (client) => client.contacts.some((contact) => contact.UUID === uuid),
        (client) => ({
          ...client,
          contacts: client.contacts.map((contact) => (contact.UUID === uuid ? { ...contact, ...changes } : contact)),
        }),
      ),
    deleteContact: (uuid) => book.updateContact(uuid, { IsDeleted: 'Yes' }),
  };
  return { ...book, kept: () => inOrder(kept) };
}

function inOrder(kept: readonly Kept[]): readonly Kept[] {
  const name = ({ client }: Kept) => (client.Name ?? '').toLowerCase();
  return kept.toSorted((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));
}
