import { type ContactSource, sourceName } from '@contact-sync/core';
import { acmeClient, peoplePages } from './api.js';
import { pageOf } from './map.js';
import type { AcmeOptions } from './settings.js';

export function sourceOf({ tenant }: Pick<AcmeOptions, 'tenant'>): string {
  return sourceName('acme', tenant);
}

export function acmeSource(options: AcmeOptions): ContactSource {
  // Made here, so that an address that may not be called is refused before anybody reads or writes.
  const http = acmeClient(options);
  return {
    source: sourceOf(options),
    async *read({ signal }) {
      for await (const people of peoplePages(http, options.baseUrl, signal)) yield pageOf(people);
      // Acme does not say whose list it is; a system that does is asked, and its answer goes here.
      return { complete: true, tenant: null };
    },
  };
}
