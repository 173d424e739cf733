import { ContactSyncError, type Tenant } from '@contact-sync/core';
import { printable } from '../show/printable.js';
import type { Terminal } from '../terminal.js';

export type Choice = {
  /** As a person named them. */
  readonly wanted: readonly string[];
  /** Settings that were given: they may say which tenant is meant. */
  readonly settings: Readonly<Record<string, string>>;
  readonly title: string;
};

/** Which of the tenants to connect: those that were named, the only one, or what a person picks at the terminal. */
export async function chooseTenants(
  terminal: Terminal,
  tenants: readonly Tenant[],
  choice: Choice & { readonly asks: boolean },
): Promise<readonly Tenant[]> {
  const fitting = fittingTenants(tenants, choice);
  if (choice.wanted.length > 0 || fitting.length === 1) return fitting;
  const { title, asks } = choice;
  if (!asks) throw choiceError(`This sign-in opens several tenants in ${title}: ${fitting.map(named).join('; ')}.`);
  return await pick(terminal, fitting, title);
}

/** Those that are meant as far as it was said: one at least. */
export function fittingTenants(tenants: readonly Tenant[], { wanted, settings, title }: Choice): readonly Tenant[] {
  if (tenants.length === 0) {
    throw new ContactSyncError('source_forbidden', `This sign-in opens nothing in ${title}.`, {
      hint: 'Sign in as somebody who may see it, and allow access to it when you are asked.',
    });
  }
  const fitting = tenants.filter((tenant) => fits(tenant, settings));
  const unknown = wanted.filter((id) => !fitting.some((tenant) => tenant.id === id));
  if (unknown.length > 0 || fitting.length === 0) {
    const what = unknown.length > 0 ? `no tenant ${unknown.join(', ')}` : 'no tenant that fits these settings';
    throw choiceError(`This sign-in opens ${what} in ${title}. It opens: ${tenants.map(named).join('; ')}.`);
  }
  return wanted.length > 0 ? fitting.filter(({ id }) => wanted.includes(id)) : fitting;
}

/** Whether settings name this tenant, or leave open which it is. */
export function fits({ settings: its }: Tenant, settings: Readonly<Record<string, string>>): boolean {
  return Object.entries(its).every(([name, value]) => (settings[name] ?? value).toLowerCase() === value.toLowerCase());
}

async function pick(terminal: Terminal, tenants: readonly Tenant[], title: string): Promise<readonly Tenant[]> {
  const lines = tenants.map((tenant, index) => `  ${index + 1}  ${named(tenant)}\n`);
  terminal.err(`This sign-in opens several tenants in ${title}:\n${lines.join('')}`);
  for (;;) {
    const line = await terminal.readLine('Which ones? Numbers, or all: ', { hidden: false, signal: terminal.signal });
    if (line === null) {
      throw new ContactSyncError('cancelled', 'No tenant was chosen.', { hint: 'Nothing was stored. Connect again.' });
    }
    if (/^\s*all\s*$/i.test(line)) return tenants;
    const numbers = line.split(/[\s,]+/).filter((word) => word !== '');
    const picked = numbers.map((word) => (/^\d{1,6}$/.test(word) ? tenants[Number(word) - 1] : undefined));
    const chosen = picked.filter((tenant) => tenant !== undefined);
    if (numbers.length > 0 && chosen.length === numbers.length) return [...new Set(chosen)];
    terminal.err(`Numbers from 1 to ${tenants.length}, with a blank or a comma between them.\n`);
  }
}

function named({ id, title }: Tenant): string {
  return printable(title === null ? id : `${title} (${id})`);
}

function choiceError(message: string): ContactSyncError {
  return new ContactSyncError('setting_invalid', message, {
    hint: 'Name the one you mean with --tenant ID; give it as often as needed.',
  });
}
