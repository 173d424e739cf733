import { eventStream } from '../../events/stream.js';
import { apiPath, get } from '../endpoint.js';
import type { Live } from '../endpoints.js';
import { streamOf } from '../stream.js';

/** Behind a proxy, only a new request shows whether somebody is still signed in; in milliseconds. */
const unseenMs = 15 * 60_000;

export function eventEndpoint({ hub, clock, over }: Live) {
  return get({
    path: `${apiPath}/events`,
    role: 'viewer',
    summary: 'What happens, as server-sent events, until the session or the service ends',
    media: 'text/event-stream',
    handle({ session, signal }) {
      const lifeMs = session.endsAt === null ? unseenMs : session.endsAt - clock.now();
      const ends = AbortSignal.any([signal, session.ended, over]);
      const stream = eventStream({ hub, clock, signal: ends, lifeMs });
      return new Response(streamOf(stream), {
        // A proxy of the kind of nginx keeps nothing back.
        headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
      });
    },
  });
}
