/** What a firm can decide about the rules, in words. Which values fit, the server says. */
const choices = [
  ['region', 'Region of phone numbers', 'Two letters, as AU or NZ: how numbers without a country code are read.'],
  [
    'manyMissing',
    'Guard: many missing',
    'Stops a sync that would mark more than this share of the contacts missing, from 0 to 1.',
  ],
  [
    'manyChanged',
    'Guard: many changed',
    'Stops a sync that would change more than this share of the contacts, from 0 to 1.',
  ],
  ['atLeast', 'Guards look from', 'So many contacts have to be missing or changed before those guards stop anything.'],
] as const;

const selects = [
  [
    'invalidPhone',
    'A phone number that is not valid',
    [
      ['drop', 'is left out, and the record is flagged'],
      ['reject', 'rejects the record'],
    ],
  ],
  [
    'identityChange',
    'Name and email both changed',
    [
      ['flag', 'is applied, and flagged'],
      ['hold', 'is held until a person approves it'],
    ],
  ],
] as const;

type Props = {
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (values: Record<string, string>) => void;
};

export function PolicyFields({ values, onChange }: Props) {
  const set = (name: string, value: string) => onChange({ ...values, [name]: value });
  return (
    <>
      <p class="soft">What stays empty is as the service is configured, or else as the rules say.</p>
      {selects.map(([name, words, options]) => (
        <label key={name} class="field">
          <span class="field-name">{words}</span>
          <select value={values[name] ?? ''} onChange={(event) => set(name, event.currentTarget.value)}>
            <option value="">as configured</option>
            {options.map(([value, says]) => (
              <option key={value} value={value}>
                {says}
              </option>
            ))}
          </select>
        </label>
      ))}
      {choices.map(([name, words, says]) => (
        <label key={name} class="field">
          <span class="field-name">{words}</span>
          <input
            value={values[name] ?? ''}
            autocomplete="off"
            inputMode={name === 'region' ? 'text' : 'decimal'}
            onInput={(event) => set(name, event.currentTarget.value)}
          />
          <span>{says}</span>
        </label>
      ))}
    </>
  );
}
