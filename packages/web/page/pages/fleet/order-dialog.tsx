import { numberText } from '@contact-sync/runner/components';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { ConfirmDialog, Dialog } from '../../components/dialog.js';
import { useSay } from '../../components/messages.js';
import { useFleet } from '../../lib/fleet.js';
import type { Firm, FirmCount, FirmName, OrderBody, OrderKind } from '../../lib/types.js';
import { many } from '../../lib/words.js';
import { meant, ofFirms, orders } from './words.js';

/** What is to be done, for which connections, and how many they were when somebody asked for it. */
export type Ordering = {
  readonly kind: OrderKind;
  readonly which: OrderBody['which'];
  readonly count: FirmCount;
};

/** From so many on a person types how many: what stops so many firms happens by no slip. */
const manyFirms = 100;

type Props = Ordering & {
  /** Those that have changed, as they stand now; called again and again while it goes on. */
  readonly onChanged: (firms: readonly Firm[]) => void;
  readonly onClose: () => void;
};

/** Says for how many connections it is, asks, does it, and shows how far it is. */
export function OrderDialog({ kind, which, count, onChanged, onClose }: Props) {
  const { api } = useFleet();
  const say = useSay();
  const [done, setDone] = useState<number | null>(null);
  const stopped = useRef(false);
  useEffect(
    () => () => {
      stopped.current = true;
    },
    [],
  );
  const { name, done: doneWord, what, not: notWord } = orders[kind];
  const { n, not } = meant(kind, count);
  if (n === 0) {
    return (
      <Dialog title={`Nothing to ${kind}`} onClose={onClose}>
        <p>
          {many(count.connections, 'connection')}: {notWord}.
        </p>
        <div class="actions">
          <Button onClick={onClose}>Close</Button>
        </div>
      </Dialog>
    );
  }

  const go = async (why: string | null) => {
    let after: FirmName | null = null;
    let all = 0;
    do {
      const { firms, next } = await api.order(kind, { which, atMost: n, after, why });
      all += firms.length;
      after = next;
      onChanged(firms);
      if (!stopped.current) setDone(all);
    } while (after !== null && !stopped.current);
    const rest = after === null ? '' : ' The others are as they were.';
    if (all === 0) return say('Nothing changed: they stand otherwise by now, or were never synced.', 'wrong');
    say(`${doneWord}: ${many(all, 'connection')}.${rest}`);
  };

  return (
    <ConfirmDialog
      title={`${name} ${many(n, 'connection')}?`}
      confirm={`${name} ${numberText(n)}`}
      {...(kind === 'pause' && n > manyFirms ? { typed: String(n) } : {})}
      why={kind !== 'retry'}
      onConfirm={go}
      onClose={onClose}
    >
      <p>
        {not === 0 ? ofFirms(n, count.books) : `${many(n, 'connection')} of those selected`}. {what}
      </p>
      {not === 0 ? null : (
        <p class="soft">
          {many(not, 'more connection')}: {notWord}.
        </p>
      )}
      {done === null ? null : (
        <p role="status">
          {numberText(done)} of {numberText(n)} done
        </p>
      )}
    </ConfirmDialog>
  );
}
