import { numberText } from '@contact-sync/runner/components';
import { Button } from '../../components/button.js';
import type { Firm, FirmCount, OrderKind } from '../../lib/types.js';
import { keyOf } from './firm-rows.js';
import { orders } from './words.js';

/** Which connections somebody has selected, of those that the filter in `address` finds: some of them, or all. */
export type Chosen = {
  readonly address: string;
  readonly all: boolean;
  readonly firms: ReadonlyMap<string, Firm>;
};

export const nothing: Chosen = { address: '', all: false, firms: new Map() };

/** Nothing once the last is taken out again; and where all were selected, for nobody sees all of them to take one out. */
export function chosenWith(chosen: Chosen, address: string, firm: Firm, on: boolean): Chosen {
  const firms = new Map(chosen.firms);
  if (on) firms.set(keyOf(firm), firm);
  else firms.delete(keyOf(firm));
  return firms.size === 0 || chosen.all ? nothing : { address, all: false, firms };
}

export function countOf(firms: readonly Firm[]): FirmCount {
  return {
    connections: firms.length,
    books: new Set(firms.map(({ book }) => book)).size,
    paused: firms.filter(({ state }) => state === 'paused').length,
  };
}

type Props = {
  readonly chosen: Chosen;
  readonly found: FirmCount;
  readonly onAll: (all: boolean) => void;
  readonly order: (kind: OrderKind) => Promise<void>;
};

/** What can be done with those that are selected. */
export function Choice({ chosen, found, onAll, order }: Props) {
  const n = chosen.all ? found.connections : chosen.firms.size;
  return (
    <div class={n === 0 ? 'choice' : 'choice chosen'}>
      <label>
        <input
          type="checkbox"
          checked={n > 0}
          ref={(input) => {
            if (input) input.indeterminate = n > 0 && !chosen.all;
          }}
          // Pressed again, it takes back what is selected.
          onChange={() => onAll(n === 0)}
        />{' '}
        {n === 0 ? `Select all ${numberText(found.connections)}` : `${numberText(n)} selected`}
      </label>
      {n === 0 ? null : (
        <div class="actions">
          {(Object.keys(orders) as OrderKind[]).map((kind) => (
            <Button key={kind} onClick={() => order(kind)}>
              {`${orders[kind].name}…`}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
