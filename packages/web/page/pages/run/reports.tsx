import { useBook } from '../../lib/book.js';

const formats = [
  ['html', 'A page to read or print (HTML)'],
  ['csv', 'A table for a spreadsheet (CSV)'],
  ['ndjson', 'Data for programs (NDJSON)'],
] as const;

/** What a run did, to take along. */
export function Reports({ id }: { readonly id: string }) {
  const { api } = useBook();
  return (
    <section>
      <h2>Reports</h2>
      <ul class="reports">
        {formats.map(([format, words]) => (
          <li key={format}>
            <a href={api.reportUrl(id, format)} download>
              {words}
            </a>
          </li>
        ))}
      </ul>
      <p class="soft">They hold names and addresses of people.</p>
    </section>
  );
}
