/**
 * A made-up practice, in no vendor's form: each fake turns it into its own. Nobody in it exists. Addresses of email are
 * of domains that nobody can own (RFC 2606), phone numbers of the ranges that ACMA keeps free for fiction.
 */
export type Practice = {
  readonly people: readonly Person[];
  readonly clients: readonly Client[];
};

/** Somebody, with what the practice wrote down: as people write, so not always well. */
export type Person = {
  /** 1, 2, 3, … in the practice. */
  readonly number: number;
  /** A UUID, the same under every client that the person stands under. */
  readonly id: string;
  readonly title: string;
  readonly givenName: string;
  readonly familyName: string;
  /** As the practice wrote it: `Siobhán O'Brien`, `O'BRIEN, Siobhán`. */
  readonly name: string;
  /** Empty, several, or none at all: as it was written. */
  readonly email: string;
  readonly mobile: string;
  readonly phone: string;
  readonly address: Address;
  /** YYYY-MM-DD. Here so that a fake has something that must never come out of a connector. */
  readonly born: string;
  readonly deceased: boolean;
  /** Deleted wherever the person is a contact. */
  readonly deleted: boolean;
};

export type Address = {
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
};

export type ClientKind = 'individual' | 'company' | 'trust' | 'partnership' | 'super-fund';
export type Role = 'self' | 'spouse' | 'director' | 'trustee' | 'beneficiary' | 'partner' | 'member' | 'bookkeeper';

export type Client = {
  /** 1, 2, 3, … in the practice. */
  readonly number: number;
  readonly id: string;
  readonly kind: ClientKind;
  /** Short and upper case, as practices make them: `OBRI0001`. */
  readonly code: string;
  readonly name: string;
  /** The person that an individual client is; null for everybody else. */
  readonly person: Person | null;
  readonly email: string;
  readonly phone: string;
  readonly address: Address;
  /** `archived`: kept, and no longer a client; of a super fund: wound up. */
  readonly status: 'active' | 'archived' | 'prospect' | 'deleted';
  readonly contacts: readonly ClientContact[];
  /** The company among the clients that is the trustee of this trust or fund, by its number. */
  readonly trustee: number | null;
};

/** A person as a contact of a client. The same person is a contact of several clients. */
export type ClientContact = { readonly person: Person; readonly role: Role; readonly primary: boolean };
