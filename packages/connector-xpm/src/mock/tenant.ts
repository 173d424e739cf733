import type { Elements } from './elements.js';

/** Orders of v3.1: as recorded, and as Xero's pages print it. Nested: managers, the type, and the quarterly choices. */
const identity = ['Title', 'Gender', 'FirstName', 'MiddleName', 'LastName', 'OtherName'] as const;
const address = [
  ...(['Address', 'City', 'Region', 'PostCode', 'Country'] as const),
  ...(['PostalAddress', 'PostalCity', 'PostalRegion', 'PostalPostCode', 'PostalCountry'] as const),
] as const;
const reach = ['Phone', 'Fax', 'Website', 'ReferralSource', 'ExportCode'] as const;
const marks = ['IsProspect', 'IsArchived', 'IsDeleted'] as const;
const people = ['AccountManager', 'JobManager', 'Type', 'BillingClient'] as const;
const tax = [
  ...(['TaxNumber', 'CompanyNumber', 'BusinessNumber', 'BranchNumber', 'BusinessStructure', 'BalanceMonth'] as const),
  ...(['GSTRegistered', 'PrepareGST', 'GSTPeriod', 'GSTBasis', 'ProvisionalTaxBasis', 'ProvisionalTaxRatio'] as const),
  ...(['SignedTaxAuthority', 'TaxAgent', 'AgencyStatus', 'ReturnType', 'PrepareActivityStatement'] as const),
  ...(['PrepareTaxReturn', 'AutoBasOptInCriteria', 'ActiveAtoClient'] as const),
  ...(['BankBsb', 'BankAccountName', 'BankAccountNumber', 'BankName', 'ClientCode'] as const),
] as const;

/** Fields of a client in `paged-list`; in `list` the tax block, the contacts and WebUrl follow. */
export const baseOrder = {
  fixture: ['UUID', 'Name', ...identity, 'Email', 'DateOfBirth', ...address, ...reach, ...marks, ...people],
  docs: ['UUID', 'Name', ...identity, 'DateOfBirth', ...address, ...reach, 'Email', ...people, ...marks],
} as const;
export const taxOrder = tax;
export const contactOrder = {
  fixture: [
    ...(['UUID', 'Name', 'Mobile', 'Email', 'Phone', 'Salutation', 'Addressee'] as const),
    ...(['Position', 'IsPrimary', 'IsDeleted'] as const),
  ],
  docs: [
    ...(['UUID', 'Name', 'Salutation', 'Addressee', 'Mobile', 'Email', 'Phone'] as const),
    ...(['IsDeleted', 'IsPrimary', 'Position'] as const),
  ],
} as const;

type ClientElement = (typeof baseOrder.fixture)[number] | (typeof tax)[number] | 'WebUrl';
type ContactElement = (typeof contactOrder.fixture)[number];

export type FakeContact = Elements<ContactElement> & { readonly UUID?: string; readonly Name?: string };
export type FakeClient = Elements<ClientElement> & {
  readonly UUID?: string;
  readonly Name?: string;
  readonly contacts: readonly FakeContact[];
};
