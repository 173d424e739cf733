import { libraryPhone, validPhone } from '@contact-sync/core';
import { random } from '../../../campaigns/src/random.ts';
import type { Arm } from '../arm.ts';

/** The same phones for both: Australian mobiles and fixed lines in their usual shapes, any digits after area and code. */
function phones(count: number): string[] {
  const dice = random(count);
  const digits = (length: number) => String(dice.below(10 ** length)).padStart(length, '0');
  return Array.from({ length: count }, () => {
    const mobile = [`4${digits(2)}`, digits(3), digits(3)];
    const fixed = [dice.of(['2', '3', '7', '8']), digits(4), digits(4)];
    return dice.of([
      `0${mobile.join(' ')}`,
      `0${mobile.join('')}`,
      `+61 ${mobile.join(' ')}`,
      `+61${mobile.join('')}`,
      `(0${fixed[0]}) ${fixed[1]} ${fixed[2]}`,
      `0${fixed.join('')}`,
    ]);
  });
}

function phoneArm(name: string, title: string, read: typeof validPhone): Arm {
  return {
    name,
    title,
    includes:
      'Australian mobiles and fixed lines in their usual shapes, valid or not, from text to E.164 or null, in a new process.',
    book: null,
    inputs: [],
    async start({ size }) {
      const texts = phones(size);
      return async () => {
        let valid = 0;
        for (const text of texts) valid += read(text, 'AU') === null ? 0 : 1;
        return { counts: { valid, invalid: size - valid } };
      };
    },
    digest: null,
  };
}

export const oursPhones = phoneArm('ours-phones', 'Phones: contact-sync', validPhone);
export const libraryPhones = phoneArm('library-phones', 'Phones: libphonenumber-js', libraryPhone);
