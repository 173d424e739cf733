import type { Connector } from '../../lib/types.js';
import { TextFields } from './text-fields.js';

type Props = {
  readonly secrets: Connector['secrets'];
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (values: Record<string, string>) => void;
};

/** Keys that a person types. They are sent once, stored encrypted, and never shown again. */
export function SecretFields({ secrets, values, onChange }: Props) {
  return (
    <TextFields
      secret
      fields={secrets.map(({ name, known }) => ({
        name,
        required: !known,
        description: known ? 'The service has it already, from its environment.' : null,
      }))}
      values={values}
      onChange={onChange}
    />
  );
}
