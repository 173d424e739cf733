import { notAccessible, refusal } from './answers.js';
import type { FakeContact, FakeFund } from './firm.js';
import type { Json, JsonObject } from './json.js';

/** How the same answers may look, for BGL's documents leave it open or contradict themselves. */
export type Look = {
  /** `bare`: an array, as the page of /contacts says; `wrapped`: in an object, as other lists of CAS 360 are. */
  readonly list: 'wrapped' | 'bare';
  readonly total: 'right' | 'text' | 'none';
  /** `one`: always 1, as in an official example. */
  readonly offset: 'right' | 'one';
  /** What stands in place of null. */
  readonly nothing: null | '' | 'null';
  /** The most rows of a page, whatever is asked for. */
  readonly mostRows: number;
  readonly members: 'wrapped' | 'bare';
};

export const usual: Look = {
  list: 'wrapped',
  total: 'right',
  offset: 'right',
  nothing: null,
  mostRows: 500,
  members: 'bare',
};

export type Firm = {
  readonly account: string;
  readonly contacts: readonly FakeContact[];
  readonly funds: readonly FakeFund[];
};
export type Routed = { readonly status: number; readonly body: Json };

/** What BGL answers to a request that was let in; null for an address it does not have. */
export function route(url: URL, firm: Firm, look: Look): Routed | null {
  const path = url.pathname.split('/').slice(1).map(decodeURIComponent);
  const [first, second, third] = path;
  switch (`${first}/${path.length}`) {
    case 'account/2':
      return second === 'detail' ? ok(account(firm.account)) : null;
    case 'user/2': {
      const userDetail = { username: 'pat', firstName: 'Pat', lastName: 'Partner', firm: 'exampleacc' };
      return second === 'detail' ? ok({ userDetail }) : null;
    }
    case 'contacts/1':
      return contactList(url.searchParams, firm.contacts, look);
    case 'contacts/2': {
      const contact = firm.contacts.find(({ id }) => String(id) === second);
      return contact === undefined ? no(404, 'The contact is not found') : ok(withNothing(contact, look));
    }
    case 'fund/2':
      if (second === 'list') return ok({ funds: firm.funds.map(({ row }) => withNothing(row, look)) });
      return second === 'listWithMembers' ? fundsWithMembers(url.searchParams, firm.funds, look) : null;
    case 'sf/3':
    case 'sf/4':
      return second === 'funds'
        ? fundRoute(
            path,
            firm.funds.find(({ id }) => id === third),
            look,
          )
        : null;
    default:
      return null;
  }
}

function account(bglAccountId: string): Json {
  const Account = {
    ...{ address1: '1 Test St', address2: '', address3: null, contact: 'Pat Partner', country: 'AU', currency: 'AUD' },
    ...{ email: 'office@example.com', mobile: null, name: 'Example Accountants', postCode: '3220', state: 'VIC' },
    ...{ telephone: '03 5550 0000', bglAccountId },
  };
  return { Account };
}

function contactList(query: URLSearchParams, contacts: readonly FakeContact[], look: Look): Routed {
  const offset = wholeNumber(query.get('offset'));
  const limit = wholeNumber(query.get('limit'));
  if (offset === null || limit === null) return no(400, 'Failed to call /contacts', 'offset and limit are required');
  const rows = contacts.slice(offset, offset + Math.min(limit, look.mostRows)).map((row) => withNothing(row, look));
  if (look.list === 'bare') return ok(rows);
  const total = look.total === 'text' ? String(contacts.length) : contacts.length;
  return ok({
    contacts: rows,
    ...{ limit, offset: look.offset === 'one' ? 1 : offset },
    ...(look.total === 'none' ? {} : { total }),
  });
}

/** Members as this list has them: another id, no phone. */
function fundsWithMembers(query: URLSearchParams, funds: readonly FakeFund[], look: Look): Routed {
  const offset = wholeNumber(query.get('offset')) ?? 0;
  const max = Math.min(wholeNumber(query.get('max')) ?? 100, 100);
  const rows = funds.slice(offset, offset + max).map((fund) => {
    const members = isList(fund.members)
      ? fund.members.map((member, index) => {
          const { firstName = null, lastName = null, title = null, dob = null, email = null } = asObject(member);
          const key = Buffer.from(`${fund.id.slice(-5)}${index}`).toString('base64');
          return { memberRefKey: key, firstName, lastName, title, dob, email, gender: 'Female' };
        })
      : fund.members;
    return withNothing({ ...asObject(fund.row), members }, look);
  });
  return ok({ funds: rows });
}

function fundRoute(path: readonly string[], fund: FakeFund | undefined, look: Look): Routed | null {
  if (fund === undefined || !fund.accessible) return { status: 401, body: notAccessible };
  const what = path[3];
  if (what === undefined) return ok(withNothing(fund.entity, look));
  if (what !== 'members' && what !== 'trustees') return null;
  if (fund.entity.entityType !== 'SMSF') return no(400, `Failed to call ${what}`, 'The entity is not an SMSF');
  if (what === 'trustees') return ok(withNothing(fund.trustees, look));
  const members = withNothing(fund.members, look);
  return ok(look.members === 'bare' ? members : { members });
}

function ok(body: Json): Routed {
  return { status: 200, body };
}

function no(status: number, message: string, error?: string): Routed {
  return { status, body: refusal(status, message, error) };
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Null everywhere as the look has it. */
function withNothing(value: Json, look: Look): Json {
  if (value === null) return look.nothing;
  if (isList(value)) return value.map((item) => withNothing(item, look));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNothing(item, look)]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function asObject(value: Json): JsonObject {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}
