/**
 * Elements of the wire by their names. `''` is an empty element, undefined none at all, a list the element several
 * times, and an object an element with elements. Any text may stand here, also such as no real tenant would send.
 */
export type Elements<Name extends string> = { readonly [name in Name]?: Value };
type Value = string | readonly string[] | { readonly [name: string]: string };

/** How the same answer may look. */
export type Look = {
  /** `fixture`: as recorded of v3.1. `docs`: as Xero's pages print it. `reversed`: as nobody should have to expect. */
  readonly order: 'fixture' | 'docs' | 'reversed';
  readonly pretty: boolean;
  readonly declaration: boolean;
  /** Xero's printed examples have no api-method. */
  readonly apiMethod: boolean;
  /** Empty elements as `<Phone />` or as `<Phone></Phone>`. */
  readonly empty: 'one tag' | 'two tags';
  /** One printed example has WebUrl after the client it belongs to. */
  readonly webUrl: 'inside' | 'beside';
};

export const compact: Look = {
  order: 'fixture',
  pretty: false,
  declaration: false,
  apiMethod: true,
  empty: 'one tag',
  webUrl: 'inside',
};

/** A piece of XML: an element with text, or with elements. */
export type Node = { readonly name: string; readonly attribute?: string; readonly content: string | readonly Node[] };

export function writeXml(root: Node, look: Look): string {
  const declaration = look.declaration ? `<?xml version="1.0" encoding="utf-8"?>${look.pretty ? '\n' : ''}` : '';
  return declaration + write(root, look, '');
}

function write({ name, attribute, content }: Node, look: Look, indent: string): string {
  const start = attribute === undefined ? name : `${name} ${attribute}`;
  if (content.length === 0) return look.empty === 'one tag' ? `<${start} />` : `<${start}></${name}>`;
  if (typeof content === 'string') return `<${start}>${escaped(content)}</${name}>`;
  const inner = `${indent}  `;
  const between = look.pretty ? `\n${inner}` : '';
  const children = content.map((child) => `${between}${write(child, look, inner)}`).join('');
  return `<${start}>${children}${look.pretty ? `\n${indent}` : ''}</${name}>`;
}

/** As recorded: quotation marks stay. */
function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** The elements that are there, in the order of `names`. */
export function nodesOf<Name extends string>(elements: Elements<Name>, names: readonly Name[]): Node[] {
  return names.flatMap((name): Node[] => {
    const value: Value | undefined = elements[name];
    if (value === undefined) return [];
    if (typeof value === 'string') return [{ name, content: value }];
    if (isList(value)) return value.map((content) => ({ name, content }));
    return [{ name, content: Object.entries(value).map(([child, content]) => ({ name: child, content })) }];
  });
}

function isList(value: Value): value is readonly string[] {
  return Array.isArray(value);
}
