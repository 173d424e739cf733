import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import type { RawRecord } from '@contact-sync/core';

/** Writes the pieces to a file, which is there only when it is whole. */
export async function writePieces(file: string, pieces: Iterable<string>): Promise<void> {
  const stream = createWriteStream(`${file}.part`);
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < 256 * 1024) continue;
    if (!stream.write(text)) await once(stream, 'drain');
    text = '';
  }
  stream.end(text);
  await once(stream, 'close');
  await rename(`${file}.part`, file);
}

/** A record a line, as JSON. */
export function* jsonLines(records: Iterable<RawRecord>): Generator<string> {
  for (const record of records) yield `${JSON.stringify(record)}\n`;
}

/**
 * The answer of Xero Practice Manager's `client.api/list`: a company for each record, with the person as its one contact,
 * and with what else such an answer holds, about 1 KB each.
 */
export function* clientList(records: Iterable<RawRecord>): Generator<string> {
  yield '<Response api-method="List"><Status>OK</Status><Clients>';
  let number = 0;
  for (const record of records) {
    number += 1;
    yield client(record, number);
  }
  yield '</Clients></Response>';
}

function client({ externalId, name, email, phone }: RawRecord, number: number): string {
  return `<Client><UUID>c${externalId.slice(1)}</UUID><Name>Company ${number} Pty Ltd</Name><Title/><Gender/><FirstName/><LastName/><OtherName/><Email>office.${number}@example.com</Email><DateOfBirth>1970-01-01</DateOfBirth><Address>${number} Example Street</Address><City>Sydney</City><Region>NSW</Region><PostCode>2000</PostCode><Country>Australia</Country><PostalAddress><Address>PO Box ${number}</Address><City>Sydney</City><Region>NSW</Region><PostCode>2001</PostCode><Country>Australia</Country></PostalAddress><Phone>02 9000 0000</Phone><Fax/><Website>https://www.example.com/</Website><ReferralSource/><ExportCode>EX${number}</ExportCode><IsProspect>No</IsProspect><IsArchived>No</IsArchived><IsDeleted>No</IsDeleted><BusinessStructure>Company</BusinessStructure><BalanceMonth>Jun</BalanceMonth><AccountManager><UUID>a0000000-0000-4000-8000-000000000001</UUID><Name>Jo Manager</Name></AccountManager><Contacts><Contact><UUID>${externalId}</UUID><IsPrimary>Yes</IsPrimary><Name>${escaped(name)}</Name><Salutation/><Addressee/><Mobile>${escaped(phone)}</Mobile><Email>${escaped(email)}</Email><Phone/><Position>Director</Position></Contact></Contacts></Client>`;
}

function escaped(text: string | null): string {
  return (text ?? '').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
