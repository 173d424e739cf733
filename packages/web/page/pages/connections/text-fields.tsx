import { nameWords } from './field-words.js';

export type Field = {
  readonly name: string;
  readonly description: string | null;
  readonly required?: boolean;
};

type Props = {
  readonly fields: readonly Field[];
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (values: Record<string, string>) => void;
  /** What is typed is not shown. */
  readonly secret?: boolean;
};

/** A line of text for each field. Nothing of it is remembered by the browser. */
export function TextFields({ fields, values, onChange, secret = false }: Props) {
  return (
    <>
      {fields.map(({ name, description, required = false }) => (
        <label key={name} class="field">
          <span class="field-name">
            {nameWords(name)}
            {required ? null : <span class="soft"> (may stay empty)</span>}
          </span>
          <input
            {...(secret ? { type: 'password' } : {})}
            value={values[name] ?? ''}
            required={required}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => onChange({ ...values, [name]: event.currentTarget.value })}
          />
          {description === null ? null : <span>{description}</span>}
        </label>
      ))}
    </>
  );
}
