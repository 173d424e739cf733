import type { ComponentType } from 'preact';
import { lazy } from 'preact-iso';
import { ErrorNote } from '../components/notes.js';
import { Page } from '../components/page.js';
import { ApiError } from '../lib/request.js';

/** A page that is loaded when it is opened. Where that fails, after an update for one, it says so. */
export function lazyPage<Props>(load: () => Promise<ComponentType<Props>>) {
  const instead: ComponentType<Props> = () => <NotLoaded />;
  return lazy(() => load().catch(() => instead));
}

const error = new ApiError(
  'unreachable',
  'This part of the page could not be loaded.',
  'The service may have been updated, or may not be running.',
  0,
);

function NotLoaded() {
  return (
    <Page title="Not loaded">
      <ErrorNote error={error} retry={() => location.reload()} />
    </Page>
  );
}
