import type { z } from 'zod';
import type * as schemas from '../../src/api/schemas.js';

// The wire types, from the schemas that the server parses and documents with. Only types: no zod in the browser.

type Schemas = typeof schemas;
type Out<K extends keyof Schemas> = Schemas[K] extends z.ZodType ? z.output<Schemas[K]> : never;
type In<K extends keyof Schemas> = Schemas[K] extends z.ZodType ? z.input<Schemas[K]> : never;

export type { Role } from '../../src/api/schemas.js';
export type Session = Out<'sessionSchema'>;
export type Contact = Out<'wireContact'>;
export type Contacts = Out<'contactsSchema'>;
export type ContactFilter = In<'contactFilterQuery'>;
export type ContactsQuery = In<'contactsQuery'>;
export type ContactView = Out<'contactViewSchema'>;
export type ContactAction = Schemas['contactActions'][number];
export type AddContact = In<'addContactBody'>;
export type EditContact = In<'editContactBody'>;
export type LinkBody = In<'linkBody'>;
export type Why = In<'whyBody'>;
export type Done = Out<'doneSchema'>;
export type Decision = Out<'decisionViewSchema'>;
export type Decisions = Out<'decisionsSchema'>;
export type DecisionsQuery = In<'decisionsQuery'>;
export type Run = Out<'runViewSchema'>;
export type RunDetail = Out<'runDetailSchema'>;
export type Runs = Out<'runsSchema'>;
export type HistoryEntry = Out<'historyEntrySchema'>;
export type History = Out<'historySchema'>;
export type PageQuery = In<'pageQuery'>;
export type Plan = Out<'planViewSchema'>;
export type Preview = Out<'previewSchema'>;
export type ApplyBody = In<'applyBody'>;
export type Review = Out<'reviewSchema'>;
export type ReviewItem = Out<'reviewItemSchema'>;
export type ReviewQuery = In<'reviewQuery'>;
export type Progress = Out<'progressSchema'>;
export type Connection = Out<'connectionViewSchema'>;
export type Connections = Out<'connectionsSchema'>;
export type Connector = Out<'connectorViewSchema'>;
export type Connectors = Out<'connectorsSchema'>;
export type ConnectBody = In<'connectBody'>;
export type ReconnectBody = In<'reconnectBody'>;
export type Connected = Out<'connectedSchema'>;
export type SignIn = Out<'signInSchema'>;
export type ChangeConnection = In<'changeConnectionBody'>;
export type SyncNow = Out<'resyncSchema'>;
export type Events = { [K in keyof Schemas['eventSchemas']]: z.output<Schemas['eventSchemas'][K]> };
