import { type HostBook, type ReportFormat, readReport, runView } from '@contact-sync/runner/host';
import { bookPath, get } from '../endpoint.js';
import { given } from '../given.js';
import { decisionsQuery, decisionsSchema, pageQuery, runDetailSchema, runsSchema } from '../schemas.js';
import { streamOf } from '../stream.js';

const one = `${bookPath}/runs/{id}` as const;

export const runEndpoints = [
  get({
    path: `${bookPath}/runs`,
    role: 'viewer',
    summary: 'The history, the newest first',
    query: pageQuery,
    answer: runsSchema,
    async handle({ book, query }) {
      const { runs, next } = await (await book.store()).runs(given(query));
      return { runs: runs.map(runView), next };
    },
  }),
  get({
    path: one,
    role: 'viewer',
    summary: 'A run, and what it decided by reason',
    answer: runDetailSchema,
    handle: ({ book, params }) => book.run(params.id),
  }),
  get({
    path: `${one}/decisions`,
    role: 'viewer',
    summary: 'What a run decided, and why',
    query: decisionsQuery,
    answer: decisionsSchema,
    handle: ({ book, params, query }) => book.decisions(params.id, query),
  }),
  report('html', 'text/html; charset=utf-8', 'A page of a run, to keep, print and send'),
  report('csv', 'text/csv; charset=utf-8', 'The records that a run did not import, for a spreadsheet'),
  report('ndjson', 'application/x-ndjson; charset=utf-8', 'Everything that a run decided, for programs'),
];

function report(format: ReportFormat, media: string, summary: string) {
  return get({
    path: `${one}/report.${format}`,
    role: 'viewer',
    summary,
    media,
    handle: async ({ book, params }) => await download(book, params.id, format, media),
  });
}

async function download(book: HostBook, run: string, format: ReportFormat, media: string): Promise<Response> {
  const text = await readReport(await book.store(), run, format);
  const encoder = new TextEncoder();
  const bytes = (function* () {
    for (const piece of text) yield encoder.encode(piece);
  })();
  // Only a run that exists comes so far, so its id is nothing that somebody made up.
  return new Response(streamOf(bytes), {
    headers: {
      'content-type': media,
      'content-disposition': `attachment; filename="run-${run.replace(/\W/g, '')}.${format}"`,
    },
  });
}
