import { useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { FormError } from '../../components/form-error.js';
import { useSay } from '../../components/messages.js';
import { Theirs } from '../../components/theirs.js';
import { Time } from '../../components/time.js';
import { useBook } from '../../lib/book.js';
import type { Connection, Connector } from '../../lib/types.js';
import { useSending } from '../../lib/use-sending.js';
import { ClientFields, clientOf } from './client-fields.js';
import { filled } from './field-words.js';
import { openSignIn } from './open-sign-in.js';
import { SecretFields } from './secret-fields.js';

type Props = { readonly connection: Connection; readonly connector: Connector; readonly onDone: () => void };

/** Connects a source again: by signing in where it was connected so, else with new keys. Everything else stays. */
export function ConnectAgain({ connection, connector, onDone }: Props) {
  const { api } = useBook();
  const say = useSay();
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [client, setClient] = useState({ id: '', secret: '' });
  const signIn = connection.signIn === null ? null : connector.signIn;
  const { busy, error, submit } = useSending(async () => {
    const answer = await api.reconnect(connection.source, { secrets: filled(secrets), client: clientOf(client) });
    if (answer.signIn !== null) return openSignIn(answer.signIn.url);
    setSecrets({});
    say('Connected again: a page of the source was read.');
    onDone();
  });
  return (
    <form onSubmit={submit} autocomplete="off">
      <p>Contacts, settings, policy and schedule stay as they are.</p>
      {signIn === null ? (
        <SecretFields secrets={connector.secrets} values={secrets} onChange={setSecrets} />
      ) : (
        <ClientFields stored signIn={signIn} client={client} onChange={setClient} />
      )}
      <FormError error={error} />
      <div class="actions">
        <Button type="submit" busy={busy}>
          {signIn === null ? 'Connect again with these keys' : `Sign in to ${connection.title} again`}
        </Button>
      </div>
    </form>
  );
}

/** How a connection is allowed to read: by a sign-in and since when, or by keys. */
export function AccessWords({ connection }: { readonly connection: Connection }) {
  const { signIn, title } = connection;
  if (signIn === null) return <p>It reads with keys that are stored encrypted. They are never shown.</p>;
  return (
    <>
      <p>
        Somebody signed in to <Theirs text={title} />: <Time at={signIn.grantedAt} />. Last used:{' '}
        <Time at={signIn.renewedAt} />.
      </p>
      {signIn.endsAt === null ? null : (
        <p class="soft">
          It ends <Time at={signIn.endsAt} /> if nobody uses it until then; each sync does.
        </p>
      )}
    </>
  );
}
