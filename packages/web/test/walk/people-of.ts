import type { RawRecord } from '@contact-sync/core';

const first = ['Jane', 'José', 'Kāra', 'Wei', 'Priya', 'Liam', 'Aroha', 'Sven', 'Noor', 'Mia', 'Tomás', 'Ruby'];
const last = ['Roe', 'Núñez', 'Ōtene', 'Chen', 'Patel', 'Walsh', 'Ngata', 'Lindqvist', 'Haddad', 'Rossi'];

/** So many made-up people, no two of the same name below 120. `beginning` is that of their ids. */
export function peopleOf(count: number, beginning = 'f'): RawRecord[] {
  return Array.from({ length: count }, (_, n) => {
    const name = `${first[n % first.length]} ${last[((n % first.length) + Math.floor(n / first.length)) % last.length]}`;
    const plain = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(' ', '.');
    return {
      externalId: `${beginning}${n + 1}`,
      name,
      email: `${plain}.${n + 1}@client.example`,
      phone: n % 3 === 0 ? `0400 000 ${String(n + 1).padStart(3, '0')}` : null,
    };
  });
}
