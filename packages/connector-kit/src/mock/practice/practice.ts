import { type Draw, drawFor } from './draw.js';
import { type Household, householdOf } from './household.js';
import type { Client, Person, Practice } from './types.js';

/**
 * A plausible Australian practice: households that share an address, a phone or an email, their companies, trusts,
 * partnerships and super funds, people who stand under several clients, and what they wrote down as people write it.
 *
 * The same seed and size give the same practice everywhere, and a larger size the same one with more after it.
 *
 * @param options `seed`: a whole number from 0, 1 if left out; `size`: how many people, 40 if left out
 */
export function practice(
  options: { readonly seed?: number | undefined; readonly size?: number | undefined } = {},
): Practice {
  const { seed = 1, size = 40 } = options;
  for (const number of [seed, size])
    if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`${number} is no seed or size.`);
  const people: Person[] = [];
  const clients: Client[] = [];
  for (let house = 1; people.length < size; house += 1) {
    const draw: Draw = drawFor(`practice ${seed} household ${house}`);
    const household: Household = householdOf({ seed, house, draw, people: people.length, clients: clients.length });
    const left = size - people.length;
    people.push(...household.people.slice(0, left));
    // Each client is as it will stay: one that somebody belongs to who is not there yet comes with them.
    clients.push(...household.clients.filter(({ complete }) => complete <= left).map(({ client }) => client));
  }
  return { people, clients };
}
