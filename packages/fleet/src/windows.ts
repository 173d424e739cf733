/** A limit of so many requests in so many milliseconds, divided into shorter windows. */
export type Windows = { readonly points: number; readonly milliseconds: number };

const wantedUse = 0.95;
const most = 60;

/**
 * Windows so short that the limit holds for any stretch of its length, whenever the vendor's own begins. Such a stretch
 * touches one window more than fit in it; and one more is left out for requests that take a while to arrive and for
 * clocks that are not quite right. The longest windows are taken that leave 95 % of the limit, or else the best.
 */
export function windowsOf(limit: number, milliseconds: number): Windows {
  let best = { count: 1, use: 0 };
  for (let count = 1; count <= most && best.use < wantedUse; count += 1) {
    const use = (Math.floor(limit / (count + 2)) * count) / limit;
    if (use > best.use) best = { count, use };
  }
  // A limit of one or two cannot be divided: it is one window, of three times the length.
  if (best.use === 0) return { points: 1, milliseconds: milliseconds * 3 };
  return {
    points: Math.floor(limit / (best.count + 2)),
    milliseconds: Math.ceil(milliseconds / best.count),
  };
}
