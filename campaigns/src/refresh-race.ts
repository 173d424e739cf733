import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fakeSignIn, serveMock } from '@contact-sync/connector-kit/mock';
import { HttpResponse, http } from 'msw';
import type { Campaign } from './campaign.js';
import { pause, startChild } from './processes.js';
import { random } from './random.js';
import type { WorkTask } from './tasks.js';
import { client, keepEnded, vaultAt, vendorAt, vendorOrigin } from './tokens.js';

const processes = 8;

/** Eight processes share one grant at a vendor that ends it if a refresh token comes twice. In each case all are refused. */
export const refreshRace: Campaign = {
  name: 'refresh-race',
  title: `${processes} processes, one grant, refresh tokens good once`,
  full: 200,
  share: 10,
  lanes: 1,
  async start(folder) {
    const fake = fakeSignIn({ ...vendorAt(vendorOrigin, 0), client, unusedMs: null });
    /** Requests that wait for their answer, by process; with it comes the next one, whose token is refused. */
    const parked = new Map<string, { token: string; answer(response: Response): void }>();
    let arrived: () => void = () => {};
    const served = await serveMock(
      [
        ...fake.handlers,
        http.get(`${vendorOrigin}/work`, ({ request }) => {
          const token = request.headers.get('authorization')?.slice('Bearer '.length) ?? '';
          if (fake.look(token).is !== 'good') return new HttpResponse(null, { status: 401 });
          const answer = Promise.withResolvers<Response>();
          parked.set(new URL(request.url).searchParams.get('id') ?? '', { token, answer: answer.resolve });
          arrived();
          return answer.promise;
        }),
      ],
      { origin: vendorOrigin },
    );
    const place = mkdtempSync(join(folder, 'race-'));
    const address = { store: 'sqlite', file: join(place, 'vault.db') } as const;
    const vault = await vaultAt(address, 60_000);
    await keepEnded(vault, fake.grant());
    await vault.close();
    const children = Array.from({ length: processes }, () => startChild('work'));
    const broken = Promise.race(
      children.map(async (child, id) => {
        const { code, signal, errors } = await child.ended;
        throw new Error(`Process ${id} ended with ${code ?? signal}: ${child.words.join(', ')} ${errors}`);
      }),
    );
    broken.catch(() => undefined);

    /** Resolves when all processes wait, each with a token that is good. */
    async function allWait(): Promise<void> {
      while (parked.size < processes) {
        const next = Promise.withResolvers<void>();
        arrived = next.resolve;
        await Promise.race([next.promise, broken]);
      }
    }

    children.forEach((child, id) => void child.begin({ address, url: served.url, id } satisfies WorkTask));
    await allWait();
    // The first token of all had ended.
    const before = fake.exchanges.length;
    return {
      async one(seed) {
        const lot = random(seed);
        const [exchanges, waiting] = [fake.exchanges.length, [...parked.values()]];
        const tokens = new Set(waiting.map(({ token }) => token));
        if (tokens.size !== 1) throw new Error(`The processes work with ${tokens.size} tokens at once.`);
        for (const token of tokens) fake.revoke(token);
        parked.clear();
        const together = lot.chance(0.5);
        for (const { answer } of waiting) {
          if (!together) await pause(lot.below(12));
          answer(HttpResponse.text('more'));
        }
        await allWait();
        const made = fake.exchanges.slice(exchanges);
        if (made.length === 1 && made[0]?.status === 200) return together ? 'refused together' : 'one after the other';
        throw new Error(
          `Not one exchange, but ${made.map(({ status, error }) => error ?? status).join(', ') || 'none'}`,
        );
      },
      judge(_, cases) {
        const made = fake.exchanges.length - before;
        const failed = fake.exchanges.filter(({ status }) => status !== 200).length;
        if (before === 1 && made === cases && failed === 0) return null;
        return `${cases} refreshes made ${made} exchanges, ${failed} of which failed; ${before} to begin with.`;
      },
      async end() {
        for (const { answer } of parked.values()) answer(HttpResponse.text('done'));
        for (const child of children) child.signal('SIGKILL');
        await Promise.all(children.map(({ ended }) => ended));
        await served.close();
        rmSync(place, { recursive: true, force: true });
      },
    };
  },
};
