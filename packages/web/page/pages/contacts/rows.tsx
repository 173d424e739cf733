import type { RefObject } from 'preact';
import { ContactBadges, typeNames } from '../../components/contact-words.js';
import { LongList } from '../../components/long-list.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import type { Contact } from '../../lib/types.js';
import { useMedia } from '../../lib/use-media.js';

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

export function Rows({ contacts, sourceTitle, ...list }: Props) {
  const narrow = useMedia('(max-width: 48rem)');
  return (
    <LongList label="Contacts" items={contacts} keyOf={({ id }) => id} rowHeight={narrow ? 4 : 2.75} {...list}>
      {(contact, focus) => <Row contact={contact} sourceTitle={sourceTitle} {...focus} />}
    </LongList>
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
