import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

type Incoming = { externalId: string; name: string; email: string; phone: string | null };

/** As people write it: trim, let the phone library decide, compare in lower case. */
export function normalised({ externalId, name, email, phone }: Incoming) {
  const plainName = name.trim().replace(/\s+/g, ' ');
  const plainEmail = email.trim();
  const parsed = phone === null ? undefined : parsePhoneNumberFromString(phone, 'AU');
  return {
    externalId,
    name: plainName,
    email: plainEmail,
    phone: parsed?.isValid() ? parsed.number : null,
    key: `${plainName.toLowerCase()}|${plainEmail.toLowerCase()}`,
  };
}
