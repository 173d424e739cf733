import { numberText } from '@contact-sync/runner/components';
import type { ComponentChildren } from 'preact';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { Theirs } from '../../components/theirs.js';
import { Time } from '../../components/time.js';
import { useFleet } from '../../lib/fleet.js';
import type { Firm, Fleet, OrderKind } from '../../lib/types.js';
import { Next, State } from './firm-rows.js';
import { orders, states, took } from './words.js';

type Props = {
  readonly firm: Firm;
  readonly codes: Fleet['codes'];
  readonly order: (kind: OrderKind) => void;
  readonly onClose: () => void;
};

/** Everything that the fleet knows of one connection, and what can be done with it. */
export function FirmDialog({ firm, codes, order, onClose }: Props) {
  const { administrator } = useFleet();
  const { book, source, state, schedule, worker, runningSince, lastAt, lastGoodAt, nextAt, code, failures } = firm;
  const about = codes.find((one) => one.code === code);
  const can: readonly OrderKind[] = state === 'paused' ? ['resume'] : ['retry', 'pause'];
  return (
    <Dialog title="Connection" onClose={onClose}>
      <dl class="details">
        <Line name="Firm">
          <Theirs text={book} />
        </Line>
        <Line name="Source">
          <Theirs text={source} />
        </Line>
        <Line name="State">
          <State firm={firm} /> <span class="soft">{states[state].sentence}</span>
        </Line>
        {code === null ? null : (
          <Line name="Error">
            {about === undefined ? null : `${about.sentence} `}
            <span class="code soft">{code}</span>
            {failures > 0 ? ` ${failures}× in a row` : null}
            {about === undefined ? null : <p class="soft">{about.hint}</p>}
          </Line>
        )}
        {runningSince === null ? null : (
          <Line name="Runs">
            <Time at={runningSince} /> on <Theirs text={worker ?? ''} />
          </Line>
        )}
        <Line name="Last good sync">{lastGoodAt === null ? 'never' : <Time at={lastGoodAt} />}</Line>
        <Line name="Last sync">
          {lastAt === null ? 'never' : <Time at={lastAt} />}
          {firm.milliseconds === null ? null : `, took ${took(firm.milliseconds)}`}
        </Line>
        {firm.rows === null ? null : (
          <Line name="Rows">
            {numberText(firm.rows)}
            {firm.size === 'large' ? ' (large: it takes turns with other large ones)' : ''}
          </Line>
        )}
        <Line name="Schedule">
          <Theirs text={schedule} />
          {nextAt === null ? null : (
            <>
              {' · next: '}
              <Next firm={firm} at={nextAt} />
            </>
          )}
        </Line>
      </dl>
      <div class="actions">
        {administrator
          ? can.map((kind) => (
              <Button key={kind} onClick={() => order(kind)}>
                {`${orders[kind].name}…`}
              </Button>
            ))
          : null}
        <Button kind="quiet" onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
