import { useLocation, useRoute } from 'preact-iso';
import { ContactBadges, typeNames } from '../../components/contact-words.js';
import { useSay } from '../../components/messages.js';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import { useBack, useEvent } from '../../lib/events.js';
import type { ContactView, Done } from '../../lib/types.js';
import { useData } from '../../lib/use-data.js';
import { useList } from '../../lib/use-list.js';
import { useSoon } from '../../lib/use-soon.js';
import { changeInList, comeBack, keptAddress } from '../contacts/kept-list.js';
import { Actions } from './actions.js';
import { History } from './history.js';
import { OpenRecords } from './open-records.js';
import { Origin, ReadOnly, SourceSays } from './origin.js';
import './contact.css';

/** One contact: what it is, where it comes from, what can be done with it, and all that ever happened to it. */
export function Contact() {
  const { api, book, href, administrator } = useBook();
  const { route } = useLocation();
  const { params } = useRoute();
  const { id = '' } = params;
  const say = useSay();
  const { data, error, reload } = useData(`${book} contact ${id}`, (signal) => api.contact(id, signal));
  const history = useList(`${book} history of ${id}`, async (after, signal) => {
    const page = await api.contactHistory(id, { limit: 20, ...(after === undefined ? {} : { after }) }, signal);
    return { items: page.entries, next: page.next };
  });
  const renew = () => {
    reload();
    history.list.reload();
  };
  const soon = useSoon(renew);
  // Also of a run that changed nothing: the source may say something else of a contact that is forced manual.
  useEvent('run', (event) => event.book === book && soon());
  useBack(soon);

  if (error?.status === 404 || error?.code === 'not_found') {
    return (
      <Page title="No such contact">
        <Empty title="This contact is not in the book, or not any more.">
          <p>
            <a href={href('/contacts')}>To the contacts</a>
          </p>
        </Empty>
      </Page>
    );
  }
  if (data === undefined) {
    return <Page title="Contact">{error === null ? <Loading /> : <ErrorNote error={error} retry={reload} />}</Page>;
  }
  const done = (said: string, { contact }: Done) => {
    changeInList(id, contact);
    say(said);
    if (contact === null) route(href('/contacts'));
    else renew();
  };
  const { contact } = data;
  return (
    <Page
      title={contact.name}
      heading={<Theirs text={contact.name} />}
      above={
        <a href={`${href('/contacts')}${keptAddress()}`} onClick={comeBack}>
          <span aria-hidden="true">← </span>Contacts
        </a>
      }
    >
      <ErrorNote error={error} retry={reload} />
      <p class="contact-kind">
        <span class="soft">{typeNames[contact.recordType]} contact</span> <ContactBadges contact={contact} />
      </p>
      <ReadOnly view={data} />
      <div class="contact-parts">
        <Details view={data} />
        <Origin view={data} />
      </div>
      <SourceSays view={data} />
      <OpenRecords open={data.open} />
      {administrator ? <Actions view={data} onDone={done} /> : null}
      <History history={history} />
    </Page>
  );
}

function Details({ view: { contact } }: { readonly view: ContactView }) {
  return (
    <section class="card" aria-labelledby="details">
      <h2 id="details">Details</h2>
      <dl class="details">
        <dt>Name</dt>
        <dd>
          <Theirs text={contact.name} />
        </dd>
        <dt>Email</dt>
        <dd>
          <Theirs text={contact.email} />
        </dd>
        <dt>Phone</dt>
        <dd>{contact.phone === null ? <span class="soft">none</span> : <Theirs text={contact.phone} />}</dd>
        <dt>Id</dt>
        <dd>
          <Theirs text={contact.id} />
        </dd>
      </dl>
    </section>
  );
}
