import type { Connection } from '../../lib/types.js';
import { useConnections } from '../connections/use-connections.js';

type Titles = {
  readonly connections: readonly Connection[];
  /** What a source is called; its own name where nothing else is known of it. */
  readonly titleOf: (source: string) => string;
};

export function useSourceTitles(): Titles {
  const { data = [] } = useConnections();
  return {
    connections: data,
    titleOf: (source) => data.find((connection) => connection.source === source)?.title ?? source,
  };
}
