import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { z } from 'zod';

/** An answer that came while somebody listened. */
export type Answer = {
  readonly origin: string;
  readonly status: number;
  /** The clock of who answered; null where it did not say. */
  readonly date: Date | null;
  /** Of this machine, when the answer came. */
  readonly at: Date;
};

const channel = 'undici:request:headers';
const messageSchema = z.object({
  request: z.object({ origin: z.union([z.string(), z.instanceof(URL)]).transform(String) }),
  response: z.object({ statusCode: z.number(), headers: z.array(z.instanceof(Uint8Array)) }),
});

/** Does some work, and gives beside its result what systems answered meanwhile. Undici, which is fetch too, tells it. */
export async function listening<T>(
  now: () => Date,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly answers: readonly Answer[] }> {
  const answers: Answer[] = [];
  const hear = (message: unknown) => {
    const heard = messageSchema.safeParse(message);
    if (!heard.success) return;
    const { request, response } = heard.data;
    const date = new Date(headerOf(response.headers, 'date') ?? Number.NaN);
    answers.push({
      origin: request.origin,
      status: response.statusCode,
      date: Number.isNaN(date.getTime()) ? null : date,
      at: now(),
    });
  };
  subscribe(channel, hear);
  try {
    return { result: await work(), answers };
  } finally {
    unsubscribe(channel, hear);
  }
}

/** Names and values take turns. */
function headerOf(headers: readonly Uint8Array[], name: string): string | undefined {
  const texts = headers.map((bytes) => Buffer.from(bytes).toString('latin1'));
  const at = texts.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
  return at === -1 ? undefined : texts[at + 1];
}
