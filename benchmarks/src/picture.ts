import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { armNamed } from './arms/all.ts';
import type { Results } from './results.ts';

/** The times of all syncs with the largest size, as SVG. */
export function picture(results: Results): Promise<string> {
  const size = Math.max(...results.all.filter(({ counts }) => counts !== null).map((result) => result.size));
  const bars = [...new Set(results.all.map(({ arm }) => arm))].flatMap((arm) =>
    (['first', 'steady'] as const).flatMap((mix) => {
      const time = results.spread({ arm, mix, size });
      if (time === null || arm.endsWith('-decision')) return [];
      const kind = arm.startsWith('ours-')
        ? 'contact-sync'
        : armNamed(arm).title.startsWith('Limit')
          ? 'limit'
          : 'peer';
      return [{ way: armNamed(arm).title, mix: `${mix} sync`, seconds: time.median / 1000, kind }];
    }),
  );
  const spec: TopLevelSpec = {
    title: `${size.toLocaleString('en')} records, seconds`,
    background: 'white',
    data: { values: bars },
    facet: { row: { field: 'mix', title: null } },
    resolve: { scale: { y: 'independent', x: 'independent' } },
    spec: {
      width: 480,
      height: { step: 18 },
      encoding: { y: { field: 'way', type: 'nominal', sort: 'x', title: null, axis: { labelLimit: 420 } } },
      layer: [
        {
          mark: 'bar',
          encoding: {
            x: { field: 'seconds', type: 'quantitative', title: null },
            color: {
              field: 'kind',
              type: 'nominal',
              title: null,
              scale: { domain: ['contact-sync', 'peer', 'limit'], range: ['#1b6e53', '#9aa5b1', '#d9b44a'] },
            },
          },
        },
        {
          mark: { type: 'text', align: 'left', dx: 3 },
          encoding: {
            x: { field: 'seconds', type: 'quantitative' },
            text: { field: 'seconds', type: 'quantitative', format: '.3~r' },
          },
        },
      ],
    },
  };
  return new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();
}
