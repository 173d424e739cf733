import type { ContactSource } from '@contact-sync/core';
import type { Format } from '../arm.ts';
import { jsonLinesSource, recordsSource } from './json-lines.ts';
import { source } from './mix.ts';

/** The records of a file as a connector hands them over; that for XML is loaded when it is asked for. */
export async function sourceOf(format: Format, file: string): Promise<ContactSource> {
  if (format === 'xml') return (await import('./xml-source.ts')).xmlSource(file, source);
  return format === 'lines' ? jsonLinesSource(file, source) : recordsSource(file, source);
}
