import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { FleetApi } from './api.js';

/** What the pages of a fleet work with. */
export type FleetPlace = {
  readonly api: FleetApi;
  /** Whether this person may change anything. What is not theirs is not shown to them. */
  readonly administrator: boolean;
};

export const FleetContext = createContext<FleetPlace | null>(null);

export function useFleet(): FleetPlace {
  const place = useContext(FleetContext);
  if (place === null) throw new Error('There is no fleet around this component.');
  return place;
}
