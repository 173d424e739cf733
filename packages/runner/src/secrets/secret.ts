import { inspect } from 'node:util';

/** A text that shows itself only to who asks for it by name: printed, logged or put into JSON it is `[redacted]`. */
export type Secret = { readonly reveal: () => string };

const redacted = '[redacted]';
const hidden = () => redacted;

export function secret(text: string): Secret {
  return Object.freeze({
    reveal: () => text,
    toString: hidden,
    toJSON: hidden,
    [Symbol.toPrimitive]: hidden,
    [inspect.custom]: hidden,
  });
}

export function revealed(secrets: Readonly<Record<string, Secret>>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, held]) => [name, held.reveal()]));
}
