import type { z } from 'zod';
import { ContactSyncError } from './error.js';
import type { SignIn } from './sign-in.js';
import type { ContactSource, RawRecord } from './source.js';

/**
 * What a connector's package exports as `connector`, so that a runner that knows only the package's name can ask for
 * its settings and read with it. An embedder who knows the connector calls its own function (`xpm(settings)`) instead.
 *
 * `Settings` are the parsed settings. A runner that loads any connector holds a `Connector` and passes what
 * `readSettings` gave it back to `create` and `sourceOf`.
 */
export interface Connector<Settings = unknown> {
  /** `xpm`, of the package `@contact-sync/connector-xpm`; the first part of its sources' names. */
  readonly name: string;
  /** As a person calls the system: `Xero Practice Manager`. */
  readonly title: string;
  /**
   * Strict, and takes text for every setting that a person gives, since `--set prospects=true` is text. What only a
   * program gives (a transport, a clock) is optional in it.
   */
  readonly settings: z.ZodType<Settings>;
  /** Settings that are secret, and the environment variable each one comes from: never from a file or an argument. */
  readonly secrets: Readonly<Record<string, string>>;
  create(settings: Settings): ContactSource;
  /** The source these settings read, for example `xpm:8c0e…`, without asking the system. */
  sourceOf(settings: Settings): string;
  /**
   * The page of a record in the system itself, for people: an https address, made of nothing but what the vendor documents
   * and the id, escaped. Null for a record that has none. Without it, the vendor documents no such address.
   *
   * @param settings as text, as far as they are known
   */
  recordUrl?(externalId: string, settings: Readonly<Record<string, string>>): string | null;
  /**
   * How many requests the vendor documents that it takes. A connector that says so takes `beforeRequest` among its
   * settings: a function that it waits for before each request, by which those of several processes are counted together.
   */
  readonly limits?: RequestLimits;
  /** For systems that a person connects by signing in; without it, a secret is all there is. */
  readonly signIn?: SignIn;
}

/** Requests in a minute and a day: of one tenant, and of all tenants of one app together. */
export type RequestLimits = {
  readonly tenant?: { readonly minute?: number; readonly day?: number };
  readonly app?: { readonly minute?: number };
};

/** What `@contact-sync/connector-NAME/mock` exports as `mock`, so that a runner can serve a fake of any system. */
export interface ConnectorMock {
  /**
   * What can be wrong with the fake: each fault by its name, with a sentence that says what the fake does then. A fault
   * stays until the fake is closed, unless its sentence says for how long.
   */
  readonly faults: Readonly<Record<string, string>>;
  /**
   * Serves a fake tenant on a port of this machine that only this machine can reach.
   *
   * @throws ContactSyncError `setting_invalid` if there is no such fault; see `checkFault`
   */
  serve(options: MockOptions): Promise<ServedMock>;
}

export type MockOptions = {
  /** People whom the connector reads as exactly these. Without them the fake holds a made-up practice. */
  readonly records?: readonly RawRecord[] | undefined;
  /** How many people the made-up practice has; 40 unless said. Whoever is deleted or archived is one of them. */
  readonly contacts?: number | undefined;
  /** A whole number from 0; another seed makes another practice. 1 unless said. */
  readonly seed?: number | undefined;
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** A name of `faults`. */
  readonly fault?: string | undefined;
};

/** For `serve`: throws if a fault is asked for that the mock does not have. */
export function checkFault(faults: ConnectorMock['faults'], fault: string | undefined): void {
  if (fault === undefined || Object.hasOwn(faults, fault)) return;
  const list = Object.entries(faults).map(([name, says]) => `\n  ${name}: ${says}`);
  throw new ContactSyncError('setting_invalid', `There is no fault "${fault.slice(0, 64)}" in this mock.`, {
    hint: list.length === 0 ? 'It has no faults.' : `It has these:${list.join('')}`,
  });
}

export interface ServedMock {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** The settings with which the connector reads it, as text. */
  readonly settings: Readonly<Record<string, string>>;
  /** The secrets, by environment variable. Nobody's: they open only the fake. */
  readonly env: Readonly<Record<string, string>>;
  /** Resolves when nothing is left running. */
  close(): Promise<void>;
}

/**
 * Checks settings as they came from a command line, an environment or a program. All that is wrong is said at once,
 * each setting by its name and none by its value.
 *
 * @throws ContactSyncError `setting_missing` if nothing worse is wrong than that settings are missing, else `setting_invalid`
 */
export function readSettings<Settings>(
  connector: Pick<Connector<Settings>, 'name' | 'title' | 'settings' | 'secrets'>,
  input: unknown,
): Settings {
  const result = connector.settings.safeParse(input, { reportInput: true });
  if (result.success) return result.data;

  const faults = result.error.issues.flatMap((issue) => faultsOf(issue, connector.secrets));
  const missing = faults.every((fault) => fault.missing);
  throw new ContactSyncError(
    missing ? 'setting_missing' : 'setting_invalid',
    `${connector.title}: ${faults.map((fault) => fault.text).join('; ')}.`,
    { hint: `${hintOf(faults)} The README of @contact-sync/connector-${connector.name} explains every setting.` },
  );
}

type Fault = { text: string; missing: boolean; variable: string | undefined };

function faultsOf(issue: z.core.$ZodIssue, secrets: Readonly<Record<string, string>>): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      text: `there is no setting "${key.slice(0, 64)}"`,
      missing: false,
      variable: undefined,
    }));
  }
  const name = issue.path.join('.');
  const variable = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  if (name === '') return [{ text: 'the settings are not an object', missing: false, variable }];
  const missing = issue.input === undefined;
  return [{ text: missing ? `${name} is missing` : `${name}: ${issue.message}`, missing, variable }];
}

function hintOf(faults: readonly Fault[]): string {
  const variables = faults.flatMap((fault) => (fault.variable === undefined ? [] : [fault.variable]));
  const plain = faults.some((fault) => fault.variable === undefined);
  const parts = variables.map((variable) => `Put it in the environment variable ${variable}.`);
  return [plain ? 'Correct the settings that are named.' : '', ...parts].filter((part) => part !== '').join(' ');
}
