import { z } from 'zod';

/**
 * One row of a list: read, or not, with its id if at least that can be told. A fault of one row is no reason to give up
 * a list; a row that cannot be read is reported.
 */
export type Row<Value> =
  | { readonly value: Value }
  | { readonly value: null; readonly id: string | null; readonly problem: string };

/** BGL says in four ways that there is nothing: no key, null, `""` and the text `null`. Here also: only white space. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && ['', 'null'].includes(value.trim()));
}

const orNothing = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .preprocess((value) => (isNothing(value) ? null : value), z.union([z.null(), schema]))
    .optional()
    .transform((value) => value ?? null);
/** Of which only counts whether there is something. */
const present = z
  .unknown()
  .optional()
  .transform((value) => !isNothing(value));

const something = z.string().refine((value) => !isNothing(value));
const text = orNothing(z.string());
/** Ids are numbers in CAS 360 and text in Simple Fund 360; phones are text, and might be numbers. */
const number = orNothing(z.union([z.string(), z.int().transform(String)]));
const count = orNothing(
  z.union([
    z.int().min(0),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ]),
);

/*
 * Only the fields that are used are named, so nothing else comes out of here: no tax number (`taxNumber`, `tfn`), no
 * date of birth (`birthday`, `dob`), no address.
 */
const contactSchema = z.object({
  id: number,
  contactType: text,
  firstName: text,
  lastName: text,
  name: text,
  email: text,
  mobile: number,
  phone1: number,
  phone2: number,
  representativeIds: orNothing(z.array(number)),
});

/** A member, a trustee or a director. Whether somebody has died is all that is kept of the date. */
const personSchema = z
  .object({
    peopleId: number,
    memberRefKey: number,
    firstName: text,
    lastName: text,
    email: text,
    mobile: number,
    phone: number,
    dateOfDeath: present,
  })
  .transform(({ dateOfDeath, ...person }) => ({ ...person, deceased: dateOfDeath }));

/** The id becomes a part of addresses. */
const fundSchema = z.object({ fundID: something.regex(/^[\w-]{1,100}$/), entityType: text });

export type WireContact = z.infer<typeof contactSchema>;
export type WirePerson = z.infer<typeof personSchema>;
export type WireFund = z.infer<typeof fundSchema>;

export const contactRow = rowReader(contactSchema, ['id']);
export const personRow = rowReader(personSchema, ['peopleId', 'memberRefKey']);
export const fundRow = rowReader(fundSchema, ['fundID']);

const list = z.array(z.unknown());
/** A list that BGL leaves out by saying that there is nothing. A key that is missing says nothing at all. */
const listOrNull = z
  .union([z.null(), z.literal(['', 'null']), list])
  .transform((rows) => (Array.isArray(rows) ? rows : []));

export const accountAnswer = z
  .object({ Account: z.object({ bglAccountId: z.union([something, z.int().transform(String)]), name: text }) })
  .transform(({ Account: { bglAccountId, name } }) => ({ id: bglAccountId, title: name }));
export const contactsAnswer = z.union([
  list.transform((contacts) => ({ contacts, total: null })),
  z.object({ contacts: list, total: count }),
]);
export const fundsAnswer = z.union([list, z.object({ funds: list }).transform(({ funds }) => funds)]);
export const membersAnswer = z.union([list, z.object({ members: listOrNull }).transform(({ members }) => members)]);
export const trusteesAnswer = z
  .object({ trusteeOrDirector: listOrNull, corporateDetails: present })
  .transform(({ trusteeOrDirector, corporateDetails }) => ({
    people: trusteeOrDirector,
    corporate: corporateDetails,
  }));
export const entityAnswer = z
  .object({ id: something, entityType: text, windUpDate: present, windupDate: present })
  .transform(({ entityType, windUpDate, windupDate }) => ({
    entityType,
    woundUp: windUpDate || windupDate,
  }));

function rowReader<Schema extends z.ZodType>(schema: Schema, ids: readonly string[]) {
  return (raw: unknown): Row<z.infer<Schema>> => {
    const result = schema.safeParse(raw);
    if (result.success) return { value: result.data };
    const field = result.error.issues[0]?.path[0];
    const problem = field === undefined ? 'it is no object' : `${String(field)} is of another kind than it should be`;
    return { value: null, id: idOf(raw, ids), problem };
  };
}

function idOf(raw: unknown, ids: readonly string[]): string | null {
  for (const id of ids) {
    const value = z.object({ [id]: number }).safeParse(raw).data?.[id];
    if (value !== undefined && value !== null) return value;
  }
  return null;
}
