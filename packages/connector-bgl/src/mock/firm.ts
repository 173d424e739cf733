import type { Json, JsonObject } from './json.js';

/** A row of GET /contacts, as it is sent. */
export type FakeContact = JsonObject;

/** An entity of Simple Fund 360 with all that its addresses answer. */
export type FakeFund = {
  /** The path in addresses, and `fundID` in lists. */
  readonly id: string;
  /** The row of /fund/list. */
  readonly row: Json;
  /** The answer of /sf/funds/{id}. */
  readonly entity: JsonObject;
  /** The rows of /sf/funds/{id}/members. */
  readonly members: Json;
  /** The answer of /sf/funds/{id}/trustees. */
  readonly trustees: JsonObject;
  /** False: in the list, and otherwise "not found/accessible". */
  readonly accessible: boolean;
};

/** Everything that the API document names, of which most must never come out of a connector. All is made up. */
export function fakeContact(contact: JsonObject & { readonly id: Json }): FakeContact {
  return {
    contactType: 'People',
    ...{ title: null, firstName: null, middleName: null, lastName: null, name: null, sex: 'Female', email: null },
    ...{ mobile: null, phone1: '', phone2: null, addressId: 929_001, representativeIds: null },
    ...{ taxNumber: '123456782', birthday: '1980-02-29', birthPlace: 'Geelong', birthState: 'VIC' },
    ...{ birthCountry: 'AUSTRALIA', skype: 'canary.skype', companyNumber: null, businessNumber: '' },
    ...contact,
  };
}

const address = {
  ...{ addressId: '8a9c9e00000000000000000000000add', streetLine1: '1 Test St', streetLine2: '', suburb: 'Geelong' },
  ...{ country: 'AUSTRALIA' },
};

export function fakeMember(member: JsonObject): JsonObject {
  return {
    ...{ firstName: null, otherName: null, lastName: null, title: 'Ms', dob: '1980-02-29', dateOfDeath: null },
    ...{ gender: 'FEMALE', email: null, mobile: null, phone: '', ...address, state: 'VIC', postCode: '3220' },
    tfn: '123456782',
    accounts: [{ memberCode: 'NGUALE00001A', accountType: 'Accumulation', balance: 123_456.78 }],
    ...member,
  };
}

export function fakeTrustee(trustee: JsonObject): JsonObject {
  return {
    ...{ title: 'Ms', firstName: null, otherName: null, lastName: null, dob: '1980-02-29', email: null, phone: '' },
    ...{ ...address, state: 'VIC', postcode: '3220' },
    ...trustee,
  };
}

const corporateDetails: JsonObject = {
  ...{ acn: '000000019', companyId: '8a9c9e0000000000000000000000c0c0', corporateName: 'NGUYEN HOLDINGS PTY LTD' },
  ...{ email: 'office@nguyen.example', phone: '(03) 5550 0001', ...address, state: 'VIC', postcode: '3220' },
};

/** A fund with these people. `entity`: what its own answer says differently, `windUpDate` for one. */
export function fakeFund(fund: {
  readonly id: string;
  readonly name?: string;
  /** Null leaves it out of the list, as the official examples do. */
  readonly entityType?: string | null;
  readonly entity?: JsonObject;
  readonly members?: Json;
  readonly trustees?: Json;
  readonly corporate?: boolean;
  readonly accessible?: boolean;
}): FakeFund {
  const { id, name = 'Nguyen Super Fund', entityType = 'SMSF', members = [], trustees = [], corporate = false } = fund;
  const code = name.replace(/[^A-Za-z]/g, '').slice(0, 8);
  return {
    id,
    row: {
      ...{ fundID: id, fundCode: code.toUpperCase(), fundName: name, ...(entityType === null ? {} : { entityType }) },
      ...{ code: code.toUpperCase(), sfCode: null, ABN: '', firmName: 'Example Accountants', firm: 'exampleacc' },
      fundEmail: `${code}@bglnotes.com.au`,
    },
    entity: {
      ...{ id, name, abn: '', tfn: '123456782', badgeId: null, dateFormed: '2001-07-01' },
      ...{ entityType: ofEntity(entityType), financialYearFrom: '2026-07-01', fundCode: code, windUpDate: null },
      ...fund.entity,
    },
    members,
    trustees: {
      trusteeType: corporate ? 'Corporate' : 'Individual',
      ...(corporate ? { corporateDetails } : {}),
      trusteeOrDirector: trustees,
    },
    accessible: fund.accessible ?? true,
  };
}

/** The list says BillableTrust where the entity's own answer says Trust. */
function ofEntity(entityType: string | null): string {
  return entityType === null ? 'SMSF' : entityType.replace('Billable', '');
}
