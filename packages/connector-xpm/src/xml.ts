import { ContactSyncError } from '@contact-sync/core';
import { SaxesParser } from 'saxes';
import { incomplete, unreadable } from './errors.js';

/** What is read of a document: elements by name, and text only where it is asked for. */
export type XmlVisitor = {
  /** An element opened. True asks for its text; text that nobody asks for is checked and dropped by the parser. */
  open(name: string): boolean;
  text(text: string): void;
  close(): void;
};

export type XmlReader = {
  write(bytes: Uint8Array): void;
  /** The bytes have ended. Throws unless the document has ended too. */
  end(): void;
};

/** Elements in elements. A list of clients needs six levels. */
const maxDepth = 32;
/** Characters between two tags, or within one: bounds what the parser gathers before it says anything. */
const maxToken = 1024 * 1024;

/**
 * Reads XML 1.0 in UTF-8 as it comes, in chunks cut anywhere. It refuses what is not well formed, document types (and
 * with them every entity but XML's own five), control characters that XML does not allow, even as references, bytes
 * that are no UTF-8, and tokens and depths that no list of clients has.
 *
 * @throws ContactSyncError `source_unreadable`, or `source_incomplete` where the document was only begun. Both tell a
 * position and quote nothing.
 */
export function xmlReader(visitor: XmlVisitor, reference: string | undefined): XmlReader {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parser = new SaxesParser({ defaultXMLVersion: '1.0', forceXMLVersion: true });
  let depth = 0;
  let lastTag = 0;
  let characters = 0;
  let blank = true;

  const onText = (text: string) => visitor.text(text);
  parser.on('opentag', ({ name }) => {
    tagAt(parser.position);
    depth += 1;
    if (depth > maxDepth) throw here(`nests elements deeper than ${maxDepth}`);
    listen(visitor.open(name));
  });
  parser.on('closetag', () => {
    tagAt(parser.position);
    depth -= 1;
    listen(false);
    visitor.close();
  });
  parser.on('doctype', () => {
    throw here('holds a DOCTYPE, which an answer of this API never does');
  });

  /** Without a listener the parser does not even gather text. */
  function listen(wanted: boolean): void {
    for (const event of ['text', 'cdata'] as const) {
      if (wanted) parser.on(event, onText);
      else parser.off(event);
    }
  }

  function checkToken(position: number): void {
    if (position - lastTag > maxToken) throw here(`holds more than ${maxToken} characters between two tags`);
  }

  function tagAt(position: number): void {
    checkToken(position);
    lastTag = position;
  }

  function here(problem: string): ContactSyncError {
    return unreadable(`${problem} (line ${parser.line}, column ${parser.column})`, reference);
  }

  return {
    write(bytes) {
      let text: string;
      try {
        text = decoder.decode(bytes, { stream: true });
      } catch {
        throw here('holds bytes that are not UTF-8, after this place at the latest');
      }
      characters += text.length;
      blank &&= text.trim() === '';
      try {
        if (text !== '') parser.write(text);
      } catch (error) {
        throw ContactSyncError.is(error) ? error : here(`is not well-formed XML: ${problemOf(error)}`);
      }
      // Between two chunks the parser's own position counts the last one twice.
      checkToken(characters);
    },
    end() {
      if (blank) throw unreadable('is empty', reference);
      try {
        decoder.decode();
        parser.close();
      } catch {
        throw incomplete(characters, reference);
      }
    },
  };
}

/** The parser's own words, without its position and without what may follow a colon: a quotation of the document. */
function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  return message
    .replace(/^\d+:\d+: /, '')
    .split(/[:.]/, 1)
    .join('');
}
