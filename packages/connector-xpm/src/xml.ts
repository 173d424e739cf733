import { ContactSyncError } from '@contact-sync/core';
import { SaxesParser } from 'saxes';
import { incomplete, unreadable } from './errors.js';

/** What of an element is asked for: its text, the elements in it, or nothing at all. */
export type Asked = 'text' | 'elements' | 'nothing';

/** What is read of a document: elements by name, and text only where it is asked for. */
export type XmlVisitor = {
  /**
   * An element opened. Text that nobody asks for is checked and dropped, piece by piece; so is, with all it holds, an
   * element of which nothing is asked: the visitor hears no more of it, not even that it closed.
   */
  open(name: string): Asked;
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
/** Characters that are parsed at once: whether a tag was among them is looked at after each piece. */
const maxPiece = 64 * 1024;

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
  /** How deep the element is of which nothing is asked; 0 outside of one. */
  let droppedFrom = 0;
  /** Whether there was a tag in the piece that is being read, and how many characters there were in all up to the last such piece. */
  let sawTag = false;
  let tagsUpTo = 0;
  let characters = 0;
  let blank = true;

  let wanted = false;
  // One listener for all texts: setting and removing one for each element costs more than the texts that are dropped.
  const onText = (text: string) => {
    if (wanted) visitor.text(text);
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('opentag', ({ name }) => {
    sawTag = true;
    depth += 1;
    if (depth > maxDepth) throw here(`nests elements deeper than ${maxDepth}`);
    if (droppedFrom !== 0) return;
    const asked = visitor.open(name);
    wanted = asked === 'text';
    if (asked === 'nothing') droppedFrom = depth;
  });
  parser.on('closetag', () => {
    sawTag = true;
    depth -= 1;
    wanted = false;
    if (droppedFrom === 0) visitor.close();
    else if (droppedFrom > depth) droppedFrom = 0;
  });
  parser.on('doctype', () => {
    throw here('holds a DOCTYPE, which an answer of this API never does');
  });

  function parse(piece: string): void {
    sawTag = false;
    try {
      parser.write(piece);
    } catch (error) {
      throw ContactSyncError.is(error) ? error : here(`is not well-formed XML: ${problemOf(error)}`);
    }
    characters += piece.length;
    if (sawTag) tagsUpTo = characters;
    else if (characters - tagsUpTo > maxToken) throw here(`holds more than ${maxToken} characters between two tags`);
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
      blank &&= text.trim() === '';
      for (let at = 0; at < text.length; at += maxPiece) parse(text.slice(at, at + maxPiece));
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
