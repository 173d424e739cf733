import { useState } from 'preact/hooks';
import { useBook } from '../../lib/book.js';
import type { ChangeConnection, Connection, Connector } from '../../lib/types.js';
import { changesOf } from './field-words.js';
import { FormDialog } from './form-dialog.js';
import { PolicyFields } from './policy-fields.js';
import { ScheduleFields } from './schedule-fields.js';
import { TextFields } from './text-fields.js';

type Props = {
  readonly connection: Connection;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** Sends changes of what is stored. The service takes them once it has read a page of the source with them. */
function useChange({ connection, onDone }: Props) {
  const { api } = useBook();
  return async (changes: ChangeConnection) => {
    await api.changeConnection(connection.source, changes);
    onDone();
  };
}

const checked = 'It is saved once a page of the source was read with it.';

export function ScheduleDialog(props: Props) {
  const [schedule, setSchedule] = useState(props.connection.schedule ?? 'hourly');
  const change = useChange(props);
  return (
    <FormDialog title="Schedule" confirm="Save" onClose={props.onClose} onSubmit={() => change({ schedule })}>
      <ScheduleFields schedule={schedule} onChange={setSchedule} />
    </FormDialog>
  );
}

export function PolicyDialog(props: Props) {
  const { policy } = props.connection;
  const [values, setValues] = useState<Record<string, string>>({ ...policy });
  const change = useChange(props);
  const save = () => {
    const { set, unset } = changesOf(policy, values);
    return change({ policy: set, unset });
  };
  return (
    <FormDialog title="Policy of this connection" confirm="Save" onClose={props.onClose} onSubmit={save}>
      <PolicyFields values={values} onChange={setValues} />
    </FormDialog>
  );
}

export function SettingsDialog(props: Props & { readonly connector: Connector }) {
  const { settings } = props.connection;
  const [values, setValues] = useState<Record<string, string>>({ ...settings });
  const change = useChange(props);
  const save = () => {
    const { set, unset } = changesOf(settings, values);
    return change({ settings: set, unset });
  };
  return (
    <FormDialog title="Settings" confirm="Save" onClose={props.onClose} onSubmit={save}>
      <p class="soft">{checked} What says which source it is cannot be changed: connect that one instead.</p>
      <TextFields fields={props.connector.settings} values={values} onChange={setValues} />
    </FormDialog>
  );
}
