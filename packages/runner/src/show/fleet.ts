import type { FirmStatus, FleetStatus, Ordered } from '../fleet/types.js';
import type { Terminal } from '../terminal.js';
import { printable } from './printable.js';
import { table } from './table.js';

export function fleetText(terminal: Terminal, status: FleetStatus): string {
  const { connections, books, states, running, behind, oldestGoodSeconds, codes, workers, firms } = status;
  const lines = [
    `${connections} connections in ${books} books: ${Object.entries(states)
      .map(([state, n]) => `${n} ${state}`)
      .join(', ')}.`,
    `${running} run now, ${behind} are behind schedule. The oldest last good sync: ${age(oldestGoodSeconds)}.`,
    `${workers.length} workers: ${workers.map(({ name, running: n }) => `${name} (${n})`).join(', ') || 'none'}.`,
    ...(codes.length === 0 ? [] : [`Failing: ${codes.map(({ code, connections: n }) => `${n} ${code}`).join(', ')}.`]),
  ];
  return `${lines.join('\n')}\n${firms.length === 0 ? '' : `\n${firmsTable(terminal, firms, status.at)}`}`;
}

export function firmsTable(terminal: Terminal, firms: readonly FirmStatus[], at: string): string {
  const since = (then: string | null) => (then === null ? 'never' : age((Date.parse(at) - Date.parse(then)) / 1000));
  return table(
    terminal,
    ['book', 'source', 'state', 'last good', 'next', 'took', 'rows', 'why'],
    firms.map((firm) => [
      printable(firm.book),
      printable(firm.source),
      firm.running ? `runs on ${printable(firm.worker ?? '')}` : firm.state,
      since(firm.lastGoodAt),
      firm.nextAt === null ? '' : firm.nextAt.slice(0, 16).replace('T', ' '),
      firm.milliseconds === null ? '' : `${(firm.milliseconds / 1000).toFixed(1)} s`,
      firm.rows === null ? '' : String(firm.rows),
      firm.code ?? '',
    ]),
    { shares: [1, 2, null, null, null, null, null, 1] },
  );
}

export function orderedText({ connections }: Ordered, done: string): string {
  const shown = connections.slice(0, 20).map(({ book, source }) => `  ${printable(book)} ${printable(source)}\n`);
  const more = connections.length > shown.length ? `  and ${connections.length - shown.length} more\n` : '';
  return `${done} ${connections.length}.\n${shown.join('')}${more}`;
}

function age(seconds: number | null): string {
  if (seconds === null) return 'none';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
