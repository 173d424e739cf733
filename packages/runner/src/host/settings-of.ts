import type { Connector } from '@contact-sync/core';
import { z } from 'zod';
import type { ConnectorView } from './types.js';

const described = z.object({
  properties: z.record(
    z.string(),
    z.looseObject({
      description: z.string().optional(),
      type: z.unknown().optional(),
      anyOf: z.unknown().optional(),
      enum: z.unknown().optional(),
    }),
  ),
  required: z.array(z.string()).default([]),
});

/** The settings of a connector that a person gives as text, as its schema describes them. */
export function settingsOf({ settings, secrets }: Pick<Connector, 'settings' | 'secrets'>): ConnectorView['settings'] {
  const parsed = described.safeParse(z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }));
  if (!parsed.success) return [];
  const { properties, required } = parsed.data;
  return Object.entries(properties).flatMap(([name, { description = null, type, anyOf, enum: words }]) => {
    // What only a program gives, a clock for one, is of no kind that JSON knows.
    const isText = type !== undefined || anyOf !== undefined || words !== undefined;
    if (!isText || Object.hasOwn(secrets, name)) return [];
    return [{ name, required: required.includes(name), description }];
  });
}
