import { useState } from 'preact/hooks';
import { Button } from '../../components/button.js';
import { FormError } from '../../components/form-error.js';
import { useBook } from '../../lib/book.js';
import type { ConnectBody, Connected, Connector } from '../../lib/types.js';
import { useSending } from '../../lib/use-sending.js';
import { ClientFields, clientOf } from './client-fields.js';
import { filled } from './field-words.js';
import { Fold } from './fold.js';
import { openSignIn } from './open-sign-in.js';
import { PolicyFields } from './policy-fields.js';
import { ScheduleFields } from './schedule-fields.js';
import { SecretFields } from './secret-fields.js';
import { TextFields } from './text-fields.js';

type Props = {
  readonly connector: Connector;
  readonly onConnected: (connected: Connected['connected']) => void;
};

type Kind = NonNullable<ConnectBody['kind']>;

/** How a system is read: by signing in or with keys, and what else can be said of it. */
export function ConnectForm({ connector, onConnected }: Props) {
  const { api } = useBook();
  const [signsIn, setSignsIn] = useState(connector.signIn !== null);
  const [client, setClient] = useState({ id: '', secret: '' });
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [settings, setSettings] = useState<Record<string, string>>({});
  const [policy, setPolicy] = useState<Record<string, string>>({});
  const [schedule, setSchedule] = useState<string | null>(null);
  const [kind, setKind] = useState<Kind | null>(null);

  const { busy, error, submit } = useSending(async () => {
    const { connected, signIn } = await api.connect({
      connector: connector.name,
      signIn: signsIn,
      client: signsIn ? clientOf(client) : null,
      secrets: signsIn ? {} : filled(secrets),
      settings: filled(settings),
      policy: filled(policy),
      schedule,
      kind,
    });
    if (signIn === null) onConnected(connected);
    else openSignIn(signIn.url);
  });

  // Which tenant is chosen after a sign-in, so what is needed to name it is not needed before.
  const needed = connector.settings.filter(({ required }) => required);
  const more = connector.settings.filter(({ required }) => !required);
  return (
    <form onSubmit={submit} autocomplete="off" class="connect">
      {connector.signIn === null ? null : <Way title={connector.title} signsIn={signsIn} onChange={setSignsIn} />}
      {connector.signIn !== null && signsIn ? (
        <ClientFields signIn={connector.signIn} client={client} onChange={setClient} />
      ) : (
        <>
          <TextFields fields={needed} values={settings} onChange={setSettings} />
          <SecretFields secrets={connector.secrets} values={secrets} onChange={setSecrets} />
          {connector.secrets.length === 0 ? null : (
            <p class="soft">Keys are stored encrypted, and never shown again.</p>
          )}
        </>
      )}
      <Fold summary="When it is synced">
        <ScheduleChoice schedule={schedule} onChange={setSchedule} />
      </Fold>
      <Fold summary="Settings, and what its records become" open={error?.code.startsWith('setting_') ?? false}>
        {signsIn && needed.length > 0 ? (
          <TextFields
            fields={needed.map(({ name, description }) => ({ name, description }))}
            values={settings}
            onChange={setSettings}
          />
        ) : null}
        <TextFields fields={more} values={settings} onChange={setSettings} />
        <label class="field">
          <span class="field-name">Its records become</span>
          <select
            value={kind ?? ''}
            onChange={(event) => setKind(event.currentTarget.value === 'external' ? 'external' : null)}
          >
            <option value="">synced contacts: kept equal to the source, and read-only</option>
            <option value="external">external contacts: made once, and left alone from then on</option>
          </select>
        </label>
      </Fold>
      <Fold summary="Policy">
        <PolicyFields values={policy} onChange={setPolicy} />
      </Fold>
      <FormError error={error} />
      <div class="actions">
        <Button type="submit" kind="primary" busy={busy}>
          {signsIn ? `Sign in to ${connector.title}` : 'Connect'}
        </Button>
        <span class="soft">
          {signsIn ? 'Its page opens here, and comes back.' : 'A page of the source is read before anything is stored.'}
        </span>
      </div>
    </form>
  );
}

type WayProps = { readonly title: string; readonly signsIn: boolean; readonly onChange: (signsIn: boolean) => void };

function Way({ title, signsIn, onChange }: WayProps) {
  return (
    <fieldset class="choices">
      <legend>How it is read</legend>
      <label>
        <input type="radio" name="way" checked={signsIn} onChange={() => onChange(true)} />
        <span>Somebody signs in to {title}</span>
      </label>
      <label>
        <input type="radio" name="way" checked={!signsIn} onChange={() => onChange(false)} />
        <span>With a ready token, for as long as it lasts</span>
      </label>
    </fieldset>
  );
}

type ScheduleProps = { readonly schedule: string | null; readonly onChange: (schedule: string | null) => void };

function ScheduleChoice({ schedule, onChange }: ScheduleProps) {
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={schedule === null}
          onChange={(event) => onChange(event.currentTarget.checked ? null : 'hourly')}
        />
        <span>As the service is configured; every hour, unless it says something else</span>
      </label>
      {schedule === null ? null : <ScheduleFields schedule={schedule} onChange={onChange} />}
    </>
  );
}
