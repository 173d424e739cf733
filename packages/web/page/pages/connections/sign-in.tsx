import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { FormError } from '../../components/form-error.js';
import { Empty, ErrorNote, Loading } from '../../components/notes.js';
import { Page } from '../../components/page.js';
import { Theirs } from '../../components/theirs.js';
import { useBook } from '../../lib/book.js';
import type { SignIn as SignInOf } from '../../lib/types.js';
import { useData } from '../../lib/use-data.js';
import { useSending } from '../../lib/use-sending.js';
import { ConnectedNow } from './connected-now.js';
import './style.css';

/** How often to look how a sign-in goes on that the service is checking, in milliseconds. */
const lookMs = 1000;

/** Where the vendor's page comes back to: what the sign-in opens, and which of it to connect. */
export function SignIn({ id }: { readonly id: string }) {
  const { api, book, href } = useBook();
  const { data, error, loading, reload } = useData(`sign-in ${book} ${id}`, (signal) => api.signIn(id, signal));
  const waits = !loading && error === null && (data?.state === 'waiting' || data?.state === 'checking');
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(reload, lookMs);
    return () => clearTimeout(timer);
  }, [waits]);

  if (error?.status === 404 || error?.status === 403) {
    return (
      <Page title="Sign-in">
        <Empty title="This sign-in is over.">
          <p>Either it took too long, or somebody else began it. Nothing was stored.</p>
          <p>
            <a href={href('/connections/new')}>Begin again</a>
          </p>
        </Empty>
      </Page>
    );
  }
  return (
    <Page key={data?.state} title={data === undefined ? 'Sign-in' : titles[data.state]}>
      <ErrorNote error={error} retry={reload} />
      {data === undefined ? error === null ? <Loading /> : null : <StateOf signIn={data} reload={reload} />}
    </Page>
  );
}

const titles: Readonly<Record<SignInOf['state'], string>> = {
  waiting: 'Signing in',
  checking: 'Signing in',
  choose: 'Which ones?',
  done: 'Connected',
  failed: 'The sign-in did not work',
};

function StateOf({ signIn, reload }: { readonly signIn: SignInOf; readonly reload: () => void }) {
  const { href } = useBook();
  switch (signIn.state) {
    case 'waiting':
      return (
        <p role="status">
          Waiting for the answer of the system. If its page is closed,{' '}
          <a href={href('/connections/new')}>begin again</a>.
        </p>
      );
    case 'checking':
      return <p role="status">Looking at what the sign-in opens, and reading a page of it…</p>;
    case 'choose':
      return <Tenants signIn={signIn} reload={reload} />;
    case 'done':
      return <ConnectedNow connected={signIn.connected} />;
    case 'failed':
      return <Failed signIn={signIn} />;
  }
}

function Failed({ signIn: { error, connector } }: { readonly signIn: SignInOf }) {
  const { href } = useBook();
  return (
    <>
      <ErrorNote error={error} />
      <p>
        Nothing was stored.{' '}
        <a href={href(`/connections/new?connector=${encodeURIComponent(connector)}`)}>Begin again</a>
      </p>
    </>
  );
}

function Tenants({ signIn: { id, tenants }, reload }: { readonly signIn: SignInOf; readonly reload: () => void }) {
  const { api } = useBook();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { busy, error, submit } = useSending(async () => {
    await api.chooseTenants(id, [...chosen]);
    reload();
  });
  return (
    <form onSubmit={submit}>
      <fieldset class="choices cards">
        <legend>This sign-in opens several. Each that is chosen becomes a connection of its own.</legend>
        {tenants.map(({ id: tenant, title }) => (
          <label key={tenant}>
            <input
              type="checkbox"
              checked={chosen.includes(tenant)}
              onChange={({ currentTarget: { checked } }) =>
                setChosen((before) => (checked ? [...before, tenant] : before.filter((one) => one !== tenant)))
              }
            />
            <span>
              {title === null ? null : (
                <>
                  <Theirs text={title} />{' '}
                </>
              )}
              <span class="code soft">
                <Theirs text={tenant} />
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      <FormError error={error} />
      <div class="actions">
        <Button
          type="submit"
          kind="primary"
          busy={busy}
          disabledWhy={chosen.length === 0 ? 'Choose at least one.' : null}
        >
          Connect
        </Button>
      </div>
    </form>
  );
}
