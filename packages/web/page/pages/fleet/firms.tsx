import { useRef, useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { Button } from '../../components/button.js';
import { useSay } from '../../components/messages.js';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { SearchField } from '../../components/search-field.js';
import { useFleet } from '../../lib/fleet.js';
import { asApiError } from '../../lib/request.js';
import type { Firm, OrderKind } from '../../lib/types.js';
import { useData } from '../../lib/use-data.js';
import { useEvery } from '../../lib/use-every.js';
import { useList } from '../../lib/use-list.js';
import { Choice, type Chosen, chosenWith, countOf, nothing } from './choice.js';
import { addressOf, type Filter, filterOf, noFilter, toAsk } from './filter.js';
import { Filters } from './filters.js';
import { FirmDialog } from './firm-dialog.js';
import { FirmRows, keyOf } from './firm-rows.js';
import { OrderDialog, type Ordering } from './order-dialog.js';
import { Standing } from './standing.js';
import { ofFirms } from './words.js';
import './fleet.css';

/** How often what is shown is read again, in milliseconds. */
export const refreshMs = 5000;
const atOnce = 120;

const clock = new Intl.DateTimeFormat('en-AU', { timeStyle: 'medium' });

/** How the fleet stands, and every connection of it: the worst first, found, filtered, and told what to do. */
export function Firms() {
  const { api, administrator } = useFleet();
  const { route } = useLocation();
  const say = useSay();
  // Of this page: the address may be another's already while that is being loaded.
  const { query } = useRoute();
  const filter = filterOf(query);
  const address = addressOf(filter);
  const ask = toAsk(filter);

  const fleet = useData('fleet', api.fleet);
  const count = useData(address, async (signal) => ({ ...(await api.count(ask, signal)), address }), { keep: true });
  const [readAt, setReadAt] = useState<string | null>(null);
  const { list, waiting, items, next, error, loading } = useList<Firm>(address, async (after, signal) => {
    const page = await api.firms({ ...ask, limit: atOnce, ...(after === undefined ? {} : { after }) }, signal);
    if (after === undefined) setReadAt(page.at);
    return { items: page.firms, next: page.next };
  });

  const [chosen, setChosen] = useState<Chosen>(nothing);
  const its = chosen.address === address ? chosen : nothing;
  const [open, setOpen] = useState<Firm | null>(null);
  const [ordering, setOrdering] = useState<Ordering | null>(null);

  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const enter = useRef(() => undefined as unknown);
  const renew = () => {
    list.reload();
    count.reload();
  };
  useEvery(refreshMs, () => {
    if (!fleet.loading) fleet.reload();
    // No row moves away from under somebody's hand, and nobody who has scrolled loses their place.
    const used = box.current?.matches(':hover, :focus-within') ?? false;
    const busy = used || its.all || its.firms.size > 0 || open !== null || ordering !== null || items.length > atOnce;
    if (!busy && !loading && !count.loading) renew();
  });

  const show = (by: Partial<Filter>, replace = false) => {
    const to = addressOf({ ...filter, ...by });
    if (to !== address) route(`/${to}`, replace);
  };
  const changed = (firms: readonly Firm[]) => {
    const now = new Map(firms.map((firm) => [keyOf(firm), firm]));
    list.change((before) => before.map((firm) => now.get(keyOf(firm)) ?? firm));
  };
  const orderFor = async (kind: OrderKind, of: Chosen | readonly Firm[]) => {
    try {
      const all = 'all' in of && of.all;
      const firms = 'all' in of ? [...of.firms.values()] : of;
      setOrdering({
        kind,
        which: all ? { filter: ask } : { firms: firms.map(({ book, source }) => ({ book, source })) },
        count: all ? await api.count(ask) : countOf(firms),
      });
      setOpen(null);
    } catch (thrown) {
      say(asApiError(thrown)?.message ?? '', 'wrong');
    }
  };

  const found = count.data;
  return (
    <Page
      title="Fleet"
      heading={fleet.data === undefined ? 'Fleet' : ofFirms(fleet.data.connections, fleet.data.books)}
    >
      <ErrorNote error={fleet.error} />
      {fleet.data === undefined ? (
        fleet.error === null ? (
          <Loading />
        ) : null
      ) : (
        <Standing fleet={fleet.data} filter={filter} show={show} />
      )}
      <h2>Connections</h2>
      <search class="list-search">
        <SearchField
          text={filter.text}
          placeholder="Firm or source"
          field={field}
          onSearch={(text) => show({ text }, true)}
          onDown={() => enter.current?.()}
        />
        <Filters filter={filter} codes={fleet.data?.codes ?? []} onChange={show} />
        <div class="found-line">
          <p class="found soft" role="status" aria-busy={waiting}>
            {found === undefined
              ? ' '
              : `${ofFirms(found.connections, found.books)}${found.address === '' ? '' : ' found'}`}
          </p>
          <p class="soft as-of">
            {readAt === null ? null : `As of ${clock.format(new Date(readAt))} `}
            <Button kind="quiet" onClick={renew}>
              Refresh
            </Button>
          </p>
        </div>
      </search>
      <ErrorNote error={error} retry={list.more} />
      {items.length === 0 && waiting ? <Loading /> : null}
      {items.length === 0 && !loading && error === null ? <None address={address} all={() => show(noFilter)} /> : null}
      {administrator && found !== undefined && items.length > 0 ? (
        <Choice
          chosen={its}
          found={found}
          onAll={(all) => setChosen(all ? { ...nothing, address, all } : nothing)}
          order={(kind) => orderFor(kind, its)}
        />
      ) : null}
      <div ref={box}>
        <FirmRows
          firms={items}
          total={found?.connections ?? null}
          ended={waiting || next === null || error !== null}
          more={list.more}
          enter={enter}
          leave={() => field.current?.focus()}
          isChosen={(firm) => its.all || its.firms.has(keyOf(firm))}
          choose={(firm, on) => setChosen(chosenWith(its, address, firm, on))}
          open={setOpen}
        />
      </div>
      {open === null ? null : (
        <FirmDialog
          firm={open}
          codes={fleet.data?.codes ?? []}
          order={(kind) => void orderFor(kind, [open])}
          onClose={() => setOpen(null)}
        />
      )}
      {ordering === null ? null : (
        <OrderDialog
          {...ordering}
          onChanged={(firms) => {
            changed(firms);
            setChosen(nothing);
            fleet.reload();
            count.reload();
          }}
          onClose={() => setOrdering(null)}
        />
      )}
    </Page>
  );
}

function None({ address, all }: { readonly address: string; readonly all: () => void }) {
  if (address === '') {
    return (
      <Empty title="No firm is connected yet.">
        <p>Connections are there a minute after they are stored, once a worker runs.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No connection fits.">
      <p>
        <Button onClick={all}>Show all connections</Button>
      </p>
    </Empty>
  );
}
