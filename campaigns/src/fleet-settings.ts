/** How large the fleet of a campaign is, and what is done to it. */
export type Settings = {
  readonly firms: number;
  readonly contacts: number;
  readonly workers: number;
  /** Syncs that a worker does at once. */
  readonly places: number;
  /** How long each load is offered, or how long there are kills. */
  readonly seconds: number;
  /** Workers are killed, one is frozen past its lease, and PostgreSQL crashes twice. */
  readonly kills: number;
  /** Syncs due in a second; 0: found out by rising loads, or with kills half of what the machine carries. */
  readonly rate: number;
  /** Nothing new is begun after so long. */
  readonly minutes: number;
  /** As workers ask and lease in tests, and not as they do. */
  readonly quick: number;
  /** Tells which statements cost PostgreSQL most. */
  readonly statements: number;
  /** Where the report goes, as `OUT.json` and `OUT.md`. Empty: nowhere. */
  readonly out: string;
  /** Where profiles of the workers go. Empty: none are made. */
  readonly profiles: string;
};

/** What every test run does. */
const small: Settings = {
  ...{ firms: 20, contacts: 30, workers: 2, places: 4, seconds: 25, kills: 1, rate: 0.4, minutes: 5, quick: 1 },
  ...{ statements: 0, out: '', profiles: '' },
};

/** The full size, in the twenty minutes that a machine is left alone. */
const full: Settings = {
  ...{ firms: 2000, contacts: 500, workers: 4, places: 8, seconds: 120, kills: 0, rate: 0, minutes: 20, quick: 0 },
  ...{ statements: 0, out: '', profiles: '' },
};

/** `firms=200,kills=1`: what is not said is as in the full size; without a text, all is small. */
export function settingsOf(text: string | undefined): Settings {
  if (text === undefined) return small;
  const settings: Record<string, number | string> = { ...full };
  for (const part of text.split(',').filter((one) => one !== '')) {
    const [name = '', value = ''] = part.split('=', 2);
    const known = settings[name];
    const given = typeof known === 'string' ? value : Number(value);
    if (known === undefined || value === '' || Number.isNaN(given))
      throw new Error(`FLEET has ${part}, and takes ${Object.keys(full).join(', ')}, each with a value.`);
    settings[name] = given;
  }
  return settings as Settings;
}
