import { httpClient } from '@contact-sync/connector-kit';
import type { Vault } from '@contact-sync/core';
import { Agent, type Dispatcher } from 'undici';
import type { RenewTask, WorkTask } from './tasks.js';
import { key, signInAt, vaultAt } from './tokens.js';

const { signal } = new AbortController();

/** Asks again and again, as a connector does, until the server is gone; the server decides when a token is refused. */
export async function work({ address, url, id }: WorkTask): Promise<void> {
  const vault = await vaultAt(address, 60_000);
  const accessToken = signInAt(url, 0).accessTokens({ vault, key });
  const http = httpClient({ origins: [url], userAgent: 'campaign', accessToken, retry: { attempts: 1 } });
  for (let more = true; more; ) {
    const answer = await http.get(`${url}/work?id=${id}`, { signal });
    more = (await answer.text()) === 'more';
  }
  await vault.close();
}

/** Renews once; at the step that is asked for it stops itself. Gives how many steps there were. */
export async function renew({ address, url, leaseMs, graceMs, stopAtStep }: RenewTask): Promise<number> {
  let steps = 0;
  const step = () => {
    steps += 1;
    if (steps === stopAtStep) process.kill(process.pid, 'SIGSTOP');
  };
  const vault = stepping(await vaultAt(address, leaseMs), step);
  const transport = new Agent().compose((dispatch) => (options, handler) => {
    step();
    return dispatch(options, handler);
  }) as Dispatcher;
  await signInAt(url, graceMs, transport).accessTokens({ vault, key }).get({ signal });
  await vault.close();
  return steps;
}

function stepping(vault: Vault, step: () => void): Vault {
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    step();
    const result = await work();
    step();
    return result;
  };
  return {
    ...vault,
    read: (name) => around(() => vault.read(name)),
    locked: (name, work) =>
      around(() =>
        vault.locked(name, (held) => around(() => work({ ...held, save: (value) => around(() => held.save(value)) }))),
      ),
  };
}
