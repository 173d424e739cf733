import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

type Count = { requests: number };

/** https://undici.nodejs.org/#/docs/api/DiagnosticsChannel: whatever copy of undici makes the request. */
const channel = 'undici:request:create';

export type RequestCounter = {
  /** Does the work, and counts the requests it makes over HTTP. */
  counted<T>(work: (count: Count) => Promise<T>): Promise<T>;
  close(): void;
};

export function requestCounter(): RequestCounter {
  const current = new AsyncLocalStorage<Count>();
  const onRequest = () => {
    const count = current.getStore();
    if (count !== undefined) count.requests += 1;
  };
  subscribe(channel, onRequest);
  return {
    counted(work) {
      const count = { requests: 0 };
      return current.run(count, () => work(count));
    },
    close: () => void unsubscribe(channel, onRequest),
  };
}
