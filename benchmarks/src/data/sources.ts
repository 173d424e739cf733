import type { ContactSource } from '@contact-sync/core';
import type { Format } from '../arm.ts';
import { jsonLinesSource, recordsSource } from './json-lines.ts';
import { source } from './mix.ts';
import { xmlSource } from './xml-source.ts';

/** The records of a file as a connector hands them over. */
export function sourceOf(format: Format, file: string): ContactSource {
  return { lines: jsonLinesSource, records: recordsSource, xml: xmlSource }[format](file, source);
}
