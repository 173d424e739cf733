export { practice } from './practice.js';
export type { Address, Client, ClientContact, ClientKind, Person, Practice, Role } from './types.js';
