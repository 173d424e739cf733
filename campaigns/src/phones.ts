import { libraryPhone, validPhone } from '@contact-sync/core';
import type { Campaign } from './campaign.js';
import { type Random, random } from './random.js';

const textsOfCase = 1000;

/** The short way to read Australian phones, beside the library that says what is right. */
export const phones: Campaign = {
  name: 'phones',
  title: `${textsOfCase} texts beside the phone library`,
  full: 1000,
  share: 50,
  lanes: 1,
  async start() {
    return {
      async one(seed) {
        const dice = random(seed);
        for (let done = 0; done < textsOfCase; done += 1) {
          const text = dice.of(kinds)(dice);
          const region = dice.chance(0.7) ? 'AU' : dice.of(regions);
          const ours = validPhone(text, region);
          const theirs = libraryPhone(text, region);
          if (ours !== theirs) throw new Error(`${JSON.stringify(text)} in ${region}: ${ours}, and not ${theirs}`);
        }
        return `${textsOfCase} texts agree`;
      },
    };
  },
};

/** Three of them share +61. ZZ is nowhere. */
const regions = ['AU', 'CX', 'CC', 'NZ', 'GB', 'US', 'IT', 'ZZ'] as const;

/** Beginnings of nine digits: every area, mobiles, towns, and what begins no number. */
const beginnings = [
  '2',
  '3',
  '4',
  '7',
  '8',
  '1',
  '5',
  '6',
  '9',
  '0',
  '241',
  '349',
  '4',
  '495',
  '496',
  '851',
  '891',
] as const;
const prefixes = [
  '0',
  '(0',
  '+61',
  '+61 ',
  '+610',
  '+61 0',
  '+61(0)',
  '0011 61 ',
  '001161',
  '0061',
  '61',
  '',
  '+',
  '++61',
  '+61-',
  '+64',
  '1831',
  '0 ',
] as const;
const separators = ['', '', ' ', '-', '  ', '.', '/', '\u00a0', '\u2011', '~', '\t', ','] as const;
const ends = ['', '', '', '', ' ', ' x12', ' ext. 5', ';ext=7', '#', 'x', '0', ' (home)', '\n', '*'] as const;

function digits(dice: Random, length: number): string {
  return Array.from({ length }, () => dice.below(10)).join('');
}

/** Nine digits, as people write them, and nearly so. */
function shaped(dice: Random): string {
  const beginning = dice.of(beginnings);
  const nine = beginning + digits(dice, 9 - beginning.length);
  const prefix = dice.of(prefixes);
  const cuts = dice.of([
    [1, 5],
    [3, 6],
    [2, 6],
    [4, 7],
    [1, 4],
  ]);
  const parts = [nine.slice(0, cuts[0]), nine.slice(cuts[0], cuts[1]), nine.slice(cuts[1])];
  if (prefix.includes('(') && !prefix.includes(')') && dice.chance(0.8)) parts[0] += ')';
  return prefix + parts.join(dice.of(separators)) + dice.of(ends);
}

/** What the short way takes for itself, every one of it. */
function plain(dice: Random): string {
  const area = dice.of(['2', '3', '7', '8']);
  const [first, second] = [digits(dice, 4), digits(dice, 4)];
  const [code, three, last] = [digits(dice, 2), digits(dice, 3), digits(dice, 3)];
  const space = dice.of(['', ' ']);
  const dash = dice.of(['', ' ', '-']);
  return dice.of([
    `04${code}${dash}${three}${dash}${last}`,
    `+61${space}4${code}${space}${three}${space}${last}`,
    `(0${area})${dash}${first}${dash}${second}`,
    `0${area}${dash}${first}${dash}${second}`,
    `+61${space}${area}${space}${first}${space}${second}`,
  ]);
}

/** One character of such a text is another one, is twice there, or is gone. */
function nearly(dice: Random): string {
  const text = dice.chance(0.5) ? plain(dice) : shaped(dice);
  const at = dice.below(text.length + 1);
  const gone = dice.below(2);
  return text.slice(0, at) + dice.of(intruders) + text.slice(at + gone);
}

/** Digits of other scripts, letters of keypads, marks that look like those of phones, and characters nobody sees. */
const intruders = [
  '',
  '0',
  '4',
  '9',
  '+',
  '＋',
  '(',
  ')',
  '-',
  '–',
  ' ',
  '\u3000',
  '\u200b',
  '\u202d',
  '٤',
  '４',
  '𝟒',
  'a',
  'o',
  'O',
  'l',
  'x',
  ';',
  '/',
  '\u0000',
  '\ud83d',
  '📞',
] as const;

const soup = ['0', ...'1234567890123456789', ...' -+()./x#*aT４٤\u00a0;='] as const;

function noise(dice: Random): string {
  return Array.from({ length: dice.below(24) }, () => dice.of(soup)).join('');
}

/** Special services: 1300, 1800, 13, 19, satellites, 000. */
function services(dice: Random): string {
  const first = dice.of(['1300', '1800', '13', '180', '190', '0145', '0163', '0500', '000', '112', '1900']);
  return dice.of(['', '+61 ', '0']) + first + dice.of(separators) + digits(dice, dice.below(9));
}

const kinds = [shaped, plain, nearly, noise, services] as const;
