import { useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import type { Connector } from '../../lib/types.js';

export type Client = { readonly id: string; readonly secret: string };

/** As it is sent; null: the one that the service knows. */
export function clientOf({ id, secret }: Client): { id: string; secret: string | null } | null {
  if (id.trim() === '') return null;
  return { id: id.trim(), secret: secret.trim() === '' ? null : secret.trim() };
}

type Props = {
  readonly signIn: NonNullable<Connector['signIn']>;
  /** An app is stored already: it is used where nothing is typed. */
  readonly stored?: boolean;
  readonly client: Client;
  readonly onChange: (client: Client) => void;
};

/** The app with which the service is known to the vendor, and the address that is to be registered for it. */
export function ClientFields({ signIn, stored = false, client, onChange }: Props) {
  const { clientKnown, clientSecretNeeded, redirectUri } = signIn;
  const optional = <span class="soft"> (may stay empty)</span>;
  return (
    <>
      <RedirectUri uri={redirectUri} />
      {stored ? <p class="soft">The app that is stored is used, unless another one is named here.</p> : null}
      {clientKnown && !stored ? (
        <p class="soft">The service has the id and the secret of the app already, from its environment.</p>
      ) : (
        <>
          <label class="field">
            <span class="field-name">Client id of the app{stored ? optional : null}</span>
            <input
              value={client.id}
              required={!stored}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              onInput={(event) => onChange({ ...client, id: event.currentTarget.value })}
            />
          </label>
          <label class="field">
            <span class="field-name">
              Client secret of the app
              {clientSecretNeeded && !stored ? null : optional}
            </span>
            <input
              type="password"
              value={client.secret}
              required={clientSecretNeeded && (!stored || client.id !== '')}
              autocomplete="off"
              onInput={(event) => onChange({ ...client, secret: event.currentTarget.value })}
            />
            <span>It is stored encrypted, and never shown again.</span>
          </label>
        </>
      )}
    </>
  );
}

function RedirectUri({ uri }: { readonly uri: string }) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(uri);
      setSaid('Copied.');
    } catch {
      // A browser that does not let a page copy: the person can.
      setSaid('The browser does not let this page copy it. Mark it and copy it.');
    }
  };
  return (
    <div class="field">
      <span class="field-name">Register this redirect address for the app with the vendor</span>
      <div class="copy">
        <code>{uri}</code>
        <Button onClick={copy}>Copy</Button>
      </div>
      <span role="status">{said}</span>
    </div>
  );
}
