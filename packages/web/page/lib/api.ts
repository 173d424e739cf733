import type { Request } from './request.js';
import type * as t from './types.js';

type Signal = AbortSignal | undefined;

const part = encodeURIComponent;
const options = (signal: Signal) => (signal === undefined ? {} : { signal });

/** Who is signed in; the one thing that is asked without a book. */
export function sessionApi(request: Request) {
  return {
    session: (signal?: Signal) => request<t.Session>('GET', '/session', options(signal)),
    signOut: () => request<void>('DELETE', '/session'),
  };
}

/** Every endpoint of a fleet. */
export function fleetApi(request: Request) {
  const get = <T>(path: string, signal: Signal, query = {}) =>
    request<T>('GET', `/fleet${path}`, { query, ...options(signal) });
  return {
    fleet: (signal?: Signal) => get<t.Fleet>('', signal),
    firms: (query: t.FirmFilter & { limit: number; after?: string }, signal?: Signal) =>
      get<t.Firms>('/firms', signal, query),
    count: (query: t.FirmFilter, signal?: Signal) => get<t.FirmCount>('/firms/count', signal, query),
    top: (limit: number, signal?: Signal) => get<t.Top>('/top', signal, { limit }),
    order: (kind: t.OrderKind, body: t.OrderBody) => request<t.Ordered>('POST', `/fleet/${kind}`, { body }),
  };
}

export type FleetApi = ReturnType<typeof fleetApi>;

/** Every endpoint of a book. Reading ones take a signal, and fail with its reason when it is aborted. */
export function bookApi(request: Request, book: string) {
  const at = `/books/${part(book)}`;
  const get = <T>(path: string, signal: Signal, query = {}) =>
    request<T>('GET', `${at}${path}`, { query, ...options(signal) });
  const send = <T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
    request<T>(method, `${at}${path}`, body === undefined ? {} : { body });
  const contact = (id: string) => `/contacts/${part(id)}`;
  const connection = (source: string) => `/connections/${part(source)}`;
  const preview = (id: string) => `/previews/${part(id)}`;
  const run = (id: string) => `/runs/${part(id)}`;

  return {
    contacts: (query: t.ContactsQuery, signal?: Signal) => get<t.Contacts>('/contacts', signal, query),
    count: (query: t.ContactFilter, signal?: Signal) => get<{ count: number }>('/contacts/count', signal, query),
    addContact: (body: t.AddContact) => send<t.Done>('POST', '/contacts', body),
    contact: (id: string, signal?: Signal) => get<t.ContactView>(contact(id), signal),
    editContact: (id: string, body: t.EditContact) => send<t.Done>('PATCH', contact(id), body),
    contactHistory: (id: string, query: t.PageQuery, signal?: Signal) =>
      get<t.History>(`${contact(id)}/history`, signal, query),
    changeContact: (id: string, action: 'force-manual' | 'release' | 'forget', body: t.Why) =>
      send<t.Done>('POST', `${contact(id)}/${action}`, body),
    linkContact: (id: string, body: t.LinkBody) => send<t.Done>('POST', `${contact(id)}/link`, body),

    connections: (signal?: Signal) => get<t.Connections>('/connections', signal),
    connectors: (signal?: Signal) => get<t.Connectors>('/connectors', signal),
    connect: (body: t.ConnectBody) => send<t.Connected>('POST', '/connections', body),
    changeConnection: (source: string, body: t.ChangeConnection) =>
      send<t.Connection>('PATCH', connection(source), body),
    syncNow: (source: string) => send<t.SyncNow>('POST', `${connection(source)}/sync`, {}),
    pause: (source: string, body: t.Why) => send<t.Done>('POST', `${connection(source)}/pause`, body),
    resume: (source: string, body: t.Why) => send<t.Done>('POST', `${connection(source)}/resume`, body),
    reconnect: (source: string, body: t.ReconnectBody) =>
      send<t.Connected>('POST', `${connection(source)}/reconnect`, body),
    removeStored: (source: string) => send<void>('DELETE', `${connection(source)}/stored`),

    makePreview: (body: t.PreviewBody) => send<t.Preview>('POST', '/previews', body),
    preview: (id: string, signal?: Signal) => get<t.Preview>(preview(id), signal),
    previewDecisions: (id: string, query: t.DecisionsQuery, signal?: Signal) =>
      get<t.Decisions>(`${preview(id)}/decisions`, signal, query),
    applyPreview: (id: string, body: t.ApplyBody) => send<t.Done>('POST', `${preview(id)}/apply`, body),
    dropPreview: (id: string) => send<void>('DELETE', preview(id)),

    signIn: (id: string, signal?: Signal) => get<t.SignIn>(`/sign-ins/${part(id)}`, signal),
    chooseTenants: (id: string, tenants: string[]) =>
      send<t.SignIn>('POST', `/sign-ins/${part(id)}/tenants`, { tenants }),

    runs: (query: t.PageQuery, signal?: Signal) => get<t.Runs>('/runs', signal, query),
    run: (id: string, signal?: Signal) => get<t.RunDetail>(run(id), signal),
    runDecisions: (id: string, query: t.DecisionsQuery, signal?: Signal) =>
      get<t.Decisions>(`${run(id)}/decisions`, signal, query),
    /** For a link that downloads. */
    reportUrl: (id: string, format: 'html' | 'csv' | 'ndjson') => `/api/v1${at}${run(id)}/report.${format}`,

    review: (query: t.ReviewQuery, signal?: Signal) => get<t.Review>('/review', signal, query),
    approveHeld: (id: string, externalId: string, body: t.Why) =>
      send<t.Done>('POST', `${run(id)}/held/${part(externalId)}/approve`, body),
  };
}

export type BookApi = ReturnType<typeof bookApi>;
