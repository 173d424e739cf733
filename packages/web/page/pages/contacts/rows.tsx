import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ContactBadges, typeNames } from '../../components/contact-words.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import type { Contact } from '../../lib/types.js';
import { useMedia } from '../../lib/use-media.js';
import { useWindowRows } from '../../lib/use-window-rows.js';

const ahead = 60;

type Props = {
  readonly contacts: readonly Contact[];
  /** How many there are in all; null while that is not known. */
  readonly total: number | null;
  readonly ended: boolean;
  readonly sourceTitle: (source: string) => string;
  readonly more: () => void;
  /** The row that has the focus at the beginning; null: none. */
  readonly row: number | null;
  readonly onRow: (index: number) => void;
  /** Called with a way to bring the focus into the list. */
  readonly enter: RefObject<() => void>;
  /** Where the focus goes from the first row. */
  readonly leave: () => void;
};

/** Contacts, of which only those that can be seen are there; the next ones are read before they are scrolled to. */
export function Rows({ contacts, total, ended, sourceTitle, more, row, onRow, enter, leave }: Props) {
  const box = useRef<HTMLUListElement>(null);
  const narrow = useMedia('(max-width: 48rem)');
  const height = (narrow ? 4 : 2.75) * rootFontSize();
  const { rows, height: all, top, fit, scrollTo } = useWindowRows(box, contacts.length, height);
  const [active, setActive] = useState(row ?? 0);
  const wanted = useRef(row);

  const last = rows.at(-1)?.index ?? 0;
  const near = !ended && last + ahead >= contacts.length;
  useEffect(() => {
    if (near) more();
  }, [near, contacts.length]);

  // The row that is to have the focus may only be there after the list was scrolled.
  const focusWanted = () => {
    if (wanted.current === null) return;
    const link = box.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] a`);
    if (link == null) return;
    wanted.current = null;
    link.focus({ preventScroll: true });
  };
  useEffect(focusWanted);
  const go = (index: number) => {
    const to = Math.max(0, Math.min(contacts.length - 1, index));
    wanted.current = to;
    setActive(to);
    scrollTo(to);
    focusWanted();
  };
  // Newer results may take the row away that has the focus; then the first one has it. Not so when rows are added at the
  // end, or scrolled out of sight.
  const focused = useRef<Node | null>(null);
  const [first] = contacts;
  useEffect(() => {
    const lost = focused.current?.isConnected === false;
    if (lost && document.activeElement === document.body && contacts.length > 0) go(0);
  }, [first?.id]);
  enter.current = () => contacts.length > 0 && go(Math.min(active, contacts.length - 1));

  const press = (event: KeyboardEvent) => {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + fit, PageUp: active - fit }[event.key];
    const ends = { Home: 0, End: contacts.length - 1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || (to ?? ends) === undefined) return;
    event.preventDefault();
    if (event.key === 'ArrowUp' && active === 0) leave();
    else go(to ?? ends ?? 0);
  };

  return (
    <ul
      ref={box}
      class="rows"
      aria-label="Contacts"
      style={{ height: `${all}px` }}
      onKeyDown={press}
      onFocusIn={({ target }) => {
        focused.current = target instanceof Node ? target : null;
      }}
      onFocusOut={({ target }) =>
        // It goes out as well when the row is taken away, and is still there then.
        queueMicrotask(() => {
          if (target instanceof Node && target.isConnected && focused.current === target) focused.current = null;
        })
      }
    >
      {rows.map(({ index, start }) => {
        const contact = contacts[index];
        if (contact === undefined) return null;
        return (
          <li
            key={contact.id}
            data-index={index}
            aria-setsize={total ?? -1}
            aria-posinset={index + 1}
            style={{ height: `${height}px`, transform: `translateY(${start - top}px)` }}
          >
            <Row
              contact={contact}
              sourceTitle={sourceTitle}
              tabIndex={index === Math.min(active, contacts.length - 1) ? 0 : -1}
              onFocus={() => {
                setActive(index);
                onRow(index);
              }}
            />
          </li>
        );
      })}
    </ul>
  );
}

type RowProps = {
  readonly contact: Contact;
  readonly sourceTitle: (source: string) => string;
  readonly tabIndex: number;
  readonly onFocus: () => void;
};

function Row({ contact, sourceTitle, ...focus }: RowProps) {
  const { href } = useBook();
  const { id, name, email, phone, recordType, link } = contact;
  return (
    <a href={href(`/contacts/${encodeURIComponent(id)}`)} {...focus}>
      <span class="row-name">
        <Theirs text={name} />
      </span>
      <span class="row-email">
        <Theirs text={email} />
      </span>
      <span class="row-phone">{phone === null ? null : <Theirs text={phone} />}</span>
      <span class="row-type">
        {typeNames[recordType]}
        {link === null ? null : (
          <span class="soft">
            {' · '}
            <Theirs text={sourceTitle(link.source)} />
          </span>
        )}
      </span>
      <span class="row-badges">
        <ContactBadges contact={contact} />
      </span>
    </a>
  );
}

function rootFontSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
